"""Builds that are killed, meet a full or read-only disk, or each other: the next build is right, and no site is half.

`BRIEFBOOK_KILLS=100` kills a hundred running builds instead of eight. The moments are the same shares of a build's
time in every run; a build that ended before its moment does not count, and its time is what later moments are drawn
from.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

import project
from briefbook import build, cli
from briefbook.lock import alone
from briefbook.publish import OWNED
from briefbook.verify import verify_folder

KILLS = int(os.environ.get("BRIEFBOOK_KILLS", "8"))
posix = pytest.mark.skipif(os.name == "nt", reason="signals and permissions of POSIX")


def command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "briefbook.cli", "build", "--workers", "1", "--config", str(folder / "mkdocs.yml")]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        place.relative_to(folder).as_posix(): place.read_bytes()
        for place in sorted(folder.rglob("*"))
        if place.is_file()
    }


def second(folder: Path) -> Path:
    """The articles of a second edition, so that a killed build has something to change."""
    seeds = folder / "second"
    shutil.copytree(project.FIXTURES, seeds)
    (seeds / "wire" / "quiet.txt").unlink()
    (seeds / "new.txt").write_text("A bridge at Dorn\n\nMara Okker opened the bridge at Dorn.\n", encoding="utf-8")
    return seeds


class Edition(NamedTuple):
    """What a clean build of one edition leaves."""

    docs: dict[str, bytes]
    site: dict[str, bytes]


PHASES = ("prepare", "publish", "engine", "verify", "swapped")


def phase_of(folder: Path, old: Edition, new: Edition) -> str:
    """What a killed build was at, by what it left: the pages are written, the site is made aside, verified, swapped."""
    if contents(folder / "site") == new.site:
        return "swapped"
    docs = contents(folder / "docs")
    if docs != new.docs:
        return "prepare" if docs == old.docs else "publish"
    return "verify" if (folder / "site.briefbook-new" / "manifest.json").exists() else "engine"


class Clock:
    """Starts builds and kills them at shares of the time that the latest whole build of the same sort took.

    A kill is drawn from the whole build, or from one of its short phases: soon after the first file written in `docs/`,
    or from the manifest of the new site on.
    """

    def __init__(self) -> None:
        self._took: dict[tuple[str, bool], float] = {}

    def build(self, folder: Path, share: float, *, start: str, cold: bool) -> bool:
        """Run a build to be killed at `share` of what follows `start`; whether it was running then."""
        docs, manifest = folder / "docs" / OWNED, folder / "site.briefbook-new" / "manifest.json"
        before = docs.stat().st_mtime_ns
        running = subprocess.Popen(command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while running.poll() is None:
            if start == "whole" or (manifest.exists() if start == "verify" else docs.stat().st_mtime_ns != before):
                break
            time.sleep(0.001)
        began = time.monotonic()
        known = self._took.get((start, cold))
        try:
            ended = running.wait(None if known is None else share * known)
        except subprocess.TimeoutExpired:
            running.kill()
            return running.wait() == -signal.SIGKILL
        assert ended == 0
        self._took[start, cold] = time.monotonic() - began
        return False


@posix
def test_a_build_killed_at_any_moment_is_mended_by_the_next(tmp_path: Path) -> None:
    editions = [project.FIXTURES, second(tmp_path)]
    clean = []
    for n, seeds in enumerate(editions):
        folder = tmp_path / f"clean{n}"
        project.make(folder, seeds)
        subprocess.run(command(folder), check=True, capture_output=True)
        clean.append(Edition(contents(folder / "docs"), contents(folder / "site")))
    folder = tmp_path / "killed"
    project.make(folder, editions[0])
    subprocess.run(command(folder), check=True, capture_output=True)
    draw, clock = random.Random(4), Clock()
    phases = dict.fromkeys(PHASES, 0)
    killed = tries = stands = 0
    while killed < KILLS:
        tries += 1
        assert tries < 3 * KILLS + 20, "the builds end before they are killed"
        goal = 1 - stands
        shutil.rmtree(folder / "seeds")
        shutil.copytree(editions[goal], folder / "seeds")
        if cold := killed % 4 == 3:
            shutil.rmtree(folder / ".cache")
        start = {0: "publish", 1: "verify"}.get(killed % 5, "whole")
        share = draw.random() ** (6 if start == "publish" else 1)
        if clock.build(folder, share, start=start, cold=cold):
            phase = phase_of(folder, clean[stands], clean[goal])
            phases[phase] += 1
            killed += 1
            site = contents(folder / "site")
            assert site in (clean[stands].site, clean[goal].site), f"{phase}: half a site is published"
            owned = set(json.loads((folder / "docs" / OWNED).read_bytes()))
            there = {path for path in contents(folder / "docs") if not path.startswith(("about/", "guide/", "."))}
            assert there <= owned, f"{phase}: a generated file that no list owns"
        done = subprocess.run(command(folder), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        stands = goal
        assert contents(folder / "docs") == clean[goal].docs
        assert contents(folder / "site") == clean[goal].site
        assert sorted(place.name for place in folder.iterdir()) == [".cache", "docs", "mkdocs.yml", "seeds", "site"]
    print(f"{killed} running builds killed, of {tries} begun: {phases}")
    assert KILLS < 50 or all(phases.values()), phases


def garble(cache: Path, draw: random.Random) -> None:
    for place in sorted(cache.rglob("*")):
        if place.is_file():
            content = place.read_bytes()
            match draw.randrange(4):
                case 0:
                    place.unlink()
                case 1:
                    place.write_bytes(content[: draw.randrange(len(content) + 1)])
                case 2:
                    place.write_bytes(draw.randbytes(200))
                case _:
                    place.unlink()
                    place.mkdir()


@pytest.mark.parametrize("seed", range(3))
def test_a_cache_of_garbage_changes_nothing(built: Path, tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "project"
    shutil.copytree(built, folder)
    before = contents(folder / "site")
    garble(folder / ".cache" / "briefbook", random.Random(seed))
    (folder / "site" / "index.html").write_text("half", encoding="utf-8")
    assert cli.main(["build", "--workers", "1", "--config", str(folder / "mkdocs.yml")]) == cli.GOOD
    assert contents(folder / "site") == before


@posix
def test_two_builds_at_once_come_one_after_the_other(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(built, folder, ignore=shutil.ignore_patterns("site", ".cache"))
    running = [
        subprocess.Popen(command(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert len({line for out, _ in said for line in out.splitlines() if line.startswith("root")}) == 1
    assert any("another build runs in this folder: waiting" in err for _, err in said)
    assert contents(folder / "site") == contents(built / "site")


def test_a_lock_left_by_a_killed_build_locks_nothing(tmp_path: Path) -> None:
    place = tmp_path / "cache" / "build.lock"
    hold = "import sys, os, pathlib; from briefbook.lock import alone\n"
    hold += "with alone(pathlib.Path(sys.argv[1]), lambda: None): os._exit(9)"
    assert subprocess.run([sys.executable, "-c", hold, str(place)], check=False).returncode == 9
    waited: list[int] = []
    with alone(place, lambda: waited.append(1)):
        pass
    assert place.is_file()
    assert not waited


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSPC, "free some space on this disk"),
        (errno.EACCES, "make this file or folder writable"),
        (errno.EROFS, "make this file or folder writable"),
    ],
)
def test_a_disk_that_refuses_is_named_and_leaves_the_site(
    built: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
    hint: str,
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(built, folder)
    before = contents(folder / "site")
    (folder / "seeds" / "new.txt").write_text("A bridge\n\nMara Okker opened a bridge.\n", encoding="utf-8")
    write, left = Path.write_bytes, 5

    def full(self: Path, data: bytes) -> int:
        nonlocal left
        left -= "docs" in self.parts
        if left < 0:
            raise OSError(number, os.strerror(number))
        return write(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        assert cli.main(["build", "--workers", "1", "--config", str(folder / "mkdocs.yml")]) == cli.PROBLEMS
    err = capsys.readouterr().err
    assert f"{os.strerror(number)}: {hint}, and run the command again" in err
    assert str(folder / "docs") in err
    assert contents(folder / "site") == before
    assert cli.main(["build", "--workers", "1", "--config", str(folder / "mkdocs.yml")]) == cli.GOOD
    assert not verify_folder(folder / "site").problems


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs a mount of its own, so root")
def test_a_disk_that_is_really_full(built: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("no tmpfs can be mounted here")
    try:
        folder = disk / "project"
        shutil.copytree(built, folder)
        before = contents(folder / "site")
        (folder / "seeds" / "new.txt").write_text("A bridge\n\nMara Okker opened a bridge.\n", encoding="utf-8")
        for room in (0, 2_000, 100_000, 1_000_000, 3_000_000):
            free = shutil.disk_usage(disk).free
            (disk / "filler").write_bytes(bytes(max(0, free - room)))
            done = subprocess.run(command(folder), capture_output=True, text=True, check=False)
            assert done.returncode == 1, room
            assert "Traceback" not in done.stderr
            assert "No space left on device" in done.stderr
            assert contents(folder / "site") == before
            (disk / "filler").unlink()
        shutil.rmtree(folder / "site.briefbook-new", ignore_errors=True)
        done = subprocess.run(command(folder), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def bound() -> None:
    """Before a command runs: root may from now on write only where the permissions say so, as any other user."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "root stays root here")


