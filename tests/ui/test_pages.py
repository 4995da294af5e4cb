"""The pages, run by Streamlit's AppTest: no browser and, but for three tests, no training."""

import json
import math
import time
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nncore.lab.estimate import Estimate
from nncore.lab.lab import Lab
from nncore.lab.spreads import Sight
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import QUESTIONS, title
from nncore.questions.comparisons import Comparison
from nncore.questions.grids import crossed
from tests import snapshots
from tests.strangers import as_read
from tests.ui.advanced import is_open, opened
from ui.controls.fields import blank_of
from ui.controls.form import Form
from ui.results import headline
from ui.shell import entries, has_page, page_path

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*.py"))
QUICK = {"dataset": "circles", "engine": "numpy", "hidden": "4", "arms": "relu,tanh"}


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch):
    """Opening a page gets a TensorFlow worker ready, which these tests don't need."""
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


def open_page(name, **query):
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    assert not app.exception  # else Streamlit falls back to scanning pages/ and hides it
    app.query_params.update(query)
    app.switch_page(page_path(name)).run()
    assert not app.exception
    return app


def control(widgets, name):
    """The widget of a control: its key changes when the page sets it by itself."""
    (widget,) = [w for w in widgets if w.key and w.key.partition("/")[0] == name]
    return widget


def showing(monkeypatch, snapshot):
    """The page of a question on which a made-up comparison is stored."""
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: snapshot if name == "made" else None)
    return open_page(snapshot.comparison.question, c="made")


def texts(elements):
    return as_read(" ".join(element.value for element in elements))


def wait_until(app, condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition(app):
        assert time.monotonic() < deadline, [texts(app.info), texts(app.warning), texts(app.error)]
        time.sleep(0.2)
        app.run()
        assert not app.exception


def is_idle(app):
    return not any(button.label.startswith("Stop") for button in app.button)


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_cleanly(page):
    app = open_page(Path(page).stem)
    assert not app.error
    assert len(app.title) == 1


@pytest.mark.parametrize("page", PAGES)
def test_page_stays_thin(page):
    lines = (ROOT / page).read_text().splitlines()
    assert len([line for line in lines if line.strip()]) <= 60


def test_every_question_has_its_page_and_every_page_is_in_the_menu():
    assert {page_path(entry.name) for entry in entries()} == set(PAGES)
    assert all(has_page(name) for name in QUESTIONS)


def test_a_model_has_its_own_settings_and_only_the_controls_that_mean_something():
    app = opened(open_page("optimizers", dataset="imdb", model="text_cnn", filters="16"))
    assert not app.error
    assert app.selectbox(key="optimizers.filters").value == "16"
    assert app.selectbox(key="optimizers.words").value == "default: 5000"  # its own
    assert app.selectbox(key="optimizers.hidden")
    of_itself = opened(open_page("optimizers", dataset="imdb"))
    assert of_itself.selectbox(key="optimizers.filters").value == "default: 32"
    straight = opened(open_page("optimizers", dataset="planar", model="logistic"))
    keys = {box.key for box in straight.selectbox}
    assert "optimizers.model" in keys
    assert not {"optimizers.hidden", "optimizers.activation", "optimizers.dropout"} & keys


def test_link_sets_the_controls():
    app = open_page(
        "optimizers", dataset="wine", hidden="32-16", learning_rate="0.02", epochs="7",
        batch_norm="true", arms="sgd,adam", seeds="5", steps="50",
    )  # fmt: skip
    opened(app)
    assert app.selectbox(key="optimizers.dataset").value == "wine"
    assert app.selectbox(key="optimizers.hidden").value == "32-16"
    assert app.selectbox(key="optimizers.learning_rate").value == "0.02"
    assert app.number_input(key="optimizers.epochs").value == 7
    assert app.toggle(key="optimizers.batch_norm").value is True
    assert app.multiselect(key="optimizers.arms").value == ["sgd", "adam"]
    assert app.number_input(key="optimizers.seeds").value == 5
    assert app.number_input(key="optimizers.steps").value == 50
    assert not app.warning


def test_controls_write_the_link_and_start_values_leave_it():
    app = open_page("activations", seeds="5")
    app.number_input(key="activations.epochs").set_value(9).run()
    app.selectbox(key="activations.dataset").set_value("iris").run()
    assert app.query_params == {"v": "2", "dataset": "iris", "epochs": "9", "seeds": "5"}
    start = next(b for b in app.button if b.label == "Back to the start values")
    start.click().run()
    assert app.query_params == {}
    assert control(app.number_input, "activations.epochs").value == 5


def test_settings_survive_a_visit_elsewhere():
    app = open_page("activations", epochs="9")
    app.switch_page(page_path("dropout")).run()
    app.switch_page(page_path("activations")).run()
    assert control(app.number_input, "activations.epochs").value == 9


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"epochs": "many"}, "epochs must be a whole number from 1 to 20,000; got 'many'"),
        ({"dataset": "mnits"}, "Did you mean 'mnist'?"),
        ({"dropout": "1.5"}, "dropout must be a number from 0 to 0.95; got 1.5"),
        ({"seeds": "-1"}, "the number of seeds must be a whole number from 1"),
        ({"arms": "relu,rleu"}, "Did you mean 'relu'?"),
        ({"hiden": "64"}, "Did you mean 'hidden'?"),
        ({"learning_rate": "fast"}, "learning_rate must be a number"),
        ({"batch_norm": ""}, "batch_norm must be true or false"),
    ],
)
def test_bad_link_value_is_explained_and_the_start_value_kept(query, says):
    app = open_page("activations", **query)
    assert says in texts(app.warning)
    assert app.number_input(key="activations.epochs").value == 5
    assert app.selectbox(key="activations.dataset").value == "mnist"
    assert not app.button(key="activations.run").disabled
    assert not set(query) & set(app.query_params) or "arms" in query


