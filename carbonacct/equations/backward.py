"""Go back from results to what gave them: exact derivatives, or which numbers were used.

Both are one walk over the equation from its top (reverse mode): a weight on the result is handed
down to the parts. How much of it a product or a power hands to either side is the rule; everything
else is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from carbonacct.equations import arithmetic, lookback
from carbonacct.equations.arithmetic import MISSING, NO, NUMBER, NumbersAndStates, states_of
from carbonacct.equations.expression_tree import Binary, Call, Literal, Negative, Symbol, Tree
from carbonacct.equations.expressions import over_years
from carbonacct.equations.line_by_line import (
    Tapes,
    find_loop,
    in_working_order,
    work_lines,
    year_part,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from carbonacct.equations.axes import Axes, Data
    from carbonacct.equations.evaluation import Worked

    Hand = Callable[[str, np.ndarray], None]


class BackwardRule(Protocol):
    """How a weight on a result is handed down to its parts."""

    def binary(
        self, sign: str, weight: np.ndarray, left: NumbersAndStates, right: NumbersAndStates
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the weights of both sides."""

    def exponential(self, weight: np.ndarray, result: NumbersAndStates) -> np.ndarray:
        """Return the weight of what stands in exp()."""


class Derivative:
    """The rule of derivatives."""

    def binary(
        self, sign: str, weight: np.ndarray, left: NumbersAndStates, right: NumbersAndStates
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the derivative by either side, times the weight."""
        one, other = left.values, right.values
        match sign:
            case "+":
                return weight, weight
            case "-":
                return weight, -weight
            case "*":
                return weight * other, weight * one
            case "/":
                below = np.where(other == 0, np.inf, other)
                return weight / below, -weight * one / below / below
            case _:
                with np.errstate(all="ignore"):
                    by_base = other * one ** (other - 1)
                    by_exponent = one**other * np.log(one)
                return weight * _finite(by_base), weight * _finite(by_exponent)

    def exponential(self, weight: np.ndarray, result: NumbersAndStates) -> np.ndarray:
        """Return the derivative: the result itself, times the weight."""
        return np.asarray(weight * result.values)


class Use:
    """The rule of what was used: a product that is zero, or NO, used only what made it so."""

    def binary(
        self, sign: str, weight: np.ndarray, left: NumbersAndStates, right: NumbersAndStates
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return 1 where a side was used."""
        if sign not in {"*", "/"}:
            return weight, weight
        by_left, by_right = _settles(left), _settles(right) & (sign == "*")
        return weight * ~(by_right & ~by_left), weight * ~by_left

    def exponential(self, weight: np.ndarray, result: NumbersAndStates) -> np.ndarray:  # noqa: ARG002
        """Return 1 where the result was used."""
        return weight


def _settles(cells: NumbersAndStates) -> np.ndarray:
    states = states_of(cells)
    return np.asarray((states == NO) | ((states == NUMBER) & (cells.values == 0)))


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, 0.0)


def pull(
    worked: Mapping[str, Worked], data: Data, block: str, weight: np.ndarray, *, rule: BackwardRule
) -> dict[str, np.ndarray]:
    """Return the weight that reaches each activity and parameter from one block's entries.

    Parameters
    ----------
    worked
        The blocks as :func:`carbonacct.equations.evaluation.work_out` gives them.
    weight
        On each entry of the block, of the shape of its values.
    rule
        :class:`Derivative` or :class:`Use`.

    Returns
    -------
    dict
        By name, of the shape of the name's own numbers.
    """
    reached: dict[str, np.ndarray] = {block: weight}
    found: dict[str, np.ndarray] = {}
    for name in reversed(list(worked)):
        if name not in reached:
            continue
        for symbol, part in pull_block(worked[name], reached.pop(name), rule).items():
            if symbol in worked:
                reached[symbol] = reached.get(symbol, 0) + part
            else:
                found[symbol] = found.get(symbol, 0) + _to_all_gases(
                    part, worked[name], symbol, data
                )
    return found


def _to_all_gases(part: np.ndarray, worked: Worked, symbol: str, data: Data) -> np.ndarray:
    """Return a block's part along all gases of the run."""
    shape = np.shape(data.numbers[symbol].cells.values)
    if part.shape == shape or worked.axes is data.axes:
        return part
    axis = data.axes.axis("gas")
    whole = np.zeros(shape)
    places = [data.axes.labels["gas"].index(gas) for gas in worked.block.gases]
    np.moveaxis(whole, axis, 0)[places] = np.moveaxis(part, axis, 0)
    return whole


def pull_block(worked: Worked, weight: np.ndarray, rule: BackwardRule) -> dict[str, np.ndarray]:
    """Return the weight that reaches each symbol that a block takes from outside."""
    block, axes = worked.block, worked.axes
    names = dict(worked.inputs)
    tapes = Tapes()
    work_lines(block, axes, names, tapes)
    reached: dict[str, np.ndarray] = {}

    def hand(name: str, part: np.ndarray) -> None:
        shape = np.shape(names[name].values)
        reached[name] = reached.get(name, 0) + _fitted(part, shape)

    reached[block.result] = weight
    for step in reversed(in_working_order(block.lines, find_loop(block.lines))):
        if isinstance(step, tuple):
            _pull_loop(worked, tapes, names, reached, hand=hand, rule=rule)
        elif step.name in reached:
            walk = _Walk(axes, tapes.lines[step.name], rule, hand)
            own = np.shape(tapes.lines[step.name][step.tree].values)
            walk.push(step.tree, _fitted(reached[step.name], own))
    own_lines = {line.name for line in block.lines}
    return {name: part for name, part in reached.items() if name not in own_lines}


