"""Article and its sentences -> sections: which part of the briefing each block belongs to, and why.

In this order: an editor's word on a heading, a telling heading, the place before the first heading of an article that
has a telling one; else the rule for paragraphs, which is the opening and cue words. The words are in
`data/sections.yml`. A date line, caption or byline is furniture wherever it stands.
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
LEAST = 2
"""Weight of cue words that a paragraph needs to belong to a section: one strong one or two weak ones."""
LEAD_IN = 120
"""Longest block, in characters, that with a colon at its end only leads in to what somebody says."""
ORDER: tuple[SectionKey, ...] = ("negotiations", "front-status", "strategic-context")
"""Which section goes first where cue words weigh the same; the rarest is the most telling."""

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)

Phrases = Mapping[str, tuple[tuple[tuple[str, ...], "Sense"], ...]]
"""Phrases by their first word, the longest first."""


class Sense(NamedTuple):
    """The section a phrase stands for, and its weight."""

    key: SectionKey
    weight: int


class Hit(NamedTuple):
    """A phrase found in the text."""

    span: Span
    words: tuple[str, ...]
    sense: Sense


@dataclass(frozen=True, slots=True)
class Cues:
    """The lists of `data/sections.yml`."""

    exact: Mapping[tuple[str, ...], SectionKey]
    heading: Phrases
    paragraph: Phrases


class _Choice(NamedTuple):
    """Where a block goes."""

    key: SectionKey
    reason: ReasonKey
    heading: Span | None
    cues: tuple[Span, ...] = ()


@cache
def cues() -> Cues:
    """The words of `data/sections.yml`, read once per process."""
    lists = yaml.safe_load(files("briefbook").joinpath("data", "sections.yml").read_text(encoding="utf-8"))
    headings = lists["headings"]
    return Cues(
        exact={tuple(phrase.split()): key for key, row in headings.items() for phrase in row["exact"]},
        heading=_phrases((phrase, Sense(key, 1)) for key, row in headings.items() for phrase in row["words"]),
        paragraph=_phrases(
            (phrase, Sense(key, weight))
            for key, weights in lists["cues"].items()
            for weight, phrases in weights.items()
            for phrase in phrases
        ),
    )


def route(article: Article, sentences: Sequence[Span], data: SourceData) -> tuple[Section, ...]:
    """The sections of an article, in the order of the text; each of `sentences` stands in exactly one.

    Blocks in a row with the same section, reason and heading form one. `data.sections` is the editor's word on
    headings.
    """
    placed: list[tuple[_Choice, list[Span]]] = []
    waiting = deque(sentences)
    for block, choice in _choices(article, data):
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


def telling(heading: str) -> tuple[SectionKey, tuple[Span, ...]] | None:
    """The section a heading stands for and the words that tell (spans within `heading`), or None."""
    words = [word for word, _ in _words(heading, 0, len(heading))]
    if key := cues().exact.get(tuple(words)):
        return key, (Span(0, len(heading)),)
    for hit in _hits(heading, 0, len(heading), cues().heading):
        return hit.sense.key, (hit.span,)
    return None


def _choices(article: Article, data: SourceData) -> Iterator[tuple[Block, _Choice]]:
    """Every block that holds sentences, and where it goes."""
    text = article.text
    chosen = {_squeezed(name): key for name, key in reversed(data.sections)}
    decided = {block: _of_heading(text, block, chosen) for block in article.blocks if block.kind == "heading"}
    has_telling = any(decided.values())
    heading: Span | None = None
    under: _Choice | None = None
    before: _Choice | None = None
    opened = has_telling
    for block in article.blocks:
        kind, start, end = block
        if kind == "title":
            continue
        if kind == "heading":
            heading, under, before = Span(start, end), decided[block], None
            continue
        if kind in FURNITURE or not any(map(str.isalnum, text[start:end])):
            yield block, _Choice("other", "furniture", heading)
            continue
        if under:
            choice = under
        elif has_telling and heading is None:
            choice = _Choice("front-status", "lede", None)
        else:
            choice = _by_cues(text, block, heading, before.key if before else None)
            if not opened and not _leads_in(text, start, end):
                opened = True
                if choice.key != "negotiations":
                    choice = _Choice("front-status", "position", heading)
            elif choice.key == "other" and kind in ("item", "row") and before:
                choice = before
        before = choice
        yield block, choice


def _of_heading(text: str, block: Block, chosen: dict[str, SectionKey]) -> _Choice | None:
    """What a heading decides for the blocks below it, or None where it is not telling."""
    _, start, end = block
    heading = Span(start, end)
    if key := chosen.get(_squeezed(text[start:end])):
        return _Choice(key, "editor", heading)
    if told := telling(text[start:end]):
        key, spans = told
        return _Choice(key, "heading", heading, tuple(Span(start + a, start + b) for a, b in spans))
    return None


def _by_cues(text: str, block: Block, heading: Span | None, before: SectionKey | None) -> _Choice:
    """Where the cue words of a block take it; "other" where they weigh too little."""
    weights: dict[SectionKey, int] = dict.fromkeys(ORDER, 0)
    found: dict[SectionKey, list[Span]] = {key: [] for key in ORDER}
    seen: set[tuple[str, ...]] = set()
    if _leads_in(text, block.start, block.end):
        return _Choice("other", "none", heading)
    for span, words, (key, weight) in _hits(text, block.start, block.end, cues().paragraph):
        if words not in seen:
            seen.add(words)
            weights[key] += weight
            found[key].append(span)
    best = max(ORDER, key=lambda key: weights[key])
    if weights[best] < (1 if best == before else LEAST):
        return _Choice("other", "none", heading)
    return _Choice(best, "cues", heading, tuple(found[best]))


def _leads_in(text: str, start: int, end: int) -> bool:
    """Whether a block only leads in to what somebody says, or is an interviewer's question."""
    return (end - start <= LEAD_IN and text[end - 1] == ":") or text[start] == ":"


def _squeezed(heading: str) -> str:
    return " ".join(heading.split()).casefold()


def _phrases(rows: Iterable[tuple[str, Sense]]) -> Phrases:
    by_first: dict[str, list[tuple[tuple[str, ...], Sense]]] = {}
    for phrase, sense in rows:
        words = tuple(phrase.split())
        by_first.setdefault(words[0], []).append((words, sense))
    return {first: tuple(sorted(found, key=lambda row: -len(row[0]))) for first, found in by_first.items()}


def _words(text: str, start: int, end: int) -> list[tuple[str, Span]]:
    """The words of a stretch of text as they are compared, and where they stand."""
    words = []
    for match in _WORD.finditer(text, start, end):
        word = match[0].lower().replace("’", "'")
        words.append(("{year}" if _YEAR.fullmatch(word) else word, Span(*match.span())))
    return words


def _hits(text: str, start: int, end: int, phrases: Phrases) -> Iterator[Hit]:
    """The phrases in a stretch of text from left to right, the longest at each word."""
    words = _words(text, start, end)
    i = 0
    while i < len(words):
        taken = 1
        for phrase, sense in phrases.get(words[i][0], ()):
            if tuple(word for word, _ in words[i : i + len(phrase)]) == phrase:
                taken = len(phrase)
                yield Hit(Span(words[i][1].start, words[i + taken - 1][1].end), phrase, sense)
                break
        i += taken
