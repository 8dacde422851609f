"""A quick look at sums of an inventory; figures for reports are made by ``carbonacct.report.figures``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    """
    if ax is None:
        from matplotlib import pyplot as plt  # noqa: PLC0415 - an extra, loaded by whoever draws

        _, ax = plt.subplots()
    size = sums.abs().max().sort_values(ascending=False)
    shown = sums[[label for label in size.index[:_MOST] if size[label] > 0]] / _MEGA
    if len(shown) > 1:
        for label in shown.columns:
            ax.plot(shown.index, shown[label], marker="o", label=str(label))
        ax.set_xticks(list(shown.index))
        ax.set_ylabel(f"Mt {unit}")
        if len(shown.columns) > 1:
            ax.legend()
    else:
        bars = shown.iloc[0][::-1]
        ax.barh(list(map(str, bars.index)), bars.to_numpy())
        ax.set_xlabel(f"Mt {unit}")
        ax.set_title(str(shown.index[0]))
    return ax
