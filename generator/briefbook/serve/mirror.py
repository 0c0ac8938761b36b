"""The hand-written files of `docs/`, as they stand in the preview's own folder beside the generated pages."""

from __future__ import annotations

import os
from pathlib import Path

from briefbook.model import Problem
from briefbook.publish import PublishError, owned


class Mirror:
    """Keeps the hand-written files below `docs` in `target` too."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._known: dict[str, tuple[int, int]] | None = None
        """Time of change and size of each file that was copied; None before the first round."""

    @property
    def paths(self) -> set[str]:
        """The hand-written files, as of the last update."""
        return set(self._known or ())

    def update(self, docs: Path) -> set[str]:
        """Copy what changed and remove what is gone; the paths of both, below `docs`, with forward slashes.

        What the last build generated in `docs` is left aside. Raises PublishError where a hand-written file stands in
        the place of a generated page.
        """
        generated = owned(self._target)
        found = {path: _mark(docs / path) for path in _files(docs) - owned(docs)}
        known = self._known
        if known is None:
            known = dict.fromkeys(_files(self._target) - generated, (0, 0))
        changed = set()
        for path, mark in sorted(found.items()):
            place, copy = docs / path, self._target / path
            if known.get(path) == mark and copy.is_file():
                continue
            content = place.read_bytes()
            there = copy.read_bytes() if copy.is_file() else None
            if path in generated and content != there:
                raise PublishError(
                    [Problem(path, "is not a file of ours, and a generated page goes there: move it away")]
                )
            if content != there:
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(content)
                changed.add(path)
        for path in known.keys() - found.keys() - generated:
            (self._target / path).unlink(missing_ok=True)
            changed.add(path)
        self._known = found
        return changed


def _files(folder: Path) -> set[str]:
    """Every file below `folder` that the engines would read: names that begin with a dot are passed over."""
    found = set()
    for top, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found |= {Path(top, name).relative_to(folder).as_posix() for name in names if not name.startswith(".")}
    return found


def _mark(place: Path) -> tuple[int, int]:
    stat = place.stat()
    return stat.st_mtime_ns, stat.st_size
