"""How long pages are cut: by a budget of bytes, so that no page of the site grows without bound."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from briefbook import paths
from briefbook.labels import label
from briefbook.views import PageLink

T = TypeVar("T")


def paginate(items: Iterable[T], cost: Callable[[T], int], budget: int, *, first: int = 0) -> tuple[tuple[T, ...], ...]:
    """`items` in pages, each as full as `budget` allows; `first` is what the first page holds beside them.

    Costs and budget are in bytes. There is always at least one page; an item over the budget has a page of its own.
    """
    pages: list[list[T]] = [[]]
    used = first
    for item in items:
        size = cost(item)
        if used + size > budget and (pages[-1] or used > first):
            pages.append([])
            used = 0
        pages[-1].append(item)
        used += size
    return tuple(map(tuple, pages))


def page_links(here: str, address: str, pages: int, current: int | None = None) -> tuple[PageLink, ...]:
    """Links from the page `here` to every page of the series at `address`; none where it has one page."""
    if pages == 1:
        return ()
    return tuple(
        PageLink(label("paging.number", page=n), paths.link(here, paths.paged(address, n)), n == current)
        for n in range(1, pages + 1)
    )
