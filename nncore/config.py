"""Config: everything one training depends on, seed included. Equal configs, equal results.

A config has two forms. In Python, `model`, `activation`, `initializer`, `loss`, `optimizer` and
`schedule` are definitions with their own settings. Flat, as URL, command line, JSON and store
have it, they are names, and the settings of the chosen ones stand beside the fields:
`{"optimizer": "sgd", "learning_rate": 0.01, "hidden": [64], ...}`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nncore.activations import ACTIVATIONS, Activation
from nncore.agreement import CATEGORICAL, check_agreement, default_loss, default_output
from nncore.datasets.catalogue import DATASETS, Dataset, Variant, counts
from nncore.defined import AUTO, DEFINED, owners, read
from nncore.definition import Definition
from nncore.engines import ENGINES
from nncore.initializers import INITIALIZERS, Initializer
from nncore.layers import Layer
from nncore.losses import LOSSES, Loss
from nncore.models import MODELS, Model, default_model
from nncore.optimizers import OPTIMIZERS, Optimizer
from nncore.params import (
    Choice,
    Chosen,
    Each,
    Flag,
    Name,
    Numbers,
    Pattern,
    Range,
    check_params,
    hyper,
    params_of,
)
from nncore.registry import InvalidSetting, suggestion
from nncore.schedules import SCHEDULES, Schedule

FULL_BATCH = 100_000  # more samples than most data have, so that it takes them all


@dataclass(frozen=True)
class Config:
    """Everything one training depends on. `""`, 0 and "auto" defaults are resolved at once."""

    dataset: str = hyper("digits", Name(DATASETS), label="Data set", group="data")
    variant: str = hyper(
        "extract",
        Choice(("extract", "full")),
        label="Variant",
        group="data",
        help="The bundled extract, or the full set. Sets with one form always use it.",
    )
    points: int = hyper(
        0,
        Range(0, 5000, integer=True),
        label="Points",
        group="data",
        help="How many points of the plane are drawn, a fifth of them for the test; 0 takes the "
        "data set's own number.",
    )
    noise: float = hyper(
        None,
        Range(0.0, 2.0),
        label="Noise",
        group="data",
        help="Standard deviation of what chance adds to points of the plane; auto takes the data "
        "set's own.",
    )
    split: str = hyper(
        "stratified:0.2",
        Pattern(
            r"(stratified|last):0\.\d+|first:[1-9]\d{0,6}|none",
            "stratified:SHARE, last:SHARE, first:ROWS or none, such as stratified:0.2",
        ),
        label="Validation split",
        group="data",
        help="Which part of the training data is held out for validation, the same for every seed. "
        "none holds out nothing and validates on the training rows themselves.",
    )
    preprocess: str = hyper(
        AUTO,
        Choice((AUTO, "none", "scale_255", "standardize", "l2_axis1")),
        label="Preprocessing",
        group="data",
        help="auto scales images to 0-1, standardizes tables on the training part and leaves "
        "points of the plane as they are.",
    )
    engine: str = hyper(
        "keras",
        Name(ENGINES),
        label="Engine",
        group="engine",
        help="NumPy from scratch, Keras with compiled epochs, or Keras's plain fit as a reference.",
    )
    model: Model = hyper(
        None,
        Chosen(MODELS),
        label="Model",
        group="network",
        help="The family of networks. auto takes one that fits the data.",
    )
    hidden: tuple[int, ...] = hyper(
        None,
        Each(Range(1, 4096, integer=True), most=12),
        label="Hidden layers",
        group="network",
        help="Units of each hidden layer, separated by hyphens, such as 128-64; none for no layer. "
        "auto takes the model's own.",
    )
    activation: tuple[Activation, ...] = hyper(
        (ACTIVATIONS["relu"](),),
        Each(Chosen(ACTIVATIONS), most=12, least=1),
        label="Activation",
        group="network",
        help="One for all hidden layers, or one per hidden layer separated by hyphens.",
    )
    initializer: Initializer = hyper(
        INITIALIZERS["glorot_uniform"](), Chosen(INITIALIZERS), label="Initializer", group="network"
    )
    use_bias: bool = hyper(
        True,
        Flag(),
        label="Biases",
        group="network",
        help="Whether layers add a bias to what their weights give.",
    )
    initial_weights: tuple[float, ...] = hyper(
        (),
        Numbers(Range(-1e6, 1e6), most=10_000),
        label="Given initial weights",
        group="network",
        help="All weights the training starts from, layer by layer, kernel rows before biases; "
        "none draws them by the initializer.",
    )
    batch_norm: bool = hyper(
        False,
        Flag(),
        label="Batch normalization",
        group="regularization",
        help="Normalise every hidden layer's units over the batch, before the activation.",
    )
    batch_norm_momentum: float = hyper(
        0.99,
        Range(0.0, 0.9999),
        label="Batch-norm momentum",
        group="regularization",
        help="Memory of the moving averages that validation and test use.",
    )
    dropout: float = hyper(
        0.0,
        Range(0.0, 0.95),
        label="Dropout rate",
        group="regularization",
        help="Share of hidden units switched off at random in every training step.",
    )
    l1: float = hyper(0.0, Range(0.0, 1.0), label="L1 penalty", group="regularization")
    l2: float = hyper(0.0, Range(0.0, 1.0), label="L2 penalty", group="regularization")
    output_units: int = hyper(
        0,
        Range(0, 1000, integer=True),
        label="Output units",
        group="network",
        help="0 takes what the data set needs.",
    )
    output_activation: str = hyper(
        AUTO,
        Choice((AUTO, "linear", "sigmoid", "softmax", "step")),
        label="Output activation",
        group="network",
    )
    loss: Loss = hyper(
        None,
        Chosen(LOSSES),
        label="Loss",
        group="training",
        help="By default cross-entropy for classes and mean squared error for numbers.",
    )
    optimizer: Optimizer = hyper(
        OPTIMIZERS["adam"](), Chosen(OPTIMIZERS), label="Optimizer", group="training"
    )
    schedule: Schedule = hyper(
        SCHEDULES["constant"](),
        Chosen(SCHEDULES),
        label="Learning-rate schedule",
        group="training",
    )
    reduction: str = hyper(
        "mean",
        Choice(("mean", "sum")),
        label="Gradient of a batch",
        group="training",
        help="The mean over the batch's samples, or their sum, as the delta rule has it.",
    )
    batch_size: int = hyper(
        32,
        Range(1, FULL_BATCH, integer=True),
        label="Batch size",
        group="training",
        help="Samples per update. As many as there are training rows means full batch.",
    )
    epochs: int = hyper(
        5,
        Range(1, 20_000, integer=True),
        label="Epochs",
        group="training",
        help="How often the training data is gone through.",
    )
    patience: int = hyper(
        0,
        Range(0, 1000, integer=True),
        label="Patience",
        group="stopping",
        help="Stop after so many measurements without a new best validation loss; 0 never does.",
    )
    stop_loss: float = hyper(
        0.0,
        Range(0.0, 1e6),
        label="Stop at training loss",
        group="stopping",
        help="Stop as soon as the training loss is below this; 0 never does.",
    )
    restore_best: bool = hyper(
        False,
        Flag(),
        label="Best weights restored",
        group="stopping",
        help="Return the weights of the best validation loss instead of the last ones.",
    )
    dtype: str = hyper("float32", Choice(("float32", "float64")), label="Precision", group="engine")
    seed: int = hyper(0, Range(0, 2**31 - 1, integer=True), label="Seed", group="seed")

    def __post_init__(self) -> None:
        data = DATASETS[self.dataset]
        given: Any = self  # not yet in its stored form
        if given.model in (None, AUTO):
            self._set(model=default_model(data.kind))
        if given.loss in (None, AUTO):
            self._set(loss=_family(given.model).loss or default_loss(data.task))
        if given.hidden is None or given.hidden == AUTO:
            self._set(hidden=_family(given.model).hidden)
        if given.noise in (None, AUTO):
            self._set(noise=data.drawn.noise if data.drawn else 0.0)
        check_params(self)
        if data.drawn and self.points == 0:
            self._set(points=data.drawn.points)
        if self.variant not in data.variants and len(data.variants) == 1:
            self._set(variant=next(iter(data.variants)))
        if self.output_units == 0:
            categorical = self.loss.name in CATEGORICAL
            self._set(output_units=max(1, len(data.classes)) if categorical else data.units)
        if self.output_activation == AUTO:
            self._set(output_activation=self.loss.fused or default_output(data.task))
        if len(self.activation) > 1 and len(set(self.activation)) == 1:
            self._set(activation=self.activation[:1])
        check_agreement(self)

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def data(self) -> Dataset:
        """The catalogue entry of the data set."""
        return DATASETS[self.dataset]

    @property
    def form(self) -> Variant:
        """The variant of the data set; of points of the plane as many and as noisy as asked for."""
        known = self.data.variants[self.variant]
        drawn = self.data.drawn
        if drawn is None or (self.points, self.noise) == (drawn.points, drawn.noise):
            return known
        return drawn.form(self.points, self.noise)

    def counts(self) -> tuple[int, int, int]:
        """(train, validation, test) rows."""
        return counts(self.form, self.split)

    def activations(self) -> tuple[Activation, ...]:
        """The activation of each hidden layer."""
        return self.activation if len(self.activation) > 1 else self.activation * len(self.hidden)

    def layers(self) -> tuple[Layer, ...]:
        """The network, layer by layer."""
        return self.model.layers(self)

    def flat(self) -> dict[str, Any]:
        """The flat form: plain JSON values, settings of the chosen definitions included."""
        flat: dict[str, Any] = {}
        for param in params_of(self):
            value = getattr(self, param.name)
            if param.name == "activation":
                names = [a.name for a in value]
                flat[param.name] = names[0] if len(names) == 1 else names
            elif isinstance(value, Definition):
                flat[param.name] = value.name
            else:
                flat[param.name] = list(value) if isinstance(value, tuple) else value
        for definition in self.definitions():
            flat |= definition.settings()
        return flat

    def definitions(self) -> Iterator[Definition]:
        """The chosen model, activations, initializer, loss, optimizer and schedule."""
        yield self.model
        yield from self.activation
        yield from (self.initializer, self.loss, self.optimizer, self.schedule)

    @classmethod
    def from_flat(cls, flat: Mapping[str, Any]) -> "Config":
        """The config a flat form describes; text values are parsed by their domain.

        Raises InvalidSetting (UnknownName for names) when a key or value is wrong, or when
        a setting belongs to a definition that isn't chosen.
        """
        known = {p.name: p for p in params_of(cls)}
        values: dict[str, Any] = {}
        for key, param in known.items():
            if key in flat and not (param.default is None and flat[key] in (None, AUTO)):
                values[key] = read(param, flat[key])
        settings = {key: value for key, value in flat.items() if key not in known}
        used: set[str] = set()

        def configured(chosen: Definition) -> Definition:
            mine = {p.name: p for p in params_of(chosen) if p.name in settings}
            used.update(mine)
            owner = type(chosen).__name__
            return replace(chosen, **{k: read(p, settings[k], owner) for k, p in mine.items()})

        config = cls(**values)
        values["activation"] = tuple(configured(a) for a in config.activation)
        for name in ("model", "initializer", "loss", "optimizer", "schedule"):
            values[name] = configured(getattr(config, name))
        for key in settings:
            if key not in used:
                raise InvalidSetting(_foreign(key, config))
        return cls(**values)


def _family(model: Any) -> type[Model]:
    """The model family that a model or its name stands for."""
    return type(model) if isinstance(model, Model) else MODELS[str(model)]


def setting_names() -> list[str]:
    """Every key a flat config may have: fields, then settings of definitions."""
    names = [p.name for p in params_of(Config)]
    for registry in DEFINED.values():
        names += [p.name for c in registry.values() for p in params_of(c)]
    return list(dict.fromkeys(names))


def _foreign(key: str, config: Config) -> str:
    """Why `key` can't be set here."""
    having = owners(key)
    if not having:
        names = setting_names()
        return f"Unknown setting {key!r}.{suggestion(key, names)} Known: {', '.join(names)}."
    chosen = ", ".join(dict.fromkeys(d.name for d in config.definitions()))
    return (
        f"{key} is a setting of {', '.join(c.name for c in having)}, "
        f"but this network uses {chosen}."
    )
