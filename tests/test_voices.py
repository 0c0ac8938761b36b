"""Who says a sentence."""

from __future__ import annotations

import pytest

from briefbook.model import Mode, Span, Statement, Voice
from briefbook.voices import said_in, voice


def said(start: int, end: int, mode: Mode = "indirect") -> Statement:
    return Statement(start, end, mode, "claim", None, None, None, "none")


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], "reporter"),
        ([said(0, 9), said(31, 40)], "reporter"),
        ([said(25, 40)], "attributed"),
        ([said(12, 30, "mixed")], "attributed"),
        ([said(10, 19, "direct")], "attributed"),
        ([said(10, 19, "direct"), said(10, 19, "direct"), said(12, 19, "direct")], "attributed"),
        ([said(10, 20, "direct")], "quoted"),
        ([said(0, 16, "direct"), said(20, 24, "direct")], "quoted"),
        ([said(0, 30), said(15, 40, "direct")], "quoted"),
    ],
)
def test_whose_voice_a_sentence_is(statements: list[Statement], expected: Voice) -> None:
    assert voice(Span(10, 30), statements) == expected


def test_the_innermost_statement_comes_first() -> None:
    outer, inner, elsewhere = said(0, 40), said(20, 40), said(40, 50)
    assert said_in(Span(25, 30), [outer, inner, elsewhere]) == (inner, outer)
