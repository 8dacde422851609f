"""The workbook: live formulas that a spreadsheet program recalculates to our floats, and text that stays text."""

from __future__ import annotations

import csv
import shutil
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from xlsxwriter.utility import xl_col_to_name

import carbonacct as ca
from carbonacct.errors import OutputError
from carbonacct.report.workbook import add_frame, write_workbook
from carbonacct.report.workbook.book import LIVE_NUMBERS
from tests.inventory.building import table
from tests.report.spreadsheet import recalculate

TABLES = ["docs/tables/chongqing_2007.csv", "docs/tables/beijing_2007.csv"]
EXACT = 1e-12


def _by_name(sheet, header=4):
    """Return the rows of a table below its title."""
    rows = list(sheet.iter_rows(min_row=header, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if any(cell is not None for cell in row)]


def _feedstock_table(folder):
    """A table with feedstock, sub-sectors that are scaled, an input printed negative, electricity brought in, and a notation key."""
    rows = {
        "primary_supply": {"raw_coal": 900, "natural_gas": 30, "electricity": 50},
        "moved_in": {"raw_coal": 500, "electricity": 70, "heat": 3},
        "moved_out": {"raw_coal": 20},
        "transformation": {"raw_coal": -400},
        "thermal_power": {"raw_coal": -300, "natural_gas": -7.3, "diesel": 0},
        "heating": {"raw_coal": -100},
        "final_consumption": {"raw_coal": 480.7, "natural_gas": 22.7, "diesel": 91.2},
        "farming": {"raw_coal": 1.1, "diesel": 5.2},
        "industry": {"raw_coal": 400.6, "natural_gas": 12.7, "diesel": 6},
        "feedstock": {"raw_coal": 33.3, "natural_gas": 2.9},
        "transport": {"raw_coal": "NE", "diesel": 80, "natural_gas": 10},
        "households_urban": {"raw_coal": 79, "natural_gas": "-"},
    }
    return table(folder, rows)


@pytest.fixture(scope="module")
def overlay(tmp_path_factory):
    """A folder with one other number: the calorific value of raw coal."""
    folder = tmp_path_factory.mktemp("own") / "own"
    folder.mkdir()
    (folder / "source.toml").write_text('title = "own"\npublisher = "own"\ndate = "2024"\nreference = "own"\n', encoding="utf-8")
    with (folder / "net_calorific_value.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow("product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note".split(","))
        writer.writerow(["raw_coal", *[""] * 6, "raw coal", 21500, "", "", "kJ/kg", "", "", "single", ""])
    return folder


def test_recalculated_values_are_our_floats_and_a_changed_factor_moves_the_total(tmp_path, overlay):
    """LibreOffice computes every formula anew to 1e-12, with no error cell; a changed factor gives the inventory with that factor."""
    given = {"docs": TABLES, "made": [_feedstock_table(tmp_path)]}
    made, paths = {}, []
    for name, tables in given.items():
        made[name] = [ca.compile_inventory(one, method="provincial-2011") for one in tables]
        paths.append(tmp_path / f"{name}.xlsx")
        write_workbook(made[name], paths[-1], lang="zh" if name == "docs" else "en")
    book = openpyxl.load_workbook(paths[1])
    sheet = book["published factors"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    changed = [row for row in range(5, sheet.max_row + 1) if (sheet.cell(row, heads["published value"]).value, sheet.cell(row, heads["unit"]).value) == (20908, "kJ/kg")]
    assert len(changed) == 1  # each published number stands once
    sheet.cell(changed[0], heads["published value"]).value = 21500
    paths.append(tmp_path / "changed.xlsx")
    book.save(paths[-1])

    one, two, three = recalculate(tmp_path / "calc", *paths)
    for again in (one, two, three):
        assert not [(sheet.title, cell.coordinate, cell.value) for sheet in again for row in sheet.iter_rows() for cell in row if cell.data_type == "e"]
    overlaid = [ca.compile_inventory(_feedstock_table(tmp_path), method="provincial-2011", overlay=overlay)]
    for again, inventories in ((one, made["docs"]), (two, made["made"]), (three, overlaid)):
        _compare(again, inventories)
    assert overlaid[0].total().item() > made["made"][0].total().item() * 1.01


def _compare(book, inventories):
    """Compare a recalculated workbook with inventories: cells, totals, categories, scope 2."""
    frame = pd.concat([inventory.to_frame() for inventory in inventories], ignore_index=True)
    chinese = "汇总" in book.sheetnames
    scale = 1e4 if chinese else 1e3
    flat = [row["value"] for row in _by_name(book["inventory"], header=1)]
    np.testing.assert_allclose(flat, frame["value"], rtol=EXACT, atol=0)
    summary = list(book["汇总" if chinese else "summary"].iter_rows(min_row=5, values_only=True))
    flows = [row for row in book["部门与品种" if chinese else "flow by product"].iter_rows(min_row=5, values_only=True) if row[3] in {"合计", "total"}]
    categories = [row for row in book["IPCC类别" if chinese else "IPCC categories"].iter_rows(min_row=5, values_only=True) if row[3] in {"合计", "total"}]
    single = [row for row in book["IPCC类别" if chinese else "IPCC categories"].iter_rows(min_row=5, values_only=True) if row[4]]
    for n, inventory in enumerate(inventories):
        total = float(inventory.total().item().magnitude)
        assert [summary[n][3] * scale, flows[n][-1] * scale, categories[n][-1] * scale] == pytest.approx([total] * 3, rel=EXACT)
        assert sum(row[-1] for row in single if row[0] == inventory.balance.areas[0]) * scale == pytest.approx(total, rel=EXACT)
        assert sum(cell for cell in summary[n][4:8] if isinstance(cell, float | int)) * scale == pytest.approx(total, rel=EXACT)
        indirect = inventory.total(scope=2).item().magnitude
        if not np.isnan(indirect):
            assert sum(cell for cell in summary[n][8:10] if isinstance(cell, float | int)) * scale == pytest.approx(float(indirect), rel=EXACT)
