"""What a report shows: the record of all sectors, and the energy inventories in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from carbonacct.inventory.joining import join_inventories
from carbonacct.inventory.record import Inventory
from carbonacct.report.grouping import group_findings
from carbonacct.report.joined_inventories import join_findings, join_frames, refuse_twice
from carbonacct.sectors.energy.cube import EnergyInventory
from carbonacct.sectors.energy.energy_entries import energy_of, to_inventory

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.errors import Finding
    from carbonacct.inventory.record import MadeFrom


@dataclass(frozen=True, eq=False)
class Shown:
    """What a report shows.

    Attributes
    ----------
    energy
        The energy inventories, for what is shown of their tables.
    all_sectors
        The inventory of all sectors; None of energy alone, whose reports have no part of sectors.
    made_from
        What energy inventories alone were made from, if it is known better than by themselves.
    """

    energy: tuple[EnergyInventory, ...] = ()
    all_sectors: Inventory | None = None
    made_from: tuple[MadeFrom, ...] = ()

    @property
    def is_energy_alone(self) -> bool:
        """Whether it is of energy inventories that were given as such."""
        return self.all_sectors is None

    @cached_property
    def record(self) -> Inventory:
        """All of it as one record.

        Raises
        ------
        OutputError
            If two energy inventories have an area and year in common.
        """
        if self.all_sectors is not None:
            return self.all_sectors
        refuse_twice(self.energy)
        joined = join_inventories([to_inventory(one) for one in self.energy])
        made_from = self.made_from or joined.made_from
        return replace(joined, findings=tuple(self.findings), made_from=made_from)

    @cached_property
    def findings(self) -> list[Finding]:
        """The findings, each once, those of one cause in several years as one."""
        if self.all_sectors is not None:
            return group_findings(self.all_sectors.findings)
        return join_findings(self.energy)

    def to_frame(self, *, gwp: str | None = None) -> pd.DataFrame:
        """Return the rows of the inventory CSV; of energy alone as many tables as there are."""
        if self.all_sectors is not None:
            return self.all_sectors.to_frame(gwp=gwp)
        return join_frames(self.energy, gwp=gwp)


Showable = Shown | Inventory | EnergyInventory | Sequence[EnergyInventory]


def show(inventories: Showable) -> Shown:
    """Return what a report of inventories shows: of a record its own energy inventories as well.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> show([cube]).is_energy_alone, show(ca.to_inventory(cube)).energy == (cube,)
    (True, True)
    >>> show([cube]).record.equals(ca.to_inventory(cube))
    True
    """
    if isinstance(inventories, Shown):
        return inventories
    if isinstance(inventories, Inventory):
        return Shown(tuple(energy_of(inventories)), inventories)
    if isinstance(inventories, EnergyInventory):
        return Shown((inventories,))
    return Shown(tuple(inventories))
