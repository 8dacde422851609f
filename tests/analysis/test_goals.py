"""Targets as quantity x statistic x bound: the seeds' own kinds, their paths and verdicts."""

from __future__ import annotations

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

from carbonacct.analysis.goals import Goal, judge_goals, read_goal, read_goals
from carbonacct.cli.main import main
from carbonacct.errors import PanelError

PANEL = pd.DataFrame(
    {
        "area": "A",
        "year": [2020, 2021, 2022, 2023],
        "co2": [100.0, 104.0, 106.0, 105.0],
        "gdp": [50.0, 54.0, 58.0, 63.0],
        "forest": [40.0, 40.5, 41.0, 41.2],
    }
)
CUT = {
    "id": "g",
    "area": "A",
    "quantity": "co2/gdp",
    "statistic": "cut",
    "bound": "at_least",
    "value": 18,
    "unit": "%",
    "due": 2025,
    "base": 2020,
    "prices": "constant 2020",
}


def judge(panel=PANEL, **fields):
    """Return how one target stands."""
    return judge_goals(panel, [read_goal({**CUT, **fields})]).iloc[0]


@pytest.mark.parametrize(("path", "expected"), [("geometric", 0.1123), ("linear", 0.108)])
def test_the_path_of_a_cut(path, expected):
    """18 % in five years is 11.2 % after three on a geometric way and 10.8 % on a linear one."""
    assert judge(path=path)["path"] == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("fields", "reached", "status"),
    [
        ({}, 1 - (105 / 63) / 2, "on_path"),
        ({"value": 30}, 1 - (105 / 63) / 2, "behind"),
        ({"due": 2023, "value": 16}, 1 - (105 / 63) / 2, "met"),
        ({"due": 2023, "value": 17}, 1 - (105 / 63) / 2, "missed"),
        (
            {
                "statistic": "level",
                "quantity": "co2",
                "bound": "at_most",
                "value": 110,
                "unit": "Mt",
            },
            105,
            "on_path",
        ),
        (
            {
                "statistic": "level",
                "quantity": "co2",
                "bound": "at_most",
                "value": 90,
                "unit": "Mt",
            },
            105,
            "behind",
        ),
        ({"statistic": "added", "quantity": "forest", "value": 1, "unit": "%"}, 1.2, "met"),
        ({"statistic": "rise", "quantity": "gdp", "value": 40}, 0.26, "on_path"),
        ({"statistic": "rate", "quantity": "gdp", "value": 9}, 1.26 ** (1 / 3) - 1, "behind"),
        (
            {"statistic": "cumulative", "quantity": "co2", "bound": "at_most", "value": 530},
            315,
            "on_path",
        ),
        (
            {"statistic": "cumulative", "quantity": "co2", "bound": "at_most", "value": 500},
            315,
            "behind",
        ),
        (
            {"bound": "range", "lower": 15, "upper": 20, "value": "", "due": 2023},
            1 - (105 / 63) / 2,
            "met",
        ),
        ({"bound": "about", "tolerance": 1, "due": 2023}, 1 - (105 / 63) / 2, "missed"),
        ({"bound": "about", "tolerance": 2, "due": 2023}, 1 - (105 / 63) / 2, "met"),
    ],
)
def test_each_statistic_and_bound(fields, reached, status):
    """Level, cut, rise, added, rate and cumulative; at least, at most, about and range."""
    found = judge(**fields)
    assert found["reached"] == pytest.approx(reached)
    assert found["status"] == status
    assert found["reason"] == ""


def test_a_peak_has_years_behind_it():
    """The highest year is no peak yet; after five lower years it is; later than asked is missed."""
    goal = {"statistic": "peak_year", "quantity": "co2", "bound": "at_most", "unit": ""}
    found = judge(**goal, value=2030, due=2030)
    assert (found["reached"], found["status"]) == (2022, "open")
    assert "highest year so far" in found["reason"]
    assert judge(**goal, value=2021, due=2021)["status"] == "missed"
    long = pd.DataFrame({"area": "A", "year": range(2020, 2030), "co2": [9.0, 10, *range(9, 1, -1)]})
    assert judge(long, **goal, value=2030, due=2030)["status"] == "met"


def test_money_at_current_prices_is_no_target():
    """A cut of an intensity whose GDP is at current, or unsaid, prices is not judged."""
    for prices in ("", "current"):
        found = judge(prices=prices)
        assert found["status"] == ""
        assert "at current prices" in found["reason"]


def test_what_the_data_lack_is_said():
    """No column, no base year, no year up to the due one, a gap in a sum: the reason says which."""
    cases = [
        ({"quantity": "co2/energy"}, "no column energy"),
        ({"base": 2010}, "in the base year 2010"),
        ({"base": 2023, "due": 2024}, "no co2/gdp up to 2024"),
    ]
    for fields, words in cases:
        assert words in judge(**fields)["reason"]
    gap = PANEL[PANEL["year"] != 2022]
    found = judge(gap, statistic="cumulative", quantity="co2", bound="at_most", value=500)
    assert "a year from 2021 to 2023 has no co2" in found["reason"]


def test_all_faults_of_a_table_are_said_at_once():
    """A slip in each of several targets gives one message with all of them."""
    rows = [
        {**CUT, "id": "a", "statistic": "cutt"},
        {**CUT, "id": "b", "base": ""},
        {**CUT, "id": "c", "bound": "about"},
        {**CUT, "id": "d", "value": 18, "unit": ""},
        {**CUT, "id": "e", "due": ""},
    ]
    with pytest.raises(PanelError) as caught:
        read_goals(rows)
    for words in (
        "a: statistic is 'cutt'; did you mean cut",
        "b: has no base year",
        "c: is about",
        "d: cuts by a fraction that is none",
        "e: has no due",
    ):
        assert words in str(caught.value)


@given(st.floats(0.01, 0.9), st.floats(1, 1e6), st.integers(1, 9))
def test_a_series_on_its_path_stays_on_it(cut, start, years):
    """A quantity that falls along the geometric path is on it every year, and met at the end."""
    due = 2020 + years
    values = [start * (1 - cut) ** (year / years) for year in range(years + 1)]
    panel = pd.DataFrame({"area": "A", "year": range(2020, due + 1), "co2": values})
    goal = Goal("g", "A", "co2", "cut", "at_least", due, cut, base_year=2020)
    for last in range(2021, due + 1):
        found = judge_goals(panel[panel["year"] <= last], [goal]).iloc[0]
        assert found["status"] == ("met" if last == due else "on_path")
        if last < due:
            assert found["needed_rate"] == pytest.approx((1 - cut) ** (1 / years) - 1)


def test_the_command_takes_a_table_of_them(tmp_path, capsys):
    """`target --targets` judges a table of quantity, statistic and bound against an inventory or panel."""
    panel, targets = tmp_path / "panel.csv", tmp_path / "targets.csv"
    PANEL.rename(columns={"gdp": "gdp (亿元)"}).to_csv(panel, index=False)
    pd.DataFrame([CUT]).to_csv(targets, index=False)
    assert main(["target", str(panel), "--targets", str(targets)]) == 0
    head, row = capsys.readouterr().out.splitlines()
    assert head.startswith("id,area,quantity,statistic,bound,base_year,due,target,to,reached,path")
    assert row.startswith("g,A,co2/gdp,cut,at_least,2020,2025,0.18,2023,0.166")
