"""Mentions and entities of one article with an editor's corrections in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from briefbook import forms
from briefbook.correct.quoted import Quoted
from briefbook.display import display_name
from briefbook.edits import OWN, MentionEdit
from briefbook.model import KINDS, Analysis, ArticleEntity, Kind, Mention, Problem, RegistryEntry, Role, Span
from briefbook.naming import entity_names

EDITOR = "editor"
"""The `rule` of what an editor decided."""

NOTHING_THERE = "nothing is read here that could be taken out; the entry has no effect and can go"

Group = tuple[str, Hashable]
"""What the mentions of one entity share: the entity they were read as, a name, or an entry of the registry."""


class Placed(NamedTuple):
    """A correction of a mention, and the span it is about."""

    span: Span
    edit: MentionEdit
    where: str
    every: bool = False
    """Whether it is about every occurrence of the words: one within a longer name is left alone then."""


class Fault(Exception):
    """A correction cannot be applied; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A mention on its way; `old` is its index as it was read, None for one that an editor added."""

    start: int
    end: int
    kind: Kind
    rule: str
    group: Group
    name: str
    old: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The mentions and entities as corrected, and what became of those that were read."""

    mentions: tuple[Mention, ...]
    entities: tuple[ArticleEntity, ...]
    roles: tuple[Role, ...]
    done: tuple[Span, ...]
    """Spans that an editor has the word on."""
    entity_of: dict[int, int]
    """Index of a mention as read -> index of the entity it now names."""
    book: Book
    """The entities by name, for those who speak."""
    group_at: dict[Group, int]
    spans: tuple[tuple[Span, ...], ...]
    """The mentions of each entity."""


class Book:
    """The entities of an article by name, and the registry behind them."""

    def __init__(
        self, rows: Iterable[_Row], numbered: dict[tuple[Kind, str], Group], registry: Sequence[RegistryEntry]
    ) -> None:
        self._registry = registry
        self._numbered = numbered
        names: dict[Group, dict[str, None]] = defaultdict(dict)
        self._kind: dict[Group, Kind] = {}
        for row in rows:
            names[row.group][row.name] = None
            self._kind[row.group] = row.kind
        self._fullest: dict[str, dict[Group, None]] = defaultdict(dict)
        self._any: dict[str, dict[Group, None]] = defaultdict(dict)
        self._keys: dict[tuple[Kind, str], dict[Group, None]] = defaultdict(dict)
        for group, surfaces in names.items():
            kind = self._kind[group]
            self._fullest[max(surfaces, key=lambda name: forms.fullness(kind, name))][group] = None
            for name in surfaces:
                self._any[name][group] = None
                self._keys[kind, forms.key(kind, name)][group] = None

    def find(self, name: str, kinds: Sequence[Kind]) -> tuple[Group, Kind] | None:
        """The entity a name stands for, of the kinds allowed: by its number, its fullest name, any name, any form of
        one, or the registry's. Raises Fault where several share it."""
        numbered = [self._numbered.get((kind, name)) for kind in kinds]
        groups = [group for group in numbered if group is not None and group in self._kind]
        for found in (self._fullest[name], self._any[name], self._same_form(name, kinds)):
            if groups:
                break
            groups = [group for group in found if self._kind[group] in kinds]
        if len(groups) > 1:
            raise Fault(
                f"{len(groups)} entities of the article are named {_short(name)}; give a fuller name of the one"
            )
        if groups:
            return groups[0], self._kind[groups[0]]
        for entry in self._registry:
            if entry.kind in kinds and name in (entry.id, entry.name, *entry.aliases):
                return ("entry", entry.id), entry.kind
        return None

    def kinds_of(self, name: str) -> list[Kind]:
        """The kinds of the entities that have a name."""
        return list(dict.fromkeys(self._kind[group] for group in self._any[name]))

    def _same_form(self, name: str, kinds: Sequence[Kind]) -> dict[Group, None]:
        return {group: None for kind in kinds for group in self._keys[kind, forms.key(kind, name)]}


def correct_mentions(
    quoted: Quoted,
    analysis: Analysis,
    placed: Sequence[Placed],
    registry: Sequence[RegistryEntry],
    problems: list[Problem],
) -> Named:
    """The mentions of an article as an editor has them.

    `placed` do not overlap. What cannot be applied is added to `problems` and left as it was read.
    """
    left = list(placed)
    while True:
        faults: dict[int, str] = {}
        idle: list[int] = []
        named = _apply(quoted, analysis, left, registry, faults, idle)
        problems += [Problem(left[n].where, message) for n, message in sorted(faults.items())]
        if named is not None:
            problems += [Problem(left[n].where, NOTHING_THERE, "warning") for n in idle]
            return named
        # what refers to a correction that cannot be applied cannot be applied either
        left = [one for n, one in enumerate(left) if n not in faults]


