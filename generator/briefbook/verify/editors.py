"""What an editor put right in a quotation is marked, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

from selectolax.lexbor import LexborNode

from briefbook.model import Span
from briefbook.verify.stored import Stored
from briefbook.verify.tree import children, classes_of, is_headerlink, neighbor

CORRECTIONS = "corrections.yml"
"""What `data-editor` says of what an editor put right in the reading of a source."""
WORDLESS = (CORRECTIONS, "sections")
"""Editors' words that are told by labels alone: corrections, and headings sent to a section beside the article."""


def check_marks(
    node: LexborNode, source: Stored, span: Span, mark: str | None, problem: Callable[[LexborNode, str], None]
) -> None:
    """Check the mentions in a quotation of `span`, whose text is that of the span, against what `source` stores.

    A mention is marked, with the label `mark` as its title, where an editor has the word on it and nowhere else; behind
    a quotation with such a mention stands that its marks are an editor's word.
    """
    at, marked = span.start, False
    for child in children(node):
        if child.is_comment_node or (child.is_element_node and is_headerlink(child)):
            continue
        length = len(child.text() if child.is_element_node else child.text_content or "")
        if child.is_element_node and child.tag in ("a", "mark"):
            is_editors = ("mention", Span(at, at + length)) in source.edited
            told = {name: child.attributes[name] for name in ("data-editor", "title") if name in child.attributes}
            is_marked = bool(told)
            if told not in ({}, {"data-editor": CORRECTIONS, "title": mark}):
                problem(
                    child,
                    f"expected a plain mark or a link, or data-editor {CORRECTIONS!r} and title {mark!r}, found {told}",
                )
            marked |= is_marked
            if is_editors and not is_marked:
                problem(child, "expected it marked as an editor's word")
            elif is_marked and not is_editors:
                problem(child, f"expected no mark: no editor has the word on {at}-{at + length} of {source.slug}")
        at += length
    if marked != _told_behind(node):
        expected, found = ("the mark of it", "none") if marked else ("no mark of it", "one")
        problem(
            node, f"expected {expected} behind a quotation with {'' if marked else 'no '}editor's word, found {found}"
        )


def _told_behind(node: LexborNode) -> bool:
    """Whether a label behind a quotation and its links says that names in it are marked by an editor."""
    following = neighbor(node)
    while following is not None and "bb-proof" in classes_of(following):
        following = neighbor(following)
    return following is not None and following.css_first('[data-label="mark.names"]') is not None
