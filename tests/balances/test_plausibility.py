"""What no sum of a table sees: magnitudes, conversions, and years that jump."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.amounts.energy_range import find_energy_range
from carbonacct.balances.check.checks import _find_unsigned
from carbonacct.balances.check.plausibility import check_plausibility
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import UnitError
from carbonacct.units import conversion_factor
from tests.sectors.energy.building import table

ROWS = {
    "primary_supply": {"raw_coal": 150, "electricity": ""},
    "thermal_power": {"raw_coal": -100, "electricity": 25},
    "final_consumption": {"raw_coal": 50, "electricity": 25},
}


def rules(findings):
    """Return the rules of findings."""
    return [finding.rule for finding in findings]


def test_a_sound_table_has_no_finding(tmp_path):
    """What can be is passed over."""
    assert check_plausibility(table(tmp_path, ROWS)) == []


@pytest.mark.parametrize(
    ("product", "unit", "amount"),
    [
        ("raw_coal", "万吨", 1e6),
        ("crude_oil", "亿吨", 50),
        ("natural_gas", "亿立方米", 5e4),
        ("electricity", "亿千瓦小时", 4e5),
        ("coal_total", "万吨标准煤", 3e6),
    ],
)
def test_no_area_uses_more_than_the_world(tmp_path, product, unit, amount):
    """The unit of the column is named as the likely cause."""
    rows = {"industry": {product: amount, "diesel": 1}, "transport": {"diesel": 1}}
    (finding,) = check_plausibility(table(tmp_path, rows, units={product: unit}))
    assert (finding.rule, finding.severity, finding.where) == (
        "beyond-world",
        "error",
        "table.csv!B3",
    )
    assert finding.action == "check the unit of the column, and its power of ten"
    assert finding.gaps[0].product == product


def test_no_city_uses_more_than_the_nation():
    """83,158 t of LPG with three zeros more, in one city: more than the 60.7 Mt of all China in 2019."""

    def check(amount, area):
        rows = {"area": area, "year": 2019, "flow": ["industry", "transport"], "product": "lpg"}
        return check_plausibility(ca.make_balance(pd.DataFrame({**rows, "value": [amount, 1.0]})))

    (finding,) = check(83_158_000, "青岛市")
    assert (finding.rule, finding.severity) == ("beyond-nation", "error")
    assert "1.37 times" in finding.message
    assert (
        check(60_600_000, "青岛市")
        == check(83_158_000, "中国")
        == check(83_158_000, "Ireland")
        == []
    )


def test_an_area_of_another_order_than_its_level(tmp_path):
    """A province in tonnes for 万吨 is too small, the world apart; an area that is not known has no level."""
    text = (
        Path("docs/tables/chongqing_2007.csv")
        .read_text(encoding="utf-8-sig")
        .replace("万吨", "吨")
        .replace("亿", "万")
    )
    path = tmp_path / "c.csv"
    path.write_text(text, encoding="utf-8")
    (small,) = check_plausibility(ca.read_balance(path))
    assert (small.rule, small.severity) == ("area-size", "warning")
    assert (
        "the largest amount of a province is 1e7 to 3e10 GJ, a wide range of our choice"
        in small.message
    )
    assert check_plausibility(ca.read_balance(path, area="某区")) == []
    part = {
        "primary_supply": {"raw_coal": 1, "electricity": 1},
        "final_consumption": {"raw_coal": 1, "electricity": 1},
    }
    assert check_plausibility(table(tmp_path, part)) == []  # a table of a few rows may be small


@pytest.mark.parametrize(
    ("electricity", "words"),
    [(250, "about 6.76 times the energy that goes in"), (0.5, "about 0.0135 times the energy")],
)
def test_a_plant_that_makes_energy_or_loses_it(tmp_path, electricity, words):
    """Ten times the electricity is more than the coal holds at its best; a twentieth is less than any plant makes."""
    rows = {**ROWS, "thermal_power": {"raw_coal": -100, "electricity": electricity}}
    (finding,) = check_plausibility(table(tmp_path, rows))
    assert finding.rule == "conversion"
    assert words in finding.message


def test_exchanged_heads_of_heat_and_electricity(tmp_path):
    """Both columns keep their sums; only what plants make tells them apart."""
    text = Path("docs/tables/chongqing_2007.csv").read_text(encoding="utf-8-sig")
    path = tmp_path / "c.csv"
    path.write_text(
        text.replace("热力(百亿千焦),电力(亿千瓦时)", "电力(亿千瓦时),热力(百亿千焦)"),
        encoding="utf-8",
    )
    found = [str(finding) for finding in check_plausibility(ca.read_balance(path))]
    assert any(
        "thermal_power of 重庆 2007 puts out heat and no electricity" in text for text in found
    )
    assert any("heating of 重庆 2007 puts out electricity and no heat" in text for text in found)


SERIES = {2012: 100, 2013: 104, 2014: 103, 2015: 385, 2016: 396, 2017: 410}


def read_series(folder, series, area="镇江市"):
    """Return a city's electricity by year, from one long table."""
    path = folder / "long.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["地区", "年份", "项目", "能源品种", "实物量(亿千瓦小时)"])
        writer.writerows([area, year, "工业", "电力", amount] for year, amount in series.items())
    return ca.read_balance(path)


