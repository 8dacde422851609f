"""The headline of each area and year, and what its direct emissions are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.report.doubts import describe_doubts
from carbonacct.report.page.derivations import FormulaPart, in_both, join
from carbonacct.report.page.page_words import (
    format_change,
    format_mass,
    format_number,
    format_share,
    mass_unit,
    name_category,
    section,
    ten_thousand,
    word,
)
from carbonacct.report.page.shared_derivations import (
    CO2,
    derive_intensity,
    derive_interval,
    derive_relative,
    derive_share,
    derive_weighted,
    find_co2,
    find_interval,
    list_drivers,
)
from carbonacct.report.page.svg import fill_sentence, fill_template, show_number
from carbonacct.texts import join_names

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from carbonacct.report.page.joined_parts import Fragment
    from carbonacct.report.page.page_content import Content


def show_headline(content: Content, lang: str) -> Markup | str:
    """Return totals, the change since the first year, the largest parts, and what a head and a unit of GDP emit."""
    if not content.detailed:
        return ""
    cards = []
    for area, year in content.keys:
        cells = content.of_period[area, year]
        cards.append(
            {
                "area": area,
                "year": year,
                "pick": content.pick(area, year),
                "facts": _facts(content, cells, area, year, lang=lang),
            }
        )
    return fill_template(
        "headline.html", words=section("headline", lang), cards=cards, content=content
    )


def _facts(
    content: Content, cells: pd.DataFrame, area: str, year: int, *, lang: str
) -> list[dict[str, Any]]:
    """Return the facts of one area and year: name, number, unit, filter of the cells that it sums, and a line below."""
    words = section("headline", lang)
    facts = []
    totals = content.keep(("totals", area, year), lambda: _add_up(cells))
    for gas in dict.fromkeys(gas for gas, _ in totals):
        for scope in (1, 2):
            if (gas, scope) not in totals and gas != "CO2":
                continue
            total = totals.get((gas, scope), np.nan)
            below = (
                [
                    *describe_doubts(
                        content.doubts.get((area, year), ()),
                        lang,
                        lambda worth: f"{format_mass(worth, lang)} {mass_unit(lang)}",
                    ),
                    *_change(content, area, year, lang),
                ]
                if (scope, gas) == (1, "CO2")
                else []
            )
            if scope == 2 and (area, year) in content.lacking:
                total, below = np.nan, _show_parts(content, cells, area, year, lang=lang)
            opens = None if np.isnan(total) else content.refer_sum(area, year, s=scope, g=str(gas))
            of_energy = (
                scope == 1 and content.sectors is not None
            )  # the other sectors have a section of their own
            facts.append(
                {
                    "name": words["scope1_energy" if of_energy else f"scope{scope}"],
                    "number": (
                        format_mass(total, lang, gas) or word("page.no_number", lang),
                        opens,
                    ),
                    "unit": "" if np.isnan(total) else mass_unit(lang, gas),
                    "main": not np.isnan(total),
                    "below": below,
                }
            )
    if content.gwp is not None:
        value, opens = content.keep(
            ("weighted", area, year), lambda: _weigh(content, cells, area, year)
        )
        number = format_mass(value, lang)
        facts.append(
            {
                "name": words["equivalent"],
                "number": (number, opens),
                "unit": mass_unit(lang, name_equivalent(content.gwp)),
                "main": False,
                "below": [],
            }
        )
    whole, largest = content.keep(("largest", area, year), lambda: _find_largest(cells))
    for key, column in (("largest_category", "category"), ("largest_fuel", "product")):
        if whole > 0 and column in largest:
            top, value = largest[column]
            share = show_number(
                format_share(value, whole),
                _share(content, area, year, column, key=top, value=value, whole=whole),
            )
            facts.append(
                {
                    "name": words[key],
                    "number": (_name(column, top, lang), None),
                    "unit": "",
                    "main": False,
                    "below": [fill_sentence("headline.of_direct", lang, share=share)],
                }
            )
    return facts + _intensities(content, area, year, whole, lang=lang)


def _add_up(cells: pd.DataFrame) -> dict[tuple[str, int], float]:
    """Return the sum of each gas and scope; NaN where no cell has a number."""
    sums = cells.groupby(["gas", "scope"], sort=False, as_index=False)["value"].sum(min_count=1)
    rows = zip(*(sums[name].tolist() for name in ("gas", "scope", "value")), strict=True)
    return {(gas, scope): value for gas, scope, value in rows}


def _weigh(content: Content, cells: pd.DataFrame, area: str, year: int) -> tuple[float, int | None]:
    """Return the direct emissions of all gases by the metric of the page, and what they open."""
    weighted = content.weighted_of_period[area, year]
    own = weighted.loc[weighted["gas"] == name_equivalent(str(content.gwp)), "value"]
    opens = derive_weighted(content, area, year, cells[cells["scope"] == 1])
    return float(own.sum(min_count=1)), opens


def _find_largest(cells: pd.DataFrame) -> tuple[float, dict[str, tuple[str, float]]]:
    """Return direct CO2, and the category and the product of which most is."""
    direct = cells[(cells["scope"] == 1) & (cells["gas"] == "CO2")]
    found = {}
    for column in ("category", "product"):
        sums = direct.groupby(column)["value"].sum()
        if len(sums):
            found[column] = str(sums.idxmax()), float(sums.max())
    return float(direct["value"].sum()), found


def _show_parts(
    content: Content, cells: pd.DataFrame, area: str, year: int, *, lang: str
) -> list[Markup | str]:
    """Return why scope 2 has no total, and what of it is known, under its own name."""
    lacking = content.lacking[area, year]
    names = join_names([vocabulary.name("product", product, lang) for product in lacking], lang)
    lines: list[Markup | str] = [word("headline.lacking", lang, products=names)]
    known = cells[
        (cells["scope"] == 2) & (cells["gas"] == "CO2") & ~cells["product"].isin(list(lacking))
    ]
    for product, value in known.groupby("product", sort=False)["value"].sum().items():
        if value:
            number = show_number(
                f"{format_mass(float(value), lang)} {mass_unit(lang)}",
                content.refer_sum(area, year, s=2, p=str(product)),
            )
            lines.append(
                fill_sentence(
                    "headline.part",
                    lang,
                    product=vocabulary.name("product", str(product), lang),
                    value=number,
                )
            )
    return lines


def _name(column: str, key: str, lang: str) -> str:
    return (
        name_category(key, lang) if column == "category" else vocabulary.name("product", key, lang)
    )


def _refer(content: Content, area: str, year: int, column: str, *, key: str) -> int | None:
    return (
        content.refer_sum(area, year, t=key)
        if column == "category"
        else content.refer_sum(area, year, p=key)
    )


def _share(
    content: Content, area: str, year: int, column: str, *, key: str, value: float, whole: float
) -> int | None:
    """Return the derivation of what a category or fuel has of the direct emissions."""
    name = in_both(lambda lang: _name(column, key, lang))
    part = FormulaPart(name, value, CO2, _refer(content, area, year, column, key=key))
    return derive_share(
        content,
        join(area, year, name),
        part,
        FormulaPart(
            in_both(lambda lang: word("headline.scope1", lang)),
            whole,
            CO2,
            content.refer_sum(area, year),
        ),
    )


def _change(content: Content, area: str, year: int, lang: str) -> list[Markup | str]:
    years = [one for one in content.years_of(area) if one < year]
    now = find_co2(content, area, year)
    assert now is not None  # noqa: S101 - an area and year of the page
    lines: list[Markup | str] = []
    for before in dict.fromkeys([*years[-1:], *years[:1]]):
        old = find_co2(content, area, before)
        if old is not None and old.value and not np.isnan(old.value) and not np.isnan(now.value):
            opens = derive_relative(content, join(area, f"{before}–{year}"), now, old)
            lines.append(
                fill_sentence(
                    "headline.changed",
                    lang,
                    change=show_number(format_change(now.value, old.value), opens),
                    year=before,
                )
            )
    for row in find_interval(content, area, year):
        opens = derive_interval(content, row)
        lower, upper = (
            show_number(format_mass(value, lang), opens) for value in (row.lower, row.upper)
        )
        lines.append(
            fill_sentence(
                "headline.range", lang, level=getattr(row, "level", ""), lower=lower, upper=upper
            )
        )
        if count := getattr(row, "narrow", 0):
            lines.append(word("headline.narrow", lang, count=count))
    return lines


def _intensities(
    content: Content, area: str, year: int, whole: float, *, lang: str
) -> list[dict[str, Any]]:
    words = section("headline", lang)
    frame = content.drivers
    if frame is None or not whole > 0:
        return []
    found = [
        trio
        for row in list_drivers(content, area, year)
        for trio in (
            ("per_head", whole / row.population, "t CO₂"),
            (
                "per_gdp",
                whole / row.gdp * 1e4,
                f"t CO₂/{ten_thousand(frame.attrs['currency'], lang)}",
            ),
        )
    ]
    return [
        {
            "name": words[key],
            "number": (
                format_number(value, 2),
                derive_intensity(content, area, year, f"co2_{key}"),
            ),
            "unit": unit,
            "main": False,
            "below": [],
        }
        for key, value, unit in found
        if not np.isnan(value)
    ]


def show_breakdown(content: Content, lang: str) -> Markup | str:
    """Return bars of direct CO2 by IPCC category and by fuel."""
    if not content.detailed:
        return ""
    return fill_template(
        "breakdown.html",
        words=section("bars", lang),
        parts=content.parts.shown.get(("breakdown", lang), ()),
        content=content,
    )


def list_breakdown(content: Content, lang: str) -> list[Fragment]:
    """Return the tables of bars of each area and year."""
    fragments: list[Fragment] = []
    for area, year in content.keys:
        cells = content.of_period[area, year]
        cells = cells[(cells["scope"] == 1) & (cells["gas"] == "CO2")]
        bars = fill_template(
            "breakdown_tables.html",
            lang=lang,
            page=section("page", lang),
            area=area,
            year=year,
            tables=[
                _bars(content, cells, area, year, column=column, lang=lang)
                for column in ("category", "product")
            ],
            unit=mass_unit(lang),
        )
        fragments.append((area, year, bars))
    return fragments


def _sum_by(cells: pd.DataFrame, column: str) -> tuple[list[tuple[str, float]], float, float]:
    """Return the sums by a column that are not zero, the largest first, their total, and the greatest size."""
    sums = cells.groupby(column)["value"].sum(min_count=1).sort_values(ascending=False)
    sums = sums[sums != 0]
    rows = [(str(key), float(value)) for key, value in sums.items()]
    return rows, float(sums.sum()), float(sums.abs().max()) if rows else 1.0


def _bars(
    content: Content, cells: pd.DataFrame, area: str, year: int, *, column: str, lang: str
) -> dict[str, Any]:
    """Return the rows of a table of bars, the largest first."""
    sums, total, largest = content.keep(
        ("bars", area, year, column), lambda: _sum_by(cells, column)
    )
    rows = []
    for key, value in sums:
        opens = _refer(content, area, year, column, key=key)
        share = (
            format_share(value, total),
            _share(content, area, year, column, key=key, value=value, whole=total),
        )
        rows.append(
            {
                "name": _name(column, key, lang),
                "value": (format_mass(value, lang), opens),
                "share": share,
                "bar": f"{max(100 * value / largest, 0.0):.2f}",
            }
        )
    name, head = (
        ("bars.by_category", "changes.category")
        if column == "category"
        else ("bars.by_fuel", "bars.fuel")
    )
    return {
        "name": word(name, lang),
        "head": word(head, lang),
        "rows": rows,
        "total": (format_mass(total, lang), content.refer_sum(area, year)),
    }
