"""The network of a config as it is drawn and listed: what each layer is, puts out and is fed by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nncore.analysis.cost import cost
from nncore.config.config import Config
from nncore.definitions.outputs import OUTPUTS
from nncore.network.layers import (
    Activate,
    BatchNorm,
    Concatenate,
    Conv1D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Layer,
    MaxPooling1D,
    Output,
    output_shape,
)
from nncore.system.wording import listing

NETWORK_COLUMNS = (  # shapes and FLOPs are of one sample
    *("Layer", "Kind", "Output shape", "Parameters", "Activation", "Fed by"),
    "FLOPs per sample",
)
INPUT = "input"  # the name of what the first layer is fed by
_KINDS: dict[type[Layer], str] = {
    Dense: "Dense",
    BatchNorm: "Batch normalization",
    Activate: "Activation",
    Dropout: "Dropout",
    Concatenate: "Concatenate",
    Embedding: "Embedding",
    Conv1D: "Convolution",
    MaxPooling1D: "Max pooling",
    Flatten: "Flatten",
    Output: "Output activation",
}


@dataclass(frozen=True)
class Part:
    """A layer, or the input, which learns nothing and is fed by nothing.

    shape: of one sample after it. flops: for one sample, forward. activation: what the function is
    called; "" where the layer has none. sources: names of what it is fed by.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int = 0
    flops: int = 0
    activation: str = ""
    sources: tuple[str, ...] = ()
    layer: Layer | None = None  # None: the input


def parts(config: Config) -> tuple[Part, ...]:
    """The input and every layer after it, in the order in which numbers pass them."""
    return tuple(_parts(config))


def network_rows(config: Config) -> list[dict[str, Any]]:
    """A row of NETWORK_COLUMNS for each part; a text is "" where there is nothing to say."""
    return [
        dict(
            zip(
                NETWORK_COLUMNS,
                (
                    part.name,
                    part.kind,
                    " x ".join(map(str, part.shape)),
                    part.parameters,
                    part.activation,
                    listing(part.sources),
                    part.flops,
                ),
                strict=True,
            )
        )
        for part in parts(config)
    ]


def _parts(config: Config) -> Iterator[Part]:
    yield Part(INPUT, "Input", (config.model.inputs(config),))
    before = INPUT
    for layer, row in zip(config.layers(), cost(config).layers, strict=True):
        yield Part(
            layer.name,
            _KINDS.get(type(layer), type(layer).__name__),
            output_shape(layer),
            row["parameters"],
            row["flops"],
            _activation(layer),
            # a concatenation puts the network's own input in front of what came last
            (INPUT, before) if isinstance(layer, Concatenate) else (before,),
            layer,
        )
        before = layer.name


def _activation(layer: Layer) -> str:
    match layer:
        case Activate() | Conv1D():
            return layer.activation.label
        case Output():
            return OUTPUTS[layer.activation].label
    return ""
