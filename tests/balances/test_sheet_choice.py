"""Which sheets of a workbook are read: by name, by a mapping, and what becomes of the others. Tables are made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.errors import TableError
from carbonacct.sheets import sheet_choice
from carbonacct.sheets.raw_sheets import Sheet
from carbonacct.sheets.sheet_choice import SheetLine, choose_sheets, propose_name
from tests.balances import packing

FEW = settings(
    max_examples=6,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PRICES = [["price list"], ["fuel", "yuan/t"], ["coal", 500], ["diesel", 6000]]
NOTES = [["Notes of the publisher"], ["numbers are rounded", 3, "-"]]


def lay_out(unit, coal=1.0, oil=1.0):
    """Return a balance of two fuels, each in a unit, its numbers times something."""
    return [
        ["重庆能源平衡表 2015"],
        ["项目", f"原煤（{unit}）", f"柴油（{unit}）"],
        ["终端消费量", 60 * coal, 9 * oil],
        ["农林牧渔业", 10 * coal, 1 * oil],
        ["工业", 50 * coal, 8 * oil],
    ]


PHYSICAL, ENERGY = lay_out("万吨"), lay_out("太焦", 209.0, 426.0)


def write_book(path, sheets, hidden=()):
    """Write a workbook of some sheets in their order."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)
    return path


def write_lines(path, *lines):
    """Write a mapping file."""
    path.write_text("\n".join(["kind,name,id,sign,note", *lines]), encoding="utf-8")
    return path


@FEW
@given(order=st.permutations(["balance", "energy", "prices", "notes"]), by_line=st.booleans())
def test_a_named_sheet_reads_as_if_alone(tmp_path, order, by_line):
    """Whatever stands on the other sheets, before or behind, the sheet that is named reads to the same balance."""
    rows = {"balance": PHYSICAL, "energy": ENERGY, "prices": PRICES, "notes": NOTES}
    book = write_book(tmp_path / "t.xlsx", {name: rows[name] for name in order})
    line = write_lines(tmp_path / "m.csv", "sheet,balance,read,,")
    chosen = ca.read_tables(book, **({"mapping": line} if by_line else {"sheet": "balance"}))
    alone = ca.read_balance(write_book(tmp_path / "one.xlsx", {"balance": PHYSICAL}))
    assert chosen.require().amounts.equals(alone.amounts)
    cells = chosen.fates
    assert len(cells) == sum(cell != "" for name in order for row in rows[name] for cell in row)
    others = cells[cells["sheet"] != "balance"]
    assert set(others["fate"]) == {"passed"}
    assert set(others["reason"]) == {"not the sheet to read: balance"}


def test_sheets_are_passed_over_with_their_reason(tmp_path):
    """Two sheets are passed over by name and by pattern; each cell and one finding give the reason."""
    sheets = {"balance": PHYSICAL, "in TJ": ENERGY, "in PJ": ENERGY, "notes": NOTES}
    book = write_book(tmp_path / "t.xlsx", sheets)
    mapping = write_lines(tmp_path / "m.csv", "sheet,In *,pass over,,the same in energy")
    reading = ca.read_tables(book, mapping=mapping)
    assert reading.require().products == ["raw_coal", "diesel"]
    passed = reading.fates[reading.fates["sheet"].isin(["in TJ", "in PJ"])]
    assert set(passed["fate"]) == {"passed"}
    assert set(passed["reason"]) == {"the same in energy"}
    said = [str(one) for one in reading.findings if one.rule == "sheet-passed-over"]
    assert said == [
        "t.xlsx: 2 sheets (in TJ, in PJ) passed over, with 12 numbers: the same in energy"
    ]


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("Balanse", "t.xlsx: has no sheet 'Balanse'; its sheets: balance, energy; hidden: drafts"),
        ("p*", "t.xlsx: has no sheet 'p*'; its sheets: balance, energy; hidden: drafts"),
        ("draft*", "t.xlsx: has no sheet 'draft*'; its sheets: balance, energy; hidden: drafts"),
        ([], "no sheet was named; name the sheet, or the sheets, to read"),
    ],
)
def test_a_sheet_that_is_not_there_is_refused(tmp_path, named, message):
    """The sheets that are there are named, near ones first; a pattern names no hidden sheet."""
    sheets = {"energy": ENERGY, "balance": PHYSICAL, "drafts": PHYSICAL}
    book = write_book(tmp_path / "t.xlsx", sheets, hidden=["drafts"])
    with pytest.raises(TableError) as caught:
        ca.read_balance(book, sheet=named)
    order = (
        message.replace("balance, energy", "energy, balance")
        if named in ("p*", "draft*")
        else message
    )
    assert str(caught.value) == order


