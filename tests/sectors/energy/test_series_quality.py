"""Checks of what inventories say over years and areas: jumps, outliers, parts above their whole, on made-up sources."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import MethodError
from carbonacct.inventory.entry_columns import make_entries
from carbonacct.sectors.energy.quality import _find_outliers, check_quality
from tests.sectors.energy.made_balances import inventory_of


def record(series, *, area="重庆", gas="CO2", start=2015, product="", rest=1000.0, **more):
    """Return a record of one area: the values of sources by flow, year after year, beside 1000 t of another source."""
    years = max(map(len, series.values()))
    rows = [
        (flow, start + i, value)
        for flow, values in (series | {"rest": [rest] * years}).items()
        for i, value in enumerate(values)
    ]
    flows, years, values = map(list, zip(*rows, strict=True))
    columns = {
        "area": area,
        "flow": flows,
        "year": years,
        "value": values,
        "product": product,
        "gas": gas,
    }
    columns |= {"sector": "processes", "category": "2.A.1", **more}
    return ca.Inventory(make_entries(columns))


def said(*records, rule, **options):
    """Return the messages of a rule."""
    return [one.message for one in check_quality(list(records), **options) if one.rule == rule]


@pytest.mark.parametrize(
    ("values", "times"),
    [
        ([100, 300], None),  # three times is the most that is passed over
        ([100, 301], "3"),
        ([300, 100], None),
        ([301, 100], "0.33"),
        ([100, 0], None),  # what stops, or was not counted, has not jumped
        ([0, 100], None),
        ([-10, 100], None),  # a removal that becomes an emission is no slip of a unit
        ([1, 4], None),  # 4 of 1004 t: too small to matter
        ([100, 200, 100, 250], None),
        ([12, 3], "0.25"),  # 12 of 1012 t matter, in the year before
    ],
)
def test_what_trebles_or_falls_to_a_third_is_said(values, times):
    """IPCC 2006, Vol. 1, Ch. 6, table 6.1, time series: a cell of more than 1 % of the total in either year."""
    found = said(record({"cement": values}), rule="jump")
    if times is None:
        assert not found
    else:
        (text,) = found
        assert text == (
            f"cement of 重庆 goes from {values[0]:,.0f} t CO2 in 2015 to {values[1]:,.0f} in 2016, {times} times"
        )


def test_a_jump_names_its_product_and_only_the_years_that_jump():
    """Years are put in order first, whatever the order of the tables."""
    years = [
        record({"manure": [value]}, start=year, product="pigs")
        for year, value in ((2017, 101), (2016, 100), (2015, 10))
    ]
    assert said(*years, rule="jump") == [
        "pigs of manure of 重庆 goes from 10 t CO2 in 2015 to 100 in 2016, 10 times"
    ]


def test_each_area_gas_and_source_is_a_series_of_its_own():
    """Ten times as much in another area, or of another gas, is no jump."""
    parts = [
        record({"cement": [100]}),
        record({"cement": [1000]}, area="四川", start=2016),
        record({"cement": [1000]}, gas="CH4", start=2016),
    ]
    assert not said(*parts, rule="jump")


def test_the_share_is_of_the_own_year_and_area():
    """20 t are much of 1000 t and nothing of 10,000 t."""
    assert said(record({"cement": [20, 80]}), rule="jump")
    assert not said(record({"cement": [20, 80]}, rest=10_000.0), rule="jump")


SERIES = st.lists(st.floats(1, 1e6), min_size=5, max_size=12)


@given(SERIES, st.floats(1e-3, 1e3))
def test_outliers_do_not_depend_on_the_unit(values, scale):
    """The Hampel identifier in logarithms: only ratios count."""
    values = np.round(np.array(values), 1)
    assert (
        _find_outliers(values).tolist()
        == _find_outliers(values * 2.0 ** round(np.log2(scale))).tolist()
    )


@given(SERIES)
def test_outliers_do_not_depend_on_the_direction_of_time(values):
    """A year is far from the years about it in either direction; the first two and last two have too few about them."""
    found = _find_outliers(np.array(values))
    assert found.tolist() == _find_outliers(np.array(values)[::-1])[::-1].tolist()
    assert not found[:2].any()
    assert not found[-2:].any()


@given(st.floats(0.5, 2), st.integers(5, 12))
def test_a_steady_rise_or_fall_has_no_outlier(growth, years):
    """In logarithms it is a line, of which each middle year is the median."""
    assert not _find_outliers(100 * growth ** np.arange(years)).any()


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([10, 10, 13, 10, 10], [2]),
        ([10, 10, 12.1, 10, 10], [2]),  # a fifth and more away
        ([10, 10, 11.9, 10, 10], []),
        ([10, 10, 8.3, 10, 10], [2]),
        ([10, 10, 8.4, 10, 10], []),
        ([10, 10, 13, 10], []),  # four years say nothing
        ([10, 10, 13, 10, 0], []),  # no logarithm
        # Natural logarithms: median 0, deviations 0.2, 0, x, 0, 0.2, their median 0.2: 3 x 1.4826 x 0.2 = 0.88956
        (np.exp([0.2, 0, 0.88, 0, -0.2]), []),
        (np.exp([0.2, 0, 0.90, 0, -0.2]), [2]),
        ([10, 10, 13, 10, 10, 10, 10, 7, 10, 10], [2, 7]),
    ],
)
def test_outliers_by_hand(values, found):
    """Hampel (1974): further than three scaled median absolute deviations, 1.4826 MAD, of five years."""
    assert np.flatnonzero(_find_outliers(np.array(values, float))).tolist() == found


def test_an_outlier_is_said_with_its_year_and_the_median_about_it():
    """25 beside 10: two and a half times the median; what jumps is not said again as an outlier."""
    assert said(record({"cement": [100, 100, 250, 100, 100]}), rule="outlier") == [
        "cement of 重庆 is 250 t CO2 in 2017, 2.5 times the median of the years about it"
    ]
    assert not said(record({"cement": [100, 100, 400, 100, 100]}), rule="outlier")
    assert not said(
        record({"cement": [3, 3, 7.5, 3, 3]}), rule="outlier"
    )  # less than 1 % of the total
    with_product = record({"manure": [100, 100, 250, 100, 100]}, product="pigs")
    assert said(with_product, rule="outlier")[0].startswith(
        "pigs of manure of 重庆 is 250 t CO2 in 2017"
    )


@pytest.mark.parametrize(
    ("whole", "text"),
    [
        (2000.0, []),
        (1981.0, []),  # up to 1 % may be rounding and other factors
        (1970.0, ["2 parts of 山东 emit 2,000 t CO2 in 2015, 1.5 % more than 山东 with 1,970"]),
        (900.0, ["2 parts of 山东 emit 2,000 t CO2 in 2015, 122.2 % more than 山东 with 900"]),
    ],
)
def test_parts_do_not_emit_more_than_the_whole(whole, text):
    """Two cities of 1000 t each against their province: less is other cities, more cannot be."""

    def one(area, value):
        return record({"cement": [value]}, area=area, rest=0.0)

    parents = {"青岛市": "山东", "甲": "山东"}
    found = said(
        one("青岛市", 1000.0),
        one("甲", 1000.0),
        one("山东", whole),
        rule="parts-exceed-whole-area",
        parents=parents,
    )
    assert found == text


def test_a_part_is_compared_with_its_own_whole_and_year():
    """A city is no part of another province, nor of the same in another year; without the whole nothing is said."""
    city = record({"cement": [5000]}, area="青岛", rest=0.0)
    for other in (
        record({"cement": [10]}, area="河北", rest=0.0),
        record({"cement": [10]}, area="山东", start=2050, rest=0.0),
        record({"cement": [10]}, area="青岛", start=2050, rest=0.0),
    ):
        assert not said(city, other, rule="parts-exceed-whole-area")
    assert said(
        city, record({"cement": [10]}, area="山东", rest=0.0), rule="parts-exceed-whole-area"
    )


def test_findings_come_with_the_worst_first():
    """Whoever reads the first lines reads the worst: a jump stands before what could not be compared."""
    rows = [("重庆", 2021, flow, "wood", 2.0, "t") for flow in ("moved_in", "industry")]
    frame = pd.DataFrame(rows, columns=["area", "year", "flow", "product", "value", "unit"])
    wood = ca.compile_inventory(ca.make_balance(frame), method="ipcc-2006")
    found = check_quality([wood, record({"cement": [100, 400]})])
    assert [(one.rule, one.severity) for one in found] == [
        ("jump", "warning"),
        ("no-reference-approach", "info"),
    ]


def test_memo_items_and_scope_2_are_no_series():
    """Biomass and bought electricity are in no total."""
    for labels in ({"kind": "memo"}, {"scope": 2}):
        assert not said(record({"cement": [100, 400]}, **labels), rule="jump")
    assert check_quality(record({"cement": [100.0, np.nan]}, notation="")) == []


DRIVERS = pd.DataFrame({"area": ["重庆"], "year": [2007]})


@pytest.fixture(scope="module")
def chongqing():
    """Return the energy of a city, its CO2 in t and its energy in GJ."""
    made = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    return made, float(made.total().item().magnitude)


@pytest.mark.parametrize(
    ("per_head", "is_said"), [(0.049, True), (0.051, False), (149.0, False), (151.0, True)]
)
def test_what_a_head_emits_lies_between_0_05_and_150_tonnes(chongqing, per_head, is_said):
    """The bounds of factors/vocabulary/plausible.csv, on both sides."""
    made, co2 = chongqing
    drivers = DRIVERS.assign(population=co2 / per_head)
    found = said(made, rule="implausible", drivers=drivers)
    assert (
        any(text.startswith(f"重庆 2007 emits {per_head:.4g} t/person") for text in found)
        is is_said
    )


def test_a_driver_that_is_nothing_or_lacks_is_not_divided_by(chongqing):
    """No population, or none that is known, says nothing of what a head emits."""
    for nothing in (0.0, np.nan):
        assert not said(
            chongqing[0], rule="implausible", drivers=DRIVERS.assign(population=nothing)
        )


# Bounds of factors/vocabulary/plausible.csv: what a head and a thousand yuan emit (t) and burn (GJ).
RANGES = {
    ("population", "emits"): (0.05, 150, "t/person"),
    ("population", "burns"): (1, 2500, "GJ/person"),
    ("gdp", "emits"): (0.005, 3, "t/1000 yuan"),
    ("gdp", "burns"): (0.1, 50, "GJ/1000 yuan"),
}


@pytest.mark.parametrize(("driver", "verb"), RANGES)
def test_each_driver_has_a_range_for_what_is_emitted_and_burnt(driver, verb):
    """Just inside nothing is said, just outside it is, at either end: 10^5 t of diesel are 43.0 x 10^5 GJ."""
    lower, upper, unit = RANGES[driver, verb]
    made = inventory_of({"transport": {"diesel": 10}}, area="重庆", year=2007)
    amount = 1e5 * 43.0 * (0.0741 if verb == "emits" else 1)
    for ratio, is_said in (
        (lower * 0.999, True),
        (lower * 1.001, False),
        (upper * 0.999, False),
        (upper * 1.001, True),
    ):
        texts = said(made, rule="implausible", drivers=DRIVERS.assign(**{driver: amount / ratio}))
        expected = f"重庆 2007 {verb} {ratio:.4g} {unit}; a wide range of our choice is {lower:g} to {upper:g}"
        assert (expected in texts) is is_said


@pytest.mark.parametrize(
    ("drivers", "said_of"),
    [
        (DRIVERS[["area"]], "drivers have no column 'year'; they have area"),
        (DRIVERS[["year"]], "drivers have no column 'area'; they have year"),
        (pd.concat([DRIVERS, DRIVERS]), "drivers have two rows for 重庆 2007; keep one"),
        (
            DRIVERS.iloc[:0],
            "drivers have no row for 重庆 2007; they have nothing: use the names of the tables",
        ),
        (
            DRIVERS.assign(year=2008),
            "drivers have no row for 重庆 2007; they have 重庆 2008: use the names",
        ),
    ],
)
def test_drivers_that_are_none_of_the_inventory_are_refused(drivers, said_of):
    """What lacks, what is there twice, and what they have instead."""
    made = inventory_of({"transport": {"diesel": 10}}, area="重庆", year=2007)
    with pytest.raises(MethodError, match=f"^{said_of}"):
        check_quality([made], drivers=drivers)


@pytest.mark.parametrize(
    ("rows", "twice"),
    [
        (
            [("industry", "diesel", 12.34), ("farming", "diesel", 12.34)],
            ["diesel is 123400 in industry and in farming"],
        ),
        (
            [("industry", "diesel", 12.3), ("farming", "diesel", 12.3)],
            [],
        ),  # three digits are chance
        (
            [("industry", "diesel", 1203.0), ("farming", "diesel", 1203.0)],
            ["diesel is 1.203e+07 in industry and in farming"],
        ),
        ([("industry", "diesel", 1230.0), ("farming", "diesel", 1230.0)], []),
        ([("industry", "diesel", 12.34), ("farming", "coke", 12.34)], []),  # of another column
        ([("industry", "diesel", 12.34), ("farming", "diesel", 12.341)], []),
        (
            [
                ("industry", "diesel", 12.34),
                ("farming", "diesel", 12.34),
                ("transport", "diesel", 12.34),
            ],
            ["diesel is 123400 in industry and in farming and in transport"],
        ),
        (
            [("thermal_power", "diesel", -12.34), ("farming", "diesel", 12.34)],
            ["diesel is 123400 in thermal_power and in farming"],
        ),
        (
            [("industry", "electricity", 12.34), ("farming", "electricity", 12.34)],
            [],
        ),  # it burns nowhere
    ],
)
def test_one_number_of_many_digits_in_two_rows(rows, twice):
    """Four digits and more, whatever the sign and the power of ten: a row may have been copied."""
    tables = {}
    for flow, product, number in rows:
        tables.setdefault(flow, {})[product] = number
    made = inventory_of(
        tables | {"moved_in": {"electricity": 1, "diesel": 1, "coke": 1}}, area="重庆", year=2021
    )
    assert said(made, rule="same-number") == twice
