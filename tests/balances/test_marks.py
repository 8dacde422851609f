"""Flags stay with their number, marks are kinds of nothing, and what cannot be seen changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.sheet_stages import read_page
from carbonacct.balances.split.grid import read_grid
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import Sheet
from carbonacct.sheets.webpage import read_html

TABLE = """Fiji energy balance 2019
Item,Diesel oil (TJ),Fuel oil (TJ),Gasoline (TJ)
Industry,{},200e,300 p
Transport,*400,0,0"""


def read(tmp_path, text, mapping=None):
    """Read a table, with the lines of a mapping file."""
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    if mapping:
        (tmp_path / "map.csv").write_text(f"kind,name,id,sign,note\n{mapping}\n", encoding="utf-8")
    return ca.read_balance(
        tmp_path / "table.csv", mapping=tmp_path / "map.csv" if mapping else None
    )


@pytest.mark.parametrize(
    ("cell", "number", "flag"),
    [
        ("*38412", 38412, "*"),
        ("**12", 12, "**"),
        ("300 e", 300, "e"),
        ("300e", 300, "e"),
        ("12.5 P", 12.5, "P"),
        ("12.5(r)", 12.5, "(r)"),
        ("12.5 [p]", 12.5, "[p]"),
        ("12.5 bep", 12.5, "bep"),
        ("12.5 est.", 12.5, "est."),
        ("1,234 [note 1]", 1234, "[note 1]"),
        ("12.5 [notes 1, 2]", 12.5, "[notes 1, 2]"),
        ("12.5①", 12.5, "①"),
        ("12.5²", 12.5, "²"),
        ("12.5 1)", 12.5, "1)"),
        ("12.5 12)", 12.5, "12)"),
        ("12.5(1)", 12.5, "(1)"),
        ("12.5[1]", 12.5, "[1]"),
        ("123.451)", 123.45, "1)"),
        ("(12.5) e", -12.5, "e"),
        ("−12.5*", -12.5, "*"),
        ("20 908 p", 20908, "p"),
        ("12.5†", 12.5, "†"),
        ("#100", 100, "#"),
        ("0 n", 0, "n"),
    ],
)
def test_a_flag_leaves_the_number(cell, number, flag):
    """The number is that without its flag, and the flag is known."""
    assert values.read_value(cell) == (number, values.NUMBER)
    assert values.read_cell(cell)[2] == flag


@pytest.mark.parametrize(
    "cell",
    [
        "12 t",
        "5%",
        "12a",
        "b1",
        "a1",
        "12 万吨",
        "12.5 [万吨]",
        "12.5 (kt)",
        "1e999",
        "2007年",
        "12.5 e5 e5",
    ],
)
def test_what_is_no_flag_makes_no_number(cell):
    """A unit or a word beside a number is no flag: the cell is not read."""
    assert values.read_value(cell)[1] == values.UNREADABLE


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        (":", "mark"),
        (": c", "mark"),
        ("n/a", "mark"),
        ("N/A", "mark"),
        ("n.a.", "mark"),
        ("z", "mark"),
        ("[x]", "mark"),
        ("[z]", "NA"),
        ("[c]", "C"),
        ("..", "mark"),
        ("…", "mark"),
        ("NO,NE", "NE"),
        ("IE, NO", "IE"),
        ("NA/NO", "NA"),
        ("NO", "NO"),
        ("-", "mark"),
        ("\u200b", "blank"),
        ("\u00ad\ufeff", "blank"),
    ],
)
def test_a_mark_is_a_kind_of_nothing(cell, status):
    """Marks of statistical offices and joined notation keys."""
    number, found = values.read_value(cell)
    assert np.isnan(number)
    assert values.STATUS_NAMES[found] == status


@given(st.text("\u200b\u200e\u00ad\ufeff\u2060", max_size=3), st.integers(0, 5))
def test_what_cannot_be_seen_changes_nothing(invisible, place):
    """Zero-width characters, byte order marks and soft hyphens leave numbers and labels as they are."""
    rows = [
        ["2019年重庆能源平衡表"],
        ["项目", "原煤(万吨)", "焦炭(万吨)"],
        ["工业", "1234.5", "2"],
        ["建筑业", "3", "4"],
    ]
    spoilt = [[cell[:place] + invisible + cell[place:] for cell in row] for row in rows]
    plain, found = (
        read_page(Sheet("a.csv", "", [list(row) for row in each])).blocks[0]
        for each in (rows, spoilt)
    )
    np.testing.assert_array_equal(found.printed, plain.printed)
    assert found.form.flow.labels == plain.form.flow.labels
    assert found.form.unit.labels == plain.form.unit.labels


def test_each_flag_is_one_finding(tmp_path):
    """Flags are listed once each, with their number and the first cell."""
    balance = read(tmp_path, TABLE.format("*600"))
    assert balance.amounts.sel(product="diesel").values.ravel().tolist() == [600e3, 400e3]
    found = [(f.where, f.message) for f in balance.findings if f.rule == "flagged-number"]
    assert found == [
        ("table.csv!B3", "2 numbers carry the flag '*' (estimated or with a note) and are used"),
        ("table.csv!C3", "1 number carries the flag 'e' (estimated) and is used"),
        ("table.csv!D3", "1 number carries the flag 'p' (provisional) and is used"),
    ]


def test_own_marks_and_flags(tmp_path):
    """A mapping file brings marks and flags of its own; without it they are no numbers."""
    table = TABLE.format("~").replace("*400", "400 q")
    assert [f.rule for f in read(tmp_path, table).findings if f.severity == "error"] == [
        "unreadable-number"
    ] * 2
    balance = read(tmp_path, table, "mark,~,NE,,\nflag,q,,,quality unknown")
    assert (
        values.STATUS_NAMES[int(balance.status.sel(flow="industry", product="diesel").item())]
        == "NE"
    )
    assert balance.amounts.sel(flow="transport", product="diesel").item() == 400e3
    assert any("'q' (quality unknown)" in f.message for f in balance.findings)


def test_a_flagged_year_is_a_year(tmp_path):
    """2022 p over a column is the year 2022."""
    balance = read(
        tmp_path, "Fiji industry, diesel oil (TJ)\nItem,2021,2022 p\nIndustry,1,2\nTransport,3,4"
    )
    assert balance.years == [2021, 2022]


def test_a_number_merged_over_rows_is_told_of():
    """A number over two rows is the first row's, and a finding says so."""
    rows = [
        ["2019年重庆能源平衡表", ""],
        ["项目", "原煤(万吨)", "焦炭(万吨)"],
        ["工业", 5.0, 2.0],
        ["建筑业", "", 4.0],
    ]
    (block,) = read_page(Sheet("a.xlsx", "S", rows, merged=(((2, 1), (3, 1)),))).blocks
    (finding,) = (finding for finding in block.findings if finding.rule == "merged-number")
    assert finding.where == "a.xlsx!S!B3"


