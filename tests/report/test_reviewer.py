"""The reviewer's story: from a headline to the cell and the document, and from the workbook to the same digits."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import pytest

import carbonacct as ca
from carbonacct.report.page.page_words import format_mass
from tests.report.chromium import BROWSER

TABLE = Path("docs/tables/chongqing_2007.csv")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """Return the inventory, and the page and workbook that a bureau hands in."""
    inventory = ca.compile_inventory(TABLE, method="provincial-2011")
    folder = tmp_path_factory.mktemp("handed in")
    for name in ("city.html", "city.xlsx"):
        ca.write_inventory([inventory], str(folder / name), lang="zh")
    return inventory, folder


@pytest.mark.skipif(
    BROWSER is None, reason="no Chromium is installed (Debian: apt-get install chromium)"
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_headline_is_three_clicks_from_its_cell_and_documents(browser, handed_in, lang):
    """The first click opens the sum, the second its part: cell as printed, factors, documents and rows."""
    _, folder = handed_in
    browser.open(folder / "city.html", f"#lang={lang}")
    told = browser.run(f"""(() => {{ const dialog = document.getElementById('trace'); let clicks = 0;
        const click = (e) => {{ e.click(); clicks += 1; }};
        click(document.querySelector('[data-body={lang}] .facts [data-d]'));
        const rows = [...dialog.querySelectorAll('tbody tr')];
        const fuel = {"柴油" if lang == "zh" else "Diesel"!r};
        const user = {"交通运输" if lang == "zh" else "Transport"!r};
        const row = rows.find(e => e.innerText.includes(fuel) && e.innerText.includes(user));
        click(row.querySelector('.n'));
        return [clicks, dialog.innerText]; }})()""")
    clicks, text = told
    assert clicks <= 3
    cell = re.search(r"chongqing_2007\.csv!([A-Z]+)(\d+)", text)
    assert cell, text
    with TABLE.open(encoding="utf-8", newline="") as lines:
        printed = list(csv.reader(lines))[int(cell[2]) - 1][ord(cell[1]) - ord("A")]
    assert printed == "190.01"
    assert printed in text
    for document in (
        "GB/T 2589-2008",
        "provincial-2011/carbon_content.csv:",
        "gb-t-2589-2008/net_calorific_value.csv:",
    ):
        assert document in text, document


def test_the_workbook_and_the_page_say_the_same_digits(handed_in):
    """The total of the workbook is the float of the inventory, and what the page prints is that number rounded."""
    inventory, folder = handed_in
    total = float(inventory.total().item().magnitude)
    book = openpyxl.load_workbook(folder / "city.xlsx", data_only=True)
    numbers = {
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, float)
    }
    assert total in numbers
    diesel = inventory.sel(flow="transport", product="diesel").item().magnitude
    assert float(diesel) in numbers
    page = (folder / "city.html").read_text(encoding="utf-8")
    for number in (total, float(diesel)):
        for lang in ("zh", "en"):
            assert format_mass(number, lang) in page
