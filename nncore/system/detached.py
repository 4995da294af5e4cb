"""Processes that outlive whoever starts them: a closed browser or terminal costs nothing."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from nncore.system.paths import ROOT, home_folder

LARGEST_LOG = 2**20  # bytes; a log beyond is begun anew


def start_detached(module: str, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
    """Start `python -m module arguments` in a session of its own, its output in `log`.

    Raises OSError when the log can't be written or no process be started.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    is_large = log.exists() and log.stat().st_size > LARGEST_LOG
    with log.open("wb" if is_large else "ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env={**os.environ, "NNLAB_HOME": str(home_folder()), "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
    # collect its exit status some day, or a dead one would look alive
    threading.Thread(target=process.wait, daemon=True).start()
    return process
