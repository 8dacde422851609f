"""What columns of texts hold, by their texts and their header: `` / `` between rows, ``|`` between cells."""

from __future__ import annotations

import pytest

from tests.balances.test_leftovers import page


@pytest.mark.parametrize(
    ("head", "texts", "kind"),
    [
        # Texts decide: flows, products, units, by what most of them are.
        ("项目", "工业 农业 居民", "label"),
        ("怪头", "工业 农业 怪物", "label"),
        ("怪头", "原煤 柴油 怪物", "product"),
        ("怪头", "工业 原煤 柴油", "product"),
        ("怪头", "万吨 吨 怪物", "unit"),
        ("怪头", "甲 乙 丙", "text"),
        # The header decides where they say nothing.
        ("项目", "甲 乙 丙", "label"),
        ("品种", "甲 乙 丙", "product"),
        # Names of areas below a header of areas, of labels, or one that says nothing.
        ("地区", "甲 乙 丙", "area"),
        ("城市", "甲 乙 丙", "area"),
        ("项目", "北京 重庆 上海", "area"),
        ("怪头", "北京 重庆 上海", "area"),
        ("", "北京 重庆 上海", "area"),
        ("品种", "北京 重庆 上海", "product"),
    ],
)
def test_what_a_column_of_texts_names(head, texts, kind):
    """Beside a column that is known, and amounts of coal and coke."""
    rows = "".join(f" / {text}|{2017 + n}|3|4" for n, text in enumerate(texts.split()))
    (table,) = page(f"能源消费 / {head}|年份|原煤消费量(万吨)|焦炭消费量(万吨){rows}").tables
    assert table.columns.each[0].kind == kind
