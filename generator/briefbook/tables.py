"""What a briefing says of its sentences: who says each, and the tables of what stands in them.

Composed pages are made of this and their verification computes it again from the published `source.json`, so the module
is pure and needs the types alone. A cell is made of tokens: words of the source, labels, speakers.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from briefbook.model import (
    SECTION_KEYS,
    DateExpression,
    Figure,
    Hedge,
    PlaceReport,
    Position,
    Reply,
    SectionKey,
    Span,
    Statement,
    Voice,
)
from briefbook.voices import sayers, voice

SECTION_TABLES: dict[str, tuple[str, ...]] = {
    "places": ("place", "happened", "side", "sayer"),
    "replies": ("claim", "claimant", "answer", "answerer"),
    "positions": ("party", "holds"),
}
"""Tables of a section, with their columns: what is said to have happened to places, claims and answers, positions."""
PAGE_TABLES: dict[str, tuple[str, ...]] = {
    "figures": ("number", "read", "counted", "sayer"),
    "dates": ("time", "days"),
    "hedges": ("wording", "sure"),
}
"""Tables of a whole briefing, with their columns."""
PIECES = 3
"""Sentences that a cell shows of a statement; of a longer one it says how many more there are."""
SAME_TEXT = 10
"""Most other sources of one text named on a briefing; of more it is said how many there are."""
CUES = 3
"""Most cues shown for one speaker of consecutive sentences."""


class Words(NamedTuple):
    """Words of the source, within one sentence."""

    start: int
    end: int


class Told(NamedTuple):
    """A label of the catalog and its slots."""

    key: str
    slots: tuple[tuple[str, str], ...] = ()


class Named(NamedTuple):
    """A speaker, by its number in `Layers.speakers`."""

    speaker: int


Token = Words | Told | Named
Cell = tuple[Token, ...]


class Row(NamedTuple):
    """A row of a table, and the sentence (its number in `Layers.sentences`) that it stands with."""

    sentence: int
    cells: tuple[Cell, ...]


class Speaker(NamedTuple):
    """An entity that says something: its page below `entities/`, and the fullest mention of it in this article."""

    page: str
    mention: Span


@dataclass(frozen=True, slots=True)
class Layers:
    """What is read out of one article beyond its names, as far as it can be shown.

    Every span lies within one sentence, but for the content of statements, replies and positions, which may span
    several. `Statement.entity` is an index into `speakers`. `sections` holds the section of every sentence.
    """

    text: str
    sections: Mapping[Span, SectionKey]
    partial: bool
    """Whether some sentences of the source are not published."""
    speakers: tuple[Speaker, ...] = ()
    statements: tuple[Statement, ...] = ()
    figures: tuple[Figure, ...] = ()
    dates: tuple[DateExpression, ...] = ()
    hedges: tuple[Hedge, ...] = ()
    places: tuple[PlaceReport, ...] = ()
    replies: tuple[Reply, ...] = ()
    positions: tuple[Position, ...] = ()
    sentences: tuple[Span, ...] = field(init=False)
    """In the order of the text."""
    starts: tuple[int, ...] = field(init=False)
    said: tuple[tuple[Statement, ...], ...] = field(init=False, compare=False, repr=False)
    """For each sentence the statements whose content shares characters with it."""

    def __post_init__(self) -> None:
        sentences = tuple(sorted(self.sections))
        object.__setattr__(self, "sentences", sentences)
        object.__setattr__(self, "starts", tuple(sentence.start for sentence in sentences))
        said: list[list[Statement]] = [[] for _ in sentences]
        for one in self.statements:
            for n in self.reach(Span(one.start, one.end)):
                said[n].append(one)
        object.__setattr__(self, "said", tuple(map(tuple, said)))

    def within(self, span: Span) -> int | None:
        """The number of the sentence that holds `span`; None where none does."""
        n = bisect_right(self.starts, span.start) - 1
        return n if n >= 0 and span.end <= self.sentences[n].end else None

    def over(self, span: Span) -> tuple[Statement, ...]:
        """The statements whose content shares characters with `span`: inner before outer, else in the text's order."""
        found = dict.fromkeys(one for n in self.reach(span) for one in self.said[n])
        shared = (one for one in found if one.start < span.end and span.start < one.end)
        return tuple(sorted(shared, key=lambda one: (one.end, -one.start)))

    def reach(self, span: Span) -> range:
        """The numbers of the sentences that share characters with `span`."""
        first = max(0, bisect_right(self.starts, span.start) - 1)
        if first < len(self.sentences) and self.sentences[first].end <= span.start:
            first += 1
        return range(first, max(first, bisect_left(self.starts, span.end)))

    def piece(self, span: Span, sentence: int) -> Span:
        """The part of `span` in a sentence that it reaches."""
        start, end = self.sentences[sentence]
        return Span(max(span.start, start), min(span.end, end))


def number(value: float) -> str | None:
    """A number as a label writes it, to six places; None where it cannot be written so."""
    if not math.isfinite(value) or abs(value) >= 1e15:
        return None
    plain = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain


def signature(layers: Layers, sentence: Span) -> tuple[Voice, tuple[tuple[int | None, str], ...]]:
    """Whose voice a sentence is and who says it; consecutive sentences that agree in it share one mark."""
    said = layers.over(sentence)
    who = tuple((sayer.entity, _folded(layers, sayer.words)) for sayer in sayers(layers.text, said))
    return voice(sentence, said), who


