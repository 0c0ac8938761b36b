"""Annotated articles and open data as chunks of labelled words."""

from __future__ import annotations

import json
import random
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from briefbook.analyze.encoder.heads import SEQUENCES, place
from briefbook.analyze.encoder.pieces import SPECIAL_SHAPE, Paragraph, WordPieces, chunks
from briefbook.model import SECTION_KEYS, STATEMENT_KINDS, Mode, Name, SectionKey, Span, StatementKind

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
OWN = Path(__file__).resolve().parent / "data" / "own"
"""Annotated texts of our own, which come with the code."""
OPEN_FILES = ("wikigold.bio", "politics-train.bio", "politics-dev.bio", "ewt.bio")

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")
_NUMBERS = {head: {label: number for number, label in enumerate(row)} for head, row in SEQUENCES.items()}
_NUMBER = _NUMBERS["names"]


class Said(NamedTuple):
    """A statement as annotated: its content, the words that name its source, its cue, and what kind it is."""

    content: Span
    mode: Mode
    kind: StatementKind
    source: Span | None
    cue: Span | None


@dataclass(frozen=True)
class Annotated:
    """An article and what is annotated of it."""

    id: str
    set: str
    text: str
    names: tuple[Name, ...]
    said: tuple[Said, ...] = ()
    figures: tuple[Span, ...] = ()
    sections: tuple[tuple[Span, SectionKey], ...] = ()

    @property
    def paragraphs(self) -> list[Span]:
        """Spans of its paragraphs, as the texts part them: by blank lines."""
        return [Span(*match.span()) for match in _PARAGRAPH.finditer(self.text)]


class Link(NamedTuple):
    """A content within a chunk, first and last word, its kind, and the words that name its source (none: no source)."""

    first: int
    last: int
    kind: int
    source: tuple[int, ...]


@dataclass(frozen=True)
class Example:
    """A chunk as the network sees it: ids, shapes and, for each head of `SEQUENCES`, a label per word.

    `words` are the places of the words' first pieces; `ends` the numbers of words at which paragraphs end.
    `coarse` examples come from open data: they have names alone, as numbers of `COARSE`, sets of labels that may be
    right. `sections` has (closing mark, class of the place, section) of each paragraph that has one.
    """

    ids: tuple[int, ...]
    shapes: tuple[int, ...]
    words: tuple[int, ...]
    ends: tuple[int, ...]
    labels: dict[str, tuple[int, ...]]
    sections: tuple[tuple[int, int, int], ...] = ()
    links: tuple[Link, ...] = ()
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
    """The annotated articles of `sets`, in order of set and id; of "own" those that stand beside this file."""
    articles = []
    for part in sets:
        gold, texts = (
            (OWN / "gold", OWN / "texts") if part == "own" else (data / "gold" / part, data / "corpus" / SETS[part])
        )
        for path in sorted(gold.glob("*.json")):
            text = (texts / f"{path.stem}.txt").read_text(encoding="utf-8")
            articles.append(annotated(path.stem, part, text, json.loads(path.read_text(encoding="utf-8"))))
    return articles


def annotated(name: str, part: str, text: str, rows: dict[str, Any]) -> Annotated:
    """An article with the annotations of its file."""
    names = tuple(Name(start, end, kind) for start, end, kind, _ in sorted(rows["mentions"]))
    said = tuple(
        Said(
            Span(row["start"], row["end"]),
            row["mode"],
            row["polarity"],
            Span(*row["speaker_spans"][0]) if row["speaker_spans"] else None,
            _cue(text, row),
        )
        for row in rows.get("statements", ())
    )
    figures = tuple(Span(row["start"], row["end"]) for row in rows.get("figures", ()))
    sections = tuple((Span(start, end), _SECTION[label]) for start, end, label in rows.get("sections", ()))
    return Annotated(name, part, text, names, said, figures, sections)


_SECTION: dict[str, SectionKey] = {
    "front": "front-status",
    "context": "strategic-context",
    "negotiations": "negotiations",
    "other": "other",
}


def _cue(text: str, row: dict[str, Any]) -> Span | None:
    """The cue of a statement: the occurrence of its words outside the content that is nearest to it."""
    words = (row.get("cue") or "").strip()
    if not words:
        return None
    low, high = max(0, row["start"] - 200), row["end"] + 200
    found = [
        Span(low + match.start(), low + match.end())
        for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text[low:high])
    ]
    outside = [span for span in found if span.end <= row["start"] or row["end"] <= span.start]
    return min(outside, key=lambda span: max(row["start"] - span.end, span.start - row["end"]), default=None)


def label(head: str, words: Sequence[Span], spans: Iterable[tuple[Span, str]]) -> list[int]:
    """A label per word: those wholly inside a span carry its kind; of spans that overlap the longest counts."""
    labels = [0] * len(words)
    starts = [word.start for word in words]
    for span, kind in sorted(spans, key=lambda row: (row[0].start - row[0].end, row[0])):
        first = bisect_left(starts, span.start)
        last = first
        while last < len(words) and words[last].end <= span.end:
            last += 1
        if last > first and not any(labels[first:last]):
            numbers = _NUMBERS[head]
            labels[first:last] = [numbers[f"B-{kind}"], *[numbers[f"I-{kind}"]] * (last - first - 1)]
    return labels


