"""The web process: how soon it answers, how long a page's script runs, how much memory it holds.

    python -m benchmarks.web [--passes 5]

The baseline is a Streamlit server whose script is one line. Pages are opened in the system's
Chromium; a script's time is that of Streamlit's own test runner, with a finished comparison
of 4 activations x 3 seeds on the page.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison

ROOT = Path(__file__).resolve().parent.parent
ANSWER, SCRIPT, MEMORY = 1.5, 0.3, 250  # s, s, MB: what is aimed at
PAGES = ("home", *QUESTIONS)
BASE = {"dataset": "circles", "engine": "numpy", "hidden": [16], "epochs": 30}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passes", type=int, default=5)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="nnlab-web-"))
    os.environ["NNLAB_HOME"] = str(home)
    os.environ.pop("NNLAB_STORE", None)
    try:
        stored = train()
        bare = home / "bare.py"
        bare.write_text("import streamlit as st\n\nst.title('Bare')\n")
        answers, memory = served(ROOT / "dashboard.py", options.passes, pages=True, stored=stored)
        bare_answers, bare_memory = served(bare, options.passes, pages=False, stored="")
        scripts = script_seconds(stored, options.passes)
    finally:
        end_processes_of(home)
        shutil.rmtree(home, ignore_errors=True)
    reached = [
        tell("answers after start, s", answers, bare_answers, ANSWER),
        tell("memory after all pages, MB", memory, bare_memory, MEMORY),
        *(tell(f"script of {name}, s", s, None, SCRIPT) for name, s in scripts.items()),
    ]
    return 0 if all(reached) else 1


def tell(what: str, value: float, bare: float | None, aim: float) -> bool:
    ratio = f"{value / bare:8.2f} x bare ({bare:.2f})" if bare else ""
    verdict = "reached" if value < aim else "MISSED"
    print(f"{what:28}{value:9.3f}   aim {aim:<6g} {verdict}{ratio}")
    return value < aim


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


def served(script: Path, passes: int, *, pages: bool, stored: str) -> tuple[float, float]:
    """Median seconds until a fresh server answers; MB it holds once it has drawn its pages."""
    answers: list[float] = []
    for number in range(passes):
        with server(script) as (url, process, seconds):
            answers.append(seconds)
            if number == passes - 1:
                names = [*(p.replace("home", "") for p in PAGES), f"activations?c={stored}"]
                visit([f"{url}/{name}" for name in (names if pages else [""])])
                memory = psutil.Process(process.pid).memory_info().rss / 2**20
    return statistics.median(answers), memory


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


def visit(urls: list[str]) -> None:
    """Open each address in a browser and wait until its page is drawn."""
    from playwright.sync_api import sync_playwright

    drawn = "[data-testid='stApp'][data-test-script-state='notRunning'] h1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for url in urls:
            page = browser.new_page()
            page.goto(url)
            page.wait_for_selector(drawn, timeout=60_000)
        browser.close()


def script_seconds(stored: str, passes: int) -> dict[str, float]:
    """Median seconds of a page's whole script, once its imports are done."""
    from streamlit.testing.v1 import AppTest

    found = {}
    for name in PAGES:
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
        if name == "activations":
            app.query_params["c"] = stored
        app.switch_page(f"pages/{name}.py").run()
        times = []
        for _ in range(passes):
            started = time.perf_counter()
            app.run()
            times.append(time.perf_counter() - started)
        found[name] = statistics.median(times)
    return found


def end_processes_of(home: Path) -> None:
    """End the coordinator and the workers that were started for this benchmark."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            mine = process.pid != os.getpid() and process.environ().get("NNLAB_HOME") == str(home)
            if mine:
                process.kill()


if __name__ == "__main__":
    sys.exit(main())
