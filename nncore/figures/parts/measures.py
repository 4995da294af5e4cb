"""What a metric is called, in which unit it stands and how its numbers are written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from nncore.analysis.judging import Criterion
from nncore.analysis.reading import ReadArm, Reading
from nncore.system.errors import InvalidSetting
from nncore.system.wording import number, percent

METRICS = ("loss", "accuracy", "mae")


@dataclass(frozen=True)
class Measure:
    """A metric as a chart shows it. `key` is its name in a record, without "val_"."""

    key: str
    label: str  # "accuracy"
    unit: str  # "", "nats", "$"
    factor: float  # shown value = recorded value * factor
    write: Callable[[float | None], str]
    tickformat: str = ""
    factors: Mapping[str, float] = field(default_factory=dict)  # of arms that have their own

    @property
    def is_share(self) -> bool:
        """Whether its values lie between 0 and 1."""
        return self.write is percent

    def factor_of(self, arm: ReadArm) -> float:
        """What a value that the arm's records hold is multiplied with."""
        return self.factors.get(arm.label, self.factor)

    def title(self, prefix: str = "") -> str:
        """An axis title: "Validation loss (nats)"."""
        words = f"{prefix} {self.label}" if prefix else self.label
        return words[0].upper() + words[1:] + (f" ({self.unit})" if self.unit else "")

    def limits(self, values: Iterable[float]) -> list[float]:
        """The ends of an axis that has these values; shares end at 0 and 1, come what may."""
        values = list(values)
        low, high = min(values), max(values)
        if self.is_share:
            low, high = max(low, 0.0), min(high, 1.0)
        room = 0.04 * ((high - low) or abs(high) or 1.0)
        return [low - room, high + room]


def curve_measure(reading: Reading, metric: str) -> Measure:
    """`metric` ("loss", "accuracy" or "mae") as records hold it.

    Losses leave penalties out, so that arms with different penalties can be compared.
    Raises InvalidSetting for another metric.
    """
    if metric not in METRICS:
        raise InvalidSetting(f"metric must be one of {', '.join(METRICS)}; got {metric!r}.")
    if metric == "loss":
        return loss_measure(reading)
    if metric == "accuracy":
        return ACCURACY
    data = reading.data
    if not data.standardize_target:
        return Measure("mae", "mean absolute error", data.unit, data.unit_factor, number)
    scales = {arm.label: arm.unit_scale for arm in reading.arms}
    sizes = {label: scale for label, scale in scales.items() if scale is not None}
    if not sizes:  # what a standard deviation is in the unit comes with the first result
        return Measure("mae", "mean absolute error", "standard deviations", 1.0, number)
    scale = next(iter(sizes.values()))  # splits hardly move it, so it serves arms without a result
    return Measure("mae", "mean absolute error", data.unit, scale, number, factors=sizes)


def score_measure(reading: Reading, criterion: Criterion | None = None) -> Measure:
    """What arms are judged by, or another score, in the target's unit where that has one."""
    criterion = criterion or reading.criterion
    if criterion.name == ACCURACY.key:
        return ACCURACY
    if criterion.name == "data_loss":
        return loss_measure(reading)
    if criterion.is_share:
        return Measure(criterion.name, criterion.label, "", 1.0, percent, ".1~%")
    unit = reading.data.unit if criterion.in_unit else ""
    return Measure(criterion.name, criterion.label, unit, 1.0, number)


def loss_measure(reading: Reading) -> Measure:
    configs = [arm.config for arm in reading.arms]
    losses = {config.loss.name: config.loss.label.lower() for config in configs}
    penalized = any(config.l1 or config.l2 for config in configs)
    label = "loss without penalty" if penalized else "loss"
    if all("crossentropy" in name for name in losses):
        return Measure("data_loss", label, "cross-entropy, nats", 1.0, number)
    unit = losses[reading.config.loss.name] if len(losses) == 1 else ""
    data = reading.data
    if unit and data.unit_factor != 1 and not data.standardize_target:
        unit += f", values in {data.unit_factor:,.0f} {data.unit}"
    return Measure("data_loss", label, unit, 1.0, number)


ACCURACY = Measure("accuracy", "accuracy", "", 1.0, percent, ".1~%")