def _apply(
    quoted: Quoted,
    analysis: Analysis,
    placed: Sequence[Placed],
    registry: Sequence[RegistryEntry],
    faults: dict[int, str],
    idle: list[int],
) -> Named | None:
    rows = [_read(quoted, n, mention) for n, mention in enumerate(analysis.mentions)]
    starts = [row.start for row in rows]
    gone: set[int] = set()
    edited: dict[int, _Row] = {}
    replaced: dict[int, list[_Row]] = {}
    passed: set[int] = set()
    for n, (span, edit, _, every) in enumerate(placed):
        touched = range(_first(rows, starts, span.start), bisect_left(starts, span.end))
        exact = next((m for m in touched if (rows[m].start, rows[m].end) == span), None)
        try:
            if every and exact is None and any(_is_within(span, rows[m]) for m in touched):
                idle.append(n)
                passed.add(n)
            elif edit.remove and exact is not None:
                gone.add(exact)
            elif edit.remove and not touched:
                idle.append(n)
            elif edit.remove:
                there = _short(quoted.words(Span(rows[touched[0]].start, rows[touched[0]].end)))
                raise Fault(f"no name is read as just these words; what is read here is {there}: quote that")
            else:
                replaced[n] = [rows[m] for m in touched]
                edited[n] = _one(quoted, span, edit, replaced[n], exact is not None)
                gone.update(touched)
        except Fault as fault:
            faults[n] = str(fault)
    kept = [row for m, row in enumerate(rows) if m not in gone]
    told = {n for n in edited if placed[n].edit.kind or replaced[n]}
    _with_kinds(kept, edited, told, placed, registry, faults)
    if faults:
        return None
    as_read = [row for row in edited.values() if row.old is not None and row.kind == analysis.mentions[row.old].kind]
    by_name = {_same_name(row): row.group for row in reversed([*kept, *as_read])}
    for n, row in edited.items():
        if row.old is None or row.kind != analysis.mentions[row.old].kind:
            # other words for what was read here stay the same entity
            shorter = next((was.group for was in replaced[n] if was.kind == row.kind), ("name", _same_name(row)))
            edited[n] = replace(row, group=by_name.get(_same_name(row), shorter))
    numbered: dict[tuple[Kind, str], Group] = {
        (entity.kind, name): ("read", m)
        for m, (name, entity) in enumerate(zip(entity_names(quoted.text, analysis), analysis.entities, strict=True))
    }
    gone_names = [replace(was, kind=edited[n].kind, group=edited[n].group) for n in edited for was in replaced[n]]
    book = Book([*kept, *edited.values(), *gone_names], numbered, registry)
    final = []
    for n, row in edited.items():
        try:
            final.append(_joined(row, placed[n].edit, book))
        except Fault as fault:
            faults[n] = str(fault)
    return (
        None
        if faults
        else _numbered(analysis, [*kept, *final], [one.span for n, one in enumerate(placed) if n not in passed], book)
    )


def _read(quoted: Quoted, n: int, mention: Mention) -> _Row:
    name = display_name(quoted.text[mention.start : mention.end])
    return _Row(mention.start, mention.end, mention.kind, mention.rule, ("read", mention.entity), name, n)


def _is_within(span: Span, row: _Row) -> bool:
    return row.start <= span.start and span.end <= row.end


def _same_name(row: _Row) -> tuple[Kind, str]:
    return row.kind, forms.key(row.kind, row.name)


def _first(rows: Sequence[_Row], starts: Sequence[int], start: int) -> int:
    """The first of some rows in order that ends behind `start`."""
    at = bisect_right(starts, start) - 1
    return at if at >= 0 and rows[at].end > start else at + 1


def _one(quoted: Quoted, span: Span, edit: MentionEdit, read: Sequence[_Row], exact: bool) -> _Row:
    """The row of a corrected mention before it is known whom it names; `read` are those read of some of its words."""
    if quoted.line(span) is None:
        raise Fault("the words are not within one sentence or heading; quote the name alone")
    name = display_name(quoted.text[span.start : span.end])
    if not any(map(str.isalnum, name)):
        raise Fault("there is no name in the words; quote the name")
    if exact:
        return replace(read[0], kind=edit.kind or read[0].kind, rule=EDITOR)
    kind = edit.kind or (read[0].kind if read else KINDS[0])
    return _Row(span.start, span.end, kind, EDITOR, ("name", name), name)


