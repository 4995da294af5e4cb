"""How soon a page is usable, a control settles, and a first own point is drawn, in a browser.

The baselines are pages of one line, and of one Plotly chart, in Streamlit servers that take turns
with ours. The browser has its cache filled, as on a second visit. A click is timed with its
program in a live worker, compiled by an earlier process only, and never seen.
"""

import shutil
import statistics
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from benchmarks.serving import ROOT, server
from nncore.lab.lab import Lab

EMPTY, PLOT, CONTROL = 0.4, 0.5, 0.35  # seconds more than the baseline, twice; seconds
CLICKS = {"live": 0.7, "earlier process": 1.3, "never seen": 2.0}  # seconds
BORDER = 0.5  # seconds from a change on the playground until the new border moves
BY_HAND = 0.05  # seconds from moving a weight there until its border is drawn
NAMES = ("link", "stored", "control", "click", "playground")
_BARE = "import streamlit as st\n\nst.title('Bare')\n"
_CHART = (
    "import plotly.graph_objects as go\nimport streamlit as st\n\nst.title('Bare')\n"
    "st.plotly_chart(go.Figure(go.Scatter(x=list(range(50)), y=list(range(50)))))\n"
)
_QUIET = "[data-testid='stApp'][data-test-script-state='notRunning'] h1"
_TRACE = ".js-plotly-plot .scatterlayer .trace path"
_OWN_TRACE = f"[class*='shown-chart'] {_TRACE}"  # of the chart of the question
_QUESTION = "activations?dataset=digits&hidden={hidden}&epochs=20&learning_rate={rate}"
_PLAYER = """const inside = (root) => root.querySelector(".player") ??
    [...root.querySelectorAll("*")].filter(e => e.shadowRoot)
        .map(e => inside(e.shadowRoot)).find(Boolean);
"""
_MOVES = f"""id => {{
    {_PLAYER}
    const now = inside(document)?.dataset;
    return now && now.id !== id && Number(now.epoch) > 0;
}}"""  # the border of another network than that of this id has moved
_BY_HAND = f"""async () => {{
    {_PLAYER}
    const focused = inside(document).getRootNode().activeElement;
    const since = performance.now();
    focused.dispatchEvent(new KeyboardEvent("keydown", {{key: "ArrowUp"}}));
    await new Promise(requestAnimationFrame); // in which it is computed and drawn
    await new Promise((drawn) => setTimeout(drawn));
    return performance.now() - since;
}}"""
_SETTLED = """since => {
    const app = document.querySelector("[data-testid=stApp]");
    if (!window.nnlabRuns) {
        window.nnlabRuns = 0;
        new MutationObserver(() => {
            if (app.dataset.testScriptState === "running") window.nnlabRuns += 1;
        }).observe(app, {attributes: true, attributeFilter: ["data-test-script-state"]});
    }
    return window.nnlabRuns;
}"""


class Measured(NamedTuple):
    """A figure, what it should not exceed, and that of a bare page where there is one."""

    what: str
    value: float
    aim: float
    bare: float | None = None


def measured(home: Path, stored: str, only: Collection[str], passes: int) -> Iterator[Measured]:
    """Measure what is asked for of NAMES, medians of so many passes."""
    for name, text in (("bare.py", _BARE), ("chart.py", _CHART)):
        (home / name).write_text(text)
    with ExitStack() as stack:
        scripts = (ROOT / "dashboard.py", home / "bare.py", home / "chart.py")
        ours, bare, chart = (stack.enter_context(server(script))[0] for script in scripts)
        context = stack.enter_context(browser())
        finished = f"{ours}/activations?c={stored}"
        if "link" in only:
            link = (f"{ours}/activations", _QUIET), (bare, _QUIET)
            yield beside("link to usable, s", context, *link, EMPTY, passes)
        if "stored" in only:
            link = (finished, _OWN_TRACE), (chart, _TRACE)
            yield beside("link to a stored result, s", context, *link, PLOT, passes)
        if "control" in only:
            seconds = statistics.median(changed(context, finished, passes))
            yield Measured("control to settled, s", seconds, CONTROL)
        if "click" in only:
            for what, seconds in clicks(context, ours, home, passes).items():
                yield Measured(f"click to point, {what}, s", seconds, CLICKS[what])
        if "playground" in only:
            for what, seconds in borders(context, ours, passes).items():
                yield Measured(f"change to moving border, {what}, s", seconds, BORDER)
            for what, seconds in by_hand(context, ours, passes).items():
                yield Measured(f"weight moved by hand, {what}, s", seconds, BY_HAND)


def beside(
    what: str,
    context: Any,
    ours: tuple[str, str],
    baseline: tuple[str, str],
    more: float,
    passes: int,
) -> Measured:
    """Links that take turns, each opened once before to fill caches."""
    pairs = [[opened(context, *link) for link in (ours, baseline)] for _ in range(passes + 1)]
    seconds, bare = (statistics.median(column) for column in zip(*pairs[1:], strict=True))
    return Measured(what, seconds, bare + more, bare)


