"""The layers of an article's analysis as pages show them: kept to what can be shown, and as JSON beside its text."""

from __future__ import annotations

from typing import Any

from briefbook import paths
from briefbook.model import Analysis, Entity, Source, Span, Statement
from briefbook.tables import Layers, Named, Speaker, Token, Told, Words, number


def layers_of(
    source: Source, analysis: Analysis, linked: tuple[int, ...], entities: tuple[Entity, ...]
) -> tuple[Layers, tuple[int, ...]]:
    """What of an article's layers can be shown, and the entity in the corpus of each of its speakers.

    What lies in a title or heading, or crosses the bounds of sentences, is left out: no quotation could prove it.
    """
    plain = Layers(
        source.article.text,
        {sentence: section.key for section in analysis.sections for sentence in section.sentences},
        partial=source.unpublished > 0,
    )
    speakers: dict[int, int] = {}
    statements = []
    for said in analysis.statements:
        if not plain.reach(Span(said.start, said.end)):
            continue
        entity = None if said.entity is None else speakers.setdefault(said.entity, len(speakers))
        statements.append(
            said._replace(speaker=_kept(plain, said.speaker), cue=_kept(plain, said.cue), entity=entity, rule="")
        )
    fullest = [analysis.entities[entity].fullest for entity in speakers]
    who = tuple(linked[mention] for mention in fullest)
    layers = Layers(
        plain.text,
        plain.sections,
        partial=plain.partial,
        speakers=tuple(
            Speaker(_page(entities[e]), Span(analysis.mentions[mention].start, analysis.mentions[mention].end))
            for e, mention in zip(who, fullest, strict=True)
        ),
        statements=tuple(statements),
        figures=tuple(
            figure._replace(value=_written(figure.value), high=_written(figure.high), what=_kept(plain, figure.what))
            for figure in analysis.figures
            if _kept(plain, Span(figure.start, figure.end))
        ),
        dates=tuple(told for told in analysis.dates if _kept(plain, Span(told.start, told.end))),
        hedges=tuple(hedge for hedge in analysis.hedges if _kept(plain, Span(hedge.start, hedge.end))),
        places=tuple(
            told._replace(side=_kept(plain, told.side))
            for told in analysis.places
            if _kept(plain, told.place) and _kept(plain, told.what)
        ),
        replies=tuple(r for r in analysis.replies if plain.reach(r.claim) and plain.reach(r.answer)),
        positions=tuple(p for p in analysis.positions if _kept(plain, p.party) and plain.reach(p.content)),
    )
    return layers, who


def _kept(layers: Layers, span: Span | None) -> Span | None:
    return None if span is None or layers.within(span) is None else span


def _written(value: float | None) -> float | None:
    """A number that a label can write; None for any other."""
    return None if value is None or number(value) is None else float(value)


def _page(entity: Entity) -> str:
    return f"{paths.FOLDER[entity.kind]}/{entity.slug}"


def as_json(layers: Layers) -> dict[str, Any]:
    """The layers as plain values for `source.json`."""
    return {
        "speakers": [{"page": page, "mention": mention} for page, mention in layers.speakers],
        "statements": [_statement(said) for said in layers.statements],
        "figures": [figure._asdict() for figure in layers.figures],
        "dates": [
            told._asdict()
            | {
                "first": told.first.isoformat() if told.first else None,
                "last": told.last.isoformat() if told.last else None,
            }
            for told in layers.dates
        ],
        "hedges": [hedge._asdict() for hedge in layers.hedges],
        "places": [told._asdict() for told in layers.places],
        "replies": [reply._asdict() for reply in layers.replies],
        "positions": [held._asdict() for held in layers.positions],
    }


def _statement(said: Statement) -> dict[str, Any]:
    values = said._asdict()
    del values["rule"]
    return values


def token_bytes(token: Token) -> int:
    """Bytes that a token takes on a page, measured on built pages and rounded up."""
    match token:
        case Words():
            return 330 + 3 * (token.end - token.start)
        case Named():
            return 480
        case Told():
            return 130
