"""Spans that hold a quantity -> figures: number, how it is meant, and what is counted.

Which words are figures is for the encoder to say; here their edges are mended and they are read, by rules. The words
are in `data/quantities.yml`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal, NamedTuple, cast

from briefbook import lists
from briefbook.analyze.counted import counted
from briefbook.analyze.numbers import Number, number_at, numbers
from briefbook.model import Figure, Relation, Span

_NEAR = 48
"""How far before a number, in characters, the words stand that say how it is meant."""
_RANGE = re.compile(r"-to-|\s?[-–—‒]\s?|\s(?:to|or|and|through)\s", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\b(between|from|ranging|range of|anywhere)\s(?:from\s)?(?:about\s|around\s|some\s)?\Z", re.IGNORECASE
)
_SIGN = re.compile(r"(?:[A-Z]{1,3})?[$€£¥₴₽₹₺]\s?|up to ")
_ARTICLE = re.compile(r"\b(an?|no|lone|sole)\s(?=[^\W\d_])", re.IGNORECASE)
_UNIT = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)?[23²³]?(?:/s)?")
_POWERS = str.maketrans("²³", "23")
_BRACKET = re.compile(r"\s?\([^()]{0,24}\Z")
_EDGE = " \t\n,.;:!?()[]\"“”«»'‘’—–-"
_LEAD = re.compile(rf"[{re.escape(_EDGE)}]*(?:(?:and|or|but)\s)?")
_LOOSE = re.compile(
    r"(?:\s(?:of|and|or|the|a|an|in|at|to|by|from|on|with|for|that|who|which|were|was|are|is))+\Z", re.IGNORECASE
)
_Unit = Literal["", "measure", "money", "share"]


class _Read(NamedTuple):
    """The number of a figure and how it is meant; from `start` to `end` with its relation and unit."""

    start: int
    end: int
    number: Number
    high: float | None
    relation: Relation
    unit: _Unit


def figures(text: str, spans: Iterable[Sequence[int]], sentences: Sequence[Span]) -> tuple[Figure, ...]:
    """The figures of an article, in the order of the text, none overlapping another.

    `spans` are where a figure is thought to be, each (start, end); they may be a word off. One that holds no quantity
    is dropped, so is a unit converted in brackets, and one that runs past its sentence is cut. `sentences` are those
    of the article (and its title and headings, to have their figures too), in order. Time grows with the spans.
    """
    starts = [sentence.start for sentence in sentences]
    found: list[Figure] = []
    unit: _Unit = ""
    places = sorted({(span[0], span[1]) for span in spans})
    for (start, end), (following, _) in zip(places, [*places[1:], (len(text), 0)], strict=False):
        index = bisect_right(starts, start) - 1
        if index < 0 or start >= min(end, sentences[index].end):
            continue
        sentence = sentences[index]
        # what lies in other spans is theirs
        floor = max(sentence.start, found[-1].end if found else 0)
        ceiling = max(min(sentence.end, following), min(end, sentence.end))
        room = Span(floor, ceiling)
        read = _read(text, max(start, floor), min(end, ceiling), room)
        if read is None:
            continue
        converted = floor > sentence.start and _BRACKET.fullmatch(text, floor, read.start)
        if converted and unit and unit == read.unit:
            continue
        unit = read.unit
        found.append(_figure(text, max(start, floor), min(end, ceiling), read, room))
    return tuple(found)


def _figure(text: str, start: int, end: int, read: _Read, room: Span) -> Figure:
    """The figure of a span that was read, with mended edges."""
    last = max(read.end, end)
    what = counted(text, read.start, read.end, last, room, measured=bool(read.unit))
    if what and not read.unit and last == read.end and what.start == last + 1:
        last = what.end  # the span held the number alone
    while last > read.end and text[last - 1] in _EDGE:
        last -= 1
    if loose := _LOOSE.search(text, max(read.end, last - _NEAR), last):
        last = loose.start()
    first = min(start, read.start) if text[start : read.start].strip(_EDGE) else read.start
    if lead := _LEAD.match(text, first, read.start):
        first = lead.end()
    return Figure(first, last, read.number.value, read.high, read.relation, what)


def _read(text: str, start: int, end: int, sentence: Span) -> _Read | None:
    if start >= end:
        return None
    begin = _whole_word(text, start, sentence.start)
    number = next(numbers(text, begin, end), None)
    if number is None:
        number = _just_before(text, begin, sentence) or _one(text, begin, end)
    if number is None or number.end > sentence.end:
        return None
    relation, first = _relation_before(text, number.start, start, sentence.start)
    number, high = _range(text, number, sentence)
    if high is not None:
        relation = "range"
        if between := _BETWEEN.search(text, max(sentence.start, number.start - _NEAR), number.start):
            first = min(first, between.start())
    last, unit = _unit(text, number, sentence.end)
    if number.value is not None and text[number.end : last].strip().lower().startswith("cent") and high is None:
        number = number._replace(value=number.value / 100)
    if (behind := _relation_behind(text, last, sentence.end)) is not None and relation == "=":
        relation, last = behind
        if not unit:
            last, unit = _unit(text, number._replace(end=last), sentence.end)
    if number.value is None and relation == "=":
        relation = "~"
    return _Read(max(first, sentence.start), last, number, high, relation, unit)


def _whole_word(text: str, start: int, floor: int) -> int:
    """Where the word or number begins that `start` lies in."""
    begin = start
    while begin > max(floor, start - _NEAR) and text[begin - 1].isalnum():
        grouped = text[begin] in ",." and text[begin - 1].isdecimal() and text[begin + 1 : begin + 2].isdecimal()
        if not text[begin].isalnum() and not grouped:
            break
        begin -= 1
    return begin


def _just_before(text: str, start: int, sentence: Span) -> Number | None:
    """The number right before a span that misses it."""
    for number in numbers(text, max(sentence.start, start - 24), start):
        if number.end <= start and not text[number.end : start].strip(" -"):
            return number
    return None


def _one(text: str, start: int, end: int) -> Number | None:
    """ "a soldier" is one, "no deaths" are none, where the span begins so."""
    match = _ARTICLE.search(text, start, min(end, start + _NEAR))
    return Number(match.start(1), match.end(1), 0.0 if match[1].lower() == "no" else 1.0) if match else None


def _range(text: str, number: Number, sentence: Span) -> tuple[Number, float | None]:
    """The number with the upper end of its range, where it has one ("38 and 67" only behind "between")."""
    joint = _RANGE.match(text, number.end, sentence.end)
    if not joint or number.value is None or joint.end() >= sentence.end:
        return number, None
    lead = _BETWEEN.search(text, max(sentence.start, number.start - _NEAR), number.start)
    word = joint[0].strip(" -").lower()
    if (word == "and") != bool(lead and lead[1].lower() == "between"):
        return number, None
    at = joint.end()
    if currency := _SIGN.match(text, at, sentence.end):
        at = currency.end()
    if not text[at : at + 1].isalnum():
        return number, None
    other = number_at(text, at)
    if other is None or other.value is None or other.end > sentence.end:
        return number, None
    low, scale = number.value, number.scale
    # "five to six million": the scale belongs to both
    if other.scale > 1 and scale == 1 and low < other.value / other.scale and low < 1000:
        low, scale = low * other.scale, other.scale
    if other.value <= low or (word == "or" and other.value > 10 * low):
        return number, None
    joined = Number(number.start, other.end, low, scale, number.money or other.money, number.percent or other.percent)
    return joined, other.value


@cache
def _phrases() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, Relation]]:
    """What stands before a number, what stands behind it, and which relation each phrase is."""
    words = lists.quantities()
    signs: dict[str, Relation] = {}
    for table in (words.relations, words.behind):
        for sign, row in table.items():
            signs.update({phrase: cast(Relation, sign) for phrase in row})
    before = "|".join(sorted((re.escape(p) for row in words.relations.values() for p in row), key=len, reverse=True))
    behind = "|".join(sorted((re.escape(p) for row in words.behind.values() for p in row), key=len, reverse=True))
    between = (
        r"(?:\s(?:the|a|an|another|additional|about|around|roughly|some|only|reportedly|of|all|total|between|from))*"
    )
    return (
        re.compile(rf"\b({before})(?:{between})\s?\Z", re.IGNORECASE),
        re.compile(rf"[\s-]({behind})\b|(\+)", re.IGNORECASE),
        signs,
    )


def _relation_before(text: str, at: int, start: int, floor: int) -> tuple[Relation, int]:
    """How a number is meant by the words before it, and where these begin.

    A word that may also be a preposition of place ("over nine regions") must lie in the span, which starts at `start`.
    """
    pattern, _, signs = _phrases()
    low = max(floor, at - _NEAR)
    if (match := pattern.search(text, low, at)) and (
        match.start() >= start or match[1].lower() not in lists.quantities().places
    ):
        return signs[match[1].lower()], match.start()
    if text[at - 1 : at] in ("~", "≈", ">", "<", "±") and at > floor:
        return cast(Relation, text[at - 1] if text[at - 1] in "<>" else "~"), at - 1
    return "=", at


def _relation_behind(text: str, at: int, end: int) -> tuple[Relation, int] | None:
    _, pattern, signs = _phrases()
    match = pattern.match(text, at, end)
    if not match:
        return None
    return (signs[match[1].lower()] if match[1] else ">"), match.end()


def _unit(text: str, number: Number, end: int) -> tuple[int, _Unit]:
    """Where a number with its unit or currency ends, and which kind of unit it has, "" where none."""
    words = lists.quantities()
    unit: _Unit = "money" if number.money else "share" if number.percent else ""
    at = number.end
    for _ in range(3):
        glued = at == number.end and text[at : at + 1].isalpha()
        gap = at if glued else at + 1
        if gap >= end or not (glued or text[at] in " -\u00a0\u202f"):
            break
        word = _UNIT.match(text, gap, end)
        bare = word[0].lower().translate(_POWERS) if word else ""
        if word and bare in words.units | words.currencies:
            return word.end(), unit or ("measure" if bare in words.units else "money")
        if not word or bare not in words.unit_words:
            break
        at = word.end()
    return number.end, unit
