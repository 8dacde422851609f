"""Several areas beside one another: ranks, small multiples, and emissions against GDP, both per head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.charts import ChartLine, Drawing, Point, Small, draw_multiples, draw_plane
from carbonacct.charts.scales import shorten
from carbonacct.report.page.changes_section import find_group
from carbonacct.report.page.derivations import Derivation, FormulaPart, both, combine, join
from carbonacct.report.page.page_content import list_rows
from carbonacct.report.page.page_words import (
    format_change,
    format_mass,
    format_number,
    mass_unit,
    name_category,
    section,
    ten_thousand,
    word,
)
from carbonacct.report.page.shared_derivations import (
    CO2,
    derive_intensity,
    derive_median,
    derive_ranks,
    derive_relative,
    find_co2,
    find_driver,
)
from carbonacct.report.page.svg import draw_chart, fill_sentence, fill_template, show_number
from carbonacct.texts import add_unit, join_names, join_parts, tell_value

if TYPE_CHECKING:
    from markupsafe import Markup

    from carbonacct.charts.drawing import Shown
    from carbonacct.report.page.page_content import Content

# Of small multiples: the width of all, whatever their number.
_WIDTH, _ROW, _ACROSS = 1120.0, 76.0, 4
_CORNERS = {
    "upper_left": "low_high",
    "upper_right": "high_high",
    "lower_left": "low_low",
    "lower_right": "high_low",
}
_UNITS = {
    "co2": CO2,
    "co2_per_head": "t CO₂/person",
    "co2_per_gdp": "",
}  # that areas are ranked by; money brings its own unit


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
    lacking = (
        [str(row.area) for row in list_rows(ranked) if np.isnan(row.co2_per_head)]
        if content.drivers is not None
        else []
    )
    return fill_template(
        "comparison.html",
        words=words,
        unit=mass_unit(lang),
        rows=_rows(content, ranked, lang),
        heads=_heads(content, lang),
        charts=[draw_chart(chart, summary=word("page.numbers_of_chart", lang)) for chart in charts],
        quadrant=(
            draw_chart(quadrant, summary=word("page.numbers_of_chart", lang)) if quadrant else ""
        ),
        quadrant_text=_tell_lines(content, placed, lang) if quadrant else "",
        many_years=len(content.years) > 1,
        lacking=(
            word("comparison.lacking", lang, names=join_names(lacking, lang)) if lacking else ""
        ),
    )


def find_intensities(content: Content) -> pd.DataFrame:
    """Return direct CO2 of the last year of each area, per head and per GDP where the drivers have that year.

    Returns
    -------
    DataFrame
        Columns ``area, year, co2`` (t), ``co2_per_head`` (t), ``co2_per_gdp`` (t per unit of
        currency), ``gdp_per_head``, and ``here``: False for an area that the drivers give CO2 for
        and that has no inventory on this page.
    """
    rows = []
    for area in content.areas:
        years = [
            year for year in content.years_of(area) if not np.isnan(content.totals.loc[area, year])
        ]
        if years:
            rows.append(
                {
                    "area": area,
                    "year": years[-1],
                    "co2": float(content.totals.loc[area, years[-1]]),
                    "here": True,
                }
            )
    table = pd.DataFrame(rows, columns=["area", "year", "co2", "here"])
    if content.drivers is None:
        return table.assign(co2_per_head=np.nan, co2_per_gdp=np.nan, gdp_per_head=np.nan)
    if "co2" in content.drivers.columns:
        others = content.drivers[
            ~content.drivers["area"].isin(table["area"])
            & content.drivers["co2"].notna()
            & content.drivers["year"].isin(table["year"])
        ]
        table = pd.concat(
            [table, others[["area", "year", "co2"]].assign(here=False)], ignore_index=True
        )
    table = table.merge(
        content.drivers[["area", "year", "population", "gdp"]],
        on=["area", "year"],
        how="left",
        validate="one_to_one",
    )
    table["co2_per_head"] = table["co2"] / table["population"]
    table["co2_per_gdp"] = table["co2"] / table["gdp"]
    table["gdp_per_head"] = table["gdp"] / table["population"]
    return table


def _heads(content: Content, lang: str) -> list[str]:
    words = section("comparison", lang)
    heads = [
        words["rank"],
        word("page.area", lang),
        word("page.year", lang),
        add_unit(words["emissions"], mass_unit(lang), lang),
    ]
    if content.drivers is not None:
        currency = content.drivers.attrs["currency"]
        heads += [
            add_unit(words["co2_per_head"], "t", lang),
            words["rank"],
            add_unit(word("headline.per_gdp", lang), f"t/{ten_thousand(currency, lang)}", lang),
            words["rank"],
        ]
    return heads


def _rows(content: Content, table: pd.DataFrame, lang: str) -> list[dict[str, Any]]:
    """Return the rows of the table of ranks: 1 is the largest."""
    rows = []
    largest = float(table["co2"].max())
    ranks = {column: table[column].rank(ascending=False, method="min") for column in _UNITS}
    orders = {column: _derive_order(content, table, column) for column in _UNITS}
    for row in list_rows(table):
        shown: list[Shown] = [
            (f"{ranks['co2'][row.Index]:.0f}", orders["co2"]),
            (format_mass(row.co2, lang), content.refer_sum(row.area, row.year)),
        ]
        if content.drivers is not None:
            for column, scale in (("co2_per_head", 1.0), ("co2_per_gdp", 1e4)):
                value = getattr(row, column) * scale
                opens = (
                    None
                    if np.isnan(value)
                    else derive_intensity(content, row.area, row.year, column)
                )
                shown += [
                    (format_number(value, 2), opens),
                    ("" if np.isnan(value) else f"{ranks[column][row.Index]:.0f}", orders[column]),
                ]
        rows.append(
            {
                "area": row.area,
                "year": row.year,
                "rank": shown[0],
                "co2": shown[1],
                "cells": shown[2:],
                "bar": f"{max(100 * row.co2 / largest, 0):.2f}",
            }
        )
    return rows


def _derive_order(content: Content, table: pd.DataFrame, column: str) -> int | None:
    """Return the list that the ranks of a column come from."""
    if not content.detailed or (column != "co2" and content.drivers is None):
        return None
    scale, unit = (
        (1e4, f"t CO₂/{ten_thousand(content.drivers.attrs['currency'])}")
        if column == "co2_per_gdp" and content.drivers is not None
        else (1.0, _UNITS[column])
    )
    parts = [
        FormulaPart(
            combine(row.area, row.year),
            getattr(row, column) * scale,
            unit,
            (
                content.refer_sum(row.area, row.year)
                if column == "co2"
                else derive_intensity(content, row.area, row.year, column)
            ),
        )
        for row in list_rows(table)
    ]
    return derive_ranks(
        content,
        join(
            both("comparison.rank"),
            both("headline.scope1" if column == "co2" else f"trace.{column}"),
        ),
        parts,
    )


def _draw_multiples(content: Content, lang: str) -> Drawing:
    """Return one small chart for each area: its total over the years, or what its one year is made of."""
    years = content.years
    chart = _draw_years(content, lang) if len(years) > 1 else _draw_one_year(content, lang)
    chart.heads = [word("page.area", lang), *map(str, years)]
    chart.rows = [
        [
            area,
            *(
                (
                    format_mass(content.totals.get((area, year), np.nan), lang),
                    content.refer_sum(area, year),
                )
                for year in years
            ),
        ]
        for area in content.areas
    ]
    return chart


def _draw_years(content: Content, lang: str) -> Drawing:
    """Return the line of each area over the years, with its change from the first to the last."""
    smalls = []
    for area in content.areas:
        values = {year: float(content.totals.loc[area, year]) for year in content.years_of(area)}
        values = {year: value for year, value in values.items() if not np.isnan(value)}
        opens = {year: content.refer_sum(area, year) for year in values}
        line = ChartLine(area, tuple(values), tuple(values.values()), opens=opens)
        first, last = min(values, default=0), max(values, default=0)
        before, after = (find_co2(content, area, year) for year in (first, last))
        if first == last or before is None or after is None:
            smalls.append(Small(line))
            continue
        changed = derive_relative(content, join(area, f"{first}–{last}"), after, before)
        smalls.append(Small(line, format_change(values[last], values[first]), changed))
    label = add_unit(word("comparison.multiples", lang), mass_unit(lang), lang)
    return draw_multiples(
        label,
        smalls,
        lambda value: format_mass(value, lang),
        columns=_ACROSS,
        width=_WIDTH,
        lang=lang,
    )


def _draw_one_year(content: Content, lang: str) -> Drawing:
    """Return what the one year of each area is made of."""
    across = min(_ACROSS, len(content.areas))
    lines = -(-len(content.areas) // across)
    label = add_unit(word("comparison.multiples_one", lang), mass_unit(lang), lang)
    chart = Drawing(label, _WIDTH, _ROW * lines + 46, wide=True, lang=lang)
    cell = _WIDTH / across
    categories = _largest_categories(content)
    for number, area in enumerate(content.areas):
        x, y = cell * (number % across), _ROW * (number // across)
        chart.add("text", shorten(area, 22), x=x + 8, y=y + 16, cls="strong")
        _draw_parts(chart, content, area, categories, x=x + 8, y=y + 24, cell=cell, lang=lang)
    _draw_legend(chart, content, categories, _ROW * lines, lang=lang)
    return chart


def _draw_legend(
    chart: Drawing, content: Content, categories: list[str], y: float, *, lang: str
) -> None:
    """Name the colours of the parts, and the grey of what is left where something is."""
    cells = content.cells[(content.cells["scope"] == 1) & (content.cells["gas"] == "CO2")]
    names = [
        (f"s{number}", name_category(category, lang)) for number, category in enumerate(categories)
    ]
    if not cells["category"].isin(categories).all():
        names.append(("s7", word("changes.others", lang)))
    for number, (color, name) in enumerate(names):
        x, top = (
            8 + (number % 3) * _WIDTH / 3,
            y + 6 + 20 * (number // 3),
        )  # three of a line: print has larger letters
        chart.add("rect", "", x=x, y=top, width=11.0, height=11.0, cls=color)
        chart.add("text", shorten(name, 42), x=x + 15, y=top + 10, cls="after")


def _largest_categories(content: Content) -> list[str]:
    cells = content.cells[(content.cells["scope"] == 1) & (content.cells["gas"] == "CO2")]
    sums = cells.groupby("category")["value"].sum().sort_values(ascending=False)
    return [str(category) for category in sums.index[:5]]


def _draw_parts(
    chart: Drawing,
    content: Content,
    area: str,
    categories: list[str],
    *,
    x: float,
    y: float,
    cell: float,
    lang: str,
) -> None:
    cells = content.cells[
        (content.cells["area"] == area)
        & (content.cells["scope"] == 1)
        & (content.cells["gas"] == "CO2")
    ]
    sums = cells.groupby("category")["value"].sum()
    total = float(sums.clip(lower=0).sum())
    (year,) = content.years_of(area)
    chart.add(
        "text",
        format_mass(float(sums.sum()), lang),
        x=x + cell - 20,
        y=y - 8,
        cls="before",
        data_d=content.refer_sum(area, year),
    )
    at, across = x, cell - 20
    if total <= 0:
        return
    for number, category in enumerate(categories):
        share = max(float(sums.get(category, 0.0)), 0.0) / total
        chart.add(
            "rect",
            tell_value(
                f"{area} {name_category(category, lang)}",
                f"{format_number(100 * share, 1)} %",
                lang,
            ),
            x=at,
            y=y,
            width=across * share,
            height=26.0,
            cls=f"s{number}",
            data_d=find_group(content, area, year, (category,)),
        )
        at += across * share
    others = tuple(str(category) for category in sums.index if category not in categories)
    chart.add(
        "rect",
        f"{area} {word('changes.others', lang)}",
        x=at,
        y=y,
        width=max(x + across - at, 0.0),
        height=26.0,
        cls="s7",
        data_d=find_group(content, area, year, others) if others else None,
    )


def _find_nation(table: pd.DataFrame, lang: str) -> tuple[str, float, float]:
    """Return the name and levels (GDP and CO2 per head) of the dashed lines: the nation's, or the medians."""
    for row in list_rows(table):
        identifier = vocabulary.resolve("area", str(row.area))
        if identifier and vocabulary.areas()[identifier].level == "country":
            note = (
                ""
                if row.here
                else (
                    f"{'（' if lang == 'zh' else ' ('}{word('comparison.given', lang)}{'）' if lang == 'zh' else ')'}"
                )
            )
            return f"{row.area}{note}", float(row.gdp_per_head), float(row.co2_per_head)
    return (
        word("comparison.median", lang),
        float(table["gdp_per_head"].median()),
        float(table["co2_per_head"].median()),
    )


