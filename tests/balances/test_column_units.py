"""The unit of each column: its header's, else the mapping's, else that of the corner."""

from __future__ import annotations

import pytest

from carbonacct.balances.label.headers import Header
from carbonacct.balances.label.printed_units import Corner
from carbonacct.balances.path.column_units import note_units, set_units
from carbonacct.balances.path.columns import Columns, TableColumn
from carbonacct.balances.words.mapping import Mapping
from carbonacct.sheets.raw_sheets import Sheet

WORDS = Mapping()


def column(text, product=None, *units, kind="data", may_be_share=False, **more):
    """Return a column of a table as its header reads."""
    return TableColumn(Header(text, product, units=units, **more), kind, may_be_share=may_be_share)


def set_all(*columns, corner=None):
    """Return the columns with their units."""
    return set_units(Columns(WORDS, tuple(columns)), corner or Corner())


def units_of(*columns, corner=None):
    """Return kind, unit and whether it is the column's own, of each column."""
    return [(one.kind, one.unit, one.has_own_unit) for one in set_all(*columns, corner=corner).each]


TEN_THOUSAND = Corner({"": "1e4 t"})


@pytest.mark.parametrize(
    ("columns", "corner", "found"),
    [
        # Its own unit before that of the corner.
        (
            [column("原煤(吨)", "raw_coal", "吨"), column("焦炭", "coke")],
            TEN_THOUSAND,
            [("data", "t", True), ("data", "1e4 t", False)],
        ),
        ([column("原煤", "raw_coal")], None, [("data", "", False)]),
        # Columns that hold no amounts have none.
        (
            [column("项目", kind="stub"), column("编号", kind="skip")],
            TEN_THOUSAND,
            [("stub", "", False), ("skip", "", False)],
        ),
        # 实物量 and 标准量 have corners of their own; 标准量 without any is of coal equivalent.
        (
            [column("实物量", word="physical"), column("标准量", word="standard")],
            Corner({"physical": "t", "standard": "tce"}),
            [("data", "t", False), ("data", "tce", False)],
        ),
        ([column("标准量", word="standard")], None, [("data", "1e4 tce", False)]),
        ([column("折标准煤(吨)", None, "吨", word="standard")], None, [("data", "tce", True)]),
        (
            [column("折标准煤(万吨)", None, "万吨", word="standard")],
            None,
            [("data", "1e4 tce", True)],
        ),
        ([column("原煤", "raw_coal")], Corner(is_standard=True), [("data", "1e4 tce", False)]),
        # A corner that cannot be read assumes nothing.
        ([column("标准量", word="standard")], Corner(unread="怪单位"), [("data", "", False)]),
        (
            [column("原煤", "raw_coal")],
            Corner(is_standard=True, unread="怪单位"),
            [("data", "", False)],
        ),
        # A column that may be one of shares is, where nothing gives it a unit.
        ([column("2018", may_be_share=True)], None, [("skip", "", False)]),
        ([column("2018", may_be_share=True)], TEN_THOUSAND, [("data", "1e4 t", False)]),
        (
            [column("2018", may_be_share=True)],
            Corner(several=("1e4 t", "kWh")),
            [("data", "", False)],
        ),
        ([column("怪", kind="unknown", may_be_share=True)], None, [("skip", "", False)]),
        ([column("怪", kind="unknown", may_be_share=True)], TEN_THOUSAND, [("unknown", "", False)]),
        ([column("怪", kind="unknown")], None, [("unknown", "", False)]),
        # 合计 in a unit of energy is total energy; tonnes of coal and of oil have no such sum.
        (
            [column("合计(万吨标煤)", None, "万吨标准煤", kind="unknown", is_whole=True)],
            None,
            [("data", "1e4 tce", True)],
        ),
        (
            [column("合计(吨)", None, "吨", kind="unknown", is_whole=True)],
            None,
            [("unknown", "", False)],
        ),
        (
            [column("合计", kind="unknown", is_whole=True)],
            Corner({"": "TJ"}),
            [("data", "TJ", False)],
        ),
        ([column("合计", kind="unknown", is_whole=True)], TEN_THOUSAND, [("unknown", "", False)]),
        ([column("合计", kind="unknown", is_whole=True)], None, [("unknown", "", False)]),
        ([column("怪(TJ)", None, "TJ", kind="unknown")], None, [("unknown", "", False)]),
        # A heading that says gross makes its energy gross.
        (
            [column("Natural gas (TJ, gross calorific value)", "natural_gas", "TJ")],
            None,
            [("data", "TJ GCV", True)],
        ),
        (
            [column("Electricity (TJ, gross calorific value)", "electricity", "TJ")],
            None,
            [("data", "TJ", True)],
        ),
    ],
)
def test_where_a_unit_comes_from(columns, corner, found):
    """The header, the corner for its word, the corner for all, or the word 标准量."""
    assert units_of(*columns, corner=corner) == found


