"""Fuel whose carbon another sector counts: taken out of what burns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.sectors.energy.carbon import find_carbon

if TYPE_CHECKING:
    from carbonacct.sectors.energy.cube import EnergyInventory


def measure_carbon(inventory: EnergyInventory, cells: tuple[np.ndarray, ...]) -> np.ndarray:
    """Return the carbon of what burns in cells, in t CO2 before oxidation; 0 where none is known.

    Parameters
    ----------
    cells
        Places (area, year, flow, product) in the table.
    """
    columns, at = np.unique(cells[3], return_inverse=True)
    balance = inventory.balance
    products = [balance.products[column] for column in columns]
    per_unit = find_carbon(balance, inventory.method, products)
    shape = (*inventory.activity.shape[:3], len(columns))
    whole = np.broadcast_to(per_unit, shape)[(*cells[:3], at)]
    return np.asarray(np.nan_to_num(inventory.activity[cells] * whole))


def pass_on(
    inventory: EnergyInventory, source: str, cells: tuple[np.ndarray, ...], part: float
) -> EnergyInventory:
    """Return an inventory in which a part of what burns in some cells counts in another source.

    Parameters
    ----------
    source
        Which counts it: traces name it.
    cells
        Places (area, year, flow, product) in the table.
    part
        Of the activity of each, between 0 and 1.

    Notes
    -----
    All gases of the cells fall with their activity: what is no fuel does not burn.
    """
    less = np.zeros(inventory.activity.shape)
    less[cells] = inventory.activity[cells] * part
    made = replace(
        inventory,
        deduction=inventory.deduction + less,
        passed_on=(*inventory.passed_on, (source, less)),
    )
    values = inventory.emissions.values.copy()
    activity = made.activity[cells][:, None]
    # What is taken out whole emits nothing, with any factor or none: 0 x NaN is NaN.
    again = np.where(activity == 0, 0.0, activity * made.factor[cells])
    values[cells] = np.where(np.isnan(values[cells]), np.nan, again)
    return replace(made, emissions=inventory.emissions.copy(data=values))
