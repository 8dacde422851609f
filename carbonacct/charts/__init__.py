"""Charts of results, each made once: as SVG, as pictures, and on axes of matplotlib."""

from carbonacct.charts.bars import Bar, draw_bars
from carbonacct.charts.chart_axes import plot_chart
from carbonacct.charts.column_chart import Range, Stack, Step, draw_stacks, draw_waterfall
from carbonacct.charts.drawing import Drawing
from carbonacct.charts.line_chart import ChartLine, draw_lines
from carbonacct.charts.multiples import Small, draw_multiples
from carbonacct.charts.picture import draw_png, draw_svg, save_charts
from carbonacct.charts.plane import Point, draw_plane, draw_wheel

__all__ = [
    "Bar",
    "ChartLine",
    "Drawing",
    "Point",
    "Range",
    "Small",
    "Stack",
    "Step",
    "draw_bars",
    "draw_lines",
    "draw_multiples",
    "draw_plane",
    "draw_png",
    "draw_stacks",
    "draw_svg",
    "draw_waterfall",
    "draw_wheel",
    "plot_chart",
    "save_charts",
]
