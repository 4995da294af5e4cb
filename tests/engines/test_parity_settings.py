"""Every setting that a training depends on means the same in every engine: found, not listed.

So does every loss with every output activation that it allows.

A setting that is declared tomorrow is held here at once, at a value that isn't its default.
"""

from dataclasses import replace
from typing import Any

import pytest

from nncore.config.config import Config
from nncore.config.settings import SETTINGS, Setting
from nncore.definitions.initializers import RandomNormal
from nncore.definitions.losses import LOSSES
from nncore.definitions.optimizers import SGD
from nncore.engines.begin import begin
from nncore.system.errors import InvalidSetting
from tests.engines.test_parity import check_engines_agree, random_data, tiny
from tests.toy_data import possible_outputs

pytestmark = pytest.mark.slow

ELSEWHERE = {
    "schedule": "tests/engines/test_training_rules.py, for its rates come from the loop",
    "initial_weights": "tests/engines/test_training_rules.py, for there must be as many as weights",
    "wide_inputs": "tests/engines/test_parity.py, for columns have names of their own",
    "deep_inputs": "the same",
    "output_units": "tests/config/test_config.py, for there is one number that works",
    "learning_rate": "the loop, which hands it to every engine",
    "epochs": "the loop, which counts them",
    "seed": "tests/engines/test_streams.py, for all engines draw from the same streams",
}
SMALL = {
    "dataset": "iris", "hidden": [5], "activation": "tanh", "batch_size": 16, "epochs": 2,
    "dtype": "float64",
}  # fmt: skip
BUILT = ("activation", "initializer", "bias_initializer")
GROUPS = ("Network", "Training", "Regularization")  # of others are data, stopping and engines


def _is_held(setting: Setting) -> bool:
    if setting.group not in GROUPS or {setting.name, setting.kind} & ELSEWHERE.keys():
        return False
    kinds = {kind for owner in setting.owners for kind in getattr(owner, "kinds", ("table",))}
    return not setting.owners or "table" in kinds  # texts: tests/network/test_families.py


HELD = [name for name, setting in SETTINGS.items() if _is_held(setting)]


def changed(name: str) -> Config:
    """A small network with this setting at the first of its offered values that changes it."""
    setting = SETTINGS[name]
    flat: dict[str, Any] = {key: "true" for key in setting.needs if key in SETTINGS}
    if setting.kind:
        flat[setting.kind] = setting.owners[0].name
        tasks = getattr(setting.owners[0], "tasks", ("multiclass",))
        flat["dataset"] = "iris" if "multiclass" in tasks else "circles"
    before = Config.from_flat(SMALL | flat).flat()
    for text in setting.levels:
        try:
            config = Config.from_flat(before | {name: setting.parse(text)})
        except InvalidSetting:
            continue
        if config.flat() != before and len(config.hidden) < 4 and sum(config.hidden) < 100:
            return config
    raise AssertionError(f"No offered value of {name} changes a network: say where it is tested.")


@pytest.mark.parametrize("name", HELD)
def test_engines_agree_for_every_setting(name):
    config = changed(name)
    # fit draws masks of its own, and gets its layers and weights from the same code
    without_fit = config.dropout or SETTINGS[name].kind in BUILT
    check_engines_agree(config, against=("numpy",) if without_fit else ("numpy", "keras_fit"))


@pytest.mark.parametrize(
    ("dataset", "loss", "output"),
    [each for each in possible_outputs() if not LOSSES[each[1]].engines],
)
def test_engines_agree_for_every_loss_with_every_output_it_allows(dataset, loss, output):
    config = tiny(dataset=dataset, loss=loss, output_activation=output)
    # fit is slow to start: once per loss is enough of it, and where Keras has ways of its own
    with_fit = config.data.task == LOSSES[loss].tasks[-1] or output in LOSSES[loss].apart
    check_engines_agree(config, against=("numpy", "keras_fit") if with_fit else ("numpy",))


@pytest.mark.parametrize("loss", [name for name, kind in LOSSES.items() if kind.apart])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_engines_agree_where_sigmoids_are_so_sure_that_they_are_cut(loss, dtype):
    config = tiny(
        loss=loss, output_activation="sigmoid", dtype=dtype, hidden=(), optimizer=SGD(),
        initializer=RandomNormal(stddev=10.0),
    )  # fmt: skip
    data = random_data(config)
    sure = begin("numpy", replace(config, engine="numpy"), data).predict(data.x_train)
    assert ((sure < 1e-7) | (sure > 1 - 1e-7)).mean() > 0.1
    check_engines_agree(config)


def test_what_is_new_is_among_them():
    assert {"bias_initializer", "bias_stddev", "output_activation", "reduction"} <= set(HELD)
    for name in HELD:
        assert changed(name) != Config.from_flat(SMALL)
