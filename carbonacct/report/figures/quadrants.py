"""Areas in a plane that two lines divide in four: income against emissions, and the sub-indices of a composite index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.analysis.groups import GROUP_NAMES, group_against_reference
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.indices.readings import QUADRANTS
from carbonacct.report.charts.style import INK, QUIET, SERIES, figure_style, thousands
from carbonacct.report.figures.planes import label_points
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLORS = dict(zip(QUADRANTS, (SERIES[0], SERIES[1], QUIET, SERIES[2]), strict=True))
_CORNERS = {
    "upper_right": (0.985, 0.98, "right", "top"),
    "upper_left": (0.015, 0.98, "left", "top"),
    "lower_left": (0.015, 0.02, "left", "bottom"),
    "lower_right": (0.985, 0.02, "right", "bottom"),
}
_GROUPS = {
    "rich-high": "upper_right",
    "poor-high": "upper_left",
    "poor-low": "lower_left",
    "rich-low": "lower_right",
}
_WORDS = {
    "en": {
        "gdp": "GDP per head",
        "co2": "CO₂ per head (t)",
        "lacking": "without a number: {}",
        "comma": ", ",
    },
    "zh": {"gdp": "人均 GDP", "co2": "人均 CO₂ 排放（t）", "lacking": "无数据：{}", "comma": "、"},
}


def draw_quadrants(
    areas: pd.DataFrame,
    *,
    x_axis: float,
    y_axis: float,
    x: str = "x",
    y: str = "y",
    size: str | None = None,
    corners: Mapping[str, str] | None = None,
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    lang: str = "en",
) -> Figure:
    """Return a figure of areas in four quadrants, each a point with its name; an area without a number is named below.

    Parameters
    ----------
    areas
        One row an area, named by the index: any table, or what
        :func:`carbonacct.place_in_quadrants` returns.
    x_axis, y_axis
        Where the plane is divided; an area on the line counts as right, or upper, unless a column
        ``quadrant`` says where it stands.
    x, y, size
        Columns; the area of a point follows ``size``, where one is named.
    corners
        What to call ``upper_right``, ``upper_left``, ``lower_left`` and ``lower_right``.
    title, x_label, y_label
        Heading, and axes with their units; the columns' names unless given.
    lang
        ``"en"`` or ``"zh"``: language of the words that the figure adds.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    PanelError
        If a column or a quadrant is not known, or no area has both numbers.
    OutputError
        If matplotlib or a font for the labels is not installed.

    Notes
    -----
    As figures 6 and 7 of 中国城市双碳指数 2021-2022: low-carbon state across, emission trend up, ambition
    as the size.
    """
    columns = [x, y, *([size] if size else [])]
    if unknown := [name for name in columns if name not in areas.columns]:
        raise PanelError(
            say(
                "no column {unknown!r}; {near}",
                unknown=unknown[0],
                near=did_you_mean(unknown[0], map(str, areas.columns))
                or say("columns: {columns}", columns=join_texts(", ", map(str, areas.columns))),
            )
        )
    named = dict(corners or {})
    if unknown := [name for name in named if name not in QUADRANTS]:
        raise PanelError(
            say(
                "no quadrant {unknown!r}; known: {quadrants}",
                unknown=unknown[0],
                quadrants=join_texts(", ", QUADRANTS),
            )
        )
    numbers = areas[columns].astype("float64")
    there = numbers.notna().all(axis=1)
    shown = numbers[there]
    if shown.empty:
        raise PanelError(
            say("no area has a number of {columns}", columns=join_texts(" and ", columns))
        )
    words = _WORDS[lang]
    lacking = (
        words["lacking"].format(words["comma"].join(map(str, areas.index[~there])))
        if not there.all()
        else ""
    )
    labels = [str(name) for name in shown.index]
    places = _find_quadrants(areas[there], shown, x, y, lines=(x_axis, y_axis))
    with figure_style([*labels, *named.values(), lacking, title, x_label, y_label]):
        from matplotlib.figure import Figure as Canvas  # noqa: PLC0415 - an extra

        figure = Canvas(figsize=(8.0, 5.8), layout="constrained")
        axes = figure.add_subplot()
        _divide(axes, shown[x].to_numpy(), shown[y].to_numpy(), (x_axis, y_axis))
        across, up = shown[x].to_numpy(), shown[y].to_numpy()
        weight = shown[size].clip(lower=0).to_numpy() if size else np.full(len(shown), np.nan)
        largest = weight.max() if size and weight.max() > 0 else np.nan
        area = np.full(len(shown), 36.0) if np.isnan(largest) else 20 + 240 * weight / largest
        axes.scatter(
            across,
            up,
            s=area,
            c=[_COLORS[place] for place in places],
            alpha=0.85,
            edgecolor="white",
            linewidth=0.8,
            zorder=3,
        )
        for place, text in named.items():
            left, top, ha, va = _CORNERS[place]
            axes.text(
                left,
                top,
                text,
                transform=axes.transAxes,
                ha=ha,
                va=va,
                fontsize=9.5,
                color=QUIET,
                zorder=2,
            )
        axes.set(xlabel=x_label or x, ylabel=y_label or y)
        axes.xaxis.set_major_formatter(thousands)
        axes.yaxis.set_major_formatter(thousands)
        axes.set_title(title)
        if lacking:
            figure.supxlabel(lacking, x=0.01, ha="left", fontsize=8.5, color=QUIET, wrap=True)
        label_points(figure, axes, across, up, labels=labels, radius=np.sqrt(area) / 2)
    return figure


def _find_quadrants(
    areas: pd.DataFrame, shown: pd.DataFrame, x: str, y: str, *, lines: tuple[float, float]
) -> list[str]:
    """Return the quadrant of each area: its own where the table has one."""
    if "quadrant" in areas.columns:
        return [str(place) for place in areas["quadrant"]]
    right, upper = shown[x] >= lines[0], shown[y] >= lines[1]
    return [
        f"{'upper' if up else 'lower'}_{'right' if far else 'left'}"
        for far, up in zip(right, upper, strict=True)
    ]


def _divide(axes: Axes, x: np.ndarray, y: np.ndarray, lines: tuple[float, float]) -> None:
    """Draw the lines that divide the plane, and leave room around the points and the words in the corners."""
    for values, line, set_limits in ((x, lines[0], axes.set_xlim), (y, lines[1], axes.set_ylim)):
        low, high = min(values.min(), line), max(values.max(), line)
        room = 0.1 * ((high - low) or abs(high) or 1.0)
        set_limits(0 if 0 <= low < 0.35 * high else low - room, high + room)
    axes.axvline(lines[0], color=INK, linewidth=0.9, linestyle=(0, (5, 3)), zorder=1)
    axes.axhline(lines[1], color=INK, linewidth=0.9, linestyle=(0, (5, 3)), zorder=1)


def draw_income_groups(
    areas: pd.DataFrame,
    reference: str,
    *,
    gdp: str = "gdp_per_head",
    co2: str = "co2_per_head",
    unit: str = "",
    title: str = "",
    lang: str = "en",
) -> Figure:
    """Return a figure of CO2 per head against GDP per head, divided by the levels of a reference area such as the nation.

    Parameters
    ----------
    areas
        One row an area, named by the index, the reference among them.
    reference
        The area whose levels are the lines.
    gdp, co2
        Columns; CO2 in t a head.
    unit
        Of GDP a head, such as ``"yuan"``.
    title, lang
        Heading; ``"en"`` or ``"zh"``.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    PanelError
        As :func:`carbonacct.group_against_reference` and `draw_quadrants`.
    OutputError
        If matplotlib or a font for the labels is not installed.

    Notes
    -----
    The four groups of 国家应对气候变化战略研究和国际合作中心 (2013), 我国低碳试点实践现状及未来工作方向研究, section 1.2.1. Its figures 3
    and 4 have CO2 per GDP up instead of CO2 per head; with that column `draw_quadrants` draws them.
    """
    groups = group_against_reference(areas, reference, gdp=gdp, co2=co2)
    across, up = (float(areas[name].astype("float64")[reference]) for name in (gdp, co2))
    placed = areas.loc[groups.index].assign(quadrant=groups.map(_GROUPS))
    named = {
        place: GROUP_NAMES[group][0 if lang == "zh" else 1] for group, place in _GROUPS.items()
    }
    words = _WORDS[lang]
    figure = draw_quadrants(
        placed,
        x=gdp,
        y=co2,
        x_axis=across,
        y_axis=up,
        corners=named,
        title=title,
        x_label=f"{words['gdp']} ({unit})" if unit else words["gdp"],
        y_label=words["co2"],
        lang=lang,
    )
    axes = figure.axes[0]
    with figure_style([reference]):
        axes.annotate(
            reference,
            (across, axes.get_ylim()[1]),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=8.5,
            color=INK,
        )
        axes.annotate(
            reference,
            (axes.get_xlim()[1], up),
            xytext=(3, 0),
            textcoords="offset points",
            ha="left",
            va="center",
            fontsize=8.5,
            color=INK,
        )
    return figure
