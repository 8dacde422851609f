"""Two inventories side by side: the gap by activity, factor and boundary, adding up exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.errors import MethodError
from carbonacct.inventory.entry_columns import plain_columns
from carbonacct.inventory.record import Inventory
from carbonacct.sectors.energy.closure import check_transfers
from carbonacct.sectors.energy.cube import EnergyInventory
from carbonacct.sectors.energy.energy_entries import energy_of
from carbonacct.texts import as_typed, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
        emissions = inventory.tonnes_of(gas)
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
    >>> table, methods = "docs/tables/chongqing_2007.csv", ("ipcc-2006", "provincial-2011")
    >>> one, other = (ca.compile_inventory(table, method=method) for method in methods)
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
                columns=as_typed(map(str, frame.columns)),
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
    ) & one_unit  # a sum that lacks a part, or has two units, is no number
    return sums.assign(amount=sums["amount"].where(whole), unit=groups["unit"].first())
