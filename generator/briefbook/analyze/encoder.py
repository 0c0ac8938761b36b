"""The small encoder: reads the names out of a text, as spans with a kind.

A folder holds the model: `model.onnx`, `tokenizer.json`, `config.json` (labels, sizes, digests) and `CARD.md`. The text
goes through it in chunks, one chunk at a time, so that what is read in an article depends on that article alone (the
8-bit weights scale their inputs by the chunk they are given).

How chunks are formed: the words of each paragraph are cut into word pieces; whole paragraphs are put together, in
order, until the next one would exceed `Sizes.chunk` pieces. A longer paragraph is cut after the last sentence mark in
the second half of the room there is, else where the room ends. A word that the tokenizer drops (a control or format
character) is left out, but stays inside a name that goes on behind it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import numpy.typing as npt
import onnxruntime as ort  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from briefbook.model import KINDS, Kind, Name, Span

FOLDER = Path(__file__).resolve().parents[1] / "data" / "encoder"
"""The packaged model."""

LABELS = ("O", *(f"{mark}-{kind}" for kind in KINDS for mark in "BI"))
"""Labels of the names head, in the order of its scores: outside, then begin and inside for each kind."""

SHAPES = 17
"""Shape classes: eight of the word, times two for "joined to the word before", and one for the marks of the model."""

SPECIAL_SHAPE = SHAPES - 1

STEPS_KEY = "names.steps"
"""Where the model's metadata has the scores of one label behind another, as JSON: see `best_labels`."""

# A word is a run of letters and digits, or one other mark. The letter apostrophe parts words as the others do, and a
# run is cut at 64 characters, so that a "word" of a megabyte is many small ones.
_WORD = re.compile(r"[^\W\u02bc]{1,64}|[^\w\s]|\u02bc")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SENTENCE_MARKS = frozenset(".!?")
_PIECES_PER_WORD = 16  # the first carries the label; more would only crowd the chunk

Floats = npt.NDArray[np.float32]
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

    @property
    def size(self) -> int:
        """Word pieces it takes in a chunk, its closing mark included."""
        return sum(map(len, self.pieces)) + 1

    def part(self, start: int, end: int) -> Paragraph:
        """The words from `start` to `end`."""
        return Paragraph(self.words[start:end], self.pieces[start:end], self.shapes[start:end])


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one run of the model is given: ids and shapes per piece, and where in it each paragraph's words begin."""

    ids: Ints
    shapes: Ints
    paragraphs: tuple[tuple[Paragraph, Ints], ...]


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
        for spoken in found:
            words, ids, classes, before = [], [], [], -1
            for span in spoken:
                word = text[span.start : span.end]
                if pieces[word]:
                    words.append(span)
                    ids.append(pieces[word])
                    classes.append(shapes[word] + (8 if span.start == before else 0))
                before = span.end
            paragraphs.append(Paragraph(tuple(words), tuple(ids), tuple(classes)))
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


def best_labels(scores: Floats, steps: Floats) -> Ints:
    """The sequence of labels with the highest sum of scores (Viterbi). Ties go to the earlier label.

    `scores` has one row per word and one column per label of `LABELS`; `steps[before, after]` is added for a label by
    the label before it, its last row for the first word. A step that must not be is so low that it never pays.
    """
    value = scores[0] + steps[-1]
    between = np.ascontiguousarray(steps[:-1].T)  # [after, before]
    after = np.arange(len(between))
    back = np.empty(scores.shape, dtype=np.int64)
    for row in range(1, len(scores)):
        reach = between + value
        chosen = reach.argmax(axis=1)
        back[row] = chosen
        value = reach[after, chosen] + scores[row]
    best = np.empty(len(scores), dtype=np.int64)
    best[-1] = value.argmax()
    for row in range(len(scores) - 1, 0, -1):
        best[row - 1] = back[row, best[row]]
    return best


def names_of(words: Sequence[Span], labels: Sequence[int]) -> list[Name]:
    """The names that a valid sequence of labels marks."""
    names: list[Name] = []
    before = 0
    for word, number in zip(words, labels, strict=True):
        mark, _, kind = LABELS[number].partition("-")
        if mark == "B":
            names.append(Name(word.start, word.end, cast(Kind, kind)))
        elif mark == "I" and before:
            names[-1] = names[-1]._replace(end=word.end)
        before = number
    return names


