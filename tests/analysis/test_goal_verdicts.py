"""Verdicts of targets: what is reached, what is needed, which year is judged, and what is refused."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from carbonacct.analysis.goal_verdicts import compare_goals, holds, judge_goals, measure
from carbonacct.analysis.goals import Goal, read_goal
from carbonacct.errors import PanelError

PANEL = pd.DataFrame(
    {
        "area": "A",
        "year": [2020, 2021, 2022, 2023],
        "co2": [100.0, 104.0, 106.0, 105.0],
        "gdp": [50.0, 54.0, 58.0, 63.0],
        "forest": [40.0, 40.5, 41.0, 41.2],
        "co2_scope2": [20.0, 21.0, 22.0, 23.0],
        "co2_land": [-5.0, -5.0, -6.0, -7.0],
    }
)
LEVEL = {
    "id": "g",
    "area": "A",
    "quantity": "co2",
    "statistic": "level",
    "bound": "at_most",
    "value": 80,
    "unit": "t",
}
LEVEL |= {"due": 2025, "base": 2020, "prices": "constant 2020"}


def judge(panel=PANEL, **fields):
    """Return how one target stands: a level of CO2 unless something else is said."""
    return judge_goals(panel, [read_goal({**LEVEL, **fields})]).iloc[0]


CUT = {"statistic": "cut", "quantity": "co2/gdp", "bound": "at_least", "value": 18, "unit": "%"}


@pytest.mark.parametrize(
    ("fields", "wanted", "now"),
    [
        ({}, 80, 105),
        (CUT, 2 * 0.82, 105 / 63),
        ({"statistic": "rise", "quantity": "gdp", "value": 40, "unit": "%"}, 70, 63),
        ({"statistic": "added", "quantity": "forest", "value": 2}, 42, 41.2),
        ({"statistic": "rate", "quantity": "gdp", "value": 9, "unit": "%"}, 50 * 1.09**5, 63),
    ],
)
def test_what_is_still_needed_a_year(fields, wanted, now):
    """At the needed rate the quantity of 2023 is where the target asks it to be in 2025, two years on."""
    needed = judge(**fields)["needed_rate"]
    assert now * (1 + needed) ** 2 == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    "fields",
    [
        {"due": 2023},  # no year is left
        {"value": 0},  # no rate ends at nothing
        {"value": -5},
        {"statistic": "cumulative", "value": 500},
    ],
)
def test_where_no_rate_is_needed_or_none_leads_there(fields):
    """In the due year, to zero and below it, and for a sum over years there is no rate."""
    assert math.isnan(judge(**fields)["needed_rate"])


@pytest.mark.parametrize(
    ("fields", "progress"),
    [
        ({}, (105 - 100) / (80 - 100)),
        (CUT, (1 - 105 / 63 / 2) / 0.18),
        ({"statistic": "rise", "quantity": "gdp", "value": 40, "unit": "%"}, 0.26 / 0.4),
        ({"statistic": "added", "quantity": "forest", "value": 2}, 0.6),
        ({"value": 100}, None),  # the base year is there already
        ({"base": None}, None),
        ({"statistic": "rate", "quantity": "gdp", "value": 9, "unit": "%"}, None),
        ({"statistic": "cumulative", "value": 500}, None),
        ({"base": {"year": 2020, "value": 130}}, (105 - 130) / (80 - 130)),
    ],
)
def test_the_progress_of_each_statistic(fields, progress):
    """Change since the base year over the change asked for; a rate, a sum or a level without base has none."""
    found = judge(**fields)["progress"]
    assert (
        found == pytest.approx(progress, rel=1e-12) if progress is not None else math.isnan(found)
    )


RISE = {"statistic": "rise", "quantity": "gdp", "bound": "at_least", "value": 40, "unit": "%"}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({**CUT, "path": "geometric"}, 1 - 0.82**0.6),
        ({**CUT, "path": "linear"}, 0.18 * 0.6),
        ({**RISE, "path": "geometric"}, 1.4**0.6 - 1),
        ({**RISE, "path": "linear"}, 0.4 * 0.6),
        ({"path": "geometric"}, 100 * 0.8**0.6),
        ({"path": "linear"}, 100 - 20 * 0.6),
        ({"statistic": "added", "quantity": "forest", "value": 2, "path": "linear"}, 2 * 0.6),
        ({"statistic": "rate", "quantity": "gdp", "value": 9, "unit": "%", "path": "linear"}, 0.09),
        ({"path": "none"}, None),
        ({"base": None, "path": "linear"}, None),
    ],
)
def test_where_the_path_is_after_three_years_of_five(fields, path):
    """A geometric one has 0.6 of the change in logarithms, a linear one 0.6 of it; a rate is the same in each year."""
    found = judge(**fields)["path"]
    assert found == pytest.approx(path, rel=1e-12) if path is not None else math.isnan(found)


@pytest.mark.parametrize(
    ("fields", "to", "reached"),
    [
        ({"due": 2022}, 2022, 106),
        ({"due": 2021}, 2021, 104),
        ({"due": 2030}, 2023, 105),
        ({"due": 2022, "base": None}, 2022, 106),
        ({"due": 2020, "base": None}, 2020, 100),
        ({"statistic": "cumulative", "due": 2022}, 2022, 104 + 106),
        ({"statistic": "cumulative", "due": 2021}, 2021, 104),
        (
            {"statistic": "rate", "quantity": "gdp", "value": 9, "unit": "%", "due": 2021},
            2021,
            54 / 50 - 1,
        ),
        (
            {"statistic": "rate", "quantity": "gdp", "value": 9, "unit": "%"},
            2023,
            (63 / 50) ** (1 / 3) - 1,
        ),
    ],
)
def test_the_year_that_is_judged(fields, to, reached):
    """It is the last one up to the due year; a sum leaves the base year out."""
    found = judge(**fields)
    assert (found["to"], found["reached"]) == (to, pytest.approx(reached, rel=1e-12))


def test_a_base_as_it_was_submitted():
    """Its value stands for that of the panel, which need not have the base year at all."""
    held = {"year": 2020, "value": 120}
    for panel in (PANEL, PANEL[PANEL["year"] > 2020]):
        found = judge(panel, statistic="cut", bound="at_least", value=10, unit="%", base=held)
        assert found["reached"] == pytest.approx(1 - 105 / 120)
        assert found["base_year"] == 2020
        assert judge(panel, path="linear", base=held)["path"] == pytest.approx(120 - 40 * 0.6)
    assert (
        judge(base=None, base_year=2020, base_value=120)["progress"]
        != judge(base_year=2020)["progress"]
    )


def test_a_relative_change_of_nothing_is_none():
    """From zero, or from a sink, there is no cut, rise or rate; a level and what is added have no such need."""
    for start in (0.0, -3.0):
        panel = PANEL.assign(co2=[start, 104.0, 106.0, 105.0])
        for statistic in ("cut", "rise", "rate"):
            found = judge(panel, statistic=statistic, value=10, unit="%")
            assert found["reason"] == "co2 is not above zero in 2020"
            assert found["status"] == ""
        assert judge(panel, statistic="added", value=200)["reached"] == 105 - start
        assert judge(panel, path="geometric")["path"] == pytest.approx(start + (80 - start) * 0.6)
    sink = judge(
        PANEL.assign(co2=[100.0, 104.0, 106.0, -5.0]), statistic="rate", value=-5, unit="%"
    )
    assert (sink["reason"], sink["status"]) == ("co2 is not above zero in 2023", "")
    for last in (0.0, 0.5):
        found = judge(
            PANEL.assign(co2=[100.0, 104.0, 106.0, last]), statistic="rate", value=-5, unit="%"
        )
        assert found["reached"] == pytest.approx((last / 100) ** (1 / 3) - 1)


@pytest.mark.parametrize(
    ("fields", "reached"),
    [
        ({}, 105),
        ({"scope": 2}, 23),
        ({"scope": [1, 2]}, 128),
        ({"boundary": "with_land"}, 98),
        ({"scope": "1+2", "boundary": "with_land"}, 121),
        ({"scope": "1+2", "boundary": "without_land"}, 128),
        ({"quantity": "co2 / gdp", "scope": [1, 2]}, 128 / 63),
    ],
)
def test_what_is_added_up(fields, reached):
    """Emissions at users and land count where the target says so, above the line of a ratio."""
    assert judge(**fields)["reached"] == pytest.approx(reached)


@pytest.mark.parametrize("prices", ["", "current", "current 2020", "现价", "当年价"])
@pytest.mark.parametrize("statistic", ["cut", "rise", "rate", "added"])
def test_a_change_of_money_is_one_of_constant_prices(prices, statistic):
    """Of GDP and of value added, above the line and below it; a level or a share of money needs no prices."""
    panel = PANEL.assign(value_added_industry=PANEL["gdp"] / 2)
    for quantity, named in (("gdp", "gdp"), ("co2/value_added_industry", "value_added_industry")):
        fields = {"quantity": quantity, "value": 10, "unit": "%", "prices": prices}
        assert judge(panel, statistic=statistic, **fields)["reason"].startswith(
            f"{named} at current prices"
        )
        assert judge(panel, **{**fields, "statistic": "level", "unit": ""})["reason"] == ""
        assert (
            judge(panel, statistic=statistic, **{**fields, "prices": "constant 2020"})["reason"]
            == ""
        )


def test_a_year_without_a_denominator_has_no_ratio():
    """What stands over zero, or over nothing, is no number, and the year before it is judged."""
    small = judge(PANEL.assign(gdp=PANEL["gdp"] / 100), **CUT)
    assert (small["to"], small["reached"]) == (2023, pytest.approx(1 - 105 / 63 / 2))
    for gdp in (0.0, -1.0, None):
        found = judge(PANEL.assign(gdp=[50.0, 54.0, 58.0, gdp]), **CUT)
        assert found["to"] == 2022
        assert found["reached"] == pytest.approx(1 - 106 / 58 / 2)


def test_faults_of_the_data_are_errors():
    """A year that is there twice, a text for a number and a column that is not there are no reasons but errors."""
    with pytest.raises(PanelError, match="year 2021 is there twice"):
        judge(pd.concat([PANEL, PANEL[PANEL["year"] == 2021]], ignore_index=True))
    with pytest.raises(PanelError, match="column 'co2': 'many' is not a number"):
        judge(PANEL.assign(co2=[100, 104, "many", 105]))
    with pytest.raises(PanelError, match="no column 'zzz'; add it"):
        judge_goals(PANEL, [], over="zzz")


def test_areas_and_rows_in_any_order():
    """A target without an area is judged for each; one of an area that has no rows says so."""
    both = pd.concat([PANEL, PANEL.assign(area="B", co2=PANEL["co2"] * 2)]).sample(
        frac=1, random_state=3
    )
    found = judge_goals(both, [read_goal({**LEVEL, "area": ""}), read_goal(LEVEL)])
    assert found.set_index("area")["reached"].to_dict() == {"A": 105, "B": 210}
    assert len(found) == 3
    none = judge(area="C")
    assert (none["area"], none["reason"], none["status"]) == ("C", "no rows in the data", "")


PEAK = {"statistic": "peak_year", "quantity": "co2", "unit": "", "base": None}


@pytest.mark.parametrize(
    ("bound", "value", "status"),
    [
        ("at_most", 2013, "met"),
        ("at_most", 2012, "met"),
        ("at_most", 2011, "missed"),
        ("at_least", 2011, "met"),
        ("at_least", 2013, "missed"),
    ],
)
def test_a_peak_of_2012(bound, value, status):
    """CO2 is highest in 2012, and seven years follow: before the year asked for, in it, or after it."""
    panel = pd.DataFrame(
        {"area": "A", "year": range(2010, 2020), "co2": [1.0, 2, 9, 5, 5, 4, 4, 3, 3, 2]}
    )
    found = judge(panel, **PEAK, bound=bound, value=value, due=value)
    assert (found["to"], found["reached"], found["status"], found["reason"]) == (
        2019,
        2012,
        status,
        "",
    )


def test_a_peak_that_lies_too_near():
    """With fewer than five years after it, a maximum later than the year asked for has missed it.

    Of two equal maxima the first counts.
    """
    panel = pd.DataFrame({"area": "A", "year": range(2015, 2020), "co2": [1.0, 2, 9, 9, 8]})
    for value, status in ((2016, "missed"), (2017, "open"), (2018, "open")):
        found = judge(panel, **PEAK, value=value, due=value)
        assert (found["reached"], found["status"]) == (2017, status)
        assert found["reason"] == "2017 is the highest year so far, with 2 years behind it"
    assert judge(panel, **PEAK, bound="at_least", value=2016, due=2016)["status"] == "open"
    nothing = judge(panel.assign(co2=None), **PEAK, value=2016, due=2016)
    assert (nothing["reason"], nothing["status"]) == ("no co2 in the data", "")


@pytest.mark.parametrize(
    ("numbers", "value", "status", "plateau"),
    [
        ([90, 100, 97, 96, 94, 93, 92], 2011, "met", ""),  # on the way down no year ties
        ([96, 97, 98, 100, 94, 93, 92, 91, 90], 2012, "missed", ""),  # nor on the way up
        (
            [99, 96, 97, 100, 94, 93, 92, 91, 90],
            2011,
            "open",
            "2010 and 2013",
        ),  # 2010 ties, the target lies between
        ([99, 96, 97, 100, 94, 93, 92, 91, 90], 2013, "met", ""),  # both lie before it
        ([99, 96, 97, 100, 94, 93, 92, 91, 90], 2009, "missed", ""),  # and behind it
        ([94, 90, 97, 100, 94, 93, 92, 91, 90], 2011, "missed", ""),  # 94 is more than 5 % below
        (
            [90, 100, 97, 98, 94, 93, 92],
            2012,
            "open",
            "2011 and 2013",
        ),  # back up to 98 behind the year asked for
        ([90, 100, 97, 97, 97, 96, 95], 2012, "open", "2011 and 2016"),  # it is not below yet
        ([90, 100, 97, 97, 97, 96, 95], 2010, "missed", "2011 and 2016"),
    ],
)
def test_a_peak_that_others_tie_with_is_a_plateau(numbers, value, status, plateau):
    """Within 5 % of the highest year, after a fall or before one, another year may be the peak as well."""
    panel = pd.DataFrame(
        {"area": "A", "year": range(2010, 2010 + len(numbers)), "co2": np.array(numbers, float)}
    )
    found = judge(panel, **PEAK, value=value, due=value)
    assert found["status"] == status
    assert (f"co2 of {plateau} lies within 5%" in found["reason"]) == bool(plateau)
    assert bool(found["reason"]) == bool(plateau)


BUDGET = {"statistic": "cumulative", "bound": "at_most"}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (
            {"value": 315},
            "on_path",
        ),  # 315 by 2023 of 315 until 2025: nothing is left, nothing is above
        ({"value": 314.9}, "missed"),
        ({"value": 314.9, "tolerance": 0.2}, "on_path"),
        ({"value": 600}, "on_path"),
        ({"value": 500}, "behind"),
        ({"bound": "range", "lower": 100, "upper": 314, "value": None}, "missed"),
        ({"bound": "range", "lower": 100, "upper": 316, "value": None}, "open"),
        ({"bound": "about", "value": 300, "tolerance": 10}, "missed"),
        ({"bound": "about", "value": 300, "tolerance": 20}, "open"),
        ({"value": 290, "boundary": "with_land"}, "behind"),  # land may take up what is too much
    ],
)
def test_a_budget_that_is_used_up_is_missed(fields, status):
    """What is emitted does not come back: 104 + 106 + 105 = 315 from 2021 to 2023."""
    fields = {"path": "none"} | fields if fields.get("value") in {315, 314.9} else fields
    assert judge(**BUDGET | fields)["status"] == status


def test_a_sum_that_may_come_down_is_not_missed_yet():
    """A quantity that was below zero may be so again; a floor of a sum is no budget."""
    falling = PANEL.assign(co2=[100.0, 104.0, -6.0, 217.0])
    assert judge(falling, **BUDGET, value=300)["status"] == "behind"
    assert judge(**BUDGET | {"bound": "at_least"}, value=300)["status"] == "met"


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.integers(1, 4))
def test_a_geometric_path_keeps_one_ratio(start, target, passed):
    """Of any two numbers above zero, however small: each year's path over the one before is the same."""
    panel = pd.DataFrame({"area": "A", "year": [2020, 2020 + passed], "co2": [start, start]})
    path = judge(panel, path="geometric", value=target)["path"]
    assert path == pytest.approx(start * (target / start) ** (passed / 5), rel=1e-9)


