"""Files -> a reading: what became of every cell, what is asked, and the balance if nothing stops it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from carbonacct.balances.account.ask import list_open_rows
from carbonacct.balances.account.diagnosis import say_no_table
from carbonacct.balances.account.leftovers import merge_findings, note_left_overs
from carbonacct.balances.amounts.origins import attach_origins, split_origins
from carbonacct.balances.assemble.assembly import assemble
from carbonacct.balances.assemble.final_uses import tell_final_uses
from carbonacct.balances.assemble.generation import tell_plants
from carbonacct.balances.assemble.plants_of_industry import tell_plants_of_industry
from carbonacct.balances.assemble.signs import turn_negative_uses, turn_positive_inputs
from carbonacct.balances.assemble.wholes import decide_wholes, list_labels
from carbonacct.balances.join.sheet_tables import Page
from carbonacct.balances.sheet_stages import read_page
from carbonacct.balances.stops import (
    AnswerableError,
    OpenFlowError,
    Stop,
    join_stops,
    merge_unitless,
)
from carbonacct.balances.words.mapping import Mapping, read_words
from carbonacct.data import shown_name
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import CarbonacctError, StoppedError, TableError
from carbonacct.sheets.cell_corrections import correct_sheets
from carbonacct.sheets.folders import find_files
from carbonacct.sheets.raw_sheets import read_sheets
from carbonacct.sheets.sheet_choice import choose_sheets, list_read
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.balances.account.fates import Passed
    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.amounts.origins import CellOrigin
    from carbonacct.balances.assemble.assembly import Assembled
    from carbonacct.errors import Finding
    from carbonacct.sheets.cell_corrections import Correction
    from carbonacct.sheets.raw_sheets import Sheet


@shown_in_notebooks
@dataclass(frozen=True, eq=False)
class Reading:
    """What came of reading some tables, whether they could be read or not.

    Attributes
    ----------
    pages
        Each sheet with its tables.
    stops
        What reading stops at, all of it; labels that are not known among it.
    balance
        The tables as one energy balance, None where something stops.
    findings
        What is to be said of the tables.
    passed
        Numbers of tables that the balance does not hold, and why.
    known
        The balance of what is known, where labels that are not known stop the reading: what their
        numbers can be compared with, and no result.
    """

    pages: tuple[Page, ...]
    stops: tuple[Stop, ...]
    balance: EnergyBalance | None
    findings: tuple[Finding, ...]
    passed: tuple[Passed, ...]
    known: EnergyBalance | None

    def __repr__(self) -> str:
        """Return what came of the reading, short."""
        names = ", ".join(dict.fromkeys(page.sheet.file for page in self.pages))
        came = "read" if self.balance is not None else f"{len(self.stops)} faults"
        return f"<Reading of {names}: {came}>"

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets, as they were read."""
        return tuple(page.sheet for page in self.pages)

    @property
    def questions(self) -> tuple[Stop, ...]:
        """The stops that a mapping file can settle: labels that are not known."""
        return tuple(stop for stop in self.stops if stop.unknown)

    @cached_property
    def fates(self) -> pd.DataFrame:
        """Every cell that is not blank, with role, fate and reason (:mod:`carbonacct.balances.account.cell_report`)."""
        from carbonacct.balances.account.cell_report import (  # noqa: PLC0415 - only for who looks at cells
            list_cells,
        )

        year = self.known.years[0] if self.known and len(self.known.years) == 1 else None
        return list_cells(self.pages, self.stops, self.passed, year)

    def require(self) -> EnergyBalance:
        """Return the balance.

        Raises
        ------
        TableError, UnitError
            Saying all that stops the reading.
        """
        if self.balance is None:
            raise join_stops(self.stops)
        return self.balance


def read_tables(
    *paths: str | Path,
    area: str | None = None,
    year: int | None = None,
    mapping: str | Path | Mapping | None = None,
    layout: str | Path | None = None,
    sheet: str | Sequence[str] | None = None,
    corrections: Sequence[Correction] = (),
) -> Reading:
    """Read energy balance or consumption tables, and come back even where reading stops.

    Parameters
    ----------
    paths, area, year, mapping, layout, sheet
        As :func:`carbonacct.read_balance` takes them.
    corrections
        Cells that are read as something else than they hold.

    Returns
    -------
    Reading
        What became of every cell, what is asked, and the balance if nothing stops it.

    Raises
    ------
    TableError
        If a file is missing, damaged, too large or of no known kind; if a mapping file has faults,
        a correction is of another table, or a sheet that is named is not there.

    Examples
    --------
    >>> import carbonacct as ca
    >>> reading = ca.read_tables("docs/tables/chongqing_2007.csv")
    >>> reading.balance.areas, len(reading.stops)
    (['重庆'], 0)
    """
    own = read_words(mapping, layout, sheet)
    if not paths:
        raise TableError(say("no file was named; name the table, or the tables, to read"))
    sheets = (correct_sheets(one, corrections) for one in open_files(paths, own))
    return read_files(sheets, area=area, year=year, own=own)


