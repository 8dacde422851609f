"""A panel of cities in five sectors to totals, against plain numpy on the same equations in the same run."""

from __future__ import annotations

import sys
import time

import numpy as np
import xarray as xr

import carbonacct as ca
from benchmarks.panel import METHOD as ENERGY
from benchmarks.panel import make_panel, multiply, read_steps
from benchmarks.timing import Row, compare
from carbonacct.equations import choose_factors, load_sector
from carbonacct.sectors.sources.source_panel import _lay, compile_source_panel

WASTES = ("food", "paper", "wood", "textiles", "garden")
ANIMALS = ("dairy_cattle", "other_cattle", "pigs", "sheep", "goats", "horses")
ZONE = "temperate_wet"


def make_activities(areas: int, years: int, *, seed: int = 0) -> dict[str, xr.Dataset]:
    """Return activities of four sectors beside energy, by sector file."""
    rng = np.random.default_rng(seed)
    coords = {
        "area": [f"city {i:04d}" for i in range(areas)],
        "year": np.arange(2000, 2000 + years),
    }

    def drawn(low: float, high: float, **labels: tuple[str, ...]) -> xr.DataArray:
        shape = (areas, years, *map(len, labels.values()))
        own = {dim: list(known) for dim, known in labels.items()}
        return xr.DataArray(
            rng.uniform(low, high, shape), dims=("area", "year", *labels), coords=coords | own
        )

    whole = xr.full_like(drawn(0, 1, site=("managed",)), 1.0)
    return {
        "ipcc-2006/processes": xr.Dataset(
            {
                "clinker_output": drawn(1e5, 1e7),
                "lime_output": drawn(1e4, 1e6),
                "steel_by_furnace": drawn(1e5, 1e7, furnace=("bof", "eaf")),
            }
        ),
        "ipcc-2006/agriculture": xr.Dataset(
            {"heads": drawn(1e4, 1e6, animal=ANIMALS, mode=("household",))}
        ),
        "ipcc-2006/land": xr.Dataset({"grass_burnt": drawn(1e2, 1e4), "grass_fuel": drawn(1, 5)}),
        "ipcc-2006/waste": xr.Dataset(
            {"deposited": drawn(1e5, 1e6, waste=WASTES), "site_share": whole}
        ),
    }


def options_of(areas: int) -> dict[str, object]:
    """Return what the project says of its areas."""
    names = [f"city {i:04d}" for i in range(areas)]
    groups = {"climate_zones": ZONE, "regions": "asia", "asia_temperatures": "18"}
    return {
        "partitions": {
            partition: dict.fromkeys(names, group) for partition, group in groups.items()
        }
    }


def find_factors(activities: dict[str, xr.Dataset], areas: int) -> dict[str, dict[str, np.ndarray]]:
    """Return the factors that the equations use as arrays, for the peer to multiply by."""
    found = {}
    for name, data in activities.items():
        sector = load_sector(name)
        partitions = options_for(name, areas)
        numbers = choose_factors(sector, _lay(data, sector), partitions=partitions).numbers
        found[name] = {
            key: numbers[key].cells.values for key in sector.parameters if key in numbers
        }
    return found


def options_for(name: str, areas: int) -> dict[str, dict[str, str]]:
    """Return the groups of areas that a sector file asks for."""
    asked = {
        partition
        for about in load_sector(name).parameters.values()
        for _, partition in about.groups
    }
    whole = options_of(areas)["partitions"]
    return {partition: members for partition, members in whole.items() if partition in asked}


def total(activities: dict[str, xr.Dataset], areas: int) -> tuple[np.ndarray, np.ndarray]:
    """Return CO2 and CH4 of the four sectors by area and year."""
    sums = {"CO2": 0.0, "CH4": 0.0}
    for name, data in activities.items():
        blocks = load_sector(name).blocks
        found = compile_source_panel(data, name, partitions=options_for(name, areas))
        for source, entries in found.compute().items():
            gases = blocks[str(source)].gases
            over = tuple(range(2, entries.ndim))
            values = (
                np.moveaxis(entries.values, entries.dims.index("gas"), 0)
                if len(gases) > 1
                else entries.values[None]
            )
            for gas, part in zip(gases, values, strict=True):
                if gas in sums:
                    sums[gas] = sums[gas] + np.nansum(part, axis=over[: part.ndim - 2])
    return sums["CO2"], sums["CH4"]


