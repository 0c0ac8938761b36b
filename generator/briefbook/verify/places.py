"""Which page of the site a file is, told from its path, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple
from urllib.parse import unquote

Sort = Literal["home", "briefings", "briefing", "source", "stream", "entities", "kind", "dossier", "corrections"]

SECTIONS = ("front-status", "strategic-context", "negotiations")
KINDS = ("people", "organizations", "units", "places", "events", "documents", "equipment")
NOT_FOUND = "404.html"
PREVIEW = "preview.json"
"""The file by which a preview says that it is one: it may hold text that may not be published."""

_NUMBER = r"(?:page-(?P<page>[2-9]|[1-9][0-9]+)/)?"
_SLUG = r"(?!page-[0-9]+/)(?P<slug>[^/]+)/"
_KIND = f"entities/(?P<part>{'|'.join(KINDS)})/"
_FOLDERS: dict[Sort, str] = {
    "home": "",
    "briefings": "briefings/",
    "briefing": f"briefings/{_SLUG}",
    "source": f"sources/{_SLUG}",
    "stream": f"(?P<part>{'|'.join(SECTIONS)})/",
    "entities": "entities/",
    "kind": _KIND,
    "dossier": f"{_KIND}{_SLUG}",
    "corrections": "corrections/",
}
_PLACES = {sort: re.compile(f"(?P<series>{folder}){_NUMBER}index\\.html") for sort, folder in _FOLDERS.items()}
_GENERATED = re.compile(f"index\\.html|(?:briefings|sources|entities|corrections|{'|'.join(SECTIONS)})/.*", re.DOTALL)
_STORED = re.compile(r"sources/[^/]+/source\.(?:json|txt)")
_HTML = re.compile(r".*\.(?:x?html?|xht|shtml)", re.DOTALL | re.IGNORECASE)


class Place(NamedTuple):
    """A generated page: its sort, the folder of its series, its number there, its slug, its section or kind."""

    sort: Sort
    series: str
    page: int
    slug: str
    part: str


def place_of(path: str) -> Place | None:
    """The generated page at `path`, or None for any other file."""
    for sort, pattern in _PLACES.items():
        if (match := pattern.fullmatch(path)) and not (sort in ("home", "entities") and match["page"]):
            found = match.groupdict()
            return Place(
                sort, found["series"], int(found["page"] or 1), found.get("slug") or "", found.get("part") or ""
            )
    return None


def is_stray(path: str) -> bool:
    """Whether a file stands where only generated pages and stored sources may, and is neither."""
    return bool(_GENERATED.fullmatch(path)) and place_of(path) is None and not _STORED.fullmatch(path)


def is_page(path: str) -> bool:
    """Whether a browser shows the file as a page."""
    return bool(_HTML.fullmatch(path))


def required() -> Iterator[str]:
    """Pages that every site has."""
    yield "index.html"
    for folder in ("briefings", *SECTIONS, "corrections", "entities", *(f"entities/{kind}" for kind in KINDS)):
        yield f"{folder}/index.html"


def resolve(page: str, link: str) -> tuple[str, str] | None:
    """The file and the fragment that a relative link leads to; None for a link that leaves the site or has a scheme."""
    path, _, fragment = link.partition("#")
    if not path:
        return page, unquote(fragment)
    if path.startswith("/") or ":" in path.partition("/")[0] or "\\" in path or "?" in path:
        return None
    parts = page.split("/")[:-1]
    steps = unquote(path).split("/")
    for step in steps:
        if step == "..":
            if not parts:
                return None
            parts.pop()
        elif step not in (".", ""):
            parts.append(step)
    if steps[-1] in (".", "..", ""):
        parts.append("index.html")
    return "/".join(parts), unquote(fragment)
