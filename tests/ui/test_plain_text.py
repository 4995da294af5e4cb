"""Text from people is plain text: in Markdown, charts, tables, downloads and on every page."""

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nncore.analysis.reading import read
from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.own import store as own_store
from nncore.datasets.own import upload as own
from nncore.datasets.own.csv_table import CLASSIFICATION, REGRESSION
from nncore.datasets.preparation.overviews import make_overview
from nncore.datasets.preparation.prepare import learnt
from nncore.engines.weights import initial_weights
from nncore.export.print import print_figure
from nncore.export.tables import is_formula, records_csv, scores_csv
from nncore.figures.named import figures
from nncore.figures.parts.text import literal
from nncore.figures.subject import Subject
from nncore.figures.trained.capacity import layer_parameters
from nncore.figures.trained.curves import learning_curves
from nncore.figures.trained.engines import loss_differences
from nncore.figures.trained.rates import schedule_rates, score_against_rate
from nncore.figures.trained.stopping import where_to_stop
from nncore.figures.untrained import data as data_charts
from nncore.figures.untrained.answers import answer_bars
from nncore.figures.untrained.rows import Points
from nncore.lab.lab import Lab
from nncore.questions.arms import Arm
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Status, Summary
from nncore.saved.answers import Answer
from nncore.saved.network import SavedNetwork, to_bytes
from nncore.system.owners import OPERATOR
from tests import strangers
from tests.figures.test_figures import CHARTS
from tests.listed import listed, show
from tests.strangers import LABELS, TEXTS, TYPED, as_read, drawn
from ui.guards.plain import cell, plain
from ui.shell import entries, page_path

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
MARKUP = [text for text in LABELS if plain(f"x {text}") != f"x {text}"]  # wherever it stands


def one_line(text):
    return " ".join(text.split())


@pytest.fixture(scope="module")
def classes_of_strangers():
    name = strangers.stranger_data()
    yield name
    own_store.delete(name, OPERATOR)


@pytest.fixture(scope="module")
def numbers_of_strangers():
    name = strangers.stranger_data(REGRESSION)
    yield name
    own_store.delete(name, OPERATOR)


# the mechanism; what browsers make of it is tested in test_plain_text_browser


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_lost_in_markdown(text):
    assert as_read(plain(text)) == one_line(text)


@pytest.mark.parametrize(
    "text", ["ReLU", "50.0 %", "Validation loss, 3 seeds (mean): 1.5 to 2.", "−0.5"]
)
def test_ordinary_words_are_left_alone(text):
    assert plain(text) == text


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_lost_in_charts(text):
    markup = literal(text)
    assert drawn(markup) == text
    assert not re.search(r"[<>$]|%\{|&(?!#\d+;)", markup)


FORMULAS = ("=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r\n=1", "  =1", "=", "-a", "＝1+1", "-1;=2")
NO_FORMULAS = ("-0.5", "-1", "-1e-3", "-1,234.5", "1-1", "a=b", "", "x@y", "–1", "−1")


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_calculate_is_marked(text):
    assert is_formula(text)
    assert not is_formula(cell(text))
    assert as_read(cell(text)) == text


@pytest.mark.parametrize("text", NO_FORMULAS)
def test_numbers_and_words_are_no_formulas(text):
    assert not is_formula(text)
    assert cell(text) == text


@pytest.mark.parametrize("write", [records_csv, scores_csv])
def test_no_cell_of_a_csv_file_begins_a_formula(write):
    """Also where semicolons or tabs are taken for the borders of cells."""
    made = strangers.snapshot_of()
    labels = ("a;=1+1", "a\N{NO-BREAK SPACE}=1", '";=1', "x,=1", *LABELS[4:])[: len(made.arms)]
    names = dict(zip([arm.label for arm in made.arms], labels, strict=True))
    arms = tuple(replace(arm, label=names[arm.label]) for arm in made.arms)
    trials = tuple(replace(t, arm=names[t.arm], error="=1\t=2\n@x") for t in made.trials)
    made = replace(made, comparison=replace(made.comparison, arms=arms), trials=trials)
    for separator in ",;\t":
        rows = list(csv.reader(io.StringIO(write(read(made))), delimiter=separator))
        assert len(rows) > len(trials)
        assert not [c for row in rows for c in row if is_formula(c)]
    first = [row[0].removeprefix("'") for row in csv.reader(io.StringIO(write(read(made))))]
    assert set(first) == {"arm", *map(one_line, labels)}


