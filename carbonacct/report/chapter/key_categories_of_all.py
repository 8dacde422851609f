"""The section on key categories of all sectors in the report."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from carbonacct.catalogue import in_language
from carbonacct.report.key_category_tables import (
    SHARES,
    heading_of,
    name_cell,
    name_shown,
    title_of,
    word,
)
from carbonacct.report.official_rows import show_number
from carbonacct.texts import add_unit, add_unit_below

if TYPE_CHECKING:
    from carbonacct.report.chapter.word_document import Chapter
    from carbonacct.report.key_category_tables import KeyCategories

_WEIGHTS = {"sector": 1.2, "category": 2.6, "gas": 0.7}


def write_key_categories(
    chapter: Chapter, found: KeyCategories, *, unit: tuple[float, str]
) -> None:
    """Write the key categories, without land and with it, CO2 in a unit, and what there is not."""
    lang, gas = chapter.lang, found.unit.removeprefix("t ")
    scale, name_of_unit = unit if gas.startswith("CO2") else (1.0, "t")
    chapter.heading("key categories")
    chapter.plain_text(word("note", lang))
    for _, note in found.notes:
        chapter.plain_text(in_language(note, lang))
    for area, year, land, every in found.cases():
        rows = every[every["criteria"] != ""]
        names = name_shown(rows, brief=True)
        base_year = float(rows["base_year"].iloc[0])
        chapter.set_table(
            add_unit(title_of((area, year, land), lang, base_year), f"{name_of_unit} {gas}", lang),
            [heading_of(name, "", lang, add_unit_below) for name in names],
            [
                [
                    _show(row[name] / (1.0 if name in SHARES else scale), is_share=name in SHARES)
                    if isinstance(row[name], float)
                    else name_cell(name, row[name], lang)
                    for name in names
                ]
                for row in rows.to_dict("records")
            ],
            weights=[_WEIGHTS.get(name, 1.1) for name in names],
        )


def _show(value: float, *, is_share: bool) -> str:
    """Return a number, or nothing where a year has none."""
    if math.isnan(value):
        return ""
    return f"{100 * value:.1f}" if is_share else show_number(value)
