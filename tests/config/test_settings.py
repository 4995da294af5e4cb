"""The settings as objects: what is declared of each, and text that reads back as the value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.config.config import Config
from nncore.config.settings import DEFINED, SETTINGS
from nncore.declare.params import CLASSES, DRAWN, HIDDEN, params_of
from nncore.questions.comparisons import OF_HIDDEN
from nncore.system.errors import InvalidSetting, UnknownName
from tests.each import each
from tests.strategies import ANY_TEXT, FEW, MANY, is_sentence, plain_values


@pytest.mark.parametrize("name", SETTINGS)
def test_a_written_value_is_read_back(name):
    setting = SETTINGS[name]

    @FEW
    @given(plain_values(name))
    def check(value):
        assert setting.parse(setting.write(value)) == value
        assert setting.title(value)
        assert setting.named(setting.write(value))

    check()


@MANY
@given(st.sampled_from(sorted(SETTINGS)), ANY_TEXT)
def test_any_text_is_a_value_or_refused_in_one_sentence(name, text):
    setting = SETTINGS[name]
    try:
        value = setting.parse(text)
    except InvalidSetting as error:
        message = str(error)
        assert is_sentence(message)
        assert setting.title(text) == text  # what means nothing is shown as it was typed
    else:
        assert setting.parse(setting.write(value)) == value


@each("name", SETTINGS)
def test_what_menus_offer_can_be_read_and_is_called_something(name):
    setting = SETTINGS[name]
    offered = (*setting.levels, *setting.param.crossed)
    assert len(set(setting.levels)) == len(setting.levels)
    for text in offered:
        assert setting.parse(setting.write(setting.parse(text))) == setting.parse(text)
        assert setting.title(text).strip()
        assert setting.named(text).strip()
    for text in {**setting.param.titles, **setting.param.named}:
        assert setting.write(setting.parse(text)) == text  # else it would never be met


@each("name", SETTINGS)
def test_a_setting_knows_its_owners_and_their_kind(name):
    setting = SETTINGS[name]
    having = [
        (kind, definition)
        for kind, registry in DEFINED.items()
        for definition in registry.values()
        if name in {p.name for p in params_of(definition)}
    ]
    assert setting.owners == tuple(definition for _, definition in having)
    assert {kind for kind, _ in having} == ({setting.kind} if setting.kind else set())
    assert setting.of_config == (name in {p.name for p in params_of(Config)})
    assert setting.group
    assert setting.short


def test_what_a_setting_needs_is_a_switch_or_a_word_for_it():
    for setting in SETTINGS.values():
        for need in setting.needs:
            assert need in (HIDDEN, DRAWN, CLASSES) or SETTINGS[need].parse("true") is True
    assert SETTINGS["batch_norm_momentum"].needs == ("batch_norm", HIDDEN)
    assert set(OF_HIDDEN) == {
        *("hidden", "activation", "batch_norm", "batch_norm_momentum", "dropout")
    }


def test_programs_depend_on_all_but_what_is_swapped_into_them():
    free = {name for name, setting in SETTINGS.items() if not setting.compiled}
    swapped = {"initializer", "bias_initializer", "schedule"}
    of_swapped = {n for n, setting in SETTINGS.items() if setting.kind in swapped}
    assert {"value", "mean", "gain", "step_epochs", "last_share"} <= of_swapped
    assert free == {
        *swapped, *of_swapped,
        *("seed", "initial_weights", "learning_rate", "epochs"),
        *("patience", "stop_loss", "restore_best", "split_seed"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "title", "named"),
    [
        ("activation", "relu", "ReLU", "ReLU"),
        ("activation", ["relu", "tanh"], "ReLU – Tanh", "ReLU – Tanh"),
        ("hidden", [], "No hidden layer", "No hidden layer"),
        ("hidden", [216], "216", "216 units"),
        ("hidden", [1], "1", "1 unit"),
        ("hidden", [128, 64], "128 – 64", "128 – 64"),
        ("hidden", "auto", "Automatic", "Hidden layers auto"),
        ("bias_initializer", "he_normal", "He normal", "Biases: He normal"),
        ("bias_stddev", "0.1", "0.1", "Bias spread 0.1"),
        ("epochs", 1, "1", "1 epoch"),
        ("epochs", 5, "5", "5 epochs"),
        ("batch_size", 100_000, "Full batch", "Full batch"),
        ("batch_size", "1e5", "Full batch", "Full batch"),
        ("batch_size", 64, "64", "Batch size 64"),
        ("patience", 0, "Never stops early", "Patience 0"),
        ("dropout", "0.30", "0.30", "Dropout 0.30"),
        ("batch_norm", True, "On", "Batch normalization"),
        ("batch_norm", False, "Off", "No batch normalization"),
        ("learning_rate", 0.001, "0.001", "Learning rate 0.001"),
        ("split", "last:0.2", "the last 20 %", "Validation split last:0.2"),
        ("preprocess", "auto", "Automatic", "Preprocessing auto"),
        ("engine", "keras_fit", "Keras (plain fit)", "Keras (plain fit)"),
        ("output_activation", "step", "Step", "Output activation step"),
    ],
)
def test_values_are_called_beside_their_setting_and_alone(name, value, title, named):
    assert SETTINGS[name].title(value) == title
    assert SETTINGS[name].named(value) == named


def test_an_unknown_setting_is_suggested_like_any_other_name():
    with pytest.raises(UnknownName, match=r"^Unknown setting 'hiden'\. Did you mean 'hidden'\?"):
        SETTINGS["hiden"]
