"""Figures for print: what they show is what the interactive chart shows."""

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from nncore.analysis.reading import read
from nncore.export import print as printing
from nncore.export.drawn_axes import Panel
from nncore.export.drawn_parts import color_of, plain_text, power, scale_colors, writer
from nncore.export.print import FORMATS, caption, plain_plot, print_figure
from nncore.figures.named import figures
from nncore.figures.subject import Needs, Subject
from nncore.system import child as child_processes
from nncore.system.errors import ChildFailed, InvalidSetting
from tests import snapshots

ROOT = Path(__file__).resolve().parents[2]
MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml", "pdf": b"%PDF-"}
TRAINED = (Needs.TRAININGS, Needs.WEIGHTS)
MORE = {  # options of charts beside their start
    "log": ("learning_curves", {"metric": "loss", "log": "true"}),
    "marked": ("learning_curves", {"marks": "true", "single_seeds": "true"}),
    "share": ("confusion", {"share": "true"}),
    "seconds": ("cost_bars", {"quantity": "seconds"}),
    "tests": ("side_bars", {"tests": "true"}),
    "threshold": ("gap_epochs", {"threshold": "0.05"}),
}
CHILD = """
import json, sys
from pathlib import Path
from nncore.export import drawing
drawing.DPI = 50  # sharpness only takes time
for job in json.load(sys.stdin):
    drawn = drawing.draw(job["plot"], job["caption"], job["format"])
    Path(job["file"]).write_bytes(drawn)
"""


def chart_of(name, made, options=None):
    reading = read(made)
    return figures()[name].draw(Subject(reading.snapshot.comparison, reading), options or {})


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """(snapshot, what) -> bytes: all drawn in one child, whose warnings are errors."""
    folder, jobs, files = tmp_path_factory.mktemp("printed"), [], {}
    wanted = [(name, name, {}) for name, f in figures().items() if f.needs in TRAINED]
    wanted += [(what, name, options) for what, (name, options) in MORE.items()]
    wanted += [(name, name, {}) for name in ("activation_shapes", "optimizer_paths")]
    for snapshot in ("finished", "regression", "diverged", "queued"):
        for i, (what, name, options) in enumerate(wanted):
            if name == "heatmap":
                continue  # of grids alone
            chart = chart_of(name, snapshots.ALL[snapshot](), options)
            fmt = "svg" if snapshot in ("finished", "diverged") else tuple(FORMATS)[i % 3]
            files[snapshot, what] = folder / f"{snapshot}-{what}.{fmt}"
            job = {"plot": plain_plot(chart), "caption": caption(chart), "format": fmt}
            jobs.append({**job, "file": str(files[snapshot, what])})
    child = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHILD],
        input=json.dumps(jobs, allow_nan=False).encode(),
        capture_output=True,
        timeout=200,
        check=False,
        cwd=ROOT,
    )
    assert child.stderr.decode() == ""
    assert child.returncode == 0
    return {key: (file.suffix[1:], file.read_bytes()) for key, file in files.items()}


@pytest.mark.slow
def test_every_chart_of_trainings_is_printed_whatever_came_of_them(printed):
    for (name, what), (fmt, drawn) in printed.items():
        assert drawn.startswith(MAGIC[fmt]), (name, what)
        assert len(drawn) > 2000, (name, what)


def written(svg):
    return [
        e.text or "" for e in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    ]


@pytest.mark.slow
def test_print_says_what_it_shows(printed):
    texts = {key: written(svg) for key, (fmt, svg) in printed.items() if fmt == "svg"}
    curves = texts["finished", "learning_curves"]
    assert {"Accuracy", "Epoch", "validation", "training", "90 %"} <= set(curves)
    assert "95 % intervals over 3 seeds" in " ".join(curves)  # of a caption in lines
    assert "Predicted class" in texts["finished", "confusion"]
    assert texts["finished", "confusion"].count("103") == 10  # each class, added up over 3 seeds
    assert {"0.001", "10⁻⁷"} <= set(texts["finished", "log"])
    assert not any("mathdefault" in text for text in texts["finished", "log"])
    assert {"training", "validation", "test"} <= set(texts["finished", "tests"])
    assert b"<pattern" in printed["finished", "tests"][1]  # test bars are striped
    assert "Diverged: Tanh (3 of 3 seeds)" in " ".join(texts["diverged", "learning_curves"])
    assert "never" in texts["finished", "speed_points"]


