"""Date expressions: golden cases, the arithmetic of the calendar, and what holds for any text."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from briefbook.analyze.dates import dates, quoted, spans
from briefbook.analyze.sentences import split
from briefbook.lists import DATA
from briefbook.model import Block, DateExpression, Mention, Span
from marked import cases, pieces, sentences, unmarked


def _row(text: str, told: DateExpression) -> list[Any]:
    days = None if told.first is None else f"{told.first}..{told.last}" if told.first != told.last else str(told.first)
    return [text[told.start : told.end], days, told.precision, *(["inferred"] if told.inferred else [])]


@pytest.mark.parametrize("case", cases("dates.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    text, names = unmarked(case["text"])
    found = dates(text, sentences(text), [Mention(*name, 0, "model") for name in names], case.get("published"))
    expected = [[str(row[0]), row[1] and str(row[1]), *row[2:]] for row in case["dates"]]
    assert [_row(text, told) for told in found] == expected


PIECES = st.lists(st.sampled_from(pieces("dates")), max_size=40)
DAYS = st.dates() | st.none()


@given(PIECES, DAYS)
def test_what_holds_for_any_text(parts: list[str], published: date | None) -> None:
    text = "".join(parts)
    lines = sentences(text)
    found = dates(text, lines, [], published)
    for told in found:
        assert any(line.start <= told.start < told.end <= line.end for line in lines)
        assert (told.first is None) == (told.last is None)
        assert told.first is None or told.last is None or told.first <= told.last
        assert not told.inferred or (published is not None and told.first is not None)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))


@given(PIECES)
def test_words_alone_tell_the_same_with_and_without_a_day_of_publication(parts: list[str]) -> None:
    text = "".join(parts)
    lines = sentences(text)
    alone = {told[:2]: told for told in dates(text, lines, [], None) if told.first is not None}
    for told in dates(text, lines, [], date(2026, 2, 4)):
        if told[:2] in alone and not told.inferred:
            assert told == alone[told[:2]]


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "2014-", "May may ", "3 May ", "the last ", "\"'“", "next week of ", "in 2014 and "]
)
def test_a_long_run_of_anything_is_read_in_pieces(piece: str) -> None:
    """Every pattern is bounded: what stands at the start of a run is read as in a short one."""
    counts = []
    for length in (6_000, 12_000):
        text = (piece * (length // len(piece))).strip()
        lines = split(text, (Block("paragraph", 0, len(text)),))
        found = dates(text, lines, [], date(2026, 2, 4))
        assert all(told.end - told.start < 80 for told in found)
        counts.append(len(found))
    assert counts[0] <= counts[1] <= 2 * counts[0] + 4


def test_quotations_end_at_the_line_and_survive_apostrophes() -> None:
    text = "“a’b” c \"d\nit's 'e' f"
    assert [text[start:end] for start, end in zip(*[iter(quoted(text))] * 2, strict=True)] == ["“a’b", '"d', "'e"]


@given(
    st.dates(),
    st.sampled_from(["day", "week", "weekend", "month", "year", "decade", "century"]),
    st.integers(-9999, 9999),
)
def test_units_and_stretches_stay_in_the_calendar(day: date, name: str, count: int) -> None:
    for days in (spans.unit(day, name, count), spans.stretch(day, name if name in ("day", "week") else "month", count)):
        assert (days.first is None) == (days.last is None)
        assert days.first is None or days.last is None or days.first <= days.last
    week = spans.of_week(day)
    assert week.first is None or (week.first.weekday() == 0 and week.first <= day)


@given(st.dates(), st.integers(0, 6))
def test_the_nearest_weekday_lies_within_a_week(day: date, weekday: int) -> None:
    for tense, low, high in (("past", -6, 0), ("open", -6, 0), ("future", 0, 6)):
        near = spans.nearest_weekday(day, weekday, tense)  # type: ignore[arg-type]
        assert near is None or (near.weekday() == weekday and low <= (near - day).days <= high)


def test_lists_hold_words_and_numbers_alone() -> None:
    """A bare "on" or "no" would be a truth value in YAML, not a word."""

    def leaves(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [leaf for pair in value.items() for part in pair for leaf in leaves(part)]
        return [leaf for part in value for leaf in leaves(part)] if isinstance(value, list) else [value]

    for name in ("dates", "hedges"):
        told = yaml.safe_load((DATA / f"{name}.yml").read_text(encoding="utf-8"))
        assert {type(leaf) for leaf in leaves(told)} <= {str, int}


def test_spans_of_titles_are_not_read() -> None:
    text = "A title of 3 May 2022\n\nIt fell."
    assert dates(text, [Span(23, 31)], [], None) == ()
