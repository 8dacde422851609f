"""Panels: many areas and years at once are their areas one by one, in memory, in a folder, and in chunks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.check import checks
from carbonacct.blocks import in_blocks
from carbonacct.sectors.energy.energy_panel import fold_remainders
from carbonacct.sheets import values
from tests.sectors.energy.building import write_table
from tests.sectors.energy.made_balances import panel_of

FLOWS = [
    "moved_in",
    "thermal_power",
    "farming",
    "industry",
    "industry.nonmetal_minerals",
    "feedstock",
    "transport",
    "bunkers_abroad",
    "households_urban",
]
PRODUCTS = ["coal_total", "raw_coal", "coke", "diesel", "natural_gas", "heat", "electricity"]
AREAS = ["重庆", "北京", "A", "四川", "B"]
METHODS = ["provincial-2011", "ipcc-2006", "whitepaper-2022"]
CHONGQING = "docs/tables/chongqing_2007.csv"


def make_amounts(areas: int, years: int, seed: int) -> xr.DataArray:
    """Return amounts of a panel in canonical units, a third of them there, inputs of plants negative."""
    rng = np.random.default_rng(seed)
    numbers = rng.uniform(1, 1e5, (areas, years, len(FLOWS), len(PRODUCTS)))
    numbers[rng.random(numbers.shape) > 0.4] = np.nan
    numbers[rng.random(numbers.shape) > 0.95] = 0.0
    numbers[:, :, 1, :5] *= -1
    coords = {
        "area": AREAS[:areas],
        "year": np.arange(2010, 2010 + years),
        "flow": FLOWS,
        "product": PRODUCTS,
    }
    return xr.DataArray(numbers, dims=("area", "year", "flow", "product"), coords=coords)


def assert_same(one: ca.EnergyInventory, other: ca.EnergyInventory) -> None:
    """Hold two inventories to the same numbers, factors and activities, to the last bit."""
    xr.testing.assert_identical(one.emissions, other.emissions)
    for name in ("amount", "share", "deduction"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    used = np.nan_to_num(one.emissions.values) != 0
    np.testing.assert_array_equal(one.factor[used], other.factor[used])


def fold(inventory: ca.EnergyInventory) -> ca.EnergyInventory:
    """Return an inventory whose emissions have the labels of the table, as those of a panel in chunks have."""
    return replace(inventory, emissions=fold_remainders(inventory.emissions))


def pick(
    inventory: ca.EnergyInventory, area: slice, year: slice, like: ca.EnergyInventory
) -> ca.EnergyInventory:
    """Return a part of the arrays of an inventory, without remainders that only other areas and years have."""
    table = inventory.balance
    f, p = (
        np.array([names.index(name) for name in own])
        for names, own in (
            (table.flows, like.balance.flows),
            (table.products, like.balance.products),
        )
    )
    rest = inventory.emissions[area, year].drop_isel(flow=f)
    assert rest.count() == 0
    assert inventory.emissions[area, year].drop_isel(product=p).count() == 0

    def cut(array):
        return array[area, year][:, :, f][:, :, :, p]

    arrays = {field.name: getattr(inventory, field.name) for field in fields(inventory)}
    arrays |= {
        name: cut(arrays[name]) for name in ("counted", "share", "deduction", "chain", "emissions")
    }
    return ca.EnergyInventory(
        **arrays
        | {
            "balance": replace(
                table,
                **{name: cut(getattr(table, name)) for name in ("amounts", "status", "place")},
            ),
            "chains": tuple(
                replace(
                    chain,
                    held_factor=cut(chain.factor),
                    held_complete=cut(chain.complete),
                    shape=cut(chain.factor).shape,
                )
                for chain in inventory.chains
            ),
        }
    )


@settings(max_examples=12)
@given(
    areas=st.integers(1, 4),
    years=st.integers(1, 3),
    seed=st.integers(0, 2**32),
    method=st.sampled_from(METHODS),
)
def test_a_panel_is_its_areas_and_years_one_by_one(areas, years, seed, method):
    """Emissions, activities and factors of a panel are those of each table compiled alone, to the last bit."""
    amounts = make_amounts(areas, years, seed)
    panel = ca.compile_inventory(amounts, method=method, allow_empty=True)
    for a in range(areas):
        for y in range(years):
            part = slice(a, a + 1), slice(y, y + 1)
            alone = ca.compile_inventory(amounts[part], method=method, allow_empty=True)
            assert_same(alone, pick(panel, *part, alone))


@settings(max_examples=10)
@given(
    seed=st.integers(0, 2**32),
    gases=st.sampled_from([["CO2"], ["all"]]),
    dim=st.sampled_from(["area", "year"]),
)
def test_an_empty_area_or_year_changes_nothing_else(seed, gases, dim):
    """Labels without a number add no cell and change no total, to the last bit."""
    amounts = make_amounts(3, 2, seed)
    more = xr.concat(
        [
            xr.full_like(amounts.isel({dim: [0]}), np.nan).assign_coords(
                {dim: ["C"] if dim == "area" else [2009]}
            ),
            amounts,
        ],
        dim=dim,
    )
    plain, extended = (
        ca.compile_inventory(array, method="ipcc-2006", gases=gases) for array in (amounts, more)
    )
    empty = extended.emissions.isel({dim: [0]})
    assert np.isnan(empty.values).all()
    xr.testing.assert_identical(extended.emissions.isel({dim: slice(1, None)}), plain.emissions)
    np.testing.assert_array_equal(
        extended.by("flow", "product").data.magnitude, plain.by("flow", "product").data.magnitude
    )


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32), order=st.permutations(range(4)))
def test_areas_in_another_order_give_the_same_in_that_order(seed, order):
    """Permuting areas permutes emissions and totals by area and year."""
    amounts = make_amounts(4, 2, seed)
    plain, permuted = (
        ca.compile_inventory(array, method="provincial-2011")
        for array in (amounts, amounts.isel(area=order))
    )
    xr.testing.assert_identical(permuted.emissions, plain.emissions.isel(area=order))
    np.testing.assert_array_equal(
        permuted.total().data.magnitude, plain.total().data.magnitude[order]
    )


@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32),
    dims=st.sets(st.sampled_from(["area", "year", "flow", "product"])),
    scope=st.sampled_from([1, 2]),
    gas=st.sampled_from(["CO2", "CH4"]),
)
def test_totals_in_blocks_are_the_sums_of_cells(seed, dims, scope, gas):
    """`by` equals the labelled sum for any block size; missing stays missing.

    A sum of scope 2 that lacks a factor has no number.
    """
    inventory = ca.compile_inventory(
        make_amounts(5, 2, seed), method="ipcc-2006", gases=["all"], grid="nation"
    )
    cells = (
        inventory.of_scope(scope)
        .sel(gas=gas, drop=True)
        .drop_vars(["category", "lacking"], errors="ignore")
    )
    cells = cells.isel(
        product=np.flatnonzero(
            np.isin(cells["product"].values, ["electricity", "heat"]) == (scope == 2)
        )
    )
    over = [dim for dim in cells.dims if dim not in dims]
    expected = cells.sum(over, min_count=1)
    if scope == 2:
        expected = expected.where(~inventory.indirect["lacking"].any(over).values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("carbonacct.blocks._CELLS", 5)
        patch.setattr("carbonacct.blocks._FEW", 1)
        found = replace(inventory).by(*dims, scope=scope, gas=gas)
    np.testing.assert_allclose(found.data.magnitude, expected.values, rtol=1e-13)
    np.testing.assert_array_equal(
        found.data.magnitude, inventory.by(*dims, scope=scope, gas=gas).data.magnitude
    )
    assert found.dims == expected.dims


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32), method=st.sampled_from(METHODS))
def test_an_inventory_in_blocks_is_the_whole(seed, method):
    """Blocks of one area in several threads give the same emissions and findings, to the last bit."""
    amounts = make_amounts(5, 2, seed)
    amounts[0, 0, 2, 3] = -5.0  # farming takes diesel in a negative amount
    whole = ca.compile_inventory(amounts, method=method)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("carbonacct.blocks._CELLS", 5)
        patch.setattr("carbonacct.blocks._FEW", 1)
        assert in_blocks(lambda areas: areas, amounts.shape) == [slice(a, a + 1) for a in range(5)]
        blocks = ca.compile_inventory(amounts, method=method)
    assert_same(whole, blocks)
    assert whole.findings == blocks.findings
    if method == "provincial-2011":
        assert {"negative-number", "negative-consumption"} <= {
            finding.rule for finding in blocks.findings
        }


def test_areas_whose_grid_is_not_known_are_one_finding():
    """Of many, the first ten are named, and the address is that of the first."""
    coords = {
        "area": [f"city {i:02d}" for i in range(12)],
        "year": [2020],
        "flow": ["transport"],
        "product": ["diesel", "electricity"],
    }
    inventory = ca.compile_inventory(
        xr.DataArray(np.ones((12, 1, 1, 2)), dims=tuple(coords), coords=coords),
        method="provincial-2011",
    )
    (finding,) = (finding for finding in inventory.findings if finding.rule == "no-grid-factor")
    assert finding.message.startswith("the grids of 12 areas are not known: city 00, city 01")
    assert finding.message.endswith("city 09 and 2 more")


def test_a_long_table_an_array_and_a_dataset_are_one_panel():
    """The same amounts in three shapes, and in other units, give the same balance."""
    amounts = make_amounts(2, 2, 0)
    long = amounts.to_series().dropna().rename("value").reset_index()
    wide = amounts.to_dataset("product")
    wide["diesel"] = (wide["diesel"] / 1e4).assign_attrs(units="万吨")
    one, two, three = (ca.make_balance(table) for table in (amounts, long, wide))
    labels = {dim: amounts[dim].values for dim in amounts.dims}
    xr.testing.assert_identical(two.amounts.sel(labels), one.amounts)
    np.testing.assert_allclose(three.amounts.values, one.amounts.values, rtol=1e-15)
    assert one.address("重庆", 2010, "farming", "diesel") == ""


LONG = {
    "area": ["A", "A"],
    "year": [2020, 2020],
    "flow": ["transport", "farming"],
    "product": ["diesel", "diesel"],
    "value": [1.0, 2.0],
}
BAD_LONG = [
    ({"value": None}, "the table has no column 'value'; it has area, year, flow, product"),
    ({"area": ["A", None]}, "row 1 of the table lacks a label"),
    (
        {"flow": ["farming", "farming"]},
        "the table has A, 2020, farming, diesel twice; a cell has one number",
    ),
    ({"value": [1.0, "two"]}, "row 1 of the table: 'two' is no number"),
    ({"value": [1.0, np.inf]}, "the table holds an infinite number; take it out"),
    ({"product": ["diesel", "disel"]}, "no product 'disel'; did you mean diesel"),
    ({"flow": ["transport", "farmin"]}, "no flow 'farmin'; did you mean farming"),
    ({"unit": ["万吨", "kWh/m3"]}, "kWh/m3"),
]


@pytest.mark.parametrize(("change", "message"), BAD_LONG)
def test_a_bad_long_table_is_one_line_that_says_what(change, message):
    """A missing column or label, a cell twice, a word for a number, an unknown id, a unit that does not fit."""
    table = pd.DataFrame(
        {name: column for name, column in (LONG | change).items() if column is not None}
    )
    with pytest.raises(ca.CarbonacctError) as error:
        ca.make_balance(table)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


BAD_ARRAYS = [
    (
        lambda array: array.rename(year="time"),
        "the array has dims area, time, flow, product; an energy balance has area, year, flow, product",
    ),
    (lambda array: array.isel(area=0), "an energy balance has area, year, flow, product"),
    (lambda array: xr.concat([array, array], dim="area"), "the array has a area twice: 重庆"),
    (lambda array: array.assign_coords(unit="m3"), "m3"),
    (
        lambda array: array.assign_coords(product=[*PRODUCTS[:-1], "electrcity"]),
        "no product 'electrcity'; did you mean electricity",
    ),
    (lambda array: array.fillna(-np.inf), "the table holds an infinite number; take it out"),
]


@pytest.mark.parametrize(("spoil", "message"), BAD_ARRAYS)
def test_a_bad_array_is_one_line_that_says_what(spoil, message):
    """Wrong dims, a label twice, an unknown id, a unit that does not fit, an infinite number."""
    with pytest.raises(ca.CarbonacctError) as error:
        ca.compile_inventory(spoil(make_amounts(2, 2, 0)), method="provincial-2011")
    assert message in str(error.value)


def test_many_cells_with_a_wrong_sign_are_counted_not_listed(monkeypatch):
    """Beyond a number of cells of one rule a finding counts the rest: findings do not grow with the panel."""
    monkeypatch.setattr(checks, "_MOST_NAMED", 3)
    amounts = -abs(make_amounts(3, 2, 0).sel(flow=["farming", "transport"]))
    found = [
        finding.message
        for finding in ca.compile_inventory(amounts, method="provincial-2011").findings
        if finding.rule == "negative-number"
    ]
    assert len(found) == 4
    assert found[-1].startswith(f"{int((amounts < 0).sum()) - 3} more cells like these, from ")


@pytest.fixture
def folder(tmp_path):
    """Return a folder of two tables, one with a notation key."""
    write_table(
        tmp_path / "a.csv",
        {"farming": {"diesel": 1.5, "raw_coal": "NE"}, "transport": {"diesel": 2}},
    )
    shutil.copy(CHONGQING, tmp_path / "b.csv")
    return tmp_path


def test_keys_and_traces_are_kept_in_a_panel_of_files(folder):
    """Every cell of a panel keeps its notation key, its address and its way back."""
    panel = ca.compile_inventory(folder, method="provincial-2011")
    assert panel.balance.years == [2007, 2021]
    key = {"area": "重庆", "year": 2021, "flow": "farming", "product": "raw_coal"}
    assert panel.balance.status.sel(key).item() == values.NE
    (noted,) = [finding for finding in panel.findings if finding.rule == "notation-key"]
    assert (folder / "a.csv").name in noted.where
    alone = ca.compile_inventory(folder / "b.csv", method="provincial-2011")
    for cell in (("transport", "diesel"), ("thermal_power", "raw_coal")):
        one, two = (
            ca.trace(made, flow=cell[0], product=cell[1], year=2007) for made in (panel, alone)
        )
        assert one.to_text("en") == two.to_text("en")


def test_a_folder_with_a_bad_file_names_it_and_does_the_rest(folder):
    """Exit status 2, one line for the bad file, rows of all others, and no progress where no terminal is."""
    for number in range(10):
        write_table(
            folder / f"c{number}.csv",
            {"transport": {"diesel": number + 1}},
            title=f"市{number}能源平衡表(实物量)-2021",
        )
    (folder / "bad.csv").write_text("nothing, to, see\n1,2,3\n", encoding="utf-8")
    words = [
        sys.executable,
        "-m",
        "carbonacct",
        "inventory",
        str(folder),
        "--method",
        "provincial-2011",
        "-o",
        str(folder / "out.json"),
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert [
        line for line in done.stderr.splitlines() if "bad.csv" in line and "\r" not in line
    ] == done.stderr.splitlines()[:1]
    assert "\033" not in done.stderr
    assert "Traceback" not in done.stderr
    read, write = os.openpty()
    assert (
        subprocess.run(
            [*words, "--overwrite"], stdout=subprocess.DEVNULL, stderr=write, check=False
        ).returncode
        == 2
    )
    os.close(write)
    shown = os.read(read, 1 << 16).decode()
    os.close(read)
    assert "1/13 a.csv" in shown
    assert "bad.csv" in shown


@pytest.mark.parametrize("method", METHODS)
def test_chunks_over_areas_are_lazy_and_give_the_same_digits(method):
    """Emissions and totals of a chunked panel are lazy, and bit for bit those in memory."""
    amounts = make_amounts(5, 3, 1)
    folded = fold(ca.compile_inventory(amounts, method=method))
    for chunks in ({"area": 1}, {"area": 2, "year": 1, "flow": 4}, {"area": 5}):
        emissions = ca.compile_panel(amounts.chunk(chunks), method=method)
        assert emissions.chunks is not None
        assert emissions.chunksizes["area"] == amounts.chunk(chunks).chunksizes["area"]
        xr.testing.assert_identical(emissions.compute(), folded.emissions)
        for dims in (
            ("area", "year"),
            ("year", "flow"),
            ("product",),
            ("area", "year", "flow", "product"),
        ):
            total = ca.total_panel(emissions, *dims)
            assert total.chunks is not None
            np.testing.assert_array_equal(total.values, folded.by(*dims).data.magnitude)


def test_nothing_is_computed_before_it_is_asked_for():
    """Making a panel and its totals reads no number of the data."""
    import dask.array  # noqa: PLC0415 - an extra

    def refuse(block):
        raise AssertionError(block)

    amounts = make_amounts(4, 2, 0)
    lazy = amounts.copy(
        data=dask.array.from_array(amounts.values, chunks=(2, 2, 9, 7)).map_blocks(
            refuse, dtype=float, meta=np.empty((0,) * 4)
        )
    )
    total = ca.total_panel(ca.compile_panel(lazy), "year")
    with pytest.raises(AssertionError):
        total.compute()


def test_a_dataset_in_zarr_goes_in_and_emissions_come_out(tmp_path):
    """A store with a variable and a unit for each product is compiled chunk by chunk into another store."""
    amounts = make_amounts(4, 2, 2)
    store = amounts.to_dataset("product")
    for name in store:
        store[name].attrs["units"] = str(
            ca.make_balance(amounts).amounts["unit"].sel(product=name).item()
        )
    store["diesel"] = (store["diesel"] / 1e4).assign_attrs(units="万吨")
    store.chunk(area=2).to_zarr(tmp_path / "amounts.zarr", zarr_format=2, consolidated=True)
    panel = xr.open_zarr(tmp_path / "amounts.zarr")
    ca.compile_panel(panel).to_dataset().to_zarr(
        tmp_path / "emissions.zarr", zarr_format=2, consolidated=True
    )
    found = xr.open_zarr(tmp_path / "emissions.zarr")["emissions"]
    np.testing.assert_array_equal(
        found.sel(product=PRODUCTS).values,
        fold(ca.compile_inventory(store, method="provincial-2011")).emissions.values,
    )
    assert found.attrs["units"] == "t"
    assert (
        found["category"].values.tolist()
        == fold(ca.compile_inventory(amounts, method="provincial-2011"))
        .emissions["category"]
        .values.tolist()
    )


def test_a_long_table_in_parquet_goes_in(tmp_path):
    """A long table comes back from Parquet as the same panel."""
    amounts = make_amounts(3, 2, 3)
    long = amounts.to_series().dropna().rename("value").reset_index()
    long.to_parquet(tmp_path / "amounts.parquet")
    again = ca.make_balance(pd.read_parquet(tmp_path / "amounts.parquet")).amounts.chunk(area=1)
    folded = fold(ca.compile_inventory(long, method="provincial-2011"))
    xr.testing.assert_identical(ca.compile_panel(again).compute(), folded.emissions)


def test_two_workers_of_a_cluster_give_the_same_digits():
    """A `distributed` cluster of two workers computes emissions, totals and findings as one process does."""
    from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra

    amounts = make_amounts(5, 3, 4)
    whole = fold(ca.compile_inventory(amounts, method="provincial-2011"))
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        emissions = ca.compile_panel(amounts.chunk(area=1), method="provincial-2011")
        total = ca.total_panel(emissions, "area", "year").compute()
        xr.testing.assert_identical(emissions.compute(), whole.emissions)
        findings = ca.find_panel_findings(amounts.chunk(area=2), method="provincial-2011")
        assert len(client.scheduler_info()["workers"]) == 2
    np.testing.assert_array_equal(total.values, whole.total().data.magnitude)
    assert set(findings.rule) == {finding.rule for finding in whole.findings}
    assert list(dict.fromkeys(findings.areas)) == ["重庆 ... 北京", "A ... 四川", "B"]


SMALL = {  # 10^4 t of two fuels and 10^8 kWh in two areas and years; of one area-year a branch beside industry
    ("河北", 2021): {"industry": {"diesel": 5, "coke": 2}, "moved_in": {"electricity": 3}},
    ("山西", 2021): {
        "industry": {"diesel": 7},
        "industry.textile": {"diesel": 4},
        "moved_out": {"electricity": -1},
    },
    ("山西", 2022): {"industry": {"coke": 1}, "moved_in": {"electricity": 2}},
}


def test_what_is_left_of_a_row_stands_in_the_row_and_nowhere_else():
    """The branch keeps its own, the rest is the row's; without a branch the row stays; none is added or lost."""
    inventory = ca.compile_inventory(panel_of(SMALL), method="ipcc-2006")
    emissions, folded = inventory.emissions, fold_remainders(inventory.emissions)
    assert "industry.remainder" in emissions["flow"]
    assert folded["flow"].values.tolist() == [
        one for one in emissions["flow"].values if "remainder" not in one
    ]
    assert float(folded.sum()) == pytest.approx(float(emissions.sum()), rel=1e-14)
    place = {"area": "山西", "year": 2021, "product": "diesel"}
    whole, rest = (
        folded.sel(place | {"flow": "industry"}),
        emissions.sel(place | {"flow": "industry.remainder"}),
    )
    assert whole.item() == rest.item() == pytest.approx(3e4 * 43.0 * 0.0741)
    kept = {"flow": folded["flow"].values}
    for part in (
        {"area": "河北"},
        {"year": 2022},
        {"product": "coke"},
        {"flow": "industry.textile"},
    ):
        xr.testing.assert_identical(folded.sel(part), emissions.sel(kept | part))
    assert fold_remainders(folded) is folded  # nothing is left of nothing


