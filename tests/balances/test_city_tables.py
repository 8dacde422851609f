"""Tables as cities and counties print them: words that the provinces' tables do not have."""

from __future__ import annotations

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.balances.label.titles import _area_in
from carbonacct.errors import TableError, UnitError
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from tests.balances.printing import write
from tests.balances.test_layout import amount, read, rules


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("表4-2 2015年广州市能源平衡表", "广州市"),
        ("2015年度泉州市能源平衡表", "泉州市"),
        ("# 2018年泉州市能源平衡表", "泉州市"),
        ("江苏省苏州市2015年能源平衡表", "苏州市"),
        ("辽宁省大连市能源平衡表", "大连市"),
        ("吉林省吉林市能源平衡表", "吉林市"),
        ("广西壮族自治区柳州市规模以上工业能源消费", "柳州市"),
        ("四川省凉山彝族自治州能源平衡表", "凉山彝族自治州"),
        ("江西省分宜县能源平衡表", "分宜县"),
        ("北京市朝阳区能源平衡表", "朝阳区"),
        ("黑龙江省大兴安岭地区能源平衡表", "大兴安岭地区"),
        ("江苏省各地区能源平衡表", "江苏省"),
        ("江苏省分地市能源消费量", "江苏省"),
        ("江苏省三大区域能源消费量", "江苏省"),
        ("广东省主要城市能源消费量", "广东省"),
        ("江苏省开发区能源消费量", "江苏省开发区"),
        ("昆山市玉山镇能源消费量", "玉山镇"),
        ("中关村国家自主创新示范区能源消费", "中关村国家自主创新示范区"),
        ("苏北能源平衡表", None),
        ("北京市地区生产总值能耗", "北京市"),
        ("6-22  重庆能源平衡表(实物量)-2007", "重庆"),
        ("6-4 2019 年 潍 坊 市 能 源 平 衡 表（实 物 量）", "潍坊市"),
        ("7-3 全市规模以上工业", None),
    ],
)
def test_the_area_of_a_title(title, area):
    """A year before a city is none of its name, and a city behind its province is not the province."""
    assert _area_in([title]) == area


@pytest.mark.parametrize("total", ["总  计", "合计", "Total", "总计 Total"])
def test_the_total_of_a_table_about_one_flow(tmp_path, total):
    """In a table about industry the row 总计 is industry, beside the sectors that it holds."""
    balance = read(
        tmp_path,
        (
            f"7-5 苏州市规模以上工业分行业能源消费(2018年)\n行业,原煤(吨),焦炭(吨)\n{total},300,5\n"
            "煤炭开采和洗选业,100,2\n农副食品加工业,200,3"
        ),
    )
    assert balance.flows == ["industry", "industry.coal_mining", "industry.food_processing"]
    assert amount(balance, "industry", "raw_coal") == 300
    assert ca.check_balance(balance) == []


def test_a_total_of_nothing_named_is_refused(tmp_path):
    """Where no title says what the table is about, 总计 is a row that is not known."""
    with pytest.raises(TableError, match=r"table\.csv!A3: row '总计' is not known"):
        read(tmp_path, "苏州市能源平衡表 2018\n项目,原煤(吨),焦炭(吨)\n总计,300,5\n工业,100,2")


def test_a_column_of_totals_is_energy_if_its_unit_is(tmp_path):
    """合计 in coal equivalent is total energy; tonnes of unlike fuels have no sum, and the column is refused."""
    table = (
        "长沙市2017年能源平衡表\n{}\n项目,原煤,汽油,合计\n终端消费量,100.1,20.2,120.3\n工业,90.1,10.2,100.3\n"
        "建筑业,10,10,20"
    )
    balance = read(tmp_path, table.format("单位：万吨标准煤"))
    assert balance.products == ["raw_coal", "gasoline", "total_energy"]
    assert ca.check_balance(balance) == []
    with pytest.raises(TableError, match="column '合计' is not known"):
        read(tmp_path, table.format("单位：万吨"))


