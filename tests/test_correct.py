"""Corrections: golden cases, and that whatever an editor writes, the analysis keeps its shape."""

from __future__ import annotations

from typing import Any, cast

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from briefbook import correct
from briefbook.analyze.entities import cluster
from briefbook.analyze.sections import route
from briefbook.analyze.sentences import split
from briefbook.display import display_name
from briefbook.edits import Correction
from briefbook.model import (
    Analysis,
    Article,
    Figure,
    RegistryEntry,
    Role,
    SourceData,
    Span,
    Statement,
    StatementKind,
)
from briefbook.read.corrections import read_corrections
from briefbook.read.text import read_text
from marked import cases, pieces, unmarked, unread


def read(case: dict[str, Any]) -> tuple[Article, Analysis]:
    """The article of a case, and its analysis as the case says it was read."""
    text, names = unmarked(case["text"])
    article = read_text(text)
    assert article.text == text
    sentences = split(text, article.blocks)
    mentions, entities = cluster(text, [(*name, "model") for name in names])
    owners = {text[m.start : m.end]: m.entity for m in mentions}

    def place(words: str | None) -> Span | None:
        return None if words is None else Span(text.index(words), text.index(words) + len(words))

    def statement(words: str, speaker: str | None, cue: str | None) -> Statement:
        span = cast(Span, place(words))
        named = next((m for m in mentions if m.start > span.end and text[m.start : m.end] == speaker), None)
        shown = Span(named.start, named.end) if named else place(speaker)
        return Statement(*span, "indirect", "claim", shown, place(cue), owners.get(speaker or ""), "model")

    return article, Analysis(
        route(article, sentences, SourceData(), unread(article, "other")),
        mentions,
        entities,
        tuple(Role(*cast(Span, place(words)), entity) for words, entity in case.get("roles", ())),
        tuple(statement(*row) for row in case.get("said", ())),
        tuple(
            Figure(*cast(Span, place(n)), value, None, "=", place(what)) for n, value, what in case.get("counted", ())
        ),
    )


def corrections(rows: list[dict[str, Any]]) -> tuple[Correction, ...]:
    """Corrections as an editor writes them, of the source a.txt; where they stand is their number."""
    listed = [{"source": "a.txt", **row} for row in rows]
    found, problems = read_corrections(yaml.safe_dump(listed, allow_unicode=True, width=9_999), "c")
    assert problems == ()
    numbers = {one.where: str(n) for n, one in enumerate(found, 1)}
    return tuple(Correction(one.source, one.quote, one.nth, one.edit, numbers[one.where]) for one in found)


def words(article: Article, span: Span | None) -> str | None:
    return None if span is None else " ".join(article.text[span.start : span.end].split())