@contextmanager
def browser() -> Iterator[Any]:
    """A browser's context, whose pages share a cache."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield started.new_context(viewport={"width": 1440, "height": 900})
        started.close()


def opened(context: Any, url: str, there: str) -> float:
    """Seconds from opening a link until what is waited for is there."""
    page = context.new_page()
    started = time.perf_counter()
    page.goto(url, wait_until="commit")
    appears(page, there)
    seconds = time.perf_counter() - started
    page.wait_for_selector(_QUIET, timeout=60_000)
    page.close()
    return seconds


def appears(page: Any, there: str) -> None:
    """Wait until something is there: Playwright's own wait looks only every half second."""
    page.wait_for_function(
        "there => document.querySelector(there)", arg=there, polling=10, timeout=60_000
    )


def changed(context: Any, url: str, passes: int) -> list[float]:
    """Seconds from a change of a number until the page has settled."""
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(_OWN_TRACE, timeout=60_000, state="attached")
    page.wait_for_timeout(1500)
    field = page.get_by_role("spinbutton", name="Epochs").first
    seconds = []
    for number in range(passes + 1):
        runs = page.evaluate(_SETTLED, 0)
        field.fill(str(31 + number))
        started = time.perf_counter()
        field.press("Enter")
        page.wait_for_function("n => window.nnlabRuns > n", arg=runs, polling=10)
        appears(page, _QUIET)
        seconds.append(time.perf_counter() - started)
        page.wait_for_timeout(700)
    page.close()
    return seconds[1:]


def clicks(context: Any, ours: str, home: Path, passes: int) -> dict[str, float]:
    """Medians of seconds from Run to the first own point, by what is compiled already."""
    rates = (f"0.00{number}" for number in range(100, 1000))
    seconds: dict[str, list[float]] = {name: [] for name in CLICKS}
    for number in range(passes):
        hidden = str(40 + number)
        for name in ("never seen", "live", "earlier process"):
            if name == "earlier process":
                end_processes_of_lab(home)
            ready()
            url = f"{ours}/{_QUESTION.format(hidden=hidden, rate=next(rates))}"
            seconds[name].append(clicked(context, url))
    return {name: statistics.median(times) for name, times in seconds.items()}


def clicked(context: Any, url: str) -> float:
    """Seconds from Run to the first point; then until all is done."""
    page = context.new_page()
    page.goto(url)
    run = page.get_by_role("button", name="Run", exact=True)
    run.wait_for(timeout=60_000)
    page.wait_for_selector(_QUIET, timeout=60_000)
    page.wait_for_timeout(1000)
    started = time.perf_counter()
    run.click()
    appears(page, _OWN_TRACE)
    seconds = time.perf_counter() - started
    page.get_by_role("button", name="Run again", exact=True).wait_for(timeout=120_000)
    page.close()
    return seconds


def borders(context: Any, ours: str, passes: int) -> dict[str, float]:
    """Medians of seconds from a change until the new border moves: at rest, and while it trains."""
    page = context.new_page()
    seconds: dict[str, list[float]] = {"at rest": [], "in training": []}
    for what, epochs in (("at rest", 150), ("in training", 2_000)):
        page.goto(f"{ours}/playground?v=3&dataset=moons&epochs={epochs}")
        page.wait_for_function(_MOVES, arg="", timeout=60_000)
        layer = page.get_by_role("spinbutton", name="Layer 1")
        for number in range(passes + 1):
            page.wait_for_timeout(2500)
            before = page.evaluate(f"() => {{ {_PLAYER} return inside(document).dataset.id }}")
            layer.fill(str(10 + number))
            started = time.perf_counter()
            layer.press("Enter")
            page.wait_for_function(_MOVES, arg=before, polling=10, timeout=60_000)
            seconds[what].append(time.perf_counter() - started)
    page.close()
    return {what: statistics.median(times[1:]) for what, times in seconds.items()}


def by_hand(context: Any, ours: str, passes: int) -> dict[str, float]:
    """Medians of seconds from a key on a weight until its border is drawn, of two networks."""
    page = context.new_page()
    seconds = {}
    for hidden in ("8-8", "32-32"):
        page.goto(f"{ours}/playground?v=3&dataset=spirals&epochs=20&arms=A:hidden={hidden}")
        page.wait_for_function(_MOVES, arg="", timeout=60_000)
        page.wait_for_timeout(4000)
        page.get_by_role("slider", name="Bias of the output").focus()
        times = [page.evaluate(_BY_HAND) for _ in range(4 * passes)]
        seconds[hidden] = statistics.median(times) / 1000
    page.close()
    return seconds


def end_processes_of_lab(home: Path) -> None:
    """End the coordinator, whose workers go with it; the server stays."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            is_one = "nncore.lab.coordinator" in process.cmdline()
            if is_one and process.environ().get("NNLAB_HOME") == str(home):
                process.terminate()
                process.wait(20)


def ready() -> None:
    """Wait until workers are there, as after a page was opened a moment ago."""
    lab = Lab()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        lab.warm_up()
        state = lab.status()
        if state is not None and state.warm and not state.running:
            time.sleep(2.5)  # rehearsals
            return
        time.sleep(0.2)
    raise TimeoutError("The engine was not there within 60 s.")
