"""Where trainings execute: worker processes of this machine, watched and, if need be, killed.

A worker takes one training after the other, so that compiled programs are used again. It is forked
from the template (`nncore.lab.workers.template`), or started by itself: where forking isn't safe,
and for NumPy work while the template is still loading.
"""

import logging
import selectors
import socket
import time
from collections.abc import Iterator

from nncore.engines.keras.compiled import forget
from nncore.lab.workers.channel import Channel
from nncore.lab.workers.events import Event, Finished, Recorded, Task
from nncore.lab.workers.messages import (
    AttemptEnd,
    AttemptEnded,
    EpochMeasured,
    ForkWorker,
    Outcome,
    Rehearse,
    Rehearsed,
    TemplateLoaded,
    WorkerExited,
    WorkerForked,
    WorkerStarted,
)
from nncore.lab.workers.processes import Template, Worker, death, rss, start
from nncore.lab.workers.seats import Seats
from nncore.lab.workers.slots import Limits
from nncore.system.machine import Stopwatch

log = logging.getLogger("nncore.lab.workers.runner")

GRACE = 1.0  # seconds between asking a worker to stop and killing it
START_LIMIT = 60.0  # seconds until a new worker must have said that it has
MOST_IN_RESERVE = 4  # workers that wait for their first training
_WATCH_EVERY = 0.25


