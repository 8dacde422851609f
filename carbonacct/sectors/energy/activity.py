"""The activity of each cell: what burns there, after the roles of the method (sectoral approach).

Final consumption, and the inputs of power and heat plants, burn; other transformations pass carbon
on; feedstock is taken out of industry; losses do not burn. Totals are never used beside their
parts: for each product the finest flows that have a number count, and for each flow the finest
products.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.check.checks import name_cells
from carbonacct.blocks import find_cells, in_blocks
from carbonacct.errors import Finding, Gap, TableError, name_some
from carbonacct.sectors.energy.deductions import find_taken_out, scale_parts, take_out
from carbonacct.sectors.energy.finest_cells import (
    along_the_tree,
    find_finest_cells,
    find_numbers,
    list_parts_in_other_units,
)
from carbonacct.sectors.energy.inventory_cache import keep_per_record
from carbonacct.sectors.energy.motor_fuels import move_motor_fuels
from carbonacct.sectors.energy.pool import count_carbon_once
from carbonacct.sectors.energy.roles import find_transformed, note_roles
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method

_MOST_AMOUNTS = 6  # named in one finding


@dataclass(frozen=True, kw_only=True)
class ActivityData:
    """Activity data: amount x share - deduction, each (area, year, flow, product), NaN where nothing burns.

    Attributes
    ----------
    balance, counted
        The table, and which of its cells burn: the amounts are theirs (:func:`read_amounts`).
    leaf
        The cells of the whole table that count (:func:`carbonacct.sectors.energy.finest_cells.find_finest_cells`).
    share
        1, or what scales a sub-sector: to the printed row of its parent, and for feedstock taken
        from it. None where the table has no row to scale by or to take out.
    deduction
        Feedstock, carbon of derived gases and moved motor fuel taken out of the cell. None where
        nothing is.
    feedstock
        What was taken out as feedstock (area, year, product); None where the table prints nothing
        to take out.
    moved
        Motor fuel that counts in another row, negative where it is printed; part of ``deduction``.
        None without shares of it.
    """

    balance: EnergyBalance
    counted: np.ndarray
    leaf: np.ndarray
    findings: tuple[Finding, ...]
    share: np.ndarray | None = None
    deduction: np.ndarray | None = None
    feedstock: np.ndarray | None = None
    moved: np.ndarray | None = None

    @cached_property
    def _amounts(self) -> Callable[[slice, np.ndarray], None]:
        return _amount_writer(self.balance, self.counted)

    def burnt(self, areas: slice = slice(None)) -> np.ndarray:
        """Return what burns in each cell of some areas.

        Made when asked for, because a panel's would be as large as its table.
        """
        burnt = np.empty(self.counted[areas].shape)
        self._write(areas, burnt)
        return burnt

    def write_burnt(self, burnt: np.ndarray) -> np.ndarray:
        """Write what burns into an array of the shape of the table; return where something burns, and is not zero."""
        used = np.empty(self.counted.shape, bool)

        def write(areas: slice) -> None:
            self._write(areas, burnt[areas])
            np.not_equal(burnt[areas], 0, out=used[areas])
            used[areas] &= self.counted[areas]

        in_blocks(write, used.shape)
        return used

    def _write(self, areas: slice, burnt: np.ndarray) -> None:
        self._amounts(areas, burnt)
        if self.share is not None:
            burnt *= self.share[areas]
        if self.deduction is not None:
            burnt -= self.deduction[areas]

    def burnt_in(self, at: tuple[Any, ...]) -> np.ndarray:
        """Return what burns in some cells alone: indices of area, year, flow and product."""
        plant = find_plants(self.balance)[:, None]
        plane = self.counted.shape[2:]
        sign, least = (
            np.broadcast_to(np.where(plant, *either), plane)[at[2:]]
            for either in ((-1.0, 1.0), (0.0, -np.inf))
        )
        amount: np.ndarray = self.balance.amounts.values[at] * sign
        np.maximum(amount, least, out=amount)
        np.copyto(amount, np.nan, where=~self.counted[at])
        if self.share is not None:
            amount *= self.share[at]
        if self.deduction is not None:
            amount -= self.deduction[at]
        return amount

    @cached_property
    def used(self) -> np.ndarray:
        """Where something burns, and is not zero."""
        return self.write_burnt(np.empty(self.counted.shape))


def is_used(amount: np.ndarray) -> np.ndarray:
    """Return where there is a number that is not zero."""
    used: np.ndarray = (amount > 0) | (amount < 0)
    return used


def read_amounts(balance: EnergyBalance, counted: np.ndarray) -> np.ndarray:
    """Return what a table prints in the cells that count, inputs of plants turned positive; NaN elsewhere."""
    amount, write = np.empty(counted.shape), _amount_writer(balance, counted)
    in_blocks(lambda areas: write(areas, amount[areas]), amount.shape)
    return amount


def _amount_writer(
    balance: EnergyBalance, counted: np.ndarray
) -> Callable[[slice, np.ndarray], None]:
    amounts = balance.amounts.values
    plant = np.flatnonzero(find_plants(balance))
    ever = counted.reshape(-1, counted[0, 0].size).any(axis=0).reshape(counted.shape[2:])
    weight = np.where(ever, 1.0, np.nan)  # so that few cells are left to be blanked
    weight[plant] *= -1

    def write(areas: slice, amount: np.ndarray) -> None:
        np.multiply(amounts[areas], weight, out=amount)
        for row in plant:
            np.maximum(amount[:, :, row], 0.0, out=amount[:, :, row])
        counts = counted[areas]
        # Numbers alone count: as many of them as cells that count are the same cells.
        if np.count_nonzero(amount == amount) != np.count_nonzero(counts):  # noqa: PLR0124 - NaN is not itself
            np.copyto(amount, np.nan, where=~counts)

    return write


@keep_per_record
def find_plants(balance: EnergyBalance) -> np.ndarray:
    """Return which flows are transformations: what burns there is printed as a negative input."""
    return np.array([balance.is_part(flow, "transformation") for flow in balance.flows])


def find_activity(balance: EnergyBalance, method: Method) -> ActivityData:
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
    IPCC 2006 Guidelines, Vol. 2, Ch. 2, eq. 2.1 and box 2.1; the balance's rows after the
    provincial guideline 2011, Ch. 1.
    """
    flows, products = balance.flows, balance.products
    roles = [method.role(flow, balance.parents) for flow in flows]
    fuel = np.array([not vocabulary.is_electricity_or_heat(product) for product in products])
    covered = find_covered(balance, method)
    bare = np.array([_is_bare(method, product) for product in products])
    burning, feedstock = (
        np.array([role == name for role in roles])[:, None] & fuel
        for name in ("combustion", "feedstock")
    )
    burns = burning & covered & ~bare
    _refuse_unreadable(balance, burns | feedstock)
    _refuse_nothing(balance, roles, fuel)
    leaf = find_finest_cells(balance)
    counted = leaf & (burns & ~find_transformed(balance, method))
    findings: list[Finding] = []
    share = deduction = taken = None
    if find_taken_out(balance, method) or set(method.scale_parts) & set(flows):
        amount = read_amounts(balance, counted)
        share, deduction = np.ones(counted.shape), np.zeros(counted.shape)
        scale_parts(balance, method, amount, share, leaf=leaf)
        taken = take_out(balance, method, (amount, share, deduction), fuel, findings=findings)
    if (burning & bare).any():
        _note_bare(balance, _find_bare(balance, burning & bare, fuel & ~bare), findings)
    _note_totals(balance, counted, findings)
    _note_other_units(balance, leaf, findings)
    _note_keys(balance, (burning | feedstock) & covered, findings)
    _note_negative(balance, counted, findings)
    _note_left_out(balance, method, (roles, fuel, leaf), findings)
    findings += note_roles(balance, method, leaf)
    activity = ActivityData(
        balance=balance,
        counted=counted,
        leaf=leaf,
        findings=tuple(findings),
        share=share,
        deduction=deduction,
        feedstock=taken,
    )
    return move_motor_fuels(count_carbon_once(activity, method), method)


