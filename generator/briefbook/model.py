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

ReasonKey = Literal["editor", "heading", "lede", "model", "furniture", "none"]
"""Why a section's text stands where it stands; `labels.yml` words each for the reader."""

Mode = Literal["direct", "mixed", "indirect"]
"""How a statement is worded: quoted whole, quoted in part, or retold."""
MODES: tuple[Mode, ...] = get_args(Mode)

StatementKind = Literal["claim", "denial", "demand", "promise", "question", "other"]
"""What a statement does; `other` are wishes, thanks, jokes and the like."""
STATEMENT_KINDS: tuple[StatementKind, ...] = get_args(StatementKind)

Voice = Literal["reporter", "attributed", "quoted"]
"""Who says a sentence: the article itself, somebody it names as the source, or somebody in their own words."""

Relation = Literal["=", "~", ">", "<", "range"]
"""How a figure's number is meant: exactly, about, at least or more than, at most or less than, from one to another."""

Precision = Literal["day", "week", "month", "season", "year", "decade", "century"]
"""How exactly the words of a date expression tell a time."""

Rung = Literal[
    "almost-no-chance", "very-unlikely", "unlikely", "roughly-even", "likely", "very-likely", "almost-certain"
]
"""Rungs of the ladder of likelihood in ICD 203 (Analytic Standards, US Director of National Intelligence, 2015)."""

HedgeKind = Literal["likelihood", "belief", "hearsay", "intent"]
"""What a hedge changes a sentence by: how likely, somebody's belief, hearsay, or what is only planned."""

Happening = Literal["taken", "lost", "reclaimed", "encircled", "struck", "contested"]
"""What is said to have happened to a place, as seen from the side that is named as doing it."""

Layer = Literal["mention", "statement", "figure", "section"]
"""What an editor can put right in the reading of a source."""

PositionKind = Literal["position", "demand", "condition", "offer", "refusal"]
"""What a party to a negotiation is said to hold."""

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
    entry: str = ""
    """Id of the registry's entry that it is, where an editor said so of its mentions."""


class Role(NamedTuple):
    """Words of the source that say what an entity is ("commander of the Khaki Brigade"), within one sentence."""

    start: int
    end: int
    entity: int


class Statement(NamedTuple):
    """Who says what: the span of the content, without its quotation marks, cue and "that"."""

    start: int
    end: int
    mode: Mode
    kind: StatementKind
    speaker: Span | None
    """The words that name the source; None where the article names none."""
    cue: Span | None
    """The reporting words."""
    entity: int | None
    """Index into `Analysis.entities` of the speaker, where the article makes clear who it is."""
    rule: str
    """What decided who the speaker is."""


class Figure(NamedTuple):
    """A quantity: the span of its number with its unit, and what is counted."""

    start: int
    end: int
    value: float | None
    """The number, of a range its lower end; None where the words give none ("dozens")."""
    high: float | None
    """The upper end of a range."""
    relation: Relation
    what: Span | None


class DateExpression(NamedTuple):
    """Words that tell a time, and the days they stand for, both included."""

    start: int
    end: int
    first: date | None
    last: date | None
    """None where the words alone, and the day of publication, do not tell."""
    precision: Precision
    inferred: bool
    """Whether the day of publication was needed to tell ("on Tuesday")."""


class Hedge(NamedTuple):
    """Words that say how sure a sentence is."""

    start: int
    end: int
    kind: HedgeKind
    rung: Rung | None
    """Its rung in ICD 203, for the words that have one there."""


class PlaceReport(NamedTuple):
    """What is said to have happened to a place, and which side is said to have done it; each part a span."""

    place: Span
    what: Span
    happening: Happening
    side: Span | None


class Reply(NamedTuple):
    """A statement that answers another: the spans of both contents."""

    claim: Span
    answer: Span


class Position(NamedTuple):
    """What a party holds in a negotiation: the words that name the party, and what it holds."""

    party: Span
    content: Span
    kind: PositionKind


class Edited(NamedTuple):
    """A span that an editor has the word on in one layer: what is read there, or that nothing is, is theirs."""

    layer: Layer
    start: int
    end: int


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
    statements: tuple[Statement, ...] = ()
    figures: tuple[Figure, ...] = ()
    dates: tuple[DateExpression, ...] = ()
    hedges: tuple[Hedge, ...] = ()
    places: tuple[PlaceReport, ...] = ()
    replies: tuple[Reply, ...] = ()
    positions: tuple[Position, ...] = ()
    edited: tuple[Edited, ...] = ()

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


class Copy(NamedTuple):
    """A sentence of a source that stands, word for word or nearly so, in an older source too."""

    source: int
    start: int
    end: int
    older: Evidence
    """The sentence there."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything the pages are made of: sources newest first (undated last), their analyses, the entities.

    `linked[i][j]` is the index in `entities` of mention `j` of source `i`. `origins[i]` is the oldest source that has
    the text of source `i`, `i` itself where no older one has it: sources of one origin are one in every count. `copies`
    are the sentences that a source shares with an older one, of one origin or not, in the order of the corpus.
    """

    sources: tuple[Source, ...]
    analyses: tuple[Analysis, ...]
    entities: tuple[Entity, ...]
    linked: tuple[tuple[int, ...], ...]
    origins: tuple[int, ...] = ()
    copies: tuple[Copy, ...] = ()


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
