"""What a data set is to menus, validation and cost: counts, classes, units, licence, hashes.

Light: a data set's arrays are made by its variant's `load`, in child processes only.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from nncore.datasets.columns import column_names
from nncore.datasets.ragged import Ragged
from nncore.datasets.recipe.definition import Recipe
from nncore.datasets.split_form import published
from nncore.system.arrays import Array
from nncore.system.wording import distinct

TASKS = ("binary", "multiclass", "regression")


PARTS = ("x_train", "y_train", "x_test", "y_test")
ROWS = "rows"  # beside them in files


class Raw(NamedTuple):
    """A data set as it comes, before the validation split and any preprocessing.

    x: (n, *input_shape), uint8 for pixels, float64 otherwise; texts: Ragged word indices; of a
    table with a recipe its raw rows, NaN where a value is missing.
    y: (n,), int64 class labels or float64 targets.
    rows: (training + test rows,) where each stood in the source, before a test part was taken out
    of it; None where the test part came with the data, or nobody wrote it down.
    """

    x_train: Any
    y_train: Array
    x_test: Any
    y_test: Array
    rows: Array | None = None

    def arrays(self) -> dict[str, Any]:
        """The data as plain arrays by name, for fingerprints; `of` puts them together again."""
        arrays: dict[str, Any] = {}
        for name in PARTS:
            value = getattr(self, name)
            if isinstance(value, Ragged):
                arrays |= {f"{name}_flat": value.flat, f"{name}_offsets": value.offsets}
            else:
                arrays[name] = value
        return arrays

    def kept(self) -> dict[str, Any]:
        """The same for files, with `rows` where they are known."""
        return self.arrays() | ({} if self.rows is None else {ROWS: self.rows})

    @classmethod
    def of(cls, arrays: Mapping[str, Array]) -> "Raw":
        """From `arrays`, which may have more."""

        def part(name: str) -> Any:
            if name in arrays:
                return arrays[name]
            return Ragged(arrays[f"{name}_flat"], arrays[f"{name}_offsets"])

        x_train, y_train, x_test, y_test = map(part, PARTS)
        return cls(x_train, y_train, x_test, y_test, arrays.get(ROWS))


@dataclass(frozen=True)
class Variant:
    """One form of a data set: how many rows it has, and the hash of its arrays."""

    train: int  # rows before the validation split is taken out
    test: int
    sha256: str  # `nncore.datasets.files.fingerprint` of its Raw; part of a training's key
    note: str  # what the pages call it: "10,000-image extract", "all 60,000 images"
    load: Callable[[], Raw]
    file: str = ""  # name of the file the user must provide; "" when nothing is needed
    test_given: bool = False  # whether the test part came with the data; else it was taken out here

    @property
    def bundled(self) -> bool:
        """Whether it is there on a fresh machine without any download."""
        return not self.file


@dataclass(frozen=True)
class Drawn:
    """How points are drawn that a config may have more or fewer of, with more or less noise."""

    points: int  # unless a config says otherwise
    noise: float  # the same: a standard deviation, in the units of the plane
    draw: Callable[[int, float], Raw]

    def form(self, points: int, noise: float) -> Variant:
        """So many points with such noise; the hash is empty, because nobody recorded one."""
        own = (points, noise) == (self.points, self.noise)
        note = f"all {points:,} points" if own else f"{points:,} points, noise {noise:g}"
        n_test = math.ceil(points / 5)  # as `nncore.datasets.splits.without_test` takes them
        return Variant(points - n_test, n_test, "", note, lambda: self.draw(points, noise))


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
    features: tuple[str, ...] = ()  # column names of tables; with a recipe, of the raw rows
    target: str = ""  # regression: what is predicted, "median house value"
    unit: str = ""  # regression: unit of the target as shown, "$"
    unit_factor: float = 1.0  # regression: shown value = raw target * unit_factor
    standardize_target: bool = False  # regression: trained on (y - mean) / std of the training part
    kind: str = "table"  # "image", "table", "text" or "plane" (two generated features)
    largest_pixel: int = 255  # images: what "auto" divides by
    drawn: Drawn | None = None  # generated points of the plane
    own: bool = False  # a user's own file: can be renamed and deleted
    owner: str = ""  # of a user's own file: the key of the visitor who keeps it
    shared: bool = True  # whether everybody sees it
    recipe: Recipe | None = None  # of a user's own file: what its raw columns are and become
    how: Mapping[str, Any] | None = None  # of a user's own file: how it was read, see `own.alike`

    @property
    def array_names(self) -> tuple[str, ...]:
        """The names of `Raw.arrays`."""
        if self.kind != "text":
            return PARTS
        return (
            *("x_train_flat", "x_train_offsets", "y_train"),
            *("x_test_flat", "x_test_offsets", "y_test"),
        )

    @property
    def columns(self) -> Mapping[str, tuple[int, ...]]:
        """Short names of a table's columns, as settings write them; none of images and texts.

        With where the numbers that a network sees of each stand: of a column with a recipe several.
        """
        places = self.places
        return dict(zip(column_names(places), places.values(), strict=True))

    @property
    def places(self) -> Mapping[str, tuple[int, ...]]:
        """The same by the names that the columns have in the table."""
        if self.recipe is not None:
            return self.recipe.places
        return {name: (i,) for i, name in enumerate(distinct(self.features, ()))}

    @property
    def inputs(self) -> tuple[str, ...]:
        """What the numbers that a network sees of a row are called; none of images and texts."""
        return self.features if self.recipe is None else self.recipe.names

    @property
    def n_features(self) -> int:
        """Numbers that a network sees of a row."""
        if self.recipe is not None:
            return self.recipe.width
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
        return counts(self.variants[variant], split)


def counts(rows: Variant, split: str) -> tuple[int, int, int]:
    """(train, validation, test) rows of a variant under a split such as "stratified:0.2".

    Under "none" the training rows count twice: they validate, too. A published split moves the
    border of the test part, too, unless that came with the data.
    """
    if split == "none":
        return rows.train, rows.train, rows.test
    train, test = rows.train, rows.test
    if (drawn := published(split)) and not rows.test_given:
        test = drawn.rows(train + test)
        train = rows.train + rows.test - test
    held_out = validation_rows(train, split)
    return train - held_out, held_out, test


def validation_rows(n: int, split: str) -> int:
    """How many of `n` rows a split "stratified:F", "last:F", "first:N" or "random:F:S" holds out.

    At least one row stays on either side. "last" rounds as Keras's `validation_split` does.
    """
    if drawn := published(split):
        return drawn.rows(n)
    kind, _, amount = split.partition(":")
    if kind == "first":
        held_out = int(amount)
    elif kind == "last":
        held_out = n - int(n * (1.0 - float(amount)))
    else:
        held_out = round(n * float(amount))
    return max(1, min(held_out, n - 1))


def selection_rows(n: int, share: float) -> int:
    """How many of `n` training rows are held out to choose by; at least one stays on either side.

    0 where the share is 0, and of a single row.
    """
    return max(1, min(round(n * share), n - 1)) if share and n > 1 else 0
