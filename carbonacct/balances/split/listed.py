"""Lines of text that each name a thing, its amount and its unit (工业 煤炭 120.5 万吨) -> rows of cells."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import remarks
from carbonacct.balances.label.labels import read_label, unit_known
from carbonacct.sheets import values

if TYPE_CHECKING:
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell, Sheet

_LINE = re.compile(
    r"(?P<label>.*[^\d\s.,:：-])[:：]?\s*(?P<number>(?<![\d.,])-?\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d\s].{0,30})"
)
_LONGEST = 200
# Headings of columns, as in factors/vocabulary/column_words.csv.
_HEADINGS = ("项目", "数值", "单位")


class _Line(NamedTuple):
    """The labels of a line, its number and its unit as printed."""

    labels: list[str]
    number: str
    unit: str


def cut_lines(sheet: Sheet, words: Mapping) -> Sheet:
    """Return a sheet of one-cell lines cut into labels, number and unit; as it is where its lines do not end so.

    The headings stand in the line above the first one: behind its title, or in a blank line.

    Parameters
    ----------
    sheet
        Text without delimiters, a line in each row.
    words
        The table's own words.
    """
    lines = ["" if not row else str(row[0]) for row in sheet.rows]
    found = {i: line for i, text in enumerate(lines) if (line := _read_line(text, words))}
    known = [i for i, line in found.items() if unit_known(line.unit, words)]
    # Without a line above them the headings would take the place of a number.
    header = min(known, default=0) - 1
    if header < 0:
        return sheet
    found = {i: line for i, line in found.items() if known[0] <= i <= known[-1]}
    width = max(len(line.labels) for line in found.values())
    rows: list[list[Cell]] = [[text] for text in lines]
    for i, line in found.items():
        rows[i] = [*[""] * (width - len(line.labels)), *line.labels, line.number, line.unit]
    stub, *headings = _HEADINGS
    rows[header] = [lines[header].strip() or stub, *[""] * (width - 1), *headings]
    return replace(sheet, rows=rows)


def _read_line(text: str, words: Mapping) -> _Line | None:
    match = _LINE.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if match is None or remarks.is_note(text) or not values.is_number(match["number"]):
        return None
    return _Line(_cut_label(match["label"], words), match["number"], match["unit"].strip())


def _cut_label(text: str, words: Mapping) -> list[str]:
    """Return a label, or the two that it is made of: 工业 煤炭."""
    parts = text.split()
    for n in range(1, len(parts)):
        one, other = (read_label(" ".join(part), words) for part in (parts[:n], parts[n:]))
        if (one.flow and other.product) or (one.product and other.flow):
            label = read_label(text, words)
            return [text] if label.flow or label.product else [one.text, other.text]
    return [text]
