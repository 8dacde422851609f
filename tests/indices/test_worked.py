"""One city by hand for each index: numbers that a person can follow on paper."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from carbonacct.data import data_folder, read_rows
from carbonacct.indices.assessment_form import fill_form, find_table
from carbonacct.indices.index_declaration import load_index, shared_inputs
from carbonacct.indices.scoring import score_index

# Two cities, three years; in each pair of numbers the first city is the better one, but for the share of the secondary
# industry.
CCNI = pd.DataFrame(
    {
        "area": ["甲", "甲", "甲", "乙", "乙", "乙"],
        "year": [2018, 2019, 2020] * 2,
        "co2": [1000.0, 990, 960, 2000, 2100, 2400],
        "population": [250.0, 250, 250, 250, 250, 250],
        "gdp": [2000.0, 2100, 2400, 1600, 1600, 1600],
        "gdp_constant": [2000.0, 2100, 2300, 1600, 1640, 1680],
        "electricity": [100.0, 105, 120, 160, 160, 160],
        "energy": [500.0, 500, 500, 1000, 1000, 1000],
        "energy_non_fossil": [100.0, 100, 150, 100, 100, 100],
        "gva_secondary": [1000.0, 1050, 1200, 640, 640, 640],
        "new_energy_vehicles_sold": [10000.0, 10000, 30000, 5000, 5000, 5000],
        "vehicles_sold": [100000.0] * 6,
        "public_transport_vehicles": [2500.0, 2500, 3750, 1250, 1250, 1250],
        "waste_sorting": [60.0, 60, 80, 40, 40, 40],
        "environment_spending": [10.0, 10, 15, 5, 5, 5],
        "public_spending": [500.0] * 6,
        "peak_target": ["已公布年份"] * 3 + ["无"] * 3,
        "neutrality_target": ["stated", "stated", "year", "none", "none", "none"],
        "pilots": ["国家级试点"] * 3 + ["provincial"] * 3,
        "disclosure": ["partial"] * 6,
    }
)


def test_ccni_of_a_city_by_hand():
    """City 甲 in 2020: each leaf, each node and the total, as worked out on paper."""
    result = score_index("ccni-2.0", CCNI)
    score = result.score.sel(area="甲", year=2020)
    value = result.value.sel(area="甲", year=2020)
    # 960 / 250 t a head; 960 / 2400 t per 10 000 yuan; 120e8 kWh over 2400e8 yuan is 500 kWh per 10 000 yuan; 1200 of
    # 2400.
    expected = {
        "co2_per_head": 3.84,
        "co2_per_gdp": 0.4,
        "electricity_intensity": 500.0,
        "secondary_share": 50.0,
        "non_fossil_share": 30.0,
        "nev_penetration": 30.0,
        "public_transport_per_head": 15.0,
        "environment_spending_share": 3.0,
        "co2_change": 100 * (960 / 990 - 1),
    }
    for name, number in expected.items():
        assert math.isclose(value.sel(indicator=name).item(), number, rel_tol=1e-12), name
    # Ambition: targets both 1; capacity: national pilot 1, partial 0.5, spending 3 % is the highest (1): mean 5/6.
    assert math.isclose(score.sel(indicator="targets").item(), 100)
    assert math.isclose(score.sel(indicator="capacity").item(), 100 * (1 + 0.5 + 1) / 3)
    assert math.isclose(score.sel(indicator="ambition").item(), 100 * (0.5 + 0.5 * 2.5 / 3))
    # State: best of all in electricity (500 of 500 to 1000), non-fossil share, vehicles, buses, waste; worst in
    # secondary share (50 of 40 to 50).
    assert math.isclose(score.sel(indicator="energy_use").item(), 100)
    assert math.isclose(score.sel(indicator="structure").item(), 75)
    assert math.isclose(score.sel(indicator="emission_level").item(), 100)
    assert math.isclose(score.sel(indicator="state").item(), 100 * 0.3 + 75 * 0.4 + 100 * 0.3)
    # Trend: 1000, 990, 960 falls, S = -3, z = -2 / sqrt(3 * 2 * 11 / 18) = -1.04: falling, not significant, 0.6. Strong
    # decoupling 1.
    assert math.isclose(value.sel(indicator="trend_test").item(), -2 / math.sqrt(66 / 18))
    # GDP at constant prices 2100 -> 2300, CO2 990 -> 960.
    assert math.isclose(
        value.sel(indicator="decoupling").item(), (960 / 990 - 1) / (2300 / 2100 - 1)
    )
    assert math.isclose(score.sel(indicator="trend").item(), 100 * (0.6 + 1 + 1) / 3)
    total = 0.3 * 100 * (0.5 + 1.25 / 3) + 0.4 * 90 + 0.3 * 100 * 2.6 / 3
    assert math.isclose(result.total().sel(area="甲", year=2020).item(), total)
    assert result.rank().sel(year=2020).to_series().to_dict() == {"甲": 1.0, "乙": 2.0}


def dual_carbon():
    """Return a city in two years: a share of services of 58.6 %, then 63.5 %; judgements all under way."""
    judged = [leaf.id for leaf in load_index("dual-carbon-big-data").leaves if leaf.unit == "grade"]
    return pd.DataFrame(
        {
            "area": "甲",
            "year": [2018, 2019],
            "co2": 5600.0,
            "gdp": [10000.0, 14000.0],
            "population": 1000.0,
            "energy": 8600.0,
            "gdp_constant": [10000.0, 10750.0],
            "gva_tertiary": [5860.0, 8890.0],
            "good_air_days": [200, 220],
            "pm25": 40.0,
            "green_building": 50.0,
            "peak_year": 2024,
            **dict.fromkeys(judged, "进行中"),
        }
    )


def test_dual_carbon_of_a_city_by_hand():
    """A city in 2019: benchmarks of the European Union, growth, a target year and eleven judgements."""
    result = score_index("dual-carbon-big-data", dual_carbon())
    score = {
        name: result.score.sel(area="甲", year=2019, indicator=name).item()
        for name in result.score["indicator"].values
    }
    value = {
        name: result.value.sel(area="甲", year=2019, indicator=name).item()
        for name in result.score["indicator"].values
    }
    assert math.isclose(value["co2_per_gdp"], 0.4)
    assert math.isclose(score["co2_per_gdp"], 70.0)  # 0.28 / 0.4
    assert math.isclose(value["co2_per_head"], 5.6)
    assert score["co2_per_head"] == 100  # below the 6.7 t of the benchmark
    assert math.isclose(score["energy_per_head"], 50)  # 4.3 / 8.6
    assert math.isclose(score["pm25"], 87.5)  # 35 / 40
    assert math.isclose(score["level"], (70 + 100 + 50 + 87.5 + 50) / 5)
    # Chart 23: a share of services of 58.6 % and then 63.5 % is a growth of 8.36 %: the whole score.
    assert round(value["service_growth"], 2) == 8.36
    assert score["service_growth"] == pytest.approx(100, abs=0.02)
    assert math.isclose(value["intensity_cut"], 100 * (1 - 10000 / 10750))
    assert math.isclose(score["intensity_cut"], 100 * (100 * (1 - 10000 / 10750) + 9.84) / 26.42)
    assert math.isclose(value["air_growth"], 10)
    assert math.isclose(score["air_growth"], 100 * 22.32 / 32.0)
    assert math.isclose(score["peak_year"], 50)  # half way from 2018 to 2030
    assert math.isclose(score["orientation"], 50)
    assert math.isclose(score["management"], 50)
    assert math.isclose(
        score["dual-carbon-big-data"], (score["level"] + score["progress"] + 50 + 50) / 4
    )
    # In 2018 there is no year before: the domain of progress has no score, and says why.
    assert math.isnan(result.total().sel(area="甲", year=2018).item())
    assert result.status.sel(area="甲", year=2018, indicator="air_growth").item() == "too-short"


def pilots():
    """Return a city in 2017 and 2022, with 4 of 5 points in each judgement."""
    codes = [leaf.id for leaf in load_index("pilot-evaluation").leaves if leaf.unit == "points"]
    rows = {
        "area": ["甲"] * 2,
        "year": [2017, 2022],
        "gdp_constant": [1000.0, 1000 * 1.05**5],
        "co2": [1000.0, 1000 * 1.01**5],
        "gdp_growth_target": [None, 6.0],
        "intensity_cut_target": [None, 20.0],
    }
    return pd.DataFrame(rows | {code: [None, 12.0 if code == "E" else 4.0] for code in codes})


def test_pilot_evaluation_of_a_city_by_hand():
    """Growth 5 % of a target of 6 %, CO2 +1 % a year, intensity cut by 17.6 % of a target of 20 %.

    The judged indicators have 4 of 5 points.
    """
    result = score_index("pilot-evaluation", pilots())
    points = {
        name: result.weighted.sel(area="甲", year=2022, indicator=name).item()
        for name in result.score["indicator"].values
    }
    assert math.isclose(points["A1"], 5 * 5 / 6)
    assert math.isclose(points["A2"], 4 * 0.6)
    cut = 100 * (1 - (1.01 / 1.05) ** 5)
    assert math.isclose(points["A3"], 6 * cut / 20)
    assert {code: round(points[code], 9) for code in "BCD"} == {"B": 12.0, "C": 28.0, "D": 16.0}
    assert math.isclose(points["E"], 12)
    assert math.isclose(
        points["pilot-evaluation"], 5 * 5 / 6 + 2.4 + 6 * cut / 20 + 12 + 28 + 16 + 12
    )


def test_the_filled_form_of_the_pilots_has_the_printed_layout():
    """Heads, parts, codes and points stand as in the annex; points earned beside them, the total last."""
    book, missing = fill_form("pilot-evaluation", pilots())
    rows = [[cell.value for cell in row] for row in book["甲"].iter_rows()]
    assert rows[1] == ["指标框架", "评估指标", "编号", "分值", "得分"]
    assert rows[2][:4] == ["A 低碳发展基本进展15分", "GDP年均增速目标完成情况", "A1", "5分"]
    assert rows[3][:4] == [None, "二氧化碳排放总量控制情况", "A2", "4分"]
    assert rows[19] == ["E 创新举措15分", None, None, "15分", 12]
    assert rows[20][0] == "合计"
    assert rows[20][4] == pytest.approx(sum(row[4] for row in rows[2:20]))
    assert not missing


def test_the_peaking_form_of_a_city_is_filled_from_inventory_and_table():
    """What the inventory and the table give stands in the year's column; the rest is asked for by name."""
    inventory = pd.DataFrame(
        {
            "area": ["重庆"] * 3,
            "year": [2022] * 3,
            "flow": ["industry.nonmetal_minerals", "transport", "moved_in"],
            "product": ["raw_coal", "diesel", "electricity"],
            "category": ["", "", ""],
            "scope": [1, 1, 2],
            "gas": ["CO2"] * 3,
            "value": [6.0e7, 3.0e7, 1.0e7],
            "unit": ["t"] * 3,
            "method": ["m"] * 3,
        }
    )
    table = pd.DataFrame(
        {
            "area": ["重庆市"],
            "year": [2022],
            "gdp": [25000.0],
            "gva_industry": [8000.0],
            "energy": [10000.0],
            "land_area": [5000.0],
            "forest_cover": [45.0],
        }
    )
    book, missing = fill_form("peaking-pilot-city", table, inventory=inventory)
    rows = [[cell.value for cell in row] for row in book["重庆市"].iter_rows()]
    assert rows[1] == ["序号", "类别", "具体指标", "单位", "2022 年", "2025 年", "2030 年"]
    assert len(rows) == 28
    assert rows[2] == [
        1,
        "绿色低碳发展指标",
        "单位 GDP 能源消费量",
        "吨标准煤/万元",
        0.4,
        None,
        None,
    ]
    assert rows[3] == [2, None, "单位 GDP 二氧化碳排放量", "吨/万元", 0.4, None, None]
    assert rows[4][4] == 0.75  # 60 Mt of industry over 800 billion yuan
    assert rows[6][4] == 5.0
    assert rows[25][2:5] == ["城市森林覆盖率", "%", 45.0]
    asked = {finding.message.split("(")[1].split(")")[0] for finding in missing}
    assert len(asked) == 26 - 5
    assert "green_trips" in asked
    assert {one.rule for one in missing} == {"form-missing"}
    (tertiary,) = [one for one in missing if "(tertiary_share)" in one.message]
    said = (
        "give 第三产业增加值 (gva_tertiary), or tertiary_share itself, "
        "from: yearbook, national accounts: value added of the tertiary industry"
    )
    assert tertiary.action == said


