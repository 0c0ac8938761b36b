"""Corrected articles as training data: standoff annotations and the text that they count in.

The form is that of the annotated articles that `generator/training` reads: `gold/<set>/<id>.json` beside
`corpus/<set>/<id>.txt`. The text has a blank line between its blocks, as those have, so its offsets are its own.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from briefbook.display import display_name
from briefbook.model import Analysis, Source, Span
from briefbook.naming import entity_names

SET = "editor"
"""The name of the set."""
_LABELS = {
    "front-status": "front",
    "strategic-context": "context",
    "negotiations": "negotiations",
    "other": "other",
}
_OPERATORS = {"=": "=", "~": "~", ">": ">", "<": "<", "range": ">"}
"""A range has its lower end and "at least"."""


class File(NamedTuple):
    """A file of the export: its path below the folder, and its text."""

    path: str
    text: str


def export(sources: Sequence[Source], analyses: Sequence[Analysis]) -> Iterator[File]:
    """The files of every article that an editor corrected; `edited` in each says what of it is the editor's word.

    The rest of an article is the program's own reading: look it over before a model learns from it.
    """
    for source, analysis in zip(sources, analyses, strict=True):
        if analysis.edited:
            text, annotations = _standoff(source, analysis)
            yield File(f"corpus/{SET}/{source.slug}.txt", text)
            yield File(f"gold/{SET}/{source.slug}.json", json.dumps(annotations, ensure_ascii=False) + "\n")


def _standoff(source: Source, analysis: Analysis) -> tuple[str, dict[str, Any]]:
    old = source.article.text
    blocks = source.article.blocks
    starts = [block.start for block in blocks]
    shifts: list[int] = []
    at = 0
    for block in blocks:
        shifts.append(at - block.start)
        at += block.end - block.start + 2
    text = "\n\n".join(old[block.start : block.end] for block in blocks) + "\n"

    def moved(start: int, end: int) -> list[int]:
        first, last = (max(0, bisect_right(starts, place) - 1) for place in (start, end - 1))
        return [start + shifts[first], end + shifts[last]]

    def words(span: Span | None) -> str | None:
        return None if span is None else old[span.start : span.end]

    names = entity_names(old, analysis)
    section_of = {sentence: section.key for section in analysis.sections for sentence in section.sentences}
    paragraphs: dict[int, str] = {}
    for sentence in analysis.sentences:
        paragraphs.setdefault(bisect_right(starts, sentence.start) - 1, _LABELS[section_of[sentence]])
    return text, {
        "id": source.slug,
        "mentions": [[*moved(m.start, m.end), m.kind, names[m.entity]] for m in analysis.mentions],
        "entities": [
            {
                "kind": entity.kind,
                "name": name,
                "surfaces": list(
                    dict.fromkeys(
                        display_name(old[analysis.mentions[n].start : analysis.mentions[n].end])
                        for n in entity.mentions
                    )
                ),
            }
            for name, entity in zip(names, analysis.entities, strict=True)
        ],
        "sections": [[*moved(blocks[n].start, blocks[n].end), label] for n, label in paragraphs.items()],
        "statements": [
            {
                **dict(zip(("start", "end"), moved(said.start, said.end), strict=True)),
                "mode": said.mode,
                "speaker": None if said.entity is None else names[said.entity],
                "speaker_text": words(said.speaker),
                "speaker_spans": [] if said.speaker is None else [moved(*said.speaker)],
                "cue": words(said.cue),
                "polarity": said.kind,
            }
            for said in analysis.statements
        ],
        "figures": [
            {
                **dict(zip(("start", "end"), moved(figure.start, figure.end), strict=True)),
                "value": figure.value,
                "op": _OPERATORS[figure.relation],
                "what": words(figure.what),
            }
            for figure in analysis.figures
        ],
        "edited": [[edit.layer, *moved(edit.start, edit.end)] for edit in analysis.edited],
    }
