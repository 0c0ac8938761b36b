"""What the tables of a section hold: what has happened to places, claims and their answers, what parties hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from briefbook.analyze.tables.answered import replies
from briefbook.analyze.tables.held import positions
from briefbook.analyze.tables.placed import places
from briefbook.analyze.tables.words import read
from briefbook.model import ArticleEntity, Mention, PlaceReport, Position, Reply, Section, Statement

__all__ = ["Tables", "tables"]


class Tables(NamedTuple):
    """The rows of the three tables, each in the order of the text."""

    places: tuple[PlaceReport, ...]
    replies: tuple[Reply, ...]
    positions: tuple[Position, ...]


def tables(
    text: str,
    sections: Sequence[Section],
    mentions: Sequence[Mention],
    entities: Sequence[ArticleEntity],
    statements: Sequence[Statement],
) -> Tables:
    """The rows that an article's explicit words give."""
    sentences = tuple(read(text, (span for section in sections for span in section.sentences), mentions))
    keys = {span: section.key for section in sections for span in section.sentences}
    reports = places(sentences, statements)
    return Tables(
        reports,
        replies(sentences, statements, reports),
        positions(sentences, keys, mentions, entities, statements),
    )
