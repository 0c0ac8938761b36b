"""The documentation says what there is: every command, option, setting, check and label kind, and its commands run."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys

import project
from briefbook import check, cli, settings

GUIDE = project.ROOT / "docs" / "guide"


def read(name: str) -> str:
    return (GUIDE / name).read_text(encoding="utf-8")


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    (commands,) = [a for a in cli._parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(commands.choices)


def test_every_command_and_option_is_documented() -> None:
    text = read("commands.md")
    assert {heading[3:] for heading in re.findall(r"^## .+$", text, re.MULTILINE)} == set(parsers())
    for name, parser in parsers().items():
        part = text.split(f"## {name}\n")[1].split("\n## ")[0]
        for action in parser._actions:
            for option in action.option_strings:
                if option not in ("-h", "--help"):
                    assert f"`{option}" in part, f"{name} {option}"


def test_every_setting_is_documented() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", read("settings.md"), re.MULTILINE)
    assert tuple(documented) == settings.OWN_KEYS


def test_every_check_is_documented() -> None:
    documented = re.findall(r"^\| `(\w+)` \| ", read("checks.md"), re.MULTILINE)
    assert documented == [function.__name__ for function in (*check.CORPUS_CHECKS, *check.PAGE_CHECKS)]


def test_commands_in_the_documentation_are_understood() -> None:
    pages = [
        project.ROOT / "README.md",
        *sorted((project.ROOT / "docs").glob("about/*.md")),
        *sorted(GUIDE.glob("*.md")),
    ]
    found = 0
    for path in pages:
        for line in re.findall(
            r"^(?:    )?(?:\.venv/bin/)?briefbook (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            found += 1
            words = shlex.split(line, comments=True)
            cli._parser().parse_args(words)
    assert found >= 8


def test_the_commands_of_the_readme_are_make_targets() -> None:
    readme = (project.ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (project.ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    used = set(re.findall(r"`make ([a-z]+)", readme)) | set(re.findall(r"^    make ([a-z]+)", readme, re.MULTILINE))
    assert {"site", "test"} <= used <= targets


def test_the_read_only_commands_of_the_guide_run() -> None:
    for line in re.findall(r"^    briefbook ((?:analyze|explain) .+)$", read("commands.md"), re.MULTILINE):
        done = subprocess.run(
            [sys.executable, "-m", "briefbook.cli", *shlex.split(line)],
            cwd=project.ROOT,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, line
        assert done.stdout


def test_every_page_of_the_guide_is_in_the_nav() -> None:
    nav = (project.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for folder in ("about", "guide"):
        for path in (project.ROOT / "docs" / folder).glob("*.md"):
            assert f"{folder}/{path.name}" in nav


def test_nothing_committed_names_a_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=project.ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    for name in filter(None, listed):
        path = project.ROOT / name
        if path.suffix in {".onnx", ".png", ".webp"} or name.startswith("tests/") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not re.search(r"index-url|find-links|://[^/\s]*pypi|/root/|/home/", text), name
