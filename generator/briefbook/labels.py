"""The catalog of the site's own texts (`data/labels.yml`), and how a label is filled.

A label is never free: `verify` checks each one on a page against the published catalog.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

CATALOG = Path(__file__).parent / "data" / "labels.yml"
SLOTS = ("n", "number", "high", "date", "letter", "page", "pages")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Label:
    """A text of the site's own: its key in the catalog, the values of its slots, and the text they make."""

    key: str
    slots: tuple[tuple[str, str], ...]
    text: str


@cache
def catalog() -> dict[str, str]:
    """Every label's pattern by key. Raises ValueError where the catalog names an unknown slot."""
    patterns: dict[str, str] = yaml.safe_load(CATALOG.read_text(encoding="utf-8"))
    for key, pattern in patterns.items():
        if unknown := set(_SLOT.findall(pattern)) - set(SLOTS):
            raise ValueError(f"{CATALOG.name}: {key}: unknown slot {unknown}")
    return patterns


def label(key: str, **slots: int | str) -> Label:
    """The label of `key` with its slots filled; numbers `n`, `number` and `high` get a comma between thousands.

    Raises KeyError for an unknown key or a missing slot.
    """
    return _filled(key, tuple(slots.items()))


# A site of a thousand articles has 150,000 labels, and a hundred different ones.
@lru_cache(maxsize=10_000)
def _filled(key: str, slots: tuple[tuple[str, int | str], ...]) -> Label:
    filled = {name: grouped(str(value)) if name in ("n", "number", "high") else str(value) for name, value in slots}
    text = _SLOT.sub(lambda match: filled[match[1]], catalog()[key])
    return Label(key, tuple((name, str(value)) for name, value in slots), text)


def grouped(number: str) -> str:
    """A number written plainly ("-1200.5"), with a comma between thousands."""
    whole, point, rest = number.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.removeprefix('-')):,}{point}{rest}"


def count(what: str, n: int) -> Label:
    """The label that counts `n` of `what`, in the form for one or for all other numbers."""
    return label(f"count.{what}.{'one' if n == 1 else 'other'}", n=n)


def published() -> str:
    """The catalog as `labels.json`, the form in which the site publishes it."""
    return json.dumps(catalog(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
