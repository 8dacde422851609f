"""Entries of equations over the activity data of another inventory: what data and factors changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.equations.crossing import cross_evaluations
from carbonacct.errors import EquationError
from carbonacct.inventory.equation_origin import SourceOrigin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.equations import Evaluation
    from carbonacct.inventory.record import Inventory


def cross_entries(inventory: Inventory, other: Inventory) -> np.ndarray:
    """Return entries, t, as their own equations and factor rows give them of another's activity data.

    Returns
    -------
    ndarray
        One number an entry; NaN of energy, of what has no number, and of a source that the other
        does not have.

    Examples
    --------
    >>> import carbonacct as ca
    >>> tables = "docs/tables/chongqing_2007_activities.csv"
    >>> whole = ca.compile_sectors(tables, method="provincial-2011")
    >>> bool(np.allclose(cross_entries(whole, whole), whole.entries["value"], equal_nan=True))
    True
    """
    crossed = np.full(len(inventory), np.nan)
    origin, cell = (inventory.entries[name].to_numpy() for name in ("origin", "cell"))
    theirs = _list_evaluations(other)
    for own, blocks in _list_evaluations(inventory).items():
        for one, others in theirs.items():
            both = [name for name in blocks if name in others]
            if not both or not _have_in_common(own, one):
                continue
            try:
                found = cross_evaluations(own, one, both)
            except EquationError:  # years that it looks back to lack
                continue
            for name in both:
                rows = np.flatnonzero(np.isin(origin, blocks[name]))
                place = _find_places(own, found, name, cell[rows])
                values = found.values(name).ravel()[np.maximum(place, 0)]
                crossed[rows] = np.where(place < 0, crossed[rows], values)
    crossed[inventory.entries["value"].isna()] = np.nan
    return crossed


def _list_evaluations(inventory: Inventory) -> dict[Evaluation, dict[str, list[int]]]:
    """Return the evaluations of an inventory, each with its sources and their origins."""
    found: dict[Evaluation, dict[str, list[int]]] = {}
    for number, origin in enumerate(inventory.origins):
        if isinstance(origin, SourceOrigin):
            blocks = found.setdefault(origin.evaluation, {})
            blocks.setdefault(origin.block, []).append(number)
    return found


def _have_in_common(own: Evaluation, other: Evaluation) -> bool:
    """Return whether two evaluations are of one sector, and of some area and year in common."""
    one, two = own.data.axes, other.data.axes
    same_sector = _sector_of(own) == _sector_of(other)
    return same_sector and bool({*one.areas} & {*two.areas}) and bool({*one.years} & {*two.years})


def _sector_of(evaluation: Evaluation) -> str:
    return evaluation.sector.id.rpartition("/")[2]


def _find_places(own: Evaluation, found: Evaluation, block: str, cells: np.ndarray) -> np.ndarray:
    """Return the places of entries in another evaluation of their source, -1 where it has none."""
    sides = [_labels_along(one, block) for one in (own, found)]
    place = np.unravel_index(cells, [len(known) for known in sides[0].values()])
    at = [
        np.array([list(sides[1][dim]).index(x) if x in sides[1][dim] else -1 for x in known])[axis]
        for (dim, known), axis in zip(sides[0].items(), place, strict=True)
    ]
    there = np.all([one >= 0 for one in at], axis=0)
    shape = [len(known) for known in sides[1].values()]
    return np.where(there, np.ravel_multi_index([np.maximum(one, 0) for one in at], shape), -1)


def _labels_along(evaluation: Evaluation, block: str) -> Mapping[str, tuple[object, ...]]:
    axes = evaluation.data.axes
    return {"area": axes.areas, "year": axes.years, **evaluation.labels(block)}
