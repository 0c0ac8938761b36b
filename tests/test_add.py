"""Filing an article: what is filed reads back as it was given, faults are named, nothing is overwritten."""

from __future__ import annotations

import io
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import project
from briefbook import add, cli
from briefbook.model import Source
from briefbook.read import read
from briefbook.read.fields import read_fields

TEXT = b"Ferry at Sarn reopens\nIvo Tamm spoke.\nThe ferry runs again.\n"


def filed(seeds: Path) -> tuple[Source, ...]:
    reading = read(seeds, max_bytes=10_000_000)
    assert not reading.problems
    return reading.sources


def put(seeds: Path, data: bytes = TEXT, file_name: str = "", **fields: str) -> tuple[Path, ...]:
    return add.add(seeds, data, fields, file_name=file_name, max_bytes=10_000)


def test_what_is_filed_reads_back(tmp_path: Path) -> None:
    written = put(
        tmp_path, published="2026-02-03", publisher="The Sarn Herald", url="https://h.example/a", publish="full"
    )
    assert [place.name for place in written] == [
        "2026-02-03-ferry-at-sarn-reopens.txt",
        "2026-02-03-ferry-at-sarn-reopens.yml",
    ]
    assert written[0].read_bytes() == TEXT
    (source,) = filed(tmp_path)
    assert source.data.published == date(2026, 2, 3)
    assert (source.data.publisher, source.data.url) == ("The Sarn Herald", "https://h.example/a")


def test_nothing_known_is_no_sidecar(tmp_path: Path) -> None:
    (place,) = put(tmp_path)
    assert place.name == "undated-ferry-at-sarn-reopens.txt"


def test_a_title_becomes_the_first_line_and_changes_no_paragraph(tmp_path: Path) -> None:
    put(tmp_path / "lines", b"One.\nTwo.\n", title="A title")
    put(tmp_path / "blank", b"One\nline.\n\nTwo.\n", title="A title")
    put(tmp_path / "there", b"\nA title\nOne.\n", title="A  title")
    for folder, paragraphs in (("lines", 2), ("blank", 2), ("there", 1)):
        (source,) = filed(tmp_path / folder)
        kinds = [block.kind for block in source.article.blocks]
        assert kinds == ["title", *["paragraph"] * paragraphs], folder


def test_markdown_stays_markdown(tmp_path: Path) -> None:
    written = put(tmp_path, b"Some *text*.\n", file_name="A.MD", title="A title")
    assert [place.suffix for place in written] == [".md", ".yml"]
    assert filed(tmp_path)[0].data.title == "A title"


def test_a_taken_name_gets_a_number_and_a_given_one_is_an_error(tmp_path: Path) -> None:
    put(tmp_path)
    (second,) = put(tmp_path, TEXT + b"More.\n")
    assert second.name == "undated-ferry-at-sarn-reopens-2.txt"
    put(tmp_path, name="wire/ferry")
    with pytest.raises(FileExistsError):
        put(tmp_path, b"Another title\nText.\n", name="wire/ferry")
    assert (tmp_path / "wire" / "ferry.txt").read_bytes() == TEXT


def test_a_sidecar_that_is_there_is_never_taken_for_the_new_article(tmp_path: Path) -> None:
    (tmp_path / "undated-ferry-at-sarn-reopens.yaml").write_text("publisher: X\n", encoding="utf-8")
    assert put(tmp_path)[0].name.endswith("-2.txt")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"published": "3 Feb"}, "year-month-day"),
        ({"published": "2026-02-30"}, "no such day"),
        ({"url": "javascript:alert(1)"}, "https://"),
        ({"publish": "some"}, "full"),
        ({"name": "../out"}, "small letters"),
        ({"name": "/abs"}, "small letters"),
        ({"name": "con"}, "small letters"),
        ({"publisher": "a\udc80"}, "Unicode"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_written(tmp_path: Path, fields: dict[str, str], said: str) -> None:
    with pytest.raises(add.AddError, match=said):
        add.add(tmp_path / "seeds", TEXT, fields, max_bytes=10_000)
    assert not (tmp_path / "seeds").exists()


@pytest.mark.parametrize("data", [b"", b"Only a title\n", b"%PDF-1.7", b"x" * 10_001])
def test_a_text_that_the_seeds_refuse_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(add.AddError):
        put(tmp_path / "seeds", data)
    assert not (tmp_path / "seeds").exists()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_value_reads_back_as_it_was_given(value: str) -> None:
    squeezed = " ".join(value.split())
    fields = {"publisher": squeezed, "license": squeezed} if squeezed else {}
    try:
        found = read_fields(add._sidecar(fields), file="a.yml")
    except add.AddError:
        # Characters that no YAML holds are refused, not bent.
        assert not all(char.isprintable() for char in squeezed)
        return
    assert not found.problems
    assert (found.data.publisher or "") == squeezed


def test_a_hostile_value_is_text(tmp_path: Path) -> None:
    for n, value in enumerate(
        ("!!python/name:os.system", "*a", "&a x", "{a: b}", "yes", "2026-01-01", "- a", "# a", "'")
    ):
        put(tmp_path, name=f"a{n}", title=f"Title {n}", publisher=value)
        assert {source.path: source.data.publisher for source in filed(tmp_path)}[f"a{n}.txt"] == value


def test_from_standard_input_with_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = project.make(tmp_path, {})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"The text.\n")))
    options = ["--title", "A title", "--published", "2026-02-03"]
    assert cli.main(["add", "-", "--config", str(config), *options]) == cli.GOOD
    assert "2026-02-03-a-title.txt" in capsys.readouterr().out
    (source,) = filed(tmp_path / "seeds")
    assert source.article.text.startswith("A title\n")


def test_a_fault_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = project.make(tmp_path, {"a.txt": TEXT})
    arguments = ["add", str(tmp_path / "seeds" / "a.txt"), "--config", str(config), "--published", "soon"]
    assert cli.main(arguments) == cli.USAGE
    assert "year-month-day" in capsys.readouterr().err


def test_on_a_terminal_it_asks_again_until_the_answer_holds() -> None:
    answers = iter(["", "The Sarn Herald", "ferry", "https://h.example/", "3.2.26", "2026-02-03", ""])
    complaints: list[Any] = []
    found = add.ask({}, lambda _: next(answers), complaints.append)
    assert found == {"publisher": "The Sarn Herald", "url": "https://h.example/", "published": "2026-02-03"}
    assert len(complaints) == 2
    assert not add.ask(dict.fromkeys(add.ASKED, "x"), lambda _: pytest.fail("asked"), complaints.append)
