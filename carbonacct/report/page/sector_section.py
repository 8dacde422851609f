"""The section of all sectors: totals by sector and gas, and each source; every number opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.report.page.derivations import (
    Derivation,
    FormulaPart,
    Pair,
    in_both,
    join,
    write,
)
from carbonacct.report.page.entry_traces import describe_entry, name_beside
from carbonacct.report.page.interval_derivations import derive_total_interval
from carbonacct.report.page.page_content import list_rows
from carbonacct.report.page.page_words import format_number, section, show_gas, word
from carbonacct.report.page.svg import fill_template
from carbonacct.report.sector_totals import SECTOR_NAMES, name_row, total_rows

if TYPE_CHECKING:
    from markupsafe import Markup

    from carbonacct.inventory.record import Inventory
    from carbonacct.report.page.page_content import Content


def show_sectors(content: Content, lang: str) -> Markup | str:
    """Return the section, or nothing where the page is of energy alone."""
    whole = content.sectors
    if whole is None:
        return ""
    periods = whole.total()[["area", "year"]].drop_duplicates().to_records(index=False)
    parts = [
        _show_period(content, whole, str(area), int(year), lang=lang) for area, year in periods
    ]
    return fill_template("sectors.html", lang=lang, words=section("sectors", lang), parts=parts)


def _show_period(
    content: Content, whole: Inventory, area: str, year: int, *, lang: str
) -> dict[str, Any]:
    rows, sums = content.keep(
        ("sectors", area, year), lambda: _add_up(content, whole.select(area=area, year=year))
    )
    gases = list(dict.fromkeys(gas for _, values in rows for gas in values))
    side = 0 if lang == "zh" else 1
    return {
        "title": f"{area} {year}",
        "pick": content.pick(area, year) if (area, year) in content.keys else "",
        "gases": [f"{show_gas(gas)} (t)" for gas in gases],
        "totals": [
            {
                "name": name_row(name, lang).strip(),
                "is_sum": name not in SECTOR_NAMES,
                "cells": [
                    (_format(values.get(gas), lang), sums.open(name, gas, values.get(gas)))
                    for gas in gases
                ],
            }
            for name, values in rows
        ],
        "entries": [
            {
                "source": one["name"][side],
                "item": one["item"][side],
                "category": one["category"],
                "gas": show_gas(one["gas"]),
                "value": (_format(one["value"], lang) or one["notation"], one["opens"]),
            }
            for one in sums.entries
        ],
    }


def _add_up(content: Content, here: Inventory) -> tuple[list[tuple[str, dict[str, float]]], _Sums]:
    """Return the rows of totals of an area and year, and what opens them."""
    intervals = content.assessment.intervals if content.assessment else None
    found = total_rows(here, gwp=content.gwp, intervals=intervals)
    entries = [
        describe_entry(content, here, row)
        for row in list_rows(here.entries)
        if row.kind != "memo" and row.origin >= 0
        if isinstance(here.origins[row.origin], SourceOrigin)
    ]
    return [row for row in found if row[0] != "scope2"], _Sums(content, here, entries)


class _Sums:
    """Derivations of totals: the sources of a sector, the sectors of a whole."""

    def __init__(self, content: Content, here: Inventory, entries: list[dict[str, Any]]) -> None:
        self.content, self.here, self.entries = content, here, entries
        first = here.entries.iloc[0]
        self.period = str(first["area"]), int(first["year"])
        self.sectors: dict[tuple[str, str], FormulaPart] = {}
        self.opened: dict[tuple[str, str], int | None] = {}

    def open(self, name: str, gas: str, value: float | None) -> int | None:
        """Return what a total opens: its parts, with what each of them opens."""
        if value is None or np.isnan(value):
            return None
        if (name, gas) not in self.opened:
            self.opened[name, gas] = self._open(name, gas, value)
        return self.opened[name, gas]

    def _open(self, name: str, gas: str, value: float) -> int | None:
        if name in {"lower", "upper"}:
            return derive_total_interval(self.content, *self.period, gas)
        title = join(*self.period, in_both(lambda lang: name_row(name, lang).strip()))
        unit = f"t {show_gas(gas)}"
        if self.content.gwp and gas == name_equivalent(self.content.gwp):
            return self._open_equivalent(name, value, unit, title)
        if name in SECTOR_NAMES:
            opens = self._open_sector(name, gas, unit, title)
            self.sectors[name, gas] = FormulaPart(SECTOR_NAMES[name], value, unit, opens)
            return opens
        parts = tuple(
            part
            for (sector, held), part in self.sectors.items()
            if held == gas and (name != "without" or sector != "land")
        )
        whole = sum(part.value for part in parts)
        if not np.isclose(whole, value):  # some sector lacks a number
            return None
        return self.content.refer(Derivation(title, parts=parts, unit=unit))

    def _open_equivalent(
        self, name: str, value: float, unit: str, title: tuple[Pair, ...]
    ) -> int | None:
        """Return what CO2-equivalent opens: each gas with its weight."""
        held = self.here.entries
        counted = (held["scope"] == 1) & (held["kind"] != "memo") & (held["value"].fillna(0) != 0)
        if name in SECTOR_NAMES:
            counted &= held["sector"] == name
        elif name == "without":
            counted &= held["sector"] != "land"
        own = held["value"][counted].to_numpy()
        weights = self.here.co2e(str(self.content.gwp))[counted] / own
        masses: dict[tuple[str, float], float] = {}
        for gas, weight, mass in zip(held["gas"][counted], weights, own, strict=True):
            key = str(gas), float(f"{weight:.9g}")
            masses[key] = masses.get(key, 0.0) + float(mass)
        if not np.isclose(sum(mass * weight for (_, weight), mass in masses.items()), value):
            return None  # some entry lacks a number
        gases = [gas for gas, _ in masses]
        parts = tuple(
            FormulaPart(
                (show_gas(gas), show_gas(gas)),
                mass,
                f"t {show_gas(gas)}",
                self.opened.get((name, gas)) if gases.count(gas) == 1 else None,
            )
            for (gas, _), mass in masses.items()
        )
        terms = [
            f"{write(mass)} t {show_gas(gas)} x {weight:g}"
            for (gas, weight), mass in masses.items()
        ]
        formula = f"{' + '.join(terms)} = {write(value)} {unit}"
        return self.content.refer(Derivation(title, formula, parts))

    def _open_sector(self, name: str, gas: str, unit: str, title: tuple[Pair, ...]) -> int | None:
        parts = tuple(
            FormulaPart(name_beside(one), one["value"], unit, one["opens"])
            for one in self.entries
            if one["sector"] == name and one["gas"] == gas and not one["notation"]
        )
        area, year = self.period
        if name == "energy" and (area, year) in self.content.keys:
            burnt = self.content.cells
            burnt = burnt[(burnt["area"] == area) & (burnt["year"] == year)]
            burnt = burnt[(burnt["scope"] == 1) & (burnt["gas"] == gas)]
            opens = self.content.refer_sum(area, year, g=gas)
            label = in_both(lambda lang: word("sectors.burnt", lang))
            parts = (FormulaPart(label, float(burnt["value"].sum()), unit, opens), *parts)
        return self.content.refer(Derivation(title, parts=parts, unit=unit)) if parts else None


def _format(value: float | None, lang: str) -> str:
    """Return an amount in t; a sum that lacks a part says that it is no number."""
    if value is None:
        return ""
    return word("page.no_number", lang) if np.isnan(value) else format_number(value, 1)
