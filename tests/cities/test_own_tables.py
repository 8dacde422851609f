"""The city's own tables: printed, scaled, residual; and what is refused with its reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.cities.residuals import take_rest
from carbonacct.errors import TableError
from tests.cities.building import (
    COLUMNS,
    INDUSTRY,
    PAGES,
    TABLES,
    amount,
    is_not_estimated,
    make_indicators,
    make_province,
    origin,
    rules,
    scale,
    write_page,
)

TOTALS = """甲市能源消费量
指标,单位,2019年
煤炭消费量,万吨,{coal}
天然气消费量,万立方米,{gas}
"""


def test_industry_above_designated_size_is_scaled_to_the_whole(industry):
    """Case B: branch x m, the power branch as printed and into plants."""
    city = ca.build_city_balance(industry, area="甲市", year=2019, indicators=scale())
    assert amount(city, "industry.textile", "diesel") == pytest.approx(120.0)
    assert amount(city, "industry", "diesel") == pytest.approx(480.0)
    assert amount(city, "thermal_power", "diesel") == -20.0
    assert origin(city, "thermal_power", "diesel").how == "printed"
    found = origin(city, "industry", "diesel")
    assert (found.how, found.case, found.share) == ("scaled", "gamma", 1.2)
    assert (found.index_city, found.index_reference) == (120.0, 100.0)
    assert "indicators!D2" in found.source


def test_coal_beside_coal_products_is_raw_coal(industry):
    """A branch that burns coal products and no coal shows that coal does not hold them."""
    city = ca.build_city_balance(industry, area="甲市", year=2019, indicators=scale())
    assert {"raw_coal", "briquettes"} <= set(city.products)
    assert "coal_total" not in city.products
    assert amount(city, "industry", "briquettes") == pytest.approx(600.0)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (scale("96.6"), "m = 0.9660 by va_industry / va_industry_above in 2019"),
        (scale("96.6", prices="2015年价"), "in 2015 prices and va_industry_above in current"),
        (
            pd.DataFrame([("甲市", "industry", "coverage", 0.911, "", "")], columns=COLUMNS),
            "m = 0.9110 by coverage",
        ),
    ],
)
def test_a_scale_below_one_is_refused(industry, table, words):
    """Rule 3: a whole smaller than its part comes of two price bases.

    The printed part is kept and said.
    """
    city = ca.build_city_balance(industry, area="甲市", year=2019, indicators=table)
    (note,) = [one for one in city.findings if one.rule == "city-scale"]
    assert note.severity == "error"
    assert words in note.message
    assert "city-scale-missing" in rules(city)
    assert amount(city, "industry.textile", "diesel") == 100.0
    assert origin(city, "industry", "diesel").how == "derived"


def test_value_added_of_branches_adds_up(industry):
    """Value added of branches above designated size is the part where no total is printed.

    Two ways make a spread.
    """
    rows = [
        ("甲市", "*", "工业增加值", 130, "亿元", ""),
        ("甲市", "纺织业", "规模以上工业增加值", 40, "亿元", ""),
        ("甲市", "电力、热力生产和供应业", "规模以上工业增加值", 60, "亿元", ""),
        ("甲市", "*", "工业总产值", 440, "亿元", ""),
        ("甲市", "*", "规模以上工业总产值", 400, "亿元", ""),
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    city = ca.build_city_balance(industry, area="甲市", year=2019, indicators=table)
    found = origin(city, "industry", "diesel")
    assert found.share == pytest.approx(1.3)
    assert (found.share_low, found.share_high) == pytest.approx((1.1, 1.3))
    assert "city-index-refused" not in rules(city)


def test_what_a_total_leaves_is_industry(tmp_path, industry):
    """Totals in tonnes less plants and coal products.

    Branches are brought to the row, fuel by fuel.
    """
    totals = write_page(tmp_path, "totals.csv", TOTALS.format(coal="6.6", gas="130"))
    city = ca.build_city_balance(industry, totals, area="甲市", year=2019, indicators=scale())
    assert amount(city, "industry", "raw_coal") == pytest.approx(66000 - 50000 - 600)
    assert amount(city, "industry", "natural_gas") == pytest.approx(60e4)
    assert origin(city, "industry", "raw_coal").how == "residual"
    ratio = 15400 / 10000
    assert amount(city, "industry.textile", "raw_coal") == pytest.approx(4000 * ratio)
    assert origin(city, "industry.textile", "raw_coal").share == pytest.approx(ratio)
    assert rules(city, "error") == []


def test_a_rest_below_its_known_part_is_refused(tmp_path, industry):
    """Rule 2: no negative branch, no branch scaled down.

    The known part is kept and the gap said.
    """
    totals = write_page(tmp_path, "totals.csv", TOTALS.format(coal="5.8", gas="130"))
    city = ca.build_city_balance(industry, totals, area="甲市", year=2019, indicators=scale())
    (note,) = [one for one in city.findings if one.rule == "city-residual"]
    assert note.severity == "error"
    assert "7400 would be left for raw_coal of industry, of which 10000 is known" in note.message
    assert amount(city, "industry", "raw_coal") == 10000.0
    assert amount(city, "industry.textile", "raw_coal") == 4000.0
    assert origin(city, "industry.textile", "raw_coal").how == "printed"


def test_residuals_are_taken_in_physical_units(tmp_path, industry):
    """A total in coal equivalent alone leaves nothing.

    Its coefficient is not that of what is subtracted.
    """
    page = "甲市能源消费量\n指标,单位,2019年\n煤炭消费量,万吨标准煤,4\n"
    totals = write_page(tmp_path, "totals.csv", page)
    city = ca.build_city_balance(industry, totals, area="甲市", year=2019, indicators=scale())
    assert origin(city, "industry", "raw_coal").how == "scaled"
    assert "city-residual" in rules(city, "info")


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_rest_is_never_below_what_is_known(total, known, floor):
    """What is left is total less known, or nothing at all."""
    rest = take_rest(total, known, floor)
    assert rest is None or (rest == total - known and rest >= floor >= 0)


def test_a_carrier_is_named_and_can_be_left_out(tmp_path):
    """Rule 4: an airline's kerosene is in the city's total.

    It is named, with its share, and taken out on request.
    """
    page = """table,label,unit,year,value
