"""What follows from stated rates of change: the terms of an identity projected year by year, the peak, and its band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.errors import PanelError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.analysis.series import Floats

    Rate = float | tuple[float, float]


@dataclass(frozen=True)
class ProjectedPeak:
    """The maximum of a projected path.

    Attributes
    ----------
    year, level
        Of the middle path.
    earliest, latest
        The years between which the ranges allow the maximum.
    lower, upper
        The levels between which the ranges allow it.
    passed
        Whether the middle path falls after its maximum; otherwise it is still at its highest when
        it ends.
    """

    year: int
    level: float
    earliest: int
    latest: int
    lower: float
    upper: float
    passed: bool


def project(
    start: Mapping[str, float], rates: Mapping[str, Mapping[int, Rate]], *, year: int
) -> pd.DataFrame:
    """Return the terms of a product, and the product, for every year under stated rates.

    Parameters
    ----------
    start
        The value of each term in the first year, such as population, gdp/population, energy/gdp,
        co2/energy.
    rates
        For each term, the rate a year up to and with each year that is named: ``{2025: 0.05, 2030:
        0.04}`` is 5 % a year until 2025, then 4 %. A pair is a range, lower and upper. Every term
        names the same last year.
    year
        The first year.

    Returns
    -------
    pandas.DataFrame
        One row a year: ``year``, each term, ``total``, and ``lower`` and ``upper`` of the total.
        Terms and total follow the middle of each range.

    Raises
    ------
    PanelError
        If a term has no rates, a period is empty, a range is upside down or a rate is -1 or less.

    Notes
    -----
    x(t) = x(t-1) (1 + r), and the total is the product of the terms (Kaya, Impact of carbon dioxide
    emission control on GNP growth, IPCC, 1990). Lower and upper take every range at its lower and
    at its upper end in every year: the limits of what the ranges allow, not a probability. Nothing
    else is in it; a rate that is not stated is not assumed.

    Examples
    --------
    >>> start = {"gdp": 100.0, "co2/gdp": 1.0}
    >>> path = project(start, {"gdp": {2025: 0.05}, "co2/gdp": {2022: -0.03, 2025: (-0.07, -0.05)}}, year=2020)
    >>> path.round(2)[["year", "total", "lower", "upper"]].iloc[[0, 2, 5]].to_numpy().tolist()
    [[2020.0, 100.0, 100.0, 100.0], [2022.0, 103.73, 103.73, 103.73], [2025.0, 99.74, 96.59, 102.96]]
    """
    if not start:
        raise PanelError(say("no term to project; give the value of each in the first year"))
    lacking = set(start) ^ set(rates)
    if lacking:
        raise PanelError(
            say(
                "{lacking}: in start or in rates alone; every term needs its value and its rates",
                lacking=join_texts(", ", sorted(lacking)),
            )
        )
    ends = {term: max(held, default=year) for term, held in rates.items()}
    last = max(ends.values())
    for term, end in ends.items():
        if end != last or last <= year:
            raise PanelError(
                say(
                    "{term}: its rates end in {end}; all must end in the same year after "
                    "{year} (others reach {last})",
                    term=term,
                    end=end,
                    year=year,
                    last=last,
                )
            )
    growth = {term: _spread_rates(term, held, year, last) for term, held in rates.items()}
    paths = {}
    for term, value in start.items():
        if not (np.isfinite(value) and value > 0):
            raise PanelError(
                say(
                    "{term}: starts at {value}, not above zero; a rate of it says nothing",
                    term=term,
                    value=value,
                )
            )
        paths[term] = value * np.concatenate(
            [np.ones((1, 3)), np.cumprod(1 + growth[term], axis=0)]
        )
    total = np.prod(list(paths.values()), axis=0)
    middle = {term: path[:, 1] for term, path in paths.items()}
    return pd.DataFrame(
        {
            "year": np.arange(year, last + 1),
            **middle,
            "total": total[:, 1],
            "lower": total[:, 0],
            "upper": total[:, 2],
        }
    )


def _spread_rates(term: str, rates: Mapping[int, Rate], year: int, last: int) -> Floats:
    """Return lower, middle and upper rate of every year after the first."""
    spread = np.full((last - year, 3), np.nan)
    since = year
    for until, rate in sorted(rates.items()):
        lower, upper = rate if isinstance(rate, tuple) else (rate, rate)
        if until <= since:
            raise PanelError(
                say(
                    "{term}: a rate until {until} covers no year after {since}; correct the year",
                    term=term,
                    until=until,
                    since=since,
                )
            )
        if not -1 < lower <= upper < np.inf:
            raise PanelError(
                say(
                    "{term}: the rate until {until} is {rate}; give a fraction a year above "
                    "-1, or a pair of lower and upper",
                    term=term,
                    until=until,
                    rate=rate,
                )
            )
        spread[since - year : until - year] = lower, (lower + upper) / 2, upper
        since = until
    return spread


def locate_peak(path: pd.DataFrame) -> ProjectedPeak:
    """Return the year and level of a projected path's maximum, and what the ranges allow.

    Parameters
    ----------
    path
        As :func:`project` returns it.

    Notes
    -----
    A year can hold the maximum where the total can rise to it from every year before, with all
    rates at their upper end, and fall from it to every year after, with all rates at their lower
    end; each year's rate may lie anywhere in its range. Of equal maxima the first counts.

    Examples
    --------
    >>> start = {"gdp": 100.0, "co2/gdp": 1.0}
    >>> path = project(start, {"gdp": {2030: 0.05}, "co2/gdp": {2025: (-0.05, -0.03), 2030: (-0.07, -0.05)}}, year=2020)
    >>> peak = locate_peak(path)
    >>> peak.year, round(peak.level, 2), peak.earliest, peak.latest, round(peak.lower, 2), round(peak.upper, 2), peak.passed
    (2025, 104.06, 2020, 2025, 100.0, 109.6, True)
    """
    years = path["year"].to_numpy()
    total, lower, upper = (path[name].to_numpy() for name in ("total", "lower", "upper"))
    place = int(total.argmax())
    held = years[
        [
            here == place
            or bool((upper[here] > upper[:here]).all() and (lower[here + 1 :] <= lower[here]).all())
            for here in range(len(years))
        ]
    ]
    return ProjectedPeak(
        int(years[place]),
        float(total[place]),
        int(held.min()),
        int(held.max()),
        float(lower.max()),
        float(upper.max()),
        place < len(years) - 1,
    )
