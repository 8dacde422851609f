"""Series of tables and arrays: labels and years, numbers as printed, pooling, and results under their labels."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from carbonacct.analysis.series import pool_series, read_numbers, split_series
from carbonacct.errors import PanelError
from carbonacct.units import registry

TABLE = pd.DataFrame(
    {
        "area": ["B", "A", "B", "A"],
        "sector": ["x", "x", "x", "x"],
        "year": [2020, 2010, 2010, 2015],
        "co2": [4.0, 1.0, 3.0, 2.0],
    }
)


def test_a_table_by_its_labels():
    """Series in the order in which they appear, years in their own; what a series lacks is absent."""
    series = split_series(TABLE, ["co2", "co2"], by="area")
    assert series.keys.to_dict("list") == {"area": ["B", "A"]}
    assert series.years.tolist() == [2010, 2015, 2020]
    assert series.values["co2"].tolist() == [
        pytest.approx([3, math.nan, 4], nan_ok=True),
        pytest.approx([1, 2, math.nan], nan_ok=True),
    ]
    assert series.dims is None
    indexed = split_series(TABLE.set_index(["area", "year"]), ["co2"], by=["area"])
    assert indexed.keys.equals(series.keys)
    alone = split_series(TABLE[TABLE["area"] == "A"], ["co2"])
    assert (alone.values["co2"].tolist(), len(alone.keys)) == ([[1, 2]], 1)


def test_arrays_by_their_dims():
    """Whatever the order of dims and years, with units or without; arrays without a dim have their number in each."""
    array = xr.DataArray(
        [[1.0, 2], [3, 4]],
        dims=("year", "area"),
        coords={"year": [2020, 2010], "area": ["A", "B"]},
        name="co2",
    )
    for data in (
        array,
        array.T,
        array.to_dataset(),
        array.copy(data=registry().Quantity(array.values, "t")),
    ):
        series = split_series(data, ["co2"])
        assert series.years.tolist() == [2010, 2020]
        assert series.values["co2"].tolist() == [[3, 1], [4, 2]]
        assert series.keys["area"].tolist() == ["A", "B"]
    both = split_series(
        array.to_dataset().assign(gdp=("year", [5.0, 6])), ["co2", "gdp"], by="area"
    )
    assert both.values["gdp"].tolist() == [[6, 5], [6, 5]]
    plain = split_series(xr.DataArray([1.0, 2], dims="year"), ["value"])
    assert (plain.years.tolist(), plain.values["value"].tolist(), len(plain.keys)) == (
        [0, 1],
        [[1, 2]],
        1,
    )


def test_results_under_the_labels_that_came_in():
    """A row a series and period for a table, dims for arrays; texts stay texts."""
    series = split_series(TABLE, ["co2"], by="area")
    made = series.label(
        {"x": np.array([[1.0, 2], [3, 4]]), "why": np.array([["", "a"], ["b", ""]], object)},
        {"to": [2015, 2020]},
    )
    assert made.to_dict("list") == {
        "area": ["B", "B", "A", "A"],
        "to": [2015, 2020, 2015, 2020],
        "x": [1, 2, 3, 4],
        "why": ["", "a", "b", ""],
    }
    assert series.label({"x": np.array([5.0, 6])}).to_dict("list") == {
        "area": ["B", "A"],
        "x": [5, 6],
    }
    array = xr.DataArray(
        [[1.0, 2]], dims=("area", "year"), coords={"area": ["A"], "year": [2010, 2020]}, name="co2"
    )
    data = split_series(array, ["co2"]).label({"x": np.array([[7.0]])}, {"to": [2020]})
    assert data["x"].dims == ("area", "period")
    assert data["to"].dims == ("period",)
    assert split_series(array, ["co2"]).label({"x": np.array([7.0])})["x"].dims == ("area",)
    for clash in ({"area": np.array([1.0, 2])}, {"x": np.array([[1.0], [2]])}):
        with pytest.raises(PanelError, match="the label 'area' is the name of a result as well"):
            series.label(clash, {"area": [2020]} if "x" in clash else None)


def test_series_are_pooled_over_a_label():
    """Members of a group side by side, blank where a group has fewer; without a label each is its own."""
    table = pd.DataFrame(
        {
            "area": ["A", "A", "B", "A"],
            "month": [1, 2, 1, 1],
            "year": [2010, 2010, 2010, 2011],
            "co2": [1.0, 2.0, 3.0, 4.0],
        }
    )
    series = split_series(table, ["co2"], by=["area", "month"])
    pooled, blocks = pool_series(series, "co2", "month")
    assert pooled.keys.to_dict("list") == {"area": ["A", "B"]}
    nan = math.nan
    assert blocks.tolist() == [
        [pytest.approx([1, 4], nan_ok=True), pytest.approx([2, nan], nan_ok=True)],
        [pytest.approx([3, nan], nan_ok=True), pytest.approx([nan, nan], nan_ok=True)],
    ]
    all_of_them, blocks = pool_series(series, "co2", ["area", "month"])
    assert (len(all_of_them.keys), blocks.shape) == (1, (1, 3, 2))
    same, blocks = pool_series(series, "co2", ())
    assert same is series
    assert blocks.shape == (3, 1, 2)
    with pytest.raises(PanelError, match="no label to pool over 'moon'; did you mean month"):
        pool_series(series, "co2", "moon")
    array = xr.DataArray(np.ones((2, 3, 4)), dims=("area", "month", "year"), name="co2")
    held, blocks = pool_series(split_series(array, ["co2"]), "co2", "month")
    assert list(held.dims) == ["area"]
    assert blocks.shape == (2, 3, 4)


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        ([1, 2.5], [1, 2.5]),
        (["1,234", "５"], [1234, 5]),
        (["-", "NE"], [None, None]),
        ([None, ""], [None, None]),
        ([pd.NA, 3], [None, 3]),
    ],
)
def test_numbers_as_they_are_printed(cells, numbers):
    """A mark or a notation key is absent."""
    found = read_numbers(pd.Series(cells, dtype=object), "co2")
    assert found.tolist() == pytest.approx(
        [math.nan if one is None else one for one in numbers], nan_ok=True
    )


@pytest.mark.parametrize("cell", ["some", "x", " X ", math.inf, "inf", "1e999", "2010-01-01", True])
def test_a_cell_that_is_no_number_is_named(cell):
    """With its row and column."""
    with pytest.raises(
        PanelError, match=r"row 7, column 'co2': .* is not a number; correct the cell"
    ):
        read_numbers(pd.Series([1, cell], dtype=object, index=[5, 7]), "co2")


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ([True, False], "column 'co2' holds truth values, not numbers"),
        (pd.to_datetime(["2010-01-01", "2011-01-01"]), "column 'co2' holds dates, not numbers"),
        (pd.to_timedelta([1, 2]), "column 'co2' holds dates, not numbers"),
        ([1 + 2j, 3], "column 'co2' holds complex numbers, not numbers"),
    ],
)
def test_a_column_of_another_kind_is_named(column, message):
    """Truth values and dates are no amounts, though they could be counted."""
    with pytest.raises(PanelError, match=message):
        read_numbers(pd.Series(column), "co2")


def test_labels_that_stand_as_columns_are_told_to_go_into_rows():
    """A column that lacks is named with those that there are; a label with the way out."""
    with pytest.raises(
        PanelError, match=r"no column 'city'; known: .*; labels that stand as columns go into rows"
    ):
        split_series(TABLE, ["co2"], by="city")
    with pytest.raises(
        PanelError, match=r"no column 'ch4'; did you mean co2[^;]*$|no column 'ch4'; known: [^;]*$"
    ):
        split_series(TABLE, ["ch4"], by="area")
    with pytest.raises(PanelError, match="the table has no rows"):
        split_series(TABLE.iloc[:0], ["co2"], by="area")
    with pytest.raises(PanelError, match="no variable 'ch4'"):
        split_series(xr.Dataset({"co2": ("year", [1.0])}), ["ch4"])
