"""Measures dates and hedges against the annotations in `data/dates` and `data/hedges`, each set of them by itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from briefbook import analyze
from briefbook.model import Analysis
from briefbook.read import read_files
from briefbook.settings import MAX_SOURCE_BYTES

HERE = Path(__file__).parent / "data"

Row = dict[str, Any]
"""An annotation, or what was read in its form: start, end and the fields to compare."""


def report(corpus: Path, encoder: analyze.Encoder) -> Iterator[str]:
    """Lines with precision and recall of both layers; `corpus` is the folder with the texts.

    A date is found where its words overlap the annotated ones; "same words" and "right days" (with the precision) are
    told in percent of those found, and so are kind and rung of a hedge.
    """
    sets = {(True, True): "annotated after the rules", (True, False): "held out", (False, False): "the rest"}
    for key, name in sets.items():
        dates, hedges = [], []
        for path in sorted((HERE / "dates").glob("*.json")):
            told = json.loads(path.read_text(encoding="utf-8"))
            if (told["held_out"], told.get("after", False)) != key or not (corpus / told["source"]).is_file():
                continue
            analysis = _read(corpus / told["source"], told["published"], encoder)
            dates.append((told["dates"], [_date(*row) for row in analysis.dates]))
            wanted = json.loads((HERE / "hedges" / path.name).read_text(encoding="utf-8"))["hedges"]
            hedges.append((wanted, [hedge._asdict() for hedge in analysis.hedges]))
        yield _line(
            f"dates, {name}", dates, {"right days": _same("first", "last", "precision"), "inferred": _same("inferred")}
        )
        yield _line(f"hedges, {name}", hedges, {"right kind": _same("kind"), "right rung": _same("rung")})


def _read(path: Path, published: str | None, encoder: analyze.Encoder) -> Analysis:
    source = read_files([path], max_bytes=MAX_SOURCE_BYTES).sources[0]
    day = date.fromisoformat(published) if published else None
    return analyze.analyze(source.article, replace(source.data, published=day), encoder)


def _date(start: int, end: int, first: date | None, last: date | None, precision: str, inferred: bool) -> Row:
    told = {name: day.isoformat() if day else None for name, day in (("first", first), ("last", last))}
    return {"start": start, "end": end, **told, "precision": precision, "inferred": inferred}


def _same(*fields: str) -> Callable[[Row, Row], bool]:
    return lambda one, two: all(one[field] == two[field] for field in fields)


def pairs(wanted: Sequence[Row], found: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Annotations, each with the first of `found` not yet taken that overlaps it."""
    free = list(found)
    for row in wanted:
        for other in free:
            if other["start"] < row["end"] and row["start"] < other["end"]:
                free.remove(other)
                yield row, other
                break


def _line(
    name: str, articles: Iterable[tuple[list[Row], list[Row]]], marks: dict[str, Callable[[Row, Row], bool]]
) -> str:
    counts = Counter[str]()
    for wanted, found in articles:
        counts["wanted"] += len(wanted)
        counts["found"] += len(found)
        for row, other in pairs(wanted, found):
            counts["hits"] += 1
            for mark, same in {"same words": _same("start", "end"), **marks}.items():
                counts[mark] += same(row, other)
    hits = counts["hits"]
    figures = {"precision": (hits, counts["found"]), "recall": (hits, counts["wanted"])}
    figures |= {mark: (counts[mark], hits) for mark in ("same words", *marks)}
    told = ", ".join(
        f"{key} {100 * part / whole:.1f}" if whole else f"{key} -" for key, (part, whole) in figures.items()
    )
    return f"{name}: {counts['wanted']} annotated, {told}"
