"""What batches of other sizes cost and bring: updates per epoch, and the noise of each."""

import math
from collections.abc import Mapping

import pandas as pd

from nncore.analysis.cost import steps_per_epoch
from nncore.config.config import Config
from nncore.system.wording import number, times

UPDATE_COLUMNS = ("Arm", "Batch", "Updates per epoch", "Updates in all", "Noise of a step")


def updates_table(configs: Mapping[str, Config]) -> pd.DataFrame:
    """A row per arm: samples of a batch, updates, and the noise of one step's gradient.

    `configs`: title of an arm -> its config. Noise is the standard error of the mean of B
    samples drawn without putting back from N, as a share of a single sample's spread:
    sqrt((N - B) / (N - 1) / B).

    Source: Cochran, Sampling Techniques, 1977, theorem 2.2.
    """
    rows = []
    for name, config in configs.items():
        n = config.counts()[0]
        batch = min(config.batch_size, n)
        steps = steps_per_epoch(config)
        noise = math.sqrt((n - batch) / max(n - 1, 1) / batch)
        rows.append((name, batch, steps, steps * config.epochs, noise))
    return pd.DataFrame(rows, columns=list(UPDATE_COLUMNS))


def updates_words(configs: Mapping[str, Config]) -> str:
    """What the table says of the smallest and the largest batch."""
    table = updates_table(configs)
    if table["Batch"].nunique() < 2:
        return "All arms take batches of the same size."
    small, *_, large = table.sort_values("Batch").to_dict("records")
    few, many = int(large["Updates per epoch"]), int(small["Updates per epoch"])
    ratio = large["Noise of a step"] / small["Noise of a step"] if small["Noise of a step"] else 1.0
    noise = "without noise" if ratio == 0 else f"with {number(100 * ratio, 2)} % of the noise"
    steps = f"{small['Arm']} takes {times(many, 'step')} per epoch"
    return f"{steps}, {large['Arm']} {few:,}, but {noise}."