def mark(layers: Layers, sentences: Sequence[Span]) -> tuple[Cell, ...]:
    """The mark of sentences of one signature: their voice, then a cell for everyone who says them, with the cues."""
    said = dict.fromkeys(one for sentence in sentences for one in layers.over(sentence))
    spoken = signature(layers, sentences[0])[0]
    cells: list[Cell] = [(Told(f"voice.{spoken}"),)]
    for sayer in sayers(layers.text, said):
        cues = tuple(Words(*cue) for cue in sayer.cues[:CUES])
        cells.append((*_sayer(layers, sayer.entity, sayer.words), *cues))
    return tuple(cells)


def statement(layers: Layers, said: Statement) -> Cell:
    """A statement in a list: what it is, and its words."""
    return (Told(f"said.{said.kind}"), *_content(layers, Span(said.start, said.end)))


def rows(layers: Layers, table: str) -> tuple[Row, ...]:
    """The rows of a table, by section and then in the order of the text."""
    found = [(layers.within(Span(*row[0])), row[1]) for row in _ROWS[table](layers)]
    rank = {key: n for n, key in enumerate(SECTION_KEYS)}
    return tuple(
        sorted(
            (Row(sentence, cells) for sentence, cells in found if sentence is not None),
            key=lambda row: (rank[layers.sections[layers.sentences[row.sentence]]], row.sentence),
        )
    )


Found = Iterator[tuple[Span, tuple[Cell, ...]]]
"""Where a row stands, and its cells."""


def _places(layers: Layers) -> Found:
    for told in layers.places:
        what = (Told(f"happening.{told.happening}"), Words(*told.what))
        yield told.what, ((Words(*told.place),), what, _words(told.side), _who(layers, told.what))


def _replies(layers: Layers) -> Found:
    for claim, answer in layers.replies:
        yield (
            layers.piece(claim, layers.reach(claim)[0]),
            (_content(layers, claim), _who(layers, claim), _content(layers, answer), _who(layers, answer)),
        )


def _positions(layers: Layers) -> Found:
    for held in layers.positions:
        holds = (Told(f"position.{held.kind}"), *_content(layers, held.content))
        yield layers.piece(held.content, layers.reach(held.content)[0]), ((Words(*held.party),), holds)


def _figures(layers: Layers) -> Found:
    for figure in layers.figures:
        span = Span(figure.start, figure.end)
        yield span, ((Words(*span),), (_quantity(figure),), _words(figure.what), _who(layers, span))


def _dates(layers: Layers) -> Found:
    for told in layers.dates:
        span = Span(told.start, told.end)
        yield span, ((Words(*span),), _days(told))


def _hedges(layers: Layers) -> Found:
    for hedge in layers.hedges:
        span = Span(hedge.start, hedge.end)
        yield span, ((Words(*span),), (Told(f"rung.{hedge.rung}" if hedge.rung else f"hedge.{hedge.kind}"),))


_ROWS: dict[str, Callable[[Layers], Found]] = {
    "places": _places,
    "replies": _replies,
    "positions": _positions,
    "figures": _figures,
    "dates": _dates,
    "hedges": _hedges,
}


def _folded(layers: Layers, words: Span | None) -> str:
    return "" if words is None else " ".join(layers.text[words.start : words.end].split()).casefold()


def _words(span: Span | None) -> Cell:
    return (Told("cell.none"),) if span is None else (Words(*span),)


def _sayer(layers: Layers, entity: int | None, words: Span | None) -> Cell:
    if entity is not None:
        return (Named(entity),)
    if words is not None:
        return (Words(*words),)
    return (Told("voice.unshown" if layers.partial else "voice.unnamed"),)


def _who(layers: Layers, span: Span) -> Cell:
    """Everyone who says what stands in `span`, or that it is the article itself."""
    found = sayers(layers.text, layers.over(span))
    if not found:
        return (Told("voice.reporter"),)
    return tuple(token for sayer in found for token in _sayer(layers, sayer.entity, sayer.words))


def _content(layers: Layers, span: Span) -> Cell:
    """The words of a span, sentence by sentence; of a long one the first, and how many more there are."""
    reached = layers.reach(span)
    more = len(reached) - PIECES
    shown: Cell = tuple(Words(*layers.piece(span, n)) for n in reached[:PIECES])
    return (
        (*shown, Told(f"count.further.{'one' if more == 1 else 'other'}", (("n", str(more)),))) if more > 0 else shown
    )


def _quantity(figure: Figure) -> Told:
    low = None if figure.value is None else number(figure.value)
    high = None if figure.high is None else number(figure.high)
    if low is None:
        return Told("figure.none")
    if figure.relation == "range" and high is not None:
        return Told("figure.range", (("number", low), ("high", high)))
    key = {"=": "exactly", "~": "about", ">": "more", "<": "less", "range": "more"}[figure.relation]
    return Told(f"figure.{key}", (("number", low),))


def _days(told: DateExpression) -> Cell:
    first, last = told.first, told.last
    if first is None or last is None:
        return (Told("when.unknown"),)
    days: Cell = (Told("when.day", (("date", first.isoformat()),)),)
    if first != last:
        days = (
            Told("when.from", (("date", first.isoformat()),)),
            Told("when.to", (("date", last.isoformat()),)),
        )
    return (*days, Told("when.inferred")) if told.inferred else days
