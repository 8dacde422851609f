"""The headline of each area and year, and what its direct emissions are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.report.page.content import list_rows
from carbonacct.report.page.drawing import fill_template
from carbonacct.report.page.words import (
    format_change,
    format_mass,
    format_number,
    format_share,
    mass_unit,
    name_category,
    section,
    word,
)

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from carbonacct.report.page.content import Content


def show_headline(content: Content, lang: str) -> Markup | str:
    """Return totals, the change since the first year, the largest parts, and what a head and a unit of GDP stand for."""
    if not content.detailed:
        return ""
    cards = []
    for area, year in content.keys:
        cells = content.cells[(content.cells["area"] == area) & (content.cells["year"] == year)]
        cards.append({"area": area, "year": year, "pick": content.pick(area, year), "facts": _facts(content, cells, area, year, lang)})
    return fill_template("headline.html", words=section("headline", lang), cards=cards, content=content)


def _facts(content: Content, cells: pd.DataFrame, area: str, year: int, lang: str) -> list[dict[str, Any]]:
    """Return the facts of one area and year: name, number, unit, filter of the cells that it sums, and a line below."""
    words = section("headline", lang)
    where = {"a": content.areas.index(area), "y": year}
    facts = []
    for gas in dict.fromkeys(cells["gas"]):
        for scope in (1, 2):
            values = cells.loc[(cells["scope"] == scope) & (cells["gas"] == gas), "value"]
            if values.empty and gas != "CO2":
                continue
            total = float(values.sum(min_count=1))
            below = _change(content, area, year, total, lang) if (scope, gas) == (1, "CO2") else []
            facts.append({"name": words[f"scope{scope}"], "number": format_mass(total, lang, gas) or word("page.no_number", lang),
                          "unit": "" if np.isnan(total) else mass_unit(lang, gas), "sum": None if np.isnan(total) else {**where, "s": scope, "g": gas}, "below": below})  # fmt: skip
    if content.gwp is not None:
        weighted = content.weighted
        mine = weighted[(weighted["area"] == area) & (weighted["year"] == year) & (weighted["scope"] == 1) & (weighted["gas"] == name_equivalent(content.gwp))]
        facts.append({"name": words["equivalent"], "number": format_mass(float(mine["value"].sum(min_count=1)), lang), "unit": mass_unit(lang, name_equivalent(content.gwp)), "sum": None, "below": []})
    direct = cells[(cells["scope"] == 1) & (cells["gas"] == "CO2")]
    whole = float(direct["value"].sum())
    for key, column in (("largest_category", "category"), ("largest_fuel", "product")):
        sums = direct.groupby(column)["value"].sum()
        if whole > 0 and len(sums):
            top = str(sums.idxmax())
            shown = name_category(top, lang) if column == "category" else vocabulary.name("product", top, lang)
            share = format_share(float(sums.max()), whole)
            facts.append({"name": words[key], "number": shown, "unit": "", "sum": None, "below": [word("headline.of_direct", lang, share=share)]})
    return facts + _intensities(content, area, year, whole, lang)


def _change(content: Content, area: str, year: int, total: float, lang: str) -> list[str]:
    years = [one for one in content.years_of(area) if one < year]
    lines = []
    for before in dict.fromkeys([*years[-1:], *years[:1]]):
        old = float(content.totals.loc[area, before])
        if old and not np.isnan(old):
            lines.append(f"{format_change(total, old)} {word('headline.since', lang, year=before)}")
    if content.uncertainty is not None:
        frame = content.uncertainty
        lines += [
            word("headline.range", lang, level=getattr(row, "level", ""), lower=format_mass(row.lower, lang), upper=format_mass(row.upper, lang))
            for row in list_rows(frame[(frame["area"] == area) & (frame["year"] == year)])
        ]
    return lines


def _intensities(content: Content, area: str, year: int, whole: float, lang: str) -> list[dict[str, Any]]:
    words = section("headline", lang)
    frame = content.drivers
    if frame is None or not whole > 0:
        return []
    found = [
        pair
        for row in list_rows(frame[(frame["area"] == area) & (frame["year"] == year)])
        for pair in (("per_head", whole / row.population, "t CO₂"), ("per_gdp", whole / row.gdp * 1e4, f"t CO₂ / 10⁴ {frame.attrs['currency']}"))
    ]
    return [{"name": words[key], "number": format_number(value, 2), "unit": unit, "sum": None, "below": []} for key, value, unit in found if not np.isnan(value)]


def show_breakdown(content: Content, lang: str) -> Markup | str:
    """Return bars of direct CO2 by IPCC category and by fuel."""
    if not content.detailed:
        return ""
    parts = []
    for area, year in content.keys:
        cells = content.cells
        cells = cells[(cells["area"] == area) & (cells["year"] == year) & (cells["scope"] == 1) & (cells["gas"] == "CO2")]
        where = {"a": content.areas.index(area), "y": year, "s": 1, "g": "CO2"}
        tables = [_bars(cells, column, where, lang) for column in ("category", "product")]
        parts.append({"area": area, "year": year, "pick": content.pick(area, year), "tables": tables})
    return fill_template("breakdown.html", words=section("bars", lang), page=section("page", lang), parts=parts, unit=mass_unit(lang))


def _bars(cells: pd.DataFrame, column: str, where: dict[str, object], lang: str) -> dict[str, Any]:
    """Return the rows of a table of bars, the largest first."""
    sums = cells.groupby(column)["value"].sum(min_count=1).sort_values(ascending=False)
    sums = sums[sums != 0]
    total, largest = float(sums.sum()), float(sums.abs().max()) if len(sums) else 1.0
    rows = []
    for key, value in sums.items():
        shown = name_category(str(key), lang) if column == "category" else vocabulary.name("product", str(key), lang)
        bar = max(100 * float(value) / largest, 0.0)
        rows.append({"name": shown, "value": format_mass(float(value), lang), "share": format_share(float(value), total), "bar": f"{bar:.2f}",
                     "sum": {**where, "t" if column == "category" else "p": str(key)}})  # fmt: skip
    name, head = ("bars.by_category", "changes.category") if column == "category" else ("bars.by_fuel", "bars.fuel")
    return {"name": word(name, lang), "head": word(head, lang), "rows": rows, "total": format_mass(total, lang), "sum": where}
