"""Columns of wide and deep, and published splits, on the page of a question."""

import pytest

from nncore.datasets.catalogue import DATASETS
from nncore.lab.lab import Lab
from tests.ui.advanced import opened
from tests.ui.test_pages import control, open_page, texts

pytestmark = pytest.mark.slow

PRICES = {"dataset": "california_housing", "v": "2"}


@pytest.fixture(autouse=True)
def cold(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


def test_columns_are_chosen_among_those_of_the_data_set():
    app = opened(open_page("models", arms="mlp,wide_deep", **PRICES))
    wide = control(app.multiselect, "models.wide_inputs")
    assert tuple(wide.options) == tuple(DATASETS["california_housing"].columns)
    assert wide.value == []
    wide.set_value(["latitude", "longitude"]).run()
    assert not app.exception
    assert app.query_params["wide_inputs"] == "latitude-longitude"
    control(app.multiselect, "models.wide_inputs").set_value([]).run()
    assert "wide_inputs" not in app.query_params


def test_columns_are_offered_where_a_network_is_wide_and_deep_only():
    app = opened(open_page("models", arms="mlp", **PRICES))
    keys = {str(w.key).partition("/")[0] for w in app.multiselect}
    assert not {"models.wide_inputs", "models.deep_inputs"} & keys


def test_a_link_with_an_unknown_column_says_so():
    app = open_page("models", arms="mlp,wide_deep", deep_inputs="latitud", **PRICES)
    assert "Did you mean 'latitude'?" in texts([*app.warning, *app.error])


def test_a_published_split_can_not_be_repeated_and_says_why():
    link = {"split": "random:0.25:42", "repeat_splits": "true"}
    app = open_page("models", arms="mlp,wide_deep", **link, **PRICES)
    assert "a published one, whose rows are fixed by its state" in texts([*app.warning, *app.error])
