"""Sections of one article with an editor's corrections in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from briefbook.correct.quoted import Quoted
from briefbook.edits import SectionEdit
from briefbook.model import Problem, Section, SectionKey, Span


class Sent(NamedTuple):
    """A correction of the section of a paragraph, and the span it is about."""

    span: Span
    edit: SectionEdit
    where: str


def correct_sections(
    quoted: Quoted, sections: Sequence[Section], placed: Sequence[Sent], problems: list[Problem]
) -> tuple[tuple[Section, ...], tuple[Span, ...]]:
    """The sections as an editor has them, and the spans of those that are the editor's.

    A correction moves the whole paragraph (or several) that its words stand in. What a paragraph is cut out of falls
    into two, each with its own words that decided.
    """
    sentences = sorted(sentence for section in sections for sentence in section.sentences)
    holding = {quoted.block(sentence.start) for sentence in sentences}
    chosen: dict[int, tuple[SectionKey, str]] = {}
    for span, edit, where in placed:
        blocks = [n for n in range(quoted.block(span.start), quoted.block(span.end - 1) + 1) if n in holding]
        taken = next((chosen[n][1] for n in blocks if n in chosen), None)
        if not blocks:
            message = "the words are a title or heading; `sections:` beside the article moves what stands under it"
            problems.append(Problem(where, message))
        elif taken is not None:
            problems.append(Problem(where, f"the entry at {taken} has a section for this paragraph already; keep one"))
        else:
            chosen |= dict.fromkeys(blocks, (edit.key, where))
    if not chosen:
        return tuple(sections), ()
    pieces = [piece for section in sections for piece in _pieces(quoted, section, chosen)]
    found: list[Section] = []
    theirs: list[Span] = []
    for (is_theirs, _), run in groupby(enumerate(pieces), key=lambda one: (one[1][0], _joint(*one))):
        parts = [piece for _, (_, piece) in run]
        first = parts[0]
        whole = replace(first, end=parts[-1].end, sentences=tuple(s for part in parts for s in part.sentences))
        found.append(whole)
        if is_theirs:
            theirs.append(Span(whole.start, whole.end))
    return tuple(found), tuple(theirs)


def _joint(n: int, piece: tuple[bool, Section]) -> object:
    """What pieces in a row share that become one: an editor's by section and heading; all others stay apart."""
    is_theirs, section = piece
    return (section.key, section.heading) if is_theirs else n


def _pieces(
    quoted: Quoted, section: Section, chosen: dict[int, tuple[SectionKey, str]]
) -> Iterator[tuple[bool, Section]]:
    """A section cut where an editor sends paragraphs elsewhere; with each piece, whether it is the editor's."""

    def goes(sentence: Span) -> SectionKey | None:
        choice = chosen.get(quoted.block(sentence.start))
        return None if choice is None else choice[0]

    runs = [(key, tuple(run)) for key, run in groupby(section.sentences, key=goes)]
    if [key for key, _ in runs] == [None]:
        yield False, section
        return
    for key, run in runs:
        start, end = run[0].start, run[-1].end
        if key is not None:
            yield True, Section(key, "editor", section.heading, start, end, run)
        else:
            heading = section.heading
            cues = tuple(
                cue
                for cue in section.cues
                if (start <= cue.start and cue.end <= end)
                or (heading is not None and heading.start <= cue.start and cue.end <= heading.end)
            )
            yield False, replace(section, start=start, end=end, sentences=run, cues=cues)