totals,油品消费量,万吨,2019,10
aviation,甲航煤油,吨,2019,40000
bus,公交车柴油,吨,2019,100
gas_office,家庭用液化石油气,吨,2019,5000
"""
    path = write_page(
        tmp_path, "offices.csv", page.replace("公交车柴油", "常规公交").replace("bus,", "diesel,")
    )
    city = ca.build_city_balance(path, area="甲市", year=2019)
    assert amount(city, "transport", "kerosene") == 40000.0
    assert amount(city, "transport", "gasoline") == pytest.approx(100000 - 40000 - 100)
    (note,) = [one for one in city.findings if one.rule == "city-boundary"]
    assert "甲航煤油, 40000 t of kerosene, 40.0% of oil_total, follows the seat" in note.message
    assert note.action.endswith("--outside 甲航煤油 does")
    inside = ca.build_city_balance(path, area="甲市", year=2019, outside=["甲航煤油"])
    assert "kerosene" not in inside.products
    assert amount(inside, "transport", "gasoline") == amount(city, "transport", "gasoline")


def test_a_gap_names_whose_fuel_it_may_be(tmp_path):
    """A total that leaves an airline out is less than the uses: the refusal names the airline."""
    page = """table,label,unit,year,value
totals,油品消费量,万吨,2019,6
aviation,甲航煤油,吨,2019,60000
vehicle_diesel,货车,吨,2019,50000
vehicle_gasoline,出租车,吨,2019,9000
"""
    city = ca.build_city_balance(write_page(tmp_path, "offices.csv", page), area="甲市", year=2019)
    (note,) = [one for one in city.findings if one.rule == "city-residual"]
    assert note.action.startswith("甲航煤油 (60000 t) is near the gap")
    assert amount(city, "transport", "gasoline") == 9000.0


def test_electricity_printed_apart_is_shown_and_kept(tmp_path):
    """Rule 5: use, generation and import do not close.

    Each stays as printed and the gap is said.
    """
    page = """甲市电力
