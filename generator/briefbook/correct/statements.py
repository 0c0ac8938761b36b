"""Statements and figures of one article with an editor's corrections in them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from briefbook.correct.mentions import EDITOR, NOTHING_THERE, Fault, Named, nearest_mention
from briefbook.correct.quoted import Quoted, nearest, overlaps
from briefbook.edits import FigureEdit, StatementEdit
from briefbook.model import KINDS, Analysis, Figure, Mode, Problem, Span, Statement

_OPENING, _CLOSING = "“„«‘\"'", "”“»’\"'"


class Said(NamedTuple):
    """A correction of a statement, and the span it is about."""

    span: Span
    edit: StatementEdit
    where: str


class Counted(NamedTuple):
    """A correction of a figure, and the span it is about."""

    span: Span
    edit: FigureEdit
    where: str


def correct_statements(
    quoted: Quoted, analysis: Analysis, named: Named, placed: Sequence[Said], problems: list[Problem]
) -> tuple[tuple[Statement, ...], tuple[Span, ...]]:
    """The statements as an editor has them, in the order of the text, and the spans that the editor has the word on.

    Statements that were read keep their speaker through corrections of mentions. A new one takes the place of what was
    read of mostly the same words.
    """
    read = [said._replace(entity=_moved(said, analysis, named)) for said in analysis.statements]
    by_span: dict[Span, list[Statement]] = defaultdict(list)
    for said in read:
        by_span[Span(said.start, said.end)].append(said)
    theirs: list[Statement] = []
    done: list[Span] = []
    for span, edit, where in placed:
        same = by_span.get(span, [])
        if edit.remove:
            if not same:
                problems.append(Problem(where, NOTHING_THERE, "warning"))
        else:
            try:
                theirs += _statements(quoted, named, span, edit, same)
            except Fault as fault:
                problems.append(Problem(where, str(fault)))
                continue
        done.append(span)
    settled = set(done)
    written = sorted(Span(said.start, said.end) for said in theirs)
    left = [said for said in read if Span(said.start, said.end) not in settled and not _mostly(said, written)]
    return tuple(sorted([*left, *theirs], key=lambda said: (said.start, said.end))), tuple(done)


def _moved(said: Statement, analysis: Analysis, named: Named) -> int | None:
    """The entity that a statement's speaker now is; None where the mention that showed it is no name any more."""
    if said.entity is None:
        return None
    near = nearest_mention(analysis, said.entity, said.speaker or Span(said.start, said.end))
    return named.entity_of.get(near)


def _statements(
    quoted: Quoted, named: Named, span: Span, edit: StatementEdit, same: Sequence[Statement]
) -> Iterator[Statement]:
    """The statements that an editor makes of some words: one for each speaker."""
    was = same[0] if same else Statement(*span, _mode(quoted.text, span), "claim", None, None, None, EDITOR)
    changed = was._replace(
        kind=edit.kind or was.kind,
        mode=edit.mode or was.mode,
        cue=_cue(quoted, span, edit.cue, was) if "cue" in edit.given else was.cue,
        rule=EDITOR,
    )
    if "speaker" not in edit.given:
        for said in same or (was,):
            yield changed._replace(speaker=said.speaker, entity=said.entity)
        return
    if not edit.speaker:
        yield changed._replace(speaker=None, entity=None)
    for name in edit.speaker:
        words, entity = _speaker(quoted, named, span, name, edit.words, same)
        yield changed._replace(speaker=words, entity=entity)


def _speaker(
    quoted: Quoted, named: Named, span: Span, name: str, words: str | None, same: Sequence[Statement]
) -> tuple[Span | None, int | None]:
    """The words that name a speaker, and the entity: of that name, or where there is none, whoever the words mean."""
    found = named.book.find(name, KINDS)
    # an entry of the registry that no mention of the article was joined to is nobody here
    entity = named.group_at.get(found[0]) if found is not None else None
    if words is not None:
        place = quoted.nearest(words, span)
        if place is None:
            raise Fault("the `words` that name the speaker do not stand in the article outside of the quote")
        if entity is None:
            raise Fault("nobody in the article is named as the `speaker` is; with `words`, name an entity of it")
        return place, entity
    if entity is None:
        place = quoted.nearest(name, span)
        if place is None:
            raise Fault("the `speaker` is neither an entity of the article nor words of it outside of the quote")
        return place, None
    for said in same:
        if said.entity == entity:
            return said.speaker, entity
    return nearest(named.spans[entity], span, quoted.around(span)), entity


