"""Image files as samples: ink is bright, and lies where a drawing's would."""

import numpy as np
import pytest
from PIL import Image

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.preparation.drawing import as_sample
from nncore.datasets.preparation.pictures import picture_of
from nncore.system.errors import DataCorrupt

MNIST = DATASETS["mnist"]


def ink():
    """A one, off the middle, in a square of 90."""
    drawn = np.zeros((90, 90))
    drawn[20:70, 30:38] = 255
    return drawn


def saved(path, pixels, mode="L"):
    Image.fromarray(pixels.astype(np.uint8), mode).save(path)
    return path


def test_dark_on_paper_and_bright_on_black_are_the_same_sample(tmp_path):
    wanted = as_sample(ink(), MNIST)
    bright = picture_of(saved(tmp_path / "a.png", ink()), MNIST)
    dark = picture_of(saved(tmp_path / "b.png", 255 - ink()), MNIST)
    assert (bright.inverted, dark.inverted) == (False, True)
    assert np.array_equal(bright.sample, wanted)
    assert np.array_equal(dark.sample, wanted)


def test_grey_paper_is_no_ink(tmp_path):
    photographed = 200 - 180 * ink() / 255
    sample = picture_of(saved(tmp_path / "a.png", photographed), MNIST).sample
    assert np.abs(sample.astype(int) - as_sample(ink(), MNIST)).max() <= 1


def test_what_is_transparent_lies_on_white(tmp_path):
    pixels = np.dstack([np.zeros((90, 90, 3)), ink()])  # black ink on nothing
    Image.fromarray(pixels.astype(np.uint8), "RGBA").save(tmp_path / "a.png")
    seen = picture_of(tmp_path / "a.png", MNIST)
    assert seen.inverted
    assert np.array_equal(seen.sample, as_sample(ink(), MNIST))


def test_a_picture_of_the_data_sets_own_size_is_taken_as_it_is(tmp_path):
    own = np.zeros((28, 28))
    own[3:9, 4:6] = 130  # neither centred nor bright
    seen = picture_of(saved(tmp_path / "a.png", own), MNIST)
    assert not seen.resized
    assert np.array_equal(seen.sample[0], own)
    digits = DATASETS["digits"]  # pixels up to 16
    full = picture_of(saved(tmp_path / "b.png", np.diag([255] * 8)), digits)
    assert full.sample.max() == 16


def test_jpeg_is_read_and_other_files_are_refused(tmp_path):
    saved(tmp_path / "a.jpg", 255 - ink())
    assert picture_of(tmp_path / "a.jpg", MNIST).sample.sum() > 0
    saved(tmp_path / "a.gif", ink())
    (tmp_path / "a.gif").rename(tmp_path / "c.png")
    (tmp_path / "d.png").write_bytes((tmp_path / "a.jpg").read_bytes()[:200])
    for name in ("c.png", "d.png", "none.png"):
        with pytest.raises(DataCorrupt, match=f"{name} can't be read as a picture"):
            picture_of(tmp_path / name, MNIST)


def test_blank_paper_is_an_empty_sample(tmp_path):
    blank = np.full((50, 80), 255.0)
    assert not picture_of(saved(tmp_path / "a.png", blank), MNIST).sample.any()
