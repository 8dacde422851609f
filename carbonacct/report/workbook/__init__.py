"""Inventories as a workbook: every number a formula that leads to a printed amount and published factors."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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


def __getattr__(name: str) -> Any:
    """Load what a name needs when it is used: words and charts of this room serve others too."""
    if name in _HOMES:
        return getattr(import_module(f"carbonacct.report.workbook.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'carbonacct.report.workbook' has no attribute {name!r}")
