"""One event told by six outlets: what is one entity, what stays two, which texts are one (`cases/story.yml`)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from briefbook.analyze.entities import cluster
from briefbook.analyze.roles import roles
from briefbook.analyze.sentences import split
from briefbook.model import Analysis, Corpus, Kind, Section, Span
from briefbook.read import read_files
from briefbook.resolve import resolve

STORY = Path(__file__).parent / "fixtures" / "story"
CASE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases" / "story.yml").read_text(encoding="utf-8"))


def names_in(outlet: str, text: str) -> list[tuple[int, int, Kind, str]]:
    """Where the case's names stand in a text, the longest first."""
    other = {surface: kind for where, surface, kind in CASE["elsewhere"] if where == outlet}
    kinds = {surface: other.get(surface, kind) for kind, found in CASE["names"].items() for surface in found}
    any_name = "|".join(re.escape(surface) for surface in sorted(kinds, key=lambda s: (-len(s), s)))
    return [
        (*match.span(), cast(Kind, kinds[match[0]]), "model")
        for match in re.finditer(rf"(?<!\w)(?:{any_name})(?!\w)", text)
    ]


def outlet_of(path: str) -> str:
    return Path(path).stem.rpartition("-")[2]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    reading = read_files(sorted(STORY.glob("*.txt")), max_bytes=100_000)
    assert not reading.problems
    analyses = []
    for source in reading.sources:
        text = source.article.text
        sentences = tuple(split(text, source.article.blocks))
        mentions, entities = cluster(text, names_in(outlet_of(source.path), text))
        section = Section("other", "none", None, 0, len(text), tuple(Span(*s) for s in sentences))
        analyses.append(Analysis((section,), mentions, entities, roles(text, mentions, entities, sentences)))
    return resolve(reading.sources, analyses, ())[0]


def test_what_is_one_entity_and_what_is_two(corpus: Corpus) -> None:
    found = sorted(
        [entity.kind, sorted({outlet_of(corpus.sources[mention.source].path) for mention in entity.mentions})]
        for entity in corpus.entities
    )
    assert found == sorted([kind, outlets] for kind, _, outlets in CASE["entities"])
    for kind, name, outlets in CASE["entities"]:
        assert any(
            entity.kind == kind
            and name in {alias.text for alias in entity.aliases}
            and outlets == sorted({outlet_of(corpus.sources[mention.source].path) for mention in entity.mentions})
            for entity in corpus.entities
        ), name


def test_copies_of_one_wire_are_one_origin(corpus: Corpus) -> None:
    groups: dict[int, list[str]] = {}
    for source, origin in zip(corpus.sources, corpus.origins, strict=True):
        groups.setdefault(origin, []).append(outlet_of(source.path))
    assert [sorted(group) for group in groups.values() if len(group) > 1] == CASE["origins"]
    copied = [corpus.sources[copy.source].article.text[copy.start : copy.end] for copy in corpus.copies]
    assert len(copied) == 7
    assert all(corpus.sources[copy.source].path.endswith("morning-post.txt") for copy in corpus.copies)