def test_a_range_has_its_lower_end_as_the_target():
    """Its path runs to the lower end, and no verdict is given before it is due."""
    found = judge(bound="range", value=None, lower=90, upper=95, path="linear")
    assert (found["target"], found["path"], found["status"]) == (90, pytest.approx(94), "open")


@given(
    st.sampled_from(["at_least", "at_most", "about", "range"]),
    st.floats(-1e6, 1e6),
    st.floats(0, 1e3),
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5),
)
def test_draws_hold_where_their_numbers_hold(bound, number, room, drawn):
    """Of draws each is held against the target by itself, as the number of an inventory is."""
    goal = Goal(
        "g",
        "A",
        "co2",
        "level",
        bound,
        2025,
        number,
        lower=number - room,
        upper=number + room,
        tolerance=room,
    )
    together = holds(goal, np.array(drawn), number)
    assert together.tolist() == [bool(holds(goal, value, number)) for value in drawn]
    beyond = 1e-6 * max(1.0, abs(number)) + room
    expected = {
        "at_least": (True, False),
        "at_most": (False, True),
        "about": (False, False),
        "range": (False, False),
    }
    assert (
        holds(goal, number + 2 * beyond, number),
        holds(goal, number - 2 * beyond, number),
    ) == expected[bound]
    assert holds(goal, number, number)


