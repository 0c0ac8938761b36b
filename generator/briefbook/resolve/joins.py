"""Which entities of single articles are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from briefbook import forms
from briefbook.model import Kind
from briefbook.resolve.parts import Local, Registry, is_generic
from briefbook.variants import is_patronymic


def grouped(locals_: Sequence[Local], book: Registry) -> list[list[int]]:
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
    for members in _short_forms(locals_, sets):
        sets.join(members)
    for members in _surnames(locals_, sets):
        sets.join(members)
    grouped: dict[int, list[int]] = defaultdict(list)
    for index in range(len(locals_)):
        grouped[sets.root(index)].append(index)
    return list(grouped.values())


class _Sets:
    """Union-find over locals in which no set ever has two entries, and an entry with `only_in` takes in no others."""

    def __init__(self, locals_: Sequence[Local], closed: set[str]) -> None:
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


def _buckets(locals_: Sequence[Local], keys: Callable[[Local], Iterable[Hashable]]) -> Iterator[list[int]]:
    """The indexes of the locals that share a key, for every key that two or more share."""
    found: dict[Hashable, list[int]] = defaultdict(list)
    for index, local in enumerate(locals_):
        for key in keys(local):
            found[local.kind, key].append(index)
    return (members for members in found.values() if len(members) > 1)


def _full_names(local: Local) -> list[str]:
    """The names by which an entity is the same in every article."""
    if local.kind == "person":
        return list(
            dict.fromkeys(forms.key("person", name) for name in local.spelled if not forms.is_bare_person(name))
        )
    return [] if is_generic(local.kind, local.spelled) else [forms.key(local.kind, local.spelled[0])]


def _first_and_last(local: Local) -> list[tuple[str, str]]:
    """The first and the last word of a person's full name, where at most initials or a patronymic stand between."""
    found = forms.person_words(local.spelled[0]) if local.kind == "person" else ()
    if len(found) < 2 or forms.is_bare_person(local.names[0]):
        return []
    first, *middle, last = found
    return [] if any(len(name.rstrip(".")) > 1 and not is_patronymic(name) for name in middle) else [(first, last)]


def _one_person(members: Sequence[int], locals_: Sequence[Local]) -> bool:
    """Whether the full names of members differ in nothing but that some leave out one and the same middle name."""
    middles = {forms.person_words(locals_[index].spelled[0])[1:-1] for index in members}
    return len(middles - {()}) <= 1


def _unit_keys(local: Local) -> list[tuple[Hashable, ...]]:
    """A unit's number with its formation word and one kind of troops, and its nickname with its formation word."""
    if local.kind != "unit":
        return []
    parts = forms.formation(local.spelled[0])
    found: list[tuple[Hashable, ...]] = []
    if parts.number and parts.head:
        found += [(parts.number, parts.head, branch) for branch in sorted(parts.branches) or [""]]
    if parts.nick and parts.head:
        found.append((parts.nick, parts.head))
    return found


def _agreeing(members: Sequence[int], locals_: Sequence[Local]) -> Iterator[list[int]]:
    """Members whose names contradict each other in nothing; where some do, those of one number, nickname, nation."""
    signed: dict[Hashable, list[int]] = defaultdict(list)
    for index in members:
        parts = forms.formation(locals_[index].spelled[0])
        signed[parts.number, parts.nick, parts.people].append(index)
    units = [forms.formation(locals_[found[0]].spelled[0]) for found in signed.values()]
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


def _surnames(locals_: Sequence[Local], sets: _Sets) -> list[list[int]]:
    """A surname alone with the one person in the corpus who bears it, where the article gives it that person's office.

    Where nobody bears it with a given name, surnames of one office are joined to each other.
    """
    bearers: dict[str, list[int]] = defaultdict(list)
    bare: dict[str, list[int]] = defaultdict(list)
    for index, local in enumerate(locals_):
        if local.kind == "person":
            *given, surname = forms.person_words(local.spelled[0])
            table = bearers if given else bare
            table[surname].append(index)
    found = []
    for surname, members in bare.items():
        owners = bearers.get(surname, [])
        roots = {sets.root(index) for index in owners}
        if len(roots) == 1:
            offices = frozenset(office for index in owners for office in locals_[index].offices)
            countries = frozenset(country for index in owners for country in locals_[index].countries)
            here = {locals_[index].source for index in owners}
            found += [
                [owners[0], index]
                for index in members
                if locals_[index].offices & offices
                and locals_[index].source not in here
                and (not countries or locals_[index].countries <= countries)
            ]
        elif not roots:
            found += _one_office(members, locals_)
    return found


def _one_office(members: Sequence[int], locals_: Sequence[Local]) -> list[list[int]]:
    by_office: dict[str, list[int]] = defaultdict(list)
    for index in members:
        for office in sorted(locals_[index].offices):
            by_office[office].append(index)
    groups = []
    for sharing in by_office.values():
        if len({locals_[index].countries for index in sharing} - {frozenset()}) <= 1:
            groups.append(sharing)
    return groups


def _is_mountain(local: Local) -> bool:
    """Whether a place is a mountain that has its name from a town, or gave it one ("Mount Velm": "Velm")."""
    return local.kind == "place" and forms.words(local.names[0])[:1] in (("mount",), ("mt",))


def _short_forms(locals_: Sequence[Local], sets: _Sets) -> Iterator[list[int]]:
    """A short form, acronyms among them, with the one name it stands for in other articles, if there is but one."""
    bare: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    spelled: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    for index, local in enumerate(locals_):
        for name in local.spelled if local.kind != "person" else ():
            if not is_generic(local.kind, (name,)) and not _is_mountain(local):
                table = bare if name == local.spelled[0] else spelled
                table[local.kind, forms.key(local.kind, name)].append(index)
    for key, members in bare.items():
        if len({sets.root(index) for index in spelled.get(key, ())}) == 1:
            yield [spelled[key][0], *members]
