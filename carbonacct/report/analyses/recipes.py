"""The charts of analyses: what each draws from the rows and the panel of an analysis."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.report.analyses.section import (
    exponent,
    find_digits,
    raise_digits,
    show_number,
)
from carbonacct.report.analyses.words import (
    column_rows,
    name_factor,
    name_quantity,
    name_token,
    names_of,
    word,
)
from carbonacct.report.brief.wording import unit_of
from carbonacct.report.charts import (
    Bar,
    Line,
    Step,
    draw_bars,
    draw_lines,
    draw_steps,
    draw_waterfall,
)
from carbonacct.report.names import name_key_category
from carbonacct.report.page.plane import Point, draw_plane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from carbonacct.report.analyses.section import Analysis
    from carbonacct.report.page.drawing import Chart

    Drawn = tuple[list[Chart], str]
    Group = tuple[str, pd.DataFrame]

_GROUPS = 6  # that charts show
_BARS = 24
_SHARES = 14
_STEPS = 30
_ALL = 100.0  # percent
_SMALL = 1e-3  # below it an axis has a power of ten


def find_unit(analysis: Analysis) -> str:
    """Return the unit of the numbers that an analysis is of, nothing where it is not printed."""
    name = analysis.words.get("value") or analysis.words.get("ratio") or ""
    if name in analysis.units:
        return analysis.units[name]
    above, sign, below = name.partition("/")
    parts = [analysis.units.get(part, "") for part in (above, below)]
    return "/".join(parts) if sign and all(parts) else ""


def list_groups(frame: pd.DataFrame, by: Sequence[str]) -> list[Group]:
    """Return the rows of each series under its name, in the order of the table."""
    held = [name for name in by if name in frame.columns]
    if not held:
        return [("", frame)]
    return [
        (" ".join(map(str, labels)), part)
        for labels, part in frame.groupby(held, sort=False, dropna=False)
    ]


def _pick(groups: list[Group], lang: str) -> tuple[list[Group], str]:
    """Return the groups that charts show, and the note that there are more."""
    if len(groups) <= _GROUPS:
        return groups, ""
    return groups[:_GROUPS], word("more", lang, shown=_GROUPS, count=len(groups))


def _bracket(unit: str) -> str:
    return f" ({unit})" if unit else ""


def _shower(values: pd.Series) -> Callable[[float], str]:
    digits = find_digits(values.astype(float))
    return lambda value: show_number(value, digits)


def _series(analysis: Analysis, column: str) -> Iterator[Group]:
    """Return the years of each series of the panel that have a number, in the order of the rows."""
    panel = analysis.series
    if panel is None or column not in panel.columns:
        return
    held = dict(list_groups(panel, analysis.by))
    for name, _ in list_groups(analysis.rows, analysis.by):
        if name not in held:
            continue
        part = held[name][[analysis.over, column]].astype(float).dropna()
        if len(part):
            yield name, part.sort_values(analysis.over)


def _line(name: str, part: pd.DataFrame, **looks: Any) -> Line:
    """Return a line of two columns, years and values."""
    years, values = (part.iloc[:, place].tolist() for place in (0, 1))
    return Line(name, tuple(map(int, years)), tuple(values), **looks)


def _beside(name: str, what: str, part: pd.DataFrame, number: int, count: int) -> Line:
    """Return the dashed line beside a series, which has a name of its own where there is one series."""
    looks: dict[str, Any] = {"number": number, "dashed": True}
    if count == 1:
        return _line(what, part, **looks)
    return _line(f"{name} · {what}", part, is_named=False, **looks)


def draw_effects(analysis: Analysis, lang: str) -> Drawn:
    """Return the waterfall of each group over its whole period, and the effects of its steps."""
    charts: list[Chart] = []
    frame = analysis.rows
    if "term" not in frame.columns:
        return [], ""
    unit = _bracket(find_unit(analysis))
    groups, more = _pick(list_groups(frame, analysis.by), lang)
    for name, part in groups:
        where = f"{name} " if name else ""
        periods = {
            (first, last): rows.set_index("term")["value"].astype(float)
            for (first, last), rows in part.groupby(["from", "to"], sort=False)
        }
        whole, steps = _split_periods(list(periods))
        if whole is not None:
            said = {"where": where, "first": whole[0], "last": whole[1], "unit": unit}
            label = word("effects", lang, **said)
            charts += _draw_way(label, whole, periods[whole], analysis, (name, lang))
        if steps:
            label = word("steps", lang, where=where, unit=unit)
            charts.append(_draw_steps(label, {step: periods[step] for step in steps}, lang))
    return charts, more


def _split_periods(
    periods: list[tuple[Any, Any]],
) -> tuple[tuple[Any, Any] | None, list[tuple[Any, Any]]]:
    """Return the period from first to last, and the steps of a chain."""
    firsts = {first for first, _ in periods}
    if len(firsts) == 1:
        return periods[-1], []
    if not all(isinstance(first, (int, np.integer)) for first in firsts):
        return None, []
    ends = (min(firsts), max(last for _, last in periods))
    steps = [period for period in periods if period != ends]
    return (ends if ends in periods else None), steps[:_STEPS]


def _terms(effects: pd.Series) -> pd.Series:
    """Return the effects of factors, and the residual where it is more than rounding."""
    held = effects.drop("total", errors="ignore").dropna()
    if "residual" in held.index and abs(held["residual"]) <= 1e-9 * held.abs().max():
        held = held.drop("residual")
    return held


def _draw_way(
    label: str,
    period: tuple[Any, Any],
    effects: pd.Series,
    analysis: Analysis,
    named: tuple[str, str],
) -> list[Chart]:
    """Return the waterfall; from the level of the first state where the panel has it, else from zero."""
    group, lang = named
    terms = _terms(effects)
    if terms.empty:
        return []
    start = _level(analysis, group, period[0])
    ends = [start, *(start + terms.cumsum())]
    steps = [Step(str(period[0]), 0.0, start, is_sum=True)] if start else []
    steps += [
        Step(name_factor(str(term), lang), before, after)
        for term, before, after in zip(terms.index, ends, ends[1:], strict=False)
    ]
    last = str(period[1]) if start else word("net", lang)
    steps.append(Step(last, 0.0, ends[-1], is_sum=True))
    return [draw_waterfall(label, steps, _shower(pd.Series([*ends, *terms])))]


def _level(analysis: Analysis, group: str, state: object) -> float:
    """Return the number of the left side in a state, 0 where the panel does not say it once."""
    value = analysis.words.get("value", "")
    panel = analysis.series
    if panel is None or value not in panel.columns or analysis.over not in panel.columns:
        return 0.0
    part = dict(list_groups(panel, analysis.by)).get(group)
    if part is None:
        return 0.0
    held = part.loc[part[analysis.over].astype(str) == str(state), value].astype(float).dropna()
    return float(held.iloc[0]) if len(held) == 1 else 0.0


def _draw_steps(label: str, steps: dict[tuple[Any, Any], pd.Series], lang: str) -> Chart:
    terms = {period: _terms(effects) for period, effects in steps.items()}
    names = list(dict.fromkeys(term for held in terms.values() for term in held.index))
    short = len(steps) > 8
    return draw_steps(
        label,
        [f"{last}" if short else f"{first}–{last}" for first, last in steps],
        [
            (
                name_factor(str(term), lang),
                [float(held.get(term, math.nan)) for held in terms.values()],
            )
            for term in names
        ],
        _shower(pd.concat(list(terms.values()))),
        net=word("net", lang),
    )


def draw_fitted(analysis: Analysis, lang: str) -> Drawn:
    """Return each series with the line of Sen's slope through the medians of years and values."""
    column = analysis.words["value"]
    groups, more = _pick(list(_series(analysis, column)), lang)
    rows = dict(list_groups(analysis.rows, analysis.by))
    lines = []
    for number, (name, part) in enumerate(groups):
        shown = name or name_quantity(column, lang)
        lines.append(_line(shown, part, number=number))
        slope = float(rows[name]["slope"].iloc[0])
        if math.isfinite(slope):
            years, values = part.iloc[:, 0], part.iloc[:, 1]
            fit = values.median() + slope * (years - years.median())
            fitted = pd.DataFrame({"year": years, "value": fit}).iloc[[0, -1]]
            lines.append(_beside(shown, word("fit", lang), fitted, number, len(groups)))
    return _draw_over_years(analysis, column, lines, lang), more


