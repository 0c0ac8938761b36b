"""Reading the seeds: golden cases per format and folder, encodings, and what holds for any bytes."""

from __future__ import annotations

import hashlib
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefbook.model import Article, Problem
from briefbook.read import Reading, read, read_files
from briefbook.read.decode import Undecodable, decode
from briefbook.read.markdown import NESTING, TooDeep, read_markdown
from briefbook.read.text import read_text
from marked import cases

LIMIT = 100_000
SHARED = Path(__file__).parents[2] / "shared" / "corpus"
SEED = Path(__file__).parents[1] / "seeds" / "000_0be6f8c388b5b39d.txt"


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def blocks(article: Article) -> list[list[str]]:
    return [[block.kind, article.text[block.start : block.end]] for block in article.blocks]


def messages(problems: tuple[Problem, ...]) -> list[str]:
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("case", cases("read-text.yml"), ids=lambda case: str(case["case"]))
def test_golden_text(case: dict[str, Any]) -> None:
    article = read_text(case["text"])
    assert blocks(article) == case["blocks"]
    assert article.text == case["text"]


@pytest.mark.parametrize("case", cases("read-markdown.yml"), ids=lambda case: str(case["case"]))
def test_golden_markdown(case: dict[str, Any]) -> None:
    article = read_markdown(case["text"], case.get("title"))
    assert blocks(article) == case["blocks"]
    assert article.text == "\n\n".join(text for _, text in case["blocks"])


@pytest.mark.parametrize("case", cases("read-folder.yml"), ids=lambda case: str(case["case"]))
def test_golden_folder(case: dict[str, Any], tmp_path: Path) -> None:
    reading = read(write(tmp_path, case["files"]), max_bytes=LIMIT)
    assert [source.path for source in reading.sources] == case["sources"]
    assert len(reading.problems) == len(case["problems"]), messages(reading.problems)
    for problem, expected in zip(reading.problems, case["problems"], strict=True):
        assert (problem.severity == "warning") == expected.startswith("~")
        where, _, part = expected.removeprefix("~").partition(": ")
        assert problem.where == where
        assert part in problem.message


def test_a_source_is_what_its_file_and_its_sidecar_say(tmp_path: Path) -> None:
    front = "---\ntitle: Norwold  holds\npublisher: Velm Post\nurl: https://example.org/a?b=c\n---\n"
    text = f"{front}# Norwold holds\n\nIt held."
    write(tmp_path, {"a.md": text, "a.yml": "published: 2026-02-03\npublisher: Norwold Times\nsections: {}"})
    (source,) = read(tmp_path, max_bytes=LIMIT).sources
    assert source.digest == hashlib.sha256(text.encode()).hexdigest()
    assert (source.data.title, source.data.publisher) == ("Norwold holds", "Norwold Times")
    assert str(source.data.published) == "2026-02-03"
    assert source.data.url == "https://example.org/a?b=c"
    assert source.data.publish is None
    assert source.slug.startswith("norwold-holds-")


def test_the_same_article_names_the_other_file_and_keeps_the_one_with_more_data(tmp_path: Path) -> None:
    text = "Title\nText stands here."
    write(tmp_path, {"a.txt": text, "b.txt": text, "b.yml": "license: CC BY 4.0"})
    (source,) = read(tmp_path, max_bytes=LIMIT).sources
    assert (source.path, source.same) == ("b.txt", ("a.txt",))


def test_one_title_has_two_addresses_that_no_other_article_changes(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.txt": "Title\nText stands here.", "b.txt": "Title\nText stands there."}
    first = {source.path: source.slug for source in read(write(tmp_path, files), max_bytes=LIMIT).sources}
    assert len(set(first.values())) == 2
    write(tmp_path, {"0.txt": "Title\nNew text."})
    assert {s.path: s.slug for s in read(tmp_path, max_bytes=LIMIT).sources if s.path in first} == first


def test_a_given_slug_yields_to_an_address_that_was_there(tmp_path: Path) -> None:
    write(tmp_path, {"b.txt": "Title\nText stands here."})
    (there,) = read(tmp_path, max_bytes=LIMIT).sources
    write(tmp_path, {"a.txt": "Other\nText stands there.", "a.yml": f"slug: {there.slug}"})
    reading = read(tmp_path, max_bytes=LIMIT)
    assert [source.path for source in reading.sources] == ["b.txt"]
    assert [problem.where for problem in reading.problems] == ["a.yml:1"]


def test_a_file_over_the_limit_is_left_out_and_one_at_it_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "T\n" + "x" * 98, "b.txt": "T\n" + "y" * 99})
    reading = read(tmp_path, max_bytes=100)
    assert [source.path for source in reading.sources] == ["a.txt"]
    assert messages(reading.problems) == ["b.txt: it is over 100 bytes, the most that is read; shorten or split it"]


