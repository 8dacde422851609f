"""The factors of the reference approach: one of each fuel for the area as a whole, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import FactorNotFoundError
from carbonacct.factors import FactorTable, Method, row_value
from carbonacct.sectors.energy.chain import build_chain
from carbonacct.texts import join_texts, say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from carbonacct.balances import EnergyBalance
    from carbonacct.sectors.energy.chain import Chain


@dataclass(frozen=True)
class ReferenceFactors:
    """The factor of each product and year (area, year, product), and what it is made of.

    Attributes
    ----------
    factor
        t CO2 per unit of the product.
    energy
        GJ per unit; NaN where the factor is per tonne or cubic metre.
    oxidation
        The fraction of the carbon that burns.
    carbon
        t C per unit.
    """

    factor: np.ndarray
    energy: np.ndarray
    oxidation: np.ndarray
    carbon: np.ndarray


def find_reference_factors(
    balance: EnergyBalance, method: Method, needed: np.ndarray, products: list[str], *, row: int
) -> ReferenceFactors:
    """Return the first complete CO2 chain of each product for the area as a whole: that of a row of supply."""
    shape = needed.shape
    factor, energy, oxidation, ratio = (np.full(shape, np.nan) for _ in range(4))
    columns = [balance.products.index(product) for product in products]
    for parameters in method.chains["CO2"]:
        chain = build_chain(balance, method, parameters, products, gas="CO2")
        for product, p in zip(products, columns, strict=True):
            use = chain.complete[:, :, row, p] & np.isnan(factor[..., p])
            parts = _split(chain, balance, method, product, where=(row, p))
            for array, part in zip((factor, energy, oxidation, ratio), parts, strict=True):
                array[..., p] = np.where(use, part, array[..., p])
    lacking = sorted({balance.products[p] for _, _, p in np.argwhere(needed & np.isnan(factor))})
    if lacking:
        raise FactorNotFoundError(
            say(
                "{first_address}: {id} has no factor of CO2 for {lacking} of the area as a "
                "whole; lay an overlay with the rows over the method (--overlay)",
                first_address=balance.first_address(),
                id=method.id,
                lacking=join_texts(", ", lacking),
            )
        )
    return ReferenceFactors(factor, energy, oxidation, factor / (oxidation * ratio))


def _split(
    chain: Chain, balance: EnergyBalance, method: Method, product: str, *, where: tuple[int, int]
) -> tuple[np.ndarray, ...]:
    """Return the factor of one product (area, year), its energy per unit, its oxidation and its t CO2 per t C."""
    row, column = where
    held = str(balance.amounts["unit"].values[balance.products.index(product)])
    energy, oxidation, ratio = np.ones(()), np.ones(()), None
    for parameter, units, selection, divides in zip(
        chain.parameters, chain.units, chain.selections, chain.divided, strict=True
    ):
        if product not in units:
            continue
        values = selection.values[:, :, row, column]
        if parameter in {"net_calorific_value", "coal_equivalent_coefficient"}:
            energy, held = (
                energy / values if divides else energy * values,
                _unit_after(units[product], divides=divides),
            )
        elif parameter == "oxidation_factor":
            oxidation = values
        elif parameter == "carbon_to_co2":
            ratio = values
    if ratio is None:  # an emission factor: what it holds of carbon follows from the constant
        published = FactorTable(method.sources, "carbon_to_co2").choose(
            "", "", "", balance.years[0]
        )
        ratio = np.full((), row_value(published, "t CO2/t C") if published else np.nan)
    if held in {"t", "m3"}:  # the factor is per tonne: its energy is not told
        return chain.factor[:, :, row, column], np.full((), np.nan), oxidation, ratio
    return chain.factor[:, :, row, column], energy * conversion_factor(held, "GJ"), oxidation, ratio


def _unit_after(unit: str, *, divides: bool) -> str:
    """Return what comes out of a step: the upper unit, or the lower one where the step divides."""
    upper, lower = unit.split("/")
    return lower if divides else upper
