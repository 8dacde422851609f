"""A province's rows x the share of each city.

Laws of the arithmetic, and which index may scale what.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.cities.declared import indicators, list_candidates
from carbonacct.errors import TableError, UnitError
from tests.cities.building import (
    UNITS,
    amount,
    is_not_estimated,
    make_indicators,
    make_province,
    origin,
    rules,
)

ROWS = ("farming", "industry", "construction", "transport", "wholesale_retail", "other_services")
HOMES = ("households_urban", "households_rural")
FUELS = ("raw_coal", "diesel", "natural_gas", "electricity")

numbers = st.floats(min_value=0.01, max_value=1e6)


@st.composite
def provinces(draw):
    """Draw a balance whose rows are used, lost and transformed, with and without sums."""
    cells = {(row, fuel): draw(numbers) for row in (*ROWS, *HOMES) for fuel in FUELS}
    cells |= {("thermal_power", fuel): -draw(numbers) for fuel in FUELS[:3]}
    cells["thermal_power", "electricity"] = draw(numbers)
    cells["losses", "electricity"] = draw(numbers)
    if draw(st.booleans()):  # branches that leave a remainder of industry
        for fuel in FUELS:
            part = cells["industry", fuel] * draw(st.floats(0.1, 0.9))
            cells["industry.textile", fuel] = part / 2
            cells["industry.chemicals", fuel] = part / 2
    if draw(st.booleans()):
        for fuel in FUELS:
            cells["households", fuel] = sum(cells[row, fuel] for row in HOMES)
    return make_province(cells)


indices = st.fixed_dictionaries(dict.fromkeys(UNITS, numbers))


@settings(max_examples=15)
@given(provinces(), indices)
def test_a_city_that_is_the_whole_province_gets_its_balance(province, held):
    """Shares of 1 give back every row, and nothing is left to be said of them."""
    table = make_indicators({"某省": held, "甲市": held})
    city = ca.build_city_balance(area="甲市", province=province, indicators=table)
    for flow in province.flows:
        for product in province.products:
            expected = float(province.amounts.sel(flow=flow, product=product).item())
            if not np.isnan(expected):
                assert amount(city, flow, product) == pytest.approx(expected, rel=1e-9)
    assert rules(city, "error") == []


@settings(max_examples=15)
@given(provinces(), indices, st.floats(0.01, 0.99))
def test_two_parts_add_to_the_whole(province, held, share):
    """Whatever the share, two cities that are the province add to it in every row."""
    first = {name: value * share for name, value in held.items()}
    second = {name: value - first[name] for name, value in held.items()}
    table = make_indicators({"某省": held, "甲市": first, "乙市": second})
    both = ca.build_city_balance(province=province, indicators=table)
    assert both.areas == ["甲市", "乙市"]
    compared = ca.compare_with_province(both, province)
    known = compared[compared["province"].notna()]
    np.testing.assert_allclose(known["cities"], known["province"], rtol=1e-9)
    assert "city-shares" not in rules(both, "info", "warning")


@settings(max_examples=15)
@given(provinces(), indices, st.permutations(["甲市", "乙市", "丙市"]))
def test_the_order_of_cities_changes_nothing(province, held, order):
    """A city's balance does not depend on who stands beside it."""
    parts = {"甲市": 0.2, "乙市": 0.5, "丙市": 0.3}
    values = {name: {key: held[key] * parts[name] for key in held} for name in parts}
    table = make_indicators({"某省": held} | values)
    straight = ca.build_city_balance(area=list(parts), province=province, indicators=table)
    turned = ca.build_city_balance(area=list(order), province=province, indicators=table)
    for name in parts:
        xr_one, xr_other = straight.amounts.sel(area=name), turned.amounts.sel(area=name)
        np.testing.assert_array_equal(xr_one.values, xr_other.values)


@settings(max_examples=15)
@given(provinces(), indices, st.dictionaries(st.sampled_from(list(UNITS)), st.floats(0.01, 0.99)))
def test_nothing_changes_its_sign(province, held, some):
    """Whatever indices say, what is used is used and what is transformed is transformed."""
    city = {name: held[name] * some.get(name, 0.5) for name in held}
    table = make_indicators({"某省": held, "甲市": city})
    balance = ca.build_city_balance(area="甲市", province=province, indicators=table)
    for flow in set(balance.flows) - {"moved_out"}:
        signs = np.sign(balance.amounts.sel(flow=flow).values.ravel())
        for sign, product in zip(signs, balance.products, strict=True):
            plants = flow == "thermal_power" and product != "electricity"
            assert np.isnan(sign) or (sign <= 0 if plants else sign >= 0)


def small_province():
    """Return a province of few rows."""
    return make_province(
        {
            ("thermal_power", "raw_coal"): -1000.0,
            ("industry", "raw_coal"): 500.0,
            ("transport", "diesel"): 300.0,
            ("industry", "electricity"): 80.0,
        }
    )


PROVINCE = {"va_secondary": 200.0, "va_tertiary": 100.0, "gdp": 320.0, "population": 40.0}
CITY = {"va_secondary": 20.0, "va_tertiary": 20.0, "gdp": 42.0, "population": 4.0}


