"""Analyses and registry -> Corpus: entities across articles. The only step that sees all articles at once.

What joins two articles is a full name (of a unit: number or nickname with its formation word), the general lists, or
the registry. A bare surname, a bare number, a name of common words alone ("Defense Ministry") joins nothing by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from briefbook import forms
from briefbook.display import display_name
from briefbook.model import (
    KINDS,
    Alias,
    Analysis,
    Corpus,
    Entity,
    Evidence,
    Kind,
    Problem,
    RegistryEntry,
    Source,
)
from briefbook.paths import slugify

REGISTRY = "entities.yml"


@dataclass(frozen=True, slots=True)
class _Local:
    """An entity of one article, or the part of it that the registry keeps apart."""

    source: int
    kind: Kind
    names: tuple[str, ...]
    """Display names of its mentions, fullest first."""
    mentions: tuple[int, ...]
    parent: int
    """Its index among the article's entities."""
    entry: str | None


def resolve(
    sources: Sequence[Source], analyses: Sequence[Analysis], registry: Sequence[RegistryEntry]
) -> tuple[Corpus, tuple[Problem, ...]]:
    """The corpus of the sources, in whatever order they come, and what is wrong with the registry.

    `analyses` stand in the order of `sources`. The corpus has the newest source first and undated ones last; what is
    alike in date stands by slug. No problem stops it: an entry that cannot be used is left out.
    """
    order = sorted(range(len(sources)), key=lambda index: _newest_first(sources[index]))
    sources = tuple(sources[index] for index in order)
    analyses = tuple(analyses[index] for index in order)
    book = _Registry(registry, sources)
    locals_ = [local for at in range(len(sources)) for local in _locals(at, analyses[at], sources[at], book)]
    groups = _grouped(locals_, book)
    entities, linked = _entities(sources, analyses, locals_, groups, book)
    corpus = Corpus(tuple(sources), tuple(analyses), entities, linked)
    return corpus, tuple(book.problems({local.entry for local in locals_}))


def _newest_first(source: Source) -> tuple[int, str, str]:
    published = source.data.published
    return (-published.toordinal() if published else 0, source.slug, source.path)


class _Registry:
    """The registry, asked by kind and name."""

    def __init__(self, entries: Sequence[RegistryEntry], sources: Sequence[Source]) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self._paths = {path for source in sources for path in (source.path, *source.same)}
        self._by_name: dict[tuple[Kind, str], list[RegistryEntry]] = defaultdict(list)
        for entry in self.entries.values():
            for name in dict.fromkeys(forms.key(entry.kind, name) for name in (entry.name, *entry.aliases)):
                self._by_name[entry.kind, name].append(entry)

    def find(self, kind: Kind, name: str, source: Source) -> RegistryEntry | None:
        """The entry of a name in a source: one kept for this source first, else the first one that is for any."""
        found = self._by_name.get((kind, forms.key(kind, name)), ())
        here = {source.path, *source.same}
        kept = [entry for entry in found if here & set(entry.only_in)]
        return next(iter([*kept, *(entry for entry in found if not entry.only_in)]), None)

    def problems(self, used: Iterable[str | None]) -> Iterator[Problem]:
        """An `only_in` that names no source, and entries that match nothing; the rest is seen when the file is read."""
        used = set(used)
        for entry in self.entries.values():
            where = f"{REGISTRY}:{entry.line}"
            unknown = [path for path in entry.only_in if path not in self._paths]
            for path in unknown:
                yield Problem(where, f"only_in: there is no source {path}; write its path below the seeds folder")
            if entry.id not in used and not unknown:
                yield Problem(where, f"{entry.id} matches no name of its kind in any article", "warning")


