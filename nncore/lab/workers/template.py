"""The template: a process with TensorFlow loaded that forks workers from itself.

Forking takes milliseconds where importing TensorFlow takes seconds, and workers share its
memory. It is safe only because this process has one thread and never runs an operation; it
says how many threads it has, and the coordinator doesn't use it when there are more.

`python -m nncore.lab.workers.template FD`: asks arrive on socket FD, each with a worker's socket.
"""

import gc
import logging
import os
import select
import signal
import socket
import sys
import time
from importlib import import_module
from pathlib import Path

from nncore.lab.workers.channel import Channel
from nncore.lab.workers.messages import ForkWorker, TemplateLoaded, WorkerExited, WorkerForked
from nncore.lab.workers.worker import block_unneeded, serve, set_up_log

log = logging.getLogger("nncore.lab.workers.template")

_PRELOADED = (
    *("tensorflow", "keras", "sklearn.metrics", "sklearn.dummy", "sklearn.model_selection"),
    *("nncore.datasets.preparation.prepare", "nncore.engines.assess", "nncore.lab.keys"),
    *("nncore.observations.catalogue", "nncore.engines.stopping"),
    "nncore.engines.importance",
    *("nncore.engines.numpy.training", "nncore.engines.keras.training", "nncore.engines.keras.fit"),
)


def threads() -> int | None:
    """How many threads this process has; None where the system doesn't say."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return None


def main(fd: int) -> None:
    """Load everything, say so, then fork a worker for every ask until the channel ends."""
    started = time.monotonic()
    block_unneeded()
    for name in _PRELOADED:
        import_module(name)
    gc.collect()
    gc.freeze()  # else the first collection in a child copies all these pages
    channel = Channel(socket.socket(fileno=fd))
    channel.send(TemplateLoaded(threads(), time.monotonic() - started))
    wake_read, wake_write = socket.socketpair()
    wake_read.setblocking(False)
    wake_write.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # without a handler nothing would wake us
    signal.set_wakeup_fd(wake_write.fileno(), warn_on_full_buffer=False)
    while True:
        ready, _, _ = select.select([channel.fileno(), wake_read.fileno()], [], [])
        if wake_read.fileno() in ready:
            wake_read.recv(4096)
            _report_ended(channel)
        if channel.fileno() in ready:
            asks, fds = channel.receive_with_fds(16)
            if channel.closed:
                return
            for ask, worker_fd in zip(asks, fds, strict=True):
                if isinstance(ask, ForkWorker):
                    _fork(channel, ask.worker, worker_fd, (wake_read, wake_write))


def _fork(
    channel: Channel, worker: int, worker_fd: int, ours: tuple[socket.socket, socket.socket]
) -> None:
    pid = os.fork()
    if pid:
        os.close(worker_fd)
        channel.send(WorkerForked(worker, pid))
        return
    # the child: keep nothing of the template's, or its end would go unnoticed
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        channel.close()
        for end in ours:
            end.close()
        serve(socket.socket(fileno=worker_fd))
    except BaseException:
        log.exception("worker %d ended", worker)
    finally:
        os._exit(1)


def _report_ended(channel: Channel) -> None:
    """Tell how each worker that has ended by now did."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        channel.send(WorkerExited(pid, os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    set_up_log()
    log.info("template of %s", Path(sys.executable).name)
    main(int(sys.argv[1]))
