"""Corpus -> views: what every page shows. Pure, and in an order that depends on the corpus alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from briefbook import labels
from briefbook.compose.articles import assets, briefings, sources
from briefbook.compose.corrections import corrections, tombstones, withdrawn_json
from briefbook.compose.desk import Desk
from briefbook.compose.entities import aliases, dossier_lengths, dossiers, indexes, overview
from briefbook.compose.lists import briefing_index, home, streams
from briefbook.compose.origins import groups
from briefbook.model import Corpus, Source
from briefbook.views import Asset, View


def compose(corpus: Corpus, *, page_bytes: int, withdrawn: Sequence[Source] = ()) -> Iterator[View | Asset]:
    """Every page and file of the site but its hand-written ones; `page_bytes` is the content a page may hold.

    Of the `withdrawn` sources nothing is shown but their addresses and why they are withdrawn.
    """
    desk = replace(Desk.of(corpus, page_bytes), origins=groups(corpus.origins))
    desk = replace(desk, dossier_pages=dossier_lengths(desk))
    yield home(desk)
    yield from briefing_index(desk)
    everyone = range(len(desk.laid))
    yield from briefings(desk, everyone)
    yield from sources(desk, everyone)
    yield from streams(desk)
    yield overview(desk)
    yield from indexes(desk)
    yield from dossiers(desk)
    yield from aliases(desk)
    yield from tombstones(withdrawn)
    yield from corrections(desk, withdrawn)
    yield from assets(desk, everyone)
    yield Asset("labels.json", labels.published())
    yield withdrawn_json(withdrawn)


def compose_articles(corpus: Corpus, slugs: Collection[str], *, page_bytes: int) -> Iterator[View | Asset]:
    """Of what `compose` gives, the pages and files of the sources of these `slugs` alone, in the same order."""
    desk = replace(Desk.of(corpus, page_bytes), origins=groups(corpus.origins))
    chosen = [i for i, source in enumerate(corpus.sources) if source.slug in slugs]
    yield from briefings(desk, chosen)
    yield from sources(desk, chosen)
    yield from assets(desk, chosen)
