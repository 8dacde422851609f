"""The page of an inventory of all sectors: energy's page with a section of the other sectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.report.page import collect_reference, render_page, render_sectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.sectors.energy import EnergyInventory


def write_sector_page(
    inventory: Inventory,
    path: Path,
    *,
    energy: Sequence[EnergyInventory] = (),
    lang: str = "en",
    gwp: str | None = None,
    intervals: pd.DataFrame | None = None,
    beside: KnownBeside | None = None,
) -> None:
    """Write an inventory of all sectors as one page that needs no other file and no network.

    Parameters
    ----------
    energy
        The energy inventories among it: the page then has energy's sections too.
    intervals
        Of the totals.
    """
    if not energy:
        page = render_sectors(inventory, lang=lang, intervals=intervals, beside=beside)
        path.write_text(page, encoding="utf-8")
        return
    reference, findings = collect_reference(energy)
    page = render_page(
        energy,
        lang=lang,
        gwp=gwp,
        reference=reference,
        findings=[*inventory.findings, *findings],
        sectors=inventory,
        intervals=intervals,
        beside=beside,
    )
    path.write_text(page, encoding="utf-8")
