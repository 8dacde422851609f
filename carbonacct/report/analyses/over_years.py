"""Charts over years: series with their trend, peak, path, index; scenarios; neutrality."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.charts import ChartLine, Point, draw_lines, draw_wheel
from carbonacct.report.analyses.analysis_words import (
    column_rows,
    find_scale,
    name_quantity,
    names_of,
    word,
)
from carbonacct.report.analyses.parts import (
    ALL,
    bracket,
    list_groups,
    list_series,
    make_line,
    make_shower,
    pick,
)
from carbonacct.report.analyses.section import exponent, raise_digits
from carbonacct.report.brief.brief_wording import unit_of
from carbonacct.report.page.page_words import show_gas
from carbonacct.texts import join_parts, tell_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.charts.drawing import Drawing
    from carbonacct.report.analyses.parts import Drawn

_SMALL = 1e-3  # below it an axis has a power of ten


def draw_fitted(analysis: Analysis, lang: str) -> Drawn:
    """Return each series with the line of Sen's slope through the medians of years and values."""
    column = analysis.words["value"]
    groups, more = pick(list(list_series(analysis, column)), lang)
    rows = dict(list_groups(analysis.rows, analysis.by))
    lines = []
    for number, (name, part) in enumerate(groups):
        shown = name or name_quantity(column, lang)
        lines.append(make_line(shown, part, number=number))
        slope = float(rows[name]["slope"].iloc[0])
        if math.isfinite(slope):
            years, values = part.iloc[:, 0], part.iloc[:, 1]
            fit = values.median() + slope * (years - years.median())
            fitted = pd.DataFrame({"year": years, "value": fit}).iloc[[0, -1]]
            lines.append(_beside(shown, word("fit", lang), fitted, number, count=len(groups)))
    return _draw_over_years(analysis, column, lines, lang), more


def draw_peaks(analysis: Analysis, lang: str) -> Drawn:
    """Return each series with its maximum named."""
    column = analysis.words["value"]
    groups, more = pick(list(list_series(analysis, column)), lang)
    held = pd.concat([part.iloc[:, 1] for _, part in groups]) if groups else pd.Series(dtype=float)
    scale, _ = find_scale(analysis, lang)
    show, lines = make_shower(held / scale), []
    rows = dict(list_groups(analysis.rows, analysis.by))
    for number, (name, part) in enumerate(groups):
        row = rows[name].iloc[0]
        marks: tuple[tuple[int, str], ...] = ()
        if row["peak_year"] == row["peak_year"]:  # not NaN
            year = int(row["peak_year"])
            peak = show(float(row["peak"]) / scale)
            marks = ((year, word("peak_mark", lang, year=year, value=peak)),)
        shown = name or name_quantity(column, lang)
        lines.append(make_line(shown, part, number=number, marks=marks))
    return _draw_over_years(analysis, column, lines, lang), more


def draw_path(analysis: Analysis, lang: str) -> Drawn:
    """Return the ratio of each group beside the path to its target."""
    groups, more = pick(list_groups(analysis.rows, analysis.by), lang)
    lines = []
    for number, (name, part) in enumerate(groups):
        shown = name or name_quantity(analysis.words["ratio"], lang)
        lines.append(make_line(shown, part[["to", "value"]], number=number))
        path = part[["to", "path"]]
        lines.append(_beside(shown, word("on_path", lang), path, number, count=len(groups)))
    return _draw_over_years(analysis, analysis.words["ratio"], lines, lang), more


def _beside(name: str, what: str, part: pd.DataFrame, number: int, *, count: int) -> ChartLine:
    """Return the dashed line beside a series, which has a name of its own where there is one series."""
    looks: dict[str, Any] = {"number": number, "dashed": True}
    if count == 1:
        return make_line(what, part, **looks)
    return make_line(f"{name} · {what}", part, is_named=False, **looks)


def _draw_over_years(
    analysis: Analysis, column: str, lines: Sequence[ChartLine], lang: str
) -> list[Drawing]:
    if not lines:
        return []
    scale, unit = find_scale(analysis, lang)
    held = pd.Series([value for line in lines for value in line.values]) / scale
    if 0 < held.abs().max() < _SMALL:  # as intensities in tonnes a yuan
        power = exponent(float(held.abs().max()))
        held, unit = held / 10**power, f"10{raise_digits(power)} {unit}".strip()
        scale *= 10**power
    if scale != 1:
        lines = [
            replace(line, values=tuple(value / scale for value in line.values)) for line in lines
        ]
    label = word("over_years", lang, name=name_quantity(column, lang), unit=bracket(unit, lang))
    return [draw_lines(label, lines, make_shower(held), lang=lang)]