def _tell_lines(content: Content, table: pd.DataFrame, lang: str) -> Markup:
    """Return the sentence that says what the lines are, with their numbers."""
    assert content.drivers is not None  # noqa: S101 - the caller has its columns
    name, gdp, co2 = _find_nation(table, lang)
    rows = [
        row
        for row in list_rows(table)
        if row.gdp_per_head == gdp and row.co2_per_head == co2 and name.startswith(str(row.area))
    ]
    numbers = []
    for kind, value, unit in (
        ("gdp_per_head", gdp / 1e4, ten_thousand(content.drivers.attrs["currency"])),
        ("co2_per_head", co2, CO2),
    ):
        scale = 1e-4 if kind == "gdp_per_head" else 1.0
        opens = (
            derive_intensity(content, rows[0].area, rows[0].year, kind)
            if rows
            else derive_median(
                content,
                join(both("comparison.median"), both(f"trace.{kind}")),
                [
                    FormulaPart(
                        combine(row.area, row.year),
                        getattr(row, kind) * scale,
                        unit,
                        derive_intensity(content, row.area, row.year, kind),
                    )
                    for row in list_rows(table)
                ],
            )
        )
        numbers.append(show_number(format_number(value, 2), opens, unit=unit))
    return fill_sentence(
        "comparison.quadrant_text", lang, name=name, gdp=numbers[0], co2=numbers[1]
    )


