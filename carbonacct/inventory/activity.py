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
from carbonacct.errors import Finding, TableError
from carbonacct.tables import values
from carbonacct.tables.checks import find_cells, name_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    used: np.ndarray = (amount > 0) | (amount < 0)
    return used


def leaves(balance: EnergyBalance, number: np.ndarray | None = None) -> np.ndarray:
    """Return the cells that count: the finest flows and products that have a number, each amount once.

    Parameters
    ----------
    balance
        The table.
    number
        Where it has a number, if not as read.

    Returns
    -------
    ndarray
        bool (area, year, flow, product). A flow counts where no flow of which it is the sum has a number. A total of
        products counts where none of its products has one, in its own row or in the rows above and below it. A printed
        group of flows (an industry block) counts where its members have none.
    """
    number = ~np.isnan(balance.amounts.values) if number is None else number
    leaf: np.ndarray = _leaf_flows(balance, number) & leaf_products(balance, number, above_and_below=True)
    return leaf


def _leaf_flows(balance: EnergyBalance, number: np.ndarray) -> np.ndarray:
    flows = balance.flows
    position = {flow: i for i, flow in enumerate(flows)}
    covered = np.zeros_like(number)
    known = vocabulary.flows()
    group_counts = _groups_that_count(balance, number)
    for flow in sorted(flows, key=lambda f: -_depth(f, balance.parents)):  # the finest first
        ancestor = _parent(flow, balance.parents)
        while ancestor and (known[flow].part == "sum" or flow in group_counts):
            if ancestor in position:
                own = position[flow]
                covered[:, :, position[ancestor]] |= group_counts[flow] if flow in group_counts else number[:, :, own] | covered[:, :, own]
                break
            if known[ancestor].part != "sum":
                break
            ancestor = _parent(ancestor, balance.parents)
    leaf: np.ndarray = number & ~covered
    for flow in flows:
        if known[flow].part == "group":
            leaf[:, :, position[flow]] &= group_counts.get(flow, np.zeros(1, bool))
    return leaf


def _groups_that_count(balance: EnergyBalance, number: np.ndarray) -> dict[str, np.ndarray]:
    """Return, for each printed group of flows, where it has a number and nothing that it groups has one."""
    known = vocabulary.flows()
    counts: dict[str, np.ndarray] = {}
    groups = [flow for flow in balance.flows if known[flow].part == "group"]
    for flow in sorted(groups, key=lambda f: not known[f].members):  # light and heavy industry name no members: last
        own = number[:, :, balance.flows.index(flow)]
        members = known[flow].members
        inside = [
            i for i, other in enumerate(balance.flows) if any(balance.is_part(other, member) for member in members)
        ]
        if not members:  # it groups whatever its parent holds
            parent = _parent(flow, balance.parents)
            inside = [i for i, other in enumerate(balance.flows) if other != parent and known[other].members == () and other not in groups
                      and balance.is_part(other, parent) and known[other].part == "sum"]  # fmt: skip
            inside += [
                balance.flows.index(other)
                for other in counts
                if _parent(other, balance.parents) == parent and known[other].members
            ]
        counts[flow] = own & ~number[:, :, inside].any(axis=2)
    return counts


def leaf_products(
    balance: EnergyBalance, number: np.ndarray | None = None, *, above_and_below: bool = False
) -> np.ndarray:
    """Return where a product counts: it is no total, or a total none of whose products has a number in its row.

    Parameters
    ----------
    balance, number
        As in `leaves`.
    above_and_below
        Whether a product in a row of which this row is a part, or that is a part of it, hides the total too.
    """
    products = balance.products
    number = ~np.isnan(balance.amounts.values) if number is None else number
    leaf: np.ndarray = number.copy()
    for i, product in enumerate(products):
        parts = [j for j, other in enumerate(products) if j != i and _is_part(other, product)]
        if product.startswith("total_energy"):  # the total of everything else, in whatever unit that is
            parts = [j for j, other in enumerate(products) if vocabulary.products()[other].group != "total"]
        if parts:
            has = np.asarray(number[..., parts].any(axis=-1))
            leaf[..., i] &= ~(_along_the_tree(balance, has) if above_and_below else has)
    return leaf


