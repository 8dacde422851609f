"""Whether an area's emissions have peaked, when, and how sure that is; the four classes of cities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.analysis.decoupling import relate_changes, say_absent
from carbonacct.analysis.mann_kendall import run_test
from carbonacct.analysis.reasons import choose_reasons
from carbonacct.analysis.series import split_series
from carbonacct.data import data_folder, read_rows
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from carbonacct.analysis.series import Data, Floats


@dataclass(frozen=True)
class PeakRule:
    """When a maximum is called a peak.

    Attributes
    ----------
    years_after
        A peak lies at least this many years before the last year with a number.
    plateau
        Fraction of the maximum below which emissions have left it.
    energy_share
        Share of energy industries from which an area is an energy base.
    """

    years_after: int
    plateau: float
    energy_share: float


def load_peak_rule() -> PeakRule:
    """Return the rule that ships; ``factors/vocabulary/peak_rules.csv`` has the source or the reason of each number.

    Examples
    --------
    >>> load_peak_rule()
    PeakRule(years_after=5, plateau=0.05, energy_share=0.5)
    """
    held = {
        row["id"]: row["value"]
        for row in read_rows(data_folder() / "vocabulary" / "peak_rules.csv")
    }
    return PeakRule(int(held["years_after"]), float(held["plateau"]), float(held["energy_share"]))


def find_peak(
    data: Data,
    *,
    value: str = "value",
    by: str | Sequence[str] = (),
    over: str = "year",
    rule: PeakRule | None = None,
) -> pd.DataFrame | xr.Dataset:
    """Return the year and level of every series' maximum, and whether it is a peak.

    Parameters
    ----------
    data, value, by, over
        As in :func:`mann_kendall`.
    rule
        When a maximum is called a peak; :func:`load_peak_rule` by default.

    Returns
    -------
    pandas.DataFrame or xarray.Dataset
        Of the kind handed in: ``peak_year`` (the last one where the maximum comes twice), ``peak``,
        ``last_year``, ``fall`` (fraction of the maximum, from there to the last year), ``status``,
        ``p_after`` (Mann-Kendall over the years from the maximum on; absent for fewer than three)
        and ``reason``.

    Raises
    ------
    PanelError
        If the data cannot be used.

    Notes
    -----
    The first that fits: *peaked*, the maximum lies at least ``years_after`` years back and the last
    year is more than ``plateau`` below it. *plateau*, no number of the last ``years_after`` years
    is more than ``plateau`` below the maximum, these years show no rising trend at 0.05, and there
    is a number ``years_after`` years before the last.
    *rising*, the maximum is the last number. *falling*, anything else: past its maximum, too early
    or too little to call it a peak.

    The maximum is picked from the same numbers, so ``p_after`` is smaller than that of a test
    planned beforehand. For a probability, pass draws of the emissions as one more dim and take the
    share of draws that have peaked.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"year": range(2008, 2016), "co2": [90, 95, 100, 97, 95, 94, 92, 91]})
    >>> find_peak(table, value="co2").iloc[0][["peak_year", "peak", "fall", "status"]].to_dict()
    {'peak_year': 2010, 'peak': 100.0, 'fall': 0.09, 'status': 'peaked'}
    """
    series = split_series(data, [value], by=by, over=over)
    return series.label(_locate_peaks(series.values[value], series.years, rule or load_peak_rule()))


def _locate_peaks(values: Floats, years: NDArray[np.int64], rule: PeakRule) -> dict[str, Any]:
    present = np.isfinite(values)
    empty = np.asarray(~present.any(axis=1))
    filled = np.where(present, values, -np.inf)
    last = _last_place(present)
    place = _last_place(present & (filled == filled.max(axis=1, keepdims=True)))
    row = np.arange(len(values))
    peak, end = values[row, place], values[row, last]
    nothing = empty | ~(peak > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        fall = (peak - end) / peak
    left = fall > rule.plateau
    # Flat is asked of the last years alone: before them emissions may still have risen.
    recent = years > years[last][:, None] - rule.years_after - 1
    flat = ~((values < peak[:, None] * (1 - rule.plateau)) & recent).any(axis=1)
    reached = (present & (years == (years[last] - rule.years_after)[:, None])).any(axis=1)
    lately = run_test(np.where(recent, values, np.nan)[:, None, :], years)
    after = run_test(np.where(years >= years[place][:, None], values, np.nan)[:, None, :], years)
    long_ago = years[last] - years[place] >= rule.years_after
    status = np.select(
        [
            nothing,
            long_ago & left,
            flat & reached & (lately["trend"] != "increasing"),
            place == last,
        ],
        ["", "peaked", "plateau", "rising"],
        "falling",
    )
    return {
        "peak_year": _absent_where(empty, years[place]),
        "peak": peak,
        "last_year": _absent_where(empty, years[last]),
        "fall": np.where(nothing, np.nan, fall),
        "status": status,
        "p_after": after["p"],
        "reason": choose_reasons((empty, say("no number")), (nothing, say("no number above zero"))),
    }


def _absent_where(empty: NDArray[np.bool_], years: NDArray[np.int64]) -> NDArray[Any]:
    """Return years, as floats with NaN only where a series is empty."""
    return np.where(empty, np.nan, years) if empty.any() else years


def _last_place(held: NDArray[np.bool_]) -> NDArray[np.intp]:
    return np.asarray(held.shape[1] - 1 - held[:, ::-1].argmax(axis=1))


def classify_areas(
    data: Data,
    *,
    pressure: str,
    driver: str,
    by: str | Sequence[str] = (),
    over: str = "year",
    energy_share: str | None = None,
    rule: PeakRule | None = None,
) -> pd.DataFrame | xr.Dataset:
    """Return the class of every area: decoupled, decoupling, awaiting, energy_base.

    Parameters
    ----------
    data, pressure, driver, by, over
        As in :func:`decouple`.
    energy_share
        Column or variable with the share of energy industries (0 to 1); without it no area is an
        energy base.
    rule
        Over how many years, and from which share; :func:`load_peak_rule` by default.

    Returns
    -------
    pandas.DataFrame or xarray.Dataset
        Of the kind handed in: ``from``, ``to``, ``elasticity``, ``state``, ``status`` of the peak,
        ``class`` and ``reason``.

    Raises
    ------
    PanelError
        If the data cannot be used.

    Notes
    -----
    The White Paper on the China Dual-Carbon Big Data Index (2022), chart 16, describes the classes
    in words: 已脱钩, 在脱钩, 待脱钩, 能源基地. The rule behind each is a choice of this package, kept in
    ``factors/vocabulary/city_classes.csv``: the state is that of the last ``years_after`` years up
    to the last year in which both have a number.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"year": range(2014, 2020), "co2": [50, 51, 52, 51, 49, 48]})
    >>> table["gdp"] = [70, 75, 80, 86, 92, 98]
    >>> classify_areas(table, pressure="co2", driver="gdp").iloc[0][["state", "status", "class"]].to_dict()
    {'state': 'strong_decoupling', 'status': 'falling', 'class': 'decoupled'}
    """
    rule = rule or load_peak_rule()
    names = [pressure, driver, *([energy_share] if energy_share else [])]
    series = split_series(data, names, by=by, over=over)
    both = np.isfinite(series.values[pressure]) & np.isfinite(series.values[driver])
    last = _last_place(both)
    end = series.years[last]
    begin = end - rule.years_after
    values = [series.values[name] for name in (pressure, driver)]
    starts, ends = (
        [_take_year(held, series.years, year) for held in values] for year in (begin, end)
    )
    related = relate_changes(starts, ends)
    reason = say_absent((pressure, driver), starts, ends, begin, last=end)
    status = _locate_peaks(values[0], series.years, rule)["status"]
    strong, weak = (
        np.isin(related["state"], those)
        for those in (["strong_decoupling"], ["weak_decoupling", "pressure_unchanged"])
    )
    weak &= related["driver_change"] > 0
    past = np.isin(status, ["peaked", "plateau"])
    share = (
        _take_year(series.values[energy_share], series.years, end)
        if energy_share
        else np.full(len(end), np.nan)
    )
    named = np.select(
        [share >= rule.energy_share, reason != "", strong | (weak & past), weak],
        ["energy_base", "", "decoupled", "decoupling"],
        "awaiting",
    )
    if energy_share:
        reason[(reason == "") & np.isnan(share)] = say(
            "no {energy_share} in the last year", energy_share=energy_share
        )
        named = np.where(np.isnan(share), "", named)
    return series.label(
        {
            "from": begin,
            "to": end,
            "elasticity": related["elasticity"],
            "state": related["state"],
            "status": status,
            "class": named,
            "reason": np.where(named == "", reason, ""),
        }
    )


def _take_year(values: Floats, axis: NDArray[np.int64], years: NDArray[np.int64]) -> Floats:
    """Return the number of each series in its own year, none behind the last; NaN where it has none."""
    position = np.searchsorted(axis, years)
    return np.where(axis[position] == years, values[np.arange(len(values)), position], np.nan)
