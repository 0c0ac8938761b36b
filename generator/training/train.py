"""Makes the encoder that Briefbook ships: trains, measures, exports.

    python train.py --data FOLDER [--out FOLDER] [--seeds N]    model, card and figures, into the package by default
    python train.py --data FOLDER --folds K [--out FOLDER]      cross-validation: every article read, all layers, with
                                                                a network that has not seen it

`README.md` beside this file says what the data folder holds. Exit codes: 0 done, 2 wrong usage, data or base model
missing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from data import OPEN_FILES, SETS, TRAINING_SETS, Annotated, examples, read  # noqa: E402

if TYPE_CHECKING:
    from net import Net
    from torch import Tensor

    from briefbook.analyze.encoder import WordPieces

FOLDS_FILE = HERE / "folds.json"
"""Figures of the last cross-validation; they go into the card."""


def missing(data: Path) -> list[str]:
    """What the data folder lacks, as paths below it."""
    folders = [f"gold/{part}" for part in SETS] + [f"corpus/{texts}" for texts in dict.fromkeys(SETS.values())]
    lacks = [folder for folder in folders if not any((data / folder).glob("*.*"))]
    return lacks + [f"train/{name}" for name in OPEN_FILES if not (data / "train" / name).is_file()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives the exit code."""
    parser = argparse.ArgumentParser(description="Trains the encoder of Briefbook.")
    parser.add_argument("--data", type=Path, required=True, help="folder with gold/, corpus/ and train/")
    parser.add_argument("--out", type=Path, help="folder to write (default: the package; with --folds, this one)")
    parser.add_argument("--seeds", type=int, default=1, help="networks to train and average (default: 1)")
    parser.add_argument("--folds", type=int, help="cross-validate with so many folds instead (at least 2)")
    options = parser.parse_args(arguments)
    if options.seeds < 1 or (options.folds is not None and options.folds < 2):
        parser.error("--seeds takes 1 or more, --folds 2 or more")
    lacks = missing(options.data)
    if lacks:
        print(
            f"train: no training data: {options.data} lacks {', '.join(lacks)}.\n"
            "The annotated articles are not part of Briefbook; give their folder by --data FOLDER or "
            "`make train DATA=FOLDER`.\nThe package holds a trained model: no training is needed to use Briefbook.",
            file=sys.stderr,
        )
        return 2
    try:
        import torch
        from net import base_folder, base_weights
    except ImportError as error:
        print(f"train: {error}. Install generator/training/requirements.txt first.", file=sys.stderr)
        return 2
    from fit import word_pieces

    try:
        base = base_folder()
    except (FileNotFoundError, ValueError) as error:
        print(f"train: {error}", file=sys.stderr)
        return 2
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    weights, pieces = base_weights(base), word_pieces(base)
    if options.folds is not None:
        cross_validate(options.data, options.folds, weights, pieces, options.out or HERE)
    else:
        make(options.data, options.seeds, base, weights, pieces, options.out)
    return 0


def folds_of(articles: Sequence[Annotated], count: int) -> list[list[Annotated]]:
    """The articles dealt into folds in an order shuffled once for all: the same for the same articles."""
    shuffled = list(articles)
    random.Random(7).shuffle(shuffled)
    return [shuffled[number::count] for number in range(count)]


def cross_validate(data: Path, count: int, weights: dict[str, Tensor], pieces: WordPieces, out: Path) -> None:
    """Trains one network per fold; writes `folds.json` (figures) and `folds.jsonl` (every article as read unseen).

    The texts of our own are trained on in every fold and never counted.
    """
    import layers
    from fit import RECIPE, encoder, fit

    articles, own = read(data, TRAINING_SETS), read(data, ["own"])
    lines: dict[str, dict[str, str]] = {part: {} for part in TRAINING_SETS}
    for number, held in enumerate(folds_of(articles, count)):
        print(f"fold {number + 1} of {count}", file=sys.stderr)
        away = {article.id for article in held}
        net = fit([*(a for a in articles if a.id not in away), *own], data, RECIPE, number, weights, pieces)
        for part in TRAINING_SETS:
            ids = [article.id for article in held if article.set == part]
            read_here, problems = layers.predictions(data, part, ids, encoder(net, pieces))
            lines[part].update(read_here)
            for problem in problems:
                print(problem, file=sys.stderr)
    sets = {part: layers.score(data, part, found) for part, found in lines.items() if found}
    out.mkdir(parents=True, exist_ok=True)
    _write(out / FOLDS_FILE.name, {"folds": f"{count} folds", "recipe": _words(asdict(RECIPE)), "sets": sets})
    with (out / "folds.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for found in lines.values():
            file.writelines(f"{line}\n" for line in found.values())
    print(layers.table(sets))


def make(data: Path, seeds: int, base: Path, weights: dict[str, Tensor], pieces: WordPieces, out: Path | None) -> None:
    """Trains `seeds` networks, averages them, and keeps what comes of it."""
    from fit import RECIPE, average, fit

    articles = read(data, (*TRAINING_SETS, "own"))
    keep(
        average([fit(articles, data, RECIPE, seed, weights, pieces) for seed in range(seeds)]),
        data,
        seeds,
        base,
        pieces,
        out,
    )


def keep(net: Net, data: Path, seeds: int, base: Path, pieces: WordPieces, out: Path | None) -> None:
    """Exports a network, measures it, and writes the model's folder whole or not at all."""
    import card
    import export
    import layers
    from fit import CHUNK, RECIPE
    from measure import exact
    from net import BASE_DIGEST

    from briefbook.analyze.encoder import FOLDER, Encoder

    out = FOLDER if out is None else out
    articles = read(data, (*TRAINING_SETS, "own"))
    draft = out.with_name(f"{out.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    some = [example for article in articles[::4] for example in examples(article, CHUNK, pieces)]
    digest = export.write(net, some, base, draft, CHUNK)
    encoder = Encoder.load(draft)
    unseen = read(data, ["dev"])
    pairs = [(article, encoder.read(article.text, article.paragraphs).names) for article in unseen]
    began = time.process_time()  # one thread: what others do on the machine does not count
    lines, _ = layers.predictions(data, "dev", [article.id for article in unseen], encoder)
    words = sum(len(article.text.split()) for article in unseen) / (time.process_time() - began)
    figures: dict[str, Any] = {
        "digest": digest,
        "recipe": _words(asdict(RECIPE)),
        "seeds": f"the average of {seeds} networks" if seeds > 1 else "one network",
        "chunk": CHUNK,
        "words_per_second": round(words, -2),
        "names alone": exact(pairs),
        "dev": layers.score(data, "dev", lines),
    }
    if FOLDS_FILE.is_file():
        figures["cross_validation"] = json.loads(FOLDS_FILE.read_text(encoding="utf-8"))
    _write(draft / "figures.json", figures)
    text = card.write(figures, (draft / "model.onnx").stat().st_size, BASE_DIGEST)
    (draft / "CARD.md").write_text(text, encoding="utf-8", newline="\n")
    old = out.with_name(f"{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    draft.rename(out)
    shutil.rmtree(old, ignore_errors=True)
    print(layers.table({"dev": figures["dev"]}))
    print(f"{out}: SHA-256 {digest}")


def _words(recipe: dict[str, object]) -> str:
    return ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in recipe.items())


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
