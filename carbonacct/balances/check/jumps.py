"""Years that jump: cells that leave the run of their own series, and series that change what they cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct.blocks import find_cells, in_blocks
from carbonacct.errors import Finding, Gap, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.balances.amounts.energy_balance import EnergyBalance

_JUMP = np.log(3.0)  # a cell that trebles, or falls to a third
_SPREAD = 6.0  # scaled median absolute deviations from the usual change
_LEAST_CHANGE = 1.39  # below all limits that follow: what changes less is not looked at
_QUIET = np.log(1.05)  # the least spread that a series is taken to have
_STEP = np.log(1.6)  # of the whole of a product, for good
_OVER_USUAL = 2.5  # times the median of the other changes
_LARGE = 0.01  # of the largest cell of the area: smaller ones may jump
_FEWEST_YEARS = 4
# All electricity of a place that grows or shrinks by more than two fifths in a year is likely that
# of another place, such as a city as a whole (全市) where its urban districts (市辖区) were: a
# judgement, so a warning.
_JUMP_OF_ALL = np.log(1.4)
_ALL = ("total_consumption", "final_consumption")
_UNSTEADY = ("primary_supply", "statistical_difference", "losses")
_MOST_NAMED = 20
# By area, then by year and product: the rows, the largest first.
_Jumps = dict[int, dict[tuple[int, int], list[int]]]
_MOST_LISTED = 3


def check_jumps(balance: EnergyBalance, content: np.ndarray) -> Iterable[Finding]:
    """Find years in which a cell leaves the run of its own series; one finding for each product and year of an area.

    Trade and stocks jump by nature: only what is made and used is looked at. The largest row of a
    product that steps to another level and stays there may be another coverage: 市辖区 and 全市. All
    electricity of an area needs no run of years to be seen.

    Parameters
    ----------
    balance
        As read.
    content
        GJ in one canonical unit of each product.
    """
    used = [not any(balance.is_part(flow, other) for other in _UNSTEADY) for flow in balance.flows]
    rows = np.flatnonzero(used)
    if not len(rows) or len(balance.years) < 2:
        return
    whole = next((flow for flow in _ALL if flow in balance.flows), "")
    is_all = np.logical_and.outer(
        [flow == whole for flow in balance.flows],
        [product == "electricity" for product in balance.products],
    )
    limits = np.where(is_all, _JUMP_OF_ALL, _JUMP)[rows]
    seen = _look_through(balance, rows, np.nan_to_num(content))
    jumps, large = _find_jumps(balance, seen, limits)
    steps = _find_steps(balance, seen)
    for a in np.unique(seen.places[:, 0]).tolist():
        own = [found.get(a, {}) for found in (large, steps, jumps)]
        found = own[0] | own[1] | own[2]
        for y, p in list(found)[:_MOST_NAMED]:
            stays = (y, p) in own[1] and (y, p) not in own[2]
            yield _say_jump(balance, (a, y, p), rows[found[y, p]].tolist(), stays=stays)


class _Seen(NamedTuple):
    """What one look through the areas finds.

    Attributes
    ----------
    rows
        The rows that are looked at.
    content
        GJ in one canonical unit of each product.
    places
        Cells that change by more than a third, or their sign, one a row (area, year before, row,
        product).
    top
        GJ in the largest cell of each area that has such a change.
    main
        The row with most of each product over all years (area, product).
    """

    rows: np.ndarray
    content: np.ndarray
    places: np.ndarray
    top: np.ndarray
    main: np.ndarray


def _look_through(balance: EnergyBalance, rows: np.ndarray, content: np.ndarray) -> _Seen:
    amounts = balance.amounts.values
    top = np.zeros(len(amounts))
    main = np.zeros((len(amounts), amounts.shape[3]), np.intp)

    def find(areas: slice) -> np.ndarray:
        found = [np.zeros((0, 4), int)]
        for a in range(areas.start, areas.stop):  # one area stays in the cache
            own = amounts[a] if len(rows) == amounts.shape[2] else amounts[a][:, rows]
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                ratio = own[1:] / own[:-1]
            cells = find_cells((ratio > _LEAST_CHANGE) | (ratio < 1 / _LEAST_CHANGE))
            if len(cells):
                found.append(np.insert(cells, 0, a, axis=1))
                size = np.fmax(np.abs(own), 0.0)  # no number is nothing
                top[a] = (size.max(axis=(0, 1)) * content).max()
                main[a] = size.sum(axis=0).argmax(axis=0)
        return np.concatenate(found)

    places = np.concatenate(in_blocks(find, amounts.shape))
    return _Seen(rows, content, places, top, main)


def _find_jumps(balance: EnergyBalance, seen: _Seen, limits: np.ndarray) -> tuple[_Jumps, _Jumps]:
    """Return the rows that leave the run of their series, the largest first, and those that do so by far.

    ``limits`` (row, product) is the change from which a cell jumps; one lower than that of all is
    enough by itself where a year follows the one before.
    """
    amounts, follows = balance.amounts.values, np.diff(balance.years) == 1
    a, y, f, p = seen.places.T
    before, after = amounts[a, y, seen.rows[f], p], amounts[a, y + 1, seen.rows[f], p]
    limit = limits[f, p]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log(np.abs(after)) - np.log(np.abs(before))
    # A change of sign has no ratio, and zero no logarithm.
    jumps = (np.abs(change) > limit) & (before * after > 0)
    alone = (limit < _JUMP) & follows[y]
    size = np.maximum(np.abs(before), np.abs(after)) * seen.content[p]
    jumps &= alone | ((limit == _JUMP) & (size > _LARGE * seen.top[a]))
    a, y, f, p = seen.places[jumps].T
    leaves = _leave_run(amounts[a, :, seen.rows[f], p], y)
    enough = ~leaves & alone[jumps]
    leaving: dict[tuple[int, int, int], list[tuple[float, int]]] = {}
    energy = np.abs(after[jumps]) * seen.content[p]
    places = np.stack([a, y + 1, p, f])
    for (area, year, product, row), gj in zip(
        places[:, leaves].T.tolist(), energy[leaves].tolist(), strict=True
    ):
        leaving.setdefault((area, year, product), []).append((gj, row))
    jumped: _Jumps = {}
    for (area, year, product), rows in leaving.items():
        jumped.setdefault(area, {})[year, product] = [row for _, row in sorted(rows, reverse=True)]
    large: _Jumps = {}
    for area, year, product, row in places[:, enough].T.tolist():
        large.setdefault(area, {})[year, product] = [row]
    return jumped, large


def _leave_run(amounts: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return whether a change of each series (series, year), named by the year before it, is far from the usual one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = np.diff(np.log(np.abs(amounts)), axis=1)
    usual[~np.isfinite(usual)] = np.nan
    series = np.arange(len(at))
    own = usual[series, at]
    usual[series, at] = np.nan  # a change is no measure of itself
    middle = _median(usual)
    # 1.4826 makes the median absolute deviation of normal numbers their standard deviation (Hampel 1974).
    spread = np.maximum(1.4826 * _median(np.abs(usual - middle[:, None])), _QUIET)
    is_run = np.isfinite(usual).sum(axis=1) >= _FEWEST_YEARS - 2
    is_far = np.abs(own - middle) > _SPREAD * spread
    return np.asarray(is_run & is_far & (np.abs(own) > _JUMP))


def _median(values: np.ndarray) -> np.ndarray:
    """Return the median of each row without its NaN; NaN of a row that has nothing else."""
    ordered = np.sort(values, axis=1)
    count = np.isfinite(values).sum(axis=1)
    row = np.arange(len(values))
    # NaN stand last: of a row of them alone both places hold one.
    return np.asarray((ordered[row, (count - 1) // 2] + ordered[row, count // 2]) / 2)


def _find_steps(balance: EnergyBalance, seen: _Seen) -> _Jumps:
    """Return the largest row of each product that steps to another level for good."""
    areas = np.unique(seen.places[:, 0])
    products = np.arange(len(balance.products))
    main = seen.rows[seen.main[areas]]
    series = np.abs(balance.amounts.values[areas[:, None], :, main, products])
    is_there = np.nan_to_num(series) > 0
    is_large = np.fmax.reduce(series, axis=2) * seen.content
    is_large = is_large > _LARGE * seen.top[areas][:, None]
    a, p = np.nonzero((is_there.sum(axis=2) >= _FEWEST_YEARS) & is_large)
    # The years that are there stand first, in order; behind them there is no number.
    year = np.argsort(~is_there[a, p], axis=1, kind="stable")
    level = np.log(np.where(is_there, series, np.nan)[a, p])
    level = np.take_along_axis(level, year, axis=1)
    step = np.diff(level, axis=1)
    middle = (level[:, :-1] + level[:, 1:]) / 2
    highest, lowest = (
        accumulate(level, axis=1)[:, :-1]
        for accumulate in (np.maximum.accumulate, np.minimum.accumulate)
    )
    least, most = (
        accumulate(level[:, ::-1], axis=1)[:, -2::-1]
        for accumulate in (np.fmin.accumulate, np.fmax.accumulate)
    )
    # For good: no year before lies above the middle of the step, none behind it below.
    rises = (highest < middle) & (least > middle)
    falls = (lowest > middle) & (most < middle)
    stays = (rises | falls) & (np.abs(step) > _STEP) & (np.diff(year, axis=1) == 1)
    one, k = np.nonzero(stays)
    others = np.abs(step[one])
    others[np.arange(len(one)), k] = np.nan
    is_step = np.abs(step[one, k]) > _OVER_USUAL * _median(others)
    found: _Jumps = {}
    one, k = one[is_step], k[is_step]
    for area, to, product, row in zip(
        areas[a[one]].tolist(),
        year[one, k + 1].tolist(),
        p[one].tolist(),
        seen.main[areas[a[one]], p[one]].tolist(),
        strict=True,
    ):
        found.setdefault(area, {})[to, product] = [row]
    return found


def _say_jump(
    balance: EnergyBalance, place: tuple[int, int, int], rows: list[int], *, stays: bool = False
) -> Finding:
    """Return the finding of a product of an area that jumps in a year; its largest row speaks for the others."""
    (a, y, p), f = place, rows[0]
    before, after = (float(balance.amounts.values[a, year, f, p]) for year in (y - 1, y))
    unit = balance.units[p]
    power = np.log10(abs(after / before))
    ten = abs(power - round(power)) < 0.05 and round(power) != 0
    others = [balance.flows[i] for i in rows[1:]]
    with_it = (
        say(", and so do {others}", others=name_some(others, _MOST_LISTED))
        if others
        else say(", and stays there")
        if stays
        else ""
    )
    return Finding(
        "jump-in-table",
        "warning",
        say(
            "{product} of {flow} of {area} goes from {before:.4g} {unit} in {year} to "
            "{after:.4g} in {years_y} ({change:+,.0f} %){with_it}",
            product=balance.products[p],
            flow=balance.flows[f],
            area=balance.areas[a],
            before=before,
            unit=unit,
            year=balance.years[y - 1],
            after=after,
            years_y=balance.years[y],
            change=100 * (after / before - 1),
            with_it=with_it,
        ),
        balance.locate(a, y, f, p),
        (
            say(
                "check the decimal point or the unit of the year: about 10^{power}",
                power=round(power),
            )
            if ten
            else (
                say(
                    "check what the years cover: the city proper (市辖区) and all of it (全市) "
                    "are two series"
                )
                if stays
                else say(
                    "check the year for a unit, another coverage (全市 for 市辖区) or definition"
                )
            )
        ),
        gaps=(
            Gap(
                balance.areas[a],
                balance.years[y],
                balance.flows[f],
                balance.products[p],
                after - before,
            ),
        ),
    )
