"""The document pass: the recognizer's raw names, read again with the whole article in view.

The recognizer sees a few hundred words at a time; an article is consistent. So boundaries are mended, what can be no
name goes, one surface gets one reading, and a name found once is found everywhere. Each reading carries the rule that
decided.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from briefbook import forms, lists
from briefbook.display import display_name
from briefbook.model import KINDS, Kind, Name, Span

WORD = re.compile(r"[^\W_]+")
"""A word for finding names again: a run of letters and digits."""

_OPENING = {"“": "”", "„": "”“", "«": "»", "‘": "’", '"': '"', "'": "'"}
_CLOSING = "”»’\"'“"
_EDGE = re.compile(r"[\s,;:!?–—-]+\Z|\.\Z|\s(?:of|and|in|for|the|at|to|on)\Z")
_LEAD = re.compile(r"^[\s,;:.!?–—-]+")
_POSSESSIVE = re.compile(r"['’ʼ]s\Z")
_STOPPED = re.compile(r"(?:\b(?:[^\W\d_]\.)+|\b(?:Jr|Sr|Inc|Ltd|Co|Corp|St|Bros|No|Mt|Ft|Dr)\.)\Z")
_NICKNAME = re.compile(r"\s[“«\"‘][^\W\d_][^\s”»\"’“«,.]*(?:\s[^\s”»\"’“«,.]+){0,3}[,.]?[”»\"’]")
_ACRONYM = re.compile(r"\s?\(\s?[“\"]?((?:[A-Z][A-Za-z0-9&-]{0,8}[A-Z0-9]|(?:[A-Z]\.){2,6}))[”\"]?\s?\)")


_LONGEST = 120
"""Names longer than this, in characters, are not looked for again."""


_BROKEN = re.compile(r"\s(?:of|for|and|in)(?:\sthe)?\Z")
_GAP = re.compile(r"\s(?:the\s)?")


class Reading(NamedTuple):
    """A name as the document pass leaves it; `rule` is `model` where the recognizer's reading stands untouched."""

    start: int
    end: int
    kind: Kind
    rule: str


def document_pass(text: str, names: Sequence[Name], sentences: Sequence[Span]) -> tuple[Reading, ...]:
    """The names of an article, in order and without overlap.

    `names` are the recognizer's, `sentences` the article's, both in character offsets into `text`; text outside every
    sentence is title or heading.
    """
    page = _Page(text, sentences)
    names = _joined(text, sorted(names))
    readings = _apart([mended for name in names if (mended := _mend(page, name)) is not None])
    readings = [reading for reading in readings if not _no_name(page, reading)]
    readings = _apart([*_acronyms(page, readings), *readings])
    readings = _one_reading(page, readings)
    return tuple(_weighed(page, readings))


class _Page:
    """An article's text with what the rules ask of it: its words, where sentences begin, which words stand in small."""

    def __init__(self, text: str, sentences: Sequence[Span]) -> None:
        self.text = text
        self.sentences = sorted(sentences)
        self.starts = [start for start, _ in self.sentences]
        self.capitals = {at for at, line in enumerate(self.sentences) if _in_capitals(text[line.start : line.end])}
        self.words = [(match.start(), match.end()) for match in WORD.finditer(text)]
        self.small = Counter(text[s:e] for s, e in self.words if text[s].islower())
        self._inside: dict[str, bool] = {}
        self.at: dict[str, list[int]] = defaultdict(list)
        for index, (start, end) in enumerate(self.words):
            self.at[text[start:end]].append(index)

    def opens_sentence(self, start: int) -> bool:
        """Whether only marks stand between the beginning of a sentence (or line, or quotation) and `start`."""
        before = self.text[max(0, start - 3) : start]
        if not before.strip() and ("\n" in before or start < 3):
            return True
        if before[-1:] in _OPENING:
            return True
        at = bisect_right(self.starts, start) - 1
        return at >= 0 and not any(
            char.isalnum() for char in self.text[self.starts[at] : min(start, self.starts[at] + 8)]
        )

    def stands_inside(self, word: str) -> bool:
        """Whether a word stands anywhere but at the beginning of a sentence."""
        if word not in self._inside:
            self._inside[word] = any(not self.opens_sentence(self.words[index][0]) for index in self.at.get(word, ()))
        return self._inside[word]

    def in_sentence(self, start: int) -> bool:
        """Whether an offset lies in a line that is not written with capitals throughout, as some headlines are."""
        at = bisect_right(self.starts, start) - 1
        return at >= 0 and start < self.sentences[at].end and at not in self.capitals


