"""Plain text -> Article."""

from __future__ import annotations

from briefbook.model import Article, Block, Span
from briefbook.read.blocks import label, parts, trimmed_lines


def read_text(text: str) -> Article:
    """The article of a plain text whose line ends are line feeds; `Article.text` is `text` itself.

    The first line that is not blank is the title. Where the lines behind it are parted by blank lines, each stretch
    between these is a block (list items in it, and a date line, caption or byline at its edge, are their own);
    otherwise each line is one. A text of white space alone has no blocks.
    """
    lines = list(trimmed_lines(text))
    if not lines:
        return Article(text, ())
    title, body = lines[0], lines[1:]
    stretches = _stretches(text, body)
    spans = [block for stretch in stretches for block in parts(text, stretch)] if len(stretches) > 1 else body
    return Article(text, (Block("title", *title), *label(text, spans)))


def _stretches(text: str, lines: list[Span]) -> list[list[Span]]:
    """The lines in groups that blank lines part."""
    groups: list[list[Span]] = []
    end = 0
    for line in lines:
        if not groups or text.count("\n", end, line.start) > 1:
            groups.append([])
        groups[-1].append(line)
        end = line.end
    return groups
