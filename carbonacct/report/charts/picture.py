"""A chart as a file of its own: SVG whose text stays text, or PNG of 300 dpi."""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING, Any

from carbonacct.report.charts.look import FAMILY, GROUND, INK, colours, look_of
from carbonacct.report.charts.style import figure_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from carbonacct.report.page.svg import SvgChart

DPI = 300
_PIXELS = 96  # of an inch
_POINT = 0.75  # of a pixel
_SIZE = 12.0  # of letters, in pixels
_HEADING, _GAP = 26.0, 14.0
_ANCHORS = {"end": "right", "middle": "center", "start": "left"}
_DRAWN = ("fill", "stroke", "stroke-width", "fill-opacity", "stroke-dasharray")


def draw_svg(charts: Sequence[SvgChart]) -> str:
    """Return charts one below another as an SVG file, each under its heading.

    Colours stand beside the shapes, so that every program shows them, and letters are text.
    """
    wide, high = _measure(charts)
    ground, ink = colours()[GROUND], colours()[INK]
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{high:g}"'
            f' viewBox="0 0 {wide:g} {high:g}" font-family="{FAMILY}" font-size="{_SIZE:g}"'
            f' fill="{ink}" role="img">'
        ),
        f"<title>{escape('; '.join(chart.label for chart in charts))}</title>",
        f'<rect width="100%" height="100%" fill="{ground}"/>',
    ]
    top = 0.0
    for chart in charts:
        lines.append(
            f'<text x="10" y="{top + 18:g}" font-size="14" font-weight="600">{escape(chart.label)}</text>'
        )
        lines.append(f'<g transform="translate(0 {top + _HEADING:g})">')
        lines += [_write_shape(*shape) for shape in chart.shapes]
        lines.append("</g>")
        top += _HEADING + chart.height + _GAP
    return "\n".join([*lines, "</svg>\n"])


def draw_png(charts: Sequence[SvgChart], *, headed: bool = True) -> bytes:
    """Return the same as a picture of 300 dpi; without headings where a caption stands below it.

    Raises
    ------
    OutputError
        If matplotlib is not installed, or no installed font has the characters.
    """
    heading = _HEADING if headed else 0.0
    wide, high = _measure(charts, heading)
    texts = [chart.label for chart in charts]
    texts += [text for chart in charts for kind, text, _ in chart.shapes if kind == "text"]
    with figure_style(texts):
        from matplotlib.figure import Figure  # noqa: PLC0415 - an extra

        figure = Figure(figsize=(wide / _PIXELS, high / _PIXELS), dpi=DPI)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, wide), ylim=(high, 0))
        axes.axis("off")
        top = 0.0
        for chart in charts:
            if headed:
                axes.text(10, top + 18, chart.label, fontsize=14 * _POINT)
            for kind, text, attributes in chart.shapes:
                _paint(axes, kind, text, attributes, top=top + heading)
            top += heading + chart.height + _GAP
        held = io.BytesIO()
        figure.savefig(held, format="png", dpi=DPI, metadata={"Software": None})
    return held.getvalue()


def _measure(charts: Sequence[SvgChart], heading: float = _HEADING) -> tuple[float, float]:
    wide = max(chart.width for chart in charts)
    return wide, sum(heading + chart.height + _GAP for chart in charts)


def _write_shape(kind: str, text: str, attributes: dict[str, Any]) -> str:
    """Return one shape with its look as attributes; without the numbers that it opens."""
    classes = str(attributes.get("class", ""))
    look = look_of(classes)
    held = {
        name: value
        for name, value in attributes.items()
        if value is not None and name != "class" and not name.startswith("data-")
    }
    held |= {name: look[name] for name in (*_DRAWN, "text-anchor", "font-weight") if name in look}
    if kind in {"line", "polyline"}:
        held.setdefault("fill", "none")
    words = "".join(f' {name}="{escape(str(value))}"' for name, value in held.items())
    inner = escape(text) if kind == "text" else f"<title>{escape(text)}</title>" if text else ""
    return f"<{kind}{words}>{inner}</{kind}>"


def _paint(axes: Axes, kind: str, text: str, attributes: dict[str, Any], *, top: float) -> None:
    """Draw one shape, moved down by the top of its chart."""
    from matplotlib import patches  # noqa: PLC0415 - an extra

    look = look_of(str(attributes.get("class", "")))
    at = {name: float(attributes[name]) for name in _PLACES if name in attributes}
    pen: dict[str, Any] = {
        "edgecolor": look.get("stroke", "none"),
        "linewidth": float(look.get("stroke-width", 1)) * _POINT,
        "facecolor": look.get("fill", colours()[INK]),
        "alpha": float(look["fill-opacity"]) if "fill-opacity" in look else None,
        "zorder": 2,
    }
    if kind == "rect":
        place = (at["x"], at["y"] + top)
        axes.add_patch(patches.Rectangle(place, at["width"], at["height"], **pen))
    elif kind == "circle":
        axes.add_patch(patches.Circle((at["cx"], at["cy"] + top), at["r"], **pen))
    elif kind == "polygon":
        axes.add_patch(patches.Polygon(_points(attributes, top), closed=True, **pen))
    elif kind in {"line", "polyline"}:
        ends = (
            _points(attributes, top)
            if kind == "polyline"
            else [(at["x1"], at["y1"] + top), (at["x2"], at["y2"] + top)]
        )
        dashes = [float(part) * _POINT for part in look.get("stroke-dasharray", "").split()]
        xs, ys = zip(*ends, strict=True)
        (drawn,) = axes.plot(
            xs, ys, color=look.get("stroke", colours()[INK]), linewidth=pen["linewidth"], zorder=2
        )
        if dashes:
            drawn.set_linestyle((0, tuple(dashes)))
    elif kind == "text":
        turned = re.match(r"rotate\((-?[\d.]+)", str(attributes.get("transform", "")))
        axes.text(
            at["x"],
            at["y"] + top,
            text,
            fontsize=_SIZE * _POINT,
            color=look.get("fill", colours()[INK]),
            ha=_ANCHORS[look.get("text-anchor", "start")],
            va="baseline",
            rotation=-float(turned[1]) if turned else 0.0,
            rotation_mode="anchor",
            zorder=4,
        )


_PLACES = ("x", "y", "width", "height", "cx", "cy", "r", "x1", "x2", "y1", "y2")


def _points(attributes: dict[str, Any], top: float) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in attributes["points"].split())
    return [(float(x), float(y) + top) for x, y in pairs]
