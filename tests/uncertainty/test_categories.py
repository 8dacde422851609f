"""Cells put together to the categories of the key category analysis, by hand; ranges that rows of a kind take."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import UncertaintyError
from carbonacct.factors import load_edition
from carbonacct.inventory.entry_columns import make_entries
from carbonacct.inventory.factor_cells import FactorCells, IndexShare
from carbonacct.uncertainty.category_uncertainty import find_level, tabulate_categories
from carbonacct.uncertainty.default_ranges import find_bounding_edition, find_default_range
from carbonacct.uncertainty.index_choice import find_index_choices
from carbonacct.uncertainty.record_categories import name_levels, tabulate_entries

Z = 1.959963984540054


@pytest.mark.parametrize(
    ("category", "fuel", "level"),
    [
        # IPCC 2006, Vol. 1, Ch. 4, table 4.1: combustion by main fuel, transport by mode, others by the third level.
        ("1.A.1.a.i", "solid", "1.A.1 solid"),
        ("1.A.2", "gas", "1.A.2 gas"),
        ("1.A.2.f", "liquid", "1.A.2 liquid"),
        ("1.A.3", "liquid", "1.A.3"),
        ("1.A.3.b", "liquid", "1.A.3.b"),
        ("1.A.4.b", "solid", "1.A.4 solid"),
        ("2.A.1", "", "2.A.1"),
        ("2.B.9.b", "", "2.B.9"),
        ("3.B.1.a", "", "3.B.1.a"),
        ("3.A.2.b", "", "3.A.2"),
        ("4.A", "", "4.A"),
        ("9.Z", "solid", "9.Z solid"),  # of no table: with its fuel
        ("1.A.10", "solid", "1.A.10 solid"),  # no part of 1.A.1
    ],
)
def test_the_level_of_a_category(category, fuel, level):
    """Which row of the analysis it is in."""
    assert find_level(category, fuel) == level


def model_of(rows, cvs, *, noise=0.0, drawn=False):
    """Return a model of cells; with ``drawn`` their activities are inputs, not noise.

    A row holds year, category, fuel, gas, value and factor.
    """
    cells = pd.DataFrame(
        [row[:5] for row in rows], columns=["year", "category", "fuel", "gas", "value"]
    ).assign(area="A")
    inputs = [
        ca.DrawInput(f"f{n}", "emission_factor", "coal", ca.fit_cv(2.0, cv, kind="normal"))
        for n, cv in enumerate(cvs)
    ]
    uses = np.array([[row[5]] for row in rows])
    options = {}
    if drawn:
        inputs.append(
            ca.DrawInput("activity: all", "activity", "", ca.fit_cv(1.0, noise, kind="normal"))
        )
        uses = np.concatenate([uses, np.full((len(rows), 1), len(cvs))], axis=1)
    elif noise:
        options = {
            "activity": [ca.fit_cv(1.0, noise, kind="normal")],
            "activity_of": np.zeros(len(rows), int),
        }
    return ca.build_model(cells, inputs, uses, **options)


ROWS = [
    (2019, "1.A.1.a.i", "solid", "CO2", 100.0, 0),
    (2019, "1.A.2", "solid", "CO2", 50.0, 0),
    (2020, "1.A.1.a.i", "solid", "CO2", 120.0, 0),
    (2020, "1.A.1.b", "solid", "CO2", 30.0, 1),
    (2020, "1.A.3.b", "liquid", "CO2", 40.0, 1),
    (2020, "1.A.3.b", "liquid", "CH4", 4.0, 1),
]


def test_categories_with_their_uncertainties_by_hand():
    """Two plants of one category with rows of their own, gases apart; an ended category keeps its base year."""
    table = tabulate_categories(model_of(ROWS, [0.1, 0.2], noise=0.05), latest=2020, base=2019)
    rows = table.set_index(["category", "gas"])
    assert list(rows.index) == [
        ("1.A.1 solid", "CO2"),
        ("1.A.2 solid", "CO2"),
        ("1.A.3.b", "CH4"),
        ("1.A.3.b", "CO2"),
    ]
    plants = rows.loc[("1.A.1 solid", "CO2")]
    assert (plants["base"], plants["latest"]) == (100.0, 150.0)
    assert plants["factor_uncertainty"] == pytest.approx(
        100 * Z * math.hypot(120 * 0.1, 30 * 0.2) / 150
    )
    noise = math.hypot(120 * 0.05 * math.sqrt(1.01), 30 * 0.05 * math.sqrt(1.04))
    assert plants["activity_uncertainty"] == pytest.approx(100 * Z * noise / 150)
    ended = rows.loc[("1.A.2 solid", "CO2")]
    assert ended["base"] == 50.0
    assert math.isnan(ended["latest"])
    assert ended["factor_uncertainty"] == pytest.approx(100 * Z * 0.1)
    assert rows.loc[("1.A.3.b", "CH4"), ["base", "latest"]].to_list() == pytest.approx(
        [math.nan, 4.0], nan_ok=True
    )
    assert rows.loc[("1.A.3.b", "CH4"), "factor_uncertainty"] == pytest.approx(100 * Z * 0.2)


def test_without_a_base_year_there_is_none():
    """The latest alone; a category that has ended is no row."""
    table = tabulate_categories(model_of(ROWS, [0.1, 0.2]), latest=2020)
    assert table["base"].isna().all()
    assert table["category"].to_list() == ["1.A.1 solid", "1.A.3.b", "1.A.3.b"]
    assert (table["activity_uncertainty"] == 0).all()


def test_activities_that_are_drawn_count_as_activity():
    """One error of all activities, an input of the model: 5 % beside the factors' 10 %."""
    rows = tabulate_categories(model_of(ROWS[:1], [0.1], noise=0.05, drawn=True), latest=2019).iloc[
        0
    ]
    assert rows["factor_uncertainty"] == pytest.approx(100 * Z * 0.1, rel=1e-6)
    assert rows["activity_uncertainty"] == pytest.approx(
        100 * Z * math.sqrt(1.01 * 1.0025 - 1 - 0.01), rel=1e-6
    )