def test_blocks_beside_their_rows(tmp_path):
    """A column that names the block of the balance leaves the rows their own flows."""
    balance = read(
        tmp_path,
        (
            "绍兴市能源平衡表 2020\n类别,项目,原煤(万吨),柴油(万吨)\n供应,外省调入量,100,20\n加工转换,火力发电,-60,\n"
            ",供热,-10,\n终端消费,工业,25,5\n,交通运输、仓储和邮政业,,15"
        ),
    )
    assert balance.flows == ["moved_in", "thermal_power", "heating", "industry", "transport"]
    assert amount(balance, "thermal_power", "raw_coal") == -60e4
    assert rules(balance) == []


def test_labels_of_one_row_that_name_unlike_flows_still_disagree(tmp_path):
    """Only a block and a row within it agree; 工业 beside Transport is said."""
    balance = read(
        tmp_path,
        "绍兴市能源平衡表 2020\n项目,Item,原煤(万吨),柴油(万吨)\n工业,Transport,25,5\n建筑业,Construction,1,15",
    )
    assert balance.flows == ["industry", "construction"]
    assert rules(balance) == ["labels-disagree"]


def test_shares_and_coefficients_hold_no_amounts(tmp_path):
    """A row in per cent and a column of coefficients are left out and listed."""
    balance = read(
        tmp_path,
        (
            "1-8 烟台市规模以上工业能源消费(2016年)\n能源名称,计量单位,消费量,折标系数\n原煤,吨,1000,0.7143\n"
            "天然气,万立方米,50,13.3\n其中：原煤占比,%,60,"
        ),
    )
    assert [(finding.rule, finding.message) for finding in balance.findings] == [
        (
            "left-out",
            (
                "5 cells stand in rows or columns that hold no amounts of the table and are left out: D3:D4 "
                "(0.7143), A5:C5 (其中：原煤占比)"
            ),
        )
    ]
    assert amount(balance, "industry", "raw_coal") == 1000


def test_consumption_in_a_table_about_industry_is_its_own(tmp_path):
    """消费量 above the numbers is what the title is about; a column of that flow beside it keeps the two apart."""
    balance = read(
        tmp_path,
        "烟台市规模以上工业能源情况(2016年)\n能源名称,计量单位,消费量,期末库存量\n原煤,吨,1000,20\n焦炭,吨,50,1",
    )
    assert set(balance.flows) == {"industry", "closing_stock"}
    both = read(
        tmp_path,
        "烟台市工业及全社会能源情况(2016年)\n能源名称,计量单位,消费总量,工业\n原煤,吨,1000,900\n焦炭,吨,50,40",
    )
    assert set(both.flows) == {"total_consumption", "industry"}


def test_letters_and_numbers_of_columns(tmp_path):
    """甲 乙 1 2 below a header of a form are no row; their numbers are listed."""
    balance = read(
        tmp_path,
        "长沙市2017年能源平衡表\n项目,代码,原煤(万吨),汽油(万吨)\n甲,乙,1,2\n终端消费量,01,100.1,20.2\n工业,02,90.1,0.2",
    )
    assert balance.flows == ["final_consumption", "industry"]
    assert [f.message for f in balance.findings if f.severity == "warning"] == [
        "2 cells hold numbers and belong to no table: C3:D3 (1)"
    ]


def test_coal_equivalent_in_brackets(tmp_path):
    """单位：万吨（标准煤） is a unit of energy, not of mass."""
    balance = read(
        tmp_path,
        "2020年江门市能源平衡表\n单位：万吨（标准煤）\n项目,原煤,焦炭\n工业,10,2\n建筑业,1,1",
    )
    assert balance.amounts["unit"].values.tolist() == ["tce", "tce"]


