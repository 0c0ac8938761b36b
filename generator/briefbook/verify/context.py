"""What a page says about its quotations: under which section, for what reason, of which source, of what date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborNode

from briefbook.model import Problem, Span
from briefbook.verify.places import Place, resolve
from briefbook.verify.stored import Section, Stored
from briefbook.verify.tree import classes_of, describe

_FOR_ONE_SOURCE = ".bb-excerpt, .bb-briefing-row"
"""Parts of a page that speak of one source."""


def check_context(page: str, place: Place, article: LexborNode, sources: Mapping[str, Stored]) -> Iterator[Problem]:
    """Labels that are right in themselves but wrong where they stand, and quotations under another source's name.

    What is wrong with an element alone is not looked at here.
    """
    for node, message in _wrong(page, place, article, sources):
        yield Problem(f"{page}: {describe(node)}", message)


Wrong = tuple[LexborNode, str]


def _wrong(page: str, place: Place, article: LexborNode, sources: Mapping[str, Stored]) -> Iterator[Wrong]:
    own = sources.get(place.slug)
    if place.sort == "briefing" and own is not None:
        for part in article.css('[data-part="section"]'):
            yield from _section(part, own)
        for part in article.css(".bb-keys"):
            yield from _key_sentences(part, own)
    if place.sort in ("briefing", "source") and own is not None:
        yield from _own_data(article, own)
    if place.sort == "dossier":
        yield from _under_sections(article, sources)
    for part in article.css(_FOR_ONE_SOURCE):
        yield from _one_source(part, sources)
    for link in article.css("a.bb-title-link"):
        yield from _title_link(page, link)
    yield from _numbers(place, article, sources)


def _section(part: LexborNode, own: Stored) -> Iterator[Wrong]:
    """Every sentence stands under the reason and heading that put it there; what is said of the number is true."""
    key = part.attributes.get("data-section") or ""
    size = sum(section.key == key for section in own.sentences.values())
    reason, heading = "", None
    for node in part.traverse():
        attributes = node.attributes
        label, classes = attributes.get("data-label") or "", classes_of(node)
        if label.startswith("reason.") and label != "reason.under":
            reason, heading = label.removeprefix("reason."), None
        elif "bb-heading" in classes:
            heading = _span(node)
        elif label == "section.unpublished" and (size or not own.unpublished):
            yield node, f"expected no such label in {key}: {size} sentences, {own.unpublished} unpublished in all"
        elif label.endswith(".empty") and (size or own.unpublished or label != f"section.{key}.empty"):
            yield node, f"expected no such label in {key}, which has {size} sentences"
        elif label.startswith("count.sentences.") and attributes.get("data-n") != str(size):
            yield node, f"expected {size} sentences, found {attributes.get('data-n')}"
        elif "bb-body-sentence" in classes and (section := own.sentences.get(_span(node))) is not None:
            if reason != section.reason:
                yield node, f"expected under the reason {section.reason}, found {reason or 'none'}"
            if heading != section.heading:
                yield node, f"expected under the heading {_words(own, section.heading)}, found {_words(own, heading)}"


def _key_sentences(part: LexborNode, own: Stored) -> Iterator[Wrong]:
    """A key sentence stands beside the name of its own section, one for each."""
    label, seen = "", set()
    for node in part.traverse():
        found = node.attributes.get("data-label") or ""
        label = found if found.startswith("section.") else label
        if "bb-repeat" in classes_of(node):
            section = own.sentences.get(_span(node))
            if section is None or label != f"section.{section.key}" or label in seen:
                yield node, f"expected one sentence of {label or 'a section'}"
            seen.add(label)


def _own_data(article: LexborNode, own: Stored) -> Iterator[Wrong]:
    """Head and source card speak of the page's own source."""
    for node in article.css(".bb-lead [data-source], .bb-card [data-source]"):
        if node.attributes.get("data-source") != own.slug:
            yield node, f"expected source data of {own.slug}"
    for part in article.css(".bb-lead"):
        yield from _undated(part, own)


def _under_sections(article: LexborNode, sources: Mapping[str, Stored]) -> Iterator[Wrong]:
    """A dossier's mentions stand under the section that their sentence has."""
    label = ""
    for node in article.traverse():
        if node.tag in ("h2", "h3"):
            label = node.attributes.get("data-label") or ""
        elif label.startswith("section.") and "bb-repeat" in classes_of(node):
            section = _of(node, sources)
            if section is not None and label != f"section.{section.key}":
                yield node, f"expected under section.{section.key}, found under {label}"


def _one_source(part: LexborNode, sources: Mapping[str, Stored]) -> Iterator[Wrong]:
    """An excerpt quotes the source that it names."""
    slugs = [node.attributes.get("data-source") or "" for node in part.css("[data-source]")]
    if len(set(slugs)) > 1:
        yield part, f"expected one source, found {', '.join(sorted(set(slugs)))}"
    elif slugs and slugs[0] in sources:
        yield from _undated(part, sources[slugs[0]])


def _undated(part: LexborNode, source: Stored) -> Iterator[Wrong]:
    node = part.css_first('[data-label="date.undated"]')
    if node is not None and "published" in source.fields:
        yield node, f"expected the date {source.fields['published']}"


def _title_link(page: str, link: LexborNode) -> Iterator[Wrong]:
    """A title leads to the briefing of its source."""
    slugs = {node.attributes.get("data-source") for node in link.css("[data-source]")}
    target = (resolve(page, link.attributes.get("href") or "") or ("", ""))[0]
    if slugs != {target.removeprefix("briefings/").removesuffix("/index.html")}:
        yield link, f"expected the title of the briefing it leads to, {target}"


def _numbers(place: Place, article: LexborNode, sources: Mapping[str, Stored]) -> Iterator[Wrong]:
    """Numbers of pages, briefings and sentences that the whole site tells."""
    expected = {"paging.page": ("data-page", place.page)}
    if place.sort in ("home", "briefings"):
        expected |= {f"count.briefings.{form}": ("data-n", len(sources)) for form in ("one", "other")}
    if place.sort == "stream":
        size = sum(s.key == place.part for source in sources.values() for s in source.sentences.values())
        expected |= {f"count.sentences.{form}": ("data-n", size) for form in ("one", "other")}
    for node in article.css("[data-label]"):
        attribute, number = expected.get(node.attributes["data-label"] or "", ("", 0))
        if attribute and node.attributes.get(attribute) != str(number):
            yield node, f"expected {number}, found {node.attributes.get(attribute)}"


def _span(node: LexborNode) -> Span:
    """The span that an element names; an empty one where it names none."""
    try:
        return Span(int(node.attributes.get("data-start") or ""), int(node.attributes.get("data-end") or ""))
    except ValueError:
        return Span(0, 0)


def _of(node: LexborNode, sources: Mapping[str, Stored]) -> Section | None:
    source = sources.get(node.attributes.get("data-source") or "")
    return None if source is None else source.sentences.get(_span(node))


def _words(source: Stored, span: Span | None) -> str:
    return "none" if span is None else repr(source.text[slice(*span)])