@pytest.mark.parametrize(("scope", "size"), [(1, 1), (2, 2)])
def test_small_panels_add_up_as_their_inventory_does(scope, size):
    """Direct emissions and what crosses the border, over any dims, whatever the chunks."""
    balance = panel_of(SMALL)
    whole = ca.compile_inventory(balance, method="provincial-2011")
    panel = ca.compile_panel(
        balance.amounts.chunk(area=size), method="provincial-2011", scope=scope
    )
    for dims in (("area", "year"), ("year", "product"), ("flow",)):
        found = ca.total_panel(panel, *dims)
        expected = (whole if scope == 2 else fold(whole)).by(*dims, scope=scope)
        if "flow" in dims:
            expected = expected.sel(flow=panel["flow"].values)
        assert (found.dims, found.attrs["units"], found.name) == (expected.dims, "t", "emissions")
        np.testing.assert_array_equal(found.compute().values, expected.data.magnitude)


@pytest.mark.parametrize(
    ("size", "named"),
    [(3, ["重庆 ... A"]), (2, ["重庆 ... 北京", "A"]), (1, ["重庆", "北京", "A"])],
)
def test_findings_of_a_chunk_name_its_first_and_its_last_area(size, named):
    """A chunk of one area has its name alone."""
    findings = ca.find_panel_findings(
        make_amounts(3, 1, 4).chunk(area=size), method="provincial-2011"
    )
    assert list(dict.fromkeys(findings.areas)) == named


