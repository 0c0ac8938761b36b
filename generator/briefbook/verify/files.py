"""The files of a published site against its manifest."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from briefbook.model import Problem

MANIFEST = "manifest.json"
MISSING = "is missing, and the manifest lists it"

_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNPLAIN = re.compile(r"[\x00-\x1f\x7f\\]|^/|(?:^|/)\.{0,2}(?:/|$)")
"""What a path in a manifest never has: control characters, `\\`, and segments that are empty, `.` or `..`."""


class Folder:
    """A published folder: its files, what the manifest says of them, and what is wrong so far.

    Nothing is read before it is compared, and what is compared is what `read` gives: a page cannot be one thing to the
    digest and another to the parser.
    """

    def __init__(self, site: Path) -> None:
        self.problems: list[Problem] = []
        self._site = site
        self.paths = frozenset(self._walk())
        self._unread = set(self.paths) - {MANIFEST}
        self.root, self._digests = self._manifest()

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None where there is no such file (the manifest and the caller say so)."""
        if path not in self.paths:
            return None
        try:
            content = (self._site / path).read_bytes()
        except OSError as error:
            self._unread.discard(path)
            self.problems.append(Problem(path, f"cannot be read: {error.strerror}"))
            return None
        self._compare(path, hashlib.sha256(content).hexdigest())
        return content

    def finish(self) -> None:
        """Compare the files that nobody read."""
        for path in sorted(self._unread):
            try:
                with (self._site / path).open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                self.problems.append(Problem(path, f"cannot be read: {error.strerror}"))
            else:
                self._compare(path, digest)

    def _compare(self, path: str, digest: str) -> None:
        if path not in self._unread:
            return
        self._unread.discard(path)
        expected = self._digests.get(path)
        if expected is not None and digest != expected:
            self.problems.append(
                Problem(path, f"is not the file that was built: expected SHA-256 {expected}, found {digest}")
            )

    def _walk(self) -> Iterator[str]:
        def failed(error: OSError) -> None:
            self.problems.append(Problem(str(error.filename), f"cannot be read: {error.strerror}"))

        for folder, folders, names in os.walk(self._site, onerror=failed):
            for name in (*folders, *names):
                place = Path(folder, name)
                path = place.relative_to(self._site).as_posix()
                if place.is_symlink() or not (place.is_dir() or place.is_file()):
                    self.problems.append(Problem(path, "is a link or a device; a site has plain files alone"))
                elif place.is_file():
                    yield path

    def _manifest(self) -> tuple[str | None, dict[str, str]]:
        """The root, and the digests that the manifest gives by path (empty where it is not a manifest)."""
        if MANIFEST not in self.paths:
            self.problems.append(Problem(MANIFEST, "is missing: nothing can be said of the files of this site"))
            return None, {}
        try:
            content = (self._site / MANIFEST).read_bytes()
        except OSError as error:
            self.problems.append(Problem(MANIFEST, f"cannot be read: {error.strerror}"))
            return None, {}
        root = hashlib.sha256(content).hexdigest()
        try:
            digests = _digests(content)
        except ValueError as error:
            self.problems.append(Problem(MANIFEST, f"is not a manifest: {error}"))
            return root, {}
        if content != (json.dumps(digests, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode("utf-8"):
            self.problems.append(
                Problem(MANIFEST, "is not in the one form of a manifest: one sorted pair a line, no other white space")
            )
        listed = digests.keys()
        self.problems += [Problem(path, MISSING) for path in sorted(listed - self.paths)]
        added = self.paths - listed - {MANIFEST}
        self.problems += [Problem(path, "is not in the manifest: it was added") for path in sorted(added)]
        return root, digests


def listed_paths(manifest: bytes) -> frozenset[str]:
    """The files that a manifest lists: plain relative paths. Raises ValueError where it is not a manifest."""
    return frozenset(_digests(manifest))


def strict_json(content: bytes) -> Any:
    """A JSON value. Raises ValueError for what JSON leaves open: keys that stand twice, NaN, any depth."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key stands twice")
        return found

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _digests(content: bytes) -> dict[str, str]:
    digests = strict_json(content)
    if not isinstance(digests, dict):
        raise ValueError("expected an object of paths and digests")
    for path, digest in digests.items():
        if _UNPLAIN.search(path) or path == MANIFEST:
            raise ValueError(f"{path!r} is not a path that it may list")
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise ValueError(f"{path!r} has no SHA-256 digest")
        try:
            path.encode("utf-8")
        except UnicodeEncodeError:
            raise ValueError(f"{path!r} is not valid Unicode") from None
    return digests