def test_single_files_are_read_with_their_sidecars_wherever_they_lie(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "Title\nText stands here.", "a.yml": "author: Mara Lund", "b/c.txt": ""})
    reading = read_files([tmp_path / "a.txt", tmp_path / "b" / "c.txt"], max_bytes=LIMIT)
    assert [(source.path, source.data.author) for source in reading.sources] == [("a.txt", "Mara Lund")]
    assert [problem.where for problem in reading.problems] == ["c.txt"]


def test_no_seeds_folder_is_a_problem(tmp_path: Path) -> None:
    reading = read(tmp_path / "none", max_bytes=LIMIT)
    assert (reading.sources, len(reading.problems)) == ((), 1)


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_links_are_followed_within_the_folder_alone(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    write(tmp_path, {"seeds/deep/a.txt": "Title\nText stands here.", "outside.txt": "Secret\nText stands there."})
    (seeds / "inside.txt").symlink_to(seeds / "deep" / "a.txt")
    (seeds / "outside.txt").symlink_to(tmp_path / "outside.txt")
    (seeds / "loop").symlink_to(seeds, target_is_directory=True)
    (seeds / "gone.txt").symlink_to(seeds / "nowhere.txt")
    reading = read(seeds, max_bytes=LIMIT)
    assert [(source.path, source.same) for source in reading.sources] == [("deep/a.txt", ("inside.txt",))]
    found = {problem.where: problem.message for problem in reading.problems}
    assert "leads out of the seeds folder" in found["outside.txt"]
    assert "a link to a folder" in found["loop"]
    assert "gone" in found["gone.txt"]
    assert "Secret" not in str(reading)


def test_an_unreadable_file_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a.txt": "Title\nText stands here.", "b.txt": "Title\nText stands there."})
    plain = Path.open

    def refuse(path: Path, *arguments: Any) -> Any:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return plain(path, *arguments)

    monkeypatch.setattr(Path, "open", refuse)
    reading = read(tmp_path, max_bytes=LIMIT)
    assert [source.path for source in reading.sources] == ["b.txt"]
    assert messages(reading.problems) == ["a.txt: it cannot be read (Permission denied); check its permissions"]


def test_a_file_name_that_is_no_text_is_a_problem(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_bytes(b"Title\nText.")
    except OSError:
        pytest.skip("the file system takes no such name")
    reading = read(tmp_path, max_bytes=LIMIT)
    assert [problem.where for problem in reading.problems] == ["\\udcff.txt"]


def test_markdown_nested_too_deep_is_refused_and_never_cut(tmp_path: Path) -> None:
    with pytest.raises(TooDeep):
        read_markdown("# Title\n\n" + ">" * (NESTING + 5) + " deep", None)
    write(tmp_path, {"a.md": "# Title\n\n" + "> " * 500 + "deep"})
    assert "nested too deep" in read(tmp_path, max_bytes=LIMIT).problems[0].message


def test_front_matter_cannot_grow(tmp_path: Path) -> None:
    bomb = "---\ntitle: A\nauthor: &a [x, x]\nlicense: &b [*a, *a]\n---\nText."
    deep = "---\ntitle: " + "[" * 50_000 + "\n---\nText."
    reading = read(write(tmp_path, {"a.md": bomb, "b.md": deep}), max_bytes=LIMIT)
    assert [problem.where for problem in reading.problems] == ["a.md:3", "b.md:2"]


ENCODED = "Lund’s café – “open”\nThe mayor said it’s “fine”.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_unicode_is_read_whatever_its_form(encoding: str, end: str) -> None:
    assert decode(ENCODED.replace("\n", end).encode(encoding)) == (ENCODED, "")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENCODED, "cp1252"),
        (ENCODED, "mac_roman"),
        ("Élysée says no\nNaïve text stands here, and it is long enough.\n", "cp1252"),
        ("Войска сообщили о боях у города\nПо словам командира, бои продолжаются на севере города.\n" * 3, "cp1251"),
        ("Title in short\nText stands here.\n", "utf-16-le"),
        ("Title in short\nText stands here.\n", "utf-16-be"),
    ],
)
def test_other_encodings_are_guessed_and_said_to_be(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded == (text, encoding)


def test_a_guess_is_a_warning_and_the_article_stands(tmp_path: Path) -> None:
    reading = read(write(tmp_path, {"a.txt": ENCODED.encode("cp1252")}), max_bytes=LIMIT)
    assert reading.sources[0].article.text == ENCODED
    assert [problem.severity for problem in reading.problems] == ["warning"]


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"%PDF-1.7\nText", "a PDF"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "an image"),
        (bytes(range(256)) * 4, "binary"),
        (b"\x00\x01\x02\x03", "binary"),
        (b"\xff\xfeT\x00\x00\xd8x\x00", "says it is UTF-16-LE"),
        ("Title\nÄäÖöÜü stands here".encode()[:-1] + b"\xc3(", "broken character in line 2"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, part: str) -> None:
    with pytest.raises(Undecodable, match=part):
        decode(data)


