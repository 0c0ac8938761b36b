"""Speed, as ratios within one run; `make bench` prints them.

1. Our build against plain `mkdocs build` on the same pages: what reading, checking and verifying cost on top.
2. Analysis in words per second on one core.
3. Growth: CPU time and peak memory of everything up to the pages, for inputs that double. Linear is a factor of 2.

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
from collections.abc import Callable
from pathlib import Path

import project
from briefbook import analyze, build, settings
from briefbook.cache import Cache
from briefbook.read import read

RUNS = 3
"""How often each is timed; the fastest run counts, the one least disturbed."""

SENTENCE = "Ivo Tamm of the Heron Corps said on Monday that the ferry at Sarn was taken by Tarvian troops. "
GROWING: dict[str, tuple[tuple[int, ...], Callable[[int], dict[str, str]]]] = {
    "short lines": (
        (2_500, 5_000, 10_000, 25_000, 50_000, 100_000),
        lambda n: {"a.txt": "Title\n\n" + "".join(f"Line {i} of Sarn stands here.\n" for i in range(n))},
    ),
    "characters on one line": (
        (250_000, 500_000, 1_000_000),
        lambda n: {"a.txt": "Title\n\n" + "".join(f"On day {i} {SENTENCE}" for i in range(n // 90))[:n]},
    ),
    "brackets": ((250_000, 500_000, 1_000_000), lambda n: {"a.txt": "Title\n\n" + "[" * n}),
    "quotation marks": ((250_000, 500_000, 1_000_000), lambda n: {"a.txt": "Title\n\n" + "“" * n}),
    "articles": (
        (250, 500, 1_000),
        lambda n: {f"{i}.txt": f"Report {i} from Sarn\n\n{SENTENCE}\nThis was day {i}.\n" for i in range(n)},
    ),
}
"""Inputs by what there is more and more of: how many, and the seeds of so many."""
MARK = "cpu and memory:"


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


def grown(what: str, number: int) -> tuple[float, int]:
    """CPU seconds and peak memory, in MB, of everything up to the pages, in a process of its own."""
    command = [sys.executable, __file__, "--one", what, str(number)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, memory = output.split(MARK)[1].split()
    return float(seconds), int(memory)


def one(what: str, number: int) -> None:
    """Prepare the pages of an input and print what it took; the model is loaded before."""
    import resource  # not on Windows

    with tempfile.TemporaryDirectory() as scratch:
        config = project.make(Path(scratch) / "project", GROWING[what][1](number))
        build.encoder()
        began = time.process_time()
        build.prepare(settings.load(config), executor=None, cache=Cache(None), say=lambda _: None)
        seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(MARK, f"{seconds:.2f}", peak // (1 if sys.platform != "darwin" else 1024) // 1024)


def growth() -> None:
    """Print CPU time and peak memory for inputs that double."""
    print(f"{'':34} {'CPU':>8} {'factor':>7} {'memory':>8} {'factor':>7}")
    for what, (numbers, _) in GROWING.items():
        before: tuple[int, float, int] | None = None
        for number in numbers:
            seconds, memory = grown(what, number)
            factors = ("", "")
            if before is not None and number == 2 * before[0]:
                factors = (f"{seconds / before[1]:.2f}", f"{memory / before[2]:.2f}")
            before = number, seconds, memory
            told = f"{number:,} {what}"
            print(f"{told:34} {seconds:6.1f} s {factors[0]:>7} {memory:5} MB {factors[1]:>7}", flush=True)


def main() -> int:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--growth", action="store_true", help="the growth alone")
    parser.add_argument("--one", nargs=2, metavar=("WHAT", "NUMBER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        one(arguments.one[0], int(arguments.one[1]))
        return 0
    if arguments.growth:
        growth()
        return 0
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
    growth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
