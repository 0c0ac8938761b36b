"""The pages of one article: its briefing, its frozen source, and the files that prove both."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from briefbook import labels, paths
from briefbook.compose.corrections import correction
from briefbook.compose.desk import Desk, Item
from briefbook.compose.layers import as_json
from briefbook.compose.origins import same_text
from briefbook.compose.paging import page_links
from briefbook.compose.spoken import page_tables, paragraph, section_tables
from briefbook.escape import linkable, text_fragment
from briefbook.keys import key_sentence
from briefbook.labels import count, label
from briefbook.model import KINDS, SECTION_KEYS, Edited, Evidence, Section, SectionKey, Source, Span
from briefbook.views import (
    Asset,
    Briefing,
    BriefingSection,
    CardRow,
    Frame,
    FrozenSource,
    KindGroup,
    Paragraph,
    Quote,
    Related,
    Rest,
    Run,
)

RELATED = 5
"""Most related briefings on a page, and most shared entities named for each."""
CUES = 8
"""Most words shown as what decided where a paragraph stands."""
COMMON = 200
"""An entity that more sources than this name relates none of them: it would relate all to all."""


def briefings(desk: Desk, chosen: Sequence[int]) -> Iterator[Briefing]:
    """The briefings of the `chosen` sources, in that order; a long one in several pages."""
    for i, related in zip(chosen, _related(desk, chosen), strict=True):
        laid = desk.laid[i]
        slug = laid.source.slug
        card = _card(desk, i)
        total = len(laid.briefing_pages)
        for n, items in enumerate(laid.briefing_pages, 1):
            here = paths.briefing(slug, n)
            yield Briefing(
                frame=_frame(desk, i, paths.briefing(slug), n, total, "page.description.briefing", search=True),
                heading=desk.heading(i),
                date=desk.date(i),
                key_sentences=tuple(_key_sentences(desk, i, here)) if n == 1 else (),
                same_text=same_text(desk, i, here),
                sections=tuple(_sections(desk, i, here, items, whole=total == 1, first=n == 1)),
                tables=page_tables(desk, i, [item.sentence.start for item in items], here),
                entities=_entities(desk, i, items, here),
                card=card,
                rest=_rest(desk, i),
                corrected=correction(laid.source),
                source_href=paths.link(here, paths.source(slug)),
                related=tuple(
                    Related(desk.title_link(other, here), tuple(desk.name(e, here) for e in shared))
                    for other, shared in related
                )
                if n == 1
                else (),
            )


def sources(desk: Desk, chosen: Sequence[int]) -> Iterator[FrozenSource]:
    """The frozen pages of the `chosen` sources; a long one in several pages."""
    for i in chosen:
        laid = desk.laid[i]
        slug = laid.source.slug
        card = _card(desk, i)
        url = laid.source.data.url
        text = laid.source.article.text
        titled = laid.source.data.title is None
        for n, lines in enumerate(laid.source_pages, 1):
            here = paths.source(slug, n)
            paragraphs = []
            for _, block in groupby(lines, key=lambda line: line.block):
                quotes = []
                for line in block:
                    anchor = paths.anchor(line.span.start)
                    if line.span.start in laid.briefing_page_of:
                        href = desk.sentence_href(i, line.span, here)
                        quote = desk.quote("source-sentence", i, line.span, here, href=href, anchor=anchor)
                        if url is not None and linkable(url):
                            words = text[line.span.start : line.span.end]
                            quote = replace(quote, publisher_href=text_fragment(url, words))
                        quotes.append(quote)
                    elif line.span != laid.source.article.title:
                        quotes.append(desk.quote("heading", i, line.span, here, anchor=anchor))
                    elif not titled:
                        quotes.append(desk.quote("title", i, line.span, here, anchor=anchor))
                if quotes:
                    paragraphs.append(Paragraph(tuple(quotes)))
            address = paths.source(slug)
            yield FrozenSource(
                frame=_frame(desk, i, address, n, len(laid.source_pages), "page.description.source", search=False),
                source=slug,
                heading=desk.heading(i),
                briefing_href=paths.link(here, paths.briefing(slug)),
                text_href=paths.link(here, f"{address}source.txt"),
                json_href=paths.link(here, f"{address}source.json"),
                card=card,
                rest=_rest(desk, i),
                corrected=correction(laid.source),
                paragraphs=tuple(paragraphs),
            )


def assets(desk: Desk, chosen: Sequence[int]) -> Iterator[Asset]:
    """The files that the pages of the `chosen` sources are proven by: the text of each, and its spans."""
    for i in chosen:
        address = paths.source(desk.laid[i].source.slug)
        yield Asset(f"{address}source.txt", desk.laid[i].source.article.text)
        yield Asset(f"{address}source.json", spans_json(desk, i))


def spans_json(desk: Desk, i: int) -> str:
    """What is known of a source, where its title, headings, sections and sentences stand, what is read out of them, and
    what an editor has the word on, in one canonical form.
    """
    laid = desk.laid[i]
    source, article = laid.source, laid.source.article
    origin = desk.origins.get(i)
    fields = {**_fields(source), **_digests(source)}
    record = {
        "slug": source.slug,
        "path": source.path,
        "digest": source.digest,
        "text_digest": fields["text-digest"],
        "publish": source.data.publish or "full",
        "unpublished": source.unpublished,
        "whole_digest": source.whole_digest or fields["text-digest"],
        "corrected": None
        if source.data.corrected is None
        else {"note": source.data.corrected.note, "date": source.data.corrected.date.isoformat()},
        "fields": {name: " ".join(value.split()) for name, value in fields.items()},
        "title": article.title,
        "headings": [(block.start, block.end) for block in article.blocks if block.kind == "heading"],
        "sections": [
            {
                "key": section.key,
                "reason": section.reason,
                "heading": section.heading,
                "start": section.start,
                "end": section.end,
                "sentences": section.sentences,
            }
            for section in laid.analysis.sections
        ],
        "origin": None if origin is None else desk.laid[origin[0]].source.slug,
        **as_json(laid.layers),
        "edited": laid.analysis.edited,
    }
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _fields(source: Source) -> dict[str, str]:
    """What front matter or a sidecar says of a source."""
    data = source.data
    known = {
        "title": data.title,
        "publisher": data.publisher,
        "author": data.author,
        "published": data.published.isoformat() if data.published else None,
        "url": data.url,
        "license": data.license,
    }
    return {field: value for field, value in known.items() if value is not None}


def _digests(source: Source) -> dict[str, str]:
    """What the file itself tells: its path, the paths of its copies, its digests."""
    text_digest = hashlib.sha256(source.article.text.encode()).hexdigest()
    copies = {f"same-{n}": path for n, path in enumerate(source.same, 1)}
    return {"path": source.path, **copies, "digest": source.digest, "text-digest": text_digest}


def _card(desk: Desk, i: int) -> tuple[CardRow, ...]:
    source = desk.laid[i].source
    known = _fields(source)
    rows = []
    for field in ("publisher", "author", "published", "url", "license"):
        if field in known:
            href = known[field] if field == "url" and linkable(known[field]) else ""
            rows.append(CardRow(label(f"card.{field}"), (desk.datum(i, field, known[field], href),)))
        elif field in ("publisher", "published", "license"):
            rows.append(CardRow(label(f"card.{field}"), (label("card.unknown"),)))
    rows.append(CardRow(label("card.publish"), (label(f"card.publish.{source.data.publish or 'full'}"),)))
    told = _digests(source)
    rows += [
        CardRow(label(f"card.{field}"), (desk.datum(i, field, told[field]),))
        for field in ("path", "digest", "text-digest")
    ]
    same = tuple(desk.datum(i, field, value) for field, value in told.items() if field.startswith("same-"))
    return (*rows, CardRow(label("card.same"), same)) if same else tuple(rows)


def _rest(desk: Desk, i: int) -> Rest | None:
    """What is not published of a source, where there is such."""
    source = desk.laid[i].source
    if not source.unpublished:
        return None
    href = source.data.url if source.data.url and linkable(source.data.url) else ""
    return Rest(count("more" if href else "unpublished", source.unpublished), href)


def _frame(desk: Desk, i: int, address: str, n: int, total: int, description: str, *, search: bool) -> Frame:
    title = desk.title_text(i)
    return Frame(
        address=paths.paged(address, n),
        title=title,
        description=label(description).text,
        pages=page_links(paths.paged(address, n), address, total, n),
        position=label("paging.page", page=n, pages=total) if total > 1 else None,
        search=search,
    )


def _key_sentences(desk: Desk, i: int, here: str) -> Iterator[tuple[labels.Label, Quote]]:
    for key in SECTION_KEYS:
        if (sentence := first_sentence(desk, i, key)) is not None:
            yield label(f"section.{key}"), desk.repeat(i, sentence, here)


def first_sentence(desk: Desk, i: int, key: SectionKey) -> Span | None:
    """The key sentence of a section, of those that are published."""
    return key_sentence(desk.laid[i].source.article.text, desk.laid[i].analysis.sections, key)


def _sections(
    desk: Desk, i: int, here: str, items: tuple[Item, ...], *, whole: bool, first: bool
) -> Iterator[BriefingSection]:
    sizes = desk.laid[i].sizes
    by_key: dict[SectionKey, list[Item]] = defaultdict(list)
    for item in items:
        by_key[desk.section(i, item.section).key].append(item)
    for key in SECTION_KEYS:
        empty = None
        if not by_key[key]:
            # a further page shows only what stands on it; what the source lacks is said on the first
            if key == "other" or sizes[key] or not (whole or first):
                continue
            unpublished = desk.laid[i].source.unpublished
            empty = label("section.unpublished" if unpublished else f"section.{key}.empty")
        runs = tuple(
            _run(desk, i, here, n, list(group)) for n, group in groupby(by_key[key], key=lambda item: item.section)
        )
        tables = section_tables(desk, i, [item.sentence.start for item in by_key[key]], here)
        yield BriefingSection(key, label(f"section.{key}"), count("sentences", sizes[key]), runs, tables, empty)


def _run(desk: Desk, i: int, here: str, n: int, items: list[Item]) -> Run:
    section = desk.section(i, n)
    paragraphs = tuple(
        paragraph(desk, i, (item.sentence for item in block), here)
        for _, block in groupby(items, key=lambda item: item.block)
    )
    heading = None
    if section.heading is not None:
        href = desk.source_href(i, section.heading.start, here)
        heading = desk.quote("heading", i, section.heading, here, href=href)
    cues = tuple(_cues(desk, i, section, items, here))
    editor = ""
    if section.reason == "editor":
        corrected = Edited("section", section.start, section.end) in desk.laid[i].analysis.edited
        editor = "corrections.yml" if corrected else "sections"
    return Run(label(f"reason.{section.reason}"), heading, cues, paragraphs, editor)


def _cues(desk: Desk, i: int, section: Section, items: list[Item], here: str) -> Iterator[Quote]:
    """The words that decided, each once, from the sentences on this page."""
    text = desk.laid[i].source.article.text
    seen: set[str] = set()
    starts = {item.sentence.start for item in items}
    first = bisect_left(section.cues, (items[0].sentence.start,))
    for cue in section.cues[first : bisect_left(section.cues, (items[-1].sentence.end,))]:
        words = " ".join(text[cue.start : cue.end].split()).casefold()
        evidence = Evidence(i, cue.start, cue.end)
        sentence = desk.sentence_at(evidence)
        if sentence is None or sentence.start not in starts or words in seen or len(seen) == CUES:
            continue
        seen.add(words)
        if (quote := desk.fragment(evidence, here)) is not None:
            yield quote


def _entities(desk: Desk, i: int, items: tuple[Item, ...], here: str) -> tuple[KindGroup, ...]:
    counts = desk.entities_in(i, [item.sentence for item in items])
    groups = []
    for kind in KINDS:
        found = [e for e in counts if desk.corpus.entities[e].kind == kind]
        found.sort(key=lambda e: (-counts[e], desk.corpus.entities[e].name, e))
        if found:
            rows = tuple(desk.row(e, here, count("mentions", counts[e])) for e in found)
            href = paths.link(here, paths.kind_index(kind))
            groups.append(KindGroup(kind, label(f"kinds.{kind}"), href, rows, count("entities", len(found))))
    return tuple(groups)


def _related(desk: Desk, chosen: Sequence[int]) -> Iterator[list[tuple[int, list[int]]]]:
    """For each of the `chosen` sources the others that share entities with it, those that share the rarest first."""
    naming = [sorted({evidence.source for evidence in entity.mentions}) for entity in desk.corpus.entities]
    for i in chosen:
        shared: dict[int, list[int]] = defaultdict(list)
        for e in sorted(set(desk.corpus.linked[i])):
            if len(naming[e]) <= COMMON:
                for other in naming[e]:
                    if other != i:
                        shared[other].append(e)
        weights = {other: sum(720720 // len(naming[e]) for e in entities) for other, entities in shared.items()}
        best = sorted(shared, key=lambda other: (-weights[other], other))[:RELATED]
        yield [(other, sorted(shared[other], key=lambda e: (len(naming[e]), e))[:RELATED]) for other in best]
