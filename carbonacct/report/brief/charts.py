"""The charts of the brief as pictures: SVG for pages, PNG of 300 dpi for documents."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from carbonacct.report.figures.style import (
    FALL,
    INK,
    QUIET,
    RISE,
    SERIES,
    figure_style,
    mark_zero,
    thousands,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from carbonacct.report.brief.content import Chart

WIDTH_CM = 16.6  # between the margins of A4
_INCH = 2.54
_DPI = 300
_BAR_CM = 0.62
_LEAST_CM = 3.4
_LINE_CM = 4.6
_ROOM = 1.2  # above the highest point, for its number


def draw_chart(chart: Chart, kind: str) -> bytes:
    """Return a chart as a picture.

    Parameters
    ----------
    kind
        ``"svg"`` or ``"png"``.

    Raises
    ------
    OutputError
        If matplotlib is not installed, or no installed font has the characters.
    """
    with figure_style([chart.title, chart.unit, *chart.names, "0123456789−+."]):
        import matplotlib as mpl  # noqa: PLC0415 - an extra
        from matplotlib.figure import Figure  # noqa: PLC0415

        height = _LINE_CM if chart.kind == "line" else _LEAST_CM + _BAR_CM * len(chart.names)
        figure = Figure(figsize=(WIDTH_CM / _INCH, height / _INCH), layout="constrained")
        axes = figure.subplots()
        (_draw_line if chart.kind == "line" else _draw_bars)(axes, chart)
        axes.set_title(chart.title, fontsize=10, fontweight="normal")
        held = io.BytesIO()
        # Text as paths needs no font where it is read; no date, so that equal is equal in bytes.
        with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": chart.title}):
            metadata = {"Date": None} if kind == "svg" else {"Software": None}
            figure.savefig(held, format=kind, dpi=_DPI, metadata=metadata)
        return held.getvalue()


def _draw_bars(axes: Axes, chart: Chart) -> None:
    is_change = chart.kind == "changes"
    colours = [RISE if value > 0 else FALL for value in chart.values] if is_change else SERIES[0]
    places = range(len(chart.names))
    axes.barh(places, chart.values, color=colours, height=0.62)
    axes.set_yticks(places, chart.names)
    axes.invert_yaxis()
    axes.tick_params(left=False)
    axes.spines["left"].set_visible(False)
    axes.xaxis.grid(visible=True)
    axes.set_xlabel(chart.unit, color=QUIET)
    axes.xaxis.set_major_formatter(thousands)
    axes.margins(x=0.16 if is_change else 0.1)
    for place, value in zip(places, chart.values, strict=True):
        sign = "+" if is_change else ""
        axes.annotate(
            f"{value:{sign},.1f}".replace("-", "−"),
            (value, place),
            xytext=(4 if value >= 0 else -4, 0),
            textcoords="offset points",
            va="center",
            ha="left" if value >= 0 else "right",
            fontsize=8,
            color=INK,
        )
    if is_change:
        mark_zero(axes, across=False)


def _draw_line(axes: Axes, chart: Chart) -> None:
    years = [int(name) for name in chart.names]
    axes.plot(years, chart.values, color=SERIES[0], marker="o", markersize=3.5, linewidth=1.6)
    axes.set_xticks(years[:: max(1, len(years) // 10)])
    axes.set_ylim(0, _ROOM * max(chart.values))
    axes.yaxis.grid(visible=True)
    axes.set_ylabel(chart.unit, color=QUIET)
    axes.yaxis.set_major_formatter(thousands)
    top = max(range(len(years)), key=lambda place: chart.values[place])
    for place in sorted({top, len(years) - 1}):
        axes.annotate(
            f"{chart.values[place]:,.1f}",
            (years[place], chart.values[place]),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            color=INK,
        )
