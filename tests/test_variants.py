"""One name in several spellings: golden pairs that are one, golden pairs that are two, and what holds for any words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook import forms
from briefbook.model import KINDS, Kind
from briefbook.variants import Speller, is_patronymic, keys, script_of
from marked import cases

PAIRS = [(row["kind"], *pair) for row in cases("variants.yml") for pair in row["one"]]
OTHERS = [(row["kind"], *pair) for row in cases("variants.yml") for pair in row["two"]]


def one(kind: Kind, first: str, second: str) -> bool:
    speller = Speller([(kind, first), (kind, second)])
    return forms.key(kind, speller.spell(kind, first)) == forms.key(kind, speller.spell(kind, second))


@pytest.mark.parametrize(("kind", "first", "second"), PAIRS)
def test_two_spellings_are_one_name(kind: Kind, first: str, second: str) -> None:
    assert one(kind, first, second)
    assert one(kind, second, first)


@pytest.mark.parametrize(("kind", "first", "second"), OTHERS)
def test_two_names_stay_two(kind: Kind, first: str, second: str) -> None:
    assert not one(kind, first, second)
    assert not one(kind, second, first)


def test_the_first_spelling_stands_for_all() -> None:
    speller = Speller([("unit", "Orlivka Brigade"), ("unit", "“Orlovka” Brigade"), ("unit", "Owl Brigade")])
    assert speller.spell("unit", "“Orlovka” Brigade") == "“Orlivka” Brigade"
    assert speller.spell("unit", "Owl Brigade") == "Owl Brigade"


def test_words_of_one_kind_are_not_spelled_as_those_of_another() -> None:
    speller = Speller([("place", "Orlivka"), ("person", "Orlovka")])
    assert speller.spell("person", "Orlovka") == "Orlovka"


def test_a_patronymic_is_known_by_its_ending() -> None:
    assert is_patronymic("oleksandrovych")
    assert is_patronymic("sergeevna")
    assert not is_patronymic("ivanko")


WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwyzäöü'’- ABKSVиьі", max_size=24)


@given(st.lists(st.tuples(st.sampled_from(KINDS), WORDS), max_size=8))
def test_spelling_is_settled_at_once(names: list[tuple[Kind, str]]) -> None:
    speller: Any = Speller(names)
    for kind, name in names:
        spelled = speller.spell(kind, name)
        assert speller.spell(kind, spelled) == spelled
        assert len(spelled.split()) >= len(name.split()) or kind == "place"


@given(st.sampled_from(KINDS), WORDS)
def test_keys_are_the_same_for_one_word(kind: Kind, word: str) -> None:
    folded = forms.fold(word)
    assert keys(kind, folded, script_of(kind, word)) == keys(kind, folded, script_of(kind, word))