def _draw_over_years(
    analysis: Analysis, column: str, lines: Sequence[Line], lang: str
) -> list[Chart]:
    if not lines:
        return []
    unit = find_unit(analysis)
    held = pd.Series([value for line in lines for value in line.values])
    if 0 < held.abs().max() < _SMALL:  # as intensities in tonnes a yuan
        power = exponent(float(held.abs().max()))
        held, unit = held / 10**power, f"10{raise_digits(power)} {unit}".strip()
        lines = [
            replace(line, values=tuple(value / 10**power for value in line.values))
            for line in lines
        ]
    label = word("over_years", lang, name=name_quantity(column, lang), unit=_bracket(unit))
    return [draw_lines(label, lines, _shower(held))]


def draw_peaks(analysis: Analysis, lang: str) -> Drawn:
    """Return each series with its maximum named."""
    column = analysis.words["value"]
    groups, more = _pick(list(_series(analysis, column)), lang)
    held = pd.concat([part.iloc[:, 1] for _, part in groups]) if groups else pd.Series(dtype=float)
    show, lines = _shower(held), []
    rows = dict(list_groups(analysis.rows, analysis.by))
    for number, (name, part) in enumerate(groups):
        row = rows[name].iloc[0]
        marks: tuple[tuple[int, str], ...] = ()
        if row["peak_year"] == row["peak_year"]:  # not NaN
            year = int(row["peak_year"])
            marks = ((year, word("peak_mark", lang, year=year, value=show(float(row["peak"])))),)
        shown = name or name_quantity(column, lang)
        lines.append(_line(shown, part, number=number, marks=marks))
    return _draw_over_years(analysis, column, lines, lang), more