# charts


def of_figure(value, path=""):
    """(path, string) of everything in a figure that plotly draws as text."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in ("template", "uirevision", "legendgroup", "colorscale"):
                yield from of_figure(part, f"{path}.{key}")
    elif isinstance(value, str):
        yield path, value
    elif isinstance(value, list | tuple | np.ndarray) and not (
        isinstance(value, np.ndarray) and value.dtype.kind in "fiub"
    ):
        for part in value:
            yield from of_figure(part, path)


def check_drawn(chart, *texts):
    """No markup in `chart` is a stranger's, and these texts are drawn as they are."""
    strings = list(of_figure(chart.figure.to_plotly_json()))
    for path, markup in strings:
        ours = re.sub(rf"<br>|<extra>[\w ]*</extra>|{strangers.OURS}", "", markup)
        if path.endswith("template"):
            ours = re.sub(r"%\{(x|y|z|text|customdata)[^{}]*\}", "", ours)
        assert not re.search(r"[<>$]|%\{|&(?!#\d+;)", ours), (path, markup)
    everything = "".join("".join(drawn(markup).split()) for _, markup in strings)
    for text in texts:
        assert "".join(text.split()) in everything
    for words in (chart.alt, chart.look_for):
        assert "&#" not in words


OF_QUESTIONS = {
    "optimizers": {**CHARTS},
    "learning_rate": {
        "scores": score_against_rate,
        "rates": lambda s: schedule_rates(s.snapshot.configs),
    },
    "epochs": {"stop": where_to_stop},
    "batch_size": {"updates": lambda s: learning_curves(s, "loss", over="updates")},
    "capacity": {"layers": lambda s: layer_parameters(s.snapshot.configs)},
    "engines": {"engines": loss_differences},
}


@pytest.mark.parametrize(
    ("question", "name"), [(q, name) for q, charts in OF_QUESTIONS.items() for name in charts]
)
def test_labels_are_text_in_charts(question, name):
    made = strangers.snapshot_of(question)
    chart = OF_QUESTIONS[question][name](read(made))
    one_arm = name.startswith(("confusion", "predicted", "together", "gap by epochs"))
    drawn_arms = (
        [] if one_arm or chart.table.empty else list(dict.fromkeys(chart.table.get("Arm", [])))
    )
    assert one_arm or name in ("mae", "engines") or drawn_arms
    assert {text.partition(" (")[0] for text in drawn_arms} <= set(LABELS)  # as they are
    check_drawn(chart, *(drawn_arms if "quality" not in name else []))


def test_names_of_an_own_set_are_text_in_charts(classes_of_strangers, numbers_of_strangers):
    about, number = DATASETS[classes_of_strangers], DATASETS[numbers_of_strangers]
    assert set(LABELS) <= set(about.classes)
    overview = make_overview(about.name, "full", "stratified:0.2")
    check_drawn(data_charts.class_counts(about, overview, "none", key="k"), *LABELS)
    check_drawn(data_charts.correlations(about, overview, key="k"))
    plane = replace(about, classes=LABELS)
    x, y = np.zeros((len(LABELS), 2)), np.arange(len(LABELS))
    plane = replace(plane, features=LABELS[:2], recipe=None)
    chart = data_charts.plane_points(plane, Points(x, y, y > 2), key="k")
    check_drawn(chart, *LABELS)
    overview = make_overview(number.name, "full", "stratified:0.2")
    strange = replace(number, target=LABELS[0], unit=LABELS[6])
    check_drawn(data_charts.target_histogram(strange, overview, key="k"), LABELS[6])
    said = Answer(LABELS, np.full(len(LABELS), 0.1))
    check_drawn(answer_bars(said, key="k", truth=1), *LABELS)
    made = strangers.snapshot_of(dataset=about.name)
    for name in ("confusion", "scores, last"):
        check_drawn(CHARTS[name](read(made)), *(LABELS if name == "confusion" else ()))


