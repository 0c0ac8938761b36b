"""Analyses as JSON: one object per article, as `briefbook analyze --json` prints it (`data/analysis.schema.json`)."""

from __future__ import annotations

import json
from typing import Any

from briefbook.model import Analysis, Source, Span
from briefbook.naming import entity_names


def record(source: Source, analysis: Analysis) -> dict[str, Any]:
    """The analysis of one source as plain values; offsets are half-open character offsets into `text`."""
    text = source.article.text
    title = source.article.title
    names = entity_names(text, analysis)
    return {
        "source": source.path,
        "digest": source.digest,
        "text": text,
        "title": None if title is None else {"start": title.start, "end": title.end},
        "headings": [{"start": b.start, "end": b.end} for b in source.article.blocks if b.kind == "heading"],
        "sections": [
            {"key": section.key, "reason": section.reason, "start": section.start, "end": section.end}
            for section in analysis.sections
        ],
        "sentences": [{"start": sentence.start, "end": sentence.end} for sentence in analysis.sentences],
        "mentions": [
            {"start": m.start, "end": m.end, "kind": m.kind, "entity": names[m.entity], "rule": m.rule}
            for m in analysis.mentions
        ],
        "entities": [
            {"name": names[n], "kind": entity.kind, "mentions": list(entity.mentions)}
            for n, entity in enumerate(analysis.entities)
        ],
        "roles": [{"start": role.start, "end": role.end, "entity": names[role.entity]} for role in analysis.roles],
        "statements": [
            {
                "start": said.start,
                "end": said.end,
                "mode": said.mode,
                "kind": said.kind,
                "speaker": _span(said.speaker),
                "cue": _span(said.cue),
                "entity": None if said.entity is None else names[said.entity],
                "rule": said.rule,
            }
            for said in analysis.statements
        ],
        "figures": [
            {
                "start": figure.start,
                "end": figure.end,
                "value": figure.value,
                "high": figure.high,
                "relation": figure.relation,
                "what": _span(figure.what),
            }
            for figure in analysis.figures
        ],
        "dates": [
            {
                "start": told.start,
                "end": told.end,
                "first": told.first.isoformat() if told.first else None,
                "last": told.last.isoformat() if told.last else None,
                "precision": told.precision,
                "inferred": told.inferred,
            }
            for told in analysis.dates
        ],
        "hedges": [hedge._asdict() for hedge in analysis.hedges],
        "places": [
            {
                "place": _span(told.place),
                "what": _span(told.what),
                "happening": told.happening,
                "side": _span(told.side),
            }
            for told in analysis.places
        ],
        "replies": [{"claim": _span(reply.claim), "answer": _span(reply.answer)} for reply in analysis.replies],
        "positions": [
            {"party": _span(held.party), "content": _span(held.content), "kind": held.kind}
            for held in analysis.positions
        ],
        "edited": [edit._asdict() for edit in analysis.edited],
    }


def _span(span: Span | None) -> dict[str, int] | None:
    return None if span is None else span._asdict()


def line(source: Source, analysis: Analysis) -> str:
    """The record as one line of JSON, without the line end."""
    return json.dumps(record(source, analysis), ensure_ascii=False, separators=(",", ":"))
