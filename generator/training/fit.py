"""Fits the network to annotated articles."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from crf import MAY_FOLLOW, along, total
from data import (
    COARSE,
    IGNORE,
    Annotated,
    Example,
    examples,
    open_examples,
    other_case,
    other_names,
    other_quotes,
    surfaces,
)
from net import Net
from tokenizers import Tokenizer
from torch import Tensor

from briefbook.analyze.encoder import LABELS, SPECIAL_SHAPE, WordPieces, best_labels, chunks, names_of
from briefbook.model import Name


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. Chosen by cross-validation on the training sets (see README.md)."""

    epochs: int = 6
    batch: int = 16
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    decay: float = 0.9
    """The rate of a layer over that of the layer above it."""
    smallest: int = 100
    largest: int = 220
    """Chunk sizes in word pieces: each article draws one anew for each epoch."""
    drop: float = 0.1
    quotes: float = 0.1
    case: float = 0.06
    names: float = 0.25
    """Chance that an article is changed that way in an epoch."""
    share: float = 0.4
    """Share of the names that are replaced in an article changed that way."""
    open_data: bool = True
    """Whether the open data is gone through once first."""
    rounding: int = 1
    """Last epochs that train through the export's rounding."""


RECIPE = Recipe()
"""The recipe of the model that is shipped."""

CHUNK = 160
"""Chunk size at run time, in word pieces."""


def word_pieces(folder: Path) -> WordPieces:
    """The base model's tokenizer."""
    return WordPieces(Tokenizer.from_file(str(folder / "tokenizer.json")))


def epoch_examples(
    articles: Sequence[Annotated], recipe: Recipe, pieces: WordPieces, chance: random.Random
) -> list[Example]:
    """The chunks of one epoch: each article in a size, and perhaps a dress, of its own."""
    known = surfaces(articles)
    made: list[Example] = []
    for article in articles:
        if chance.random() < recipe.names:
            article = other_names(article, known, chance, recipe.share)
        if chance.random() < recipe.quotes:
            article = other_quotes(article, chance)
        if chance.random() < recipe.case:
            article = other_case(article, chance)
        made.extend(examples(article, chance.randint(recipe.smallest, recipe.largest), pieces))
    return made


def batches(made: list[Example], size: int, chance: random.Random) -> Iterator[list[Example]]:
    """Batches of chunks of about the same length, in random order."""
    made = sorted(made, key=lambda example: len(example.ids) // 16 + chance.random())
    groups = [made[start : start + size] for start in range(0, len(made), size)]
    chance.shuffle(groups)
    yield from groups


def padded(rows: Sequence[Sequence[int]], filler: int) -> Tensor:
    """The rows as one tensor, filled up to the longest."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])


_COARSE_MASK = torch.full((len(COARSE), len(LABELS)), -1e4)
for _row, _numbers in enumerate(COARSE):
    _COARSE_MASK[_row, list(_numbers)] = 0.0


def loss_of(net: Net, batch: Sequence[Example]) -> Tensor:
    """Loss per word of the label sequences of a batch; for open data, of the set of sequences that may be right.

    Each paragraph is a sequence of its own, as it is when names are read.
    """
    scores = net(padded([e.ids for e in batch], 0), padded([e.shapes for e in batch], 0))
    rows = sorted(_paragraphs(batch, scores.shape[1]), key=lambda row: -len(row[0]))
    lengths = [len(places) for places, _ in rows]
    labels = padded([row for _, row in rows], 0)
    known = torch.arange(lengths[0])[None] < torch.tensor(lengths)[:, None]
    scores = scores.flatten(0, 1)[padded([places for places, _ in rows], 0)].float()
    steps = net.steps + MAY_FOLLOW
    if batch[0].coarse:
        right = total(scores + _COARSE_MASK[labels], steps, lengths)
    else:
        right = along(scores, steps, labels, known)
    return (total(scores, steps, lengths) - right).sum() / known.sum()


def _paragraphs(batch: Sequence[Example], width: int) -> Iterator[tuple[list[int], list[int]]]:
    """(places in the flattened scores, labels) of the words of each paragraph of a batch."""
    for number, example in enumerate(batch):
        places: list[int] = []
        labels: list[int] = []
        for place, (label, shape) in enumerate(zip(example.labels, example.shapes, strict=True)):
            if label != IGNORE:
                places.append(number * width + place)
                labels.append(label)
            elif shape == SPECIAL_SHAPE and places:
                yield places, labels
                places, labels = [], []


def fit(
    articles: Sequence[Annotated], data: Path, recipe: Recipe, seed: int, base: dict[str, Tensor], pieces: WordPieces
) -> Net:
    """A network trained on `articles` (and the open data in `data`). The head starts the same for every seed, so that
    the weights of several seeds can be averaged."""
    torch.manual_seed(0)
    net = Net(base, recipe.drop)
    torch.manual_seed(seed)
    chance = random.Random(seed)
    first = list(open_examples(data, 200, pieces)) if recipe.open_data else []
    per_epoch = len(epoch_examples(articles, recipe, pieces, random.Random(seed))) / recipe.batch
    steps = round(recipe.epochs * per_epoch + len(first) / recipe.batch)
    optimizer = torch.optim.AdamW(
        net.groups(recipe.rate, recipe.head_rate, recipe.decay), weight_decay=0.01, fused=True
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / 40) * max(0.01, 1 - step / steps)
    )
    for epoch in range(-1 if first else 0, recipe.epochs):
        began, total, count = time.monotonic(), 0.0, 0
        if epoch == recipe.epochs - recipe.rounding:
            net.train_through_rounding()
        net.train()
        made = first if epoch < 0 else epoch_examples(articles, recipe, pieces, chance)
        for batch in batches(made, recipe.batch, chance):
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(net, batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, count = total + loss.item(), count + 1
        print(
            f"seed {seed}: {'open data' if epoch < 0 else f'epoch {epoch + 1}/{recipe.epochs}'}: "
            f"loss {total / count:.4f}, {time.monotonic() - began:.0f} s",
            file=sys.stderr,
            flush=True,
        )
    return net.eval()


def average(nets: Sequence[Net]) -> Net:
    """A network whose weights are the mean of the given ones'."""
    states = [net.state_dict() for net in nets]
    mean = Net()
    mean.load_state_dict({key: torch.stack([state[key] for state in states]).mean(dim=0) for key in states[0]})
    return mean.eval()


def steps_of(net: Net) -> npt.NDArray[np.float32]:
    """The step scores as the runtime takes them."""
    steps: npt.NDArray[np.float32] = (net.steps.detach() + MAY_FOLLOW).numpy()
    return steps


def predict(net: Net, article: Annotated, pieces: WordPieces, size: int = CHUNK) -> list[Name]:
    """The names that the network reads in an article, as the runtime does it."""
    found: list[Name] = []
    paragraphs = pieces.paragraphs(article.text, article.paragraphs)
    with torch.no_grad():
        steps = steps_of(net)
        for chunk in chunks(article.text, paragraphs, size, pieces):
            scores = net(torch.from_numpy(chunk.ids)[None], torch.from_numpy(chunk.shapes)[None])[0].float().numpy()
            for part, firsts in chunk.paragraphs:
                found.extend(names_of(part.words, best_labels(scores[firsts], steps).tolist()))
    return found