class Encoder:
    """A loaded model. It is made once per process, by `Encoder.load`; it keeps nothing of what it reads."""

    def __init__(self, session: ort.InferenceSession, steps: Floats, ends: WordPieces, size: int, digest: str) -> None:
        self._session = session
        self.steps = steps
        """What each label scores behind each other one: see `best_labels`."""
        self._ends = ends
        self._size = size
        self.digest = digest
        """SHA-256 of the model file, in hexadecimal."""

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """The model in `folder` (the packaged one if None), on one thread.

        Raises `EncoderError` if a file is missing or unreadable, if its digest differs from the one in `config.json`,
        or if it was made for other labels or shape classes than this code's.
        """
        folder = FOLDER if folder is None else folder
        config = _config(folder)
        model = _file(folder, "model.onnx", config)
        tokenizer = _file(folder, "tokenizer.json", config)
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors have no common class
            raise EncoderError(f"{folder / 'model.onnx'}: onnxruntime cannot load it: {error}") from error
        metadata = session.get_modelmeta().custom_metadata_map
        steps = np.array(json.loads(metadata.get(STEPS_KEY, "[]")), dtype=np.float32)
        if steps.shape != (len(LABELS) + 1, len(LABELS)):
            raise EncoderError(f"{folder / 'model.onnx'}: lacks the scores of label steps; {_MEND}")
        ends = WordPieces(Tokenizer.from_str(tokenizer.decode("utf-8")))
        return cls(session, steps, ends, int(config["chunk"]), str(config["digests"]["model.onnx"]))

    def names(self, text: str, paragraphs: Sequence[Span]) -> tuple[Name, ...]:
        """The names in the paragraphs of a text, in order; none overlaps another, each lies in one paragraph.

        `paragraphs` are the spans of title, headings and paragraphs, in the order of the text. Any text will do; the
        time is linear in its length.
        """
        found: list[Name] = []
        before, scores = None, np.empty((0, len(LABELS)), dtype=np.float32)
        for chunk in chunks(text, self._ends.paragraphs(text, paragraphs), self._size, self._ends):
            # A run of one mark or word makes the same chunk over and over, and each costs as much as prose.
            if (given := (chunk.ids.tobytes(), chunk.shapes.tobytes())) != before:
                before, scores = given, self._run(chunk)["names"]
            for part, firsts in chunk.paragraphs:
                found.extend(names_of(part.words, best_labels(scores[firsts], self.steps).tolist()))
        return tuple(found)

    def _run(self, chunk: Chunk) -> Mapping[str, Floats]:
        """The scores of each head of the model: one row per piece of the chunk."""
        heads = [output.name for output in self._session.get_outputs()]
        scores = self._session.run(heads, {"ids": chunk.ids[None], "shapes": chunk.shapes[None]})
        return {head: rows[0] for head, rows in zip(heads, scores, strict=True)}


_MEND = "run `make train` or install the package again"


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EncoderError(f"{path}: cannot be read ({error.strerror}); {_MEND}") from error
    except ValueError as error:
        raise EncoderError(f"{path}: is not JSON ({error}); {_MEND}") from error
    expected = {"labels": {"names": list(LABELS)}, "shapes": SHAPES}
    for key, value in expected.items():
        if not isinstance(config, dict) or config.get(key) != value:
            raise EncoderError(f"{path}: `{key}` is not what this version of Briefbook reads; {_MEND}")
    if not isinstance(config.get("chunk"), int) or not isinstance(config.get("digests"), dict):
        raise EncoderError(f"{path}: lacks `chunk` or `digests`; {_MEND}")
    return cast(dict[str, Any], config)


def _file(folder: Path, name: str, config: Mapping[str, Any]) -> bytes:
    path = folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EncoderError(f"{path}: cannot be read ({error.strerror}); {_MEND}") from error
    if hashlib.sha256(content).hexdigest() != config["digests"].get(name):
        raise EncoderError(f"{path}: its SHA-256 is not the one in config.json; {_MEND}")
    return content
