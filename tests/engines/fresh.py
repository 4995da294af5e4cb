"""Processes that have TensorFlow loaded and nothing compiled, forked in milliseconds.

`python tests/engines/fresh.py` reads asks, a line of JSON each, has processes of their own train
what they say, and answers each with a line of JSON.
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from nncore.config.config import Config
from nncore.engines.keras import compiled, program
from nncore.engines.keras.setup import ENVIRONMENT, configure
from nncore.engines.loop import train
from nncore.lab.workers.worker import block_unneeded, run_training
from nncore.system.blas import environment
from tests import unwritable
from tests.engines.test_parity import random_data

ROOT = Path(__file__).resolve().parents[2]
READY = "ready\n"

Answers = list[dict[str, Any]]


class Fresh:
    """Asks such a process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, home: Path, *flats: dict, times: int = 1, **ask: Any) -> Answers:
        """What `times` processes at once say that train these configs, one after the other.

        keeps: whether programs outlive them. place: how their kept programs can't be written.
        variables: of the environment. limit: the largest file in bytes, once they keep. lab: train
        as workers do.
        """
        asked = {"home": str(home), "flats": flats, "times": times, **ask}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def one(self, home: Path, *flats: dict, **ask: Any) -> dict[str, Any]:
        """What a single one says."""
        (answer,) = self(home, *flats, **ask)
        return answer


@contextmanager
def fresh(log: Path) -> Iterator[Fresh]:
    """Start the process that forks."""
    with (
        log.open("w") as file,
        subprocess.Popen(
            ["nice", "-n", "5", sys.executable, "-m", "tests.engines.fresh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            cwd=ROOT,
            env={**os.environ, **environment(), **ENVIRONMENT},
        ) as process,
    ):
        assert process.stdout.readline() == READY, log.read_text()
        try:
            yield Fresh(process)
        finally:
            process.kill()


def in_a_process(what: Callable[[], dict]) -> tuple[int, int]:
    """Begin `what` in a process; (its number, where its answer can be read)."""
    here, there = os.pipe()
    pid = os.fork()
    if pid:
        os.close(there)
        return pid, here
    try:
        os.close(here)
        with os.fdopen(there, "w") as out:
            json.dump(what(), out)
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(0)


def answer(ask: dict) -> dict:
    """Train what is asked for."""
    os.environ.update({"NNLAB_HOME": ask["home"], **ask.get("variables", {})})
    kept = sorted(compiled.folder().glob("*"))
    if ask.get("place"):
        unwritable.enter(ask["place"], kept[0])
    counted = {"put": 0, "taken": 0}
    put, write = compiled._put, compiled.write_whole

    def count_put(name, content):
        counted["put"] += 1
        put(name, content)

    def count_taken(path, content):
        counted["taken"] += 1
        write(path, content)

    compiled._put, compiled.write_whole = count_put, count_taken
    keeps = ask["keeps"] and compiled.keep()
    configure()
    if ask.get("limit") is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ask["limit"], ask["limit"]))
    trained = [(in_the_lab if ask.get("lab") else by_itself)(flat) for flat in ask["flats"]]
    return {"keeps": keeps, "trained": trained, **counted}


def by_itself(flat: dict) -> str:
    """All numbers of a training on random rows, as a hash; its program was never built before."""
    program._program.cache_clear()
    config = Config.from_flat(flat)
    run, records, _ = train(config, random_data(config), lambda _: None)
    digest = hashlib.sha256()
    for record in records:
        digest.update(repr((record.training, record.validation)).encode())
    for weights in run.get_weights():
        digest.update(weights.tobytes())
    return digest.hexdigest()


def in_the_lab(flat: dict) -> str:
    """How a training on its data set ends."""
    return run_training(flat, lambda _: None, lambda: False, keeps=True).outcome


def main() -> None:
    block_unneeded()
    for name in ("tensorflow", "keras", "nncore.engines.keras.training"):
        import_module(name)

    print(READY, end="", flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        begun = [in_a_process(lambda ask=ask: answer(ask)) for _ in range(ask["times"])]
        answers = []
        for pid, out in begun:
            with os.fdopen(out) as told:
                said = told.read()
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            answers.append(json.loads(said) if said else {"code": code})
        print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main()
