"""Articles annotated in the text itself, and their conversion to stand-off annotations.

One file of `data/own/inline` holds many articles. The marks:

    === own-001                        the next article, its id
    F|paragraph                        a paragraph and its section: F front, C context, N negotiations, O other;
                                       a paragraph without a mark (title, heading) has none
    [p:Ana Rell]                       a mention: p person, o organization, u unit, l place, e event, d document,
                                       q equipment; its entity is named as the mention is,
    [p:Rell=Ana Rell]                  or as said behind "=",
    [p:Rell>]                          or is the one entity of this article and kind whose name holds these words
    {1c:content}                       content of statement 1: c claim, n denial, d demand, p promise, q question,
                                       o other; a second letter (D direct, I indirect, M mixed) overrules the mode
                                       that the quotation marks show
    <1,2 Ana Rell>                     words that name the source of statements 1 and 2; its entity is the mention
                                       inside, if it begins with one,
    <1:Rell|she>                       or the one entity whose name holds these words, or none: <1:-|officials>
    _1,2 said_                         the reporting words
    ‹>200;soldiers killed|over 200›    a figure: relation (= ~ > <), value (may be empty) and what is counted

Marks may be nested, not crossed. A statement with several sources gives a row for each. A backslash takes the
meaning from the mark behind it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KINDS = {
    "p": "person",
    "o": "organization",
    "u": "unit",
    "l": "place",
    "e": "event",
    "d": "document",
    "q": "equipment",
}
SECTIONS = {"F": "front", "C": "context", "N": "negotiations", "O": "other"}
POLARITIES = {"c": "claim", "n": "denial", "d": "demand", "p": "promise", "q": "question", "o": "other"}
MODES = {"D": "direct", "I": "indirect", "M": "mixed"}

_MARK = re.compile(
    r"\\(?P<plain>.)"
    r"|\[(?P<kind>[pouledq]):"
    r"|\{(?P<number>\d+)(?P<polarity>[cndpqo])(?P<mode>[DIM]?):"
    r"|<(?P<said>\d+(?:,\d+)*)(?::(?P<entity>[^|<>\n]*)\|| )"
    r"|_(?P<cued>\d+(?:,\d+)*) (?P<cue>[^_\n]+)_"
    r"|‹(?P<op>[=~><])(?P<value>[\d.]*);(?P<what>[^|\n]*)\|"
    r"|(?P<close>[]}>›])",
    re.DOTALL,
)
_CLOSES = {"[": "]", "{": "}", "<": ">", "‹": "›"}
_PAIRS = {"“": "”", '"': '"', "«": "»", "„": "“", "‘": "’", "'": "'", "”": "”", "»": "«"}


class MarkError(ValueError):
    """A mark that is not closed, crosses another, or refers to nothing; the message names the article."""


@dataclass
class _Open:
    """A mark whose end is not yet read."""

    sign: str
    start: int
    match: re.Match[str]


@dataclass
class _Draft:
    """What is read so far of an article."""

    id: str
    text: str = ""
    mentions: list[list[Any]] = field(default_factory=list)
    contents: dict[int, tuple[int, int, str, str]] = field(default_factory=dict)
    sources: list[tuple[list[int], int, int, str | None]] = field(default_factory=list)
    cues: dict[int, str] = field(default_factory=dict)
    figures: list[dict[str, Any]] = field(default_factory=list)
    sections: list[list[Any]] = field(default_factory=list)

    def fail(self, message: str) -> MarkError:
        return MarkError(f"{self.id}: {message}")


def articles(path: Path) -> Iterator[tuple[str, str]]:
    """Id and marked text of each article of a file."""
    parts = re.split(r"^=== *(\S+) *\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if parts[0].strip():
        raise MarkError(f"{path.name}: text before the first '=== id' line")
    for name, marked in zip(parts[1::2], parts[2::2], strict=True):
        yield name, marked.strip("\n")


def convert(name: str, marked: str) -> tuple[str, dict[str, Any]]:
    """The plain text of an article and its annotations in the shape of the annotated sets.

    Raises `MarkError` for marks that do not fit.
    """
    draft = _Draft(name)
    for number, paragraph in enumerate(re.split(r"\n{2,}", marked)):
        if number:
            draft.text += "\n\n"
        label = re.match(r"([FCNO])\|", paragraph)
        start = len(draft.text)
        _read(draft, paragraph[2:] if label else paragraph)
        if label:
            draft.sections.append([start, len(draft.text), SECTIONS[label.group(1)]])
    draft.text += "\n"
    _resolve(draft)
    return draft.text, {
        "id": name,
        "mentions": draft.mentions,
        "entities": _entities(draft),
        "sections": draft.sections,
        "statements": _statements(draft),
        "figures": sorted(draft.figures, key=lambda row: (row["start"], row["end"])),
    }


def _read(draft: _Draft, marked: str) -> None:
    stack: list[_Open] = []
    at = 0
    while match := _MARK.search(marked, at):
        draft.text += marked[at : match.start()]
        at = match.end()
        here = len(draft.text)
        if match["plain"]:
            draft.text += match["plain"]
        elif match["cue"]:
            draft.text += match["cue"]
            for number in map(int, match["cued"].split(",")):
                if number in draft.cues:
                    raise draft.fail(f"statement {number} has two cues")
                draft.cues[number] = match["cue"]
        elif match["close"]:
            if not stack:
                draft.text += match["close"]
            elif stack[-1].sign == "[" and match["close"] == ">" and marked[at : at + 1] == "]":
                continue  # the mark of a known entity, read with the bracket
            elif _CLOSES[stack[-1].sign] == match["close"]:
                _close(draft, stack.pop(), marked, match)
            else:
                raise draft.fail(f"{match['close']!r} closes nothing at {draft.text[-40:]!r}")
        else:
            stack.append(_Open(match.group()[0], here, match))
    draft.text += marked[at:]
    if stack:
        raise draft.fail(f"{stack[-1].sign!r} is not closed: {draft.text[stack[-1].start :][:40]!r}")


def _close(draft: _Draft, mark: _Open, marked: str, closing: re.Match[str]) -> None:
    start, end, match = mark.start, len(draft.text), mark.match
    if start == end or draft.text[start:end] != draft.text[start:end].strip():
        raise draft.fail(f"{mark.sign!r} holds nothing, or begins or ends with a space, at {draft.text[-40:]!r}")
    if mark.sign == "[":
        surface, _, entity = draft.text[start:].partition("=")
        draft.text = draft.text[:start] + surface
        known = marked[closing.start() - 1] == ">"
        draft.mentions.append([start, start + len(surface), KINDS[match["kind"]], None if known else entity or surface])
    elif mark.sign == "{":
        number = int(match["number"])
        if number in draft.contents:
            raise draft.fail(f"statement {number} has two contents")
        mode = MODES[match["mode"]] if match["mode"] else ""
        draft.contents[number] = (start, end, POLARITIES[match["polarity"]], mode)
    elif mark.sign == "<":
        draft.sources.append(([int(n) for n in match["said"].split(",")], start, end, match["entity"]))
    else:
        value = float(match["value"]) if match["value"] else None
        if value is not None and value.is_integer():
            value = int(value)
        draft.figures.append({"start": start, "end": end, "value": value, "op": match["op"], "what": match["what"]})


def _holds(name: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", name) is not None


def _known(draft: _Draft, words: str, kind: str | None) -> str:
    """The one entity whose name holds the words; a name equal to them goes before others."""
    names = {row[3] for row in draft.mentions if row[3] is not None and kind in (None, row[2])}
    found = {words} if words in names else {name for name in names if _holds(name, words)}
    if len(found) != 1:
        raise draft.fail(f"{words!r} is {sorted(found) or 'no entity'}")
    return str(found.pop())


def _resolve(draft: _Draft) -> None:
    draft.mentions.sort()
    for (_, end, *_rest), (start, *_) in zip(draft.mentions, draft.mentions[1:], strict=False):
        if start < end:
            raise draft.fail(f"mentions are nested at {draft.text[start : start + 30]!r}")
    unknown = [row for row in draft.mentions if row[3] is None]
    names = [_known(draft, draft.text[row[0] : row[1]], row[2]) for row in unknown]
    for row, name in zip(unknown, names, strict=True):
        row[3] = name


def _entities(draft: _Draft) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for start, end, kind, name in draft.mentions:
        entity = found.setdefault(name, {"kind": kind, "name": name, "surfaces": []})
        if entity["kind"] != kind:
            raise draft.fail(f"{name!r} is {kind} and {entity['kind']}")
        if draft.text[start:end] not in entity["surfaces"]:
            entity["surfaces"].append(draft.text[start:end])
    return list(found.values())


def _mode(draft: _Draft, start: int, end: int) -> str:
    text = draft.text
    before, after = text[start - 1 : start], text[end : end + 4].lstrip(",.?!…-— ")
    inner = list(text[start:end])
    for first, last, *_ in draft.mentions:
        if first < end and last > start:  # a nickname in quotation marks is no quotation
            inner[max(first, start) - start : last - start] = "x" * (min(last, end) - max(first, start))
    content = "".join(inner)
    if before in _PAIRS and before and after[:1] == _PAIRS[before]:
        return "direct"
    closing = {"“": "”", '"': '"', "«": "»", "„": "“", "‘": "’"}
    if any(content.find(last, content.find(first) + 1) > 0 for first, last in closing.items() if first in content):
        return "mixed"
    return "mixed" if re.search(r"(?<!\w)'[^']+'(?!\w)", content) else "indirect"


def _speaker(draft: _Draft, start: int, end: int, entity: str | None) -> tuple[str | None, int, int]:
    """The entity that speaks, and the words that name it: of "its spokesman Rell" the name alone."""
    if entity is not None:
        return None if entity == "-" else _known(draft, entity, None), start, end
    inside = [row for row in draft.mentions if start <= row[0] and row[1] <= end]
    if inside and inside[-1][1] == end:
        first, last, _kind, name = inside[-1]
        whole = re.search(r"\b(?:of|from|at|in|with|for|by)(?: the)? $", draft.text[start:first])
        return str(name), start if whole else first, last
    for _first, last, _kind, name in inside:
        if not re.match(r"['’]s?\b", draft.text[last : last + 2]):  # "Rell's office" is not Rell
            return str(name), start, end
    return None, start, end


def _statements(draft: _Draft) -> list[dict[str, Any]]:
    rows = []
    said = {number for numbers, *_ in draft.sources for number in numbers}
    for number in sorted(said | set(draft.cues)):
        if number not in draft.contents:
            raise draft.fail(f"statement {number} has no content")
    for number, (start, end, polarity, mode) in draft.contents.items():
        sources = [row[1:] for row in draft.sources if number in row[0]]
        speakers = [_speaker(draft, *source) for source in sources]
        named = [speaker for speaker, *_ in speakers if speaker is not None]
        if len(set(named)) != len(named):
            raise draft.fail(f"statement {number} has one speaker twice: {named}")
        if draft.text[start] in "“«„" and draft.text[end - 1] in "”»“":
            raise draft.fail(f"statement {number} holds its own quotation marks")
        for speaker, first, last in speakers or [(None, 0, 0)]:
            rows.append(
                {
                    "start": start,
                    "end": end,
                    "mode": mode or _mode(draft, start, end),
                    "speaker": speaker,
                    "speaker_text": draft.text[first:last] or None,
                    "speaker_spans": [[first, last]] if last else [],
                    "cue": draft.cues.get(number, ""),
                    "polarity": polarity,
                }
            )
    return sorted(rows, key=lambda row: (row["start"], -row["end"]))


def write(folder: Path) -> int:
    """Convert all files of `folder`/inline into `folder`/texts and `folder`/gold; the number of articles."""
    seen: set[str] = set()
    for part in ("texts", "gold"):
        (folder / part).mkdir(exist_ok=True)
    for path in sorted((folder / "inline").glob("*.txt")):
        for name, marked in articles(path):
            if name in seen:
                raise MarkError(f"{path.name}: {name} is there twice")
            seen.add(name)
            text, annotations = convert(name, marked)
            (folder / "texts" / f"{name}.txt").write_text(text, encoding="utf-8")
            rows = json.dumps(annotations, ensure_ascii=False, indent=1)
            (folder / "gold" / f"{name}.json").write_text(rows + "\n", encoding="utf-8")
    return len(seen)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "data" / "own"
    print(f"{write(target)} articles")
