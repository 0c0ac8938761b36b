"""Statements: who says what. The encoder marks contents, sources and cues; here they are put together.

A content's edges, mode and kind are mended where the text itself shows better: what stands in quotation marks is
quoted, a cue such as "denied" tells the kind. The innermost sayer is the speaker of a nested statement.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from briefbook import lists
from briefbook.analyze.contents import drafts
from briefbook.analyze.encoder import Content, Fit
from briefbook.analyze.speakers import NOBODY, Speakers, Who
from briefbook.analyze.subjects import subject
from briefbook.model import Mention, Span, Statement, StatementKind

_JOINT = re.compile(r"\s*(?:,|,?\s+and|,?\s+as well as|&)(?:\s+(?:the|his|her|its|their))?\s+\Z")
APART = 3.0
"""What each sentence end between a quote and a source counts against that source, in the encoder's scores."""
ELSEWHERE = 9.0
"""The same for what is retold: who says it hardly ever stands in another sentence."""
INSIDE = 5.0
"""What counts against a source within the content."""
LEAST = -2.0
"""A source must fit better than this. `APART` and this one were chosen on articles of the training sets that the
network had not seen; the two others are as large as they must be to decide."""
WIDE = 1000
"""Characters around a content in which its cue, and the sources of a quote that the encoder did not read, may stand."""
FAR = 250
"""Characters between a content and its cue at most: a cue stands in the sentence of the content or next to it."""


def statements(
    text: str,
    contents: Sequence[Content],
    sources: Sequence[Span],
    cues: Sequence[Span],
    speakers: Speakers,
    mentions: Sequence[Mention],
    blocks: Sequence[Span],
    sentences: Sequence[Span],
) -> tuple[Statement, ...]:
    """The statements of an article, in the order of the text; joint speakers have one each.

    `contents`, `sources` and `cues` are the encoder's; `blocks` the spans of the article's blocks, in order, and
    `sentences` its sentences.
    """
    found: list[Statement] = []
    said: list[Who] = []
    last: tuple[Span, Span] | None = None
    starts = [start for start, _ in blocks]
    ordered = sorted(sentences)
    ends = [end for _, end in ordered]
    for draft in drafts(text, contents, blocks, sentences):
        span = Span(draft.start, draft.end)
        block = blocks[max(0, bisect_right(starts, span.start) - 1)]
        here = ordered[min(len(ordered) - 1, bisect_right(ends, span.start))] if ordered else span
        apart = APART if draft.mode == "direct" else ELSEWHERE
        source = draft.label or _source(span, draft.fits or _near(span, sources, block), ends, apart)
        if source is None or not here.start <= source.start < here.end:
            cue = _cue(_window(cues, span, here), span, None, here)
            source = (subject(text, cue, here, mentions) if cue else None) or source
        if source is None and last is not None and draft.mode == "direct" and _goes_on(text, last[0], span):
            source = last[1]
        beside = [cue for cue in _window(cues, span, block) if _is_of(cue, source, sources)]
        cue = _cue(beside, span, source, block)
        kind = _kind(text, cue, draft.kind)
        if source is None:
            found.append(Statement(*span, draft.mode, kind, None, cue, None, NOBODY.rule))
            continue
        last = (span, source)
        for named in (source, *_joint(text, source, speakers.peers(source, _window(sources, source, block)))):
            who = speakers.who(named, said)
            said.append(who)
            found.append(Statement(*span, draft.mode, kind, named, cue, who.entity, who.rule))
    return tuple(found)


def _window(spans: Sequence[Span], around: Span, block: Span) -> Sequence[Span]:
    """Those of the spans, which are in order, that begin in a block and near `around`."""
    start, end = max(block.start, around.start - WIDE), min(block.end, around.end + WIDE)
    return spans[bisect_left(spans, (start, 0)) : bisect_left(spans, (end, 0))]


def _near(content: Span, sources: Sequence[Span], block: Span) -> tuple[Fit, ...]:
    """The sources of a paragraph, for a content that the encoder did not read: the nearer the better."""
    mine = _window(sources, content, block)
    away = [max(0, content.start - source.end, source.start - content.end) for source in mine]
    return tuple(Fit(source, 1 - far / FAR) for source, far in zip(mine, away, strict=True))


def _source(content: Span, fits: Sequence[Fit], ends: Sequence[int], apart: float) -> Span | None:
    """The source that fits a content best; every sentence end between the two counts `apart` against it."""

    def score(fit: Fit) -> float:
        first, last = min(content.end, fit.source.end), max(content.start, fit.source.start)
        between = bisect_right(ends, last) - bisect_left(ends, first) if last >= first else 0
        inside = content.start <= fit.source.start < content.end
        return fit.better - apart * between - INSIDE * inside

    best = max(fits, key=score, default=None)
    return None if best is None or score(best) <= LEAST else best.source


def _goes_on(text: str, before: Span, span: Span) -> bool:
    """Whether a quote goes on where another one ended: nothing but marks between them."""
    between = text[before.end : span.start]
    return len(between) < 8 and not any(map(str.isalnum, between))


def _away(one: Span, other: Span) -> int:
    return max(0, other.start - one.end, one.start - other.end)


def _is_of(cue: Span, source: Span | None, sources: Sequence[Span]) -> bool:
    """Whether no other source stands nearer to a cue than `source` does."""
    if source is None:
        return True
    at = bisect_left(sources, (cue.start, 0))
    beside = [other for other in sources[max(0, at - 1) : at + 1] if other != source]
    return all(_away(cue, source) <= _away(cue, other) for other in beside)


def _cue(cues: Sequence[Span], content: Span, source: Span | None, block: Span) -> Span | None:
    """The cue of a content: in its paragraph, outside of it, nearest to it and to its source."""

    near = [
        cue
        for cue in cues
        if block.start <= cue.start < block.end
        and (cue.end <= content.start or content.end <= cue.start)
        and _away(cue, content) <= FAR
    ]
    if not near:
        return None
    return min(near, key=lambda cue: (_away(cue, content) + (_away(cue, source) if source else 0), cue.start))


def _joint(text: str, source: Span, others: Sequence[Span]) -> Iterator[Span]:
    """The further sources that are named together with `source`: "A, B and C said"; `others` are in order."""
    at = bisect_left(others, (source.start, 0))
    left: list[Span] = []
    end, n = source.start, at - 1
    while n >= 0 and _JOINT.fullmatch(text[others[n].end : end]):
        left.insert(0, others[n])
        end, n = others[n].start, n - 1
    right: list[Span] = []
    start, n = source.end, bisect_left(others, (source.end, 0))
    while n < len(others) and _JOINT.fullmatch(text[start : others[n].start]):
        right.append(others[n])
        start, n = others[n].end, n + 1
    chain = [*left, source, *right]
    between = [text[one.end : other.start] for one, other in pairwise(chain)]
    # a list of names has its "and" before the last; "after talks with A, B said" has none
    if any("and" in words or "&" in words for words in between[-1:]):
        yield from (span for span in chain if span != source)


def _kind(text: str, cue: Span | None, read: StatementKind) -> StatementKind:
    """The kind that the cue's words tell (`statements.yml`), else as the encoder read it."""
    if cue is not None:
        words = " ".join(text[cue.start : cue.end].casefold().split())
        for kind, phrases in lists.statement_kinds().items():
            if words in phrases:
                return kind
    return read
