"""What was taken down or put right: tombstones, and the list of both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

from briefbook import paths
from briefbook.compose.desk import Desk
from briefbook.compose.paging import page_links, paginate
from briefbook.escape import size
from briefbook.labels import label
from briefbook.model import Source
from briefbook.views import Asset, CorrectedRow, Correction, Corrections, EditorWord, Frame, Tombstone, WithdrawnRow

ROW = 1200
"""Bytes of a row in the list, beside title and words."""


def correction(source: Source) -> Correction | None:
    """Since when a corrected source differs, and what the editors say of it."""
    corrected = source.data.corrected
    if corrected is None:
        return None
    return Correction(label("corrected.since", date=corrected.date.isoformat()), EditorWord(corrected.note))


def tombstones(withdrawn: Sequence[Source]) -> Iterator[Tombstone]:
    """The two pages that stand where a withdrawn source stood."""
    for source in withdrawn:
        for here in (paths.briefing(source.slug), paths.source(source.slug)):
            yield Tombstone(
                frame=Frame(here, label("page.withdrawn").text, label("page.about.withdrawn").text, search=False),
                withdrawn=_withdrawal(source),
                corrections_href=paths.link(here, paths.CORRECTIONS),
            )


def corrections(desk: Desk, withdrawn: Sequence[Source]) -> Iterator[Corrections]:
    """The list of all that was withdrawn or corrected, the latest first."""
    items: list[tuple[date, str, int | None, Source]] = []
    for source in withdrawn:
        assert source.data.withdrawn is not None
        items.append((source.data.withdrawn.date, source.slug, None, source))
    for i, laid in enumerate(desk.laid):
        if laid.source.data.corrected is not None:
            items.append((laid.source.data.corrected.date, laid.source.slug, i, laid.source))
    items.sort(key=lambda item: (-item[0].toordinal(), item[1]))
    pages = paginate(items, lambda item: _cost(desk, item[2], item[3]), desk.budget)
    for n, page in enumerate(pages, 1):
        here = paths.paged(paths.CORRECTIONS, n)
        yield Corrections(
            frame=Frame(
                here,
                label("page.corrections").text,
                label("page.about.corrections").text,
                page_links(here, paths.CORRECTIONS, len(pages), n),
                label("paging.page", page=n, pages=len(pages)) if len(pages) > 1 else None,
            ),
            rows=tuple(_row(desk, i, source, here) for _, _, i, source in page),
        )


def withdrawn_json(withdrawn: Sequence[Source]) -> Asset:
    """The withdrawn sources by slug, in one canonical form, for whoever checks the tombstones."""
    record = {
        source.slug: {"reason": source.data.withdrawn.reason, "date": source.data.withdrawn.date.isoformat()}
        for source in withdrawn
        if source.data.withdrawn is not None
    }
    return Asset("withdrawn.json", json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _withdrawal(source: Source) -> Correction:
    withdrawn = source.data.withdrawn
    assert withdrawn is not None
    return Correction(label("withdrawn.since", date=withdrawn.date.isoformat()), EditorWord(withdrawn.reason))


def _row(desk: Desk, i: int | None, source: Source, here: str) -> CorrectedRow | WithdrawnRow:
    if i is None:
        to_briefing, to_source = (paths.link(here, there(source.slug)) for there in (paths.briefing, paths.source))
        return WithdrawnRow(_withdrawal(source), to_briefing, to_source)
    corrected = correction(source)
    assert corrected is not None
    return CorrectedRow(desk.title_link(i, here), corrected)


def _cost(desk: Desk, i: int | None, source: Source) -> int:
    words = source.data.withdrawn.reason if source.data.withdrawn else ""
    if i is not None:
        words = desk.title_text(i) + (source.data.corrected.note if source.data.corrected else "")
    return ROW + size(words)
