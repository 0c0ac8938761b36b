"""The phrases of a sentence that stand for places: names, common nouns, and what narrows them."""

from __future__ import annotations

from briefbook import lists
from briefbook.analyze.tables.words import Phrase, Sentence, told
from briefbook.model import Mention

_MOST = 20
"""Places of one list at most."""
_LONG = 7
"""Words before the head of a phrase at most."""


class Places:
    """The phrases of a sentence that stand for places."""

    def __init__(self, sentence: Sentence) -> None:
        self._sentence = sentence
        self._lists: dict[int, tuple[tuple[Phrase, ...], int] | None] = {}
        self._ends: dict[int, int] | None = None

    def behind(self, at: int) -> tuple[Phrase, ...]:
        """The places of the phrase or list of phrases that begins at a word."""
        found = self._list(at)
        return found[0] if found else ()

    def end(self, at: int) -> int:
        """The number behind the last word of what `behind` reads."""
        found = self._list(at)
        return found[1] if found else at

    def before(self, end: int) -> tuple[Phrase, ...]:
        """The places of the phrase or list of phrases whose last word is the one before `end`."""
        start = self.start(end)
        return self.behind(start) if start is not None else ()

    def start(self, end: int) -> int | None:
        """The first word of what `before` reads."""
        if self._ends is None:
            self._ends = {}
            for at in range(len(self._sentence.words)):
                found = self._list(at)
                if found:
                    self._ends.setdefault(found[1], at)
        return self._ends.get(end)

    def _list(self, at: int) -> tuple[tuple[Phrase, ...], int] | None:
        if at not in self._lists:
            self._lists[at] = self._read_list(at)
        return self._lists[at]

    def _read_list(self, at: int) -> tuple[tuple[Phrase, ...], int] | None:
        found: list[Phrase] = []
        end = at
        while len(found) < _MOST:
            one = self._one(at)
            if one is None:
                break
            places, end = one
            found += places
            on = self._on(end)
            if on is None:
                break
            at = on
        return (tuple(found), end) if found else None

    def _on(self, end: int) -> int | None:
        """Where a list of places goes on behind one of them: past "in Y region", a comma and "and"."""
        s = self._sentence
        at = end
        if s.low(at) == "in" and not s.stopped(at):
            name = s.names.get(at + 1) or s.names.get(at + 2)
            if name:
                at = name[0]
                if s.low(at) in told()["administrative"] and not s.stopped(at):
                    at += 1
        if at >= len(s.words):
            return None
        comma = s.words[at].stop == ","
        if s.words[at].stop not in ("", ","):
            return None
        joined = s.low(at) in ("and", "&") or s.stands(at, ("as", "well", "as"))
        if joined:
            on = at + (3 if s.low(at) == "as" else 1)
            if s.low(on) in ("toward", "towards", "near", "in", "of", "around", "at"):
                on += 1
            return on
        if comma and (at in s.names or (s.low(at) == "the" and at + 1 in s.names) or s.low(at) in told()["kinds"]):
            return at
        return None

    def _one(self, at: int, depth: int = 0) -> tuple[tuple[Phrase, ...], int] | None:
        """A phrase that stands for a place; several where it is "the villages of A and B"."""
        s, words = self._sentence, told()
        start = at
        unknown = 0
        while at < len(s.words) and at - start <= _LONG and (at == start or not s.stopped(at)):
            low = s.low(at)
            if at in s.names:
                end, mention = s.names[at]
                if mention.kind == "place" or self._based(end, mention):
                    return self._named(start, at, end)
                if s.words[at].text not in lists.peoples():
                    return None
                at += 1
                continue
            if low == "and" and start < at and s.low(at - 1).endswith("ern") and s.low(at + 1).endswith("ern"):
                at += 1
                continue
            if low in told()["places"] and s.low(at + 1) == "'s" and not s.stopped(at + 1):
                at += 2
                continue
            if low == "of" and start < at and s.low(at - 1) in ("half", "most", "all", "much", "many", "some", "part"):
                at += 1
                continue
            if low in words["places"] or low in words["parts"]:
                found = self._common(start, at, depth)
                if found is not None:
                    return found
                if low in words["parts"] and s.low(at + 1) == "of":
                    at += 2
                    continue
            elif low in words["stops"] and low not in words["determiners"]:
                return None
            elif low not in words["determiners"] and not low[:1].isdigit() and s.words[at].text not in lists.peoples():
                if s.words[at].text[:1].isupper() and s.words[at].text.split("-")[0] not in lists.peoples():
                    return None
                unknown += 1
                if unknown > 3 or low in lists.prepositions():
                    return None
            at += 1
        return None

    def _based(self, end: int, mention: Mention) -> bool:
        """Whether a formation's name stands for its base ("Artillery Regiment 121 base")."""
        return mention.kind in ("organization", "unit") and self._sentence.low(end) in ("base", "airport", "airfield")

    def _named(self, start: int, at: int, end: int) -> tuple[tuple[Phrase, ...], int] | None:
        s, words = self._sentence, told()
        narrowed = Phrase(self._narrow(start, at), end)
        if s.low(end) == "'s":
            at, far = end + 1, 0
            while far < 4 and not s.stopped(at) and s.low(at) not in words["stops"]:
                if s.low(at) in words["places"]:
                    if s.low(at + 1) in words["places"] and not s.stopped(at + 1):
                        at += 1
                    return (Phrase(narrowed.start, at + 1),), at + 1
                at, far = at + 1, far + 1
            return None
        if not s.stopped(end):
            low = s.low(end)
            if low in words["places"] or low in words["direction"]:
                end += 1
                narrowed = Phrase(narrowed.start, end)
                low = s.low(end) if not s.stopped(end) else ""
            if low and not self._follows(end):
                return None
        return (narrowed,), end

    def _narrow(self, start: int, at: int) -> int:
        """Where the words begin that narrow a name; "the village of X" is X."""
        s = self._sentence
        for n in range(start, at):
            if s.low(n) in told()["kinds"] and s.low(n + 1) in ("of", "") and n + 2 == at:
                return at
        if all(s.low(n) in told()["determiners"] or s.low(n) in told()["kinds"] for n in range(start, at)):
            return at
        narrows = any(s.low(n) in told()["parts"] for n in range(start, at)) or s.low(start) in (
            "the",
            "a",
            "an",
            "its",
        )
        return start if narrows and any(s.low(n) in ("of", "in", "around", "near") for n in range(start, at)) else at

    def _common(self, start: int, at: int, depth: int) -> tuple[tuple[Phrase, ...], int] | None:
        """A phrase whose head is a common noun for a place: with a name behind it, or alone."""
        s, words = self._sentence, told()
        low = s.low(at)
        while s.low(at + 1) in words["places"] and not s.stopped(at + 1) and at - start < _LONG:
            at += 1
            low = s.low(at)
        nxt = at + 1
        if not s.stopped(nxt) and s.low(nxt) in words["joining"]:
            on = nxt + 1
            if s.low(on) == "of" and s.low(nxt) != "of":
                on += 1
            sub = self._one(on, depth + 1) if depth < 2 else None
            if sub is None and s.low(nxt) == "of" and low in words["kinds"]:
                sub = self._capitals(on)
            if sub is not None:
                places, end = sub
                if s.low(nxt) == "of" and low in words["kinds"] and len(places) == 1:
                    rest = [places[0]]
                    return tuple(rest), end
                if s.low(nxt) in ("in", "on", "at", "of", "around", "near", "outside", "between", "along", "north"):
                    if low in words["administrative"]:
                        return places, end
                    return (Phrase(start, places[0].end),), max(end, places[0].end)
        if not s.stopped(nxt) and nxt in s.names and s.names[nxt][1].kind == "place" and low in words["kinds"]:
            return None
        owned = any(s.low(n) == "'s" for n in range(start, at))
        if low in words["places"] and (low not in words["weak"] or owned):
            if not s.stopped(nxt) and not self._follows(nxt):
                return None
            if start < at and s.low(start) not in ("a", "an"):
                return (Phrase(start, at + 1),), at + 1
        return None

    def _follows(self, at: int) -> bool:
        """Whether a word may follow a place, so that the place is no part of a longer phrase."""
        low = self._sentence.low(at)
        plain = low in told()["follow"] or low[:1].isdigit() or low.endswith(("ly", "ed"))
        return plain or self._sentence.words[at].text in lists.calendar()

    def _capitals(self, at: int) -> tuple[tuple[Phrase, ...], int] | None:
        """A name that the encoder did not read, behind "the village of"."""
        s = self._sentence
        end = at
        while (
            end < len(s.words)
            and end - at < 3
            and s.words[end].text[:1].isupper()
            and (end == at or not s.stopped(end))
        ):
            end += 1
        return ((Phrase(at, end),), end) if end > at else None
