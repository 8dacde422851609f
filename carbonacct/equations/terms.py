"""Write entries as sums of products of the numbers that are uncertain.

Most equations are polynomials of what goes in: ``(clinker - slag) * factor`` is the sum of two
products. Their moments are then known in closed form, with all that they share. All numbers that are
certain are part of the value of a product.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct.equations import arithmetic
from carbonacct.equations.arithmetic import NUMBER, NumbersAndStates, states_of
from carbonacct.equations.evaluation import pick_gases
from carbonacct.equations.expression_tree import (
    Binary,
    Call,
    EquationLine,
    Negative,
    Symbol,
    Tree,
    names_in,
)
from carbonacct.equations.line_by_line import Tapes, find_loop, in_working_order, work_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from carbonacct.equations.evaluation import Worked
    from carbonacct.equations.source_entries import Evaluation

_LARGEST_POWER = 8


class NotPolynomialError(Exception):
    """An uncertain number stands where a sum of products cannot say it: in exp(), below a sum."""


class Terms(NamedTuple):
    """Products whose sums are the numbers of an array.

    Attributes
    ----------
    at
        int64 flat place in the array that each product is part of.
    value
        Each product at the central values.
    monomial
        int64 number of the uncertain numbers in it (:class:`Monomials`), 0 where it has none.
    shape
        Of the array.
    """

    at: np.ndarray
    value: np.ndarray
    monomial: np.ndarray
    shape: tuple[int, ...]


class Monomials:
    """Products of inputs to whole powers, each once.

    Attributes
    ----------
    powers
        Pairs of an input and its power, by input.
    """

    def __init__(self) -> None:
        self.powers: list[tuple[tuple[int, int], ...]] = [()]
        self._numbers: dict[tuple[tuple[int, int], ...], int] = {(): 0}

    def single(self, inputs: np.ndarray) -> np.ndarray:
        """Return the number of each input by itself; 0 for none (-1)."""
        return self._each(inputs, lambda one: () if one < 0 else ((one, 1),))

    def times(self, left: np.ndarray, right: np.ndarray, sign: int = 1) -> np.ndarray:
        """Return the number of each product, or with sign -1 of each quotient."""
        count = len(self.powers)
        return self._each(
            left * count + right,
            lambda pair: self._join(*divmod(pair, count), sign),
        )

    def _join(self, left: int, right: int, sign: int) -> tuple[tuple[int, int], ...]:
        found = dict(self.powers[left])
        for one, power in self.powers[right]:
            found[one] = found.get(one, 0) + sign * power
        return tuple(sorted((one, power) for one, power in found.items() if power))

    def _each(
        self, keys: np.ndarray, make: Callable[[int], tuple[tuple[int, int], ...]]
    ) -> np.ndarray:
        different, place = np.unique(keys, return_inverse=True)
        numbers = [self._number(make(int(key))) for key in different]
        return np.array(numbers, np.int64)[place]

    def _number(self, powers: tuple[tuple[int, int], ...]) -> int:
        if powers not in self._numbers:
            self._numbers[powers] = len(self.powers)
            self.powers.append(powers)
        return self._numbers[powers]


def expand(
    evaluation: Evaluation,
    inputs: Mapping[str, np.ndarray],
    monomials: Monomials,
    blocks: Iterable[str],
) -> dict[str, Terms]:
    """Return the entries of blocks as sums of products of the inputs that are uncertain.

    Parameters
    ----------
    inputs
        By activity and parameter the number of the input that each of its numbers is, -1 where it
        is certain; of the shape of the numbers.
    blocks
        Ids of the blocks that are asked for.

    Returns
    -------
    dict
        By block; those that are no polynomial of the inputs are left out: an uncertain number
        stands in ``exp``, below a sum or in a power there, or it looks over years.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.equations import arrange, evaluate, load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> rows = pd.DataFrame({"symbol": ["lime_output", "lime_factor"], "value": [1000.0, 0.683]})
    >>> found = evaluate(sector, arrange(sector, rows))
    >>> monomials = Monomials()
    >>> terms = expand(found, {"lime_output": np.array([[0]])}, monomials, ["lime"])["lime"]
    >>> terms.value.tolist(), monomials.powers[terms.monomial[0]]
    ([683.0], ((0, 1),))
    """
    known: dict[str, Terms] = {}
    done: set[str] = set()

    def reach(name: str) -> None:
        if name in done or name not in evaluation.blocks:
            return
        done.add(name)
        worked = evaluation.blocks[name]
        for symbol in worked.inputs:
            reach(symbol)
        try:
            known[name] = _Block(worked, evaluation, inputs, monomials, known=known).terms()
        except NotPolynomialError:
            return

    wanted = list(blocks)
    for name in wanted:
        reach(name)
    return {name: known[name] for name in wanted if name in known}


class _Block:
    """Expands the lines of one block."""

    def __init__(
        self,
        worked: Worked,
        evaluation: Evaluation,
        inputs: Mapping[str, np.ndarray],
        monomials: Monomials,
        *,
        known: Mapping[str, Terms],
    ) -> None:
        self.worked, self.evaluation = worked, evaluation
        self.inputs, self.monomials = inputs, monomials
        self.names = {name: self._of_symbol(name, known) for name in worked.inputs}
        self.tape: Mapping[Tree, NumbersAndStates] = {}

    def terms(self) -> Terms:
        """Return the terms of the block's entries."""
        block, axes = self.worked.block, self.worked.axes
        cells = dict(self.worked.inputs)
        tapes = Tapes()
        work_lines(block, axes, cells, tapes)
        if find_loop(block.lines):
            return self._certain(block.result, cells)
        ordered = in_working_order(block.lines, frozenset())
        for line in (line for line in ordered if isinstance(line, EquationLine)):
            self.tape = tapes.lines[line.name]
            shape = np.shape(cells[line.name].values)
            self.names[line.name] = _spread(self._expand(line.tree), shape)
        return self.names[block.result]

    def _certain(self, result: str, cells: Mapping[str, NumbersAndStates]) -> Terms:
        """Return the entries of lines that look back, if all that they use is certain."""
        if any(terms.monomial.any() for terms in self.names.values()):
            raise NotPolynomialError
        return _constant(cells[result])

    def _of_symbol(self, name: str, known: Mapping[str, Terms]) -> Terms:
        if name in self.evaluation.blocks:
            if name not in known:
                raise NotPolynomialError
            return known[name]
        cells = self.worked.inputs[name]
        found = _constant(cells)
        if name not in self.inputs:
            return found
        block, axes = self.worked.block, self.evaluation.data.axes
        numbers = self.inputs[name]
        if "gas" in block.all_dims and block.gases:
            numbers = pick_gases(numbers, block, axes)
        return found._replace(monomial=self.monomials.single(numbers.ravel()[found.at]))

    def _expand(self, tree: Tree) -> Terms:
        """Return the terms of an expression, where it has a number."""
        cells = self.tape[tree]
        if not any(self.names[name].monomial.any() for name in names_in(tree)):
            return _constant(cells)
        found = self._expand_top(tree)
        if cells.states is None:
            return found
        return _take(found, (states_of(cells) == NUMBER).ravel()[found.at])

    def _expand_top(self, tree: Tree) -> Terms:
        match tree:
            case Symbol(name):
                return self.names[name]
            case Negative(of):
                found = self._expand(of)
                return found._replace(value=-found.value)
            case Binary():
                return self._combine(tree)
            case Call("sum", (of,)):
                return self._sum(self._expand(of), np.shape(self.tape[tree].values))
            case Call("first", options):
                return self._first(options, np.shape(self.tape[tree].values))
        raise NotPolynomialError

    def _combine(self, tree: Binary) -> Terms:
        left, right = self._expand(tree.left), self._expand(tree.right)
        shape = np.broadcast_shapes(left.shape, right.shape)
        left, right = _spread(left, shape), _spread(right, shape)
        match tree.sign:
            case "*":
                return self._multiply(left, right)
            case "/":
                return self._divide(left, right)
            case "^":
                return self._raise(left, right)
            case sign:
                return _merge(_stack(left, right, -1 if sign == "-" else 1))

    def _multiply(self, left: Terms, right: Terms) -> Terms:
        one, other = _match(left.at, right.at)
        value = left.value[one] * right.value[other]
        monomial = self.monomials.times(left.monomial[one], right.monomial[other])
        return _merge(Terms(left.at[one], value, monomial, left.shape))

    def _divide(self, left: Terms, right: Terms) -> Terms:
        """Return a quotient by one product; a sum below has no end of products."""
        if len(np.unique(right.at)) < len(right.at):
            raise NotPolynomialError
        one, other = _match(left.at, right.at)
        value = left.value[one] / right.value[other]
        monomial = self.monomials.times(left.monomial[one], right.monomial[other], -1)
        return _merge(Terms(left.at[one], value, monomial, left.shape))

    def _raise(self, base: Terms, exponent: Terms) -> Terms:
        """Return a whole power that is the same everywhere and certain."""
        powers = np.unique(exponent.value)
        whole = len(powers) == 1 and powers[0] in range(1, _LARGEST_POWER + 1)
        if exponent.monomial.any() or not whole:
            raise NotPolynomialError
        found = base
        for _ in range(int(powers[0]) - 1):
            found = self._multiply(found, base)
        return found

    def _sum(self, of: Terms, shape: tuple[int, ...]) -> Terms:
        place = np.unravel_index(of.at, of.shape)
        kept = [np.where(length == 1, 0, at) for at, length in zip(place, shape, strict=True)]
        return _merge(of._replace(at=np.ravel_multi_index(kept, shape), shape=shape))

    def _first(self, options: tuple[Tree, ...], shape: tuple[int, ...]) -> Terms:
        """Return the terms of the option that served."""
        _, served = arithmetic.first([self.tape[option] for option in options])
        chosen = np.broadcast_to(served, shape).ravel()
        parts = []
        for position, option in enumerate(options):
            found = _spread(self._expand(option), shape)
            parts.append(_take(found, chosen[found.at] == position))
        found = parts[0]
        for part in parts[1:]:
            found = _stack(found, part)
        return found


