"""The activity of each cell: what burns there, after the roles of the method (sectoral approach).

Final consumption, and the inputs of power and heat plants, burn; other transformations pass carbon on; feedstock is
taken out of industry; losses do not burn. Totals are never used beside their parts: for each product the
finest flows that have a number count, and for each flow the finest products.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.blocks import in_blocks
from carbonacct.errors import Finding, TableError
from carbonacct.inventory.deductions import find_taken_out, scale_parts, take_out
from carbonacct.inventory.leaves import leaves
from carbonacct.tables import values
from carbonacct.tables.checks import find_cells, name_cells

if TYPE_CHECKING:
    from carbonacct.factors import Method
    from carbonacct.tables import EnergyBalance


@dataclass(frozen=True)
class Activity:
    """Activity data: amount x share - deduction, each (area, year, flow, product), NaN where nothing burns.

    Attributes
    ----------
    amount
        What the table prints for the cell (inputs of plants turned positive).
    share
        1, or what scales a sub-sector: to the printed row of its parent, and for feedstock taken from it. A read-only
        view of one number where the table has no row to scale by or to take out.
    deduction
        Feedstock taken out of the cell; likewise.
    leaf
        The cells of the whole table that count (:func:`leaves`).
    """

    amount: np.ndarray
    share: np.ndarray
    deduction: np.ndarray
    leaf: np.ndarray
    findings: tuple[Finding, ...]

    @property
    def burnt(self) -> np.ndarray:
        """Return what burns in each cell."""
        if not any(self.share.strides):
            return self.amount
        burnt: np.ndarray = self.amount * self.share - self.deduction
        return burnt


def is_used(amount: np.ndarray) -> np.ndarray:
    """Return where there is a number that is not zero."""
    used = np.empty(amount.shape, bool)

    def compare(areas: slice) -> None:
        np.greater(amount[areas], 0, out=used[areas])
        used[areas] |= amount[areas] < 0

    in_blocks(compare, amount.shape)
    return used


def find_activity(balance: EnergyBalance, method: Method) -> Activity:
    """Return what burns in each cell of a balance.

    Parameters
    ----------
    balance
        Amounts in canonical units.
    method
        Its roles, its rule for feedstock, and what it leaves out.

    Raises
    ------
    TableError
        If a cell that would burn cannot be read.

    Notes
    -----
    IPCC 2006 Guidelines, Vol. 2, Ch. 2, eq. 2.1 and box 2.1; the balance's rows after the provincial guideline 2011, Ch. 1.
    """
    amounts = balance.amounts.values
    flows, products = balance.flows, balance.products
    roles = [method.role(flow, balance.parents) for flow in flows]
    fuel = np.array([not vocabulary.is_electricity_or_heat(product) for product in products])
    burns = np.array([role == "combustion" for role in roles])[:, None] & fuel[None, :] & find_covered(balance, method)
    _refuse_unreadable(balance, burns | (np.array([role == "feedstock" for role in roles])[:, None] & fuel[None, :]))
    plant = np.array([balance.is_part(flow, "transformation") for flow in flows])
    _refuse_nothing(balance, roles, fuel)
    counted = leaves(balance)
    leaf = counted & burns
    amount = np.empty(amounts.shape)
    weight = np.where(burns, np.where(plant, -1.0, 1.0)[:, None], np.nan)

    def burn(areas: slice) -> np.ndarray:
        held = amount[areas]
        np.multiply(amounts[areas], weight, out=held)
        held[:, :, plant] = np.maximum(held[:, :, plant], 0.0)
        hidden = ~(np.isnan(held) | leaf[areas])
        if hidden.any():
            held[hidden] = np.nan
        return np.asarray((held < 0).reshape(-1, burns.size).any(axis=0))

    negative = np.any(in_blocks(burn, amounts.shape), axis=0).reshape(burns.shape)
    share, deduction = np.broadcast_to(1.0, amount.shape), np.broadcast_to(0.0, amount.shape)
    if find_taken_out(balance, method) or set(method.scale_parts) & set(flows):
        share, deduction = share.copy(), deduction.copy()
    findings: list[Finding] = []
    scale_parts(balance, method, amount, share)
    take_out(balance, method, (amount, share, deduction), fuel, findings)
    _note_totals(balance, leaf, findings)
    counts = np.array([role in {"combustion", "feedstock"} for role in roles])[:, None] & fuel & find_covered(balance, method)
    _note_keys(balance, counts, findings)
    _note_negative(balance, amount, (negative, plant), findings)
    _note_left_out(balance, method, (roles, fuel, counted), findings)
    _note_refined(balance, amount, plant, findings)
    return Activity(amount, share, deduction, counted, tuple(findings))


def find_covered(balance: EnergyBalance, method: Method) -> np.ndarray:
    """Return where (flow, product) a method counts combustion."""
    covered = np.ones((len(balance.flows), len(balance.products)), bool)
    if method.covers:
        covered[:, [product not in method.covers for product in balance.products]] = False
    for exclusion in method.exclusions:
        rows = [
            not exclusion.flows or any(balance.is_part(flow, ancestor) for ancestor in exclusion.flows)
            for flow in balance.flows
        ]
        columns = [product in exclusion.products for product in balance.products]
        covered[np.ix_(np.flatnonzero(rows), np.flatnonzero(columns))] = False
    return covered


def _refuse_nothing(balance: EnergyBalance, roles: list[str], fuel: np.ndarray) -> None:
    """Refuse a table of fuels that prints no row of what burns: its inventory would be empty."""
    if "combustion" in roles:
        return
    numbers = find_cells((balance.status.values == values.NUMBER) & fuel)
    if len(numbers):
        raise TableError(
            f"{balance.address_at(*numbers[0])}: none of the rows {', '.join(balance.flows)} says what burns; "
            "use a table with final consumption or its sectors (industry, transport, households, ...)"
        )


def _refuse_unreadable(balance: EnergyBalance, burns: np.ndarray) -> None:
    if balance.status.values.max() < values.UNREADABLE:
        return
    unreadable = balance.status.values == values.UNREADABLE
    number = ~np.isnan(balance.amounts.values) | unreadable  # as if it could be read: would it count?
    bad = np.argwhere(unreadable & burns & leaves(balance, number))
    if len(bad):
        places = [balance.address_at(*cell) for cell in bad]
        more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
        raise TableError(f"{places[0]}: the cell{more} is not a number and its fuel burns; correct it")


def _note_totals(balance: EnergyBalance, leaf: np.ndarray, findings: list[Finding]) -> None:
    totals = np.array([vocabulary.products()[p].group == "total" for p in balance.products])
    if not totals.any():
        return
    alone = find_cells(leaf & totals & is_used(balance.amounts.values))
    if len(alone):
        a, y, f, p = alone[0]
        findings.append(
            Finding(
                "total-alone",
                "warning",
                f"{len(alone)} cells print a total without its parts, such as {balance.products[p]} of {balance.flows[f]}; the total counts",
                balance.address_at(a, y, f, p),
                "ask for the parts",
            )
        )


def _note_keys(balance: EnergyBalance, counts: np.ndarray, findings: list[Finding]) -> None:
    """Say which cells that would count hold a notation key instead of a number: the total is incomplete."""
    status = balance.status.values
    if status.max() < min(values.NE, values.IE, values.C):
        return
    for key in (values.NE, values.IE, values.C):
        cells = find_cells((status == key) & counts)
        if len(cells):
            name, (a, y, f, p) = values.STATUS_NAMES[key], cells[0]
            what = {values.NE: "not estimated", values.IE: "included elsewhere", values.C: "confidential"}[key]
            findings.append(Finding("notation-key", "warning", f"{len(cells)} cells that would count are {name} ({what}), such as {balance.products[p]} of {balance.flows[f]}",
                                    balance.address_at(a, y, f, p), "the total lacks them"))  # fmt: skip


def _note_negative(balance: EnergyBalance, amount: np.ndarray, where: tuple[np.ndarray, np.ndarray], findings: list[Finding]) -> None:
    negative, plant = where
    rows = np.flatnonzero(negative.any(axis=1))
    below = find_cells(amount[:, :, rows] < 0)
    below[:, 2] = rows[below[:, 2]]
    outputs = find_cells((amount[:, :, plant] == 0) & (balance.amounts.values[:, :, plant] > 0))
    outputs[:, 2] = np.flatnonzero(plant)[outputs[:, 2]]
    for rule, cells, message in (
        ("negative-consumption", below, "is consumed in a negative amount"),
        ("fuel-from-plant", outputs, "is put out, not in, by a plant and does not burn"),
    ):
        findings += name_cells(balance, cells, lambda f, p, number, message=message: (  # type: ignore[misc]
            f"{balance.products[p]} of {balance.flows[f]} {message}: {number:g} {balance.amounts['unit'].values[p]}"), rule)  # fmt: skip


def _note_left_out(
    balance: EnergyBalance, method: Method, counted: tuple[list[str], np.ndarray, np.ndarray], findings: list[Finding]
) -> None:
    """Say what a method leaves out, with its reason and the amount."""
    roles, fuel, leaf = counted
    reasons = [(exclusion.products, exclusion.flows, exclusion.reason) for exclusion in method.exclusions]
    if method.covers:
        others = tuple(
            p
            for p, burns in zip(balance.products, fuel, strict=True)
            if p not in method.covers and burns and vocabulary.products()[p].group != "total"
        )
        reasons.append((others, (), method.covers_reason))
    for products, flows, reason in reasons:
        rows = np.flatnonzero([role == "combustion" and (not flows or any(balance.is_part(flow, ancestor) for ancestor in flows))
                               for flow, role in zip(balance.flows, roles, strict=True)])  # fmt: skip
        for product in products:
            if product not in balance.products:
                continue
            p = balance.products.index(product)
            left = float(np.abs(balance.amounts.values[:, :, rows, p][leaf[:, :, rows, p]]).sum())
            if left:
                where = f" in {', '.join(flows)}" if flows else ""
                findings.append(
                    Finding(
                        "left-out",
                        "warning",
                        f"{left:,.0f} {balance.amounts['unit'].values[p]} of {product}{where} is not counted by {method.id}: {reason}",
                    )
                )


def _note_refined(balance: EnergyBalance, amount: np.ndarray, plant: np.ndarray, findings: list[Finding]) -> None:
    """Warn where a table of consumption alone holds crude oil: most of it is refined, not burnt."""
    if plant.any() or "crude_oil" not in balance.products:
        return
    p = balance.products.index("crude_oil")
    cells = find_cells(amount[..., p] > 0)
    if len(cells):
        findings.append(Finding("input-counted-as-burnt", "warning",
                                f"a table of consumption alone does not tell what is burnt from what is transformed; {np.nansum(amount[..., p]):,.0f} t of crude oil count as burnt",
                                balance.address_at(int(cells[0][0]), int(cells[0][1]), int(cells[0][2]), p), "use the area's energy balance, or leave out what is refined"))  # fmt: skip
