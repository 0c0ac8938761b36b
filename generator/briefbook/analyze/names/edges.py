"""Where a name begins and ends: pieces put together, names that ran on parted, edges put right, no-names dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from briefbook import lists
from briefbook.analyze.names.page import WORD, Page, Reading, apart
from briefbook.display import display_name
from briefbook.model import Kind, Name

_LONGEST = 120
"""No name of more characters than this is put together of pieces; the longest annotated one has 73."""
_TAIL = re.compile(r"[\s,;:!?–—-]+\Z|\.\Z|\s(?:of|and|in|for|the|at|to|on)\Z")
_LEAD = re.compile(r"[\s,;:.!?–—-]+")
_STOPPED = re.compile(r"(?:\b(?:[^\W\d_]\.)+|\b(?:Jr|Sr|Inc|Ltd|Co|Corp|St|Bros|No|Mt|Ft|Dr)\.)\Z")
_POSSESSIVE = re.compile(r"['’ʼ]s\Z")
_BROKEN = re.compile(r"\s(?:of|for|and|in)(?:\sthe)?\Z")
_GAP = re.compile(r"\s(?:the\s)?")
_OF_THE = " of the "
_ONE_NAME: dict[tuple[Kind, Kind], Kind] = {
    ("organization", "place"): "organization",
    ("organization", "document"): "document",
    ("event", "organization"): "event",
    ("event", "place"): "event",
}
"""Kinds of two readings side by side that are one name, and its kind; two of one kind are one name too."""
_PAIRS = (("“", "”"), ("«", "»"), ("‘", "’"), ('"', '"'))
_NICKNAME = re.compile(r"\s[“«\"‘][^\W\d_][^\s”»\"’“«,.]*(?:\s[^\s”»\"’“«,.]+){0,3}[,.]?[”»\"’]")
_NICKNAMED = re.compile(r"\s[“\"«‘(][^\W\d_][\w.’' -]{0,24}[,.]?[”\"»’)]\s")
_ON_IN_WORD = re.compile(r"(?:['’][^\W\d_]{2,}|-[^\W_]+|\.[a-z]+)+(?![^\W_])")
_NEXT_CAPITAL = re.compile(r" [A-Z][^\W_]+")
_BACK_IN_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{1,3}['’]\Z")
_THE = re.compile(r"[a-z]\sThe\s\Z")
_PAIR_MARKS = re.compile(r"\s?[-–/]\s?")
_PARTS = re.compile(r",\s")
_OFFICE_OF = re.compile(r"\b([^\W\d_]+)\s(?:of|for)\s\Z")
_PEOPLE_TAILS = ("an", "ian", "ean", "n", "ese", "i", "ish")
"""Endings that make the adjective of a people out of the name of its country, the common ones of English."""
_BODIES = frozenset({"office", "ministry", "department", "council", "committee", "house", "senate", "government"})
_OFFICE_AFTER = re.compile(r"\s([A-Z][a-z]+)\b")
_PARTICLES = frozenset({"al", "bin", "ibn", "van", "von", "de", "der", "den", "di", "da", "del", "la", "le", "el"})


def edged(page: Page, names: Iterable[Name]) -> list[Reading]:
    """The recognizer's names in order, each with its boundaries put right, without those that can be no name."""
    readings = [mended for name in _joined(page.text, sorted(names)) if (mended := _mended(page, name)) is not None]
    readings = _side_by_side(page.text, apart(readings))
    readings = [part for reading in readings for part in _parted(page.text, reading)]
    places = {page.text[reading.start : reading.end] for reading in readings if reading.kind == "place"}
    peoples = {f"{place[:-1] if place[-1] in 'ae' else place}{tail}" for place in places for tail in _PEOPLE_TAILS}
    return [reading for reading in readings if not (_no_name(page, reading) or _is_people(page, reading, peoples))]


def _is_people(page: Page, reading: Reading, peoples: set[str]) -> bool:
    """Whether a place is the adjective of another place of the article, before a word in small letters."""
    if reading.kind != "place" or page.text[reading.start : reading.end] not in peoples:
        return False
    return page.text[reading.end : reading.end + 1] == " " and page.text[reading.end + 1 : reading.end + 2].islower()


