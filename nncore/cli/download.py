"""`download`: fetch a full data set, and follow it until it is there."""

import argparse
import sys
import time

from nncore.cli.interrupts import Interrupts
from nncore.cli.output import put
from nncore.datasets.download.downloads import (
    CANCELLED,
    DONE,
    RUNNING,
    Progress,
    cancel,
    progress,
    start,
)
from nncore.datasets.download.sources import DOWNLOADS

HELP = "fetch a full data set"
DESCRIPTION = "Fetch a full data set into the data folder, once and for all."
EXAMPLE = "download mnist"
FAILED = 1
POLL = 0.2  # seconds between looks


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that only `download` has."""
    parser.add_argument("dataset", metavar="DATASET", help=", ".join(DOWNLOADS))


def run(options: argparse.Namespace) -> int:
    """Fetch what is missing; 0, or 1 when it failed or others cancelled it.

    Interrupted: cancel what this command started; 130, or 143 by SIGTERM.
    """
    name = DOWNLOADS[options.dataset].name
    with Interrupts() as interrupts:
        is_ours = start(name)
        now = progress(name)
        if not is_ours and now.state == RUNNING:
            put(sys.stderr, "Another process fetches it already; this one follows.\n")
        printed = ""
        while now.state == RUNNING and not interrupts:
            printed = _show(now, printed)
            time.sleep(POLL)
            now = progress(name)
        if sys.stderr.isatty() and printed:
            put(sys.stderr, "\n")
        if interrupts:
            return _interrupted(name, is_ours, interrupts.exit_code)
    put(sys.stderr, f"{now.message}\n")
    return 0 if now.state == DONE else FAILED


def _interrupted(name: str, is_ours: bool, code: int) -> int:
    if not is_ours:
        put(sys.stderr, "Interrupted: the other process goes on fetching.\n")
        return code
    cancel(name)
    while (now := progress(name)).state == RUNNING:
        time.sleep(POLL)
    put(sys.stderr, f"{now.message}\n")
    return code if now.state == CANCELLED else FAILED


def _show(now: Progress, printed: str) -> str:
    """On a terminal one line that updates; elsewhere a line per tenth. What was printed last."""
    share = now.received / max(now.total, 1)
    megabytes = f"{now.received / 2**20:.1f} of {now.total / 2**20:.1f} MB"
    if sys.stderr.isatty():
        put(sys.stderr, f"\r\x1b[K{100 * share:3.0f} %  {megabytes}  {now.message}")
        return "line"
    tenth = f"{10 * int(10 * share)} %"
    if tenth != printed:
        put(sys.stderr, f"{tenth}  {megabytes}\n")
    return tenth