指标,单位,2019年
全社会用电量,亿千瓦时,100
火力发电量,亿千瓦时,30
水力发电量,亿千瓦时,1
调入电力,亿千瓦时,73
"""
    city = ca.build_city_balance(write_page(tmp_path, "power.csv", page), area="甲市", year=2019)
    (note,) = [one for one in city.findings if one.rule == "city-electricity"]
    assert "leave -4:" in note.message
    assert amount(city, "moved_in", "electricity") == 73e8
    assert amount(city, "thermal_power", "electricity") == 30e8


def test_import_of_electricity_is_use_less_generation(tmp_path):
    """Where no import is printed it is derived, and says so; without generation it is not."""
    page = "甲市电力\n指标,单位,2019年\n工业用电,亿千瓦时,100\n{}"
    made = write_page(tmp_path, "made.csv", page.format("火力发电量,亿千瓦时,30\n"))
    city = ca.build_city_balance(made, area="甲市", year=2019)
    assert amount(city, "moved_in", "electricity") == 70e8
    assert origin(city, "moved_in", "electricity").how == "derived"
    alone = ca.build_city_balance(
        write_page(tmp_path, "alone.csv", page.format("")), area="甲市", year=2019
    )
    assert "moved_in" not in alone.flows


def test_a_printed_balance_stands_before_all(tmp_path):
    """Case alpha: what the city's own balance prints is taken as it is."""
    page = "甲市能源平衡表 2019\n项目,柴油(吨),汽油(吨)\n工业,7,8\n交通运输、仓储和邮政业,9,10\n"
    balance = write_page(tmp_path, "balance.csv", page)
    province = make_province({("transport", "diesel"): 100.0, ("farming", "diesel"): 50.0})
    table = make_indicators({"某省": {"gdp": 10.0}, "甲市": {"gdp": 1.0}})
    city = ca.build_city_balance(
        balance, area="甲市", year=2019, province=province, indicators=table
    )
    assert amount(city, "transport", "diesel") == 9.0
    assert origin(city, "transport", "diesel").case == "alpha"
    assert amount(city, "farming", "diesel") == pytest.approx(5.0)
    assert origin(city, "farming", "diesel").case == "beta"


def test_a_table_of_all_industry_is_not_scaled(tmp_path):
    """Case A: no title says above designated size; branches are the whole and stay as printed."""
    path = write_page(tmp_path, "industry.csv", INDUSTRY.replace("规模以上工业企业", "工业"))
    city = ca.build_city_balance(path, area="甲市", year=2019, indicators=scale())
    assert amount(city, "industry.textile", "diesel") == 100.0
    assert "industry" not in city.flows


def test_a_row_of_industry_is_split_as_the_province_is(tmp_path):
    """Case C: only fuels of all industry above designated size.

    Branches share them as the province's, by output.
    """
    page = "甲市规模以上工业能源消费量(2019年)\n项目,柴油(吨),汽油(吨)\n工业,1000,300\n"
    path = write_page(tmp_path, "industry.csv", page)
    province = make_province(
        {
            ("industry.textile", "diesel"): 400.0,
            ("industry.chemicals", "diesel"): 600.0,
            ("industry", "diesel"): 1000.0,
        }
    )
    rows = [
        ("某省", "纺织业", "工业总产值", 40, "亿元", ""),
        ("甲市", "纺织业", "工业总产值", 10, "亿元", ""),
        ("某省", "化学原料和化学制品制造业", "工业总产值", 60, "亿元", ""),
        ("甲市", "化学原料和化学制品制造业", "工业总产值", 5, "亿元", ""),
    ]
    table = pd.concat([pd.DataFrame(rows, columns=COLUMNS), scale()])
    city = ca.build_city_balance(path, area="甲市", year=2019, province=province, indicators=table)
    assert amount(city, "industry", "diesel") == pytest.approx(1200.0)
    # a = 400/40 and 600/60 t per 10^8 yuan: 10 x 10 and 10 x 5, brought to 1200
    assert amount(city, "industry.textile", "diesel") == pytest.approx(800.0)
    assert amount(city, "industry.chemicals", "diesel") == pytest.approx(400.0)
    assert origin(city, "industry.textile", "diesel").case == "gamma"


