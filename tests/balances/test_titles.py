"""What a title says against what the table and the title's other lines say."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

import carbonacct as ca
from carbonacct.balances.label.topics import find_joined, find_product
from carbonacct.balances.sheet_stages import read_page
from carbonacct.balances.words.mapping import make_mapping
from carbonacct.cli.main import main
from carbonacct.errors import TableError, UnitError
from carbonacct.sheets.raw_sheets import Sheet
from tests.balances.test_layout import TITLE, amount, read, rules


@pytest.mark.parametrize(
    "title",
    [
        "北京市、天津市、河北省能源消费量 2015",
        "6-22 重庆能源平衡表-2015\nENERGY BALANCE OF BEIJING-2015",
        "甲乙市、丙丁市能源消费量 2015",
        "苏州昆山、太仓能源生产和消费量 2015",
        "合肥庐阳、蜀山区能源消费量 2015",
    ],
)
def test_a_title_of_several_areas_stops(tmp_path, title):
    """Several areas in a title, or two titles of different ones, are asked about unless cells name theirs."""
    page = f"{title}\n项目,原煤(万吨),柴油(万吨)\n工业,71,2"
    with pytest.raises(
        TableError, match=r"table\.csv!A1: the title names several areas, .* pass --area"
    ):
        read(tmp_path, page)
    whole = read(tmp_path, page, area="京津冀")
    assert (whole.areas, rules(whole)) == (["京津冀"], [])
    one = read(tmp_path, page, area="北京")
    assert (one.areas, rules(one)) == (["北京"], ["area-overruled"])
    balance = read(tmp_path, f"{title}\n地区,项目,原煤(万吨),柴油(万吨)\n天津市,工业,71,2")
    assert balance.areas == ["天津市"]


@pytest.mark.parametrize(
    "title",
    [
        "江苏省苏州市能源消费量 2015\nENERGY BALANCE OF SUZHOU, JIANGSU-2015",
        "中国北京能源平衡表-2015\nBeijing, China",
        "各省、自治区、直辖市能源消费量 2015",
        "重庆能源平衡表-2015\nENERGY BALANCE OF CHONGQING-2015",
        "华北地区北京能源平衡表-2015",
    ],
)
def test_one_area_said_in_several_ways_is_one(tmp_path, title):
    """A province and its city, a translation, the nation above it, and 各省 are no second area."""
    assert len(read(tmp_path, f"{title}\n项目,原煤(万吨),柴油(万吨)\n工业,71,2").areas) == 1


@pytest.mark.parametrize(
    "title", ["各区县全社会用电量", "分行业各地级市用电量", "主要城市用电量", "全省城市用电量"]
)
def test_places_in_general_are_no_area(tmp_path, title):
    """各区县 is no district: the whole takes the name of the file, and says so."""
    page = f"{title} 2021\n单位：亿千瓦时\n地区,工业,城乡居民生活\n全市,8,3\n西固区,5,1"
    balance = read(tmp_path, page)
    assert balance.areas == ["table", "西固区"]
    assert rules(balance) == ["area-unknown"]


def test_two_titles_of_different_years_stop(tmp_path):
    """A year printed twice must agree; the year of a yearbook or of a note is none of the table's."""
    table = "6-22 重庆能源平衡表(实物量)-2017\n{}\n项目,原煤(万吨),柴油(万吨)\n工业,71,2"
    second = "ENERGY BALANCE OF CHONGQING -2007 (PHYSICAL QUANTITY)"
    with pytest.raises(
        TableError,
        match=r"A1: the title names several years, 2017 \(table\.csv!A1\), 2007 \(table\.csv!A2\)",
    ):
        read(tmp_path, table.format(second))
    assert read(tmp_path, table.format(second), year=2007).years == [2007]
    for other in (
        second.replace("2007", "2017"),
        "中国能源统计年鉴2018",
        "注: 能源消费量 2016 年为快报数",
        "按2010年价格计算",
    ):
        assert read(tmp_path, table.format(other)).years == [2017]


def test_codes_of_areas_are_areas(tmp_path):
    """NO, IE, NE, NA and C in a column of areas are names, and notation keys among the numbers."""
    for header in ("Area", "Country", "geo"):
        balance = read(
            tmp_path,
            f"{header},Year,Flow,Product,Unit,Value\n"
            + "\n".join(
                f"{code},2019,Industry,Diesel oil,TJ,{value}"
                for code, value in (("NO", 1), ("IE", 2), ("NE", 3), ("NA", 4), ("C", "NE"))
            ),
        )
        assert balance.areas == ["NO", "IE", "NE", "NA", "C"]
        assert amount(balance, "industry", "diesel", area="IE") == 2000
        assert ca.sheets.values.STATUS_NAMES[int(balance.status.sel(area="C").item())] == "NE"


