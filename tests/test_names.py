"""The document pass: golden cases, and what holds for any text and any names."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook import lists
from briefbook.analyze.names import document_pass
from briefbook.model import KINDS, Name
from marked import cases, pieces, sentences, unmarked


@pytest.mark.parametrize("case", cases("names-document-pass.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    text, names = unmarked(case["text"])
    found = document_pass(text, names, sentences(text))
    assert [[text[name.start : name.end], name.kind, name.rule] for name in found] == case["names"]


WORDS = st.sampled_from(pieces("article"))


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[Name]]:
    """A text of likely and hostile pieces, and names at any offsets of it, overlapping ones too."""
    pieces = draw(st.lists(WORDS, min_size=1, max_size=40))
    text = draw(st.sampled_from([" ", "", "\n"])).join(pieces)
    names = []
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        names.append(Name(start, end, draw(st.sampled_from(KINDS))))
    return text, names


@given(articles())
def test_spans_stand_in_order_apart_and_tidy(article: tuple[str, list[Name]]) -> None:
    text, names = article
    found = document_pass(text, names, sentences(text))
    for reading in found:
        surface = text[reading.start : reading.end]
        assert surface
        assert surface == surface.strip()
        assert surface not in lists.calendar()
        assert not surface.endswith(("'s", "’s"))
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert len({(reading.start, reading.end) for reading in found}) == len(found)


@given(articles())
def test_one_surface_has_one_kind(article: tuple[str, list[Name]]) -> None:
    text, names = article
    kinds: dict[str, set[str]] = {}
    for reading in document_pass(text, names, sentences(text)):
        kinds.setdefault(text[reading.start : reading.end], set()).add(reading.kind)
    assert all(len(found) == 1 for found in kinds.values())


@given(articles(), st.randoms())
def test_the_order_of_the_names_does_not_matter(article: tuple[str, list[Name]], random: Any) -> None:
    text, names = article
    distinct = list({(name.start, name.end): name for name in names}.values())
    shuffled = list(distinct)
    random.shuffle(shuffled)
    lines = sentences(text)
    assert document_pass(text, distinct, lines) == document_pass(text, shuffled, lines)


def test_a_country_found_once_is_found_in_a_very_long_line() -> None:
    text = "Fiji " * 100_000
    found = document_pass(text, [Name(0, 4, "place")], sentences("Fiji"))
    assert [reading.rule for reading in found[:2]] == ["model", "repeat"]
    assert len(found) == 100_000
