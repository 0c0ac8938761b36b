"""One generated page: every text in its article is a quotation, a display name, source data, a label or marked."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from itertools import takewhile

from selectolax.lexbor import LexborNode

from briefbook.display import display_name
from briefbook.escape import linkable, visible
from briefbook.model import SECTION_KEYS, Problem, Span
from briefbook.verify.editors import WORDLESS, check_marks
from briefbook.verify.findings import Findings, Link, Shown
from briefbook.verify.places import Place, resolve
from briefbook.verify.stored import SLOTS, Stored, fill
from briefbook.verify.tree import (
    HEADINGS,
    ancestor,
    children,
    classes_of,
    describe,
    is_headerlink,
    is_leaf,
    neighbor,
    own_text,
)

STYLES = frozenset({"bb-body-sentence", "bb-repeat", "bb-fragment", "bb-title", "bb-heading", "bb-source-sentence"})
"""What a quotation can be; each is exactly one."""

EDITORS_FILES = (*WORDLESS, "entities.yml", "sidecar")
"""Where an editor's word can come from."""

_ELEMENTS = HEADINGS | {
    *("p", "div", "section", "ul", "ol", "li", "dl", "dt", "dd", "a", "span", "mark", "time", "nav"),
    *("table", "thead", "tbody", "tr", "th", "td", "br", "hr", "wbr", "details", "summary", "small", "strong", "em"),
}
_ATTRIBUTES = frozenset(
    ["id", "class", "href", "datetime", "rel", "aria-label", "title", "lang", "dir", "role", "start", "scope"]
)
_DATA = re.compile(r"data-[a-z][a-z-]*")
_SKIP_TARGET = {"id": "__skip", "tabindex": "-1"}
"""Attributes of the empty element that Zensical puts first, for the link that skips the navigation."""
_CLASSES = re.compile(r"(?:bb(?:-[a-z]+)*|headerlink)")
_OFFSET = re.compile(r"0|[1-9][0-9]{0,11}")
_PERMALINK = ("¶", "Permanent link")
"""Text and title of the link that Python-Markdown puts behind a heading."""
_DEPTH = 40
"""Deepest nesting of elements; a generated page has some ten levels."""
_MOST = 200
"""After how many problems of one page its content is given up."""
_SHOWN = 100
"""How many characters of a text a message shows."""


class _TooMany(Exception):
    """A page has so many problems that naming more helps nobody."""


