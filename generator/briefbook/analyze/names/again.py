"""A name found once is looked for everywhere; how often it was found says whether it is one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from briefbook import forms, lists
from briefbook.analyze.names.kinds import surname
from briefbook.analyze.names.page import WORD, Page, Reading, apart
from briefbook.model import Kind

_ACRONYM = re.compile(r"\s?\(\s?[“\"]?((?:[A-Z][A-Za-z0-9&-]{0,8}[A-Z0-9]|(?:[A-Z]\.){2,6}))[”\"]?\s?\)")
_LONGEST = 120
"""Names longer than this, in characters, are not looked for again."""


def acronyms(page: Page, readings: Sequence[Reading]) -> Iterator[Reading]:
    """Acronyms in brackets behind the name whose initials they are."""
    taken = {(reading.start, reading.end) for reading in readings}
    for reading in readings:
        match = _ACRONYM.match(page.text, reading.end)
        if match is None or match.span(1) in taken or reading.kind == "person":
            continue
        if forms.stands_for(match[1], page.text[reading.start : reading.end]):
            yield Reading(*match.span(1), reading.kind, "acronym")


def weighed(page: Page, readings: Sequence[Reading]) -> list[Reading]:
    """The readings with the other occurrences of names found most times, without those passed over most times.

    The recognizer sees each occurrence in its own context: where it finds more than half of them, the rest are names
    too; where it passes over two for each one it finds, the few are none. (In cross-validation two of three of the
    former were right, one of nine of the latter.) Countries, acronyms that stand in brackets behind their name, and
    surnames of full names are names wherever they stand.
    """
    text = page.text
    others = list(_others(page, readings))
    found = Counter(text[reading.start : reading.end] for reading in readings)
    missed = Counter(text[reading.start : reading.end] for reading in others)
    sure = {text[reading.start : reading.end] for reading in readings if reading.rule == "acronym"}
    sure |= {surface for surface in missed if surface in lists.countries().canonical or not found[surface]}
    few = {surface for surface, count in missed.items() if 2 * found[surface] <= count} - sure
    many = {surface for surface, count in missed.items() if found[surface] > count} | sure
    return apart(
        [
            *(reading for reading in readings if text[reading.start : reading.end] not in few),
            *(reading for reading in others if text[reading.start : reading.end] in many),
        ]
    )


def _others(page: Page, readings: Sequence[Reading]) -> Iterator[Reading]:
    """Further occurrences of known names, and surnames of full names used alone."""
    text = page.text
    known: dict[str, tuple[Kind, str]] = {}
    for reading in readings:
        known.setdefault(text[reading.start : reading.end], (reading.kind, "repeat"))
    for surface, (kind, _) in list(known.items()):
        if kind == "person" and (last := surname(surface)):
            known.setdefault(last, (kind, "surname"))
    lengths: dict[str, set[int]] = defaultdict(set)
    for surface in known:
        if len(surface) <= _LONGEST and (first := WORD.match(surface)):
            lengths[first[0]].add(len(surface))
    longest_first = {word: sorted(found, reverse=True) for word, found in lengths.items()}
    taken = [(reading.start, reading.end) for reading in readings]
    done = 0
    for index, (start, end) in enumerate(page.words):
        if start < done:
            continue
        for length in longest_first.get(text[start:end], ()):
            stop = start + length
            if text[start:stop] not in known:
                continue
            kind, rule = known[text[start:stop]]
            if _whole(text, start, stop, kind) and not _overlaps(taken, start, stop) and _may_repeat(page, index, stop):
                yield Reading(start, stop, kind, rule)
                done = stop
                break


def _whole(text: str, start: int, end: int, kind: Kind) -> bool:
    """Whether a span is no part of a longer word: of a compound, a handle, an address, a name with an apostrophe."""
    before, after = text[max(0, start - 2) : start], text[end : end + 3]
    if before[-1:].isalnum() or before[-1:] in ("@", "#", "_", "/"):
        return False
    if len(before) == 2 and before[0].isalnum() and before[1] in "-'’.&":
        return False
    if not after or not (after[0].isalnum() or after[0] in "_-'’.&@$"):
        return True
    if after[0].isalnum() or after[0] in "_@$":
        return False
    if len(after) == 1 or not after[1].isalnum():
        return True
    if after[0] == "-":
        return kind == "place"
    return after[0] in "'’" and after[1] == "s" and not after[2:].isalnum()


def _overlaps(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_left(taken, (end, end))
    return at > 0 and taken[at - 1][1] > start


def _may_repeat(page: Page, first: int, end: int) -> bool:
    """Whether words that equal a known name are that name here: with a capital, no part of a longer one."""
    text, start = page.text, page.words[first][0]
    surface = text[start:end]
    if not (surface[0].isupper() or surface[0].isdigit()) or surface.isdigit():
        return False
    if surface in lists.peoples() or surface in lists.calendar():
        return False
    if " " not in surface and page.opens_sentence(start) and page.small[surface.lower()]:
        return False
    after = bisect_left(page.words, (end, end))
    if after < len(page.words):
        following = page.words[after]
        if text[end : following[0]] == " " and text[following[0]].isupper() and not page.in_headline(start):
            return False
    return not _inside_longer(page, first, start)


def _inside_longer(page: Page, first: int, start: int) -> bool:
    """Whether the words before say that a name goes on here: a capital before it, or "Battle of" and the like."""
    text, index, gap = page.text, first - 1, start
    if index >= 0 and text[page.words[index][0] : page.words[index][1]] in ("of", "for"):
        gap, index = page.words[index][0], index - 1
    if index < 0:
        return False
    begin, finish = page.words[index]
    word = text[begin:finish]
    if text[finish:gap] != " " or not word[0].isupper() or word.casefold() in lists.titles().all:
        return False
    if gap == start:
        return not (page.in_headline(start) or page.opens_sentence(begin) or word in lists.peoples())
    return page.in_headline(start) or not page.opens_sentence(begin)
