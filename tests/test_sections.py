"""Sections: golden cases, and what holds for any article."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.analyze.sections import headings, route, telling
from briefbook.analyze.sentences import split
from briefbook.model import SECTION_KEYS, Article, Block, BlockKind, Section, SectionKey, SourceData
from briefbook.read.text import read_text
from marked import cases

SEED = Path(__file__).parents[1] / "seeds" / "000_0be6f8c388b5b39d.txt"
KINDS: tuple[BlockKind, ...] = ("paragraph", "paragraph", "item", "row", "caption", "dateline", "byline", "heading")


def routed(article: Article, data: SourceData, read: Sequence[SectionKey]) -> tuple[Section, ...]:
    return route(article, split(article.text, article.blocks), data, read)


@pytest.mark.parametrize("case", cases("sections-route.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    article = read_text(case["text"])
    text = article.text
    read: Any = case.get("read") or ["other"] * len(article.blocks)
    sections = routed(article, SourceData(sections=tuple(case.get("editor", {}).items())), read)
    assert [
        [
            section.key,
            section.reason,
            section.heading and text[section.heading.start : section.heading.end],
            len(section.sentences),
            [text[cue.start : cue.end] for cue in section.cues],
        ]
        for section in sections
    ] == case["sections"]


def test_the_seed_article() -> None:
    article = read_text(SEED.read_text(encoding="utf-8"))
    sections = routed(article, SourceData(), ["other"] * len(article.blocks))
    assert [(section.key, section.reason, len(section.sentences)) for section in sections] == [
        ("front-status", "lede", 7),
        ("strategic-context", "heading", 3),
        ("negotiations", "heading", 4),
    ]


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Strategic context", "strategic-context"),
        ("PEACE NEGOTIATIONS", "negotiations"),
        ("Why it matters", "strategic-context"),
        ("What’s at stake", "strategic-context"),
        ("On the ground", "front-status"),
        ("The battle for the port", "front-status"),
        ("Shuttle diplomacy", "negotiations"),
        ("At the table", "negotiations"),
    ],
)
def test_telling_headings(heading: str, key: str) -> None:
    told = telling(heading)
    assert told
    assert told[0] == key


@pytest.mark.parametrize(
    "heading", ["Written in pencil", "Frontier towns", "A peaceful coast", "Contexts", "At the table again"]
)
def test_headings_that_do_not_tell(heading: str) -> None:
    assert telling(heading) is None


def test_the_lists_hold_phrases_in_small_letters_once_each() -> None:
    found = [(words, key) for rows in headings().holding.values() for words, key in rows]
    assert len({words for words, _ in found}) == len(found)
    assert all(word == word.lower() for words, _ in found for word in words)
    assert {key for _, key in found} == set(SECTION_KEYS) - {"other"}
    assert ("on", "the", "ground") in headings().exact


WORDS = st.sampled_from(
    ["Peace", "talks", "in", "1999", "Background", "killed", "Monday", ":", "the", "x", "“", "ceasefire", "Front line"]
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text, blocks = "", []
    for _ in range(draw(st.integers(0, 10))):
        words = " ".join(draw(st.lists(WORDS, min_size=1, max_size=6)))
        blocks.append(Block(draw(st.sampled_from(KINDS)), len(text), len(text) + len(words)))
        text += words + "\n"
    return Article(text, tuple(blocks))


@given(articles(), st.dictionaries(WORDS, st.sampled_from(SECTION_KEYS), max_size=2), st.data())
def test_each_sentence_stands_in_one_section_and_neighbors_differ(
    article: Article, editor: dict[str, Any], draw: st.DataObject
) -> None:
    count = len(article.blocks)
    read = draw.draw(st.lists(st.sampled_from(SECTION_KEYS), min_size=count, max_size=count))
    sentences = split(article.text, article.blocks)
    sections = route(article, sentences, SourceData(sections=tuple(editor.items())), read)
    assert [sentence for section in sections for sentence in section.sentences] == list(sentences)
    for section in sections:
        assert (section.start, section.end) == (section.sentences[0].start, section.sentences[-1].end)
        assert (section.reason == "heading") == bool(section.cues)
    for before, after in pairwise(sections):
        assert (before.key, before.reason, before.heading) != (after.key, after.reason, after.heading)
