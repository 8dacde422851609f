"""Areas beside one another: one small chart each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.charts import ChartLine, Small, draw_multiples
from carbonacct.charts.scales import show_three
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.texts import add_unit, as_typed, join_clauses, say

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.charts import Drawing


def draw_small_multiples(
    panel: pd.DataFrame,
    value: str,
    *,
    by: str = "area",
    over: str = "year",
    shared: bool = True,
    columns: int = 4,
    title: str = "",
    unit: str = "",
    lang: str = "en",
) -> Drawing:
    """Return one small chart for each area: its numbers over the years, with a band where there are bounds.

    Parameters
    ----------
    panel
        One row an area and year; columns ``lower`` and ``upper`` are drawn as a band.
    value
        The column to draw.
    by, over
        The columns of areas and of years.
    shared
        Whether all charts have one scale, so that levels compare; else each has its own, and the
        heading says so.
    columns
        Charts in a row.
    title, unit
        Heading, and unit of the numbers.
    lang
        ``"en"`` or ``"zh"``: language of the words that the figure adds.

    Returns
    -------
    Drawing
        A notebook shows it; :func:`carbonacct.charts.save_charts` writes it.

    Raises
    ------
    PanelError
        If a column is missing, an area has a year twice, or nothing has a number.
    """
    for name in (value, by, over):
        if name not in panel.columns:
            raise PanelError(
                say(
                    "no column {name!r}; {near}",
                    name=name,
                    near=did_you_mean(name, map(str, panel.columns))
                    or say("columns: {columns}", columns=as_typed(map(str, panel.columns))),
                )
            )
    if (row := find_repeated(panel, [by, over])) is not None:
        raise PanelError(
            say(
                "{row} {row_over} is there twice; give one row of each {by} and {over}",
                row=row[by],
                row_over=row[over],
                by=by,
                over=over,
            )
        )
    if not panel[value].notna().any():
        raise PanelError(say("no row has a number of {value}", value=value))
    note = "" if shared else {"en": "each chart has its own scale", "zh": "各图纵轴不同"}[lang]
    within = join_clauses((unit, note), lang)
    charts = [
        Small(_make_line(str(name), rows.sort_values(over), value, over))
        for name, rows in panel.groupby(by, sort=False, observed=True)
    ]
    label = add_unit(title, within, lang)
    return draw_multiples(label, charts, show_three, columns=columns, shared=shared, lang=lang)


def _make_line(name: str, rows: pd.DataFrame, value: str, over: str) -> ChartLine:
    """Return the numbers of one area, with their bounds where there are some."""
    lower, upper = (
        tuple(map(float, rows[end])) if {"lower", "upper"} <= {*rows} else ()
        for end in ("lower", "upper")
    )
    return ChartLine(
        name, tuple(map(int, rows[over])), tuple(map(float, rows[value])), lower, upper
    )
