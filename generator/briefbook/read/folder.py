"""The seeds folder -> its files, sorted, and what in it cannot be read."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from briefbook.model import Problem

REGISTRY = "entities.yml"
CORRECTIONS = "corrections.yml"
SOURCES = (".txt", ".md")
SIDECARS = (".yml", ".yaml")

_IGNORED = re.compile(
    r"\..*|~\$.*|#.*#|.*~|.*\.(?:bak|backup|orig|tmp|swp|swo)|thumbs\.db|desktop\.ini", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Files:
    """Files of the seeds folder by what they are, as paths relative to it with forward slashes, sorted."""

    sources: tuple[str, ...]
    sidecars: tuple[tuple[str, str], ...]
    """(path of an article without its extension, path of the sidecar beside it)."""
    registry: str | None
    corrections: str | None
    problems: tuple[Problem, ...]


def list_files(seeds: Path) -> Files:
    """The files below `seeds`. Hidden files and editors' backups are left out without a word.

    Links to files within the folder are followed; links to folders, links that lead out of it, and what is neither file
    nor folder are problems. A folder that cannot be listed is one too.
    """
    root = os.path.realpath(seeds)
    found: list[str] = []
    problems: list[Problem] = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(Path(root, folder)) as entries:
                names = sorted((entry.name, entry) for entry in entries)
        except OSError as error:
            problems.append(Problem(shown(folder) or ".", f"the folder cannot be read ({error.strerror})"))
            continue
        for name, entry in names:
            path = f"{folder}{name}"
            if _IGNORED.fullmatch(name):
                continue
            if _encodable(path) is None:
                problems.append(Problem(shown(path), "the file name is not valid UTF-8; rename it"))
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(f"{path}/")
            elif message := _not_a_file(entry, root):
                problems.append(Problem(shown(path), message))
            else:
                found.append(path)
    found.sort()
    return _sorted_out(found, problems)


def shown(path: str) -> str:
    """A path as a message shows it: characters that cannot be printed are written as escapes."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in path)


def stem(path: str) -> str:
    """A path without its extension."""
    return str(PurePosixPath(path).with_suffix(""))


def extension(path: str) -> str:
    """The extension of a path, lower case, with its dot."""
    return PurePosixPath(path).suffix.lower()


def _sorted_out(found: list[str], problems: list[Problem]) -> Files:
    sources = [path for path in found if extension(path) in SOURCES]
    stems = {stem(path) for path in sources}
    sidecars: dict[str, str] = {}
    for path in found:
        if extension(path) in SOURCES or path in (REGISTRY, CORRECTIONS):
            continue
        if extension(path) not in SIDECARS:
            problems.append(Problem(shown(path), "it is not read; articles are .txt or .md", "warning"))
        elif stem(path) in sidecars:
            problems.append(Problem(shown(path), f"a second sidecar beside {shown(sidecars[stem(path)])}; keep one"))
        elif stem(path) in stems:
            sidecars[stem(path)] = path
        else:
            message = f"a sidecar without its article: no {shown(PurePosixPath(path).stem)}.txt or .md is beside it"
            problems.append(Problem(shown(path), message))
    return Files(
        sources=tuple(sources),
        sidecars=tuple(sidecars.items()),
        registry=REGISTRY if REGISTRY in found else None,
        corrections=CORRECTIONS if CORRECTIONS in found else None,
        problems=tuple(problems),
    )


def _encodable(path: str) -> bytes | None:
    try:
        return path.encode("utf-8")
    except UnicodeEncodeError:
        return None


def _not_a_file(entry: os.DirEntry[str], root: str) -> str:
    """Why an entry that is no folder is not read, or "" where it is a file."""
    try:
        if entry.is_symlink():
            target = os.path.realpath(entry.path)
            if os.path.commonpath((root, target)) != root:
                return "a link that leads out of the seeds folder; it is not followed: put the file itself here"
            if Path(target).is_dir():
                return "a link to a folder; it is not followed: put the files themselves here"
        if not entry.is_file():
            return "it is not a file, or a link to one that is gone; remove it"
    except (OSError, ValueError) as error:
        return f"it cannot be read ({error})"
    return ""
