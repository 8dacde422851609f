"""Scores of 300 cities in 20 years under 20 indicators, and ranks of 10,000 drawn weights, data and rules."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

import carbonacct as ca
from benchmarks.timing import Row, compare

NAME = "dual-carbon-big-data"
AREAS, YEARS, DRAWS = 300, 20, 10_000
# The most memory of a process of its own; what getrusage gives on Linux includes that of the process that started it.
_MEMORY = (
    "import re; from benchmarks.indices import draw_all; draw_all({}); "
    "print(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1])"
)


def make_table(areas: int = AREAS, years: int = YEARS) -> pd.DataFrame:
    """Return a table with every indicator of every area and year."""
    index, random = ca.load_index(NAME), np.random.default_rng(1)
    count = areas * years
    columns: dict[str, object] = {
        "area": np.repeat([f"city {number}" for number in range(areas)], years),
        "year": np.tile(np.arange(2001, 2001 + years), areas),
    }
    for leaf in index.leaves:
        grades = [grade.id for grade in index.inputs[leaf.id].grades]
        columns[leaf.id] = (
            random.choice(grades, count)
            if grades
            else random.uniform(2018, 2030, count).round()
            if leaf.unit == "year"
            else random.uniform(2, 90, count)
        )
    return pd.DataFrame(columns)


def rank_with_pandas(result: ca.IndexResult, draws: int) -> pd.DataFrame:
    """Return the 5, 50 and 95 % ranks by area and year from a pandas loop over draws of flat weights."""
    leaves = [leaf.id for leaf in result.index.leaves]
    scores = pd.DataFrame(result.score.sel(indicator=leaves).values.reshape(-1, len(leaves)))
    years = np.tile(np.arange(result.score.sizes["year"]), result.score.sizes["area"])
    random = np.random.default_rng(0)
    ranks = []
    for _ in range(draws):
        weights = random.uniform(0.75, 1.25, len(leaves))
        ranks.append(
            (scores @ (weights / weights.sum())).groupby(years).rank(ascending=False, method="min")
        )
    quantiles: pd.DataFrame = pd.concat(ranks, axis=1).quantile([0.05, 0.5, 0.95], axis=1).T
    return quantiles


def draw_all(draws: int = DRAWS) -> None:
    """Draw the ranks of the whole table: for the measure of memory."""
    ca.draw_ranks(ca.score_index(NAME, make_table()), draws=draws)


def measure(repeat: int, draws: int = DRAWS) -> list[Row]:
    """Return the time to score, and to rank under draws; the peer draws a fiftieth and is scaled up."""
    table = make_table()
    scoring, _ = compare(lambda: ca.score_index(NAME, table), lambda: None, repeat)
    result = ca.score_index(NAME, table)
    weights, peer = compare(
        lambda: ca.draw_ranks(result, draws=draws),
        lambda: rank_with_pandas(result, max(1, draws // 50)),
        1,
    )
    start = time.perf_counter()
    ca.draw_ranks(result, draws=draws // 10, data_range=0.05, vary_rules=True)
    everything = time.perf_counter() - start
    size = f"{AREAS} areas x {YEARS} years x {len(result.index.leaves)} indicators"
    return [
        (f"score {size}", scoring, None),
        (
            f"ranks under {draws} draws of weights (peer: pandas, a loop over draws)",
            weights,
            peer * 50,
        ),
        (f"ranks under {draws // 10} draws of weights, data and normalisations", everything, None),
    ]


def measure_memory() -> dict[int, float]:
    """Return the most memory, in MB, of a process that scores the table and ranks it under so many draws (Linux)."""
    root = Path(__file__).resolve().parent.parent
    return {
        draws: float(
            subprocess.run(
                [sys.executable, "-c", _MEMORY.format(draws)],
                capture_output=True,
                text=True,
                check=True,
                cwd=root,
            ).stdout
        )
        / 1024
        for draws in (1, 1_000, DRAWS)
    }


if __name__ == "__main__":
    for row in measure(3):
        print(row)
    print(measure_memory())
