"""Measure which names of different articles are taken for one entity.

    python generator/training/aliases.py --data FOLDER [--read]

FOLDER holds `gold/` and `corpus/`; which entities are the same stands in `data/aliases/aliases.json` beside this file.
Names and kinds are the annotated ones, so that the joining alone is measured; with `--read` they are what Briefbook
reads. A pair is two entities of two articles. Exit code 2 without the folder.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from briefbook import analyze, build
from briefbook.analyze.entities import cluster
from briefbook.analyze.roles import roles
from briefbook.analyze.sentences import split
from briefbook.display import display_name
from briefbook.model import Analysis, Source
from briefbook.read import read_files
from briefbook.resolve import resolve
from briefbook.settings import MAX_SOURCE_BYTES

SAME = Path(__file__).parent / "data" / "aliases" / "aliases.json"
TEXTS = {"train": "wikinews"}
"""The folder of a set's texts, where it has another name than the set."""


class Local(NamedTuple):
    """An annotated entity of an article: where it is first named, and the entity across articles that it is."""

    article: str
    start: int
    end: int
    same: int
    name: str


class Score(NamedTuple):
    """Pairs found, pairs found rightly, pairs there are."""

    found: int
    right: int
    there: int

    def __str__(self) -> str:
        precision = 100 * self.right / self.found if self.found else 0.0
        recall = 100 * self.right / self.there if self.there else 0.0
        return f"precision {precision:5.1f}  recall {recall:5.1f}  ({self.there} pairs)"


def measure(data: Path, reading: Callable[[Source, Any], Analysis], say: Callable[[str], None] = print) -> None:
    """Print precision and recall of the pairs, on the articles for tuning and on those held out."""
    same = json.loads(SAME.read_text(encoding="utf-8"))
    gold = {
        article: json.loads((data / "gold" / folder / f"{article}.json").read_text(encoding="utf-8"))
        for article, folder in same["articles"].items()
    }
    paths = [data / "corpus" / TEXTS.get(folder, folder) / f"{name}.txt" for name, folder in same["articles"].items()]
    sources = read_files(paths, max_bytes=MAX_SOURCE_BYTES).sources
    names = [Path(source.path).stem for source in sources]
    corpus, _ = resolve(sources, [reading(source, gold[name]) for source, name in zip(sources, names, strict=True)], ())
    at = {Path(source.path).stem: index for index, source in enumerate(corpus.sources)}
    locals_ = list(_locals(same["entities"], gold))
    linked: dict[Local, int] = {}
    for local in locals_:
        mentions = corpus.analyses[at[local.article]].mentions
        for mention, number in zip(mentions, corpus.linked[at[local.article]], strict=True):
            if mention.start < local.end and local.start < mention.end:
                linked.setdefault(local, number)
    held = set(same["held_out"])
    for title, wanted in (
        ("tuned on", lambda one, other: not {one.article, other.article} & held),
        ("held out", lambda one, other: bool({one.article, other.article} & held)),
    ):
        for what, differing in (("all pairs", False), ("names that differ", True)):
            say(f"  {title}, {what:<18} {_score(locals_, linked, wanted, differing)}")


def _locals(entities: Iterable[Any], gold: dict[str, Any]) -> Iterator[Local]:
    listed = {tuple(place): number for number, row in enumerate(entities) for place in row["mentions"]}
    alone = -1
    for article, annotation in gold.items():
        seen: set[tuple[str, str]] = set()
        for start, end, kind, name in annotation["mentions"]:
            if (kind, name) in seen:
                continue
            seen.add((kind, name))
            same = listed.get((article, start, end), alone)
            alone -= same == alone
            yield Local(article, start, end, same, display_name(name))


def _score(
    locals_: Sequence[Local], linked: dict[Local, int], wanted: Callable[[Local, Local], bool], differing: bool
) -> Score:
    def pairs(key: Callable[[Local], int | None]) -> set[tuple[Local, Local]]:
        groups: dict[int, list[Local]] = defaultdict(list)
        for local in locals_:
            if (number := key(local)) is not None:
                groups[number].append(local)
        return {
            (one, other)
            for group in groups.values()
            for one, other in combinations(group, 2)
            if one.article != other.article and wanted(one, other) and (not differing or one.name != other.name)
        }

    there, found = pairs(lambda local: local.same), pairs(linked.get)
    return Score(len(found), len(found & there), len(there))


def annotated(source: Source, gold: Any) -> Analysis:
    """The analysis of an article with the annotated names."""
    text = source.article.text
    mentions, entities = cluster(text, [(start, end, kind, "gold") for start, end, kind, _ in gold["mentions"]])
    return Analysis((), mentions, entities, roles(text, mentions, entities, split(text, source.article.blocks)))


def read(source: Source, _: Any) -> Analysis:
    """The analysis of an article as Briefbook reads it."""
    return analyze.analyze(source.article, source.data, build.encoder())


def main() -> int:
    """Measure with the annotated names, or with those that are read."""
    parser = argparse.ArgumentParser(description="Measure which names of different articles are taken for one entity.")
    parser.add_argument("--data", type=Path, required=True, help="folder with gold/ and corpus/")
    parser.add_argument("--read", action="store_true", help="with the names that Briefbook reads")
    arguments = parser.parse_args()
    if not (arguments.data / "gold" / "frontline").is_dir() or not (arguments.data / "corpus").is_dir():
        print(f"{arguments.data}: has no gold/ and corpus/: give the folder with --data", file=sys.stderr)
        return 2
    print(f"entities across articles, {'read' if arguments.read else 'annotated'} names")
    measure(arguments.data, read if arguments.read else annotated)
    return 0


if __name__ == "__main__":
    sys.exit(main())
