"""Run all benchmarks and print one table: medians, and how many times faster than the peer in the same run."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks import (
    cities,
    cold_start,
    compiling,
    decomposition,
    indices,
    page,
    panel,
    projects,
    reading,
    sectors,
    trend,
    uncertainty,
    writing,
)
from carbonacct.blocks import count_cores

TABLES = Path(__file__).resolve().parent.parent / "docs" / "tables"
PACKAGES = ("numpy", "pandas", "xarray", "pint", "python-calamine", "openpyxl", "XlsxWriter")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--workbooks", type=int, default=300, help="workbooks to read (default 300)"
    )
    parser.add_argument(
        "--series", type=int, default=100_000, help="series to test for a trend (default 100000)"
    )
    parser.add_argument(
        "--repeat", type=int, default=3, help="times that each measurement is made (default 3)"
    )
    parser.add_argument(
        "--cities",
        type=int,
        default=300,
        help="cities in the large workbook, 20 years each (default 300)",
    )
    options = parser.parse_args()
    print(
        f"{platform.machine()}, {count_cores()} cores, {platform.system()}, Python {platform.python_version()}"
    )
    print(", ".join(f"{package} {version(package)}" for package in PACKAGES))
    print(f"{options.workbooks} workbooks, median of {options.repeat}\n")
    sources = [TABLES / "beijing_2007.csv", TABLES / "chongqing_2007.csv"]
    with tempfile.TemporaryDirectory() as folder:
        rows = reading.measure(sources, Path(folder), options.workbooks, options.repeat)
        rows += compiling.measure(sources[1], options.repeat)
        rows += decomposition.measure(options.repeat)
        rows += writing.measure(sources[1], options.repeat, options.cities)
        rows += page.measure(sources[1], Path(folder), options.repeat)
        rows += indices.measure(options.repeat)
        rows += cities.measure(options.repeat)
        rows += projects.measure(sources[1], Path(folder), options.repeat)
        rows += cold_start.measure(
            reading.make_workbooks(sources, Path(folder) / "one", [0])[0], options.repeat
        )
    rows += trend.measure(options.series, options.repeat)
    rows += uncertainty.measure(options.repeat)
    rows += panel.measure(options.repeat)
    rows += sectors.measure(options.repeat)
    width = max(len(row[0]) for row in rows)
    print(f"{'':<{width}}  {'median':>10}  {'peer':>10}  {'ratio':>7}")
    for name, seconds, peer in rows:
        other = f"{_show(peer):>10}  {peer / seconds:6.2f}x" if peer else ""
        print(f"{name:<{width}}  {_show(seconds):>10}  {other}".rstrip())
    print("\n".join([*uncertainty.measure_memory(), *panel.measure_memory()]))
    return 0


def _show(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
