"""Slugs, addresses and links."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook import paths


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Northmark regains the Sarn ferry", "northmark-regains-the-sarn-ferry"),
        ("3rd Guard Corps “Heron”", "3rd-guard-corps-heron"),
        ("O'Hara’s café", "oharas-cafe"),
        ("Дружківка", "druzhkivka"),
        ("", "x"),
        ("!!!", "x"),
        ("con", "con-x"),
        ("LPT1", "lpt1-x"),
        ("page 2", "page-2-x"),
        ("../../etc/passwd", "etc-passwd"),
        ("a" * 200, "a" * paths.SLUG_LENGTH),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert paths.slugify(text) == slug


@given(st.text())
def test_a_slug_is_a_safe_name_and_its_own_slug(text: str) -> None:
    slug = paths.slugify(text)
    assert slug
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert len(slug) <= paths.SLUG_LENGTH + 2
    if not slug.endswith("-x"):
        assert paths.slugify(slug) == slug


def test_two_articles_of_one_title_have_two_addresses() -> None:
    first = paths.source_slug("A quiet day", "a.txt")
    assert first != paths.source_slug("A quiet day", "b.txt")
    assert first == paths.source_slug("A quiet day", "a.txt")


ADDRESSES = st.sampled_from(
    [paths.HOME, paths.BRIEFINGS, "briefings/a/", "briefings/a/page-2/", "sources/a/source.txt", "entities/people/b/"]
)


@given(st.sampled_from([paths.HOME, "briefings/a/", "entities/people/b/page-3/"]), ADDRESSES)
def test_a_link_leads_where_it_should(here: str, there: str) -> None:
    link = paths.link(here, there)
    reached = posixpath.normpath(posixpath.join("/", here, link))
    assert reached == posixpath.normpath("/" + there)


def test_a_link_within_the_page_is_a_fragment() -> None:
    assert paths.link("briefings/a/", "briefings/a/", "s1") == "#s1"
    assert paths.link("briefings/a/", "sources/a/", "s1") == "../../sources/a/#s1"
