"""Places in a plane: intensity against income with lines of equal product, and the decoupling wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import PanelError
from carbonacct.report.charts.style import FALL, INK, QUIET, RISE, RULE, figure_style
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

# Tapio (2005), Towards a theory of decoupling, Transport Policy 12, 137-151, figure 1: elasticities
# 0, 0.8 and 1.2, from the direction of pure growth of the driver round against the clock; each
# state with the angle where it starts.
_LOW, _HIGH = np.degrees(np.arctan(0.8)), np.degrees(np.arctan(1.2))
_STATES = (
    (0.0, "weak\ndecoupling", "弱脱钩"),
    (_LOW, "expansive\ncoupling", "扩张连结"),
    (_HIGH, "expansive negative\ndecoupling", "扩张负脱钩"),
    (90.0, "strong negative\ndecoupling", "强负脱钩"),
    (180.0, "weak negative\ndecoupling", "弱负脱钩"),
    (180 + _LOW, "recessive\ncoupling", "衰退连结"),
    (180 + _HIGH, "recessive\ndecoupling", "衰退脱钩"),
    (270.0, "strong\ndecoupling", "强脱钩"),
)
_SHADES = ("#e4f0f2", "#f3f4f5", "#f9e9e4", "#f3d3ca", "#f9e9e4", "#f3f4f5", "#e4f0f2", "#cbe3e7")


def draw_intensity_plane(
    x: ArrayLike,
    y: ArrayLike,
    labels: Sequence[str],
    *,
    lines: str = "product",
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    line_label: str = "",
) -> Figure:
    """Return a figure of places in a plane with lines along which the product, or the ratio, of both axes is one number.

    Parameters
    ----------
    x, y
        One number a place, above zero: such as income and emissions of income, whose product is
        emissions a head.
    labels
        Names of the places.
    lines
        ``"product"``: lines of equal ``x y``; ``"ratio"``: of equal ``y / x``.
    title, x_label, y_label, line_label
        Heading, axes with their units, and what the lines are.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    PanelError
        If lengths differ, a number is not above zero, or the lines are neither of both.
    OutputError
        If matplotlib or a font for the labels is not installed.
    """
    across, along = _read_points(x, y, labels)
    if lines not in {"product", "ratio"}:
        raise PanelError(say("no lines of {lines!r}; known: product, ratio", lines=lines))
    if (across <= 0).any() or (along <= 0).any():
        raise PanelError(
            say(
                "a place of the plane is not above zero; lines of equal product or ratio do "
                "not reach it: leave it out"
            )
        )
    with figure_style([*labels, title, x_label, y_label, line_label]):
        from matplotlib.figure import Figure as Canvas  # noqa: PLC0415 - an extra
        from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

        figure = Canvas(figsize=(7.4, 5.2), layout="constrained")
        axes = figure.add_subplot()
        right, top = 1.16 * across.max(), 1.12 * along.max()
        values = across * along if lines == "product" else along / across
        grid = np.linspace(right / 400, right, 400)
        for value in MaxNLocator(6).tick_values(values.min(), values.max()):
            if value > 0:
                axes.plot(
                    grid,
                    value / grid if lines == "product" else value * grid,
                    color=RULE,
                    linewidth=1,
                    zorder=1,
                )
                _label_line(axes, value, (right, top), lines)
        axes.scatter(across, along, s=34, color=FALL, edgecolor="white", linewidth=0.8, zorder=3)
        axes.set(xlim=(0, right), ylim=(0, top), xlabel=x_label, ylabel=y_label)
        axes.set_title(title)
        if line_label:
            axes.text(
                1,
                1.015,
                line_label,
                transform=axes.transAxes,
                ha="right",
                va="bottom",
                fontsize=9,
                color=QUIET,
            )
        label_points(figure, axes, across, along, labels=labels)
    return figure


def draw_decoupling_wheel(
    x: ArrayLike,
    y: ArrayLike,
    labels: Sequence[str],
    *,
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    lang: str = "en",
) -> Figure:
    """Return a figure of places by the growth of a driver and of a pressure, over the eight states of decoupling.

    Parameters
    ----------
    x, y
        Growth of the driver (GDP) and of the pressure (emissions), as shares.
    labels
        Names of the places.
    title, x_label, y_label
        Heading and axes.
    lang
        ``"en"`` or ``"zh"``: language of the states.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    PanelError
        If lengths differ or a number is missing.
    OutputError
        If matplotlib or a font for the labels is not installed.

    Notes
    -----
    Tapio (2005), Transport Policy 12, 137-151, figure 1. Both axes have one scale, so that an angle
    is an elasticity.
    """
    across, along = _read_points(x, y, labels)
    names = [chinese if lang == "zh" else english for _, english, chinese in _STATES]
    with figure_style([*labels, *names, title, x_label, y_label]):
        from matplotlib.figure import Figure as Canvas  # noqa: PLC0415 - an extra
        from matplotlib.patches import Wedge  # noqa: PLC0415
        from matplotlib.ticker import PercentFormatter  # noqa: PLC0415

        figure = Canvas(figsize=(7.2, 7.2), layout="constrained")
        axes = figure.add_subplot()
        reach = 1.1 * max(np.hypot(across, along).max(), 1e-12)
        starts = [start for start, _, _ in _STATES]
        for start, end, name, shade in zip(
            starts, [*starts[1:], 360.0], names, _SHADES, strict=True
        ):
            axes.add_patch(
                Wedge(
                    (0, 0),
                    reach,
                    start,
                    end,
                    facecolor=shade,
                    edgecolor="white",
                    linewidth=1.2,
                    zorder=1,
                )
            )
            middle = np.radians((start + end) / 2)
            narrow = end - start < 30
            axes.text(
                1.04 * reach * np.cos(middle),
                1.04 * reach * np.sin(middle),
                name.replace("\n", " ") if narrow and np.sin(middle) < 0 else name,
                fontsize=9,
                color=INK,
                ha=(
                    "left"
                    if np.cos(middle) > 0.1
                    else "right"
                    if np.cos(middle) < -0.1
                    else "center"
                ),
                va="bottom" if np.sin(middle) > 0 else "top",
            )
        axes.axhline(0, color=INK, linewidth=0.8, zorder=2)
        axes.axvline(0, color=INK, linewidth=0.8, zorder=2)
        axes.scatter(
            across,
            along,
            s=34,
            color=[RISE if dy > 0 else FALL for dy in along],
            edgecolor="white",
            linewidth=0.8,
            zorder=3,
        )
        axes.set(
            xlim=(-1.32 * reach, 1.32 * reach),
            ylim=(-1.18 * reach, 1.18 * reach),
            aspect="equal",
            xlabel=x_label,
            ylabel=y_label,
        )
        axes.set_title(title)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1, decimals=None))
        for spine in axes.spines.values():
            spine.set_visible(False)
        label_points(figure, axes, across, along, labels=labels)
    return figure


def _read_points(
    x: ArrayLike, y: ArrayLike, labels: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    across, along = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if across.shape != along.shape or across.shape != (len(labels),) or not len(labels):
        raise PanelError(
            say(
                "{size} numbers across, {along_size} along and {label_count} labels; give "
                "one of each for each place",
                size=across.size,
                along_size=along.size,
                label_count=len(labels),
            )
        )
    missing = ~(np.isfinite(across) & np.isfinite(along))
    if missing.any():
        raise PanelError(
            say("{label} has no number; leave it out", label=labels[int(missing.argmax())])
        )
    return across, along


def _label_line(axes: Axes, value: float, corner: tuple[float, float], lines: str) -> None:
    """Write the number of a line where it leaves the frame."""
    right, top = corner
    at_right = value / right if lines == "product" else value * right
    if at_right < top:
        axes.annotate(
            f"{value:g}",
            (right, at_right),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=QUIET,
            annotation_clip=False,
        )
    else:
        axes.annotate(
            f"{value:g}",
            (top / value, top),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=8,
            color=QUIET,
            annotation_clip=False,
        )


def label_points(
    figure: Figure,
    axes: Axes,
    x: np.ndarray,
    y: np.ndarray,
    *,
    labels: Sequence[str],
    radius: float | np.ndarray = 3.0,
) -> None:
    """Write names beside points of a radius (in points), on the side of each that is free of the others."""
    from matplotlib.patheffects import withStroke  # noqa: PLC0415 - an extra

    reach = np.broadcast_to(radius, len(labels)) + 3.0
    halo = [withStroke(linewidth=2.5, foreground="white")]
    figure.draw_without_rendering()  # places the axes, so that texts have a size
    points = axes.transData.transform(np.column_stack([x, y]))
    taken: list[tuple[float, ...]] = [(px - 4, py - 4, px + 4, py + 4) for px, py in points]
    for place in np.argsort(-y, kind="stable"):
        best = None
        near, aslant = reach[place], 0.8 * reach[place]
        for offset, ha, va in (
            ((near, 0), "left", "center"),
            ((-near, 0), "right", "center"),
            ((0, near), "center", "bottom"),
            ((0, -near), "center", "top"),
            ((aslant, aslant), "left", "bottom"),
            ((aslant, -aslant), "left", "top"),
            ((-aslant, aslant), "right", "bottom"),
            ((-aslant, -aslant), "right", "top"),
        ):
            text = axes.annotate(
                labels[place],
                (x[place], y[place]),
                xytext=offset,
                textcoords="offset points",
                ha=ha,
                va=va,
                fontsize=8.5,
                color=INK,
                zorder=4,
                path_effects=halo,
            )
            box = text.get_window_extent().extents
            clashes = sum(
                box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
                for number_, other in enumerate(taken)
                if number_ != place
            )
            if best is None or clashes < best[0]:
                if best is not None:
                    best[1].remove()
                best = (clashes, text, box)
            else:
                text.remove()
            if clashes == 0:
                break
        assert best is not None  # noqa: S101 - eight sides were tried
        taken.append(tuple(best[2]))
