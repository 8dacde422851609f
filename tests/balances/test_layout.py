"""Where the tables are and what their cells belong to: one small table for each way a yearbook prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import TableError, UnitError
from carbonacct.sheets import values
from tests.balances.printing import write

if TYPE_CHECKING:
    from pathlib import Path

TITLE = "6-22 重庆能源平衡表(实物量)-2015"


def read(tmp_path: Path, *pages: str, name: str = "table.csv", **options) -> ca.EnergyBalance:
    """Read pages of comma-separated text, each a file."""
    paths = []
    for number, page in enumerate(pages):
        path = tmp_path / (name if number == 0 else f"{number}_{name}")
        path.write_text(
            "\n".join(line.strip() for line in page.strip().splitlines()) + "\n", encoding="utf-8"
        )
        paths.append(path)
    return ca.read_balance(*paths, **options)


def amount(balance: ca.EnergyBalance, flow: str, product: str, **where: object) -> float:
    """Return one amount in its canonical unit."""
    return float(balance.amounts.sel(flow=flow, product=product, **where).squeeze())


def rules(balance: ca.EnergyBalance) -> list[str]:
    """Return the rules of the findings."""
    return [finding.rule for finding in balance.findings]


def test_pages_under_one_another(tmp_path):
    """A continued page in the same sheet goes on with area, year and unit of the first."""
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        单位:万吨
        项目,原煤,焦炭
        终端消费量,30,4
        工业,20,3
        续表
        项目,柴油,汽油
        终端消费量,7,8
        工业,5,6
        """,
    )
    assert (balance.areas, balance.years) == (["重庆"], [2015])
    assert amount(balance, "industry", "diesel") == 5e4
    assert balance.products == ["raw_coal", "coke", "gasoline", "diesel"]
    assert rules(balance) == []


def test_rows_go_on_on_the_next_page(tmp_path):
    """A continued page may hold more rows of the same columns."""
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项目,原煤(万吨),焦炭(万吨)
        终端消费量,30,4
        工业,20,3
        续表1
        项目,原煤(万吨),焦炭(万吨)
        建筑业,7,8
        """,
    )
    assert amount(balance, "construction", "coke") == 8e4


def test_pages_in_several_files(tmp_path):
    """A continued page in a file of its own takes area and year of the page before it."""
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项目,原煤(万吨),焦炭(万吨)
        工业,20,3
        """,
        """
        6-22 续表
        项目,柴油(万吨),汽油(万吨)
        工业,5,6
        """,
    )
    assert (balance.areas, balance.years) == (["重庆"], [2015])
    assert amount(balance, "industry", "gasoline") == 6e4


def test_pages_in_several_sheets(tmp_path):
    """A second sheet without a title belongs to the area of the first."""
    pages = {
        "1": [[TITLE], ["项目", "原煤(万吨)", "焦炭(万吨)"], ["工业", 20.0, 3.0]],
        "2": [["续表"], ["项目", "柴油(万吨)", "汽油(万吨)"], ["工业", 5.0, 6.0]],
    }
    for kind in ("xls", "xlsx", "ods"):
        balance = ca.read_balance(write(pages, tmp_path / f"t.{kind}"))
        assert balance.areas == ["重庆"]
        assert balance.products == ["raw_coal", "coke", "gasoline", "diesel"]


def test_one_sheet_for_each_province(tmp_path):
    """Sheets that name other areas are other areas."""
    pages = {
        area: [
            [f"{area}能源平衡表(实物量)-2015"],
            ["项目", "原煤(万吨)", "焦炭(万吨)"],
            ["工业", n, 3.0],
        ]
        for area, n in (("北京", 1.0), ("上海", 2.0))
    }
    balance = ca.read_balance(write(pages, tmp_path / "t.xlsx"))
    assert balance.areas == ["北京", "上海"]
    assert amount(balance, "industry", "raw_coal", area="上海") == 2e4


