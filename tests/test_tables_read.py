"""Tables of a section as they are read out of a text: golden cases, and what holds for any text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.analyze.tables import Tables, tables
from briefbook.model import (
    KINDS,
    ArticleEntity,
    Happening,
    Kind,
    Mention,
    Name,
    PositionKind,
    Section,
    SectionKey,
    Span,
    Statement,
)
from marked import cases, pieces, sentences, unmarked


def read(text: str, lines: Sequence[Span], names: Sequence[Name], said: Sequence[Statement], key: SectionKey) -> Tables:
    """The tables of a text of one section, each name an entity of its own."""
    mentions = [Mention(*name, n, "model") for n, name in enumerate(names)]
    entities = [ArticleEntity(mention.kind, n, (n,)) for n, mention in enumerate(mentions)]
    section = Section(key, "lede", None, 0, len(text), tuple(lines))
    return tables(text, [section], mentions, entities, said)


def statement(text: str, content: str, speaker: str | None, cue: str | None, kind: Any) -> Statement:
    """A statement by its words."""

    def span(words: str) -> Span:
        start = text.index(words)
        return Span(start, start + len(words))

    return Statement(
        *span(content), "indirect", kind, span(speaker) if speaker else None, span(cue) if cue else None, None, "named"
    )


@pytest.mark.parametrize("case", cases("tables.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    text, names = unmarked(case["text"])
    said = [statement(text, *row) for row in case.get("said", ())]
    found = read(text, sentences(text), names, said, case.get("section", "front-status"))

    def words(row: tuple[Any, ...]) -> list[Any]:
        return [text[cell[0] : cell[1]] if isinstance(cell, tuple) else cell for cell in row]

    for table in ("places", "replies", "positions"):
        if table in case:
            assert [words(row) for row in getattr(found, table)] == case[table]


PIECES = st.sampled_from([*pieces("tables"), *pieces("hedges")])


@given(
    st.lists(PIECES, max_size=40), st.lists(st.tuples(st.integers(0, 90), st.integers(1, 30)), max_size=6), st.data()
)
def test_what_holds_for_any_text(parts: list[str], spans: list[tuple[int, int]], data: st.DataObject) -> None:
    text = "".join(parts)
    lines = sentences(text)
    kinds: st.SearchStrategy[Kind] = st.sampled_from(KINDS)
    names: list[Name] = []
    said: list[Statement] = []
    for start, length in sorted(spans):
        end = start + length
        if end > len(text):
            continue
        said.append(Statement(start, end, "indirect", "claim", Span(start, end), Span(start, start + 1), None, ""))
        if not names or names[-1].end <= start:
            names.append(Name(start, end, data.draw(kinds)))
    said = [one._replace(entity=0) for one in said] if names else said
    found = read(text, lines, names, said, "negotiations")

    def within(span: Span) -> bool:
        return any(line.start <= span.start < span.end <= line.end for line in lines)

    for report in found.places:
        assert within(report.place)
        assert within(report.what)
        assert report.happening in get_args(Happening)
    for reply in found.replies:
        assert reply.claim.end <= reply.answer.start or reply.answer.end <= reply.claim.start
        assert all(0 <= span.start < span.end <= len(text) for span in reply)
    for held in found.positions:
        assert within(held.party)
        assert 0 <= held.content.start < held.content.end <= len(text)
        assert held.kind in get_args(PositionKind)
    for table in found:
        assert list(table) == sorted(table, key=lambda row: row[1 if len(row) != 2 else 0])
        assert len(set(table)) == len(table)


@pytest.mark.parametrize(
    "piece",
    [
        "troops captured Velm ",
        "the village of ",
        "Velm, ",
        "denied reports of ",
        "X said that ",
        "city's ",
        "army and ",
        "if will ",
    ],
)
def test_a_long_run_of_anything_is_read_in_pieces(piece: str) -> None:
    """No row reaches further than its own words: twice the text takes about twice the steps."""
    counts = []
    for length in (4_000, 8_000):
        text = ("troops " + piece * (length // len(piece))).strip()
        at = [n for n in range(len(text)) if text.startswith("Velm", n)]
        found = read(text, [Span(0, len(text))], [Name(n, n + 4, "place") for n in at], [], "negotiations")
        counts.append(sum(map(len, found)))
    assert counts[1] <= 2 * counts[0] + 30