def _joined(text: str, names: Sequence[Name]) -> list[Name]:
    """The names, those put together that the recognizer broke behind a small word ("Supreme Court of" "Ardovia")."""
    whole: list[Name] = []
    for name in names:
        last = whole[-1] if whole else None
        broken = last is not None and last.end < name.start and _BROKEN.search(text, last.start, last.end)
        if last is not None and last.kind == "place" and text.endswith("and", 0, last.end):
            broken = None
        if last is not None and name.end - last.start > _LONGEST:
            broken = None
        if last is not None and broken and _GAP.fullmatch(text, last.end, name.start):
            whole[-1] = Name(last.start, name.end, last.kind)
        else:
            whole.append(name)
    return whole


def _side_by_side(text: str, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, those put together with nothing but a space (or a nickname) between them that are one name."""
    whole: list[Reading] = []
    for reading in readings:
        last = whole[-1] if whole else None
        if last and len(whole) > 1 and _NICKNAMED.fullmatch(text, whole[-2].end, reading.start):
            # the nickname between given name and surname was read as a name of its own
            whole.pop()
            last = whole[-1]
        kind = _one_kind(text, last, reading) if last else None
        if last and kind:
            whole[-1] = Reading(last.start, reading.end, kind, "joined")
        else:
            whole.append(reading)
    return whole


def _one_kind(text: str, last: Reading, reading: Reading) -> Kind | None:
    """The kind of the name that two readings in a row make together, None if they are two names."""
    if reading.end - last.start > _LONGEST:
        return None
    gap = text[last.end : reading.start]
    first, second = text[last.start : last.end], text[reading.start : reading.end]
    if not _capital(first) or first in lists.peoples():
        return None
    if not _capital(second) and re.split(r"[\s-]", second)[0] not in _PARTICLES:
        return None
    if gap == " " and last.kind == reading.kind:
        return last.kind
    if gap == " " or (gap == _OF_THE and last.kind == "organization"):
        return _ONE_NAME.get((last.kind, reading.kind), last.kind if last.kind == reading.kind else None)
    if last.kind == reading.kind == "person":
        bracket = gap == " (" and text.find(")", reading.start, reading.end) > 0
        if bracket or _NICKNAMED.fullmatch(gap) or gap.strip() in _PARTICLES:
            return "person"
    return None


def _mended(page: Page, name: Name) -> Reading | None:
    """A name with its boundaries put right, or None where nothing is left of it; the last rule to move one stands."""
    text, kind = page.text, name.kind
    start, end = _trimmed(text, name.start, name.end)
    rule = "model" if (start, end) == (name.start, name.end) else "edge"
    if start >= end:
        return None
    quoted = _quotation(text, start, end, kind) if kind in ("unit", "organization", "person") else (start, end)
    if quoted != (start, end):
        (start, end), rule = quoted, "quotation"
    if (bare := _without_possessives(text, start, end)) != (start, end):
        (start, end), rule = bare, "possessive"
    if start >= end:
        return None
    if (whole := _whole_word(text, start, end)) != (start, end):
        (start, end), rule = whole, "word"
    if (early := _before_loose(text, start, end, kind)) != end:
        end, rule = early, "small"
    if kind == "person":
        if (late := _behind_title(text, start, end)) != start:
            start, rule = late, "title"
        if (early := _before_small(text, start, end)) != end:
            end, rule = early, "small"
        if (late := _on_from_particle(text, start, end)) != end:
            end, rule = late, "word"
        if (early := _before_letters(text, start, end)) != end:
            end, rule = early, "title"
    elif text.startswith("the ", start):
        start, rule = start + 4, "article"
    elif kind == "unit" and (late := _behind_people(text, start, end)) != start:
        start, rule = late, "people"
    elif kind == "organization" and _THE.search(text, max(0, start - 6), start):
        start, rule = start - 4, "article"
    if (early := _before_loose_mark(text, start, end)) != end:
        end, rule = early, "quotation"
    start, end = _without_possessives(text, *_trimmed(text, start, end))
    return Reading(start, end, kind, rule) if start < end else None


def _before_loose_mark(text: str, start: int, end: int) -> int:
    """The end of a name without a straight quotation mark at its end or a bracket in it that has no other half."""
    inside = text[start:end]
    if inside.endswith('"') and inside.count('"') == 1:
        return end - 1
    opened = inside.rfind(" (")
    return start + opened if opened > 0 and ")" not in inside[opened:] else end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without white space, punctuation and small words at its ends; a stop stays where the last word has one."""
    while start < end:
        if lead := _LEAD.match(text, start, end):
            start = lead.end()
            continue
        tail = _TAIL.search(text, start, end)
        if tail is None or (tail[0] == "." and _STOPPED.search(text, start, end)):
            break
        end = tail.start()
    return start, max(start, end)


def _quotation(text: str, start: int, end: int, kind: Kind) -> tuple[int, int]:
    """A span whose quotation marks are balanced, a nickname in quotation marks behind a unit included."""
    inside = text[start:end]
    for opening, closing in _PAIRS:
        opens = inside.count(opening) % 2 == 1 if opening == closing else inside.rfind(opening) > inside.rfind(closing)
        if opens:
            return _closed(text, start, end, opening, closing, kind)
        first = inside.find(closing)
        if opening != closing and closing != "’" and first >= 0 and opening not in inside[:first]:
            if text.endswith(opening, 0, start):
                return start - 1, end
            if inside.endswith(closing):
                return start, end - 1
    if kind == "unit" and (nickname := _NICKNAME.match(text, end)) and _capital(nickname[0]):
        return start, nickname.end()
    for opening, closing in _PAIRS:
        middle = inside[1:-1]
        if middle and inside[0] == opening and inside[-1] == closing and opening not in middle:
            # a name that is quoted whole stands without the marks
            return start + 1, end - 1 - (middle[-1] in ",.")
    return start, end


def _closed(text: str, start: int, end: int, opening: str, closing: str, kind: Kind) -> tuple[int, int]:
    """A span that opens a quotation and does not close it: up to the closing mark, or without the opening one."""
    if mark := re.compile(rf"[,.]?{closing}").match(text, end):
        return (start, mark.end()) if not text.startswith(opening, start) or kind == "unit" else (start + 1, end)
    if text.startswith(opening, start):
        return start + 1, end
    rest = re.compile(rf"[^\n{closing}]{{1,40}}{closing}").match(text, end)
    if kind == "unit" and rest:
        return start, rest.end()
    cut = text.rfind(opening, start, end)
    return (start, cut) if text[cut - 1 : cut].isspace() else (start, end)


def _capital(words: str) -> bool:
    first = next((char for char in words if char.isalnum()), "")
    return first.isupper() or first.isdigit()


def _without_possessives(text: str, start: int, end: int) -> tuple[int, int]:
    while (bare := _without_possessive(text, start, end)) != end:
        start, end = _trimmed(text, start, bare)
    return start, end


def _without_possessive(text: str, start: int, end: int) -> int:
    if start >= end:
        return end
    match = _POSSESSIVE.search(text, start, end)
    if match and match.start() > start:
        return match.start()
    if text[end - 1] in "'’" and display_name(text[start:end]) == text[start : end - 1]:
        return end - 1
    return end


def _whole_word(text: str, start: int, end: int) -> tuple[int, int]:
    """A span that ends where its last word does ("al-Qa|’ida"), and begins where its first word does ("O’|Dea")."""
    if (on := _ON_IN_WORD.match(text, end)) and text[end] != "-":
        end = on.end()
    if back := _BACK_IN_WORD.search(text, max(0, start - 4), start):
        start = back.start()
    return start, end


def _behind_title(text: str, start: int, end: int) -> int:
    """Where a person's name begins behind honorifics, ranks and offices; words that may be given names stay."""
    titles = lists.titles()
    at = start
    while word := WORD.match(text, at, end):
        title = word[0].casefold()
        if title in titles.given_names or title not in titles.honorifics | titles.ranks | titles.offices:
            break
        after = WORD.search(text, word.end(), end)
        if after is None or not after[0][0].isupper() or after.start() - word.end() > 2:
            break
        at = after.start()
    return at


def _before_small(text: str, start: int, end: int) -> int:
    """Where a person's name ends before words in small letters ("Marta Velin tweeted")."""
    words = list(WORD.finditer(text, start, end))
    last = len(words)
    while last > 1 and words[last - 1][0].islower() and words[last - 1][0] not in _PARTICLES:
        if text[words[last - 1].start() - 1] != " ":
            break
        last -= 1
    return words[last - 1].end() if 0 < last < len(words) else end


def _on_from_particle(text: str, start: int, end: int) -> int:
    """Where a person's name ends that breaks off at a particle ("Karim bin")."""
    words = WORD.findall(text[start:end])
    following = _NEXT_CAPITAL.match(text, end)
    return following.end() if following and len(words) > 1 and words[-1] in _PARTICLES else end


def _before_letters(text: str, start: int, end: int) -> int:
    """Where a person's name ends before the letters of an honor or office ("Marta Velin QC")."""
    gap = text.rfind(" ", start, end)
    return gap if gap > start and text[gap + 1 : end].replace(".", "") in lists.titles().after else end


def _behind_people(text: str, start: int, end: int) -> int:
    """Where a unit's name begins behind the word for its people ("Ardovian 5th Brigade")."""
    word = WORD.match(text, start, end)
    if word and word[0] in lists.peoples() and text[word.end() : word.end() + 1] == " " and word.end() + 1 < end:
        return word.end() + 1
    return start


def _before_loose(text: str, start: int, end: int, kind: Kind) -> int:
    """Where a name ends before a word in small letters that says what it is and is no part of it ("Velm region")."""
    gap = text.rfind(" ", start, end)
    loose = lists.loose_words().get(kind, frozenset())
    return gap if gap > start and text[gap + 1 : end] in loose else end


def _parted(text: str, reading: Reading) -> Iterator[Reading]:
    """A reading, or the places it holds: "Velm, Ardovia", and countries in "Ardovia-Kestria"."""
    if reading.kind != "place":
        yield reading
        return
    surface = text[reading.start : reading.end]
    countries = lists.countries().canonical
    at = 0
    marks = [match for match in _PARTS.finditer(surface) if not surface[match.end() :].startswith(("D.C.", "DC"))]
    if not marks:
        pieces = _PAIR_MARKS.split(surface)
        if len(pieces) == 2 and all(piece in countries for piece in pieces):
            marks = list(_PAIR_MARKS.finditer(surface))
    for mark in marks:
        yield Reading(reading.start + at, reading.start + mark.start(), reading.kind, "parted")
        at = mark.end()
    yield Reading(reading.start + at, reading.end, reading.kind, "parted" if marks else reading.rule)


def _no_name(page: Page, reading: Reading) -> bool:
    """Whether a reading can be no name: a date, a people, words in small, an office, a common word at the start."""
    surface = page.text[reading.start : reading.end]
    words = surface.split()
    dated = [word in lists.calendar() for word in words]
    only = all(day or word.rstrip(".,").isdigit() for day, word in zip(dated, words, strict=True))
    if only and (any(dated) or reading.kind != "equipment"):  # a number alone may be a model of equipment
        return True
    if surface in lists.peoples() and reading.kind in ("person", "place", "organization"):
        return True
    if not any(char.isupper() or char.isdigit() for char in surface):
        # scripts without capitals stay
        return any(char.isascii() and char.islower() for char in surface)
    if reading.kind == "place" and page.text.startswith("$", reading.end):
        return True
    if reading.kind == "person" and len(words) == 1 and _is_title(surface):
        return True
    if reading.kind == "organization" and _is_office(page.text, reading):
        return True
    shouted = len(surface) > 1 and surface.isupper()
    if len(words) == 1 and not shouted and page.opens_sentence(reading.start) and page.small[surface.lower()]:
        return not page.stands_inside(surface)
    return False


def _is_title(word: str) -> bool:
    """Whether a word alone is a title and no name."""
    titles = lists.titles()
    bare = word.rstrip(".").casefold()
    return bare in titles.honorifics | titles.ranks | titles.offices and bare not in titles.surnames


def _is_office(text: str, reading: Reading) -> bool:
    """Whether a field stands between or behind the words of an office ("Secretary of Defense", "Defense Secretary")."""
    surface = text[reading.start : reading.end]
    words = [word.casefold() for word in WORD.findall(surface)]
    if words[-1] in _BODIES or any(word not in lists.generic_names() for word in words):
        return False
    before = _OFFICE_OF.search(text, max(0, reading.start - 30), reading.start)
    after = _OFFICE_AFTER.match(text, reading.end)
    offices = ("secretary", "minister", "undersecretary", "commissioner")
    return any(match is not None and match[1].casefold() in offices for match in (before, after))
