"""What an input does to a total or to a trend, by hand; parts of an interval that are shown."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import UncertaintyError
from carbonacct.uncertainty.contributions import name_place, rank_contributions
from carbonacct.uncertainty.interval_parts import COLUMNS, list_all_parts, list_parts


def model_of(rows, cvs, *, noise=0.0):
    """Return a model of cells (year, flow, value, factor); ``noise`` is the uncertainty of each activity."""
    cells = pd.DataFrame([row[:3] for row in rows], columns=["year", "flow", "value"]).assign(
        area="A", product="coal"
    )
    inputs = [
        ca.DrawInput(
            f"t.csv:{n} 1", "emission_factor", f"coal {n}", ca.fit_cv(20.0, cv, kind="normal")
        )
        for n, cv in enumerate(cvs)
    ]
    options = {}
    if noise:
        options = {
            "activity": [ca.fit_cv(1.0, noise, kind="normal")],
            "activity_of": np.zeros(len(rows), int),
        }
    return ca.build_model(cells, inputs, np.array([[row[3]] for row in rows]), **options)


ROWS = [
    (2019, "industry", 100.0, 0),
    (2019, "transport", 50.0, 1),
    (2020, "industry", 120.0, 0),
    (2020, "transport", 80.0, 1),
]


def test_effects_on_a_total_by_hand():
    """200 t of 2020: 120 x 10 % and 80 x 20 %; both are in two years, of which one is asked for."""
    ranked = rank_contributions(model_of(ROWS, [0.1, 0.2]), where={"year": 2020})
    assert ranked.index.to_list() == [0, 1, 2]
    ranked = ranked.set_index("input")
    variance = 12.0**2 + 16.0**2
    assert ranked["sd"].iloc[:2].to_dict() == pytest.approx({"t.csv:1 1": 16.0, "t.csv:0 1": 12.0})
    assert ranked["share"].iloc[:2].to_list() == pytest.approx([256 / variance, 144 / variance])
    assert ranked["cells"].iloc[:2].to_list() == [1, 1]
    assert ranked["item"].iloc[:2].to_list() == ["coal 1", "coal 0"]
    assert ranked.loc["interactions", "share"] == pytest.approx(0, abs=1e-9)
    assert ranked["cumulative"].iloc[-1] == pytest.approx(1)
    whole = rank_contributions(model_of(ROWS, [0.1, 0.2])).set_index("input")
    assert whole["sd"].iloc[:2].to_dict() == pytest.approx({"t.csv:1 1": 26.0, "t.csv:0 1": 22.0})
    assert whole["cells"].iloc[:2].to_list() == [2, 2]


def test_effects_on_a_trend_by_hand():
    """150 to 200 t: 100 / C dD - 100 D / C^2 dC; a factor that grew as the whole did would cancel."""
    ranked = rank_contributions(model_of(ROWS, [0.1, 0.2]), trend=(2019, 2020)).set_index("input")
    base, latest = 150.0, 200.0
    effects = {
        f"t.csv:{n} 1": abs(100 * new / base - 100 * old * latest / base**2) * cv
        for n, (old, new, cv) in enumerate(((100.0, 120.0, 0.1), (50.0, 80.0, 0.2)))
    }
    assert ranked["sd"].drop("interactions").to_dict() == pytest.approx(effects)
    same = model_of([(2019, "industry", 100.0, 0), (2020, "industry", 130.0, 0)], [0.1])
    with pytest.raises(UncertaintyError, match="nothing here is uncertain"):
        rank_contributions(same, trend=(2019, 2020))
    nothing = model_of([(2019, "industry", 0.0, 0), (2020, "industry", 130.0, 0)], [0.1])
    with pytest.raises(
        UncertaintyError, match="the total of 2019 is 0; a trend in percent needs a base"
    ):
        rank_contributions(nothing, trend=(2019, 2020))


def test_a_trend_is_between_years_of_the_same_categories():
    """Diesel of transport in one year alone is no growth from zero; a table of another area does not matter."""
    rows = [
        ("A", 2019, "industry", "raw_coal", 100.0),
        ("A", 2020, "industry", "raw_coal", 120.0),
        ("A", 2020, "transport", "diesel", 10.0),
        ("B", 2019, "industry", "raw_coal", 10.0),
        ("B", 2020, "industry", "raw_coal", 12.0),
    ]
    table = pd.DataFrame(rows, columns=["area", "year", "flow", "product", "value"]).assign(
        unit="万吨"
    )
    model = ca.model_inventory(ca.compile_inventory(table, method="ipcc-2006"))
    with pytest.raises(UncertaintyError, match=r"A has no trend from 2019 to 2020: .* 1\.A\.3"):
        rank_contributions(model, where={"area": "A"}, trend=(2019, 2020))
    with pytest.raises(UncertaintyError, match="A has no trend"):
        rank_contributions(model, trend=(2019, 2020))
    assert len(rank_contributions(model, where={"flow": "industry"}, trend=(2019, 2020)))
    assert len(rank_contributions(model, where={"area": "B"}, trend=(2019, 2020)))


def test_activities_are_ranked_beside_factors():
    """Each activity is its own: 120 x 5 % and 80 x 5 % beside the factors."""
    model = model_of(ROWS, [0.1, 0.2], noise=0.05)
    ranked = rank_contributions(model, where={"year": 2020})
    assert ranked["kind"].to_list() == ["factor", "factor", "activity", "activity", ""]
    assert ranked["sd"].to_list()[:4] == pytest.approx([16.0, 12.0, 6.0, 4.0])
    assert [set(name.split()) for name in ranked["input"].to_list()[2:4]] == [
        {"activity:", "A", "2020", flow, "coal"} for flow in ("industry", "transport")
    ]
    variance = sum(sd**2 for sd in (16, 12, 6, 4))
    rest = (12 * 0.05) ** 2 + (16 * 0.05) ** 2  # a factor and an activity that are both off
    assert ranked["share"].iloc[-1] == pytest.approx(rest / (variance + rest))
    assert sum(ranked["share"]) == pytest.approx(1)


def test_nothing_uncertain_is_refused_and_so_is_a_label_that_is_none():
    """No variance to share out."""
    certain = model_of([(2020, "industry", 100.0, 0)], [0.0])
    with pytest.raises(
        UncertaintyError, match="nothing here is uncertain: the cells have no bounds"
    ):
        rank_contributions(certain)
    with pytest.raises(UncertaintyError):
        rank_contributions(model_of(ROWS, [0.1, 0.2]), where={"year": 1999})


def test_the_parts_of_an_interval_and_their_rest():
    """The six with the most of the variance by name, the others as one; together they are all of it."""
    cvs = [0.02 * (n + 1) for n in range(8)]
    rows = [(2020, f"flow {n}", 100.0, n) for n in range(8)]
    found = list_parts(model_of(rows, cvs), "A", 2020)
    assert found["kind"].to_list() == ["factor"] * 6 + ["rest"]
    assert found["place"].to_list()[:6] == [f"t.csv:{n}" for n in (7, 6, 5, 4, 3, 2)]
    assert found["symbol"].iloc[0] == "emission_factor"
    assert found["share"].sum() == pytest.approx(1)
    assert found["sd"].iloc[0] == pytest.approx(16.0)
    assert found["half_width"].iloc[0] == pytest.approx(100 * 1.96 * 0.16, rel=1e-4)
    assert found["sd"].iloc[-1] == pytest.approx(math.hypot(2.0, 4.0), rel=1e-6)
    assert found["share"].iloc[-1] == pytest.approx(
        20 / sum((2.0 * (n + 1)) ** 2 for n in range(8))
    )


def test_an_activity_is_shown_by_its_labels():
    """Flow and product of the balance, and half of its range in percent."""
    found = list_parts(model_of(ROWS, [0.01, 0.01], noise=0.05), "A", 2020)
    own = found[found["kind"] == "activity"]
    assert own[["flow", "product"]].to_numpy().tolist() == [
        ["industry", "coal"],
        ["transport", "coal"],
    ]
    assert own["half_width"].to_list() == pytest.approx([9.8, 9.8], abs=0.01)
    assert own["cells"].to_list() == [1, 1]


@pytest.mark.parametrize(("count", "is_shown"), [(60, True), (61, False)])
def test_intervals_of_too_many_areas_are_not_taken_apart(count, is_shown):
    """Sixty areas and years at most; one without a range has no parts."""
    intervals = pd.DataFrame(
        {
            "area": "A",
            "year": [2019, 2020] * (count // 2) + [2020] * (count % 2),
            "lower": 1.0,
            "upper": 2.0,
        }
    )
    found = list_all_parts(model_of(ROWS, [0.1, 0.2]), intervals, "CO2")
    assert list(found.columns) == list(COLUMNS)
    assert bool(len(found)) is is_shown
    none = list_all_parts(model_of(ROWS, [0.1, 0.2]), intervals.head(2).assign(upper=1.0), "CO2")
    assert none.empty
    assert list(none.columns) == list(COLUMNS)
    one = list_all_parts(
        model_of(ROWS, [0.1, 0.2]), intervals.head(2).assign(upper=[1.0, 2.0]), "CO2"
    )
    assert one[["area", "year", "gas"]].drop_duplicates().to_numpy().tolist() == [
        ["A", 2020, "CO2"]
    ]


def test_the_name_of_a_place_has_no_gas_where_there_are_several():
    """The gases of one fuel have one activity."""
    cells = pd.DataFrame({"area": "A", "year": 2020, "gas": ["CO2", "CH4"], "value": [1.0, 2.0]})
    two = ca.build_model(cells, [], np.empty((2, 0), int))
    assert name_place(two, 0) == "A 2020"
    one = ca.build_model(cells.head(1), [], np.empty((1, 0), int))
    assert name_place(one, 0) == "A 2020 CO2"