class LocalRunner:
    """Up to `slots` trainings at a time in processes of this machine. Not thread-safe."""

    def __init__(self, slots: int, limits: Limits, *, forks: bool = True, keeps: bool = True):
        self.seats = Seats(slots)
        self.workers = self.seats.workers
        self.limits = limits
        self.forks = forks  # False: every worker is started by itself
        self.keeps = keeps  # whether compiled programs outlive workers
        self._template: Template | None = None
        self._template_deaths = 0
        self._exit_codes: dict[int, int] = {}
        self._selector = selectors.DefaultSelector()
        self._numbers = 0
        self._watched = 0.0
        self.stopwatch = Stopwatch()  # what limits count by; runs while this is polled

    @property
    def warm(self) -> bool:
        """Whether a Keras training starts without loading or rehearsing anything first."""
        return self._forks_now and not any(worker.rehearses for worker in self.workers)

    @property
    def is_warming(self) -> bool:
        """Whether it is on the way to being warm."""
        return self._template is not None and not self.warm

    @property
    def _forks_now(self) -> bool:
        return self._template is not None and self._template.warm

    @property
    def running(self) -> list[Task]:
        return [worker.task for worker in self.workers if worker.task is not None]

    def accepts(self, needs_tensorflow: bool) -> bool:
        """Whether a training of this kind can start; if it waits for the template, start that."""
        if not needs_tensorflow or not self.forks:
            return True
        self.warm_up()
        return self._forks_now or not self.forks

    def warm_up(self) -> None:
        """Start the template in the background, if it is used and isn't there."""
        if self.forks and self._template is None:
            ours, process = start("nncore.lab.workers.template")
            self._template = Template(process, Channel(ours, waits=False))
            self._selector.register(self._template.channel, selectors.EVENT_READ, self._template)

    def submit(self, task: Task, worker: Worker | None) -> None:
        """Start a task, on an idle worker or (None) on a new one."""
        if worker is None or (task.needs_tensorflow and self.forks and not worker.forked):
            if worker is not None:
                self._let_go(worker)
            elif not self.seats.has_room(task.watched):
                self._let_go(min(self.seats.idle(task.watched), key=lambda w: len(w.programs)))
            worker = self._new_worker(task.watched)
        worker.task = task
        worker.task_started = self.stopwatch.seconds
        worker.programs.add(task.program)
        worker.keeps |= self.keeps and task.needs_tensorflow
        worker.channel.send(task.begin(worker.keeps))

    def stop(self, training: int) -> None:
        """Ask the worker to stop this training, and kill it if it doesn't within GRACE."""
        for worker in self.workers:
            if worker.task is not None and worker.task.training == training:
                self._stop(worker, AttemptEnd(Outcome.STOPPED))

    def poll(self, timeout: float) -> list[Event]:
        """What happened, waiting up to `timeout` seconds for something to happen."""
        events: list[Event] = []
        for key, _ in self._selector.select(timeout):
            if isinstance(key.data, Template) and key.data is self._template:
                self._hear_template(key.data)
            elif key.data in self.workers:
                events += self._hear_worker(key.data)
        self.stopwatch.look()
        self._watch()
        return events

    def close(self) -> None:
        """End all processes at once."""
        for worker in self.workers:
            worker.kill()
            worker.channel.close()
        if self._template is not None:
            self._template.end()
        for worker in self.workers:
            if worker.process is not None:
                worker.process.wait()
        self._selector.close()
        self.workers.clear()
        self._template = None

    def _new_worker(self, watched: bool = False) -> Worker:
        self._numbers += 1
        now = self.stopwatch.seconds
        if self.forks and self._template and self._template.warm:
            ours, theirs = socket.socketpair()
            with theirs:
                self._template.channel.send(ForkWorker(self._numbers), fds=(theirs.fileno(),))
            worker = Worker(self._numbers, Channel(ours, waits=False), None, now)
        else:
            ours, process = start("nncore.lab.workers.worker")
            worker = Worker(self._numbers, Channel(ours, waits=False), process, now, process.pid)
        worker.watched = watched
        self.workers.append(worker)
        self._selector.register(worker.channel, selectors.EVENT_READ, worker)
        return worker

    def _fill(self) -> None:
        """Fork workers before they are needed, and let them do what is done only once."""
        while len(self.seats.of(watched=False)) < min(self.seats.slots, MOST_IN_RESERVE):
            worker = self._new_worker()
            worker.rehearses, worker.keeps = True, self.keeps
            worker.channel.send(Rehearse(worker.keeps))

    def _let_go(self, worker: Worker) -> None:
        """End an idle worker: it leaves when its channel closes."""
        self._forget(worker)
        if worker.process is not None:
            worker.process.terminate()
            worker.process.wait()

    def _forget(self, worker: Worker) -> None:
        self.workers.remove(worker)
        self._selector.unregister(worker.channel)
        worker.channel.close()

    def _hear_template(self, template: Template) -> None:
        for message in template.channel.receive():
            match message:
                case TemplateLoaded(threads, seconds):
                    log.info("template is warm after %.1f s", seconds)
                    template.warm = threads == 1
                    if template.warm:
                        self._fill()
                    else:
                        log.warning("template has %s threads: no forking", threads)
                        self.forks = False
                case WorkerForked(number, pid):
                    for worker in self.workers:
                        if worker.number == number:
                            worker.pid = pid
                case WorkerExited(pid, code):
                    self._exit_codes[pid] = code
        if template.channel.closed or not self.forks:
            self._drop_template(template)

    def _drop_template(self, template: Template) -> None:
        self._selector.unregister(template.channel)
        template.end()
        self._template = None
        self._template_deaths += not template.warm
        if self._template_deaths == 2:  # it can't load; workers will say why
            self.forks = False

    def _hear_worker(self, worker: Worker) -> Iterator[Event]:
        for message in worker.channel.receive():
            match message:
                case WorkerStarted(pid):
                    worker.pid, worker.ready = pid, True
                    worker.first_rss = rss(pid)
                case Rehearsed():
                    worker.rehearses = False
                case EpochMeasured(record) if worker.task is not None:
                    yield Recorded(worker.task, record)
                case AttemptEnded(end) if worker.task is not None:
                    yield self._ended(worker, worker.task, end)
        if worker.channel.closed and worker in self.workers:
            yield from self._died(worker)

    def _ended(self, worker: Worker, task: Task, end: AttemptEnd) -> Finished:
        if end.outcome is Outcome.STOPPED and worker.stopping is not None:
            end = worker.stopping
        worker.task, worker.stopping, worker.kill_at = None, None, None
        worker.trained += 1
        if end.outcome is Outcome.SPOILED:
            self._stop_keeping()
        elif worker.is_worn or worker.keeps > self.keeps:
            self._let_go(worker)
            if worker.watched:
                self._new_worker(watched=True)  # the next change doesn't wait for it
        return Finished(task, end)

    def _died(self, worker: Worker) -> Iterator[Event]:
        task, stopping = worker.task, worker.stopping
        code = self._exit_code(worker)
        self._forget(worker)
        spoiled = stopping is None and worker.uses_kept
        if spoiled:
            self._stop_keeping()
        if task is None:
            return
        if stopping is not None:
            yield Finished(task, stopping)
            return
        how = death(code)
        log.warning("worker %d %s in training %d (%s)", worker.number, how, task.training, code)
        outcome = Outcome.SPOILED if spoiled else Outcome.CRASHED
        yield Finished(task, AttemptEnd(outcome, error=f"The process that trained it {how}."))

    def _stop_keeping(self) -> None:
        """Compile all anew from now on, in other processes; what trains now may end first."""
        log.warning("compiled programs are not kept any more: one may have been at fault")
        self.keeps = False
        forget()
        for worker in [w for w in self.workers if w.keeps and w.task is None]:
            self._let_go(worker)

    def _exit_code(self, worker: Worker) -> int | None:
        if worker.process is not None:
            return worker.process.wait()
        deadline = time.monotonic() + 0.5
        while worker.pid not in self._exit_codes and self._template is not None:
            left = deadline - time.monotonic()
            if left <= 0 or not self._template.channel.is_readable(left):
                break
            self._hear_template(self._template)
        return self._exit_codes.pop(worker.pid, None) if worker.pid is not None else None

    def _watch(self) -> None:
        now = time.monotonic()
        for worker in self.workers:
            if worker.kill_at is not None and now >= worker.kill_at:
                worker.kill()
        if now - self._watched < _WATCH_EVERY:
            return
        self._watched = now
        for worker in self.workers:
            if not worker.ready and self.stopwatch.seconds - worker.started > START_LIMIT:
                log.error("worker %d did not start in %g seconds", worker.number, START_LIMIT)
                if worker.forked:
                    self.forks = False  # for the rest of this session: it seems not to be safe
                worker.kill()
            elif worker.task is not None and worker.stopping is None:
                self._check_limits(worker)

    def _check_limits(self, worker: Worker) -> None:
        if self.stopwatch.seconds - worker.task_started > self.limits.seconds:
            self._stop(worker, AttemptEnd(Outcome.TIMEOUT, error=self.limits.too_long))
        elif rss(worker.pid) > self.limits.bytes:
            worker.stopping = AttemptEnd(Outcome.MEMORY, error=self.limits.too_much)
            worker.kill()

    def _stop(self, worker: Worker, end: AttemptEnd) -> None:
        if worker.stopping is None and worker.task is not None:
            worker.stopping = end
            worker.kill_at = time.monotonic() + GRACE
            worker.channel.send(worker.task.stop)
