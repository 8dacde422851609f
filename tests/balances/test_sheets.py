"""Bad input: one line that says what, where and what to do; bounded time and memory; never wrong in silence."""

from __future__ import annotations

import time
import tracemalloc
import zipfile

import numpy as np
import pytest
import xlwt

import carbonacct as ca
from carbonacct.errors import CarbonacctError, TableError
from carbonacct.sheets.raw_sheets import ErrorCell, cell_name, read_sheets
from tests.balances import hostile

TABLE = "6-22 重庆能源平衡表(实物量)-2015\n项目,原煤(万吨),焦炭(万吨)\n工业,1,2\n"
SECONDS, MEGABYTES = 15, 400  # far above what they take, far below what they ask for


def assert_one_line(message: str) -> None:
    """Assert that a message is one line."""
    assert "\n" not in message


def refused(path, message: str) -> None:
    """Assert that a file is refused in one line, soon, in little memory."""
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(CarbonacctError, match=message) as caught:
        ca.read_balance(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - start < SECONDS
    assert peak < MEGABYTES * 2**20
    text = str(caught.value)
    assert_one_line(text)
    assert ";" in text, "says what to do"
    assert len(text) < 600


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "a.csv: is empty"),
        ("a.csv", b"\0\0\r\n\t ", "is empty"),
        ("a.pdf", b"%PDF-1.7 ...", "is a PDF|is damaged"),
        ("a.png", b"\x89PNG\r\n", "not a table this program reads"),
        ("a.xml", b"<?xml version='1.0'?><Workbook/>", "not a table this program reads"),
        ("a.xlsx", b"PK\x03\x04" + bytes(500), "is damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "is damaged"),
        ("a.bin", bytes(range(256)) * 50, "neither a workbook nor text|no energy balance"),
        ("a.csv", b"a,b\n1,2\n", "no energy balance found"),
        ("a.txt", "今天天气很好".encode(), "no energy balance found"),
        ("a.html", b"<html><body><p>nothing</p></body></html>", "holds no <table>"),
        (
            "a.csv",
            ("项目,原煤(万吨),焦炭(万吨)\n工业,1\0\0\0,2\n" * 9).encode(),
            "neither a workbook nor text",
        ),
        ("a.csv", ('项目,原煤(万吨)\n工业,"' + "1" * 300_000 + '"\n').encode(), "field limit"),
        ("a.csv", b"a,b\n" + b"," * 5_000_000, "more than 2000000 cells"),
        ("a.csv", b"a\n" * 200_000, "200000 lines"),
        ("a.txt", "项目 ".encode() + "原煤 ".encode() * 100_000, "line 1 has 300003 characters"),
        (
            "a.html",
            b"<table><tr>" + b"<td colspan=300 rowspan=300>1" * 100_000,
            "more than 400000 cells",
        ),
        ("a.html", b"<div>" * 30_000 + b"<table><tr><td>" * 9_000, "no energy balance found"),
        ("a.html", b"<table><tr><td>1" + b"<b>" * 30_000, "no energy balance found"),
        ("a.csv", "项目,2001,2002\n工业,1,2\n".encode() * 2000, "2000 headers"),
        (
            "a.csv",
            "项目,原煤(万吨),焦炭(万吨)\n".encode() + "未知".encode() * 30_000 + b",1,2\n",
            "row '未知未知.*is not known",
        ),
    ],
)
def test_not_a_table(tmp_path, name, content, message):
    """What is no table, or a monstrous one, is refused in one line."""
    path = tmp_path / name
    path.write_bytes(content)
    refused(path, message)


def test_paths_that_lead_nowhere(tmp_path):
    """A missing file, a folder without tables and an impossible name."""
    refused(tmp_path / "none.xls", "cannot be opened")
    refused(tmp_path, "the folder holds no table")
    refused(tmp_path / "a\0b.xls", "cannot be opened")


def test_passwords(tmp_path):
    """Encrypted workbooks of all kinds say that they are."""
    refused(
        hostile.with_password(hostile.xls(tmp_path / "a.xls")), "is password-protected; save a copy"
    )
    refused(hostile.encrypted_package(tmp_path / "a.xlsx"), "is password-protected; save a copy")
    with zipfile.ZipFile(tmp_path / "b.ods", "w") as archive:
        archive.writestr("content.xml", b"\x00\x01 not to be read")
        archive.writestr(
            "META-INF/manifest.xml",
            "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>",
        )
    refused(tmp_path / "b.ods", "is password-protected; save a copy")


