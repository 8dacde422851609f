"""What changed over the years of each area: by category, and by driver where a decomposition is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.report.page.columns import HEIGHT, LEFT, LEGEND, STACKS, WIDTH, draw_axis, draw_legend, draw_stacks
from carbonacct.report.page.content import list_rows
from carbonacct.report.page.drawing import Chart, draw_chart, fill_template
from carbonacct.report.page.effects import show_effects
from carbonacct.report.page.words import (
    format_change,
    format_mass,
    format_signed,
    mass_unit,
    name_category,
    section,
    word,
)

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from carbonacct.report.page.content import Content

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
            "largest": word("changes.largest_change", lang, name=moved.index[0], change=f"{format_signed(float(moved.iloc[0]), lang)} {mass_unit(lang)}"),
            "chart": draw_chart(_draw_years(content, area, table, label, lang), summary=word("page.numbers_of_chart", lang)),
            "rows": [(name, format_mass(float(row[years[0]]), lang), format_mass(float(row[years[-1]]), lang), format_signed(float(row[years[-1]] - row[years[0]]), lang),
                      format_change(float(row[years[-1]]), float(row[years[0]]))) for name, row in table.iterrows()],
            "total": (format_mass(before, lang), format_mass(after, lang), format_signed(after - before, lang), format_change(after, before)),
            "effects": show_effects(content, area, lang), "kaya": content.effects is not None and "identity" in content.effects.attrs,
        })  # fmt: skip
    if not parts:
        return ""
    return fill_template("changes.html", words=section("changes", lang), page=section("page", lang), parts=parts, unit=mass_unit(lang))


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
    chart = Chart(label, WIDTH, max(HEIGHT, LEGEND * len(table) + 40))
    bands = content.uncertainty
    bands = bands[(bands["area"] == area) & bands["year"].isin(table.columns)] if bands is not None else None
    top = max(float(table.clip(lower=0).sum().max()), float(bands["upper"].max()) if bands is not None and len(bands) else 0.0)
    y = draw_axis(chart, min(float(table.clip(upper=0).sum().min()), 0.0), top, lang, right=STACKS)
    step = (STACKS - LEFT) / len(years)
    places = {year: (LEFT + step * (years.index(year) + 0.14), step * 0.72) for year in map(int, table.columns)}
    draw_stacks(chart, table, places, y, lang)
    for year in years:
        if len(years) <= 12 or year % 5 == 0 or year == years[-1]:
            chart.add("text", str(year), x=LEFT + step * (years.index(year) + 0.5), y=HEIGHT - 8, cls="middle")
    if bands is not None:
        for row in list_rows(bands):
            x = LEFT + step * (years.index(int(row.year)) + 0.5)
            chart.add("path", f"{row.year}: {format_mass(row.lower, lang)} – {format_mass(row.upper, lang)}", d=f"M{x - 5:.1f},{y(row.lower):.1f}h10m-5,0V{y(row.upper):.1f}m-5,0h10", cls="whisker")
    draw_legend(chart, [str(name) for name in table.index])
    chart.heads = [word("changes.category", lang), *map(str, table.columns)]
    chart.rows = [[str(name), *(format_mass(float(value), lang) for value in row)] for name, row in table.iterrows()]
    chart.rows = [*chart.rows, [word("page.total", lang), *(format_mass(float(table[year].sum()), lang) for year in table.columns)]]
    return chart
