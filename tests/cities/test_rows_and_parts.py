"""Rows of a province and their parts, allocated by shares of their own: worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.cities.allocation import allocate
from tests.cities.test_shares import CITY, OTHER, PROVINCE, indicators

COAL, POWER = "raw_coal", "electricity"


def province(cells, *years):
    """Return a balance of the province: (flow, product) -> one number per year; None is a blank."""
    rows = [
        ("福建", year, *key, value)
        for key, held in cells.items()
        for year, value in zip(years or (2019,), held, strict=True)
        if value is not None
    ]
    return ca.make_balance(pd.DataFrame(rows, columns=["area", "year", "flow", "product", "value"]))


def own(row, share, area=CITY, year=2019):
    """Return the two lines of an index that is written for one row."""
    return [
        (PROVINCE, "port cranes", 100.0, "", row, year),
        (area, "port cranes", 100 * share, "", row, year),
    ]


def allocated(cells, *lines, areas=(CITY,), years=(2019,)):
    """Return what each area has of the province."""
    found = indicators(*(line for one in lines for line in one))
    return allocate(province(cells, *years), found, areas, years)


def numbers(made, flow):
    """Return the numbers of a row, area x year x product."""
    return made.amounts[:, :, made.flows.index(flow)]


def codes(made, flow):
    """Return the origins of a row, area x year x product."""
    return made.origin[:, :, made.flows.index(flow)]


def test_parts_take_their_share_and_what_is_beyond_them_that_of_the_row():
    """By hand: 0.5 x 4 t + 0.1 x (10 - 4) t = 2.6 t; parts that fill their row leave no rest."""
    cells = {
        ("industry", "diesel"): [10.0],
        ("industry.textile", "diesel"): [4.0],
        ("industry", COAL): [3.0],
        ("industry.textile", COAL): [1.0],
        ("industry.chemicals", COAL): [2.0],
    }
    shares = [
        *own("industry", 0.1),
        *own("industry.textile", 0.5),
        *own("industry.chemicals", 0.25),
    ]
    made = allocated(cells, shares)
    np.testing.assert_allclose(numbers(made, "industry").ravel(), [2.6, 1.0], rtol=1e-12)
    np.testing.assert_allclose(numbers(made, "industry.textile").ravel(), [2.0, 0.5])
    filled = {key: held for key, held in cells.items() if key[1] == COAL}
    without = allocated(filled, own("industry.textile", 0.5), own("industry.chemicals", 0.25))
    assert numbers(without, "industry").tolist() == [[[1.0]]]
    (source,) = {without.records[code].source for code in codes(without, "industry").ravel()}
    assert source.startswith("sum of the parts of the row, and its own share of 福建")


def test_a_sum_that_lacks_a_part_in_one_product_has_no_number_in_any():
    """Diesel beyond textile has no share; a blank beside coal would read as if there were none."""
    cells = {
        ("industry", "diesel"): [10.0],
        ("industry.textile", "diesel"): [4.0],
        ("industry", COAL): [3.0],
        ("industry.textile", COAL): [3.0],
    }
    made = allocated(cells, own("industry.textile", 0.5))
    assert np.isnan(numbers(made, "industry")).all()
    assert (codes(made, "industry") == -1).all()
    assert numbers(made, "industry.textile").tolist() == [[[2.0, 1.5]]]


@pytest.mark.parametrize(("whole", "is_refused"), [(0.9, True), (0.5, False)])
def test_a_sum_that_turns_its_sign_has_no_number(whole, is_refused):
    """Parts of 12 t in 10 t: 0.1 x 12 - 0.9 x 2 < 0 is refused, 0.1 x 12 - 0.5 x 2 = 0.2 is kept."""
    cells = {("industry", COAL): [10.0], ("industry.textile", COAL): [12.0]}
    made = allocated(cells, own("industry", whole), own("industry.textile", 0.1))
    found = numbers(made, "industry").item()
    assert np.isnan(found) if is_refused else found == pytest.approx(0.2)
    assert (codes(made, "industry").item() == -1) == is_refused


def test_a_blank_stays_blank_in_its_year_alone():
    """Half of the coke of the one year that has some; the other year has no number, origin or finding."""
    cells = {("transport", "coke"): [8.0, None], ("transport", COAL): [2.0, 4.0]}
    lines = [line for year in (2018, 2019) for line in own("transport", 0.5, year=year)]
    made = allocated(cells, lines, years=(2018, 2019))
    np.testing.assert_array_equal(numbers(made, "transport"), [[[4.0, 1.0], [np.nan, 2.0]]])
    assert (codes(made, "transport") >= 0).tolist() == [[[True, True], [False, True]]]
    assert not [note for note in made.findings if note.rule == "city-not-allocated"]


def test_a_column_that_no_allocated_row_has_stays_empty():
    """Crude oil that is produced alone is in no row that is allocated: no number, no origin."""
    cells = {("transport", COAL): [2.0], ("production", "crude_oil"): [9.0]}
    made = allocated(cells, own("transport", 0.5))
    assert made.flows == ("transport",)
    np.testing.assert_array_equal(numbers(made, "transport"), [[[1.0, np.nan]]])
    assert codes(made, "transport")[0, 0, 1] == -1


def test_of_two_areas_the_one_without_an_index_is_told():
    """The other has its number; the reason stands in the cell and in a finding."""
    cells = {("transport", COAL): [8.0], ("farming", COAL): [4.0]}
    made = allocated(cells, own("transport", 0.5), areas=(CITY, OTHER))
    np.testing.assert_array_equal(numbers(made, "transport").ravel(), [4.0, np.nan])
    first, second = (made.records[code] for code in codes(made, "transport").ravel())
    assert (first.index, first.share) == ("port cranes", 0.5)
    assert second.source.startswith("not estimated: no index; give vehicles or freight_turnover")
    told = [note.message for note in made.findings if note.rule == "city-not-allocated"]
    assert told == [
        "no index allocates raw_coal of transport to 泉州 2019: not estimated",
        "no index allocates raw_coal of farming to 厦门 2019 and 1 more: not estimated",
    ]


def test_nothing_of_what_plants_burn_is_nothing_without_a_sign():
    """A share of 0 of -1000 t is 0, not -0, which would be printed as such."""
    generation = [(PROVINCE, "thermal_generation", 5.0), (CITY, "thermal_generation", 0.0)]
    made = allocated({("thermal_power", COAL): [-1000.0]}, generation)
    (found,) = numbers(made, "thermal_power").ravel()
    assert found == 0
    assert not np.signbit(found)


@pytest.mark.parametrize("scale", [1e-3, 7.0, 1e6])
def test_an_allocation_scales_with_the_balance(scale):
    """Allocation is linear in the balance, with its tolerance of rounding: any unit of mass will do."""
    cells = {
        ("industry", COAL): [0.3],
        ("industry.textile", COAL): [0.1],
        ("industry.chemicals", COAL): [0.2],
        ("transport", "diesel"): [5.0],
    }
    lines = [own("industry.textile", 0.5), own("industry.chemicals", 0.25), own("transport", 0.125)]
    made = allocated(cells, *lines)
    larger = allocated(
        {key: [scale * value for value in held] for key, held in cells.items()}, *lines
    )
    np.testing.assert_allclose(larger.amounts, scale * made.amounts, rtol=1e-12)
    assert numbers(made, "industry")[0, 0, 0] == pytest.approx(0.1)  # 0.3 - (0.1 + 0.2) is no rest
