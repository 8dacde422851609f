"""Motor fuels of other sectors, counted in transport by shares that a document gives.

The row of transport covers transport enterprises; cars of other sectors and of households burn as
much again. The rule stands in ``docs/methods.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import Finding, TableError, name_some
from carbonacct.factors.road_shares import find_share
from carbonacct.sectors.energy.finest_cells import find_numbers
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method
    from carbonacct.sectors.energy.activity import ActivityData
    from carbonacct.sectors.energy.cube import EnergyInventory

_TARGETS = ("transport.road", "transport")
_USERS = "final_consumption"
_MOST_FLOWS = 6
_SAME = 1e-9  # of the CO2 that moves


def open_targets(balance: EnergyBalance, method: Method) -> EnergyBalance:
    """Return a balance whose blank cells of transport hold zero where motor fuel is moved there.

    A cell stays blank where transport prints the fuel in another row, or as a kind or total of
    fuels: a zero beside it would take that number's place.

    Raises
    ------
    TableError
        If the table has fuel to move and no row of transport.
    """
    if not method.motor_fuels:
        return balance
    amounts = balance.amounts.values
    used = ((np.nan_to_num(amounts) > 0) & (_find_shares(balance, method) > 0)).any(axis=2)
    if not used.any():
        return balance
    row = balance.flows.index(_find_target_rows(balance)[0])
    within = [f for f, flow in enumerate(balance.flows) if balance.is_part(flow, "transport")]
    held = np.asarray(find_numbers(amounts)[:, :, within].any(axis=2))
    related = np.array(
        [[_is_related(one, other) for other in balance.products] for one in balance.products]
    )
    beside = (held[:, :, None] & related).any(axis=3)
    blank = np.isin(balance.status.values[:, :, row], [values.BLANK, values.ABSENT])
    filled = amounts.copy()
    filled[:, :, row] = np.where(used & blank & ~beside, 0.0, amounts[:, :, row])
    return replace(balance, amounts=balance.amounts.copy(data=filled))


def move_motor_fuels(activity: ActivityData, method: Method) -> ActivityData:
    """Return activity data in which motor fuels of other sectors count in transport.

    Parameters
    ----------
    activity
        What burns, after feedstock and the carbon pool.
    method
        Its shares (``motor_fuels``); without any nothing changes.

    Notes
    -----
    moved = share x burnt; it is deducted where it is printed, and added in transport with its
    factors. A finding names the fuel that stays because transport has no number to add it to.
    """
    if not method.motor_fuels:
        return activity
    balance = activity.balance
    asked = np.maximum(np.nan_to_num(activity.burnt()), 0.0) * _find_shares(balance, method)
    if not asked.any():
        return activity
    targets = [balance.flows.index(flow) for flow in _find_target_rows(balance)]
    moved = np.zeros(asked.shape)
    open_to = np.zeros((*asked.shape[:2], asked.shape[3]), bool)
    # Roads before transport as a whole: each amount is added once, in the finest row that counts.
    for row in targets:
        here = activity.counted[:, :, row] & ~open_to
        open_to |= here
        moved[:, :, row] += np.where(here, asked.sum(axis=2), 0.0)
    moved -= np.where(open_to[:, :, None], asked, 0.0)
    kept = np.where(open_to[:, :, None], 0.0, asked)
    return replace(
        activity,
        deduction=-moved if activity.deduction is None else activity.deduction - moved,
        moved=moved,
        findings=(*activity.findings, *_note_kept(balance, kept)),
    )


def note_motor_fuels(
    activity: ActivityData, method: Method, factor: np.ndarray | None
) -> list[Finding]:
    """Report how much fuel moved, from where, by which documents, and what that does to CO2.

    Parameters
    ----------
    activity, method
        What burns, with what moved.
    factor
        t CO2 per unit of each cell (area, year, flow, product), NaN where none is counted; None
        where the inventory has no CO2.
    """
    balance, moved = activity.balance, activity.moved
    if moved is None or not moved.any():
        return []
    out = np.maximum(-moved, 0.0)
    co2 = np.zeros(1) if factor is None else np.nan_to_num(moved * factor)
    left, change = -float(co2[co2 < 0].sum()), float(co2.sum())
    emissions = "" if factor is None else say("{left:,.0f} t CO2, ", left=left)
    is_other = abs(change) > _SAME * left
    step = say("; total CO2 moves by {change:+,.0f} t", change=change) if is_other else ""
    flows = [balance.flows[f] for f in np.flatnonzero(out.any(axis=(0, 1, 3)))]
    users = name_some(flows, _MOST_FLOWS, say("more rows"))
    sources = name_some(list(dict.fromkeys(one.source for one in method.motor_fuels)), _MOST_FLOWS)
    return [
        Finding(
            "motor-fuels",
            "warning" if is_other else "info",
            say(
                "{amounts} of {users}, {emissions}count in transport{step}; by {sources}",
                amounts=_list_amounts(balance, out),
                users=users,
                emissions=emissions,
                step=step,
                sources=sources,
            ),
            balance.locate(*np.argwhere(out > 0)[0].tolist()),
        )
    ]


def find_move(inventory: EnergyInventory, cell: tuple[int, int, int, int]) -> tuple[float, str]:
    """Return what moved out of a cell (negative) or into it, and what says so: share or cells."""
    moved = 0.0 if inventory.moved is None else float(inventory.moved[cell])
    if inventory.moved is None or not moved:
        return 0.0, ""
    balance = inventory.balance
    a, y, f, p = cell
    if moved < 0:
        share = find_share(inventory.method.motor_fuels, balance.flows[f], balance.products[p])
        return moved, f"{share.share:g}; {share.source}" if share else ""
    rows = np.flatnonzero(inventory.moved[a, y, :, p] < 0).tolist()
    return moved, "; ".join(balance.locate(a, y, row, p) for row in rows)


def _note_kept(balance: EnergyBalance, kept: np.ndarray) -> list[Finding]:
    """Report what stays where it is printed, because transport has no number to add it to."""
    if not kept.any():
        return []
    cell = np.argwhere(kept)[0].tolist()
    text = say(
        "{amounts} stay in their rows: transport prints no number of its own to add them to",
        amounts=_list_amounts(balance, kept),
    )
    where = balance.locate(*cell)
    return [
        Finding(
            "motor-fuels-kept",
            "warning",
            text,
            where,
            say("leave the shares out, or move them by hand"),
        )
    ]


def _list_amounts(balance: EnergyBalance, amounts: np.ndarray) -> str:
    """Return how much of each product: "1,000 t of gasoline and 20 t of diesel"."""
    whole, units = amounts.sum(axis=(0, 1, 2)), balance.amounts["unit"].values
    texts = [
        say(
            "{whole:,.0f} {unit} of {product}",
            whole=whole[p],
            unit=units[p],
            product=balance.products[p],
        )
        for p in np.flatnonzero(whole)
    ]
    return join_texts(", ", texts)


def _find_target_rows(balance: EnergyBalance) -> list[str]:
    """Return the rows that motor fuels may be added to, the best first."""
    rows = [flow for flow in _TARGETS if flow in balance.flows]
    if not rows:
        raise TableError(
            say(
                "{first_address}: the table has no row of transport to count motor fuels "
                "in; leave the shares of motor fuels out, or use the table that prints it",
                first_address=balance.first_address(),
            )
        )
    return rows


def _find_shares(balance: EnergyBalance, method: Method) -> np.ndarray:
    """Return the share of each cell (flow, product); 0 where none is given, and of transport."""
    shares = np.zeros((len(balance.flows), len(balance.products)))
    for f, flow in enumerate(balance.flows):
        if balance.is_part(flow, _USERS) and not balance.is_part(flow, "transport"):
            found = [find_share(method.motor_fuels, flow, product) for product in balance.products]
            shares[f] = [one.share if one else 0.0 for one in found]
    return shares


def _is_related(one: str, other: str) -> bool:
    """Return whether one product is the other, or a kind of it, or the other way round."""
    pairs = ((one, other), (other, one))
    return any(vocabulary.is_product_within(kind, whole) for kind, whole in pairs)
