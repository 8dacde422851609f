"""Intervals of one city and of a panel of cities, against the same draws in plain numpy, in blocks, and in xarray."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

import carbonacct as ca
from benchmarks.timing import Row, compare

if TYPE_CHECKING:
    from carbonacct import DrawModel

FACTOR_CV, ACTIVITY_CV = 0.04, 0.03
ALL = ["area", "year", "flow", "product"]


def make_panel(
    areas: int, years: int, flows: int, products: int, *, part: float, seed: int = 0
) -> np.ndarray:
    """Return emissions (area, year, flow, product), a part of them not zero."""
    rng = np.random.default_rng(seed)
    return np.where(
        rng.random((areas, years, flows, products)) < part,
        rng.lognormal(8, 2, (areas, years, flows, products)),
        0.0,
    )


def make_model(values: np.ndarray) -> DrawModel:
    """Return the model of a panel: a calorific value and a carbon content per product, own activities."""
    places = np.nonzero(values)
    cells = pd.DataFrame(
        {
            name: pd.Categorical.from_codes(
                index, categories=[f"{name} {i:03d}" for i in range(size)]
            )
            for name, index, size in zip(ALL, places, values.shape, strict=True)
        }
    )
    cells["value"] = values[places]
    products = values.shape[3]
    inputs = [
        ca.DrawInput(f"{name} {i:02d}", name, f"product {i}", ca.fit_cv(20.0, FACTOR_CV))
        for name in ("net_calorific_value", "carbon_content")
        for i in range(products)
    ]
    return ca.build_model(
        cells,
        inputs,
        np.stack([places[3], places[3] + products], axis=1),
        activity=[ca.fit_cv(1.0, ACTIVITY_CV)],
        activity_of=np.zeros(len(cells), int),
    )


def _factors(rng: np.random.Generator, products: int, draws: int) -> np.ndarray:
    product: np.ndarray = np.prod(1 + FACTOR_CV * rng.standard_normal((2, products, draws)), axis=0)
    return product


def draw_city_in_blocks(values: np.ndarray, draws: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of all cells and of the total (flow x product), product by product on two threads."""
    flows, products = values.shape
    factors = _factors(np.random.default_rng(0), products, draws)
    bounds, totals = np.empty((2, flows, products)), np.zeros((2, draws))

    def work(thread: int) -> None:
        rng = np.random.default_rng(thread)
        for p in range(thread, products, 2):
            drawn = (
                values[:, p, None]
                * factors[p]
                * (1 + ACTIVITY_CV * rng.standard_normal((flows, draws)))
            )
            totals[thread] += drawn.sum(axis=0)
            bounds[:, :, p] = np.quantile(drawn, [0.025, 0.975], axis=1, overwrite_input=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    return bounds, np.quantile(totals.sum(axis=0), [0.025, 0.975])


def draw_city_plainly(values: np.ndarray, draws: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the same from one array of all draws."""
    rng = np.random.default_rng(0)
    drawn = (
        values[..., None]
        * _factors(rng, values.shape[1], draws)
        * (1 + ACTIVITY_CV * rng.standard_normal((*values.shape, draws)))
    )
    return np.quantile(drawn, [0.025, 0.975], axis=-1), np.quantile(
        drawn.sum(axis=(0, 1)), [0.025, 0.975]
    )


def draw_city_with_xarray(values: np.ndarray, draws: int) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the same from labelled arrays with a dim of draws."""
    rng = np.random.default_rng(0)
    cells = xr.DataArray(values, dims=("flow", "product"))
    factors = xr.DataArray(_factors(rng, values.shape[1], draws), dims=("product", "draw"))
    noise = xr.DataArray(
        1 + ACTIVITY_CV * rng.standard_normal((*values.shape, draws)),
        dims=("flow", "product", "draw"),
    )
    drawn = cells * factors * noise
    return drawn.quantile([0.025, 0.975], dim="draw"), drawn.sum(("flow", "product")).quantile(
        [0.025, 0.975], dim="draw"
    )


def draw_panel_in_blocks(amount: np.ndarray, spread: np.ndarray, draws: int) -> np.ndarray:
    """Return bounds of totals (total x product, prepared), activities summed, on two threads in blocks of 64."""
    factors = _factors(np.random.default_rng(0), amount.shape[1], draws)
    squared = factors**2
    bounds = np.empty((2, len(amount)))

    def work(thread: int) -> None:
        rng = np.random.default_rng(thread)
        for first in range(64 * thread, len(amount), 128):
            block = slice(first, first + 64)
            drawn = amount[block] @ factors + np.sqrt(
                spread[block] @ squared
            ) * rng.standard_normal((len(amount[block]), draws))
            bounds[:, block] = np.quantile(drawn, [0.025, 0.975], axis=1, overwrite_input=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    return bounds


def _peak(statement: str) -> float:
    """Return by how many MB the peak memory of a process grows in a statement, its data being there before (Linux)."""
    code = (
        "from benchmarks.uncertainty import *\nimport carbonacct as ca\n"
        "def read(field): return int(next("
        "line for line in open('/proc/self/status') if line.startswith(field)).split()[1])\n"
        "model = make_model(make_panel({panel}))\nca.simulate(make_model(make_panel(1, 1, 2, 2, part=1)), draws=4096)\n"
        "open('/proc/self/clear_refs', 'w').write('5')\nbefore = read('VmRSS')\n"
        "{statement}\nprint(read('VmHWM') - before)"
    ).replace("{statement}", statement)
    panel = "300, 20, 47, 30, part=0.25" if "panel" in statement else "1, 1, 45, 30, part=1"
    done = subprocess.run(
        [sys.executable, "-c", code.replace("{panel}", panel)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout) / 1024


def measure(repeat: int) -> list[Row]:
    """Return the times of intervals of one city and of a panel, ours and each peer, and how they grow."""
    city = make_panel(1, 1, 45, 30, part=1)
    one, flat = make_model(city), city[0, 0]
    rows: list[Row] = []

    def ours(draws: int) -> None:
        ca.simulate(one, by=ALL, draws=draws)
        ca.simulate(one, draws=draws)

    for draws in (10_000, 100_000):
        name = f"{draws:,} draws, 1 city, intervals of 1350 cells and the total"
        rows.append(
            (
                f"{name} (peer: numpy in blocks, two threads)",
                *compare(
                    lambda n=draws: ours(n), lambda n=draws: draw_city_in_blocks(flat, n), repeat
                ),
            )
        )
    for peer, function in (
        ("numpy, one array", draw_city_plainly),
        ("xarray, a dim of draws", draw_city_with_xarray),
    ):
        rows.append(
            (
                f"10,000 draws, 1 city (peer: {peer})",
                *compare(lambda: ours(10_000), lambda f=function: f(flat, 10_000), repeat),
            )
        )
    rows.append(
        (
            "closed moments and matched lognormal, 1 city",
            compare(lambda: ca.approximate(one), lambda: None, repeat)[0],
            None,
        )
    )
    values = make_panel(300, 20, 47, 30, part=0.25)
    panel = make_model(values)
    amount, spread = (
        values.sum(axis=2).reshape(-1, 30),
        ((values * ACTIVITY_CV) ** 2).sum(axis=2).reshape(-1, 30),
    )
    rows.append(
        (
            (
                "10,000 draws, totals of 6,000 city-years from 2.1 million cells "
                "(peer: numpy in blocks from prepared sums)"
            ),
            *compare(
                lambda: ca.simulate(panel, draws=10_000),
                lambda: draw_panel_in_blocks(amount, spread, 10_000),
                repeat,
            ),
        )
    )
    half = make_model(values[:150])
    rows.append(
        (
            "growth: 6,000 city-years (peer: 3,000)",
            *compare(
                lambda: ca.simulate(panel, draws=10_000),
                lambda: ca.simulate(half, draws=10_000),
                repeat,
            ),
        )
    )
    rows.append(
        (
            "growth: 20,000 draws (peer: 10,000)",
            *compare(
                lambda: ca.simulate(panel, draws=20_000),
                lambda: ca.simulate(panel, draws=10_000),
                repeat,
            ),
        )
    )
    return rows


def measure_memory() -> list[str]:
    """Return how much memory is needed beyond the data, as lines."""
    city = {
        draws: _peak(f"ca.simulate(model, by=ALL, draws={draws})")
        for draws in (10_000, 100_000, 1_000_000)
    }
    panel = _peak("ca.simulate(model, draws=10_000) # panel")
    return [
        (
            "memory beyond the data, 1 city: "
            f"{', '.join(f'{size:.0f} MB at {draws:,} draws' for draws, size in city.items())}"
        ),
        f"memory beyond the data, 6,000 city-years at 10,000 draws: {panel:.0f} MB",
    ]


def main() -> int:
    """Measure and print."""
    for name, seconds, peer in measure(3):
        print(
            f"{name}: {seconds * 1e3:.1f} ms"
            + (f", peer {peer * 1e3:.1f} ms, {peer / seconds:.2f} x" if peer else "")
        )
    print("\n".join(measure_memory()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
