"""The entities of single articles, before any two are joined: by their names and the registry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from briefbook import forms, lists
from briefbook.display import display_name
from briefbook.model import Analysis, Kind, Problem, RegistryEntry, Source
from briefbook.variants import Speller

REGISTRY = "entities.yml"


@dataclass(frozen=True, slots=True)
class Local:
    """An entity of one article, or the part of it that the registry keeps apart."""

    source: int
    kind: Kind
    names: tuple[str, ...]
    """Display names of its mentions, fullest first."""
    mentions: tuple[int, ...]
    parent: int
    """Its index among the article's entities."""
    entry: str | None
    owned: str = ""
    """The name of a body of common words with the country it is said to be of, where the article says one."""
    offices: frozenset[str] = frozenset()
    """Words of offices and ranks that the article gives a person."""
    countries: frozenset[str] = frozenset()
    """Folded words of the countries in a person's roles."""
    spelled: tuple[str, ...] = ()
    """`names`, each word in the one spelling that the whole corpus is compared by; `owned` in place of the first."""


class Registry:
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


def locals_of(at: int, analysis: Analysis, source: Source, book: Registry) -> Iterator[Local]:
    """The entities of an article with their entries; mentions that name an entry of `never` stand apart."""
    spans = analysis.mentions
    text = source.article.text
    roles: dict[int, list[str]] = defaultdict(list)
    for role in analysis.roles:
        roles[role.entity].append(text[role.start : role.end])
    for parent, entity in enumerate(analysis.entities):
        names = {index: display_name(text[spans[index].start : spans[index].end]) for index in entity.mentions}
        told = book.entries.get(entity.entry)
        entry = told or _entry(entity.kind, fullest_first(entity.kind, names.values()), source, book)
        parts: dict[str | None, list[int]] = {entry.id if entry else None: []}
        for index in entity.mentions:
            part = told or _kept_apart(entry, entity.kind, names[index], source, book) or entry
            parts.setdefault(part.id if part else None, []).append(index)
        for id_, mentions in parts.items():
            if mentions:
                shown = fullest_first(entity.kind, (names[index] for index in mentions))
                local = Local(at, entity.kind, shown, tuple(mentions), parent, id_)
                if entity.kind == "person":
                    local = replace(local, offices=_offices(roles[parent]), countries=_countries(roles[parent]))
                elif entity.kind == "organization" and forms.is_generic(shown[0]):
                    starts = [(spans[index].start, names[index]) for index in mentions]
                    local = replace(local, owned=_owned(text, starts))
                yield local


def _owned(text: str, mentions: Iterable[tuple[int, str]]) -> str:
    """A body's name with the one country it is said to be of ("Ardovia's Senate"), "" where there is none or two."""
    found = {forms.with_owner(text, start, name) for start, name in mentions if forms.is_generic(name)}
    countries = {forms.countries_in(name) for name in found} - {frozenset()}
    owned = sorted((name for name in found if forms.countries_in(name)), key=lambda name: (len(name), name))
    return owned[-1] if len(countries) == 1 else ""


def _offices(roles: Iterable[str]) -> frozenset[str]:
    titles = lists.titles()
    words = {word for role in roles for word in forms.words(role)}
    return frozenset(words & (titles.offices | titles.ranks))


def _countries(roles: Iterable[str]) -> frozenset[str]:
    return frozenset(word for role in roles for word in forms.countries_in(role))


def spelled(locals_: Sequence[Local]) -> list[Local]:
    """The locals with the one spelling of each of their names, the oldest article's."""
    oldest_first = sorted(range(len(locals_)), key=lambda index: (-locals_[index].source, index))
    speller = Speller((locals_[index].kind, name) for index in oldest_first for name in locals_[index].names)
    return [
        replace(
            local,
            spelled=tuple(
                speller.spell(local.kind, name)
                for name in ((local.owned, *local.names[1:]) if local.owned else local.names)
            ),
        )
        for local in locals_
    ]


def is_generic(kind: Kind, names: Sequence[str]) -> bool:
    """Whether many may share the fullest name an article has: one word of a person, a number, common words alone."""
    name = names[0]
    if kind == "person":
        return forms.is_bare_person(name)
    if kind == "unit":
        parts = forms.formation(name)
        if not parts.nick and not (parts.number and parts.head):
            return True
    # an acronym of its own tells a body from its namesakes
    return forms.is_generic(name) and not any(map(forms.is_acronym, names[1:]))


def fullest_first(kind: Kind, names: Iterable[str]) -> tuple[str, ...]:
    """Different names, the fullest first."""
    return tuple(sorted(dict.fromkeys(names), key=lambda name: forms.fullness(kind, name), reverse=True))


def _entry(kind: Kind, names: Sequence[str], source: Source, book: Registry) -> RegistryEntry | None:
    """The entry an article's entity matches by its fullest name that has one; a surname only where it is alone."""
    for name in names:
        if kind == "person" and forms.is_bare_person(name) and not forms.is_bare_person(names[0]):
            continue
        if found := book.find(kind, name, source):
            return found
    return None


def _kept_apart(
    entry: RegistryEntry | None, kind: Kind, name: str, source: Source, book: Registry
) -> RegistryEntry | None:
    """The entry that `name` belongs to, where `entry` must never be merged with it."""
    if entry is None:
        return None
    other = book.find(kind, name, source)
    if other is None or other is entry:
        return None
    return other if other.id in entry.never or entry.id in other.never else None
