"""Who says a sentence: the article itself, somebody it names, or somebody in their own words.

Composed pages and their verification both ask this module, so it is pure and needs the types alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from briefbook.model import Span, Statement, Voice

QUOTED = 0.5
"""Least share of a sentence's characters in direct quotes for it to count as quoted."""


class Sayer(NamedTuple):
    """One who says something: an entity, or the words that name them, or (both None) somebody unnamed."""

    entity: int | None
    words: Span | None
    cues: tuple[Span, ...]
    """The reporting words, each once, in the order of the statements."""


def said_in(span: Span, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements whose content shares characters with `span`, the innermost (shortest) first."""
    found = [said for said in statements if said.start < span.end and span.start < said.end]
    return tuple(sorted(found, key=lambda said: (said.end - said.start, said.start)))


def voice(sentence: Span, statements: Sequence[Statement]) -> Voice:
    """Whose voice a sentence is, by the statements of its article.

    Quoted where direct quotes make up `QUOTED` of it, attributed where anything in it is somebody's statement.
    """
    said = said_in(sentence, statements)
    if not said:
        return "reporter"
    quotes = {Span(max(q.start, sentence.start), min(q.end, sentence.end)) for q in said if q.mode == "direct"}
    direct, at = 0, sentence.start
    for start, end in sorted(quotes):
        direct += max(0, end - max(start, at))
        at = max(at, end)
    return "quoted" if direct >= QUOTED * (sentence.end - sentence.start) else "attributed"


def sayers(text: str, statements: Iterable[Statement]) -> tuple[Sayer, ...]:
    """Who says some statements of the article `text`, each once, in the order of their first statement.

    Two are one where they are one entity, or (of those that are none) are named by the same words.
    """
    found: dict[int | str | None, Sayer] = {}
    for said in statements:
        key: int | str | None = said.entity
        words = said.speaker if said.entity is None else None
        if words is not None:
            key = " ".join(text[words.start : words.end].split()).casefold()
        known = found.setdefault(key, Sayer(said.entity, words, ()))
        if said.cue is not None and said.cue not in known.cues:
            found[key] = known._replace(cues=(*known.cues, said.cue))
    return tuple(found.values())