def test_a_model_without_categories_is_refused():
    """Made by hand, of areas alone."""
    model = ca.build_model(
        pd.DataFrame({"area": ["A"], "year": [2020], "value": [1.0]}), [], np.empty((1, 0), int)
    )
    with pytest.raises(
        UncertaintyError, match="the model has no category and fuel; make it with model_inventory"
    ):
        tabulate_categories(model)


def record(*rows):
    """Return a record of entries (year, sector, flow, product, category, gas, value)."""
    names = ["year", "sector", "flow", "product", "category", "gas", "value"]
    return ca.Inventory(
        make_entries(
            {"area": "A", **dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))}
        )
    )


ENTRIES = [
    (2019, "energy", "industry", "raw_coal", "1.A.2", "CO2", 50.0),
    (2020, "energy", "industry", "raw_coal", "1.A.2", "CO2", 60.0),
    (2020, "energy", "industry", "coke", "1.A.2", "CO2", 5.0),
    (2020, "processes", "cement", "", "2.A.1", "CO2", 7.0),
    (2020, "land", "forest", "fir", "3.B.1.a", "CO2", -9.0),
    (2020, "waste", "landfill", "", "4.A", "CH4", 2.0),
]


def test_entries_of_all_sectors_by_hand():
    """Coal and coke are one row of solid fuels; removals stay below 0; methane is weighted by 28 (AR5, 100 years)."""
    table = tabulate_entries(record(*ENTRIES), gwp="AR5GWP100", area="A", latest=2020, base=2019)
    found = table.set_index("category")
    assert found["latest"].to_dict() == pytest.approx(
        {"1.A.2 solid": 65.0, "2.A.1": 7.0, "3.B.1.a": -9.0, "4.A": 2 * 28.0}
    )
    nothing = pytest.approx(math.nan, nan_ok=True)
    assert found["base"].to_dict() == {
        "1.A.2 solid": 50.0,
        "2.A.1": nothing,
        "3.B.1.a": nothing,
        "4.A": nothing,
    }
    alone = tabulate_entries(record(*ENTRIES[:3]), gwp=None, area="A", latest=2020)
    assert alone["base"].isna().all()
    assert alone["latest"].to_list() == [65.0]


def test_what_does_not_occur_in_a_year_is_zero():
    """NO is an answer: cement that began in 2020 has a change; one that nobody estimated has none."""
    made = record(
        *ENTRIES[:2], (2019, "processes", "cement", "", "2.A.1", "CO2", math.nan), ENTRIES[3]
    )
    for key, base in (("NO", 0.0), ("NE", math.nan)):
        notation = ["", "", key, ""]
        noted = ca.Inventory(made.entries.assign(notation=pd.Categorical(notation)))
        table = tabulate_entries(noted, gwp=None, area="A", latest=2020, base=2019).set_index(
            "category"
        )
        assert table.loc["2.A.1", "base"] == pytest.approx(base, nan_ok=True)
        assert table.loc["2.A.1", "latest"] == 7.0


@pytest.mark.parametrize(
    "more",
    [
        {"kind": ["emission", "memo"]},
        {"scope": [1, 2]},
        {"area": ["A", "B"]},
        {"value": [60.0, np.nan]},
    ],
)
def test_what_is_in_no_total_is_in_no_row(more):
    """Memo items, scope 2, other areas, and what has no number."""
    columns = {
        "area": "A",
        "year": 2020,
        "sector": "energy",
        "flow": ["industry", "other"],
        "product": "raw_coal",
    }
    columns |= {"category": "1.A.2", "gas": "CO2", "value": [60.0, 5.0]} | more
    table = tabulate_entries(ca.Inventory(make_entries(columns)), gwp=None, area="A", latest=2020)
    assert table["latest"].to_list() == [60.0]