def test_what_is_no_panel_in_chunks_is_refused():
    """Arrays in memory, areas twice in two chunks, unknown methods, dims, scopes and gases are one line."""
    amounts = make_amounts(2, 1, 0)
    chunked = amounts.chunk(area=1)
    emissions = ca.compile_panel(chunked)
    for call, message in (
        (lambda: ca.compile_panel(amounts), "the panel is not dask-backed"),
        (
            lambda: ca.compile_panel(xr.concat([chunked, chunked], dim="area")),
            "the panel has the area 重庆 twice",
        ),
        (lambda: ca.compile_panel(chunked.rename(area="city")), "it needs area"),
        (
            lambda: ca.compile_panel(chunked.rename(year="time")),
            "an energy balance has area, year, flow, product",
        ),
        (lambda: ca.compile_panel(chunked, method="ipcc2007"), "ipcc-2006"),
        (lambda: ca.compile_panel(chunked, gases=["SF6"]), "has no factors of SF6"),
        (lambda: ca.total_panel(emissions), "name a dim to keep"),
        (
            lambda: ca.total_panel(emissions, "sector"),
            "no dim 'sector'; known: area, year, flow, product",
        ),
        (lambda: ca.compile_panel(chunked, scope=3), "no scope 3; known: 1, 2"),
        (lambda: ca.total_panel(emissions, "year", gas="CH4"), "no gas 'CH4'; known: CO2"),
    ):
        with pytest.raises(ca.CarbonacctError) as error:
            call()
        assert message in str(error.value)


