"""What changed between two versions of an inventory: data, factors, method or metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.errors import MethodError
from carbonacct.inventory.metrics import find_gwp, origin_of
from carbonacct.sectors.energy.reconciliation import list_cells
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.sectors.energy.cube import EnergyInventory


_CAUSES = ("before", "after", "change", "data", "factor", "method", "metric")
_KEYS = ["area", "year", "category", "flow", "product"]


def explain_recalculation(
    before: EnergyInventory,
    after: EnergyInventory,
    *,
    gas: str = "CO2",
    metrics: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Return what changed between two versions of an inventory, cell by cell, split into its causes.

    Parameters
    ----------
    before, after
        The two versions.
    gas
        The gas, in t; or with ``metrics`` all of them.
    metrics
        Names of the metric before and after: values are then t CO2-equivalent of all gases that
        both versions have.

    Returns
    -------
    DataFrame
        ``area, year, category, flow, product, gas, before, after, change, data, factor, method,
        metric``. *Data*: the table prints another number, or the same in another unit. *Method*:
        another method, or other rules about the same number. *Factor*: another row of the same
        method. *Metric*: another weight. The four add up to the change.

    Raises
    ------
    MethodError
        If a version lacks the gas, or the two have none in common.

    Notes
    -----
    Both sides of a product change by the mean of the other (as in :func:`carbonacct.reconcile`), first
    activity and factor in t of the gas, then the weight.

    Examples
    --------
    >>> import carbonacct as ca
    >>> table, methods = "docs/tables/chongqing_2007.csv", ("ceads", "provincial-2011")
    >>> old, new = (ca.compile_inventory(table, method=method) for method in methods)
    >>> table = explain_recalculation(old, new)
    >>> bool(table.method.sum() == table.change.sum()), float(table.data.abs().sum())
    (True, 0.0)
    """
    gases = (
        [gas]
        if metrics is None
        else [str(g) for g in before.emissions["gas"].values if g in after.emissions["gas"].values]
    )
    if not gases:
        raise MethodError(
            say(
                "the versions have no gas in common: {gases} before, {gases_after} after",
                gases=join_texts(", ", before.emissions["gas"].values),
                gases_after=join_texts(", ", after.emissions["gas"].values),
            )
        )
    frames = []
    for one in gases:
        cells = [list_cells(version, gas=one) for version in (before, after)]
        both = cells[0].merge(cells[1], on=_KEYS, how="outer", suffixes=("_before", "_after"))
        both = both.assign(
            printed_before=_read_printed(before, both), printed_after=_read_printed(after, both)
        )
        weight = [
            np.array(
                [find_gwp(metric, one, origin=origin_of(one, code)) for code in both["category"]]
            )
            if metric
            else np.ones(len(both))
            for metric in metrics or ("", "")
        ]
        frames.append(
            _split(both, weight, same_method=before.method.id == after.method.id)[
                [*_KEYS, *_CAUSES]
            ].assign(gas=one)
        )
    table = pd.concat(frames, ignore_index=True)
    return table[[*_KEYS, "gas", *_CAUSES]]


def _read_printed(inventory: EnergyInventory, cells: pd.DataFrame) -> np.ndarray:
    """Return what the table of an inventory prints for some cells; NaN where it has no such row or column."""
    amounts = inventory.balance.amounts
    index = [
        cells[dim].astype(str).map({str(label): i for i, label in enumerate(amounts[dim].values)})
        for dim in amounts.dims
    ]
    rows = np.array([row.fillna(-1).astype(int) for row in index]).reshape(4, -1)
    there = (rows >= 0).all(axis=0)
    printed = np.full(len(cells), np.nan)
    printed[there] = amounts.values[tuple(rows[:, there])]
    return printed


def _split(both: pd.DataFrame, weight: Sequence[np.ndarray], *, same_method: bool) -> pd.DataFrame:
    value = [both["value_before"].fillna(0), both["value_after"].fillna(0)]
    amount = [both["amount_before"].fillna(0), both["amount_after"].fillna(0)]
    factor = [v / a.where(a != 0) for v, a in zip(value, amount, strict=True)]
    factor = [factor[0].fillna(factor[1]).fillna(0), factor[1].fillna(factor[0]).fillna(0)]
    mean_weight = (weight[0] + weight[1]) / 2
    activity = (amount[1] - amount[0]) * (factor[0] + factor[1]) / 2 * mean_weight
    other_unit = (
        both["unit_before"].notna()
        & both["unit_after"].notna()
        & (both["unit_before"] != both["unit_after"])
    )
    activity = activity.mask(other_unit, (value[1] - value[0]) * mean_weight)
    rest = (value[1] - value[0]) * mean_weight - activity
    same_print = (
        both["printed_before"].fillna(np.inf) == both["printed_after"].fillna(np.inf)
    ) & ~other_unit
    whole = [value[0] * weight[0], value[1] * weight[1]]
    frame = both.assign(before=whole[0], after=whole[1], change=whole[1] - whole[0])
    frame["data"] = activity.where(~same_print, 0.0)
    frame["factor"] = rest if same_method else 0.0
    frame["method"] = activity.where(same_print, 0.0) + (0.0 if same_method else rest)
    # What is left once the amounts weigh the mean of both metrics: the change of the weight.
    frame["metric"] = frame["change"] - frame["data"] - frame["factor"] - frame["method"]
    return frame