GASOLINE = column("汽油(吨)", "gasoline", "吨")


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        # 其中:汽油 has the unit of the whole to its left, and so has the next part.
        (
            [
                column("油品(吨)", "oil_total", "吨"),
                column("其中:汽油", "gasoline", of_which=True),
                column("柴油", "diesel", of_which=True),
            ],
            ["t", "t", "t"],
        ),
        # So has what is measured alike behind it, up to the next that prints another kind of unit.
        (
            [
                column("油品(吨)", "oil_total", "吨"),
                column("汽油", "gasoline"),
                column("电力", "electricity"),
            ],
            ["t", "t", ""],
        ),
        (
            [
                column("原煤(吨)", "raw_coal", "吨"),
                column("电力(kWh)", "electricity", "kWh"),
                column("柴油", "diesel"),
            ],
            ["t", "kWh", ""],
        ),
        (
            [
                column("原煤(万吨)", "raw_coal", "万吨"),
                column("焦炭", "coke"),
                column("柴油(吨)", "diesel", "吨"),
            ],
            ["1e4 t", "", "t"],
        ),
        (
            [
                column("油品(吨)", "oil_total", "吨"),
                column("其中:汽油(万吨)", "gasoline", "万吨", of_which=True),
            ],
            ["t", "1e4 t"],
        ),
        # What the unit cannot measure has none, nor a part without a whole.
        (
            [
                column("油品(吨)", "oil_total", "吨"),
                column("其中:电力", "electricity", of_which=True),
            ],
            ["t", ""],
        ),
        ([column("其中:汽油", "gasoline", of_which=True)], [""]),
        ([column("其中:工业", of_which=True)], [""]),
        ([column("油品", "oil_total"), column("其中:汽油", "gasoline", of_which=True)], ["", ""]),
        # A part that names no product is of its whole's; columns of texts between are passed.
        (
            [
                column("用电量(kWh)", "electricity", "kWh"),
                column("备注", kind="skip"),
                column("其中:工业", of_which=True),
            ],
            ["kWh", "", "kWh"],
        ),
    ],
)
def test_a_part_has_the_unit_of_its_whole(columns, found):
    """The nearest column of amounts to the left that is no part."""
    assert [unit for _, unit, _ in units_of(*columns)] == found


def test_a_unit_that_cannot_be_read_holds_no_data():
    """The column says what could be meant; one whose unit is another kind of thing than its product is doubted."""
    misread = set_all(
        GASOLINE, column("原煤(怪单位)", "raw_coal", "怪单位"), column("柴油(kWh)", "diesel", "kWh")
    )
    assert [one.kind for one in misread.each] == ["data", "misread", "data"]
    (fault,) = misread.misread
    assert (fault.column, [one.text for one in fault.unknown]) == (1, ["怪单位"])
    assert "怪单位" in str(fault)


def test_assumed_units_are_said_once():
    """Two columns without a unit in a table of 标准量: one finding, with the first of them."""
    sheet = Sheet("t.csv", "", [["项目", "原煤", "焦炭"]])
    columns = set_all(
        column("项目", kind="stub"),
        column("原煤", "raw_coal"),
        column("焦炭", "coke"),
        corner=Corner(is_standard=True),
    )
    (finding,) = note_units(sheet, columns, 0)
    assert (finding.rule, finding.severity, finding.where) == (
        "unit-assumed",
        "warning",
        "t.csv!B1",
    )
    assert finding.message == "2 columns print no unit: 1e4 tce is assumed, by the word 标准量"
