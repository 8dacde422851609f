"""Charts of results that need no inventory: as SVG, as pictures, and on axes of matplotlib."""

from carbonacct.report.charts.bars import Bar, draw_bars
from carbonacct.report.charts.chart_axes import plot_chart
from carbonacct.report.charts.column_chart import Step, draw_steps, draw_waterfall
from carbonacct.report.charts.line_chart import ChartLine, draw_lines
from carbonacct.report.charts.picture import draw_png, draw_svg

__all__ = [
    "Bar",
    "ChartLine",
    "Step",
    "draw_bars",
    "draw_lines",
    "draw_png",
    "draw_steps",
    "draw_svg",
    "draw_waterfall",
    "plot_chart",
]
