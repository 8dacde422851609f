"""Carbon is never made: what a transformation puts out is at most what went in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import CarbonacctError, Finding
from carbonacct.inventory.chain import build_chain

if TYPE_CHECKING:
    from carbonacct.factors import Method
    from carbonacct.tables import EnergyBalance

_PASSING_ON = ("coal_washing", "coking", "refining", "gas_works", "briquette_making", "gas_liquefaction")
_CARBON = {"coal", "coal_gas", "oil", "gas"}
_EXCESS = 0.02  # calorific values and carbon contents of inputs and outputs are not from one sample


def check_carbon(balance: EnergyBalance, method: Method) -> list[Finding]:
    """Compare the carbon that each transformation puts out with the carbon that goes in.

    Parameters
    ----------
    balance
        The table.
    method
        Its carbon per unit of product; a product without one is left out of the comparison.

    Returns
    -------
    list of Finding
        One for each transformation, area and year that puts out more than 2 % above its inputs.
    """
    flows = [flow for flow in balance.flows if flow in _PASSING_ON]
    columns = [i for i, p in enumerate(balance.products) if vocabulary.products()[p].group in _CARBON]
    if not flows or not columns or method.covers:
        return []
    products = [balance.products[i] for i in columns]
    per_unit = np.full((len(balance.areas), len(balance.years), len(balance.flows), len(columns)), np.nan)
    for parameters in method.chains:
        steps = [parameter for parameter in parameters if parameter != "oxidation_factor"]  # the carbon is there, burnt or not
        try:
            chain = build_chain(balance, method, steps, products, "CO2")
        except CarbonacctError:
            return []
        per_unit = np.where(np.isnan(per_unit), chain.factor, per_unit)
    findings = []
    for flow in flows:
        f = balance.flows.index(flow)
        carbon = balance.amounts.values[:, :, f, columns] * per_unit[:, :, f]
        out, into = np.nansum(np.maximum(carbon, 0), axis=2), -np.nansum(np.minimum(carbon, 0), axis=2)
        for a, y in np.argwhere(out > into * (1 + _EXCESS) + 1e-9):
            place = balance.place.values[a, y, f][columns]
            where = balance.places.address(int(place[np.nanargmax(np.nan_to_num(carbon[a, y]))]))
            findings.append(Finding("carbon-made", "warning",
                                    f"{flow} puts out {out[a, y]:.6g} t CO2 of carbon and takes in {into[a, y]:.6g}: {out[a, y] - into[a, y]:.6g} more",
                                    where, "an input may be missing, or printed under another row"))  # fmt: skip
    return findings