def test_area_from_the_sheet_s_name(tmp_path):
    """Where the title names no area the sheet's name does, and a finding says so."""
    pages = {
        area: [
            ["能源平衡表(实物量)-2015"],
            ["项目", "原煤(万吨)", "焦炭(万吨)"],
            ["工业", 1.0, 3.0],
        ]
        for area in ("北京", "上海")
    }
    balance = ca.read_balance(write(pages, tmp_path / "t.xls"))
    assert balance.areas == ["北京", "上海"]
    assert "area-from-name" in rules(balance)


def test_no_area_is_a_warning(tmp_path):
    """The file's name stands in for an area that nothing names, and a warning says to pass --area."""
    page = "2015年\n项目,原煤(万吨),焦炭(万吨)\n工业,1,2"
    balance = read(tmp_path, page)
    assert balance.areas == ["table"]
    assert [(f.rule, f.severity, f.action) for f in balance.findings] == [
        ("area-unknown", "warning", "pass --area")
    ]
    assert read(tmp_path, page, area="渝北").findings == ()


@pytest.mark.parametrize(
    ("title", "area", "severity"),
    [
        ("6-22 重庆能源平衡表(实物量)-2015", "北京", "warning"),
        ("ENERGY BALANCE OF CHONGQING-2015", "北京", "warning"),
        ("2015年重庆能源平衡表", "某县", "warning"),
        ("2015年重庆市渝北区能源平衡表", "南岸区", "warning"),
        ("2015年渝北区能源平衡表", "Yubei", "info"),
        ("2015年渝北区能源平衡表", "Chongqing", "warning"),
        ("6-22 重庆能源平衡表(实物量)-2015", "Chongqing", ""),
        ("ENERGY BALANCE OF CHONGQING-2015", "重庆市", ""),
        ("2015年重庆能源平衡表", "重庆 (修订)", ""),
        ("2015年重庆市渝北区能源平衡表", "渝北", ""),
        ("2015年能源平衡表", "北京", ""),
    ],
)
def test_an_area_over_that_of_the_title_is_said(tmp_path, title, area, severity):
    """The option holds; a title with another area, in any spelling, gives a finding with its cell."""
    balance = read(tmp_path, f"单位:万吨\n{title}\n项目,原煤,焦炭\n工业,1,3", area=area)
    assert balance.areas == [area]
    found = [finding for finding in balance.findings if finding.rule == "area-overruled"]
    assert [(finding.severity, finding.where) for finding in found] == (
        [(severity, "table.csv!A2")] if severity else []
    )
    assert all(f"the option {area}, which is used" in finding.message for finding in found)


def test_a_mapping_file_says_which_area_a_title_means(tmp_path):
    """An area that a mapping file gives another name is that area."""
    (tmp_path / "words.csv").write_text("kind,name,id\narea,渝北区,Yubei\n", encoding="utf-8")
    page = "2015年渝北区能源平衡表(万吨)\n项目,原煤,焦炭\n工业,1,3"
    assert read(tmp_path, page, area="Yubei", mapping=tmp_path / "words.csv").findings == ()


@pytest.mark.parametrize("kind", ["xls", "xlsx", "html"])
def test_merged_two_row_header(tmp_path, kind):
    """A heading merged over columns holds for each of them, a label merged over two rows is one label."""
    grid = [
        [TITLE, "", "", "", ""],
        ["项目", "煤品(万吨)", "", "油品(万吨)", ""],
        ["", "原煤", "焦炭", "柴油", "汽油"],
        ["工业", "1", "2", "3", "4"],
    ]
    merged = [(0, 0, 0, 4), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)]
    balance = ca.read_balance(write(grid, tmp_path / f"t.{kind}", merged))
    assert balance.products == ["raw_coal", "coke", "gasoline", "diesel"]
    assert amount(balance, "industry", "diesel") == 3e4


