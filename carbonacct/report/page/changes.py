"""What changed over the years of each area: by category, and by driver where a decomposition is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.report.page.content import list_groups, list_rows
from carbonacct.report.page.drawing import Chart, draw_chart, fill_template, find_ticks, shorten
from carbonacct.report.page.words import format_change, format_mass, mass_unit, name_category, section, word

if TYPE_CHECKING:
    from markupsafe import Markup

    from carbonacct.report.page.content import Content

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 760.0, 320.0, 64.0, 12.0, 28.0
_SHOWN = 7  # categories with a colour of their own; the rest are one


def show_changes(content: Content, lang: str) -> Markup | str:
    """Return, for each area with several years, a chart and a table of its direct CO2 by category, and its drivers."""
    parts: list[dict[str, Any]] = []
    for area in content.areas:
        years = [year for year in content.years_of(area) if not np.isnan(content.totals.loc[area, year])]
        if len(years) < 2 or not content.detailed:
            continue
        table = _by_category(content, area, years, lang)
        label = f"{word('changes.changes_chart', lang, area=area)} ({mass_unit(lang)})"
        before, after = float(table[years[0]].sum()), float(table[years[-1]].sum())
        moved = (table[years[-1]].fillna(0.0) - table[years[0]].fillna(0.0)).sort_values(key=abs, ascending=False)
        parts.append({
            "pick": str(content.areas.index(area)), "first": years[0], "last": years[-1],
            "text": word("changes.changes_text", lang, first=years[0], last=years[-1], change=format_change(after, before),
                         before=f"{format_mass(before, lang)} {mass_unit(lang)}", after=f"{format_mass(after, lang)} {mass_unit(lang)}"),
            "largest": word("changes.largest_change", lang, name=moved.index[0], change=f"{_signed(float(moved.iloc[0]), lang)} {mass_unit(lang)}"),
            "chart": draw_chart(_draw_years(content, area, table, label, lang), summary=word("page.numbers_of_chart", lang)),
            "rows": [(name, format_mass(float(row[years[0]]), lang), format_mass(float(row[years[-1]]), lang), _signed(float(row[years[-1]] - row[years[0]]), lang),
                      format_change(float(row[years[-1]]), float(row[years[0]]))) for name, row in table.iterrows()],
            "total": (format_mass(before, lang), format_mass(after, lang), _signed(after - before, lang), format_change(after, before)),
            "effects": _show_effects(content, area, lang),
        })  # fmt: skip
    if not parts:
        return ""
    return fill_template("changes.html", words=section("changes", lang), page=section("page", lang), parts=parts, unit=mass_unit(lang))


def _signed(value: float, lang: str) -> str:
    text = format_mass(value, lang)
    return f"+{text}" if value > 0 else text


def _by_category(content: Content, area: str, years: list[int], lang: str) -> pd.DataFrame:
    """Return direct CO2 in t, category x year, the largest of the last year first; small ones together."""
    cells = content.cells
    cells = cells[(cells["area"] == area) & (cells["scope"] == 1) & (cells["gas"] == "CO2") & cells["year"].isin(years)]
    table = cells.pivot_table(index="category", columns="year", values="value", aggfunc="sum").reindex(columns=years)
    table = table.loc[table.sum(axis=1).sort_values(ascending=False).index]
    table.index = [name_category(str(category), lang) for category in table.index]
    if len(table) > _SHOWN + 1:
        rest = table.iloc[_SHOWN:].sum(min_count=1)
        table = table.iloc[:_SHOWN].copy()
        table.loc[word("changes.others", lang)] = rest
    return table


def _draw_years(content: Content, area: str, table: pd.DataFrame, label: str, lang: str) -> Chart:
    """Return stacked columns by year, with the interval of each total where one is given."""
    years = list(range(int(table.columns[0]), int(table.columns[-1]) + 1))
    legend = 20.0 * len(table)
    chart = Chart(label, _WIDTH, max(_HEIGHT, legend + 40))
    bands = content.uncertainty
    bands = bands[(bands["area"] == area) & bands["year"].isin(table.columns)] if bands is not None else None
    top = max(float(table.clip(lower=0).sum().max()), float(bands["upper"].max()) if bands is not None and len(bands) else 0.0)
    y = _axis(chart, min(float(table.clip(upper=0).sum().min()), 0.0), top, lang, right=500.0)
    step = (500.0 - _LEFT) / len(years)
    for year in years:
        x, up, down = _LEFT + step * (years.index(year) + 0.14), 0.0, 0.0
        for number, (name, value) in enumerate(table[year].fillna(0.0).items() if year in table.columns else ()):
            low, high = (up, up + value) if value >= 0 else (down + value, down)
            up, down = (up + value, down) if value >= 0 else (up, down + value)
            chart.add("rect", f"{year} {name}: {format_mass(value, lang)} {mass_unit(lang)}", x=x, y=y(high), width=step * 0.72, height=max(y(low) - y(high), 0.0), cls=f"s{number}")
    for year in years:
        if len(years) <= 12 or year % 5 == 0 or year == years[-1]:
            chart.add("text", str(year), x=_LEFT + step * (years.index(year) + 0.5), y=_HEIGHT - 8, cls="middle")
    if bands is not None:
        for row in list_rows(bands):
            x = _LEFT + step * (years.index(int(row.year)) + 0.5)
            chart.add("path", f"{row.year}: {format_mass(row.lower, lang)} – {format_mass(row.upper, lang)}", d=f"M{x - 5:.1f},{y(row.lower):.1f}h10m-5,0V{y(row.upper):.1f}m-5,0h10", cls="whisker")
    for number, name in enumerate(table.index):
        at = _TOP + 20.0 * number
        chart.add("rect", "", x=520.0, y=at, width=12.0, height=12.0, cls=f"s{number}")
        chart.add("text", shorten(str(name), 34), x=538.0, y=at + 10.5, cls="after")
    chart.heads = [word("changes.category", lang), *map(str, table.columns)]
    chart.rows = [[str(name), *(format_mass(float(value), lang) for value in row)] for name, row in table.iterrows()]
    chart.rows = [*chart.rows, [word("page.total", lang), *(format_mass(float(table[year].sum()), lang) for year in table.columns)]]
    return chart


def _axis(chart: Chart, low: float, high: float, lang: str, *, right: float) -> Any:
    """Draw the lines of an axis of tonnes and return the function from tonnes to y."""
    unit = 1e4 if lang == "zh" else 1e3
    ticks = find_ticks(low / unit, high / unit)
    span = (_HEIGHT - _TOP - _BOTTOM) / (ticks[-1] - ticks[0])

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - (value / unit - ticks[0]) * span

    for tick in ticks:
        chart.add("line", "", x1=_LEFT, x2=right, y1=y(tick * unit), y2=y(tick * unit), cls="zero" if tick == 0 else "grid")
        chart.add("text", f"{tick:,.10g}".replace("-", "−"), x=_LEFT - 6, y=y(tick * unit) + 4, cls="before")
    return y


def _show_effects(content: Content, area: str, lang: str) -> list[Markup]:
    """Return a waterfall of each period of the area's decomposition."""
    frame = content.effects
    if frame is None:
        return []
    if "area" in frame.columns:
        frame = frame[frame["area"] == area]
    charts = []
    for (first, last), part in list_groups(frame, ["from", "to"]):
        terms = part[~part["term"].isin(["total", "residual"]) | ((part["term"] == "residual") & (part["value"].abs() > 1e-9 * part["value"].abs().max()))]
        if {(area, int(first)), (area, int(last))} <= set(content.totals.index):
            before, after = (float(content.totals.loc[area, int(year)]) for year in (first, last))
            charts.append(_draw_waterfall(_close(terms, after - before, lang), area, int(first), int(last), before, lang))
    return [draw_chart(chart, summary=word("page.numbers_of_chart", lang)) for chart in charts]


