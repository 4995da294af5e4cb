"""What all charts have in common: every one accepts every snapshot, and arms keep their looks."""

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

from nncore.analysis.judging import Judging
from nncore.analysis.reading import read
from nncore.analysis.side_by_side import measured_everywhere
from nncore.analysis.speed import speed
from nncore.figures.parts.chart import COLORS, GREY, MOST_POINTS, Chart, log_ticks, style, thin
from nncore.figures.trained.axes import AXES
from nncore.figures.trained.cost import QUANTITIES, cost_bars, cost_table, quality_against_cost
from nncore.figures.trained.curves import learning_curves
from nncore.figures.trained.errors import confusion, predicted_actual, report_table
from nncore.figures.trained.gaps import gap_bars, gap_curves, gap_epochs
from nncore.figures.trained.live import progress_table
from nncore.figures.trained.scores import score_points, score_table
from nncore.figures.trained.side_by_side import side_bars
from nncore.figures.trained.speed import relative_curves, speed_points
from nncore.figures.trained.together import loss_and_score
from nncore.system.errors import InvalidSetting
from tests import snapshots
from tests.each import each


def last_arm(draw, **options):
    """Draws the last arm of a reading."""
    return lambda reading: draw(reading, reading.arms[-1], **options)


CHARTS = {
    "loss": lambda r: learning_curves(r, "loss"),
    "loss, log": lambda r: learning_curves(r, "loss", log=True, single_seeds=True),
    "accuracy": lambda r: learning_curves(r, "accuracy", single_seeds=True),
    "mae": lambda r: learning_curves(r, "mae"),
    **{
        f"{metric}, {over}": lambda r, m=metric, o=over: learning_curves(r, m, over=o, marks=True)
        for metric in ("loss", "accuracy")
        for over in AXES
    },
    "together": loss_and_score,
    "together, log": lambda r: loss_and_score(r, log=True),
    "gap_curves": gap_curves,
    "gap_bars": gap_bars,
    "gap of metric": lambda r: gap_curves(r, measured_everywhere(r)[0], threshold=0.1),
    "gap by epochs": last_arm(gap_epochs, threshold=0.1),
    "side by side": lambda r: side_bars(r, measured_everywhere(r)[0], tests=True),
    "speed": lambda r: speed_points(speed(r), "seconds"),
    "relative": relative_curves,
    "scores, last": score_points,
    "scores, best": lambda r: score_points(r.judged(Judging(at="best"))),
    "confusion": last_arm(confusion),
    "confusion, share": last_arm(confusion, share=True),
    "predicted_actual": last_arm(predicted_actual),
    **{f"cost, {q}": lambda r, q=q: cost_bars(r, q) for q in QUANTITIES},
    **{f"quality, {q}": lambda r, q=q: quality_against_cost(r, q) for q in QUANTITIES},
}
TABLES = {
    "score_table": score_table,
    "cost_table": cost_table,
    "progress_table": progress_table,
    "report_table": lambda r: report_table(r.arms[-1]),
}


@cache
def reading_of(snapshot):
    reading = read(snapshots.ALL[snapshot]())
    assert reading.arms
    return reading


@pytest.mark.parametrize("snapshot", snapshots.ALL)
@each("name", CHARTS)
def test_a_chart_accepts_every_snapshot(name, snapshot):
    reading = reading_of(snapshot)
    chart = CHARTS[name](reading)
    assert isinstance(chart, Chart)
    assert isinstance(chart.table, pd.DataFrame)
    layout = chart.figure.layout
    assert layout.xaxis.title.text
    assert layout.yaxis.title.text
    assert layout.uirevision
    for text in (chart.alt, chart.look_for):
        assert text.endswith(".")
        assert not any(word in text for word in ("nan", "None", "inf", ".."))
    assert chart.table.empty == chart.alt.startswith("Empty chart")
    json.loads(chart.figure.to_json())
    travels_as_short_arrays(chart)
    if "confusion" not in name:
        keeps_the_looks_of_arms(name, chart, reading)


def travels_as_short_arrays(chart):
    for trace in chart.figure.data:
        if trace.type == "heatmap":
            continue
        assert isinstance(trace.x, np.ndarray)
        assert isinstance(trace.y, np.ndarray)
        assert len(trace.x) == len(trace.y)
        assert len(trace.x) <= MOST_POINTS * (2 if getattr(trace, "fill", "") else 1)


