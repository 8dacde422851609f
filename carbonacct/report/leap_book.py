"""A workbook in the layout that LEAP exports and imports: titles in the first row, columns in the third."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_SHEET, _VERSION = "Export", 2
_TITLE_COLUMN, _HEADER_ROW = 4, 2
_SEPARATOR = "\\"


def write_leap(table: pd.DataFrame, path: Path, *, area: str) -> None:
    """Write rows of :func:`carbonacct.to_leap` as LEAP lays them out: each level of a path in a column.

    Parameters
    ----------
    area
        The name of the model in the title.
    """
    from carbonacct.report.workbook.new_file import open_file  # noqa: PLC0415 - XlsxWriter

    levels = table["Branch Path"].str.split(_SEPARATOR).tolist()
    depth = max(map(len, levels), default=0)
    with open_file(path) as file:
        sheet = file.add_worksheet(_SHEET)
        sheet.write_row(0, _TITLE_COLUMN, ["Area:", area, "Ver:", _VERSION])
        names = [f"Level {number + 1}" for number in range(depth)]
        sheet.write_row(_HEADER_ROW, 0, [*table.columns, "", *names])
        for number, row in enumerate(table.itertuples(index=False)):
            sheet.write_row(_HEADER_ROW + 1 + number, 0, [*row, "", *levels[number]])
