"""Article and its sentences -> sections: which part of the briefing each block belongs to, and why.

In this order: an editor's word on a heading, a telling heading (the words are in `data/sections.yml`), the place before
the first heading of an article that has a telling one; else what the encoder reads in the block. A date line, caption
or byline is furniture wherever it stands.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import NamedTuple

import yaml

from briefbook.model import Article, Block, ReasonKey, Section, SectionKey, SourceData, Span

FURNITURE = ("dateline", "caption", "byline")

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")

Phrases = Mapping[str, tuple[tuple[tuple[str, ...], SectionKey], ...]]
"""Phrases by their first word, the longest first, and the section each stands for."""


@dataclass(frozen=True, slots=True)
class Headings:
    """The lists of `data/sections.yml`."""

    exact: Mapping[tuple[str, ...], SectionKey]
    holding: Phrases


class _Choice(NamedTuple):
    """Where a block goes."""

    key: SectionKey
    reason: ReasonKey
    heading: Span | None
    cues: tuple[Span, ...] = ()


@cache
def headings() -> Headings:
    """The words of `data/sections.yml`, read once per process."""
    lists = yaml.safe_load(files("briefbook").joinpath("data", "sections.yml").read_text(encoding="utf-8"))
    return Headings(
        exact={tuple(phrase.split()): key for key, row in lists.items() for phrase in row["exact"]},
        holding=_phrases((phrase, key) for key, row in lists.items() for phrase in row["words"]),
    )


def route(
    article: Article, sentences: Sequence[Span], data: SourceData, read: Sequence[SectionKey]
) -> tuple[Section, ...]:
    """The sections of an article, in the order of the text; each of `sentences` stands in exactly one.

    Blocks in a row with the same section, reason and heading form one. `data.sections` is the editor's word on
    headings, `read` has what the encoder reads in each block.
    """
    placed: list[tuple[_Choice, list[Span]]] = []
    waiting = deque(sentences)
    for block, choice in _choices(article, data, read):
        mine: list[Span] = []
        while waiting and waiting[0].start < block.end:
            mine.append(waiting.popleft())
        if mine:
            placed.append((choice, mine))
    sections: list[Section] = []
    for (key, reason, heading), run in groupby(placed, key=lambda place: place[0][:3]):
        places = list(run)
        spans = tuple(span for _, mine in places for span in mine)
        found = tuple(dict.fromkeys(cue for choice, _ in places for cue in choice.cues))
        sections.append(Section(key, reason, heading, spans[0].start, spans[-1].end, spans, found))
    return tuple(sections)


def telling(heading: str) -> tuple[SectionKey, Span] | None:
    """The section a heading stands for and the words that tell (a span within `heading`), or None."""
    found = [(match[0].lower().replace("’", "'"), Span(*match.span())) for match in _WORD.finditer(heading)]
    words = [word for word, _ in found]
    if key := headings().exact.get(tuple(words)):
        return key, Span(0, len(heading))
    for at, word in enumerate(words):
        for phrase, key in headings().holding.get(word, ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return key, Span(found[at][1].start, found[at + len(phrase) - 1][1].end)
    return None


def _choices(article: Article, data: SourceData, read: Sequence[SectionKey]) -> Iterator[tuple[Block, _Choice]]:
    """Every block that holds sentences, and where it goes."""
    text = article.text
    chosen = {_squeezed(name): key for name, key in reversed(data.sections)}
    decided = {block: _of_heading(text, block, chosen) for block in article.blocks if block.kind == "heading"}
    has_telling = any(decided.values())
    heading: Span | None = None
    under: _Choice | None = None
    for block, key in zip(article.blocks, read, strict=True):
        kind, start, end = block
        if kind == "title":
            continue
        if kind == "heading":
            heading, under = Span(start, end), decided[block]
        elif kind in FURNITURE or not any(map(str.isalnum, text[start:end])):
            yield block, _Choice("other", "furniture", heading)
        elif under:
            yield block, under
        elif has_telling and heading is None:
            yield block, _Choice("front-status", "lede", None)
        elif key == "other":
            yield block, _Choice("other", "none", heading)
        else:
            yield block, _Choice(key, "model", heading)


def _of_heading(text: str, block: Block, chosen: dict[str, SectionKey]) -> _Choice | None:
    """What a heading decides for the blocks below it, or None where it is not telling."""
    _, start, end = block
    heading = Span(start, end)
    if key := chosen.get(_squeezed(text[start:end])):
        return _Choice(key, "editor", heading)
    if told := telling(text[start:end]):
        key, words = told
        return _Choice(key, "heading", heading, (Span(start + words.start, start + words.end),))
    return None


def _squeezed(heading: str) -> str:
    return " ".join(heading.split()).casefold()


def _phrases(rows: Iterable[tuple[str, SectionKey]]) -> Phrases:
    by_first: dict[str, list[tuple[tuple[str, ...], SectionKey]]] = {}
    for phrase, key in rows:
        words = tuple(phrase.split())
        by_first.setdefault(words[0], []).append((words, key))
    return {first: tuple(sorted(found, key=lambda row: -len(row[0]))) for first, found in by_first.items()}
