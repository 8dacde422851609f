"""The Mann-Kendall test for a monotonic trend, for many series at once."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.analysis.kendall import score_pairs, vary_score
from carbonacct.analysis.reasons import choose_reasons
from carbonacct.analysis.series import pool_series, split_series
from carbonacct.analysis.theil_sen import theil_sen_slope
from carbonacct.errors import PanelError, near_or_known
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from carbonacct.analysis.series import Data, Floats

    Counts = NDArray[np.int64]

METHODS = ("original", "hamed-rao", "yue-wang", "pre-whitening", "trend-free-pre-whitening")
TRENDS = ("none", "increasing", "decreasing")
_FEWEST_PAIRS = 3  # of three values
_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def mann_kendall(
    data: Data,
    *,
    value: str = "value",
    by: str | Sequence[str] = (),
    over: str = "year",
    method: str = "original",
    alpha: float = 0.05,
    lags: int | None = None,
    pool: str | Sequence[str] = (),
) -> pd.DataFrame | xr.Dataset:
    r"""Return the Mann-Kendall test and the median slope of every series.

    Parameters
    ----------
    data
        A long table, a Dataset, or a DataArray with the dim of years. NaN and missing rows are
        missing years.
    value
        The column or variable to test.
    by
        Columns that tell the series of a table apart.
    over
        The column or dim of years.
    method
        ``"original"`` (values independent but for the trend); ``"hamed-rao"`` and ``"yue-wang"``
        correct the variance for autocorrelation; ``"pre-whitening"`` and
        ``"trend-free-pre-whitening"`` take the autocorrelation of lag 1 out of the series first.
    alpha
        Level of the two-sided test; a trend is one with \|z\| above the quantile at ``1 - alpha /
        2``.
    lags
        The autocorrelations that ``"hamed-rao"`` and ``"yue-wang"`` look at; all by default.
    pool
        Those of `by` (or dims) whose series are tested together: months give the seasonal test,
        areas the regional one.

    Returns
    -------
    pandas.DataFrame or xarray.Dataset
        Of the kind handed in: ``n`` values compared, ``s``, ``var_s``, ``z``, ``p``, ``tau`` (S
        over the number of pairs), ``slope`` per year, ``trend`` (increasing, decreasing, none), and
        ``reason`` where they are absent.

    Raises
    ------
    PanelError
        If the data cannot be used, or an option is not known.

    Notes
    -----
    S is the number of pairs of years that rise less those that fall. With g groups of t equal
    values

        var(S) = (n (n-1) (2n+5) - sum t (t-1) (2t+5)) / 18,    z = (S - sign S) / sqrt(var(S)), 0
        for S = 0

    Mann, Econometrica 13 (1945) 245; Kendall, Rank Correlation Methods (1975), ch. 4; Gilbert,
    Statistical Methods for Environmental Pollution Monitoring (1987), ch. 16. The variants: Hamed
    and Rao, J. Hydrol. 204 (1998) 182; Yue and Wang, Water Resour. Manag. 18 (2004) 201; Yue et
    al., Hydrol. Process. 16 (2002) 1807. Pooling: Hirsch and Slack, Water Resour. Res. 20 (1984)
    727; Helsel and Frans, Environ. Sci. Technol. 40 (2006) 4066.

    The slope always is that of the series as given. Under a variant, the years that have a number
    count as consecutive.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"year": range(2011, 2019), "co2": [5.1, 5.4, 5.3, 5.7, 5.6, 6.0, 6.2, 6.1]})
    >>> mann_kendall(table, value="co2").round(4).drop(columns="reason").iloc[0].to_dict()
    {'n': 8, 's': 22.0, 'var_s': 65.3333, 'z': 2.5981, 'p': 0.0094, 'tau': 0.7857, ...'increasing'}
    """
    if method not in METHODS:
        raise PanelError(
            say(
                "no Mann-Kendall method {method!r}; {near}",
                method=method,
                near=near_or_known(method, METHODS),
            )
        )
    if not 0 < alpha < 1:
        raise PanelError(say("alpha is {alpha}, not between 0 and 1; 0.05 is usual", alpha=alpha))
    if lags is not None and lags < 1:
        raise PanelError(say("lags is {lags}, not 1 or more; leave it out for all", lags=lags))
    series, blocks = pool_series(split_series(data, [value], by=by, over=over), value, pool)
    return series.label(run_test(blocks, series.years, method=method, alpha=alpha, lags=lags))


def run_test(
    blocks: Floats,
    years: NDArray[np.int64],
    *,
    method: str = "original",
    alpha: float = 0.05,
    lags: int | None = None,
) -> dict[str, Any]:
    """Return the columns of :func:`mann_kendall` for numbers of shape (group, member, year)."""
    slope = theil_sen_slope(blocks, years)
    rows = blocks.reshape(-1, blocks.shape[-1])
    values = _close_up(rows)
    if method == "pre-whitening":
        values = _whiten(values)
    elif method == "trend-free-pre-whitening":
        # Whitening a series with its trend would take part of the trend for autocorrelation.
        ramp = _ramp(rows, years)
        values = _whiten(values - ramp) + ramp[:, :-1]
    count = np.isfinite(values).sum(axis=1)
    variance = vary_score(values)
    if method in _CORRECTIONS:
        # A trend correlates with itself at every lag: what is corrected for is the rest.
        detrended = _close_up(rows) - _ramp(rows, years)
        variance = variance * _CORRECTIONS[method](detrended, count, alpha, lags)
    shape = blocks.shape[:2]
    pairs = (count * (count - 1) // 2).reshape(shape).sum(axis=1)
    score, variance, count = (
        each.reshape(shape).sum(axis=1) for each in (score_pairs(values), variance, count)
    )
    return _judge(
        score,
        variance,
        count,
        pairs,
        slope=slope,
        alpha=alpha,
        fewest=3 + (values.shape[1] < rows.shape[1]),
    )


def _judge(
    score: Floats,
    variance: Floats,
    count: Counts,
    pairs: Counts,
    *,
    slope: Floats,
    alpha: float,
    fewest: int,
) -> dict[str, Any]:
    """Return the columns of the result; without a number, and with the reason, where there is no test."""
    short, flat = pairs < _FEWEST_PAIRS, (variance < 0) | ((variance == 0) & (score != 0))
    why = say("fewer than {fewest} years with a number", fewest=fewest)
    reason = choose_reasons(
        (short, why), (flat, say("the corrected variance of S is not above zero"))
    )
    absent = short | flat
    with np.errstate(divide="ignore", invalid="ignore"):
        # S moves in steps of two: the continuity correction takes one off, and none of zero.
        z = np.where(score == 0, 0.0, (score - np.sign(score)) / np.sqrt(variance))
        tau = score / pairs
    each, at = np.unique(z, return_inverse=True)  # far fewer than series
    p = _erfc(np.abs(each) / math.sqrt(2))[at]
    found = np.where(np.abs(z) > NormalDist().inv_cdf(1 - alpha / 2), np.sign(z), 0).astype(int)
    trend = np.where(absent, "", np.array(TRENDS)[found])
    numbers = {"s": score, "var_s": variance, "z": z, "p": p, "tau": tau}
    hidden = {
        name: np.where(short if name in {"s", "tau"} else absent, np.nan, held)
        for name, held in numbers.items()
    }
    return {"n": count, **hidden, "slope": slope, "trend": trend, "reason": reason}


def _close_up(values: Floats) -> Floats:
    """Return the numbers of each series in order, with what is missing behind them."""
    return np.take_along_axis(values, np.argsort(np.isnan(values), axis=1, kind="stable"), axis=1)


def _ramp(values: Floats, years: NDArray[np.int64]) -> Floats:
    """Return the median slope of each series laid over consecutive steps."""
    step = int(np.gcd.reduce(np.diff(years))) if len(years) > 1 else 1
    slope = theil_sen_slope(values[:, None, :], years) * step
    return np.asarray(np.arange(1, values.shape[1] + 1) * slope[:, None])


def _autocorrelations(values: Floats, lags: int) -> Iterator[tuple[int, Floats]]:
    """Yield each lag from 1 with the autocorrelations of all series at that lag.

    They are 0 of a constant series, and where a series, closed up, has no numbers so far apart.
    """
    count = np.maximum(np.isfinite(values).sum(axis=1, keepdims=True), 1)
    centred = values - np.nansum(values, axis=1, keepdims=True) / count
    centred = np.where(np.isnan(centred), 0.0, centred)
    power = np.einsum("ij,ij->i", centred, centred)
    for lag in range(1, lags + 1):
        product = np.einsum("ij,ij->i", centred[:, lag:], centred[:, :-lag])
        yield lag, np.divide(product, power, out=np.zeros_like(power), where=power > 0)


def _whiten(values: Floats) -> Floats:
    """Return each value less the autocorrelation of lag 1 times the value before."""
    _, first = next(_autocorrelations(values, 1))
    return np.asarray(values[:, 1:] - values[:, :-1] * first[:, None])


def _correct_hamed_rao(detrended: Floats, count: Counts, alpha: float, lags: int | None) -> Floats:
    """Return the factor of the variance from the significant autocorrelations of the ranks."""
    ranks = pd.DataFrame(detrended).rank(axis=1).to_numpy()
    bound = NormalDist().inv_cdf(1 - alpha / 2) / np.sqrt(np.maximum(count, 1))
    total = np.zeros(len(count))
    for lag, found in _autocorrelations(ranks, _last_lag(detrended, lags)):
        weight = (count - lag) * (count - lag - 1) * (count - lag - 2)
        total += np.where(np.abs(found) > bound, weight * found, 0.0)
    scale = count * (count - 1) * (count - 2)
    return np.asarray(1 + 2 * np.divide(total, scale, out=np.zeros_like(total), where=scale > 0))


def _correct_yue_wang(detrended: Floats, count: Counts, _alpha: float, lags: int | None) -> Floats:
    """Return the factor of the variance from all autocorrelations."""
    total = np.zeros(len(count))
    for lag, found in _autocorrelations(detrended, _last_lag(detrended, lags)):
        total += (1 - lag / np.maximum(count, 1)) * found
    return 1 + 2 * total


def _last_lag(values: Floats, lags: int | None) -> int:
    longest: int = values.shape[1] - 1
    return longest if lags is None else min(lags, longest)


_CORRECTIONS = {"hamed-rao": _correct_hamed_rao, "yue-wang": _correct_yue_wang}
