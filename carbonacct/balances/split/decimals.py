"""Whether commas or points are the decimal marks of a sheet, judged for all its numbers at once.

``12,5``, ``0,567`` and ``1.234.567`` show it, ``1,234`` alone does not: it may be 1234 or 1.234.
Evidence in one cell decides for all. Where there is none the kind of file decides: cells that are
cut by ``;`` leave the comma to decimals, cells that are cut by ``,`` do not. What nothing decides
is asked, for it is a factor of a thousand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from carbonacct.errors import Finding, TableError
from carbonacct.sheets.marks import split_flags
from carbonacct.sheets.raw_sheets import Unknown, cell_name
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np

    from carbonacct.sheets.raw_sheets import Cell, Sheet

Kind = Literal["point", "comma", "either comma", "either point"]

_GROUPED = r"[1-9]\d{0,2}(?:[ '’]\d{3})+"
_KINDS: dict[Kind, re.Pattern[str]] = {
    "either comma": re.compile(r"[1-9]\d{0,2},\d{3}"),
    "either point": re.compile(r"[1-9]\d{0,2}\.\d{3}"),
    "comma": re.compile(
        rf"\d+,\d+|{_GROUPED},\d+|[1-9]\d{{0,2}}(?:\.\d{{3}})+,\d*|[1-9]\d{{0,2}}(?:\.\d{{3}}){{2,}}"
    ),
    "point": re.compile(
        rf"\d*\.\d+|\d+\.|{_GROUPED}\.\d+|[1-9]\d{{0,2}}(?:,\d{{3}})+\.\d*|[1-9]\d{{0,2}}(?:,\d{{3}}){{2,}}"
    ),
}
_DOUBTFUL = re.compile(r"\d[,，]\d|\d\.\d{3}\.\d", re.ASCII)
_POINT = re.compile(r"\d\.\d{3}")
# What programs print of a sum that should be 0: -7,95808E-12. The mark stands in its mantissa.
_EXPONENT = re.compile(r"(?<=\d)[eE][+-]?\d{1,3}$")
_SMALL = re.compile(r"[1-9]\d{0,2}")
_SIGNS = "+-−﹣‐‑‒–—－(（)） "
_MANY = 3  # numbers with a point against which one comma is a slip
_FEW = 2  # numbers in all: one alone may well have three decimals
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True)
class _Numbers:
    """The cells of a sheet that hold numbers with marks, in reading order, and what each shows."""

    sheet: Sheet
    width: int
    texts: Mapping[int, str]
    kinds: Mapping[int, Kind]

    @cached_property
    def first(self) -> dict[Kind, int]:
        """The first cell of each kind."""
        return {kind: k for k, kind in reversed(list(self.kinds.items()))}

    def count(self, kind: Kind) -> int:
        """Return how many different numbers are of a kind."""
        return len({self.texts[k] for k in self.kinds if self.kinds[k] == kind})

    def text(self, kind: Kind) -> str:
        """Return the first number of a kind, as printed."""
        return self.texts[self.first[kind]].strip()

    def where(self, kind: Kind) -> str:
        """Return the address of the first number of a kind."""
        return self.sheet.address(*divmod(self.first[kind], self.width))

    def shown(self, kind: Kind) -> str:
        """Return the first number of a kind and its cell."""
        return say(
            "{text!r} in {cell_name}",
            text=self.text(kind),
            cell_name=cell_name(*divmod(self.first[kind], self.width)),
        )


class DecimalMarkError(TableError):
    """Nothing in a sheet decides what its decimal mark is; ``unknown`` is what a line of a mapping file settles."""

    def __init__(self, text: str, *unknown: Unknown) -> None:
        super().__init__(text)
        self.unknown = unknown


@lru_cache(maxsize=65536)
def kind_of(text: str) -> Kind | None:
    """Return what a number shows of the marks it is written with.

    Examples
    --------
    >>> kind_of("12,5"), kind_of("0,567"), kind_of("1.234.567"), kind_of("1,234.5")
    ('comma', 'comma', 'comma', 'point')
    >>> kind_of("1,234"), kind_of("42.178 e"), kind_of("1234"), kind_of("原煤")
    ('either comma', 'either point', None, None)
    >>> kind_of("-7,95808E-12")
    'comma'
    """
    number = (
        split_flags(text.strip())[0].strip(_SIGNS).replace("\u00a0", " ").replace("\u202f", " ")
    )
    number = _EXPONENT.sub("", number)
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(number)), None)


def may_have_commas(joined: str, cells: Iterable[Cell], numbers: np.ndarray) -> bool:
    r"""Return whether a sheet must be judged: it groups digits, or none shows a decimal point.

    Parameters
    ----------
    joined, cells
        The texts of a sheet, one a line, and its cells behind the first column that are no
        floating-point numbers.
    numbers
        Its floating-point numbers.

    Examples
    --------
    >>> import numpy as np
    >>> may_have_commas("12.5\n原煤", ["12.5", "原煤"], np.zeros(0))
    False
    >>> may_have_commas("1,234", ["1,234"], np.zeros(0))
    True
    """
    if _DOUBTFUL.search(joined):
        return True
    if not _POINT.search(joined) or (numbers % 1).any():
        return False
    return not any(
        isinstance(cell, str) and "." in cell and kind_of(cell) == "point" for cell in cells
    )


def settle(
    sheet: Sheet, cells: Mapping[int, str], width: int, decimal: str, *, points: int
) -> tuple[dict[int, str], list[Finding]]:
    """Return the cells whose commas are decimal marks, written with points, and what is to be said.

    Parameters
    ----------
    sheet
        Where the cells are from.
    cells
        Its texts, by their place in reading order.
    width
        Cells of a row; those of the first column are labels, and show nothing.
    said
        What a mapping file says the decimal mark is, if anything.
    points
        Floating-point numbers with a fraction in the sheet: such a workbook knows its decimals.

    Raises
    ------
    TableError
        If cells contradict each other, or nothing decides.
    """
    texts = {k: cell for k, cell in cells.items() if ("," in cell or "." in cell) and k % width}
    kinds = {k: shown for k, text in texts.items() if (shown := kind_of(text))}
    numbers = _Numbers(sheet, width, texts, kinds)
    if not kinds or (decimal or _decide(numbers, cells, points)) == ".":
        return {}, []
    if "point" in numbers.first:
        raise TableError(
            say(
                "{where}: {text!r} has a point, and commas are the decimal marks here; correct it",
                where=numbers.where("point"),
                text=numbers.text("point"),
            )
        )
    shows = "comma" in numbers.first
    by = (
        say("as the mapping file says")
        if decimal
        else say("as the numbers show")
        if shows
        else say("because ; is between the cells")
    )
    kind: Kind = "comma" if shows else next(each for each in _KINDS if each in numbers.first)
    what = (
        say("points group thousands") if kind == "either point" else say("commas are decimal marks")
    )
    message = say(
        "{what}, {by}: {text!r} is read as {with_point}",
        what=what,
        by=by,
        text=numbers.text(kind),
        with_point=_with_point(numbers.text(kind)),
    )
    finding = Finding(
        rule="decimal-comma",
        severity="info" if decimal or shows else "warning",
        message=message,
        where=numbers.where(kind),
        action=say('say decimal,"." in a mapping file if that is wrong'),
    )
    return {k: _with_point(texts[k]) for k in kinds}, [finding]


def _decide(numbers: _Numbers, cells: Mapping[int, str], points: int) -> str:
    """Return the decimal mark of a sheet."""
    first, cut_by = numbers.first, numbers.sheet.delimiter
    commas, all_points = numbers.count("comma"), numbers.count("point") + points
    is_lone = commas == 1 and "." not in numbers.text("comma")
    if is_lone and (all_points >= _MANY or (cut_by == "," and not all_points)):
        return "."  # a slip, which is told of as no number
    if commas and all_points:
        other = numbers.shown("point") if "point" in first else say("numbers with a fraction")
        raise TableError(
            say(
                "{where}: commas and points are both decimal marks: {with_comma} and "
                '{other}; write one, or say which it is in a mapping file (decimal,".")',
                where=numbers.where("comma"),
                with_comma=numbers.shown("comma"),
                other=other,
            )
        )
    if commas or all_points:
        return "." if all_points else ","
    if cut_by == ";":
        return ","
    is_grouped = "either comma" in first and "either point" not in first
    if (cut_by == "," and "either comma" in first) or (is_grouped and _groups_thousands(cells)):
        return "."
    if numbers.count("either comma") + numbers.count("either point") < _FEW:
        return "."
    kind: Kind = "either comma" if "either comma" in first else "either point"
    digits = re.sub("[.,]", "", numbers.text(kind))
    with_point = numbers.text(kind).replace(",", ".")
    text = say(
        "{where}: every number has three digits behind its mark: '{number}' may be {whole} or"
        ' {fraction}; say the mark of decimals in a mapping file (decimal,"." or decimal,",")',
        where=numbers.where(kind),
        number=numbers.text(kind),
        whole=digits,
        fraction=with_point,
    )
    cell = divmod(numbers.first[kind], numbers.width)
    raise DecimalMarkError(text, Unknown("decimal", numbers.text(kind), (cell,)))


def _groups_thousands(cells: Mapping[int, str]) -> bool:
    """Return whether the script groups thousands by commas, or small whole numbers have none."""
    return any(_CJK.search(text) or _SMALL.fullmatch(text.strip()) for text in cells.values())


def _with_point(text: str) -> str:
    number, flags = split_flags(text.strip())
    plain = re.sub(r"[.\s'’]", "", number).replace(",", ".")
    return f"{plain} {flags}" if flags else plain
