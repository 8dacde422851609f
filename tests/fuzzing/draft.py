"""A table to be changed: its cells, where its numbers stand, and what belongs to them."""

from __future__ import annotations

import csv
import random
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from carbonacct import vocabulary
from carbonacct.data import data_folder
from carbonacct.tables import values
from carbonacct.tables.identities import list_identities
from carbonacct.tables.sheets import Sheet, cell_name
from tests.fuzzing.outcome import Outcome, find_outcome, read_pages, read_sheets_as_balance

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbonacct.tables import EnergyBalance
    from carbonacct.tables.sheets import Cell

Place = tuple[int, int, int]  # sheet, row, column
Dim = Literal["flow", "product"]
METHODS = ("provincial-2011", "ipcc-2006")


@dataclass(frozen=True)
class Spot:
    """A number of a table that is not zero: where it stands, and what it is an amount of."""

    sheet: int
    row: int
    column: int
    year: int
    flow: str
    product: str


@dataclass(frozen=True)
class Base:
    """A table as it was, what comes out of it, and the numbers that may be changed."""

    name: str
    sheets: tuple[Sheet, ...]
    method: str
    outcome: Outcome
    spots: tuple[Spot, ...]
    summed: frozenset[tuple[str, str]]  # flow and product of numbers that stand in a sum

    @cached_property
    def places(self) -> dict[str, dict[str, Place]]:
        """Where the first number of each flow and product stands, in the order of the print."""
        found: dict[str, dict[str, Place]] = {"flow": {}, "product": {}}
        for dim, labels in found.items():
            for spot in self.spots:
                labels.setdefault(getattr(spot, dim), place_of(spot))
                labels[getattr(spot, dim)] = min(labels[getattr(spot, dim)], place_of(spot))
        return found

    @cached_property
    def data_rows(self) -> dict[int, list[int]]:
        """Rows with numbers, by sheet."""
        return _by_sheet((spot.sheet, spot.row) for spot in self.spots)

    @cached_property
    def data_columns(self) -> dict[int, list[int]]:
        """Columns with numbers, by sheet."""
        return _by_sheet((spot.sheet, spot.column) for spot in self.spots)


def _by_sheet(pairs: object) -> dict[int, list[int]]:
    found: dict[int, set[int]] = {}
    for sheet, number in pairs:  # type: ignore[attr-defined]
        found.setdefault(sheet, set()).add(number)
    return {sheet: sorted(numbers) for sheet, numbers in found.items()}


def load_base(name: str, sheets: list[Sheet]) -> Base | str:
    """Return a table that can be changed, or why it cannot.

    The method is the first of `METHODS` that makes an inventory of it.
    """
    try:
        pages = read_pages(copy_sheets(sheets))
    except Exception as error:  # noqa: BLE001 - the caller says it
        return str(error)
    # Pasted text is changed as the cells into which it was split.
    split = [page.sheet is not sheet and len(page.sheet.rows[0]) > 1 for page, sheet in zip(pages, sheets, strict=True)]
    pasted = [max(map(len, sheet.rows), default=0) == 1 for sheet in sheets]
    sheets = [
        page.sheet if is_split and is_pasted else sheet
        for page, sheet, is_split, is_pasted in zip(pages, sheets, split, pasted, strict=True)
    ]
    outcome, method = Outcome(), ""
    for method in METHODS:
        outcome = find_outcome(copy_sheets(sheets), method)
        if not outcome.error:
            break
    if outcome.error:
        return outcome.error
    if not any(outcome.totals.values()):
        return "no direct emissions"
    balance = read_sheets_as_balance(copy_sheets(sheets))
    return Base(
        name=name,
        sheets=tuple(sheets),
        method=method,
        outcome=outcome,
        spots=_find_spots(sheets, balance),
        summed=_find_summed(balance),
    )


def copy_sheets(sheets: list[Sheet] | tuple[Sheet, ...]) -> list[Sheet]:
    """Return sheets that may be changed; the reader itself fills rows up."""
    return [
        Sheet(sheet.file, sheet.name, [list(row) for row in sheet.rows], sheet.merged, sheet.findings)
        for sheet in sheets
    ]


def _find_spots(sheets: list[Sheet], balance: EnergyBalance) -> tuple[Spot, ...]:
    names = [sheet.name for sheet in sheets]
    places = balance.places
    spots = []
    for cell in np.argwhere(balance.status.values == values.NUMBER).tolist():
        n = int(balance.place.values[tuple(cell)])
        if n < 0 or not places.printed[n]:
            continue
        sheet = names.index(places.sheets[int(places.sheet[n])][1])
        spot = Spot(
            sheet=sheet,
            row=int(places.row[n]),
            column=int(places.column[n]),
            year=balance.years[cell[1]],
            flow=balance.flows[cell[2]],
            product=balance.products[cell[3]],
        )
        spots.append(spot)
    return tuple(spots)


