"""Electricity and heat counted where they are used, by the grid's factor: scope 2 and 3 of cities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.equations import UnfoldedStep
from carbonacct.inventory.entry_columns import make_entries
from carbonacct.inventory.joining import stack_entries
from carbonacct.inventory.record import Inventory
from carbonacct.sectors.energy.end_use import find_use
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from carbonacct.sectors.energy.imported_energy import find_imported_energy
from carbonacct.sectors.energy.tracing import list_steps

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.sectors.energy.chain import Chain
    from carbonacct.sectors.energy.cube import EnergyInventory
    from carbonacct.sectors.energy.tracing import FactorStep

LOSSES = "losses"


@dataclass(frozen=True)
class UserCell:
    """What one user takes of electricity or heat, and what that causes outside.

    Attributes
    ----------
    area, year, flow, product
        The user, and what it takes.
    is_losses
        Whether it is the user's part of what the grid loses (scope 3), or its use (scope 2).
    use, whole, lost
        What it takes, what all users take and what the grid loses, in ``unit``.
    where, where_lost
        Cells of the balance, ``""`` where a number stands in none.
    value
        In t CO2; NaN where the grid has no factor.
    steps
        The factors of the grid.
    """

    area: str
    year: int
    flow: str
    product: str
    is_losses: bool
    use: float
    whole: float
    lost: float
    unit: str
    where: str
    where_lost: str
    value: float
    steps: tuple[FactorStep, ...]


@dataclass(frozen=True, eq=False)
class UserOrigin:
    """The balance by which electricity or heat is counted at its users.

    A cell is a place in (scope 2 and 3, area, year, flow).

    Attributes
    ----------
    inventory, column, chain
        The balance, the product's column in it, and the factors of the grid.
    use, lost
        What users take (area, year, flow), and what the grid loses (area, year).
    """

    inventory: EnergyInventory
    column: int
    chain: Chain
    use: np.ndarray
    lost: np.ndarray
    excludes: tuple[str, ...] = ()

    @property
    def factor(self) -> np.ndarray:
        """Return t CO2 a unit (area, year), NaN where there is no factor."""
        return np.asarray(self.chain.factor[:, :, 0, self.column])

    @property
    def amount(self) -> np.ndarray:
        """Return use, and the part of the losses that is the user's (2, area, year, flow)."""
        whole = self.use.sum(axis=2, keepdims=True)
        share = np.divide(self.use, whole, out=np.zeros_like(self.use), where=whole > 0)
        return np.stack([self.use, share * self.lost[..., None]])

    def find(self, cell: int) -> UserCell:
        """Return what stands at a place."""
        scope, a, y, f = (int(at) for at in np.unravel_index(cell, (2, *self.use.shape)))
        balance, p = self.inventory.balance, self.column
        lost_at = balance.flows.index(LOSSES) if LOSSES in balance.flows else -1
        return UserCell(
            area=balance.areas[a],
            year=balance.years[y],
            flow=balance.flows[f],
            product=balance.products[p],
            is_losses=scope == 1,
            use=float(self.use[a, y, f]),
            whole=float(self.use[a, y].sum()),
            lost=float(self.lost[a, y]),
            unit=balance.units[p],
            where=balance.address_at(a, y, f, p),
            where_lost=balance.address_at(a, y, lost_at, p) if lost_at >= 0 else "",
            value=float(self.amount[scope, a, y, f] * self.factor[a, y]),
            steps=list_steps(self.chain, self.inventory.method, balance.products[p], (a, y, f, p)),
        )

    def open(self, cell: int) -> UnfoldedStep:
        """Return how an entry was worked out: use, or its part of the losses, by the grid's factor."""
        one = self.find(cell)
        numbers = [("use", one.use, one.where)]
        if one.is_losses:
            numbers += [("all_use", one.whole, ""), ("losses", one.lost, one.where_lost)]
        parts = [
            UnfoldedStep(name=name, labels={}, value=value, unit=one.unit, origin=where)
            for name, value, where in numbers
        ]
        parts += [
            UnfoldedStep(
                name=step.parameter,
                labels={},
                value=step.value,
                unit=step.unit,
                origin=step.row.place,
                row=step.row,
            )
            for step in one.steps
        ]
        signs = [f" {'/' if step.divides else '*'} {step.parameter}" for step in one.steps]
        return UnfoldedStep(
            name=one.flow,
            labels={"product": one.product},
            value=one.value,
            unit="t CO2",
            notation="NE" if np.isnan(one.value) else "",
            formula="".join(["use / all_use * losses" if one.is_losses else "use", *signs]),
            parts=tuple(parts),
        )

    def recompute(self, cells: np.ndarray) -> np.ndarray:
        """Return the values of entries, t CO2, in their order."""
        values = self.amount * self.factor[None, ..., None]
        return np.asarray(values.ravel()[cells])


