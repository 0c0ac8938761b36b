"""The workflows: least rights, pinned actions, commands that exist, and nothing published unless switched on."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import project
from briefbook import cli, new

FOLDER = project.ROOT / ".github" / "workflows"
SITES = [FOLDER / "build-and-publish.yml", new.STARTER / "dot-github" / "workflows" / "site.yml"]
ALL = [FOLDER / "test.yml", *SITES]


def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_every_action_is_githubs_and_pinned_to_a_commit(path: Path) -> None:
    used = re.findall(r"uses: (.+)", path.read_text(encoding="utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_rights_are_given_job_by_job(path: Path) -> None:
    flow = load(path)
    assert flow["permissions"] == {}
    assert set(flow["on"]) == {"push", "pull_request"}
    may_write = {
        name: {right for right, value in job["permissions"].items() if value == "write"}
        for name, job in flow["jobs"].items()
    }
    allowed = {"attest": {"id-token", "attestations"}, "deploy": {"pages", "id-token"}}
    assert may_write == {name: allowed.get(name, set()) for name in flow["jobs"]}
    for name in set(allowed) & set(flow["jobs"]):
        assert not any("run" in step for step in flow["jobs"][name]["steps"]), (
            "code of others runs with rights to write"
        )
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_nothing_from_outside_is_put_into_a_command(path: Path) -> None:
    for step in steps(path):
        assert "${{" not in step.get("run", "")
        assert "make " not in step.get("run", "")


@pytest.mark.parametrize("path", SITES, ids=lambda path: path.name)
def test_it_publishes_from_main_alone_when_switched_on(path: Path) -> None:
    jobs = load(path)["jobs"]
    assert jobs["deploy"]["needs"] == ["attest", "may-publish"]
    condition = jobs["may-publish"]["if"]
    for part in ("github.event_name == 'push'", "github.ref == 'refs/heads/main'", "vars.PUBLISH_SITE == 'true'"):
        assert part in condition.split(" && ")
    assert any(step.get("run") == "briefbook check --deploy" for step in jobs["may-publish"]["steps"])
    kept = {step["with"]["name"] for step in jobs["build"]["steps"] if "upload-artifact" in step.get("uses", "")}
    assert kept == {"site", "root"}
    (attested,) = [step["with"]["subject-path"] for step in jobs["attest"]["steps"] if "attest-" in step["uses"]]
    assert attested == "site/manifest.json"


def commands() -> list[str]:
    found = {
        line.strip()
        for path in SITES
        for step in steps(path)
        for line in step.get("run", "").splitlines()
        if line.strip().startswith("briefbook ")
    }
    assert len(found) >= 4
    return sorted(found)


@pytest.mark.parametrize("line", commands())
def test_the_commands_exist(line: str) -> None:
    cli._parser().parse_args(shlex.split(line)[1:])


def test_the_tests_run_on_three_systems_with_the_lowest_and_highest_python() -> None:
    (job,) = load(FOLDER / "test.yml")["jobs"].values()
    matrix = job["strategy"]["matrix"]
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    package = tomllib.loads((project.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert package["requires-python"] == f">={matrix['python'][0]}"
    assert len(matrix["python"]) == 2


def test_the_files_that_the_workflows_name_are_there() -> None:
    for path in ALL[:2]:
        for name in re.findall(r"(?:requirements|tests)/[\w.]+", path.read_text(encoding="utf-8")):
            assert (project.ROOT / name).exists() or "*" in name or name.endswith("."), name


def test_seeds_keep_their_bytes() -> None:
    for path in (project.ROOT / ".gitattributes", new.STARTER / "dot-gitattributes"):
        assert "seeds/** -text" in path.read_text(encoding="utf-8").splitlines()
