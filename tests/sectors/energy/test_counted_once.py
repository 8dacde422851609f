"""Tables in which a number was lost, or counted twice: each with the total worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from tests.sectors.energy.building import table

if TYPE_CHECKING:
    from pathlib import Path

# t CO2 per t, provincial-2011, by hand: carbon content x calorific value x oxidation x 44/12.
RAW_COAL, BRIQUETTES = 1.860832908, 1.9359648
GASOLINE, DIESEL, GAS = 2.92505598, 3.09590964, 2.1650152e-3

PROVINCIAL = {
    "industry above a size beside industry": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,50
规模以上工业,40
居民生活,10
""",
        0.60 * DIESEL,
    ),
    "industry above a size with its branches": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,50
规模以上工业,40
纺织业,15
食品制造业,25
居民生活,10
""",
        0.60 * DIESEL,
    ),
    "industry above a size that is light and heavy": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,50
规模以上工业,40
轻工业,15
重工业,25
""",
        0.50 * DIESEL,
    ),
    "industry that is light and heavy, with a part above a size": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,50
规模以上工业,40
轻工业,20
重工业,30
""",
        0.50 * DIESEL,
    ),
    "industry above a size over mining, which holds more than its branch": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,57
规模以上工业,40
采矿业,20
煤炭开采和洗选业,15
制造业,20
""",
        0.57 * DIESEL,
    ),
    "services over one of their branches": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,50
服务业,25
批发零售业,8
居民生活,10
""",
        0.85 * DIESEL,
    ),
    "services of which transport is a part": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,50
服务业,25
其中:交通运输、仓储和邮政业,8
居民生活,10
""",
        0.85 * DIESEL,
    ),
    "services beside transport": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,50
服务业,25
交通运输、仓储和邮政业,8
居民生活,10
""",
        0.93 * DIESEL,
    ),
    "buses and taxis, each printed by itself": (
        """某市交通能源消费量(2019年),
项目,柴油(万吨)
公路货运,25
城市公交,10
出租汽车,2
""",
        0.37 * DIESEL,
    ),
    "carriage and all its ways": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
交通运输、仓储和邮政业,50
1.交通运输业,40
其中:城市公共交通,10
管道运输业,5
2.仓储业,7
3.邮政业,3
""",
        0.50 * DIESEL,
    ),
    "banks and houses within finance, houses and business": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
第三产业,25
金融、房地产、商务及居民服务业,20
1.金融业,5
2.房地产业,12
3.租赁和商务服务、居民服务和其他服务业,3
公共事业及管理组织,5
""",
        0.25 * DIESEL,
    ),
    "a block of branches as the grid prints it, within manufacturing": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,50
采矿业,5
制造业,40
食品、饮料和烟草制造业,15
纺织业,25
电力、燃气及水的生产和供应业,5
""",
        0.50 * DIESEL,
    ),
    "branches of much energy beside mining, manufacturing and supply": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
第二产业,60
工业,57
规模以上工业,45
轻工业,10
重工业,35
采矿业,5
制造业,25
电力、热力、燃气及水生产和供应业,15
六大高耗能行业,38
建筑业,3
""",
        0.60 * DIESEL,
    ),
    "branches of much energy beside manufacturing, which holds some of them": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
规模以上工业,45
制造业,25
六大高耗能行业,38
""",
        0.45 * DIESEL,
    ),
    "branches of much energy alone": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
规模以上工业,45
六大高耗能行业,38
非金属矿物制品业,20
""",
        0.45 * DIESEL,
    ),
    "branches of much energy that are printed, beside manufacturing": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,57
采矿业,17
制造业,25
非金属矿物制品业,20
电力、热力、燃气及水生产和供应业,15
六大高耗能行业,38
""",
        0.57 * DIESEL,
    ),
    "the three industries, and one branch of services": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
终端消费量,100
第一产业,10
第二产业,50
第三产业,30
其中:租赁和商务服务、居民服务和其他服务业,8
居民生活,10
""",
        1.00 * DIESEL,
    ),
    "the three industries alone": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
终端消费量,100
第一产业,10
第二产业,50
第三产业,30
居民生活,10
""",
        1.00 * DIESEL,
    ),
    "public transport in towns within road": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,50
公路,40
其中:城市公共交通,10
""",
        0.90 * DIESEL,
    ),
    "road, and buses beside it": (
        """某市交通能源消费量(2019年),
项目,柴油(万吨)
交通运输,50
公路,40
公路客运,25
公路货运,15
城市公共交通,10
公共汽车,8
出租汽车,2
""",
        0.50 * DIESEL,
    ),
    "what pumps of farms burn, within farming": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
农林牧渔业,20
其中:排灌,15
工业,50
""",
        0.70 * DIESEL,
    ),
    "services over their branches": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,50
服务业,25
其中:交通运输、仓储和邮政业,10
批发零售业,8
居民生活,10
""",
        0.85 * DIESEL,
    ),
    "services beside their branches": (
        """某市能源消费量(2019年),
