"""What every page needs of the corpus, computed once: the page a sentence is on, and how a span becomes a quotation."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from briefbook import paths, tables
from briefbook.compose.layers import layers_of, token_bytes
from briefbook.compose.paging import page_links, paginate
from briefbook.display import display_name
from briefbook.escape import size
from briefbook.labels import Label, label
from briefbook.model import SECTION_KEYS, Analysis, Corpus, Entity, Evidence, Section, SectionKey, Source, Span
from briefbook.tables import Layers, Named, Row, Token, Words
from briefbook.views import (
    Cell,
    Datum,
    EditorWord,
    EntityRow,
    Heading,
    NameRef,
    PageLink,
    Part,
    Quote,
    QuoteStyle,
    Shown,
    TitleLink,
)

MARKUP = 500
"""Bytes of markup around one sentence on a page, measured on built pages and rounded up."""
MENTION = 500
"""Bytes that one mention adds to a page, its line in the list of entities included."""
CELL = 170
"""Bytes of markup around a cell of a table, or around one speaker of a sentence."""


class Item(NamedTuple):
    """A sentence on its way to a page: the section it is in, and the block of the text it belongs to."""

    section: int
    block: int
    sentence: Span


class Line(NamedTuple):
    """A sentence, heading or title of the text on its way to the page of the frozen source."""

    block: int
    span: Span


@dataclass(frozen=True, slots=True)
class Laid:
    """One article laid out on pages."""

    source: Source
    analysis: Analysis
    starts: tuple[int, ...]
    """Where its mentions begin, in order."""
    linked: tuple[int, ...]
    briefing_pages: tuple[tuple[Item, ...], ...]
    source_pages: tuple[tuple[Line, ...], ...]
    briefing_page_of: dict[int, int]
    """Page of the briefing by the start of a sentence."""
    source_page_of: dict[int, int]
    layers: Layers
    speakers: tuple[int, ...]
    """The entity in the corpus of each speaker of `layers`."""
    rows: dict[str, dict[int, list[Row]]]
    """The rows of every table, by the start of the sentence that they stand with."""
    sizes: dict[SectionKey, int]
    """How many sentences stand under each heading of the briefing."""


def _lay(
    source: Source, analysis: Analysis, linked: tuple[int, ...], entities: tuple[Entity, ...], budget: int
) -> Laid:
    starts = tuple(mention.start for mention in analysis.mentions)
    if any(a > b for a, b in pairwise(starts)):
        raise ValueError(f"{source.path}: mentions out of order")

    def cost(span: Span) -> int:
        mentions = bisect_left(starts, span.end) - bisect_left(starts, span.start)
        return size(source.article.text[span.start : span.end]) + MARKUP + MENTION * mentions

    blocks = [block.start for block in source.article.blocks]
    items = [
        Item(i, bisect_right(blocks, sentence.start) - 1, sentence)
        for key in SECTION_KEYS
        for i, section in enumerate(analysis.sections)
        if section.key == key
        for sentence in section.sentences
    ]
    layers, speakers = layers_of(source, analysis, linked, entities)
    rows: dict[str, dict[int, list[Row]]] = {}
    for name in (*tables.SECTION_TABLES, *tables.PAGE_TABLES):
        rows[name] = defaultdict(list)
        for row in tables.rows(layers, name):
            rows[name][layers.starts[row.sentence]].append(row)
    beside = _row_bytes(layers, rows)
    briefing_pages = paginate(items, lambda item: cost(item.sentence) + beside[item.sentence], budget)
    sentences = iter(sorted((item.block, item.sentence) for item in items))
    lines = [Line(*pair) for pair in sentences]
    lines += [
        Line(i, Span(b.start, b.end)) for i, b in enumerate(source.article.blocks) if b.kind in ("title", "heading")
    ]
    lines.sort()
    source_pages = paginate(lines, lambda line: cost(line.span), budget)
    return Laid(
        source=source,
        analysis=analysis,
        starts=starts,
        linked=linked,
        briefing_pages=briefing_pages,
        source_pages=source_pages,
        briefing_page_of={item.sentence.start: n for n, page in enumerate(briefing_pages, 1) for item in page},
        source_page_of={line.span.start: n for n, page in enumerate(source_pages, 1) for line in page},
        layers=layers,
        speakers=speakers,
        rows=rows,
        sizes={
            key: sum(len(section.sentences) for section in analysis.sections if section.key == key)
            for key in SECTION_KEYS
        },
    )


def _row_bytes(layers: Layers, rows: dict[str, dict[int, list[Row]]]) -> dict[Span, int]:
    """Bytes that a briefing has for each sentence beside it: its mark, and its rows in the tables."""
    found = {}
    for sentence in layers.sentences:
        cells = [*tables.mark(layers, [sentence])]
        for table in rows.values():
            cells += [cell for row in table.get(sentence.start, ()) for cell in row.cells]
        found[sentence] = sum(map(cell_bytes, cells))
    return found


def cell_bytes(cell: tables.Cell) -> int:
    """Bytes that a cell of a table takes on a page."""
    return CELL + sum(map(token_bytes, cell))


@dataclass(frozen=True, slots=True)
class Desk:
    """The corpus laid out, and the makers of everything that stands on a page."""

    corpus: Corpus
    laid: tuple[Laid, ...]
    budget: int
    dossier_pages: dict[int, int]
    """Number of pages of an entity's dossier, where it has more than one."""
    origins: dict[int, tuple[int, ...]]
    """The sources with the same text as a source, itself included, where there are others."""

    @classmethod
    def of(cls, corpus: Corpus, budget: int) -> Desk:
        """The desk of a corpus; `budget` is the content a page may hold, in bytes."""
        triples = zip(corpus.sources, corpus.analyses, corpus.linked, strict=True)
        return cls(corpus, tuple(_lay(*triple, corpus.entities, budget) for triple in triples), budget, {}, {})

    def cost(self, i: int, sentence: Span) -> int:
        """Bytes that a sentence of source `i` takes on a page."""
        words = self.laid[i].source.article.text[sentence.start : sentence.end]
        return size(words) + MARKUP + MENTION * len(self.mentions_in(i, sentence))

    def mentions_in(self, i: int, span: Span) -> range:
        """Indexes of the mentions of source `i` that begin in `span`."""
        starts = self.laid[i].starts
        return range(bisect_left(starts, span.start), bisect_left(starts, span.end))

    def sentence_at(self, evidence: Evidence) -> Span | None:
        """The sentence that holds a span, or None where it stands in the title or a heading."""
        laid = self.laid[evidence.source]
        for line in self._lines(laid, evidence.start):
            if line.span.start <= evidence.start and evidence.end <= line.span.end:
                return line.span if line.span.start in laid.briefing_page_of else None
        return None

    @staticmethod
    def _lines(laid: Laid, start: int) -> tuple[Line, ...]:
        pages = laid.source_pages
        n = bisect_right(pages, start, key=lambda page: page[-1].span.end if page else 0)
        if n == len(pages):
            return ()
        at = bisect_right(pages[n], start, key=lambda line: line.span.start) - 1
        return pages[n][max(at, 0) : at + 1]

    def parts(self, i: int, span: Span, here: str, about: int | None = None) -> tuple[Part, ...]:
        """The text of `span` in parts; mentions of the entity `about` are marked, all others lead to their dossiers."""
        laid = self.laid[i]
        text = laid.source.article.text
        parts: list[Part] = []
        at = span.start
        for j in self.mentions_in(i, span):
            mention = laid.analysis.mentions[j]
            if mention.start < at or mention.end > span.end:
                continue
            if mention.start > at:
                parts.append(Part(text[at : mention.start]))
            words = text[mention.start : mention.end]
            editor = mention.rule == "editor"
            if laid.linked[j] == about:
                parts.append(Part(words, mark=True, editor=editor))
            else:
                parts.append(Part(words, self.dossier_href(laid.linked[j], here), editor=editor))
            at = mention.end
        if at < span.end:
            parts.append(Part(text[at : span.end]))
        return tuple(parts)

    def sentence_href(self, i: int, sentence: Span, here: str) -> str:
        """A link to a sentence in its briefing."""
        laid = self.laid[i]
        page = laid.briefing_page_of[sentence.start]
        return paths.link(here, paths.briefing(laid.source.slug, page), paths.anchor(sentence.start))

    def source_href(self, i: int, start: int, here: str) -> str:
        """A link to a sentence, heading or title on the frozen source page."""
        laid = self.laid[i]
        return paths.link(here, paths.source(laid.source.slug, laid.source_page_of[start]), paths.anchor(start))

    def quote(self, style: QuoteStyle, i: int, span: Span, here: str, *, href: str = "", anchor: str = "") -> Quote:
        """A quotation of source `i` in any style."""
        slug = self.laid[i].source.slug
        return Quote(style, slug, span.start, span.end, self.parts(i, span, here), anchor, href)

    def repeat(self, i: int, sentence: Span, here: str, *, about: int | None = None, anchor: str = "") -> Quote:
        """A sentence quoted once more, with a link to where it stands in its briefing."""
        parts = self.parts(i, sentence, here, about)
        href = self.sentence_href(i, sentence, here)
        return Quote("repeat", self.laid[i].source.slug, sentence.start, sentence.end, parts, anchor, href)

    def fragment(self, evidence: Evidence, here: str) -> Quote | None:
        """A span within a sentence, linked to that sentence in its briefing; None outside of sentences."""
        sentence = self.sentence_at(evidence)
        if sentence is None:
            return None
        laid = self.laid[evidence.source]
        words = laid.source.article.text[evidence.start : evidence.end]
        href = self.sentence_href(evidence.source, sentence, here)
        return Quote("fragment", laid.source.slug, evidence.start, evidence.end, (Part(words),), "", href)

    def cell(self, i: int, cell: tables.Cell, here: str) -> Cell:
        """A cell of a table or mark of source `i`: its fragments lead to their sentences, its speakers to dossiers."""
        return tuple(self._token(i, token, here) for token in cell)

    def _token(self, i: int, token: Token, here: str) -> Quote | Shown | Label:
        match token:
            case Words():
                quote = self.fragment(Evidence(i, *token), here)
                assert quote is not None
                return quote
            case Named():
                return self.name(self.laid[i].speakers[token.speaker], here)
        return label(token.key, **dict(token.slots))

    def line_at(self, evidence: Evidence) -> Span:
        """The title or heading (or sentence) that holds a span."""
        return self._lines(self.laid[evidence.source], evidence.start)[0].span

    def in_heading(self, i: int, line: Span, here: str, about: int) -> Quote:
        """A title or heading with its mentions of `about` marked, linked to its place on the frozen source page."""
        laid = self.laid[i]
        style: QuoteStyle = "title" if line == laid.source.article.title else "heading"
        parts = self.parts(i, line, here, about)
        return Quote(style, laid.source.slug, line.start, line.end, parts, "", self._line_href(i, line, here))

    def _line_href(self, i: int, line: Span, here: str) -> str:
        laid = self.laid[i]
        page = paths.source(laid.source.slug, laid.source_page_of[line.start])
        shown_as_heading = line == laid.source.article.title and laid.source.data.title is None
        return paths.link(here, page, "" if shown_as_heading else paths.anchor(line.start))

    def datum(self, i: int, field: str, text: str, href: str = "") -> Datum:
        """A field of source data of source `i`."""
        return Datum(self.laid[i].source.slug, field, " ".join(text.split()), href)

    def heading(self, i: int) -> Heading:
        """The title of an article: the editor's source data where there is some, else its own words, else its path."""
        source = self.laid[i].source
        title = source.article.title
        if source.data.title is not None:
            return self.datum(i, "title", source.data.title)
        if title is None:
            return self.datum(i, "path", source.path)
        text = source.article.text[title.start : title.end]
        return Quote("title", source.slug, title.start, title.end, (Part(text),))

    def title_text(self, i: int) -> str:
        """The title as plain text, for a page's front matter."""
        heading = self.heading(i)
        return heading.text if isinstance(heading, Datum) else heading.parts[0].text

    def date(self, i: int) -> Datum | Label:
        """The publication date, or that there is none."""
        published = self.laid[i].source.data.published
        return label("date.undated") if published is None else self.datum(i, "published", published.isoformat())

    def title_link(self, i: int, here: str) -> TitleLink:
        """A briefing as other pages name it."""
        laid = self.laid[i]
        address = paths.briefing(laid.source.slug)
        pages = page_links(here, address, len(laid.briefing_pages))
        return TitleLink(laid.source.slug, self.heading(i), self.date(i), paths.link(here, address), pages)

    def dossier_href(self, e: int, here: str) -> str:
        """A link to an entity's dossier."""
        entity = self.corpus.entities[e]
        return paths.link(here, paths.dossier(entity.kind, entity.slug))

    def name(self, e: int, here: str) -> Shown:
        """An entity's display name with a link to its dossier."""
        entity = self.corpus.entities[e]
        return self.shown(entity.name, entity.fullest, self.dossier_href(e, here))

    def shown(self, text: str, evidence: Evidence | None, href: str) -> Shown:
        """A name read from a mention, or (where there is none, or it reads otherwise) the editor's word."""
        if evidence is None:
            return EditorWord(text, href)
        source = self.laid[evidence.source].source
        if display_name(source.article.text[evidence.start : evidence.end]) == text:
            return NameRef(text, source.slug, evidence.start, evidence.end, href)
        return EditorWord(text, href)

    def row(self, e: int, here: str, count: Label | None) -> EntityRow:
        """An entity in a list."""
        return EntityRow(self.name(e, here), count)

    def dossier_page_links(self, e: int, here: str) -> tuple[PageLink, ...]:
        """Links to the pages of an entity's dossier, where it has more than one."""
        entity = self.corpus.entities[e]
        return page_links(here, paths.dossier(entity.kind, entity.slug), self.dossier_pages.get(e, 1))

    def entities_in(self, i: int, sentences: list[Span]) -> dict[int, int]:
        """How often each entity is mentioned in some sentences of source `i`."""
        counts: dict[int, int] = defaultdict(int)
        for sentence in sentences:
            for j in self.mentions_in(i, sentence):
                counts[self.laid[i].linked[j]] += 1
        return counts

    def section(self, i: int, n: int) -> Section:
        """Section `n` of source `i`."""
        return self.laid[i].analysis.sections[n]