def test_electricity_at_the_coal_burnt_for_it(tmp_path):
    """Electricity at 等价值 has no coefficient to kWh: an error, unless kWh are printed or it is 当量值."""
    table = "2020年江门市能源平衡表{}\n单位：万吨标准煤\n项目,原煤,{}\n工业,10,2,\n建筑业,1,1,"
    for title, header in (("", "电力(等价值)"), ("（发电煤耗计算法）", "电力")):
        (finding,) = read(tmp_path, table.format(title, header)).findings
        assert (finding.rule, finding.severity, finding.where) == (
            "electricity-at-generation",
            "error",
            "table.csv!C4",
        )
    for title, header in (("", "电力"), ("", "电力(当量值)"), ("（电热当量计算法）", "电力")):
        assert rules(read(tmp_path, table.format(title, header))) == []
    both = (
        "2020年江门市电力消费（等价值）\n项目,计量单位,实物量,标准量(万吨标准煤)\n工业,亿千瓦时,10,30\n"
        "建筑业,亿千瓦时,1,3"
    )
    assert rules(read(tmp_path, both)) == ["standard-quantity"]


def test_the_heading_and_the_paragraph_above_a_table_of_a_page(tmp_path):
    """A web page's heading has the year and its paragraph the unit; an earlier heading's are not taken."""
    path = tmp_path / "p.html"
    path.write_text(
        "<html><h1>2001年</h1><p>单位：吨</p><h2>2020年威海市能源平衡表</h2><p>单位：万吨标准煤</p><table><tr><th>项目</th><th>原煤</th><th>焦炭</th></tr>"
        "<tr><td>工业</td><td>10</td><td>5</td></tr><tr><td>建筑业</td><td>1</td><td>2</td></tr></table></html>",
        encoding="utf-8",
    )
    balance = ca.read_balance(path)
    assert (balance.areas, balance.years, balance.amounts["unit"].values[0]) == (
        ["威海市"],
        [2020],
        "tce",
    )


def test_three_industries_stand_for_their_parts(tmp_path):
    """第一、二、三产业 and households add up to final consumption without sectors; a difference is found."""
    table = (
        "2015年成都市能源平衡表\n单位：万吨标准煤\n项目,原煤,油品\n终端消费量,{},200.5\n第一产业,1,2\n"
        "第二产业,150.12,50.5\n第三产业,9,140\n生活消费,40,8"
    )
    assert ca.check_balance(read(tmp_path, table.format("200.12"))) == []
    (finding,) = ca.check_balance(read(tmp_path, table.format("210.12")))
    assert (
        finding.message
        == "raw_coal of final_consumption is 210.12, the rows give 200.12: difference 10"
    )


@pytest.mark.parametrize(
    ("titles", "year"),
    [
        (["常州统计年鉴2021", "6-2 能源平衡表(2020年)"], 2020),
        (["中国能源统计年鉴（2008）", "6-22 重庆 2007"], 2007),
        (["China Energy Statistical Yearbook 2008", "Balance 2007"], 2007),
        (["统计年鉴 2020年能源平衡表"], 2020),
        (["2021年常州统计年鉴"], None),
    ],
)
def test_the_year_of_a_yearbook_is_not_the_year_of_its_table(tmp_path, titles, year):
    """A yearbook prints the numbers of an earlier year: its own year is never taken for theirs."""
    table = "\n".join([*titles, "项目,原煤(万吨),焦炭(万吨)", "工业,1,2", "建筑业,1,1"])
    if year is None:
        with pytest.raises(TableError, match="pass --year"):
            read(tmp_path, table)
    else:
        assert read(tmp_path, table).years == [year]


def test_units_below_the_names_of_a_pasted_header(tmp_path):
    """A line of units, one for each name, is the second line of the header."""
    path = tmp_path / "p.txt"
    path.write_text(
        "2019年潍坊市能源平衡表\n项目 煤合计 原煤 天然气 电力\n (万吨) (万吨) (亿立方米) (亿千瓦小时)\n"
        "终端消费量 100.00 100.00 5.00 70.00\n工业 90.00 "
        "90.00 3.00 50.00\n",
        encoding="utf-8",
    )
    balance = ca.read_balance(path)
    assert balance.amounts["unit"].values.tolist() == ["t", "t", "m3", "kWh"]
    assert float(balance.amounts.sel(flow="industry", product="natural_gas").item()) == 3e8


