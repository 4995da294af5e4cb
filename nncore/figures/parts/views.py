"""What of its y axis a chart of curves shows: room for those that matter, none for rounding."""

import numpy as np

from nncore.analysis.reading import ReadArm
from nncore.figures.parts.lines import Curve
from nncore.system.arrays import Array

LEAST_SHARE = 1e-8  # of the largest value: as far as a log axis goes down
_ALONE = 10  # times the largest loss of any other arm


def curves_view(curves: list[Curve], metric: str, log: bool = False) -> list[float] | None:
    """The y range of a chart of `curves`, in the axis's own numbers: exponents when `log`.

    Losses of arms that diverge, or that one alone reaches, leave room for those of the others.
    """
    steady = [c for c in curves if not c.diverged] or curves
    if metric == "loss" and not log and (lone := beyond(steady)):
        steady = [c for c in steady if c.arm is not lone]
    mean = np.concatenate([c.mean for c in steady])
    if metric == "loss" and len(steady) < len(curves):
        others = np.concatenate([c.mean for c in curves])
        with np.errstate(invalid="ignore"):
            mean = np.append(mean, others[others < 4 * np.nanmax(mean)])
    edges = np.concatenate([[*c.low, *c.high] for c in curves])
    limits = view(mean, edges, share=metric == "accuracy", log=log)
    if limits and not log and metric in ("loss", "mae"):
        limits[0] = max(limits[0], -0.03 * limits[1])  # none is below 0, whatever its band says
    return list(np.log10(limits)) if log and limits else limits


def beyond(curves: list[Curve]) -> ReadArm | None:
    """The arm whose losses alone would flatten those of all others; None when there is none."""
    peaks: dict[ReadArm, float] = {}
    for curve in curves:
        peaks[curve.arm] = max(peaks.get(curve.arm, 0.0), float(np.nanmax(curve.mean)))
    *others, highest = sorted(peaks, key=peaks.__getitem__)
    return highest if others and peaks[highest] > _ALONE * peaks[others[-1]] else None


def view(
    mean: Array, edges: Array, *, share: bool = False, log: bool = False
) -> list[float] | None:
    """A y range with room for all means, and for the edges of bands only as much again.

    With two seeds a band is twelve times as wide as the spread, and would flatten the curves.
    `share`: values can't leave 0 to 1. None when there is nothing to show.
    """
    mean, edges = mean[np.isfinite(mean)], edges[np.isfinite(edges)]
    if log:
        mean = mean[mean > 0]
        if not mean.size:
            return None
        # far below the largest value, a loss is rounding error and would flatten the others
        low, high = max(mean.min(), mean.max() * LEAST_SHARE), mean.max()
        return [float(low) / 1.3, float(high) * 1.3]
    if not mean.size:
        return None
    low, high = float(mean.min()), float(mean.max())
    span = (high - low) or abs(high) or 1.0
    bottom = max(min(low, edges.min(initial=low)), low - span) - 0.03 * span
    top = min(max(high, edges.max(initial=high)), high + span) + 0.03 * span
    return [max(bottom, 0.0), min(top, 1.0 + 0.02 * span)] if share else [bottom, top]
