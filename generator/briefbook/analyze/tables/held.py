"""Positions: what a party is said to demand, offer, refuse or hold, where explicit words say so.

The words are in `data/tables.yml`. They count in the part of an article that tells of talks, and elsewhere where the
sentence itself speaks of talks, war aims or peace.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, cast

from briefbook import lists
from briefbook.analyze.tables.words import Phrase, Sentence, phrases, told
from briefbook.model import ArticleEntity, Mention, Position, PositionKind, SectionKey, Span, Statement

_PRONOUNS = frozenset(["he", "she", "it", "they", "we", "i"])
_AUXILIARY = frozenset(["will", "would", "won't", "is", "are", "was", "were"])
_IFS = frozenset(["if", "once", "until", "unless"])
_THEN = frozenset(["would", "will", "nothing", "no", "not", "could", "halt", "consider"])
_LONGEST = 90
"""Words of a content at most."""
_APART = 16
"""Words between commas that may stand between a party and its verb at most."""
_LEFT = 6
"""Words that a phrase for a party has before its head at most."""


class _Held(NamedTuple):
    position: Position
    spoken: bool
    """Whether a plain word of speech brings it: what stands inside is told by it."""


def positions(
    sentences: Sequence[Sentence],
    sections: Mapping[Span, SectionKey],
    mentions: Sequence[Mention],
    entities: Sequence[ArticleEntity],
    statements: Sequence[Statement],
) -> tuple[Position, ...]:
    """What parties hold, in the order of the text; `sections` holds the section of every sentence."""
    speakers = _Speakers(mentions, entities, statements)
    found: list[_Held] = []
    for sentence in sentences:
        found += _Reader(sentence, speakers, sections.get(sentence.span) == "negotiations").read()
    plain = [row.position for row in found if not row.spoken]
    inner = sorted(row.content for row in plain)
    for row in found:
        if row.spoken and not _holds(inner, row.position.content):
            plain.append(row.position)
    taken = sorted(row.content for row in plain)
    for position in _stated(sentences, sections, speakers, statements):
        if not _holds(taken, position.content) and not _held_by(taken, position.content):
            plain.append(position)
    starts = [sentence.span.start for sentence in sentences]
    proven = (row for row in plain if _within(sentences, starts, row.party))
    return tuple(sorted(dict.fromkeys(proven), key=lambda row: (row.content, row.party)))


def _within(sentences: Sequence[Sentence], starts: Sequence[int], span: Span) -> bool:
    """Whether a span lies in one sentence: a name in a title proves nothing."""
    at = bisect_right(starts, span.start) - 1
    return at >= 0 and span.end <= sentences[at].span.end


def _holds(spans: Sequence[Span], outer: Span) -> bool:
    """Whether one of the spans, in order, begins within another."""
    at = bisect_left(spans, (outer.start, 0))
    return at < len(spans) and spans[at].start < outer.end


def _held_by(spans: Sequence[Span], inner: Span) -> bool:
    at = bisect_right(spans, (inner.start, inner.end)) - 1
    return any(spans[n].end > inner.start for n in range(max(0, at - 2), at + 1))


class _Speakers:
    """Who a pronoun stands for, as far as statements tell."""

    def __init__(
        self, mentions: Sequence[Mention], entities: Sequence[ArticleEntity], statements: Sequence[Statement]
    ) -> None:
        self._mentions = [
            sorted(Span(mentions[m].start, mentions[m].end) for m in entity.mentions) for entity in entities
        ]
        self._entity = {one.speaker: one.entity for one in statements if one.speaker is not None}

    def named(self, span: Span, entity: int | None = None) -> Span | None:
        """The last mention before a pronoun of whom it stands for."""
        entity = self._entity.get(span) if entity is None else entity
        if entity is None:
            return None
        known = self._mentions[entity]
        at = bisect_left(known, span) - 1
        return known[max(0, at)] if known else None


@cache
def _marks() -> dict[str, tuple[tuple[str, ...], ...]]:
    return {kind: tuple(tuple(row.split()) for row in rows) for kind, rows in told()["marks"].items()}


def _marked(sentence: Sentence, start: int, end: int) -> PositionKind | None:
    """The kind that the words of a content tell."""
    for at in range(start + 1, end):
        open_ = (
            sentence.low(at) in _IFS and sentence.low(at - 1) not in ("even", "and") and sentence.low(at + 1) != "only"
        )
        if open_ and any(sentence.low(n) in _THEN for n in range(start, end)):
            return "condition"
    for kind, rows in _marks().items():
        for at in range(start, end):
            if any(sentence.low(at) == row[0] and sentence.stands(at, row) for row in rows):
                return cast(PositionKind, kind)
    return None


class _Reader:
    """Reads one sentence."""

    def __init__(self, sentence: Sentence, speakers: _Speakers, talks: bool) -> None:
        self._s = sentence
        self._speakers = speakers
        self._topic = talks or any(word.low in told()["topics"] for word in sentence.words)
        self._talks = talks

    def read(self) -> Iterator[_Held]:
        """The positions in the order of their words."""
        s = self._s
        if not self._topic or s.asks:
            return
        last: Span | None = None
        at = 0
        named = frozenset(n for start, (end, _) in s.names.items() for n in range(start, end))
        while at < len(s.words):
            hold = s.phrase(at, phrases("hold")) if at not in named else None
            if hold is None:
                at += 1
                continue
            end, kind = hold
            party = self._party(at, last)
            if party is not None:
                if s.low(at) not in _AUXILIARY:
                    last = party
                row = self._row(party, at, end, cast(PositionKind, kind))
                if row is not None:
                    yield row
                    yield from (_Held(row.position._replace(party=other), row.spoken) for other in self._joint(party))
            at = end

    def _row(self, party: Span, at: int, end: int, kind: PositionKind) -> _Held | None:
        s = self._s
        verb = s.words[at].low
        start = end
        if verb == "told":
            start = next(
                (n for n in range(end, min(end + 7, len(s.words))) if s.low(n) == "that" or self._quoted(n)),
                len(s.words),
            )
        if verb.startswith("insist") and s.low(end) not in ("on", "that") and s.low(end - 1) not in ("on", "that"):
            return None
        if kind == "demand" and s.low(start) == "on" and not s.stopped(start):
            start += 1
        if s.low(start) == "that" and (not s.stopped(start) or s.words[start].stop == ","):
            start += 1
        if start >= len(s.words) or (s.stopped(start) and s.words[start].stop.strip(" “\"‘'") not in ("", ":")):
            return None
        last = self._end(start)
        if last - start < 1 or (s.low(start) in ("by", "to") and kind == "position"):
            return None
        spoken = verb in told()["speech"] and kind == "position"
        marked = _marked(s, start, last)
        if spoken:
            if marked is None:
                return None
            kind = marked
            party = self._inner(start, kind) or party
        elif (marked == "condition" and kind in ("offer", "demand")) or (marked is not None and kind == "position"):
            kind = marked
        content = s.cut(Phrase(start, last))
        if (
            not spoken
            and not self._talks
            and not any(s.low(n) in told()["topics"] for n in range(max(0, at - _LONGEST), last))
        ):
            return None
        return _Held(Position(party, content, kind), spoken)

    def _inner(self, start: int, kind: PositionKind) -> Span | None:
        """The party that a speaker tells of: "X said Y would not ..."."""
        s = self._s
        if start not in s.names or kind in ("demand", "position"):
            return None
        end, mention = s.names[start]
        acts = mention.kind in ("place", "organization") and s.low(end) in _AUXILIARY
        return Span(mention.start, mention.end) if acts else None

    def _quoted(self, start: int) -> bool:
        return start < len(self._s.words) and any(mark in self._s.words[start].stop for mark in '“"‘')

    def _end(self, start: int) -> int:
        """Where a content ends: at the end of the sentence, or where another clause begins."""
        s = self._s
        hold = phrases("hold")
        for at in range(start + 1, min(len(s.words), start + _LONGEST)):
            word = s.words[at]
            if ";" in word.stop or "—" in word.stop:
                return at
            if "," in word.stop and (word.low in told()["ends"] or word.low in ("a", "he", "she")):
                return at
            verb = at + 1 + (s.low(at + 1) in ("has", "have", "also", "that"))
            if word.low == "and" and (
                s.phrase(verb, hold) is not None and s.low(verb) not in ("will", "would", "is", "are", "was", "were")
            ):
                return at
            if "," in word.stop and s.low(at) in ("now", "then", "also") and s.phrase(at + 1, hold):
                return at
            if "," in word.stop and (word.low in told()["speech"] or (word.low.endswith("ing") and s.phrase(at, hold))):
                return at
            if "," in word.stop and at in s.names and s.low(s.names[at][0]) in told()["speech"]:
                return at
        return min(len(s.words), start + _LONGEST)

    def _party(self, at: int, last: Span | None) -> Span | None:
        """Who holds it: the subject of a verb."""
        s = self._s
        start = at
        while start > 0 and at - start < 7 and not s.stopped(start):
            low = s.low(start - 1)
            if start in s.ending or low in _PRONOUNS:
                break
            if low == "once" or not (low in told()["auxiliaries"] or low.endswith("ly") or low == "had"):
                break
            start -= 1
        before = s.low(start - 1)
        if before == "to" or before in ("will", "not"):
            return None
        if start == 0:
            return None
        if s.words[start].stop == ",":
            found = self._apart(start)
            if found is not None:
                return found
            return last if s.low(at).endswith("ing") or (last is not None and before == "") else None
        if s.stopped(start):
            return last if s.words[start].stop in (",”", ',"') and s.low(at).endswith("ing") else None
        if before in ("and", "but", "who", "which", "that"):
            if before in ("and", "but"):
                return last
            relative = self._ending(start - 1)
            return s.cut(relative) if relative else None
        if before in _PRONOUNS:
            word = s.words[start - 1]
            return self._speakers.named(Span(word.start, word.end))
        subject = self._ending(start)
        return s.cut(subject) if subject else None

    def _apart(self, start: int) -> Span | None:
        """The party before words between commas: "X, the chief negotiator, told"."""
        s = self._s
        between = self._ending(start)
        if (
            between is not None
            and between.start in s.names
            and s.names[between.start][1].kind == "person"
            and any(s.words[n].stop == "," for n in range(max(0, between.start - 2), between.start + 1))
        ):
            return s.cut(between)
        for at in range(start - 1, max(0, start - _APART), -1):
            if s.words[at].stop == ",":
                found = self._ending(at)
                if found is not None:
                    return s.cut(found)
        return None

    def _ending(self, end: int) -> Phrase | None:
        """The phrase for a party whose last word is the one before `end`."""
        s = self._s
        if end in s.ending:
            start = s.ending[end]
            kind = s.names[start][1].kind
            if kind in ("person", "organization", "place"):
                prepositions = lists.prepositions() - {"by"}
                if kind == "place" and s.low(start - 1) in prepositions and not s.stopped(start):
                    return self._of(start, end)
                the = start > 0 and s.low(start - 1) == "the" and not s.stopped(start)
                if kind != "person" and not the and s.low(start - 1) in prepositions and not s.stopped(start):
                    return None
                if (
                    the
                    and s.low(start - 2) in lists.prepositions()
                    and s.low(start - 2) != "by"
                    and not s.stopped(start - 1)
                ):
                    return None
                return Phrase(start - the, end)
            return None
        if end > 0 and s.low(end - 1) in told()["parties"]:
            start = end - 1
            while start > 0 and end - start < _LEFT and not s.stopped(start):
                low = s.low(start - 1)
                if start in s.ending:
                    start = s.ending[start]
                elif low in told()["stops"] or low in lists.prepositions():
                    break
                else:
                    start -= 1
                    if low in ("the", "a", "an", "his", "her", "its", "their", "both"):
                        break
            return Phrase(start, end) if s.low(start - 1) not in ("of", "for", "to", "with", "from", "in") else None
        return None

    def _of(self, start: int, end: int) -> Phrase | None:
        """ "the government of X" as a party."""
        s = self._s
        if s.low(start - 1) == "of" and s.low(start - 2) in told()["parties"]:
            first = start - 3 if s.low(start - 3) == "the" else start - 2
            return Phrase(max(0, first), end)
        return None

    def _joint(self, party: Span) -> Iterator[Span]:
        """The parties named together with one: "A and B"."""
        s = self._s
        start = bisect_left(s.words, party.start, key=lambda word: word.start)
        if start >= len(s.words) or s.words[start].start != party.start:
            return
        if s.low(start - 1) == "and" and start >= 2:
            other = self._ending(start - 1)
            if other is not None and other.end in s.ending:
                yield s.cut(other)


def _stated(
    sentences: Sequence[Sentence],
    sections: Mapping[Span, SectionKey],
    speakers: _Speakers,
    statements: Sequence[Statement],
) -> Iterator[Position]:
    """What statements of known speakers hold, by the words in them."""
    starts = [sentence.span.start for sentence in sentences]
    for one in statements:
        if one.entity is None or one.speaker is None:
            continue
        at = bisect_right(starts, one.start) - 1
        if at < 0 or one.end > sentences[at].span.end or sentences[at].asks or one.kind == "question":
            continue
        s = sentences[at]
        talks = sections.get(s.span) == "negotiations"
        inside = _words(s, Span(one.start, one.end))[:_LONGEST]
        if not inside or not (talks or any(s.low(n) in told()["topics"] for n in inside)):
            continue
        kind = _marked(s, inside[0], inside[-1] + 1)
        if kind is None or kind == "position":
            continue
        party = one.speaker
        if not _within(sentences, starts, party):
            continue
        spoken = sentences[bisect_right(starts, party.start) - 1]
        if any(spoken.words[n].low in _PRONOUNS for n in _words(spoken, party)):
            named = speakers.named(party, one.entity)
            if named is None:
                continue
            party = named
        yield Position(party, Span(one.start, one.end), kind)


def _words(sentence: Sentence, span: Span) -> list[int]:
    first = bisect_left(sentence.words, span.start, key=lambda word: word.start)
    last = bisect_left(sentence.words, span.end, key=lambda word: word.start)
    return list(range(first, last))
