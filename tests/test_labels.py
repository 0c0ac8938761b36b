"""The catalog of labels, and that templates and theme use it."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from briefbook import labels
from briefbook.model import (
    KINDS,
    SECTION_KEYS,
    Happening,
    HedgeKind,
    PositionKind,
    Rung,
    StatementKind,
    Voice,
)
from briefbook.tables import PAGE_TABLES, SECTION_TABLES

PACKAGE = Path(str(files("briefbook")))
LAYERS = ("voice.", "said.", "table.", "column.", "happening.", "position.", "figure.", "when.", "hedge.", "rung.")
"""Labels whose keys are made of the values of the types."""


def test_slots_are_filled() -> None:
    assert labels.count("sentences", 1).text == "1 sentence"
    assert labels.count("sentences", 1234).text == "1,234 sentences"
    assert labels.label("paging.page", page=2, pages=3).text == "Page 2 of 3"
    with pytest.raises(KeyError):
        labels.label("paging.page", page=2)
    with pytest.raises(KeyError):
        labels.label("no.such.label")


def test_every_kind_and_section_has_its_labels() -> None:
    keys = labels.catalog().keys()
    assert {f"kind.{kind}" for kind in KINDS} | {f"kinds.{kind}" for kind in KINDS} <= keys
    assert {f"section.{key}" for key in SECTION_KEYS} <= keys
    for prefix, values in (
        ("voice", get_args(Voice)),
        ("said", get_args(StatementKind)),
        ("happening", get_args(Happening)),
        ("position", get_args(PositionKind)),
        ("hedge", get_args(HedgeKind)),
        ("rung", get_args(Rung)),
        ("table", tuple(SECTION_TABLES)),
        ("part", tuple(PAGE_TABLES)),
        ("column", tuple(column for table in (SECTION_TABLES | PAGE_TABLES).values() for column in table)),
    ):
        assert {f"{prefix}.{value}" for value in values} <= keys


def test_every_label_is_used() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in {".py", ".jinja", ".html"} and "data" not in path.parts
    )
    prefixes = ("kind.", "kinds.", "section.", "reason.", "count.", "card.", "mark.", *LAYERS)
    made = {f"part.{table}" for table in PAGE_TABLES}
    unused = [k for k in labels.catalog() if not k.startswith(prefixes) and k not in made and f'"{k}"' not in code]
    assert not unused


def test_the_theme_says_what_the_catalog_says() -> None:
    theme = (PACKAGE / "theme" / "main.html").read_text(encoding="utf-8")
    shown = dict(re.findall(r'data-label="([^"]+)">([^<]+)<', theme))
    assert shown
    assert all(labels.catalog()[key] == text for key, text in shown.items())
