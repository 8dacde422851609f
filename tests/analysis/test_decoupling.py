"""Decoupling: Tapio's states at and beside their bounds, cases without an elasticity, the OECD factor, the effort."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import decouple, measure_effort
from carbonacct.analysis.decoupling import find_gaps, name_effort
from carbonacct.errors import PanelError
from carbonacct.vocabulary import data_folder


def one_period(co2, gdp, **options) -> pd.Series:
    """Return the result of one period, the values given as (start, end)."""
    return decouple(
        pd.DataFrame({"year": [2010, 2015], "co2": co2, "gdp": gdp}),
        pressure="co2",
        driver="gdp",
        **options,
    ).iloc[0]


@pytest.mark.parametrize(
    ("co2", "gdp", "elasticity", "state"),
    [
        ((100, 98), (100, 110), -0.2, "strong_decoupling"),
        ((100, 105), (100, 110), 0.5, "weak_decoupling"),
        ((100, 107.9), (100, 110), 0.79, "weak_decoupling"),
        ((100, 108), (100, 110), 0.8, "expansive_coupling"),
        ((1.0, 1.08), (1.0, 1.1), 0.8, "expansive_coupling"),
        ((100, 110), (100, 110), 1.0, "expansive_coupling"),
        ((100, 112), (100, 110), 1.2, "expansive_coupling"),
        ((1.0, 1.12), (1.0, 1.1), 1.2, "expansive_coupling"),
        ((100, 112.1), (100, 110), 1.21, "expansive_negative_decoupling"),
        ((100, 105), (100, 90), -0.5, "strong_negative_decoupling"),
        ((100, 95), (100, 90), 0.5, "weak_negative_decoupling"),
        ((100, 92), (100, 90), 0.8, "recessive_coupling"),
        ((100, 88), (100, 90), 1.2, "recessive_coupling"),
        ((100, 80), (100, 90), 2.0, "recessive_decoupling"),
    ],
)
def test_eight_states_and_their_bounds(co2, gdp, elasticity, state):
    """Tapio (2005), fig. 1: 0.8 and 1.2 belong to coupling, also where binary fractions miss them."""
    found = one_period(co2, gdp)
    assert found["elasticity"] == pytest.approx(elasticity, rel=1e-12)
    assert (found["state"], found["reason"]) == (state, "")


@pytest.mark.parametrize(
    ("co2", "gdp", "state", "elasticity"),
    [
        ((100, 105), (50, 50), "driver_unchanged", math.nan),
        ((100, 105), (0.3, 0.1 + 0.2), "driver_unchanged", math.nan),
        ((100, 100), (50, 60), "pressure_unchanged", 0),
        ((100, 100), (50, 40), "pressure_unchanged", 0),
        ((100, 100), (50, 50), "both_unchanged", math.nan),
    ],
)
def test_cases_without_growth_are_named(co2, gdp, state, elasticity):
    """A driver that does not change has no elasticity, also where the difference is rounding; a pressure has 0."""
    found = one_period(co2, gdp)
    assert found["state"] == state
    assert found["elasticity"] == pytest.approx(elasticity, nan_ok=True)
    assert not np.signbit(found["elasticity"])


@pytest.mark.parametrize(
    ("co2", "gdp", "reason"),
    [
        ((0, 5), (1, 2), "co2 is not above zero in 2010"),
        ((-3, 5), (1, 2), "co2 is not above zero in 2010"),
        ((1, 5), (0, 2), "gdp is not above zero in 2010"),
        ((1, None), (1, 2), "no co2 in 2015"),
        ((None, 1), (1, 2), "no co2 in 2010"),
        ((1, 2), (None, None), "no gdp in 2010"),
    ],
)
def test_what_is_absent_has_its_reason(co2, gdp, reason):
    """No number, or a start at or below zero, gives no elasticity and no state, and says why."""
    found = one_period(co2, gdp)
    assert found["reason"] == reason
    assert found["state"] == ""
    assert (
        found[["pressure_change", "driver_change", "elasticity", "decoupling_factor"]].isna().all()
    )


def test_oecd_factor_by_hand():
    """CO2 per GDP falls from 2 to 1.6: the factor is 0.2 (OECD 2002: 1 less the ratio of the ratios)."""
    assert one_period((100, 96), (50, 60))["decoupling_factor"] == pytest.approx(0.2, rel=1e-12)


@pytest.mark.parametrize(
    ("chained", "periods"),
    [
        (True, [("A", 2000, 2005), ("A", 2005, 2010), ("B", 2001, 2006), ("B", 2006, 2010)]),
        (False, [("A", 2000, 2005), ("A", 2000, 2010), ("B", 2001, 2006), ("B", 2001, 2010)]),
    ],
)
def test_areas_with_other_years_are_compared_in_their_own(chained, periods):
    """Each series is compared along the years of which it has a number; the missing years are said."""
    years = {"A": [2000, 2005, 2010], "B": [2001, 2006, 2010], "C": [2005]}
    table = pd.DataFrame(
        [
            {"area": area, "year": year, "co2": 90.0 + number, "gdp": 50.0 + number}
            for area, known in years.items()
            for number, year in enumerate(known)
        ]
    )
    columns = {"pressure": "co2", "driver": "gdp", "by": "area"}
    found = decouple(table, chained=chained, **columns)
    assert list(found[["area", "from", "to"]].itertuples(index=False, name=None)) == periods
    assert (found["reason"] == "").all()
    for area in ("A", "B"):
        alone = decouple(table[table["area"] == area], chained=chained, **columns)
        pd.testing.assert_frame_equal(found[found["area"] == area].reset_index(drop=True), alone)
    made = ca.decompose(table, "co2 = gdp * co2/gdp", by="area", chained=chained)
    assert set(found[["area", "from", "to"]].itertuples(index=False, name=None)) <= set(
        made.to_frame()[["area", "from", "to"]].itertuples(index=False, name=None)
    )
    assert [str(finding).split(";")[0] for finding in find_gaps(table, **columns)] == [
        "A has no numbers for 2001, 2006: what is there is compared",
        "B has no numbers for 2000, 2005: what is there is compared",
        "C has no numbers for 2000, 2001, 2006, 2010: there is nothing to compare",
    ]
    assert [f"area={finding}" for finding in find_gaps(table, **columns)] == [
        str(finding) for finding in made.findings if finding.rule == "no-numbers"
    ]
    asked = decouple(table, years=[2000, 2010], chained=chained, **columns)
    assert asked["reason"].tolist() == ["", "no co2 in 2000", "no co2 in 2000"]
    with pytest.raises(PanelError, match="no series has numbers in two of year; at least two"):
        decouple(table.groupby("area").head(1), chained=chained, **columns)


def test_arrays_have_no_years_of_their_own():
    """All series of arrays share their years: none lacks one that others have."""
    data = xr.Dataset(
        {"co2": (("area", "year"), [[10.0, np.nan], [10, 12]]), "gdp": ("year", [5.0, 6])},
        coords={"area": ["A", "B"], "year": [2010, 2015]},
    )
    assert find_gaps(data, pressure="co2", driver="gdp") == []
    assert decouple(data, pressure="co2", driver="gdp")["reason"].values.tolist() == [
        ["no co2 in 2015"],
        [""],
    ]


def test_a_year_without_one_of_the_two_is_said():
    """A year of which a series has the pressure alone is a year of it: its periods are blank, with the reason."""
    table = pd.DataFrame(
        {"year": [2000, 2005, 2010], "co2": [1.0, 2.0, 3.0], "gdp": [1.0, None, 2.0]}
    )
    assert decouple(table, pressure="co2", driver="gdp", chained=True)["reason"].tolist() == [
        "no gdp in 2005",
        "no gdp in 2005",
    ]


def test_periods_from_the_first_year_and_chained():
    """By default each year is compared with the first, chained with the one before; years picks some."""
    table = pd.DataFrame(
        {"year": [2000, 2005, 2010, 2015], "co2": [10.0, 12, 13, 12], "gdp": [10.0, 14, 20, 26]}
    )
    from_first, chained, picked = (
        decouple(table, pressure="co2", driver="gdp", **options)
        for options in ({}, {"chained": True}, {"years": [2015, 2005]})
    )
    assert from_first[["from", "to"]].to_numpy().tolist() == [
        [2000, 2005],
        [2000, 2010],
        [2000, 2015],
    ]
    assert chained[["from", "to"]].to_numpy().tolist() == [[2000, 2005], [2005, 2010], [2010, 2015]]
    assert picked[["from", "to"]].to_numpy().tolist() == [[2005, 2015]]
    assert from_first["elasticity"].tolist() == pytest.approx([0.2 / 0.4, 0.3 / 1.0, 0.2 / 1.6])
    assert chained["elasticity"].tolist() == pytest.approx(
        [0.5, (1 / 12) / (6 / 14), (-1 / 13) / (6 / 20)]
    )
    assert picked["state"].tolist() == ["pressure_unchanged"]


def test_the_eight_states_have_names_in_two_languages():
    """The list of states holds Tapio's eight and the three without an elasticity, each named in zh and en."""
    states = pd.read_csv(data_folder() / "vocabulary" / "decoupling_states.csv")
    assert states["id"].is_unique
    assert len(states) == 11
    assert states[["name_zh", "name_en"]].notna().all().all()
    assert states.loc[
        states["source"].str.startswith("Tapio"), "upper"
    ].dropna().unique().tolist() == [0.8, 1.2]


