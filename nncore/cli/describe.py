"""`describe`: what a network is and costs, before any training."""

import argparse
import sys
from typing import Any

from nncore.analysis.cost import Cost, cost
from nncore.cli.options import merge, read_settings
from nncore.cli.output import JsonTarget, put, table
from nncore.config.config import Config


def run(options: argparse.Namespace) -> int:
    """Print or write the description; 0."""
    target = JsonTarget(options.json)
    settings = read_settings(options.settings)
    config = Config.from_flat(merge(settings, dataset=options.dataset, variant=options.variant))
    found = cost(config)
    target.write(description(found))
    if not target.takes_stdout:
        put(sys.stdout, _text(config, found) + "\n")
    return 0


def description(found: Cost) -> dict[str, Any]:
    """The JSON form."""
    names = ("name", "output_shape", "parameters")
    return {
        "parameters": found.parameters,
        "flops_forward": found.flops_forward,
        "layers": [{name: row[name] for name in names} for row in found.layers],
    }


def _text(config: Config, found: Cost) -> str:
    rows = [
        (row["name"], _shape(row["output_shape"]), f"{row['parameters']:,}", f"{row['flops']:,}")
        for row in found.layers
    ]
    shown = table(("Layer", "Output shape", "Parameters", "FLOPs forward"), rows, right=(2, 3))
    return (
        f"{config.data.label}, {config.form.note}: "
        f"{config.model.inputs(config):,} inputs\n\n{shown}\n\n"
        f"Parameters: {found.parameters:,}\n"
        f"FLOPs forward, per sample: {found.flops_forward:,}\n"
        f"FLOPs of one training step with a batch of {config.batch_size:,}: {found.flops_step:,}"
    )


def _shape(shape: list[int | None]) -> str:
    return f"({', '.join('None' if size is None else str(size) for size in shape)})"
