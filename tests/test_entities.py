"""Mentions -> entities of one article: golden cases, and what holds for any mentions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.analyze.entities import cluster
from briefbook.display import display_name
from briefbook.model import KINDS, Kind
from marked import cases, pieces, unmarked


@pytest.mark.parametrize("case", cases("entities-cluster.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    text, names = unmarked(case["text"])
    mentions, entities = cluster(text, [(*name, "model") for name in names])
    shown = [display_name(text[mention.start : mention.end]) for mention in mentions]
    found = [
        [entity.kind, shown[entity.fullest], sorted({shown[i] for i in entity.mentions} - {shown[entity.fullest]})]
        for entity in entities
    ]
    assert found == [[kind, name, sorted(others)] for kind, name, others in case["entities"]]


NAMES = st.sampled_from(pieces("names"))


@given(st.lists(st.tuples(NAMES, st.sampled_from(KINDS)), max_size=30))
def test_every_mention_is_in_one_entity_of_its_kind(rows: list[tuple[str, Kind]]) -> None:
    text, readings = "", []
    for name, kind in rows:
        if name:
            readings.append((len(text), len(text) + len(name), kind, "model"))
        text += f"{name} ("
    mentions, entities = cluster(text, readings)
    assert [mention[:3] for mention in mentions] == [reading[:3] for reading in readings]
    assert sorted(index for entity in entities for index in entity.mentions) == list(range(len(mentions)))
    for number, entity in enumerate(entities):
        assert entity.fullest in entity.mentions
        assert all(mentions[index].entity == number for index in entity.mentions)
        assert {mentions[index].kind for index in entity.mentions} == {entity.kind}
    assert [entity.mentions[0] for entity in entities] == sorted(entity.mentions[0] for entity in entities)
