"""`describe`: what a network is and costs, before any training."""

import argparse
import sys
from typing import Any

from nncore.analysis.cost import Cost, cost
from nncore.analysis.network import NETWORK_COLUMNS, network_rows, parts
from nncore.cli.options import add_settings, merge, read_settings
from nncore.cli.output import JsonTarget, put, table
from nncore.config.config import Config
from nncore.system.wording import number

HELP = "parameters, FLOPs and layers of a network"
DESCRIPTION = "Describe a network without training it."
EXAMPLE = "describe --dataset mnist --set hidden=512"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The network."""
    parser.add_argument("--dataset", metavar="NAME", help="data set (default digits)")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Print or write the description; 0."""
    target = JsonTarget(options.json)
    settings = read_settings(options.settings)
    config = Config.from_flat(merge(settings, dataset=options.dataset, variant=options.variant))
    costs = cost(config)
    target.write(description(config, costs))
    if not target.takes_stdout:
        put(sys.stdout, _text(config, costs) + "\n")
    return 0


def description(config: Config, costs: Cost) -> dict[str, Any]:
    """The JSON form; what a layer is fed by is named, the input as "input"."""
    return {
        "parameters": costs.parameters,
        "flops_forward": costs.flops_forward,
        "mflops_forward": costs.mflops,
        "layers": [
            {
                "name": part.name,
                "output_shape": [None, *part.shape],
                "parameters": part.parameters,
                "activation": part.activation or None,
                "fed_by": list(part.sources),
            }
            for part in parts(config)
            if part.layer is not None
        ],
    }


def _text(config: Config, costs: Cost) -> str:
    rows = [
        tuple(f"{cell:,}" if isinstance(cell, int) else cell for cell in row.values())
        for row in network_rows(config)
    ]
    layers = table(NETWORK_COLUMNS, rows, right=(3, 6))
    return (
        f"{config.data.label}, {config.form.note}: "
        f"{config.model.inputs(config):,} inputs\n\n{layers}\n\n"
        f"Parameters: {costs.parameters:,}\n"
        f"FLOPs forward, per sample: {costs.flops_forward:,}"
        f" ({number(costs.mflops)} MFLOPs of 2^20)\n"
        f"FLOPs of one training step with a batch of {config.batch_size:,}: {costs.flops_step:,}"
    )
