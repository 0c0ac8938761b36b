"""Pages to `docs/`: write only what changed, prune only what is ours, leave nothing that the next build cannot mend.

The list of owned files, `.briefbook-pages.json`, is what tells a generated file from a hand-written one. It is written
twice: before anything else as the union of what was ours and what will be, and last as what is. A build that is killed
in between leaves files that the list already claims, so the next build overwrites or prunes them.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from briefbook.model import Page, Problem

OWNED = ".briefbook-pages.json"
"""The list of owned files, below `docs/`; the engines skip names that begin with a dot."""
SCRATCH = ".briefbook-page.tmp"
"""Where a file is written before it is renamed into place; a leftover is removed by the next build."""

# What no common file system (or no site engine) takes: control characters, the characters that Windows refuses, a dot
# in front, a dot or a space at the end, and the device names of Windows.
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_REFUSED = re.compile(
    r'[\x00-\x1f\x7f<>:"|?*\\]|^\.|[. ]$|^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)', re.IGNORECASE
)
_SEGMENT_BYTES = 255
"""Longest name of a file or folder, in bytes of UTF-8, on the file systems in common use."""
_SHOWN = 20
"""How many problems an error message shows."""


class Published(NamedTuple):
    """How many files were written, removed, and left as they were."""

    written: int
    removed: int
    kept: int


class PublishError(Exception):
    """Nothing was written, for the reasons in `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(f"and {len(self.problems) - _SHOWN} more")
        super().__init__("\n".join(lines))


def publish(pages: Iterable[Page], docs: Path, *, standing: Collection[str] = ()) -> Published:
    """Make `docs` hold exactly `pages` beside what is hand-written.

    A file is written only if its bytes change, as UTF-8 with the line ends it has in `Page.text`. Files of an earlier
    build that are no longer among `pages` are removed, with the folders this empties. What is not on the list of owned
    files is hand-written and never touched; if it has the very bytes of a page, it becomes owned.
    `standing` are paths whose files the caller wrote and knows to hold their pages: they are not read again.

    Raises:
        PublishError: before anything is written, if a page has a path that cannot be a file everywhere, two pages have
            one path or address, a page would overwrite or shadow a hand-written file, or a link in `docs` leads out.
    """
    contents, problems = _encode(pages)
    ours = owned(docs)
    fresh = {path: content for path, content in contents.items() if path not in standing or path not in ours}
    problems += _conflicts(fresh, ours, docs)
    problems += _links_out(docs, ours)
    if problems:
        raise PublishError(problems)

    docs.mkdir(parents=True, exist_ok=True)
    (docs / SCRATCH).unlink(missing_ok=True)
    _write_owned(docs, ours | contents.keys())
    removed = _prune(ours - contents.keys(), docs)
    written = sum(_write(docs, path, content) for path, content in fresh.items())
    _write_owned(docs, contents)
    return Published(written=written, removed=removed, kept=len(contents) - written)


def owned(docs: Path) -> set[str]:
    """The files below `docs` that the last build made, by its list; all others are hand-written."""
    return _read_owned(docs / OWNED)


def path_problem(path: str) -> str | None:
    """Why `path` cannot be the path of a generated file, or None if it can: relative, with forward slashes, no `..`."""
    if path != unicodedata.normalize("NFC", path):
        return "is not in Unicode normal form C, so that some file systems would store another name"
    for segment in path.split("/"):
        if segment in ("", ".", ".."):
            return "is not a plain relative path"
        if _REFUSED.search(segment):
            return f"has a name that not every system can store: {segment!r}"
        try:
            size = len(segment.encode("utf-8"))
        except UnicodeEncodeError:
            return "is not valid Unicode"
        if size > _SEGMENT_BYTES:
            return f"has a name longer than {_SEGMENT_BYTES} bytes"
    return None


def _encode(pages: Iterable[Page]) -> tuple[dict[str, bytes], list[Problem]]:
    """The bytes of each page by path, and what is wrong with paths and texts."""
    contents: dict[str, bytes] = {}
    problems: list[Problem] = []
    spellings: dict[str, str] = {}
    for path, text in pages:
        if reason := path_problem(path):
            problems.append(Problem(repr(path), f"the path of a generated page {reason}"))
            continue
        # macOS and Windows take two names that differ in case alone for one.
        twin = spellings.setdefault(path.casefold(), path)
        if path in contents or twin != path:
            problems.append(Problem(path, f"two generated pages have this path (the other is {twin})"))
            continue
        try:
            contents[path] = text.encode("utf-8")
        except UnicodeEncodeError as error:
            problems.append(Problem(path, f"the text of this page is not valid Unicode at character {error.start}"))
    folders = {folder.casefold(): path for path in contents for folder in _folders(path)}
    problems += [
        Problem(path, f"is a generated page, but {folders[path.casefold()]} needs a folder of this name")
        for path in contents
        if path.casefold() in folders
    ]
    return contents, problems


def _folders(path: str) -> list[str]:
    """Every folder above `path`, outermost first: `a/b/c.md` gives `a`, `a/b`."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]


def _conflicts(contents: Mapping[str, bytes], owned: set[str], docs: Path) -> list[Problem]:
    """What of a hand-written nature stands in the way of `contents`, or holds a page of the same address."""
    problems: list[Problem] = []
    for folder in sorted({folder for path in {*contents, *owned} for folder in _folders(path)}):
        place = docs / folder
        if place.is_symlink():
            problems.append(Problem(folder, "is a link; generated pages go into a real folder: replace the link"))
        elif place.exists() and not place.is_dir() and folder not in owned:
            problems.append(Problem(folder, "is a hand-written file where a folder of generated pages goes: rename it"))
    if problems:
        return problems
    for path, content in contents.items():
        place = docs / path
        if place.is_dir() and not place.is_symlink():
            if not {inner.relative_to(docs).as_posix() for inner in place.rglob("*") if not inner.is_dir()} <= owned:
                hint = "is a folder with hand-written files, and a generated page goes there: rename it"
                problems.append(Problem(path, hint))
        elif path not in owned and (place.is_symlink() or place.exists()) and _read(place) != content:
            hint = f"move it away; if it is left from an earlier build whose list docs/{OWNED} was lost, delete it"
            problems.append(Problem(path, f"is not a file of ours, and a generated page goes there: {hint}"))
        for other in _same_address(path):
            if other not in owned and other not in contents and (docs / other).exists():
                problems.append(Problem(other, f"has the same address as the generated page {path}: rename it"))
    return problems


def _links_out(docs: Path, ours: set[str]) -> Iterator[Problem]:
    """Links among the hand-written files that lead out of `docs`: the engines would publish what they lead to."""
    root = os.path.realpath(docs)
    for folder, folders, files in os.walk(docs):
        for name in sorted(folders + files):
            place = Path(folder, name)
            if not place.is_symlink() or Path(os.path.realpath(place)).is_relative_to(root):
                continue
            # what stands in the place of a file of ours is replaced
            if (path := place.relative_to(docs).as_posix()) not in ours:
                hint = "put the file itself here"
                yield Problem(path, f"is a link that leads out of {docs.name}/, and would be published: {hint}")


def _same_address(path: str) -> list[str]:
    """The other names under which the engines give a page the address of `path`."""
    folder = path.removesuffix("index.md")
    if folder == path or not (folder == "" or folder.endswith("/")):
        return []
    return [folder + "README.md", *([folder.removesuffix("/") + ".md"] if folder else [])]


def _read(place: Path) -> bytes | None:
    """The bytes of a regular file; None for anything else."""
    if place.is_symlink() or not place.is_file():
        return None
    return place.read_bytes()


def _read_owned(place: Path) -> set[str]:
    """The list of owned files; empty if it is absent or not a list of ours. Paths that are not plain are left out."""
    try:
        paths = json.loads(place.read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return set()
    if not isinstance(paths, list):
        return set()
    return {path for path in paths if isinstance(path, str) and path_problem(path) is None}


def _write_owned(docs: Path, paths: Iterable[str]) -> None:
    _write(docs, OWNED, (json.dumps(sorted(paths), ensure_ascii=False, indent=0) + "\n").encode("utf-8"))


def _write(docs: Path, path: str, content: bytes) -> bool:
    """Write a file if its bytes change, in one step for whoever looks: True if they did."""
    place = docs / path
    if _read(place) == content:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    scratch = docs / SCRATCH
    try:
        scratch.write_bytes(content)
        scratch.replace(place)
    except OSError as error:
        # A full disk names no file by itself.
        raise OSError(error.errno, error.strerror, str(place)) from error
    return True


def _prune(paths: set[str], docs: Path) -> int:
    """Remove owned files, and folders that this leaves empty; how many files were removed."""
    removed = 0
    for path in sorted(paths):
        place = docs / path
        if place.is_symlink() or place.is_file():
            place.unlink()
            removed += 1
    for folder in sorted({folder for path in paths for folder in _folders(path)}, reverse=True):
        place = docs / folder
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
    return removed
