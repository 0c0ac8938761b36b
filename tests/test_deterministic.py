"""The same seeds, settings and versions give the same bytes, wherever and however they are built.

Exempt: nothing on one platform. The search index is written by the engine from the pages in their order, and the
compressed sitemap carries the time that the engine is told.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import project


def build(folder: Path, workers: int, **environment: str) -> dict[str, str]:
    """Build a project in a process of its own; the SHA-256 of every file of docs/ and site/ by its path."""
    config = project.make(folder, project.FIXTURES)
    # enough articles that more than one worker is asked
    for n in range(10):
        text = f"Day {n} on the river\n\nIvo Tamm of the Heron Corps went to Askel. Mara Okker spoke in Sarn.\n"
        (folder / "seeds" / f"day-{n}.txt").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "briefbook.cli", "build", "--config", str(config), "--workers", str(workers)]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for top in ("docs", "site")
        for path in (folder / top).rglob("*")
        if path.is_file()
    }


def test_a_build_is_the_same_everywhere(tmp_path: Path) -> None:
    first = build(tmp_path / "a", 1, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")
    other = build(tmp_path / "some where" / "b", 2, PYTHONHASHSEED="4242", TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8")
    assert first == other
    assert len(first) > 100
