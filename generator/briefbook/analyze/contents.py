"""The contents of statements: the encoder's, their edges mended by what the text itself shows.

What stands between quotation marks is quoted as a whole, and of five words or more it is somebody's statement; what is
retold ends with its sentence; what follows a speaker's label in a transcript is that speaker's. (Of the quoted spans of
nine words or more in the annotated training sets 98 % are statements or lie within one, of five to eight 95 %; of the
retold contents 99 % lie in one sentence.)
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from briefbook.analyze.encoder import Content, Fit
from briefbook.analyze.quotes import quoted
from briefbook.model import Mode, Span, StatementKind

WORDS = 5
"""Words of a quoted span from which on it is a statement, whether the encoder reads one there or not."""
_LABEL = re.compile(r"(?:[^\W\d_][\w.’'-]*\s){0,3}[^\W\d_][\w.’'-]*(?=:\s)")


class Draft(NamedTuple):
    """A content with its edges mended, and what may name its source; `label` where a transcript's label does."""

    start: int
    end: int
    mode: Mode
    kind: StatementKind
    fits: tuple[Fit, ...]
    label: Span | None = None


def drafts(
    text: str, contents: Sequence[Content], blocks: Sequence[Span], sentences: Sequence[Span]
) -> tuple[Draft, ...]:
    """The contents of an article, in the order of the text; none overlaps another.

    `contents` are the encoder's, `blocks` the spans of the article's blocks, `sentences` those of its sentences.
    """
    ordered = sorted(contents)
    starts = [content.start for content in ordered]
    ends = [end for _, end in sorted(sentences)]
    labels = _labels(text, blocks)
    found: list[Draft] = []
    for block in blocks:
        mine = ordered[bisect_left(starts, block.start) : bisect_left(starts, block.end)]
        if (label := labels.get(block.start)) is not None:
            found.append(_labelled(text, block, label, mine))
            continue
        quotes = quoted(text, *block)
        rows = [*_mended(text, mine, quotes, ends, block), *_unread(text, mine, quotes)]
        end = block.start
        for draft in sorted(rows, key=lambda row: (row.start, -row.end)):
            if draft.start >= end and draft.end > draft.start:
                found.append(draft)
                end = draft.end
    return tuple(found)


def _mended(
    text: str, contents: Sequence[Content], quotes: Sequence[Span], ends: Sequence[int], block: Span
) -> Iterator[Draft]:
    """The encoder's contents of a block: a quote is taken whole, all else ends with its sentence."""
    starts, ends_of_quotes = [q.start for q in quotes], [q.end for q in quotes]
    for content in contents:
        near = quotes[bisect_left(ends_of_quotes, content.start) : bisect_right(starts, content.end + 2)]
        inside = next((q for q in near if q.start - 2 <= content.start < q.end), None)
        if inside is not None and _is_of(text, content, inside):
            outside = tuple(fit for fit in content.fits if not inside.start <= fit.source.start < inside.end)
            yield Draft(*_trimmed(text, inside), "direct", content.kind, outside)
            continue
        if content.mode == "direct" and not quotes:
            # speech without marks is printed in paragraphs of its own
            yield Draft(*_trimmed(text, block), "direct", content.kind, content.fits)
            return
        end = min(content.end, _sentence_end(ends, content.start, block.end))
        cut = next((q for q in near if content.start < q.end and q.start < end < q.end), None)
        if cut is not None:
            end = min(cut.end + 1, block.end)
        start = inside.start - 1 if inside is not None else content.start
        within = [q for q in near if start <= q.start and q.end <= end]
        mode: Mode = "mixed" if any(not _is_name(text, q) for q in within) else "indirect"
        yield Draft(*_trimmed(text, Span(max(start, block.start), end)), mode, content.kind, content.fits)


def _is_of(text: str, content: Content, quote: Span) -> bool:
    """Whether a content that begins in a quote means the quote: it ends there, and is most of it or that is long."""
    if text[quote.end : content.end].strip(" ,.;:!?”\"»’'"):
        return False
    return 2 * (content.end - content.start) >= quote.end - quote.start or _is_long(text, quote)


def _is_long(text: str, quote: Span) -> bool:
    return len(text[quote.start : quote.end].split()) >= WORDS


def _unread(text: str, contents: Sequence[Content], quotes: Sequence[Span]) -> Iterator[Draft]:
    """The quotes that are long enough to be statements and that no content of the encoder touches."""
    ends = [content.end for content in contents]
    for quote in quotes:
        at = bisect_right(ends, quote.start)
        touched = at < len(contents) and contents[at].start < quote.end
        if not touched and _is_long(text, quote):
            yield Draft(*_trimmed(text, quote), "direct", "claim", ())


def _sentence_end(ends: Sequence[int], start: int, default: int) -> int:
    """The end of the sentence that holds `start`."""
    at = bisect_right(ends, start)
    return min(ends[at], default) if at < len(ends) else default


def _trimmed(text: str, span: Span) -> Span:
    """A content without the white space and marks at its edges, its comma or stop at the end among them."""
    start, end = span
    while start < end and (text[start].isspace() or text[start] in ",:;–—"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:–—"):
        end -= 1
    if end - start > 1 and text[end - 1] == "." and text[end - 2] not in ". ":
        end -= 1
    return Span(start, end)


def _is_name(text: str, quote: Span) -> bool:
    """Whether what stands in quotation marks looks like a name: "the 9th Brigade “Heron”"."""
    return all(word[:1].isupper() for word in text[quote.start : quote.end].split())


def _labels(text: str, blocks: Sequence[Span]) -> dict[int, Span]:
    """By the start of each block of a transcript, its speaker's label; {} for an article that is none.

    A transcript has two labels or more at the start of blocks, one of them at least twice.
    """
    found = {start: Span(start, match.end()) for start, end in blocks if (match := _LABEL.match(text, start, end))}
    words = Counter(text[label.start : label.end] for label in found.values())
    repeated = any(count > 1 for count in words.values())
    return found if repeated and len(words) > 1 and 3 * len(found) >= len(blocks) else {}


def _labelled(text: str, block: Span, label: Span, contents: Sequence[Content]) -> Draft:
    kind: StatementKind = contents[0].kind if contents else "claim"
    if text[block.end - 1] == "?":
        kind = "question"
    return Draft(*_trimmed(text, Span(label.end + 1, block.end)), "direct", kind, (), label)
