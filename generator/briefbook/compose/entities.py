"""The pages of entities: the overview, the index of each kind, the dossiers, and the aliases that lead to them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from anyascii import anyascii

from briefbook import paths
from briefbook.compose.desk import MARKUP, Desk
from briefbook.compose.lists import series_frame
from briefbook.compose.paging import page_links, paginate
from briefbook.compose.spoken import said_excerpts, statement_bytes, statements_of
from briefbook.escape import size
from briefbook.labels import count, label
from briefbook.model import KINDS, SECTION_KEYS, Entity, Evidence, Kind, SectionKey, Span
from briefbook.views import (
    AliasPage,
    AliasRow,
    Dossier,
    DossierSection,
    EditorWord,
    EntityRow,
    Excerpt,
    Frame,
    KindGroup,
    KindIndex,
    Letter,
    Overview,
    PageLink,
    Quote,
)

TOGETHER = 20
"""Most entities under "Mentioned with"; the full picture is in the sentences."""
ROLES = 60
"""Most roles on a dossier, first worded first."""
OVERVIEW = 12
"""Entities of each kind on the overview, most mentioned first."""
ROW = 420
"""Bytes of a row in an index."""


class Cited(NamedTuple):
    """A mention on its way to a dossier: the section of the briefing, the source, and the sentence (or heading)."""

    key: SectionKey | None
    source: int
    span: Span


class Stated(NamedTuple):
    """A statement on its way to the dossier of who makes it: the source, and its number there."""

    source: int
    statement: int


class Entry(NamedTuple):
    """A line of an index: an entity (`name` is -1), or one of its other names and all entities that share it."""

    letter: str
    key: str
    entity: int
    name: int
    leads_to: tuple[int, ...]
    text: str = ""
    evidence: Evidence | None = None


class Other(NamedTuple):
    """One of an entity's names: its number among them, its text, and the mention that shows it, if one does."""

    entity: int
    name: int
    text: str
    evidence: Evidence | None


def overview(desk: Desk) -> Overview:
    """Every kind of entity with its most-mentioned ones."""
    here = paths.ENTITIES
    groups = []
    for kind in KINDS:
        found = _of_kind(desk, kind)
        best = sorted(found, key=lambda e: (-len(desk.corpus.entities[e].mentions), e))[:OVERVIEW]
        rows = tuple(desk.row(e, here, count("mentions", len(desk.corpus.entities[e].mentions))) for e in best)
        href = paths.link(here, paths.kind_index(kind))
        groups.append(KindGroup(kind, label(f"kinds.{kind}"), href, rows, count("entities", len(found))))
    frame = Frame(here, label("page.entities").text, label("page.about.entities").text)
    return Overview(frame, tuple(groups))


def indexes(desk: Desk) -> Iterator[KindIndex]:
    """For each kind its entities from A to Z, aliases among them."""
    addresses = _alias_addresses(desk)
    for kind in KINDS:
        entries = sorted(_entries(desk, kind, addresses))
        pages = paginate(entries, lambda entry: _row_size(desk, entry), desk.budget)
        address = paths.kind_index(kind)
        first_page: dict[str, int] = {}
        for n, page in enumerate(pages, 1):
            for entry in page:
                first_page.setdefault(entry.letter, n)
        for n, page in enumerate(pages, 1):
            here = paths.kind_index(kind, n)
            title = label(f"kinds.{kind}")
            yield KindIndex(
                frame=series_frame(address, n, len(pages), title, label("page.about.entities")),
                kind=kind,
                title=title,
                size=count("entities", len(_of_kind(desk, kind))),
                bar=tuple(
                    PageLink(
                        label("index.letter", letter=letter),
                        paths.link(here, paths.kind_index(kind, where), _letter_anchor(letter)),
                        where == n,
                    )
                    for letter, where in first_page.items()
                ),
                letters=tuple(
                    Letter(
                        label("index.letter", letter=letter),
                        _letter_anchor(letter),
                        tuple(_index_row(desk, entry, here) for entry in group),
                    )
                    for letter, group in groupby(page, key=lambda entry: entry.letter)
                ),
            )