def test_several_units_in_the_corner(tmp_path):
    """单位：万吨、亿立方米、亿千瓦时 gives a product the unit that fits; two of one kind, or tce/t, give none."""
    table = "2020年常州市能源平衡表\n计量单位：{}\n项目,原煤,天然气,热力,电力\n工业,5,2,3,4\n建筑业,1,1,1,1"
    balance = read(tmp_path, table.format("吨、万立方米、百亿千焦、万千瓦时"))
    assert balance.amounts.sel(flow="construction").values.ravel().tolist() == [1, 1e4, 1e4, 1e4]
    for corner, message in (
        ("吨、万吨、万立方米、百亿千焦、万千瓦时", "raw_coal has no unit"),
        ("吨标准煤/吨", "prints its unit: '吨标准煤/吨' is not a unit"),
    ):
        with pytest.raises(UnitError, match=message):
            read(tmp_path, table.format(corner))


@pytest.mark.parametrize("title", ["1-6月", "上半年", "前三季度", "１—11月", "6月份", "第1季度"])
def test_a_part_of_a_year_is_no_year(tmp_path, title):
    """Amounts of some months are an error finding: an inventory is annual."""
    balance = read(
        tmp_path,
        f"常州市2020年{title}规模以上工业能源消费\n行业,原煤(吨),焦炭(吨)\n煤炭开采和洗选业,5,2\n纺织业,6,3",
    )
    assert [(finding.rule, finding.severity) for finding in balance.findings] == [
        ("part-of-year", "error")
    ]


@pytest.mark.parametrize("title", ["1-12月", "", "(2021年3月公布)", "(截至12月31日)"])
def test_a_whole_year_is_one(tmp_path, title):
    """Twelve months are a year, and the date of a publication says nothing of the amounts."""
    assert (
        rules(
            read(
                tmp_path,
                f"常州市2020年规模以上工业能源消费{title}\n行业,原煤(吨),焦炭(吨)\n煤炭开采和洗选业,5,2\n纺织业,6,3",
                year=2020 if "2021" in title else None,
            )
        )
        == []
    )


def test_a_table_of_emissions_is_not_read_as_energy(tmp_path):
    """Tonnes of CO2 by fuel are refused, and beside a table of energy named and left out."""
    emissions = "常州市2020年{}\n单位：万吨\n项目,原煤,焦炭\n工业,5,2\n建筑业,1,1"
    with pytest.raises(TableError, match=r"table\.csv!3:3: the title says emissions"):
        read(tmp_path, emissions.format("二氧化碳排放量"))
    assert (
        amount(
            read(tmp_path, emissions.format("能源平衡表（排放量核算用）")), "industry", "raw_coal"
        )
        == 5e4
    )
    pages = {
        "energy": [
            ["常州市能源平衡表 2020"],
            ["项目", "原煤(万吨)", "焦炭(万吨)"],
            ["工业", 1.0, 2.0],
        ],
        "CO2": [["CO2 emissions 2020 (万吨)"], ["项目", "原煤", "焦炭"], ["工业", 3.0, 4.0]],
    }
    balance = ca.read_balance(write(pages, tmp_path / "t.xlsx"))
    assert [(finding.rule, finding.severity, finding.where) for finding in balance.findings] == [
        ("emissions-table", "warning", "t.xlsx!CO2!2:2")
    ]


