"""Permutation importance: scikit-learn's numbers, columns kept whole, no more work than is due."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression, LogisticRegression

from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.data import Data
from nncore.datasets.recipe.definition import RawColumn, Recipe
from nncore.engines import importance
from nncore.engines.importance import MOST_ANSWERS, MOST_ROWS, REPEATS, column_importance
from nncore.engines.run import Run


class Fitted(Run):
    """A model of scikit-learn in a network's place, which notes what it is asked."""

    def __init__(self, says):
        self.says, self.asked = says, []

    def predict(self, x):
        self.asked.append(len(x))
        return self.says(x)

    advance = evaluate = get_weights = set_weights = None


def data(x, y, task="regression"):
    return Data(task, ("no", "yes") * (task == "binary"), x, y, x, y, x[:1], y[:1])


def measured(says, x, y, config, task="regression"):
    return column_importance(Fitted(says), config, data(x, y, task))


def seeds(make, n=12):
    """Mean and standard error over seeds of what `make` says of each column."""
    drops = np.array([list(make(seed).drops.values()) for seed in range(n)])
    return drops.mean(axis=0), drops.std(axis=0, ddof=1) / np.sqrt(n)


@pytest.mark.parametrize("task", ["regression", "binary"])
def test_it_is_scikit_learns_up_to_the_luck_of_shuffling(task):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(300, 3))
    z = 3 * x[:, 0] + x[:, 1] + 0.3 * rng.normal(size=300)
    if task == "regression":
        model, y, scoring = LinearRegression().fit(x, z), z, "neg_mean_absolute_error"
        says, dataset, width = lambda rows: model.predict(rows)[:, None], "diabetes", 10
    else:
        y = (z > 0).astype(int)
        model, scoring = LogisticRegression().fit(x, y), "accuracy"
        says, dataset, width = lambda rows: model.predict_proba(rows)[:, 1:], "breast_cancer", 30
    padded = np.hstack([x, rng.normal(size=(300, width - 3))])  # as many columns as the set has

    def of_seed(seed):
        config = Config(dataset=dataset, seed=seed)
        return measured(lambda rows: says(rows[:, :3]), padded, y, config, task)

    mean, error = seeds(of_seed)
    theirs = permutation_importance(model, x, y, scoring=scoring, n_repeats=60, random_state=0)
    spread = np.sqrt(error[:3] ** 2 + theirs.importances_std**2 / 60)
    assert (np.abs(mean[:3] - theirs.importances_mean) < 4.5 * spread + 1e-9).all()
    assert mean[0] > 3 * mean[1] > 0
    assert (mean[3:] == 0).all()  # what the model doesn't read is worth nothing


def test_equal_configs_shuffle_alike_and_other_seeds_otherwise():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(80, 4))
    y = x[:, 0]

    def of_seed(seed):
        return measured(lambda rows: rows[:, :1], x, y, Config(dataset="iris", seed=seed))

    assert of_seed(3) == of_seed(3)
    assert of_seed(3) != of_seed(4)
    assert list(of_seed(3).drops) == list(DATASETS["iris"].features)


def test_all_numbers_made_of_a_column_are_shuffled_together(monkeypatch):
    """A row is never of two categories, and a gap stays beside what says that there is one."""
    columns = (
        RawColumn("colour", "category", categories=("red", "green"), encode="one_hot"),
        RawColumn("patient", "number", use="group"),
        RawColumn("size", "number", indicator=True),
    )
    about = replace(DATASETS["iris"], recipe=Recipe(columns))
    monkeypatch.setattr(Config, "data", about)
    rng = np.random.default_rng(3)
    red, gone = rng.random(60) < 0.5, rng.random(60) < 0.3
    x = np.column_stack([red, ~red, np.where(gone, 9.0, rng.normal(size=60)), gone])
    seen = []

    def says(rows):
        seen.append((rows[:, 0] + rows[:, 1] == 1) & ((rows[:, 2] == 9) == rows[:, 3]))
        return rows[:, :1]

    found = measured(says, x, red.astype(float), Config(dataset="iris"))
    assert list(found.drops) == ["colour", "size"]
    assert np.concatenate(seen).all()
    assert found.drops["colour"] == pytest.approx(0.5, abs=0.15)
    assert found.drops["size"] == 0


@pytest.mark.parametrize(
    ("rows", "columns", "extent"),
    [
        (30, 4, (30, REPEATS)),
        (5_000, 8, (MOST_ROWS, REPEATS)),
        (5_000, 500, (500, 1)),
        (1, 1, (1, 5)),
    ],
)
def test_work_is_capped(rows, columns, extent):
    assert importance._extent(rows, columns) == extent
    assert columns * extent[0] * extent[1] <= MOST_ANSWERS


def test_many_questions_become_few():
    x = np.random.default_rng(4).normal(size=(900, 30))
    model = Fitted(lambda rows: rows[:, :1])
    column_importance(model, Config(dataset="breast_cancer"), data(x, x[:, 0]))
    assert len(model.asked) < 12
    assert sum(model.asked) == 900 * (1 + 30 * REPEATS)


def test_what_has_no_columns_or_no_answers_has_no_importance():
    x = np.ones((9, 4))
    y = np.ones(9)
    assert measured(lambda rows: rows[:, :1] * np.nan, x, y, Config(dataset="iris")) is None
    for name in ("digits", "moons"):
        assert measured(lambda rows: rows[:, :1], x, y, Config(dataset=name)) is None