def dossiers(desk: Desk) -> Iterator[Dossier]:
    """A page (or several) for every entity."""
    neighbors = _neighbors(desk)
    same_names = _same_names(desk)
    stated = statements_of(desk)
    for e, entity in enumerate(desk.corpus.entities):
        pages = _dossier_pages(desk, entity, stated.get(e, []))
        address = paths.dossier(entity.kind, entity.slug)
        for n, page in enumerate(pages, 1):
            here = paths.paged(address, n)
            first = n == 1
            name = desk.shown(entity.name, entity.fullest, "")
            yield Dossier(
                frame=Frame(
                    here,
                    entity.name,
                    label("page.description.dossier").text,
                    page_links(here, address, len(pages), n),
                    label("paging.page", page=n, pages=len(pages)) if len(pages) > 1 else None,
                ),
                kind=entity.kind,
                kind_label=label(f"kind.{entity.kind}"),
                kind_href=paths.link(here, paths.kind_index(entity.kind)),
                name=name,
                mentions=count("mentions", len(entity.mentions)),
                sources=count("sources", len({mention.source for mention in entity.mentions})),
                aliases=tuple(_alias_rows(desk, e, here)) if first else (),
                roles=_roles(desk, entity, here) if first else (),
                said=said_excerpts(desk, [item for item in page if isinstance(item, Stated)], here),
                sections=tuple(_dossier_sections(desk, e, [i for i in page if isinstance(i, Cited)], here)),
                together=tuple(desk.row(o, here, count("shared", k)) for o, k in neighbors[e]) if first else (),
                same_as=_same_as(entity) if first else (),
                coordinates=_coordinates(entity) if first else None,
                same_name=tuple(desk.name(o, here) for o in same_names.get(e, ())) if first else (),
            )


def aliases(desk: Desk) -> Iterator[AliasPage]:
    """A small page at every alias's address that is not a dossier's own, leading to all that share the alias."""
    for (kind, slug), found in _alias_addresses(desk).items():
        here = paths.dossier(kind, slug)
        _, _, text, evidence = found[0]
        entities = list(dict.fromkeys(other.entity for other in found))
        yield AliasPage(
            frame=Frame(here, text, label("page.description.alias").text, search=False),
            kind_label=label(f"kind.{kind}"),
            name=desk.shown(text, evidence, ""),
            leads_to=tuple(
                desk.row(e, here, count("mentions", len(desk.corpus.entities[e].mentions))) for e in entities
            ),
        )


def dossier_lengths(desk: Desk) -> dict[int, int]:
    """The number of pages of every dossier that has more than one."""
    stated = statements_of(desk)
    lengths = (
        (e, len(_dossier_pages(desk, entity, stated.get(e, [])))) for e, entity in enumerate(desk.corpus.entities)
    )
    return {e: length for e, length in lengths if length > 1}


def _of_kind(desk: Desk, kind: Kind) -> list[int]:
    return [e for e, entity in enumerate(desk.corpus.entities) if entity.kind == kind]


def _names(entity: Entity) -> list[tuple[str, Evidence | None]]:
    """Every name of an entity: those that sources show, with the first mention, then those that only editors gave."""
    shown: dict[str, Evidence | None] = {alias.text: alias.evidence for alias in entity.aliases}
    for text in (entity.entry.name, *entity.entry.aliases) if entity.entry else ():
        shown.setdefault(text, None)
    return list(shown.items())


def _entries(desk: Desk, kind: Kind, addresses: dict[tuple[Kind, str], list[Other]]) -> Iterator[Entry]:
    """The lines of an index, unsorted: every entity, and every alias that has an address of its own."""
    for e in _of_kind(desk, kind):
        yield Entry(*_letter_and_key(desk.corpus.entities[e].name), e, -1, (e,))
    for (of_kind, _), found in addresses.items():
        if of_kind == kind:
            e, n, text, evidence = found[0]
            leads_to = tuple(dict.fromkeys(other.entity for other in found))
            yield Entry(*_letter_and_key(text), e, n, leads_to, text, evidence)


