"""A long table -> one array per column over (group, place, cell), and which rows stand behind each number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.analysis.series import MELT, read_numbers
from carbonacct.errors import Finding, PanelError, did_you_mean
from carbonacct.texts import as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from carbonacct.analysis.state_changes import Array, Mask, Places

_SHOWN = 3
_MOST_NUMBERS = 2_000_000_000


@dataclass(frozen=True)
class PanelCells:
    """Columns as arrays (group, place, cell).

    Attributes
    ----------
    values
        One array a column; NaN where there is no row or the row has no number.
    groups, places, cells
        Labels: a group is a combination of the ``by`` dims, a place a label of ``over``, a cell a
        combination of the summed dims.
    present
        Where the table has a row with a number.
    own
        Columns that differ between cells; the others are totals that each row of the table repeats.
    """

    values: Mapping[str, Array]
    groups: pd.MultiIndex
    places: pd.Index
    cells: pd.MultiIndex
    present: Mask
    own: frozenset[str]
    findings: tuple[Finding, ...] = ()

    @cached_property
    def has_gaps(self) -> bool:
        """Whether a column lacks a number somewhere."""
        return any(bool(np.isnan(array).any()) for array in self.values.values())

    @property
    def grouped(self) -> tuple[str, ...]:
        """Return the dims that are kept apart."""
        return tuple(str(dim) for dim in self.groups.names if dim)

    @property
    def summed(self) -> tuple[str, ...]:
        """Return the dims that are summed."""
        return tuple(str(dim) for dim in self.cells.names if dim)

    def telling(self, names: Iterable[str]) -> list[Array]:
        """Return the columns that say whether a cell is there: its own, or all where every column repeats."""
        return [self.values[name] for name in names if name in self.own] or [
            self.values[name] for name in names
        ]

    def name(self, group: int, place: int | None = None, cell: int | None = None) -> str:
        """Return the labels of a group, a place and a cell as a message says them."""
        parts = [
            f"{dim}={label}"
            for dim, label in zip(self.groups.names, self.groups[group], strict=True)
            if dim
        ]
        if place is not None:
            parts.append(f"{self.places.name}={self.places[place]}")
        if cell is not None:
            parts += [
                f"{dim}={label}"
                for dim, label in zip(self.cells.names, self.cells[cell], strict=True)
                if dim
            ]
        return ", ".join(parts) or "the panel"


def read_cells(
    panel: pd.DataFrame,
    names: Iterable[str],
    *,
    over: str,
    by: Sequence[str],
    sum_over: Sequence[str],
) -> PanelCells:
    """Return the columns of a long table as arrays.

    Raises
    ------
    PanelError
        If a column is missing, a label is blank, a number is text, or two rows have the same
        labels.
    """
    names = list(dict.fromkeys(names))
    dims = [over, *by, *sum_over]
    _check_columns(panel, names, dims)
    panel, findings = _leave_out_notes(panel, dims, names)
    numbers = {name: read_numbers(panel[name], name) for name in names}
    places, at = _index_places(panel[over])
    groups, group = _index(panel, by)
    cells, cell = _index(panel, sum_over)
    shape = (len(groups), len(places), len(cells))
    if np.prod(shape, dtype=float) * len(names) > _MOST_NUMBERS:
        raise PanelError(
            say(
                "{shape} labels of {dims} are too many for one table; decompose parts of it",
                shape=" x ".join(map(str, shape)),
                dims=join_texts(", ", dims),
            )
        )
    flat = np.ravel_multi_index((group, at, cell), shape)
    _check_duplicates(panel, flat, dims, names)
    values = {}
    for name, column in numbers.items():
        array = np.full(int(np.prod(shape)), np.nan)
        array[flat] = column
        values[name] = array.reshape(shape)
    present = np.zeros(int(np.prod(shape)), dtype=bool)
    present[flat] = ~np.all([np.isnan(column) for column in numbers.values()], axis=0)
    present = present.reshape(shape)
    return finish_cells(PanelCells(values, groups, places, cells, present, frozenset(), findings))


def finish_cells(read: PanelCells, once: Collection[str] = ()) -> PanelCells:
    """Return cells that say which columns are their own; the others have their number in each.

    Parameters
    ----------
    read
        Whose columns are looked at.
    once
        Columns of which it is known that they repeat one number, if anything does.
    """
    values, present = dict(read.values), read.present
    is_several = _has_several(present)
    own = {
        name
        for name, array in values.items()
        if not is_several or (name not in once and not repeats(array, present))
    }
    for name in values.keys() - own:
        # Where no cell is blank all are the first already; a cell that is not there is blank in every column.
        if np.isnan(values[name]).any():
            number = np.fmax.reduce(values[name], axis=2, keepdims=True)
            values[name] = np.where(present, number, np.nan)
    return replace(read, values=values, own=frozenset(own))


def repeats(array: Array, present: Mask, codes: Places | None = None) -> bool:
    """Return whether rows along the last axis (or within each code of it) repeat one number.

    One beside a blank does not.
    """
    several = False
    for code in [None] if codes is None else np.unique(codes):
        part, there = (
            (array, present)
            if code is None
            else (array[..., codes == code], present[..., codes == code])
        )
        # Most columns that do not repeat show it in the first group.
        if not (_is_one_number(part[:1], there[:1]) and _is_one_number(part, there)):
            return False
        several |= _has_several(there)
    return several


def _has_several(there: Mask) -> bool:
    """Return whether a row has more than one cell with a number."""
    return there.shape[-1] > 1 if there.all() else bool((there.sum(axis=-1) > 1).any())


def _is_one_number(part: Array, there: Mask) -> bool:
    blank = np.isnan(part)
    if not blank.any():
        return bool((part == part[..., :1]).all())
    one = np.fmax.reduce(part, axis=-1, keepdims=True)
    return bool(((part == one) | (blank & ~there) | np.isnan(one)).all())


def _check_columns(panel: pd.DataFrame, names: Sequence[str], dims: Sequence[str]) -> None:
    twice = panel.columns[panel.columns.duplicated()]
    if len(twice):
        raise PanelError(say("column {twice!r} is there twice; rename one", twice=twice[0]))
    for dim in dims:
        if dims.count(dim) > 1:
            raise PanelError(
                say(
                    "{dim!r} is named in more than one of over, by and sum_over; name it once",
                    dim=dim,
                )
            )
    for name in (*dims, *names):
        if name not in panel.columns:
            columns = [str(column) for column in panel.columns]
            near = did_you_mean(name, columns) or say(
                "columns: {columns}{rest}",
                columns=as_typed(columns[:12]),
                rest=" ..." if len(columns) > 12 else "",
            )
            raise PanelError(
                say(
                    "the panel has no column {name!r}; {near}{melt}",
                    name=name,
                    near=near,
                    melt=MELT if name in dims else "",
                )
            )
    for name in names:
        if name in dims:
            raise PanelError(
                say("{name!r} is a label here and a number in the identity; rename one", name=name)
            )


def _leave_out_notes(
    panel: pd.DataFrame, dims: Sequence[str], names: Sequence[str]
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return the rows without those that have no label and no number needed: notes and other tables below."""
    notes = panel[[*dims, *names]].isna().all(axis=1).to_numpy()
    left = panel[~notes]
    if left.empty:
        raise PanelError(say("the panel has no rows with labels; export the table again"))
    if not notes.any():
        return left, ()
    rows = panel.index[notes]
    text = say(
        "rows {rows}{rest} ({row_count})",
        rows=join_texts(", ", map(str, rows[:_SHOWN])),
        rest=" ..." if len(rows) > _SHOWN else "",
        row_count=len(rows),
    )
    return left, (
        Finding(
            "no-labels",
            "info",
            say("{rows} have no label and no number that the identity needs: left out", rows=text),
        ),
    )


