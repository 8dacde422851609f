"""What a title says of its table: one user, one product, inputs or outputs, or no amounts of energy."""

from __future__ import annotations

import pytest

from carbonacct.balances.label.topics import (
    find_direction,
    find_flow,
    find_joined,
    find_note_of_other,
    find_other,
    find_product,
    find_weak_flow,
    name_other,
    names_balance,
    says_one_product,
    says_other_watt_hours,
)


@pytest.mark.parametrize(
    "title",
    [
        "非工业重点耗能单位能源消费情况",
        "非工业企业能源消费量",
        "除工业以外各行业能源消费情况",
        "不含规模以上工业的能源消费量",
        "工业以外能源消费情况",
        "Non-industrial energy consumption",
        "Energy consumption excluding industry",
        "Final energy consumption, other than industry",
        "非农业能源消费量",
        "除居民生活以外能源消费量",
    ],
)
def test_a_title_of_all_but_one_user_names_no_use(title):
    """It is no use of industry (or farming), which it was read as, and not that of all."""
    assert (find_flow(title), find_weak_flow(title)) == ("", "")


@pytest.mark.parametrize(
    ("title", "flow"),
    [
        # One user, before the word of use or behind it.
        ("Household electricity consumption", "households"),
        ("Household final energy consumption", "households"),
        ("Residential sector", "households"),
        ("Consumption of gas in the residential sector", "households"),
        ("Energy consumption of agriculture", "farming"),
        ("Energy consumption in the transport sector, 2019", "transport"),
        ("Energy demand in industry", "industry"),
        ("Table 3 Transport energy", "transport"),
        ("Energy use, households", "households"),
        ("Energy use of public services abroad", "other_services.public"),
        ("Energy use of textile industry abroad", "industry.textile"),
        ("Consumption of oil and gas in industry", "industry"),
        ("Table 5, Industry energy use", "industry"),
        # A name of several words is one user.
        ("Consumption in wholesale and retail", "wholesale_retail"),
        ("Consumption of commerce and public services", "other_services"),
        ("Commerce and public services energy use", "other_services"),
        ("Food and tobacco energy use", "industry.food_beverages"),
        ("Energy consumption in iron and steel industry", "industry.ferrous_smelting"),
        ("Agriculture, forestry and fishing energy use", "farming"),
        ("Transport, storage and post energy consumption", "transport"),
        # Two of them, wherever they are listed, are neither.
        ("Residential sector and commercial sector", ""),
        ("Commercial/residential sector", ""),
        ("Industry and transport sector", ""),
        ("Household and transport energy consumption", ""),
        ("Industry, households energy use", ""),
        ("Industry and households energy use", ""),
        ("Industrial and residential electricity demand", ""),
        ("Household energy use and transport energy use", ""),
        ("Household energy use\nTransport energy use", ""),
        ("Energy use by households and transport", ""),
        ("Energy consumption by households, transport and industry", ""),
        ("Energy consumption in manufacturing and construction", ""),
        ("Energy consumption in wholesale and retail and in industry", ""),
        # Without one: all consumption, what is made, or nothing.
        ("Energy consumption by sector", "total_consumption"),
        ("Final energy consumption", "final_consumption"),
        ("Production of coal", "gross_output"),
        ("Production and consumption of coal", "total_consumption"),
        ("Coal use", ""),
        ("Imports use", ""),  # no user
        ("Industrial energy", "industry"),
    ],
)
def test_whose_use_an_english_title_is_of(title, flow):
    """Rows that name no user take it from there: those of two users would all go to one of them."""
    assert find_flow(title) == flow


