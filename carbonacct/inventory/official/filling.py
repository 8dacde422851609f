"""Official tables filled from an inventory: sums of entries, notation keys, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.display import shown_in_notebooks
from carbonacct.errors import Finding, name_some
from carbonacct.inventory.entry_columns import add_up_groups, number_groups, plain_columns
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.inventory.official.layouts import SCALES, OfficialColumn
from carbonacct.inventory.official.notation_keys import NotationKeys, find_undivided, sum_rows
from carbonacct.inventory.official.placing import (
    MEMO,
    NO_ROW,
    OTHER_SECTOR,
    SCOPE2,
    Placed,
    place_entries,
)
from carbonacct.inventory.record import Inventory
from carbonacct.texts import say
from carbonacct.vocabulary import GASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.inventory.official.layouts import OfficialLayout
    from carbonacct.inventory.official.notation_keys import Coverage
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
_MANY = 6
_NAMED = ["flow", "category", "value", "notation", "gas"]


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
    entries state; what the table itself says; what the compiler states; IE, where a row above holds
    the number undivided, or
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
    own = sum_rows(placed, entries, (len(periods), len(layout.rows), columns))
    chosen = [layout.within(place) for place in range(len(layout.rows))]
    keys = NotationKeys(
        layout=layout,
        periods=periods,
        columns=columns,
        coverage=coverage or {},
        held=find_undivided(entries, placed),
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
    number, first = number_groups(entries, ["area", "year"])
    places = entries[["area", "year"]].iloc[first].to_numpy()
    return number, tuple((str(area), int(year)) for area, year in places)


def _list_rest(entries: pd.DataFrame, reason: np.ndarray) -> pd.DataFrame:
    """Return what stands in no cell, as sums with the reason."""
    rest = entries[reason < 0].assign(reason=reason[reason < 0])
    labels = ["area", "year", "sector", "kind", "category", "flow", "gas", "notation", "reason"]
    group, first = number_groups(rest, labels)
    sums = plain_columns(rest[labels].iloc[first]).assign(value=add_up_groups(rest, group))
    words = sums["reason"].map(REASONS)
    return sums[[*LISTED, "reason"]].assign(
        reason_zh=[zh for zh, _ in words], reason_en=[en for _, en in words]
    )
