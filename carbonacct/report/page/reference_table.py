"""The reference approach of inventories, as the table that the page shows beside the sectoral one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from carbonacct.errors import CarbonacctError, Finding
from carbonacct.sectors.energy.approach_comparison import shared_approaches
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
        try:
            comparison = shared_approaches(inventory)
        except CarbonacctError as error:
            findings.append(
                Finding(
                    "no-reference-approach",
                    "info",
                    say("no reference approach: {error}", error=error),
                )
            )
            continue
        groups = comparison.by_group()
        frames.append(
            groups[["area", "year"]].assign(
                fuel=groups["fuel_group"],
                reference=groups["co2_reference_kt"] * 1e3,
                sectoral=groups["co2_sectoral_kt"] * 1e3,
            )
        )
        findings += comparison.findings
    return (pd.concat(frames, ignore_index=True) if frames else None), findings
