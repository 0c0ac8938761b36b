"""The words of date expressions (`data/dates.yml`, `data/calendar.yml`) and the patterns made of them.

Every pattern has bounded repetitions only and begins at a word, so a search is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import yaml

from briefbook import lists


class Words(NamedTuple):
    """Lists of `data/dates.yml`, lower case where they are no names."""

    weekdays: dict[str, int]
    """Monday is 0; short forms too."""
    months: dict[str, int]
    """January is 1; short forms too."""
    numbers: dict[str, int]
    ordinals: dict[str, int]
    feasts: dict[str, tuple[int, int]]
    weekday_names: frozenset[str]
    before_year: frozenset[str]
    before_year_alone: frozenset[str]
    counted: frozenset[str]


class Patterns(NamedTuple):
    """What date expressions look like; the groups say what is in them."""

    trigger: re.Pattern[str]
    """Something that every expression has: a search that saves the others."""
    shapes: tuple[tuple[str, re.Pattern[str]], ...]
    reported: re.Pattern[str]
    future: re.Pattern[str]
    past: re.Pattern[str]


@cache
def _load(name: str) -> Any:
    return yaml.safe_load((lists.DATA / f"{name}.yml").read_text(encoding="utf-8"))


@cache
def words() -> Words:
    """The lists, read once per process."""
    told, calendar = _load("dates"), _load("calendar")
    weekdays, months = calendar["weekdays"], calendar["months"]
    return Words(
        weekdays={form: n for n, day in enumerate(weekdays) for form in (day, *_short(day, calendar["short"]))},
        months={form: n for n, month in enumerate(months, 1) for form in (month, *_short(month, calendar["short"]))},
        numbers=told["numbers"],
        ordinals=told["ordinals"],
        feasts={name.replace("’", "'"): (day[0], day[1]) for name, day in told["feasts"].items()},
        weekday_names=frozenset(told["weekday_names"]),
        before_year=frozenset((*told["before_year"], *told["before_year_alone"])),
        before_year_alone=frozenset(told["before_year_alone"]),
        counted=frozenset(told["counted"]),
    )


def _short(name: str, short: Iterable[str]) -> list[str]:
    return [form for form in short if name.startswith(form) and form != name]


def _any(forms: Iterable[str]) -> str:
    """One of the forms, the longest first."""
    return "|".join(sorted((re.escape(form).replace(r"\ ", " ") for form in forms), key=len, reverse=True))


def _first(forms: Iterable[str]) -> str:
    """One of the forms, the first letter small or a capital."""
    return _any(form for each in forms for form in (each, each.capitalize()))


@cache
def patterns() -> Patterns:
    """The patterns, compiled once per process."""
    told, calendar = _load("dates"), _load("calendar")
    short_days = rf"(?:{_any(form for form in words().weekdays if len(form) < 6)})\.?"
    weekday, full = _any(calendar["weekdays"]), _any(calendar["months"])
    month = rf"(?:{full}|{full.upper()}|(?:{_any(form for form in words().months if len(form) < 5)})\b\.?)"
    day = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\d%])(?!:\d|,\d{3}\b)"
    year = r"(?:1\d{3}|20\d{2})(?![\d%])(?!,\d{3}\b)"
    dash = r"\s?[-–—]\s?"
    season = "spring|summer|autumn|fall|winter|Spring|Summer|Autumn|Fall|Winter"
    unit = "day|week|month|year|decade"
    number = rf"(?:\d{{1,4}}|{_first(told['numbers'])})"
    vague = _first(told["vague"])
    part = "[Ee]arly|[Mm]id|[Ll]ate|[Mm]id-to-late|[Ee]arly-to-mid"
    named = rf"(?:(?P<weekday>{weekday}|{short_days}),?\s(?:the\s)?)?"
    feasts = _any([*told["feasts"], *(name.replace("’", "'") for name in told["feasts"])])
    shapes = {
        "date": (
            rf"{named}(?P<month>{month})\s(?P<day>{day})"
            rf"(?:(?:{dash}|\s(?:to|through)\s|\sand\s(?=\S{{1,4}}(?:[.,;:)]|$)))(?P<last>{day})(?!\s?(?:{month})))?"
            rf"(?:(?:,\s?|\s(?:of\s)?)(?P<year>{year}))?"
        ),
        "day": (
            rf"{named}(?<![.,:/$€£-])(?P<day>{day})(?:(?:{dash}|\s(?:to|and|or|through)\s)(?P<last>{day}))?"
            rf"\s(?:of\s)?(?P<month>{month})(?:,?\s(?P<year>{year}))?(?![\w’'-])"
        ),
        "month": (
            rf"(?:(?P<part>{part})[-\s])?(?P<month>{full})(?:,?\s(?:of\s)?(?P<year>{year})|\sof\s(?P<rel>this|last|next)\syear)?(?!\w)"
        ),
        "short": rf"(?:(?P<part>{part})[-\s])?(?P<month>{month}),?\s(?P<year>{year})",
        "which": (
            r"(?:[Tt]his\spast|(?P<rel>[Ll]ast|[Nn]ext|[Tt]his|[Tt]hat|[Tt]he\s(?:same|following)))"
            rf"\s(?P<month>{full})\b(?!\s\d)"
        ),
        "iso": r"(?<![\w/.-])(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\w-])",
        "numbers": (
            r"(?<![\w/.-])(?P<one>\d{1,2})(?P<sep>[./])(?P<two>\d{1,2})(?P=sep)(?P<year>(?:19|20)\d\d)(?![\w/-])"
        ),
        "weekday": (
            rf"(?:(?P<rel>[Tt]his\spast|[Tt]his\scoming|[Ll]ast|[Nn]ext|[Tt]his|[Pp]ast|[Ee]arlier|[Ll]ater?|[Ee]arly)\s)?"
            rf"(?P<weekday>{weekday})(?![\w’'-]s\s[A-Z])(?!\w)"
            rf"(?:,?\s(?P<date>(?:{month})\s{day}(?:,?\s{year})?))?"
        ),
        "season": (
            rf"(?:(?P<rel>[Tt]his|[Ll]ast|[Nn]ext|[Tt]he|(?:[Tt]he\s)?(?:next|following|previous|same|past|coming))\s)?"
            rf"(?:(?P<part>{part})[-\s])?(?P<season>{season})(?!\w)"
            rf"(?:\s(?:of\s)?(?P<year>{year})(?:[-–/](?P<second>\d{{2,4}}))?)?"
        ),
        "years": (
            rf"(?<![\w,.$€£/-])(?P<part>(?:{part})[-\s])?(?P<year>{year})"
            rf"(?:{dash}(?P<second>(?:{year}|\d\d))(?![\d-]))?(?![\w/]|-\w)"
        ),
        "decade": (
            rf"(?:[Tt]he\s)?(?:(?P<part>{part})[-\s])?(?:(?P<year>(?:1\d|20)\d)0s|['’‘](?P<short>[1-9])0s)(?!\w)"
        ),
        "century": (
            rf"(?:[Tt]he\s)?(?:(?P<part>{part})[-\s])?(?:(?P<number>1\d|2[01]?|[5-9])(?:st|nd|rd|th)|(?P<word>{_any(told['ordinals'])}))"
            r"[-\s][Cc]entury(?!\w)"
        ),
        "deictic": (
            r"(?:(?:[Ll]ate|[Ee]arly)\s(?=y|t))?(?:[Tt]he\sday\s(?:before\syesterday|after\stomorrow)|[Yy]esterday|[Tt]omorrow|[Tt]oday|[Tt]onight|[Ll]ast\snight"
            r"|(?:[Ee]arlier\s|[Ll]ater\s)?[Tt]his\s(?:morning|afternoon|evening))(?!\w)"
        ),
        "current": (
            rf"(?:[Ee]arlier\s|[Ll]ater\s|(?P<part>[Ll]ate|[Ee]arly)\s)?(?:(?P<rel>[Tt]his|[Ll]ast|[Nn]ext)(?:\s(?:past|coming))?"
            rf"|[Tt]he\scurrent)\s(?P<unit>{unit}|weekend|century)(?!\w)"
        ),
        "stretch": (
            rf"(?:[Tt]he\s)(?P<rel>past|last|previous|next|coming)\s(?:(?P<number>{number}|{vague})\s)?"
            rf"(?P<unit>(?:{unit})s?|24\shours|48\shours|72\shours)(?!\w)(?!\sof\b)"
        ),
        "vague": rf"(?:[Tt]he\s)?(?:recent|previous|coming|past)\s(?P<unit>{unit})s(?!\w)",
        "ago": (
            rf"(?:(?P<number>{number}(?:\sand\sa\shalf|-and-a-half)?|{vague})\s)?(?P<unit>{unit}|weekend|{unit.title()})s?\sago"
            rf"(?P<week>\sthis\s(?:week|month)|\stoday)?(?!\w)"
        ),
        "later": (
            rf"(?:(?:{number}|{vague})\s)?(?P<unit>{unit}|{unit.title()})s?\s(?:later|earlier|previously|(?:before|after)(?=[.,;:)]|$))(?!\w)"
        ),
        "within": rf"in\s(?P<number>{number})\s(?P<unit>{unit})s?(?=[.,;:)]|$)",
        "other": (
            rf"(?:(?:[Tt]he|[Tt]hat)\s(?:very\s)?(?:same|next|following|previous|preceding)\s"
            rf"|[Tt]hat\s(?:very\s)?|[Tt]his\s(?=day\b))(?P<unit>{unit}|weekend|night|morning|evening|afternoon)(?!\w)"
            rf"|[Tt]he\s(?P<one>day|night|week|month|year)\s(?:before|after)(?=[.,;:)]|\sin\b|\sat\b|$)"
        ),
        "whole": (
            r"(?:[Tt]he\s(?P<edge>end|beginning|start|middle|first\shalf|second\shalf)\sof\s(?:the|this|(?P<rel>last|next))\s"
            r"(?P<unit>week|month|year|decade|century)|(?P<ends>week|month|year)['’]s\send|(?:[Tt]he\s)?[Ww]eekend)(?!\w)"
        ),
        "nth": r"[Tt]he\s(?P<day>[12]?\d(?:st|nd|rd|th)|3[01](?:st|th))(?=[.,;:)?!]|$)",
        "feast": rf"(?P<feast>{feasts})(?!\w)(?:,?\s(?P<year>{year}))?",
        "movable": rf"(?:{_any(told['movable'])})(?!\w)",
    }
    trigger = (
        rf"\b(?:\d|{weekday}|{full}|{season}|[Tt]o(?:day|night|morrow)|[Yy]esterday|[Ll]ast\snight"
        rf"|[Tt]his\s(?:morning|afternoon|evening)|(?:{unit}|{unit.title()}|[Ww]eekend|century|night)s?\b"
        rf"|{feasts}|{_any(told['movable'])})"
    )
    return Patterns(
        trigger=re.compile(trigger),
        shapes=tuple((name, re.compile(rf"(?<!\w){shape}")) for name, shape in shapes.items()),
        reported=re.compile(rf"\b(?:{_any(told['reporting'])})(?:\s\w+)?\s(?:on\s)?(?:the\s)?(?:late\s|early\s)?\Z"),
        future=re.compile(rf"(?:\b(?:{_any(told['future'])})|['’]ll)(?!\w)", re.IGNORECASE),
        past=re.compile(rf"\b(?:{_any(told['past'])})(?!\w)"),
    )