def test_a_sheet_of_numbers_has_no_flags():
    """Nothing is looked for where cells are numbers already."""
    grid = read_grid(Sheet("a.xlsx", "S", [["原煤", 1.5, 2.5]]))
    assert (grid.flags, grid.findings) == ({}, ())


def test_a_raised_footnote_is_no_digit(tmp_path):
    """123.45 with a small 1) behind it, in a workbook, is 123.45 with a footnote; so is one without its bracket."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(tmp_path / "table.xlsx")
    sheet, raised = book.add_worksheet(), book.add_format({"font_script": 1})
    for i, row in enumerate(
        [
            ["2019年重庆能源平衡表", "", ""],
            ["项目", "原煤(万吨)", "焦炭(万吨)"],
            ["工业", 5, 2],
            ["建筑业", 3, 4],
        ]
    ):
        sheet.write_row(i, 0, row)
    sheet.write_rich_string("B3", "123.45", raised, "1)")
    sheet.write_rich_string("C3", "67.8", raised, "2")
    book.close()
    balance = ca.read_balance(tmp_path / "table.xlsx")
    amounts = balance.amounts.sel(flow="industry").squeeze()
    assert [round(amounts.sel(product=product).item(), 6) for product in ("raw_coal", "coke")] == [
        1234500.0,
        678000.0,
    ]
    assert [finding.where for finding in balance.findings if finding.rule == "flagged-number"] == [
        "table.xlsx!Sheet1!B3",
        "table.xlsx!Sheet1!C3",
    ]


def test_a_raised_power_of_a_web_page_is_no_footnote(tmp_path):
    """10 with a raised 4 before t is the unit 10⁴ t; 12 with a raised 2 and nothing behind it has a footnote."""
    page = (
        "<table><caption>Energy consumption of Port Alder, 2019</caption>"
        "<tr><th>Sector<th>Coal<th>Natural gas</tr>"
        "<tr><th>Unit<td>10<sup>4</sup> t<td>10<sup>8</sup> m<sup>3</sup></tr>"
        "<tr><td>Industry<td>12<sup>2</sup><td>5<sup>a</sup><sup>b</sup></tr>"
        "<tr><td>Transport<td>3<td>2</tr></table>"
    )
    rows = read_html("page.html", page)[0].rows
    assert rows[2:4] == [["Unit", "104 t", "108 m3"], ["Industry", "12 [2]", "5 [a]b"]]
    place = tmp_path / "page.html"
    place.write_text(page.replace("<sup>b</sup>", ""), encoding="utf-8")
    amounts = ca.read_balance(place, area="Port Alder").amounts.sel(flow="industry").squeeze()
    assert amounts.sel(product="coal_total").item() == 120_000.0
