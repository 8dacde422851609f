"""What an analysis is, and the section that people read of it: title, tables, charts, notes, sources, provenance."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.errors import Finding
    from carbonacct.report.page.svg import SvgChart

_SMALL = 1e-3  # below it a number is written with a power of ten
_DIGITS = 4  # that count, where a column says nothing


@dataclass(frozen=True)
class Analysis:
    """The result of an analysis, whatever file it goes to.

    Attributes
    ----------
    kind
        A section of ``factors/analyses/analyses.toml``.
    frame
        The rows as data: ids and numbers, in the units of the panel.
    by
        Columns that tell the series apart.
    over
        The column of years in ``series``.
    findings
        What a reader should know.
    words
        What was asked for by its part: ``{"value": "co2"}``.
    units
        Of the columns of the panel, as far as they are printed.
    series
        The panel that it was made of, for charts.
    names
        Printed names of ids that the vocabulary does not have.
    drawn
        The rows with the columns that charts alone take; ``frame`` unless given.
    made
        Provenance: pairs of what and value, from :func:`carbonacct.cli.output.make_manifest`.
    """

    kind: str
    frame: pd.DataFrame
    by: tuple[str, ...] = ()
    over: str = "year"
    findings: Sequence[Finding] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    series: pd.DataFrame | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    drawn: pd.DataFrame | None = None
    made: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> pd.DataFrame:
        """The rows that charts are of."""
        return self.frame if self.drawn is None else self.drawn


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
    """

    id: str
    heading: str
    unit: str = ""
    digits: int | None = None
    source: str = ""
    factor: float = 1.0

    @property
    def full_heading(self) -> str:
        """The heading with its unit in brackets."""
        return f"{self.heading} ({self.unit})" if self.unit else self.heading

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

    @property
    def is_year(self) -> bool:
        """Whether numbers are years, which have no separator."""
        return self.digits == 0 and (self.id in _YEARS or self.id.endswith("year"))


_YEARS = frozenset({"year", "from", "to", "due", "earliest", "latest"})
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
    charts: tuple[SvgChart, ...]
    notes: tuple[str, ...]
    findings: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    made: tuple[tuple[str, str], ...]