@pytest.mark.parametrize("query", [{"rho": "3"}, {"split": "foo"}])
def test_what_is_wrong_under_advanced_opens_it(query):
    app = open_page("optimizers", **query)
    (fold,) = [e for e in app.expander if e.label == "Advanced"]
    assert fold.warning
    assert is_open(app)
    app.number_input(key="optimizers.epochs").set_value(6).run()
    assert is_open(app)  # it doesn't close while one works in it
    assert not is_open(open_page("optimizers"))


def test_what_varies_has_no_control_of_its_own():
    app = open_page("activations")
    assert "activations.activation" not in {box.key for box in app.selectbox}


def test_only_settings_of_chosen_definitions_are_shown():
    app = opened(open_page("activations"))
    keys = {box.key for box in app.selectbox}
    assert "activations.beta_1" in keys
    assert "activations.negative_slope" not in keys
    app.selectbox(key="activations.optimizer").set_value("sgd").run()
    app.multiselect(key="activations.arms").set_value(["relu", "leaky_relu"]).run()
    keys = {box.key for box in app.selectbox}
    assert "activations.beta_1" not in keys
    assert "activations.negative_slope" in keys


def test_contradictory_settings_say_why_and_turn_run_off():
    app = open_page("activations", loss="binary_crossentropy", output_activation="softmax")
    assert "activation must be sigmoid; got 'softmax'" in texts(app.warning)
    assert app.button(key="activations.run").disabled


def test_value_outside_its_domain_is_an_error_of_its_control():
    start = Form.start(blank_of(QUESTIONS["activations"]))
    form = start.having(dropout="2", hidden="9-x")
    assert form.comparison is None
    assert form.draft.errors["dropout"] == "dropout must be a number from 0 to 0.95; got 2."
    assert form.draft.errors["hidden"].startswith("hidden must be 0 to 12 entries")
    assert form.problem in form.draft.errors.values()


@pytest.mark.parametrize(
    "comparison",
    [
        *(make().comparison for make in (snapshots.finished, snapshots.regression)),
        snapshots.dropout().comparison,
        Comparison(
            "optimizers",
            {"dataset": "iris", "optimizer": "sgd", "hidden": [8, 4], "learning_rate": 0.02},
            (
                parse_arm("adam", "optimizer"),
                parse_arm("momentum=0.9", "optimizer"),
                parse_arm("slow:learning_rate=0.0001,batch_norm=true", "optimizer"),
            ),
            (0, 1),
        ),
        Comparison(
            "activations",
            {"dataset": "circles", "hidden": [], "batch_norm": True, "loss": "mse"},
            (parse_arm("relu", "activation"),),
        ),
    ],
    ids=lambda comparison: comparison.question,
)
def test_controls_of_a_stored_comparison_make_it_again(comparison):
    question = QUESTIONS[comparison.question]
    form = Form.of(blank_of(question), comparison)
    assert form.problem == ""
    assert form.comparison.trains_like(comparison)


