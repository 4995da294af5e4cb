"""From an image file to a sample of an image data set.

A picture that has the data set's own size is taken as it is; any other is cut out, scaled and
centred as a drawing is. Ink is bright: a picture on a bright ground is inverted.
"""

import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nncore.datasets.definition import Dataset
from nncore.datasets.preparation.drawing import as_sample
from nncore.system.arrays import Array
from nncore.system.errors import DataCorrupt

ENDINGS = (".png", ".jpg", ".jpeg")
_MOST_SIDE = 1024  # pixels; larger pictures are made smaller first
_FAINT = 0.2  # of what ink can be: less is paper, shadow or what JPEG makes of an edge


class Picture(NamedTuple):
    """A sample, and what was done to the picture."""

    sample: Array  # (1, height, width) uint8
    inverted: bool
    resized: bool


def picture_of(path: Path, data: Dataset) -> Picture:
    """The picture in a PNG or JPEG file as a raw sample of `data`.

    Raises DataCorrupt when it can't be read.
    """
    grey = _grey(path)
    ground = float(np.median(_border(grey)))
    inverted = ground > 255 / 2
    if inverted:
        grey, ground = 255 - grey, 255 - ground
    if grey.shape == tuple(data.input_shape):
        sample = (grey * (data.largest_pixel / 255)).round().astype(np.uint8)[None]
        return Picture(sample, inverted, resized=False)
    ink = np.clip(grey - ground, 0, None)
    strongest = float(ink.max())
    if strongest < _FAINT * 255:
        ink[:] = 0  # blank paper
    else:
        ink *= 255 / strongest
        ink[ink < _FAINT * 255] = 0
    return Picture(as_sample(ink, data), inverted, resized=True)


def _border(grey: Array) -> Array:
    return np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])


def _grey(path: Path) -> Array:
    """(height, width) from 0, black, to 255; what is transparent lies on white."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=("PNG", "JPEG")) as opened:
                image: Image.Image = ImageOps.exif_transpose(opened)
                image.thumbnail((_MOST_SIDE, _MOST_SIDE))
                image = image.convert("RGBA")
    except Exception as error:  # what a decoder raises over damaged bytes, no list has
        why = getattr(error, "strerror", None) or "it is damaged, too large or of another kind"
        raise DataCorrupt(
            f"{path} can't be read as a picture ({why}). Take a PNG or JPEG file."
        ) from error
    paper = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(paper, image).convert("L"), float)
