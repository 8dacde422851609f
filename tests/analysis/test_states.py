"""Quantities of an identity at each cell: what is a total already, what is added up, and what no area lacks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.analysis.identity import parse_identity
from carbonacct.analysis.panel_cells import read_cells
from carbonacct.analysis.states import average_places, total_quantities
from carbonacct.errors import PanelError
from tests.analysis.panels import ACTIVITY, two_years


def panel(energy, co2=None, *, gdp=10.0, sectors="ab", years=(2010, 2020)):
    """Return a panel of sectors (columns) and years (rows)."""
    rows = [
        (year, sector, gdp, energy[at][place], (co2 or energy)[at][place])
        for at, year in enumerate(years)
        for place, sector in enumerate(sectors)
    ]
    return pd.DataFrame(rows, columns=["year", "sector", "gdp", "energy", "co2"])


def quantities(table, identity, *, by=(), sum_over=("sector",)):
    """Return the numbers of each quantity of an identity, by its text."""
    parsed = parse_identity(identity)
    names = [*parsed.names, *(one.name for one in parsed.left.denominator)]
    cells = read_cells(table, names, over="year", by=list(by), sum_over=list(sum_over))
    found = total_quantities(cells, parsed)
    return {str(name): np.broadcast_to(array, cells.present.shape) for name, array in found.items()}


def test_a_name_without_its_tag_is_the_total():
    """Energy is 3 + 4 where energy[sector] is 3 and 4; GDP of the whole, printed in each row, is counted once."""
    found = quantities(panel([[3, 4], [5, 6]]), ACTIVITY)
    assert found["energy[sector]"].tolist() == [[[3, 4], [5, 6]]]
    assert found["energy"].tolist() == [[[7, 7], [11, 11]]]
    assert found["gdp"].tolist() == [[[10, 10], [10, 10]]]


def test_sectors_that_use_alike_are_still_sectors():
    """The same number in each sector is no total where a tag keeps the sectors apart: 2 and 2 are 4."""
    found = quantities(panel([[2, 2], [3, 3]]), ACTIVITY)
    assert found["energy"].tolist() == [[[4, 4], [6, 6]]]
    made = ca.decompose(panel([[2, 2], [3, 3]], [[2, 4], [3, 9]]), ACTIVITY)
    # Energy grows by half and its shares stay: structure has no effect.
    assert made.effects.sel(term="energy[sector]/energy").item() == 0
    assert made.effects.sel(term="energy/gdp").item() > 0
    assert made.residual.item() == pytest.approx(0, abs=1e-12)


def test_an_area_that_lacks_a_sector_has_its_own_total():
    """GDP of an area stands in any one of its rows, and the effects are those of the area alone."""
    both = panel([[3, 4], [5, 6]]).assign(area="y")
    one = panel([[3, 4], [5, 6]], gdp=20.0).assign(area="x").query("sector == 'b'")
    for table in (pd.concat([both, one]), pd.concat([one, both])):
        made = ca.decompose(table, ACTIVITY, by="area")
        alone = ca.decompose(one, ACTIVITY)
        assert made.effects.sel(area="x").values == pytest.approx(alone.effects.values)
        found = quantities(table, ACTIVITY, by=["area"])
        at = int(table["area"].iloc[0] != "x")
        held = found["gdp"][at][~np.isnan(found["gdp"][at])]
        assert set(held.tolist()) == {20.0}
        assert set(found["energy"][at][~np.isnan(found["energy"][at])].tolist()) == {4.0, 6.0}


def test_a_number_that_is_given_along_one_dim_is_counted_once():
    """Energy of a sector, printed beside each of its fuels: the total adds up sectors and not fuels."""
    rows = [
        (year, sector, fuel, 10.0, energy * (year - 2009), share * (year - 2009))
        for year in (2010, 2011)
        for sector, energy in (("a", 5.0), ("b", 7.0))
        for fuel, share in (("coal", 2.0), ("gas", 3.0))
    ]
    table = pd.DataFrame(rows, columns=["year", "sector", "fuel", "gdp", "energy", "co2"])
    identity = "co2 = gdp * energy/gdp * energy[sector]/energy * co2[sector,fuel]/energy[sector]"
    found = quantities(table, identity, sum_over=("sector", "fuel"))
    assert set(found["energy"][0, 0].tolist()) == {12.0}
    assert set(found["energy"][0, 1].tolist()) == {24.0}
    assert found["energy[sector]"][0, 0].tolist() == [5, 5, 7, 7]
    made = ca.decompose(table, identity)
    assert made.residual.item() == pytest.approx(0, abs=1e-12)
    assert made.total.item() == pytest.approx(10)


def test_sectors_alike_in_every_fuel_are_still_sectors():
    """Energy of 5 in each of two sectors, repeated for each of two fuels, is 10."""
    rows = [
        (year, sector, fuel, 1.0, 5.0, 2.0)
        for year in (2010, 2011)
        for sector in "ab"
        for fuel in ("coal", "gas")
    ]
    table = pd.DataFrame(rows, columns=["year", "sector", "fuel", "gdp", "energy", "co2"])
    identity = "co2 = gdp * energy/gdp * energy[sector]/energy * co2[sector,fuel]/energy[sector]"
    found = quantities(table, identity, sum_over=("sector", "fuel"))
    assert set(found["energy"].ravel().tolist()) == {10.0}
    assert set(found["energy[sector]"].ravel().tolist()) == {5.0}
    assert set(found["gdp"].ravel().tolist()) == {1.0}


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ([("a", 2010)], "year=2010, sector=a: no energy, which 2020 has; absent is not zero"),
        ([("a", 2020)], "year=2020, sector=a: no energy, which 2010 has; absent is not zero"),
        (
            [("b", 2010), ("b", 2020)],
            r"year=2010, sector=b: no energy \(so in 2 states\); absent is not zero",
        ),
        (
            [("a", 2010), ("b", 2020)],
            r"year=2010, sector=a: no energy, which 2020 has \(so in 2 states\); absent",
        ),
        (
            [("a", 2010), ("b", 2010)],
            "year=2010, sector=a: no energy, which 2020 has; absent is not zero",
        ),
    ],
)
def test_a_number_that_lacks_beside_others_is_named(gone, message):
    """The first year and cell that lack it, which year has it if one does, and in how many states it is so."""
    table = panel([[3, 4], [5, 6]])
    for sector, year in gone:
        table["energy"] = table["energy"].mask(
            (table["sector"] == sector) & (table["year"] == year)
        )
    with pytest.raises(PanelError, match=message):
        ca.decompose(table, ACTIVITY)


def test_the_mean_of_places_is_of_those_that_are_there():
    """An area without numbers is not in the mean, and a cell that one area lacks has none: missing is not 0."""
    table = pd.DataFrame(
        {
            "scenario": ["s", "s", "s", "t", "t"],
            "area": ["x", "x", "y", "x", "x"],
            "sector": ["a", "b", "a", "a", "b"],
            "use": [2.0, 4.0, 6.0, 1.0, 3.0],
        }
    )
    cells = read_cells(table, ["use"], over="area", by=["scenario"], sum_over=["sector"])
    mean = average_places(cells, ["use"])
    assert mean.places.tolist() == ["x", "y", "mean"]
    assert mean.values["use"][:, 2].tolist() == [
        pytest.approx([4.0, np.nan], nan_ok=True),
        [1.0, 3.0],
    ]
    assert mean.present[:, 2].tolist() == [[True, True], [True, True]]
    assert mean.values["use"][:, :2].tolist()[1][0] == [1.0, 3.0]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"a": (2.0, 0.0), "b": (3.0, 1.0)}, "year=2020: b/a divides by zero or through it"),
        ({"a": (0.0, 2.0), "b": (3.0, 1.0)}, "year=2010: b/a divides by zero or through it"),
        ({"a": (-1.0, 2.0), "b": (3.0, 1.0)}, "year=2020: b/a divides by zero or through it"),
        ({"a": (2.0, -1.0), "b": (3.0, 0.0)}, "year=2020: b/a divides by zero or through it"),
        ({"a": (2.0, -1.0), "b": (3.0, -4.0)}, ""),
        ({"a": (0.0, 0.0), "b": (0.0, 0.0)}, ""),
    ],
)
def test_a_factor_that_divides_by_zero_where_there_is_a_value(columns, message):
    """Before or after, or on the way between two signs; where the numerator turns as well the ratio goes on."""
    table = two_years(**columns)
    if message:
        with pytest.raises(PanelError, match=message):
            ca.decompose(table, "b = a * b/a")
        return
    made = ca.decompose(table, "b = a * b/a")
    assert made.effects.sum().item() == pytest.approx(made.total.item())


@pytest.mark.parametrize(
    ("scale", "message"),
    [
        ((0.0, 1.0), "year=2010: b/a divides by zero or through it"),
        ((1.0, 0.0), "year=2010: b/a divides by zero or through it"),
        ((0.0, 0.0), ""),  # a cell without a value before and after has no effects
    ],
)
def test_what_has_no_value_on_both_sides_needs_no_factors(scale, message):
    """A factor without a number is refused where its cell has a value on either side."""
    table = two_years(c=scale, a=(0.0, 2.0), b=(3.0, 4.0))
    if message:
        with pytest.raises(PanelError, match=message):
            ca.decompose(table, "v = c * a * b/a")
    else:
        assert ca.decompose(table, "v = c * a * b/a").effects.values.tolist() == [[0, 0, 0]]


def test_factors_that_are_0_over_0_on_both_sides_change_nothing():
    """Where the product does not need them: a use and a stock of 0 leave the effect to the first factor."""
    table = two_years(v=(1.0, 3.0), a=(0.0, 0.0), b=(0.0, 0.0))
    for method in ("lmdi-1", "shapley", "laspeyres"):
        made = ca.decompose(table, "v = v * a/b * b/a", method=method)
        assert made.effects.values == pytest.approx(np.array([[2, 0, 0]]), abs=1e-12)
        assert made.residual.item() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("turned", [False, True])
def test_a_change_that_stands_in_a_factor_of_0_over_0_is_refused(turned):
    """A factor of 0/0 takes the value of its other side, so a change of that factor alone would be lost."""
    columns = {"v": (1.0, 3.0), "a": (0.0, 2.0), "b": (0.0, 1.0)}
    for v, is_lost in (((1.0, 3.0), True), ((3.0, 3.0), False)):
        held = columns | {"v": v}
        table = two_years(**{name: pair[::-1] if turned else pair for name, pair in held.items()})
        if is_lost:
            with pytest.raises(
                PanelError, match="year=2020: a factor is 0/0 and no other explains the change"
            ):
                ca.decompose(table, "v = (v*a)/b * b/a")
        else:
            assert ca.decompose(table, "v = (v*a)/b * b/a").effects.values.tolist() == [[0, 0]]
        # Where the change stands in a factor of its own it is explained.
        explained = ca.decompose(table, "v = v * a/b * b/a").effects.values.tolist()
        assert explained == [[(v[0] - v[1]) if turned else (v[1] - v[0]), 0, 0]]


def test_of_several_areas_the_one_at_fault_is_named():
    """One total that goes through zero is enough, whichever area it is of."""
    good, bad = two_years(a=(1.0, 2.0), b=(1.0, 3.0)), two_years(a=(1.0, -2.0), b=(1.0, 3.0))
    for order in (
        [good.assign(area="g"), bad.assign(area="z")],
        [bad.assign(area="z"), good.assign(area="g")],
    ):
        with pytest.raises(PanelError, match="area=z, 2010 to 2020: the total goes from 1 to -6"):
            ca.decompose(pd.concat(order), "v = a * b", by="area", form="multiplicative")
    over_zero = two_years(a=(1.0, 0.0), b=(1.0, 3.0))
    for order in (
        [good.assign(area="g"), over_zero.assign(area="z")],
        [over_zero.assign(area="z"), good.assign(area="g")],
    ):
        with pytest.raises(
            PanelError, match="area=z, year=2020: b/a divides by zero or through it"
        ):
            ca.decompose(pd.concat(order), "b = a * b/a", by="area")
    through = two_years(a=(1.0, -1.0), b=(1.0, -3.0))
    for order in (
        [good.assign(area="g"), through.assign(area="z")],
        [through.assign(area="z"), good.assign(area="g")],
    ):
        with pytest.raises(
            PanelError, match="area=z, 2010 to 2020: with one factor changed the total is zero or"
        ):
            ca.decompose(
                pd.concat(order), "v = a * b", by="area", method="fisher", form="multiplicative"
            )
