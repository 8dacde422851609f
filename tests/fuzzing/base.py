"""A table as it was: its numbers, the words and units that belong to them, what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.check.identities import list_identities
from carbonacct.balances.label.labels import read_label
from carbonacct.balances.words.mapping import Mapping
from carbonacct.errors import CarbonacctError
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import Sheet
from tests.fuzzing.outcome import Outcome, find_outcome, read_pages, read_sheets_as_balance
from tests.fuzzing.words import UNIT, parent_of, without_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.sheets.raw_sheets import Cell

Place = tuple[int, int, int]  # sheet, row, column
Printed = list[tuple[Place, str]]  # places, and the unit that each prints
Dim = Literal["flow", "product"]
METHODS = ("provincial-2011", "ipcc-2006")


@dataclass(frozen=True)
class Spot:
    """A number of a table that is not zero: where it stands, and what it is an amount of."""

    place: Place
    flow: str
    product: str

    @property
    def sheet(self) -> int:
        """The number of its sheet."""
        return self.place[0]

    @property
    def row(self) -> int:
        """Its row."""
        return self.place[1]

    @property
    def column(self) -> int:
        """Its column."""
        return self.place[2]


@dataclass(frozen=True)
class Base:
    """A table as it was.

    Attributes
    ----------
    spots
        The numbers that may be changed.
    summed
        Flows and products of the numbers that stand in a sum which the program compares.
    """

    name: str
    sheets: tuple[Sheet, ...]
    method: str
    outcome: Outcome
    spots: tuple[Spot, ...]
    summed: frozenset[tuple[str, str]]

    @cached_property
    def at(self) -> dict[Place, Spot]:
        """The numbers by their place."""
        return {spot.place: spot for spot in self.spots}

    @cached_property
    def printed(self) -> dict[Dim, dict[str, Spot]]:
        """The flows and products of the table, each with its first number, in order of print."""
        found: dict[Dim, dict[str, Spot]] = {"flow": {}, "product": {}}
        for spot in sorted(self.spots, key=lambda spot: spot.place):
            found["flow"].setdefault(spot.flow, spot)
            found["product"].setdefault(spot.product, spot)
        return found

    @cached_property
    def data_rows(self) -> dict[int, list[int]]:
        """Rows with numbers, by sheet."""
        return _by_sheet((spot.sheet, spot.row) for spot in self.spots)

    @cached_property
    def data_columns(self) -> dict[int, list[int]]:
        """Columns with numbers, by sheet."""
        return _by_sheet((spot.sheet, spot.column) for spot in self.spots)

    @cached_property
    def units(self) -> dict[Place, Printed]:
        """The units that are printed for each number, with its row or its column."""
        rows = {
            (sheet, row): self._units_in((sheet, row, j) for j in self.labels(sheet, row))
            for sheet, rows in self.data_rows.items()
            for row in rows
        }
        return {
            spot.place: rows[spot.sheet, spot.row] + self._units_above[spot.sheet][spot.column]
            for spot in self.spots
        }

    @cached_property
    def table_units(self) -> dict[int, Printed]:
        """The units above each sheet's table that are those of all its numbers."""
        found = {}
        for sheet, columns in self._units_above.items():
            above = [
                (sheet, i, j)
                for i in range(self.data_rows[sheet][0])
                for j, cell in enumerate(self.sheets[sheet].rows[i])
                if isinstance(cell, str)
            ]
            found[sheet] = [] if any(columns.values()) else self._units_in(above)
        return found

    @cached_property
    def _units_above(self) -> dict[int, dict[int, Printed]]:
        """The units of columns, where most have one of their own; else one above is the table's."""
        found = {}
        for sheet, columns in self.data_columns.items():
            each = {j: self._units_in(self.headers(sheet, j)) for j in columns}
            most = sum(map(bool, each.values())) * 2 > len(columns)
            found[sheet] = each if most else {j: [] for j in columns}
        return found

    def _units_in(self, places: Iterable[Place]) -> Printed:
        texts = ((place, str(self.get(place))) for place in places)
        return [(place, unit[0]) for place, text in texts if (unit := UNIT.search(text))]

    def get(self, place: Place) -> Cell:
        """Return a cell; nothing beyond the sheet."""
        sheet, row, column = place
        rows = self.sheets[sheet].rows
        return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""

    def text_of(self, spot: Spot) -> str:
        """Return a number as a print has it, with no more than ten digits."""
        cell = self.get(spot.place)
        if isinstance(cell, str):
            return cell.strip()
        return f"{cell:.10g}" if "e" not in f"{cell:.10g}" else repr(cell)

    def labels(self, sheet: int, row: int) -> list[int]:
        """Return the columns of a row that hold words."""
        data = self.data_columns[sheet]
        cells = self.sheets[sheet].rows[row]
        return [j for j, cell in enumerate(cells) if j not in data and _is_word(cell)]

    def headers(self, sheet: int, column: int) -> list[Place]:
        """Return the words above a column, without a title (what is alone in its row)."""
        rows = self.sheets[sheet].rows[: self.data_rows[sheet][0]]
        return [
            (sheet, i, column)
            for i, row in enumerate(rows)
            if column < len(row) and _is_word(row[column]) and sum(map(bool, row)) > 1
        ]

    def words(self, spot: Spot, dim: Dim) -> list[Place]:
        """Return the cells that name a number's flow or product, in its row or above its column."""
        label = getattr(spot, dim)
        in_row = [(spot.sheet, spot.row, j) for j in self.labels(spot.sheet, spot.row)]
        if named := [place for place in in_row if self._names(place, dim) == label]:
            return named
        above = self.headers(spot.sheet, spot.column)
        above = [place for place in above if without_unit(str(self.get(place)))]
        # A word that is none by itself stands where the other dim's word does not.
        other: Dim = "product" if dim == "flow" else "flow"
        is_above = any(self._names(place, dim) == label for place in above) or any(
            self._names(place, other) == getattr(spot, other) for place in in_row
        )
        return above if is_above else in_row

    @cached_property
    def _named_in_row(self) -> dict[tuple[int, int], tuple[Dim, ...]]:
        dims: tuple[Dim, Dim] = ("flow", "product")
        firsts = {(spot.sheet, spot.row): spot for spot in reversed(self.spots)}
        return {
            row: tuple(d for d in dims if any(p[1] == spot.row for p in self.words(spot, d)))
            for row, spot in firsts.items()
        }

    def in_row(self, spot: Spot, dim: Dim) -> bool:
        """Return whether a number's flow or product is named in its row, not above its column."""
        return dim in self._named_in_row[spot.sheet, spot.row]

    def _names(self, place: Place, dim: Dim) -> str | None:
        text = str(self.get(place))
        # Beside signs and numbers, as in 6.本省调出量(-), a word is known to the reader of labels alone.
        return (
            vocabulary.resolve(dim, without_unit(text))
            or getattr(read_label(text, Mapping()), dim)
            or None
        )

    def printed_whole(self, dim: Dim, label: str) -> str:
        """Return the nearest flow or product of the table that a label is a part of."""
        while label := parent_of(dim, label):
            if label in self.printed[dim]:
                return label
        return ""

    @cached_property
    def wholes(self) -> dict[Dim, frozenset[str]]:
        """The flows and products of which the table prints parts."""
        dims: tuple[Dim, Dim] = ("flow", "product")
        return {
            dim: frozenset(self.printed_whole(dim, each) for each in self.printed[dim])
            for dim in dims
        }

    def in_total(self, spot: Spot) -> bool:
        """Return whether the table prints a total of a number's product, or parts of it."""
        is_part = self.printed_whole("product", spot.product) != ""
        return is_part or spot.product in self.wholes["product"]