@pytest.mark.slow
def test_a_curve_lies_where_its_numbers_are(printed):
    """The points of ReLU's mean, read off the file, are those of the chart up to one stretch."""
    chart = chart_of("relative_curves", snapshots.finished())
    table = chart.table[chart.table["Arm"] == "ReLU"]
    svg = ElementTree.fromstring(printed["finished", "relative_curves"][1])
    paths = [e.get("d") for e in svg.iter("{http://www.w3.org/2000/svg}path")
             if "#6633ff" in (e.get("style") or "") and "fill: none" in e.get("style")]  # fmt: skip
    points = [np.array(re.findall(r"[ML] (\S+) (\S+)", d), float) for d in paths]
    lines = [p for p in points if len(p) == len(table)]
    assert lines
    x, y = lines[0].T
    for drawn, meant in ((x, table["Epoch"]), (y, table["Mean"])):
        assert abs(np.corrcoef(drawn, meant)[0, 1]) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.slow
def test_print_figure_is_the_child_and_stays_silent(monkeypatch):
    children = []
    run = subprocess.run

    def spy(*args, **kwargs):
        children.append(run(*args, **kwargs))
        return children[-1]

    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setattr(child_processes.subprocess, "run", spy)
    drawn = print_figure(chart_of("predicted_actual", snapshots.regression()), "svg")
    assert drawn.startswith(MAGIC["svg"])
    assert b"Predicted disease progression after one year (points)" in drawn
    assert [child.stderr for child in children] == [b""]


@pytest.mark.slow
def test_what_goes_wrong_in_the_child_is_said(tmp_path, monkeypatch):
    (tmp_path / "seaborn.py").write_text("raise ImportError('no seaborn here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ChildFailed, match=r"figure could not be drawn: .*no seaborn here"):
        print_figure(chart_of("cost_bars", snapshots.finished()), "png")


def test_a_child_that_takes_too_long_is_ended_and_other_formats_are_refused(monkeypatch):
    chart = chart_of("cost_bars", snapshots.finished())
    monkeypatch.setattr(printing, "SECONDS", 0.01)
    with pytest.raises(ChildFailed, match=r"took over 0.01 seconds. Try again"):
        print_figure(chart, "pdf")
    with pytest.raises(InvalidSetting, match="format must be one of png, svg, pdf; got 'gif'"):
        print_figure(chart, "gif")


def test_the_caption_says_what_stands_alone():
    assert caption(chart_of("learning_curves", snapshots.queued())) == ""
    words = caption(chart_of("learning_curves", snapshots.diverged()))
    assert words.startswith("Line chart of training and validation accuracy over 5 epochs")
    assert "95 % intervals over 2 to 3 seeds." in words
    assert words.endswith("Diverged: Tanh (3 of 3 seeds) and ReLU (1 of 3 seeds).")


def test_plotlys_words_become_matplotlibs():
    assert plain_text("a <b>b</b><br>&#60;c&#62; &#36;") == "a b\n<c> $"
    assert color_of("rgba(255, 0, 51, 0.5)") == (1.0, 0.0, 0.2, 0.5)
    shares = [writer(".0%")(0.5), writer(".0%")(0.015), writer(".1~%")(0.125)]
    assert shares == ["50 %", "1.5 %", "12.5 %"]
    assert writer("~s")(2_410_000) == "2.41 M"
    assert writer("") is None
    assert [power(0.01), power(1e-7), power(2e-5)] == ["0.01", "10⁻⁷", "0.00002"]
    dark_to_bright = [[0.0, "#000000"], [1.0, "#FFFFFF"]]
    assert scale_colors(dark_to_bright)(0.0) == scale_colors(dark_to_bright, back=True)(1.0)


@pytest.mark.parametrize(
    ("layout", "values", "places"),
    [
        ({"type": "category"}, ["64", "8"], [0, 1]),
        ({}, ["64", "8"], [64, 8]),  # as plotly takes numbers written as text
        ({"type": "category", "categoryarray": ["b", "a"]}, ["a", None, "b"], [1, np.nan, 0]),
        ({"type": "log"}, [1, 10], [1, 10]),
    ],
)
def test_names_of_an_axis_stand_in_their_order(layout, values, places):
    panel = Panel(None, "x", "y", layout, {})
    panel.find_categories("x", values)
    np.testing.assert_array_equal(panel.place("x", values), places)
