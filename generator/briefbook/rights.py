"""Sources and analyses -> what of them may be published.

Everything behind this stage (entities, pages, files, the search index) is made of what it lets through, so that nothing
can show a sentence, a name or a role that stands in unpublished text alone.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from briefbook import forms
from briefbook.display import display_name
from briefbook.keys import key_sentence
from briefbook.model import (
    SECTION_KEYS,
    Analysis,
    Article,
    ArticleEntity,
    Block,
    Kind,
    Mention,
    Problem,
    Section,
    Source,
    Span,
    Statement,
)
from briefbook.settings import Rights


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be published: sources with their analyses, and those of which a tombstone alone is left."""

    sources: tuple[Source, ...]
    analyses: tuple[Analysis, ...]
    withdrawn: tuple[Source, ...]
    """By date, newest first, then by slug. Their text may not be shown."""
    less: bool
    """Whether anything was kept back."""


def allow(
    sources: Sequence[Source], analyses: Sequence[Analysis], rights: Rights, *, everything: bool = False
) -> Allowed:
    """What of the sources may be published; `analyses` stand in their order.

    `Source.data.publish` of what comes back is never None. Of a source of `quotes` every character outside of what is
    published is a space, line ends apart, so that all offsets hold. A source of `none` is absent, a withdrawn one
    leaves a tombstone. With `everything` (for a preview that nobody else sees) only withdrawn sources are kept back.
    """
    kept: list[tuple[Source, Analysis]] = []
    withdrawn: list[Source] = []
    for source, analysis in zip(sources, analyses, strict=True):
        right = rights.said(source.data) or "full"
        known = replace(source, data=replace(source.data, publish=right))
        if right == "none" and not everything:
            continue
        if source.data.withdrawn is not None:
            withdrawn.append(known)
        elif right == "quotes" and not everything:
            kept.append(_quotes(known, analysis, rights))
        else:
            kept.append((known, analysis))
    withdrawn.sort(key=_newest_first)
    less = len(kept) < len(sources) or any(source.unpublished for source, _ in kept)
    return Allowed(tuple(source for source, _ in kept), tuple(analysis for _, analysis in kept), tuple(withdrawn), less)


def unsaid(sources: Iterable[Source], rights: Rights) -> Iterator[Problem]:
    """The sources of which nobody has said how much of them may be published."""
    for source in sources:
        if source.data.withdrawn is None and rights.said(source.data) is None:
            yield Problem(
                source.path,
                "nothing says how much of it may be published: give it `publish: full`, `quotes` or `none`, or set "
                "that for its publisher or as `default:` under `extra: briefbook: publish:` in the settings",
            )


def chosen(text: str, sections: Sequence[Section], rights: Rights) -> tuple[Span, ...]:
    """The sentences that `quotes` publishes, in the order of the text.

    The key sentences come first, then the others in the order of the text, those under `Other` last. Each is taken if
    it still fits: at most `rights.sentences` of them, and at most `rights.share` percent of the characters of all.
    """
    keys = (key_sentence(text, sections, key) for key in SECTION_KEYS)
    order = [sentence for sentence in keys if sentence is not None]
    for other in (False, True):
        order += sorted(s for section in sections if (section.key == "other") == other for s in section.sentences)
    left = sum(end - start for section in sections for start, end in section.sentences) * rights.share // 100
    taken: set[Span] = set()
    for sentence in dict.fromkeys(order):
        size = sentence.end - sentence.start
        if size <= left and len(taken) < rights.sentences:
            taken.add(sentence)
            left -= size
    return tuple(sorted(taken))


def _newest_first(source: Source) -> tuple[int, str]:
    assert source.data.withdrawn is not None
    return -source.data.withdrawn.date.toordinal(), source.slug


def _quotes(source: Source, analysis: Analysis, rights: Rights) -> tuple[Source, Analysis]:
    """A source of `quotes`, its text blanked, and its analysis without what the blanks held."""
    text = source.article.text
    published = frozenset(chosen(text, analysis.sections, rights))
    sections = tuple(
        replace(
            section,
            sentences=sentences,
            cues=tuple(
                cue for cue in section.cues if any(s.start <= cue.start and cue.end <= s.end for s in sentences)
            ),
        )
        for section in analysis.sections
        if (sentences := tuple(sentence for sentence in section.sentences if sentence in published))
    )
    lines = sorted([*published, *_heads(source.article, sections)])
    article = Article(_blanked(text, lines), tuple(_blocks(source.article.blocks, lines)))
    count = len(analysis.sentences) - len(published)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return (
        replace(source, article=article, unpublished=count, whole_digest=digest),
        _within(analysis, sections, lines, text),
    )


