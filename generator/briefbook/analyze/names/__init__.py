"""The document pass: the recognizer's raw names, read again with the whole article in view.

The recognizer sees a few hundred words at a time; an article is consistent. So boundaries are mended, what can be no
name goes, one surface gets one kind, and a name found most times is found every time. Each reading carries the rule
that decided:

`model` untouched; `edge`, `quotation`, `possessive`, `title`, `article`, `people`, `small`, `word` an edge moved;
`joined`, `parted` pieces put together or parted; `one-reading` the kind changed; `repeat`, `surname`,
`acronym` added.
"""

from __future__ import annotations

from collections.abc import Iterable

from briefbook.analyze.names.again import acronyms, weighed
from briefbook.analyze.names.edges import edged
from briefbook.analyze.names.kinds import one_kind
from briefbook.analyze.names.page import Page, Reading, apart
from briefbook.model import Name, Span

__all__ = ["Reading", "document_pass"]


def document_pass(text: str, names: Iterable[Name], sentences: Iterable[Span]) -> tuple[Reading, ...]:
    """The names of an article, in order and without overlap.

    `names` are the recognizer's, `sentences` the article's sentences, title and headings, all in character offsets into
    `text`.
    """
    page = Page(text, sentences)
    readings = edged(page, names)
    readings = apart([*acronyms(page, readings), *readings])
    readings = one_kind(page, readings)
    return tuple(weighed(page, readings))