# linux/prctl.h, linux/capability.h
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2


@posix
@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0 and sys.platform != "linux", reason="root may write anywhere")
@pytest.mark.parametrize("where", [".", "docs", ".cache/briefbook"])
def test_a_read_only_folder_is_named(built: Path, tmp_path: Path, where: str) -> None:
    folder = tmp_path / "project"
    shutil.copytree(built, folder)
    before = contents(folder / "site")
    (folder / "seeds" / "new.txt").write_text("A bridge\n\nMara Okker opened a bridge.\n", encoding="utf-8")
    (folder / ".cache" / "briefbook" / build.LOCK).unlink(missing_ok=True)
    (folder / where).chmod(0o555)
    try:
        done = subprocess.run(command(folder), preexec_fn=bound, capture_output=True, text=True, check=False)
    finally:
        (folder / where).chmod(0o755)
    assert done.returncode == cli.PROBLEMS, done.stderr
    assert "make this file or folder writable" in done.stderr
    assert str(folder / where if where != "." else folder) in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(folder / "site") == before
    done = subprocess.run(command(folder), preexec_fn=bound, capture_output=True, text=True, check=False)
    assert done.returncode == cli.GOOD, done.stderr
    assert "A bridge" in (folder / "docs" / "index.md").read_text(encoding="utf-8").replace("&#32;", " ")
