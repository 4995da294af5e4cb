"""The numbers of a recipe after fitting, and the recipe applied with them. NumPy alone.

What scikit-learn fitted is applied here, so that the web process, a network file and a worker do
the same; the tests hold each step against scikit-learn's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.datasets.recipe.definition import (
    DATE,
    LOG,
    ONE_HOT,
    QUANTILE,
    TARGET,
    RawColumn,
    Recipe,
)
from nncore.system.arrays import Array
from nncore.system.outside import Unreadable

MOST_QUANTILES = 1_000
_FARTHEST = 5.199337582605575  # what scikit-learn cuts quantiles to: ndtri(1 - 1e-7)
_NEAR = 1e-7


@dataclass(frozen=True, eq=False)
class FittedColumn:
    """What was fitted for one input column.

    fill: (parts,) what stands for a missing value, before scaling. center, spread: (parts,), by
    which a value is scaled. quantiles: of the values, ascending; empty but for that scaling.
    table: (outputs, categories + 2) what a target encoding puts for each category, then for other
    texts, then for missing ones; empty but there.
    """

    fill: Array
    center: Array
    spread: Array
    quantiles: Array
    table: Array


@dataclass(frozen=True, eq=False)
class Fitted:
    """A recipe with its numbers. `scaled`: whether numbers are scaled, or only filled."""

    recipe: Recipe
    columns: tuple[FittedColumn, ...]  # one per input column, in order
    scaled: bool = True

    def apply(self, x: Array) -> Array:
        """Raw rows (n, columns) -> what a network sees of them, (n, width) float32."""
        parts = [
            self.of_column(place, fitted, x[:, place])
            for place, fitted in zip(self.recipe.inputs, self.columns, strict=True)
        ]
        return np.hstack(parts) if parts else np.empty((len(x), 0), np.float32)

    def of_column(self, place: int, fitted: FittedColumn, raw: Array) -> Array:
        """The same for one column, (n,) -> (n, its width)."""
        column = self.recipe.columns[place]
        raw = np.asarray(raw, np.float64)
        gone = np.isnan(raw)
        if column.is_categorical:
            ready = _categories(column, fitted, raw, gone, scaled=self.scaled)
        else:
            ready = values_of(column, raw)
            ready = np.where(np.isnan(ready), fitted.fill, ready)
            if self.scaled:
                ready = scaled_by(column.scale, fitted, ready)
        ready = ready.astype(np.float32)
        return np.column_stack([ready, gone.astype(np.float32)]) if column.indicator else ready

    def to_json(self) -> dict[str, Any]:
        """The numbers as plain JSON; `fitted_from` reads them for the same recipe."""
        columns = [
            {name: array.tolist() for name, array in vars(column).items()}
            for column in self.columns
        ]
        return {"scaled": self.scaled, "columns": columns}


def values_of(column: RawColumn, raw: Array) -> Array:
    """The numbers in a column, before they are filled and scaled: (n,) -> (n, parts)."""
    if column.kind != DATE:
        return raw[:, None]
    gone = np.isnan(raw)
    days = np.where(gone, 0, np.floor(raw)).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    parts = [
        days.astype("datetime64[Y]").astype(np.int64) + 1970,
        months.astype(np.int64) % 12 + 1,
        (days.astype(np.int64) + 3) % 7,  # 1970-01-01 was a Thursday; Monday is 0
        np.where(gone, 0.0, raw),
    ]
    if column.has_hours:
        parts.append(24 * np.where(gone, 0.0, raw - np.floor(raw)))
    return np.where(gone[:, None], np.nan, np.column_stack(parts).astype(np.float64))


def codes_of(column: RawColumn, raw: Array) -> Array:
    """Places in a column's categories, one more for other texts, two more for missing ones."""
    codes = np.where(np.isnan(raw), column.other + 1, raw)
    known = (codes >= 0) & (codes <= column.other + 1) & (codes == np.floor(codes))
    return np.where(known, codes, column.other).astype(np.int64)


def scaled_by(scale: str, fitted: FittedColumn, values: Array) -> Array:
    """Values (n, parts) scaled as a column's recipe says."""
    if scale == QUANTILE:
        return np.column_stack([_as_normal(v, fitted.quantiles) for v in values.T])
    if scale == LOG:
        values = log(values)
    return (values - fitted.center) / fitted.spread


def log(values: Array) -> Array:
    """ln(1 + v), mirrored below 0."""
    return np.sign(values) * np.log1p(np.abs(values))


