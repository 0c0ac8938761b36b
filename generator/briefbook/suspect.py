"""What only an editor can settle: entities that may be one, and one that may be two, with the lines that settle it.

Nothing here is a problem: a build never fails of it. What has an entry in `entities.yml` is settled. Linear in the
number of names: of all that share a sign, each is paired with the one that is mentioned most.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from briefbook import forms, lists
from briefbook.model import Corpus, Entity, RegistryEntry
from briefbook.variants import Speller

SHORTEST = 6
"""Names of fewer letters than this are near each other by chance."""
LONGEST = 60
"""Longer names are not looked at letter by letter."""
MOST_ASKED = 50
"""So many suspected duplicates and doubtful merges are asked about at once."""
_ASKED = {"duplicate": "suspected duplicate", "merge": "doubtful merge"}


class Suspicion(NamedTuple):
    """Two entities that may be one (`duplicate`), or one that may be two (`merge`)."""

    kind: Literal["duplicate", "merge"]
    message: str
    choices: tuple[tuple[str, str], ...]
    """What an editor may decide, and the lines of `entities.yml` that say so; taking them out again undoes it."""
    mentions: int
    """Of the less mentioned of the two."""


def suspect(corpus: Corpus) -> tuple[Suspicion, ...]:
    """Suspected duplicates and doubtful merges, what concerns most mentions first."""
    found = [*_duplicates(corpus), *_merges(corpus)]
    return tuple(sorted(found, key=lambda one: (-one.mentions, one.kind, one.message)))


def questions(suspicions: Sequence[Suspicion]) -> Iterator[str]:
    """The lines that ask an editor: what may be settled, and the entries that settle it."""
    if suspicions:
        yield f"\nto settle in entities.yml, if you like ({len(suspicions)}); nothing here fails a build"
    for one in suspicions[:MOST_ASKED]:
        yield f"\n{_ASKED[one.kind]}: {one.message}"
        for choice, lines in one.choices:
            yield f"  {choice}:"
            yield from (f"    {line}" for line in lines.splitlines())
    if len(suspicions) > MOST_ASKED:
        yield f"\nand {len(suspicions) - MOST_ASKED} more that are mentioned less; settle some, and they will show"


def _duplicates(corpus: Corpus) -> Iterator[Suspicion]:
    speller = Speller((entity.kind, entity.aliases[0].text) for entity in corpus.entities)
    spelled = [speller.spell(entity.kind, entity.aliases[0].text) for entity in corpus.entities]
    seen: set[tuple[int, int]] = set()
    rules: tuple[tuple[str, Callable[[Entity, str], Iterable[Hashable]], Callable[[Entity, Entity], bool]], ...] = (
        ("have one nickname, and another formation word or none", _nicknames, _may_be_one_unit),
        ("are one surname with and without a given name", _surnames, _one_is_bare),
        ("are one surname with an initial and a given name", _initials, _one_has_initials),
        ("differ in one letter", _nearly, _one_letter_apart),
    )
    for reason, signs, allowed in rules:
        shelf: dict[Hashable, list[int]] = defaultdict(list)
        for at, entity in enumerate(corpus.entities):
            for sign in dict.fromkeys(signs(entity, spelled[at])):
                shelf[entity.kind, sign].append(at)
        for members in shelf.values():
            first = max(members, key=lambda at: (len(corpus.entities[at].name.split()) > 1, _size(corpus, at), -at))
            full = [at for at in members if _is_full(corpus.entities[at])]
            if signs is _surnames and len(full) != 1:
                continue
            for at in members:
                pair = (min(first, at), max(first, at))
                one, other = corpus.entities[first], corpus.entities[at]
                if at != first and pair not in seen and not (one.entry and other.entry) and allowed(one, other):
                    seen.add(pair)
                    yield _duplicate(corpus, one, other, reason)


def _size(corpus: Corpus, at: int) -> int:
    return len(corpus.entities[at].mentions)


def _is_full(entity: Entity) -> bool:
    return not forms.is_bare_person(entity.aliases[0].text)


def _nicknames(entity: Entity, name: str) -> list[Hashable]:
    nick = forms.formation(name).nick if entity.kind == "unit" else ()
    return [nick] if nick and not all(word in lists.generic_names() for word in nick) else []


def _may_be_one_unit(one: Entity, other: Entity) -> bool:
    first, second = (forms.formation(entity.aliases[0].text) for entity in (one, other))
    numbers = not (first.number and second.number) or first.number == second.number or first.head != second.head
    return numbers and not (first.people and second.people and first.people != second.people)


def _surnames(entity: Entity, name: str) -> list[Hashable]:
    words = forms.person_words(name) if entity.kind == "person" else ()
    return [words[-1]] if words else []


def _one_is_bare(one: Entity, other: Entity) -> bool:
    return _is_full(one) and not _is_full(other) and _apart(one, other)


def _initials(entity: Entity, name: str) -> list[Hashable]:
    words = forms.person_words(name) if entity.kind == "person" else ()
    return [(words[0][0], words[-1])] if len(words) > 1 else []


def _one_has_initials(one: Entity, other: Entity) -> bool:
    short = [len(forms.person_words(entity.aliases[0].text)[0].rstrip(".")) == 1 for entity in (one, other)]
    return short[0] != short[1] and _apart(one, other)


def _nearly(entity: Entity, name: str) -> list[Hashable]:
    """What a name shares with every other that has one letter more, less or another; of a person the surname's."""
    found = forms.person_words(name) if entity.kind == "person" else tuple(forms.fold(name).split())
    if entity.kind == "equipment" or not found or (entity.kind == "person" and len(found) < 2):
        return []
    rest, word = (found[:-1], found[-1]) if entity.kind == "person" else ((), " ".join(found))
    if not SHORTEST <= len(word) <= LONGEST or any(char.isdigit() for char in word) or forms.is_generic(name):
        return []
    if forms.is_known(entity.kind, entity.name):
        return []
    return [(rest, word), *((rest, word[:at] + word[at + 1 :]) for at in range(len(word)))]