def has_factor(method: Method, product: str) -> bool:
    """Return whether a method says by which factors a total of products counts."""
    return product in method.substitutes or product in method.covers


def _is_bare(method: Method, product: str) -> bool:
    """Return whether a product is energy of any kind, of which nothing says what carbon it holds."""
    return product.startswith("total_energy") and not has_factor(method, product)


def _find_bare(balance: EnergyBalance, bare: np.ndarray, fuel: np.ndarray) -> np.ndarray:
    """Return the cells of total energy without a fuel in their row, its parts or what it is a part of."""
    number = find_numbers(balance.amounts.values)
    has_fuel = along_the_tree(balance, np.asarray(number[..., fuel].any(axis=-1)))
    alone: np.ndarray = number & bare & ~has_fuel[..., None]
    if alone.any():
        alone &= find_finest_cells(balance, alone)
    return alone


def _note_bare(balance: EnergyBalance, cells: np.ndarray, findings: list[Finding]) -> None:
    """Report total energy of rows that print no fuel: other rows of the table count."""
    for f in np.flatnonzero(cells.any(axis=(0, 1, 3))).tolist():
        used = find_cells(cells[:, :, f] & is_used(balance.amounts.values[:, :, f]))
        for p in dict.fromkeys(used[:, 2].tolist()):
            own = used[used[:, 2] == p]
            a, y, _ = own[0].tolist()
            findings.append(
                Finding(
                    "energy-without-fuels",
                    "warning",
                    say(
                        "{amount} of total energy of {flow} stand without its fuels: they do not count",
                        amount=name_some(
                            [
                                f"{balance.amounts.values[i, j, f, p]:,.0f} {balance.units[p]}"
                                for i, j, _ in own.tolist()
                            ],
                            _MOST_AMOUNTS,
                        ),
                        flow=balance.flows[f],
                    ),
                    balance.locate(a, y, f, p),
                    say("add the fuels of that row"),
                )
            )


