"""A cause in the table of one area and year: what speaks for it, and its cells by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.amounts.conversions import printed_scale
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.check.case import Case
    from carbonacct.balances.check.causes import Cause
    from carbonacct.balances.check.identities import TableIdentity
    from carbonacct.errors import Severity

SIDES = {
    "sum-of-products": say("the products"),
    "total-consumption": say("final consumption, losses and inputs"),
}


@dataclass(frozen=True)
class Fault:
    """A cause in the table of one area and year."""

    area: int
    year: int
    cause: Cause
    case: Case

    @cached_property
    def first(self) -> int:
        """The identity that speaks for the cause: the hardest, then the first."""
        soft = self.case.system.soft
        return min(self.cause.mended, key=lambda i: (soft[i], self.is_blank(i), i))

    @property
    def identity(self) -> TableIdentity:
        """The identity that speaks for the cause."""
        return self.case.system.identities[self.first]

    def is_blank(self, i: int) -> bool:
        """Return whether the total of an identity has no number."""
        return bool(np.isnan(self.case.numbers[self.case.system.total[i]]))

    @property
    def severity(self) -> Severity:
        """Of the identity that speaks; a total that is left blank is no error."""
        return "warning" if self.is_blank(self.first) else self.identity.severity

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What faults of one cause have in common."""
        cause, (flow, product) = self.cause, self.identity.total
        if cause.line:
            line = cause.line
            return (line.kind, line.axis, line.at, line.other, float(f"{line.factor:.3g}"))
        if cause.changes:
            return (self.identity.rule, cause.changes[0].kind, flow, product)
        if self.identity.action:
            return (self.identity.action, flow)
        if self.is_blank(self.first) and self.identity.rule == "sum-of-products":
            return ("blank", product)
        return (self.identity.rule, flow, product)


def say_identity(balance: EnergyBalance, fault: Fault, i: int) -> str:
    """Return both sides of an identity and their difference."""
    identity, case = fault.case.system.identities[i], fault.case
    p = identity.total[1]
    difference = float(case.measured.difference[i])
    printed = float(np.nan_to_num(case.numbers[case.system.total[i]]))
    shown = say("blank") if fault.is_blank(i) else show(balance, printed, p)
    side = SIDES.get(identity.rule, say("the rows"))
    return say(
        "{total} is {shown}, {side} give {given}: difference {difference}",
        total=name_total(balance, fault, i),
        shown=shown,
        side=side,
        given=show(balance, printed - difference, p),
        difference=show(balance, difference, p),
    )


def name_total(balance: EnergyBalance, fault: Fault, i: int) -> str:
    """Return the cell of the total of an identity by its product and flow."""
    f, p = fault.case.system.identities[i].total
    return say("{product} of {flow}", product=balance.products[p], flow=balance.flows[f])


def name_cell(balance: EnergyBalance, fault: Fault, cell: int) -> str:
    """Return the address of a cell, or its product and flow where it was not read from a file."""
    f, p = divmod(cell, fault.case.width)
    return balance.address_at(fault.area, fault.year, f, p) or say(
        "{product} of {flow}", product=balance.products[p], flow=balance.flows[f]
    )


def show(balance: EnergyBalance, number: float, p: int) -> str:
    """Return a canonical amount as the table would print it."""
    shown = number / printed_scale(balance.products[p], balance.printed_units[p])
    return f"{float(f'{shown:.10g}'):.10g}"
