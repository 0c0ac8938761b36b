"""Rights, corrections and withdrawals as the pages tell them, against what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborNode

from briefbook.escape import visible
from briefbook.model import Problem
from briefbook.verify.places import Place, resolve
from briefbook.verify.stored import Notice, Stored
from briefbook.verify.tree import classes_of, describe

CORRECTIONS = "corrections/index.html"
_ROWS = "li.bb-excerpt, li.bb-withdrawn"
_COUNTS = tuple(f"count.{what}.{form}" for what in ("more", "unpublished") for form in ("one", "other"))


class Notices:
    """Checks page by page what is said of rights, corrections and withdrawals; at the end the list of them."""

    def __init__(self, sources: Mapping[str, Stored], withdrawn: Mapping[str, Notice]) -> None:
        self._sources = sources
        self._withdrawn = withdrawn
        self._listed: Counter[tuple[str, str]] = Counter()

    def check(self, page: str, place: Place, article: LexborNode) -> Iterator[Problem]:
        """Problems of one generated page."""
        if place.sort == "corrections":
            yield from self._list(page, article)
        elif place.sort in ("briefing", "source"):
            if (withdrawn := self._withdrawn.get(place.slug)) is not None:
                yield from _tombstone(page, place, article, withdrawn)
            elif (source := self._sources.get(place.slug)) is not None:
                yield from _told(page, article, "corrected.since", source.corrected)
                yield from _rights(page, article, source)
        elif article.css_first('[data-editor="sidecar"]') is not None:
            yield Problem(page, "has an editor's word on a correction or withdrawal, and no place for one")

    def problems(self, paths: frozenset[str]) -> Iterator[Problem]:
        """What the site as a whole lacks: tombstones, entries of the list."""
        for path in sorted(paths):
            match path.split("/"):
                case ["briefings" | "sources", slug, *rest] if slug in self._withdrawn and rest != ["index.html"]:
                    yield Problem(path, "does not belong here: the source is withdrawn")
        for slug in self._withdrawn:
            for path in (f"briefings/{slug}/index.html", f"sources/{slug}/index.html"):
                if path not in paths:
                    yield Problem(path, "is missing: a withdrawn source leaves a tombstone here")
        corrected = {slug for slug, source in self._sources.items() if source.corrected is not None}
        expected = {("corrected", slug) for slug in corrected} | {("withdrawn", slug) for slug in self._withdrawn}
        for sort, slug in sorted(expected | self._listed.keys()):
            times, wanted = self._listed[sort, slug], int((sort, slug) in expected)
            if times != wanted:
                yield Problem(CORRECTIONS, f"expected {wanted} entries for {slug!r} as {sort}, found {times}")

    def _list(self, page: str, article: LexborNode) -> Iterator[Problem]:
        rows = article.css(_ROWS)
        for row in rows:
            where = f"{page}: {describe(row)}"
            targets = [resolve(page, link.attributes.get("href") or "") for link in row.css("a")]
            files = [target[0] for target in targets if target is not None]
            slug = files[0].split("/")[1] if files and files[0].count("/") > 1 else ""
            if "bb-withdrawn" in classes_of(row):
                self._listed["withdrawn", slug] += 1
                if files != [f"briefings/{slug}/index.html", f"sources/{slug}/index.html"]:
                    yield Problem(where, f"expected links to the two tombstones, found {files}")
                yield from _told(where, row, "withdrawn.since", self._withdrawn.get(slug))
            else:
                self._listed["corrected", slug] += 1
                source = self._sources.get(slug)
                yield from _told(where, row, "corrected.since", source.corrected if source else None)
        if len(article.css('[data-editor="sidecar"]')) != len(rows):
            yield Problem(page, f"expected one editor's word in each of {len(rows)} entries")
        if (article.css_first('[data-label="corrections.none"]') is None) != bool(rows):
            yield Problem(page, "expected entries, or to be told that there is none")


def _tombstone(page: str, place: Place, article: LexborNode, notice: Notice) -> Iterator[Problem]:
    headings = [node.attributes.get("data-label") for node in article.css("h1, h2, h3, h4, h5, h6")]
    if place.page != 1 or headings != ["page.withdrawn"]:
        yield Problem(page, "expected a tombstone, headed page.withdrawn alone: the source is withdrawn")
    if article.css_first("[data-source]") is not None:
        yield Problem(page, "quotes a source, and this one is withdrawn")
    yield from _told(page, article, "withdrawn.since", notice)


def _told(where: str, part: LexborNode, label: str, notice: Notice | None) -> Iterator[Problem]:
    """The part has the notice's day and words, once and nothing else, or (where there is none) neither."""
    days = [
        (node.attributes.get("data-label"), node.attributes.get("data-date"))
        for node in part.css('[data-label="corrected.since"], [data-label="withdrawn.since"]')
    ]
    expected = [] if notice is None else [(label, notice.day)]
    if days != expected:
        yield Problem(where, f"expected {expected or 'no correction or withdrawal'}, found {days}")
    found = []
    for node in part.css('[data-editor="sidecar"]'):
        mark = node.css_first('[data-label="mark.editor"]')
        found.append(" ".join(node.text().removesuffix(mark.text() if mark is not None else "").split()))
    words = [] if notice is None else [" ".join(visible(notice.words).split())]
    if found != words:
        yield Problem(where, f"expected the editor's words {words}, found {found}")


def _rights(page: str, article: LexborNode, source: Stored) -> Iterator[Problem]:
    """How much is published is told as it is, and how much is not."""
    labels = [
        (node.attributes["data-label"] or "", node.attributes.get("data-n")) for node in article.css("[data-label]")
    ]
    told = [key.removeprefix("card.publish.") for key, _ in labels if key.startswith("card.publish.")]
    if told != [source.publish]:
        yield Problem(page, f"expected to be told once that {source.publish} is published, found {told}")
    counts = [number for key, number in labels if key in _COUNTS]
    expected = [str(source.unpublished)] if source.unpublished else []
    if counts != expected:
        yield Problem(page, f"expected the number of unpublished sentences, {expected}, found {counts}")
