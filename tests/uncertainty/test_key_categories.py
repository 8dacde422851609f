"""Key categories worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import UncertaintyError
from carbonacct.uncertainty.key_categories import check_trend, find_uneven


def table(**columns):
    """Return five categories with numbers that a person can add up."""
    rows = {
        "category": ["coal", "oil", "gas", "waste", "forest"],
        "gas": "CO2",
        "base": [400.0, 300.0, 200.0, 0.0, -100.0],
        "latest": [300.0, 350.0, 300.0, 10.0, -40.0],
        "activity_uncertainty": [3.0, 4.0, 0.0, 0.0, 30.0],
        "factor_uncertainty": [4.0, 3.0, 10.0, 100.0, 40.0],
    }
    return pd.DataFrame(rows | columns)


def test_level_by_hand():
    """Eq. 4.1: shares of the sum of absolute values, 1000 here; 95 % is reached with the third and needs the fourth."""
    found = ca.find_key_categories(table()).set_index("category")
    assert found["level"].to_dict() == pytest.approx(
        {"oil": 0.35, "coal": 0.30, "gas": 0.30, "forest": 0.04, "waste": 0.01}
    )
    assert list(found.index) == ["oil", "coal", "gas", "forest", "waste"]
    np.testing.assert_allclose(found["level_cumulative"], [0.35, 0.65, 0.95, 0.99, 1.0])
    assert found["level_key"].tolist() == [True, True, True, False, False]


def test_trend_by_hand():
    """Eq. 4.2 and 4.3: sum of absolute base values 1000, total 800 -> 920, a change of 0.15."""
    found = ca.find_key_categories(table()).set_index("category")
    by_hand = {
        "coal": 0.4 * abs(-0.25 - 0.15),
        "oil": 0.3 * abs(50 / 300 - 0.15),
        "gas": 0.2 * abs(0.5 - 0.15),
        "waste": 10 / 1000,
        "forest": 0.1 * abs(0.6 - 0.15),
    }
    assert found["trend"].to_dict() == pytest.approx(by_hand)
    # 0.16, 0.07, 0.045, 0.01, 0.005 of 0.29: 95 % is 0.2755, reached by the fourth... 0.275 + 0.01
    assert [name for name in found.index if found["trend_key"][name]] == [
        "coal",
        "gas",
        "forest",
        "waste",
    ]


def test_uncertainty_weighs_in_approach_2():
    """Eq. 4.4, level x combined uncertainty: 1.75, 1.5, 3, 1, 2 of 9.25; 90 % takes all five, 85 % four."""
    found = ca.find_key_categories(table(), approach=2).set_index("category")
    by_hand = {
        "oil": 0.35 * 5,
        "coal": 0.3 * 5,
        "gas": 0.3 * 10,
        "waste": 0.01 * 100,
        "forest": 0.04 * 50,
    }
    assert found["level"].to_dict() == pytest.approx(
        {name: value / 9.25 for name, value in by_hand.items()}
    )
    assert list(found.index) == ["gas", "forest", "oil", "coal", "waste"]
    assert found["level_key"].all()
    assert ca.find_key_categories(table(), approach=2, threshold=0.85)["level_key"].tolist() == [
        True,
        True,
        True,
        True,
        False,
    ]


def test_uncertainty_weighs_in_the_trend_of_approach_2():
    """Eq. 4.5: trend x combined uncertainty: 0.8, 0.025, 0.7, 1 and 2.25 of 4.775; 90 % is reached with the fourth."""
    found = ca.find_key_categories(table(), approach=2).set_index("category")
    by_hand = {
        "coal": 0.16 * 5,
        "oil": 0.005 * 5,
        "gas": 0.07 * 10,
        "waste": 0.01 * 100,
        "forest": 0.045 * 50,
    }
    assert found["trend"].to_dict() == pytest.approx(by_hand)
    contributions = {name: value / 4.775 for name, value in by_hand.items()}
    assert found["trend_contribution"].to_dict() == pytest.approx(contributions)
    assert found.index[~found["trend_key"]].tolist() == ["oil"]
    assert found.loc["gas", "criteria"] == "L2, T2"


@pytest.mark.parametrize("scale", [1e-9, 1e9])
@pytest.mark.parametrize("approach", [1, 2])
def test_what_is_key_has_no_unit(scale, approach):
    """Grams or gigatonnes, in any order of the rows."""
    plain = ca.find_key_categories(table(), approach=approach)
    given = table().iloc[::-1].reset_index(drop=True)
    scaled = ca.find_key_categories(
        given.assign(base=given["base"] * scale, latest=given["latest"] * scale), approach=approach
    )
    both = [one.sort_values("category").reset_index(drop=True) for one in (plain, scaled)]
    columns = [
        "category",
        "level",
        "level_key",
        "trend",
        "trend_contribution",
        "trend_key",
        "criteria",
    ]
    pd.testing.assert_frame_equal(both[0][columns], both[1][columns])


def test_criteria_and_qualitative_column():
    """Each category says by what it is key; a reason of the compiler's own makes one key as well."""
    found = ca.find_key_categories(table(), qualitative={"waste": "new plant in 2021"}).set_index(
        "category"
    )["criteria"]
    assert found.to_dict() == {
        "oil": "L1",
        "coal": "L1, T1",
        "gas": "L1, T1",
        "forest": "T1",
        "waste": "T1, Q",
    }
    with pytest.raises(UncertaintyError, match="no category 'wast' to be key"):
        ca.find_key_categories(table(), qualitative={"wast": "?"})


