"""Splits that scikit-learn makes: the same rows, in the same order, tested against itself."""

import numpy as np
import pytest
from sklearn import datasets
from sklearn.model_selection import train_test_split

from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import ROWS
from nncore.datasets.files import read_bundled, read_npz
from nncore.datasets.preparation import cache
from nncore.datasets.preparation.overview import summarize
from nncore.datasets.preparation.prepare import learnt, prepared, raw_of
from nncore.datasets.splits import validation_split
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS
from nncore.system.errors import InvalidSetting

SPLIT = "random:0.25:42"


def sources():
    """Data as scikit-learn has it, by name; California's targets are those of its own table."""
    for name in ("digits", "iris", "wine", "breast_cancer"):
        x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
        yield name, x, y
    yield "diabetes", *datasets.load_diabetes(return_X_y=True, scaled=False)


SOURCES = list(sources())


@pytest.mark.parametrize("share_and_state", [("0.25", 42), ("0.2", 0), ("0.333", 2**32 - 1)])
@pytest.mark.parametrize(("name", "x", "y"), SOURCES, ids=lambda v: v if type(v) is str else "")
def test_rows_are_those_of_scikit_learn_in_its_order(name, x, y, share_and_state):
    share, state = share_and_state
    some = {"test_size": float(share), "random_state": state}
    left_x, test_x, left_y, test_y = train_test_split(x, y, **some)
    train_x, val_x, train_y, val_y = train_test_split(left_x, left_y, **some)
    config = Config(dataset=name, split=f"random:{share}:{state}", preprocess="none")
    data = prepared(config)
    for ours, theirs in ((data.x_train, train_x), (data.x_val, val_x), (data.x_test, test_x)):
        np.testing.assert_array_equal(ours, theirs.reshape(ours.shape).astype(np.float32))
    for ours, theirs in ((data.y_train, train_y), (data.y_val, val_y), (data.y_test, test_y)):
        np.testing.assert_allclose(ours * data.target_scale + data.target_offset, theirs)
    assert config.counts() == (len(train_y), len(val_y), len(test_y))
    np.testing.assert_array_equal(raw_of(config).y_test, test_y)


def test_california_housing_has_the_parts_that_courses_print():
    config = Config(dataset="california_housing", split=SPLIT)
    assert config.counts() == (11_610, 3_870, 5_160)
    table = read_bundled("california_housing")
    values = table["value_dollars"] / 1e5
    left, test = train_test_split(values, random_state=42)
    train, val = train_test_split(left, random_state=42)
    data = prepared(config)
    for ours, theirs in ((data.y_train, train), (data.y_val, val), (data.y_test, test)):
        np.testing.assert_array_equal(ours, theirs)
    # the first house values of the test part, as Géron's notebooks print them
    assert data.y_test[:3].tolist() == [0.477, 0.458, 5.00001]
    assert np.abs(data.x_train.mean(axis=0)).max() < 1e-4  # standardized on its own training part


def test_a_test_part_that_came_with_the_data_stays():
    config = Config(dataset="fashion_mnist", split=SPLIT, preprocess="none")
    usual = prepared(Config(dataset="fashion_mnist", preprocess="none"))
    data = prepared(config)
    np.testing.assert_array_equal(data.x_test, usual.x_test)
    whole = raw_of(config).y_train
    train, val = train_test_split(whole, random_state=42)
    np.testing.assert_array_equal(data.y_train, train)
    np.testing.assert_array_equal(data.y_val, val)
    assert config.counts() == (3_750, 1_250, 1_000)


@pytest.mark.parametrize("variant", ["extract", "full"])
@pytest.mark.parametrize("name", DATASETS)
def test_the_catalogue_knows_which_test_parts_were_given(name, variant):
    form = DATASETS[name].variants.get(variant)
    if form is None or not form.bundled:
        return
    raw = form.load()
    assert form.test_given == (raw.rows is None)
    if raw.rows is not None:
        np.testing.assert_array_equal(np.sort(raw.rows), np.arange(form.train + form.test))


def test_drawn_points_are_split_by_their_place_in_the_drawing():
    config = Config(dataset="circles", points=100, noise=0.0, split=SPLIT)
    data = prepared(config)
    assert tuple(map(len, (data.y_train, data.y_val, data.y_test))) == config.counts()
    left, test = train_test_split(np.repeat([0, 1], 50), random_state=42)  # outer ring first
    np.testing.assert_array_equal(data.y_test, test)
    np.testing.assert_array_equal(data.y_train, train_test_split(left, random_state=42)[0])


def test_older_prepared_files_get_the_order_of_rows_once_it_is_asked_for():
    path = cache.prepared_file("wine", "full")
    raw = cache.raw("wine", "full")
    np.savez(path, **raw.arrays())  # as versions without published splits left it
    assert cache.mapped("wine", "full") is not None
    assert cache.mapped("wine", "full", SPLIT) is None
    assert len(cache.raw("wine", "full", SPLIT).y_test) == 45
    assert ROWS in read_npz(path, DATASETS["wine"].array_names, more=(ROWS,))
    mapped = cache.mapped("wine", "full", SPLIT)
    np.testing.assert_array_equal(mapped.y_test, cache.raw("wine", "full", SPLIT).y_test)


def test_the_overview_and_the_fitted_scales_are_of_the_published_parts():
    config = Config(dataset="wine", split=SPLIT)
    raw = cache.raw("wine", "full", SPLIT)
    overview = summarize(DATASETS["wine"], raw, SPLIT)
    assert overview.rows.tolist() == list(config.counts())
    train, _ = validation_split(raw.y_train, SPLIT, stratify=True)
    fitted = learnt(config).standardization
    np.testing.assert_allclose(fitted.mean, raw.x_train[train].mean(axis=0), rtol=1e-5)


@pytest.mark.parametrize(
    ("split", "says"),
    [
        ("random:0.25:4.2", "with a whole number from 0 to 4294967295 as its state"),
        ("random:0.25:-1", "with a whole number from 0"),
        ("random:0.25:4294967296", "with a whole number from 0"),
        ("random:0.25", "with a whole number from 0"),
        ("random:1.5:42", "with a share above 0 and below 1"),
        ("random:0.0:42", "with a share above 0 and below 1"),
        ("random", "stratified:SHARE, last:SHARE, first:ROWS, random:SHARE:STATE or none"),
    ],
)
def test_what_is_wrong_with_a_published_split_is_said_in_a_sentence(split, says):
    with pytest.raises(InvalidSetting) as caught:
        Config(split=split)
    assert str(caught.value).startswith("Config.split must be ")
    assert says in str(caught.value)
    assert str(caught.value).endswith(f"got {split!r}.")


def test_one_split_has_one_form():
    assert Config(split="random:.250:042") == Config(split=SPLIT)
    assert Config(split=SPLIT).split == SPLIT


def test_a_published_split_is_fixed():
    with pytest.raises(InvalidSetting, match="a published one, whose rows are fixed by its state"):
        Config(split=SPLIT, split_seed=1)
    with pytest.raises(InvalidSetting, match="a published one"):
        ask(QUESTIONS["dropout"], settings={"split": SPLIT}, repeat_splits=True)


def test_every_arm_is_tested_on_the_same_rows():
    with pytest.raises(InvalidSetting, match="the same split where one is published"):
        ask(QUESTIONS["dropout"], ["a:split=random:0.25:42", "b:split=random:0.25:1"])
