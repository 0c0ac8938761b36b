"""Front matter and sidecars -> what is known of a source, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any, cast, get_args

from briefbook.escape import linkable
from briefbook.model import SECTION_KEYS, Corrected, Problem, Publish, SectionKey, SourceData, Withdrawn
from briefbook.paths import slugify
from briefbook.strict_yaml import Item, YamlFault, parse

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_URL = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f\x7f]+", re.IGNORECASE)


LONGEST = 1_000
"""Longest title or other value, in characters: it stands on many pages, and the longest headline tried has 180."""


class FieldFault(Exception):
    """A value is not what its key takes; the message says what is wrong and how to mend it.

    `line` is where, if not at the key.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields one file gives, where each section heading was named, and what is wrong."""

    data: SourceData
    given: frozenset[str]
    """Names of the fields that were given a value."""
    lines: tuple[tuple[str, str], ...] = ()
    """(heading of `data.sections`, where it was named as file:line)."""
    slug_where: str = ""
    problems: tuple[Problem, ...] = ()


NOTHING = Fields(SourceData(), frozenset())


def read_fields(text: str, *, file: str, first_line: int = 1) -> Fields:
    """The fields in a text of YAML that begins at `first_line` of `file`; nothing in it is an error that raises."""
    try:
        root = parse(text, first_line=first_line)
    except YamlFault as fault:
        return replace(NOTHING, problems=(Problem(f"{file}:{fault.line}", fault.message),))
    if root is None or root.value is None:
        return NOTHING
    if not isinstance(root.value, dict):
        message = "it must be lines of `key: value`, such as `title: A headline`"
        return replace(NOTHING, problems=(Problem(f"{file}:{root.line}", message),))
    problems = [Problem(f"{file}:{line}", f"`{key}` is given twice; keep one") for key, line in root.duplicates]
    values: dict[str, Any] = {}
    for key, item in root.value.items():
        where = f"{file}:{item.key_line}"
        reader = _READERS.get(key)
        if reader is None:
            problems.append(Problem(where, unknown_key(key, _READERS)))
            continue
        # An empty value is one left out; what keeps text off the site has to be said, lest too much be published.
        if item.value is None and key not in ("publish", "withdrawn"):
            continue
        try:
            values[key] = reader(item)
        except FieldFault as fault:
            problems.append(Problem(f"{file}:{fault.line or item.key_line}", f"`{key}` {fault}"))
    data = SourceData(**values)
    return Fields(
        data=data,
        given=frozenset(values),
        lines=_section_lines(root.value.get("sections"), file) if "sections" in values else (),
        slug_where=_where(root.value, "slug", file),
        problems=tuple(problems),
    )


def override(base: Fields, over: Fields) -> Fields:
    """`base` with every field that `over` gives, and the problems of both."""
    changed: dict[str, Any] = {name: getattr(over.data, name) for name in over.given}
    return Fields(
        data=replace(base.data, **changed),
        given=base.given | over.given,
        lines=over.lines if "sections" in over.given else base.lines,
        slug_where=over.slug_where if "slug" in over.given else base.slug_where,
        problems=base.problems + over.problems,
    )


def unknown_key(key: str, allowed: Any) -> str:
    """What is wrong with a key that is not among `allowed`, and the nearest one."""
    near = get_close_matches(key, allowed, n=1)
    hint = f"; did you mean `{near[0]}`?" if near else "."
    return f"unknown key `{_short(key)}`{hint} Allowed are {', '.join(allowed)}."


def text_of(item: Item) -> str:
    """A line of text, white space squeezed. Raises FieldFault where the value is none."""
    if not isinstance(item.value, str):
        raise FieldFault('must be text; put it in quotation marks, as in "2026"')
    text = " ".join(item.value.split())
    if not text:
        raise FieldFault("is empty; give it a value or remove it")
    if len(text) > LONGEST:
        raise FieldFault(f"is {len(text):,} characters long, and {LONGEST:,} is the most; shorten it")
    return text


def _date(item: Item) -> date:
    value = item.value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise FieldFault(f"is {value}, and there is no such day") from None
    raise FieldFault("must be a date written as year-month-day, such as 2026-02-03")


def _url(item: Item) -> str:
    text = text_of(item)
    if not _URL.fullmatch(text) or not linkable(text):
        raise FieldFault("must be an address that begins with https://, http:// or mailto:")
    return text


def _publish(item: Item) -> Publish:
    if not isinstance(item.value, str) or item.value not in get_args(Publish):
        raise FieldFault(f"must be one of {', '.join(get_args(Publish))}")
    return cast(Publish, item.value)


def _withdrawn(item: Item) -> Withdrawn:
    return Withdrawn(*_words_and_day(item, "reason", "at the wish of the publisher"))


def _corrected(item: Item) -> Corrected:
    return Corrected(*_words_and_day(item, "note", "the number of boats is put right"))


def _words_and_day(item: Item, words: str, example: str) -> tuple[str, date]:
    """The text under the key `words` and the date under `date`; both have to be given."""
    if not isinstance(item.value, dict) or item.value.keys() != {words, "date"} or item.duplicates:
        raise FieldFault(f'must be `{words}` and `date`, as in {{{words}: "{example}", date: 2026-02-03}}')
    try:
        return text_of(item.value[words]), _date(item.value["date"])
    except FieldFault as fault:
        raise FieldFault(f"has a part that {fault}", item.key_line) from None


def _slug(item: Item) -> str:
    text = text_of(item)
    if slugify(text) != text:
        raise FieldFault(f"must be small letters, digits and hyphens, such as {slugify(text)}")
    return text


def _sections(item: Item) -> tuple[tuple[str, SectionKey], ...]:
    if not isinstance(item.value, dict):
        raise FieldFault('must be lines of `"heading of this article": section`')
    if item.duplicates:
        heading, line = item.duplicates[0]
        raise FieldFault(f"names {_short(heading)!r} twice; keep one", line)
    for heading, section in item.value.items():
        if section.value not in SECTION_KEYS:
            raise FieldFault(
                f"gives {_short(heading)!r} the section {_short(str(section.value))!r}; "
                f"sections are {', '.join(SECTION_KEYS)}",
                section.key_line,
            )
    return tuple((heading, cast(SectionKey, section.value)) for heading, section in item.value.items())


def _section_lines(item: Item | None, file: str) -> tuple[tuple[str, str], ...]:
    if item is None or not isinstance(item.value, dict):
        return ()
    return tuple((heading, f"{file}:{section.key_line}") for heading, section in item.value.items())


def _where(values: dict[str, Item], key: str, file: str) -> str:
    return f"{file}:{values[key].key_line}" if key in values else ""


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


_READERS: dict[str, Callable[[Item], Any]] = {
    "title": text_of,
    "published": _date,
    "publisher": text_of,
    "author": text_of,
    "url": _url,
    "license": text_of,
    "publish": _publish,
    "withdrawn": _withdrawn,
    "corrected": _corrected,
    "slug": _slug,
    "sections": _sections,
}
