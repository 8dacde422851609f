"""Chinese in and out of reading: a mapping that is written in Chinese, and a unit that is no name."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.words.mapping import read_mapping
from carbonacct.catalogue import in_language
from carbonacct.texts import say


def test_a_unit_is_no_area():
    """TJ is a unit where a unit stands, and Tajikistan where an area does."""
    text = say(
        "{what} print no unit: {unit} is assumed, by {origin}", what="coke", unit="TJ", origin="x"
    )
    assert "TJ" in in_language(text, "zh")
    assert in_language(say("{area} has no factor", area="TJ"), "zh").startswith("塔吉克斯坦")


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("kind,name,id", "flow,楼宇,industry\nproduct,黑煤,raw_coal\nignore_row,外供,\n"),
        ("类别,名称,编码", "项目,楼宇,工业\n品种,黑煤,原煤\n略过行,外供,\n"),
        ("类别,表中名称,含义", "流程,楼宇,工业\n品种,黑煤,原煤\n略过行,外供,\n"),
    ],
)
def test_a_mapping_may_be_written_in_chinese(tmp_path, head, lines):
    """Header and kinds in Chinese mean what the English ones do."""
    table = tmp_path / "t.csv"
    table.write_text("江苏省能源消费 2010\n项目,黑煤(万吨)\n楼宇,100\n外供,7\n", encoding="utf-8")
    words = tmp_path / "words.csv"
    words.write_text(f"{head}\n{lines}", encoding="utf-8")
    balance = ca.read_balance(table, mapping=words)
    assert float(balance.amounts.sel(flow="industry", product="raw_coal").squeeze()) == 1e6
    assert "外供" in read_mapping(words).ignored_rows


def test_what_a_column_holds_may_be_said_in_chinese(tmp_path):
    """The kind 列 takes the words for area, year, flow, product, unit and value."""
    words = tmp_path / "words.csv"
    words.write_text("类别,名称,编码\n列,某列,数值\n列,甲,年份\n", encoding="utf-8")
    assert read_mapping(words).columns == {"某列": "physical", "甲": "year"}
