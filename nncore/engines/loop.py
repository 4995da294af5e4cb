"""The training loop that every engine shares: rates, records, early stopping, divergence.

An engine supplies a `Run`; this module decides how often to measure and what to report.
Test data is touched once, at the end, with the weights that training returns.
"""

import math
import time
from collections.abc import Callable, Sequence
from itertools import groupby

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.engines.begin import begin
from nncore.engines.run import Run, Stopped, Watch, chunk, unwatched
from nncore.engines.stopping import why_stop
from nncore.results.records import Measures, Record
from nncore.system.arrays import Array


def train(
    config: Config,
    data: Data,
    on_record: Callable[[Record], None],
    should_stop: Callable[[], bool] = lambda: False,
    watch: Watch = unwatched,
) -> tuple[Run, list[Record], str]:
    """Train one config; (run, records, "done" or "diverged").

    The run has the weights to be used: the last ones, or the best if the config wants them.
    Why it ended, `nncore.engines.stopping.ending` says. `on_record` receives each record as it is
    measured, with what `watch` makes of the run. Raises Stopped when `should_stop` says so at
    the end of a chunk. A diverged training ends with the record that shows it, its values not
    finite.
    """
    started, spent = time.perf_counter(), 0.0
    run = begin(config.engine, config, data)
    watch(run, 0)
    records: list[Record] = []
    epoch, step = 0, chunk(config, len(data.x_train))
    losses: list[float] = []  # of the rows that choose, without penalties
    best: Record | None = None
    best_weights: list[Array] = []
    while epoch < config.epochs:
        if should_stop():
            raise Stopped
        planned = rates(config, epoch, min(step, config.epochs - epoch), losses)
        before = time.process_time()
        for rate, same in groupby(planned):
            measured = run.advance(len(list(same)), rate)
        spent += time.process_time() - before
        epoch += len(planned)
        held_out = run.evaluate(data.x_val, data.y_val)
        selection: Measures = {}
        if data.x_selection is not None and data.y_selection is not None:
            selection = run.evaluate(data.x_selection, data.y_selection)
        seconds = time.perf_counter() - started
        seen = watch(run, epoch)
        record = Record(epoch, measured, held_out, planned[-1], seconds, seen, selection, spent)
        records.append(record)
        on_record(record)
        ends = (measured, held_out, selection or held_out)
        if not all(math.isfinite(part["loss"]) for part in ends):
            return run, records, "diverged"
        losses.append(record.choosing_loss)
        if best is None or losses[-1] < best.choosing_loss:
            best = record
            best_weights = run.get_weights() if config.restore_best else []
        if why_stop(config, records, best):
            break
    if best_weights:
        run.set_weights(best_weights)
    return run, records, "done"


def rates(config: Config, epoch: int, epochs: int, losses: Sequence[float]) -> list[float]:
    """The learning rates of `epochs` epochs from `epoch` (from 0) on.

    `losses`: those of the rows that choose, measured before them, without penalties.
    """
    rate, factor = config.optimizer.learning_rate, config.schedule.factor
    return [rate * factor(k, config.epochs, losses) for k in range(epoch, epoch + epochs)]
