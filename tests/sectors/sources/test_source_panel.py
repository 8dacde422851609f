"""Sources of a panel as arrays: the entries of the tables, whatever the chunks."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from carbonacct.equations import load_sector
from carbonacct.equations.arithmetic import MISSING, NO, NUMBER, states_of
from carbonacct.errors import ActivityDataError
from carbonacct.sectors.sources.source_panel import _lay, compile_source_panel
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


@pytest.mark.parametrize("turned", [False, True])
def test_sources_of_other_gases_share_one_axis_of_gases(turned):
    """Aluminium has CF4 and C2F6, silicon carbide CO2 and CH4: each has a number where it emits, and none elsewhere."""
    # IPCC 2006, Vol. 3, tables 4.15 (kg CF4 and C2F6 per t of aluminium) and 3.7 (t CO2 and kg CH4 per t of carbide).
    per_tonne = {
        ("cwpb", "CF4"): 0.4e-3,
        ("cwpb", "C2F6"): 0.04e-3,
        ("vss", "CF4"): 0.8e-3,
        ("vss", "C2F6"): 0.04e-3,
    }
    of_carbide = {"CO2": 2.62, "CH4": 11.6e-3}
    metal, carbide = make(smelter=("cwpb", "vss")), make()
    arrays = {"aluminium_output": metal, "silicon_carbide_output": carbide}
    given = dict(reversed(arrays.items())) if turned else arrays
    found = compile_source_panel(xr.Dataset(given), "ipcc-2006/processes")
    assert set(found["gas"].values) == {"CF4", "C2F6", "CO2", "CH4"}
    for (smelter, gas), factor in per_tonne.items():
        np.testing.assert_allclose(
            found["aluminium"].sel(smelter=smelter, gas=gas), metal.sel(smelter=smelter) * factor
        )
    for gas, factor in of_carbide.items():
        np.testing.assert_allclose(found["silicon_carbide"].sel(gas=gas), carbide * factor)
    assert found["aluminium"].sel(gas=["CO2", "CH4"]).isnull().all()
    assert found["silicon_carbide"].sel(gas=["CF4", "C2F6"]).isnull().all()


@pytest.mark.parametrize("area", [0, 2])
def test_a_source_that_an_area_never_reports_is_none_there(area):
    """No output in any year does not occur; one year without a number is a gap in that year alone."""
    lime = make()
    lime[area] = np.nan
    lime[1, 1] = np.nan
    found = compile_source_panel(xr.Dataset({"lime_output": lime}), "ipcc-2006/processes")["lime"]
    assert found.isnull().sum() == len(YEARS) + 1
    assert found[area].isnull().all()
    assert found[1].isnull().values.tolist() == [False, True, False, False]


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


def test_a_gap_of_one_year_is_not_reported_and_a_whole_row_of_gaps_is_none():
    """As in rows of a table: what an area never has does not occur, what it has in other years is missing."""
    deposited = make(waste=WASTES)
    deposited[1, 1, 0] = np.nan
    deposited[1, :, 1] = np.nan
    deposited[2] = np.nan
    data = _lay(xr.Dataset({"deposited": deposited}), load_sector("ipcc-2006/waste"))
    states = states_of(data.numbers["deposited"].cells).reshape(3, 4, 2)
    assert (states[0] == NUMBER).all()
    assert states[1, :, 0].tolist() == [NUMBER, MISSING, NUMBER, NUMBER]
    assert (states[1, :, 1] == NO).all()
    assert (states[2] == MISSING).all()


def test_chunks_of_years_are_joined(panel):
    """A landfill looks over years: chunks of them give the same."""
    pytest.importorskip("dask")
    whole = compile_source_panel(panel, "ipcc-2006/waste", partitions=ZONES)
    lazy = compile_source_panel(panel.chunk(area=2, year=1), "ipcc-2006/waste", partitions=ZONES)
    assert lazy.compute().equals(whole)
