"""The loss over whole sequences of labels: a linear-chain conditional random field on top of the network's scores.

It learns what scores per word cannot say, above all that one name hardly ever begins right behind another.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from briefbook.analyze.encoder.heads import SEQUENCES

_LONGEST = max(map(len, SEQUENCES.values()))


def _may_follow(labels: Sequence[str]) -> list[list[float]]:
    rows = [
        [0.0 if after[0] != "I" or before[1:] == after[1:] else NEVER for after in labels] for before in (*labels, "O")
    ]
    filler = [NEVER] * (_LONGEST - len(labels))
    return [*([*row, *filler] for row in rows[:-1]), *[[NEVER] * _LONGEST] * len(filler), [*rows[-1], *filler]]


NEVER = -1e4
MAY_FOLLOW = torch.tensor([_may_follow(labels) for labels in SEQUENCES.values()])
"""By head, label before (last: none) and label after: added to the step scores, so that an inside label follows only
the begin or inside label of its kind, and no label is one that a short head does not have."""


def total(scores: Tensor, steps: Tensor, lengths: Sequence[int]) -> Tensor:
    """Logarithm of the summed weight of all label sequences of each row.

    `scores` is row by word by label, the rows longest first with `lengths` words; `steps` is row by label before (last:
    none) by label.
    """
    value = scores[:, 0] + steps[:, -1]
    done: list[Tensor] = []
    live = len(lengths)
    for place in range(1, scores.shape[1]):
        going = live
        while lengths[going - 1] <= place:
            going -= 1
        if going < live:
            done.append(torch.logsumexp(value[going:live], dim=1))
            value, live = value[:going], going
        value = torch.logsumexp(value[:, :, None] + steps[:live, :-1], dim=1) + scores[:live, place]
    done.append(torch.logsumexp(value, dim=1))
    return torch.cat(done[::-1])


def along(scores: Tensor, steps: Tensor, labels: Tensor, known: Tensor) -> Tensor:
    """Logarithm of the weight of the sequence `labels` of each row, as far as it is `known`."""
    here = scores.gather(2, labels[..., None])[..., 0]
    before = torch.cat([torch.full_like(labels[:, :1], steps.shape[1] - 1), labels[:, :-1]], dim=1)
    rows = torch.arange(len(labels))[:, None]
    return ((here + steps[rows, before, labels]) * known).sum(dim=1)
