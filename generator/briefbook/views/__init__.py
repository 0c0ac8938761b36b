"""The view models: what each page shows, in the order in which it shows it. Frozen, and free of markup.

Everything with text is a `Quote`, a `NameRef`, a `Datum`, a `Label` or an `EditorWord`: the five things that may stand
on a page. `href` is always relative to the page that shows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from briefbook.labels import Label
from briefbook.model import Kind, SectionKey
from briefbook.views.evidence import (
    Cell,
    Datum,
    EditorWord,
    Heading,
    NameRef,
    Part,
    Quote,
    QuoteStyle,
    Said,
    Shown,
    Table,
)

__all__ = [
    "Cell",
    "Datum",
    "EditorWord",
    "Heading",
    "NameRef",
    "Part",
    "Quote",
    "QuoteStyle",
    "Said",
    "Shown",
    "Table",
]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to one page of a paged series."""

    label: Label
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page has: address, front matter, its place in a series, whether the search finds it."""

    address: str
    title: str
    description: str
    pages: tuple[PageLink, ...] = ()
    position: Label | None = None
    search: bool = True


@dataclass(frozen=True, slots=True)
class TitleLink:
    """A briefing as other pages name it: its title, its date, the pages it has."""

    source: str
    heading: Heading
    date: Datum | Label
    href: str
    pages: tuple[PageLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences of one block of the text, or one heading of it."""

    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Paragraphs of one section of an article: under which of its headings they stand, and why here."""

    reason: Label
    heading: Quote | None
    cues: tuple[Quote, ...]
    paragraphs: tuple[tuple[Said, ...], ...]
    editor: str = ""
    """Where an editor said that it stands here, if one did."""


@dataclass(frozen=True, slots=True)
class BriefingSection:
    """One of the four parts of a briefing; `empty` says so where the source has nothing for it."""

    key: SectionKey
    title: Label
    size: Label
    runs: tuple[Run, ...]
    tables: tuple[Table, ...]
    empty: Label | None = None


@dataclass(frozen=True, slots=True)
class CardRow:
    """A line of the source card: what it is, and its value, or that it is not stated."""

    label: Label
    values: tuple[Datum | Label, ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """How many sentences of a source are not published, and the address at which they stand ("" for none)."""

    count: Label
    href: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Since when a source differs from its first form (or is withdrawn), and what an editor says of it."""

    since: Label
    words: EditorWord


@dataclass(frozen=True, slots=True)
class KindGroup:
    """Entities of one kind."""

    kind: Kind
    title: Label
    href: str
    rows: tuple[EntityRow, ...]
    size: Label


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity in a list: its name and how often it is mentioned, or (an alias) what it leads to."""

    name: Shown
    count: Label | None
    pages: tuple[PageLink, ...] = ()
    leads_to: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """Another briefing, and the entities that both name."""

    title: TitleLink
    shared: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class SameText:
    """Other sources with the same text as this one, and how many more there are."""

    titles: tuple[TitleLink, ...]
    more: Label | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """The page (or one page of several) made of one article."""

    frame: Frame
    heading: Heading
    date: Datum | Label
    key_sentences: tuple[tuple[Label, Quote], ...]
    same_text: SameText | None
    sections: tuple[BriefingSection, ...]
    tables: tuple[Table, ...]
    entities: tuple[KindGroup, ...]
    card: tuple[CardRow, ...]
    rest: Rest | None
    corrected: Correction | None
    source_href: str
    related: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class FrozenSource:
    """The stored source (or one page of it): its text with an anchor for every sentence."""

    frame: Frame
    source: str
    heading: Heading
    briefing_href: str
    text_href: str
    json_href: str
    card: tuple[CardRow, ...]
    rest: Rest | None
    corrected: Correction | None
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What one article says in one place: its title and date, and the sentences."""

    title: TitleLink
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Stream:
    """What all articles say on one section, newest first (or one page of it)."""

    frame: Frame
    key: SectionKey
    title: Label
    about: Label
    size: Label
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class DossierSection:
    """An entity's mentions in one section of the briefings."""

    key: SectionKey
    title: Label
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class SaidExcerpt:
    """What an entity says in one article: its title and date, and each statement."""

    title: TitleLink
    statements: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A name of an entity and the sentence that shows it (none where an editor gave it)."""

    name: Shown
    shown_by: Quote | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """The page (or one page of several) of one entity."""

    frame: Frame
    kind: Kind
    kind_label: Label
    kind_href: str
    name: Shown
    mentions: Label
    sources: Label
    aliases: tuple[AliasRow, ...]
    roles: tuple[Quote, ...]
    said: tuple[SaidExcerpt, ...]
    sections: tuple[DossierSection, ...]
    together: tuple[EntityRow, ...]
    same_as: tuple[EditorWord, ...]
    coordinates: EditorWord | None
    same_name: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class AliasPage:
    """A small page at an alias's address: the dossiers it leads to."""

    frame: Frame
    kind_label: Label
    name: Shown
    leads_to: tuple[EntityRow, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The entities under one letter of an index."""

    label: Label
    anchor: str
    rows: tuple[EntityRow, ...]


@dataclass(frozen=True, slots=True)
class KindIndex:
    """The index of one kind of entity, A to Z (or one page of it)."""

    frame: Frame
    kind: Kind
    title: Label
    size: Label
    bar: tuple[PageLink, ...]
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class BriefingRow:
    """A briefing in the index: title, date, size, stored source."""

    title: TitleLink
    size: Label
    source_href: str


@dataclass(frozen=True, slots=True)
class BriefingIndex:
    """All briefings by date (or one page of them)."""

    frame: Frame
    size: Label
    rows: tuple[BriefingRow, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview of all kinds of entities."""

    frame: Frame
    groups: tuple[KindGroup, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """What is new: the latest briefings with their key sentences, and the most-cited entities."""

    frame: Frame
    counts: tuple[tuple[Label, str], ...]
    latest: tuple[Excerpt, ...]
    most_cited: tuple[KindGroup, ...]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left at the addresses of a withdrawn source: that it is, since when, and why."""

    frame: Frame
    withdrawn: Correction
    corrections_href: str


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """A corrected source in the list: its briefing and the correction."""

    title: TitleLink
    correction: Correction


@dataclass(frozen=True, slots=True)
class WithdrawnRow:
    """A withdrawn source in the list, and the two addresses at which its tombstone stands."""

    withdrawn: Correction
    briefing_href: str
    source_href: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """All withdrawn and corrected sources, newest first (or one page of them)."""

    frame: Frame
    rows: tuple[CorrectedRow | WithdrawnRow, ...]


View = (
    Home
    | BriefingIndex
    | Briefing
    | FrozenSource
    | Stream
    | Overview
    | KindIndex
    | Dossier
    | AliasPage
    | Tombstone
    | Corrections
)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file published as it is: a source's text, its spans, the catalog of labels."""

    address: str
    text: str
