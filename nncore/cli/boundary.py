"""`boundary`: where a network of two inputs draws the border, as a picture."""

import argparse
import sys
from pathlib import Path

from nncore.cli import network_of
from nncore.cli.output import JsonTarget, put
from nncore.export.json import plain
from nncore.export.plane import FORMATS, check_plane, over_the_plane, plane_figure
from nncore.system.errors import InvalidSetting
from nncore.system.files import write_whole

HELP = "draw what a network says of the plane"
DESCRIPTION = "Draw what a network of two inputs says of every point of the plane."
EXAMPLE = """boundary dataset=circles,engine=numpy,hidden=4,epochs=300 --out circles.png
boundary 12ab34cd --out border.svg --json border.json"""
EPILOG = network_of.EXAMPLES


def add_options(parser: argparse.ArgumentParser) -> None:
    """The network and the picture."""
    network_of.add_options(parser)
    parser.add_argument("--out", metavar="PATH", help="picture to write: .png, .svg or .pdf")


def run(options: argparse.Namespace) -> int:
    """Write the picture; 0, or the code of a training that was interrupted."""
    target = JsonTarget(options.json)
    path = None if options.out is None else Path(options.out)
    if path is None and not target.is_wanted:
        raise InvalidSetting("--out must name the picture, such as --out border.png.")
    if path is not None and path.suffix[1:] not in FORMATS:
        endings = ", ".join(f".{fmt}" for fmt in FORMATS)
        raise InvalidSetting(f"--out must end in one of {endings}; got {options.out!r}.")
    network, code = network_of.network_of(options)
    if network is None:
        return code
    check_plane(network.config)
    if target.is_wanted:
        target.write(plain(over_the_plane(network).to_json()))
    if path is None:
        return 0
    try:
        write_whole(path, plane_figure(network, path.suffix[1:]))
    except OSError as error:
        raise InvalidSetting(f"--out {path} can't be written: {error.strerror}.") from error
    if not target.takes_stdout:
        put(sys.stdout, f"{path}\n")
    return 0
