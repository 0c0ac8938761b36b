"""The training code as far as it needs no torch: the data, the figures, and what it says when something is absent."""

from __future__ import annotations

import importlib
import importlib.metadata
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from briefbook.analyze.encoder import FOLDER, LABELS, WordPieces
from briefbook.analyze.encoder.heads import SEQUENCES
from briefbook.analyze.sections import route
from briefbook.analyze.sentences import split
from briefbook.correct import correct
from briefbook.correct.gold import export
from briefbook.edits import Correction, MentionEdit
from briefbook.model import Analysis, Name, Source, SourceData, Span
from briefbook.read.text import read_text
from marked import unread

TRAINING = Path(__file__).resolve().parents[1] / "generator" / "training"
MODULES = ("data", "measure")


@pytest.fixture(scope="module")
def training() -> Iterator[dict[str, ModuleType]]:
    """The modules of `generator/training` that need no torch; they are no package, so they are found by path."""
    sys.path.insert(0, str(TRAINING))
    try:
        yield {name: importlib.import_module(name) for name in MODULES}
    finally:
        sys.path.remove(str(TRAINING))
        for name in MODULES:
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def data(training: dict[str, ModuleType]) -> Any:
    return training["data"]


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces(Tokenizer.from_file(str(FOLDER / "tokenizer.json")))


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """`train.py` in a process where torch cannot be imported."""
    (cwd / "torch.py").write_text("raise SystemExit('torch was imported')\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(TRAINING / "train.py"), *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={"PYTHONPATH": str(cwd), "PATH": ""},
        check=False,
    )


