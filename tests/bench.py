"""Speed, as ratios within one run; `make bench` prints them.

1. Our build against plain `mkdocs build` on the same pages: what reading, checking and verifying cost on top.
2. Analysis in words per second on one core.

Uses the articles in DATA/corpus where that folder is there, else articles made from the tests' fixtures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import project
from briefbook import analyze, build
from briefbook.read import read

RUNS = 3
"""How often each is timed; the fastest run counts, the one least disturbed."""


def seeds(folder: Path, data: Path, most: int) -> str:
    """Fill `folder` with articles; returns what they are."""
    folder.mkdir(parents=True)
    corpus = data / "corpus" / "wikinews"
    if corpus.is_dir():
        for path in sorted(corpus.glob("*.txt"))[:most]:
            shutil.copyfile(path, folder / path.name)
        return f"{most} Wikinews articles"
    for n in range(most):
        for path in sorted(project.FIXTURES.rglob("*.txt")):
            text = path.read_text(encoding="utf-8")
            (folder / f"{n:03}-{path.stem}.txt").write_text(f"{text}\nThis was report number {n}.\n", encoding="utf-8")
    return "articles made from the fixtures"


def timed(command: list[str], folder: Path, **environment: str) -> float:
    """Seconds that a command takes; its output is not shown unless it fails."""
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> int:
    """Print both figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--articles", type=int, default=60)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        what = seeds(Path(scratch) / "seeds", arguments.data, arguments.articles)
        project.make(folder, Path(scratch) / "seeds")
        ours, plain = [], []
        for _ in range(RUNS):
            for name in ("site", ".cache"):
                shutil.rmtree(folder / name, ignore_errors=True)
            ours.append(timed([sys.executable, "-m", "briefbook.cli", "build"], folder))
            command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", "plain"]
            plain.append(timed(command, folder, NO_MKDOCS_2_WARNING="1"))
        pages = len(list((folder / "site").rglob("*.html")))
        print(f"{what}, {pages} pages, best of {RUNS}")
        print(f"our build, nothing cached   {min(ours):6.2f} s")
        print(f"plain mkdocs, same pages    {min(plain):6.2f} s")
        print(f"ratio                       {min(ours) / min(plain):6.2f}")

        sources = read(folder / "seeds", max_bytes=5_000_000).sources
        encoder = build.encoder()
        words = sum(len(source.article.text.split()) for source in sources)
        seconds = []
        for _ in range(RUNS):
            began = time.process_time()
            for source in sources:
                analyze.analyze(source.article, source.data, encoder)
            seconds.append(time.process_time() - began)
        print(f"analysis, all layers        {words / min(seconds):6,.0f} words per second and core")
    return 0


if __name__ == "__main__":
    sys.exit(main())
