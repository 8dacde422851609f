"""The charts of the brief, as shapes: SVG on pages, pictures of 300 dpi in documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.charts import Bar, ChartLine, draw_bars, draw_lines
from carbonacct.texts import add_unit

if TYPE_CHECKING:
    from carbonacct.charts.drawing import Drawing
    from carbonacct.report.brief.brief_content import BriefChart

WIDTH_CM = 16.6  # between the margins of A4
_LINE = 200.0  # pixels: two pages hold all


def make_chart(chart: BriefChart, lang: str) -> Drawing:
    """Return a chart of the brief: bars, bars of changes, or a line whose highest and last year are named."""
    label = add_unit(chart.title, chart.unit, lang)
    if chart.kind == "line":
        years = tuple(map(int, chart.names))
        top = max(range(len(years)), key=lambda place: chart.values[place])
        marks = tuple(
            (years[place], f"{chart.values[place]:,.1f}") for place in sorted({top, len(years) - 1})
        )
        line = ChartLine("", years, chart.values, marks=marks, is_named=False)
        return draw_lines(label, [line], "{:,.1f}".format, zero=True, height=_LINE, lang=lang)
    is_change = chart.kind == "changes"
    bars = [
        Bar(name, value, ("rise" if value > 0 else "fall") if is_change else "bar-fill")
        for name, value in zip(chart.names, chart.values, strict=True)
    ]
    sign = "+" if is_change else ""
    return draw_bars(label, bars, lambda value: f"{value:{sign},.1f}".replace("-", "−"), lang=lang)