def test_several_gases_need_a_metric_and_a_year_needs_entries():
    """Named by the person; a year without anything is said."""
    with pytest.raises(
        UncertaintyError, match="gases are ranked against each other by a metric, and none is named"
    ):
        tabulate_entries(record(*ENTRIES), gwp=None, area="A", latest=2020)
    with pytest.raises(UncertaintyError, match="the inventory has nothing of A in 2018"):
        tabulate_entries(record(*ENTRIES), gwp="AR5GWP100", area="A", latest=2020, base=2018)
    assert name_levels(record(*ENTRIES).entries)[:3] == ["1.A.2 solid"] * 3


# --- the choice of an index


def parts_of(*shares):
    """Return cells with the shares of indices: (area, index, share, low, high)."""
    cells = pd.DataFrame({"area": [one[0] for one in shares], "year": 2020})
    held = {n: IndexShare(*one[1:]) for n, one in enumerate(shares)}
    return FactorCells(
        cells, (), (), np.empty((len(shares), 0), int), np.empty((len(shares), 0), int), held
    )


def test_each_index_of_an_area_is_one_input():
    """Cells that it scales move together, from the lowest to the highest share over the one that was used."""
    one = parts_of(
        ("A", "gdp", 0.25, 0.2, 0.3),
        ("A", "gdp", 0.25, 0.2, 0.3),
        ("A", "population", 0.5, 0.4, 0.5),
    )
    two = parts_of(
        ("B", "gdp", 0.25, 0.2, 0.3), ("A", "gdp", 0.25, 0.2, 0.3), ("A", "gdp", 0.5, 0.5, 0.5)
    )
    inputs, chosen = find_index_choices([one, two])
    assert chosen.tolist() == [0, 0, 1, 2, 0, -1]
    assert [(each.parameter, each.item) for each in inputs] == [
        ("share", "gdp"),
        ("share", "population"),
        ("share", "gdp"),
    ]
    assert inputs[0].uncertainty.shape == pytest.approx((0.8, 1.2))
    assert inputs[1].uncertainty.shape == pytest.approx((0.8, 1.0))
    assert {each.uncertainty.kind for each in inputs} == {"uniform"}
    assert {(each.uncertainty.value, each.uncertainty.level) for each in inputs} == {(1.0, 1.0)}
    assert len({each.name for each in inputs}) == 3
    assert find_index_choices([]) == ([], pytest.approx(np.empty(0)))


# --- default ranges


def row_of(parameter, product, value, edition="provincial-2011"):
    """Return a factor row without bounds."""
    one = next(row for row in load_edition(edition).rows if row.parameter == "carbon_content")
    return replace(
        one, parameter=parameter, product=product, value=value, lower=math.nan, upper=math.nan
    )


@pytest.mark.parametrize(
    ("value", "bounds"),
    [
        (0.98, (0.96, 1.0)),
        (0.93, (0.86, 1.0)),
        (0.4, (0.0, 1.0)),
        (1.0, None),
        (1.2, None),
        (0.0, None),
    ],
)
def test_the_share_that_oxidises_reaches_up_to_all(value, bounds):
    """As far below as above up to the default of 1, and not below nothing; at 1 there is no range."""
    found = find_default_range(row_of("oxidation_factor", "diesel", value), value)
    if bounds is None:
        assert found is None
    else:
        assert (found.lower, found.upper) == pytest.approx(bounds)


def test_calorific_values_and_carbon_take_the_bounds_of_the_ipcc():
    """IPCC 2006, Vol. 2, table 1.2: diesel 41.4 to 43.3 of 43.0; table 1.3: 19.8 to 20.4 of 20.2."""
    for parameter, value, lower, upper in (
        ("net_calorific_value", 42.652, 41.4 / 43.0, 43.3 / 43.0),
        ("carbon_content", 20.2, 19.8 / 20.2, 20.4 / 20.2),
    ):
        found = find_default_range(row_of(parameter, "diesel", value), value, product="diesel")
        assert found.lower / found.value == pytest.approx(lower, rel=1e-6)
        assert found.upper / found.value == pytest.approx(upper, rel=1e-6)
    assert find_default_range(row_of("stored_carbon_fraction", "diesel", 0.5), 0.5) is None
    assert find_bounding_edition() == "ipcc-2006"


@pytest.mark.parametrize(
    ("parameter", "percent", "is_checked"),
    [
        ("enteric_factor", 50, True),
        ("steel_factor", 25, True),
        ("manure_ch4_factor", 30, False),
        ("methane_in_gas", 5, False),
    ],
)
def test_factors_of_sources_have_the_percentage_of_their_kind(parameter, percent, is_checked):
    """Around the value as used; one that nobody could check only where that is allowed."""
    row = row_of(parameter, "", 8.0)
    found = find_default_range(row, 8.0, allow_unverified=True)
    assert (found.value - found.lower) / found.value == pytest.approx(percent / 100)
    assert (find_default_range(row, 8.0) is not None) is is_checked
