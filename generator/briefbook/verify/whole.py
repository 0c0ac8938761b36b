"""The site as a whole: nothing is dropped, nothing added, every sentence stands where it must, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from briefbook.model import SECTION_KEYS, Problem, Span
from briefbook.verify.findings import Findings, Shown
from briefbook.verify.places import SECTIONS, Place, place_of, required
from briefbook.verify.stored import Stored

_SHOWN = 100


def check_whole(
    findings: Findings, sources: Mapping[str, Stored], withdrawn: frozenset[str], paths: frozenset[str]
) -> Iterator[Problem]:
    """Problems of the site as a whole, from what its pages show and what its sources hold.

    `sources` may lack those that are broken; each has a problem of its own then, and is looked past here.
    """
    places = {path: place for path in sorted(paths) if (place := place_of(path)) is not None}
    yield from _pages(places, withdrawn, paths)
    yield from _linked(places, findings)
    yield from _named(places, findings)
    yield from _listed(places, withdrawn, findings)
    for slug, source in sources.items():
        bodies = findings.bodies.get(slug, [])
        expected = sorted(
            source.sentences, key=lambda sentence: (SECTION_KEYS.index(source.sentences[sentence].key), sentence)
        )
        yield from _once_in_order(f"briefings/{slug}/index.html", source, expected, bodies, "body sentence")
        lines = [line for line in source.lines if line != source.title]
        shown = [line for line in findings.texts.get(slug, []) if line.style != "bb-title"]
        yield from _once_in_order(f"sources/{slug}/index.html", source, lines, shown, "line of the source")
    for section in SECTIONS:
        yield from _stream(section, findings.streams.get(section, []), sources)
    yield from _proven(findings, sources)


def _pages(places: Mapping[str, Place], withdrawn: frozenset[str], paths: frozenset[str]) -> Iterator[Problem]:
    """Every page that must be there is, and every series of pages is whole."""
    for path in required():
        if path not in paths:
            yield Problem(path, "is missing: every site has this page")
    for slug in sorted(
        {place.slug for place in places.values() if place.sort in ("briefing", "source")} | _stored(paths)
    ):
        if slug in withdrawn:
            continue
        for path in (
            f"briefings/{slug}/index.html",
            f"sources/{slug}/index.html",
            f"sources/{slug}/source.json",
            f"sources/{slug}/source.txt",
        ):
            if path not in paths:
                yield Problem(path, f"is missing: every source has a briefing, a page, its text and its spans ({slug})")
    series: defaultdict[str, list[int]] = defaultdict(list)
    for place in places.values():
        series[place.series].append(place.page)
    for folder, numbers in series.items():
        for n in sorted(set(range(1, max(numbers))) - set(numbers)):
            path = folder + ("" if n == 1 else f"page-{n}/") + "index.html"
            yield Problem(path, f"is missing: there is a page {max(numbers)} of this series")


def _stored(paths: Iterable[str]) -> set[str]:
    return {path.split("/")[1] for path in paths if path.startswith("sources/") and path.count("/") >= 2}


def _linked(places: Mapping[str, Place], findings: Findings) -> Iterator[Problem]:
    """Every page but those of the navigation is led to by another page's content."""
    led_to = {target for page, targets in findings.links.items() for target in targets if target != page}
    fixed = set(required())
    for path in places:
        if path not in fixed and path not in led_to:
            yield Problem(path, "no other page leads to this page: it was added, or what led to it was removed")


def _named(places: Mapping[str, Place], findings: Findings) -> Iterator[Problem]:
    """Every page of an entity is headed by the name under which others lead to it."""
    for path, place in places.items():
        if place.sort != "dossier" or path not in findings.headings:
            continue
        first = f"{place.series}index.html"
        heading = findings.headings[path]
        if place.page > 1:
            known = {findings.headings[first]} if first in findings.headings else set()
        else:
            known = findings.names.get(path, set())
        if heading not in known:
            yield Problem(f"{path}: h1", f"expected the name that leads here, {sorted(known)}, found {heading!r}")


def _listed(places: Mapping[str, Place], withdrawn: frozenset[str], findings: Findings) -> Iterator[Problem]:
    """The index of briefings lists every briefing once."""
    listed = Counter(target for _, target in findings.listed)
    for path, place in places.items():
        if place.sort != "briefing" or place.slug in withdrawn:
            continue
        if place.page == 1 and listed[path] != 1:
            yield Problem("briefings/index.html", f"expected one entry in the index for {path}, found {listed[path]}")
    for page, target in findings.listed:
        there = places.get(target)
        if there is None or there.sort != "briefing" or there.page != 1 or there.slug in withdrawn:
            yield Problem(page, f"lists {target}, which is not a briefing of this site")


def _once_in_order(page: str, source: Stored, expected: list[Span], shown: list[Shown], what: str) -> Iterator[Problem]:
    """Each of `expected` is shown once, in this order."""
    first: dict[Span, Shown] = {}
    for line in shown:
        if line.span in first:
            where = first[line.span]
            yield Problem(
                f"{line.page}: {line.where}",
                f"expected every {what} once, found it again; first {where.page}: {where.where}",
            )
        else:
            first[line.span] = line
    for span in expected:
        if span not in first:
            text = source.text[slice(*span)][:_SHOWN]
            yield Problem(page, f"expected the {what} {span.start}-{span.end} of {source.slug}, {text!r}, found none")
    places = {span: n for n, span in enumerate(expected)}
    furthest = -1
    for line in first.values():
        place = places.get(line.span, furthest)
        if place < furthest:
            yield Problem(
                f"{line.page}: {line.where}", f"expected the order of the source, found behind a later {what}"
            )
        furthest = max(furthest, place)


def _stream(section: str, shown: list[tuple[str, Span]], sources: Mapping[str, Stored]) -> Iterator[Problem]:
    """The stream of a section repeats every sentence of it once."""
    times = Counter(shown)
    for slug, source in sources.items():
        for sentence, routed in source.sentences.items():
            if routed.key == section and times[slug, sentence] != 1:
                text = source.text[slice(*sentence)][:_SHOWN]
                yield Problem(
                    f"{section}/index.html",
                    f"expected once in this stream: {sentence.start}-{sentence.end} of {slug}, {text!r}; "
                    f"found {times[slug, sentence]} times",
                )


def _proven(findings: Findings, sources: Mapping[str, Stored]) -> Iterator[Problem]:
    """Every repeat leads to the page on which the briefing has the sentence."""
    pages = {(slug, shown.span): shown.page for slug, bodies in findings.bodies.items() for shown in bodies}
    for link in findings.proofs:
        page = pages.get((link.source, link.sentence))
        if page != link.target and link.source in sources:
            found = page or "no briefing that holds it"
            yield Problem(link.where, f"data-href: leads to {link.target}, but the sentence stands in {found}")
