"""The command line: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

import project
from briefbook import cli

SEED = project.ROOT / "seeds" / "000_0be6f8c388b5b39d.txt"
COMMANDS = ("new", "add", "build", "check", "analyze", "explain", "correct", "verify")


def test_analyze_prints_one_valid_record_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    articles = [str(SEED), str(project.FIXTURES / "wire" / "talks.md"), str(project.FIXTURES / "hostile.txt")]
    assert cli.main(["analyze", "--json", *articles]) == cli.GOOD
    out, err = capsys.readouterr()
    assert not err
    schema = json.loads((Path(str(files("briefbook"))) / "data" / "analysis.schema.json").read_text(encoding="utf-8"))
    records = [json.loads(line) for line in out.splitlines()]
    assert len(records) == 3
    for record in records:
        jsonschema.validate(record, schema)
        for mention in record["mentions"]:
            assert record["text"][mention["start"] : mention["end"]].strip()


def test_analyze_goes_on_after_a_bad_article(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    assert cli.main(["analyze", "--json", str(tmp_path / "empty.txt"), str(SEED)]) == cli.PROBLEMS
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert "empty.txt: it is empty" in err


def test_explain_shows_every_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", str(project.FIXTURES / "ferry.txt")]) == cli.GOOD
    out = capsys.readouterr().out
    for stage in ("SOURCE", "ARTICLE", "SECTIONS", "NAMES", "ENTITIES", "STATEMENTS", "FIGURES", "DATES", "TABLES"):
        assert f"\n{stage}" in f"\n{out}"
    assert "strategic-context (heading, under “Strategic context”" in out
    assert "[model]" in out


def test_verify_says_what_it_found(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(built / "site")]) == cli.GOOD
    out = capsys.readouterr().out
    root = next(line.split()[1] for line in out.splitlines() if line.startswith("root"))
    assert cli.main(["verify", str(built / "site"), "--expect", root]) == cli.GOOD
    assert cli.main(["verify", str(built / "site"), "--expect", "0" * 64]) == cli.PROBLEMS
    assert root in capsys.readouterr().err
    site = tmp_path / "site"
    shutil.copytree(built / "site", site)
    (site / "index.html").write_bytes((site / "index.html").read_bytes() + b" ")
    assert cli.main(["verify", str(site)]) == cli.PROBLEMS
    assert "index.html" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "no/such/folder"], "is not a folder"),
        (["build", "--config", "no/such.yml"], "it cannot be read"),
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == cli.USAGE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["no-such-command"], ["build", "--workers", "0"], ["analyze", "x.txt"]])
def test_what_cannot_be_parsed_is_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == cli.USAGE


def test_an_unknown_setting_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = project.make(tmp_path, {"a.txt": "A title\n\nSome text.\n"})
    config.write_text(
        config.read_text(encoding="utf-8").replace("    seeds: seeds", "    seed: seeds"), encoding="utf-8"
    )
    assert cli.main(["build", "--config", str(config)]) == cli.USAGE
    err = capsys.readouterr().err
    assert "`seed`" in err
    assert "`seeds`" in err
    assert "mkdocs.yml:" in err


def test_build_and_check_tell_problems_and_exit_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = project.make(tmp_path, {"a.txt": "A title\n\nIvo Tamm spoke.\n", "b.txt": "Only a title\n"})
    assert cli.main(["check", "--config", str(config)]) == cli.PROBLEMS
    assert not (tmp_path / "site").exists()
    assert "b.txt" in capsys.readouterr().err
    assert cli.main(["build", "--config", str(config), "--strict"]) == cli.PROBLEMS
    assert not (tmp_path / "site").exists()
    assert cli.main(["build", "--config", str(config)]) == cli.PROBLEMS
    out, err = capsys.readouterr()
    assert "root     " in out
    assert "1 errors, 0 warnings" in err
    (tmp_path / "seeds" / "b.txt").unlink()
    assert cli.main(["build", "--config", str(config)]) == cli.GOOD
    assert cli.main(["check", "--config", str(config), "--site"]) == cli.GOOD


@pytest.mark.parametrize("command", COMMANDS)
def test_help_reads_well(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([command, "--help"])
    assert stopped.value.code == cli.GOOD
    assert command in capsys.readouterr().out


def test_it_is_silent_in_a_pipe_and_runs_without_a_terminal(tmp_path: Path) -> None:
    config = project.make(tmp_path, {"a.txt": "A title\n\nIvo Tamm spoke.\n"})
    command = [sys.executable, "-m", "briefbook.cli", "build", "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
