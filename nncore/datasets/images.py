"""Images: scikit-learn's digits, and MNIST and Fashion-MNIST as bundled extract or in full."""

from functools import partial

import numpy as np

from nncore.datasets.definition import Dataset, Raw, Variant
from nncore.datasets.files import read_bundled, read_found
from nncore.datasets.splits import without_test

_DIGIT_NAMES = tuple("0123456789")


def _load_digits() -> Raw:
    from sklearn.datasets import load_digits

    digits = load_digits()
    return without_test(digits.images.astype(np.uint8), digits.target, stratify=True)


def _extract(name: str) -> Raw:
    return _raw(read_bundled(name))


def _full(file: str) -> Raw:
    return _raw(read_found(file, Raw._fields))


def _raw(arrays: dict[str, np.ndarray]) -> Raw:
    return Raw(
        arrays["x_train"],
        arrays["y_train"].astype(np.int64),
        arrays["x_test"],
        arrays["y_test"].astype(np.int64),
    )


DIGITS = Dataset(
    "digits",
    "Digits",
    "multiclass",
    (8, 8),
    {"full": Variant(1437, 360, "", "all 1,797 images", _load_digits)},
    "Handwritten digits of 8 x 8 pixels with 17 shades of grey. Trains in a second and still "
    "behaves like its big sister MNIST.",
    "Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning "
    "Repository 1998, doi 10.24432/C50P49",
    "BSD-3-Clause, as distributed with scikit-learn",
    classes=_DIGIT_NAMES,
    kind="image",
    largest_pixel=16,
)
MNIST = Dataset(
    "mnist",
    "MNIST",
    "multiclass",
    (28, 28),
    {
        "extract": Variant(10_000, 2_000, "", "10,000-image extract", partial(_extract, "mnist")),
        "full": Variant(
            60_000, 10_000, "", "all 60,000 images", partial(_full, "mnist.npz"), file="mnist.npz"
        ),
    },
    "Handwritten digits of 28 x 28 pixels, written by census clerks and school children. The "
    "data set nearly every course begins with.",
    "LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition, "
    "Proceedings of the IEEE 86(11), 1998",
    "CC BY-SA 3.0, Yann LeCun and Corinna Cortes",
    classes=_DIGIT_NAMES,
    kind="image",
)
FASHION_MNIST = Dataset(
    "fashion_mnist",
    "Fashion-MNIST",
    "multiclass",
    (28, 28),
    {
        "extract": Variant(
            5_000, 1_000, "", "5,000-image extract", partial(_extract, "fashion_mnist")
        ),
        "full": Variant(
            60_000,
            10_000,
            "",
            "all 60,000 images",
            partial(_full, "fashion_mnist.npz"),
            file="fashion_mnist.npz",
        ),
    },
    "Pictures of clothes in the shape of MNIST, but harder: shirts, coats and pullovers look "
    "alike, so differences between networks show sooner.",
    "Xiao, Rasul and Vollgraf, Fashion-MNIST, arXiv:1708.07747, 2017",
    "MIT, Zalando SE",
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
