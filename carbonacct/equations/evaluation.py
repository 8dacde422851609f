"""Work out the equations of a sector: arrays in, arrays out, one pass over each equation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.equations import cells as arithmetic
from carbonacct.equations import lookback
from carbonacct.equations.cells import Cells, states_of
from carbonacct.equations.tree import (
    Binary,
    Call,
    Line,
    Literal,
    Negative,
    Symbol,
    Tree,
    looked_back_at,
    names_in,
)
from carbonacct.errors import EquationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from carbonacct.equations.axes import Axes, Data
    from carbonacct.equations.sector import Block, Sector


@dataclass(frozen=True)
class Worked:
    """A block worked out.

    Attributes
    ----------
    block
        What was worked out.
    axes
        As those of the run, with the block's own gases along ``gas``.
    inputs
        The cells of each symbol that its lines use.
    lines
        The cells of each line.
    """

    block: Block
    axes: Axes
    inputs: Mapping[str, Cells]
    lines: Mapping[str, Cells]

    @property
    def cells(self) -> Cells:
        """The entries of the block."""
        return self.lines[self.block.result]


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
        Keeps the cells of every part of an expression by its identity, for derivatives.
    """

    def __init__(
        self,
        axes: Axes,
        names: Mapping[str, Cells],
        starts: Mapping[str, float],
        before: Mapping[str, Cells] | None = None,
        tape: dict[int, Cells] | None = None,
    ) -> None:
        self.axes = axes
        self.names = names
        self.starts = starts
        self.before = before
        self.tape = tape

    def work(self, tree: Tree) -> Cells:
        """Return the cells of an expression."""
        found = self._work(tree)
        if self.tape is not None:
            self.tape[id(tree)] = found
        return found

    def _work(self, tree: Tree) -> Cells:
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

    def _call(self, call: Call) -> Cells:
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


def over_years(cells: Cells, axes: Axes) -> Cells:
    """Return cells with all years along the axis of years, also where they are the same for all."""
    axis, count = axes.axis("year"), len(axes.years)
    if np.shape(cells.values)[axis] == count:
        return cells
    shape = list(np.shape(cells.values))
    shape[axis] = count
    states = None if cells.states is None else np.broadcast_to(states_of(cells), shape)
    return Cells(np.broadcast_to(cells.values, shape), states)


def work_out(sector: Sector, data: Data, blocks: Iterable[str] | None = None) -> dict[str, Worked]:
    """Return the blocks of a sector worked out, each after those that it uses.

    Parameters
    ----------
    data
        Numbers of every activity and parameter that the blocks use.
    blocks
        Only these, and what they use.

    Raises
    ------
    EquationError
        If an equation looks back and a year lacks between the first and the last.
    """
    wanted = _with_needs(sector, blocks) if blocks is not None else set(sector.blocks)
    done: dict[str, Worked] = {}
    for block in sector.blocks.values():
        if block.id in wanted:
            done[block.id] = work_block(block, data, done)
    return done


def _with_needs(sector: Sector, blocks: Iterable[str]) -> set[str]:
    wanted, open_still = set[str](), list(blocks)
    while open_still:
        name = open_still.pop()
        if name in sector.blocks and name not in wanted:
            wanted.add(name)
            open_still += inputs_of(sector.blocks[name])
    return wanted


def inputs_of(block: Block) -> tuple[str, ...]:
    """Return the symbols that a block takes from outside, in the order written."""
    own = {line.name for line in block.lines}
    trees = [line.tree for line in block.lines]
    trees += [side for check in block.checks for side in (check.rule.left, check.rule.right)]
    return tuple(
        dict.fromkeys(name for tree in trees for name in names_in(tree) if name not in own)
    )


def work_block(block: Block, data: Data, done: Mapping[str, Worked]) -> Worked:
    """Return one block worked out, from numbers and the blocks before it."""
    axes = own_axes(block, data.axes)
    inputs = {name: _find_input(name, block, data, done) for name in inputs_of(block)}
    names = dict(inputs)
    work_lines(block, axes, names)
    return Worked(block, axes, inputs, {line.name: names[line.name] for line in block.lines})


def own_axes(block: Block, axes: Axes) -> Axes:
    """Return the axes of a block: along ``gas`` it has its own gases."""
    if "gas" not in block.all_dims or not block.gases:
        return axes
    return type(axes)(axes.areas, axes.years, {**axes.labels, "gas": block.gases})


def _find_input(name: str, block: Block, data: Data, done: Mapping[str, Worked]) -> Cells:
    if name in done:
        return done[name].cells
    cells = data.numbers[name].cells
    if "gas" not in block.all_dims or not block.gases:
        return cells
    states = None if cells.states is None else pick_gases(cells.states, block, data.axes)
    return Cells(pick_gases(cells.values, block, data.axes), states)


def pick_gases(array: np.ndarray, block: Block, axes: Axes) -> np.ndarray:
    """Return the part of an array that is of a block's own gases, in their order."""
    axis = axes.axis("gas")
    if array.shape[axis] == 1 and len(axes.labels["gas"]) > 1:
        return array
    return np.take(array, [axes.labels["gas"].index(gas) for gas in block.gases], axis=axis)


