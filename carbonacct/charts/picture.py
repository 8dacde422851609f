"""A chart as a file of its own: SVG whose text stays text, or PNG of 300 dpi."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.charts.drawing import Drawing
from carbonacct.charts.look import FAMILY, GROUND, INK, colours, look_of
from carbonacct.charts.raster import pack_png, paint
from carbonacct.data import why_unwritten, write_beside
from carbonacct.errors import OutputError
from carbonacct.texts import join_clauses, say

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

_SIZE = 12.0  # of letters, in pixels
_HEADING, _GAP = 26.0, 14.0
_HEIGHTS = ("y", "cy", "y1", "y2")  # attributes that move with a shape
_DRAWN = ("fill", "stroke", "stroke-width", "fill-opacity", "stroke-dasharray")


def draw_svg(charts: Sequence[Drawing]) -> str:
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
        f"<title>{escape(join_clauses((chart.label for chart in charts), charts[0].lang))}</title>",
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


def draw_png(charts: Sequence[Drawing], *, headed: bool = True) -> bytes:
    """Return the same as a picture of 300 dpi; without headings where a caption stands below it.

    Raises
    ------
    OutputError
        If Pillow or what reads fonts is not installed, or no font has the characters.
    """
    heading = _HEADING if headed else 0.0
    shapes: list[tuple[str, str, dict[str, Any]]] = []
    top = 0.0
    for chart in charts:
        if headed:
            shapes.append(("text", chart.label, {"x": 10, "y": top + 18, "font-size": 14}))
        shapes += [(kind, text, _lower(held, top + heading)) for kind, text, held in chart.shapes]
        top += heading + chart.height + _GAP
    return pack_png(paint(_measure(charts, heading), shapes))


def save_charts(charts: Drawing | Sequence[Drawing], path: str | os.PathLike[str]) -> None:
    """Write charts one below another as ``.svg`` or ``.png``.

    Raises
    ------
    OutputError
        If the suffix is another, the file cannot be written, or as :func:`draw_png`; what was there
        stays.
    """
    held = [charts] if isinstance(charts, Drawing) else charts
    place = Path(path)
    if place.suffix == ".svg":
        content = draw_svg(held).encode()
    elif place.suffix == ".png":
        content = draw_png(held)
    else:
        raise OutputError(
            say(
                "{path}: charts are written as .svg or .png, not as {suffix!r}",
                path=str(path),
                suffix=place.suffix,
            )
        )
    try:
        write_beside(place, lambda beside: beside.write_bytes(content))
    except OSError as error:
        raise OutputError(
            say("{path}: cannot be written ({reason})", path=str(path), reason=why_unwritten(error))
        ) from None


def _lower(attributes: dict[str, Any], by: float) -> dict[str, Any]:
    """Return the attributes of a shape that is moved down."""
    moved: dict[str, Any] = {
        name: float(attributes[name]) + by for name in _HEIGHTS if name in attributes
    }
    if "points" in attributes:
        pairs = (pair.split(",") for pair in attributes["points"].split())
        moved["points"] = " ".join(f"{x},{float(y) + by}" for x, y in pairs)
    return {**attributes, **moved}


def _measure(charts: Sequence[Drawing], heading: float = _HEADING) -> tuple[float, float]:
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
