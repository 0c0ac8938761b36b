"""The annotated sentences and the figures on them."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

TRAINING = Path(__file__).resolve().parents[1] / "generator" / "training"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture(scope="module")
def evaluate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("evaluate_sentences", TRAINING / "evaluate_sentences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_annotations_are_in_order_and_a_quarter_is_held_out_by_article(evaluate: ModuleType) -> None:
    rows = json.loads(evaluate.ANNOTATIONS.read_text(encoding="utf-8"))
    counts = {True: 0, False: 0}
    articles: dict[bool, set[str]] = {True: set(), False: set()}
    for row in rows:
        assert row["set"] in evaluate.TEXTS
        at = 0
        for start, end in row["sentences"]:
            assert at <= start < end
            at = end
        counts[row["held_out"]] += len(row["sentences"])
        articles[row["held_out"]].add(row["id"])
    assert not articles[True] & articles[False]
    assert sum(counts.values()) >= 500
    assert 0.24 < counts[True] / sum(counts.values()) < 0.3


def test_a_missing_space_and_a_wrong_cut_cost_what_they_should(
    evaluate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Title\n\nHe left. She stayed! Nobody came.\n\nIt fell. It did."
    (tmp_path / "frontline").mkdir()
    (tmp_path / "frontline" / "a.txt").write_text(text, encoding="utf-8")
    rows = [
        {"set": "frontline", "id": "a", "held_out": True, "sentences": [[7, 15], [16, 40]]},
        {"set": "frontline", "id": "a", "held_out": False, "sentences": [[42, 50], [51, 58]]},
    ]
    (tmp_path / "sentences.json").write_text(json.dumps(rows), encoding="utf-8")
    monkeypatch.setattr(evaluate, "ANNOTATIONS", tmp_path / "sentences.json")
    assert evaluate.measure(tmp_path, held_out=True) == (33.3, 50.0, 40.0, 2)
    assert evaluate.measure(tmp_path, held_out=False) == (100.0, 100.0, 100.0, 2)
    assert "held out: exact-span F1 40.0" in evaluate.report(tmp_path)


def test_without_the_texts_it_says_so(
    evaluate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["evaluate_sentences.py", "--data", str(tmp_path)])
    assert evaluate.main() == 2
    assert str(tmp_path) in capsys.readouterr().err


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared articles are not here")
def test_the_sentences_held_out_reach_their_target(evaluate: ModuleType) -> None:
    assert evaluate.measure(SHARED, held_out=True).f1 >= 97
    assert evaluate.measure(SHARED, held_out=False).f1 >= 99
