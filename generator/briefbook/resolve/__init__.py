"""Analyses and registry -> Corpus: entities across articles. The only step that sees all articles at once.

What joins two articles is a full name (of a unit: number or nickname with its formation word), the general lists, or
the registry. A bare surname, a bare number, a name of common words alone ("Defense Ministry") joins nothing by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from briefbook.display import display_name
from briefbook.model import KINDS, Alias, Analysis, Corpus, Entity, Evidence, Kind, Problem, RegistryEntry, Source
from briefbook.paths import slugify
from briefbook.resolve.joins import grouped
from briefbook.resolve.origins import origins
from briefbook.resolve.parts import REGISTRY, Local, Registry, fullest_first, is_generic, locals_of, spelled

__all__ = ["REGISTRY", "resolve"]


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
    book = Registry(registry, sources)
    locals_ = [local for at in range(len(sources)) for local in locals_of(at, analyses[at], sources[at], book)]
    locals_ = spelled(locals_)
    groups = grouped(locals_, book)
    entities, linked = _entities(sources, analyses, locals_, groups, book)
    corpus = Corpus(sources, analyses, entities, linked, *origins(sources, analyses))
    return corpus, tuple(book.problems({local.entry for local in locals_}))


def _newest_first(source: Source) -> tuple[int, str, str]:
    published = source.data.published
    return (-published.toordinal() if published else 0, source.slug, source.path)


def _entities(
    sources: Sequence[Source],
    analyses: Sequence[Analysis],
    locals_: Sequence[Local],
    groups: Sequence[list[int]],
    book: Registry,
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
    locals: tuple[Local, ...]
    aliases: tuple[Alias, ...]
    mentions: tuple[Evidence, ...]
    generic: bool


def _draft(locals_: Sequence[Local], sources: Sequence[Source], analyses: Sequence[Analysis], book: Registry) -> _Draft:
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
    aliases = tuple(Alias(name, first[name]) for name in fullest_first(kind, first))
    return _Draft(
        kind,
        entry,
        tuple(locals_),
        aliases,
        tuple(mentions),
        all(is_generic(local.kind, local.names) for local in locals_),
    )


def _roles(analyses: Sequence[Analysis], locals_: Sequence[Local]) -> dict[int, list[Evidence]]:
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
