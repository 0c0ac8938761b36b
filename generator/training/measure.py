"""Compares names read with names annotated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from data import Annotated

from briefbook.model import KINDS, Name

CORE = ("person", "organization", "unit", "place")
"""The kinds that the headline figures count."""
MERGED = "unit as organization"


def exact(read: Iterable[tuple[Annotated, Sequence[Name]]]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 in percent of names with the right span and kind, over all the articles.

    The keys: `MERGED` (the four kinds of `CORE`, a unit counted as an organization), `core` (the four apart), and
    each kind by itself. `names` is the number of annotated ones.
    """
    hits, found, wanted = Counter[str](), Counter[str](), Counter[str]()
    for article, names in read:
        for key in (MERGED, "core", *KINDS):
            ours, theirs = _set(names, key), _set(article.names, key)
            hits[key] += len(ours & theirs)
            found[key] += len(ours)
            wanted[key] += len(theirs)
    return {
        key: {
            "precision": _percent(hits[key], found[key]),
            "recall": _percent(hits[key], wanted[key]),
            "f1": _percent(2 * hits[key], found[key] + wanted[key]),
            "names": wanted[key],
        }
        for key in (MERGED, "core", *KINDS)
    }


def _set(names: Iterable[Name], key: str) -> set[tuple[int, int, str]]:
    if key == MERGED:
        return {(n.start, n.end, "organization" if n.kind == "unit" else n.kind) for n in names if n.kind in CORE}
    return {tuple(n) for n in names if n.kind == key or (key == "core" and n.kind in CORE)}


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
