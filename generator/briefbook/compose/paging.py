"""How long pages are cut: by a budget of bytes, so that no page of the site grows without bound."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isqrt
from typing import TypeVar

from briefbook import paths
from briefbook.labels import label
from briefbook.views import PageLink

T = TypeVar("T")

ALL = 30
"""A series of so many pages has links from each to all: about 3 kB on each page."""


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
    """Links from the page `here` to pages of the series at `address`; none where it has one page.

    To every page where these are `ALL` or fewer. In a longer series, where all pages with links to all would be
    quadratic, to every k-th page, k being the square root of their number, and to those up to k away from `current`:
    from any page, and from a list that names the series, every other is two steps away.
    """
    if pages == 1:
        return ()
    shown: Iterable[int] = range(1, pages + 1)
    if pages > ALL:
        step = isqrt(pages - 1) + 1
        near = range(max(1, current - step), min(pages, current + step) + 1) if current else ()
        shown = sorted({*range(1, pages + 1, step), *near, pages})
    return tuple(
        PageLink(label("paging.number", page=n), paths.link(here, paths.paged(address, n)), n == current) for n in shown
    )
