"""Emissions by end use: power and heat counted where they are used, not where they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.errors import TableError
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from carbonacct.sectors.energy.scope2 import BOUGHT, find_kinds, sum_kinds
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.balances import EnergyBalance
    from carbonacct.sectors.energy.cube import EnergyInventory

COLUMNS = ("area", "year", "flow", "gas", "direct", "electricity", "heat", "total", "unit")
_POWER, _BOTH, _HEAT = "1.A.1.a.i", "1.A.1.a.ii", "1.A.1.a.iii"
_USERS = ("final_consumption", "energy_own_use")
_SENT_OUT = ("moved_out", "exports")
UNALLOCATED = "unallocated"


def allocate_to_users(inventory: EnergyInventory, *, gas: str = "CO2") -> pd.DataFrame:
    """Return direct emissions and those of the power and heat used, by user, in t.

    Parameters
    ----------
    inventory
        An inventory of an energy balance: its table says who uses power and heat.
    gas
        The gas.

    Returns
    -------
    DataFrame
        ``area, year, flow, gas, direct, electricity, heat, total, unit``: one row per user, the
        rows of what is sent out of the area, and ``unallocated``, what no user in the table takes.

    Raises
    ------
    TableError
        If the table has neither power nor heat among its products.
    MethodError
        If the inventory does not have the gas.

    Notes
    -----
    Plants and what is brought in make one pool of power and one of heat. Each user takes of a pool
    as much as it uses of the energy; losses of the grid fall on all users. Plants that make both
    share by the energy that they put out. The sum over users is the sum over plants, other sectors
    and what is brought in: nothing is counted twice.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    >>> users = allocate_to_users(inventory)
    >>> bool(abs(users.total.sum() / inventory.total().item().magnitude - 1) < 1e-12)
    True
    """
    balance = inventory.balance
    emissions = np.nan_to_num(inventory.tonnes_of(gas).values)
    kinds = {name: find_kinds(balance, name) for name in BOUGHT}
    if not any(kinds.values()):
        raise TableError(
            say(
                "{first_address}: the table prints neither electricity nor heat, so that "
                "nobody is known to use it",
                first_address=balance.first_address(),
            )
        )
    plant = np.array([balance.is_part(flow, "transformation") for flow in balance.flows])
    brought = inventory.by("area", "year", "flow", "product", scope=2, gas=gas, gross=True)
    direct = emissions.sum(axis=3)
    to_power = _find_share_of_power(balance)
    made = {
        "electricity": (direct * to_power).sum(axis=2),
        "heat": (direct * (plant - to_power)).sum(axis=2),
    }
    direct = np.where(plant, 0.0, direct)
    used = {}
    for name, columns in kinds.items():
        own = [p for p in columns if balance.products[p] in brought["product"].values]
        crossing = brought.sel(product=[balance.products[p] for p in own]).data.magnitude
        pool = made[name] + np.nan_to_num(crossing).sum(axis=(2, 3))
        # A kind in another measure (steam in tonnes) has no sum with the others.
        alike = [p for p in columns if balance.units[p] == balance.units[next(iter(columns))]]
        weights = sum((find_use(balance, p) for p in alike), start=np.zeros_like(direct))
        whole = weights.sum(axis=2)
        share = np.divide(
            weights, whole[..., None], out=np.zeros_like(weights), where=whole[..., None] > 0
        )
        used[name] = np.concatenate([share, (whole == 0)[..., None]], axis=2) * pool[..., None]
    direct = np.concatenate([direct, np.zeros((*direct.shape[:2], 1))], axis=2)
    return _to_frame(balance, gas, direct, used)


def _find_share_of_power(balance: EnergyBalance) -> np.ndarray:
    """Return the share of each plant's emissions that its power takes (area, year, flow); 0 elsewhere."""
    shape = balance.amounts.shape[:3]
    share = np.zeros(shape)
    put_out = {
        name: np.maximum(np.nan_to_num(amount), 0)
        for name in BOUGHT
        if (amount := sum_kinds(balance, name, "GJ")) is not None
    }
    for f, flow in enumerate(balance.flows):
        category = vocabulary.flows()[flow].category
        if not balance.is_part(flow, "transformation") or not category.startswith("1.A.1.a"):
            continue
        power, heat = (put_out.get(name, np.zeros(shape))[:, :, f] for name in BOUGHT)
        # Of a plant that prints no output nothing says what it makes: it is taken for a power plant.
        both = np.divide(power, power + heat, out=np.ones(shape[:2]), where=power + heat > 0)
        share[:, :, f] = {_POWER: np.ones(shape[:2]), _HEAT: np.zeros(shape[:2])}.get(
            category, both
        )
    return share


def find_use(balance: EnergyBalance, p: int, *, sent_out: bool = True) -> np.ndarray:
    """Return how much of a product each user takes (area, year, flow), and how much is sent out."""
    use = np.array(
        [any(balance.is_part(flow, ancestor) for ancestor in _USERS) for flow in balance.flows]
    )
    feedstock = np.array([vocabulary.flows()[flow].part == "of" for flow in balance.flows])
    out = np.array([sent_out and flow in _SENT_OUT for flow in balance.flows])
    amounts = np.where(
        find_finest_cells(balance)[..., p], np.nan_to_num(balance.amounts.values[..., p]), 0.0
    )
    return np.where(
        use & ~feedstock, np.maximum(amounts, 0.0), np.where(out, np.maximum(-amounts, 0.0), 0.0)
    )


def _to_frame(
    balance: EnergyBalance, gas: str, direct: np.ndarray, used: dict[str, np.ndarray]
) -> pd.DataFrame:
    """Return one row per user that has something."""
    flows = np.array([*balance.flows, UNALLOCATED])
    total = direct + used["electricity"] + used["heat"]
    a, y, f = np.nonzero(total)
    columns = {
        "area": np.array(balance.areas)[a],
        "year": np.array(balance.years)[y],
        "flow": flows[f],
        "gas": gas,
        "direct": direct[a, y, f],
        "electricity": used["electricity"][a, y, f],
        "heat": used["heat"][a, y, f],
        "total": total[a, y, f],
        "unit": "t",
    }
    return pd.DataFrame(columns, columns=list(COLUMNS))
