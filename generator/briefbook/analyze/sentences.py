"""Blocks of an article -> its sentences, by rules.

A stop, question mark, exclamation mark or ellipsis ends a sentence where white space follows it (behind closing marks
and footnote marks) and what comes next can begin one, unless it belongs to an initial, a title, an abbreviation, the
number of a list item, or the place and date that a report opens with. Where the space was lost ("It fell.Ships came"),
a word in small letters before the stop and a capitalized one behind it tell. Three dots in brackets, for words left
out, end a sentence where a capital letter follows. The words are in `data/abbreviations.yml`.

Figures on annotated sentences, and those of two libraries, are in `docs/guide/how-it-works.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefbook.model import Block, Span

LONGEST = 4_000
"""Longest sentence, in characters. A quotation has to stay readable, quotable and small against a page's budget; the
longest real sentence in the articles tried has 900. Text that runs on without a stop (a list, a table dump) is cut at
the last white space before this."""

_NOTE = r"\[(?:\d{1,3}|[a-z]|note \d{1,3})\]"
_END = re.compile(
    rf"(?<![.!?…])([.!?…]++)(?:[\"'”’»)\]}}]|\s?{_NOTE})*+(?=\s)"
    rf"|(?<=[^\W\dA-Z_]{{2}})([.!?])(?:[”’»)]|{_NOTE})*+(?=[“‘«(]?(?:[A-Z][^\W\dA-Z_]|[AI]\s))"
)
_DATELINE = re.compile(
    r"[A-Z][A-Z .,'’/-]{1,40}, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?\. "
    r"(?:/[^/\s]{1,20}/\.?|\([A-Z][^()]{1,20}\)\.?)(?=\s)"
)
_LEAD = re.compile(r"[\"'“‘„«(\[{¿¡—–\-*•\s]{0,12}")
_CLOSING_QUOTES = "\"'”’»"
_NEVER_FIRST = ",;:.!?…)]}%&=+/<>|”’»"
_LOOK_BACK = 24
_BEFORE = re.compile(r"(?:[^\W\d_]\.?)*[^\W\d_]$")
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_ENUMERATOR = re.compile(r"[\"“(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LOWER_NAME = re.compile(r"(?:[a-z]{1,3}[-’'][A-Z]|i[A-Z])")
_ACRONYM = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")
_SAYS = re.compile(r"(?:[A-Z][\w’'.-]{0,20}\s+){1,4}([a-z]+)")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """The lists of `data/abbreviations.yml`, lower case, without final stops."""

    titles: frozenset[str]
    numbers: frozenset[str]
    middle: frozenset[str]
    either: frozenset[str]
    ends: frozenset[str]
    clock: frozenset[str]
    after_clock: frozenset[str]
    starters: frozenset[str]
    speech: frozenset[str]
    domains: frozenset[str]

    @property
    def short(self) -> frozenset[str]:
        """Every short form whose stop belongs to it."""
        return self.titles | self.numbers | self.middle | self.either


@cache
def abbreviations() -> Abbreviations:
    """The words of `data/abbreviations.yml`, read once per process."""
    lists = yaml.safe_load(files("briefbook").joinpath("data", "abbreviations.yml").read_text(encoding="utf-8"))
    return Abbreviations(**{key: frozenset(words) for key, words in lists.items()})


def split(text: str, blocks: Sequence[Block]) -> tuple[Span, ...]:
    """The sentences of an article, in order, trimmed.

    A paragraph is parted by the rules above; a list item, table row, caption, date line or byline is one sentence; a
    title or heading is none. Every character of those blocks that is not white space lies in exactly one sentence, and
    no sentence is longer than LONGEST. Takes time in proportion to the text.
    """
    sentences: list[Span] = []
    for kind, start, end in blocks:
        if kind in ("title", "heading"):
            continue
        whole = _paragraph(text, start, end) if kind == "paragraph" else [Span(start, end)]
        for span in whole:
            sentences.extend(_cut(text, span))
    return tuple(sentences)


def _paragraph(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    begin = start
    opening = _DATELINE.match(text, start, end)
    for match in _END.finditer(text, opening.end() if opening else start, end):
        following = _skip_space(text, match.end(), end)
        if match[2] and not _space_lost(text, match, end):
            continue
        if following < end and _ends(text, begin, match, following, end):
            spans.append(Span(begin, match.end()))
            begin = following
    spans.append(Span(begin, end))
    return _with_words(text, spans)


def _ends(text: str, begin: int, match: re.Match[str], following: int, end: int) -> bool:
    """Whether the sentence from `begin` ends with the stops of `match`; the next character stands at `following`."""
    if text[following] in _NEVER_FIRST:
        return False
    lead = _LEAD.match(text, following, end)
    first = lead.end() if lead else following
    if first == end:
        return False
    if text[first].islower() and not _LOWER_NAME.match(text, first):
        return False
    mark, stops = match[0], match[1] or match[2]
    if stops in ("...", "..", "…", "….") and _first_word(text, first) == "I" and not _elision(text, match):
        return False
    if stops[-1:] in ("!", "?") and mark[len(stops) : len(stops) + 1] in tuple(_CLOSING_QUOTES):
        says = _SAYS.match(text, first, min(end, first + 100))
        return not (says and says[1] in abbreviations().speech)
    if stops == ".":
        return _stop_ends(text, begin, match.start(), match.end(), first)
    return True


def _elision(text: str, match: re.Match[str]) -> bool:
    """Whether an ellipsis stands in brackets for words left out, the end of the sentence most often among them."""
    return text[match.start() - 1 : match.start()] in ("[", "(") and match[0][-1] in "])"


def _space_lost(text: str, match: re.Match[str], end: int) -> bool:
    """Whether a stop with a word on either side is one between sentences, and not within an address or a short form."""
    before = _BEFORE.search(text, max(0, match.start() - _LOOK_BACK), match.start())
    following = _LETTERS.search(text, match.end(), min(end, match.end() + _LOOK_BACK))
    if not before or not following or before[0].lower() in abbreviations().short:
        return False
    return following[0].lower() not in abbreviations().domains and text[following.end() : following.end() + 1] not in (
        "/",
        "@",
        ".",
    )


def _stop_ends(text: str, begin: int, stop: int, behind: int, first: int) -> bool:
    """Whether the one full stop at `stop` ends a sentence, by the word before it and the word at `first`."""
    if behind - begin <= 8 and _ENUMERATOR.fullmatch(text, begin, behind):
        return False
    back = text[max(begin, stop - _LOOK_BACK) : stop]
    before = _BEFORE.search(back)
    lists = abbreviations()
    if not before or " ".join(back.lower().split()[-2:]) in lists.ends:
        return True
    word = before[0].lower()
    if word in lists.titles or word in lists.middle or word.rpartition(".")[2] in lists.titles:
        return False
    if word in lists.numbers and before[0] != "P":
        return not text[first].isdigit()
    if word in lists.clock:
        return not _goes_on_with_clock(text, first)
    if word in lists.either or _ACRONYM.fullmatch(before[0]):
        return _starts(text, first)
    return True


def _starts(text: str, first: int) -> bool:
    """Whether the word at `first` is one that begins sentences, and no initial ("A. Example")."""
    word = _first_word(text, first)
    return word.lower() in abbreviations().starters and text[first + len(word) : first + len(word) + 1] != "."


def _goes_on_with_clock(text: str, first: int) -> bool:
    word = _first_word(text, first)
    if text[first].isdigit() or word.lower() in abbreviations().after_clock:
        return True
    if 2 <= len(word) <= 4 and word.isupper():
        return True
    following = _WORD.search(text, first + len(word), first + len(word) + 20)
    return bool(following and following[0].lower() == "time")


def _first_word(text: str, first: int) -> str:
    match = _WORD.match(text, first, first + 40)
    return match[0] if match else ""


def _with_words(text: str, spans: list[Span]) -> list[Span]:
    """The spans, each without a letter or digit joined to the next, or at the end to the one before."""
    joined: list[Span] = []
    waiting: int | None = None
    for span in spans:
        start = span.start if waiting is None else waiting
        if any(map(str.isalnum, text[span.start : span.end])):
            joined.append(Span(start, span.end))
            waiting = None
        else:
            waiting = start
    if waiting is not None:
        joined.append(Span(joined.pop().start if joined else waiting, spans[-1].end))
    return joined


def _cut(text: str, span: Span) -> Iterator[Span]:
    start, end = span
    while end - start > LONGEST:
        at = start + LONGEST
        while at > start and not text[at].isspace():
            at -= 1
        if at == start:
            at = start + LONGEST
        stop = at
        while text[stop - 1].isspace():
            stop -= 1
        yield Span(start, stop)
        start = _skip_space(text, at, end)
    yield Span(start, end)


def _skip_space(text: str, start: int, end: int) -> int:
    match = _SPACE.match(text, start, end)
    return match.end() if match else start
