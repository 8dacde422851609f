"""Series that change method, edition of a factor or coverage from one year to the next.

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
from carbonacct.factors.edition_series import find_series
from carbonacct.projects.filled_entries import SERIES
from carbonacct.projects.filled_rows import FILLED
from carbonacct.sectors.energy.roles import find_row_of_block
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import pandas as pd

# A factor as an entry names it: parameter, number and unit, and its row.
_FACTOR = re.compile(r"(?P<parameter>\w+) [^(;]*\((?P<place>(?P<edition>[^/;)]+)/[^;)]+)\)")
_LEAST = 0.01  # share of the years that have it: what is less may be nothing
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
    rows = zip(*(printed[name].tolist() for name in columns), strict=True)
    series: dict[tuple[object, ...], list[tuple[Any, ...]]] = {}
    for label, row in zip(zip(*labels, strict=True), rows, strict=True):
        series.setdefault(label, []).append(row)
    for label, own in series.items():
        for (first, method, factors, _), (last, other, others, value) in pairwise(own):
            for what in _compare(method, factors, other, others):
                key = (str(label[0]), int(first), int(last), what)
                changes[key] = changes.get(key, 0.0) + abs(value)
    return [
        _say(area, first, last, what, tonnes=tonnes)
        for (area, first, last, what), tonnes in sorted(changes.items())
    ]


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


def _say(area: str, first: int, last: int, what: str, *, tonnes: float) -> Finding:
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


def find_uncovered(entries: pd.DataFrame) -> list[Finding]:
    """Return a finding for each source that some printed years of an area have and others have not.

    Sources are compared where all years have them alike: branches of industry as industry,
    households in town and country as households. A year in which a rule fills the source does not
    lack it.

    Parameters
    ----------
    entries
        Of several years; filled ones count in no sum.
    """
    is_filled = entries["status"] == FILLED
    labels = entries.loc[is_filled, ["area", "flow", "year"]].itertuples(index=False, name=None)
    made = {(str(area), find_row_of_block(str(flow)), int(year)) for area, flow, year in labels}
    printed = entries[~is_filled & entries["kind"].isin(["emission", "removal"])]
    sums: dict[str, dict[str, dict[int, float]]] = {}
    columns = ["area", "flow", "year", "value"]
    rows = zip(*(printed[name].tolist() for name in columns), strict=True)
    for area, flow, year, value in rows:
        own = sums.setdefault(str(area), {}).setdefault(find_row_of_block(str(flow)), {})
        own[int(year)] = own.get(int(year), 0.0) + (0.0 if value != value else abs(value))  # noqa: PLR0124 - NaN
    findings = []
    for area, sources in sorted(sums.items()):
        years = sorted({year for held in sources.values() for year in held})
        totals = {year: sum(held.get(year, 0.0) for held in sources.values()) for year in years}
        for source, held in sorted(sources.items()):
            whole = sum(totals[year] for year in held)
            share = sum(held.values()) / whole if whole else 0.0
            lacking = [
                year for year in years if year not in held and (area, source, year) not in made
            ]
            if lacking and share >= _LEAST:
                findings.append(_say_uncovered(area, source, lacking, share))
    return findings


def _say_uncovered(area: str, source: str, lacking: list[int], share: float) -> Finding:
    message = say(
        "{area}: {source} has no entry in {lacking}, and is {share:.1%} of the years that have it",
        area=area,
        source=source,
        lacking=join_texts(", ", map(str, lacking)),
        share=share,
    )
    action = say("look for the row in the tables of these years, or compare years without it")
    return Finding("series-coverage", "warning", message, action=action)
