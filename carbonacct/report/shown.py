"""What a report shows: the record of all sectors and the energy inventories in it, or energy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.inventory.joining import join_inventories
from carbonacct.inventory.record import Inventory
from carbonacct.report.joined_inventories import join_findings, join_frames, refuse_twice
from carbonacct.sectors.energy.cube import EnergyInventory
from carbonacct.sectors.energy.energy_entries import energy_of, to_inventory

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.errors import Finding


@dataclass(frozen=True, eq=False)
class Shown:
    """What a report shows.

    Attributes
    ----------
    record
        The inventory of all sectors; None of energy alone, whose reports are of its tables.
    energy
        The energy inventories in it, with what a report shows of their tables.
    """

    record: Inventory | None
    energy: tuple[EnergyInventory, ...] = ()

    @property
    def findings(self) -> list[Finding]:
        """The findings, each once."""
        if self.record is not None:
            return list(self.record.findings)
        return join_findings(self.energy)

    def to_frame(self, *, gwp: str | None = None) -> pd.DataFrame:
        """Return the rows of the inventory CSV."""
        if self.record is not None:
            return self.record.to_frame(gwp=gwp)
        return join_frames(self.energy, gwp=gwp)

    def to_record(self) -> Inventory:
        """Return all of it as one record.

        Raises
        ------
        OutputError
            If two inventories have an area and year in common.
        """
        if self.record is not None:
            return self.record
        refuse_twice(self.energy)
        return join_inventories([to_inventory(one) for one in self.energy])


Showable = Shown | Inventory | EnergyInventory | Sequence[EnergyInventory]


def show(inventories: Showable) -> Shown:
    """Return what a report of inventories shows: of a record its own energy inventories as well.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> show([cube]).record is None, show(ca.to_inventory(cube)).energy == (cube,)
    (True, True)
    """
    if isinstance(inventories, Shown):
        return inventories
    if isinstance(inventories, Inventory):
        return Shown(inventories, tuple(energy_of(inventories)))
    if isinstance(inventories, EnergyInventory):
        return Shown(None, (inventories,))
    return Shown(None, tuple(inventories))
