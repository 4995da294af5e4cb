"""Charts of what definitions do before any training, checked by calculus and limit cases."""

import numpy as np
import pytest
from scipy.integrate import cumulative_trapezoid

from nncore.definitions.activations import ACTIVATIONS
from nncore.definitions.initializers import INITIALIZERS
from nncore.definitions.optimizers import OPTIMIZERS
from nncore.figures.parts.chart import MOST_DECADES, MOST_POINTS, Chart, style
from nncore.figures.untrained.definitions import (
    MOST_STEPS,
    MOST_WIDTH,
    activation_shapes,
    initializer_spread,
    names,
    optimizer_paths,
)
from nncore.figures.untrained.surfaces import SURFACES

RELU, LINEAR = ACTIVATIONS["relu"](), ACTIVATIONS["linear"]()
SGD = OPTIMIZERS["sgd"]
START = (-1.6, 1.2)


def spread_of(initializer, width=256, depth=10, activation=RELU):
    chart = initializer_spread([initializer], width, depth, activation)
    spread = chart.table["Spread"].to_numpy()
    assert len(spread) == depth + 1
    return spread


def path_of(optimizer, surface="bowl", steps=50, **options):
    table = optimizer_paths([optimizer], surface, steps, **options).table
    path = table[["x", "y"]].to_numpy()
    assert list(table["Step"]) == list(range(len(path)))
    return path


def test_a_step_has_no_slope_and_the_chart_says_what_follows():
    step = activation_shapes([RELU, ACTIVATIONS["step"](), LINEAR])
    table = step.table[step.table["Activation"] == "Step"]
    assert set(table["f(z)"]) == {0.0, 1.0}
    assert set(table["f′(z)"]) == {0.0}
    said = "Nothing comes back through Step: layers before keep their first weights."
    assert step.look_for.endswith(said)
    assert "Nothing comes back" not in activation_shapes([RELU, LINEAR]).look_for


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])  # a jump
def test_the_slope_integrates_back_to_the_function(name):
    table = activation_shapes([ACTIVATIONS[name]()]).table
    z, f, slope = (table[column].to_numpy() for column in ("z", "f(z)", "f′(z)"))
    assert (z[0], z[-1]) == (-6.0, 6.0)
    # the rule is off by half a step of 0.05 times each jump of the slope, at most 1.76 (SELU)
    np.testing.assert_allclose(f[0] + cumulative_trapezoid(slope, z, initial=0), f, atol=0.05)


@pytest.mark.parametrize("registry", ["activations", "initializers", "optimizers"])
def test_all_definitions_at_once(registry):
    draw = {
        "activations": lambda: activation_shapes([c() for c in ACTIVATIONS.values()]),
        "initializers": lambda: initializer_spread(
            [c() for c in INITIALIZERS.values()], 64, 5, RELU
        ),
        "optimizers": lambda: optimizer_paths([c() for c in OPTIMIZERS.values()], "valley", 40),
    }
    classes = {
        "activations": ACTIVATIONS,
        "initializers": INITIALIZERS,
        "optimizers": OPTIMIZERS,
    }[registry]
    chart = draw[registry]()
    assert isinstance(chart, Chart)
    assert chart.alt.endswith(".")
    assert chart.look_for.endswith(".")
    layout = chart.figure.layout
    assert layout.uirevision
    assert layout.xaxis.title.text
    assert layout.yaxis.title.text
    labels = [c.label for c in classes.values()]
    assert list(dict.fromkeys(chart.table.iloc[:, 0])) == labels
    for position, label in enumerate(labels):
        lines = [
            t for t in chart.figure.data if (t.name or "").split(":")[0].split(",")[0] == label
        ]
        assert lines
        for line in lines:
            look = style(position)
            assert (line.line.color, line.line.dash) == (look.color, look.dash)
            assert line.marker.symbol in (None, look.marker)
            assert isinstance(line.x, np.ndarray)
            assert len(line.x) <= MOST_POINTS


def test_nothing_chosen_is_said():
    for chart in (
        activation_shapes([]),
        initializer_spread([], 64, 3, RELU),
        initializer_spread([INITIALIZERS["he_normal"]()], 64, 0, RELU),
        optimizer_paths([], "bowl"),
    ):
        assert chart.table.empty
        assert "chosen" in chart.look_for


