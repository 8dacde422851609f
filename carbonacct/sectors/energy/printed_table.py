"""The view of an energy balance that reports have: labels, amounts, and where each is printed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from carbonacct.balances import EnergyBalance
    from carbonacct.balances.amounts.energy_balance import Places


@dataclass(frozen=True, eq=False)
class PrintedTable:
    """A table as reports show it beside the entries that came of it.

    Attributes
    ----------
    areas, years, flows, products
        Its labels; the axes of the arrays.
    units
        The canonical unit of each product.
    amounts, status
        Numbers, and what stands where there is none (area, year, flow, product).
    place, places
        Index into ``places`` of where each number is printed, -1 where nowhere.
    parents
        What the table prints each of its own flows below.
    """

    areas: Sequence[str]
    years: Sequence[int]
    flows: Sequence[str]
    products: Sequence[str]
    units: tuple[str, ...]
    amounts: np.ndarray
    status: np.ndarray
    place: np.ndarray
    places: Places
    parents: Mapping[str, str]

    @property
    def periods(self) -> list[tuple[str, int]]:
        """Its areas and years, but for the years that an area of a panel has nothing of."""
        is_told = (self.status != values.ABSENT).any(axis=(2, 3))
        return [
            (area, year)
            for a, area in enumerate(self.areas)
            for y, year in enumerate(self.years)
            if is_told[a, y] or not is_told.any()
        ]

    def find(self, area: str, year: int, flow: str, product: str) -> tuple[int, int, int, int]:
        """Return the place of a cell in the arrays."""
        areas, years, flows, products = self._places
        return areas[area], years[year], flows[flow], products[product]

    @cached_property
    def _places(self) -> tuple[dict[str, int], dict[int, int], dict[str, int], dict[str, int]]:
        """The place of each label along its axis."""
        return (
            {area: number for number, area in enumerate(self.areas)},
            {year: number for number, year in enumerate(self.years)},
            {flow: number for number, flow in enumerate(self.flows)},
            {product: number for number, product in enumerate(self.products)},
        )

    def address_at(self, area: int, year: int, flow: int, product: int) -> str:
        """Return ``file!sheet!cell`` of a cell, or an empty string if it was not read from one."""
        place = int(self.place[area, year, flow, product])
        return self.places.address(place) if place >= 0 else ""

    def is_part(self, flow: str, ancestor: str) -> bool:
        """Return whether a flow is ``ancestor`` or stands below it in this table."""
        return vocabulary.is_within(flow, ancestor, self.parents)


def view_table(balance: EnergyBalance) -> PrintedTable:
    """Return the view of a balance; its arrays are those of the balance.

    Examples
    --------
    >>> import carbonacct as ca
    >>> table = view_table(ca.read_balance("docs/tables/chongqing_2007.csv"))
    >>> table.periods, table.address_at(*table.find("重庆", 2007, "transport", "diesel"))
    ([('重庆', 2007)], 'chongqing_2007.csv!N28')
    """
    return PrintedTable(
        areas=balance.areas,
        years=balance.years,
        flows=balance.flows,
        products=balance.products,
        units=balance.units,
        amounts=balance.amounts.values,
        status=balance.status.values,
        place=balance.place.values,
        places=balance.places,
        parents=balance.parents,
    )
