"""Where quoted words stand in a text, whatever its white space."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from briefbook.model import Article, Span

_WORD = re.compile(r"\S+")


class Quoted:
    """An article's text, asked for words of it; white space of any kind and length counts as one space."""

    def __init__(self, article: Article, sentences: Sequence[Span]) -> None:
        self.text = article.text
        self.blocks = article.blocks
        heads = [Span(b.start, b.end) for b in article.blocks if b.kind in ("title", "heading")]
        self.lines = sorted((*heads, *sentences))
        self._line_starts = [line.start for line in self.lines]
        self._block_starts = [block.start for block in article.blocks]
        words = [match.span() for match in _WORD.finditer(article.text)]
        self._squeezed = " ".join(article.text[start:end] for start, end in words)
        self._starts = [start for start, _ in words]
        self._squeezed_starts: list[int] = []
        at = 0
        for start, end in words:
            self._squeezed_starts.append(at)
            at += end - start + 1
        self.find = lru_cache(maxsize=256)(self._find)

    def words(self, span: Span) -> str:
        """The words of a span, white space squeezed, as a quote has them."""
        return " ".join(self.text[span.start : span.end].split())

    def _find(self, quote: str) -> tuple[Span, ...]:
        """Every place where `quote` stands, from left to right and apart.

        Where it stands as whole words, places within a word do not count ("Oss" is not in "Ossum"); where it stands
        nowhere so, they do, for names that are run into one word.
        """
        whole: list[Span] = []
        inside: list[Span] = []
        at = self._squeezed.find(quote)
        while at >= 0:
            end = at + len(quote)
            if self._is_whole(at, end):
                whole.append(self._span(at, end))
                following = end
            else:
                if not inside or self._offset(at) >= inside[-1].end:
                    inside.append(self._span(at, end))
                following = self._next_word(at + 1)
            at = self._squeezed.find(quote, following)
        return tuple(whole or inside)

    def nth(self, span: Span) -> int:
        """Which occurrence of its own words a span is, from 1; 0 where it cannot be told by words."""
        if span.end <= span.start:
            return 0
        found = self.find(self.words(span)) if self.words(span) else ()
        at = bisect_left(found, span)
        return at + 1 if at < len(found) and found[at] == span else 0

    def nearest(self, quote: str, to: Span, *, within: Span | None = None) -> Span | None:
        """The occurrence of `quote` that is nearest to a span and outside of it, all in the span `within` if given."""
        return nearest(self.find(quote), to, within)

    def line(self, span: Span) -> Span | None:
        """The sentence, title or heading that holds a span, or None where it crosses one."""
        at = bisect_right(self._line_starts, span.start) - 1
        if at >= 0 and span.end <= self.lines[at].end:
            return self.lines[at]
        return None

    def lines_of(self, span: Span) -> list[Span]:
        """The sentences, title and headings that a span has words of."""
        first = bisect_right(self.lines, span.start, key=lambda line: line.end)
        return self.lines[first : bisect_left(self._line_starts, span.end)]

    def block(self, offset: int) -> int:
        """Index of the block that a place stands in (or, between two, of the one before)."""
        return max(0, bisect_right(self._block_starts, offset) - 1)

    def around(self, span: Span) -> Span:
        """The blocks that a span stands in."""
        return Span(self.blocks[self.block(span.start)].start, self.blocks[self.block(span.end - 1)].end)

    def _is_whole(self, start: int, end: int) -> bool:
        text = self._squeezed
        return not (
            (start > 0 and text[start].isalnum() and text[start - 1].isalnum())
            or (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())
        )

    def _next_word(self, at: int) -> int:
        text = self._squeezed
        while at < len(text) and text[at - 1].isalnum() and text[at].isalnum():
            at += 1
        return at

    def _offset(self, at: int) -> int:
        """A place in the squeezed text as an offset into the text."""
        word = bisect_right(self._squeezed_starts, at) - 1
        return self._starts[word] + at - self._squeezed_starts[word]

    def _span(self, start: int, end: int) -> Span:
        return Span(self._offset(start), self._offset(end - 1) + 1)


def nearest(spans: Sequence[Span], to: Span, within: Span | None = None) -> Span | None:
    """Of spans that are in order and apart the nearest to one and outside of it, all in `within` if given."""
    right = bisect_left(spans, to.end, key=lambda span: span.start)
    left = bisect_right(spans, to.start, key=lambda span: span.end) - 1
    beside = [spans[n] for n in (left, right) if 0 <= n < len(spans)]
    if within is not None:
        beside = [span for span in beside if within.start <= span.start and span.end <= within.end]
    return min(beside, key=lambda span: _distance(span, to), default=None)


def overlaps(spans: Sequence[Span], span: Span) -> bool:
    """Whether one of some spans, in order and apart, has a character in common with another span."""
    at = bisect_right(spans, span.start, key=lambda one: one.end)
    return at < len(spans) and spans[at].start < span.end


def _distance(one: Span, other: Span) -> tuple[int, int]:
    return max(other.start - one.end, one.start - other.end, 0), one.start