def test_plants_are_not_allocated_by_value_added():
    """Rule 1: value added, heads or coal equivalent never place a power plant.

    Its generation does.
    """
    table = make_indicators({"某省": PROVINCE, "甲市": CITY})
    city = ca.build_city_balance(area="甲市", province=small_province(), indicators=table)
    assert is_not_estimated(city, "thermal_power", "raw_coal")
    (note,) = [one for one in city.findings if "thermal_power" in one.message]
    assert (
        note.message == "no index allocates raw_coal of thermal_power to 甲市 2019: not estimated"
    )
    assert (note.rule, note.action) == (
        "city-not-allocated",
        "give thermal_generation or power_coal of both areas",
    )
    both = {"thermal_generation": 50.0}, {"thermal_generation": 2.0}
    table = make_indicators({"某省": PROVINCE | both[0], "甲市": CITY | both[1]})
    city = ca.build_city_balance(area="甲市", province=small_province(), indicators=table)
    assert amount(city, "thermal_power", "raw_coal") == pytest.approx(-40.0)
    assert origin(city, "thermal_power", "raw_coal").index == "thermal_generation"


def test_an_index_written_for_a_plant_is_refused_by_name():
    """A person who writes value added beside thermal_power is told, and it is not used."""
    table = make_indicators({"某省": PROVINCE, "甲市": CITY})
    table.loc[table["indicator"] == "va_secondary", "row"] = "thermal_power"
    city = ca.build_city_balance(area="甲市", province=small_province(), indicators=table)
    assert rules(city, "error") == ["city-index-refused"] * 2
    assert is_not_estimated(city, "thermal_power", "raw_coal")


def test_no_single_index_moves_plants_and_electricity():
    """--index gdp moves the rows that value added may move, and no others."""
    table = make_indicators({"某省": PROVINCE, "甲市": CITY})
    city = ca.build_city_balance(
        area="甲市", province=small_province(), indicators=table, index="GDP"
    )
    assert {
        origin(city, *cell).index for cell in (("industry", "raw_coal"), ("transport", "diesel"))
    } == {"gdp"}
    assert is_not_estimated(city, "industry", "electricity")
    with pytest.raises(TableError, match="no indicator 'gpd'; did you mean gdp"):
        ca.build_city_balance(area="甲市", province=small_province(), indicators=table, index="gpd")


def test_each_cell_says_its_index_and_the_spread():
    """Case, index, both values, share and source, and the lowest and highest share by any index."""
    table = make_indicators({"某省": PROVINCE, "甲市": CITY})
    city = ca.build_city_balance(area="甲市", province=small_province(), indicators=table)
    found = origin(city, "transport", "diesel")
    assert (found.how, found.case, found.index) == ("allocated", "beta", "va_tertiary")
    assert (found.index_city, found.index_reference, found.share) == (20.0, 100.0, 0.2)
    assert (found.share_low, found.share_high) == (0.1, 0.2)  # population and value added
    assert "test" in found.source
    assert amount(city, "transport", "diesel") == pytest.approx(60.0)
    spread = ca.tabulate_spread(city).set_index("product")
    assert spread.loc["diesel", ["low", "value", "high"]].tolist() == pytest.approx([30, 60, 60])


def test_one_index_alone_leaves_the_spread_unknown():
    """Where nothing stands beside an index the finding names the row."""
    table = make_indicators({"某省": {"va_tertiary": 100.0}, "甲市": {"va_tertiary": 20.0}})
    city = ca.build_city_balance(area="甲市", province=small_province(), indicators=table)
    assert "city-one-index" in rules(city)
    assert not origin(city, "transport", "diesel").has_spread


def test_a_row_takes_its_own_indicator_first():
    """An indicator written for a row stands before the declared order, for it and its parts."""
    table = make_indicators({"某省": PROVINCE, "甲市": CITY})
    own = pd.DataFrame(
        [
            ("某省", "transport", "port cranes", 8.0, "km2", ""),
            ("甲市", "transport", "port cranes", 4.0, "km2", ""),
        ],
        columns=table.columns,
    )
    city = ca.build_city_balance(
        area="甲市", province=small_province(), indicators=pd.concat([table, own])
    )
    assert origin(city, "transport", "diesel").index == "port cranes"
    assert amount(city, "transport", "diesel") == pytest.approx(150.0)


def test_two_price_bases_are_refused():
    """A city's value added at 2015 prices over a province's at current prices is no share."""
    table = make_indicators({"某省": PROVINCE, "甲市": CITY})
    table["unit"] = [
        f"{unit}({'当年价' if area == '某省' else '2015年价'})" if unit == "亿元" else unit
        for unit, area in zip(table["unit"], table["area"], strict=True)
    ]
    city = ca.build_city_balance(area="甲市", province=small_province(), indicators=table)
    assert origin(city, "transport", "diesel").index == "population"
    assert "city-index-refused" in rules(city, "error")


