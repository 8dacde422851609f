"""Whether a pressure (CO2) has come apart from a driver (GDP): Tapio's states, the OECD factor, the effort."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.analysis.series import split_series
from carbonacct.analysis.state_pairs import report_gaps
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import PanelError, did_you_mean, near_or_known
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from carbonacct.analysis.series import Data, Floats, Series
    from carbonacct.errors import Finding

# Numbers with few decimals are not exact in binary: a change, or a distance from a bound, below
# this is rounding.
_ROUNDING = 1e-12
_ON_THE_BOUND = 1e-9
_SIGNS = {"up": 1.0, "down": -1.0, "same": 0.0}


def decouple(
    data: Data,
    *,
    pressure: str,
    driver: str,
    by: str | Sequence[str] = (),
    over: str = "year",
    years: Sequence[int] | None = None,
    chained: bool = False,
) -> pd.DataFrame | xr.Dataset:
    """Return elasticity and decoupling state of every series in every period.

    Parameters
    ----------
    data
        A long table or a Dataset with the dim of years.
    pressure, driver
        Columns or variables, such as CO2 and GDP at constant prices. Both must be above zero where
        a period starts.
    by
        Columns that tell the series of a table apart.
    over
        The column or dim of years.
    years
        The years to compare; by default all of which a series of the table has a number, and all of
        arrays.
    chained
        Compare each year with the one before instead of with the first.

    Returns
    -------
    pandas.DataFrame or xarray.Dataset
        Of the kind handed in, one entry a period: ``from``, ``to``, ``pressure_change`` and
        ``driver_change`` (fractions of the value at the start), ``elasticity``, ``state``,
        ``decoupling_factor``, and ``reason`` where they are absent.

    Raises
    ------
    PanelError
        If the data cannot be used, or there are fewer than two years.

    Notes
    -----
    Elasticity e = (dC / C0) / (dG / G0). Tapio, Transport Policy 12 (2005) 137, fig. 1: coupling
    where 0.8 <= e <= 1.2, and weak, strong or negative decoupling around it by the signs of dC and
    dG; ``factors/vocabulary/decoupling_states.csv`` holds states and bounds. A driver that does not
    change has no elasticity and is named; so is a pressure that does not.

    Decoupling factor = 1 - (C1 / G1) / (C0 / G0): OECD, Indicators to Measure Decoupling of
    Environmental Pressure from Economic Growth (2002), SG/SD(2002)1/FINAL. Above zero there is
    decoupling.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"year": [2015, 2020], "co2": [100, 106], "gdp": [50, 66]})
    >>> decouple(table, pressure="co2", driver="gdp").round(4)[["from", "to", "elasticity", "state"]].iloc[0].to_dict()
    {'from': 2015, 'to': 2020, 'elasticity': 0.1875, 'state': 'weak_decoupling'}
    """
    series = split_series(data, [pressure, driver], by=by, over=over)
    row, before, after = _pair_years(series, years, over, chained=chained)
    starts, ends = (
        [series.values[name][row, place] for name in (pressure, driver)]
        for place in (before, after)
    )
    first, last = series.years[before], series.years[after]
    results = {
        **relate_changes(starts, ends),
        "reason": say_absent((pressure, driver), starts, ends, first, last=last),
    }
    if series.dims is None:
        return replace(series, keys=series.keys.iloc[row].reset_index(drop=True)).label(
            {"from": first, "to": last, **results}
        )
    periods = len(row) // len(series.keys)
    return series.label(
        {name: np.reshape(array, (-1, periods)) for name, array in results.items()},
        {"from": first[:periods], "to": last[:periods]},
    )


def find_gaps(
    data: Data, *, pressure: str, driver: str, by: str | Sequence[str] = (), over: str = "year"
) -> list[Finding]:
    """Return a warning for each series that lacks years which others have.

    :func:`decouple` would compare other years of it.

    Parameters
    ----------
    data, pressure, driver, by, over
        As in :func:`decouple`.

    Examples
    --------
    >>> import pandas as pd
    >>> years = {"area": ["A", "A", "A", "B", "B"], "year": [2010, 2015, 2020, 2010, 2020]}
    >>> table = pd.DataFrame(years | {"co2": 1.0, "gdp": 1.0})
    >>> print(*find_gaps(table, pressure="co2", driver="gdp", by="area"))
    B has no numbers for 2015: what is there is compared; the columns from and to say with what
    """
    series = split_series(data, [pressure, driver], by=by, over=over)
    if series.dims is not None:
        return []
    return report_gaps(
        _has_numbers(series),
        series.years.tolist(),
        lambda row: " ".join(map(str, series.keys.iloc[row])) or say("the series"),
    )


def relate_changes(starts: Sequence[Floats], ends: Sequence[Floats]) -> dict[str, Any]:
    """Return changes, elasticity, state and decoupling factor; `starts` and `ends` hold pressure and driver."""
    absent = np.any(
        [
            np.isnan(start) | np.isnan(end) | (start <= 0)
            for start, end in zip(starts, ends, strict=True)
        ],
        axis=0,
    )
    pressure, driver = (
        np.where(absent, np.nan, _change(start, end))
        for start, end in zip(starts, ends, strict=True)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        elasticity = np.where(driver == 0, np.nan, pressure / driver) + 0.0  # no minus zero
        # OECD's factor: one less the ratio of pressure per driver, after over before.
        factor = 1 - (ends[0] * starts[1]) / (ends[1] * starts[0])
    return {
        "pressure_change": pressure,
        "driver_change": driver,
        "elasticity": elasticity,
        "state": classify_state(pressure, driver),
        "decoupling_factor": np.where(absent | ~np.isfinite(factor), np.nan, factor),
    }


def classify_state(pressure_change: Floats, driver_change: Floats) -> NDArray[Any]:
    """Return the decoupling state of relative changes, ``""`` where one is NaN.

    Examples
    --------
    >>> [str(state) for state in classify_state([-0.02, 0.03, 0.05, 0.01], [0.1, 0.1, 0.05, 0.0])]
    ['strong_decoupling', 'weak_decoupling', 'expansive_coupling', 'driver_unchanged']
    """
    up, grown = (
        np.asarray(pressure_change, dtype=np.float64),
        np.asarray(driver_change, dtype=np.float64),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        elasticity = up / grown
    states = np.full(np.broadcast(up, grown).shape, "", dtype=object)
    for row in _states():
        fits = ~np.isnan(up) & ~np.isnan(grown)
        for sign, change in ((row["pressure"], up), (row["driver"], grown)):
            fits &= np.sign(change) == _SIGNS[sign] if sign else change != 0
        coupling = bool(
            row["lower"] and float(row["lower"]) and row["upper"]
        )  # takes both its bounds
        # 0.8 and 1.2 belong to coupling: it reaches a little beyond them, and the others end before.
        margin = _ON_THE_BOUND if coupling else -_ON_THE_BOUND
        if row["lower"] and float(row["lower"]):
            fits &= elasticity >= float(row["lower"]) - margin
        if row["upper"]:
            fits &= elasticity <= float(row["upper"]) + margin
        states[fits] = row["id"]
    return states


@lru_cache(maxsize=1)
def _states() -> tuple[dict[str, str], ...]:
    return tuple(read_rows(data_folder() / "vocabulary" / "decoupling_states.csv"))


def _change(start: Floats, end: Floats) -> Floats:
    """Return the relative change, and zero for what is rounding."""
    with np.errstate(divide="ignore", invalid="ignore"):
        change = (end - start) / start
    return np.where(np.abs(change) < _ROUNDING, 0.0, change)


def _has_numbers(series: Series) -> NDArray[np.bool_]:
    """Return of which years each series has any number."""
    return np.asarray(~np.all([np.isnan(values) for values in series.values.values()], axis=0))


def _pair_years(
    series: Series, years: Sequence[int] | None, over: str, *, chained: bool
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return for each period its series and the places of the years where it starts and ends."""
    for year in years or ():
        if year not in series.years:
            near = did_you_mean(str(year), map(str, series.years))
            raise PanelError(
                say(
                    "no {over} {year}; {near}",
                    over=over,
                    year=year,
                    near=near
                    or say(
                        "the data reach from {year} to {years_value}",
                        year=series.years[0],
                        years_value=series.years[-1],
                    ),
                )
            )
    chosen = np.isin(series.years, series.years if years is None else years)
    # All series of arrays share their periods; years that are asked for are compared, or said to be
    # absent.
    compared = (
        np.broadcast_to(chosen, (len(series.keys), len(chosen)))
        if series.dims is not None or years is not None
        else _has_numbers(series)
    )
    row, place = np.nonzero(compared)
    first = np.searchsorted(row, row)  # of the same series
    ends = np.flatnonzero(np.arange(len(row)) > first)
    if not len(ends):
        what = (
            say("{chosen_sum} {over} makes no period", chosen_sum=chosen.sum(), over=over)
            if chosen.sum() < 2
            else say("no series has numbers in two of {over}", over=over)
        )
        raise PanelError(say("{what}; at least two are needed", what=what))
    return row[ends], place[ends - 1 if chained else first[ends]], place[ends]