def test_heat_does_not_take_the_unit_of_electricity(tmp_path):
    """A list of units gives heat none where it has one for electricity alone, and the other way round."""
    table = "江苏能源消费(2015年)  单位:万吨、亿立方米、{}\n部门,原煤,天然气,{}\n工业,91,5.2,200"
    for unit, product in (
        ("亿千瓦时", "热力"),
        ("百亿千焦", "电力"),
        ("亿千瓦时、万吨标准煤", "热力"),
    ):
        with pytest.raises(UnitError, match="has no unit"):
            read(tmp_path, table.format(unit, product))
    balance = read(tmp_path, table.format("亿千瓦时、百亿千焦", "热力"))
    assert amount(balance, "industry", "heat") == 2e6


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("江苏省能源平衡表（标准量）2015", "单位:万吨"),
        ("江苏省能源平衡表（实物量）2015", "单位:万吨标准煤"),
        ("ENERGY BALANCE OF JIANGSU 2015 (STANDARD QUANTITY)", "(10 000 tons)"),
        ("Energy Balance of Jiangsu 2015 (Physical Quantity)", "Unit: TJ"),
    ],
)
def test_a_title_of_another_quantity_than_the_units_is_an_error(tmp_path, title, unit):
    """标准量 over 万吨, 实物量 over 万吨标准煤, and the like in English."""
    balance = read(
        tmp_path, f"{title}\n{unit}\n项目,原煤,柴油\n终端消费量,75,9\n工业,71,2\n建筑业,4,7"
    )
    (finding,) = balance.findings
    assert (finding.rule, finding.severity) == ("basis-contradiction", "error")


def test_one_column_of_another_quantity_than_the_title(tmp_path):
    """A gas in coal equivalent among tonnes of 实物量 is named with its unit, the title and the units beside it."""
    table = (
        "6-22 重庆能源平衡表(实物量)-2007\n"
        "项目,原煤(万吨),天然气({}),热力(百亿千焦),电力(亿千瓦时),其他能源(万吨标准煤)\n工业,71,2,3,4,5"
    )
    assert rules(read(tmp_path, table.format("亿立方米"))) == []
    (finding,) = read(tmp_path, table.format("万吨标准煤")).findings
    for word in ("natural_gas in 1e4 tce (table.csv!C3)", "实物量", "beside units 1e4 t"):
        assert word in finding.message


def test_the_spelling_of_messages_is_read_as_a_unit(tmp_path):
    """`1e4 t` is read in a column, a header, a label and a corner; an error names the cell."""
    long = (
        "province,year,sector,fuel,value,unit\nBeijing,2015,Industry,Raw Coal,100,{}\nBeijing,2015,Transport,"
        "Diesel Oil,5,1e4 t"
    )
    assert amount(read(tmp_path, long.format("1e4 t")), "industry", "raw_coal") == 1e6
    assert (
        amount(
            read(tmp_path, f"{TITLE}\n项目,原煤(1e4 t),天然气(1e8 m3)\n工业,1,1"),
            "industry",
            "natural_gas",
        )
        == 1e8
    )
    assert (
        amount(
            read(tmp_path, f"{TITLE}\n单位: 1e4 tce\n项目,原煤,天然气\n工业,1,1"),
            "industry",
            "raw_coal",
        )
        == 1e4
    )
    with pytest.raises(UnitError, match=r"^table\.csv!F2: '万石' is not a unit"):
        read(tmp_path, long.format("万石"))


UNPLACED = """6-8 Energy Balance Sheet of Shandong 2007 continued
        (10 000 tons of SCE)
Category Natural
Gas
Other
Pertroleum
Products
Other
Coking
Products
 Thermal
Equival
-ent
Equal
Value

Total Energy Available for Local 280.7 -943.2 -165.3 22.5 29.9
 Consumption
    Imports
Final Consumption 277.7 926.6 90.9 1975.5 2623.7
        Industry 181.5 582.5 90.9 1610.0 2138.2
"""


def test_a_table_of_which_no_number_is_placed_is_refused(tmp_path, capsys):
    """Nothing used is an error that names the lines; `check` says it and exits with 2."""
    path = tmp_path / "pasted.txt"
    path.write_text(UNPLACED, encoding="utf-8")
    with pytest.raises(
        TableError,
        match=r"A17: no number of the table could be placed: 15 numbers in 3 lines .* Industry 181\.5",
    ):
        ca.read_balance(path)
    assert main(["check", str(path)]) == 2
    assert "no number of the table could be placed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("用电量", "electricity"),
        ("分县(市)全社会用电量情况", "electricity"),
        ("各市用电量、用电量", "electricity"),
        ("各市用电量、供热量", None),
        ("农村用电量", None),
    ],
)
def test_a_phrase_that_joins_a_product_and_its_use(title, product):
    """It stands at the start, behind whose it is, or behind a mark; two that differ say nothing."""
    found = find_joined(title)
    assert (found and found.product) == product


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (
            "Energy consumption in Springfield 2018-19 (TJ)",
            ["2018-19 is a fiscal year: it is taken as 2018"],
        ),
        ("Energy consumption in Springfield 2018 (TJ)", []),
    ],
)
def test_a_fiscal_year_in_a_title_is_said(tmp_path, title, said):
    """The year that it begins in is taken, and nobody need guess which."""
    path = tmp_path / "a.csv"
    path.write_text(
        f"{title},\nSector,Natural gas\nIndustry,100\nHouseholds,50\n", encoding="utf-8"
    )
    balance = ca.read_balance(path, area="Springfield")
    assert balance.years == [2018]
    assert [str(one.message) for one in balance.findings if one.rule == "fiscal-year"] == said