def test_a_hidden_sheet_is_read_where_it_is_named(tmp_path):
    """A hidden sheet is listed; who names it, in a call or in a mapping, gets it."""
    book = write_book(
        tmp_path / "t.xlsx", {"notes": NOTES, "a": PHYSICAL, "b": ENERGY}, hidden=["b"]
    )
    assert "hidden-sheet" in [one.rule for one in ca.read_balance(book).findings]
    line = write_lines(tmp_path / "m.csv", "sheet,B,read,,")
    alone = ca.read_balance(write_book(tmp_path / "one.xlsx", {"b": ENERGY}))
    for how in ({"sheet": ["b"]}, {"mapping": line}):
        balance = ca.read_balance(book, **how)
        assert balance.amounts.equals(alone.amounts)
        assert "hidden-sheet" not in [one.rule for one in balance.findings]


def write_old(path, rows):
    """Write a workbook of Excel 5 whose one sheet is hidden: the byte behind its place says so."""
    packing.old_xls(path, rows, encoding="cp936")
    path.write_bytes(path.read_bytes().replace(b"\0\0\x01S", b"\x01\0\x01S", 1))


@pytest.mark.parametrize(
    ("name", "write"),
    [("t.xlsb", lambda path, rows: packing.xlsb(path, rows, hidden=True)), ("t.xls", write_old)],
)
def test_hidden_sheets_of_older_workbooks(tmp_path, name, write):
    """A binary workbook and one of Excel 5 whose sheet is hidden are read where it is named, and refused else."""
    rows = [[*row, *[""] * (3 - len(row))] for row in PHYSICAL]
    write(tmp_path / name, rows)
    with pytest.raises(TableError, match="holds no worksheet"):
        ca.read_balance(tmp_path / name)
    alone = ca.read_balance(write_book(tmp_path / "one.xlsx", {"S": PHYSICAL}))
    assert ca.read_balance(tmp_path / name, sheet="s").amounts.equals(alone.amounts)


def test_each_workbook_has_the_sheet_and_text_has_none(tmp_path):
    """The sheet's name holds for each workbook, which is refused without it; text is read whole."""
    one = write_book(tmp_path / "one.xlsx", {"a": PHYSICAL, "b": ENERGY})
    text = tmp_path / "2016.csv"
    rows = lay_out("万吨")
    rows[0] = ["重庆能源平衡表 2016"]
    text.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    assert ca.read_balance(one, text, sheet="a").years == [2015, 2016]
    other = write_book(tmp_path / "other.xlsx", {"c": PHYSICAL})
    with pytest.raises(TableError, match=r"^other.xlsx: has no sheet 'a'; its sheets: c$"):
        ca.read_balance(one, other, sheet="a")


def choose(names, *lines):
    """Return which of some sheets are read under lines (name, is read), or the error."""
    sheets = [Sheet("t.xlsx", name, [["x"]]) for name in names]
    said = [
        SheetLine(name, is_read=is_read, reason="" if is_read else "why") for name, is_read in lines
    ]
    try:
        return [one.name for one, why in choose_sheets(sheets, said) if not why]
    except TableError as error:
        return str(error)


@pytest.mark.parametrize(
    ("names", "lines", "expected"),
    [
        # a mapping for the files of two years
        (["A 2018", "B 2018"], [("A 2018", True), ("A 2019", True)], ["A 2018"]),
        (["Data 2018", "TJ 2018"], [("TJ 2018", False), ("TJ 2019", False)], ["Data 2018"]),
        (["Table 1", "Table 4"], [("Table 4", False), ("Table 5", False)], ["Table 1"]),
        # the name in full before a pattern
        (["TJ", "TJ old"], [("TJ*", False), ("TJ", True)], ["TJ"]),
        # next year's file: what would be read in the place of what is passed over
        (
            ["Data", "Notes", "Prices 2019"],
            [("Prices 2018", False), ("Notes", False)],
            "has no sheet 'Prices 2018'",
        ),
        (
            ["Data", "Notes", "Price"],
            [("Prices", False), ("Notes", False)],
            "has no sheet 'Prices'",
        ),
        (
            ["Data 2019"],
            [("Data 2018", True)],
            "its sheets: Data 2019; mend its line in the mapping file",
        ),
        (["Data"], [("Prices", False)], "has no sheet 'Prices'; its sheets: Data"),
        (["Data"], [("*", False)], "t.xlsx: all its sheets are passed over"),
        (["Data"], [("D*", False), ("*a", True)], "is to be read (*a) and to be passed over (D*)"),
    ],
)
def test_what_lines_say_of_a_file(names, lines, expected):
    """Lines for other files of a family do no harm; a sheet that may have been renamed stops."""
    found = choose(names, *lines)
    assert found == expected if isinstance(expected, list) else expected in found


