"""Sources of a panel as arrays: the entries of the tables, whatever the chunks."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from carbonacct.errors import ActivityDataError
from carbonacct.sectors.sources.source_panel import compile_source_panel
from tests.sectors.sources.building import compiled

AREAS, YEARS = ["重庆", "成都", "北京"], list(range(2010, 2014))
ZONES = {"climate_zones": dict.fromkeys(AREAS, "temperate_wet")}
WASTES = ("food", "paper")


def make(**labels):
    """Return numbers over areas, years and labels."""
    shape = (len(AREAS), len(YEARS), *map(len, labels.values()))
    coords = {"area": AREAS, "year": YEARS} | {dim: list(known) for dim, known in labels.items()}
    values = np.random.default_rng(len(labels)).uniform(1e4, 1e5, shape)
    return xr.DataArray(values, dims=("area", "year", *labels), coords=coords)


@pytest.fixture(scope="module")
def panel():
    """Return waste of three cities and four years by decay, of which one did not report two years."""
    deposited = make(waste=WASTES)
    deposited[1, :2] = np.nan
    share = xr.ones_like(make(site=("managed",)))
    return xr.Dataset({"deposited": deposited, "site_share": share})


def test_arrays_give_the_entries_of_tables(panel, tmp_path):
    """The same numbers as rows of a table: each entry, and each gap, is the same."""
    rows = [
        (name, label, float(value), "t" if name == "deposited" else "1", area, year)
        for name, dim in (("deposited", "waste"), ("site_share", "site"))
        for (area, year, label), value in panel[name].to_series().items()
        if dim and not np.isnan(value)
    ]
    held = (
        compiled(tmp_path, *rows, method="ipcc-2006", partitions=ZONES)
        .select(flow="landfill_decay")
        .entries
    )
    found = compile_source_panel(panel, "ipcc-2006/waste", partitions=ZONES)["landfill_decay"]
    for row in held.to_dict("records"):
        assert found.sel(area=row["area"], year=row["year"]).item() == row["value"]
    assert int(found.notnull().sum()) == int(held["value"].notna().sum())


@pytest.mark.parametrize("size", [1, 2, 3])
def test_chunks_change_no_bit(panel, size):
    """Lazily, in chunks of areas, nothing is worked out before it is asked for."""
    pytest.importorskip("dask")
    whole = compile_source_panel(panel, "ipcc-2006/waste", partitions=ZONES)
    lazy = compile_source_panel(panel.chunk(area=size), "ipcc-2006/waste", partitions=ZONES)
    assert all(array.chunks for array in lazy.data_vars.values())
    assert lazy.compute().equals(whole)


def test_a_cluster_gives_the_same(panel):
    """On the workers of a cluster as on this machine."""
    pytest.importorskip("dask")
    distributed = pytest.importorskip("distributed")
    whole = compile_source_panel(panel, "ipcc-2006/waste", partitions=ZONES)
    with distributed.Client(
        processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None
    ):
        assert (
            compile_source_panel(panel.chunk(area=1), "ipcc-2006/waste", partitions=ZONES)
            .compute()
            .equals(whole)
        )


def test_units_of_arrays_are_read():
    """An attribute says the unit; one that measures something else is refused."""
    lime = make().assign_attrs(units="万吨")
    found = compile_source_panel(xr.Dataset({"lime_output": lime}), "ipcc-2006/processes")["lime"]
    assert found.values == pytest.approx(lime.values * 1e4 * 0.75, rel=1e-12)
    with pytest.raises(ActivityDataError, match=r"lime_output: .*correct the attribute units"):
        compile_source_panel(
            xr.Dataset({"lime_output": lime.assign_attrs(units="头")}), "ipcc-2006/processes"
        )


@pytest.mark.parametrize(
    ("name", "dims", "message"),
    [
        (
            "lime_outputs",
            ("area", "year"),
            "has no activity 'lime_outputs'; did you mean lime_output",
        ),
        (
            "lime_output",
            ("area", "year", "furnace"),
            "lime_output has the dims area, year, furnace; give area, year",
        ),
    ],
)
def test_what_is_no_activity_is_refused(name, dims, message):
    """By name, with near names; dims other than its own too."""
    array = make(furnace=("bof",)) if "furnace" in dims else make()
    with pytest.raises(ActivityDataError, match=message):
        compile_source_panel(xr.Dataset({name: array}), "ipcc-2006/processes")
