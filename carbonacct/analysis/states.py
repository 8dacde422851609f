"""An identity on the cells of a panel: each quantity, each factor, and the states that are compared."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.analysis.logarithmic_mean import take_cells
from carbonacct.analysis.panel_cells import PanelCells, repeats
from carbonacct.analysis.state_changes import Changes
from carbonacct.errors import PanelError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.analysis.identity import Factor, Identity, Quantity
    from carbonacct.analysis.state_changes import Array, Mask, Places

_ROUNDING = 1e-9
MEAN = "mean"


def total_quantities(cells: PanelCells, identity: Identity) -> dict[Quantity, Array]:
    """Return each quantity of an identity at each cell; a name without the tag of a dim is its total there.

    Returns
    -------
    dict
        Arrays (group, place, cell), or (group, place, 1) where all cells have one number.

    Notes
    -----
    A dim that no tag of the identity names is left alone: a name then stands for the number of the
    row. A column that repeats one number along a dim, and that no tag keeps apart there, is a total
    already.
    """
    tagged = {(quantity.name, dim) for quantity in identity.quantities for dim in quantity.dims}
    found = {}
    for quantity in {*identity.quantities, *identity.left.denominator}:
        if quantity.name not in cells.values:
            continue
        dropped = [dim for dim in identity.dims if dim not in quantity.dims]
        array = cells.values[quantity.name]
        is_tagged = any((quantity.name, dim) in tagged for dim in dropped)
        if quantity.name not in cells.own and not is_tagged and not np.isnan(array).any():
            found[quantity] = array[..., :1]  # the same number in each cell: a total already
            continue
        given = [
            dim
            for dim in dropped
            if (quantity.name, dim) not in tagged
            and (
                quantity.name not in cells.own or repeats(array, cells.present, _kept(cells, [dim]))
            )
        ]
        found[quantity] = _add_up(cells, array, given, [dim for dim in dropped if dim not in given])
    return found


def check_ratio(
    cells: PanelCells, identity: Identity, quantities: Mapping[Quantity, Array]
) -> None:
    """Raise where the left side is a ratio whose parts would be added up: the denominator differs between cells.

    Raises
    ------
    PanelError
        If it does.
    """
    for quantity in identity.left.denominator if not identity.defines else ():
        array = quantities[quantity]
        # These pass over NaN: a gap is no difference.
        if (np.fmin.reduce(array, axis=2) < np.fmax.reduce(array, axis=2)).any():
            dims = join_texts(", ", cells.summed)
            raise PanelError(
                say(
                    "{quantity} differs along {dims}, so the sum of {text} is not {text} of "
                    "the whole; write the shares: {quantity}[{dims}]/{quantity} as a factor",
                    quantity=quantity,
                    dims=dims,
                    text=identity.left.text,
                )
            )


def _kept(cells: PanelCells, dropped: Sequence[str]) -> Places:
    """Return, for each cell, the number of its combination of the dims that are kept."""
    kept = [dim for dim in cells.summed if dim not in dropped]
    if not kept:
        return np.zeros(len(cells.cells), dtype=np.intp)
    return pd.factorize(cells.cells.droplevel(list(dropped)))[0]


def _reduce(operation: np.ufunc, array: Array | Mask, codes: Places) -> Array:
    """Return an array whose last axis is reduced to one number for each code."""
    # reduceat takes runs: the members of a code have to stand side by side.
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    return np.asarray(operation.reduceat(array[..., order], starts, axis=-1))


def _add_up(cells: PanelCells, array: Array, given: Sequence[str], dropped: Sequence[str]) -> Array:
    """Return totals over the dropped dims, each number that is given along a dim counted once, at each cell."""
    if not given and not dropped:
        return array
    once, whole = _kept(cells, given), _kept(cells, [*given, *dropped])
    # Along a dim where it is given it stands at each cell: any of these is it, their sum is not.
    parts = _reduce(np.fmax, array, once)
    home = np.zeros(parts.shape[-1], dtype=np.intp)
    home[once] = whole
    sums = _reduce(np.add, np.where(np.isnan(parts), 0.0, parts), home)
    return np.where(_reduce(np.logical_and, np.isnan(parts), home), np.nan, sums)[..., whole]


def average_places(cells: PanelCells, names: Sequence[str]) -> PanelCells:
    """Return the cells with the mean of all places as one more place, called ``mean``."""
    values = {}
    there = np.asarray(~np.isnan(np.stack(cells.telling(names))).all(axis=(0, 3)))[..., None]
    count = there.sum(axis=1, keepdims=True)
    for name, array in cells.values.items():
        with np.errstate(invalid="ignore"):
            mean = np.where(there, array, 0.0).sum(axis=1, keepdims=True) / count
        values[name] = np.concatenate([array, mean], axis=1)
    present = np.concatenate([cells.present, cells.present.any(axis=1, keepdims=True)], axis=1)
    return replace(
        cells,
        values=values,
        places=pd.Index([*cells.places, MEAN], name=cells.places.name),
        present=present,
    )


def compare_states(
    cells: PanelCells,
    identity: Identity,
    quantities: Mapping[Quantity, Array],
    pairs: tuple[Places, Places, Places],
    *,
    absent: Mask,
) -> Changes:
    """Return the values and factors of the pairs (group, place before, place after) that are compared.

    Parameters
    ----------
    absent
        As :func:`find_absent` has it for these pairs.

    Raises
    ------
    PanelError
        If a factor divides by zero where its cell has a value.
    """
    group, first, last = pairs
    # Most states stand on both sides of some comparison: what is worked out of one is worked out once.
    places = len(cells.places)
    states, sides = np.unique(
        np.concatenate([group * places + first, group * places + last]), return_inverse=True
    )
    sides = sides.reshape(2, -1)
    values = {quantity: _take(array, states) for quantity, array in quantities.items()}
    has_gaps = bool(absent.any())
    numbers = _evaluate(identity.product, values)
    start, end = (numbers.take(side, axis=0) for side in sides)
    start, end = (
        np.where(absent, 0.0, side) if has_gaps else np.broadcast_to(side, absent.shape)
        for side in (start, end)
    )
    _check_defined(cells, identity.product, (start, end), pairs)
    # Where nothing is and nothing comes no factor has an effect, whatever it divides by.
    idle = (start == 0) & (end == 0)
    before, after = [], []
    filled = np.zeros(start.shape, dtype=bool)
    for factor in identity.factors:
        numbers = _evaluate(factor, values)
        one, other = (numbers.take(side, axis=0) for side in sides)
        turns = _may_turn(factor, values)
        with np.errstate(
            over="ignore", invalid="ignore"
        ):  # a sum is not a number where a term is not
            is_finite = np.isfinite(numbers.sum())
        if has_gaps or turns or not is_finite:
            if numbers.shape[1] < start.shape[1]:
                one, other = (np.array(np.broadcast_to(side, start.shape)) for side in (one, other))
            bad = np.zeros(start.shape, dtype=bool)
            if np.isinf(numbers).any():
                bad |= ~idle & (np.isinf(one) | np.isinf(other))
            if turns:
                bad |= ~idle & _turns_through_pole(factor, values, sides)
            _refuse_divided_by_zero(cells, factor, pairs, bad=bad, is_before=np.isinf(one))
            _fill((one, other), absent, filled)
        before.append(one)
        after.append(other)

    def name(row: int) -> str:
        return (
            f"{cells.name(int(group[row]))}, {cells.places[int(first[row])]} to"
            f" {cells.places[int(last[row])]}".removeprefix(say("the panel, "))
        )

    # A factor that is 0/0 takes the number of its other side; where the factors then no longer
    # multiply to the value, the change stood in that factor, and no limit says how much.
    rows, columns = np.nonzero(filled & ~idle)
    hidden = ~(
        _agree(take_cells(before, rows, columns), start[rows, columns])
        & _agree(take_cells(after, rows, columns), end[rows, columns])
    )
    _refuse_hidden(cells, hidden, (rows, columns), pairs)
    return Changes(start, end, before, after, name)


def _refuse_divided_by_zero(
    cells: PanelCells,
    factor: Factor,
    pairs: tuple[Places, Places, Places],
    *,
    bad: Mask,
    is_before: Mask,
) -> None:
    """Refuse a factor that divides by zero, or through it, where its cell has a value."""
    if not bad.any():
        return
    group, first, last = pairs
    row, cell = (int(number) for number in np.argwhere(bad)[0])
    place = first if is_before[row, cell] else last
    raise PanelError(
        say(
            "{name}: {text} divides by zero or through it, so its effect has no "
            "limit; leave the cell out, or use another factor",
            name=cells.name(int(group[row]), int(place[row]), cell),
            text=factor.text,
        )
    )


def _refuse_hidden(
    cells: PanelCells,
    hidden: Mask,
    where: tuple[Places, Places],
    pairs: tuple[Places, Places, Places],
) -> None:
    """Refuse cells (pair, cell) whose change stands in a factor that is 0/0 and in no other."""
    if not hidden.any():
        return
    group, _, last = pairs
    row, column = (int(axis[int(hidden.argmax())]) for axis in where)
    raise PanelError(
        say(
            "{name}: a factor is 0/0 and no other explains the change, so it has no "
            "limit; leave the cell out, or use factors that exist there",
            name=cells.name(int(group[row]), int(last[row]), column),
        )
    )


def _take(array: Array, states: Places) -> Array:
    """Return the rows of an array (group, place, cell) that are states: no copy where they stand side by side."""
    rows = array.reshape(-1, array.shape[2])
    # A chain takes all years of a group in turn; a view of them is free.
    if len(states) == states[-1] - states[0] + 1:
        return rows[states[0] : states[-1] + 1]
    return rows.take(states, axis=0)


def _fill(sides: tuple[Array, Array], absent: Mask, filled: Mask) -> None:
    """Give factors that are 0/0 the number of the other side, or 1, and note where; 0 where a cell is absent."""
    at = np.nonzero(absent | ~np.isfinite(sides[0]) | ~np.isfinite(sides[1]))
    one, other = sides[0][at], sides[1][at]
    unknown0, unknown1 = np.isnan(one), np.isnan(other)
    filled[at] |= unknown0 | unknown1
    made = (
        np.where(unknown0, np.where(unknown1, 1.0, other), one),
        np.where(unknown1, np.where(unknown0, 1.0, one), other),
    )
    for side, numbers in zip(sides, made, strict=True):
        side[at] = np.where(absent[at] | ~np.isfinite(numbers), 0.0, numbers)


def _agree(factors: Sequence[Array], values: Array) -> Mask:
    """Return where the factors multiply to the value of their cell."""
    made = reduce(np.multiply, factors)
    return np.asarray(np.abs(made - values) <= _ROUNDING * np.abs(values))


def _evaluate(factor: Factor, values: Mapping[Quantity, Array]) -> Array:
    """Return a factor at each cell: NaN for 0/0, infinite for a number over 0."""
    over = reduce(np.multiply, (values[quantity] for quantity in factor.numerator))
    if not factor.denominator:
        return over
    under = reduce(np.multiply, (values[quantity] for quantity in factor.denominator))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.asarray(over / under)


def _may_turn(factor: Factor, values: Mapping[Quantity, Array]) -> bool:
    return any(bool((values[quantity] < 0).any()) for quantity in factor.denominator)


def _turns_through_pole(factor: Factor, values: Mapping[Quantity, Array], sides: Places) -> Mask:
    """Return where the denominator changes its sign and the numerator does not."""
    signs = []
    for quantities in (factor.numerator, factor.denominator):
        sign = np.ones(1)
        for quantity in quantities:
            before, after = np.sign(values[quantity])[sides]
            sign = sign * before * after
        signs.append(sign)
    return np.asarray((signs[1] < 0) & (signs[0] >= 0))


def find_absent(
    cells: PanelCells, identity: Identity, pairs: tuple[Places, Places, Places]
) -> Mask:
    """Return the cells (pair, cell) whose own numbers are all absent on both sides.

    Raises
    ------
    PanelError
        If a number is there on one side only.
    """
    group, first, last = pairs
    if not cells.has_gaps:
        return np.zeros((len(group), len(cells.cells)), dtype=bool)
    telling = cells.telling(identity.names)
    nothing = np.all(
        [np.isnan(array[group, first]) & np.isnan(array[group, last]) for array in telling], axis=0
    )
    for name in sorted(identity.names, key=lambda name: name not in cells.own):
        array = cells.values[name]
        gaps = [np.isnan(array[group, place]) & ~nothing for place in (first, last)]
        if not (gaps[0].any() or gaps[1].any()):
            continue
        side = 0 if gaps[0].any() else 1
        row, cell = (int(number) for number in np.argwhere(gaps[side])[0])
        place, other = pairs[1 + side][row], pairs[2 - side][row]
        where = cells.name(
            int(group[row]),
            int(place),
            cell if name in cells.own or not cells.own.intersection(identity.names) else None,
        )
        there = (
            ""
            if gaps[1 - side][row, cell]
            else say(", which {place} has", place=cells.places[int(other)])
        )
        states = {
            (int(group[row]), int(at[row]))
            for at, gap in zip((first, last), gaps, strict=True)
            for row in np.flatnonzero(gap.any(axis=1))
        }
        more = (
            say(" (so in {state_count} states)", state_count=len(states)) if len(states) > 1 else ""
        )
        raise PanelError(
            say(
                "{where}: no {name}{there}{more}; absent is not zero: give the number (0 "
                "where there is none of it), or leave the row out",
                where=where,
                name=name,
                there=there,
                more=more,
            )
        )
    return np.asarray(nothing)


def _check_defined(
    cells: PanelCells,
    product: Factor,
    sides: tuple[Array, Array],
    pairs: tuple[Places, Places, Places],
) -> None:
    """Raise where the value of a cell is 0/0 or a number over 0."""
    for side, place in zip(sides, pairs[1:], strict=True):
        bad = ~np.isfinite(side)
        if bad.any():
            row, cell = (int(number) for number in np.argwhere(bad)[0])
            raise PanelError(
                say(
                    "{name}: {text} divides by zero; correct the denominator, or leave the "
                    "cell out",
                    name=cells.name(int(pairs[0][row]), int(place[row]), cell),
                    text=product.text,
                )
            )
