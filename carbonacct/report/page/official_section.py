"""The section of official tables: folded, written by the page's script, each number with what opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from carbonacct.catalogue import in_language
from carbonacct.inventory.entry_columns import SECTORS
from carbonacct.inventory.official.layouts import SCALES, official_ids
from carbonacct.inventory.record import Inventory
from carbonacct.report.official_rows import (
    headings,
    notes_of,
    rest_of,
    show_extra,
    title_of,
    word,
)
from carbonacct.report.page.derivations import Derivation, FormulaPart, Pair, join, write
from carbonacct.report.page.entry_traces import list_parts
from carbonacct.report.page.page_content import DETAILS, list_rows
from carbonacct.report.page.page_words import LANGUAGES, section, show_gas
from carbonacct.report.page.svg import fill_template
from carbonacct.sectors.sector_official import fill_official_tables

if TYPE_CHECKING:
    from markupsafe import Markup

    from carbonacct.inventory.official.filling import OfficialTable
    from carbonacct.inventory.official.layouts import OfficialLayout
    from carbonacct.report.page.page_content import Content

# The tables of the guideline, and that of cities.
_TABLES = ("provincial", *(f"provincial-{sector}" for sector in SECTORS), "gpc")
_DIGITS = 8  # of a number on the page; what it opens has all


def show_official(content: Content, lang: str) -> Markup | str:
    """Return a folded place for each table; nothing where the page is of energy alone, or of more than it can trace."""
    whole = content.sectors
    if whole is None or len(whole.entries[["area", "year"]].drop_duplicates()) > DETAILS:
        return ""
    made = content.keep(("official",), lambda: _describe_all(content, whole))
    side = LANGUAGES.index(lang)
    return fill_template(
        "official.html",
        words=section("official", lang),
        tables=[(one["title"][side], one["notes"][side]) for one in made],
    )


def list_official(content: Content) -> list[dict[str, Any]]:
    """Return the tables as data for the page's script.

    Returns
    -------
    list of dict
        In both languages ``title``, ``notes`` and ``heads``; ``rows``: level, names; ``periods``:
        what is picked (empty: always shown), title, for each row that shows its place and its cells
        (a number, a key, or number, key and what it opens), and what stands in no cell.
    """
    made: list[dict[str, Any]] = content.kept.get(("official",), [])
    return made


def _describe_all(content: Content, whole: Inventory) -> list[dict[str, Any]]:
    tables = fill_official_tables(
        whole,
        [name for name in _TABLES if name in official_ids()],
        energy=content.inventories,
        gwp=content.gwp,
        statements=content.beside.statements if content.beside else (),
    )
    made, held, rows = [], None, []
    for table in tables:
        if table.entries is not held:  # those of the inventory in all tables but one
            held, rows = table.entries, list_rows(table.entries)
        made.append(_describe(_CellOpener(content, table, rows), table))
    return made


def _describe(opener: _CellOpener, table: OfficialTable) -> dict[str, Any]:
    content, layout = opener.content, table.layout
    periods = []
    for number, (area, year) in enumerate(table.periods):
        pick = content.pick(area, year) if (area, year) in content.keys else ""
        lines = [[place, opener.line(number, place)] for place in table.shown_rows(number)]
        rest = {lang: rest_of(table, number, lang) for lang in LANGUAGES}
        periods.append(
            {
                "pick": pick,
                "title": [title_of(table, number, lang) for lang in LANGUAGES],
                "lines": lines,
                "rest": [
                    [
                        [" ".join(filter(None, map(str, one[:2]))), one[2], one[3], one[4]]
                        for one in rest[lang]
                    ]
                    for lang in LANGUAGES
                ],
                "count": [word("rest", lang, count=len(rest[lang])) for lang in LANGUAGES],
            }
        )
    return {
        "title": (layout.title_zh, layout.title_en),
        "notes": tuple(notes_of(table, lang) for lang in LANGUAGES),
        "heads": [headings(table, lang) for lang in LANGUAGES],
        "rows": _name_rows(layout),
        "periods": periods,
    }


def _name_rows(layout: OfficialLayout) -> list[list[Any]]:
    """Return level and names of rows, with their codes where the table prints no numbers itself."""
    numbered = any(row.zh[0].isdigit() for row in layout.rows)
    rows: list[list[Any]] = []
    for row in layout.rows:
        code = "" if numbered or not any(map(str.isdigit, row.code)) else f"{row.code} "
        rows.append([row.level, f"{code}{row.zh}", f"{code}{row.en}"])
    return rows


class _GasGroup(NamedTuple):
    """The entries of one gas and weight in a sum, by the column of their mass."""

    gas: str
    weight: float
    column: int


class _CellOpener:
    """What the numbers of a table open: rows below, entries of its own, gases by their weight."""

    def __init__(self, content: Content, table: OfficialTable, rows: list[Any]) -> None:
        self.content, self.table, self.rows = content, table, rows
        self.whole = Inventory(table.entries, origins=table.origins)
        layout, placed = table.layout, table.placed
        codes = [row.code for row in layout.rows]
        self.below = [
            [codes.index(code) for code in row.sums]
            or [one for one in layout.within(place)[1:] if layout.above(one) == place]
            for place, row in enumerate(layout.rows)
        ]
        self.own: dict[tuple[int, int], list[int]] = {}  # entries of each period and row
        for entry in np.flatnonzero((placed.row >= 0) & ~np.isnan(placed.value)):
            key = (int(placed.period[entry]), int(placed.row[entry]))
            self.own.setdefault(key, []).append(int(entry))
        self.known: dict[tuple[int, int, int], int | None] = {}

    def line(self, period: int, place: int) -> list[Any]:
        """Return the cells of a row: what it is, numbers and keys, and the quality of its data."""
        table = self.table
        return [
            *zip(*(show_extra(table, place, lang) for lang in LANGUAGES), strict=True),
            *(self.cell(period, place, column) for column in range(len(table.columns))),
            *(
                (in_language(text, "zh"), in_language(text, "en"))
                for text in table.quality_of(period, place)
            ),
        ]

    def cell(self, period: int, place: int, column: int) -> Any:
        """Return a cell for the script: a key, a number, or number, key and what it opens."""
        value, key = (
            float(self.table.values[period, place, column]),
            str(self.table.keys[period, place, column]),
        )
        if np.isnan(value):
            return key
        shown = float(f"{value:.{_DIGITS}g}")
        opens = self.open(period, place, column)
        return shown if opens is None and not key else [shown, key, -1 if opens is None else opens]

    def open(self, period: int, place: int, column: int) -> int | None:
        """Return the number of what a cell opens."""
        at = (period, place, column)
        if at not in self.known:
            weighted = self.table.columns[column].is_equivalent
            self.known[at] = self._weigh(*at) if weighted else self._sum(*at)
        return self.known[at]

    def _name(self, place: int) -> Pair:
        row = self.table.layout.rows[place]
        return row.zh, row.en

    def _sum(self, period: int, place: int, column: int) -> int | None:
        """Return what a mass opens; of one part alone, what that opens."""
        unit = f"t {show_gas(self.table.columns[column].gas)}"
        scale = SCALES[self.table.columns[column].unit]
        values = self.table.values
        parts = [
            FormulaPart(
                self._name(one),
                float(values[period, one, column]) / scale,
                unit,
                self.open(period, one, column),
            )
            for one in self.below[place]
            if not np.isnan(values[period, one, column])
        ]
        placed = self.table.placed
        own = [one for one in self.own.get((period, place), ()) if placed.column[one] == column]
        parts += self._list(own)
        if len(parts) == 1 and parts[0].opens is not None:
            return parts[0].opens
        title = join(*self.table.periods[period], self._name(place))
        return (
            self.content.refer(Derivation(title, parts=tuple(parts), unit=unit)) if parts else None
        )

    def _list(self, entries: list[int]) -> list[FormulaPart]:
        return list_parts(self.content, self.whole, [self.rows[one] for one in entries])

    def _inside(self, place: int) -> list[int]:
        """Return the places of a row and of all below it."""
        return list(
            dict.fromkeys(
                [place, *(inner for one in self.below[place] for inner in self._inside(one))]
            )
        )

    def _weigh(self, period: int, place: int, column: int) -> int | None:
        """Return what a sum in CO2-equivalent opens: each gas with its weight."""
        placed, columns = self.table.placed, self.table.columns
        every = columns[column].gas.startswith("CO2e")
        groups: dict[_GasGroup, list[int]] = {}
        for inner in self._inside(place):
            for entry in self.own.get((period, inner), ()):
                if every or placed.column[entry] == column:
                    gas = self.rows[entry].gas
                    key = _GasGroup(gas, float(placed.weight[entry]), int(placed.column[entry]))
                    groups.setdefault(key, []).append(entry)
        title = join(*self.table.periods[period], self._name(place))
        masses = [float(placed.value[held].sum()) for held in groups.values()]
        parts = tuple(
            self._part(
                (period, place),
                group,
                held,
                whole=[one.gas for one in groups].count(group.gas) == 1,
            )
            for group, held in groups.items()
        )
        if [one.gas for one in groups] == ["CO2"]:  # the same number
            return parts[0].opens
        unit = f"t {show_gas(columns[column].gas)}"
        terms = [
            f"{write(mass)} t {show_gas(group.gas)} x {group.weight:g}"
            for mass, group in zip(masses, groups, strict=True)
        ]
        total = sum(mass * group.weight for mass, group in zip(masses, groups, strict=True))
        formula = f"{' + '.join(terms)} = {write(total)} {unit}"
        return self.content.refer(Derivation(title, formula, parts)) if parts else None

    def _part(
        self, at: tuple[int, int], group: _GasGroup, entries: list[int], *, whole: bool
    ) -> FormulaPart:
        """Return a gas of a sum: what its own cell opens, or its entries."""
        (period, place), gas = at, show_gas(group.gas)
        unit = f"t {gas}"
        if whole and not self.table.columns[group.column].is_equivalent:
            opens = self.open(period, place, group.column)
        else:
            title = join(*self.table.periods[period], self._name(place), gas)
            opens = self.content.refer(
                Derivation(title, parts=tuple(self._list(entries)), unit=unit)
            )
        return FormulaPart((gas, gas), float(self.table.placed.value[entries].sum()), unit, opens)
