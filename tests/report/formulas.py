"""The formulas of a workbook worked out by themselves, where no spreadsheet program is installed.

Few functions, as spreadsheets define them: what is blank counts nothing in a sum and 0 in arithmetic, text in
arithmetic is an error. A formula of any other function is an error too, so that none goes unchecked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_SHEET = r"(?:(?:'(?:[^']|'')*'|\w+)!)?"
_TOKEN = re.compile(
    rf"""(?P<area>{_SHEET}\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+) | (?P<columns>{_SHEET}\$?[A-Z]+:\$?[A-Z]+)
    | (?P<cell>{_SHEET}\$?[A-Z]{{1,3}}\$?\d+(?![\w(])) | (?P<text>"(?:[^"]|"")*") | (?P<name>[A-Z]+(?=\())
    | (?P<number>\d+(?:\.\d*)?(?:[Ee][+-]?\d+)?) | (?P<sign><>|<=|>=|[-+*/(),=<>^]) | (?P<blank>\s+)""",
    re.VERBOSE,
)
_SIGNS = {"=": "==", "<>": "!=", "^": "**"}


class Blank(float):
    """A cell with nothing in it: 0 in arithmetic, and no number where numbers are counted."""


@dataclass
class Formulas:
    """A workbook whose formulas are worked out from its constants, never from the values that it came with.

    Attributes
    ----------
    live, stored
        The workbook with its formulas, and with the values that were written beside them.
    """

    live: openpyxl.Workbook
    stored: openpyxl.Workbook
    _known: dict[tuple[str, str], Any] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> Formulas:
        """Open a workbook."""
        return cls(openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True))

    def cells(self) -> Iterator[tuple[str, str]]:
        """Return the places of all formulas."""
        for sheet in self.live:
            for row in sheet.iter_rows():
                yield from ((sheet.title, cell.coordinate) for cell in row if cell.data_type == "f")

    def rows(self, sheet: str, *, first: int = 5) -> list[list[Any]]:
        """Return the rows of a sheet with every formula worked out."""
        here = self.live[sheet]
        return [
            [self.value(sheet, cell.coordinate) for cell in row]
            for row in here.iter_rows(min_row=first)
        ]

    def value(self, sheet: str, place: str) -> Any:
        """Return what a cell holds, or what its formula gives."""
        key = (sheet, place)
        if key not in self._known:
            cell = self.live[sheet][place]
            is_formula = cell.data_type == "f"
            self._known[key] = self._work_out(sheet, cell.value) if is_formula else cell.value
        return self._known[key]

    def _work_out(self, sheet: str, formula: str) -> Any:
        words, at = [], 1
        while at < len(formula):
            found = _TOKEN.match(formula, at)
            assert found, (sheet, formula[at:])
            words.append(self._say(sheet, str(found.lastgroup), found[0]))
            at = found.end()
        names = {**_FUNCTIONS, "cell": self._operand, "area": self._area}
        return eval("".join(words), {"__builtins__": {}}, names)  # noqa: S307 - of our own workbook

    def _say(self, sheet: str, kind: str, word: str) -> str:
        """Return a word of a formula in Python; ranges and cells become calls, a name one of the functions."""
        if kind in {"cell", "area", "columns"}:
            where, _, place = word.rpartition("!")
            sheet = where.strip("'").replace("''", "'") or sheet
            place = place.replace("$", "")
            return f"{kind if kind == 'cell' else 'area'}({sheet!r}, {place!r})"
        if kind == "name":
            return f"_{word}"
        if kind == "text":
            return repr(word[1:-1].replace('""', '"'))
        if kind == "number":
            return repr(float(word))
        return _SIGNS.get(word, word)

    def _operand(self, sheet: str, place: str) -> Any:
        """Return a cell for arithmetic, which Python refuses of a text as a spreadsheet does."""
        value = self.value(sheet, place)
        return Blank(0.0) if value is None else float(value) if isinstance(value, int) else value

    def _area(self, sheet: str, place: str) -> list[Any]:
        first, last = (re.fullmatch(r"([A-Z]+)(\d*)", end) for end in place.split(":"))
        assert first
        assert last
        rows = range(int(first[2] or 1), int(last[2] or self.live[sheet].max_row) + 1)
        columns = range(column_index_from_string(first[1]), column_index_from_string(last[1]) + 1)
        return [
            self.value(sheet, f"{get_column_letter(column)}{row}")
            for row in rows
            for column in columns
        ]


def _numbers(values: Iterable[Any]) -> Iterator[float]:
    """Return the numbers among values and ranges: sums pass over texts and blanks of cells."""
    for value in values:
        if isinstance(value, list):
            yield from _numbers(value)
        elif isinstance(value, int | float) and not isinstance(value, bool | Blank):
            yield float(value)


def _sum_where(summed: list[Any], *pairs: Any) -> float:
    chosen = [True] * len(summed)
    for column, wanted in zip(pairs[::2], pairs[1::2], strict=True):
        is_not = isinstance(wanted, str) and wanted.startswith("<>")
        sought = wanted[2:] if is_not else wanted
        held = [("" if one is None else one) == sought for one in column]
        chosen = [was and is_not != here for was, here in zip(chosen, held, strict=True)]
    return sum(_numbers(value for value, is_in in zip(summed, chosen, strict=True) if is_in))


_FUNCTIONS = {
    "_SUM": lambda *values: sum(_numbers(values)),
    "_MAX": lambda *values: max(_numbers(values), default=0.0),
    "_MIN": lambda *values: min(_numbers(values), default=0.0),
    "_COUNT": lambda *values: len(list(_numbers(values))),
    "_ABS": abs,
    "_IF": lambda condition, one, other: one if condition else other,
    "_NA": lambda: "#N/A",
    "_SUMIFS": _sum_where,
    "_HYPERLINK": lambda _address, text: text,
}
