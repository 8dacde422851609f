"""The energy of one unit of each product, by which tables in TJ, checks and diagrams multiply amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.sectors.energy.chain import build_chain
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method


def find_energy_per_unit(balance: EnergyBalance, method: Method) -> np.ndarray:
    """Return GJ per canonical unit of each cell (area, year, flow, product), NaN without a calorific value.

    Parameters
    ----------
    balance
        Its labels and units; a column in GJ, kWh or coal equivalent is energy already.
    method
        Its net calorific values, with its substitutes.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> energy = find_energy_per_unit(balance, ca.load_method("provincial-2011"))
    >>> float(energy[0, 0, 0, balance.products.index("diesel")])
    42.652
    """
    energy = list_energy_units(balance)
    physical = [product for product in balance.products if product not in energy]
    found = np.array(
        build_chain(balance, method, ["net_calorific_value"], physical, gas="CO2").factor
    )
    for product, factor in energy.items():
        found[..., balance.products.index(product)] = factor
    return found


def list_energy_units(balance: EnergyBalance) -> dict[str, float]:
    """Return GJ per unit of the products whose unit is one of energy."""
    units = zip(balance.products, map(str, balance.amounts["unit"].values), strict=True)
    return {
        product: conversion_factor(unit, "GJ")
        for product, unit in units
        if unit in {"GJ", "kWh", "tce"}
    }