def test_names_tell_settings_that_differ():
    chosen = [SGD(), SGD(momentum=0.9), ACTIVATIONS["leaky_relu"]()]
    assert names(chosen) == ["SGD", "SGD (momentum 0.9)", "Leaky ReLU"]


@pytest.mark.parametrize("name", ["he_normal", "he_uniform"])
def test_he_keeps_the_spread_with_relu(name):
    spread = spread_of(INITIALIZERS[name](), width=400)
    np.testing.assert_allclose(spread[2:] / spread[1], 1.0, atol=0.25)


def test_glorot_halves_the_power_with_relu():
    spread = spread_of(INITIALIZERS["glorot_normal"](), width=400)
    np.testing.assert_allclose(spread[2:] / spread[1:-1], 0.5**0.5, atol=0.06)


def test_zeros_give_nothing_and_leave_the_log_axis_alone():
    zeros, he = INITIALIZERS["zeros"](), INITIALIZERS["he_normal"]()
    np.testing.assert_array_equal(spread_of(zeros)[1:], 0.0)
    chart = initializer_spread([zeros, he], 64, 4, RELU)
    assert chart.figure.data[0].name == "Zeros: has none (0)"
    np.testing.assert_array_equal(np.isfinite(chart.figure.data[0].y), [True] + [False] * 4)


def test_a_fixed_spread_knows_no_width():
    # n weights of variance 0.0025 multiply the variance by 0.0025 n; orthogonal keeps lengths
    normal = INITIALIZERS["random_normal"]()
    wide, narrow = spread_of(normal, 400, 4, LINEAR), spread_of(normal, 100, 4, LINEAR)
    np.testing.assert_allclose(wide, 1.0, atol=0.12)
    np.testing.assert_allclose(narrow, 0.5 ** np.arange(5), rtol=0.2)
    orthogonal = spread_of(INITIALIZERS["orthogonal"](), 100, 8, LINEAR)
    np.testing.assert_allclose(orthogonal, orthogonal[0], rtol=0.01)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_what_explodes_is_named_without_warnings(activation):
    huge = INITIALIZERS["random_normal"](stddev=10.0)
    chart = initializer_spread([huge], 64, 40, ACTIVATIONS[activation]())
    bounded = chart.table["Spread"].max() < 10
    assert bounded or "overflows" in chart.alt
    assert bounded or chart.figure.data[0].name == "Random normal (stddev 10): overflows"


@pytest.mark.parametrize("depth", [1, 3, 6, 40])
@pytest.mark.parametrize("activation", ["relu", "sigmoid", "linear"])
def test_the_log_axis_has_few_whole_labels(depth, activation):
    chosen = [c() for c in INITIALIZERS.values()]
    chart = initializer_spread(chosen, 32, depth, ACTIVATIONS[activation]())
    axis = chart.figure.layout.yaxis
    assert axis.type == "log"
    low, high = axis.range
    if axis.tickvals is None:
        assert axis.dtick == int(axis.dtick) >= 1
        labels = [e for e in range(-400, 400) if low <= e <= high and e % axis.dtick == 0]
        assert 1 <= len(labels) <= MOST_DECADES + 1
    else:
        assert sum(low <= np.log10(v) <= high for v in axis.tickvals) >= 2
    drawn = chart.table["Spread"][chart.table["Spread"] > 0]
    assert low < np.log10(drawn.min())
    assert np.log10(drawn.max()) < high


def test_wide_layers_are_drawn_narrower_and_say_so():
    he = [INITIALIZERS["he_normal"]()]
    wide = initializer_spread(he, 4 * MOST_WIDTH, 1, RELU)
    assert f"Drawn with {MOST_WIDTH} units per layer instead of {4 * MOST_WIDTH:,}" in wide.look_for
    assert "instead" not in initializer_spread(he, 64, 1, RELU).look_for


