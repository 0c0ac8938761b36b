"""Annotated articles and open data as chunks of labelled words."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from briefbook.analyze.encoder import LABELS, SPECIAL_SHAPE, Paragraph, WordPieces, chunks
from briefbook.model import Name, Span

SETS = {
    "train": "wikinews",
    "conflict": "conflict",
    "frontline": "frontline",
    "battles": "battles",
    "dev": "wikinews",
    "editor": "editor",
}
"""Folder of annotations -> folder of their texts. `editor` is what `briefbook correct --export` writes."""
TRAINING_SETS = ("train", "conflict", "frontline", "battles")
OPEN_FILES = ("wikigold.bio", "politics-train.bio", "politics-dev.bio", "ewt.bio")
IGNORE = -100

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")
_NUMBER = {label: number for number, label in enumerate(LABELS)}


@dataclass(frozen=True)
class Annotated:
    """An article and its annotated names."""

    id: str
    set: str
    text: str
    names: tuple[Name, ...]

    @property
    def paragraphs(self) -> list[Span]:
        """Spans of its paragraphs, as the texts part them: by blank lines."""
        return [Span(*match.span()) for match in _PARAGRAPH.finditer(self.text)]


@dataclass(frozen=True)
class Example:
    """A chunk as the network sees it: ids, shapes and label (or `IGNORE`) per piece.

    `coarse` examples come from open data: their labels are numbers of `COARSE`, sets of labels that may be right.
    """

    ids: tuple[int, ...]
    shapes: tuple[int, ...]
    labels: tuple[int, ...]
    coarse: bool = False


COARSE: tuple[tuple[int, ...], ...] = (
    # Open data knows persons, organizations (units among them) and places: what it calls outside may be the rest.
    tuple(n for label, n in _NUMBER.items() if label[2:] in ("", "event", "document", "equipment")),
    *(
        tuple(_NUMBER[f"{mark}-{kind}"] for kind in kinds)
        for kinds in (("person",), ("organization", "unit"), ("place",))
        for mark in "BI"
    ),
)
_COARSE_NUMBER = {"O": 0, "B-PER": 1, "I-PER": 2, "B-ORG": 3, "I-ORG": 4, "B-LOC": 5, "I-LOC": 6}


def read(data: Path, sets: Sequence[str]) -> list[Annotated]:
    """The annotated articles of `sets`, in order of set and id."""
    articles = []
    for part in sets:
        for path in sorted((data / "gold" / part).glob("*.json")):
            text = (data / "corpus" / SETS[part] / f"{path.stem}.txt").read_text(encoding="utf-8")
            rows = json.loads(path.read_text(encoding="utf-8"))["mentions"]
            names = tuple(Name(start, end, kind) for start, end, kind, _ in sorted(rows))
            articles.append(Annotated(path.stem, part, text, names))
    return articles


def label(words: Sequence[Span], names: Sequence[Name]) -> list[int]:
    """A label per word: those wholly inside a name carry its kind."""
    labels = [0] * len(words)
    place = 0
    for name in names:
        while place < len(words) and words[place].start < name.start:
            place += 1
        first = place
        while place < len(words) and words[place].end <= name.end:
            labels[place] = _NUMBER[("B-" if place == first else "I-") + name.kind]
            place += 1
    return labels


def examples(article: Annotated, size: int, pieces: WordPieces) -> Iterator[Example]:
    """The chunks of an article, labelled."""
    paragraphs = pieces.paragraphs(article.text, article.paragraphs)
    for chunk in chunks(article.text, paragraphs, size, pieces):
        labels = [IGNORE] * len(chunk.ids)
        for part, firsts in chunk.paragraphs:
            for first, number in zip(firsts.tolist(), label(part.words, article.names), strict=True):
                labels[first] = number
        yield Example(tuple(chunk.ids.tolist()), tuple(chunk.shapes.tolist()), tuple(labels))


def open_examples(data: Path, size: int, pieces: WordPieces) -> Iterator[Example]:
    """The open data, its sentences put together to chunks."""
    for name in OPEN_FILES:
        ids, shapes, labels = [pieces.begin], [SPECIAL_SHAPE], [IGNORE]
        for words, marks in _sentences(data / "train" / name):
            text = " ".join(words)
            spans, at = [], 0
            for word in words:
                spans.append(Span(at, at + len(word)))
                at += len(word) + 1
            sentence = pieces.paragraphs(text, [Span(0, len(text))])[0]
            if len(ids) + sentence.size > size and len(ids) > 1:
                yield Example(tuple(ids), tuple(shapes), tuple(labels), coarse=True)
                ids, shapes, labels = [pieces.begin], [SPECIAL_SHAPE], [IGNORE]
            if sentence.size >= size:
                continue
            numbers = _spread(sentence, spans, marks)
            for piece, kind, number in zip(sentence.pieces, sentence.shapes, numbers, strict=True):
                ids.extend(piece)
                shapes.extend([kind] * len(piece))
                labels.extend([number] + [IGNORE] * (len(piece) - 1))
            ids.append(pieces.end)
            shapes.append(SPECIAL_SHAPE)
            labels.append(IGNORE)
        if len(ids) > 1:
            yield Example(tuple(ids), tuple(shapes), tuple(labels), coarse=True)


def _spread(sentence: Paragraph, spans: Sequence[Span], marks: Sequence[str]) -> list[int]:
    """Labels of the file's tokens onto our words, which are the same or smaller."""
    numbers, token = [], 0
    for word in sentence.words:
        while spans[token].end < word.end:
            token += 1
        mark = marks[token] if marks[token] in _COARSE_NUMBER else "O"
        if mark.startswith("B-") and word.start > spans[token].start:
            mark = "I-" + mark[2:]
        numbers.append(_COARSE_NUMBER[mark])
    return numbers


