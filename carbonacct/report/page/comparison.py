"""Several areas beside one another: ranks, small multiples, and emissions against GDP, both per head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.report.page.content import list_rows
from carbonacct.report.page.drawing import Chart, draw_chart, fill_template, find_ticks, shorten
from carbonacct.report.page.words import (
    format_change,
    format_mass,
    format_number,
    join_names,
    mass_unit,
    name_category,
    section,
    word,
)
from carbonacct.report.terminal import width

if TYPE_CHECKING:
    from markupsafe import Markup

    from carbonacct.report.page.content import Content

_CELL, _ROW, _ACROSS = 280.0, (120.0, 76.0), 4  # of small multiples
_SIZE, _LEFT, _BOTTOM = (820.0, 480.0), 60.0, 46.0  # of the quadrants


def show_comparison(content: Content, lang: str) -> Markup | str:
    """Return ranks and charts of the areas, or nothing where there is one and nothing to compare it with."""
    table = find_intensities(content)
    if len(content.areas) < 2 and not (len(table) > 1 and table["co2_per_head"].notna().sum() > 1):
        return ""
    words = section("comparison", lang)
    charts = []
    if len(content.areas) > 1:
        charts.append(_draw_multiples(content, lang))
    placed = table.dropna(subset=["co2_per_head", "gdp_per_head"])
    quadrant = _draw_quadrants(content, placed, lang) if len(placed) > 1 else None
    ranked = table[table["here"]].sort_values("co2", ascending=False)
    lacking = [str(row.area) for row in list_rows(ranked) if np.isnan(row.co2_per_head)] if content.drivers is not None else []
    return fill_template("comparison.html", words=words, unit=mass_unit(lang), rows=_rows(content, ranked, lang), heads=_heads(content, lang),
                         charts=[draw_chart(chart, summary=word("page.numbers_of_chart", lang)) for chart in charts],
                         quadrant=draw_chart(quadrant, summary=word("page.numbers_of_chart", lang)) if quadrant else "",
                         quadrant_text=word("comparison.quadrant_text", lang, name=_find_nation(placed, lang)[0]) if quadrant else "",
                         many_years=len(content.years) > 1, lacking=word("comparison.lacking", lang, names=join_names(lacking, lang)) if lacking else "")  # fmt: skip


def find_intensities(content: Content) -> pd.DataFrame:
    """Return direct CO2 of the last year of each area, per head and per GDP where the drivers have that year.

    Returns
    -------
    DataFrame
        Columns ``area, year, co2`` (t), ``co2_per_head`` (t), ``co2_per_gdp`` (t per unit of currency), ``gdp_per_head``,
        and ``here``: False for an area that the drivers give CO2 for and that has no inventory on this page.
    """
    rows = []
    for area in content.areas:
        years = [year for year in content.years_of(area) if not np.isnan(content.totals.loc[area, year])]
        if years:
            rows.append({"area": area, "year": years[-1], "co2": float(content.totals.loc[area, years[-1]]), "here": True})
    table = pd.DataFrame(rows, columns=["area", "year", "co2", "here"])
    if content.drivers is None:
        return table.assign(co2_per_head=np.nan, co2_per_gdp=np.nan, gdp_per_head=np.nan)
    if "co2" in content.drivers.columns:
        others = content.drivers[~content.drivers["area"].isin(table["area"]) & content.drivers["co2"].notna() & content.drivers["year"].isin(table["year"])]
        table = pd.concat([table, others[["area", "year", "co2"]].assign(here=False)], ignore_index=True)
    table = table.merge(content.drivers[["area", "year", "population", "gdp"]], on=["area", "year"], how="left", validate="one_to_one")
    table["co2_per_head"] = table["co2"] / table["population"]
    table["co2_per_gdp"] = table["co2"] / table["gdp"]
    table["gdp_per_head"] = table["gdp"] / table["population"]
    return table


def _heads(content: Content, lang: str) -> list[str]:
    words = section("comparison", lang)
    heads = [words["rank"], word("page.area", lang), word("page.year", lang), f"{words['emissions']} ({mass_unit(lang)})"]
    if content.drivers is not None:
        currency = content.drivers.attrs["currency"]
        heads += [f"{words['co2_per_head']} (t)", words["rank"], f"{word('headline.per_gdp', lang)} (t / 10⁴ {currency})", words["rank"]]
    return heads


def _rows(content: Content, table: pd.DataFrame, lang: str) -> list[dict[str, Any]]:
    """Return the rows of the table of ranks: 1 is the largest."""
    rows = []
    largest = float(table["co2"].max())
    ranks = {column: table[column].rank(ascending=False, method="min") for column in ("co2", "co2_per_head", "co2_per_gdp")}
    for row in list_rows(table):
        cells = [str(row.year), format_mass(row.co2, lang)]
        if content.drivers is not None:
            for column, scale in (("co2_per_head", 1.0), ("co2_per_gdp", 1e4)):
                value = getattr(row, column) * scale
                cells += [format_number(value, 2), "" if np.isnan(value) else f"{ranks[column][row.Index]:.0f}"]
        where = {"a": content.areas.index(row.area), "y": int(row.year), "s": 1, "g": "CO2"}
        rows.append({"rank": f"{ranks['co2'][row.Index]:.0f}", "area": row.area, "cells": cells, "bar": f"{max(100 * row.co2 / largest, 0):.2f}", "sum": where if content.detailed else None})
    return rows


def _draw_multiples(content: Content, lang: str) -> Chart:
    """Return one small chart for each area: its total over the years, or what its one year is made of."""
    across = min(_ACROSS, len(content.areas))
    lines = -(-len(content.areas) // across)
    many = len(content.years) > 1
    height = _ROW[0] if many else _ROW[1]
    label = word("comparison.multiples" if many else "comparison.multiples_one", lang) + f" ({mass_unit(lang)})"
    chart = Chart(label, _CELL * across, height * lines + (0 if many else 26), wide=True)
    categories = _largest_categories(content)
    for number, area in enumerate(content.areas):
        x, y = _CELL * (number % across), height * (number // across)
        chart.add("text", shorten(area, 22), x=x + 8, y=y + 16, cls="strong")
        if many:
            _draw_line(chart, content, area, x + 8, y + 24, lang)
        else:
            _draw_parts(chart, content, area, categories, x + 8, y + 24, lang)
    if not many:
        for number, category in enumerate(categories):
            at = 8 + number * (_CELL * across - 8) / len(categories)
            chart.add("rect", "", x=at, y=height * lines + 6, width=11.0, height=11.0, cls=f"s{number}")
            chart.add("text", shorten(name_category(category, lang), int(_CELL * across / len(categories) / 7) - 3), x=at + 15, y=height * lines + 16, cls="after")
    years = content.years
    chart.heads = [word("page.area", lang), *map(str, years)]
    chart.rows = [[area, *(format_mass(float(content.totals.get((area, year), np.nan)), lang) for year in years)] for area in content.areas]
    return chart


def _largest_categories(content: Content) -> list[str]:
    cells = content.cells[(content.cells["scope"] == 1) & (content.cells["gas"] == "CO2")]
    sums = cells.groupby("category")["value"].sum().sort_values(ascending=False)
    return [str(category) for category in sums.index[:5]]


def _draw_line(chart: Chart, content: Content, area: str, x: float, y: float, lang: str) -> None:
    years = content.years
    values = {year: float(content.totals.loc[area, year]) for year in content.years_of(area)}
    values = {year: value for year, value in values.items() if not np.isnan(value)}
    if not values:
        return
    top = max(*values.values(), 0.0) or 1.0
    across, height = _CELL - 100, _ROW[0] - 52

    def at(year: int) -> tuple[float, float]:
        return x + across * (year - years[0]) / (years[-1] - years[0]), y + height * (1 - values[year] / top) + 4

    chart.add("line", "", x1=x, x2=x + across, y1=y + height + 4, y2=y + height + 4, cls="zero")
    chart.add("path", "", d="M" + "L".join(f"{at(year)[0]:.1f},{at(year)[1]:.1f}" for year in values), cls="line")
    for year in values:
        chart.add("circle", f"{area} {year}: {format_mass(values[year], lang)} {mass_unit(lang)}", cx=at(year)[0], cy=at(year)[1], r=3.0, cls="point")
    first, last = min(values), max(values)
    chart.add("text", str(first), x=at(first)[0], y=y + height + 18, cls="after")
    if last != first:
        chart.add("text", str(last), x=at(last)[0], y=y + height + 18, cls="middle")
    chart.add("text", format_mass(values[last], lang), x=at(last)[0] + 6, y=at(last)[1] + 4, cls="after")
    if last != first:
        chart.add("text", format_change(values[last], values[first]), x=at(last)[0] + 6, y=at(last)[1] + 18, cls="after faint")


def _draw_parts(chart: Chart, content: Content, area: str, categories: list[str], x: float, y: float, lang: str) -> None:
    cells = content.cells[(content.cells["area"] == area) & (content.cells["scope"] == 1) & (content.cells["gas"] == "CO2")]
    sums = cells.groupby("category")["value"].sum()
    total = float(sums.clip(lower=0).sum())
    chart.add("text", format_mass(float(sums.sum()), lang), x=x + _CELL - 20, y=y - 8, cls="before")
    at, across = x, _CELL - 20
    if total <= 0:
        return
    for number, category in enumerate(categories):
        share = max(float(sums.get(category, 0.0)), 0.0) / total
        chart.add("rect", f"{area}, {name_category(category, lang)}: {format_number(100 * share, 1)} %", x=at, y=y, width=across * share, height=26.0, cls=f"s{number}")
        at += across * share
    chart.add("rect", f"{area}, {word('changes.others', lang)}", x=at, y=y, width=max(x + across - at, 0.0), height=26.0, cls="s7")


def _find_nation(table: pd.DataFrame, lang: str) -> tuple[str, float, float]:
    """Return the name and levels (GDP and CO2 per head) of the dashed lines: the nation's, or the medians."""
    for row in list_rows(table):
        identifier = vocabulary.resolve("area", str(row.area))
        if identifier and vocabulary.areas()[identifier].level == "nation":
            note = "" if row.here else f"{'（' if lang == 'zh' else ' ('}{word('comparison.given', lang)}{'）' if lang == 'zh' else ')'}"
            return f"{row.area}{note}", float(row.gdp_per_head), float(row.co2_per_head)
    return word("comparison.median", lang), float(table["gdp_per_head"].median()), float(table["co2_per_head"].median())


