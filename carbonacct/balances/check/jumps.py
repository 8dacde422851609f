"""Years that jump: cells that leave the run of their own series, and series that change what they cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct.blocks import find_cells, in_blocks
from carbonacct.errors import Finding, Gap, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
_Jumps = dict[tuple[int, int], list[int]]  # by year and product, the rows, the largest first
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
    limits = np.where(is_all, _JUMP_OF_ALL, _JUMP)
    for a, changing in _find_changing(balance, rows):
        amounts = balance.amounts.values[a][:, rows]
        energy = np.abs(np.nan_to_num(amounts)) * np.nan_to_num(content)
        series = _Series(amounts, energy, changing)
        jumps, large = _find_jumps(series, limits[rows], np.diff(balance.years) == 1)
        steps = _find_steps(amounts, energy)
        found = large | steps | jumps
        for y, p in list(found)[:_MOST_NAMED]:
            stays = (y, p) in steps and (y, p) not in jumps
            yield _say_jump(balance, (a, y, p), rows[found[y, p]].tolist(), stays=stays)


class _Series(NamedTuple):
    """The years of one area: amounts and GJ (year, row, product), and what may jump, one a row (year, row, product)."""

    amounts: np.ndarray
    energy: np.ndarray
    changing: np.ndarray


def _find_changing(balance: EnergyBalance, rows: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Go over the areas in which a cell changes by more than a third, or its sign, with these changes.

    A change (year, row, product) is named by the year before it.
    """
    amounts = balance.amounts.values

    def find(areas: slice) -> np.ndarray:
        found = [np.zeros((0, 4), int)]
        for a in range(areas.start, areas.stop):  # one area stays in the cache
            own = amounts[a] if len(rows) == amounts.shape[2] else amounts[a][:, rows]
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                ratio = own[1:] / own[:-1]
            cells = find_cells((ratio > _LEAST_CHANGE) | (ratio < 1 / _LEAST_CHANGE))
            found.append(np.insert(cells, 0, a, axis=1))
        return np.concatenate(found)

    places = np.concatenate(in_blocks(find, amounts.shape))
    areas, starts = np.unique(places[:, 0], return_index=True)
    yield from zip(areas.tolist(), np.split(places[:, 1:], starts[1:]), strict=False)


def _find_jumps(series: _Series, limits: np.ndarray, follows: np.ndarray) -> tuple[_Jumps, _Jumps]:
    """Return the rows that leave the run of their series, the largest first, and those whose change is enough by itself.

    ``limits`` (row, product) is the change from which a cell jumps; one lower than that of all is
    enough by itself where a year ``follows`` the one before.
    """
    amounts, energy, places = series
    at, rows, products = places.T
    before, after = amounts[at, rows, products], amounts[at + 1, rows, products]
    limit = limits[rows, products]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log(np.abs(after)) - np.log(np.abs(before))
    jumps = (np.abs(change) > limit) & (before * after > 0)
    alone = (limit < _JUMP) & follows[at]
    size = np.maximum(energy[at, rows, products], energy[at + 1, rows, products])
    jumps &= alone | ((limit == _JUMP) & (size > _LARGE * energy.max(initial=0.0)))
    leaving: dict[tuple[int, int], list[tuple[float, int]]] = {}
    large: _Jumps = {}
    leaves = _leave_run(amounts, places[jumps])
    for (y, f, p), leaves_it, enough in zip(
        places[jumps].tolist(), leaves.tolist(), alone[jumps].tolist(), strict=True
    ):
        if leaves_it:
            leaving.setdefault((y + 1, p), []).append((float(energy[y + 1, f, p]), f))
        elif enough:
            large[y + 1, p] = [f]
    jumped = {place: [f for _, f in sorted(one, reverse=True)] for place, one in leaving.items()}
    return jumped, large


def _leave_run(amounts: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return whether changes (year before, row, product) are far from the usual one of their series."""
    at, rows, products = places.T
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = np.diff(np.log(np.abs(amounts[:, rows, products].T)), axis=1)
    usual[~np.isfinite(usual)] = np.nan
    own = usual[np.arange(len(at)), at]
    usual[np.arange(len(at)), at] = np.nan  # a change is no measure of itself
    middle = _median(usual)
    spread = np.maximum(1.4826 * _median(np.abs(usual - middle[:, None])), _QUIET)
    is_run = np.isfinite(usual).sum(axis=1) >= _FEWEST_YEARS - 2
    is_far = np.abs(own - middle) > _SPREAD * spread
    return np.asarray(is_run & is_far & (np.abs(own) > _JUMP))


def _median(values: np.ndarray) -> np.ndarray:
    """Return the median of each row without its NaN; NaN of a row that has nothing else."""
    ordered = np.sort(values, axis=1)
    count = np.isfinite(values).sum(axis=1)
    row = np.arange(len(values))
    low, high = ordered[row, np.maximum(count - 1, 0) // 2], ordered[row, count // 2 * (count > 0)]
    return np.where(count > 0, (low + high) / 2, np.nan)


def _find_steps(amounts: np.ndarray, energy: np.ndarray) -> _Jumps:
    """Return the largest row of each product that steps to another level for good, by year and product (year, row, product)."""
    found: _Jumps = {}
    largest = energy.sum(axis=0).argmax(axis=0)
    whole = np.take_along_axis(amounts, largest[None, None, :], axis=1)[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.abs(np.diff(np.log(np.abs(whole)), axis=0))
    for p in np.flatnonzero(
        (np.where(np.isfinite(change), change, 0.0) > _STEP).any(axis=0)
    ).tolist():
        f, series = int(largest[p]), np.abs(whole[:, p])
        there = np.flatnonzero(np.nan_to_num(series) > 0)
        is_small = energy[:, f, p].max() <= _LARGE * energy.max(initial=0.0)
        if len(there) < _FEWEST_YEARS or is_small:
            continue
        level = np.log(series[there])
        steps = np.diff(level)
        for k in np.flatnonzero(np.abs(steps) > _STEP).tolist():
            middle, sign = (level[k] + level[k + 1]) / 2, np.sign(steps[k])
            stays = (sign * (level[: k + 1] - middle) < 0).all() and (
                sign * (level[k + 1 :] - middle) > 0
            ).all()
            if not stays or there[k + 1] - there[k] != 1:
                continue
            usual = float(np.median(np.abs(np.delete(steps, k))))
            if abs(steps[k]) > _OVER_USUAL * usual:
                found[int(there[k + 1]), p] = [f]
    return found


def _say_jump(
    balance: EnergyBalance, place: tuple[int, int, int], rows: list[int], *, stays: bool = False
) -> Finding:
    """Return the finding of a product of an area that jumps in a year; its largest row speaks for the others."""
    (a, y, p), f = place, rows[0]
    before, after = (float(balance.amounts.values[a, year, f, p]) for year in (y - 1, y))
    unit = balance.units[p]
    power = np.log10(after / before)
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
