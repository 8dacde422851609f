"""What a file is and how its text is cut into cells: from its bytes, within bounds, whatever its name says."""

from __future__ import annotations

import re

import pytest

from carbonacct.errors import TableError
from carbonacct.sheets import raw_sheets
from carbonacct.sheets.raw_sheets import (
    Budget,
    MisreadError,
    Sheet,
    is_workbook,
    read_content,
    read_sheets,
    read_text_sheets,
)


def cut(text: str, file: str = "a.txt") -> list[list[object]]:
    """Return the cells of a text."""
    (sheet,) = read_text_sheets(file, text)
    return sheet.rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Item,Coal\nSteel,1\n", [["Item", "Coal"], ["Steel", "1"]]),
        ("Item;Coal\r\nSteel;1,5\r\n", [["Item", "Coal"], ["Steel", "1,5"]]),
        ("Item\tCoal\rSteel\t1 000", [["Item", "Coal"], ["Steel", "1 000"]]),
        ("|Item|Coal|\n|---|--:|\n| Steel | 1 |", [["Item", "Coal"], [], ["Steel", "1"]]),
        ("Item|Coal\nSteel|1", [["Item", "Coal"], ["Steel", "1"]]),
        (
            "|Item|Coal|\n|Steel|-|\n|-|-|",
            [["Item", "Coal"], ["Steel", "-"], ["-", "-"]],
        ),  # a dash is a mark, two a rule
        # The delimiter that cuts most lines alike: commas of titles and of numbers do not count.
        (
            "Coal, oil, gas\nItem;2018;2019\nSteel;1,5;2,5\nPaper;1,5;2",
            [
                ["Coal, oil, gas"],
                ["Item", "2018", "2019"],
                ["Steel", "1,5", "2,5"],
                ["Paper", "1,5", "2"],
            ],
        ),
        ('"Coal, raw";1\n"Oil, crude";2\n', [["Coal, raw", "1"], ["Oil, crude", "2"]]),
        ('"Coal\nraw",1\nOil,2\n', [["Coal\nraw", "1"], ["Oil", "2"]]),
        ("|x,1\ny,2", [["|x", "1"], ["y", "2"]]),  # of two lines one begins with a stroke
        ("Steel 1 2\nPaper 3 4", [["Steel 1 2"], ["Paper 3 4"]]),
        (
            "Balance\nof a town\nSteel,1",
            [["Balance"], ["of a town"], ["Steel,1"]],
        ),  # one line of three
        ("a\n\n", [["a"], [""]]),
    ],
)
def test_a_text_is_cut_by_what_cuts_most_of_its_lines_alike(text, rows):
    """Tabs, semicolons, strokes and commas, in any kind of line end."""
    assert cut(text) == rows


def test_a_name_that_says_delimited_is_believed():
    """Where lines are of different lengths, the commonest delimiter counts; without any each line is one cell."""
    text = "a\nb\nc\nd,e\nf,g,h;i"
    assert cut(text) == [["a"], ["b"], ["c"], ["d,e"], ["f,g,h;i"]]
    assert cut(text, "a.csv") == [["a"], ["b"], ["c"], ["d", "e"], ["f", "g", "h;i"]]
    assert cut(text, "a.TSV") == cut(text, "a.csv")
    assert cut("a\nb", "a.csv") == [["a"], ["b"]]


def test_what_a_spreadsheet_was_told_to_keep_as_text_loses_its_mark():
    """What would be a formula; any other quote is kept."""
    assert cut("'=1+1,2\nit's,3") == [["=1+1", "2"], ["it's", "3"]]


def test_keys_that_share_a_cell_are_cut_in_tab_separated_text_alone():
    r"""As Eurostat writes them."""
    assert cut("siec,geo\\TIME\t2018\nG3000,NO\t1\nE7000,NO\t2") == [
        ["", "2018", "siec", "geo"],
        ["", "1", "G3000", "NO"],
        ["", "2", "E7000", "NO"],
    ]


@pytest.mark.parametrize(
    ("limit", "most", "text", "message"),
    [
        ("MAX_CELLS", 6, lambda more: "a,b\n" * 3 + "a,b\n" * more, "has more than 6 cells"),
        (
            "MAX_COLUMNS",
            3,
            lambda more: "a,b,c\n" * 3 + "a,b,c" + ",d" * more,
            "has a line of 4 cells, more than the 3",
        ),
        ("_MAX_LINES", 3, lambda more: "a\n" * (3 + more), "has 4 lines and no cells"),
        (
            "_MAX_LINE",
            5,
            lambda more: "a\n" + "b" * (5 + more) + "\nc",
            "line 2 has 6 characters and no cells",
        ),
    ],
)
def test_a_text_is_read_up_to_a_limit_and_refused_beyond(monkeypatch, limit, most, text, message):
    """As large as any table; more is refused with its size and what to do."""
    monkeypatch.setattr(raw_sheets, limit, most)
    assert cut(text(0))
    with pytest.raises(TableError, match=rf"a\.txt: {re.escape(message)}"):
        cut(text(1))


