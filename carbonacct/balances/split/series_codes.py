"""Codes of series that say product, flow and unit at once -> columns of their own.

The State Energy Data System of the United States prints ``NGRCB``: natural gas, residential
sector, billion Btu. What such a code says is data (``series_codes.csv``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.label.headers import column_word
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.sheets.raw_sheets import Cell, Sheet

_HEADER_ROWS = 20
_HEADINGS = ("Flow", "Product", "Unit")
_MOST_NAMED = 5
_OTHER_NAMES = {"seriesId": "MSN"}  # as the interface for programs calls the column
_SAYS_UNITS = "Var"  # the codes of this list name their unit; another list must stand there itself
_SERIES = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*|Region|SubRegion|OECD|OPEC|EU|CIS")
_WORLD_REGIONS = frozenset({"Region", "SubRegion"})  # what a country lies in
_OFFSHORE = frozenset({"X3", "X5"})  # federal waters, listed among the states
_HOMONYM, _HOMONYM_CODE = "Georgia", "GA"
_STATES = frozenset({"StateCode", "State", "stateId"})  # columns of postal codes of states


@cache
def _lists() -> frozenset[str]:
    rows = read_rows(data_folder() / "vocabulary" / "series_codes.csv")
    return frozenset(row["list"] for row in rows)


@cache
def _all_codes() -> frozenset[str]:
    return frozenset().union(*map(_known, _lists()))


@cache
def _told_by() -> frozenset[object]:
    """All cells that may stand in a header with such codes: most sheets have none of them."""
    return _STATES | _all_codes() | _lists() | _OTHER_NAMES.keys()


@cache
def _known(of: str) -> dict[str, dict[str, str]]:
    rows = read_rows(data_folder() / "vocabulary" / "series_codes.csv")
    return {row["code"]: row for row in rows if row["list"] == of}


def expand_codes(sheet: Sheet) -> Sheet:
    """Return a sheet with columns behind its last for what the codes of its series say.

    A row whose code is not listed (a price, a factor, a sum of the others) loses its number, and a
    finding says so. A sheet without such a column is returned as it is.
    """
    if all(map(_told_by().isdisjoint, sheet.rows[:_HEADER_ROWS])):
        return sheet
    sheet = _expand_headers(_name_states(sheet))
    lists = _lists()
    names = lists | {other for other, of in _OTHER_NAMES.items() if of in lists}
    at = next(
        (i for i, row in enumerate(sheet.rows[:_HEADER_ROWS]) if not names.isdisjoint(row)), None
    )
    if at is None:
        return sheet
    header = sheet.rows[at]
    column = next(j for j, cell in enumerate(header) if cell in names)
    known = _known(_OTHER_NAMES.get(str(header[column]), str(header[column])))
    codes = [str(row[column]).strip() if column < len(row) else "" for row in sheet.rows[at + 1 :]]
    there = set(codes) - {""}  # a blank row is no series that replaces another
    if there.isdisjoint(known):
        return sheet
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
        rows.append([*own, entry["flow"], entry["product"], entry["unit"]])
    findings = [_note_left(sheet, at, left)] if left else []
    return replace(sheet, rows=rows, findings=(*sheet.findings, *findings))


def _expand_headers(sheet: Sheet) -> Sheet:
    """Return a sheet with what its coded headers say in their place, without the columns of other series."""
    for i, row in enumerate(sheet.rows[:_HEADER_ROWS]):
        for of in () if _all_codes().isdisjoint(row) else _lists():
            known = _known(of)
            coded = {j for j, cell in enumerate(row) if cell in known}
            # One code may be a word by chance; two in a row are a list.
            if len(coded) < 2 or not (of in row or of == _SAYS_UNITS):
                continue
            left = [
                j
                for j, cell in enumerate(row)
                if j not in coded
                and _SERIES.fullmatch(str(cell))
                and (cell in _WORLD_REGIONS or not column_word(str(cell)))
            ]
            header = [
                _as_header(known[str(cell)]) if j in coded else cell for j, cell in enumerate(row)
            ]
            rows = [
                ["" if j in left else cell for j, cell in enumerate(one)]
                for one in [header, *sheet.rows[i + 1 :]]
            ]
            finding = _note_columns(sheet, i, [str(row[j]) for j in left])
            findings = [finding] if left else []
            return replace(
                sheet,
                rows=[*sheet.rows[:i], *rows],
                findings=(*sheet.findings, *findings),
            )
    return sheet


def _as_header(entry: dict[str, str]) -> str:
    product, flow = (vocabulary.name(kind, entry[kind], "en") for kind in ("product", "flow"))
    return f"{product}: {flow} ({entry['unit']})"


def _note_columns(sheet: Sheet, at: int, left: list[str]) -> Finding:
    return Finding(
        "left-out",
        "info",
        say(
            "{column_count} columns of other series ({names}) are no use of a fuel that is listed,"
            " and are left out",
            column_count=len(left),
            names=name_some(left, _MOST_NAMED),
        ),
        sheet.address(at, 0),
    )


def _name_states(sheet: Sheet) -> Sheet:
    """Return a sheet whose column of states, if all are of the United States, names them as such.

    AZ is Arizona there and a country elsewhere, and so is Georgia.
    """
    for i, row in enumerate(sheet.rows[:_HEADER_ROWS]):
        if _STATES.isdisjoint(row):
            continue
        j = next(j for j, cell in enumerate(row) if cell in _STATES)
        cells = [row[j] if j < len(row) else "" for row in sheet.rows[i + 1 :]]
        names = {cell: _find_state(cell) for cell in cells if isinstance(cell, str) and cell}
        if not names or not all(names.values()):
            return sheet
        named = [
            [*below[:j], names[cell], *below[j + 1 :]] if cell in names else below
            for below, cell in zip(sheet.rows[i + 1 :], cells, strict=True)
        ]
        return replace(sheet, rows=[*sheet.rows[: i + 1], *named])
    return sheet


def _find_state(cell: str) -> str:
    """Return the area that a postal code or the name of a state stands for, or ""."""
    known, text = vocabulary.areas(), cell.strip()
    if text == "US":
        return known["US"].name_en
    if text in _OFFSHORE:
        return text
    if f"US-{text}" in known:
        return f"US-{text}"
    if text == _HOMONYM:
        return f"US-{_HOMONYM_CODE}"
    found = vocabulary.resolve("area", text) or ""
    return text if found == "US" or found.startswith("US-") else ""


def _note_left(sheet: Sheet, at: int, left: list[str]) -> Finding:
    names = list(dict.fromkeys(left))
    return Finding(
        "left-out",
        "info",
        say(
            "{left_count} rows of {name_count} series ({names}) are no use of a fuel that is "
            "listed, stand in energy units too, or are sums of others, and are left out",
            left_count=len(left),
            name_count=len(names),
            names=name_some(names, _MOST_NAMED),
        ),
        sheet.address(at + 1),
    )
