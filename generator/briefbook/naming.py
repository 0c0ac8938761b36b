"""A name for each entity of one article."""

from __future__ import annotations

from collections import Counter

from briefbook.display import display_name
from briefbook.model import Analysis


def entity_names(text: str, analysis: Analysis) -> list[str]:
    """A name for each entity of an article, different for each: the display name, with a number where two share it."""
    fullest = [analysis.mentions[entity.fullest] for entity in analysis.entities]
    names = [display_name(text[mention.start : mention.end]) for mention in fullest]
    seen: Counter[str] = Counter()
    for n, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            names[n] = f"{name} ({seen[name]})"
    return names