def draw_indexed(analysis: Analysis, lang: str) -> Drawn:
    """Return pressure and driver of each group, both 100 in the first year that has both."""
    columns = (analysis.words["pressure"], analysis.words["driver"])
    series = [dict(_series(analysis, column)) for column in columns]
    shared = [(name, part) for name, part in series[0].items() if name in series[1]]
    groups, more = _pick(shared, lang)
    charts = []
    for name, _ in groups:
        both = pd.concat(
            [held[name].set_index(analysis.over).iloc[:, 0] for held in series], axis=1
        ).dropna()
        if len(both) < 2 or not (both.iloc[0] > 0).all():
            continue
        share = _ALL * both / both.iloc[0]
        lines = [
            Line(
                name_quantity(column, lang),
                tuple(map(int, both.index)),
                tuple(share.iloc[:, number]),
                number=number,
            )
            for number, column in enumerate(columns)
        ]
        title = name or " / ".join(name_quantity(column, lang) for column in columns)
        label = word("indexed", lang, name=title, first=int(both.index[0]))
        charts.append(draw_lines(label, lines, lambda value: f"{value:,.1f}"))
    return charts, more


def draw_states(analysis: Analysis, lang: str) -> Drawn:
    """Return the plane of both changes, a point each group and period."""
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
            across, up = _ALL * row["driver_change"], _ALL * row["pressure_change"]
            shown = f"{name} {period}" if several else period
            points.append(Point(shown, across, up, f"{shown}: {across:+.1f} %, {up:+.1f} %"))
    states = names_of("state", lang)
    axes = {
        place: word("change", lang, name=name_quantity(analysis.words[key], lang))
        for place, key in (("x_label", "driver"), ("y_label", "pressure"))
    }
    corners = {
        "lower_right": states["strong_decoupling"],
        "upper_left": states["strong_negative_decoupling"],
    }
    plane = draw_plane(word("plane", lang), points, lines=(0.0, 0.0), corners=corners, **axes)
    return [plane], ""


