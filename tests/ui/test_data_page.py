"""The Data page, run by AppTest, and the charts it shows."""

import json
import os
import time

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Raw
from nncore.datasets.download import downloads
from nncore.datasets.download.downloads import Progress
from nncore.datasets.own import child as own_child
from nncore.datasets.own.store import delete
from nncore.datasets.own.upload import add, inspect, own_datasets
from nncore.datasets.preparation import overviews
from nncore.datasets.preparation.cache import mapped, prepared_file, raw
from nncore.datasets.preparation.overview import BINS, Overview, summarize
from nncore.datasets.preparation.overviews import (
    kept_overview,
    make_overview,
    write_overview,
)
from nncore.datasets.preparation.prepare import learnt
from nncore.datasets.preparation.preprocessing import transform_for
from nncore.datasets.ragged import Ragged
from nncore.datasets.sets.text import Vocabulary
from nncore.datasets.splits import validation_split
from nncore.engines.weights import initial_weights
from nncore.figures.untrained import data as charts
from nncore.figures.untrained import data_pixels, data_text
from nncore.lab.lab import Lab
from nncore.saved.network import SavedNetwork, from_bytes, to_bytes
from nncore.system.errors import ChildFailed, DataError
from nncore.system.owners import OPERATOR
from tests.in_process import read_here
from tests.ui.test_pages import open_page, texts
from ui.data.link import PARTS
from ui.data.samples import exact

pytestmark = pytest.mark.slow

BUNDLED = [name for name, d in DATASETS.items() if any(v.bundled for v in d.variants.values())]
SPLIT = "stratified:0.2"


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


@pytest.fixture(autouse=True)
def no_child(monkeypatch):
    """Uploads are read in this process: test_own_data.py has the child."""
    read_here(monkeypatch)


def first_bundled(name):
    return next(v for v, form in DATASETS[name].variants.items() if form.bundled)


@pytest.fixture
def ready():
    """Prepare an overview here, as the child process would: quicker than starting one."""

    def prepare(name, split=SPLIT):
        write_overview(name, first_bundled(name), split)
        return kept_overview(name, first_bundled(name), split)

    return prepare


@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_data_set_opens(ready, name):
    """One of each kind with every part; of the others the first."""
    ready(name)
    for show in PARTS if name in ("digits", "wine", "moons") else list(PARTS)[:1]:
        app = open_page("data", dataset=name, show=show)
        assert not app.error
        assert not app.warning
        assert DATASETS[name].source.split(",")[0] in texts(app.markdown).replace("\\", "")


def test_child_process_prepares_what_is_not_there():
    path = prepared_file("moons", "full")
    path.unlink(missing_ok=True)
    overview = make_overview("moons", "full", "last:0.25")
    assert list(overview.rows) == [600, 200, 200]
    assert path.is_file()


def test_a_new_overview_outlives_those_of_a_clock_that_was_ahead(ready, monkeypatch, tmp_path):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    folder = prepared_file("moons", "full").parent
    folder.mkdir(parents=True)
    tomorrow = time.time() + 86_400
    for name in ("some", "other"):
        ahead = folder / f"{name}.overview"
        ahead.touch()
        os.utime(ahead, (tomorrow, tomorrow))
    monkeypatch.setattr(overviews, "_MOST_KEPT", 2)
    assert ready("moons", "last:0.3") is not None
    assert len(list(folder.glob("*.overview"))) == 2


def test_child_process_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path))
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    with pytest.raises(DataError, match=r"mnist\.npz was not found"):
        make_overview("mnist", "full", SPLIT)


