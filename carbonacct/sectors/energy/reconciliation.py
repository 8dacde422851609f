"""Two inventories side by side: the gap by activity, factor and boundary, adding up exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.errors import CarbonacctError, MethodError
from carbonacct.factors import load_method, method_ids
from carbonacct.inventory.entry_columns import plain_columns
from carbonacct.inventory.metrics import find_gwp, origin_of
from carbonacct.inventory.record import Inventory
from carbonacct.sectors.energy.closure import check_transfers
from carbonacct.sectors.energy.cube import EnergyInventory
from carbonacct.sectors.energy.energy_compiling import compile_inventory
from carbonacct.sectors.energy.energy_entries import energy_of
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.errors import Finding

    _One = EnergyInventory | Inventory
    _Side = _One | Iterable[_One] | pd.DataFrame

_ONE = (EnergyInventory, Inventory)
KEYS = ("year", "flow", "product")
TERMS = ("activity", "factor", "boundary", "undivided")


@dataclass(frozen=True)
class Reconciliation:
    """The gap between two inventories.

    Attributes
    ----------
    table
        One row per key: ``left``, ``right``, ``gap`` = left - right, and the terms that it is the
        sum of, in t.
    findings
        Of several areas against the one that they are parts of: whether what they send out arrives.
    """

    table: pd.DataFrame
    findings: tuple[Finding, ...] = ()

    def sum(self, *by: str) -> pd.DataFrame:
        """Return net and absolute gaps by some keys (by default of all), in t.

        ``gap`` and the terms are net; ``absolute`` adds the gaps of all cells without their sign.
        """
        frame = self.table.assign(absolute=self.table["gap"].abs())
        columns = ["left", "right", "gap", *TERMS, "absolute"]
        if by:
            return frame.groupby(list(by), sort=False, as_index=False)[columns].sum()
        return frame[columns].sum().to_frame().T


def list_cells(
    inventories: _One | Iterable[_One], *, gas: str = "CO2", scope: int = 1
) -> pd.DataFrame:
    """Return one row per cell, or entry of other sectors, with a number.

    Returns
    -------
    DataFrame
        ``area, year, flow, product, category, amount`` (what burnt; NaN of a source), ``unit,
        value`` (t).
    """
    frames = []
    for inventory in [inventories] if isinstance(inventories, _ONE) else inventories:
        if isinstance(inventory, Inventory):
            frames.append(_list_entries(inventory, gas, scope))
            continue
        emissions = inventory.gas(gas)
        values = inventory.in_table(scope)[
            ..., inventory.emissions["gas"].values.tolist().index(gas)
        ]
        burnt = inventory.activity
        here = ~np.isnan(values)
        cells = np.nonzero(here)
        labels = {
            dim: emissions[dim].values[i]
            for dim, i in zip(("area", "year", "flow", "product"), cells, strict=True)
        }
        unit = inventory.balance.amounts["unit"].values[cells[3]]
        frames.append(
            pd.DataFrame(
                labels
                | {
                    "category": emissions["category"].values[cells[2]],
                    "amount": burnt[cells],
                    "unit": unit,
                    "value": values[cells],
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _list_entries(inventory: Inventory, gas: str, scope: int) -> pd.DataFrame:
    """Return the entries of a gas that count in a scope and have a number."""
    held = inventory.select(gas=gas).entries
    here = (held["scope"] == scope) & (held["kind"] != "memo") & held["value"].notna()
    names = ["area", "year", "flow", "product", "category", "activity", "activity_unit", "value"]
    return plain_columns(held.loc[here, names].reset_index(drop=True)).rename(
        columns={"activity": "amount", "activity_unit": "unit"}
    )


def reconcile(
    left: _One | Iterable[_One] | pd.DataFrame,
    right: _One | Iterable[_One] | pd.DataFrame,
    *,
    by: Sequence[str] = KEYS,
    gas: str = "CO2",
) -> Reconciliation:
    """Compare two inventories, or several with their sum, cell by cell.

    Parameters
    ----------
    left, right
        An inventory of energy or of all sectors, several (areas that are added up), or a table with
        the keys, ``value`` (t) and, where they are known, ``amount`` and its ``unit``. A row
        without a value is no cell.
    by
        Keys that cells share: areas are added up unless ``"area"`` is one.
    gas
        The gas of inventories.

    Raises
    ------
    MethodError
        If a table lacks a key or its values, or an inventory the gas.

    Notes
    -----
    With amounts A and implied factors F = E/A of both sides::

        activity = (A_left - A_right) x (F_left + F_right)/2,   factor = (F_left - F_right) x
        (A_left + A_right)/2

    *Boundary* is what one side alone has. *Undivided* is the gap of cells whose amount one side
    does not tell, or tells in another unit. The terms add up to the gap exactly.

    Examples
    --------
    >>> import carbonacct as ca
    >>> one, other = (ca.compile_inventory("docs/tables/chongqing_2007.csv", method=method) for method in ("ipcc-2006", "provincial-2011"))
    >>> gap = reconcile(one, other).sum().loc[0]
    >>> bool(abs(gap.gap - gap[["activity", "factor", "boundary", "undivided"]].sum()) < 1e-6)
    True
    """
    left, right = (
        side if isinstance(side, (pd.DataFrame, *_ONE)) else list(side) for side in (left, right)
    )
    sides = [_gather(side, by, gas) for side in (left, right)]
    both = (
        sides[0]
        .reset_index()
        .merge(sides[1].reset_index(), on=list(by), how="outer", suffixes=("_left", "_right"))
    )
    value = {side: both[f"value_{side}"] for side in ("left", "right")}
    amount = {side: both[f"amount_{side}"] for side in ("left", "right")}
    gap = value["left"].fillna(0) - value["right"].fillna(0)
    alone = value["left"].isna() | value["right"].isna()
    same_unit = (
        (both["unit_left"] == both["unit_right"])
        | (both["unit_left"] == "")
        | (both["unit_right"] == "")
    )
    divisible = ~alone & amount["left"].notna() & amount["right"].notna() & same_unit
    factor = {
        side: value[side] / amount[side].where(amount[side] != 0) for side in ("left", "right")
    }
    # A side that uses nothing has no factor of its own: the other's stands for it.
    factor = {
        "left": factor["left"].fillna(factor["right"]).fillna(0),
        "right": factor["right"].fillna(factor["left"]).fillna(0),
    }
    activity = (amount["left"] - amount["right"]) * (factor["left"] + factor["right"]) / 2
    table = both[list(by)].assign(
        left=value["left"].fillna(0), right=value["right"].fillna(0), gap=gap
    )
    table["activity"], table["factor"] = (
        activity.where(divisible, 0.0),
        (gap - activity).where(divisible, 0.0),
    )
    table["boundary"], table["undivided"] = (
        gap.where(alone, 0.0),
        gap.where(~alone & ~divisible, 0.0),
    )
    return Reconciliation(table, tuple(_check_parts(left, right) + _check_parts(right, left)))


def _check_parts(parts: _Side, whole: _Side) -> list[Finding]:
    """Return whether electricity and heat close over several areas that stand against one."""
    if (
        isinstance(parts, pd.DataFrame)
        or isinstance(whole, pd.DataFrame)
        or _count_areas(parts) < 2
        or _count_areas(whole) != 1
    ):
        return []
    return check_transfers(list_energy(parts))


def list_energy(inventories: _One | Iterable[_One]) -> list[EnergyInventory]:
    """Return the energy inventories among some, and those that a record of all sectors holds."""
    given = [inventories] if isinstance(inventories, _ONE) else inventories
    return [
        cube
        for one in given
        for cube in ([one] if isinstance(one, EnergyInventory) else energy_of(one))
    ]


def _count_areas(side: _One | Iterable[_One]) -> int:
    return len(
        {
            str(area)
            for one in ([side] if isinstance(side, _ONE) else side)
            for area in (
                one.balance.areas
                if isinstance(one, EnergyInventory)
                else one.entries["area"].unique()
            )
        }
    )


def _gather(
    side: _One | Iterable[_One] | pd.DataFrame, by: Sequence[str], gas: str
) -> pd.DataFrame:
    frame = side if isinstance(side, pd.DataFrame) else list_cells(side, gas=gas)
    if lacking := [column for column in (*by, "value") if column not in frame.columns]:
        raise MethodError(
            say(
                "the table has no column {lacking!r}; it has {columns}",
                lacking=lacking[0],
                columns=join_texts(", ", map(str, frame.columns)),
            )
        )
    for column, nothing in (("amount", np.nan), ("unit", "")):
        if column not in frame.columns:
            frame = frame.assign(**{column: nothing})
    frame = (
        frame[frame["value"].notna()].astype({"value": float, "amount": float}).fillna({"unit": ""})
    )
    groups = frame.groupby(list(by), sort=False, dropna=False)
    sums = groups[["value", "amount"]].sum()
    one_unit = groups["unit"].agg(lambda texts: len(set(texts)) == 1).astype(bool)
    whole = (
        groups["amount"].count() == groups.size()
    ) & one_unit  # a sum that lacks a part is none, nor is one of two units
    return sums.assign(amount=sums["amount"].where(whole), unit=groups["unit"].first())


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
    Both sides of a product change by the mean of the other (as in :func:`reconcile`), first
    activity and factor in t of the gas, then the weight.

    Examples
    --------
    >>> import carbonacct as ca
    >>> old, new = (ca.compile_inventory("docs/tables/chongqing_2007.csv", method=method) for method in ("ceads", "provincial-2011"))
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
        keys = ["area", "year", "category", "flow", "product"]
        both = cells[0].merge(cells[1], on=keys, how="outer", suffixes=("_before", "_after"))
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
                keys + list(_CAUSES)
            ].assign(gas=one)
        )
    table = pd.concat(frames, ignore_index=True)
    return table[["area", "year", "category", "flow", "product", "gas", *_CAUSES]]


_CAUSES = ("before", "after", "change", "data", "factor", "method", "metric")


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
    frame["metric"] = frame["change"] - frame["data"] - frame["factor"] - frame["method"]
    return frame


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
    >>> table, choices = compare_methods(ca.read_balance("docs/tables/chongqing_2007.csv"), methods=["provincial-2011", "ipcc-2006", "ceads"])
    >>> round(float(table[table.category == "total"].spread_percent.item()), 1)
    10.1
    """
    asked = (
        list(methods)
        if methods is not None
        else [
            name
            for name in method_ids()
            if (one := load_method(name)).kind == "inventory" and not one.covers
        ]
    )
    made, reasons = {}, {}
    for name in asked:
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
    columns = {
        name: (
            list_cells(inventory, gas=gas)
            .groupby(["area", "year", "category"], sort=False)["value"]
            .sum()
        )
        for name, inventory in made.items()
    }
    table = pd.DataFrame(columns).reset_index()
    totals = (
        table.groupby(["area", "year"], sort=False, as_index=False)[list(made)]
        .sum(min_count=1)
        .assign(category="total")
    )
    table = pd.concat([table, totals], ignore_index=True)
    values = table[list(made)]
    table = table.assign(
        **dict.fromkeys(reasons, np.nan), lowest=values.min(axis=1), highest=values.max(axis=1)
    )
    table["spread_percent"] = (
        (table["highest"] - table["lowest"])
        / values.mean(axis=1).where(values.mean(axis=1) != 0)
        * 100
    )
    first = next(iter(made))
    choices = []
    for name, inventory in list(made.items())[1:]:
        gaps = reconcile(
            inventory, made[first], by=("area", "year", "flow", "product"), gas=gas
        ).sum("area", "year", "product")
        choices.append(gaps.assign(method=name, against=first))
    columns_kept = [
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
    listed = pd.concat(
        [
            *choices,
            pd.DataFrame([{"method": name, "reason": reason} for name, reason in reasons.items()]),
        ],
        ignore_index=True,
    )
    return table, listed.reindex(columns=columns_kept)
