"""Settings that are fine alone but can't work together: found, and explained in a sentence.

Reads a finished `Config`; which losses, output units and output activations fit follows
from the data set's task and the loss's declaration.
"""

from nncore.config.fields import Fields
from nncore.config.fitting import check_engine, check_model, check_weights
from nncore.datasets.preparation.plane_inputs import PLANE_INPUTS
from nncore.datasets.split_form import published
from nncore.definitions.losses import LOSSES
from nncore.definitions.outputs import OUTPUTS
from nncore.system.errors import InvalidSetting, quoted

LEAST_POINTS = 20  # of a drawn data set
CATEGORICAL = ("sparse_categorical_crossentropy", "categorical_crossentropy")
_TASK_LOSS = {"binary": "binary_crossentropy", "multiclass": CATEGORICAL[0], "regression": "mse"}
_READS = {"sigmoid": "a probability of every unit", "step": "yes or no"}
_TASK_OUTPUT = {"binary": "sigmoid", "multiclass": "softmax", "regression": "linear"}


def default_loss(task: str) -> str:
    """The loss a task is usually trained with."""
    return _TASK_LOSS[task]


def default_output(task: str) -> str:
    """The output activation whose values have the form of the task's targets."""
    return _TASK_OUTPUT[task]


def check_agreement(config: Fields) -> None:
    """Raise InvalidSetting for the first contradiction."""
    data, loss = config.data, config.loss
    n_classes = len(data.classes)
    if config.variant not in data.variants:
        raise InvalidSetting(
            f"{data.label} has the variants {', '.join(data.variants)}; got {config.variant!r}."
        )
    check_model(config)
    if len(config.activation) not in (1, len(config.hidden)):
        raise InvalidSetting(
            f"activation names {len(config.activation)} layers, but hidden has "
            f"{len(config.hidden)}: give one activation for all, or one per hidden layer."
        )
    _check_drawn(config)
    rows = config.form.train
    kind, _, amount = config.split.partition(":")
    none_left = (
        int(amount) >= rows
        if kind == "first"
        else kind in ("stratified", "last") and float(amount) == 0
    )
    if none_left:
        raise InvalidSetting(
            f"split {quoted(config.split)} must leave rows for training and for validation, "
            f"but {data.label} has {rows:,} training rows."
        )
    _check_published(config)
    if config.split_seed:
        check_redrawn(config)
    if data.kind == "text" and config.preprocess not in ("auto", "none"):
        raise InvalidSetting(
            f"preprocess must be auto for {data.label}: a text is a row of word numbers, which "
            f"must stay as they are; got {config.preprocess!r}."
        )
    if config.preprocess == "l2_axis1" and len(data.input_shape) < 2:
        raise InvalidSetting(f"preprocess l2_axis1 needs images, but {data.label} is a table.")
    if data.task not in loss.tasks:
        raise InvalidSetting(_wrong_loss(config))
    categorical = loss.name in CATEGORICAL
    expected = max(n_classes, 1) if categorical else data.units
    if config.output_units != expected:
        raise InvalidSetting(_wrong_units(config, expected))
    if config.class_weight != "none" and data.task == "regression":
        raise InvalidSetting(
            f"class_weight makes classes count alike, but {data.label} predicts a number "
            f"({data.target}); got {config.class_weight!r}. Set it to none."
        )
    _check_output(config)
    check_weights(config)
    check_engine(config)


def check_redrawn(config: Fields) -> None:
    """Raise InvalidSetting where the split isn't drawn by chance, so that there is one only."""
    if published(config.split):
        raise InvalidSetting(
            f"split {quoted(config.split)} is a published one, whose rows are fixed by its state, "
            "so it can't be drawn anew: take a split by chance, such as stratified:0.2, or another "
            "state."
        )
    if not config.split.startswith("stratified"):
        raise InvalidSetting(
            f"split {quoted(config.split)} takes rows by their place, so there is no other one to "
            "draw: take a split by chance, such as stratified:0.2."
        )


def _check_published(config: Fields) -> None:
    """A published split draws single rows, whatever a table says of its rows."""
    recipe = config.data.recipe
    if recipe is None or not published(config.split):
        return
    kept = ""
    if recipe.by_time:
        kept = f"its rows stand in the order of {recipe.by_time}"
    elif recipe.group is not None:
        kept = f"its rows stay together by {recipe.columns[recipe.group].name}"
    if kept:
        raise InvalidSetting(
            f"split {quoted(config.split)} draws single rows by chance, but {config.data.label} "
            f"was kept so that {kept}: take another split, such as last:0.2."
        )


def _check_output(config: Fields) -> None:
    """The loss must be able to read what the output activation gives."""
    data, loss, output = config.data, config.loss, config.output_activation
    if loss.fused:
        fits = [loss.fused, *loss.apart]
        reads = "probabilities" if loss.name in CATEGORICAL else _READS[loss.fused]
        said = f"{loss.label} reads {reads}, so output_activation must be {' or '.join(fits)}"
        why = ""
    else:
        fits = [name for name, kind in OUTPUTS.items() if data.task in kind.tasks]
        said = f"output_activation must be {' or '.join(fits)} for {data.label} with {loss.label}"
        why = ", whose values can't match the targets"
    if output not in fits:
        raise InvalidSetting(f"{said}; got {output!r}{why}.")


def _check_drawn(config: Fields) -> None:
    """Only points of the plane can be drawn in another number, with other noise or inputs."""
    data = config.data
    if data.drawn is not None:
        if not config.inputs:
            raise InvalidSetting(
                f"inputs must name at least one of {', '.join(PLANE_INPUTS)}; got none."
            )
        if config.points < LEAST_POINTS:
            raise InvalidSetting(
                f"points must be at least {LEAST_POINTS}, so that every part gets enough of them; "
                f"got {config.points}."
            )
    elif config.points or config.noise or config.inputs:
        name = "points" if config.points else "noise" if config.noise else "inputs"
        raise InvalidSetting(
            f"{data.label} is as it is: {name} belongs to the generated points of the plane, such "
            "as circles or moons."
        )


def _wrong_loss(config: Fields) -> str:
    data, loss = config.data, config.loss
    fitting = ", ".join(name for name, c in LOSSES.items() if data.task in c.tasks)
    if loss.name == "perceptron":
        has = f"has {len(data.classes)} classes" if data.classes else "predicts a number"
        why = f"tells two classes apart, but {data.label} {has}"
    elif data.task == "regression":
        why = f"compares class probabilities, but {data.label} predicts a number ({data.target})"
    else:
        why = f"compares numbers, but {data.label} has {len(data.classes)} classes"
    return f"{loss.label} {why}, so this can't work. Losses that fit: {fitting}."


def _wrong_units(config: Fields, expected: int) -> str:
    data, units = config.data, config.output_units
    if data.task == "regression":
        why = f"{data.label} predicts one number"
    elif expected == 1:
        why = f"{config.loss.label} on two classes needs one probability"
    elif units < expected:
        why = (
            f"{data.label} has {expected} classes, and labels from {units} on would have "
            "no output to point at"
        )
    else:
        why = f"{data.label} has {expected} classes, and an output without a class never learns"
    return f"output_units is {units}, but must be {expected}: {why}. Use 0 to let the data decide."
