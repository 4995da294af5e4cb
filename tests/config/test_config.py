"""Config: one form for equal settings, and a sentence for every contradiction."""

import json

import pytest

from nncore.config.config import Config
from nncore.config.settings import DEFINED, SETTINGS
from nncore.datasets.catalogue import DATASETS
from nncore.declare.params import params_of
from nncore.definitions.initializers import INITIALIZERS
from nncore.definitions.losses import LOSSES
from nncore.definitions.outputs import OUTPUTS
from nncore.network.models import Mlp
from nncore.system.errors import InvalidSetting, UnknownName
from tests.each import each
from tests.strategies import is_sentence

DEFINITIONS = [
    pytest.param(kind, name, id=f"{kind}-{name}")
    for kind, registry in DEFINED.items()
    for name in registry
]


def fitting(kind, name):
    """A flat config with this definition, on a data set that it can work with."""
    flat = {kind: name}
    chosen = DEFINED[kind][name]
    trained_with = LOSSES[chosen.loss] if getattr(chosen, "loss", None) else chosen
    if trained_with.engines:
        flat["engine"] = trained_with.engines[0]
    if kind in ("loss", "model"):
        kinds = getattr(chosen, "kinds", Mlp.kinds)
        fits = (d.name for d in DATASETS.values() if d.task == chosen.tasks[0] and d.kind in kinds)
        flat["dataset"] = next(fits)
    assert Config.from_flat(flat)
    return flat


@pytest.mark.parametrize(("kind", "name"), DEFINITIONS)
def test_flat_form_survives_json_and_text(kind, name):
    config = Config.from_flat(fitting(kind, name))
    flat = config.flat()
    is_later_default = SETTINGS[kind].param.later and SETTINGS[kind].default == name
    assert flat.get(kind) == (None if is_later_default else name)
    assert Config.from_flat(json.loads(json.dumps(flat))) == config
    as_text = {k: "-".join(map(str, v)) if isinstance(v, list) else str(v) for k, v in flat.items()}
    assert Config.from_flat(as_text) == config
    assert hash(Config.from_flat(as_text)) == hash(config)


@pytest.mark.parametrize(("kind", "name"), DEFINITIONS)
def test_every_setting_of_a_definition_reaches_it(kind, name):
    for param in params_of(DEFINED[kind][name]):
        near = (True, False) if isinstance(param.default, bool) else (0.001, -0.001, 1)
        if isinstance(param.default, tuple):
            offered = [["petal_length", "sepal_width"]]
        else:
            offered = [v if isinstance(v, bool) else param.default + v for v in near]
        changed = next(v for v in offered if v in param.domain and v != param.default)
        columns = {"dataset": "iris"} if isinstance(changed, list) else {}
        given = {**fitting(kind, name), **columns, param.name: changed}
        flat = Config.from_flat(given).flat()
        assert flat[param.name] == changed


def test_settings_share_one_name_space():
    fields = {p.name for p in params_of(Config)}
    kinds_of: dict[str, set[str]] = {}
    for kind, registry in DEFINED.items():
        for definition in registry.values():
            for param in params_of(definition):
                assert param.name not in fields, f"{definition.__name__}.{param.name}"
                kinds_of.setdefault(param.name, set()).add(kind)
    shared = {name: kinds for name, kinds in kinds_of.items() if len(kinds) > 1}
    assert shared == {}, "one key of a flat config would set two things"
    assert set(SETTINGS) == fields | set(kinds_of)


@pytest.mark.parametrize("dataset", DATASETS)
@each("task_loss", LOSSES)
def test_every_loss_either_fits_a_data_set_or_says_why_not(dataset, task_loss):
    data = DATASETS[dataset]
    flat = {"dataset": dataset, "loss": task_loss, "model": "mlp", "engine": "numpy"}
    if data.kind == "text":
        flat |= {"model": "text_mlp", "engine": "keras"}
    if task_loss == "perceptron" and data.kind == "text":
        return  # no engine has both
    if data.task in LOSSES[task_loss].tasks:
        config = Config.from_flat(flat)
        assert config.output_units == (
            len(data.classes) if "categorical" in task_loss else data.units
        )
    else:
        with pytest.raises(InvalidSetting, match=r"this can't work\. Losses that fit: "):
            Config.from_flat(flat)


def refusal(flat):
    """Why these settings can't work together; "" if they can."""
    try:
        assert Config.from_flat(flat)
    except InvalidSetting as error:
        return str(error)
    return ""


@pytest.mark.parametrize("dataset", ["moons", "iris", "diabetes"])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_output_under_every_loss_works_or_says_in_a_sentence_what_does(dataset, loss):
    flat = {"dataset": dataset, "loss": loss, "engine": "numpy"}
    said = {name: refusal({**flat, "output_activation": name}) for name in OUTPUTS}
    works = {name for name, why in said.items() if not why}
    assert bool(works) == (DATASETS[dataset].task in LOSSES[loss].tasks)
    for name, why in said.items():
        if not works:
            assert "Losses that fit: " in why
        elif why:
            assert is_sentence(why)
            assert f"output_activation must be {' or '.join(n for n in OUTPUTS if n in works)}" in (
                why.replace("softmax or sigmoid", "sigmoid or softmax")
            )
            assert f"got {name!r}" in why