def _pull_loop(
    worked: Worked,
    tapes: Tapes,
    names: Mapping[str, NumbersAndStates],
    reached: dict[str, np.ndarray],
    *,
    hand: Hand,
    rule: BackwardRule,
) -> None:
    """Hand the weights of looping lines back, from the last year to the first."""
    axes, loop = worked.axes, list(tapes.trees)
    axis = axes.axis("year")
    weights = {
        name: np.array(reached.pop(name, np.zeros(np.shape(names[name].values)))) for name in loop
    }
    hoisted: dict[str, np.ndarray] = {}
    for position in range(len(axes.years) - 1, -1, -1):
        tape = tapes.years[position]

        def hand_now(name: str, part: np.ndarray, position: int = position) -> None:
            if name in weights:
                view = year_part(weights[name], position, axis)
                view += _fitted(part, view.shape)
                return
            shape = np.shape(tapes.hoisted[name][1][tapes.hoisted[name][0]].values)
            whole = hoisted.setdefault(name, np.zeros(shape))
            view = year_part(whole, position, axis)
            view += _fitted(part, view.shape)

        def hand_before(name: str, part: np.ndarray, position: int = position) -> None:
            if position:
                view = year_part(weights[name], position - 1, axis)
                view += _fitted(part, view.shape)

        walk = _Walk(axes, tape, rule, hand_now, hand_before=hand_before)
        for name in reversed(loop):
            own = np.shape(tape[tapes.trees[name]].values)
            walk.push(tapes.trees[name], _fitted(year_part(weights[name], position, axis), own))
    for key, weight in hoisted.items():
        tree, tape = tapes.hoisted[key]
        _Walk(axes, tape, rule, hand).push(tree, weight)


class _Walk:
    """Hands a weight from the top of one expression to its symbols."""

    def __init__(
        self,
        axes: Axes,
        tape: Mapping[Tree, NumbersAndStates],
        rule: BackwardRule,
        hand: Hand,
        *,
        hand_before: Hand | None = None,
    ) -> None:
        self.axes, self.tape, self.rule, self.hand = axes, tape, rule, hand
        self.hand_before = hand_before  # where one year is walked at a time

    def push(self, tree: Tree, weight: np.ndarray) -> None:
        match tree:
            case Literal():
                return
            case Symbol(name):
                self.hand(name, weight)
            case Negative(of):
                self.push(of, -weight if isinstance(self.rule, Derivative) else weight)
            case Binary(sign, left, right):
                one, other = self.tape[left], self.tape[right]
                for part, given in zip(
                    (left, right), self.rule.binary(sign, weight, one, other), strict=True
                ):
                    self.push(part, _fitted(given, np.shape(self.tape[part].values)))
            case Call():
                self._push_call(tree, weight)

    def _push_call(self, call: Call, weight: np.ndarray) -> None:
        axis = self.axes.axis("year")
        match call:
            case Call("sum", (of,)):
                self.push(of, _spread(weight, np.shape(self.tape[of].values)))
            case Call("first", options):
                self._push_first(options, weight)
            case Call("exp", (of,)):
                self.push(of, self.rule.exponential(weight, self.tape[call]))
            case Call("previous", (Symbol(name),)):
                if self.hand_before:
                    self.hand_before(name, weight)
                else:
                    self.hand(name, lookback.shift_back(weight, axis))
            case Call("change", (of,)):
                cells = over_years(self.tape[of], self.axes)
                given = lookback.change_back(weight, cells, axis, self.axes.years)
                if isinstance(self.rule, Use):
                    given = np.abs(given)
                self.push(of, _fitted(given, np.shape(self.tape[of].values)))
            case Call(_, (of, window)):
                given = lookback.average_back(weight, self.tape[window], axis)
                self.push(of, _fitted(given, np.shape(self.tape[of].values)))
                if isinstance(self.rule, Use):  # a number of years has no derivative
                    self.push(window, _fitted(weight, np.shape(self.tape[window].values)))

    def _push_first(self, options: tuple[Tree, ...], weight: np.ndarray) -> None:
        """Hand the weight to the option that served; where none did, to all: each could have."""
        found, served = arithmetic.first([self.tape[option] for option in options])
        none = states_of(found) == MISSING
        for position, option in enumerate(options):
            from_option = (served == position) & ~none
            if isinstance(self.rule, Use):
                from_option |= none
            self.push(option, _fitted(weight * from_option, np.shape(self.tape[option].values)))


def _spread(weight: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return np.broadcast_to(weight, np.broadcast_shapes(weight.shape, shape))


def _fitted(weight: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return a weight of a shape: summed where the part is one for all, else spread."""
    if not shape:  # a number written in the equation: nothing lies behind it
        return weight
    weight = np.reshape(weight, (1,) * (len(shape) - np.ndim(weight)) + np.shape(weight))
    over = tuple(
        position
        for position, length in enumerate(shape)
        if length == 1 and weight.shape[position] > 1
    )
    if over:
        weight = weight.sum(axis=over, keepdims=True)
    return np.broadcast_to(weight, shape)
