"""What a person waits for: the command as a new process, with the processor time of that process."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.timing import Row


def run_process(arguments: Sequence[str], repeat: int) -> tuple[float, float]:
    """Return the median wall and processor seconds of a process, after one start that does not count."""
    wall, processor = [], []
    for _ in range(repeat + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
        wall.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(wall[1:]), statistics.median(processor[1:])


def measure(workbook: Path, repeat: int) -> list[Row]:
    """Return wall and processor time of the help, of one inventory, and of Python and pandas alone."""
    command = [sys.executable, "-m", "carbonacct"]
    inventory = [
        *command,
        "inventory",
        str(workbook),
        "--method",
        "provincial-2011",
        "--overwrite",
        "-o",
        str(workbook.with_suffix(".csv")),
    ]
    rows: list[Row] = []
    for name, arguments in (
        ("python -c pass", [sys.executable, "-c", "pass"]),
        ("carbonacct --help", [*command, "--help"]),
        ("carbonacct inventory one.xlsx", inventory),
        (
            "python -c 'import xarray, pint' (floor of the line above)",
            [sys.executable, "-c", "import xarray, pint"],
        ),
    ):
        wall, processor = run_process(arguments, max(repeat, 3))
        rows += [(f"{name}: wall", wall, None), (f"{name}: CPU", processor, None)]
    return rows
