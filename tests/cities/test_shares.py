"""The share of a city in a row of its province, index by index: worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.cities.declared import indicators as known_indicators
from carbonacct.cities.indicators import Value, gather_indicators
from carbonacct.cities.shares import check_shares, find_shares

PROVINCE, CITY, OTHER = "fujian", "xiamen", "quanzhou"


def indicators(*rows):
    """Return indicators of 2019: area, indicator, value (and prices, row, year)."""
    found = []
    for n, (area, indicator, value, *more) in enumerate(rows):
        prices, row, year = [*more, *("", "*", 2019)[len(more) :]]
        found.append(
            Value(area, year, row, indicator, value, "u", prices, f"s{n}", f"i.csv!C{n + 2}")
        )
    return gather_indicators(found)


def shares(*rows, areas=(CITY,), years=(2019,), flow="transport", product="diesel", index=""):
    """Return the shares of areas in a row of the province."""
    return find_shares(
        indicators(*rows), PROVINCE, areas, years, flow=flow, product=product, index=index
    )


def test_a_share_is_the_city_over_the_province_by_the_first_index():
    """Value added of services before all of GDP; low and high are the range of all at hand."""
    found = shares(
        (PROVINCE, "va_tertiary", 100.0),
        (CITY, "va_tertiary", 30.0),
        (PROVINCE, "gdp", 200.0),
        (CITY, "gdp", 50.0),
        (PROVINCE, "population", 10.0),
        (CITY, "population", 1.0),
    )
    assert found.keys[found.chosen[0, 0]][1] == "va_tertiary"
    assert (found.value[0, 0], found.part[0, 0], found.whole[0, 0]) == (0.3, 30.0, 100.0)
    used = {
        name: {"va_tertiary": 0.3, "gdp": 0.25, "population": 0.1}[name] for _, name in found.keys
    }
    assert (found.low[0, 0], found.high[0, 0]) == (min(used.values()), max(used.values()))
    assert found.findings == ()


def test_the_range_is_of_the_indices_that_a_place_has():
    """Two of three, all three, and one alone, which is no range."""
    rows = [
        (PROVINCE, "va_tertiary", 100.0),
        (PROVINCE, "gdp", 200.0),
        (PROVINCE, "population", 10.0),
    ]
    rows += [(CITY, "gdp", 50.0), (CITY, "population", 1.0), (OTHER, "va_tertiary", 40.0)]
    rows += [("ningde", "va_tertiary", 5.0), ("ningde", "gdp", 40.0), ("ningde", "population", 3.0)]
    found = shares(*rows, areas=(CITY, OTHER, "ningde"))
    np.testing.assert_allclose(found.low[:, 0], [0.1, np.nan, 0.05])
    np.testing.assert_allclose(found.high[:, 0], [0.25, np.nan, 0.3])


def test_what_part_of_industry_is_large_scales_nothing():
    """Though it is written for the row: it tells nothing of the whole."""
    coverage = [name for name, one in known_indicators().items() if one.kind == "coverage"]
    assert coverage
    for name in coverage:
        rows = [(PROVINCE, name, 100.0, "", "industry"), (CITY, name, 20.0, "", "industry")]
        assert np.isnan(shares(*rows, flow="industry", product="raw_coal").value).all()


def test_areas_and_years_without_numbers_have_no_share():
    """Each place stands for itself, in the order asked for."""
    rows = [
        (PROVINCE, "gdp", 200.0),
        (CITY, "gdp", 50.0),
        (OTHER, "gdp", 100.0),
        (PROVINCE, "gdp", 400.0, "", "*", 2020),
        (CITY, "gdp", 20.0, "", "*", 2020),
    ]
    found = shares(*rows, areas=(OTHER, "ningde", CITY), years=(2020, 2018, 2019), index="gdp")
    np.testing.assert_allclose(
        found.value, [[np.nan, np.nan, 0.5], [np.nan] * 3, [0.05, np.nan, 0.25]]
    )
    assert found.chosen.tolist() == [[-1, -1, 0], [-1, -1, -1], [0, -1, 0]]
    assert np.isnan([found.low, found.high]).all()  # of one index there is no range
    assert np.isnan(found.part[1]).all()


@pytest.mark.parametrize(
    "rows",
    [
        [(CITY, "gdp", 50.0)],
        [(PROVINCE, "gdp", 50.0)],
        [(CITY, "gdp", 5.0), (PROVINCE, "gdp", 0.0)],
    ],
)
def test_without_both_values_there_is_no_share(rows):
    """The city alone, the province alone, a province of nothing."""
    found = shares(*rows, index="gdp")
    assert np.isnan(found.value).all()
    assert found.chosen.tolist() == [[-1]]
    assert np.isnan(shares(*rows, index="population").value).all()


@pytest.mark.parametrize(
    ("city", "province", "value", "text"),
    [
        ((50.0, "2015"), (200.0, "2015"), 0.25, ""),
        ((50.0, "2015"), (200.0, ""), 0.25, ""),
        ((50.0, ""), (200.0, "2015"), 0.25, ""),
        (
            (50.0, "2015"),
            (200.0, "2018"),
            np.nan,
            (
                "gdp of 厦门 2019 is in other prices than the province's (share 0.25): "
                "it scales nothing"
            ),
        ),
        ((200.0, ""), (200.0, ""), 1.0, ""),
        (
            (300.0, ""),
            (200.0, ""),
            np.nan,
            "gdp of 厦门 2019 is more than the province's (share 1.5): it scales nothing",
        ),
    ],
)
def test_a_share_of_other_prices_or_beyond_the_whole_is_refused(city, province, value, text):
    """With the cell of the city."""
    rows = [(CITY, "gdp", city[0], city[1]), (PROVINCE, "gdp", province[0], province[1])]
    found = shares(*rows, index="gdp")
    np.testing.assert_equal(found.value[0, 0], value)
    assert [(note.message, note.where, note.severity) for note in found.findings] == [
        (text, "i.csv!C2", "error")
    ] * bool(text)


def test_an_index_for_the_row_stands_before_that_for_all():
    """And before one of the row it lies in; plants take none that is not their own."""
    rows = [
        (PROVINCE, "gdp", 100.0),
        (CITY, "gdp", 10.0),
        (PROVINCE, "gdp", 100.0, "", "transport"),
        (CITY, "gdp", 20.0, "", "transport"),
        (PROVINCE, "gdp", 100.0, "", "transport.road"),
        (CITY, "gdp", 30.0, "", "transport.road"),
    ]
    assert [
        shares(*rows, flow=flow, index="gdp").value[0, 0]
        for flow in ("transport", "transport.road", "farming")
    ] == [0.2, 0.3, 0.1]
    found = shares(*rows, flow="transport.road")
    assert found.keys[:2] == (("transport.road", "gdp"), ("transport", "gdp"))
    assert np.isnan(
        shares(*rows, flow="thermal_power", product="raw_coal", index="gdp").value
    ).all()


def test_where_the_two_values_stand_is_told():
    """The city's before the province's."""
    found = shares((CITY, "gdp", 50.0), (PROVINCE, "gdp", 200.0), index="gdp")
    text = found.cells[0][0, 0]
    assert text.index("s0") < text.index(" / ") < text.index("s1")


@pytest.mark.parametrize(
    ("held", "expected", "severity", "text"),
    [
        ([0.4, 0.6], [CITY, OTHER], None, ""),
        (
            [0.4, 0.5],
            [CITY, OTHER],
            "warning",
            "the shares of 2 areas in gdp of 2019 add to 0.9, a gap of -10.0000%",
        ),
        ([0.4, 0.5], [CITY, OTHER, "ningde"], "info", "a gap of -10.0000%; not among them: 宁德"),
        (
            [0.4, 0.7],
            [CITY, OTHER, "ningde"],
            "warning",
            "a gap of +10.0000%; not among them: 宁德",
        ),
        ([0.4, np.nan], [CITY, OTHER], None, ""),
    ],
)
def test_shares_that_do_not_add_to_the_whole_are_told(held, expected, severity, text):
    """They are never scaled to the total; a missing city explains a shortfall, not a surplus."""
    notes = check_shares(np.array(held)[:, None], [CITY, OTHER], [2019], "gdp", expected=expected)
    assert [note.severity for note in notes] == ([severity] if severity else [])
    assert all(note.message.endswith(text) for note in notes)
