"""An article as the rules of the document pass see it, and what they make of a name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from briefbook.model import Kind, Span

WORD = re.compile(r"[^\W_]+")
"""A word for finding names again: a run of letters and digits."""
OPENING_MARKS = "“„«‘\"'"
_HEADLINE_WORDS = 3
_HEADLINE_SHARE = 0.75


class Reading(NamedTuple):
    """A name as the document pass leaves it; `rule` is `model` where the recognizer's reading stands untouched."""

    start: int
    end: int
    kind: Kind
    rule: str


class Page:
    """An article's text with what the rules ask of it: its words, where sentences begin, which words stand in small."""

    def __init__(self, text: str, sentences: Iterable[Span]) -> None:
        self.text = text
        self.words = [match.span() for match in WORD.finditer(text)]
        """The spans of all words, in order."""
        self.small = Counter(text[start:end] for start, end in self.words if text[start].islower())
        """How often each word stands in small letters."""
        self._sentences = sorted(sentences)
        self._starts = [start for start, _ in self._sentences]
        self._headlines = {at for at, (start, end) in enumerate(self._sentences) if _in_capitals(text[start:end])}
        self._at: dict[str, list[int]] = defaultdict(list)
        for start, end in self.words:
            self._at[text[start:end]].append(start)
        self._inside: dict[str, bool] = {}

    def opens_sentence(self, start: int) -> bool:
        """Whether only marks stand between the beginning of a sentence (or line, or quotation) and `start`."""
        before = self.text[max(0, start - 3) : start]
        if not before.strip() and ("\n" in before or start < 3):
            return True
        if before[-1:] and before[-1] in OPENING_MARKS:
            return True
        at = bisect_right(self._starts, start) - 1
        if at < 0:
            return False
        first = self._starts[at]
        return not any(char.isalnum() for char in self.text[first : min(start, first + 8)])

    def in_headline(self, start: int) -> bool:
        """Whether an offset lies in no sentence, or in a line with capitals throughout, as some headlines are."""
        at = bisect_right(self._starts, start) - 1
        return at < 0 or start >= self._sentences[at].end or at in self._headlines

    def stands_inside(self, word: str) -> bool:
        """Whether a word stands anywhere but at the beginning of a sentence."""
        if word not in self._inside:
            self._inside[word] = any(not self.opens_sentence(start) for start in self._at.get(word, ()))
        return self._inside[word]


def _in_capitals(line: str) -> bool:
    """Whether most longer words of a line begin with a capital; a line of fewer than three says nothing."""
    long = [word[0] for word in WORD.findall(line) if len(word) > 3 and word.isalpha()]
    return len(long) >= _HEADLINE_WORDS and sum(map(str.isupper, long)) >= _HEADLINE_SHARE * len(long)


def apart(readings: Sequence[Reading]) -> list[Reading]:
    """The readings in order without overlap; of two that overlap the longer stays, of two alike the first given."""
    kept: list[Reading] = []
    taken = bytearray(max((reading.end for reading in readings), default=0))
    for reading in sorted(readings, key=lambda reading: (reading.start - reading.end, reading.start)):
        if taken.find(1, reading.start, reading.end) < 0:
            taken[reading.start : reading.end] = b"\1" * (reading.end - reading.start)
            kept.append(reading)
    return sorted(kept)
