"""Date expressions: words that tell a time, and the days they stand for.

Three steps for each sentence: shapes are found (`words.py`) and read one by one (`shapes.py`); parts of a day or month
around them and ranges are joined; what has no year or day is told from the day of publication, and marked as inferred.
Without it such words stay untold, unless a full date stands before them in the paragraph. A weekday, or a month or day
without year, is taken for the last one, and for the coming one where the clause is about the future: news tells what
happened and names days within a week by their weekday (The Associated Press Stylebook, "time element", "months").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date

from briefbook.analyze.dates import spans
from briefbook.analyze.dates.atoms import Atom, Setting
from briefbook.analyze.dates.shapes import READ
from briefbook.analyze.dates.spans import Days, Part
from briefbook.analyze.dates.words import patterns
from briefbook.model import DateExpression, Mention, Span

_QUOTE = re.compile(r"[“”«»\"‘’'\n]")
_PARTS: dict[str, Part] = {
    "end": "late",
    "close": "late",
    "beginning": "early",
    "start": "early",
    "middle": "mid",
    "first half": "first half",
    "second half": "second half",
}
_PART_OF = re.compile(rf"\b(?:the\s)?({'|'.join(_PARTS)})\sof\s\Z", re.IGNORECASE)
_DAY_PART = re.compile(
    r"\b(?:the\s)?(?:(?:early|late|small)\s)?(?:night|morning|evening|afternoon|hours|eve)\s(?:of|on|between|from)\s(?:the\s)?\Z",
    re.IGNORECASE,
)
_DAYTIME = re.compile(r"\s(?:early\s|late\s)?(?:morning|afternoon|evening|night)(?!\w)")
_LEAD = re.compile(r"\b(from|between|(?:the\s)?night\s(?:of|from|between))\s(?:the\s)?\Z", re.IGNORECASE)
_YEARS = ("this year", "last year", "next year")
_OF_YEAR = re.compile(r",?\s(?:of\s)?")
_WEEK_OF = re.compile(r"\b(?:the\s)?(first|second|third|fourth|last|final)\sweek\sof\s\Z", re.IGNORECASE)
_WEEK_WITH = re.compile(r"\b(?:the\s)?week\sof\s\Z", re.IGNORECASE)
_WEEKS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 0, "final": 0}
_JOINT = re.compile(r"\s?(?:[-–—]|\b(?:to|until|till|through|and))\s?(?:the\s)?")
_CHAIN = re.compile(r",?\s(?:and|or|to|through|until)\s|,\s|\s?[-–—]\s?")


def dates(
    text: str, sentences: Sequence[Span], mentions: Sequence[Mention], published: date | None
) -> tuple[DateExpression, ...]:
    """The date expressions of an article's sentences, in order, none overlapping another.

    `mentions` are its names: a date inside one ("the March 10 Agreement") is a part of the name. `published` is the day
    of publication, None where nobody has said it.
    """
    named = sorted((mention.start, mention.end) for mention in mentions)
    starts = [start for start, _ in named]
    quotes = quoted(text)
    found: list[DateExpression] = []
    anchor, last_end = None, 0
    for start, end in sorted(sentences):
        if "\n" in text[last_end:start]:
            anchor = None
        last_end = end
        if not patterns().trigger.search(text, start, end):
            continue
        setting = Setting(text, start, end, published, quotes)
        atoms = [atom for atom in _atoms(setting) if not _inside(atom, named, starts)]
        for atom, other in _joined(atoms, setting):
            told, anchor = _resolve(atom, other, setting, anchor)
            found.append(told)
    return tuple(found)


def quoted(text: str) -> list[int]:
    """The offsets at which quoted text begins and ends, in turn; no quotation reaches over a line end."""
    bounds: list[int] = []
    close = ""
    for match in _QUOTE.finditer(text):
        mark, at = match[0], match.start()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if close:
            apostrophe = mark in "’'" and after.isalnum()
            if mark == "\n" or (mark == close and not apostrophe):
                bounds.append(at)
                close = ""
        elif mark in "“«‘" or (mark in "\"'" and not before.isalnum() and after and not after.isspace()):
            bounds.append(at)
            close = {"“": "”", "«": "»", "‘": "’"}.get(mark, mark)
    return bounds


def _atoms(setting: Setting) -> list[Atom]:
    """What the shapes find in a sentence, the longest where several overlap."""
    found: list[Atom] = []
    for name, pattern in patterns().shapes:
        for match in pattern.finditer(setting.text, setting.start, setting.end):
            if (atom := READ[name](match, setting)) is not None:
                found.append(atom)
    return _apart(sorted(found, key=lambda atom: (atom.start - atom.end, atom.start)))


def _apart(atoms: Iterable[Atom]) -> list[Atom]:
    """Atoms in order of the text, those dropped that overlap one that comes earlier in `atoms`."""
    kept: list[Atom] = []
    starts: list[int] = []
    for atom in atoms:
        at = bisect_right(starts, atom.start)
        if (at and kept[at - 1].end > atom.start) or (at < len(kept) and kept[at].start < atom.end):
            continue
        kept.insert(at, atom)
        starts.insert(at, atom.start)
    return kept


def _inside(atom: Atom, named: Sequence[tuple[int, int]], starts: Sequence[int]) -> bool:
    """Whether an atom lies in a name."""
    at = bisect_right(starts, atom.start) - 1
    return at >= 0 and named[at][1] >= atom.end


def _joined(atoms: list[Atom], setting: Setting) -> list[tuple[Atom, Atom | None]]:
    """The atoms with what belongs to them; two that are the ends of one range come as a pair."""
    text = setting.text
    for one, two in zip(reversed(atoms[:-1]), reversed(atoms[1:]), strict=True):
        # "July and August 2022", "3 May to 5 June 2022"
        chained = one.month and two.month and not one.year and two.year and one.rel is None
        if chained and _CHAIN.fullmatch(text, one.end, two.start):
            one.year = two.year
    atoms = _with_years(atoms, text)
    floor = setting.start
    pairs: list[tuple[Atom, Atom | None]] = []
    at = 0
    while at < len(atoms):
        atom = atoms[at]
        other = atoms[at + 1] if at + 1 < len(atoms) else None
        if other is not None and not _range(atom, other, text, floor):
            other = None
        _extend(atom, other or atom, text, floor, setting.end)
        floor = (other or atom).end
        pairs.append((atom, other))
        at += 2 if other else 1
    return pairs


def _with_years(atoms: list[Atom], text: str) -> list[Atom]:
    """The atoms, a date without year and the "last year" behind it made one."""
    kept: list[Atom] = []
    for atom in atoms:
        day = kept[-1] if kept else None
        said = text[atom.start : atom.end].casefold()
        dated = day is not None and day.month is not None and day.year is None and day.rel is None
        if day is None or not dated or said not in _YEARS or not _OF_YEAR.fullmatch(text, day.end, atom.start):
            kept.append(atom)
        elif atom.days is not None and atom.days.first is not None:
            day.end, day.year, day.inferred = atom.end, atom.days.first.year, True
        else:
            day.end, day.days = atom.end, spans.unknown(day.precision)
    return kept


def _range(one: Atom, two: Atom, text: str, floor: int) -> bool:
    """Whether two atoms are the ends of one range."""
    if two.start - one.end > 10 or one.last or two.last or not _JOINT.fullmatch(text, one.end, two.start):
        return False
    joint = text[one.end : two.start].strip().split(" ")[0]
    lead = _LEAD.search(text, max(floor, one.start - 14), one.start)
    calendar = one.days is None and two.days is None
    if joint in ("-", "–", "—"):
        return one.precision == two.precision and (calendar or (one.month == two.month and one.end + 1 == two.start))
    if lead is None:
        return calendar and one.day is not None and two.day is not None and joint in ("to", "through")
    return (joint == "and") == lead[1].casefold().endswith("between")


def _extend(atom: Atom, last: Atom, text: str, floor: int, end: int) -> None:
    """Widen an expression by the words around it that tell a part of it."""
    window = max(floor, atom.start - 40)
    if (atom is not last or atom.last) and (lead := _LEAD.search(text, window, atom.start)):
        atom.start = lead.start()
    if (atom.month and not atom.day) or (atom.precision == "year" and atom.year):
        if part := _PART_OF.search(text, window, atom.start):
            atom.start, atom.part = part.start(), _PARTS[part[1].casefold()]
        elif atom.month and not atom.part and (week := _WEEK_OF.search(text, window, atom.start)):
            atom.start, atom.week, atom.precision = week.start(), _WEEKS[week[1].casefold()], "week"
    if atom.day and not atom.last and atom is last and (week := _WEEK_WITH.search(text, window, atom.start)):
        atom.start, atom.precision = week.start(), "week"
    if atom.precision == "day":
        if part := _DAY_PART.search(text, window, atom.start):
            atom.start = part.start()
        if part := _DAYTIME.match(text, last.end, end):
            last.end = part.end()


def _resolve(
    atom: Atom, other: Atom | None, setting: Setting, anchor: date | None
) -> tuple[DateExpression, date | None]:
    """An expression with the days it stands for, and the last full date of the paragraph."""
    days, inferred = _days(atom, setting, anchor)
    if atom.month is not None and days.last is not None and not inferred:
        anchor = days.last
    end = atom.end
    if other is not None:
        until, also = _days(other, setting, days.last if not inferred and days.last else anchor)
        end, inferred = other.end, inferred or also
        if days.first is not None and atom.month is None and atom.weekday is not None and other.weekday is not None:
            # "the night of Monday to Tuesday"
            until = spans.one(spans.shift(days.first, (other.weekday - atom.weekday) % 7))
        days = Days(days.first, until.last, until.precision)
        if days.first is None or days.last is None or days.first > days.last:
            days, inferred = spans.unknown(until.precision), False
        elif other.month is not None and not inferred:
            anchor = days.last
    return DateExpression(atom.start, end, days.first, days.last, days.precision, inferred), anchor


def _days(atom: Atom, setting: Setting, anchor: date | None) -> tuple[Days, bool]:
    """The days of an atom, and whether that of publication was needed."""
    if atom.days is not None:
        return atom.days, atom.inferred
    year, inferred = atom.year, atom.inferred
    if year is None and atom.month is not None:
        if setting.published is not None:
            year, inferred = _year(atom, setting, setting.published), True
        elif anchor is not None and atom.month >= anchor.month and atom.rel is None:
            year = anchor.year
    if year is None:
        return spans.unknown(atom.precision), False
    if atom.month is None:
        return spans.of_year(year, atom.part), inferred
    if atom.week is not None:
        return spans.of_month_week(year, atom.month, atom.week), inferred
    if atom.day is None:
        return spans.of_month(year, atom.month, atom.part), inferred
    first, last = spans.make(year, atom.month, atom.day), spans.make(year, atom.month, atom.last or atom.day)
    if first is None or last is None or first > last:
        return spans.unknown("day"), False
    return spans.of_week(first) if atom.precision == "week" else Days(first, last, "day"), inferred


def _year(atom: Atom, setting: Setting, published: date) -> int:
    """The year of a month, or of a day of it, seen from the day of publication."""
    month, day = atom.month or 1, atom.day or 0
    if atom.rel == "last":
        return published.year if month < published.month else published.year - 1
    if atom.rel == "next":
        return published.year if month > published.month else published.year + 1
    if atom.rel == "this":
        return published.year
    year = spans.nearest_year(published, month, day, setting.tense(atom.start, atom.end))
    if (month, day) == (2, 29) and spans.make(year, month, day) is None:
        return next((y for y in (year + 1, year - 1) if spans.make(y, month, day)), year)
    if atom.weekday is not None and day:
        # "Saturday, April 27": the weekday tells which of the two years it is
        fitting = [
            y for y in (year, year - 1, year + 1) if (d := spans.make(y, month, day)) and d.weekday() == atom.weekday
        ]
        return fitting[0] if fitting else year
    return year
