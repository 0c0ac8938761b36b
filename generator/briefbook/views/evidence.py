"""What may stand on a page: the five kinds of text, and what is put together of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from briefbook.labels import Label
from briefbook.model import Voice

QuoteStyle = Literal["body-sentence", "source-sentence", "repeat", "fragment", "title", "heading"]


class Part(NamedTuple):
    """A stretch of a quotation: plain, or a mention that leads to a dossier, or marked as what the page is about."""

    text: str
    href: str = ""
    mark: bool = False
    editor: bool = False
    """Whether an editor decided that it is a mention, or of what."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: a span of a source, its text in parts, and where its proof is.

    `anchor` is the element's id ("" for none); `href` leads to the same span on the frozen source page (from a
    briefing), or to the sentence in the briefing (from anywhere else).
    """

    style: QuoteStyle
    source: str
    start: int
    end: int
    parts: tuple[Part, ...]
    anchor: str = ""
    href: str = ""
    publisher_href: str = ""
    voice: Voice | None = None
    """Whose voice a body sentence is."""

    @property
    def editor(self) -> bool:
        """Whether an editor decided on a mention in it."""
        return any(part.editor for part in self.parts)


@dataclass(frozen=True, slots=True)
class NameRef:
    """An entity's display name (or an alias), the mention it is read from, and the address it leads to."""

    text: str
    source: str
    start: int
    end: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class EditorWord:
    """Words an editor wrote, shown as such."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Datum:
    """A field of source data."""

    source: str
    field: str
    text: str
    href: str = ""


Shown = NameRef | EditorWord
Heading = Quote | Datum
Cell = tuple[Quote | Shown | Label, ...]
"""What stands in a cell of a table, or names who says something. Its quotations are fragments that are links."""


@dataclass(frozen=True, slots=True)
class Said:
    """Consecutive sentences of a paragraph with one mark: whose voice they are, who says them, in which words."""

    voice: Label
    sayers: tuple[Cell, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what it is, its columns, its rows with a cell for each. One under a heading has no title."""

    name: str
    title: Label | None
    columns: tuple[Label, ...]
    rows: tuple[tuple[Cell, ...], ...]
