"""The section of key categories of all sectors: by level and trend, with and without land."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.catalogue import in_language
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.report.key_category_tables import (
    SHARES,
    heading_of,
    name_cell,
    name_shown,
    rank_key_categories,
    title_of,
    word,
)
from carbonacct.report.page.derivations import Derivation, FormulaPart, in_both, join, write
from carbonacct.report.page.entry_traces import list_parts
from carbonacct.report.page.page_content import DETAILS, list_rows
from carbonacct.report.page.page_words import (
    format_mass,
    format_number,
    mass_unit,
    show_gas,
)
from carbonacct.report.page.page_words import word as page_word
from carbonacct.report.page.shared_derivations import derive_share
from carbonacct.report.page.svg import fill_template
from carbonacct.texts import add_unit
from carbonacct.uncertainty.record_categories import name_levels

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from markupsafe import Markup

    from carbonacct.charts.drawing import Shown
    from carbonacct.inventory.record import Inventory
    from carbonacct.report.key_category_tables import KeyCategories
    from carbonacct.report.page.page_content import Content

    Case = tuple[str, int, str]


def show_key_categories(content: Content, lang: str) -> Markup | str:
    """Return the analyses of each area; nothing where the page is of energy alone, or of very many areas."""
    whole = content.sectors
    if whole is None or len(whole.entries["area"].unique()) > DETAILS:
        return ""
    found: KeyCategories = content.keep(
        ("key categories",),
        lambda: rank_key_categories(whole, gwp=content.gwp, uncertainty=content.assessment),
    )
    opener = content.keep(
        ("openers", "key categories"), lambda: _AmountOpener(content, whole, found)
    )
    parts = []
    for area, year, land, rows in found.cases():
        names = name_shown(rows, brief=True)
        title = title_of((area, year, land), lang, float(rows["base_year"].iloc[0]))
        is_key = rows["criteria"] != ""
        keys, others = (
            [
                [_show(opener, (area, year, land), row, name, lang=lang) for name in names]
                for row in rows[chosen].to_dict("records")
            ]
            for chosen in (is_key, ~is_key)
        )
        parts.append(
            {
                "pick": str(content.areas.index(area)) if area in content.areas else "",
                "title": add_unit(title, _unit(found, lang), lang),
                "heads": [heading_of(name, "", lang) for name in names],
                "key_rows": keys,
                "other_rows": others,
                "more": page_word("keys.others", lang, count=len(others)),
            }
        )
    return fill_template(
        "key_categories.html",
        title=word("key", lang),
        note=word("note", lang),
        notes=[in_language(note, lang) for _, note in found.notes],
        parts=parts,
    )


def _unit(found: KeyCategories, lang: str) -> str:
    return mass_unit(lang, found.unit.removeprefix("t "))


def _show(
    opener: _AmountOpener, case: Case, row: Mapping[Any, Any], name: str, *, lang: str
) -> Shown:
    """Return a cell of the table and what it opens."""
    value = row[name]
    if name in {"base", "latest"}:
        gas = opener.found.unit.removeprefix("t ")
        year = row["base_year"] if name == "base" else row["year"]
        return format_mass(value, lang, gas), opener.amount(case, row, int(year))
    if name in SHARES:
        # A category without a number in the latest year has no share to be opened.
        opens = opener.level(case, row) if name == "level" and not np.isnan(value) else None
        return format_number(100 * value, 1), opens
    shown = name_cell(name, value, lang)
    return show_gas(shown) if name == "gas" else shown, None


class _AmountOpener:
    """What the numbers of the tables open."""

    def __init__(self, content: Content, whole: Inventory, found: KeyCategories) -> None:
        self.content, self.whole, self.found = content, whole, found
        held = whole.entries
        direct = held[(held["scope"] == 1) & (held["kind"] != "memo") & held["value"].notna()]
        weights = np.ones(len(held)) if content.gwp is None else whole.co2e(content.gwp)
        direct = direct.assign(level=name_levels(direct), weighted=weights[direct.index])
        keys = ["area", "year", "level", "gas"]
        self.entries = dict(list(direct.groupby(keys, sort=False, observed=True)))
        self.sums = found.table.assign(size=found.table["latest"].abs()).groupby(
            ["area", "year", "land"], sort=False
        )["size"]

    def amount(self, case: Case, row: Mapping[Any, Any], year: int) -> int | None:
        """Return what an amount opens: the entries of the category, weighted where they are."""
        rows = self.entries.get((case[0], year, row["category"], row["gas"]))
        if rows is None:
            return None
        return self.content.keep(
            ("key amount", case[0], year, row["category"], row["gas"]),
            lambda: self._derive(rows, (case[0], year), row),
        )

    def _derive(
        self, rows: pd.DataFrame, period: tuple[str, int], row: Mapping[Any, Any]
    ) -> int | None:
        title = join(*period, in_both(lambda lang: name_cell("category", row["category"], lang)))
        gas = show_gas(row["gas"])
        parts = tuple(list_parts(self.content, self.whole, list_rows(rows)))
        masses = self.content.refer(Derivation(title, parts=parts, unit=f"t {gas}"))
        mass, weighted = float(rows["value"].sum()), float(rows["weighted"].sum())
        if self.content.gwp is None or row["gas"] == "CO2" or not mass:
            return masses
        part = FormulaPart((gas, gas), mass, f"t {gas}", masses)
        unit = f"t {show_gas(name_equivalent(self.content.gwp))}"
        formula = f"{write(mass)} t {gas} x {weighted / mass:.6g} = {write(weighted)} {unit}"
        return self.content.refer(Derivation(title, formula, (part,)))

    def level(self, case: Case, row: Mapping[Any, Any]) -> int | None:
        """Return what a share of the level opens: the amount and the sum of all, by size."""
        unit = f"t {show_gas(self.found.unit.removeprefix('t '))}"
        name = in_both(lambda lang: f"{name_cell('category', row['category'], lang)} {row['gas']}")
        part = FormulaPart(
            name, abs(float(row["latest"])), unit, self.amount(case, row, int(row["year"]))
        )
        everything = FormulaPart(
            in_both(lambda lang: title_of(case, lang)), float(self.sums.get_group(case).sum()), unit
        )
        return derive_share(self.content, join(case[0], case[1], name), part, everything)
