"""The share that a city has in a row of its province, by the nearest index that both print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.cities.declared import ANY, indicators, is_closed, list_candidates
from carbonacct.cities.indicators import area_name
from carbonacct.errors import Finding, name_some
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.cities.indicators import Indicators, Value
    from carbonacct.errors import Severity

# They give the share of industry above designated size, by branch, and are written for that alone.
_OF_THE_SIZE = frozenset({"coverage", "va_industry_above", "output_industry_above"})
_WHOLE = 1e-6  # how far shares of a whole may be from 1


@dataclass(frozen=True)
class Shares:
    """Shares in one row, area x year.

    Attributes
    ----------
    value, low, high
        The share by the index that was chosen, and the lowest and highest by any that may be used;
        low and high are NaN where there is but one.
    chosen
        Index into ``keys``, or -1 where no index is at hand.
    keys
        The (row, indicator) that may be used, the nearest first.
    part, whole
        The two values of the index that was chosen.
    units, cells
        For each key its unit, and where the values of the city and of the province stand, area x
        year.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    chosen: np.ndarray
    keys: tuple[tuple[str, str], ...]
    part: np.ndarray
    whole: np.ndarray
    units: tuple[str, ...]
    cells: tuple[np.ndarray, ...]
    findings: tuple[Finding, ...] = ()


def find_shares(
    found: Indicators,
    reference: str,
    areas: Sequence[str],
    years: Sequence[int],
    *,
    flow: str,
    product: str,
    index: str = "",
) -> Shares:
    """Return the share of each area in a row of the reference, p = X_area / X_reference.

    Parameters
    ----------
    found
        All indicators.
    reference
        Id of the area that the row is of.
    areas, years
        What the shares are wanted for.
    flow, product
        The row and the column: the declared order of indices depends on both.
    index
        One indicator for all rows, in place of the declared order; rows that are closed keep
        theirs.

    Notes
    -----
    Both values of an index are of one year and in one price base; an index that would give a city
    more than its province is refused. Source of the rule: Shan et al. (2017), J. Clean. Prod. 161,
    1215; the same principle in GPC 1.1, scaling of data, and IPCC 2006, volume 1, section 5.3.3.2
    (surrogate data).
    """
    keys = _list_keys(found, flow, product, index)
    shape = (len(areas), len(years))
    tried = np.full((len(keys), *shape), np.nan)
    parts, wholes, cells = tried.copy(), tried.copy(), np.full(tried.shape, "", object)
    refused: list[Finding] = []
    whole_at = found.areas.index(reference) if reference in found.areas else -1
    at = [found.areas.index(area) if area in found.areas else -1 for area in areas]
    when = [found.years.index(year) if year in found.years else -1 for year in years]
    grid = np.ix_(at, when)
    absent = (np.array(at) < 0)[:, None] | (np.array(when) < 0)[None, :]
    for n, key in enumerate(keys):
        if whole_at < 0:
            break
        part = np.where(absent, np.nan, found.values[key][grid])
        whole = np.where(absent, np.nan, found.values[key][whole_at][when][None, :])
        same = _have_one_base(found.prices[key][grid], found.prices[key][whole_at][when][None, :])
        share = np.divide(part, whole, out=np.full(shape, np.nan), where=whole > 0)
        refused += _note_refusals(
            key, areas, years, share, same=same, places=found.places[key][grid]
        )
        usable = same & (share <= 1 + _WHOLE)
        tried[n] = np.where(usable, share, np.nan)
        parts[n], wholes[n] = part, np.broadcast_to(whole, shape)
        of_whole = np.broadcast_to(found.cells[key][whole_at][when][None, :], shape)
        cells[n] = _join_cells(found.cells[key][grid], of_whole)
    return _choose(
        keys, tried, (parts, wholes, cells), found, refused=tuple(dict.fromkeys(refused))
    )