positive = st.floats(0.01, 1e6)
pairs = st.tuples(positive, positive)


@settings(max_examples=60)
@given(
    pairs,
    pairs,
    st.sampled_from([2.0**k for k in (-20, -3, 5, 40)]),
    st.sampled_from([0.25, 512.0]),
)
def test_units_do_not_matter(co2, gdp, scale, other):
    """Another unit of CO2 or of GDP changes neither elasticity nor state nor factor."""
    one = one_period(co2, gdp)
    two = one_period([value * scale for value in co2], [value * other for value in gdp])
    assert two[["elasticity", "state", "decoupling_factor"]].equals(
        one[["elasticity", "state", "decoupling_factor"]]
    )


@settings(max_examples=60)
@given(pairs, pairs)
def test_every_period_has_exactly_one_state(co2, gdp):
    """Whatever the two changes are, one state fits, and its signs are those of the changes."""
    found = one_period(co2, gdp)
    assert found["state"]
    if not found["state"].endswith("unchanged"):
        strong = found["state"].startswith("strong")
        assert (found["elasticity"] < 0) == strong
        assert (found["driver_change"] > 0) == (
            found["state"]
            in {
                "strong_decoupling",
                "weak_decoupling",
                "expansive_coupling",
                "expansive_negative_decoupling",
            }
        )


