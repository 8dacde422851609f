"""Tables of city yearbooks: electricity, gas, heat, water, panels of cities, and rates without amounts."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.errors import CarbonacctError, TableError
from tests.balances.test_layout import amount, read, rules

ELECTRICITY = """
6-9 全社会用电量 单位:万千瓦时
项目,2015,2016
全社会用电量,830450,861200
一、全行业用电合计,715900,738400
第一产业,8300,8700
第二产业,592400,604500
工业,584100,596000
建筑业,8300,8500
第三产业,115200,125200
交通运输、仓储、邮政业,16100,17300
信息传输、计算机服务和软件业,9400,10200
商业、住宿和餐饮业,43700,47600
金融、房地产、商务及居民服务业,19000,21400
公共事业及管理组织,27000,28700
二、城乡居民生活用电合计,114550,122800
城镇居民,64350,69800
乡村居民,50200,53000
"""


def test_electricity_use_of_society(tmp_path):
    """Sectors of the electricity statistics, whose groups are the sums of their members."""
    balance = read(tmp_path, ELECTRICITY, area="某市")
    right = {
        "primary_industry": 8700,
        "industry": 596000,
        "construction": 8500,
        "transport": 17300,
        "services.information": 10200,
        "wholesale_retail": 47600,
        "services.finance_real_estate": 21400,
        "services.public": 28700,
        "households": 122800,
        "households_urban": 69800,
        "households_rural": 53000,
        "total_consumption": 861200,
        "all_industries": 738400,
    }
    for flow, number in right.items():
        assert amount(balance, flow, "electricity", year=2016) == number * 1e4
    assert sum(right[flow] for flow in list(right)[:9]) == right["total_consumption"]
    assert ca.check_balance(balance) == []


def test_a_sector_group_that_is_not_the_sum_of_its_members_is_found(tmp_path):
    """第三产业 holds sectors that have no row of services above them: what it has beyond them is said."""
    balance = read(tmp_path, ELECTRICITY.replace("115200,125200", "115200,135200"), area="某市")
    (finding,) = ca.check_balance(balance)
    assert finding.rule == "remainder"
    assert (
        "tertiary_industry has 100,000,000 kWh of electricity beyond its printed parts"
        in finding.message
    )


GAS = """
9-7 城市人工煤气、天然气、液化石油气供应情况
指标,单位,2015,2016
人工煤气供气总量,万立方米,3200,2900
#家庭用量,万立方米,2100,1900
天然气供气总量,万立方米,18600,20400
#家庭用量,万立方米,6100,6700
液化石油气供气总量,吨,21400,20100
#家庭用量,吨,15600,14300
用气人口,万人,100,101
供气管道长度,公里,900,950
"""


def test_gas_supply_of_a_city(tmp_path):
    """A part that names no gas is of the gas above it; people and pipes are left out and listed."""
    balance = read(tmp_path, GAS, area="某市")
    assert amount(balance, "households", "natural_gas", year=2016) == 67e6
    assert amount(balance, "households", "lpg", year=2016) == 14300
    assert amount(balance, "households", "gas_works_gas", year=2016) == 19e6
    assert amount(balance, "final_consumption", "lpg", year=2016) == 20100
    (finding,) = balance.findings
    assert (finding.rule, "A9:D10" in finding.message) == ("left-out", True)


def test_gas_supply_burns_where_it_is_delivered(tmp_path):
    """All gas of 2016: households and the rest of what the network delivers."""
    balance = read(tmp_path, GAS, area="某市", year=2016)
    inventory = ca.compile_inventory(balance, method="provincial-2011")
    by_product = inventory.by("product").squeeze()
    assert by_product.sel(product="natural_gas").item().magnitude == pytest.approx(441_663, abs=1)
    assert by_product.sel(product="lpg").item().magnitude == pytest.approx(62_337, abs=1)


@pytest.mark.parametrize("head", ["项目", "品种"])
@pytest.mark.parametrize("label", ["天然气损失量", "燃气损失量", "损失量"])
def test_the_loss_behind_marked_uses_is_of_the_gas_that_is_supplied(tmp_path, label, head):
    """On a page of two gases: 供气总量 of one, its uses behind #, and what its network loses."""
    text = f"""
10-8 城市天然气、液化石油气供应情况
{head},单位,2013年
天然气供气总量,万立方米,100
#家庭用量,万立方米,40
工业用量,万立方米,55
{label},万立方米,5
液化石油气供气总量,吨,30
#家庭用量,吨,20
"""
    balance = read(tmp_path, text, area="某市")
    assert amount(balance, "losses", "natural_gas") == 5e4
    assert amount(balance, "households", "lpg") == 20