def _join_cells(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    joined = [
        f"{a} / {b}" if a and b else a or b for a, b in zip(part.flat, whole.flat, strict=True)
    ]
    return np.array(joined, object).reshape(part.shape)


def _choose(
    keys: tuple[tuple[str, str], ...],
    tried: np.ndarray,
    held: tuple[np.ndarray, np.ndarray, np.ndarray],
    found: Indicators,
    *,
    refused: tuple[Finding, ...],
) -> Shares:
    """Take the first index that says a share, and the range of all."""
    shape = tried.shape[1:]
    known = ~np.isnan(tried)
    count = known.sum(axis=0)
    first = np.where(count > 0, known.argmax(axis=0) if len(keys) else 0, -1)
    several = count > 1
    low, high = (
        np.where(several, furthest.reduce(tried, axis=0, initial=np.nan), np.nan)
        for furthest in (np.fmin, np.fmax)  # of the indices that have a value
    )

    def take(stack: np.ndarray) -> np.ndarray:
        if not len(keys):
            return np.full(shape, np.nan)
        picked = np.take_along_axis(stack, np.maximum(first, 0)[None], axis=0)[0]
        return np.where(first >= 0, picked, np.nan)

    parts, wholes, cells = held
    return Shares(
        value=take(tried),
        low=low,
        high=high,
        chosen=first,
        keys=keys,
        part=take(parts),
        whole=take(wholes),
        units=tuple(found.units[key] for key in keys),
        cells=tuple(cells),
        findings=refused,
    )


def _list_keys(
    found: Indicators, flow: str, product: str, index: str
) -> tuple[tuple[str, str], ...]:
    """Return the indicators at hand that may scale a row, those meant for it first."""
    declared = [one.indicator for one in list_candidates(flow, product)]
    closed = is_closed(flow, product)
    if index and not closed:
        return tuple(key for key in ((flow, index), (ANY, index)) if key in found.values)
    keys: list[tuple[str, str]] = []
    level = flow
    while level:
        own = [key for key in found.values if key[0] == level]
        keys += [key for key in own if _may_scale(key[1], declared, closed=closed)]
        level = vocabulary.flows()[level].parent
    keys += [(ANY, name) for name in declared if (ANY, name) in found.values]
    return tuple(dict.fromkeys(keys))


def _may_scale(indicator: str, declared: Sequence[str], *, closed: bool) -> bool:
    """Return whether an indicator that a person wrote for a row may scale it.

    Part of industry above designated size tells nothing of the whole (its coverage is an index of
    its own).
    """
    known = indicators().get(indicator)
    if known is not None and known.kind == "coverage":
        return False
    return indicator in declared or not closed


def _have_one_base(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return where two values of an index are in the same prices, as far as both say."""
    return np.asarray((part == whole) | (part == "") | (whole == ""), bool)


def _note_refusals(
    key: tuple[str, str],
    areas: Sequence[str],
    years: Sequence[int],
    share: np.ndarray,
    *,
    same: np.ndarray,
    places: np.ndarray,
) -> list[Finding]:
    known, notes = ~np.isnan(share), []
    for where, text, action in (
        (
            known & ~same,
            say("is in other prices than the province's"),
            say("give both in the prices of one year"),
        ),
        (
            known & same & (share > 1 + _WHOLE),
            say("is more than the province's"),
            say("check unit and area of both"),
        ),
    ):
        if where.any():
            a, y = map(int, np.argwhere(where)[0])
            message = say(
                "{key} of {area_name} {year} {text} (share {share:.4g}): it scales nothing",
                key=key[1],
                area_name=area_name(areas[a]),
                year=years[y],
                text=text,
                share=share[a, y],
            )
            notes.append(Finding("city-index-refused", "error", message, str(places[a, y]), action))
    return notes


def check_written_rows(values: Sequence[Value], rows: Sequence[str]) -> list[Finding]:
    """Report which indicators a person wrote for a row of the province that they may not scale."""
    notes = []
    for one in values:
        if one.row not in rows or one.indicator in _OF_THE_SIZE:
            continue
        allowed = [other.indicator for other in list_candidates(one.row, "") if other.only]
        if allowed and one.indicator not in allowed:
            names = join_texts(" or ", filter(None, allowed))
            message = say(
                "{row} is not allocated by {indicator}: plants stand where they stand",
                row=one.row,
                indicator=one.indicator,
            )
            action = say("give {names}", names=names or say("what the city prints of them"))
            notes.append(Finding("city-index-refused", "error", message, one.where, action))
    return notes


def check_shares(
    shares: np.ndarray,
    areas: Sequence[str],
    years: Sequence[int],
    what: str,
    *,
    expected: Sequence[str],
) -> list[Finding]:
    """Report where the shares of all areas of a whole do not add to 1; they are never brought to it.

    Parameters
    ----------
    shares
        area x year.
    areas, years
        Their labels.
    what
        The row and the index, for the message.
    expected
        The areas that the whole has, as far as the vocabulary knows them.
    """
    notes = []
    missing = [area for area in expected if area not in areas]
    for y, year in enumerate(years):
        total = float(shares[:, y].sum())  # an absent share leaves no sum
        if np.isnan(total) or abs(total - 1) <= _WHOLE:
            continue
        named = name_some([area_name(one) for one in missing], 5)
        message = say(
            "the shares of {area_count} areas in {what} of {year} add to {total:.6g}, a "
            "gap of {total_gap:+.4%}{missing}",
            area_count=len(areas),
            what=what,
            year=year,
            total=total,
            total_gap=total - 1,
            missing=say("; not among them: {named}", named=named) if missing else "",
        )
        severity: Severity = "info" if missing and total < 1 else "warning"
        action = say("they are used as they are; give all areas from one source and year")
        notes.append(Finding("city-shares", severity, message, "", action))
    return notes
