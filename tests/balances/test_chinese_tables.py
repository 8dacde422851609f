"""Tables of Chinese yearbooks, city yearbooks and reporting forms, each with its right values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import TableError, UnitError
from tests.balances.test_layout import amount, read, rules

if TYPE_CHECKING:
    from pathlib import Path


def burnt(folder: Path, text: str) -> dict[str, float]:
    """Return the CO2 of a table by product, in t, with the provincial guideline."""
    path = folder / "burnt.csv"
    path.write_text(text.strip() + "\n", encoding="utf-8")
    inventory = ca.compile_inventory(path, method="provincial-2011")
    by_product = inventory.by("product").squeeze()
    return {
        str(p): float(by_product.sel(product=p).item().magnitude)
        for p in by_product["product"].values
    }


def test_purchase_consumption_and_stock(tmp_path):
    """消费量 is that of industry, purchases are left out and listed, stocks are stocks, raw material is feedstock."""
    table = """
        6-3 规模以上工业企业主要能源购进、消费与库存(2015年)
        能源名称,计量单位,年初库存,购进量,消费量,#用于原材料,年末库存
        原煤,吨,120000,900000,880000,60000,140000
        柴油,吨,60,5200,5230,,30
        电力,万千瓦时,,76000,76000,,
        """
    balance = read(tmp_path, table, area="某市")
    assert balance.flows == ["opening_stock", "closing_stock", "industry", "feedstock"]
    assert amount(balance, "industry", "raw_coal") == 880000
    assert amount(balance, "closing_stock", "raw_coal") == -140000
    assert "D3:D5 (900000)" in balance.findings[0].message
    co2 = burnt(tmp_path, "\n".join(line.strip() for line in table.strip().splitlines()))
    assert co2["raw_coal"] == pytest.approx(820000 * 1.860832908, abs=1)


def test_form_of_purchase_consumption_and_stock(tmp_path):
    """Reporting form: production and other use make up consumption; money and coefficients do not count."""
    balance = read(
        tmp_path,
        """
        能源购进、消费与库存
        表号:,２０５－１表
        综合单位名称:某市规模以上工业企业,2018年
        能源名称,计量单位,代码,年初库存量,购进量,,消费量,,,,期末库存量,采用折标系数
        ,,,,合计,购进金额(千元),合计,1.工业生产消费,用于原材料,2.非工业生产消费,,
        甲,乙,丙,1,2,3,4,5,6,7,8,9
        原煤,吨,01,100,1000,500,1000,950,200,50,100,0.7143
        柴油,吨,21,5,60,,61,50,,11,4,1.4571
        电力,万千瓦时,33,,80,,80,75,,5,,1.229
        """,
        area="某市",
    )
    assert amount(balance, "industry", "raw_coal") == 1000
    assert amount(balance, "industry.production_use", "raw_coal") == 950
    assert amount(balance, "industry.other_use", "diesel") == 11
    assert amount(balance, "feedstock", "raw_coal") == 200
    assert ca.check_balance(balance) == []


CONVERSION = """
能源加工转换与回收利用(205-2表) 2018年
能源名称,计量单位,代码,加工转换投入合计,火力发电,供热,原煤入洗,炼焦,炼油及煤制油,能源加工转换产出
原煤,吨,01,4500,3000,500,1000,,,
洗精煤,吨,06,800,,,,800,,600
焦炭,吨,11,,,,,,,560
原油,吨,16,900,,,,,900,
柴油,吨,21,10,10,,,,,300
电力,万千瓦时,33,,,,,,,700
"""


def test_form_of_processing_and_conversion(tmp_path):
    """Inputs behind 加工转换投入合计 are plants, their outputs apart; the plants' inputs make up the total."""
    balance = read(tmp_path, CONVERSION, area="某市")
    for flow, product, right in (
        ("thermal_power.input", "raw_coal", -3000),
        ("heating.input", "raw_coal", -500),
        ("coal_washing.input", "raw_coal", -1000),
        ("coking.input", "cleaned_coal", -800),
        ("refining.input", "crude_oil", -900),
        ("transformation.input", "raw_coal", -4500),
        ("transformation.output", "diesel", 300),
    ):
        assert amount(balance, flow, product) == right
    assert [
        finding for finding in ca.check_balance(balance) if finding.rule == "sum-of-parts"
    ] == []
    wrong = read(tmp_path, CONVERSION.replace("4500,3000", "4500,2000"), area="某市")
    assert "sum-of-parts" in {finding.rule for finding in ca.check_balance(wrong)}


