"""The display name of an entity, computed from the words of its fullest mention.

`verify` computes it again from a published page, so this module is pure and uses the standard library alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CLOSING = "”’\"'»“›"
_INSIDE = re.compile(rf"(?<![.,])(?<!\.[^\W\d_])[.,]+(?=[{_CLOSING}](?:\s|$))")
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ]s$|(?<=[sxzSXZ])['’ʼ]$")


# The same few names are asked for over and over, from every page that shows them.
@lru_cache(maxsize=50_000)
def display_name(text: str) -> str:
    """The name to show for a mention's words: white space squeezed, no possessive, no comma or stop inside a closing
    quotation mark (`2nd Corps “Khaki,”` -> `2nd Corps “Khaki”`).

    An apostrophe at the end stays where it closes a quotation; the stop of an initialism (`“J.D.”`) stays too. A text
    of which nothing would be left comes back squeezed only.
    """
    squeezed = " ".join(text.split())
    name = _INSIDE.sub("", squeezed)
    if not _opens_quotation(name):
        name = _POSSESSIVE.sub("", name)
    return name.strip() or squeezed


def _opens_quotation(name: str) -> bool:
    """Whether a final apostrophe of `name` closes a quotation that begins inside it."""
    mark = name[-1:]
    if mark not in ("'", "’"):
        return False
    opening = "‘" if mark == "’" else "'"
    at = name.rfind(opening, 0, -1)
    return at == 0 or (at > 0 and not name[at - 1].isalnum())