def draw_indexed(analysis: Analysis, lang: str) -> Drawn:
    """Return pressure and driver of each group, both 100 in the first year that has both."""
    columns = (analysis.words["pressure"], analysis.words["driver"])
    series = [dict(list_series(analysis, column)) for column in columns]
    shared = [(name, part) for name, part in series[0].items() if name in series[1]]
    groups, more = pick(shared, lang)
    charts = []
    for name, _ in groups:
        both = pd.concat(
            [held[name].set_index(analysis.over).iloc[:, 0] for held in series], axis=1
        ).dropna()
        if len(both) < 2 or not (both.iloc[0] > 0).all():
            continue
        share = ALL * both / both.iloc[0]
        lines = [
            ChartLine(
                name_quantity(column, lang),
                tuple(map(int, both.index)),
                tuple(share.iloc[:, number]),
                number=number,
            )
            for number, column in enumerate(columns)
        ]
        title = name or " / ".join(name_quantity(column, lang) for column in columns)
        label = word("indexed", lang, name=title, first=int(both.index[0]))
        charts.append(draw_lines(label, lines, lambda value: f"{value:,.1f}", lang=lang))
    return charts, more


def draw_states(analysis: Analysis, lang: str) -> Drawn:
    """Return the wheel of both changes, a point each group and period."""
    frame = analysis.rows
    if not {"pressure_change", "driver_change"} <= set(frame.columns):
        return [], ""
    held = frame.dropna(subset=["pressure_change", "driver_change"])
    if held.empty:
        return [], ""
    several = len(list_groups(held, analysis.by)) > 1
    points = []
    for name, part in list_groups(held, analysis.by):
        for row in part.to_dict("records"):
            period = f"{row['from']}–{row['to']}"
            across, up = ALL * row["driver_change"], ALL * row["pressure_change"]
            shown = f"{name} {period}" if several else period
            tip = tell_value(shown, join_parts(lang, f"{across:+.1f} %", f"{up:+.1f} %"), lang)
            points.append(Point(shown, across, up, tip, look="rise" if up > 0 else "fall"))
    axes = {
        place: word("change", lang, name=name_quantity(analysis.words[key], lang))
        for place, key in (("x_label", "driver"), ("y_label", "pressure"))
    }
    return [draw_wheel(word("plane", lang), points, names_of("state", lang), **axes, lang=lang)], ""


def draw_areas(analysis: Analysis, lang: str) -> Drawn:
    """Return the inventory of an area beside the sum of its parts, a chart a gas and scope."""
    scale, unit = unit_of(lang)
    groups, more = pick(list_groups(analysis.rows, ["area", "gas", "scope"]), lang)
    charts = []
    for _, part in groups:
        rows = part.sort_values("year")
        lines = [
            make_line(
                column_rows()["areas", column][lang],
                rows[["year"]].join(rows[column] / scale),
                number=number,
            )
            for number, column in enumerate(("own", "parts"))
        ]
        held = rows.iloc[0]
        names = {"area": held["area"], "gas": show_gas(held["gas"]), "scope": held["scope"]}
        label = word("areas", lang, unit=bracket(unit, lang), **names)
        if any(math.isfinite(value) for line in lines for value in line.values):
            charts.append(draw_lines(label, lines, lambda value: f"{value:,.1f}", lang=lang))
    return charts, more


def draw_neutral(analysis: Analysis, lang: str) -> Drawn:
    """Return gross emissions, removals and net emissions of each area."""
    scale, unit = unit_of(lang)
    groups, more = pick(list_groups(analysis.rows, ["area"]), lang)
    charts = []
    for name, part in groups:
        rows = part.sort_values("year")
        years = tuple(map(int, rows["year"]))
        lines = []
        for number, column in enumerate(("gross", "removals", "net")):
            ends = {
                end: tuple(rows[end] / scale) if end in rows and column == "net" else ()
                for end in ("lower", "upper")
            }
            lines.append(
                ChartLine(
                    column_rows()["neutrality", column][lang],
                    years,
                    tuple(rows[column] / scale),
                    lower=ends["lower"],
                    upper=ends["upper"],
                    number=number,
                )
            )
        if any(math.isfinite(value) for line in lines for value in line.values):
            label = f"{name}{bracket(unit, lang)}"
            charts.append(
                draw_lines(label, lines, lambda value: f"{value:,.1f}", zero=True, lang=lang)
            )
    return charts, more
