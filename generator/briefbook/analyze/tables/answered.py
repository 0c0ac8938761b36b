"""Replies: a claim and the denial, dismissal or contradiction that answers it.

A claim is a statement by somebody else, in the same sentence or not far before, about the same thing; where the denial
itself names the claim ("dismissed reports of ..."), it is the words that name it. A dismissal without a content of its
own answers with its own words. The words are in `data/tables.yml`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from briefbook import lists
from briefbook.analyze.tables.words import Phrase, Sentence, phrases, told
from briefbook.model import PlaceReport, Reply, Span, Statement

_BACK = 12
"""Statements before a denial among which its claim is looked for."""
_AWAY = 4
"""Sentences between a claim and its answer at most, where they share words."""
_LONGEST = 90
"""Words of a content at most."""
_SHORT = 4
"""Letters of a word that tells what is spoken of, at least."""


def replies(
    sentences: Sequence[Sentence], statements: Sequence[Statement], reports: Sequence[PlaceReport]
) -> tuple[Reply, ...]:
    """Claims and their answers, in the order of the text; `reports` are what is said to have happened to places."""
    reader = _Reader(sentences, statements, reports)
    found: dict[Span, Reply] = {}
    for number in range(len(sentences)):
        for reply in reader.read(number):
            apart = reply.claim.end <= reply.answer.start or reply.answer.end <= reply.claim.start
            if apart and reply.claim.start < reply.claim.end and reply.answer.start < reply.answer.end:
                found.setdefault(reply.answer, reply)
    return tuple(sorted(dict.fromkeys(found.values())))


class _Reader:
    def __init__(
        self, sentences: Sequence[Sentence], statements: Sequence[Statement], reports: Sequence[PlaceReport]
    ) -> None:
        self._gains = sorted(row.what for row in reports if row.happening not in ("struck", "contested"))
        self._sentences = sentences
        self._starts = [sentence.span.start for sentence in sentences]
        self._said = sorted(statements, key=lambda one: (one.start, one.end))
        self._said_at = [one.start for one in self._said]

    def read(self, number: int) -> Iterator[Reply]:
        """The replies whose answer stands in a sentence."""
        s = self._sentences[number]
        named = frozenset(n for start, (end, _) in s.names.items() for n in range(start, end))
        for at, word in enumerate(s.words):
            if at in named:
                continue
            if word.low in told()["deny"]:
                reply = self._denied(number, at)
                if reply is not None:
                    yield reply
            elif word.low in told()["contrast"]:
                reply = self._contradicted(number, at)
                if reply is not None:
                    yield reply
            elif s.phrase(at, phrases("retorts")) is not None and not s.asks:
                reply = self._retorted(number, at)
                if reply is not None:
                    yield reply
            elif word.low in ("called", "calling"):
                reply = self._called(number, at)
                if reply is not None:
                    yield reply
            elif s.phrase(at, phrases("untrue")) is not None:
                end = s.phrase(at, phrases("untrue"))
                assert end is not None
                reply = self._untrue(number, at, end[0])
                if reply is not None:
                    yield reply
            elif word.low in ("commenting", "responding", "reacting") and s.low(at + 1) in ("on", "to"):
                reply = self._commented(number, at + 2)
                if reply is not None:
                    yield reply

    # ---- the ways in which a claim is answered ----

    def _denied(self, number: int, at: int) -> Reply | None:
        s = self._sentences[number]
        words = told()
        if self._undone(s, at):
            return None
        verb = s.cut(Phrase(at, at + 1))
        on = at + 1
        if (
            on >= len(s.words)
            or s.stopped(on)
            or (s.low(on) in ("it", "this", "that", "them", "and", "but") and s.stopped(on + 1))
        ):
            relative = self._before(number, at)
            return Reply(relative, verb) if relative else None
        determined = s.low(on) in words["these"]
        noun = on + determined
        extra = 0
        while extra < 3 and s.low(noun) not in words["claims"] and noun < len(s.words) and not s.stopped(noun + 1):
            if noun in s.names:
                noun = s.names[noun][0] - 1
            if s.low(noun) in words["stops"] and s.low(noun) not in ("s",):
                break
            noun, extra = noun + 1, extra + 1
        if s.low(noun) in words["claims"] and (s.low(on) != "that" or determined):
            return self._named(number, at, noun)
        if s.low(on) in ("that", "any", "having") or s.low(on).endswith("ing"):
            return self._content(number, on)
        return None

    def _named(self, number: int, at: int, noun: int) -> Reply | None:
        """ "dismissed those claims as ...", "denied reports of ..."."""
        s = self._sentences[number]
        behind = noun + 1
        as_at = self._find(s, "as", behind)
        answer = s.cut(Phrase(at, at + 1))
        if as_at is not None and as_at + 1 < len(s.words):
            answer = s.cut(Phrase(as_at + 1, self._clause(s, as_at + 1)))
        elif s.low(behind) == "saying" and behind + 2 < len(s.words):
            start = behind + 1 + (s.low(behind + 1) == "that")
            answer = s.cut(Phrase(start, self._clause(s, start)))
        if s.low(behind) in ("of", "that", "about") and not s.stopped(behind):
            end = as_at if as_at is not None else self._clause(s, behind + 1)
            if s.low(behind) == "that":
                return Reply(s.cut(Phrase(behind + 1, end)), answer) if behind + 1 < end else None
            return Reply(s.cut(Phrase(noun, end)), answer)
        claim = self._claim(number, s.words[at].start, None, linked=None)
        return Reply(claim, answer) if claim is not None else None

    def _content(self, number: int, on: int) -> Reply | None:
        """ "denied that ...": a claim must be near that speaks of the same."""
        s = self._sentences[number]
        start = on + (s.low(on) == "that")
        end = self._clause(s, start)
        if start >= end:
            return None
        stems = _stems(s, start, end)
        given = any(s.low(n) in told()["given"] for n in range(start, end))
        claim = self._claim(number, s.span.start, None, linked=stems, given=given)
        return Reply(claim, s.cut(Phrase(start, end))) if claim is not None else None

    def _called(self, number: int, at: int) -> Reply | None:
        """ "which X called premature"."""
        s = self._sentences[number]
        close = range(at + 1, min(len(s.words), at + 9))
        told_so = next((n for n in close if s.low(n) in told()["called"]), None)
        if told_so is None or any(s.stopped(n) for n in range(at + 1, told_so + 1)):
            return None
        relative = any(s.low(n) == "which" and "," in s.words[n].stop for n in range(max(0, at - 14), at))
        if relative:
            which = max(n for n in range(max(0, at - 14), at) if s.low(n) == "which")
            claim = self._inside(number, s.words[which - 1].end) or self._phrase_before(s, which)
        else:
            claims = [n for n in range(at + 1, told_so) if s.low(n) in told()["claims"]]
            claim = self._claim(number, s.words[at].start, None, linked=None) if claims else None
        return Reply(claim, s.cut(Phrase(at + 1, self._clause(s, at + 1)))) if claim is not None else None

    def _untrue(self, number: int, at: int, end: int) -> Reply | None:
        s = self._sentences[number]
        here = s.cut(Phrase(at, end))
        own = self._at(here.start)
        claim = self._claim(
            number, s.span.start, own.speaker if own else None, linked=None, entity=own.entity if own else None
        )
        return Reply(claim, here) if claim is not None else None

    def _commented(self, number: int, at: int) -> Reply | None:
        """ "..., X said, commenting on a claim by Y that ..."."""
        s = self._sentences[number]
        noun = next((n for n in range(at, min(at + 4, len(s.words))) if s.low(n) in told()["claims"]), None)
        that = self._find(s, "that", noun + 1, 24) if noun is not None else None
        if that is None or that + 1 >= len(s.words):
            return None
        before = s.words[at].start
        answer = next((one for one in self._before_statements(before) if one.end <= before), None)
        if answer is None or answer.start < s.span.start - 200:
            return None
        start = max(answer.start, s.span.start)
        return (
            Reply(s.cut(Phrase(that + 1, self._clause(s, that + 1))), Span(start, answer.end))
            if start < answer.end
            else None
        )

    def _retorted(self, number: int, at: int) -> Reply | None:
        """ "Y retorted that ...": what was said right before, by another."""
        s = self._sentences[number]
        verb = s.words[at]
        own = next(
            (
                one
                for one in self._near(verb.start, verb.end + 120)
                if one.cue is not None and one.cue.start <= verb.start < one.cue.end
            ),
            None,
        )
        if own is None:
            own = next((one for one in self._near(verb.start, verb.end + 40) if one.start >= verb.end), None)
        if own is None:
            return None
        previous = [one for one in self._before_statements(min(own.start, verb.start)) if one.end <= own.start]
        for one in previous[:2]:
            if self._number(one.start) < number - 2 or (
                number - self._number(one.start) > 1 and own.start > verb.start + 200
            ):
                return None
            if self._other(one, own.speaker, own.entity) and one.kind != "question":
                same = [
                    o for o in previous if o.entity == one.entity and self._number(o.start) == self._number(one.start)
                ]
                one = same[-1]
                return Reply(Span(one.start, one.end), Span(own.start, own.end))
        return None

    def _contradicted(self, number: int, at: int) -> Reply | None:
        """ "X said it had taken the town, though Y said it was still held": two statements of who holds a place."""
        s = self._sentences[number]
        here = s.words[at].start
        before = next((one for one in self._before_statements(here) if one.end <= here), None)
        after = next((one for one in self._near(here, s.span.end) if one.start >= here), None)
        if (
            before is None
            or after is None
            or self._number(before.start) < number - 1
            or before.speaker == after.speaker
        ):
            return None
        if (before.entity is not None and before.entity == after.entity) or not (
            self._held(before, "holding") and self._held(after, "held")
        ):
            return None
        return Reply(Span(before.start, before.end), Span(after.start, after.end))

    def _held(self, one: Statement, words: str) -> bool:
        s = self._sentences[self._number(one.start)]
        first = bisect_left(s.words, one.start, key=lambda word: word.start)
        last = bisect_left(s.words, one.end, key=lambda word: word.start)
        return any(word.low in told()[words] for word in s.words[first : min(last, first + _LONGEST)])

    # ---- parts ----

    def _undone(self, s: Sentence, at: int) -> bool:
        """Whether somebody only may deny, or does not."""
        return any(
            s.low(n) in ("not", "never", "to", "neither", "nor", "cannot", "be", "been")
            for n in range(max(0, at - 2), at)
        ) or (s.low(at - 1) in ("was", "were", "is", "are"))

    def _number(self, start: int) -> int:
        return max(0, bisect_right(self._starts, start) - 1)

    def _near(self, start: int, end: int) -> list[Statement]:
        first = max(0, bisect_left(self._said_at, start) - 3)
        return [one for one in self._said[first : first + 9] if one.start < end]

    def _at(self, start: int) -> Statement | None:
        at = bisect_right(self._said_at, start) - 1
        for n in range(at, max(-1, at - 3), -1):
            if self._said[n].start <= start < self._said[n].end:
                return self._said[n]
        return None

    def _before_statements(self, start: int) -> list[Statement]:
        """The statements before a place, the nearest first."""
        at = bisect_left(self._said_at, start)
        return list(reversed(self._said[max(0, at - _BACK) : at]))

    def _other(self, one: Statement, speaker: Span | None, entity: int | None) -> bool:
        """Whether a statement is somebody else's, as far as one can see."""
        if entity is not None and one.entity is not None:
            return entity != one.entity
        return speaker is None or one.speaker != speaker

    def _claim(
        self,
        number: int,
        start: int,
        speaker: Span | None,
        linked: frozenset[str] | None,
        entity: int | None = None,
        given: bool = False,
    ) -> Span | None:
        """The claim that is answered at a place: the nearest statement before it by somebody else."""
        denier = self._denier(start)
        for one in self._before_statements(start):
            if one.end > start or one.kind == "question" or (one.kind == "demand" and linked is None):
                continue
            away = number - self._number(one.start)
            if away > (2 if linked is None else 2 * _AWAY if given else _AWAY):
                return None
            if not self._other(one, speaker or denier[0], entity if entity is not None else denier[1]):
                if linked is None:
                    continue
                continue
            if linked is not None:
                at = self._number(one.start)
                there = self._sentences[at]
                first = bisect_left(there.words, one.start, key=lambda word: word.start)
                last = min(first + _LONGEST, bisect_left(there.words, one.end, key=lambda word: word.start))
                stems = _stems(there, first, last)
                whole = _stems(there, max(0, first - _LONGEST), min(len(there.words), last + _LONGEST))
                gained = given and self._gain(one)
                if not gained and not (linked & stems) and not (away <= 1 and linked & whole):
                    continue
            return Span(one.start, one.end)
        return None

    def _gain(self, one: Statement) -> bool:
        """Whether a statement says that a place has been taken or lost."""
        at = bisect_left(self._gains, (one.start, 0))
        return at < len(self._gains) and self._gains[at].end <= one.end

    def _denier(self, start: int) -> tuple[Span | None, int | None]:
        """Who denies at a place, where a statement has its cue there."""
        for one in self._near(start, start + 200):
            if one.cue is not None and one.cue.start <= start < one.cue.end and one.start > start:
                return one.speaker, one.entity
        return None, None

    def _inside(self, number: int, end: int) -> Span | None:
        """The last statement of a sentence that ends before a place."""
        for one in self._before_statements(end):
            if one.start >= self._sentences[number].span.start:
                return Span(one.start, min(one.end, end))
        return None

    def _before(self, number: int, at: int) -> Span | None:
        """What "which X denied" and "X denied this" answer."""
        s = self._sentences[number]
        which = [n for n in range(max(0, at - 10), at) if s.low(n) == "which" and "," in s.words[n].stop]
        if which:
            return self._inside(number, s.words[which[-1] - 1].end)
        if s.low(at + 1) in ("it", "this", "that", "them"):
            return self._claim(number, s.words[at].start, None, linked=None)
        return None

    def _phrase_before(self, s: Sentence, which: int) -> Span | None:
        """The words of an announcement before ", which": from its noun on."""
        for n in range(which - 1, max(-1, which - 18), -1):
            if s.phrase(n, phrases("nouns")) is not None and s.low(n + 1) == "of":
                return s.cut(Phrase(n, which))
        return None

    def _find(self, s: Sentence, word: str, start: int, far: int = 16) -> int | None:
        for n in range(start, min(len(s.words), start + far)):
            if ";" in s.words[n].stop:
                return None
            if s.low(n) == word and not s.words[n].stop:
                return n
        return None

    def _clause(self, s: Sentence, start: int) -> int:
        """Where a content ends: at a semicolon, or before a comma with another clause."""
        for n in range(start + 1, min(len(s.words), start + _LONGEST)):
            stop = s.words[n].stop
            if ";" in stop or "—" in stop:
                return n
            if "," in stop and (
                s.low(n)
                in (
                    "saying",
                    "but",
                    "and",
                    "while",
                    "calling",
                    "adding",
                    "insisting",
                    "though",
                    "however",
                    "which",
                    "when",
                    "a",
                )
                or s.low(n) in told()["deny"]
            ):
                return n
        return min(len(s.words), start + _LONGEST)


def _stems(s: Sentence, start: int, end: int) -> frozenset[str]:
    """The beginnings of the words that tell what is spoken of."""
    common = lists.prepositions() | told()["stops"] | told()["auxiliaries"] | told()["empty"]
    return frozenset(s.low(n)[:5] for n in range(start, end) if len(s.low(n)) >= _SHORT and s.low(n) not in common)
