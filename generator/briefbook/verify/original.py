"""A stored source against the original that someone has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from briefbook.model import Problem, Span
from briefbook.verify.stored import Stored


def compare(source: Stored, name: str, text: str) -> Iterator[Problem]:
    """What of a stored source differs from the original `text`, read from the file `name`."""
    where = f"sources/{source.slug}/source.txt"
    whole = hashlib.sha256(text.encode()).hexdigest()
    if whole != source.whole_digest:
        yield Problem(where, f"expected the digest of the whole text of {name}, {whole}, found {source.whole_digest}")
    if len(text) != len(source.text):
        yield Problem(where, f"expected {len(text)} characters, found {len(source.text)}")
        return
    at = 0
    for start, end in (*source.lines, Span(len(text), len(text))):
        between, blank = text[at:start], source.text[at:start]
        if blank != between and blank != "\n".join(" " * len(line) for line in between.split("\n")):
            yield Problem(where, f"characters {at} to {start} are neither those of {name} nor blank")
        if text[start:end] != source.text[start:end]:
            yield Problem(where, f"characters {start} to {end} differ: expected {text[start:end][:200]!r}")
        at = end
