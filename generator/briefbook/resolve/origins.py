"""Sources of one origin: near-identical texts and passages that several sources share.

Every run of five words (a shingle) gets a number; texts are compared by the shingles they share. That is what MinHash
estimates, counted exactly: an estimate says how alike two whole texts are, but a wire inside a longer article, and the
very sentences that were copied, are only found by the shingles themselves. Which texts to compare is decided by a
quarter of the shingles (those whose number says so, the same in every text), each of which points at the oldest and the
last text that had it, so that the work grows with the words, however many texts share one.

What stands in quotation marks is no sign of a common origin: two reporters quote one speech in the same words.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from briefbook.model import Analysis, Copy, Evidence, Source, Span

SHINGLE = 5
"""Words of a shingle: long enough not to be a common phrase, short enough to outlive an edit every dozen words."""
ALIKE = 0.5
"""The share of the shorter text's shingles that make two texts one: what is left where each tenth word was changed."""
LEAST = 40
"""Fewer shingles than this, some three sentences, tell nothing of a whole text."""
PASSAGE = 24
"""Words in a row that a passage must share: a long sentence, or two."""
COVERED = 0.8
"""The share of a sentence's words that lie in shared passages where it counts as copied."""
_GAP = 4
"""Words between two shared shingles of one passage: one changed word is so many apart."""
_HINTS = 3
"""Shared shingles of the chosen quarter that make two texts worth comparing."""
_CLOSEST = 6
"""Of the older texts worth comparing, the most that one text is compared with."""
_WORD = re.compile(r"\w+")
_OPEN = re.compile(r"[“”„«»\"\n]")
_FACTORS = np.array([pow(0x9E3779B97F4A7C15, power, 1 << 64) for power in range(1, SHINGLE + 1)], dtype=np.uint64)

Numbers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a source, each with its span and whether it is quoted, and the shingles that begin at each."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    quoted: NDArray[np.bool_]
    shingles: Numbers

    @property
    def told(self) -> frozenset[int]:
        """The shingles outside of quotation marks; all of them where those are too few."""
        size = len(self.shingles)
        outside = self.shingles[~self.quoted[:size]]
        return frozenset((outside if len(outside) >= LEAST else self.shingles).tolist())


def origins(sources: Sequence[Source], analyses: Sequence[Analysis]) -> tuple[tuple[int, ...], tuple[Copy, ...]]:
    """For each source the oldest one of its origin (itself where it is the only or oldest one), and copied sentences.

    `sources` stand newest first, as in a corpus.
    """
    texts = [_text(source.article.text) for source in sources]
    up = list(range(len(sources)))
    copies: list[Copy] = []
    for newer, olders in _worth_comparing(texts):
        copied: dict[Span, Copy] = {}
        told = texts[newer].told
        for older in olders:
            other = texts[older].told
            few = min(len(told), len(other))
            if few >= LEAST and len(told & other) >= ALIKE * few:
                one, two = _root(up, newer), _root(up, older)
                up[min(one, two)] = max(one, two)
            for copy in _copies(newer, older, texts, analyses):
                copied.setdefault(Span(copy.start, copy.end), copy)
        copies += copied.values()
    return tuple(_root(up, at) for at in range(len(sources))), tuple(sorted(copies))


def _root(up: list[int], at: int) -> int:
    while up[at] != at:
        up[at] = up[up[at]]
        at = up[at]
    return at


@lru_cache(maxsize=1 << 17)
def _number(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "replace"))


def _text(text: str) -> _Text:
    spans = [match.span() for match in _WORD.finditer(text)]
    words = np.array([_number(text[start:end].casefold()) for start, end in spans], dtype=np.uint64)
    size = max(0, len(words) - SHINGLE + 1)
    shingles = np.zeros(size, dtype=np.uint64)
    for at, factor in enumerate(_FACTORS):
        shingles += words[at : at + size] * factor
    shingles ^= shingles >> np.uint64(29)
    starts, ends = tuple(start for start, _ in spans), tuple(end for _, end in spans)
    return _Text(starts, ends, _quoted(text, starts), shingles)


def _quoted(text: str, starts: Sequence[int]) -> NDArray[np.bool_]:
    """Which words stand in quotation marks; a mark that is not closed ends with its line."""
    marks = [(match.start(), match[0]) for match in _OPEN.finditer(text)]
    found = np.zeros(len(starts), dtype=np.bool_)
    at, inside = 0, False
    for word, start in enumerate(starts):
        while at < len(marks) and marks[at][0] < start:
            mark = marks[at][1]
            inside = mark in "“„«" or (mark == '"' and not inside)
            at += 1
        found[word] = inside
    return found


def _worth_comparing(texts: Sequence[_Text]) -> Iterator[tuple[int, list[int]]]:
    """Each text with the older ones that share the most of the chosen shingles, oldest text first."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for newer in range(len(texts) - 1, -1, -1):
        shingles = texts[newer].shingles
        chosen = np.unique(shingles[shingles % np.uint64(4) == 0]).tolist()
        hints: Counter[int] = Counter()
        for shingle in chosen:
            oldest = first.setdefault(shingle, newer)
            before = last.get(shingle, newer)
            last[shingle] = newer
            if oldest != newer:
                hints[oldest] += 1
                if before != oldest:
                    hints[before] += 1
        shared = [older for older in hints if hints[older] >= _HINTS]
        if shared:
            yield newer, sorted(shared, key=lambda older: (-hints[older], -older))[:_CLOSEST]


def _copies(newer: int, older: int, texts: Sequence[_Text], analyses: Sequence[Analysis]) -> Iterator[Copy]:
    """The sentences of a text that lie in passages it shares with an older one."""
    here, there = texts[newer], texts[older]
    place = {shingle: at for at, shingle in reversed(list(enumerate(there.shingles.tolist())))}
    matches = [(at, place[shingle]) for at, shingle in enumerate(here.shingles.tolist()) if shingle in place]
    covered: dict[int, int] = {}
    for run in _runs(matches):
        begin, end = run[0][0], run[-1][0] + SHINGLE
        if end - begin >= PASSAGE and not here.quoted[begin:end].mean() > 0.5:
            for at, other in run:
                covered.update((at + step, other + step) for step in range(SHINGLE))
    if not covered:
        return
    sentences = iter(analyses[older].sentences)
    sentence = next(sentences, None)
    owner: dict[int, Span] = {}
    for word, start in enumerate(there.starts):
        while sentence is not None and sentence.end <= start:
            sentence = next(sentences, None)
        if sentence is not None and sentence.start <= start:
            owner[word] = sentence
    at = 0
    for span in analyses[newer].sentences:
        while at < len(here.starts) and here.starts[at] < span.start:
            at += 1
        words = []
        while at < len(here.starts) and here.ends[at] <= span.end:
            words.append(at)
            at += 1
        shared = [word for word in words if word in covered]
        if not words or len(shared) < COVERED * len(words):
            continue
        source = owner.get(covered[shared[len(shared) // 2]])
        if source is not None:
            yield Copy(newer, span.start, span.end, Evidence(older, source.start, source.end))


def _runs(matches: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Shared shingles that stand close behind each other in both texts."""
    run: list[tuple[int, int]] = []
    for at, other in matches:
        near = run and at - run[-1][0] <= SHINGLE + _GAP and 0 < other - run[-1][1] <= SHINGLE + _GAP
        if run and not near:
            yield run
            run = []
        run.append((at, other))
    if run:
        yield run
