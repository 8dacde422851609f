"""What a rule makes of one series: its gaps by a technique, and entries of filled years."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from carbonacct.errors import Finding, PanelError
from carbonacct.projects.splicing import extrapolate, interpolate, splice_overlap, splice_surrogate
from carbonacct.records.area_names import spell_like
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.projects.filled_series import FilledYear, Spliced
    from carbonacct.projects.runs import Workshop
    from carbonacct.projects.splice_rules import Splice

FILLED = "filled"
_INTERVAL = "; 95 %: "
_LEAST_RELATED = 3  # years below which any two series lie on a line
CLEARED = {"activity": math.nan, "printed": "", "factors": "", "status": FILLED}


def splice_by_rule(
    printed: Mapping[int, float | str], rule: Splice, workshop: Workshop, area: str
) -> Spliced:
    """Return a series of an area with its gaps filled by the technique of a rule.

    Raises
    ------
    PanelError
        If the technique fills nothing of it, or no drivers hold what it needs.
    """
    if rule.technique == "interpolation":
        return interpolate(printed, percent=rule.percent, longest=rule.longest)
    if rule.technique == "extrapolation":
        return extrapolate(printed, rule.years, percent=rule.percent)
    if rule.technique == "overlap":
        previous = _find_driver(rule.previous, workshop, area)
        return splice_overlap(
            printed,
            previous,
            form=rule.form,
            percent=rule.percent,
            single_year=rule.single_year,
        )
    return splice_surrogate(
        printed, _find_driver(rule.surrogate, workshop, area), percent=rule.percent
    )


def _find_driver(name: str, workshop: Workshop, area: str) -> dict[int, float]:
    """Return a driver of the project by year."""
    table = workshop.drivers
    if table is not None and name in table.columns:
        names = spell_like(map(str, table["area"]), [area])
        own = table[[name in {area, ""} for name in names]]
        return dict(zip(own["year"].tolist(), own[name].tolist(), strict=True))
    raise PanelError(
        say("no drivers hold the column {name!r}; name a column of a drivers file", name=name)
    )


def read_fill(where: str) -> tuple[float, float, str]:
    """Return lower and upper bound (NaN for none) and the reason of a filled entry.

    Examples
    --------
    >>> read_fill("interpolation of 2012, 2014: table lost; 95 %: 1.0 to 3.0 t")
    (1.0, 3.0, 'table lost')
    """
    text, _, interval = where.partition(_INTERVAL)
    lower, _, upper = interval.removesuffix(" t").partition(" to ")
    bounds = (float(lower), float(upper)) if interval else (math.nan, math.nan)
    return *bounds, text.partition(": ")[2]


def say_correlation(area: str, rule: Splice, series: Sequence[Mapping[str, float]]) -> Finding:
    """Return how well a surrogate goes with the series of an area that it fills.

    Parameters
    ----------
    series
        What the technique found of each: ``correlation`` and ``correlation_years``.
    """
    years = sorted({int(one["correlation_years"]) for one in series})
    known = [
        one["correlation"]
        for one in series
        if one["correlation_years"] >= _LEAST_RELATED and not math.isnan(one["correlation"])
    ]
    how = (
        say(
            "their correlation is {least} to {most}",
            least=f"{min(known):.2f}",
            most=f"{max(known):.2f}",
        )
        if known
        else say("so few years, or numbers that do not move, show no correlation")
    )
    what = say(
        "{area}: {surrogate} fills {count} series, with n = {years} printed years; {how}",
        area=area,
        surrogate=rule.surrogate,
        count=len(series),
        years=join_texts(", ", map(str, years)),
        how=how,
    )
    weak = not known or min(known) <= 0
    return Finding("splice-correlation", "warning" if weak else "info", what)


def make_filled_entry(like: dict[Any, Any], one: FilledYear, rule: Splice) -> dict[Any, Any]:
    """Return the entry of a filled year, in the words of the series' last print."""
    anchors = ", ".join(map(str, one.anchors))
    what = rule.technique if rule.level == "emission" else f"{rule.technique} of {rule.level}"
    known = not math.isnan(one.lower)
    interval = f"{_INTERVAL}{float(one.lower)} to {float(one.upper)} t" if known else ""
    return {
        **like,
        **CLEARED,
        "year": one.year,
        "value": one.value,
        "notation": "",
        "method": f"{what} ({anchors})",
        "where": f"{what} of {anchors}: {rule.because}{interval}",
    }
