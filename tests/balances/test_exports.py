"""Exports of data vendors: series with paths for names, bookkeeping rows, dates for years."""

from __future__ import annotations

import datetime as dt

import pytest

import carbonacct as ca
from carbonacct.balances.label.headers import end_of_year
from carbonacct.balances.words.compounds import read_compound, read_path
from carbonacct.errors import TableError
from tests.balances.printing import write
from tests.balances.test_layout import amount, read, rules


def test_long_table_of_paths(tmp_path):
    """A path is known only if each of its steps is; the inner flow lies in the outer one."""
    table = """
        province_cn,year,balance_type_cn,item_cn,value,unit
        北京,1995,煤平衡表,加工转换投入和产出量:火力发电,-5000,千吨
        北京,1995,煤平衡表,终端消费量,12000,千吨
        北京,1995,煤平衡表,终端消费量:{},5000,千吨
        """
    balance = read(tmp_path, table.format("工业"))
    assert balance.products == ["coal_total"]
    assert amount(balance, "thermal_power", "coal_total") == -5e6
    assert amount(balance, "final_consumption", "coal_total") == 12e6
    assert amount(balance, "industry", "coal_total") == 5e6
    with pytest.raises(TableError, match="'终端消费量:用途不明"):
        read(tmp_path, table.format("用途不明"))


def test_columns_that_repeat_others_add_nothing(tmp_path):
    """Codes and paths made of the columns beside them tell nothing apart; one that is not made of them stops."""
    table = (
        "province,province_cn,year,energy_type,balance_type_cn,item_cn,"
        "variable,value,unit,source,series_id,original_header\n"
        "Beijing,北京,1995,coal,煤平衡表,终端消费量,{}终端消费量,12706.9,千吨,国家统计局,"
        "316341001 (A),北京:煤平衡表:终端消费量\n"
        "Beijing,北京,1995,oil,油品平衡表,终端消费量,oil终端消费量,4521.1,千吨,国家统计局,"
        "316344601 (B),北京:油品平衡表:终端消费量\n"
        "Tianjin,天津,1995,coal,煤平衡表,终端消费量,coal终端消费量,13505.1,千吨,国家统计局,"
        "316348601 (C),天津:煤平衡表:终端消费量\n"
    )
    balance = read(tmp_path, table.format("coal"))
    assert balance.areas == ["Beijing", "Tianjin"]
    assert amount(balance, "final_consumption", "oil_total", area="Beijing") == 4521.1e3
    with pytest.raises(TableError, match="'x12'"):
        read(tmp_path, table.replace("{}终端消费量,12706.9", "x12,12706.9"))


WIDE = [
    [
        "指标名称",
        "北京:煤平衡表:终端消费量",
        "北京:煤平衡表:终端消费量:工业",
        "天津:电力平衡表:终端消费量:工业",
    ],
    ["频率", "年", "年", "年"],
    ["单位", "万吨", "万吨", "亿千瓦时"],
    ["来源", "国家统计局", "国家统计局", "国家统计局"],
    ["指标ID", "316338701", "316338702", "316338703"],
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "dates",
    [
        ("2014-12-31", "2015-12-31"),
        ("2014", "2015"),
        ("2014年12月", "2015年12月"),
        ("2014/12/31", "2015/12/31"),
    ],
)
def test_series_as_columns(tmp_path, kind, dates):
    """Each column has area, product, flow and unit from its path and the rows below; the first holds years."""
    rows = [*WIDE, [dates[0], 100, 80, 55], [dates[1], 110, 85, 56]]
    balance = read_rows(tmp_path, rows, kind)
    assert (balance.areas, balance.years) == (["北京", "天津"], [2014, 2015])
    assert amount(balance, "industry", "coal_total", area="北京", year=2015) == 85e4
    assert amount(balance, "industry", "electricity", area="天津", year=2014) == 55e8


