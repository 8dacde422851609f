"""Lines of pasted text and what they are cut into: ``/`` between lines, ``|`` between cells."""

from __future__ import annotations

import pytest

from carbonacct.balances.split.pasted import split_cells
from carbonacct.sheets.raw_sheets import Sheet

COAL = "项目 煤合计 原煤 洗精煤 焦炭"


def cut(text):
    """Return the rows of pasted lines, and the rules of what is found with the places."""
    sheet = split_cells(Sheet("a.txt", "", [[line] for line in text.split("/")]))
    return "/".join("|".join(map(str, row)) for row in sheet.rows), {
        one.rule: one for one in sheet.findings
    }


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # A row with as many numbers as columns.
        ("项目 原煤 焦炭/工业 3 4", "项目|原煤|焦炭/工业|3|4"),
        ("类 别 原煤 焦炭/工业 3 4", "项目|原煤|焦炭/工业|3|4"),
        (
            "项目 原煤 焦炭/工业 - 4/建筑业 — …/交通 -1 -.5/居民 1① 2*/农业 1,234 5,678.9",
            "项目|原煤|焦炭/工业|-|4/建筑业|—|…/交通|-1|-.5/居民|1①|2*/农业|1,234|5,678.9",
        ),
        ("项目 实物量 标准量/工业 1 2", "项目|实物量|标准量/工业|1|2"),
        ("项目 数值/工业 1", "项目|数值/工业|1"),
        (
            "项目 原煤 焦炭/工业 3 4/项目 汽油 柴油/工业 5 6",
            "项目|原煤|焦炭/工业|3|4/项目|汽油|柴油/工业|5|6",
        ),
        (
            "项目 原煤 焦炭/工业 3 4/指标 2018 2019/工业 5 6",
            "项目|原煤|焦炭/工业|3|4/项目|2018|2019/工业|5|6",
        ),
        # A header run over several lines, and the units below it.
        ("项目/原煤/焦炭/工业 3 4", "项目|原煤|焦炭///工业|3|4"),
        ("项目 原煤/焦炭/工业 3 4", "项目|原煤|焦炭//工业|3|4"),
        ("类 别/原煤/焦炭/柴油/工业 3 4 5", "项目|原煤|焦炭|柴油////工业|3|4|5"),
        # How many names a header has the rows below it say, and none above it.
        ("项目 原煤 焦炭/柴油 汽油/工业 3 4/合计", "项目|原煤|焦炭/柴油 汽油/工业|3|4/合计"),
        (
            "附 1 2 3 4/项目 原煤 焦炭/柴油 汽油/工业 3 4",
            "附 1 2 3 4/项目|原煤|焦炭/柴油 汽油/工业|3|4",
        ),
        (
            "附 1 2/项目 原煤 焦炭/柴油 汽油/工业 3 4 5 6",
            "附 1 2/项目|原煤|焦炭|柴油|汽油//工业|3|4|5|6",
        ),
        ("项目 原煤 焦炭/(万吨) (万吨)/工业 3 4", "项目|原煤|焦炭/|(万吨)|(万吨)/工业|3|4"),
        ("项目 原煤 焦炭/万吨 万吨/工业 3 4", "项目|原煤|焦炭/|万吨|万吨/工业|3|4"),
        ("项目 原煤/焦炭/万吨 万吨/工业 3 4", "项目|原煤|焦炭//|万吨|万吨/工业|3|4"),
        ("项目 原煤 焦炭/万吨/工业 3 4", "项目|原煤|焦炭/万吨/工业|3|4"),
        # Years, with two measures below each.
        ("指标 2018 2019/工业 3 4", "项目|2018|2019/工业|3|4"),
        ("煤炭 2018 2019/工业 3 4", "项目|2018|2019/工业|3|4"),
        ("2018 2019/工业 3 4", "项目|2018|2019/工业|3|4"),
        (
            "指标 2018 2019/(实物量) (标准量) (实物量) (标准量)/工业 1 2 3 4",
            "项目|2018|2018|2019|2019/|(实物量)|(标准量)|(实物量)|(标准量)/工业|1|2|3|4",
        ),
        ("指标 2018 2019/(实物量) (标准量)/工业 1 2", "项目|2018|2019/|(实物量)|(标准量)/工业|1|2"),
        (
            "Item  2018  2019 p/Industry  1  2/Homes  3  4",
            "项目|2018|2019 p/Industry|1|2/Homes|3|4",
        ),
        ("地区 2018 2019/重庆 1 2/上海 3 4", "地区|2018|2019/重庆|1|2/上海|3|4"),
        (
            "指标 2018 2019/(实物量) (标准量) (实物量)/工业 1 2",
            "项目|2018|2019/(实物量) (标准量) (实物量)/工业|1|2",
        ),
        # Words that head columns, the units of all of them in the line below.
        (
            "年份 全社会用电量 工业 生活/2018 3 4 5/2019 6 7 8",
            "年份|全社会用电量|工业|生活/2018|3|4|5/2019|6|7|8",
        ),
        (
            "年份 全社会用电量 工业 生活/万千瓦时 万千瓦时 万千瓦时/2018 3 4 5/2019 6 7 8",
            "年份|全社会用电量|工业|生活/|万千瓦时|万千瓦时|万千瓦时/2018|3|4|5/2019|6|7|8",
        ),
        (
            "年份 全社会用电量 工业 生活/万千瓦时 万千瓦时/2018 3 4 5/2019 6 7 8",
            "年份|全社会用电量|工业|生活/万千瓦时 万千瓦时/2018|3|4|5/2019|6|7|8",
        ),
        (
            "图 1 2 3 4 5/年份 全社会用电量 工业 生活/2018 3 4 5",
            "图 1 2 3 4 5/年份|全社会用电量|工业|生活/2018|3|4|5",
        ),  # the lines below count
        # A number within a sentence is none of the table.
        ("项目 原煤 焦炭/工业 3 4/共 12 条记录", "项目|原煤|焦炭/工业|3|4/共 12 条记录"),
        # Names without a space between them: the fewest that make up the text, as many as the rows have numbers.
        ("项目 原煤焦炭/工业 3 4/农业 1 2", "项目|原煤|焦炭/工业|3|4/农业|1|2"),
        ("项目 煤油品/工业 3 4/农业 1 2", "项目|煤|油品/工业|3|4/农业|1|2"),
        # A blank cell that was copied is one space between two separators.
        (
            "项目 煤合计 原煤 洗精煤 焦炭/工业   1 2 3/交通     1 2/建筑   1   2",
            "项目|煤合计|原煤|洗精煤|焦炭/工业||1|2|3/交通|||1|2/建筑||1||2",
        ),
        ("项目 煤合计 原煤 洗精煤 焦炭/工业 1   3 4", "项目|煤合计|原煤|洗精煤|焦炭/工业|1||3|4"),
        ("项目 煤合计 原煤 洗精煤 焦炭/工业 1     4", "项目|煤合计|原煤|洗精煤|焦炭/工业|1|||4"),
        # A label broken over lines, its numbers behind it or alone.
        (
            "项目 煤合计 原煤 洗精煤 焦炭/工业/1 2 3 4/交通运输/仓储 邮政/5 6 7 8",
            "项目|煤合计|原煤|洗精煤|焦炭//工业|1|2|3|4///交通运输 仓储 邮政|5|6|7|8",
        ),
        (
            "项目 煤合计 原煤 洗精煤 焦炭/交通运输、仓储和/邮政业/5 6 7 8",
            "项目|煤合计|原煤|洗精煤|焦炭///交通运输、仓储和 邮政业|5|6|7|8",
        ),
        (
            "项目 原煤 焦炭/交通运输、仓储和 5 6/邮政业",
            "项目|原煤|焦炭/交通运输、仓储和 邮政业|5|6/",
        ),
        ("项目 原煤 焦炭/工业 5 6/邮政业", "项目|原煤|焦炭/工业|5|6/邮政业"),
        # Notes keep their numbers.
        ("项目 原煤 焦炭/注: 1 2/工业 3 4", "项目|原煤|焦炭/注: 1 2/工业|3|4"),
        ("项目 原煤 焦炭/资料来源 2019/工业 3 4", "项目|原煤|焦炭/资料来源 2019/工业|3|4"),
        # No header.
        ("煤炭 2018 x/工业 3 4", "煤炭 2018 x/工业 3 4"),
        ("指标 2018/工业 3", "指标 2018/工业 3"),
        ("项目 胡言 焦炭/工业 3 4", "项目 胡言 焦炭/工业 3 4"),
        (
            "Item  Gas used  Power used/Industry  1  2/Homes  3  4",
            "Item  Gas used  Power used/Industry  1  2/Homes  3  4",
        ),
    ],
)
def test_lines_become_cells(text, rows):
    """The header is what product names or years make up; each number stands below its own column, or nothing is cut."""
    assert cut(text) == (rows, {})


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("交通 1           3 4", "交通|1||3|4"),
        ("交通 1          4", None),
        ("交通          2 3 4", None),
        ("交通 1         4", None),  # four blanks, which the page has no columns for
    ],
)
def test_a_wide_gap_between_numbers_is_a_blank_cell(row, cells):
    """National yearbook 2012, table 7-3: Coking 905            525 702 1480 under five years.

    Before the first number a gap is the width of labels.
    """
    rows, found = cut(f"{COAL}/{row}/工业 1 2 3 4")
    assert rows.split("/")[1] == (cells or f"注: {row}")
    assert bool(found) == (cells is None)


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ("建筑业 1 2 3", 3),  # a blank somewhere, and no space that says where
        ("交通 1 2 3 4 5", 5),
        ("交通 1 2     4", 3),  # two blanks, and one column left
        ("建筑业 1 2 3 4 吨", 4),  # text behind the numbers, or between them
        ("建筑业 3 x 4", 2),
        ("工业 5", 1),
        ("建筑业 30 20 9", 3),
        ("建筑业 30 20.07 10.06", 3),  # beyond the rounding of two kinds
    ],
)
def test_numbers_that_no_space_places_are_an_error(row, count):
    """They are counted, and their line stays as a note; the rows beside it are read."""
    rows, found = cut(f"{COAL}/{row}/工业 1 2 3 4")
    assert rows.split("/")[1:] == [f"注: {row}", "工业|1|2|3|4"]
    (finding,) = found.values()
    assert (finding.rule, finding.severity, finding.where) == (
        "unplaced-numbers",
        "error",
        "a.txt!A2",
    )
    assert finding.message.startswith(f"{count} numbers in 1 lines cannot be placed")
    assert finding.message.endswith(row)