def test_of_very_many_sums_that_do_not_hold_the_first_are_named_and_the_others_counted():
    """A panel of tables with the same faults names the faults of the first ones; none goes uncounted."""
    one = ca.read_balance(CHONGQING).amounts
    amounts = xr.concat([one.assign_coords(area=[f"copy {i}"]) for i in range(4)], dim="area")
    for product in ("natural_gas", "electricity"):
        amounts.loc[{"flow": "households", "product": product}] *= 3
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "_MOST_NAMED", 1)
        found = ca.check_balance(ca.make_balance(amounts))
    errors = [
        finding.message
        for finding in found
        if (finding.rule, finding.severity) == ("sum-of-parts", "error")
    ]
    assert errors[0].startswith("natural_gas of final_consumption is ")
    # Two sums of each product in four tables, one cause of each product.
    assert errors[1:] == [
        "7 more cells like these, from electricity of final_consumption of copy 0 2007 on"
    ]
    warnings = [
        finding.message
        for finding in found
        if (finding.rule, finding.severity) == ("sum-of-parts", "warning")
    ]
    assert warnings[0].startswith("15 products of primary_supply are not what the rows give")
    assert warnings[1:] == [
        "45 more cells like these, from coal_total of primary_supply of copy 1 2007 on"
    ]


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32))
def test_checks_of_a_panel_are_those_of_its_tables(seed):
    """What is found in many areas at once is what is found in each alone: sums, total consumption, signs."""
    one = ca.read_balance(CHONGQING).amounts
    rng = np.random.default_rng(seed)
    amounts = xr.concat([one.assign_coords(area=[f"copy {i}"]) for i in range(3)], dim="area")
    odd = rng.random(amounts.shape) < 0.01
    amounts = amounts.where(~odd, rng.choice([np.nan, 0.0, -7.0, 1e4], amounts.shape))
    panel = {
        (finding.rule, finding.message) for finding in ca.check_balance(ca.make_balance(amounts))
    }
    alone = [ca.check_balance(ca.make_balance(amounts[a : a + 1])) for a in range(3)]
    assert panel == {(finding.rule, finding.message) for findings in alone for finding in findings}