@pytest.mark.parametrize("kind", ["xls", "xlsx", "html", "csv", "ods"])
def test_years_under_products(tmp_path, kind):
    """Two years under each product are told apart, even where the file has lost the merge."""
    grid = [
        ["重庆能源消费量"],
        ["项目", "原煤(万吨)", "", "焦炭(万吨)", ""],
        ["", "2014", "2015", "2014", "2015"],
        ["工业", "1", "2", "3", "4"],
        ["建筑业", "5", "6", "7", "8"],
    ]
    merged = [(1, 1, 1, 2), (1, 3, 1, 4)] if kind not in {"csv", "ods"} else []
    balance = ca.read_balance(write(grid, tmp_path / f"t.{kind}", merged))
    assert balance.years == [2014, 2015]
    assert amount(balance, "industry", "coke", year=2014) == 3e4
    assert amount(balance, "construction", "raw_coal", year=2015) == 6e4


def test_years_as_columns(tmp_path):
    """A table of one product has years as columns; its title names the product."""
    balance = read(
        tmp_path,
        """
        重庆分行业煤炭消费总量
        单位:万吨
        行业,2013,2014,2015
        工业,10,11,12
        建筑业,1,2,3
        """,
    )
    assert balance.products == ["coal_total"]
    assert amount(balance, "construction", "coal_total", year=2015) == 3e4


@pytest.mark.parametrize(
    "corner",
    [
        "单位:万吨标准煤",
        "单位：万吨标准煤",
        "(万吨标准煤)",
        "Unit: 10 000 tons of SCE",
        "计量单位:万吨标准煤",
        "10^4 tce",
    ],
)
def test_one_unit_in_the_corner(tmp_path, corner):
    """A unit above the header holds for all columns."""
    balance = read(
        tmp_path,
        f"""
        重庆能源平衡表(标准量)-2015
        ,,{corner}
        项目,原煤,天然气
        工业,1,2
        """,
    )
    assert amount(balance, "industry", "natural_gas") == 2e4
    assert set(balance.amounts["unit"].values) == {"tce"}


def test_physical_beside_standard_quantity(tmp_path):
    """Where both are printed the physical quantity is taken, and a finding counts the others."""
    balance = read(
        tmp_path,
        """
        重庆电力平衡表2015
        项目,实物量(亿千瓦时),标准量(万吨标准煤)
        工业,10,12.29
        建筑业,1,1.229
        """,
    )
    assert amount(balance, "industry", "electricity") == 1e9
    assert "2 cells in standard quantity" in str(balance.findings[0])


def test_products_as_rows_with_units(tmp_path):
    """Products down, each with its unit in a column or behind its name."""
    balance = read(
        tmp_path,
        """
        青岛市规模以上工业主要能源消费2019
        能源名称,计量单位,工业,建筑业
        原煤,万吨,1,2
        天然气(万立方米),,3,4
        电力,万千瓦时,5,6
        """,
    )
    assert balance.areas == ["青岛市"]
    assert amount(balance, "construction", "natural_gas") == 4e4
    assert amount(balance, "industry", "electricity") == 5e4


def test_long_table(tmp_path):
    """One number a row, with area, year, flow and product as columns."""
    balance = read(
        tmp_path,
        """
        地区,年份,项目,能源品种,实物消费量
        北京市,2019,工业,原煤(万吨),1
        北京市,2020,工业,原煤(万吨),
        上海市,2019,工业,电力(亿千瓦小时),3
        """,
    )
    assert balance.areas == ["北京市", "上海市"]
    assert balance.years == [2019, 2020]
    assert amount(balance, "industry", "electricity", area="上海市", year=2019) == 3e8
    assert (
        int(balance.status.sel(area="北京市", year=2020, product="raw_coal").squeeze())
        == values.BLANK
    )
    assert (
        int(balance.status.sel(area="上海市", year=2020, product="raw_coal").squeeze())
        == values.ABSENT
    )


