"""The cache is a memo: right or a miss, whatever happens to its files."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook import cache as module
from briefbook.cache import Cache, analysis_key, code_version
from briefbook.model import (
    Analysis,
    Article,
    ArticleEntity,
    Block,
    DateExpression,
    Figure,
    Hedge,
    Mention,
    PlaceReport,
    Position,
    Reply,
    Role,
    Section,
    Span,
    Statement,
)

ANALYSIS = Analysis(
    sections=(
        Section("front-status", "lede", None, 0, 40, (Span(0, 20), Span(21, 40)), (Span(3, 5),)),
        Section("other", "none", Span(41, 50), 41, 90, (Span(51, 90),)),
    ),
    mentions=(Mention(0, 4, "person", 0, "model"), Mention(60, 64, "unit", 1, "same “nickname” ü")),
    entities=(ArticleEntity("person", 0, (0,)), ArticleEntity("unit", 1, (1,))),
    roles=(Role(6, 20, 0),),
    statements=(Statement(21, 40, "direct", "claim", Span(0, 4), None, 0, "link"),),
    figures=(Figure(5, 9, 2.0, 3.5, "range", Span(10, 14)), Figure(60, 64, None, None, "~", None)),
    dates=(DateExpression(30, 40, date(2031, 5, 1), None, "month", True),),
    hedges=(Hedge(1, 3, "likelihood", "likely"), Hedge(4, 6, "hearsay", None)),
    places=(PlaceReport(Span(0, 4), Span(5, 9), "taken", None),),
    replies=(Reply(Span(21, 40), Span(51, 90)),),
    positions=(Position(Span(0, 4), Span(21, 40), "demand"),),
)
EMPTY = Analysis((), (), (), ())
KEY = "ab" * 32
OTHER = "cd" * 32


def entry(folder: Path, key: str = KEY) -> Path:
    return folder / key[:2] / f"{key}.json"


def sealed(body: object) -> bytes:
    text = json.dumps(body).encode()
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


def stored(folder: Path) -> bytes:
    Cache(folder).put(KEY, ANALYSIS)
    return entry(folder).read_bytes()


def test_what_was_put_is_got(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "not yet there")
    assert cache.get(KEY) is None
    cache.put(KEY, ANALYSIS)
    cache.put(OTHER, EMPTY)
    got = Cache(tmp_path / "not yet there").get(KEY)
    assert got == ANALYSIS
    assert got is not None
    assert isinstance(got.sections[0].sentences[0], Span)
    assert isinstance(got.mentions[0], Mention)
    assert cache.get(OTHER) == EMPTY
    cache.put(KEY, EMPTY)
    assert cache.get(KEY) == EMPTY


def test_no_folder_no_entries() -> None:
    cache = Cache(None)
    cache.put(KEY, ANALYSIS)
    assert cache.get(KEY) is None
    assert cache.prune() == 0


@given(st.data())
def test_any_changed_byte_is_a_miss(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("cache")
    good = bytearray(stored(folder))
    at = data.draw(st.integers(0, len(good) - 1))
    good[at] ^= data.draw(st.integers(1, 255))
    entry(folder).write_bytes(good)
    assert Cache(folder).get(KEY) is None


@given(st.data())
def test_an_entry_cut_short_is_a_miss(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("cache")
    good = stored(folder)
    entry(folder).write_bytes(good[: data.draw(st.integers(0, len(good) - 1))])
    assert Cache(folder).get(KEY) is None


def test_an_entry_of_another_key_is_a_miss(tmp_path: Path) -> None:
    stored(tmp_path)
    entry(tmp_path, OTHER).parent.mkdir()
    shutil.copy(entry(tmp_path), entry(tmp_path, OTHER))
    assert Cache(tmp_path).get(OTHER) is None


NO_LAYERS: list[list[object]] = [[]] * (len(dataclasses.fields(Analysis)) - 1)
SECTION: list[object] = ["other", "none", None, 0, 1, [], []]


@pytest.mark.parametrize(
    "flat",
    [
        None,
        {},
        [],
        [[], [], []],
        [[], [], [], [], []],
        [[], [], [], "x"],
        [[SECTION[:-1]], [], [], []],
        [[["elsewhere", *SECTION[1:]]], [], [], []],
        [[[["other"], *SECTION[1:]]], [], [], []],
        [[["other", "none", [0], 0, 1, [], []]], [], [], []],
        [[["other", "none", None, 0.0, 1, [], []]], [], [], []],
        [[["other", "none", None, False, 1, [], []]], [], [], []],
        [[["other", "none", None, 0, 1, [[0, "1"]], []]], [], [], []],
        [[], [[0, 1, "person", None, "model"]], [], []],
        [[], [], [["person", 0, {"0": 0}]], []],
        [[], *NO_LAYERS[:5], [[0, 1, "2026-13-01", None, "day", False]], *NO_LAYERS[6:]],
        [[], *NO_LAYERS[:5], [[0, 1, 20261301, None, "day", False]], *NO_LAYERS[6:]],
    ],
)
def test_a_sealed_entry_of_another_form_is_a_miss(tmp_path: Path, flat: object) -> None:
    stored(tmp_path)
    entry(tmp_path).write_bytes(sealed([KEY, [[SECTION], *NO_LAYERS]]))
    assert Cache(tmp_path).get(KEY) == Analysis((Section("other", "none", None, 0, 1, ()),), (), (), ())
    if isinstance(flat, list) and len(flat) == 4:
        flat = [*flat, *NO_LAYERS[3:]]
    entry(tmp_path).write_bytes(sealed([KEY, flat]))
    assert Cache(tmp_path).get(KEY) is None


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 200_000, b"1" * 10_000, b"{}", b"[]", b"NaN"])
def test_a_sealed_entry_that_is_no_json_is_a_miss(tmp_path: Path, body: bytes) -> None:
    stored(tmp_path)
    entry(tmp_path).write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    assert Cache(tmp_path).get(KEY) is None


def test_a_folder_in_the_place_of_an_entry_is_a_miss(tmp_path: Path) -> None:
    entry(tmp_path).mkdir(parents=True)
    cache = Cache(tmp_path)
    cache.put(KEY, ANALYSIS)
    assert cache.get(KEY) is None


def test_a_folder_that_cannot_be_written_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file")
    cache.put(KEY, ANALYSIS)
    assert cache.get(KEY) is None


def test_what_was_used_longest_ago_is_pruned_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    keys = [f"{i:064x}" for i in range(5)]
    for age, key in enumerate(keys):
        cache.put(key, ANALYSIS)
        os.utime(entry(tmp_path, key), (1000 - age, 1000 - age))
    size = entry(tmp_path, keys[0]).stat().st_size
    assert cache.prune() == 0
    assert cache.get(keys[4]) == ANALYSIS
    assert cache.prune(3 * size) == 2
    assert [key for key in keys if entry(tmp_path, key).exists()] == [keys[0], keys[1], keys[4]]


ARTICLE = Article("One two.", (Block("paragraph", 0, 8),))


def test_the_key_changes_with_all_that_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    key = analysis_key(ARTICLE, "settings", "model")
    assert key == analysis_key(ARTICLE, "settings", "model")
    others = {
        key,
        analysis_key(Article("One two!", ARTICLE.blocks), "settings", "model"),
        analysis_key(Article("One two.", (Block("heading", 0, 8),)), "settings", "model"),
        analysis_key(ARTICLE, "settings", "model 2"),
        analysis_key(ARTICLE, "settingsmodel"),
        analysis_key(Article("One two.\ud800", ARTICLE.blocks), "settings", "model"),
    }
    monkeypatch.setattr(module, "code_version", lambda: "another")
    others.add(analysis_key(ARTICLE, "settings", "model"))
    assert len(others) == 7
    assert all(len(other) == 64 for other in others)


@pytest.mark.parametrize("changed", ["analyze/layer.py", "analyze/deep/layer.py", "lists.py", "data/words.yml"])
def test_the_code_version_changes_with_code_and_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    for path in ("analyze/layer.py", "analyze/deep/layer.py", "lists.py", "data/words.yml", "sites/links.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("1")
    monkeypatch.setattr(module, "_PACKAGE", tmp_path)
    reckon = code_version.__wrapped__
    before = reckon()
    (tmp_path / "sites/links.py").write_text("2")
    assert reckon() == before
    (tmp_path / changed).write_text("2")
    assert reckon() != before
    (tmp_path / changed).write_text("1")
    assert reckon() == before
    monkeypatch.setattr(module, "version", lambda _: "another")
    assert reckon() != before
