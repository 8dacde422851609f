"""The balances of products in the official English of the China Statistical Yearbook, as in Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.label.topics import find_direction, find_flow, find_product, name_other
from carbonacct.balances.words.compounds import read_compound
from tests.balances.test_layout import amount, read, rules

COAL = """
6-5 Coal Balance Sheet,,
(10 000 tons),,
Item,1995,2007
Total Energy Available for Consumption,133461,257990
Output,136073,252597
Imports,163,5102
Exports (-),2862,5317
Stock Changes in the Year,87,5608
Total Energy Consumption,137676,258641
Consumption by Sector,,
"Farming, Forestry, Animal Husbandry, Fishery & Water Conservancy",1856,2338
Industry,117570,245273
Construction,439,614
"Transport, Storage and Post",1315,685
"Wholesale and Retail Trades, Hotels and Catering Services",977,1723
Others,1987,2000
Non-production Consumption,13530,8100
Consumption by Usage,,
End-use Consumption,66156,81110
#Industry,46052,65650
Intermediate Consumption (Used for Conversion),,
Power Generation,44440,130548
Heating,5888,14500
Coking,18396,37000
Gas Production,767,1400
Losses in Coal Washing & Dressing,2029,3917
Balance,-4215,-651
"""


def test_coal_balance(tmp_path):
    """Rows below intermediate consumption are plants; the second row of industry is final consumption."""
    balance = read(tmp_path, COAL, area="China")
    assert balance.products == ["coal_total"]
    for flow, right in {
        "gross_output": 136073,
        "exports": -2862,
        "farming": 1856,
        "industry_total": 117570,
        "other_services": 1987,
        "households": 13530,
        "final_consumption": 66156,
        "industry": 46052,
        "thermal_power.input": -44440,
        "heating.input": -5888,
        "coking.input": -18396,
        "gas_works.input": -767,
        "coal_washing": -2029,
        "statistical_difference": -4215,
    }.items():
        assert amount(balance, flow, "coal_total", year=1995) == right * 1e4
    assert ca.check_balance(balance) == []


def test_coal_balance_burns_in_plants_and_in_final_use(tmp_path):
    """Final consumption, and what power and heat plants take in."""
    path = tmp_path / "table.csv"
    path.write_text(COAL.strip(), encoding="utf-8")
    inventory = ca.compile_inventory(path, method="provincial-2011", area="China")
    total = inventory.total(scope=1).sel(year=1995).squeeze().item().magnitude
    assert total == pytest.approx((66156 + 44440 + 5888) * 1e4 * 1.860832908, rel=1e-9)


def test_overall_balance(tmp_path):
    """Losses in transformation have parts of their own; the table is in coal equivalent."""
    balance = read(
        tmp_path,
        """
        6-3 Overall Energy Balance Sheet,,
        (10 000 tons of SCE),,
        Item,1990,2007
        Total Energy Available for Consumption,96138,263414
        Primary Energy Output,103922,235445
        Exports(-),5875,10352
        Total Energy Consumption,98703,265583
        Consumption by Sector,,
        Industry,67578,190167
        Household Consumption,15799,26790
        Consumption by Usage,,
        End-use Consumption,79754,203374
        #Industry,63955,176584
        Loss in Processing & Transformation,2264,8000
        #Coking,200,700
        Petroleum Refining,300,600
        Other Losses,1359,5583
        Balance,-2565,-2169
        """,
        area="China",
    )
    assert balance.products == ["total_energy"]
    assert amount(balance, "industry_total", "total_energy", year=2007) == 190167e4
    assert amount(balance, "industry", "total_energy", year=2007) == 176584e4
    assert amount(balance, "transformation_losses.coking", "total_energy", year=1990) == 200e4
    assert amount(balance, "losses", "total_energy", year=1990) == 1359e4


PROVINCE = """
7-7 Coal Balance Sheet,,
(10 000 tons),,
Item,2010,2011
Total Energy Available for Consumption,37408.4,38920.5
Raw coal output,15653.9,16113.6
Allocation from Other Provinces,27755.5,29935.5
Allocation to Other Provinces(-),5797.6,6736.0
Exports(-),47.5,32.8
Stock Changes in the Year,-155.8,-359.7
Stock of early Year,1862.2,2011.0
Stock of Year end(-),2018.0,2370.7
Total Energy Consumption,37408.5,38920.5
Consumption by srctor,,
"1.Agriculture,Forestry,Animal Husbandry,",86.9,89.0
Fishery and Water Conservancy,,
2.Industry,35318.4,36753.7
3.Construction,91.6,98.6
"4.Transport,Storage and Post",29.4,30.6
"5.Wholesale and Retail Trades,Hotels and Catering Services",825.7,869.2
6.Other Sectors,585.6,584.1
7.Household Consumption,470.9,495.4
Consumption by Usage,,
1.End-use Consumption,12530.5,13042.4
Industry,10440.4,10875.5
2.Energy Conversion,24878.0,25878.2
Thermal Power,14295.2,14543.5
Heating,3875.2,4307.3
Losses in Coal Washing and Dressing,1669.0,1313.5
Coking,4985.4,5653.7
Gas Production,58.1,58.1
"""


def test_coal_balance_of_a_province(tmp_path):
    """A label goes on below its numbers; stocks stand below their change; what conversion takes in closes."""
    balance = read(tmp_path, PROVINCE, area="Shanxi")
    for flow, right in {
        "gross_output": 15653.9,
        "moved_out": -5797.6,
        "stock_change": -155.8,
        "closing_stock": -2018.0,
        "farming": 86.9,
        "industry": 10440.4,
        "industry_total": 35318.4,
        "intermediate_consumption": 24878.0,
        "thermal_power.input": -14295.2,
        "coking.input": -4985.4,
        "households": 470.9,
    }.items():
        assert amount(balance, flow, "coal_total", year=2010) == pytest.approx(right * 1e4)
    assert ca.check_balance(balance) == []


def test_a_stock_change_that_its_stocks_do_not_give_is_found(tmp_path):
    """Opening less closing stock is the change."""
    balance = read(tmp_path, PROVINCE.replace("1862.2", "1962.2"), area="Shanxi")
    assert [finding.rule for finding in ca.check_balance(balance)] == ["sum-of-parts"]


def test_labels_and_numbers_on_two_lines(tmp_path):
    """The print breaks a label over two rows, or the numbers off it: they are one row."""
    balance = read(
        tmp_path,
        """
        7-3 Overall Energy Balance Sheet (10 000 tons of SCE),,
        Item,1990,1995
        Total Energy Consumption,98703,131176
        Consumption by Sector,,
        "1.Farming,Forestry,Animal Husbandry,",,
        Fishery and Water Conservancy,4852,5505
        2.Industry,67578,96191
        "4.Transport, Storage and Post",,
        ,4541,5863
        "5.Wholesale, Retail Trade,",,
        Hotels and Catering Services,1247,2018
        7.Non-Production Consumption,15799,15745
        Consumption by Usage,,
        End-use Consumption,94289,124252
        Industry,63239,89473
        Losses During the Process,,
        of Energy Conversion,2264,3634
        """,
        area="China",
    )
    for flow, right in {
        "farming": 4852,
        "transport": 4541,
        "wholesale_retail": 1247,
        "households": 15799,
        "industry": 63239,
        "transformation_losses": 2264,
    }.items():
        assert amount(balance, flow, "total_energy", year=1990) == right * 1e4


def test_numbers_below_a_row_of_its_own_numbers_have_no_label(tmp_path):
    """A sum of the author below the last row is listed, not given to that row."""
    balance = read(
        tmp_path,
        "Energy Balance of Beijing 1996\nItem,Raw Coal (10 000 tons),Diesel Oil (10 000 tons)\nIndustry,20,15\n"
        "Construction,1,2\n,21,17",
    )
    assert amount(balance, "construction", "raw_coal") == 1e4
    assert "unused-numbers" in rules(balance)


def test_electricity_balance(tmp_path):
    """Hydropower below output is generation, as in the Chinese edition."""
    balance = read(
        tmp_path,
        """
        6-6 Electricity Balance Sheet,,
        (100 million kwh),,
        Item,1995,2007
        Total Energy Available for Consumption,10023.4,32712.4
        Output,10077.3,32815.5
        Hydropower,1905.8,4852.6
        Thermal Power,8043.2,27229.3
        Total Energy Consumption,10023.4,32711.8
        Consumption by Sector,,
        Industry,7659.8,24630.8
        Consumption by Usage,,
        End-use Consumption,6915.2,22577.1
        #Industry,6915.2,22577.1
        Losses in Transmission,744.6,2053.7
        """,
        area="China",
    )
    assert balance.products == ["electricity"]
    assert amount(balance, "generation.hydro", "electricity", year=2007) == pytest.approx(4852.6e8)
    assert amount(balance, "generation.thermal", "electricity", year=1995) == pytest.approx(
        8043.2e8
    )
    assert amount(balance, "losses.transmission", "electricity", year=1995) == pytest.approx(
        744.6e8
    )


def test_regions(tmp_path):
    """Region is a column of areas; the title names the product."""
    balance = read(
        tmp_path,
        "Electricity Consumption by Region (100 million kWh)\nRegion,2006,2007\nBeijing,611.57,667.01\nTianjin,"
        "433.65,494.91",
    )
    assert amount(
        balance, "total_consumption", "electricity", area="Beijing", year=2006
    ) == pytest.approx(611.57e8)


def test_words_of_early_yearbooks(tmp_path):
    """Stock of early Year, Allocation to Other Provinces, Power Generation."""
    balance = read(
        tmp_path,
        """
        Energy Balance of Beijing 1996
        Item,Raw Coal (10 000 tons),Diesel Oil (10 000 tons)
        Stock of early Year,10,2
        Allocation to Other Provinces,5,1
        Power Generation,-60,-1
        End-use Consumption,30,20
        Industry,20,15
        Household Consumption,10,5
        """,
    )
    assert amount(balance, "opening_stock", "raw_coal") == 10e4
    assert amount(balance, "moved_out", "raw_coal") == -5e4
    assert amount(balance, "thermal_power", "raw_coal") == -60e4
    assert rules(balance) == ["printed-positive"]


@pytest.mark.parametrize(
    ("title", "product", "flow", "direction"),
    [
        ("6-4 Petroleum Balance Sheet", "oil_total", "", ""),
        ("Consumption of Coal and Its Main Varieties by Sector", "", "total_consumption", ""),
        ("5-13 分行业电力消费总量", "electricity", "total_consumption", ""),
        ("热力、电力消费量", "", "total_consumption", ""),
        ("综合机关：天然气", "", "", ""),
        ("注：城市天然气", "", "", ""),
        ("城市天然气", "natural_gas", "", ""),
        ("规模以上工业主要能源产品产量", "", "gross_output", ""),
        ("分地区原煤产量", "raw_coal", "gross_output", ""),
        ("电力、热力生产和供应业能源消费", "", "", ""),
        ("规模以上工业火力发电、供热投入", "", "industry", "input"),
        ("规模以上工业能源加工转换产出", "", "industry", "output"),
        ("能源加工转换投入(-)产出(+)量", "", "", ""),
        ("农村居民生活能源消费量", "", "households_rural", ""),
        ("农林牧渔业、工业能源消费", "", "", ""),
        ("建筑业企业主要能源消费量", "", "construction", ""),
    ],
)
def test_what_a_title_is_about(title, product, flow, direction):
    """Phrases, not words: a list of two is about neither."""
    assert (find_product(title), find_flow(title), find_direction(title)) == (
        product,
        flow,
        direction,
    )


@pytest.mark.parametrize(
    "title",
    [
        "能源消费总量及构成",
        "全社会用电量",
        "工业分行业终端能源消费量",
        "单位:万吨标准煤",
        "按2010年价格计算",
    ],
)
def test_titles_of_amounts(title):
    """A unit, a share beside amounts or a note on prices makes no table of rates."""
    assert name_other(title) == ""


LABELS = sorted(
    {
        name
        for kind in ("flow", "product")
        for name, _ in vocabulary._list_words(kind)
        if name.isascii() and name.count(" ") > 1 and not any(map(str.isdigit, name))
    }
)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(LABELS), st.sampled_from(["&", "and", "AND"]))
def test_endings_and_small_words_tell_no_labels_apart(label, conjunction):
    """A label of several English words keeps its meaning in capitals, with another "and", or in plural."""
    changed = label.replace(" and ", f" {conjunction} ") + ("" if label.endswith("s") else "s")
    for kind in ("flow", "product"):
        meant = {vocabulary.resolve(kind, changed), vocabulary.resolve(kind, label)} - {None}
        assert len(meant) < 2, (label, changed, meant)


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("Stock Change in the Year", "stock_change"),
        ("4. Transportation, Storage, Postal & Telecommunications Services", "transport"),
        ("Consumption for Production", "industry.production_use"),
        ("No. 2 fuel oils", None),
    ],
)
def test_labels_of_official_translations(label, meaning):
    """Inflections name what the vocabulary has; a number in a name is never passed over."""
    assert vocabulary.resolve("flow", label) == meaning
    assert vocabulary.resolve("product", label) is None


@pytest.mark.parametrize("label", ["Consumption for imports", "工业中间消费量", "能源消费进口量"])
def test_use_and_supply_make_no_label(label):
    """What is used is not what is supplied, and intermediate consumption is of plants."""
    assert read_compound(label) is None