@pytest.mark.parametrize("kind", ["xls", "xlsx", "ods"])
def test_truncated(tmp_path, kind):
    """A workbook cut short anywhere is damaged, or still reads whole."""
    path = tmp_path / f"a.{kind}"
    {
        "xls": hostile.xls,
        "xlsx": lambda p: hostile.xlsx(p, hostile.table_rows(data=hostile.cell("B3", 1.0))),
        "ods": lambda p: hostile.ods(p, hostile.ods_table(data=hostile.ods_cell(1.0))),
    }[kind](path)
    whole = path.read_bytes()
    assert ca.read_balance(path).amounts.size == 2
    for share in (0.1, 0.5, 0.9, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        try:
            assert ca.read_balance(path).amounts.size == 2
        except CarbonacctError as error:
            assert_one_line(str(error))


def test_bombs(tmp_path):
    """What unpacks to far more than a table is refused before it is unpacked."""
    refused(hostile.xlsx(tmp_path / "zeros.xlsx", (" " * 10**6 for _ in range(400))), "unpacks to")
    refused(
        hostile.xlsx(
            tmp_path / "rows.xlsx",
            (
                "".join(
                    f'<row r="{k * 50_000 + i}" s="1" customFormat="1"/>' for i in range(50_000)
                )
                for k in range(200)
            ),
        ),
        "unpacks to",
    )
    refused(
        hostile.xlsx(
            tmp_path / "far.xlsx",
            [
                f'<row r="1">{hostile.cell("A1", 1.0)}</row><row r="1048576">{hostile.cell("XFD1048576", 1.0)}</row>'
            ],
        ),
        "1048576 rows x 16384 columns",
    )
    refused(hostile.xls(tmp_path / "far.xls", far=True), "65536 rows x 256 columns")
    merged = "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 30_000 + "</mergeCells>"
    refused(
        hostile.xlsx(
            tmp_path / "merged.xlsx", hostile.table_rows(data=hostile.cell("B3", 1.0)), tail=merged
        ),
        "merged ranges",
    )
    laughs = (
        '<!DOCTYPE l [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + "]>"
    )
    refused(
        hostile.xlsx(
            tmp_path / "laughs.xlsx", [f'<row r="1">{hostile.cell("A1", "&j;")}</row>'], head=laughs
        ),
        "damaged|no energy balance",
    )


def test_repeated_cells_of_a_spreadsheet(tmp_path):
    """A run of repeated cells is bounded before it is laid out; empty ones to the end of the sheet do no harm."""
    cell, blank = hostile.ods_cell(1.0), '<table:table-cell table:number-columns-repeated="16383"/>'
    row = '<table:table-row table:number-rows-repeated="{}">{}</table:table-row>'
    refused(
        hostile.ods(
            tmp_path / "full.ods",
            row.format(1048576, hostile.ods_cell(1.0, ' table:number-columns-repeated="16384"')),
        ),
        "1048576 rows x 16384 columns",
    )
    refused(
        hostile.ods(
            tmp_path / "far.ods",
            row.format(1, cell) + row.format(1048574, blank) + row.format(1, blank + cell),
        ),
        "1048576 rows x 16384 columns",
    )
    rows = hostile.ods_table(data=cell) + row.format(1048573, blank)
    assert ca.read_balance(hostile.ods(tmp_path / "tail.ods", rows)).amounts.size == 2


def test_ten_thousand_formatted_rows_do_no_harm(tmp_path):
    """Empty formatted rows below a table are no cells."""
    rows = [
        *hostile.table_rows(data=hostile.cell("B3", 1.0)),
        *(f'<row r="{i}"><c r="A{i}" s="1"/></row>' for i in range(4, 200_000)),
    ]
    assert ca.read_balance(hostile.xlsx(tmp_path / "a.xlsx", rows)).amounts.size == 2


def test_no_worksheet(tmp_path):
    """A workbook of a chart sheet alone, or of hidden sheets, holds no worksheet."""
    refused(
        hostile.xlsx(tmp_path / "chart.xlsx", [], kind="chartsheet"), "holds no worksheet|damaged"
    )
    refused(
        hostile.xlsx(
            tmp_path / "hidden.xlsx",
            hostile.table_rows(data=hostile.cell("B3", 1.0)),
            state=' state="hidden"',
        ),
        "holds no worksheet .*hidden",
    )
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", "x")
    refused(path, "is an archive that holds no table")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", "x")
    refused(path, "is damaged")


def test_hidden_sheets_are_named(tmp_path):
    """A hidden sheet beside the table is not read, and a warning says so."""
    book = xlwt.Workbook()
    for name in ("S", "T"):
        sheet = book.add_sheet(name)
        for i, line in enumerate(TABLE.splitlines()):
            for j, cell in enumerate(line.split(",")):
                sheet.write(i, j, cell)
    book.get_sheet(1).visibility = 1
    book.save(str(tmp_path / "a.xls"))
    assert [f.rule for f in ca.read_balance(tmp_path / "a.xls").findings] == ["hidden-sheet"]


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (hostile.cell("B3", "#DIV/0!", kind="e"), "#DIV/0!"),
        (hostile.cell("B3", "#N/A", formula="NA()", kind="e"), "#N/A"),
        ('<c r="B3"><f>A1</f></c>', "formula without a stored value"),
        ('<c r="B3" t="e"><v>#REF!</v></c>', "#REF!"),
    ],
)
def test_error_cells_of_a_workbook(tmp_path, data, shown):
    """A failed formula, or one that was never calculated, is no blank: it is an error finding with its address."""
    path = hostile.xlsx(tmp_path / "a.xlsx", hostile.table_rows(data=data))
    assert read_sheets(path)[0].rows[2][1] == ErrorCell(shown)
    _assert_unreadable(path, "B3")


