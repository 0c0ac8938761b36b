"""The general lists of the package (`data/*.yml`): countries, peoples, calendar, titles, formations, role words.

No list holds the names of an article; each is read once per process and never changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from anyascii import anyascii

from briefbook.model import KINDS, Kind, StatementKind

_SPELLED_AS_WORD = 3
"""Acronyms of more letters than this are written as a word too ("Nato")."""
_SHORTEST_STEM = 4
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Countries:
    """Countries by every name they go by, and the words for their people.

    `canonical` maps a name or abbreviation, exactly as written, to the country's own name; `people` maps an adjective
    or noun ("Danish", "Danes") to the country.
    """

    canonical: dict[str, str]
    people: dict[str, str]


@dataclass(frozen=True, slots=True)
class Formations:
    """Words of military formations, lower case."""

    heads: frozenset[str]
    groups: tuple[tuple[str, ...], ...]
    branches: frozenset[str]
    spellings: dict[str, str]
    weak: frozenset[str]
    ordinals: dict[str, int]


@dataclass(frozen=True, slots=True)
class Titles:
    """Words that stand before a person's name and are no part of it, lower case, without stops."""

    honorifics: frozenset[str]
    ranks: frozenset[str]
    offices: frozenset[str]
    modifiers: frozenset[str]
    after: frozenset[str]
    """Letters behind a name, upper case ("QC")."""
    given_names: frozenset[str]
    surnames: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every word that may stand in a title."""
        return self.honorifics | self.ranks | self.offices | self.modifiers


@dataclass(frozen=True, slots=True)
class Quantities:
    """Words of quantities, lower case (currency codes as written); `quantities.yml` says what each list is for."""

    ones: dict[str, int]
    tens: dict[str, int]
    scales: dict[str, float]
    suffixes: dict[str, float]
    fractions: dict[str, float]
    counted: dict[str, int]
    vague: frozenset[str]
    relations: dict[str, tuple[str, ...]]
    behind: dict[str, tuple[str, ...]]
    places: frozenset[str]
    units: frozenset[str]
    spans: frozenset[str]
    unit_words: frozenset[str]
    currencies: frozenset[str]
    currency_codes: frozenset[str]
    fates: frozenset[str]
    joints: frozenset[str]
    stops: frozenset[str]


@cache
def _load(name: str) -> Any:
    return yaml.safe_load((DATA / f"{name}.yml").read_text(encoding="utf-8"))


@cache
def countries() -> Countries:
    """The list of countries (`countries.yml`)."""
    canonical: dict[str, str] = {}
    people: dict[str, str] = {}
    for name, row in _load("countries").items():
        for form in (name, *row.get("also", ())):
            canonical[form] = name
            canonical.setdefault(form.upper(), name)
        for word in row.get("people", ()):
            people[word] = name
            people.setdefault(f"{word}s", name)
    return Countries(canonical, people)


@cache
def peoples() -> frozenset[str]:
    """Words for peoples, faiths, languages and parts of the world, those of the countries included."""
    words = _load("peoples")["peoples"]
    return frozenset(words) | {f"{word}s" for word in words} | frozenset(countries().people)


@cache
def calendar() -> frozenset[str]:
    """Weekdays, months, their short forms, seasons and time zones, as written (short forms with a stop too)."""
    lists = _load("calendar")
    words = {word for key in ("weekdays", "months", "short", "seasons", "clock") for word in lists[key]}
    return frozenset(words | {f"{word}s" for word in lists["weekdays"]} | {f"{word}." for word in lists["short"]})


@cache
def acronyms() -> dict[tuple[Kind, str], str]:
    """(kind, acronym or other short form) -> full name, of bodies known everywhere (`acronyms.yml`)."""
    table: dict[tuple[Kind, str], str] = {}
    for kind in KINDS:
        for name, short in _load("acronyms").get(kind, {}).items():
            table[kind, name] = name
            for form in short:
                table[kind, form] = name
                if form.isalpha() and form.isupper():
                    table[kind, "".join(f"{letter}." for letter in form)] = name
                    if len(form) > _SPELLED_AS_WORD:
                        table[kind, form.capitalize()] = name
    return table


@cache
def formations() -> Formations:
    """The words of military formations (`formations.yml`)."""
    lists = _load("formations")
    return Formations(
        heads=frozenset(lists["formations"]),
        groups=tuple(tuple(group.split()) for group in lists["groups"]),
        branches=frozenset(lists["branches"]),
        spellings=lists["spellings"],
        weak=frozenset(lists["weak"]),
        ordinals=lists["ordinals"],
    )


@cache
def titles() -> Titles:
    """The words of titles (`titles.yml`)."""
    lists = _load("titles")
    return Titles(
        *(
            frozenset(lists[key])
            for key in ("honorifics", "ranks", "offices", "modifiers", "after", "given_names", "surnames")
        )
    )


@cache
def role_words() -> dict[Kind, frozenset[str]]:
    """The head nouns of roles, by the kind of entity they are said of (`role_words.yml`)."""
    lists = _load("role_words")
    return {kind: frozenset(lists[kind]) for kind in KINDS if kind in lists}


@cache
def generic_names() -> frozenset[str]:
    """Folded words of which names are made that many bodies and places share (`generic_names.yml`)."""
    return frozenset(_load("generic_names")["words"])


@cache
def spellings() -> dict[str, str]:
    """One spelling for words of bodies that have two, folded (`generic_names.yml`)."""
    table: dict[str, str] = _load("generic_names")["spellings"]
    return table


@cache
def posts() -> frozenset[str]:
    """Folded words for a country's posts in others, of which it has many of one name (`generic_names.yml`)."""
    return frozenset(_load("generic_names")["posts"])


