"""Years that jump: each limit from both sides, and laws that hold of any series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.check.plausibility import check_plausibility

FIRST = 2010
NONE = float("nan")


def find(series, area="某市"):
    """Return the jumps of a table: (flow, product) -> a number for each year from the first."""
    rows = [
        (area, FIRST + k, flow, product, number)
        for (flow, product), numbers in series.items()
        for k, number in enumerate(numbers)
    ]
    frame = pd.DataFrame(rows, columns=["area", "year", "flow", "product", "value"]).dropna()
    return [
        one for one in check_plausibility(ca.make_balance(frame)) if one.rule == "jump-in-table"
    ]


def beside(numbers, *, steady=1000.0, flow="construction"):
    """Return the years in which a row jumps beside a larger and steady one of its product."""
    rows = {("industry", "raw_coal"): [steady] * len(numbers), (flow, "raw_coal"): numbers}
    return [one.gaps[0].year - FIRST for one in find(rows)]


def alone(numbers, product="raw_coal"):
    """Return the years in which a product steps to another level for good, in a table that prints all years."""
    rows = {("industry", product): numbers, ("construction", product): [1.0] * len(numbers)}
    return [one.gaps[0].year - FIRST for one in find(rows) if "stays" in one.message]


@pytest.mark.parametrize(
    ("numbers", "years"),
    [
        # A cell that trebles, or falls to a third.
        ([100, 101, 100, 101, 305], [4]),
        ([100, 101, 100, 101, 300], []),
        ([100, 101, 100, 101, 33], [4]),
        ([100, 101, 100, 101, 34.5], []),
        ([305, 101, 100, 101, 100], [1]),
        # Six scaled median absolute deviations from the usual change: ln 5.92 where it is 0.2 up and down.
        ([100, 122.14, 100, 122.14, 100, 580], []),
        ([100, 122.14, 100, 122.14, 100, 605], [5]),
        # Of changes that are all alike: no spread is taken to be less than ln 1.05.
        ([1, 2.7, 7.29, 19.683, 53.14, 188.6], []),
        ([1, 2.7, 7.29, 19.683, 53.14, 196.6], [5]),
        # Two other changes are a run, one is none; a year without a number has no change.
        ([100, 101, 400], []),
        ([100, 101, 100, 400], [3]),
        ([100, NONE, 101, 100, 101, 400], [5]),
        ([100, 101, 100, 101, NONE, 400], []),
        # What changes its sign, comes from nothing or goes there has no factor.
        ([100, 101, 100, 101, -400], []),
        ([100, 101, 100, 101, 0], []),
        ([0, 100, 101, 100, 101], []),
        ([100, 101, 100, 400, 401], [3]),
        ([100, 101, 400, 101, 100], [2, 3]),
    ],
)
def test_a_cell_leaves_the_run_of_its_own_series(numbers, years):
    """Far from the usual change of the series, and by more than a factor of three."""
    assert beside(numbers) == years


@pytest.mark.parametrize("unit", [1e-6, 1e-2, 1.0, 1e4])
def test_a_jump_is_one_however_small_its_numbers_are(unit):
    """0.51 and 1.9 are as far apart as 5,100 and 19,000."""
    numbers = [0.5 * unit, 0.51 * unit, 0.5 * unit, 0.51 * unit, 1.9 * unit]
    assert beside(numbers, steady=10 * unit) == [4]


@pytest.mark.parametrize(("largest", "years"), [(39_000, [4]), (41_000, [])])
def test_cells_under_a_hundredth_of_the_largest_may_jump(largest, years):
    """Small rows jump by nature; the larger of the two numbers counts, up as down."""
    assert beside([100, 101, 100, 101, 400], steady=largest) == years
    assert beside([400, 401, 400, 401, 100], steady=largest + 100) == years


def test_cells_of_several_products_are_compared_by_their_energy():
    """30 t of coal are more than a hundredth of a million m3 of gas, and 1,000 m3 less than one of 10,000 t of coal."""
    gas, coal = ("industry", "natural_gas"), ("construction", "raw_coal")
    large = {("industry", "raw_coal"): [1e4] * 5}
    assert [one.gaps[0][2:4] for one in find({gas: [1e6] * 5, coal: [9, 9, 9, 9, 30]})] == [coal]
    assert find({gas: [1e6] * 5, coal: [3, 3, 3, 3, 10]}) == []
    assert find({("construction", "natural_gas"): [300, 301, 300, 301, 1000], **large}) == []


@pytest.mark.parametrize(
    ("flow", "years"),
    [
        ("imports", []),
        ("production", []),
        ("statistical_difference", []),
        ("losses", []),
        ("thermal_power", [4]),
    ],
)
def test_trade_stocks_and_losses_jump_by_nature(flow, years):
    """Only what is made and used is looked at."""
    assert beside([100, 101, 100, 101, 400], flow=flow) == years


@pytest.mark.parametrize(
    ("flow", "product", "factor", "is_told"),
    [
        ("total_consumption", "electricity", 1.41, True),
        ("total_consumption", "electricity", 1 / 1.41, True),
        ("total_consumption", "electricity", 1.39, False),
        ("total_consumption", "electricity", 1 / 1.39, False),
        ("final_consumption", "electricity", 1.41, True),
        ("industry", "electricity", 2.5, False),
        ("total_consumption", "raw_coal", 2.5, False),
    ],
)
def test_all_electricity_needs_no_run(flow, product, factor, is_told):
    """More than two fifths from one year to the next: 全市 for 市辖区."""
    found = find({(flow, product): [1e6, 1e6 * factor]})
    assert [one.gaps[0][1:4] for one in found] == ([(FIRST + 1, flow, product)] if is_told else [])
    assert not [one for one in found if "stays" in one.message]  # of two years nobody knows


def test_all_electricity_is_one_row_and_of_years_that_follow():
    """Final consumption is a part where the total is printed; what grows over three years may grow so much."""
    total, final = ("total_consumption", "electricity"), ("final_consumption", "electricity")
    assert find({total: [1e6, 1e6], final: [5e5, 9e5]}) == []
    assert find({total: [1e6, NONE, NONE, 1.5e6]}) == []
    assert [one.gaps[0].year for one in find({total: [1e6, 1.5e6, 2.2e6]})] == [
        FIRST + 1,
        FIRST + 2,
    ]
    assert (
        find({total: [1e6, 0.0]}) == find({total: [0.0, 1e6]}) == find({total: [1e6, -1.5e6]}) == []
    )


@pytest.mark.parametrize(
    ("numbers", "years"),
    [
        ([100, 101, 100, 162, 161, 162], [3]),
        ([100, 101, 100, 159, 160, 159], []),
        ([162, 161, 162, 100, 101, 100], [3]),
        # Two and a half times the usual change: ln 1.75 where it is ln 1.25.
        ([100, 125, 100, 125, 100, 172, 215, 172], []),
        ([100, 125, 100, 125, 100, 178, 222.5, 178], [5]),
        # All years before lie below the middle of the step, all behind it above.
        ([100, 140, 100, 178, 178, 178], []),
        ([100, 100, 100, 178, 125, 178], []),
        ([178, 178, 178, 100, 140, 100], []),
        ([2, 4, 1, 1], []),
        ([2, 1, 4, 4], []),
        ([1, 1, 4, 2], []),
        ([4, 4, 1, 2], []),
        # What leaves the run of its series is no other coverage.
        ([100, 101, 100, 401, 400, 401], []),
        # Four years are a series; a step over a year without a number is none, one beside it is.
        ([100, 100, 200], []),
        ([100, 100, 200, 200], [2]),
        ([100, 100, NONE, 200, 200], []),
        ([100, NONE, 100, 200, NONE, 200], [3]),
        ([0, 100, 100, 200, 200, 0], [3]),
    ],
)
def test_a_series_steps_to_another_level_for_good(numbers, years):
    """By more than three fifths, and much more than the series changes otherwise."""
    assert alone(numbers) == years


def test_the_row_with_most_of_a_product_speaks_for_its_coverage():
    """Another row may step; a product of less than a hundredth of the largest cell as well."""
    steps = [100, 101, 100, 200, 201, 200]
    assert beside(steps) == []
    coal = ("industry", "raw_coal")
    for gas, products in ((4e4, ["natural_gas", "raw_coal"]), (3e1, ["raw_coal"])):
        found = find(
            {coal: [10 * n for n in steps], ("industry", "natural_gas"): [gas * n for n in steps]}
        )
        assert sorted(one.gaps[0].product for one in found) == products


def test_the_largest_of_the_rows_that_jump_speaks_for_the_others():
    """One finding for a product and year: the three next in size by name, the number of the rest."""
    sizes = {
        "construction": 5,
        "transport": 4,
        "farming": 3,
        "households_urban": 2,
        "wholesale_retail": 1,
    }
    rows = {
        (flow, "raw_coal"): [10 * n, 10 * n, 10 * n, 10 * n, 50 * n] for flow, n in sizes.items()
    }
    (finding,) = find({("industry", "raw_coal"): [500.0] * 5, **rows})
    assert finding.severity == "warning"
    assert finding.gaps == (("某市", FIRST + 4, "construction", "raw_coal", 200.0),)
    assert "(+400 %), and so do transport, farming, households_urban and 1 more" in finding.message


@pytest.mark.parametrize(
    ("factor", "power"), [(9.1, 1), (8.7, None), (0.11, -1), (98.0, 2), (33.0, None)]
)
def test_a_power_of_ten_is_the_likely_cause(factor, power):
    """Within an eighth of it, up or down."""
    steady = ("industry", "raw_coal"), [5000.0] * 5
    (finding,) = find(
        dict([steady, (("construction", "raw_coal"), [1000, 1000, 1000, 1000, 1000 * factor])])
    )[:1]
    assert ("power of ten" in finding.action or "about 10^" in finding.action) is (
        power is not None
    )
    assert power is None or finding.action.endswith(f"about 10^{power}")


def test_twenty_jumps_of_an_area_are_told():
    """More are no help; another area has its own."""
    products = [
        *(
            "raw_coal",
            "cleaned_coal",
            "coke",
            "crude_oil",
            "gasoline",
            "diesel",
            "kerosene",
            "fuel_oil",
            "lpg",
        ),
        *(
            "naphtha",
            "lubricants",
            "bitumen",
            "petroleum_coke",
            "white_spirit",
            "paraffin_wax",
            "gangue",
            "briquettes",
        ),
        *("refinery_gas", "other_washed_coal", "other_petroleum_products", "anthracite", "peat"),
    ]
    rows = {("industry", product): [100.0, 101, 100, 101, 500] for product in products}
    assert len(products) == 22
    assert len(find(rows)) == 20


SERIES = st.lists(st.floats(-1.2, 1.2), min_size=6, max_size=6)


def find_places(steps, *, scale=1.0, turned=False):
    """Return the years before each jump of two rows, and whether it stays, from changes of their logarithms."""
    rows = {}
    for flow, changes in zip(("industry", "construction"), steps, strict=True):
        numbers = scale * 1000 * np.exp(np.cumsum([0.0, *changes]))
        rows[flow, "raw_coal"] = numbers[::-1] if turned else numbers
    count = len(steps[0])
    found = find(rows)
    year = [one.gaps[0].year - FIRST - 1 for one in found]
    return sorted(
        (count - 1 - at if turned else at, "stays" in one.message)
        for at, one in zip(year, found, strict=True)
    )


@settings(max_examples=40, deadline=None)
@given(steps=st.tuples(SERIES, SERIES))
def test_a_jump_is_one_in_any_unit_and_direction_of_time(steps):
    """All numbers a million times smaller jump where they did; the years the other way round, between the same two."""
    found = find_places(steps)
    assert find_places(steps, scale=2.0**-20) == found
    assert find_places(steps, turned=True) == found
