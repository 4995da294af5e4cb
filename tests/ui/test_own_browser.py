"""A table of one's own in a real Chromium: two targets, a test file, a recipe, next rows."""

import csv
import json
import re
from contextlib import suppress

import numpy as np
import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.ui.test_browser import button, open_page, press_run, settle

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SIZES = ("tall", "grande", "venti")


def houses(n, seed, columns=("rooms", "size", "town", "price"), answers=True):
    rng = np.random.default_rng(seed)
    lines = [";".join(columns)]
    for i in range(n):
        rooms, size = int(rng.integers(1, 9)), int(rng.integers(3))
        price = 50 * rooms + 20 * size + rng.normal()
        row = {"rooms": rooms, "size": SIZES[size], "town": "ENS"[i % 3],
               "price": f"{price:.2f}".replace(".", ",") if answers else ""}  # fmt: skip
        lines.append(";".join(str(row[name]) for name in columns))
    return "\n".join(lines)


def choose(page: Page, label: str, option: str) -> None:
    chosen = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):  # a page that is drawn anew closes a menu
        page.get_by_role("combobox", name=re.compile(label)).click()
        with suppress(TimeoutError):
            chosen.click(timeout=3_000)
            break
    settle(page)


def give(page: Page, key: str, path) -> None:
    """A file to the field whose key begins so."""
    page.locator(f"[class*='st-key-{key}'] input[type=file]").set_input_files(path)
    settle(page)


def test_sets_of_two_targets_a_test_file_a_recipe_and_next_months_rows(server, page, tmp_path):
    paths = {name: tmp_path / f"{name}.csv" for name in ("house prices", "test", "june")}
    paths["house prices"].write_text(houses(120, 1))
    paths["test"].write_text(houses(30, 2, ("price", "town", "size", "rooms")))
    paths["june"].write_text(houses(12, 3, ("town", "size", "rooms", "price"), answers=False))
    open_page(page, f"{server.url}/data?own=true")
    give(page, "own-file", paths["house prices"])
    expect(page.get_by_role("heading", name="What to learn from it")).to_be_visible()

    columns = page.get_by_role("combobox", name=re.compile("Change columns"))
    columns.click()
    columns.press_sequentially("size")
    expect(page.get_by_role("option")).to_have_text("size")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    settle(page)
    choose(page, "Use them as", "ordered category")
    order = page.get_by_role("textbox", name="Order of size", exact=True)
    expect(order).to_have_value("grande < tall < venti")
    order.fill("tall < grande")
    order.press("Enter")
    expect(page.get_by_text("it lacks 'venti'")).to_be_visible()
    expect(button(page, "Keep this data set")).to_be_disabled()
    order.fill("tall < grande < venti")
    order.press("Enter")
    expect(page.get_by_text("size: tall < grande < venti.")).to_be_visible()

    choose(page, "Rows to test with", "Those of a second file")
    expect(page.get_by_text("Upload the file whose rows test")).to_be_visible()
    give(page, "own-test_file", paths["test"])
    expect(page.get_by_text("30 rows of the second file test")).to_be_visible()

    button(page, "Recipe").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save this recipe").click()
    recipe = tmp_path / download.value.suggested_filename
    download.value.save_as(recipe)
    page.keyboard.press("Escape")
    assert recipe.name == "house prices-recipe.json"
    wish = json.loads(recipe.read_text())["wish"]
    assert (wish["target"], wish["orders"]) == ("price", {"size": list(SIZES)})

    button(page, "Keep this data set").click()
    expect(page.get_by_text("house prices: price is kept")).to_be_visible()
    settle(page)
    choose(page, "To predict", "rooms")
    expect(page.get_by_role("textbox", name="Name in menus", exact=True)).to_have_value(
        "house prices: rooms"
    )
    expect(page.get_by_text("a fifth of the rows is set apart")).to_be_visible()
    button(page, "Keep this data set").click()
    expect(page.get_by_text("house prices: rooms is kept")).to_be_visible()
    settle(page)
    kept = page.get_by_role("button", name="Look at it")
    expect(kept).to_have_count(2)

    button(page, "Recipe").click()
    give(page, "own-recipe-file", recipe)
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name=re.compile("To predict"))).to_have_value("price")
    expect(page.get_by_role("textbox", name="Order of size", exact=True)).to_have_value(
        "tall < grande < venti"
    )

    link = page.get_by_role("link", name="Workshop").last.get_attribute("href")
    open_page(page, f"{server.url}/{link.rpartition('/')[2]}&engine=numpy&epochs=5&ask=file")
    press_run(page)
    field = page.locator("[class*='st-key-workshop-rows-file'] input[type=file]")
    field.wait_for(state="attached", timeout=60_000)
    settle(page)
    field.set_input_files(paths["june"])
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="The rows with answers").click()
    with open(download.value.path(), encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 12
    assert "predicted class" in rows[0]
    chances = [[float(row[name]) for name in row if name.startswith("prob")] for row in rows]
    np.testing.assert_allclose(np.sum(chances, axis=1), 1, atol=1e-4)
    best = [int(row["predicted class"]) for row in rows]
    assert best == [1 + place for place in np.argmax(chances, axis=1)]  # rooms from 1 to 8