def test_labels_are_text_in_print(classes_of_strangers):
    made = strangers.snapshot_of(dataset=classes_of_strangers)
    for name in ("cost_bars", "confusion", "relative_curves"):
        subject = Subject(made.comparison, read(made), LABELS[-1])
        svg = ElementTree.fromstring(print_figure(figures()[name].draw(subject, {}), "svg"))
        texts = [e.text or "" for e in svg.iter("{http://www.w3.org/2000/svg}text")]
        written = "".join("".join(texts).split())  # long ones take several lines
        assert all("".join(label.split()) in written for label in LABELS)
        links = "{http://www.w3.org/1999/xlink}href"
        assert all(e.get(links, "#").startswith("#") for e in svg.iter())


# pages

AS_IT_IS = {  # fields of Streamlit's elements that its front end shows or uses as they are
    *("id", "element_id", "key", "url", "alt", "spec", "config", "file_name", "placeholder"),
    *("default", "value", "raw_value", "raw_values", "set_value", "options", "query_string"),
    *("json", "column_order", "columns", "name", "language", "mime", "data"),
}


def fields(message, path=()):
    """(path, string) of a protobuf message."""
    for field, value in message.ListFields():
        parts = value if isinstance(value, list) or hasattr(value, "append") else [value]
        if hasattr(value, "items") and not hasattr(value, "ListFields"):
            continue
        for part in parts:
            if hasattr(part, "ListFields"):
                yield from fields(part, (*path, field.name))
            elif isinstance(part, str):
                yield (*path, field.name), part


def nodes(block):
    yield block
    for child in getattr(block, "children", {}).values():
        yield from nodes(child)


def markdown_of(app):
    """(what it is, Markdown) of everything on a page that Streamlit reads as Markdown."""
    for node in nodes(app._tree):
        proto = getattr(node, "proto", None)
        if proto is None or not hasattr(proto, "ListFields"):
            continue
        kind = type(proto).__name__
        for path, text in fields(proto):
            if kind in ("Code", "PlotlyChart", "BidiComponent"):
                continue
            if path[-1] not in AS_IT_IS or (kind, path[-1]) in (("Radio", "options"),):
                yield (kind, *path), text


def check_page(app):
    """Nothing of a stranger is Markdown, and no option of a menu shows what escapes it."""
    assert not app.exception
    for where, text in markdown_of(app):
        assert not [raw for raw in MARKUP if raw in text], (where, text)
    for menu in (*app.selectbox, *app.multiselect):
        assert not [o for o in menu.options if "\\" in o or "\N{WORD JOINER}" in o]
    for table in app.table:
        cells = [str(text) for name in table.value for text in table.value[name]]
        assert not [cell for cell in cells if any(raw in cell for raw in MARKUP)]
    for table in app.dataframe:
        frame = table.value
        words = [*map(str, frame.columns), *(t for n in frame for t in frame[n] if type(t) is str)]
        assert not [w for w in words if is_formula(w) or "\\" in w or "&#" in w]


@pytest.fixture
def no_warm_up(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


def opened(monkeypatch, page, snapshot=None, state=None, **query):
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: snapshot)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    app.query_params.update(query | ({"c": "made"} if snapshot else {}))
    for key, value in (state or {}).items():
        app.session_state[key] = value
    app.switch_page(page_path(page)).run()
    return app


def own_tabs(question):
    """The names of the tabs of a question's results."""
    more = {
        "capacity": "Quality and cost",
        "epochs": "When to stop",
        "engines": "Agreement",
        "learning_rate": "Score and rate",
    }
    own_tab = [more[question]] if question in more else []
    common = (
        ("Gaps", "Speed", "Scores", "Errors", "Cost", "Network", "Why", "Export")
        if question == "optimizers"
        else ()
    )
    return [*common, *own_tab] or ["Gaps"]