def count_at_users(inventory: EnergyInventory, *, grid: str | None = None) -> Inventory:
    """Return what each user of electricity and heat causes outside, in t CO2.

    Parameters
    ----------
    inventory
        An inventory of an energy balance: its table says who uses electricity and heat.
    grid
        As in :func:`carbonacct.compile_inventory`: which factor of the grid.

    Returns
    -------
    Inventory
        Entries of scope 2 (kind ``scope2``): all that a flow uses, times the factor of the grid;
        and of scope 3 (kind ``scope3``): the losses of the grid, by what each flow uses. One
        without a factor is NE. They are an account of their own, and not added to an inventory:
        that has the electricity made in the area at its plants.

    Notes
    -----
    Global Protocol for Community-Scale Greenhouse Gas Inventories (GPC) 1.1, 6.5 (scope 2 by the
    location of use, transmission and distribution losses in scope 3).

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/beijing_2007.csv", method="provincial-2011")
    >>> users = count_at_users(cube)
    >>> users.select(flow="transport", product="heat").entries["value"].tolist()
    [559284.0]
    """
    balance, method = inventory.balance, inventory.method
    origins = [
        _find_users(inventory, one.column, one.chain)
        for one in find_imported_energy(balance, method, find_finest_cells(balance), grid=grid)
    ]
    entries = [_make(origin, number) for number, origin in enumerate(origins)]
    return Inventory(entries=stack_entries(entries), origins=tuple(origins))


def _find_users(inventory: EnergyInventory, p: int, chain: Chain) -> UserOrigin:
    """Return use and losses of one product."""
    balance = inventory.balance
    use = find_use(balance, p, sent_out=False)
    lost = np.zeros(use.shape[:2])
    if LOSSES in balance.flows:
        column = balance.amounts.values[:, :, balance.flows.index(LOSSES), p]
        lost = np.maximum(np.nan_to_num(column), 0.0)
    return UserOrigin(inventory=inventory, column=p, chain=chain, use=use, lost=lost)


def _make(origin: UserOrigin, number: int) -> pd.DataFrame:
    """Return the entries of use, then those of losses, of one product."""
    balance, amount = origin.inventory.balance, origin.amount
    s, a, y, f = np.nonzero(amount)
    values = amount[s, a, y, f] * origin.factor[a, y]
    flows = np.array(balance.flows, dtype=object)[f]
    known = vocabulary.flows()
    return make_entries(
        {
            "area": np.array(balance.areas, dtype=object)[a],
            "year": np.array(balance.years)[y],
            "sector": "energy",
            "flow": flows,
            "product": balance.products[origin.column],
            "category": np.array(
                [known[vocabulary.base_of(flow)].category for flow in flows], dtype=object
            ),
            "scope": s + 2,
            "kind": np.array(["scope2", "scope3"], dtype=object)[s],
            "gas": "CO2",
            "value": values,
            "notation": np.where(np.isnan(values), "NE", ""),
            "activity": amount[s, a, y, f],
            "activity_unit": str(balance.amounts["unit"].values[origin.column]),
            "method": origin.inventory.method.id,
            "origin": number,
            "cell": np.ravel_multi_index((s, a, y, f), amount.shape),
        }
    )
