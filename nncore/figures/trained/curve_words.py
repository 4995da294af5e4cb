"""What learning curves say in words, from the same value that they are drawn from."""

from dataclasses import dataclass

import numpy as np

from nncore.analysis.reading import ReadArm, Reading
from nncore.figures.parts.lines import Curve, final
from nncore.figures.parts.measures import Measure
from nncore.figures.parts.missing import diverged
from nncore.figures.parts.views import beyond
from nncore.figures.trained.axes import axis_of, axis_words
from nncore.figures.trained.marks import MARKS_WORDS
from nncore.system.wording import listing, number, times


@dataclass(frozen=True)
class Curves:
    """What a chart of learning curves shows."""

    reading: Reading
    metric: str
    measure: Measure
    over: str
    log: bool
    chosen: str
    arms: list[ReadArm]
    curves: list[Curve]

    @property
    def held_out(self) -> list[Curve]:
        return [curve for curve in self.curves if curve.part == "validation"]


def tell_curves(shown: Curves, *, marks: bool) -> tuple[str, str]:
    """What the curves show, and what to look for. `marks`: whether best epochs are marked."""
    reading, drawn, arms = shown.reading, len(shown.arms), len(shown.reading.arms)
    looks = (
        f"{drawn} of {arms} arms are drawn." if drawn < arms else "",
        _curves_look_for(shown.metric, shown.held_out),
        axis_words(reading, shown.over),
        _cut(shown.curves, shown.metric, shown.log),
        MARKS_WORDS if marks else "",
        reading.validation_note,
    )
    alt = _curves_alt(reading, shown.held_out, shown.measure, shown.over)
    return alt, " ".join(filter(None, looks))


def _cut(curves: list[Curve], metric: str, log: bool) -> str:
    """Which arm's losses leave the chart, and where they can be seen."""
    lone = beyond([c for c in curves if not c.diverged]) if metric == "loss" and not log else None
    if lone is None:
        return ""
    top = number(max(float(np.nanmax(c.mean)) for c in curves if c.arm is lone))
    return (
        f"{lone.title} has losses up to {top}, beyond this chart, which leaves room for the "
        "others; a logarithmic axis shows them all."
    )


def how_far(curves: list[Curve], over: str) -> str:
    """How far the longest curve goes: "5 epochs"."""
    return axis_of(over).amount(max((float(c.x[-1]) for c in curves), default=0.0))


def _curves_alt(reading: Reading, curves: list[Curve], measure: Measure, over: str) -> str:
    unit = f" {measure.unit}" if measure.key == "mae" and measure.unit else ""
    ends = [f"{c.title} {measure.write(final(c))}{unit}" for c in curves]
    seeds = times(len(reading.seeds), "seed")
    at_end = f" Validation at the end: {listing(ends)}." if ends else ""
    return (
        f"Line chart of training and validation {measure.label} over {how_far(curves, over)}, "
        f"mean of up to {seeds}.{at_end}{diverged(reading)}"
    )


def _curves_look_for(metric: str, curves: list[Curve]) -> str:
    several = any(len(c.history.seeds) > 1 for c in curves)
    better = "Higher" if metric == "accuracy" else "Lower"
    bands = (
        "Where bands overlap widely, the difference may be chance."
        if several
        else "With one seed there are no bands: small differences may be chance."
    )
    if any(c.stops.size for c in curves):
        bands += (
            " Strokes mark where early stopping ended a training: after one, the mean is of the "
            "seeds still training, so a jump there is no change of any network."
        )
    if len({c.arm for c in curves}) == 1:  # none is ahead of another
        return (
            f"{better} is better. Still improving at the end: more epochs may help. Validation "
            "that turns round while training goes on improving: overfitting. "
            + (
                ""
                if several
                else "With one seed, this is one course of many: another may end a "
                "little higher or lower."
            )
        ).rstrip()
    return (
        f"{better} is better. Validation that turns round while training goes on is overfitting. "
        f"{bands}"
    )
