"""The view of a table that reports have: its periods, the places of cells, where they are printed."""

from __future__ import annotations

import pytest

from carbonacct.balances import read_balance
from carbonacct.sectors.energy.printed_table import view_table
from tests.sectors.energy.building import write_table
from tests.sectors.energy.made_balances import balance_of, panel_of


def test_periods_are_those_that_an_area_has_something_of():
    """In the order of areas, then years; a table without any status has them all."""
    cell = {"industry": {"coke": 1}}
    tables = {
        ("重庆", 2020): cell,
        ("重庆", 2021): cell,
        ("四川", 2021): {"transport": {"diesel": 0}},
    }
    view = view_table(panel_of(tables))
    assert set(view.periods) == set(tables)
    assert len(view.periods) == 3
    assert view.periods == sorted(view.periods, key=lambda one: (view.areas.index(one[0]), one[1]))
    view.status[...] = 0 * view.status + max(0, view.status.max())
    assert len(view.periods) == 4


def test_a_cell_is_found_by_its_labels():
    """Each label along its own axis."""
    rows = {"industry": {"coke": 1, "diesel": 2}, "transport": {"diesel": 3}}
    view = view_table(panel_of({("重庆", 2020): rows, ("四川", 2021): rows}))
    for a, area in enumerate(view.areas):
        for y, year in enumerate(view.years):
            for f, flow in enumerate(view.flows):
                for p, product in enumerate(view.products):
                    assert view.find(area, year, flow, product) == (a, y, f, p)
    with pytest.raises(KeyError):
        view.find("重庆", 2022, "industry", "coke")


def test_the_address_of_a_cell_that_was_read_and_of_one_that_was_not(tmp_path):
    """The first product of the first row stands below title and header; what is not printed has none."""
    path = write_table(tmp_path / "t.csv", {"industry": {"coke": 1}, "transport": {"diesel": 2}})
    view = view_table(read_balance(path))
    assert view.address_at(*view.find("重庆", 2021, "industry", "coke")) == "t.csv!B3"
    assert view.address_at(*view.find("重庆", 2021, "transport", "diesel")) == "t.csv!C4"
    made = view_table(balance_of({"industry": {"coke": 1}}))
    assert made.address_at(0, 0, 0, 0) == ""


def test_what_a_row_is_a_part_of():
    """Itself, and all above it."""
    view = view_table(balance_of({"industry.textile": {"coke": 1}}))
    assert [
        view.is_part("industry.textile", one)
        for one in ("industry.textile", "industry", "final_consumption")
    ] == [True] * 3
    assert not view.is_part("industry", "industry.textile")
