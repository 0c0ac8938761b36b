"""Sources that have one origin: one text sent to many, as a news agency's reports are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from briefbook.compose.desk import Desk
from briefbook.labels import count
from briefbook.tables import SAME_TEXT
from briefbook.views import SameText


def groups(origins: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """For each source the sources of its origin, itself included, in the order of the corpus.

    `origins` has a number for each source of the corpus, the same for those of one origin; a source alone with its
    number is left out, and with no numbers at all every source is its own origin.
    """
    found: dict[int, list[int]] = defaultdict(list)
    for i, origin in enumerate(origins):
        found[origin].append(i)
    return {i: tuple(members) for members in found.values() if len(members) > 1 for i in members}


def same_text(desk: Desk, i: int, here: str) -> SameText | None:
    """The notice of the other sources with the text of source `i`; None where there is no other."""
    others = [other for other in desk.origins.get(i, ()) if other != i]
    if not others:
        return None
    titles = tuple(desk.title_link(other, here) for other in others[:SAME_TEXT])
    return SameText(titles, count("same", len(others) - SAME_TEXT) if len(others) > SAME_TEXT else None)