def _cue(quoted: Quoted, span: Span, cue: str | None, was: Statement) -> Span | None:
    if cue is None or (was.cue is not None and quoted.words(was.cue) == cue):
        return was.cue if cue is not None else None
    place = quoted.nearest(cue, span)
    if place is None:
        raise Fault("the words of `cue` do not stand in the article outside of the quote")
    return place


def _mode(text: str, span: Span) -> Mode:
    """How a statement is worded, by the quotation marks around it and in it."""
    before = text[max(0, span.start - 2) : span.start].rstrip()[-1:]
    behind = text[span.end : span.end + 2].lstrip(",. ")[:1]
    if before and before in _OPENING and behind and behind in _CLOSING:
        return "direct"
    return "mixed" if any(mark in text[span.start : span.end] for mark in '“”„«»"') else "indirect"


def _mostly(said: Statement, spans: Sequence[Span]) -> bool:
    """Whether a statement and one of some spans, in order, have more than half of all their words in common."""
    # such a one begins no further away than the statement is long
    length = said.end - said.start
    first, last = bisect_left(spans, (said.start - length,)), bisect_left(spans, (said.end,))
    for start, end in spans[first:last]:
        common = min(said.end, end) - max(said.start, start)
        if 2 * common > max(said.end, end) - min(said.start, start):
            return True
    return False


def correct_figures(
    quoted: Quoted, analysis: Analysis, placed: Sequence[Counted], problems: list[Problem]
) -> tuple[tuple[Figure, ...], tuple[Span, ...]]:
    """The figures as an editor has them, in the order of the text, and the spans that the editor has the word on.

    `placed` do not overlap. A new figure takes the place of whatever was read of some of its words.
    """
    by_span = {Span(figure.start, figure.end): figure for figure in analysis.figures}
    theirs: list[Figure] = []
    done: list[Span] = []
    for span, edit, where in placed:
        if edit.remove:
            if span not in by_span:
                problems.append(Problem(where, NOTHING_THERE, "warning"))
        else:
            try:
                theirs.append(_figure(quoted, span, edit, by_span.get(span)))
            except Fault as fault:
                problems.append(Problem(where, str(fault)))
                continue
        done.append(span)
    settled = set(done)
    taken = sorted(Span(figure.start, figure.end) for figure in theirs)
    left = [
        figure
        for figure in analysis.figures
        if Span(figure.start, figure.end) not in settled and not overlaps(taken, Span(figure.start, figure.end))
    ]
    return tuple(sorted([*left, *theirs], key=lambda figure: (figure.start, figure.end))), tuple(done)


def _figure(quoted: Quoted, span: Span, edit: FigureEdit, was: Figure | None) -> Figure:
    line = quoted.line(span)
    if line is None:
        raise Fault("the words are not within one sentence or heading; quote the number with its unit alone")
    was = was or Figure(*span, None, None, "=", None)
    if "value" in edit.given or "relation" in edit.given:
        was = was._replace(
            value=edit.value if "value" in edit.given else was.value,
            high=edit.high,
            relation=edit.relation or ("=" if was.relation == "range" else was.relation),
        )
    if "what" in edit.given:
        was = was._replace(what=None if edit.what is None else _what(quoted, span, edit.what, line, was))
    return was


def _what(quoted: Quoted, span: Span, what: str, line: Span, was: Figure) -> Span:
    if was.what is not None and quoted.words(was.what) == what:
        return was.what
    place = quoted.nearest(what, span, within=line)
    if place is None:
        raise Fault("the words of `what` do not stand in the sentence beside the figure")
    return place
