"""Charts of paths: scenarios with envelope, peaks and budget; sectors; paths of the past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.analysis.scenario_results import LEVEL
from carbonacct.charts import ChartLine, Stack, draw_lines, draw_stacks
from carbonacct.charts.look import COLOURS
from carbonacct.report.analyses.analysis_words import (
    find_unit,
    name_quantity,
    name_sector,
    names_of,
    word,
)
from carbonacct.report.analyses.parts import ALL, bracket, list_groups, make_line, make_shower, pick
from carbonacct.report.brief.brief_wording import unit_of
from carbonacct.report.page.page_words import show_gas
from carbonacct.texts import tell_value

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.report.analyses.parts import Drawn, Group

_REST = "other_sectors"
_PATHS = 4  # of one area that a chart of the past shows
_INTERVAL = ALL * (LEVEL[1] - LEVEL[0])


def draw_paths(analysis: Analysis, lang: str) -> Drawn:
    """Return net emissions of the inventory, and of each scenario with its bounds and its peak."""
    scale, unit = unit_of(lang)
    course = analysis.series
    if course is None:
        return [], ""
    before = course[course["kind"] == "inventory"]
    lines = [make_line(names_of("kind", lang)["inventory"], _scaled(before, ["net"], scale))]
    groups, more = _list_scenarios(analysis, lang)
    for number, (name, part) in enumerate(groups, start=1):
        peaks = part.loc[part["is_peak"], ["year", "net"]].itertuples(index=False, name=None)
        marks = tuple(
            (int(year), word("peak_mark", lang, year=year, value=f"{net / scale:,.0f}"))
            for year, net in peaks
        )
        lines.append(_make_path(name, part, "net", scale=scale, number=number, marks=marks))
    gas = show_gas(analysis.words["gas"])
    label = word("emissions", lang, gas=gas, unit=bracket(unit, lang))
    return [draw_lines(label, lines, _show, lang=lang)], more


def draw_envelope(analysis: Analysis, lang: str) -> Drawn:
    """Return the lowest and the highest scenario of each year in the bounds of all draws."""
    scale, unit = unit_of(lang)
    course = analysis.series
    if course is None or len(_list_all(analysis)) < 2:
        return [], ""
    years = course[course["kind"] == "scenario"].groupby("year")
    ends = years.agg({"net": ["min", "max"], "lower": "min", "upper": "max"}) / scale
    lowest, highest, lower, upper = (tuple(ends[name]) for name in ends.columns)
    held: tuple[int, ...] = tuple(ends.index)
    lines = [
        ChartLine(word("highest", lang), held, highest, lower, upper, number=1, dashed=True),
        ChartLine(word("lowest", lang), held, lowest, number=2, dashed=True),
    ]
    return [
        draw_lines(word("envelope", lang, unit=bracket(unit, lang)), lines, _show, lang=lang)
    ], ""


def draw_budget(analysis: Analysis, lang: str) -> Drawn:
    """Return the sum of the years of each scenario beside the budget that is asked for, if any."""
    if "budget" not in analysis.words:
        return [], ""
    scale, unit = unit_of(lang)
    groups, more = _list_scenarios(analysis, lang)
    lines = [
        _make_path(name, part, "cumulative", scale=scale, number=number)
        for number, (name, part) in enumerate(groups, start=1)
    ]
    years = lines[0].years
    budget = (float(analysis.words["budget"]) / scale,) * len(years)
    lines.append(ChartLine(word("budget", lang), years, budget, dashed=True))
    label = word("cumulative", lang, first=years[0] + 1, unit=bracket(unit, lang))
    return [draw_lines(label, lines, _show, zero=True, lang=lang)], more


def draw_sectors(analysis: Analysis, lang: str) -> Drawn:
    """Return the sectors of each scenario, stacked by year."""
    scale, unit = unit_of(lang)
    groups, more = pick(list_groups(analysis.rows, ["scenario"]), lang)
    rows = _merge_small(analysis.rows)
    sectors = list(dict.fromkeys(rows["sector"]))
    charts = []
    for name, part in groups:
        own = rows.loc[part.index].groupby(["year", "sector"])["value"].sum() / scale
        wide = own.unstack().reindex(columns=sectors)  # noqa: PD010 - a label each
        label = word("by_sector", lang, scenario=_title(analysis, name), unit=bracket(unit, lang))
        stacks = [
            Stack(word(one, lang) if one == _REST else name_sector(one, lang), wide[one].tolist())
            for one in sectors
        ]
        years = [str(year) for year in wide.index]
        charts.append(draw_stacks(label, years, stacks, _show, net=word("sum", lang), lang=lang))
    return charts, more


def draw_levels(analysis: Analysis, lang: str) -> Drawn:
    """Return the levels that assumptions give, a line a scenario."""
    groups, more = pick(list_groups(analysis.rows, ["scenario"]), lang)
    lines = [
        make_line(name, part.sort_values("until")[["until", "value"]], number=number)
        for number, (name, part) in enumerate(groups)
    ]
    label = f"{analysis.words['of']}{bracket(analysis.units.get('value', ''), lang)}"
    return [draw_lines(label, lines, make_shower(analysis.rows["value"]), lang=lang)], more


def draw_errors(analysis: Analysis, lang: str) -> Drawn:
    """Return the error of paths by years ahead, beside that of no change at all."""
    frame = analysis.rows
    lines = [
        make_line(word(name, lang), _scaled(frame, [column], 1 / ALL, "ahead"), number=number)
        for number, (name, column) in enumerate(
            (("path_error", "mean_absolute_error"), ("no_change", "of_no_change"))
        )
    ]
    return [
        draw_lines(word("errors", lang), lines, lambda value: f"{value:.1f}", zero=True, lang=lang)
    ], ""


def draw_inside(analysis: Analysis, lang: str) -> Drawn:
    """Return the share of outcomes in the interval by years ahead, beside what it should be."""
    held = _scaled(analysis.rows, ["inside"], 1 / ALL, "ahead")
    lines = [
        make_line(word("path_error", lang), held),
        make_line(word("should", lang), held.assign(inside=_INTERVAL), number=1, dashed=True),
    ]
    return [
        draw_lines(word("inside", lang), lines, lambda value: f"{value:.0f}", zero=True, lang=lang)
    ], ""


def draw_hindsight(analysis: Analysis, lang: str) -> Drawn:
    """Return for each area some paths with their bounds, and what came."""
    found = analysis.rows if analysis.series is None else analysis.series
    groups, more = pick(list_groups(found, ["area"]), lang)
    unit, charts = find_unit(analysis), []
    for name, part in groups:
        starts = part.drop_duplicates("base")[["base", "start"]].to_numpy().tolist()
        came = {**dict(starts), **dict(part[["year", "actual"]].to_numpy().tolist())}
        years = tuple(map(int, sorted(came)))
        lines = [ChartLine(word("came", lang), years, tuple(came[year] for year in years))]
        picked = np.unique(np.linspace(0, len(starts) - 1, _PATHS).round().astype(int))
        for number, place in enumerate(picked.tolist(), start=1):
            base, start = starts[place]
            own = part[part["base"] == base]
            values = {end: (start, *own[end].tolist()) for end in ("middle", "lower", "upper")}
            lines.append(
                ChartLine(
                    word("path_from", lang, base=int(base)),
                    (int(base), *map(int, own["year"])),
                    values["middle"],
                    values["lower"],
                    values["upper"],
                    number=number,
                    dashed=True,
                )
            )
        value = name_quantity(analysis.words["value"], lang)
        title = tell_value(name, f"{value}{bracket(unit, lang)}", lang)
        charts.append(draw_lines(title, lines, make_shower(part["actual"]), lang=lang))
    return charts, more


def _merge_small(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows, the smallest sectors under one name: as many stay as there are colours."""
    sizes = rows["value"].abs().groupby(rows["sector"]).sum().drop("removals", errors="ignore")
    room = COLOURS - ("removals" in set(rows["sector"]))
    if len(sizes) <= room:
        return rows
    small = sizes.sort_values(kind="stable").index[: len(sizes) - room + 1]
    return rows.assign(sector=rows["sector"].where(~rows["sector"].isin(small), _REST))