def test_a_line_of_another_file_is_said(tmp_path):
    """What the mapping says of a sheet that is not there is a finding."""
    book = write_book(tmp_path / "t.xlsx", {"a": PHYSICAL, "b": ENERGY})
    mapping = write_lines(tmp_path / "m.csv", "sheet,a,read,,", "sheet,balance of heat,read,,")
    found = [
        str(one)
        for one in ca.read_balance(book, mapping=mapping).findings
        if one.rule == "sheet-not-there"
    ]
    assert found == ["t.xlsx: the mapping speaks of sheets that are not there: balance of heat"]


def test_a_line_may_be_of_one_file(tmp_path):
    """What stands behind the name of a file holds there, in the place of lines of all files, and nowhere else."""
    later = lay_out("万吨", 2.0)
    later[0] = ["重庆能源平衡表 2016"]
    one = write_book(
        tmp_path / "one.xlsx", {"a": PHYSICAL, "b": ENERGY, "c": PHYSICAL}, hidden=["c"]
    )
    other = write_book(
        tmp_path / "other.xlsx", {"b": later, "c": PRICES, "d": lay_out("太焦")}, hidden=["c"]
    )
    mapping = write_lines(
        tmp_path / "m.csv",
        "sheet,ONE.xlsx!c,read,,",
        "sheet,d,pass over,,as printed",
        "sheet,one.xlsx!b,,,",
    )
    reading = ca.read_tables(one, other, mapping=mapping)
    assert reading.require().years == [2015, 2016]
    assert {
        (page.sheet.file, page.sheet.name): str(page.passed_over) for page in reading.pages
    } == {
        ("one.xlsx", "a"): "not the sheet to read: c",
        ("one.xlsx", "b"): "not the sheet to read: c",
        ("one.xlsx", "c"): "",
        ("other.xlsx", "b"): "",
        ("other.xlsx", "d"): "as printed",
    }
    write_lines(mapping, "sheet,two.xlsx!a,read,,")
    with pytest.raises(TableError, match="name the sheet to read"):
        ca.read_balance(one, mapping=mapping)
    write_lines(mapping, "sheet,one.xlsx!z,read,,")
    with pytest.raises(TableError, match=r"one\.xlsx: has no sheet 'z'"):
        ca.read_balance(one, mapping=mapping)
    write_lines(mapping, "sheet,two.xlsx!c,read,,", "sheet,one.xlsx!c,,,")
    with pytest.raises(TableError, match=r"'one\.xlsx!c' has no id yet"):
        ca.read_balance(one, mapping=mapping)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("sheet,a,pass over,,", "'a' is passed over without a reason"),
        ("sheet,a,skip,,", "a sheet has the id read or pass over, not 'skip'"),
        ("sheet,a,,,", "sheet 'a' has no id yet; choose one (read)"),
        ("工作表,a,略过,,", "'a' is passed over without a reason"),
    ],
)
def test_a_line_that_says_nothing_is_a_fault(tmp_path, line, message):
    """A sheet is read, or passed over with a reason."""
    with pytest.raises(TableError) as caught:
        ca.read_balance(tmp_path / "none.xlsx", mapping=write_lines(tmp_path / "m.csv", line))
    assert message in str(caught.value)


def test_a_layout_chooses_no_sheets(tmp_path):
    """A layout holds where its text stands, which says nothing of other sheets."""
    folder = tmp_path / "layouts"
    folder.mkdir()
    write_lines(folder / "own.csv", "match,重庆能源平衡表,,,", "sheet,a,read,,")
    with pytest.raises(
        TableError, match=r"^own.csv: a layout holds for the sheets in which its text stands"
    ):
        ca.read_balance(write_book(tmp_path / "t.xlsx", {"a": PHYSICAL}), layout=folder)