def test_panels_side_by_side(tmp_path):
    """The labels may be repeated between panels of columns."""
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项目,原煤(万吨),焦炭(万吨),Item,柴油(万吨),汽油(万吨)
        工业,1,2,Industry,3,4
        建筑业,5,6,Construction,7,8
        """,
    )
    assert amount(balance, "construction", "diesel") == 7e4
    assert rules(balance) == []


def test_labels_that_disagree_are_a_finding(tmp_path):
    """The first label is taken, and a warning names the other."""
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项目,Item,原煤(万吨),焦炭(万吨)
        工业,Construction,1,2
        建筑业,Construction,,
        """,
    )
    assert amount(balance, "industry", "raw_coal") == 1e4
    assert "labels-disagree" in rules(balance)


def test_flow_above_products(tmp_path):
    """A flow may stand above products, with areas as rows."""
    balance = read(
        tmp_path,
        """
        2015年各地区能源消费量
        地区,工业,,建筑业,
        ,原煤(万吨),焦炭(万吨),原煤(万吨),焦炭(万吨)
        北京,1,2,3,4
        上海,5,6,7,8
        """,
        name="t.csv",
    )
    assert amount(balance, "construction", "raw_coal", area="上海") == 7e4


def test_of_which_rows_and_numbering(tmp_path):
    """其中, #, 一、, (一), 1. and footnote marks before and behind a label do not hide it."""
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项  目,原 煤(万吨),焦　炭（万吨）
        四、终端消费量①,10,11
        （二）第二产业,9,9
        2.工　业*,8,8
        其中：用作原料、材料,7,7
        # 建筑业 1),1,1
        其中:,,
        """,
    )
    assert {
        "final_consumption",
        "secondary_industry",
        "industry",
        "feedstock",
        "construction",
    } == set(balance.flows)


def test_label_wrapped_over_two_rows(tmp_path):
    """A label whose numbers stand on its second line is one label."""
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        Item,Raw Coal (104 tn),Coke (104 tn)
        "Transport,",,
        Storage and Post,1,2
        """,
    )
    assert amount(balance, "transport", "coke") == 2e4


def test_notes_are_no_rows(tmp_path):
    """Notes, sources and remarks below a table are listed and do no harm; nor does a title above."""
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项目,原煤(万吨),焦炭(万吨)
        工业,1,2
        注:本表数据与GDP统计口径相同。,,
        资料来源:国家统计局,,
        """,
    )
    assert [(f.rule, f.severity) for f in balance.findings] == [("unused-texts", "info")]
    assert "A4:A5" in balance.findings[0].message


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(tmp_path, encoding, delimiter):
    """Text in any encoding of Chinese, cut at any delimiter."""
    lines = [TITLE, "项目,原煤(万吨),焦炭(万吨)", "工业,1,2", "建筑业,3,4", "终端消费量,4,6"]
    path = tmp_path / "t.csv"
    path.write_bytes("\r\n".join(line.replace(",", delimiter) for line in lines).encode(encoding))
    assert amount(ca.read_balance(path), "construction", "coke") == 4e4


def test_quoted_thousands(tmp_path):
    """A comma inside quotes does not cut a cell."""
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项目,原煤(万吨),焦炭(万吨)
        工业,"1,234.5","2,000"
        """,
    )
    assert amount(balance, "industry", "raw_coal") == 1234.5e4


def test_pasted_text_by_names_in_a_line(tmp_path):
    """Text without delimiters is cut at the names of the products; a gap of spaces says which cells are blank."""
    lines = [
        "6-9 山东能源平衡表(标准量)",
        "(2005年) 单位:万吨标准煤",
        "类    别 煤合计 原 煤 洗精煤  焦 炭",
        "四、终端消费量 100.0 60.0 40.0 7.0",
        "1.农、林、牧、渔业 30.0   30.0 2.0",
        "2.工 业 70.0 60.0 10.0  ",
        "3.建筑业 5.0 1.0",
    ]
    path = tmp_path / "t.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    balance = ca.read_balance(path)
    assert balance.areas == ["山东"]
    assert amount(balance, "farming", "cleaned_coal") == 30e4
    assert np.isnan(amount(balance, "farming", "raw_coal"))
    assert amount(balance, "industry", "cleaned_coal") == 10e4  # placed from the left: 60 + 10 = 70
    assert {"placed-by-total", "unplaced-numbers"} <= set(rules(balance))
    assert "3.建筑业 5.0 1.0" in next(
        f.message for f in balance.findings if f.rule == "unplaced-numbers"
    )