@pytest.mark.usefixtures("no_warm_up")
@pytest.mark.parametrize(
    ("question", "tab"), [(name, tab) for name in QUESTIONS for tab in own_tabs(name)]
)
def test_labels_are_text_on_every_page(monkeypatch, classes_of_strangers, question, tab):
    made = strangers.snapshot_of(question, classes_of_strangers)
    key = f"{question}.shown"
    state = {f"{key}.tab": tab, f"{key}.print": "confusion", f"{key}.tested": True}
    state[f"{key}.scores_as"] = "columns"
    app = opened(monkeypatch, question, made, state)
    check_page(app)
    assert any(as_read(m.value).startswith("**Trained") for m in app.markdown)
    if tab == "Scores":
        decides = next(iter(DATASETS[classes_of_strangers].places))
        assert any(f"Without {decides}, nearly all" in as_read(c.value) for c in app.caption)


@pytest.mark.usefixtures("no_warm_up")
@pytest.mark.parametrize("status", [Status.FAILED, Status.RUNNING, Status.CANCELLED])
def test_labels_are_text_in_every_state(monkeypatch, status):
    made = strangers.snapshot_of()
    error = f"{LABELS[0]} {LABELS[-1]}"
    trials = tuple(
        replace(t, status=status, result=None, error=error) if t.seed == 0 else t
        for t in made.trials
    )
    made = replace(made, trials=trials, note=error, coordinator_alive=True)
    app = opened(monkeypatch, "optimizers", made)
    check_page(app)
    assert any(error in as_read(warning.value) for warning in app.warning)
    assert any(error in as_read(message.value) for message in app.error) == (status == "failed")


@pytest.mark.usefixtures("no_warm_up")
def test_labels_are_text_on_the_home_page(monkeypatch, classes_of_strangers):
    base = {"dataset": classes_of_strangers}
    first = listed("made", base=base, arms=LABELS[:4], question="optimizers")
    base = {"dataset": LABELS[0], LABELS[1]: LABELS[2]}
    other = listed("other", base=base, arms=LABELS[4:], question="optimizers")
    named = replace(other, id="named", name=LABELS[0], summary=Summary("finished", LABELS[1]))
    show(monkeypatch, first, other, named)
    app = opened(monkeypatch, "home")
    check_page(app)
    texts = "".join(as_read(text) for _, text in markdown_of(app))
    assert all(label in texts for label in LABELS)


@pytest.mark.usefixtures("no_warm_up")
@pytest.mark.parametrize("part", ["samples", "classes", "features", "example"])
def test_names_are_text_on_the_data_page(
    monkeypatch, classes_of_strangers, numbers_of_strangers, part
):
    for name in (classes_of_strangers, numbers_of_strangers):
        app = opened(monkeypatch, "data", dataset=name, show=part)
        check_page(app)
        assert not app.sidebar.warning
        assert DATASETS[name].label in [as_read(header.value) for header in app.header]


@pytest.mark.usefixtures("no_warm_up")
def test_names_are_text_where_a_table_is_uploaded(monkeypatch):
    app = opened(monkeypatch, "data")
    lines = [f'"{i}","{LABELS[0]}","{LABELS[2]}","=1+{i}"' for i in range(40)]
    data = "\n".join([f'"{LABELS[3]}","=cmd","self","{LABELS[1]}"', *lines]).encode()
    app.file_uploader[0].upload(f"{LABELS[1].replace('/', '')}.csv", data, "text/csv").run()
    check_page(app)
    assert app.dataframe  # the first rows
    assert any(LABELS[1] in as_read(message.value) for message in (*app.caption, *app.warning))
    app.file_uploader[0].upload("a[b](c).csv", b"one,column\n", "text/csv").run()
    check_page(app)
    assert any("a[b](c).csv" in as_read(message.value) for message in app.error)


