"""The encoder: what it is given, how its scores are read, and that no text or folder makes it fail badly."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from tokenizers import Tokenizer

from briefbook.analyze.encoder import FOLDER, LABELS, Encoder, EncoderError, WordPieces
from briefbook.analyze.encoder.heads import (
    COLUMNS,
    LINK,
    NO_SOURCE,
    REACHES,
    SEQUENCES,
    TOTAL,
    Marked,
    best_labels,
    linked,
    marked,
    place,
    reach,
    stacked,
)
from briefbook.analyze.encoder.pieces import chunks, shape
from briefbook.model import KINDS, SECTION_KEYS, Span

Array = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

ARTICLE = (
    "Ostravian president visits Velm",
    "President Marta Velin of Ostravia met Prime Minister Jon Harrow in Velm on Tuesday, the Ostravian Foreign "
    "Ministry said.",
    "Col. Edda Brandt, commander of the 12th Mountain Brigade “Heron”, said that her soldiers had left the town of "
    "Karsk.",
)


def lay_out(paragraphs: tuple[str, ...]) -> tuple[str, list[Span]]:
    """The text of an article, its paragraphs a blank line apart, and their spans."""
    spans, at = [], 0
    for paragraph in paragraphs:
        spans.append(Span(at, at + len(paragraph)))
        at += len(paragraph) + 2
    return "\n\n".join(paragraphs), spans


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces(Tokenizer.from_file(str(FOLDER / "tokenizer.json")))


def test_names_are_read_with_their_kind(encoder: Encoder) -> None:
    text, spans = lay_out(ARTICLE)
    found = {(text[start:end], kind) for start, end, kind in encoder.read(text, spans).names}
    assert found >= {
        ("Marta Velin", "person"),
        ("Jon Harrow", "person"),
        ("Ostravia", "place"),
        ("Ostravian Foreign Ministry", "organization"),
        ("Edda Brandt", "person"),
        ("12th Mountain Brigade “Heron”", "unit"),
        ("Karsk", "place"),
    }
    assert not {"Tuesday", "President", "soldiers"} & {surface for surface, _ in found}


def test_the_same_article_gives_the_same_names_whatever_was_read_before(encoder: Encoder) -> None:
    text, spans = lay_out(ARTICLE)
    alone = encoder.read(text, spans)
    encoder.read(*lay_out(("Other words entirely, by Ana Ruiz of Velm.",)))
    assert encoder.read(text, spans) == alone
    assert Encoder.load().read(text, spans) == alone


def test_the_digest_is_that_of_the_model(encoder: Encoder) -> None:
    config = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))
    assert encoder.digest == config["digests"]["model.onnx"]
    assert (FOLDER / "model.onnx").stat().st_size <= 25_000_000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(), min_size=1, max_size=60), max_size=5))
def test_what_any_text_gives_lies_within_its_paragraphs(encoder: Encoder, paragraphs: list[str]) -> None:
    text, spans = lay_out(tuple(paragraphs))
    marks = encoder.read(text, spans)
    assert len(marks.sections) == len(spans)
    assert set(marks.sections) <= set(SECTION_KEYS)
    assert {name.kind for name in marks.names} <= set(KINDS)
    assert {fit.source for content in marks.contents for fit in content.fits} <= set(marks.sources)
    for found in (marks.names, marks.contents, marks.sources, marks.cues, marks.figures):
        edges = [(mark.start, mark.end) for mark in found]
        for before, after in itertools.pairwise(edges):
            assert before[1] <= after[0]
        for begin, stop in edges:
            assert any(start <= begin < stop <= end for start, end in spans)
            assert text[begin:stop] == text[begin:stop].strip()


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "\0\x01\x7f\x85", "\ud800 and \udfff", "\u200b\ufeff\u202e", "e" + "\u0301" * 5000, "\U0010ffff"],
)
def test_odd_characters_do_no_harm(encoder: Encoder, text: str) -> None:
    assert len(encoder.read(text, [Span(0, len(text))]).sections) == 1


def test_a_format_character_inside_a_name_does_not_part_it(encoder: Encoder) -> None:
    plain = "President Marta Velin of Ostravia spoke."
    hidden = plain.replace("Marta Velin", "Marta \u200bVelin")
    names = [
        hidden[start:end] for start, end, kind in encoder.read(hidden, [Span(0, len(hidden))]).names if kind == "person"
    ]
    assert names == ["Marta \u200bVelin"]


@pytest.mark.parametrize("unit", ["a", "名", "Ab ", "1", "“", ".", "X\n", "\u0301"])
def test_a_long_paragraph_is_cut_into_chunks_that_fit(pieces: WordPieces, unit: str) -> None:
    text = unit * (200_000 // len(unit))
    count = 0
    for chunk in chunks(text, pieces.paragraphs(text, [Span(0, len(text))]), 240, pieces):
        assert len(chunk.ids) == len(chunk.shapes) <= 240
        count += 1
    assert count <= 200_000 / 64


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text("aA1. “名\u200b", max_size=120), max_size=8), st.integers(40, 120))
def test_chunks_hold_every_word_once_in_order(pieces: WordPieces, paragraphs: list[str], size: int) -> None:
    text, spans = lay_out(tuple(paragraphs))
    read = pieces.paragraphs(text, spans)
    made = list(chunks(text, read, size, pieces))
    words = [word for chunk in made for part, _ in chunk.paragraphs for word in part.words]
    assert words == [word for paragraph in read for word in paragraph.words]
    for chunk in made:
        assert len(chunk.ids) <= size
        for part, firsts in chunk.paragraphs:
            assert [int(chunk.ids[first]) for first in firsts] == [ids[0] for ids in part.pieces]


def test_a_long_paragraph_is_cut_behind_a_sentence_mark(pieces: WordPieces) -> None:
    text = "Ten small words stand here in this one short sentence. " * 9
    made = list(chunks(text, pieces.paragraphs(text, [Span(0, len(text))]), 60, pieces))
    assert len(made) > 1
    for chunk in made:
        (part, _), *rest = chunk.paragraphs
        assert not rest
        assert text[part.words[-1].start] == "."


def test_words_are_joined_or_apart(pieces: WordPieces) -> None:
    (paragraph,) = pieces.paragraphs("F-16 flew", [Span(0, 9)])
    assert [("F-16 flew"[a:b], kind) for (a, b), kind in zip(paragraph.words, paragraph.shapes, strict=True)] == [
        ("F", 6),
        ("-", 5 + 8),
        ("16", 4 + 8),
        ("flew", 0),
    ]


@pytest.mark.parametrize(
    ("word", "number"),
    [("word", 0), ("Word", 1), ("WORD", 2), ("WoRd", 3), ("12", 4), ("”", 5), ("W", 6), ("92nd", 7), ("名", 0)],
)
def test_shapes(word: str, number: int) -> None:
    assert shape(word) == number


FEW = st.integers(-9, 9).map(np.float32)


@settings(max_examples=100, deadline=None)
@given(
    hnp.arrays(np.float32, st.tuples(st.just(2), st.integers(1, 4), st.just(4)), elements=FEW),
    hnp.arrays(np.float32, st.just((2, 5, 4)), elements=FEW),
)
def test_the_best_labels_are_the_best_of_all_sequences(scores: Array, steps: Array) -> None:
    def total(head: int, labels: tuple[int, ...]) -> float:
        before = (-1, *labels)
        pairs = enumerate(zip(before, labels, strict=False))
        return float(sum(steps[head, a, b] + scores[head, row, b] for row, (a, b) in pairs))

    words = scores.shape[1]
    for head, row in enumerate(best_labels(scores, steps).tolist()):
        assert len(row) == words
        best = max(total(head, labels) for labels in itertools.product(range(4), repeat=words))
        assert total(head, tuple(row)) == best


def test_no_span_begins_inside(encoder: Encoder) -> None:
    """Whatever the words score, the model's own steps keep an inside label behind its begin or inside."""
    chance = np.random.default_rng(0)
    for _ in range(50):
        scores = chance.normal(scale=20, size=(12, TOTAL)).astype(np.float32)
        best = best_labels(stacked(scores), encoder.weights.steps)
        for labels, numbers in zip(SEQUENCES.values(), best.tolist(), strict=True):
            for before, after in itertools.pairwise(["O", *(labels[number] for number in numbers)]):
                assert not after.startswith("I-") or before[1:] == after[1:]