def _as_normal(values: Array, quantiles: Array) -> Array:
    """As scikit-learn's QuantileTransformer: ranks among the quantiles, as a normal has them."""
    from scipy.special import ndtri  # what has such a column pays for loading it

    levels = np.linspace(0, 1, len(quantiles))
    up = np.interp(values, quantiles, levels)
    down = np.interp(-values, -quantiles[::-1], -levels[::-1])
    shares = 0.5 * (up - down)
    shares[values - _NEAR < quantiles[0]] = 0.0
    shares[values + _NEAR > quantiles[-1]] = 1.0
    with np.errstate(divide="ignore"):
        normal = ndtri(shares)
    return np.clip(normal, -_FARTHEST, _FARTHEST)


def _categories(
    column: RawColumn, fitted: FittedColumn, raw: Array, gone: Array, *, scaled: bool
) -> Array:
    if not column.has_missing_place:
        raw = np.where(gone, fitted.fill[0], raw)
    codes = codes_of(column, raw)
    if column.encode == ONE_HOT:
        places = [*range(column.other), *([column.other] if column.has_other else [])]
        places += [column.other + 1] if column.has_missing_place else []
        return codes[:, None] == np.array(places)
    if column.encode == TARGET:
        ready = fitted.table[:, codes].T
    else:  # an unknown place in an order is its middle
        middle = (column.other - 1) / 2
        ready = np.where(codes < column.other, codes, middle).astype(np.float64)[:, None]
    return (ready - fitted.center) / fitted.spread if scaled else ready


def fitted_from(value: Any, recipe: Recipe) -> Fitted:
    """The numbers in JSON of any origin, for a recipe. Raises Unreadable where they don't fit."""
    if not isinstance(value, dict) or value.keys() != {"scaled", "columns"}:
        raise Unreadable("what was fitted is missing")
    listed = value["columns"]
    if not isinstance(listed, list) or len(listed) != len(recipe.inputs):
        raise Unreadable("what was fitted belongs to other columns")
    if not isinstance(value["scaled"], bool):
        raise Unreadable("what was fitted was changed")
    columns = [
        _column_from(said, recipe.columns[place], recipe.outputs)
        for place, said in zip(recipe.inputs, listed, strict=True)
    ]
    return Fitted(recipe, tuple(columns), value["scaled"])


def _column_from(said: Any, column: RawColumn, outputs: int) -> FittedColumn:
    if not isinstance(said, dict) or said.keys() != FittedColumn.__annotations__.keys():
        raise Unreadable(f"what was fitted for {column.name} was changed")
    arrays = {name: _numbers(numbers, column.name) for name, numbers in said.items()}
    parts = len(column.parts)
    scaled = outputs if column.encode == TARGET else parts
    n = len(arrays["quantiles"])
    is_ranked = column.scale == QUANTILE and not column.is_categorical
    table = (outputs, column.other + 2) if column.encode == TARGET else (0,)
    sound = (
        arrays["fill"].shape == (parts,)
        and arrays["center"].shape == arrays["spread"].shape == (scaled,)
        and (arrays["spread"] > 0).all()
        and arrays["quantiles"].ndim == 1
        and (2 <= n <= MOST_QUANTILES if is_ranked else n == 0)
        and bool((np.diff(arrays["quantiles"]) >= 0).all())
        and arrays["table"].shape == table
    )
    if not sound:
        raise Unreadable(f"what was fitted for {column.name} was changed")
    return FittedColumn(**arrays)


def _numbers(listed: Any, name: str) -> Array:
    """Finite numbers in lists of numbers, or of such lists."""
    flat = listed if isinstance(listed, list) else None
    if flat and all(isinstance(row, list) for row in flat):
        flat = [number for row in flat for number in row]
    if flat is None or not all(type(number) in (int, float) for number in flat):
        raise Unreadable(f"what was fitted for {name} was changed")
    try:
        array = np.array(listed, np.float64)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"what was fitted for {name} was changed") from error
    if not np.isfinite(array).all():
        raise Unreadable(f"what was fitted for {name} isn't finite")
    return array


def named(fitted: Mapping[str, Array]) -> FittedColumn:
    """What was fitted, with nothing where nothing was."""
    none = np.empty(0)
    return FittedColumn(
        *(fitted.get(n, none) for n in ("fill", "center", "spread", "quantiles", "table"))
    )
