"""What the reader has to say of cells that no table uses, and of many findings of one kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.account.diagnosis import describe
from carbonacct.balances.join.sheet_tables import LeftOver
from carbonacct.balances.label.headers import year_of
from carbonacct.balances.split.header_rows import numbers_columns
from carbonacct.errors import Finding
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import cell_name
from carbonacct.texts import Text, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from carbonacct.balances.join.sheet_tables import Page, TableExtent
    from carbonacct.balances.split.grid import Grid
    from carbonacct.errors import Severity
    from carbonacct.sheets.raw_sheets import Sheet

_MOST_RANGES = 12
_MOST_SHEETS = 6
_REASONS: tuple[tuple[str, Severity, str, str], ...] = (
    (
        "numbers",
        "warning",
        say("hold numbers and belong to no table"),
        say("label their row and column if they belong to it"),
    ),
    ("texts", "info", say("hold texts and belong to no table"), ""),
    (
        "left_out",
        "info",
        say("stand in rows or columns that hold no amounts of the table and are left out"),
        "",
    ),
)


def sort_left_over(sheet: Sheet, grid: Grid, tables: Sequence[TableExtent]) -> LeftOver:
    """Return the cells of a sheet that no table uses.

    Parameters
    ----------
    sheet, grid
        The cells, and what they read as.
    tables
        The tables that are read.
    """
    left = LeftOver()
    for i in {*range(len(sheet.rows))}.difference(*(range(each.top, each.end) for each in tables)):
        _sort(left, sheet, None, i, places=range(len(sheet.rows[i])))
    for table in tables:
        columns = table.columns
        for i in range(table.top, min(table.start, table.end)):
            are_plain = grid.plain[i].tolist()
            places = [
                j
                for j, cell in enumerate(sheet.rows[i])
                if cell != "" and (are_plain[j] or not (isinstance(cell, str) or year_of(cell)))
            ]
            _sort(left, sheet, table, i, places=places)
        for i in range(table.start, min(table.first, table.end)):
            places = [*np.flatnonzero(grid.plain[i]).tolist(), *columns.unplaced]
            places += [j for row, j in columns.unread if row == i]
            _sort(left, sheet, table, i, places=sorted({*places}))
        for i in {*range(table.first, table.end)} - table.used:
            own = [j for j in range(len(sheet.rows[i])) if j not in columns.beside]
            _sort(left, sheet, table, i, places=own)
        numbers = grid.status[table.first : table.end] == values.NUMBER
        odd = [j for j in columns.names if numbers[:, j].any()]  # a number is no label
        for i in sorted(table.used) if odd or columns.silent else ():
            if i < table.end:
                row = sheet.rows[i]
                numbers_of = [
                    j for j in odd if numbers[i - table.first, j] and not columns.is_code(row[j])
                ]
                _sort(left, sheet, table, i, places=[*columns.silent, *numbers_of])
    # Tables side by side have one title.
    held = (left.numbers, left.texts, left.left_out)
    return LeftOver(*(list(dict.fromkeys(cells)) for cells in held))


def _sort(
    left: LeftOver, sheet: Sheet, table: TableExtent | None, i: int, *, places: Sequence[int]
) -> None:
    if not places:
        return
    row = sheet.rows[i]
    skipped = table.columns.skipped if table is not None and i >= table.start else frozenset()
    is_left_out = table is not None and i in table.left_out
    is_numbering = table is not None and table.start <= i < table.first and numbers_columns(row)
    for j in places:
        if values.is_blank(row[j]):
            continue
        if is_left_out or j in skipped or is_numbering:
            left.left_out.append((i, j))
        elif values.is_number(row[j]):
            left.numbers.append((i, j))
        else:
            left.texts.append((i, j))


def note_left_overs(pages: Sequence[Page]) -> list[Finding]:
    """Return one finding for each file and reason, with the ranges of the cells; and the sheets without a table."""
    found: list[Finding] = []
    for file in dict.fromkeys(page.sheet.file for page in pages):
        of_file = [page for page in pages if page.sheet.file == file]
        found += [finding for page in of_file for finding in page.sheet.findings]
        found += [page.refused for page in of_file if page.refused]
        rest = [page for page in of_file if not (page.refused or page.passed_over)]
        found += [*note_passed_over(file, of_file), *_sheets_without_table(file, rest)]
        for attribute, severity, reason, action in _REASONS:
            cells = [
                (page.sheet, getattr(page.left_over, attribute))
                for page in of_file
                if getattr(page.left_over, attribute)
            ]
            if cells:
                count = sum(len(places) for _, places in cells)
                rule = "left-out" if attribute == "left_out" else f"unused-{attribute}"
                found.append(
                    Finding(
                        rule,
                        severity,
                        say(
                            "{count} cells {reason}: {ranges}",
                            count=count,
                            reason=reason,
                            ranges=_ranges(cells),
                        ),
                        file,
                        action,
                    )
                )
    return found


def note_passed_over(file: str, pages: Sequence[Page]) -> Iterator[Finding]:
    """Yield which sheets are passed over, by the reason."""
    for reason in dict.fromkeys(page.passed_over for page in pages if page.passed_over):
        sheets = [page.sheet for page in pages if page.passed_over == reason]
        message = say(
            "{sheets} passed over, with {number_count}: {reason}",
            sheets=_name_sheets([sheet.name for sheet in sheets]),
            number_count=_count_numbers(sum(map(count_numbers, sheets))),
            reason=reason,
        )
        yield Finding("sheet-passed-over", "info", message, file)


def count_numbers(sheet: Sheet) -> int:
    """Return how many cells of a sheet are numbers."""
    return sum(values.is_number(cell) for row in sheet.rows for cell in row)


def _sheets_without_table(file: str, pages: Sequence[Page]) -> list[Finding]:
    """Say which sheets were passed over: a warning where they hold numbers, which may be meant as a table."""
    found = []
    lacking = [page for page in pages if not page.blocks]
    without = [page.sheet for page in lacking]
    numbers = {sheet.name: count for sheet in without if (count := count_numbers(sheet))}
    texts = [
        sheet.name
        for sheet in without
        if sheet.name not in numbers
        and any(not values.is_blank(cell) for row in sheet.rows for cell in row)
    ]
    if numbers:
        first = next(page for page in lacking if page.sheet.name in numbers)
        what = describe(first)
        if len(numbers) > 1:
            what = say("of the first, {what}", what=what)
        message = say(
            "no energy balance found in {sheets}: {what}; {number_count} not used",
            sheets=_name_sheets([*numbers]),
            what=what,
            number_count=_count_numbers(sum(numbers.values())),
        )
        found.append(
            Finding("no-table", "warning", message, file, say("mend the header if it is one"))
        )
    if texts:
        found.append(
            Finding(
                "no-numbers",
                "info",
                say(
                    "no numbers in {sheets}: not used",
                    sheets=_name_sheets(texts),
                ),
                file,
            )
        )
    return found


def _name_sheets(names: Sequence[str]) -> Text:
    """Count some sheets and name them, but for the one of a file of text, which has no name."""
    count = len(names)
    counted = say("{count} sheet" if count == 1 else "{count} sheets", count=count)
    if not any(names):
        return counted
    return say("{sheets} ({names})", sheets=counted, names=_listed(names))


def _count_numbers(count: int) -> Text:
    return say("{count} number" if count == 1 else "{count} numbers", count=count)


def _listed(names: Collection[str]) -> str:
    return join_texts(", ", list(names)[:_MOST_SHEETS]) + (
        " ..." if len(names) > _MOST_SHEETS else ""
    )


def _ranges(cells: Sequence[tuple[Sheet, Sequence[tuple[int, int]]]]) -> str:
    """Return cells as ranges, each with what its first cell holds."""
    texts: list[str] = []
    for sheet, places in cells:
        prefix = f"{sheet.name}!" if sheet.name and len(cells) > 1 else ""
        for (top, left), (bottom, right) in _rectangles(places):
            name = (
                cell_name(top, left)
                if (top, left) == (bottom, right)
                else f"{cell_name(top, left)}:{cell_name(bottom, right)}"
            )
            texts.append(
                say(
                    "{prefix}{name} ({printed})",
                    prefix=prefix,
                    name=name,
                    printed=values.printed(sheet.rows[top][left])[:30],
                )
            )
    more = (
        say(" and {count} more ranges", count=len(texts) - _MOST_RANGES)
        if len(texts) > _MOST_RANGES
        else ""
    )
    return join_texts(", ", texts[:_MOST_RANGES]) + more


def _rectangles(places: Iterable[tuple[int, int]]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Join cells into runs along rows, and equal runs of following rows into rectangles."""
    runs: list[list[int]] = []
    for row, column in sorted(places):
        if runs and runs[-1][0] == row and runs[-1][2] == column - 1:
            runs[-1][2] = column
        else:
            runs.append([row, column, column])
    open_runs: dict[tuple[int, int], list[int]] = {}
    found: list[list[int]] = []
    for row, left, right in runs:
        last = open_runs.get((left, right))
        if last is not None and last[1] == row - 1:
            last[1] = row
        else:
            open_runs[left, right] = rectangle = [row, row, left, right]
            found.append(rectangle)
    return [((top, left), (bottom, right)) for top, bottom, left, right in found]


def merge_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Say once what is found with the same words in several places.

    Examples
    --------
    >>> same = [Finding("hidden-sheet", "warning", "not read", f"a.xls!{n}", "unhide it") for n in (1, 2, 3)]
    >>> [str(finding) for finding in merge_findings(same)]
    ['a.xls!1: not read (and in 2 more places: a.xls!2, a.xls!3); unhide it']
    """
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(
            (finding.rule, finding.severity, finding.message, finding.action), []
        ).append(finding)
    merged = []
    for first, *others in groups.values():
        places = [finding.where for finding in others if finding.where != first.where]
        if not places:
            merged.append(first)
            continue
        listed = join_texts(", ", places[:_MOST_SHEETS]) + (
            " ..." if len(places) > _MOST_SHEETS else ""
        )
        count = (
            say("{place_count} more places", place_count=len(places))
            if len(places) > 1
            else say("{place_count} more place", place_count=len(places))
        )
        merged.append(
            replace(
                first,
                message=say(
                    "{message} (and in {count}: {listed})",
                    message=first.message,
                    count=count,
                    listed=listed,
                ),
            )
        )
    return merged
