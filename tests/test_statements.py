"""Statements: golden cases of how the encoder's marks are put together, and what holds for any text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.analyze.contents import drafts
from briefbook.analyze.encoder import Content, Fit
from briefbook.analyze.entities import cluster
from briefbook.analyze.names import document_pass
from briefbook.analyze.quotes import quoted
from briefbook.analyze.roles import roles
from briefbook.analyze.sentences import split
from briefbook.analyze.speakers import Speakers
from briefbook.analyze.statements import statements
from briefbook.model import MODES, Span, Statement
from briefbook.read.text import read_text
from marked import cases, unmarked


def spans(text: str, words: Sequence[str]) -> list[Span]:
    """Where each of `words` stands, one behind the other."""
    found, at = [], 0
    for one in words:
        at = text.index(one, at)
        found.append(Span(at, at + len(one)))
        at += len(one)
    return found


def read(case: dict[str, Any]) -> tuple[str, tuple[Statement, ...], list[str]]:
    """The text of a case, its statements, and the names of its entities."""
    marked, names = unmarked(case["text"])
    article = read_text(marked)
    text = article.text
    assert text.rstrip() == marked.rstrip()
    sentences = split(text, article.blocks)
    blocks = [Span(block.start, block.end) for block in article.blocks]
    mentions, entities = cluster(text, document_pass(text, names, blocks))
    sources = spans(text, case["sources"])
    by_words = {text[source.start : source.end]: source for source in sources}
    contents = [
        Content(*span, mode, "claim", tuple(Fit(by_words[words], fit) for words, fit in fits.items()))
        for span, (_, mode, fits) in zip(
            spans(text, [row[0] for row in case["contents"]]), case["contents"], strict=True
        )
    ]
    speakers = Speakers(text, mentions, entities, roles(text, mentions, entities, sentences), sentences)
    found = statements(text, contents, sources, spans(text, case["cues"]), speakers, mentions, blocks, sentences)
    fullest = [mentions[entity.fullest] for entity in entities]
    return text, found, [text[mention.start : mention.end] for mention in fullest]


@pytest.mark.parametrize("case", cases("statements.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    text, found, names = read(case)

    def words(span: Span | None) -> str | None:
        return None if span is None else text[span.start : span.end]

    assert [
        [
            text[said.start : said.end],
            said.mode,
            said.kind,
            words(said.speaker),
            words(said.cue),
            None if said.entity is None else names[said.entity],
            said.rule,
        ]
        for said in found
    ] == case["statements"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“One”, he said, “two.”", ["One", "two."]),
        ('He said "one" and "two".', ["one", "two"]),
        ("«One» and „two“ and ''three''", ["One", "two", "three"]),
        ("‘It’s Jon’s boat,’ he said", ["It’s Jon’s boat,"]),
        ("Jon’s boat and the sailors’ bread", []),
        ("“Never closed", ["Never closed"]),
        ("a 5'10\" man", []),
        ("“”", []),
    ],
)
def test_quoted_spans(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in quoted(text, 0, len(text))] == expected


PARTS = st.sampled_from(
    [
        "Velin",
        " said ",
        "“",
        "”",
        '"',
        "‘",
        "’",
        "\n\n",
        ". ",
        ", ",
        "the bridge fell",
        ": ",
        "Courier: ",
        "?",
        "he",
        " and ",
    ]
)


@given(st.lists(PARTS, max_size=25).map("".join), st.data())
def test_contents_stand_apart_in_their_blocks(body: str, draw: st.DataObject) -> None:
    article = read_text(f"Title\n\nx{body}x")
    text = article.text
    blocks = [Span(block.start, block.end) for block in article.blocks]
    sentences = split(text, article.blocks)
    cuts = sorted(draw.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    within = [
        Span(start, end)
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
        if any(block.start <= start and end <= block.end for block in blocks)
    ]
    contents = [Content(*span, draw.draw(st.sampled_from(MODES)), "claim", ()) for span in within]
    found = drafts(text, contents, blocks, sentences)
    for before, after in pairwise(found):
        assert before.end <= after.start
    for draft in found:
        assert draft.start < draft.end
        assert any(block.start <= draft.start and draft.end <= block.end for block in blocks)
        assert text[draft.start : draft.end] == text[draft.start : draft.end].strip()
    speakers = Speakers(text, (), (), (), sentences)
    for said in statements(text, contents, within, within, speakers, (), blocks, sentences):
        assert said.entity is None
