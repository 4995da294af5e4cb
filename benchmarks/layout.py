"""How far down the first plot is, and how much there is to read and to set around it.

    python -m benchmarks.layout [--json PATH]

Every question's page and Home, on a laptop and on a phone, drawn by the system's Chromium and
not scrolled: before anything was trained, and with a small finished comparison as the link
`?c=` opens it. Nothing depends on what the pages say, only on Streamlit's test ids and Plotly's
classes, so that the figures of two versions can be compared.

Plot: where the first plot area begins and ends, in CSS pixels from the top. Words: those of the
main part, without formulas, what pictures and data frames draw, what widgets offer, and all that
is folded away. Controls: enabled widgets of sidebar and main part; a row of tabs is one, links
and what opens an expander are none, and those of a closed sidebar don't count. Both "in sight /
on the whole page".
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.serving import ROOT, end_processes_of, server
from nncore.lab.lab import Lab
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS, Question
from nncore.results.snapshots import Status

SCREENS = {"laptop": (1440, 900), "phone": (390, 844)}  # CSS pixels
HOME = "home"
SMALL = {"dataset": "digits", "engine": "numpy", "epochs": 3}  # where the question leaves it open
OWN_DATA = ("engines", "models")  # whose arms and settings are made for their own data
PATIENCE = 180  # s
CALM = 1.5  # s without a change, then a page has settled


@dataclass(frozen=True)
class Measures:
    """One page on one screen. `top` and `bottom` are None on a page without a plot."""

    top: int | None
    bottom: int | None
    words_in_sight: int
    words: int
    controls_in_sight: int
    controls: int


Found = dict[str, dict[str, Measures]]  # screen -> page -> what was measured

# drawn, not running, and nothing to come: what has to stay the same for the page to have settled
STATE = """() => {
    const app = document.querySelector("[data-testid=stApp]");
    const main = document.querySelector("[data-testid=stMainBlockContainer]");
    const seen = e => e.checkVisibility();
    const waiting = [...document.querySelectorAll(
        "[data-testid=stSkeleton], [data-testid=stSpinner], [data-testid=stStatusWidget]")];
    const charts = [...document.querySelectorAll("[data-testid=stPlotlyChart]")].filter(seen);
    const ready = app?.dataset.testScriptState === "notRunning"
        && app.dataset.testConnectionState === "CONNECTED"
        && main?.querySelector("h1") && !waiting.some(seen)
        && charts.every(c => c.querySelector(".main-svg"))
        && document.fonts.status === "loaded";
    const tops = charts.map(c => Math.round(c.getBoundingClientRect().top));
    return ready ? JSON.stringify([main.innerText, main.scrollHeight, tops]) : "";
}"""

MEASURE = r"""() => {
    const main = document.querySelector("[data-testid=stMain]");
    const folded = e => !e.checkVisibility({visibilityProperty: true})
        || e.closest("[inert], details:not([open]) > :not(summary)");
    const middle = r => [(r.left + r.right) / 2, (r.top + r.bottom) / 2];
    const inside = ([x, y], r) => x >= r.left && x <= r.right && y >= r.top && y <= r.bottom;
    const screen = {left: 0, top: 0, right: innerWidth, bottom: innerHeight};
    const inSight = (element, rect) => {  // nor scrolled out of a box of its own
        const at = middle(rect);
        for (let e = element; e; e = e.parentElement)
            if (getComputedStyle(e).overflow !== "visible"
                && !inside(at, e.getBoundingClientRect())) return false;
        return inside(at, screen);
    };

    const areas = [...main.querySelectorAll(".js-plotly-plot")].filter(e => !folded(e)).map(e =>
        e.querySelector(".draglayer .nsewdrag") ?? e.querySelector(".main-svg"));
    const area = areas.find(e => e)?.getBoundingClientRect();

    const NO_WORDS = `svg, canvas, style, script, template, .katex, [role=img], [role=radiogroup],
        [role=listbox], select, textarea, [data-testid=stIconMaterial],
        [data-testid=stMultiSelectTagsContainer], [data-testid=stButtonGroup] button, .st-key-menu`;
    const words = {sight: 0, all: 0};
    const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
        const text = texts.currentNode, element = text.parentElement;
        if (element.closest(NO_WORDS) || folded(element)
            || !element.checkVisibility({opacityProperty: true})) continue;
        for (const word of text.data.matchAll(/\S*[\p{L}\p{N}]\S*/gu)) {
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const rect = range.getBoundingClientRect();
            if (rect.width < 1) continue;
            words.all += 1;
            words.sight += inSight(element, rect);
        }
    }

    const NO_CONTROL = `[data-testid=stTooltipIcon] button:not([data-testid]),
        [data-testid=stElementToolbar], [data-testid=stCodeCopyButton],
        [data-testid=stDataFrame], .js-plotly-plot, .st-key-menu *`;
    const WIDGET = `[data-testid=stElementContainer], [data-testid=stTabs],
        [data-testid=stPopover]`;
    const parts = ["button", "input", "textarea", "select", "[role=slider]", "[role=tab]"].map(e =>
        `:is([data-testid=stMain], [data-testid=stSidebar]) ${e}:not(:disabled)`);
    const widgets = new Map();  // widget -> whether a part of it is in sight
    for (const part of document.querySelectorAll(parts.join())) {
        const widget = part.closest(WIDGET);
        const rect = part.getBoundingClientRect();
        const [x] = middle(rect);
        if (!widget || part.closest(NO_CONTROL) || part.ariaDisabled === "true" || folded(part)
            || x < 0 || x > innerWidth) continue;
        widgets.set(widget, widgets.get(widget) || inSight(widget, rect));
    }
    return {
        top: area ? Math.round(area.top) : null, bottom: area ? Math.round(area.bottom) : null,
        words_in_sight: words.sight, words: words.all,
        controls_in_sight: [...widgets.values()].filter(Boolean).length, controls: widgets.size,
    };
}"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the figures here, too")
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="nnlab-layout-"))
    os.environ["NNLAB_HOME"] = str(home)
    os.environ.pop("NNLAB_STORE", None)
    try:
        before, after = measured()
    finally:
        end_processes_of(home)
        shutil.rmtree(home, ignore_errors=True)
    for screen, (width, height) in SCREENS.items():
        print(f"\n{screen.capitalize()}, {width} x {height}\n")
        print("\n".join(markdown(before[screen], after[screen])))
    if options.json:
        plain = {
            name: {screen: {page: asdict(m) for page, m in pages.items()} for screen, pages in f}
            for name, f in (("before", before.items()), ("after", after.items()))
        }
        options.json.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    return 0