def test_energy_of_a_branch_takes_the_mix_of_the_province(tmp_path):
    """Case D.

    Tonnes of coal equivalent of a branch x fuel over energy of that branch in the province.
    """
    page = (
        "甲市规模以上工业综合能源消费量(2019年)\n行业,指标,单位,年份,数值\n"
        "纺织业,综合能源消费量,吨标准煤,2019,300\n"
    )
    path = write_page(tmp_path, "energy.csv", page)
    province = make_province(
        {
            ("industry.textile", "diesel"): 400.0,
            ("industry.textile", "total_energy"): 1200.0,
            ("industry.power_heat_supply", "raw_coal"): 900.0,
            ("industry.power_heat_supply", "total_energy"): 600.0,
        }
    )
    table = make_indicators({"某省": {"gdp": 10.0}, "甲市": {"gdp": 1.0}})
    city = ca.build_city_balance(path, area="甲市", year=2019, province=province, indicators=table)
    assert amount(city, "industry.textile", "diesel") == pytest.approx(100.0)
    assert origin(city, "industry.textile", "diesel").index == "energy_industry"
    assert is_not_estimated(city, "industry.power_heat_supply", "raw_coal")


def test_only_totals_are_final_consumption(tmp_path):
    """Case delta: a fuel of which nothing but its total is known.

    What is outside is taken out by its coefficient.
    """
    page = """table,label,unit,year,value
totals,煤炭消费量,万吨标煤,2019,244.31
totals,油品消费量,万吨标煤,2019,597.38
aviation,甲航煤油,吨,2019,1570862.16
"""
    path = write_page(tmp_path, "totals.csv", page)
    city = ca.build_city_balance(path, area="甲市", year=2019, outside=["甲航煤油"])
    assert amount(city, "final_consumption", "coal_total") == pytest.approx(244.31e4)
    assert origin(city, "final_consumption", "coal_total").case == "delta"
    oil = amount(city, "final_consumption", "oil_total")
    assert oil == pytest.approx(597.38e4 - 1570862.16 * 1.4714)


def test_printed_uses_bound_what_is_allocated():
    """What the gas office prints is all the LPG there is.

    None is allocated beside it, and nothing printed changes.
    """
    city = ca.build_city_balance(
        *PAGES,
        area="江州市",
        year=2019,
        province=TABLES / "province_2019.csv",
        indicators=TABLES / "indicators_2019.csv",
    )
    lpg = {flow for flow in city.flows if origin(city, flow, "lpg")}
    assert lpg == {
        "industry",
        "other_services",
        "households",
        "households_urban",
        "households_rural",
    }
    assert "city-closed" in rules(city, "info")
    for product, total in (("natural_gas", 28000e4), ("raw_coal", None)):
        rows = ["industry", "transport", "other_services", "households", "losses", "thermal_power"]
        used = sum(
            abs(amount(city, row, product))
            for row in rows
            if row in city.flows and not np.isnan(amount(city, row, product))
        )
        assert total is None or used == pytest.approx(total)
    assert rules(city, "error") == []
    assert [note for note in ca.check_balance(city) if note.severity == "error"] == []


