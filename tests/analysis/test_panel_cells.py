"""Long tables as arrays: labels in their order, which columns repeat, and what is refused with its row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.analysis.panel_cells import read_cells, repeats
from carbonacct.errors import PanelError

TABLE = pd.DataFrame(
    {
        "area": ["B", "B", "A", "A", "B", "B"],
        "year": [2020, 2010, 2020, 2010, 2020, 2010],
        "sector": ["y", "y", "x", "x", "x", "x"],
        "energy": [1.0, 2, 3, 4, 5, 6],
        "gdp": [7.0, 8, 9, 10, 7, 8],
    }
)
ASKED = {"over": "year", "by": ["area"], "sum_over": ["sector"]}


def read(table=TABLE, names=("energy", "gdp"), **asked):
    """Return the cells of a table."""
    return read_cells(table, names, **{**ASKED, **asked})


def test_labels_stand_in_the_order_of_the_table_and_years_in_their_own():
    """Cells that no row has are absent; GDP, printed in each sector, is one number of the area."""
    cells = read()
    assert [label for (label,) in cells.groups] == ["B", "A"]
    assert [label for (label,) in cells.cells] == ["y", "x"]
    assert cells.places.tolist() == [2010, 2020]
    assert cells.values["energy"].tolist() == [
        [[2, 6], [1, 5]],
        [pytest.approx([np.nan, 4], nan_ok=True), pytest.approx([np.nan, 3], nan_ok=True)],
    ]
    assert cells.present.tolist() == [[[True, True]] * 2, [[False, True]] * 2]
    assert cells.own == {"energy"}
    assert cells.has_gaps
    assert (cells.grouped, cells.summed) == (("area",), ("sector",))
    assert cells.name(1, 0, 1) == "area=A, year=2010, sector=x"
    assert cells.name(0) == "area=B"
    plain = read(TABLE[TABLE["area"] == "A"], by=[], sum_over=[])
    assert plain.name(0) == "the panel"
    assert plain.own == {"energy", "gdp"}  # of one cell each number is its own
    assert not plain.has_gaps


def test_a_number_beside_a_blank_is_none_of_all():
    """A total printed in the first row alone stands for that row; one in each row is the total."""
    table = TABLE.assign(gdp=[7.0, 8, 9, 10, None, 8])
    assert read(table).own == {"energy", "gdp"}
    assert read(TABLE.assign(gdp=[7.0, 8, 9, 10, 7.5, 8])).own == {"energy", "gdp"}
    one = read(TABLE.assign(energy=1.0))
    assert one.own == frozenset()
    (telling,) = one.telling(["energy"])
    assert telling is one.values["energy"]
    cells = read()
    (telling,) = cells.telling(["energy", "gdp"])  # GDP says nothing of a sector
    assert telling is cells.values["energy"]


@given(
    st.lists(
        st.lists(st.sampled_from([1.0, 2.0, None]), min_size=3, max_size=3), min_size=1, max_size=4
    )
)
def test_what_repeats(rows):
    """One number in every cell that a row has, in each row, and some row with more than one cell."""
    array = np.array(rows, float)[None]
    there = ~np.isnan(array)
    expected = all(len({value for value in row if value is not None}) <= 1 for row in rows) and any(
        sum(value is not None for value in row) > 1 for row in rows
    )
    assert repeats(array, there) == expected
    # A blank in a cell that is there is no repetition.
    full = np.ones_like(there)
    assert repeats(array, full) == all(len(set(row)) == 1 or set(row) == {None} for row in rows)


def test_what_repeats_within_a_label():
    """Energy of a sector, in each of its fuels: alike within, apart between."""
    array = np.array([[[1.0, 1, 2, 2]]])
    there = np.ones_like(array, bool)
    assert not repeats(array, there)
    assert repeats(array, there, np.array([0, 0, 1, 1]))
    assert not repeats(array, there, np.array([0, 1, 0, 1]))
    assert not repeats(array, there, np.arange(4))  # one cell each is no repetition


@pytest.mark.parametrize(
    ("column", "places"),
    [
        ([2020, 2010, 2015], [2010, 2015, 2020]),
        (["2020", "2010", "2015"], [2010, 2015, 2020]),
        ([2020.0, 2010.0, 2015.5], [2010, 2015.5, 2020]),
        (["b", "c", "a"], ["b", "c", "a"]),
        (["0571", "0510", "2020"], ["0571", "0510", "2020"]),  # codes of areas
        (["2020", "x", "2010"], ["2020", "x", "2010"]),
    ],
)
def test_places_that_are_compared(column, places):
    """Years are in order, whatever kind of cell; labels stay as they appear."""
    table = pd.DataFrame({"place": column, "a": [1.0, 2, 3]})
    assert read_cells(table, ["a"], over="place", by=[], sum_over=[]).places.tolist() == places


@pytest.mark.parametrize(
    ("table", "asked", "message"),
    [
        (TABLE, {"by": ["aera"]}, "the panel has no column 'aera'; did you mean area"),
        (TABLE, {"by": ["zz"]}, "no column 'zz'; columns: area, year, sector, energy, gdp.* melt"),
        (TABLE, {"by": ["year"]}, "'year' is named in more than one of over, by and sum_over"),
        (TABLE, {"by": ["gdp"]}, "'gdp' is a label here and a number in the identity"),
        (
            TABLE.assign(energy="-"),
            {"by": []},
            r"rows 0, 4 have the same labels|rows 2, 4 have the same labels",
        ),
        (
            TABLE,
            {"by": []},
            r"rows \d, \d have the same labels \(year=2020, sector=x\); name area in by or sum_over",
        ),
        (
            TABLE.drop(columns="area"),
            {"by": []},
            r"have the same labels \(year=2020, sector=x\); leave one out",
        ),
        (
            TABLE.assign(energy=[1, 2, "some", 4, 5, 6]),
            {},
            "row 2, column 'energy': 'some' is not a number",
        ),
        (
            TABLE.assign(energy=[1, 2, np.inf, 4, 5, 6]),
            {},
            "row 2, column 'energy': 'inf' is not a number",
        ),
        (TABLE.assign(energy=True), {}, "column 'energy' holds truth values, not numbers"),
        (TABLE.assign(energy=1j), {}, "column 'energy' holds complex numbers, not numbers"),
        (TABLE.assign(area=["B", " ", "A", "A", "B", "B"]), {}, "row 1: area is blank"),
        (TABLE.assign(year=[2020, None, 2020, 2010, 2020, 2010]), {}, "row 1: year is blank"),
        (TABLE.assign(year=True), {}, "column 'year' holds bool; give years as whole numbers"),
        (TABLE.iloc[:0], {}, "the panel has no rows with labels"),
        (TABLE.assign(**dict.fromkeys(TABLE)), {}, "the panel has no rows with labels"),
    ],
)
def test_what_cannot_be_read_is_named(table, asked, message):
    """With its row, its column and what to do."""
    with pytest.raises(PanelError, match=message):
        read(table, **asked)


def test_rows_that_hold_nothing_are_told():
    """Notes below a table: left out, the first of them by their rows."""
    notes = pd.DataFrame({"note": ["x"] * 5})
    cells = read(pd.concat([TABLE, notes], ignore_index=True))
    (finding,) = cells.findings
    assert finding.message == (
        "rows 6, 7, 8 ... (5) have no label and no number that the identity needs: left out"
    )
    assert cells.values["energy"].tolist()[0] == read().values["energy"].tolist()[0]


def test_marks_and_thousands_are_read_as_tables_print_them():
    """A dash is absent, 1,234 is one number."""
    table = TABLE.assign(energy=["1,234", "2", "-", "4", pd.NA, float("nan")])
    found = read(table).values["energy"]
    assert found[0, 1, 0] == 1234
    assert np.isnan(found[1, 1, 1])
    assert np.isnan(found[0, :, 1]).all()
