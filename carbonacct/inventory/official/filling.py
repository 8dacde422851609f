"""Official tables filled from an inventory: sums of entries, notation keys, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.categories import categories, may_emit
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import Finding, name_some
from carbonacct.inventory.entry_columns import plain_columns
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.inventory.official.layouts import SCALES, UNITS
from carbonacct.inventory.official.placing import (
    MEMO,
    NO_ROW,
    OTHER_SECTOR,
    SCOPE2,
    place_entries,
)
from carbonacct.inventory.record import Inventory
from carbonacct.texts import say
from carbonacct.vocabulary import GASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.inventory.official.layouts import OfficialLayout, Row
    from carbonacct.inventory.record import EntryOrigin

NO_COLUMN = -5
REASONS = {
    OTHER_SECTOR: ("属其他部门，不在本表", "it is of another sector"),
    SCOPE2: (
        "净调入的间接排放，本表没有这一行",
        "scope 2 of what is brought in, net: the table has no row",
    ),
    MEMO: ("信息项，本表没有这一行", "a memo item, of which the table has no row"),
    NO_ROW: ("本表没有这一类别的行", "the table has no row of the category"),
    NO_COLUMN: ("本表没有这种气体的列", "the table has no column of the gas"),
}
QUALITY = ("activity_quality", "factor_quality", "activity_reason", "factor_reason")
LISTED = ("area", "year", "sector", "kind", "category", "flow", "gas", "value", "notation")
# (area, year, category, gas) -> whether it has a number, and its notation keys
Coverage = dict[tuple[str, int, str, str], tuple[bool, frozenset[str]]]
_MANY = 6
_NAMED = ["flow", "category", "value", "notation", "gas"]


@dataclass(frozen=True)
class OfficialColumn:
    """A column of a table: a gas, a kind of gases or all of them, its unit; CO2e, or a mass."""

    gas: str
    unit: str
    is_equivalent: bool = False

    @property
    def name(self) -> str:
        """Return the name of the column in a table for programs."""
        return f"{self.gas}_{self.unit}"

    def heading(self, lang: str) -> str:
        """Return what people read above it."""
        return f"{self.gas}\n({UNITS[self.unit][0 if lang == 'zh' else 1]})"


@dataclass(frozen=True, eq=False)
class Placed:
    """Where each entry of an inventory stands in a table.

    Attributes
    ----------
    period, row, column
        Of each entry; a row below zero is the reason why it stands in none.
    value, weight
        In t, and the CO2-equivalent of a t (1 where no metric is named).
    """

    period: np.ndarray
    row: np.ndarray
    column: np.ndarray
    value: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True)
class RowQuality:
    """The quality of the data of a row.

    Attributes
    ----------
    activity, factor
        ``H``, ``M`` or ``L``, the lowest of its parts; ``""`` where there is no number, or one
        part is not known.
    activity_reason, factor_reason
        Where the data come from, or what is not known.
    """

    activity: str = ""
    factor: str = ""
    activity_reason: str = ""
    factor_reason: str = ""


@shown_in_notebooks
@dataclass(frozen=True, repr=False, eq=False)
class OfficialTable:
    """An official table of an inventory, for each of its areas and years.

    Attributes
    ----------
    periods
        Area and year of each block of rows.
    values
        Sums (period, row, column) of what has a number, in the unit of the column; NaN where
        nothing has.
    keys
        Notation keys (period, row, column): why there is no number, or what the sum lacks.
    placed
        Where each entry stands.
    listed
        What stands in no cell: sums in t, with the reason. Totals and this are the inventory.
    entries, origins
        Those of the inventory, and behind them those that the table alone counts; their ways back.
    quality
        Of the rows that hold numbers themselves, by period and row, where the table states it.
    """

    layout: OfficialLayout
    periods: tuple[tuple[str, int], ...]
    columns: tuple[OfficialColumn, ...]
    values: np.ndarray
    keys: np.ndarray
    placed: Placed
    listed: pd.DataFrame
    entries: pd.DataFrame
    origins: tuple[EntryOrigin, ...] = ()
    quality: Mapping[tuple[int, int], RowQuality] = field(default_factory=dict)

    @property
    def listed_count(self) -> int:
        """Return how many entries stand in no cell."""
        return int((self.placed.row < 0).sum())

    def entries_of(self, period: int, row: int, column: int) -> np.ndarray:
        """Return the places of the entries that a row itself adds up in a column."""
        here = (self.placed.period == period) & (self.placed.row == row)
        all_gases = self.columns[column].gas.startswith("CO2e")
        return np.flatnonzero(here & (all_gases | (self.placed.column == column)))

    def __repr__(self) -> str:
        """Return the size in one line."""
        shape = " x ".join(map(str, self.values.shape))
        return f"<OfficialTable {self.layout.id}: {shape}, {len(self.listed)} listed>"

    def cell(self, period: int, row: int, column: int) -> float | str:
        """Return a number; a number and its keys as text where it lacks a part; or keys."""
        value, key = float(self.values[period, row, column]), str(self.keys[period, row, column])
        if np.isnan(value):
            return key
        return f"{value:.15g},{key}" if key else value

    def shown_rows(self, period: int) -> list[int]:
        """Return the places of the rows to show: optional ones only where they hold an entry."""
        held = set(self.placed.row[self.placed.period == period].tolist())
        rows = enumerate(self.layout.rows)
        return [place for place, row in rows if not row.optional or place in held]

    def to_frame(self) -> pd.DataFrame:
        """Return the table: ``area, year, code, level, name_zh, name_en``, a column a gas.

        A cell is a number; keys where there is none; or both as text (``12.5,NE``) where a part of
        the sum is not estimated. A table that states it has the columns ``activity_quality,
        factor_quality, activity_reason, factor_reason`` as well.
        """
        rows = []
        for period, (area, year) in enumerate(self.periods):
            for place in self.shown_rows(period):
                row = self.layout.rows[place]
                labels = (area, year, row.code, row.level, row.zh, row.en, *row.extra.values())
                cells = [self.cell(period, place, one) for one in range(len(self.columns))]
                rows.append((*labels, *cells, *self.quality_of(period, place)))
        more = self.layout.rows[0].extra
        names = ("area", "year", "code", "level", "name_zh", "name_en", *more)
        last = QUALITY if self.layout.states_quality else ()
        return pd.DataFrame(rows, columns=[*names, *(one.name for one in self.columns), *last])

    def quality_of(self, period: int, row: int) -> tuple[str, ...]:
        """Return the quality of a row in the order of `QUALITY`; nothing where the table states none."""
        if not self.layout.states_quality:
            return ()
        one = self.quality.get((period, row), RowQuality())
        return one.activity, one.factor, one.activity_reason, one.factor_reason

    def to_long(self) -> pd.DataFrame:
        """Return one row a cell: ``area, year, code, gas, unit, value, notation``."""
        rows = [
            (
                *(area, year, self.layout.rows[place].code, column.gas, column.unit),
                float(self.values[period, place, at]),
                str(self.keys[period, place, at]),
            )
            for period, (area, year) in enumerate(self.periods)
            for place in self.shown_rows(period)
            for at, column in enumerate(self.columns)
        ]
        names = ["area", "year", "code", "gas", "unit", "value", "notation"]
        return pd.DataFrame(rows, columns=names)

    def findings(self) -> list[Finding]:
        """Return what of its own sectors the table has no row or column for."""
        own = self.listed[self.listed["reason"].isin([NO_ROW, NO_COLUMN])]
        own = own[own["kind"].isin(["emission", "removal"])]
        return [
            Finding(
                "table-unplaced",
                "warning",
                say(
                    "{table} of {area} {year} has no place for {count} sums: {names}",
                    table=self.layout.id,
                    area=area,
                    year=year,
                    count=len(part),
                    names=name_some(
                        [
                            say(
                                "{flow} ({category}) {notation} {gas}",
                                flow=flow,
                                category=category,
                                notation=notation or f"{value:,.0f} t",
                                gas=gas,
                            )
                            for flow, category, value, notation, gas in part[_NAMED].to_numpy()
                        ],
                        _MANY,
                    ),
                ),
                "",
                say("report them beside the table; the total of the table leaves them out"),
            )
            for (area, year), part in own.groupby(["area", "year"], sort=False)
        ]


def fill_layout(
    inventory: Inventory,
    layout: OfficialLayout,
    *,
    coverage: Coverage | None = None,
    gwp: str | None = None,
) -> OfficialTable:
    """Return an official table of every area and year of an inventory.

    Parameters
    ----------
    coverage
        What each category has, for the notation keys of empty cells; without it a cell of a
        category that may emit the gas is NE.
    gwp
        Name of a metric: HFCs and PFCs become one column each, and all gases one more.

    Notes
    -----
    Each entry stands in one row (:func:`place_entries`); a row above holds the rows below it. A
    number that lacks a part bears the key of the part. Where there is no number, the key is what
    entries state; what the table itself says; IE, where a row above holds the number undivided, or
    the key that is stated for it; what `coverage` says; NA, where the category does not emit the
    gas; else NE.
    """
    entries = inventory.entries
    columns, of_gas = _find_columns(inventory, layout, gwp)
    gas = np.array([of_gas.get(name, -1) for name in entries["gas"].cat.categories], int)
    column = gas[entries["gas"].cat.codes]
    row = place_entries(entries, layout)
    period, periods = _find_periods(entries)
    ones = Inventory(entries.assign(value=1.0))
    placed = Placed(
        period=period,
        row=np.where((row >= 0) & (column < 0), NO_COLUMN, row),
        column=column,
        value=entries["value"].to_numpy(float),
        weight=np.ones(len(entries)) if gwp is None else ones.co2e(gwp),
    )
    own = _add_own(placed, entries, (len(periods), len(layout.rows), columns))
    chosen = [layout.within(place) for place in range(len(layout.rows))]
    keys = _Keys(
        layout=layout,
        periods=periods,
        columns=columns,
        coverage=coverage or {},
        held=_held_undivided(entries, placed),
    )
    return OfficialTable(
        layout=layout,
        periods=periods,
        columns=columns,
        values=own.sums(chosen) * np.array([SCALES[one.unit] for one in columns]),
        keys=keys.find(own, chosen),
        placed=placed,
        listed=_list_rest(entries, placed.row),
        entries=entries,
        origins=inventory.origins,
    )


@dataclass(frozen=True)
class _Own:
    """What rows hold themselves (period, row, column): sums, how many numbers, and keys."""

    total: np.ndarray
    count: np.ndarray
    stated: np.ndarray

    def sums(self, chosen: list[list[int]]) -> np.ndarray:
        """Return the sums of rows with those below them; NaN where none has a number."""
        total = np.stack([self.total[:, rows].sum(axis=1) for rows in chosen], axis=1)
        count = np.stack([self.count[:, rows].sum(axis=1) for rows in chosen], axis=1)
        return np.where(count > 0, total, np.nan)


def _add_own(
    placed: Placed, entries: pd.DataFrame, size: tuple[int, int, tuple[OfficialColumn, ...]]
) -> _Own:
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
    return _Own(total, count, stated)


@dataclass(frozen=True)
class _Keys:
    """What decides the notation key of a cell."""

    layout: OfficialLayout
    periods: tuple[tuple[str, int], ...]
    columns: tuple[OfficialColumn, ...]
    coverage: Coverage
    held: Mapping[tuple[int, int, int], set[str]]

    def find(self, own: _Own, chosen: list[list[int]]) -> np.ndarray:
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

    def _of_row(self, own: _Own, at: tuple[int, int, int]) -> str:
        """Return why a row holds nothing itself; empty where it takes nothing itself."""
        p, r, c = at
        row, gas = self.layout.rows[r], self.columns[c].gas
        if gas.startswith("CO2e"):
            others = [self._of_row(own, (p, r, one)) for one in range(len(self.columns) - 1)]
            return _join_keys(others, lacking=False)
        if not row.selectors and (row.sums or len(self.layout.within(r)) > 1):
            return ""
        return row.keys.get(gas) or self._find_elsewhere(own, at) or self._find_covered(p, row, gas)

    def _find_elsewhere(self, own: _Own, at: tuple[int, int, int]) -> str:
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
        codes = [code for code in codes if _emits(code, gas)]
        found = [self.coverage.get((*self.periods[p], code, gas)) for code in codes]
        known = [one for one in found if one is not None]
        if codes and (not known or any(has_number for has_number, _ in known)):
            return "NE"
        return _join_keys([",".join(sorted(keys)) for _, keys in known], lacking=False) or "NA"


_KINDS = ("HFCs", "PFCs")
_PFCS = ("CF4", "C2F6", "C3F8", "cC3F6", "C4F10", "cC4F8", "C5F12", "C6F14", "C10F18")


def kind_of_gas(gas: str) -> str:
    """Return the kind that reports add a gas to: HFCs, PFCs, or the gas itself.

    Examples
    --------
    >>> kind_of_gas("HFC134a"), kind_of_gas("CF4"), kind_of_gas("CH4")
    ('HFCs', 'PFCs', 'CH4')
    """
    if gas in _PFCS:
        return "PFCs"
    return "HFCs" if gas.startswith("HFC") else gas


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


def _held_undivided(entries: pd.DataFrame, placed: Placed) -> dict[tuple[int, int, int], set[str]]:
    """Return the categories of the entries that each cell (period, row, column) holds itself: of nothing holds no part."""
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


def _find_columns(
    inventory: Inventory, layout: OfficialLayout, gwp: str | None
) -> tuple[tuple[OfficialColumn, ...], dict[str, int]]:
    """Return the columns, and the column of each gas."""
    present = list(dict.fromkeys(map(str, inventory.entries["gas"])))
    columns: list[OfficialColumn] = []
    of_gas: dict[str, int] = {}
    for gas in layout.gases:
        members = [one for one in present if kind_of_gas(one) == gas]
        if gas not in _KINDS:
            unit = layout.unit if gas in GASES else "t"
            of_gas[gas] = len(columns)
            columns.append(OfficialColumn(gas, unit))
        elif gwp is not None and not layout.each_gas:
            of_gas |= dict.fromkeys(members, len(columns))
            columns.append(OfficialColumn(gas, layout.unit, is_equivalent=True))
        else:
            for one in members:
                of_gas[one] = len(columns)
                columns.append(OfficialColumn(one, "t"))
    if gwp is not None:
        columns.append(OfficialColumn(name_equivalent(gwp), layout.unit, is_equivalent=True))
    return tuple(columns), of_gas


def _find_periods(entries: pd.DataFrame) -> tuple[np.ndarray, tuple[tuple[str, int], ...]]:
    """Return the period of each entry, and area and year of each period."""
    groups = entries.groupby(["area", "year"], sort=False, observed=True)
    number = groups.ngroup().to_numpy()
    first = entries[["area", "year"]].iloc[np.unique(number, return_index=True)[1]]
    return number, tuple((str(area), int(year)) for area, year in first.to_numpy())


def _list_rest(entries: pd.DataFrame, reason: np.ndarray) -> pd.DataFrame:
    """Return what stands in no cell, as sums with the reason."""
    rest = plain_columns(entries[reason < 0]).assign(reason=reason[reason < 0])
    labels = ["area", "year", "sector", "kind", "category", "flow", "gas", "notation", "reason"]
    sums = rest.groupby(labels, sort=False)["value"].sum(min_count=1).reset_index()
    words = sums["reason"].map(REASONS)
    return sums[[*LISTED, "reason"]].assign(
        reason_zh=[zh for zh, _ in words], reason_en=[en for _, en in words]
    )
