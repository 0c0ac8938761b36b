"""What is read of annotated articles, all layers, by the scorer that comes with the annotations."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data import SETS

from briefbook import analyze, jsonl
from briefbook.analyze import Encoder
from briefbook.model import Problem
from briefbook.read import read_files
from briefbook.settings import MAX_SOURCE_BYTES

ROWS = (
    ("names, exact F1, unit as organization", ("mentions exact, unit as organization", "f1")),
    ("names, exact F1, four kinds", ("mentions exact", "f1")),
    *((f"{kind}, exact F1", ("by kind", kind, "f1")) for kind in ("unit", "equipment", "event", "document")),
    ("entities in the article, B3 F1", ("entities B3", "f1")),
    ("statements, F1 at half overlap", ("statements", "f1")),
    ("speaker, accuracy of matched", ("speaker accuracy of matched statements",)),
    ("speaker, precision where one is named", ("speaker precision where one is named",)),
    ("direct quotes found with the right speaker", ("direct quotes found with right speaker",)),
    ("statement kind, accuracy of matched", ("statement kind of matched statements",)),
    ("sections, accuracy", ("sections accuracy",)),
    ("sections, macro-F1", ("sections macro-F1",)),
    ("figures, F1", ("figures", "f1")),
    ("figures, F1 with the right value", ("figures with right value", "f1")),
)
"""The rows of the table, and where the scorer's result has each."""


def predictions(
    data: Path, part: str, ids: Sequence[str], encoder: Encoder
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """By id the line of JSON of each article of a set as it is read, and what was wrong with the files."""
    texts = data / "corpus" / SETS[part]
    reading = read_files([texts / f"{name}.txt" for name in ids], max_bytes=MAX_SOURCE_BYTES)
    lines = {
        Path(source.path).stem: jsonl.line(source, analyze.analyze(source.article, source.data, encoder))
        for source in reading.sources
    }
    return lines, reading.problems


def score(data: Path, part: str, lines: dict[str, str]) -> dict[str, Any]:
    """The scorer's result for these articles of a set."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "gold").mkdir()
        for article in lines:
            annotations = (data / "gold" / part / f"{article}.json").read_bytes()
            (folder / "gold" / f"{article}.json").write_bytes(annotations)
        (folder / "lines.jsonl").write_text("\n".join(lines.values()) + "\n", encoding="utf-8")
        command = [sys.executable, str((data / "gold" / "score.py").resolve()), str(folder / "lines.jsonl"), "--json"]
        command += ["--gold", str(folder / "gold"), "--texts", str((data / "corpus" / SETS[part]).resolve())]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def table(results: dict[str, dict[str, Any]]) -> str:
    """The results of several sets as a table in Markdown; "–" where a set has none of a kind."""
    lines = [f"| | {' | '.join(results)} |", "|---|" + "---|" * len(results)]
    for name, keys in ROWS:
        cells = []
        for result in results.values():
            value: Any = result
            for key in keys:
                value = value.get(key) if isinstance(value, dict) else None
            cells.append("–" if value is None else f"{value:.1f}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
