"""What looks over years: the year before, the change between surveys, the mean of some years.

Each comes with its transpose, which carries derivatives from the result back to the years it used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.equations.arithmetic import MISSING, NUMBER, NumbersAndStates, states_of
from carbonacct.errors import EquationError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence


def shift(cells: NumbersAndStates, axis: int, start: float) -> NumbersAndStates:
    """Return the value of the year before; the first year has the start."""
    values, states = cells
    rest = _take(values, axis, slice(0, -1))
    begin = np.full_like(_take(values, axis, slice(0, 1)), start)
    moved = np.concatenate([begin, rest], axis=axis)
    if states is None:
        return NumbersAndStates(moved)
    whole = states_of(cells)
    none = np.zeros_like(_take(whole, axis, slice(0, 1)))
    return NumbersAndStates(
        moved, np.concatenate([none, _take(whole, axis, slice(0, -1))], axis=axis)
    )


def shift_back(weight: np.ndarray, axis: int) -> np.ndarray:
    """Return what :func:`shift` hands back to the years before."""
    last = np.zeros_like(_take(weight, axis, slice(0, 1)))
    return np.concatenate([_take(weight, axis, slice(1, None)), last], axis=axis)


def change(cells: NumbersAndStates, axis: int, years: Sequence[int]) -> NumbersAndStates:
    """Return (x2 - x1)/(t2 - t1) in the years after one survey up to the next; nothing outside.

    A survey is a year that has a number.
    """
    before, after, share = _surveys(cells, axis, years)
    values = np.broadcast_to(cells.values, np.broadcast_shapes(np.shape(cells.values), share.shape))
    rise = np.take_along_axis(values, _fit(after, values), axis=axis)
    rise = rise - np.take_along_axis(values, _fit(before, values), axis=axis)
    states = np.where(share > 0, np.int8(NUMBER), np.int8(MISSING))
    found = rise * share
    return NumbersAndStates(found, states if states.any() else None)


def change_back(
    weight: np.ndarray, cells: NumbersAndStates, axis: int, years: Sequence[int]
) -> np.ndarray:
    """Return what :func:`change` hands back to the surveys."""
    before, after, share = _surveys(cells, axis, years)
    given = np.zeros(np.broadcast_shapes(weight.shape, np.shape(cells.values), share.shape))
    part = np.broadcast_to(weight * share, given.shape)
    _add_along(given, _fit(after, given), part, axis)
    _add_along(given, _fit(before, given), -part, axis)
    return given


def average(cells: NumbersAndStates, window: NumbersAndStates, axis: int) -> NumbersAndStates:
    """Return the mean of the year and those before it; missing where one of them has no number."""
    years = window_of(window)
    length = np.shape(cells.values)[axis]
    if years is None or years > length:
        states = np.full(np.shape(cells.values), MISSING, np.int8)
        return NumbersAndStates(np.zeros(states.shape), states)
    numbers = (states_of(cells) == NUMBER).astype(float)
    total, there = (_running_sum(part, axis, years) for part in (cells.values, numbers))
    states = np.where(there == years, np.int8(NUMBER), np.int8(MISSING))
    values = np.where(states == NUMBER, total / years, 0.0)
    return NumbersAndStates(values, states if states.any() else None)


def average_back(weight: np.ndarray, window: NumbersAndStates, axis: int) -> np.ndarray:
    """Return what :func:`average` hands back to the years of its window."""
    years = window_of(window)
    if years is None:
        return np.zeros_like(weight)
    turned = np.flip(weight, axis=axis)
    return np.flip(_running_sum(turned, axis, years), axis=axis) / years


def window_of(window: NumbersAndStates) -> int | None:
    """Return the number of years of a mean, None where it is missing.

    Raises
    ------
    EquationError
        If it is no whole number, or not the same everywhere.
    """
    numbers = np.unique(np.asarray(window.values)[states_of(window) == NUMBER])
    if not numbers.size:
        return None
    if numbers.size > 1 or numbers[0] < 1 or numbers[0] != round(numbers[0]):
        seen = join_texts(", ", (f"{number:g}" for number in numbers[:3]))
        raise EquationError(
            say("the number of years of a mean is {seen}; give one whole number", seen=seen)
        )
    return int(numbers[0])


def _surveys(
    cells: NumbersAndStates, axis: int, years: Sequence[int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the survey before and the one after, and 1/(t2 - t1); 0 where there is none."""
    there = np.moveaxis(states_of(cells) == NUMBER, axis, -1)
    count = there.shape[-1]
    at = np.arange(count)
    last = np.maximum.accumulate(np.where(there, at, -1), axis=-1)
    before = np.concatenate([np.full((*there.shape[:-1], 1), -1), last[..., :-1]], axis=-1)
    ahead = np.where(there, at, count)[..., ::-1]
    after = np.minimum.accumulate(ahead, axis=-1)[..., ::-1]
    known = (before >= 0) & (after < count)
    before, after = np.where(known, before, 0), np.where(known, after, 0)
    time = np.array(years)
    apart = np.where(known, time[after] - time[before], 1)
    share = np.where(known, 1.0 / apart, 0.0)
    return tuple(np.moveaxis(part, -1, axis) for part in (before, after, share))  # type: ignore[return-value]


def _fit(index: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return an index broadcast to values; a leading dim of draws has none."""
    return np.broadcast_to(index, values.shape)


def _add_along(given: np.ndarray, index: np.ndarray, part: np.ndarray, axis: int) -> None:
    moved = np.moveaxis(given, axis, -1)
    where = np.moveaxis(index, axis, -1)
    rows = np.indices(where.shape)[:-1]
    np.add.at(moved, (*rows, where), np.moveaxis(part, axis, -1))


def _running_sum(values: np.ndarray, axis: int, years: int) -> np.ndarray:
    """Return the sum of each year and those before it, as many as there are."""
    before = [(0, 0)] * values.ndim
    before[axis] = (years - 1, 0)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(values, before), years, axis=axis)
    return np.asarray(windows.sum(axis=-1))


def _take(values: np.ndarray, axis: int, part: slice) -> np.ndarray:
    where = [slice(None)] * values.ndim
    where[axis] = part
    return values[tuple(where)]
