"""Inventories of all sectors as files: live formulas, a page whose numbers open, tables that read back."""

from __future__ import annotations

import json
import re

import openpyxl
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.report.inventories import write_inventory
from carbonacct.report.sector_totals import summarise_sectors, total_rows
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.source_compiling import compile_sources
from tests.report.chromium import BROWSER
from tests.report.spreadsheet import recalculate
from tests.sectors.sources.building import compiled

BALANCE, ACTIVITIES = "docs/tables/chongqing_2007.csv", "docs/tables/chongqing_2007_activities.csv"


@pytest.fixture(scope="module")
def cube():
    """Return the energy part."""
    return ca.compile_inventory(BALANCE, method="provincial-2011")


@pytest.fixture(scope="module")
def whole(cube):
    """Return an inventory of energy and four other sectors."""
    activities = read_activities([ACTIVITIES], "provincial-2011")
    sources = compile_sources(activities, allow_unverified=True)
    return ca.join_inventories([ca.to_inventory(cube), sources])


def numbers_of(book):
    """Return every number of a workbook by sheet and cell."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, (int, float))
    }


@pytest.fixture(scope="module")
def fallbacks(tmp_path_factory):
    """Return what is estimated from another activity, and a source of several gases."""
    rows = [
        ("水泥产量", "", 100, "万吨"),
        ("熟料与水泥之比", "", 60, "%"),
        ("电解铝产量", "点式下料预焙槽", 5, "万吨"),
        ("氢氟烃产量", "HFC-134a", 1000, "t"),
        ("年末存栏", "奶牛,放牧饲养", 3, "万头"),
        ("年末存栏", "奶牛,农户饲养", 2, "万头"),
    ]
    return compiled(tmp_path_factory.mktemp("fallbacks"), *rows, allow_unverified=True)


@pytest.fixture(scope="module")
def landfill(tmp_path_factory):
    """Return a landfill of four years."""
    rows = [("decay_rate", "food", 0.185, "1", "重庆", "")]
    for year in range(2015, 2019):
        rows.append(("deposited", "food", 100 + year, "kt", "重庆", year))
        rows.append(("site_share", "managed", 1, "", "重庆", year))
    folder = tmp_path_factory.mktemp("landfill")
    return compiled(folder, *rows, method="ipcc-2006", sectors=["waste"])


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory, whole, fallbacks, landfill):
    """Return the workbooks of three inventories, and what a spreadsheet program makes of each."""
    folder = tmp_path_factory.mktemp("recalculated")
    inventories = {"whole": whole, "fallbacks": fallbacks, "landfill": landfill}
    paths = [folder / f"{name}.xlsx" for name in inventories]
    for path, inventory in zip(paths, inventories.values(), strict=True):
        write_inventory(inventory, str(path))
    books = recalculate(folder, *paths)
    return dict(zip(inventories, zip(paths, books, strict=True), strict=True))


def check_live(path, book):
    """Compare what a workbook holds with what a spreadsheet program makes of it."""
    written = numbers_of(openpyxl.load_workbook(path, data_only=True))
    found = numbers_of(book)
    assert written.keys() <= found.keys()
    for place, value in written.items():
        assert found[place] == pytest.approx(value, rel=1e-9, abs=1e-12), place
    return openpyxl.load_workbook(path), written


def test_every_number_of_the_workbook_is_what_its_formula_gives(recalculated, whole):
    """A spreadsheet program recalculates energy and all sources: the same numbers to 1e-9."""
    formulas, written = check_live(*recalculated["whole"])
    entries = formulas["entries"]
    values = [row[7].value for row in entries.iter_rows(min_row=2)]
    assert len(values) == (whole.entries["origin"] > 1).sum()
    assert all(str(value).startswith("='") for value in values)
    assert "SUMIFS(entries" in str([row[4].value for row in formulas["sectors"].iter_rows()])
    total = whole.total(gas="CO2")["value"].item()
    assert any(
        value == pytest.approx(total) for (sheet, _), value in written.items() if sheet == "sectors"
    )


def test_fallbacks_and_several_gases_are_live(recalculated):
    """What is estimated from another activity, and a source of several gases, without a balance."""
    formulas, _ = check_live(*recalculated["fallbacks"])
    cement = [row[4].value for row in formulas["cement"].iter_rows(min_row=5)]
    assert any("IF(COUNT(" in str(cell) for cell in cement)
    assert {
        "sectors",
        "entries",
        "cement",
        "source activities",
        "source factors",
        "findings",
    } <= set(formulas.sheetnames)


def test_decay_over_years_is_live(recalculated, landfill):
    """A landfill's lines refer to those of the year before, the first to what stood before it."""
    assert landfill.entries["year"].to_list() == [2015, 2016, 2017, 2018]
    assert landfill.entries["value"].is_monotonic_increasing
    formulas, _ = check_live(*recalculated["landfill"])
    lines = [
        [cell.value for cell in row] for row in formulas["landfill_decay"].iter_rows(min_row=5)
    ]
    stock = {line[1]: line[4] for line in lines if line[2] == "stock"}
    assert stock[2014] == 0
    assert "EXP(" in stock[2015]


