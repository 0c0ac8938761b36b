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
        self._known: dict[View | Asset, Page] = {}

    def __call__(self, views: Iterable[View | Asset]) -> list[Page]:
        """The file of each view, in the order given; a view as it was gives the very same object."""
        listed = list(views)
        missing = [view for view in listed if view not in self._known]
        fresh = dict(zip(missing, render(missing), strict=True))
        pages = [self._known.get(view) or fresh[view] for view in listed]
        self._known = dict(zip(listed, pages, strict=True))
        return pages
