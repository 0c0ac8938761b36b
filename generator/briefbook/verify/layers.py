"""What `source.json` says is read out of a text, checked for form: every span can be quoted, every value is known."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar, get_args

from briefbook.model import (
    DateExpression,
    Figure,
    Happening,
    Hedge,
    HedgeKind,
    Mode,
    PlaceReport,
    Position,
    PositionKind,
    Precision,
    Relation,
    Reply,
    Rung,
    SectionKey,
    Span,
    Statement,
    StatementKind,
)
from briefbook.tables import Layers, Speaker

KEYS = frozenset(["speakers", "statements", "figures", "dates", "hedges", "places", "replies", "positions"])
"""The keys of `source.json` that hold layers."""

_PAGE = re.compile(r"(?:people|organizations|units|places|events|documents|equipment)/[^/]+")

T = TypeVar("T")


def read_layers(
    stored: Mapping[str, Any], text: str, sections: Mapping[Span, SectionKey], lines: tuple[Span, ...], *, partial: bool
) -> Layers:
    """The layers in `stored`, a `source.json`. Raises ValueError where they are not as a build writes them."""
    reader = _Reader(Layers(text, sections, partial), lines)
    speakers = tuple(reader.each(stored, "speakers", {"page", "mention"}, reader.speaker))
    reader.speakers = len(speakers)
    return Layers(
        text,
        sections,
        partial,
        speakers,
        statements=tuple(
            reader.each(
                stored,
                "statements",
                {"start", "end", "mode", "kind", "speaker", "cue", "entity"},
                reader.statement,
            )
        ),
        figures=tuple(
            reader.each(stored, "figures", {"start", "end", "value", "high", "relation", "what"}, reader.figure)
        ),
        dates=tuple(
            reader.each(stored, "dates", {"start", "end", "first", "last", "precision", "inferred"}, reader.date)
        ),
        hedges=tuple(reader.each(stored, "hedges", {"start", "end", "kind", "rung"}, reader.hedge)),
        places=tuple(reader.each(stored, "places", {"place", "what", "happening", "side"}, reader.place)),
        replies=tuple(reader.each(stored, "replies", {"claim", "answer"}, reader.reply)),
        positions=tuple(reader.each(stored, "positions", {"party", "content", "kind"}, reader.position)),
    )


class _Reader:
    """Reads values of one source; every method raises ValueError."""

    def __init__(self, plain: Layers, lines: tuple[Span, ...]) -> None:
        self._plain = plain
        self._lines = lines
        self.speakers = 0

    def each(
        self, stored: Mapping[str, Any], key: str, keys: set[str], one: Callable[[dict[str, Any]], T]
    ) -> Iterator[T]:
        """What `one` makes of each of the objects under `key`, which all have the keys `keys`."""
        values = stored[key]
        _expect(isinstance(values, list), f"{key}: expected a list")
        for n, value in enumerate(values, 1):
            _expect(isinstance(value, dict) and value.keys() == keys, f"{key} {n}: expected the keys {sorted(keys)}")
            try:
                yield one(value)
            except ValueError as error:
                raise ValueError(f"{key} {n}: {error}") from None

    def speaker(self, value: dict[str, Any]) -> Speaker:
        """An entity that says something."""
        page = value["page"]
        _expect(isinstance(page, str) and _PAGE.fullmatch(page) is not None, f"{page!r} is no page of an entity")
        mention = self._any(value["mention"])
        n = bisect_right(self._lines, mention.start, key=lambda line: line.start) - 1
        _expect(
            n >= 0 and mention.end <= self._lines[n].end,
            f"the mention {list(mention)} does not lie in one sentence, title or heading",
        )
        return Speaker(page, mention)

    def statement(self, value: dict[str, Any]) -> Statement:
        """Who says what."""
        content, entity = self._content([value["start"], value["end"]]), value["entity"]
        known = entity is None or (type(entity) is int and 0 <= entity < self.speakers)
        _expect(known, f"entity: {entity!r} is not one of the speakers")
        return Statement(
            *content,
            _one_of(value, "mode", get_args(Mode)),
            _one_of(value, "kind", get_args(StatementKind)),
            self._maybe(value["speaker"]),
            self._maybe(value["cue"]),
            entity,
            "",
        )

    def figure(self, value: dict[str, Any]) -> Figure:
        """A quantity."""
        for key in ("value", "high"):
            _expect(value[key] is None or type(value[key]) is float, f"{key}: {value[key]!r} is no number")
        return Figure(
            *self._whole(value),
            value["value"],
            value["high"],
            _one_of(value, "relation", get_args(Relation)),
            self._maybe(value["what"]),
        )

    def date(self, value: dict[str, Any]) -> DateExpression:
        """Words that tell a time."""
        first, last = (_day(value[key]) for key in ("first", "last"))
        ordered = first is None if last is None else first is not None and first <= last
        _expect(ordered, f"the days from {first} to {last} are none")
        _expect(type(value["inferred"]) is bool, f"inferred: {value['inferred']!r} is neither true nor false")
        precision = _one_of(value, "precision", get_args(Precision))
        return DateExpression(*self._whole(value), first, last, precision, value["inferred"])

    def hedge(self, value: dict[str, Any]) -> Hedge:
        """Words that say how sure a sentence is."""
        rung = None if value["rung"] is None else _one_of(value, "rung", get_args(Rung))
        return Hedge(*self._whole(value), _one_of(value, "kind", get_args(HedgeKind)), rung)

    def place(self, value: dict[str, Any]) -> PlaceReport:
        """What is said to have happened to a place."""
        place, what = (self._within(value[key]) for key in ("place", "what"))
        return PlaceReport(place, what, _one_of(value, "happening", get_args(Happening)), self._maybe(value["side"]))

    def reply(self, value: dict[str, Any]) -> Reply:
        """A statement that answers another."""
        return Reply(self._content(value["claim"]), self._content(value["answer"]))

    def position(self, value: dict[str, Any]) -> Position:
        """What a party holds."""
        kind = _one_of(value, "kind", get_args(PositionKind))
        return Position(self._within(value["party"]), self._content(value["content"]), kind)

    def _any(self, pair: Any) -> Span:
        _expect(
            isinstance(pair, list) and len(pair) == 2 and all(type(end) is int for end in pair), f"{pair!r} is no span"
        )
        _expect(0 <= pair[0] < pair[1] <= len(self._plain.text), f"the span {pair} does not lie in the text")
        return Span(*pair)

    def _whole(self, value: dict[str, Any]) -> Span:
        return self._within([value["start"], value["end"]])

    def _within(self, pair: Any) -> Span:
        """A span within one sentence."""
        span = self._any(pair)
        _expect(self._plain.within(span) is not None, f"the span {pair} does not lie in one sentence")
        return span

    def _maybe(self, pair: Any) -> Span | None:
        return None if pair is None else self._within(pair)

    def _content(self, pair: Any) -> Span:
        """A span of one sentence or of several; of a source published in part, of one alone."""
        span = self._any(pair)
        reached = self._plain.reach(span)
        _expect(bool(reached), f"the span {pair} lies in no sentence")
        _expect(len(reached) == 1 or not self._plain.partial, f"the span {pair} bridges what is not published")
        return span


def _one_of(value: dict[str, Any], key: str, known: tuple[Any, ...]) -> Any:
    _expect(value[key] in known, f"unknown {key} {value[key]!r}")
    return value[key]


def _day(value: Any) -> date | None:
    if value is None:
        return None
    _expect(isinstance(value, str), f"{value!r} is no ISO date")
    day = date.fromisoformat(value)
    _expect(day.isoformat() == value, f"{value!r} is no ISO date")
    return day


def _expect(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)
