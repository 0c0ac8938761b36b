"""How two forms of a name are compared: folded words, units by number, nickname and formation word, acronyms.

Used within an article and across articles alike; pure, and general lists are all it knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from briefbook import lists
from briefbook.model import Kind

_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ‘`´ʹ′", "'"))
_MARKS = str.maketrans(
    {
        **dict.fromkeys("’ʼ‘`´ʹ′", "'"),
        **dict.fromkeys('‐‑‒–—−-“”„‟«»‹›"(),', " "),
        **dict.fromkeys("ьЬъЪ", ""),
    }
)
_LOOSE_QUOTE = re.compile(r"(?<!\w)'|'(?!\w)")
_INITIALISM = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b|\s|$)")
_QUOTES = re.compile(r"[“”„«»\"]")
_ORDINAL = re.compile(r"(\d+)(?:-?(?:st|nd|rd|th))?")
_ROMAN = re.compile(r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_VALUE = {"I": 1, "V": 5, "X": 10}
_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "to", "at", "de", "la", "du", "des", "a", "an", "&"})
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
_PARTICLES = frozenset(
    {
        "al",
        "el",
        "ar",
        "as",
        "an",
        "ad",
        "bin",
        "ibn",
        "van",
        "von",
        "de",
        "der",
        "den",
        "di",
        "da",
        "del",
    }
    | {"dos", "du", "la", "le", "ter", "ten", "af"}
)
_NICKNAME = re.compile(r"\s[“\"«‘'(]([^”\"»’')]{1,40})[”\"»’')](?=\s)")
_ENDING = re.compile(r"(?<=\w{4})(?:yy|iy|ii|yi|ij|yj|y|i)$|(?<=\w{3}sk)(?:yy|iy|ii|yi|ij|yj|y|i)$")
_PLURAL = re.compile(r"\w{3,}[^su]s")
_OWNER = re.compile(r"((?:[A-Z][\w.]*\s){0,3}[A-Z][\w.]*)['’]s?\s$")
_OWNER_LENGTH = 40
_LONGEST_ACRONYM = 10
_MOST_WORDS = 16
_GENERIC_LENGTH = 3
_JOINED = re.compile(r"[\s/]+|(?=[-–])")


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """A form of a name for comparing: case, accents, script, hyphens, quotation marks, stops of initials, leading "the"
    do not count."""
    text = anyascii(name.translate(_MARKS)).translate(_MARKS).casefold()
    text = _INITIALISM.sub("", _LOOSE_QUOTE.sub(" ", text))
    found = text.split()
    if len(found) > 1 and found[0] == "the":
        found = found[1:]
    return " ".join(found) or " ".join(name.casefold().split())


def words(name: str) -> tuple[str, ...]:
    """The folded words of a name."""
    return tuple(fold(name).split())


@lru_cache(maxsize=65536)
def key(kind: Kind, name: str) -> str:
    """What two names of one kind must share to be one name.

    Names are folded; countries and well-known bodies go by their own name; a person has no title, a piece of equipment
    no plural. The words of a body, an event or a document may stand in any order, its country as a noun or an
    adjective ("Ardovian Defence Ministry", "Ministry of Defense of Ardovia").
    """
    if kind == "person":
        return " ".join(person_words(name))
    if is_known(kind, name):
        name = known_name(kind, name)
    ordered = kind not in ("organization", "event", "document")
    folded = fold(name) if ordered else " ".join(sorted(content(name)))
    if kind == "equipment" and len(folded) > 3 and folded.endswith("s") and not folded.endswith("ss"):
        return folded[:-1]
    return folded or fold(name)


@lru_cache(maxsize=65536)
def content(name: str) -> frozenset[str]:
    """The folded words of a body's name that count: no small ones, one spelling, one number, general abbreviations
    written out, a people's word as its country."""
    found: list[str] = []
    people, spellings = lists.countries().people, lists.spellings()
    for word in name.split():
        found += words(_SPELLED_OUT.get(word.replace(".", "")) or people.get(word) or word)
    counted = (spellings.get(word, word) for word in found if word not in _SMALL)
    return frozenset(word[:-1] if _PLURAL.fullmatch(word) else word for word in counted)


@lru_cache(maxsize=16384)
def countries_in(name: str) -> frozenset[str]:
    """The words of a name's `content` that are a country's or its people's."""
    found: set[str] = set()
    parts = name.split()
    table = lists.countries()
    for at in range(len(parts)):
        for length in (1, 2, 3):
            part = " ".join(parts[at : at + length])
            if part in table.canonical:
                found |= content(part) | content(table.canonical[part])
            elif part in table.people:
                found |= content(part)
    return frozenset(found)


def is_known(kind: Kind, name: str) -> bool:
    """Whether the general lists say whose name this is, so that it stands for nothing else."""
    plain = name.translate(_APOSTROPHES)
    return (kind, plain) in lists.acronyms() or (kind == "place" and plain in lists.countries().canonical)