def load_base(name: str, sheets: Sequence[Sheet]) -> Base | str:
    """Return a table that can be changed, or why it cannot.

    The method is the first of `METHODS` that makes an inventory of it.
    """
    try:
        pages = read_pages(copy_sheets(sheets))
    except CarbonacctError as error:
        return str(error)
    # Pasted text is changed as the cells into which it was split.
    sheets = [
        page.sheet if max(map(len, sheet.rows), default=0) == 1 else sheet
        for page, sheet in zip(pages, sheets, strict=True)
    ]
    outcomes = {method: find_outcome(copy_sheets(sheets), method) for method in METHODS}
    method = next((method for method, outcome in outcomes.items() if not outcome.error), None)
    if method is None:
        return outcomes[METHODS[0]].error
    if not any(outcomes[method].totals.values()):
        return "no direct emissions"
    balance = read_sheets_as_balance(copy_sheets(sheets))
    return Base(
        name=name,
        sheets=tuple(copy_sheets(sheets)),
        method=method,
        outcome=outcomes[method],
        spots=_find_spots(sheets, balance),
        summed=_find_summed(balance),
    )


def copy_sheets(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Return sheets that may be changed; the reader itself fills rows up."""
    return [
        Sheet(
            file=sheet.file,
            name=sheet.name,
            rows=[list(row) for row in sheet.rows],
            merged=sheet.merged,
            findings=sheet.findings,
        )
        for sheet in sheets
    ]


def _find_spots(sheets: Sequence[Sheet], balance: EnergyBalance) -> tuple[Spot, ...]:
    names = [sheet.name for sheet in sheets]
    places = balance.places
    spots = []
    for cell in np.argwhere(balance.status.values == values.NUMBER).tolist():
        n = int(balance.place.values[tuple(cell)])
        if n < 0 or not places.printed[n]:
            continue
        sheet = names.index(places.sheets[int(places.sheet[n])][1])
        place = (sheet, int(places.row[n]), int(places.column[n]))
        spots.append(Spot(place, balance.flows[cell[2]], balance.products[cell[3]]))
    return tuple(spots)


def _find_summed(balance: EnergyBalance) -> frozenset[tuple[str, str]]:
    cells = {
        cell
        for identity in list_identities(balance)
        for cell in [identity.total, *((flow, product) for _, flow, product in identity.terms)]
    }
    return frozenset((balance.flows[flow], balance.products[product]) for flow, product in cells)


def _is_word(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(cell.strip()) and not values.is_number(cell)


def _by_sheet(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, set[int]] = {}
    for sheet, number in pairs:
        found.setdefault(sheet, set()).add(number)
    return {sheet: sorted(numbers) for sheet, numbers in found.items()}
