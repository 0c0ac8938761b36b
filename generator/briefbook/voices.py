"""Who says a sentence: the article itself, somebody it names, or somebody in their own words."""

from __future__ import annotations

from collections.abc import Sequence

from briefbook.model import Span, Statement, Voice

QUOTED = 0.5
"""Least share of a sentence's characters in direct quotes for it to count as quoted."""


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
    direct = sum(min(one.end, sentence.end) - max(one.start, sentence.start) for one in said if one.mode == "direct")
    return "quoted" if direct >= QUOTED * (sentence.end - sentence.start) else "attributed"
