"""A flat table of any length as values: rows are written as they are, for a cell at a time would take minutes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from carbonacct.data import RISKY
from carbonacct.report.workbook.table import clean_text
from carbonacct.text_columns import count_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbonacct.report.workbook.table import Book

MOST_ROWS = 1_048_575  # of a sheet, without its header
_ROWS = 10_000  # that are made at a time


class _Flat(Worksheet):  # type: ignore[misc]
    """A sheet whose rows are a table: XlsxWriter calls `_write_sheet_data` when it makes the file."""

    heads: list[int]  # where the headers stand among the strings of the workbook
    # For each column, what gives the texts between the number of the row in one cell's address and
    # that in the next one's, for some rows: for all at once they would be most of the memory.
    columns: list[Callable[[slice], list[str]]]

    def _write_sheet_data(self) -> None:
        head = "".join(
            f'<c r="{xl_col_to_name(n)}1" t="s"><v>{place}</v></c>'
            for n, place in enumerate(self.heads)
        )
        self.fh.write(f'<sheetData><row r="1">{head}</row>')
        for start in range(0, self.dim_rowmax, _ROWS):
            rows = slice(start, start + _ROWS)
            between = zip(*(column(rows) for column in self.columns), strict=True)
            # One join a row, by its number: a cell written by itself takes several calls.
            self.fh.writelines(
                str(n).join(('<row r="', '"><c r="A', *texts))
                for n, texts in enumerate(between, start=start + 2)
            )
        self.fh.write("</sheetData>")


def add_flat_values(book: Book, frame: pd.DataFrame, name: str = "inventory") -> list[str]:
    """Add a table as values, on as many sheets as it needs, and return their names."""
    names: list[str] = []
    for start in range(0, len(frame), MOST_ROWS):
        part = frame.iloc[start : start + MOST_ROWS]
        names.append(name if not start else f"{name} {len(names) + 1}")
        sheet = book.file.add_worksheet(names[-1], worksheet_class=_Flat)
        find = book.file.str_table._get_shared_string_index  # noqa: SLF001 - what `write_string` calls
        sheet.heads = [find(str(column)) for column in part.columns]
        sheet.columns = [
            _list_cells(
                book,
                part[column],
                f'<c r="{xl_col_to_name(n)}' if n < len(part.columns) else "</row>",
            )
            for n, column in enumerate(part.columns, start=1)
        ]
        for n, column in enumerate(part.columns):
            shown = (
                18
                if part[column].dtype.kind == "f"
                else max(
                    [
                        count_columns(str(column)),
                        *(count_columns(str(text)) for text in part[column].unique()[:1000]),
                    ]
                )
            )
            sheet.set_column(n, n, min(shown + 2, 40))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.dim_rowmax, sheet.dim_colmax, sheet.dim_rowmin, sheet.dim_colmin = (
            len(part),
            len(part.columns) - 1,
            0,
            0,
        )
    return names


def _list_cells(book: Book, column: pd.Series, after: str) -> Callable[[slice], list[str]]:
    """Return a column as `_Flat` writes it.

    Its texts go among the strings of the workbook now, before these are counted.
    """
    if column.dtype.kind in "fiu":
        numbers = column.to_numpy()
        style = _style(book.format(num_format="#,##0.00")) if column.dtype.kind == "f" else ""
        return lambda rows: [
            f'"{style}><v>{value!r}</v></c>{after}'
            if math.isfinite(value)
            else f'"{style}/>{after}'
            for value in numbers[rows].tolist()
        ]
    find = book.file.str_table._get_shared_string_index  # noqa: SLF001 - what `write_string` calls
    codes, texts = pd.factorize(column.astype(object))
    codes = codes.astype(np.int32)
    risky = any(str(text).startswith(RISKY) for text in texts)
    style = (
        _style(book.format(quote_prefix=True)) if risky else ""
    )  # a text even when somebody edits it
    ends = [
        *(f'"{style} t="s"><v>{find(clean_text(text))}</v></c>{after}' for text in texts),
        f'"{style}/>{after}',
    ]  # the last is that of no text, -1
    return lambda rows: [ends[code] for code in codes[rows].tolist()]


def _style(look: Any) -> str:
    return f' s="{look._get_xf_index()}"'  # noqa: SLF001 - as XlsxWriter's own sheets ask