def test_no_arm_turns_run_off():
    app = open_page("activations")
    app.multiselect(key="activations.arms").set_value([]).run()
    assert "Choose at least one" in texts(app.error)
    assert app.button(key="activations.run").disabled


def test_missing_data_names_the_file_and_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path))
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path / "home"))  # nothing is prepared there
    app = open_page("activations", variant="full")
    assert app.button(key="activations.missing.download").label == "Download (11 MB)"
    assert "mnist.npz was not found" in texts(app.markdown)
    assert str(tmp_path) in texts(app.markdown)
    assert app.button(key="activations.run").disabled
    assert "**Run**" not in texts(app.info)  # nobody is told to press what can't be pressed


def test_huge_comparison_asks_before_it_starts():
    app = open_page("activations", seeds="30", **QUICK | {"arms": "relu,tanh,elu"})
    assert app.button(key="activations.run").disabled
    app.checkbox(key="activations.yes").check().run()
    assert not app.button(key="activations.run").disabled


def test_unknown_comparison_is_explained():
    app = open_page("activations", c="nosuchthing")
    assert "no comparison 'nosuchthing'" in texts(app.info)
    assert not app.button(key="activations.run").disabled


def test_comparison_of_another_question_is_sent_there(monkeypatch):
    snapshot = snapshots.finished()
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: snapshot)
    app = open_page("dropout", c="made")
    assert "belongs to another page: Activations" in texts(app.info)


def test_store_that_cannot_be_used_is_explained(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NNLAB_STORE", str(tmp_path / "file" / "store.sqlite"))
    for name in ("home", "activations"):
        app = open_page(name)
        assert "can't be opened" in texts(app.error)
        assert "Name another place" in texts(app.error)
        assert app.title


def test_stored_comparison_sets_the_controls(monkeypatch):
    app = showing(monkeypatch, snapshots.finished())
    assert app.selectbox(key="activations.dataset").value == "digits"
    assert app.selectbox(key="activations.hidden").value == "32"
    assert "You changed settings" not in texts(app.markdown)
    assert app.button(key="activations.run").label == "Run again"
    app.number_input(key="activations.epochs").set_value(6).run()
    assert "You changed settings" in texts(app.markdown)
    assert app.button(key="activations.run").label == "Run"


def test_a_stored_crossing_comes_back_with_the_arms_that_were_crossed(monkeypatch):
    made = snapshots.finished()
    crossings = [("learning_rate", ("0.01", "0.1"))]
    arms = crossed(made.comparison.arms, "activation", crossings)
    grid = replace(made, comparison=replace(made.comparison, arms=arms), trials=())
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: grid)
    by = "learning_rate=0.01,0.1"
    app = open_page("activations", c="made", by=by, dataset="digits")
    assert app.multiselect(key="activations.arms").value == list(QUESTIONS["activations"].levels)
    assert app.multiselect(key="activations.by").value == [by]
    assert "already" not in texts(app.error)
    alone = open_page("activations", c="made", dataset="digits")  # nothing said of a crossing
    for name in ("arms", "by"):
        boxes = [page.multiselect(key=f"activations.{name}") for page in (alone, app)]
        assert boxes[0].value == boxes[1].value


def test_a_link_that_sets_what_is_compared_learns_how_its_values_are_named():
    app = open_page("learning_rate", learning_rate="10", dataset="digits")
    (warning,) = [text for w in app.warning if "learning_rate" in (text := as_read(w.value))]
    assert "named by arms, such as arms=0.001,0.01" in warning


def test_arms_with_a_label_of_their_own_are_called_by_it():
    question = QUESTIONS["models"]
    assert title("4 tanh units:model=mlp,hidden=4", question) == "4 tanh units"
    assert title("logistic", question) == "Logistic regression"


