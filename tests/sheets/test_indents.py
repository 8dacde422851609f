"""Rows that the format of their cells sets in read as rows that blanks set in, in every kind of workbook."""

from __future__ import annotations

import zipfile

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Alignment

import carbonacct as ca
from carbonacct.sheets.indents import Indent, find_ods_styles, find_styles, read_xls_style, set_in
from carbonacct.sheets.markup import find_indents, inspect_ods
from carbonacct.sheets.raw_sheets import Budget, read_sheets

ROWS = [
    ["西安市能源消费量 2019", ""],
    ["项目", "原煤（万吨）"],
    ["工业", 100.0],
    ["火力发电", 80.0],
    ["居民生活", 5.0],
]
WITHIN = "industry.transformation.thermal_power"
ODS = """<office:document-content><office:automatic-styles>
<style:style style:name="ce1"><style:paragraph-properties fo:text-align="start" fo:margin-left="0.706cm"/></style:style>
<style:style style:name="ce2"><style:paragraph-properties fo:text-align="end" fo:margin-left="0.706cm"/></style:style>
<style:style style:name="ce3"><style:paragraph-properties fo:margin-left="0.01cm"/></style:style>
</office:automatic-styles><office:body><table:table table:name="S"><table:table-row>
<table:table-cell table:number-columns-repeated="2"/>
<table:table-cell table:style-name="ce1" office:value-type="string"><text:p>a</text:p></table:table-cell>
<table:table-cell table:style-name="ce2" office:value-type="string"><text:p>b</text:p></table:table-cell>
<table:table-cell table:style-name="ce3" office:value-type="string"><text:p>c</text:p></table:table-cell>
</table:table-row></table:table></office:body></office:document-content>"""


def write_xlsx(path, indents):
    """Write the table with cells set in: by row and column, the alignment."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    for at, alignment in indents.items():
        book.active[at].alignment = Alignment(**alignment)
    book.save(path)
    return path


def write_xls(path, levels):
    """Write the table with its plants set in by so many levels."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    style = xlwt.XFStyle()
    style.alignment.inde, style.alignment.horz = levels, xlwt.Alignment.HORZ_LEFT
    for i, row in enumerate(ROWS):
        for j, value in enumerate(row):
            sheet.write(i, j, value, style if value in {"火力发电", 80.0} else xlwt.XFStyle())
    book.save(str(path))
    return path


def respell(path, old, new):
    """Change a piece of the sheet's XML."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert old in parts[sheet]
    parts[sheet] = parts[sheet].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_plants_that_a_format_sets_in_lie_in_industry(tmp_path):
    """Set in by cell format or blanks, plants below industry are a part of it; not set in, nothing says so."""
    path = tmp_path / "table"
    plain = ca.read_balance(write_xlsx(path.with_suffix(".xlsx"), {}))
    assert "plants-open" in [one.rule for one in plain.findings]
    for file in (
        write_xlsx(path.with_suffix(".xlsx"), {"A4": {"indent": 1}}),
        write_xls(path.with_suffix(".xls"), 1),
    ):
        balance = ca.read_balance(file)
        assert WITHIN in balance.flows
        assert "plants-open" not in [one.rule for one in balance.findings]
    assert "plants-open" in [
        one.rule for one in ca.read_balance(write_xls(tmp_path / "0.xls", 0)).findings
    ]


def test_a_level_is_three_blanks_before_texts_alone(tmp_path):
    """A level of indent is three blanks before a text; not before a number or from the right side."""
    indents = {
        "A3": {"horizontal": "right", "indent": 2},
        "A4": {"horizontal": "left", "indent": 2},
        "B4": {"horizontal": "left", "indent": 1},
        "A5": {"horizontal": "distributed", "indent": 4},
    }
    rows = read_sheets(write_xlsx(tmp_path / "a.xlsx", indents))[0].rows
    assert [row[0] for row in rows[2:]] == ["工业", "      火力发电", "居民生活"]
    assert rows[3][1] == 80.0
    rows = read_sheets(write_xls(tmp_path / "a.xls", 2))[0].rows
    assert [row[0] for row in rows[2:]] == ["工业", "      火力发电", "居民生活"]


def test_a_row_of_the_same_style_and_other_spellings_set_in_no_other_cell(tmp_path):
    """The style may stand in the row as well, and the attributes of a cell in any order."""
    path = write_xlsx(tmp_path / "a.xlsx", {"A4": {"indent": 1}})
    respell(path, b'<row r="3">', b'<row r="3" s="1" customFormat="1">')
    assert [row[0] for row in read_sheets(path)[0].rows[2:4]] == ["工业", "   火力发电"]
    respell(path, b'<c r="A4" s="1"', b"<c s='1' r='A4'")
    assert [row[0] for row in read_sheets(path)[0].rows[2:4]] == ["工业", "   火力发电"]


def test_styles_of_an_open_document():
    """A level of an open document is 10 points of margin of a text that stands on the left."""
    assert find_ods_styles(ODS.encode()) == {b"ce1": 2}
    assert inspect_ods(Budget("a.ods"), ODS.encode()).indents == {"S": [Indent(0, 2, 2)]}


@pytest.mark.parametrize(
    ("xml", "levels"),
    [
        (b'<x:cellXfs><x:xf/><x:xf><x:alignment indent = "3"/></x:xf></x:cellXfs>', {1: 3}),
        (
            b'<cellStyleXfs><xf><alignment indent="2"/></xf></cellStyleXfs><cellXfs><xf/></cellXfs>',
            {},
        ),
        (
            b'<cellXfs><xf><alignment indent="0"/></xf><xf><alignment indent="99"/></xf></cellXfs>',
            {1: 15},
        ),
        (b'<cellXfs><xf><alignment horizontal="center" indent="2"/></xf></cellXfs>', {}),
        (b'<alignment indent="2"/>', {}),
        (b"", {}),
    ],
)
def test_styles_of_a_workbook(xml, levels):
    """Styles count in the order of those of the cells, whatever others there are."""
    assert find_styles(xml) == levels


def test_a_style_that_is_not_there_sets_nothing_in():
    """A cell may name a style that the workbook lacks, or have no place in what was read."""
    xml = b'<sheetData><row r="1"><c r="A1" s="7" t="s"><v>0</v></c></row></sheetData>'
    assert find_indents(Budget("a.xlsx"), "S", xml, {1: 2}) == []
    rows = [["a", " "]]
    set_in(rows, [Indent(0, 1, 1), Indent(0, 5, 1), Indent(9, 0, 1)])
    assert rows == [["a", " "]]


def test_a_record_of_a_style_that_is_cut_sets_nothing_in():
    """A style of an old workbook that ends before its indent has none; right and centred are no levels."""
    assert read_xls_style(bytes(6) + bytes([1, 0, 2])) == 0
    assert [read_xls_style(bytes(6) + bytes([at, 0, 2]) + bytes(11)) for at in range(8)] == [
        2,
        2,
        0,
        0,
        0,
        0,
        0,
        0,
    ]
