"""Text -> words, word pieces, and the chunks that the model is given.

How chunks are formed: the words of each paragraph are cut into word pieces; whole paragraphs are put together, in
order, until the next one would exceed the chunk's size. A longer paragraph is cut after the last sentence mark in the
second half of the room there is, else where the room ends. A word that the tokenizer drops (a control or format
character) is left out, but stays inside a span that goes on behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from briefbook.model import Span

SHAPES = 17
"""Shape classes: eight of the word, times two for "joined to the word before", and one for the marks of the model."""

SPECIAL_SHAPE = SHAPES - 1

# A word is a run of letters and digits, or one other mark. The letter apostrophe parts words as the others do, and a
# run is cut at 64 characters, so that a "word" of a megabyte is many small ones.
_WORD = re.compile(r"[^\W\u02bc]{1,64}|[^\w\s]|\u02bc")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SENTENCE_MARKS = frozenset(".!?")
_PIECES_PER_WORD = 16  # the first carries the label; more would only crowd the chunk

Ints = npt.NDArray[np.int64]


class EncoderError(Exception):
    """The model's files are missing, damaged, or of another version; the message says which, and how to mend it."""


def shape(word: str) -> int:
    """The class of a word's shape, 0 to 7: the base model knows no upper case, this tells it."""
    if not word[0].isalnum():
        return 5
    if word.isdigit():
        return 4
    if any(character.isdigit() for character in word):
        return 7
    if word.isupper():
        return 2 if len(word) > 1 else 6
    if word[0].isupper():
        return 1 if word[1:].islower() else 3
    return 0 if word.islower() or not any(character.isupper() for character in word) else 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The words of a paragraph or a piece of one: their spans in the text, word pieces, and shape classes."""

    words: tuple[Span, ...]
    pieces: tuple[tuple[int, ...], ...]
    shapes: tuple[int, ...]
    number: int
    """Which of the article's paragraphs it is, or is a piece of."""

    @property
    def size(self) -> int:
        """Word pieces it takes in a chunk, its closing mark included."""
        return sum(map(len, self.pieces)) + 1

    def part(self, start: int, end: int) -> Paragraph:
        """The words from `start` to `end`."""
        return Paragraph(self.words[start:end], self.pieces[start:end], self.shapes[start:end], self.number)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one run of the model is given: ids and shapes per piece, and where in it each paragraph's words begin.

    The first piece is the mark that opens the chunk; behind the last piece of each paragraph stands one that closes it.
    """

    ids: Ints
    shapes: Ints
    paragraphs: tuple[tuple[Paragraph, Ints], ...]

    def closing(self) -> list[int]:
        """Where the closing mark of each of its paragraphs stands."""
        return [int(place) for place in np.flatnonzero(self.shapes == SPECIAL_SHAPE)[1:]]


class WordPieces:
    """Cuts text into words and word pieces."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self.begin = self._id("[CLS]")
        self.end = self._id("[SEP]")

    def _id(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise EncoderError(f"the tokenizer lacks {token}")
        return int(found)

    def pieces(self, words: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """The word pieces of each distinct word; none for a word that the tokenizer drops."""
        distinct = list(dict.fromkeys(words))
        # One call on one thread: the batch call starts threads, which a later fork would not survive.
        encoding = self._tokenizer.encode(distinct, is_pretokenized=True, add_special_tokens=False)
        cut: list[list[int]] = [[] for _ in distinct]
        for piece, word in zip(encoding.ids, encoding.word_ids, strict=True):
            if word is not None and len(cut[word]) < _PIECES_PER_WORD:
                cut[word].append(piece)
        return {word: tuple(ids) for word, ids in zip(distinct, cut, strict=True)}

    def paragraphs(self, text: str, spans: Sequence[Span]) -> list[Paragraph]:
        """The words of each span of the text, in order; a span without words gives an empty paragraph."""
        # A lone surrogate cannot be handed to the tokenizer; its replacement is as long, so offsets stay.
        text = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
        found = [[Span(*match.span()) for match in _WORD.finditer(text, start, end)] for start, end in spans]
        pieces = self.pieces([text[start:end] for words in found for start, end in words])
        shapes = {word: shape(word) for word in pieces}
        paragraphs = []
        for number, spoken in enumerate(found):
            words, ids, classes, before = [], [], [], -1
            for span in spoken:
                word = text[span.start : span.end]
                if pieces[word]:
                    words.append(span)
                    ids.append(pieces[word])
                    classes.append(shapes[word] + (8 if span.start == before else 0))
                before = span.end
            paragraphs.append(Paragraph(tuple(words), tuple(ids), tuple(classes), number))
        return paragraphs


def _cut(text: str, paragraph: Paragraph, room: int) -> Iterator[Paragraph]:
    """The paragraph in parts of at most `room` pieces, in order; nothing where it has no words."""
    start = size = 0
    mark = -1  # the last place behind a sentence mark in the second half of the room
    place = 0
    while place < len(paragraph.words):
        width = len(paragraph.pieces[place])
        if size + width + 1 > room and place > start:
            end = mark if mark > start else place
            yield paragraph.part(start, end)
            start = place = end
            size, mark = 0, -1
            continue
        size += width
        place += 1
        if 2 * size > room and text[paragraph.words[place - 1].start] in _SENTENCE_MARKS:
            mark = place
    if start < len(paragraph.words):
        yield paragraph.part(start, len(paragraph.words))


def chunks(text: str, paragraphs: Sequence[Paragraph], size: int, ends: WordPieces) -> Iterator[Chunk]:
    """The chunks of an article, as the module says: at most `size` word pieces each."""
    parts: list[Paragraph] = []
    taken = 1
    for paragraph in paragraphs:
        for part in _cut(text, paragraph, size - 1):
            if parts and taken + part.size > size:
                yield _chunk(parts, ends)
                parts, taken = [], 1
            parts.append(part)
            taken += part.size
    if parts:
        yield _chunk(parts, ends)


def _chunk(parts: Sequence[Paragraph], ends: WordPieces) -> Chunk:
    ids, shapes, placed = [ends.begin], [SPECIAL_SHAPE], []
    for part in parts:
        firsts = []
        for pieces, kind in zip(part.pieces, part.shapes, strict=True):
            firsts.append(len(ids))
            ids.extend(pieces)
            shapes.extend([kind] * len(pieces))
        ids.append(ends.end)
        shapes.append(SPECIAL_SHAPE)
        placed.append((part, np.array(firsts, dtype=np.int64)))
    return Chunk(np.array(ids, dtype=np.int64), np.array(shapes, dtype=np.int64), tuple(placed))
