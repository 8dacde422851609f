"""The inventory of all sectors as a file of any kind, by the suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.errors import OutputError
from carbonacct.report.files import check_target, place_file
from carbonacct.report.frames import format_csv, print_data
from carbonacct.report.records import (
    write_record_json,
    write_record_netcdf,
    write_record_parquet,
)
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from carbonacct.inventory.record import Inventory
    from carbonacct.sectors.energy import EnergyInventory

_ENERGY_ALONE = (".docx", ".primap.csv")
_BRIEFS = (".brief.html", ".brief.docx", ".brief.pdf")


def write_record(
    inventory: Inventory,
    target: str,
    *,
    energy: Sequence[EnergyInventory] = (),
    lang: str = "en",
    gwp: str | None = None,
    overwrite: bool = False,
) -> None:
    """Write an inventory of all sectors to one file by its suffix, or as CSV to standard output.

    Parameters
    ----------
    target
        ``-``, or a path that ends in .csv, .json, .parquet, .nc, .xlsx, .html, .brief.html,
        .brief.docx or .brief.pdf.
    energy
        The energy inventories among it, for what a workbook and a page show of balances.
    lang
        ``"zh"`` or ``"en"``: the language of what people read in it.
    gwp
        Name of a metric: rows of CO2-equivalent follow those of the gases.

    Raises
    ------
    OutputError
        If it cannot be written; what was there stays.
    """
    if target == "-":
        print_data(format_csv(inventory.to_frame(gwp=gwp)))
        return
    kinds = (*_KINDS, ".xlsx", ".html", *_BRIEFS, *_ENERGY_ALONE)
    suffix = check_target(target, kinds, overwrite=overwrite)
    if suffix in _ENERGY_ALONE:
        raise OutputError(
            say("{target}: is of energy alone; name it with --sectors energy", target=target)
        )

    def write(path: Path) -> None:
        if suffix == ".xlsx":
            from carbonacct.report.sector_workbook import write_sector_workbook  # noqa: PLC0415

            write_sector_workbook(inventory, path, energy=energy, lang=lang, gwp=gwp)
        elif suffix in _BRIEFS:
            from carbonacct.report.brief import write_brief  # noqa: PLC0415

            write_brief(inventory, path, lang=lang, gwp=gwp)
        elif suffix == ".html":
            from carbonacct.report.sector_page import write_sector_page  # noqa: PLC0415

            write_sector_page(inventory, path, energy=energy, lang=lang, gwp=gwp)
        else:
            _KINDS[suffix](inventory, path, gwp=gwp)

    place_file(target, write, overwrite=overwrite)


def _write_csv(inventory: Inventory, path: Path, *, gwp: str | None = None) -> None:
    path.write_text(format_csv(inventory.to_frame(gwp=gwp)), encoding="utf-8")


_KINDS = {
    ".csv": _write_csv,
    ".json": write_record_json,
    ".parquet": write_record_parquet,
    ".nc": write_record_netcdf,
}
