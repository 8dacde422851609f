"""A panel of cities to cells and totals, against numpy, numpy in blocks, pint-xarray and pandas."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

import carbonacct as ca
from benchmarks.timing import Row, compare
from carbonacct import vocabulary
from carbonacct.units import registry

METHOD = "provincial-2011"
FLOWS = 47
PRODUCTS = [
    "raw_coal",
    "cleaned_coal",
    "other_washed_coal",
    "briquettes",
    "gangue",
    "coke",
    "coke_oven_gas",
    "blast_furnace_gas",
    "converter_gas",
    "other_gas",
    "other_coking_products",
    "crude_oil",
    "gasoline",
    "kerosene",
    "diesel",
    "fuel_oil",
    "naphtha",
    "lubricants",
    "paraffin_wax",
    "white_spirit",
    "bitumen",
    "petroleum_coke",
    "lpg",
    "refinery_gas",
    "other_petroleum_products",
    "natural_gas",
    "lng",
    "heat",
    "electricity",
    "other_energy",
]


def make_panel(areas: int, years: int, *, part: float = 0.25, seed: int = 0) -> xr.DataArray:
    """Return amounts (area, year, flow, product) in kept units, a part of the cells filled.

    Rows that burn, sectors among them.

    Years follow one another: a cell changes by at most a twelfth.
    """
    flows = [
        "thermal_power",
        "heating",
        "farming",
        "construction",
        "transport",
        "wholesale_retail",
        "other_services",
        "households_urban",
        "households_rural",
    ]
    parents = {
        known.parent for known in vocabulary.flows().values()
    }  # a row and its parts at random would not add up
    flows += [
        flow
        for flow, known in vocabulary.flows().items()
        if flow.startswith("industry.") and known.part == "sum" and flow not in parents
    ][: FLOWS - len(flows)]
    rng = np.random.default_rng(seed)
    shape = areas, years, len(flows), len(PRODUCTS)
    numbers = np.cumprod(rng.uniform(0.94, 1.08, shape), axis=1)
    numbers *= rng.uniform(1, 1e5, (areas, 1, *shape[2:]))
    numbers[np.broadcast_to(rng.random((areas, 1, *shape[2:])) >= part, shape)] = np.nan
    numbers[:, :, :2] *= -1
    coords = {
        "area": [f"city {i:04d}" for i in range(areas)],
        "year": np.arange(2000, 2000 + years),
        "flow": flows,
        "product": PRODUCTS,
    }
    return xr.DataArray(numbers, dims=tuple(coords), coords=coords)


def read_steps(inventory: ca.EnergyInventory) -> np.ndarray:
    """Return the factors of the first chain (step, flow, product) for the peers; 1 where there is none."""
    return np.stack(
        [
            np.nan_to_num(selection.values[0, 0], nan=1.0)
            for selection in inventory.chains[0].selections
        ]
    )


def multiply(numbers: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return activity x calorific value x carbon content x oxidation x 44/12, all cells at once."""
    heat, carbon, oxidation, to_co2 = steps
    return numbers * heat * carbon * oxidation * to_co2


def multiply_with_units(amounts: xr.DataArray, units: list[str], steps: np.ndarray) -> xr.DataArray:
    """Return the emissions of each product, whose unit is its own, put together again in tonnes of CO2."""
    ureg = registry()
    found = []
    for p, (unit, column) in enumerate(zip(units, steps.transpose(2, 0, 1), strict=True)):
        heat, carbon, oxidation, to_co2 = (xr.DataArray(factor, dims="flow") for factor in column)
        activity = amounts.isel(product=p) * ureg.Quantity(1, ureg.Unit(unit))
        emitted = (
            activity
            * (heat * ureg.Unit("GJ") / ureg.Unit(unit))
            * (carbon * ureg.Unit("t C / GJ"))
            * oxidation
            * (to_co2 * ureg.Unit("t CO2 / (t C)"))
        )
        found.append(emitted.copy(data=emitted.data.to(ureg.Unit("t CO2"))))
    return xr.concat(found, dim="product")