def _sentences(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    words: list[str] = []
    marks: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.strip():
            word, mark = line.split("\t")[:2]
            words.append(word)
            marks.append(mark)
        elif words:
            yield words, marks
            words, marks = [], []


def rewrite(article: Annotated, changes: Sequence[tuple[int, int, str]]) -> Annotated:
    """The article with stretches of text replaced; names follow. `changes` are in order and do not cross a name's end.

    A change that is a whole name, or lies inside one or outside all, is fine.
    """
    text: list[str] = []
    at = shift = 0
    moves: list[tuple[int, int]] = []  # (old offset from which on, shift)
    for start, end, new in changes:
        text += [article.text[at:start], new]
        at = end
        shift += len(new) - (end - start)
        moves.append((end, shift))
    text.append(article.text[at:])
    names = []
    place = now = 0
    for name in article.names:
        while place < len(moves) and moves[place][0] <= name.start:
            now = moves[place][1]
            place += 1
        last, ahead = now, place
        while ahead < len(moves) and moves[ahead][0] <= name.end:
            last = moves[ahead][1]
            ahead += 1
        names.append(Name(name.start + now, name.end + last, name.kind))
    return replace(article, text="".join(text), names=tuple(names))


_QUOTES = {"“": 0, "”": 1, '"': 2, "«": 0, "»": 1, "„": 0}
_STYLES = (("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("''", "''"))


def other_quotes(article: Annotated, chance: random.Random) -> Annotated:
    """The article with its double quotation marks in another style."""
    opening, closing = chance.choice(_STYLES)
    changes, opened = [], False
    for match in re.finditer(r'[“”"«»„\n]', article.text):
        if match.group() == "\n":
            opened = False
            continue
        side = _QUOTES[match.group()]
        opened = side == 0 or (side == 2 and not opened)
        changes.append((match.start(), match.end(), opening if opened else closing))
    return rewrite(article, changes)


def other_case(article: Annotated, chance: random.Random) -> Annotated:
    """The article with its title and unpunctuated lines in capitals, or one paragraph in five in small letters."""
    small = chance.random() < 0.3
    changes = []
    for number, (start, end) in enumerate(article.paragraphs):
        text = article.text[start:end]
        new = text.lower() if small else text.upper()
        picked = chance.random() < 0.2 if small else number == 0 or text[-1] not in ".!?:;,”\"’'"
        if picked and len(new) == len(text):
            changes.append((start, end, new))
    text = list(article.text)
    for start, end, new in changes:
        text[start:end] = new
    return replace(article, text="".join(text))


def other_names(article: Annotated, surfaces: dict[str, list[str]], chance: random.Random, share: float) -> Annotated:
    """The article with a share of its names replaced by others of their kind, each the same way throughout."""
    chosen: dict[tuple[str, str], str | None] = {}
    changes = []
    for start, end, kind in article.names:
        old = article.text[start:end]
        if (kind, old) not in chosen:
            new = chance.choice(surfaces[kind])
            if kind == "unit" and chance.random() < 0.25:
                new = _nicknamed(new, surfaces, chance)
            chosen[kind, old] = new if chance.random() < share else None
        replacement = chosen[kind, old]
        if replacement is not None:
            # A comma inside the quotation marks stands for one behind them.
            replacement = replacement.replace(",”", "”") if article.text[end : end + 1] in ",.;:" else replacement
            changes.append((start, end, replacement))
    return rewrite(article, changes)


def _nicknamed(unit: str, surfaces: dict[str, list[str]], chance: random.Random) -> str:
    """A unit's name with a nickname in quotation marks behind it, half of them with a comma inside."""
    if unit[-1] in "”\"»'":
        return unit
    nickname = chance.choice(surfaces["place"] + surfaces["person"]).split()[-1].strip(".,")
    return f"{unit} “{nickname}{',' if chance.random() < 0.5 else ''}”"


def surfaces(articles: Sequence[Annotated]) -> dict[str, list[str]]:
    """All surfaces of each kind, as often as there are articles that use them."""
    found: dict[str, list[str]] = {}
    for article in articles:
        for kind, text in sorted({(name.kind, article.text[name.start : name.end]) for name in article.names}):
            found.setdefault(kind, []).append(text)
    return found


Augment = Callable[[Annotated], Annotated]
