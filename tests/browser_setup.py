"""Make sure that a Chromium for the browser tests is there; called by `make test`.

Looks for an installed Chromium or Chrome, then for Playwright's own, then tries `playwright install chromium`, and as
root on Debian the package `chromium`. Prints what it found; exits with 1 and says what to do if there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str | None:
    """The path of a browser: `BRIEFBOOK_CHROMIUM`, an installed one, or Playwright's own; None where there is none."""
    if given := os.environ.get("BRIEFBOOK_CHROMIUM"):
        return given
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def main() -> int:
    """Find a browser or install one."""
    for command in (
        [],
        [sys.executable, "-m", "playwright", "install", "chromium"],
        ["apt-get", "update", "--quiet"],
        ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium"],
    ):
        if command and shutil.which(command[0]):
            print("no browser yet:", " ".join(command[-3:]), flush=True)
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900)
        if browser := find():
            print(f"browser tests use {browser}")
            return 0
    print("no Chromium: install one, or set BRIEFBOOK_CHROMIUM to its path", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
