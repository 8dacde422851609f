"""A target and the data it is judged on may be printed in different units."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.analysis.goals import read_goal
from carbonacct.analysis.target_units import find_scale
from carbonacct.analysis.wide_table import melt_years
from carbonacct.errors import PanelError

UNITS = ["t", "万吨", "Mt CO2", "亿吨", "kt", "吨二氧化碳", "10^4 t"]
TONNES = {
    "t": 1.0,
    "万吨": 1e4,
    "Mt CO2": 1e6,
    "亿吨": 1e8,
    "kt": 1e3,
    "吨二氧化碳": 1.0,
    "10^4 t": 1e4,
}


def panel(numbers, unit, gdp="亿元"):
    """Return CO2 and GDP of an area, with units."""
    made = pd.DataFrame(
        {"area": "A", "year": range(2020, 2020 + len(numbers)), "co2": numbers, "gdp": 6500.0}
    )
    made.attrs["units"] = {"co2": unit, "gdp": gdp} if unit else {}
    return made


def goal(value, unit, **more):
    """Return a cap of CO2, unless more says otherwise."""
    asked = {
        "id": "g",
        "area": "A",
        "quantity": "co2",
        "statistic": "level",
        "bound": "at_most",
        "due": 2021,
    }
    return read_goal(asked | {"value": value, "unit": unit} | more)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("held", UNITS)
def test_a_verdict_does_not_hang_on_units(unit, held):
    """3,300 万吨 in any unit is below a cap of 3,500 万吨 in any unit, and above one of 3,200."""
    data = panel([3.2e7 / TONNES[held], 3.3e7 / TONNES[held]], held)
    status = [
        ca.judge_goals(data, [goal(cap / TONNES[unit], unit)])["status"].item()
        for cap in (3.5e7, 3.2e7)
    ]
    assert status == ["met", "missed"]


@pytest.mark.parametrize("unit", UNITS)
def test_a_table_of_targets_is_judged_in_the_unit_of_the_target(unit):
    """`judge_targets` prints what is reached in the unit that the target has."""
    plan = pd.DataFrame(
        [
            {
                "area": "A",
                "indicator": "co2",
                "direction": "at most",
                "base_year": None,
                "year": 2021,
                "value": 3.5e7 / TONNES[unit],
                "lower": None,
                "upper": None,
                "unit": unit,
            }
        ]
    )
    found = ca.judge_targets(panel([3.2e7, 3.3e7], "t"), plan).iloc[0]
    assert found["status"] == "met"
    assert found["reached"] == pytest.approx(3.3e7 / TONNES[unit])


def test_units_that_measure_different_things_give_no_verdict():
    """Tonnes are no cubic metres, carbon dioxide no money."""
    found = ca.judge_goals(panel([1.0, 2.0], "t"), [goal(3, "亿立方米")]).iloc[0]
    assert found["status"] == ""
    assert "亿立方米" in found["reason"]
    assert "t" in found["reason"]
    assert pd.isna(found["reached"])


def test_a_ratio_is_compared_as_a_ratio():
    """3.3e7 t over 6,500 亿元 are 0.5077 t/万元: below 0.52, above 0.50."""
    data = panel([3.3e7], "t")
    caps = [goal(value, "吨/万元", quantity="co2/gdp", due=2020) for value in (0.52, 0.50)]
    assert ca.judge_goals(data, caps)["status"].tolist() == ["met", "missed"]


def test_a_column_without_a_unit_is_taken_in_that_of_the_target():
    """Nobody says what the column is in; neither has one where nobody says anything."""
    for unit in ("万吨", ""):
        assert ca.judge_goals(panel([90.0, 100.0], ""), [goal(110, unit)])["status"].item() == "met"


@pytest.mark.parametrize("statistic", ["level", "added", "cumulative"])
def test_an_amount_without_a_unit_is_asked_beside_data_that_have_one(statistic):
    """110 may be t or 万吨: no verdict, and the reason names the unit of the data."""
    base = {} if statistic == "level" else {"base": 2020}
    for held in ("万吨", "t"):
        found = ca.judge_goals(
            panel([90.0, 100.0], held), [goal(110, "", statistic=statistic, **base)]
        ).iloc[0]
        assert (found["status"], pd.isna(found["reached"])) == ("", True)
        assert (
            found["reason"]
            == f"the target has no unit and the data are in {held}; write the unit of its number"
        )


def test_a_table_of_targets_asks_for_the_unit_as_well():
    """The cap of a plan without a unit has no verdict beside CO2 in t, and one beside CO2 without a unit."""
    row = {"area": "A", "indicator": "co2", "direction": "", "base_year": None, "year": 2021}
    plan = pd.DataFrame([{**row, "value": 110, "lower": None, "upper": None, "unit": ""}])
    asked, met = (ca.judge_targets(panel([90.0, 100.0], held), plan).iloc[0] for held in ("t", ""))
    assert (asked["status"], met["status"]) == ("", "met")
    assert "the data are in t" in asked["reason"]


@pytest.mark.parametrize("unit", ["%", "1"])
def test_a_share_needs_no_unit(unit):
    """A column of shares beside a target without a unit: nothing that a unit could multiply."""
    assert ca.judge_goals(panel([20.0, 25.0], unit), [goal(30, "")])["status"].item() == "met"


def test_cuts_do_not_hang_on_units():
    """A cut of CO2 per GDP has no unit but %."""
    cut = goal(
        5,
        "%",
        quantity="co2/gdp",
        statistic="cut",
        bound="at_least",
        base=2020,
        prices="constant 2020",
    )
    found = [
        ca.judge_goals(panel([100.0, 90.0], unit), [cut])["status"].item()
        for unit in ("t", "万吨", "")
    ]
    assert found == ["met"] * 3


@given(st.sampled_from(UNITS), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_scales_chain(one, other, third):
    """There and on is the way straight; there and back is nothing."""
    assert find_scale(one, other) * find_scale(other, third) == pytest.approx(
        find_scale(one, third)
    )
    assert find_scale(one, other) * find_scale(other, one) == pytest.approx(1.0)


def test_a_base_that_a_person_writes_is_in_the_unit_of_the_target():
    """From 3,000 万吨 in 2020 to 3,500 at most: 3,250 in the data, halfway of the added amount."""
    added = goal(500, "万吨", statistic="added", base={"year": 2020, "value": 3000})
    found = ca.judge_goals(panel([3.1e7, 3.25e7], "t"), [added]).iloc[0]
    assert found["reached"] == pytest.approx(2.5e6)
    assert found["target"] == pytest.approx(5e6)


def test_a_wide_table_keeps_its_units_and_refuses_two():
    """Years as columns beside a column 单位."""
    wide = pd.DataFrame(
        {
            "area": ["A", "B"],
            "item": ["co2", "co2"],
            "单位": ["万吨", "万吨"],
            "2020": [1, 2],
            "2021": [3, 4],
        }
    )
    made, _ = melt_years(wide, ["co2"], labels=["area"])
    assert made.attrs["units"] == {"co2": "万吨"}
    with pytest.raises(PanelError, match="co2 is in 万吨 and in t"):
        melt_years(wide.assign(单位=["万吨", "t"]), ["co2"], labels=["area"])


@pytest.mark.parametrize(
    ("unit", "scale"),
    [
        ("亿株", 1e8),
        ("万株", 1e4),
        ("千株", 1e3),
        ("百株", 1e2),
        ("百万株", 1e6),
        ("万亿株", 1e12),
        ("10^3 株", 1e3),
        ("1e6 株", 1e6),
        ("thousand 株", 1e3),
        ("million 株", 1e6),
        ("billion 株", 1e9),
        ("（万株）", 1e4),
    ],
)
def test_numbers_of_what_no_registry_measures(unit, scale):
    """Trees are counted in any number of them: the word behind the number is what is compared."""
    assert find_scale(unit, "株") == scale
    with pytest.raises(PanelError, match="write both in one unit"):
        find_scale(unit, "辆")


@pytest.mark.parametrize("unit", ["", " ", "1", "%", "％", "‰"])
def test_a_share_or_a_blank_scales_nothing(unit):
    """Shares are read elsewhere: whichever side has none, the number stays."""
    assert find_scale("万吨", unit) == find_scale(unit, unit) == 1.0
    if unit.strip():
        assert find_scale(unit, "万吨") == 1.0


def test_a_ratio_scales_by_both_its_parts():
    """t/万元 in kg/元: a thousand above, ten thousand below; the parts do not change places."""
    assert find_scale("吨/万元", "千克/元") == pytest.approx(0.1)
    with pytest.raises(PanelError):
        find_scale("吨/万元", "万元/吨")
    with pytest.raises(PanelError):
        find_scale("吨/万元", "吨")
