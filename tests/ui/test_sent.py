"""What a client without a browser's manners may send as the value of a control."""

import math

import pytest
from streamlit.proto.Common_pb2 import DoubleArray, StringArray

from tests.raw_client import session

pytestmark = pytest.mark.slow

TOLD = "was sent a value that it can"
BUTTONS = ("Button", "DownloadButton")
ANYTHING = [
    {"double_value": math.nan},
    {"double_value": 1e300},
    {"int_value": -(2**62)},
    {"bool_value": True},
    {"string_value": "\x1b[2J\u2028" + "9" * 5000},
    {"json_value": "no JSON"},
    {"json_value": '{"ink": [NaN]}'},
    {"double_array_value": DoubleArray(data=[math.nan])},
    {"string_array_value": StringArray(data=["\x00", "[]", ""])},
    {},
]


def controls(page):
    """The ids of a page's controls by the last part of their keys; buttons only do something."""
    widgets = page.widgets().items()
    return {i.rsplit("-", 1)[-1]: i for i, drawn in widgets if type(drawn).__name__ not in BUTTONS}


def trainings(page):
    """What Run would train, as the page says it."""
    (said,) = [
        element.markdown.body
        for element in page.elements
        if element.WhichOneof("type") == "markdown" and " trainings" in element.markdown.body
    ]
    return said.split(" trainings")[0].split()[-1]


def errors(page):
    return [e.exception.message for e in page.elements if e.WhichOneof("type") == "exception"]


@pytest.mark.parametrize(
    "sent",
    [
        {"double_value": math.nan},
        {"double_value": math.inf},
        {"string_value": "five"},
        {"string_value": "5"},
        {"json_value": "{}"},
        {"double_array_value": DoubleArray(data=[7])},
    ],
    ids=lambda sent: "-".join(sent),
)
def test_a_number_of_seeds_that_is_none_has_its_sentence_and_changes_nothing(server, sent):
    with session(server.url) as client:
        seeds = controls(client.run("activations"))["activations.seeds"]
        page = client.run("activations", **{seeds: {"double_value": 5.0}})
        assert trainings(page) == "20"
        page = client.run("activations", **{seeds: sent})
        assert errors(page) == []
        assert TOLD in page.texts()
        assert trainings(page) == "20"
        page = client.run("activations", **{seeds: {"double_value": 6.0}})
        assert TOLD not in page.texts()
        assert trainings(page) == "24"


def test_a_browser_sends_whole_numbers_as_such(server):
    with session(server.url) as client:
        seeds = controls(client.run("activations"))["activations.seeds"]
        page = client.run("activations", **{seeds: {"int_value": 5}})
        assert TOLD not in page.texts()
        assert trainings(page) == "20"


def test_a_value_that_comes_before_its_control_is_drawn_is_looked_at_too(server):
    with session(server.url) as client:
        seeds = controls(client.run("activations"))["activations.seeds"]
    with session(server.url) as client:
        page = client.run("activations", **{seeds: {"double_value": math.nan}})
        assert errors(page) == []
        assert trainings(page) == "12"


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("activations", ""),
        ("workshop", "dataset=digits&engine=numpy&ask=own"),
    ],
)
def test_whatever_all_controls_of_a_page_are_sent_no_error_shows(server, name, query):
    with session(server.url) as client:
        ids = controls(client.run(name, query))
        assert len(ids) > 2
        for value in ANYTHING:
            drawn = client.run(name, query, **dict.fromkeys(ids.values(), value))
            assert errors(drawn) == [], value
            ids |= controls(drawn)
        assert errors(client.run(name, query)) == []
