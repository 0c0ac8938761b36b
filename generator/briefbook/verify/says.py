"""Who says what: marks, tables and statements on the pages against what `source.json` holds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from briefbook import tables
from briefbook.model import Problem, Span
from briefbook.tables import Named, Told, Words
from briefbook.verify.places import Place, resolve
from briefbook.verify.stored import SLOTS, Stored
from briefbook.verify.tree import ancestor, children, classes_of, describe, neighbor

_OF_LAYERS = re.compile(r"(?:voice|said|figure|when|hedge|rung|happening|position|cell|column|table)\..*")
"""Labels that stand in marks, tables and statements alone."""
_SHOWN = 80
"""How many characters of a quotation a message shows."""

Token = tuple[str, ...]
"""A token as a page shows it: ("words", slug, start, end), ("label", key, slot, value, ...) or ("entity", page)."""
Cells = tuple[tuple[Token, ...], ...]


class _Row(NamedTuple):
    where: str
    section: str
    cells: Cells


class Says:
    """Checks page by page who is said to say what; at the end that nothing is missing and nothing added."""

    def __init__(self, sources: Mapping[str, Stored]) -> None:
        self._sources = sources
        self._rows: dict[tuple[str, str], list[_Row]] = defaultdict(list)
        self._stated: dict[tuple[str, str], list[_Row]] = defaultdict(list)
        self._cited: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        self._named: list[tuple[str, str, str]] = []

    def check(self, page: str, place: Place, article: LexborNode) -> Iterator[Problem]:
        """Problems of one generated page."""
        source = self._sources.get(place.slug) if place.sort == "briefing" else None
        for node, message in self._wrong(page, place, article, source):
            yield Problem(f"{page}: {describe(node)}", message)

    def _wrong(
        self, page: str, place: Place, article: LexborNode, source: Stored | None
    ) -> Iterator[tuple[LexborNode, str]]:
        for node in article.css("[data-label]"):
            if _OF_LAYERS.fullmatch(node.attributes["data-label"] or "") and not _is_checked(node):
                yield node, "has no place outside of a mark, table or statement"
        if source is None:
            for node in article.css(".bb-who, .bb-said, [data-voice], table, .bb-table-title"):
                yield node, "has a place on the briefing of a source alone"
        else:
            yield from self._voices(page, article, source)
            yield from self._tables(page, article, source)
        for node in article.css(".bb-statement"):
            if place.sort != "dossier" or ancestor(node, "data-part", "statements") is None:
                yield node, "has a place among the statements of a dossier alone"
                continue
            found = self._tokens(page, node)
            slug = next((token[1] for token in found if token[0] == "words"), "")
            self._stated[place.series, slug].append(_Row(f"{page}: {describe(node)}", "", (found,)))
        if place.sort == "dossier":
            for node in article.css(".bb-repeat, .bb-title, .bb-heading"):
                self._cited[place.series].add(_evidence(node))

    def _voices(self, page: str, article: LexborNode, source: Stored) -> Iterator[tuple[LexborNode, str]]:
        """Every sentence has the voice that the statements give it, and stands under the mark of who says it."""
        for node in article.css(".bb-body-sentence, [data-voice]"):
            span = _span(node)
            found = node.attributes.get("data-voice")
            expected = tables.signature(source.layers, span)[0] if span in source.sentences else None
            if found != expected or "bb-body-sentence" not in classes_of(node):
                yield node, f"data-voice: expected {expected or 'none'}, found {found or 'none'}"
            if not _within(node, "bb-said"):
                yield node, "expected a mark of who says this, found none"
        for group in article.css(".bb-said"):
            spans = [span for node in group.css(".bb-body-sentence") if (span := _span(node)) in source.sentences]
            marks = group.css(".bb-who")
            if not spans or len(marks) != 1:
                yield group, f"expected sentences and one mark of who says them, found {len(spans)} and {len(marks)}"
                continue
            if len({tables.signature(source.layers, span) for span in spans}) > 1:
                yield group, "expected one mark for sentences of one voice and the same speakers alone"
            expected_mark = _expected(source, tables.mark(source.layers, spans))
            parts = [child for child in children(marks[0]) if child.is_element_node]
            found_mark = tuple(self._tokens(page, part, itself=True) for part in parts)
            if found_mark != expected_mark:
                yield marks[0], f"expected {self._told(expected_mark)}, found {self._told(found_mark)}"

    def _tables(self, page: str, article: LexborNode, source: Stored) -> Iterator[tuple[LexborNode, str]]:
        """Every table is one of those known, with its columns under its title; its rows are kept for the end."""
        for node in article.css("table"):
            name = node.attributes.get("data-table") or ""
            part = ancestor(node, "data-part", "section")
            section = (part.attributes.get("data-section") or "") if part is not None else ""
            columns = (tables.SECTION_TABLES if part is not None else tables.PAGE_TABLES).get(name)
            if columns is None:
                yield node, f"data-table: expected a table that has its place here, found {name!r}"
                continue
            title = neighbor(node if section or node.parent is None else node.parent, before=True)
            titles = [] if title is None else [title, *title.css("[data-label]")]
            if f"{'table' if section else 'part'}.{name}" not in [one.attributes.get("data-label") for one in titles]:
                yield node, f"expected the title of the table {name} before it"
            heads = tuple((("label", f"column.{column}"),) for column in columns)
            found = tuple(self._tokens(page, head) for head in node.css("thead th"))
            if found != heads or len(node.css("tr")) != len(node.css("thead > tr, tbody > tr")):
                yield node, f"expected the columns {self._told(heads)}, found {self._told(found)}"
            for row in node.css("tbody > tr"):
                cells = [cell for cell in children(row) if cell.is_element_node]
                heads_in_cells = tuple(self._tokens(page, head) for head in row.css(".bb-column"))
                if heads_in_cells != heads:
                    yield row, f"expected the columns {self._told(heads)}, found {self._told(heads_in_cells)}"
                values = tuple(
                    tuple(t for t in self._tokens(page, cell) if not t[1].startswith("column.")) for cell in cells
                )
                self._rows[source.slug, name].append(_Row(f"{page}: {describe(row)}", section, values))
        for title in article.css(".bb-table-title"):
            table = neighbor(title)
            if table is None or table.tag != "table":
                yield title, "expected a table behind its title"

    def _tokens(self, page: str, node: LexborNode, *, itself: bool = False) -> tuple[Token, ...]:
        """What an element holds (or is, where `itself`), in order."""
        attributes, classes = node.attributes, classes_of(node)
        if itself and "bb-quote" in classes:
            return (("words", *_evidence(node)),)
        if itself and (key := attributes.get("data-label")) is not None:
            slots = [(slot, value) for slot in SLOTS if (value := attributes.get(f"data-{slot}")) is not None]
            return (("label", key, *(part for slot in slots for part in slot)),)
        if itself and ("bb-name" in classes or "data-editor" in attributes):
            link = node if node.tag == "a" else node.css_first("a")
            target = resolve(page, (link.attributes.get("href") or "") if link is not None else "")
            file = target[0] if target else ""
            self._named.append((f"{page}: {describe(node)}", file, link.text() if link is not None else ""))
            return (("entity", file.removeprefix("entities/").removesuffix("/index.html")),)
        return tuple(
            token
            for child in children(node)
            if child.is_element_node
            for token in self._tokens(page, child, itself=True)
        )

    def problems(self, headings: Mapping[str, str]) -> Iterator[Problem]:
        """What the site as a whole lacks or has too much of; `headings` are the headings of the pages of entities."""
        stated: dict[tuple[str, str], list[Cells]] = defaultdict(list)
        for slug, source in self._sources.items():
            for name in (*tables.SECTION_TABLES, *tables.PAGE_TABLES):
                yield from self._same(
                    f"briefings/{slug}/index.html",
                    f"row of the table {name}",
                    [_row(source, name, row) for row in tables.rows(source.layers, name)],
                    self._rows[slug, name],
                )
            for said in source.layers.statements:
                if said.entity is not None:
                    speaker = source.layers.speakers[said.entity]
                    cell = tables.statement(source.layers, said)
                    stated[f"entities/{speaker.page}/", slug].append(_expected(source, (cell,)))
            for speaker in source.layers.speakers:
                line = source.line(speaker.mention)
                series = f"entities/{speaker.page}/"
                if line is None or (slug, str(line.start), str(line.end)) not in self._cited[series]:
                    yield Problem(
                        f"sources/{slug}/source.json",
                        f"expected the mention {list(speaker.mention)} of a speaker on {series}index.html",
                    )
        for series, slug in sorted(stated.keys() | self._stated.keys()):
            expected = [_Row("", "", cells) for cells in stated[series, slug]]
            found = self._stated[series, slug]
            yield from self._same(f"{series}index.html", f"statement in {slug}", expected, found)
        for where, target, text in self._named:
            if headings.get(target) != " ".join(text.split()):
                yield Problem(where, f"expected the name {headings.get(target)!r} of {target}, found {text!r}")

    def _same(self, page: str, what: str, expected: Sequence[_Row], found: Sequence[_Row]) -> Iterator[Problem]:
        """The first difference between the rows expected and found, in order."""
        for one, other in zip_longest(expected, found):
            if one is None or other is None or one[1:] != other[1:]:
                wanted, seen = ("none" if row is None else self._row(row) for row in (one, other))
                yield Problem(page if other is None else other.where, f"expected the {what} {wanted}, found {seen}")
                return

    def _row(self, row: _Row) -> str:
        return f"{self._told(row.cells)} in {row.section}" if row.section else self._told(row.cells)

    def _told(self, cells: Cells) -> str:
        return " | ".join(", ".join(map(self._token, cell)) for cell in cells)

    def _token(self, token: Token) -> str:
        if token[0] != "words" or token[1] not in self._sources:
            return " ".join(token[1:])
        text = self._sources[token[1]].text[int(token[2] or 0) : int(token[3] or 0)]
        return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _row(source: Stored, name: str, row: tables.Row) -> _Row:
    section = source.sentences[source.layers.sentences[row.sentence]].key if name in tables.SECTION_TABLES else ""
    return _Row("", section, _expected(source, row.cells))


def _expected(source: Stored, cells: Sequence[tables.Cell]) -> Cells:
    return tuple(tuple(_shown(source, token) for token in cell) for cell in cells)


def _shown(source: Stored, token: tables.Token) -> Token:
    match token:
        case Words(start, end):
            return ("words", source.slug, str(start), str(end))
        case Named(speaker):
            return ("entity", source.layers.speakers[speaker].page)
        case Told(key, slots):
            ordered = sorted(slots, key=lambda slot: SLOTS.index(slot[0]))
            return ("label", key, *(part for slot in ordered for part in slot))


def _is_checked(node: LexborNode) -> bool:
    """Whether a label stands where it is compared with the source."""
    parent: LexborNode | None = node
    while parent is not None and parent.tag != "article":
        if parent.tag == "table" or {"bb-who", "bb-statement", "bb-table-title"} & set(classes_of(parent)):
            return True
        parent = parent.parent
    return False


def _within(node: LexborNode, name: str) -> bool:
    parent = node.parent
    while parent is not None and parent.is_element_node:
        if name in classes_of(parent):
            return True
        parent = parent.parent
    return False


def _evidence(node: LexborNode) -> tuple[str, str, str]:
    attributes = node.attributes
    start, end = _span(node)
    return attributes.get("data-source") or "", str(start), str(end)


def _span(node: LexborNode) -> Span:
    """The span that an element names; an empty one where it names none."""
    try:
        return Span(int(node.attributes.get("data-start") or ""), int(node.attributes.get("data-end") or ""))
    except ValueError:
        return Span(0, 0)