def _with_kinds(
    kept: Sequence[_Row],
    edited: dict[int, _Row],
    told: set[int],
    placed: Sequence[Placed],
    registry: Sequence[RegistryEntry],
    faults: dict[int, str],
) -> None:
    """Give each row for which nobody said a kind that of the entity it is said to be; in `told` the kind is known."""
    book = Book([*kept, *(edited[n] for n in sorted(told))], {}, registry)
    for n, row in list(edited.items()):
        edit = placed[n].edit
        if edit.kind is not None:
            continue
        try:
            if edit.entity not in (None, OWN):
                kinds = book.kinds_of(edit.entity or "") or list(KINDS)
                if n in told and row.kind in kinds:
                    kinds = [row.kind]
                found = book.find(edit.entity or "", kinds)
                if found is not None:
                    edited[n] = replace(row, kind=found[1])
                    continue
            if n not in told:
                raise Fault("no name is read here: say its `kind` too, as in {kind: unit}")
        except Fault as fault:
            faults[n] = str(fault)
            del edited[n]


def _joined(row: _Row, edit: MentionEdit, book: Book) -> _Row:
    """A corrected mention with the entity that the editor names."""
    if edit.entity is None:
        return row
    if edit.entity == OWN:
        return replace(row, group=("own", row.start))
    found = book.find(edit.entity, [row.kind])
    if found is not None:
        return replace(row, group=found[0])
    others = book.kinds_of(edit.entity)
    name = _short(edit.entity)
    if others:
        raise Fault(f"{name} is no {row.kind} here but a {' and a '.join(others)}; correct the kind there too")
    raise Fault(f"no {row.kind} of the article or of entities.yml is named {name}; add it there, or mend the name")


def _numbered(analysis: Analysis, rows: Sequence[_Row], done: Sequence[Span], book: Book) -> Named:
    """Rows as mentions and entities, in the order of the text."""
    rows = sorted(rows, key=lambda row: row.start)
    number: dict[Group, int] = {}
    members: list[list[int]] = []
    for n, row in enumerate(rows):
        if number.setdefault(row.group, len(members)) == len(members):
            members.append([])
        members[number[row.group]].append(n)
    entities = []
    for (group, id_), found in zip(number, members, strict=True):
        kind = rows[found[0]].kind
        fullest = max(found, key=lambda n: (forms.fullness(kind, rows[n].name), -n))
        if group == "read" and isinstance(id_, int):
            was = analysis.entities[id_]
            if [rows[n].old for n in found] == list(was.mentions):
                fullest = found[was.mentions.index(was.fullest)]
        entities.append(ArticleEntity(kind, fullest, tuple(found), str(id_) if group == "entry" else ""))
    mentions = tuple(Mention(row.start, row.end, row.kind, number[row.group], row.rule) for row in rows)
    spans = tuple(tuple(Span(rows[n].start, rows[n].end) for n in found) for found in members)
    entity_of = {row.old: number[row.group] for row in rows if row.old is not None}
    kind_kept = {row.old for row in rows if row.old is not None and row.kind == analysis.mentions[row.old].kind}
    roles = tuple(_roles(analysis, entity_of, kind_kept, mentions))
    return Named(mentions, tuple(entities), roles, tuple(done), entity_of, book, number, spans)


def _roles(
    analysis: Analysis,
    entity_of: dict[int, int],
    kind_kept: set[int],
    mentions: Sequence[Mention],
) -> Iterable[Role]:
    """The roles, each with the entity of the mention it was read with: the nearest one."""
    theirs = [mention for mention in mentions if mention.rule == EDITOR]
    starts = [mention.start for mention in theirs]
    for role in analysis.roles:
        near = nearest_mention(analysis, role.entity, Span(role.start, role.end))
        if near not in kind_kept:
            continue
        at = bisect_right(starts, role.start) - 1
        if at < 0 or theirs[at].end < role.end or theirs[at].entity != entity_of[near]:
            yield role._replace(entity=entity_of[near])


def nearest_mention(analysis: Analysis, entity: int, span: Span) -> int:
    """The mention of an entity, as read, that is nearest to a span."""
    found = analysis.entities[entity].mentions
    at = bisect_left(found, span.start, key=lambda n: analysis.mentions[n].start)
    near = found[max(0, at - 1) : at + 1]
    return min(near, key=lambda n: max(analysis.mentions[n].start - span.end, span.start - analysis.mentions[n].end))


def _short(text: str) -> str:
    return f"“{text if len(text) <= 60 else text[:60] + '…'}”"
