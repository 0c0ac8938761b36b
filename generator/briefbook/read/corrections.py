"""`corrections.yml` -> what editors put right in the reading of the sources."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, cast, get_args

from briefbook.edits import ALL, NONE, RELATIONS, Correction, Edit, FigureEdit, MentionEdit, SectionEdit, StatementEdit
from briefbook.model import KINDS, SECTION_KEYS, Kind, Mode, Problem, Relation, SectionKey, StatementKind
from briefbook.read.fields import FieldFault, text_of, unknown_key
from briefbook.strict_yaml import Item, YamlFault, parse

LONGEST = 1_000


def read_corrections(text: str, file: str) -> tuple[tuple[Correction, ...], tuple[Problem, ...]]:
    """The corrections in a text, in the order of the file, and what is wrong in it.

    An entry with anything wrong is left out whole, the others stand. `file` names it in problems. Whether the sources
    and the quotes are there is for others to check.
    """
    try:
        root = parse(text)
    except YamlFault as fault:
        return (), (Problem(f"{file}:{fault.line}", fault.message),)
    if root is None or root.value is None or root.value == {}:
        return (), ()
    if not isinstance(root.value, list):
        return (), (Problem(f"{file}:{root.line}", "it must be a list of entries, each beginning with `- source:`"),)
    corrections: list[Correction] = []
    problems: list[Problem] = []
    for item in root.value:
        one, wrong = _correction(item, file)
        problems += wrong
        corrections += one
    return tuple(corrections), tuple(problems)


def _correction(item: Item, file: str) -> tuple[list[Correction], list[Problem]]:
    where = f"{file}:{item.line}"
    if not isinstance(item.value, dict):
        return [], [Problem(where, "an entry must be lines of `key: value`, the first `- source: ...`")]
    problems = [Problem(f"{file}:{line}", f"`{key}` is given twice; keep one") for key, line in item.duplicates]
    values: dict[str, Any] = {}
    for key, value in item.value.items():
        reader = _READERS.get(key)
        if reader is None:
            problems.append(Problem(f"{file}:{value.key_line}", unknown_key(key, _READERS)))
            continue
        try:
            values[key] = reader(value)
        except FieldFault as fault:
            problems.append(Problem(f"{file}:{fault.line or value.key_line}", f"`{key}` {fault}"))
    missing = [key for key in ("source", "quote") if key not in item.value]
    if missing:
        problems.append(Problem(where, f"the entry lacks {' and '.join(f'`{key}`' for key in missing)}"))
    layers = [key for key in item.value if key in _LAYERS]
    if len(layers) != 1:
        found = " and ".join(f"`{key}`" for key in layers) or "none"
        problems.append(Problem(where, f"give one of {', '.join(f'`{key}`' for key in _LAYERS)}; it has {found}"))
    if problems:
        return [], problems
    return [Correction(values["source"], values["quote"], values.get("nth", 1), values[layers[0]], where)], []


def _source(item: Item) -> str:
    if not isinstance(item.value, str) or not item.value or len(item.value) > LONGEST:
        raise FieldFault("must be the path of an article below the seeds folder, such as 2026-02-03-ferry.txt")
    return item.value


def _nth(item: Item) -> int:
    if item.value == "all":
        return ALL
    if isinstance(item.value, int) and not isinstance(item.value, bool) and item.value > 0:
        return item.value
    raise FieldFault("must be a number from 1, for the occurrence that is meant, or `all`")


def _mention(item: Item) -> Edit:
    if item.value == NONE:
        return MentionEdit(remove=True)
    values = _parts(item, {"kind": _one_of(KINDS), "entity": text_of}, "{kind: unit, entity: Heron Corps}")
    return MentionEdit(cast(Kind | None, values.get("kind")), values.get("entity"))


def _statement(item: Item) -> Edit:
    if item.value == NONE:
        return StatementEdit(remove=True)
    readers: dict[str, Callable[[Item], Any]] = {
        "speaker": _speakers,
        "words": text_of,
        "cue": _or_none(text_of),
        "kind": _one_of(get_args(StatementKind)),
        "mode": _one_of(get_args(Mode)),
    }
    values = _parts(item, readers, "{speaker: Ivo Tamm, kind: claim}")
    if "words" in values and len(values.get("speaker", ())) != 1:
        raise FieldFault("has `words`, the words that name the one `speaker`; name that one too")
    return StatementEdit(frozenset(values), **values)


def _figure(item: Item) -> Edit:
    if item.value == NONE:
        return FigureEdit(remove=True)
    readers: dict[str, Callable[[Item], Any]] = {
        "value": _or_none(_number),
        "high": _or_none(_number),
        "relation": _relation,
        "what": _or_none(text_of),
    }
    values = _parts(item, readers, "{value: 300, relation: at least, what: soldiers}")
    low, high = values.get("value"), values.get("high")
    if values.get("relation", "range") == "range" and "relation" in values and (low is None or high is None):
        raise FieldFault("is a range: give its two ends as `value` and `high`")
    if high is not None and (values.get("relation") != "range" or low is None or low > high):
        raise FieldFault("has `high`, the upper end of a range: say `relation: range` and give a lower `value`")
    return FigureEdit(frozenset(values), **values)


def _section(item: Item) -> Edit:
    return SectionEdit(cast(SectionKey, _one_of(SECTION_KEYS)(item)))


def _parts(item: Item, readers: dict[str, Callable[[Item], Any]], example: str) -> dict[str, Any]:
    """The values under a key that takes several; raises FieldFault where one is wrong, unknown or given twice."""
    if not isinstance(item.value, dict) or not item.value:
        raise FieldFault(f"must be `none`, or some of {', '.join(readers)}, as in {example}")
    if item.duplicates:
        raise FieldFault(f"has `{item.duplicates[0][0]}` twice; keep one", item.duplicates[0][1])
    values = {}
    for key, value in item.value.items():
        if key not in readers:
            raise FieldFault(f"has an {unknown_key(key, readers)}", value.key_line)
        try:
            values[key] = readers[key](value)
        except FieldFault as fault:
            raise FieldFault(f"has a `{key}` that {fault}", fault.line or value.key_line) from None
    return values


def _one_of(allowed: Sequence[str]) -> Callable[[Item], str]:
    def read(item: Item) -> str:
        if not isinstance(item.value, str) or item.value not in allowed:
            raise FieldFault(f"must be one of {', '.join(allowed)}")
        return item.value

    return read


def _or_none(read: Callable[[Item], Any]) -> Callable[[Item], Any]:
    return lambda item: None if item.value == NONE else read(item)


def _speakers(item: Item) -> tuple[str, ...]:
    if item.value == NONE:
        return ()
    if not isinstance(item.value, list):
        return (text_of(item),)
    names = tuple(text_of(one) for one in item.value)
    if not names or len(set(names)) < len(names):
        raise FieldFault("must be `none`, a name, or a list of different names")
    return names


def _number(item: Item) -> float:
    value = item.value
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise FieldFault("must be a number such as 1500 or 2.5, or `none`")


def _relation(item: Item) -> Relation:
    value = item.value if isinstance(item.value, str) else ""
    if value in RELATIONS:
        return RELATIONS[value]
    raise FieldFault(f"must be one of {', '.join(RELATIONS)}")


_LAYERS: dict[str, Callable[[Item], Edit]] = {
    "mention": _mention,
    "statement": _statement,
    "figure": _figure,
    "section": _section,
}
_READERS: dict[str, Callable[[Item], Any]] = {"source": _source, "quote": text_of, "nth": _nth, **_LAYERS}