@settings(max_examples=30)
@given(st.lists(pairs, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_areas_and_rows_in_any_order(numbers, random):
    """Each area's periods are the same whatever the order of the rows."""
    rows = [
        (area, 2000 + year, co2 * (1 + area), gdp)
        for area in range(3)
        for year, (co2, gdp) in enumerate(numbers)
    ]
    table = pd.DataFrame(rows, columns=["area", "year", "co2", "gdp"])
    one, other = (
        decouple(each, pressure="co2", driver="gdp", by="area", chained=True).sort_values(
            ["area", "from"], ignore_index=True
        )
        for each in (table, table.sample(frac=1, random_state=random.randint(0, 2**31)))
    )
    pd.testing.assert_frame_equal(one, other)


def test_arrays_of_different_dims():
    """A Dataset whose GDP has no area is compared with each area's CO2; the periods are a dim."""
    data = xr.Dataset(
        {"co2": (("area", "year"), [[10.0, 9], [10, 12]]), "gdp": ("year", [5.0, 6])},
        coords={"area": ["A", "B"], "year": [2010, 2015]},
    )
    found = decouple(data, pressure="co2", driver="gdp")
    assert found["state"].dims == ("area", "period")
    assert found["state"].sel(area="A").values.tolist() == ["strong_decoupling"]
    assert found["elasticity"].sel(area="B").item() == pytest.approx(1.0)
    assert (found["from"].item(), found["to"].item()) == (2010, 2015)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pressure": "co"}, "no column 'co'; did you mean co2"),
        ({"years": [2010, 2016]}, "no year 2016; did you mean"),
        ({"years": [2010]}, "1 year makes no period; at least two are needed"),
        ({"years": []}, "0 year makes no period"),
        ({"by": "month"}, "no column 'month'; known: year, co2, gdp"),
    ],
)
def test_what_cannot_be_used_is_named(options, message):
    """Unknown columns and years, and a single year, are named."""
    table = pd.DataFrame({"year": [2010, 2015], "co2": [1, 2], "gdp": [1, 2]})
    with pytest.raises(PanelError, match=message):
        decouple(table, **{"pressure": "co2", "driver": "gdp", **options})


