"""Child processes for what the web process must not do itself: heavy libraries, large arrays.

A child is a module of this package that is run with some arguments and ends with its answer.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

AGAIN = "Try again when the machine is less busy."  # after a timeout or where none could start
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """How a child ended: exit code, standard output, and the last line of standard error."""

    code: int
    output: bytes
    last_words: str

    @property
    def reason(self) -> str:
        """Why it failed, as far as it said so."""
        return self.last_words or f"exit code {self.code}, no message"


def run_child(
    module: str,
    *arguments: str,
    seconds: float,
    stdin: bytes = b"",
    variables: Mapping[str, str] | None = None,
) -> Ended:
    """Run `python -m module arguments` and wait; `variables` are added to its environment.

    Raises subprocess.TimeoutExpired after `seconds` (the child is killed) and OSError when it
    can't be started.
    """
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    child = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        input=stdin,
        capture_output=True,
        timeout=seconds,
        check=False,
        env={**os.environ, **(variables or {}), "PYTHONPATH": os.pathsep.join(paths)},
    )
    lines = child.stderr.decode(errors="replace").strip().splitlines()
    return Ended(child.returncode, child.stdout, lines[-1][:300] if lines else "")
