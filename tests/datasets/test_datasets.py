"""The catalogue tells the truth about the arrays, and the arrays are the known data sets."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import TASKS, Raw
from nncore.datasets.files import EXTRACTS, read_bundled
from nncore.datasets.preparation.cache import load_checked

BUNDLED = [(d, v) for d in DATASETS for v, form in DATASETS[d].variants.items() if form.bundled]
OWN_TEST = ("mnist", "fashion_mnist")
KNOWN_ARRAYS = {  # SHA-256 of the arrays that Keras's own loaders return
    ("mnist", "x_train"): "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    ("mnist", "x_test"): "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    ("fashion_mnist", "x_train"): (
        "2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012"
    ),
    ("fashion_mnist", "x_test"): (
        "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a"
    ),
}


@pytest.fixture(scope="module", params=BUNDLED, ids="-".join)
def loaded(request):
    """(entry, variant, arrays) of every bundled set; loading it checks its hash."""
    dataset, variant = request.param
    entry = DATASETS[dataset]
    return entry, entry.variants[variant], load_checked(entry, entry.variants[variant])


def load(dataset: str, variant: str = "full") -> Raw:
    return load_checked(DATASETS[dataset], DATASETS[dataset].variants[variant])


def rows(x, y):
    """Every row with its target as one row, in an order that depends on the values only."""
    table = np.column_stack([x.reshape(len(x), -1), y])
    return table[np.lexsort(table.T)]


# the catalogue


def test_every_set_of_the_plan_is_there():
    generated = {"circles", "moons", "spirals", "xor", "planar", "gaussians", "synthetic_100"}
    generated |= {"slope", "hills", "sigmoid_neuron"}
    tables = {"iris", "iris_setosa", "wine", "breast_cancer", "diabetes", "california_housing"}
    assert set(DATASETS) == {"digits", "mnist", "fashion_mnist", "imdb"} | tables | generated


@pytest.mark.parametrize("entry", DATASETS.values(), ids=lambda d: d.name)
def test_entries_are_complete(entry):
    assert entry.task in TASKS
    assert entry.kind in ("image", "table", "text", "plane")
    assert entry.description.endswith(".")
    assert entry.source
    assert entry.licence
    assert set(entry.variants) in ({"full"}, {"extract", "full"})
    has_columns = entry.kind not in ("image", "text")
    assert len(entry.features) == (entry.n_features if has_columns else 0)
    regression = entry.task == "regression"
    assert bool(entry.target) == bool(entry.unit) == regression
    assert len(entry.classes) == {"binary": 2, "regression": 0}.get(
        entry.task, max(3, len(entry.classes))
    )
    for variant in entry.variants.values():
        assert len(variant.sha256) == 64
        assert f"{variant.train:,}" in variant.note or f"{variant.train + variant.test:,}" in (
            variant.note
        )


def test_a_comparison_can_start_on_a_fresh_machine_with_every_set_but_the_reviews():
    for entry in DATASETS.values():
        assert entry.name == "imdb" or any(variant.bundled for variant in entry.variants.values())


def test_asking_the_catalogue_loads_no_heavy_library():
    code = (
        "import sys; from nncore.datasets.preparation.cache import available;"
        "available('mnist', 'full');"
        "heavy = 'sklearn scipy pandas streamlit tensorflow keras'.split();"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# the arrays


def test_counts_and_shapes_are_those_of_the_catalogue(loaded):
    entry, variant, raw = loaded
    assert raw.x_train.shape == (variant.train, *entry.input_shape)
    assert raw.x_test.shape == (variant.test, *entry.input_shape)
    assert raw.y_train.shape == (variant.train,)
    assert raw.y_test.shape == (variant.test,)
    assert np.isfinite(raw.x_train).all()
    assert np.isfinite(raw.x_test).all()


def test_labels_are_the_numbers_of_the_class_names(loaded):
    entry, _, raw = loaded
    for y in (raw.y_train, raw.y_test):
        if entry.task == "regression":
            assert y.dtype == np.float64
        else:
            assert y.dtype == np.int64
            if len(y) > 1:  # a single row can't have all classes
                assert set(y.tolist()) == set(range(len(entry.classes)))


def test_pixels_reach_from_0_to_the_largest(loaded):
    entry, _, raw = loaded
    if entry.kind == "image":
        assert raw.x_train.dtype == np.uint8
        assert (raw.x_train.min(), raw.x_train.max()) == (0, entry.largest_pixel)


def test_the_test_part_is_stratified(loaded):
    entry, variant, raw = loaded
    if entry.task != "regression" and entry.name not in OWN_TEST:
        sizes = np.bincount(np.concatenate([raw.y_train, raw.y_test]))
        share = variant.test / (variant.train + variant.test)
        np.testing.assert_allclose(np.bincount(raw.y_test), sizes * share, atol=1.0)


def test_test_rows_are_not_among_the_training_rows(loaded):
    entry, _, raw = loaded
    training_rows = {x.tobytes() for x in raw.x_train}
    twice = sum(x.tobytes() in training_rows for x in raw.x_test)
    # iris itself holds one flower twice; of two lengths to a tenth of a centimetre many are alike
    allowed = {"iris": 1, "iris_setosa": 15}
    assert twice <= allowed.get(entry.name, 0)


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "diabetes", "digits"])
def test_splitting_loses_no_row_of_scikit_learns_tables(name):
    from sklearn import datasets

    options = {"scaled": False} if name == "diabetes" else {}
    original = rows(*getattr(datasets, f"load_{name}")(return_X_y=True, **options))
    raw = load(name)
    ours = rows(np.concatenate([raw.x_train, raw.x_test]), np.append(raw.y_train, raw.y_test))
    np.testing.assert_array_equal(ours, original)


@pytest.mark.parametrize("name", ["iris", "breast_cancer"])
def test_class_names_are_in_scikit_learns_order(name):
    from sklearn import datasets

    names = getattr(datasets, f"load_{name}")().target_names
    assert DATASETS[name].classes == tuple(map(str, names))


@pytest.mark.parametrize("name", ["circles", "spirals", "xor", "planar"])
def test_these_plane_sets_need_a_bent_border(name):
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier

    raw = load(name)
    straight = LogisticRegression().fit(raw.x_train, raw.y_train)
    near = KNeighborsClassifier().fit(raw.x_train, raw.y_train)
    assert straight.score(raw.x_test, raw.y_test) < 0.7
    assert near.score(raw.x_test, raw.y_test) > 0.85


def test_gaussians_are_where_the_description_says():
    raw = load("gaussians")
    for label, centre in ((0, -1.0), (1, 1.0)):
        cloud = raw.x_train[raw.y_train == label]
        np.testing.assert_allclose(cloud.mean(axis=0), centre, atol=5 / np.sqrt(len(cloud)))
        np.testing.assert_allclose(np.cov(cloud.T), np.eye(2), atol=0.2)


# the extracts


def test_every_extract_has_its_note():
    for path in EXTRACTS.glob("*.npz"):
        note = path.with_suffix(".md").read_text()
        assert "Licence" in note
        assert "Cite" in note


def test_the_extracts_stay_small():
    assert sum(path.stat().st_size for path in EXTRACTS.glob("*.npz")) < 6_000_000


@pytest.mark.full_data
@pytest.mark.parametrize("name", OWN_TEST)
def test_extracts_are_rows_of_the_full_set_with_every_class_alike(name):
    full, extract = load(name, "full"), load(name, "extract")
    for part in ("train", "test"):
        x, y = getattr(full, f"x_{part}"), getattr(full, f"y_{part}")
        full_rows = {image.tobytes() + bytes([label]) for image, label in zip(x, y, strict=True)}
        some_x, some_y = getattr(extract, f"x_{part}"), getattr(extract, f"y_{part}")
        for image, label in zip(some_x, some_y, strict=True):
            assert image.tobytes() + bytes([label]) in full_rows
        share = len(some_y) / len(y)
        np.testing.assert_allclose(np.bincount(some_y), np.bincount(y) * share, atol=1.0)


@pytest.mark.full_data
@pytest.mark.parametrize(("name", "array"), KNOWN_ARRAYS)
def test_the_full_sets_are_the_known_ones(name, array):
    digest = hashlib.sha256(getattr(load(name, "full"), array).tobytes()).hexdigest()
    assert digest == KNOWN_ARRAYS[name, array]


@pytest.mark.full_data
def test_california_is_the_published_table_to_the_last_bit():
    with np.load(Path(os.environ["NNLAB_DATA"]) / "california_housing.npz") as file:
        published = rows(file["data"], file["target"])
    raw = load("california_housing")
    ours = rows(np.concatenate([raw.x_train, raw.x_test]), np.append(raw.y_train, raw.y_test))
    np.testing.assert_array_equal(ours, published)


@pytest.mark.full_data
def test_the_script_builds_the_extracts_that_are_bundled():
    from tools.build_extracts import SIZES, housing_columns, image_extract

    folder = Path(os.environ["NNLAB_DATA"])
    built = {name: image_extract(folder, name) for name in SIZES}
    built["california_housing"] = housing_columns(folder)
    for name, arrays in built.items():
        bundled = read_bundled(name)
        assert list(bundled) == list(arrays)
        for key, array in arrays.items():
            assert bundled[key].dtype == array.dtype
            np.testing.assert_array_equal(bundled[key], array)
