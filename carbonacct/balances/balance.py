"""Files -> one energy balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.balances.amounts.energy_balance import DIMS, EnergyBalance, Places
from carbonacct.balances.reading import read_tables
from carbonacct.errors import ChecksFailedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.cell_corrections import Correction

__all__ = ["DIMS", "EnergyBalance", "Places", "read_balance"]


def read_balance(
    *paths: str | Path,
    area: str | None = None,
    year: int | None = None,
    mapping: str | Path | Mapping | None = None,
    layout: str | Path | None = None,
    sheet: str | Sequence[str] | None = None,
    corrections: Sequence[Correction] = (),
    strict: bool = False,
) -> EnergyBalance:
    """Read energy balance or consumption tables.

    Parameters
    ----------
    paths
        Files: workbooks (.xls, .xlsx, .xlsb, .ods), .csv, .tsv, .html, .docx, .pdf with text,
        JSON-stat, pasted text, or these packed (.gz, .zip); a folder of them, or a pattern such as
        ``2019*.xls``. Pages of one table (续表), and a balance
        with the table of its sub-sectors, are put together.
    area
        Name of the area, over what the titles say.
    year
        The year, where the title does not say it; of a table of many years, the one to take.
    mapping
        The table's own words, as a file (:mod:`carbonacct.balances.words.mapping`).
    layout
        A folder of the user's own layouts: words for the sheets in which a text of theirs stands
        (:func:`carbonacct.balances.words.mapping.read_words`).
    sheet
        The sheets of workbooks that are read, by name or by a pattern such as ``Balance *``; the
        others are passed over. A hidden sheet is read if it is named in full.
    corrections
        Cells that are read as something else than they hold; each is a finding.
    strict
        Raise the findings of severity error, all at once.

    Returns
    -------
    EnergyBalance
        Amounts in canonical units, with the cell that each number came from.

    Raises
    ------
    TableError, UnitError
        If a file is no table, or a row, column or unit is unknown or contradicts itself; all
        faults at once (:func:`carbonacct.read_tables` comes back with them); or if a sheet that is
        named is not there.
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
    balance = read_tables(
        *paths,
        area=area,
        year=year,
        mapping=mapping,
        layout=layout,
        sheet=sheet,
        corrections=corrections,
    ).require()
    if strict and any(finding.severity == "error" for finding in balance.findings):
        raise ChecksFailedError(
            finding for finding in balance.findings if finding.severity == "error"
        )
    return balance
