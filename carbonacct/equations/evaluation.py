"""Work out the equations of a sector: arrays in, arrays out, one pass over each equation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.equations.arithmetic import NumbersAndStates
from carbonacct.equations.axes import Axes
from carbonacct.equations.expression_tree import names_in
from carbonacct.equations.line_by_line import work_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from carbonacct.equations.axes import Data
    from carbonacct.equations.sector import EquationBlock, Sector


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

    block: EquationBlock
    axes: Axes
    inputs: Mapping[str, NumbersAndStates]
    lines: Mapping[str, NumbersAndStates]

    @property
    def cells(self) -> NumbersAndStates:
        """The entries of the block."""
        return self.lines[self.block.result]


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
    wanted = with_needs(sector, blocks) if blocks is not None else set(sector.blocks)
    done: dict[str, Worked] = {}
    for block in sector.blocks.values():
        if block.id in wanted:
            done[block.id] = work_block(block, data, done)
    return done


def with_needs(sector: Sector, blocks: Iterable[str]) -> set[str]:
    """Return blocks and all that they use, directly or by way of others."""
    wanted, open_still = set[str](), list(blocks)
    while open_still:
        name = open_still.pop()
        if name in sector.blocks and name not in wanted:
            wanted.add(name)
            open_still += inputs_of(sector.blocks[name])
    return wanted


@lru_cache(maxsize=1024)
def inputs_of(block: EquationBlock) -> tuple[str, ...]:
    """Return the symbols that a block takes from outside, those of its checks too, in the order written."""
    own = {line.name for line in block.lines}
    sides = [side for check in block.checks for side in (check.rule.left, check.rule.right)]
    checked = (name for side in sides for name in names_in(side) if name not in own)
    return tuple(dict.fromkeys((*counted_in(block), *checked)))


@lru_cache(maxsize=1024)
def counted_in(block: EquationBlock) -> tuple[str, ...]:
    """Return the symbols that a block's lines take from outside, in the order written."""
    own = {line.name for line in block.lines}
    names = (name for line in block.lines for name in names_in(line.tree))
    return tuple(dict.fromkeys(name for name in names if name not in own))


def work_block(block: EquationBlock, data: Data, done: Mapping[str, Worked]) -> Worked:
    """Return one block worked out, from numbers and the blocks before it."""
    axes = own_axes(block, data.axes)
    inputs = {name: _find_input(name, block, data, done) for name in inputs_of(block)}
    names = dict(inputs)
    work_lines(block, axes, names)
    return Worked(block, axes, inputs, {line.name: names[line.name] for line in block.lines})


def own_axes(block: EquationBlock, axes: Axes) -> Axes:
    """Return the axes of a block: along ``gas`` it has its own gases."""
    if "gas" not in block.all_dims or not block.gases:
        return axes
    return Axes(axes.areas, axes.years, {**axes.labels, "gas": block.gases})


def _find_input(
    name: str, block: EquationBlock, data: Data, done: Mapping[str, Worked]
) -> NumbersAndStates:
    if name in done:
        return done[name].cells
    cells = data.numbers[name].cells
    states = None if cells.states is None else pick_gases(cells.states, block, data.axes)
    return NumbersAndStates(pick_gases(cells.values, block, data.axes), states)


def pick_gases(array: np.ndarray, block: EquationBlock, axes: Axes) -> np.ndarray:
    """Return the part of an array that is of a block's own gases, in their order."""
    if "gas" not in block.all_dims or not block.gases:
        return array
    axis = axes.axis("gas")
    if array.shape[axis] == 1 and len(axes.labels["gas"]) > 1:
        return array
    return np.take(array, [axes.labels["gas"].index(gas) for gas in block.gases], axis=axis)
