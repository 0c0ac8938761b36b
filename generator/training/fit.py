"""Fits the network to annotated articles."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from crf import MAY_FOLLOW, NEVER, along, total
from data import (
    COARSE,
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
from torch.nn import functional as F

from briefbook.analyze.encoder import Encoder
from briefbook.analyze.encoder.heads import COLUMNS, NO_SOURCE, SEQUENCES, Weights, reach
from briefbook.analyze.encoder.pieces import Chunk, WordPieces


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. Chosen by cross-validation on the training sets (see README.md)."""

    epochs: int = 12
    batch: int = 8
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    decay: float = 0.9
    """The rate of a layer over that of the layer above it."""
    smallest: int = 130
    largest: int = 300
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

CHUNK = 200
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


_LONGEST = max(map(len, SEQUENCES.values()))
_COARSE_MASK = torch.full((len(COARSE), _LONGEST), NEVER)
for _row, _numbers in enumerate(COARSE):
    _COARSE_MASK[_row, list(_numbers)] = 0.0

HEAD_WEIGHTS = {"names": 1.0, "contents": 0.7, "sources": 0.5, "cues": 0.3, "figures": 0.5}
"""What the loss of each head of `SEQUENCES` counts."""
OTHER_WEIGHTS = {"sections": 0.3, "kinds": 0.2, "links": 0.3}
"""What the losses of the other heads count; each is a mean over its paragraphs or statements."""


def loss_of(net: Net, batch: Sequence[Example]) -> Tensor:
    """The summed loss of all heads that a batch has annotations for."""
    scores = net(padded([e.ids for e in batch], 0), padded([e.shapes for e in batch], 0)).float()
    loss = sequence_loss(net, batch, scores)
    if not batch[0].coarse:
        loss = loss + section_loss(net, batch, scores) + statement_loss(net, batch, scores)
    return loss


class _Row(NamedTuple):
    """A paragraph for one head: the example, the head's number, its name, the first and last word (excluded)."""

    example: int
    number: int
    head: str
    start: int
    end: int


def sequence_loss(net: Net, batch: Sequence[Example], scores: Tensor) -> Tensor:
    """Loss per word of the label sequences of all heads; for open data, of the set of sequences that may be right.

    Each paragraph is a sequence of its own, as it is when a text is read.
    """
    rows = [
        _Row(n, number, head, start, end)
        for n, example in enumerate(batch)
        for number, head in enumerate(SEQUENCES)
        if head in example.labels
        for start, end in zip((0, *example.ends), example.ends, strict=False)
        if end > start
    ]
    rows.sort(key=lambda row: row.start - row.end)
    lengths = [row.end - row.start for row in rows]
    labels = padded([batch[row.example].labels[row.head][row.start : row.end] for row in rows], 0)
    known = torch.arange(lengths[0])[None] < torch.tensor(lengths)[:, None]
    width = scores.shape[1]
    places = padded(
        [[row.example * width + w for w in batch[row.example].words[row.start : row.end]] for row in rows], 0
    )
    columns = torch.tensor([[COLUMNS[row.head].start + n for n in range(_LONGEST)] for row in rows]).clamp_max(
        scores.shape[2] - 1
    )
    picked = scores.flatten(0, 1)[places[:, :, None], columns[:, None, :]]
    steps = (net.steps + MAY_FOLLOW)[[row.number for row in rows]]
    if batch[0].coarse:
        right = total(picked + _COARSE_MASK[labels], steps, lengths)
    else:
        right = along(picked, steps, labels, known)
    weights = torch.tensor([HEAD_WEIGHTS[row.head] for row in rows])
    words = sum(len(example.words) for example in batch)
    return ((total(picked, steps, lengths) - right) * weights).sum() / words


def section_loss(net: Net, batch: Sequence[Example], scores: Tensor) -> Tensor:
    """Mean loss of the sections of the paragraphs of a batch."""
    rows = [(n, *row) for n, example in enumerate(batch) for row in example.sections]
    if not rows:
        return scores.new_zeros(())
    example, closing, places, right = (torch.tensor(column) for column in zip(*rows, strict=True))
    found = scores[example, closing, COLUMNS["sections"]] + net.places[places]
    return OTHER_WEIGHTS["sections"] * F.cross_entropy(found, right)


def statement_loss(net: Net, batch: Sequence[Example], scores: Tensor) -> Tensor:
    """Mean loss of the kinds of the statements of a batch, and of the words that name their sources."""
    kinds, links = [], []
    for n, example in enumerate(batch):
        if not example.links:
            continue
        rows = scores[n, list(example.words)]
        numbers = np.searchsorted(np.array(example.ends), np.arange(len(example.words)), side="right").tolist()
        for link in example.links:
            content = rows[link.first : link.last + 1]
            kinds.append(
                F.cross_entropy(content[:, COLUMNS["kinds"]].mean(dim=0, keepdim=True), torch.tensor([link.kind]))
            )
            ways = torch.from_numpy(reach(len(rows), link.first, link.last, numbers))
            asked = content[:, COLUMNS["asks"]].mean(dim=0)
            fit = rows[:, COLUMNS["answers"]] @ asked + net.reaches[ways]
            none = scores[n, 0, COLUMNS["answers"]] @ asked + net.reaches[NO_SOURCE]
            every = torch.cat([fit, none[None]])
            right = every[list(link.source)] if link.source else none[None]
            links.append(torch.logsumexp(every, 0) - torch.logsumexp(right, 0))
    if not kinds:
        return scores.new_zeros(())
    return OTHER_WEIGHTS["kinds"] * torch.stack(kinds).mean() + OTHER_WEIGHTS["links"] * torch.stack(links).mean()


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


def weights_of(net: Net) -> Weights:
    """The tables that the runtime adds to the scores."""
    tables = (net.steps + MAY_FOLLOW, net.places, net.reaches)
    return Weights(*(table.detach().float().numpy() for table in tables))


def encoder(net: Net, pieces: WordPieces, size: int = CHUNK) -> Encoder:
    """The network in floats as the runtime takes it."""

    def run(chunk: Chunk) -> npt.NDArray[np.float32]:
        with torch.no_grad():
            scores: Tensor = net(torch.from_numpy(chunk.ids)[None], torch.from_numpy(chunk.shapes)[None])[0]
        found: npt.NDArray[np.float32] = scores.float().numpy()
        return found

    return Encoder(run, weights_of(net), pieces, size, "")
