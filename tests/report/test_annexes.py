"""Official tables and quality checks in the workbook, reference approach and completeness in the chapter."""

from __future__ import annotations

import math

import docx
import openpyxl
import pytest

import carbonacct as ca
from carbonacct.report.chapter import write_chapter
from carbonacct.report.standalone_names import name_fuel_group
from carbonacct.report.workbook import write_workbook
from tests.report.pages import SOURCE, scaled_inventories


@pytest.fixture(scope="module")
def inventory():
    """Return the inventory of Chongqing 2007, two gases."""
    return ca.compile_inventory(SOURCE, method="ipcc-2006", gases=["CO2", "CH4"])


@pytest.fixture(scope="module")
def book(inventory, tmp_path_factory):
    """Return its workbook, with the values that its formulas were written with."""
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    write_workbook([inventory], path)
    return openpyxl.load_workbook(path, data_only=True)


@pytest.mark.parametrize("table", ["1.A(a)", "1.A(b)", "1.A(c)", "1.A(d)", "1.D", "guideline"])
def test_official_tables_are_sheets(inventory, book, table):
    """Every number and key of the table is in its sheet, in its place."""
    frame = ca.fill_tables(inventory, tables=[table])[table].drop(
        columns=["name_zh"], errors="ignore"
    )
    if "product" in frame:
        frame = frame.drop(columns=["name_en"], errors="ignore")
    sheet = book["guideline summary" if table == "guideline" else table]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert len(rows) == len(frame)
    for row, expected in zip(rows, frame.itertuples(index=False), strict=True):
        for name, cell, value in zip(frame.columns, row, expected, strict=True):
            if name == "fuel_group":
                assert cell == name_fuel_group(value)
            elif isinstance(value, float):
                assert cell is None if math.isnan(value) else cell == value
            elif name != "product":
                assert (cell or "") == value


def test_all_fuel_groups_have_names(inventory):
    """No group of an official table is shown by its id."""
    groups = set(ca.fill_tables(inventory, tables=["1.A(a)"])["1.A(a)"]["fuel_group"])
    assert not [group for group in groups if name_fuel_group(group, "zh") == group]


def test_quality_checks_are_a_sheet(inventory, book):
    """One row a finding of check_quality, errors first."""
    rows = list(book["quality checks"].iter_rows(min_row=5, values_only=True))
    assert [(row[0], row[1], row[3]) for row in rows] == [
        (f.severity, f.rule, f.message) for f in ca.check_quality(inventory)
    ]


def test_official_tables_are_of_one_area_and_year(tmp_path):
    """With two years the checks compare them, and the tables are left to workbooks of their own."""
    made = scaled_inventories(tmp_path, [("重庆", 2006), ("重庆", 2007)])
    write_workbook(made, tmp_path / "a.xlsx")
    names = openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
    assert "quality checks" in names
    assert "1.A(a)" not in names


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_chapter_compares_the_approaches_and_lists_categories(inventory, tmp_path, lang):
    """CO2 of both approaches in 10^4 t, each upper category with a number or key, numbered sections."""
    write_chapter([inventory], tmp_path / "a.docx", lang=lang)
    document = docx.Document(str(tmp_path / "a.docx"))
    tables = [
        [[cell.text for cell in row.cells] for row in table.rows] for table in document.tables
    ]
    approaches = next(
        table for table in tables if table[0][0] == {"zh": "燃料类", "en": "kind of fuel"}[lang]
    )
    groups = ca.compare_approaches(inventory).by_group().set_index("fuel_group")
    for group, row in groups.iterrows():
        shown = next(line for line in approaches if line[0] == name_fuel_group(group, lang))
        assert shown[3:5] == [
            f"{row['co2_reference_kt'] / 10:,.2f}",
            f"{row['co2_sectoral_kt'] / 10:,.2f}",
        ]
        assert shown[5].replace("−", "-") == f"{row['co2_difference_percent']:+.2f}"
    found = ca.find_completeness(inventory)
    upper = found[found["category"].isin(["1", "1.A.1", "1.B.2"]) & (found["gas"] == "CO2")]
    for row in upper.to_dict("records"):
        line = next(
            line
            for table in tables
            for line in table
            if line[0] == f"{row['category']} {row[f'name_{lang}']}" and line[1] == "CO2"
        )
        assert line[2] == (row["key"] if math.isnan(row["value"]) else f"{row['value']:,.0f}")
    heads = [
        paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 2"
    ]
    marks = "一二三四五六七八九" if lang == "zh" else "123456789"
    assert [head[0] for head in heads] == list(marks[: len(heads)])
    assert len(heads) == 7


def test_a_table_without_supply_says_that_there_is_no_reference_approach(tmp_path):
    """The section is there with the reason."""
    text = "项目,原煤(万吨),汽油(万吨)\n终端消费量,10,2\n工业,10,\n交通运输、仓储和邮政业,,2\n"
    path = tmp_path / "use.csv"
    path.write_text("甲市能源平衡表(实物量)-2010\n" + text, encoding="utf-8")
    write_chapter(
        [ca.compile_inventory(path, method="provincial-2011")], tmp_path / "a.docx", lang="en"
    )
    assert "There is no reference approach" in "\n".join(
        paragraph.text for paragraph in docx.Document(str(tmp_path / "a.docx")).paragraphs
    )
