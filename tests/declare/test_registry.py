"""Contracts over all registries of definitions, and how a registry answers."""

import ast
import dataclasses
import inspect
import json
from pathlib import Path

import pytest

from nncore.config.config import Config
from nncore.config.settings import DEFINED
from nncore.declare.definition import Definition
from nncore.declare.params import params_of
from nncore.declare.registry import Registry
from nncore.definitions import (
    activations,
    initializers,
    losses,
    optimizers,
    outputs,
    regularizers,
)
from nncore.definitions.activations import ACTIVATIONS, Activation
from nncore.definitions.bias_initializers import BIAS_INITIALIZERS as BIASES
from nncore.definitions.initializers import INITIALIZERS, Initializer
from nncore.definitions.losses import LOSSES, Loss
from nncore.definitions.optimizers import OPTIMIZERS, Optimizer
from nncore.definitions.outputs import OUTPUTS, OutputActivation
from nncore.definitions.regularizers import REGULARIZERS, Regularizer
from nncore.network import models
from nncore.network.family import Model
from nncore.network.models import MODELS
from nncore.system.errors import InvalidSetting, UnknownName
from tests.each import each

KINDS = {
    Activation: ACTIVATIONS,
    Initializer: INITIALIZERS,
    Loss: LOSSES,
    Optimizer: OPTIMIZERS,
    Model: MODELS,
    OutputActivation: OUTPUTS,
    Regularizer: REGULARIZERS,
}
PLANNED = {
    Activation: (
        "linear relu leaky_relu elu selu gelu silu mish softplus softsign sigmoid hard_sigmoid "
        "tanh step"
    ),
    Initializer: (
        "zeros constant random_normal random_uniform truncated_normal glorot_uniform "
        "glorot_normal he_uniform he_normal lecun_uniform lecun_normal orthogonal"
    ),
    Optimizer: "sgd rmsprop adagrad adadelta adam adamw adamax nadam lion",
    Loss: (
        "binary_crossentropy sparse_categorical_crossentropy categorical_crossentropy "
        "mse mae huber perceptron"
    ),
    Model: "perceptron logistic mlp wide_deep text_mlp text_cnn",
    Regularizer: "dropout l1 l2 batch_norm",
    OutputActivation: "linear sigmoid softmax step",
}
MODULES = (activations, initializers, losses, models, optimizers, outputs, regularizers)
EVERY = [d for kind in (*KINDS.values(), BIASES) for d in kind.values()]


@pytest.mark.parametrize("kind", PLANNED, ids=lambda k: k.__name__)
def test_menus_have_what_was_planned_in_its_order(kind):
    planned = PLANNED[kind].split()
    assert [name for name in KINDS[kind] if name in planned] == planned


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_everything_defined_is_registered(kind):
    module = inspect.getmodule(next(iter(KINDS[kind].values())))
    classes = (c for c in vars(module).values() if inspect.isclass(c) and issubclass(c, kind))
    defined = {c for c in classes if "name" in vars(c)}
    assert defined == set(KINDS[kind].values())


@each("definition", EVERY)
def test_definitions_are_final(definition):
    between = definition.__mro__[1 : definition.__mro__.index(Definition)]
    assert not any("name" in vars(base) for base in between)
    assert not definition.__subclasses__()


@each("definition", EVERY)
def test_definitions_say_what_they_are(definition):
    for text in ("name", "label", "formula", "help", "source"):
        value = inspect.getattr_static(definition, text)
        assert isinstance(value, str), text
        assert value.strip() == value != "", text
    assert definition.help.endswith(".")
    assert len(definition.help) <= 200
    assert definition.formula.count("{") == definition.formula.count("}")
    assert definition.formula.isascii()


@each("definition", EVERY)
def test_definitions_are_values(definition):
    assert dataclasses.is_dataclass(definition)
    assert definition() == definition()
    assert hash(definition()) == hash(definition())
    first = next((p.name for p in params_of(definition)), "name")
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(definition(), first, 0)


