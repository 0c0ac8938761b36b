"""The pages that gather articles: home, the index of briefings, the section streams."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from briefbook import paths
from briefbook.compose.articles import first_sentence
from briefbook.compose.desk import Desk
from briefbook.compose.paging import page_links, paginate
from briefbook.escape import size
from briefbook.labels import Label, count, label
from briefbook.model import SECTION_KEYS, SectionKey, Span
from briefbook.views import BriefingIndex, BriefingRow, Excerpt, Frame, Home, KindGroup, Stream

LATEST = 10
"""Briefings on the home page."""
CITED = 6
"""Most-cited entities of each kind on the home page."""
ROW = 900
"""Bytes of a row in the index of briefings, beside its title."""
STREAMS: tuple[SectionKey, ...] = tuple(key for key in SECTION_KEYS if key != "other")


def home(desk: Desk) -> Home:
    """The first page: what is new, and who and what is named most."""
    here = paths.HOME
    latest = []
    for i in range(min(LATEST, len(desk.laid))):
        sentences = (first_sentence(desk, i, key) for key in STREAMS)
        quotes = tuple(desk.repeat(i, sentence, here) for sentence in sentences if sentence is not None)
        latest.append(Excerpt(desk.title_link(i, here), quotes))
    ranked = sorted(
        range(len(desk.corpus.entities)),
        key=lambda e: (
            -len({m.source for m in desk.corpus.entities[e].mentions}),
            -len(desk.corpus.entities[e].mentions),
            e,
        ),
    )
    cited = []
    for kind in paths.FOLDER:
        of_kind = [e for e in ranked if desk.corpus.entities[e].kind == kind]
        rows = tuple(
            desk.row(e, here, count("mentions", len(desk.corpus.entities[e].mentions))) for e in of_kind[:CITED]
        )
        if rows:
            href = paths.link(here, paths.kind_index(kind))
            cited.append(KindGroup(kind, label(f"kinds.{kind}"), href, rows, count("entities", len(of_kind))))
    sentences_in_all = sum(len(laid.briefing_page_of) for laid in desk.laid)
    return Home(
        frame=Frame(here, label("page.home").text, label("page.about.briefings").text),
        counts=(
            (count("briefings", len(desk.laid)), paths.link(here, paths.BRIEFINGS)),
            (count("sentences", sentences_in_all), ""),
            (count("entities", len(desk.corpus.entities)), paths.link(here, paths.ENTITIES)),
            (label("page.corrections"), paths.link(here, paths.CORRECTIONS)),
        ),
        latest=tuple(latest),
        most_cited=tuple(cited),
    )


def briefing_index(desk: Desk) -> Iterator[BriefingIndex]:
    """All briefings, newest first."""
    pages = paginate(range(len(desk.laid)), lambda i: ROW + size(desk.title_text(i)), desk.budget)
    for n, page in enumerate(pages, 1):
        here = paths.paged(paths.BRIEFINGS, n)
        rows = tuple(
            BriefingRow(
                desk.title_link(i, here),
                count("sentences", len(desk.laid[i].briefing_page_of)),
                paths.link(here, paths.source(desk.laid[i].source.slug)),
            )
            for i in page
        )
        yield BriefingIndex(
            frame=series_frame(paths.BRIEFINGS, n, len(pages), label("page.briefings"), label("page.about.briefings")),
            size=count("briefings", len(desk.laid)),
            rows=rows,
        )


def streams(desk: Desk) -> Iterator[Stream]:
    """For each section all that the sources say on it, newest first."""
    for key in STREAMS:
        items: list[tuple[int, Span]] = [
            (i, sentence)
            for i, laid in enumerate(desk.laid)
            for section in laid.analysis.sections
            if section.key == key
            for sentence in section.sentences
        ]
        pages = paginate(items, lambda item: desk.cost(*item), desk.budget)
        for n, page in enumerate(pages, 1):
            here = paths.stream(key, n)
            title, about = label(f"section.{key}"), label(f"section.about.{key}")
            yield Stream(
                frame=series_frame(paths.stream(key), n, len(pages), title, about),
                key=key,
                title=title,
                about=about,
                size=count("sentences", len(items)),
                excerpts=tuple(
                    Excerpt(
                        desk.title_link(i, here),
                        tuple(desk.repeat(i, s, here, anchor=_anchor(desk, i, s)) for _, s in group),
                    )
                    for i, group in groupby(page, key=lambda item: item[0])
                ),
            )


def _anchor(desk: Desk, i: int, sentence: Span) -> str:
    return f"{desk.laid[i].source.slug}-{paths.anchor(sentence.start)}"


def series_frame(address: str, n: int, total: int, title: Label, about: Label, *, search: bool = True) -> Frame:
    """The frame of page `n` of `total` of a list."""
    here = paths.paged(address, n)
    position = label("paging.page", page=n, pages=total) if total > 1 else None
    return Frame(here, title.text, about.text, page_links(here, address, total, n), position, search)
