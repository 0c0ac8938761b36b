"""Hedges: words that say how sure a sentence is, with their rung on the ladder of likelihood where they have one.

The words and what must stand around them are in `data/hedges.yml`. Where a word has another sense as often ("could" of
ability, "claims" as a noun), it is read only where what is around it tells; what is in doubt is no hedge.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

import yaml

from briefbook import lists
from briefbook.model import Hedge, HedgeKind, Mention, Rung, Span

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_PHRASE = re.compile(r"([^\[]+?)\s*(?:\[(.*)\])?")
_OPENING = "“\"'‘«([—–:;"


class _Word(NamedTuple):
    text: str
    """As written."""
    start: int
    end: int
    stopped: bool
    """Whether anything but white space stands between it and the word before."""


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    then: tuple[tuple[str, ...], ...]
    """What must follow, one of these; none where anything may."""
    kind: HedgeKind
    rung: Rung | None
    fits: Fits | None


class _Place(NamedTuple):
    """A phrase in a sentence: its words, and where it begins and ends among them."""

    words: list[_Word]
    first: int
    last: int

    def before(self, back: int = 1) -> str:
        """The word before, in small letters; "" where a stop or the start of the sentence is between."""
        at = self.first - back
        if at < 0 or any(self.words[n].stopped for n in range(at + 1, self.first + 1)):
            return ""
        return self.words[at].text.casefold()

    def after(self, on: int = 1) -> str:
        """The word behind, as written; "" where a stop or the end of the sentence is between."""
        at = self.last + on
        if at >= len(self.words) or any(self.words[n].stopped for n in range(self.last + 1, at + 1)):
            return ""
        return self.words[at].text


Fits = Callable[[_Place], bool]


@cache
def _lists() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((lists.DATA / "hedges.yml").read_text(encoding="utf-8"))
    return {key: value if isinstance(value, dict) else _flat(key, value) for key, value in loaded.items()}


def _flat(key: str, words: list[str]) -> list[str] | frozenset[str]:
    return words if key in ("likelihood", "belief", "hearsay", "intent") else frozenset(words)


def hedges(text: str, sentences: Sequence[Span], mentions: Sequence[Mention]) -> tuple[Hedge, ...]:
    """The hedges of an article's sentences, in order, none overlapping another.

    `mentions` are its names: a word inside one is a part of the name.
    """
    named = sorted((mention.start, mention.end) for mention in mentions)
    starts = [start for start, _ in named]
    found: list[Hedge] = []
    for sentence in sorted(sentences):
        for hedge in _in_sentence(text, sentence):
            at = bisect_right(starts, hedge.start) - 1
            if at < 0 or named[at][1] <= hedge.start:
                found.append(hedge)
    return tuple(found)


def _in_sentence(text: str, sentence: Span) -> Iterator[Hedge]:
    words = _words(text, sentence)
    phrases = _phrases()
    at = 0
    while at < len(words):
        step = 1
        for phrase in phrases.get(words[at].text.casefold(), ()):
            last = at + len(phrase.words) - 1
            if _reads(words, at, phrase) and (phrase.fits is None or phrase.fits(_Place(words, at, last))):
                if not _capital(text, words, at):
                    yield Hedge(words[at].start, words[last].end, phrase.kind, phrase.rung)
                step = len(phrase.words)
                break
        at += step


def _words(text: str, sentence: Span) -> list[_Word]:
    words: list[_Word] = []
    end = sentence.start
    for match in _WORD.finditer(text, sentence.start, sentence.end):
        gap = text[end : match.start()]
        words.append(_Word(match[0], match.start(), match.end(), bool(gap.strip())))
        end = match.end()
    return words


def _reads(words: list[_Word], at: int, phrase: _Phrase) -> bool:
    """Whether a phrase stands at a word, and one of what must follow it behind it."""
    last = at + len(phrase.words)
    if not _stand(words, at, phrase.words):
        return False
    return not phrase.then or any(_stand(words, last, then, joined=True) for then in phrase.then)


def _stand(words: list[_Word], at: int, wanted: tuple[str, ...], joined: bool = False) -> bool:
    if at + len(wanted) > len(words):
        return False
    return all(
        words[at + n].text.casefold() == word and not (words[at + n].stopped and (n or joined))
        for n, word in enumerate(wanted)
    )


def _capital(text: str, words: list[_Word], at: int) -> bool:
    """Whether a word has a capital that the start of a sentence or quotation does not explain: then it is a name."""
    word = words[at].text
    if at == 0 or not word[0].isupper() or word.isupper():
        return False
    return text[words[at].start - 1] not in _OPENING and not words[at].stopped


@cache
def _phrases() -> dict[str, tuple[_Phrase, ...]]:
    """Every phrase by its first word, the longest first."""
    told = _lists()
    rows: list[_Phrase] = []

    def add(phrases: Iterable[str], kind: HedgeKind, rung: Rung | None = None, fits: Fits | None = None) -> None:
        for phrase in phrases:
            match = _PHRASE.fullmatch(phrase)
            assert match is not None
            then = tuple(tuple(one.split()) for one in match[2].split(", ")) if match[2] else ()
            rows.append(_Phrase(tuple(match[1].split()), then, kind, rung, fits))

    for rung, phrases in told["rungs"].items():
        add(phrases, "likelihood", cast(Rung, rung))
    add(told["likelihood"], "likelihood")
    add(told["possible"], "likelihood", fits=_possible)
    add(told["modal"], "likelihood", fits=_modal)
    add(("could",), "likelihood", fits=_could)
    add(told["belief"], "belief", fits=_belief)
    add(told["assess"], "belief", fits=lambda place: place.after() in ("", "that"))
    add(told["projected"], "belief", fits=_projected)
    add(told["think"], "belief", fits=_think)
    add(told["appear"], "belief", fits=_appear)
    add(told["suggest"], "belief", fits=_suggest)
    add(told["hearsay"], "hearsay")
    add(told["claim"], "hearsay", fits=_claim)
    add(told["claim_or_noun"], "hearsay", fits=_claim_or_noun)
    add(told["reported"], "hearsay", fits=_reported)
    add(told["intent"], "intent", fits=_intent)
    add(told["intent_alone"], "intent")
    add(told["considering"], "intent", fits=lambda place: place.before() in told["reported_behind"])
    add(("due to",), "intent", fits=lambda place: place.after() in told["due_to"])
    table: dict[str, list[_Phrase]] = {}
    for row in sorted(rows, key=lambda row: -len(row.words)):
        table.setdefault(row.words[0], []).append(row)
    return {word: tuple(phrases) for word, phrases in table.items()}


def _small(word: str) -> bool:
    return word[:1].islower()


def _intent(place: _Place) -> bool:
    """Whether a word that may be a verb follows, and "plan" is one itself."""
    told = _lists()
    word, verb = place.words[place.first].text.casefold(), place.after()
    if word in ("plan", "plans") and (place.before() in told["plan_noun"] or place.before().endswith(("’s", "'s"))):
        return False
    if word == "set" and place.before() not in told["reported_behind"]:
        return verb in told["due_to"]
    crime = word == "intent" and place.before() == "with"
    return _small(verb) and verb not in told["no_verb"] and not crime


def _possible(place: _Place) -> bool:
    if any(place.before(back).startswith(("make", "making", "made")) for back in range(2, 6)):
        return False
    before, after = place.before(), place.after()
    if before in _lists()["possible_behind"] or before.endswith("est") or before == "most" or after == "to":
        return False
    return after != "" or before in _lists()["reported_behind"]


def _modal(place: _Place) -> bool:
    told = _lists()
    word = place.words[place.first].text
    if not _small(word) or not _small(place.after()) or place.after() in ("of", "and", "or", "in", "to"):
        return False
    if word == "might" and place.before() in told["might_behind"]:
        return False
    given = any(place.before(back) in told["permitted"] for back in range(1, 7))
    return word != "may" or not given or place.after() in ("have", "be")


def _could(place: _Place) -> bool:
    told = _lists()
    verb = 2 if place.after() in told["could_between"] else 1
    if place.after(verb) not in told["could"] or any(
        place.before(back) in told["could_behind"] for back in range(1, 6)
    ):
        return False
    return place.after(verb) != "be" or place.after(verb + 1) not in told["could_be_not"]


def _belief(place: _Place) -> bool:
    told = _lists()
    word = place.words[place.first].text.casefold()
    if word in told["believe"]:
        return place.after() not in told["believe_not"]
    return word != "expected" or place.before() not in told["expected_behind"]


def _projected(place: _Place) -> bool:
    return place.after() in ("to", "that") or place.before() in _lists()["reported_behind"]


def _think(place: _Place) -> bool:
    word = place.after()
    return bool(word) and (word.casefold() in _lists()["think_of"] or word[0].isupper())


def _appear(place: _Place) -> bool:
    return _small(place.after()) and place.after() not in _lists()["appear_not"]


def _suggest(place: _Place) -> bool:
    word = place.after()
    return bool(word) and (word.casefold() in _lists()["think_of"] or word[0].isupper())


def _claim(place: _Place) -> bool:
    """Whether something is said, not taken: not "claimed the lives of twelve"."""
    taken = _lists()["claim_not"]
    if any(place.after(on).casefold() in taken for on in range(1, 6)):
        return False
    passive = place.before() in _lists()["reported_behind"]
    return not passive or place.after() == "that"


def _claim_or_noun(place: _Place) -> bool:
    told = _lists()
    word = place.after()
    verb = word.casefold() in told["think_of"] or word == "to" or (word[:1].isupper() and bool(place.before()))
    before = place.before()
    if before in told["claim_noun"] or before.endswith(("’s", "'s")) or before.capitalize() in lists.peoples():
        return False
    return verb and _claim(place)


def _reported(place: _Place) -> bool:
    told = _lists()
    word = place.after()
    behind = place.before() in told["reported_behind"] or (
        place.before() in ("still", "also", "later", "widely", "first") and place.before(2) in told["reported_behind"]
    )
    if behind:
        return word in ("to", "that") or (word.endswith("ing") and word not in told["reported_not"])
    return place.before() in told["reported_noun"] and _small(word)