@pytest.mark.parametrize(
    "make",
    [
        *(snapshots.finished, snapshots.one_seed, snapshots.queued, snapshots.running),
        *(snapshots.diverged, snapshots.failed, snapshots.all_diverged, snapshots.regression),
        *(snapshots.dropout, snapshots.many_arms),
    ],
)
def test_every_tab_shows_every_state(monkeypatch, make):
    snapshot = make()
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: snapshot)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    question = snapshot.comparison.question
    app.query_params["c"] = "made"
    app.switch_page(page_path(question)).run()
    for tab in ("Gaps", "Speed", "Scores", "Errors", "Cost", "Network", "Why", "Export"):
        app.session_state[f"{question}.shown.tab"] = tab
        app.run()
        assert not app.exception, tab
        assert bool(app.error) == (make is snapshots.failed), tab


def test_states_are_told_in_words(monkeypatch):
    assert "Waiting" in texts(showing(monkeypatch, snapshots.queued()).markdown)
    assert "epoch 3 (seed 1)" in texts(showing(monkeypatch, snapshots.diverged()).warning)
    app = showing(monkeypatch, snapshots.failed())
    assert "The worker process ended without a word" in texts(app.error)
    assert "Stopped" in texts(app.warning)


def test_rows_of_each_part_are_told(monkeypatch):
    app = on_tab(monkeypatch, snapshots.finished(), "Scores", tested=True)
    assert "1,150 to train, 287 to validate, 360 to test" in texts(app.markdown)


def on_tab(monkeypatch, snapshot, tab, **state):
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: snapshot)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    question = snapshot.comparison.question
    app.query_params["c"] = "made"
    for name, value in {"tab": tab, **state}.items():
        app.session_state[f"{question}.shown.{name}"] = value
    app.switch_page(page_path(question)).run()
    assert not app.exception
    return app


def test_how_it_was_tested_is_folded_and_has_the_leaders_differences(monkeypatch):
    folded = showing(monkeypatch, snapshots.finished())
    assert not any("Difference (points)" in frame.value for frame in folded.dataframe)
    app = on_tab(monkeypatch, snapshots.finished(), "Scores", tested=True)
    leader, settings, _ = (frame.value for frame in app.dataframe)
    assert "Data set" in list(settings["Setting"])
    assert leader["Difference (points)"].iloc[0] == pytest.approx(2.0)  # of 0.95 and 0.93
    assert "Tukey" in texts(app.markdown)


def test_tests_stand_beside_the_other_parts_only_where_they_are_shown(monkeypatch):
    shows_tests(monkeypatch)
    made = replace(snapshots.finished(), test_looks=3)
    app = on_tab(monkeypatch, made, "Scores", scores_as="accuracy")
    sides = app.dataframe[-1].value
    assert sides.set_index("Arm").loc["ReLU", "Gap of accuracy"].startswith("1.0")
    assert not any("Test" in name for name in sides)
    app.toggle(key="activations.shown.tests.finished").set_value(True).run()
    assert app.dataframe[-1].value["Test accuracy"].iloc[-1].startswith("94.0 %")


def test_a_link_says_the_level_and_the_threshold(monkeypatch):
    made = snapshots.finished()
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: made)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    app.query_params.update(c="made", level="90", gap_points="2")
    app.session_state["activations.shown.tab"] = "Speed"
    app.switch_page(page_path("activations")).run()
    assert not app.exception
    paces = app.dataframe[-1].value
    assert list(paces["Reached"]) == ["3 of 3", "3 of 3", "2 of 3", "0 of 3"]
    assert "Until 90.0 % validation accuracy" in as_read(texts(app.markdown))
    control(app.selectbox, "activations.level").set_value("95").run()
    assert app.query_params["level"] == "95"
    assert app.query_params["gap_points"] == "2"
    assert "Until 95.0 % validation accuracy" in as_read(texts(app.markdown))
    control(app.selectbox, "activations.level").set_value("auto").run()
    assert "level" not in app.query_params
    assert "Until 90.7 % validation accuracy (95 %" in as_read(texts(app.markdown))


