"""Recipes: fitted by scikit-learn, applied by NumPy alone, the same in every process."""

import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

from nncore.datasets.recipe.definition import RawColumn, Recipe, recipe_from
from nncore.datasets.recipe.fitted import fitted_from, values_of
from nncore.datasets.recipe.fitting import fit
from nncore.system.outside import Unreadable

TOWNS = ("E", "N", "S")


def numbers(n, seed, gaps=True):
    values = np.random.default_rng(seed).lognormal(size=n)
    if gaps:
        values[:: n // 7] = np.nan
    return values


def rows(n=200, seed=0):
    """price with gaps, town with gaps and an odd one, grade, seller."""
    rng = np.random.default_rng(seed)
    town = rng.integers(4, size=n).astype(float)
    town[3::11] = np.nan
    grade, seller = rng.integers(3, size=n), rng.integers(4, size=n)
    return np.column_stack([numbers(n, seed), town, grade, seller]).astype(float)


def recipe(scale="standard", encode="target"):
    return Recipe(
        (
            RawColumn("price", "number", indicator=True, scale=scale),
            RawColumn("town", "category", categories=TOWNS, has_other=True,
                      impute="own_category", encode="one_hot"),
            RawColumn("grade", "ordered", categories=("low", "mid", "high"),
                      impute="most_frequent", encode="ordinal"),
            RawColumn("seller", "category", categories=("a", "b", "c", "d"),
                      impute="most_frequent", encode=encode),
        )
    )  # fmt: skip


def test_names_tell_what_came_of_each_column():
    made = recipe()
    assert made.names == (
        *("price", "price is missing"),
        *("town = E", "town = N", "town = S", "town = (other)", "town = (missing)"),
        *("grade", "seller: target's mean"),
    )
    fitted, ready = fit(made, rows(), np.arange(200.0))
    assert ready.shape == (200, made.width)
    assert ready.dtype == np.float32
    assert np.isfinite(ready).all()
    assert set(ready[:, 2:7].sum(axis=1)) == {1.0}
    assert (ready[:, 1] == np.isnan(rows()[:, 0])).all()
    again = fitted.apply(rows())
    np.testing.assert_array_equal(again[:, :8], ready[:, :8])  # all but what looks at the target


@pytest.mark.parametrize(
    ("scale", "scaler"),
    [
        ("standard", StandardScaler()),
        ("robust", RobustScaler()),
        ("log", make_pipeline(FunctionTransformer(np.log1p), StandardScaler())),
        (
            "quantile",
            QuantileTransformer(n_quantiles=200, output_distribution="normal"),
        ),
    ],
)
def test_numbers_are_filled_and_scaled_as_scikit_learn_does(scale, scaler):
    train, other = numbers(200, 1)[:, None], numbers(90, 2)[:, None]
    other[0], other[1] = 1e6, 0.0
    theirs = make_pipeline(SimpleImputer(strategy="median"), scaler).fit(train)
    fitted, ready = fit(Recipe((RawColumn("a", "number", scale=scale),)), train, np.zeros(200))
    np.testing.assert_allclose(ready, theirs.transform(train), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(fitted.apply(other), theirs.transform(other), rtol=1e-5, atol=1e-6)


def test_categories_are_taken_apart_as_scikit_learn_does():
    column = RawColumn("town", "category", categories=TOWNS, encode="one_hot",
                       impute="most_frequent")  # fmt: skip
    train = np.array([[0.0], [1], [2], [1], [np.nan]])
    fitted, ready = fit(Recipe((column,)), train, np.zeros(5))
    theirs = ColumnTransformer(
        [("c", make_pipeline(SimpleImputer(strategy="most_frequent"),
                             OneHotEncoder(categories=[[0, 1, 2]], handle_unknown="ignore")), [0])]
    )  # fmt: skip
    np.testing.assert_array_equal(ready, np.asarray(theirs.fit_transform(train)))
    assert fitted.apply(np.array([[3.0]])).tolist() == [[0, 0, 0]]  # a text nobody knew


@pytest.mark.parametrize("kind", ["continuous", "binary", "multiclass"])
def test_a_target_encoding_is_scikit_learns_with_its_inner_folds(kind):
    rng = np.random.default_rng(3)
    codes = rng.integers(6, size=300)
    if kind == "continuous":
        y = codes + rng.normal(size=300)
    else:
        y = (codes + rng.integers(3, size=300)) % (2 if kind == "binary" else 3)
    outputs = 3 if kind == "multiclass" else 1
    column = RawColumn("c", "category", categories=tuple("abcdef"), encode="target",
                       impute="most_frequent")  # fmt: skip
    fitted, ready = fit(Recipe((column,), outputs), codes[:, None].astype(float), y, scaled=False)
    folds = (KFold if kind == "continuous" else StratifiedKFold)(
        5, shuffle=True, random_state=20_261_130
    )
    theirs = TargetEncoder(target_type=kind, cv=folds)
    cross = theirs.fit_transform(codes[:, None], y)
    if kind != "multiclass":  # there folds hold every class's share, ours each against the others
        np.testing.assert_allclose(ready, cross, rtol=1e-5)
    whole = theirs.transform(np.arange(6)[:, None])
    np.testing.assert_allclose(fitted.apply(np.arange(6.0)[:, None]), whole, rtol=1e-5)
    unknown = fitted.apply(np.array([[6.0]]))
    expected = [np.mean(y == k) for k in range(3)] if kind == "multiclass" else [np.mean(y)]
    np.testing.assert_allclose(unknown[0], expected, rtol=1e-5)


def test_pure_chance_tells_nothing_of_its_own_rows():
    """A category per two rows: a plain mean of the target would know every row's answer."""
    rng = np.random.default_rng(4)
    codes, y = np.repeat(np.arange(200), 2), rng.normal(size=400)
    texts = tuple(f"t{i}" for i in range(200))
    column = RawColumn("c", "category", categories=texts, encode="target", impute="most_frequent")
    _, ready = fit(Recipe((column,)), codes[:, None].astype(float), y)
    assert abs(np.corrcoef(ready[:, 0], y)[0, 1]) < 0.2


def test_dates_are_taken_apart():
    column = RawColumn("when", "date", has_hours=True)
    days = (np.datetime64("2024-02-29") - np.datetime64("1970-01-01")).astype(float)
    (parts,) = values_of(column, np.array([days + 0.25]))
    assert parts.tolist() == [2024, 2, 3, days + 0.25, 6]  # a Thursday, six in the morning
    fitted, ready = fit(Recipe((column,)), np.array([[days], [days + 1], [np.nan]]), np.zeros(3))
    assert np.isfinite(ready).all()
    assert fitted.recipe.names[-1] == "when: hour"


def test_nothing_is_fitted_on_other_rows():
    made, y = recipe(), np.arange(200.0)
    fitted, ready = fit(made, rows(), y)
    alone = fitted.apply(rows(seed=9)[:1])
    together = fitted.apply(np.vstack([rows(seed=9)[:1], 1e6 * np.ones((50, 4))]))
    np.testing.assert_array_equal(alone[0], together[0])
    del ready


def test_columns_without_a_value_in_the_training_rows_are_no_trouble():
    x = rows()
    x[:, 0] = np.nan
    x[:, 3] = np.nan
    fitted, ready = fit(recipe(), x, np.arange(200.0))
    assert np.isfinite(ready).all()
    assert np.isfinite(fitted.apply(rows())).all()


def test_a_class_that_no_training_row_has_is_no_trouble():
    made = Recipe(recipe().columns, outputs=3)
    fitted, ready = fit(made, rows(), np.arange(200) % 2)
    assert ready.shape == (200, made.width)
    assert np.isfinite(fitted.apply(rows(seed=5))).all()


@pytest.mark.parametrize("scale", ["standard", "quantile"])
def test_recipe_and_numbers_survive_json(scale):
    made = recipe(scale)
    fitted, _ = fit(made, rows(), np.arange(200.0))
    read = recipe_from(json.loads(json.dumps(made.to_json())))
    assert read == made
    again = fitted_from(json.loads(json.dumps(fitted.to_json())), read)
    np.testing.assert_array_equal(again.apply(rows(seed=7)), fitted.apply(rows(seed=7)))


@pytest.mark.parametrize(
    "damage",
    [
        lambda said: said | {"columns": said["columns"][1:]},
        lambda said: said | {"scaled": "yes"},
        lambda said: said | {"columns": [{**c, "spread": [0.0]} for c in said["columns"]]},
        lambda said: said | {"columns": [{**c, "fill": ["x"]} for c in said["columns"]]},
        lambda said: said | {"columns": [{**c, "fill": [1, 2]} for c in said["columns"]]},
        lambda said: said | {"columns": [{**c, "table": [[1.0]]} for c in said["columns"]]},
        lambda said: said | {"columns": [{**c, "center": [[1], [1, 2]]} for c in said["columns"]]},
        lambda said: [said],
    ],
)
def test_numbers_of_strangers_are_refused(damage):
    made = recipe()
    fitted, _ = fit(made, rows(), np.arange(200.0))
    with pytest.raises(Unreadable):
        fitted_from(damage(fitted.to_json()), made)


def test_recipes_of_strangers_are_refused():
    said = recipe().to_json()
    for key, value in {"kind": "pickle", "encode": "ordinal", "use": "answer", "scale": "eval",
                       "impute": "mean", "categories": ["\0"]}.items():  # fmt: skip
        columns = [*said["columns"][:1], said["columns"][1] | {key: value}, *said["columns"][2:]]
        with pytest.raises(Unreadable):
            recipe_from({**said, "columns": columns})
    with pytest.raises(Unreadable):
        recipe_from({**said, "columns": said["columns"][:1] * 2})
    wide = said["columns"][1] | {"categories": [f"t{i}" for i in range(100_000)]}
    with pytest.raises(Unreadable, match="too many inputs"):
        recipe_from({**said, "columns": [wide]})


def test_applying_needs_no_scikit_learn():
    code = (
        "import sys, nncore.datasets.recipe.fitted, nncore.datasets.own.upload, "
        "nncore.saved.network; assert 'sklearn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