@settings(max_examples=20)
@given(st.lists(st.floats(1, 1e6), min_size=4, max_size=4), st.floats(1.0, 3.0))
def test_a_printed_number_is_never_changed(tmp_path_factory, values, m):
    """Whatever is scaled and left over around it, what is printed stands as printed."""
    folder = tmp_path_factory.mktemp("pages")
    page = "table,label,unit,year,value\n" + "".join(
        f"{table},{label},吨,2019,{value!r}\n"
        for (table, label), value in zip(
            (("lpg", "家庭用量"), ("lpg", "工业"), ("coal", "生活用煤"), ("farm", "农用柴油")),
            values,
            strict=True,
        )
    )
    path = write_page(folder, "offices.csv", page)
    industry = write_page(folder, "industry.csv", INDUSTRY)
    city = ca.build_city_balance(
        path, industry, area="甲市", year=2019, indicators=scale(repr(100 * m))
    )
    cells = (
        ("households", "lpg"),
        ("industry", "lpg"),
        ("households", "raw_coal"),
        ("farming", "diesel"),
    )
    for cell, value in zip(cells, values, strict=True):
        assert amount(city, *cell) == value
        assert origin(city, *cell).how == "printed"
        assert "offices.csv!E" in city.address("甲市", 2019, *cell)


def test_power_of_plants_is_in_the_row_and_not_scaled(tmp_path):
    """Electricity of industry is its branches x m and what plants use themselves, as printed."""
    page = (
        "甲市规模以上工业能源消费(2019年)\n项目,柴油(吨),电力(万千瓦时)\n"
        "纺织业,100,50\n电力、热力生产和供应业,20,7\n"
    )
    path = write_page(tmp_path, "industry.csv", page)
    city = ca.build_city_balance(path, area="甲市", year=2019, indicators=scale())
    assert amount(city, "industry.power_heat_supply", "electricity") == 7e4
    assert amount(city, "industry.textile", "electricity") == pytest.approx(60e4)
    assert amount(city, "industry", "electricity") == pytest.approx(67e4)
    assert [note for note in ca.check_balance(city) if note.rule == "sum-of-parts"] == []


def test_a_row_of_all_industry_beside_its_branches(tmp_path):
    """The printed sum holds plants and branches not listed: it is scaled without plants."""
    page = (
        "甲市规模以上工业能源消费(2019年)\n项目,煤(吨),柴油(吨)\n总计,600,160\n"
        "纺织业,100,100\n电力、热力生产和供应业,400,20\n"
    )
    path = write_page(tmp_path, "industry.csv", page)
    city = ca.build_city_balance(path, area="甲市", year=2019, indicators=scale())
    coal = "coal_total"
    assert amount(city, "thermal_power", coal) == -400.0
    assert amount(city, "industry", coal) == pytest.approx(1.2 * 200)
    assert amount(city, "industry.textile", coal) == pytest.approx(120.0)
    assert amount(city, "industry", "diesel") == pytest.approx(1.2 * 140)


def test_a_written_indicator_stands_before_a_printed_one(industry, tmp_path):
    """What a person writes counts; a page that says otherwise by more than rounding is named."""
    page = "甲市国民经济\n指标,单位,2019年\n工业增加值,万元,{}\n"
    for value, said in (
        ("1200400", False),
        ("1205900", False),
        ("1206100", True),
        ("1300000", True),
    ):
        path = write_page(tmp_path, f"gdp{value}.csv", page.format(value))
        city = ca.build_city_balance(industry, path, area="甲市", year=2019, indicators=scale())
        assert origin(city, "industry", "diesel").share == pytest.approx(1.2)
        assert ("city-alternative" in rules(city)) == said


def test_a_label_outside_the_boundary_has_to_be_there(tmp_path):
    """A label that no table has would leave nothing out: it is refused, with near ones."""
    page = "table,label,unit,year,value\naviation,甲航煤油,吨,2019,40000\n"
    path = write_page(tmp_path, "offices.csv", page)
    with pytest.raises(TableError, match=r"no label '甲航煤'.*did you mean 甲航煤油"):
        ca.build_city_balance(path, area="甲市", year=2019, outside=["甲航煤"])
