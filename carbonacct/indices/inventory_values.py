"""What an index takes from an inventory and the energy behind it, without copying by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import Finding, IndexDataError
from carbonacct.indices.indicator_values import AGREEMENT
from carbonacct.inventory.entry_columns import sector_of
from carbonacct.sectors.energy.energy_use import EnergyNeed
from carbonacct.sectors.energy.scope2 import has_electricity
from carbonacct.texts import join_texts, say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from carbonacct.indices.index_declaration import Index, Input
    from carbonacct.indices.index_panel import Panel
    from carbonacct.sectors.energy.energy_use import EnergyAmounts, EnergyUse

_SHOWN = 3  # cells of a sum


class GivenAmount(NamedTuple):
    """A number that another source than the user's table gives, in the unit of its input, or what lacks for it.

    ``place`` names its cells.
    """

    area: str
    year: int
    about: Input
    number: float
    lacking: str
    place: str = ""


def name_cells(cells: Sequence[str]) -> str:
    """Return the first cells of a sum, and of how many they are.

    Examples
    --------
    >>> name_cells(["a!B2", "a!B3"]), name_cells([f"a!B{row}" for row in range(2, 9)])
    ('a!B2; a!B3', 'a!B2; a!B3; a!B4; … (7)')
    """
    named = list(dict.fromkeys(filter(None, cells)))
    more = f"; … ({len(named)})" if len(named) > _SHOWN else ""
    return "; ".join(named[:_SHOWN]) + more


def add_inventory(panel: Panel, frame: pd.DataFrame, index: Index) -> Panel:
    """Return the panel with the emissions of an inventory in the inputs that stand for them.

    Parameters
    ----------
    panel
        The user's table; areas and years that only the inventory has are left out, with a finding.
    frame
        Rows as :meth:`carbonacct.Inventory.to_frame` gives them, perhaps with the cell of each in
        ``where``; value in t. Emissions of an index
        are those of energy: what other sectors emit is left out, and said.
    index
        Says which inputs it wants.

    Raises
    ------
    IndexDataError
        If the table gives the same emissions and they differ by more than 0.5 %.
    """
    wanted = [about for about in index.inputs.values() if about.scopes]
    frame = frame[frame["gas"] == "CO2"]
    is_energy = _find_energy(frame)
    amounts: list[GivenAmount] = []
    for key, part in frame[is_energy].groupby(["area", "year"], sort=False, observed=True):
        area, year = str(key[0]), int(key[1])  # type: ignore[call-overload]
        amounts += [
            GivenAmount(area, year, about, *_sum_emissions(part, about)) for about in wanted
        ]
    notes = _note_other_sectors(frame[~is_energy]) if wanted else []
    return put_amounts(panel, amounts, "inventory", notes)


def _find_energy(frame: pd.DataFrame) -> np.ndarray:
    """Return which rows are of energy: fuels, what leaks of them, electricity and heat."""
    if "category" not in frame:
        return np.ones(len(frame), bool)
    known = {code: sector_of(code) == "energy" for code in map(str, frame["category"].unique())}
    return np.array([known[str(code)] for code in frame["category"]], bool)


def _note_other_sectors(rows: pd.DataFrame) -> list[Finding]:
    """Say what the other sectors of an inventory emit, which an index does not count."""
    sums = rows.groupby(["area", "year"], sort=False, observed=True)["value"].sum().reset_index()
    return [
        Finding(
            "index-energy-alone",
            "info",
            say(
                "emissions of the index are those of energy: {amount} t CO2 of the other sectors "
                "of {area} {year} are not in them",
                amount=f"{amount:,.0f}",
                area=area,
                year=year,
            ),
            "",
            say("leave the inventory out and give co2 in the table if it is to hold them"),
        )
        for area, year, amount in zip(sums["area"], sums["year"], sums["value"], strict=True)
    ]


def add_quantities(panel: Panel, use: EnergyUse, index: Index) -> Panel:
    """Return the panel with the energy of a table in the inputs that stand for quantities of it (electricity used).

    Raises
    ------
    IndexDataError
        If the table gives the same amount and they differ by more than 0.5 %.

    Examples
    --------
    >>> import carbonacct as ca
    >>> import pandas as pd
    >>> from carbonacct.indices.index_panel import panel_from_frame
    >>> from carbonacct.sectors.energy.energy_use import list_energy_use
    >>> index = ca.load_index("ccni-2.0")
    >>> panel = panel_from_frame(pd.DataFrame({"area": ["重庆市"], "year": [2007], "gdp": [4676.13]}), index)
    >>> [use] = list_energy_use(ca.read_balance("docs/tables/chongqing_2007.csv"))
    >>> round(add_quantities(panel, use, index).values.sel(input="electricity").item(), 2)
    449.21
    """
    asked = [
        about
        for about in index.inputs.values()
        if about.products and not about.scopes and not about.energy_flows
    ]
    found = [use.sum_quantities(_ask(about)) for about in asked]
    return put_amounts(panel, _list_amounts(asked, found), "balance")


def add_coal_equivalent(
    panel: Panel, use: EnergyUse, index: Index, *, method: str, power_rate: float | None = None
) -> Panel:
    """Return the panel with the energy of a table in the inputs that stand for energy in coal equivalent.

    Parameters
    ----------
    panel
        The user's table.
    use
        In physical quantity, or in coal equivalent.
    index
        Says which inputs it wants: ``energy_flows`` in ``factors/vocabulary/index_inputs.csv``.
    method, power_rate
        As of :meth:`carbonacct.sectors.energy.energy_use.EnergyUse.sum_coal_equivalent`.

    Raises
    ------
    IndexDataError
        If the table gives the same amount and they differ by more than 0.5 %.
    MethodError
        If the rate is not that of a power plant, or nothing can be counted at it.

    Notes
    -----
    Total consumption is final consumption, losses, and what transformation takes in more than it
    gives out, less recovered energy, which was counted when it was made: the table of 2019 of the
    nation has recovery among the outputs of transformation.

    Examples
    --------
    >>> import carbonacct as ca
    >>> import pandas as pd
    >>> from carbonacct.indices.index_panel import panel_from_frame
    >>> from carbonacct.sectors.energy.energy_use import list_energy_use
    >>> index = ca.load_index("ccni-2.0")
    >>> panel = panel_from_frame(pd.DataFrame({"area": ["重庆市"], "year": [2007], "gdp": [4676.13]}), index)
    >>> [use] = list_energy_use(ca.read_balance("docs/tables/chongqing_2007.csv"))
    >>> panel = add_coal_equivalent(panel, use, index, method="yearbook-2008")
    >>> round(panel.values.sel(input="energy").item(), 1)
    4264.3
    """
    asked = [about for about in index.inputs.values() if about.energy_flows]
    needs = [_ask(about) for about in asked]
    found = use.sum_coal_equivalent(needs, method=method, power_rate=power_rate)
    calorific = [about for about in asked if about.power == "added" and power_rate is None]
    notes = [_note_calorific(about) for about in calorific]
    return put_amounts(panel, _list_amounts(asked, found), "balance", notes)


def _list_amounts(asked: Iterable[Input], found: Iterable[EnergyAmounts]) -> list[GivenAmount]:
    return [
        GivenAmount(
            area,
            year,
            about,
            float(held.values[a, y]),
            held.lacking[a, y],
            name_cells(held.list_cells(a, y)),
        )
        for about, held in zip(asked, found, strict=True)
        for a, area in enumerate(held.areas)
        for y, year in enumerate(held.years)
    ]


def _ask(about: Input) -> EnergyNeed:
    flows = about.energy_flows or about.flows
    return EnergyNeed(flows, about.products, about.unit, about.power)


def _note_calorific(about: Input) -> Finding:
    """Report that electricity counts at its calorific value where no rate is given."""
    text = say(
        "{id} of the balance counts electricity at its calorific value; "
        "published totals may count it at the coal that power plants use",
        id=about.id,
    )
    action = say("give the power rate in kgce/kWh for those")
    return Finding("calorific-electricity", "info", text, "", action)


def _sum_emissions(part: pd.DataFrame, about: Input) -> tuple[float, str, str]:
    """Return the emissions that an input stands for, in its unit, or what lacks for them, and their cells."""
    if about.flows:
        part = part[
            [
                any(flow == wanted or flow.startswith(f"{wanted}.") for wanted in about.flows)
                for flow in part["flow"]
            ]
        ]
        if part.empty:
            return np.nan, join_texts(" and ", about.flows), ""
    counted = [part[part["scope"] == scope] for scope in about.scopes]
    lacking = [
        say("scope {scope}", scope=scope)
        for scope, rows in zip(about.scopes, counted, strict=True)
        if rows.empty
    ]
    if any(
        scope == 2 and len(rows) and not has_electricity(rows["product"])
        for scope, rows in zip(about.scopes, counted, strict=True)
    ):
        lacking.append(say("electricity of scope 2"))
    total = sum(float(rows["value"].sum()) for rows in counted)
    cells = [cell for rows in counted if "where" in rows for cell in rows["where"]]
    factor = conversion_factor("t CO2", about.unit)
    return total * factor, join_texts(" and ", lacking), name_cells(cells)


def put_amounts(
    panel: Panel, amounts: Iterable[GivenAmount], source: str, notes: Iterable[Finding] = ()
) -> Panel:
    """Return the panel with these amounts, each compared with what the table gives.

    Raises
    ------
    IndexDataError
        If they differ by more than 0.5 %.
    """
    values, status, place = (
        array.copy(deep=True) for array in (panel.values, panel.status, panel.place)
    )
    areas = {fold_area(str(area)): str(area) for area in panel.values["area"].values}
    years = set(panel.values["year"].values.tolist())
    findings, faults = [*panel.findings, *notes], []
    named = {
        "inventory": say("inventory"),
        "balance": say("balance"),
        "activity": say("activity table"),
    }[source]
    for name, year, about, amount, lacking, cells in amounts:
        area = areas.get(fold_area(name))
        if area is None or year not in years:
            text = say(
                "the {source} of {name} {year} was not used: the table has no row of it",
                source=named,
                name=name,
                year=year,
            )
            findings.append(Finding(f"{source}-not-used", "warning", text, "", say("add the row")))
            continue
        cell = {"area": area, "year": year, "input": about.id}
        if lacking:
            text = say(
                "{id} of {area} {year} is not taken from the {source}, which has no "
                "number of {lacking}",
                id=about.id,
                area=area,
                year=year,
                source=named,
                lacking=lacking,
            )
            findings.append(
                Finding(
                    f"{source}-incomplete",
                    "warning",
                    text,
                    "",
                    say(
                        "give {id} in the table, or complete the {source}",
                        id=about.id,
                        source=named,
                    ),
                )
            )
            continue
        given = values.loc[cell].item()
        if not np.isnan(given) and abs(given - amount) > AGREEMENT * abs(amount):
            unit = about.unit_zh or about.unit
            faults.append(
                say(
                    "{place}: {id} is {given:g}, the {source} gives {amount:g} {unit}; "
                    "clear the cell, or leave out the {source}",
                    place=panel.place.loc[cell].item(),
                    id=about.id,
                    given=given,
                    source=named,
                    amount=amount,
                    unit=unit,
                )
            )
        values.loc[cell], status.loc[cell] = amount, source
        place.loc[cell] = cells or place.loc[cell].item()
    if faults:
        raise IndexDataError(join_texts("\n", faults))
    return replace(
        panel, values=values, status=status, place=place, findings=tuple(dict.fromkeys(findings))
    )


def fold_area(area: str) -> str:
    """Return what any spelling of an area has in common: its id, or its name without what spelling changes."""
    return vocabulary.resolve("area", area) or vocabulary.fold(area)
