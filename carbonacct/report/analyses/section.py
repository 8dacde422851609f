"""The section that people read of an analysis: title, tables, charts, notes, sources."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.texts import add_unit

if TYPE_CHECKING:
    from carbonacct.charts.drawing import Drawing

_SMALL = 1e-3  # below it a number is written with a power of ten
_DIGITS = 4  # that count, where a column says nothing


@dataclass(frozen=True)
class Column:
    """A column that people read: its heading and unit, and how its numbers are shown.

    Attributes
    ----------
    digits
        Decimals of every number; ``-n``: that many digits that count, number by number; None: text.
    source
        The column of the data that its numbers are of; "" of texts.
    factor
        By which they are multiplied.
    is_year
        Whether numbers are years, which have no separator.
    lang
        Language of the heading.
    """

    id: str
    heading: str
    unit: str = ""
    digits: int | None = None
    source: str = ""
    factor: float = 1.0
    is_year: bool = False
    lang: str = "en"

    @property
    def full_heading(self) -> str:
        """The heading with its unit in brackets."""
        return add_unit(self.heading, self.unit, self.lang)

    def show(self, value: Any) -> str:
        """Return a cell as text.

        Examples
        --------
        >>> Column("a", "A", digits=1).show(-1234.56), Column("a", "A", digits=-3).show(0.0000123)
        ('−1,234.6', '1.23×10⁻⁵')
        """
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return "" if value is None or value is pd.NA else str(value)
        if math.isnan(value):
            return ""
        if self.digits is None or not math.isfinite(value):
            return f"{value:g}"
        return f"{value:.0f}" if self.is_year else show_number(float(value), self.digits)


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def show_number(value: float, digits: int) -> str:
    """Return a number with decimals, or with ``-digits`` digits that count."""
    if digits >= 0:
        return f"{value:,.{digits}f}".replace("-", "−")
    if value and not _SMALL <= abs(value) < 10 ** max(6, -digits):
        mantissa, _, power = f"{value:.{-digits - 1}e}".partition("e")
        return f"{mantissa}×10{raise_digits(int(power))}".replace("-", "−")
    return f"{value:,.{max(0, -digits - 1 - exponent(value))}f}".replace("-", "−")


def raise_digits(power: int) -> str:
    """Return a power as it stands above the line."""
    return str(power).translate(_RAISED)


def exponent(value: float) -> int:
    """Return the power of ten of a number, 0 of zero."""
    return math.floor(math.log10(abs(value))) if value else 0


def find_digits(values: pd.Series) -> int:
    """Return how the numbers of a column are shown where nothing is said: the largest with four digits.

    Examples
    --------
    >>> find_digits(pd.Series([1.0, 9820.36])), find_digits(pd.Series([0.5])), find_digits(pd.Series([7e-10]))
    (0, 4, -4)
    """
    held = values.dropna().abs()
    held = held[held < math.inf]
    if held.empty or held.max() == 0:
        return 0
    if held.max() < _SMALL:
        return -_DIGITS
    if (held == held.round()).all() and held.max() < 10**_DIGITS:
        return 0
    return max(0, _DIGITS - 1 - exponent(float(held.max())))


@dataclass(frozen=True)
class Table:
    """Rows that people read, one unit a column; ``frame`` has a column for each of ``columns``.

    Attributes
    ----------
    places
        Of the same shape: the row of the data that a number is of, counted from 0.
    """

    caption: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    places: pd.DataFrame

    def rows(self) -> list[list[Any]]:
        """Return the cells, numbers as numbers."""
        held = [self.frame[column.id].tolist() for column in self.columns]
        return [list(row) for row in zip(*held, strict=True)]


@dataclass(frozen=True)
class Section:
    """An analysis as people read it, in one language."""

    title: str
    lang: str
    tables: tuple[Table, ...]
    charts: tuple[Drawing, ...]
    notes: tuple[str, ...]
    findings: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    made: tuple[tuple[str, str], ...]
