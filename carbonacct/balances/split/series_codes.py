"""Codes of series that say product, flow and unit at once -> columns of their own.

The State Energy Data System of the United States prints ``NGRCB``: natural gas, residential
sector, billion Btu. What such a code says is data (``series_codes.csv``).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from carbonacct.balances.label.headers import column_word
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.sheets.sheets import Cell, Sheet

_HEADER_ROWS = 20
_HEADINGS = ("Flow", "Product", "Unit")
_MOST_NAMED = 5
_STATES = "StateCode"


@cache
def _lists() -> frozenset[str]:
    rows = read_rows(data_folder() / "vocabulary" / "series_codes.csv")
    return frozenset(row["list"] for row in rows)


@cache
def _known(of: str) -> dict[str, dict[str, str]]:
    rows = read_rows(data_folder() / "vocabulary" / "series_codes.csv")
    return {row["code"]: row for row in rows if row["list"] == of}


def expand_codes(sheet: Sheet) -> Sheet:
    """Return a sheet with columns behind its last for what the codes of its series say.

    A row whose code is not listed (a price, a factor, a sum of the others) loses its number, and a
    finding says so. A sheet without such a column is returned as it is.
    """
    lists = _lists()
    at = next(
        (i for i, row in enumerate(sheet.rows[:_HEADER_ROWS]) if not lists.isdisjoint(row)), None
    )
    if at is None:
        return sheet
    header = sheet.rows[at]
    column = next(j for j, cell in enumerate(header) if cell in lists)
    known = _known(str(header[column]))
    codes = [str(row[column]).strip() if column < len(row) else "" for row in sheet.rows[at + 1 :]]
    there = set(codes)
    states = next((j for j, cell in enumerate(header) if cell == _STATES), None)
    keys = [
        j
        for j, cell in enumerate(header)
        if column_word(str(cell)) not in {"skip", "about", "code"}
    ]
    rows: list[list[Cell]] = [*sheet.rows[:at], [*header, *_HEADINGS]]
    left: list[str] = []
    for row, code in zip(sheet.rows[at + 1 :], codes, strict=True):
        entry = known.get(code)
        if entry is None or entry["unless"] in there:
            left += [code] if code else []
            rows.append(["" if j in keys else cell for j, cell in enumerate(row)])
            continue
        own = [*row, *[""] * (len(header) - len(row))]
        if states is not None:  # AZ is Arizona here, and a country elsewhere
            own[states] = "United States" if own[states] == "US" else f"US-{own[states]}"
        rows.append([*own, entry["flow"], entry["product"], entry["unit"]])
    findings = [_note_left(sheet, at, left)] if left else []
    return replace(sheet, rows=rows, findings=(*sheet.findings, *findings))


def _note_left(sheet: Sheet, at: int, left: list[str]) -> Finding:
    names = list(dict.fromkeys(left))
    return Finding(
        "left-out",
        "info",
        say(
            "{left_count} rows of {name_count} series ({names}) are no use of a fuel in "
            "energy units that is listed, or sums of others, and are left out",
            left_count=len(left),
            name_count=len(names),
            names=name_some(names, _MOST_NAMED),
        ),
        sheet.address(at + 1),
    )