@cache
def body_tails() -> frozenset[str]:
    """Folded words at the end of a body's name that its short form leaves out (`generic_names.yml`)."""
    return frozenset(_load("generic_names")["tails"])


@cache
def clause_words() -> frozenset[str]:
    """Words that begin a clause of its own and so end a phrase (`role_words.yml`)."""
    return frozenset(_load("role_words")["clause"])


@cache
def prepositions() -> frozenset[str]:
    """Words behind the head noun of a phrase (`role_words.yml`)."""
    return frozenset(_load("role_words")["prepositions"])


@cache
def speakers() -> dict[str, frozenset[str]]:
    """The words by which it is told who a source is (`speakers.yml`), by what they are."""
    return {name: frozenset(words) for name, words in _load("speakers").items()}


@cache
def statement_kinds() -> dict[StatementKind, frozenset[str]]:
    """The cues that tell what kind of statement they bring (`statements.yml`)."""
    table: dict[StatementKind, list[str]] = _load("statements")
    return {kind: frozenset(cues) for kind, cues in table.items()}


@cache
def kinship() -> frozenset[str]:
    """Words of kinship, lower case (`role_words.yml`)."""
    return frozenset(_load("role_words")["kinship"])


@cache
def lead_words() -> frozenset[str]:
    """Words that may stand before an apposition's article (`role_words.yml`)."""
    return frozenset(_load("role_words")["lead"])


@cache
def _heads() -> tuple[dict[str, Kind], dict[str, Kind]]:
    lists = _load("kind_heads")
    last, first = ({word: kind for kind in KINDS for word in lists[place].get(kind, ())} for place in ("last", "first"))
    return last, first


def kind_of_first(word: str) -> Kind | None:
    """The kind of a name that begins with a word ("Hurricane"), if the word says it (`kind_heads.yml`)."""
    return _heads()[1].get(word.casefold().replace(".", ""))


def kind_of_head(name: str) -> Kind | None:
    """The kind that a name of several words gives itself by its first word, its last, or the one before "of", "for",
    "on" (`kind_heads.yml`)."""
    words = name.casefold().split()
    if len(words) < 2:
        return None
    last, _ = _heads()
    end = next((at for at, word in enumerate(words) if at and word in ("of", "for", "on")), len(words))
    head = words[:end]
    return kind_of_first(words[0]) or last.get(head[-1].strip("“”\"'’.,"))


@cache
def loose_words() -> dict[Kind, frozenset[str]]:
    """Words in small letters behind a name that are no part of it, by kind (`kind_heads.yml`)."""
    lists = _load("kind_heads")["loose"]
    return {kind: frozenset(lists[kind]) for kind in KINDS if kind in lists}


@dataclass(frozen=True, slots=True)
class Variants:
    """Words and names in several spellings, folded; a table gives the first form of each group."""

    slavic_given: dict[str, str]
    arabic_given: dict[str, str]
    given_stems: dict[str, str]
    """The Slavic given names without their last vowels, as places are named after them."""
    places: dict[str, str]
    """A folded name of a place -> its first name, as written."""
    place_words: dict[str, str]
    slavic_endings: dict[str, tuple[str, ...]]
    patronymics: tuple[str, ...]
    arabic_words: frozenset[str]


@cache
def variants() -> Variants:
    """The names of two spellings or languages (`variants.yml`)."""
    table = _load("variants")

    def groups(key: str) -> dict[str, str]:
        return {anyascii(form).casefold(): group[0] for group in table[key] for form in group}

    given = groups("slavic_given_names")
    stems = {form.rstrip("aeioyj"): first.rstrip("aeioyj") for form, first in given.items()}
    return Variants(
        slavic_given=given,
        arabic_given=groups("arabic_given_names"),
        given_stems={form: first for form, first in stems.items() if len(form) >= _SHORTEST_STEM},
        places={
            " ".join(anyascii(form).casefold().replace("-", " ").split()): group[0]
            for group in table["places"]
            for form in group
        },
        place_words=groups("place_words"),
        slavic_endings={kind: tuple(endings) for kind, endings in table["slavic_endings"].items()},
        patronymics=tuple(table["patronymics"]),
        arabic_words=frozenset(table["arabic_words"]),
    )


@cache
def quantities() -> Quantities:
    """The words of quantities (`quantities.yml`)."""
    data = _load("quantities")
    frozen = (
        "vague",
        "places",
        "units",
        "spans",
        "unit_words",
        "currencies",
        "currency_codes",
        "fates",
        "joints",
        "stops",
    )
    rows: dict[str, Any] = {key: frozenset(data[key]) for key in frozen}
    phrases: dict[str, Any] = {
        key: {sign: tuple(row) for sign, row in data[key].items()} for key in ("relations", "behind")
    }
    tables: dict[str, Any] = {key: data[key] for key in ("ones", "tens", "scales", "suffixes", "fractions", "counted")}
    return Quantities(**tables, **phrases, **rows)
