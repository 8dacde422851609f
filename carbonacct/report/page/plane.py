"""Areas in a plane that two lines divide in four, as a chart of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.report.page.svg import SvgChart, find_ticks, shorten
from carbonacct.text_columns import count_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SIZE, _LEFT, _TOP, _BOTTOM = (820.0, 480.0), 60.0, 10.0, 46.0


@dataclass(frozen=True)
class Point:
    """An area in the plane; ``tip`` says its numbers, ``opens`` how they came about; one that is not ``strong`` is grey and thin."""

    name: str
    x: float
    y: float
    tip: str
    opens: int | None = None
    radius: float = 5.0
    strong: bool = True


def draw_plane(
    label: str,
    points: Sequence[Point],
    *,
    lines: tuple[float, float],
    x_label: str,
    y_label: str,
    corners: Mapping[str, str],
) -> SvgChart:
    """Return a chart of points with their names.

    Parameters
    ----------
    lines
        Where the plane is divided.
    corners
        What the quadrants are called: ``upper_right``, ``upper_left``, ``lower_left``,
        ``lower_right``; one that is not named stays empty.
    """
    chart = SvgChart(label, *_SIZE, wide=True)
    across, up = (
        _find_axis([*values, line])
        for values, line in (
            ([point.x for point in points], lines[0]),
            ([point.y for point in points], lines[1]),
        )
    )

    def x(value: float) -> float:
        return _LEFT + (_SIZE[0] - _LEFT - 12) * (value - across[0]) / (across[-1] - across[0])

    def y(value: float) -> float:
        return _TOP + (_SIZE[1] - _BOTTOM - _TOP) * (1 - (value - up[0]) / (up[-1] - up[0]))

    left, right, top, bottom = x(across[0]), x(across[-1]), y(up[-1]), y(up[0])
    for tick in across:
        chart.add(
            "line",
            "",
            x1=x(tick),
            x2=x(tick),
            y1=top,
            y2=bottom,
            cls="zero" if tick == across[0] else "grid",
        )
        chart.add("text", f"{tick:,.10g}".replace("-", "−"), x=x(tick), y=bottom + 16, cls="middle")
    for tick in up:
        chart.add(
            "line",
            "",
            x1=left,
            x2=right,
            y1=y(tick),
            y2=y(tick),
            cls="zero" if tick == up[0] else "grid",
        )
        chart.add(
            "text", f"{tick:,.10g}".replace("-", "−"), x=_LEFT - 6, y=y(tick) + 4, cls="before"
        )
    chart.add("text", x_label, x=(_LEFT + _SIZE[0]) / 2, y=_SIZE[1] - 8, cls="middle")
    chart.add(
        "text",
        y_label,
        x=14.0,
        y=_SIZE[1] / 2 - 20,
        transform=f"rotate(-90 14 {_SIZE[1] / 2 - 20:.0f})",
        cls="middle",
    )
    chart.add("line", "", x1=x(lines[0]), x2=x(lines[0]), y1=top, y2=bottom, cls="level")
    chart.add("line", "", x1=left, x2=right, y1=y(lines[1]), y2=y(lines[1]), cls="level")
    for place, text in corners.items():
        far = place.endswith("right")
        chart.add(
            "text",
            text,
            x=right - 8 if far else left + 8,
            y=top + 14 if place.startswith("upper") else bottom - 10,
            cls="before faint" if far else "after faint",
        )
    for point in sorted(points, key=lambda point: -point.radius):
        chart.add(
            "circle",
            point.tip,
            cx=x(point.x),
            cy=y(point.y),
            r=point.radius,
            cls="point" if point.strong else "point other",
            data_d=point.opens,
        )
    _place_labels(chart, [(x(point.x), y(point.y), point) for point in points])
    return chart


def _find_axis(values: Sequence[float]) -> list[float]:
    """Return ticks around some numbers, from zero on where they are not far from it."""
    low, high = min(values), max(values)
    room = 0.05 * ((high - low) or abs(high) or 1.0)
    return find_ticks(0.0 if 0 <= low < 0.5 * high or low == high >= 0 else low - room, high + room)


def _place_labels(chart: SvgChart, points: Sequence[tuple[float, float, Point]]) -> None:
    """Write the name of each point to its right, left, above or below, where it covers least of what is there."""
    taken = [
        (x - point.radius - 1, y - point.radius - 1, x + point.radius + 1, y + point.radius + 1)
        for x, y, point in points
    ]
    for x, y, point in points:
        r, text = point.radius, shorten(point.name, 24)
        length = 6.7 * count_columns(text)
        places = [
            (x + r + 3, y + 4, 0.0, "after"),
            (x - r - 3, y + 4, 1.0, "before"),
            (x, y - r - 4, 0.5, "middle"),
            (x, y + r + 13, 0.5, "middle"),
        ]
        boxes = [
            (left - length * shift, down - 11, left + length * (1 - shift), down + 3)
            for left, down, shift, _ in places
        ]
        covered = [
            sum(
                max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
                * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
                for other in taken
            )
            + (
                1e6
                if box[0] < _LEFT or box[2] > _SIZE[0] or box[1] < 0 or box[3] > _SIZE[1] - _BOTTOM
                else 0.0
            )
            for box in boxes
        ]
        best = covered.index(min(covered))
        taken.append(boxes[best])
        chart.add(
            "text",
            text,
            x=places[best][0],
            y=places[best][1],
            cls=places[best][3] + ("" if point.strong else " faint"),
        )
