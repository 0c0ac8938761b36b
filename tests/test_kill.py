"""Builds that are killed, meet a full or read-only disk, or each other: the next build is right, and no site is half.

`BRIEFBOOK_KILLS=100` kills a hundred builds instead of eight; the moments are the same shares of a build's
time in every run.
"""

from __future__ import annotations

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
from briefbook import build, cli, settings
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


def moment(docs: dict[str, bytes], site: dict[str, bytes], clean: list[Edition], new: int) -> str:
    """How far a killed build came."""
    if site == clean[new].site:
        return "site swapped"
    if docs == clean[new].docs:
        return "docs written"
    return "docs untouched" if docs == clean[1 - new].docs else "docs half written"


@posix
def test_a_build_killed_at_any_moment_is_mended_by_the_next(tmp_path: Path) -> None:
    editions = [project.FIXTURES, second(tmp_path)]
    clean = []
    for n, seeds in enumerate(editions):
        folder = tmp_path / f"clean{n}"
        project.make(folder, seeds)
        began = time.monotonic()
        subprocess.run(command(folder), check=True, capture_output=True)
        took = time.monotonic() - began
        clean.append(Edition(contents(folder / "docs"), contents(folder / "site")))
    folder = tmp_path / "killed"
    project.make(folder, editions[0])
    subprocess.run(command(folder), check=True, capture_output=True)
    draw = random.Random(4)
    phases: dict[str, int] = {}
    for kill in range(KILLS):
        shutil.rmtree(folder / "seeds")
        shutil.copytree(editions[(kill + 1) % 2], folder / "seeds")
        if kill % 4 == 3:
            shutil.rmtree(folder / ".cache")
        running = subprocess.Popen(command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0, took))
        running.send_signal(signal.SIGKILL)
        ended = running.wait()
        site = contents(folder / "site")
        old_site = clean[kill % 2].site
        new_docs, new_site = clean[(kill + 1) % 2]
        phase = "ended before" if ended == 0 else moment(contents(folder / "docs"), site, clean, (kill + 1) % 2)
        phases[phase] = phases.get(phase, 0) + 1
        assert site in (old_site, new_site), f"kill {kill}: the published site is neither the old one nor the new one"
        owned = set(json.loads((folder / "docs" / OWNED).read_bytes()))
        there = {path for path in contents(folder / "docs") if not path.startswith(("about/", "guide/", "."))}
        assert there <= owned, f"kill {kill}: a generated file that no list owns"
        done = subprocess.run(command(folder), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert contents(folder / "docs") == new_docs
        assert contents(folder / "site") == new_site
        assert sorted(place.name for place in folder.iterdir()) == [".cache", "docs", "mkdocs.yml", "seeds", "site"]
    print(f"{KILLS} kills: {phases}")


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


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("where", [".", "docs", ".cache/briefbook"])
def test_a_read_only_folder_is_named(
    built: Path, tmp_path: Path, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(built, folder)
    before = contents(folder / "site")
    (folder / "seeds" / "new.txt").write_text("A bridge\n\nMara Okker opened a bridge.\n", encoding="utf-8")
    (folder / ".cache" / "briefbook" / build.LOCK).unlink(missing_ok=True)
    (folder / where).chmod(0o555)
    try:
        assert cli.main(["build", "--workers", "1", "--config", str(folder / "mkdocs.yml")]) == cli.PROBLEMS
    finally:
        (folder / where).chmod(0o755)
    err = capsys.readouterr().err
    assert "make this file or folder writable" in err
    assert contents(folder / "site") == before
    assert settings.load(folder / "mkdocs.yml").docs_dir == folder / "docs"