@pytest.mark.parametrize("whole", ["工业用煤", "煤平衡表"])
def test_uses_that_lie_in_no_whole_are_asked(tmp_path, whole):
    """Construction behind a part of industry, or of a label without a use, has no product: it is asked by name."""
    text = f"能源消费 2019\n品种,单位,数量\n{whole},吨,100\n#制造业,吨,60\n建筑业,吨,5\n"
    with pytest.raises(CarbonacctError, match="no row, header or title says which product"):
        read(tmp_path, text, area="某市")


def test_a_part_of_the_column_beside_it(tmp_path):
    """#家庭用量 to the right of a gas is of that gas, in its unit; 全市 and 市辖区 are two areas."""
    balance = read(
        tmp_path,
        """
        2-25 城市天然气及液化石油气供应情况(2016年)
        城市,天然气供气总量(万立方米),,液化石油气供气总量(吨),,#家庭用量,
        ,全市,市辖区,全市,市辖区,全市,市辖区
        苏州市,200,100,30,20,10,5
        无锡市,100,50,20,10,6,3
        """,
    )
    assert balance.areas == ["苏州市", "苏州市市辖区", "无锡市", "无锡市市辖区"]
    assert amount(balance, "final_consumption", "natural_gas", area="苏州市") == 2e6
    assert amount(balance, "final_consumption", "natural_gas", area="苏州市市辖区") == 1e6
    assert amount(balance, "households", "lpg", area="无锡市市辖区") == 3
    assert {finding.rule for finding in ca.check_balance(balance)} == {
        "remainder"
    }  # households are not all of it


def test_heat_supply_of_a_city(tmp_path):
    """A heading names what steam and hot water below it are; capacities, pipes and floors are no energy."""
    balance = read(
        tmp_path,
        """
        9-8 城市集中供热情况
        项目,单位,2015,2016
        供热能力,,,
        蒸汽,吨/小时,100,110
        热水,兆瓦,900,950
        供热总量,,,
        蒸汽,万吉焦,120,130
        热水,万吉焦,2000,2100
        管道长度,公里,300,320
        供热面积,万平方米,4000,4100
        """,
        area="某市",
    )
    assert balance.flows == ["final_consumption"]
    assert amount(balance, "final_consumption", "steam_by_heat", year=2016) == 1.3e6
    assert amount(balance, "final_consumption", "hot_water", year=2016) == 21e6
    assert rules(balance) == ["left-out"]


def test_a_table_of_water_is_refused_by_name(tmp_path):
    """Nothing of it is energy, and the message says so."""
    with pytest.raises(TableError, match="none of its rows is an amount of energy"):
        read(
            tmp_path,
            """
            9-6 城市供水和节约用水
            指标,单位,2015,2016
            供水总量,万立方米,3200,2900
            #居民家庭用水量,万立方米,2100,1900
            用水人口,万人,100,101
            """,
        )


@pytest.mark.parametrize(
    ("title", "what"),
    [
        ("5-12 人均生活能源消费量", "amounts per person"),
        ("5-13 Annual Average per Capita Household Energy Consumption", "amounts per person"),
        ("5-6 平均每天能源消费量", "amounts per day"),
        ("5-8 规模以上工业能源加工转换效率", "efficiencies of conversion"),
        ("单位GDP能源消费量", "energy per unit of something"),
    ],
)
def test_rates_are_no_amounts(tmp_path, title, what):
    """A title that says per person, per day or per yuan is refused; the same rows under a plain title are read."""
    table = "{}\n项目,单位,2014,2015\n煤炭,万吨,12.1,10.9\n汽油,万吨,500,520"
    with pytest.raises(TableError, match=what):
        read(tmp_path, table.format(title))
    assert read(tmp_path, table.format("5-12 生活能源消费量"), area="某市").flows == ["households"]


