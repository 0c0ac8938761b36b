"""What the guide tells to do can be done: the commands shown on preview, publishing, rights and verifying are run."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import project
from briefbook import cli
from browser import serve

PAGES = ("about/verify.md", "guide/preview.md", "guide/publishing.md", "guide/rights.md")
ENDS = {"check --deploy": cli.PROBLEMS}
"""What a command shown ends with where that is not 0: of the articles here nobody said what may be published."""


def blocks(page: str) -> list[str]:
    """The indented blocks of a page, without their indent."""
    text = (project.ROOT / "docs" / page).read_text(encoding="utf-8")
    found = re.findall(r"(?:(?<=\n\n)|^)((?:    .*\n|\n(?=    ))+)", text)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE).strip() + "\n" for block in found]


def lines(page: str) -> list[str]:
    return [line for block in blocks(page) for line in block.splitlines()]


def commands(page: str) -> list[str]:
    """The commands of ours that a page shows."""
    shown = [line.removeprefix(".venv/bin/") for line in lines(page)]
    return [line.removeprefix("briefbook ") for line in shown if line.startswith("briefbook ")]


@pytest.fixture
def here(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one's own, and in it."""
    folder = tmp_path / "project"
    shutil.copytree(built, folder)
    shutil.copyfile(folder / "seeds" / "ferry.txt", folder / "original.txt")
    monkeypatch.chdir(folder)
    return folder


def test_each_page_shows_commands() -> None:
    shown = {page: commands(page) for page in PAGES}
    assert all(shown.values()), shown
    assert {line.split()[0] for found in shown.values() for line in found} == {"build", "check", "serve", "verify"}


@pytest.mark.parametrize("line", sorted({line for page in PAGES for line in commands(page)} - {""}))
def test_a_command_shown_runs(here: Path, line: str) -> None:
    root = hashlib.sha256((here / "site" / "manifest.json").read_bytes()).hexdigest()
    words = shlex.split(line.replace("ROOT", root))
    if words[0] == "serve":
        if os.name == "nt":
            pytest.skip("is ended by a signal")
        with subprocess.Popen(
            [sys.executable, "-m", "briefbook.cli", *words], stdout=subprocess.PIPE, text=True
        ) as running:
            assert running.stdout is not None
            told = []
            for said in running.stdout:
                told.append(said)
                if said.startswith("built "):
                    running.send_signal(signal.SIGINT)
        assert running.returncode == 0, told
        assert told[-1] == "stopped\n"
    else:
        assert cli.main(words) == ENDS.get(line, cli.GOOD)


def test_an_address_is_verified_as_shown(here: Path) -> None:
    assert "briefbook verify https://briefings.example/" in lines("guide/commands.md")
    with serve(here / "site") as address:
        assert cli.main(["verify", address]) == cli.GOOD


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_checking_by_hand_gives_the_digests_of_the_manifest(here: Path) -> None:
    manifest = json.loads((here / "site" / "manifest.json").read_bytes())
    (source,) = [path for path in manifest if "velmora" in path and path.endswith("source.txt")]
    shown = [line for line in lines("about/verify.md") if line.startswith("sha256sum ")]
    assert len(shown) == 2
    for line in shown:
        words = shlex.split(line.replace("NAME", source.split("/")[1]), comments=True)
        digest = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()[0]
        path = words[1].removeprefix("site/")
        assert digest == manifest.get(path, hashlib.sha256((here / words[1]).read_bytes()).hexdigest())


def block(page: str, start: str) -> str:
    """The one block of a page that begins so."""
    (found,) = [block for block in blocks(page) if block.startswith(start)]
    return found


def test_rights_are_said_as_shown(here: Path) -> None:
    config = here / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    shown = block("guide/rights.md", "extra:\n  briefbook:\n").partition("briefbook:\n")[2]
    config.write_text(text + shown, encoding="utf-8")
    assert cli.main(["check", "--deploy"]) == cli.GOOD
    assert cli.main(["build"]) == cli.GOOD
    assert "more sentence" in (here / "docs" / "labels.json").read_text(encoding="utf-8")
    assert any('"publish": "quotes"' in place.read_text("utf-8") for place in (here / "site").rglob("source.json"))


@pytest.mark.parametrize(("start", "said"), [("withdrawn:", "At the wish of the author"), ("corrected:", "boats was")])
def test_an_article_is_taken_down_or_corrected_as_shown(here: Path, start: str, said: str) -> None:
    (here / "seeds" / "dam.txt").write_text("The dam at Pell\n\nIt was looked at on Monday.\n", encoding="utf-8")
    (here / "seeds" / "dam.yml").write_text(f"slug: dam\n{block('guide/rights.md', start)}", encoding="utf-8")
    assert cli.main(["build"]) == cli.GOOD
    for address in ("briefings/dam", "sources/dam", "corrections"):
        assert said in (here / "site" / address / "index.html").read_text(encoding="utf-8")
    assert (here / "site" / "sources" / "dam" / "source.txt").exists() == (start == "corrected:")