def measured() -> tuple[Found, Found]:
    """All pages with an empty store, then with a finished comparison of every question."""
    with server(ROOT / "dashboard.py") as (url, _, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        before = visited(
            browser, {HOME: f"{url}/", **{name: f"{url}/{name}" for name in QUESTIONS}}
        )
        stored = train()
        links = {name: f"{url}/{name}?c={public_id}" for name, public_id in stored.items()}
        after = visited(browser, {HOME: f"{url}/", **links})
        browser.close()
    return before, after


def train() -> dict[str, str]:
    """A small finished comparison of every question; their ids."""
    lab = Lab()
    stored = {
        name: lab.submit(ask(question, settings=small(question), seeds=2))
        for name, question in QUESTIONS.items()
    }
    deadline = time.monotonic() + PATIENCE
    for name, public_id in stored.items():
        while (snapshot := lab.snapshot(public_id)) is None or snapshot.active:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} did not finish within {PATIENCE} s.")
            time.sleep(0.2)
        if any(trial.status is Status.FAILED for trial in snapshot.trials):
            raise RuntimeError(f"{name}: {[trial.error for trial in snapshot.trials]}")
    return stored


def small(question: Question) -> dict[str, Any]:
    """Settings that train in a moment, as far as the question doesn't vary them."""
    kept = {question.factor, *(("dataset",) if question.name in OWN_DATA else ())}
    return {key: value for key, value in SMALL.items() if key not in kept}


def visited(browser: Browser, addresses: dict[str, str]) -> Found:
    found: Found = {}
    for screen, (width, height) in SCREENS.items():
        found[screen] = {}
        for name, address in addresses.items():
            with browser.new_page(viewport={"width": width, "height": height}) as page:
                page.goto(address)
                settle(page, name)
                found[screen][name] = Measures(**page.evaluate(MEASURE))
    return found


def settle(page: Page, name: str) -> None:
    """Wait until the page is drawn and stays as it is."""
    deadline = time.monotonic() + PATIENCE
    state, since = "", time.monotonic()
    while not state or time.monotonic() - since < CALM:
        if time.monotonic() > deadline:
            raise TimeoutError(f"The page {name} did not settle within {PATIENCE} s.")
        page.wait_for_timeout(100)
        now = page.evaluate(STATE)
        if now != state:
            state, since = now, time.monotonic()


def markdown(before: dict[str, Measures], after: dict[str, Measures]) -> Iterable[str]:
    """A row per page: with a comparison, then before anything was trained."""
    columns = ("plot, px", "words", "controls")
    heads = [*columns, *(f"{column}, untrained" for column in columns)]
    yield f"| page | {' | '.join(heads)} |"
    yield f"| --- |{' ---: |' * len(heads)}"
    for name, measures in after.items():
        yield f"| {name} | {' | '.join([*cells(measures), *cells(before[name])])} |"


def cells(m: Measures) -> tuple[str, str, str]:
    return (
        "–" if m.top is None else f"{m.top} to {m.bottom}",
        f"{m.words_in_sight} / {m.words}",
        f"{m.controls_in_sight} / {m.controls}",
    )


if __name__ == "__main__":
    sys.exit(main())