def find_covered(balance: EnergyBalance, method: Method) -> np.ndarray:
    """Return where (flow, product) a method counts combustion."""
    covered = np.ones((len(balance.flows), len(balance.products)), bool)
    kinds = [vocabulary.base_of(product) for product in balance.products]
    if method.covers:
        covered[:, [kind not in method.covers for kind in kinds]] = False
    for exclusion in method.exclusions:
        rows = [
            not exclusion.flows
            or any(balance.is_part(flow, ancestor) for ancestor in exclusion.flows)
            for flow in balance.flows
        ]
        columns = [kind in exclusion.products for kind in kinds]
        covered[np.ix_(np.flatnonzero(rows), np.flatnonzero(columns))] = False
    return covered


def _refuse_nothing(balance: EnergyBalance, roles: list[str], fuel: np.ndarray) -> None:
    """Refuse a table of fuels that prints no row of what burns: its inventory would be empty."""
    if "combustion" in roles:
        return
    numbers = find_cells((balance.status.values == values.NUMBER) & fuel)
    if len(numbers):
        raise TableError(
            say(
                "{locate}: none of the rows {flows} says what burns; use a table with final "
                "consumption or its sectors (industry, transport, households, ...)",
                locate=balance.locate(*numbers[0]),
                flows=join_texts(", ", balance.flows),
            )
        )


def _refuse_unreadable(balance: EnergyBalance, burns: np.ndarray) -> None:
    if balance.status.values.max() < values.UNREADABLE:
        return
    unreadable = balance.status.values == values.UNREADABLE
    number = (
        find_numbers(balance.amounts.values) | unreadable
    )  # as if it could be read: would it count?
    bad = np.argwhere(unreadable & burns & find_finest_cells(balance, number))
    if len(bad):
        places = [balance.locate(*cell) for cell in bad]
        more = say(" and {bad_count} more", bad_count=len(bad) - 1) if len(bad) > 1 else ""
        raise TableError(
            say(
                "{place}: the cell{more} is not a number and its fuel burns; correct it",
                place=places[0],
                more=more,
            )
        )


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
                say(
                    "{alone_count} cells print a total without its parts, such as {product} "
                    "of {flow}; the total counts",
                    alone_count=len(alone),
                    product=balance.products[p],
                    flow=balance.flows[f],
                ),
                balance.locate(a, y, f, p),
                say("ask for the parts"),
            )
        )


def _note_other_units(balance: EnergyBalance, leaf: np.ndarray, findings: list[Finding]) -> None:
    """Report totals beside parts in other units, and which of them counts."""
    units = balance.amounts["unit"].values
    for i, parts, is_beside, is_held in list_parts_in_other_units(balance):
        may_be_all = is_beside & ~is_held[..., None] & ~leaf[..., i]
        left = find_cells(may_be_all & is_used(balance.amounts.values[..., i]))
        if len(left):
            a, y, f = left[0].tolist()
            others = [balance.products[p] for p in parts if units[p] != units[i]]
            findings.append(
                Finding(
                    "part-in-other-unit",
                    "warning",
                    say(
                        "{count} cells of {product} ({own_unit}) have parts in other units, whose "
                        "energy may be all of it: {parts} count, and what they may leave does not",
                        count=len(left),
                        product=balance.products[i],
                        own_unit=units[i],
                        parts=name_some(others, _MOST_AMOUNTS),
                    ),
                    balance.locate(a, y, f, i),
                    say("give both in one unit, so that what the parts leave counts"),
                )
            )
        amounts = balance.amounts.values[..., parts]
        cells = find_cells(is_held[..., None, None] & is_used(amounts) & ~leaf[..., parts])
        for k in dict.fromkeys(cells[:, 3].tolist()):
            own, part = cells[cells[:, 3] == k], parts[k]
            a, y, f, _ = own[0].tolist()
            findings.append(
                Finding(
                    "part-in-other-unit",
                    "warning",
                    say(
                        "{count} cells of {part} ({unit}) are a part of {product} ({own_unit}) and "
                        "cannot be all of it: {product} counts, and they are in it",
                        count=len(own),
                        part=balance.products[part],
                        unit=units[part],
                        product=balance.products[i],
                        own_unit=units[i],
                    ),
                    balance.locate(a, y, f, part),
                    say("give both in one unit, so that the kinds count by themselves"),
                    gaps=tuple(
                        Gap(
                            balance.areas[a],
                            balance.years[y],
                            balance.flows[f],
                            balance.products[part],
                            float(balance.amounts.values[a, y, f, part]),
                        )
                        for a, y, f, _ in own.tolist()
                    ),
                )
            )