def say_absent(
    names: Sequence[str],
    starts: Sequence[Floats],
    ends: Sequence[Floats],
    first: NDArray[np.int64],
    *,
    last: NDArray[np.int64],
) -> NDArray[Any]:
    """Return why a period (`first` to `last`) has no numbers, or no decoupling factor; ``""`` where it has."""
    reason = np.full(first.shape, "", dtype=object)
    for name, start, end in zip(names, starts, ends, strict=True):
        for fault, what, years in (
            (np.isnan(start), _say_none, first),
            (np.isnan(end), _say_none, last),
            (start <= 0, _say_not_positive, first),
        ):
            for place in zip(*np.nonzero(fault & (reason == "")), strict=True):
                reason[place] = what(name, years[place])
    for place in zip(*np.nonzero((ends[1] == 0) & (reason == "")), strict=True):
        reason[place] = say(
            "{name} is zero in {year}: the decoupling factor divides by it",
            name=names[1],
            year=last[place],
        )
    return reason


def _say_none(name: str, year: int) -> str:
    return say("no {name} in {year}", name=name, year=year)


def _say_not_positive(name: str, year: int) -> str:
    return say("{name} is not above zero in {year}", name=name, year=year)


def measure_effort(effects: pd.DataFrame, *, driver: str | Sequence[str]) -> pd.DataFrame:
    """Return the decoupling effort of every period: what the other factors took back of the driver's effect.

    Parameters
    ----------
    effects
        Rows of an additive decomposition: any labels, ``from``, ``to``, ``term``, ``value``.
    driver
        The term or terms whose effect is growth.

    Returns
    -------
    pandas.DataFrame
        The labels, ``from``, ``to``, ``effort`` and ``decoupled``: strong (1 or more), relative
        (above 0) or none.

    Raises
    ------
    PanelError
        If a column or term is missing.

    Notes
    -----
    Effort = - (sum of the other effects) / (effect of the driver): Diakoulaki and Mandaraka, Energy
    Economics 29 (2007) 636. The terms ``total`` and ``residual`` are not effects. Without an effect
    of the driver there is no effort.

    Examples
    --------
    >>> import pandas as pd
    >>> terms = {"term": ["gdp", "co2/gdp", "total"], "value": [30.0, -20.0, 10.0]}
    >>> rows = pd.DataFrame({"from": 2010, "to": 2015} | terms)
    >>> measure_effort(rows, driver="gdp").round(4).iloc[0].to_dict()
    {'from': 2010, 'to': 2015, 'effort': 0.6667, 'decoupled': 'relative'}
    """
    drivers = [driver] if isinstance(driver, str) else list(driver)
    for column in ("from", "to", "term", "value"):
        if column not in effects.columns:
            raise PanelError(
                say(
                    "no column {column!r}; {near}",
                    column=column,
                    near=did_you_mean(column, map(str, effects.columns))
                    or say("give the rows of a decomposition"),
                )
            )
    for name in drivers:
        if name not in set(effects["term"]):
            raise PanelError(
                say(
                    "no term {name!r}; {near}",
                    name=name,
                    near=near_or_known(
                        name, effects["term"], listed=dict.fromkeys(effects["term"])
                    ),
                )
            )
    labels = [column for column in effects.columns if column not in {"term", "value"}]
    kept = effects[~effects["term"].isin(["total", "residual"])]
    sides = kept["term"].isin(drivers).map({True: "driver", False: "others"})
    sums = kept.assign(side=sides).pivot_table(
        index=labels,
        columns="side",
        values="value",
        aggfunc=lambda held: held.sum(min_count=1),
        sort=False,
    )
    sums = sums.reindex(columns=["driver", "others"])
    effort = (-sums["others"] / sums["driver"].where(sums["driver"] != 0)).rename("effort")
    return effort.reset_index().assign(decoupled=name_effort(effort.to_numpy()))


def name_effort(effort: Floats) -> NDArray[Any]:
    """Return strong, relative or none for each effort, ``""`` where it is NaN.

    Examples
    --------
    >>> [str(word) for word in name_effort([1.2, 1.0, 0.4, 0.0, -0.6])]
    ['strong', 'strong', 'relative', 'none', 'none']
    """
    effort = np.asarray(effort, dtype=np.float64)
    return np.where(
        np.isnan(effort),
        "",
        np.where(effort >= 1, "strong", np.where(effort > 0, "relative", "none")),
    )
