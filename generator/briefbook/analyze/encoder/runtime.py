"""The small encoder: reads out of a text, in one pass, the names, what is said and by whom, figures, and sections.

A folder holds the model: `model.onnx`, `tokenizer.json`, `config.json` (heads, sizes, digests) and `CARD.md`. The text
goes through it in chunks, one chunk at a time, so that what is read in an article depends on that article alone (the
8-bit weights scale their inputs by the chunk they are given).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import onnxruntime as ort  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from briefbook.analyze.encoder.heads import (
    COLUMNS,
    PLACES,
    REACHES,
    SEQUENCES,
    TOTAL,
    WIDTHS,
    Content,
    Fit,
    Floats,
    Marked,
    Marks,
    Weights,
    best_labels,
    kind_of,
    linked,
    marked,
    place,
    reach,
    stacked,
)
from briefbook.analyze.encoder.pieces import SHAPES, Chunk, EncoderError, WordPieces, chunks
from briefbook.model import SECTION_KEYS, Kind, Mode, Name, Span

FOLDER = Path(__file__).resolve().parents[2] / "data" / "encoder"
"""The packaged model."""

Run = Callable[[Chunk], Floats]
"""A network: the scores of a chunk, one row per piece."""

WEIGHTS_KEY = "briefbook.weights"
"""Where the model's metadata has `Weights`, as JSON."""


class Encoder:
    """A loaded model. It is made once per process, by `Encoder.load`; it keeps nothing of what it reads."""

    def __init__(self, run: Run, weights: Weights, ends: WordPieces, size: int, digest: str) -> None:
        """`run` is the network, `size` the most word pieces of a chunk."""
        self._run = run
        self.weights = weights
        """The tables that are added to the scores."""
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
        try:
            weights = weights_of(session.get_modelmeta().custom_metadata_map[WEIGHTS_KEY])
        except (KeyError, ValueError, TypeError) as error:
            raise EncoderError(f"{folder / 'model.onnx'}: lacks the weights of its heads; {_MEND}") from error
        ends = WordPieces(Tokenizer.from_str(tokenizer.decode("utf-8")))

        def run(chunk: Chunk) -> Floats:
            (scores,) = session.run(["scores"], {"ids": chunk.ids[None], "shapes": chunk.shapes[None]})
            return cast(Floats, scores[0])

        return cls(run, weights, ends, int(config["chunk"]), str(config["digests"]["model.onnx"]))

    def read(self, text: str, paragraphs: Sequence[Span]) -> Marks:
        """All that the model marks in the paragraphs of a text.

        `paragraphs` are the spans of title, headings and paragraphs, in the order of the text. No span of one kind
        overlaps another of its kind, each lies in one paragraph. Any text will do; the time is linear in its length.
        """
        cut = self._ends.paragraphs(text, paragraphs)
        return read(chunks(text, cut, self._size, self._ends), len(paragraphs), self._run, self.weights)


def read(chunks: Iterable[Chunk], count: int, run: Run, weights: Weights) -> Marks:
    """What `run`, the network, marks in the chunks of an article of `count` paragraphs."""
    spans: dict[str, list[tuple[Span, str]]] = {head: [] for head in SEQUENCES}
    contents: list[Content] = []
    sections = np.zeros((count, len(SECTION_KEYS)), dtype=np.float32)
    before, scores = None, np.empty((0, TOTAL), dtype=np.float32)
    for chunk in chunks:
        # A run of one mark or word makes the same chunk over and over, and each costs as much as prose.
        if (given := (chunk.ids.tobytes(), chunk.shapes.tobytes())) != before:
            before, scores = given, run(chunk)
        for (part, _), closing in zip(chunk.paragraphs, chunk.closing(), strict=True):
            sections[part.number] += scores[closing, COLUMNS["sections"]]
        words = [word for part, _ in chunk.paragraphs for word in part.words]
        numbers = [part.number for part, _ in chunk.paragraphs for _ in part.words]
        rows = scores[np.concatenate([firsts for _, firsts in chunk.paragraphs])]
        said: list[Marked] = []
        start = 0
        for part, _ in chunk.paragraphs:
            end = start + len(part.words)
            labels = best_labels(stacked(rows[start:end]), weights.steps)
            for head, sequence in zip(SEQUENCES, labels.tolist(), strict=True):
                for first, last, kind in marked(head, sequence):
                    if head == "contents":
                        said.append(Marked(start + first, start + last, kind))
                    else:
                        spans[head].append((Span(part.words[first].start, part.words[last].end), kind))
            start = end
        begins = {word.start: number for number, word in enumerate(words)}
        sources = [(begins[span.start], span) for span, _ in spans["sources"] if span.start in begins]
        for first, last, mode in said:
            ways = reach(len(words), first, last, numbers)
            fit = linked(rows, scores[0], weights.reaches, ways, first, last)
            contents.append(
                Content(
                    words[first].start,
                    words[last].end,
                    cast(Mode, mode),
                    kind_of(rows[first : last + 1]),
                    tuple(Fit(span, round(float(fit[at] - fit[-1]), 3)) for at, span in sources),
                )
            )
    placed = sections + weights.places[[place(number, count) for number in range(count)]]
    return Marks(
        tuple(Name(*span, cast(Kind, kind)) for span, kind in spans["names"]),
        tuple(contents),
        tuple(span for span, _ in spans["sources"]),
        tuple(span for span, _ in spans["cues"]),
        tuple(span for span, _ in spans["figures"]),
        tuple(SECTION_KEYS[int(number)] for number in placed.argmax(axis=1)),
    )


def weights_of(text: str) -> Weights:
    """The tables that a model's metadata holds as JSON. Raises ValueError where they are not for this code."""
    rows = json.loads(text)
    weights = Weights(*(np.array(rows[key], dtype=np.float32) for key in Weights._fields))
    longest = max(map(len, SEQUENCES.values()))
    shapes = ((len(SEQUENCES), longest + 1, longest), (PLACES, len(SECTION_KEYS)), (REACHES,))
    if tuple(table.shape for table in weights) != shapes:
        raise ValueError("tables of another size")
    return weights


_MEND = "run `make train` or install the package again"


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EncoderError(f"{path}: cannot be read ({error.strerror}); {_MEND}") from error
    except ValueError as error:
        raise EncoderError(f"{path}: is not JSON ({error}); {_MEND}") from error
    expected = {"heads": dict(WIDTHS), "labels": {head: list(row) for head, row in SEQUENCES.items()}, "shapes": SHAPES}
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
