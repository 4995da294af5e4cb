"""Bringing a table in a real Chromium: a workbook's second sheet, then pasted cells."""

import re

import pytest
from playwright.sync_api import expect

from tests.ui.test_browser import button, open_page, settle
from tests.workbooks import xlsx

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_a_sheet_is_chosen_and_kept_then_cells_are_pasted(server, page, tmp_path):
    sales = [["day", "loaves"], *([n, n * n] for n in range(30))]
    flats = [["rooms", "town", "rent"]]
    flats += [[n % 5 + 1, ("Bern", "Chur")[n % 2], 400.5 * (n % 5) + n] for n in range(40)]
    file = tmp_path / "flats.xlsx"
    file.write_bytes(xlsx(Sales=sales, Flats=flats))

    open_page(page, f"{server.url}/data")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("30 rows, 2 columns.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("The sheet 'Sales' was read; there are also 'Flats'.")).to_be_visible()
    expect(page.get_by_text("Encoding")).to_have_count(0)  # a workbook says it
    page.get_by_role("radio", name="Flats").click()
    expect(page.get_by_text("40 rows, 3 columns.")).to_be_visible(timeout=60_000)
    settle(page)
    button(page, "Keep this data set").click()
    expect(page.get_by_text("flats: rent is kept.")).to_be_visible(timeout=60_000)

    page.get_by_role("radio", name="Paste cells").click()
    box = page.get_by_label(re.compile("^Cells, as they are copied"))
    box.fill("\n".join("\t".join(str(cell).replace(".", ",") for cell in row) for row in flats))
    box.press("Control+Enter")
    expect(page.get_by_text("Commas are read as decimal points.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("40 rows, 3 columns.")).to_be_visible()
