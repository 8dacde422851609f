"""Panels from files: a long table as it stands, labels as text, its index the row of the file."""

from __future__ import annotations

import contextlib
import csv
import io
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import pandas as pd
from python_calamine import CalamineError

from carbonacct.data import bound_cells, plain, read_regular, shown_name
from carbonacct.errors import TableError, did_you_mean
from carbonacct.libraries import take_in
from carbonacct.records.note_rows import count_notes, find_notes
from carbonacct.sheets.encoding import decode
from carbonacct.sheets.raw_sheets import read_content
from carbonacct.sheets.sheet_choice import name_sheets, take_sheet
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import xarray as xr

    from carbonacct.errors import Finding

_TEXTS = (".csv", ".tsv", ".txt")
_DELIMITERS = ",\t;|"
_MAX_PANEL = 200 * 2**20
_MAX_NUMBERS = 50_000_000
_BOOKS = (".xlsx", ".xls", ".xlsb", ".ods")
_OF_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
KINDS = (*_TEXTS, *_BOOKS, ".parquet", ".nc")
_EXTRAS = {".parquet": "parquet", ".nc": "netcdf"}


def read_long_table(
    path: str | Path,
    *,
    labels: Collection[str] = (),
    sheet: str | Sequence[str] | None = None,
) -> tuple[pd.DataFrame | xr.Dataset, list[Finding]]:
    """Return the panel in a file, and which rows below it are notes.

    The columns of labels are text, what is blank is absent.

    Parameters
    ----------
    path
        .csv, .tsv, .txt, a workbook, .parquet or .nc.
    labels
        Columns of labels.
    sheet
        Of a workbook: the name of the sheet to read, or a pattern (the first sheet).

    Raises
    ------
    TableError
        If the file cannot be read, it has no such sheet or several that fit, or its first row does
        not name each column once.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in KINDS:
        raise TableError(
            say(
                "{path}: the kind of a panel follows its suffix; {near}",
                path=shown_name(path),
                near=did_you_mean(suffix, KINDS) or say("known: {kinds}", kinds=" ".join(KINDS)),
            )
        )
    try:
        content = read_regular(path, most=_MAX_PANEL)
    except OSError as error:
        raise TableError(
            say(
                "{path}: cannot be opened ({strerror}); check the path",
                path=path,
                strerror=error.strerror,
            )
        ) from None
    try:
        if suffix == ".nc":
            return _read_netcdf(content), []
        if suffix == ".parquet":
            return _with_labels(_read_parquet(content), labels), []
        if suffix in _BOOKS:
            table = _read_book(shown_name(path), content, sheet)
            body, notes = _leave_notes(path, _name_columns(path, table))
            return _with_labels(body.infer_objects(), labels), notes
        body, notes = _leave_notes(
            path, _read_text(path, decode(shown_name(path), content) if content else "")
        )
        return (
            body.assign(
                **{
                    name: _read_column(body[name], number=name not in labels)
                    for name in body.columns
                }
            ),
            notes,
        )
    except ImportError:
        raise TableError(
            say(
                "{path}: needs a package that is not installed; pip install 'carbonacct[{extra}]'",
                path=shown_name(path),
                extra=_EXTRAS[suffix],
            )
        ) from None
    except TableError:
        raise
    except (ValueError, OSError, KeyError, EOFError, csv.Error, CalamineError, BadZipFile) as error:
        raise TableError(
            say(
                "{path}: cannot be read as {suffix} ({reason}); save it again",
                path=shown_name(path),
                suffix=suffix,
                reason=" ".join(str(error).split())[:80],
            )
        ) from None


def _read_book(name: str, content: bytes, sheet: str | Sequence[str] | None) -> pd.DataFrame:
    """Return the cells of the first sheet of a workbook, or of the one that is named."""
    if not content.startswith(_OF_BOOKS):
        raise TableError(say("{path}: is damaged, or no workbook; save it again", path=name))
    rows = take_sheet(read_content(name, content, named=name_sheets(sheet, name)), sheet).rows
    width = max(map(len, rows), default=0)
    return pd.DataFrame([[*row, *[""] * (width - len(row))] for row in rows], dtype=object)


def _read_netcdf(content: bytes) -> xr.Dataset:
    import xarray as xr  # noqa: PLC0415 - only for this kind of file

    with xr.open_dataset(io.BytesIO(content), engine="h5netcdf") as data:
        _bound(sum(variable.size for variable in data.variables.values()))
        return data.load()


def _read_parquet(content: bytes) -> pd.DataFrame:
    take_in("pyarrow")
    from pyarrow import parquet  # noqa: PLC0415 - only for this kind of file

    file = parquet.ParquetFile(io.BytesIO(content))
    _bound(file.metadata.num_rows * file.metadata.num_columns)
    return pd.read_parquet(io.BytesIO(content))


def _bound(count: int) -> None:
    """Refuse what a small file says to be large."""
    if count > _MAX_NUMBERS:
        raise ValueError(
            say(
                "it holds {count} numbers, more than the {max_numbers} of a panel",
                count=count,
                max_numbers=_MAX_NUMBERS,
            )
        )


def _read_text(path: Path, text: str) -> pd.DataFrame:
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    bound_cells(text, delimiter, most=_MAX_NUMBERS)
    names = [name.strip() for name in next(csv.reader(io.StringIO(head), delimiter=delimiter), [])]
    _check_names(path, names)
    named = [
        name or say("column {position}", position=position)
        for position, name in enumerate(names, start=1)
    ]
    named = [plain(name) for name in named]
    table = pd.read_csv(
        io.StringIO(text),
        sep=delimiter,
        header=0,
        names=named,
        dtype=object,
        keep_default_na=False,
        na_values=[""],
        skip_blank_lines=False,
    )
    if not isinstance(
        table.index, pd.RangeIndex
    ):  # pandas takes cells that stand behind the last name for an index
        cause = (
            say(
                "row 1 ({name}) is a title; take it out, or, of an energy balance, give the "
                "inventory that is made of it",
                name=names[0][:40],
            )
            if len(names) == 1
            else say("quote texts that hold a comma, or name the column")
        )
        raise TableError(
            say(
                "{path}: row 2 has more cells than the header, which has {name_count}; {cause}",
                path=shown_name(path),
                name_count=len(names),
                cause=cause,
            )
        )
    if "'" in text:
        table = table.map(plain, na_action="ignore")
    return table.set_axis(pd.RangeIndex(2, 2 + len(table)), axis=0).dropna(how="all")


def _leave_notes(path: Path, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows above the notes that end a table, each a text in the first cell alone, and what they are."""
    table = table.dropna(how="all")
    upwards = (
        [None if pd.isna(cell) else cell for cell in row]
        for row in table.iloc[::-1].itertuples(index=False, name=None)
    )
    if not (count := count_notes(upwards)):
        return table, []
    notes = table.iloc[-count:, 0]
    return table.iloc[:-count], find_notes(
        shown_name(path), list(zip(notes.index.tolist(), notes.tolist(), strict=True))
    )


