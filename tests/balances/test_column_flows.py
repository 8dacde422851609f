"""The flow of each column, by its own header, those beside it and what the table is about: ``|`` between columns."""

from __future__ import annotations

import pytest

from carbonacct import read_tables
from carbonacct.balances.join.column_flows import _names_final, column_directions, column_flows
from carbonacct.balances.label.headers import read_header
from carbonacct.balances.words.mapping import Mapping

WORDS = Mapping()


def heads(text):
    """Return the headers of columns."""
    return [read_header(one, WORDS) for one in text.split("|")]


@pytest.mark.parametrize(
    ("text", "about", "flows", "is_open"),
    [
        # Uses as they are named; what names none is of what the table is about.
        ("工业|居民生活", "", "industry households", ""),
        ("原煤|焦炭", "industry", "industry industry", ""),
        ("原煤|焦炭", "", " ", ""),
        # 消费量 is that of what the table is about, unless that stands beside it.
        ("消费量", "industry", "industry", ""),
        ("消费量", "", "total_consumption", ""),
        ("消费量|工业", "industry", "total_consumption industry", ""),
        ("消费量|工业", "industry.textile", "industry.textile industry", ""),
        ("居民生活|消费量", "transport", "households transport", ""),
        # Plants beside industry: within it where # says so, beside it where final consumption does, else nobody knows.
        ("工业|火力发电", "", "industry thermal_power", "thermal_power"),
        ("工业|#火力发电", "", "industry industry.transformation.thermal_power", ""),
        ("终端消费量:工业|火力发电", "", "industry thermal_power", ""),
        ("火力发电|供热", "", "thermal_power heating", ""),
        ("工业|火力发电|供热", "", "industry thermal_power heating", "thermal_power heating"),
        # 发电用煤 says by itself that it goes in, and is as open.
        ("工业|发电用煤", "", "industry thermal_power.input", "thermal_power"),
        # Behind a heading of inputs plants are no part of industry.
        ("加工转换投入合计|火力发电|供热", "", "transformation.input thermal_power heating", ""),
    ],
)
def test_the_flow_of_each_column(text, about, flows, is_open):
    """And the plants of which no header says whether industry holds them."""
    found, plants = column_flows(heads(text), about, WORDS)
    assert " ".join(found) == flows
    assert plants == frozenset(is_open.split())


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("工业|居民生活", ["", ""]),
        ("加工转换投入合计|火力发电|供热", ["input"] * 3),
        ("加工转换投入合计|火力发电|工业", ["input", "input", ""]),
        ("投入量|产出量", ["input", "output"]),
        ("火力发电|发电用煤", ["", "input"]),
    ],
)
def test_whether_a_column_goes_in_or_comes_out(text, ways):
    """By its own header, or that of the plants behind which it stands."""
    assert column_directions(heads(text)) == ways


@pytest.mark.parametrize(
    ("text", "is_final"),
    [
        ("终端消费量:工业", True),
        ("终端消费", True),
        ("Final consumption: Industry", True),
        ("工业", False),
        ("消费量", False),
        ("Consumption: Industry", False),
    ],
)
def test_a_header_of_final_consumption(text, is_final):
    """In its headings, in either language."""
    assert _names_final(text) is is_final


@pytest.mark.parametrize("rural", ["农村", "乡村"])
def test_the_finer_of_row_and_column_holds(tmp_path, rural):
    """居民生活用电量 under 城镇 is of the towns alone, and households have no number of their own."""
    path = tmp_path / "households.csv"
    path.write_text(
        f"安顺市2020年居民生活用能\n指标,单位,城镇,{rural}\n居民生活用电量,万千瓦时,30000,28600\n"
        "居民生活用煤,吨,2000,15000\n",
        "utf-8",
    )
    cells = read_tables(path).fates.query("product != '' and flow != ''")
    assert cells["flow"].tolist() == ["households_urban", "households_rural"] * 2
    assert cells["product"].tolist() == ["electricity"] * 2 + ["coal_total"] * 2


def test_a_row_finer_than_its_column_holds(tmp_path):
    """城镇居民 under 居民生活 is of the towns as well."""
    path = tmp_path / "households.csv"
    path.write_text(
        "安顺市2020年居民生活用电量（万千瓦时）\n项目,居民生活\n城镇居民,30000\n农村居民,28600\n",
        "utf-8",
    )
    cells = read_tables(path).fates.query("product != '' and flow != ''")
    assert cells["flow"].tolist() == ["households_urban", "households_rural"]