def test_a_form_names_the_table_of_each_number():
    """Every input of the pilots' forms has a table that gives it, but for what people judge; no row is of nothing."""
    asked, itself = {}, set()
    for name in ("peaking-pilot-city", "peaking-pilot-park", "pilot-evaluation"):
        index = load_index(name)
        asked |= {need: index.inputs[need].unit for leaf in index.leaves for need in leaf.needs}
        itself |= {leaf.id for leaf in index.leaves}
    with_table = {name for name in asked if find_table(name)}
    assert {name for name in asked if name not in with_table} == {
        name for name, unit in asked.items() if unit == "points"
    }
    rows = read_rows(data_folder() / "vocabulary" / "input_tables.csv")
    assert {row["input"] for row in rows} <= {*asked, *itself, *shared_inputs()}
    assert all(row["table_zh"] and row["table_en"] for row in rows)


def test_the_peaking_form_of_a_park_grows_from_year_to_year():
    """Indicator 1 of the park's form is the growth on the year before."""
    table = pd.DataFrame(
        {
            "area": ["园区"] * 2,
            "year": [2021, 2022],
            "gva_industry_constant": [100.0, 108.0],
            "water_reuse": [90.0, 92.0],
        }
    )
    book, _ = fill_form("peaking-pilot-park", table)
    rows = [[cell.value for cell in row] for row in book["园区"].iter_rows()]
    assert rows[2][4] == pytest.approx(8.0)
    assert rows[14][2:5] == ["工业用水重复利用率", "%", 92]
    assert len(rows) == 16