def _along_the_tree(balance: EnergyBalance, has: np.ndarray) -> np.ndarray:
    """Return where a flow, one that it is a part of (roots apart), or one of its parts has something."""
    found: np.ndarray = has.copy()
    for i, flow in enumerate(balance.flows):
        for j, other in enumerate(balance.flows):
            above = _parent(other, balance.parents) and balance.is_part(flow, other)
            below = _parent(flow, balance.parents) and balance.is_part(other, flow)
            if i != j and (above or below):
                found[:, :, i] |= has[:, :, j]
    return found


def _is_part(product: str, total: str) -> bool:
    while product := vocabulary.products()[product].parent:
        if product == total:
            return True
    return False


def _parent(flow: str, parents: Mapping[str, str]) -> str:
    return parents.get(flow) or vocabulary.flows()[flow].parent


def _depth(flow: str, parents: Mapping[str, str]) -> int:
    depth = 0
    while flow := _parent(flow, parents):
        depth += 1
    return depth


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
    amount = amounts.copy()
    amount[~np.isnan(amounts) & ~leaf] = np.nan
    amount[:, :, plant] = np.maximum(-amount[:, :, plant], 0.0)
    share, deduction = np.broadcast_to(1.0, amount.shape), np.broadcast_to(0.0, amount.shape)
    if find_taken_out(balance, method) or set(method.scale_parts) & set(flows):
        share, deduction = share.copy(), deduction.copy()
    findings: list[Finding] = []
    _scale_parts(balance, method, amount, share)
    _take_out(balance, method, (amount, share, deduction), fuel, findings)
    _note_totals(balance, leaf, findings)
    counts = np.array([role in {"combustion", "feedstock"} for role in roles])[:, None] & fuel & find_covered(balance, method)
    _note_keys(balance, counts, findings)
    _note_negative(balance, amount, plant, findings)
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
    unreadable = balance.status.values == values.UNREADABLE
    if not unreadable.any():
        return
    number = ~np.isnan(balance.amounts.values) | unreadable  # as if it could be read: would it count?
    bad = np.argwhere(unreadable & burns & leaves(balance, number))
    if len(bad):
        places = [balance.address_at(*cell) for cell in bad]
        more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
        raise TableError(f"{places[0]}: the cell{more} is not a number and its fuel burns; correct it")


def _scale_parts(balance: EnergyBalance, method: Method, amount: np.ndarray, share: np.ndarray) -> None:
    """Scale sub-sectors to the printed row of their parent, where the method says that row is the total."""
    for parent in method.scale_parts:
        if parent not in balance.flows:
            continue
        parts = [i for i, flow in enumerate(balance.flows) if flow != parent and balance.is_part(flow, parent)]
        printed = balance.amounts.values[:, :, balance.flows.index(parent)]
        total = np.nansum(amount[:, :, parts], axis=2)
        usable = ~np.isnan(printed) & (total > 0)
        ratio = np.divide(printed, total, out=np.ones_like(total), where=usable)
        share[:, :, parts] *= ratio[:, :, None]


def find_taken_out(balance: EnergyBalance, method: Method) -> dict[str, str]:
    """Return the rows that are taken out of what burns: feedstock, and refuelling abroad; each with where it is taken from."""
    taken = {flow: _parent(flow, balance.parents) for flow in balance.flows if method.role(flow, balance.parents) == "feedstock"}
    if method.bunkers_from:
        taken |= {flow: method.bunkers_from for flow in ("bunkers_abroad",) if flow in balance.flows}
    return taken


