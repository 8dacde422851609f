"""A Dataset as arrays: what can be read without a long table, and that it is what the table gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from carbonacct.analysis.dataset_cells import read_dataset
from carbonacct.analysis.panel_cells import read_cells
from carbonacct.analysis.panel_inputs import to_table
from carbonacct.units import registry

NAMES = ["gdp", "energy"]
ASKED = {"over": "year", "by": ["area"], "sum_over": ["sector"]}
DATA = xr.Dataset(
    {
        "gdp": (("area", "year"), [[1.0, 2.0], [3.0, 4.0]]),
        "energy": (("sector", "area", "year"), np.arange(12.0).reshape(3, 2, 2)),
    },
    coords={"area": ["A", "B"], "year": [2010, 2020], "sector": ["x", "y", "z"]},
)


def assert_alike(read, table):
    """Compare cells that were read with those of the long table, whatever their order."""
    assert read is not None
    for name in NAMES:
        found = {}
        for cells in (read, table):
            for group, place, cell in np.ndindex(cells.values[name].shape):
                key = (cells.groups[group], cells.places[place], cells.cells[cell])
                found.setdefault(key, []).append(cells.values[name][group, place, cell])
        assert all(
            len(pair) == 2 and np.array_equal(*pair, equal_nan=True) for pair in found.values()
        ), name
    assert read.own == table.own
    assert (read.grouped, read.summed) == (table.grouped, table.summed)


@pytest.mark.parametrize(
    "data",
    [
        DATA,
        DATA.astype(int),
        DATA.transpose("year", "sector", "area"),
        DATA.assign(
            energy=DATA["energy"].copy(data=registry().Quantity(DATA["energy"].values, "t"))
        ),
        DATA.where(DATA["sector"] != "y"),
    ],
)
def test_a_plain_dataset_is_read_as_its_table_is(data):
    """Whatever the order of its dims, with units or without, and with numbers that lack."""
    assert_alike(read_dataset(data, NAMES, **ASKED), read_cells(to_table(data), NAMES, **ASKED))


def test_a_column_without_the_summed_dim_is_one_number_for_all():
    """GDP of the whole is not that of each sector; energy is a column of its own."""
    read = read_dataset(DATA, NAMES, **ASKED)
    assert read.own == {"energy"}
    assert read.present.all()
    assert (
        not read_dataset(DATA.where(DATA["sector"] != "y"), NAMES, **ASKED).present[:, :, 1].any()
    )


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (lambda data: data.assign(energy=data["energy"].where(data["energy"] < 11, np.inf)), {}),
        (lambda data: data.assign(energy=data["energy"].astype(str)), {}),
        (lambda data: data.assign(energy=data["energy"] > 3), {}),
        (lambda data: data.assign_coords(area=["A", "A"]), {}),
        (lambda data: data.assign_coords(area=["A", " "]), {}),
        (lambda data: data.assign_coords(area=[1.5, 2.5]), {}),
        (lambda data: data.assign_coords(sector=["x", "y", None]), {}),
        (lambda data: data.assign_coords(year=[2020, 2010]), {}),
        (lambda data: data.assign_coords(year=["now", "then"]), {}),
        (lambda data: data.drop_vars("sector"), {}),
        (lambda data: data.drop_vars("energy"), {}),
        (lambda data: data.expand_dims(draw=[1]), {}),
        (lambda data: data, {"by": ["area", "area"]}),
        (lambda data: data, {"by": ["city"]}),
        (
            lambda data: data.stack(area_sector=["area", "sector"]),  # noqa: PD013 - of xarray
            {"by": ["area_sector"], "sum_over": []},
        ),
    ],
)
def test_what_only_the_long_table_can_tell_is_left_to_it(change, asked):
    """Numbers that are none, labels that are blank or there twice, years in another order, dims that are not there."""
    assert read_dataset(change(DATA), NAMES, **{**ASKED, **asked}) is None


def test_without_dims_to_keep_or_to_sum_there_is_one_of_each():
    """A series of years is one group of one cell."""
    data = DATA.isel(area=0, sector=0, drop=True)
    read = read_dataset(data, NAMES, over="year", by=[], sum_over=[])
    assert read.values["energy"].tolist() == [[[0.0], [1.0]]]
    assert read.values["gdp"].shape == (1, 2, 1)
    assert (read.grouped, read.summed) == ((), ())
    assert isinstance(read.places, pd.Index)