def total_plainly(
    activities: dict[str, xr.Dataset], factors: dict[str, dict[str, np.ndarray]]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same by numpy alone, from factors that were chosen before."""
    processes, farms, land, waste = (data for data in activities.values())
    f, g, h, w = (
        {name: np.squeeze(values) for name, values in one.items()} for one in factors.values()
    )
    co2 = (
        processes["clinker_output"].values * f["clinker_factor"]
        + processes["lime_output"].values * f["lime_factor"]
    )
    co2 = co2 + (processes["steel_by_furnace"].values * f["steel_factor"]).sum(axis=2)
    heads = farms["heads"].values.sum(axis=3)
    ch4 = (heads * (g["enteric_factor"] + g["manure_ch4_factor"])).sum(axis=2) / 1000
    ch4 = (
        ch4 + land["grass_burnt"].values * land["grass_fuel"].values * h["grass_smoke"][:, 0] / 1000
    )
    site = waste["site_share"].values
    buried = (
        waste["deposited"].values
        * w["degradable_carbon"]
        * (w["carbon_decomposing"][:, None] * (site * w["site_correction"][:, None]))
    )
    left, stock = np.exp(-w["decay_rate"]), np.zeros(buried[:, 0].shape)
    generated = np.empty(buried.shape[:2])
    for year in range(buried.shape[1]):
        generated[:, year] = (stock * (1 - left[:, year])).sum(axis=1)
        stock = stock * left[:, year] + buried[:, year]
    kept = 1 - site[:, :, 0] * w["cover_oxidation"]
    return co2, ch4 + generated * w["methane_in_gas"] * w["carbon_to_ch4"] * kept


def measure(repeat: int, areas: int = 300, years: int = 20) -> list[Row]:
    """Return the times of five sectors to totals by area and year, ours and plain numpy on the same equations."""
    activities = make_activities(areas, years)
    factors = find_factors(activities, areas)
    for one, other in zip(
        total(activities, areas), total_plainly(activities, factors), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    amounts = make_balances(areas, years)
    balance = ca.make_balance(amounts)
    numbers, steps = (
        balance.amounts.values,
        read_steps(ca.compile_inventory(balance, method=ENERGY, grid="nation")),
    )
    lazy = {name: data.chunk(area=max(1, areas // 4)) for name, data in activities.items()}
    lazy_amounts = amounts.chunk(area=max(1, areas // 4))

    def ours() -> None:
        ca.compile_inventory(balance, method=ENERGY, grid="nation").total()
        total(activities, areas)

    def later() -> None:
        ca.total_panel(
            ca.compile_panel(lazy_amounts, method=ENERGY, grid="nation"), "area", "year"
        ).compute()
        total(lazy, areas)

    def plain() -> None:
        np.nansum(multiply(numbers, steps), axis=(2, 3))
        total_plainly(activities, factors)

    size, clock = f"{areas} areas x {years} years", time.process_time
    return [
        (
            f"{size}, five sectors to totals (peer: plain numpy)",
            *compare(ours, plain, repeat, clock),
        ),
        (
            f"{size}, four sectors beside energy (peer: plain numpy)",
            *compare(
                lambda: total(activities, areas),
                lambda: total_plainly(activities, factors),
                repeat,
                clock,
            ),
        ),
        (
            f"{size}, five sectors in chunks of dask (peer: in memory)",
            *compare(later, ours, repeat, clock),
        ),
    ]


def make_balances(areas: int, years: int) -> xr.DataArray:
    """Return energy balances whose years follow one another: what jumps is said, cell by cell."""
    first = make_panel(areas, 1)
    trend = xr.DataArray(
        1 + 0.02 * np.arange(years), dims="year", coords={"year": np.arange(2000, 2000 + years)}
    )
    return (first.isel(year=0, drop=True) * trend).transpose(*first.dims)


def main() -> int:
    """Measure and print."""
    for name, seconds, peer in measure(5):
        print(
            f"{name}: {seconds * 1e3:.1f} ms, peer {(peer or 0) * 1e3:.1f} ms, ours / peer {seconds / (peer or 1):.2f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
