"""Pairs of states to compare, as arrays: the values of the cells and of their factors, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from carbonacct.errors import PanelError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Places = NDArray[np.signedinteger]
# Effects of each comparison and term, and what each cell contributes to them where the method can
# say that.
Effects = tuple[Array, Array | None]


@dataclass(frozen=True)
class Changes:
    """What the methods work on.

    Attributes
    ----------
    start, end
        Value of each cell (comparison, cell); 0 where a cell is absent on both sides.
    factors0, factors1
        Its factors before and after, each (comparison, cell), or (comparison, 1) where all cells
        have one number.
    name
        Says which comparison a number is about, for messages.
    room
        Where what each cell contributes (comparison, term, cell) may be written.
    """

    start: Array
    end: Array
    factors0: Sequence[Array]
    factors1: Sequence[Array]
    name: Callable[[int], str]
    room: Array | None = None

    @property
    def before(self) -> Array:
        """Return the factors before (comparison, cell, term), each in one piece of memory."""
        return _stack(self.factors0, self.start)

    @property
    def after(self) -> Array:
        """Return the factors after, as those before."""
        return _stack(self.factors1, self.end)

    def need_ratio(self, method: str, instead: str) -> None:
        """Raise where a total is zero or changes its sign: no ratio, and no logarithm, exists."""
        total0, total1 = self.start.sum(axis=1), self.end.sum(axis=1)
        bad = ~(np.sign(total0) * np.sign(total1) > 0)
        if bad.any():
            at = int(bad.argmax())
            raise PanelError(
                say(
                    "{name}: the total goes from {total0:.12g} to {total1:.12g}, and "
                    "{method} needs a ratio; use {instead}",
                    name=self.name(at),
                    total0=total0[at],
                    total1=total1[at],
                    method=method,
                    instead=instead,
                )
            )

    def log_of(self, over: Array, under: Array) -> Array:
        """Return the logarithm of a ratio of totals; raise where the ratio is not positive."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = over / under
        bad = ~((ratio > 0) & np.isfinite(ratio))
        if bad.any():
            at = int(np.argwhere(bad)[0][0])
            raise PanelError(
                say(
                    "{name}: with one factor changed the total is zero or changes its sign, "
                    "and has no ratio; use lmdi-1, or the additive form",
                    name=self.name(at),
                )
            )
        return np.asarray(np.log(ratio))


def _stack(factors: Sequence[Array], values: Array) -> Array:
    return np.moveaxis(np.stack([np.broadcast_to(x, values.shape) for x in factors]), 0, -1)
