"""The way back from every number of a page, as data for its script; texts stay texts there."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.catalogue import in_language, name_unit, tell_note
from carbonacct.report.page.page_content import list_rows
from carbonacct.report.page.page_words import LANGUAGES, section, show_gas
from carbonacct.report.standalone_names import name_flow
from carbonacct.sectors.energy.tracing import shared_trace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.report.page.page_content import Content
    from carbonacct.sectors.energy.tracing import FactorStep


def collect_traces(content: Content) -> dict[str, Any]:
    """Return the cells of a page with their traces.

    Returns
    -------
    dict
        ``areas``; ``flows``, ``products`` (id, name in Chinese, name in English, and category or
        scope); ``gases``; and ``cells``: area, year, flow, product and gas (indices, the year as it
        is), value in t, the number as printed, cells of the table, formula, indices of factors.
    """
    cells = content.cells
    flows, products, gases = (
        {name: i for i, name in enumerate(dict.fromkeys(cells[column]))}
        for column in ("flow", "product", "gas")
    )
    categories = dict(zip(cells["flow"], cells["category"], strict=True)) | {
        row.flow: row.category for row in list_rows(cells[cells["scope"] == 1])
    }
    scopes = dict(zip(cells["product"], cells["scope"], strict=True))
    areas = {area: i for i, area in enumerate(content.areas)}
    rows = [
        [areas[area], year, flows[flow], products[product], gases[gas], *trace]
        for area, year, flow, product, gas, *trace in content.parts.cells
    ]
    return {
        "areas": content.areas,
        "flows": [
            [flow, *(name_flow(flow, lang) for lang in LANGUAGES), categories[flow]]
            for flow in flows
        ],
        "products": [
            [
                product,
                *(vocabulary.name("product", product, lang) for lang in LANGUAGES),
                int(scopes[product]),
            ]
            for product in products
        ],
        "gases": [[gas, show_gas(gas)] for gas in gases],
        "cells": rows,
        "words": collect_words(),
    }


def list_cells(content: Content) -> list[list[Any]]:
    """Return the cells of the inventories with their traces: area, year, flow, product, gas, as the page has them."""
    rows = []
    for row in list_rows(content.cells):
        key = (str(row.area), int(row.year))
        found = shared_trace(
            content.keys[key],
            area=key[0],
            year=key[1],
            flow=row.flow,
            product=row.product,
            gas=row.gas,
        )
        rows.append(
            [
                *key,
                row.flow,
                row.product,
                row.gas,
                found.value,
                show_printed(found.printed),
                list(found.where),
                found.formula(),
                list_factors(content, found.steps),
            ]
        )
    return rows


def collect_words() -> dict[str, dict[str, dict[str, str]]]:
    """Return the words that the page's script says, by language."""
    return {
        lang: {
            name: section(name, lang) for name in ("trace", "parameter", "status", "page", "marks")
        }
        for lang in LANGUAGES
    }


def show_printed(printed: str) -> str:
    """Return a printed number with the power of ten of its unit as people write it."""
    return re.sub(
        r" 1e(\d+) ",
        lambda power: f" × 10{power[1].translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))} ",
        printed,
    )


def _with_unit(value: str, unit: str, lang: str) -> str:
    return value if unit == "dimensionless" else f"{value} {name_unit(unit, lang)}"


def list_factors(content: Content, steps: Iterable[FactorStep]) -> tuple[int, ...]:
    """Return the numbers of the rows of some factors; the page keeps each row once."""
    used = []
    for step in steps:
        row, source = step.row, step.source
        if row.place not in content.factors:
            value = (
                f"{row.value:.15g}"
                if not math.isnan(row.value)
                else f"{row.lower:g}..{row.upper:g}"
            )
            content.factors[row.place] = (
                len(content.factors),
                [
                    step.parameter,
                    [_with_unit(value, row.unit, lang) for lang in LANGUAGES],
                    [tell_note(row.item, lang) for lang in LANGUAGES],
                    source.title_zh or source.title,
                    source.title,
                    [in_language(source.edition, lang) for lang in LANGUAGES],
                    row.table,
                    row.page,
                    row.status,
                    [tell_note(row.note, lang) for lang in LANGUAGES] if row.note else "",
                    row.place,
                ],
            )
        used.append(content.factors[row.place][0])
    return tuple(used)