def _letter_and_key(name: str) -> tuple[str, str]:
    key = anyascii(name).casefold().lstrip(" \"'<>.-(")
    letter = key[:1].upper()
    return letter if "A" <= letter <= "Z" else "#", key


def _row_size(desk: Desk, entry: Entry) -> int:
    names = sum(ROW + size(desk.corpus.entities[e].name) for e in entry.leads_to)
    return names if entry.name < 0 else names + ROW + size(entry.text)


def _index_row(desk: Desk, entry: Entry, here: str) -> EntityRow:
    entity = desk.corpus.entities[entry.entity]
    if entry.name < 0:
        row = desk.row(entry.entity, here, count("mentions", len(entity.mentions)))
        return replace(row, pages=desk.dossier_page_links(entry.entity, here))
    href = paths.link(here, paths.dossier(entity.kind, paths.slugify(entry.text)))
    leads_to = tuple(desk.name(e, here) for e in entry.leads_to)
    return EntityRow(desk.shown(entry.text, entry.evidence, href), None, (), leads_to)


def _letter_anchor(letter: str) -> str:
    return "letter-other" if letter == "#" else f"letter-{letter.lower()}"


def _cited(desk: Desk, entity: Entity) -> list[Cited]:
    """Where an entity is mentioned: each sentence once, by section and then in the order of the corpus."""
    cited: dict[Cited, None] = {}
    for mention in entity.mentions:
        sentence = desk.sentence_at(mention)
        if sentence is None:
            cited[Cited(None, mention.source, desk.line_at(mention))] = None
        else:
            cited[Cited(_section_of(desk, mention), mention.source, sentence)] = None
    rank = {key: n for n, key in enumerate((*SECTION_KEYS, None))}
    return sorted(cited, key=lambda item: (rank[item.key], item.source, item.span))


def _section_of(desk: Desk, mention: Evidence) -> SectionKey:
    sections = desk.laid[mention.source].analysis.sections
    at = bisect_right(sections, mention.start, key=lambda section: section.start) - 1
    if at >= 0 and mention.start < sections[at].end:
        return sections[at].key
    raise ValueError(f"{desk.laid[mention.source].source.path}: {mention.start} is in no section")


def _dossier_pages(
    desk: Desk, entity: Entity, stated: Sequence[tuple[int, int]]
) -> tuple[tuple[Stated | Cited, ...], ...]:
    """What an entity says, then where it is mentioned, in pages."""
    first = sum(_alias_size(desk, *name) for name in _names(entity)) + MARKUP * min(ROLES, len(entity.roles))

    def cost(item: Stated | Cited) -> int:
        if isinstance(item, Stated):
            return statement_bytes(desk, *item)
        return desk.cost(item.source, item.span) + 300

    items: list[Stated | Cited] = [*(Stated(*pair) for pair in stated), *_cited(desk, entity)]
    return paginate(items, cost, desk.budget, first=first)


def _alias_size(desk: Desk, text: str, evidence: Evidence | None) -> int:
    """Bytes of a line under "Names": the name, and the sentence or heading that shows it."""
    row = MARKUP + size(text)
    return row if evidence is None else row + 400 + desk.cost(evidence.source, desk.line_at(evidence))


def _dossier_sections(desk: Desk, e: int, page: Sequence[Cited], here: str) -> Iterator[DossierSection]:
    for key, items in groupby(page, key=lambda item: item.key):
        excerpts = []
        for i, group in groupby(items, key=lambda item: item.source):
            if key is None:
                quotes: tuple[Quote, ...] = tuple(desk.in_heading(i, item.span, here, e) for item in group)
            else:
                slug = desk.laid[i].source.slug
                quotes = tuple(
                    desk.repeat(i, item.span, here, about=e, anchor=f"{slug}-{paths.anchor(item.span.start)}")
                    for item in group
                )
            excerpts.append(Excerpt(desk.title_link(i, here), quotes))
        yield DossierSection(key or "other", label(f"section.{key}" if key else "section.titles"), tuple(excerpts))


