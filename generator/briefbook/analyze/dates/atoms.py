"""What the shapes hand on: an expression as far as its own words tell, and what is around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from briefbook.analyze.dates.spans import Days, Part, Tense
from briefbook.analyze.dates.words import patterns
from briefbook.model import Precision

_CLAUSE = re.compile(r"[;:—“”\"]|\.{3}|…|\bbut\b")
_UNTIL = re.compile(r"\b(?:until|till|to|(by|before))\s(?:the\s)?\Z")
_VERB = re.compile(r"\b[a-z]{2,}ed\b")
_AFTER = re.compile(r"\s?(?:\w+\s)?(?:was|were|had|did)\b")
_WINDOW = 90
"""Characters of the clause that are looked at for the tense."""


@dataclass(slots=True)
class Atom:
    """A date expression as far as its own words tell: the fields of a calendar date, or the days it stands for."""

    start: int
    end: int
    precision: Precision
    days: Days | None = None
    inferred: bool = False
    year: int | None = None
    month: int | None = None
    day: int | None = None
    last: int | None = None
    part: Part | None = None
    week: int | None = None
    """Which seven days of a month are meant, 0 for the last."""
    weekday: int | None = None
    rel: str | None = None
    """this, last or next, before a month without year."""


class Setting(NamedTuple):
    """What is around an expression: its sentence, the day of publication, where the text is quoted."""

    text: str
    start: int
    end: int
    published: date | None
    quotes: list[int]
    """Offsets at which quoted text begins and ends, in turn."""

    def quoted(self, at: int) -> bool:
        """Whether an offset lies inside quotation marks."""
        return bisect_right(self.quotes, at) % 2 == 1

    def tense(self, start: int, end: int) -> Tense:
        """Where the words at `start` put an event, seen from the day of publication."""
        before = self.text[max(self.start, start - _WINDOW) : start]
        if patterns().reported.search(before):
            return "past"
        clause = before[max((match.end() for match in _CLAUSE.finditer(before)), default=0) :]
        if start - self.start < 12:
            clause += self.text[end : min(self.end, end + _WINDOW)]
        future = max((match.end() for match in patterns().future.finditer(clause)), default=-1)
        past = max((match.end() for match in patterns().past.finditer(clause)), default=-1)
        if future > past and not _AFTER.match(self.text, end, self.end):
            return "future"
        if until := _UNTIL.search(before):
            told = past >= 0 or _VERB.search(clause)
            return "future" if not told else "near" if until[1] else "open"
        return "past" if past >= 0 or _VERB.search(clause) else "open"
