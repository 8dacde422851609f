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


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        # Scopes of an inventory over fuels that stand below their sector.
        ("项目|范围1|范围2 / 工业||  / 原煤(万吨)|3|4 / 柴油(万吨)|4|5", "product data data"),
        ("项目|品种|范围1|范围2 / 工业|原煤|3|4", "label product data data"),
        # A column of amounts that is called Fuel beside two fuels; codes are none, and beside one it may say which.
        (
            "Sector|Fuel|Coal (t)|Coke (t) / Industry|3.5|4|5 / Farming|1|1|1",
            "label unknown data data",
        ),
        ("Sector|Fuel|Coal (t)|Coke (t) / Industry|3|4|5 / Farming|1|1|1", "label text data data"),
        ("Sector|Fuel|Coal (t) / Industry|3.5|4 / Farming|1|1", "label text data"),
        # A unit alone heads amounts where no other column does.
        ("项目|万吨 / 工业|3 / 农业|4", "label data"),
        ("项目|万吨|焦炭(万吨) / 工业|3|4", "label unlabelled data"),
        ("项目|单位|原煤|焦炭 / 工业|万吨|3|4 / 农业|甲|1|1", "label unit data data"),
    ],
)
def test_what_a_column_holds_by_those_beside_it(table, kinds):
    """Its own header does not say it."""
    (found,) = page(f"重庆能源消费 2019 / {table}").tables
    assert " ".join(column.kind for column in found.columns.each) == kinds