def known_name(kind: Kind, name: str) -> str:
    """The full name that the general lists give for a name of which `is_known` holds."""
    plain = name.translate(_APOSTROPHES)
    return lists.acronyms().get((kind, plain)) or lists.countries().canonical[plain]


_SPELLED_OUT = {"US": "United States", "UN": "United Nations", "UK": "United Kingdom", "EU": "European Union"}


@lru_cache(maxsize=65536)
def person_words(name: str) -> tuple[str, ...]:
    """The folded words of a person's name, without a title, Jr. and the like, a nickname in quotation marks.

    The ways to write a Slavic ending in Latin letters (-yy, -iy, -ii, -yi, -y, -i) count as one.
    """
    found = [_ENDING.sub("y", word) for word in words(_NICKNAME.sub(" ", name)) if word not in _SUFFIXES]
    found = list(_without_particles(tuple(found)))
    honorifics = lists.titles().honorifics
    while len(found) > 2 and found[0].rstrip(".") in honorifics:
        found = found[1:]
    return tuple(found) or words(name)


def nicknamed(name: str) -> str:
    """A person's name with the nickname in quotation marks or brackets in place of the given names, or ""."""
    match = _NICKNAME.search(name)
    return f"{match[1].strip(' ,.')} {name[match.end() :].strip()}" if match else ""


def is_bare_person(name: str) -> bool:
    """Whether a person's name is one word alone, particles aside: a surname or given name, which many share."""
    found = [word for word in name.split() if word.casefold() not in _PARTICLES and fold(word) not in _SUFFIXES]
    return len(found) < 2