@pytest.mark.parametrize(
    ("sheet", "flow"),
    [
        ("发电行业能源消费量", "thermal_power.input"),
        ("铁路运输燃料消耗", "transport.rail"),
        ("2019", ""),
    ],
)
def test_a_sheet_without_a_title_is_named_by_its_name(tmp_path, sheet, flow):
    """A workbook keeps the titles of its tables in the names of the sheets; a title above the table goes first."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in [["项目", "单位", 2018, 2019], ["原煤", "万吨", 12, 13], ["柴油", "万吨", 1, 2]]:
        page.append(row)
    book.save(tmp_path / "t.xlsx")
    if not flow:
        with pytest.raises(TableError, match="nothing says which flow"):
            ca.read_balance(tmp_path / "t.xlsx", area="某市")
        return
    balance = ca.read_balance(tmp_path / "t.xlsx", area="某市")
    found = abs(float(balance.amounts.sel(area="某市", year=2019, flow=flow, product="raw_coal")))
    assert found == 130_000
    page.insert_rows(1)
    page["A1"] = "某市工业能源消费量"
    book.save(tmp_path / "u.xlsx")
    assert "industry" in ca.read_balance(tmp_path / "u.xlsx", area="某市").amounts.flow


@pytest.mark.parametrize(
    ("sheet", "words"),
    [("人均能源消费量", "amounts per person"), ("碳排放", "emissions"), ("工业能源消费1-6月", "")],
)
def test_a_sheet_named_for_what_is_no_amount_of_a_year_is_told(tmp_path, sheet, words):
    """A sheet named for amounts per person, emissions or some months says so, whatever its rows are."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in [["项目", "原煤(吨)", "柴油(吨)"], ["工业", 12, 13], ["生活消费", 100, 200]]:
        page.append(row)
    book.save(tmp_path / "t.xlsx")
    if words:
        with pytest.raises(TableError, match=words):
            ca.read_balance(tmp_path / "t.xlsx", area="某市", year=2019)
    else:
        assert "part-of-year" in rules(ca.read_balance(tmp_path / "t.xlsx", area="某市", year=2019))


def test_months_in_a_title_are_told_over_years_of_columns(tmp_path):
    """1-6月 above 2018 | 2019 is half of each year."""
    balance = read(
        tmp_path, "某市1-6月工业能源消费量\n品种,单位,2018,2019\n原煤,万吨,10,11", area="某市"
    )
    assert rules(balance) == ["part-of-year"]


@pytest.mark.parametrize("beside", ["", "|原煤(吨)"])
def test_energy_of_no_product_is_asked_below_a_title_of_one(beside):
    """Whatever stands in the columns beside it; below a title of energy it is all energy."""
    rows = [f"部门|消费量(TJ){beside}", "工业|1|2", "居民生活|3|4"]
    cells = [row.split("|")[: 2 + bool(beside)] for row in rows]
    for title, asked in (("Erdgasverbrauch 2019", ["a.csv!B3"]), ("Energy use 2019", [])):
        page = read_page(Sheet("a.csv", "", [[title], *cells]))
        assert [str(stop.error).partition(":")[0] for stop in page.stops] == asked


@pytest.mark.parametrize("gap", ["\n", ""])
@pytest.mark.parametrize(
    "heads",
    [
        ("行业,消费量", "行业,消费量"),
        ("行业,消费量", "部门,用量"),
        ("项目,用电量", "项目,万立方米"),
    ],
)
def test_a_table_below_another_is_of_its_own_title(tmp_path, heads, gap):
    """Gas below electricity, each under 行业 | 消费量: without its title it would be read as electricity."""
    first = f"某市电力消费量(万千瓦时)\n{heads[0]}\n工业,100\n居民生活,50\n"
    second = f"某市天然气消费量(万立方米)\n{heads[1]}\n建筑业,70\n交通运输业,30\n"
    balance = read(tmp_path, f"{first}{gap}{second}", area="某市", year=2022)
    for flow, product, value in (
        ("industry", "electricity", 1e6),
        ("construction", "natural_gas", 7e5),
    ):
        assert amount(balance, flow, product) == pytest.approx(value)
    assert int(balance.amounts.count()) == 4