def _one_letter_apart(one: Entity, other: Entity) -> bool:
    names = [forms.fold(entity.aliases[0].text) for entity in (one, other)]
    if one.kind == "person":
        # their given names are one, though they may be spelled in two ways
        names = [name.rpartition(" ")[2] for name in names]
    first, second = sorted(names, key=len)
    same = next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))
    rest, other_rest = first[same:], second[same:]
    near = rest[1:] == other_rest[1:] if len(first) == len(second) else rest == other_rest[1:]
    swapped = rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:]
    return (near or swapped) and _apart(one, other)


def _apart(one: Entity, other: Entity) -> bool:
    """Whether no article names both: one that does tells them apart."""
    return not {mention.source for mention in one.mentions} & {mention.source for mention in other.mentions}


def _duplicate(corpus: Corpus, one: Entity, other: Entity, reason: str) -> Suspicion:
    ids = _ids(corpus)
    first, second = _entry(one, ids), _entry(other, ids)
    if first.id == second.id:
        second = replace(second, id=f"{second.id}-2")
    joined = replace(first, aliases=_also(first, (alias.text for alias in other.aliases[:1])))
    if other.entry and not one.entry:
        joined = replace(second, aliases=_also(second, (alias.text for alias in one.aliases[:1])))
    where = f"{_count(other)}, in {_path(corpus, other)}"
    message = f"{_shown(one.name)} ({_count(one)}) and {_shown(other.name)} ({where}) {reason}"
    choices = (
        ("if they are one", _lines(joined)),
        ("if they are two", _lines(replace(first, never=_with(first.never, second.id)), second)),
    )
    return Suspicion("duplicate", message, choices, min(len(one.mentions), len(other.mentions)))


def _merges(corpus: Corpus) -> Iterator[Suspicion]:
    ids = _ids(corpus)
    others = _company(corpus)
    for number, entity in enumerate(corpus.entities):
        if entity.entry is not None:
            continue
        by_source: dict[int, list[str]] = defaultdict(list)
        for mention in entity.mentions:
            text = corpus.sources[mention.source].article.text
            by_source[mention.source].append(text[mention.start : mention.end])
        if len(by_source) < 2:
            continue
        fullest = {
            at: max(names, key=lambda name: forms.fullness(entity.kind, name)) for at, names in by_source.items()
        }
        yield from _by_spelling(corpus, entity, fullest, ids)
        if entity.kind == "person":
            yield from _by_office(corpus, entity, fullest, ids)
            yield from _namesakes(corpus, number, entity, fullest, others, ids)


def _by_spelling(corpus: Corpus, entity: Entity, fullest: dict[int, str], ids: frozenset[str]) -> Iterator[Suspicion]:
    """An entity joined though its names are not the same: in two romanizations or languages, or one the shorter."""
    if entity.kind not in ("person", "place", "unit") or any(forms.is_known(entity.kind, n) for n in fullest.values()):
        return
    by_key: dict[str, list[int]] = defaultdict(list)
    for at in sorted(fullest):
        if _comparable(entity, fullest[at]):
            by_key[_key(entity, fullest[at])].append(at)
    if len(by_key) < 2:
        return
    main, *rest = sorted(by_key.values(), key=lambda found: (-len(found), found))
    for found in rest:
        one, other = fullest[main[0]], fullest[found[0]]
        if forms.stands_for(other, one) or forms.stands_for(one, other):
            continue
        short = set(forms.words(one)) <= set(forms.words(other)) or set(forms.words(other)) <= set(forms.words(one))
        reason = "was taken for its short or full form" if short else "was taken for another spelling of it"
        yield _merge(corpus, entity, one, other, found, reason, ids)


def _comparable(entity: Entity, name: str) -> bool:
    if entity.kind == "person":
        return not forms.is_bare_person(name)
    return entity.kind != "unit" or bool(forms.formation(name).nick)


