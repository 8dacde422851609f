"""Words whose meaning depends on their place, units in cells, fiscal years: laws of kinds of tables."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.label.siblings import read_by_siblings
from carbonacct.errors import CarbonacctError
from carbonacct.records.heading_roles import year_of

UNITS = {"t": 1, "吨": 1, "万吨": 1e4, "kt": 1e3, "千吨": 1e3}


def read(tmp_path, *lines, **given):
    """Read a table of some lines."""
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ca.read_balance(path, **given)


def amount(balance, **place):
    """Return one number of a balance of one area and year."""
    return float(balance.amounts.squeeze(["area", "year"]).sel(place))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    numbers=st.lists(st.integers(1, 99_999), min_size=2, max_size=2),
    units=st.lists(st.sampled_from(sorted(UNITS)), min_size=2, max_size=2),
    gap=st.sampled_from(["", " "]),
)
def test_a_unit_in_the_cell_is_the_unit_of_the_number(tmp_path, numbers, units, gap):
    """Whatever powers of ten stand below one another: each number is what its own cell says."""
    cells = [f"{number / 10}{gap}{unit}" for number, unit in zip(numbers, units, strict=True)]
    lines = ("某市能源消费 2018", "部门,原煤", f"工业,{cells[0]}", f"居民生活,{cells[1]}")
    balance = read(tmp_path, *lines, area="某市")
    for flow, number, unit in zip(("industry", "households"), numbers, units, strict=True):
        assert math.isclose(
            amount(balance, flow=flow, product="raw_coal"), number / 10 * UNITS[unit], rel_tol=1e-9
        )


def test_units_that_are_no_powers_of_ten_of_one_another_are_not_mixed(tmp_path):
    """Therms and MWh in one column and one row: no number is turned into the other unit, and gross into net."""
    with pytest.raises(CarbonacctError):
        read(
            tmp_path,
            "X 2019",
            "Sector,Natural gas,Diesel",
            "Industry,5 therms,3 t",
            "Households,4 MWh,2 t",
            area="X",
        )


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019-20", 2019),
        ("2019/20", 2019),
        ("2019/2020", 2019),
        ("FY2019-2020", 2019),
        ("FY 2019", 2019),
        ("2019年度", 2019),
        ("令和元年度", 2019),
        ("昭和60年度", 1985),
        ("1999-00", 1999),
        ("2019-2020", None),
        ("2019-21", None),
        ("2010-10", None),
        ("FY", None),
    ],
)
def test_fiscal_years(text, year):
    """A year that begins in one and ends in the next is the first; two years and months are none."""
    assert year_of(text) == year


@pytest.mark.parametrize(
    ("flow", "positive", "negative"),
    [("thermal_power", True, False), ("heating", True, False), ("refining", False, True)],
)
def test_plants_that_put_out_no_fuel_take_in_what_is_printed_positive(flow, positive, negative):
    """Power and heat plants put out no fuel; a refinery does, and a balance with supply has signs."""
    lines = {"area": "A", "year": 2019, "unit": "万吨", "product": "raw_coal"}
    alone = ca.make_balance(pd.DataFrame({**lines, "flow": [flow, "industry"], "value": [5, 1]}))
    assert (amount(alone, flow=flow, product="raw_coal") < 0) == positive
    signed = ca.make_balance(pd.DataFrame({**lines, "flow": [flow, "production"], "value": [5, 1]}))
    assert amount(signed, flow=flow, product="raw_coal") > 0
    assert positive != negative


def test_a_label_behind_its_own_part_is_a_peer_only_at_its_level():
    """Commercial, then Other; but not where Commercial is indented below Others."""
    commercial, other = ("Commercial", "other_services.commercial"), ("Other", "other_services")
    homes = ("Residential", "households")
    assert read_by_siblings([homes, commercial, other]) == {other: "final_unspecified"}
    assert read_by_siblings([homes, other, ("  Commercial", commercial[1])]) == {}


def test_an_end_use_has_no_meaning_without_its_sector(tmp_path):
    """Lighting in a table of nobody's use is not known; under a sector it is that sector's."""
    rows = ("Lighting,5", "Cooking,2", "Industry,7")
    with pytest.raises(CarbonacctError, match="Lighting"):
        read(tmp_path, "City energy use 2019 (GWh)", "Item,Electricity", *rows, area="X")
    balance = read(
        tmp_path, "City energy use 2019 (GWh)", "Item,Electricity", "Residential,", *rows, area="X"
    )
    assert amount(balance, flow="households.lighting", product="electricity") == 5e6
    assert amount(balance, flow="households.cooking", product="electricity") == 2e6
    # Of a sector with numbers of its own only what is indented below it is a part.
    rows = ("Residential,9", "  Lighting,5", "  Cooking,2", "Industry,7")
    balance = read(tmp_path, "City energy use 2019 (GWh)", "Item,Electricity", *rows, area="X")
    assert amount(balance, flow="households.lighting", product="electricity") == 5e6
    rows = [row.strip() for row in rows]
    with pytest.raises(CarbonacctError, match="Lighting"):
        read(tmp_path, "City energy use 2019 (GWh)", "Item,Electricity", *rows, area="X")


def test_a_sum_of_some_areas_is_no_area(tmp_path):
    """小计 in a column of areas is refused by its cell; 合计 is the area of the title."""
    head = ("某省2018年原煤消费量（万吨）", "地区,2018", "甲市,5", "乙市,3")
    with pytest.raises(CarbonacctError, match="小计"):
        read(tmp_path, *head, "小计,8", area="某省")


def test_sums_of_sections_without_headings_are_not_known(tmp_path):
    """小计 twice over columns with nothing above it says nothing of what."""
    with pytest.raises(CarbonacctError, match="小计"):
        read(
            tmp_path,
            "某市2018年能源消费（吨标准煤）",
            "部门,小计,原煤,焦炭,小计,汽油,柴油",
            "工业,3,1,2,7,3,4",
            area="某市",
        )


def test_what_a_word_means_beside_others_does_not_depend_on_what_was_read_before():
    """Petróleo is crude oil beside products of oil and all oil without them, whichever table comes first."""
    folder = Path(__file__).parents[1] / "data" / "kinds_of_tables"
    names = {"petroleo_beside_products.csv": "crude_oil", "petroleo_of_all_oil.csv": "oil_total"}
    for name in (*names, *reversed(names), *names):
        assert names[name] in ca.read_balance(folder / name, area="X").products


@pytest.mark.parametrize(
    ("whole", "meant"), [("终端消费", None), ("Endenergieverbrauch", "final_uses")]
)
def test_a_translation_is_no_second_row(whole, meant):
    """Final Consumption below 终端消费 is the same row; it was final uses, a row without numbers."""
    label = ("Final Consumption", "final_consumption")
    assert read_by_siblings([(whole, "final_consumption"), label]).get(label) == meant


def test_other_among_the_fuels_of_one_sector_is_other_energy(tmp_path):
    """其他 below a title of industry is a fuel; in a table of no sector it is a use, which lacks its product."""
    rows = ["品种,数量", "原煤,3", "焦炭,4", "其他,5"]
    balance = read(tmp_path, "重庆市工业能源消费 2019 单位:吨标准煤", *rows)
    assert amount(balance, flow="industry", product="other_energy") == 5
    with pytest.raises(CarbonacctError, match="'其他' names a use and no product"):
        read(
            tmp_path, "重庆能源 2019 单位:吨标准煤", "项目,品种,数量", "工业,原煤,3", "工业,其他,4"
        )
