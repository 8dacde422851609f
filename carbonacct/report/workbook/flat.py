"""A flat table of any length as values: rows are written as they are, for a cell at a time would take minutes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from carbonacct.data import RISKY
from carbonacct.report.terminal import width
from carbonacct.report.workbook.table import clean_text

if TYPE_CHECKING:
    from carbonacct.report.workbook.table import Book

MOST_ROWS = 1_048_575  # of a sheet, without its header


class _Flat(Worksheet):  # type: ignore[misc]
    """A sheet whose rows are a table: XlsxWriter calls `_write_sheet_data` when it makes the file."""

    # For each column: the place of its header among the strings of the workbook, and how each of
    # its cells ends.
    parts: list[tuple[int, list[str]]]

    def _write_sheet_data(self) -> None:
        letters = [xl_col_to_name(n) for n in range(len(self.parts))]
        head = "".join(
            f'<c r="{letter}1" t="s"><v>{place}</v></c>'
            for letter, (place, _) in zip(letters, self.parts, strict=True)
        )
        self.fh.write(f'<sheetData><row r="1">{head}</row>')
        line = '<row r="%d">' + "".join(f'<c r="{letter}%d"%s' for letter in letters) + "</row>"
        for n, ends in enumerate(zip(*(part[1] for part in self.parts), strict=True), start=2):
            self.fh.write(line % (n, *(item for end in ends for item in (n, end))))
        self.fh.write("</sheetData>")


def add_flat_values(book: Book, frame: pd.DataFrame, name: str = "inventory") -> list[str]:
    """Add a table as values, on as many sheets as it needs, and return their names."""
    names: list[str] = []
    for start in range(0, len(frame), MOST_ROWS):
        part = frame.iloc[start : start + MOST_ROWS]
        names.append(name if not start else f"{name} {len(names) + 1}")
        sheet = book.file.add_worksheet(names[-1], worksheet_class=_Flat)
        sheet.parts = [_part(book, part[column]) for column in part.columns]
        for n, column in enumerate(part.columns):
            shown = (
                18
                if part[column].dtype.kind == "f"
                else max(
                    [
                        width(str(column)),
                        *(width(str(text)) for text in part[column].unique()[:1000]),
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


def _part(book: Book, column: pd.Series) -> tuple[int, list[str]]:
    """Return a column as `_Flat` writes it; its texts go among the strings of the workbook now, before these are counted."""
    find = book.file.str_table._get_shared_string_index  # noqa: SLF001 - what `write_string` calls
    head = find(str(column.name))
    if column.dtype.kind in "fiu":
        style = _style(book.format(num_format="#,##0.00")) if column.dtype.kind == "f" else ""
        return head, [
            f"{style}><v>{value!r}</v></c>" if math.isfinite(value) else f"{style}/>"
            for value in column.tolist()
        ]
    codes, texts = pd.factorize(column.astype(object))
    risky = any(str(text).startswith(RISKY) for text in texts)
    style = (
        _style(book.format(quote_prefix=True)) if risky else ""
    )  # a text even when somebody edits it
    ends = [
        *(f'{style} t="s"><v>{find(clean_text(text))}</v></c>' for text in texts),
        f"{style}/>",
    ]  # the last is that of no text, -1
    return head, [ends[code] for code in codes.tolist()]


def _style(look: Any) -> str:
    return f' s="{look._get_xf_index()}"'  # noqa: SLF001 - as XlsxWriter's own sheets ask
