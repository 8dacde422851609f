"""Cells of a row of targets: numbers and years, or a refusal that names target and column."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from carbonacct.errors import PanelError
from carbonacct.sheets.values import UNREADABLE, read_value
from carbonacct.texts import say


def is_blank(cell: object) -> bool:
    """Return whether nothing stands in a cell.

    Examples
    --------
    >>> [is_blank(cell) for cell in (None, " ", math.nan, pd.NA, 0, "0")]
    [True, True, True, True, False, False]
    """
    if isinstance(cell, str):
        return not cell.strip()
    return cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell))


def read_target_number(target: str, key: str, cell: Any) -> float:
    """Return the number of a cell, NaN where nothing or a mark stands.

    Raises
    ------
    PanelError
        If something else stands there.

    Examples
    --------
    >>> read_target_number("g", "value", "1,200"), read_target_number("g", "value", "-")
    (1200.0, nan)
    >>> read_target_number("g", "value", "17 bis 18")
    Traceback (most recent call last):
        ...
    carbonacct.errors.PanelError: g: value is '17 bis 18', not a number; correct it
    """
    if is_blank(cell):
        return math.nan
    is_cell = isinstance(cell, (str, int, float)) and not isinstance(cell, bool)
    number, status = read_value(cell) if is_cell else (math.nan, UNREADABLE)
    # An x is a number that is kept secret in tables, and a slip in targets.
    if status == UNREADABLE or str(cell).strip().lower() == "x":
        raise PanelError(
            say(
                "{target}: {key} is {cell!r}, not a number; correct it",
                target=target,
                key=key,
                cell=cell,
            )
        )
    return number


def read_target_year(target: str, key: str, cell: Any) -> int | None:
    """Return the year of a cell, None where nothing or a mark stands.

    Raises
    ------
    PanelError
        If it is no whole year.

    Examples
    --------
    >>> read_target_year("g", "due", 2025.0), read_target_year("g", "base", None)
    (2025, None)
    """
    year = read_target_number(target, key, cell)
    if math.isnan(year):
        return None
    # Behind a number of a table a letter is a flag; 2030s is a decade.
    if year != int(year) or (isinstance(cell, str) and cell.strip()[-1].isalpha()):
        raise PanelError(
            say(
                "{target}: {key} is {cell!r}, not a whole year; correct it",
                target=target,
                key=key,
                cell=cell,
            )
        )
    return int(year)