def _assert_unreadable(path, where: str) -> None:
    balance = ca.read_balance(path)
    assert np.isnan(balance.amounts.sel(product="raw_coal").item())
    assert [
        (f.rule, f.where.rpartition("!")[2]) for f in balance.findings if f.severity == "error"
    ] == [("unreadable-number", where)]


def test_calculated_formulas_are_numbers(tmp_path):
    """A formula with its stored value is that value."""
    path = hostile.xlsx(
        tmp_path / "a.xlsx", hostile.table_rows(data=hostile.cell("B3", 7.0, formula="3+4"))
    )
    assert ca.read_balance(path).amounts.sel(product="raw_coal").item() == 7e4


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (
            (
                '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
                'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
            ),
            "#DIV/0!",
        ),
        ('<table:table-cell table:formula="of:=1+1"/>', "formula without a stored value"),
    ],
)
def test_error_cells_of_a_spreadsheet(tmp_path, data, shown):
    """The same in .ods."""
    path = hostile.ods(tmp_path / "a.ods", hostile.ods_table(data=data))
    assert read_sheets(path)[0].rows[2][1] == ErrorCell(shown)
    _assert_unreadable(path, "B3")


def test_error_cells_of_an_old_workbook(tmp_path):
    """The same in .xls: an error record, and a truth value, are no numbers."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for i, line in enumerate(TABLE.splitlines()):
        for j, cell in enumerate(line.split(",")):
            sheet.write(i, j, float(cell) if cell.isdigit() else cell)
    sheet.row(3).write(0, "建筑业")
    sheet.row(3).set_cell_error(1, "#DIV/0!")
    sheet.row(3).write(2, True)  # noqa: FBT003
    book.save(str(tmp_path / "a.xls"))
    assert read_sheets(tmp_path / "a.xls")[0].rows[3][1] == ErrorCell("#DIV/0!")
    findings = ca.read_balance(tmp_path / "a.xls").findings
    assert [f.where.rpartition("!")[2] for f in findings] == ["B4", "C4"]


def test_one_bad_file_of_several_names_itself(tmp_path):
    """The message names the file that is at fault."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(TABLE, encoding="utf-8")
    bad.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"^bad\.csv: no energy balance found"):
        ca.read_balance(good, bad)


def test_a_web_page_with_frames_spans_and_scripts(tmp_path):
    """Tables inside tables are read, scripts are not; spans keep their places; the heading above is the title."""
    path = tmp_path / "a.html"
    path.write_text(
        """<html><script>if (a < b) document.write("<table>")</script><table><tr><td>menu</td><td>
        <h2>重庆能源平衡表(实物量)-2015</h2>
        <table><tr><th rowspan=2>项目<th colspan="2">煤品(万吨)<th rowspan=2>电力<br>(亿千瓦小时)</tr>
        <tr><td>原煤<td>焦炭</tr>
        <tr><td>工业<td>1<td>2<td>3</tr></table></td></tr></table></html>""",
        encoding="utf-8",
    )
    balance = ca.read_balance(path)
    assert (balance.areas, balance.years) == (["重庆"], [2015])
    assert [float(x) for x in balance.amounts.values.ravel()] == [1e4, 2e4, 3e8]


def test_cell_names():
    """Cells are named as a spreadsheet names them, far columns too."""
    assert [cell_name(0, n) for n in (0, 25, 26, 701, 702, 16383)] == [
        "A1",
        "Z1",
        "AA1",
        "ZZ1",
        "AAA1",
        "XFD1",
    ]
