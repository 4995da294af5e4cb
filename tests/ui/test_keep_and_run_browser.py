"""Upload, Keep, Run in a real Chromium, and no other click: what well-known kinds of tables reach.

Public files aren't in this repository; without them their tests are skipped.
"""

import re
import time

import pytest
from playwright.sync_api import expect

from nncore.analysis.beside import beside
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import read
from nncore.lab.lab import Lab
from tests.datasets.test_known_tables import FILES, INVENTED, file_of
from tests.ui.test_browser import button, headline, open_page, press_run, settle

pytestmark = [pytest.mark.slow, pytest.mark.browser]
_LINK = re.compile(r"[?&]c=([0-9a-f]+)")
_REGRESSIONS = ("logistic", "linear")


def kept_and_run(page, url, data, name, question="Activations"):
    """The id of what was trained after these clicks, once simple models stand beside it."""
    open_page(page, f"{url}/data?own=true")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": data}
    )
    button(page, "Keep this data set").click(timeout=60_000)
    expect(page.get_by_text(re.compile("is kept. Train on it:"))).to_be_visible(timeout=60_000)
    settle(page)
    page.get_by_test_id("stMain").get_by_role("link", name=question).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    settle(page)
    press_run(page)
    expect(page).to_have_url(_LINK, timeout=30_000)
    cells = page.locator(".st-key-beside td")
    expect(cells.filter(has_text="Gradient boosting")).to_have_count(1, timeout=150_000)
    expect(cells.filter(has_text="when a worker is idle")).to_have_count(0, timeout=120_000)
    settle(page)
    return _LINK.search(page.url)[1]


def with_simple_models(lab, made, seconds=120.0):
    """What there is once each simple model has a score: a busy machine fits them later."""
    until = time.monotonic() + seconds
    while True:
        reading = read(lab.snapshot(made))
        if all(model.score is not None for model in beside(reading)):
            return reading
        assert time.monotonic() < until, beside(reading)
        time.sleep(0.2)


@pytest.mark.parametrize("kind", [*INVENTED, *FILES])
def test_what_is_kept_and_run_beats_a_guess_and_keeps_up_with_a_regression(
    kind, server, page, monkeypatch
):
    made = kept_and_run(page, server.url, *file_of(kind))
    monkeypatch.setenv("NNLAB_HOME", str(server.home))
    lab = Lab(str(server.home / "store.sqlite"))
    reading = with_simple_models(lab, made)
    assert all(trial.status.has_result for trial in reading.trials)
    best, models = Ranking(reading).leader, beside(reading)
    guess = next(model for model in models if model.is_trivial)
    regression = next(model for model in models if model.model in _REGRESSIONS)
    expect(headline(page)).to_contain_text(best.title)
    if reading.criterion.less:
        assert best.mean.mean < guess.low
        assert best.mean.mean <= regression.high
    else:
        assert best.mean.mean > guess.high
        assert best.mean.mean >= regression.low
