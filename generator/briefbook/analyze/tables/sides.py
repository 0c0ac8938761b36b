"""The phrases of a sentence that stand for who acts."""

from __future__ import annotations

from bisect import bisect_right

from briefbook import lists
from briefbook.analyze.tables.words import Phrase, Sentence, told

_NEAR = 12
"""Phrases that are looked at before a verb at most."""
_LONG = 7
"""Words before the head of a phrase at most."""


class Sides:
    """The phrases of a sentence that stand for who acts: forces, bodies, states."""

    def __init__(self, sentence: Sentence) -> None:
        self._sentence = sentence
        self.all: list[Phrase] = []
        self._ends: dict[int, Phrase] = {}
        self._starts: dict[int, Phrase] = {}
        at = 0
        while at < len(sentence.words):
            end = self._head(at)
            if end is None:
                at += 1
                continue
            found = Phrase(self._left(at), self._right(end))
            self.all.append(found)
            self._ends[found.end] = found
            self._ends.setdefault(end, found)
            self._starts[found.start] = found
            at = max(end, found.end)

    def last(self, end: int) -> list[Phrase]:
        """The last phrases before a word, the nearest first."""
        at = bisect_right(self.all, end, key=lambda side: side.end)
        return self.all[max(0, at - _NEAR) : at][::-1]

    def ending(self, end: int) -> Phrase | None:
        """The phrase whose last word is the one before `end`."""
        return self._ends.get(end)

    def beginning(self, at: int) -> Phrase | None:
        """The phrase that begins at a word."""
        return self._starts.get(at) or self._starts.get(at + 1 if self._sentence.low(at) in ("the", "an", "a") else -1)

    def _head(self, at: int) -> int | None:
        s = self._sentence
        end = None
        if at in s.names:
            end, mention = s.names[at]
            country = s.words[at].text in lists.countries().canonical or mention.kind == "place"
            if mention.kind not in ("organization", "unit") and not country:
                return None
            if s.low(end) == "'s":
                return None
            if s.low(end) in told()["forces"] and not s.stopped(end):
                return end + 1
            if mention.kind == "place" and s.low(at - 1) in lists.prepositions() - {"that"} and not s.stopped(at):
                return None
            return end
        if s.low(at) in told()["forces"]:
            while s.low(at + 1) in told()["forces"] and not s.stopped(at + 1):
                at += 1
            return at + 1
        return None

    def _left(self, at: int) -> int:
        """Where a phrase begins: past adjectives, peoples, names and their "'s", to the article."""
        s = self._sentence
        first = at
        while first > 0 and at - first < _LONG and not s.stopped(first):
            word = s.words[first - 1]
            if word.low in ("the", "a", "an", "its", "their", "his"):
                return first - 1
            if first in s.ending:
                first = s.ending[first]
            elif (
                word.low == "'s"
                or word.low in told()["modifiers"]
                or word.text in lists.peoples()
                or (word.text[:1].isupper() and self._adjective(first - 1))
                or word.low in told()["forces"]
                or (word.low.endswith(("ish", "ian", "led", "backed", "ry")) and "-" in word.low)
            ):
                first -= 1
            elif word.low == "of" and s.low(first - 2) in (
                "column",
                "elements",
                "groups",
                "units",
                "hundreds",
                "thousands",
                "dozens",
            ):
                first -= 2
            else:
                break
        return first

    def _adjective(self, at: int) -> bool:
        """Whether a word with a capital may belong to what follows; at the start of a sentence any has one."""
        word = self._sentence.words[at]
        if word.low in told()["stops"] or word.low in lists.prepositions():
            return False
        other = told()["determiners"] | told()["auxiliaries"] | told()["between"] | told()["follow"]
        return at > 0 or not (
            word.low in other or word.low.endswith(("ly", "ed", "ing")) or word.text in lists.calendar()
        )

    def _right(self, end: int) -> int:
        """Where a phrase ends: past "of the 5th Brigade"."""
        s = self._sentence
        if s.low(end) == "of" and not s.stopped(end):
            at = end + 1 + (s.low(end + 1) == "the")
            if at in s.names and s.names[at][1].kind in ("organization", "unit"):
                return s.names[at][0]
            if s.low(at) in told()["forces"]:
                return at + 1
        return end