@pytest.mark.parametrize(
    "table", ["能源平衡表:", "能源平衡表(实物量):", "能源平衡表:实物量:", "实物量："]
)
def test_a_path_names_the_kind_of_its_quantities(tmp_path, table):
    """实物量 is what is read by itself."""
    rows = [
        ["指标名称", f"浙江:{table}终端消费量:工业:原煤", f"浙江:{table}加工转换:火力发电:天然气"],
        ["频率", "年", "年"],
        ["单位", "万吨", "亿立方米"],
        ["更新时间", "2023-05-10", "2023-05-10"],
        ["2019-12-31", 100, -2],
        ["2020-12-31", 110, -3],
    ]
    balance = read_rows(tmp_path, rows, "csv")
    assert amount(balance, "industry", "raw_coal", area="浙江", year=2019) == 100e4
    assert amount(balance, "thermal_power", "natural_gas", area="浙江", year=2019) == -2e8


def test_a_path_of_standard_quantities_is_asked(tmp_path):
    """标准量 over a unit of mass says nothing that can be trusted."""
    rows = [
        ["指标名称", "浙江:标准量:终端消费量:工业:原煤"],
        ["频率", "年"],
        ["单位", "万吨"],
        [2019, 100],
        [2020, 90],
    ]
    with pytest.raises(TableError):
        read_rows(tmp_path, rows, "csv")


def test_a_series_of_quarters_is_not_one_of_years(tmp_path):
    """A date within a year is no year."""
    rows = [*WIDE, ["2014-09-30", 100, 80, 55], ["2014-12-31", 110, 85, 56]]
    with pytest.raises(TableError, match="2014-09-30"):
        read_rows(tmp_path, rows, "csv")


def read_rows(folder, rows, kind):
    """Write rows as a file and read it."""
    path = folder / f"export.{kind}"
    if kind == "csv":
        return read(folder, "\n".join(",".join(map(str, row)) for row in rows), name=path.name)
    return ca.read_balance(write([list(row) for row in rows], path))


def test_series_as_rows(tmp_path):
    """The same series as rows, with years as columns and the unit beside each."""
    balance = read(
        tmp_path,
        """
        指标名称,频率,单位,来源,2014,2015
        北京:煤平衡表:终端消费量,年,万吨,国家统计局,100,110
        北京:煤平衡表:终端消费量:工业,年,万吨,国家统计局,80,85
        天津:电力平衡表:终端消费量:工业,年,亿千瓦时,国家统计局,55,56
        """,
    )
    assert balance.areas == ["北京", "天津"]
    assert amount(balance, "industry", "coal_total", area="北京", year=2015) == 85e4
    assert amount(balance, "industry", "electricity", area="天津", year=2014) == 55e8


def test_area_as_a_row_and_as_a_column(tmp_path):
    """An area below the headings is that of its column; beside labels it is that of its row."""
    above = read(
        tmp_path,
        """
        指标名称,煤炭消费量,电力消费量,煤炭消费量
        地区,北京,北京,天津
        单位,万吨,亿千瓦时,万吨
        2014,100,8,80
        2015,110,8.5,85
        """,
    )
    beside = read(
        tmp_path,
        """
        地区,指标,单位,2014,2015
        北京,煤炭消费量,万吨,100,110
        北京,电力消费量,亿千瓦时,8,8.5
        天津,煤炭消费量,万吨,80,85
        """,
    )
    for balance in (above, beside):
        assert balance.areas == ["北京", "天津"]
        assert amount(balance, "total_consumption", "coal_total", area="天津", year=2015) == 85e4
        assert amount(balance, "total_consumption", "electricity", area="北京", year=2014) == 8e8


def test_an_area_said_twice_must_be_one(tmp_path):
    """A row of Tianjin in a column of Beijing is refused."""
    table = "地区,北京:煤平衡表:终端消费量,北京:煤平衡表:终端消费量:工业\n单位,万吨,万吨\n{},100,80\n{},110,85"
    with pytest.raises(TableError, match="the row is of 天津 and a column of 北京"):
        read(tmp_path, table.format("天津", "上海"), year=2015)