def test_an_address_that_is_no_mirror_is_said_where_the_way_by_hand_would_be(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path))
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NNLAB_DOWNLOAD_URL", "ftp://lab:s3cr3t@mirror.test/")
    app = open_page("data", dataset="mnist", variant="full")
    assert "NNLAB_DOWNLOAD_URL must be the address" in texts(app.markdown).replace("\\", "")
    assert "s3cr3t" not in texts(app.markdown)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"dataset": "mnits"}, "Did you mean 'mnist'?"),
        ({"variant": "half"}, "variant must be one of extract, full; got 'half'"),
        ({"dataset": "iris", "sample": "5000"}, "Iris has training rows 0 to 119; got 5000"),
        ({"sample": "many"}, "sample must be a whole number"),
        ({"preprocess": "wash"}, "preprocess must be one of"),
        ({"split": "foo"}, "split must be stratified:SHARE"),
        ({"show": "all"}, "show must be one of"),
        ({"datset": "iris"}, "Did you mean 'dataset'?"),
    ],
)
def test_bad_link_value_is_refused_with_a_sentence(ready, query, says):
    for name in ("digits", "iris"):
        ready(name)
    app = open_page("data", **query)
    assert says in texts(app.warning)
    assert not app.error
    assert not set(query) - {"dataset"} & set(app.query_params)


def test_settings_that_contradict_each_other_are_explained():
    app = open_page("data", dataset="iris", preprocess="l2_axis1")
    assert "l2_axis1 needs images" in texts(app.warning)


def test_link_says_what_is_shown(ready):
    ready("iris", "last:0.1")
    query = {"dataset": "iris", "split": "last:0.1", "sample": "7", "show": "example"}
    app = open_page("data", **query)
    assert app.query_params == query
    assert app.number_input(key="data.sample").value == 7
    app.selectbox(key="data.preprocess").set_value("none").run()
    assert app.query_params == query | {"preprocess": "none"}
    app.selectbox(key="data.dataset").set_value("digits").run()
    assert "sample" not in app.query_params
    assert not app.exception


def test_part_stays_when_the_data_set_changes(ready):
    for name in ("digits", "iris"):
        ready(name)
    app = open_page("data", show="features")
    app.selectbox(key="data.dataset").set_value("iris").run()
    assert not app.exception
    assert app.query_params == {"dataset": "iris", "show": "features"}
    assert "Which columns go together" in texts(app.subheader)


def test_other_samples_are_others(ready):
    ready("iris")
    app = open_page("data", dataset="iris")
    before = list(app.dataframe[0].value["Row"])
    app.button(key="data.others").click().run()
    assert app.query_params["draw"] == "1"
    assert list(app.dataframe[0].value["Row"]) != before


def test_example_shows_the_numbers_a_network_gets(ready):
    ready("wine")
    data = raw("wine", "full")
    train, _ = validation_split(data.y_train, SPLIT, stratify=True)
    expected = transform_for(DATASETS["wine"], "auto", data.x_train[train])(data.x_train[[3]])[0]
    app = open_page("data", dataset="wine", show="example", sample="3")
    values = app.dataframe[0].value["After preprocessing"]
    np.testing.assert_allclose(
        [float(text.replace("−", "-")) for text in values], expected, rtol=1e-3
    )
    one_hot = app.dataframe[1].value.iloc[0].astype(int)
    assert one_hot.sum() == 1
    assert one_hot.argmax() == data.y_train[3]