def test_a_printed_total_places_its_kinds_from_the_left():
    """Coal is raw and cleaned coal within rounding: the column behind is blank, with a warning."""
    lines = ["工业 30 20 10", "建筑业 30.0 20.05 10.05", "交通 30 20.07 9.99"]
    rows, found = cut("/".join([COAL, *lines]))
    assert rows.split("/")[1:] == [f"{line.replace(' ', '|')}|" for line in lines]
    (finding,) = found.values()
    assert (finding.rule, finding.severity, finding.where) == (
        "placed-by-total",
        "warning",
        "a.txt!A2",
    )
    assert finding.message.startswith("3 lines have fewer numbers than columns")
    assert finding.message.endswith("; ".join(lines))


@pytest.mark.parametrize(
    "head", ["项目 煤合计 焦炭 原煤", "项目 原煤 煤合计 焦炭", "项目 原油 柴油 汽油"]
)
def test_a_column_that_is_no_total_of_those_behind_it_places_nothing(head):
    """Equal numbers of coal and coke, of raw coal and all coal, or of crude oil and diesel are no sum."""
    rows, found = cut(f"{head}/工业 3 3")
    assert rows.endswith("/注: 工业 3 3")
    assert set(found) == {"unplaced-numbers"}


def test_a_total_places_its_kinds_where_units_stand_below_the_header():
    """The names stand in the first line of the header."""
    rows, found = cut(f"{COAL}/万吨 万吨 万吨 万吨/工业 30 20 10")
    assert rows.endswith("/工业|30|20|10|")
    assert set(found) == {"placed-by-total"}


