"""Work out the lines of a block: whole arrays, and year by year what needs its own past."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.equations.arithmetic import NUMBER, NumbersAndStates, states_of
from carbonacct.equations.expression_tree import (
    Binary,
    Call,
    EquationLine,
    Literal,
    Negative,
    Symbol,
    Tree,
    looked_back_at,
    names_in,
)
from carbonacct.equations.expressions import Expression
from carbonacct.errors import EquationError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.equations.axes import Axes
    from carbonacct.equations.sector import EquationBlock


def work_lines(
    block: EquationBlock, axes: Axes, names: dict[str, NumbersAndStates], tapes: Tapes | None = None
) -> None:
    """Work out the lines of a block into ``names``, year by year where they need their own past."""
    order, back = _plan(block)
    for line in order:
        if isinstance(line, tuple):
            _work_loop(line, block, axes, names, tapes=tapes)
            continue
        tape = None if tapes is None else tapes.lines.setdefault(line.name, {})
        names[line.name] = _whole(
            Expression(axes, names, block.starts, tape=tape).work(line.tree), line, block, axes
        )
    if any((states_of(names[name]) == NUMBER).any() for name in back):
        _refuse_gaps(block, axes.years)  # where nobody reports it, other sources may skip years


@lru_cache(maxsize=1024)
def _plan(
    block: EquationBlock,
) -> tuple[tuple[EquationLine | tuple[EquationLine, ...], ...], tuple[str, ...]]:
    """Return the lines in working order, and the lines that are looked back at."""
    order = in_working_order(block.lines, find_loop(block.lines))
    back = dict.fromkeys(name for line in block.lines for name in looked_back_at(line.tree))
    return tuple(order), tuple(back)


def _whole(
    cells: NumbersAndStates, line: EquationLine, block: EquationBlock, axes: Axes
) -> NumbersAndStates:
    """Return a line's cells over all areas and years of the run, so that results have one shape."""
    shape = axes.shape(block.line_dims[line.name])
    if np.shape(cells.values)[-len(shape) :] == shape:
        return cells
    lead = np.shape(cells.values)[: -len(shape)]
    states = None if cells.states is None else np.broadcast_to(states_of(cells), (*lead, *shape))
    return NumbersAndStates(np.broadcast_to(cells.values, (*lead, *shape)), states)


def _refuse_gaps(block: EquationBlock, years: Sequence[int]) -> None:
    gaps = sorted(set(range(years[0], years[-1] + 1)) - set(years))
    if gaps or list(years) != sorted(years):
        raise EquationError(
            say(
                "{id}: looks back over the years {year} to {years_value}, and {gaps} is "
                "missing; give every year",
                id=block.id,
                year=years[0],
                years_value=years[-1],
                gaps=join_texts(", ", map(str, gaps[:5])) or say("their order"),
            )
        )


def find_loop(lines: Sequence[EquationLine]) -> frozenset[str]:
    """Return the lines that come back to themselves through the year before.

    Examples
    --------
    >>> from carbonacct.equations.parsing import parse_equation
    >>> text = "lost = previous(stock) * k" + chr(10) + "stock = previous(stock) + added"
    >>> sorted(find_loop(parse_equation(text)))
    ['stock']
    """
    uses = {line.name: set(names_in(line.tree)) for line in lines}
    reached = {name: set(found) for name, found in uses.items()}
    for _ in lines:
        for name, found in reached.items():
            reached[name] = found.union(*(reached[other] for other in found if other in reached))
    back = {name for name, found in reached.items() if name in found}
    # What stands between two lines that loop goes year by year with them.
    needed = back.union(*(reached[name] for name in back))
    return frozenset(name for name in reached if name in needed and reached[name] & back)


def in_working_order(
    lines: Sequence[EquationLine], looping: frozenset[str]
) -> list[EquationLine | tuple[EquationLine, ...]]:
    """Return the lines with each behind what it uses; those that loop together, as a tuple."""
    own = {line.name for line in lines}
    loop = tuple(line for line in lines if line.name in looping)
    left: list[EquationLine | tuple[EquationLine, ...]] = [
        line for line in lines if line.name not in looping
    ]
    left += [loop] if loop else []
    order: list[EquationLine | tuple[EquationLine, ...]] = []
    known: set[str] = set()
    while left:
        for step in left:
            group = step if isinstance(step, tuple) else (step,)
            inside = {line.name for line in group}
            needs = {name for line in group for name in names_in(line.tree)} & own
            if needs <= known | inside:
                order.append(step)
                known |= inside
                left.remove(step)
                break
    return order


