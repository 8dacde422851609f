"""What the charts of analyses share: groups of rows, series of the panel, units and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.charts import ChartLine
from carbonacct.report.analyses.analysis_words import word
from carbonacct.report.analyses.section import find_digits, show_number
from carbonacct.texts import add_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.charts.drawing import Drawing

    Drawn = tuple[Sequence[Drawing], str]
    Group = tuple[str, pd.DataFrame]

_GROUPS = 6  # that charts show
ALL = 100.0  # percent


def list_groups(frame: pd.DataFrame, by: Sequence[str]) -> list[Group]:
    """Return the rows of each series under its name, in the order of the table."""
    held = [name for name in by if name in frame.columns]
    if not held:
        return [("", frame)]
    return [
        (" ".join(map(str, labels)), part)
        for labels, part in frame.groupby(held, sort=False, dropna=False)
    ]


def pick(groups: list[Group], lang: str) -> tuple[list[Group], str]:
    """Return the groups that charts show, and the note that there are more."""
    if len(groups) <= _GROUPS:
        return groups, ""
    return groups[:_GROUPS], word("more", lang, shown=_GROUPS, count=len(groups))


def bracket(unit: str, lang: str) -> str:
    """Return a unit as it stands behind a name."""
    return add_unit("", unit, lang)


def make_shower(values: pd.Series) -> Callable[[float], str]:
    """Return what shows the numbers of a chart, all with the decimals that the largest takes."""
    digits = find_digits(values.astype(float))
    return lambda value: show_number(value, digits)


def list_series(analysis: Analysis, column: str) -> Iterator[Group]:
    """Return the years of each series of the panel that have a number, in the order of the rows."""
    panel = analysis.series
    if panel is None or column not in panel.columns:
        return
    held = dict(list_groups(panel, analysis.by))
    for name, _ in list_groups(analysis.rows, analysis.by):
        if name not in held:
            continue
        part = held[name][[analysis.over, column]].astype(float).dropna()
        if len(part):
            yield name, part.sort_values(analysis.over)


def make_line(name: str, part: pd.DataFrame, **looks: Any) -> ChartLine:
    """Return a line of two columns, years and values."""
    years, values = (part.iloc[:, place].tolist() for place in (0, 1))
    return ChartLine(name, tuple(map(int, years)), tuple(values), **looks)
