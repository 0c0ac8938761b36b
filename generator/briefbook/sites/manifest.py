"""The manifest: every file of the site but itself, by its SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

MANIFEST = "manifest.json"


def write_manifest(site: Path) -> str:
    """Write `manifest.json` into a built site; returns the root, the SHA-256 of the manifest's bytes in hexadecimal.

    The one canonical form is a JSON object from path to digest, one pair a line, keys in the order of their code
    points, UTF-8 without escapes that JSON does not ask for, a line end after the closing brace.
    """
    content = _content(site)
    (site / MANIFEST).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def intact(site: Path, root: str) -> bool:
    """Whether the folder holds the site of this root, every file of it and nothing else."""
    try:
        return stored_root(site) == root and (site / MANIFEST).read_bytes() == _content(site)
    except ValueError:
        return False


def stored_root(site: Path) -> str | None:
    """The root of the manifest in this folder, or None where there is no manifest; files are not looked at."""
    place = site / MANIFEST
    return file_digest(place) if place.is_file() else None


def files_below(folder: Path) -> Iterator[Path]:
    """All files below `folder`, in no certain order; links count as files."""
    return (place for place in folder.rglob("*") if place.is_symlink() or not place.is_dir())


def file_digest(place: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _content(site: Path) -> bytes:
    digests = {place.relative_to(site).as_posix(): file_digest(place) for place in files_below(site)}
    digests.pop(MANIFEST, None)
    for path in digests:
        if not path.isascii() and path != path.encode("utf-8", "replace").decode("utf-8"):
            raise ValueError(f"{path!r}: the name of this file is not valid Unicode: rename it")
    return (json.dumps(digests, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode("utf-8")
