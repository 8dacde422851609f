"""The methods that entries name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.errors import MethodError
from carbonacct.factors import load_method
from carbonacct.sectors.energy.energy_entries import EnergyOrigin

if TYPE_CHECKING:
    from carbonacct.factors import Method
    from carbonacct.inventory.record import Inventory


def find_method_of(inventory: Inventory, identifier: str) -> Method | None:
    """Return the method of some entries: the one they were compiled by, else the one of that id.

    None of a method of one's own that the entries were read back without, and of one that is of
    other sectors alone.
    """
    for origin in inventory.origins:
        if isinstance(origin, EnergyOrigin) and origin.inventory.method.id == identifier:
            return origin.inventory.method
    try:
        return load_method(identifier)
    except MethodError:
        return None
