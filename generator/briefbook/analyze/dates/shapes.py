"""What each shape of date expression tells: a match of a pattern -> an atom, or nothing where it is no date."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from briefbook.analyze.dates import spans
from briefbook.analyze.dates.atoms import Atom, Setting
from briefbook.analyze.dates.spans import Days, Part
from briefbook.analyze.dates.words import patterns, words
from briefbook.model import Precision

_WORD = re.compile(r"([^\W_][\w’'-]*)\W?\Z")


Read = Callable[[re.Match[str], Setting], Atom | None]


def _part(told: str | None) -> Part | None:
    if told is None:
        return None
    word = told.strip(" -").casefold()
    return cast(Part, {"mid-to-late": "second half", "early-to-mid": "first half"}.get(word, word))


def _number(told: str | None) -> int | None:
    """A counted number, None where nobody can count from it."""
    if told is None:
        return 1
    return int(told) if told.isdigit() else words().numbers.get(told.casefold())


def _told(match: re.Match[str], days: Days, inferred: bool) -> Atom:
    return Atom(*match.span(), days.precision, days, inferred and days.first is not None)


def _day_number(told: str | None) -> int | None:
    return int(told.rstrip("stndrh")) if told else None


def _month(told: str) -> int:
    form = told.rstrip(".")
    return words().months.get(form) or words().months[form.capitalize()]


def _weekday(told: str | None) -> int | None:
    return words().weekdays[told.rstrip(".")] if told else None


def _calendar(match: re.Match[str], _: Setting) -> Atom | None:
    """A day of a month, or several, with or without year and weekday."""
    told = match.groupdict()
    return Atom(
        *match.span(),
        "day",
        year=int(told["year"]) if told["year"] else None,
        month=int(told["month"]) if told["month"].isdigit() else _month(told["month"]),
        day=_day_number(told["day"]),
        last=_day_number(told.get("last")),
        weekday=_weekday(told.get("weekday")),
    )


def _of_month(match: re.Match[str], setting: Setting) -> Atom | None:
    """A month, alone or with its year."""
    told = match.groupdict()
    year, rel, part = told["year"], told.get("rel"), _part(told.get("part"))
    name = told["month"].rstrip(".")
    if not year and not rel and not part and not _is_month(match, setting, name):
        return None
    end = match.end("month") if not year and told["month"].endswith(".") else match.end()
    if told.get("rel") and "of" in match[0] and setting.published is not None:
        turn = {"this": 0, "last": -1, "next": 1}[told["rel"]]
        days = spans.of_month(setting.published.year + turn, _month(name), part)
        return _told(match, days, True)
    return Atom(match.start(), end, "month", year=int(year) if year else None, month=_month(name), part=part, rel=rel)


def _is_month(match: re.Match[str], setting: Setting, name: str) -> bool:
    """Whether a bare month is one: "May" and "March" only behind a word that a month follows, none before a name."""
    before = _WORD.search(setting.text[max(setting.start, match.start() - 20) : match.start()])
    word = before[1].casefold() if before else ""
    behind = setting.text[match.end() : match.end() + 2]
    if behind[:1] == " " and behind[1:].isupper() and word not in words().before_year:
        return False
    return name not in ("May", "March") or word in words().before_year or word in ("last", "next", "this", "every", "a")


def _which(match: re.Match[str], _: Setting) -> Atom | None:
    rel = (match["rel"] or "last").casefold()
    if rel not in ("last", "next", "this"):
        return _told(match, spans.unknown("month"), False)
    return Atom(*match.span(), "month", month=_month(match["month"]), rel=rel)


def _numeric(match: re.Match[str], _: Setting) -> Atom | None:
    """Day and month in numbers; which is which is told only with a stop between, or where one is above twelve."""
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    if match["sep"] == "." or one > 12:
        day = spans.make(year, two, one)
    elif two > 12 or one == two:
        day = spans.make(year, one, two)
    else:
        return _told(match, spans.unknown("day"), False)
    return _told(match, spans.one(day), False) if day else None


def _of_weekday(match: re.Match[str], setting: Setting) -> Atom | None:
    before = _WORD.search(setting.text[max(setting.start, match.start() - 14) : match.start()])
    if before and before[1].casefold() in words().weekday_names:
        return None
    if match["date"]:
        # "next Wednesday, July 31": the date tells more
        inner = patterns_by_name()["date"].match(setting.text, match.start("date"), match.end())
        atom = _calendar(inner, setting) if inner else None
        if atom is not None:
            atom.start, atom.weekday = match.start(), _weekday(match["weekday"])
        return atom
    rel = (match["rel"] or "").casefold()
    start = match.start("weekday") if rel == "past" else match.start()
    day, number = setting.published, words().weekdays[match["weekday"]]
    if day is None:
        return Atom(start, match.end(), "day", spans.unknown("day"), weekday=number)
    if rel == "next":
        near = spans.nearest_weekday(day, number, "future")
        if near == day:
            near = spans.shift(day, 7)
        # said early in the week, "next Friday" may be of this week or the next
        found = near if near is not None and near.isocalendar()[:2] != day.isocalendar()[:2] else None
    elif rel in ("last", "this past"):
        found = spans.shift(spans.nearest_weekday(day, number, "past") or day, -7 if day.weekday() == number else 0)
    elif rel in ("this", "this coming"):
        found = spans.nearest_weekday(day, number, "future")
    else:
        found = spans.nearest_weekday(day, number, setting.tense(start, match.end()))
    return Atom(start, match.end(), "day", spans.one(found), found is not None, weekday=number)


def _of_season(match: re.Match[str], setting: Setting) -> Atom | None:
    name, rel = match["season"].casefold(), (match["rel"] or "").casefold()
    if match["year"]:
        year = int(match["year"])
        if name == "winter" and not match["second"]:
            return Atom(*match.span(), "season", spans.unknown("season"))
        return Atom(*match.span(), "season", spans.of_season(name, year))
    before = _WORD.search(setting.text[max(setting.start, match.start() - 14) : match.start()])
    word = before[1].casefold() if before else ""
    behind = setting.text[match.end() : match.end() + 4]
    if name == "fall" and rel not in ("this", "last", "next"):
        return None
    if rel == "the" and (
        (word not in words().before_year and word not in ("over", "that", "into")) or behind == " of "
    ):
        return None
    if not rel and not match["part"] and word not in ("before", "by", "since", "until", "till", "after", "through"):
        return None
    day = setting.published
    if day is None or rel not in ("", "this", "last", "next", "the", "the past", "the coming", "past", "coming"):
        return Atom(*match.span(), "season", spans.unknown("season"))
    begins = spans.SEASONS[name]
    if rel in ("last", "past", "the past"):
        ended = [
            y for y in (day.year, day.year - 1, day.year - 2) if (end := spans.of_season(name, y).last) and end < day
        ]
        year = ended[0] if ended else day.year
    elif rel in ("next", "coming", "the coming"):
        year = day.year if day.month < begins else day.year + 1
    elif rel == "this":
        year = day.year - 1 if name == "winter" and day.month < 6 else day.year
    else:
        year = spans.nearest_year(day, begins, 0, setting.tense(match.start(), match.end()))
    return _told(match, spans.of_season(name, year), True)


def _of_years(match: re.Match[str], setting: Setting) -> Atom | None:
    """A year or a range of years, where the words around a number say that it is one."""
    part, year, second = _part(match["part"]), int(match["year"]), match["second"]
    text = setting.text
    before = text[max(setting.start, match.start() - 24) : match.start()]
    word = _WORD.search(before)
    head = word[1].casefold() if word and before.endswith((" ", "(")) else ""
    behind = _following(text, match.end(), setting.end)
    if behind.casefold() in words().counted or (part is None and not _is_year(year, head, before, behind)):
        return None
    if second:
        last = int(second) if len(second) == 4 else year - year % 100 + int(second)
        first_days, last_days = spans.of_year(year), spans.of_year(last)
        return _told(match, Days(first_days.first, last_days.last, "year"), False) if last > year else None
    return Atom(*match.span(), "year", year=year, part=part)


def _following(text: str, at: int, end: int) -> str:
    match = re.compile(r"\s([^\W_][\w’-]*)").match(text, at, end)
    return match[1] if match else ""


def _is_year(year: int, head: str, before: str, behind: str) -> bool:
    if before.endswith("("):
        return year >= 1000 and not behind
    if head in words().before_year and (head in words().before_year_alone or not behind[:1].isupper()):
        return 1900 <= year < 2050 or (
            head in ("in", "since", "circa", "until", "before", "after") and not behind[:1].isdigit()
        )
    # before a noun ("the 1973 building"), not in a name ("the 2019 Nobel Prize")
    determined = head in ("the", "a", "an", "his", "her", "its", "their", "that") or head.endswith(("’s", "'s"))
    return determined and 1900 <= year < 2050 and behind[:1].islower()


def _of_decade(match: re.Match[str], _: Setting) -> Atom | None:
    year = 10 * int(match["year"]) if match["year"] else 1900 + 10 * int(match["short"])
    return _told(match, spans.of_decade(year, _part(match["part"])), False)


def _of_century(match: re.Match[str], _: Setting) -> Atom | None:
    number = int(match["number"]) if match["number"] else words().ordinals[match["word"]]
    return _told(match, spans.of_century(number), False)


def _deictic(match: re.Match[str], setting: Setting) -> Atom | None:
    told = match[0].casefold().removeprefix("late ").removeprefix("early ")
    if told == "today" and re.compile(r"['’]s\s\w+[^\Ws]s\b").match(setting.text, match.end()):
        # "today's leaders": nowadays
        return None
    if setting.published is None or setting.quoted(match.start()):
        return _told(match, spans.unknown("day"), False)
    back = {
        "yesterday": -1,
        "last night": -1,
        "tomorrow": 1,
        "the day before yesterday": -2,
        "the day after tomorrow": 2,
    }
    return _told(match, spans.one(spans.shift(setting.published, back.get(told, 0))), True)


def _current(match: re.Match[str], setting: Setting) -> Atom | None:
    """This, last or next week, month, year."""
    name, rel = match["unit"], (match["rel"] or "this").casefold()
    precision: Precision = "day" if name in ("weekend", "day") else cast(Precision, name)
    if (rel == "this" and name == "day") or setting.published is None:
        return _told(match, spans.unknown(precision), False)
    if name in ("day", "week", "weekend") and setting.quoted(match.start()):
        return _told(match, spans.unknown(precision), False)
    day = setting.published
    count = {"this": 0, "last": -1, "next": 1}[rel]
    return _told(match, spans.unit(day, name, count, _part(match["part"])), True)


def _stretch(match: re.Match[str], setting: Setting) -> Atom | None:
    """The past day, the last three weeks, the coming months."""
    name, number = match["unit"], _number(match["number"])
    if name.endswith("hours"):
        name, number = "day", int(name[:2]) // 24
    name = name.rstrip("s")
    known = number is not None and not (match["unit"].endswith("s") and match["number"] is None and name != "day")
    if match["unit"] == "days" and match["number"] is None:
        known = False
    rel = match["rel"]
    if rel == "previous" or (rel == "next" and (match["number"] is None or setting.tense(*match.span()) != "future")):
        known = False
    if setting.published is None or setting.quoted(match.start()) or not known or number is None:
        return _told(match, spans.unknown(cast(Precision, name)), False)
    sign = 1 if rel in ("next", "coming") else -1
    return _told(match, spans.stretch(setting.published, name, sign * number), True)


def _vague(match: re.Match[str], _: Setting) -> Atom | None:
    """Another day of the text, or a number that nobody can count from: an expression, but not told."""
    told = match.groupdict()
    name = (told.get("unit") or told.get("one") or "day").casefold()
    day = name in ("day", "weekend", "night", "morning", "evening", "afternoon")
    return _told(match, spans.unknown("day" if day else cast(Precision, name)), False)


def _ago(match: re.Match[str], setting: Setting) -> Atom | None:
    name = match["unit"].casefold()
    number = _number(match["number"]) if match["number"] else None
    precision = cast(Precision, "day" if name == "weekend" else name)
    if setting.published is None or number is None or name == "decade":
        return _told(match, spans.unknown(precision), False)
    if name in ("day", "week", "weekend") and setting.quoted(match.start()):
        return _told(match, spans.unknown(precision), False)
    if match["week"] and name == "year":
        then = spans.stretch(setting.published, name, -number).first
        found = (
            spans.unknown("day")
            if then is None
            else {"w": spans.of_week(then), "m": spans.of_month(then.year, then.month), "d": spans.one(then)}[
                match["week"].split()[-1][0].replace("t", "d")
            ]
        )
        return _told(match, found, True)
    return _told(match, spans.unit(setting.published, name, -number), True)


def _within(match: re.Match[str], setting: Setting) -> Atom | None:
    """In two months: a date only where the clause is about the future, or it is how long something took."""
    before = setting.text[max(setting.start, match.start() - 40) : match.start()]
    future = patterns().future.search(before) or re.search(r"\bdue\b", before)
    number = _number(match["number"])
    if not future or number is None:
        return None
    if setting.published is None:
        return _told(match, spans.unknown(cast(Precision, match["unit"])), False)
    return _told(match, spans.unit(setting.published, match["unit"], number), True)


def _whole(match: re.Match[str], setting: Setting) -> Atom | None:
    """The end of the month, year's end, the weekend."""
    name = match["unit"] or match["ends"]
    day = setting.published
    if name is None:
        if day is None:
            return _told(match, spans.unknown("day"), False)
        week = -1 if day.weekday() < 5 and setting.tense(*match.span()) != "future" else 0
        return _told(match, spans.of_weekend(day, week), True)
    if day is None:
        return _told(match, spans.unknown(cast(Precision, name)), False)
    edges: dict[str | None, Part] = {
        "beginning": "early",
        "start": "early",
        "middle": "mid",
        "first half": "first half",
    }
    part = edges.get(match["edge"], "second half" if match["edge"] == "second half" else "late")
    turn = {"last": -1, "next": 1}.get(match["rel"] or "", 0)
    return _told(match, spans.unit(day, name, turn, part), True)