def test_only_what_burns_in_power_plants_burns(tmp_path):
    """Of what plants take in only the fuel of power and heat plants is burnt."""
    co2 = burnt(tmp_path, CONVERSION)
    assert co2["raw_coal"] == pytest.approx(3500 * 1.860832908, abs=0.1)
    assert co2["diesel"] == pytest.approx(10 * 3.09590964, abs=0.1)
    assert np.isnan([co2["crude_oil"], co2["cleaned_coal"]]).all()


def test_inputs_and_outputs_of_power_plants(tmp_path):
    """投入 in the title turns the plants' columns into inputs, 产出 in a row into outputs."""
    balance = read(
        tmp_path,
        """
        规模以上工业火力发电、供热投入(2016年)
        项目,单位,火力发电,供热
        原煤,吨,2100000,560000
        天然气,万立方米,12000,2100
        产出电力,万千瓦时,480000,
        产出热力,百万千焦,,9800000
        """,
        area="某市",
    )
    assert amount(balance, "thermal_power.input", "raw_coal") == -2.1e6
    assert amount(balance, "heating.input", "natural_gas") == -21e6
    assert amount(balance, "thermal_power.output", "electricity") == 4.8e9
    assert amount(balance, "heating.output", "heat") == 9.8e6


def test_this_year_and_last_year(tmp_path):
    """本年 is the year of the title, 上年 the one before; growth is left out and the option may name the year."""
    table = """
        规模以上工业企业主要能源品种消费量{}
        能源名称,计量单位,消费量,,,工业生产消费,
        ,,本年,上年,增长%,本年,上年
        原煤,吨,880,870,1.1,800,790
        柴油,吨,52,51,2,50,49
        """
    for balance in (
        read(tmp_path, table.format("(2015年)"), area="某市"),
        read(tmp_path, table.format(""), area="某市", year=2015),
    ):
        if balance.years == [2014, 2015]:
            assert amount(balance, "industry", "raw_coal", year=2014) == 870
            assert amount(balance, "industry.production_use", "diesel", year=2014) == 49
        assert amount(balance, "industry", "raw_coal", year=2015) == 880
        assert "left-out" in rules(balance)
    with pytest.raises(TableError, match="pass --year"):
        read(tmp_path, table.format(""), area="某市")


@pytest.mark.parametrize(
    "header",
    [
        "煤炭消费量(万吨)",
        "煤炭消费总量(万吨)",
        "煤炭 消费量 (万吨)",
        "煤消费量(万吨)",
        "Coal Consumption (10 000 tons)",
    ],
)
def test_a_header_that_joins_product_and_use(tmp_path, header):
    """消费量 of nobody in particular is total consumption, of a title about industry industry's, of a row the row's."""
    table = "{title}\n{stub},{header},电力消费量(亿千瓦时)\n{row},1165,953\n{row2},4538,851"
    society = read(
        tmp_path, table.format(title="2015", stub="省份", header=header, row="北京", row2="天津")
    )
    assert amount(society, "total_consumption", "coal_total", area="北京") == 1165e4
    assert amount(society, "total_consumption", "electricity", area="天津") == 851e8
    branches = read(
        tmp_path,
        table.format(
            title="某市规模以上工业能源消费 2015",
            stub="行业",
            header=header,
            row="纺织业",
            row2="食品制造业",
        ),
    )
    assert amount(branches, "industry.textile", "coal_total") == 1165e4
    sectors = read(
        tmp_path,
        table.format(
            title="某市能源消费 2015", stub="项目", header=header, row="工业", row2="建筑业"
        ),
    )
    assert amount(sectors, "construction", "electricity") == 851e8


