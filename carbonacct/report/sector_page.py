"""The page of an inventory of all sectors: energy's page with a section of the other sectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.report.page import collect_reference, render_page, render_sectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.sectors.energy import EnergyInventory


def write_sector_page(
    inventory: Inventory,
    path: Path,
    *,
    energy: Sequence[EnergyInventory] = (),
    lang: str = "en",
    gwp: str | None = None,
    assessment: Assessment | None = None,
    beside: KnownBeside | None = None,
) -> None:
    """Write an inventory of all sectors as one page that needs no other file and no network.

    Parameters
    ----------
    energy
        The energy inventories among it: the page then has energy's sections too.
    assessment
        What is known of the uncertainty of totals and categories.
    """
    if not energy:
        page = render_sectors(inventory, lang=lang, gwp=gwp, assessment=assessment, beside=beside)
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
        assessment=assessment,
        beside=beside,
    )
    path.write_text(page, encoding="utf-8")
