"""Which sentence stands for a section."""

from __future__ import annotations

from collections.abc import Sequence

from briefbook.model import Section, SectionKey, Span

SMALL_WORDS = 4
"""Words in small letters that a key sentence has at least: "MARN, May 3. /Agency/." has none."""


def key_sentence(text: str, sections: Sequence[Section], key: SectionKey) -> Span | None:
    """The key sentence of a section: its first in the order of the text that is not a date line or the like.

    What has fewer than `SMALL_WORDS` words in small letters counts as such, unless the section has nothing else.
    `Other` has no key sentence: it holds furniture.
    """
    if key == "other":
        return None
    sentences = [sentence for section in sections if section.key == key for sentence in section.sentences]
    worded = (s for s in sentences if sum(w[:1].islower() for w in text[s.start : s.end].split()) >= SMALL_WORDS)
    return next(worded, next(iter(sentences), None))
