"""The one reader of tables whose rows bear their labels: a head of known words, rows below it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from carbonacct.data import data_folder, read_rows
from carbonacct.errors import near_or_known
from carbonacct.records.heading_roles import find_years
from carbonacct.records.table_heads import find_head
from carbonacct.sheets.raw_sheets import Sheet, read_sheets
from carbonacct.sheets.values import is_blank, printed
from carbonacct.texts import say
from carbonacct.vocabulary import fold, split_scripts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.sheets.raw_sheets import Cell


@dataclass(frozen=True)
class LabelledRow:
    """A row of a table: its cells by column, and where each stands."""

    sheet: Sheet
    number: int
    columns: Mapping[str, int]
    year: Cell = ""

    def cell(self, column: str) -> Cell:
        """Return what stands in a column; ``""`` where the table does not have it."""
        if column == "year" and self.year:
            return self.year
        place = self.columns.get(column)
        row = self.sheet.rows[self.number]
        return "" if place is None or place >= len(row) else row[place]

    def text(self, column: str) -> str:
        """Return a cell as a person reads it, without space around it."""
        cell = self.cell(column)
        return "" if is_blank(cell) else printed(cell)

    def address(self, column: str = "") -> str:
        """Return ``file!sheet!cell`` of a column, or of the row."""
        return self.sheet.address(self.number, self.columns.get(column))


@dataclass(frozen=True)
class LabelledTable:
    """A sheet whose head says what each column holds."""

    sheet: Sheet
    head: int
    columns: Mapping[str, int]
    years: tuple[int, ...] = ()

    def rows(self) -> Iterator[LabelledRow]:
        """Yield the rows below the head in which something stands, once a year where years stand across."""
        head = self.sheet.rows[self.head]
        for number in range(self.head + 1, len(self.sheet.rows)):
            if all(map(is_blank, self.sheet.rows[number])):
                continue
            if not self.years:
                yield LabelledRow(self.sheet, number, self.columns)
            for place in self.years:
                columns = {**self.columns, "value": place}
                yield LabelledRow(self.sheet, number, columns, head[place])


def read_tables(
    path: str | Path,
    kind: str,
    *,
    needed: Sequence[str],
    faults: list[str],
    years_across: bool = False,
) -> list[LabelledTable]:
    r"""Return the tables of one kind that a file holds, a sheet each.

    Parameters
    ----------
    kind
        Whose columns are looked for: ``table`` in ``factors/vocabulary/record_columns.csv``.
    needed
        Columns that a head must have; a sheet without such a head is passed over.
    faults
        What is wrong with a head goes here: a column that is not known, or is there twice.
    years_across
        Whether years may stand as columns, with the values below them.

    Raises
    ------
    TableError
        If the file cannot be read.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "a.csv")
    ...     _ = file.write_text("年份,指标,数值\n2020,水泥产量,3\n", encoding="utf-8")
    ...     tables = read_tables(file, "activity", needed=["activity", "value"], faults=[])
    >>> [(row.text("activity"), row.address("value")) for row in tables[0].rows()]
    [('水泥产量', 'a.csv!C2')]
    """
    return tables_in(
        read_sheets(path), kind, needed=needed, faults=faults, years_across=years_across
    )


def tables_in(
    sheets: Iterable[Sheet],
    kind: str,
    *,
    needed: Sequence[str],
    faults: list[str] | None,
    years_across: bool = False,
) -> list[LabelledTable]:
    """Return the tables of one kind in some sheets, as :func:`read_tables` does of a file.

    Without a list of faults, columns that are not known are passed over.
    """
    found = []

    def read_head(row: Sequence[Cell]) -> tuple[dict[int, str], tuple[int, ...]]:
        names = roles_in(kind, row)
        is_across = years_across and "value" not in names.values()
        return names, tuple(find_years(row)) if is_across else ()

    def names_columns(row: Sequence[Cell]) -> bool:
        names, years = read_head(row)
        return set(needed) <= {*names.values(), *(["value"] if years else [])}

    for sheet in sheets:
        number = find_head(sheet.rows, names_columns)
        if number is None:
            continue
        names, years = read_head(sheet.rows[number])
        if faults is not None:
            known = {**names, **dict.fromkeys(years, "")}
            faults += _head_faults(kind, sheet, number, known)
        columns = {name: place for place, name in reversed(names.items())}
        found.append(LabelledTable(sheet, number, columns, years))
    return found


def sheet_of(frame: pd.DataFrame, name: str) -> Sheet:
    """Return a data frame as the sheet that it would be, its columns as the head."""
    columns = [_list_cells(frame.iloc[:, number]) for number in range(frame.shape[1])]
    head: list[Cell] = [str(column) for column in frame.columns]
    return Sheet(name, "", [head, *map(list, zip(*columns, strict=True))])


def _list_cells(column: pd.Series[Any]) -> list[Cell]:
    """Return the cells of a column as a reader of files gives them: plain numbers, None where there is none."""
    lacks = column.isna().to_numpy()
    cells = column.tolist()
    if column.dtype.kind in "biuf" and not lacks.any():
        return cells
    return [
        None
        if lack
        else cell
        if isinstance(cell, str)
        else getattr(cell, "item", lambda cell=cell: cell)()
        for cell, lack in zip(cells, lacks, strict=True)
    ]


def column_words(kind: str) -> Mapping[str, tuple[str, str]]:
    """Return the columns of a kind of table, each with its Chinese and English name.

    Examples
    --------
    >>> column_words("activity")["value"]
    ('数值', 'value')
    """
    return {row["column"]: (row["name_zh"], row["name_en"]) for row in _columns(kind)}


def roles_in(kind: str, row: Sequence[Cell]) -> dict[int, str]:
    """Return which columns the words of a row name, by position.

    Examples
    --------
    >>> roles_in("statement", ["指标", "万吨", "实绩"])
    {0: 'label', 2: 'value'}
    """
    known = _words(kind)
    found = {}
    for position, cell in enumerate(row):
        if not isinstance(cell, str):
            continue
        folded = fold(cell)
        names = {known.get(part) for part in (folded, *split_scripts(folded))} - {None}
        if len(names) == 1:
            found[position] = str(names.pop())
    return found


def _head_faults(kind: str, sheet: Sheet, head: int, named: Mapping[int, str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for position, cell in enumerate(sheet.rows[head]):
        where = sheet.address(head, position)
        if position in named and not named[position]:
            continue  # a year
        if position in named:
            first = seen.setdefault(named[position], position)
            if first != position:
                yield say(
                    "{where}: {named} is there twice; keep one column",
                    where=where,
                    named=named[position],
                )
        elif not is_blank(cell):
            words = [word for row in _columns(kind) for word in (row["name_zh"], row["name_en"])]
            near = near_or_known(printed(cell), words, listed=column_words(kind))
            yield say(
                "{where}: the column {printed!r} is not known; {near}",
                where=where,
                printed=printed(cell),
                near=near,
            )


@cache
def _columns(kind: str) -> list[dict[str, str]]:
    rows = read_rows(data_folder() / "vocabulary" / "record_columns.csv")
    return [row for row in rows if row["table"] == kind]


@cache
def _words(kind: str) -> dict[str, str]:
    return {
        fold(word): row["column"]
        for row in _columns(kind)
        for word in (row["column"], row["name_zh"], row["name_en"], *row["aliases"].split("|"))
        if word
    }