def test_an_entry_without_a_number_is_a_key(tmp_path):
    """Unverified lime stands as NE, and so does the total that lacks it."""
    path = tmp_path / "lime.xlsx"
    rows = [("石灰产量", "", 2, "万吨"), ("电石产量", "", 2, "万吨")]
    write_inventory(compiled(tmp_path, *rows), str(path))
    book = openpyxl.load_workbook(path)
    assert next(row[7].value for row in book["entries"].iter_rows(min_row=2)) == "NE"
    totals = {row[3].value: row[4].value for row in book["sectors"].iter_rows(min_row=5)}
    assert totals["total"] == "NE"
    assert totals["of what has a number"]


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
@pytest.mark.parametrize("with_energy", [True, False])
def test_every_number_of_the_section_opens_to_what_it_is(browser, tmp_path, whole, with_energy):
    """Each button of the section opens a derivation whose result is the number that is shown."""
    inventory = whole if with_energy else whole.select(sector=["processes", "agriculture", "waste"])
    path = tmp_path / "page.html"
    write_inventory(inventory, str(path))
    browser.open(path)
    found = browser.run(
        """(() => {
        const read = (text) => Number(text.replaceAll(',', '').replace('−', '-'));
        const all = [];
        for (const one of document.querySelectorAll('#en-sectors button.n')) {
          one.click();
          const box = document.getElementById('trace');
          const line = box.querySelector('.formula')?.innerText ?? '';
          const said = line.split('=').at(-1).trim().split(' ')[0];
          all.push([read(one.innerText), Number(said)]);
          box.close();
        }
        return all; })()"""
    )
    assert browser.complaints() == []
    assert len(found) > 20
    for shown, opened in found:
        assert opened == pytest.approx(shown, abs=0.051)


def test_no_text_of_a_table_runs(tmp_path):
    """A hostile source in a cell stays text on the page and in the workbook."""
    inventory = compiled(tmp_path, ("电石产量", "", 2, "万吨", "<script>alert(1)</script>", 2020))
    write_inventory(inventory, str(tmp_path / "a.html"))
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    named = compiled(tmp_path, ("电石产量", "", 2, "万吨", "=1+1", 2020))
    write_inventory(named, str(tmp_path / "a.xlsx"))
    cells = openpyxl.load_workbook(tmp_path / "a.xlsx")["entries"]
    assert cells["A2"].data_type == "s"


@pytest.mark.parametrize("kind", ["json", "parquet", "nc", "csv"])
def test_files_for_programs_read_back(tmp_path, whole, kind):
    """What is written for programs is the inventory again."""
    path = tmp_path / f"a.{kind}"
    write_inventory(whole, str(path))
    back = ca.read_inventory(path)
    pd.testing.assert_frame_equal(back.to_frame(), whole.to_frame(), check_exact=True)
    assert kind == "csv" or back.equals(whole)
    if kind == "json":
        about = json.loads(path.read_text(encoding="utf-8"))
        assert [name for made in about["made_from"] for name, _ in made["files"]] == [
            "chongqing_2007_activities.csv"
        ]


def test_the_terminal_says_what_a_total_lacks(tmp_path):
    """A total that lacks a part is no number; what the rest adds up to stands below it."""
    rows = [("石灰产量", "", 2, "万吨"), ("电石产量", "", 2, "万吨")]
    text = summarise_sectors(compiled(tmp_path, *rows, ("stand_change", "竹林", 1, "公顷")))
    assert re.search(r"total without land +no number\n  of what has a number +0\.0231\n", text)
    assert re.search(r"land use and forestry +-0\.0001", text)
    assert "! no number: lime CO2" in text
    chinese = summarise_sectors(compiled(tmp_path, rows[1]), lang="zh", gwp="AR5GWP100")
    assert "工业生产过程" in chinese
    assert "CO2e (AR5GWP100) Mt" in chinese


def test_rows_of_totals_add_up(whole):
    """The total is the sum of its sectors, for each gas and weighted."""
    rows = dict(total_rows(whole, gwp="AR5GWP100"))
    for gas, value in rows["total"].items():
        parts = [
            values[gas]
            for name, values in rows.items()
            if name not in {"total", "scope2", "known"} and gas in values
        ]
        assert sum(parts) == pytest.approx(value)


def test_one_writer_takes_energy_alone_and_all_sectors(tmp_path, cube, whole):
    """A cube, several and a record have one writer; what one cube and a list of it write is the same."""
    for name, inventory in {
        "one": cube,
        "list": [cube],
        "record": ca.to_inventory(cube),
        "whole": whole,
    }.items():
        ca.write_inventory(inventory, str(tmp_path / f"{name}.csv"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert texts["one"] == texts["list"] == texts["record"]
    assert set(texts["one"].splitlines()) < set(texts["whole"].splitlines())
