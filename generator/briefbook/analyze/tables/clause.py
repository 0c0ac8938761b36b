"""A clause about a place: its verb's auxiliaries, whether it is left open, and who acts."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from briefbook import lists
from briefbook.analyze.tables.nouns import Places
from briefbook.analyze.tables.sides import Sides
from briefbook.analyze.tables.words import Phrase, Sentence, told
from briefbook.model import Happening

_NEAR = 4
"""Words before a verb in which a word that leaves it open counts."""
_FAR = 12
"""The same, for words that govern a whole clause."""
_CLAUSE = frozenset(["denied", "denies", "deny", "denying", "refuted", "if", "unless", "whether", "ruled", "no"])
OF = frozenset(["of", "for", "from", "at", "against", "with", "on", "about", "in"])
"""Prepositions before an -ing form that is no report."""
PRONOUNS = frozenset(["it", "they", "we"])
"""Pronouns of a side."""
_RELATIVE = frozenset(["who", "which", "that"])


class Form(NamedTuple):
    """A form of a verb that says what happens to a place."""

    happening: Happening
    form: int
    """0 base, 1 third person, 2 past, 3 participle, 4 -ing; 2 where past and participle are one."""


@cache
def forms() -> dict[str, tuple[Form, ...]]:
    """The forms of those verbs by their word."""
    table: dict[str, list[Form]] = {}
    for happening, verbs in told()["verbs"].items():
        for verb in verbs:
            for form, word in enumerate(verb):
                rows = table.setdefault(word, [])
                if not rows or rows[-1].form != 2:
                    rows.append(Form(happening, form))
    return {word: tuple(rows) for word, rows in table.items() if word != "-"}


class Clause:
    """What is read around the words that say what happens in a sentence."""

    def __init__(self, sentence: Sentence) -> None:
        self._s = sentence
        self._places = Places(sentence)
        self._sides = Sides(sentence)
        self._named = frozenset(n for start, (end, _) in sentence.names.items() for n in range(start, end))

    def _group(self, at: int) -> int:
        """Where the auxiliaries and adverbs before a verb begin."""
        s = self._s
        start = at
        while start > 0 and at - start < 7 and not s.stopped(start):
            low = s.low(start - 1)
            if start - 1 in self._named or not (low in told()["auxiliaries"] or low.endswith("ly")):
                break
            start -= 1
        return start

    def _happened(self, start: int, at: int) -> bool:
        """Whether a verb is no bare infinitive: "managed to capture", not "to capture"."""
        group = [self._s.low(n) for n in range(start, at)]
        return "to" not in group or any(word in told()["done"] for word in group)

    def _open(self, start: int) -> bool:
        """Whether what follows is negated, denied, asked, planned or only tried."""
        s = self._s
        if s.asks or any(s.low(n) in ("lie", "fake") for n in range(start, min(len(s.words), start + 16))):
            return True
        for n in range(start - 1, max(-1, start - _FAR), -1):
            if s.low(n) in _CLAUSE or (start - n <= _NEAR and s.low(n) in told()["open"]):
                return True
            if s.stopped(n) and s.words[n].stop.strip("“”\"'‘’(") != "":
                return False
        return False

    def _aerial(self, at: int) -> bool:
        s = self._s
        return s.low(at).startswith("attack") and any(s.low(n) in told()["aerial"] for n in (at - 1, at - 2))

    def _by(self, at: int) -> Phrase | None:
        s = self._s
        return self._sides.beginning(at + 1) if s.low(at) == "by" and not s.stopped(at) else None

    def _adjective(self, at: int) -> Phrase | None:
        """The side that an adjective or a possessive before a noun names."""
        s = self._s
        for n in range(at - 1, max(-1, at - 5), -1):
            if s.stopped(n + 1):
                return None
            if s.words[n].text in lists.peoples():
                return Phrase(n, n + 1)
            if s.low(n) == "'s" and n in s.ending:
                return Phrase(s.ending[n], n)
            if s.low(n) in told()["stops"] or s.low(n) in lists.prepositions():
                return None
        return None

    def _repelling(self, at: int) -> Phrase | None:
        """The side that beats back an attack."""
        s = self._s
        for n in range(at - 1, max(-1, at - 5), -1):
            if s.stopped(n + 1):
                return None
            if s.low(n) in told()["repel"] or s.low(n) in told()["launch"]:
                return self._subject_of(self._group(n))
        return None

    def _subject_of(self, start: int) -> Phrase | None:
        """The side that acts: the phrase right before a verb, before its relative pronoun, or the clause's subject."""
        s = self._s
        if s.low(start - 1) in PRONOUNS and not s.stopped(start):
            return Phrase(start - 1, start)
        end = start - 1 if s.low(start - 1) in _RELATIVE else start
        before = self._sides.ending(end)
        if before is not None and (end < start or not s.stopped(start)):
            if not (s.low(before.start - 1) in lists.prepositions() and not s.stopped(before.start)) or end < start:
                return before
            if s.low(before.start - 1) in ("with", "by"):
                return before
        if (
            s.low(start - 1) == "and"
            or s.stopped(start)
            or end < start
            or s.low(start - 1) in ("after", "by", "while", "before")
        ):
            for side in self._sides.last(start):
                if side.end <= start and not self._governed(side) and self._acts(side.end):
                    return side
        return None

    def _governed(self, side: Phrase) -> bool:
        s = self._s
        return s.low(side.start - 1) in lists.prepositions() and not s.stopped(side.start)

    def _acts(self, at: int) -> bool:
        """Whether a verb stands right behind a side."""
        low = self._s.low(at)
        return low in told()["auxiliaries"] or low in forms() or low.endswith("ed") or low in told()["verbal"]

    def _is_side(self, side: Phrase) -> bool:
        """Whether a phrase names somebody, not only a weapon."""
        s = self._s
        words = range(side.start, side.end)
        if any(n in self._named or s.words[n].text in lists.peoples() for n in words):
            return True
        return s.low(side.end - 1) not in told()["weapons"]

    def _with_weapons(self, start: int) -> bool:
        """Whether drones or missiles stand before a verb as what acts."""
        s = self._s
        return any(s.low(n) in told()["weapons"] for n in range(max(0, start - 9), start))
