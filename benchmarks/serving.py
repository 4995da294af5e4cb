"""What benchmarks of the web process share: a server, a finished comparison, a clean end."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison

ROOT = Path(__file__).resolve().parent.parent
BASE = {"dataset": "circles", "engine": "numpy", "hidden": [16], "epochs": 30}


def train() -> str:
    """A finished comparison in the store; its id."""
    from nncore.lab.lab import Lab

    arms = tuple(parse_arm(name, "activation") for name in ("linear", "sigmoid", "tanh", "relu"))
    lab = Lab()
    stored = lab.submit(Comparison("activations", BASE, arms))
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        snapshot = lab.snapshot(stored)
        if snapshot is not None and not snapshot.active:
            return stored
        time.sleep(0.2)
    raise TimeoutError("The comparison did not finish within 120 s.")


@contextmanager
def server(script: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """A running server: its address, its process, the seconds until it answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            with suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                break
            if process.poll() is not None:
                raise RuntimeError("The server ended before it answered.")
            time.sleep(0.02)
        yield url, process, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(timeout=15)


def end_processes_of(home: Path) -> None:
    """End the coordinator and the workers that were started for this benchmark."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            mine = process.pid != os.getpid() and process.environ().get("NNLAB_HOME") == str(home)
            if mine:
                process.kill()
