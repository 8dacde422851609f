"""Energy and carbon of one unit of each product, by the factors of the inventory's own method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import CarbonacctError
from carbonacct.product_groups import group_of
from carbonacct.sectors.energy.calorific import list_energy_units
from carbonacct.sectors.energy.chain import build_chain
from carbonacct.sectors.energy.inventory_cache import keep_per_record
from carbonacct.sectors.energy.tracing import list_steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.sectors.energy import EnergyInventory
    from carbonacct.sectors.energy.chain import Chain
    from carbonacct.sectors.energy.tracing import FactorStep


@dataclass(frozen=True)
class ProductMeasure:
    """What one unit of each product stands for, and the factors that say so.

    Attributes
    ----------
    per_unit
        By area, year and product; NaN where the method has no factor.
    flow, chain
        The same shape: in which row of the table the factor was found, and in which of ``chains``;
        -1 where a unit alone says it.
    """

    per_unit: np.ndarray
    flow: np.ndarray
    chain: np.ndarray
    chains: tuple[Chain, ...]


def measure_energy(inventory: EnergyInventory) -> np.ndarray:
    """Return GJ per unit of each product (area, year, product) by calorific values, NaN where there is none."""
    return find_energy(inventory).per_unit


def measure_carbon(inventory: EnergyInventory) -> np.ndarray:
    """Return the carbon per unit of each product (area, year, product), in t CO2, burnt or not.

    NaN where the method has none.
    """
    return find_carbon(inventory).per_unit


@keep_per_record
def find_energy(inventory: EnergyInventory) -> ProductMeasure:
    """Return :func:`measure_energy` with the factors behind it."""
    balance, energy = inventory.balance, list_energy_units(inventory.balance)
    found = _per_unit(
        inventory,
        [("net_calorific_value",)],
        [product for product in balance.products if product not in energy],
    )
    for product, factor in energy.items():
        found.per_unit[..., balance.products.index(product)] = factor
    return found


@keep_per_record
def find_carbon(inventory: EnergyInventory) -> ProductMeasure:
    """Return :func:`measure_carbon` with the factors behind it."""
    chains = [
        tuple(step for step in chain if step != "oxidation_factor")
        for chain in inventory.method.chains.get("CO2", ())
    ]
    return _per_unit(inventory, chains, list_carriers(inventory))


def list_rates(
    measure: ProductMeasure, inventory: EnergyInventory, area: str, year: int, *, product: str
) -> tuple[FactorStep, ...]:
    """Return the factors that :class:`ProductMeasure` multiplies a product with."""
    balance = inventory.balance
    a, y, p = balance.areas.index(area), balance.years.index(year), balance.products.index(product)
    if measure.chain[a, y, p] < 0:
        return ()
    return list_steps(
        measure.chains[measure.chain[a, y, p]],
        inventory.method,
        product,
        (a, y, int(measure.flow[a, y, p]), p),
    )


def list_carriers(inventory: EnergyInventory) -> list[str]:
    """Return the products of a table whose carbon is followed: fossil fuels and wastes."""
    return [product for product in inventory.balance.products if group_of(product).has_carbon]


def _per_unit(
    inventory: EnergyInventory, chains: Sequence[Sequence[str]], products: Sequence[str]
) -> ProductMeasure:
    """Return the factor of each product outside the rows that burn, whose rows may hold other fuels of its name."""
    balance, method = inventory.balance, inventory.method
    found, number = np.full(balance.amounts.shape, np.nan), np.full(balance.amounts.shape, -1)
    columns = [balance.products.index(product) for product in products]
    built: list[Chain] = []
    for parameters in chains:
        try:
            chain = build_chain(balance, method, parameters, products, gas="CO2")
        except CarbonacctError:
            continue  # a table in coal equivalent, and a method without coefficients for it
        use = np.isnan(found[..., columns])
        number[..., columns] = np.where(
            use & chain.complete[..., columns], len(built), number[..., columns]
        )
        found[..., columns] = np.where(use, chain.factor[..., columns], found[..., columns])
        built.append(chain)
    still = [
        f
        for f, flow in enumerate(balance.flows)
        if method.role(flow, balance.parents) in {"supply", "total", "memo"}
    ]
    # The rows that do not burn come first, and the others where none of them has a factor.
    order = np.array([*still, *(f for f in range(len(balance.flows)) if f not in still)], dtype=int)
    where = order[np.argmax(~np.isnan(found[:, :, order]), axis=2)]
    values, numbers = (
        np.take_along_axis(array, where[:, :, None], axis=2)[:, :, 0] for array in (found, number)
    )
    return ProductMeasure(values, where, numbers, tuple(built))
