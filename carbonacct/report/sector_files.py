"""The inventory of all sectors as a file of any kind, by the suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.report.entry_files import (
    write_record_json,
    write_record_netcdf,
    write_record_parquet,
)
from carbonacct.report.files import BRIEFS, check_target, place_file
from carbonacct.report.frames import format_csv, print_data

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.projects.differences import Difference
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.sectors.energy import EnergyInventory


def write_record(
    inventory: Inventory,
    target: str,
    *,
    energy: Sequence[EnergyInventory] = (),
    lang: str = "en",
    gwp: str | None = None,
    assessment: Assessment | None = None,
    since: Difference | None = None,
    overwrite: bool = False,
    beside: KnownBeside | None = None,
) -> None:
    """Write an inventory of all sectors to one file by its suffix, or as CSV to standard output.

    Parameters
    ----------
    target
        ``-``, or a path that ends in .csv, .json, .parquet, .nc, .primap.csv, .xlsx, .docx, .html,
        .brief.html, .brief.docx or .brief.pdf.
    energy
        The energy inventories among it, for what a workbook and a page show of balances.
    lang
        ``"zh"`` or ``"en"``: the language of what people read in it.
    gwp
        Name of a metric: rows of CO2-equivalent follow those of the gases.
    assessment
        What is known of the uncertainty of totals and categories
        (:func:`carbonacct.report.uncertainty_tables.assess_record`), for a workbook, a page,
        a chapter and a brief.
    beside
        Filled years, accepted findings and targets of a project, for a workbook and a page; targets
        for a chapter and a brief as well.
    since
        What changed since an earlier inventory; shown in .docx alone.

    Raises
    ------
    OutputError
        If it cannot be written; what was there stays.
    """
    if target == "-":
        print_data(format_csv(inventory.to_frame(gwp=gwp)))
        return
    suffix = check_target(target, (*_KINDS, *_READ), overwrite=overwrite)

    shown: dict[str, Any] = {"lang": lang, "gwp": gwp, "assessment": assessment}

    def write(path: Path) -> None:
        if suffix == ".xlsx":
            from carbonacct.report.sector_workbook import write_sector_workbook  # noqa: PLC0415

            write_sector_workbook(inventory, path, energy=energy, beside=beside, **shown)
        elif suffix == ".html":
            from carbonacct.report.sector_page import write_sector_page  # noqa: PLC0415

            write_sector_page(inventory, path, energy=energy, beside=beside, **shown)
        elif suffix == ".docx":
            from carbonacct.report.chapter import write_record_chapter  # noqa: PLC0415

            write_record_chapter(
                inventory, path, energy=energy, since=since, beside=beside, **shown
            )
        elif suffix in BRIEFS:
            from carbonacct.report.brief import BriefContext, write_brief  # noqa: PLC0415
            from carbonacct.report.target_tables import tell_targets  # noqa: PLC0415

            known = BriefContext(
                intervals=assessment.intervals if assessment else None,
                targets=tell_targets(beside.targets, lang) if beside else {},
            )
            write_brief(inventory, path, lang=lang, gwp=gwp, beside=known)
        elif suffix == ".primap.csv":
            from carbonacct.report.primap import write_record_primap  # noqa: PLC0415

            write_record_primap(inventory, path)
        else:
            _KINDS[suffix](inventory, path, gwp=gwp)

    place_file(target, write, overwrite=overwrite)


def _write_csv(inventory: Inventory, path: Path, *, gwp: str | None = None) -> None:
    path.write_text(format_csv(inventory.to_frame(gwp=gwp)), encoding="utf-8")


_READ = (".xlsx", ".html", ".docx", ".primap.csv", *BRIEFS)
_KINDS = {
    ".csv": _write_csv,
    ".json": write_record_json,
    ".parquet": write_record_parquet,
    ".nc": write_record_netcdf,
}
