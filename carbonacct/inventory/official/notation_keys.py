"""Which notation key stands in a cell of an official table that has no number, or lacks a part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from carbonacct.categories import categories, may_emit

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from carbonacct.inventory.official.layouts import OfficialColumn, OfficialLayout, Row
    from carbonacct.inventory.official.placing import Placed


class Covered(NamedTuple):
    """What is known of a category: whether it has a number, its notation keys, and whether the compiler states them."""

    has_number: bool
    keys: frozenset[str]
    is_stated: bool = False


Coverage = dict[tuple[str, int, str, str], Covered]  # of area, year, category and gas


@dataclass(frozen=True)
class RowSums:
    """What rows hold themselves (period, row, column): sums, how many numbers, and keys."""

    total: np.ndarray
    count: np.ndarray
    stated: np.ndarray

    def sums(self, chosen: list[list[int]]) -> np.ndarray:
        """Return the sums of rows with those below them; NaN where none has a number."""
        total = np.stack([self.total[:, rows].sum(axis=1) for rows in chosen], axis=1)
        count = np.stack([self.count[:, rows].sum(axis=1) for rows in chosen], axis=1)
        return np.where(count > 0, total, np.nan)


def sum_rows(
    placed: Placed, entries: pd.DataFrame, size: tuple[int, int, tuple[OfficialColumn, ...]]
) -> RowSums:
    """Return what rows hold themselves."""
    periods, rows, columns = size
    shape = (periods, rows, len(columns))
    total, count = np.zeros(shape), np.zeros(shape, int)
    stated = np.full(shape, "", dtype=object)
    notation = entries["notation"].astype(object).to_numpy()
    is_weighted = np.array([one.is_equivalent for one in columns])
    for entry in np.flatnonzero(placed.row >= 0):
        own = int(placed.column[entry])
        last = [len(columns) - 1] if columns[-1].gas.startswith("CO2e") else []
        for column in (own, *last):
            at = int(placed.period[entry]), int(placed.row[entry]), column
            weight = placed.weight[entry] if is_weighted[column] else 1.0
            if notation[entry]:
                stated[at] = _join_keys([stated[at], notation[entry]], lacking=False)
            else:
                total[at] += placed.value[entry] * weight
                count[at] += 1
    return RowSums(total, count, stated)


@dataclass(frozen=True)
class NotationKeys:
    """What decides the notation key of a cell."""

    layout: OfficialLayout
    periods: tuple[tuple[str, int], ...]
    columns: tuple[OfficialColumn, ...]
    coverage: Coverage
    held: Mapping[tuple[int, int, int], set[str]]

    def find(self, own: RowSums, chosen: list[list[int]]) -> np.ndarray:
        """Return the keys (period, row, column) of cells."""
        single = np.full(own.stated.shape, "", dtype=object)
        for p, r, c in np.ndindex(*single.shape):
            if own.stated[p, r, c]:
                single[p, r, c] = own.stated[p, r, c]
            elif not own.count[p, r, c]:
                single[p, r, c] = self._of_row(own, (p, r, c))
        keys = np.full(single.shape, "", dtype=object)
        for p, r, c in np.ndindex(*single.shape):
            has_number = bool(own.count[p, chosen[r], c].any())
            parts = own.stated if has_number else single
            found = _join_keys(parts[p, chosen[r], c], lacking=has_number)
            keys[p, r, c] = self.layout.renames.get(found, found)
        return keys

    def _of_row(self, own: RowSums, at: tuple[int, int, int]) -> str:
        """Return why a row holds nothing itself; empty where it takes nothing itself."""
        p, r, c = at
        row, gas = self.layout.rows[r], self.columns[c].gas
        if gas.startswith("CO2e"):
            others = [self._of_row(own, (p, r, one)) for one in range(len(self.columns) - 1)]
            return _join_keys(others, lacking=False)
        if not row.selectors and (row.sums or len(self.layout.within(r)) > 1):
            return ""
        return (
            row.keys.get(gas)
            or self._find_stated(p, row, gas)
            or self._find_elsewhere(own, at)
            or self._find_covered(p, row, gas)
        )

    def _find_stated(self, p: int, row: Row, gas: str) -> str:
        """Return the keys that the compiler states of all categories of a row that may emit the gas."""
        known = self._list_known(p, row, gas)
        if not known or not all(one.is_stated for one in known):
            return ""
        return _join_keys([",".join(sorted(one.keys)) for one in known], lacking=False)

    def _list_known(self, p: int, row: Row, gas: str) -> list[Covered]:
        """Return what is known of the categories of a row that may emit a gas."""
        codes = [code for one in row.selectors for code in one.of if _emits(code, gas)]
        found = [self.coverage.get((*self.periods[p], code, gas)) for code in codes]
        return [one for one in found if one is not None]

    def _find_elsewhere(self, own: RowSums, at: tuple[int, int, int]) -> str:
        """Return IE where another row holds the number of a row undivided, or the key that it has."""
        p, r, c = at
        row = self.layout.rows[r]
        codes = [one.code for one in self.layout.rows]
        if row.part_of and own.count[p, codes.index(row.part_of), c]:
            return "IE"
        above = self.layout.above(r)
        while above >= 0:
            if _is_held(row, self.held.get((p, above, c), set())):
                if own.count[p, above, c]:
                    return "IE"
                if own.stated[p, above, c]:
                    return str(own.stated[p, above, c])
            above = self.layout.above(above)
        return ""

    def _find_covered(self, p: int, row: Row, gas: str) -> str:
        """Return the key by what is known of the row's categories."""
        codes = [code for one in row.selectors for code in one.of]
        if not codes or row.selectors[0].kind.startswith("scope"):
            return "NE"
        known = self._list_known(p, row, gas)
        if not known and not any(_emits(code, gas) for code in codes):
            return "NA"
        if not known or any(one.has_number for one in known):
            return "NE"
        return _join_keys([",".join(sorted(one.keys)) for one in known], lacking=False) or "NA"


@cache
def _emits(code: str, gas: str) -> bool:
    """Return whether a category, or one below it, may emit a gas."""
    below = [one for one in categories() if one == code or one.startswith(code + ".")]
    return any(may_emit(one, gas) for one in below)


def _is_held(row: Row, held: set[str]) -> bool:
    """Return whether what a row above holds undivided may hold this row's part."""
    codes = [code for one in row.selectors for code in one.of]
    if not codes:
        return bool(held)
    return any(code == one or code.startswith(one + ".") for code in codes for one in held)


def find_undivided(entries: pd.DataFrame, placed: Placed) -> dict[tuple[int, int, int], set[str]]:
    """Return the categories of the entries that each cell (period, row, column) holds itself: no part of nothing."""
    category = entries["category"].astype(object).to_numpy()
    found: dict[tuple[int, int, int], set[str]] = {}
    axes = (placed.period, placed.row, placed.column)
    holds = (placed.value != 0).tolist()
    columns = (axis.tolist() for axis in axes)
    for code, is_some, p, r, c in zip(category, holds, *columns, strict=True):
        if r >= 0 and is_some:
            found.setdefault((p, r, c), set()).add(code)
    return found


def _join_keys(parts: Any, *, lacking: bool) -> str:
    """Return the keys of a sum's parts; of one that has a number only what it lacks."""
    keys = {key for part in parts for key in str(part).split(",") if key}
    if lacking:
        keys &= {"NE", "C"}
    elif len(keys) > 1:
        keys -= {"NA"}
    return ",".join(sorted(keys))
