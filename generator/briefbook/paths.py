"""Every identifier, slug, address and relative link of the site; nothing else puts a path together.

A page's address is its folder below the site's root, with a final slash ("briefings/a/"); home is "". The file behind
an address is always `<address>index.md`, so that raw-HTML links are the same under every engine.
"""

from __future__ import annotations

import hashlib
import re

from anyascii import anyascii

from briefbook.model import Kind, SectionKey

HOME = ""
BRIEFINGS = "briefings/"
SOURCES = "sources/"
ENTITIES = "entities/"
CORRECTIONS = "corrections/"

FOLDER: dict[Kind, str] = {
    "person": "people",
    "organization": "organizations",
    "unit": "units",
    "place": "places",
    "event": "events",
    "document": "documents",
    "equipment": "equipment",
}
"""The folder of each kind of entity below `entities/`."""

SLUG_LENGTH = 72
"""Longest slug in characters, without a discriminator: long enough for a headline, short enough for any file system."""

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_TAKEN = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]|index|page-[0-9]+")


def slugify(text: str) -> str:
    """A slug of letters a to z, digits and hyphens for any text; other scripts are transliterated, never dropped.

    Names that Windows reserves, and names this module uses itself, get a final "-x". A text without a letter or digit
    in any script becomes "x".
    """
    latin = anyascii(text[: SLUG_LENGTH * 8]).lower().replace("'", "")
    slug = _NOT_SLUG.sub("-", latin).strip("-")
    if len(slug) > SLUG_LENGTH:
        cut = slug.rfind("-", SLUG_LENGTH // 2, SLUG_LENGTH + 1)
        slug = slug[: cut if cut > 0 else SLUG_LENGTH].rstrip("-")
    if not slug:
        return "x"
    return f"{slug}-x" if _TAKEN.fullmatch(slug) else slug


def source_slug(title: str, path: str) -> str:
    """The slug of a source without one of its own: its title, and six hexadecimal digits of its path's SHA-256.

    It depends on that source alone, so that no other article ever changes it, and two articles of one title differ.
    """
    return f"{slugify(title)}-{hashlib.sha256(path.encode()).hexdigest()[:6]}"


def briefing(slug: str, page: int = 1) -> str:
    """Address of a briefing, or of a further page of a long one."""
    return paged(f"{BRIEFINGS}{slug}/", page)


def source(slug: str, page: int = 1) -> str:
    """Address of a frozen source, or of a further page of a long one."""
    return paged(f"{SOURCES}{slug}/", page)


def stream(key: SectionKey, page: int = 1) -> str:
    """Address of the page with what all articles say on one section."""
    return paged(f"{key}/", page)


def kind_index(kind: Kind, page: int = 1) -> str:
    """Address of the index of one kind of entity."""
    return paged(f"{ENTITIES}{FOLDER[kind]}/", page)


def dossier(kind: Kind, slug: str, page: int = 1) -> str:
    """Address of an entity's dossier, or of an alias that leads to one."""
    return paged(f"{ENTITIES}{FOLDER[kind]}/{slug}/", page)


def paged(address: str, page: int) -> str:
    """Address of a page of a paged series; the first page has the plain address."""
    return address if page == 1 else f"{address}page-{page}/"


def anchor(start: int) -> str:
    """The id of the sentence that begins at `start`, the same on the briefing and on the frozen source."""
    return f"s{start}"


def link(here: str, there: str, fragment: str = "") -> str:
    """A relative link from the page at address `here` to the page (or file) at `there`."""
    target = f"#{fragment}" if fragment else ""
    if here == there and target:
        return target
    return ("../" * here.count("/") + there or "./") + target


def page_file(address: str) -> str:
    """The file below `docs/` behind an address."""
    return f"{address}index.md"
