"""One source through every stage, as text: what each made of it, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from briefbook.analyze import Steps
from briefbook.escape import visible
from briefbook.model import Analysis, Source, Span
from briefbook.naming import entity_names

WIDTH = 96
"""Longest excerpt of the text on one line, in characters."""


def explain(source: Source, steps: Steps) -> Iterator[str]:
    """The lines that tell how `source` was read, from its bytes to its entities."""
    text = source.article.text
    analysis = steps.analysis

    def words(start: int, end: int) -> str:
        line = " ".join(visible(text[start:end]).split())
        return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"

    yield f"SOURCE   {source.path}"
    yield f"  SHA-256 {source.digest}"
    yield f"  slug    {source.slug}"
    for field in ("title", "published", "publisher", "author", "url", "license"):
        value = getattr(source.data, field)
        yield f"  {field:9} {visible(str(value)) if value is not None else '(not stated)'}"

    yield ""
    yield f"ARTICLE  {len(text):,} characters, {len(source.article.blocks)} blocks"
    for block in source.article.blocks:
        yield f"  {block.start:6}-{block.end:<6} {block.kind:9} {words(block.start, block.end)}"

    yield ""
    yield f"SECTIONS {len(steps.sentences)} sentences"
    for section in analysis.sections:
        why: str = section.reason
        if section.heading is not None:
            why += f", under “{words(*section.heading)}”"
        if section.cues:
            why += ", for " + ", ".join(f"“{words(*cue)}”" for cue in section.cues)
        yield f"  {section.key} ({why})"
        for sentence in section.sentences:
            yield f"    {sentence.start:6}-{sentence.end:<6} {words(*sentence)}"

    read = {Span(name.start, name.end): name.kind for name in steps.names}
    yield ""
    yield f"NAMES    {len(steps.names)} read by the model, {len(steps.readings)} after the document pass"
    for mention in analysis.mentions:
        span = Span(mention.start, mention.end)
        yield f"  {span.start:6}-{span.end:<6} {mention.kind:12} {words(*span)}  [{mention.rule}]"
    kept = {Span(mention.start, mention.end) for mention in analysis.mentions}
    for span, kind in read.items():
        if span not in kept:
            yield f"  {span.start:6}-{span.end:<6} {kind:12} {words(*span)}  [the model's reading, changed or dropped]"

    yield ""
    yield f"ENTITIES {len(analysis.entities)}"
    for name, entity in zip(entity_names(text, analysis), analysis.entities, strict=True):
        spans = [analysis.mentions[n] for n in entity.mentions]
        surfaces = dict.fromkeys(words(mention.start, mention.end) for mention in spans)
        yield f"  {entity.kind:12} {visible(name)} ({len(spans)}): " + ", ".join(f"“{surface}”" for surface in surfaces)
    for role in analysis.roles:
        yield f"  role         {visible(entity_names(text, analysis)[role.entity])}: “{words(role.start, role.end)}”"
    yield from _layers(text, analysis, words)


def _layers(text: str, analysis: Analysis, words: Callable[[int, int], str]) -> Iterator[str]:
    """What is read beside names and entities: statements, figures, dates, hedges, and what the sections tabulate."""
    names = entity_names(text, analysis)
    yield ""
    yield f"STATEMENTS {len(analysis.statements)}"
    for said in analysis.statements:
        yield f"  {said.start:6}-{said.end:<6} {said.mode} {said.kind}: {words(said.start, said.end)}"
        who = "nobody is named" if said.speaker is None else f"“{words(*said.speaker)}”"
        who += "" if said.entity is None else f" is {visible(names[said.entity])}"
        yield f"    {who}  [{said.rule}]" + ("" if said.cue is None else f", by “{words(*said.cue)}”")

    yield ""
    yield f"FIGURES  {len(analysis.figures)}"
    for figure in analysis.figures:
        value = "no number" if figure.value is None else f"{figure.relation} {figure.value:g}"
        value += "" if figure.high is None else f" to {figure.high:g}"
        what = "" if figure.what is None else f" of “{words(*figure.what)}”"
        yield f"  {figure.start:6}-{figure.end:<6} {words(figure.start, figure.end)}: {value}{what}"

    yield ""
    yield f"DATES    {len(analysis.dates)}, hedges {len(analysis.hedges)}"
    for told in analysis.dates:
        days = f"{told.first} to {told.last}" if told.first else "not told"
        yield f"  {told.start:6}-{told.end:<6} {words(told.start, told.end)}: {days}{', inferred' * told.inferred}"
    for hedge in analysis.hedges:
        yield f"  {hedge.start:6}-{hedge.end:<6} {words(hedge.start, hedge.end)}: {hedge.rung or hedge.kind}"

    yield ""
    counts = len(analysis.places), len(analysis.replies), len(analysis.positions)
    yield "TABLES   {} places, {} replies, {} positions".format(*counts)
    for row in analysis.places:
        side = "" if row.side is None else f" by “{words(*row.side)}”"
        yield f"  {row.happening}: {words(*row.place)} (“{words(*row.what)}”{side})"
    for reply in analysis.replies:
        yield f"  “{words(*reply.claim)}” is answered by “{words(*reply.answer)}”"
    for held in analysis.positions:
        yield f"  {held.kind} of “{words(*held.party)}”: {words(*held.content)}"
