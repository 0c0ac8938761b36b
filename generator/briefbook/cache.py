"""Analyses by key: a memo of the map, safe to delete, cut short or garble at any time.

A key names everything an analysis depends on (see `analysis_key`), so an entry is never out of date; one that is not
whole, not ours or not well-formed is a miss. Entries are JSON: reading one runs no code, whoever wrote it.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import platform
import types
import typing
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from briefbook.model import Analysis, Article

LIMIT = 512 * 1024 * 1024
"""Bytes that `Cache.prune` leaves by default; an analysis of a news article takes some 10 kB."""

_PACKAGE = Path(__file__).parent
_COMPUTING = ("numpy", "onnxruntime", "tokenizers")
"""Packages whose version may change what the model reads."""


class Cache:
    """Analyses stored one file each below `folder`; with None, nothing is stored and every `get` is a miss."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, key: str) -> Analysis | None:
        """The analysis stored under `key`, or None; a hit counts as a use for `prune`."""
        if (place := self._place(key)) is None:
            return None
        try:
            analysis = _unpack(key, place.read_bytes())
            os.utime(place)
        except (OSError, ValueError, RecursionError):
            return None
        return analysis

    def put(self, key: str, analysis: Analysis) -> None:
        """Store `analysis` under `key`, whole or not at all. A folder that cannot be written stores nothing."""
        if (place := self._place(key)) is None:
            return
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            # One name per process: two builds at once may store the same entry.
            scratch = place.with_suffix(f".{os.getpid()}.tmp")
            scratch.write_bytes(_pack(key, analysis))
            scratch.replace(place)
        except OSError:
            return

    def prune(self, limit: int = LIMIT) -> int:
        """Remove the entries used longest ago until at most `limit` bytes are left; how many files were removed."""
        if self._folder is None or not self._folder.is_dir():
            return 0
        removed = left = 0
        stats = [(place.stat(), place) for place in self._folder.glob("??/*") if place.is_file()]
        for stat, place in sorted(stats, key=lambda entry: (entry[0].st_mtime_ns, entry[1].name), reverse=True):
            left += stat.st_size
            if left > limit:
                place.unlink(missing_ok=True)
                removed += 1
        return removed

    def _place(self, key: str) -> Path | None:
        return None if self._folder is None else self._folder / key[:2] / f"{key}.json"


def analysis_key(article: Article, *parts: str) -> str:
    """The key of an article's analysis: its text and blocks, this program's version, and `parts`.

    `parts` are whatever else the analysis is made from: the settings, the digest of the model, an editor's decisions.
    """
    everything = [code_version(), article.text, article.blocks, parts]
    return hashlib.sha256(json.dumps(everything).encode("ascii")).hexdigest()


@functools.cache
def code_version() -> str:
    """A digest of all that decides an analysis beside its article: code and data files, Python and what computes."""
    digest = hashlib.sha256()
    # The layers build on modules beside them (lists, forms); rather a miss too many than an analysis out of date.
    files = [*_PACKAGE.glob("*.py"), *_PACKAGE.glob("analyze/**/*.py"), *_PACKAGE.glob("data/*.yml")]
    for place in sorted(files):
        name = place.relative_to(_PACKAGE).as_posix()
        digest.update(json.dumps([name, hashlib.sha256(place.read_bytes()).hexdigest()]).encode("ascii"))
    versions = [platform.python_version(), platform.machine(), *(version(package) for package in _COMPUTING)]
    digest.update(json.dumps(versions).encode("ascii"))
    return digest.hexdigest()


def _pack(key: str, analysis: Analysis) -> bytes:
    """An entry: the SHA-256 of the second line, and a line of JSON with the key and the analysis."""
    body = json.dumps([key, _flat(analysis)], separators=(",", ":")).encode("ascii")
    return hashlib.sha256(body).hexdigest().encode("ascii") + b"\n" + body


def _unpack(key: str, entry: bytes) -> Analysis:
    """The analysis of an entry. Raises ValueError if the entry is not whole, or not of this key and form."""
    digest, _, body = entry.partition(b"\n")
    if digest != hashlib.sha256(body).hexdigest().encode("ascii"):
        raise ValueError("not whole")
    match json.loads(body):
        case [str(stored), flat] if stored == key:
            analysis = _restored(Analysis, flat)
            assert isinstance(analysis, Analysis)
            return analysis
    raise ValueError("not of this key")


def _flat(value: Any) -> Any:
    """A value of the model as JSON: a dataclass or tuple becomes the list of its parts."""
    if dataclasses.is_dataclass(value):
        return [_flat(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, tuple):
        return [_flat(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


@functools.cache
def _parts(kind: type) -> tuple[Any, ...] | None:
    """The types of the fields of a dataclass or named tuple, in order; None for any other type."""
    if dataclasses.is_dataclass(kind) or (issubclass(kind, tuple) and hasattr(kind, "_fields")):
        return tuple(typing.get_type_hints(kind).values())
    return None


def _restored(kind: Any, flat: Any) -> Any:
    """The value of type `kind` that `_flat` made `flat` of. Raises ValueError where the two do not fit."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not types.NoneType)
        return None if flat is None else _restored(inner, flat)
    if origin is Literal:
        if flat in arguments:
            return flat
    elif origin is tuple:
        inner, ellipsis = arguments
        if isinstance(flat, list) and ellipsis is Ellipsis:
            return tuple(_restored(inner, part) for part in flat)
    elif kind is date:
        if isinstance(flat, str):
            return date.fromisoformat(flat)
    elif kind in (int, str, float, bool):
        if type(flat) is kind:
            return flat
    elif (parts := _parts(kind)) is not None and isinstance(flat, list) and len(flat) == len(parts):
        return kind(*map(_restored, parts, flat))
    raise ValueError(f"not a {kind}")