@each("definition", EVERY)
def test_settings_are_declared_hyperparameters(definition):
    later = {p.name for p in params_of(definition) if p.later}  # at their defaults
    written = set(definition().settings())
    assert written == {f.name for f in dataclasses.fields(definition)} - later
    for p in params_of(definition):
        assert p.default in p.domain, p.name
        assert p.domain.clean(p.default) == p.default
        assert p.domain.parse(p.domain.text(p.default)) == p.default
        assert p.label
        assert p.help.endswith("."), p.name
    assert json.loads(json.dumps(definition().settings())) == definition().settings()


@each("definition", EVERY)
def test_settings_outside_their_domain_name_the_owner(definition):
    for p in params_of(definition):
        bad = -1.5 if "rubbish" in p.domain else "rubbish"  # which could be a column's name
        with pytest.raises(InvalidSetting) as error:
            definition(**{p.name: bad})
        said = f"{definition.__name__}.{p.name} must be {p.domain}; got {bad!r}."
        assert str(error.value) == said


def test_shared_setting_names_agree_and_leave_config_fields_alone():
    fields = {p.name for p in params_of(Config)}
    kinds: dict[str, type] = {}
    for registry in DEFINED.values():
        for d in registry.values():
            for p in params_of(d):
                assert kinds.setdefault(p.name, type(p.domain)) is type(p.domain), p.name
                assert p.name not in fields, p.name


def test_each_setting_name_belongs_to_one_kind_of_definition():
    owner: dict[str, str] = {}
    for kind, registry in DEFINED.items():
        for d in registry.values():
            for p in params_of(d):
                assert owner.setdefault(p.name, kind) == kind, p.name


def test_regularizers_are_fields_of_config():
    fields = {p.name: p for p in params_of(Config)}
    for regularizer in REGULARIZERS.values():
        param = fields[regularizer.field]
        levels = [param.parse(level) for level in regularizer.levels]
        assert param.default in levels
        assert len(set(levels)) == len(levels) > 1


def test_output_activations_are_those_that_config_and_losses_name():
    domain = next(p.domain for p in params_of(Config) if p.name == "output_activation")
    assert set(domain.options) == {"auto", *OUTPUTS}
    assert {loss.fused for loss in LOSSES.values()} - {None} <= set(OUTPUTS)


def test_definitions_load_nothing_heavy():
    """Imports at module level: scipy and Keras only where they are used."""
    for module in MODULES:
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        top = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
        names = {a.name for n in top if isinstance(n, ast.Import) for a in n.names}
        names |= {n.module for n in top if isinstance(n, ast.ImportFrom)}
        roots = {name.partition(".")[0] for name in names}
        assert roots <= {"abc", "collections", "dataclasses", "math", "typing", "numpy", "nncore"}


def test_unknown_name_suggests_the_nearest_and_lists_all():
    with pytest.raises(UnknownName) as error:
        ACTIVATIONS["rleu"]
    names = ", ".join(ACTIVATIONS)
    said = f"Unknown activation 'rleu'. Did you mean 'relu'? Known: {names}."
    assert str(error.value) == said
    assert isinstance(error.value, KeyError)
    assert isinstance(error.value, InvalidSetting)


def test_unknown_name_far_from_all_gets_no_suggestion():
    with pytest.raises(UnknownName, match=r"^Unknown loss 'zzz'\. Known: binary_crossentropy,"):
        LOSSES["zzz"]


def test_a_registry_is_a_mapping_in_its_own_order():
    class Thing:
        def __init__(self, name: str) -> None:
            self.name = name

    b, a = Thing("b"), Thing("a")
    registry = Registry("thing", b, a)
    assert list(registry) == ["b", "a"]
    assert len(registry) == 2
    assert registry["a"] is a
    assert "b" in registry
    assert "c" not in registry
    assert registry.get("c") is None
    with pytest.raises(ValueError, match="Two things are named 'a'"):
        Registry("thing", a, Thing("a"))


def test_definitions_cannot_be_made_without_their_methods():
    for kind in KINDS:
        if kind is not Regularizer:
            with pytest.raises(TypeError, match="abstract"):
                kind()
    assert all(issubclass(kind, Definition) for kind in KINDS)
