"""Article -> Analysis: the map. Pure and picklable, one module per layer, in the order they need each other."""

from __future__ import annotations

from typing import NamedTuple

from briefbook.analyze.dates import dates
from briefbook.analyze.encoder import Encoder, EncoderError
from briefbook.analyze.entities import cluster
from briefbook.analyze.figures import figures
from briefbook.analyze.hedges import hedges
from briefbook.analyze.names import Reading, document_pass
from briefbook.analyze.roles import roles
from briefbook.analyze.sections import route
from briefbook.analyze.sentences import split
from briefbook.analyze.speakers import Speakers
from briefbook.analyze.statements import statements
from briefbook.analyze.tables import tables
from briefbook.model import Analysis, Article, Name, SourceData, Span

__all__ = ["Encoder", "EncoderError", "Steps", "analyze", "steps"]


class Steps(NamedTuple):
    """Every value on the way from an article to its analysis, for whoever wants to watch."""

    sentences: tuple[Span, ...]
    names: tuple[Name, ...]
    readings: tuple[Reading, ...]
    analysis: Analysis


def steps(article: Article, data: SourceData, encoder: Encoder) -> Steps:
    """Read an article layer by layer; `data` brings the editor's choice of sections and the day of publication."""
    sentences = split(article.text, article.blocks)
    blocks = [Span(block.start, block.end) for block in article.blocks]
    marks = encoder.read(article.text, blocks)
    sections = route(article, sentences, data, marks.sections)
    lines = sorted((*sentences, *(Span(b.start, b.end) for b in article.blocks if b.kind in ("title", "heading"))))
    readings = document_pass(article.text, marks.names, lines)
    mentions, entities = cluster(article.text, readings)
    worded = roles(article.text, mentions, entities, sentences)
    speakers = Speakers(article.text, mentions, entities, worded, sentences)
    said = statements(article.text, marks.contents, marks.sources, marks.cues, speakers, mentions, blocks, sentences)
    counted = figures(article.text, marks.figures, lines)
    told = dates(article.text, sentences, mentions, data.published)
    hedged = hedges(article.text, sentences, mentions)
    rows = tables(article.text, sections, mentions, entities, said)
    analysis = Analysis(sections, mentions, entities, worded, said, counted, told, hedged, *rows)
    return Steps(sentences, marks.names, readings, analysis)


def analyze(article: Article, data: SourceData, encoder: Encoder) -> Analysis:
    """All that is read out of one article."""
    return steps(article, data, encoder).analysis
