"""Writes a trained network as the folder that the runtime loads.

The graph is written by hand: 8-bit weights with one scale per output column, inputs rounded to 8 bits as they come, the
table of word pieces in 8 bits with one scale per piece, the rest in 32-bit floats.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from data import Example
from fit import weights_of
from net import HEADS, LAYERS, WEIGHT_STEPS, Dense, Net, round_weight
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from torch import Tensor, nn

from briefbook.analyze.encoder.heads import SEQUENCES, TOTAL, WIDTHS
from briefbook.analyze.encoder.pieces import SHAPES
from briefbook.analyze.encoder.runtime import WEIGHTS_KEY

OPSET = 20
OUTLIER = 3.0
"""Channels whose largest input is more than so many times the median channel's are scaled down before rounding."""
CONTRIB = "com.microsoft"  # onnxruntime's own operators: attention in one
SIZE_LIMIT = 25_000_000
"""Most bytes the model file may have."""


class Graph:
    """Nodes and constants of an ONNX graph, added in order."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def rounded(self, x: str, divisor: Tensor) -> tuple[str, str, str]:
        """`x` over `divisor` (one per channel) in 8 bits: the names of its values, scale and zero point."""
        if bool((divisor != 1).any()):
            x = self.add("Mul", [x, self.constant(f"{x}.factor", (1 / divisor).numpy())], f"{x}.even")
        names = [f"{x}.{part}" for part in ("whole", "scale", "zero")]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], names))
        return names[0], names[1], names[2]

    def dense(self, x: tuple[str, str, str], name: str, divisor: Tensor, weight: Tensor, bias: Tensor) -> str:
        """`x` (rounded, over `divisor`) times the weight plus the bias."""
        whole, scale = round_weight(weight * divisor)
        self.constant(f"{name}.weight", whole.numpy().astype(np.int8).T)
        self.constant(f"{name}.zero", np.zeros(len(whole), dtype=np.int8))
        self.constant(f"{name}.scale", scale[:, 0].numpy())
        self.constant(f"{name}.bias", bias.numpy())
        self.add("MatMulInteger", [x[0], f"{name}.weight", x[2], f"{name}.zero"], f"{name}.sums")
        self.add("Cast", [f"{name}.sums"], f"{name}.floats", to=TensorProto.FLOAT)
        self.add("Mul", [x[1], f"{name}.scale"], f"{name}.scales")
        self.add("Mul", [f"{name}.floats", f"{name}.scales"], f"{name}.product")
        return self.add("Add", [f"{name}.product", f"{name}.bias"], f"{name}.out")

    def norm(self, x: str, name: str, weight: Tensor, bias: Tensor) -> str:
        self.constant(f"{name}.weight", weight.numpy())
        self.constant(f"{name}.bias", bias.numpy())
        inputs = [x, f"{name}.weight", f"{name}.bias"]
        return self.add("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=1e-12)


Divisors = dict[str, Tensor]
"""Name of a dense layer -> what each channel of its input is divided by before rounding."""


def divisors(net: Net, examples: Sequence[Example]) -> Divisors:
    """What evens out the few channels with very large values, as the network has them on `examples`.

    All channels of a layer's input share one 8-bit scale: a channel forty times as large as the rest would leave the
    rest six levels. The weights take up what is divided away, each output column with a scale of its own.
    """
    largest: Divisors = {}

    def watch(name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def note(_: nn.Module, inputs: tuple[Tensor, ...], __: Tensor) -> None:
            seen = inputs[0].abs().amax(dim=(0, 1))
            largest[name] = torch.maximum(largest[name], seen) if name in largest else seen

        return note

    hooks = [m.register_forward_hook(watch(name)) for name, m in net.named_modules() if isinstance(m, Dense)]
    with torch.no_grad():
        for example in examples:
            net(torch.tensor([example.ids]), torch.tensor([example.shapes]))
    for hook in hooks:
        hook.remove()
    return {name: (seen / (OUTLIER * seen.median())).clamp_min(1.0) for name, seen in largest.items()}


def model(net: Net, even: Divisors) -> onnx.ModelProto:
    """The network as an ONNX model: `ids` and `shapes` (1 by pieces) in, `scores` (1 by pieces by `TOTAL`) out."""
    state = {name: value.detach().float() for name, value in net.state_dict().items()}
    graph = Graph()
    table = state["words.weight"]
    scale = table.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
    graph.constant("words.weight", (table / scale).round().numpy().astype(np.int8))
    graph.constant("words.scale", scale.numpy())
    graph.constant("shapes.weight", state["shapes.weight"].numpy())
    graph.constant("positions.weight", state["positions.weight"].numpy())
    graph.constant("first", np.array([0], dtype=np.int64))
    graph.add("Gather", ["words.weight", "ids"], "words.whole")
    graph.add("Cast", ["words.whole"], "words.floats", to=TensorProto.FLOAT)
    graph.add("Gather", ["words.scale", "ids"], "words.scales")
    graph.add("Mul", ["words.floats", "words.scales"], "words")
    graph.add("Gather", ["shapes.weight", "shapes"], "shapes.floats")
    graph.add("Shape", ["ids"], "length", start=1)
    graph.add("Slice", ["positions.weight", "first", "length", "first"], "positions")
    graph.add("Add", ["words", "shapes.floats"], "shaped")
    graph.add("Add", ["shaped", "positions"], "placed")
    x = graph.norm("placed", "norm", state["norm.weight"], state["norm.bias"])
    for number in range(LAYERS):
        x = _layer(graph, x, f"layers.{number}", state, even)
    graph.constant("heads.weight", state["heads.weight"].numpy().T)
    graph.constant("heads.bias", state["heads.bias"].numpy())
    graph.add("MatMul", [x, "heads.weight"], "heads.product")
    graph.add("Add", ["heads.product", "heads.bias"], "scores")
    made = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "encoder",
            [helper.make_tensor_value_info(name, TensorProto.INT64, [1, "pieces"]) for name in ("ids", "shapes")],
            [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, "pieces", TOTAL])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
        ir_version=9,
        producer_name="briefbook",
    )
    # The tables go along as text: they are no part of the graph, but of the model, and under its digest.
    tables = {name: np.round(table.astype(float), 4).tolist() for name, table in weights_of(net)._asdict().items()}
    helper.set_model_props(made, {WEIGHTS_KEY: json.dumps(tables)})
    onnx.checker.check_model(made)
    return made


def _layer(graph: Graph, x: str, name: str, state: dict[str, Tensor], even: Divisors) -> str:
    def dense(y: tuple[str, str, str], part: str) -> str:
        place = f"{name}.{part}"
        return graph.dense(y, place, even[place], state[f"{place}.weight"], state[f"{place}.bias"])

    def rounded(y: str, part: str) -> tuple[str, str, str]:
        return graph.rounded(y, even[f"{name}.{part}"])

    def norm(y: str, part: str) -> str:
        return graph.norm(y, f"{name}.{part}", state[f"{name}.{part}.weight"], state[f"{name}.{part}.bias"])

    whole = rounded(x, "query")
    parts = [dense(whole, part) for part in ("query", "key", "value")]
    mixed = graph.add("MultiHeadAttention", parts, f"{name}.mixed", CONTRIB, num_heads=HEADS)
    half = norm(graph.add("Add", [x, dense(rounded(mixed, "out"), "out")], f"{name}.half"), "norm1")
    up = graph.add("Gelu", [dense(rounded(half, "up"), "up")], f"{name}.gelu")
    return norm(graph.add("Add", [half, dense(rounded(up, "down"), "down")], f"{name}.whole"), "norm2")


def write(net: Net, examples: Sequence[Example], base: Path, folder: Path, chunk: int) -> str:
    """Writes `model.onnx`, `tokenizer.json` and `config.json` into a folder; gives the model's SHA-256.

    `examples` are some of the training data, to see how large the network's values get.

    Raises ValueError if the model file would be larger than `SIZE_LIMIT`.
    """
    content = model(net, divisors(net, examples)).SerializeToString(deterministic=True)
    if len(content) > SIZE_LIMIT:
        raise ValueError(f"the model file would have {len(content):,} bytes, more than {SIZE_LIMIT:,}")
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    files = {"model.onnx": content, "tokenizer.json": tokenizer.to_str().encode("utf-8")}
    config = {
        "heads": dict(WIDTHS),
        "labels": {head: list(labels) for head, labels in SEQUENCES.items()},
        "shapes": SHAPES,
        "chunk": chunk,
        "weight_steps": WEIGHT_STEPS,
        "digests": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8", newline="\n")
    return config["digests"]["model.onnx"]
