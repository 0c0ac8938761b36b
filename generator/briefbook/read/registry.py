"""`entities.yml` -> what editors know of entities."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from briefbook.escape import linkable
from briefbook.model import KINDS, Kind, Problem, RegistryEntry
from briefbook.paths import slugify
from briefbook.read.fields import FieldFault, text_of, unknown_key
from briefbook.strict_yaml import Item, YamlFault, parse

_WEB = re.compile(r"https?://[^\s\x00-\x1f\x7f]+", re.IGNORECASE)
MANY = 200
"""Most aliases or addresses of one entry: all of them stand on one page."""
REQUIRED = ("id", "name", "kind")


def read_registry(text: str, file: str) -> tuple[tuple[RegistryEntry, ...], tuple[Problem, ...]]:
    """The entries of a registry, in the order of the file, and what is wrong in it.

    An entry with anything wrong is left out whole, the others stand. `file` names it in problems. A `never` that names
    no entry is a problem of the entry that names it; whether the articles of `only_in` are there is for the caller to
    check.
    """
    try:
        root = parse(text)
    except YamlFault as fault:
        return (), (Problem(f"{file}:{fault.line}", fault.message),)
    if root is None or root.value is None:
        return (), ()
    if not isinstance(root.value, list):
        return (), (Problem(f"{file}:{root.line}", "it must be a list of entries, each beginning with `- id:`"),)
    entries: dict[str, RegistryEntry] = {}
    problems: list[Problem] = []
    for item in root.value:
        entry, wrong = _entry(item, file)
        problems += wrong
        if entry is None:
            continue
        if entry.id in entries:
            first = f"{file}:{entries[entry.id].line}"
            problems.append(Problem(f"{file}:{entry.line}", f"the id `{entry.id}` is taken by the entry at {first}"))
            continue
        entries[entry.id] = entry
    for entry in entries.values():
        for other in entry.never:
            if other not in entries:
                message = f"`never` of `{entry.id}` names `{other}`, and no entry has that id"
                problems.append(Problem(f"{file}:{entry.line}", message))
            elif other == entry.id:
                problems.append(Problem(f"{file}:{entry.line}", f"`never` of `{entry.id}` names the entry itself"))
    return tuple(entries.values()), tuple(problems)


def _entry(item: Item, file: str) -> tuple[RegistryEntry | None, list[Problem]]:
    if not isinstance(item.value, dict):
        return None, [Problem(f"{file}:{item.line}", "an entry must be lines of `key: value`, the first `- id: ...`")]
    problems = [Problem(f"{file}:{line}", f"`{key}` is given twice; keep one") for key, line in item.duplicates]
    values: dict[str, Any] = {}
    for key, value in item.value.items():
        where = f"{file}:{value.key_line}"
        reader = _READERS.get(key)
        if reader is None:
            problems.append(Problem(where, unknown_key(key, _READERS)))
        elif value.value is not None:
            try:
                values[key] = reader(value)
            except FieldFault as fault:
                problems.append(Problem(f"{file}:{fault.line or value.key_line}", f"`{key}` {fault}"))
    missing = [key for key in REQUIRED if item.value.get(key, _NONE).value is None]
    if missing:
        problems.append(Problem(f"{file}:{item.line}", f"the entry lacks {', '.join(f'`{key}`' for key in missing)}"))
    if problems:
        return None, problems
    return RegistryEntry(**values, line=item.line), []


def _id(item: Item) -> str:
    text = text_of(item)
    if slugify(text) != text:
        raise FieldFault(f"must be small letters, digits and hyphens, such as {slugify(text)}")
    return text


def _kind(item: Item) -> Kind:
    if item.value not in KINDS:
        raise FieldFault(f"must be one of {', '.join(KINDS)}")
    return item.value


def _texts(item: Item) -> tuple[str, ...]:
    if not isinstance(item.value, list):
        raise FieldFault("must be a list, such as [one, two]")
    if len(item.value) > MANY:
        raise FieldFault(f"holds {len(item.value):,} values, and {MANY} is the most")
    texts = tuple(text_of(value) for value in item.value)
    if len(set(texts)) < len(texts):
        raise FieldFault("holds the same value twice")
    return texts


def _coordinates(item: Item) -> tuple[float, float]:
    values = [value.value for value in item.value] if isinstance(item.value, list) else []
    numbers = [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(values) != 2 or len(numbers) != 2:
        raise FieldFault("must be two numbers, latitude and longitude, such as [12.5, -3.25]")
    latitude, longitude = numbers
    if not -90 <= latitude <= 90:
        raise FieldFault(f"has the latitude {latitude}, which must be from -90 to 90")
    if not -180 <= longitude <= 180:
        raise FieldFault(f"has the longitude {longitude}, which must be from -180 to 180")
    return latitude, longitude


def _same_as(item: Item) -> tuple[str, ...]:
    addresses = _texts(item)
    for address in addresses:
        if not _WEB.fullmatch(address) or not linkable(address):
            raise FieldFault("must be addresses that begin with https:// or http://")
    return addresses


_NONE = Item(0, None)
_READERS: dict[str, Callable[[Item], Any]] = {
    "id": _id,
    "name": text_of,
    "kind": _kind,
    "aliases": _texts,
    "coordinates": _coordinates,
    "same_as": _same_as,
    "never": _texts,
    "only_in": _texts,
}