@pytest.mark.parametrize(
    "other", [ENERGY, lay_out("万吨", 1.2, 1.3)], ids=["another unit", "other numbers"]
)
def test_proposed_lines_settle_sheets_that_contradict_each_other(tmp_path, other):
    """Map asks for each sheet; with a person's choice the workbook, and next year's, reads as that sheet."""
    names = "Balance 2015", "TJ 2015"
    book = write_book(tmp_path / "t.xlsx", {names[0]: PHYSICAL, names[1]: other, "prices": PRICES})
    lines = ca.propose_mapping(book)
    assert lines[["kind", "name", "id", "numbers"]].to_numpy().tolist() == [
        ["sheet", "Balance *", "", 6],
        ["sheet", "TJ *", "", 6],
        ["sheet", "prices", "", 2],
    ]
    assert (
        lines["where"][0]
        == "Balance 2015!A1 重庆能源平衡表 2015; alone it reads: 3 flows x 2 products"
    )
    assert lines["where"][2].startswith("prices!A1 price list; alone it ")
    lines.loc[0, "id"] = "read"
    lines.to_csv(tmp_path / "m.csv", index=False)
    alone = ca.read_balance(write_book(tmp_path / "one.xlsx", {"Balance": PHYSICAL}))
    assert ca.read_balance(book, mapping=tmp_path / "m.csv").amounts.equals(alone.amounts)
    assert ca.propose_mapping(book, mapping=tmp_path / "m.csv").empty
    later = write_book(tmp_path / "later.xlsx", {"TJ 2016": other, "Balance 2016": PHYSICAL})
    assert np.array_equal(
        ca.read_balance(later, mapping=tmp_path / "m.csv").amounts, alone.amounts, equal_nan=True
    )


def test_sheets_that_agree_get_no_lines(tmp_path):
    """Two sheets that print the same contradict nothing, and one table that does is no matter of sheets."""
    same = write_book(tmp_path / "t.xlsx", {"a": PHYSICAL, "b": PHYSICAL})
    assert ca.propose_mapping(same).empty
    twice = [*PHYSICAL, ["工业", 7.0, 8.0]]
    lines = ca.propose_mapping(write_book(tmp_path / "u.xlsx", {"a": twice, "b": PRICES}))
    assert lines[["kind", "name"]].to_numpy().tolist() == [["flow", "工业#2"]]


def test_names_for_next_year():
    """A year becomes a star where that names the sheet alone."""
    assert propose_name("平衡表2019", ["价格2019"]) == "平衡表*"
    assert propose_name("2019", ["2018"]) == "2019"
    assert propose_name("TJ 2019", ["TJ 2018"]) == "TJ 2019"


def test_the_command_in_both_languages(tmp_path, capsys, monkeypatch):
    """A refusal ends in the hint, the option reads, the mapping is in Chinese and is read back."""
    monkeypatch.chdir(tmp_path)
    write_book(tmp_path / "t.xlsx", {"energy": ENERGY, "实物量": PHYSICAL})
    assert main(["check", "t.xlsx"]) == 2
    hint = "name the sheet to read (--sheet), or pass over the others in a mapping file"
    assert capsys.readouterr().err.endswith(
        f"{hint}; propose its lines with: carbonacct map t.xlsx -o mapping.csv\n"
    )
    assert main(["check", "t.xlsx", "--lang", "zh"]) == 2
    hint = "请指明要读的工作表（--sheet），或在对照表中略过其他工作表"
    assert capsys.readouterr().err.endswith(
        f"{hint}；可生成对照表：carbonacct map t.xlsx -o mapping.csv\n"
    )
    assert main(["check", "t.xlsx", "--sheet", "实物量", "--lang", "zh"]) == 0
    assert (
        "略过 1 个工作表（energy），共 6 个数：不是要读的工作表（实物量）"
        in capsys.readouterr().out
    )
    assert main(["inventory", "t.xlsx", "--sheet", "实物", "--method", "ipcc-2006", "-o", "-"]) == 2
    assert capsys.readouterr().err == "t.xlsx: has no sheet '实物'; its sheets: 实物量, energy\n"
    assert main(["map", "t.xlsx", "--lang", "zh", "-o", "m.csv"]) == 0
    said = capsys.readouterr()
    assert "工作表互相矛盾，共 2 个可选" in said.out + said.err
    lines = pd.read_csv("m.csv", dtype=str, keep_default_na=False)
    assert lines[["类别", "名称", "候选"]].to_numpy().tolist() == [
        ["工作表", "energy", "读取 | 略过"],
        ["工作表", "实物量", "读取 | 略过"],
    ]
    assert lines["位置"][1] == "实物量!A1 重庆能源平衡表 2015；单独可读：3 个项目 x 2 个品种"
    lines.loc[0, ["编码", "备注"]] = ["略过", "同一张表的热值"]
    lines.iloc[:1].to_csv("m.csv", index=False)
    assert (
        main(["inventory", "t.xlsx", "--mapping", "m.csv", "--method", "ipcc-2006", "-o", "-"]) == 0
    )
    assert ",industry,raw_coal," in capsys.readouterr().out


def test_names_of_sheets_are_listed_as_far_as_a_person_reads():
    """All of a few; of more the first, and how many are left."""
    some = [f"S{n}" for n in range(sheet_choice._MOST_NAMED)]
    assert sheet_choice._list(some) == ", ".join(some)
    assert sheet_choice._list([*some, "T", "U"]) == ", ".join([*some, "2 more"])