def test_a_city_has_no_more_than_its_province():
    """A share above 1 (a unit, an area) is refused."""
    table = make_indicators({"某省": PROVINCE, "甲市": CITY | {"va_tertiary": 200.0}})
    city = ca.build_city_balance(area="甲市", province=small_province(), indicators=table)
    assert "city-index-refused" in rules(city, "error")
    assert origin(city, "transport", "diesel").index == "gdp"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "吨"}, "Gross domestic product cannot be in '吨'"),
        ({"value": "-3"}, "the value is '-3'; an index is a number of 0 or more"),
        ({"value": "1_000"}, "the value is '1_000'; an index is a number of 0 or more"),
        ({"value": "1,5"}, "the value is '1,5'; an index is a number of 0 or more"),
        ({"indicator": "快乐指数"}, "no indicator '快乐指数'"),
        ({"row": "transprt"}, "no row 'transprt'; did you mean Transport"),
        ({"year": "next"}, "the year is 'next'; write it as 2019"),
        ({"area": ""}, "the area is blank"),
    ],
)
def test_a_faulty_line_is_named(change, message):
    """Rule 6: units of indicators are checked as everywhere, and each fault has its line."""
    row = {"area": "甲市", "row": "*", "indicator": "GDP", "value": "3", "unit": "亿元"} | change
    with pytest.raises((TableError, UnitError), match=f"indicators!D2: .*{message}"):
        ca.build_city_balance(
            area="甲市", year=2019, province=small_province(), indicators=pd.DataFrame([row])
        )


def test_two_numbers_of_one_indicator_stop():
    """One indicator of one area and year has one number."""
    table = make_indicators({"某省": PROVINCE, "甲市": CITY})
    twice = pd.concat([table, table.tail(1).assign(value=9.0)])
    with pytest.raises(TableError, match="population of 甲市 2019 is 9 here and 4 in"):
        ca.build_city_balance(area="甲市", province=small_province(), indicators=twice)


def test_a_city_lies_in_its_province():
    """赤峰 is no city of 福建; the grid of eastern Inner Mongolia is the northeast's."""
    province = make_province({("transport", "diesel"): 3.0})
    named = ca.make_balance(province.amounts.assign_coords(area=["福建"]))
    table = make_indicators({"福建": {"gdp": 3.0}, "赤峰": {"gdp": 1.0}})
    with pytest.raises(TableError, match="赤峰 lies in 内蒙古, and the balance is of 福建"):
        ca.build_city_balance(area="赤峰", province=named, indicators=table)
    grids = {
        name: vocabulary.areas()[name].grid
        for name in ("chifeng", "tongliao", "hulunbuir", "hinggan", "baotou")
    }
    assert grids == dict.fromkeys(grids, "grid_northeast") | {"baotou": "grid_north"}


def test_every_declared_index_is_a_declared_indicator():
    """Each row's candidates are known, and a closed row has none of money.

    Heads or coal equivalent.
    """
    for flow in vocabulary.flows():
        for product in ("raw_coal", "electricity", "diesel"):
            found = list_candidates(flow, product)
            assert all(one.source for one in found)
            for one in found:
                assert not one.indicator or one.indicator in indicators()
                if one.only and one.indicator:
                    assert indicators()[one.indicator].kind == "physical"


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "gbk.csv"])
def test_indicators_are_read_from_any_table(tmp_path, suffix):
    """A CSV in UTF-8 or GBK, or a workbook; Chinese headers; a blank value is not filled in yet."""
    table = make_indicators({"某省": PROVINCE, "甲市": CITY})
    words = {"area": "地区", "row": "行", "indicator": "指标", "value": "数值", "unit": "单位"}
    table = table.rename(columns=words | {"source": "来源"})
    table.loc[len(table)] = ["甲市", "*", "GDP", None, "亿元", ""]
    path = tmp_path / f"indicators.{suffix}"
    if suffix == "xlsx":
        table.to_excel(path, index=False)
    else:
        table.to_csv(path, index=False, encoding="gbk" if "gbk" in suffix else "utf-8")
    city = ca.build_city_balance(area="甲市", year=2019, province=small_province(), indicators=path)
    assert origin(city, "transport", "diesel").share == 0.2


def test_what_a_row_has_beyond_its_parts_is_allocated_with_it():
    """A blank part takes nothing of its row: half of 10 t is 5 t, 4 t in textile and none in paper."""
    cells = {
        ("industry", "diesel"): 10.0,
        ("industry.textile", "diesel"): 4.0,
        ("industry", "coke"): 3.0,
        ("industry.paper", "coke"): 3.0,
    }
    city = {"gdp": 160.0, "va_secondary": 100.0}
    table = make_indicators({"某省": {"gdp": 320.0, "va_secondary": 200.0}, "甲市": city})
    found = ca.build_city_balance(area="甲市", province=make_province(cells), indicators=table)
    assert amount(found, "industry", "diesel") == pytest.approx(5.0)
    assert amount(found, "industry.textile", "diesel") == pytest.approx(2.0)
    assert amount(found, "industry", "coke") == pytest.approx(1.5)
