"""Independent random streams: one per (seed, purpose, layer), the same in every engine.

Adding dropout to a network shifts neither its batch order nor its initial weights,
and two arms with the same seed share whatever their shapes allow. Every engine draws
through the functions here, so all see the same numbers.
"""

import numpy as np
from numpy.typing import NDArray

_PURPOSES = {"weights": 1, "order": 2, "dropout": 3, "biases": 4, "columns": 5}
_BLOCK = 1 << 18  # mask entries drawn at a time: small enough to stay in the processor's cache


def stream(seed: int, purpose: str, layer: int = 0) -> np.random.Generator:
    """The generator of one purpose of a training, by its name above.

    `layer` counts a network's layers of that purpose from 0: its dense layers for
    weights and biases, its dropout layers for dropout. Of "columns", which are shuffled when
    training is over, it counts those of the table.
    """
    return np.random.default_rng(np.random.SeedSequence((seed, _PURPOSES[purpose], layer)))


def epoch_order(
    rng: np.random.Generator, rows: int, batch_size: int, batches: int = 0
) -> NDArray[np.intp]:
    """The order in which one epoch goes through the training rows; batches are cut from it.

    A full batch keeps the rows as they are and draws nothing: order would change its
    sums by rounding only. `batches`: so many make an epoch, drawn from all rows; 0: all.
    """
    order = rng.permutation(rows) if batch_size < rows else np.arange(rows)
    return order[: epoch_rows(rows, batch_size, batches)]


def epoch_rows(rows: int, batch_size: int, batches: int) -> int:
    """How many of the training rows one epoch goes through."""
    return min(rows, batches * batch_size) if batches else rows


def dropout_mask(rng: np.random.Generator, rows: int, units: int, rate: float) -> NDArray[np.bool_]:
    """Which units one dropout layer keeps during one epoch, (rows, units), True = kept.

    Row k belongs to the k-th row of the epoch's order. Kept units are to be multiplied by
    1 / (1 - rate). Each entry compares 16 random bits with the rate, so the share dropped is
    the rate rounded to a multiple of 1/65536: four times faster than uniform numbers.
    """
    keep = np.empty(rows * units, dtype=bool)
    threshold = np.uint16(min(round(rate * 65536), 65535))
    for start in range(0, len(keep), _BLOCK):
        block = keep[start : start + _BLOCK]
        words = rng.bit_generator.random_raw(-(-len(block) // 4))
        bits = np.asarray(words, dtype="<u8").view("<u2")[: len(block)]
        np.greater_equal(bits, threshold, out=block)
    return keep.reshape(rows, units)
