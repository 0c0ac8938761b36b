"""The catalog of labels, and that templates and theme use it."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from briefbook import labels
from briefbook.model import KINDS, SECTION_KEYS

PACKAGE = Path(str(files("briefbook")))


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


def test_every_label_is_used() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in {".py", ".jinja", ".html"} and "data" not in path.parts
    )
    prefixes = ("kind.", "kinds.", "section.", "reason.", "count.", "card.", "mark.")
    unused = [key for key in labels.catalog() if not key.startswith(prefixes) and f'"{key}"' not in code]
    assert not unused


def test_the_theme_says_what_the_catalog_says() -> None:
    theme = (PACKAGE / "theme" / "main.html").read_text(encoding="utf-8")
    shown = dict(re.findall(r'data-label="([^"]+)">([^<]+)<', theme))
    assert shown
    assert all(labels.catalog()[key] == text for key, text in shown.items())
