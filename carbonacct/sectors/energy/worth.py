"""What a finding of a table is worth: the difference of its cells in t CO2, by the factors of the method."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import find_product_tree
from carbonacct.sectors.energy.chain import build_chain
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.balances import EnergyBalance
    from carbonacct.errors import Finding, Gap
    from carbonacct.factors import Method


def value_findings(
    findings: Iterable[Finding],
    balance: EnergyBalance,
    method: Method,
    counted: np.ndarray,
    *,
    factor: np.ndarray,
) -> list[Finding]:
    """Say in each error with a difference what that is worth.

    Parameters
    ----------
    findings
        Of the table; those with gaps (:class:`carbonacct.errors.Gap`) are valued.
    balance, method
        The table, and the method whose factors value a cell that does not count.
    counted
        bool (area, year, flow, product): the cells that count in the inventory.
    factor
        t CO2 per canonical unit of each cell, NaN where the method has none.

    Returns
    -------
    list of Finding
        The same findings, in order. Where cells of a finding count, the worth is what their
        differences make in the total: positive where what is printed emits too much. Where none
        counts (a total of counted cells), it is the largest difference. A total of products has the
        mean factor of its products in that row, or in final consumption. Electricity and heat have
        no factor: they are not valued.

    Examples
    --------
    >>> import carbonacct as ca
    >>> import pandas as pd
    >>> table = pd.DataFrame({"area": "A", "year": 2020, "flow": ["final_consumption", "industry", "transport"],
    ...     "product": "diesel", "value": [2e5, 1.5e5, 2.5e5], "unit": "t"})
    >>> found = ca.compile_inventory(ca.make_balance(table), method="provincial-2011").findings
    >>> print(found[0].message)
    diesel of final_consumption is 200000, the rows give 400000: difference -200000, worth 619,182 t CO2
    """
    findings = list(findings)
    factor = _fill_factors(findings, balance, method, factor)
    valued = []
    for finding in findings:
        worth = (
            _value(finding.gaps, balance, counted, factor)
            if finding.severity == "error"
            else np.nan
        )
        if not np.isnan(worth):
            worth_text = (
                say("{worth:,.0f} t CO2", worth=worth)
                if abs(worth) > 0.5  # half a tonne is printed as 0
                else say("less than 1 t CO2")
            )
            finding = replace(  # noqa: PLW2901 - the same finding
                finding,
                message=say("{message}, worth {worth}", message=finding.message, worth=worth_text),
                worth=worth,
            )
        valued.append(finding)
    return valued


def _fill_factors(
    findings: Iterable[Finding], balance: EnergyBalance, method: Method, factor: np.ndarray
) -> np.ndarray:
    """Return the factors with those of products that burn nowhere and stand in a finding."""
    named = {
        gap.product for finding in findings if finding.severity == "error" for gap in finding.gaps
    }
    totals = {  # they take the mean of their products
        p
        for p, parts in find_product_tree(balance).parts.items()
        if balance.units[p] in {balance.units[i] for i in parts}
    }
    lacking = [
        product
        for p, product in enumerate(balance.products)
        if product in named
        and p not in totals
        and np.isnan(factor[..., p]).all()
        and not vocabulary.is_electricity_or_heat(product)
    ]
    if not lacking:
        return factor
    filled = factor.copy()
    columns = [balance.products.index(product) for product in lacking]
    for parameters in method.chains["CO2"]:
        chain = build_chain(balance, method, parameters, lacking, gas="CO2").factor[..., columns]
        filled[..., columns] = np.where(np.isnan(filled[..., columns]), chain, filled[..., columns])
    return filled


def _value(
    gaps: Iterable[Gap], balance: EnergyBalance, counted: np.ndarray, factor: np.ndarray
) -> float:
    """Return the worth of some differences, NaN where no factor is known."""
    in_total: list[float] = []
    others: list[float] = []
    for gap in gaps:
        place = (
            balance.areas.index(gap.area),
            balance.years.index(gap.year),
            balance.flows.index(gap.flow),
            balance.products.index(gap.product),
        )
        # What goes into a plant is printed negative and burns all the same.
        sign = -1.0 if balance.is_part(gap.flow, "transformation") else 1.0
        worth = sign * gap.amount * _find_factor(balance, factor, place)
        if not np.isnan(worth):
            (in_total if counted[place] else others).append(worth)
    if in_total:
        return float(sum(in_total))
    return float(max(others, key=abs, default=np.nan))


def _find_factor(
    balance: EnergyBalance, factor: np.ndarray, place: tuple[int, int, int, int]
) -> float:
    """Return the factor of a cell; of a total, the mean of its products in that row, or in final consumption."""
    own = float(factor[place])
    if not np.isnan(own):
        return own
    area, year, flow, product = place
    tree = find_product_tree(balance)
    kinds = [  # its parts, or the kinds of these
        [p for p in parts if balance.units[p] == balance.units[product]]
        for parts in (tree.parts.get(product, ()), tree.below(product))
    ]
    final = (
        [balance.flows.index("final_consumption")] if "final_consumption" in balance.flows else []
    )
    for row, parts in ((row, parts) for row in (flow, *final) for parts in kinds):
        amounts = np.abs(np.nan_to_num(balance.amounts.values[area, year, row, parts]))
        factors = factor[area, year, row, parts]
        known = ~np.isnan(factors) & (amounts > 0)
        if known.any():
            return float(np.average(factors[known], weights=amounts[known]))
    return float("nan")
