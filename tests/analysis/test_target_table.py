"""A table of targets against a panel: every status, what is lacking, and the nation's own targets."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

from carbonacct import judge_targets, load_published
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import PanelError

PANEL = pd.DataFrame(
    {
        "area": "A",
        "year": [2010, 2013, 2015],
        "co2": [100.0, 110, 120],
        "gdp": [100.0, 125, 150],
        "energy": [50.0, 60, 70],
        "non_fossil_share": [3.0, 5.0, 6.5],
        "forest_cover": [20.0, 20.5, 21.0],
    }
)


def judge(panel=PANEL, **target) -> pd.Series:
    """Return the judgement of one target."""
    row = {
        "area": "A",
        "indicator": "co2_per_gdp_cut",
        "base_year": 2010,
        "year": 2015,
        "value": None,
        "lower": None,
        "upper": None,
        "unit": "%",
    }
    return judge_targets(panel, pd.DataFrame([row | target])).iloc[0]


@pytest.mark.parametrize(
    ("target", "to", "reached", "status"),
    [
        ({"value": 17}, 2015, 0.2, "met"),
        ({"value": 20}, 2015, 0.2, "met"),  # exactly
        ({"value": 21}, 2015, 0.2, "missed"),
        ({"value": 0.17, "unit": ""}, 2015, 0.2, "met"),  # a fraction, where the unit is none
        (
            {"value": 35, "year": 2020},
            2015,
            0.2,
            "on_path",
        ),  # ln 0.8 / ln 0.65 = 0.518 of the way after half of the time
        ({"value": 37, "year": 2020}, 2015, 0.2, "behind"),  # 0.483
        ({"indicator": "energy_per_gdp_cut", "value": 6}, 2015, 1 - (70 / 150) / 0.5, "met"),
        ({"indicator": "non_fossil_share", "value": 6.5, "base_year": None}, 2015, 6.5, "met"),
        ({"indicator": "non_fossil_share", "value": 7, "base_year": None}, 2015, 6.5, "missed"),
        (
            {"indicator": "non_fossil_share", "value": 15, "base_year": None, "year": 2020},
            2015,
            6.5,
            "open",
        ),
        (
            {"indicator": "non_fossil_share", "value": 5, "base_year": None, "year": 2014},
            2013,
            5.0,
            "met",
        ),
        (
            {"indicator": "non_fossil_share", "value": 10, "year": 2020},
            2015,
            6.5,
            "on_path",
        ),  # 3.5 of 7 points
        (
            {"indicator": "non_fossil_share", "value": 3, "year": 2020},
            2015,
            6.5,
            "met",
        ),  # the base year has it already
        ({"indicator": "forest_cover_rise", "value": 1}, 2015, 1.0, "met"),
        ({"indicator": "forest_cover_rise", "value": 3, "year": 2020}, 2015, 1.0, "behind"),
    ],
)
def test_every_status(target, to, reached, status):
    """Met, missed, on its path, behind it, and open where there is no path."""
    found = judge(**target)
    assert (found["to"], found["status"], found["reason"]) == (to, status, "")
    assert found["reached"] == pytest.approx(reached)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ({"area": "B", "value": 17}, "no rows in the data"),
        ({"indicator": "services_share", "value": 50}, "no column services_share in the data"),
        ({"base_year": 2005, "value": 17}, "no year 2005 in the data"),
        ({"base_year": 2015, "year": 2020, "value": 17}, "no year from 2016 to 2020 in the data"),
        ({"base_year": None, "value": 17}, "a cut needs a base year"),
        ({"year": None, "value": 17}, "the target has no year"),
        ({"value": None}, "the target has no number"),
        (
            {"indicator": "non_fossil_share", "base_year": None, "year": 2009, "value": 2},
            "no non_fossil_share up to 2009",
        ),
    ],
)
def test_what_is_lacking_is_said(target, reason):
    """A target that the data cannot answer has no status, and says what is lacking."""
    found = judge(**target)
    assert (found["status"], found["reason"]) == ("", reason)
    assert math.isnan(found["progress"])


def test_a_range_is_two_targets():
    """40-45 % is judged at both ends."""
    row = {
        "area": "A",
        "indicator": "co2_per_gdp_cut",
        "base_year": 2010,
        "year": 2015,
        "value": None,
        "lower": 18,
        "upper": 22,
        "unit": "%",
    }
    found = judge_targets(PANEL, pd.DataFrame([row]))
    assert found[["bound", "target", "status"]].to_numpy().tolist() == [
        ["lower", 0.18, "met"],
        ["upper", 0.22, "missed"],
    ]


def test_faults_of_the_data_are_errors():
    """Two rows for a year, a target year before its base and a missing column are errors, not reasons."""
    with pytest.raises(PanelError, match="year 2010 is there twice"):
        judge(pd.concat([PANEL, PANEL], ignore_index=True), value=17)
    with pytest.raises(PanelError, match="the targets have no column 'unit'"):
        judge_targets(
            PANEL,
            pd.DataFrame(
                {
                    "area": ["A"],
                    "indicator": "x",
                    "base_year": 2010,
                    "year": 2015,
                    "value": 1,
                    "lower": 1,
                    "upper": 1,
                }
            ),
        )


def test_the_national_targets():
    """With the published cuts the targets of 2015 and 2020 are met, and that of 2030 is on its path."""
    targets = load_published("national-targets", "targets")
    intensity = {2005: 1.0, 2015: (1 - 0.484) / (1 - 0.188), 2019: 1 - 0.481, 2020: 1 - 0.484}
    panel = pd.DataFrame(
        {"area": "全国", "year": list(intensity), "co2": list(intensity.values()), "gdp": 1.0}
    )
    found = judge_targets(panel, targets[targets["indicator"] == "co2_per_gdp_cut"])
    assert found.loc[found["year"] == 2020, "status"].tolist() == ["met", "met"]
    assert set(found.loc[(found["year"] == 2030), "status"]) == {"on_path"}
    assert found.loc[found["base_year"] == 2010, "reason"].tolist() == ["no year 2010 in the data"]


def test_every_target_of_the_pilots_is_judged_or_says_why():
    """Tables 3 to 16 of the pilots: with a full panel every target has a status or its known reason.

    Three have no year, and some are printed as a dash.
    """
    targets = load_published("pilots-2013", "targets")
    columns = {
        row["of"] for row in read_rows(data_folder() / "vocabulary" / "target_indicators.csv")
    } | set(targets["indicator"])
    panel = pd.concat(
        [
            pd.DataFrame({"area": area, "year": [2005, 2010, 2015, 2020]})
            for area in targets["area"].unique()
        ],
        ignore_index=True,
    )
    panel = panel.assign(**{name: 10.0 for column in columns for name in column.split("/")})
    found = judge_targets(panel, targets)
    assert len(found) >= len(targets)
    lacking = found[found["status"] == ""]
    blank = int(targets[["value", "lower", "upper"]].isna().all(axis=1).sum())
    assert lacking["reason"].value_counts().to_dict() == {
        "the target has no number": blank,
        "the target has no year": 3,
    }
    assert set(found.loc[found["indicator"] == "co2_per_gdp_cut", "status"]) == {"missed", ""}


def test_indicators_are_named():
    """Every indicator of the list has a kind, what it is of, and names in zh and en."""
    rows = read_rows(data_folder() / "vocabulary" / "target_indicators.csv")
    assert {row["kind"] for row in rows} == {"cut", "rise", "level"}
    assert all(row["of"] and row["name_zh"] and row["name_en"] for row in rows)
    assert all(
        row["direction"] == "at_least" or (row["direction"], row["kind"]) == ("at_most", "level")
        for row in rows
    )
    assert all(("/" in row["of"]) == (row["kind"] == "cut") for row in rows)


CAP = {"indicator": "co2", "base_year": None, "unit": "Mt"}


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ({"value": 110}, "missed"),  # 120 against a cap of 110
        ({"value": 120}, "met"),  # at the cap
        ({"value": 125}, "met"),
        ({"value": 125, "year": 2020}, "on_path"),  # below it, and not due
        ({"value": 110, "year": 2020}, "open"),
        ({"value": 125, "base_year": 2010}, "met"),
        ({"value": 110, "base_year": 2010}, "missed"),
        ({"value": 130, "base_year": 2010, "year": 2020}, "behind"),  # the path is at 115
        ({"value": 145, "base_year": 2010, "year": 2020}, "on_path"),  # at 122.5
        ({"value": 90, "base_year": 2010, "year": 2020}, "behind"),
        ({"indicator": "buses", "direction": "不超过", "value": 110}, "missed"),
        ({"indicator": "buses", "direction": "cap", "value": 130}, "met"),
        ({"indicator": "buses", "direction": "at least", "value": 110}, "met"),
        ({"indicator": "buses", "direction": "rise", "base_year": 2010, "value": 15}, "met"),
        (
            {
                "indicator": "buses",
                "direction": "下降",
                "base_year": 2010,
                "value": 15,
                "unit": "%",
            },
            "missed",
        ),
        (
            {
                "indicator": "co2_per_gdp_cut",
                "direction": "不低于",
                "base_year": 2010,
                "value": 18,
                "unit": "%",
            },
            "met",
        ),
        ({"indicator": "co2", "direction": "at_most", "value": 110}, "missed"),
    ],
)
def test_a_target_knows_its_direction(target, status):
    """A cap is met at or below it, a floor at or above it, by ``direction`` or by the known indicator."""
    found = judge(PANEL.assign(buses=PANEL["co2"]), **{**CAP, **target})
    assert (found["status"], found["reason"]) == (status, "")
    assert math.isnan(found["progress"]) or target.get("base_year")


def test_115_against_a_cap_of_110_is_not_met():
    """With a base of 100 the progress of 1.5 would say otherwise: a cap above the base has none."""
    panel = pd.DataFrame({"area": "A", "year": [2010, 2015], "co2": [100.0, 115.0]})
    for base_year in (None, 2010):
        found = judge(panel, **{**CAP, "base_year": base_year, "value": 110})
        assert found["status"] == "missed"
        assert math.isnan(found["progress"])
    falling = judge(
        panel.assign(co2=[100.0, 95.0]), **{**CAP, "base_year": 2010, "value": 90, "year": 2020}
    )
    assert (falling["status"], falling["progress"]) == ("on_path", pytest.approx(0.5))


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"indicator": "buses", "value": 5}, "buses: no direction is known for it"),
        (
            {"indicator": "buses", "value": 5, "direction": "sideways"},
            "the direction 'sideways' is not known",
        ),
        (
            {"indicator": "co2", "value": 5, "direction": "at least"},
            "the direction 'at least' contradicts the indicator, which is at_most",
        ),
        (
            {"indicator": "co2_per_gdp_cut", "value": 17, "direction": "不超过", "base_year": 2010},
            "contradicts the indicator, which is at_least or cut",
        ),
        (
            {"indicator": "co2_per_gdp_cut", "value": 17, "unit": "", "base_year": 2010},
            "17 % is 0.17 without a unit, or 17 with the unit %",
        ),
        (
            {"indicator": "co2_per_gdp_cut", "value": 0.17, "unit": "%", "base_year": 2010},
            "0.17 % is not a cut",
        ),
        ({"indicator": "co2_per_gdp_cut", "value": 17, "unit": "t", "base_year": 2010}, "not in t"),
    ],
)
def test_a_form_that_contradicts_itself_is_refused(target, message):
    """A missing, unknown or contradicting direction and a cut in a wrong unit are errors with the remedy."""
    with pytest.raises(PanelError, match=message):
        judge(**{**CAP, **target})


@pytest.mark.parametrize(
    ("share", "target", "reached", "status"),
    [
        ([0.10, 0.15, 0.20], {"value": 20}, 20.0, "met"),
        ([0.10, 0.15, 0.19], {"value": 20}, 19.0, "missed"),
        ([10.0, 15.0, 20.0], {"value": 20}, 20.0, "met"),
        ([0.10, 0.15, 0.20], {"value": 0.2, "unit": ""}, 0.2, "met"),
        ([0.2, 0.5, 0.8], {"value": 1.0}, 0.8, "missed"),  # 0.8 %
        (
            [0.20, 0.21, 0.24],
            {"indicator": "non_fossil_share_rise", "base_year": 2010, "value": 3},
            4.0,
            "met",
        ),
    ],
)
def test_20_percent_is_0_2(share, target, reached, status):
    """A share in the data may be a fraction or in %; which, is what lies near the target, and is said."""
    found = judge(
        PANEL.assign(non_fossil_share=share),
        **{"indicator": "non_fossil_share", "base_year": None, **target},
    )
    assert (found["reached"], found["status"]) == (pytest.approx(reached), status)
    assert found["reason"].startswith("read as fractions: ") == (max(share) < 1 and reached > 1)


def test_a_share_that_may_be_either_is_refused():
    """0.9 is 0.9 % or 90 %; a target of 9 % does not tell."""
    with pytest.raises(
        PanelError, match=r"may be 0\.9 % or 90%, and the target is 9 %; write the column in %"
    ):
        judge(
            PANEL.assign(non_fossil_share=[0.8, 0.85, 0.9]),
            indicator="non_fossil_share",
            base_year=None,
            value=9,
        )


@pytest.mark.parametrize(
    ("target", "status", "progress"),
    [
        ({"value": 2}, "met", None),  # 3 in the base year
        ({"value": 2, "year": 2020}, "met", None),
        ({"value": 7}, "missed", 3.5 / 4),
        ({"value": 6.6}, "missed", 3.5 / 3.6),
        ({"value": 6.5}, "met", 1),
        ({"value": 10, "year": 2020}, "on_path", 0.5),
        ({"value": 10.1, "year": 2020}, "behind", 3.5 / 7.1),
        (
            {"indicator": "wetland", "value": 9.8, "direction": "at_least", "year": 2020},
            "behind",
            None,
        ),
    ],
)
def test_a_floor_from_above_and_from_below(target, status, progress):
    """What the base year has beyond the number leaves nothing to measure; falling below it is behind, or missed."""
    panel = PANEL.assign(wetland=[10.0, 9.9, 9.7])
    found = judge(panel, **{"indicator": "non_fossil_share", **target})
    assert found["status"] == status
    assert (
        found["progress"] == pytest.approx(progress)
        if progress is not None
        else math.isnan(found["progress"])
    )


@given(
    st.sampled_from(["at_least", "at_most", "rise"]),
    st.lists(st.integers(-50, 50), min_size=2, max_size=2),
    st.integers(-50, 50),
    st.booleans(),
)
def test_in_its_year_a_target_is_met_or_missed_by_its_number_alone(
    direction, values, number, has_base
):
    """In its year the base does not matter, be it above the number, below it or missing.

    Before that year a floor, or a cap below the base, may be met already; a cap above the base is not.
    """
    panel = pd.DataFrame({"area": "A", "year": [2010, 2015], "sink": values})
    has_base = has_base or direction == "rise"
    start, now = values
    kept = {"at_least": now >= number, "at_most": now <= number, "rise": now - start >= number}[
        direction
    ]
    asked = {"indicator": "sink", "direction": direction, "value": number, "unit": "Mt"}
    asked["base_year"] = 2010 if has_base else None
    due = judge(panel, **asked)
    assert due["status"] == ("met" if kept else "missed")
    assert due["reached"] == (now - start if direction == "rise" else now)
    early = judge(panel, **asked, year=2020)["status"]
    if kept:
        falling = direction == "at_most" and not (has_base and start > number)
        assert early in ({"on_path", "behind"} if falling else {"met"})
    else:
        assert early in ({"on_path", "behind"} if has_base else {"open"})


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"value": "many"}, "non_fossil_share: value is 'many', not a number"),
        ({"value": None, "upper": "many"}, "non_fossil_share: upper is 'many', not a number"),
        ({"value": 5, "year": 2015.5}, "non_fossil_share: year is 2015.5, not a whole year"),
        ({"value": 5, "base_year": "then"}, "non_fossil_share: base_year is 'then', not a number"),
    ],
)
def test_a_cell_that_is_no_number_or_year_is_named(target, message):
    """With its indicator and column."""
    with pytest.raises(PanelError, match=message):
        judge(**{"indicator": "non_fossil_share", **target})


def test_faults_of_a_level_are_errors_with_or_without_a_base():
    """A year that is there twice, a text for a number, and a panel without areas or years."""
    for base_year in (2010, None):
        asked = {"indicator": "non_fossil_share", "value": 5, "base_year": base_year}
        with pytest.raises(PanelError, match="year 2010 is there twice"):
            judge(pd.concat([PANEL, PANEL], ignore_index=True), **asked)
        with pytest.raises(PanelError, match="'some' is not a number"):
            judge(PANEL.assign(non_fossil_share=[3, "some", 5]), **asked)
        for name in ("area", "year"):
            with pytest.raises(PanelError, match=f"no column {name!r}; add it"):
                judge(PANEL.drop(columns=name), **asked)
            with pytest.raises(PanelError, match=f"no column {name!r}; did you mean {name}s"):
                judge(PANEL.rename(columns={name: f"{name}s"}), **asked)


def test_a_missing_number_leaves_the_year_before_it():
    """The last year that has a number is judged; with none behind the base year, the reason names the last."""
    asked = {"indicator": "non_fossil_share", "value": 5}
    found = judge(PANEL.assign(non_fossil_share=[3.0, 5.0, None]), **asked)
    assert (found["to"], found["reached"], found["status"]) == (2013, 5, "met")
    none = judge(PANEL.assign(non_fossil_share=[3.0, None, None]), **asked)
    assert (none["reason"], none["status"]) == ("no non_fossil_share in 2015", "")
    for years in (PANEL, PANEL.iloc[::-1]):  # rows in any order
        assert judge(years, **asked, base_year=None)["to"] == 2015


def test_without_a_base_year_the_last_year_up_to_the_due_one_is_judged():
    """What comes after the target year says nothing of it."""
    found = judge(indicator="non_fossil_share", value=4, base_year=None, year=2012)
    assert (found["to"], found["reached"], found["status"]) == (2010, 3, "open")
    assert (
        judge(indicator="non_fossil_share", value=5, base_year=None, year=2013)["status"] == "met"
    )
    assert (
        judge(indicator="non_fossil_share", value=5.1, base_year=None, year=2013)["status"]
        == "missed"
    )


@pytest.mark.parametrize(
    ("direction", "values", "number", "year", "status"),
    [
        (
            "at_most",
            (100, 95),
            100,
            2020,
            "on_path",
        ),  # a cap at the base year's value is not met before its year
        ("at_most", (100, 100), 100, 2015, "met"),
        ("at_most", (10, 0), -10, 2020, "on_path"),  # half way, where the path is at zero
        ("at_least", (-10, 0), 10, 2020, "on_path"),
        ("at_most", (5, 0), 0, 2015, "met"),
        ("at_least", (-5, 0), 0, 2015, "met"),
        ("at_least", (1e6, 1.5e6 * (1 - 1e-12)), 2e6, 2020, "on_path"),  # but for rounding
        ("at_most", (2e6, 1.5e6 * (1 + 1e-12)), 1e6, 2020, "on_path"),
        ("at_least", (1e6, 1.5e6 * (1 - 1e-6)), 2e6, 2020, "behind"),
    ],
)
def test_on_the_line(direction, values, number, year, status):
    """At the path, at the number, and at zero, where there is no room for rounding."""
    panel = pd.DataFrame({"area": "A", "year": [2010, 2015], "sink": values})
    found = judge(panel, indicator="sink", direction=direction, value=number, unit="t", year=year)
    assert found["status"] == status


def test_the_last_of_several_years_without_a_number_is_named():
    """Not the first one."""
    panel = pd.DataFrame(
        {"area": "A", "year": [2010, 2011, 2012, 2013], "sink": [1.0, None, None, None]}
    )
    found = judge(panel, indicator="sink", direction="at_least", value=2, unit="t", year=2015)
    assert found["reason"] == "no sink in 2013"
