"""Results under their labels: areas that lack years or labels, chains of their own ends, and rows in their order."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.analysis.attribution import list_contributions

IDENTITY = "co2 = use * factor"
# Of each area, group and fuel the use by year; the factor is 2 of coal and 1 of gas.
USES = {
    ("B", "y", "coal"): {2000: 1, 2010: 4, 2020: 8},
    ("B", "y", "gas"): {2000: 2, 2010: 2, 2020: 5},
    ("A", "x", "coal"): {2010: 3, 2020: 9},
    ("A", "x", "gas"): {2010: 6, 2020: 3},
    ("A", "y", "coal"): {2000: 5, 2020: 10},
    ("A", "y", "gas"): {2000: 7, 2020: 7},
}
PANEL = pd.DataFrame(
    [
        (area, group, fuel, year, float(use), 2.0 if fuel == "coal" else 1.0)
        for (area, group, fuel), years in USES.items()
        for year, use in years.items()
    ],
    columns=["area", "group", "fuel", "year", "use", "factor"],
)
FACTOR = {"coal": 2, "gas": 1}


def emissions(area, group, year):
    """Return the CO2 of an area and group in a year."""
    return sum(
        FACTOR[fuel] * years[year]
        for (a, g, fuel), years in USES.items()
        if (a, g) == (area, group)
    )


STEPS = [
    ("B", "y", 2000, 2010),
    ("B", "y", 2010, 2020),
    ("B", "y", 2000, 2020),
    ("A", "x", 2010, 2020),
    ("A", "y", 2000, 2020),
]


@pytest.mark.parametrize("form", ["additive", "multiplicative"])
def test_each_area_has_the_steps_and_the_ends_that_it_has(form):
    """Its chain runs from its own first year to its own last; what is one step is there once, and no others are."""
    rows = ca.decompose(
        PANEL, IDENTITY, by=["area", "group"], sum_over="fuel", chained=True, form=form
    ).to_frame()
    assert list(rows) == ["area", "group", "from", "to", "term", "value"]
    totals = rows[rows["term"] == "total"]
    held = {tuple(row[:4]): row[5] for row in totals.itertuples(index=False)}
    assert sorted(held) == sorted(STEPS)
    assert len(totals) == len(STEPS)
    for (area, group, before, after), value in held.items():
        ends = emissions(area, group, after), emissions(area, group, before)
        assert value == pytest.approx(
            ends[0] - ends[1] if form == "additive" else ends[0] / ends[1]
        )


def test_rows_stand_by_label_then_by_step():
    """Labels as in the panel, steps by year, then the chained result; terms in the order of the formula."""
    rows = ca.decompose(
        PANEL, IDENTITY, by=["area", "group"], sum_over="fuel", chained=True
    ).to_frame()
    first = PANEL[["area", "group"]].drop_duplicates()
    order = rows[["area", "group", "from", "to"]].drop_duplicates().to_numpy().tolist()
    areas = list(dict.fromkeys(row[0] for row in order))
    assert areas == list(dict.fromkeys(first["area"]))
    assert [row[2:] for row in order if row[:2] == ["B", "y"]] == [
        [2000, 2010],
        [2010, 2020],
        [2000, 2020],
    ]
    for _, own in rows.groupby(["area", "group", "from", "to"]):
        assert own["term"].tolist() == ["use", "factor", "total", "residual"]
    assert rows.index.tolist() == list(range(len(rows)))
    assert rows["value"].notna().all()


def test_what_no_area_has_is_blank_in_the_arrays():
    """B has no group x: its cells are absent, in the steps, in the chain and in the ends of the chain."""
    made = ca.decompose(PANEL, IDENTITY, by=["area", "group"], sum_over="fuel", chained=True)
    for array in (made.effects, made.start, made.total, made.chain):
        assert np.isnan(array.sel(area="B", group="x")).all()
    assert math.isnan(made.chain["from"].sel(area="B", group="x").item())
    assert made.chain["from"].sel(area="A", group="x").item() == 2010
    assert made.chain["from"].sel(area="A", group="y").item() == 2000
    assert made.chain["to"].sel(area="A", group="x").item() == 2020
    alone = ca.decompose(PANEL[PANEL["area"] == "B"], IDENTITY, sum_over="fuel", chained=True)
    assert alone.chain.dims == ("term",)
    assert (alone.chain["from"].item(), alone.chain["to"].item()) == (2000, 2020)
    assert alone.chain.sel(term="total").item() == emissions("B", "y", 2020) - emissions(
        "B", "y", 2000
    )


@pytest.mark.parametrize("form", ["additive", "multiplicative"])
@pytest.mark.parametrize("chained", [False, True])
def test_contributions_of_labels_make_the_effects(form, chained):
    """Contributions of fuels add or multiply up to the effect, step by step and chained.

    Each label has its own total.
    """
    made = ca.decompose(
        PANEL, IDENTITY, by=["area", "group"], sum_over="fuel", chained=chained, form=form
    )
    rows = list_contributions(made, "fuel")
    assert list(rows) == ["area", "group", "fuel", "from", "to", "term", "value"]
    keys = ["area", "group", "from", "to", "term"]
    join = "sum" if form == "additive" else "prod"
    sums = rows.groupby(keys)["value"].agg(join)
    whole = made.to_frame().set_index(keys)["value"].drop("residual", level="term")
    assert sums.sort_index().index.tolist() == whole.sort_index().index.tolist()
    assert sums.sort_index().tolist() == pytest.approx(whole.sort_index().tolist())
    own = (
        rows[rows["term"] != "total"]
        .groupby(["area", "group", "fuel", "from", "to"])["value"]
        .agg(join)
    )
    totals = rows[rows["term"] == "total"].set_index(["area", "group", "fuel", "from", "to"])[
        "value"
    ]
    assert own.sort_index().tolist() == pytest.approx(totals.sort_index().tolist())
    if form == "additive":
        coal = totals.sort_index()["B", "y", "coal"]
        for (begin, end), value in coal.items():
            assert value == pytest.approx(
                2 * (USES["B", "y", "coal"][end] - USES["B", "y", "coal"][begin])
            )
        assert len(coal) == (3 if chained else 2)


def test_a_label_that_an_area_never_had_contributes_nothing():
    """It has no rows, though others have it; the order of the panel's rows is no matter."""
    part = PANEL[(PANEL["area"] != "B") | (PANEL["fuel"] != "gas")]
    for seed in range(3):
        made = ca.decompose(
            part.sample(frac=1, random_state=seed),
            IDENTITY,
            by=["area", "group"],
            sum_over="fuel",
            chained=True,
        )
        rows = list_contributions(made, "fuel")
        own = (
            rows[rows["area"] == "B"]
            .groupby("fuel")["value"]
            .agg(lambda values: values.abs().sum())
        )
        assert own.get("gas", 0.0) == 0
        assert own["coal"] > 0