def _close(terms: pd.DataFrame, change: float, lang: str) -> pd.DataFrame:
    """Return the terms, and what lacks to the change of the inventory: a decomposition of other data would show here."""
    rest = change - float(terms["value"].sum())
    if abs(rest) <= 1e-6 * float(terms["value"].abs().max()):
        return terms
    return pd.concat([terms[["term", "value"]], pd.DataFrame([{"term": word("changes.unexplained", lang), "value": rest}])], ignore_index=True)


def _draw_waterfall(terms: pd.DataFrame, area: str, first: int, last: int, start: float, lang: str) -> Chart:
    """Return columns from the first year's total through each effect to the last year's."""
    label = f"{word('changes.effects_chart', lang, area=area, first=first, last=last)} ({mass_unit(lang)})"
    chart = Chart(label, _WIDTH, _HEIGHT)
    steps = [start, *(start + terms["value"].cumsum())]
    y = _axis(chart, min(0.0, *steps), max(steps), lang, right=_WIDTH - 10)
    step = (_WIDTH - 10 - _LEFT) / (len(terms) + 2)
    columns = [(word("changes.start", lang, year=first), 0.0, start, "total"),
               *((str(term), before, before + value, "rise" if value > 0 else "fall") for term, value, before in zip(terms["term"], terms["value"], steps, strict=False)),
               (word("changes.start", lang, year=last), 0.0, steps[-1], "total")]  # fmt: skip
    for number, (name, low, high, kind) in enumerate(columns):
        x = _LEFT + step * (number + 0.14)
        shown = format_mass(high, lang) if kind == "total" else _signed(high - low, lang)
        chart.add("rect", f"{name}: {shown} {mass_unit(lang)}", x=x, y=y(max(low, high)), width=step * 0.72, height=max(abs(y(low) - y(high)), 1.0), cls=kind)
        chart.add("text", shown, x=x + step * 0.36, y=y(max(low, high)) - 4, cls="middle")
        chart.add("text", shorten(name, max(int(step / 7.2), 4)), x=x + step * 0.36, y=_HEIGHT - 8, cls="middle")
    chart.heads = [word("changes.term", lang), mass_unit(lang)]
    chart.rows = [[name, format_mass(high, lang) if kind == "total" else _signed(high - low, lang)] for name, low, high, kind in columns]
    return chart
