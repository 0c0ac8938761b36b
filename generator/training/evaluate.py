"""Measure what Briefbook reads out of annotated articles, with the scorer that comes with the annotations.

    python generator/training/evaluate.py --data FOLDER

FOLDER holds `gold/` (with `score.py`) and `corpus/`. Prints the figures for `dev`, which no rule and no model was tuned
on, and those for dates and hedges by the project's own annotations (`data/`). Figures for the other sets come from
cross-validation: `train.py --folds`. Exit code 2 without the folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import aliases
import evaluate_sentences
import evaluate_times

from briefbook import analyze, build, jsonl
from briefbook.read import read_files
from briefbook.settings import MAX_SOURCE_BYTES


def main() -> int:
    """Analyze the articles of `dev` and run the scorer on them."""
    parser = argparse.ArgumentParser(description="Measure what is read out of annotated articles.")
    parser.add_argument("--data", type=Path, required=True, help="folder with gold/ and corpus/")
    data: Path = parser.parse_args().data
    scorer = data / "gold" / "score.py"
    texts = data / "corpus" / "wikinews"
    if not scorer.is_file() or not texts.is_dir():
        print(f"{data}: has no gold/score.py and corpus/wikinews: give the folder with --data", file=sys.stderr)
        return 2
    articles = [texts / f"{path.stem}.txt" for path in sorted((data / "gold" / "dev").glob("*.json"))]
    reading = read_files(articles, max_bytes=MAX_SOURCE_BYTES)
    for problem in reading.problems:
        print(problem, file=sys.stderr)
    encoder = build.encoder()
    print(*evaluate_times.report(data / "corpus", encoder), sep="\n", flush=True)
    lines = [jsonl.line(s, analyze.analyze(s.article, s.data, encoder)) for s in reading.sources]
    print(f"model {encoder.digest}")
    print(f"dev, {len(lines)} articles", flush=True)
    print(evaluate_sentences.report(data / "corpus"), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        predictions = Path(folder) / "predictions.jsonl"
        predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [
            sys.executable,
            str(scorer.resolve()),
            str(predictions),
            "--gold",
            str(data.resolve() / "gold" / "dev"),
        ]
        code = subprocess.run([*command, "--texts", str(texts.resolve())], check=False).returncode
    for title, reading in (("annotated", aliases.annotated), ("read", aliases.read)):
        print(f"entities across articles, {title} names", flush=True)
        aliases.measure(data, reading)
    return code


if __name__ == "__main__":
    sys.exit(main())
