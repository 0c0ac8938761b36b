"""A site of one's own: made in an empty folder alone, built at once under every engine, without a path of a machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import project
from briefbook import cli, new


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    assert (
        cli.main(["new", str(folder), "--site-name", "River: “news” # 1", "--package", "briefbook==0.1.0"]) == cli.GOOD
    )
    return folder


def test_it_builds_at_once_and_its_example_has_no_problem(mine: Path) -> None:
    built = project.build_it(mine / "mkdocs.yml", strict=True)
    assert built.site is not None
    assert not built.problems
    home = (mine / "site" / "index.html").read_text(encoding="utf-8")
    assert "River: “news” # 1" in home
    assert (mine / "site" / "assets" / "briefbook.css").is_file()


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs", "zensical"])
def test_the_engines_build_it_without_our_command(mine: Path, engine: str) -> None:
    project.build_it(mine / "mkdocs.yml")
    done = subprocess.run(
        [sys.executable, "-m", engine, "build", "--strict"],
        cwd=mine,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "bb-hand-written" in (mine / "site" / "about" / "index.html").read_text(encoding="utf-8")


def test_it_has_what_a_repository_needs(mine: Path) -> None:
    for name in (".gitignore", ".gitattributes", "README.md", "requirements.txt", ".github/workflows/site.yml"):
        assert (mine / name).is_file(), name
    assert (mine / "requirements.txt").read_text(encoding="utf-8") == "briefbook==0.1.0\n"
    for place in mine.rglob("*"):
        if place.is_file():
            content = place.read_bytes()
            assert b"\r" not in content
            assert b"@PACKAGE@" not in content
            assert b"@SITE_NAME" not in content
            assert str(Path(new.__file__).parent).encode() not in content


def test_its_settings_are_those_of_the_repository_but_for_name_theme_and_guide(mine: Path) -> None:
    ours = yaml.safe_load((project.ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    theirs = yaml.safe_load((mine / "mkdocs.yml").read_text(encoding="utf-8"))
    assert theirs.pop("site_name") == "River: “news” # 1"
    ours["nav"] = [entry for entry in ours["nav"] if "Guide" not in entry]
    ours["theme"] = {key: value for key, value in ours["theme"].items() if key != "custom_dir"} | {"name": "briefbook"}
    ours["plugins"] = [f"material/{name}" if name == "search" else name for name in ours["plugins"]]
    del ours["site_name"]
    assert theirs == ours


def test_its_pages_about_the_site_are_ours() -> None:
    for place in (project.ROOT / "docs" / "about").glob("*.md"):
        copy = new.STARTER / "docs" / "about" / place.name
        assert copy.read_bytes() == place.read_bytes(), f"copy docs/about/{place.name} to {copy}"


def test_it_ignores_what_the_repository_ignores() -> None:
    ours = (project.ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    theirs = (new.STARTER / "dot-gitignore").read_text(encoding="utf-8").splitlines()
    assert [line for line in ours if line.startswith("/docs/")] == [
        line for line in theirs if line.startswith("/docs/")
    ]


def test_a_folder_with_anything_in_it_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert cli.main(["new", str(tmp_path)]) == cli.USAGE
    assert "notes.txt" in capsys.readouterr().err
    assert [place.name for place in tmp_path.iterdir()] == ["notes.txt"]
    assert cli.main(["new", str(tmp_path / "notes.txt")]) == cli.USAGE
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_an_empty_repository_is_taken(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert cli.main(["new", str(tmp_path)]) == cli.GOOD
    assert cli.main(["new", str(tmp_path)]) == cli.USAGE


def test_a_requirement_that_would_be_two_lines_is_refused(tmp_path: Path) -> None:
    assert cli.main(["new", str(tmp_path / "a"), "--package", "a\nb"]) == cli.USAGE
    assert not (tmp_path / "a").exists()


def test_a_name_that_could_act_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new", str(tmp_path / "mine"), "--site-name", 'a "b" <c>']) == cli.USAGE
    assert "--site-name" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()
