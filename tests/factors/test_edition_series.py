"""Series of editions: which belong to one, and for how many years each of their rows serves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from carbonacct.factors import edition_ids, load_edition
from carbonacct.factors.edition_series import find_series, load_series, series_ids
from tests.factors.building import row, source


def test_a_series_is_its_editions():
    """Each edition that names the series and no other; every other edition is a series of itself."""
    assert series_ids() == ("yearbook-tables",)
    assert [one.id for one in load_series("yearbook-tables")] == [
        "yearbook-tables-2007",
        "yearbook-tables-2019",
    ]
    for edition in edition_ids():
        is_one = edition.startswith("yearbook-tables-")
        assert find_series(edition) == ("yearbook-tables" if is_one else edition)
    assert load_series("ipcc-2006") == (load_edition("ipcc-2006"),)


def test_rows_are_carried_as_far_as_the_edition_says():
    """Fifty years what holds for any flow, three what was burnt in one; the edition itself carries nothing."""
    for one in load_series("yearbook-tables"):
        assert {held.carried for held in one.rows if not held.flow} == {50}
        assert {held.carried for held in one.rows if held.flow} == {3}
        assert one.is_carried
        plain = load_edition(one.id)
        assert [replace(held, carried=0) for held in one.rows] == list(plain.rows)
        assert not plain.is_carried


def test_one_row_that_is_carried_is_enough():
    """A series may say of some of its rows that they serve their own years alone."""
    assert source(row(), replace(row("coke"), carried=1)).is_carried
    assert not source(row()).is_carried
    assert not source().is_carried


@pytest.mark.parametrize(
    ("years", "gaps"),
    [
        ((2010, 2012), {2007: -3, 2009: -1, 2010: 0, 2011: 0, 2012: 0, 2013: 1, 2020: 8}),
        ((2010, None), {2007: -3, 2010: 0, 2050: 0}),
        ((None, 2012), {1950: 0, 2012: 0, 2015: 3}),
        ((None, None), {1950: 0, 2050: 0}),
    ],
)
def test_how_far_a_year_is_from_those_of_a_row(years, gaps):
    """Negative before them, positive behind them, nothing within; where none is printed there is no end."""
    assert {year: row(years=years).years_from(year) for year in gaps} == gaps
