"""Areas in a plane cut in four by two lines: income against emissions, and the sub-indices of an index."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from carbonacct.analysis.groups import GROUP_NAMES, group_against_reference
from carbonacct.charts import Point, draw_plane
from carbonacct.charts.scales import show_three
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.indices.readings import QUADRANTS
from carbonacct.texts import add_unit, as_typed, join_names, join_parts, join_texts, say, tell_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from carbonacct.charts import Drawing

_LOOKS = dict(zip(QUADRANTS, ("s0", "s1", "total", "s2"), strict=True))
_PLAIN, _SMALLEST, _LARGEST = 5.0, 4.0, 15.0  # radii of a point
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
    },
    "zh": {
        "gdp": "人均 GDP",
        "co2": "人均 CO₂ 排放（t）",
        "lacking": "无数据：{}",
    },
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
    line_names: tuple[str, str] = ("", ""),
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    lang: str = "en",
) -> Drawing:
    """Return areas in four quadrants, each a point with its name; the heading names those without a number.

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
    line_names
        What the upright and the level line are called.
    title, x_label, y_label
        Heading, and axes with their units; the columns' names unless given.
    lang
        ``"en"`` or ``"zh"``: language of the words that the figure adds.

    Returns
    -------
    Drawing
        A notebook shows it; :func:`carbonacct.charts.save_charts` writes it.

    Raises
    ------
    PanelError
        If a column or a quadrant is not known, or no area has both numbers.

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
                or say("columns: {columns}", columns=as_typed(map(str, areas.columns))),
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
        words["lacking"].format(join_names(map(str, areas.index[~there]), lang))
        if not there.all()
        else ""
    )
    places = _find_quadrants(areas[there], shown, x, y, lines=(x_axis, y_axis))
    largest = float(shown[size].max()) if size else 0.0
    points = [
        Point(
            str(name),
            float(row[x]),
            float(row[y]),
            tell_value(
                str(name), join_parts(lang, *(show_three(float(row[one])) for one in columns)), lang
            ),
            radius=_radius(float(row[size]) / largest) if size and largest > 0 else _PLAIN,
            look=_LOOKS[place],
        )
        for (name, row), place in zip(shown.iterrows(), places, strict=True)
    ]
    chart = draw_plane(
        " — ".join(filter(None, (title, lacking))),
        points,
        lines=(x_axis, y_axis),
        line_names=line_names,
        corners=named,
        x_label=x_label or x,
        y_label=y_label or y,
        lang=lang,
    )
    if size:
        chart.series[size] = shown[size].tolist()
        chart.tell(chart.show)
    return chart


def _radius(share: float) -> float:
    """Return the radius of a point whose area follows a share of the largest."""
    return math.sqrt(_SMALLEST**2 + (_LARGEST**2 - _SMALLEST**2) * max(share, 0.0))


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


def draw_income_groups(
    areas: pd.DataFrame,
    reference: str,
    *,
    gdp: str = "gdp_per_head",
    co2: str = "co2_per_head",
    unit: str = "",
    title: str = "",
    lang: str = "en",
) -> Drawing:
    """Return CO2 per head against GDP per head, divided by the levels of a reference area such as the nation.

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
    Drawing
        A notebook shows it; :func:`carbonacct.charts.save_charts` writes it.

    Raises
    ------
    PanelError
        As :func:`carbonacct.group_against_reference` and `draw_quadrants`.

    Notes
    -----
    The four groups of 国家应对气候变化战略研究和国际合作中心 (2013),
    我国低碳试点实践现状及未来工作方向研究, section 1.2.1. Its figures 3
    and 4 have CO2 per GDP up instead of CO2 per head; with that column `draw_quadrants` draws them.
    """
    groups = group_against_reference(areas, reference, gdp=gdp, co2=co2)
    across, up = (float(areas[name].astype("float64")[reference]) for name in (gdp, co2))
    placed = areas.loc[groups.index].assign(quadrant=groups.map(_GROUPS))
    named = {
        place: GROUP_NAMES[group][0 if lang == "zh" else 1] for group, place in _GROUPS.items()
    }
    words = _WORDS[lang]
    return draw_quadrants(
        placed,
        x=gdp,
        y=co2,
        x_axis=across,
        y_axis=up,
        line_names=(reference, reference),
        corners=named,
        title=title,
        x_label=add_unit(words["gdp"], unit, lang),
        y_label=words["co2"],
        lang=lang,
    )
