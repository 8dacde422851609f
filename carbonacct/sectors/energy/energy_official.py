"""Official tables of the energy sector, filled: every blank has a notation key."""

from __future__ import annotations

import math
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.categories import energy_categories
from carbonacct.errors import FactorNotFoundError, MethodError, TableError, did_you_mean
from carbonacct.inventory.official.filling import fill_layout
from carbonacct.inventory.official.layouts import load_layout
from carbonacct.inventory.official.notation_keys import Covered
from carbonacct.inventory.stated_keys import find_above, select_stated
from carbonacct.sectors.energy.approach_comparison import shared_approaches
from carbonacct.sectors.energy.calorific import find_energy_per_unit
from carbonacct.sectors.energy.completeness import judge_completeness
from carbonacct.sectors.energy.energy_entries import to_inventory
from carbonacct.sectors.energy.memo import BIOMASS, shared_memo_items
from carbonacct.sectors.energy.reference_approach import find_fuel_group
from carbonacct.texts import as_typed, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbonacct.inventory.official.filling import OfficialTable
    from carbonacct.inventory.official.notation_keys import Coverage
    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.sectors.energy.approach_comparison import ApproachComparison
    from carbonacct.sectors.energy.cube import EnergyInventory

    _Noted = dict[tuple[str, str], tuple[float, str]]  # value (t) and key, by category and gas

SECTORAL, REFERENCE, COMPARISON, EXCLUDED = "1.A(a)", "1.A(b)", "1.A(c)", "1.A(d)"
MEMO, GUIDELINE = "1.D", "guideline"
ENERGY_TABLES = (SECTORAL, REFERENCE, COMPARISON, EXCLUDED, MEMO, GUIDELINE)
OF_CATEGORIES = (SECTORAL, MEMO, GUIDELINE)  # they need no reference approach
_GROUPS = ("liquid", "solid", "gaseous", "other", "peat", "biomass")


def fill_tables(
    inventory: EnergyInventory,
    *,
    tables: list[str] | None = None,
    statements: Sequence[StatedKey] = (),
) -> dict[str, pd.DataFrame]:
    """Return official tables of an inventory of one area and year.

    Parameters
    ----------
    inventory
        With the gases that the tables should show.
    tables
        Of ``"1.A(a)"`` (combustion by category and fuel group), ``"1.A(b)"`` (reference approach),
        ``"1.A(c)"`` (comparison of the approaches), ``"1.A(d)"`` (feedstock and other non-energy
        use), ``"1.D"`` (memo items), ``"guideline"`` (summary of energy activities of the
        provincial guideline's report); by default all that the balance and the method allow: no
        reference approach without supply rows, or without factors for the area as a whole.
    statements
        Notation keys of categories without a number, as the compiler states them.

    Returns
    -------
    dict
        Table id -> DataFrame. Numbers stand as numbers; a cell without one holds a notation key as
        text. Energy in TJ, gases in kt, in the guideline's table in 10^4 t.

    Raises
    ------
    MethodError
        If the inventory has several areas or years, or a table does not exist.

    Notes
    -----
    Common reporting tables of decision 5/CMA.3; Provincial guideline 2011, report tables of energy
    activities.

    Examples
    --------
    >>> import carbonacct as ca
    >>> tables = fill_tables(ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006"))
    >>> sorted(tables)
    ['1.A(a)', '1.A(b)', '1.A(c)', '1.A(d)', '1.D', 'guideline']
    """
    of_categories: dict[str, Callable[[EnergyInventory, _Noted], pd.DataFrame]] = {
        SECTORAL: _fill_sectoral,
        MEMO: _fill_memo,
        GUIDELINE: partial(_fill_guideline_table, statements=statements),
    }
    of_approaches: dict[str, Callable[[ApproachComparison], pd.DataFrame]] = {
        REFERENCE: _fill_reference,
        COMPARISON: _fill_comparison,
        EXCLUDED: _fill_excluded,
    }
    known = list(ENERGY_TABLES)
    if unknown := [name for name in tables or () if name not in known]:
        raise MethodError(
            say(
                "no table {unknown!r}; {near} known: {known}",
                unknown=unknown[0],
                near=did_you_mean(unknown[0], known),
                known=as_typed(known),
            )
        )
    if len(inventory.balance.areas) != 1 or len(inventory.balance.years) != 1:
        raise MethodError(
            say(
                "an official table is of one area and year; the inventory has {area_count} "
                "areas and {year_count} years",
                area_count=len(inventory.balance.areas),
                year_count=len(inventory.balance.years),
            )
        )
    asked = tables if tables is not None else known
    comparison = None
    if any(name in of_approaches for name in asked):
        try:
            comparison = shared_approaches(inventory)
        except (FactorNotFoundError, TableError):
            if tables is not None:
                raise
    where = inventory.balance.areas[0], inventory.balance.years[0]
    noted = (
        _read_completeness(judge_completeness(inventory, statements), where)
        if any(name in of_categories for name in asked)
        else {}
    )
    filled = {}
    for name in asked:
        if name in of_categories:
            filled[name] = of_categories[name](inventory, noted)
        elif comparison is not None:
            filled[name] = of_approaches[name](comparison)
    return filled


