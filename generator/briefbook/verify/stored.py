"""What a published site stores to be checked against: its sources and its catalog of labels."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, get_args

from briefbook.labels import grouped
from briefbook.model import SECTION_KEYS, Layer, Publish, ReasonKey, SectionKey, Span
from briefbook.tables import Layers
from briefbook.verify.files import strict_json
from briefbook.verify.layers import KEYS, read_layers

SLOTS = ("n", "number", "high", "date", "letter", "page", "pages")
_FIELD = re.compile(r"title|published|publisher|author|url|license|path|digest|text-digest|same-[1-9][0-9]*")
"""Fields of source data that a page may show; `same-N` are the paths of copies of the file."""

_SLOT = re.compile(r"\{(\w+)\}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{0,5}[1-9])?")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


class Section(NamedTuple):
    """Where a sentence is routed, and why; `heading` is the article's own heading above it."""

    key: SectionKey
    reason: ReasonKey
    heading: Span | None


class Notice(NamedTuple):
    """What an editor wrote of a correction or withdrawal, and its day."""

    words: str
    day: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A source as the site publishes it: its text, what is known of it, and the spans that may be quoted whole.

    `sentences` gives the section of each sentence, `title` and `headings` the other lines; together they are all of the
    text but white space, and no two overlap.
    """

    slug: str
    text: str
    fields: Mapping[str, str]
    title: Span | None
    headings: frozenset[Span]
    sentences: Mapping[Span, Section]
    lines: tuple[Span, ...]
    digest: str
    """SHA-256 of the file that the text comes from."""
    publish: str
    """`full`, `quotes`, or (in a preview) `none`."""
    unpublished: int
    """How many sentences are not published; their characters are blank in `text`."""
    whole_digest: str
    """SHA-256 of the text with nothing blanked."""
    corrected: Notice | None
    origin: str | None
    """The slug that all sources of one text have here; None where no other source has this one's."""
    layers: Layers
    """What is read out of the text beyond names."""
    edited: frozenset[tuple[Layer, Span]]
    """What an editor has the word on."""

    def line(self, span: Span) -> Span | None:
        """The sentence, title or heading that holds `span`, or None where it crosses one."""
        n = bisect_right(self.lines, span.start, key=lambda line: line.start) - 1
        if n >= 0 and self.lines[n].start <= span.start and span.end <= self.lines[n].end:
            return self.lines[n]
        return None


def read_source(slug: str, data: bytes, text_bytes: bytes) -> Stored:
    """The source in `sources/<slug>/`, from the bytes of its `source.json` and `source.txt`.

    Raises:
        ValueError: the two do not fit each other, or are not as a build writes them.
    """
    text = text_bytes.decode("utf-8")
    stored = strict_json(data)
    _expect(data == canonical(stored), "source.json is not in the one form a build writes")
    keys = {"slug", "path", "digest", "text_digest", "fields", "title", "headings", "sections"}
    keys |= {"publish", "unpublished", "whole_digest", "corrected", "edited", "origin", *KEYS}
    _expect(isinstance(stored, dict) and stored.keys() == keys, f"source.json does not have the keys {sorted(keys)}")
    _expect(stored["slug"] == slug, f"expected slug {slug!r}, found {stored['slug']!r}")
    text_digest = hashlib.sha256(text_bytes).hexdigest()
    _expect(stored["text_digest"] == text_digest, f"text_digest is not that of source.txt, {text_digest}")
    fields = _fields(stored)
    title = None if stored["title"] is None else _span(stored["title"], len(text))
    headings = [_span(pair, len(text)) for pair in _list(stored["headings"])]
    sentences = _sentences(stored["sections"], text, frozenset(headings))
    lines = sorted([*sentences, *headings, *([title] if title else [])])
    _expect_tiled(lines, text)
    _expect(title is None or title == lines[0], "the title is not the first line of the text")
    _expect_rights(stored, lines, text)
    origin = stored["origin"]
    _expect(origin is None or isinstance(origin, str), f"origin: {origin!r} is no slug")
    keyed = {sentence: section.key for sentence, section in sentences.items()}
    layers = read_layers(stored, text, keyed, tuple(lines), partial=stored["unpublished"] > 0)
    return Stored(
        slug,
        text,
        fields,
        title,
        frozenset(headings),
        sentences,
        tuple(lines),
        digest=str(stored["digest"]),
        publish=stored["publish"],
        unpublished=stored["unpublished"],
        whole_digest=stored["whole_digest"],
        edited=_edited(stored["edited"], len(text)),
        corrected=None if stored["corrected"] is None else _notice(stored["corrected"], "note"),
        origin=origin,
        layers=layers,
    )


