"""What data sets there are, without loading any: counts, classes, units, licence, hashes.

Pages, `Config` and cost read this module; arrays come from `nncore.datasets.prepare`,
which runs in child processes only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nncore.registry import Registry

TASKS = ("binary", "multiclass", "regression")


@dataclass(frozen=True)
class Variant:
    """One form of a data set: how many rows it has, and the hash of its arrays."""

    train: int  # rows before the validation split is taken out
    test: int
    sha256: str  # over the raw arrays, checked at load; part of a training's key
    note: str  # what the pages call it: "10,000-image extract", "all 60,000 images"
    bundled: bool = True  # False: must be found in the folder NNLAB_DATA or the data folder


@dataclass(frozen=True)
class Dataset:
    """A data set as menus, validation and cost need it."""

    name: str
    label: str
    task: str  # of TASKS
    input_shape: tuple[int, ...]  # (28, 28) for images, (n_features,) for tables
    variants: Mapping[str, Variant]  # "extract" and "full"; sets with one form have only "full"
    description: str  # one or two plain sentences
    source: str  # citation
    licence: str
    classes: tuple[str, ...] = ()  # class names in label order; empty for regression
    features: tuple[str, ...] = ()  # column names of tables
    target: str = ""  # regression: what is predicted, "median house value"
    unit: str = ""  # regression: unit of the target as shown, "$"
    unit_factor: float = 1.0  # regression: shown value = raw target * unit_factor
    standardize_target: bool = False  # regression: trained on (y - mean) / std of the training part
    kind: str = field(default="table")  # "image", "table" or "plane" (two generated features)

    @property
    def n_features(self) -> int:
        product = 1
        for size in self.input_shape:
            product *= size
        return product

    @property
    def units(self) -> int:
        """Output units the task asks for: 1, or one per class when there are more than two."""
        return len(self.classes) if self.task == "multiclass" else 1

    def counts(self, variant: str, split: str) -> tuple[int, int, int]:
        """(train, validation, test) rows under a split such as "stratified:0.2"."""
        rows = self.variants[variant]
        held_out = validation_rows(rows.train, split)
        return rows.train - held_out, held_out, rows.test


def validation_rows(n: int, split: str) -> int:
    """How many of `n` rows a split "stratified:F", "last:F" or "first:N" holds out."""
    kind, _, amount = split.partition(":")
    held_out = int(amount) if kind == "first" else round(n * float(amount))
    return max(1, min(held_out, n - 1))


# Stand-ins with the real shapes; hashes and the other sets follow with the loaders.
_DIGITS = tuple("0123456789")
DATASETS: Registry[Dataset] = Registry(
    "dataset",
    Dataset("digits", "Digits", "multiclass", (8, 8), {"full": Variant(1437, 360, "", "all 1,797")},
            "", "", "", classes=_DIGITS, kind="image"),
    Dataset("mnist", "MNIST", "multiclass", (28, 28),
            {"extract": Variant(10000, 2000, "", "10,000-image extract"),
             "full": Variant(60000, 10000, "", "all 60,000 images", bundled=False)},
            "", "", "", classes=_DIGITS, kind="image"),
)