def open_files(paths: Sequence[str | Path], own: Mapping | None) -> Iterator[list[Sheet]]:
    """Yield the sheets of each file; a hidden one is among them where the user's words name it in full."""
    lines = own.sheets if own else ()
    return (read_sheets(path, list_read(lines, shown_name(path))) for path in find_files(paths))


def read_files(
    files: Iterable[Sequence[Sheet]],
    *,
    area: str | None = None,
    year: int | None = None,
    own: Mapping | None = None,
) -> Reading:
    """Read the sheets of some files; cells are rewritten where headings are merged over them.

    Parameters
    ----------
    files
        The sheets of each file.
    area, year
        As :func:`read_tables` takes them.
    own
        The user's own words.
    """
    return read_together(((sheets, own) for sheets in files), area=area, year=year)


def read_together(
    files: Iterable[tuple[Sequence[Sheet], Mapping | None]],
    *,
    area: str | None = None,
    year: int | None = None,
) -> Reading:
    """Read the sheets of some files, each with words of its own, as :func:`read_files` does."""
    pages: list[Page] = []
    stops: list[Stop] = []
    origins: dict[tuple[str, str], dict[int, CellOrigin]] = {}
    for sheets, own in files:
        read: list[Page] = []
        for held, why in choose_sheets(sheets, own.sheets if own else ()):
            if why:
                read.append(Page(held, passed_over=why))
                continue
            sheet, origins[held.file, held.name] = split_origins(held)
            before = next((page for page in reversed([*pages, *read]) if page.context), None)
            read.append(read_page(sheet, own, area=area, before=before))
        if not any(page.stops or page.blocks for page in read):
            lacking = say_no_table([page for page in read if not page.passed_over], own)
            next(page for page in read if page.sheet is lacking.sheet).stops.append(lacking)
        stops += merge_unitless([stop for page in read for stop in page.stops])
        pages += read
    assembled, faults = _assemble(pages, year, is_whole=not stops)
    stops += faults
    balance = assembled.balance if assembled else None
    findings = balance.findings if balance else tuple(merge_findings(note_left_overs(pages)))
    if balance is not None and not stops:
        balance = attach_origins(balance, origins)
    return Reading(
        pages=tuple(pages),
        stops=tuple(stops),
        balance=None if stops else balance,
        findings=findings,
        passed=assembled.passed if assembled else (),
        known=balance,
    )


def _assemble(
    pages: Sequence[Page], year: int | None, *, is_whole: bool
) -> tuple[Assembled | None, list[Stop]]:
    """Put the tables together; what contradicts itself is a stop, also where others are lacking."""
    blocks = [block for page in pages for block in page.blocks]
    if not blocks:
        return None, []
    labels = list_labels(blocks)
    try:
        made = assemble(pages, year, is_whole=is_whole)
        balance = tell_plants_of_industry(tell_plants(made.balance), made.open_plants)
        balance = turn_negative_uses(
            turn_positive_inputs(decide_wholes(tell_final_uses(balance), labels))
        )
    except CarbonacctError as error:
        faults = error.faults if isinstance(error, StoppedError) else (error,)
        return None, [_stop(fault, pages, blocks[0].sheet) for fault in faults]
    return made._replace(balance=balance), []


def _stop(fault: CarbonacctError, pages: Sequence[Page], sheet: Sheet) -> Stop:
    """Return the stop of a fault between the tables, in its own sheet where it has one."""
    if isinstance(fault, OpenFlowError):
        for page in pages:
            if answers := list_open_rows(page, fault.flow, fault.ids):
                return Stop(fault, page.sheet, answers=answers)
    if isinstance(fault, AnswerableError) and fault.sheet is not None:
        return Stop(fault, fault.sheet, answers=fault.answers)
    return Stop(fault, sheet)
