"""Full data sets by an explicit download: start one, look at it, cancel it.

`start` leads the download to a process of its own, which outlives whoever asked. It holds a lock,
and its progress lies on the disk: any process may look, or cancel. Files end up in the user's
data folder; one that lies in a data folder already is used and never touched.
"""

import json
import subprocess
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import BaseFileLock

from nncore.datasets.download.sources import (
    DOWNLOADS,
    base_url,
)
from nncore.datasets.files import find_placed
from nncore.system.detached import start_detached
from nncore.system.errors import DataError
from nncore.system.files import write_whole
from nncore.system.locks import is_held, take
from nncore.system.paths import home_folder

IDLE, RUNNING, DONE, FAILED, CANCELLED = "idle", "running", "done", "failed", "cancelled"
PATIENCE = 0.5  # seconds that somebody who only looks may keep the lock


@dataclass(frozen=True)
class Progress:
    """How a download stands; `message` is a sentence for people."""

    state: str  # IDLE, RUNNING, DONE, FAILED or CANCELLED
    received: int = 0  # bytes
    total: int = 0
    message: str = ""


def start(name: str) -> bool:
    """Fetch what is missing in a process of its own; False when nothing is, or one is at work.

    Raises InvalidSetting for an unknown name and DataError when the folder can't be written.
    """
    download = DOWNLOADS[name]
    if not download.missing():
        return False
    base_url()
    try:
        _folder().mkdir(parents=True, exist_ok=True)
        starting = take(state_file(name, ".starting"), PATIENCE)
        if starting is None:
            return False
        if is_held(state_file(name, ".lock")):
            starting.release()
            return False
        state_file(name, ".cancel").unlink(missing_ok=True)
        write_progress(name, Progress(RUNNING, 0, download.size, "Starting."))
        process = start_detached(
            "nncore.datasets.download.download_process", name, log=state_file(name, ".log")
        )
        threading.Thread(target=_hand_over, args=(name, process, starting), daemon=True).start()
    except OSError as error:
        where = f"{error.filename} can't be written: " if error.filename else ""
        raise DataError(
            f"The download of {download.label} can't be started: {where}{error.strerror or error}. "
            "Mend that, or let NNLAB_HOME name a folder that can be written."
        ) from error
    return True


def progress(name: str) -> Progress:
    """How the download of a data set stands, whoever started it."""
    download = DOWNLOADS[name]
    for _ in range(2):  # one that ended, or began, between the two looks is looked at again
        at_work = is_at_work(name)
        report = _read_progress(name)
        if report.state == RUNNING and at_work:
            return report
        if report.state != RUNNING:
            break
    if not download.missing():
        places = ", ".join(str(find_placed(file)) for file in download.files)
        return Progress(DONE, download.size, download.size, f"{download.label}: in {places}.")
    if report.state == RUNNING:
        return Progress(
            FAILED, 0, download.size, "The download ended without a word: start it again."
        )
    if report.state == DONE:  # and deleted since
        return Progress(IDLE, 0, download.size)
    return report


def cancel(name: str) -> None:
    """Ask the process that fetches a data set to stop; it does so within a second."""
    if name in DOWNLOADS and is_at_work(name):
        state_file(name, ".cancel").touch()


def is_at_work(name: str) -> bool:
    """Whether some process is fetching this data set."""
    return any(is_held(state_file(name, suffix)) for suffix in (".starting", ".lock"))


def state_file(name: str, suffix: str) -> Path:
    """Where a download keeps its state, lock, log and wish to be cancelled."""
    return _folder() / f"{name}{suffix}"


def write_progress(name: str, report: Progress) -> None:
    """Let everybody know how a download stands."""
    path = state_file(name, ".json")
    write_whole(path, json.dumps(asdict(report)).encode())


def _read_progress(name: str) -> Progress:
    try:
        return Progress(**json.loads(state_file(name, ".json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return Progress(IDLE, 0, DOWNLOADS[name].size)


def _folder() -> Path:
    return home_folder() / "downloads"


def _hand_over(name: str, process: subprocess.Popen[bytes], starting: BaseFileLock) -> None:
    """Count as at work until the process does so itself, by the lock it takes, or has ended."""
    while process.poll() is None and not is_held(state_file(name, ".lock")):
        time.sleep(PATIENCE / 10)
    starting.release()