def _locals(at: int, analysis: Analysis, source: Source, book: _Registry) -> Iterator[_Local]:
    """The entities of an article with their entries; mentions that name an entry of `never` stand apart."""
    spans = analysis.mentions
    text = source.article.text
    for parent, entity in enumerate(analysis.entities):
        names = {index: display_name(text[spans[index].start : spans[index].end]) for index in entity.mentions}
        told = book.entries.get(entity.entry)
        entry = told or _entry(entity.kind, _fullest_first(entity.kind, names.values()), source, book)
        parts: dict[str | None, list[int]] = {entry.id if entry else None: []}
        for index in entity.mentions:
            part = told or _kept_apart(entry, entity.kind, names[index], source, book) or entry
            parts.setdefault(part.id if part else None, []).append(index)
        for id_, mentions in parts.items():
            if mentions:
                shown = _fullest_first(entity.kind, (names[index] for index in mentions))
                yield _Local(at, entity.kind, shown, tuple(mentions), parent, id_)


def _fullest_first(kind: Kind, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(names), key=lambda name: forms.fullness(kind, name), reverse=True))


def _entry(kind: Kind, names: Sequence[str], source: Source, book: _Registry) -> RegistryEntry | None:
    """The entry an article's entity matches by its fullest name that has one; a surname only where it is alone."""
    for name in names:
        if kind == "person" and forms.is_bare_person(name) and not forms.is_bare_person(names[0]):
            continue
        if found := book.find(kind, name, source):
            return found
    return None


def _kept_apart(
    entry: RegistryEntry | None, kind: Kind, name: str, source: Source, book: _Registry
) -> RegistryEntry | None:
    """The entry that `name` belongs to, where `entry` must never be merged with it."""
    if entry is None:
        return None
    other = book.find(kind, name, source)
    if other is None or other is entry:
        return None
    return other if other.id in entry.never or entry.id in other.never else None


def _grouped(locals_: Sequence[_Local], book: _Registry) -> list[list[int]]:
    """The locals that are one entity, by entry, full name, unit and acronym, in the order of their first local."""
    sets = _Sets(locals_, {entry.id for entry in book.entries.values() if entry.only_in})
    for members in _buckets(locals_, lambda local: [local.entry] if local.entry else []):
        sets.join(members, by_entry=True)
    for members in _buckets(locals_, _full_names):
        sets.join(members)
    for members in _buckets(locals_, _first_and_last):
        if _one_person(members, locals_):
            sets.join(members)
    for members in _buckets(locals_, _unit_keys):
        for agreeing in _agreeing(members, locals_):
            sets.join(agreeing)
    for members in _acronyms(locals_, sets):
        sets.join(members)
    grouped: dict[int, list[int]] = defaultdict(list)
    for index in range(len(locals_)):
        grouped[sets.root(index)].append(index)
    return list(grouped.values())


class _Sets:
    """Union-find over locals in which no set ever has two entries, and an entry with `only_in` takes in no others."""

    def __init__(self, locals_: Sequence[_Local], closed: set[str]) -> None:
        self._up = list(range(len(locals_)))
        self._entry = [local.entry for local in locals_]
        self._closed = closed

    def root(self, index: int) -> int:
        while self._up[index] != index:
            self._up[index] = self._up[self._up[index]]
            index = self._up[index]
        return index

    def join(self, members: Sequence[int], *, by_entry: bool = False) -> None:
        """Unite members; where they would bring two entries together, only those without an entry."""
        roots = list(dict.fromkeys(self.root(index) for index in members))
        if not by_entry:
            roots = [root for root in roots if self._entry[root] not in self._closed]
            if len({self._entry[root] for root in roots} - {None}) > 1:
                roots = [root for root in roots if self._entry[root] is None]
        for other in roots[1:]:
            self._up[other] = roots[0]
            self._entry[roots[0]] = self._entry[roots[0]] or self._entry[other]


def _buckets(locals_: Sequence[_Local], keys: Callable[[_Local], Iterable[Hashable]]) -> Iterator[list[int]]:
    """The indexes of the locals that share a key, for every key that two or more share."""
    found: dict[Hashable, list[int]] = defaultdict(list)
    for index, local in enumerate(locals_):
        for key in keys(local):
            found[local.kind, key].append(index)
    return (members for members in found.values() if len(members) > 1)


