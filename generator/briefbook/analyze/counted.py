"""What a figure counts: the noun phrase in it or beside it, or what befell the counted, always within one sentence."""

from __future__ import annotations

import re

from briefbook import lists
from briefbook.analyze.numbers import number_at
from briefbook.model import Span

_NEAR = 48
"""How far before a number, in characters, the words stand that say what is counted."""
_LONGEST = 90
"""Longest counted phrase, in characters."""
_WORD = re.compile(r"[^\W_]+(?:[-.'’/][^\W_]+)*['’]?")
_BREAK = re.compile(r"[^\s\-“\"‘'«»”’]")
_OR_MORE = re.compile(r"\sor (?:more|less|fewer|so)\b", re.IGNORECASE)
_MORE = re.compile(r"\s?(?:more|other|others|additional|further|another|extra)\b", re.IGNORECASE)
_OUT_OF = re.compile(r"\s(?:out )?of (?:the |its |their |his |her |all )?(?:[^\W\d_]{1,40}['’]s )?", re.IGNORECASE)
_WHOLE = re.compile(r"(?:more than |over |about |some )?(?=[^\W_])")
_WORTH = re.compile(r"\s(?:worth of|in|of|the|its|their)\s(?=[a-z]{3})")
_WERE = re.compile(
    r"\s?(?:of (?:them|whom|which)\s)?"
    r"(?:(?:were|was|are|is|has|have|had|been|being|reported|reportedly|confirmed|also)\s){0,4}"
)
_VERB = re.compile(r"[a-z]{3,}(?:ed|ing)")
_CLAUSE = frozenset(("is", "are", "was", "were", "have", "has", "had", "who", "which", "that", "died"))
_OWN = frozenset(("its", "their", "his", "her", "our", "my", "your"))
_SMALL = _OWN | {"the", "a", "an", "of", "and", "or", "in", "for", "with", "to", "from", "strong"}
_NAMES = frozenset(("IS", "US", "WHO", "IT", "AS"))


def counted(text: str, number: int, start: int, end: int, room: Span, *, measured: bool) -> Span | None:
    """The words for what is counted, None where they are not clear.

    The figure's number begins at `number`, with the words for how it is meant, and ends, with its unit, at `start`; the
    figure ends at `end`. Nothing outside `room` is looked at. `measured` tells that the number has a unit, which what
    is measured seldom follows.
    """
    at = start
    for pattern in (_OR_MORE, _MORE):
        if match := pattern.match(text, at, room.end):
            at = match.end()
    part = _OUT_OF.match(text, at, room.end)
    if part:
        at = part.end()
        # "31 of the 44 nodes"
        if (whole := _WHOLE.match(text, at, room.end)) and (other := number_at(text, whole.end())):
            at = min(other.end, room.end)
    elif measured and (part := _WORTH.match(text, at, room.end)):
        at = part.end()
    return (
        _phrase(text, at, end, inside=True)
        or (None if measured and not part else _phrase(text, at, room.end, inside=False))
        or _fate(text, number, start, room)
        or _noun_before(text, number, room, measured=measured)
    )


def _phrase(text: str, at: int, limit: int, *, inside: bool) -> Span | None:
    """The noun phrase that begins at `at`, before `limit`.

    `inside` the span of the figure it goes as far as that; outside, to the first word that ends such phrases.
    """
    first = last = None
    limit = min(limit, at + _LONGEST)
    while at < limit and (match := _WORD.search(text, at, limit)):
        # a list in the span goes on behind its commas
        listed = inside and first is not None and text.startswith(", ", at)
        if _BREAK.search(text, at + listed, match.start()):
            break
        if first is None and not _begins_phrase(match[0], inside=inside):
            break
        if first is not None and (_bare(match[0]) in _CLAUSE if inside else _ends_phrase(match[0])):
            break
        at = match.end()
        if _bare(match[0]) not in _SMALL:
            first = match.start() if first is None else first
            last = at
    if first is None or last is None or last - first < 2:
        return None
    behind = _OR_MORE.search(text, first, last)
    return Span(first, behind.start() if behind and behind.end() == last else last)


def _bare(word: str) -> str:
    return word if word in _NAMES else word.lower()


def _begins_phrase(word: str, *, inside: bool) -> bool:
    """Whether a word may stand at the beginning of a noun phrase, or before its first noun."""
    words, bare = lists.quantities(), _bare(word)
    if bare in words.stops:
        return bare in _OWN
    return inside or bare in words.fates or not (_VERB.fullmatch(word) or bare.endswith(("n't", "n’t")))


def _ends_phrase(word: str) -> bool:
    """Whether a word behind a noun goes on with the clause and not with the phrase."""
    bare = _bare(word)
    return bare in lists.quantities().stops or (bare in _SMALL and bare != "of") or bool(_VERB.fullmatch(word))


def _fate(text: str, number: int, start: int, room: Span) -> Span | None:
    """What befell the counted, said behind ("31 were killed") or right before ("killing 31")."""
    fates = lists.quantities().fates
    skip = _WERE.match(text, start, room.end)
    behind = _WORD.match(text, skip.end(), room.end) if skip else None
    if behind and behind[0].lower() in fates:
        return Span(*behind.span())
    before = list(_WORD.finditer(text, max(room.start, number - _NEAR), number))
    if before and before[-1][0].lower() in fates and text[before[-1].end() : number].isspace():
        return Span(*before[-1].span())
    return None


def _noun_before(text: str, number: int, room: Span, *, measured: bool) -> Span | None:
    """The noun before a number that is said of it ("the death toll rose to 31")."""
    joints = lists.quantities().joints
    start = end = None
    at, joined = number, False
    for word in reversed(list(_WORD.finditer(text, max(room.start, number - _NEAR), number))):
        if not text[word.end() : at].isspace():
            break
        at = word.start()
        if end is None and word[0] in joints:
            if measured and not joined and word[0] in ("at", "from", "by"):
                return None
            joined = True
        elif not joined or _ends_phrase(word[0]) or _bare(word[0]) in _SMALL or not word[0][0].isalpha():
            break
        else:
            start, end = at, end or word.end()
    return Span(start, end) if start is not None and end is not None else None
