"""What is taken out of a cell, or scales it: feedstock, refuelling abroad, and parts brought to their printed row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import find_plants_within
from carbonacct.errors import Finding, Severity
from carbonacct.sectors.energy.finest_cells import find_finest_products, find_numbers
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method


def find_taken_out(balance: EnergyBalance, method: Method) -> dict[str, str]:
    """Return the rows that are taken out of what burns: feedstock, and refuelling abroad.

    Each with where it is taken from.
    """
    taken = {
        flow: vocabulary.parent_of(flow, balance.parents)
        for flow in balance.flows
        if method.role(flow, balance.parents) == "feedstock"
        and not flow.endswith(vocabulary.REMAINDER)
    }
    if method.bunkers_from:
        taken |= {
            flow: method.bunkers_from for flow in ("bunkers_abroad",) if flow in balance.flows
        }
    return taken


def scale_parts(
    balance: EnergyBalance,
    method: Method,
    amount: np.ndarray,
    share: np.ndarray,
    *,
    leaf: np.ndarray,
) -> None:
    """Scale sub-sectors to the printed row of their parent, where the method says that row is the total.

    What plants take in that the row prints as a part of it is not of the sub-sectors.
    """
    plants = find_plants_within(balance)
    numbers = balance.amounts.values
    for parent in method.scale_parts:
        if parent not in balance.flows:
            continue
        within = [i for i, flow in enumerate(balance.flows) if balance.is_part(flow, parent)]
        parts = [i for i in within if balance.flows[i] != parent and i not in plants]
        own = [i for i in within if i in plants]
        taken = np.nansum(np.where(leaf[:, :, own], numbers[:, :, own], np.nan), axis=2)
        printed = numbers[:, :, balance.flows.index(parent)] - taken
        total = np.nansum(amount[:, :, parts], axis=2)
        usable = ~np.isnan(printed) & (total > 0) & ((taken == 0) | (printed > 0))
        ratio = np.divide(printed, total, out=np.ones_like(total), where=usable)
        share[:, :, parts] *= ratio[:, :, None]


def take_out(
    balance: EnergyBalance,
    method: Method,
    arrays: tuple[np.ndarray, np.ndarray, np.ndarray],
    fuel: np.ndarray,
    *,
    findings: list[Finding],
) -> np.ndarray:
    """Take feedstock, and what was refuelled abroad, out of the flow that it is part of, or of that flow's parts.

    Returns the feedstock taken out (area, year, product).
    """
    amount = arrays[0]
    feedstock = np.zeros((*amount.shape[:2], amount.shape[3]))
    counts = np.array([method.counts_feedstock(product) for product in balance.products])
    for flow, parent in find_taken_out(balance, method).items():
        is_feedstock = _kind_of(flow) == "feedstock"
        row = balance.flows.index(flow)
        printed = balance.amounts.values[:, :, row : row + 1]
        used = np.maximum(np.nan_to_num(printed[:, :, 0]), 0.0)
        if is_feedstock:
            # The method counts it as burnt: it stays where industry prints it.
            used[..., counts] = 0.0
        alone = find_finest_products(balance, find_numbers(printed))[:, :, 0] & fuel
        parts = [
            i
            for i, other in enumerate(balance.flows)
            if other != flow
            and balance.is_part(other, parent)
            and method.role(other, balance.parents) == "combustion"
        ]
        rest = _deduct(balance, method, arrays, parts, parent=parent, used=used)
        has_use = ~np.isnan(amount[:, :, parts]).all(axis=2)
        severity: Severity = "warning" if method.feedstock_rest == "none" else "error"
        for a, y, p in np.argwhere(rest > 1e-9 * np.maximum(used, 1.0)):
            if has_use[a, y, p]:
                findings.append(
                    _say_exceeding(balance, row, (a, y, p), used, rest=rest, severity=severity)
                )
            elif alone[a, y, p]:
                findings.append(_say_alone(balance, row, (a, y, p), used))
        if is_feedstock:
            feedstock += np.where(alone, used - rest, 0.0)
        else:
            findings.extend(_say_taken_out(balance, row, parent, used - rest, alone=alone))
    return feedstock


def _deduct(
    balance: EnergyBalance,
    method: Method,
    arrays: tuple[np.ndarray, np.ndarray, np.ndarray],
    parts: Sequence[int],
    *,
    parent: str,
    used: np.ndarray,
) -> np.ndarray:
    """Deduct from the rows that a method names, the whole or the others; return what they do not hold.

    Plants within industry burn what they take in: no raw material comes from it.
    """
    amount, share, deduction = arrays
    plants = find_plants_within(balance)
    parts = [i for i in parts if i not in plants]
    first = [i for i in parts if balance.flows[i] in method.feedstock_from]
    whole = [i for i in parts if balance.flows[i] == parent]
    rest = used
    if whole:  # no sub-sectors for this product: one cell holds it all
        rest = _deduct_whole(amount[:, :, whole[0]], deduction[:, :, whole[0]], used)
    for group in (first, [i for i in parts if i not in first and i not in whole]):
        if group and (group is first or method.feedstock_rest == "others"):
            rest = _deduct_shares(amount, share, group, rest)
    return rest


def _say_alone(
    balance: EnergyBalance,
    row: int,
    where: tuple[int, int, int],
    used: np.ndarray,
) -> Finding:
    """Return that no row is there to take an amount from."""
    a, y, p = where
    flow = balance.flows[row]
    return Finding(
        f"{_kind_of(flow)}-alone",
        "warning",
        say(
            "{flow} of {product} is {used:,.0f} {value}, but no row to "
            "take it from has a number for {product}; it is not deducted",
            flow=flow,
            product=balance.products[p],
            used=used[where],
            value=balance.amounts["unit"].values[p],
        ),
        balance.locate(a, y, row, p),
        say("check that what burns does not include it"),
    )


def _say_exceeding(
    balance: EnergyBalance,
    row: int,
    where: tuple[int, int, int],
    used: np.ndarray,
    *,
    rest: np.ndarray,
    severity: Severity,
) -> Finding:
    """Return that more is to be taken out than is used where it is taken from."""
    a, y, p = where
    flow = balance.flows[row]
    return Finding(
        f"{_kind_of(flow)}-exceeds-use",
        severity,
        say(
            "{flow} of {product} is {used:,.0f} {value}, {rest:,.0f} more than "
            "is used where it is taken from; that use is set to 0",
            flow=flow,
            product=balance.products[p],
            used=used[where],
            value=balance.amounts["unit"].values[p],
            rest=rest[where],
        ),
        balance.locate(a, y, row, p),
        say("check both rows"),
    )


def _kind_of(flow: str) -> str:
    return "bunkers" if flow == "bunkers_abroad" else "feedstock"


def _say_taken_out(
    balance: EnergyBalance, row: int, parent: str, taken: np.ndarray, *, alone: np.ndarray
) -> Iterator[Finding]:
    """Yield a note of each amount that the printed row of its parent holds and the inventory does not."""
    for a, y, p in np.argwhere((taken > 0) & alone):
        product, unit = balance.products[p], balance.amounts["unit"].values[p]
        yield Finding(
            "bunkers-taken-out",
            "info",
            say(
                "{taken:,.0f} {unit} of {product} refuelled abroad is taken out of "
                "{parent}; it is a memo item",
                taken=taken[a, y, p],
                unit=unit,
                product=product,
                parent=parent,
            ),
            balance.locate(a, y, row, p),
        )


def _deduct_whole(amount: np.ndarray, deduction: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Deduct feedstock from one cell, at most what it holds; return what is left to deduct."""
    here = ~np.isnan(amount)
    taken = np.minimum(used, np.maximum(np.nan_to_num(amount), 0.0))
    deduction[here] = taken[here]
    return np.where(here, used - taken, used)


def _deduct_shares(
    amount: np.ndarray, share: np.ndarray, group: list[int], used: np.ndarray
) -> np.ndarray:
    """Deduct feedstock from several cells in proportion; return what they do not hold."""
    held = np.nansum((amount * share)[:, :, group], axis=2)
    taken = np.minimum(used, np.maximum(held, 0.0))
    keep = np.divide(held - taken, held, out=np.ones_like(held), where=held > 0)
    share[:, :, group] *= keep[:, :, None]
    rest: np.ndarray = used - taken
    return rest
