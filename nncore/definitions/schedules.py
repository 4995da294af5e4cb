"""Learning-rate schedules: what each epoch multiplies the optimizer's learning rate by.

A factor depends on the epoch and on the validation losses before it, and on nothing else, so
every engine trains with the same rates. Schedules change the rate between epochs, as Keras's
callbacks do, never within one.

To add one: define it here and list it in SCHEDULES. Nothing else changes.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi
from typing import ClassVar

from nncore.declare.definition import Definition
from nncore.declare.domains import Range
from nncore.declare.params import hyper
from nncore.declare.registry import Registry


@dataclass(frozen=True)
class Schedule(Definition):
    """A rule for the learning rate over a training."""

    varies: ClassVar[bool] = True  # whether epochs may differ: then each needs its own rate
    reads_losses: ClassVar[bool] = False  # of the rows that choose: then these chose its rates

    @abstractmethod
    def factor(self, epoch: int, epochs: int, losses: Sequence[float]) -> float:
        """What `epoch` (from 0, of `epochs`) multiplies the learning rate by.

        `losses`: the validation losses measured before it, without penalties, oldest first.
        """

    def batches(self) -> int:
        """How many mini-batches make one of its epochs; 0: as many as there are."""
        return 0


@dataclass(frozen=True)
class Constant(Schedule):
    name = "constant"
    label = "Constant"
    formula = r"\eta_t = \eta"
    help = "The same rate from the first epoch to the last."
    source = "Goodfellow, Bengio & Courville, Deep Learning, 2016, section 8.3.1."
    varies = False

    def factor(self, epoch: int, epochs: int, losses: Sequence[float]) -> float:
        return 1.0


@dataclass(frozen=True)
class Step(Schedule):
    name = "step"
    label = "Steps down"
    formula = r"\eta_t = \eta \, \gamma^{\lfloor t / s \rfloor}"
    help = "Keeps the rate for some epochs, then cuts it: fast first, careful later."
    source = "He et al., Deep Residual Learning, CVPR 2016, section 3.4."

    step_epochs: int = hyper(
        10,
        Range(1, 10_000, integer=True),
        label="Epochs per step s",
        help="After so many epochs the rate is cut.",
    )
    step_factor: float = hyper(
        0.5, Range(0.01, 1.0), label="Step factor γ", help="What a cut multiplies the rate by."
    )

    def factor(self, epoch: int, epochs: int, losses: Sequence[float]) -> float:
        return float(self.step_factor ** (epoch // self.step_epochs))


@dataclass(frozen=True)
class Exponential(Schedule):
    name = "exponential"
    label = "Exponential decay"
    formula = r"\eta_t = \eta \, \gamma^{t}"
    help = "Loses the same share in every epoch."
    source = "Keras, keras.optimizers.schedules.ExponentialDecay."

    decay_rate: float = hyper(
        0.95, Range(0.01, 1.0), label="Decay γ", help="What every epoch multiplies the rate by."
    )

    def factor(self, epoch: int, epochs: int, losses: Sequence[float]) -> float:
        return float(self.decay_rate**epoch)


@dataclass(frozen=True)
class Cosine(Schedule):
    name = "cosine"
    label = "Cosine"
    formula = r"\eta_t = \eta \left(\alpha + (1 - \alpha)\,\tfrac12 (1 + \cos(\pi t / T))\right)"
    help = "Falls slowly, then fast, then slowly again, to a last share of the rate."
    source = "Loshchilov & Hutter, SGDR, ICLR 2017; Keras's CosineDecay."

    last_share: float = hyper(
        0.0, Range(0.0, 1.0), label="Last share α", help="Share of the rate it falls towards."
    )

    def factor(self, epoch: int, epochs: int, losses: Sequence[float]) -> float:
        return self.last_share + (1 - self.last_share) * 0.5 * (1 + cos(pi * epoch / epochs))


@dataclass(frozen=True)
class WarmUp(Schedule):
    name = "warm_up"
    label = "Warm-up"
    formula = r"\eta_t = \eta \, \min(1, (t + 1) / w)"
    help = "Starts small and grows to the full rate: a deep network's first steps can't break it."
    source = "Goyal et al., Accurate, Large Minibatch SGD, 2017, section 2.2."

    warm_up_epochs: int = hyper(
        3,
        Range(1, 10_000, integer=True),
        label="Warm-up epochs w",
        help="In this epoch the full rate is reached.",
    )

    def factor(self, epoch: int, epochs: int, losses: Sequence[float]) -> float:
        return min(1.0, (epoch + 1) / self.warm_up_epochs)


@dataclass(frozen=True)
class Plateau(Schedule):
    name = "plateau"
    label = "On plateau"
    formula = r"\eta \leftarrow \gamma \eta \text{ after } p \text{ epochs without a new best}"
    help = "Cuts the rate only when the validation loss has stopped falling."
    source = "Keras, keras.callbacks.ReduceLROnPlateau, with min_delta 0."
    reads_losses = True

    plateau_epochs: int = hyper(
        3,
        Range(1, 10_000, integer=True),
        label="Patience p",
        help="Measurements without a new best validation loss before a cut.",
    )
    plateau_factor: float = hyper(
        0.5, Range(0.01, 1.0), label="Plateau factor γ", help="What a cut multiplies the rate by."
    )

    def factor(self, epoch: int, epochs: int, losses: Sequence[float]) -> float:
        factor, best, waited = 1.0, float("inf"), 0
        for loss in losses:
            if loss < best:
                best, waited = loss, 0
                continue
            waited += 1
            if waited >= self.plateau_epochs:
                factor, waited = factor * self.plateau_factor, 0
        return factor


@dataclass(frozen=True)
class RangeTest(Schedule):
    """No way to train, but to find a rate: watch the loss while the rate grows.

    An epoch is only a few batches here, drawn anew from all training rows, so that hundreds of
    rates take no longer than an epoch or two.
    """

    name = "range_test"
    label = "Range test"
    formula = r"\eta_t = \eta \, q^{\,t / (T - 1)}"
    help = "Grows by a constant factor from one rate to the next, to see which the network bears."
    source = "Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017, section 3.3."

    range_span: float = hyper(
        1e7,
        Range(10.0, 1e12, log=True),
        label="Span q",
        help="How many times the first rate the last one is.",
    )
    range_batches: int = hyper(
        3,
        Range(2, 1000, integer=True),
        label="Batches per rate",
        help="So many mini-batches are trained on with each rate, and make an epoch.",
    )

    def factor(self, epoch: int, epochs: int, losses: Sequence[float]) -> float:
        return float(self.range_span ** (epoch / max(epochs - 1, 1)))

    def batches(self) -> int:
        return self.range_batches


SCHEDULES: Registry[type[Schedule]] = Registry(
    "schedule", Constant, Step, Exponential, Cosine, WarmUp, Plateau, RangeTest
)
