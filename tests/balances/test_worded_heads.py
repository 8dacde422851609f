"""Heads of pasted text: which words a line is made of, and what the lines below it say by them."""

from __future__ import annotations

import pytest

from carbonacct.balances.split.worded_heads import (
    PastedRow,
    cut_head,
    is_head_of,
    take_year_and_unit,
)
from carbonacct.balances.words.mapping import Mapping

WORDS = Mapping()


@pytest.mark.parametrize(
    ("line", "heads"),
    [
        ("年份 工业 居民生活", "年份|工业|居民生活"),
        ("年 份 全社会用电量 工业 居民生活", "年份|全社会用电量|工业|居民生活"),
        ("地 区 原 煤 焦 炭 柴 油", "地区|原煤|焦炭|柴油"),
        ("年份 第 一 产 业 第 二 产 业", "年份|第一产业|第二产业"),
        ("指 标 规 模 以 上 工 业 原煤", "指标|规模以上工业|原煤"),
        ("指标 原煤 Coke", "指标|原煤|Coke"),
        ("指标 单位 2018 2019年 增长(%)", "指标|单位|2018|2019年|增长(%)"),
        ("年份 工业", ""),  # two may be the words of a title
        ("工业 年份 原煤", ""),  # the first heads labels, areas or years, and no other does
        ("指标 指标 原煤 焦炭", ""),
        ("指标 原煤 焦炭 怪词", ""),
        ("指标 单位 20 19 2018", ""),  # only letters of Chinese are spaced out
        ("", ""),
    ],
)
def test_a_line_is_a_head_where_each_of_its_words_heads_a_column(line, heads):
    """Letters that are spaced out are one word."""
    assert "|".join(cut_head(line, WORDS)) == heads


@pytest.mark.parametrize(
    ("heads", "lines", "is_it"),
    [
        # Below years the year is a number as well; a unit is none.
        ("年份 工业 居民生活", ["2018 3.2 210.3", "2019 3.3 218.0"], True),
        ("年份 工业 居民生活", ["2018 3.2", "2019 3.3"], False),
        ("指标 原煤 焦炭", ["工业 1 2", "农业 3"], True),
        ("指标 单位 2018年 2019年", ["原煤 吨 1 2", "焦炭 吨 3 4", "说明 5", "x 1 2 3"], True),
        # Most lines decide, of those with several numbers.
        ("指标 原煤 焦炭", ["a 1 2 3", "b 1 2 3", "c 1 2"], False),
        ("指标 原煤 焦炭", ["a 1 2", "b 1 2", "c 1 2 3", "d 1", "e 2", "f 3"], True),
        ("指标 原煤", ["工业 1", "农业 2"], False),
        ("指标 原煤 焦炭", [], False),
    ],
)
def test_most_lines_hold_as_many_numbers_as_columns_are_headed(heads, lines, is_it):
    """A single number may be part of a text."""
    assert is_head_of(heads.split(), lines) is is_it


@pytest.mark.parametrize(
    ("heads", "line", "row", "taken"),
    [
        # Below years a line of numbers is a year and its amounts.
        (
            "年份 工业 生活",
            "2018 3.2 210.3",
            ("2018 3.2 210.3", [], []),
            ("2018", ["3.2", "210.3"], [1, 1]),
        ),
        ("年份 工业 生活", "2018 3.2 x", ("2018 3.2 x", [], []), None),
        ("年份 工业 生活", "30 4 5", ("30 4 5", [], []), None),
        ("年份 工业", "2018", ("2018", [], []), None),
        ("年份 工业", "2018 3.2", ("合计", ["3.2"], [1]), None),  # it has a label
        ("指标 工业 生活", "2018 3.2 1", ("2018 3.2 1", [], []), None),
        ("年份 工业 生活", "", ("", [], []), None),
        # Below units the last word of the label is one.
        ("名称 单位 2019年", "", ("原煤 吨", ["12"], [1]), ("原煤", ["吨", "12"], [1, 1])),
        (
            "名称 单位 2018年 2019年",
            "",
            ("无烟 煤 万吨", ["1", "2"], [1, 2]),
            ("无烟 煤", ["万吨", "1", "2"], [1, 1, 2]),
        ),
        # A row without one leaves it blank, where its numbers fill the other columns.
        (
            "名称 单位 2018年 2019年",
            "",
            ("原煤", ["1", "2"], [3, 1]),
            ("原煤", ["", "1", "2"], [1, 3, 1]),
        ),
        ("名称 单位 2019年", "", ("无烟 煤", ["12"], [1]), ("无烟 煤", ["", "12"], [1, 1])),
        ("名称 单位 2018年 2019年", "", ("原煤", ["12"], [1]), None),
        ("名称 单位 2019年", "", ("原煤", ["吨", "12"], [1, 1]), None),
        ("名称 单位 2019年", "", ("原煤 吨", [], []), None),
        ("名称 2019年 单位", "", ("原煤 吨", ["12"], [1]), None),
    ],
)
def test_a_line_gives_its_year_or_its_unit(heads, line, row, taken):
    """Any other line stays as it was cut."""
    assert take_year_and_unit(line, PastedRow(*row), heads.split(), WORDS) == PastedRow(
        *(taken or row)
    )
