"""Points in a plane: cut in four by two lines, with lines of equal product or ratio, or in the wheel of decoupling."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonacct.charts.drawing import Drawing
from carbonacct.charts.scales import Scale, find_ticks, measure, shorten, show_tick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SIZE, _LEFT, _RIGHT, _TOP, _BOTTOM = (820.0, 480.0), 60.0, 12.0, 10.0, 46.0
_WHEEL, _RIM = (760.0, 540.0), 205.0  # size of the wheel, and its radius
_NAME = 24  # columns of the longest name
_CROWD = 30  # points beyond which a name that covers another is left to the table and the tooltip
_STEPS = 24  # parts of a quarter of a circle

# Tapio (2005), Towards a theory of decoupling, Transport Policy 12, 137-151, figure 1: elasticities
# 0, 0.8 and 1.2, from the direction of pure growth of the driver round against the clock; each
# state with the angle where it starts.
_LOW, _HIGH = math.degrees(math.atan(0.8)), math.degrees(math.atan(1.2))
_STATES = (
    ("weak_decoupling", 0.0, "better"),
    ("expansive_coupling", _LOW, "even"),
    ("expansive_negative_decoupling", _HIGH, "worse"),
    ("strong_negative_decoupling", 90.0, "worst"),
    ("weak_negative_decoupling", 180.0, "worse"),
    ("recessive_coupling", 180 + _LOW, "even"),
    ("recessive_decoupling", 180 + _HIGH, "better"),
    ("strong_decoupling", 270.0, "best"),
)


@dataclass(frozen=True)
class Point:
    """A place in the plane; ``tip`` says its numbers, ``opens`` how they came about.

    One that is not ``strong`` is grey and thin, and ``look`` is another class of style.
    """

    name: str
    x: float
    y: float
    tip: str
    opens: int | None = None
    radius: float = 5.0
    strong: bool = True
    look: str = ""


def draw_plane(
    label: str,
    points: Sequence[Point],
    *,
    x_label: str,
    y_label: str,
    lines: tuple[float, float] | None = None,
    line_names: tuple[str, str] = ("", ""),
    corners: Mapping[str, str] | None = None,
    equal: str = "",
    lang: str = "en",
) -> Drawing:
    """Return a chart of points with their names.

    Parameters
    ----------
    lines
        Where the plane is divided; not at all unless given.
    line_names
        What the upright and the level line are called.
    corners
        What the quadrants are called: ``upper_right``, ``upper_left``, ``lower_left``,
        ``lower_right``; one that is not named stays empty.
    equal
        ``"product"`` or ``"ratio"``: lines along which ``x y`` or ``y / x`` is one number.
    lang
        Language of the names.
    """
    chart = Drawing(
        label, *_SIZE, wide=True, kind="plane", x_label=x_label, y_label=y_label, lang=lang
    )
    room = 26.0 if equal or any(line_names) else 0.0  # for what lines are called beyond the frame
    held = ([point.x for point in points], [point.y for point in points])
    # Lines of equal product or ratio need the corner where both are zero.
    more = lines or ((0.0, 0.0) if equal else (held[0][0], held[1][0]))
    across, up = (_find_axis([*values, line]) for values, line in zip(held, more, strict=True))
    x = Scale(tuple(across), _LEFT, _SIZE[0] - _RIGHT - room)
    y = Scale(tuple(up), _SIZE[1] - _BOTTOM, _TOP + room / 2)
    _draw_axes(chart, x, y)
    if equal:
        _draw_equal(chart, points, (x, y), ratio=equal == "ratio")
    if lines:
        _draw_lines(chart, (x, y), lines, line_names)
    for place, text in (corners or {}).items():
        far = place.endswith("right")
        at = {
            "x": x.end - 8 if far else x.start + 8,
            "y": y.end + 14 if place.startswith("upper") else y.start - 10,
        }
        chart.add("text", text, **at, cls="before faint" if far else "after faint")
    _draw_points(chart, points, (x, y), (x.start, y.end, _SIZE[0], y.start))
    return chart


def draw_wheel(
    label: str,
    points: Sequence[Point],
    names: Mapping[str, str],
    *,
    x_label: str,
    y_label: str,
    lang: str = "en",
) -> Drawing:
    """Return points by the change of a driver and of a pressure over the eight states of decoupling.

    Both axes have one scale, so that an angle is an elasticity.

    Parameters
    ----------
    points
        Changes in percent.
    names
        What each state is called, by its id.
    lang
        Language of the names.

    Notes
    -----
    Tapio (2005), Transport Policy 12, 137-151, figure 1.
    """
    chart = Drawing(label, *_WHEEL, kind="plane", x_label=x_label, y_label=y_label, lang=lang)
    reach = 1.08 * max(math.hypot(point.x, point.y) for point in points) or 1.0
    middle = (_WHEEL[0] / 2, _WHEEL[1] / 2)
    x = Scale((-reach, reach), middle[0] - _RIM, middle[0] + _RIM)
    y = Scale((-reach, reach), middle[1] + _RIM, middle[1] - _RIM)
    ends = [start for _, start, _ in _STATES[1:]] + [360.0]
    for (state, start, look), end in zip(_STATES, ends, strict=True):
        _draw_wedge(chart, middle, (start, end), look)
        turn = math.radians((start + end) / 2)
        at = {
            "x": middle[0] + (_RIM + 8) * math.cos(turn),
            "y": middle[1] - (_RIM + 8) * math.sin(turn) + (4 if math.sin(turn) > 0 else 10),
        }
        chart.add("text", names[state], **at, cls="after" if math.cos(turn) > 0 else "before")
    chart.add("line", x1=x.start, x2=x.end, y1=middle[1], y2=middle[1], cls="zero")
    chart.add("line", x1=middle[0], x2=middle[0], y1=y.start, y2=y.end, cls="zero")
    for tick in find_ticks(-reach, reach):
        if 0 < abs(tick) < 0.95 * reach:
            text = f"{tick:+.10g} %".replace("-", "−")
            chart.add("text", text, x=x.place(tick), y=middle[1] + 14, cls="middle faint")
            chart.add("text", text, x=middle[0] - 5, y=y.place(tick) + 4, cls="before faint")
    chart.add("text", f"→ {x_label}", x=10.0, y=_WHEEL[1] - 26, cls="after")
    chart.add("text", f"↑ {y_label}", x=10.0, y=_WHEEL[1] - 8, cls="after")
    _draw_points(chart, points, (x, y), (0.0, 0.0, *_WHEEL))
    return chart


def _draw_wedge(
    chart: Drawing, middle: tuple[float, float], angles: tuple[float, float], look: str
) -> None:
    """Draw one part of the wheel."""
    start, end = map(math.radians, angles)
    count = max(2, math.ceil(_STEPS * (end - start) / (math.pi / 2)))
    turns = [start + (end - start) * step / count for step in range(count + 1)]
    rim = [(middle[0] + _RIM * math.cos(turn), middle[1] - _RIM * math.sin(turn)) for turn in turns]
    text = " ".join(f"{across:.1f},{down:.1f}" for across, down in [middle, *rim])
    chart.add("polygon", points=text, cls=f"wedge {look}")


def _draw_axes(chart: Drawing, x: Scale, y: Scale) -> None:
    """Draw the grid of the plane with its numbers, and what the axes are."""
    for tick in x.ticks:
        at, kind = x.place(tick), "zero" if tick == x.ticks[0] else "grid"
        chart.add("line", x1=at, x2=at, y1=y.end, y2=y.start, cls=kind)
        chart.add("text", show_tick(tick), x=at, y=y.start + 16, cls="middle")
    for tick in y.ticks:
        at, kind = y.place(tick), "zero" if tick == y.ticks[0] else "grid"
        chart.add("line", x1=x.start, x2=x.end, y1=at, y2=at, cls=kind)
        chart.add("text", show_tick(tick), x=x.start - 6, y=at + 4, cls="before")
    chart.add("text", chart.x_label, x=(x.start + x.end) / 2, y=_SIZE[1] - 8, cls="middle")
    middle = (y.start + y.end) / 2
    turned = f"rotate(-90 14 {middle:.0f})"
    chart.add("text", chart.y_label, x=14.0, y=middle, transform=turned, cls="middle")


def _draw_lines(
    chart: Drawing, scales: tuple[Scale, Scale], lines: tuple[float, float], names: tuple[str, str]
) -> None:
    """Draw the two lines that divide the plane, and what they are called beyond the frame."""
    x, y = scales
    across, up = x.place(lines[0]), y.place(lines[1])
    chart.add("line", x1=across, x2=across, y1=y.end, y2=y.start, cls="level")
    chart.add("line", x1=x.start, x2=x.end, y1=up, y2=up, cls="level")
    chart.add("text", names[0], x=across, y=y.end - 5, cls="middle")
    chart.add("text", names[1], x=x.end + 4, y=up + 4, cls="after")


def _draw_equal(
    chart: Drawing, points: Sequence[Point], scales: tuple[Scale, Scale], *, ratio: bool
) -> None:
    """Draw lines of equal product or ratio, the number of each where it leaves the frame."""
    x, y = scales
    values = [point.y / point.x if ratio else point.x * point.y for point in points]
    right, top = x.ticks[-1], y.ticks[-1]
    for value in find_ticks(min(values), max(values), 6):
        if value <= 0:
            continue
        at_right = value * right if ratio else value / right
        at_top = top / value if ratio else value / top  # where the line meets the upper edge
        start, end = (0.0, min(right, at_top)) if ratio else (at_top, right)
        places = [start + (end - start) * step / 60 for step in range(61)]
        held = [(place, value * place if ratio else value / place) for place in places]
        text = " ".join(f"{x.place(one):.1f},{y.place(other):.1f}" for one, other in held)
        chart.add("polyline", points=text, cls="equal")
        if at_right < top:
            at, kind = (x.end + 4, y.place(at_right) + 4), "after faint"
        else:
            at, kind = (x.place(at_top), y.end - 4), "middle faint"
        chart.add("text", show_tick(value), x=at[0], y=at[1], cls=kind)


def _find_axis(values: Sequence[float]) -> list[float]:
    """Return ticks around some numbers, from zero on where they are not far from it."""
    low, high = min(values), max(values)
    room = 0.05 * ((high - low) or abs(high) or 1.0)
    return find_ticks(0.0 if 0 <= low < 0.5 * high or low == high >= 0 else low - room, high + room)


def _draw_points(
    chart: Drawing,
    points: Sequence[Point],
    scales: tuple[Scale, Scale],
    frame: tuple[float, float, float, float],
) -> None:
    """Draw points, the largest first, with their names, and tell their numbers."""
    x, y = scales
    for point in sorted(points, key=lambda point: -point.radius):
        look = point.look or ("point" if point.strong else "point other")
        at = {"cx": x.place(point.x), "cy": y.place(point.y), "r": point.radius}
        chart.add("circle", point.tip, **at, cls=look, data_d=point.opens)
    _place_names(chart, [(x.place(one.x), y.place(one.y), one) for one in points], frame)
    chart.names = [point.name for point in points]
    chart.series = {
        chart.x_label: [point.x for point in points],
        chart.y_label: [point.y for point in points],
    }
    chart.parts = points
    chart.tell(lambda value: f"{value:,.4g}".replace("-", "−"))


def _place_names(
    chart: Drawing,
    points: Sequence[tuple[float, float, Point]],
    frame: tuple[float, float, float, float],
) -> None:
    """Write the name of each point to its right, left, above or below, where it covers least of what is there."""
    taken = [
        (x - point.radius - 1, y - point.radius - 1, x + point.radius + 1, y + point.radius + 1)
        for x, y, point in points
    ]
    taken += [_find_box(text, held) for kind, text, held in chart.shapes if kind == "text"]
    for x, y, point in points:
        r, text = point.radius, shorten(point.name, _NAME)
        length = measure(text)
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
                if box[0] < frame[0] or box[2] > frame[2] or box[1] < frame[1] or box[3] > frame[3]
                else 0.0
            )
            for box in boxes
        ]
        best = covered.index(min(covered))
        if len(points) > _CROWD and covered[best] > 0:
            continue
        taken.append(boxes[best])
        left, down, _, kind = places[best]
        chart.add("text", text, x=left, y=down, cls=kind + ("" if point.strong else " faint"))


def _find_box(text: str, attributes: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """Return the room that a level text takes."""
    shifts = {"before": 1.0, "middle": 0.5}
    words = str(attributes.get("class", "")).split()
    shift = next((shifts[word] for word in words if word in shifts), 0.0)
    x, y, length = float(attributes["x"]), float(attributes["y"]), measure(text)
    return x - length * shift, y - 11, x + length * (1 - shift), y + 3
