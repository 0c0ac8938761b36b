"""The tree of a page as a browser builds it, and ways through it."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


def parse(content: bytes) -> LexborHTMLParser:
    """The tree of a page, as a browser builds it. Raises ValueError (UnicodeDecodeError) where it is not UTF-8."""
    return LexborHTMLParser(content.decode("utf-8"))


def children(node: LexborNode) -> Iterator[LexborNode]:
    """The children of a node, texts and comments included."""
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def classes_of(node: LexborNode) -> list[str]:
    """The classes of an element."""
    return (node.attributes.get("class") or "").split()


def neighbor(node: LexborNode, *, before: bool = False) -> LexborNode | None:
    """The element that stands next to a node, behind or before it."""
    step = node.prev if before else node.next
    while step is not None and not step.is_element_node:
        step = step.prev if before else step.next
    return step


def ancestor(node: LexborNode, attribute: str, value: str) -> LexborNode | None:
    """The nearest element around a node whose `attribute` is `value`."""
    parent = node.parent
    while parent is not None and parent.is_element_node:
        if parent.attributes.get(attribute) == value:
            return parent
        parent = parent.parent
    return None


def is_headerlink(node: LexborNode) -> bool:
    """Whether the element is the link that Markdown puts behind a heading."""
    parent = node.parent
    return node.attributes.get("class") == "headerlink" and parent is not None and parent.tag in HEADINGS


def is_leaf(node: LexborNode) -> bool:
    """Whether the element holds no other, a link behind a heading apart."""
    return not any(child.is_element_node and not is_headerlink(child) for child in children(node))


def own_text(node: LexborNode) -> str:
    """The text of an element, without the link that Markdown puts behind a heading."""
    if node.tag in HEADINGS:
        return "".join(
            child.text() if child.is_element_node else child.text_content or ""
            for child in children(node)
            if not child.is_comment_node and not (child.is_element_node and is_headerlink(child))
        )
    return node.text()


def describe(node: LexborNode) -> str:
    """The element for a message: its way from the nearest id or the article."""
    steps: list[str] = []
    step: LexborNode | None = node
    while step is not None and step.tag not in ("article", "body", "html"):
        if identity := step.attributes.get("id"):
            steps.append(f"{step.tag}#{identity}")
            break
        number, before = 1, step.prev
        while before is not None:
            number += before.tag == step.tag
            before = before.prev
        steps.append(f"{step.tag}:nth-of-type({number})")
        step = step.parent
    return " > ".join(reversed(steps)) or (node.tag or "")
