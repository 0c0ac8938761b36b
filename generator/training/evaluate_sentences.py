"""Exact-span figures of the sentences, on the annotated excerpts in `data/sentences/`.

    python generator/training/evaluate_sentences.py --data FOLDER

FOLDER holds `corpus/`: the annotations are offsets into its texts. A quarter of them is held out: no rule was made by
looking at it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import NamedTuple

from briefbook.analyze.sentences import split
from briefbook.read.text import read_text

ANNOTATIONS = Path(__file__).parent / "data" / "sentences" / "sentences.json"
TEXTS = {"train": "wikinews", "conflict": "conflict", "battles": "battles", "frontline": "frontline"}
"""Set of an excerpt -> folder of its text below `corpus/`."""


class Figures(NamedTuple):
    """Precision, recall and F1 in percent of sentences with the very span, and how many were annotated."""

    precision: float
    recall: float
    f1: float
    sentences: int


def measure(corpus: Path, *, held_out: bool) -> Figures:
    """The figures on the part held out, or on the other; `corpus` has the folders of the texts.

    Raises OSError where a text is missing.
    """
    right = found = wanted = 0
    for row in json.loads(ANNOTATIONS.read_text(encoding="utf-8")):
        if row["held_out"] is not held_out:
            continue
        article = read_text((corpus / TEXTS[row["set"]] / f"{row['id']}.txt").read_text(encoding="utf-8"))
        gold = {tuple(span) for span in row["sentences"]}
        start, end = min(gold)[0], max(gold)[1]
        ours = {tuple(span) for span in split(article.text, article.blocks) if span.start < end and span.end > start}
        right += len(gold & ours)
        found += len(ours)
        wanted += len(gold)
    return Figures(
        round(100 * right / found, 1) if found else 0.0,
        round(100 * right / wanted, 1) if wanted else 0.0,
        round(200 * right / (found + wanted), 1) if wanted else 0.0,
        wanted,
    )


def report(corpus: Path) -> str:
    """Two lines: the part held out and the part the rules were made with."""
    lines = []
    for name, held_out in (("held out", True), ("tuning", False)):
        figures = measure(corpus, held_out=held_out)
        lines.append(
            f"sentences, {name}: exact-span F1 {figures.f1} (precision {figures.precision}, recall {figures.recall}, "
            f"{figures.sentences} sentences)"
        )
    return "\n".join(lines)


def main() -> int:
    """Print the figures; 2 without the texts."""
    parser = argparse.ArgumentParser(description="Measure the sentences on annotated excerpts.")
    parser.add_argument("--data", type=Path, required=True, help="folder with corpus/")
    corpus: Path = parser.parse_args().data / "corpus"
    try:
        print(report(corpus))
    except OSError as error:
        print(f"{corpus}: {error.filename} cannot be read: give the folder with --data", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