def draw_path(analysis: Analysis, lang: str) -> Drawn:
    """Return the ratio of each group beside the path to its target."""
    groups, more = _pick(list_groups(analysis.rows, analysis.by), lang)
    lines = []
    for number, (name, part) in enumerate(groups):
        shown = name or name_quantity(analysis.words["ratio"], lang)
        lines.append(_line(shown, part[["to", "value"]], number=number))
        path = part[["to", "path"]]
        lines.append(_beside(shown, word("on_path", lang), path, number, len(groups)))
    return _draw_over_years(analysis, analysis.words["ratio"], lines, lang), more


def draw_progress(analysis: Analysis, lang: str) -> Drawn:
    """Return how far each target is, the whole of it a dashed line."""
    frame = analysis.rows.dropna(subset=["progress"])
    name = "id" if "id" in frame.columns else "indicator"
    names = {**names_of(name, lang), **analysis.names}
    looks = {"met": "fall", "on_path": "fall", "behind": "rise", "missed": "rise"}
    several = frame["area"].nunique() > 1 if "area" in frame.columns else False
    bars = [
        Bar(
            " ".join(
                filter(None, (row["area"] if several else "", names.get(row[name], row[name])))
            ),
            _ALL * float(row["progress"]),
            look=looks.get(row["status"], "total"),
            line=_ALL,
        )
        for row in frame.to_dict("records")
    ]
    return _draw_some(word("progress", lang), bars, lambda value: f"{value:.0f}", lang)


def _draw_some(
    label: str, bars: list[Bar], show: Callable[[float], str], lang: str
) -> tuple[list[Chart], str]:
    if not bars:
        return [], ""
    more = word("more", lang, shown=_BARS, count=len(bars)) if len(bars) > _BARS else ""
    return [draw_bars(label, bars[:_BARS], show)], more


def draw_projection(analysis: Analysis, lang: str) -> Drawn:
    """Return the total of each scenario with the range that its rates allow."""
    groups, more = _pick(list_groups(analysis.rows, analysis.by), lang)
    lines = [
        _line(
            name or column_rows()["project", "total"][lang],
            part[["year", "total"]],
            lower=tuple(part["lower"]),
            upper=tuple(part["upper"]),
            number=number,
        )
        for number, (name, part) in enumerate(groups)
    ]
    show = _shower(analysis.rows["total"])
    return [draw_lines(analysis.words["of"], lines, show)], more


def draw_neutral(analysis: Analysis, lang: str) -> Drawn:
    """Return gross emissions, removals and net emissions of each area."""
    scale, unit = unit_of(lang)
    groups, more = _pick(list_groups(analysis.rows, ["area"]), lang)
    charts = []
    for name, part in groups:
        rows = part.sort_values("year")
        years = tuple(map(int, rows["year"]))
        lines = []
        for number, column in enumerate(("gross", "removals", "net")):
            held = {
                end: tuple(rows[end] / scale) if end in rows and column == "net" else ()
                for end in ("lower", "upper")
            }
            values = tuple(rows[column] / scale)
            name_of = column_rows()["neutrality", column][lang]
            lines.append(Line(name_of, years, values, number=number, **held))
        if any(math.isfinite(value) for line in lines for value in line.values):
            label = f"{name}{_bracket(unit)}"
            charts.append(draw_lines(label, lines, lambda value: f"{value:,.1f}", zero=True))
    return charts, more


