"""Enterprises above designated size scaled to all industry and spread over branches, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from carbonacct.balances.amounts.origins import CellOrigin
from carbonacct.cities.indicators import Value, gather_indicators
from carbonacct.cities.industry import (
    IndustryScale,
    add_whole_branches,
    find_scale,
    list_branches,
    scale_rows,
    spread_over_branches,
)
from carbonacct.cities.own_tables import POWER_BRANCH, CityCell
from tests.cities.test_facts import make

TEXTILE, CHEMICALS = "industry.textile", "industry.chemicals"


def branch(value, flow=TEXTILE, **stated):
    """Return a number of a branch of industry above designated size."""
    return make(value, kind="branch", flow=flow, **stated)


def indicators(**values):
    """Return indicators of a city in 2019; ``va_industry__2018`` is in the prices of 2018."""
    found = []
    for n, (name, value) in enumerate(values.items()):
        key, _, prices = name.partition("__")
        row, _, indicator = key.rpartition("_at_")
        row = {"": "*", "textile": TEXTILE, "chemicals": CHEMICALS, "farming": "farming"}[row]
        found.append(
            Value(
                "xiamen",
                2019,
                row,
                indicator,
                value,
                "CNY",
                prices,
                f"source {n}",
                f"i.csv!D{n + 2}",
            )
        )
    return gather_indicators(found)


@pytest.mark.parametrize(
    ("given", "scale", "low", "high"),
    [
        ({"va_industry": 12.0, "va_industry_above": 10.0}, 1.2, np.nan, np.nan),
        ({"va_industry": 10.0, "va_industry_above": 10.0}, 1.0, np.nan, np.nan),
        ({"va_industry": 9.0, "va_industry_above": 10.0}, np.nan, np.nan, np.nan),
        ({"va_industry": 12.0, "va_industry_above": 0.0}, np.nan, np.nan, np.nan),
        ({"va_industry": 12.0}, np.nan, np.nan, np.nan),
        ({"coverage": 1.5, "va_industry": 12.0, "va_industry_above": 10.0}, 1.5, 1.2, 1.5),
        (
            {
                "va_industry": 12.0,
                "va_industry_above": 10.0,
                "output_industry": 13.0,
                "output_industry_above": 10.0,
            },
            1.2,
            1.2,
            1.3,
        ),
        ({"va_industry__2018": 12.0, "va_industry_above__2018": 10.0}, 1.2, np.nan, np.nan),
        (
            {"va_industry__2018": 12.0, "va_industry_above": 10.0},
            1.2,
            np.nan,
            np.nan,
        ),  # one says nothing of prices
        ({"va_industry__2018": 12.0, "va_industry_above__2015": 10.0}, np.nan, np.nan, np.nan),
        (
            {
                "va_industry": 12.0,
                "textile_at_va_industry_above": 4.0,
                "chemicals_at_va_industry_above": 6.0,
            },
            1.2,
            np.nan,
            np.nan,
        ),
        (
            {
                "va_industry": 12.0,
                "textile_at_va_industry_above": 10.0,
                "farming_at_va_industry_above": 6.0,
            },
            1.2,
            np.nan,
            np.nan,
        ),
    ],
)
def test_the_scale_is_the_whole_over_its_part(given, scale, low, high):
    """By value added, output or as given; the first counts, all give the range; none is below 1."""
    found, notes = find_scale(indicators(**given), "xiamen", 2019)
    np.testing.assert_allclose([found.value, found.low, found.high], [scale, low, high])
    is_refused = bool(np.isnan(scale)) and given.get("va_industry_above") != 0 and len(given) > 1
    assert [note.rule for note in notes] == ["city-scale"] * is_refused


def test_prices_of_branches_count_where_they_agree():
    """The sum of branches in prices of one year has that year."""
    same = {"textile_at_va_industry_above__2015": 4.0, "chemicals_at_va_industry_above__2015": 6.0}
    _, notes = find_scale(indicators(va_industry__2018=12.0, **same), "xiamen", 2019)
    assert "va_industry of 2019 is in 2018 prices and va_industry_above in 2015" in notes[0].message
    mixed = {"textile_at_va_industry_above__2015": 4.0, "chemicals_at_va_industry_above__2018": 6.0}
    found, notes = find_scale(indicators(va_industry__2018=12.0, **mixed), "xiamen", 2019)
    assert (found.value, notes) == (1.2, [])
    assert found.source.endswith("sum of 2 branches from i.csv!D3")


def test_plants_are_no_branch_and_a_subtotal_is_not_listed():
    """A row of all industry is kept without what plants use of the product."""
    facts = [
        branch(5.0),
        branch(7.0, CHEMICALS),
        branch(30.0, POWER_BRANCH),
        branch(11.0, "industry.manufacturing"),
        branch(45.0, "industry"),
        branch(2.0, product="coke"),
        make(9.0, kind="use", flow="industry.paper"),
    ]
    found = list_branches(facts)
    assert {
        product: {flow: fact.value for flow, fact in own.items()} for product, own in found.items()
    } == {
        "raw_coal": {TEXTILE: 5.0, CHEMICALS: 7.0, "industry": 15.0},
        "coke": {TEXTILE: 2.0},
    }


def test_the_row_of_industry_is_the_sum_of_branches_scaled():
    """By hand: (4 + 6) x 1.2, and 50 of plants as printed.

    What is printed or waits stays; without a scale there is a warning.
    """
    branches = {
        "raw_coal": {TEXTILE: branch(4.0), CHEMICALS: branch(6.0, CHEMICALS)},
        "coke": {TEXTILE: branch(1.0)},
        "diesel": {TEXTILE: branch(2.0), "industry": branch(3.0, "industry")},
    }
    cells = {
        ("industry", "coke"): CityCell(99.0, "t", CellOrigin("printed", "gamma")),
        (POWER_BRANCH, "raw_coal"): CityCell(50.0, "t", CellOrigin("printed", "gamma")),
    }
    assert scale_rows(branches, IndustryScale(1.2, "x", low=1.1, high=1.3), cells, wait=[]) == []
    assert {key: cell.value for key, cell in cells.items()} == pytest.approx(
        {
            ("industry", "coke"): 99,
            (POWER_BRANCH, "raw_coal"): 50,
            ("industry", "raw_coal"): 62,
            ("industry", "diesel"): 3.6,
        }
    )
    origin = cells["industry", "raw_coal"].origin
    assert (origin.how, origin.share, origin.share_low, origin.share_high) == (
        "scaled",
        1.2,
        1.1,
        1.3,
    )
    assert "2 branches above designated size" in origin.source
    assert f"and {POWER_BRANCH} as printed" in origin.source
    held = {}
    (note,) = scale_rows(branches, IndustryScale(), held, wait=["diesel"])
    assert {key: cell.value for key, cell in held.items()} == {
        ("industry", "raw_coal"): 10,
        ("industry", "coke"): 1,
    }
    assert note.message.startswith(
        "industry below designated size is not in raw_coal, coke: nothing usable"
    )
    assert held["industry", "coke"].origin.how == "derived"


@pytest.mark.parametrize(
    ("row", "plants", "scaled", "rules"),
    [
        (24.0, None, [9.6, 14.4], []),
        (74.0, 50.0, [9.6, 14.4], []),
        (10.0, None, [4.0, 6.0], []),
        (10.0 * (1 - 1e-7), None, [4.0, 6.0], []),  # the same but for rounding: as printed
        (9.0, None, [4.0, 6.0], ["city-below-part"]),
        (59.0, 50.0, [4.0, 6.0], ["city-below-part"]),
    ],
)
def test_a_row_of_industry_is_spread_over_its_branches(row, plants, scaled, rules):
    """In proportion, without plants; a whole below its part is an error and the branches stay as printed."""
    origin = CellOrigin("scaled", "gamma", share=2.0, share_low=1.0, share_high=3.0)
    cells = {("industry", "raw_coal"): CityCell(row, "t", origin)}
    if plants:
        cells[POWER_BRANCH, "raw_coal"] = CityCell(plants, "t", CellOrigin("printed", "gamma"))
    own = {TEXTILE: branch(4.0), CHEMICALS: branch(6.0, CHEMICALS)}
    notes = spread_over_branches({"raw_coal": own}, cells)
    assert [note.rule for note in notes] == rules
    assert [cells[flow, "raw_coal"].value for flow in (TEXTILE, CHEMICALS)] == pytest.approx(scaled)
    one = cells[TEXTILE, "raw_coal"].origin
    if scaled[0] > 4:
        assert (one.share, one.share_low, one.share_high) == pytest.approx((2.4, 1.2, 3.6))
    else:
        assert one.how == "printed"


def test_branches_of_nothing_spread_nothing():
    """Branches of 0 give no proportion, a product without a row nothing to spread; printed numbers stay."""
    cells = {
        ("industry", "raw_coal"): CityCell(5.0, "t", CellOrigin("printed", "gamma")),
        ("industry", "diesel"): CityCell(12.0, "t", CellOrigin("printed", "gamma", share=1.0)),
        (TEXTILE, "diesel"): CityCell(1.0, "t", CellOrigin("printed", "gamma")),
    }
    before = dict(cells)
    assert (
        spread_over_branches(
            {"raw_coal": {TEXTILE: branch(0.0)}, "coke": {TEXTILE: branch(3.0)}}, cells
        )
        == []
    )
    assert cells == before
    own = {
        TEXTILE: branch(2.0),
        "industry": branch(6.0, "industry"),
        CHEMICALS: branch(4.0, CHEMICALS),
    }
    spread_over_branches({"diesel": own}, cells)
    assert cells[TEXTILE, "diesel"].value == 1.0
    assert cells[CHEMICALS, "diesel"].value == pytest.approx(8.0)
    assert cells["industry", "diesel"].value == 12.0


def test_branches_of_all_industry_are_as_printed():
    """Where nothing is printed for them already; plants stand in their own row."""
    whole = [
        replace(one, meaning=replace(one.meaning, kind="branch_whole"))
        for one in (branch(4.0), branch(6.0, CHEMICALS), branch(9.0, POWER_BRANCH))
    ]
    cells = {(TEXTILE, "raw_coal"): CityCell(1.0, "t", CellOrigin("printed", "gamma"))}
    add_whole_branches([*whole, branch(3.0, "industry.paper")], cells)
    assert {key: cell.value for key, cell in cells.items()} == {
        (TEXTILE, "raw_coal"): 1.0,
        (CHEMICALS, "raw_coal"): 6.0,
    }
