"""`describe`: what a network is and costs, before any training."""

import argparse
import sys
from typing import Any

from nncore.analysis.cost import Cost, cost
from nncore.cli.options import merge, read_settings
from nncore.cli.output import JsonTarget, put, table
from nncore.config.config import Config
from nncore.system.wording import number


def run(options: argparse.Namespace) -> int:
    """Print or write the description; 0."""
    target = JsonTarget(options.json)
    settings = read_settings(options.settings)
    config = Config.from_flat(merge(settings, dataset=options.dataset, variant=options.variant))
    costs = cost(config)
    target.write(description(costs))
    if not target.takes_stdout:
        put(sys.stdout, _text(config, costs) + "\n")
    return 0


def description(costs: Cost) -> dict[str, Any]:
    """The JSON form."""
    names = ("name", "output_shape", "parameters")
    return {
        "parameters": costs.parameters,
        "flops_forward": costs.flops_forward,
        "mflops_forward": costs.mflops,
        "layers": [{name: row[name] for name in names} for row in costs.layers],
    }


def _text(config: Config, costs: Cost) -> str:
    rows = [
        (row["name"], _shape(row["output_shape"]), f"{row['parameters']:,}", f"{row['flops']:,}")
        for row in costs.layers
    ]
    layers = table(("Layer", "Output shape", "Parameters", "FLOPs forward"), rows, right=(2, 3))
    return (
        f"{config.data.label}, {config.form.note}: "
        f"{config.model.inputs(config):,} inputs\n\n{layers}\n\n"
        f"Parameters: {costs.parameters:,}\n"
        f"FLOPs forward, per sample: {costs.flops_forward:,}"
        f" ({number(costs.mflops)} MFLOPs of 2^20)\n"
        f"FLOPs of one training step with a batch of {config.batch_size:,}: {costs.flops_step:,}"
    )


def _shape(shape: list[int | None]) -> str:
    return f"({', '.join('None' if size is None else str(size) for size in shape)})"