def test_a_jump_names_year_and_cell(tmp_path):
    """From the city proper to the whole city: +274 % in 2015 and only there."""
    (finding,) = check_plausibility(read_series(tmp_path, SERIES))
    assert (finding.rule, finding.severity) == ("jump-in-table", "warning")
    assert (
        "electricity of industry of 镇江市 goes from 1.03e+10 kWh in 2014 to 3.85e+10 in 2015 (+274 %)"
        in finding.message
    )
    assert (
        finding.action
        == "check the year for a unit, another coverage (全市 for 市辖区) or definition"
    )


def test_a_power_of_ten_is_said(tmp_path):
    """One year ten times as large: it jumps up, and down again."""
    found = check_plausibility(read_series(tmp_path, {**SERIES, 2015: 1055, 2016: 106, 2017: 107}))
    assert [
        "about 10^1" in finding.action or "about 10^-1" in finding.action for finding in found
    ] == [True, True]


def test_a_level_for_good_with_another_sign_is_a_finding(tmp_path):
    """A series that steps to another level and changes its sign there has no power of ten, and no failure either."""
    numbers = {2014 + i: number for i, number in enumerate([10.0, 10.1, 10.2, -30.0, -30.3, -30.6])}
    (finding,) = [
        one
        for one in check_plausibility(read_series(tmp_path, numbers))
        if one.rule == "jump-in-table"
    ]
    assert "from 1.02e+09 kWh in 2016 to -3e+09 in 2017" in finding.message


def test_each_area_of_a_panel_jumps_as_it_does_alone():
    """What is found of an area does not depend on the areas beside it."""
    rng = np.random.default_rng(7)
    shape = (5, 9, 3, 2)
    steps = np.where(rng.random(shape) < 0.08, rng.normal(0, 2, shape), rng.normal(0, 0.05, shape))
    numbers = 1e6 * np.exp(np.cumsum(steps, axis=1))
    numbers[rng.random(shape) < 0.05] = np.nan
    amounts = xr.DataArray(
        numbers,
        coords={
            "area": list("ABCDE"),
            "year": range(2010, 2019),
            "flow": ["industry", "construction", "transport"],
            "product": ["raw_coal", "natural_gas"],
        },
    )
    together = check_plausibility(ca.make_balance(amounts))
    alone = [
        check_plausibility(ca.make_balance(amounts.isel(area=[a])))
        for a in range(len(amounts["area"]))
    ]
    assert len({one.gaps[0].area for one in together}) > 2
    assert [str(one.message) for one in together] == [
        str(one.message) for found in alone for one in found
    ]


def test_steady_growth_and_short_series_do_not_jump(tmp_path):
    """What trebles each year is no jump, and three years are no series."""
    assert check_plausibility(read_series(tmp_path, {2010 + i: 3.2**i for i in range(7)})) == []
    assert check_plausibility(read_series(tmp_path, {2014: 1, 2015: 10, 2016: 10})) == []


