"""The layers on their way to pages: within the budget, within the rights, never from outside of a sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import layered
from briefbook import rights
from briefbook.analyze.sections import route
from briefbook.analyze.sentences import split
from briefbook.compose import compose
from briefbook.compose.origins import groups
from briefbook.escape import visible
from briefbook.labels import grouped
from briefbook.model import (
    Analysis,
    Corpus,
    DateExpression,
    Figure,
    Hedge,
    Mode,
    Page,
    PlaceReport,
    Position,
    RegistryEntry,
    Relation,
    Reply,
    Source,
    SourceData,
    Span,
    Statement,
)
from briefbook.read.text import read_text
from briefbook.render import render
from briefbook.resolve import resolve
from briefbook.settings import Rights
from briefbook.tables import PAGE_TABLES, SECTION_TABLES, Layers, Words, mark, number, rows, signature
from briefbook.verify.stored import read_source
from briefbook.views import Briefing, EditorWord
from marked import unread
from test_render import LINES, MARKUP, body


def corpus(source: Source, analysis: Analysis, *entries: RegistryEntry) -> Corpus:
    return resolve([source], [analysis], entries)[0]


def pages(source: Source, analysis: Analysis, page_bytes: int = 200_000) -> dict[str, str]:
    views = compose(corpus(source, analysis), page_bytes=page_bytes)
    return {page.path: page.text for page in render(views)}


@pytest.mark.parametrize(
    ("value", "written", "shown"),
    [
        (0.0, "0", "0"),
        (-0.0, "0", "0"),
        (1200.5, "1200.5", "1,200.5"),
        (-12345.0, "-12345", "-12,345"),
        (0.1 + 0.2, "0.3", "0.3"),
        (1e14, "100000000000000", "100,000,000,000,000"),
        (float("nan"), None, ""),
        (float("inf"), None, ""),
        (1e15, None, ""),
    ],
)
def test_numbers_are_written_plainly(value: float, written: str | None, shown: str) -> None:
    assert number(value) == written
    assert written is None or grouped(written) == shown


def layers(text: str, statements: tuple[Statement, ...]) -> Layers:
    """Layers of a text whose sentences end at stops."""
    ends = [n + 1 for n, char in enumerate(text) if char == "."]
    starts = [0, *(end + 1 for end in ends[:-1])]
    sentences = {Span(a, b): "front-status" for a, b in zip(starts, ends, strict=True)}
    return Layers(text, sentences, False, statements=statements)  # type: ignore[arg-type]


def said(start: int, end: int, speaker: Span | None, cue: Span | None = None, entity: int | None = None) -> Statement:
    return Statement(start, end, "indirect", "claim", speaker, cue, entity, "")


def test_the_same_words_are_one_speaker_and_cues_are_gathered() -> None:
    text = "A b said. A B added c. D e."
    found = layers(text, (said(4, 8, Span(0, 3)), said(14, 21, Span(10, 13), Span(14, 19)), said(23, 26, None)))
    one, other, third = found.sentences
    assert signature(found, one) == signature(found, other) == ("attributed", ((None, "a b"),))
    assert signature(found, third) == ("attributed", ((None, ""),))
    assert [len(cell) for cell in mark(found, [one, other])] == [1, 2]


def test_spans_over_sentences_are_cut_into_them() -> None:
    found = layers("A b. C d. E f.", ())
    assert [found.piece(Span(2, 12), n) for n in found.reach(Span(2, 12))] == [(2, 4), (5, 9), (10, 12)]
    assert [*found.reach(Span(4, 5))] == []
    assert [*found.reach(Span(5, 9))] == [1]
    assert [*found.reach(Span(13, 14))] == [2]
    assert found.within(Span(5, 9)) == 1
    assert found.within(Span(5, 10)) is None


def test_nested_statements_name_the_inner_speaker_first() -> None:
    found = layers("Abc said that def said ghi.", (said(9, 26, Span(0, 3)), said(23, 26, Span(14, 17))))
    assert signature(found, found.sentences[0])[1] == ((None, "def"), (None, "abc"))


def test_what_stands_outside_of_sentences_is_left_out() -> None:
    source, analysis = layered.source(), layered.analysis(layered.TEXT)
    heading = layered.span(source.article.text, "Strategic context")
    crossing = Span(heading.start - 5, heading.end)
    analysis = replace(
        analysis,
        statements=(said(*heading, None), said(*crossing, heading, crossing)),
        figures=(analysis.figures[0]._replace(start=heading.start, end=heading.end),),
        places=(analysis.places[0]._replace(place=crossing), analysis.places[0]._replace(side=heading)),
    )
    stored = json.loads(pages(source, analysis)["sources/layered/source.json"])
    assert [(one["start"], one["speaker"], one["cue"]) for one in stored["statements"]] == [
        (crossing.start, None, None)
    ]
    assert stored["figures"] == []
    assert [one["side"] for one in stored["places"]] == [None]


def test_pages_with_every_layer_keep_their_budget() -> None:
    text, analysis = layered.repeated(30)
    found = pages(layered.source(text=text), analysis, 40_000)
    for path, page in found.items():
        if path.endswith(".md"):
            assert len(page.encode()) < 40_000 + 6_000, path
    assert len([path for path in found if path.startswith("briefings/layered/page-")]) > 5
    assert len([path for path in found if path.startswith("entities/people/mara-okker/page-")]) > 1


def test_a_speaker_in_the_registry_has_the_editors_name() -> None:
    source, analysis = layered.source(), layered.analysis(layered.TEXT)
    entry = RegistryEntry("okker", "President Okker", "person", ("Mara Okker",))
    views = [v for v in compose(corpus(source, analysis, entry), page_bytes=200_000) if isinstance(v, Briefing)]
    first = views[0].sections[0].runs[0].paragraphs[0][0]
    assert first.sayers[0][0] == EditorWord("President Okker", "../../entities/people/okker/")


def test_sources_of_one_text_are_grouped() -> None:
    assert groups(()) == {}
    assert groups((4, 5, 4, 6)) == {0: (0, 2), 2: (0, 2)}


def test_of_many_sources_of_one_text_some_are_named_and_the_rest_counted() -> None:
    pairs = [layered.plain(f"copy-{n:02}.txt", f"Copy {n}", "Some words.") for n in range(13)]
    whole, _ = resolve([one for one, _ in pairs], [one for _, one in pairs], ())
    views = compose(replace(whole, origins=(3,) * 12 + (4,)), page_bytes=200_000)
    same = [view.same_text for view in views if isinstance(view, Briefing)]
    assert same[12] is None
    assert same[0] is not None
    assert same[0].more is not None
    assert [title.source for title in same[0].titles] == [f"copy-{n:02}" for n in range(1, 11)]
    assert same[0].more.text == "and 1 more source"


def test_what_is_not_published_is_nowhere_and_every_published_quote_stays_one() -> None:
    source = layered.source()
    source = replace(source, data=replace(source.data, publish="quotes"))
    whole = layered.analysis(layered.TEXT)
    allowed = rights.allow([source], [whole], Rights(share=70, sentences=7))
    (shown,), (analysis,) = allowed.sources, allowed.analyses
    text = source.article.text
    assert shown.unpublished > 0
    found = pages(shown, analysis)
    kept = " ".join(text[slice(*s)] for s in analysis.sentences)
    words = [text[slice(*s)].replace(",", " ").split() for s in whole.sentences if s not in analysis.sentences]
    hidden = {
        " ".join(three) for sentence in words for three in zip(sentence, sentence[1:], sentence[2:], strict=False)
    }
    hidden = {three for three in hidden if three.replace(" ", "").isalpha() and three not in kept}
    assert len(hidden) > 20
    everything = "\n".join(found.values())
    assert not [three for three in hidden if three in everything]
    stored = json.loads(found["sources/layered/source.json"])
    lines = [span for section in stored["sections"] for span in section["sentences"]]
    for one in stored["statements"]:
        assert any(start <= one["start"] and one["end"] <= end for start, end in lines)
    speech = [s for s in analysis.sentences if "We came over" in text[slice(*s)] or "Nobody saw" in text[slice(*s)]]
    assert speech
    (briefing,) = (view for view in compose(corpus(shown, analysis), page_bytes=200_000) if isinstance(view, Briefing))
    voices = {
        quote.start: quote.voice
        for section in briefing.sections
        for run in section.runs
        for paragraph in run.paragraphs
        for group in paragraph
        for quote in group.quotes
    }
    assert {voices[sentence.start] for sentence in speech} == {"quoted"}


@st.composite
def readings(draw: st.DrawFn) -> tuple[Source, Analysis]:
    """Any text at all, with layers at any spans of it."""
    article = read_text(draw(LINES))
    length = len(article.text)

    def spans() -> st.SearchStrategy[Span]:
        return st.tuples(st.integers(0, length - 1), st.integers(1, 30)).map(
            lambda pair: Span(pair[0], min(length, pair[0] + pair[1]))
        )

    def some(*parts: st.SearchStrategy[object]) -> list[tuple[Any, ...]]:
        return draw(st.lists(st.tuples(*parts), max_size=4))

    maybe = st.none() | spans()
    sections = route(article, split(article.text, article.blocks), SourceData(), unread(article))
    analysis = Analysis(
        sections,
        (),
        (),
        (),
        statements=tuple(
            Statement(content.start, content.end, mode, "claim", speaker, cue, None, "")
            for content, mode, speaker, cue in some(spans(), st.sampled_from(get_args(Mode)), maybe, maybe)
        ),
        figures=tuple(
            Figure(where.start, where.end, value, high, relation, what)
            for where, value, high, relation, what in some(
                spans(), st.none() | st.floats(), st.none() | st.floats(), st.sampled_from(get_args(Relation)), maybe
            )
        ),
        dates=tuple(
            DateExpression(where.start, where.end, min(a, b), max(a, b), "day", True)
            for where, a, b in some(spans(), DAYS, DAYS)
        ),
        hedges=tuple(Hedge(where.start, where.end, "belief", None) for (where,) in some(spans())),
        places=tuple(PlaceReport(a, b, "lost", c) for a, b, c in some(spans(), spans(), maybe)),
        replies=tuple(Reply(a, b) for a, b in some(spans(), spans())),
        positions=tuple(Position(a, b, "offer") for a, b in some(spans(), spans())),
    )
    return Source("a.txt", (), "0" * 64, "a-slug", SourceData(), article), analysis


DAYS = st.dates()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(readings())
def test_any_layers_of_any_text_are_shown_as_their_spans_and_stored_as_verify_reads_them(
    found: tuple[Source, Analysis],
) -> None:
    source, analysis = found
    made = pages(source, analysis, 20_000)
    text = source.article.text
    fragments = 0
    for path, content in made.items():
        if path.startswith("briefings/a-slug/"):
            article = body(Page(path, content)).css_first("article")
            assert article is not None
            assert {node.tag for node in article.css("*")} <= MARKUP | {"article", *TABLE}
            for quote in article.css(".bb-quote"):
                start, end = int(quote.attributes["data-start"] or ""), int(quote.attributes["data-end"] or "")
                assert quote.text() == visible(text[start:end])
                fragments += "bb-fragment" in (quote.attributes["class"] or "")
    stored = read_source("a-slug", made["sources/a-slug/source.json"].encode(), text.encode())
    expected = sum(
        isinstance(token, Words)
        for table in (*SECTION_TABLES, *PAGE_TABLES)
        for row in rows(stored.layers, table)
        for cell in row.cells
        for token in cell
    )
    assert fragments >= expected
    assert json.loads(made["labels.json"])


TABLE = ("table", "thead", "tbody", "tr", "th", "td")
