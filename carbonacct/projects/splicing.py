"""Gaps of a series of years filled by a stated technique (IPCC 2006, Vol. 1, Ch. 5, 5.3.3).

Each function takes what is printed, year by year, and returns the whole series: what is printed is
never changed, a year that is filled says from which years and how wide its interval is. A notation
key (NO, IE ...) is no gap: it stays, and nothing is interpolated across it.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import Finding, PanelError
from carbonacct.projects.filled_series import (
    FORMS,
    FilledYear,
    Spliced,
    fill_year,
    half_width,
    read_printed,
    student,
    take_numbers,
)
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from carbonacct.projects.filled_series import Printed

_CANCELLED = 0.2  # a sum this small beside the sum of its parts' sizes has no ratio
_DRIFT = 0.05  # change of the ratio over the overlap from which the relation is not consistent
_LEAST_TREND = 4  # printed years below which there is no trend to extend


def splice_overlap(
    printed: Printed,
    previous: Printed,
    *,
    form: str,
    percent: float = 0.0,
    single_year: bool = False,
) -> Spliced:
    """Fill years that only a previous method or source has, by its relation to the new one.

    Parameters
    ----------
    printed, previous
        Numbers by year of the new and of the previous method, in one unit. The years of `previous`
        that `printed` lacks are filled.
    form
        ``"mean_of_ratios"`` (eq. 5.1) or ``"ratio_of_sums"``; there is no default, the two differ.
    percent
        Half width of the 95 % interval of the numbers, in %.
    single_year
        Allow an overlap of one year; `percent` has to be stated then.

    Raises
    ------
    PanelError
        If there is no usable overlap, or its ratio has no meaning.

    Notes
    -----
    2006 IPCC Guidelines, Vol. 1, Ch. 5, eq. 5.1: y0 = x0 / n * sum(y_i / x_i) over the n years of
    overlap. Ratio of sums (Good Practice Guidance 2000, eq. 7.1): y0 = x0 * sum(y_i) / sum(x_i).
    The interval is that of one more ratio, t(n - 1) s sqrt(1 + 1/n), beside `percent`; all years
    share the ratio's error.

    Examples
    --------
    >>> old = {2005: 100, 2008: 133, 2009: 150, 2010: 160}
    >>> new = {2008: 146.3, 2009: 162.0, 2010: 177.6}
    >>> round(splice_overlap(new, old, form="mean_of_ratios").filled[0].value, 4)
    109.6667
    >>> round(splice_overlap(new, old, form="ratio_of_sums").filled[0].value, 4)
    109.684
    """
    if form not in FORMS:
        raise PanelError(
            say(
                "no form of overlap {form!r}; name {forms}: they differ",
                form=form,
                forms=join_texts(" or ", FORMS),
            )
        )
    held, before = read_printed(printed), read_printed(previous)
    new, old = take_numbers(held), take_numbers(before)
    years = sorted(new.keys() & old.keys())
    _check_overlap(years, old, form, percent, single_year=single_year)
    ratios = [new[year] / old[year] for year in years] if all(old[year] for year in years) else []
    sums = [math.fsum(held[year] for year in years) for held in (new, old)]
    ratio = math.fsum(ratios) / len(years) if form == "mean_of_ratios" else sums[0] / sums[1]
    spread = half_width(ratios, ratio)
    filled = []
    for year in sorted(old.keys() - held.keys()):
        value = old[year] * ratio
        half = math.hypot(old[year] * spread, value * percent / 100)
        filled.append(fill_year(year, value, years, half))
    keys = {year: key for year, key in before.items() if isinstance(key, str) and year not in held}
    parameters = {"ratio": ratio, "overlap_years": float(len(years))}
    return Spliced(
        {**held, **keys}, tuple(filled), "overlap", parameters, _find_drift(years, ratios)
    )


def splice_surrogate(printed: Printed, surrogate: Printed, *, percent: float = 0.0) -> Spliced:
    """Fill years by a quantity that goes with the series.

    Parameters
    ----------
    printed
        Numbers by year.
    surrogate
        The quantity by year, above zero, in any unit. Its years that `printed` lacks are filled.
    percent
        Half width of the 95 % interval of the printed numbers, in %.

    Raises
    ------
    PanelError
        If no printed year has a surrogate above zero.

    Notes
    -----
    2006 IPCC Guidelines, Vol. 1, Ch. 5, eq. 5.2: y0 = y_t * s0 / s_t, with t the nearest printed
    year. Between two printed years both estimates are blended in proportion to time. The interval
    is that of leaving out each printed year in turn.

    Examples
    --------
    >>> made = splice_surrogate({2008: 146.3, 2009: 162.0}, {2005: 50.0, 2008: 60.0, 2009: 66.0})
    >>> round(made.filled[0].value, 4), made.filled[0].anchors
    (121.9167, (2008,))
    """
    held, beside = read_printed(printed), take_numbers(read_printed(surrogate))
    new = take_numbers(held)
    if low := [year for year, value in beside.items() if value < 0]:
        raise PanelError(
            say("the surrogate is below zero in {low}; take one that cannot be", low=low[0])
        )
    known = sorted(year for year in new if beside.get(year, 0.0) > 0)
    if not known:
        raise PanelError(
            say("no printed year has a surrogate above zero; give one that spans the series")
        )

    def estimate(year: int, anchors: Sequence[int]) -> float:
        made = [new[anchor] * (beside[year] / beside[anchor]) for anchor in anchors]
        return _blend(year, anchors, made)

    wanted = sorted(beside.keys() - held.keys())
    inner = known if len(known) > 1 else []
    errors = [new[year] - estimate(year, _neighbours(year, known, year)) for year in inner]
    filled = _fill_years(wanted, known, estimate, errors, new=new, percent=percent)
    parameters = {
        "correlation": _correlate(known, new, beside),
        "correlation_years": float(len(known)),
    }
    return Spliced(held, filled, "surrogate", parameters)


def interpolate(
    printed: Printed,
    *,
    percent: float = 0.0,
    longest: int = 5,
    allow_sign_change: bool = False,
) -> Spliced:
    """Fill years between two printed ones along a straight line.

    Parameters
    ----------
    printed
        Numbers by year.
    percent
        Half width of the 95 % interval of the printed numbers, in %.
    longest
        Years that a gap may have at most; a longer one stays, with a finding.
    allow_sign_change
        Fill between a source and a removal as well.

    Notes
    -----
    2006 IPCC Guidelines, Vol. 1, Ch. 5, 5.3.3.3: for a trend that is constant, not for a series
    that swings. The interval is that of leaving out each inner printed year in turn, if there are
    any.

    Examples
    --------
    >>> made = interpolate({2005: 100.0, 2007: 122.0, 2008: 133.0})
    >>> made.filled[0].value, made.filled[0].anchors
    (111.0, (2005, 2007))
    """
    held = read_printed(printed)
    new = take_numbers(held)
    known = sorted(new)

    def estimate(year: int, anchors: Sequence[int]) -> float:
        return _blend(year, anchors, [new[anchor] for anchor in anchors])

    errors = [new[year] - estimate(year, _neighbours(year, known, year)) for year in known[1:-1]]
    wanted: list[int] = []
    findings = []
    for left, right in pairwise(sorted(held)):
        gap = range(left + 1, right)
        if not gap:
            continue
        reason = _refuse_gap(held[left], held[right], len(gap), longest)
        if not reason and new[left] * new[right] < 0 and not allow_sign_change:
            reason = say(
                "{new:g} and {new_right:g} have two signs", new=new[left], new_right=new[right]
            )
        if reason:
            what = say("{span} stays empty: {reason}", span=_span(gap[0], gap[-1]), reason=reason)
            findings.append(
                Finding("splice-gap", "warning", what, action=say("name another technique"))
            )
        else:
            wanted += gap
    filled = _fill_years(wanted, known, estimate, errors, new=new, percent=percent)
    return Spliced(held, filled, "interpolation", {}, tuple(findings))


def extrapolate(printed: Printed, years: Iterable[int], *, percent: float = 0.0) -> Spliced:
    """Extend a series along its trend, from its first or its last printed year.

    Parameters
    ----------
    printed
        Numbers by year, at least four.
    years
        The years wanted, outside the printed ones; at most half as many at an end as are printed.
    percent
        Half width of the 95 % interval of the printed numbers, in %.

    Raises
    ------
    PanelError
        If fewer than four years are printed, a year lies between them, or too many are asked for.

    Notes
    -----
    2006 IPCC Guidelines, Vol. 1, Ch. 5, 5.3.3.4. The slope is that of least squares through all
    printed years; the line starts in the printed year at the end, so that there is no step. The
    interval is the prediction interval of the regression. A series without a negative number stops
    at zero.

    Examples
    --------
    >>> made = extrapolate({2007: 130.0, 2008: 146.3, 2009: 162.0, 2010: 177.6}, [2011])
    >>> round(made.filled[0].value, 2)
    193.45
    """
    held = read_printed(printed)
    new = take_numbers(held)
    known, wanted = sorted(new), sorted(set(years) - held.keys())
    if len(known) < _LEAST_TREND:
        raise PanelError(
            say(
                "{known_count} printed years are no trend; at least {least_trend} are needed",
                known_count=len(known),
                least_trend=_LEAST_TREND,
            )
        )
    if inner := [year for year in wanted if known[0] < year < known[-1]]:
        raise PanelError(say("{inner} lies between printed years; interpolate it", inner=inner[0]))
    reach = max((max(known[0] - year, year - known[-1]) for year in wanted), default=0)
    if reach > len(known) / 2:
        raise PanelError(
            say(
                "{reach} years beyond the printed ones are more than half of the "
                "{known_count} printed; a trend does not reach so far",
                reach=reach,
                known_count=len(known),
            )
        )
    slope, width = _fit_line(known, [new[year] for year in known])
    filled, findings = [], []
    for year in wanted:
        anchor = known[0] if year < known[0] else known[-1]
        value = new[anchor] + slope * (year - anchor)
        if value < 0 and min(new.values()) >= 0:
            value = 0.0
            what = say("{year}: the trend falls below zero, and the series stops there", year=year)
            findings.append(
                Finding("splice-stopped", "warning", what, action=say("name another technique"))
            )
        filled.append(
            fill_year(year, value, [anchor], math.hypot(width(year), value * percent / 100))
        )
    return Spliced(held, tuple(filled), "extrapolation", {"slope": slope}, tuple(findings))


def _check_overlap(
    years: Sequence[int], old: Mapping[int, float], form: str, percent: float, *, single_year: bool
) -> None:
    if not years:
        raise PanelError(
            say("the two series have no year in common; an overlap needs at least two")
        )
    if len(years) == 1 and not (single_year and percent):
        raise PanelError(
            say(
                "only {year} is in both series, and one year shows no relation; allow it "
                "(single_year) and state its uncertainty (percent)",
                year=years[0],
            )
        )
    over = [old[year] for year in years]
    if form == "mean_of_ratios":
        if zero := [year for year in years if old[year] == 0]:
            raise PanelError(
                say(
                    "the previous series is 0 in {zero}, so there is no ratio; use ratio_of_sums",
                    zero=zero[0],
                )
            )
        if min(over) < 0 < max(over):
            raise PanelError(
                say(
                    "the previous series changes its sign in the overlap, so its ratios "
                    "have no mean"
                )
            )
    elif abs(math.fsum(over)) <= _CANCELLED * math.fsum(map(abs, over)):
        raise PanelError(
            say(
                "the previous series adds up to {sum:g} over the overlap, where its numbers "
                "cancel; there is no ratio of sums",
                sum=math.fsum(over),
            )
        )


def _find_drift(years: Sequence[int], ratios: Sequence[float]) -> tuple[Finding, ...]:
    """Return a finding where the ratio goes one way in every year of the overlap."""
    steps = [later - earlier for earlier, later in pairwise(ratios)]
    one_way = len(ratios) > 2 and (min(steps) > 0 or max(steps) < 0)
    if not one_way or abs(ratios[-1] - ratios[0]) <= _DRIFT * abs(ratios[0]):
        return ()
    what = say(
        "the ratio of the two series goes from {ratio:.3g} in {year} to "
        "{ratios_value:.3g} in {years_value} without turning; a relation that changes "
        "is no basis for an overlap",
        ratio=ratios[0],
        year=years[0],
        ratios_value=ratios[-1],
        years_value=years[-1],
    )
    return (
        Finding(
            "splice-drift",
            "warning",
            what,
            action=say("use a surrogate, or the years nearest to the gap"),
        ),
    )


def _fill_years(
    wanted: Sequence[int],
    known: Sequence[int],
    estimate: Callable[[int, Sequence[int]], float],
    errors: Sequence[float],
    *,
    new: Mapping[int, float],
    percent: float,
) -> tuple[FilledYear, ...]:
    """Return the filled years; the interval joins that of prints and of years left out."""
    size = math.sqrt(math.fsum(error**2 for error in errors) / len(errors)) if errors else math.nan
    technique = student(len(errors)) * size if errors else math.nan
    filled = []
    for year in wanted:
        anchors = _neighbours(year, known, None)
        own = max(abs(new[anchor]) for anchor in anchors) * percent / 100
        filled.append(fill_year(year, estimate(year, anchors), anchors, math.hypot(technique, own)))
    return tuple(filled)


def _neighbours(year: int, known: Sequence[int], left_out: int | None) -> list[int]:
    """Return the nearest known years on both sides of a year, or the one there is."""
    before = [one for one in known if one < year and one != left_out]
    after = [one for one in known if one > year and one != left_out]
    return [*before[-1:], *after[:1]]


def _blend(year: int, anchors: Sequence[int], values: Sequence[float]) -> float:
    """Return the value between two anchors in proportion to time; of one anchor its own."""
    if len(anchors) == 1:
        return values[0]
    left, right = anchors
    along = (year - left) / (right - left)
    return values[0] + (values[1] - values[0]) * along


def _refuse_gap(left: float | str, right: float | str, length: int, longest: int) -> str:
    if isinstance(left, str) or isinstance(right, str):
        return say(
            "a notation key ({left}) stands beside it",
            left=left if isinstance(left, str) else right,
        )
    return (
        say("{length} years are more than {longest}", length=length, longest=longest)
        if length > longest
        else ""
    )


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _correlate(
    years: Sequence[int], new: Mapping[int, float], beside: Mapping[int, float]
) -> float:
    """Return Pearson's correlation over the years that both have, NaN where it has none."""
    pairs = np.array([[new[year], beside[year]] for year in years])
    centred = pairs - pairs.mean(axis=0)
    size = math.sqrt(float((centred[:, 0] ** 2).sum() * (centred[:, 1] ** 2).sum()))
    return float((centred[:, 0] * centred[:, 1]).sum()) / size if size > 0 else math.nan


def _fit_line(
    years: Sequence[int], values: Sequence[float]
) -> tuple[float, Callable[[int], float]]:
    """Return the slope of least squares, and the half width of the prediction interval by year."""
    count = len(years)
    middle = math.fsum(years) / count
    mean = math.fsum(values) / count
    sxx = math.fsum((year - middle) ** 2 for year in years)
    slope = (
        math.fsum(
            (year - middle) * (value - mean) for year, value in zip(years, values, strict=True)
        )
        / sxx
    )
    rest = math.fsum(
        (value - mean - slope * (year - middle)) ** 2
        for year, value in zip(years, values, strict=True)
    )
    spread = student(count - 2) * math.sqrt(rest / (count - 2))
    return slope, lambda year: spread * math.sqrt(1 + 1 / count + (year - middle) ** 2 / sxx)
