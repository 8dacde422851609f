"""Inventories as a workbook: every number a formula that leads to a printed amount and published factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.lazy_names import load_when_used

if TYPE_CHECKING:
    from carbonacct.report.workbook.book import write_table, write_workbook
    from carbonacct.report.workbook.new_file import open_book
    from carbonacct.report.workbook.plan import LIVE_NUMBERS
    from carbonacct.report.workbook.table import (
        Book,
        Editable,
        Formula,
        SheetColumn,
        add_frame,
        add_table,
    )

_HOMES = {
    "LIVE_NUMBERS": "plan",
    "Book": "table",
    "Editable": "table",
    "Formula": "table",
    "SheetColumn": "table",
    "add_frame": "table",
    "add_table": "table",
    "open_book": "new_file",
    "write_table": "book",
    "write_workbook": "book",
}
__all__ = [
    "LIVE_NUMBERS",
    "Book",
    "Editable",
    "Formula",
    "SheetColumn",
    "add_frame",
    "add_table",
    "open_book",
    "write_table",
    "write_workbook",
]
__getattr__ = load_when_used(__name__, _HOMES)
