"""Series that change their method or the edition of a factor from one year to the next.

2006 IPCC Guidelines, Vol. 1, Ch. 5, 5.2: the same methods and data sources over all years, or the
change is said. Editions of one series, such as the grid factors of each year, are one source.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.errors import Finding
from carbonacct.factors import edition_ids, load_edition
from carbonacct.factors.series import find_series
from carbonacct.projects.stored import FILLED, SERIES
from carbonacct.texts import say

if TYPE_CHECKING:
    import pandas as pd

# A factor as an entry names it: parameter, number and unit, and its row.
_FACTOR = re.compile(r"(?P<parameter>\w+) [^(;]*\((?P<place>(?P<edition>[^/;)]+)/[^;)]+)\)")
_OF_A_YEAR = ("grid_emission_factor", "residual_grid_emission_factor")


def find_breaks(entries: pd.DataFrame) -> list[Finding]:
    """Return a finding for each change of method or edition inside the series of an area.

    Parameters
    ----------
    entries
        Of several years, with ``method`` and ``factors``; filled ones are passed over.
    """
    printed = entries[(entries["status"] != FILLED) & (entries["kind"] != "memo")]
    printed = printed[printed["value"].notna()].sort_values("year")
    changes: dict[tuple[str, int, int, str], float] = {}
    columns = ["year", "method", "factors", "value"]
    labels = (printed[name].astype(object).fillna("").tolist() for name in SERIES)
    rows = printed[columns].itertuples(index=False, name=None)
    series: dict[tuple[object, ...], list[tuple[Any, ...]]] = {}
    for label, row in zip(zip(*labels, strict=True), rows, strict=True):
        series.setdefault(label, []).append(row)
    for label, own in series.items():
        for (first, method, factors, _), (last, other, others, value) in pairwise(own):
            for what in _compare(method, factors, other, others):
                key = (str(label[0]), int(first), int(last), what)
                changes[key] = changes.get(key, 0.0) + abs(value)
    return [_say(*key, tonnes) for key, tonnes in sorted(changes.items())]


def _compare(method: str, factors: str, other: str, others: str) -> list[str]:
    """Return what differs between two years of a series."""
    if method != other:
        return [say("the method goes from {method} to {other}", method=method, other=other)]
    before, after = _sources(factors), _sources(others)
    return [
        say(
            "{parameter} goes from {before} to {after}",
            parameter=parameter,
            before=before[parameter],
            after=after[parameter],
        )
        for parameter in sorted(before.keys() & after.keys())
        if before[parameter] != after[parameter]
    ]


@cache
def _sources(factors: str) -> dict[str, str]:
    """Return the source of each parameter: its edition, or the series that the edition is one of.

    A grid's factor has an edition each year; its source is the level of the grid.
    """
    return {
        found["parameter"]: (
            _level_of(found["edition"], found["place"])
            if found["parameter"] in _OF_A_YEAR
            else _series_of(found["edition"])
        )
        for found in _FACTOR.finditer(factors)
    }


@cache
def _series_of(edition: str) -> str:
    return find_series(edition) if edition in edition_ids() else edition


@cache
def _level_of(edition: str, place: str) -> str:
    """Return the level of the area that a row of an edition is of: province, grid, country."""
    rows = load_edition(edition).rows if edition in edition_ids() else ()
    own = next((row.area for row in rows if row.place == place), "")
    known = vocabulary.areas()
    return say("a {level} factor", level=known[own].level) if own in known else edition


def _say(area: str, first: int, last: int, what: str, tonnes: float) -> Finding:
    message = say(
        "{area}: from {first} to {last} {what}, for {tonnes:,.0f} t of {last}",
        area=area,
        first=first,
        last=last,
        what=what,
        tonnes=tonnes,
    )
    action = say("recalculate with one of them, or say so: the trend holds the change")
    return Finding("series-break", "warning", message, action=action)
