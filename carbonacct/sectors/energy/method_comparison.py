"""One table by several methods: how far they lie apart, and which choice makes the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.errors import CarbonacctError, MethodError
from carbonacct.factors import load_method, method_ids
from carbonacct.sectors.energy.energy_compiling import compile_inventory
from carbonacct.sectors.energy.reconciliation import list_cells, reconcile
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.sectors.energy.cube import EnergyInventory

_CHOICES = [
    "area",
    "year",
    "method",
    "against",
    "product",
    "gap",
    "activity",
    "factor",
    "boundary",
    "reason",
]


def compare_methods(
    balance: EnergyBalance,
    *,
    methods: Sequence[str] | None = None,
    gas: str = "CO2",
    calorific_values: str | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the emissions of one table by several methods, and which choice makes the difference.

    Parameters
    ----------
    balance
        The table.
    methods
        Ids; by default all that make inventories and have factors of every fuel: one that covers
        some fuels alone (``whitepaper-2022``) is compared where it is named.
    gas
        The gas.
    calorific_values
        As in :func:`carbonacct.compile_inventory`.

    Returns
    -------
    (DataFrame, DataFrame)
        ``area, year, category`` with one column per method in t, ``lowest``, ``highest`` and
        ``spread_percent`` (of the mean), a row ``total`` last; and ``area, year, method, against,
        product, gap, activity, factor, boundary``: each method against the first, product by
        product. A method that lacks a factor for the table has a column of NaN, and a row that says
        why.

    Raises
    ------
    MethodError
        If no method can do the table.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> table, choices = compare_methods(balance, methods=["provincial-2011", "ipcc-2006", "ceads"])
    >>> round(float(table[table.category == "total"].spread_percent.item()), 1)
    10.1
    """
    names = _list_whole_methods() if methods is None else methods
    made, reasons = _compile_by_each(balance, names, gas, calorific_values)
    return _spread(made, gas, reasons), _list_choices(made, gas, reasons)


def _list_whole_methods() -> list[str]:
    """Return the methods that make inventories and have factors of every fuel."""
    known = {name: load_method(name) for name in method_ids()}
    return [name for name, one in known.items() if one.kind == "inventory" and not one.covers]


def _compile_by_each(
    balance: EnergyBalance, methods: Sequence[str], gas: str, calorific_values: str | None
) -> tuple[dict[str, EnergyInventory], dict[str, str]]:
    """Return the inventory by each method, and why there is none of the others."""
    made, reasons = {}, {}
    for name in methods:
        try:
            inventory = compile_inventory(
                balance, method=name, gases=[gas], calorific_values=calorific_values
            )
        except CarbonacctError as error:
            reasons[name] = str(error)
        else:
            made[inventory.method.id] = inventory
    if not made:
        raise MethodError(
            say("no method can do the table: {reason}", reason=next(iter(reasons.values())))
        )
    return made, reasons


def _spread(
    made: Mapping[str, EnergyInventory], gas: str, reasons: Mapping[str, str]
) -> pd.DataFrame:
    """Return the emissions of each category by each method, their total, and how far they differ."""
    keys = ["area", "year", "category"]
    columns = {
        name: list_cells(inventory, gas=gas).groupby(keys, sort=False)["value"].sum()
        for name, inventory in made.items()
    }
    table = pd.DataFrame(columns).reset_index()
    sums = table.groupby(keys[:2], sort=False, as_index=False)[list(made)].sum(min_count=1)
    table = pd.concat([table, sums.assign(category="total")], ignore_index=True)
    values = table[list(made)]
    table = table.assign(
        **dict.fromkeys(reasons, np.nan), lowest=values.min(axis=1), highest=values.max(axis=1)
    )
    # 0/0 where nothing burns: no number.
    table["spread_percent"] = (table["highest"] - table["lowest"]) / values.mean(axis=1) * 100
    return table


def _list_choices(
    made: Mapping[str, EnergyInventory], gas: str, reasons: Mapping[str, str]
) -> pd.DataFrame:
    """Return the gap of each method to the first, product by product, and why others have none."""
    first, *others = made
    gaps = [
        reconcile(made[name], made[first], by=("area", "year", "flow", "product"), gas=gas)
        .sum("area", "year", "product")
        .assign(method=name, against=first)
        for name in others
    ]
    lacking = pd.DataFrame([{"method": name, "reason": why} for name, why in reasons.items()])
    return pd.concat([*gaps, lacking], ignore_index=True).reindex(columns=_CHOICES)