@pytest.mark.parametrize("case", cases("corrections.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    article, analysis = read(case)
    registry = [RegistryEntry(name.lower().replace(" ", "-"), name, "person") for name in case.get("registry", ())]
    found, problems = correct.correct(article, analysis, corrections(case["corrections"]), registry)

    def told(start: int, end: int) -> str:
        return words(article, Span(start, end)) or ""

    named = [
        [entity.kind, *(told(found.mentions[n].start, found.mentions[n].end) for n in entity.mentions)]
        for entity in found.entities
    ]
    assert named == case["entities"]
    fullest = [
        display_name(told(found.mentions[e.fullest].start, found.mentions[e.fullest].end)) for e in found.entities
    ]
    assert sorted(f"{edit.layer} {told(edit.start, edit.end)}" for edit in found.edited) == sorted(
        case.get("editor", ())
    )
    if "entries" in case:
        assert [entity.entry for entity in found.entities] == case["entries"]
    if "starts" in case:
        assert [mention.start for mention in found.mentions] == case["starts"]
    if "roles_left" in case:
        assert [[told(r.start, r.end), fullest[r.entity]] for r in found.roles] == case["roles_left"]
    assert [
        [
            told(said.start, said.end),
            None if said.entity is None else fullest[said.entity],
            words(article, said.speaker),
            words(article, said.cue),
            said.kind,
            said.mode,
            said.rule,
        ]
        for said in found.statements
    ] == case.get("statements", [])
    assert [
        [told(f.start, f.end), f.value, f.high, f.relation, words(article, f.what)] for f in found.figures
    ] == case.get("figures", [])
    if "sections" in case:
        assert [[s.key, s.reason, *(told(*span) for span in s.sentences)] for s in found.sections] == case["sections"]
    assert len(problems) == len(case.get("problems", ())), problems
    for problem, expected in zip(problems, case.get("problems", ()), strict=True):
        number, part = expected.split(": ", 1)
        assert problem.where == number
        assert part in problem.message
        assert (problem.severity == "warning") == ("nothing is read here" in part)


def holds(article: Article, before: Analysis, after: Analysis) -> None:
    """What holds of every analysis."""
    assert after.sentences == before.sentences
    assert len(set(after.sentences)) == sum(len(section.sentences) for section in after.sections)
    at = 0
    for section in after.sections:
        assert section.sentences
        assert at <= section.start == section.sentences[0].start
        assert section.end == section.sentences[-1].end
        at = section.end
    heads = [Span(b.start, b.end) for b in article.blocks if b.kind in ("title", "heading")]
    lines = [*heads, *after.sentences]
    at = 0
    for n, mention in enumerate(after.mentions):
        assert at <= mention.start < mention.end
        at = mention.end
        assert any(line.start <= mention.start and mention.end <= line.end for line in lines)
        assert n in after.entities[mention.entity].mentions
        assert after.entities[mention.entity].kind == mention.kind
    assert sorted(n for entity in after.entities for n in entity.mentions) == list(range(len(after.mentions)))
    firsts = [entity.mentions[0] for entity in after.entities]
    assert firsts == sorted(firsts)
    for entity in after.entities:
        assert list(entity.mentions) == sorted(entity.mentions)
        assert entity.fullest in entity.mentions
    for role in after.roles:
        assert 0 <= role.entity < len(after.entities)
    for said in after.statements:
        assert said.entity is None or 0 <= said.entity < len(after.entities)
        for span in (said.speaker, said.cue):
            assert span is None or 0 <= span.start < span.end <= len(article.text)
    for edit in after.edited:
        assert 0 <= edit.start < edit.end <= len(article.text)


NAMES = st.sampled_from(["Owl", "Owl Corps", "Ivan Fell", "Fell", "own", "Velm", "no such", "He", "<b>", "Fell (2)"])
KIND = st.sampled_from(["person", "unit", "place"])
CHANGES = st.one_of(
    st.just({"mention": "none"}),
    st.fixed_dictionaries({"mention": st.fixed_dictionaries({"kind": KIND}, optional={"entity": NAMES})}),
    st.fixed_dictionaries({"mention": st.fixed_dictionaries({"entity": NAMES})}),
    st.just({"statement": "none"}),
    st.fixed_dictionaries(
        {
            "statement": st.fixed_dictionaries(
                {"speaker": st.one_of(NAMES, st.lists(NAMES, min_size=1, unique=True), st.just("none"))},
                optional={"cue": NAMES, "kind": st.sampled_from(["claim", "denial"])},
            )
        }
    ),
    st.just({"figure": "none"}),
    st.fixed_dictionaries({"figure": st.fixed_dictionaries({"value": st.floats(0, 9)}, optional={"what": NAMES})}),
    st.fixed_dictionaries({"section": st.sampled_from(["front-status", "negotiations", "other"])}),
)
MARKED = [
    "Owl",
    "Owl Corps",
    "Ivan Fell",
    "Fell",
    "Velm",
    "He",
    "came",
    "said that",
    ".",
    "\n",
    "\n\n",
    "“",
    "”",
    "300",
]


@st.composite
def edited_articles(draw: st.DrawFn) -> tuple[Article, Analysis, tuple[Correction, ...]]:
    """An article of few words, so that corrections meet, with something read in each layer."""
    chosen = draw(st.lists(st.tuples(st.sampled_from(MARKED), st.sampled_from([None, "person", "unit"])), max_size=24))
    text, names = "Title words\n\n", []
    for piece, kind in chosen:
        if kind and piece[0].isupper():
            names.append((len(text), len(text) + len(piece), kind, "model"))
        text += piece + draw(st.sampled_from([" ", " ", ". "]))
    article = read_text(f"{text}Owl end.")
    sentences = split(article.text, article.blocks)
    lines = [*sentences, *(Span(b.start, b.end) for b in article.blocks if b.kind in ("title", "heading"))]
    kept = [n for n in names if any(line.start <= n[0] and n[1] <= line.end for line in lines)]
    mentions, entities = cluster(article.text, kept)  # type: ignore[arg-type]
    kinds: list[StatementKind] = ["claim", "denial"]
    statements = tuple(
        Statement(*span, "indirect", kinds[n % 2], None, None, n % len(entities) if entities else None, "model")
        for n, span in enumerate(sentences)
    )
    figures = tuple(Figure(span.start, span.start + 1, 1.0, None, "=", None) for span in sentences)
    roles = tuple(Role(s.start, s.start + 1, n % len(entities)) for n, s in enumerate(sentences) if entities)
    sections = route(article, sentences, SourceData(), unread(article, "other"))
    analysis = Analysis(sections, mentions, entities, roles, statements, figures)
    quotes = st.one_of(
        st.sampled_from([m for m in MARKED if m.strip()]),
        st.builds(lambda s: words(article, s), st.sampled_from(sentences)),
    )
    rows = draw(
        st.lists(
            st.tuples(quotes, st.sampled_from([1, 1, 2, "all"]), CHANGES).map(
                lambda row: {"quote": row[0], "nth": row[1], **row[2]}
            ),
            max_size=8,
        )
    )
    return article, analysis, corrections(rows)


@given(edited_articles())
def test_no_correction_breaks_the_analysis(made: tuple[Article, Analysis, tuple[Correction, ...]]) -> None:
    article, analysis, found = made
    after, problems = correct.correct(article, analysis, found)
    holds(article, analysis, after)
    assert {problem.where for problem in problems} <= {one.where for one in found}
    assert len(set(problems)) == len(problems)
    # every entry is applied or named
    if found and not problems:
        assert after.edited


@given(st.lists(st.sampled_from(pieces("roles")), max_size=20))
def test_no_corrections_change_nothing(parts: list[str]) -> None:
    article = read_text("Title\n" + "".join(parts) + "\nThe end.")
    analysis = Analysis(
        route(article, split(article.text, article.blocks), SourceData(), unread(article, "other")), (), (), ()
    )
    assert correct.correct(article, analysis, ()) == (analysis, ())
    missing = corrections([{"quote": "no such words here", "mention": "none"}])
    after, problems = correct.correct(article, analysis, missing)
    assert after == analysis
    assert [problem.where for problem in problems] == ["1"]
