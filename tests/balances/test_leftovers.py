"""Ranges of cells that no table uses, equal findings once: `` / `` between rows, ``|`` between cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.balances.account.diagnosis import say_no_table
from carbonacct.balances.account.leftovers import _rectangles, merge_findings, note_left_overs
from carbonacct.balances.sheet_stages import read_page
from carbonacct.errors import Finding
from carbonacct.sheets.raw_sheets import Sheet

HEAD = "重庆能源消费 2019 / 项目|原煤(万吨)|焦炭(万吨)"


def page(text, name="", **options):
    """Return a sheet as it is read."""
    return read_page(
        Sheet("a.csv", name, [line.split("|") for line in text.split(" / ")], **options)
    )


def tell(*pages):
    """Return rule, severity and message of what is said of some sheets."""
    return [(one.rule, one.severity, one.message) for one in note_left_overs(pages)]


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6))))
def test_ranges_hold_each_cell_once_and_no_other(cells):
    """Runs along rows, joined where the row below has the same run."""
    found = _rectangles(cells)
    held = [
        (row, column)
        for (top, left), (bottom, right) in found
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    ]
    assert sorted(held) == sorted(cells)
    ends = {(bottom, left, right) for (_, left), (bottom, right) in found}
    for (top, left), (_, right) in found:  # none could be joined with one above or beside it
        assert (top - 1, left, right) not in ends
        assert (top, left - 1) not in cells
        assert (top, right + 1) not in cells


@pytest.mark.parametrize(
    ("text", "numbers", "texts", "left_out"),
    [
        (f"{HEAD} / 工业|3|4", "", "", ""),
        # Above the title, in the header, below the table.
        (f"{HEAD} / 工业|3|4 / 来源|7", "B4", "A4", ""),
        ("重庆能源消费 2019|5 / 项目|原煤(万吨)|焦炭(万吨) / 工业|3|4", "B1", "", ""),
        ("重庆能源消费 2019 / 项目|9|原煤(万吨)|焦炭(万吨) / 工业|1|3|4", "B2 B3", "", ""),
        (f"{HEAD} / 工业|3|4 / 说明:甲||乙", "", "A4 C4", ""),
        # Columns and rows that hold no amounts of energy.
        (
            "重庆能源消费 2019 / 项目|编号|原煤(万吨)|焦炭(万吨)|比重(%) / 工业|01|3|4|9 / 人口|03|3||1",
            "",
            "",
            "A4 B3 B4 C4 E3 E4",
        ),
        # A row with a number is no title of the table below it.
        (f"{HEAD} / 工业|3|4 / 佚名|8 / 项目|汽油(万吨)|柴油(万吨) / 工业|1|2", "B4", "A4", ""),
        # A table of coefficients is none of energy.
        (
            f"{HEAD} / 工业|3|4 / 表二 / 品种|折标系数|单位 / 原煤|0.7143|千克",
            "B6",
            "A4 A5 A6 B5 C5 C6",
            "",
        ),
        # A number is no label; the codes of a column are left out.
        (
            "重庆能源消费 2019 / 项目|代码|Item|原煤(万吨)|焦炭(万吨) / 工业|1|Industry|3|4 / 交通|3|5|5|8",
            "C4",
            "",
            "B3 B4",
        ),
        # Blank cells are nothing.
        (f"{HEAD} / 工业|3|4 / ||  / |7|", "B5", "", ""),
    ],
)
def test_each_cell_that_no_table_uses_is_listed(text, numbers, texts, left_out):
    """By what it is: numbers, texts, or of a row or column that holds no amounts."""
    left = page(text).left_over
    names = [
        " ".join(sorted(f"{chr(65 + column)}{row + 1}" for row, column in cells))
        for cells in (left.numbers, left.texts, left.left_out)
    ]
    assert names == [numbers, texts, left_out]


def test_what_is_left_over_is_counted_by_its_reason():
    """Ranges with what their first cell holds: numbers are a warning with what to do."""
    read = page(f"{HEAD} / 工业|3|4 / 来源|7|8 / |9|10")
    numbers, texts = note_left_overs([read])
    assert (str(numbers), numbers.severity) == (
        (
            "a.csv: 4 cells hold numbers and belong to no table: B4:C5 (7); "
            "label their row and column if they belong to it"
        ),
        "warning",
    )
    assert (str(texts), texts.severity) == (
        "a.csv: 1 cells hold texts and belong to no table: A4 (来源)",
        "info",
    )


def test_ranges_name_their_sheet_where_there_are_several():
    """One sheet needs no name; of a long text thirty characters are shown."""
    pages = [page(f"{HEAD} / 工业|3|4 / {'长' * 40}|", name) for name in ("甲", "乙")]
    assert tell(pages[0])[0][2].endswith(f": A4 ({'长' * 30})")
    assert tell(*pages)[0][2].endswith(f": 甲!A4 ({'长' * 30}), 乙!A4 ({'长' * 30})")


@pytest.mark.parametrize(("count", "more"), [(12, ""), (13, " and 1 more ranges")])
def test_twelve_ranges_are_named(count, more):
    """The others are counted."""
    (_, _, message), *_ = tell(
        page(f"{HEAD} / 工业|3|4" + " / |7|" * 1 + " /  / |7|" * (count - 1))
    )
    assert message.startswith(f"{count} cells hold numbers")
    assert message.count("(7)") == 12
    assert message.endswith(f"(7){more}")


def test_sheets_without_a_table_are_named_up_to_six():
    """With their numbers; those with texts alone are information, blank ones are not named."""
    numbers = [page("x|1|2", f"n{k}") for k in range(7)]
    (rule, severity, message), *_ = tell(*numbers)
    assert (rule, severity) == ("no-table", "warning")
    assert message.startswith(
        "no energy balance found in 7 sheets (n0, n1, n2, n3, n4, n5 ...): of the first, "
    )
    assert message.endswith("; 14 numbers not used")
    assert " in 6 sheets (n0, n1, n2, n3, n4, n5): of" in tell(*numbers[:6])[0][2]
    assert tell(page("x|1", "n"))[0][2].endswith("; 1 number not used")
    assert tell(page("x|y", "t"), page(" | ", "b")) == [
        ("no-numbers", "info", "no numbers in 1 sheet (t): not used"),
    ]
    assert tell(page("x|y"))[0][2] == "no numbers in 1 sheet: not used"


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, ""), (2, " (and in 1 more place: f!1)"), (3, " (and in 2 more places: f!1, f!2)")],
)
def test_equal_words_in_several_places_are_said_once(count, told):
    """The first place stands before it, six others are listed."""
    findings = [Finding("a", "info", "x", f"f!{n}") for n in range(count)]
    assert [one.message for one in merge_findings(findings)] == [f"x{told}"]
    many = [Finding("a", "info", "x", f"f!{n}") for n in range(8)]
    assert [one.message for one in merge_findings(many)] == [
        "x (and in 7 more places: f!1, f!2, f!3, f!4, f!5, f!6 ...)"
    ]
    assert [one.message for one in merge_findings(many[:7])] == [
        "x (and in 6 more places: f!1, f!2, f!3, f!4, f!5, f!6)"
    ]


@pytest.mark.parametrize(
    ("merged", "said"),
    [
        (((2, 1), (3, 1)), "a.csv!B3: one number is merged over 2 rows: "),
        (((2, 1), (4, 1)), "a.csv!B3: one number is merged over 3 rows: "),
        (((2, 1), (2, 2)), ""),  # over columns alone
        (((4, 1), (5, 1)), ""),  # the other is no row of the table
        (((2, 0), (3, 0)), ""),  # a label
        (((1, 1), (3, 1)), ""),  # a heading
        (((3, 2), (4, 2)), ""),  # a blank cell
    ],
)
def test_a_number_that_is_merged_over_rows_is_a_warning(merged, said):
    """It is taken for the first of them."""
    (block,) = page(f"{HEAD} / 工业|3|4 / 农业||  / 建筑业|5|6 / 注:|7", merged=(merged,)).blocks
    found = [one for one in block.findings if one.rule == "merged-number"]
    assert [one.severity for one in found] == ["warning"] * bool(said)
    assert all(str(one).startswith(said) for one in found)


def test_flags_are_counted_where_they_stand_in_a_table():
    """Each once, at its first number; those outside the table are none of its numbers'."""
    (block,) = page(
        "Energy 2019 / Sector|Coal (t)|Coke (t) / Industry|3 p|4 / Farming|5 p|6e / Source|7e|1"
    ).blocks
    flags = [str(one) for one in block.findings if one.rule == "flagged-number"]
    assert flags == [
        "a.csv!B3: 2 numbers carry the flag 'p' (provisional) and are used",
        "a.csv!C4: 1 number carries the flag 'e' (estimated) and is used",
    ]