def _in_capitals(line: str) -> bool:
    """Whether most longer words of a line begin with a capital, as in a headline; shorter lines say nothing."""
    long = [word[0] for word in WORD.findall(line) if len(word) > 3 and word.isalpha()]
    return len(long) >= 3 and sum(map(str.isupper, long)) >= 0.75 * len(long)


def _apart(readings: Sequence[Reading]) -> list[Reading]:
    """The readings in order without overlap; of two that overlap the longer stays, of two alike the first given."""
    kept: list[Reading] = []
    taken = bytearray(max((reading.end for reading in readings), default=0))
    for reading in sorted(readings, key=lambda reading: (reading.start - reading.end, reading.start)):
        if taken.find(1, reading.start, reading.end) < 0:
            taken[reading.start : reading.end] = b"\1" * (reading.end - reading.start)
            kept.append(reading)
    return sorted(kept)


def _joined(text: str, names: Sequence[Name]) -> list[Name]:
    """The names, those put together that the recognizer broke behind a small word ("Supreme Court of" "Ardovia")."""
    whole: list[Name] = []
    for name in names:
        last = whole[-1] if whole else None
        if last and last.end < name.start and _BROKEN.search(text, last.start, last.end) and _GAP.fullmatch(text, last.end, name.start):
            whole[-1] = Name(last.start, name.end, last.kind)
        else:
            whole.append(name)
    return whole


def _mend(page: _Page, name: Name) -> Reading | None:
    """A name with its boundaries put right, or None where nothing is left of it."""
    text, kind = page.text, name.kind
    start, end = _trim(text, name.start, name.end)
    rule = "model" if (start, end) == (name.start, name.end) else "edge"
    if start >= end:
        return None
    if kind in ("unit", "organization", "person"):
        quoted = _quotation(text, start, end, kind)
        if quoted != (start, end):
            (start, end), rule = quoted, "quotation"
    while (bare := _without_possessive(text, start, end)) != end:
        (start, end), rule = _trim(text, start, bare), "possessive"
    if start >= end:
        return None
    if kind == "person":
        late = _behind_title(text, start, end)
        if late != start:
            start, rule = late, "title"
    elif text[start : start + 4] == "the ":
        start, rule = start + 4, "article"
    start, end = _trim(text, start, end)
    return Reading(start, end, kind, rule) if start < end else None


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without white space and punctuation at its ends; a stop stays where it belongs to the last word."""
    while start < end:
        if lead := _LEAD.match(text[start:end]):
            start += lead.end()
            continue
        tail = _EDGE.search(text[start:end])
        if tail is None or (tail[0] == "." and _STOPPED.search(text, start, end)):
            break
        end = start + tail.start()
    return start, end


def _quotation(text: str, start: int, end: int, kind: Kind) -> tuple[int, int]:
    """A span whose quotation marks are balanced, a nickname in quotation marks behind a unit included."""
    inside = text[start:end]
    for opening, closings in _OPENING.items():
        closing = closings[0]
        if opening == closing:
            opened = inside.count(opening) % 2 == 1 and (opening == '"' or inside.startswith("'"))
            closed = False
        else:
            opened = inside.rfind(opening) > inside.rfind(closing)
            closed = (
                closing in inside
                and inside.find(closing) < (inside.find(opening) if opening in inside else len(inside))
                and closing != "’"
            )
        if opened:
            tail = re.compile(rf"[^\n{re.escape(closing)}]{{0,40}}?[,.]?{re.escape(closing)}").match(text, end)
            if inside.startswith(opening) and (tail is None or tail[0].strip(",." + closing)):
                return start + 1, end
            if tail and not tail[0].strip(",." + closing):
                return start, tail.end()
            if tail and kind == "unit":
                return start, tail.end()
        if closed and start and text[start - 1] == opening:
            return start - 1, end
    if kind == "unit" and (nickname := _NICKNAME.match(text, end)) and _capital(nickname[0]):
        return start, nickname.end()
    if len(inside) > 2 and inside[0] in _OPENING and inside[-1] in _OPENING[inside[0]]:
        middle = inside[1:-1]
        if not any(char in middle for char in _OPENING[inside[0]]):
            return start + 1, end - 1 - (middle[-1] in ",.")
    return start, end


def _capital(words: str) -> bool:
    first = next((char for char in words if char.isalnum()), "")
    return first.isupper() or first.isdigit()


def _without_possessive(text: str, start: int, end: int) -> int:
    if start >= end:
        return end
    match = _POSSESSIVE.search(text, start, end)
    if match and match.start() > start:
        return match.start()
    if text[end - 1] in "'’" and display_name(text[start:end]) == text[start : end - 1]:
        return end - 1
    return end


def _behind_title(text: str, start: int, end: int) -> int:
    """Where a person's name begins behind honorifics, ranks and offices."""
    titles = lists.titles()
    strip = titles.honorifics | (titles.ranks - {"major", "pope"}) | (titles.offices - _GIVEN_NAMES)
    at = start
    while True:
        word = WORD.match(text, at)
        if word is None or word.end() >= end or word[0].casefold() not in strip:
            return at
        after = WORD.search(text, word.end(), end)
        if after is None or not after[0][0].isupper() or after.start() - word.end() > 2:
            return at
        at = after.start()