def _find_summed(balance: EnergyBalance) -> frozenset[tuple[str, str]]:
    cells = {
        cell
        for identity in list_identities(balance)
        for cell in [identity.total, *((flow, product) for _, flow, product in identity.terms)]
    }
    return frozenset((balance.flows[flow], balance.products[product]) for flow, product in cells)


class Draft:
    """A copy of a table under one change, with chance from a seed."""

    def __init__(self, base: Base, chance: random.Random) -> None:
        self.base = base
        self.chance = chance
        self.picked: Spot | None = None
        self.sheets = copy_sheets(base.sheets)
        for sheet in self.sheets:
            width = max(map(len, sheet.rows), default=0)
            for row in sheet.rows:
                row.extend([""] * (width - len(row)))

    def pick(self, fits: Callable[[Spot], bool] | None = None) -> Spot | None:
        """Return a number of the table by chance, among those that fit."""
        spots = [spot for spot in self.base.spots if fits is None or fits(spot)]
        self.picked = self.chance.choice(spots) if spots else None
        return self.picked

    def rows(self, sheet: int) -> list[list[Cell]]:
        """Return the rows of a sheet, to be changed."""
        return self.sheets[sheet].rows

    def get(self, place: Place) -> Cell:
        """Return a cell; nothing beyond the sheet."""
        sheet, row, column = place
        rows = self.sheets[sheet].rows
        return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""

    def put(self, place: Place, cell: Cell) -> str:
        """Set a cell, and return what was done."""
        sheet, row, column = place
        before = self.get(place)
        self.sheets[sheet].rows[row][column] = cell
        return f"{self.name(place)}: {before!r} -> {cell!r}"

    def name(self, place: Place) -> str:
        """Return a place as a spreadsheet has it."""
        sheet, row, column = place
        prefix = f"{self.sheets[sheet].name}!" if len(self.sheets) > 1 else ""
        return prefix + cell_name(row, column)

    def merge(self, sheet: int, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Merge a range of cells."""
        old = self.sheets[sheet]
        self.sheets[sheet] = Sheet(
            old.file, old.name, old.rows, (*old.merged, (start, end)), old.findings
        )

    def insert_row(self, sheet: int, at: int, row: list[Cell]) -> None:
        """Put a row in; merged ranges below it move with their rows."""
        self.rows(sheet).insert(at, row)
        self._move_merged(sheet, lambda i, j: (i + (i >= at), j))

    def insert_column(self, sheet: int, at: int) -> None:
        """Put a blank column in; merged ranges behind it move with their columns."""
        for row in self.rows(sheet):
            row.insert(at, "")
        self._move_merged(sheet, lambda i, j: (i, j + (j >= at)))

    def drop_row(self, sheet: int, at: int) -> None:
        """Take a row out; merged ranges below it move with their rows."""
        del self.rows(sheet)[at]
        self._move_merged(sheet, lambda i, j: (i - (i > at), j))

    def unmerge(self, sheet: int) -> None:
        """Leave no range merged."""
        old = self.sheets[sheet]
        self.sheets[sheet] = Sheet(old.file, old.name, old.rows, (), old.findings)

    def _move_merged(self, sheet: int, move: Callable[[int, int], tuple[int, int]]) -> None:
        old = self.sheets[sheet]
        merged = tuple((move(*start), move(*end)) for start, end in old.merged)
        self.sheets[sheet] = Sheet(old.file, old.name, old.rows, merged, old.findings)

    def text_of(self, spot: Spot) -> str:
        """Return a number as a print has it, with no more than ten digits."""
        cell = self.get(place_of(spot))
        if isinstance(cell, str):
            return cell.strip()
        return f"{float(cell):.10f}".rstrip("0").rstrip(".") if cell < 1e10 else repr(cell)  # type: ignore[arg-type,operator]

    def labels(self, sheet: int, row: int) -> list[int]:
        """Return the columns of a row that hold words."""
        data = set(self.base.data_columns.get(sheet, ()))
        cells = self.rows(sheet)[row]
        return [
            j
            for j, cell in enumerate(cells)
            if j not in data and isinstance(cell, str) and cell.strip() and not values.is_number(cell)
        ]

    def first_row(self, sheet: int) -> int:
        """Return the first row of a sheet with numbers."""
        return self.base.data_rows[sheet][0]

    def headers(self, sheet: int, column: int) -> list[int]:
        """Return the rows above the numbers with words in a column, without a title."""
        found = []
        for i in range(self.first_row(sheet)):
            cell = self.get((sheet, i, column))
            if isinstance(cell, str) and cell.strip() and (column > 0 or sum(map(bool, self.rows(sheet)[i])) > 1):
                found.append(i)
        return found

    def words(self, spot: Spot, dim: Dim) -> list[Place]:
        """Return the cells that name a number's flow or product, in its row or above its column."""
        label = getattr(spot, dim)
        in_row = [(spot.sheet, spot.row, j) for j in self.labels(spot.sheet, spot.row)]
        named = [place for place in in_row if self._names(place, dim) == label]
        if named:
            return named
        above = [(spot.sheet, i, spot.column) for i in self.headers(spot.sheet, spot.column)]
        above = [place for place in above if self.word(place)]
        # A word that only the table's place explains ("2.工业" is none) stands where the other is not.
        other: Dim = "product" if dim == "flow" else "flow"
        is_above = any(self._names(place, dim) == label for place in above) or any(
            self._names(place, other) == getattr(spot, other) for place in in_row
        )
        return above if is_above else in_row

    def word(self, place: Place) -> str:
        """Return a label without its unit."""
        return UNIT.sub("", str(self.get(place))).strip(" ()（）\r\n,:")

    def _names(self, place: Place, dim: Dim) -> str | None:
        return vocabulary.resolve(dim, self.word(place))

    def units(self, spot: Spot) -> list[tuple[Place, str]]:
        """Return the units that are printed for a number, with its column or its row."""
        sheet = spot.sheet
        places = [(sheet, spot.row, j) for j in self.labels(sheet, spot.row)]
        if self._units_are_above(sheet):
            places += [(sheet, i, spot.column) for i in self.headers(sheet, spot.column)]
        return self._units_in(places)

    def _units_are_above(self, sheet: int) -> bool:
        """Return whether most columns have a unit of their own; else one above is the table's."""
        columns = self.base.data_columns[sheet]
        own = [
            column
            for column in columns
            if self._units_in([(sheet, i, column) for i in self.headers(sheet, column)])
        ]
        return len(own) * 2 > len(columns)

    def table_units(self, sheet: int) -> list[tuple[Place, str]]:
        """Return the units above a table that are those of all its numbers."""
        if self._units_are_above(sheet):
            return []
        above = [
            (sheet, i, j)
            for i in range(self.first_row(sheet))
            for j, cell in enumerate(self.rows(sheet)[i])
            if isinstance(cell, str)
        ]
        return self._units_in(above)

    def printed_whole(self, dim: Dim, label: str) -> str:
        """Return the nearest flow or product that a label is a part of and the table prints."""
        known = vocabulary.flows() if dim == "flow" else vocabulary.products()
        printed = self.base.places[dim]
        while label := known[label].parent:
            if label in printed:
                return label
        return ""

    def in_total(self, spot: Spot) -> bool:
        """Return whether the table prints a total of a number's product, or parts of it."""
        products = self.base.places["product"]
        wholes = {self.printed_whole("product", product) for product in products}
        return spot.product in wholes or self.printed_whole("product", spot.product) != ""

    def _units_in(self, places: list[Place]) -> list[tuple[Place, str]]:
        cells = [(place, str(self.get(place))) for place in places]
        return [(place, found[0]) for place, text in cells if (found := UNIT.search(text))]

    def replace_unit(self, found: list[tuple[Place, str]], unit: str) -> str:
        """Print another unit at every place."""
        done = []
        for place, _ in found:
            done.append(self.put(place, UNIT.sub(unit, str(self.get(place)))))
        return "; ".join(done[:3])


def place_of(spot: Spot) -> Place:
    """Return where a number stands."""
    return spot.sheet, spot.row, spot.column


def name_of(dim: str, label: str) -> str:
    """Return the Chinese name of a flow or product."""
    return vocabulary.name(dim, label, "zh") or vocabulary.name(dim, label, "en")


@cache
def words_of(dim: str, label: str) -> tuple[str, ...]:
    """Return every known word for a flow or product."""
    row = next(row for row in _vocabulary(f"{dim}s") if row["id"] == label)
    words = (row["name_zh"], row["name_en"], *row["aliases"].split("|"))
    return tuple(word for word in words if word)


@cache
def _vocabulary(table: str) -> list[dict[str, str]]:
    path = data_folder() / "vocabulary" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _read_units() -> re.Pattern[str]:
    spellings = [line["spelling"] for line in _vocabulary("units")]
    spaced = [
        r"\s*".join(map(re.escape, spelling))
        for spelling in sorted(spellings, key=len, reverse=True)
        if spelling not in {"度", "t"}
    ]
    return re.compile(rf"(?<![A-Za-z\d])(?:{'|'.join(spaced)})(?![A-Za-z\d])", re.IGNORECASE)


UNIT = _read_units()