def test_a_budget_is_for_all_sheets_together(monkeypatch):
    """What is checked is not taken; what is taken counts for all that follow."""
    monkeypatch.setattr(raw_sheets, "MAX_CELLS", 12)
    budget = Budget("a.xlsx")
    budget.check_cells("A", 3, 4)
    budget.take_cells("A", 3, 2)
    budget.take_cells("B", 2, 3)
    with pytest.raises(
        TableError, match=r"a\.xlsx!C: the sheets up to this one reach over more than 12 cells"
    ):
        budget.check_cells("C", 1, 1)
    with pytest.raises(TableError, match=r"a\.xlsx: reaches over 13 rows x 1 columns"):
        Budget("a.xlsx").check_cells("", 13, 1)


def test_a_budget_of_text_errors_and_time(monkeypatch):
    """Each up to its limit."""
    monkeypatch.setattr(raw_sheets, "_MAX_COPIED", 10)
    monkeypatch.setattr(raw_sheets, "_MAX_ERRORS", 3)
    budget = Budget("a.xlsx")
    for take in (budget.take_text, budget.take_text):
        take("A", 5)
    with pytest.raises(TableError, match=r"a\.xlsx!A: holds more text than any table"):
        budget.take_text("A", 1)
    budget.take_errors("A", 3)
    with pytest.raises(TableError, match=r"a\.xlsx!B: more than 3 cells are errors"):
        budget.take_errors("B", 1)
    now = raw_sheets.time.monotonic()
    monkeypatch.setattr(raw_sheets.time, "monotonic", lambda: now + 1)
    budget.check_cells("A", 1, 1)
    monkeypatch.setattr(raw_sheets.time, "monotonic", lambda: now + 3600)
    with pytest.raises(TableError, match="takes more than 60 seconds"):
        budget.check_cells("A", 1, 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; export the table again"),
        (b"\0 \r\n\t", "is empty"),
        (b"\x09\x04\x06\x00rest", "is a workbook of Excel 4 or older"),
        (b"\x89PNG....", "is not a table this program reads"),
        (b"{\\rtf1 x}", "is not a table this program reads"),
        (b"<?xml version='1.0'?><a/>", "is not a table this program reads"),
        (b"PK\x03\x04broken", "is damaged"),
        (b"\x1f\x8bbroken", "is damaged"),
        (b"  %PDF-1.4 broken", "damaged|pictures|PDF"),
    ],
)
def test_what_is_no_table_is_told_by_its_bytes(content, message):
    """Whatever its name says, with what to do."""
    with pytest.raises(TableError, match=rf"a\.csv: .*({message})"):
        read_content("a.csv", content)


def test_a_page_in_xml_is_a_page():
    """XHTML begins as XML does."""
    page = b"<?xml version='1.0'?><html><table><tr><td>Coal</td></tr></table></html>"
    assert read_content("a.xls", page)[0].rows == [["Coal"]]
    assert read_content("a.xls", b"  <DIV><table><td>Coal</table>")[0].rows == [["Coal"]]
    assert read_content("a.txt", b"<5 kt\n1")[0].rows == [["<5 kt"], ["1"]]


def test_paths_that_lead_to_no_file(tmp_path):
    """A folder, and nothing."""
    with pytest.raises(TableError, match="is a folder; name the files in it"):
        read_sheets(tmp_path)
    with pytest.raises(
        TableError, match=r"none\.csv: cannot be opened \(No such file or directory\)"
    ):
        read_sheets(tmp_path / "none.csv")


def test_addresses_of_cells_and_rows():
    """As a spreadsheet names them; a text file has no sheet, a row two numbers."""
    sheet, text = Sheet("a.xlsx", "S", []), Sheet("a.csv", "", [])
    assert sheet.address(0, 0) == "a.xlsx!S!A1"
    assert text.address(4, 26) == "a.csv!AA5"
    assert text.address(4) == "a.csv!5:5"
    assert sheet.addresses([0, 9], [1, 701]) == ["a.xlsx!S!B1", "a.xlsx!S!ZZ10"]
    assert MisreadError(TableError, "no", column=2).at(text, 3).args[0] == "a.csv!C4: no"
    assert MisreadError(TableError, "no", row=0, column=2).at(text, 3).args[0] == "a.csv!C1: no"
    assert is_workbook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert not is_workbook(b"\x1f\x8b")
