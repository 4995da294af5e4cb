"""From a drawing to an image as a data set has it: cut out, scaled and centred.

MNIST's digits were scaled to fit 20 x 20 pixels and put into 28 x 28 with their centre of mass
in the middle (LeCun, Cortes and Burges, The MNIST Database). A network that has seen only such
digits can't read one that is small or in a corner.
"""

import numpy as np

from nncore.datasets.definition import Dataset
from nncore.system.arrays import Array

_BY_MASS = {"mnist": 20 / 28}  # share of the side that is filled, where it is not all


def as_sample(ink: Array, data: Dataset) -> Array:
    """A drawing, square with bright ink, as a raw sample of an image data set, (1, *shape) uint8.

    Ink runs up to 255 in the drawing, and to the data set's largest pixel in the sample.
    """
    height, width = data.input_shape
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return np.zeros((1, height, width), np.uint8)
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(float)
    fill = _BY_MASS.get(data.name, 1.0) * min(height, width)
    factor = fill / max(cut.shape)
    size = [max(1, round(n * factor)) for n in cut.shape]
    small = _averaging(cut.shape[0], size[0]) @ cut @ _averaging(cut.shape[1], size[1]).T
    middle = _centre_of_mass(small) if data.name in _BY_MASS else np.array(size) / 2
    top, left = (
        int(np.clip(round(side / 2 - at), 0, side - n))
        for side, at, n in zip((height, width), middle, size, strict=True)
    )
    sample = np.zeros((height, width))
    sample[top : top + size[0], left : left + size[1]] = small
    return (sample * (data.largest_pixel / 255)).round().astype(np.uint8)[None]


def _averaging(n: int, m: int) -> Array:
    """(m, n): every one of m cells is the mean of the part of n cells that it covers."""
    edges = np.linspace(0, n, m + 1)
    low = np.maximum(edges[:-1, None], np.arange(n))
    high = np.minimum(edges[1:, None], np.arange(1, n + 1))
    return np.maximum(high - low, 0.0) * (m / n)


def _centre_of_mass(image: Array) -> Array:
    """(row, column) with cell i reaching from i to i + 1."""
    total = image.sum()
    rows, columns = (np.arange(n) + 0.5 for n in image.shape)
    return np.array([image.sum(axis=1) @ rows, image.sum(axis=0) @ columns]) / total
