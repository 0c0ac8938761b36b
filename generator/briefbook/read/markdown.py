"""Markdown -> Article: the readable text, without marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefbook.model import Article, Block, BlockKind
from briefbook.read.blocks import furniture, heading_like, parts, trimmed_lines

CELL = " | "
"""What stands between the cells of a table row, as it does in the file."""
NESTING = 60
"""Levels of quotations and lists that are read; the parser leaves out what lies deeper. A list counts for two."""


class TooDeep(Exception):
    """The text nests quotations or lists deeper than is read."""


class _Part(NamedTuple):
    """A block before its place in the text is known. `bold` is a paragraph set wholly in bold."""

    kind: BlockKind | Literal["bold"]
    text: str


def read_markdown(text: str, title: str | None) -> Article:
    """The article of a Markdown text (CommonMark with tables) whose line ends are line feeds.

    `Article.text` holds the readable text alone: heading marks, emphasis, link addresses and list marks are gone, raw
    HTML is text like any other. Blocks are parted by a blank line; a list item's paragraph, a table row and a picture's
    alternative text are a block each, as is a paragraph set wholly in bold that could be a heading. A first heading is
    the title where `title` (from front matter or a sidecar) is None or says the same. NUL becomes U+FFFD, as CommonMark
    has it. Raises TooDeep.
    """
    tokens = _parser().parse(text)
    if any(token.level >= NESTING - 2 for token in tokens):
        raise TooDeep
    found = list(_parts(tokens))
    texts: list[str] = []
    blocks: list[Block] = []
    position = 0
    for i, (kind, words) in enumerate(found):
        if not blocks and kind == "heading" and (title is None or _same(title, words)):
            kind = "title"
        elif kind == "bold":
            followed = i + 1 < len(found) and found[i + 1].kind in ("paragraph", "item", "row")
            kind = "heading" if followed and heading_like(words) else furniture(words) or "paragraph"
        blocks.append(Block(kind, position, position + len(words)))
        texts.append(words)
        position += len(words) + 2
    return Article("\n\n".join(texts), tuple(blocks))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING}).enable("table")


def _same(title: str, words: str) -> bool:
    return " ".join(title.split()).casefold() == " ".join(words.split()).casefold()


def _parts(tokens: Sequence[Token]) -> Iterator[_Part]:
    """The blocks of the text that hold anything, in order, trimmed."""
    items = 0
    heading = False
    cells: list[str] | None = None
    captions: list[str] = []
    for token in tokens:
        match token.type:
            case "list_item_open":
                items += 1
            case "list_item_close":
                items -= 1
            case "heading_open" | "heading_close":
                heading = token.nesting > 0
            case "tr_open":
                cells = []
            case "tr_close":
                row = CELL.join(cells or ()).strip()
                if any(cells or ()):
                    yield _Part("row", row)
                yield from (_Part("caption", caption) for caption in captions)
                cells, captions = None, []
            case "inline" if cells is not None:
                words, pictures = _inline(token)
                cells.append(words)
                captions += pictures
            case "inline":
                words, pictures = _inline(token)
                if words and heading:
                    yield _Part("heading", words)
                elif words:
                    yield from _paragraph(words, item=items > 0, bold=_bold(token))
                yield from (_Part("caption", caption) for caption in pictures)
            case "code_block" | "fence":
                if words := token.content.strip():
                    yield _Part("item" if items else "paragraph", words)


def _paragraph(words: str, *, item: bool, bold: bool) -> Iterator[_Part]:
    if item:
        yield _Part("item", words)
    elif bold:
        yield _Part("bold", words)
    else:
        for start, end in parts(words, list(trimmed_lines(words))):
            part = words[start:end]
            yield _Part(furniture(part) or "paragraph", part)


def _inline(token: Token) -> tuple[str, list[str]]:
    """The readable words of a paragraph, and the alternative texts of the pictures in it, trimmed."""
    words: list[str] = []
    pictures: list[str] = []
    for child in token.children or ():
        if child.type == "image":
            if alternative := _alternative(child):
                pictures.append(alternative)
        elif child.type in ("softbreak", "hardbreak"):
            words.append("\n")
        else:
            words.append(child.content)
    return "".join(words).strip(), pictures


def _alternative(image: Token) -> str:
    """The alternative text of a picture, marks in it removed, those of pictures within it kept as text."""
    words: list[str] = []
    waiting = list(reversed(image.children or ()))
    while waiting:
        token = waiting.pop()
        words.append("\n" if token.type in ("softbreak", "hardbreak") else "" if token.children else token.content)
        waiting += reversed(token.children or ())
    return "".join(words).strip()


def _bold(token: Token) -> bool:
    """Whether all the words of a paragraph are in bold."""
    depth = 0
    for child in token.children or ():
        if child.type in ("strong_open", "strong_close"):
            depth += child.nesting
        elif depth == 0 and child.content.strip():
            return False
    return True