@pytest.mark.parametrize("count", [2, 12, 13])
def test_twelve_labels_that_are_not_known_beside_known_ones_are_named(count):
    """Each once, with the label beside it and its cell."""
    flows = [
        "工业",
        "农业",
        "建筑业",
        "居民",
        "批发零售业",
        "纺织业",
        "造纸",
        "采矿业",
        "制造业",
        "食品制造业",
        "家具制造业",
        "金属制品业",
        "汽车制造业",
    ]
    rows = "".join(f" / {flow}|Zz{chr(97 + n)}|3|4" for n, flow in enumerate(flows[:count]))
    (block,) = page(f"重庆能源消费 2019 / 项目|Item|原煤(万吨)|焦炭(万吨){rows}").blocks
    (found,) = (one for one in block.findings if one.rule == "label-unread")
    assert (found.where, found.severity) == ("a.csv!B3", "warning")
    named = [
        f"'Zz{chr(97 + n)}' beside '{flow}' (B{n + 3})"
        for n, flow in enumerate(flows[: min(count, 12)])
    ]
    more = " and 1 more" if count > 12 else ""
    assert (
        found.message
        == f"labels that are not known stand beside known ones: {', '.join(named)}{more}"
    )


def test_of_several_sheets_without_a_table_the_one_of_most_labels_is_described():
    """Headers and rows together: four rows and a header are more than three headers and a row."""
    sheets = ["怪头|怪乙 / 工业|1 / 农业|1 / 交通|2 / 居民|5", "怪头|怪乙|怪丙|怪丁 / 怪己|1|2|3"]
    for order in (sheets, sheets[::-1]):
        error = str(say_no_table([page(text, "n") for text in order], None).error)
        assert error.startswith(
            "a.csv: no energy balance found: its rows name 4 flows (工业, 农业, 交通, 居民); "
        )


@pytest.mark.parametrize(("count", "shown"), [(30, "怪" * 30), (31, "怪" * 29 + "…")])
def test_thirty_letters_of_a_label_are_shown(count, shown):
    """A longer one ends with dots."""
    error = str(say_no_table([page(f"项目|{'怪' * count} / 工业|1 / 农业|2")], None).error)
    assert f"product that is not known: '{shown}' (B1)" in error