def _list_all(analysis: Analysis) -> list[Group]:
    course = analysis.series
    if course is None:
        return []
    return list_groups(course[course["kind"] == "scenario"], ["scenario"])


def _list_scenarios(analysis: Analysis, lang: str) -> tuple[list[Group], str]:
    """Return the scenarios that charts show under their names."""
    groups, more = pick(_list_all(analysis), lang)
    return [(_title(analysis, name), part) for name, part in groups], more


def _title(analysis: Analysis, name: str) -> str:
    """Return the name of a scenario; one without a name is that of the area."""
    return name or analysis.words["area"]


def _make_path(
    name: str, part: pd.DataFrame, column: str, *, scale: float, **looks: Any
) -> ChartLine:
    """Return the line of a scenario with its bounds."""
    ends = ("lower", "upper") if column == "net" else (f"{column}_lower", f"{column}_upper")
    lower, upper = (tuple(part[end] / scale) for end in ends)
    held = _scaled(part, [column], scale)
    return make_line(name, held, lower=lower, upper=upper, dashed=True, **looks)


def _scaled(
    part: pd.DataFrame, columns: list[str], scale: float, over: str = "year"
) -> pd.DataFrame:
    """Return years and the numbers of columns in the unit of a chart."""
    return part[[over]].join(part[columns] / scale)


def _show(value: float) -> str:
    return f"{value:,.0f}".replace("-", "−")