def _alias_rows(desk: Desk, e: int, here: str) -> Iterator[AliasRow]:
    entity = desk.corpus.entities[e]
    for text, evidence in _names(entity):
        slug = paths.slugify(text)
        name = desk.shown(
            text, evidence, "" if slug == entity.slug else paths.link(here, paths.dossier(entity.kind, slug))
        )
        if evidence is None:
            yield AliasRow(name, None)
        elif (sentence := desk.sentence_at(evidence)) is not None:
            yield AliasRow(name, desk.repeat(evidence.source, sentence, here, about=e))
        else:
            yield AliasRow(name, desk.in_heading(evidence.source, desk.line_at(evidence), here, e))


def _roles(desk: Desk, entity: Entity, here: str) -> tuple[Quote, ...]:
    """Each wording once, where it first stands."""
    first: dict[str, Evidence] = {}
    for role in entity.roles:
        words = desk.laid[role.source].source.article.text[role.start : role.end]
        first.setdefault(" ".join(words.split()).casefold(), role)
    quotes = (desk.fragment(role, here) for role in list(first.values())[:ROLES])
    return tuple(quote for quote in quotes if quote is not None)


def _neighbors(desk: Desk) -> list[list[tuple[int, int]]]:
    """For each entity those mentioned in the same sentences, and in how many."""
    counts: list[dict[int, int]] = [defaultdict(int) for _ in desk.corpus.entities]
    for i, laid in enumerate(desk.laid):
        for sentence in laid.analysis.sentences:
            here = sorted({laid.linked[j] for j in desk.mentions_in(i, sentence)})
            # a list of hundreds of names is no sign that two of them belong together
            if len(here) <= 40:
                for e in here:
                    for other in here:
                        if other != e:
                            counts[e][other] += 1
    names = [entity.name for entity in desk.corpus.entities]
    return [sorted(c.items(), key=lambda pair: (-pair[1], names[pair[0]], pair[0]))[:TOGETHER] for c in counts]


def _slugs(desk: Desk) -> dict[tuple[Kind, str], int]:
    return {(entity.kind, entity.slug): e for e, entity in enumerate(desk.corpus.entities)}


def _alias_addresses(desk: Desk) -> dict[tuple[Kind, str], list[Other]]:
    """(kind, slug) -> every name at this address, which is not a dossier's own."""
    own = _slugs(desk)
    found: dict[tuple[Kind, str], list[Other]] = defaultdict(list)
    for e, entity in enumerate(desk.corpus.entities):
        for n, (text, evidence) in enumerate(_names(entity)):
            address = (entity.kind, paths.slugify(text))
            if address not in own:
                found[address].append(Other(e, n, text, evidence))
    return dict(found)


def _same_names(desk: Desk) -> dict[int, list[int]]:
    """For the dossier at an alias's address, the others that share that alias."""
    own = _slugs(desk)
    found: dict[int, list[int]] = defaultdict(list)
    for e, entity in enumerate(desk.corpus.entities):
        for slug in dict.fromkeys(paths.slugify(text) for text, _ in _names(entity)):
            holder = own.get((entity.kind, slug))
            if holder is not None and holder != e:
                found[holder].append(e)
    return found


def _same_as(entity: Entity) -> tuple[EditorWord, ...]:
    return tuple(EditorWord(address, address) for address in entity.entry.same_as) if entity.entry else ()


def _coordinates(entity: Entity) -> EditorWord | None:
    if entity.entry is None or entity.entry.coordinates is None:
        return None
    return EditorWord("{}, {}".format(*entity.entry.coordinates))
