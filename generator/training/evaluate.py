"""Measure what Briefbook reads out of annotated articles, with the scorer that comes with the annotations.

    python generator/training/evaluate.py --data FOLDER

FOLDER holds `gold/` (with `score.py`) and `corpus/`. Prints the figures for `dev`, which no rule and no model was tuned
on, and those for dates, hedges and tables by the project's own annotations (`data/`). Figures for the other sets
come from cross-validation: `train.py --folds`. Exit code 2 without the folder.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import aliases
import evaluate_sentences
import evaluate_tables
import evaluate_times
import layers

from briefbook import build

FOLDS = Path(__file__).resolve().parent / "folds.json"


def main() -> int:
    """Analyze the articles of `dev`, run the scorer on them, and print all there are figures of."""
    parser = argparse.ArgumentParser(description="Measure what is read out of annotated articles.")
    parser.add_argument("--data", type=Path, required=True, help="folder with gold/ and corpus/")
    data: Path = parser.parse_args().data
    if not (data / "gold" / "score.py").is_file() or not (data / "corpus" / "wikinews").is_dir():
        print(f"{data}: has no gold/score.py and corpus/wikinews: give the folder with --data", file=sys.stderr)
        return 2
    encoder = build.encoder()
    print(f"model {encoder.digest}", flush=True)
    ids = sorted(path.stem for path in (data / "gold" / "dev").glob("*.json"))
    lines, problems = layers.predictions(data, "dev", ids, encoder)
    for problem in problems:
        print(problem, file=sys.stderr)
    folds = json.loads(FOLDS.read_text(encoding="utf-8"))
    print(layers.table({"dev": layers.score(data, "dev", lines), **folds["sets"]}))
    print(
        f"dev: {len(lines)} articles; the others: cross-validation when the model was made, {folds['folds']}",
        flush=True,
    )
    print(*evaluate_times.report(data / "corpus", encoder), sep="\n", flush=True)
    print(*evaluate_tables.report(data / "corpus", encoder), sep="\n", flush=True)
    print(evaluate_sentences.report(data / "corpus"), flush=True)
    for title, reading in (("annotated", aliases.annotated), ("read", aliases.read)):
        print(f"entities across articles, {title} names", flush=True)
        aliases.measure(data, reading)
    return 0


if __name__ == "__main__":
    sys.exit(main())