@pytest.mark.parametrize(
    ("title", "sheet", "flow", "product"),
    [
        ("", "工业天然气", "industry", "natural_gas"),
        ("", "工业天然气用量", "industry", "natural_gas"),
        (
            "重庆市工业用气",
            "居民煤气",
            "industry",
            "",
        ),  # a title above the table goes before the name
        ("重庆市工业原煤消费量", "", "industry", "raw_coal"),
    ],
)
def test_product_and_flow_of_a_title_or_the_name_of_its_sheet(title, sheet, flow, product):
    """Each is taken from the name of the sheet where nothing stands above the table."""
    rows = [*[[title]] * bool(title), ["项目", "2018(t)", "2019(t)"], ["合计", "3", "4"]]
    (table,) = read_page(Sheet("a.xlsx", sheet, rows)).tables
    assert (table.title.flow, table.title.product) == (flow, product)


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("Consumption of coal by sector", "coal_total"),
        ("Consumption of coal, by sector", "coal_total"),
        ("Supply and consumption of natural gas, 2019", "natural_gas"),
        ("Sales of electricity / 2019", "electricity"),
        ("Consumption of coal and coke", "coal_and_coke_total"),
        ("Consumption of electricity and natural gas", ""),
        ("Consumption of electricity, natural gas and coal", ""),
        ("Consumption of electricity & gas works gas", ""),
        ("Consumption of petroleum products, electricity, 2019", ""),
        ("Consumption of zzz", ""),
    ],
)
def test_the_product_that_an_english_title_is_of(title, product):
    """Of several products it is of none; a comma may stand before something else."""
    assert find_product(title) == product


@pytest.mark.parametrize(
    ("title", "word", "is_named"),
    [
        ("2019年煤A消费量", "煤A", True),
        ("Erdgasverbrauch 2019", "Erdgas", True),
        ("Use of E10", "E10", True),
        ("Use of gas, 2019", "gas", True),
        ("Use of gasoline, 2019", "gas", False),
        ("Energy use 2019", "1", False),
        ("Energy use 2019", "201", False),
    ],
)
def test_a_word_of_a_mapping_file_in_a_title(title, word, is_named):
    """Its product is that of the table; a code stands in any year, and a short word within others."""
    words = make_mapping([{"kind": "product", "name": word, "id": "coke"}])
    rows = [[title, ""], ["Flow", "t"], ["Industry", 5.0], ["Transport", 6.0]]
    table = read_page(Sheet("a.csv", "", rows), words, area="A").tables[0]
    assert (table.title.product == "coke") is is_named


_FUELS = "品种,单位,数量\n天然气,万立方米,{}\n电力,万千瓦时,{}\n"


@pytest.mark.parametrize(
    "source",
    [
        "资料来源：市工业和信息化局",
        "来源：交通运输部门能源消费统计",
        "Source: Department of Industry",
    ],
)
def test_a_source_says_nothing_of_whose_use_a_table_is(tmp_path, source):
    """Below the title, and between tables: the department that gives the numbers does not use the fuels."""
    one, two = _FUELS.format(10, 3), _FUELS.format(1, 33)
    path = tmp_path / "a.csv"
    path.write_text(f"某市2020年能源消费量\n{source}\n{one}", encoding="utf-8")
    assert ca.read_balance(path).flows == ["total_consumption"]
    path.write_text(
        f"某市2020年\n城镇居民生活\n{one}{source}\n农村居民生活\n{two}", encoding="utf-8"
    )
    assert set(ca.read_balance(path).flows) == {"households_urban", "households_rural"}
    path.write_text(f"某市2020年\n城镇居民生活\n{one}{source}\n{two}", encoding="utf-8")
    assert "printed-apart" in rules(ca.read_balance(path))


def test_a_line_below_a_title_of_all_uses_says_whose_use_the_first_table_is(tmp_path):
    """As it does over each later table; labels of rows say more."""
    path = tmp_path / "a.csv"
    path.write_text(
        f"某市2020年能源消费量\n城镇居民生活\n{_FUELS.format(10, 3)}\n工业\n{_FUELS.format(1, 33)}",
        encoding="utf-8",
    )
    balance = ca.read_balance(path)
    assert amount(balance, "households_urban", "natural_gas") == 100_000
    assert amount(balance, "industry", "natural_gas") == 10_000
    assert len(balance.flows) == 2
    path.write_text(
        "某市2020年能源消费量\n工业\n行业,电力(万千瓦时)\n居民生活,6\n建筑业,4\n", encoding="utf-8"
    )
    assert set(ca.read_balance(path).flows) == {"households", "construction"}
