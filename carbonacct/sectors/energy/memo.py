"""Memo items: what is reported beside an inventory and is in none of its totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.sectors.energy.activity import find_covered
from carbonacct.sectors.energy.chain import find_factors
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from carbonacct.sectors.energy.inventory_cache import FRAME, keep_per_record

if TYPE_CHECKING:
    from carbonacct.balances import EnergyBalance
    from carbonacct.sectors.energy.cube import EnergyInventory

COLUMNS = ("area", "year", "flow", "product", "category", "gas", "value", "unit", "method")
BIOMASS = "1.D.3"


def find_memo_items(inventory: EnergyInventory) -> pd.DataFrame:
    """Return the memo items of an inventory, in t of each gas of it.

    Parameters
    ----------
    inventory
        With its balance and method.

    Returns
    -------
    DataFrame
        ``area, year, flow, product, category, gas, value, unit, method``. Categories of reporting
        table 1.D: ``1.D.1.a`` and ``1.D.1.b``, fuel loaded in the area for international aviation
        and navigation, and ``1.D.3``, CO2 of biomass. The value is NaN where the method has no
        factor for the fuel.

    Notes
    -----
    IPCC 2006 Guidelines, Vol. 2, Ch. 3, 3.5.1.3 and 3.6.1.3 (bunkers), and Ch. 2, 2.3.3.4
    (biomass). Foreign planes and ships refuelled here are no use of the area. What its own
    refuelled abroad is taken out of transport and no bunker of the area: it was loaded elsewhere,
    and stands in the memo items of whoever sold it.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/beijing_2007.csv", method="ipcc-2006")
    >>> find_memo_items(inventory).groupby("category").value.sum().round(-3).to_dict()
    {'1.D.1.a': 2371000.0}
    """
    return pd.concat([_find_bunkers(inventory), _find_biomass(inventory)], ignore_index=True)


shared_memo_items = keep_per_record(find_memo_items, FRAME)  # for reports, as shared_approaches


def _find_bunkers(inventory: EnergyInventory) -> pd.DataFrame:
    balance, method = inventory.balance, inventory.method
    category = _find_bunker_categories(balance)
    amount = np.where(
        find_finest_cells(balance) & (category != ""), np.abs(balance.amounts.values), np.nan
    )
    if np.isnan(amount).all():
        return pd.DataFrame(columns=list(COLUMNS))
    covered = find_covered(balance, method)
    frames = []
    for gas in map(str, inventory.emissions["gas"].values):
        factors = find_factors(balance, method, (np.nan_to_num(amount) != 0) & covered, gas)
        value = amount * np.where(amount == 0, 0.0, factors.factor)
        frames.append(_to_frame(inventory, ~np.isnan(amount), value, category, gas=gas))
    return pd.concat(frames, ignore_index=True)


def _find_bunker_categories(balance: EnergyBalance) -> np.ndarray:
    """Return the memo category of each cell (flow, product), planes by their fuels; empty where there is none."""
    rules = {
        (row["flow"], row["product"]): row["category"]
        for row in read_rows(data_folder() / "vocabulary" / "memo.csv")
    }
    flows, products = (
        [vocabulary.base_of(name) for name in names] for names in (balance.flows, balance.products)
    )
    return np.array(
        [
            [rules.get((flow, product), rules.get((flow, ""), "")) for product in products]
            for flow in flows
        ]
    )


def _find_biomass(inventory: EnergyInventory) -> pd.DataFrame:
    balance = inventory.balance
    gases = [str(gas) for gas in inventory.emissions["gas"].values]
    if "CO2" not in gases:
        return pd.DataFrame(columns=list(COLUMNS))
    biomass = np.array(
        [vocabulary.products()[product].group == "biomass" for product in balance.products]
    )
    burnt = np.where(biomass, inventory.activity, np.nan)
    value = burnt * np.where(burnt == 0, 0.0, inventory.factor[..., gases.index("CO2")])
    category = np.full((len(balance.flows), len(balance.products)), BIOMASS)
    return _to_frame(inventory, ~np.isnan(burnt), value, category, gas="CO2")


def _to_frame(
    inventory: EnergyInventory,
    here: np.ndarray,
    value: np.ndarray,
    category: np.ndarray,
    *,
    gas: str,
) -> pd.DataFrame:
    """Return one row per cell that has an amount."""
    balance = inventory.balance
    a, y, f, p = np.nonzero(here)
    labels = {
        "area": balance.areas,
        "year": balance.years,
        "flow": balance.flows,
        "product": balance.products,
    }
    columns = {
        name: np.array(known)[i]
        for (name, known), i in zip(labels.items(), (a, y, f, p), strict=True)
    }
    data = columns | {
        "category": category[f, p],
        "gas": gas,
        "value": value[a, y, f, p],
        "unit": "t",
        "method": inventory.method.id,
    }
    return pd.DataFrame(data, columns=list(COLUMNS))
