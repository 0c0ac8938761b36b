"""Pages to `docs/`: what is written, what is left alone, what a kill leaves behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefbook import publish as module
from briefbook.model import Page
from briefbook.publish import OWNED, Published, PublishError, path_problem, publish

A = Page("briefings/a/index.md", "# A\n")
B = Page("briefings/b/index.md", "# B\n")
TEXT = Page("sources/a/source.txt", "one\ntwo\n")


def files(docs: Path) -> dict[str, str]:
    return {
        place.relative_to(docs).as_posix(): place.read_bytes().decode()
        for place in docs.rglob("*")
        if place.is_file() and place.name != OWNED
    }


def write(docs: Path, path: str, text: str) -> Path:
    place = docs / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())
    return place


def test_writes_what_changed_and_prunes_what_is_gone(tmp_path: Path) -> None:
    assert publish([A, B, TEXT], tmp_path) == Published(written=3, removed=0, kept=0)
    before = (tmp_path / A.path).stat().st_mtime_ns, (tmp_path / A.path).stat().st_ino
    changed = Page(B.path, "# B, anew\n")
    assert publish([A, changed], tmp_path) == Published(written=1, removed=1, kept=1)
    assert files(tmp_path) == {A.path: A.text, B.path: changed.text}
    assert ((tmp_path / A.path).stat().st_mtime_ns, (tmp_path / A.path).stat().st_ino) == before
    assert not (tmp_path / "sources").exists(), "an emptied folder goes"


def test_a_second_run_rewrites_nothing(tmp_path: Path) -> None:
    publish([A, B], tmp_path)
    before = {place: place.stat().st_mtime_ns for place in tmp_path.rglob("*")}
    assert publish([B, A], tmp_path) == Published(written=0, removed=0, kept=2)
    assert {place: place.stat().st_mtime_ns for place in tmp_path.rglob("*")} == before


def test_bytes_are_the_text_in_utf8_with_its_own_line_ends(tmp_path: Path) -> None:
    page = Page("sources/a/source.txt", "é\r\nb\rc\n\u2028“”")
    publish([page], tmp_path)
    assert (tmp_path / page.path).read_bytes() == page.text.encode("utf-8")


def test_hand_written_files_are_never_touched(tmp_path: Path) -> None:
    mine = write(tmp_path, "about/index.md", "mine\r\n")
    beside = write(tmp_path, "briefings/a/notes.md", "mine too")
    publish([A, B], tmp_path)
    publish([], tmp_path)
    assert files(tmp_path) == {"about/index.md": "mine\r\n", "briefings/a/notes.md": "mine too"}
    assert mine.is_file()
    assert beside.is_file()


def test_a_page_over_a_hand_written_file_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    write(tmp_path, A.path, "mine")
    with pytest.raises(PublishError, match=r"briefings/a/index\.md: is not a file of ours.*move it away"):
        publish([B, A], tmp_path)
    assert files(tmp_path) == {A.path: "mine"}
    assert not (tmp_path / OWNED).exists()


@pytest.mark.parametrize(
    ("hand_written", "page", "named"),
    [
        ("briefings", "briefings/a/index.md", "briefings"),
        ("briefings/a/index.md/x.md", "briefings/a/index.md", "briefings/a/index.md"),
        ("briefings/a.md", "briefings/a/index.md", r"briefings/a\.md"),
        ("briefings/a/README.md", "briefings/a/index.md", r"briefings/a/README\.md"),
        ("README.md", "index.md", r"README\.md"),
    ],
)
def test_hand_written_files_in_the_way_are_named(tmp_path: Path, hand_written: str, page: str, named: str) -> None:
    write(tmp_path, hand_written, "mine")
    with pytest.raises(PublishError, match=f"^{named}: "):
        publish([Page(page, "ours")], tmp_path)
    assert files(tmp_path) == {hand_written: "mine"}


def test_links_are_not_followed_out_of_docs(tmp_path: Path) -> None:
    docs, outside = tmp_path / "docs", tmp_path / "outside"
    docs.mkdir()
    outside.mkdir()
    (docs / "briefings").symlink_to(outside)
    with pytest.raises(PublishError, match="briefings: is a link"):
        publish([A], docs)
    assert not any(outside.iterdir())


def test_a_link_in_the_place_of_an_owned_file_is_replaced(tmp_path: Path) -> None:
    docs, outside = tmp_path / "docs", write(tmp_path, "outside.md", A.text)
    publish([A], docs)
    (docs / A.path).unlink()
    (docs / A.path).symlink_to(outside)
    changed = Page(A.path, "anew")
    publish([changed], docs)
    assert not (docs / A.path).is_symlink()
    assert outside.read_text() == A.text


def test_files_and_folders_may_change_places_between_builds(tmp_path: Path) -> None:
    publish([Page("a/b", "1")], tmp_path)
    publish([Page("a", "2")], tmp_path)
    assert files(tmp_path) == {"a": "2"}
    publish([Page("a/b", "1")], tmp_path)
    assert files(tmp_path) == {"a/b": "1"}


@pytest.mark.parametrize("broken", [None, b"", b"\xff\xfe", b'["briefings/a/in', b"{}", b"[1, [2]]", b"[" * 100_000])
def test_a_lost_or_garbled_list_is_mended_when_the_files_are_ours(tmp_path: Path, broken: bytes | None) -> None:
    publish([A, B], tmp_path)
    if broken is None:
        (tmp_path / OWNED).unlink()
    else:
        (tmp_path / OWNED).write_bytes(broken)
    assert publish([A, B], tmp_path) == Published(written=0, removed=0, kept=2)
    assert publish([A], tmp_path) == Published(written=0, removed=1, kept=1)


def test_the_list_cannot_lead_out_of_docs(tmp_path: Path) -> None:
    outside = write(tmp_path, "outside.md", "mine")
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / OWNED).write_text(json.dumps(["../outside.md", str(outside), "a/../../outside.md", "mkdocs.yml\x00"]))
    publish([A], docs)
    assert outside.read_text() == "mine"
    assert json.loads((docs / OWNED).read_text()) == [A.path]


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("after", range(8))
def test_the_next_build_mends_what_a_kill_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    old = [A, B, Page("old/index.md", "old")]
    new = [Page(A.path, "anew"), B, Page("new/1/index.md", "1"), Page("new/2/index.md", "2")]
    write(tmp_path, "about/index.md", "mine")
    publish(old, tmp_path)

    steps = 0
    replace, unlink = Path.replace, Path.unlink

    def step() -> None:
        nonlocal steps
        if steps == after:
            raise KilledError
        steps += 1

    def killed_replace(self: Path, target: Path) -> Path:
        step()
        return replace(self, target)

    def killed_unlink(self: Path, missing_ok: bool = False) -> None:
        step()
        unlink(self, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed_replace)
        patch.setattr(Path, "unlink", killed_unlink)
        if after < 7:
            with pytest.raises(KilledError):
                publish(new, tmp_path)
        else:
            publish(new, tmp_path)
            assert steps == 7, "the test kills at every step there is"

    third = [B, Page("new/2/index.md", "2, anew")]
    publish(third, tmp_path)
    assert files(tmp_path) == {"about/index.md": "mine", **dict(third)}


@pytest.mark.parametrize(
    "path",
    [
        *("", "/etc/x", "../x", "a/../x", "a//x", "./x", "a/", "a\\b", "C:x", "a/.git", ".x", "a. ", "a.", "nul"),
        *("a/Con.md", "a\nb", "a\x00b", "e\u0301", "x" * 256, "\ud800", "a?b", "a*"),
    ],
)
def test_paths_that_not_every_system_can_store_are_refused(tmp_path: Path, path: str) -> None:
    assert path_problem(path)
    with pytest.raises(PublishError, match="the path of a generated page"):
        publish([Page(path, "x")], tmp_path)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ([A, A], "two generated pages have this path"),
        ([Page("a/x.md", ""), Page("A/x.md", "")], "two generated pages have this path"),
        ([Page("a", ""), Page("a/x.md", "")], "needs a folder of this name"),
        ([Page("a", "x\udc00")], "not valid Unicode at character 1"),
    ],
)
def test_pages_that_cannot_stand_together_are_refused(tmp_path: Path, pages: list[Page], message: str) -> None:
    with pytest.raises(PublishError, match=message):
        publish(pages, tmp_path)
    assert not any(tmp_path.iterdir())


def test_a_long_list_of_problems_is_cut_in_the_message_alone(tmp_path: Path) -> None:
    with pytest.raises(PublishError) as caught:
        publish([Page(f"../{i}", "") for i in range(50)], tmp_path)
    assert len(caught.value.problems) == 50
    assert str(caught.value).endswith("and 30 more")


@given(st.text(max_size=20))
def test_an_accepted_path_stays_below_docs(path: str) -> None:
    if module.path_problem(path) is None:
        docs = Path("/docs")
        place = docs / path
        assert place.is_relative_to(docs)
        assert place.as_posix() == f"/docs/{path}"


NAMES = st.sampled_from(["a", "b", "c/d", "c/e", "c/f/g"])
BUILDS = st.lists(st.dictionaries(NAMES, st.text("xy", max_size=2)), max_size=4)


@given(BUILDS)
def test_docs_always_holds_the_last_build_and_what_is_hand_written(
    tmp_path_factory: pytest.TempPathFactory, builds: list[dict[str, str]]
) -> None:
    docs = tmp_path_factory.mktemp("docs")
    write(docs, "c/mine", "mine")
    for build in builds:
        published = publish([Page(path, text) for path, text in build.items()], docs)
        assert files(docs) == {**build, "c/mine": "mine"}
        assert published.written + published.kept == len(build)
