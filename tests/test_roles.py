"""Roles: golden cases, and that each lies in one sentence and belongs to an entity."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook.analyze.entities import cluster
from briefbook.analyze.roles import roles
from briefbook.model import Kind
from marked import cases, pieces, sentences, unmarked


@pytest.mark.parametrize("case", cases("roles.yml"), ids=lambda case: str(case["case"]))
def test_golden(case: dict[str, Any]) -> None:
    text, names = unmarked(case["text"])
    mentions, entities = cluster(text, [(*name, "model") for name in names])
    found = roles(text, mentions, entities, sentences(text))
    fullest = [mentions[entities[role.entity].fullest] for role in found]
    assert [
        [text[name.start : name.end], text[role.start : role.end]] for name, role in zip(fullest, found, strict=True)
    ] == case["roles"]


PIECES = st.sampled_from(pieces("roles"))


@given(st.lists(st.tuples(PIECES, st.sampled_from([None, None, "person", "place", "unit"])), max_size=30))
def test_a_role_lies_in_one_sentence(rows: list[tuple[str, Kind | None]]) -> None:
    text, readings = "", []
    for piece, kind in rows:
        if kind and piece.strip():
            readings.append((len(text), len(text) + len(piece.rstrip()), kind, "model"))
        text += piece
    mentions, entities = cluster(text, readings)
    lines = sentences(text)
    for role in roles(text, mentions, entities, lines):
        assert any(line.start <= role.start < role.end <= line.end for line in lines)
        assert 0 <= role.entity < len(entities)
        assert text[role.start : role.end] == text[role.start : role.end].strip()
        for mention in mentions:
            if mention.entity == role.entity:
                assert not mention.start <= role.start < mention.end or mention.end <= role.end
