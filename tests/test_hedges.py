"""Hedges: golden cases, and what holds for any text."""

from __future__ import annotations

import itertools
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.analyze.hedges import hedges
from briefbook.analyze.sentences import split
from briefbook.model import Block, HedgeKind, Mention, Rung
from marked import cases, pieces, sentences, unmarked


@pytest.mark.parametrize("case", cases("hedges.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    text, names = unmarked(case["text"])
    found = hedges(text, sentences(text), [Mention(*name, 0, "model") for name in names])
    assert [[text[h.start : h.end], h.kind, *([h.rung] if h.rung else [])] for h in found] == case["hedges"]


PIECES = st.sampled_from([*pieces("hedges"), *pieces("dates")])


@given(st.lists(PIECES, max_size=40))
def test_what_holds_for_any_text(parts: list[str]) -> None:
    text = "".join(parts)
    lines = sentences(text)
    found = hedges(text, lines, [])
    for hedge in found:
        assert any(line.start <= hedge.start < hedge.end <= line.end for line in lines)
        assert hedge.kind in get_args(HedgeKind)
        assert hedge.rung is None or (hedge.rung in get_args(Rung) and hedge.kind == "likelihood")
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))


@pytest.mark.parametrize(
    "piece", ["may ", "May may may ", "could also ", "1", "not likely ", "claimed 3 ", "as likely as "]
)
def test_a_long_run_of_anything_is_read_in_pieces(piece: str) -> None:
    """No phrase reaches further than its own words: twice the text holds about twice the hedges."""
    counts = []
    for length in (6_000, 12_000):
        text = (piece * (length // len(piece))).strip()
        found = hedges(text, split(text, (Block("paragraph", 0, len(text)),)), [])
        assert all(hedge.end - hedge.start < 60 for hedge in found)
        counts.append(len(found))
    assert 2 * counts[0] - 4 <= counts[1] <= 2 * counts[0] + 4


def test_a_hedge_in_a_name_is_part_of_the_name() -> None:
    text = "He read Perhaps Tomorrow, perhaps."
    name = Mention(8, 24, "document", 0, "model")
    assert [h.start for h in hedges(text, sentences(text), [name])] == [26]
