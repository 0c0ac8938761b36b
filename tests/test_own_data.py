"""Our own training texts: the marks give annotations as the guide wants them, and the committed files are theirs."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TRAINING = Path(__file__).resolve().parents[1] / "generator" / "training"
OWN = TRAINING / "data" / "own"
GOLD = TRAINING.parents[2] / "shared" / "gold"
SEEDS = TRAINING.parents[1] / "seeds"
ORDINARY = {"Corps", "Guard", "National", "November", "President", "September", "States", "United"}
"""Words with a capital that any text may have."""
ENOUGH = 250
"""Mentions of each of the rare kinds, over the annotated sets and these texts."""


@pytest.fixture(scope="module")
def inline() -> ModuleType:
    """The converter; the training code is no package, so it is found by path."""
    spec = importlib.util.spec_from_file_location("inline", TRAINING / "inline.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["inline"] = module
    spec.loader.exec_module(module)
    return module


def texts() -> list[Path]:
    """The texts made from the marked ones."""
    return sorted((OWN / "texts").glob("*.txt"))


def gold() -> list[Path]:
    """The annotations of the sets that may be learned from."""
    return [
        path for part in ("train", "conflict", "frontline", "battles") for path in sorted((GOLD / part).glob("*.json"))
    ]


def rows(path: Path) -> Any:
    """The annotations of a text, or those of a file of annotations."""
    path = path if path.suffix == ".json" else OWN / "gold" / f"{path.stem}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_committed_files_are_what_the_marks_give(inline: ModuleType) -> None:
    seen = {}
    for path in sorted((OWN / "inline").glob("*.txt")):
        for name, marked in inline.articles(path):
            assert name not in seen, f"{name} is there twice"
            seen[name] = inline.convert(name, marked)
    assert sorted(seen) == [path.stem for path in texts()] == sorted(p.stem for p in (OWN / "gold").glob("*.json"))
    for path in texts():
        text, annotations = seen[path.stem]
        assert path.read_text(encoding="utf-8") == text
        assert rows(path) == annotations


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.stem)
def test_annotations_keep_to_the_guide(path: Path, inline: ModuleType) -> None:
    text, found = path.read_text(encoding="utf-8"), rows(path)
    assert set(found) == {"id", "mentions", "entities", "sections", "statements", "figures"}
    entities = {entity["name"]: entity for entity in found["entities"]}
    assert len(entities) == len(found["entities"])
    end = 0
    for start, stop, kind, name in found["mentions"]:
        surface = text[start:stop]
        assert end <= start < stop <= len(text), f"mentions overlap at {surface!r}"
        assert kind == entities[name]["kind"]
        assert kind in inline.KINDS.values()
        assert surface in entities[name]["surfaces"]
        assert surface == surface.strip()
        assert not re.match(r"(the|an?) ", surface)
        assert "\n" not in surface
        assert not re.search(r"['’]s$", surface), surface
        end = stop
    paragraphs = [match.span() for match in re.finditer(r"[^\n]+", text)]
    for start, stop, label in found["sections"]:
        assert (start, stop) in paragraphs
        assert label in inline.SECTIONS.values()
    for row in found["statements"]:
        content = text[row["start"] : row["end"]]
        assert content == content.strip()
        assert content
        assert row["mode"] in inline.MODES.values()
        assert row["polarity"] in inline.POLARITIES.values()
        assert row["speaker"] is None or row["speaker"] in entities
        assert (row["speaker_text"] is None) == (not row["speaker_spans"])
        for start, stop in row["speaker_spans"]:
            assert text[start:stop] == row["speaker_text"]
        assert row["cue"] in text
    for row in found["figures"]:
        assert text[row["start"] : row["end"]].strip()
        assert row["op"] in "=~><"
        assert row["what"]
        assert row["value"] is None or isinstance(row["value"], int | float)


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.stem)
def test_texts_are_invented(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"[\[{<‹]\d*[a-z]:|[‹›]|\]\]|=\w+\]", text), "a mark is left"
    words = set(re.findall(r"\w+", text))
    for seed in sorted(SEEDS.glob("*.txt")):
        named = set(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}", seed.read_text(encoding="utf-8")))
        assert not (named - ORDINARY) & words


def test_no_name_is_one_of_the_annotated_sets() -> None:
    if not GOLD.is_dir():
        pytest.skip("the annotated sets are not here")
    real = {
        (entity["kind"], name) for path in gold() for entity in rows(path)["entities"] for name in entity["surfaces"]
    }
    for path in texts():
        for start, stop, kind, _ in rows(path)["mentions"]:
            surface = path.read_text(encoding="utf-8")[start:stop]
            if kind == "place" or (kind in ("person", "unit") and " " in surface):
                assert (kind, surface) not in real, f"{path.stem}: {surface}"


def test_there_is_enough_of_each_rare_kind() -> None:
    own = Counter(kind for path in texts() for _, _, kind, _ in rows(path)["mentions"])
    print(dict(own))
    assert own["unit"] >= ENOUGH
    assert own["equipment"] >= ENOUGH
    assert own["event"] >= 100
    assert own["document"] >= 190
    if GOLD.is_dir():
        own.update(kind for path in gold() for _, _, kind, _ in rows(path)["mentions"])
        assert min(own[kind] for kind in ("unit", "equipment", "event", "document")) >= ENOUGH
    labels = Counter(label for path in texts() for *_, label in rows(path)["sections"])
    assert labels["negotiations"] >= 80
    assert len(texts()) >= 80
    assert sum(len(path.read_text(encoding="utf-8").split()) for path in texts()) >= 18_000


def test_the_readme_counts_right() -> None:
    found = [rows(path) for path in texts()]
    kinds = Counter(row[2] for each in found for row in each["mentions"])
    words = sum(len(path.read_text(encoding="utf-8").split()) for path in texts())
    rare = " / ".join(str(kinds[kind]) for kind in ("unit", "equipment", "event", "document"))
    said, counted = (sum(len(each[layer]) for each in found) for layer in ("statements", "figures"))
    row = f"| own | {len(found)} | {words:,} | {kinds.total():,} | {rare} | {said} | {counted} |"
    assert row in (OWN / "README.md").read_text(encoding="utf-8")


MARKED = (
    "[p:Ana Rell] denies all\n\nF|“{1n:The [u:4th “Owl” Brigade] lost ‹>2;tanks|over two [q:T-72s]›},” "
    "<1:Rell|she> _1 said_. {2c:It “held”}, _2 according to_ <2 the [o:Staff]> of [l:Varnia]."
)


def test_marks_become_annotations(inline: ModuleType) -> None:
    text, found = inline.convert("x", MARKED)
    assert text == (
        "Ana Rell denies all\n\n“The 4th “Owl” Brigade lost over two T-72s,” she said. "
        "It “held”, according to the Staff of Varnia.\n"
    )
    assert [(text[s:e], kind) for s, e, kind, _ in found["mentions"]] == [
        ("Ana Rell", "person"),
        ("4th “Owl” Brigade", "unit"),
        ("T-72s", "equipment"),
        ("Staff", "organization"),
        ("Varnia", "place"),
    ]
    first, second = found["statements"]
    assert (first["mode"], first["polarity"], first["speaker"], first["cue"]) == (
        "direct",
        "denial",
        "Ana Rell",
        "said",
    )
    assert text[first["start"] : first["end"]] == "The 4th “Owl” Brigade lost over two T-72s"
    assert (second["mode"], second["speaker"], second["speaker_text"]) == ("mixed", "Staff", "Staff")
    (figure,) = found["figures"]
    assert (text[figure["start"] : figure["end"]], figure["value"], figure["op"]) == ("over two T-72s", 2, ">")
    assert [(text[start:stop][:4], label) for start, stop, label in found["sections"]] == [("“The", "front")]


def test_a_title_and_an_article_are_no_part_of_the_source(inline: ModuleType) -> None:
    text, found = inline.convert("x", "F|{1c:It holds}, _1 said_ <1 its spokesman, Major [p:Ivo Rell]>.")
    (row,) = found["statements"]
    assert row["speaker_text"] == "Ivo Rell"
    assert text[slice(*row["speaker_spans"][0])] == "Ivo Rell"


def test_joint_sources_give_a_row_each(inline: ModuleType) -> None:
    _, found = inline.convert("x", "F|<1 [l:Varnia]> and <1 [l:Karvia]> _1 agreed_ {1p:to stop}.")
    assert [row["speaker"] for row in found["statements"]] == ["Varnia", "Karvia"]


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("F|[p:Ana", "not closed"),
        ("F|[p:Ana {1c:x] y}", "closes nothing"),
        ("F|[p:Rell>] spoke", "no entity"),
        ("F|[p:Ana Rell] and [p:Ivo Rell] and [p:Rell>]", "is \\["),
        ("F|{1c:x} and {1c:y}", "two contents"),
        ("F|<2 Ana> said {1c:x}", "no content"),
        ("F|[p:[l:Varnia] Rell]", "nested"),
        ("F|[p:Rell] of [l:Rell]", "is place and person"),
        ("F|{1c: x}", "space"),
        ("F|{1c:“x”}", "own quotation marks"),
        ("F|<1 [p:Ana]> _1 said_ {1c:x}, <1:Ana|she> added.", "one speaker twice"),
    ],
)
def test_wrong_marks_are_named(inline: ModuleType, marked: str, message: str) -> None:
    with pytest.raises(inline.MarkError, match=f"^x: .*{message}"):
        inline.convert("x", marked)