class Tapes:
    """The cells of every part of a block's lines: of whole lines, and of looping ones by year."""

    def __init__(self) -> None:
        self.lines: dict[str, dict[Tree, NumbersAndStates]] = {}
        self.years: list[dict[Tree, NumbersAndStates]] = []
        self.trees: dict[str, Tree] = {}
        self.hoisted: dict[str, tuple[Tree, dict[Tree, NumbersAndStates]]] = {}


def _work_loop(
    loop: Sequence[EquationLine],
    block: EquationBlock,
    axes: Axes,
    names: dict[str, NumbersAndStates],
    *,
    tapes: Tapes | None,
) -> None:
    """Work out lines year by year; what in them does not loop, for all years at once."""
    looping = frozenset(line.name for line in loop)
    hoisted: dict[str, Tree] = {}
    trees = {line.name: _hoist(line.tree, looping, hoisted) for line in loop}
    whole: dict[str, NumbersAndStates] = {}
    for key, tree in hoisted.items():
        tape: dict[Tree, NumbersAndStates] | None = None if tapes is None else {}
        whole[key] = Expression(axes, names, block.starts, tape=tape).work(tree)
        if tapes is not None and tape is not None:
            tapes.hoisted[key] = (tree, tape)
    if tapes is not None:
        tapes.trees = trees
    axis = axes.axis("year")
    start = (1,) * len(axes.dims)
    before = {
        name: NumbersAndStates(np.full(start, block.starts[name]))
        for name in looping
        if name in block.starts
    }
    by_year: dict[str, list[NumbersAndStates]] = {line.name: [] for line in loop}
    for position in range(len(axes.years)):
        now = {key: take_year(cells, position, axis) for key, cells in whole.items()}
        tape = None if tapes is None else {}
        expression = Expression(axes, now, block.starts, before, tape=tape)
        for line in loop:
            now[line.name] = expression.work(trees[line.name])
            by_year[line.name].append(now[line.name])
        before = {name: now[name] for name in looping}
        if tapes is not None and tape is not None:
            tapes.years.append(tape)
    for line in loop:
        names[line.name] = _whole(_stack(by_year[line.name], axis), line, block, axes)


def _hoist(tree: Tree, looping: frozenset[str], hoisted: dict[str, Tree]) -> Tree:
    """Return an expression with the largest parts that do not loop replaced by names."""
    if not looping & set(names_in(tree)):
        if isinstance(tree, Literal):
            return tree
        hoisted[key := f"#{len(hoisted)}"] = tree
        return Symbol(key)
    match tree:
        case Negative(of):
            return Negative(_hoist(of, looping, hoisted))
        case Binary(sign, left, right):
            return Binary(sign, _hoist(left, looping, hoisted), _hoist(right, looping, hoisted))
        case Call(function, of, dims) if function != "previous":
            return Call(function, tuple(_hoist(part, looping, hoisted) for part in of), dims)
        case _:
            return tree


def take_year(cells: NumbersAndStates, place: int, axis: int) -> NumbersAndStates:
    """Return the cells of one year, its axis kept; of what is the same in all years, that."""
    states = None if cells.states is None else year_part(cells.states, place, axis)
    return NumbersAndStates(year_part(cells.values, place, axis), states)


def year_part(array: np.ndarray, place: int, axis: int) -> np.ndarray:
    """Return a view of one year of an array."""
    if array.ndim < -axis or array.shape[axis] == 1:
        return array
    where = [slice(None)] * array.ndim
    where[axis] = slice(place, place + 1)
    return array[tuple(where)]


def _stack(years: Sequence[NumbersAndStates], axis: int) -> NumbersAndStates:
    shape = np.broadcast_shapes(*(np.shape(cells.values) for cells in years))
    values = np.concatenate([np.broadcast_to(cells.values, shape) for cells in years], axis=axis)
    if all(cells.states is None for cells in years):
        return NumbersAndStates(values)
    parts = [np.broadcast_to(states_of(cells), shape) for cells in years]
    return NumbersAndStates(values, np.concatenate(parts, axis=axis))