def test_a_link_says_the_view(monkeypatch):
    made = snapshots.finished()
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: made)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    seen = {"tab": "Gaps", "measure": "loss", "log": "true", "gap_of": "accuracy", "gap_as": "ends"}
    app.query_params.update(c="made", **seen)
    app.switch_page(page_path("activations")).run()
    assert not app.exception
    specs = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    titles = {axis["title"]["text"] for spec in specs for name, axis in spec["layout"].items()
              if name in ("xaxis", "yaxis") and "title" in axis}  # fmt: skip
    assert {"Loss (cross-entropy, nats)", "Training − validation accuracy (points)"} <= titles
    assert any(spec["layout"]["yaxis"].get("type") == "log" for spec in specs)
    shown = ("Gap as", "What is drawn")
    gap_as, chart = (next(w for w in app.get("button_group") if w.label == n) for n in shown)
    gap_as.set_value("curves").run()
    assert "gap_as" not in app.query_params  # where every page starts
    assert app.query_params["gap_of"] == "accuracy"
    chart.set_value("accuracy").run()
    assert "measure" not in app.query_params
    app.toggle(key="activations.shown.marks").set_value(True).run()
    assert app.query_params["marks"] == "true"
    assert app.query_params["log"] == "true"


def test_one_table_has_a_row_per_arm_the_winner_first(monkeypatch):
    app = showing(monkeypatch, snapshots.finished())
    (frame,) = (frame.value for frame in app.dataframe)
    assert list(frame["Arm"]) == ["ReLU", "Tanh", "Linear", "Sigmoid"]
    assert not any("test" in str(name).lower() for name in frame)


def shows_tests(monkeypatch):
    """Ids of the comparisons whose test scores are shown from now on."""
    shown = []
    monkeypatch.setattr(Lab, "show_tests", lambda self, public_id, by: shown.append(public_id))
    return shown


def test_test_scores_are_folded_until_asked_for_and_that_is_stored(monkeypatch):
    shown = shows_tests(monkeypatch)
    app = showing(monkeypatch, replace(snapshots.finished(), test_looks=3))
    assert "shown for 3 comparisons" not in texts(app.caption)
    app.toggle(key="activations.shown.tests.finished").set_value(True).run()
    (frame,) = (frame.value for frame in app.dataframe)
    assert frame["Test"].iloc[0].startswith("94.0 %")
    assert shown == ["finished"]
    said = "Of 360 test rows; scores on them were shown for 3 comparisons."
    assert said in texts(app.caption)
    app.toggle(key="activations.shown.tests.finished").set_value(False).run()
    assert shown == ["finished"]
    assert said not in texts(app.caption)


def test_test_scores_that_cannot_be_counted_are_not_shown(monkeypatch):
    app = showing(monkeypatch, snapshots.finished())  # this store has no such comparison
    app.toggle(key="activations.shown.tests.finished").set_value(True).run()
    (frame,) = (frame.value for frame in app.dataframe)
    assert "Test" not in frame
    assert "There is no comparison 'finished'" in texts(app.error)


def test_another_comparison_on_the_same_page_is_folded_again(monkeypatch):
    shows_tests(monkeypatch)
    app = showing(monkeypatch, snapshots.finished())
    app.toggle(key="activations.shown.tests.finished").set_value(True).run()
    other = replace(snapshots.finished(), id="other")
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: other)
    assert "Test" not in app.run().dataframe[0].value


def test_an_examples_test_scores_are_shown_and_counted_nowhere(monkeypatch):
    shown = shows_tests(monkeypatch)
    app = open_page("activations")
    (switch,) = [t for t in app.toggle if t.label == "Show test scores"]
    switch.set_value(True).run()
    assert "Test" in app.dataframe[0].value
    assert shown == []


def test_where_scores_were_chosen_by_their_rows_a_selection_part_is_on_offer(monkeypatch):
    made = snapshots.finished()
    base = {**made.comparison.base, "restore_best": True}
    made = replace(made, comparison=replace(made.comparison, base=base))
    label = "Choose by a selection part"
    assert label not in [b.label for b in showing(monkeypatch, snapshots.finished()).button]
    app = showing(monkeypatch, made)
    assert all(str(cell).endswith("†") for cell in app.dataframe[0].value["Validation"])
    assert "† Scores were chosen by the rows that measure them (restored weights)" in texts(
        app.markdown
    )
    app.button(key="activations.select").click().run()
    assert app.query_params["selection_split"] in ("0.1", ["0.1"])