项目,柴油(万吨)
工业,50
交通运输、仓储和邮政业,10
批发零售业,8
服务业,7
居民生活,10
""",
        0.85 * DIESEL,
    ),
    "a kind that is zero": (
        """某省能源平衡表 2019
项目,煤油(万吨),航空煤油(万吨)
终端消费量,50,0
交通运输、仓储和邮政业,50,0
""",
        1.5167,
    ),
    "industry with one branch": (
        """某市能源平衡表 2019
项目,原煤(万吨),柴油(万吨)
终端消费量,110,55
农林牧渔业,10,5
工业,100,50
化学原料和化学制品制造业,30,10
""",
        1.1 * RAW_COAL + 0.55 * DIESEL,
    ),
    "coal and briquettes side by side": (
        """厦门市规模以上工业企业主要能源产品消费量(2019年),,,
项目,煤(吨),煤制品(吨),汽油(吨)
纺织业,1000,600,10
食品制造业,,500,10
""",
        (1000 * RAW_COAL + 1100 * BRIQUETTES + 20 * GASOLINE) / 1e6,
    ),
    "a product of which another is a part": (
        """苏州市规模以上工业主要能源消费量(2016年),,
能源名称,计量单位,消费量
煤制品,吨,1000
其中:型煤,吨,1000
天然气,万立方米,5000
""",
        (1000 * BRIQUETTES + 5e7 * GAS) / 1e6,
    ),
    "crude oil of refineries": (
        """宁波市规模以上工业企业分行业主要能源品种消费量(2016年),,,,,
行业,原煤(万吨),洗精煤(万吨),原油(万吨),焦炭(万吨),柴油(万吨)
总计,3500,180,2600,120,9
煤炭开采和洗选业,400,0,0,0,1
"石油加工、炼焦和核燃料加工业",100,180,2600,0,2
黑色金属冶炼和压延加工业,100,0,0,120,2
电力、热力生产和供应业,2900,0,0,0,4
""",
        72.8072,
    ),
}

IPCC = {
    "motor gasoline beside aviation gasoline": (
        """Norway Energy balance 2019
Item,Motor gasoline (TJ),Aviation gasoline (TJ),Diesel oil (TJ)
Total final consumption,27832,70,89640
Transport,27832,70,89640
""",
        (27832 * 69.3 + 70 * 70 + 89640 * 74.1) / 1e6,
    ),
    "kerosene beside jet kerosene that is not printed": (
        """Norway Energy balance 2019
Item,Kerosene (TJ),Jet kerosene (TJ),Diesel oil (TJ)
Total final consumption,500,0,100
Industry,500,0,100
""",
        (500 * 71.9 + 100 * 74.1) / 1e6,
    ),
    "coal beside lignite": (
        """Energy balance of India 2021 (unit: ktoe)
Item,Coal,Lignite,Natural gas
Thermal power,-360000,-11000,-9000
Total final consumption,130000,3000,45000
Industry,130000,3000,45000
""",
        (490000 * 94.6 + 14000 * 101 + 54000 * 56.1) * 41.868 / 1e6,
    ),
    "transport with road alone": (
        """Norway energy balance 2019
Item,Diesel oil (TJ),Gasoline (TJ)
Total final consumption,139395,30463
Transport,139395,30463
Road,89640,27832
""",
        (139395 * 74.1 + 30463 * 69.3) / 1e6,
    ),
    "power plants of industry": (
        """Land Energiebilanz 2019
Item,Natural gas (TJ),Diesel oil (TJ),Electricity (TJ)
Thermal power plants (input),-1000,0,0
Industrial power plants (input),-12589,0,0
Total final consumption,5000,100,900
Industry,5000,100,900
""",
        ((1000 + 12589 + 5000) * 56.1 + 100 * 74.1) / 1e6,
    ),
    "own use printed negative": (
        """X energy balance 2019
Item,Natural gas (TJ),Diesel oil (TJ)
Own use of the energy sector,-1000,-50
Losses,-20,0
Total final consumption,5000,400
Industry,5000,400
""",
        ((1000 + 5000) * 56.1 + 450 * 74.1) / 1e6,
    ),
    "rows of which others are parts": (
        """重庆能源平衡表(实物量)-2021
项目,原煤(万吨),柴油(万吨)
终端消费量,1100,100
工业,1000,60
其中:黑色金属冶炼及压延加工业,200,10
其中:化学原料及化学制品制造业,100,5
交通运输、仓储和邮政业,100,40
""",
        24.9432,
    ),
    "totals with some of their kinds": (
        """重庆能源平衡表(实物量)-2021
项目,煤合计(万吨),原煤(万吨),油品合计(万吨),汽油(万吨),柴油(万吨)
终端消费量,1100,800,300,50,60
工业,1000,700,250,20,30
交通运输、仓储和邮政业,100,100,50,30,30
""",
        31.0948,
    ),
    "own use and losses as one": (
        """area,year,flow,product,unit,value
