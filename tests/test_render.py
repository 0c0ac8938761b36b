"""Pages from any text at all: each quotation reads as its span, and nothing in it acts."""

from __future__ import annotations

import json
import re
from datetime import date

import markdown
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from briefbook.analyze.sections import route
from briefbook.analyze.sentences import split
from briefbook.compose import compose
from briefbook.escape import visible
from briefbook.model import Analysis, Mention, Page, Source, SourceData
from briefbook.read.text import read_text
from briefbook.render import render
from briefbook.resolve import resolve

NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>", "{{ 7*7 }}", "{% raw %}", "[x](javascript:alert(1))", "](", "`", "```", "<!--",
        "-->", "&lt;", "&#60;", "\\", "**", "__", "{: .x }", "{#y}", "{++", "==", "~~", "^", "|", ":smile:", "[TOC]",
        "[^1]", "<div>", "</div>", "</article>", "\t", "\u202e", "\u200b", "\x00", "\x7f", "\x85", "\ufffe", "'", '"',
        "$x$", "!!!",
        "<a href=x>", "«», “”", "1.", "- ", "# ", "> ", "<?php", "]]>", "&", ";", "www.news.example", "\u2028",
    ]
)  # fmt: skip
WORDS = st.one_of(NASTY, st.text(min_size=1, max_size=12))
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), min_size=2, max_size=8).map("\n".join)
EXTENSIONS = ["attr_list", "fenced_code", "tables", "toc"]
MARKUP = {"a", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "li", "mark", "nav", "p", "span", "time", "ul"}


def pages(text: str, data: SourceData) -> tuple[Source, dict[str, Page]]:
    """The pages of one article, without a model: its first word is its one name."""
    article = read_text(text)
    source = Source("a.txt", (), "0" * 64, "a-slug", data, article)
    sentences = split(article.text, article.blocks)
    mentions: tuple[Mention, ...] = ()
    sections = route(article, sentences, data, ["front-status"] * len(article.blocks))
    analysis = Analysis(sections, mentions, (), ())
    corpus, _ = resolve([source], [analysis], ())
    return source, {page.path: page for page in render(compose(corpus, page_bytes=20_000))}


def body(page: Page) -> LexborHTMLParser:
    """A page as MkDocs would put it into its article."""
    _, meta, text = page.text.split("---\n", 2)
    assert yaml.safe_load(meta)["title"]
    return LexborHTMLParser(f"<body><article>{markdown.markdown(text, extensions=EXTENSIONS)}</article></body>")


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(LINES, st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_shown_and_does_not_act(text: str, publisher: str, url: str) -> None:
    data = SourceData(publisher=publisher or None, author=url or None, url=url or None, published=date(2026, 2, 3))
    source, found = pages(text, data)
    text = source.article.text
    quoted = 0
    for page in found.values():
        if not page.path.endswith(".md"):
            continue
        article = body(page).css_first("article")
        assert article is not None
        assert {node.tag for node in article.css("*")} <= MARKUP | {"article"}, page.path
        for quote in article.css(".bb-quote"):
            start, end = int(quote.attributes["data-start"] or ""), int(quote.attributes["data-end"] or "")
            assert quote.text() == visible(text[start:end])
            quoted += "bb-body-sentence" in (quote.attributes["class"] or "")
        for link in article.css("a"):
            assert re.match(r"(\.\./|#|\./|[a-z]|https?://|mailto:)", link.attributes["href"] or "./")
            assert not (link.attributes["href"] or "").lower().startswith(("javascript", "data:"))
    assert quoted == len(split(text, source.article.blocks))
    assert found["sources/a-slug/source.txt"].text == text
    stored = json.loads(found["sources/a-slug/source.json"].text)
    assert stored["fields"].get("publisher", "") == " ".join(publisher.split())


def test_ten_thousand_brackets_are_a_page_like_any_other() -> None:
    text = f"A title {'[' * 10_000}\n\n{'[' * 10_000} and {'`' * 10_000} and {'*' * 10_000}\n"
    source, found = pages(text, SourceData())
    briefings = [page for path, page in found.items() if path.startswith("briefings/a-slug/")]
    shown = "".join(quote.text() for page in briefings for quote in body(page).css(".bb-body-sentence"))
    assert shown.replace(" ", "") == source.article.text.split("\n\n")[-1].strip().replace(" ", "")