def test_another_seed_draws_other_weights_and_the_same_the_same():
    he = [INITIALIZERS["he_normal"]()]
    first, again, other = (initializer_spread(he, 32, 3, RELU, seed=s).table for s in (0, 0, 1))
    assert first.equals(again)
    assert not first.equals(other)


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_has_its_slope_and_its_minima(name):
    ground, h = SURFACES[name], 1e-5
    rng = np.random.default_rng(0)
    low, high = np.transpose([ground.x_range, ground.y_range])
    for w in rng.uniform(low, high, (20, 2)):
        slope = [
            (ground.value(*(w + step)) - ground.value(*(w - step))) / (2 * h)
            for step in h * np.eye(2)
        ]
        np.testing.assert_allclose(ground.gradient(w), slope, rtol=1e-5, atol=1e-6)
    everywhere = ground.value(*np.meshgrid(*np.linspace(low, high, 101).T))
    for minimum in ground.minima:
        np.testing.assert_allclose(ground.gradient(np.array(minimum)), 0.0, atol=1e-4)
        assert ground.value(*np.array(minimum)) <= everywhere.min() + 1e-9
        assert (low < minimum).all()
        assert (minimum < high).all()
    assert (low < ground.start).all()
    assert (ground.start < high).all()


@pytest.mark.parametrize("rate", [0.01, 0.3, 1.0, 1.9])
def test_sgd_on_the_bowl_decays_geometrically(rate):
    # f = |w|^2 / 2 has the gradient w, so every step multiplies w by 1 - rate
    path = path_of(SGD(learning_rate=rate), start=START)
    steps = (1 - rate) ** np.arange(51)
    np.testing.assert_allclose(path, steps[:, None] * np.array(START), atol=1e-12)
    np.testing.assert_allclose(path_of(SGD(), start=START, learning_rate=rate), path)


def test_one_rate_for_all_leaves_their_own_out_of_the_picture():
    slow, fast = SGD(learning_rate=0.02), SGD(learning_rate=10.0)
    heavy = SGD(learning_rate=10.0, momentum=0.9)
    chart = optimizer_paths([slow, fast, heavy], "bowl", 5, learning_rate=0.1)
    assert list(dict.fromkeys(chart.table["Optimizer"])) == ["SGD", "SGD (momentum 0.9)"]
    own = optimizer_paths([slow, fast], "bowl", 5)
    assert [f"learning rate {rate})" in own.alt for rate in ("0.02", "10")] == [True, True]


def test_paths_know_their_loss():
    chart = optimizer_paths([SGD(learning_rate=0.1)], "bowl", 20, START)
    loss = 2.0 * 0.9 ** (2 * np.arange(21))  # |START|^2 / 2 is 2
    np.testing.assert_allclose(chart.table["Loss"], loss)
    assert f"SGD (learning rate 0.1) {loss[-1]:.3f}" in chart.alt
    np.testing.assert_allclose(chart.figure.data[-1].customdata[:, 1], loss)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("surface", SURFACES)
def test_paths_begin_at_the_start_and_stay_near(name, surface):
    ground = SURFACES[surface]
    for rate in (None, 100.0):
        path = path_of(OPTIMIZERS[name](), surface, 60, learning_rate=rate)
        np.testing.assert_array_equal(path[0], ground.start)
        middle = np.mean([ground.x_range, ground.y_range], axis=1)
        assert (np.abs(path - middle) < 3 * np.ptp([ground.x_range, ground.y_range], axis=1)).all()


def test_a_path_that_runs_away_is_cut_and_named():
    # steps of rate 3 multiply by -2: 1.6, 3.2, 6.4 are within 12 of the middle, 12.8 is not
    chart = optimizer_paths([SGD(learning_rate=3.0)], "bowl", 50, START)
    np.testing.assert_allclose(chart.table["x"], [-1.6, 3.2, -6.4])
    assert chart.figure.data[-1].name == "SGD (learning rate 3), left the picture at step 3"
    assert "left the picture at step 3" in chart.alt
    ground = SURFACES["bowl"]
    assert chart.figure.layout.xaxis.range == ground.x_range
    assert chart.figure.layout.yaxis.range == ground.y_range


def test_steps_are_limited():
    chart = optimizer_paths([SGD()], "bowl", 10 * MOST_STEPS)
    assert chart.table["Step"].max() == MOST_STEPS
    line = chart.figure.data[-1]
    assert len(line.x) <= MOST_POINTS
    assert line.x[-1] == chart.table["x"].iloc[-1]
