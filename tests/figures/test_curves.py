"""Learning curves and gaps: numbers, intervals, divergence, log axes."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nncore.analysis import reading as reading_module
from nncore.analysis.reading import read
from nncore.figures.parts.chart import GREY, MOST_POINTS
from nncore.figures.parts.views import view
from nncore.figures.trained.curves import learning_curves
from nncore.figures.trained.gaps import _mean_and_half, gap_bars, gap_curves
from nncore.results.snapshots import Status
from nncore.system.wording import number, percent
from tests import snapshots
from tests.strangers import drawn
from tests.typed import changed, recorded

TITLES = {"linear": "Linear", "sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "ReLU"}


def with_records(snapshot, change):
    """The snapshot with every record replaced by change(record, seed)."""
    trials = tuple(
        replace(t, records=recorded(*(change(r.to_json(), t.seed) for r in t.records)))
        for t in snapshot.trials
    )
    assert any(t.records for t in trials)
    return replace(snapshot, trials=trials)


def with_epochs(snapshot, n):
    """The snapshot with `n` records per training, whose losses are 1 / epoch."""
    trials = tuple(
        replace(
            t,
            records=tuple(
                changed(t.records[0], epoch=e, data_loss=1 / e, val_data_loss=2 / e)
                for e in range(1, n + 1)
            ),
        )
        for t in snapshot.trials
    )
    assert len(trials[0].records) == n
    return replace(snapshot, trials=trials)


def rows(chart, **chosen):
    table = chart.table
    for column, value in chosen.items():
        table = table[table[column] == value]
    assert not table.empty
    return table


def named(chart, name):
    traces = [
        t
        for t in chart.figure.data
        if t.name == name and (t.showlegend is not False or t.mode == "lines+markers")
    ]
    assert len(traces) == 1
    return traces[0]


@pytest.mark.parametrize("arm", snapshots.ARMS)
@pytest.mark.parametrize("epoch", range(1, snapshots.EPOCHS + 1))
def test_mean_and_interval_are_those_of_student(arm, epoch):
    chart = learning_curves(read(snapshots.finished()), "accuracy")
    seeds = [snapshots.accuracy(arm, seed, epoch) for seed in range(3)]
    low, high = stats.t.interval(0.95, 2, loc=np.mean(seeds), scale=stats.sem(seeds))
    row = rows(chart, Arm=TITLES[arm], Part="validation", Epoch=epoch).iloc[0]
    assert row["Mean"] == pytest.approx(np.mean(seeds), rel=1e-12)
    assert (row["Low"], row["High"]) == pytest.approx((low, high), rel=1e-9)
    assert row["Seeds"] == 3
    # training accuracy was written down 0.01 higher
    training = rows(chart, Arm=TITLES[arm], Part="training", Epoch=epoch).iloc[0]
    assert training["Mean"] == pytest.approx(np.mean(seeds) + 0.01)


def test_lines_show_the_table():
    chart = learning_curves(read(snapshots.finished()), "accuracy")
    for title in TITLES.values():
        table, line = rows(chart, Arm=title, Part="validation"), named(chart, title)
        np.testing.assert_array_equal(line.x, table["Epoch"])
        np.testing.assert_array_equal(line.y, table["Mean"])
    bands = [t for t in chart.figure.data if t.fill == "toself"]
    assert len(bands) == 4
    first = rows(chart, Arm="Linear", Part="validation")
    np.testing.assert_array_equal(bands[0].y[:5], first["High"])
    np.testing.assert_array_equal(bands[0].y[5:], first["Low"][::-1])


@pytest.mark.parametrize(
    ("snapshot", "metric", "title"),
    [
        ("finished", "loss", "Loss (cross-entropy, nats)"),
        ("finished", "accuracy", "Accuracy"),
        ("dropout", "loss", "Loss without penalty (cross-entropy, nats)"),
        ("regression", "loss", "Loss (mean squared error)"),
        ("regression", "mae", "Mean absolute error (points)"),
    ],
)
def test_axes_name_quantity_and_unit(snapshot, metric, title):
    layout = learning_curves(read(snapshots.ALL[snapshot]()), metric).figure.layout
    assert layout.yaxis.title.text == title
    assert layout.xaxis.title.text == "Epoch"


def test_errors_stand_in_the_targets_unit_as_soon_as_it_can_be_known(monkeypatch):
    prepared = []  # what the data on this machine says, if it is there
    monkeypatch.setattr(reading_module, "target_scale", lambda config: next(iter(prepared), None))
    made = snapshots.regression()  # standardized by 80: an error of 0.6 at the end is 48 points
    chart = learning_curves(read(made), "mae")
    adam = rows(chart, Arm="Adam", Part="validation")
    np.testing.assert_allclose(adam["Mean"], [80 * (0.6 + 0.4 * (5 - e)) for e in range(1, 6)])
    training = rows(chart, Arm="Adam", Part="training")
    np.testing.assert_allclose(training["Mean"], [80 * (0.6 + 0.5**e) for e in range(1, 6)])
    assert "Adam 48.0 points" in chart.alt
    waiting = tuple(replace(t, status=Status.RUNNING, result=None) for t in made.trials)
    early = learning_curves(read(replace(made, trials=waiting)), "mae")
    assert early.figure.layout.yaxis.title.text == "Mean absolute error (standard deviations)"
    assert rows(early, Arm="Adam", Part="validation")["Mean"].iloc[-1] == pytest.approx(0.6)
    prepared.append(70.0)
    early = learning_curves(read(replace(made, trials=waiting)), "mae")
    assert early.figure.layout.yaxis.title.text == "Mean absolute error (points)"
    assert rows(early, Arm="Adam", Part="validation")["Mean"].iloc[-1] == pytest.approx(42)


def test_an_arm_with_a_split_of_its_own_has_its_own_scale():
    made = snapshots.regression()
    other = tuple(
        replace(t, result=changed(t.result, target_scale=90.0)) if t.arm == "sgd" else t
        for t in made.trials
    )
    chart = learning_curves(read(replace(made, trials=other)), "mae")
    ends = rows(chart, Epoch=snapshots.EPOCHS, Part="validation").set_index("Arm")["Mean"]
    assert dict(ends) == pytest.approx({"SGD": 90 * 0.7, "Adam": 80 * 0.6})


def test_a_loss_of_scaled_values_names_their_unit():
    made = snapshots.regression()
    base = {**made.comparison.base, "dataset": "california_housing"}
    made = replace(made, comparison=replace(made.comparison, base=base))
    title = learning_curves(read(made), "loss").figure.layout.yaxis.title.text
    assert drawn(title) == "Loss (mean squared error, values in 100,000 $)"


def test_a_label_is_no_markup_in_a_legend():
    made = snapshots.one_arm()
    (arm,) = made.arms
    odd = replace(arm, label='<a href="http://example.org">x</a>')
    trials = tuple(replace(t, arm=odd.label) for t in made.trials)
    made = replace(made, comparison=replace(made.comparison, arms=(odd,)), trials=trials)
    names = [trace.name for trace in learning_curves(read(made), "loss").figure.data if trace.name]
    assert not any("<" in name for name in names)
    assert odd.label in map(drawn, names)
    (name,) = learning_curves(read(made), "loss").figure.layout.annotations
    assert "".join(odd.label.split()) in "".join(drawn(name.text).split())


def test_no_axis_goes_below_a_loss_of_zero():
    wide = with_records(snapshots.finished(), lambda r, seed: {**r, "val_data_loss": 0.1 + seed})
    low, high = learning_curves(read(wide), "loss").figure.layout.yaxis.range
    assert -0.05 * high < low <= 0.1


def test_penalties_are_left_out():
    heavy = with_records(
        snapshots.dropout(),
        lambda r, seed: {**r, "loss": r["loss"] + 7, "val_loss": r["val_loss"] + 9},
    )
    for draw in (lambda r: learning_curves(r, "loss"), gap_curves, gap_bars):
        assert draw(read(heavy)).table.equals(draw(read(snapshots.dropout())).table)


def test_a_running_comparison_uses_what_is_there():
    chart = learning_curves(read(snapshots.running()), "loss")
    validation = rows(chart, Part="validation")
    assert list(rows(chart, Arm="Linear", Part="validation")["Seeds"]) == [2, 2, 1, 1, 1]
    assert list(rows(chart, Arm="ReLU", Part="validation")["Seeds"]) == [1] * 5
    assert (validation["Low"].notna() == (validation["Seeds"] > 1)).all()
    assert validation["Mean"].notna().all()


def test_one_seed_has_no_bands_and_says_so():
    chart = learning_curves(read(snapshots.one_seed()), "loss")
    assert chart.table["Low"].isna().all()
    assert not [t for t in chart.figure.data if t.fill]
    assert "one seed" in chart.look_for


def test_single_seeds_are_drawn_beside_the_mean():
    plain = learning_curves(read(snapshots.finished()), "accuracy").figure.data
    chart = learning_curves(read(snapshots.finished()), "accuracy", single_seeds=True)
    seeds = [t for t in chart.figure.data if t.opacity == 0.5]
    assert len(seeds) == len(chart.figure.data) - len(plain) == 12
    expected = [snapshots.accuracy("linear", 0, e) for e in range(1, 6)]
    np.testing.assert_allclose(seeds[0].y, expected)


@pytest.mark.parametrize("metric", ["loss", "accuracy"])
def test_a_diverged_training_is_drawn_to_its_end_and_named(metric):
    # ReLU diverged in epoch 3 with seed 1, Tanh in epoch 1 with every seed
    chart = learning_curves(read(snapshots.diverged()), metric)
    relu = rows(chart, Arm="ReLU", Part="validation")
    assert list(relu["Seeds"]) == [3, 3, 2, 2, 2]
    assert "Tanh" not in set(chart.table["Arm"])
    crosses = [t for t in chart.figure.data if t.marker.symbol == "x-thin"]
    assert [list(t.x) for t in crosses] == [[2]]
    assert crosses[0].y[0] == pytest.approx(relu["Mean"].iloc[1])
    assert named(chart, "ReLU, diverged").marker.symbol == "triangle-up"
    assert named(chart, "Tanh, diverged").x.tolist() == [None]
    assert "Diverged: Tanh (3 of 3 seeds) and ReLU (1 of 3 seeds)." in chart.alt


@pytest.mark.parametrize(
    ("snapshot", "metric", "words"),
    [
        ("queued", "loss", "No training has finished an epoch yet."),
        ("all_diverged", "loss", "Every training diverged in its first epoch"),
        ("all_diverged", "accuracy", "Every training diverged in its first epoch"),
        ("finished", "mae", "have no mae: it is a classification."),
        ("regression", "accuracy", "have no accuracy: it is a regression."),
    ],
)
def test_an_empty_chart_says_why(snapshot, metric, words):
    chart = learning_curves(read(snapshots.ALL[snapshot]()), metric)
    assert words in chart.look_for
    lines = chart.figure.layout.annotations[0].text.split("<br>")
    assert words in " ".join(lines)
    assert max(map(len, lines)) <= 40  # they fit half a page


def test_long_trainings_are_thinned_with_both_ends():
    chart = learning_curves(read(with_epochs(snapshots.finished(), 3000)), "loss")
    line = named(chart, "ReLU")
    assert len(line.x) == MOST_POINTS
    assert (line.x[0], line.x[-1]) == (1, 3000)
    np.testing.assert_allclose(line.y, 2 / line.x)


def test_zoom_survives_live_updates_but_not_another_axis():
    early, late = snapshots.running(), replace(snapshots.finished(), id="running")

    def key(snapshot, **options):
        revision = learning_curves(read(snapshot), "loss", **options).figure.layout.uirevision
        assert revision
        return revision

    assert key(early) == key(late) == key(late, single_seeds=True)
    assert key(late) != key(late, log=True)
    assert key(late) != key(snapshots.finished())


def test_a_log_axis_takes_what_has_no_logarithm():
    values = {1: 1.0, 2: 0.0, 3: -1.0, 4: 1e-300, 5: 0.5}
    odd = with_records(
        snapshots.finished(), lambda r, seed: {**r, "val_data_loss": values[r["epoch"]]}
    )
    chart = learning_curves(read(odd), "loss", log=True, single_seeds=True)
    axis = chart.figure.layout.yaxis
    assert axis.type == "log"
    assert -9 < axis.range[0] < axis.range[1] < 1
    line = named(chart, "ReLU")
    np.testing.assert_array_equal(np.isfinite(line.y), [True, False, False, True, True])
    for band in (t for t in chart.figure.data if t.fill):
        assert (band.y > 0).all()
    # the table tells what was measured
    relu = rows(chart, Arm="ReLU", Part="validation")
    np.testing.assert_allclose(relu["Mean"], list(values.values()))


def test_a_log_axis_without_positive_values_is_left_to_plotly():
    nothing = with_records(
        snapshots.finished(), lambda r, seed: {**r, "data_loss": 0.0, "val_data_loss": -1.0}
    )
    assert learning_curves(read(nothing), "loss", log=True).figure.layout.yaxis.range is None


def test_a_wide_band_does_not_flatten_the_curves():
    mean, edges = np.array([0.5, 0.6]), np.array([-40.0, 50.0])
    bottom, top = view(mean, edges)
    assert bottom < 0.5 < 0.6 < top
    assert top - bottom < 4 * 0.1
    assert view(mean, edges, share=True)[1] <= 1.01
    assert view(np.array([np.nan]), edges) is None


def test_a_loss_that_explodes_leaves_room_for_the_others():
    def explode(record, seed):
        return changed(record, val_data_loss=10.0 ** (6 * record.epoch))

    steady = snapshots.diverged()
    wild = tuple(
        replace(t, records=tuple(explode(r, t.seed) for r in t.records)) if t.arm == "relu" else t
        for t in steady.trials
    )
    top = learning_curves(read(replace(steady, trials=wild)), "loss").figure.layout.yaxis.range[1]
    assert top < 4


def test_the_gap_is_validation_minus_training():
    # written down as 0.02 per epoch, and 0.05 more at the last one, for every seed
    chart = gap_curves(read(snapshots.finished()))
    gaps = rows(chart, Arm="Sigmoid")
    np.testing.assert_allclose(gaps["Mean"], [0.02, 0.04, 0.06, 0.08, 0.15], atol=1e-12)
    np.testing.assert_allclose(gaps["High"] - gaps["Low"], 0.0, atol=1e-12)
    assert set(gaps["Seeds"]) == {3}
    assert "Validation − training loss" in chart.figure.layout.yaxis.title.text
    bars = gap_bars(read(snapshots.finished()))
    np.testing.assert_allclose(bars.table["Gap"], 0.15)
    np.testing.assert_allclose(bars.figure.data[0].x, 0.15)
    assert list(bars.table["Seeds"]) == [3] * 4


def test_gaps_of_seeds_have_the_interval_of_student():
    spread = with_records(
        snapshots.finished(), lambda r, seed: {**r, "data_loss": r["val_data_loss"] - seed**2}
    )
    low, high = stats.t.interval(0.95, 2, loc=5 / 3, scale=stats.sem([0, 1, 4]))
    bars = gap_bars(read(spread))
    np.testing.assert_allclose(bars.table[["Gap", "Low", "High"]], [[5 / 3, low, high]] * 4)
    np.testing.assert_allclose(bars.figure.data[0].error_x.array, high - 5 / 3)
    beside = {note.y: note.text for note in bars.figure.layout.annotations}
    assert beside == dict.fromkeys(bars.table["Arm"], f"1.67 ± {high - 5 / 3:.1f}")
    assert [n.text[0] for n in gap_bars(read(snapshots.one_seed())).figure.layout.annotations] == [
        "0"
    ] * 4
    last = rows(gap_curves(read(spread)), Epoch=5)
    np.testing.assert_allclose(last[["Mean", "Low", "High"]], [[5 / 3, low, high]] * 4)


def test_only_whole_trainings_have_a_bar():
    bars = gap_bars(read(snapshots.diverged()))
    assert dict(zip(bars.table["Arm"], bars.table["Seeds"], strict=True)) == {
        "Linear": 3,
        "Sigmoid": 3,
        "ReLU": 2,
    }
    assert "Diverged: Tanh (3 of 3 seeds)" in bars.look_for
    assert list(gap_bars(read(snapshots.running())).table["Seeds"]) == [1] * 4


@pytest.mark.parametrize("make", [lambda r: learning_curves(r, "accuracy"), gap_curves])
def test_a_stroke_marks_each_stop_on_the_mean(make):
    chart = make(read(snapshots.stopped()))
    (strokes,) = [t for t in chart.figure.data if t.marker.symbol == "line-ns"]
    assert strokes.x.tolist() == [2, 4]
    assert strokes.legendgroup == "relu"
    assert "was stopped after epoch" in strokes.hovertemplate
    line = next(t for t in chart.figure.data if t.name == "ReLU" and t.mode == "lines+markers")
    np.testing.assert_allclose(strokes.y, [line.y[1], line.y[3]])


def test_a_mean_is_of_the_seeds_still_training_and_says_of_how_many():
    chart = learning_curves(read(snapshots.stopped()), "accuracy")
    relu = rows(chart, Arm="ReLU", Part="validation")
    left = [(0, 1, 2)] * 2 + [(1, 2)] * 2 + [(2,)]
    means = [
        np.mean([snapshots.accuracy("relu", s, e) for s in seeds])
        for e, seeds in enumerate(left, 1)
    ]
    np.testing.assert_allclose(relu["Mean"], means)
    assert relu["Seeds"].tolist() == [3, 3, 2, 2, 1]
    assert relu["Low"].notna().tolist() == [True] * 4 + [False]
    line = named(chart, "ReLU")
    assert line.customdata.tolist() == [3, 3, 2, 2, 1]
    assert "mean of the %{customdata} seeds that got so far" in line.hovertemplate
    assert "seeds that got so far" not in named(chart, "Tanh").hovertemplate
    assert rows(chart, Arm="Tanh", Part="validation")["Seeds"].tolist() == [3] * 5
    assert "the mean is of the seeds still training" in chart.look_for
    assert "Strokes" not in learning_curves(read(snapshots.finished()), "accuracy").look_for


def test_where_seeds_stop_apart_the_end_is_the_mean_of_their_ends():
    ends = [snapshots.accuracy("relu", s, e) for s, e in ((0, 2), (1, 4), (2, 5))]
    chart = learning_curves(read(snapshots.stopped()), "accuracy")
    assert f"ReLU {percent(np.mean(ends))}" in chart.alt
    # validation loss is 2 (1 - accuracy), and training 0.02 lower for each epoch; 0.05 more at 5
    gap = np.mean([0.02 * 2, 0.02 * 4, 0.02 * 5 + 0.05])
    assert f"ReLU {number(gap)}" in gap_curves(read(snapshots.stopped())).alt
    bars = gap_bars(read(snapshots.stopped()))
    np.testing.assert_allclose(rows(bars, Arm="ReLU")["Gap"], gap)


def test_rows_that_are_not_held_out_are_said_to_be_trained_on():
    made = snapshots.finished()
    base = {**made.comparison.base, "split": "none"}
    no_split = replace(made, comparison=replace(made.comparison, base=base))
    for gap in (gap_curves, gap_bars):
        assert "A gap then only shows what training learns" in gap(read(no_split)).look_for
        assert "A gap then" not in gap(read(made)).look_for
    chart = learning_curves(read(no_split), "loss")
    assert named(chart, "validation, on rows trained on").line.dash == "solid"
    assert "The rows trained on are those that validate" in chart.look_for
    assert "those that validate" not in learning_curves(read(made), "loss").look_for


def test_the_legend_explains_both_parts():
    chart = learning_curves(read(snapshots.finished()), "loss")
    assert named(chart, "validation").line.dash == "solid"
    assert named(chart, "training").line.dash == "dot"
    assert named(chart, "training").line.color == GREY
    parts = {(t.hovertemplate or "").split("<br>")[0]: t for t in chart.figure.data}
    assert parts["ReLU, training"].line.dash == "dot"
    assert parts["ReLU, training"].line.width < parts["ReLU, validation"].line.width


def test_one_arm_with_huge_losses_leaves_room_for_the_others():
    made = snapshots.finished()
    huge = tuple(
        replace(t, records=tuple(changed(r, data_loss=1000.0 / r.epoch) for r in t.records))
        if t.arm == "relu"
        else t
        for t in made.trials
    )
    chart = learning_curves(read(replace(made, trials=huge)), "loss")
    assert chart.figure.layout.yaxis.range[1] < 20
    assert "ReLU has losses up to 1,000, beyond this chart" in chart.look_for
    assert "beyond" not in learning_curves(read(made), "loss").look_for
    in_logs = learning_curves(read(replace(made, trials=huge)), "loss", log=True)
    assert in_logs.figure.layout.yaxis.range[1] > 3
    assert "beyond" not in in_logs.look_for


def test_only_the_arms_asked_for_are_drawn():
    made = snapshots.many_arms()
    drawn = read(made).arms[3:6]
    some = [arm.label for arm in drawn]
    chart = learning_curves(read(made), "loss", only=some)
    assert set(chart.table["Arm"]) == {arm.title for arm in drawn}
    assert chart.look_for.startswith("3 of 13 arms are drawn.")
    assert set(gap_curves(read(made), only=some).table["Arm"]) == set(chart.table["Arm"])
    everything = learning_curves(read(made), "loss")
    assert everything.table["Arm"].nunique() == 13
    colors = {t.name: t.line.color for t in everything.figure.data if t.mode == "lines+markers"}
    assert all(colors[t.name] == t.line.color for t in chart.figure.data if t.name in colors)


def test_an_interval_smaller_than_the_last_digit_is_written_as_such():
    assert _mean_and_half(-0.0296, -0.0296 + 4e-10) == "−0.0296 ± <0.00003"
    assert _mean_and_half(0.075, 0.105) == "0.0750 ± 0.030"
    assert _mean_and_half(0.075, None) == "0.0750"


def test_curves_of_one_network_speak_of_one():
    whole = snapshots.one_seed()
    comparison = replace(whole.comparison, arms=whole.comparison.arms[:1])
    label = comparison.arms[0].label
    one = replace(whole, comparison=comparison, trials=whole.of_arm(label))
    for metric, better in (("loss", "Lower"), ("accuracy", "Higher")):
        look_for = learning_curves(read(one), metric).look_for
        assert look_for.startswith(f"{better} is better. Still improving at the end")
        assert "one course of many" in look_for
    assert "overfitting" in learning_curves(read(whole), "loss").look_for