class PageReader:
    """Reads generated pages of one site; problems go to `problems`, what the whole site needs to `findings`."""

    def __init__(
        self,
        sources: Mapping[str, Stored],
        withdrawn: Container[str],
        labels: Mapping[str, str],
        paths: frozenset[str],
        problems: list[Problem],
    ) -> None:
        self.findings = Findings()
        self.sources = sources
        self._withdrawn = withdrawn
        self._labels = labels
        self._paths = paths
        self._problems = problems
        self._urls = {source.fields["url"] for source in sources.values() if "url" in source.fields}
        self._plain = {pattern for pattern in labels.values() if "{" not in pattern}
        self._left = _MOST
        self._page = ""
        self._place = Place("home", "", 1, "", "")

    def read(self, page: str, place: Place, article: LexborNode) -> None:
        """Check the article of the page at `page`."""
        self._page, self._place = page, place
        self.findings.links[page] = set()
        self._left = _MOST
        try:
            self._walk(article, free=False, depth=0)
            if place.sort in ("briefing", "source") and place.slug not in self._withdrawn:
                self._heading(article)
        except _TooMany:
            self._problems.append(Problem(page, f"has more than {_MOST} problems; the rest is not looked at"))
        if place.sort == "dossier":
            self.findings.headings[page] = " ".join(own_text(node) for node in article.css("h1"))

    def _problem(self, node: LexborNode, message: str) -> None:
        if not self._left:
            raise _TooMany
        self._left -= 1
        self._problems.append(Problem(f"{self._page}: {describe(node)}", message))

    def _differs(self, node: LexborNode, what: str, expected: str, found: str) -> None:
        at = _same(expected, found)
        self._problem(node, f"{what}: expected {_short(expected, at)}, found {_short(found, at)}")

    def _walk(self, parent: LexborNode, *, free: bool, depth: int) -> None:
        """Check everything below `parent`; where `free`, an editor's word marks the text."""
        for node in children(parent):
            if node.is_text_node:
                text = node.text_content or ""
                if not free and text.strip():
                    self._problem(
                        parent,
                        f"expected a quotation, a name, source data or a label, found the text {_short(text, 0)}",
                    )
            elif node.is_element_node:
                if depth == _DEPTH:
                    self._problem(node, f"is nested more than {_DEPTH} levels deep")
                else:
                    self._element(node, free=free, depth=depth)

    def _element(self, node: LexborNode, *, free: bool, depth: int) -> None:
        attributes = node.attributes
        classes = classes_of(node)
        if classes == ["headerlink"]:
            self._headerlink(node, attributes)
            return
        if dict(attributes) == _SKIP_TARGET and is_leaf(node) and not node.text():
            return
        self._allowed(node, attributes, classes)
        self._link(node, attributes, classes, free=free or "data-editor" in attributes)
        evidence = [
            name
            for name, is_there in (
                ("quotation", "bb-quote" in classes),
                ("name", "bb-name" in classes),
                ("source data", "bb-data" in classes),
                ("label", "data-label" in attributes),
                ("editor's word", "data-editor" in attributes),
            )
            if is_there
        ]
        if len(evidence) > 1:
            self._problem(node, f"expected one kind of evidence, found {' and '.join(evidence)}")
        elif not evidence:
            if "data-start" in attributes or STYLES & set(classes):
                self._problem(node, "expected the class bb-quote or bb-name on an element that points into a source")
            self._walk(node, free=free, depth=depth + 1)
        elif evidence == ["quotation"]:
            self._quotation(node, attributes, classes)
        elif evidence == ["name"]:
            self._name(node, attributes)
        elif evidence == ["source data"]:
            self._datum(node, attributes)
        elif evidence == ["label"]:
            self._label(node, attributes)
        else:
            self._editor(node, attributes, depth)

    def _allowed(self, node: LexborNode, attributes: Mapping[str, str | None], classes: list[str]) -> None:
        if node.tag not in _ELEMENTS:
            self._problem(node, f"the element {node.tag} has no place in the content of a page")
        for name, value in attributes.items():
            if name not in _ATTRIBUTES and not _DATA.fullmatch(name):
                self._problem(node, f"the attribute {name} has no place in the content of a page")
            elif name in ("title", "aria-label") and value not in self._plain:
                self._problem(node, f"{name}: expected a label, found {_short(value or '', 0)}")
            elif name == "datetime" and node.text(deep=True) != value:
                self._problem(node, f"datetime: expected {node.text(deep=True)!r}, found {value!r}")
        for name in classes:
            if not _CLASSES.fullmatch(name):
                self._problem(node, f"the class {name} has no place in the content of a page")

    def _link(self, node: LexborNode, attributes: Mapping[str, str | None], classes: list[str], *, free: bool) -> None:
        if "href" not in attributes:
            return
        href = attributes["href"] or ""
        resolved = resolve(self._page, href)
        if resolved is not None:
            target = resolved[0]
            self.findings.links[self._page].add(target)
            if target not in self._paths:
                self._problem(node, f"leads to {target}, which is not there")
            if self._place.sort == "briefings" and "bb-briefing-link" in classes:
                self.findings.listed.append((self._page, target))
            if free or "bb-name" in classes:
                self.findings.names.setdefault(target, set()).add(node.text())
        elif not linkable(href):
            self._problem(node, f"href: expected a link within the site or a web address, found {_short(href, 0)}")
        elif not free and href not in self._urls:
            address, mark, _ = href.partition("#:~:text=")
            if not mark or address not in {url.partition("#")[0] for url in self._urls}:
                self._problem(node, f"href: expected the address of a source, found {_short(href, 0)}")

    def _headerlink(self, node: LexborNode, attributes: Mapping[str, str | None]) -> None:
        text, title = _PERMALINK
        known = attributes.keys() <= {"class", "href", "title"} and attributes.get("title", title) == title
        if not (known and (attributes.get("href") or "").startswith("#") and node.text() == text and is_leaf(node)):
            self._problem(node, f"expected a link {text} to its heading, found {_short(node.text(), 0)}")

    def _span(self, node: LexborNode, attributes: Mapping[str, str | None]) -> tuple[Stored, Span] | None:
        """The source and span that an element names; None, with a problem, where there is no such span."""
        slug = attributes.get("data-source") or ""
        if slug not in self.sources:
            self._problem(node, f"data-source: expected a source of this site, found {slug!r}")
            return None
        source = self.sources[slug]
        offsets = [attributes.get(name) or "" for name in ("data-start", "data-end")]
        if all(map(_OFFSET.fullmatch, offsets)):
            span = Span(*map(int, offsets))
            if span.start < span.end <= len(source.text):
                return source, span
        self._problem(
            node, f"expected a span of the {len(source.text)} characters of {slug}, found {'-'.join(offsets)}"
        )
        return None

    def _quotation(self, node: LexborNode, attributes: Mapping[str, str | None], classes: list[str]) -> None:
        self.findings.quotations += 1
        for inner in node.css("*"):
            if inner != node and inner.tag in ("a", "mark"):
                self._inside_quotation(inner)
            elif inner != node and not is_headerlink(inner):
                self._problem(inner, f"the element {inner.tag} has no place in a quotation")
        found = self._span(node, attributes)
        styles = [style for style in classes if style in STYLES]
        if len(styles) != 1:
            self._problem(node, f"expected one of the classes {', '.join(sorted(STYLES))}, found {len(styles)}")
        if found is None or len(styles) != 1:
            return
        source, span = found
        expected, text = visible(source.text[slice(*span)]), own_text(node)
        if text != expected:
            self._differs(node, f"is not characters {span.start}-{span.end} of {source.slug}", expected, text)
        else:
            check_marks(node, source, span, self._labels.get("mark.editor"), self._problem)
        self._style(node, attributes, styles[0], source, span)

    def _inside_quotation(self, node: LexborNode) -> None:
        attributes = node.attributes
        if is_headerlink(node):
            self._headerlink(node, attributes)
            return
        known = {"class", "href", "data-editor", "title"}
        if not attributes.keys() <= known or (node.tag == "a") != (attributes.get("class") == "bb-mention"):
            self._problem(node, "expected a plain mark or a link of the class bb-mention in a quotation")
        self._link(node, attributes, [], free=False)

    def _style(
        self, node: LexborNode, attributes: Mapping[str, str | None], style: str, source: Stored, span: Span
    ) -> None:
        own = source.slug == self._place.slug
        shown = Shown(self._page, describe(node), style, span)
        if style in ("bb-title", "bb-heading"):
            wanted = {source.title} if style == "bb-title" else source.headings
            if span not in wanted:
                self._problem(node, f"expected a {style.removeprefix('bb-')} of {source.slug}, found {_span(span)}")
            if own and self._place.sort == "source" and ancestor(node, "data-part", "source-text") is not None:
                self.findings.texts.setdefault(source.slug, []).append(shown)
            return
        line = source.line(span)
        if line not in source.sentences:
            self._problem(node, f"expected a span within one sentence of {source.slug}, found {_span(span)}")
            return
        assert line is not None
        if style != "bb-fragment" and line != span:
            self._problem(node, f"expected a whole sentence, {_span(line)} of {source.slug}, found {_span(span)}")
            return
        if style in ("bb-repeat", "bb-fragment"):
            self._proof(node, attributes, source, line)
            if style == "bb-repeat" and self._place.sort == "stream":
                self._in_stream(node, source, line)
            return
        if attributes.get("id") != f"s{span.start}":
            self._problem(node, f"expected the id s{span.start}, found {attributes.get('id')!r}")
        if style == "bb-body-sentence":
            self._body(node, source, shown, own=own)
        elif not own or self._place.sort != "source" or ancestor(node, "data-part", "source-text") is None:
            self._problem(node, f"expected only on the page of the source {source.slug}, within its text")
        else:
            self.findings.texts.setdefault(source.slug, []).append(shown)

    def _body(self, node: LexborNode, source: Stored, shown: Shown, *, own: bool) -> None:
        key = source.sentences[shown.span].key
        section = ancestor(node, "data-part", "section")
        if not own or self._place.sort != "briefing" or section is None:
            self._problem(node, f"expected only in the sections of the briefing of {source.slug}")
            return
        self.findings.bodies.setdefault(source.slug, []).append(shown)
        found = section.attributes.get("data-section")
        if found != key:
            self._problem(node, f"expected in the section {key}, found in {found}")

    def _in_stream(self, node: LexborNode, source: Stored, line: Span) -> None:
        key = source.sentences[line].key
        if key != self._place.part:
            self._problem(node, f"expected in {key}, found in {self._place.part}")
        self.findings.streams.setdefault(self._place.part, []).append((source.slug, line))

    def _proof(self, node: LexborNode, attributes: Mapping[str, str | None], source: Stored, line: Span) -> None:
        itself = node.tag == "a"
        href = attributes.get("href" if itself else "data-href") or ""
        following = neighbor(node)
        link = following.attributes if following is not None else {}
        if not itself and ("bb-proof" not in (link.get("class") or "").split() or link.get("href") != href):
            self._problem(node, f"expected a link bb-proof to {href!r} behind it, found {link.get('href')!r}")
        target, fragment = resolve(self._page, href) or ("", "")
        if fragment != f"s{line.start}":
            self._problem(node, f"{'' if itself else 'data-'}href: expected a link to #s{line.start}, found {href!r}")
        else:
            self.findings.proofs.append(Link(f"{self._page}: {describe(node)}", source.slug, line, target))

    def _name(self, node: LexborNode, attributes: Mapping[str, str | None]) -> None:
        self._leaf(node)
        found = self._span(node, attributes)
        if found is None:
            return
        source, span = found
        if source.line(span) is None:
            self._problem(node, f"expected a span within one sentence of {source.slug}, found {_span(span)}")
        expected, text = visible(display_name(source.text[slice(*span)])), own_text(node)
        if text != expected:
            self._differs(node, f"is not the name at {span.start}-{span.end} of {source.slug}", expected, text)

    def _datum(self, node: LexborNode, attributes: Mapping[str, str | None]) -> None:
        self._leaf(node)
        slug, name = attributes.get("data-source") or "", attributes.get("data-field") or ""
        if slug not in self.sources or name not in self.sources[slug].fields:
            self._problem(node, f"expected a field of a source of this site, found {name!r} of {slug!r}")
            return
        value = self.sources[slug].fields[name]
        expected, text = visible(value), own_text(node)
        if " ".join(text.split()) != " ".join(expected.split()):
            self._differs(node, f"is not the {name} of {slug}", expected, text)
        if node.tag == "a" and not (name == "url" and attributes.get("href") == value):
            self._problem(node, f"href: expected {value!r}, found {attributes.get('href')!r}")

    def _label(self, node: LexborNode, attributes: Mapping[str, str | None]) -> None:
        self._leaf(node)
        key = attributes["data-label"] or ""
        if key not in self._labels:
            self._problem(node, f"data-label: expected a key of labels.json, found {key!r}")
            return
        slots = {slot: value for slot in SLOTS if (value := attributes.get(f"data-{slot}")) is not None}
        try:
            expected = fill(self._labels[key], slots)
        except ValueError as error:
            self._problem(node, f"the label {key}: {error}")
            return
        text = own_text(node)
        if text != expected:
            self._differs(node, f"is not the label {key}", expected, text)
        if key == "reason.editor" and (
            node.parent is None or node.parent.attributes.get("data-editor") not in WORDLESS
        ):
            self._problem(node, "expected it marked as an editor's word")

    def _editor(self, node: LexborNode, attributes: Mapping[str, str | None], depth: int) -> None:
        """An editor's word: marked by the label within it, or (a heading's) within the article."""
        if attributes["data-editor"] not in EDITORS_FILES:
            self._problem(node, f"data-editor: expected one of {', '.join(EDITORS_FILES)}")
        scope = node
        if node.tag == "h1":
            while scope.tag != "article" and scope.parent is not None:
                scope = scope.parent
        if scope.css_first('[data-label="mark.editor"]') is None:
            self._problem(node, f"expected the mark {self._labels.get('mark.editor', 'mark.editor')!r}, found none")
        self._walk(node, free=attributes["data-editor"] not in WORDLESS, depth=depth + 1)

    def _leaf(self, node: LexborNode) -> None:
        if not is_leaf(node):
            self._problem(node, "expected text alone, found an element in it")

    def _heading(self, article: LexborNode) -> None:
        """A briefing and a frozen source are headed by the title of their own source, and by nothing else."""
        found = article.css("h1")
        if len(found) != 1:
            self._problem(article, f"expected one heading h1, found {len(found)}")
        for node in found:
            attributes = node.attributes
            titled = "bb-title" in (attributes.get("class") or "").split() or attributes.get("data-field") in (
                "title",
                "path",
            )
            if not titled or attributes.get("data-source") != self._place.slug:
                self._problem(node, f"expected the title of the source {self._place.slug}")
        for section in article.css('[data-part="section"]'):
            self._section_heading(section)

    def _section_heading(self, section: LexborNode) -> None:
        key = section.attributes.get("data-section")
        before = neighbor(section, before=True)
        found = before.attributes.get("data-label") if before is not None and before.tag == "h2" else None
        if key not in SECTION_KEYS or found != f"section.{key}":
            self._problem(section, f"expected the heading section.{key} before it, found {found}")


def _same(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in alike)


def _span(span: Span) -> str:
    return f"{span.start}-{span.end}"


def _short(text: str, at: int) -> str:
    """`text` around the character `at`, quoted, on one line."""
    start = max(0, at - _SHOWN // 2)
    end = start + _SHOWN
    return f"{'…' if start else ''}{text[start:end]!r}{'…' if end < len(text) else ''}"
