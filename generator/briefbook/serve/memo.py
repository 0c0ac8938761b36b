"""What a round of the preview need not do again. Each is a pure memo: with it or without it, the pages are the same."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from briefbook.cache import Cache
from briefbook.model import Analysis, Page
from briefbook.render import render
from briefbook.views import Asset, View


class Analyses(Cache):
    """The cache on disk, with the analyses of the last round kept in memory."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder)
        self._known: dict[str, Analysis] = {}
        self._used: dict[str, Analysis] = {}

    def get(self, key: str) -> Analysis | None:
        """As `Cache.get`."""
        analysis = self._known.get(key) or super().get(key)
        if analysis is not None:
            self._used[key] = analysis
        return analysis

    def put(self, key: str, analysis: Analysis) -> None:
        """As `Cache.put`."""
        super().put(key, analysis)
        self._used[key] = analysis

    def forget_unused(self) -> None:
        """Keep in memory only what was asked for since the last call."""
        self._known, self._used = self._used, {}


class Rendered:
    """`render`, run only for the views that were not among those of the last call."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[View | Asset, Page]] = {}
        """The view at each address and what was made of it; views are compared, for hashing one takes longer."""

    def __call__(self, views: Iterable[View | Asset]) -> list[Page]:
        """The file of each view, in the order given; a view as it was gives the very same object."""
        listed = list(views)
        known = [self._page(view) for view in listed]
        fresh = iter(render(view for view, page in zip(listed, known, strict=True) if page is None))
        pages = [next(fresh) if page is None else page for page in known]
        self._known = {_address(view): (view, page) for view, page in zip(listed, pages, strict=True)}
        return pages

    def _page(self, view: View | Asset) -> Page | None:
        before, page = self._known.get(_address(view), (None, None))
        return page if before == view else None


def _address(view: View | Asset) -> str:
    return view.address if isinstance(view, Asset) else view.frame.address