def _take_out(
    balance: EnergyBalance,
    method: Method,
    arrays: tuple[np.ndarray, np.ndarray, np.ndarray],
    fuel: np.ndarray,
    findings: list[Finding],
) -> None:
    """Take feedstock, and what was refuelled abroad, out of the flow that it is part of, or of that flow's parts."""
    amount, share, deduction = arrays
    for flow, parent in find_taken_out(balance, method).items():
        kind = "bunkers" if flow == "bunkers_abroad" else "feedstock"
        row = balance.flows.index(flow)
        used = np.maximum(np.nan_to_num(balance.amounts.values[:, :, row]), 0.0)
        alone = leaf_products(balance)[:, :, row] & fuel
        parts = [
            i
            for i, other in enumerate(balance.flows)
            if other != flow and balance.is_part(other, parent) and method.role(other, balance.parents) == "combustion"
        ]
        first = [i for i in parts if balance.flows[i] in method.feedstock_from]
        whole = [i for i in parts if balance.flows[i] == parent]
        rest = used
        if whole:  # no sub-sectors for this product: one cell holds it all
            rest = _deduct_whole(amount[:, :, whole[0]], deduction[:, :, whole[0]], used)
        for group in (first, [i for i in parts if i not in first and i not in whole]):
            if group and (group is first or method.feedstock_rest == "others"):
                rest = _deduct_shares(amount, share, group, rest)
        for a, y, p in np.argwhere(rest > 1e-9 * np.maximum(used, 1.0)):
            product = balance.products[p]
            if np.isnan(amount[a, y][parts][:, p]).all():
                if alone[a, y, p]:
                    findings.append(Finding(f"{kind}-alone", "warning",
                                            f"{flow} of {product} is {used[a, y, p]:,.0f} {balance.amounts['unit'].values[p]}, but no row to take it from has a number for {product}; it is not deducted",
                                            balance.address(balance.areas[a], balance.years[y], flow, product),
                                            "check that what burns does not include it"))  # fmt: skip
                continue
            findings.append(Finding(f"{kind}-exceeds-use", "warning" if method.feedstock_rest == "none" else "error",
                                    f"{flow} of {product} is {used[a, y, p]:,.0f} {balance.amounts['unit'].values[p]}, {rest[a, y, p]:,.0f} more than is used where it is taken from; that use is set to 0",
                                    balance.address(balance.areas[a], balance.years[y], flow, product), "check both rows"))  # fmt: skip
        if kind == "bunkers":
            findings.extend(_say_taken_out(balance, flow, parent, used - rest, alone))


def _say_taken_out(balance: EnergyBalance, flow: str, parent: str, taken: np.ndarray, alone: np.ndarray) -> Iterator[Finding]:
    """Yield a note of each amount that the printed row of its parent holds and the inventory does not."""
    for a, y, p in np.argwhere((taken > 0) & alone):
        product, unit = balance.products[p], balance.amounts["unit"].values[p]
        yield Finding("bunkers-taken-out", "info",
                      f"{taken[a, y, p]:,.0f} {unit} of {product} refuelled abroad is taken out of {parent}; it is a memo item",
                      balance.address(balance.areas[a], balance.years[y], flow, product))  # fmt: skip


def _deduct_whole(amount: np.ndarray, deduction: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Deduct feedstock from one cell, at most what it holds; return what is left to deduct."""
    here = ~np.isnan(amount)
    taken = np.where(here, np.minimum(used, np.maximum(np.nan_to_num(amount), 0.0)), 0.0)
    deduction[here] = taken[here]
    return np.where(here, used - taken, used)


def _deduct_shares(amount: np.ndarray, share: np.ndarray, group: list[int], used: np.ndarray) -> np.ndarray:
    """Deduct feedstock from several cells in proportion; return what they do not hold."""
    held = np.nansum((amount * share)[:, :, group], axis=2)
    taken = np.minimum(used, np.maximum(held, 0.0))
    keep = np.divide(held - taken, held, out=np.ones_like(held), where=held > 0)
    share[:, :, group] *= keep[:, :, None]
    rest: np.ndarray = used - taken
    return rest


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
    for key in (values.NE, values.IE, values.C):
        cells = find_cells((status == key) & counts)
        if len(cells):
            name, (a, y, f, p) = values.STATUS_NAMES[key], cells[0]
            what = {values.NE: "not estimated", values.IE: "included elsewhere", values.C: "confidential"}[key]
            findings.append(Finding("notation-key", "warning", f"{len(cells)} cells that would count are {name} ({what}), such as {balance.products[p]} of {balance.flows[f]}",
                                    balance.address_at(a, y, f, p), "the total lacks them"))  # fmt: skip


def _note_negative(balance: EnergyBalance, amount: np.ndarray, plant: np.ndarray, findings: list[Finding]) -> None:
    negative = find_cells(amount < 0)
    outputs = find_cells((amount[:, :, plant] == 0) & (balance.amounts.values[:, :, plant] > 0))
    outputs[:, 2] = np.flatnonzero(plant)[outputs[:, 2]]
    for rule, cells, message in (
        ("negative-consumption", negative, "is consumed in a negative amount"),
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
    burning = np.array([role == "combustion" for role in roles])
    for products, flows, reason in reasons:
        rows = [not flows or any(balance.is_part(flow, ancestor) for ancestor in flows) for flow in balance.flows]
        for product in products:
            if product not in balance.products:
                continue
            p = balance.products.index(product)
            left = float(
                np.nansum(np.abs(np.where(leaf[..., p] & burning & np.array(rows), balance.amounts.values[..., p], 0.0)))
            )
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