def test_pasted_header_one_word_a_line(tmp_path):
    """A header whose words stand below one another is cut into the most columns that the rows have numbers for."""
    balance = read(
        tmp_path,
        """
        6-8 Energy Balance of Shandong (Standard Volume,2007)
        (10 000 tons of SCE)
        Category Total
        Volume
        of Coal
        Crude
        Coal
        Coal
        Washing
        Coke
        Industry 30 20 10 5
        Construction 3 2 1 0
        """,
        name="t.txt",
    )
    assert balance.products == ["coal_total", "raw_coal", "cleaned_coal", "coke"]


def test_unknown_words_are_refused_with_near_names(tmp_path):
    """An unknown row or column with numbers is an error that names it, its place, and near words."""
    with pytest.raises(
        TableError,
        match=r"table\.csv!A3: row '工业业' is not known; did you mean .*工业.*--mapping",
    ):
        read(tmp_path, f"{TITLE}\n项目,原煤(万吨),焦炭(万吨)\n工业业,1,2")
    with pytest.raises(
        TableError, match=r"table\.csv!C2: column '原煤煤炭块' is not known.*--mapping"
    ):
        read(tmp_path, f"{TITLE}\n项目,原煤(万吨),原煤煤炭块(万吨),焦炭(万吨)\n工业,1,2,3")


def test_two_columns_of_one_product(tmp_path):
    """Two columns of one product with numbers cannot both be right, even if they agree."""
    for second in ("2", "1"):
        with pytest.raises(
            TableError, match=r"table\.csv!C2: a second column of raw_coal, beside table\.csv!B2"
        ):
            read(tmp_path, f"{TITLE}\n项目,原煤(万吨),原煤(万吨),焦炭(万吨)\n工业,1,{second},3")


def test_two_numbers_for_one_place(tmp_path):
    """Two rows of one flow with different numbers are refused, naming both cells."""
    with pytest.raises(
        TableError,
        match=r"B4: raw_coal of industry in 2015 is 2 1e4 t here and 1 1e4 t in table\.csv!B3",
    ):
        read(tmp_path, f"{TITLE}\n项目,原煤(万吨),焦炭(万吨)\n工业,1,2\n工业,2,2")


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("电力(万吨)", "unit 万吨 contradicts electricity"),
        ("原煤(亿立方米)", "unit 亿立方米 contradicts raw_coal"),
        ("原煤(ton)", "'ton' has more than one meaning"),
        ("原煤(万吨)Raw Coal(t)", "raw_coal|原煤.*two units"),
        ("原煤", "raw_coal has no unit"),
        ("原煤(万桶)", "contradicts raw_coal"),
        ("生物柴油(千升)", "no checked density of biodiesel"),
        ("原煤(万石)", "not known|no unit"),
    ],
)
def test_units_that_cannot_be(tmp_path, head, message):
    """A unit that contradicts its product, is unknown, has two meanings or two sizes is one line that says so."""
    with pytest.raises((TableError, UnitError), match=message) as caught:
        read(tmp_path, f"{TITLE}\n项目,{head},焦炭(万吨)\n工业,1,2")
    assert "\n" not in str(caught.value)


def test_row_and_column_units_that_disagree(tmp_path):
    """A unit behind a row's label that contradicts the one over its column is refused."""
    with pytest.raises(UnitError, match="the row is in t and the column"):
        read(tmp_path, f"{TITLE}\n能源品种,工业(万吨),建筑业(万吨)\n原煤(吨),1,2\n焦炭(万吨),1,2")


