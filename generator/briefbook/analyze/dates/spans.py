"""From words of the calendar to the days they stand for: pure arithmetic, no text.

Weeks are Monday to Sunday (ISO 8601). Seasons are the meteorological ones of the northern hemisphere, a winter that of
its December. "Early", "mid" and "late" are thirds of a month, year or decade. What would leave the years 1 to 9999 is
not told.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal, NamedTuple

from briefbook.model import Precision

Part = Literal["early", "mid", "late", "first half", "second half"]
"""Which part of a month, year or decade is meant."""
Tense = Literal["past", "future", "open", "near"]
"""Where a day without year or week lies, seen from the day of publication: open where no word says it, near where it
may as well be the coming one ("by spring")."""

LONG_AGO = 270
"""In days, about nine months. News leaves out the year where it is the current one (The Associated Press Stylebook,
"months"), so a day or month without year that would lie longer ago than this is rather the coming one."""
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month each season begins with."""


class Days(NamedTuple):
    """The first and last day of a time, both included; None where it is not told."""

    first: date | None
    last: date | None
    precision: Precision


def unknown(precision: Precision) -> Days:
    """A time that the words do not tell."""
    return Days(None, None, precision)


def one(day: date | None, precision: Precision = "day") -> Days:
    """A single day."""
    return Days(day, day, precision)


def make(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def shift(day: date, days: int) -> date | None:
    """The day so many days later."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _months(year: int, month: int, count: int, precision: Precision) -> Days:
    """`count` whole months from a month on; `month` may lie beyond December."""
    first, last = (12 * year + month - 1, 12 * year + month + count - 2)
    if not (first >= 12 and last < 12 * 10_000):
        return unknown(precision)
    year, month = divmod(last, 12)
    return Days(date(first // 12, first % 12 + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1]), precision)


def of_month(year: int, month: int, part: Part | None = None) -> Days:
    """A month, or a part of it."""
    whole = _months(year, month, 1, "month")
    if whole.first is None or whole.last is None or part is None:
        return whole
    bounds = {"early": (1, 10), "mid": (11, 20), "late": (21, 31), "first half": (1, 15), "second half": (16, 31)}
    first, last = bounds[part]
    return Days(whole.first.replace(day=first), whole.first.replace(day=min(last, whole.last.day)), "month")


def of_year(year: int, part: Part | None = None) -> Days:
    """A year, or a part of it."""
    bounds = {"early": (1, 4), "mid": (5, 4), "late": (9, 4), "first half": (1, 6), "second half": (7, 6)}
    first, count = bounds[part] if part else (1, 12)
    return _months(year, first, count, "year")


def of_season(name: str, year: int) -> Days:
    """A season of a year, a winter from its December on."""
    return _months(year, SEASONS[name], 3, "season")


def of_decade(year: int, part: Part | None = None) -> Days:
    """The ten years that begin with a year, or a part of them."""
    bounds = {"early": (0, 4), "mid": (4, 3), "late": (7, 3), "first half": (0, 5), "second half": (5, 5)}
    first, count = bounds[part] if part else (0, 10)
    return _months(year + first, 1, 12 * count, "decade")


def of_century(number: int) -> Days:
    """The nth century, as historians count: the first begins with year 1."""
    return _months(100 * (number - 1) + 1, 1, 1200, "century")


def of_week(day: date, weeks: int = 0) -> Days:
    """The week of a day, or one so many weeks later."""
    first, last = (shift(day, 7 * weeks - day.weekday() + offset) for offset in (0, 6))
    return unknown("week") if first is None or last is None else Days(first, last, "week")


def of_month_week(year: int, month: int, week: int) -> Days:
    """The nth seven days of a month; the last seven where `week` is 0."""
    whole = of_month(year, month)
    if whole.first is None or whole.last is None:
        return unknown("week")
    first = whole.last - timedelta(6) if week == 0 else whole.first + timedelta(7 * week - 7)
    return Days(first, min(first + timedelta(6), whole.last), "week")


def of_weekend(day: date, weeks: int = 0) -> Days:
    """Saturday and Sunday of the week of a day, or of one so many weeks later."""
    week = of_week(day, weeks)
    return unknown("day") if week.last is None else Days(week.last - timedelta(1), week.last, "day")


def unit(day: date, name: str, count: int, part: Part | None = None) -> Days:
    """The day, week, month, year or decade so many of them after that of `day`."""
    if name == "day":
        return one(shift(day, count))
    if name == "week":
        return of_week(day, count)
    if name == "weekend":
        return of_weekend(day, count)
    if name == "month":
        return of_month(day.year, day.month + count, part)
    if name == "year":
        return of_year(day.year + count, part)
    if name == "decade":
        return of_decade(day.year - day.year % 10 + 10 * count, part)
    return of_century((day.year - 1) // 100 + 1 + count)


def stretch(day: date, name: str, count: int) -> Days:
    """The days from so many units before `day` up to it, or, where `count` is positive, from it on."""
    precision: Precision = "decade" if name == "decade" else "year" if name == "year" else "month"
    if name in ("day", "week"):
        precision = "day" if name == "day" else "week"
        other = shift(day, count * (7 if name == "week" else 1))
    else:
        year, month = divmod(12 * day.year + day.month - 1 + count * {"month": 1, "year": 12}.get(name, 120), 12)
        other = make(year, month + 1, min(day.day, monthrange(year, month + 1)[1])) if 0 < year < 10_000 else None
    if other is None:
        return unknown(precision)
    return Days(min(day, other), max(day, other), precision)


def nearest_weekday(day: date, weekday: int, tense: Tense) -> date | None:
    """The last such weekday up to `day`, `day` among them; the coming one where the tense is future.

    News names days by their weekday within seven days before or after (The Associated Press Stylebook, "time element"),
    and tells what happened unless it says otherwise.
    """
    if tense == "future":
        return shift(day, (weekday - day.weekday()) % 7)
    return shift(day, -((day.weekday() - weekday) % 7))


def nearest_year(day: date, month: int, of: int, tense: Tense) -> int:
    """The year of a month (`of` 0) or day of a month without year, seen from `day`."""
    past = day.year if (month, of) <= (day.month, day.day if of else 0) else day.year - 1
    if tense == "future":
        return past if (month, of) == (day.month, day.day if of else 0) else past + 1
    then, coming = make(past, month, min(of or 15, 28)), make(past + 1, month, min(of or 15, 28))
    if then is None or coming is None:
        return past
    if tense == "near":
        return past + 1 if coming - day < day - then else past
    return past + 1 if (of or tense == "open") and (day - then).days > LONG_AGO else past
