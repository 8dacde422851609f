"""Mann-Kendall on many series of 20 years, against the reference package in a loop."""

from __future__ import annotations

import numpy as np
import pymannkendall
import xarray as xr

import carbonacct as ca
from benchmarks.timing import Row, compare

YEARS = 20
LOOPED = 2_000  # the reference takes its time for each series alone, so some of them stand for all
PEERS = {
    "original": pymannkendall.original_test,
    "hamed-rao": pymannkendall.hamed_rao_modification_test,
}


def make_series(count: int) -> xr.DataArray:
    """Return random walks, a tenth of them with ties and a tenth with a missing year."""
    values = np.random.default_rng(1).normal(size=(count, YEARS)).cumsum(axis=1)
    values[::10] = np.round(values[::10])
    values[5::10, 7] = np.nan
    return xr.DataArray(values, dims=("area", "year"), coords={"year": range(2001, 2001 + YEARS)})


def test_with_numpy(values: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return S and the median slope of complete series, in blocks of a core's cache.

    No ties, no p, no labels.
    """
    first, last = np.triu_indices(YEARS, 1)
    apart = (last - first)[:, None]
    found = []
    for start in range(0, len(values), 512):
        part = np.ascontiguousarray(values[start : start + 512].T)
        rises = part[last] - part[first]
        slopes = np.sort(np.ascontiguousarray((rises / apart).T), axis=1)
        found.append(
            (
                np.sign(rises).sum(axis=0),
                (slopes[:, len(apart) // 2 - 1] + slopes[:, len(apart) // 2]) / 2,
            )
        )
    return found


def measure(count: int, repeat: int) -> list[Row]:
    """Return the time to test all series, ours and what the reference would take from some of them."""
    series = make_series(count)
    some = series.values[: min(LOOPED, count)]
    rows: list[Row] = []
    for method, test in PEERS.items():
        ours, peer = compare(
            lambda method=method: ca.mann_kendall(series, method=method),
            lambda test=test: [test(one) for one in some],
            repeat,
        )
        name = (
            f"Mann-Kendall {method}, {count:,} series of {YEARS} years "
            f"(peer: pyMannKendall, {len(some):,} in a loop x {count // len(some)})"
        )
        rows.append((name, ours, peer * count / len(some)))
    rows.append(
        (
            "the same, original (peer: S and slope alone, numpy in blocks)",
            *compare(
                lambda: ca.mann_kendall(series), lambda: test_with_numpy(series.values), repeat
            ),
        )
    )
    slope, _ = compare(lambda: ca.theil_sen(series), lambda: None, repeat)
    rows.append((f"Theil-Sen slope and band, {count:,} series", slope, None))
    return rows
