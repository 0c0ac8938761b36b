"""Who says each sentence of a briefing, the tables of what stands in them, and what an entity says in one article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from briefbook import paths, tables
from briefbook.compose.desk import Desk, cell_bytes
from briefbook.labels import Label, label
from briefbook.model import Span
from briefbook.views import Cell, Said, SaidExcerpt, Table


def paragraph(desk: Desk, i: int, sentences: Iterable[Span], here: str) -> tuple[Said, ...]:
    """The sentences of a block, those of one voice and the same speakers under one mark."""
    layers = desk.laid[i].layers
    groups = []
    for _, group in groupby(sentences, key=lambda sentence: tables.signature(layers, sentence)):
        members = list(group)
        voice = tables.signature(layers, members[0])[0]
        groups.append(
            Said(
                voice=label(f"voice.{voice}"),
                sayers=tuple(desk.cell(i, cell, here) for cell in tables.mark(layers, members)[1:]),
                quotes=tuple(
                    replace(
                        desk.quote(
                            "body-sentence",
                            i,
                            sentence,
                            here,
                            href=desk.source_href(i, sentence.start, here),
                            anchor=paths.anchor(sentence.start),
                        ),
                        voice=voice,
                    )
                    for sentence in members
                ),
            )
        )
    return tuple(groups)


def section_tables(desk: Desk, i: int, starts: Sequence[int], here: str) -> tuple[Table, ...]:
    """The tables of one section, of the rows that stand with its sentences beginning at `starts`, in their order."""
    return tuple(
        Table(name, label(f"table.{name}"), columns, rows)
        for name, columns, rows in _tables(desk, i, tables.SECTION_TABLES, starts, here)
    )


def page_tables(desk: Desk, i: int, starts: Sequence[int], here: str) -> tuple[Table, ...]:
    """The tables of a page of a briefing, which stand under headings of their own."""
    return tuple(
        Table(name, None, columns, rows) for name, columns, rows in _tables(desk, i, tables.PAGE_TABLES, starts, here)
    )


def _tables(
    desk: Desk, i: int, specified: dict[str, tuple[str, ...]], starts: Sequence[int], here: str
) -> Iterator[tuple[str, tuple[Label, ...], tuple[tuple[Cell, ...], ...]]]:
    """The name, columns and rows of each table that has rows."""
    laid = desk.laid[i]
    for name, columns in specified.items():
        rows = tuple(
            tuple(desk.cell(i, cell, here) for cell in row.cells)
            for start in starts
            for row in laid.rows[name].get(start, ())
        )
        if rows:
            yield name, tuple(label(f"column.{column}") for column in columns), rows


def statements_of(desk: Desk) -> dict[int, list[tuple[int, int]]]:
    """For each entity the statements it makes: the source, and the number of the statement there, in that order."""
    found: dict[int, list[tuple[int, int]]] = {}
    for i, laid in enumerate(desk.laid):
        for n, said in enumerate(laid.layers.statements):
            if said.entity is not None:
                found.setdefault(laid.speakers[said.entity], []).append((i, n))
    return found


def statement_bytes(desk: Desk, i: int, n: int) -> int:
    """Bytes that a statement takes on a dossier."""
    return _ROW + cell_bytes(_statement(desk, i, n))


def said_excerpts(desk: Desk, statements: Sequence[tuple[int, int]], here: str) -> tuple[SaidExcerpt, ...]:
    """Statements of an entity, article by article."""
    return tuple(
        SaidExcerpt(desk.title_link(i, here), tuple(desk.cell(i, _statement(desk, i, n), here) for _, n in group))
        for i, group in groupby(statements, key=lambda item: item[0])
    )


_ROW = 600
"""Bytes of an article's title and date above what is said in it."""


def _statement(desk: Desk, i: int, n: int) -> tables.Cell:
    layers = desk.laid[i].layers
    return tables.statement(layers, layers.statements[n])