def draw_intervals(analysis: Analysis, lang: str) -> Drawn:
    """Return each total with its interval: bars of one year, a line over several."""
    frame = analysis.rows[analysis.rows["unit"] == "t"]
    scale, unit = unit_of(lang)
    gas = str(frame["gas"].iloc[0])
    label = f"{gas}{_bracket(unit)}"
    dims = [name for name in analysis.by if name in frame.columns]
    if dims == ["area", "year"] and frame["year"].nunique() > 1:
        groups, more = _pick(list_groups(frame, ["area"]), lang)
        lines = [
            Line(
                name,
                tuple(map(int, part["year"])),
                tuple(part["value"] / scale),
                tuple(part["lower"] / scale),
                tuple(part["upper"] / scale),
                number=number,
            )
            for number, (name, part) in enumerate(groups)
        ]
        return [draw_lines(label, lines, lambda value: f"{value:,.1f}")], more
    bars = [
        Bar(
            name,
            float(row["value"]) / scale,
            lower=float(row["lower"]) / scale,
            upper=float(row["upper"]) / scale,
        )
        for name, part in list_groups(frame, dims)
        for row in part.to_dict("records")
    ]
    return _draw_some(label, bars, lambda value: f"{value:,.1f}", lang)


def _draw_shares(column: str, label: str, of: str) -> Callable[[Analysis, str], Drawn]:
    """Return a recipe of bars of shares, the largest first."""

    def draw(analysis: Analysis, lang: str) -> Drawn:
        frame = analysis.rows[analysis.rows[column].notna()]
        frame = frame[frame[of] != "total"].sort_values(column, ascending=False, kind="stable")
        several = frame["area"].nunique() > 1
        whole = frame.groupby("area")[column].transform("sum")
        bars = [
            Bar(
                " ".join(filter(None, (row["area"] if several else "", _item(row, of, lang)))),
                _ALL * share,
                look="bar-fill" if row.get("criteria", "x") else "total",
            )
            for row, share in zip(frame.to_dict("records"), frame[column] / whole, strict=True)
        ]
        text = names_of("heading", lang).get(label, label)
        return _draw_some(f"{text} (%)", bars[:_SHARES], lambda value: f"{value:.1f}", lang)

    return draw


def _item(row: dict[str, Any], of: str, lang: str) -> str:
    if not row.get(of):
        return names_of("kind", lang).get(row["kind"], str(row["kind"]))
    if of == "category":
        return name_key_category(str(row["category"]), lang)
    parameter = names_of("parameter", lang).get(row["parameter"], str(row["parameter"]))
    words = " ".join(name_token(token, lang) for token in str(row["item"]).split())
    return words if row["kind"] == "activity" else f"{parameter} {words}"


def draw_ranking(analysis: Analysis, lang: str) -> Drawn:
    """Return the scores of areas, the best first."""
    frame = analysis.rows
    whole = frame[frame["level"] == 0].dropna(subset=["score"])
    whole = whole.sort_values("score", ascending=False, kind="stable")
    bars = [
        Bar(str(area), float(score))
        for area, score in zip(whole["area"], whole["score"], strict=True)
    ]
    return _draw_some(word("score", lang), bars, _shower(whole["score"]), lang)


def draw_ranks(analysis: Analysis, lang: str) -> Drawn:
    """Return the rank of each area with the interval of the draws."""
    held = analysis.rows.dropna(subset=["rank", "rank_low", "rank_high"])
    bars = [
        Bar(
            str(row["area"]),
            float(row["rank"]),
            lower=float(row["rank_low"]),
            upper=float(row["rank_high"]),
        )
        for row in held.to_dict("records")
    ]
    return _draw_some(word("rank", lang), bars, lambda value: f"{value:.0f}", lang)


RECIPES: dict[str, Callable[[Analysis, str], Drawn]] = {
    "effects": draw_effects,
    "fitted": draw_fitted,
    "peaks": draw_peaks,
    "indexed": draw_indexed,
    "states": draw_states,
    "path": draw_path,
    "progress": draw_progress,
    "projection": draw_projection,
    "neutral": draw_neutral,
    "intervals": draw_intervals,
    "variances": _draw_shares("variance_contribution", "variance", "category"),
    "shares": _draw_shares("level", "level", "category"),
    "inputs": _draw_shares("share", "variance", "item"),
    "ranking": draw_ranking,
    "ranks": draw_ranks,
}
