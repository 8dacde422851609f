"""Several inventories as one: their rows, their findings, and what stands in the way of a sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.errors import OutputError
from carbonacct.report.grouping import group_findings
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.errors import Finding
    from carbonacct.sectors.energy import EnergyInventory


def join_frames(inventories: Sequence[EnergyInventory], *, gwp: str | None = None) -> pd.DataFrame:
    """Return the flat table of inventories, one after another."""
    import pandas as pd  # noqa: PLC0415 - the command line imports this module

    frames = [inventory.to_frame(gwp=gwp) for inventory in inventories]
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def list_lacking(inventories: Sequence[EnergyInventory]) -> dict[tuple[str, int], tuple[str, ...]]:
    """Return the products of scope 2 that have an amount and no factor by (area, year), where there are any."""
    found = {
        key: inventory.find_lacking(*key)
        for inventory in inventories
        for key in inventory.table.periods
    }
    return {key: products for key, products in found.items() if products}


def refuse_twice(inventories: Sequence[EnergyInventory]) -> None:
    """Refuse two inventories of one area and year, where their numbers would be added up or lie on one another.

    Raises
    ------
    OutputError
        If there are.
    """
    seen: set[tuple[str, int]] = set()
    for inventory in inventories:
        periods = set(inventory.table.periods)
        if both := seen & periods:
            area, year = min(both)
            raise OutputError(
                say(
                    "two inventories of {area} {year}: one file holds one of each area and year",
                    area=area,
                    year=year,
                )
            )
        seen |= periods


def join_findings(inventories: Sequence[EnergyInventory]) -> list[Finding]:
    """Return the findings of inventories, each once; one cause in the tables of several years is one finding."""
    from carbonacct.sectors.energy.imported_energy import (  # noqa: PLC0415 - loaded where inventories are
        note_grid_levels,
    )

    single = [finding for inventory in inventories for finding in inventory.findings]
    if (
        len(inventories) > 1
    ):  # the years of an area may be a table each: one sentence for all of them
        levels = note_grid_levels(inventories)
        single = [
            *(finding for finding in single if finding.rule not in {one.rule for one in levels}),
            *levels,
        ]
    return group_findings(single)
