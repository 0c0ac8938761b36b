"""Numbers in words and digits, each with its span and its value.

Libraries for it exist (text2num, word2number, quantulum3), but none gives spans of numbers in words and in digits with
their scales, fractions and vague words alike, and the one that gives spans takes the number of a model for a quantity.
The words are in `data/quantities.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from briefbook import lists

LONGEST = 80
"""Longest number, in characters."""
GREATEST = 1e15
"""Greatest number in digits: longer ones are identifiers."""

_DIGITS = re.compile(
    r"(?P<plain>\d{1,3}(?:[,\u00a0\u202f\u2009’']\d{3})+(?:\.\d+)?|\d{1,3}(?: 000)+|\d+,\d{1,2}(?![\d,])|\d*\.\d+|\d+)"
    r"(?![.,]?\d)(?P<sign>[½¼¾⅓⅔])?"
)
_DECIMAL_COMMA = re.compile(r"(\d+),(\d{1,2})")
_RUN = re.compile(r"[\d,.\u00a0\u202f\u2009’'½¼¾⅓⅔]+")
_SIGNS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_PERCENT = re.compile(r"\s?%|[\s-](?:per\s?cent(?:age points?)?|pct)\b", re.IGNORECASE)
_CURRENCY = re.compile(r"(?:\b[A-Z]{1,3})?[$€£¥₴₽₹₺₿]\s?\Z|\b(?P<code>[A-Z][A-Za-z]{1,2})\s?\Z")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_SUFFIX = re.compile(r"[A-Za-z]{1,3}\b")
_LETTERS = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[\s-]{1,2}")
_START = re.compile(r"(?:(?<![^\W_])|(?<=\b[A-Z]{3})(?=\d))(?<![^\W\d_][-.])(?<!\d[.,])(?:\.?\d|[½¼¾⅓⅔]|[^\W\d_]+)")
_ONE_IN = re.compile(r"[\s-]in[\s-](?=[^\W_])")
_PARTS = re.compile(r"/(\d{1,2})(?![\d/])")
_ORDINALS = frozenset(("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"))


class Number(NamedTuple):
    """A number of a text.

    `value` is None where the words give none; of a part of a thing it is per cent. `scale` is what the last word or
    suffix multiplies by, 1 where there is none. `money` tells a currency before it, `percent` a share.
    """

    start: int
    end: int
    value: float | None
    scale: float = 1.0
    money: bool = False
    percent: bool = False


def numbers(text: str, start: int, end: int) -> Iterator[Number]:
    """The numbers that begin in `text[start:end]`, in order. Ordinals and the numbers of models ("T-55") are none."""
    at = start
    while at < end and (match := _START.search(text, at, end)):
        number = number_at(text, match.start())
        glued = match.start() > 0 and text[match.start() - 1].isalpha()
        if number is None or (glued and not number.money):
            run = _RUN.match(text, match.start(), match.start() + LONGEST)
            at = max(match.end(), run.end() if run else 0)
        else:
            yield number
            at = number.end


def number_at(text: str, at: int) -> Number | None:
    """The number whose first digit or word begins at `at`, with the currency before it; None where none does."""
    number = _in_words(text, at) if text[at].isalpha() else _in_digits(text, at)
    if number and number.value == 1 and (joint := _ONE_IN.match(text, number.end)):
        of = _in_words(text, joint.end()) if text[joint.end()].isalpha() else _in_digits(text, joint.end())
        if of and of.value and 2 <= of.value <= 100:
            return Number(number.start, of.end, round(100 / of.value, 1), percent=True)
    if number and (match := _PERCENT.match(text, number.end)):
        return number._replace(end=match.end(), percent=True)
    return number


def _in_digits(text: str, at: int) -> Number | None:
    words = lists.quantities()
    if match := _DIGITS.match(text, at, at + LONGEST):
        plain = (
            _DECIMAL_COMMA.sub(r"\1.\2", match["plain"]) if _DECIMAL_COMMA.fullmatch(match["plain"]) else match["plain"]
        )
        value, end = float(re.sub(r"[^\d.]", "", plain)) + _SIGNS.get(match["sign"], 0.0), match.end()
    elif text[at] in _SIGNS:
        value, end = _SIGNS[text[at]], at + 1
    else:
        return None
    if (parts := _PARTS.match(text, end)) and value < int(parts[1]) <= 10:
        return Number(at, parts.end(), round(100 * value / int(parts[1]), 1), percent=True)
    if value > GREATEST or _ORDINAL.match(text, end):
        return None
    before = _CURRENCY.search(text, max(0, at - 6), at)
    money = bool(before and (before["code"] is None or before["code"] in words.currency_codes))
    start = before.start() if before and money else at
    scale = 1.0
    if (suffix := _SUFFIX.match(text, end)) and suffix[0].lower() in words.suffixes:
        # "400m" is a distance, "$400m" and "1.2m people" are not
        if len(suffix[0]) > 1 or suffix[0] in "kK" or money or _noun_follows(text, suffix.end()):
            scale, end = words.suffixes[suffix[0].lower()], suffix.end()
    else:
        for word, behind in _words(text, end)[:3]:
            factor = words.scales.get(word.removesuffix("s"))
            if factor is None:
                break
            scale, end = scale * factor, behind
    return Number(start, end, round(value * scale, 6), scale, money)


def _noun_follows(text: str, at: int) -> bool:
    following = _words(text, at)[:1]
    return bool(following) and following[0][0] not in lists.quantities().stops | {
        "of",
        "north",
        "south",
        "east",
        "west",
    }


def _words(text: str, at: int) -> list[tuple[str, int]]:
    """The words from `at` on that only a space or hyphen parts, in small letters, each with its end."""
    found: list[tuple[str, int]] = []
    limit = min(len(text), at + LONGEST)
    while True:
        gap = _GAP.match(text, at, limit)
        if gap is None and (found or (at and text[at - 1].isalnum())):
            return found
        word = _LETTERS.match(text, gap.end() if gap else at, limit)
        if word is None or word.end() == limit < len(text):
            return found
        at = word.end()
        found.append((word[0].lower(), at))


def _in_words(text: str, at: int) -> Number | None:
    words = lists.quantities()
    row = _words(text, at)
    said = [word for word, _ in row] + [""] * 4
    first = 1 if said[0] in ("a", "an") else 0
    word = said[first]
    if word in words.vague and said[first + 1] != "as":
        return _vague(at, row, said, first)
    if (first or word in ("half", "quarter")) and _is_fraction(word, said[first + 1]):
        return _fraction(at, row, said, first, 1.0)
    if word in ("couple", "pair"):
        behind = first + 2 if said[first + 1] == "of" else first + 1
        if said[behind] in words.scales or said[behind] in words.vague:
            return Number(at, row[behind][1], None)
        return Number(at, row[first][1], 2.0)
    if first and word not in words.scales and word != "single":
        return None
    if word in words.counted:
        end = row[first][1]
        number = text[end + 1 : end + 2].isdecimal() or any(
            said[first + 1] in w for w in (words.ones, words.tens, words.scales)
        )
        return None if number else Number(at, end, float(words.counted[word]))
    return _cardinal(at, row, said, first)


def _vague(at: int, row: list[tuple[str, int]], said: list[str], index: int) -> Number:
    """ "hundreds of thousands", "several hundred": the words from `index` on."""
    words = lists.quantities()
    while True:
        behind = index + 2 if said[index + 1] == "of" else index + 1
        if said[behind] not in words.scales and said[behind] not in words.vague:
            return Number(at, row[index][1], None)
        index = behind


def _is_fraction(word: str, following: str) -> bool:
    """Whether a word is a part: "half" always, "third" before "of", a scale or a unit ("a third drone" is none)."""
    words = lists.quantities()
    if word not in words.fractions:
        return False
    return word == "half" or following == "of" or following in words.scales or following in words.units


def _fraction(at: int, row: list[tuple[str, int]], said: list[str], index: int, count: float) -> Number:
    """ "half", "third", "two-thirds" at `index`: of a scale, of a unit, or of a thing."""
    words = lists.quantities()
    part = count * words.fractions[said[index]]
    behind = index + 1
    while said[behind] in ("of", "a", "an") and behind < index + 3:
        behind += 1
    if said[behind] in words.scales:
        factor = words.scales[said[behind]]
        return Number(at, row[behind][1], round(part * factor, 2), factor)
    if said[behind - 1] in ("a", "an") and said[behind] in words.units | words.spans:
        return Number(at, row[behind - 1][1], round(part, 4))
    return Number(at, row[index][1], round(100 * part, 1), percent=True)


def _cardinal(at: int, row: list[tuple[str, int]], said: list[str], first: int) -> Number | None:
    """ "twenty-three", "nine hundred thousand": the words from `first` on; None where they make no number."""
    words = lists.quantities()
    total = group = last = 0.0
    index = end = first
    while True:
        word, following = said[index], said[index + 1]
        plural = word.endswith("s")
        if word == "and" and last and index == end > first:
            if said[index + 1 : index + 3] == ["a", "half"]:
                total, group, index = total + group + last / 2, 0.0, index + 3
            elif following in words.ones or following in words.tens:
                index += 1
                continue
            else:
                break
        elif word in words.fractions and 0 < group < 10 and not total and (group > 1) == plural:
            return _fraction(at, row, said, index, group) if plural or _is_fraction(word, following) else None
        elif word in words.ones and not group % (100 if words.ones[word] > 9 else 10) and group % 100 != 10:
            group, index = group + words.ones[word], index + 1
        elif word in words.tens and group % 100 == 0:
            group, index = group + words.tens[word], index + 1
        elif word in words.scales and (factor := words.scales[word]) < 1000 and group < 100:
            group, last, index = (group or 1.0) * factor, factor, index + 1
        elif word in words.scales and (group or index == first):
            last = words.scales[word]
            total, group, index = total + (group or 1.0) * last, 0.0, index + 1
        else:
            break
        end = index
    if said[end : end + 3] == ["and", "a", "half"] and group and said[end + 3] in words.scales:
        last = words.scales[said[end + 3]]
        return Number(at, row[end + 3][1], (group + 0.5) * last, last)
    if end == first or (said[end] in _ORDINALS and group % 100 >= 20):
        return None
    return Number(at, row[end - 1][1], round(total + group, 2), last or 1.0)