Ireland,2021,own_use_and_losses,natural_gas,TJ,50000
Ireland,2021,own_use_and_losses,refinery_gas,TJ,90000
Ireland,2021,industry,natural_gas,TJ,10000
""",
        (60000 * 56.1 + 90000 * 57.6) / 1e6,
    ),
}
CASES = [
    *(pytest.param("provincial-2011", *case, id=name) for name, case in PROVINCIAL.items()),
    *(pytest.param("ipcc-2006", *case, id=name) for name, case in IPCC.items()),
]


def compile_text(folder: Path, text: str, method: str) -> ca.EnergyInventory:
    """Return the inventory of a table as somebody saved it."""
    (folder / "table.csv").write_text(text, encoding="utf-8")
    return ca.compile_inventory(folder / "table.csv", method=method)


def total(inventory: ca.EnergyInventory) -> float:
    """Return the direct emissions of CO2 of an inventory in Mt."""
    return float(np.nansum(inventory.emissions.sel(gas="CO2").values)) / 1e6


@pytest.mark.parametrize(("method", "text", "right"), CASES)
def test_every_number_counts_once(tmp_path, method, text, right):
    """The total by hand."""
    assert total(compile_text(tmp_path, text, method)) == pytest.approx(right, abs=5.1e-5)


@pytest.mark.parametrize(
    "name",
    [
        "industry above a size that is light and heavy",
        "industry that is light and heavy, with a part above a size",
        "industry above a size over mining, which holds more than its branch",
        "carriage and all its ways",
        "banks and houses within finance, houses and business",
        "a block of branches as the grid prints it, within manufacturing",
        "branches of much energy beside mining, manufacturing and supply",
        "branches of much energy that are printed, beside manufacturing",
        "the three industries, and one branch of services",
        "the three industries alone",
    ],
)
def test_sums_that_hold_are_no_error(tmp_path, name):
    """A table whose parts add up to what it prints over them has no error."""
    inventory = compile_text(tmp_path, PROVINCIAL[name][0], "provincial-2011")
    assert [str(one) for one in inventory.findings if one.severity == "error"] == []


def test_light_and_heavy_that_add_up_to_neither_whole_are_an_error(tmp_path):
    """Light and heavy are divided of industry or of what is above a size: of 48 neither is, and the error says so."""
    name = "industry that is light and heavy, with a part above a size"
    text = PROVINCIAL[name][0].replace("重工业,30", "重工业,28")
    inventory = compile_text(tmp_path, text, "provincial-2011")
    assert [one.rule for one in inventory.findings if one.severity == "error"] == ["sum-of-parts"]


def test_plants_in_a_table_of_branches_are_named_with_their_tonnes(tmp_path):
    """Crude oil is left out, coking and washing count: an error for each with what it is worth."""
    inventory = compile_text(tmp_path, PROVINCIAL["crude oil of refineries"][0], "provincial-2011")
    found = {
        finding.gaps[0].product: finding
        for finding in inventory.findings
        if finding.rule == "transformed-inside"
    }
    assert {product: sum(gap.amount for gap in one.gaps) for product, one in found.items()} == {
        "crude_oil": 26e6,
        "cleaned_coal": 1.8e6,
        "raw_coal": 4e6,
    }
    assert {one.severity for one in found.values()} == {"error"}
    assert "is not counted" in found["crude_oil"].message
    assert found["crude_oil"].message.endswith("worth 78,447,128 t CO2")
    assert "counts as burnt all the same" in found["raw_coal"].message


def test_a_balance_with_plants_tells_them_apart_itself(tmp_path):
    """A row of transformation takes crude oil in: what industry prints of it burns."""
    text = """某市能源平衡表 2019
项目,原油(万吨)
炼油,-2000
终端消费量,3
工业,3
"""
    inventory = compile_text(tmp_path, text, "provincial-2011")
    assert float(np.nansum(inventory.activity)) == pytest.approx(3e4)
    assert "transformed-inside" not in {finding.rule for finding in inventory.findings}


EMPTY = {
    "electricity alone": """分地区电力消费量(亿千瓦小时),,
地区,2006,2007
北京,611.57,667.01
天津,433.65,494.91
""",
    "no row that burns": """某市能源平衡表 2019
项目,原煤(万吨)
一次能源生产量,100
""",
}


@pytest.mark.parametrize("text", EMPTY.values(), ids=EMPTY)
def test_nothing_is_no_result(tmp_path, text):
    """A table of which nothing counts is refused, with the place and the reason."""
    with pytest.raises(ca.CarbonacctError, match=r"table\.csv!") as refused:
        compile_text(tmp_path, text, "provincial-2011")
    assert "\n" not in str(refused.value)


def test_a_blank_row_between_does_not_hide_the_finer_one(tmp_path):
    """Coke of chemicals counts, and neither that of final consumption nor the blank of industry between them."""
    rows = {
        "final_consumption": {"coke": 10, "diesel": 2},
        "industry": {"diesel": 2},
        "industry.chemicals": {"coke": 10},
    }
    balance = table(tmp_path, rows)
    found = find_finest_cells(balance)[0, 0]
    counted = [
        (balance.flows[f], balance.products[p]) for f, p in zip(*np.nonzero(found), strict=True)
    ]
    assert counted == [("industry", "diesel"), ("industry.chemicals", "coke")]
