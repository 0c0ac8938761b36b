"""Corpus -> views: what every page shows. Pure, and in an order that depends on the corpus alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from briefbook.compose.articles import assets, briefings, sources
from briefbook.compose.corrections import corrections, tombstones, withdrawn_json
from briefbook.compose.desk import Desk
from briefbook.compose.entities import aliases, dossier_lengths, dossiers, indexes, overview
from briefbook.compose.lists import briefing_index, home, streams
from briefbook.compose.origins import groups
from briefbook.model import Corpus, Source
from briefbook.views import Asset, View


def compose(
    corpus: Corpus, *, page_bytes: int, withdrawn: Sequence[Source] = (), origins: Sequence[int] = ()
) -> Iterator[View | Asset]:
    """Every page and file of the site but its hand-written ones; `page_bytes` is the content a page may hold.

    `origins` has a number for each source of the corpus, the same for those of one text (see `origins.groups`). Of the
    `withdrawn` sources nothing is shown but their addresses and why they are withdrawn.
    """
    desk = replace(Desk.of(corpus, page_bytes), origins=groups(origins))
    desk = replace(desk, dossier_pages=dossier_lengths(desk))
    yield home(desk)
    yield from briefing_index(desk)
    yield from briefings(desk)
    yield from sources(desk)
    yield from streams(desk)
    yield overview(desk)
    yield from indexes(desk)
    yield from dossiers(desk)
    yield from aliases(desk)
    yield from tombstones(withdrawn)
    yield from corrections(desk, withdrawn)
    yield from assets(desk)
    yield withdrawn_json(withdrawn)