def test_errors_and_downloads_of_test_rows_wait_for_the_same_click(monkeypatch):
    shown = shows_tests(monkeypatch)
    app = on_tab(monkeypatch, snapshots.finished(), "Errors")
    assert "Errors of test rows, which nobody should choose by." in texts(app.markdown)
    assert not [s for s in app.selectbox if s.label == "Errors of"]
    app.button(key="activations.shown.unfold.finished").click().run()
    assert shown == ["finished"]
    assert app.toggle(key="activations.shown.tests.finished").value
    assert [s for s in app.selectbox if s.label == "Errors of"]
    folded = on_tab(monkeypatch, snapshots.finished(), "Export")
    assert "Without test scores, until they are shown." in texts(folded.caption)
    figure = next(s for s in folded.selectbox if s.label == "Figure")
    assert "Confusion matrix" not in figure.options


def test_who_cannot_choose_a_row_names_the_curve_that_stands_out(monkeypatch):
    app = showing(monkeypatch, snapshots.finished())
    before = app.get("plotly_chart")[0].proto.spec
    control(app.selectbox, "activations.shown.highlight").set_value("tanh").run()
    assert not app.exception
    assert app.get("plotly_chart")[0].proto.spec != before


def test_what_is_held_equal_is_told_in_short(monkeypatch):
    """Two sentences in sight, all of them in the fold."""
    each = ["At equal epochs.", "At equal seconds A.", "At equal updates B."]
    monkeypatch.setattr(headline, "held_equal_each", lambda reading: each)
    monkeypatch.setattr(headline, "held_equal", lambda reading: " ".join(each))
    words = texts(showing(monkeypatch, snapshots.finished()).markdown)
    assert "At equal epochs. At equal seconds A." in words
    assert "At equal updates" not in words


@pytest.mark.parametrize(
    ("dataset", "found", "says"),
    [
        ("iris", Sight(0.015, 4.6), "Shows differences from about 1.5 points on."),
        ("diabetes", Sight(3.2, 4.6), "Shows differences from about 3.2 points on."),
        ("iris", Sight(0.7, 25.0), "Shows hardly any difference: take more seeds."),
        ("iris", Sight(None, 4.63), "Shows differences of 4.6 times seeds' scatter."),
        ("iris", Sight(None, math.inf), "One seed gives no verdict."),
    ],
)
def test_before_run_the_page_says_what_it_could_show(monkeypatch, dataset, found, says):
    monkeypatch.setattr(Lab, "sight", lambda self, asked: found)
    app = open_page("activations", dataset=dataset, epochs="3")
    assert as_read(says) in texts(app.caption)


def test_once_it_is_trained_the_page_says_nothing_more_of_that(monkeypatch):
    monkeypatch.setattr(Lab, "sight", lambda self, asked: Sight(0.015, 4.6))
    assert "differences from" not in texts(showing(monkeypatch, snapshots.finished()).caption)


def test_what_is_stored_but_not_shown_is_not_called_untrained(monkeypatch):
    monkeypatch.setattr(
        Lab, "estimate", lambda self, asked: Estimate(12, 12, 0.0, 0.0, 0.0, False, False)
    )
    app = open_page("activations", dataset="iris")
    assert "stored already: Run shows the result at once" in texts(app.markdown)
    assert "Nothing trained" not in texts(app.info)


def test_errors_begin_with_the_two_best_arms(monkeypatch):
    whole, partial = snapshots.finished(), snapshots.diverged()
    app = on_tab(monkeypatch, whole, "Errors", **{f"tests.{whole.id}": True})
    assert app.selectbox(key="activations.shown.arm").value == "relu"
    assert app.selectbox(key="activations.shown.other").value == "tanh"
    # "tanh" diverged with every seed
    app = on_tab(monkeypatch, partial, "Errors", **{f"tests.{partial.id}": True})
    assert app.selectbox(key="activations.shown.arm").value == "linear"
    # better on the seeds both have, but it diverged with one
    assert app.selectbox(key="activations.shown.other").value == "relu"


