"""A table as if it were of another year, and the factors that an inventory of it has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from carbonacct.balances import EnergyBalance
    from carbonacct.sectors.energy.cube import EnergyInventory

# A factor by flow, product and gas, in t of the gas a unit of the activity.
Cell = tuple[str, str, str]


def take_year(balance: EnergyBalance, area: str, printed: int, year: int) -> EnergyBalance:
    """Return the part of a balance of one area and year, under another year; no finding is of that.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> take_year(balance, "重庆", 2007, 2010).years
    [2010]
    """
    at = {"area": [balance.areas.index(area)], "year": [balance.years.index(printed)]}
    arrays = {
        name: getattr(balance, name).isel(at).assign_coords(year=[year])
        for name in ("amounts", "status", "place")
    }
    return replace(balance, **arrays, findings=(), standard=None, origins=None)


def list_factors(inventory: EnergyInventory, wanted: Collection[Cell]) -> dict[Cell, float]:
    """Return the factors that an inventory of one area and year has for some cells."""
    flows, products, gases = (
        {name: at for at, name in enumerate(names)}
        for names in (inventory.balance.flows, inventory.balance.products, inventory.gases)
    )
    found = {}
    for flow, product, gas in wanted:
        if flow in flows and product in products and gas in gases:
            factor = float(inventory.factor[0, 0, flows[flow], products[product], gases[gas]])
            if not np.isnan(factor):
                found[flow, product, gas] = factor
    return found