def _full_names(local: _Local) -> list[str]:
    """The names by which an entity is the same in every article."""
    if local.kind == "person":
        return list(dict.fromkeys(forms.key("person", name) for name in local.names if not forms.is_bare_person(name)))
    return [] if _is_generic(local) else [forms.key(local.kind, local.names[0])]


def _first_and_last(local: _Local) -> list[tuple[str, str]]:
    """The first and the last word of a person's full name, where nothing but initials stands between them."""
    if local.kind != "person" or forms.is_bare_person(local.names[0]):
        return []
    first, *middle, last = forms.person_words(local.names[0])
    return [] if any(len(name.rstrip(".")) > 1 for name in middle) else [(first, last)]


def _one_person(members: Sequence[int], locals_: Sequence[_Local]) -> bool:
    """Whether the full names of members differ in nothing but that some leave out one and the same middle initial."""
    middles = {forms.person_words(locals_[index].names[0])[1:-1] for index in members}
    return len(middles - {()}) <= 1


def _is_generic(local: _Local) -> bool:
    """Whether many may share the fullest name an article has: one word of a person, a number, common words alone."""
    name = local.names[0]
    if local.kind == "person":
        return forms.is_bare_person(name)
    if local.kind == "unit":
        parts = forms.formation(name)
        if not parts.nick and not (parts.number and parts.head):
            return True
    # an acronym of its own tells a body from its namesakes
    return forms.is_generic(name) and not any(map(forms.is_acronym, local.names[1:]))


def _unit_keys(local: _Local) -> list[tuple[Hashable, ...]]:
    """A unit's number with its formation words, and its nickname with its formation word."""
    if local.kind != "unit":
        return []
    parts = forms.formation(local.names[0])
    found: list[tuple[Hashable, ...]] = []
    if parts.number and parts.head:
        found.append((parts.number, parts.head, parts.branches))
    if parts.nick and parts.head:
        found.append((parts.nick, parts.head))
    return found


def _agreeing(members: Sequence[int], locals_: Sequence[_Local]) -> Iterator[list[int]]:
    """Members whose names contradict each other in nothing; where some do, those of one number, nickname, nation."""
    signed: dict[Hashable, list[int]] = defaultdict(list)
    for index in members:
        parts = forms.formation(locals_[index].names[0])
        signed[parts.number, parts.nick, parts.people].append(index)
    units = [forms.formation(locals_[found[0]].names[0]) for found in signed.values()]
    first_contradiction = next(
        (
            (one, other)
            for at, one in enumerate(units[:_FEW])
            for other in units[:at]
            if not forms.same_formation(one, other)
        ),
        None,
    )
    if first_contradiction is None and len(units) <= _FEW:
        yield list(members)
    else:
        yield from signed.values()


_FEW = 50
"""More different names than these behind one unit's number or nickname are never compared pair by pair."""


def _acronyms(locals_: Sequence[_Local], sets: _Sets) -> Iterator[list[int]]:
    """A bare acronym with the one name that it stands for in all other articles, if there is but one."""
    bare: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    spelled: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    for index, local in enumerate(locals_):
        for name in local.names if local.kind != "person" else ():
            if forms.is_acronym(name):
                table = bare if name == local.names[0] else spelled
                table[local.kind, forms.key(local.kind, name)].append(index)
    for key, members in bare.items():
        if len({sets.root(index) for index in spelled.get(key, ())}) == 1:
            yield [spelled[key][0], *members]