def test_effort_by_hand():
    """Growth adds 30 and 10, the rest takes 20 back: an effort of 0.5; total and residual are no effects."""
    effects = pd.DataFrame(
        {
            "area": "A",
            "from": 2010,
            "to": 2015,
            "term": ["population", "gdp/population", "co2/gdp", "total", "residual"],
            "value": [10.0, 30, -20, 20, 0],
        }
    )
    found = measure_effort(effects, driver=["population", "gdp/population"])
    assert found.to_dict("records") == [
        {"area": "A", "from": 2010, "to": 2015, "effort": 0.5, "decoupled": "relative"}
    ]
    assert (
        measure_effort(effects, driver=["population", "gdp/population", "co2/gdp"])["effort"]
        .isna()
        .all()
    )
    with pytest.raises(PanelError, match="no term 'gdp'; did you mean co2/gdp"):
        measure_effort(effects, driver="gdp")
    with pytest.raises(PanelError, match="no column 'term'"):
        measure_effort(effects.drop(columns="term"), driver="gdp")


def test_a_driver_that_ends_at_zero_says_why_there_is_no_factor():
    """Its change is -100 % and has a state; the factor divides by the driver, and names it and the year."""
    table = pd.DataFrame({"year": [2010, 2020], "co2": [100.0, 50.0], "gdp": [10.0, 0.0]})
    found = decouple(table, pressure="co2", driver="gdp").iloc[0]
    assert math.isnan(found["decoupling_factor"])
    assert found["reason"] == "gdp is zero in 2020: the decoupling factor divides by it"
    assert (found["elasticity"], found["state"]) == (0.5, "weak_negative_decoupling")
    gone = decouple(
        table.assign(co2=[100.0, 0.0], gdp=[10.0, 20.0]), pressure="co2", driver="gdp"
    ).iloc[0]
    assert (gone["decoupling_factor"], gone["reason"]) == (1.0, "")


def test_effort_without_an_effect_of_the_driver():
    """Where growth has no effect there is no effort, and no word for it."""
    effects = pd.DataFrame(
        {"from": 2010, "to": 2015, "term": ["gdp", "co2/gdp"], "value": [0.0, -20]}
    )
    found = measure_effort(effects, driver="gdp").iloc[0]
    assert math.isnan(found["effort"])
    assert found["decoupled"] == ""


def test_published_efforts_of_central_asia(real_tables):
    """The 22 years of Central Asia: each published index is the sum of its three parts, and its word is ours.

    The inputs at hand are the region's totals and the published effects are sums over countries, so they cannot be
    computed again from them.
    """
    published = pd.read_csv(
        real_tables / "tapio" / "central_asia_lmdi_decoupling_index_1992_2014.csv"
    )
    words = {"strong": "SD", "relative": "RD", "none": "ND"}
    for part in ("", "_pop", "_int", "_str"):
        assert [words[word] for word in name_effort(published[f"delta{part}"])] == published[
            f"st{part}"
        ].tolist()
    effects = published.melt("period", ["delta_pop", "delta_int", "delta_str"], "term").assign(
        value=lambda rows: -rows["value"]
    )
    effects[["from", "to"]] = effects["period"].str.split("-", expand=True).astype(int)
    driver = effects.drop_duplicates("period").assign(term="gdp", value=1.0)
    found = measure_effort(pd.concat([effects, driver]).drop(columns="period"), driver="gdp")
    assert found["effort"].to_numpy() == pytest.approx(published["delta"].to_numpy(), abs=1.01e-4)


def test_central_asia_states(real_tables):
    """Central Asia 1992-2014: elasticities from the printed changes; eight years are SD in the source."""
    inputs = pd.read_csv(real_tables / "tapio" / "central_asia_1992_2014_inputs.csv")
    levels = 1 + np.vstack([np.zeros(2), inputs[["dC_over_C1992", "dG_over_G1992"]].cumsum()])
    table = pd.DataFrame({"year": range(1992, 2015), "co2": levels[:, 0], "gdp": levels[:, 1]})
    chained = decouple(table, pressure="co2", driver="gdp", chained=True)
    changes = inputs.iloc[:, 1:].to_numpy() / levels[:-1]
    assert chained["elasticity"].tolist() == pytest.approx(
        (changes[:, 0] / changes[:, 1]).tolist(), rel=1e-9
    )
    published = pd.read_csv(
        real_tables / "tapio" / "central_asia_lmdi_decoupling_index_1992_2014.csv"
    )
    assert (chained["state"] == "strong_decoupling").tolist() == (published["st"] == "SD").tolist()
