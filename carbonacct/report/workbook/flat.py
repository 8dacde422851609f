"""A flat table of any length as values: rows are written as they are, for a cell at a time would take minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from carbonacct.report.terminal import width
from carbonacct.report.workbook.table import RISKY, clean_text

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.report.workbook.table import Book

MOST_ROWS = 1_048_575  # of a sheet, without its header


class _Flat(Worksheet):
    """A sheet whose rows are a table: XlsxWriter calls `_write_sheet_data` when it makes the file."""

    table: pd.DataFrame
    looks: list[Any]

    def _write_sheet_data(self) -> None:
        parts = []
        for n, (name, look) in enumerate(zip(self.table.columns, self.looks, strict=True)):
            held = self.table[name].to_numpy()
            style = f' s="{look._get_xf_index()}"' if look else ""  # noqa: SLF001 - as XlsxWriter's own sheets ask
            number = held.dtype.kind in "fiu"
            cells = list(map(repr, held.tolist())) if number else self._text_cells(held)
            parts.append((f'<c r="{xl_col_to_name(n)}', f'"{style}><v>' if number else f'"{style} t="s"><v>', cells))
        head = "".join(f'<c r="{xl_col_to_name(n)}1" t="s"><v>{self._text_cells(np.array([str(name)]))[0]}</v></c>' for n, name in enumerate(self.table.columns))
        self.fh.write(f'<sheetData><row r="1">{head}</row>')
        row = "".join(f"{before}%d{between}%s</v></c>" for before, between, _ in parts)
        line = f'<row r="%d">{row}</row>'
        for n, cells in enumerate(zip(*(part[2] for part in parts), strict=True), start=2):
            self.fh.write(line % tuple(item for cell in ((n,), *((n, value) for value in cells)) for item in cell))
        self.fh.write("</sheetData>")

    def _text_cells(self, texts: np.ndarray) -> list[str]:
        """Return the places of texts among the strings of the workbook."""
        known = {text: str(self.str_table._get_shared_string_index(clean_text(text))) for text in dict.fromkeys(texts.tolist())}  # noqa: SLF001 - as above
        return [known[text] for text in texts.tolist()]


def add_flat_values(book: Book, frame: pd.DataFrame, name: str = "inventory") -> list[str]:
    """Add a table as values, on as many sheets as it needs, and return their names."""
    names = []
    for start in range(0, len(frame), MOST_ROWS):
        part = frame.iloc[start : start + MOST_ROWS]
        names.append(name if not start else f"{name} {len(names) + 1}")
        sheet = book.file.add_worksheet(names[-1], worksheet_class=_Flat)
        sheet.table = part
        sheet.looks = [_look(book, part[column]) for column in part.columns]
        for n, column in enumerate(part.columns):
            shown = 18 if part[column].dtype.kind == "f" else max([width(str(column)), *(width(str(text)) for text in part[column].unique()[:1000])])
            sheet.set_column(n, n, min(shown + 2, 40))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.dim_rowmax, sheet.dim_colmax, sheet.dim_rowmin, sheet.dim_colmin = len(part), len(part.columns) - 1, 0, 0
    return names


def _look(book: Book, column: pd.Series) -> Any:
    """Return the format of a column; a text stays a text when somebody edits it."""
    if column.dtype.kind == "f":
        return book.format(num_format="#,##0.00")
    risky = column.dtype.kind not in "iu" and any(str(text).startswith(RISKY) for text in column.unique())
    return book.format(quote_prefix=True) if risky else None
