"""One training step of a small network, taken apart: each operation's formula, code and numbers.

What runs is the engine itself, layer by layer; the code shown is its own source. Symbols are
those of docs/mathematics.md.
"""

import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.config.config import Config
from nncore.engines.numpy.layers import Activate, Dense, Layer
from nncore.engines.numpy.network import Network, with_ones
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting

FORWARD, LOSS, BACKWARD, UPDATE = "Forward", "Loss", "Backward", "Update"
POINTS = np.array([[0.5, 1.0], [-1.0, 0.3], [0.2, -0.8]])  # three points of the plane
LABELS = np.array([1, 0, 1])
MOST_UNITS = 8  # of a layer: more numbers can't be read


@dataclass(frozen=True)
class Operation:
    """One thing the engine does. `numbers`: symbol -> array, one sample per column."""

    phase: str
    name: str
    formula: str  # LaTeX
    code: str
    numbers: Mapping[str, Array]


def one_step(config: Config, x: Array = POINTS, y: Array = LABELS) -> list[Operation]:
    """Every operation of one update on the batch x, (n, features), with labels y, (n,).

    Raises InvalidSetting for networks that are too large to be read, or have layers other
    than dense ones and activations.
    """
    network = Network(config, len(x))
    _check(network, config, x)
    done: list[Operation] = []
    entered: list[Array] = []  # what every layer received
    a = with_ones(x.astype(config.dtype)).T
    for layer in network.layers:
        entered.append(a[:-1].copy())
        a = layer.forward(a, training=True)
        done.append(_forward(layer, entered[-1], a[:-1]))
    out = network.out(a[:-1].T)
    encoded = config.loss.encode(y, config.output_units, np.dtype(config.dtype))
    g = config.objective.gradient(encoded, out) / len(x)
    done.append(_loss(config, network, encoded, out, g))
    g = network.through_output(g, out).T
    for place in reversed(range(len(network.layers))):
        g, operations = _backward(network.layers[place], place, g, entered[place])
        done += operations
    done.append(_update(config, network))
    return done


def _check(network: Network, config: Config, x: Array) -> None:
    widest = max(config.output_units, x.shape[1], *config.hidden, 1)
    if widest > MOST_UNITS or not all(isinstance(la, Dense | Activate) for la in network.layers):
        raise InvalidSetting(
            f"One step can be shown of dense layers of at most {MOST_UNITS} units, without "
            "dropout or batch normalization."
        )


def _forward(layer: Layer, x: Array, result: Array) -> Operation:
    if isinstance(layer, Dense):
        numbers = {"W": layer.w.copy(), "b": layer.b.copy(), "x": x}
        name, formula = "Dense layer", r"z = W x + b"
        return Operation(
            FORWARD, name, formula, _source(Dense.forward), {**numbers, "z": result.copy()}
        )
    activation = layer.activation  # type: ignore[attr-defined]
    return Operation(
        FORWARD,
        activation.label,
        activation.formula.replace("f(z)", "a = f(z)"),
        _source(type(activation).forward),
        {"z": x, "a": result.copy()},
    )


def _loss(config: Config, network: Network, y: Array, out: Array, g: Array) -> Operation:
    each = config.objective.values(y, out)
    numbers = {
        "out": out.T.copy(),
        "ŷ": network.outputs(out).T.copy(),
        "y": y.T.copy(),
        "ℓ": each[None, :],
        "g": g.T.copy(),
    }
    formula = config.loss.formula + r",\quad g = \frac{1}{n} \frac{\partial \ell}{\partial out}"
    code = _source(type(config.objective).values) + "\n" + _source(type(config.objective).gradient)
    return Operation(LOSS, config.loss.label, formula, code, numbers)


def _backward(layer: Layer, place: int, g: Array, x: Array) -> tuple[Array, list[Operation]]:
    """(the gradient for the layer before, what was done). The first layer passes none on."""
    before = g.copy()
    layer.collect(g)
    if isinstance(layer, Dense):
        collected = {"g": before, "x": x, "dL/dW": layer.g_w.copy(), "dL/db": layer.g_b.copy()}
        formula = r"\frac{\partial L}{\partial W} = g\,x^\top,\quad "
        formula += r"\frac{\partial L}{\partial b} = \sum_i g_{\cdot i}"
        done = [
            Operation(
                BACKWARD, "Dense layer: its gradients", formula, _source(Dense.collect), collected
            )
        ]
        if place == 0:
            return g, done
        g = layer.backward(g)
        passed = {"W": layer.w.copy(), "g": before, "g before": g.copy()}
        done.append(
            Operation(
                BACKWARD,
                "Dense layer: on to the layer before",
                r"\frac{\partial L}{\partial x} = W^\top g",
                _source(Dense.backward),
                passed,
            )
        )
        return g, done
    g = layer.backward(g)
    activation = layer.activation  # type: ignore[attr-defined]
    return g, [
        Operation(
            BACKWARD,
            f"{activation.label}: on to the layer before",
            r"\frac{\partial L}{\partial z} = g \odot f'(z)",
            _source(type(activation).derivative) + "\n" + _source(Activate.backward),
            {"z": x, "g": before, "g before": g.copy()},
        )
    ]


def _update(config: Config, network: Network) -> Operation:
    optimizer, w = config.optimizer, network.parameters.w
    before, slots = w.copy(), config.optimizer.init(w)
    gradient = network.parameters.g.copy()  # a step may use the engine's own as scratch
    optimizer.step(w, network.parameters.g, slots, optimizer.learning_rate)
    return Operation(
        UPDATE,
        optimizer.label,
        optimizer.formula,
        _source(type(optimizer).step),
        {"w": before[None, :], "dL/dw": gradient[None, :], "new w": w[None, :]},
    )


def _source(function: Callable[..., Any]) -> str:
    return textwrap.dedent(inspect.getsource(function)).rstrip()
