"""The page of one city: the whole process, for one year and for ten, and the size of the file."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING

from benchmarks.cold_start import run_process

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.timing import Row

YEARS = 10


def make_years(source: Path, folder: Path) -> list[Path]:
    """Write a balance of 2007 under the titles of ten years, each 3 % above the one before, as a yearbook prints it."""
    with source.open(encoding="utf-8", newline="") as stream:
        table = list(csv.reader(stream))
    paths = []
    for number in range(YEARS):
        path = folder / f"city_{2007 + number}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([table[0][0].replace("2007", str(2007 + number)), *table[0][1:]])
            writer.writerows(
                [row[0], *(_scale(cell, 1.03**number) for cell in row[1:])] for row in table[1:]
            )
        paths.append(path)
    return paths


def _scale(cell: str, times: float) -> str:
    try:
        return f"{float(cell) * times:.2f}"
    except ValueError:
        return cell


def measure(source: Path, folder: Path, repeat: int) -> list[Row]:
    """Return wall and processor seconds; the size stands in the name."""
    rows: list[Row] = []
    tables = make_years(source, folder)
    for count in (1, YEARS):
        target = folder / f"city_{count}.html"
        words = [
            sys.executable,
            "-m",
            "carbonacct",
            "inventory",
            *map(str, tables[:count]),
            "--method",
            "provincial-2011",
            "--overwrite",
            "-o",
            str(target),
        ]
        wall, processor = run_process(words, repeat)
        size = f"page of one city, {count} {'year' if count == 1 else 'years'}, {target.stat().st_size / 1e6:.1f} MB"
        rows += [(f"{size}: wall", wall, None), (f"{size}: CPU", processor, None)]
    return rows
