"""What an index takes from an inventory and from the energy balance behind it, so that nobody copies it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import Finding, IndexDataError
from carbonacct.indices.indicator_values import AGREEMENT
from carbonacct.sectors.energy.finest_cells import find_finest_cells, find_numbers
from carbonacct.texts import join_texts, say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from carbonacct.balances import EnergyBalance
    from carbonacct.indices.index_declaration import Index, Input
    from carbonacct.indices.index_panel import Panel

    Amount = tuple[
        str, int, Input, float, str
    ]  # area, year, input, number in its unit, what lacks for it


def add_inventory(panel: Panel, frame: pd.DataFrame, index: Index) -> Panel:
    """Return the panel with the emissions of an inventory in the inputs that stand for them.

    Parameters
    ----------
    panel
        The user's table; areas and years that only the inventory has are left out, and said.
    frame
        Rows as :meth:`carbonacct.EnergyInventory.to_frame` gives them; value in t.
    index
        Says which inputs it wants.

    Raises
    ------
    IndexDataError
        If the table gives the same emissions and they differ by more than 0.5 %.
    """
    wanted = [about for about in index.inputs.values() if about.scopes]
    amounts: list[Amount] = []
    for key, part in frame[frame["gas"] == "CO2"].groupby(["area", "year"], sort=False):
        area, year = str(key[0]), int(key[1])  # type: ignore[call-overload]
        amounts += [(area, year, about, *_sum_emissions(part, about)) for about in wanted]
    return put_amounts(panel, amounts, "inventory")


def add_balance(panel: Panel, balance: EnergyBalance, index: Index) -> Panel:
    """Return the panel with the amounts of an energy balance in the inputs that stand for them (electricity used).

    Raises
    ------
    IndexDataError
        If the table gives the same amount and they differ by more than 0.5 %.

    Examples
    --------
    >>> import carbonacct as ca
    >>> import pandas as pd
    >>> from carbonacct.indices.index_panel import panel_from_frame
    >>> index = ca.load_index("ccni-2.0")
    >>> panel = panel_from_frame(pd.DataFrame({"area": ["重庆市"], "year": [2007], "gdp": [4676.13]}), index)
    >>> panel = add_balance(panel, ca.read_balance("docs/tables/chongqing_2007.csv"), index)
    >>> round(panel.values.sel(input="electricity").item(), 2)
    449.21
    """
    numbers = np.where(count_once(balance), balance.amounts.values, np.nan)
    amounts: list[Amount] = []
    for about in index.inputs.values():
        if about.scopes or about.energy_flows or not about.products:
            continue
        rows = [
            position
            for position, flow in enumerate(balance.flows)
            if any(vocabulary.is_within(flow, wanted, balance.parents) for wanted in about.flows)
        ]
        columns = [
            position
            for position, product in enumerate(balance.products)
            if product in about.products
        ]
        units = [str(balance.amounts["unit"].values[column]) for column in columns]
        what = " and ".join(about.products) + (
            say(" in physical quantity") if "tce" in units else ""
        )
        # Coal equivalent does not say at which rate electricity was turned into it, so it is not
        # turned back.
        factors = np.array(
            [np.nan if unit == "tce" else conversion_factor(unit, about.unit) for unit in units]
        )
        held = numbers[:, :, rows][..., columns] * factors
        for (a, area), (y, year) in (
            (a, y) for a in enumerate(balance.areas) for y in enumerate(balance.years)
        ):
            there = not np.isnan(held[a, y]).all()
            amounts.append(
                (
                    area,
                    year,
                    about,
                    float(np.nansum(held[a, y])) if there else np.nan,
                    "" if there else what,
                )
            )
    return put_amounts(panel, amounts, "balance")


def count_once(balance: EnergyBalance) -> NDArray[np.bool_]:
    """Return the cells that hold each amount once: the finest, without what is printed as a part of a row that counts (feedstock of industry)."""
    counted, number = find_finest_cells(balance), find_numbers(balance.amounts.values)
    known = vocabulary.flows()
    for position, flow in enumerate(balance.flows):
        parent = vocabulary.parent_of(flow, balance.parents)
        if known[flow].part == "of" and parent in balance.flows:
            counted[:, :, position] &= ~number[:, :, balance.flows.index(parent)]
    return counted


def _sum_emissions(part: pd.DataFrame, about: Input) -> tuple[float, str]:
    """Return the emissions that an input stands for, in its unit, or what the inventory lacks for them."""
    if about.flows:
        part = part[
            [
                any(flow == wanted or flow.startswith(f"{wanted}.") for wanted in about.flows)
                for flow in part["flow"]
            ]
        ]
        if part.empty:
            return np.nan, " and ".join(about.flows)
    counted = [part[part["scope"] == scope] for scope in about.scopes]
    lacking = [
        say("scope {scope}", scope=scope)
        for scope, rows in zip(about.scopes, counted, strict=True)
        if rows.empty
    ]
    if any(
        scope == 2 and len(rows) and "electricity" not in set(rows["product"])
        for scope, rows in zip(about.scopes, counted, strict=True)
    ):
        lacking.append(say("electricity of scope 2"))  # heat alone is no scope 2
    return sum(float(rows["value"].sum()) for rows in counted) * conversion_factor(
        "t CO2", about.unit
    ), " and ".join(lacking)


def put_amounts(
    panel: Panel, amounts: Iterable[Amount], source: str, notes: Iterable[Finding] = ()
) -> Panel:
    """Return the panel with these amounts, each compared with what the table gives.

    Raises
    ------
    IndexDataError
        If they differ by more than 0.5 %.
    """
    values, status = panel.values.copy(deep=True), panel.status.copy(deep=True)
    areas = {_same(str(area)): str(area) for area in panel.values["area"].values}
    years = set(panel.values["year"].values.tolist())
    findings, faults = [*panel.findings, *notes], []
    named = say("inventory") if source == "inventory" else say("balance")
    for name, year, about, amount, lacking in amounts:
        area = areas.get(_same(name))
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
    if faults:
        raise IndexDataError(join_texts("\n", faults))
    return replace(panel, values=values, status=status, findings=tuple(dict.fromkeys(findings)))


def _same(area: str) -> str:
    return vocabulary.resolve("area", area) or vocabulary.fold(area)
