"""How forms of a name are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook import lists
from briefbook.forms import (
    fold,
    formation,
    is_acronym,
    is_bare_person,
    is_generic,
    is_short_person,
    key,
    person_words,
    same_formation,
    stands_for,
)
from briefbook.model import KINDS, Kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jón Harrow", "jon harrow"),
        ("Jón  Harrów’s", "Jon Harrow's"),
        ("U.S.", "US"),
        ("The Velm Herald", "Velm Herald"),
        ("Ard-Velm", "Ard–Velm"),
        ("“Owl”", "«Owl»"),
        ("Вельм", "Velm"),
        ("Łódko", "Lodko"),
    ],
)
def test_forms_that_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("place", "USA", "United States", True),
        ("place", "Czechia", "Czech Republic", True),
        ("organization", "USA", "United States", False),
        ("organization", "U.N.", "United Nations", True),
        ("organization", "US Navy", "United States Navy", True),
        ("equipment", "T-55s", "T-55", True),
        ("person", "Dr. Marta Velin", "Marta Velin", True),
        ("person", "Serhiy Lozovyi", "Serhii Lozovy", True),
        ("person", "Marta Velin", "Edda Velin", False),
    ],
)
def test_keys(kind: Kind, one: str, other: str, same: bool) -> None:
    assert (key(kind, one) == key(kind, other)) is same


@pytest.mark.parametrize(
    ("acronym", "name", "stands"),
    [
        ("ARL", "Ardovian Rescue League", True),
        ("A.R.L.", "Ardovian Rescue League", True),
        ("OCA", "Office for Co-operation in Ardovia", True),
        ("OCOA", "Office for Co-operation in Ardovia", True),
        ("OCIA", "Office for Cooperation in Ardovia", True),
        ("CENTCOM", "Central Command", True),
        ("CENTCOM", "U.S. Central Command", True),
        ("ARLX", "Ardovian Rescue League", False),
        ("AR", "Ardovian Rescue League", False),
        ("Arl", "Ardovian Rescue League", False),
        ("A", "Ardovia", False),
    ],
)
def test_acronyms(acronym: str, name: str, stands: bool) -> None:
    assert stands_for(acronym, name) is stands


@pytest.mark.parametrize(
    ("name", "acronym"),
    [("NATO", True), ("U.N.", True), ("AfCFTA", True), ("G7", True), ("Velm", False), ("82", False)],
)
def test_what_an_acronym_looks_like(name: str, acronym: bool) -> None:
    assert is_acronym(name) is acronym


@pytest.mark.parametrize(
    ("short", "full", "may"),
    [
        ("Velin", "Marta Velin", True),
        ("Marta", "Marta Velin", True),
        ("Marta Velin", "Marta Ann Velin", True),
        ("Marta A. Velin", "Marta Ann Velin", True),
        ("Marta B. Velin", "Marta Ann Velin", False),
        ("Edda Velin", "Marta Velin", False),
        ("Qasr", "Sami al-Qasr", True),
        ("Reyes", "Ana Reyes Duarte", True),
        ("Ana Reyes", "Ana Reyes Duarte", True),
        ("Moor", "Marta Ann Velin", False),
    ],
)
def test_short_forms_of_people(short: str, full: str, may: bool) -> None:
    assert is_short_person(person_words(short), person_words(full)) is may


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Velin", True),
        ("al-Qasr", True),
        ("van Oss", True),
        ("Karl II", True),
        ("Marta Velin", False),
        ("Ben Velin", False),
        ("Ben", True),
    ],
)
def test_bare_names(name: str, bare: bool) -> None:
    assert is_bare_person(name) is bare


@pytest.mark.parametrize(
    ("name", "generic"),
    [("Defense Ministry", True), ("82nd", False), ("Velm Ministry", False), ("Supreme Court", True)],
)
def test_generic_names(name: str, generic: bool) -> None:
    assert is_generic(name) is generic


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ("2nd Guard Corps “Owl”", "Owl Corps", True),
        ("Corps «Owl»", "“Owl” Corps", True),
        ("5th Mechanised Brigade", "5th Separate Mechanized Brigade", True),
        ("5th Mechanised Brigade", "Fifth Brigade", True),
        ("III Army Corps", "3rd Corps", True),
        ("5th Tank Brigade", "5th Assault Brigade", False),
        ("5th Brigade", "6th Brigade", False),
        ("Owl Corps", "Owl Brigade", False),
        ("Owl Corps", "Heron Corps", False),
        ("Danish 5th Brigade", "Polish 5th Brigade", False),
        ("Corps", "Guard Corps", False),
    ],
)
def test_units(one: str, other: str, may: bool) -> None:
    assert same_formation(formation(one), formation(other)) is may
    assert same_formation(formation(other), formation(one)) is may


@given(st.text(max_size=30), st.sampled_from(KINDS))
def test_any_text_has_a_key(text: str, kind: Kind) -> None:
    assert key(kind, text) == key(kind, text)
    assert fold(text) == " ".join(fold(text).split())
    assert same_formation(formation(text), formation(text)) is bool(formation(text).number or formation(text).nick)
    assert not stands_for(text, "")


@given(st.text("abcxyzABCXYZáéÖłž ", min_size=1, max_size=30))
def test_case_and_quotation_marks_do_not_count(text: str) -> None:
    assert not text.strip() or fold(f"“{text}”") == fold(text) == fold(text.upper())


def test_lists_are_whole() -> None:
    table = lists.countries()
    assert set(table.canonical.values()) == {name for name, own in table.canonical.items() if name == own}
    assert set(table.people.values()) <= set(table.canonical.values())
    assert all(word == word.casefold() for word in lists.formations().heads | lists.formations().branches)
    assert all(isinstance(word, str) for words in lists.role_words().values() for word in words)
    assert all(isinstance(word, str) for word in lists.generic_names() | lists.prepositions() | lists.titles().all)