def test_pairs_stand_under_what_is_compared():
    """Every two of three areas, each with its own change."""
    panel = pd.DataFrame(
        {"area": ["u", "v", "w"], "use": [1.0, 2.0, 4.0], "factor": [3.0, 3.0, 3.0]}
    )
    made = ca.decompose(panel, IDENTITY, over="area", reference="pairs")
    ends = zip(made.total["from"].values, made.total["to"].values, strict=True)
    found = dict(zip(ends, made.total.values.tolist(), strict=True))
    uses = dict(zip(panel["area"], panel["use"], strict=True))
    assert found == {(a, b): 3 * (uses[b] - uses[a]) for a, b in itertools.combinations("uvw", 2)}


@pytest.mark.parametrize(
    "years",
    [
        [[1, 4], [1, 2]],
        [[1, 3], [2, 4]],
        [[1, 2, 4], [3, 4]],
        [[4, 1], [2, 3, 4, 1]],
        [[1, 6], [2, 3, 4, 5]],
    ],
)
def test_areas_of_other_years_have_their_own_numbers(years):
    """Whichever years an area lacks, its change is that between its own first and each of its others."""
    rows = [
        (area, year, 10.0 * place + year**2, 2.0)
        for place, (area, own) in enumerate(zip("xy", years, strict=True))
        for year in own
    ]
    panel = pd.DataFrame(rows, columns=["area", "year", "use", "factor"])
    made = ca.decompose(panel, IDENTITY, by="area").to_frame()
    found = {
        tuple(row[:3]): row[4] for row in made[made["term"] == "total"].itertuples(index=False)
    }
    assert found == {
        (area, min(own), year): 2 * (year**2 - min(own) ** 2)
        for area, own in zip("xy", years, strict=True)
        for year in own
        if year > min(own)
    }