def _entities(
    sources: Sequence[Source],
    analyses: Sequence[Analysis],
    locals_: Sequence[_Local],
    groups: Sequence[list[int]],
    book: _Registry,
) -> tuple[tuple[Entity, ...], tuple[tuple[int, ...], ...]]:
    """The entities by kind and slug, and for every mention the index of its entity."""
    roles = _roles(analyses, locals_)
    drafts = [_draft([locals_[index] for index in group], sources, analyses, book) for group in groups]
    slugs = _slugs(drafts, sources)
    order = sorted(range(len(drafts)), key=lambda at: (KINDS.index(drafts[at].kind), slugs[at]))
    linked = [[0] * len(analysis.mentions) for analysis in analyses]
    entities = []
    for number, at in enumerate(order):
        draft = drafts[at]
        for local in draft.locals:
            for mention in local.mentions:
                linked[local.source][mention] = number
        entities.append(
            Entity(
                slug=slugs[at],
                kind=draft.kind,
                name=draft.entry.name if draft.entry else draft.aliases[0].text,
                fullest=draft.aliases[0].evidence,
                aliases=draft.aliases,
                mentions=draft.mentions,
                roles=tuple(sorted(role for index in groups[at] for role in roles.get(index, ()))),
                entry=draft.entry,
            )
        )
    return tuple(entities), tuple(map(tuple, linked))


@dataclass(frozen=True, slots=True)
class _Draft:
    """An entity before it has a slug."""

    kind: Kind
    entry: RegistryEntry | None
    locals: tuple[_Local, ...]
    aliases: tuple[Alias, ...]
    mentions: tuple[Evidence, ...]
    generic: bool


def _draft(
    locals_: Sequence[_Local], sources: Sequence[Source], analyses: Sequence[Analysis], book: _Registry
) -> _Draft:
    kind = locals_[0].kind
    entry = next((book.entries[local.entry] for local in locals_ if local.entry), None)
    mentions = []
    first: dict[str, Evidence] = {}
    for local in locals_:
        for index in local.mentions:
            span = analyses[local.source].mentions[index]
            mentions.append(Evidence(local.source, span.start, span.end))
    mentions.sort()
    for mention in mentions:
        text = sources[mention.source].article.text
        first.setdefault(display_name(text[mention.start : mention.end]), mention)
    aliases = tuple(Alias(name, first[name]) for name in _fullest_first(kind, first))
    return _Draft(kind, entry, tuple(locals_), aliases, tuple(mentions), all(map(_is_generic, locals_)))


def _roles(analyses: Sequence[Analysis], locals_: Sequence[_Local]) -> dict[int, list[Evidence]]:
    """The roles of each local; where an article's entity was parted they stay with its fullest mention."""
    owner: dict[tuple[int, int], int] = {}
    for index, local in enumerate(locals_):
        if analyses[local.source].entities[local.parent].fullest in local.mentions:
            owner[local.source, local.parent] = index
    found: dict[int, list[Evidence]] = defaultdict(list)
    for source, analysis in enumerate(analyses):
        for role in analysis.roles:
            found[owner[source, role.entity]].append(Evidence(source, role.start, role.end))
    return found


def _slugs(drafts: Sequence[_Draft], sources: Sequence[Source]) -> list[str]:
    """An address for each entity, unique in its kind: the registry's id, else the display name.

    A name that stands for nobody outside its article, and all but the entity with the oldest article of those that
    share a name, say where they stand ("-in-<slug of its oldest source>"): one more article moves no other entity.
    """
    slugs = [""] * len(drafts)
    taken = {(draft.kind, draft.entry.id) for draft in drafts if draft.entry}
    oldest = [max(local.source for local in draft.locals) for draft in drafts]
    for at in sorted(range(len(drafts)), key=lambda at: (-oldest[at], drafts[at].mentions[-1], at)):
        draft = drafts[at]
        if draft.entry:
            slugs[at] = draft.entry.id
            continue
        plain = slug = slugify(draft.aliases[0].text)
        if draft.generic or (draft.kind, slug) in taken:
            plain = slug = f"{slug}-in-{sources[oldest[at]].slug}"
        count = 2
        while (draft.kind, slug) in taken:
            slug, count = f"{plain}-{count}", count + 1
        taken.add((draft.kind, slug))
        slugs[at] = slug
    return slugs
