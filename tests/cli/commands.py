"""The command line as tests call it: in this process, or as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from nncore.cli.main import main

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments, **environment):
    """`python -m nncore ...` as a process of its own; never a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "nncore", *arguments],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment}, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


def refused(capsys, *arguments):
    """The one line that a mistake prints; nothing reaches standard output."""
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    return printed.err[len("error: ") :].strip()