def _index(panel: pd.DataFrame, dims: Sequence[str]) -> tuple[pd.MultiIndex, Any]:
    """Return the combinations of labels that occur, in order of appearance, and the one of each row."""
    if not dims:
        return pd.MultiIndex.from_tuples([("",)], names=[None]), np.zeros(len(panel), dtype=np.intp)
    codes, levels = [], []
    for dim in dims:
        code, level = pd.factorize(panel[dim])
        _check_labels(panel[dim], code, level)
        codes.append(code)
        levels.append(level)
    flat = np.ravel_multi_index(codes, [len(level) for level in levels])
    code, seen = pd.factorize(flat)
    parts = np.unravel_index(seen, [len(level) for level in levels])
    index = pd.MultiIndex.from_arrays(
        [pd.Index(level)[part] for level, part in zip(levels, parts, strict=True)], names=list(dims)
    )
    return index, code


def _index_places(column: pd.Series[Any]) -> tuple[pd.Index, Any]:
    """Return the labels of ``over``, years in order, other labels as they appear, and the one of each row."""
    if column.dtype.kind in "bmMc":
        raise PanelError(
            say(
                "column {name!r} holds {dtype}; give years as whole numbers, or labels as text",
                name=column.name,
                dtype=column.dtype,
            )
        )
    texts = column.dtype.kind not in "fiu"
    coded = texts and bool(
        column.astype(str).str.match(r"0\d").any()
    )  # 0571 is the code of an area, not a year
    years = (
        column
        if not texts
        else pd.Series(np.nan, column.index)
        if coded
        else pd.to_numeric(column, errors="coerce")
    )
    if not texts:
        _check_labels(column, np.where(column.isna(), -1, 0), ())
    if years.notna().all() and np.isfinite(years.to_numpy(dtype=float)).all():
        numbers = years.to_numpy(dtype=float)
        whole = bool((numbers == np.round(numbers)).all())
        at, places = pd.factorize(numbers.astype(np.int64) if whole else numbers, sort=True)
        return pd.Index(places, name=column.name), at
    at, labels = pd.factorize(column)
    _check_labels(column, at, labels)
    return pd.Index(labels, name=column.name), at


def _check_labels(column: pd.Series[Any], codes: Any, labels: Any) -> None:
    empty = [number for number, label in enumerate(labels) if not str(label).strip()]
    blank = (codes < 0) | np.isin(codes, empty)
    if blank.any():
        raise PanelError(
            say(
                "row {row}: {name} is blank; give the label or leave the row out",
                row=column.index[int(blank.argmax())],
                name=column.name,
            )
        )


def _check_duplicates(
    panel: pd.DataFrame, flat: Any, dims: Sequence[str], names: Sequence[str]
) -> None:
    twice = np.bincount(flat)[flat] > 1
    if not twice.any():
        return
    rows = panel.index[np.flatnonzero(flat == flat[int(twice.argmax())])[:_SHOWN]]
    labels = join_texts(", ", (f"{dim}={panel[dim].iloc[int(twice.argmax())]}" for dim in dims))
    same = panel[twice]
    apart = [
        str(column)
        for column in panel.columns
        if column not in dims
        and column not in names
        and same[column].dtype.kind != "f"
        and same.groupby(flat[twice])[column].nunique().max() > 1
    ]
    hint = (
        say("name {apart} in by or sum_over", apart=join_texts(" or ", apart[:_SHOWN]))
        if apart
        else say("leave one out")
    )
    raise PanelError(
        say(
            "rows {rows} have the same labels ({labels}); {hint}",
            rows=join_texts(", ", map(str, rows)),
            labels=labels,
            hint=hint,
        )
    )
