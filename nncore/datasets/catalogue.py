"""The data sets by name, in the order menus show them. Light: no arrays, no scikit-learn."""

from nncore.datasets.definition import (
    TASKS,
    Dataset,
    Raw,
    Variant,
    counts,
    validation_rows,
)
from nncore.datasets.generated import CIRCLES, GAUSSIANS, MOONS, PLANAR, SPIRALS, SYNTHETIC_100, XOR
from nncore.datasets.images import DIGITS, FASHION_MNIST, MNIST
from nncore.datasets.reviews import IMDB
from nncore.datasets.tables import BREAST_CANCER, CALIFORNIA_HOUSING, DIABETES, IRIS, WINE
from nncore.registry import Registry

__all__ = ["DATASETS", "TASKS", "Dataset", "Raw", "Variant", "counts", "validation_rows"]

DATASETS: Registry[Dataset] = Registry(
    "dataset",
    *(DIGITS, MNIST, FASHION_MNIST),
    *(IRIS, WINE, BREAST_CANCER, DIABETES, CALIFORNIA_HOUSING),
    IMDB,
    *(CIRCLES, MOONS, SPIRALS, XOR, PLANAR, GAUSSIANS, SYNTHETIC_100),
)
