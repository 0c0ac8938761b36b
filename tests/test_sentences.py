"""Sentences: golden cases, and what holds for any blocks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.analyze.sentences import LONGEST, abbreviations, split
from briefbook.model import Block, BlockKind, Span
from marked import cases

KINDS: tuple[BlockKind, ...] = ("paragraph", "item", "row", "caption", "dateline", "byline", "heading", "title")


def split_all(text: str) -> list[str]:
    """The sentences of one paragraph."""
    return [text[start:end] for start, end in split(text, [Block("paragraph", 0, len(text))])]


@pytest.mark.parametrize("case", cases("sentences-paragraph.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    assert split_all(case["text"]) == case["sentences"]


@pytest.mark.parametrize("kind", KINDS)
def test_only_paragraphs_are_parted_and_headings_hold_none(kind: BlockKind) -> None:
    text = "He left. She stayed."
    expected = {"paragraph": [Span(0, 8), Span(9, 20)], "heading": [], "title": []}
    assert list(split(text, [Block(kind, 0, len(text))])) == expected.get(kind, [Span(0, 20)])


def test_a_long_run_is_cut_at_the_last_white_space() -> None:
    text = "word " * 2_000 + "end"
    found = split_all(text)
    assert len(found[0]) == LONGEST - 1
    assert [len(sentence) <= LONGEST for sentence in found] == [True] * 3
    assert " ".join(found) == text


def test_a_long_run_without_white_space_is_cut_hard() -> None:
    assert [len(sentence) for sentence in split_all("x" * (LONGEST + 1))] == [LONGEST, 1]


def test_the_lists_hold_words_in_small_letters() -> None:
    lists = abbreviations()
    for name in lists.__slots__:
        for word in getattr(lists, name):
            assert isinstance(word, str), f"{name}: {word}"
            assert word == word.lower().removesuffix(".")


PIECES = st.one_of(
    st.sampled_from(
        [
            "Mr.",
            "U.S.",
            "No.",
            "5",
            "a.m.",
            "“",
            "”",
            '"',
            "[1]",
            "...",
            "…",
            "?",
            "!",
            ".",
            " ",
            " ",
            "\n",
            "\u00a0",
            "Holm",
            "the",
            "The",
            "(",
            ")",
            "X",
            "on X.",
            "“Go!” Lund said",
            "— ",
            "x" * 2_500,
        ]
    ),
    st.text(max_size=6),
)


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[Block]]:
    """A text of likely and hostile pieces, and its blocks."""
    text, blocks = "", []
    for _ in range(draw(st.integers(0, 5))):
        words = "".join(draw(st.lists(PIECES, min_size=1, max_size=15))).strip()
        if words:
            blocks.append(Block(draw(st.sampled_from(KINDS)), len(text), len(text) + len(words)))
            text += words + "\n\n"
    return text, blocks


@given(articles())
def test_every_character_lies_in_one_sentence_and_every_sentence_in_one_block(article: tuple[str, list[Block]]) -> None:
    text, blocks = article
    found = split(text, blocks)
    at = 0
    for start, end in found:
        assert at <= start < end
        assert end - start <= LONGEST
        assert text[start:end] == text[start:end].strip()
        at = end
    covered = [offset for start, end in found for offset in range(start, end) if not text[offset].isspace()]
    wanted = [
        offset
        for kind, start, end in blocks
        if kind not in ("title", "heading")
        for offset in range(start, end)
        if not text[offset].isspace()
    ]
    assert covered == wanted
    for start, end in found:
        assert any(block.start <= start and end <= block.end for block in blocks)


@given(
    st.lists(
        st.sampled_from(["He left.", "It fell on Sept. 21.", "“We stay,” said Mr. Holm.", "Who came?"]), min_size=1
    )
)
def test_sentences_in_a_row_come_apart_again(sentences: list[str]) -> None:
    assert split_all(" ".join(sentences)) == sentences
