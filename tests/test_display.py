"""The display name of a mention's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.display import display_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Velm", "Velm"),
        ("Marta\n  Velin ", "Marta Velin"),
        ("“Khaki,”", "“Khaki”"),
        ("2nd Guard Corps “Khaki,”", "2nd Guard Corps “Khaki”"),
        ('2nd Guard Corps "Khaki."', '2nd Guard Corps "Khaki"'),
        ("“Khaki,” Corps", "“Khaki” Corps"),
        ("Battalion «Owl,»", "Battalion «Owl»"),
        ("Edward “J.D.” Moor", "Edward “J.D.” Moor"),
        ("Velm's", "Velm"),
        ("Velm’s", "Velm"),
        ("Ardovian Railways'", "Ardovian Railways"),
        ("Corps ‘Owls’", "Corps ‘Owls’"),
        ("‘Owls’", "‘Owls’"),
        ("Lloyd's Tower", "Lloyd's Tower"),
        ("O'Dea", "O'Dea"),
        ("'s", "'s"),
        ("’", "’"),
        ("Velm, D.C.", "Velm, D.C."),
    ],
)
def test_examples(text: str, name: str) -> None:
    assert display_name(text) == name


@given(st.text(st.sampled_from("Ab .,'’‘“”\"«»s\n\t"), max_size=20))
def test_it_only_takes_away_and_a_second_time_changes_little(text: str) -> None:
    name = display_name(text)
    assert name == " ".join(name.split())
    left = iter(text)
    assert all(char in left for char in name.replace(" ", ""))
    assert bool(name) == bool(text.strip())
