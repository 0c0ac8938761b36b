"""What a block of plain text is: a heading, list item, caption, date line, byline, or a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefbook.model import Block, BlockKind, Span

HEADING_LENGTH = 80
"""Longest heading, in characters; a line of a newspaper's headings has less, a sentence mostly more."""
LIST_RUN = 3
"""So many short lines in a row are a list; headings stand alone or in twos."""
ATTRIBUTION_LENGTH = 200
"""Longest line that names who said the quotation above, in characters."""
FURNITURE_LENGTH = 400
"""Longest caption or credit, in characters; the longest of 300 captions in the articles tried has 240."""
CREDIT_LENGTH = 80
"""Longest name of who made a picture, in characters."""

_LINE = re.compile(r"[^\n]+")
_FOOTNOTES = re.compile(r"(?:\s?\[[^\[\]]{1,20}\])+$")
_CLOSERS = "\"'”’»)]}"
_STOPS = ".!?…:;,。！？"
_NUMBERED = re.compile(r"\(?(\d{1,3})[.)]\s+\S")
_MANGLED_BULLET = re.compile(r"\.\s+\S")
_ATTRIBUTION = re.compile(r"(?:[—–―]|--)\s?[^\s—–―-]")
_DATE_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[^\w\s]")
_SENTENCE_BREAK = re.compile(r"[a-z]{4}[.!?][\"”’)]*\s+[\"“(]?[A-Z]")
_NUMERIC_DATE = re.compile(r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2}))\b", re.ASCII)
_CLOCK = re.compile(r"\b(?:[01]?\d|2[0-4])(?:[:.h][0-5]\d(?::[0-5]\d)?|(?=\s?[ap]\.?\s?m\b))", re.ASCII | re.IGNORECASE)
_PLACE = re.compile(r"[A-Z][\w’']*(?:[ ,-]+[A-Z][\w’']*){0,4}(?: \([A-Z][\w ]*\))?\s*[,—–-]\s*")


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of `data/blocks.yml`, lower case."""

    weekdays: frozenset[str]
    months: frozenset[str]
    date_words: frozenset[str]
    caption_start: re.Pattern[str]
    caption_end: re.Pattern[str]
    caption_ends: tuple[str, ...]
    credit_starts: tuple[str, ...]
    credit_ends: tuple[str, ...]
    byline_starts: tuple[str, ...]
    byline_words: frozenset[str]
    bullet: re.Pattern[str]

    @property
    def calendar(self) -> frozenset[str]:
        """Weekdays and months."""
        return self.weekdays | self.months


@cache
def words() -> Words:
    """The words of `data/blocks.yml`, read once per process."""
    lists = yaml.safe_load(files("briefbook").joinpath("data", "blocks.yml").read_text(encoding="utf-8"))
    credits = [form for word in lists["caption_words"] for form in (word.capitalize(), word.title(), word.upper())]
    credit = "|".join(map(re.escape, credits))
    starts = "|".join(re.escape(start) for start in lists["caption_starts"])
    return Words(
        weekdays=frozenset(lists["weekdays"]),
        months=frozenset(lists["months"]),
        date_words=frozenset(lists["date_words"]),
        caption_start=re.compile(rf"[\[(]?(?:(?:{credit})\s*:|(?i:{starts}))"),
        caption_end=re.compile(rf"(?:^|[\s.,;!?)\]”\"’'(\[])(?:{credit}):\s*\S.{{0,{CREDIT_LENGTH}}}$", re.DOTALL),
        caption_ends=tuple(lists["caption_ends"]),
        credit_starts=tuple(lists["credit_starts"]),
        credit_ends=tuple(lists["credit_ends"]),
        byline_starts=tuple(lists["byline_starts"]),
        byline_words=frozenset(lists["byline_words"]),
        bullet=re.compile(rf"[{re.escape(lists['bullets'])}]+\s+\S"),
    )


def is_item(text: str) -> bool:
    """Whether a block begins with the mark of a list item, or with a stop and space left over from one."""
    return bool(words().bullet.match(text) or _MANGLED_BULLET.match(text))


def number_of(text: str) -> int | None:
    """The number a block begins with ("2. ..." or "(2) ..."), or None."""
    match = _NUMBERED.match(text)
    return int(match[1]) if match else None


def furniture(text: str) -> BlockKind | None:
    """Whether a block is a date line or clock time, a caption or a byline."""
    if len(text) > FURNITURE_LENGTH:
        return None
    if _caption(text):
        return "caption"
    if _dateline(text):
        return "dateline"
    if _byline(text):
        return "byline"
    return None


def closed(text: str) -> bool:
    """Whether a block ends with closing punctuation, footnote marks and closing quotation marks aside."""
    bare = _FOOTNOTES.sub("", text[-200:]).rstrip(_CLOSERS)
    return not bare or bare[-1] in _STOPS


def heading_like(text: str) -> bool:
    """Whether a block of one line could be a heading, if text follows it."""
    return (
        len(text) <= HEADING_LENGTH
        and "\n" not in text
        and any(map(str.isalnum, text))
        and not text[0].islower()
        and not closed(text)
        and not _SENTENCE_BREAK.search(text)
    )


def trimmed_lines(text: str) -> Iterator[Span]:
    """The lines that are not blank, trimmed."""
    for match in _LINE.finditer(text):
        line = match[0]
        bare = line.strip()
        if bare:
            start = match.start() + len(line) - len(line.lstrip())
            yield Span(start, start + len(bare))


def parts(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """The blocks of one stretch of lines; list items, and furniture at its edges, are blocks of their own."""
    first, last = 0, len(lines)
    if len(lines) > 1 and furniture(text[slice(*lines[0])]):
        yield lines[0]
        first = 1
    tail = last - first > 1 and furniture(text[slice(*lines[-1])]) in ("caption", "byline")
    if tail:
        last -= 1
    numbers = [number_of(text[start : start + 8]) for start, _ in lines]
    begin, counted = first, numbers[first] if first < last else None
    for i in range(first + 1, last):
        number = numbers[i]
        in_turn = number is not None and (counted == number - 1 or numbers[i + 1 : i + 2] == [number + 1])
        if in_turn or is_item(text[slice(*lines[i])]):
            yield Span(lines[begin].start, lines[i - 1].end)
            begin = i
        counted = counted if number is None else number
    if begin < last:
        yield Span(lines[begin].start, lines[last - 1].end)
    if tail:
        yield lines[-1]


def label(text: str, spans: Sequence[Span]) -> tuple[Block, ...]:
    """The kind of each block behind the title of a plain text; `spans` are trimmed and in order.

    A short line without closing punctuation is a heading where a paragraph or item follows it before the text ends.
    Three or more such lines in a row are a list, for headings do not come in threes. Numbered blocks are items where
    their numbers count up. One short block between captions, or behind the last of several, is a caption too.
    """
    kinds: list[BlockKind | None] = [_alone(text[start:end]) for start, end in spans]
    _count_up([number_of(text[start : start + 8]) for start, end in spans], kinds)
    _attributions(text, spans, kinds)
    _headings(text, spans, kinds)
    _captions(text, spans, kinds)
    return tuple(Block(kind or "paragraph", *span) for kind, span in zip(kinds, spans, strict=True))


def _alone(text: str) -> BlockKind | None:
    return furniture(text) or ("item" if is_item(text) else None)


def _count_up(numbers: Sequence[int | None], kinds: list[BlockKind | None]) -> None:
    for i, number in enumerate(numbers):
        if number is None or kinds[i]:
            continue
        before = i > 0 and numbers[i - 1] == number - 1
        behind = i + 1 < len(numbers) and numbers[i + 1] == number + 1
        if before or behind:
            kinds[i] = "item"


def _attributions(text: str, spans: Sequence[Span], kinds: list[BlockKind | None]) -> None:
    """Lines that begin with a dash: one alone names who said the quotation above, several in a row are a list."""
    dashed = [
        end - start <= ATTRIBUTION_LENGTH and bool(_ATTRIBUTION.match(text, start, end)) and not closed(text[start:end])
        for start, end in spans
    ]
    for i, dash in enumerate(dashed):
        in_a_row = (i > 0 and dashed[i - 1]) or (i + 1 < len(dashed) and dashed[i + 1])
        if dash and not in_a_row:
            kinds[i] = "byline"
        elif not dash and kinds[i] == "item" and text[spans[i].start] in "—–":
            # A line of dialog or a clause behind a dash, not an item of a list.
            kinds[i] = None


def _headings(text: str, spans: Sequence[Span], kinds: list[BlockKind | None]) -> None:
    run: list[int] = []
    for i, (start, end) in enumerate(spans):
        if kinds[i] is None and end - start <= HEADING_LENGTH and heading_like(text[start:end]):
            run.append(i)
            continue
        _close_run(run, kinds, followed=kinds[i] in (None, "item"))
        run = []
    _close_run(run, kinds, followed=False)


def _close_run(run: Sequence[int], kinds: list[BlockKind | None], *, followed: bool) -> None:
    if len(run) >= LIST_RUN:
        kind: BlockKind | None = "item"
    else:
        kind = "heading" if followed else None
    for i in run:
        kinds[i] = kind


def _captions(text: str, spans: Sequence[Span], kinds: list[BlockKind | None]) -> None:
    """A picture's line without a credit stands among such lines: short, with listed lines or captions on both sides."""
    listed = ("caption", "item")
    for i in range(1, len(spans)):
        if kinds[i] is not None or spans[i].end - spans[i].start > HEADING_LENGTH:
            continue
        behind = kinds[i + 1] if i + 1 < len(spans) else "caption"
        if kinds[i - 1] in listed and behind in listed and not _marked(text, spans[i - 1]):
            kinds[i] = "caption"