def test_year_of_title_and_option_disagree(tmp_path):
    """The option does not overrule what the title says."""
    with pytest.raises(
        TableError, match="the table says 2015 and the option says 2016; correct one of them"
    ):
        read(tmp_path, f"{TITLE}\n项目,原煤(万吨),焦炭(万吨)\n工业,1,2", year=2016)


def test_no_year(tmp_path):
    """A table without a year needs the option."""
    page = "重庆能源平衡表\n项目,原煤(万吨),焦炭(万吨)\n工业,1,2"
    with pytest.raises(TableError, match="pass --year"):
        read(tmp_path, page)
    assert read(tmp_path, page, year=2014).years == [2014]


def test_one_year_of_many(tmp_path):
    """Of a table of many years the option takes one."""
    balance = read(
        tmp_path, "重庆分行业煤炭消费总量\n单位:万吨\n行业,2013,2014\n工业,10,11", year=2014
    )
    assert balance.years == [2014]
    assert balance.amounts.shape == (1, 1, 1, 1)


def test_skipped_columns_are_listed(tmp_path):
    """A column of codes or growth rates is left out, in one finding."""
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项目,代码,原煤(万吨),焦炭(万吨),比上年增长(%)
        工业,01,1,2,10.2
        建筑业,02,3,4,11.5
        """,
    )
    assert [(f.rule, f.severity) for f in balance.findings] == [("left-out", "info")]
    assert balance.findings[0].message.startswith("4 cells")


def test_numbers_in_the_header_are_listed(tmp_path):
    """A number above the data that is no year is named."""
    balance = read(tmp_path, f"{TITLE},,17.25\n项目,原煤(万吨),焦炭(万吨)\n,,33.5\n工业,1,2")
    assert sum("17.25" in f.message for f in balance.findings) == 1


def test_numbers_outside_are_listed(tmp_path):
    """An author's figures beside and below the table are named, with a warning."""
    balance = read(
        tmp_path, f"{TITLE}\n项目,原煤(万吨),焦炭(万吨),\n工业,1,2,99\n建筑业,3,4,\n,5,6,"
    )
    warnings = [f for f in balance.findings if f.severity == "warning"]
    assert [f.rule for f in warnings] == ["unused-numbers"]
    assert warnings[0].message == "3 cells hold numbers and belong to no table: D3 (99), B5:C5 (5)"


@pytest.mark.parametrize(
    "text", ["1..2", "12a", "-5,07", "NaN", "inf", "1 2", "#N/A", "万吨", "0. 1"]
)
def test_text_in_a_number(tmp_path, text):
    """A cell that should be a number and is not is an error finding with its address, never a number."""
    balance = read(tmp_path, f'{TITLE}\n项目,原煤(万吨),焦炭(万吨)\n工业,"{text}",2\n建筑业,3,4')
    assert np.isnan(amount(balance, "industry", "raw_coal"))
    assert (
        int(balance.status.sel(flow="industry", product="raw_coal").squeeze()) == values.UNREADABLE
    )
    action = (
        "write a point if the comma is a decimal comma" if text == "-5,07" else "correct the cell"
    )
    assert [str(f) for f in balance.findings if f.severity == "error"] == [
        f"table.csv!B3: raw_coal of industry is {text!r}, not a number; {action}"
    ]


def test_unreadable_cells_of_two_files_of_one_name(tmp_path):
    """Each unreadable cell is shown as it stands in its own file, whatever the other file of that name holds."""
    paths = []
    for folder, table in (("one", "工业,1,2\n建筑业,3,4"), ("two", "\n\n\n\n农林牧渔业,x1,2")):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "t.csv")
        paths[-1].write_text(f"{TITLE}\n项目,原煤(万吨),焦炭(万吨)\n{table}\n", encoding="utf-8")
    assert [f.message for f in ca.read_balance(*paths).findings if f.severity == "error"] == [
        "raw_coal of farming is 'x1', not a number"
    ]