def _key(entity: Entity, name: str) -> str:
    if entity.kind == "unit":
        return " ".join(forms.formation(name).nick)
    if entity.kind == "person":
        words = forms.person_words(name)
        return f"{words[0]} {words[-1]}" if len(words) > 1 else words[0]
    return forms.key(entity.kind, name)


def _by_office(corpus: Corpus, entity: Entity, fullest: dict[int, str], ids: frozenset[str]) -> Iterator[Suspicion]:
    """A person named by surname alone in an article, joined because of the office it gives."""
    bare = sorted(at for at, name in fullest.items() if forms.is_bare_person(name))
    if not bare or len(bare) == len(fullest):
        return
    full = fullest[min(at for at in fullest if at not in bare)]
    yield _merge(corpus, entity, full, fullest[bare[0]], bare, "has no given name there, but the same office", ids)


def _namesakes(
    corpus: Corpus,
    number: int,
    entity: Entity,
    fullest: dict[int, str],
    others: dict[int, frozenset[int]],
    ids: frozenset[str],
) -> Iterator[Suspicion]:
    """A person whose articles share neither an office nor anybody else they name."""
    offices: dict[int, set[str]] = defaultdict(set)
    titles = lists.titles()
    for role in entity.roles:
        text = corpus.sources[role.source].article.text[role.start : role.end]
        offices[role.source] |= set(forms.words(text)) & (titles.offices | titles.ranks | lists.role_words()["person"])
    told = sorted(at for at in fullest if offices[at])
    for at in told[1:]:
        rest = [one for one in told if one != at]
        strange = all(not offices[at] & offices[one] for one in rest)
        if strange and not any((others[at] - {number}) & others[one] for one in rest):
            name = fullest[at]
            yield _merge(
                corpus, entity, fullest[rest[0]], name, [at], "has another office there, and other company", ids
            )
            return


def _company(corpus: Corpus) -> dict[int, frozenset[int]]:
    """For each source the entities it names, those aside that everybody names."""
    return {
        at: frozenset(n for n in linked if not forms.is_known(corpus.entities[n].kind, corpus.entities[n].name))
        for at, linked in enumerate(corpus.linked)
    }


def _merge(
    corpus: Corpus, entity: Entity, one: str, other: str, sources: Sequence[int], reason: str, ids: frozenset[str]
) -> Suspicion:
    entry = _entry(entity, ids)
    paths = tuple(corpus.sources[at].path for at in sources)
    more = f" and {len(paths) - 1} more" if paths[1:] else ""
    message = f"{_shown(other)} (in {paths[0]}{more}) was joined to {_shown(one)}: it {reason}"
    second = RegistryEntry(f"{entry.id}-2", other, entity.kind, only_in=paths)
    same = forms.key(entity.kind, other) == forms.key(entity.kind, entry.name)
    kept = entry if same else replace(entry, aliases=_also(entry, [other]))
    choices = (
        ("if it is right", _lines(kept)),
        ("if they are two", _lines(replace(entry, never=(second.id,)), second)),
    )
    return Suspicion("merge", message, choices, len(sources))


def _ids(corpus: Corpus) -> frozenset[str]:
    return frozenset(entity.entry.id for entity in corpus.entities if entity.entry)


def _entry(entity: Entity, ids: frozenset[str]) -> RegistryEntry:
    """The entity's entry, or the one it would have."""
    if entity.entry:
        return entity.entry
    taken = entity.slug in ids
    return RegistryEntry(f"{entity.slug}-{entity.kind}" if taken else entity.slug, entity.name, entity.kind)


def _also(entry: RegistryEntry, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*entry.aliases, *(name for name in names if name != entry.name)]))


def _with(ids: Sequence[str], other: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*ids, other]))


def _lines(*entries: RegistryEntry) -> str:
    """Entries as they stand in `entities.yml`; one that is there already is given whole, to stand in its place."""
    out = []
    for entry in entries:
        place = f"  # instead of the entry on line {entry.line}" if entry.line else ""
        out += [f"- id: {entry.id}{place}", f"  name: {_yaml(entry.name)}", f"  kind: {entry.kind}"]
        if entry.aliases:
            out.append(f"  aliases: [{', '.join(map(_yaml, entry.aliases))}]")
        if entry.coordinates:
            out.append(f"  coordinates: [{entry.coordinates[0]}, {entry.coordinates[1]}]")
        for key, values in (("same_as", entry.same_as), ("never", entry.never), ("only_in", entry.only_in)):
            if values:
                out.append(f"  {key}: [{', '.join(map(_yaml, values))}]")
    return "\n".join(out)


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _shown(name: str) -> str:
    return name if name.isprintable() else ascii(name)


def _count(entity: Entity) -> str:
    number = len(entity.mentions)
    return f"{number} mention{'s' if number > 1 else ''}"


def _path(corpus: Corpus, entity: Entity) -> str:
    return corpus.sources[entity.fullest.source].path