def _read_column(column: pd.Series[Any], *, number: bool) -> pd.Series[Any]:
    """Return a column as numbers where each text is one or blank, else as texts."""
    if number:
        with contextlib.suppress(ValueError):
            values = column.astype(float)
            if (values.isna() == column.isna()).all() and not column.str.contains(
                "_", regex=False, na=False
            ).any():
                return values  # else a text is "nan" or 1_000, which float() takes for a number
    return column.str.strip().replace("", None)


def _name_columns(path: Path, table: pd.DataFrame) -> pd.DataFrame:
    """Return a sheet with its first row as the names of its columns."""
    names = [str(name).strip() for name in table.iloc[0]] if len(table) else []
    _check_names(path, names)
    body = table.iloc[1:].set_axis(
        [
            name or say("column {position}", position=position)
            for position, name in enumerate(names, start=1)
        ],
        axis=1,
    )
    return body.set_axis(pd.RangeIndex(2, 2 + len(body)), axis=0).mask(lambda cells: cells == "")


def _check_names(path: Path, names: list[str]) -> None:
    if not any(names):
        raise TableError(
            say(
                "{path}: has no header in its first row; name the columns there",
                path=shown_name(path),
            )
        )
    for name, times in Counter(names).items():
        if name and times > 1:
            raise TableError(
                say(
                    "{path}: the column {name!r} is there twice; rename one",
                    path=shown_name(path),
                    name=name,
                )
            )


def _with_labels(table: pd.DataFrame, labels: Collection[str]) -> pd.DataFrame:
    """Return the rows that hold anything, with labels as text."""
    table = table.dropna(how="all")
    for name in set(labels) & set(table.columns):
        if table[name].dtype.kind not in "iu":
            table[name] = table[name].map(
                lambda value: (
                    str(int(value))
                    if isinstance(value, float) and value.is_integer()
                    else str(value)
                ),
                na_action="ignore",
            )
    return table
