"""A published site's address -> what is wrong with it: its files are fetched by its manifest, verified as a folder.

What the manifest does not list cannot be seen from outside, so a page added beside it stays unseen; only the folder
shows that. Connections are direct: proxies that the environment names are not asked.
"""

from __future__ import annotations

import http.client
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from briefbook.model import Problem
from briefbook.verify.files import MANIFEST, MISSING, listed_paths

CONNECTIONS = 6
"""How many files are fetched at once: as many as a browser asks of one host."""
HOPS = 5
"""Most redirects followed for one file; all of them on the host of the site."""
FAILURES = 12
"""After so many files in a row without an answer the server is taken for gone."""
_CHUNK = 1 << 16
_STEP = 25
"""After how many files progress is told."""
_PORTS = {"http": 80, "https": 443}


class AddressError(Exception):
    """The address is not one of a site; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server may ask of us: bytes of one file and in all, seconds for one request and in all."""

    file_bytes: int = 200_000_000
    all_bytes: int = 5_000_000_000
    request_seconds: float = 60
    all_seconds: float = 3600


class Fetched(NamedTuple):
    """What came: problems by file, why fetching stopped early (or None), how many files, bytes and redirects."""

    problems: tuple[Problem, ...]
    stopped: Problem | None
    files: int
    size: int
    redirected: int


class _Refused(Exception):
    """This file did not come; the message says why. `silent` where the server gave no answer at all."""

    def __init__(self, message: str, *, silent: bool = False) -> None:
        super().__init__(message)
        self.silent = silent


class _Stopped(Exception):
    """No file is fetched any more; the message says why."""


def is_address(text: str) -> bool:
    """Whether a text is meant as an address and not as a folder."""
    return "://" in text