def work_lines(
    block: Block, axes: Axes, names: dict[str, Cells], tapes: Tapes | None = None
) -> None:
    """Work out the lines of a block into ``names``, year by year where they need their own past."""
    looping = find_loop(block.lines)
    if any(looked_back_at(line.tree) for line in block.lines):
        _refuse_gaps(block, axes.years)
    for line in in_working_order(block.lines, looping):
        if isinstance(line, tuple):
            _work_loop(line, block, axes, names, tapes)
            continue
        tape = None if tapes is None else tapes.lines.setdefault(line.name, {})
        names[line.name] = _whole(
            Expression(axes, names, block.starts, tape=tape).work(line.tree), line, block, axes
        )


def _whole(cells: Cells, line: Line, block: Block, axes: Axes) -> Cells:
    """Return a line's cells over all areas and years of the run, so that results have one shape."""
    shape = axes.shape(block.line_dims[line.name])
    if np.shape(cells.values)[-len(shape) :] == shape:
        return cells
    lead = np.shape(cells.values)[: -len(shape)]
    states = None if cells.states is None else np.broadcast_to(states_of(cells), (*lead, *shape))
    return Cells(np.broadcast_to(cells.values, (*lead, *shape)), states)


def _refuse_gaps(block: Block, years: Sequence[int]) -> None:
    gaps = sorted(set(range(years[0], years[-1] + 1)) - set(years))
    if gaps or list(years) != sorted(years):
        raise EquationError(
            f"{block.id}: looks back over the years {years[0]} to {years[-1]}, and "
            f"{', '.join(map(str, gaps[:5])) or 'their order'} is missing; give every year"
        )


def find_loop(lines: Sequence[Line]) -> frozenset[str]:
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
    return frozenset(name for name, found in reached.items() if name in found)


def in_working_order(
    lines: Sequence[Line], looping: frozenset[str]
) -> list[Line | tuple[Line, ...]]:
    """Return the lines with each behind what it uses; those that loop together, as a tuple."""
    own = {line.name for line in lines}
    loop = tuple(line for line in lines if line.name in looping)
    left: list[Line | tuple[Line, ...]] = [line for line in lines if line.name not in looping]
    left += [loop] if loop else []
    order: list[Line | tuple[Line, ...]] = []
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
        self.lines: dict[str, dict[int, Cells]] = {}
        self.years: list[dict[int, Cells]] = []
        self.trees: dict[str, Tree] = {}
        self.hoisted: dict[str, tuple[Tree, dict[int, Cells]]] = {}


def _work_loop(
    loop: Sequence[Line], block: Block, axes: Axes, names: dict[str, Cells], tapes: Tapes | None
) -> None:
    """Work out lines year by year; what in them does not loop, for all years at once."""
    looping = frozenset(line.name for line in loop)
    hoisted: dict[str, Tree] = {}
    trees = {line.name: _hoist(line.tree, looping, hoisted) for line in loop}
    whole: dict[str, Cells] = {}
    for key, tree in hoisted.items():
        tape: dict[int, Cells] | None = None if tapes is None else {}
        whole[key] = Expression(axes, names, block.starts, tape=tape).work(tree)
        if tapes is not None and tape is not None:
            tapes.hoisted[key] = (tree, tape)
    if tapes is not None:
        tapes.trees = trees
    axis = axes.axis("year")
    start = (1,) * len(axes.dims)
    before = {
        name: Cells(np.full(start, block.starts[name])) for name in looping if name in block.starts
    }
    by_year: dict[str, list[Cells]] = {line.name: [] for line in loop}
    for place in range(len(axes.years)):
        now = {key: take_year(cells, place, axis) for key, cells in whole.items()}
        tape = None if tapes is None else {}
        expression = Expression(axes, now, block.starts, before, tape)
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


def take_year(cells: Cells, place: int, axis: int) -> Cells:
    """Return the cells of one year, its axis kept; of what is the same in all years, that."""
    states = None if cells.states is None else year_part(cells.states, place, axis)
    return Cells(year_part(cells.values, place, axis), states)


def year_part(array: np.ndarray, place: int, axis: int) -> np.ndarray:
    """Return a view of one year of an array."""
    if array.ndim < -axis or array.shape[axis] == 1:
        return array
    where = [slice(None)] * array.ndim
    where[axis] = slice(place, place + 1)
    return array[tuple(where)]


def _stack(years: Sequence[Cells], axis: int) -> Cells:
    shape = np.broadcast_shapes(*(np.shape(cells.values) for cells in years))
    values = np.concatenate([np.broadcast_to(cells.values, shape) for cells in years], axis=axis)
    if all(cells.states is None for cells in years):
        return Cells(values)
    parts = [np.broadcast_to(states_of(cells), shape) for cells in years]
    return Cells(values, np.concatenate(parts, axis=axis))