def _heads(article: Article, sections: Sequence[Section]) -> Iterator[Span]:
    """The title, and each heading under which a published sentence stands."""
    if article.title is not None:
        yield article.title
    headed = {section.heading for section in sections}
    starts = sorted(sentence.start for section in sections for sentence in section.sentences)
    headings = [Span(block.start, block.end) for block in article.blocks if block.kind == "heading"]
    at = 0
    for n, heading in enumerate(headings):
        end = headings[n + 1].start if n + 1 < len(headings) else len(article.text)
        while at < len(starts) and starts[at] < heading.end:
            at += 1
        if heading in headed or (at < len(starts) and starts[at] < end):
            yield heading


def _blanked(text: str, lines: Sequence[Span]) -> str:
    """The text with a space for every character outside of `lines`, line ends apart."""
    parts: list[str] = []
    at = 0
    for start, end in (*lines, Span(len(text), len(text))):
        parts += ["\n".join(" " * len(line) for line in text[at:start].split("\n")), text[start:end]]
        at = end
    return "".join(parts)


def _blocks(blocks: Sequence[Block], lines: Sequence[Span]) -> Iterator[Block]:
    """The blocks that hold lines, each from its first line to its last."""
    at = 0
    for block in blocks:
        first = at
        while at < len(lines) and lines[at].end <= block.end:
            at += 1
        if at > first:
            yield Block(block.kind, lines[first].start, lines[at - 1].end)


def _within(analysis: Analysis, sections: tuple[Section, ...], lines: Sequence[Span], text: str) -> Analysis:
    """The analysis with what lies in `lines` alone; an entity without a mention there is gone."""
    rest = iter(lines)
    line = next(rest, Span(0, 0))
    kept: list[int] = []
    for n, mention in enumerate(analysis.mentions):
        while line.end < mention.end and (following := next(rest, None)) is not None:
            line = following
        if line.start <= mention.start and mention.end <= line.end:
            kept.append(n)
    number = {old: new for new, old in enumerate(kept)}
    entities: list[ArticleEntity] = []
    renumbered: dict[int, int] = {}
    for n, entity in enumerate(analysis.entities):
        mentions = [index for index in entity.mentions if index in number]
        if mentions:
            renumbered[n] = len(entities)
            fullest = entity.fullest if entity.fullest in number else _fullest(entity.kind, mentions, analysis, text)
            left = tuple(number[index] for index in mentions)
            entities.append(replace(entity, fullest=number[fullest], mentions=left))
    mentions_ = tuple(_of(analysis.mentions[index], renumbered) for index in kept)
    roles = tuple(
        role._replace(entity=renumbered[role.entity])
        for role in analysis.roles
        if role.entity in renumbered and any(start <= role.start and role.end <= end for start, end in lines)
    )
    starts = [line.start for line in lines]
    whole = {(section.start, section.end) for section in sections}

    def shown(*spans: Span | None) -> bool:
        return all(span is None or span.end <= _line_end(span, lines, starts) for span in spans)

    statements = tuple(
        part
        for said in analysis.statements
        for part in _parts(
            said._replace(
                speaker=said.speaker if shown(said.speaker) else None,
                cue=said.cue if shown(said.cue) else None,
                entity=None if said.entity is None else renumbered.get(said.entity),
            ),
            lines,
            starts,
        )
    )
    return Analysis(
        sections,
        mentions_,
        tuple(entities),
        roles,
        statements,
        figures=tuple(f for f in analysis.figures if shown(Span(f.start, f.end), f.what)),
        dates=tuple(d for d in analysis.dates if shown(Span(d.start, d.end))),
        hedges=tuple(h for h in analysis.hedges if shown(Span(h.start, h.end))),
        places=tuple(p for p in analysis.places if shown(p.place, p.what, p.side)),
        replies=tuple(r for r in analysis.replies if shown(r.claim, r.answer)),
        positions=tuple(p for p in analysis.positions if shown(p.party, p.content)),
        edited=tuple(
            e
            for e in analysis.edited
            if ((e.start, e.end) in whole if e.layer == "section" else shown(Span(e.start, e.end)))
        ),
    )


def _parts(said: Statement, lines: Sequence[Span], starts: Sequence[int]) -> Iterator[Statement]:
    """A statement cut to each line that it reaches, so that no published sentence loses who says it."""
    for n in range(max(0, bisect_right(starts, said.start) - 1), len(lines)):
        start, end = lines[n]
        if start >= said.end:
            break
        if end > said.start:
            yield said._replace(start=max(start, said.start), end=min(end, said.end))


def _line_end(span: Span, lines: Sequence[Span], starts: Sequence[int]) -> int:
    """The end of the line that `span` begins in; -1 where it begins in none."""
    at = bisect_right(starts, span.start) - 1
    return lines[at].end if at >= 0 else -1


def _of(mention: Mention, renumbered: dict[int, int]) -> Mention:
    return mention._replace(entity=renumbered[mention.entity])


def _fullest(kind: Kind, mentions: Sequence[int], analysis: Analysis, text: str) -> int:
    """The fullest of some mentions; of equals the first."""

    def fullness(index: int) -> tuple[bool, bool, int, bool]:
        mention = analysis.mentions[index]
        return forms.fullness(kind, display_name(text[mention.start : mention.end]))

    return max(mentions, key=fullness)
