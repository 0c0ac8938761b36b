"""Quotation marks: what stands between them, in one paragraph."""

from __future__ import annotations

import re

from briefbook.model import Span

_MARK = re.compile("''|[“”\"«»„‘’']")
_CLOSES = {"“": "”", "«": "»", "„": "“”", "‘": "’", '"': '"', "''": ("''",)}


def quoted(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The spans between outer quotation marks in `text[start:end]`, a paragraph, without the marks, in order.

    A single mark opens before a letter behind a space, and closes behind one before none: an apostrophe does neither.
    What is opened and never closed goes to the end, as a quote that goes on in the next paragraph is printed.
    """
    found: list[Span] = []
    opened: tuple[str, int] | None = None
    for match in _MARK.finditer(text, start, end):
        mark = match[0]
        before = text[match.start() - 1] if match.start() > start else " "
        after = text[match.end()] if match.end() < end else " "
        if opened is None:
            if mark in ("’", "'", "”", "»") or (mark in ("‘", '"', "''") and before.isalnum() and after.isspace()):
                continue
            if mark == "‘" and not after.isalnum():
                continue
            opened = (mark, match.end())
        elif mark in _CLOSES[opened[0]]:
            if mark == "’" and after.isalnum():
                continue
            if mark == '"' and before.isspace() and after.isalnum() and match.start() - opened[1] > 2:
                # a straight mark that looks like an opening one: the one before it was never closed
                found.append(_stripped(text, opened[1], match.start()))
                opened = (mark, match.end())
                continue
            found.append(_stripped(text, opened[1], match.start()))
            opened = None
    if opened is not None and opened[0] != "‘":
        found.append(_stripped(text, opened[1], end))
    return tuple(span for span in found if span.end > span.start)


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