@pytest.mark.usefixtures("no_warm_up")
@pytest.mark.parametrize("tab", ["Learning", "What it gets wrong", "Worst mistakes", "Weights"])
def test_names_are_text_in_the_workshop(monkeypatch, classes_of_strangers, tab):
    made = strangers.snapshot_of(dataset=classes_of_strangers)
    arm, trial = Arm("network", {}), next(t for t in made.trials if t.status is Status.DONE)
    comparison = Comparison("workshop", {"dataset": classes_of_strangers}, (arm,), (0,))
    x = [0.0] * len(DATASETS[classes_of_strangers].features)
    row = {"index": 3, "true": 0, "predicted": 3, "probability": 0.9, "x": x}
    mistakes = {"rows": [row], "of": 40, "wrong": 1}
    result = replace(trial.result, observed={**trial.result.observed, "mistakes": mistakes})
    trial = replace(trial, arm="network", seed=0, key="a" * 64, result=result)
    made = Snapshot("made", comparison, (trial,), created_at=0.0)
    shown = {"workshop.shown.tab": tab, f"workshop.shown.tests.{made.id}": True}
    app = opened(monkeypatch, "workshop", made, shown)
    check_page(app)
    (guess,) = (metric for metric in app.metric if metric.label == "Trivial guess")
    assert LABELS[0] in as_read(guess.proto.help)


@pytest.mark.usefixtures("no_warm_up")
def test_names_are_text_where_a_network_is_asked(monkeypatch, classes_of_strangers):
    config = Config(classes_of_strangers, engine="numpy", hidden=(4,), preprocess="none")
    network = to_bytes(SavedNetwork(config, tuple(initial_weights(config)), learnt(config)))
    for ask in ("sample", "own"):
        app = opened(monkeypatch, "workshop", ask=ask)
        app.file_uploader[0].set_value(("mine.npz", network, "application/octet-stream")).run()
        check_page(app)
        assert LABELS[0] in " ".join(as_read(text) for _, text in markdown_of(app))
    assert "place" in [box.label for box in app.selectbox]
    assert set(LABELS) <= {option for box in app.selectbox for option in box.options}


@pytest.mark.usefixtures("no_warm_up")
@pytest.mark.parametrize("name", [entry.name for entry in entries()])
def test_a_link_is_text_on_every_page(monkeypatch, name):
    fields = ("dataset", "hidden", "split", "case", "c", "epochs", "seeds", "by", "sample", "text")
    query = dict(zip(fields, (*LABELS, *LABELS), strict=False))
    arms = [f"{label}:hidden={LABELS[0]}" for label in TYPED] + [LABELS[4]]
    app = opened(monkeypatch, name, **query, arms=arms, range=LABELS[1], **{LABELS[1]: LABELS[2]})
    check_page(app)
    messages = [*app.warning, *app.error, *app.info]
    if name != "home":
        assert any(raw in as_read(message.value) for raw in LABELS for message in messages)


@pytest.mark.usefixtures("no_warm_up")
@pytest.mark.parametrize("name", ["optimizers", "models", "playground", "batch_size", "capacity"])
def test_labels_that_are_typed_are_text(monkeypatch, name):
    setting = "hidden=4" if name in ("playground", "capacity") else "optimizer=sgd"
    arms = [f"{label}:{setting},learning_rate=0.{k + 1}" for k, label in enumerate(TYPED)]
    app = opened(monkeypatch, name, arms=arms[:2] if name == "playground" else arms)
    check_page(app)
    assert not [message.value for message in (*app.error, *app.warning)]
    if name != "playground":
        assert set(TYPED) <= set(app.multiselect(key=f"{name}.arms").options)


@pytest.mark.usefixtures("no_warm_up")
def test_columns_and_classes_may_be_called_as_ours_are(monkeypatch):
    names = ("Row", "Column", "Test row", "Truth", "Class")
    lines = [f"{i},{i % 7},{i % 5},{i % 3},{('Column', 'True class')[i % 2]}" for i in range(60)]
    table = own.inspect("\n".join([",".join(names), *lines]).encode(), "ours.csv", header=True)
    data = own.add(
        table, target="Class", features=names[:4], task=CLASSIFICATION, label="Called as ours"
    )
    try:
        for part in ("samples", "classes", "features", "example"):
            app = opened(monkeypatch, "data", dataset=data.name, show=part)
            check_page(app)
        app = opened(monkeypatch, "data", dataset=data.name, show="samples")
        assert {"Row", "Row (2)", "Class", "Column"} <= set(app.dataframe[0].value)
        chart = CHARTS["confusion"](read(strangers.snapshot_of(dataset=data.name)))
        assert list(chart.table) == ["True class", "Column", "True class (2)"]
    finally:
        own_store.delete(data.name, OPERATOR)
