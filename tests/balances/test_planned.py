"""Planned columns, rows and years are left out and listed; a table of nothing else is refused."""

import re

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import CarbonacctError

ROWS = "原煤消费量,万吨,120,100\n天然气消费量,亿立方米,5,8\n"


def read(folder, text):
    """Return the balance of a table, and the amounts that it has."""
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    balance = ca.read_balance(path, area="某市")
    return balance, balance.amounts.to_series().dropna()


@pytest.mark.parametrize(
    "header",
    [
        "2025年（规划）",
        "2025年目标",
        "2025年预计",
        "2025 forecast",
        "2025F",
        "2025年规划值(万吨)",
        "十四五规划",
    ],
)
def test_a_planned_column_is_left_out(tmp_path, header):
    """A year beside 规划 is no year of use, and the finding names its cells."""
    balance, amounts = read(tmp_path, f"某市能源消费情况\n指标,单位,2020年实际,{header}\n{ROWS}")
    assert amounts.to_dict() == {
        ("某市", 2020, "total_consumption", "raw_coal"): 1.2e6,
        ("某市", 2020, "total_consumption", "natural_gas"): 5e8,
    }
    named = [f for f in balance.findings if f.rule in {"left-out", "unused-numbers"}]
    assert any(re.search("D[23]:D4", finding.message) for finding in named)


@pytest.mark.parametrize("year", ["2025（预测）", "2025 (forecast)", "2025年预计", "2025年目标"])
def test_a_planned_year_is_a_row_left_out(tmp_path, year):
    """Below 年份 the cell says it."""
    _, amounts = read(
        tmp_path, f"某市能源消费量\n年份,原煤(万吨),天然气(亿立方米)\n2020,120,5\n{year},100,8\n"
    )
    assert {key[1] for key in amounts.index} == {2020}


def test_a_column_says_which_rows_are_planned(tmp_path):
    """An unnamed column of a long table marks rows as planned; the source of a row does not."""
    text = (
        "area,year,flow,product,value,unit,type,source\n"
        "某市,2020,industry,raw_coal,120,1e4 t,actual,能源发展规划\n"
        "某市,2025,industry,raw_coal,100,1e4 t,planned,能源发展规划\n"
        "某市,2025,industry,natural_gas,8,1e8 m3,forecast,能源发展规划\n"
    )
    _, amounts = read(tmp_path, text)
    assert amounts.to_dict() == {("某市", 2020, "industry", "raw_coal"): 1.2e6}


@pytest.mark.parametrize(
    ("title", "note"),
    [
        ("（2025年为规划数）", ""),
        ("", "注：2025年为预测数。"),
        ("", "注：2024—2025年均为规划目标值"),
    ],
)
def test_a_year_is_planned_by_what_a_text_says(tmp_path, title, note):
    """A title or note says it of one year, and the others are read."""
    _, amounts = read(tmp_path, f"某市能源消费情况{title}\n指标,单位,2020年,2025年\n{ROWS}{note}\n")
    assert {key[1] for key in amounts.index} == {2020}
    assert np.isclose(amounts.iloc[0], 1.2e6)


def test_a_plan_that_is_its_source_plans_nothing(tmp_path):
    """An amount of 2020 that a plan cites was used; the base year of a plan is no planned year."""
    note = "注：2020年为规划基期。资料来源：《某市“十四五”能源发展规划》\n"
    _, amounts = read(tmp_path, f"某市能源消费情况\n指标,单位,2019年,2020年\n{ROWS}{note}")
    assert {key[1] for key in amounts.index} == {2019, 2020}


@pytest.mark.parametrize(
    "text",
    [
        f"某市“十四五”规划能源消费\n指标,单位,2020年,2025年\n{ROWS}",
        f"某市能源消费目标表\n指标,单位,2025年,2030年\n{ROWS}",
        "某市2025年能源消费预测\n部门,原煤(万吨),天然气(亿立方米)\n工业,120,100\n",
        "Projected energy consumption of Example City 2030\nSector,Raw coal (1e4 t)\nIndustry,5\n",
        f"某市能源消费情况\n指标,单位,2025年,2030年\n{ROWS}注：本表数据均为规划数。\n",
        f"某市能源消费情况\n指标,单位,2025年目标,2030年目标\n{ROWS}",
        f"某市能源消费情况\n指标,单位,2025年,2030年\n{ROWS}注：2025年为规划数；2030年为规划数\n",
        "某市能源消费情况\n指标,单位,情景,2030年\n原煤消费量,万吨,基准情景,120\n原煤消费量,万吨,强化情景,100\n",
    ],
)
def test_a_table_of_plans_is_refused(tmp_path, text):
    """Nothing of it was used."""
    with pytest.raises(
        CarbonacctError, match=r"planned|no energy balance|amount of energy|holds no amounts"
    ):
        read(tmp_path, text)


@pytest.mark.parametrize("who", ["规划展览馆", "规划和自然资源局", "气象预测中心"])
def test_who_plans_is_no_plan(tmp_path, who):
    """A row of whoever uses energy is asked for by its name; it was left out as planned."""
    with pytest.raises(CarbonacctError, match=f"row '{who}' is not known"):
        read(tmp_path, f"某市2020年能源消费量\n部门,原煤(万吨)\n工业,120\n{who},3\n")


def test_a_planning_area_is_an_area(tmp_path):
    """城市规划区 is a part of a city by law, and what it used was used."""
    _, amounts = read(tmp_path, "某市城市规划区2020年能源消费量\n部门,原煤(万吨)\n工业,120\n")
    assert amounts.tolist() == [1.2e6]
