"""The sheets of a workbook: which are read, passed over or hidden and why, and which a person has to choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.balances.account.leftovers import count_numbers
from carbonacct.balances.proposals.sheet_lines import find_title
from carbonacct.errors import CarbonacctError
from carbonacct.sheets.raw_sheets import read_sheets
from carbonacct.sheets.sheet_choice import list_hidden

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.balances import Reading
    from carbonacct.sheets.raw_sheets import Sheet


@dataclass(frozen=True)
class BookSheet:
    """A sheet of a workbook and what becomes of it.

    Attributes
    ----------
    name, title
        Of the sheet, and the first text in it.
    position
        Its number among the sheets that were opened, None of a hidden one.
    numbers
        How many it holds.
    is_read
        Whether it is read.
    reason
        Why not.
    alone
        What would come of it alone, where sheets contradict one another.
    """

    name: str
    title: str = ""
    position: int | None = None
    numbers: int = 0
    is_read: bool = False
    reason: str = ""
    alone: str = ""


def are_at_odds(reading: Reading) -> bool:
    """Return whether sheets of a workbook may contradict one another: then each is asked about."""
    read = [page for page in reading.pages if not page.passed_over]
    apart = (one.rule == "printed-apart" and one.severity == "error" for one in reading.findings)
    return len(read) > 1 and (bool(reading.stops) or any(apart))


def list_read_sheets(reading: Reading, asked: pd.DataFrame | None) -> tuple[BookSheet, ...]:
    """Return the sheets of a file that was read; hidden ones behind the others."""
    alone: dict[str, str] = {}
    if asked is not None:
        lines = asked[asked["kind"] == "sheet"]
        alone = {one.values["sheet"]: one.values["verdict"] for one in lines["where"]}
    opened = [
        _describe(page.sheet, position, page.passed_over, alone.get(page.sheet.name, ""))
        for position, page in enumerate(reading.pages)
    ]
    return _with_hidden(opened, reading.sheets)


def list_unread(path: Path) -> tuple[BookSheet, ...]:
    """Return the sheets of a file whose sheets could not be chosen; none of one that does not open."""
    try:
        sheets = read_sheets(path)
    except CarbonacctError:
        return ()
    return _with_hidden(
        [_describe(one, position, "", "") for position, one in enumerate(sheets)], sheets
    )


def _describe(sheet: Sheet, position: int, reason: str, alone: str) -> BookSheet:
    return BookSheet(
        sheet.name, find_title(sheet)[1], position, count_numbers(sheet), not reason, reason, alone
    )


def _with_hidden(opened: Sequence[BookSheet], sheets: Sequence[Sheet]) -> tuple[BookSheet, ...]:
    """Return the sheets of a file with its hidden ones; a file whose sheets have no names has none to choose."""
    book = (*opened, *map(BookSheet, list_hidden(sheets)))
    return book if all(one.name for one in book) else ()
