"""What stands around the article of a page: the engine's frame, the same on every page but for the page's own headings.

Nothing else is known of it, for each engine and theme has its own. So what may stand there is what at least one other
page has too, and what the page says itself: its title, its headings, a label.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from briefbook.model import Problem
from briefbook.verify.tree import HEADINGS, children, describe, own_text

_SHOWN = 200
_TITLE_LENGTH = 100
"""Fewest characters of a heading that a title cut short still has."""
_UP = re.compile(r'(?:(?<=")|^)(?:\.\.?(?:/|(?=")|$))+')
"""The way from a page to the root of the site, in scripts and attributes."""
_SPEAKING = frozenset(
    ["title", "aria-label", "aria-description", "alt", "placeholder", "content", "style", "srcdoc", "src"]
)
"""Attributes that are read out, shown, or run."""


class Frames:
    """The frames of all pages, compared with each other."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = frozenset(labels.values())
        self._times: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def add(self, page: str, tree: LexborHTMLParser, article: LexborNode, *, generated: bool) -> None:
        """Take in the frame of a page. Only what stands on a generated page is a problem if no other page has it."""
        headings = [node for node in article.traverse() if node.tag in HEADINGS]
        own = {" ".join(own_text(node).split()) for node in headings}
        own |= self._labels
        found: dict[str, LexborNode] = {}
        for node, text in _texts(tree.root):
            if node.tag == "title":
                text = _without_heading(text, own)
            if text and text not in own and not _is_cut(text, own):
                found.setdefault(text, node)
        for text, node in found.items():
            self._times[text] += 1
            if generated and self._times[text] == 1:
                self._first[text] = f"{page}: {describe(node)}"

    def problems(self) -> Iterator[Problem]:
        """What stands on one generated page alone."""
        for text, where in self._first.items():
            if self._times[text] == 1 and not self._times[text.rpartition(": ")[2]] > 1:
                shown = repr(text[:_SHOWN])
                yield Problem(where, f"expected around the article what other pages have too, found {shown}")


def _texts(parent: LexborNode | None) -> Iterator[tuple[LexborNode, str]]:
    """Every text outside of articles with the element it belongs to, in one form for pages at any depth."""
    if parent is None:
        return
    stack = [parent]
    while stack:
        node = stack.pop()
        for name, value in node.attributes.items():
            if value and (name in _SPEAKING or name.startswith("on") or (name == "href" and _loads(node))):
                yield node, _plain(value)
        for child in children(node):
            if child.is_text_node:
                text = child.text_content or ""
                if not text.isspace():
                    yield node, _plain(text)
            elif child.is_element_node and child.tag != "article":
                stack.append(child)


def _plain(text: str) -> str:
    return " ".join((_UP.sub("", text) if "." in text else text).split())


def _loads(node: LexborNode) -> bool:
    """Whether the address of this element is loaded with the page; the address of the page itself is its own."""
    return node.tag == "link" and node.attributes.get("rel") not in ("canonical", "prev", "next", "alternate")


def _without_heading(title: str, own: set[str]) -> str:
    """What a page's `<title>` has beside its heading: the name of the site."""
    matches = [heading for heading in own if heading and title.startswith(heading)]
    if matches:
        return title.removeprefix(max(matches, key=len)).strip()
    cut, mark, rest = title.rpartition("…")
    return rest.strip() if mark and _is_cut(f"{cut}…", own) else title


def _is_cut(text: str, own: set[str]) -> bool:
    """Whether `text` is one of the headings cut short."""
    words = text.removesuffix("…").rstrip()
    return text.endswith("…") and len(words) >= _TITLE_LENGTH and any(heading.startswith(words) for heading in own)
