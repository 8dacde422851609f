"""Targets as quantity x statistic x bound: the seeds' own kinds, their paths and verdicts."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

from carbonacct.analysis.goal_verdicts import compare_goals, judge_goals
from carbonacct.analysis.goals import Goal, is_relative, list_columns, read_goal, read_goals
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
    for last, status in ((2025, "open"), (2026, "met")):
        years = range(2020, last + 1)
        falling = pd.DataFrame(
            {"area": "A", "year": years, "co2": [9.0, 10.0, *range(9, 11 - len(years), -1)]}
        )
        found = judge(falling, **goal, value=2030, due=2030)
        assert (found["reached"], found["status"]) == (2021, status)


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
        "d: cuts by a number that is no fraction between 0 and 1",
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


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (None, (1,)),
        ("", (1,)),
        (float("nan"), (1,)),
        (1, (1,)),
        ("2", (2,)),
        (2.0, (2,)),
        ("1+2", (1, 2)),
        ("1 2", (1, 2)),
        ([1, 2], (1, 2)),
        ((2, 1), (2, 1)),
    ],
)
def test_the_scopes_that_are_added_up(scope, expected):
    """Scope 1 unless a target says otherwise."""
    assert read_goal({**CUT, "scope": scope}).scope == expected


@pytest.mark.parametrize("scope", [3, 0, "1+3", "1+1", [1, 1], [], "one", "inf", "1+2+2"])
def test_a_scope_that_is_none_is_refused(scope):
    """There are two, each once."""
    with pytest.raises(PanelError, match=r"g: scope is .*; write 1, 2 or \[1, 2\]"):
        read_goal({**CUT, "scope": scope})


@pytest.mark.parametrize(
    ("fields", "relative"),
    [
        ({"statistic": "cut"}, True),
        ({"statistic": "rise", "quantity": "forest"}, True),
        ({"statistic": "rate", "quantity": "gdp"}, True),
        (
            {"statistic": "peak_year", "quantity": "co2", "unit": "", "value": 2030, "base": None},
            True,
        ),
        ({"statistic": "level", "quantity": "co2/gdp", "unit": ""}, True),
        ({"statistic": "level", "quantity": "forest"}, True),
        ({"statistic": "level", "quantity": "forest", "unit": "％"}, True),
        ({"statistic": "level", "quantity": "co2", "unit": "t"}, False),
        ({"statistic": "added", "quantity": "co2", "unit": "t"}, False),
    ],
)
def test_what_a_target_of_a_whole_says_of_a_part(fields, relative):
    """Shares, ratios, changes and years are held against a part; an amount is not, and the reason says so."""
    goal = read_goal({**CUT, **fields, "area": "Z", "due": 2023})
    assert is_relative(goal) is relative
    (own, part) = (compare_goals(PANEL, [replace(goal, area=area)]).iloc[0] for area in ("A", "Z"))
    assert part["area"] == "A"
    if relative:
        assert part.drop("id").equals(own.drop("id"))
    else:
        assert part["reason"] == "an amount of Z is no target of A; divide it"
        assert part["status"] == ""
        assert part[["to", "reached", "path", "progress", "needed_rate"]].isna().all()


def test_each_part_is_compared_with_its_own_rows():
    """Areas in their order, each with its numbers; without targets there are no rows."""
    both = pd.concat(
        [PANEL.assign(area="B", forest=PANEL["forest"] + 10), PANEL], ignore_index=True
    )
    goal = read_goal(
        {**CUT, "area": "Z", "statistic": "level", "quantity": "forest", "value": 45, "due": 2023}
    )
    found = compare_goals(both, [goal])
    assert found[["area", "reached", "status"]].to_numpy().tolist() == [
        ["B", 51.2, "met"],
        ["A", 41.2, "missed"],
    ]
    assert compare_goals(both, []).columns.tolist() == found.columns.tolist()


LEVEL = {"statistic": "level", "quantity": "co2", "unit": "t", "value": 80}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"path": "linear"}, 100 + (80 - 100) * 0.6),
        ({"path": "geometric"}, 100 * 0.8**0.6),
        ({"path": "none"}, None),
        ({"path": "geometric", "value": 0}, 100 - 100 * 0.6),
        ({"path": "linear", "statistic": "added", "value": -20}, -20 * 0.6),
        ({"statistic": "rate", "value": 3, "unit": "%"}, 0.03),
        ({"statistic": "rise", "value": 10, "unit": "%"}, 1.1**0.6 - 1),
        ({"statistic": "rise", "value": 10, "unit": "%", "path": "linear"}, 0.06),
    ],
)
def test_the_path_of_each_statistic(fields, path):
    """Three of five years are gone: a level runs from the base to its number, straight or at one rate."""
    found = judge(**{**LEVEL, **fields})["path"]
    assert found == pytest.approx(path, rel=1e-12) if path is not None else pd.isna(found)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"bound": "at_most", "path": "none", "value": 106}, "on_path"),
        ({"bound": "at_most", "path": "none", "value": 104}, "open"),
        ({"bound": "at_least", "path": "none", "value": 104}, "met"),
        ({"bound": "at_least", "path": "none", "value": 106}, "open"),
        ({"bound": "at_most", "path": "linear", "value": 110}, "on_path"),
        ({"bound": "at_most", "path": "linear", "value": 106}, "behind"),
        ({"bound": "at_most", "path": "linear", "value": 106, "tolerance": 2}, "on_path"),
        ({"bound": "at_most", "due": 2023, "value": 104, "tolerance": 1}, "met"),
        ({"bound": "at_most", "due": 2023, "value": 104, "tolerance": 0.9}, "missed"),
        ({"bound": "at_least", "due": 2023, "value": 106, "tolerance": 1}, "met"),
        ({"bound": "at_least", "due": 2023, "value": 106, "tolerance": 0.9}, "missed"),
        ({"bound": "range", "due": 2023, "value": None, "lower": 105, "upper": 110}, "met"),
        ({"bound": "range", "due": 2023, "value": None, "lower": 106, "upper": 110}, "missed"),
        ({"bound": "range", "due": 2023, "value": None, "lower": 90, "upper": 105}, "met"),
        ({"bound": "range", "due": 2023, "value": None, "lower": 90, "upper": 104}, "missed"),
    ],
)
def test_where_a_level_stands(fields, status):
    """CO2 is 105 in 2023, from 100 in 2020."""
    assert judge(**{**LEVEL, **fields})["status"] == status


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"value": "17 bis 18"}, "g: value is '17 bis 18', not a number; correct it"),
        ({"value": "x"}, "g: value is 'x', not a number"),
        ({"value": True}, "g: value is True, not a number"),
        ({"value": [18]}, r"g: value is \[18\], not a number"),
        ({"tolerance": "some"}, "g: tolerance is 'some', not a number"),
        ({"due": "soon"}, "g: due is 'soon', not a number"),
        ({"due": 2025.5}, "g: due is 2025.5, not a whole year"),
        ({"due": "-"}, "g: due is '-'; write a year"),
        ({"base": "2020 or so"}, "g: base is '2020 or so', not a number"),
        ({"base": {"year": 2020, "value": "much"}}, "g: base value is 'much', not a number"),
        ({"quantity": "co2/gdp/energy"}, "g: is of no column and of no column over another"),
        ({"quantity": "co2/"}, "g: is of no column and of no column over another"),
        ({"quantity": "/gdp"}, "g: is of no column and of no column over another"),
        ({"due": 2020}, "g: is due before its base year"),
        ({"due": 2019}, "g: is due before its base year"),
        ({"value": ""}, "g: has no value"),
        ({"value": 0}, "g: cuts by a number that is no fraction"),
        ({"value": 100}, "g: cuts by a number that is no fraction"),
        ({"value": 0.18, "unit": "", "bound": "range"}, "g: is a range without lower and upper"),
        ({"bound": "range", "lower": 20, "upper": 19}, "g: is a range without lower and upper"),
        ({"bound": "range", "lower": 20}, "g: is a range without lower and upper"),
        ({"bound": "around"}, "g: bound is 'around'; did you mean about"),
        ({"path": "curved"}, "g: path is 'curved'; known: geometric, linear, none"),
        ({"firmness": "hard"}, "g: firmness is 'hard'; known: binding, expected, strive"),
        ({"boundary": "with_lands"}, "g: boundary is 'with_lands'; did you mean with_land"),
        ({"statistic": " "}, "g: has no statistic; a target is quantity, statistic, bound and due"),
    ],
)
def test_a_target_that_cannot_be_is_refused(fields, message):
    """A cell that is no number or year, an unknown word and contradicting fields are refused by name."""
    with pytest.raises(PanelError, match=message):
        read_goal({**CUT, **fields})


@pytest.mark.parametrize("statistic", ["cut", "rise", "added", "rate", "cumulative"])
def test_what_is_counted_from_a_base_year_needs_one(statistic):
    """A change, and a sum after a year; a level and a peak need none."""
    for base in (None, "", float("nan"), pd.NA, {}, {"value": 5}):
        with pytest.raises(PanelError, match="g: has no base year; correct it"):
            read_goal({**CUT, "statistic": statistic, "base": base})
        for other in ("level", "peak_year"):
            assert read_goal({**CUT, "statistic": other, "base": base}).base_year is None


def test_a_target_without_the_rest_has_defaults():
    """A geometric path, scope 1, no land, no area; a column without a number is as one that is not there."""
    bare = {
        "quantity": "co2 / gdp",
        "statistic": "cut",
        "bound": "at_least",
        "value": "18",
        "unit": " ％ ",
        "due": "2025",
    }
    goal = read_goal({**bare, "base_year": 2020.0, "base_value": " "})
    # Texts, for a number that is not there differs from itself.
    assert repr(goal) == repr(
        Goal("co2 / gdp", "", "co2/gdp", "cut", "at_least", 2025, 0.18, base_year=2020, unit="％")
    )
    blank = dict.fromkeys(
        ("id", "area", "lower", "upper", "tolerance", "prices", "path", "source", "scope"), ""
    )
    blank |= dict.fromkeys(("boundary", "firmness", "subset"), float("nan"))
    assert repr(read_goal({**bare, "base_year": 2020, **blank})) == repr(goal)
    full = {
        "path": "linear",
        "boundary": "with_land",
        "firmness": "strive",
        "subset": "new buildings",
        "source": "plan",
    }
    made = read_goal({**bare, "base": {"year": 2020, "value": 2.1}, **full})
    assert repr(made) == repr(replace(goal, base_value=2.1, **full))


@pytest.mark.parametrize(
    ("statistic", "unit", "value"),
    [
        ("cut", "%", 0.05),
        ("rise", "%", 0.05),
        ("rate", "％", 0.05),
        ("level", "%", 5),
        ("added", "%", 5),
        ("rise", "", 5),
    ],
)
def test_percent_of_a_change_and_of_a_share(statistic, unit, value):
    """5 % of a change is 0.05, with its bounds; a share in % stays in the unit of its column."""
    goal = read_goal(
        {
            **CUT,
            "statistic": statistic,
            "unit": unit,
            "value": 5,
            "tolerance": 5,
            "lower": 5,
            "upper": 5,
        }
    )
    assert [goal.value, goal.tolerance, goal.lower, goal.upper] == pytest.approx([value] * 4)


@pytest.mark.parametrize(
    ("scope", "boundary", "columns"),
    [
        ((1,), "without_land", ["co2"]),
        ((2,), "without_land", ["co2_scope2"]),
        ((1, 2), "with_land", ["co2", "co2_scope2", "co2_land"]),
        ((2,), "with_land", ["co2_scope2", "co2_land"]),
    ],
)
def test_the_columns_of_a_target(scope, boundary, columns):
    """The gas, at users and of land, of a ratio those above its line."""
    goal = replace(read_goal(CUT), scope=scope, boundary=boundary)
    assert list_columns(goal) == list_columns(replace(goal, quantity="co2")) == columns
