"""Simple models beside the arms: what they reach, held against scikit-learn called by hand."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn import linear_model, metrics, neighbors
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from statsmodels.stats.proportion import proportion_confint

from nncore.baselines.catalogue import MODELS, Size, models_for
from nncore.baselines.fitting import fit, multi_hot, rows_from, rows_of
from nncore.baselines.intervals import mean_error, resampled, wilson
from nncore.baselines.settings import data_settings
from nncore.config.config import Config
from nncore.config.data_fields import DataFields
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.data import Data
from nncore.datasets.preparation.prepare import prepared
from nncore.results.simple import Fitted, SimpleScore

BY_HAND = {
    "commonest": DummyClassifier(strategy="most_frequent"),
    "mean": DummyRegressor(strategy="mean"),
    "logistic": linear_model.LogisticRegression(max_iter=300),
    "linear": linear_model.LinearRegression(),
    "neighbours": neighbors.KNeighborsClassifier(5),
    "neighbours_mean": neighbors.KNeighborsRegressor(5),
    "boosting": HistGradientBoostingClassifier(early_stopping=False, random_state=0),
    "boosting_mean": HistGradientBoostingRegressor(early_stopping=False, random_state=0),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dataset", "name"),
    [("wine", m.name) for m in models_for("multiclass")]
    + [("breast_cancer", m.name) for m in models_for("binary")]
    + [("diabetes", m.name) for m in models_for("regression")],
)
def test_a_model_reaches_what_scikit_learn_reaches_on_the_rows_of_the_arms(dataset, name):
    config = Config(dataset=dataset)
    data = prepared(config)  # what every engine trains on
    found = fit(MODELS[name], rows_of(config))
    assert (found.state, found.error) == (Fitted.DONE, "")
    assert found.rows == len(data.y_val)
    assert found.trained_on == found.of == len(data.y_train)
    factor = DATASETS[dataset].unit_factor
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        guess = BY_HAND[name].fit(data.x_train, data.y_train).predict(data.x_val)
    if data.task == "regression":
        scale = data.target_scale * factor
        mae = metrics.mean_absolute_error(data.y_val, guess) * scale
        assert found.scores["mae"].score == pytest.approx(mae, rel=1e-3)
        assert found.scores["r2"].score == pytest.approx(
            metrics.r2_score(data.y_val, guess), abs=0.01
        )
        return
    wanted = {
        "accuracy": metrics.accuracy_score(data.y_val, guess),
        "balanced_accuracy": metrics.balanced_accuracy_score(data.y_val, guess),
        "f1": metrics.f1_score(data.y_val, guess, average="macro"),
    }
    assert {k: r.score for k, r in found.scores.items()} == pytest.approx(wanted)


def test_every_model_is_held_against_one_made_by_hand():
    assert set(BY_HAND) == set(MODELS)


@pytest.mark.slow
@pytest.mark.parametrize("dataset", ["iris", "diabetes"])
def test_test_rows_are_never_touched(dataset):
    data = prepared(Config(dataset=dataset))
    poisoned = replace(data, x_test=None, y_test=None)
    for model in models_for(data.task):
        honest, blind = (fit(model, rows_from(d)) for d in (data, poisoned))
        assert blind.error == ""
        assert blind.scores == honest.scores


def test_nothing_is_learnt_from_validation_rows():
    data = prepared(Config(dataset="iris"))
    told = fit(MODELS["neighbours"], rows_from(data)).scores["accuracy"].score
    # were they trained on, a single neighbour would know each by heart
    shuffled = replace(data, y_val=(data.y_val + 1) % 3)
    fooled = fit(MODELS["neighbours"], rows_from(shuffled)).scores["accuracy"].score
    assert told > 0.8
    assert fooled < 0.2


def test_too_many_rows_are_cut_to_a_stated_part_with_every_class():
    data = prepared(Config(dataset="digits"))
    rows = rows_from(data)
    small = replace(MODELS["neighbours"], most_work=200 * 64 * len(data.y_val))
    found = fit(small, rows)
    assert found.state is Fitted.CAPPED
    assert (found.trained_on, found.of) == (200, len(data.y_train))
    assert found.rows == len(data.y_val)  # scored on all of them
    assert (
        0.7
        < found.scores["accuracy"].score
        < fit(MODELS["neighbours"], rows).scores["accuracy"].score
    )
    assert fit(small, rows).scores == found.scores


def test_work_stays_within_its_limit_for_the_largest_images():
    full = Size(48_000, 784, 10, 12_000)
    for model in models_for("multiclass")[1:]:
        rows = model.most_rows(full)
        assert 10_000 < rows <= 48_000
        assert model.work(full._replace(rows=rows)) <= model.most_work * 1.001


def test_texts_are_bags_of_their_words():
    tokens = np.array([[0, 0, 5, 3, 5], [0, 1, 2, 2, 7], [0, 0, 0, 0, 0]], np.int32)
    bag = multi_hot(tokens, 8)
    assert bag.toarray().tolist() == [
        [0, 0, 0, 1, 0, 1, 0, 0],
        [0, 1, 1, 0, 0, 0, 0, 1],
        [0] * 8,
    ]


@pytest.mark.slow
def test_models_of_texts_find_the_word_that_tells():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 400)
    x = rng.integers(4, 50, (400, 12)).astype(np.int32)
    x[:, 0] = np.where(y == 1, 2, 3)
    part = (x[:300], y[:300], x[300:], y[300:], None, None)
    rows = rows_from(Data("binary", ("bad", "good"), *part), words=1_000)
    for name in ("logistic", "boosting"):
        found = fit(MODELS[name], rows)
        assert found.error == ""
        assert found.scores["accuracy"].score == 1.0
    assert found.note == "on its 300 commonest words"
    assert fit(MODELS["neighbours"], rows).scores["accuracy"].score > 0.6


def test_a_failure_is_a_score_that_says_why():
    data = prepared(Config(dataset="iris"))
    one_class = replace(data, y_train=np.zeros_like(data.y_train))
    found = fit(MODELS["logistic"], rows_from(one_class))
    assert found.state is Fitted.FAILED
    assert not found.scores
    assert "class" in found.error
    assert fit(MODELS["commonest"], rows_from(one_class)).state is Fitted.DONE


@pytest.mark.slow
def test_three_training_rows_are_enough():
    data = prepared(Config(dataset="iris"))
    few = replace(data, x_train=data.x_train[::40], y_train=data.y_train[::40])
    for model in models_for("multiclass"):
        assert fit(model, rows_from(few)).error == ""


@pytest.mark.parametrize(("hits", "rows"), [(0, 10), (3, 10), (29, 30), (1_948, 2_000), (1, 1)])
def test_wilsons_interval_is_that_of_statsmodels(hits, rows):
    reached = wilson(hits / rows, rows)
    assert reached[1:] == pytest.approx(proportion_confint(hits, rows, method="wilson"))


def test_the_interval_of_an_error_covers_the_mean_as_often_as_it_says():
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(1_000):
        low, high = mean_error(np.abs(rng.normal(size=400)))[1:]
        hits += low <= np.sqrt(2 / np.pi) <= high
    assert 925 <= hits <= 970
    assert mean_error(np.array([0.5])) == (0.5, None, None)
    assert mean_error(np.array([0.0, 0.0, 9.0])).low == 0.0


def test_a_resampled_interval_is_about_wilsons_for_a_share():
    hit = np.arange(1_000) < 900
    drawn = resampled(1_000, lambda chosen: float(hit[chosen].mean()))
    assert drawn.score == 0.9
    assert drawn[1:] == pytest.approx(wilson(0.9, 1_000)[1:], abs=0.004)


def test_all_settings_of_the_data_count_and_no_others():
    plain = data_settings(Config())
    assert data_settings(Config(seed=3, hidden=(9,), engine="numpy")) == plain
    others = [{"dataset": "iris"}, {"split": "last:0.2"}, {"preprocess": "none"}]
    for other in (*others, {"selection_split": 0.2}):
        assert data_settings(Config(**other)) != plain
    assert set(DataFields.__dataclass_fields__) <= set(plain)
    moons = data_settings(Config(dataset="moons"))
    for drawn in ({"points": 77}, {"noise": 0.33}):
        assert data_settings(Config(dataset="moons", **drawn)) != moons


@pytest.mark.slow
def test_a_score_comes_back_from_json():
    found = fit(MODELS["boosting"], rows_of(Config(dataset="iris")))
    assert SimpleScore.from_json(found.to_json()) == found