def test_a_header_that_begins_with_the_source(tmp_path):
    """A column of sources stands first in a long table: its heading does not make the header a row of bookkeeping."""
    balance = read(
        tmp_path,
        """
        来源,地区,年份,项目,能源品种,单位,数值
        年鉴,北京,2015,工业,原煤,万吨,10
        年鉴,北京,2015,建筑业,原煤,万吨,1
        """,
    )
    assert amount(balance, "industry", "raw_coal") == 1e5


def test_english_paths(tmp_path):
    """The same in English, with the bookkeeping of another vendor."""
    balance = read(
        tmp_path,
        """
        ,CN: Energy Balance: Coal: Final Consumption,CN: Energy Balance: Coal: Final Consumption: Industry
        Frequency,Annual,Annual
        Unit,10 000 tons,10 000 tons
        Source,National Bureau of Statistics,National Bureau of Statistics
        2014,100,80
        2015,110,85
        """,
    )
    assert balance.areas == ["CN"]
    assert amount(balance, "industry", "coal_total", year=2015) == 85e4


@pytest.mark.parametrize(
    ("path", "area", "flow", "product"),
    [
        ("北京:煤平衡表:终端消费量:工业", "北京", "industry", "coal_total"),
        ("电力平衡表：终端消费量：生活消费：城镇", "", "households_urban", "electricity"),
        ("油品平衡表>可供消费的能源总量>进口量", "", "imports", "oil_total"),
        ("Coal Balance: Transformation: Coking", "", "coking", "coal_total"),
    ],
)
def test_what_a_path_says(path, area, flow, product):
    """From the outer to the inner, each step a word of its own."""
    found = read_path(path)
    assert (found.area, found.flow, found.product) == (area, flow, product)


@pytest.mark.parametrize(
    "path",
    ["北京:煤平衡表", "终端消费量:不明", "工业:建筑业:煤炭", "原煤:柴油:工业", "北京:天津:工业"],
)
def test_steps_that_do_not_lie_in_one_another_are_no_path(path):
    """Two sectors, two products, two areas or a word that is not known: the label is not known."""
    found = read_path(path)
    assert found is None or (path == "北京:煤平衡表" and not found.flow)


@pytest.mark.parametrize(
    ("label", "flow", "weak", "product"),
    [
        ("煤炭消费量", "", "total_consumption", "coal_total"),
        ("工业煤炭消费量", "industry", "", "coal_total"),
        ("煤炭工业消费量", "industry.coal_mining", "", ""),
        ("#工业用电", "industry", "", "electricity"),
        ("全社会用电总计", "total_consumption", "", "electricity"),
        ("第三产业用电量", "tertiary_industry", "", "electricity"),
        ("城乡居民生活用电合计", "households", "", "electricity"),
        ("发电用煤", "thermal_power.input", "", "coal_total"),
        ("原煤产量", "production", "", "raw_coal"),
        ("Industrial Electricity Consumption", "industry", "", "electricity"),
        ("液化石油气家庭用量", "households", "", "lpg"),
    ],
)
def test_what_joined_words_say(label, flow, weak, product):
    """The words of a label cover it from end to end."""
    found = read_compound(label)
    assert (found.flow, found.weak, found.product) == (flow, weak, product)


@pytest.mark.parametrize(
    "label",
    [
        "进口煤消费量",
        "农村用电量",
        "其他燃料油",
        "天然气发电量",
        "公共建筑用电",
        "Coal, peat and oil shale",
        "Electricity, CHP and heat plants",
        "建筑用电",
        "煤炭焦炭消费量",
        "工业建筑业用电量",
        "城市天然气消费量",
        "原煤",
        "工业",
    ],
)
def test_what_is_no_joined_label(label):
    """Two values of one thing, words that mean something else here, and plain words are none."""
    assert read_compound(label) is None


def test_dates_of_a_workbook(tmp_path):
    """A date cell at the end of a year is that year."""
    assert end_of_year(dt.date(2015, 12, 31)) == 2015
    assert end_of_year(dt.date(2015, 6, 30)) is None
    assert (
        rules(
            read_rows(
                tmp_path,
                [*WIDE[:1], WIDE[2], ["2014-12-31", 1, 1, 1], ["2015-12-31", 1, 1, 1]],
                "csv",
            )
        )
        == []
    )
