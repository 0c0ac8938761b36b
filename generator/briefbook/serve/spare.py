"""An engine in waiting: MkDocs is started and loaded ahead of time, and builds once, when it is told what.

A process for each build, so that nothing of one build is left for the next; it ends by itself when the preview does,
because its standard input ends. Run as a script, so this module imports nothing of ours.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_AHEAD = (
    "mkdocs.commands.build",
    "mkdocs.config.defaults",
    "material.plugins.search.plugin",
    "markdown.extensions.attr_list",
    "markdown.extensions.fenced_code",
    "markdown.extensions.tables",
    "markdown.extensions.toc",
    "babel",
)
"""What a build loads in most projects; what is missing here is loaded when it is needed."""


class Spare:
    """One process that waits for its build."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__))],
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )

    def build(self, config: Path, docs: Path, site: Path, *, epoch: int) -> str | None:
        """Build the pages in `docs` with the settings of `config` into `site`; what went wrong, or None."""
        job = {"config": str(config), "docs": str(docs), "site": str(site), "epoch": str(epoch)}
        try:
            output, _ = self._process.communicate(json.dumps(job) + "\n")
        finally:
            self.end()
        return output.strip() or "it ended without a word" if self._process.returncode else None

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def main() -> None:
    """Load what a build needs, wait for one line of JSON, build."""
    for name in _AHEAD:
        with suppress(ImportError):
            importlib.import_module(name)
    line = sys.stdin.readline()
    if not line:
        return
    job = json.loads(line)
    os.environ["SOURCE_DATE_EPOCH"] = job["epoch"]
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    config = load_config(config_file=job["config"], docs_dir=job["docs"], site_dir=job["site"])
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config)
    finally:
        config.plugins.on_shutdown()


if __name__ == "__main__":
    main()
