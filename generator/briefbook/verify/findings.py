"""What the pages show, gathered page by page for the checks of the site as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from briefbook.model import Span


class Shown(NamedTuple):
    """A sentence or heading on a page, as its own body (`where` is the element, for messages)."""

    page: str
    where: str
    style: str
    span: Span


class Link(NamedTuple):
    """A repeat's or fragment's link to the sentence it repeats."""

    where: str
    source: str
    sentence: Span
    target: str


@dataclass(slots=True)
class Findings:
    """What the pages show, gathered for the checks of the site as a whole."""

    bodies: dict[str, list[Shown]] = field(default_factory=dict)
    """Body sentences by source, in the order of the pages."""
    texts: dict[str, list[Shown]] = field(default_factory=dict)
    """Sentences and headings of the frozen source pages, by source."""
    streams: dict[str, list[tuple[str, Span]]] = field(default_factory=dict)
    """(source, sentence) by section."""
    proofs: list[Link] = field(default_factory=list)
    listed: list[tuple[str, str]] = field(default_factory=list)
    """(page, briefing that the index of briefings lists there)."""
    links: dict[str, set[str]] = field(default_factory=dict)
    """The files that a page's content leads to."""
    names: dict[str, set[str]] = field(default_factory=dict)
    """The names under which pages lead to a page of an entity."""
    headings: dict[str, str] = field(default_factory=dict)
    """The main heading of each page of an entity."""
    quotations: int = 0