def test_blocks_come_back_in_order_and_their_errors_reach_the_caller():
    """Whatever thread did a block: its result stands in its place, and what it raises is raised."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("carbonacct.blocks._CELLS", 1)
        patch.setattr("carbonacct.blocks._FEW", 1)
        assert in_blocks(lambda areas: areas.start, (100, 7)) == list(range(100))
        with pytest.raises(ZeroDivisionError):
            in_blocks(lambda areas: 1 // (areas.start - 57), (100, 7))


def test_findings_of_arrays_name_area_and_year():
    """Without a cell of a file a finding names area and year; one cause in two years is one finding, with both."""
    coords = {
        "area": ["A", "B", "C"],
        "year": [2019, 2020],
        "flow": ["final_consumption", "industry", "transport"],
        "product": ["raw_coal"],
    }
    amounts = np.ones((3, 2, 3, 1))
    amounts[:, :, 0] = 5
    inventory = ca.compile_inventory(
        xr.DataArray(amounts, dims=tuple(coords), coords=coords), method="provincial-2011"
    )
    found = [finding for finding in inventory.findings if finding.rule == "sum-of-parts"]
    assert [finding.where for finding in found] == [f"{area} 2019" for area in "ABC"]
    assert all("so it is in 2 years: 2019, 2020" in finding.message for finding in found)


def test_an_array_that_lies_otherwise_in_memory_is_the_same(monkeypatch):
    """Blocks of areas, cells that are deducted, sums: by labels, not by where a number lies."""
    table = ca.read_balance(CHONGQING).amounts
    taken_out = ("feedstock", "bunkers_abroad")
    one = table.sel(flow=[flow for flow in table["flow"].values if flow not in taken_out])
    scale = np.array([[1.0, 1.1], [0.5, 2.0], [3.0, 1.0]])[:, :, None, None]
    coords = {dim: one[dim].values for dim in ("flow", "product")} | {
        "area": list("ABC"),
        "year": [2006, 2007],
    }
    panel = xr.DataArray(one.values * scale, dims=one.dims, coords=coords)
    turned = panel.copy(data=np.asfortranarray(panel.values))
    assert not turned.values.flags.c_contiguous
    found, again = (
        ca.compile_inventory(each, method="provincial-2011") for each in (panel, turned)
    )
    assert found.deduction.any()
    assert not any(found.share.strides)  # nothing but the pool of carbon takes from a cell
    assert found.emissions.equals(again.emissions)
    assert found.findings == again.findings
    np.testing.assert_array_equal(found.activity, again.activity)
    monkeypatch.setattr("carbonacct.blocks._CELLS", 1)  # an area a block
    assert ca.compile_inventory(panel, method="provincial-2011").emissions.equals(found.emissions)
    by_area = [
        ca.compile_inventory(panel[[a]], method="provincial-2011").emissions for a in range(3)
    ]
    np.testing.assert_array_equal(
        found.emissions.values, np.concatenate([each.values for each in by_area])
    )


def test_a_rest_printed_without_its_whole_stays_a_row_in_chunks():
    """There is no parent in whose cell it could stand."""
    table = pd.DataFrame(
        {
            "area": "A",
            "year": 2019,
            "flow": ["industry.chemicals.remainder", "construction"],
            "product": "diesel",
            "value": [50.0, 10.0],
        }
    )
    amounts = ca.make_balance(table).amounts
    later = ca.compile_panel(amounts.chunk(area=1), method="provincial-2011")
    assert later.equals(ca.compile_inventory(amounts, method="provincial-2011").emissions)


@pytest.mark.parametrize(("product", "scope"), [("diesel", 2), ("electricity", 1)])
def test_a_scope_without_products_is_nothing_in_chunks_too(product, scope):
    """A total over no product is no number, as in memory."""
    coords = {"area": ["a", "b", "c"], "year": [2020], "flow": ["transport"], "product": [product]}
    amounts = xr.DataArray(np.ones((3, 1, 1, 1)), dims=tuple(coords), coords=coords)
    emissions = ca.compile_panel(
        amounts.chunk(area=1), method="provincial-2011", grid="nation", scope=scope
    )
    assert np.isnan(ca.total_panel(emissions, "year").compute().values).all()
    assert np.isnan(
        ca.compile_inventory(amounts, method="provincial-2011", grid="nation", allow_empty=True)
        .by("year", scope=scope)
        .data.magnitude
    ).all()