def read_withdrawn(content: bytes) -> dict[str, Notice]:
    """The withdrawn sources in `withdrawn.json` by slug. Raises ValueError where it is no such list."""
    withdrawn = strict_json(content)
    _expect(isinstance(withdrawn, dict), "expected an object of slugs and notices")
    _expect(content == canonical(withdrawn), "is not in the one form a build writes")
    return {slug: _notice(notice, "reason") for slug, notice in withdrawn.items()}


def read_labels(content: bytes) -> dict[str, str]:
    """The catalog in `labels.json`: patterns by key. Raises ValueError where it is none."""
    labels = strict_json(content)
    _expect(isinstance(labels, dict), "expected an object of keys and patterns")
    _expect(content == canonical(labels), "is not in the one form a build writes")
    for key, pattern in labels.items():
        _expect(isinstance(pattern, str), f"{key}: expected a text")
        _expect(set(_SLOT.findall(pattern)) <= set(SLOTS), f"{key}: unknown slot")
    return dict(labels)


def fill(pattern: str, slots: Mapping[str, str]) -> str:
    """A label's text. Raises ValueError where a slot of `pattern` is missing or not of its type."""

    def value(match: re.Match[str]) -> str:
        slot = match[1]
        given = slots.get(slot)
        if given is None:
            raise ValueError(f"the slot {slot} is not given")
        if slot == "letter":
            _expect(len(given) == 1, f"the slot letter is {given!r}, not one character")
            return given
        if slot == "date":
            _expect(_is_date(given), f"the slot date is {given!r}, not an ISO date")
            return given
        if slot in ("number", "high"):
            _expect(_DECIMAL.fullmatch(given) is not None, f"the slot {slot} is {given!r}, not a number")
            return grouped(given)
        _expect(_NUMBER.fullmatch(given) is not None, f"the slot {slot} is {given!r}, not a whole number")
        return f"{int(given):,}" if slot == "n" else given

    return _SLOT.sub(value, pattern)


