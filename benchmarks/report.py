"""Figures of a simulation beside their bounds, as text."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.system.arrays import Array


@dataclass
class Report:
    """Figures beside their bounds."""

    made: int
    missed: int = 0

    def title(self, text: str) -> None:
        print(f"\n{text}", flush=True)

    def say(self, what: str, text: str) -> None:
        print(f"  {what:<64} {text}", flush=True)

    def share(self, what: str, hits: Array, *, most: float = 1.0, least: float = 0.0) -> None:
        """A share of comparisons, held against a bound with two standard errors."""
        value = float(np.mean(hits))
        bound = most if most < 1 else least
        error = 2 * math.sqrt(bound * (1 - bound) / len(hits)) if 0 < bound < 1 else 0.0
        fine = least - error <= value <= most + error
        self._line(what, f"{100 * value:5.1f} %", most, least, fine, lambda b: f"{100 * b:g} %")

    def number(self, what: str, value: float, *, most: float) -> None:
        self._line(what, f"{value:7.2f}", most, 0.0, value <= most, lambda b: f"{b:g}")

    def _line(
        self,
        what: str,
        value: str,
        most: float,
        least: float,
        fine: bool,
        write: Callable[[float], str],
    ) -> None:
        bounds = [f"at least {write(least)}"] if least > 0 else []
        bounds += [f"at most {write(most)}"] if most < 1 or not least else []
        told = " and ".join(bounds) if bounds and not (most == 1 and least == 0) else "printed"
        self.missed += not fine
        print(f"  {what:<64} {value:>9}   {told}{'' if fine else '   MISSED'}", flush=True)
