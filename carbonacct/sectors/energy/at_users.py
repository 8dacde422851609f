"""Electricity and heat counted where they are used, by the grid's factor: scope 2 and 3 of cities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.inventory.entry_columns import make_entries
from carbonacct.inventory.joining import stack_entries
from carbonacct.inventory.record import Inventory
from carbonacct.sectors.energy.end_use import find_use
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from carbonacct.sectors.energy.imported_energy import find_imported_energy

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.sectors.energy.cube import EnergyInventory

_LOSSES = "losses"


def count_at_users(inventory: EnergyInventory, *, grid: str | None = None) -> Inventory:
    """Return what each user of electricity and heat causes outside, in t CO2.

    Parameters
    ----------
    inventory
        An inventory of an energy balance: its table says who uses electricity and heat.
    grid
        As in :func:`carbonacct.compile_inventory`: which factor of the grid.

    Returns
    -------
    Inventory
        Entries of scope 2 (kind ``scope2``): all that a flow uses, times the factor of the grid;
        and of scope 3 (kind ``scope3``): the losses of the grid, by what each flow uses. One
        without a factor is NE. They are an account of their own, and not added to an inventory:
        that has the electricity made in the area at its plants.

    Notes
    -----
    Global Protocol for Community-Scale Greenhouse Gas Inventories (GPC) 1.1, 6.5 (scope 2 by the
    location of use, transmission and distribution losses in scope 3).

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/beijing_2007.csv", method="provincial-2011")
    >>> users = count_at_users(cube)
    >>> users.select(flow="transport", product="heat").entries["value"].tolist()
    [559284.0]
    """
    balance, method = inventory.balance, inventory.method
    found = [
        _of_product(inventory, one.column, one.chain.factor[:, :, 0, one.column])
        for one in find_imported_energy(balance, method, find_finest_cells(balance), grid=grid)
    ]
    return Inventory(entries=stack_entries([frame for pair in found for frame in pair]))


def _of_product(
    inventory: EnergyInventory, p: int, factor: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the entries of use and of losses of one product; the factor is (area, year)."""
    balance = inventory.balance
    use = find_use(balance, p, sent_out=False)
    total = use.sum(axis=2, keepdims=True)
    lost = np.zeros(use.shape[:2])
    if _LOSSES in balance.flows:
        column = balance.amounts.values[:, :, balance.flows.index(_LOSSES), p]
        lost = np.maximum(np.nan_to_num(column), 0.0)
    share = np.divide(use, total, out=np.zeros_like(use), where=total > 0)
    losses = share * lost[..., None]
    return (
        _make(inventory, p, use, factor, scope=(2, "scope2")),
        _make(inventory, p, losses, factor, scope=(3, "scope3")),
    )


def _make(
    inventory: EnergyInventory,
    p: int,
    amount: np.ndarray,
    factor: np.ndarray,
    *,
    scope: tuple[int, str],
) -> pd.DataFrame:
    balance = inventory.balance
    a, y, f = np.nonzero(amount)
    values = amount[a, y, f] * factor[a, y]
    flows = np.array(balance.flows, dtype=object)[f]
    known = vocabulary.flows()
    return make_entries(
        {
            "area": np.array(balance.areas, dtype=object)[a],
            "year": np.array(balance.years)[y],
            "sector": "energy",
            "flow": flows,
            "product": balance.products[p],
            "category": np.array(
                [known[vocabulary.base_of(flow)].category for flow in flows], dtype=object
            ),
            "scope": scope[0],
            "kind": scope[1],
            "gas": "CO2",
            "value": values,
            "notation": np.where(np.isnan(values), "NE", ""),
            "activity": amount[a, y, f],
            "activity_unit": str(balance.amounts["unit"].values[p]),
            "method": inventory.method.id,
        }
    )