def test_energy_contents_hold_every_published_value():
    """Each calorific value of an edition that ships, with its limits, lies within the range of its product."""
    known = vocabulary.products()
    keys = {"area": "A", "year": 2020, "flow": "industry", "product": list(known), "value": 1.0}
    balance = ca.make_balance(pd.DataFrame(keys))
    lower, upper = find_energy_range(balance)
    seen = 0
    for path in data_folder().glob("*/net_calorific_value.csv"):
        for row in read_rows(path):
            product = row["product"]
            if product not in known or known[product].group in {
                "waste",
                "biomass",
                "other",
                "heat",
                "total",
            }:
                continue
            try:
                factor = conversion_factor(row["unit"], f"GJ/{known[product].unit}")
            except UnitError:
                continue
            p = balance.products.index(product)
            values = [
                float(row[name]) * factor for name in ("value", "lower", "upper") if row[name]
            ]
            assert lower[p] * (1 - 2e-3) <= min(values), (path, product)
            assert max(values) <= upper[p] * (1 + 2e-3), (path, product)
            seen += 1
    assert seen > 100
    assert not np.isnan(lower[balance.products.index("coal_total")])


CITY = "area,year,flow,product,unit,amount\n"


def series(tmp_path, numbers):
    """Return the findings of a city's electricity, year by year."""
    rows = "".join(
        f"某市,{2015 + k},total_consumption,electricity,万千瓦时,{number}\n"
        for k, number in enumerate(numbers)
    )
    path = tmp_path / "city.csv"
    path.write_text(CITY + rows, encoding="utf-8")
    return [
        finding
        for finding in check_plausibility(ca.read_balance(path))
        if finding.rule == "jump-in-table"
    ]


@pytest.mark.parametrize(
    ("numbers", "year", "change"),
    [
        ([521467.0, 1949122.0, 2140453.0, 3705731.0], 2016, "+274 %"),
        ([5679415.0, 10357349.0, 10847446.5, 15624897.0], 2016, "+82 %"),
        ([100, 104, 107, 60, 62, 65], 2018, "-44 %"),
    ],
)
def test_a_series_that_steps_to_another_coverage_names_the_year(tmp_path, numbers, year, change):
    """From the city proper to all of it within one column: a step that stays, by area and product."""
    (finding,) = (each for each in series(tmp_path, numbers) if "stays" in each.message)
    assert f"in {year} ({change}), and stays there" in finding.message
    assert finding.action.startswith("check what the years cover")
    assert finding.where == f"city.csv!F{year - 2013}"


@pytest.mark.parametrize(
    "numbers",
    [[1, 2, 4, 8, 16], [100, 105, 300, 104, 108], [100, 120, 140, 160], [100, 150, 100, 150, 100]],
)
def test_growth_and_what_comes_back_is_no_step(tmp_path, numbers):
    """What grows alike each year, comes back, or changes by little does not step."""
    assert not [finding for finding in series(tmp_path, numbers) if "stays" in finding.message]


@pytest.mark.parametrize("years", [(2018,), (2015, 2016, 2017, 2018)])
def test_a_table_of_supply_alone_has_no_years_to_compare(tmp_path, years):
    """Trade and stocks jump by nature, and nothing else stands there."""
    lines = "\n".join(
        f"某市,{year},一次能源生产量,煤炭,万吨,{10 * (n + 1)}" for n, year in enumerate(years)
    )
    path = tmp_path / "t.csv"
    path.write_text(f"area,year,flow,product,unit,amount\n{lines}\n", encoding="utf-8")
    assert [one.rule for one in check_plausibility(ca.read_balance(path))] == []


@pytest.mark.parametrize(
    ("factor", "is_said"), [(0.0, False), (1e-12, True), (1e-3, True), (1.0, False), (100.0, True)]
)
def test_a_whole_balance_is_of_the_order_of_its_level(factor, is_said):
    """A province with a thousandth of its energy, or a hundred times as much; one of zeros alone has no size."""
    balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    scaled = replace(balance, amounts=balance.amounts * factor)
    assert ("area-size" in rules(check_plausibility(scaled))) is is_said