def keeps_the_looks_of_arms(name, chart, reading):
    """An arm has one color, marker and dash on all charts."""
    looks = {arm.title: style(i) for i, arm in enumerate(reading.arms)}
    for trace in chart.figure.data:
        if trace.type == "bar":
            if name in ("gap by epochs", "side by side"):
                continue  # no arm stands on an axis: each bar has its test
            assert list(trace.marker.color) == [looks[title].color for title in trace.y]
            continue
        look = looks.get((trace.name or "").removesuffix(", diverged"))
        if look is None:
            continue
        allowed = {look.color, GREY} if name.startswith("quality") else {look.color}
        assert {trace.marker.color, trace.line.color} - {None} <= allowed
        assert trace.marker.symbol in (None, look.marker)
        assert name != "gap_curves" or trace.line.dash in (None, look.dash)


@pytest.mark.parametrize("snapshot", snapshots.ALL)
@each("name", TABLES)
def test_a_table_accepts_every_snapshot(name, snapshot):
    reading = reading_of(snapshot)
    table = TABLES[name](reading)
    assert isinstance(table, pd.DataFrame)
    if name != "report_table":
        assert list(table["Arm"]) == [arm.title for arm in reading.arms]
        texts = {"Arm", QUANTITIES["seconds"]}
        assert all(table[c].dtype.kind in "iuf" for c in table.columns if c not in texts)


def test_looks_tell_arms_apart():
    looks = [style(i) for i in range(40)]
    assert len(set(looks)) == len(looks)
    assert len({(look.color, look.marker) for look in looks}) == len(looks)
    assert len({look.color for look in looks[:8]}) == len({look.marker for look in looks[:8]}) == 8


def luminance(color):
    """Relative luminance as WCAG 2.2 defines it."""
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    value = float(linear @ [0.2126, 0.7152, 0.0722])
    assert 0 <= value <= 1
    return value


@pytest.mark.parametrize("background", ["#FFFFFF", "#0E1117"])
@pytest.mark.parametrize("color", [*COLORS, GREY])
def test_colors_stand_out_in_light_and_dark(color, background):
    low, high = sorted((luminance(color), luminance(background)))
    assert (high + 0.05) / (low + 0.05) >= 3.0


@pytest.mark.parametrize("n", [1, 2, 499, 500, 501, 12_345])
def test_thinning_keeps_both_ends(n):
    keep = thin(n)
    assert len(keep) == min(n, MOST_POINTS)
    assert keep[0] == 0
    assert keep[-1] == n - 1
    assert np.ptp(np.diff(keep)) <= 1 if n > 2 else True


@pytest.mark.parametrize("low", [-7.3, -1.2, -0.05, 0.0, 2.4])
@pytest.mark.parametrize("span", [0.3, 0.9, 1.4, 1.6, 3.0, 40.0])
def test_log_labels_are_few_and_whole(low, span):
    ticks = log_ticks(low, low + span)
    if "dtick" in ticks:  # a whole number of decades
        assert ticks["dtick"] == int(ticks["dtick"])
        assert 1 <= span / ticks["dtick"] <= 8
        return
    labels = [
        text
        for value, text in zip(ticks["tickvals"], ticks["ticktext"], strict=True)
        if low <= np.log10(value) <= low + span
    ]
    assert 1 <= len(labels) <= 6
    for value, text in zip(ticks["tickvals"], ticks["ticktext"], strict=True):
        assert float(text.replace(",", "").replace("−", "-")) == pytest.approx(value)


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda r: learning_curves(r, "speed"), "metric must be one of loss, accuracy, mae"),
        (lambda r: learning_curves(r, "loss", over="second"), "over must be .* did you mean"),
        (lambda r: cost_bars(r, "parametres"), "did you mean"),
        (lambda r: quality_against_cost(r, "price"), "Known: parameters"),
        (lambda r: confusion(r, r.arm("rellu")), "did you mean"),
        (lambda r: predicted_actual(r, r.arm("x")), "Unknown arm 'x'"),
        (lambda r: report_table(r.arm("x")), "Unknown arm 'x'"),
    ],
)
def test_unknown_names_are_explained(draw, words):
    with pytest.raises(InvalidSetting, match=f"(?i){words}"):
        draw(read(snapshots.finished()))
