"""The one door to the analysis of series: a trend statistic and a state of decoupling for every area and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def rate_trend(amounts: Array, years: NDArray[np.int64]) -> Array:
    """Return the Mann-Kendall statistic z of each series up to each year: area x year, NaN where it is too short.

    Examples
    --------
    >>> rate_trend(np.array([[5.0, 4.0, 3.0, 2.0]]), np.arange(2017, 2021)).round(3)
    array([[   nan,    nan, -1.044, -1.698]])
    """
    from carbonacct.analysis.mann_kendall import (  # noqa: PLC0415 - only where an index tests a trend
        mann_kendall,
    )

    found = np.full(amounts.shape, np.nan)
    for last in range(2, len(years)):  # each year is a test of its own; the areas are one array
        upto = xr.DataArray(
            amounts[:, : last + 1], dims=("area", "year"), coords={"year": years[: last + 1]}
        )
        result = mann_kendall(upto, over="year")
        assert isinstance(result, xr.Dataset)  # noqa: S101 - an array in, a data set out
        found[:, last] = result["z"].values
    return np.where(np.isnan(amounts), np.nan, found)


def find_states(
    pressure_before: Array, driver_before: Array, pressure: Array, driver: Array
) -> tuple[Array, NDArray[np.object_]]:
    """Return elasticity and state of decoupling between two times, NaN and ``""`` where they cannot be computed.

    Examples
    --------
    >>> elasticity, state = find_states(np.array([100.0]), np.array([50.0]), np.array([99.0]), np.array([55.0]))
    >>> elasticity.round(6).item(), state.item()
    (-0.1, 'strong_decoupling')
    """
    from carbonacct.analysis.decoupling import (  # noqa: PLC0415 - only where an index asks for decoupling
        classify_state,
    )

    with np.errstate(divide="ignore", invalid="ignore"):
        changes = [
            np.where(before > 0, now / before - 1, np.nan)
            for now, before in ((pressure, pressure_before), (driver, driver_before))
        ]
        elasticity = np.where(changes[1] != 0, changes[0] / changes[1], np.nan)
    return elasticity, classify_state(*changes)
