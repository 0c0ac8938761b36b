"""A sentence as the tables read it: its words and the names in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import yaml

from briefbook import lists
from briefbook.model import Mention, Span

_WORD = re.compile(r"(?:[A-Z]\.){2,}|\d+(?:[.,]\d+)*|['’]s\b|[^\W_]+(?:[-’'](?!s\b)[^\W_]+)*")


class Word(NamedTuple):
    """A word of a sentence."""

    text: str
    low: str
    start: int
    end: int
    stop: str
    """What stands between it and the word before, white space left out."""


class Phrase(NamedTuple):
    """Words of a sentence by their numbers, `end` not included."""

    start: int
    end: int


@cache
def told() -> dict[str, Any]:
    """The lists of `data/tables.yml`; those of plain words as sets."""
    loaded: dict[str, Any] = yaml.safe_load((lists.DATA / "tables.yml").read_text(encoding="utf-8"))
    return {key: frozenset(value) if isinstance(value, list) else value for key, value in loaded.items()}


@cache
def phrases(*path: str) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """The phrases below a key of `tables.yml` by their first word, longest first, each with what it stands under."""
    table: Any = told()
    for key in path:
        table = table[key]
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, rows in table.items() if isinstance(table, dict) else [("", table)]:
        for row in rows["words"] if isinstance(rows, dict) else rows:
            words = tuple(row.split())
            found.setdefault(words[0], []).append((words, name))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in found.items()}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its span, its words, and by number of word the names that begin and end there."""

    span: Span
    words: tuple[Word, ...]
    names: dict[int, tuple[int, Mention]]
    """First word of a name -> the number behind its last word, and the name."""
    asks: bool = False
    """Whether it is a question."""
    ending: dict[int, int] = field(default_factory=dict)
    """The number behind a name's last word -> its first."""

    def low(self, at: int) -> str:
        """A word in small letters, "" beyond the sentence."""
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def stopped(self, at: int) -> bool:
        """Whether anything but white space or quotation marks stands before a word; true beyond the sentence."""
        if not 0 <= at < len(self.words):
            return True
        return bool(self.words[at].stop.strip("“”\"'‘’«»"))

    def phrase(self, at: int, table: dict[str, tuple[tuple[tuple[str, ...], str], ...]]) -> tuple[int, str] | None:
        """Where the longest phrase of a table that begins at a word ends, and the name it stands under."""
        for words, name in table.get(self.low(at), ()):
            if self.stands(at, words):
                return at + len(words), name
        return None

    def stands(self, at: int, words: Sequence[str]) -> bool:
        """Whether these words stand here, nothing but white space between them."""
        return all(self.low(at + n) == word and (n == 0 or not self.stopped(at + n)) for n, word in enumerate(words))

    def cut(self, phrase: Phrase) -> Span:
        """The characters of a phrase."""
        return Span(self.words[phrase.start].start, self.words[phrase.end - 1].end)


def read(text: str, sentences: Iterable[Span], mentions: Sequence[Mention]) -> Iterator[Sentence]:
    """The sentences of an article, in order."""
    named = sorted(mentions)
    starts = [mention.start for mention in named]
    for span in sorted(sentences):
        words: list[Word] = []
        end = span.start
        for match in _WORD.finditer(text, *span):
            low = match[0].casefold().replace("’", "'")
            words.append(Word(match[0], low, match.start(), match.end(), "".join(text[end : match.start()].split())))
            end = match.end()
        first = {word.start: n for n, word in enumerate(words)}
        last = {word.end: n + 1 for n, word in enumerate(words)}
        names: dict[int, tuple[int, Mention]] = {}
        for mention in named[bisect_left(starts, span.start) : bisect_left(starts, span.end)]:
            at, behind = first.get(mention.start), last.get(mention.end)
            if behind is None:
                behind = last.get(mention.end - 1)
            if at is not None and behind is not None and at < behind:
                names[at] = behind, mention
        asks = text[span.start : span.end].rstrip("”’\"' ").endswith("?")
        yield Sentence(span, tuple(words), names, asks, {end: start for start, (end, _) in names.items()})
