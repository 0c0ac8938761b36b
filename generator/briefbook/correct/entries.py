"""What is read in a sentence, as entries of `corrections.yml` that an editor changes and keeps."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import groupby

from briefbook.correct.quoted import Quoted
from briefbook.edits import NONE, RELATIONS
from briefbook.escape import visible
from briefbook.model import Analysis, Edited, Figure, Layer, Section, Source, Span, Statement
from briefbook.naming import entity_names

WORDS = 12
"""Of a longer sentence so many words are quoted to name its paragraph."""
_MISSING = """\
# What is not read here: quote its words and say what they are.
# - source: {source}
#   quote: "words of the sentence"
#   mention: {{kind: place}}
#   # or statement: {{speaker: "a name", kind: claim}}, or figure: {{value: 300, relation: about, what: "words"}}"""


def entries(source: Source, analysis: Analysis, words: str = "") -> Iterator[str]:
    """Lines of YAML with what is read in the lines that hold `words` (or the sentence of that number; all without).

    Put into `corrections.yml` as they are, they change nothing but whose word it is. What an editor has the word on
    already stands as a comment, for it has its entry. Nothing comes where no sentence holds the words.
    """
    quoted = Quoted(source.article, analysis.sentences)
    analysis = replace(analysis, figures=tuple(sorted(analysis.figures, key=lambda figure: figure.start)))
    names = entity_names(source.article.text, analysis)
    wanted = list(_wanted(quoted, frozenset(analysis.sentences), words))
    if not wanted:
        return
    yield "# Keep the entries that you change and delete the others. `none` in place of {...} says that it is none."
    edited = frozenset(analysis.edited)
    said = _by_line(quoted, analysis.statements)
    section_of = {sentence: section for section in analysis.sections for sentence in section.sentences}
    for number, line in wanted:
        section = section_of.get(line)
        yield ""
        if section is None:
            yield "# Title or heading"
        else:
            yield f"# Sentence {number}, under {section.key} ({section.reason})"
        yield f"# {visible(quoted.words(line))}"
        for layer, span, value, note in _read(quoted, analysis, said.get(line, ()), names, line, section):
            whole = span if layer != "section" or section is None else Span(section.start, section.end)
            yield from _entry(source, quoted, layer, span, value, note, settled=Edited(layer, *whole) in edited)
    yield ""
    yield _MISSING.format(source=_text(source.path))


def _wanted(quoted: Quoted, sentences: Set[Span], words: str) -> Iterator[tuple[int, Span]]:
    """(number, line) of the lines meant; the title and headings have the number 0."""
    words = " ".join(words.split())
    number = int(words) if words.isascii() and words.isdigit() and len(words) < 9 else 0
    number = number if number <= len(sentences) else 0
    found = quoted.find(words) if words and not number else ()
    n = 0
    for line in quoted.lines:
        n += line in sentences
        is_numbered = n == number and line in sentences
        if is_numbered or not words or any(s.start < line.end and line.start < s.end for s in found):
            yield (n if line in sentences else 0), line


def _by_line(quoted: Quoted, statements: Sequence[Statement]) -> dict[Span, list[Statement]]:
    """The statements with words in each line, in the order of the text."""
    found: dict[Span, list[Statement]] = defaultdict(list)
    for said in sorted(statements, key=lambda said: (said.start, said.end)):
        for line in quoted.lines_of(Span(said.start, said.end)):
            found[line].append(said)
    return found


def _read(
    quoted: Quoted,
    analysis: Analysis,
    statements: Sequence[Statement],
    names: Sequence[str],
    sentence: Span,
    section: Section | None,
) -> Iterator[tuple[Layer, Span, str, str]]:
    """(layer, span, value, what decided it) of all that is read in a sentence, title or heading."""
    first, last = (bisect_left(analysis.mentions, at, key=lambda mention: mention.start) for at in sentence)
    for mention in analysis.mentions[first:last]:
        value = f"{{kind: {mention.kind}, entity: {_text(names[mention.entity])}}}"
        yield "mention", Span(mention.start, mention.end), value, mention.rule
    for (start, end), rows in groupby(statements, key=lambda said: (said.start, said.end)):
        said = list(rows)
        yield "statement", Span(start, end), _statement(quoted, names, said), said[0].rule
    first, last = (bisect_left(analysis.figures, at, key=lambda figure: figure.start) for at in sentence)
    for figure in analysis.figures[first:last]:
        yield "figure", Span(figure.start, figure.end), _figure(quoted, figure), ""
    if section is None:
        return
    ends = [at for at in range(sentence.start, sentence.end) if quoted.text[at].isspace()]
    most = ends[WORDS - 1] if len(ends) >= WORDS else sentence.end
    yield "section", Span(sentence.start, most), section.key, section.reason


def _entry(
    source: Source, quoted: Quoted, layer: Layer, span: Span, value: str, note: str, *, settled: bool
) -> Iterator[str]:
    nth = quoted.nth(span)
    if not nth:
        yield f"# {layer} {_text(quoted.words(span))} stands within a word or beside one, and cannot be quoted alone"
        return
    lines = [f"- source: {_text(source.path)}", f"  quote: {_text(quoted.words(span))}"]
    if nth > 1:
        lines.append(f"  nth: {nth}")
    lines.append(f"  {layer}: {value}" + (f"  # {note}" if note else ""))
    if settled:
        yield "# in corrections.yml already; change it there:"
    yield from (f"# {line}" if settled else line for line in lines)


def _statement(quoted: Quoted, names: Sequence[str], rows: Sequence[Statement]) -> str:
    speakers = []
    for said in rows:
        if said.entity is not None:
            speakers.append(_text(names[said.entity]))
        elif said.speaker is not None:
            speakers.append(_text(quoted.words(said.speaker)))
    speakers = list(dict.fromkeys(speakers))
    speaker = NONE if not speakers else speakers[0] if len(speakers) == 1 else f"[{', '.join(speakers)}]"
    cue = NONE if rows[0].cue is None else _text(quoted.words(rows[0].cue))
    return f"{{speaker: {speaker}, kind: {rows[0].kind}, mode: {rows[0].mode}, cue: {cue}}}"


def _figure(quoted: Quoted, figure: Figure) -> str:
    relation = next(word for word, sign in RELATIONS.items() if sign == figure.relation)
    high = f", high: {_number(figure.high)}" if figure.relation == "range" else ""
    what = NONE if figure.what is None else _text(quoted.words(figure.what))
    return f"{{value: {_number(figure.value)}{high}, relation: {relation}, what: {what}}}"


def _number(value: float | None) -> str:
    """A number as YAML reads it here, without an exponent."""
    if value is None:
        return NONE
    short = f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    return f"{value:.12f}" if "e" in short else short


def _text(text: str) -> str:
    """A text in quotation marks; what cannot be printed is escaped, as YAML and JSON both have it."""
    escaped = json.dumps(text, ensure_ascii=False)
    return "".join(
        char if char.isprintable() else f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
        for char in escaped
    )
