"""The completeness table: every category of the IPCC energy tree with a number or a notation key."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from carbonacct import vocabulary
from carbonacct.categories import energy_categories
from carbonacct.data import data_folder, read_rows
from carbonacct.inventory.stated_keys import select_stated
from carbonacct.sectors.energy.applied_statements import (
    apply_stated,
    check_pointers,
    inherit_stated,
)
from carbonacct.sectors.energy.inventory_cache import FRAME, keep_per_record
from carbonacct.sectors.energy.memo import shared_memo_items
from carbonacct.sectors.energy.notation import Noted, add_noted
from carbonacct.sheets import values
from carbonacct.trees import climb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.sectors.energy.cube import EnergyInventory

COLUMNS = (
    "area",
    "year",
    "category",
    "name_zh",
    "name_en",
    "gas",
    "value",
    "unit",
    "key",
    "complete",
    "included_in",
    "reason_zh",
    "reason_en",
)
_KEYED = {values.NO: "NO", values.NE: "NE", values.NA: "NA", values.IE: "IE", values.C: "C"}
# Codes of bunkers in the IPCC tree are memo items of table 1.D; where a table prints no bunkers
# both stand in transport.
_MEMO = {"1.A.3.a.i": "1.D.1.a", "1.A.3.d.i": "1.D.1.b"}


def find_completeness(
    inventory: EnergyInventory,
    *,
    extra: pd.DataFrame | None = None,
    statements: Sequence[StatedKey] = (),
) -> pd.DataFrame:
    """Return every category of the energy tree with its number or its notation key.

    Parameters
    ----------
    inventory
        One or more areas and years, and its gases.
    extra
        Emissions that no balance gives, such as fugitive methane: ``area, year, category, gas,
        value`` in t.
    statements
        The compiler's own, of any areas, years and gases.

    Returns
    -------
    DataFrame
        ``area, year, category, name_zh, name_en, gas, value`` (t)``, unit, key, complete,
        included_in, reason_zh, reason_en``, one row per area, year, gas and category that may emit
        it. A category is the sum of those below it.

    Raises
    ------
    NotationError
        If a statement contradicts a number or another key, or says IE in a category without a
        number.

    Notes
    -----
    Without a statement a category has the key of the table's cells; or IE, where a flow holds the
    category above it as one number; or the key of ``factors/vocabulary/notation.csv``, unless the
    table prints a row that the key denies; else NE: a blank does not say that nothing occurs.
    Bunkers that no row prints are IE in transport. IPCC 2006 Guidelines, Vol. 1, Ch. 8, 8.2.5.

    Examples
    --------
    >>> import carbonacct as ca
    >>> found = find_completeness(ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006"))
    >>> found.set_index("category").loc[["1.A.1.a.i", "1.A.3.b", "1.B.2"], "key"].to_list()
    ['', 'IE', 'NE']
    """
    memo = shared_memo_items(inventory)
    frames = []
    for area in inventory.balance.areas:
        for year in inventory.balance.years:
            for gas in map(str, inventory.emissions["gas"].values):
                own = _read_own(inventory, (area, year, gas))
                for table in (memo, extra):
                    if table is not None:
                        here = table[
                            (table["area"] == area)
                            & (table["year"] == year)
                            & (table["gas"] == gas)
                        ]
                        for category, value in zip(here["category"], here["value"], strict=True):
                            part = (
                                Noted(keys=frozenset({"NE"}))
                                if math.isnan(value)
                                else Noted(float(value))
                            )
                            own[str(category)] = add_noted([own.get(str(category), Noted()), part])
                stated = select_stated(statements, area, year, gas)
                frames.append(_describe(own, stated, (area, year, gas), inventory.balance.flows))
    return pd.concat(frames, ignore_index=True)


# What the tables alone say.
shared_completeness = keep_per_record(find_completeness, FRAME)


def judge_completeness(
    inventory: EnergyInventory, statements: Sequence[StatedKey] = ()
) -> pd.DataFrame:
    """Return :func:`find_completeness` for reports: kept with the inventory where the tables alone say it."""
    if statements:
        return find_completeness(inventory, statements=statements)
    return shared_completeness(inventory)


def _read_own(inventory: EnergyInventory, where: tuple[str, int, str]) -> dict[str, Noted]:
    """Return what the flows of each category hold themselves, numbers and keys."""
    area, year, gas = where
    balance = inventory.balance
    a, y = balance.areas.index(area), balance.years.index(year)
    g = [str(known) for known in inventory.emissions["gas"].values].index(gas)
    emissions, status = inventory.emissions.values[a, y, ..., g], balance.status.values[a, y]
    found: dict[str, list[Noted]] = {}
    for f, flow in enumerate(balance.flows):
        category = vocabulary.flows()[flow].category
        if not category or inventory.method.role(flow, balance.parents) != "combustion":
            continue
        for p, product in enumerate(balance.products):
            if vocabulary.is_electricity_or_heat(product):
                continue
            if not math.isnan(emissions[f, p]):
                found.setdefault(category, []).append(Noted(float(emissions[f, p])))
            elif int(status[f, p]) in _KEYED:
                found.setdefault(category, []).append(
                    Noted(keys=frozenset({_KEYED[int(status[f, p])]}))
                )
            elif not math.isnan(inventory.amount[a, y, f, p]) and not (
                gas == "CO2" and vocabulary.products()[product].group == "biomass"
            ):
                found.setdefault(category, []).append(
                    Noted(keys=frozenset({"NE"}))
                )  # it burns, and has no factor
    return {category: add_noted(parts) for category, parts in found.items()}


@cache
def _read_defaults() -> dict[str, dict[str, str]]:
    return {
        row["category"]: row for row in read_rows(data_folder() / "vocabulary" / "notation.csv")
    }


@cache
def _read_bunkers() -> frozenset[str]:
    return frozenset(row["flow"] for row in read_rows(data_folder() / "vocabulary" / "memo.csv"))


def _describe(
    own: Mapping[str, Noted],
    stated: Mapping[str, StatedKey],
    where: tuple[str, int, str],
    flows: Sequence[str],
) -> pd.DataFrame:
    area, year, gas = where
    tree = {key: one for key, one in energy_categories().items() if gas in one.gases}
    found: dict[str, Noted] = {}
    explanations: dict[str, tuple[str, str, str]] = {}
    for code in reversed(list(tree)):
        # Memo items are no part of the energy total.
        children = [
            child
            for child, one in tree.items()
            if one.parent == code and (code, child) != ("1", "1.D")
        ]
        below = [found[child] for child in children]
        noted = add_noted([own.get(code, Noted()), *below])
        if math.isnan(noted.value) and not noted.keys and not below:
            noted, explanations[code] = inherit_stated(code, stated) or _explain(code, own, flows)
        elif math.isnan(noted.value):
            nearest = sorted(children, key=lambda child: child in _MEMO)
            explanations[code] = explanations[nearest[0]] if nearest else ("", "", "")
        else:
            noted = Noted(
                noted.value, noted.keys - {"IE"}
            )  # what is elsewhere is in the total, or in another
        printed = frozenset[str]().union(
            *(
                part.keys
                for category, part in own.items()
                if category == code or category.startswith(code + ".")
            )
        )
        found[code] = apply_stated(code, noted, printed, stated, where=where)
        if code in stated:
            _, explanations[code] = inherit_stated(code, stated) or (noted, ("", "", ""))
    check_pointers(stated, found, where)
    rows = []
    for code, category in tree.items():
        noted = found[code]
        pointer, *reasons = explanations.get(code, ("", "", ""))
        key = ",".join(sorted(noted.keys))
        complete = not math.isnan(noted.value) and noted.complete
        rows.append(
            (
                area,
                year,
                code,
                category.name_zh,
                category.name_en,
                gas,
                noted.value,
                "t",
                key,
                complete,
                pointer,
                *reasons,
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _climb(code: str) -> Iterator[str]:
    """Yield a category and those that it lies in."""
    return climb(code, lambda one: energy_categories()[one].parent)


def _explain(
    code: str, own: Mapping[str, Noted], flows: Sequence[str]
) -> tuple[Noted, tuple[str, str, str]]:
    """Return the key of a category that nothing is known of, where IE points to, and the reason in both languages."""
    memo = _MEMO.get(code, code)
    if memo in _MEMO.values():
        if code != memo and not math.isnan(own.get(memo, Noted()).value):
            return Noted(keys=frozenset({"IE"})), (
                memo,
                "国际燃料舱列为备忘项",
                "bunkers are a memo item",
            )
        if any(flow in _read_bunkers() for flow in flows):
            return Noted(keys=frozenset({"NE"})), (
                "",
                "国际燃料舱一行没有这类燃料的数字",
                "the row of bunkers has no number of its fuels",
            )
        if not math.isnan(own.get("1.A.3", Noted()).value):
            return Noted(keys=frozenset({"IE"})), (
                "1.A.3",
                "表中没有国际燃料舱一行，列入交通运输",
                "the table has no row of bunkers: they stand in transport",
            )
    for above in _climb(code):
        if above != code and not math.isnan(own.get(above, Noted()).value):
            return Noted(keys=frozenset({"IE"})), (
                above,
                "能源平衡表只有合计一行",
                "the balance prints it as one row",
            )
    for above in _climb(code):
        row = _read_defaults().get(above)
        if row and not any(flow in row["unless"].split("|") for flow in flows):
            return Noted(keys=frozenset({row["key"]})), (
                row["included_in"],
                row["reason_zh"],
                row["reason_en"],
            )
    return Noted(keys=frozenset({"NE"})), ("", "表中没有数字", "the table has no number for it")
