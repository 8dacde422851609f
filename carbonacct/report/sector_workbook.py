"""The workbook of an inventory of all sectors: energy's sheets, and those of the other sectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.report.workbook import open_book, write_workbook
from carbonacct.report.workbook.annexes import add_beside
from carbonacct.report.workbook.source_sheets import add_sectors
from carbonacct.report.workbook.summary_sheets import add_findings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.sectors.energy import EnergyInventory


def write_sector_workbook(
    inventory: Inventory,
    path: Path,
    *,
    energy: Sequence[EnergyInventory] = (),
    lang: str = "en",
    gwp: str | None = None,
    assessment: Assessment | None = None,
    beside: KnownBeside | None = None,
) -> None:
    """Write an inventory of all sectors as a workbook whose cells are formulas.

    Parameters
    ----------
    energy
        The energy inventories among it; their sheets come first.
    assessment
        What is known of the uncertainty of totals and categories, on sheets of their own.

    Notes
    -----
    A source has a sheet of its own: a row a number, with the equation as its formula; activities
    and factor rows stand once each, on two sheets, and a total is a sum of entries.
    """
    if energy:
        write_workbook(
            energy,
            path,
            lang=lang,
            gwp=gwp,
            sheets=[
                lambda book: add_sectors(book, inventory, energy, gwp=gwp, assessment=assessment)
            ],
            findings=inventory.findings,
            beside=beside,
        )
        return
    with open_book(path, lang) as book:
        add_sectors(book, inventory, gwp=gwp, assessment=assessment)
        if beside is not None:
            add_beside(book, beside)
        add_findings(book, inventory.findings)
