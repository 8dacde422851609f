"""2,800 counties x 30 years on two dask workers: inventories and 10,000 draws, and how both grow."""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
from distributed import Client, LocalCluster

import carbonacct as ca
from benchmarks.panel import METHOD, make_panel
from benchmarks.uncertainty import make_model

ALL, YEARS, DRAWS = 2_800, 30, 10_000
CHUNK = 14  # counties that a worker holds at a time


def work(seed: int, draws: int) -> np.ndarray:
    """Compile a chunk of counties and draw the totals of its years: the bounds of each (county, year, bound)."""
    inventory = ca.compile_inventory(
        ca.make_balance(make_panel(CHUNK, YEARS, seed=seed)), method=METHOD, grid="nation"
    )
    model = make_model(np.nan_to_num(inventory.emissions.values[..., 0]))
    table = ca.simulate(model, draws=draws, seed=seed).table
    return np.stack([table["lower"].values, table["upper"].values], axis=-1)


def read_memory() -> float:
    """Return the most memory that this process had, in MB (Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(counts: tuple[int, ...], draws: int = DRAWS) -> list[tuple[int, float, float]]:
    """Return, for each number of counties, the processor seconds of both workers and the most memory of one."""
    found = []
    for count in counts:
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster) as client,
        ):
            client.gather(client.map(work, range(2), draws=100))  # what a worker loads once
            start = sum(client.run(time.process_time).values())
            parts = client.gather(client.map(work, range(100, 100 + count // CHUNK), draws=draws))
            taken = sum(client.run(time.process_time).values()) - start
            found.append((count, taken, max(client.run(read_memory).values())))
        if not all((part[..., 0] < part[..., 1]).all() for part in parts):
            raise AssertionError("a total without an interval")
    return found


def main() -> int:
    """Measure and print; the line through the times is extrapolated with the standard error of its slope."""
    rows = measure((70, 140, 210, 280))
    counts, seconds, _ = np.array(rows).T
    slope, constant = np.polyfit(counts, seconds, 1)
    left = seconds - slope * counts - constant
    error = np.sqrt(left @ left / (len(counts) - 2) / ((counts - counts.mean()) ** 2).sum())
    for count, taken, memory in rows:
        print(
            f"{count} counties x {YEARS} years: {taken:.1f} processor seconds, {memory:.0f} MB a worker"
        )
    print(
        f"{ALL} counties: {slope * ALL + constant:.0f} processor seconds, give or take {error * ALL:.0f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
