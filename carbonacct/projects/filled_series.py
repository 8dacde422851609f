"""A series of years with its gaps filled: what is printed, what is filled, and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.display import shown_in_notebooks
from carbonacct.errors import PanelError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from carbonacct.errors import Finding

    Printed = Mapping[int, float | str | None] | pd.Series

FORMS = ("mean_of_ratios", "ratio_of_sums")  # of an overlap
_LEVEL = 0.95


@dataclass(frozen=True)
class FilledYear:
    """A filled year: its number, the printed years it comes from, its interval (NaN if unknown)."""

    year: int
    value: float
    anchors: tuple[int, ...]
    lower: float
    upper: float


@shown_in_notebooks
@dataclass(frozen=True)
class Spliced:
    """A series with its gaps filled.

    Attributes
    ----------
    printed
        What was given, unchanged: number or notation key by year.
    filled
        The filled years, in order.
    technique
        ``overlap``, ``surrogate``, ``interpolation`` or ``extrapolation``.
    parameters
        What the technique found: ratio, slope, correlation and of how many years.
    findings
        What a reader should know of it.
    """

    printed: dict[int, float | str]
    filled: tuple[FilledYear, ...]
    technique: str
    parameters: dict[str, float]
    findings: tuple[Finding, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row a year: year, value, status, technique, anchors, lower, upper.

        Examples
        --------
        >>> from carbonacct.projects.splicing import interpolate
        >>> frame = interpolate({2005: 100.0, 2007: 122.0}).to_frame()
        >>> frame[["year", "value", "status"]].values.tolist()
        [[2005, 100.0, 'printed'], [2006, 111.0, 'filled'], [2007, 122.0, 'printed']]
        """
        import pandas as pd  # noqa: PLC0415 - loaded where a table is asked for

        rows = [
            {"year": year, "value": value, "status": "printed" if _is_number(value) else "key"}
            for year, value in self.printed.items()
        ]
        rows += [
            {
                "year": one.year,
                "value": one.value,
                "status": "filled",
                "technique": self.technique,
                "anchors": " ".join(map(str, one.anchors)),
                "lower": one.lower,
                "upper": one.upper,
            }
            for one in self.filled
        ]
        columns = ["year", "value", "status", "technique", "anchors", "lower", "upper"]
        frame = pd.DataFrame(rows, columns=columns).sort_values("year", ignore_index=True)
        return frame.fillna({"technique": "", "anchors": ""})


def read_printed(printed: Printed) -> dict[int, float | str]:
    """Return numbers and notation keys by year, in order; what is blank is left out."""
    held: dict[int, float | str] = {}
    for label, value in printed.items():
        year = int(label)  # type: ignore[call-overload]  # the index of a Series is anything
        if value is None or (isinstance(value, float) and math.isnan(value)) or value == "":
            continue
        if not isinstance(value, str) and not math.isfinite(value):
            raise PanelError(
                say("{year}: {value} is no number; correct it", year=year, value=value)
            )
        held[year] = value if isinstance(value, str) else float(value)
    return dict(sorted(held.items()))


def _is_number(value: float | str) -> bool:
    return not isinstance(value, str)


def take_numbers(held: Mapping[int, float | str]) -> dict[int, float]:
    """Return the years that have a number, not a notation key."""
    return {year: value for year, value in held.items() if not isinstance(value, str)}


def half_width(sample: Sequence[float], centre: float) -> float:
    """Return the 95 % half width of one more value beside a sample: t(n - 1) s sqrt(1 + 1/n)."""
    count = len(sample)
    if count < 2:
        return 0.0
    spread = math.sqrt(math.fsum((value - centre) ** 2 for value in sample) / (count - 1))
    return student(count - 1) * spread * math.sqrt(1 + 1 / count)


def student(freedom: int) -> float:
    """Return Student's t of the 95 % interval at some degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415 - for intervals alone

    return float(stdtrit(freedom, (1 + _LEVEL) / 2))


def fill_year(year: int, value: float, anchors: Sequence[int], half: float) -> FilledYear:
    """Return a filled year with its interval of some half width.

    A line through all prints says nothing of how sure these are: without a width the interval is
    not known.
    """
    half = half if half > 0 else math.nan
    return FilledYear(
        year=year, value=value, anchors=tuple(anchors), lower=value - half, upper=value + half
    )