@pytest.mark.parametrize(
    "header",
    [
        "生活用水量(万吨)",
        "农村用电量(万吨)",
        "其他燃料油(万吨)",
        "进口煤消费量(万吨)",
        "煤炭新品消费量(万吨)",
    ],
)
def test_a_header_of_which_a_word_is_left_over_is_never_read_in_part(tmp_path, header):
    """What no words of the vocabulary cover is not known, or no energy: never the part of it that is known."""
    table = f"2015\n省份,焦炭消费量(万吨),电力消费量(亿千瓦时),{header}\n北京,1165,953,5\n天津,4538,851,6"
    if "水" in header:
        assert "D3:D4 (5)" in read(tmp_path, table).findings[0].message
    else:
        with pytest.raises(TableError, match="is not known"):
            read(tmp_path, table)


def test_a_row_whose_label_and_product_column_contradict_each_other_stops(tmp_path):
    """全社会用电量 of coal is nothing; of electricity it is total consumption."""
    table = "area,year,flow,product,unit,amount\n苏州市,2015,全社会用电量,{},{},56\n苏州市,2016,全社会用电量,{},{},57"
    good = read(tmp_path, table.format(*("电力", "亿千瓦时") * 2))
    assert amount(good, "total_consumption", "electricity", year=2016) == 57e8
    with pytest.raises(TableError, match="the row says coal_total and electricity"):
        read(tmp_path, table.format(*("煤炭", "万吨") * 2))


def test_shares_under_one_heading_are_left_out(tmp_path):
    """A heading of shares holds for the columns to its right that have no unit, above or below their own headings."""
    below = """
        全市能源消费总量及构成
        年份,能源消费总量(万吨标准煤),煤炭,石油,一次电力及其他能源
        ,,占能源消费总量的比重(%),,
        2015,1520.3,61.2,18.4,20.4
        2016,1571.0,58.9,18.9,22.2
        """
    above = """
        全市能源消费总量及构成
        年份,能源消费总量(万吨标准煤),占能源消费总量的比重(%),,
        ,,煤炭,石油,一次电力及其他能源
        2015,1520.3,61.2,18.4,20.4
        2016,1571.0,58.9,18.9,22.2
        """
    for table in (below, above):
        balance = read(tmp_path, table, area="某市")
        assert balance.products == ["total_energy"]
        assert amount(balance, "total_consumption", "total_energy", year=2016) == 1571e4
        assert "C4:E5 (61.2)" in balance.findings[0].message
    with_units = below.replace("煤炭", "煤炭(万吨标准煤)").replace(
        "占能源消费总量的比重(%),,", "占能源消费总量的比重(%),,"
    )
    assert "oil_total" not in read(tmp_path, with_units, area="某市").products


def test_a_sector_by_fuel_workbook_with_five_label_columns(tmp_path):
    """The sector once, its fuels below; what plants take in net is a sector of its own, and blocks are its sums."""
    balance = read(
        tmp_path,
        """
        主题,项目,子项,单位,细分项,2010,2011
        产业能耗结构,第一产业4,农林消费部门,万tce,煤炭,36.19,40.24
        ,,,,油品,274.31,313.06
        ,,,,电力,34.85,40.57
        ,第二产业,总量,万tce,煤炭,178.66,209.34
        ,,,,电力,-2.69,-3.76
        ,,能源供应部门,万tce,煤炭,105.30,131.15
        ,,,,电力,-37.31,-42.18
        ,,工业消费部门,万tce,煤炭,73.36,78.19
        ,,,,电力,34.62,38.42
        ,第三产业,总量,万tce,煤炭,44.6,20.4
        ,,交通消费部门,万tce,煤炭,25.0,2.2
        ,,建筑消费部门,万tce,煤炭,19.6,18.2
        ,居民生活,居民生活消费,万tce,煤炭,36.2,17.5
        """,
        area="某省",
    )
    assert amount(balance, "farming", "coal_total", year=2010) == pytest.approx(36.19e4)
    assert amount(balance, "farming", "oil_total", year=2010) == pytest.approx(274.31e4)
    assert amount(balance, "farming", "electricity", year=2010) == pytest.approx(34.85e4)
    assert amount(balance, "energy_sector", "coal_total", year=2011) == pytest.approx(131.15e4)
    assert amount(balance, "industry", "coal_total", year=2010) == pytest.approx(73.36e4)
    assert amount(balance, "services.buildings", "coal_total", year=2010) == pytest.approx(19.6e4)
    assert amount(balance, "households", "coal_total", year=2011) == pytest.approx(17.5e4)
    assert ca.check_balance(balance) == []