@pytest.mark.parametrize(
    ("title", "total"),
    [
        ("某市2015年六大高耗能行业能源消费量", "合计"),
        ("某市2015年规模以上六大高耗能行业综合能源消费量", "能源消费总量"),
        ("某市2015年规模以上工业能源消费量", "其中：六大高耗能行业"),
        ("某市2015年规模以上工业能源消费量", "高耗能行业"),
    ],
)
def test_the_six_energy_intensive_branches(tmp_path, title, total):
    """Their total is theirs, named by the title or the row, and no total consumption of the city."""
    balance = read(
        tmp_path,
        f"{title}\n行业,原煤(吨)\n{total},300\n化学原料和化学制品制造业,100\n非金属矿物制品业,200\n",
    )
    assert balance.flows == [
        "industry.chemicals",
        "industry.nonmetal_minerals",
        "industry.energy_intensive",
    ]
    assert amount(balance, "industry.energy_intensive", "raw_coal") == 300
    assert ca.check_balance(balance) == []


@pytest.mark.parametrize(
    "districts", ["市辖区 Total of Districts", "市辖区 Districts under City", "市辖区\nDistricts"]
)
def test_a_city_and_its_districts_in_two_languages(tmp_path, districts):
    """One cell says it in both, over the columns of each use."""
    path = tmp_path / "table.csv"
    quoted = f'"{districts}"'
    path.write_text(
        f"6-5 城市用电情况 2015,,,,\n"
        "城市 City,全社会用电量(万千瓦时) Annual Electricity Consumption (10 000 kwh),,"
        "工业用电(万千瓦时) Industrial,\n"
        f",全市 Total,{quoted},全市 Total,{quoted}\n石家庄市,100,50,40,30\n唐山市,200,80,90,20\n",
        encoding="utf-8",
    )
    balance = ca.read_balance(path)
    assert (
        balance.amounts.sel(area="石家庄市市辖区", flow="industry", product="electricity").item()
        == 300_000
    )
    assert (
        balance.amounts.sel(area="唐山市", flow="total_consumption", product="electricity").item()
        == 2_000_000
    )


def test_plants_and_lines_are_within_utilities(tmp_path):
    """电厂生产全部耗用电量 and 线路损失电量 are some of what utilities use, and leave the rest of it unsaid."""
    text = "某市2022年全社会用电量（亿千瓦时）\n项目,用电量\n全社会用电总计,200\n工业,150\n#采矿业,10\n#制造业,90\n"
    text += "#电力、热力、燃气及水生产和供应业,50\n#电厂生产全部耗用电量,30\n#线路损失电量,15\n居民生活,50\n"
    balance = read(tmp_path, text)
    assert ca.check_balance(balance) == []
    counted = find_finest_cells(balance)[0, 0, :, 0]
    counting = {flow for flow, counts in zip(balance.flows, counted, strict=True) if counts}
    assert counting - {"total_consumption"} == {
        "industry.mining",
        "industry.manufacturing",
        "industry.utilities",
        "households",
    }


def test_above_designated_size_is_a_part_of_industry(tmp_path):
    """In a table of its own as beside 工业 in one: what all industry has beyond it counts as its remainder."""
    whole, part = tmp_path / "a.csv", tmp_path / "b.csv"
    whole.write_text(
        "某市能源消费量2015年\n项目,原煤(吨)\n能源消费总量,1000\n工业,900\n居民生活,100\n",
        encoding="utf-8",
    )
    part.write_text(
        "某市规模以上工业能源消费量2015年\n行业,原煤(吨)\n合计,800\n煤炭开采和洗选业,300\n化学原料和化学制品制造业,500\n",
        encoding="utf-8",
    )
    balance = ca.read_balance(whole, part, area="某市")
    assert amount(balance, "industry", "raw_coal") == 900
    assert amount(balance, "industry.above_scale", "raw_coal") == 800
    assert {f.rule for f in ca.check_balance(balance)} == {"remainder"}
    whole.write_text(
        "某市能源消费量2015年\n项目,原煤(吨)\n能源消费总量,800\n工业,700\n居民生活,100\n",
        encoding="utf-8",
    )
    assert "part-exceeds-whole" in {
        f.rule for f in ca.check_balance(ca.read_balance(whole, part, area="某市"))
    }
    assert (
        ca.read_balance(part, area="某市").flows[0] == "industry"
    )  # alone it is all that is known