def _gases(inventory: EnergyInventory) -> list[str]:
    return [str(gas) for gas in inventory.emissions["gas"].values]


@cache
def find_group(product: str) -> str:
    """Return the fuel group of a product in table 1.A(a).

    Examples
    --------
    >>> find_group("diesel"), find_group("wood")
    ('liquid', 'biomass')
    """
    return (
        "biomass" if vocabulary.products()[product].group == "biomass" else find_fuel_group(product)
    )


def is_in_group(product: str, group: str) -> bool:
    """Return whether a product is of a fuel group of official tables, ``total`` and ``fossil`` among them.

    Examples
    --------
    >>> is_in_group("diesel", "fossil"), is_in_group("wood", "fossil"), is_in_group("wood", "total")
    (True, False, True)
    """
    if group == "total":
        return True
    own = find_group(product)
    return group == own or (group == "fossil" and own != "biomass")


def _fill_sectoral(inventory: EnergyInventory, noted: _Noted) -> pd.DataFrame:
    """Fill 1.A(a): consumption and emissions of each category, by fuel group; CO2 of biomass is in no total."""
    balance = inventory.balance
    biogenic = shared_memo_items(inventory)
    biogenic = biogenic[biogenic["category"] == BIOMASS]
    burnt_in = [vocabulary.flows()[flow].category for flow in biogenic["flow"]]
    of_biomass = biogenic["value"].to_numpy(float)
    gases = _gases(inventory)
    burnt = inventory.activity[0, 0]
    energy = burnt * find_energy_per_unit(balance, inventory.method)[0, 0]
    emissions = inventory.emissions.values[0, 0]
    groups = np.array([find_group(product) for product in balance.products])
    flows = np.array([vocabulary.flows()[flow].category for flow in balance.flows])
    rows = []
    for code, category in energy_categories().items():
        if not code.startswith("1.A"):
            continue
        within = np.array([is_within(flow, code) for flow in flows])
        for group in ("total", *_GROUPS):
            here = np.ix_(within, np.isin(groups, _GROUPS) if group == "total" else groups == group)
            row: dict[str, object] = {
                "category": code,
                "name_zh": category.name_zh,
                "name_en": category.name_en,
                "fuel_group": group,
            }
            row["consumption_tj"] = _cell(energy[here], 1e-3, _find_key(noted, code, gases[0]))
            for g, gas in enumerate(gases):
                row[f"{gas}_kt"] = _cell(emissions[..., g][here], 1e-3, _find_key(noted, code, gas))
            if group == "biomass" and "CO2" in gases:
                burnt_here = np.array([is_within(one, code) for one in burnt_in], bool)
                row["CO2_kt"] = _cell(of_biomass[burnt_here], 1e-3, _find_key(noted, code, "CO2"))
            rows.append(row)
    return pd.DataFrame(rows)


def _find_key(noted: _Noted, code: str, gas: str) -> str:
    """Return the key of a category's empty cells: its own, or NE where other fuels have numbers: a blank is no NO."""
    value, key = noted.get((code, gas), (math.nan, "NA"))
    return "NE" if not math.isnan(value) or not key else key


def is_within(category: str, code: str) -> bool:
    """Return whether a category is one of a code or below it; ``=code`` stands for it alone."""
    return category == code.removeprefix("=") or category.startswith(code + ".")


def _cell(values: np.ndarray, scale: float, key: str) -> float | str:
    """Return the sum of some cells, or a key where none has a number."""
    return key if np.isnan(values).all() else float(np.nansum(values)) * scale


