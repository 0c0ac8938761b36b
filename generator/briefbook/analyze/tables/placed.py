"""Places: what explicit words say has happened to them, and which side is said to have done it.

The words are in `data/tables.yml`. What is negated, denied, asked, planned or only tried gives no row.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import cast

from briefbook import lists
from briefbook.analyze.tables.clause import OF, PRONOUNS, Clause, forms
from briefbook.analyze.tables.words import Phrase, Sentence, phrases, told
from briefbook.model import Happening, PlaceReport, Span, Statement

_GOVERN = OF | {"to", "into", "near", "toward", "towards", "along", "by", "around", "through", "between", "over"}


@cache
def _countries() -> frozenset[str]:
    return frozenset(lists.countries().canonical)


def places(sentences: Sequence[Sentence], statements: Sequence[Statement]) -> tuple[PlaceReport, ...]:
    """What is said to have happened to places, in the order of the text; `statements` are those of the article."""
    if not _of_war(sentences):
        return ()
    said = sorted((one.start, one.end, one.speaker) for one in statements if one.speaker is not None)
    starts = [start for start, _, _ in said]
    found: dict[tuple[Span, Span], PlaceReport] = {}
    for sentence in sentences:
        for report in _Reader(sentence).reports():
            if report.side is None or sentence.low(_word(sentence, report.side.start)) in PRONOUNS:
                at = bisect_right(starts, report.what.start) - 1
                side = said[at][2] if at >= 0 and report.side and report.what.end <= said[at][1] else None
                report = report._replace(side=side)
            found.setdefault((report.place, report.what), report)
    return tuple(sorted(found.values(), key=lambda report: (report.what, report.place)))


def _word(sentence: Sentence, start: int) -> int:
    return bisect_right(sentence.words, start, key=lambda word: word.start) - 1


def _of_war(sentences: Sequence[Sentence]) -> bool:
    """Whether an article tells of war at all: of armed forces, fighting or strikes in several of its sentences."""
    words = told()["war"]
    of_war = sum(any(word.low in words for word in sentence.words) for sentence in sentences)
    return of_war > 0 and (of_war >= 2 or of_war == len(sentences)) and of_war * 15 >= len(sentences)


class _Reader(Clause):
    """Reads one sentence."""

    def reports(self) -> Iterator[PlaceReport]:
        """The reports in the order of their words."""
        s = self._s
        lead: tuple[Phrase, ...] = ()
        until = 0
        at = 0
        while at < len(s.words):
            if at == 0 or ";" in s.words[at].stop:
                lead, until = self._lead(at)
            on = at + 1
            if at not in self._named:
                for read in (self._subject, self._phrase, self._noun, self._verb, self._out, self._fire):
                    found = read(at)
                    if found is not None:
                        on, rows = found
                        own = list(rows)
                        yield from own
                        if not own and lead and at - until < 8 and read in (self._noun, self._verb):
                            yield from self._led(lead, at)
                            lead = ()
                        break
            at = max(on, at + 1)

    def _lead(self, at: int) -> tuple[tuple[Phrase, ...], int]:
        """The places of "In X, ..." or "In the X direction, ..." that begins here, and where it ends."""
        s = self._s
        if s.low(at) != "in":
            return (), 0
        found = self._places.behind(at + 1)
        end = self._places.end(at + 1)
        named = found and any(n in s.names for n in range(found[0].start, found[0].end))
        if not named or end >= len(s.words) or s.words[end].stop != ",":
            return (), 0
        return found, end

    def _led(self, lead: tuple[Phrase, ...], at: int) -> Iterator[PlaceReport]:
        s = self._s
        noun = s.phrase(at, phrases("nouns"))
        low = s.low(at)
        if noun is not None and noun[1] in ("struck", "contested") and not self._open(at):
            happening: Happening = "struck" if noun[1] == "struck" or self._aerial(at) else "contested"
            side = self._adjective(at)
            yield from self._rows(lead, Phrase(at, noun[0]), happening, side or self._repelling(at), True)
        elif low == "attacked" and not self._open(at):
            yield from self._rows(lead, Phrase(at, at + 1), "contested", self._subject_of(at), True)

    # ---- the ways in which something is said of a place ----

    def _subject(self, at: int) -> tuple[int, Iterator[PlaceReport]] | None:
        s = self._s
        found = s.phrase(at, phrases("subject"))
        if found is None:
            return None
        end, happening = found[0], cast(Happening, found[1])
        start = self._group(at)
        places = self._subjects(start)
        side = self._sides.beginning(end)
        if (
            side is None and s.words[at].low == "fell" and s.words[end].text in lists.peoples()
            if end < len(s.words)
            else False
        ):
            side = Phrase(end, end + 1)
        if not places or self._open(start) or (s.low(at) == "fell" and side is None):
            return None
        if s.low(end) == "by" and not s.stopped(end):
            side = self._sides.beginning(end + 1)
        return end, self._rows(places, Phrase(at, end), happening, side, True)

    def _phrase(self, at: int) -> tuple[int, Iterator[PlaceReport]] | None:
        found = self._s.phrase(at, phrases("phrases"))
        if found is None:
            return None
        end, happening = found[0], cast(Happening, found[1])
        start = self._group(at)
        if self._open(start) or not self._happened(start, at):
            return None
        places = self._places.behind(end)
        if not places:
            return None
        side = self._subject_of(start)
        if side is None and happening in ("contested", "struck"):
            return None
        return end, self._rows(places, Phrase(at, end), happening, side, happening == "struck")

    def _noun(self, at: int) -> tuple[int, Iterator[PlaceReport]] | None:
        s = self._s
        found = s.phrase(at, phrases("nouns"))
        if found is None:
            return None
        end, happening = found[0], cast(Happening, found[1])
        if s.low(at - 1) in ("to", "they", "we", "who") or self._open(at):
            return None
        where = next((n for n in (at - 1, at - 2) if s.low(n) == "where" and s.words[n].stop == ","), None)
        if where is not None and happening in ("struck", "contested"):
            return end, self._rows(self._places.before(where), Phrase(at, end), happening, None, False)
        on, far = end, 0
        while far < 6 and not s.stopped(on):
            behind = s.phrase(on, _behind(happening))
            if behind is not None:
                places, last = self._places.behind(behind[0]), self._places.end(behind[0])
                targets = self._target(behind[0])
                if not places and targets:
                    places, last = self._places.behind(targets), self._places.end(targets)
                if places:
                    happened: Happening = "struck" if happening == "contested" and self._aerial(at) else happening
                    side = self._by(last) or self._adjective(at) or self._repelling(at)
                    return on, self._rows(places, Phrase(at, end), happened, side, happened == "struck")
            if s.low(on) not in told()["between"] and not s.low(on).isdigit():
                break
            on, far = on + 1, far + 1
        return end, iter(())

    def _verb(self, at: int) -> tuple[int, Iterator[PlaceReport]] | None:
        s = self._s
        known = forms().get(s.low(at))
        if known is None:
            return None
        start = self._group(at)
        group = [s.low(n) for n in range(start, at)]
        happening, form = known[0 if "to" in group else -1]
        if self._open(start) or not self._happened(start, at) or (form == 0 and "to" not in group):
            return None
        if form == 1 and s.low(at) in phrases("nouns"):
            return None
        passive = form in (2, 3) and any(word in told()["passive"] for word in group)
        what = Phrase(at, at + 1)
        if passive:
            found = self._subjects(start)
            side = self._by(at + 1)
            if not found or (side is None and s.low(at + 1) == "by" and happening in ("struck", "contested")):
                if happening == "encircled" and s.low(at + 1) in ("in", "within", "inside"):
                    found = self._places.behind(at + 2)
                    return (at + 1, self._rows(found, what, happening, None, False)) if found else None
                found = self._loose_before(start) if happening == "struck" and not found else ()
                if not found or (side is None and s.low(at + 1) == "by"):
                    return None
            return at + 1, self._rows(found, what, happening, side, False)
        found = self._places.behind(at + 1)
        if not found and happening == "struck" and form != 3:
            found = self._loose_behind(at + 1)
        if found and not s.stopped(at + 1):
            if form == 4 and s.low(start - 1) in OF and not s.stopped(start):
                return None
            if form == 3 and start == at:
                return None
            side = self._subject_of(start)
            plain = form == 2 and happening in ("taken", "lost") and s.low(at) not in ("took", "secured", "lost")
            alone = plain or happening == "reclaimed" or (happening in ("taken", "encircled") and form == 4)
            if side is None and not alone:
                return None
            if s.low(at).startswith("attack") and self._with_weapons(start):
                happening = "struck"
            return at + 1, self._rows(found, what, happening, side, False)
        if form in (2, 3) and start == at and s.low(at + 1) in ("by", "from", "in", "on"):
            found = self._places.before(at)
            side = self._by(at + 1)
            if found and (side is not None or (s.low(at + 1) == "from" and happening in ("taken", "reclaimed"))):
                return at + 1, self._rows(found, what, happening, side, False)
        if happening in ("struck", "contested") and form in (2, 4):
            near = self._nearby(at + 1)
            side = self._subject_of(start)
            if near and side is not None and s.low(at) in ("attacked", "attacking"):
                return at + 1, self._rows(near, what, happening, side, False)
            if s.low(at) == "attacked" and side is not None:
                return at + 1, iter(())
        return None

    def _nearby(self, at: int) -> tuple[Phrase, ...]:
        """The places of "14 times near X", behind a verb."""
        s = self._s
        for on in range(at, at + 5):
            if s.stopped(on):
                return ()
            if s.low(on) in ("near", "toward", "towards", "around", "in"):
                return self._places.behind(on + 1)
            if not (
                s.low(on).isdigit()
                or s.low(on) in ("times", "twice", "once", "again", "repeatedly", "enemy", "positions")
            ):
                return ()
        return ()

    def _out(self, at: int) -> tuple[int, Iterator[PlaceReport]] | None:
        s = self._s
        if s.low(at) not in told()["out"]["verbs"]:
            return None
        start = self._group(at)
        if self._open(start) or any(s.low(n) in told()["passive"] for n in range(start, at)):
            return None
        return self._through(at, start, told()["out"]["behind"], "taken", None)

    def _fire(self, at: int) -> tuple[int, Iterator[PlaceReport]] | None:
        s = self._s
        if s.low(at) not in told()["fire"]["verbs"]:
            return None
        start = self._group(at)
        if self._open(start) or any(s.low(n) in told()["passive"] for n in range(start, at)):
            return None
        return self._through(at, start, told()["fire"]["behind"], "struck", told()["fire"]["weapons"])

    def _through(
        self, at: int, start: int, behind: Sequence[str], happening: Happening, needed: Sequence[str] | None
    ) -> tuple[int, Iterator[PlaceReport]] | None:
        """A verb with an object of its own, then a preposition and the place."""
        s = self._s
        seen = needed is None
        force = needed is not None
        for on in range(at + 1, at + 9):
            if s.stopped(on):
                return None
            if needed is not None and s.low(on) in needed:
                seen = True
            if s.low(on) in told()["forces"] or s.words[on].text in lists.peoples() or on in s.names:
                force = True
            for words in behind:
                if seen and force and s.stands(on, words.split()):
                    places = self._places.behind(on + len(words.split()))
                    side = self._subject_of(start)
                    if places and side is not None:
                        return on, self._rows(places, Phrase(at, at + 1), happening, side, force=needed is not None)
        return None

    # ---- parts ----

    def _target(self, at: int) -> int:
        """Where the place begins behind what is attacked there: "an attack on positions of the army near X"; or 0."""
        s = self._s
        for on in range(at + 1, at + 7):
            if s.stopped(on):
                return 0
            if s.low(on) in ("in", "near", "at", "around"):
                return on + 1
            if s.low(on) in told()["stops"] and s.low(on) not in told()["forces"]:
                return 0
        return 0

    def _subjects(self, end: int) -> tuple[Phrase, ...]:
        """The places before a verb that are its subject: no preposition governs them."""
        s = self._s
        first = self._places.start(end)
        if first is None:
            return ()
        first -= s.low(first - 1) in ("the", "a", "an")
        governed = s.low(first - 1) in _GOVERN and not s.stopped(first)
        return () if governed else self._places.before(end)

    def _loose_before(self, end: int) -> tuple[Phrase, ...]:
        """ "a shelter in X", before a verb: whatever it is that was hit there."""
        s = self._s
        names = self._places.before(end)
        if len(names) != 1 or names[0].start not in s.names or s.low(names[0].start - 1) not in ("in", "at", "near"):
            return ()
        for start in range(names[0].start - 2, max(-1, names[0].start - 8), -1):
            low = s.low(start)
            if low in ("a", "an", "the"):
                return (Phrase(start, names[0].end),)
            if s.stopped(start + 1) or low in told()["stops"] or low in lists.prepositions():
                return ()
        return ()

    def _loose_behind(self, at: int) -> tuple[Phrase, ...]:
        """ "a fertilizer factory in X", behind a verb."""
        s = self._s
        if s.low(at) not in ("a", "an", "the", "several", "two", "three"):
            return ()
        for on in range(at + 1, at + 7):
            if s.stopped(on) or (s.low(on) in told()["stops"] and s.low(on) not in told()["forces"]):
                return ()
            if s.low(on) in ("in", "at", "near"):
                names = self._places.behind(on + 1)
                return (Phrase(at, names[0].end),) if names and names[0].start in s.names else ()
        return ()

    def _rows(
        self, places: Sequence[Phrase], what: Phrase, happening: Happening, side: Phrase | None, force: bool
    ) -> Iterator[PlaceReport]:
        s = self._s
        if side is not None and not self._is_side(side):
            side = None
        for place in places:
            text = " ".join(s.words[n].text for n in range(place.start, place.end))
            if text.removeprefix("the ") in _countries() and not force:
                continue
            if side is not None and side.start < place.end and place.start < side.end:
                side = None
            yield PlaceReport(s.cut(place), s.cut(what), happening, s.cut(side) if side else None)


@cache
def _behind(happening: str) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in told()["nouns"][happening]["behind"]:
        words = tuple(row.split())
        found.setdefault(words[0], []).append((words, ""))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in found.items()}