def test_plants_inside_every_group_of_industry(tmp_path):
    """Crude oil of a branch is refined, cleaned coal of steelworks is coked: an error names each."""
    path = tmp_path / "table.csv"
    path.write_text(
        "6-7 规模以上工业分行业能源消费(2015年)\n行业,原煤(万吨),洗精煤(万吨),原油(万吨),柴油(万吨)\n"
        "工业,1200,400,3400,5\n采矿业,300,,,1\n制造业,900,400,3400,4\n",
        encoding="utf-8",
    )
    inventory = ca.compile_inventory(path, method="provincial-2011", area="某市")
    found = {f.gaps[0].product: f for f in inventory.findings if f.rule == "transformed-inside"}
    assert (
        "34,000,000 t of crude_oil of industry.manufacturing is not counted"
        in found["crude_oil"].message
    )
    assert "4,000,000 t of cleaned_coal" in found["cleaned_coal"].message
    assert not inventory.by("product").sel(product="crude_oil").squeeze().item().magnitude > 0


def test_final_consumption_holds_no_inputs_of_plants(tmp_path):
    """Under a printed 终端消费量 what industry uses of crude oil burns."""
    path = tmp_path / "table.csv"
    path.write_text(
        "某市能源平衡表 2015\n项目,原油(万吨)\n终端消费量,3\n工业,3\n", encoding="utf-8"
    )
    inventory = ca.compile_inventory(path, method="provincial-2011")
    assert "transformed-inside" not in {finding.rule for finding in inventory.findings}
    assert float(inventory.total(scope=1).squeeze().item().magnitude) > 9e4


def test_two_labels_of_units_that_the_list_does_not_have(tmp_path):
    """Heat takes no unit of a list that has none for it."""
    table = (
        "某市能源平衡表 2013 单位:万吨、亿立方米、亿千瓦时{}\n项目,原煤,天然气,电力,热力\n终端消费量,10,2,30,4\n"
        "工业,10,2,30,4"
    )
    balance = read(tmp_path, table.format("、百亿千焦"))
    assert amount(balance, "industry", "heat") == 4e4
    with pytest.raises(UnitError, match="heat has no unit"):
        read(tmp_path, table.format(""))


def test_numbers_broken_off_their_label(tmp_path):
    """In pasted text a label may be broken over lines, and its numbers stand alone below it."""
    balance = read(
        tmp_path,
        """
        6-2 某省能源平衡表(实物量)2010
        单位:万吨
        项 目 原煤 洗精煤 焦炭
        可供本地区消费的能源量
        1000.5 20.1 30.2
        终端消费量 500.5 10.1 20.2
        农、林、牧、渔、
        水利业
        10.5 0.1 0.2
        工 业 490 10 20
        """,
        name="table.txt",
        area="某省",
    )
    assert amount(balance, "primary_supply", "coke") == pytest.approx(30.2e4)
    assert amount(balance, "farming", "cleaned_coal") == pytest.approx(0.1e4)
    assert ca.check_balance(balance) == []


def test_numbers_below_no_label_stay_unplaced(tmp_path):
    """Numbers alone below a heading that is no row are named, not given to it."""
    balance = read(
        tmp_path,
        """
        6-2 某省能源平衡表(实物量)2010
        单位:万吨
        项 目 原煤 洗精煤 焦炭
        终端消费量 500.5 10.1 20.2
        按部门分组
        10.5 0.1 0.2
        工 业 500.5 10.1 20.2
        """,
        name="table.txt",
        area="某省",
    )
    assert "unplaced-numbers" in rules(balance)
