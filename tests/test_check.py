"""The checks on corpus and pages find what they are there for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefbook import check
from briefbook.model import (
    Analysis,
    Article,
    ArticleEntity,
    Block,
    Corpus,
    Entity,
    Evidence,
    Mention,
    Page,
    Section,
    Source,
    SourceData,
    Span,
)

TEXT = "Sarn\nMara Okker spoke. She left."
ARTICLE = Article(TEXT, (Block("title", 0, 4), Block("paragraph", 5, 32)))
SOURCE = Source("a.txt", (), "0" * 64, "sarn", SourceData(), ARTICLE)
SECTION = Section("front-status", "model", None, 5, 32, (Span(5, 22), Span(23, 32)))
MENTION = Mention(5, 15, "person", 0, "model")
ANALYSIS = Analysis((SECTION,), (MENTION,), (ArticleEntity("person", 0, (0,)),), ())
CORPUS = Corpus((SOURCE,), (ANALYSIS,), (), ((0,),))


def test_a_sound_corpus_has_no_problem() -> None:
    assert check.check(CORPUS, [Page("a/index.md", "text"), Page("b/index.md", "text")]) == ()


@pytest.mark.parametrize(
    ("sentences", "said"),
    [((Span(5, 22),), "in no sentence"), ((Span(5, 24), Span(23, 32)), "in two sentences"), ((), "in no sentence")],
)
def test_a_lost_or_doubled_character_is_found(sentences: tuple[Span, ...], said: str) -> None:
    analysis = replace(ANALYSIS, sections=(replace(SECTION, sentences=sentences),))
    (problem,) = check.every_sentence_once(replace(CORPUS, analyses=(analysis,)))
    assert said in problem.message
    assert problem.where == "a.txt"


def test_a_mention_across_sentences_is_found() -> None:
    analysis = replace(ANALYSIS, mentions=(MENTION._replace(end=26),))
    (problem,) = check.mentions_are_names(replace(CORPUS, analyses=(analysis,)))
    assert "crosses a sentence" in problem.message


def test_an_entity_without_mention_or_name_is_found() -> None:
    entity = Entity("sarn", "place", "Sarn", Evidence(0, 0, 4), (), (), ())
    assert len(list(check.entities_are_mentioned(replace(CORPUS, entities=(entity,))))) == 2


def test_two_pages_of_one_address_are_found() -> None:
    pages = [Page("A/index.md", ""), Page("b/index.md", ""), Page("a/index.md", "")]
    (problem,) = check.addresses_are_unique(pages)
    assert problem.where == "a/index.md"
    assert "A/index.md" in problem.message


def test_a_long_page_is_found() -> None:
    (problem,) = check.pages_are_short(
        [Page("a/index.md", "x" * check.MAX_PAGE), Page("a/source.txt", "x" * check.MAX_PAGE)]
    )
    assert problem.severity == "warning"