def _fill_reference(comparison: ApproachComparison) -> pd.DataFrame:
    """Fill 1.A(b): the reference approach by fuel."""
    frame = comparison.reference.to_frame()
    return frame.drop(columns=["area", "year"]).assign(
        name_zh=[vocabulary.name("product", name, "zh") for name in frame["product"]]
    )


def _fill_comparison(comparison: ApproachComparison) -> pd.DataFrame:
    """Fill 1.A(c): the two approaches by fuel group."""
    return comparison.by_group().drop(columns=["area", "year"]).reset_index(drop=True)


def _fill_excluded(comparison: ApproachComparison) -> pd.DataFrame:
    """Fill 1.A(d): feedstock, reductants and other non-energy use, with the carbon excluded."""
    table = comparison.reference.to_frame()
    table = table[table["excluded_amount"].fillna(0) != 0]
    columns = [
        "fuel_group",
        "product",
        "unit",
        "excluded_amount",
        "excluded_fraction",
        "excluded_carbon",
    ]
    return table[columns].reset_index(drop=True)


def _fill_memo(inventory: EnergyInventory, noted: _Noted) -> pd.DataFrame:
    """Fill 1.D: bunkers and CO2 of biomass."""
    rows = []
    for code, category in energy_categories().items():
        if code.startswith("1.D"):
            row: dict[str, object] = {
                "category": code,
                "name_zh": category.name_zh,
                "name_en": category.name_en,
            }
            rows.append(
                row | {f"{gas}_kt": _show(noted, code, gas, 1e-3) for gas in _gases(inventory)}
            )
    return pd.DataFrame(rows)


def _fill_guideline_table(
    inventory: EnergyInventory, noted: _Noted, *, statements: Sequence[StatedKey]
) -> pd.DataFrame:
    del noted
    area, year = inventory.balance.areas[0], inventory.balance.years[0]
    filled = fill_guideline(inventory, area, year, statements=statements).to_frame()
    gases = [f"{gas}_10kt" for gas in _gases(inventory)]
    return filled[["code", "name_zh", "name_en", *gases]]


def fill_guideline(
    inventory: EnergyInventory,
    area: str,
    year: int,
    *,
    gwp: str | None = None,
    statements: Sequence[StatedKey] = (),
) -> OfficialTable:
    """Return the guideline's summary of energy activities of an area and year, in 10^4 t.

    Parameters
    ----------
    gwp
        Name of a metric: a column of all gases.
    statements
        Notation keys of categories without a number, as the compiler states them.

    Notes
    -----
    The table ``provincial-energy``. Rows of fossil fuels leave out CH4 and N2O of biomass, which
    have a row of their own; its CO2 is a memo item.
    """
    frame = judge_completeness(inventory, statements)
    coverage = cover(frame[(frame["area"] == area) & (frame["year"] == year)], statements)
    held = to_inventory(inventory).select(area=area, year=year)
    return fill_layout(held, load_layout("provincial-energy"), coverage=coverage, gwp=gwp)


def cover(completeness: pd.DataFrame, statements: Sequence[StatedKey]) -> Coverage:
    """Return what a table of completeness says of each category, for empty cells of official tables."""
    columns = (completeness[name] for name in ("area", "year", "category", "gas", "value", "key"))
    found: Coverage = {}
    for area, year, code, gas, value, key in zip(*columns, strict=True):
        stated = select_stated(statements, area, int(year), gas) if statements else {}
        has_number = not math.isnan(value)
        found[str(area), int(year), str(code), str(gas)] = Covered(
            has_number=has_number,
            keys=frozenset(filter(None, str(key).split(","))),
            is_stated=not has_number and bool(stated) and find_above(code, stated) is not None,
        )
    return found


def _read_completeness(completeness: pd.DataFrame, where: tuple[str, int]) -> _Noted:
    """Return value (t) and key of each category and gas of an area and year."""
    rows = completeness.to_dict("records")
    return {
        (row["category"], row["gas"]): (row["value"], row["key"])
        for row in rows
        if (row["area"], row["year"]) == where
    }


def _show(noted: _Noted, code: str, gas: str, scale: float) -> float | str:
    """Return the number of a category, or its keys; NA for what does not emit the gas."""
    value, keys = noted.get((code, gas), (math.nan, "NA"))
    return value * scale if not math.isnan(value) else (keys or "NE")