def test_six_lines_are_shown_of_those_that_are_not_placed():
    """All numbers are counted; more lines are no help."""
    lines = [f"工业 {n} {n} {n + 1}" for n in range(10, 18)]
    _, found = cut("/".join([COAL, *lines]))
    message = found["unplaced-numbers"].message
    assert message.startswith("24 numbers in 8 lines")
    assert message.endswith("; ".join(lines[:6]))


def test_a_header_stands_in_the_first_forty_lines():
    """What follows a long text is no table of it; behind a first header another may stand anywhere."""
    text = ["一段文字"] * 39
    assert cut("/".join([*text, "项目 原煤 焦炭", "工业 3 4"]))[0].endswith(
        "项目|原煤|焦炭/工业|3|4"
    )
    assert cut("/".join([*text, *text[:1], "项目 原煤 焦炭", "工业 3 4"]))[0].endswith(
        "项目 原煤 焦炭/工业 3 4"
    )
    pages = ["项目 原煤 焦炭", "工业 3 4", *text, *text, "项目 汽油 柴油", "工业 5 6"]
    assert cut("/".join(pages))[0].endswith("项目|汽油|柴油/工业|5|6")


def test_lines_whose_numbers_have_no_column_are_told_by_the_first_of_them():
    """Two lines, of which the first is named; those of the next header are none, though they print years."""
    rows, found = cut("项目 原煤 焦炭/工业 3 4/农业 5/居民 6")
    assert rows == "项目|原煤|焦炭/工业|3|4/注: 农业 5/注: 居民 6"
    assert found["unplaced-numbers"].where == "a.txt!A3"
    years = "指标 2018 2019/(实物量) (标准量) (实物量) (标准量)/工业 5 6 7 8"
    rows, found = cut(f"项目 原煤 焦炭 柴油/工业 3 4 5/{years}")
    assert not found
    assert rows.endswith(
        "/项目|2018|2018|2019|2019/|(实物量)|(标准量)|(实物量)|(标准量)/工业|5|6|7|8"
    )
