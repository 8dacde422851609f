"""Energy and carbon of one unit of each product, by the factors of the inventory's own method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import CarbonacctError
from carbonacct.inventory.calorific import find_energy_per_unit
from carbonacct.inventory.chain import build_chain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.inventory import Inventory

_NO_CARBON = frozenset({"electricity", "heat", "biomass", "other"})


def measure_energy(inventory: Inventory) -> np.ndarray:
    """Return GJ per unit of each product (area, year, product) by the method's calorific values, NaN where it has none."""
    return _outside_burning(inventory, find_energy_per_unit(inventory.balance, inventory.method))


def measure_carbon(inventory: Inventory) -> np.ndarray:
    """Return the carbon per unit of each product (area, year, product), in t CO2, burnt or not; NaN where the method has none."""
    chains = [tuple(step for step in chain if step != "oxidation_factor") for chain in inventory.method.chains.get("CO2", ())]
    return _per_unit(inventory, chains, list_carriers(inventory))


def list_carriers(inventory: Inventory) -> list[str]:
    """Return the products of a table whose carbon is followed: fossil fuels and wastes."""
    return [p for p in inventory.balance.products if vocabulary.products()[p].group not in _NO_CARBON]


def _per_unit(inventory: Inventory, chains: Sequence[Sequence[str]], products: Sequence[str]) -> np.ndarray:
    """Return the factor of each product by the first of some chains that has one."""
    balance, method = inventory.balance, inventory.method
    found = np.full(balance.amounts.shape, np.nan)
    columns = [balance.products.index(product) for product in products]
    for parameters in chains:
        try:
            chain = build_chain(balance, method, parameters, products, "CO2")
        except CarbonacctError:
            continue  # a table in coal equivalent, and a method without coefficients for it
        found[..., columns] = np.where(np.isnan(found[..., columns]), chain.factor[..., columns], found[..., columns])
    return _outside_burning(inventory, found)


def _outside_burning(inventory: Inventory, found: np.ndarray) -> np.ndarray:
    """Return the factor of each product outside the rows that burn, whose own rows may hold other fuels of that name."""
    balance, method = inventory.balance, inventory.method
    still = [f for f, flow in enumerate(balance.flows) if method.role(flow, balance.parents) in {"supply", "total", "memo"}]
    result = _first(found[:, :, still])
    return np.where(np.isnan(result), _first(found), result)


def _first(values: np.ndarray) -> np.ndarray:
    """Return the first number along the flows, NaN where there is none."""
    if not values.shape[2]:
        return np.full((*values.shape[:2], values.shape[3]), np.nan)
    where = np.argmax(~np.isnan(values), axis=2)
    return np.asarray(np.take_along_axis(values, where[:, :, None], axis=2)[:, :, 0])
