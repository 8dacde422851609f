"""What reports ask of the table behind an energy inventory: which cells count, energy, chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.sectors.energy import calorific, feedstock, reference_approach
from carbonacct.sectors.energy.chain import build_chain
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from carbonacct.sectors.energy.inventory_cache import keep_per_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from carbonacct.sectors.energy.chain import Chain
    from carbonacct.sectors.energy.cube import EnergyInventory


@keep_per_record
def find_leaves(inventory: EnergyInventory) -> np.ndarray:
    """Return the cells of an inventory's table that count."""
    return find_finest_cells(inventory.balance)


def measure_cells(inventory: EnergyInventory) -> np.ndarray:
    """Return GJ per canonical unit of each cell; NaN where the method has no calorific value."""
    return calorific.find_energy_per_unit(inventory.balance, inventory.method)


def list_feedstock_rows(inventory: EnergyInventory) -> list[str]:
    """Return the rows of the table that are feedstock for the method."""
    return feedstock.list_feedstock_flows(inventory.balance, inventory.method)


def is_plant(inventory: EnergyInventory, flow: str) -> bool:
    """Return whether a row is a transformation: what burns there is printed as a negative input."""
    return inventory.balance.is_part(flow, "transformation")


def find_supply(inventory: EnergyInventory) -> int:
    """Return the place of a row of supply, in which no factor for a sector is taken."""
    return reference_approach.find_supply_row(inventory.balance)


def build_chains(inventory: EnergyInventory, products: Sequence[str]) -> list[Chain]:
    """Return the chains of CO2 of the method for some products."""
    balance, method = inventory.balance, inventory.method
    return [build_chain(balance, method, one, products, gas="CO2") for one in method.chains["CO2"]]
