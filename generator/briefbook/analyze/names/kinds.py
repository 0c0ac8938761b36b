"""What a name is: one surface has one kind in an article."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from briefbook import forms, lists
from briefbook.analyze.names.page import Page, Reading
from briefbook.display import display_name
from briefbook.model import KINDS, Kind

_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\Z")
_FORMATIONS = frozenset({"army", "battalion", "brigade", "corps", "division", "regiment", "squadron"})


def one_kind(page: Page, readings: Sequence[Reading]) -> list[Reading]:
    """The readings with one kind for each surface.

    It is what the general lists say, else what the head noun of the name says, else that of the long form it is short
    for, else that of most of its readings.
    """
    shown = [display_name(page.text[reading.start : reading.end]) for reading in readings]
    keys = [forms.fold(name) for name in shown]
    votes: dict[str, Counter[Kind]] = defaultdict(Counter)
    for key, reading in zip(keys, readings, strict=True):
        votes[key][reading.kind] += 1
    pairs = list(_in_brackets(page, readings, shown))
    for acronym, long in pairs:
        # brackets say that the two are one: they vote together
        votes[acronym] = votes[long] = votes[acronym] + votes[long]
    kinds: dict[str, Kind] = {key: _most(count) for key, count in votes.items()}
    names = dict(zip(keys, shown, strict=True))
    kinds |= _by_head(names, kinds)
    kinds |= _by_full_name(names, kinds, votes)
    kinds |= _by_storm(names, kinds)
    kinds |= _by_company(names, kinds)
    kinds |= {acronym: kinds[long] for acronym, long in pairs if lists.kind_of_head(names[long])}
    kinds |= _by_unit(names, kinds)
    kinds |= _by_list(names, kinds)
    return [
        reading if reading.kind == kinds[key] else Reading(reading.start, reading.end, kinds[key], "one-reading")
        for reading, key in zip(readings, keys, strict=True)
    ]


def _most(votes: Counter[Kind]) -> Kind:
    return max(votes, key=lambda kind: (votes[kind], -KINDS.index(kind)))


def _by_list(names: Mapping[str, str], kinds: Mapping[str, Kind]) -> Iterator[tuple[str, Kind]]:
    """Countries are places, whatever the recognizer took them for; a person may have a country's name."""
    for key, name in names.items():
        if name in lists.countries().canonical and kinds[key] != "person":
            yield key, "place"


def _by_head(names: Mapping[str, str], kinds: Mapping[str, Kind]) -> Iterator[tuple[str, Kind]]:
    """The kinds of names that say what they are by a word of their own ("... University", "Hurricane ...")."""
    for key, name in names.items():
        kind = lists.kind_of_head(name)
        if kind and not (kind == "organization" and kinds[key] == "unit"):
            yield key, kind


def _in_brackets(page: Page, readings: Sequence[Reading], shown: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The folded acronyms in brackets, each with the folded name it stands behind."""
    for at in range(1, len(readings)):
        gap = page.text[readings[at - 1].end : readings[at].start]
        if gap.strip() in ("(", "(“", '("') and forms.is_acronym(shown[at]) and len(shown[at - 1].split()) > 1:
            yield forms.fold(shown[at]), forms.fold(shown[at - 1])


def _by_full_name(
    names: Mapping[str, str], kinds: Mapping[str, Kind], votes: Mapping[str, Counter[Kind]]
) -> Iterator[tuple[str, Kind]]:
    """The kinds of surnames, by the full names of people that end with them."""
    for key, name in names.items():
        if kinds[key] != "person" or not (last := surname(name)):
            continue
        short = forms.fold(last)
        if short not in kinds or kinds[short] == "person":
            continue
        people = votes[key]["person"] + votes[short]["person"]
        if kinds[short] in ("organization", "event") or votes[short][kinds[short]] <= people:
            yield short, "person"


def _by_unit(names: Mapping[str, str], kinds: Mapping[str, Kind]) -> Iterator[tuple[str, Kind]]:
    """A body with a number and a formation word is a unit; so is one with a unit's nickname and formation word."""
    parts = {key: forms.formation(name) for key, name in names.items() if kinds[key] in ("unit", "organization")}
    known = {(part.nick, part.head) for key, part in parts.items() if kinds[key] == "unit" and part.nick and part.head}
    for key, part in parts.items():
        if (part.number and part.head in _FORMATIONS) or (part.nick, part.head) in known:
            yield key, "unit"
    short = {" ".join(nick) for nick, _ in known}
    short |= {part.number for key, part in parts.items() if kinds[key] == "unit" and part.number and part.head}
    for key in names:
        # a nickname or number alone is its unit, unless it is a place that the unit is named after
        if kinds[key] != "place" and _ORDINAL.sub("", key) in short:
            yield key, "unit"


def _by_storm(names: Mapping[str, str], kinds: Mapping[str, Kind]) -> Iterator[tuple[str, Kind]]:
    """The kinds of names of two words whose first says what they are ("Hurricane Odile"), for the second alone."""
    for name in names.values():
        first, _, rest = name.partition(" ")
        kind = lists.kind_of_first(first)
        if kind and forms.fold(rest) in kinds:
            yield forms.fold(rest), kind


def _by_company(names: Mapping[str, str], kinds: Mapping[str, Kind]) -> Iterator[tuple[str, Kind]]:
    """A name read as a person's is the body's whose long form only adds "Company" and the like."""
    for key in names:
        head, _, rest = key.partition(" ")
        read = kinds[key] == "organization" and kinds.get(head) == "person"
        if rest and read and set(rest.split()) <= lists.body_tails():
            yield head, "organization"


def surname(name: str) -> str:
    """The last word of a full name, Jr. and the like left out; empty where it cannot stand alone."""
    words = [word for word in name.split() if word.rstrip(".") not in ("Jr", "Sr", "II", "III", "IV")]
    if len(words) < 2 or len(words[-1]) < 3 or not (words[-1][0].isupper() or "-" in words[-1][:4]):
        return ""
    return words[-1]
