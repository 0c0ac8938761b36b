"""What editors put right in the reading of one source (`corrections.yml`): frozen values, as they are read.

Every correction names its place by the exact words of the source, so that it survives another reading of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from briefbook.model import Kind, Layer, Mode, Relation, SectionKey, StatementKind

OWN = "own"
"""In place of an entity's name: an entity of its own, kept apart from all others of the article."""
NONE = "none"
"""In place of a value: that there is none."""
RELATIONS: dict[str, Relation] = {"exactly": "=", "about": "~", "at least": ">", "at most": "<", "range": "range"}
"""How a figure's relation is written, for YAML has a meaning of its own for the signs."""
ALL = 0
"""For `Correction.nth`: every occurrence."""


@dataclass(frozen=True, slots=True)
class MentionEdit:
    """That the words name an entity, or (with `remove`) that they name none; what is None stays as it is read."""

    kind: Kind | None = None
    entity: str | None = None
    remove: bool = False


@dataclass(frozen=True, slots=True)
class StatementEdit:
    """That the words are a statement, or (with `remove`) none; fields that are not in `given` stay as they are read."""

    given: frozenset[str] = frozenset()
    speaker: tuple[str, ...] = ()
    """Names of entities, or the source's own words; none where nobody is named."""
    words: str | None = None
    """The words of the source that name the speaker, where they are not the name."""
    cue: str | None = None
    kind: StatementKind | None = None
    mode: Mode | None = None
    remove: bool = False


@dataclass(frozen=True, slots=True)
class FigureEdit:
    """That the words are a figure, or (with `remove`) none; fields that are not in `given` stay as they are read."""

    given: frozenset[str] = frozenset()
    value: float | None = None
    high: float | None = None
    relation: Relation | None = None
    what: str | None = None
    remove: bool = False


@dataclass(frozen=True, slots=True)
class SectionEdit:
    """That the paragraph of the words belongs to a section of the briefing."""

    key: SectionKey


Edit = MentionEdit | StatementEdit | FigureEdit | SectionEdit
_LAYERS: dict[type[Edit], Layer] = {
    MentionEdit: "mention",
    StatementEdit: "statement",
    FigureEdit: "figure",
    SectionEdit: "section",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of `corrections.yml`."""

    source: str
    """Path of the article below the seeds folder."""
    quote: str
    """Words of the source, white space squeezed."""
    nth: int
    """Which of their occurrences, from 1; `ALL` for every one."""
    edit: Edit
    where: str
    """File and line of the entry, for messages."""

    @property
    def layer(self) -> Layer:
        """What of the reading it puts right."""
        return _LAYERS[type(self.edit)]
