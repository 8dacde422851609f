"""The median of the slopes between all pairs of years, with its confidence band."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.analysis.kendall import vary_score
from carbonacct.analysis.series import pool_series, split_series
from carbonacct.blocks import in_blocks
from carbonacct.errors import PanelError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from carbonacct.analysis.series import Data, Floats

_ARRAYS = 4  # of the size of the slopes are at work at once


def theil_sen(
    data: Data,
    *,
    value: str = "value",
    by: str | Sequence[str] = (),
    over: str = "year",
    confidence: float = 0.95,
    pool: str | Sequence[str] = (),
) -> pd.DataFrame | xr.Dataset:
    """Return the median slope of every series per year, its confidence band and the level in the first year.

    Parameters
    ----------
    data, value, by, over, pool
        As in :func:`mann_kendall`.
    confidence
        Of the two-sided band.

    Returns
    -------
    pandas.DataFrame or xarray.Dataset
        Of the kind handed in: ``n`` values, ``slope``, ``lower``, ``upper`` (absent where there are
        too few pairs to bound the slope at that confidence) and ``intercept``, the line's value in
        the first year of the data.

    Raises
    ------
    PanelError
        If the data cannot be used, or the confidence is not between 0 and 1.

    Notes
    -----
    The slope is the median of (x_j - x_i) / (t_j - t_i) over the N pairs of years that have
    numbers: Theil, Proc. K. Ned. Akad. Wet. 53 (1950) 386; Sen, J. Am. Stat. Assoc. 63 (1968) 1379.
    The band runs between the slopes of rank (N - C) / 2 and (N + C) / 2 + 1, interpolated, with C
    the normal quantile times the root of var(S): Gilbert (1987), section 16.5. The line goes
    through the medians of values and years (Conover 1980).

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"year": range(2011, 2019), "co2": [5.1, 5.4, 5.3, 5.7, 5.6, 6.0, 6.2, 6.1]})
    >>> theil_sen(table, value="co2").round(4).iloc[0].to_dict()
    {'n': 8.0, 'slope': 0.155, 'lower': 0.1, 'upper': 0.223, 'intercept': 5.1075}
    """
    if not 0 < confidence < 1:
        raise PanelError(
            say(
                "confidence is {confidence}, not between 0 and 1; 0.95 is usual",
                confidence=confidence,
            )
        )
    series, blocks = pool_series(split_series(data, [value], by=by, over=over), value, pool)
    slope, lower, upper = (np.full(len(blocks), np.nan) for _ in range(3))
    half = NormalDist().inv_cdf((1 + confidence) / 2) * np.sqrt(
        vary_score(blocks.reshape(-1, blocks.shape[-1])).reshape(blocks.shape[:2]).sum(axis=1)
    )

    def find(rows: slice, slopes: Floats, pairs: NDArray[np.int64]) -> None:
        slope[rows] = _median(slopes, pairs)
        # Sen (1968): a slope is in the band if the series less it has no significant S.
        lower[rows] = _at_rank(slopes, pairs, (pairs - half[rows]) / 2)
        upper[rows] = _at_rank(slopes, pairs, (pairs + half[rows]) / 2 + 1)

    _order_slopes(blocks, series.years, find)
    flat = blocks.reshape(len(blocks), -1)
    present = np.isfinite(flat)
    since = np.where(present, np.tile(series.years - series.years[0], blocks.shape[1]), np.nan)
    intercept = _row_median(flat) - _row_median(since) * slope
    return series.label(
        {
            "n": present.sum(axis=1),
            "slope": slope,
            "lower": lower,
            "upper": upper,
            "intercept": intercept,
        }
    )


def theil_sen_slope(blocks: Floats, years: NDArray[np.int64]) -> Floats:
    """Return the median slope of each group, from numbers of shape (group, member, year).

    NaN without a pair of years.
    """
    slope = np.full(len(blocks), np.nan)

    def find(rows: slice, slopes: Floats, pairs: NDArray[np.int64]) -> None:
        slope[rows] = _median(slopes, pairs)

    _order_slopes(blocks, years, find)
    return slope


def _order_slopes(
    blocks: Floats,
    years: NDArray[np.int64],
    use: Callable[[slice, Floats, NDArray[np.int64]], None],
) -> None:
    """Call a function with some groups at a time: their slopes in order with NaN behind, and how many they are."""
    first, last = np.triu_indices(len(years), 1)
    apart = (years[last] - years[first]).astype(np.float64)[:, None, None]

    def work(rows: slice) -> None:
        part = np.ascontiguousarray(np.moveaxis(blocks[rows], -1, 0))  # series side by side
        slopes = part[last] - part[first]
        slopes /= apart
        pairs = np.count_nonzero(np.isfinite(slopes), axis=(0, 2))
        ordered = np.moveaxis(slopes, 0, -1).reshape(len(blocks[rows]), -1)
        ordered.sort(axis=1)
        use(rows, ordered, pairs)

    in_blocks(work, (len(blocks), blocks.shape[1] * len(apart), _ARRAYS))


def _median(ordered: Floats, count: NDArray[np.int64]) -> Floats:
    """Return the median of the first `count` numbers of each row."""
    if not ordered.shape[1]:
        return np.full(len(ordered), np.nan)
    row = np.arange(len(ordered))
    low, high = (
        ordered[row, np.maximum(count - 1, 0) // 2],
        ordered[row, np.minimum(count // 2, ordered.shape[1] - 1)],
    )
    return np.where(count > 0, (low + high) / 2, np.nan)


def _row_median(values: Floats) -> Floats:
    return _median(np.sort(values, axis=1), np.isfinite(values).sum(axis=1))


def _at_rank(ordered: Floats, count: NDArray[np.int64], rank: Floats) -> Floats:
    """Return the number at a rank from 1 in each row, between two by interpolation; NaN outside."""
    inside = (rank >= 1) & (rank <= count)
    if not inside.any():
        return np.full(len(ordered), np.nan)
    place = np.where(inside, rank, 1.0) - 1
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, ordered.shape[1] - 1)
    row = np.arange(len(ordered))
    low, share = ordered[row, below], place - below
    return np.where(
        inside, low + np.where(share > 0, (ordered[row, above] - low) * share, 0.0), np.nan
    )