def _draw_quadrants(content: Content, table: pd.DataFrame, lang: str) -> Drawing:
    """Return CO2 per head against GDP per head, in four quadrants by the levels of the nation."""
    assert content.drivers is not None  # noqa: S101 - the caller has its columns
    words = section("comparison", lang)
    unit = ten_thousand(content.drivers.attrs["currency"], lang)
    nation, gdp, co2 = _find_nation(table, lang)
    shown = table[
        ~(
            (table["gdp_per_head"] == gdp)
            & (table["co2_per_head"] == co2)
            & (table["area"].map(lambda area: nation.startswith(str(area))))
        )
    ]
    points = [
        Point(
            str(row.area),
            row.gdp_per_head / 1e4,
            row.co2_per_head,
            tell_value(
                f"{row.area} {row.year}",
                join_parts(
                    lang,
                    format_number(row.gdp_per_head / 1e4, 2),
                    format_number(row.co2_per_head, 2),
                ),
                lang,
            ),
            _derive_point(content, str(row.area), int(row.year)),
        )
        for row in list_rows(shown)
    ]
    chart = draw_plane(
        add_unit(words["quadrant"], join_parts(lang, "t CO₂", unit), lang),
        points,
        lines=(gdp / 1e4, co2),
        x_label=add_unit(words["gdp_per_head"], unit, lang),
        y_label=add_unit(words["co2_per_head"], "t", lang),
        corners={place: words[key] for place, key in _CORNERS.items()},
        lang=lang,
    )
    chart.heads = [
        word("page.area", lang),
        word("page.year", lang),
        add_unit(words["gdp_per_head"], unit, lang),
        add_unit(words["co2_per_head"], "t", lang),
    ]
    chart.rows = [
        [
            str(row.area),
            str(row.year),
            (
                format_number(row.gdp_per_head / 1e4, 2),
                derive_intensity(content, row.area, row.year, "gdp_per_head"),
            ),
            (
                format_number(row.co2_per_head, 2),
                derive_intensity(content, row.area, row.year, "co2_per_head"),
            ),
        ]
        for row in list_rows(table)
    ]
    return chart


def _derive_point(content: Content, area: str, year: int) -> int | None:
    """Return both numbers of a point."""
    parts = []
    for kind, over, times, unit in (
        ("gdp_per_head", find_driver(content, area, year, "gdp"), 1e-4, "{}/person"),
        ("co2_per_head", find_co2(content, area, year), 1.0, "t CO₂/person"),
    ):
        people = find_driver(content, area, year, "population")
        if over is not None and people is not None and content.drivers is not None:
            parts.append(
                FormulaPart(
                    both(f"trace.{kind}"),
                    over.value / people.value * times,
                    unit.format(ten_thousand(content.drivers.attrs["currency"])),
                    derive_intensity(content, area, year, kind),
                )
            )
    return content.refer(Derivation(join(area, year), parts=tuple(parts)))