_GIVEN_NAMES = frozenset(
    {"dean", "prince", "king", "queen", "princess", "judge", "justice", "chief", "earl", "emperor", "empress"}
)


def _no_name(page: _Page, reading: Reading) -> bool:
    """Whether a reading can be no name: a date, a people's adjective, words in small, a common word at the start."""
    surface = page.text[reading.start : reading.end]
    words = surface.split()
    if reading.kind != "equipment" and all(word in lists.calendar() or word.rstrip(".,").isdigit() for word in words):
        return True
    if surface in lists.peoples() and reading.kind in ("person", "place", "organization"):
        return True
    if not any(char.isupper() or char.isdigit() for char in surface):
        return any(char.isascii() for char in surface) and any(char.islower() for char in surface)
    shouted = len(surface) > 1 and surface.isupper()
    if len(words) == 1 and not shouted and page.opens_sentence(reading.start) and page.small[surface.lower()]:
        return not page.stands_inside(surface)
    return False


def _acronyms(page: _Page, readings: Sequence[Reading]) -> Iterator[Reading]:
    """Acronyms in brackets behind a name, and behind it the same acronym everywhere."""
    spans = {(reading.start, reading.end) for reading in readings}
    for reading in readings:
        match = _ACRONYM.match(page.text, reading.end)
        if match is None or match.span(1) in spans:
            continue
        if reading.kind != "person" and forms.stands_for(match[1], page.text[reading.start : reading.end]):
            yield Reading(*match.span(1), reading.kind, "acronym")


def _one_reading(page: _Page, readings: Sequence[Reading]) -> list[Reading]:
    """One surface, one kind: what the general lists say, or the long form it is short for, or most of its readings."""
    text = page.text
    shown = [display_name(text[reading.start : reading.end]) for reading in readings]
    votes: dict[str, Counter[Kind]] = defaultdict(Counter)
    for name, reading in zip(shown, readings, strict=True):
        votes[forms.fold(name)][reading.kind] += 1
    for acronym, long in _behind(page, readings, shown):
        # brackets say that two names are one: they vote together
        both = votes[acronym] + votes[long]
        votes[acronym] = votes[long] = both
    kinds: dict[str, Kind] = {name: max(count, key=lambda k: (count[k], -KINDS.index(k))) for name, count in votes.items()}
    kinds |= _by_long_form(shown, readings, votes, kinds)
    kinds |= {forms.fold(name): "place" for name in shown if name in lists.countries().canonical}
    return [
        reading if reading.kind == kinds[key] else Reading(reading.start, reading.end, kinds[key], "one-reading")
        for reading, key in zip(readings, map(forms.fold, shown), strict=True)
    ]


