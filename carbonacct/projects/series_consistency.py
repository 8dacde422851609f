"""Series that change method, edition of a factor or coverage from one year to the next.

2006 IPCC Guidelines, Vol. 1, Ch. 5, 5.2: the same methods and data sources over all years, or the
change is said. Editions of one series, such as the grid factors of each year, are one source.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import vocabulary
from carbonacct.errors import Finding
from carbonacct.factors import edition_ids, load_edition
from carbonacct.factors.edition_series import find_series
from carbonacct.projects.filled_entries import SERIES
from carbonacct.projects.filled_rows import FILLED
from carbonacct.records.area_names import area_id
from carbonacct.sectors.energy.roles import find_row_of_block
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from carbonacct.projects.project_declaration import Tables

# A factor as an entry names it: parameter, number and unit, and its row.
_FACTOR = re.compile(
    r"(?P<parameter>\w+) (?P<number>-?\d[\d.]*(?:e[-+]?\d+)?)(?P<unit>[^(;]*) "
    r"\((?P<place>(?P<edition>[^/;)]+)/[^;)]+)\)"
)
_ROUNDING = 1e-6  # within which an entry is its activity times its factors
_LEAST = 0.01  # share of the years that have it: what is less may be nothing
_OF_A_YEAR = ("grid_emission_factor", "residual_grid_emission_factor")


@dataclass
class _Effect:
    """What a change makes in its two years, in t: in the entries that are activity times factors."""

    tonnes: float = 0.0
    old_on_new: float = 0.0
    new_on_old: float = 0.0
    left: float = 0.0
    is_told: bool = False

    def add(self, ratio: float, first: float, last: float) -> None:
        """Count the entries of a series in both years, with the new factor over the old one."""
        self.tonnes += abs(last)
        if math.isfinite(ratio) and ratio:
            self.is_told = True
            self.old_on_new += last / ratio - last
            self.new_on_old += first * ratio - first
        else:
            self.left += abs(last)


def find_breaks(entries: pd.DataFrame) -> list[Finding]:
    """Return a finding for each change of method or edition inside the series of an area.

    Parameters
    ----------
    entries
        Of several years, with ``method``, ``factors`` and ``activity``; filled ones are passed over.

    Notes
    -----
    The effect is computed both ways in the two years beside the change: the later one with the
    factor of the earlier, and the earlier one with that of the later. An entry that is not its
    activity times its factors has none and is named with its tonnes.
    """
    printed = entries[(entries["status"] != FILLED) & (entries["kind"] != "memo")]
    printed = printed[printed["value"].notna()].sort_values("year")
    changes: dict[tuple[str, int, int, str], _Effect] = {}
    columns = ["year", "method", "factors", "value", "activity", "activity_unit"]
    labels = (printed[name].astype(object).fillna("").tolist() for name in SERIES)
    rows = zip(*(printed[name].tolist() for name in columns), strict=True)
    series: dict[tuple[object, ...], list[_Point]] = {}
    for label, row in zip(zip(*labels, strict=True), rows, strict=True):
        series.setdefault(label, []).append(_Point(*row))
    for label, own in series.items():
        for old, new in pairwise(own):
            for what, ratio in _compare(old, new):
                key = (str(label[0]), int(old.year), int(new.year), what)
                changes.setdefault(key, _Effect()).add(ratio, old.value, new.value)
    return [
        _say(area, first, last, what, effect=effect)
        for (area, first, last, what), effect in sorted(changes.items(), key=lambda one: one[0])
    ]


class _Point(NamedTuple):
    """An entry of a series in a year."""

    year: int
    method: str
    factors: str
    value: float
    activity: float
    unit: str


def _compare(old: _Point, new: _Point) -> list[tuple[str, float]]:
    """Return what differs between two years of a series, with the new factor over the old one, NaN where unknown."""
    if old.method != new.method:
        implied = old.activity * new.value, new.activity * old.value
        known = old.unit == new.unit and implied[1] != 0
        what = say("the method goes from {method} to {other}", method=old.method, other=new.method)
        return [(what, implied[0] / implied[1] if known else math.nan)]
    before, after = _sources(old.factors), _sources(new.factors)
    multiplied = _is_product(old) and _is_product(new)
    found = list[tuple[str, float]]()
    for parameter in sorted(before.keys() & after.keys()):
        (source, number, unit), (other, number_now, unit_now) = before[parameter], after[parameter]
        if source != other:
            what = say(
                "{parameter} goes from {before} to {after}",
                parameter=parameter,
                before=source,
                after=other,
            )
            known = multiplied and unit == unit_now and number != 0
            found.append((what, number_now / number if known else math.nan))
    return found


def _is_product(one: _Point) -> bool:
    """Return whether an entry is its activity times its factors, so that each of them scales it."""
    numbers = [number for _, number, _ in _sources(one.factors).values()]
    return math.isclose(one.value, one.activity * math.prod(numbers), rel_tol=_ROUNDING)


@cache
def _sources(factors: str) -> dict[str, tuple[str, float, str]]:
    """Return the source of each parameter, its number and unit: its edition, or the series that the edition is one of.

    A grid's factor has an edition each year; its source is the level of the grid.
    """
    return {
        found["parameter"]: (
            _level_of(found["edition"], found["place"])
            if found["parameter"] in _OF_A_YEAR
            else _series_of(found["edition"]),
            float(found["number"]),
            found["unit"].strip(),
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


def _say(area: str, first: int, last: int, what: str, *, effect: _Effect) -> Finding:
    message = say(
        "{area}: from {first} to {last} {what}, for {tonnes:,.0f} t of {last}{both}",
        area=area,
        first=first,
        last=last,
        what=what,
        tonnes=effect.tonnes,
        both=_say_both(first, last, effect),
    )
    action = say("recalculate with one of them, or say so: the trend holds the change")
    return Finding("series-break", "warning", message, action=action)


def _say_both(first: int, last: int, effect: _Effect) -> str:
    """Return what the old factors would make of the new year and the new ones of the old, as far as known."""
    if not effect.is_told:
        return say("; what it makes of them cannot be told by their factors")
    left = say(", {left:,.0f} t aside", left=effect.left) if effect.left else ""
    return say(
        "; with those of {first} {last} would be {old:+,.0f} t, with those of {last} {first} "
        "{new:+,.0f} t{left}",
        first=first,
        last=last,
        old=effect.old_on_new,
        new=effect.new_on_old,
        left=left,
    )


def find_vintages(tables: Iterable[tuple[Tables, Sequence[tuple[str, int]]]]) -> list[Finding]:
    """Return a finding where the tables of an area change from one revision of the statistics to another.

    Parameters
    ----------
    tables
        Declarations of tables with the areas and years of each. What nobody declared is unsaid.
    """
    held: dict[str, dict[int, set[str]]] = {}
    names: dict[str, str] = {}
    for one, places in tables:
        for area, year in places:
            held.setdefault(area_id(area), {}).setdefault(year, set()).add(one.vintage)
            names.setdefault(area_id(area), area)
    findings = []
    for place, years in sorted(held.items()):
        for (first, old), (last, new) in pairwise(sorted(years.items())):
            if old != new:
                before, after = (join_texts(", ", sorted(one - {""})) for one in (old, new))
                what = say(
                    "{area}: from {first} to {last} the vintage of the tables goes from {before} to "
                    "{after}",
                    area=names[place],
                    first=first,
                    last=last,
                    before=before or say("what is not declared"),
                    after=after or say("what is not declared"),
                )
                action = say(
                    "take all years of one revision, or say so: the trend holds the change"
                )
                findings.append(Finding("series-break", "warning", what, action=action))
    return findings


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
