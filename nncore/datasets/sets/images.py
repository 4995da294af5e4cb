"""Images: scikit-learn's digits, and MNIST and Fashion-MNIST as bundled extract or in full."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from nncore.datasets.definition import PARTS, Dataset, Raw, Variant
from nncore.datasets.files import read_bundled, read_placed
from nncore.datasets.splits import without_test
from nncore.system.arrays import Array

_DIGIT_NAMES = tuple("0123456789")


def _load_digits() -> Raw:
    from sklearn.datasets import load_digits

    digits = load_digits()
    return without_test(digits.images.astype(np.uint8), digits.target, stratify=True)


def _extract(name: str) -> Raw:
    return images(read_bundled(name))


def _full(file: str) -> Raw:
    return images(read_placed(file, PARTS))


def images(arrays: Mapping[str, Array]) -> Raw:
    """Images and their labels as files have them, in small integers."""
    with np.errstate(invalid="ignore"):  # what is no label is found by its fingerprint
        y_train, y_test = (arrays[name].astype(np.int64) for name in ("y_train", "y_test"))
    return Raw(arrays["x_train"], y_train, arrays["x_test"], y_test)


DIGITS = Dataset(
    name="digits",
    label="Digits",
    task="multiclass",
    input_shape=(8, 8),
    variants={
        "full": Variant(
            train=1437,
            test=360,
            sha256="06dfcf3caee806954b0806b06734d639c9ee2652ad1d66e7d16a4a18188aa7e9",
            note="all 1,797 images",
            load=_load_digits,
        )
    },
    description=(
        "Handwritten digits of 8 x 8 pixels with 17 shades of grey. Trains in a second and "
        "still behaves like its big sister MNIST."
    ),
    source=(
        "Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning "
        "Repository 1998, doi 10.24432/C50P49"
    ),
    licence="BSD-3-Clause, as distributed with scikit-learn",
    classes=_DIGIT_NAMES,
    kind="image",
    largest_pixel=16,
)
MNIST = Dataset(
    name="mnist",
    label="MNIST",
    task="multiclass",
    input_shape=(28, 28),
    variants={
        "extract": Variant(
            train=10_000,
            test=2_000,
            sha256="f5fce5b5ca0065d3c979cd71a568f39928fbcfc480d4444693eb80c3a41a9af3",
            note="10,000-image extract",
            load=partial(_extract, "mnist"),
            test_given=True,
        ),
        "full": Variant(
            train=60_000,
            test=10_000,
            sha256="4677fefc2c5136b7d352f9f7b74db6b2b96e21ee17511eab8c025d0e690b981f",
            note="all 60,000 images",
            load=partial(_full, "mnist.npz"),
            test_given=True,
            file="mnist.npz",
        ),
    },
    description=(
        "Handwritten digits of 28 x 28 pixels, written by census clerks and school children. "
        "The data set nearly every course begins with."
    ),
    source=(
        "LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document "
        "recognition, Proceedings of the IEEE 86(11), 1998"
    ),
    licence="CC BY-SA 3.0, Yann LeCun and Corinna Cortes",
    classes=_DIGIT_NAMES,
    kind="image",
)
FASHION_MNIST = Dataset(
    name="fashion_mnist",
    label="Fashion-MNIST",
    task="multiclass",
    input_shape=(28, 28),
    variants={
        "extract": Variant(
            train=5_000,
            test=1_000,
            sha256="476398a29a91456bf6c1c87b87a86ed2affbc54fc6656b26d12776b3ce928475",
            note="5,000-image extract",
            load=partial(_extract, "fashion_mnist"),
            test_given=True,
        ),
        "full": Variant(
            train=60_000,
            test=10_000,
            sha256="552d272cc1029833696eaab588cf37a9ace9125736da4cfce74ce90ee598573a",
            note="all 60,000 images",
            load=partial(_full, "fashion_mnist.npz"),
            test_given=True,
            file="fashion_mnist.npz",
        ),
    },
    description=(
        "Pictures of clothes in the shape of MNIST, but harder: shirts, coats and pullovers "
        "look alike, so differences between networks show sooner."
    ),
    source="Xiao, Rasul and Vollgraf, Fashion-MNIST, arXiv:1708.07747, 2017",
    licence="MIT, Zalando SE",
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    kind="image",
)