def test_strict_raises_all_at_once(tmp_path):
    """Under strict, findings of severity error are raised together."""
    with pytest.raises(ca.errors.ChecksFailedError, match=r"(?s)B3.*C4"):
        read(tmp_path, f"{TITLE}\n项目,原煤(万吨),焦炭(万吨)\n工业,a1,2\n建筑业,3,b1", strict=True)


def test_signs_printed_positive(tmp_path):
    """Exports printed positive leave the area all the same, and a finding counts them."""
    balance = read(tmp_path, f"{TITLE}\n项目,原煤(万吨),焦炭(万吨)\n8.出口量(-),5,-2\n工业,1,2")
    assert amount(balance, "exports", "raw_coal") == -5e4
    assert amount(balance, "exports", "coke") == -2e4
    assert rules(balance) == ["printed-positive"]


def test_recovery_under_transformation_is_remembered(tmp_path):
    """Recovery under transformation is part of it in this table."""
    balance = read(
        tmp_path,
        f"{TITLE}\n项目,原煤(万吨),其他能源(万吨标准煤)\n一、可供本地区消费的能源量,1,2\n二、加工转换投入(-)产出(+)量,1,2\n回收能,,3",
    )
    assert balance.parents == {"recovery": "transformation"}
    assert balance.is_part("recovery", "transformation")


def test_total_energy_alone_says_so(tmp_path):
    """A table without fuels is a total-energy table and says so."""
    balance = read(
        tmp_path, "重庆能源消费总量\n单位:万吨标准煤\n行业,2014,2015\n工业,10,11\n建筑业,1,2"
    )
    assert balance.products == ["total_energy"]
    assert "total-energy" in rules(balance)


def test_units_of_a_mapping_reach_every_product(tmp_path):
    """A unit for all that print none is the unit of each product, however many there are."""
    path = tmp_path / "words.csv"
    path.write_text("kind,name,id\nunit,*,1e4 tce\nunit,electricity,1e8 kWh\n", encoding="utf-8")
    page = "地区,年份,项目,能源品种,值\n" + "\n".join(
        f"北京市,2019,工业,{name},1" for name in ("原煤", "焦炭", "柴油", "汽油", "电力", "天然气")
    )
    balance = read(tmp_path, page, mapping=path)
    assert dict(zip(balance.products, balance.amounts["unit"].values, strict=True)) == {
        "raw_coal": "tce",
        "coke": "tce",
        "gasoline": "tce",
        "diesel": "tce",
        "natural_gas": "tce",
        "electricity": "kWh",
    }
    assert amount(balance, "industry", "diesel") == 1e4
    with pytest.raises(
        UnitError,
        match=r"raw_coal has no unit \(nor has coke, diesel, gasoline, electricity, natural_gas\); .*unit,\*,1e4 tce",
    ):
        read(tmp_path, page)


def test_province_and_city(tmp_path):
    """Of a province and its city the city is the area; two columns of years must agree."""
    balance = read(
        tmp_path,
        "省份,城市,年份,项目,能源品种,值\n四川,成都,2019,工业,原煤(万吨),1\n四川,绵阳,2019,工业,原煤(万吨),2",
    )
    assert balance.areas == ["成都", "绵阳"]
    with pytest.raises(TableError, match="says 2019 and 2020"):
        read(tmp_path, "地区,年份,年度,项目,能源品种,值\n成都,2019,2020,工业,原煤(万吨),1")


def test_numbers_are_no_areas(tmp_path):
    """A column of areas that holds numbers is refused."""
    with pytest.raises(TableError, match=r"A2: '17\.5' is no name of an area"):
        read(tmp_path, "地区,年份,项目,能源品种,值\n17.5,2019,工业,原煤(万吨),1")


