"""Suspected duplicates and doubtful merges: which are asked about, and that the lines given settle each, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.model import Analysis, Corpus, RegistryEntry, Source
from briefbook.read.registry import read_registry
from briefbook.resolve import resolve
from briefbook.suspect import MOST_ASKED, Suspicion, questions, suspect
from test_resolve import NAMES, corpora, read
from test_story import CASE, corpus

__all__ = ["corpus"]


def asked(articles: dict[str, str]) -> tuple[list[Source], list[Analysis], tuple[Suspicion, ...]]:
    sources, analyses = read(articles)
    return sources, analyses, suspect(resolve(sources, analyses, ())[0])


def entries(lines: str) -> tuple[RegistryEntry, ...]:
    found, problems = read_registry(lines + "\n", "entities.yml")
    assert not problems
    return found


def one_entity(corpus: Corpus, *names: str) -> bool:
    return any({alias.text for alias in entity.aliases} >= set(names) for entity in corpus.entities)


DUPLICATES = [
    ("{Owl Corps:unit}", "{“Owl” Brigade:unit}", "nickname"),
    ("{Owl Corps:unit}", "{Owl:unit}", "nickname"),
    ("{Marta Velin:person}", "{Velin:person}", "surname"),
    ("{Marta Velin:person}", "{M. Velin:person}", "initial"),
    ("{Sarnobane:place}", "{Sarnobani:place}", "one letter"),
    ("{Ivan Sarnov:person}", "{Ivan Sarniv:person}", "one letter"),
]


@pytest.mark.parametrize(("first", "second", "reason"), DUPLICATES)
def test_a_suspected_duplicate_is_settled_by_the_lines_it_gives(first: str, second: str, reason: str) -> None:
    articles = {"2026-02-01-a.txt": f"{first} came. {first} left.", "2026-02-02-b.txt": second}
    sources, analyses, (suspicion,) = asked(articles)
    names = [text[1:].split(":")[0] for text in (first, second)]
    assert suspicion.kind == "duplicate"
    assert reason in suspicion.message
    (_, together), (_, apart) = suspicion.choices
    joined, problems = resolve(sources, analyses, entries(together))
    assert problems == ()
    assert one_entity(joined, *names)
    assert suspect(joined) == ()
    parted, problems = resolve(sources, analyses, entries(apart))
    assert problems == ()
    assert not one_entity(parted, *names)
    assert suspect(parted) == ()


MERGES = [
    ("{Oleksandr Sarnenko:person}", "{Aleksandr Sarnenko:person}", "another spelling"),
    ("{Orlivka:place}", "{Orlovka:place}", "another spelling"),
    ("President {Marta Velin:person}", "President {Velin:person}", "no given name"),
    ("General {Marta Velin:person}", "Mayor {Marta Velin:person}", "another office"),
]


@pytest.mark.parametrize(("first", "second", "reason"), MERGES)
def test_a_doubtful_merge_is_settled_by_the_lines_it_gives(first: str, second: str, reason: str) -> None:
    articles = {
        "2026-02-01-a.txt": f"{first} spoke of {{Ardmouth:place}}. {first} left.",
        "2026-02-02-b.txt": f"{second} spoke of {{Velmport:place}}.",
    }
    sources, analyses, (suspicion,) = asked(articles)
    assert suspicion.kind == "merge"
    assert reason in suspicion.message
    (_, together), (_, apart) = suspicion.choices
    before, _ = resolve(sources, analyses, ())
    kept, problems = resolve(sources, analyses, entries(together))
    assert problems == ()
    assert len(kept.entities) == len(before.entities)
    assert suspect(kept) == ()
    parted, problems = resolve(sources, analyses, entries(apart))
    assert problems == ()
    assert len(parted.entities) == len(before.entities) + 1
    assert suspect(parted) == ()
    assert resolve(sources, analyses, ())[0] == before


def test_namesakes_that_an_article_names_both_are_not_asked_about() -> None:
    assert asked({"a.txt": "{Sarnobane:place} and {Sarnobani:place}"})[2] == ()


def test_two_of_one_surname_are_not_asked_about() -> None:
    assert asked({"a.txt": "{Marta Velin:person}", "b.txt": "{Edda Velin:person}", "c.txt": "{Velin:person}"})[2] == ()


def test_the_story_of_six_outlets(corpus: Corpus) -> None:
    messages = [one.message for one in suspect(corpus) if one.kind == "duplicate"]
    for pair in CASE["suspected"]:
        assert any(all(name in message for name in pair) for message in messages), pair
    assert len(messages) == len(CASE["suspected"])


@given(corpora(), st.sampled_from(NAMES))
def test_every_line_given_is_a_registry_that_reads(articles: dict[str, str], name: str) -> None:
    sources, analyses = read({**articles, "z.txt": f"{{{name} Velin:person}}, {{Velin:person}}"})
    corpus, _ = resolve(sources, analyses, ())
    for suspicion in suspect(corpus):
        for _, lines in suspicion.choices:
            assert resolve(sources, analyses, entries(lines))[1] == ()


def test_what_is_mentioned_most_is_asked_and_how_many_more_there_are() -> None:
    sources, analyses = read({"a.txt": "{Owl Corps:unit}", "b.txt": "{Owl Brigade:unit}"})
    (one,) = suspect(resolve(sources, analyses, ())[0])
    asked = "\n".join(questions([one] * (MOST_ASKED + 2)))
    assert asked.count("suspected duplicate: ") == MOST_ASKED
    assert "and 2 more" in asked
    assert "    - id: owl-brigade\n" in asked
    assert list(questions([])) == []
