"""`python -m nncore.lab.coordinator`: be the coordinator of a store."""

import argparse
import os
import signal
import sys
from typing import Any

from nncore.lab.coordinator.coordinator import PATIENCE, Coordinator, log
from nncore.lab.store.lease import CoordinatorLease, LeaseLost
from nncore.lab.store.store import Store
from nncore.lab.workers.runner import LocalRunner
from nncore.lab.workers.slots import idle_seconds, limits, may_fork, may_keep, slots
from nncore.lab.workers.worker import set_up_log
from nncore.system.errors import StoreError


def main(arguments: list[str] | None = None) -> int:
    """Be the coordinator of a store; 0 also when there is one already."""
    parser = argparse.ArgumentParser(prog="python -m nncore.lab.coordinator")
    parser.add_argument("--store", metavar="URL", help="default: NNLAB_STORE")
    options = parser.parse_args(arguments)
    set_up_log()
    store = Store(options.store, stays_open=True, patience=PATIENCE)
    lease = CoordinatorLease.acquire(store)
    if lease is None:
        return 0
    log.info("coordinator of %s with %d slots", store.name, slots())
    runner = LocalRunner(slots(), limits(), forks=may_fork(), keeps=may_keep())
    coordinator = Coordinator(store, lease, runner, idle_seconds())

    def end(*_: Any) -> None:
        coordinator.ended = True

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        coordinator.run()
        coordinator.stop()
    except LeaseLost:
        log.warning("another coordinator has taken over")
        coordinator.leave()
        return 1
    except StoreError as error:
        log.error("%s", error)
        coordinator.leave()
        return 1
    if coordinator.dispatcher.outdated:
        store.close()
        os.environ["NNLAB_STORE"] = store.url
        os.execv(sys.executable, [sys.executable, "-m", "nncore.lab.coordinator"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
