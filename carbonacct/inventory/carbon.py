"""Carbon is never made: what a transformation puts out is at most what went in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import CarbonacctError, Finding
from carbonacct.factors import compact
from carbonacct.inventory.chain import build_chain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.factors import Method
    from carbonacct.tables import EnergyBalance

# Rows that belong together: what is put in again is printed beside the process.
_PASSING_ON = (("coal_washing",), ("coking",), ("refining", "coal_to_liquids", "oil_reinput"), ("gas_works", "coke_reinput"),
               ("briquette_making",), ("gas_liquefaction",))  # fmt: skip
_CARBON = {"coal", "coal_gas", "oil", "gas"}
_EXCESS = 0.02  # calorific values and carbon contents of inputs and outputs are not from one sample


def find_carbon(balance: EnergyBalance, method: Method, products: Sequence[str]) -> np.ndarray:
    """Return the carbon of a unit of some products, in t CO2 before oxidation.

    Parameters
    ----------
    balance, method
        The table, and the method whose first complete CO2 chain counts.
    products
        Of the table.

    Returns
    -------
    ndarray
        (area or 1, year or 1, flow, product); NaN where the method knows none.
    """
    columns = [balance.products.index(product) for product in products]
    per_unit = np.full((1, 1, len(balance.flows), len(columns)), np.nan)
    for parameters in method.chains["CO2"]:
        steps = [name for name in parameters if name != "oxidation_factor"]  # the carbon is there, burnt or not
        chain = build_chain(balance, method, steps, products, "CO2")
        per_unit = np.where(np.isnan(per_unit), compact(chain.factor)[..., columns], per_unit)
    return per_unit


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
    groups = [
        rows
        for process in _PASSING_ON
        if (rows := [balance.flows.index(flow) for flow in process if flow in balance.flows])
    ]
    columns = [i for i, p in enumerate(balance.products) if vocabulary.products()[p].group in _CARBON]
    if not groups or not columns or method.covers:
        return []
    try:
        per_unit = find_carbon(balance, method, [balance.products[i] for i in columns])
    except CarbonacctError:
        return []
    findings = []
    for rows in groups:
        flow = balance.flows[rows[0]]
        carbon = np.nansum(balance.amounts.values[:, :, rows][..., columns] * per_unit[:, :, rows], axis=2)
        out, into = np.maximum(carbon, 0).sum(axis=2), np.maximum(-carbon, 0).sum(axis=2)
        for a, y in np.argwhere(out > into * (1 + _EXCESS) + 1e-9):
            where = balance.locate(a, y, rows[0], columns[int(np.argmax(carbon[a, y]))])
            findings.append(Finding("carbon-made", "warning",
                                    f"{flow} puts out carbon for {out[a, y]:,.0f} t CO2 and takes in carbon for {into[a, y]:,.0f}: {out[a, y] - into[a, y]:,.0f} more",
                                    where, "an input may be missing, or printed under another row"))  # fmt: skip
    return findings
