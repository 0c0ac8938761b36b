"""The seeds folder -> sources with their articles, the registry, and what an editor must mend."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from briefbook.edits import Correction
from briefbook.model import Article, Problem, RegistryEntry, Source, SourceData
from briefbook.paths import source_slug
from briefbook.read.corrections import read_corrections
from briefbook.read.decode import Undecodable, decode
from briefbook.read.fields import LONGEST, NOTHING, Fields, override, read_fields
from briefbook.read.folder import SIDECARS, extension, list_files, shown, stem
from briefbook.read.markdown import TooDeep, read_markdown
from briefbook.read.registry import read_registry
from briefbook.read.text import read_text

SIDE_FILE_BYTES = 5_000_000
"""Largest sidecar or registry, in bytes: ten thousand entities take about one million."""
_FRONT = re.compile(r"---[ \t]*\n")
_FRONT_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the seeds folder holds: sources sorted by path, the registry, every problem found, the corrections."""

    sources: tuple[Source, ...]
    registry: tuple[RegistryEntry, ...]
    problems: tuple[Problem, ...]
    corrections: tuple[Correction, ...] = ()
    """Of files in the folder alone; a file that is left out has its own problem."""


class Refused(Exception):
    """A file is left out; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Read:
    """A source as its own file makes it, and the fields it was made with."""

    source: Source
    fields: Fields


def read(seeds: Path, *, max_bytes: int) -> Reading:
    """Every article below `seeds` with what is known of it, and the registry.

    Nothing in the folder raises: what is wrong with a file is a problem that names it (relative to `seeds`, with the
    line where there is one), the file is left out, the rest is read. Files over `max_bytes` are left out. The same
    text twice, with the same publisher or none, is one source.
    """
    if not seeds.is_dir():
        return Reading(
            (), (), (Problem(".", f"there is no seeds folder {shown(str(seeds))}; make it and put articles in"),)
        )
    files = list_files(seeds)
    problems = list(files.problems)
    sidecars = dict(files.sidecars)
    found: list[_Read] = []
    for path in files.sources:
        try:
            found.append(_source(seeds, path, sidecars.get(stem(path)), max_bytes, problems))
        except Refused as refused:
            problems += refused.problems
    kept = _without_shared_slugs(_without_repeats(found, problems), problems)
    registry = _registry(seeds, files.registry, problems)
    for entry in registry:
        for path in entry.only_in:
            if path not in files.sources:
                message = f"`only_in` of `{entry.id}` names {shown(path)}, and there is no such article"
                problems.append(Problem(f"{files.registry}:{entry.line}", message))
    corrections = _corrections(seeds, files.corrections, files.sources, problems)
    return Reading(tuple(kept), registry, tuple(problems), tuple(corrections))


def read_side_files(seeds: Path) -> tuple[tuple[RegistryEntry, ...], tuple[Correction, ...], tuple[Problem, ...]]:
    """The registry and the corrections of a seeds folder, and what is wrong in them, without its articles."""
    files = list_files(seeds)
    problems: list[Problem] = []
    registry = _registry(seeds, files.registry, problems)
    corrections = _corrections(seeds, files.corrections, files.sources, problems)
    return registry, tuple(corrections), tuple(problems)


def read_files(paths: Sequence[Path], *, max_bytes: int) -> Reading:
    """The articles in single files, wherever they lie, with their sidecars; `Source.path` is the file's name.

    What is wrong with a file is a problem that names it, as with `read`.
    """
    problems: list[Problem] = []
    sources: list[Source] = []
    for path in paths:
        sidecars = (path.with_suffix(ending) for ending in SIDECARS)
        beside = next((sidecar.name for sidecar in sidecars if sidecar.is_file()), None)
        try:
            sources.append(_source(path.parent, path.name, beside, max_bytes, problems).source)
        except Refused as refused:
            problems += refused.problems
    return Reading(tuple(sources), (), tuple(problems))


def _source(seeds: Path, path: str, sidecar: str | None, max_bytes: int, problems: list[Problem]) -> _Read:
    """The source in the file at `path`. Adds warnings to `problems`; raises Refused where the file is left out."""
    where = shown(path)
    data = _bytes(seeds, path, max_bytes)
    text = _text(data, where, problems)
    if not text.strip():
        raise Refused(Problem(where, "it is empty; write the article or remove the file"))
    markdown = extension(path) == ".md"
    fields, body = _front_matter(text, where) if markdown else (NOTHING, text)
    if sidecar:
        side = _text(_bytes(seeds, sidecar, SIDE_FILE_BYTES), shown(sidecar), problems)
        fields = override(fields, read_fields(side, file=shown(sidecar)))
    if fields.problems:
        raise Refused(*fields.problems)
    article = _article(body, fields.data.title, where, markdown=markdown)
    _refuse_unknown_headings(article, fields)
    title = fields.data.title or _title(article)
    slug = fields.data.slug or source_slug(title, path)
    return _Read(Source(path, (), hashlib.sha256(data).hexdigest(), slug, fields.data, article), fields)


def _bytes(seeds: Path, path: str, most: int) -> bytes:
    try:
        with Path(seeds, path).open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise Refused(Problem(shown(path), f"it cannot be read ({error.strerror}); check its permissions")) from None
    if len(data) > most:
        raise Refused(Problem(shown(path), f"it is over {most:,} bytes, the most that is read; shorten or split it"))
    return data


def _text(data: bytes, where: str, problems: list[Problem]) -> str:
    try:
        text, guess = decode(data)
    except Undecodable as reason:
        raise Refused(Problem(where, str(reason))) from None
    if guess:
        message = f"it is not UTF-8 and was read as {guess}, which is a guess; save it as UTF-8"
        problems.append(Problem(where, message, "warning"))
    return text


def _front_matter(text: str, where: str) -> tuple[Fields, str]:
    """The fields at the head of a Markdown text, and the text behind them."""
    begin = _FRONT.match(text)
    if not begin:
        return NOTHING, text
    end = _FRONT_END.search(text, begin.end())
    if not end:
        message = "front matter begins here with --- and never ends; close it with a line ---"
        raise Refused(Problem(f"{where}:1", message))
    return read_fields(text[begin.end() : end.start()], file=where, first_line=2), text[end.end() :]


def _article(body: str, title: str | None, where: str, *, markdown: bool) -> Article:
    try:
        article = read_markdown(body, title) if markdown else read_text(body)
    except TooDeep:
        raise Refused(Problem(where, "its quotations or lists are nested too deep to be read; flatten them")) from None
    if title is None and article.title is None:
        raise Refused(Problem(where, "it has no title; begin it with `# Title`, or give `title:` in front matter"))
    for block in article.blocks:
        if block.kind in ("title", "heading") and block.end - block.start > LONGEST:
            begin = article.text[block.start : block.start + 30]
            length = f"{block.end - block.start:,} characters long, and {LONGEST:,} is the most; break the line"
            raise Refused(Problem(where, f"its {block.kind} that begins with {begin!r} is {length}"))
    if all(block.kind in ("title", "heading") for block in article.blocks):
        raise Refused(Problem(where, "it has a title and no text; write the article or remove the file"))
    return article


def _title(article: Article) -> str:
    span = article.title
    return article.text[span.start : span.end] if span else ""


def _refuse_unknown_headings(article: Article, fields: Fields) -> None:
    """Raise Refused where `sections` names a heading that the article does not have."""
    have = {
        squeezed(article.text[block.start : block.end]): article.text[block.start : block.end]
        for block in article.blocks
        if block.kind == "heading"
    }
    problems = []
    for heading, where in fields.lines:
        if squeezed(heading) not in have:
            near = get_close_matches(squeezed(heading), have, n=1)
            hint = f"; did you mean {have[near[0]]!r}?" if near else "; it has none" if not have else ""
            problems.append(Problem(where, f"`sections` names {heading!r}, no heading of the article{hint}"))
    if problems:
        raise Refused(*problems)


def squeezed(heading: str) -> str:
    """A heading as it is compared: without case, white space squeezed."""
    return " ".join(heading.split()).casefold()


def _without_repeats(found: list[_Read], problems: list[Problem]) -> list[_Read]:
    """The sources, each text once for each publisher; those with no publisher stated go with the first that has one.

    Of files with the same words the one with more source data is kept, else the first by path.
    """
    by_text: dict[str, list[_Read]] = {}
    for one in found:
        by_text.setdefault(" ".join(one.source.article.text.split()), []).append(one)
    kept: list[_Read] = []
    for same in by_text.values():
        publishers = [one.source.data.publisher for one in same if one.source.data.publisher]
        groups: dict[str | None, list[_Read]] = {}
        for one in same:
            groups.setdefault(one.source.data.publisher or next(iter(publishers), None), []).append(one)
        for group in groups.values():
            best = min(group, key=lambda one: (-len(one.fields.given), one.source.path))
            others = tuple(one.source.path for one in group if one is not best)
            for other in others:
                message = (
                    f"the same article as {shown(best.source.path)}, which has its one briefing; remove either file"
                )
                problems.append(Problem(shown(other), message))
            kept.append(_Read(replace(best.source, same=others, data=_strictest(best, group)), best.fields))
    return sorted(kept, key=lambda one: one.source.path)


def _strictest(best: _Read, group: list[_Read]) -> SourceData:
    """What is known of the best file, with the narrowest right that any file of the same words has."""
    said = {one.source.data.publish for one in group}
    publish = next((right for right in ("none", "quotes") if right in said), best.source.data.publish)
    withdrawn = next((one.source.data.withdrawn for one in group if one.source.data.withdrawn), None)
    return replace(best.source.data, publish=publish, withdrawn=best.source.data.withdrawn or withdrawn)


def _without_shared_slugs(found: list[_Read], problems: list[Problem]) -> list[Source]:
    """The sources, without those that ask for an address another has; one not asked for goes before one asked for."""
    taken: dict[str, Source] = {}
    for one in sorted(found, key=lambda one: (one.source.data.slug is not None, one.source.path)):
        source = one.source
        if source.slug in taken:
            where = one.fields.slug_where or shown(source.path)
            message = f"the slug `{source.slug}` is taken by {shown(taken[source.slug].path)}; give another `slug:`"
            problems.append(Problem(where, message))
        else:
            taken[source.slug] = source
    return sorted(taken.values(), key=lambda source: source.path)


def _registry(seeds: Path, path: str | None, problems: list[Problem]) -> tuple[RegistryEntry, ...]:
    if path is None:
        return ()
    try:
        entries, wrong = read_registry(_text(_bytes(seeds, path, SIDE_FILE_BYTES), path, problems), path)
    except Refused as refused:
        problems += refused.problems
        return ()
    problems += wrong
    return entries


def _corrections(seeds: Path, path: str | None, sources: Sequence[str], problems: list[Problem]) -> list[Correction]:
    """The corrections of the sources that are there; each other is a problem."""
    if path is None:
        return []
    try:
        found, wrong = read_corrections(_text(_bytes(seeds, path, SIDE_FILE_BYTES), path, problems), path)
    except Refused as refused:
        problems += refused.problems
        return []
    problems += wrong
    known = set(sources)
    for one in found:
        if one.source not in known:
            near = get_close_matches(one.source, sources, n=1)
            hint = f"did you mean {shown(near[0])}?" if near else "write its path below the seeds folder"
            message = f"`source` names {shown(one.source)}, and there is no such article; {hint}"
            problems.append(Problem(one.where, message))
    return [one for one in found if one.source in known]