@pytest.mark.parametrize(
    ("title", "flow"),
    [
        ("生活能源消费量", "households"),
        ("生 活 能 源 消 费 量", "households"),
        ("建筑业能源消费", "construction"),
        ("农林牧渔业分品种能源消费量", "farming"),
        ("公共机构能源消费量", "services.public"),
        ("某市第三产业能源消费量", "tertiary_industry"),
        ("铁路运输燃料消耗情况表", "transport.rail"),
        ("某市六大高耗能行业能源消费量", "industry.energy_intensive"),
        ("某市发电企业能源消耗", "thermal_power.input"),
        ("工业、建筑业能源消费量", ""),
        ("建筑业能源消费量、交通运输业能源消费量", ""),
        ("建筑业能源消费 交通运输业能源消费", ""),
        ("主要城市能源消费量", "total_consumption"),  # places
        ("金融业能源消费量", "total_consumption"),
        ("能源生产总量", "production"),
        ("能源生产总量及消费", ""),
        ("规模以上工业原煤产量", "gross_output"),
        ("原煤产量及消费量", "total_consumption"),
        ("规模以上工业能源消费", "industry"),
        ("能源终端消费量", "final_consumption"),
        ("能源消费情况", ""),
    ],
)
def test_whose_use_a_chinese_title_is_of(title, flow):
    """The sector that stands before what it uses; of two it is neither."""
    assert find_flow(title) == flow


@pytest.mark.parametrize(
    ("title", "flow"),
    [
        ("各市能源消费情况", "total_consumption"),
        ("工业、建筑业能源消费情况", ""),
        ("Energieverbrauch 2019", "total_consumption"),
        ("Verbrauch der Haushalte", "households"),
        ("Verbrauch der Haushalte und Industrie", ""),
        ("Haushalte", ""),
        ("Consommation d'énergie de l'industrie", "industry"),
        ("가정 소비", "households"),
        (
            "Consumo de energia: ferro gusa e aço",
            "industry.ferrous_smelting",
        ),  # a name of four words
    ],
)
def test_a_looser_word_of_use(title, flow):
    """One user beside it, or all."""
    assert find_weak_flow(title) == flow


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("煤炭和石油消费量", ""),
        ("原煤产量与焦炭消费量", ""),
        ("煤炭及制品产量", ""),
        ("煤 炭 消 费 量", "coal_total"),
        ("电力生产、消费量", "electricity"),
        ("电力平衡表\n热力平衡表", ""),
        ("一次能源消费量", ""),
        # At the end of a line, or in brackets.
        ("天然气供应情况", "natural_gas"),
        ("城市天然气 Natural gas", "natural_gas"),
        ("城市煤气和天然气", ""),
        ("城市电力", "electricity"),
        ("某电力情况", "electricity"),
        ("天然气（LNG）", "natural_gas"),
        ("Gas Distribution (Towngas) (Coal)", ""),
        ("Table 3.2 Natural gas, 2019", "natural_gas"),
        ("Table 5 - Natural gas (TJ)", "natural_gas"),
        ("Table 3 Coal and natural gas", ""),
        # Before a word of use, or behind its "of".
        ("Natural gas and coal consumption", ""),
        ("Coal, electricity consumption", ""),
        ("Final energy consumption: coal deliveries", "coal_total"),
        ("Deliveries of the natural gas and coal", ""),
        ("Supply and consumption of hard coal, 2019", "hard_coal"),
        ("Use of natural gas for electricity generation", "natural_gas"),
        ("Supply of natural gas worldwide", "natural_gas"),
        ("Supply of electricity, natural gas worldwide", ""),
        ("Use of energy", ""),
    ],
)
def test_the_product_that_a_title_is_of(title, product):
    """Of a list it is of none."""
    assert find_product(title) == product


@pytest.mark.parametrize(
    ("title", "joined"),
    [
        ("3-5 各市全社会用电量(2016年)", "total_consumption electricity"),
        ("主要年份工业用热", "industry heat"),
        ("2019年工业用电量", "industry electricity"),
        (
            "全社会用电量和工业用电量",
            "total_consumption electricity",
        ),  # electricity either way; its columns say the use
        ("全社会用电量及供热量", None),
        ("全社会用电量、工业用电量", None),
        ("某某公司用电量", None),  # whose it is remains unread
        ("用电", None),
    ],
)
def test_a_phrase_that_joins_a_use_and_its_product(title, joined):
    """Not where heat or another use is listed behind it."""
    found = find_joined(title)
    assert (found and f"{found.flow} {found.product}") == joined


