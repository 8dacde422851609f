"""Inventories as a workbook: every number a formula that leads to a printed amount and published factors."""

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