def address_of(text: str) -> SplitResult:
    """The address of a site, its path with a final slash. Raises AddressError for anything but http and https."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise AddressError(f"{text}: is not an address: {error}") from None
    if parts.scheme not in _PORTS or not host:
        raise AddressError(f"{text}: the address of a site begins with https:// or http:// and a host")
    if parts.username is not None or parts.password is not None:
        raise AddressError(f"{parts.scheme}://{host}: leave the user name and password out; the site must be public")
    if parts.query or parts.fragment:
        raise AddressError(f"{text}: give the address of the site itself, without ? and #")
    path = parts.path.removesuffix("index.html").removesuffix(MANIFEST)
    return parts._replace(path=quote(f"{path.rstrip('/')}/", safe="/%~"))


@contextmanager
def fetched_site(
    address: SplitResult, *, limits: Limits, progress: Callable[[str], None]
) -> Iterator[tuple[Path, Fetched]]:
    """The site at `address`, fetched into a temporary folder that is gone afterwards."""
    with TemporaryDirectory(prefix="briefbook-verify-") as folder:
        site = Path(folder).resolve()
        yield site, _Fetching(address, site, limits, progress).run()


def problems_of(fetched: Fetched, found: Iterable[Problem]) -> tuple[Problem, ...]:
    """All that is wrong: what did not come, each file once with its reason, then what the verifier `found`."""
    named = {problem.where for problem in fetched.problems}
    rest = (p for p in found if p.where not in named and not (fetched.stopped and p.message == MISSING))
    return (*((fetched.stopped,) if fetched.stopped else ()), *fetched.problems, *rest)


@dataclass(slots=True)
class _Fetching:
    """One fetching of one site."""

    address: SplitResult
    site: Path
    limits: Limits
    progress: Callable[[str], None]
    _size: int = 0
    _silent: int = 0
    _redirected: int = 0
    _why: str | None = None
    _problems: dict[str, str] = field(default_factory=dict)
    _done: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _own: threading.local = field(default_factory=threading.local)
    _open: list[http.client.HTTPConnection] = field(default_factory=list)
    _end: float = 0

    def run(self) -> Fetched:
        self._end = time.monotonic() + self.limits.all_seconds
        self.progress("fetching the manifest")
        try:
            self._one(MANIFEST, 1)
            try:
                content = (self.site / MANIFEST).read_bytes()
                paths = sorted(listed_paths(content))
            except (OSError, ValueError):
                # What is wrong with it, the verifier says.
                paths = []
            with ThreadPoolExecutor(CONNECTIONS) as pool:
                try:
                    list(pool.map(lambda path: self._one(path, len(paths)), paths))
                except BaseException:
                    self._why = self._why or "interrupted"
                    raise
        finally:
            for connection in self._open:
                connection.close()
        stopped = None
        if self._why is not None:
            missing = len(paths) + 1 - self._done
            stopped = Problem(self.address.geturl(), f"{self._why}; {missing} files were not fetched, no page verified")
        problems = tuple(Problem(path, message) for path, message in sorted(self._problems.items()))
        return Fetched(problems, stopped, self._done - len(problems), self._size, self._redirected)

    def _one(self, path: str, number: int) -> None:
        """Fetch one file, unless fetching has stopped."""
        if self._why is not None:
            return
        message, silent = None, False
        try:
            self._into(path)
        except _Stopped as stopped:
            self._why = self._why or str(stopped)
            return
        except _Refused as refused:
            message, silent = str(refused), refused.silent
        except (OSError, ValueError) as error:
            message, silent = f"cannot be kept on this machine: {error}", False
        if message is not None and (self.site / path).is_file():
            (self.site / path).unlink()
        with self._lock:
            self._done += 1
            if message is None:
                self._silent = 0
            else:
                self._problems[path] = message
                self._silent = self._silent + 1 if silent else 0
                if self._silent >= FAILURES:
                    self._why = self._why or f"the server gave no answer {FAILURES} times in a row"
            if self._done % _STEP == 0:
                self.progress(f"fetched {self._done} of {number} files, {self._size // 1000} kB")

    def _into(self, path: str) -> None:
        place = (self.site / path).resolve()
        # A name can lead out of a folder on one system that is plain on another.
        if not place.is_relative_to(self.site) or (os.name == "nt" and ":" in path):
            raise _Refused("has a name that cannot be kept on this machine")
        place.parent.mkdir(parents=True, exist_ok=True)
        target = self.address._replace(path=self.address.path + quote(path))
        for hop in range(HOPS + 1):
            onward = self._request(target, place)
            if onward is None:
                return
            new = urlsplit(urljoin(target.geturl(), onward))
            if not self._same_host(new):
                raise _Refused(f"is redirected to another host, which is not followed: {onward[:200]}")
            if hop == 0:
                with self._lock:
                    self._redirected += 1
            target = new._replace(fragment="")
        raise _Refused(f"is redirected more than {HOPS} times")

    def _same_host(self, new: SplitResult) -> bool:
        """Whether a redirect stays where it is; from http to https of the same host is staying."""
        try:
            port, here = new.port, self.address.port
        except ValueError:
            return False
        if new.hostname != self.address.hostname or new.scheme not in _PORTS or new.username is not None:
            return False
        if new.scheme == self.address.scheme:
            return (port or _PORTS[new.scheme]) == (here or _PORTS[new.scheme])
        return new.scheme == "https" and port in (None, 443) and here in (None, 80)

    def _request(self, target: SplitResult, place: Path) -> str | None:
        """Ask for one address and store what comes; returns where a redirect leads to, else None."""
        seconds = min(self.limits.request_seconds, self._end - time.monotonic())
        if seconds <= 0:
            raise _Stopped(f"more than {self.limits.all_seconds:g} seconds passed")
        connection = self._connection(target, seconds)
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            if isinstance(connection.sock, socket.socket):
                # Wakes whoever waits for a byte, however slowly they come.
                try:
                    connection.sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return

        watch = threading.Timer(seconds, expire)
        watch.daemon = True
        watch.start()
        try:
            return self._answer(connection, target, place)
        except (OSError, http.client.HTTPException, ValueError) as error:
            connection.close()
            if expired.is_set() or isinstance(error, TimeoutError):
                if self._end <= time.monotonic():
                    raise _Stopped(f"more than {self.limits.all_seconds:g} seconds passed") from None
                raise _Refused(f"did not come within {seconds:g} seconds", silent=True) from None
            reason = str(error) or type(error).__name__
            raise _Refused(f"cannot be fetched: {reason}", silent=True) from None
        except BaseException:
            connection.close()
            raise
        finally:
            watch.cancel()

    def _connection(self, target: SplitResult, seconds: float) -> http.client.HTTPConnection:
        """This thread's connection to the host, opened anew where the last one is closed or leads elsewhere."""
        key = (target.scheme, target.netloc)
        connection: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if connection is None or getattr(self._own, "key", None) != key:
            if connection is not None:
                connection.close()
            make = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
            connection = make(target.hostname or "", target.port)
            self._own.connection, self._own.key = connection, key
            with self._lock:
                self._open.append(connection)
        connection.timeout = seconds
        if connection.sock is not None:
            connection.sock.settimeout(seconds)
        return connection

    def _answer(self, connection: http.client.HTTPConnection, target: SplitResult, place: Path) -> str | None:
        path = target.path + (f"?{target.query}" if target.query else "")
        headers = {"Accept-Encoding": "identity", "Cache-Control": "no-cache", "User-Agent": "briefbook-verify"}
        used = connection.sock is not None
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # A server may close a connection that it kept open; that says nothing of this file.
            connection.close()
            if not used:
                raise
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
        if answer.status != http.client.OK:
            onward = answer.getheader("Location")
            connection.close()
            if answer.status in (301, 302, 303, 307, 308) and onward:
                return onward
            raise _Refused(f"is not served: expected HTTP 200, found {answer.status} {answer.reason}")
        size = self._store(answer, place)
        length = answer.getheader("Content-Length")
        if length is not None and length.isdecimal() and size != int(length):
            raise http.client.HTTPException(f"the server closed after {size} of {length} bytes")
        return None

    def _store(self, answer: http.client.HTTPResponse, place: Path) -> int:
        size = 0
        with place.open("wb") as file:
            while chunk := answer.read(_CHUNK):
                size += len(chunk)
                with self._lock:
                    self._size += len(chunk)
                if size > self.limits.file_bytes:
                    raise _Refused(f"is larger than the limit of {self.limits.file_bytes} bytes")
                if self._size > self.limits.all_bytes:
                    raise _Stopped(f"the site is larger than the limit of {self.limits.all_bytes} bytes in all")
                file.write(chunk)
        return size
