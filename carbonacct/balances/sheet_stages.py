"""One sheet -> its tables, stage by stage: split, path, label, join, account.

A cell's coordinates are what its row says, else what its column says, else what the title says. So a
table with products as rows, with years as columns, a long table, three panels side by side or pages
under one another need no code of their own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.account.diagnosis import find_other_row
from carbonacct.balances.account.leftovers import sort_left_over
from carbonacct.balances.account.stacked_cells import ask_stacked
from carbonacct.balances.account.table_notes import ask_labels, find_faults, note_table
from carbonacct.balances.join.block import join
from carbonacct.balances.join.sheet_tables import Page, TableExtent
from carbonacct.balances.label.context import RowsAbove, read_context
from carbonacct.balances.label.cut_titles import mend_cut_title
from carbonacct.balances.label.headers import read_header
from carbonacct.balances.label.lone_lines import find_lone_line, names_unknown
from carbonacct.balances.label.printed_units import find_unit_line
from carbonacct.balances.label.topics import (
    find_flow,
    find_note_of_other,
    find_other,
    find_weak_flow,
    name_other,
    names_balance,
)
from carbonacct.balances.label.words_in_place import scoped_words
from carbonacct.balances.path.column_units import pass_shares, set_units
from carbonacct.balances.path.columns import read_columns
from carbonacct.balances.path.energy_basis import find_basis
from carbonacct.balances.path.planned import (
    pass_planned_columns,
    pass_planned_rows,
    read_planned_years,
)
from carbonacct.balances.path.rows import read_rows
from carbonacct.balances.path.side_by_side import list_parts
from carbonacct.balances.split.buddhist_years import write_out_buddhist_years
from carbonacct.balances.split.object_rows import name_objects
from carbonacct.balances.split.regions import lay_out, split
from carbonacct.balances.split.republic_years import write_out_years
from carbonacct.balances.stops import Stop, stop_at
from carbonacct.errors import CarbonacctError, Finding, TableError
from carbonacct.remarks import is_source
from carbonacct.sheets.raw_sheets import MisreadError, Unknown
from carbonacct.texts import say
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.label.context import Context
    from carbonacct.balances.label.lone_lines import LoneLine
    from carbonacct.balances.path.columns import Columns
    from carbonacct.balances.split.grid import Grid
    from carbonacct.balances.split.regions import Region, Split
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell, Sheet

_ENERGY_USE = re.compile(r"能源消费|能耗|\benergy (?:use|consumption)\b", re.IGNORECASE)
_EMISSIONS = re.compile(
    r"排放(?:总?量|清单)|(?:碳|二氧化碳|温室气体)排放|\bemissions?\b", re.IGNORECASE
)


def read_page(
    sheet: Sheet, own: Mapping | None = None, *, area: str | None = None, before: Page | None = None
) -> Page:
    """Return the tables of a sheet, and what reading it stops at.

    Parameters
    ----------
    sheet
        Raw cells.
    own
        The user's mapping.
    area
        Name of the area, over what the title says.
    before
        The page that was read before, which a continued page (续表) goes on with.
    """
    sheet = mend_cut_title(sheet)
    page = Page(sheet)
    try:
        own = name_objects(sheet, own)
        page.sheet, words = lay_out(sheet, own)
        page.sheet = write_out_buddhist_years(write_out_years(page.sheet, area))
        found = split(page.sheet, own, words)
        page.grid, page.spread = found.grid, [*found.spread]
        for region in found.regions:
            _read_table(page, found, region, area, before=before.context if before else None)
        if page.blocks:
            read = [table for table in page.tables if table.block]
            page.left_over = sort_left_over(page.sheet, found.grid, read)
    except CarbonacctError as error:
        page.stops.append(Stop(error, page.sheet, getattr(error, "unknown", ())))
    return page


def _read_table(
    page: Page, found: Split, region: Region, area: str | None, *, before: Context | None
) -> None:
    """Read one table of a page: what its columns and the title say, then the rest of each table beside one another."""
    sheet, grid, words = found.sheet, found.grid, found.words
    for other in page.tables:
        if other.block:
            other.end = min(other.end, region.top)
    whole = read_columns(sheet, grid, words, (region.start, region.first, region.end))
    above = _find_above(sheet, region, whole)
    context = read_context(sheet, above, words, area=area, own=page.context, before=before)
    # Residential alone under a title of all that is used is whose use the table is.
    shared = page.context.title.flow if page.context else "total_consumption"
    if context.title.flow == shared:
        context = _with_own_line(context, sheet, region, whole)
        if (
            page.context
            and context.title.flow == shared
            and (stop := _ask_line(found, region, whole, context))
        ):
            page.stops.append(stop)
            return
    context = _with_weak_flow(context, found, region, whole)
    headings, rows = sheet.rows[region.start : region.first], sheet.rows[region.first : region.end]
    for columns in list_parts(whole, headings, rows):
        _read_part(page, found, region, columns, context=context)


def _read_part(
    page: Page, found: Split, region: Region, columns: Columns, *, context: Context
) -> None:
    """Read the rows and cells of one table, which may stand beside others under one header."""
    sheet, grid, words = found.sheet, found.grid, found.words
    table = TableExtent(*region, columns=columns)
    page.tables.append(table)
    table.title = title = context.title
    if _EMISSIONS.search(title.text) and not (
        names_balance(title.text) or _ENERGY_USE.search(title.text)
    ):
        page.refused = Finding(
            "emissions-table",
            "warning",
            say("the title says emissions, which are no amounts of energy: the table is not read"),
            sheet.address(region.start),
            say("name the table of energy, or mend its title"),
        )
        return
    basis = words.basis or find_basis(sheet, grid, columns, (region.start, region.first))
    corner = replace(context.corner, basis=basis or context.corner.basis)
    if not columns.data or not (title.flow or _names_flows(found, region, columns)):
        return  # products with numbers that belong to no flow: coefficients, prices
    if what := name_other(title.text):
        page.refused = Finding(
            "other-table",
            "warning",
            say(
                "the title says {what}, which are no amounts of energy: the table is not read",
                what=what,
            ),
            sheet.address(region.start),
            say("use the table of amounts, or mend its title"),
        )
        return
    if other := _find_nodes(sheet, region, columns) or _find_planned(found, region):
        page.refused = other
        return
    span = (region.first, region.end)
    planned = read_planned_years(grid)
    columns = pass_planned_columns(set_units(columns, corner), planned)
    table.columns = columns = pass_shares(columns, grid, span)
    rows = read_rows(sheet, grid, columns, span, about=title.flow or _find_flow(columns))
    table.rows = rows = pass_planned_rows(rows, sheet, grid, span, years=planned)
    page.stops += ask_stacked(sheet, rows, (region.start, region.end))
    lacks_area = title.area_from == "file"
    page.stops += ask_labels(sheet, grid, rows, (region.first, region.end), lacks_area=lacks_area)
    if rows.at:
        try:
            table.block = join(sheet, grid, rows, title)
        except MisreadError as error:
            page.stops += stop_at(sheet, [error])
    if table.block:
        page.stops += find_faults(table.block)
        table.block.findings += note_table(table.block, grid, region.first - 1)
        page.context = page.context or replace(context, corner=corner)
    elif rows.left_out:
        page.refused = Finding(
            "other-table",
            "warning",
            say("none of its rows is an amount of energy: the table is not read"),
            sheet.address(region.first),
            say("use the table of amounts, or give its labels an id in a mapping file"),
        )


def _find_planned(found: Split, region: Region) -> Finding | None:
    """Return why a table is not read whose cells say that its numbers are planned, 约束性 beside an amount of 2025."""
    grid, width = found.grid, found.grid.blank.shape[1]
    within = (
        bisect_left(grid.others, region.start * width),
        bisect_left(grid.others, region.end * width),
    )
    held = grid.texts.held[slice(*within)]
    number, what = find_other(held)
    if not what:
        number, what = find_note_of_other(held)
    if not what:
        return None
    return Finding(
        "other-table",
        "warning",
        say(
            "{text} says {what}, which are no amounts that sectors used: the table is not read",
            text=grid.texts.held[within[0] + number],
            what=what,
        ),
        found.sheet.address(*divmod(grid.others[within[0] + number], width)),
        say("use the table of what was used, or delete what is planned with this cell"),
    )


def _find_nodes(sheet: Sheet, region: Region, columns: Columns) -> Finding | None:
    """Return why a table is not read that goes from node to node, unless a mapping says what its columns hold."""
    if columns.words.columns:
        return None
    for i in range(region.start, region.first):
        if found := find_other_row(sheet.rows[i]):
            kind, text = found
            message = say(
                "the table is not read: its numbers seem to be {rows_are} ({kind})",
                rows_are=kind.rows_are,
                kind=text,
            )
            return Finding("other-table", "warning", message, sheet.address(i), kind.action)
    return None


def _find_flow(columns: Columns) -> str:
    """Return the flow that all columns of amounts are of, "" where they are of several: 发电量 above 水电 and 火电."""
    flows = {columns.each[j].header.flow or "" for j in columns.data}
    return flows.pop() if len(flows) == 1 else ""


def _find_end(grid: Grid, region: Region) -> int:
    """Return where a table ends without the rows behind its last number, which may be the title of the next."""
    held = np.flatnonzero(grid.plain[region.first : region.end].any(axis=1))
    return region.first + int(held[-1]) + 1 if len(held) else region.end


def _with_weak_flow(context: Context, found: Split, region: Region, columns: Columns) -> Context:
    """Return what stands above a table, with the flow of its title's looser word or of its last line.

    Where nothing else names one.
    """
    title = context.title
    if title.flow:
        return context
    line = _find_line(found.sheet, region, columns)
    weak = find_weak_flow(title.text) or (line.flow if line else "")
    if not weak or _names_flows(found, region, columns, but=weak):
        return context
    return replace(context, title=replace(title, flow=weak))


def _with_own_line(context: Context, sheet: Sheet, region: Region, columns: Columns) -> Context:
    """Return what stands above a table, with the use that its last line names.

    It is in place of that of the table before, or of a title of all uses.
    """
    line = _find_line(sheet, region, columns)
    if not line or not line.flow:
        return context
    return replace(context, title=replace(context.title, flow=line.flow))


def _find_line(sheet: Sheet, region: Region, columns: Columns) -> LoneLine | None:
    """Return the line that stands alone right above a header."""
    return find_lone_line(sheet.rows[region.top : region.start], columns.words)


def _ask_line(found: Split, region: Region, columns: Columns, context: Context) -> Stop | None:
    """Stop at an unknown name alone above a later table without a flow: it has not that of the table before."""
    line = _find_line(found.sheet, region, columns)
    if not line or find_flow(context.title.text) or not names_unknown(line.text, columns.words):
        return None
    if _names_flows(found, region, columns):
        return None
    row, column = region.top + line.place[0], line.place[1]
    message = say(
        "{where}: {text!r} stands alone above a table that names no flow, and is not known; give it an id "
        "in a mapping file (flow,{text},{example})",
        where=found.sheet.address(row, column),
        text=line.text,
        example="thermal_power",
    )
    held = np.argwhere(found.grid.plain[region.first : region.end]).tolist()
    cells = ((row, column), *((region.first + i, j) for i, j in held))
    return Stop(TableError(message), found.sheet, (Unknown("flow", line.text, cells),), cells)


def _find_above(sheet: Sheet, region: Region, columns: Columns) -> RowsAbove:
    """Return the rows above a header, and their texts with the headings of the columns of labels."""
    rows = list(map(_end_at_source, sheet.rows[region.top : region.start]))
    texts = [cell for row in rows for cell in row if isinstance(cell, str) and cell.strip()]
    header = sheet.rows[region.start : region.first]
    texts += filter(None, map(find_unit_line, header))
    for j in columns.stubs:
        heads = [cell for row in header if isinstance(cell := row[j], str) and cell]
        if (each := columns.each[j]).kind in {"label", "area"} or each.header.flow:
            texts += heads
        elif each.kind == "product":  # a title that stands over the heading of the fuels
            texts += heads[:-1]
    return RowsAbove(rows, texts)


def _end_at_source(row: Sequence[Cell]) -> Sequence[Cell]:
    """Return a row as far as the cell that names a source, which commas may cut: 资料来源：统计局 | 工信局."""
    ends = (j for j, cell in enumerate(row) if isinstance(cell, str) and cell and is_source(cell))
    end = next(ends, len(row))
    return [cell if j <= end else "" for j, cell in enumerate(row)]


def _names_flows(found: Split, region: Region, columns: Columns, but: str = "") -> bool:
    """Return whether labels or headings name flows other than one (能源消费总量 beside 煤炭)."""
    is_that = {None, "", but}
    heads = [columns.each[j].header for j in columns.data]
    if columns.labels or not is_that.issuperset(one.flow or one.weak for one in heads):
        return True
    rows = found.sheet.rows[region.first : _find_end(found.grid, region)]
    cells = (
        cell for row in rows for j in columns.names if isinstance(cell := row[j], str) and cell
    )
    among = scoped_words() if but else {}  # 其他 among the fuels of one use is no use
    headers = (
        read_header(cell, columns.words)
        for cell in cells
        if "products" not in among.get(fold(cell), {})
    )
    return not is_that.issuperset(header.flow or header.weak for header in headers)
