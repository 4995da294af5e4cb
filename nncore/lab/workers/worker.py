"""A worker process: takes trainings from its channel, sends back records and results.

It ends when the coordinator does: the channel's end is the signal. Started by itself (`python -m
nncore.lab.workers.worker FD`), or forked from the template, which has TensorFlow loaded.
"""

import logging
import os
import platform
import queue
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

from nncore.lab.workers.channel import Channel
from nncore.lab.workers.messages import (
    AttemptEnd,
    AttemptEnded,
    EpochMeasured,
    Message,
    Outcome,
    Rehearse,
    Rehearsed,
    Stop,
    Train,
    WorkerStarted,
)
from nncore.results.records import Record
from nncore.system.paths import search

log = logging.getLogger("nncore.lab.workers.worker")

_KILL_FIRST = "800"  # for Linux, short of memory: rather a training than the dashboard


def block_unneeded() -> None:
    """Keep Keras and scikit-learn from loading what training doesn't need.

    pyarrow starts threads, which forbids forking; all three cost time and memory. (None in
    `sys.modules` would do for Keras, but scikit-learn takes that for the module.)
    """
    sys.meta_path.insert(0, _Blocked())


def serve(end: socket.socket) -> None:
    """Train what arrives on the channel until it ends."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_KILL_FIRST)
    with suppress(OSError):
        os.nice(5)  # pages stay quick while all cores train
    channel = Channel(end)
    desk = _Desk(channel)
    threading.Thread(target=desk.listen, daemon=True).start()
    channel.send(WorkerStarted(os.getpid()))
    while True:
        desk.do(desk.orders.get())


class _Blocked(MetaPathFinder):
    """Makes some packages look as if they weren't installed."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> None:
        if name.partition(".")[0] in ("pandas", "matplotlib", "pyarrow"):
            raise ModuleNotFoundError(f"{name} is not loaded in processes that train", name=name)


class _Desk:
    """What this worker is to do, and which attempts it was asked to stop."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.orders: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.stops: set[Stop] = set()

    def listen(self) -> None:
        """Receive until the coordinator closes its end or dies, then end this process."""
        while not self.channel.closed:
            for message in self.channel.receive():
                if isinstance(message, Stop):
                    self.stops.add(message)
                else:
                    self.orders.put(message)
        os._exit(0)  # the main thread may be deep in a computation

    def do(self, order: Message) -> None:
        """Train, or rehearse, and say when that is over."""
        match order:
            case Rehearse(keeps):
                rehearse(keeps)
                self.channel.send(Rehearsed())
            case Train():
                self._train(order)

    def _train(self, order: Train) -> None:
        stop = Stop(order.training, order.attempt)
        search(list(order.data_folders))
        end = run_training(
            order.config,
            on_record=lambda record: self.channel.send(EpochMeasured(record)),
            should_stop=lambda: stop in self.stops,
            observe=order.observe,
            key=order.key,
            keeps=order.keeps,
        )
        self.stops.discard(stop)
        self.channel.send(AttemptEnded(end))


def run_training(
    flat: Mapping[str, Any],
    on_record: Callable[[Record], None],
    should_stop: Callable[[], bool],
    *,
    observe: Sequence[str] = (),
    key: str = "",
    keeps: bool = False,
) -> AttemptEnd:
    """Train a flat config; DONE, DIVERGED, STOPPED, or FAILED with a sentence that says why.

    `observe`: what the result has besides scores (`nncore.observations`); `key`: what files go
    under; `keeps`: whether compiled programs outlive this process. What fails then without being
    the user's fault is SPOILED: it is to be repeated where they don't.
    """
    from nncore.config.config import Config
    from nncore.datasets.preparation.prepare import prepared
    from nncore.engines.assess import assess
    from nncore.engines.importance import column_importance
    from nncore.engines.loop import train
    from nncore.engines.run import Stopped
    from nncore.engines.stopping import ending
    from nncore.observations.catalogue import Observers
    from nncore.observations.definition import Finished
    from nncore.system.errors import UserError

    kept = False
    try:
        config = Config.from_flat(flat)
        if needs_tensorflow(config.engine):
            from nncore.engines.keras.compiled import keep
            from nncore.engines.keras.setup import configure

            kept = keeps and keep()
            configure()
        data = prepared(config)
        observers = Observers(observe, config, data)
        run, records, status = train(config, data, on_record, should_stop, observers.watch)
        result = assess(run, data, records, status, unit_factor=config.data.unit_factor)
        result = replace(
            result,
            ending=ending(config, records, status),
            environment=environment(config.engine),
            observed=observers.end(Finished(config, data, run, status, key)),
            importance=column_importance(run, config, data) if status == "done" else None,
        )
    except Stopped:
        return AttemptEnd(Outcome.STOPPED)
    except UserError as error:
        return AttemptEnd(Outcome.FAILED, error=str(error))
    except MemoryError:
        log.exception("out of memory: %s", flat)
        why = "This machine's memory was not enough for it."
        return AttemptEnd(Outcome.FAILED, error=why)
    except Exception as error:
        log.exception("training failed: %s", flat)
        what = (str(error).strip().splitlines() or [""])[0][:300]
        why = f"It stopped with an error of the program: {type(error).__name__}: {what}"
        return AttemptEnd(Outcome.SPOILED if kept else Outcome.FAILED, error=why)
    return AttemptEnd(Outcome(status), result)


def rehearse(keeps: bool) -> None:
    """Train a tiny network on noise: what Keras does only once is then done before a click."""
    import numpy as np

    from nncore.config.config import Config
    from nncore.datasets.data import Data
    from nncore.engines.keras.compiled import keep
    from nncore.engines.keras.setup import configure
    from nncore.engines.loop import train

    config = Config(dataset="iris", engine="keras", hidden=(4,), epochs=1, batch_size=32)
    x = np.random.default_rng(0).normal(size=(64, 4)).astype(np.float32)
    y = np.arange(64) % 3
    if keeps:
        keep()
    configure()
    train(config, Data(config.data.task, config.data.classes, x, y, x, y, x, y), lambda _: None)


def needs_tensorflow(engine: str) -> bool:
    """Whether this engine can't train without TensorFlow."""
    from nncore.config.engine_names import ENGINES

    return ENGINES[engine].needs_tensorflow


def environment(engine: str) -> dict[str, Any]:
    """Under what a result was made: it may differ in the last bits elsewhere."""
    from nncore.lab.keys import versions

    return {
        "python": platform.python_version(),
        **versions(needs_tensorflow(engine)),
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": _cpu(),
        "host threads": os.cpu_count(),
        "blas": os.environ.get("OPENBLAS_CORETYPE", "default"),
    }


def _cpu() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def set_up_log() -> None:
    """Log to standard error, which the coordinator leads into the store's log file."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"
    )


if __name__ == "__main__":
    set_up_log()
    block_unneeded()
    serve(socket.socket(fileno=int(sys.argv[1])))