def _behind(page: _Page, readings: Sequence[Reading], shown: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The folded acronyms in brackets, each with the folded name it stands behind."""
    for at in range(1, len(readings)):
        gap = page.text[readings[at - 1].end : readings[at].start]
        if gap.strip() in ("(", "(“", '("') and forms.is_acronym(shown[at]) and len(shown[at - 1].split()) > 1:
            yield forms.fold(shown[at]), forms.fold(shown[at - 1])


def _by_long_form(
    shown: Sequence[str], readings: Sequence[Reading], votes: dict[str, Counter[Kind]], kinds: dict[str, Kind]
) -> dict[str, Kind]:
    """The kinds of surnames, by the full names of people that end with them."""
    found: dict[str, Kind] = {}
    for name in dict.fromkeys(shown):
        key = forms.fold(name)
        if kinds[key] != "person" or not (surname := _surname(name)):
            continue
        short = forms.fold(surname)
        if short in kinds and (kinds[short] == "organization" or votes[short]["place"] <= votes[key]["person"] + votes[short]["person"]):
            found[short] = "person"
    return found


def _found_again(page: _Page, readings: Sequence[Reading]) -> Iterator[Reading]:
    """Further occurrences of known names, and surnames of full names used alone."""
    text = page.text
    known: dict[str, tuple[Kind, str]] = {}
    for reading in readings:
        known.setdefault(text[reading.start : reading.end], (reading.kind, "repeat"))
    for surface, (kind, _) in list(known.items()):
        if kind == "person" and (surname := _surname(surface)):
            known.setdefault(surname, (kind, "surname"))
    lengths: dict[str, set[int]] = defaultdict(set)
    for surface in known:
        if len(surface) <= _LONGEST and (first := WORD.match(surface)):
            lengths[first[0]].add(len(surface))
    ordered = {word: sorted(found, reverse=True) for word, found in lengths.items()}
    taken = sorted((reading.start, reading.end) for reading in readings)
    done = 0
    for index, (start, end) in enumerate(page.words):
        if start < done:
            continue
        for length in ordered.get(text[start:end], ()):
            last = start + length
            if text[start:last] not in known:
                continue
            kind, rule = known[text[start:last]]
            if not _whole(text, start, last, kind):
                continue
            if not _overlaps(taken, start, last) and _may_repeat(page, index, last):
                yield Reading(start, last, kind, rule)
                done = last
                break


def _weighed(page: _Page, readings: Sequence[Reading]) -> list[Reading]:
    """The readings with the further occurrences of names that most often are read as names, without those that seldom are.

    The recognizer sees each occurrence of a surface in its own context: where it finds most of them, the rest are names too;
    where it passes over most, the few it found are none.
    """
    text = page.text
    again = list(_found_again(page, readings))
    found = Counter(text[reading.start : reading.end] for reading in readings)
    missed = Counter(text[reading.start : reading.end] for reading in again)
    few = {surface for surface, count in missed.items() if count >= 2 * found[surface] and found[surface]}
    more = {surface for surface, count in missed.items() if found[surface] > count or not found[surface]}
    return _apart(
        [
            *(reading for reading in readings if text[reading.start : reading.end] not in few),
            *(reading for reading in again if text[reading.start : reading.end] in more),
        ]
    )


def _surname(name: str) -> str:
    """The last word of a full name, Jr. and the like left out; empty where it cannot stand alone."""
    words = [word for word in name.split() if word.rstrip(".") not in ("Jr", "Sr", "II", "III", "IV")]
    if len(words) < 2 or len(words[-1]) < 3 or not words[-1][0].isupper():
        return ""
    return words[-1]


def _whole(text: str, start: int, end: int, kind: Kind) -> bool:
    """Whether a span is no part of a longer word: of a compound, a handle, an address, a name with an apostrophe."""
    before, after = text[max(0, start - 2) : start], text[end : end + 3]
    if (
        before[-1:].isalnum()
        or before[-1:] in ("@", "#", "_", "/")
        or (len(before) == 2 and before[0].isalnum() and before[1] in "-'’.&")
    ):
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


def _may_repeat(page: _Page, first: int, end: int) -> bool:
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
        if text[end : following[0]] == " " and text[following[0]].isupper() and page.in_sentence(start):
            return False
    return not _inside_longer(page, first, start)


def _inside_longer(page: _Page, first: int, start: int) -> bool:
    """Whether the words before say that a name goes on here: a capital before it, or "Battle of" and the like."""
    text, index, gap = page.text, first - 1, start
    if index >= 0 and text[page.words[index][0] : page.words[index][1]] in ("of", "for"):
        gap, index = page.words[index][0], index - 1
    if index < 0:
        return False
    before = page.words[index]
    word = text[before[0] : before[1]]
    if text[before[1] : gap] != " " or not word[0].isupper() or word.casefold() in lists.titles().all:
        return False
    if gap == start:
        return page.in_sentence(start) and not page.opens_sentence(before[0]) and word not in lists.peoples()
    return not (page.in_sentence(start) and page.opens_sentence(before[0]))