def test_no_base_year():
    """Without a base year there is a level assessment and no trend."""
    found = ca.find_key_categories(table(base=np.nan))
    assert found["trend"].isna().all()
    assert not found["trend_key"].any()
    assert found["level_key"].sum() == 3


@pytest.mark.parametrize("year", ["base", "latest"])
def test_absent_is_no_zero_in_the_trend(year):
    """A fuel that lacks one year leaves every category without a trend; the reason names it.

    The level is of the numbers that are there.
    """
    numbers = table()[year].where(table()["category"] != "gas")
    rows = table(**{year: numbers})
    found = ca.find_key_categories(rows).set_index("category")
    assert found["trend"].isna().all()
    assert not found["trend_key"].any()
    whole = 1000 if year == "base" else 700
    assert found["level"]["coal"] == pytest.approx(300 / whole)
    assert np.isnan(found["level"]["gas"]) == (year == "latest")
    (said,) = check_trend(rows, area="A", base=2019, latest=2020)
    assert (said.rule, said.severity) == ("trend-coverage", "warning")
    assert "A has no trend from 2019 to 2020: one of the two years has no number of gas" in str(
        said
    )


def test_a_small_category_without_a_number_is_left_out_of_both_years():
    """Waste, 5 of 915: the others change from 800 to 910, 13.75 %."""
    rows = table(
        base=[400.0, 300.0, 200.0, np.nan, -100.0], latest=[300.0, 350.0, 300.0, 5.0, -40.0]
    )
    found = ca.find_key_categories(rows).set_index("category")
    assert found["trend"]["coal"] == pytest.approx(0.4 * abs(-0.25 - 0.1375))
    assert np.isnan(found["trend"]["waste"])
    assert not found["trend_key"]["waste"]
    assert found["trend_contribution"].sum() == pytest.approx(1)
    assert check_trend(rows, area="A", base=2019, latest=2020) == []
    assert len(check_trend(rows, area="A", base=2019, latest=2020, least=0)) == 1


def test_all_emissions_but_key_ones_are_small():
    """What is not key adds up to less than 5 %, for any threshold in between likewise."""
    found = ca.find_key_categories(table())
    assert found.loc[~found["level_key"], "level"].sum() <= 0.05 + 1e-12
    half = ca.find_key_categories(table(), threshold=0.5)
    assert half["level_key"].sum() == 2


def test_words_that_do_not_exist():
    """An approach or a threshold that there is not is one line."""
    with pytest.raises(UncertaintyError, match="no approach 3"):
        ca.find_key_categories(table(), approach=3)
    with pytest.raises(UncertaintyError, match="threshold 95 is not a part"):
        ca.find_key_categories(table(), threshold=95)


def test_category_level_of_an_inventory():
    """Fuel combustion is taken by main fuel, transport as one row where the balance prints one; nothing is lost."""
    model = ca.model_inventory(
        ca.compile_inventory("docs/tables/beijing_2007.csv", method="ipcc-2006")
    )
    rows = ca.tabulate_categories(model)
    assert {"1.A.1 solid", "1.A.2 liquid", "1.A.3", "1.A.4 gas"} <= set(rows["category"])
    assert not rows["category"].str.contains("1.A.3 ").any()
    assert rows["latest"].sum() == pytest.approx(model.value.sum(), rel=1e-12)


def test_a_category_without_a_factor_shared_has_the_uncertainty_of_its_rows():
    """All gas of 1.A.4 has one factor of (54300 to 58300): the factor uncertainty is half that range in percent."""
    model = ca.model_inventory(
        ca.compile_inventory("docs/tables/beijing_2007.csv", method="ipcc-2006"), exact=True
    )
    rows = ca.tabulate_categories(model).set_index("category")
    assert rows["factor_uncertainty"]["1.A.4 gas"] == pytest.approx(
        100 * (58300 - 54300) / 2 / 56100, rel=1e-12
    )


@pytest.mark.parametrize(
    ("base", "latest", "uneven"),
    [
        # Small is measured by the larger of both totals, in whichever year that is, and by its size.
        ([1000.0, None], [5.0, 9.0], []),
        ([1000.0, None], [5.0, 11.0], ["b"]),
        ([5.0, 9.0], [1000.0, None], []),
        ([5.0, 11.0], [1000.0, None], ["b"]),
        ([-1000.0, None], [-5.0, -11.0], ["b"]),
        ([1000.0, None], [5.0, None], []),
        ([None, None], [5.0, 100.0], []),  # no base year
    ],
)
def test_which_categories_one_year_lacks(base, latest, uneven):
    """A hundredth of 1000 is 10."""
    rows = pd.DataFrame({"category": ["a", "b"], "base": base, "latest": latest}).astype(
        {"base": float, "latest": float}
    )
    assert find_uneven(rows, least=0.01) == uneven
