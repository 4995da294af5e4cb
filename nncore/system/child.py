"""Child processes for what the web process must not do itself: heavy libraries, large arrays.

A child is a module of this package that is run with some arguments and ends with its answer.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nncore.system.errors import BadNetwork, ChildFailed, DataError, InvalidSetting, UserError
from nncore.system.paths import ROOT

AGAIN = "Try again when the machine is less busy."
_REFUSALS: dict[str, type[UserError]] = {
    kind.__name__: kind for kind in (BadNetwork, DataError, InvalidSetting)
}


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

    @property
    def starved(self) -> bool:
        """Whether it most likely ended for want of memory."""
        return self.code < 0 or "MemoryError" in self.last_words


def run_child(
    module: str,
    *arguments: str,
    seconds: float,
    doing: str,
    stdin: bytes = b"",
    variables: Mapping[str, str] | None = None,
) -> Ended:
    """Run `python -m module arguments` and wait; `variables` are added to its environment.

    `doing` says in messages what it is for: "Preparing Iris". Raises ChildFailed when it takes
    over `seconds` (it is killed) or can't be started.
    """
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        child = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            input=stdin,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={**os.environ, **(variables or {}), "PYTHONPATH": os.pathsep.join(paths)},
        )
    except subprocess.TimeoutExpired as error:
        raise ChildFailed(f"{doing} took over {seconds:g} seconds. {AGAIN}") from error
    except OSError as error:
        raise ChildFailed(
            f"{doing} needs a process of its own, which can't be started: {error}. {AGAIN}"
        ) from error
    lines = child.stderr.decode(errors="replace").strip().splitlines()
    return Ended(child.returncode, child.stdout, lines[-1][:300] if lines else "")


class Jobs:
    """Jobs that a module does in child processes, one at a time: each may take much memory.

    Jobs that are known to be quick may have a lane of their own, so that they needn't wait.
    A job has a folder. `job.json` there says what to do, other files go in and out by name, and
    `answer.json` says how it ended; the module ends with `serve`.
    """

    def __init__(self, module: str, *, seconds: float, starved: str = "") -> None:
        self.module = module
        self.seconds = seconds
        self.starved = starved  # what to do where memory is short
        self._lanes: dict[str, threading.Lock] = {}

    def ask(
        self,
        folder: Path,
        job: Mapping[str, Any],
        *,
        doing: str,
        variables: Mapping[str, str] | None = None,
        lane: str = "",
    ) -> Any:
        """Have a job done, and wait; what its work returned.

        Raises the UserError that the work raised, and ChildFailed when it could not be done.
        """
        (folder / "job.json").write_text(json.dumps(dict(job)))
        one = self._lanes.setdefault(lane, threading.Lock())
        if not one.acquire(timeout=self.seconds):
            raise ChildFailed(f"{doing} waited over {self.seconds:g} seconds. {AGAIN}")
        try:
            ended = run_child(
                self.module, str(folder), seconds=self.seconds, doing=doing, variables=variables
            )
        finally:
            one.release()
        if ended.starved:
            raise ChildFailed(f"{doing} needs more memory than there is. {self.starved or AGAIN}")
        if ended.code != 0:
            raise ChildFailed(f"{doing} failed: {ended.reason}.")
        answer = json.loads((folder / "answer.json").read_bytes())
        if "refused" in answer:
            raise _REFUSALS.get(answer["kind"], ChildFailed)(answer["refused"])
        return answer["done"]


def serve(folder: Path, work: Callable[[dict[str, Any]], Any]) -> None:
    """Do the job in `folder` in this process: `work` gets what was asked, returns plain JSON."""
    job = json.loads((folder / "job.json").read_bytes())
    try:
        answer = {"done": work(job)}
    except UserError as error:
        kind = next((name for name, c in _REFUSALS.items() if isinstance(error, c)), "")
        answer = {"kind": kind, "refused": str(error)}
    (folder / "answer.json").write_text(json.dumps(answer, allow_nan=False))
