"""What must hold of the corpus and the pages before anything is written. Each check yields what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from briefbook import paths
from briefbook.display import display_name
from briefbook.model import Corpus, Page, Problem

MAX_PAGE = 300_000
"""Most bytes of a page as it is served, its frame from the theme included."""
FRAME = 60_000
"""Bytes that Material's frame takes of a page, measured on built pages and rounded up."""


def every_sentence_once(corpus: Corpus) -> Iterator[Problem]:
    """Every character of every article stands in one sentence of one section, in a heading or in the title."""
    for source, analysis in zip(corpus.sources, corpus.analyses, strict=True):
        text = source.article.text
        heads = [(block.start, block.end) for block in source.article.blocks if block.kind in ("title", "heading")]
        at = 0
        for start, end in (*sorted([*heads, *analysis.sentences]), (len(text), len(text))):
            if start < at:
                yield Problem(source.path, f"characters {start} to {at} stand in two sentences")
            elif text[at:start].strip():
                yield Problem(source.path, f"characters {at} to {start} stand in no sentence: {text[at:start]!r}")
            at = max(at, end)


def mentions_are_names(corpus: Corpus) -> Iterator[Problem]:
    """Every mention lies within one sentence, heading or title, and reads as something."""
    for source, analysis in zip(corpus.sources, corpus.analyses, strict=True):
        heads = [(block.start, block.end) for block in source.article.blocks if block.kind in ("title", "heading")]
        lines = iter(sorted([*heads, *analysis.sentences]))
        line = next(lines, (0, 0))
        for mention in analysis.mentions:
            while line[1] < mention.end and (following := next(lines, None)) is not None:
                line = following
            words = source.article.text[mention.start : mention.end]
            if not (line[0] <= mention.start and mention.end <= line[1]):
                yield Problem(source.path, f"the mention {words!r} crosses a sentence")
            if not display_name(words):
                yield Problem(source.path, f"the mention {words!r} has no name in it")


def addresses_are_unique(pages: Sequence[Page]) -> Iterator[Problem]:
    """No two pages have one address, upper and lower case being one (as they are on many file systems)."""
    seen: dict[str, str] = {}
    for page in pages:
        if (other := seen.setdefault(page.path.casefold(), page.path)) is not page.path:
            yield Problem(page.path, f"has the same address as {other}: give one of the two another `slug:` or `id:`")


def entities_are_mentioned(corpus: Corpus) -> Iterator[Problem]:
    """Every entity has a mention, and every alias its evidence."""
    for entity in corpus.entities:
        where = paths.dossier(entity.kind, entity.slug)
        if not entity.mentions:
            yield Problem(where, f"{entity.name!r} is mentioned nowhere")
        if not entity.aliases:
            yield Problem(where, f"{entity.name!r} has no name that a source shows")


def pages_are_short(pages: Sequence[Page]) -> Iterator[Problem]:
    """No page is longer than readers on a slow line can bear."""
    for page in pages:
        size = len(page.text.encode("utf-8", "replace"))
        if page.path.endswith(".md") and size + FRAME > MAX_PAGE:
            yield Problem(
                page.path,
                f"is {size:,} bytes long, and {MAX_PAGE - FRAME:,} is the most: lower `page_bytes` in the settings",
                "warning",
            )


CORPUS_CHECKS: tuple[Callable[[Corpus], Iterator[Problem]], ...] = (
    every_sentence_once,
    mentions_are_names,
    entities_are_mentioned,
)
PAGE_CHECKS: tuple[Callable[[Sequence[Page]], Iterator[Problem]], ...] = (
    addresses_are_unique,
    pages_are_short,
)


def check(corpus: Corpus, pages: Sequence[Page]) -> tuple[Problem, ...]:
    """All problems that the checks find."""
    return (
        *(problem for one in CORPUS_CHECKS for problem in one(corpus)),
        *(problem for one in PAGE_CHECKS for problem in one(pages)),
    )
