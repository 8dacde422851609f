"""Choose, for every combination of labels, the row of a keyed table: once a group, then spread."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import FactorDataError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carbonacct.factors.editions import FactorRow
    from carbonacct.factors.keyed import KeyedEdition, Parameter

# How near a row's cell is to a label: itself, a step less for its group; then its province, and so
# on up; blank last.
_ITSELF, _STEP, _ANY, _NONE = 60, 2, 0, -1
_RADIX = 64
_PLACES = ("area", "year")


@dataclass(frozen=True)
class Chosen:
    """Rows chosen for a parameter.

    Attributes
    ----------
    index
        int32 (area, year, dims of the parameter in the order of its keys), an index into ``rows``,
        -1 where there is none; of length 1 along area where the table has no areas.
    rows
        All rows of the parameter that could be chosen.
    """

    index: np.ndarray
    rows: tuple[FactorRow, ...]


class _Ranks(NamedTuple):
    """How near rows are to each kind of label along a dim (kind, row), and the kind of each label."""

    near: np.ndarray
    kind: np.ndarray


class _CandidateRow(NamedTuple):
    order: int
    edition: KeyedEdition
    row: FactorRow


def choose_rows(
    parameter: Parameter,
    editions: Sequence[KeyedEdition],
    *,
    areas: Sequence[str],
    years: Sequence[int],
    labels: Mapping[str, Sequence[str]],
    allow_unverified: bool = False,
    once: bool = False,
) -> Chosen:
    """Return the row for each area, year and combination of labels.

    The first edition that has any gives it; within an edition the row nearest in the parameter's
    first key, then in the next; then one with years before one without. A label itself is nearer
    than its group, a group nearer than blank; a city takes its province's place.

    Parameters
    ----------
    allow_unverified
        Take rows that could not be checked as well.
    once
        Where all areas, or all years, have the same rows, their axis has the length 1.

    Raises
    ------
    FactorDataError
        If two rows are equally near.
    """
    kept = [
        _CandidateRow(order, edition, row)
        for order, edition in enumerate(editions)
        for row in edition.rows.get(parameter.file, ())
        if not math.isnan(row.value) and (allow_unverified or row.status != "unverified")
    ]
    axes = ("area", "year", *parameter.dims)
    if not kept:
        return Chosen(np.full([1] * len(axes), -1, np.int32), ())
    # Places that every row treats alike are asked once, and the answer is spread over them.
    asked = {"area": areas, **labels}
    alike = {dim: _rank(kept, column, parameter, asked[dim]) for dim, column in parameter.keys}
    alike["year"] = _find_valid(kept, years)
    all_alike = np.zeros((1, len(kept)), np.int64)
    alike.setdefault("area", _Ranks(all_alike, np.zeros(1, np.intp)))
    shape = [len(alike[dim].near) for dim in axes]

    def along(dim: str) -> np.ndarray:
        sizes = [n if axes[at] == dim else 1 for at, n in enumerate(shape)]
        return alike[dim].near.reshape([*sizes, len(kept)])

    fits = along("year") != _NONE
    # Digits of one number: the edition first, then the keys in their order, each below the radix.
    score = np.array([len(editions) - candidate.order for candidate in kept], np.int64)
    for dim, _ in parameter.keys:
        fits = fits & (along(dim) != _NONE)
        score = score * _RADIX + along(dim)
    dated = np.array([bool(c.row.first_year or c.row.last_year) for c in kept], np.int64)
    score = np.where(fits, score * 2 + dated, _NONE)
    best = score.argmax(axis=-1)
    top = np.take_along_axis(score, best[..., None], axis=-1)
    _refuse_ties(parameter, kept, score == top, top[..., 0])
    small = np.broadcast_to(np.where(top[..., 0] == _NONE, -1, best), shape).astype(np.int32)
    places = [
        alike[dim].kind[:1]
        if once and dim in _PLACES and len(alike[dim].near) == 1
        else alike[dim].kind
        for dim in axes
    ]
    return Chosen(small[np.ix_(*places)], tuple(candidate.row for candidate in kept))


def _find_valid(kept: Sequence[_CandidateRow], years: Sequence[int]) -> _Ranks:
    first = np.array([candidate.row.first_year or -math.inf for candidate in kept])
    last = np.array([candidate.row.last_year or math.inf for candidate in kept])
    asked = np.array(years)[:, None]
    valid = np.where((first <= asked) & (asked <= last), _ANY, _NONE)
    near, kind = np.unique(valid, axis=0, return_inverse=True)
    return _Ranks(near, kind.ravel())


def _rank(
    kept: Sequence[_CandidateRow], column: str, parameter: Parameter, labels: Sequence[str]
) -> _Ranks:
    """Return how near each row's cell is to labels, -1 where it is not for them."""
    cells: dict[tuple[int, str], list[int]] = {}
    partitions: dict[int, Mapping[str, str]] = {}  # of each edition its own
    name = dict(parameter.groups).get(column, "")
    for number, candidate in enumerate(kept):
        cell = dict(candidate.row.labels).get(column, "")
        cells.setdefault((candidate.order, cell), []).append(number)
        partitions[candidate.order] = candidate.edition.partitions.get(name, {})
    kinds: dict[tuple[tuple[int, str, int], ...], int] = {}
    kind = np.zeros(len(labels), np.intp)
    for position, label in enumerate(labels):
        chain = area_chain(label) if column == "area" else [(label,)]
        met = tuple(
            (order, cell, near)
            for order, partition in partitions.items()
            for cell, near in _names_of(chain, partition)
            if (order, cell) in cells
        )
        kind[position] = kinds.setdefault(met, len(kinds))
    ranks = np.full((len(kinds), len(kept)), _NONE, np.int64)
    ranks[:, [number for (_, cell), rows in cells.items() if not cell for number in rows]] = _ANY
    for met, number in kinds.items():
        for order, cell, near in met:
            rows = cells[order, cell]
            ranks[number, rows] = np.maximum(ranks[number, rows], near)
    return _Ranks(ranks, kind)


def _names_of(
    chain: Sequence[tuple[str, ...]], partition: Mapping[str, str]
) -> Iterator[tuple[str, int]]:
    """Go over the names under which a table may list a label, each with how near it is."""
    for depth, names in enumerate(chain):
        near = _ITSELF - _STEP * depth
        for name in names:
            yield name, near
            if name in partition:
                yield partition[name], near - 1


@lru_cache(maxsize=4096)
def area_chain(area: str) -> list[tuple[str, ...]]:
    """Return the names of an area (as written, and its id), then of its province, up to the nation.

    Examples
    --------
    >>> area_chain("厦门")
    [('厦门', 'xiamen'), ('fujian',), ('CN',)]
    """
    known = vocabulary.areas()
    found = area if area in known else vocabulary.resolve("area", area)
    above = vocabulary.list_above(found)[1:] if found else []
    return [tuple(dict.fromkeys((area, found or area))), *((one,) for one in above)]


def _refuse_ties(
    parameter: Parameter, kept: Sequence[_CandidateRow], best: np.ndarray, top: np.ndarray
) -> None:
    tied = (best.sum(axis=-1) > 1) & (top != _NONE)
    if tied.any():
        first, second = np.flatnonzero(best[tied][0])[:2]
        rows = kept[first].row, kept[second].row
        raise FactorDataError(
            say(
                "{id}: {file}:{line} and line {row_line} are equally near",
                id=parameter.id,
                file=rows[0].file,
                line=rows[0].line,
                row_line=rows[1].line,
            )
        )
