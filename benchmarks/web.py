"""The web process: how soon pages answer, how long their scripts run, how much memory it holds.

    python -m benchmarks.web [--passes 5] [--only server,scripts,...]

The baseline is a Streamlit server whose script is one line. Pages are opened in the system's
Chromium; a script's time is that of Streamlit's own test runner, with a finished comparison
of 4 activations x 3 seeds on the page. `benchmarks/in_browser.py` has what is timed there.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import psutil

from benchmarks import in_browser
from benchmarks.in_browser import Measured
from benchmarks.serving import ROOT, end_processes_of, server, train
from nncore.questions.catalogue import QUESTIONS

ANSWER, SCRIPT, MEMORY = 1.5, 0.12, 250  # s, s, MB: what is aimed at
PAGES = ("home", *QUESTIONS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--only", default=",".join(("server", "scripts", *in_browser.NAMES)))
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="nnlab-web-"))
    os.environ["NNLAB_HOME"] = str(home)
    os.environ.pop("NNLAB_STORE", None)
    try:
        reached = [tell(m) for m in measured(home, options.only.split(","), options.passes)]
    finally:
        end_processes_of(home)
        shutil.rmtree(home, ignore_errors=True)
    return 0 if all(reached) else 1


def measured(home: Path, only: Collection[str], passes: int) -> Iterator[Measured]:
    """What is asked for, one after the other."""
    stored = train()
    if "server" in only:
        bare = home / "bare.py"
        bare.write_text("import streamlit as st\n\nst.title('Bare')\n")
        answers, memory = served(ROOT / "dashboard.py", passes, pages=True, stored=stored)
        bare_answers, bare_memory = served(bare, passes, pages=False, stored="")
        yield Measured("answers after start, s", answers, ANSWER, bare_answers)
        yield Measured("memory after all pages, MB", memory, MEMORY, bare_memory)
    if "scripts" in only:
        for name, seconds in script_seconds(stored, passes).items():
            yield Measured(f"script of {name}, s", seconds, SCRIPT)
    if not set(in_browser.NAMES).isdisjoint(only):
        yield from in_browser.measured(home, stored, only, passes)


def tell(figure: Measured) -> bool:
    """Print it; whether it is as it should be."""
    value, aim, bare = figure.value, figure.aim, figure.bare
    ratio = f"{value / bare:8.2f} x bare ({bare:.2f})" if bare else ""
    verdict = "reached" if value <= aim else "MISSED"
    print(f"{figure.what:32}{value:9.3f}   aim {aim:<6.3g} {verdict}{ratio}", flush=True)
    return value <= aim


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


if __name__ == "__main__":
    sys.exit(main())
