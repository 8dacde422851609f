"""Long tables from files: labels, years and numbers, one row per label and year."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.errors import TableError, did_you_mean
from carbonacct.tables.sheets import Cell, cell_name, decode, read_sheets
from carbonacct.tables.values import UNREADABLE, is_blank, read_value

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORKBOOKS = (".xlsx", ".xls", ".ods")
_TEXTS = (".csv", ".tsv", ".txt")
_DELIMITERS = ",\t;|"
_SHOWN = 60
_MOST_YEARS = 10_000


def read_panel(path: str | Path, *, numbers: Sequence[str], labels: Sequence[str] = (), year: str = "year") -> pd.DataFrame:
    """Return the named columns of a long table: labels as text, years as whole numbers, the rest as float64.

    Parameters
    ----------
    path
        .csv (UTF-8, UTF-16 or GB 18030), .xlsx (its first sheet) or .parquet; the first row names the columns.
    numbers
        Columns of numbers. A blank, a dash or a notation key is absent (NaN).
    labels
        Columns that say what a row is about.
    year
        The column of years; ``""`` where the table has none.

    Returns
    -------
    pandas.DataFrame
        The columns of ``labels``, ``year`` and ``numbers``; the index is the row's number in the file.

    Raises
    ------
    TableError
        If the file cannot be read, a column is missing or there twice, a number or a year is not one, a label is blank.

    Examples
    --------
    >>> read_panel("docs/tables/countries_1990_2016.csv", numbers=["co2"], labels=["area"]).iloc[0].to_dict()
    {'area': 'China', 'year': 1990, 'co2': 2420.302}
    """
    where, heads, rows = _read_rows(Path(path))
    kept = [(number, row) for number, row in enumerate(rows, start=2) if not all(map(is_blank, row))]
    if not kept:
        raise TableError(f"{where}: has no row below its header; export the table again")
    for number, row in kept:
        if not all(map(is_blank, row[len(heads) :])):
            raise TableError(f"{where}!{cell_name(number - 1, len(heads))}: stands behind the last column {heads[-1]!r}; quote texts with commas or name the column")
    columns = {}
    for name in dict.fromkeys([*labels, *([year] if year else []), *numbers]):
        place = _find_column(where, heads, name)
        cells = [row[place] if place < len(row) else "" for _, row in kept]
        values, wrong = _read_labels(cells) if name in labels else _read_numbers(cells)
        expected = "a label" if name in labels else "a number"
        if name == year:
            years = values
            wrong |= ~(np.isfinite(years) & (np.rint(years) == years) & (np.abs(years) < _MOST_YEARS))
            values, expected = np.where(wrong, 0, years).astype(np.int64), "a whole year"
        if wrong.any():
            number = int(wrong.argmax())
            cell = f"{where}!{cell_name(kept[number][0] - 1, place)}"
            raise TableError(f"{cell}: {name} is {str(cells[number])[:_SHOWN]!r}, not {expected}; correct the cell")
        columns[name] = values
    return pd.DataFrame(columns, index=pd.Index([number for number, _ in kept], name="row"))


def _read_rows(path: Path) -> tuple[str, list[str], Sequence[Sequence[Cell]]]:
    """Return the file (and sheet), the names of the columns and the rows below."""
    suffix = path.suffix.lower()
    if suffix in _TEXTS:
        where, rows = path.name, _read_text(path)
    elif suffix in _WORKBOOKS:
        sheet = read_sheets(path)[0]
        where, rows = "!".join(filter(None, (sheet.file, sheet.name))), sheet.rows
    elif suffix == ".parquet":
        where, rows = path.name, _read_parquet(path)
    else:
        known = [*_TEXTS, *_WORKBOOKS, ".parquet"]
        raise TableError(f"{path.name}: the kind of a panel follows its suffix; {did_you_mean(suffix, known) or 'known: ' + ' '.join(known)}")
    if not rows or all(map(is_blank, rows[0])):
        raise TableError(f"{where}: has no header in its first row; name the columns there")
    heads = [str(cell).strip() for cell in rows[0]]
    while heads and not heads[-1]:
        heads.pop()
    return where, heads, rows[1:]


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError:
        raise TableError(f"{path}: is a folder; name the file in it") from None
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        raise TableError(f"{path}: cannot be opened ({getattr(error, 'strerror', None) or error}); check the path") from None


def _read_text(path: Path) -> list[list[Cell]]:
    content = _read_bytes(path)
    text = decode(path.name, content) if content else ""
    head = text.partition("\n")[0]
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=head.count))]
    except csv.Error as error:
        raise TableError(f"{path.name}: cannot be read as delimited text ({error}); save it again as UTF-8 .csv") from None


def _read_parquet(path: Path) -> list[list[Cell]]:
    content = _read_bytes(path)
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise TableError(f"{path.name}: needs a package that is not installed; pip install 'carbonacct[parquet]'") from None
    try:
        table = parquet.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise TableError(f"{path.name}: is damaged or not a parquet file ({reason}); write it again") from None
    columns = [[math.nan if cell is None else cell for cell in column.to_pylist()] for column in table.columns]
    return [list(table.column_names), *map(list, zip(*columns, strict=True))]


def _find_column(where: str, heads: Sequence[str], name: str) -> int:
    places = [place for place, head in enumerate(heads) if head == name]
    if not places:
        near = did_you_mean(name, heads)
        raise TableError(f"{where}: no column {name!r}; {near or 'the table has ' + ', '.join(head for head in heads if head)}")
    if len(places) > 1:
        cells = " and ".join(cell_name(0, place) for place in places)
        raise TableError(f"{where}: {name!r} names more than one column ({cells}); rename the others")
    return places[0]


def _read_numbers(cells: Sequence[Any]) -> tuple[Any, Any]:
    """Return the numbers of a column, NaN where there is none, and which cells are no number."""
    values = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").to_numpy(np.float64, copy=True)
    wrong = np.array([type(cell) is bool for cell in cells])
    for number in np.flatnonzero(~np.isfinite(values)).tolist():
        cell = cells[number]
        word = str(cell).strip().lower()
        values[number], status = read_value(cell)
        wrong[number] = word == "x" or (status == UNREADABLE and word != "nan")
    return values, wrong


def _read_labels(cells: Sequence[Cell]) -> tuple[Any, Any]:
    """Return the labels of a column (a workbook keeps an area code as a float), and which cells are none."""
    whole = [int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in cells]
    labels = np.array(["" if isinstance(cell, float) and math.isnan(cell) else str(cell).strip() for cell in whole], dtype=object)
    return labels, labels == ""
