"""Analysis and corrections -> Analysis: in the reading of a source, the editor has the last word.

It comes after the memo of analyses, which holds what the program reads alone: a correction makes no analysis anew.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from briefbook.correct.mentions import NOTHING_THERE, Placed, correct_mentions
from briefbook.correct.quoted import Quoted
from briefbook.correct.sections import Sent, correct_sections
from briefbook.correct.statements import Counted, Said, correct_figures, correct_statements
from briefbook.edits import ALL, Correction, FigureEdit, MentionEdit, SectionEdit, StatementEdit
from briefbook.model import Analysis, Article, Edited, Layer, Problem, RegistryEntry, Source, Span

__all__ = ["correct", "correct_all", "of_source"]


def correct_all(
    sources: Sequence[Source],
    analyses: Sequence[Analysis],
    corrections: Sequence[Correction],
    registry: Sequence[RegistryEntry] = (),
) -> tuple[tuple[Analysis, ...], tuple[Problem, ...]]:
    """The analyses, in their order, with each source's corrections, and what could not be applied."""
    problems: list[Problem] = []
    corrected: list[Analysis] = []
    by_path: dict[str, list[Correction]] = defaultdict(list)
    for one in corrections:
        by_path[one.source].append(one)
    for source, analysis in zip(sources, analyses, strict=True):
        mine = [one for path in (source.path, *source.same) for one in by_path.get(path, ())]
        result, wrong = correct(source.article, analysis, mine, registry)
        corrected.append(result)
        problems += wrong
    return tuple(corrected), tuple(problems)


def of_source(source: Source, corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """The corrections of one source, those of copies of it included."""
    paths = {source.path, *source.same}
    return tuple(one for one in corrections if one.source in paths)


def correct(
    article: Article,
    analysis: Analysis,
    corrections: Sequence[Correction],
    registry: Sequence[RegistryEntry] = (),
) -> tuple[Analysis, tuple[Problem, ...]]:
    """The analysis of an article with the corrections of it, and those that could not be applied, each with the reason.

    All others are applied. Of two on one place the first stands; one of every occurrence leaves those alone that
    another is about. `Analysis.edited` says what is the editor's; a mention or statement of theirs has the rule
    `editor`, a section the reason. `registry` are the entities that a mention can be said to be without the article
    naming them more fully.
    """
    if not corrections:
        return analysis, ()
    problems: list[Problem] = []
    quoted = Quoted(article, analysis.sentences)
    placed = _placed(quoted, corrections, problems)
    sections, sent = correct_sections(
        quoted,
        analysis.sections,
        [Sent(span, one.edit, one.where) for span, one in placed if isinstance(one.edit, SectionEdit)],
        problems,
    )
    named = correct_mentions(
        quoted,
        analysis,
        [
            Placed(span, one.edit, one.where, one.nth == ALL)
            for span, one in placed
            if isinstance(one.edit, MentionEdit)
        ],
        registry,
        problems,
    )
    statements, said = correct_statements(
        quoted,
        analysis,
        named,
        [Said(span, one.edit, one.where) for span, one in placed if isinstance(one.edit, StatementEdit)],
        problems,
    )
    figures, counted = correct_figures(
        quoted,
        analysis,
        [Counted(span, one.edit, one.where) for span, one in placed if isinstance(one.edit, FigureEdit)],
        problems,
    )
    layers: tuple[tuple[Layer, tuple[Span, ...]], ...] = (
        ("mention", named.done),
        ("statement", said),
        ("figure", counted),
        ("section", sent),
    )
    edited = tuple(Edited(layer, *span) for layer, spans in layers for span in sorted(set(spans)))
    result = replace(
        analysis,
        sections=sections,
        mentions=named.mentions,
        entities=named.entities,
        roles=named.roles,
        statements=statements,
        figures=figures,
        edited=edited,
    )
    # an entry about every occurrence has an effect if one of them has
    places = Counter(one.where for _, one in placed)
    idle = Counter(problem.where for problem in problems if problem.message == NOTHING_THERE)
    told = [one for one in problems if one.message != NOTHING_THERE or idle[one.where] == places[one.where]]
    return result, tuple(dict.fromkeys(told))


def _placed(
    quoted: Quoted, corrections: Sequence[Correction], problems: list[Problem]
) -> list[tuple[Span, Correction]]:
    """Each correction with every span it is about; one whose words are not there, or taken, is a problem."""
    placed: list[tuple[Span, Correction]] = []
    taken: dict[tuple[Layer, Span], Correction] = {}
    apart: dict[Layer, list[Span]] = {"mention": [], "figure": []}
    for one in sorted(corrections, key=lambda one: one.nth == ALL):
        found = quoted.find(one.quote)
        if not found:
            message = f"{_short(one.quote)} does not stand in {one.source}; quote the words as they stand there now"
            problems.append(Problem(one.where, message))
            continue
        if one.nth > len(found):
            message = f"`nth` is {one.nth}, and {_short(one.quote)} stands {len(found)} times in {one.source}"
            problems.append(Problem(one.where, message))
            continue
        for span in found if one.nth == ALL else found[one.nth - 1 : one.nth]:
            other = taken.get((one.layer, span)) or _overlapping(apart.get(one.layer, ()), span, one.layer, taken)
            if other is not None and one.nth == ALL and other.nth != ALL:
                continue
            if other is not None:
                message = f"the entry at {other.where} is about the same words ({_short(one.quote)}); keep one"
                problems.append(Problem(one.where, message))
                break
            taken[one.layer, span] = one
            if one.layer in apart:
                insort(apart[one.layer], span)
            placed.append((span, one))
    return placed


def _overlapping(
    spans: Sequence[Span], span: Span, layer: Layer, taken: dict[tuple[Layer, Span], Correction]
) -> Correction | None:
    """The entry that has some of the words of `span`; `spans` are in order and apart."""
    at = bisect_right(spans, span)
    for near in spans[max(0, at - 1) : at + 1]:
        if near.start < span.end and span.start < near.end:
            return taken[layer, near]
    return None


def _short(text: str) -> str:
    return f"“{text if len(text) <= 60 else text[:60] + '…'}”"
