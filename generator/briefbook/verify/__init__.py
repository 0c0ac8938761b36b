"""A published folder -> what is wrong with it. Needs the folder alone, and nothing of what built it.

It shows that the folder is whole in itself and that every content text stands in the stored source. With a root from
elsewhere it shows that the folder is the one that was built; without one, a forgery that changes page, source and
manifest alike passes. It never shows that a source is true, nor that the stored copy is what its publisher wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from briefbook.model import Problem
from briefbook.policy import POLICY
from briefbook.verify.content import PageReader
from briefbook.verify.context import check_context
from briefbook.verify.files import MANIFEST, Folder
from briefbook.verify.frame import Frames
from briefbook.verify.notices import Notices
from briefbook.verify.original import compare
from briefbook.verify.origins import Origins
from briefbook.verify.places import NOT_FOUND, PREVIEW, is_page, is_stray, place_of
from briefbook.verify.remote import Fetched, Limits, address_of, fetched_site, problems_of
from briefbook.verify.says import Says
from briefbook.verify.stored import Notice, Stored, read_labels, read_source, read_withdrawn
from briefbook.verify.tree import parse
from briefbook.verify.whole import check_whole

__all__ = ["PREVIEW", "Verification", "preview_problems", "verify_address", "verify_folder", "verify_original"]

LABELS = "labels.json"
WITHDRAWN = "withdrawn.json"
IS_PREVIEW = (
    "this is a preview: it may hold text that may not be published. It is for its editor alone: publish what "
    "`briefbook build` makes"
)
HAND_WRITTEN = "page.hand-written"
_NOT_FOUND_TEXT = "404 - Not found"
_SHOWN = 200
"""How many characters of a text a message shows."""
_STEP = 50
"""After how many pages progress is told."""


class Verification(NamedTuple):
    """What was found: the root (None without a manifest), the problems, how many files and quotations were checked."""

    root: str | None
    problems: tuple[Problem, ...]
    files: int
    quotations: int


def verify_folder(
    site: Path,
    *,
    expect: str | None = None,
    progress: Callable[[str], None] | None = None,
    preview: bool = False,
) -> Verification:
    """Check the published site in the folder `site`.

    `expect` is the root that the site must have, from elsewhere. A preview is a problem unless `preview` says that it
    shall be one. Every problem names page, element, what was expected
    and what was found. Raises no error for anything that a folder can hold.
    """
    say = progress or (lambda _: None)
    folder = Folder(site)
    problems = folder.problems
    if expect is not None and folder.root != expect.strip().lower():
        problems.append(
            Problem(MANIFEST, f"is not the manifest of the site expected: root {expect}, found {folder.root}")
        )
    if not preview:
        problems += preview_problems(site)
    labels = _labels(folder)
    sources = _sources(folder)
    withdrawn = _withdrawn(folder)
    problems += [
        Problem(path, "does not belong here: no build writes it") for path in sorted(folder.paths) if is_stray(path)
    ]
    reader = PageReader(sources, withdrawn, labels, folder.paths, problems)
    notices = Notices(sources, withdrawn)
    says = Says(sources)
    origins = Origins(sources)
    frames = Frames(labels)
    pages = sorted(filter(is_page, folder.paths), key=_in_order)
    for n, path in enumerate(pages):
        if n % _STEP == 0:
            say(f"verified {n} of {len(pages)} pages")
        content = folder.read(path)
        if content is not None:
            problems += _page(path, content, reader, frames, (notices, says, origins), labels)
    problems += frames.problems()
    problems += check_whole(reader.findings, sources, frozenset(withdrawn), folder.paths)
    problems += notices.problems(folder.paths)
    problems += says.problems(reader.findings.headings)
    problems += origins.problems()
    say("verifying the other files")
    folder.finish()
    return Verification(folder.root, tuple(problems), len(folder.paths), reader.findings.quotations)


def preview_problems(site: Path) -> tuple[Problem, ...]:
    """What forbids to publish the folder `site` where it is a preview that was put there by hand."""
    return (Problem(PREVIEW, IS_PREVIEW),) if (site / PREVIEW).exists() else ()


def verify_original(site: Path, name: str, digest: str, text: str) -> tuple[Problem, ...]:
    """Compare what the site publishes of a source with its original.

    `name` is the file for messages, `digest` the SHA-256 of its bytes, `text` the article's text as it is read.
    """
    found = [source for source in _sources(Folder(site)).values() if source.digest == digest]
    if not found:
        return (Problem(name, f"no source of this site comes from this file: its SHA-256 is {digest}"),)
    return tuple(problem for source in found for problem in compare(source, name, text))


def verify_address(
    address: str,
    *,
    expect: str | None = None,
    limits: Limits | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[Verification, Fetched]:
    """Check the published site at an http or https address: its files are fetched, then verified as a folder.

    Where fetching stopped early, the pages are not verified; what came is compared with the manifest alone. Raises
    AddressError where `address` is not one of a site.
    """
    say = progress or (lambda _: None)
    with fetched_site(address_of(address), limits=limits or Limits(), progress=say) as (site, fetched):
        if fetched.stopped is None:
            found = verify_folder(site, expect=expect, progress=say)
        else:
            folder = Folder(site)
            folder.finish()
            found = Verification(folder.root, tuple(folder.problems), len(folder.paths), 0)
        return found._replace(problems=problems_of(fetched, found.problems)), fetched


def _in_order(path: str) -> tuple[str, int, str]:
    """The pages of a series by their number."""
    place = place_of(path)
    return (path, 0, "") if place is None else (place.series, place.page, path)


def _labels(folder: Folder) -> dict[str, str]:
    content = folder.read(LABELS)
    if content is None:
        folder.problems.append(Problem(LABELS, "is missing: no label can be checked"))
        return {}
    try:
        return read_labels(content)
    except ValueError as error:
        folder.problems.append(Problem(LABELS, f"is not a catalog of labels: {error}"))
        return {}


def _withdrawn(folder: Folder) -> dict[str, Notice]:
    content = folder.read(WITHDRAWN)
    if content is None:
        folder.problems.append(Problem(WITHDRAWN, "is missing: no tombstone can be checked"))
        return {}
    try:
        return read_withdrawn(content)
    except ValueError as error:
        folder.problems.append(Problem(WITHDRAWN, f"is not a list of withdrawn sources: {error}"))
        return {}


def _sources(folder: Folder) -> dict[str, Stored]:
    """The sources by slug. One that is broken is named and left out: what quotes it is then unproven."""
    sources: dict[str, Stored] = {}
    for path in sorted(folder.paths):
        match path.split("/"):
            case ["sources", slug, "source.json"]:
                data, text = folder.read(path), folder.read(f"sources/{slug}/source.txt")
                if data is None or text is None:
                    continue
                try:
                    sources[slug] = read_source(slug, data, text)
                except (ValueError, TypeError) as error:
                    folder.problems.append(Problem(path, f"is not a stored source: {error}"))
    return sources


def _page(
    path: str,
    content: bytes,
    reader: PageReader,
    frames: Frames,
    checks: tuple[Notices | Says | Origins, ...],
    labels: Mapping[str, str],
) -> Iterator[Problem]:
    try:
        tree = parse(content)
    except ValueError as error:
        yield Problem(path, f"is not a page in UTF-8: {error}")
        return
    articles = tree.css("article")
    if len(articles) != 1:
        yield Problem(path, f"expected one article, found {len(articles)}")
        return
    (article,) = articles
    yield from _policy(path, tree)
    place = place_of(path)
    frames.add(path, tree, article, generated=place is not None)
    if place is not None:
        yield from _head(path, tree)
        reader.read(path, place, article)
        yield from check_context(path, place, article, reader.sources)
        for check in checks:
            yield from check.check(path, place, article)
    elif path == NOT_FOUND:
        if " ".join(article.text().split()) != _NOT_FOUND_TEXT:
            yield Problem(path, f"expected {_NOT_FOUND_TEXT!r} alone, found {article.text()[:_SHOWN]!r}")
    elif not is_stray(path):
        marks = [node.text() for node in article.css(f'[data-label="{HAND_WRITTEN}"]')]
        if labels.get(HAND_WRITTEN) not in marks:
            yield Problem(path, f"expected the mark {labels.get(HAND_WRITTEN)!r} of a hand-written page")


def _policy(path: str, tree: LexborHTMLParser) -> Iterator[Problem]:
    """The policy stands once, before everything that a browser could load."""
    found = tree.css("meta[http-equiv='Content-Security-Policy']")
    first = tree.css_first("head > *")
    if len(found) != 1 or first is None or first.html != found[0].html:
        yield Problem(path, f"expected one Content-Security-Policy, first in the head, found {len(found)}")
    elif found[0].attributes.get("content") != POLICY:
        yield Problem(path, f"expected the policy {POLICY!r}, found {found[0].attributes.get('content')!r}")


def _head(path: str, tree: LexborHTMLParser) -> Iterator[Problem]:
    """What would make a browser see another page than this one: a base, a refresh, another encoding, ids twice."""
    for node in tree.css("base, meta[http-equiv]:not([http-equiv='Content-Security-Policy']), frame, frameset"):
        yield Problem(f"{path}: {node.tag}", "has no place on a generated page: it leads elsewhere")
    encodings = [(node.attributes.get("charset") or "").lower() for node in tree.css("meta[charset]")]
    if encodings != ["utf-8"]:
        yield Problem(path, f"expected the encoding utf-8 to be stated once, found {encodings}")
    ids = Counter(node.attributes.get("id") or "" for node in tree.css("[id]"))
    for name, times in ids.items():
        if times > 1:
            yield Problem(f"{path}: #{name}", f"expected the id once, found it {times} times")