def _note_keys(balance: EnergyBalance, counts: np.ndarray, findings: list[Finding]) -> None:
    """Report which cells that would count hold a notation key instead of a number: the total is incomplete."""
    status = balance.status.values
    if status.max() < min(values.NE, values.IE, values.C):
        return
    for key in (values.NE, values.IE, values.C):
        cells = find_cells((status == key) & counts)
        if len(cells):
            name, (a, y, f, p) = values.STATUS_NAMES[key], cells[0]
            what = {
                values.NE: say("not estimated"),
                values.IE: say("included elsewhere"),
                values.C: "confidential",
            }[key]
            findings.append(
                Finding(
                    "notation-key",
                    "warning",
                    say(
                        "{cell_count} cells that would count are {name} ({what}), such as "
                        "{product} of {flow}",
                        cell_count=len(cells),
                        name=name,
                        what=what,
                        product=balance.products[p],
                        flow=balance.flows[f],
                    ),
                    balance.locate(a, y, f, p),
                    say("the total lacks them"),
                )
            )


def _note_negative(balance: EnergyBalance, counted: np.ndarray, findings: list[Finding]) -> None:
    amounts, plant = balance.amounts.values, find_plants(balance)
    rows = np.flatnonzero(balance.negative.any(axis=1) & ~plant)
    below = find_cells(counted[:, :, rows] & (amounts[:, :, rows] < 0))
    below[:, 2] = rows[below[:, 2]]
    outputs = find_cells(counted[:, :, plant] & (amounts[:, :, plant] > 0))
    outputs[:, 2] = np.flatnonzero(plant)[outputs[:, 2]]
    for rule, cells, message in (
        ("negative-consumption", below, say("is consumed in a negative amount")),
        ("fuel-from-plant", outputs, say("is put out, not in, by a plant and does not burn")),
    ):
        findings += name_cells(
            balance,
            cells,
            lambda f, p, number, message=message: (  # type: ignore[misc]
                say(
                    "{product} of {flow} {message}: {number:g} {unit}",
                    product=balance.products[p],
                    flow=balance.flows[f],
                    message=message,
                    number=number,
                    unit=balance.amounts["unit"].values[p],
                )
            ),
            rule,
        )


def _note_left_out(
    balance: EnergyBalance,
    method: Method,
    counted: tuple[list[str], np.ndarray, np.ndarray],
    findings: list[Finding],
) -> None:
    """Report what a method leaves out, with its reason and the amount."""
    roles, fuel, leaf = counted
    reasons = [
        (exclusion.products, exclusion.flows, exclusion.reason) for exclusion in method.exclusions
    ]
    if method.covers:
        others = tuple(
            p
            for p, burns in zip(balance.products, fuel, strict=True)
            if vocabulary.base_of(p) not in method.covers
            and burns
            and not p.startswith("total_energy")
        )
        reasons.append((others, (), method.covers_reason))
    for products, flows, reason in reasons:
        rows = np.array(
            [
                role == "combustion"
                and (not flows or any(balance.is_part(flow, ancestor) for ancestor in flows))
                for flow, role in zip(balance.flows, roles, strict=True)
            ]
        )
        if not rows.any():
            continue
        for product in products:
            if product not in balance.products:
                continue
            p = balance.products.index(product)
            size = np.abs(np.where(leaf[..., p] & rows, balance.amounts.values[..., p], 0.0))
            left = float(np.nansum(size))
            if left:
                a, y, f = (int(at) for at in np.unravel_index(np.nanargmax(size), size.shape))
                where = say(" in {flows}", flows=join_texts(", ", flows)) if flows else ""
                findings.append(
                    Finding(
                        "left-out",
                        "warning",
                        say(
                            "{left:,.0f} {value} of {product}{where} is not counted by "
                            "{id}: {reason}",
                            left=left,
                            value=balance.amounts["unit"].values[p],
                            product=product,
                            where=where,
                            id=method.id,
                            reason=reason,
                        ),
                        balance.locate(a, y, f, p),
                    )
                )
