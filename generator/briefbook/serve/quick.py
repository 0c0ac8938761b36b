"""The changed pages first: the engine runs on them alone, and what it makes is laid over the preview's site.

No page shows another page's text, and the nav names index pages only. So the engine makes the same bytes of a page
whether the other pages are there or not, as long as those in the nav have their titles. The search index and the
sitemap are made of all pages; they stay as they were until the whole site is built.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

_FRONT = re.compile(r"---\n.*?\n---\n", re.DOTALL)
_TITLE = re.compile(r"(?:---\n(?s:.*?)\n---\n)?\s*# .*\n")
"""Front matter and title, where the title comes first."""


def stage(docs: Path, part: Path, changed: Iterable[str], *, by_hand: Iterable[str], named: Iterable[str]) -> None:
    """Fill the folder `part` with what the engine needs for the `changed` pages of `docs`.

    The hand-written files go with them, for they may be linked to, and the pages `named` in the nav, of both no more
    than front matter and title. Paths that are not in `docs` are passed over.
    """
    if part.exists():
        shutil.rmtree(part)
    for path in changed:
        if (docs / path).is_file():
            (part / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(docs / path, part / path)
    hands = set(by_hand)
    for path in {*hands, *named}:
        if not (docs / path).is_file() or (part / path).exists():
            continue
        (part / path).parent.mkdir(parents=True, exist_ok=True)
        content = (docs / path).read_bytes()
        if path.endswith(".md"):
            text = content.decode("utf-8-sig", "replace")
            stub = _TITLE.match(text) if path in hands else _FRONT.match(text)
            content = stub[0].encode() if stub else content if path in hands else b""
        (part / path).write_bytes(content)


def lay_over(
    docs: Path, built: Path, site: Path, changed: Iterable[str], digest: Callable[[Path], str]
) -> dict[str, str]:
    """Put the changed pages and files into `site`, remove those that are gone; the digest of each that was put there.

    Each file is replaced in one step, so that a browser never gets half of one.
    """
    put = {}
    for path in sorted(changed):
        target = html_file(path)
        if not (docs / path).is_file():
            (site / target).unlink(missing_ok=True)
        elif (built / target).is_file():
            (site / target).parent.mkdir(parents=True, exist_ok=True)
            put[target] = digest(built / target)
            (built / target).replace(site / target)
    return put


def html_file(path: str) -> str:
    """The file of the site that MkDocs makes of a file in `docs`."""
    if not path.endswith(".md"):
        return path
    folder, _, name = path.rpartition("/")
    stem = "" if name in ("index.md", "README.md") else name.removesuffix(".md")
    return "/".join(filter(None, (folder, stem, "index.html")))