def test_columns_that_add_up_to_a_total_are_in_its_unit(tmp_path):
    """The unit of 合计 alone is printed; a composition beside it has none."""
    text = "某市一次能源生产量\n年份,合计(万吨标准煤),原煤,原油,一次电力\n2019,{},600,300,100\n2020,{},610,390,100\n"
    balance = read(tmp_path, text.format(1000, 1100))
    assert amount(balance, "production", "crude_oil", year=2019) == 300e4
    assert "unit-assumed" in rules(balance)
    with pytest.raises(UnitError, match="has no unit"):
        read(tmp_path, text.format(1000, 1200))


INPUTS = (
    "2020年苏州市工业加工转换投入量(万吨)\n行业,原煤,洗精煤\n{}电力、热力生产和供应业,80,0\n"
    "黑色金属冶炼和压延加工业,{}\n"
)


def test_inputs_of_branches_are_not_burnt_in_silence(tmp_path):
    """Transformation input of steelworks is coked, not burnt: reading stops until the plants are named.

    Reporting form P205-2.
    """
    with pytest.raises(
        TableError,
        match=r"table\.csv!B4: .* '黑色金属冶炼和压延加工业' does not say of which plants",
    ):
        read(tmp_path, INPUTS.format("", "20,50"))
    read(tmp_path, INPUTS.format("", ",0"))  # nothing is transformed there
    with pytest.raises(TableError, match="does not say of which plants"):
        read(tmp_path, INPUTS.format("", "20,50").replace("投入", "产出"))
    use = read(tmp_path, INPUTS.format("", "20,50").replace("加工转换投入", "终端消费"))
    assert amount(use, "industry.ferrous_smelting", "cleaned_coal") == 50e4


def test_inputs_of_the_power_branch_burn_and_those_of_industry_do_not(tmp_path):
    """The branch of power and heat burns what it takes in; the total of industry is transformed and no second fire."""
    balance = read(tmp_path, INPUTS.format("总计,80,0\n", ",0"))
    assert {"industry.transformation", "industry.power_heat_supply"} <= set(balance.flows)
    whole = ca.compile_inventory(balance, method="provincial-2011")
    alone = ca.compile_inventory(read(tmp_path, INPUTS.format("", ",0")), method="provincial-2011")
    burnt = float(np.nansum(whole.emissions.values))
    assert (
        burnt == float(np.nansum(alone.emissions.values)) > 1.4e6
    )  # 80 * 10^4 t of bituminous coal


def test_plants_that_a_mapping_names_are_not_said_to_burn(tmp_path):
    """Coking within industry has a role of its own: no finding says that its coal counts as burnt."""
    words = tmp_path / "words.csv"
    words.write_text(
        "kind,name,id,sign,note\nflow,黑色金属冶炼和压延加工业,industry.transformation.coking,,\n",
        encoding="utf-8",
    )
    balance = read(tmp_path, INPUTS.format("", "20,50"), mapping=words)
    assert amount(balance, "industry.transformation.coking", "cleaned_coal") == 50e4
    inventory = ca.compile_inventory(balance, method="provincial-2011")
    assert "transformed-inside" not in [finding.rule for finding in inventory.findings]
    assert float(np.nansum(inventory.emissions.values)) < 1.5e6  # of the power plants alone


def test_all_of_a_label_that_spans_rows(tmp_path):
    """工业 | 合计 over 重工业 and 轻工业 is industry; it was total consumption, and industry had no row of its own."""
    balance = read(
        tmp_path,
        "绍兴市能源消费量 2020\n行业,用途,原煤(吨)\n工业,合计,5101\n,重工业,3000\n,轻工业,2101\n居民生活,,1000",
    )
    assert balance.flows == ["industry", "households", "industry.light", "industry.heavy"]
    assert amount(balance, "industry", "raw_coal") == 5101
    assert rules(balance) == []