def test_household_words(tmp_path):
    """生活用煤 is coal of households, in rows as in columns."""
    rows = read(
        tmp_path,
        """
        居民生活能源消费量
        项目,单位,2015,2016
        生活用煤,万吨,12.1,10.9
        生活用电,亿千瓦时,32.1,35.5
        生活用天然气,亿立方米,1.21,1.35
        生活用液化石油气,万吨,3.2,3.1
        """,
        area="某市",
    )
    columns = read(
        tmp_path,
        """
        能源消费
        年份,生活用煤(万吨),生活用电(亿千瓦时),生活用天然气(亿立方米),生活用液化石油气(万吨)
        2015,12.1,32.1,1.21,3.2
        2016,10.9,35.5,1.35,3.1
        """,
        area="某市",
    )
    assert amount(rows, "households", "natural_gas", year=2016) == 1.35e8
    assert rows.amounts.equals(columns.amounts)


def test_a_jump_of_all_electricity_names_the_year(tmp_path):
    """A city as a whole where its districts were: two fifths more electricity in a year is said."""
    table = "area,year,flow,product,unit,amount\n" + "\n".join(
        f"金华市,{year},全社会用电量,电力,万千瓦时,{number}"
        for year, number in ((2015, 521467), (2016, 1949122), (2017, 2140453), (2018, 2270000))
    )
    found = ca.check_balance(read(tmp_path, table))
    (finding,) = [one for one in found if one.rule == "jump-in-table"]
    assert {one.rule for one in found} == {"jump-in-table", "remainder"}  # all of it counts
    assert "in 2015 to 1.949e+10 in 2016 (+274 %)" in finding.message
    assert "全市 for 市辖区" in finding.action


@pytest.mark.parametrize(
    ("title", "flow", "product", "right"),
    [
        ("3-5 各市全社会用电量 单位:亿千瓦时", "total_consumption", "electricity", 700e8),
        ("3-6 主要城市天然气供气总量(万立方米)", "final_consumption", "natural_gas", 700e4),
        ("3-7 分地区城乡居民生活用电量(万千瓦时)", "households", "electricity", 700e4),
        ("3-8 各市工业用电量(亿千瓦时)", "industry", "electricity", 700e8),
        ("3-9 分地区原煤产量(万吨)", "gross_output", "raw_coal", 700e4),
    ],
)
def test_a_city_panel_whose_title_says_all(tmp_path, title, flow, product, right):
    """Cities by years: a phrase of the title names product and use."""
    balance = read(tmp_path, f"{title}\n城市,2015,2016\n杭州市,680,700\n宁波市,590,600")
    assert amount(balance, flow, product, area="杭州市", year=2016) == pytest.approx(right)


def test_a_title_with_a_word_left_over_says_nothing(tmp_path):
    """农村用电量 holds the industry of villages: it is not the use of rural households, nor all electricity."""
    with pytest.raises(TableError):
        read(tmp_path, "3-6 各县农村用电量(万千瓦时)\n县,2015,2016\n杭州市,680,700\n宁波市,590,600")


def test_sales_of_fuels_are_asked_and_a_mapping_answers(tmp_path):
    """What no network delivers goes to other areas as well; who knows that it is used here says so."""
    table = """
        重庆2019年成品油销售情况
        品种,销售量(吨)
        汽油,120
        柴油,90
        """
    with pytest.raises(TableError, match="'销售量' of gasoline is no use of the area"):
        read(tmp_path, table)
    words = tmp_path / "words.csv"
    words.write_text(
        "kind,name,id,sign,note\nflow,销售量,final_consumption,,sold to users here\n",
        encoding="utf-8",
    )
    balance = read(tmp_path, table, mapping=words)
    assert amount(balance, "final_consumption", "diesel") == 90
