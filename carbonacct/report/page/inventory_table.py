"""The inventory by sector and fuel, each number with its way back; beside it what it rests on."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.catalogue import translate_finding
from carbonacct.errors import SEVERITIES
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.report.page.derivations import Derivation, FormulaPart, both, in_both, join
from carbonacct.report.page.page_content import list_groups
from carbonacct.report.page.page_words import (
    LANGUAGES,
    format_mass,
    format_number,
    mass_unit,
    section,
    show_gas,
    word,
)
from carbonacct.report.page.shared_derivations import derive_weighted
from carbonacct.report.page.svg import fill_template
from carbonacct.report.page.traces import show_printed
from carbonacct.report.standalone_names import name_flow
from carbonacct.texts import add_unit, join_names

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from markupsafe import Markup

    from carbonacct.report.page.joined_parts import Fragment
    from carbonacct.report.page.page_content import Content

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ALIKE = 5  # findings of one rule that are shown at once


def show_inventory(content: Content, lang: str) -> Markup | str:
    """Return one table for each area, year, gas and scope: sectors down, fuels across."""
    if not content.detailed:
        return ""
    shown = content.parts.shown
    return fill_template(
        "inventory.html",
        words=section("inventory", lang),
        page=section("page", lang),
        gases=shown.get(("gases", lang), []),
        tables=shown.get(("inventory", lang), []),
        content=content,
    )


def list_inventory(content: Content, lang: str) -> list[Fragment]:
    """Return the tables of each area and year, by gas and scope."""
    cells = content.cells.assign(number=np.arange(len(content.cells)))
    fragments: list[Fragment] = []
    for area, year in content.keys:
        of_year = cells[(cells["area"] == area) & (cells["year"] == year)]
        for (gas, scope), part in list_groups(of_year, ["gas", "scope"]):
            if part["value"].any() or (gas == "CO2" and scope == 1):
                refer = partial(content.refer_sum, area, year, s=int(scope), g=str(gas))
                caption = word(
                    "inventory.inventory_table",
                    lang,
                    area=area,
                    year=year,
                    gas=show_gas(gas),
                    scope=scope,
                )
                table = fill_template(
                    "inventory_table.html",
                    words=section("inventory", lang),
                    page=section("page", lang),
                    caption=add_unit(caption, mass_unit(lang, gas), lang),
                    **_fill(
                        part,
                        str(gas),
                        refer,
                        lang,
                        whole=scope == 1 or (area, year) not in content.lacking,
                    ),
                )
                fragments.append((area, year, table))
    return fragments


def list_gases(content: Content, lang: str) -> list[Fragment]:
    """Return the table of all gases of each area and year, where there are several."""
    if len(set(content.cells["gas"])) < 2:
        return []
    return [(area, year, _weigh(content, area, year, lang)) for area, year in content.keys]


def _weigh(content: Content, area: str, year: int, lang: str) -> Markup:
    """Return the direct emissions of each gas by sector, and all together where a metric says how."""
    gases, rows = content.keep(("gases", area, year), lambda: _add_gases(content, area, year))
    return fill_template(
        "gases_table.html",
        words=section("inventory", lang),
        caption=word("inventory.gases_table", lang, area=area, year=year),
        heads=[mass_unit(lang, gas) for gas in gases],
        rows=[
            (
                name_flow(flow, lang) if flow else word("page.total", lang),
                [
                    (format_mass(value, lang, gas), opens)
                    for gas, (value, opens) in zip(gases, numbers, strict=True)
                ],
            )
            for flow, numbers in rows
        ],
    )


def _add_gases(
    content: Content, area: str, year: int
) -> tuple[list[str], list[tuple[str, list[tuple[float, int | None]]]]]:
    """Return the gases, and the sum of each and what it opens by flow; "" is all flows."""
    equivalent = name_equivalent(content.gwp) if content.gwp else ""
    cells = content.weighted_of_period[area, year]
    gases = list(dict.fromkeys(cells["gas"]))
    values: dict[tuple[str, str], list[float]] = {}
    for flow, gas, value in zip(
        cells["flow"].tolist(), cells["gas"].tolist(), cells["value"].tolist(), strict=True
    ):
        values.setdefault((flow, gas), []).append(value)
    sums = {key: float(np.sum(held)) for key, held in values.items()}
    flows = list(dict.fromkeys(flow for flow, _ in sums))
    for gas in gases:
        sums["", gas] = float(np.sum([sums[flow, gas] for flow in flows if (flow, gas) in sums]))
    plain = cells[cells["gas"] != equivalent]
    by_flow = {"": plain, **{str(flow): own for flow, own in list_groups(plain, "flow")}}
    rows = []
    for flow in (*flows, ""):
        numbers = []
        for gas in gases:
            opens = (
                derive_weighted(content, area, year, by_flow[flow], flow=flow)
                if gas == equivalent
                else content.refer_sum(area, year, g=gas, f=flow)
            )
            numbers.append((sums.get((flow, gas), np.nan), opens))
        rows.append((flow, numbers))
    return gases, rows


def _fill(
    part: pd.DataFrame, gas: str, refer: Callable[..., int | None], lang: str, *, whole: bool
) -> dict[str, Any]:
    """Return the columns and rows of a table; a column in which nothing is emitted is named under it instead.

    Where a product has no factor, the columns of the others stand and nothing is added over them.
    """
    none = (word("page.no_number", lang), None)
    rows: dict[str, dict[str, tuple[float, int]]] = {}
    columns: dict[str, list[float]] = {}
    names = ("flow", "product", "value", "number")
    for flow, product, value, number in zip(*(part[one].tolist() for one in names), strict=True):
        rows.setdefault(flow, {})[product] = value, number
        columns.setdefault(product, []).append(value)
    order = [product for product in vocabulary.products() if product in columns]
    shown = [product for product in order if np.sum(np.abs(columns[product]))]
    empty = [product for product in order if product not in shown]
    filled = []
    for flow, own in rows.items():
        total = format_mass(float(np.sum([value for value, _ in own.values()])), lang, gas)
        numbers = [own.get(product) for product in shown]
        filled.append(
            {
                "name": name_flow(flow, lang),
                "total": (total, refer(f=flow)) if whole else none,
                "cells": [
                    None if number is None else (format_mass(number[0], lang, gas), None, number[1])
                    for number in numbers
                ],
            }
        )
    total = format_mass(float(part["value"].sum()), lang, gas)
    unused = [vocabulary.name("product", product, lang) for product in empty]
    return {
        "columns": [vocabulary.name("product", product, lang) for product in shown],
        "rows": filled,
        "total": (total, refer()) if whole else none,
        "totals": [
            (format_mass(float(np.sum(columns[product])), lang, gas), refer(p=product))
            for product in shown
        ],
        "empty": (
            word("inventory.empty_columns", lang, names=join_names(unused, lang)) if unused else ""
        ),
    }


def show_findings(content: Content, lang: str) -> Markup:
    """Return the findings, errors first, alike ones together."""
    findings = [translate_finding(finding, lang) for finding in content.all_findings]
    opens = {f.where: _derive_place(content, f.where) for f in findings if f.where}
    years = {f.where: _find_year(content, f.where) for f in findings}
    groups = []
    for severity in SEVERITIES:
        for rule in dict.fromkeys(f.rule for f in findings if f.severity == severity):
            alike = [f for f in findings if f.severity == severity and f.rule == rule]
            more = (
                word("findings.more_findings", lang, count=len(alike) - _ALIKE)
                if len(alike) > _ALIKE
                else ""
            )
            groups.append(
                {
                    "severity": severity,
                    "name": word(f"findings.{severity}", lang),
                    "rule": rule,
                    "shown": alike[:_ALIKE],
                    "rest": alike[_ALIKE:] if content.detailed else [],
                    "more": more,
                }
            )
    own = content.inventory_findings
    counts = {severity: sum(f.severity == severity for f in own) for severity in SEVERITIES}
    text = word("findings.findings_text", lang, **counts)
    if beyond := len(findings) - len(own):
        text += word("findings.more_of_page", lang, count=beyond)
    return fill_template(
        "findings.html",
        words=section("findings", lang),
        groups=groups,
        opens=opens,
        years=years,
        text=text,
        lang=lang,
    )


def _find_year(content: Content, where: str) -> int | None:
    """Return the year that the place of a finding lies in, None of one that belongs to none or to several."""
    if where in content.addresses:
        inventory, cell = content.addresses[where]
        return int(inventory.table.years[cell[1]])
    said = {int(digits) for digits in _YEAR.findall(where)} & set(content.years)
    return said.pop() if len(said) == 1 else None


def _derive_place(content: Content, where: str) -> int | None:
    """Return what stands where a finding points: a cell with what the inventory makes of it, or a factor."""
    if not content.detailed:
        return None
    if where in content.factors:
        number, row = content.factors[where]
        return content.refer(
            Derivation(join((row[3], row[4]), (row[5][0], row[5][1])), factors=(number,))
        )
    if where not in content.addresses:
        return None
    inventory, cell = content.addresses[where]
    table = inventory.table
    area, year, flow, product = (
        table.areas[cell[0]],
        table.years[cell[1]],
        table.flows[cell[2]],
        table.products[cell[3]],
    )
    place = int(table.place[cell])
    printed = float(table.places.printed[place])
    if np.isnan(printed):
        return None
    parts = [
        FormulaPart(
            both("trace.as_printed"),
            printed,
            show_printed(f" {table.places.units[int(table.places.unit[place])]} ").strip(),
            place=where,
        )
    ]
    scope = 2 if vocabulary.is_electricity_or_heat(product) else 1
    for gas, value in zip(
        map(str, inventory.emissions["gas"].values), inventory.in_table(scope)[cell], strict=True
    ):
        if not np.isnan(value):
            parts.append(
                FormulaPart(
                    both("trace.emissions_of"),
                    float(value),
                    f"t {show_gas(gas)}",
                    content.refer_sum(area, year, s=scope, g=gas, f=flow, p=product),
                )
            )
    title = join(
        area,
        year,
        in_both(lambda lang: name_flow(flow, lang)),
        in_both(lambda lang: vocabulary.name("product", product, lang)),
    )
    return content.refer(Derivation(title, parts=tuple(parts)))


def show_documents(content: Content, lang: str) -> Markup | str:
    """Return the documents of the factor rows that the numbers of this page used."""
    used: dict[tuple[str, str, tuple[str, str]], list[int]] = {}
    for number, (_, _, _, title_zh, title, edition, *_) in content.factors.values():
        used.setdefault((title_zh, title, (edition[0], edition[1])), []).append(number)
    if not used:
        return ""
    rows = [
        (
            title_zh if lang == "zh" else title,
            edition[LANGUAGES.index(lang)],
            (
                format_number(len(numbers), 0),
                content.refer(Derivation(join((title_zh, title), edition), factors=tuple(numbers))),
            ),
        )
        for (title_zh, title, edition), numbers in used.items()
    ]
    return fill_template("documents.html", words=section("documents", lang), rows=rows)
