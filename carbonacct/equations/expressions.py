"""Work out one expression over named arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.equations import arithmetic, lookback
from carbonacct.equations.arithmetic import NumbersAndStates, states_of
from carbonacct.equations.expression_tree import Binary, Call, Literal, Negative, Symbol, Tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.equations.axes import Axes


class Expression:
    """Works out expressions over one set of names.

    Parameters
    ----------
    axes
        Of the names' arrays.
    names
        Cells of each name.
    starts
        First values of the lines that are looked back at; the year before is then shifted from
        ``names``.
    before
        Cells of the year before, where one year is worked out at a time.
    tape
        Keeps the cells of every part of an expression, for derivatives.
    """

    def __init__(
        self,
        axes: Axes,
        names: Mapping[str, NumbersAndStates],
        starts: Mapping[str, float],
        before: Mapping[str, NumbersAndStates] | None = None,
        *,
        tape: dict[Tree, NumbersAndStates] | None = None,
    ) -> None:
        self.axes = axes
        self.names = names
        self.starts = starts
        self.before = before
        self.tape = tape

    def work(self, tree: Tree) -> NumbersAndStates:
        """Return the cells of an expression."""
        found = self._work(tree)
        if self.tape is not None:
            self.tape[tree] = found
        return found

    def _work(self, tree: Tree) -> NumbersAndStates:
        match tree:
            case Symbol(name):
                return self.names[name]
            case Literal(value):
                return arithmetic.constant(value)
            case Negative(of):
                return arithmetic.negative(self.work(of))
            case Binary(sign, left, right):
                return _BINARY[sign](self.work(left), self.work(right))
            case Call():
                return self._call(tree)

    def _call(self, call: Call) -> NumbersAndStates:
        axis = self.axes.axis("year")
        match call:
            case Call("sum", (of,), dims):
                axes = tuple(self.axes.axis(dim) for dim in dims)
                found = arithmetic.sum_over(self.work(of), axes)
            case Call("first", options):
                found, _ = arithmetic.first([self.work(option) for option in options])
            case Call("exp", (of,)):
                found = arithmetic.exponential(self.work(of))
            case Call("previous", (Symbol(name),)) if self.before is not None:
                found = self.before[name]
            case Call("previous", (Symbol(name),)):
                found = lookback.shift(self.names[name], axis, self.starts[name])
            case Call("change", (of,)):
                whole = over_years(self.work(of), self.axes)
                found = lookback.change(whole, axis, self.axes.years)
            case Call("average", (of, window)):
                whole = over_years(self.work(of), self.axes)
                found = lookback.average(whole, self.work(window), axis)
        return found


_BINARY = {
    "+": arithmetic.add,
    "-": lambda left, right: arithmetic.add(left, right, -1),
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "^": arithmetic.power,
}


def over_years(cells: NumbersAndStates, axes: Axes) -> NumbersAndStates:
    """Return cells with all years along the axis of years, also where they are the same for all."""
    axis, count = axes.axis("year"), len(axes.years)
    if np.shape(cells.values)[axis] == count:
        return cells
    shape = list(np.shape(cells.values))
    shape[axis] = count
    states = None if cells.states is None else np.broadcast_to(states_of(cells), shape)
    return NumbersAndStates(np.broadcast_to(cells.values, shape), states)