@pytest.mark.parametrize(
    ("dataset", "loss", "output", "units"),
    [
        ("iris", "sparse_categorical_crossentropy", "sigmoid", 3),
        ("iris", "categorical_crossentropy", "sigmoid", 3),
        ("iris", "binary_crossentropy", "sigmoid", 3),
        ("iris", "mse", "sigmoid", 3),
        ("moons", "sparse_categorical_crossentropy", "sigmoid", 2),
        ("moons", "binary_crossentropy", "sigmoid", 1),
    ],
)
def test_sigmoids_have_as_many_units_as_the_loss_wants(dataset, loss, output, units):
    assert Config(dataset=dataset, loss=loss, output_activation=output).output_units == units


@pytest.mark.parametrize(
    ("dataset", "loss", "units", "output"),
    [
        ("moons", "binary_crossentropy", 1, "sigmoid"),
        ("iris", "sparse_categorical_crossentropy", 3, "softmax"),
        ("diabetes", "mse", 1, "linear"),
    ],
)
def test_the_data_set_decides_what_is_left_open(dataset, loss, units, output):
    config = Config(dataset=dataset)
    assert (config.loss.name, config.output_units, config.output_activation) == (
        loss, units, output,
    )  # fmt: skip
    assert Config(dataset=dataset, loss="auto", output_units=0, output_activation="auto") == config


def test_one_form_only_data_sets_take_their_variant():
    assert Config(dataset="iris").variant == "full"
    assert Config(dataset="iris", variant="extract") == Config(dataset="iris", variant="full")
    assert Config(dataset="mnist").variant == "extract"


def test_equal_activations_of_all_layers_are_one_config():
    layers = Config(hidden=(8, 8), activation=("tanh", "tanh"))
    assert layers == Config(hidden=(8, 8), activation="tanh")
    assert [a.name for a in layers.activations()] == ["tanh", "tanh"]
    assert Config(hidden=()).activations() == ()


CONTRADICTIONS = {
    "binary loss, a number": (
        {"dataset": "diabetes", "loss": "binary_crossentropy"},
        "compares class probabilities, but Diabetes predicts a number",
    ),
    "class loss, numbers": (
        {"dataset": "diabetes", "loss": "sparse_categorical_crossentropy"},
        "compares class probabilities, but Diabetes predicts a number",
    ),
    "too few outputs": (
        {"dataset": "mnist", "output_units": 3},
        "MNIST has 10 classes, and labels from 3 on would have no output to point at",
    ),
    "too many outputs": (
        {"dataset": "iris", "output_units": 4},
        "Iris has 3 classes, and an output without a class never learns",
    ),
    "two numbers": ({"dataset": "diabetes", "output_units": 2}, "Diabetes predicts one number"),
    "two outputs, binary": (
        {"dataset": "moons", "output_units": 2},
        "on two classes needs one probability",
    ),
    "softmax under the sigmoid's loss": (
        {"loss": "binary_crossentropy", "output_activation": "softmax"},
        "reads a probability of every unit, so output_activation must be sigmoid; got 'softmax'",
    ),
    "linear output, squared error on classes": (
        {"loss": "mse", "output_activation": "linear"},
        "output_activation must be sigmoid or softmax for Digits",
    ),
    "three activations, two layers": (
        {"hidden": "8-8", "activation": "relu-tanh-relu"},
        "activation names 3 layers, but hidden has 2",
    ),
    "all rows held out": ({"split": "first:1437"}, "Digits has 1,437 training rows"),
    "nothing held out": ({"split": "last:0.0"}, "must leave rows for training and for validation"),
    "image scaling of a table": (
        {"dataset": "iris", "preprocess": "l2_axis1"},
        "needs images, but Iris is a table",
    ),
    "a setting of another optimizer": (
        {"optimizer": "sgd", "rho": 0.5},
        "rho is a setting of rmsprop, adadelta, but this network uses",
    ),
}


@pytest.mark.parametrize(("flat", "why"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_contradictions_are_explained(flat, why):
    with pytest.raises(InvalidSetting) as caught:
        Config.from_flat(flat)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("flat", "text"),
    [
        ({"optimzer": "adam"}, "Unknown setting 'optimzer'. Did you mean 'optimizer'?"),
        ({"optimizer": "adma"}, "Unknown optimizer 'adma'. Did you mean"),
        ({"dataset": "digit"}, "Unknown dataset 'digit'. Did you mean 'digits'?"),
        ({"batch_size": "0"}, "batch_size must be a whole number from 1 to 100,000; got 0."),
        ({"learning_rate": "x"}, "Adam.learning_rate must be a number from 1e-6 to 100; got 'x'."),
        ({"epochs": None}, "epochs must be a whole number from 1 to 20,000; got None."),
    ],
)
def test_wrong_names_and_values_are_explained(flat, text):
    with pytest.raises(InvalidSetting) as caught:
        Config.from_flat(flat)
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize(
    "flat",
    [
        {"dropout": "x" * 5000},
        {"epochs": "1" * 5000},
        {"hidden": [0.5] * 2000},
        {"initializer": "x" * 5000},
        {"x" * 5000: 1},
        {"split": f"stratified:0.{'0' * 5000}"},
    ],
    ids=["text", "digits", "list", "name", "setting", "split"],
)
def test_what_came_is_cut_where_it_is_long(flat):
    with pytest.raises(InvalidSetting, match=r"\.\.\.") as refusal:
        Config.from_flat(flat)
    assert len(str(refusal.value)) < 1200


def test_unknown_names_have_their_own_class():
    with pytest.raises(UnknownName):
        Config.from_flat({"engine": "torch"})


def test_python_and_flat_construction_agree():
    he = INITIALIZERS["he_normal"]()
    assert Config(initializer=he) == Config.from_flat({"initializer": "he_normal"})