def examples(article: Annotated, size: int, pieces: WordPieces) -> Iterator[Example]:
    """The chunks of an article, labelled."""
    spans = article.paragraphs
    section = {span.start: SECTION_KEYS.index(key) for span, key in article.sections}
    marked: dict[str, list[tuple[Span, str]]] = {
        "names": [(Span(start, end), kind) for start, end, kind in article.names],
        "contents": [(said.content, said.mode) for said in article.said],
        "sources": [(said.source, "source") for said in article.said if said.source],
        "cues": [(said.cue, "cue") for said in article.said if said.cue],
        "figures": [(span, "figure") for span in article.figures],
    }
    for chunk in chunks(article.text, pieces.paragraphs(article.text, spans), size, pieces):
        labels: dict[str, list[int]] = {head: [] for head in SEQUENCES}
        placed, ends, total = [], [], 0
        for (part, _), closing in zip(chunk.paragraphs, chunk.closing(), strict=True):
            for head in SEQUENCES:
                labels[head] += label(head, part.words, marked[head])
            total += len(part.words)
            ends.append(total)
            if part.number and spans[part.number].start in section:
                placed.append((closing, place(part.number, len(spans)), section[spans[part.number].start]))
        words = [word for part, _ in chunk.paragraphs for word in part.words]
        firsts = [first for _, places in chunk.paragraphs for first in places.tolist()]
        yield Example(
            tuple(chunk.ids.tolist()),
            tuple(chunk.shapes.tolist()),
            tuple(firsts),
            tuple(ends),
            {head: tuple(row) for head, row in labels.items()},
            tuple(placed),
            tuple(_links(article.said, words)),
        )


def _links(said: Iterable[Said], words: Sequence[Span]) -> Iterator[Link]:
    """The contents that begin within the words of a chunk; those whose source lies in another chunk are left out."""
    sources: dict[Span, set[int]] = {}
    kinds: dict[Span, int] = {}
    for one in said:
        inside = {n for n, word in enumerate(words) if one.content.start <= word.start and word.end <= one.content.end}
        if not inside:
            continue
        span = Span(min(inside), max(inside))
        named = set()
        if one.source is not None:
            named = {n for n, word in enumerate(words) if one.source.start <= word.start and word.end <= one.source.end}
            if not named:
                continue
        sources.setdefault(span, set()).update(sorted(named)[:1])
        kinds.setdefault(span, STATEMENT_KINDS.index(one.kind))
    for span, named in sources.items():
        yield Link(span.start, span.end, kinds[span], tuple(sorted(named)))


def open_examples(data: Path, size: int, pieces: WordPieces) -> Iterator[Example]:
    """The open data, its sentences put together to chunks."""
    for name in OPEN_FILES:
        chunk = _Chunk(pieces)
        for words, marks in _sentences(data / "train" / name):
            text = " ".join(words)
            spans, at = [], 0
            for word in words:
                spans.append(Span(at, at + len(word)))
                at += len(word) + 1
            sentence = pieces.paragraphs(text, [Span(0, len(text))])[0]
            if len(chunk.ids) + sentence.size > size and chunk.words:
                yield chunk.example()
                chunk = _Chunk(pieces)
            if sentence.size < size:
                chunk.add(sentence, _spread(sentence, spans, marks))
        if chunk.words:
            yield chunk.example()


class _Chunk:
    """A chunk of open data in the making."""

    def __init__(self, pieces: WordPieces) -> None:
        self.ids, self.shapes = [pieces.begin], [SPECIAL_SHAPE]
        self.words: list[int] = []
        self._end = pieces.end
        self._ends: list[int] = []
        self._labels: list[int] = []

    def add(self, sentence: Paragraph, numbers: Sequence[int]) -> None:
        for piece, kind in zip(sentence.pieces, sentence.shapes, strict=True):
            self.words.append(len(self.ids))
            self.ids.extend(piece)
            self.shapes.extend([kind] * len(piece))
        self.ids.append(self._end)
        self.shapes.append(SPECIAL_SHAPE)
        self._labels.extend(numbers)
        self._ends.append(len(self.words))

    def example(self) -> Example:
        labels = {"names": tuple(self._labels)}
        return Example(tuple(self.ids), tuple(self.shapes), tuple(self.words), tuple(self._ends), labels, coarse=True)


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
    """The article with stretches of text replaced; what is annotated follows. `changes` stand in order.

    A change that is a whole annotated span, or lies inside one or outside all, is fine; a span that begins or ends
    within a change begins or ends with it.
    """
    text: list[str] = []
    at = shift = 0
    ends, shifts = [0], [0]
    for start, end, new in changes:
        text += [article.text[at:start], new]
        at = end
        shift += len(new) - (end - start)
        ends.append(end)
        shifts.append(shift)
    text.append(article.text[at:])
    starts = [start for start, _, _ in changes]

    def moved(span: Span) -> Span:
        n = bisect_right(starts, span.start)  # changes that begin at or before the span's start
        inside = n and starts[n - 1] <= span.start < changes[n - 1][1]
        start = starts[n - 1] + shifts[n - 1] if inside else span.start + shifts[n]
        m = bisect_left(starts, span.end)  # changes that begin before the span's end
        cut = m and span.end < changes[m - 1][1]
        end = changes[m - 1][1] + shifts[m] if cut else span.end + shifts[m]
        return Span(start, end)

    def optional(span: Span | None) -> Span | None:
        return None if span is None else moved(span)

    return replace(
        article,
        text="".join(text),
        names=tuple(Name(*moved(Span(start, end)), kind) for start, end, kind in article.names),
        said=tuple(
            one._replace(content=moved(one.content), source=optional(one.source), cue=optional(one.cue))
            for one in article.said
        ),
        figures=tuple(map(moved, article.figures)),
        sections=tuple((moved(span), key) for span, key in article.sections),
    )


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
