"""Links, ids and ways through the built site: no engine checks a link that stands in raw HTML."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from briefbook.model import Problem

HOME = "index.html"
NOT_FOUND = "404.html"
"""The one page that is served under any address, and so links from the root of the server."""

_OUTSIDE = frozenset({"http", "https", "mailto", "tel"})
"""Schemes of links that lead out of the site, which are not followed."""
_LINKS = "[href], [src], [srcset], [poster], [action]"
_SHOWN = 3
"""How many of the pages that share one broken link are named."""


@dataclass(slots=True)
class _Seen:
    """What one pass over the pages finds. An id holds no white space, so the ids of a page are kept as one string."""

    ids: dict[str, str] = field(default_factory=dict)
    steps: dict[str, set[str]] = field(default_factory=dict)
    anchors: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    missing: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))


def check_links(site: Path, *, site_url: str | None = None, clicks: int | None = 3) -> Iterator[Problem]:
    """What is wrong with the links of a built site.

    Every link of every page leads to a file, and its fragment to an id there; no id stands twice in a page; every page
    can be reached from home, within `clicks` links (None: any number). Addresses below `site_url` (of `mkdocs.yml`) are
    links within the site; other addresses are not looked at.
    """
    origin, base = _split(site_url)
    files = {place.relative_to(site).as_posix() for place in site.rglob("*") if place.is_file()}
    pages = sorted(path for path in files if path.endswith(".html"))
    seen = _Seen()
    for page in pages:
        yield from _read(site, page, files, origin, base, seen)
    yield from _broken(seen)
    yield from _far(pages, seen.steps, clicks)


def _split(site_url: str | None) -> tuple[str, str]:
    """Scheme and host of the site, and the path of its root with a final slash."""
    parts = urlsplit(site_url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else "", parts.path.rstrip("/") + "/"


def _read(site: Path, page: str, files: set[str], origin: str, base: str, seen: _Seen) -> Iterator[Problem]:
    tree = LexborHTMLParser((site / page).read_bytes())
    ids = [node.attributes.get("id") or "" for node in tree.css("[id]")]
    seen.ids[page] = f" {' '.join(ids)} "
    for name, times in Counter(ids).items():
        if times > 1:
            yield Problem(f"{page}: #{name}", f"this id stands {times} times in the page")
    steps = seen.steps[page] = set()
    links = {link for node in tree.css(_LINKS) for link in _links(node.attributes)}
    ways = {node.attributes.get("href") for node in tree.css("a[href]")}
    for link in sorted(links):
        scheme = link.partition(":")[0].lower() if ":" in link.partition("/")[0] else ""
        if scheme == "javascript":
            yield Problem(f"{page}: {link}", "this link is a script")
        inner = link.removeprefix(origin) if origin and link.startswith(f"{origin}/") else link
        if inner == link and (scheme in _OUTSIDE or scheme in ("data", "javascript") or link.startswith("//")):
            continue
        path, _, fragment = inner.partition("#")
        target = _target(page, path.partition("?")[0], base)
        if target not in files:
            seen.missing[link, target or ""].append(page)
            continue
        if link in ways:
            steps.add(target)
        anchor = unquote(fragment.partition(":~:")[0])
        if anchor and anchor != "top" and target.endswith(".html"):
            seen.anchors[target, anchor].append(page)


def _links(attributes: dict[str, str | None]) -> Iterator[str]:
    for name in ("href", "src", "poster", "action"):
        if (value := attributes.get(name)) is not None:
            yield value.strip()
    for candidate in (attributes.get("srcset") or "").split(","):
        if words := candidate.split():
            yield words[0]


def _target(page: str, path: str, base: str) -> str:
    """The file that `path` leads to from `page`, as a browser resolves it; "" for one outside of the site's folder."""
    if path.startswith("/"):
        return _resolve("", path.removeprefix(base)) if path.startswith(base) else ""
    if not path:
        return page
    return _resolve(page.rpartition("/")[0], path)


@lru_cache(maxsize=65536)
def _resolve(folder: str, path: str) -> str:
    parts = folder.split("/") if folder else []
    steps = unquote(path).split("/")
    for step in steps:
        if step == "..":
            if not parts:
                return ""
            parts.pop()
        elif step not in (".", ""):
            parts.append(step)
    if steps[-1] in (".", "..", ""):
        parts.append(HOME)
    return "/".join(parts)


def _broken(seen: _Seen) -> Iterator[Problem]:
    for (link, target), pages in sorted(seen.missing.items()):
        message = f"leads to {target}, which is not there" if target else "leads out of the site's folder"
        yield Problem(f"{_some(pages)}: {link}", message)
    for (target, anchor), pages in sorted(seen.anchors.items()):
        if f" {anchor} " not in seen.ids[target]:
            yield Problem(f"{_some(pages)}: {target}#{anchor}", "no element of that page has this id")


def _some(pages: list[str]) -> str:
    more = len(pages) - _SHOWN
    return ", ".join(pages[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _far(pages: list[str], steps: dict[str, set[str]], clicks: int | None) -> Iterator[Problem]:
    """Pages that no way leads to from home, or only one longer than `clicks`."""
    distance = {HOME: 0}
    queue = deque([HOME])
    while queue:
        page = queue.popleft()
        for target in sorted(steps.get(page, ())):
            if target not in distance:
                distance[target] = distance[page] + 1
                queue.append(target)
    for page in pages:
        if page == NOT_FOUND:
            continue
        if page not in distance:
            yield Problem(page, "no way leads to this page from home")
        elif clicks is not None and distance[page] > clicks:
            yield Problem(page, f"is {distance[page]} clicks from home; at most {clicks} are wanted")
