"""Whether a target is being met: the path from the base year, the progress, and what is still needed per year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.analysis.series import split_series
from carbonacct.errors import PanelError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from carbonacct.analysis.series import Data, Floats, Series


def track_cut(
    data: Data,
    *,
    ratio: str,
    cut: float,
    base_year: int,
    year: int,
    by: str | Sequence[str] = (),
    over: str = "year",
) -> pd.DataFrame | xr.Dataset:
    """Return, for every year since the base year, how a target to cut an intensity is doing.

    Parameters
    ----------
    data
        A long table or a Dataset with the dim of years.
    ratio
        The intensity, such as ``"co2/gdp"`` (GDP at constant prices), or one column or variable.
    cut
        The cut to reach, as a fraction of the base year's intensity: 0.17 for 17 %.
    base_year, year
        From when, until when.
    by
        Columns that tell the series of a table apart.
    over
        The column or dim of years.

    Returns
    -------
    pandas.DataFrame or xarray.Dataset
        Of the kind handed in, one entry a year: ``from`` (the base year), ``to``, ``value``,
        ``path``, ``cut`` so far, ``progress``, ``needed_rate`` and ``reason`` where they are
        absent.

    Raises
    ------
    PanelError
        If the data cannot be used, or the target makes no sense.

    Notes
    -----
    With I0 the intensity of the base year 0 and T the target year, the path falls at one rate:
    path(t) = I0 (1 - cut)^(t/T). Progress = ln(I(t)/I0) / ln(1 - cut): 1 where the target is
    reached, t/T where the path is kept. The rate still needed is (I0 (1 - cut) / I(t))^(1/(T-t)) -
    1 a year; it is absent from the target year on.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"year": [2010, 2013, 2015], "co2": [100, 112, 115], "gdp": [100, 126, 145]})
    >>> found = track_cut(table, ratio="co2/gdp", cut=0.17, base_year=2010, year=2015).round(4)
    >>> found[["to", "cut", "progress", "needed_rate"]]
         to     cut  progress  needed_rate
    0  2013  0.1111    0.6321      -0.0337
    1  2015  0.2069    1.2440          NaN
    """
    if not 0 < cut < 1:
        raise PanelError(
            say("cut is {cut}, not a fraction between 0 and 1; write 17 % as 0.17", cut=cut)
        )
    series, values = _read_ratio(data, ratio, by, over)
    start, later = _span(series, base_year, year, over)
    base, now = values[:, [start]], values[:, later]
    passed = series.years[later] - base_year
    share = passed / (year - base_year)
    good = (base > 0) & (now > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(good, now / base, np.nan)
        left = np.where(passed < year - base_year, year - base_year - passed, np.nan)
        results = {
            "value": np.where(good, now, np.nan),
            "path": np.where(base > 0, base * (1 - cut) ** share, np.nan),
            "cut": 1 - change,
            "progress": np.log(change) / np.log(1 - cut) + 0.0,  # no minus zero
            "needed_rate": ((1 - cut) / change) ** (1 / left) - 1,
        }
    reason = _say_missing(base, now, ratio, base_year, years=series.years[later])
    return series.label(
        {**results, "reason": reason},
        {"from": np.full(len(later), base_year), "to": series.years[later]},
    )


def track_level(
    data: Data,
    *,
    value: str,
    level: float,
    base_year: int,
    year: int,
    by: str | Sequence[str] = (),
    over: str = "year",
) -> pd.DataFrame | xr.Dataset:
    """Return, for every year since the base year, how a target to reach a level is doing.

    Parameters
    ----------
    data, by, over
        As in :func:`track_cut`.
    value
        The column or variable, such as the share of non-fossil energy or forest cover.
    level
        The level to reach, in the unit of the data.
    base_year, year
        From when, until when.

    Returns
    -------
    pandas.DataFrame or xarray.Dataset
        Of the kind handed in, one entry a year: ``from``, ``to``, ``value``, ``path``,
        ``progress``, ``needed_step`` a year and ``reason``.

    Raises
    ------
    PanelError
        If the data cannot be used, or the target makes no sense.

    Notes
    -----
    The path is the straight line from the base year to the level. Progress = (value - base) /
    (level - base), absent where the base year is at the level already.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"year": [2010, 2013, 2015], "share": [3.0, 5.0, 7.5]})
    >>> found = track_level(table, value="share", level=7, base_year=2010, year=2015).round(3)
    >>> found[["to", "path", "progress", "needed_step"]]
         to  path  progress  needed_step
    0  2013   5.4     0.500          1.0
    1  2015   7.0     1.125          NaN
    """
    series = split_series(data, [value], by=by, over=over)
    start, later = _span(series, base_year, year, over)
    base, now = series.values[value][:, [start]], series.values[value][:, later]
    passed = series.years[later] - base_year
    left = np.where(passed < year - base_year, year - base_year - passed, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        progress = np.where(base == level, np.nan, (now - base) / (level - base))
    results = {
        "value": now,
        "path": base + (level - base) * passed / (year - base_year),
        "progress": progress,
        "needed_step": (level - now) / left,
        "reason": _say_missing(
            base, now, value, base_year, years=series.years[later], positive=False
        ),
    }
    return series.label(
        results, {"from": np.full(len(later), base_year), "to": series.years[later]}
    )


def split_cut(
    data: Data,
    *,
    ratio: str,
    terms: Sequence[str],
    cut: float,
    base_year: int,
    year: int,
    by: str | Sequence[str] = (),
    over: str = "year",
) -> pd.DataFrame | xr.Dataset:
    """Return what each term of an intensity has given to the cut so far, and the rate it would still need.

    Parameters
    ----------
    data, ratio, cut, base_year, year, by, over
        As in :func:`track_cut`.
    terms
        Ratios that multiply to the intensity, such as ``["energy/gdp", "co2/energy"]``.

    Returns
    -------
    pandas.DataFrame or xarray.Dataset
        Of the kind handed in, one entry a year and term: ``from``, ``to``, ``term``, ``cut`` (the
        parts add up to the cut so far), ``rate`` a year so far, ``needed_rate`` a year where the
        other terms keep their rate, and ``reason``.

    Raises
    ------
    PanelError
        If the data cannot be used, or the terms do not multiply to the ratio.

    Notes
    -----
    With I the intensity and x a term, the part is (I0 - I) / I0 * ln(x/x0) / ln(I/I0): the additive
    logarithmic mean Divisia index of a product (Ang, Energy Policy 33 (2005) 867, eq. 4), over I0.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"year": [2010, 2013], "co2": [100, 112], "energy": [50, 58], "gdp": [100, 126]})
    >>> target = {"cut": 0.17, "base_year": 2010, "year": 2015}
    >>> parts = split_cut(table, ratio="co2/gdp", terms=["energy/gdp", "co2/energy"], **target)
    >>> parts.round(4)[["to", "term", "cut", "rate", "needed_rate"]]
         to        term     cut    rate  needed_rate
    0  2013  energy/gdp  0.0780 -0.0272      -0.0223
    1  2013  co2/energy  0.0331 -0.0116      -0.0067
    """
    if not 0 < cut < 1:
        raise PanelError(
            say("cut is {cut}, not a fraction between 0 and 1; write 17 % as 0.17", cut=cut)
        )
    series, values = _read_ratio(data, ratio, by, over)
    parts = [_read_ratio(data, term, by, over)[1] for term in terms]
    _check_product(series, values, parts, ratio, terms=terms)
    start, later = _span(series, base_year, year, over)
    changes = []
    for held in (values, *parts):
        with np.errstate(divide="ignore", invalid="ignore"):
            change = held[:, later] / held[:, [start]]
        changes.append(np.where(change > 0, change, np.nan))
    whole, single = changes[0], np.stack(changes[1:], axis=-1)
    passed = series.years[later] - base_year
    left = np.where(passed < year - base_year, year - base_year - passed, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(whole == 1, 1.0, (whole - 1) / np.log(whole))
        given = -mean[..., None] * np.log(single)
        rate = single ** (1 / passed)[:, None] - 1
        needed = ((1 - cut) / whole) ** (1 / left)
        others = np.prod(1 + rate, axis=-1, keepdims=True) / (1 + rate)
    # The ratio may be there where a column that only its terms have is not.
    reason = np.full(whole.shape, "", dtype=object)
    for name, held in zip((ratio, *terms), (values, *parts), strict=True):
        lacking = _say_missing(
            held[:, [start]], held[:, later], name, base_year, years=series.years[later]
        )
        reason = np.where(reason == "", lacking, reason)
    count = len(terms)
    results = {
        "cut": given,
        "rate": rate,
        "needed_rate": needed[..., None] / others - 1,
        "reason": np.repeat(reason[..., None], count, axis=-1),
    }
    flat = {name: held.reshape(len(held), -1) for name, held in results.items()}
    size = len(later) * count
    along = {
        "from": np.full(size, base_year),
        "to": np.repeat(series.years[later], count),
        "term": np.tile(np.array(terms, dtype=object), len(later)),
    }
    return series.label(flat, along)


def imply_cut(whole: float, part: float) -> float:
    """Return the cut that the rest of a product makes when the whole and a part are cut: 1 - (1 - whole) / (1 - part).

    Examples
    --------
    >>> round(imply_cut(0.17, 0.16), 4)  # CO2 per GDP and energy per GDP, the nation, 2015 on 2010: CO2 per energy
    0.0119
    """
    return 1 - (1 - whole) / (1 - part)


def _read_ratio(
    data: Data, ratio: str, by: str | Sequence[str], over: str
) -> tuple[Series, Floats]:
    """Return the series and one column over another, or one column; NaN where the denominator is not above zero."""
    names = [name.strip() for name in ratio.split("/")]
    if len(names) > 2 or not all(names):
        raise PanelError(
            say(
                "{ratio!r} is no ratio; write one column over another, such as co2/gdp", ratio=ratio
            )
        )
    series = split_series(data, names, by=by, over=over)
    values = series.values[names[0]]
    if len(names) == 2:
        under = series.values[names[1]]
        values = np.divide(values, under, out=np.full_like(values, np.nan), where=under > 0)
    return series, values


def _span(series: Series, base_year: int, year: int, over: str) -> tuple[int, NDArray[np.intp]]:
    """Return the place of the base year and of the years behind it up to the target year."""
    if year <= base_year:
        raise PanelError(
            say(
                "the target year {year} is not after the base year {base_year}; correct one "
                "of them",
                year=year,
                base_year=base_year,
            )
        )
    if base_year not in series.years:
        raise PanelError(
            say(
                "no {over} {base_year}, the base of the target; the data reach from {year} "
                "to {years_value}",
                over=over,
                base_year=base_year,
                year=series.years[0],
                years_value=series.years[-1],
            )
        )
    later = np.flatnonzero((series.years > base_year) & (series.years <= year))
    if not len(later):
        raise PanelError(
            say(
                "no {over} after {base_year} up to {year}; the data reach from {year_0} to "
                "{years_value}",
                over=over,
                base_year=base_year,
                year=year,
                year_0=series.years[0],
                years_value=series.years[-1],
            )
        )
    return int(np.searchsorted(series.years, base_year)), later


def _say_missing(
    base: Floats,
    now: Floats,
    name: str,
    base_year: int,
    *,
    years: NDArray[np.int64],
    positive: bool = True,
) -> NDArray[Any]:
    """Return why a year has no numbers, ``""`` where it has."""
    reason = np.full(now.shape, "", dtype=object)

    def what(year: int) -> str:
        if positive:
            return say("no {name} above zero in {year}", name=name, year=year)
        return say("no {name} in {year}", name=name, year=year)

    for position, year in enumerate(years):
        lacking = ~(now[:, position] > 0) if positive else np.isnan(now[:, position])
        reason[lacking, position] = what(int(year))
    lacking = ~(base[:, 0] > 0) if positive else np.isnan(base[:, 0])
    reason[lacking] = what(base_year)
    return reason


def _check_product(
    series: Series, values: Floats, parts: Sequence[Floats], ratio: str, *, terms: Sequence[str]
) -> None:
    product = np.prod(parts, axis=0)
    bad = np.abs(product - values) > 1e-9 * np.abs(values)
    if bad.any():
        row, place = (int(number) for number in np.argwhere(bad)[0])
        what = " ".join(map(str, series.keys.iloc[row])) or say("the series")
        raise PanelError(
            say(
                "{what} {year}: {terms} is {product:.12g} and {ratio} is {value:.12g}; the "
                "terms must multiply to the ratio",
                what=what,
                year=series.years[place],
                terms=" * ".join(terms),
                product=product[row, place],
                ratio=ratio,
                value=values[row, place],
            )
        )
