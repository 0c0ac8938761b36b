"""A real Chromium on a site served from this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Dialog, Page, sync_playwright

import browser_setup

FLAGS = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The address of a server of `folder`, on this machine only."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that `browser_setup` finds."""
    path = browser_setup.find()
    assert path is not None, "no Chromium: run `make browser`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


class Watched:
    """A page of the browser, and everything that must not happen on it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.wrong: list[str] = []
        page.on("console", lambda message: self._note(message.type == "error", f"console: {message.text}"))
        page.on("pageerror", lambda error: self._note(True, f"error: {error}"))
        page.on("dialog", self._dialog)
        # leaving a page aborts what it was still loading, which is no failure
        page.on("requestfailed", lambda r: self._note(r.failure != "net::ERR_ABORTED", f"failed: {r.url} {r.failure}"))
        page.on(
            "request", lambda request: self._note(not request.url.startswith((address, "data:", "blob:")), request.url)
        )
        page.on("response", lambda response: self._note(response.status >= 400, f"{response.status}: {response.url}"))

    def _dialog(self, dialog: Dialog) -> None:
        self._note(True, f"dialog: {dialog.message}")
        dialog.dismiss()

    def _note(self, bad: bool, what: str) -> None:
        if bad:
            self.wrong.append(what)

    def go(self, path: str) -> None:
        """Open a page of the site and wait until it is there."""
        self.page.goto(f"{self.address}{path}", timeout=120_000)
        self.page.wait_for_load_state("load")
