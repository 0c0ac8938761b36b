"""The one encoder between text and a page."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from briefbook import escape


@given(st.text())
def test_encoded_text_reads_back_as_it_was(text: str) -> None:
    parsed = LexborHTMLParser(f"<body><p>{escape.encode(text)}</p></body>").css_first("p")
    assert parsed is not None
    assert parsed.text() == escape.visible(text)


@given(st.text())
def test_encoded_text_has_no_character_to_act_with(text: str) -> None:
    rest = html.unescape(escape.encode(text))
    assert rest == escape.visible(text)
    assert not set(escape.encode(text)) & set("<>\"'`*_[](){}!|\\/:=+-~^$%@\n\r\t")


@given(st.text())
def test_visible_text_keeps_its_length(text: str) -> None:
    shown = escape.visible(text)
    assert len(shown) == len(text)
    assert escape.visible(shown) == shown


@given(st.text())
def test_meta_text_is_one_line_without_markup(text: str) -> None:
    meta = escape.encode_meta(text)
    assert "\n" not in meta
    assert not set(meta) & set('<>"')
    assert html.unescape(meta).split() == escape.visible(text).split()


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://news.example/a?b=c#d", True),
        ("mailto:desk@news.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//news.example/a", False),
        ("https://news.example/a b", False),
        ("https://[", False),
        ("java\tscript:alert(1)", False),
        ("https:", False),
    ],
)
def test_what_may_become_a_link(url: str, good: bool) -> None:
    assert escape.linkable(url) is good


def test_a_long_text_is_led_to_by_its_ends() -> None:
    url = escape.text_fragment(
        "https://news.example/a#top", "One two three four five six seven eight nine-ten, eleven."
    )
    assert url == "https://news.example/a#:~:text=One%20two%20three%20four,seven%20eight%20nine%2Dten%2C%20eleven."
    assert (
        escape.text_fragment("https://news.example/a", "Short words") == "https://news.example/a#:~:text=Short%20words"
    )
