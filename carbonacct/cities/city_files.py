"""One file of a city -> facts: a balance, industry by fuel, or pages of labelled numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.account.leftovers import note_passed_over
from carbonacct.balances.join.sheet_tables import Page
from carbonacct.balances.label.topics import names_balance
from carbonacct.balances.reading import read_files
from carbonacct.balances.sheet_stages import read_page
from carbonacct.cities.indicator_table import read_indicator_unit, read_prices
from carbonacct.cities.indicators import Value
from carbonacct.cities.meaning import (
    Fact,
    StatementMeaning,
    find_declared,
    find_meaning,
    is_above_size,
    measure,
)
from carbonacct.data import shown_name
from carbonacct.errors import Finding, TableError, UnitError, name_some
from carbonacct.records.area_names import area_id
from carbonacct.records.periods import YEAR, read_months
from carbonacct.records.statements import Statement, read_statements
from carbonacct.sheets.raw_sheets import read_sheets
from carbonacct.sheets.sheet_choice import choose_sheets, list_read
from carbonacct.sheets.values import is_number
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from carbonacct.balances import EnergyBalance
    from carbonacct.balances.join.block import Block
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.errors import Severity
    from carbonacct.sheets.raw_sheets import Sheet

_PART_OF_YEAR = "part-of-year"


@dataclass(frozen=True)
class Yearbook:
    """What the files of a city say.

    Attributes
    ----------
    facts
        Uses, sums, totals and branches of industry; ``balance`` where a balance is printed.
    unmeasured
        Uses whose unit cannot measure the product: kilograms of gas that is kept in cubic metres.
    values
        Indicators.
    findings
        What was passed over, and what the readers noticed.
    """

    facts: tuple[Fact, ...] = ()
    unmeasured: tuple[Fact, ...] = ()
    values: tuple[Value, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_file(
    path: str | Path, area: str, year: int | None, own: Mapping | None = None
) -> Yearbook:
    """Read one file of a city: a balance, industry by fuel, or pages of labelled numbers.

    A workbook may hold sheets of every kind: what is a page of labelled numbers, or no table of the
    reader of balances, is read as a page, sheet by sheet. A sheet that is neither is named, unless
    nothing else is there. The user's own words say what labels of balances and of industry mean,
    and which sheets are read.

    Raises
    ------
    TableError, UnitError
        If no sheet is one of these, or a unit is not known.
    """
    chosen = own.sheets if own else ()
    held = choose_sheets(read_sheets(path, list_read(chosen, shown_name(path))), chosen)
    sheets = [sheet for sheet, passed_over in held if not passed_over]
    left_out = [Page(sheet, passed_over=passed_over) for sheet, passed_over in held if passed_over]
    pages = {(one.file, one.name) for one in sheets if _is_page(one, area, year, own)}
    tables = [one for one in sheets if (one.file, one.name) not in pages]
    parts, refused = [], []
    used: set[tuple[str, str]] = set()
    if tables:
        try:
            balance = _read_balance(tables, area, own)
        except (TableError, UnitError) as error:
            if len(held) == 1:
                return _read_page(sheets[0], area, year, error)
        else:
            used = {balance.places.sheets[n] for n in np.unique(balance.places.sheet)}
            parts.append(_read_table(tables, balance))
    for sheet in (one for one in sheets if (one.file, one.name) not in used and any(one.rows)):
        is_page = bool(used) or (sheet.file, sheet.name) in pages
        try:
            parts.append(_read_sheet(sheet, area, year, is_page=is_page, own=own))
        except (TableError, UnitError) as error:
            refused.append(error)
    if not parts:
        raise refused[0]
    notes = [*note_passed_over(sheets[0].file, left_out)]
    notes += [
        Finding("city-unread", "warning", say("a sheet is not read: {item}", item=one))
        for one in refused
    ]
    return Yearbook(
        facts=tuple(fact for part in parts for fact in part.facts),
        unmeasured=tuple(fact for part in parts for fact in part.unmeasured),
        values=tuple(value for part in parts for value in part.values),
        findings=(*(note for part in parts for note in part.findings), *notes),
    )


def _read_balance(sheets: Sequence[Sheet], area: str, own: Mapping | None) -> EnergyBalance:
    """Return the balance of some sheets, which are chosen; what stops the reader of balances is raised."""
    words = replace(own, sheets=(), memory={}) if own and own.sheets else own
    return read_files([[_copy(sheet) for sheet in sheets]], area=area, own=words).require()


def _copy(sheet: Sheet) -> Sheet:
    """Return a sheet for the reader of balances, which writes merged headings into its cells."""
    return replace(sheet, rows=[list(row) for row in sheet.rows])


def _is_page(sheet: Sheet, area: str, year: int | None, own: Mapping | None) -> bool:
    """Return whether a sheet is a page of labelled numbers, though it may be read as a balance.

    Each label of a page says all of its number (煤炭消费量), with periods alone across it. The
    vocabulary of cities knows more of such a label: that it is a total of which something is left,
    a part of its row, or what another office says. What calls itself a balance is one.
    """
    try:
        meanings = [find_declared(one) for one in read_statements(sheet, year)]
    except TableError:
        return False
    if not any(one and one.kind in {"use", "sum", "total"} for one in meanings):
        return False
    blocks = read_page(_copy(sheet), own, area=area).blocks
    return not any(names_balance(one.title.text) or _has_two_axes(one) for one in blocks)


def _has_two_axes(block: Block) -> bool:
    """Return whether flows and products are named apart: down and across, or in two columns."""
    across = any(
        one.header.flow or one.header.weak or one.header.product for one in block.form.heads
    )
    return len(block.rows.columns.names) + across > 1


def _read_sheet(
    sheet: Sheet, area: str, year: int | None, *, is_page: bool, own: Mapping | None
) -> Yearbook:
    """Return what one sheet says: a balance, unless it is known to be a page."""
    refused: Exception = TableError(
        say("{address}: it is no energy balance", address=sheet.address(0, 0))
    )
    if not is_page:
        try:
            return _read_table([sheet], _read_balance([sheet], area, own))
        except (TableError, UnitError) as error:
            refused = error
    return _read_page(sheet, area, year, refused)


def _read_table(sheets: Sequence[Sheet], balance: EnergyBalance) -> Yearbook:
    """Return the cells of a table that the reader of balances knows."""
    used = {balance.places.sheets[n] for n in np.unique(balance.places.sheet)}
    title = " ".join(
        str(cell)
        for sheet in sheets
        if (sheet.file, sheet.name) in used
        for row in sheet.rows[:4]
        for cell in row[:2]
    )
    is_industry = all(vocabulary.is_within(flow, "industry") for flow in balance.flows)
    above = is_above_size(title, sheets[0].file, *(name for _, name in used))
    kind = ("branch" if above else "branch_whole") if is_industry else "balance"
    part = next((note for note in balance.findings if note.rule == _PART_OF_YEAR), None)
    months = read_months(part.message if part else title) or YEAR
    facts, values = [], []
    for a, y, f, p in np.argwhere(balance.status.values == 0).tolist():
        place = int(balance.place.values[a, y, f, p])
        flow, product = balance.flows[f], balance.products[p]
        statement = Statement(
            table=title.strip(),
            labels=(),
            sector=flow,
            product=product,
            unit=balance.units[p],
            year=balance.years[y],
            months=months,
            value=float(balance.amounts.values[a, y, f, p]),
            area=balance.areas[a],
            source="",
            sheet=balance.places.sheets[int(balance.places.sheet[place])],
            row=int(balance.places.row[place]),
            column=int(balance.places.column[place]),
        )
        if is_industry and product == "total_energy":
            values.append(_to_value(statement, flow, "energy_industry", statement.area))
            continue
        meaning = StatementMeaning(kind, flow=flow, product=product)
        facts.append(Fact(statement, meaning, statement.value, statement.unit))
    others = [
        sheet.address(0, 0).rpartition("!")[0]
        for sheet in sheets
        if (sheet.file, sheet.name) not in used
    ]
    kept = tuple(
        note
        for note in balance.findings
        if note.rule != _PART_OF_YEAR and note.where.rpartition("!")[0] not in others
    )
    return Yearbook(tuple(facts), (), tuple(values), kept)


def _to_value(statement: Statement, flow: str, indicator: str, area: str) -> Value:
    unit, scale = read_indicator_unit(indicator, statement.unit, statement.where)
    return Value(
        area=area_id(statement.area or area),
        year=statement.year,
        row=flow or "*",
        indicator=indicator,
        value=statement.value * scale,
        unit=unit,
        prices=read_prices(statement.unit, *statement.labels),
        source=statement.source,
        where=statement.where,
    )


def _read_page(sheet: Sheet, area: str, year: int | None, refused: Exception) -> Yearbook:
    """Return the labelled numbers of a page; where none is known, why it is no balance."""
    try:
        statements = read_statements(sheet, year)
    except TableError as error:
        raise TableError(
            say(
                "{refused}; nor is it a page of labelled numbers: {error}",
                refused=refused,
                error=error,
            )
        ) from None
    facts: list[Fact] = []
    unmeasured: list[Fact] = []
    values: list[Value] = []
    passed: dict[str, Statement] = {}
    unread: dict[str, Statement] = {}
    above = is_above_size(sheet.file, sheet.name)
    for one in statements:
        meaning = find_meaning(one)
        label = one.labels[-1] if one.labels else f"{one.sector} {one.product}"
        if meaning.kind == "unread":
            unread.setdefault(label, one)
        elif meaning.kind == "pass":
            passed.setdefault(f"{label} ({meaning.note})", one)
        if meaning.indicator:
            values.append(
                _to_value(
                    one,
                    meaning.flow if meaning.kind == "indicator" else "",
                    meaning.indicator,
                    area,
                )
            )
        if meaning.kind in {"use", "sum", "total", "branch"}:
            if meaning.kind == "branch" and not (above or is_above_size(one.table, *one.labels)):
                meaning = replace(meaning, kind="branch_whole")
            fact = measure(one, meaning)
            (facts if fact else unmeasured).append(fact or Fact(one, meaning, one.value, ""))
    if not facts and not values:
        raise TableError(
            say(
                "{refused}; and no label is one of a city's yearbook: {unread}",
                refused=refused,
                unread=name_some(list(unread), 6),
            )
        )
    findings = _note_labels(
        unread,
        "city-unread",
        "warning",
        say("labels are not known and not used"),
        action=say("map the ones that matter into a table with known labels"),
    )
    findings += _note_labels(
        passed, "city-passed-over", "info", say("labels do not count"), action=""
    )
    findings += _note_columns(sheet, statements)
    return Yearbook(tuple(facts), tuple(unmeasured), tuple(values), tuple(findings))


def _note_columns(sheet: Sheet, statements: Sequence[Statement]) -> list[Finding]:
    """Report which numbers beside those that were read stand in columns of no year: growth, shares."""
    used = {(one.row, one.column) for one in statements}
    rows, first = {row for row, _ in used}, min(column for _, column in used)
    left = [
        (n, at)
        for n in sorted(rows)
        for at, cell in enumerate(sheet.rows[n])
        if at > first and (n, at) not in used and is_number(cell)
    ]
    if not left:
        return []
    message = say(
        "{left_count} numbers stand in columns that name no year or hold a growth and are not used",
        left_count=len(left),
    )
    return [Finding("city-passed-over", "info", message, sheet.address(*left[0]))]


def _note_labels(
    labels: dict[str, Statement], rule: str, severity: Severity, what: str, *, action: str
) -> list[Finding]:
    if not labels:
        return []
    where = next(iter(labels.values())).where
    message = say(
        "{label_count} {what}: {labels}",
        label_count=len(labels),
        what=what,
        labels=name_some(list(labels), 8),
    )
    return [Finding(rule, severity, message, where, action)]