def _nth(match: re.Match[str], setting: Setting) -> Atom | None:
    """The 21st, behind a word that a day follows."""
    before = _WORD.search(setting.text[max(setting.start, match.start() - 14) : match.start()])
    if not before or before[1].casefold() not in ("on", "now", "until", "till", "by", "before", "after", "since"):
        return None
    day, number = setting.published, _day_number(match["day"])
    if day is None or number is None:
        return _told(match, spans.unknown("day"), False)
    month = 12 * day.year + day.month - 1 - (number > day.day)
    return _told(match, spans.one(spans.make(month // 12, month % 12 + 1, number)), True)


def _feast(match: re.Match[str], _: Setting) -> Atom | None:
    month, day = words().feasts[match["feast"].replace("’", "'")]
    year = int(match["year"]) if match["year"] else None
    return Atom(*match.span(), "day", year=year, month=month, day=day)


def patterns_by_name() -> dict[str, re.Pattern[str]]:
    """The shapes by their names."""
    return dict(patterns().shapes)


READ: dict[str, Read] = {
    "date": _calendar,
    "day": _calendar,
    "iso": _calendar,
    "month": _of_month,
    "short": _of_month,
    "which": _which,
    "numbers": _numeric,
    "weekday": _of_weekday,
    "season": _of_season,
    "years": _of_years,
    "decade": _of_decade,
    "century": _of_century,
    "deictic": _deictic,
    "current": _current,
    "stretch": _stretch,
    "vague": _vague,
    "ago": _ago,
    "later": _vague,
    "within": _within,
    "other": _vague,
    "whole": _whole,
    "nth": _nth,
    "feast": _feast,
    "movable": _vague,
}
"""How each shape of `words.patterns` is read."""