def test_a_form_has_no_score():
    """The peaking form has no weights: asked for a score it says so."""
    with pytest.raises(ValueError, match="is a form: its indicators have no weights and no score"):
        score_index("peaking-pilot-city", pd.DataFrame({"area": ["甲"], "year": [2022]}))
    with pytest.raises(ValueError, match=r"ccni-2\.0 has no printed form"):
        fill_form("ccni-2.0", CCNI)


def test_the_rows_of_a_result_add_up():
    """In every year and area the weighted leaves add up to the total, and every row is score times weight."""
    result = score_index("ccni-2.0", CCNI)
    frame = result.to_frame(2020)
    assert list(frame.columns) == [
        "area",
        "indicator",
        "level",
        "value",
        "unit",
        "score",
        "weight",
        "weighted",
        "status",
    ]
    assert np.allclose(frame["weighted"], frame["score"] * frame["weight"])
    leaves = frame[frame["indicator"].isin([leaf.id for leaf in result.index.leaves])]
    totals = frame[frame["level"] == 0].set_index("area")["score"]
    assert np.allclose(leaves.groupby("area", sort=False)["weighted"].sum(), totals)


def test_a_geometric_mean_by_hand(tmp_path):
    """OECD/JRC handbook (2008), step 6: 0.8 and 0.2 with weights 0.75 and 0.25; one part at 0 gives 0."""
    text = """
title = "t"
title_zh = "t"
publisher = "p"
date = "2024"
reference = "r"
aggregation = "geometric"
scale = 100
[rule.r]
kind = "min-max"
minimum = 0
maximum = 10
source = "s"
"""
    for name, weight in (("a", 0.75), ("b", 0.25)):
        text += (
            f'[[indicator]]\nid = "{name}"\nzh = "{name}"\nen = "{name}"\nweight = {weight}\nunit = "%"\ndirection '
            f'= "more"\nfrom = "column"\nrule = "r"\nplace = "p"\n'
        )
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    data = pd.DataFrame(
        {"area": ["x", "y", "z"], "year": 2020, "a": [8.0, 0.0, 8.0], "b": [2.0, 10.0, None]}
    )
    result = score_index(str(path), data)
    assert result.total().values.ravel() == pytest.approx(
        [100 * 0.8**0.75 * 0.2**0.25, 0.0, np.nan], nan_ok=True
    )
    assert result.weighted.isnull().all()  # no sum: no part of one  # noqa: PD003 - of xarray
    path.write_text(
        text.replace("scale = 100", 'scale = 100\nmissing = "renormalise"'), encoding="utf-8"
    )
    assert score_index(str(path), data).total().sel(area="z").item() == pytest.approx(80)


def test_a_benchmark_that_could_not_be_checked_is_said():
    """A score against a number of ours that was not confirmed in full leaves a finding; without a value it does not."""
    index = load_index("dual-carbon-big-data")
    said = {name for name, rule in index.rules.items() if rule.unconfirmed}
    assert said == {"eu-co2-per-gdp", "eu-co2-per-head"}
    data = pd.DataFrame({"area": ["甲"], "year": [2019], "co2": [600.0], "population": [100.0]})
    found = [
        finding.message
        for finding in score_index(index, data).findings
        if finding.rule == "unconfirmed-benchmark"
    ]
    assert [text.split(" ")[0] for text in found] == ["co2_per_head"]