def canonical(value: Any) -> bytes:
    """The one form of the JSON files of a site, the manifest apart."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "surrogatepass")


def _expect(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


def _expect_rights(stored: dict[str, Any], lines: list[Span], text: str) -> None:
    """What is said of unpublished text fits: it is blank, and there is none where the whole text is published."""
    publish, unpublished = stored["publish"], stored["unpublished"]
    _expect(publish in get_args(Publish), f"unknown publish {publish!r}")
    _expect(type(unpublished) is int and unpublished >= 0, f"unpublished: {unpublished!r} is not a whole number")
    whole = stored["whole_digest"]
    _expect(isinstance(whole, str) and _DIGEST.fullmatch(whole) is not None, "whole_digest is no SHA-256 digest")
    if unpublished:
        _expect(publish == "quotes", f"{unpublished} sentences are unpublished, and publish is {publish}")
        at = 0
        for start, end in (*lines, Span(len(text), len(text))):
            _expect(not text[at:start].strip(" \n"), f"characters {at} to {start} are neither published nor blank")
            at = end
    elif publish != "quotes":
        _expect(whole == stored["text_digest"], "whole_digest is not the text_digest, and nothing is unpublished")


def _notice(value: Any, words: str) -> Notice:
    keys = {words, "date"}
    _expect(isinstance(value, dict) and value.keys() == keys, f"expected {sorted(keys)}, found {value!r}")
    _expect(isinstance(value[words], str) and bool(value[words].strip()), f"{words}: expected a text")
    _expect(isinstance(value["date"], str) and _is_date(value["date"]), "date: expected an ISO date")
    return Notice(value[words], value["date"])


def _list(value: Any) -> list[Any]:
    _expect(isinstance(value, list), "expected a list")
    return list(value)


def _span(pair: Any, length: int) -> Span:
    _expect(isinstance(pair, list) and len(pair) == 2 and all(type(end) is int for end in pair), f"{pair!r} is no span")
    _expect(0 <= pair[0] < pair[1] <= length, f"the span {pair} does not lie in the text")
    return Span(*pair)


def _edited(rows: Any, length: int) -> frozenset[tuple[Layer, Span]]:
    found: list[tuple[Layer, Span]] = []
    for row in _list(rows):
        _expect(
            isinstance(row, list) and len(row) == 3 and row[0] in get_args(Layer),
            f"edited: {row!r} is no layer and span",
        )
        found.append((row[0], _span(row[1:], length)))
    _expect(len(set(found)) == len(found), "edited: one span of a layer stands twice")
    return frozenset(found)


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _fields(stored: dict[str, Any]) -> dict[str, str]:
    fields = stored["fields"]
    _expect(isinstance(fields, dict), "fields: expected an object")
    for field, value in fields.items():
        _expect(_FIELD.fullmatch(field) is not None, f"fields: {field!r} is not known")
        _expect(isinstance(value, str), f"fields: {field}: expected a text")
    for field, key in (("path", "path"), ("digest", "digest"), ("text-digest", "text_digest")):
        expected = " ".join(str(stored[key]).split())
        _expect(fields.get(field) == expected, f"fields: {field} is not the {key} of source.json")
    _expect("published" not in fields or _is_date(fields["published"]), "fields: published is not an ISO date")
    return dict(fields)


def _sentences(sections: Any, text: str, headings: frozenset[Span]) -> dict[Span, Section]:
    """The section of each sentence, in the order of `source.json`; sections stand in order and apart."""
    sentences: dict[Span, Section] = {}
    at = 0
    for n, section in enumerate(_list(sections), 1):
        keys = {"key", "reason", "heading", "start", "end", "sentences"}
        _expect(
            isinstance(section, dict) and section.keys() == keys, f"section {n} does not have the keys {sorted(keys)}"
        )
        _expect(section["key"] in SECTION_KEYS, f"section {n}: unknown key {section['key']!r}")
        _expect(section["reason"] in get_args(ReasonKey), f"section {n}: unknown reason {section['reason']!r}")
        heading = None if section["heading"] is None else _span(section["heading"], len(text))
        if heading is not None:
            _expect(heading in headings, f"section {n}: its heading {list(heading)} is not one of the headings")
        whole = _span([section["start"], section["end"]], len(text))
        _expect(whole.start >= at, f"section {n} begins at {whole.start}, within the one before")
        at = whole.end
        for pair in _list(section["sentences"]):
            sentence = _span(pair, len(text))
            inside = whole.start <= sentence.start and sentence.end <= whole.end
            _expect(inside, f"section {n}: the sentence {pair} crosses its bounds {list(whole)}")
            _expect(
                not _BLANK_LINE.search(text[slice(*sentence)]), f"section {n}: the sentence {pair} holds a blank line"
            )
            _expect(sentence not in sentences, f"section {n}: the sentence {pair} stands twice")
            sentences[sentence] = Section(section["key"], section["reason"], heading)
    return sentences


def _expect_tiled(lines: list[Span], text: str) -> None:
    at = 0
    for start, end in (*lines, Span(len(text), len(text))):
        _expect(start >= at, f"characters {start} to {at} stand in two sentences")
        _expect(not text[at:start].strip(), f"characters {at} to {start} stand in no sentence")
        at = end
