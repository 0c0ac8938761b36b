"""The annotation of entities across articles, and that its targets are met, where the annotated articles are there."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import project
from briefbook.model import KINDS

TRAINING = project.ROOT / "generator" / "training"
SAME: dict[str, Any] = json.loads((TRAINING / "data" / "aliases" / "aliases.json").read_text(encoding="utf-8"))
SHARED = project.ROOT.parent / "shared"


def test_a_quarter_of_forty_articles_or_more_is_held_out() -> None:
    assert len(SAME["articles"]) >= 40
    assert 4 * len(SAME["held_out"]) == len(SAME["articles"])
    assert set(SAME["held_out"]) < set(SAME["articles"])


def test_every_entity_is_named_by_two_articles_and_every_mention_is_of_one() -> None:
    for row in SAME["entities"]:
        assert row["kind"] in KINDS
        assert len({article for article, _, _ in row["mentions"]}) > 1
        assert all(article in SAME["articles"] and 0 <= start < end for article, start, end in row["mentions"])
    counted = Counter(tuple(mention) for row in SAME["entities"] for mention in row["mentions"])
    assert set(counted.values()) == {1}


@pytest.fixture
def aliases(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(TRAINING))
    return importlib.import_module("aliases")


def test_score(aliases: Any) -> None:
    assert str(aliases.Score(4, 3, 6)) == "precision  75.0  recall  50.0  (6 pairs)"
    assert str(aliases.Score(0, 0, 0)) == "precision   0.0  recall   0.0  (0 pairs)"


@pytest.mark.skipif(not (SHARED / "gold" / "frontline").is_dir(), reason="the annotated articles are not here")
def test_nine_of_ten_joins_are_right_and_eight_of_ten_are_made(aliases: Any) -> None:
    lines: list[str] = []
    aliases.measure(Path(SHARED), aliases.annotated, lines.append)
    assert len(lines) == 4
    for line in lines:
        precision, recall = (float(line.split(word)[1].split()[0]) for word in ("precision", "recall"))
        assert precision >= 90
        assert recall >= (60 if "differ" in line else 80)
