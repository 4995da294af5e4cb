"""A recipe fitted on training rows, by scikit-learn. For child processes and workers."""

import warnings
from typing import Any

import numpy as np

from nncore.datasets.recipe.definition import (
    LOG,
    MOST_FREQUENT,
    OWN_CATEGORY,
    QUANTILE,
    ROBUST,
    TARGET,
    RawColumn,
    Recipe,
)
from nncore.datasets.recipe.fitted import (
    MOST_QUANTILES,
    Fitted,
    FittedColumn,
    codes_of,
    log,
    named,
    values_of,
)
from nncore.system.arrays import Array

_FOLDS = 5
_SEED = 20_261_130  # of inner folds and of rows that quantiles are taken from


def fit(recipe: Recipe, x: Array, y: Array, *, scaled: bool = True) -> tuple[Fitted, Array]:
    """(what was fitted, the training rows as a network gets them, (n, width) float32).

    x: raw training rows (n, columns); y: (n,) class labels or targets. A target encoding gives
    training rows what the other folds say, and all other rows what all training rows say.
    """
    columns, ready = [], []
    for place in recipe.inputs:
        column, raw = recipe.columns[place], np.asarray(x[:, place], np.float64)
        cross = None
        if column.encode == TARGET:
            fitted, cross = _by_target(column, raw, y, recipe.outputs)
        elif column.is_categorical:
            fitted = _filled_category(column, raw)
        else:
            fitted = _number(column, raw)
        columns.append(fitted)
        done = Fitted(recipe, (), scaled).of_column(place, fitted, raw)
        if cross is not None:
            done[:, : recipe.outputs] = (cross - fitted.center) / fitted.spread if scaled else cross
        ready.append(done)
    return Fitted(recipe, tuple(columns), scaled), np.hstack(ready)


def _imputed(values: Array, strategy: str) -> tuple[Array, Array]:
    """(filled values, (columns,) what fills them); 0 where no value is there."""
    from sklearn.impute import SimpleImputer

    imputer = SimpleImputer(strategy=strategy, keep_empty_features=True)
    filled = imputer.fit_transform(values)
    return filled, np.nan_to_num(np.asarray(imputer.statistics_, np.float64))


def _number(column: RawColumn, raw: Array) -> FittedColumn:
    values, fill = _imputed(values_of(column, raw), column.impute)
    if column.scale == QUANTILE:
        from sklearn.preprocessing import QuantileTransformer

        ranks = QuantileTransformer(
            n_quantiles=max(2, min(MOST_QUANTILES, len(values))),
            output_distribution="normal",
            random_state=_SEED,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of one row, two quantiles are more than there are
            ranks.fit(values)
        quantiles = ranks.quantiles_[:, 0]
        if len(quantiles) < 2:
            quantiles = np.repeat(quantiles, 2)
        return named(
            {"fill": fill, "center": np.zeros(1), "spread": np.ones(1), "quantiles": quantiles}
        )
    return named({"fill": fill, **_scale(column.scale, values)})


def _scale(scale: str, values: Array) -> dict[str, Array]:
    """Centre and spread of each column of values; a constant one has the spread 1."""
    from sklearn.preprocessing import RobustScaler, StandardScaler

    if scale == LOG:
        values = log(values)
    scaler: Any = RobustScaler() if scale == ROBUST else StandardScaler()
    scaler.fit(values)
    center = scaler.center_ if scale == ROBUST else scaler.mean_
    return {"center": np.asarray(center), "spread": np.asarray(scaler.scale_)}


def _filled_category(column: RawColumn, raw: Array) -> FittedColumn:
    fill = np.zeros(1)
    if column.impute != OWN_CATEGORY:
        raw = raw.copy()
        filled, fill = _imputed(raw[:, None], MOST_FREQUENT)
        raw = filled[:, 0]
    codes = codes_of(column, raw)
    middle = (column.other - 1) / 2
    ready = np.where(codes < column.other, codes, middle).astype(np.float64)[:, None]
    return named({"fill": fill, **_scale("standard", ready)})


def _by_target(column: RawColumn, raw: Array, y: Array, outputs: int) -> tuple[FittedColumn, Array]:
    """(what was fitted, what the training rows get, (n, outputs))."""
    from sklearn.model_selection import KFold, StratifiedKFold
    from sklearn.preprocessing import TargetEncoder

    fill = np.zeros(1)
    if column.impute != OWN_CATEGORY:
        filled, fill = _imputed(raw[:, None], MOST_FREQUENT)
        raw = filled[:, 0]
    codes = codes_of(column, raw)
    table, cross = np.zeros((outputs, column.other + 2)), np.zeros((len(y), outputs))
    is_class = np.issubdtype(np.asarray(y).dtype, np.integer)
    for output in range(outputs):
        hit = (y == (output if outputs > 1 else 1)).astype(np.int64) if is_class else y
        if len(y) < 2 or hit.min() == hit.max():
            table[output], cross[:, output] = hit.mean(), hit.mean()
            continue
        encoder = TargetEncoder(
            target_type="binary" if is_class else "continuous",
            cv=(StratifiedKFold if is_class else KFold)(
                min(_FOLDS, len(y)), shuffle=True, random_state=_SEED
            ),
        )
        with warnings.catch_warnings():
            # a class may be rarer than there are folds
            warnings.filterwarnings("ignore", "The least populated class", UserWarning)
            cross[:, output] = encoder.fit_transform(codes[:, None], hit)[:, 0]
        table[output] = encoder.target_mean_
        table[output, encoder.categories_[0].astype(np.int64)] = encoder.encodings_[0]
    return named({"fill": fill, "table": table, **_scale("standard", cross)}), cross
