"""The workbook of inventories: which sheets, in which order, and when its cells are formulas."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct import __version__
from carbonacct.errors import SEVERITIES, OutputError
from carbonacct.report.doubts import list_doubts, note_doubts
from carbonacct.report.files import NO_CLOCK
from carbonacct.report.joined_inventories import join_frames, refuse_twice
from carbonacct.report.shown import show
from carbonacct.report.workbook import input_sheets, summary_sheets
from carbonacct.report.workbook.annexes import (
    add_beside,
    add_official,
    add_quality,
    add_uncertainty,
)
from carbonacct.report.workbook.contents import add_contents, add_years, fill_contents
from carbonacct.report.workbook.flat import MOST_ROWS, add_flat_values
from carbonacct.report.workbook.new_file import open_book, open_file
from carbonacct.report.workbook.plan import LIVE_NUMBERS, Plan
from carbonacct.report.workbook.source_sheets import add_sectors
from carbonacct.report.workbook.supporting_sheets import add_accounts
from carbonacct.report.workbook.table import Book
from carbonacct.report.workbook.workbook_checks import add_consistency
from carbonacct.report.workbook.workbook_words import LARGE_UNITS, word
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from carbonacct.errors import Finding
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.report.shown import Showable
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.sectors.energy import EnergyInventory

_NOT_IN_NAMES = str.maketrans("[]:*?/\\", "_______")
_DOUBTS = 8  # lines above the summary


def write_workbook(
    inventories: Showable,
    path: str | Path,
    *,
    lang: str = "en",
    gwp: str | None = None,
    uncertainty: Assessment | None = None,
    sheets: Sequence[Callable[[Book], Any]] = (),
    findings: Sequence[Finding] | None = None,
    beside: KnownBeside | None = None,
) -> None:
    """Write inventories as a workbook whose cells are formulas.

    Parameters
    ----------
    inventories
        Of all sectors, or energy inventories, one or many, of any areas and years.
    path
        An .xlsx. :func:`carbonacct.report.write_inventory` writes it beside its place and moves it
        there.
    lang
        ``"zh"`` or ``"en"``: names, headings and notes; the sheet ``inventory`` keeps its
        name and ids.
    gwp
        Name of a metric: CO2-equivalents follow the gases, as their sum by the weights on a sheet
        of its own.
    uncertainty
        From :func:`carbonacct.report.uncertainty_tables.assess_uncertainty`: the intervals and the key
        categories get a sheet each.
    sheets
        More sheets, each a function that adds itself to the book, such as one that calls
        :func:`carbonacct.report.workbook.add_frame` with a table, its title and its notes.
    findings
        In place of those of the inventories.
    beside
        Filled years and accepted findings of a project get a sheet each, where there are any.

    Raises
    ------
    OutputError
        If there is no number to write, or there are two inventories of one area and year.

    Notes
    -----
    emissions = (amount x share - feedstock) x factor, where the factor is a product of published
    rows, each of which stands once in the workbook. Totals are sums of the traces, so every amount
    counts once. A source other than fuels has a sheet of its own: a row a number, with the equation
    as its formula; activities and factor rows stand once each, on two sheets. Beyond `LIVE_NUMBERS`
    numbers the workbook holds values: the flat table (on as many
    sheets as it needs), the summary and the findings; it says so.

    Examples
    --------
    >>> import carbonacct as ca, pandas as pd, tempfile, pathlib
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_workbook([inventory], pathlib.Path(folder) / "city.xlsx")
    ...     read = pd.read_excel(pathlib.Path(folder) / "city.xlsx", engine="calamine")
    >>> read["value"].equals(inventory.to_frame()["value"])
    True
    """
    shown = show(inventories)
    findings = shown.findings if findings is None else findings
    if not shown.is_energy_alone:
        add = partial(
            add_sectors,
            shown=shown,
            gwp=gwp,
            assessment=uncertainty,
            statements=beside.statements if beside else (),
        )
        sheets, uncertainty = [add, *sheets], None
        if not shown.energy:
            _write_sheets(path, lang, sheets=sheets, findings=findings, beside=beside)
            return
    _write_energy(
        shown.energy,
        path,
        lang,
        gwp=gwp,
        uncertainty=uncertainty,
        sheets=sheets,
        findings=findings,
        beside=beside,
    )


def _write_energy(
    energy: Sequence[EnergyInventory],
    path: str | Path,
    lang: str,
    *,
    gwp: str | None,
    uncertainty: Assessment | None,
    sheets: Sequence[Callable[[Book], Any]],
    findings: Sequence[Finding],
    beside: KnownBeside | None,
) -> None:
    """Write a workbook of energy inventories, with more sheets."""
    refuse_twice(energy)
    frame = join_frames(energy, gwp=gwp)
    if frame.empty:
        raise OutputError(say("{name}: the inventory has no number to write", name=Path(path).name))
    with open_file(path) as file:
        file.set_calc_mode("auto")
        book = Book(file, lang)
        if len(frame) <= LIVE_NUMBERS:
            plan = book.plan = Plan(energy, frame, gwp=gwp)
            summary_sheets.add_flat(book, plan)
            add_contents(book)
            summary = summary_sheets.add_summary(
                book, plan, _notes(energy, findings, lang, [word("live", lang)])
            )
            for add in (
                add_years,
                summary_sheets.add_flows,
                summary_sheets.add_categories,
                summary_sheets.add_scope2,
                input_sheets.add_traces,
                input_sheets.add_chains,
                input_sheets.add_published,
                input_sheets.add_weights,
                input_sheets.add_activity,
                input_sheets.add_nothing,
            ):
                add(book, plan)
            stated = beside.statements if beside else ()
            add_accounts(book, plan, stated)
            add_quality(book, energy)
            if len(energy) == len(energy[0].table.areas) == len(energy[0].table.years) == 1:
                add_official(book, plan, stated)
            add_consistency(book, summary_sheets.list_totals(plan, lang), LARGE_UNITS[lang][0])
        else:
            names = add_flat_values(book, frame)
            notes = [word("values", lang).format(count=len(frame), limit=LIVE_NUMBERS)]
            notes += (
                [word("more", lang).format(names=", ".join(names[1:]))] if len(names) > 1 else []
            )
            summary = summary_sheets.add_summary_values(
                book, frame, _notes(energy, findings, lang, notes)
            )
        if uncertainty is not None:
            add_uncertainty(book, uncertainty)
        for add_sheet in sheets:
            add_sheet(book)
        if beside is not None:
            add_beside(book, beside)
        summary_sheets.add_findings(book, findings[:MOST_ROWS], lang)
        if len(frame) <= LIVE_NUMBERS:
            fill_contents(book)
        summary.activate()
        made = word("made", lang).format(version=__version__)
        file.set_properties({"created": NO_CLOCK, "title": word("title", lang), "comments": made})


def _write_sheets(
    path: str | Path,
    lang: str,
    *,
    sheets: Sequence[Callable[[Book], Any]],
    findings: Sequence[Finding],
    beside: KnownBeside | None,
) -> None:
    """Write a workbook of sectors without energy."""
    with open_book(path, lang) as book:
        for add in sheets:
            add(book)
        if beside is not None:
            add_beside(book, beside)
        summary_sheets.add_findings(book, findings[:MOST_ROWS], lang)


def _notes(
    inventories: Sequence[EnergyInventory],
    findings: Sequence[Finding],
    lang: str,
    more: Sequence[str],
) -> list[str]:
    methods = {inventory.method.id: inventory.method for inventory in inventories}.values()
    counts = {
        severity: sum(finding.severity == severity for finding in findings)
        for severity in SEVERITIES
    }
    unit, scale = LARGE_UNITS[lang]
    doubts = note_doubts(
        list_doubts(inventories), lang, lambda worth: f"{worth / scale:,.2f} {unit}"
    )
    return [
        *list(doubts)[:_DOUBTS],
        *(
            word("method", lang).format(
                title=method.title_zh if lang == "zh" else method.title,
                id=method.id,
                reference=method.reference,
            )
            for method in methods
        ),
        *more,
        word("scopes", lang),
        word("flat", lang),
        word("found", lang).format(**counts),
        word("made", lang).format(version=__version__),
    ]


def write_table(
    frame: pd.DataFrame, path: str | Path, findings: Sequence[Finding] = (), *, title: str = ""
) -> None:
    """Write any table as a workbook of values, with the findings on a second sheet.

    Parameters
    ----------
    frame
        Tidy rows; the header is the first row.
    path
        An .xlsx.
    findings
        What was noticed.
    title
        Name of the sheet.
    """
    name = title.translate(_NOT_IN_NAMES)[:31].strip("'") or "table"
    with open_file(path) as file:
        book = Book(file, "en")
        add_flat_values(book, frame, name)
        summary_sheets.add_findings(book, findings)