def _draw_quadrants(content: Content, table: pd.DataFrame, lang: str) -> Chart:
    """Return CO2 per head against GDP per head, in four quadrants by the levels of the nation."""
    assert content.drivers is not None  # noqa: S101 - the caller has its columns
    words = section("comparison", lang)
    unit = f"10⁴ {content.drivers.attrs['currency']}"
    chart = Chart(f"{words['quadrant']} (t CO₂, {unit})", *_SIZE, wide=True)
    nation, gdp, co2 = _find_nation(table, lang)
    shown = table[~((table["gdp_per_head"] == gdp) & (table["co2_per_head"] == co2) & (table["area"].map(lambda area: nation.startswith(str(area)))))]
    right, bottom = find_ticks(0, max(float(table["gdp_per_head"].max()) / 1e4, gdp / 1e4) * 1.05), find_ticks(0, max(float(table["co2_per_head"].max()), co2) * 1.05)

    def x(value: float) -> float:
        return _LEFT + (_SIZE[0] - _LEFT - 12) * value / 1e4 / right[-1]

    def y(value: float) -> float:
        return 10 + (_SIZE[1] - _BOTTOM - 10) * (1 - value / bottom[-1])

    for tick in right:
        chart.add("line", "", x1=x(tick * 1e4), x2=x(tick * 1e4), y1=10.0, y2=y(0), cls="zero" if tick == 0 else "grid")
        chart.add("text", f"{tick:,.10g}", x=x(tick * 1e4), y=y(0) + 16, cls="middle")
    for tick in bottom:
        chart.add("line", "", x1=x(0), x2=x(right[-1] * 1e4), y1=y(tick), y2=y(tick), cls="zero" if tick == 0 else "grid")
        chart.add("text", f"{tick:,.10g}", x=_LEFT - 6, y=y(tick) + 4, cls="before")
    chart.add("text", f"{words['gdp_per_head']} ({unit})", x=(_LEFT + _SIZE[0]) / 2, y=_SIZE[1] - 8, cls="middle")
    chart.add("text", f"{words['co2_per_head']} (t)", x=14.0, y=_SIZE[1] / 2 - 20, transform=f"rotate(-90 14 {_SIZE[1] / 2 - 20:.0f})", cls="middle")
    chart.add("line", "", x1=x(gdp), x2=x(gdp), y1=10.0, y2=y(0), cls="level")
    chart.add("line", "", x1=x(0), x2=x(right[-1] * 1e4), y1=y(co2), y2=y(co2), cls="level")
    for key, at, level, side in (("low_high", x(0) + 8, 24.0, "after"), ("high_high", x(right[-1] * 1e4) - 8, 24.0, "before"),
                                 ("low_low", x(0) + 8, y(0) - 10, "after"), ("high_low", x(right[-1] * 1e4) - 8, y(0) - 10, "before")):  # fmt: skip
        chart.add("text", words[key], x=at, y=level, cls=f"{side} faint")
    points = [(x(row.gdp_per_head), y(row.co2_per_head), shorten(str(row.area), 24)) for row in list_rows(shown)]
    for row, (across, down, _) in zip(list_rows(shown), points, strict=True):
        chart.add("circle", f"{row.area} {row.year}: {format_number(row.gdp_per_head / 1e4, 2)}, {format_number(row.co2_per_head, 2)}", cx=across, cy=down, r=5.0, cls="point")
    _place_labels(chart, points)
    chart.heads = [word("page.area", lang), word("page.year", lang), f"{words['gdp_per_head']} ({unit})", f"{words['co2_per_head']} (t)"]
    chart.rows = [[str(row.area), str(row.year), format_number(row.gdp_per_head / 1e4, 2), format_number(row.co2_per_head, 2)] for row in list_rows(table)]
    return chart


def _place_labels(chart: Chart, points: list[tuple[float, float, str]]) -> None:
    """Write the name of each point to its right, left, above or below, where it covers least of what is there."""
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y, _ in points]
    for x, y, text in points:
        length = 6.7 * width(text)
        places = [(x + 8, y + 4, 0.0, "after"), (x - 8, y + 4, 1.0, "before"), (x, y - 9, 0.5, "middle"), (x, y + 18, 0.5, "middle")]
        boxes = [(left - length * shift, down - 11, left + length * (1 - shift), down + 3) for left, down, shift, _ in places]
        covered = [
            sum(max(0.0, min(box[2], other[2]) - max(box[0], other[0])) * max(0.0, min(box[3], other[3]) - max(box[1], other[1])) for other in taken)
            + (1e6 if box[0] < _LEFT or box[2] > _SIZE[0] else 0.0)
            for box in boxes
        ]
        best = covered.index(min(covered))
        taken.append(boxes[best])
        chart.add("text", text, x=places[best][0], y=places[best][1], cls=places[best][3])
