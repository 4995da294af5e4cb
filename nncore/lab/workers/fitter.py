"""The fitter: a process that fits the simple models of one data set, then ends.

It is started by itself, for these models load other libraries than trainings do and would leave
their memory behind; and it gives way to everything else on the machine. It ends when the
coordinator does: the channel's end is the signal. `python -m nncore.lab.workers.fitter FD`.
"""

import logging
import os
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path

from nncore.lab.workers.channel import Channel
from nncore.lab.workers.messages import Fit, FittingEnded, ModelFitted
from nncore.lab.workers.worker import block_unneeded, set_up_log
from nncore.system.paths import search

log = logging.getLogger("nncore.lab.workers.fitter")

_KILL_FIRST = "900"  # for Linux, short of memory: rather this than a training
_NICE = 15  # trainings have 5


def serve(end: socket.socket) -> None:
    """Fit what the first message asks for, and tell of each model as it ends."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_KILL_FIRST)
    with suppress(OSError):
        os.nice(_NICE)
    channel = Channel(end)
    asked = [message for message in channel.receive() if isinstance(message, Fit)]
    threading.Thread(target=_leave_with, args=(channel,), daemon=True).start()
    if asked:
        channel.send(FittingEnded(fit_all(asked[0], channel)))


def fit_all(asked: Fit, channel: Channel) -> str:
    """Fit the models; why none of them can be, as a sentence, or ""."""
    from nncore.baselines.catalogue import MODELS
    from nncore.baselines.fitting import fit, rows_of
    from nncore.config.config import Config
    from nncore.system.errors import UserError

    search(list(asked.data_folders))
    try:
        rows = rows_of(Config.from_flat(asked.config))
    except UserError as error:
        return str(error)
    except MemoryError:
        return "This machine's memory was not enough for the data."
    except Exception as error:
        log.exception("no rows for simple models: %s", asked.config)
        return f"The data could not be prepared for them: {type(error).__name__}."
    for name in asked.models:
        channel.send(ModelFitted(fit(MODELS[name], rows)))
    return ""


def _leave_with(channel: Channel) -> None:
    """End this process with the coordinator's end of the channel."""
    while not channel.closed:
        channel.receive()
    os._exit(0)  # the main thread may be deep in a computation


if __name__ == "__main__":
    set_up_log()
    block_unneeded()
    serve(socket.socket(fileno=int(sys.argv[1])))