def merge(rows: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """Return a long table with the factors of each row's product, and what it emits."""
    joined = rows.merge(factors, on="product")
    joined["value"] = (
        joined["amount"]
        * joined["heat"]
        * joined["carbon"]
        * joined["oxidation"]
        * joined["to_co2"]
    )
    return joined


def merge_and_group(rows: pd.DataFrame, factors: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return totals by area and year and by sector and year of a long table."""
    joined = merge(rows, factors)
    return joined.groupby(["area", "year"])["value"].sum(), joined.groupby(["flow", "year"])[
        "value"
    ].sum()


def add_up_in_blocks(burnt: np.ndarray, factor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return totals by area and year, and by sector and year, an area at a time.

    The amounts have no NaN, and each product one factor.
    """
    by_area, by_flow = np.empty(burnt.shape[:2]), np.zeros(burnt.shape[1:3])
    for a, block in enumerate(burnt):
        cells = block @ factor
        by_area[a] = cells.sum(axis=1)
        by_flow += cells
    return by_area, by_flow


def measure(repeat: int, areas: int = 300, years: int = 20) -> list[Row]:
    """Return the times of a panel, ours and each peer, and how they grow."""
    amounts = make_panel(areas, years)
    balance = ca.make_balance(amounts)
    inventory = ca.compile_inventory(balance, method=METHOD, grid="nation")
    size = f"{areas} areas x {years} years x {FLOWS} flows x {len(PRODUCTS)} products"
    numbers, steps, units = (
        amounts.values,
        read_steps(inventory),
        [str(unit) for unit in balance.amounts["unit"].values],
    )
    burnt = np.abs(np.nan_to_num(numbers))
    at = np.nonzero(burnt)
    rows = pd.DataFrame(
        {
            dim: pd.Categorical.from_codes(i, categories=amounts[dim].values)
            if dim != "product"
            else amounts[dim].values[i]
            for dim, i in zip(amounts.dims, at, strict=True)
        }
    )
    rows["amount"] = burnt[at]
    factors = pd.DataFrame(
        dict(zip(("heat", "carbon", "oxidation", "to_co2"), steps.max(axis=1), strict=True))
    ).assign(product=PRODUCTS)

    def ours() -> None:
        ca.compile_inventory(balance, method=METHOD, grid="nation")

    def totals() -> None:
        fresh = replace(inventory)  # which has added up nothing yet
        fresh.total()
        fresh.by("flow", "year")

    half = ca.make_balance(amounts[: areas // 2])
    factor = np.prod(steps, axis=0).max(axis=0)
    return [
        (
            f"{size}, to cells (peer: plain numpy, the four factors one after another)",
            *compare(ours, lambda: multiply(numbers, steps), repeat),
        ),
        (
            f"{size}, to cells (peer: plain numpy, one factor worked out before)",
            *compare(ours, lambda: numbers * factor, repeat),
        ),
        (
            f"{size}, to cells (peer: pint with xarray, product by product)",
            *compare(ours, lambda: multiply_with_units(amounts, units, steps), repeat),
        ),
        (
            f"{size}, to cells (peer: pandas, merge)",
            *compare(ours, lambda: merge(rows, factors), repeat),
        ),
        (
            f"{size}, to cells and totals (peer: pandas, merge and group)",
            *compare(lambda: (ours(), totals()), lambda: merge_and_group(rows, factors), repeat),
        ),
        (
            f"{size}, totals by area-year and sector-year (peer: numpy in blocks, cells not kept)",
            *compare(totals, lambda: add_up_in_blocks(burnt, factor), repeat),
        ),
        (
            "growth: to cells (peer: half of the areas)",
            *compare(
                ours, lambda: ca.compile_inventory(half, method=METHOD, grid="nation"), repeat
            ),
        ),
    ]


def measure_memory() -> list[str]:
    """Return by how many MB the memory of a process grows while it compiles, for panels that double (Linux)."""
    code = (
        "import sys\nfrom benchmarks.panel import *\nareas = int(sys.argv[1])\n"
        "def read(field): return int(next("
        "line for line in open('/proc/self/status') if line.startswith(field)).split()[1])\n"
        "ca.compile_inventory(make_panel(2, 20), method=METHOD)\nbalance = ca.make_balance(make_panel(areas, 20))\n"
        "open('/proc/self/clear_refs', 'w').write('5')\nbefore = read('VmRSS')\n"
        "made = ca.compile_inventory(balance, method=METHOD)\n"
        "print((read('VmHWM') - before) / 1024, balance.amounts.nbytes / 2**20)"
    )
    lines = []
    for areas in (75, 150, 300, 600):
        done = subprocess.run(
            [sys.executable, "-c", code, str(areas)], capture_output=True, text=True, check=True
        )
        grown, data = map(float, done.stdout.split())
        lines.append(
            f"memory beyond the data, {areas} areas: {grown:.0f} MB for {data:.0f} MB of amounts, {grown / data:.1f} x"
        )
    return lines


def main() -> int:
    """Measure and print."""
    for name, seconds, peer in measure(5):
        print(
            f"{name}: {seconds * 1e3:.1f} ms"
            + (f", peer {peer * 1e3:.1f} ms, ours / peer {seconds / peer:.2f}" if peer else "")
        )
    print("\n".join(measure_memory()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