@pytest.mark.parametrize(
    ("title", "direction"),
    [
        ("火力发电、供热投入", "input"),
        ("Transformation inputs", "input"),
        ("加工转换产出", "output"),
        ("output of plants", "output"),
        ("加工转换投入(-)产出(+)", ""),
        ("能源消费量", ""),
    ],
)
def test_what_goes_in_or_comes_out(title, direction):
    """Of both it is neither."""
    assert find_direction(title) == direction


@pytest.mark.parametrize(
    ("title", "names", "is_other"),
    [
        ("Sales of gas by sector (GWh)", "", True),
        ("", "district_heat.csv", True),
        ("Fuel (GWh)", "", True),
        ("Energy use by sector (MWh)", "", True),
        ("", "energy.csv", False),  # the name of a file may say energy of any table
        ("Electricity and gas", "", False),
        ("Gas sales", "electricity.csv", False),
        ("某市用电情况", "能源.csv", False),
        ("Sales", "", False),
    ],
)
def test_watt_hours_of_something_else(title, names, is_other):
    """Electricity is what they are of, unless a title says gas, heat, fuels or energy and not electricity."""
    assert says_other_watt_hours(title, names) is is_other


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("Erdgasverbrauch 2019 (TJ)", True),
        ("Electricity 2019", True),
        ("天 然 气", True),
        ("Electricity and fuels", False),
        ("Heat and energy", False),
        ("Table 3 (TJ)", False),
        ("单位: 万吨标准煤", False),
        ("Table 3, thousand tonnes of oil equivalent", False),
    ],
)
def test_a_title_of_one_product_alone(title, is_one):
    """The coal or oil of a unit is no product."""
    assert says_one_product(title) is is_one


@pytest.mark.parametrize(
    ("title", "what"),
    [
        ("人均生活能源消费量", "amounts per person"),
        ("Energy per capita", "amounts per person"),
        ("单位GDP能耗", "energy per unit of something"),
        ("能源消费弹性系数", "elasticities"),
        ("2025年能源消费规划", "amounts that are planned"),
        ("能源消费量（2025年为规划数）", ""),  # of one year
        ("能源消费量", ""),
    ],
)
def test_a_title_of_something_else_than_amounts(title, what):
    """Its numbers are no energy of a year."""
    assert name_other(title) == what


def test_a_note_or_a_cell_that_says_so_is_found_by_its_place():
    """The first of them; numbers say nothing."""
    planned = "amounts that are planned"
    assert find_note_of_other(
        [1.0, "煤炭消费量", "注：本表数据均为预测数。", "注：本表均为规划数"]
    ) == (2, planned)
    assert find_note_of_other([1.0, "煤"]) == (-1, "")
    assert find_other(["煤炭消费量", 1200.0, " 约束性 "]) == (2, planned)
    assert find_other(["约束性指标数", 3.0]) == (-1, "")


@pytest.mark.parametrize(
    ("title", "is_it"),
    [("厦门市电力平衡表", True), ("Energy Balances", True), ("Unbalanced", False), ("能源", False)],
)
def test_a_title_that_says_balance(title, is_it):
    """As a word."""
    assert names_balance(title) is is_it


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("5-12 Coal, Oil", ""),
        ("Liquefied petroleum gas, Natural gas", ""),
        ("Table 3. Coal – Natural gas, 2019", ""),
        ("Oil, Diesel", "diesel"),
        ("Table 3.2 Natural gas, 2019", "natural_gas"),
        ("Energy, Natural gas", "natural_gas"),
    ],
)
def test_a_title_that_lists_two_fuels_is_of_neither(title, product):
    """A whole before its part is no second one."""
    assert find_product(title) == product