def test_control_characters_stay() -> None:
    text = "Title\x00 one\nText \x07stands here, long enough to be an article and no program.\x0b"
    assert decode(text.encode()).text == text


def well_formed(article: Article) -> None:
    """What the model says of blocks."""
    at = 0
    for kind, start, end in article.blocks:
        assert not article.text[at:start].strip()
        assert article.text[start:end] == article.text[start:end].strip() != ""
        assert (kind == "title") <= (at == 0)
        at = end
    assert not article.text[at:].strip()
    article.text.encode()


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "",
                "",
                "Talks",
                "- item",
                "1. one",
                "2. two",
                "Sunday, March 31, 2019",
                "15:42",
                "By Jane Holm",
                "Image: X",
                "— Lund",
                "The ferry left. It rained.",
                "# H",
                "**Bold**",
                "> q",
                "| a | b |",
                "|---|---|",
                "```",
                "![x](y)",
                " ",
            ]
        ),
        st.text(max_size=30),
    ),
    max_size=25,
)


@given(LINES)
def test_every_character_of_a_plain_text_is_in_a_block(lines: list[str]) -> None:
    text = "\n".join(lines)
    article = read_text(text)
    assert article.text == text
    well_formed(article)


@given(LINES, st.sampled_from([None, "Talks"]))
def test_blocks_of_markdown_are_well_formed(lines: list[str], title: str | None) -> None:
    article = read_markdown("\n".join(lines), title)
    well_formed(article)


@given(st.lists(st.sampled_from(["*a*", "b", "- c", "> d", "# e", "| f | g |", "    h", "1. i", ""]), max_size=20))
def test_markdown_loses_no_word(lines: list[str]) -> None:
    article = read_markdown("\n".join(lines), None)
    letters = [char for char in "\n".join(lines) if char.isalpha()]
    assert sorted(char for char in article.text if char.isalpha()) == sorted(letters)


@given(st.binary(max_size=400))
def test_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text, _ = decode(data)
    except Undecodable:
        return
    text.encode()
    assert "\r" not in text


NAMES = ["a.txt", "b.md", "b.yml", "a.yml", "entities.yml", "corrections.yml", "c/d.txt", "c/d.yml", "e.dat"]
CONTENT = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    st.text(alphabet="-:#&*![]{}\"'\n \t|>%@`?,ab1", max_size=80).map(lambda text: f"---\n{text}\n---\nText".encode()),
    st.just(b"Title\nText stands here."),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.dictionaries(st.sampled_from(NAMES), CONTENT))
def test_no_bytes_in_the_seeds_raise_and_reading_repeats(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    folder = write(tmp_path_factory.mktemp("seeds"), dict(files))
    first = read(folder, max_bytes=LIMIT)
    assert first == read(folder, max_bytes=LIMIT)
    read_or_named(first, files)
    for source in first.sources:
        well_formed(source.article)


def read_or_named(reading: Reading, files: dict[str, bytes]) -> None:
    """Every article is read, or goes with another, or a problem names it or its sidecar."""
    stems = {name.rsplit(".", 1)[0] for name in files if name.endswith((".txt", ".md"))}
    seen = {path.rsplit(".", 1)[0] for source in reading.sources for path in (source.path, *source.same)}
    named = {problem.where.split(":")[0].rsplit(".", 1)[0] for problem in reading.problems}
    assert stems <= seen | named


def test_the_lists_hold_words_in_small_letters() -> None:
    lists = yaml.safe_load(files("briefbook").joinpath("data", "blocks.yml").read_text(encoding="utf-8"))
    for name, words in lists.items():
        for word in words:
            assert isinstance(word, str), f"{name}: {word}"
            assert word == word.lower()


def test_the_seed_article() -> None:
    article = read_text(SEED.read_text(encoding="utf-8"))
    kinds = [block.kind for block in article.blocks]
    assert kinds == ["title", *["paragraph"] * 3, "heading", "paragraph", "heading", "paragraph", "paragraph"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared articles are not here")
def test_date_lines_of_the_shared_articles_are_told() -> None:
    second = [
        read_text(path.read_text(encoding="utf-8")).blocks[1] for path in sorted((SHARED / "wikinews").glob("*.txt"))
    ]
    assert sum(block.kind == "dateline" for block in second) == 158
