"""The workbook of one city with live formulas, and of many cities and years as values.

Each runs in a process of its own, for its memory.
"""

from __future__ import annotations

import dataclasses
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import carbonacct as ca
from carbonacct.report.workbook import write_workbook

if TYPE_CHECKING:
    from benchmarks.timing import Row
    from carbonacct import EnergyInventory

METHOD = "ceads"


def make_inventories(table: Path, cities: int, years: int) -> list[EnergyInventory]:
    """Return inventories of many cities and years: the table's numbers, each year and city larger by a little."""
    balance = ca.read_balance(table)
    labels = {"year": list(range(2000, 2000 + years))}
    long = {
        name: getattr(balance, name).isel(year=[0] * years).assign_coords(labels)
        for name in ("amounts", "status", "place")
    }
    long["amounts"] = long["amounts"] * (1 + np.arange(years)[None, :, None, None] / 100)
    first = ca.compile_inventory(dataclasses.replace(balance, **long), method=METHOD)
    made = []
    for number in range(cities):
        name = {"area": [f"city {number:03d}"]}
        held = {
            key: getattr(first.balance, key).assign_coords(name)
            for key in ("amounts", "status", "place")
        }
        scopes = {
            "emissions": first.emissions.assign_coords(name) * (1 + number / 1e4),
            "indirect": first.indirect.assign_coords(name),
        }
        made.append(
            dataclasses.replace(first, **scopes, balance=dataclasses.replace(first.balance, **held))
        )
    return made


def measure(table: Path, repeat: int, cities: int) -> list[Row]:
    """Return the time to write the workbook of one city and year, and of many, with the most memory it took."""
    rows: list[Row] = []
    for count, years in ((1, 1), (cities, 20)):
        taken = []
        for _ in range(repeat if count == 1 else 1):
            run = subprocess.run(
                [sys.executable, "-m", "benchmarks.writing", str(table), str(count), str(years)],
                check=True,
                text=True,
                stdout=subprocess.PIPE,
            )
            taken.append([float(word) for word in run.stdout.split()])
        seconds, numbers, peak = sorted(taken)[len(taken) // 2]
        rows.append(
            (
                f"write the workbook of {count} areas x {years} years, {numbers:,.0f} numbers ({peak:,.0f} MB at most)",
                seconds,
                None,
            )
        )
    return rows


def main() -> None:
    """Write one workbook and print seconds, numbers and the peak of memory in MB."""
    table, cities, years = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    inventories = make_inventories(table, cities, years)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        write_workbook(inventories, Path(folder) / "book.xlsx")
        seconds = time.perf_counter() - start
    print(
        seconds,
        sum(int(inventory.emissions.count()) for inventory in inventories),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


if __name__ == "__main__":
    main()
