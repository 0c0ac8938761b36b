"""Entities across articles: golden cases, and that neither order nor a further article changes what stands."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from briefbook import forms
from briefbook.analyze.entities import cluster
from briefbook.analyze.roles import roles
from briefbook.display import display_name
from briefbook.model import KINDS, Analysis, Article, Corpus, Evidence, Kind, Problem, RegistryEntry, Source, SourceData
from briefbook.resolve import resolve
from marked import cases, pieces, sentences, unmarked


def source(path: str, text: str) -> Source:
    published = date.fromisoformat(path[:10]) if path[:2] == "20" else None
    return Source(path, (), "", path.removesuffix(".txt"), SourceData(published=published), Article(text, ()))


def read(articles: dict[str, str]) -> tuple[list[Source], list[Analysis]]:
    """Sources and analyses of articles with marks."""
    sources, analyses = [], []
    for path, marked in articles.items():
        text, names = unmarked(marked)
        mentions, entities = cluster(text, [(*name, "model") for name in names])
        sources.append(source(path, text))
        analyses.append(Analysis((), mentions, entities, roles(text, mentions, entities, sentences(text))))
    return sources, analyses


def entry(row: dict[str, Any]) -> RegistryEntry:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return RegistryEntry(**values)


@pytest.mark.parametrize("case", cases("entities-across-articles.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    sources, analyses = read(case["articles"])
    corpus, problems = resolve(sources, analyses, [entry(row) for row in case.get("registry", ())])
    found = [
        [e.kind, e.slug, e.name, sorted({a.text for a in e.aliases} - {e.name}), len(e.mentions)]
        for e in corpus.entities
    ]
    assert found == [[kind, slug, name, sorted(others), n] for kind, slug, name, others, n in case["entities"]]
    assert [[problem.severity, str(problem)] for problem in problems] == case.get("problems", [])
    sound(corpus)


def sound(corpus: Corpus) -> None:
    """What holds for every corpus."""
    assert len({(entity.kind, entity.slug) for entity in corpus.entities}) == len(corpus.entities)
    assert sum(len(entity.mentions) for entity in corpus.entities) == sum(len(a.mentions) for a in corpus.analyses)
    assert sum(len(entity.roles) for entity in corpus.entities) == sum(len(a.roles) for a in corpus.analyses)
    for at, analysis in enumerate(corpus.analyses):
        for mention, number in zip(analysis.mentions, corpus.linked[at], strict=True):
            entity = corpus.entities[number]
            assert entity.kind == mention.kind
            assert Evidence(at, mention.start, mention.end) in entity.mentions
    for entity in corpus.entities:
        assert entity.aliases[0].evidence == entity.fullest
        assert entity.entry is not None or entity.name == entity.aliases[0].text
        assert list(entity.mentions) == sorted(entity.mentions)
        assert list(entity.roles) == sorted(entity.roles)
        for alias in entity.aliases:
            text = corpus.sources[alias.evidence.source].article.text
            shows = [m for m in entity.mentions if display_name(text_of(corpus, m)) == alias.text]
            assert display_name(text[alias.evidence.start : alias.evidence.end]) == alias.text
            assert alias.evidence == shows[0]


def text_of(corpus: Corpus, mention: Evidence) -> str:
    return corpus.sources[mention.source].article.text[mention.start : mention.end]


def test_newest_first_undated_last() -> None:
    sources, analyses = read(
        {"b.txt": "", "2026-01-01-c.txt": "", "a.txt": "", "2026-02-01-d.txt": "", "2026-02-01-a.txt": ""}
    )
    corpus, problems = resolve(sources, analyses, [])
    assert [s.path for s in corpus.sources] == [
        "2026-02-01-a.txt",
        "2026-02-01-d.txt",
        "2026-01-01-c.txt",
        "a.txt",
        "b.txt",
    ]
    assert problems == ()


def test_mentions_and_roles_stand_in_the_order_of_the_corpus() -> None:
    sources, analyses = read(
        {
            "2026-02-01-a.txt": "{Ivan Fell:person}, mayor of {Velm:place}, spoke.",
            "2026-02-02-b.txt": "{Velm:place} heard President {Ivan Fell:person}, a lawyer.",
        }
    )
    corpus, _ = resolve(sources, analyses, [])
    fell = next(entity for entity in corpus.entities if entity.name == "Ivan Fell")
    texts = [corpus.sources[role.source].article.text[role.start : role.end] for role in fell.roles]
    assert texts == ["President", "lawyer", "mayor of Velm"]
    assert [mention.source for mention in fell.mentions] == [0, 1]


def test_a_dangling_entry_leaves_the_others_in_place() -> None:
    sources, analyses = read({"a.txt": "{Velm:place}"})
    entries = [
        RegistryEntry("ard", "Ard", "place", never=("gone",), line=2),
        RegistryEntry("velm", "Velm", "place", line=5),
    ]
    corpus, problems = resolve(sources, analyses, entries)
    assert corpus.entities[0].entry == entries[1]
    assert [problem.severity for problem in problems] == ["warning"]
    assert all(isinstance(problem, Problem) for problem in problems)


NAMES = [name for name in pieces("names") if name]


@st.composite
def corpora(draw: st.DrawFn) -> dict[str, str]:
    """A few articles of marked names."""
    articles = {}
    for number in range(draw(st.integers(1, 5))):
        rows = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(KINDS)), max_size=8))
        day = draw(st.sampled_from(["", "2026-01-01-", "2026-01-02-"]))
        articles[f"{day}{number}.txt"] = ", ".join(f"{{{name}:{kind}}}" for name, kind in rows)
    return articles


@given(corpora(), st.integers())
def test_every_corpus_is_sound_in_any_order(articles: dict[str, str], seed: int) -> None:
    sources, analyses = read(articles)
    corpus, _ = resolve(sources, analyses, [])
    sound(corpus)
    order = list(range(len(sources)))
    random.Random(seed).shuffle(order)
    again, _ = resolve([sources[i] for i in order], [analyses[i] for i in order], [])
    assert again == corpus


@given(corpora(), st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
def test_a_registry_keeps_every_corpus_sound(articles: dict[str, str], names: list[str]) -> None:
    entries = [
        RegistryEntry(f"id-{at}", name, KINDS[at], only_in=("0.txt",) if at % 2 else (), line=at)
        for at, name in enumerate(names)
    ]
    entries = [
        RegistryEntry(one.id, one.name, "person", never=(other.id,), only_in=one.only_in, line=one.line)
        for one, other in pairwise([*entries, *entries[:1]])
    ]
    sources, analyses = read(articles)
    corpus, _ = resolve(sources, analyses, entries)
    sound(corpus)


@given(corpora(), st.sampled_from(NAMES), st.sampled_from(KINDS))
def test_a_newer_article_about_somebody_else_moves_no_address(articles: dict[str, str], name: str, kind: Kind) -> None:
    # a unit of the same number and nickname is no other
    assume(kind != "unit" or not forms.formation(name).nick)
    before, _ = resolve(*read(articles), [])
    after, _ = resolve(*read({**articles, "2026-12-31-new.txt": f"{{Quite {name} Other:{kind}}}"}), [])
    kept = {(entity.kind, entity.slug) for entity in after.entities}
    assert {(entity.kind, entity.slug) for entity in before.entities} <= kept


ARTICLES = {
    "2026-02-01-a.txt": "{Owl Corps:unit} came. {Marta Velin:person} spoke.",
    "2026-02-02-b.txt": "{Owl Brigade:unit} left. {Marta Velin:person} slept.",
    "2026-02-03-c.txt": "{Velin:person}, {Orlovka:place}",
    "2026-02-04-d.txt": "{Orlivka:place}",
}
DECISIONS: list[tuple[str, list[RegistryEntry], list[str]]] = [
    (
        "nothing",
        [],
        ["Marta Velin ab", "Velin c", "Owl Brigade b", "Owl Corps a", "Orlivka cd"],
    ),
    (
        "rename",
        [RegistryEntry("owls", "The Owls", "unit", aliases=("Owl Corps",), line=1)],
        ["Marta Velin ab", "Velin c", "Owl Brigade b", "The Owls a", "Orlivka cd"],
    ),
    (
        "alias",
        [RegistryEntry("velin", "Marta Velin", "person", aliases=("Velin",), line=1)],
        ["Marta Velin abc", "Owl Brigade b", "Owl Corps a", "Orlivka cd"],
    ),
    (
        "merge",
        [RegistryEntry("owls", "Owl Corps", "unit", aliases=("Owl Brigade",), line=1)],
        ["Marta Velin ab", "Velin c", "Owl Corps ab", "Orlivka cd"],
    ),
    (
        "keep apart",
        [RegistryEntry("orlivka", "Orlivka", "place", line=1), RegistryEntry("orlovka", "Orlovka", "place", line=4)],
        ["Marta Velin ab", "Velin c", "Owl Brigade b", "Owl Corps a", "Orlivka d", "Orlovka c"],
    ),
    (
        "split",
        [RegistryEntry("other-velin", "Marta Velin", "person", only_in=("2026-02-02-b.txt",), line=1)],
        ["Marta Velin a", "Marta Velin b", "Velin c", "Owl Brigade b", "Owl Corps a", "Orlivka cd"],
    ),
]


@pytest.mark.parametrize(("what", "entries", "expected"), DECISIONS, ids=[row[0] for row in DECISIONS])
def test_what_an_editor_decides_holds_until_it_is_taken_back(
    what: str, entries: list[RegistryEntry], expected: list[str]
) -> None:
    sources, analyses = read(ARTICLES)
    before, _ = resolve(sources, analyses, [])
    corpus, problems = resolve(sources, analyses, entries)
    found = [
        f"{entity.name} {''.join(sorted({corpus.sources[m.source].path[-5] for m in entity.mentions}))}"
        for entity in corpus.entities
    ]
    assert sorted(found) == sorted(expected), what
    assert problems == ()
    assert resolve(sources, analyses, [])[0] == before


def test_an_editor_says_which_entry_a_mention_is() -> None:
    text = "{Oss:person} came. {Karl Oss:person} left."
    sources, analyses = read({"2026-01-01-a.txt": "{Oss:person} came.", "2026-01-02-b.txt": text})
    told = replace(analyses[0], entities=(replace(analyses[0].entities[0], entry="karl-oss"),))
    karl = RegistryEntry("karl-oss", "Karl Oss", "person", only_in=("2026-01-02-b.txt",))
    corpus, problems = resolve(sources, [told, analyses[1]], [karl])
    assert problems == ()
    assert [(entity.slug, len(entity.mentions)) for entity in corpus.entities] == [("karl-oss", 3)]
    apart, _ = resolve(sources, analyses, [karl])
    assert len(apart.entities) == 2
    # an entry that is gone from the registry is nobody's
    assert len(resolve(sources, [told, analyses[1]], [])[0].entities) == 2
