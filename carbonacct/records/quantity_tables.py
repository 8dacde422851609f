"""The one reader of tables of quantities by area and year, whichever way they lie.

A column for each quantity, a column for each year, or a row for each number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct.errors import Finding
from carbonacct.records.heading_roles import find_years
from carbonacct.records.note_rows import count_notes, find_notes
from carbonacct.records.quantity_headings import (
    KEYS,
    QuantityHeading,
    QuantityWords,
    panel_words,
)
from carbonacct.records.table_heads import find_head, is_title
from carbonacct.sheets.values import BLANK, UNREADABLE, is_blank, printed, read_value
from carbonacct.texts import say
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from carbonacct.sheets.raw_sheets import Cell, Sheet

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_SHOWN = 30
_WIDER = {"省份", "province", "region", "country"}  # beside the areas, what they lie in
_UNIT = re.compile(r"单位|\bunit\b", re.IGNORECASE)  # in a title
_UNKNOWN = "x"  # of a panel: what is not known yet, and no mark of a yearbook


@dataclass(frozen=True)
class QuantitySeries:
    """The cells of one quantity in one unit.

    Attributes
    ----------
    keys
        Of each cell the place of its area and year in :attr:`QuantityTable.keys`.
    rows, columns
        Where each cell stands, from 0.
    """

    sheet: Sheet
    heading: QuantityHeading
    keys: NDArray[np.int64]
    cells: Sequence[Cell]
    rows: Sequence[int]
    columns: Sequence[int]

    def addresses(self) -> list[str]:
        """Return ``file!sheet!cell`` of each cell."""
        return self.sheet.addresses(self.rows, self.columns)

    def numbers(self) -> tuple[NDArray[np.float64], list[int]]:
        """Return the number of each cell, NaN where there is none, and which cells cannot be read."""
        if {*map(type, self.cells)} <= {float, int, type(None)}:
            values = np.array(self.cells, dtype=float)
            return values, np.flatnonzero(np.isinf(values)).tolist()
        read = [read_value(cell) for cell in self.cells]
        wrong = [
            place
            for place, (cell, (_, status)) in enumerate(zip(self.cells, read, strict=True))
            if status == UNREADABLE or str(cell).strip().lower() == _UNKNOWN
        ]
        return np.array([value for value, _ in read], dtype=float), wrong


@dataclass(frozen=True)
class QuantityTable:
    """What a sheet says of areas and years.

    Attributes
    ----------
    keys
        Each area and year once, in the order of the sheet.
    series
        The quantities that are asked for.
    others
        The headings of what is not.
    findings
        Cells below no heading, and notes below the table.
    """

    keys: tuple[tuple[str, int], ...] = ()
    series: tuple[QuantitySeries, ...] = ()
    others: tuple[QuantityHeading, ...] = ()
    findings: tuple[Finding, ...] = ()


class _Row(NamedTuple):
    """A row of a sheet, as long as it is printed."""

    number: int
    cells: Sequence[Cell]

    def cell(self, column: int | None) -> Cell:
        return self.cells[column] if column is not None and column < len(self.cells) else None

    def text(self, column: int | None) -> str:
        cell = self.cell(column)
        return "" if is_blank(cell) else printed(cell)


class _LabelledLine(NamedTuple):
    """A row with numbers of one quantity and area: by column the year of each."""

    row: _Row
    area: str
    heading: QuantityHeading
    years: tuple[tuple[int, int], ...]


def read_quantities(sheet: Sheet, words: QuantityWords, faults: list[str]) -> QuantityTable:
    """Return the quantities of a sheet by area and year; nothing of a sheet that is blank.

    The first row that names areas and years heads the columns; above it titles may stand. Units
    stand in brackets behind a quantity, in a row below the head that begins with ``unit`` or 单位,
    or in a column of that name beside the quantities.

    Parameters
    ----------
    faults
        What is wrong goes here, each with its cell.

    Examples
    --------
    >>> from carbonacct.sheets.raw_sheets import Sheet
    >>> words = QuantityWords({"人口": "population"})
    >>> for rows in (
    ...     [["地区", "年份", "人口(万人)"], ["重庆", "2019年", 3188]],
    ...     [["地区", "指标", "单位", "2019年"], ["重庆", "人口", "万人", 3188]],
    ...     [["地区", "年份", "指标", "数值"], ["重庆", 2019, "人口(万人)", 3188]],
    ... ):
    ...     table = read_quantities(Sheet("a.csv", "", rows), words, [])
    ...     (one,) = table.series
    ...     print(table.keys, one.heading.name, one.heading.unit, one.cells, one.addresses())
    (('重庆', 2019),) population 万人 [3188] ['a.csv!C2']
    (('重庆', 2019),) population 万人 [3188] ['a.csv!D2']
    (('重庆', 2019),) population 万人 [3188] ['a.csv!D2']
    """
    rows = [_Row(number, row) for number, row in enumerate(sheet.rows) if not is_empty(row)]
    if not rows:
        return QuantityTable()
    at = _find_head(sheet, words, rows)
    for row in rows[:at]:
        if any(_UNIT.search(str(cell)) for cell in row.cells if not is_blank(cell)):
            text = "{where}: the unit of a table stands in brackets behind each quantity; write it there"
            faults.append(say(text, where=sheet.address(row.number, 0)))
    return _TableReader(sheet, words, rows[at], faults).read(rows[at + 1 :])


def _find_head(sheet: Sheet, words: QuantityWords, rows: Sequence[_Row]) -> int:
    """Return which of the rows that are not blank heads the columns: the first one but for titles above it."""

    def names_columns(cells: Sequence[Cell]) -> bool:
        return _TableReader(sheet, words, _Row(0, cells), []).names_columns()

    at = find_head([row.cells for row in rows], names_columns)
    return at if at and all(is_title(row.cells) for row in rows[:at]) else 0


def is_empty(row: Iterable[Cell]) -> bool:
    """Return whether nothing stands in a row."""
    return all(read_value(cell)[1] == BLANK for cell in row)


def find_unread(sheets: Sequence[Sheet], read: Sheet) -> list[Finding]:
    """Return which sheets of a file hold something, and are not the one that was read."""
    return [
        Finding(
            "sheet-not-used",
            "warning",
            say(
                "sheet {name!r} was not read: the table is in {sheet_name!r}",
                name=other.name,
                sheet_name=read.name,
            ),
            f"{other.file}!{other.name}",
            say("put every row in {name!r}", name=read.name),
        )
        for other in sheets
        if other is not read and not all(map(is_empty, other.rows))
    ]


class _TableReader:
    """Goes over a table below its head, and keeps what is wrong."""

    def __init__(self, sheet: Sheet, words: QuantityWords, head: _Row, faults: list[str]) -> None:
        self.sheet, self.words, self.head, self.faults = sheet, words, head, faults
        self._keys: dict[tuple[str, int], int] = {}
        self._others: dict[str, QuantityHeading] = {}
        self._columns: dict[str, list[int]] = {role: [] for role in KEYS}
        self._years = find_years(head.cells)
        for column, cell in enumerate(head.cells):
            folded = fold(str(cell or ""))
            role = panel_words().get(folded, "")
            if role in {"area", "year"} or (role in KEYS and folded not in words.names):
                self._columns[role].append(column)
        areas = self._columns["area"]
        finer = [at for at in areas if fold(str(head.cells[at])) not in _WIDER]
        self._columns["area"] = finer if len(finer) == 1 else areas

    def names_columns(self) -> bool:
        """Return whether the head names what a form needs: areas, and years down or across."""
        has = {role for role, columns in self._columns.items() if columns}
        is_across = bool(self._years) and "item" in has
        return ("area" in has or not self.words.needs_area) and ("year" in has or is_across)

    def read(self, rows: Sequence[_Row]) -> QuantityTable:
        """Read the rows below the head in the form in which they lie."""
        has = {role for role, columns in self._columns.items() if columns}
        count = len(rows) - count_notes(row.cells for row in reversed(rows))
        notes, rows = [(row.number + 1, row.cells[0]) for row in rows[count:]], rows[:count]
        if has >= {"year", "item", "value"}:
            series = self._read_long(rows)
        elif self._years and "item" in has and "year" not in has:
            series = self._read_across(rows)
        else:
            rows, series = self._read_down(rows)
        return QuantityTable(
            keys=tuple(self._keys),
            series=tuple(series),
            others=tuple(self._others.values()),
            findings=(*find_notes(self.sheet.file, notes), *self._find_unheaded(rows)),
        )

    def _read_down(self, rows: Sequence[_Row]) -> tuple[Sequence[_Row], list[QuantitySeries]]:
        """Read a table with a column for each quantity; return its rows of areas as well."""
        headings = self._head_columns()
        at = self._find_columns("area", "year")
        rows = self._take_units(rows, headings)
        if at is None:
            return rows, []
        keys = [self._read_key(row, at) for row in rows]
        self._check_keys(rows, keys)
        places, numbers = self._place(keys), [row.number for row in rows]
        printed_rows = [row.cells for row in rows]
        return rows, [
            QuantitySeries(
                sheet=self.sheet,
                heading=heading,
                keys=places,
                cells=[row[column] if column < len(row) else None for row in printed_rows],
                rows=numbers,
                columns=[column] * len(rows),
            )
            for column, heading in headings.items()
        ]

    def _read_across(self, rows: Sequence[_Row]) -> list[QuantitySeries]:
        """Read a table with a row for each area and quantity, and a column for each year."""
        self._pass_others({*self._years})
        at = self._find_columns("area", "item", "unit")
        years = [*self._years.values()]
        for place, (column, year) in enumerate(self._years.items()):
            if year in years[:place]:
                self._fault(
                    self._address(self.head, column),
                    say("{year} heads another column as well; keep one", year=year),
                )
        if at is None:
            return []
        return self._group(
            _LabelledLine(
                row, self._read_area(row, at), self._head_row(row, at), tuple(self._years.items())
            )
            for row in rows
        )

    def _read_long(self, rows: Sequence[_Row]) -> list[QuantitySeries]:
        """Read a table with a row for each number."""
        self._pass_others(set())
        at = self._find_columns(*KEYS)
        if at is None:
            return []
        lines = []
        for row in rows:
            area, year = self._read_key(row, at)
            lines.append(_LabelledLine(row, area, self._head_row(row, at), ((at["value"], year),)))
        return self._group(lines)

    def _group(self, lines: Iterable[_LabelledLine]) -> list[QuantitySeries]:
        """Return the numbers of rows by quantity and unit, each of them there once."""
        groups: dict[tuple[str, str], list[_LabelledLine]] = {}
        first: dict[tuple[object, ...], QuantityHeading] = {}
        for line in lines:
            heading = line.heading
            self._place((line.area, year) for _, year in line.years)
            if not heading.name:
                continue
            groups.setdefault((heading.name, heading.unit), []).append(line)
            other = first.setdefault((heading.name, line.area, line.years), heading)
            if other is not heading:
                year = line.years[0][1] if len(line.years) == 1 else ""
                self._fault(
                    heading.where,
                    say(
                        "{key} stands there twice (also in {first}); keep one row",
                        key=_say_key(line.area, year, heading.printed),
                        first=other.where,
                    ),
                )
        return [
            QuantitySeries(
                sheet=self.sheet,
                heading=held[0].heading,
                keys=self._place((line.area, year) for line in held for _, year in line.years),
                cells=[line.row.cell(column) for line in held for column, _ in line.years],
                rows=[line.row.number for line in held for _ in line.years],
                columns=[column for line in held for column, _ in line.years],
            )
            for held in groups.values()
        ]

    def _head_columns(self) -> dict[int, QuantityHeading]:
        """Return what heads each column of a quantity."""
        found: dict[str, tuple[int, QuantityHeading]] = {}
        keys = {*self._columns["area"], *self._columns["year"]}
        labels = {*self._columns["item"], *self._columns["unit"]}
        for column, cell in enumerate(self.head.cells):
            text, where = str(cell or "").strip(), self._address(self.head, column)
            if not text or column in keys:
                continue
            name, unit = ("", "") if column in labels else self.words.find(text)
            heading = QuantityHeading(name, text, where, unit, where if unit else "")
            if name and column in self._years:
                self._fault(
                    where,
                    say(
                        "the year {year} heads a column of numbers beside a column of years; "
                        "keep one of both",
                        year=self._years[column],
                    ),
                )
            elif not name:
                self._others[where] = heading
            elif name in found:
                self._fault(where, _say_twice(heading, found[name][1]))
            else:
                found[name] = column, heading
        return dict(found.values())

    def _head_row(self, row: _Row, at: Mapping[str, int]) -> QuantityHeading:
        """Return the quantity of a row, and its unit."""
        text, where = row.text(at["item"]), self._address(row, at["item"])
        name, unit = self.words.find(text)
        if not text:
            self._fault(where, say("the row has no indicator; name what it counts"))
        elif not name:
            self._others.setdefault(text, QuantityHeading("", text, where))
        own, own_where = row.text(at.get("unit")), self._address(row, at.get("unit", at["item"]))
        if unit and own:
            self._check_unit(text, (unit, own), own_where)
        return QuantityHeading(name, text, where, unit or own, where if unit else own_where)

    def _take_units(
        self, rows: Sequence[_Row], headings: dict[int, QuantityHeading]
    ) -> Sequence[_Row]:
        """Give the units of a row of units to the columns; return the rows that are of an area."""
        kept = []
        for row in rows:
            first = next(cell for cell in row.cells if read_value(cell)[1] != BLANK)
            role = panel_words().get(fold(first)) if isinstance(first, str) else ""
            if role == "unit":
                for column, heading in headings.items():
                    if unit := row.text(column):
                        where = self._address(row, column)
                        if heading.unit:
                            self._check_unit(heading.printed, (heading.unit, unit), where)
                        headings[column] = replace(heading, unit=unit, unit_where=where)
            elif role != "item":  # else the names of the columns in another language
                kept.append(row)
        return kept

    def _find_columns(self, *roles: str) -> dict[str, int] | None:
        """Return the column of each key of a form, or None where they cannot be told."""
        found, is_clear = {}, True
        for role in roles:
            columns = self._columns[role]
            may_lack = role == "unit" or (role == "area" and not self.words.needs_area)
            if len(columns) == 1:
                found[role] = columns[0]
            elif columns or not may_lack:
                is_clear = False
                self._fault(self._address(self.head), _say_column(role, len(columns)))
        return found if is_clear else None

    def _pass_others(self, years: set[int]) -> None:
        """Keep the headings of columns that are neither a key nor a year."""
        known = years.union(*self._columns.values())
        for column, cell in enumerate(self.head.cells):
            if column not in known and (text := str(cell or "").strip()):
                where = self._address(self.head, column)
                self._others[where] = QuantityHeading("", text, where)

    def _read_key(self, row: _Row, at: Mapping[str, int]) -> tuple[str, int]:
        """Return area and year of a row; the year is 0 where it is none."""
        area, cell = self._read_area(row, at), row.cell(at["year"])
        where = self._address(row, at["year"])
        value, _ = read_value(cell.strip().removesuffix("年") if isinstance(cell, str) else cell)
        if value == value // 1 and _FIRST_YEAR <= value <= _LAST_YEAR:
            return area, int(value)
        text = str(cell or "")[:_SHOWN]
        self._fault(
            where,
            say("{cell!r} is not a year; write a year such as 2020", cell=text)
            if text
            else say("the row has no year; write a year such as 2020"),
        )
        return area, 0

    def _read_area(self, row: _Row, at: Mapping[str, int]) -> str:
        text = row.text(at.get("area"))
        if not text and self.words.needs_area:
            self._fault(self._address(row, at["area"]), say("the area is blank; name it"))
        return text

    def _check_keys(self, rows: Sequence[_Row], keys: Sequence[tuple[str, int]]) -> None:
        """Refuse an area and year that stands there twice."""
        first: dict[tuple[str, int], _Row] = {}
        for row, key in zip(rows, keys, strict=True):
            other = first.setdefault(key, row)
            if other is not row and key[1]:
                self._fault(
                    self._address(row),
                    say(
                        "{key} stands there twice (also in row {first}); keep one row",
                        key=_say_key(*key),
                        first=other.number + 1,
                    ),
                )

    def _check_unit(self, printed: str, units: tuple[str, str], where: str) -> None:
        """Refuse a quantity that prints two units."""
        if fold(units[0]) != fold(units[1]):
            self._fault(
                where,
                say(
                    "{printed!r} is in {unit} and in {other_unit}; keep one unit",
                    printed=printed,
                    unit=units[0],
                    other_unit=units[1],
                ),
            )

    def _find_unheaded(self, rows: Sequence[_Row]) -> Iterator[Finding]:
        """Find cells that stand in a column without a name."""
        named = {at for at, cell in enumerate(self.head.cells) if read_value(cell)[1] != BLANK}
        for row in rows:
            for column in sorted({*range(len(row.cells))} - named):
                cell = row.cells[column]
                if read_value(cell)[1] != BLANK:
                    yield Finding(
                        "column-without-name",
                        "warning",
                        say(
                            "{cell!r} stands in a column without a name and was not used",
                            cell=str(cell)[:_SHOWN],
                        ),
                        self._address(row, column),
                        say("name the column"),
                    )

    def _place(self, keys: Iterable[tuple[str, int]]) -> NDArray[np.int64]:
        """Return the places of areas and years, those seen first among them."""
        return np.array([self._keys.setdefault(key, len(self._keys)) for key in keys], dtype=int)

    def _address(self, row: _Row, column: int | None = None) -> str:
        return self.sheet.address(row.number, column)

    def _fault(self, where: str, fault: str) -> None:
        self.faults.append(say("{address}: {text}", address=where, text=fault))


def _say_column(role: str, count: int) -> str:
    """Return that a key has no column, or several."""
    if role == "year" and not count:
        return say(
            "no columns 'year' (年份), expected one; name the columns in the first row, "
            "or write years as columns beside a column of indicators"
        )
    if not count:
        return say(
            "no columns {word!r} ({word_zh}), expected one; name the columns in the first row",
            word=role,
            word_zh=KEYS[role],
        )
    return say(
        "{place_count} columns {word!r} ({word_zh}), expected one; name the columns in the first row",
        place_count=count,
        word=role,
        word_zh=KEYS[role],
    )


def _say_key(*labels: object) -> str:
    return " ".join(str(label) for label in labels if label)


def _say_twice(heading: QuantityHeading, other: QuantityHeading) -> str:
    if heading.printed == other.printed:
        return say("{printed!r} stands there twice; keep one column", printed=heading.printed)
    return say(
        "{printed!r} and {other!r} are both {name}; keep one column",
        printed=heading.printed,
        other=other.printed,
        name=heading.name,
    )
