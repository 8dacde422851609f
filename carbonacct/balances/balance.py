"""Files -> one energy balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.balances.assembly import assemble
from carbonacct.balances.layout import read_page
from carbonacct.balances.mapping import Mapping, read_mapping
from carbonacct.balances.origins import attach_origins, split_origins
from carbonacct.balances.records import DIMS, EnergyBalance, Places
from carbonacct.balances.signs import turn_negative_uses
from carbonacct.balances.wholes import decide_wholes, list_labels
from carbonacct.errors import ChecksFailedError, TableError
from carbonacct.sheets.sheets import read_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from carbonacct.balances.layout import Page
    from carbonacct.balances.origins import Origin

__all__ = ["DIMS", "EnergyBalance", "Places", "read_balance"]


def read_balance(
    *paths: str | Path,
    area: str | None = None,
    year: int | None = None,
    mapping: str | Path | Mapping | None = None,
    strict: bool = False,
) -> EnergyBalance:
    """Read energy balance or consumption tables.

    Parameters
    ----------
    paths
        Files: workbooks (.xls, .xlsx, .xlsb, .ods), .csv, .tsv, .html, .docx, .pdf with text, JSON-stat,
        pasted text, or these packed (.gz, .zip). Pages of one table
        (续表), and a balance with the table of its sub-sectors, are put together.
    area
        Name of the area, over what the titles say.
    year
        The year, where the title does not say it; of a table of many years, the one to take.
    mapping
        The table's own words, as a file (:mod:`carbonacct.balances.mapping`).
    strict
        Raise the findings of severity error, all at once.

    Returns
    -------
    EnergyBalance
        Amounts in canonical units, with the cell that each number came from.

    Raises
    ------
    TableError, UnitError
        If a file is no table, or a row, column or unit is unknown or contradicts itself.
    ChecksFailedError
        Under ``strict``.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> balance.areas, balance.years, len(balance.flows), len(balance.products)
    (['重庆'], [2007], 33, 22)
    >>> float(balance.quantity("raw_coal").sel(flow="thermal_power").item().to("t").magnitude)
    -15477000.0
    """
    own = read_mapping(mapping) if mapping is not None and not isinstance(mapping, Mapping) else mapping
    pages: list[Page] = []
    origins: dict[tuple[str, str], dict[int, Origin]] = {}
    if not paths:
        raise TableError("no file was named; name the table, or the tables, to read")
    for path in paths:
        read: list[Page] = []
        for held in read_sheets(path):
            sheet, origins[held.file, held.name] = split_origins(held)
            before = next((page for page in reversed([*pages, *read]) if page.title), None)
            read.append(read_page(sheet, own, area=area, before=before))
        if not any(page.blocks for page in read):
            raise TableError(next((str(page.refused) for page in read if page.refused), "") or
                             f"{read[0].sheet.file}: no energy balance found: no header names two products, years or flows above rows with known labels; "
                             "check that it is the table, or name its words in a mapping file (--mapping)")  # fmt: skip
        pages += read
    labels = list_labels(block for page in pages for block in page.blocks)
    balance = turn_negative_uses(decide_wholes(assemble(pages, year), labels))
    balance = attach_origins(balance, origins)
    if strict and any(finding.severity == "error" for finding in balance.findings):
        raise ChecksFailedError(finding for finding in balance.findings if finding.severity == "error")
    return balance
