"""The inputs of an index that a project declares, from all that gives numbers there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import IndexDataError
from carbonacct.indices.activity_values import add_activities
from carbonacct.indices.index_panel import empty_panel, panel_from_drivers, read_panel
from carbonacct.indices.indicator_values import AGREEMENT
from carbonacct.indices.inventory_values import (
    add_coal_equivalent,
    add_inventory,
    add_quantities,
)
from carbonacct.projects.declaration_keys import check_there
from carbonacct.projects.driver_bases import find_driver_file
from carbonacct.projects.driver_tables import read_driver_sheet
from carbonacct.projects.filled_rows import FILLED
from carbonacct.projects.own_files import find_method
from carbonacct.records.area_names import area_id, spell_like
from carbonacct.sectors.energy.energy_use import list_energy_use
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.indices.index_declaration import Index
    from carbonacct.indices.index_panel import Panel
    from carbonacct.projects.declared_indices import DeclaredIndex
    from carbonacct.projects.runs import Workshop


def gather_inputs(
    declared: DeclaredIndex,
    index: Index,
    workshop: Workshop,
    entries: pd.DataFrame,
    *,
    area: str,
    beside: Sequence[Index] = (),
) -> Panel:
    """Return the inputs of an index: its own file, drivers, activity tables, inventory, balances.

    Parameters
    ----------
    declared
        Says which of them give numbers.
    entries
        Of the project. Of an area and year that a rule fills, in whole or in part, no emissions are
        taken.
    area
        The one that is wanted, ``""`` for all.
    beside
        Other indices whose inputs stand in its own file.

    Returns
    -------
    Panel
        Areas and years are those of the inventory and of the index's own file.

    Raises
    ------
    IndexDataError
        If two of them give one input and differ by more than 0.5 %.
    TableError
        If a file cannot be read.
    """
    folder, sources = workshop.declaration.folder, declared.sources
    own = None
    if declared.file:
        check_there(folder, declared.file, "index.file")
        sheet = declared.sheet or None
        own = read_panel(folder / declared.file, index, sheet, beside=beside)
    areas = list(dict.fromkeys(map(str, entries["area"])))
    years = set(map(int, entries["year"]))
    if own is not None:
        areas = list(dict.fromkeys([*areas, *spell_like(own.values["area"].values, areas)]))
        years |= set(own.years)
    wanted = [one for one in areas if not area or area_id(one) == area_id(area)]
    panel = empty_panel(wanted, sorted(years), index)
    if own is not None:
        panel = _take(panel, own, areas)
    for one in workshop.declaration.bases if "drivers" in sources else ():
        cells = read_driver_sheet(find_driver_file(folder, one), one.sheet or None)
        table = panel_from_drivers(cells, index)
        panel = _take(panel, table, areas)
    if "activity" in sources:
        for key, run in workshop.sources_runs():
            if run.entries:
                panel = add_activities(panel, workshop.read_sources(key), index)
    if "inventory" in sources:
        panel = add_inventory(panel, _take_whole_years(entries, wanted), index)
    if "balance" in sources:
        panel = _add_balances(panel, declared, index, workshop)
    return panel


def _take(panel: Panel, table: Panel, known: Sequence[str]) -> Panel:
    """Return a panel with the numbers of a table, of its areas and years; `known` are those of the project."""
    areas = panel.values["area"].values.tolist()
    rows = table.values["area"].values.tolist()
    spelt = _name_areas(table, known)
    years = [year for year in table.years if year in panel.years]
    given = table.values.sel(year=years)
    values, status, place = (
        array.copy(deep=True) for array in (panel.values, panel.status, panel.place)
    )
    faults = []
    for a, y, i in np.argwhere(~np.isnan(given.values)):
        if spelt[a] not in areas:
            continue
        name = given["input"].values[i]
        at = {"area": rows[a], "year": years[y], "input": name}
        cell = {**at, "area": spelt[a]}
        number, held = given.values[a, y, i], values.sel(cell).item()
        where = table.place.sel(at).item()
        if np.isnan(held):
            values.loc[cell], status.loc[cell] = number, table.status.sel(at).item()
            place.loc[cell] = where
        elif abs(held - number) > AGREEMENT * abs(number):
            faults.append(
                say(
                    "{place}: {id} is {known:g}, and {number:g} in {other}; clear one of the cells",
                    place=place.sel(cell).item(),
                    id=name,
                    known=held,
                    number=number,
                    other=where,
                )
            )
    if faults:
        raise IndexDataError(join_texts("\n", faults))
    findings = tuple(dict.fromkeys([*panel.findings, *table.findings]))
    return replace(panel, values=values, status=status, place=place, findings=findings)


def _name_areas(table: Panel, areas: Sequence[str]) -> Sequence[str]:
    """Return the areas of a table as others spell them; rows that name none are of the one that there is."""
    named = table.values["area"].values.tolist()
    unnamed = table.place.sel(area=[one for one in named if not one]).values.ravel()
    if any(unnamed) and len(areas) != 1:
        raise IndexDataError(
            say(
                "{place}: names no area, and the index has {count}; add a column area",
                place=next(str(one) for one in unnamed if one),
                count=len(areas),
            )
        )
    return spell_like((one or next(iter(areas), "") for one in named), areas)


def _take_whole_years(entries: pd.DataFrame, areas: Sequence[str]) -> pd.DataFrame:
    """Return the rows that count and have a number, of the areas and years in which no rule fills anything."""
    places = list(zip(entries["area"], entries["year"], strict=True))
    made = {
        place for place, status in zip(places, entries["status"], strict=True) if status == FILLED
    }
    printed = [area in areas and (area, year) not in made for area, year in places]
    return entries[(entries["kind"] != "memo") & entries["value"].notna() & np.array(printed)]


def _add_balances(panel: Panel, declared: DeclaredIndex, index: Index, workshop: Workshop) -> Panel:
    """Return a panel with the energy of the tables of its areas and years."""
    areas = {area_id(one) for one in panel.values["area"].values.tolist()}
    for group, run in workshop.runs():
        if not run.entries or not {area_id(area) for area, _ in group.places} & areas:
            continue
        for use in list_energy_use(workshop.balance(group)):
            panel = add_quantities(panel, use, index)
            if declared.coal_equivalent:
                panel = add_coal_equivalent(
                    panel,
                    use,
                    index,
                    method=find_method(workshop.declaration.folder, declared.coal_equivalent),
                    power_rate=declared.power_rate,
                )
    return panel
