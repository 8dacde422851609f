"""The reference approach of inventories, as the table that the page shows beside the sectoral one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from carbonacct.errors import CarbonacctError, Finding
from carbonacct.sectors.energy.approach_comparison import shared_approaches
from carbonacct.sectors.energy.inventory_cache import (
    Codec,
    keep_per_record,
    read_findings,
    read_frame,
    write_findings,
    write_frame,
)
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.sectors.energy import EnergyInventory


def collect_reference(
    inventories: Sequence[EnergyInventory],
) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Return both approaches by fuel group, and what was noticed; an inventory that has no reference approach says why.

    Returns
    -------
    DataFrame or None
        Columns ``area, year, fuel, reference, sectoral`` (t CO2), as
        :func:`carbonacct.report.page.render_page` takes them.
    list of Finding
        Fuel groups that are far apart, and tables without supply rows.

    Examples
    --------
    >>> import carbonacct as ca
    >>> frame, _ = collect_reference([ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")])
    >>> list(frame["fuel"])
    ['solid', 'liquid', 'gaseous', 'total']
    """
    frames, findings = [], []
    for inventory in inventories:
        if "CO2" not in inventory.emissions["gas"].values:
            continue
        frame, found = _compare_groups(inventory)
        if len(frame):
            frames.append(frame)
        findings += found
    return (pd.concat(frames, ignore_index=True) if frames else None), findings


def _compare(inventory: EnergyInventory) -> tuple[pd.DataFrame, list[Finding]]:
    """Return both approaches of an inventory by fuel group, no row where it has one alone."""
    try:
        comparison = shared_approaches(inventory)
    except CarbonacctError as error:
        why = say("no reference approach: {error}", error=error)
        return pd.DataFrame(), [Finding("no-reference-approach", "info", why)]
    groups = comparison.by_group()
    frame = groups[["area", "year"]].assign(
        fuel=groups["fuel_group"],
        reference=groups["co2_reference_kt"] * 1e3,
        sectoral=groups["co2_sectoral_kt"] * 1e3,
    )
    return frame, list(comparison.findings)


_GROUPS: Codec[EnergyInventory, tuple[pd.DataFrame, list[Finding]]] = Codec(
    write=lambda made: [write_frame(made[0]), write_findings(made[1])],
    read=lambda held, _: (read_frame(held[0]), read_findings(held[1])),
)
_compare_groups = keep_per_record(_compare, _GROUPS)
