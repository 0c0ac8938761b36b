"""Figures: golden cases, the numbers in them, and what holds for any text and any spans."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook import lists
from briefbook.analyze.figures import figures
from briefbook.analyze.numbers import numbers
from briefbook.analyze.sentences import split
from briefbook.model import Block, Span
from marked import cases

_MARK = re.compile(r"<([^<>]*)>")


def marked(text: str) -> tuple[str, list[Span]]:
    """The text without marks, and the spans that were marked."""
    plain, spans, at = "", [], 0
    for match in _MARK.finditer(text):
        plain += text[at : match.start()]
        spans.append(Span(len(plain), len(plain) + len(match[1])))
        plain += match[1]
        at = match.end()
    return plain + text[at:], spans


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text of one paragraph."""
    return split(text, [Block("paragraph", 0, len(text))]) if text.strip() else ()


@pytest.mark.parametrize("case", cases("figures.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    text, spans = marked(case["text"])
    found = [
        [text[f.start : f.end], f.value, f.high, f.relation, text[f.what.start : f.what.end] if f.what else None]
        for f in figures(text, spans, sentences(text))
    ]
    assert found == case["figures"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("nine hundred thousand and forty-two", [900_042]),
        ("two million three hundred thousand", [2_300_000]),
        ("three hundred and fifty", [350]),
        ("two hundred and then five", [200, 5]),
        ("one two three", [1, 2, 3]),
        ("forty twelve", [40, 12]),
        ("a hundred thousand", [100_000]),
        ("a million and a half", [1_500_000]),
        ("two and a half thousand", [2_500]),
        ("a dozen and two dozen", [12, 24]),
        ("1\u202f234\u202f567", [1_234_567]),
        ("1,234.5 and .5 and 2½", [1234.5, 0.5, 2.5]),
        ("50 000 men, 12 155 mm guns", [50_000, 12, 155]),
        ("3/4 of it, 1-in-5, 9/11, 24/7", [75, 20, 9, 11, 24, 7]),
        ("5k, 3mln, 2 bn", [5_000, 3_000_000, 2]),
        ("SEK9 million", [9_000_000]),
        ("a couple of hundred and a couple", [None, 2]),
        ("as many as 32", [32]),
        ("another 23", [23]),
        ("1.2.3.4 and 12345678901234567890", []),
        ("3rd, 21st, COVID-19, the twenty-first", []),
        ("", []),
    ],
)
def test_numbers(text: str, values: list[float | None]) -> None:
    assert [number.value for number in numbers(text, 0, len(text))] == values


def test_the_lists_hold_words_in_small_letters() -> None:
    words = lists.quantities()
    for name in words.__slots__:
        for word in getattr(words, name):
            assert isinstance(word, str), f"{name}: {word}"
            assert word == word.lower() or name == "currency_codes"
    for table in (words.relations, words.behind):
        assert set(table) <= {"~", ">", "<"}
        for row in table.values():
            assert all(isinstance(phrase, str) for phrase in row)


def test_no_figure_reaches_over_the_end_of_its_sentence() -> None:
    text = "They saw 31. Tanks came. It was over. Nine men left"
    spans = [(9, 24), (32, len(text))]
    found = figures(text, spans, sentences(text))
    assert [text[f.start : f.end] for f in found] == ["31"]
    assert found[0].what is None


LIKELY = (
    "at least |between | and | to |million |half a |dozens of |km |five |hundred |of the |men |were killed |T-|a |"
    "third |more |mm |US$|no |in "
)
PIECES = st.one_of(
    st.sampled_from([*"0123456789 .,-–($€%½\n", *LIKELY.split("|")]), st.text("aZé7 \u202f\0", max_size=3)
)


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """A text of likely and hostile pieces, and spans somewhere in it."""
    text = "".join(draw(st.lists(PIECES, max_size=25)))
    offset = st.integers(0, len(text))
    return text, draw(st.lists(st.tuples(offset, offset), max_size=6))


@given(texts())
def test_figures_stand_in_order_each_within_a_sentence(case: tuple[str, list[tuple[int, int]]]) -> None:
    text, spans = case
    bounds = sentences(text)
    at = 0
    for figure in figures(text, spans, bounds):
        assert at <= figure.start < figure.end
        at = figure.end
        home = [s for s in bounds if s.start <= figure.start and figure.end <= s.end]
        assert len(home) == 1
        assert figure.value is None or figure.value >= 0
        assert (figure.high is not None) == (figure.relation == "range")
        if figure.high is not None:
            assert figure.value is not None
            assert figure.high > figure.value
        if figure.what is not None:
            assert home[0].start <= figure.what.start < figure.what.end <= home[0].end


@given(texts())
def test_numbers_stand_in_order(case: tuple[str, list[tuple[int, int]]]) -> None:
    text, _ = case
    at = 0
    for number in numbers(text, 0, len(text)):
        assert at <= number.end
        assert 0 <= number.start < number.end <= len(text)
        at = number.end
