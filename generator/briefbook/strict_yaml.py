"""YAML as the files of editors may use it: plain values with their lines, and no surprises.

The tree is built from the parser's events, so that nothing in a file is ever constructed or executed, depth and size
cost no recursion, and every value knows its line. Scalars are read by the plain subset of YAML 1.1 below; whatever
else looks special there (a time, a date, a number in base 60) stays the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

DEPTH = 40
"""Deepest nesting read; front matter needs 2, `mkdocs.yml` of real sites about 8."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ANCHOR = "the anchor &"
_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"(?i:true|yes|on)")
_FALSE = re.compile(r"(?i:false|no|off)")
_INTEGER = re.compile(r"[-+]?\d[\d_]*", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


class YamlFault(Exception):
    """The text is not the YAML that is read here: `line` counts from 1, `message` says what is wrong."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Item:
    """A value and its line. `special` names a tag on it, or the alias it is, where these are let through."""

    line: int
    value: str | int | float | bool | list[Item] | dict[str, Item] | None
    special: str = ""
    duplicates: tuple[tuple[str, int], ...] = ()
    """Keys of a mapping given twice, and the line of the second; the first stands."""
    key_line: int = 0
    """Line of the key, where this is a value of a mapping."""


@dataclass(slots=True)
class _Open:
    """A mapping or sequence whose end has not come yet."""

    line: int
    special: str
    mapping: bool
    items: list[Item] = field(default_factory=list)
    keys: dict[str, Item] = field(default_factory=dict)
    key: Item | None = None
    duplicates: list[tuple[str, int]] = field(default_factory=list)

    def add(self, item: Item, lenient: bool) -> None:
        if not self.mapping:
            self.items.append(item)
        elif self.key is None:
            if not lenient and not isinstance(item.value, str | int | float | bool):
                raise YamlFault(item.line, "a key must be plain text")
            self.key = item
        else:
            key, self.key = self.key, None
            name = str(key.value)
            if name in self.keys:
                self.duplicates.append((name, key.line))
            else:
                self.keys[name] = Item(item.line, item.value, item.special, item.duplicates, key.line)

    def close(self) -> Item:
        value: list[Item] | dict[str, Item] = self.keys if self.mapping else self.items
        return Item(self.line, value, self.special, tuple(self.duplicates))


def parse(text: str, *, first_line: int = 1, lenient: bool = False) -> Item | None:
    """The one document of `text`, or None where it is empty.

    `first_line` is the line at which `text` begins in its file. Tags, anchors and aliases raise YamlFault, or, with
    `lenient`, tags and aliases are kept as `Item.special` and never resolved. YamlFault is raised too where the text is
    no YAML, nests deeper than DEPTH or holds a second document.
    """
    opened: list[_Open] = []
    root: Item | None = None
    for event in _events(text, first_line):
        line = event.start_mark.line + first_line
        special = _special(event)
        if special and not lenient:
            raise YamlFault(line, f"{special} is not allowed here; write the value out")
        # An anchor changes nothing of the value it stands on.
        special = "" if special.startswith(_ANCHOR) else special
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise YamlFault(line, "a second document begins (---); only one is read")
        if isinstance(event, yaml.CollectionStartEvent):
            if len(opened) >= DEPTH:
                raise YamlFault(line, f"nested more than {DEPTH} deep")
            opened.append(_Open(line, special, isinstance(event, yaml.MappingStartEvent)))
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            item = opened.pop().close()
        elif isinstance(event, yaml.ScalarEvent):
            item = Item(line, event.value if event.style else _plain(event.value), special)
        elif isinstance(event, yaml.AliasEvent):
            item = Item(line, None, special)
        else:
            continue
        if opened:
            opened[-1].add(item, lenient)
        else:
            root = item
    return root


def _events(text: str, first_line: int) -> Iterator[Any]:
    if control := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, control.start()) + first_line
        raise YamlFault(line, "it holds a control character; remove it")
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = text.rstrip().count("\n")
        line = min(mark.line if mark else 0, last) + first_line
        raise YamlFault(line, f"not valid YAML ({error.problem}); put text with special characters in quotes") from None


def _special(event: Any) -> str:
    """The alias, tag or anchor of an event, in words, or ""."""
    if isinstance(event, yaml.AliasEvent):
        return f"the alias *{event.anchor}"
    if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
        return ""
    if event.tag is not None:
        return f"the tag {event.tag}"
    return f"{_ANCHOR}{event.anchor}" if event.anchor is not None else ""


def _plain(value: str) -> str | int | float | bool | None:
    """The value of a scalar without quotation marks."""
    if _NULL.fullmatch(value):
        return None
    if _TRUE.fullmatch(value):
        return True
    if _FALSE.fullmatch(value):
        return False
    # More than 18 digits is no number anybody means, and would cost quadratic time to read.
    if len(value) <= 18 and _INTEGER.fullmatch(value):
        return int(value.replace("_", ""))
    if _FLOAT.fullmatch(value):
        return float(value)
    return value