def test_without_the_data_it_says_so_and_exits_2(tmp_path: Path) -> None:
    done = run("--data", str(tmp_path / "absent"), cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "no training data" in done.stderr
    assert str(tmp_path / "absent") in done.stderr
    assert "gold/train" in done.stderr
    assert "make train DATA=" in done.stderr


def test_it_names_only_what_is_missing(tmp_path: Path) -> None:
    for folder in ("train", "conflict", "frontline", "dev"):
        (tmp_path / "gold" / folder).mkdir(parents=True)
        (tmp_path / "gold" / folder / "a.json").write_text("{}", encoding="utf-8")
    done = run("--data", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 2
    assert "gold/battles" in done.stderr
    assert "gold/train" not in done.stderr


@pytest.mark.parametrize("arguments", [(), ("--data", "x", "--folds", "1"), ("--data", "x", "--seeds", "0")])
def test_wrong_usage_exits_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, cwd=tmp_path).returncode == 2


def test_the_requirements_are_pinned_by_name_and_version() -> None:
    lines = (TRAINING / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert "torch" in {pin.partition("==")[0] for pin in pins}
    for pin in pins:
        name, equals, version = pin.partition("==")
        assert equals
        assert name.replace("-", "").isalnum()
        assert version.replace(".", "").isdigit()


def test_the_requirements_are_enough_to_import_what_is_trained_on(tmp_path: Path) -> None:
    """The training environment has its own requirements only, not those of the package."""
    (tmp_path / "probe.py").write_text(
        "import sys\n"
        f"sys.path[:0] = [{str(TRAINING)!r}, {str(TRAINING.parent)!r}]\n"
        "import data, measure\n"
        "for name, module in sorted(sys.modules.items()):\n"
        "    if '.' not in name and 'site-packages' in (getattr(module, '__file__', None) or ''):\n"
        "        print(name)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(tmp_path / "probe.py")], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    packages = importlib.metadata.packages_distributions()
    loaded = {packages[name][0].lower() for name in done.stdout.split() if name in packages}
    lines = (TRAINING / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0] for line in lines}
    needed_by_them = {"setuptools", "flatbuffers", "protobuf", "packaging", "huggingface-hub", "huggingface_hub"}
    assert loaded - needed_by_them <= pinned


TEXT = "Marta Velin of the 12th Brigade “Heron” came to Velm.\n\nVelin left."
NAMES = (
    Name(0, 11, "person"),
    Name(19, 39, "unit"),
    Name(48, 52, "place"),
    Name(55, 60, "person"),
)


@pytest.fixture
def article(data: Any) -> Any:
    assert [TEXT[start:end] for start, end, _ in NAMES] == ["Marta Velin", "12th Brigade “Heron”", "Velm", "Velin"]
    return data.Annotated("a", "train", TEXT, NAMES)


def surfaces(article: Any) -> list[tuple[str, str]]:
    return [(article.text[start:end], kind) for start, end, kind in article.names]


def test_words_carry_the_labels_of_all_heads(data: Any, pieces: WordPieces) -> None:
    text = "Title\n\nVelin said that “two men left”, and Ruiz agreed."
    said = text.index("two men")
    article = data.annotated(
        "a",
        "train",
        text,
        {
            "mentions": [[7, 12, "person", "Marta Velin"]],
            "statements": [
                {
                    "start": said,
                    "end": said + 12,
                    "mode": "direct",
                    "polarity": "claim",
                    "speaker_spans": [[7, 12]],
                    "cue": "said",
                }
            ],
            "figures": [{"start": said, "end": said + 7}],
            "sections": [[7, len(text), "negotiations"]],
        },
    )
    (example,) = data.examples(article, 200, pieces)
    words = [word for part in pieces.paragraphs(text, article.paragraphs) for word in part.words]
    assert len(example.words) == len(words) == example.ends[-1]
    marks = {
        head: [(text[slice(*words[n])], SEQUENCES[head][number]) for n, number in enumerate(row) if number]
        for head, row in example.labels.items()
    }
    assert marks == {
        "names": [("Velin", "B-person")],
        "contents": [("two", "B-direct"), ("men", "I-direct"), ("left", "I-direct")],
        "sources": [("Velin", "B-source")],
        "cues": [("said", "B-cue")],
        "figures": [("two", "B-figure"), ("men", "I-figure")],
    }
    assert example.sections == ((len(example.ids) - 1, 10, 2),)
    (link,) = example.links
    assert [text[slice(*words[n])] for n in (link.first, link.last, *link.source)] == ["two", "left", "Velin"]


def test_of_spans_that_overlap_the_longest_is_labelled(data: Any) -> None:
    words = [Span(0, 1), Span(2, 3), Span(4, 5)]
    numbers = data.label("contents", words, [(Span(2, 5), "direct"), (Span(0, 5), "indirect")])
    assert [SEQUENCES["contents"][number] for number in numbers] == ["B-indirect", "I-indirect", "I-indirect"]


def test_a_statement_without_a_source_is_linked_to_none(data: Any) -> None:
    words = [Span(0, 4), Span(5, 9)]
    said = [data.Said(Span(0, 9), "indirect", "claim", None, None)]
    assert list(data._links(said, words)) == [data.Link(0, 1, 0, ())]
    elsewhere = [said[0]._replace(source=Span(20, 24))]
    assert list(data._links(elsewhere, words)) == []


@given(st.data())
def test_names_follow_when_text_is_replaced(data: Any, draw: st.DataObject) -> None:
    article = data.Annotated("a", "train", TEXT, NAMES)
    chosen = draw.draw(st.lists(st.sampled_from(NAMES), unique=True).map(sorted))
    new = [draw.draw(st.text("xyz ", max_size=15)) for _ in chosen]
    changes = [(name.start, name.end, text) for name, text in zip(chosen, new, strict=True)]
    expected = dict(zip(chosen, new, strict=True))
    got = surfaces(data.rewrite(article, changes))
    assert got == [(expected.get(name, TEXT[name.start : name.end]), name.kind) for name in NAMES]


def test_quotation_marks_change_in_pairs(data: Any, article: Any) -> None:
    seen = set()
    for seed in range(30):
        changed = data.other_quotes(article, random.Random(seed))
        seen.add(surfaces(changed)[1][0])
        assert surfaces(changed)[2:] == surfaces(article)[2:]
    assert seen == {f"12th Brigade {a}Heron{b}" for a, b in ("“”", '""', "«»", "„“", ("''", "''"))}


def test_names_are_replaced_the_same_way_throughout(data: Any, article: Any) -> None:
    surfaces_of = {"person": ["Ana Ruiz"], "unit": ["Guard"], "place": ["Karsk"]}
    units = set()
    for seed in range(40):
        changed = surfaces(data.other_names(article, surfaces_of, random.Random(seed), 1.0))
        unit = changed.pop(1)
        units.add(unit[0])
        assert changed == [("Ana Ruiz", "person"), ("Karsk", "place"), ("Ana Ruiz", "person")]
    assert units == {"Guard", *(f"Guard “{name}{comma}”" for name in ("Ruiz", "Karsk") for comma in ("", ","))}
    assert data.surfaces([article])["person"] == ["Marta Velin", "Velin"]


def test_a_comma_inside_a_nickname_is_dropped_before_another(data: Any) -> None:
    article = data.Annotated("a", "train", "The 12th Brigade, they said.", (Name(4, 16, "unit"),))
    surfaces_of = {"person": ["Ruiz"], "unit": ["Guard"], "place": ["Karsk"]}
    for seed in range(20):
        assert ",”" not in data.other_names(article, surfaces_of, random.Random(seed), 1.0).text


def test_case_changes_leave_the_names_where_they_are(data: Any, article: Any) -> None:
    for seed in range(20):
        changed = data.other_case(article, random.Random(seed))
        assert changed.names == article.names
        assert changed.text.lower() == article.text.lower()


def test_open_data_becomes_chunks_of_coarse_labels(data: Any, pieces: WordPieces, tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    for name in data.OPEN_FILES:
        lines = ["Marta\tB-PER", "Velin-Ruiz\tI-PER", "saw\tO", "Velm\tB-LOC", ".\tO", "", "It\tO", "left\tO", ""]
        (tmp_path / "train" / name).write_text("\n".join(lines), encoding="utf-8")
    made = list(data.open_examples(tmp_path, 60, pieces))
    assert len(made) == len(data.OPEN_FILES)
    for example in made:
        assert example.coarse
        assert example.labels == {"names": (1, 2, 2, 2, 0, 5, 0, 0, 0)}
        assert example.ends == (7, 9)
    assert [LABELS[number] for number in data.COARSE[3]] == ["B-organization", "B-unit"]
    assert LABELS[data.COARSE[0][0]] == "O"


def test_figures_are_exact(training: dict[str, ModuleType], article: Any) -> None:
    read = [NAMES[0], Name(19, 39, "organization"), Name(48, 51, "place")]
    figures = training["measure"].exact([(article, read)])
    assert figures["unit as organization"] == {"precision": 66.67, "recall": 50.0, "f1": 57.14, "names": 4}
    assert figures["core"] == {"precision": 33.33, "recall": 25.0, "f1": 28.57, "names": 4}
    assert figures["unit"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "names": 1}
    assert figures["person"] == {"precision": 100.0, "recall": 50.0, "f1": 66.67, "names": 2}


def test_the_export_reads_as_the_network_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network with random weights, in torch and as exported: the scores agree up to the 8-bit rounding."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    ort = pytest.importorskip("onnxruntime")
    monkeypatch.syspath_prepend(str(TRAINING))
    net_module, export = importlib.import_module("net"), importlib.import_module("export")
    torch.manual_seed(0)
    net = net_module.Net().eval()
    ids = torch.arange(1000, 1060)[None]
    shapes = torch.arange(60)[None] % 17
    example = importlib.import_module("data").Example(tuple(ids[0].tolist()), tuple(shapes[0].tolist()), (), (), {})
    session = ort.InferenceSession(export.model(net, export.divisors(net, [example])).SerializeToString())
    (got,) = session.run(["scores"], {"ids": ids.numpy(), "shapes": shapes.numpy()})
    with torch.no_grad():
        expected = net(ids, shapes).numpy()
    assert abs(got - expected).max() < 0.1 * abs(expected).max()


def test_spans_of_paragraphs(article: Any) -> None:
    assert article.paragraphs == [Span(0, 53), Span(55, 66)]


def test_exported_corrections_are_read(data: Any, tmp_path: Path) -> None:
    article = read_text("Title\nThe Owl Corps came to Velm. It left.\nIt snowed in Velm.")
    sentences = split(article.text, article.blocks)
    analysis = Analysis(route(article, sentences, SourceData(), unread(article)), (), (), ())
    edits = [Correction("a.txt", "Velm", n, MentionEdit("place"), "c") for n in (1, 2)]
    edits.append(Correction("a.txt", "Owl Corps", 1, MentionEdit("unit"), "c"))
    analysis, problems = correct(article, analysis, edits)
    assert not problems
    source = Source("a.txt", (), "0" * 64, "a", SourceData(), article)
    for file in export([source], [analysis]):
        (tmp_path / file.path).parent.mkdir(parents=True)
        (tmp_path / file.path).write_text(file.text, encoding="utf-8")
    (read,) = data.read(tmp_path, ["editor"])
    assert [(read.text[a:b], kind) for a, b, kind in read.names] == [
        ("Owl Corps", "unit"),
        ("Velm", "place"),
        ("Velm", "place"),
    ]
    assert [read.text[a:b].split()[0] for a, b in read.paragraphs] == ["Title", "The", "It"]