def test_each_year_of_each_area_is_asked_what_its_plants_put_out():
    """Coking that puts out coke in one year and gas alone in the other, or too much of it in a second area."""
    rows = [
        ("A", 2018, "raw_coal", -100.0),
        ("A", 2018, "coke", 75.0),
        ("A", 2019, "raw_coal", -100.0),
        ("A", 2019, "diesel", 50.0),
        ("B", 2018, "raw_coal", -100.0),
        ("B", 2018, "coke", 7500.0),
        ("B", 2019, "raw_coal", -100.0),
        ("B", 2019, "coke", 75.0),
    ]
    frame = pd.DataFrame(rows, columns=["area", "year", "product", "value"])
    found = check_plausibility(ca.make_balance(frame.assign(flow="coking")))
    conversions = [one for one in found if one.rule == "conversion"]
    assert [(one.gaps[0].area, one.gaps[0].year, one.where) for one in conversions] == [
        ("B", 2018, "B 2018"),
        ("A", 2019, "A 2019"),
    ]
    assert conversions[0].message.startswith("coking of B 2018 puts out about ")
    assert conversions[1].message == "coking of A 2019 puts out diesel and no coke"


@pytest.mark.parametrize(
    ("out", "named"),
    [
        ({"electricity": 9e6}, "electricity"),  # no column of heat at all
        ({"heat": 9e6}, "heat"),
        ({"electricity": 1.0, "heat": 9e6}, "heat"),  # what the plant is for
        ({"raw_coal": -1e-3, "heat": 0.9}, "heat"),  # amounts below one unit
        ({"electricity": 9e9, "heat": None}, "electricity"),
    ],
)
def test_too_much_is_said_where_it_comes_out(out, named):
    """The cell of the product that the plant is for, or of the first that comes out."""
    cells = {"raw_coal": -1.0} | out
    frame = pd.DataFrame(
        {"product": list(cells), "value": pd.array(list(cells.values()), float)}
    ).dropna()
    others = pd.DataFrame({"flow": "industry", "product": list(cells), "value": 1.0})
    table = pd.concat([frame.assign(flow="heating"), others])
    (found, *_) = [
        one
        for one in check_plausibility(ca.make_balance(table.assign(area="A", year=2019)))
        if one.rule == "conversion"
    ]
    assert (found.gaps[0].flow, found.gaps[0].product) == ("heating", named)
    assert "times the energy that goes in" in found.message


@pytest.mark.parametrize(
    ("inputs", "power", "is_said"),
    [
        ({"coal_total": -310e4, "natural_gas": -1.2e8}, 120e8, False),  # of a table of totals
        ({"coal_total": -310e4, "natural_gas": -1.2e8}, 1200e8, True),
        ({"coal_total": -310e4, "raw_coal": -310e4}, 120e8, False),  # once, and not twice
        ({"coal_total": -310e4, "raw_coal": -310e4}, 300e8, True),
        ({"total_energy": -9e6, "raw_coal": -1e4}, 120e8, True),  # all energy holds its own output
    ],
)
def test_totals_go_into_plants_where_no_kind_is_printed(inputs, power, is_said):
    """T of coal, m3 of gas and tce against kWh: 310e4 t hold 17 to 100 PJ, 120e8 kWh are 43 PJ."""
    cells = inputs | {"electricity": power}
    frame = pd.DataFrame({"product": list(cells), "value": list(cells.values())})
    made = ca.make_balance(frame.assign(area="A", year=2019, flow="thermal_power"))
    assert ("conversion" in rules(check_plausibility(made))) is is_said


@pytest.mark.parametrize(
    ("flows", "is_checked"),
    [
        ("industry households", True),
        ("industry households energy_sector", True),  # industry holds no energy sector
        ("secondary_industry households", True),
        ("secondary_industry households energy_sector", False),
        ("production households", True),
        ("exports households", False),
        ("statistical_difference households", False),
        ("thermal_power households", False),
    ],
)
def test_production_and_use_are_not_negative(flows, is_checked):
    """Trade, differences and inputs may be; a group that holds the energy sector is net of its output."""
    first, *others = flows.split()
    table = pd.DataFrame(
        {"area": "A", "year": 2019, "product": "raw_coal", "unit": "t", "flow": [first, *others]}
    )
    balance = ca.make_balance(table.assign(value=[-5.0, *[9.0] * len(others)]))
    found = dict(zip(balance.flows, _find_unsigned(balance).tolist(), strict=True))
    assert (found[first], found["households"]) == (is_checked, True)
