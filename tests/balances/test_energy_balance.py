"""The record of a balance: labels, units, addresses, and what it knows of its cells without being asked twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.amounts.origins import CellOrigin, Origins, split_origins
from carbonacct.errors import TableError
from carbonacct.sheets.raw_sheets import Sheet
from tests.balances.test_layout import read

FRAME = pd.DataFrame(
    [
        ("A", 2018, "industry", "raw_coal", -3.0),
        ("A", 2018, "industry", "coke", 2.0),
        ("A", 2019, "transport", "coke", -0.0),
        ("B", 2018, "transport", "raw_coal", 5.0),
        ("B", 2019, "industry", "raw_coal", 1.0),
    ],
    columns=["area", "year", "flow", "product", "value"],
)


def test_labels_units_and_sizes_of_cells():
    """Over all areas and years: the negative cells and the largest size of each; no number has no size."""
    balance = ca.make_balance(FRAME)
    assert (balance.areas, balance.years) == (["A", "B"], [2018, 2019])
    assert (balance.flows, balance.products) == (["industry", "transport"], ["raw_coal", "coke"])
    assert balance.units == ("t", "t")
    assert balance.negative.tolist() == [[True, False], [False, False]]
    assert balance.largest.tolist() == [[3.0, 2.0], [5.0, 0.0]]


def test_sizes_are_those_of_all_areas():
    """However many areas are looked at together."""
    rng = np.random.default_rng(1)
    frame = pd.concat(
        [FRAME.assign(area=f"{k}", value=rng.normal(size=len(FRAME))) for k in range(30)]
    )
    balance = ca.make_balance(frame)
    amounts = balance.amounts.values
    assert (balance.negative == (amounts < 0).any(axis=(0, 1))).all()
    np.testing.assert_array_equal(balance.largest, np.abs(np.nan_to_num(amounts)).max(axis=(0, 1)))


TABLE = "重庆能源平衡表-2015\n项目,原煤(万吨),天然气(亿立方米)\n工业,1,2\n建筑业,3,\n"


def test_addresses_and_printed_units(tmp_path):
    """A cell has the file and cell it was read from; without a file, its area and year."""
    balance = read(tmp_path, TABLE)
    assert balance.printed_units == ("1e4 t", "1e8 m3")
    assert balance.address("重庆", 2015, "工业", "天然气") == "table.csv!C3"
    assert balance.address_at(0, 0, 1, 0) == balance.locate(0, 0, 1, 0) == "table.csv!B4"
    assert balance.first_address() == "table.csv!B3"
    made = ca.make_balance(FRAME)
    assert made.printed_units == ("", "")
    assert (made.address_at(0, 0, 0, 0), made.locate(1, 1, 0, 0), made.first_address()) == (
        "",
        "B 2019",
        "table",
    )


def test_a_column_that_no_cell_was_read_for_has_no_printed_unit(tmp_path):
    """A product that was made beside those that were read."""
    balance = read(tmp_path, TABLE)
    without = balance.place.copy()
    without.values[..., 1] = -1
    assert replace(balance, place=without).printed_units == ("1e4 t", "")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("C", 2018, "industry", "coke"), "the table has no area 'C'; it has A, B"),
        (("A", 2020, "industry", "coke"), "the table has no year 2020; it has 2018, 2019"),
        (
            ("A", 2018, "losses", "coke"),
            "the table has no flow 'losses'; it has industry, transport",
        ),
        (("A", 2018, "industry", "lng"), "the table has no product 'lng'; it has raw_coal, coke"),
    ],
)
def test_a_place_that_is_not_there_is_named(place, words):
    """The first label that the table lacks, with those that it has."""
    balance = ca.make_balance(FRAME)
    with pytest.raises(TableError) as raised:
        balance.address(*place)
    assert str(raised.value) == words
    if place[3] == "lng":
        with pytest.raises(TableError, match="the table has no lng; it has raw_coal, coke"):
            balance.quantity("lng")


def test_amounts_of_a_product_have_their_unit(tmp_path):
    """By id or name, with labels one or many."""
    balance = read(tmp_path, TABLE)
    gas = balance.quantity("天然气")
    assert (gas.name, gas.dims) == ("natural_gas", ("area", "year", "flow"))
    assert float(gas.sel(flow="industry").item().to("m3").magnitude) == 2e8
    coal = balance.sel(product="原煤", flow=["建筑业", "工业"], year=2015, area="重庆")
    assert coal.data.to("kt").magnitude.tolist() == [30.0, 10.0]


def test_parts_are_those_of_this_table():
    """A flow is a part of itself, of what is above it, and of what the print says."""
    balance = ca.make_balance(FRAME)
    assert balance.is_part("industry", "final_consumption")
    assert balance.is_part("industry", "industry")
    assert not balance.is_part("industry", "transport")
    assert replace(balance, parents={"industry": "transport"}).is_part("industry", "transport")


def test_where_a_number_came_from_is_found_by_its_labels():
    """A record for several cells, -1 where nothing says; a label that the balance got later has none."""
    balance = ca.make_balance(FRAME)
    codes = np.full(balance.place.shape, -1, np.int32)
    codes[0, 0, 0, 0] = codes[1, 1, 0, 0] = 0
    codes[0, 0, 0, 1] = 1
    records = CellOrigin("printed", "alpha", source="x"), CellOrigin("derived", "delta", source="y")
    origins = Origins(balance.place.copy(data=codes), records)
    assert (
        origins.find("A", 2018, "industry", "raw_coal")
        is origins.find("B", 2019, "industry", "raw_coal")
        is records[0]
    )
    assert origins.find("A", 2018, "industry", "coke") is records[1]
    assert (
        origins.find("A", 2019, "industry", "coke")
        is origins.find("A", 2018, "losses", "coke")
        is None
    )
    assert [
        origins.code("A", 2018, "industry", "coke"),
        origins.code("C", 2018, "industry", "coke"),
    ] == [1, -1]


@pytest.mark.parametrize(
    ("origin", "text"),
    [
        (CellOrigin("printed", "alpha", source="a.csv!B3"), "printed (alpha) [a.csv!B3]"),
        (CellOrigin("derived", "delta"), "derived (delta)"),
        (
            CellOrigin("allocated", "beta", "gdp", 2.0, 8.0, "1e8 CNY", 0.25),
            "allocated (beta) by gdp: 2 / 8 1e8 CNY = 0.25",
        ),
        (
            CellOrigin("scaled", "gamma", "gdp", 1.0, 3.0, "", 1 / 3),
            "scaled (gamma) by gdp: 1 / 3 = 0.3333333333",
        ),
        (
            CellOrigin("allocated", "beta", "gdp", 2.0, 8.0, "t", 0.25, 0.2, 0.4, "p"),
            "allocated (beta) by gdp: 2 / 8 t = 0.25 (0.2 to 0.4 by other indices) [p]",
        ),
        (CellOrigin("allocated", "beta", "gdp", share_low=0.2), "allocated (beta) by gdp"),
        (CellOrigin("allocated", "beta", "gdp", share_high=0.2), "allocated (beta) by gdp"),
    ],
)
def test_an_origin_in_words(origin, text):
    """The way and case, the index, the share with its two values and known range, and the source."""
    assert origin.to_text() == text
    assert origin.has_spread is ("to 0.4" in text)


def test_columns_of_origins_are_taken_out_of_a_sheet():
    """A way, a case and a value are enough, a row without a way has none; other sheets stay as they are."""
    rows = [["how", "case", "value"], ["printed", "alpha", "3"], ["", "", "4"]]
    sheet, origins = split_origins(Sheet("t.csv", "", rows))
    assert sheet.rows == [["value"], ["3"], ["4"]]
    assert list(origins) == [1]
    assert (origins[1].how, origins[1].case) == ("printed", "alpha")
    plain = Sheet("t.csv", "", [["how", "value"], ["printed", "3"]])
    assert split_origins(plain) == (plain, {})
