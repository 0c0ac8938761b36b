"""What the model tells of a text, and how its scores are read.

The model gives one row of scores per word piece; `COLUMNS` says which belong to which head. The heads of `SEQUENCES`
label every word (at its first piece): outside, or begin and inside of a span. The best sequence of labels of each
paragraph is found with the scores that the model's metadata gives to one label behind another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from briefbook.analyze.encoder.pieces import Ints
from briefbook.model import KINDS, MODES, SECTION_KEYS, STATEMENT_KINDS, Mode, Name, SectionKey, Span, StatementKind

Floats = npt.NDArray[np.float32]


def _begin_inside(kinds: Sequence[str]) -> tuple[str, ...]:
    return ("O", *(f"{mark}-{kind}" for kind in kinds for mark in "BI"))


SEQUENCES: Mapping[str, tuple[str, ...]] = {
    "names": _begin_inside(KINDS),
    "contents": _begin_inside(MODES),
    "sources": _begin_inside(["source"]),
    "cues": _begin_inside(["cue"]),
    "figures": _begin_inside(["figure"]),
}
"""Labels of the heads that mark spans, in the order of their scores."""

LABELS = SEQUENCES["names"]

LINK = 48
"""Numbers by which the content of a statement asks for its source, and by which a word answers."""

WIDTHS: Mapping[str, int] = {
    **{head: len(labels) for head, labels in SEQUENCES.items()},
    "kinds": len(STATEMENT_KINDS),
    "sections": len(SECTION_KEYS),
    "asks": LINK,
    "answers": LINK,
}
"""How many scores each head gives per word piece, in the order in which they stand."""

COLUMNS: Mapping[str, slice] = {
    head: slice(sum(list(WIDTHS.values())[:n]), sum(list(WIDTHS.values())[: n + 1])) for n, head in enumerate(WIDTHS)
}
TOTAL = sum(WIDTHS.values())

PLACES = 12
"""Classes of a paragraph's place in its article, see `place`."""

REACHES = 18
"""Classes of the way from the content of a statement to a word, see `reach`; the last is for "no source"."""

NO_SOURCE = REACHES - 1


class Fit(NamedTuple):
    """Words that may name the source of a content, and how much better they fit than that none does."""

    source: Span
    better: float


class Content(NamedTuple):
    """What somebody says, as the model reads it, and all in its chunk that may name who says it."""

    start: int
    end: int
    mode: Mode
    kind: StatementKind
    fits: tuple[Fit, ...]


class Marks(NamedTuple):
    """All that the model marks in an article, each kind in the order of the text."""

    names: tuple[Name, ...]
    contents: tuple[Content, ...]
    sources: tuple[Span, ...]
    cues: tuple[Span, ...]
    figures: tuple[Span, ...]
    sections: tuple[SectionKey, ...]
    """One for each paragraph given."""


class Weights(NamedTuple):
    """What is added to the scores of the network: small tables that were trained with it."""

    steps: Floats
    """By head of `SEQUENCES`, label before (the last row: none) and label after; short heads are filled up."""
    places: Floats
    """By `place` of a paragraph and section."""
    reaches: Floats
    """By `reach`."""


def place(number: int, count: int) -> int:
    """The class of paragraph `number` of `count`: the first two each by itself, the rest by tenths of the article."""
    return 11 if number == 0 else 10 if number == 1 else min(9, 10 * number // max(1, count))


def reach(words: int, first: int, last: int, paragraphs: Sequence[int]) -> Ints:
    """The class of the way from the content between the words `first` and `last` (included) to each of `words` words.

    `paragraphs` has for each word the number of its paragraph. Classes 0 to 6: before the content in its paragraph, by
    the distance in words (1, 2, up to 4, 8, 16, 32, more); 7: inside; 8 to 14: behind it; 15 and 16: in a paragraph
    before or behind.
    """
    at = np.arange(words)
    numbers = np.asarray(paragraphs)
    far = np.maximum(first - at, at - last)
    bucket = np.searchsorted(np.array([1, 2, 4, 8, 16, 32]), np.maximum(far, 1))
    classes = np.where(at < first, bucket, np.where(at > last, 8 + bucket, 7))
    here = numbers[first]
    classes = np.where(numbers < here, 15, np.where(numbers > here, 16, classes))
    return classes.astype(np.int64)


def best_labels(scores: Floats, steps: Floats) -> Ints:
    """The sequences of labels with the highest sums of scores (Viterbi), one per head. Ties go to the earlier label.

    `scores` is by head, word and label; `steps[head, before, after]` is added for a label by the label before it, its
    last row for the first word. A step that must not be is so low that it never pays.
    """
    heads, words, labels = scores.shape
    value = scores[:, 0] + steps[:, -1]
    between = np.ascontiguousarray(steps[:, :-1].transpose(0, 2, 1))  # [head, after, before]
    back = np.empty((words, heads, labels), dtype=np.int64)
    for row in range(1, words):
        reached = between + value[:, None]
        back[row] = reached.argmax(axis=2)
        value = reached.max(axis=2) + scores[:, row]
    best = np.empty((heads, words), dtype=np.int64)
    best[:, -1] = value.argmax(axis=1)
    each = np.arange(heads)
    for row in range(words - 1, 0, -1):
        best[:, row - 1] = back[row, each, best[:, row]]
    return best


def stacked(scores: Floats) -> Floats:
    """The scores of the heads of `SEQUENCES` by head, word and label, short heads filled up with what never pays."""
    longest = max(map(len, SEQUENCES.values()))
    made = np.full((len(SEQUENCES), len(scores), longest), -1e6, dtype=np.float32)
    for n, (head, labels) in enumerate(SEQUENCES.items()):
        made[n, :, : len(labels)] = scores[:, COLUMNS[head]]
    return made


class Marked(NamedTuple):
    """A span that a sequence of labels marks: its first and last word, and what it is."""

    first: int
    last: int
    kind: str


def marked(head: str, labels: Sequence[int]) -> Iterator[Marked]:
    """The spans that a valid sequence of labels marks."""
    first, kind = -1, ""
    for word, number in enumerate(labels):
        mark, _, named = SEQUENCES[head][number].partition("-")
        if mark != "I" and first >= 0:
            yield Marked(first, word - 1, kind)
            first = -1
        if mark == "B":
            first, kind = word, named
    if first >= 0:
        yield Marked(first, len(labels) - 1, kind)


def kind_of(scores: Floats) -> StatementKind:
    """The kind of a statement whose content has these rows of scores."""
    return STATEMENT_KINDS[int(scores[:, COLUMNS["kinds"]].mean(axis=0).argmax())]


def linked(scores: Floats, opening: Floats, reaches: Floats, ways: Ints, first: int, last: int) -> Floats:
    """How well each word of a chunk names the source of the content from word `first` to `last`; last: "no source".

    `scores` has a row per word, `opening` is the row of the chunk's opening mark, `ways` come from `reach`.
    """
    asked = scores[first : last + 1, COLUMNS["asks"]].mean(axis=0)
    words = scores[:, COLUMNS["answers"]] @ asked + reaches[ways]
    none = opening[COLUMNS["answers"]] @ asked + reaches[NO_SOURCE]
    return cast(Floats, np.append(words, none))