def test_labels_make_spans() -> None:
    numbers = {label: number for number, label in enumerate(LABELS)}
    labels = [numbers[label] for label in ("B-person", "I-person", "B-person", "O", "B-place")]
    assert list(marked("names", labels)) == [Marked(0, 1, "person"), Marked(2, 2, "person"), Marked(4, 4, "place")]


def test_places_of_paragraphs() -> None:
    assert [place(number, 40) for number in (0, 1, 2, 4, 39)] == [11, 10, 0, 1, 9]
    assert [place(number, 1) for number in (0,)] == [11]


def test_the_way_from_a_content_to_a_word() -> None:
    paragraphs = [0] * 3 + [1] * 50 + [2] * 2
    ways = reach(55, 40, 42, paragraphs).tolist()
    assert ways[:3] == [15] * 3
    assert ways[53:] == [16] * 2
    assert ways[40:43] == [7] * 3
    assert [ways[40 - far] for far in (1, 2, 3, 5, 9, 17, 33)] == [0, 1, 2, 3, 4, 5, 6]
    assert [ways[42 + far] for far in (1, 2, 3, 5, 9)] == [8, 9, 10, 11, 12]


def test_a_content_is_linked_to_the_word_that_answers_it() -> None:
    scores = np.zeros((3, TOTAL), dtype=np.float32)
    opening = np.zeros(TOTAL, dtype=np.float32)
    scores[0, COLUMNS["asks"]] = 1
    scores[2, COLUMNS["answers"]] = 2 / LINK
    reaches = np.zeros(REACHES, dtype=np.float32)
    ways = reach(3, 0, 0, [0, 0, 0])
    assert linked(scores, opening, reaches, ways, 0, 0).tolist() == pytest.approx([0, 0, 2, 0])
    reaches[NO_SOURCE] = 3
    reaches[ways[1]] = 4
    assert linked(scores, opening, reaches, ways, 0, 0).tolist() == pytest.approx([0, 4, 2, 3])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "encoder"
    shutil.copytree(FOLDER, folder)
    return folder


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(EncoderError, match=f"{re.escape(str(copy / name))}: cannot be read .*make train"):
        Encoder.load(copy)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_changed_file_is_named(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(EncoderError, match=f"{name}: its SHA-256 is not the one in config.json"):
        Encoder.load(copy)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("labels", {"names": ["O"]}, "`labels` is not what this version"),
        ("heads", {"names": 15}, "`heads` is not what this version"),
        ("shapes", 3, "`shapes` is not what this version"),
        ("chunk", "240", "lacks `chunk` or `digests`"),
        ("digests", None, "lacks `chunk` or `digests`"),
    ],
)
def test_a_config_of_another_version_is_refused(copy: Path, key: str, value: object, message: str) -> None:
    config = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    (copy / "config.json").write_text(json.dumps(config | {key: value}), encoding="utf-8")
    with pytest.raises(EncoderError, match=message):
        Encoder.load(copy)


@pytest.mark.parametrize("content", ["{", "[]", "7"])
def test_a_config_that_is_none_is_refused(copy: Path, content: str) -> None:
    (copy / "config.json").write_text(content, encoding="utf-8")
    with pytest.raises(EncoderError, match=r"config\.json"):
        Encoder.load(copy)


def test_the_card_and_the_figures_are_of_this_model(encoder: Encoder) -> None:
    figures = json.loads((FOLDER / "figures.json").read_text(encoding="utf-8"))
    assert figures["digest"] == encoder.digest
    assert encoder.digest in (FOLDER / "CARD.md").read_text(encoding="utf-8")
