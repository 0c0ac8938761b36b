"""Measures the tables of sections (places, replies, positions) against the annotations in `data/tables`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from briefbook import analyze
from briefbook.read import read_files
from briefbook.settings import MAX_SOURCE_BYTES

HERE = Path(__file__).parent / "data" / "tables"

Row = dict[str, Any]
"""A row as annotated, or as read and put in that form."""

SPANS = {"places": ("place", "what"), "replies": ("claim", "answer"), "positions": ("party", "content")}
"""The spans of a row by table: a row is found where each of them overlaps the annotated one."""


def report(corpus: Path, encoder: analyze.Encoder) -> Iterator[str]:
    """Lines with precision and recall of each table; `corpus` is the folder with the texts.

    A place's happening must be right too. "right side" and "right kind" are told in percent of the rows found.
    """
    for held_out in (False, True):
        counts: dict[str, Counter[str]] = {table: Counter() for table in SPANS}
        for path in sorted(HERE.glob("*.json")):
            told = json.loads(path.read_text(encoding="utf-8"))
            if told["held_out"] != held_out or not (corpus / told["source"]).is_file():
                continue
            read = read_rows(corpus / told["source"], encoder)
            for table in SPANS:
                counts[table] += count(table, told[table], read[table])
        for table, found in counts.items():
            yield _line(f"{table}, {'held out' if held_out else 'the rest'}", table, found)


def read_rows(path: Path, encoder: analyze.Encoder) -> dict[str, list[Row]]:
    """The rows that are read out of a text."""
    source = read_files([path], max_bytes=MAX_SOURCE_BYTES).sources[0]
    analysis = analyze.analyze(source.article, source.data, encoder)
    return {table: [row._asdict() for row in getattr(analysis, table)] for table in SPANS}


def count(table: str, wanted: Sequence[Row], found: Sequence[Row]) -> Counter[str]:
    """How many rows are wanted, found and right, and how many of the right ones have the right side or kind."""
    counts = Counter(wanted=len(wanted), found=len(found))
    for row, other in pairs(table, wanted, found):
        counts["hits"] += 1
        if table == "places":
            sides = row["side"], other["side"]
            counts["right side"] += _overlap(*sides) if all(sides) else sides[0] == sides[1]
        elif table == "positions":
            counts["right kind"] += row["kind"] == other["kind"]
    return counts


def pairs(table: str, wanted: Sequence[Row], found: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Annotated rows, each with the first of `found` not yet taken that tells the same."""
    free = list(found)
    for row in wanted:
        for other in free:
            same = all(_overlap(row[name], other[name]) for name in SPANS[table])
            if same and (table != "places" or row["happening"] == other["happening"]):
                free.remove(other)
                yield row, other
                break


def _overlap(one: Sequence[int], two: Sequence[int]) -> bool:
    return one[0] < two[1] and two[0] < one[1]


def _line(name: str, table: str, counts: Counter[str]) -> str:
    hits = counts["hits"]
    marks = {"precision": (hits, counts["found"]), "recall": (hits, counts["wanted"])}
    more = {"places": "right side", "positions": "right kind"}.get(table)
    if more:
        marks[more] = counts[more], hits
    told = ", ".join(f"{key} {100 * a / b:.1f}" if b else f"{key} -" for key, (a, b) in marks.items())
    return f"{name}: {counts['wanted']} annotated, {told}"
