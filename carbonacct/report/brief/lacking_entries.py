"""The entries that a total would hold and that have no number."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.inventory.record import Inventory


def find_lacking(inventory: Inventory, area: str, year: int, gas: str) -> pd.DataFrame:
    """Return the entries of an area, a year and a gas ("" for all) that exist and have no number.

    Memo items are of no total.
    """
    held = inventory.entries
    here = held[(held["area"] == area) & (held["year"] == year) & (held["kind"] != "memo")]
    if gas:
        here = here[here["gas"] == gas]
    return here[here["value"].isna() & here["notation"].isin(["NE", "C"])]
