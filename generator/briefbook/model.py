"""The types of Briefbook, and nothing else: frozen values handed from stage to stage.

Every offset is a half-open character offset into `Article.text`. A `Span` of the text is the only evidence there is;
whatever stands on a page is either such a span, source data, a label, or marked as an editor's word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, get_args

Kind = Literal["person", "organization", "unit", "place", "event", "document", "equipment"]
"""What an entity is. A unit is a military formation below an armed service."""
KINDS: tuple[Kind, ...] = get_args(Kind)

SectionKey = Literal["front-status", "strategic-context", "negotiations", "other"]
"""The parts of a briefing; `other` takes what fits none of the three."""
SECTION_KEYS: tuple[SectionKey, ...] = get_args(SectionKey)

ReasonKey = Literal["editor", "heading", "lede", "cues", "position", "furniture", "none"]
"""Why a section's text stands where it stands; `labels.yml` words each for the reader."""

BlockKind = Literal["title", "heading", "paragraph", "item", "row", "caption", "dateline", "byline"]
"""What a block of the text is. All but `title` and `heading` hold sentences."""

Publish = Literal["full", "quotes", "none"]
"""How much of a source may be published."""


class Span(NamedTuple):
    """A stretch of an article's text, `text[start:end]`."""

    start: int
    end: int


class Block(NamedTuple):
    """A block of the text: a title, heading, paragraph, list item, table row, caption, date line or byline."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """The readable text of a source and its blocks.

    Blocks stand in order and do not overlap; between them the text has white space alone. A block begins and ends with
    a character that is not white space. At most one block is the title, and it is the first. Front matter or a sidecar
    may give another title, which is then the one shown.
    """

    text: str
    blocks: tuple[Block, ...]

    @property
    def title(self) -> Span | None:
        """The span of the title, where the text has one."""
        if self.blocks and self.blocks[0].kind == "title":
            return Span(self.blocks[0].start, self.blocks[0].end)
        return None


class Withdrawn(NamedTuple):
    """That a source was taken down, in an editor's words; its text is published nowhere."""

    reason: str
    date: date


class Corrected(NamedTuple):
    """That a source has differed from its first form since a day, in an editor's words."""

    note: str
    date: date


@dataclass(frozen=True, slots=True)
class SourceData:
    """What front matter or a sidecar says of a source; what they leave out is None, never guessed."""

    title: str | None = None
    published: date | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    license: str | None = None
    publish: Publish | None = None
    """None where nobody has said it, which counts as `full` everywhere but for deploying."""
    withdrawn: Withdrawn | None = None
    corrected: Corrected | None = None
    slug: str | None = None
    sections: tuple[tuple[str, SectionKey], ...] = ()
    """(heading of this article, section it belongs to), as an editor decided."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file in the seeds folder, its digest, what is known of it, and its article."""

    path: str
    """Relative to the seeds folder, with forward slashes."""
    same: tuple[str, ...]
    """Other files with the same text and publisher, which have no briefing of their own."""
    digest: str
    """SHA-256 of the file's bytes, in hexadecimal."""
    slug: str
    data: SourceData
    article: Article
    unpublished: int = 0
    """Sentences that may not be published; their characters are blank in `article`."""
    whole_digest: str = ""
    """SHA-256 of the text before anything in it was blanked; "" where nothing was."""


class Name(NamedTuple):
    """A name as the recognizer reads it: a span and its kind, before the document pass."""

    start: int
    end: int
    kind: Kind


class Mention(NamedTuple):
    """A span that names an entity; `entity` is an index into `Analysis.entities`."""

    start: int
    end: int
    kind: Kind
    entity: int
    rule: str
    """What decided it: `model`, or the rule of the document pass that added or changed it."""


@dataclass(frozen=True, slots=True)
class ArticleEntity:
    """An entity as one article names it.

    `mentions` are indexes into `Analysis.mentions`; `fullest` is the one whose text is its display name.
    """

    kind: Kind
    fullest: int
    mentions: tuple[int, ...]


class Role(NamedTuple):
    """Words of the source that say what an entity is ("commander of the Khaki Brigade"), within one sentence."""

    start: int
    end: int
    entity: int


@dataclass(frozen=True, slots=True)
class Section:
    """A run of blocks routed to one heading of the briefing, and why.

    `sentences` are whole and in order. `heading` is the article's own heading above the run, where there is one.
    `cues` are the words that decided, where words did.
    """

    key: SectionKey
    reason: ReasonKey
    heading: Span | None
    start: int
    end: int
    sentences: tuple[Span, ...]
    cues: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is read out of one article. Each sentence of the article stands in exactly one section."""

    sections: tuple[Section, ...]
    mentions: tuple[Mention, ...]
    entities: tuple[ArticleEntity, ...]
    roles: tuple[Role, ...]

    @property
    def sentences(self) -> tuple[Span, ...]:
        """Every sentence, in the order of the text."""
        return tuple(sorted(sentence for section in self.sections for sentence in section.sentences))


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """What an editor knows of an entity (one entry of `entities.yml`)."""

    id: str
    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    coordinates: tuple[float, float] | None = None
    same_as: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    only_in: tuple[str, ...] = ()
    line: int = 0


class Evidence(NamedTuple):
    """A span of one source of the corpus; `source` is an index into `Corpus.sources`."""

    source: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Alias:
    """A surface an entity is named by, and the first mention that shows it."""

    text: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity across articles: one page in the index of its kind.

    `name` is the display name: of `fullest`, or the editor's where `entry` is set. `aliases` are all its surfaces,
    fullest first. `mentions` and `roles` stand in the order of the corpus (newest source first, then by offset).
    """

    slug: str
    kind: Kind
    name: str
    fullest: Evidence
    aliases: tuple[Alias, ...]
    mentions: tuple[Evidence, ...]
    roles: tuple[Evidence, ...]
    entry: RegistryEntry | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything the pages are made of: sources newest first (undated last), their analyses, the entities.

    `linked[i][j]` is the index in `entities` of mention `j` of source `i`.
    """

    sources: tuple[Source, ...]
    analyses: tuple[Analysis, ...]
    entities: tuple[Entity, ...]
    linked: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person must mend: where it is, what is wrong, how to mend it."""

    where: str
    """File (and line) in the seeds, or page and element on the site."""
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class Page(NamedTuple):
    """A file of the generated site before the engine runs: path below `docs/`, with forward slashes, and its text."""

    path: str
    text: str
