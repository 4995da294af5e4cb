"""Take the pictures of docs/images anew, from a dashboard of their own.

    python -m tools.build_pictures [NAME ...]

Run it when pages change, and look at every picture afterwards. What they show is trained first, in
a temporary NNLAB_HOME; Chromium must be installed, and the browser tests' packages.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.layout import settle
from benchmarks.serving import ROOT, end_processes_of, server
from nncore.lab.lab import Lab
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison

FOLDER = ROOT / "docs" / "images"
LAPTOP, PHONE = (1440, 900), (390, 844)
_COLOURS = 256  # of a palette: a fraction of the bytes, and hardly to be seen
_BAR = 116  # pixels that the menu and the bar of Run cover
# two settings at once: the link has the crossing, a stored comparison only what came of it
_RATES, _BATCHES = ("0.01", "0.1", "1"), "batch_size=16,64,256"
_SMALL = {"dataset": "digits", "engine": "numpy", "hidden": "64"}


@dataclass(frozen=True)
class Picture:
    """A page as a link opens it, and what is done there before the picture is taken."""

    name: str  # of its file, without the ending
    page: str = ""  # "": home
    shown: str = ""  # which of `comparisons` it shows
    before: Callable[[Page], None] = lambda page: None
    settings: Mapping[str, str] = field(default_factory=dict)  # the link's, beside what is shown
    screen: tuple[int, int] = LAPTOP
    is_dark: bool = False


def comparisons() -> dict[str, Comparison]:
    """What is trained for the pictures."""
    rates = QUESTIONS["learning_rate"]
    return {
        "grid": ask(rates, _RATES, by=[_BATCHES], settings=_SMALL),
        "capacity": ask(QUESTIONS["capacity"]),
        "activations": ask(QUESTIONS["activations"], seeds=5),
        "optimizers": ask(QUESTIONS["optimizers"]),
    }


def trained(name: str, comparison: Comparison) -> str:
    """The id of the finished comparison, of which nothing comes from the cache."""
    lab = Lab()
    public_id = lab.submit(comparison, use_cache=False)
    while (snapshot := lab.snapshot(public_id)) is None or snapshot.active:
        time.sleep(0.5)
    if any(not trial.status.has_result for trial in snapshot.trials):
        raise RuntimeError(f"{name}: {[trial.error for trial in snapshot.trials]}")
    return public_id


def scrolled(selector: str, top: int) -> Callable[[Page], None]:
    """Scroll until the first `selector` is `top` pixels from the upper edge."""

    def before(page: Page) -> None:
        down = page.locator(selector).first.bounding_box()
        if down is None:
            raise LookupError(f"{page.url} has no {selector}.")
        main = page.get_by_test_id("stMain")
        main.evaluate("(e, by) => e.scrollBy(0, by)", down["y"] - top)

    return before


def ended(page: Page) -> None:
    """The last frame of what the playground trains when it is opened."""
    page.get_by_role("combobox", name="Speed").select_option("Fast")
    page.get_by_text("Epoch 150 of 150", exact=True).wait_for()


def chosen_row(page: Page) -> None:
    """The table under its chart, with the second row chosen."""
    rows = page.get_by_test_id("stDataFrame").first
    rows.locator("canvas").first.click(position={"x": 15, "y": 90}, force=True)
    scrolled(".js-plotly-plot", _BAR - 40)(page)  # above the plot is room


def tab(name: str) -> Callable[[Page], None]:
    """The tab `name` of a comparison's results."""

    def before(page: Page) -> None:
        page.get_by_role("tab", name=name, exact=True).click()
        settle(page, name)
        if name == "Errors":  # of test rows, which aren't shown unasked
            page.get_by_test_id("stTabs").get_by_role("button", name="Show test scores").click()
            settle(page, name)
        scrolled("[data-testid=stTabs]", _BAR - 12)(page)

    return before


def over_epochs(page: Page) -> None:
    """The curves over epochs: seconds are those of a busy machine."""
    page.get_by_role("combobox", name="Horizontal axis").click()
    page.get_by_role("option", name="Epochs").click()


def advanced(page: Page) -> None:
    """The sidebar's fold with all other settings."""
    fold = page.get_by_test_id("stSidebar").get_by_text("Advanced", exact=True)
    fold.click()
    page.get_by_role("textbox", name="Find a setting").wait_for()
    settle(page, "advanced")
    fold.evaluate("e => e.scrollIntoView({block: 'center'})")


PICTURES = (
    Picture("home"),
    Picture("activations", "activations", "activations"),
    Picture("table", "activations", "activations", chosen_row),
    Picture("errors", "activations", "activations", tab("Errors")),
    Picture("cost", "capacity", "capacity", tab("Cost")),
    Picture("optimizers", "optimizers", "optimizers", over_epochs),
    Picture(
        "heatmap",
        "learning_rate",
        "grid",
        scrolled(".st-key-answer", _BAR + 12),
        {**_SMALL, "arms": ",".join(_RATES), "by": _BATCHES},
    ),
    Picture(
        "advanced",
        "activations",
        before=advanced,
        settings={"hidden": "64-64-64", "epochs": "20", "dropout": "0.2"},
    ),
    Picture("playground", "playground", before=ended, settings={"v": "3", "dataset": "spirals"}),
    Picture("data", "data"),
    Picture("activations-dark", "activations", "activations", is_dark=True),
    Picture("narrow", "optimizers", "optimizers", over_epochs, screen=PHONE),
)


def take(browser: Browser, picture: Picture, address: str) -> bytes:
    """The picture as a small PNG."""
    width, height = picture.screen
    with browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.is_dark else "light",
    ) as page:
        page.goto(address)
        settle(page, picture.name)
        picture.before(page)
        page.mouse.move(width // 2, 1)  # on nothing that would show more then
        page.evaluate("document.activeElement.blur()")
        settle(page, picture.name)
        taken = Image.open(BytesIO(page.screenshot())).convert("RGB")
    small = BytesIO()
    taken.quantize(_COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def take_all(pictures: Iterable[Picture], stored: Mapping[str, str]) -> None:
    """Open each page and write its picture. `stored`: the ids of the comparisons."""
    with server(ROOT / "dashboard.py") as (url, _, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for picture in pictures:
            query = {**picture.settings, **({"c": stored[picture.shown]} if picture.shown else {})}
            png = take(browser, picture, f"{url}/{picture.page}?{urlencode(query)}")
            (FOLDER / f"{picture.name}.png").write_bytes(png)
            print(f"{picture.name}: {len(png) / 1024:.0f} KB")
        browser.close()


def main(names: list[str]) -> int:
    wanted = [picture for picture in PICTURES if picture.name in names or not names]
    shown = {picture.shown for picture in wanted}
    home = Path(tempfile.mkdtemp(prefix="nnlab-pictures-"))
    os.environ["NNLAB_HOME"] = str(home)
    os.environ.pop("NNLAB_STORE", None)
    try:
        asked = {name: each for name, each in comparisons().items() if name in shown}
        take_all(wanted, {name: trained(name, each) for name, each in asked.items()})
    finally:
        end_processes_of(home)
        shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
