"""The numbers of a table as it prints them: what turns each into the amount, and what its row is to the method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.amounts.conversions import printed_scale
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.sectors.energy.cube import EnergyInventory


@dataclass(frozen=True)
class PrintedAmount:
    """One number of a table, as read.

    Attributes
    ----------
    printed, printed_unit
        As the table prints it; the amount where it was not read from a cell.
    conversion
        ``printed x conversion = amount``; NaN where more than that was done.
    amount, unit
        In the canonical unit of the product.
    where
        The cell, ``file!sheet!cell``; empty where it was not read from one.
    role
        Of the row in the method.
    """

    area: str
    year: int
    flow: str
    product: str
    printed: float
    printed_unit: str
    conversion: float
    amount: float
    unit: str
    where: str
    role: str


def list_printed_amounts(inventory: EnergyInventory) -> Iterator[PrintedAmount]:
    """Yield every number of the table behind an inventory, in the order of the table.

    Examples
    --------
    >>> import carbonacct as ca
    >>> first = next(list_printed_amounts(ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")))
    >>> first.flow, first.product, first.printed, first.printed_unit, first.amount, first.role
    ('primary_supply', 'coal_total', 4078.69, '1e4 t', 40786900.0, 'supply')
    """
    balance = inventory.balance
    areas, years, flows, products = balance.areas, balance.years, balance.flows, balance.products
    places, units = balance.places, balance.units
    roles = [inventory.method.role(flow, balance.parents) for flow in flows]
    held, amounts = balance.place.values, balance.amounts.values
    for a, y, f, p in np.argwhere(balance.status.values == values.NUMBER):
        place, amount = int(held[a, y, f, p]), float(amounts[a, y, f, p])
        printed = float(places.printed[place]) if place >= 0 else amount
        unit = places.units[int(places.unit[place])] if place >= 0 else units[p]
        yield PrintedAmount(
            area=areas[a],
            year=years[y],
            flow=flows[f],
            product=products[p],
            printed=printed,
            printed_unit=unit,
            conversion=_find_conversion(printed, (products[p], unit), amount),
            amount=amount,
            unit=units[p],
            where=places.address(place) if place >= 0 else "",
            role=roles[f],
        )


def _find_conversion(printed: float, measured: tuple[str, str], amount: float) -> float:
    """Return what turns the printed number into the amount, with its sign.

    NaN if a product of the two does not give it.
    """
    product, unit = measured
    if not unit:
        return 1.0 if printed == amount else np.nan
    factor = printed_scale(product, unit)
    return next(
        (sign * factor for sign in (1.0, -1.0) if printed * (sign * factor) == amount), np.nan
    )