def _marked(text: str, span: Span) -> bool:
    start = text[span.start : min(span.end, span.start + 8)]
    return is_item(start) or number_of(start) is not None


def _caption(text: str) -> bool:
    found = words()
    if found.caption_start.match(text) or text.lower().endswith(found.caption_ends):
        return True
    credit = found.caption_end.search(text, max(0, len(text) - CREDIT_LENGTH - 40))
    return bool(credit and not _SENTENCE_BREAK.search(text, 0, credit.start()))


def _dateline(text: str) -> bool:
    """Whether every word of a line belongs to a date or clock time, a place at its beginning aside."""
    if len(text) > HEADING_LENGTH or text[-1] in "!?:;,":
        return False
    if _all_date(text):
        return True
    place = _PLACE.match(text)
    return bool(place and _all_date(text[place.end() :]))


def _all_date(text: str) -> bool:
    found = words()
    clock, numeric = _CLOCK.search(text), _NUMERIC_DATE.search(text)
    weekday = month = day = False
    for match in _DATE_WORD.finditer(text):
        word = match[0].lower()
        if word.isdecimal():
            day = day or (len(word) <= 2 and 1 <= int(word) <= 31)
        elif word in found.weekdays:
            weekday = True
        elif word in found.months:
            month = True
        elif not (
            word in found.date_words
            or word in ("st", "nd", "rd", "th", "a", "p", "m", "t", "z", "h")
            or word in ",.:/()-–—+|·"
        ):
            return False
    return bool(clock or numeric or weekday or (month and day))


def _byline(text: str) -> bool:
    found = words()
    low = text.lower()
    if low.startswith(found.credit_starts) or low.rstrip(").").endswith(found.credit_ends):
        return True
    if len(text) > HEADING_LENGTH:
        return False
    start = next((start for start in found.byline_starts if low.startswith(start)), None)
    if start is None or (start == "by " and closed(text)):
        return False
    names = [name.rstrip(".") for name in re.findall(r"[^\s,;|/]+", text[len(start) :])]
    return bool(names) and all(
        (name[:1].isupper() and name.lower() not in found.calendar) or name.lower() in found.byline_words
        for name in names
    )
