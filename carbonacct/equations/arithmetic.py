"""Arithmetic on arrays of numbers and of kinds of nothing: zero, NO, IE, missing and C stay apart.

Values are 0 where the state says that there is no number, so an array holds no NaN. The rules:

- a product is NO if any factor is NO, 0 if a number that is a factor is 0, else the strongest of
  the kinds of nothing in it (C, missing, IE);
- a sum is C or missing if any part is; IE and NO beside a number leave the number; it is NO only
  if all parts are;
- what is divided by zero is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBER, NO, IE, MISSING, CONFIDENTIAL = range(5)
# Notation keys of the IPCC and their states: what does not apply does not occur, what is not
# estimated is missing.
NOTATION = {"": NUMBER, "NO": NO, "NA": NO, "IE": IE, "NE": MISSING, "C": CONFIDENTIAL}
KEYS = ("", "NO", "IE", "NE", "C")


class NumbersAndStates(NamedTuple):
    """Numbers and their states; no states where all are numbers."""

    values: np.ndarray
    states: np.ndarray | None = None


def constant(value: float) -> NumbersAndStates:
    """Return one number for all."""
    return NumbersAndStates(np.array(value, float))


def negative(of: NumbersAndStates) -> NumbersAndStates:
    """Return numbers with their signs changed."""
    return NumbersAndStates(-of.values, of.states)


def add(left: NumbersAndStates, right: NumbersAndStates, sign: int = 1) -> NumbersAndStates:
    """Return a sum, or with sign -1 a difference."""
    values = left.values + right.values if sign > 0 else left.values - right.values
    if left.states is None and right.states is None:
        return NumbersAndStates(values)
    one, other = _states(left), _states(right)
    return _blanked(values, _sum_states(np.maximum(one, other), np.minimum(one, other)))


def multiply(left: NumbersAndStates, right: NumbersAndStates) -> NumbersAndStates:
    """Return a product."""
    values = left.values * right.values
    if left.states is None and right.states is None:
        return NumbersAndStates(values)
    return _blanked(values, _product_states(left, right))


def divide(left: NumbersAndStates, right: NumbersAndStates) -> NumbersAndStates:
    """Return a quotient; by zero it is missing."""
    zero = right.values == 0
    values = left.values / np.where(zero, 1.0, right.values)
    if not zero.any() and left.states is None and right.states is None:
        return NumbersAndStates(values)
    states = _product_states(left, right)
    by_zero = zero & (_states(right) == NUMBER) & (states != NO)
    return _blanked(values, np.where(by_zero, np.int8(MISSING), states))


def power(base: NumbersAndStates, exponent: NumbersAndStates) -> NumbersAndStates:
    """Return a power; one that is no real number is missing."""
    with np.errstate(all="ignore"):
        values = np.asarray(base.values**exponent.values)
    none = ~np.isfinite(values)
    if not none.any() and base.states is None and exponent.states is None:
        return NumbersAndStates(values)
    strongest = np.maximum(_states(base), _states(exponent))
    return _blanked(values, np.where(none & (strongest == NUMBER), np.int8(MISSING), strongest))


def exponential(of: NumbersAndStates) -> NumbersAndStates:
    """Return e to the power of numbers."""
    values = np.exp(of.values)
    return NumbersAndStates(values) if of.states is None else _blanked(values, of.states)


def first(options: Sequence[NumbersAndStates]) -> tuple[NumbersAndStates, np.ndarray]:
    """Return of each cell the first option that is not missing, and which one served."""
    values, states = options[0].values, _states(options[0])
    served = np.zeros(np.shape(values), np.int8)
    for position, option in enumerate(options[1:], 1):
        open_still = states == MISSING
        served = np.where(open_still & (_states(option) != MISSING), np.int8(position), served)
        values = np.where(open_still, option.values, values)
        states = np.where(open_still, _states(option), states)
    return NumbersAndStates(values, states if states.any() else None), served


def sum_over(of: NumbersAndStates, axes: tuple[int, ...]) -> NumbersAndStates:
    """Return sums along axes, which stay with length 1."""
    values = of.values.sum(axis=axes, keepdims=True)
    if of.states is None:
        return NumbersAndStates(values)
    states = np.broadcast_to(of.states, np.broadcast_shapes(of.states.shape, of.values.shape))
    top, low = states.max(axis=axes, keepdims=True), states.min(axis=axes, keepdims=True)
    return _blanked(values, _sum_states(top, low))


def compare(left: NumbersAndStates, right: NumbersAndStates, sign: str) -> np.ndarray:
    """Return where both sides are numbers and ``left <= right`` or ``left == right`` does not hold.

    What a printed number's rounding may do (a hundred-thousandth) is no difference.
    """
    room = 1e-5 * np.maximum(np.abs(left.values), np.abs(right.values))
    gap = left.values - right.values
    broken = gap > room if sign == "<=" else np.abs(gap) > room
    return np.asarray(broken & (_states(left) == NUMBER) & (_states(right) == NUMBER))


def any_over(mask: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """Return whether a mask holds anywhere along axes, which stay with length 1."""
    return np.asarray(mask.any(axis=axes, keepdims=True))


def numbers_or_nan(cells: NumbersAndStates) -> np.ndarray:
    """Return the values with NaN where there is no number."""
    return (
        cells.values
        if cells.states is None
        else np.where(cells.states == NUMBER, cells.values, np.nan)
    )


def states_of(cells: NumbersAndStates) -> np.ndarray:
    """Return the states, also where all are numbers."""
    return np.broadcast_to(_states(cells), np.shape(cells.values))


def _states(cells: NumbersAndStates) -> np.ndarray:
    return np.zeros((1,) * np.ndim(cells.values), np.int8) if cells.states is None else cells.states


def _sum_states(top: np.ndarray, low: np.ndarray) -> np.ndarray:
    return np.where(top >= MISSING, top, np.where(low == NUMBER, np.int8(NUMBER), top))


def _product_states(left: NumbersAndStates, right: NumbersAndStates) -> np.ndarray:
    one, other = _states(left), _states(right)
    nothing = ((one == NUMBER) & (left.values == 0)) | ((other == NUMBER) & (right.values == 0))
    states = np.where(nothing, np.int8(NUMBER), np.maximum(one, other))
    return np.where((one == NO) | (other == NO), np.int8(NO), states)


def _blanked(values: np.ndarray, states: np.ndarray) -> NumbersAndStates:
    """Return cells with 0 where there is no number."""
    if not states.any():
        return NumbersAndStates(values)
    return NumbersAndStates(np.where(states == NUMBER, values, 0.0), states)
