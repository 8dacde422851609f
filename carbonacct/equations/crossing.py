"""The equations and factor rows of one evaluation over the activity data of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct.equations.arithmetic import MISSING, NO, NUMBER, NumbersAndStates, states_of
from carbonacct.equations.axes import Axes, Data, Numbers
from carbonacct.equations.dimensions import measure, scale_between
from carbonacct.equations.evaluation import inputs_of, with_needs
from carbonacct.equations.source_entries import evaluate_sources
from carbonacct.equations.stored_numbers import no_numbers
from carbonacct.factors.editions import FactorRow

if TYPE_CHECKING:
    from collections.abc import Collection

    from carbonacct.equations.source_entries import Evaluation


class _Laid(NamedTuple):
    """The numbers of a symbol along other axes."""

    values: np.ndarray
    states: np.ndarray
    is_cell: np.ndarray  # where a number comes from a cell, not from a factor row
    reported: np.ndarray


def cross_evaluations(own: Evaluation, other: Evaluation, sources: Collection[str]) -> Evaluation:
    """Return sources of one evaluation worked out over the activity data of another.

    What a compiler states of a parameter is activity data. An activity that the other's sector file
    does not ask for keeps its numbers, and so does a factor that only one of both has.

    Parameters
    ----------
    sources
        Ids of sources of ``own``.

    Returns
    -------
    Evaluation
        Over the areas of both, and the years and labels of either.

    Raises
    ------
    EquationError
        If a source looks back over years and one is missing from those of both.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.equations import arrange, choose_factors, evaluate, load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> one, other = (
    ...     evaluate(sector, choose_factors(sector, arrange(sector, rows)))
    ...     for rows in (
    ...         pd.DataFrame({"symbol": ["carbide_output"], "value": [value], "area": "重庆", "year": 2020})
    ...         for value in (1000.0, 1500.0)
    ...     )
    ... )
    >>> crossed = cross_evaluations(one, other, ["calcium_carbide"])
    >>> round(crossed.values("calcium_carbide").item(), 6)
    1731.0
    """
    axes = _join_axes(own.data.axes, other.data.axes)
    sector = own.sector
    used = {name for one in with_needs(sector, sources) for name in inputs_of(sector.blocks[one])}
    nothing = no_numbers(len(axes.dims))
    numbers = dict.fromkeys((*sector.activities, *sector.parameters), nothing)
    for name in sorted(used & numbers.keys() & own.data.numbers.keys()):
        mine, theirs = _lay(own, name, axes), _lay_other(own, other, name, axes)
        if theirs is None:
            numbers[name] = _as_numbers(mine)
        elif name in sector.activities:
            numbers[name] = _as_numbers(theirs)
        else:
            numbers[name] = _as_numbers(_mix_parameter(mine, theirs))
    return evaluate_sources(sector, Data(axes, numbers), sources)


def _join_axes(own: Axes, other: Axes) -> Axes:
    """Return the areas of both, and the years and labels of either along the dims of one."""
    areas = tuple(area for area in own.areas if area in set(other.areas))
    labels = {
        dim: tuple(dict.fromkeys((*known, *other.labels.get(dim, ()))))
        for dim, known in own.labels.items()
    }
    named = {  # a dim of which nobody names a label has one without a name
        dim: tuple(filter(None, known)) or known for dim, known in labels.items()
    }
    return Axes(areas, tuple(sorted({*own.years, *other.years})), named)


def _lay_other(own: Evaluation, other: Evaluation, name: str, axes: Axes) -> _Laid | None:
    """Return the numbers that the other has of a symbol in the unit of one; None where it has none such."""
    is_activity = name in own.sector.activities
    if name not in other.data.numbers or is_activity != (name in other.sector.activities):
        return None
    if not set(other.sector.dims_of(name)) <= set(axes.labels):
        return None
    theirs, mine = measure(other.sector.unit_of(name)), measure(own.sector.unit_of(name))
    if theirs.powers != mine.powers:  # another quantity of the same name
        return None
    laid = _lay(other, name, axes)
    return laid._replace(values=laid.values * scale_between(theirs, mine))


def _lay(evaluation: Evaluation, name: str, axes: Axes) -> _Laid:
    """Return the numbers of a symbol along axes; what has no place there is missing, or does not occur."""
    numbers, held = evaluation.data.numbers[name], evaluation.data.axes
    values = np.asarray(numbers.cells.values, float)
    states = np.broadcast_to(states_of(numbers.cells), values.shape)
    origins = np.broadcast_to(-1 if numbers.origins is None else numbers.origins, values.shape)
    of_cell = np.array([not isinstance(one, FactorRow) for one in numbers.sources] + [False])
    dims = {"area", "year", *evaluation.sector.dims_of(name)}
    there = np.ones((1,) * len(axes.dims), bool)
    gone = np.zeros((1,) * len(axes.dims), bool)  # a label that this side does not name
    arrays = [_align(array, held, axes) for array in (values, states, origins)]
    for axis, dim in enumerate(axes.dims):
        is_own = dim in dims and dim in held.dims
        if not is_own or arrays[0].shape[axis] != len(held.labels_of(dim)):
            continue  # one number for all
        known = {label: number for number, label in enumerate(held.labels_of(dim))}
        place = np.array([known.get(label, -1) for label in axes.labels_of(dim)])
        arrays = [np.take(array, np.maximum(place, 0), axis=axis) for array in arrays]
        lacks = (place < 0).reshape([-1 if one == axis else 1 for one in range(len(axes.dims))])
        if dim in {"area", "year"}:
            there = there & ~lacks
        else:
            gone = gone | lacks
    values, states, origins = arrays
    whole = np.broadcast_shapes(values.shape, there.shape, gone.shape)
    values, states, origins, there, gone = (
        np.broadcast_to(array, whole) for array in (values, states, origins, there, gone)
    )
    over = tuple(range(2, len(whole)))
    some = ((states != MISSING) & ~gone).any(axis=over, keepdims=True)
    absent = np.where(some & (name in evaluation.sector.activities), NO, MISSING)
    states = np.where(there, np.where(gone, absent, states), MISSING).astype(np.int8)
    values = np.where(states == NUMBER, values, 0.0)
    origins = np.where(there & ~gone, origins, -1)
    reported = states == NUMBER if numbers.origins is None else origins >= 0
    return _Laid(values, states, of_cell[origins], reported)


def _align(array: np.ndarray, held: Axes, axes: Axes) -> np.ndarray:
    """Return an array with the dims of other axes in their order, of length 1 where it has none."""
    order = [held.dims.index(dim) for dim in axes.dims if dim in held.dims]
    rest = [axis for axis in range(array.ndim) if axis not in order]  # of length 1
    moved = array.transpose(order + rest)
    lengths = iter(moved.shape)
    return moved.reshape([next(lengths) if dim in held.dims else 1 for dim in axes.dims])


def _mix_parameter(mine: _Laid, theirs: _Laid) -> _Laid:
    """Return a parameter of one's own, with what the other states of it."""
    # A row under a number that was stated is not known any more: the other's row serves.
    from_other = theirs.is_cell | mine.is_cell | (mine.states == MISSING)
    from_other = from_other & (theirs.states != MISSING)
    return _Laid(*(np.where(from_other, *pair) for pair in zip(theirs, mine, strict=True)))


def _as_numbers(laid: _Laid) -> Numbers:
    states = laid.states if (laid.states != NUMBER).any() else None
    origins = np.where(laid.reported, 0, -1)
    return Numbers(NumbersAndStates(laid.values, states), origins, ("",))