def is_short_person(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether `short` is the surname or the given name of `full`, or drops or abbreviates middle names or particles."""
    short, full = _without_particles(short), _without_particles(full)
    if not short or short == full:
        return short == full and bool(short)
    if len(short) < len(full) and short in (full[-len(short) :], full[: len(short)]):
        return True
    if len(short) == 1:
        # a surname in two parts is often cut to the first, as in Spanish
        return len(full) >= 3 and short[0] == full[-2] and len(short[0]) > 2
    if short[0] != full[0] or len(short) > len(full):
        return False
    if short[-1] == full[-1]:
        return _abbreviates(short[1:-1], full[1:-1])
    return len(full) > 2 and short[-1] == full[-2] and len(short[-1]) > 2 and _abbreviates(short[1:-1], full[1:-2])


def signs(name: str) -> frozenset[str]:
    """The words of a person's name that any short form of it must share one of: no particles, no initials."""
    found = {*_without_particles(person_words(name)), *person_words(nicknamed(name) or name)}
    return frozenset(f"={word}" for word in found if len(word.rstrip(".")) > 1) or frozenset(
        f"={word}" for word in found
    )


def _without_particles(found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in found if word not in _PARTICLES) or found


def _abbreviates(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    """Whether middle names stand in order among others, each whole or as its initial."""
    rest = iter(many)
    return all(any(name == other or name.rstrip(".") == other[0] for other in rest) for name in few)


@dataclass(frozen=True, slots=True)
class Formation:
    """What the name of a military unit says: number, head word, kind of troops, nickname, nationality."""

    number: str
    head: str
    branches: frozenset[str]
    nick: tuple[str, ...]
    people: frozenset[str]


@lru_cache(maxsize=16384)
def formation(name: str) -> Formation:
    """The parts of a unit's name, in any order and any quotation marks."""
    table = lists.formations()
    countries = lists.countries()
    number, head, nick, people = "", "", [], set()
    branches: set[str] = set()
    plain = re.sub(r"(?<=\w)['’ʼ]s\b", "", name)
    raw = re.sub(r"[“”„«»‹›\"(),]|(?<!\w)['‘’]|['’](?!\w)", " ", plain).split()
    low = [word.casefold() for word in raw]
    at = 0
    while at < len(raw):
        group = next((group for group in table.groups if tuple(low[at : at + len(group)]) == group), None)
        if group is not None:
            head, at = " ".join(group), at + len(group)
            continue
        word, lower = raw[at], low[at]
        at += 1
        numeral = _ORDINAL.fullmatch(lower)
        if numeral and not number:
            number = numeral[1].lstrip("0") or "0"
        elif lower in table.ordinals and not number:
            number = str(table.ordinals[lower])
        elif _ROMAN.fullmatch(word) and not number and at < len(raw):
            number = str(_roman(word))
        elif word in countries.people or word in countries.canonical:
            people.add(countries.people.get(word) or countries.canonical[word])
        elif lower.rstrip(".") in table.heads:
            if head:
                branches.add(_spell(head))
            head = _spell(lower.rstrip("."))
        elif lower in table.branches:
            branches.add(_spell(lower))
        elif lower in _SMALL:
            continue
        else:
            nick.append(fold(word))
    branches -= {_spell(word) for word in table.weak}
    return Formation(number, head, frozenset(branches), tuple(nick), frozenset(people))


def _spell(word: str) -> str:
    return lists.formations().spellings.get(word, word)


def _roman(numeral: str) -> int:
    values = [_ROMAN_VALUE[letter] for letter in numeral]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def same_formation(one: Formation, other: Formation) -> bool:
    """Whether two names of units may be of one unit: they share number or nickname and contradict in nothing."""
    shared = (one.number and one.number == other.number) or (one.nick and other.nick)
    return bool(shared) and not contradict(one, other)


def contradict(one: Formation, other: Formation) -> bool:
    """Whether two names of units cannot be of one unit.

    Two different numbers, head words, nationalities, nicknames of which neither holds the other, or kinds of troops of
    which neither holds the other, are a contradiction.
    """
    for first, second in ((one.number, other.number), (one.head, other.head), (one.people, other.people)):
        if first and second and first != second:
            return True
    few, many = sorted((set(one.nick), set(other.nick)), key=len)
    if not few <= many:
        return True
    numbered = bool(one.number and other.number)
    return numbered and not (one.branches <= other.branches or other.branches <= one.branches)


def is_acronym(name: str) -> bool:
    """Whether a name is one word mostly in capitals, with or without stops (NATO, U.N., CENTCOM, AfCFTA, G7)."""
    bare = _bare(name)
    letters = [char for char in bare if char.isalpha()]
    return (
        2 <= len(bare) <= _LONGEST_ACRONYM
        and bare.isalnum()
        and bool(letters)
        and sum(char.isupper() for char in letters) * 2 > len(letters)
    )


def stands_for(acronym: str, name: str) -> bool:
    """Whether an acronym is made of the beginnings of a name's words, in order, small words and a country aside.

    Up to four letters each stands for a word of its own; a longer one may take several from a word (CENTCOM).
    """
    if not is_acronym(acronym):
        return False
    parts = _JOINED.split(_QUOTES.sub(" ", name).strip())
    if len(parts) < 2 or len(parts) > _MOST_WORDS:
        return False
    letters = fold(_bare(acronym))
    # what stands behind a hyphen may count as a word of its own ("Co-operation") or not
    found = [("-" if at and part.startswith("-") else "") + fold(part) for at, part in enumerate(parts)]
    starts = {0}
    while parts and (
        parts[0] in lists.countries().people or parts[0].replace(".", "") in _SPELLED_OUT or parts[0] == "United"
    ):
        # "U.S. Central Command", "United States Central Command": the country may be left out
        drop = 2 if parts[0] == "United" and len(parts) > 1 else 1
        parts = parts[drop:]
        starts.add(len(found) - len(parts))
    return any(_spells(letters, found[start:]) for start in starts if len(found) - start > 1)


def _spells(letters: str, parts: list[str]) -> bool:
    """Whether letters are the beginnings of all parts that are not small, in order."""
    single = len(letters) <= 4
    reached = {0}
    for part in parts:
        after: set[int] = set(reached) if part in _SMALL or part.startswith("-") else set()
        part = part.lstrip("-")
        for at in reached:
            for length in range(1, 2 if single else len(part) + 1):
                if letters[at : at + length] != part[:length] or at + length > len(letters):
                    break
                after.add(at + length)
        reached = after
    return len(letters) in reached


def _bare(acronym: str) -> str:
    return acronym.replace(".", "").replace("-", "").replace("&", "")


def is_generic(name: str) -> bool:
    """Whether a name is made of at most three words, and only of such as the names of many bodies and places share."""
    found = [word for word in words(name) if word not in _SMALL]
    if any(word in lists.posts() for word in found):
        # every country has an embassy in many others
        found = sorted(content(name) - countries_in(name))
    return len(found) <= _GENERIC_LENGTH and all(word.isdigit() or word in lists.generic_names() for word in found)


def with_owner(text: str, start: int, name: str) -> str:
    """A body's name of common words with the country it is said to be of ("Ardovia's Senate"), else the name itself.

    `start` is where the name begins in `text`.
    """
    if not is_generic(name):
        return name
    owner = _OWNER.search(text, max(0, start - _OWNER_LENGTH), start)
    if owner and (country := lists.countries().canonical.get(owner[1])):
        return f"{country} {name}"
    return name


def fullness(kind: Kind, name: str) -> tuple[bool, bool, int, bool]:
    """How full a form of a name is, to be compared: a country's own name first, no capitals throughout (a dateline's),
    then length, then a capital in front."""
    country = kind == "place" and lists.countries().canonical.get(name) == name
    shouted = kind in ("person", "place") and len(name) > 3 and name.isupper() and "." not in name
    return (country, not shouted, len(name), name[:1].isupper())