OF_WHICH_ROWS = """
    苏州市规模以上工业主要能源消费量(2016年)
    能源名称,计量单位,消费量
    汽油,吨,300
    其他石油制品,吨,1000
    {mark}石脑油,吨,400
    天然气,万立方米,5000
    """
OF_WHICH_COLUMNS = """
    6-22 重庆能源平衡表(实物量)-2015
    项目,汽油(万吨),其他石油制品(万吨),{mark}石脑油(万吨),{mark}润滑油(万吨),柴油(万吨)
    工业,1,10,4,2,3
    """


@pytest.mark.parametrize("mark", ["其中:", "其中：", "#", "# ", "其中 "])
def test_a_product_behind_of_which_is_a_part_of_the_one_above(tmp_path, mark):
    """其中 or # before a row or a column makes its product a part of the one above it, or to its left."""
    balance = read(tmp_path, OF_WHICH_ROWS.format(mark=mark))
    assert balance.product_parents == {"naphtha": "other_petroleum_products"}
    assert amount(balance, "industry", "naphtha") == 400
    balance = read(tmp_path, OF_WHICH_COLUMNS.format(mark=mark))
    assert balance.product_parents == {
        "naphtha": "other_petroleum_products",
        "lubricants": "other_petroleum_products",
    }


def test_of_which_says_nothing_that_the_vocabulary_knows(tmp_path):
    """A part of all energy, or a product behind a flow, has no parent; a marked part has the known one."""
    assert read(tmp_path, OF_WHICH_ROWS.format(mark="")).product_parents == {}
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项目,单位,工业
        能源合计,万吨标准煤,90
        #电力,亿千瓦时,5
        煤油,万吨,5
        #航空煤油,万吨,4
        """,
    )
    assert balance.product_parents == {"jet_kerosene": "kerosene"}
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项目,品种,单位,数量
        工业,其他石油制品,万吨,5
        建筑业,#石脑油,万吨,4
        """,
    )
    assert balance.product_parents == {}


def test_parts_of_products_are_written_and_read_back(tmp_path):
    """The CSV of a balance keeps which product is a part of which, in two steps as well."""
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项目,其他石油制品(万吨),#溶剂油(万吨),##石脑油(万吨),柴油(万吨)
        工业,10,4,1,3
        建筑业,,4,,3
        """,
    )
    assert balance.product_parents == {
        "naphtha": "white_spirit",
        "white_spirit": "other_petroleum_products",
    }
    ca.write_balance(balance, tmp_path / "again.csv")
    again = ca.read_balance(tmp_path / "again.csv")
    assert again.product_parents == balance.product_parents
    assert again.amounts.equals(balance.amounts)


def test_the_finest_of_three_labels_of_a_row_counts(tmp_path):
    """Final consumption, industry and a branch side by side name the branch."""
    rows = "终端消费量,工业,化学原料和化学制品制造业,5\n终端消费量,工业,纺织业,3\n终端消费量,交通运输、仓储和邮政业,,2"
    balance = read(tmp_path, f"{TITLE}\n类别,项目,行业,原煤(万吨)\n{rows}")
    assert set(balance.flows) == {"industry.textile", "industry.chemicals", "transport"}
    assert amount(balance, "industry.chemicals", "raw_coal") == 5e4
    assert not [one for one in balance.findings if one.severity != "info"]


def test_strict_raises_what_is_an_error_and_nothing_else(tmp_path):
    """Beside what is only told; a table of which only that is told is read."""
    table = f"{TITLE}\n项目,Zzz,原煤(万吨),焦炭(万吨)\n工业,Zza,{{}},2\n建筑业,Zzb,3,1"
    with pytest.raises(ca.errors.ChecksFailedError) as caught:
        read(tmp_path, table.format("a1"), strict=True)
    assert "unused" not in str(caught.value)
    assert "'a1', not a number" in str(caught.value)
    assert {one.severity for one in read(tmp_path, table.format("1"), strict=True).findings} == {
        "info"
    }