def test_missing_data_is_offered_for_download(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    started = []
    monkeypatch.setattr("ui.comparison.missing_data.start", started.append)
    app = open_page("data", dataset="imdb")
    assert "is not on this machine" in texts(app.markdown)
    app.button(key="data.missing.download").click().run()
    assert started == ["imdb"]
    assert not app.exception


@pytest.mark.parametrize(
    ("state", "label"),
    [(downloads.RUNNING, "Cancel"), (downloads.FAILED, "Try again")],
)
def test_states_of_a_download(monkeypatch, tmp_path, state, label):
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    now = Progress(state, 4_000_000, 11_490_434, "The server was silent for 30 seconds.")
    monkeypatch.setattr("ui.comparison.missing_data.progress", lambda name: now)
    for page in ("data", "activations"):
        app = open_page(page, dataset="mnist", variant="full")
        assert label in [button.label for button in app.button]
        if state == downloads.FAILED:
            assert "silent" in texts(app.error)


def own_table():
    rng = np.random.default_rng(0)
    widths, reds = rng.uniform(size=60), rng.integers(2, size=60)
    rows = [
        f"{a if i % 9 else '':.3},{'red' if b else 'green' if i % 8 else ''},{int(a + b > 1)}"
        for i, (a, b) in enumerate(zip(widths, reds, strict=True))
    ]
    return inspect("\n".join(["width,colour,sold", *rows]).encode(), "shop.csv")


@pytest.fixture
def own():
    made = add(own_table(), target="sold", features=("width", "colour"), task="classification",
               label="Shop")  # fmt: skip
    yield made
    if made in own_datasets():
        delete(made.name, OPERATOR)


def test_own_set_is_shown_and_every_comparison_offers_it(own):
    app = open_page("data", dataset=own.name, show="features")
    assert not app.error
    assert list(app.dataframe[0].value["Column"]) == ["width", "colour"]
    assert list(app.dataframe[0].value["Holds"]) == ["number", "category"]
    for show in PARTS:
        app = open_page("data", dataset=own.name, show=show, sample="4")
        assert not app.exception
        assert not app.error
    shown = app.dataframe[0].value
    assert list(shown["Input"]) == list(own.recipe.names)
    config = Config(dataset=own.name, engine="numpy")
    ready = from_bytes(
        to_bytes(SavedNetwork(config, tuple(initial_weights(config)), learnt(config)))
    ).inputs(raw(own.name, "full").x_train[4:5])[0]
    said = [float(text.replace("−", "-")) for text in shown["After preprocessing"]]
    np.testing.assert_allclose(said, ready, rtol=1e-3)
    app = open_page("activations", dataset=own.name)
    assert app.selectbox(key="activations.dataset").value == own.name
    assert not app.warning
    assert not app.button(key="activations.run").disabled


def test_own_set_is_renamed_and_deleted(own):
    app = open_page("data")
    app.text_input(key=f"own.new.{own.name}").set_value("Second shop")
    app.button(key=f"own.rename.{own.name}").click().run()
    assert [d.label for d in own_datasets()] == ["Second shop"]
    app.button(key=f"own.show.{own.name}").click().run()
    assert app.query_params["dataset"] == own.name
    app.button(key=f"own.delete.{own.name}").click().run()
    assert own_datasets() == []
    assert not app.exception
    assert app.query_params == {}


def test_page_says_who_can_see_an_upload():
    assert "only you see it" in texts(open_page("data").info)


def columns_of(app):
    """The table of what each column of an upload is like."""
    (shown,) = (d.value for d in app.dataframe if "Use as" in d.value)
    return shown.set_index("Column")


def test_upload_is_looked_at_chosen_and_kept():
    app = open_page("data")
    rows = "\n".join(f"{i},{i % 3 if i % 7 else ''},{i * 2 if i % 9 else ''}" for i in range(60))
    app.file_uploader[0].upload("t.csv", f"a,kind,price\n{rows}".encode(), "text/csv").run()
    assert not app.exception
    target = next(box for box in app.selectbox if box.label == "To predict")
    assert target.value == "price"
    assert "7 of 60 rows lack a value" in texts(app.caption)
    assert "a (it counts the rows)" in texts(app.caption)
    columns = columns_of(app)
    assert dict(columns["Use as"]) == {"a": "identifier", "kind": "number"}
    assert columns.loc["kind", "Missing"] == 9
    (which,) = (box for box in app.multiselect if box.label == "Change columns")
    which.set_value(["kind"]).run()
    (role,) = (box for box in app.selectbox if box.label == "Use them as")
    role.set_value("category").run()
    assert columns_of(app).loc["kind", "Use as"] == "category"
    (gaps,) = (box for box in app.selectbox if box.label == "Missing values")
    gaps.set_value("leave_rows_out").run()
    assert "of 60 rows lack a value" in texts(app.caption)
    gaps = next(box for box in app.selectbox if box.label == "Missing values")
    gaps.set_value("impute").run()
    app.button(key="own.keep").click().run()
    assert not app.exception
    (made,) = own_datasets()
    assert (made.task, made.label) == ("regression", "t: price")
    assert made.recipe.names == ("kind = 0", "kind = 1", "kind = 2", "kind = (missing)")
    assert app.query_params["dataset"] == made.name
    assert "Train on it" in texts(app.success)
    delete(made.name, OPERATOR)


def test_how_a_file_was_read_is_said_and_changed_by_a_click():
    rows = "".join(f"{0 if i % 7 == 3 else 60 + i},{'?' if i % 9 == 4 else 'ab'[i % 2]}\n"
                   for i in range(60))  # fmt: skip
    app = open_page("data")
    data = f"Taken in May,\npressure,kind\n{rows}".replace(",\n", "\n", 1)
    app.file_uploader[0].upload("t.csv", data.encode(), "text/csv").run()
    assert "'?' counts as missing" in texts(app.caption).replace("\\", "")
    (counted,) = (box for box in app.button_group if box.label == "Counts as missing")
    names = [option.replace("\\", "") for option in counted.options]
    assert [name.split(" (")[0] for name in names] == ["pressure: 0", "kind: ?"]
    assert columns_of(app).loc["pressure", "Missing"] == 0
    counted.set_value(counted.options).run()
    assert columns_of(app).loc["pressure", "Missing"] == 9
    (title,) = (box for box in app.toggle if "title" in box.label)
    assert title.value
    title.set_value(False).run()
    assert not app.exception
    assert "Taken in May" in [column.name for column in app.session_state["own.table"][1].columns]
    (title,) = (box for box in app.toggle if "title" in box.label)
    title.set_value(True).run()
    assert columns_of(app).loc["pressure", "Missing"] == 9  # what was said before is kept


def test_file_that_is_no_table_is_refused_with_a_sentence():
    app = open_page("data")
    app.file_uploader[0].upload("t.csv", b"PK\x03\x04rest", "text/csv").run()
    assert "may be damaged" in texts(app.error)
    assert "Try again" not in [button.label for button in app.button]
    assert not app.exception


def test_file_that_the_machine_could_not_read_is_tried_again(monkeypatch):
    asked = []

    def busy(*job, **how):
        asked.append((job, how))
        raise ChildFailed("The machine is busy.")

    app = open_page("data")
    with monkeypatch.context() as patched:
        patched.setattr(own_child, "ask", busy)
        app.file_uploader[0].upload("t.csv", b"a,b\n1,2\n3,4\n", "text/csv").run()
        assert "The machine is busy" in texts(app.error).replace("\\", "")
        app.run()
        assert len(asked) == 1  # not with every click elsewhere
    app.button(key="own.again").click().run()
    assert not app.error
    assert "What is in it" in texts(app.subheader)


def test_overview_counts_every_row_once(ready):
    for name in ("digits", "iris", "circles"):
        overview, data = ready(name), mapped(name, "full")
        y = np.concatenate([data.y_train, data.y_test])
        np.testing.assert_array_equal(overview.counts.sum(axis=0), np.bincount(y))
        np.testing.assert_array_equal(overview.counts.sum(axis=1), overview.rows)


def test_overview_of_a_table_agrees_with_numpy(ready):
    overview, data = ready("diabetes"), raw("diabetes", "full")
    train, _ = validation_split(data.y_train, SPLIT, stratify=False)
    x, y = data.x_train[train], data.y_train[train]
    np.testing.assert_allclose(overview.mean, x.mean(axis=0))
    np.testing.assert_allclose(overview.std, x.std(axis=0))
    assert overview.histograms.shape == (10, BINS)
    assert (overview.histograms.sum(axis=1) == len(x)).all()
    r = overview.correlations
    assert r.shape == (11, 11)
    np.testing.assert_allclose(np.diag(r), 1)
    slope = np.polyfit(x[:, 2], y, 1)[0]  # r = slope * sd(x) / sd(y)
    assert r[2, -1] == pytest.approx(slope * x[:, 2].std() / y.std())


def tiny_reviews():
    rows = [[1, 10, 11, 10], [1, 12], [1, 10, 2, 2], [1, 13, 13, 13], [1, 13], [1, 10]]
    flat = np.concatenate(rows).astype(np.int32)
    offsets = np.cumsum([0, *map(len, rows)]).astype(np.int32)
    y = np.array([0, 0, 0, 1, 1, 1])
    return Raw(Ragged(flat, offsets), y, Ragged(flat[:0], np.array([0])), y[:0])


def test_overview_of_texts_counts_words_not_padding_or_start():
    overview = summarize(DATASETS["imdb"], tiny_reviews(), "none")
    assert list(overview.lengths) == [3, 1, 3, 3, 1, 1]
    assert [int(i) for i in overview.words[:2]] == [10, 13]
    assert overview.word_counts[:, :2].tolist() == [[3, 0], [1, 4]]


def drawn(chart):
    assert chart.alt
    assert chart.look_for
    assert json.loads(chart.figure.to_json())["data"]
    return chart


def test_charts_say_what_they_show(ready, monkeypatch):
    digits, about = ready("digits"), DATASETS["digits"]
    chart = drawn(charts.class_counts(about, digits, SPLIT, key="k"))
    assert list(chart.table["Training"]) == list(digits.counts[0])
    assert "equally common" in chart.look_for
    cancer = drawn(charts.class_counts(DATASETS["breast_cancer"], ready("breast_cancer"), SPLIT,
                                       key="k"))  # fmt: skip
    assert "62.6 %" in cancer.look_for
    drawn(data_pixels.pixel_values(about, digits, key="k"))
    maps = drawn(data_pixels.pixel_maps(about, digits, key="k"))
    assert len(maps.table) == 64
    housing = ready("california_housing")
    target = drawn(charts.target_histogram(DATASETS["california_housing"], housing, key="k"))
    assert target.table["To"].iloc[-1] == pytest.approx(500_001, rel=1e-3)
    pairs = drawn(charts.correlations(DATASETS["california_housing"], housing, key="k"))
    assert "average rooms with average bedrooms" in pairs.look_for
    text = summarize(DATASETS["imdb"], tiny_reviews(), "none")
    drawn(data_text.text_lengths(DATASETS["imdb"], text, 500, key="k"))
    monkeypatch.setattr(data_text, "vocabulary", lambda: Vocabulary({}, {10: "good", 13: "bad"}))
    words = drawn(data_text.word_counts(DATASETS["imdb"], text, key="k"))
    assert words.table.head(2).values.tolist() == [["good", 3, 1], ["bad", 0, 4]]


def test_too_many_columns_say_so():
    chart = charts.correlations(
        DATASETS["digits"], Overview(np.zeros(3), np.zeros((3, 2))), key="k"
    )
    assert "Too many columns" in chart.alt


def test_pages_of_prepared_data_are_quick(ready):
    ready("mnist")
    open_page("data", dataset="mnist")
    took = []
    for show in PARTS:
        app = open_page("data", dataset="mnist", show=show)
        began = time.process_time()
        app.run()
        took.append(time.process_time() - began)
    assert max(took) < 1.5  # of the processor, with room for a slow machine


def test_values_of_a_row_are_written_as_they_are():
    assert [exact(v) for v in (64.0, 31219.0, -119.6, 0.0)] == ["64", "31,219", "−119.6", "0"]
