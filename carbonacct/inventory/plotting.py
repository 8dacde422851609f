"""A quick look at sums of an inventory, on axes of matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.errors import MethodError
from carbonacct.texts import say

if TYPE_CHECKING:
    import pandas as pd

_MOST = 15  # labels; the rest is not drawn
_MEGA = 1e6


def draw_sums(sums: pd.DataFrame, *, unit: str, ax: Any = None) -> Any:
    """Draw tonnes of some labels: bars of one year, lines over several.

    Parameters
    ----------
    sums
        One row a year, one column a label, t; NaN where there is no number.
    unit
        What a tonne is of: ``CO2``.
    ax
        Where to draw; new axes unless given.

    Returns
    -------
    matplotlib.axes.Axes
        What was drawn on.

    Raises
    ------
    MethodError
        If there is no number, or none but 0.
    """
    from carbonacct.charts import (  # noqa: PLC0415 - a quick look alone needs them
        Bar,
        ChartLine,
        draw_bars,
        draw_lines,
        plot_chart,
    )

    size = sums.abs().max().sort_values(ascending=False)
    shown = sums[[label for label in size.index[:_MOST] if size[label] > 0]] / _MEGA
    if shown.empty:
        raise MethodError(say("there is nothing to draw: the inventory has no number but 0"))
    years = tuple(map(int, shown.index))
    if len(years) > 1:
        lines = [
            ChartLine(str(label), years, tuple(shown[label]), number=number)
            for number, label in enumerate(shown.columns)
        ]
        axes = plot_chart(draw_lines("", lines, "{:,.1f}".format), ax)
        axes.set_ylabel(f"Mt {unit}")
        return axes
    bars = [Bar(str(label), value) for label, value in shown.iloc[0].items()]
    axes = plot_chart(draw_bars(str(years[0]), bars, "{:,.1f}".format), ax)
    axes.set_xlabel(f"Mt {unit}")
    return axes
