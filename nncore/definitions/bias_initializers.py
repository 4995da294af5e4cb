"""Bias initializers: how a layer's biases are drawn before training, by default as zeros.

There is one for every weight initializer that can draw a vector. It has that one's formula and
settings, under names of their own, because both stand in one config: `bias_stddev` beside
`stddev`. As in Keras, a vector of n biases counts as having n inputs and n outputs. Draws are
float64 from the generator that is passed in, so the same seed gives the same biases in every
engine.
"""

import re
from dataclasses import Field, dataclass, make_dataclass
from typing import Any, ClassVar

from nncore.declare.definition import Definition
from nncore.declare.params import Param, hyper, params_of
from nncore.declare.registry import Registry
from nncore.definitions.initializers import INITIALIZERS, Initializer
from nncore.system.arrays import Array, Rng
from nncore.system.errors import InvalidSetting

_PREFIX = "bias_"
_HELP = {  # where what is said of weights isn't true of biases
    "zeros": "Every bias starts at 0, as usual: the weights alone make units different.",
    "constant": "Every bias starts at the same number; the weights make units different.",
}


@dataclass(frozen=True)
class BiasInitializer(Definition):
    """Draws a layer's first biases as `kernel` draws weights."""

    kernel: ClassVar[type[Initializer]]

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            self._drawing()
        except InvalidSetting as error:
            raise InvalidSetting(f"bias_initializer: {error}") from None

    def draw(self, units: int, rng: Rng) -> Array:
        """The biases of a layer, (units,), float64."""
        return self._drawing().draw((units,), rng)

    def keras_config(self) -> dict[str, Any]:
        return self._drawing().keras_config()

    def _drawing(self) -> Initializer:
        settings = self.settings().items()
        return self.kernel(**{name.removeprefix(_PREFIX): value for name, value in settings})


def _of(kernel: type[Initializer]) -> type[BiasInitializer]:
    about = {
        "__module__": __name__,
        "__doc__": f"{kernel.label}, for biases.",
        "name": kernel.name,
        "label": kernel.label,
        "formula": re.sub(r"\bw\b", "b", kernel.formula),
        "help": _help(kernel),
        "source": kernel.source,
        "kernel": kernel,
    }
    fields = [(_PREFIX + p.name, type(p.default), _field(p)) for p in params_of(kernel)]
    made: type[BiasInitializer] = make_dataclass(
        f"Bias{kernel.__name__}", fields, bases=(BiasInitializer,), namespace=about, frozen=True
    )
    return made


def _field(param: Param) -> Field[Any]:
    made: Field[Any] = hyper(
        param.default,
        param.domain,
        label=f"Bias {param.label[0].lower()}{param.label[1:]}",
        help=param.help.replace("weight", "bias"),
        needs="use_bias",
    )
    return made


def _help(kernel: type[Initializer]) -> str:
    if "n_{" in kernel.formula:
        return f"{kernel.label}, as for weights; every n is the number of the layer's own units."
    return _HELP.get(kernel.name, kernel.help.replace("weight", "bias"))


BIAS_INITIALIZERS: Registry[type[BiasInitializer]] = Registry(
    "bias initializer",
    *(_of(kernel) for kernel in INITIALIZERS.values() if kernel.of_vectors),
)
