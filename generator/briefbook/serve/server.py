"""The preview's web server: this machine only, reading only, one folder only."""

from __future__ import annotations

import errno
import json
import secrets
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

HOST = "127.0.0.1"
TRIES = 50
"""How many ports are tried after the wanted one."""
OWN = "/_briefbook/"
"""Where the preview's own script and events are; no page of a site has such an address."""
BEAT = 10.0
"""Seconds after which a silent line of events gets a sign of life, which also finds out that nobody listens."""

# Spelled out, because the standard table differs between systems.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".gz": "application/gzip",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_SCRIPT = Path(__file__).with_name("preview.js")
_WAITING = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Preview</title>
<body><p>The site is being built for the first time. This page shows it when it is there.</p></body></html>
"""
_MISSING = b"<!doctype html><title>Not found</title><body><p>There is no such page.</p></body>"


class Status(NamedTuple):
    """What browsers are told: which version of the site is served, and what is wrong."""

    version: str
    problems: tuple[str, ...]
    note: str
    """What the problems mean for what is shown."""


class State:
    """The status, shared by the builder (which writes) and the connections (which wait)."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        # A page of an earlier preview on the same port must not be taken for a page of this one.
        self._session = secrets.token_hex(4)
        self._number = 0
        self._status = Status(f"{self._session}.0", (), "")
        self.closed = False

    @property
    def status(self) -> Status:
        """The present status."""
        return self._status

    def problems(self, problems: tuple[str, ...], note: str = "") -> None:
        """Say what is wrong; empty when all is well."""
        self._set(self._status._replace(problems=problems, note=note))

    def reload(self) -> None:
        """Say that the served site is another one."""
        self._number += 1
        self._set(self._status._replace(version=f"{self._session}.{self._number}"))

    def close(self) -> None:
        """Let every connection end."""
        with self._news:
            self.closed = True
            self._news.notify_all()

    def wait(self, known: Status) -> Status:
        """Wait until the status differs from `known`, or a beat has passed; the status then."""
        with self._news:
            self._news.wait_for(lambda: self.closed or self._status != known, BEAT)
            return self._status

    def _set(self, status: Status) -> None:
        with self._news:
            self._status = status
            self._news.notify_all()


class Server(ThreadingHTTPServer):
    """A server of one folder."""

    daemon_threads = True
    # On Windows this would let two servers have one port.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, port: int, state: State, site: Path, site_url: str) -> None:
        self.state = state
        self.site = site
        self.base = urlsplit(site_url).path or "/"
        """Where the published site lies on its server; its page for missing addresses links from there."""
        super().__init__((HOST, port), Handler)
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}
        if self.server_port == 80:
            self.hosts |= {HOST, "localhost"}

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no error; anything else is shown as usual."""
        if not isinstance(sys.exception() if sys.version_info >= (3, 12) else sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def open_server(state: State, site: Path, *, site_url: str, port: int, tell: Callable[[str], None]) -> Server:
    """A server on `port`, or on the next free one, which is then told. Raises OSError where none is free."""
    for wanted in range(port, min(port + TRIES, 65535) + 1):
        try:
            server = Server(wanted, state, site, site_url)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            continue
        if wanted != port:
            tell(f"port {port} is taken or not allowed: using {server.server_port}")
        return server
    raise OSError(errno.EADDRINUSE, f"no port from {port} on is free; choose another with --port")


class Handler(BaseHTTPRequestHandler):
    """One request: GET or HEAD of a file of the site, of the preview's script, or of its events."""

    server: Server
    server_version = "briefbook"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        """Answer with headers and content."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer with headers alone."""
        self._answer()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: the terminal is for what is wrong with the site."""

    def _answer(self) -> None:
        # A page elsewhere whose name is made to lead to this machine sends its own name (DNS rebinding).
        if self.headers.get("Host", "").lower() not in self.server.hosts:
            self._send(HTTPStatus.FORBIDDEN, TYPES[".txt"], b"this preview answers to 127.0.0.1 and localhost only\n")
            return
        path = unquote(urlsplit(self.path).path, errors="replace")
        if path == f"{OWN}events":
            self._events()
        elif path == f"{OWN}preview.js":
            self._send(HTTPStatus.OK, TYPES[".js"], _SCRIPT.read_bytes())
        else:
            self._file(path)

    def _file(self, path: str) -> None:
        version = self.server.state.status.version
        if path.startswith(self.server.base):
            path = path.removeprefix(self.server.base)
        parts = [part for part in path.split("/") if part]
        if not any(part.startswith(".") or "\\" in part or "\0" in part or ":" in part for part in parts):
            site = self.server.site.resolve()
            place = site.joinpath(*parts)
            folder = _is_dir(place)
            if folder and parts and not path.endswith("/"):
                self.send_response(HTTPStatus.MOVED_PERMANENTLY)
                self.send_header("Location", quote("/" + "/".join(parts) + "/"))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if folder:
                place /= "index.html"
            if (content := _read(site, place)) is not None:
                kind = TYPES.get(place.suffix.lower(), "application/octet-stream")
                self._send(HTTPStatus.OK, kind, _with_script(content, version) if place.suffix == ".html" else content)
                return
        if not self.server.site.is_dir():
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, TYPES[".html"], _with_script(_WAITING, version))
            return
        missing = _read(self.server.site, self.server.site / "404.html") or _MISSING
        self._send(HTTPStatus.NOT_FOUND, TYPES[".html"], _with_script(missing, version))

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self._common_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _common_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()

    def _events(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self._common_headers()
        if self.command == "HEAD":
            return
        state = self.server.state
        status = state.status
        line = f"data: {json.dumps(status._asdict())}\n\n"
        while not state.closed:
            self.wfile.write(line.encode("ascii"))
            self.wfile.flush()
            before, status = status, state.wait(status)
            line = ":\n\n" if status == before else f"data: {json.dumps(status._asdict())}\n\n"


def _is_dir(place: Path) -> bool:
    try:
        return place.is_dir()
    except OSError:  # a name longer than the system takes
        return False


def _read(site: Path, place: Path) -> bytes | None:
    """The bytes of a file of the site; None where there is none, or where a link leads out."""
    try:
        return place.read_bytes() if place.resolve().is_relative_to(site.resolve()) else None
    except (OSError, ValueError):
        return None


def _with_script(page: bytes, version: str) -> bytes:
    """The page with the preview's script at its end; `version` is the one that the page was read of."""
    script = f'<script src="{OWN}preview.js" data-version="{version}"></script>'.encode("ascii")
    before, end, after = page.rpartition(b"</body>")
    return before + script + end + after if end else after + script