@pytest.mark.parametrize("bound", ["at_least", "at_most", "about", "range"])
def test_nothing_is_at_nothing(bound):
    """A target of zero is met by zero: there is no room for rounding then, and none is needed."""
    goal = Goal("g", "A", "co2", "level", bound, 2025, 0.0, lower=0.0, upper=0.0, tolerance=0.0)
    assert holds(goal, 0.0, 0.0)
    assert holds(goal, np.zeros(2), 0.0).tolist() == [True, True]


@pytest.mark.parametrize("reached", [0.1 + 0.2, 0.1 - 0.2])
def test_the_edge_of_a_tolerance_is_within_it(reached):
    """0.1 and 0.2 add up to 0.30000000000000004: about 0.1, give or take 0.2, still holds it."""
    goal = Goal("g", "A", "co2", "level", "about", 2025, 0.1, tolerance=0.2)
    assert holds(goal, reached, 0.1)
    assert not holds(goal, 0.1 + (reached - 0.1) * 1.0001, 0.1)


@given(
    st.lists(st.floats(1, 1e3), min_size=2, max_size=6),
    st.sampled_from(["level", "cut", "rise", "added", "rate"]),
)
def test_a_draw_is_measured_as_a_number_is(drawn, statistic):
    """The statistic of draws is the one of each draw."""
    goal = Goal("g", "A", "co2", statistic, "at_least", 2025, 0.1, base_year=2020)
    base, now = np.array(drawn), np.array(drawn[::-1])
    together = measure(goal, {2020: base, 2023: now}, base, 2023)
    alone = [measure(goal, {2020: b, 2023: n}, b, 2023) for b, n in zip(base, now, strict=True)]
    assert together == pytest.approx(alone, rel=1e-12)
    assert measure(
        Goal("g", "A", "co2", "cumulative", "at_most", 2025, 1, base_year=2020),
        {2021: base, 2022: now},
        None,
        2022,
    ) == pytest.approx(base + now)


def test_an_amount_of_a_whole_is_one_of_itself():
    """An amount of the whole is judged for the whole and not for its parts; without a whole, for each."""
    panel = pd.concat([PANEL.assign(area="全国"), PANEL])
    whole = compare_goals(panel, [read_goal({**LEVEL, "area": "全国"})]).set_index("area")
    assert whole.loc["全国", "status"] == "behind"
    assert whole.loc["A", "reason"] == "an amount of 全国 is no target of A; divide it"
    assert compare_goals(panel, [read_goal({**LEVEL, "area": ""})])["status"].to_dict() == {
        0: "behind",
        1: "behind",
    }


@pytest.mark.parametrize("name", ["area", "year"])
def test_the_other_column_is_no_spelling_of_one_that_lacks(name):
    """A panel of years without areas: year is not what was meant by area."""
    with pytest.raises(PanelError, match=f"no column {name!r}; add it"):
        judge(PANEL.drop(columns=name))
    with pytest.raises(PanelError, match=f"no column {name!r}; did you mean {name}s"):
        judge(PANEL.rename(columns={name: f"{name}s"}))
