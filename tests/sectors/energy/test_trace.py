"""Every number walks back to its cells and factor rows, and recomputes to the same float."""

from __future__ import annotations

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import CellNotFoundError
from tests.sectors.energy.building import table
from tests.sectors.energy.test_sectoral import BASE, ELECTRICITY, SUB_SECTORS


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006", "ceads", "whitepaper-2022"])
@pytest.mark.parametrize("name", ["chongqing_2007", "beijing_2007"])
def test_every_cell_recomputes_to_the_same_float(name, method):
    """All cells of a real table, by every method: the trace alone gives the same float."""
    inventory = ca.compile_inventory(f"docs/tables/{name}.csv", method=method)
    frame = inventory.to_frame()
    assert len(frame) > (8 if method == "whitepaper-2022" else 50)
    for row in frame.itertuples():
        found = ca.trace(inventory, flow=row.flow, product=row.product)
        assert found.recompute() == row.value == found.value
        assert found.where[0].startswith(f"{name}.csv!")


def test_a_trace_names_the_cell_the_print_and_the_documents():
    """Diesel of transport in Chongqing 2007: cell N28, 190.01 x 10^4 t, GB/T 2589-2008 and the guideline of 2011."""
    inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    found = ca.trace(inventory, flow="transport", product="diesel")
    assert found.printed == "190.01 1e4 t"
    assert found.where == ("chongqing_2007.csv!N28",)
    assert [step.row.edition for step in found.steps] == [
        "gb-t-2589-2008",
        "provincial-2011",
        "provincial-2011",
        "ipcc-2006",
    ]
    assert [step.row.value for step in found.steps][:3] == [42652, 20.2, 0.98]
    text = found.to_text()
    assert "GB/T 2589-2008" in text
    assert "corroborated" in text
    assert "chongqing_2007.csv!N28" in text
    assert "交通运输" in found.to_text("zh")


def test_a_trace_of_industry_names_the_feedstock_cell(tmp_path):
    """What is deducted is in the formula, with its own cell."""
    found = ca.trace(
        ca.compile_inventory(table(tmp_path, BASE), method="ceads"),
        flow="industry",
        product="raw_coal",
    )
    assert found.where == ("table.csv!B10", "table.csv!B11")
    assert found.formula().startswith("(300000 t - 40000 t) x ")
    assert found.recompute() == found.value


def test_the_first_place_is_that_of_the_amount(tmp_path):
    """A number of no file has an empty place, also with feedstock taken out; text and rows explain it."""
    balance = table(tmp_path, BASE)
    cells = balance.amounts.to_dataframe("value").dropna().reset_index()
    inventory = ca.compile_inventory(ca.make_balance(cells), method="ceads")
    found = ca.trace(inventory, flow="industry", product="raw_coal")
    assert found.deduction > 0
    assert found.where == ("",)
    assert "40000 t" in found.to_text()
    assert [row["origin"] for row in found.list_rows()[:4]] == [""] * 4


def test_a_trace_of_scope_2_and_of_standard_quantity_recomputes(tmp_path):
    """Grid factors and coefficients that divide are steps like any other."""
    inventory = ca.compile_inventory(table(tmp_path, ELECTRICITY), method="provincial-2011")
    found = ca.trace(inventory, flow="moved_in", product="electricity")
    assert found.recompute() == found.value
    assert found.steps[0].row.edition == "mee-grid-2021"
    rows = {
        "final_consumption": {"raw_coal": 100, "coke": 3},
        "industry": {"raw_coal": 100, "coke": 3},
    }
    standard = ca.compile_inventory(
        table(tmp_path, rows, units={"raw_coal": "万吨标准煤", "coke": "万吨标煤"}),
        method="ipcc-2006",
    )
    found = ca.trace(standard, flow="industry", product="coke")
    assert found.steps[0].divides
    assert " / 0.9714 tce/t" in found.formula()
    assert found.recompute() == found.value


def test_sub_sectors_recompute(tmp_path):
    """Shares of feedstock, and of the printed industry row, are part of the formula."""
    rows = SUB_SECTORS | {
        "feedstock": {"coke": 10, "diesel": ""},
        "industry.chemicals": {"coke": 30.03, "diesel": 1},
    }
    for method in ("ceads", "provincial-2011"):
        inventory = ca.compile_inventory(table(tmp_path, rows), method=method)
        found = ca.trace(inventory, flow="industry.chemicals", product="coke")
        assert found.share != 1
        assert found.recompute() == found.value


def test_what_cannot_be_traced_says_why(tmp_path):
    """A flow that does not exist gets near names; a cell without a number gets the reason."""
    inventory = ca.compile_inventory(table(tmp_path, BASE), method="ceads")
    for flow, words in (
        ("industrry", "did you mean industry"),
        ("losses", "its role in ceads is loss"),
        ("coking", "transformation"),
        ("final_consumption", "total of cells"),
    ):
        with pytest.raises(CellNotFoundError, match=words):
            ca.trace(inventory, flow=flow, product="raw_coal")
    with pytest.raises(CellNotFoundError, match="no year '1999'"):
        ca.trace(inventory, flow="industry", product="raw_coal", year=1999)


def test_many_areas_ask_for_one(tmp_path):
    """With several years, the year must be named."""
    path = tmp_path / "t.csv"
    path.write_text(
        "地区,年份,项目,能源品种,实物量(万吨)\n北京,2019,工业,原煤,1\n北京,2020,工业,原煤,2\n天津,2019,工业,原煤,3\n",
        encoding="utf-8",
    )
    inventory = ca.compile_inventory(path, method="ceads")
    with pytest.raises(CellNotFoundError, match="name one of"):
        ca.trace(inventory, flow="industry", product="raw_coal")
    assert (
        ca.trace(inventory, flow="industry", product="raw_coal", area="北京", year=2020).amount
        == 20000
    )
    assert np.isnan(
        inventory.emissions.sel(area="天津", year=2020, flow="industry", product="raw_coal").item()
    )
