"""Whether a model family fits the rest of a config: data, task, hidden layers, weights, engine.

Part of `nncore.config.agreement`, which calls the checks.
"""

from math import prod

from nncore.config.engine_names import ENGINES
from nncore.config.fields import Fields
from nncore.declare.definition import Definition
from nncore.definitions.outputs import OUTPUTS
from nncore.network.layers import weight_shapes
from nncore.network.models import MODELS
from nncore.system.errors import InvalidSetting

_READS = {"image": "pictures", "table": "rows of numbers", "plane": "points", "text": "text"}
_MOST_NAMED = 6  # of the weights that an error lists
_PREDICTS = {"binary": "one of two classes", "multiclass": "one of several classes"}


def check_model(config: Fields) -> None:
    """Raise InvalidSetting for the first thing that the chosen family can't do."""
    model, data = config.model, config.data
    if data.kind not in model.kinds:
        reads = "text" if "text" in model.kinds else "rows of numbers"
        raise InvalidSetting(
            f"{model.label} reads {reads}, but {data.label} has {_READS[data.kind]}. "
            f"Models that fit: {_fitting(config)}."
        )
    if data.task not in model.tasks:
        predicts = " or ".join(_PREDICTS[task] for task in model.tasks)
        asked = (
            f"predicts a number ({data.target})"
            if data.task == "regression"
            else f"has {len(data.classes)} classes"
        )
        raise InvalidSetting(
            f"{model.label} predicts {predicts}, but {data.label} {asked}. "
            f"Models that fit: {_fitting(config)}."
        )
    _check_hidden(config)
    model.check(config)


def _fitting(config: Fields) -> str:
    data = config.data
    names = (n for n, m in MODELS.items() if data.kind in m.kinds and data.task in m.tasks)
    return ", ".join(names)


def _check_hidden(config: Fields) -> None:
    model, layers = config.model, len(config.hidden)
    came = "-".join(map(str, config.hidden))
    if model.most_hidden is not None and layers > model.most_hidden:
        raise InvalidSetting(
            f"{model.label} has no hidden layers; got hidden {came}. Leave hidden out, or take "
            f"a model that has them, such as mlp."
        )
    if layers < model.fewest_hidden:
        raise InvalidSetting(
            f"{model.label} needs at least {model.fewest_hidden} hidden layer to put the input "
            f"beside; got none. Set hidden, such as 30-30, or take logistic or mlp."
        )


def check_weights(config: Fields) -> None:
    """Raise InvalidSetting unless there are as many given weights as the network has."""
    given = len(config.initial_weights)
    if not given:
        return
    counts = {
        f"{layer.name} {name}": prod(shape)
        for layer in config.layers()
        for name, shape in weight_shapes(layer).items()
    }
    if given != (total := sum(counts.values())):
        names = [f"{name} {count:,}" for name, count in counts.items()]
        more = [f"and so on to the {names.pop()}"] if len(names) > _MOST_NAMED else []
        listed = ", ".join([*names[: _MOST_NAMED - 1 if more else None], *more])
        raise InvalidSetting(
            f"initial_weights must have all {total:,} weights of this network, in this order: "
            f"{listed}; got {given:,}. Give all of them, or none to have them drawn."
        )


def check_engine(config: Fields) -> None:
    """Raise InvalidSetting for the first choice that the engine doesn't have."""
    output = OUTPUTS[config.output_activation]()
    if config.reduction == "sum" and config.engine == "keras_fit" and (config.l1 or config.l2):
        raise InvalidSetting(
            "Keras's fit reports no mean loss for reduction sum with l1 or l2 penalties. "
            "Set engine to keras or numpy, reduction to mean, or l1 and l2 to 0."
        )
    chosen: Definition
    for chosen in (*config.definitions(), output):
        if chosen.engines and config.engine not in chosen.engines:
            can = " or ".join(ENGINES[name].label for name in chosen.engines)
            what = f"The output activation {chosen.label}" if chosen is output else chosen.label
            raise InvalidSetting(
                f"{what} can be trained by {can} only, because "
                f"{ENGINES[config.engine].label} has nothing like it; got engine "
                f"{config.engine!r}. Set engine to {chosen.engines[0]}."
            )