def _constant(cells: NumbersAndStates) -> Terms:
    """Return numbers that are certain."""
    values = np.asarray(cells.values, float)
    there = (states_of(cells) == NUMBER) & (values != 0)
    at = np.flatnonzero(there)
    return Terms(at, values.ravel()[at], np.zeros(len(at), np.int64), values.shape)


def _take(terms: Terms, keep: np.ndarray) -> Terms:
    return Terms(terms.at[keep], terms.value[keep], terms.monomial[keep], terms.shape)


def _stack(one: Terms, other: Terms, sign: int = 1) -> Terms:
    return Terms(
        np.concatenate([one.at, other.at]),
        np.concatenate([one.value, sign * other.value]),
        np.concatenate([one.monomial, other.monomial]),
        one.shape,
    )


def _merge(terms: Terms) -> Terms:
    """Return products that are alike as one."""
    count = int(terms.monomial.max(initial=0)) + 1
    keys, place = np.unique(terms.at * count + terms.monomial, return_inverse=True)
    value = np.bincount(place, terms.value, len(keys))
    return Terms(keys // count, value, keys % count, terms.shape)


def _spread(terms: Terms, shape: tuple[int, ...]) -> Terms:
    """Return the terms of an array broadcast to a shape."""
    if terms.shape == shape:
        return terms
    places = np.arange(prod(terms.shape)).reshape(terms.shape)
    source = np.broadcast_to(places, shape).ravel()
    at, one = _match(source, terms.at)
    return Terms(at, terms.value[one], terms.monomial[one], shape)


def _match(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs of places in two arrays that hold the same number."""
    order = np.argsort(right, kind="stable")
    sorted_right = right[order]
    first = np.searchsorted(sorted_right, left, "left")
    each = np.searchsorted(sorted_right, left, "right") - first
    one = np.repeat(np.arange(len(left)), each)
    within = np.arange(len(one)) - np.repeat(np.cumsum(each) - each, each)
    return one, order[np.repeat(first, each) + within]