@pytest.mark.parametrize(
    ("make", "state", "primary"),
    [
        (snapshots.finished, "Decided · 3 seeds", None),
        (snapshots.one_seed, "One seed", "Add 2 seeds"),
        (snapshots.failed, "Decided · 2 seeds", "Run again"),
        (snapshots.all_diverged, "Diverged", None),
        (snapshots.running, "Training · 1 seed", None),
        (snapshots.queued, "Waiting", None),
    ],
)
def test_a_state_has_its_word_and_what_to_do_next(monkeypatch, make, state, primary):
    app = showing(monkeypatch, make())
    assert f": {state}]" in texts(app.markdown)
    bold = [button.label for button in app.button if button.proto.type == "primary"]
    assert bold == ([primary] if primary else [])
    retrains = "Retrain" in [button.label for button in app.button]
    assert retrains != make().active


def test_an_example_stands_there_only_while_the_controls_equal_its_own():
    app = open_page("activations")
    assert "Example, trained on another machine" in texts(app.markdown)
    assert app.subheader[0].value.startswith("ReLU")
    app.number_input(key="activations.epochs").set_value(6).run()
    assert "Example" not in texts(app.markdown)
    assert "No answer to this yet" in texts(app.info)
    assert not app.subheader


@pytest.mark.parametrize("link", [{}, {"seeds": "4"}], ids=["an example is there", "none is"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_few_words_are_in_sight_before_a_run(question, link):
    app = open_page(question, **link)
    folded = {e.value for fold in app.main.expander for e in (*fold.markdown, *fold.caption)}
    said = [
        e.value
        for kind in ("title", "subheader", "markdown", "caption", "info")
        for e in app.main.get(kind)
    ]
    assert len(" ".join(text for text in said if text not in folded).split()) <= 150


def test_only_a_figure_of_one_arm_asks_for_the_arm(monkeypatch):
    made = snapshots.finished()
    for figure, asks in (("curves", False), ("confusion", True)):
        seen = {f"tests.{made.id}": True, "print": figure}
        app = on_tab(monkeypatch, made, "Export", **seen)
        assert any(box.label == "Arm" for box in app.selectbox) == asks


def test_one_seed_says_what_it_is_worth(monkeypatch):
    app = showing(monkeypatch, snapshots.one_seed())
    assert "One seed" in texts(app.markdown)
    assert "no verdict" in texts([*app.subheader, *app.markdown])


def test_run_trains_and_runs_again_from_the_cache_and_is_seen_by_link():
    app = open_page("activations", epochs="3", seeds="2", **QUICK)
    app.button(key="activations.run").click().run()
    first = app.query_params["c"]
    wait_until(app, is_idle)
    assert "ReLU" in app.subheader[0].value or "Tanh" in app.subheader[0].value

    other = open_page("activations", c=first)
    assert other.multiselect(key="activations.arms").value == ["relu", "tanh"]
    assert other.number_input(key="activations.epochs").value == 3
    assert other.subheader[0].value == app.subheader[0].value

    app.button(key="activations.run").click().run()
    assert app.query_params["c"] != first
    wait_until(app, is_idle, seconds=5)
    assert "from the cache" in texts(app.markdown)

    app.button(key="activations.more").click().run()
    wait_until(app, is_idle)
    assert control(app.number_input, "activations.seeds").value == 4
    assert len(Lab().snapshot(app.query_params["c"]).trials) == 8
    assert "You changed settings" not in texts(app.markdown)


def test_stop_acts_at_once_on_the_page_and_another_session_may_do_it():
    app = open_page("activations", epochs="20000", seeds="1", **QUICK)
    app.checkbox(key="activations.yes").check().run() if app.checkbox else None
    app.button(key="activations.run").click().run()
    other = open_page("activations", c=app.query_params["c"])
    other.button(key="activations.stop").click().run()
    stopping = [button for button in other.button if button.key == "activations.stop"]
    assert all(button.disabled for button in stopping)
    wait_until(other, is_idle, seconds=20)
    assert "Stopped" in texts(other.warning)
    wait_until(app, is_idle, seconds=5)
