"""`boundary`: where a network of two inputs draws the border, as a picture."""

import argparse
import sys

from nncore.cli import network_of
from nncore.cli.output import JsonTarget, file_to_write, put, write_file
from nncore.export.json import plain
from nncore.export.plane import FORMATS, check_plane, over_the_plane, plane_figure
from nncore.system.errors import InvalidSetting

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
    if options.out is None and not target.is_wanted:
        raise InvalidSetting("--out must name the picture, such as --out border.png.")
    endings = [f".{fmt}" for fmt in FORMATS]
    path = None if options.out is None else file_to_write("--out", options.out, endings)
    wanted = network_of.wanted(options)
    check_plane(wanted.config)
    network, code = wanted.have(options)
    if network is None:
        return code
    if target.is_wanted:
        target.write(plain(over_the_plane(network).to_json()))
    if path is None:
        return 0
    write_file(path, plane_figure(network, path.suffix[1:]))
    if not target.takes_stdout:
        put(sys.stdout, f"{path}\n")
    return 0
