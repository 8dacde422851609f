"""The list of sheets with what each holds, and the years of each flow side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name

from carbonacct import vocabulary
from carbonacct.report.standalone_names import name_flow
from carbonacct.report.workbook.links import list_cells
from carbonacct.report.workbook.table import (
    FIRST_ROW,
    Formula,
    SheetColumn,
    add_table,
    quote,
    set_up_page,
    write_text,
)
from carbonacct.report.workbook.workbook_words import LARGE_UNITS, word
from carbonacct.texts import add_unit_below

if TYPE_CHECKING:
    from carbonacct.report.workbook.plan import Plan, PlanLine
    from carbonacct.report.workbook.table import Book

_BLUE = "#2F5D8A"
_UNTITLED = ("inventory", "entries", "findings")  # sheets whose header is their first row


def add_contents(book: Book) -> None:
    """Add the sheet of contents; its rows are written when all sheets are there."""
    sheet = book.file.add_worksheet(word("contents", book.lang))
    sheet.set_tab_color(_BLUE)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 10)
    set_up_page(sheet, FIRST_ROW - 2, word("contents", book.lang))


def fill_contents(book: Book) -> None:
    """Write a row for each sheet: a link to it, its title, how many rows it has."""
    lang = book.lang
    sheet = book.file.get_worksheet_by_name(word("contents", lang))
    write_text(book, sheet, (0, 0), word("contents", lang), look={"bold": True, "font_size": 14})
    look = {"bold": True, "bg_color": "#E8EEF4", "bottom": 1}
    for column, name in enumerate(("sheet", "content", "row count")):
        write_text(book, sheet, (FIRST_ROW - 2, column), word(name, lang), look=dict(look))
    link = book.format(font_color="#1D4ED8", underline=1)
    for row, (name, (title, count)) in enumerate(book.listed.items(), start=FIRST_ROW - 1):
        place = quote(name).replace('"', '""')
        shown = name.replace('"', '""')
        sheet.write_formula(row, 0, f'=HYPERLINK("#{place}!A1","{shown}")', link, name)
        write_text(book, sheet, (row, 1), title or _describe(name, lang), look={})
        sheet.write_number(row, 2, count, book.format(num_format="#,##0"))


def _describe(name: str, lang: str) -> str:
    """Return what a sheet without a title holds."""
    known = {word(key, lang): key for key in _UNTITLED}
    return word(f"content {known.get(name.split(maxsplit=1)[0], name.split(maxsplit=1)[0])}", lang)


def add_years(book: Book, plan: Plan) -> None:
    """Add emissions with the years as columns: each flow, the total, and what is brought in.

    Nothing where there is one year.
    """
    lang = book.lang
    unit, scale = LARGE_UNITS[lang]
    years = sorted({line.found.year for line in plan.lines})
    if len(years) < 2:
        return
    heads = [SheetColumn(word(name, lang)) for name in ("area", "gas", "flow")]
    heads += [SheetColumn(add_unit_below(str(year), unit, lang), "large") for year in years]
    heads += [
        SheetColumn(word("since before", lang), "percent"),
        SheetColumn(word("part", lang), "percent"),
    ]
    groups: dict[tuple[str, str], list[PlanLine]] = {}
    for line in plan.lines:
        groups.setdefault((line.found.area, line.found.gas), []).append(line)
    rows: list[list[Any]] = []
    totals = set()
    for (area, gas), lines in groups.items():
        direct = [line for line in lines if line.scope == 1]
        flows = list(dict.fromkeys(line.found.flow for line in direct))
        total_row = FIRST_ROW + len(rows) + len(flows)
        parts = [
            (name_flow(flow, lang), [x for x in direct if x.found.flow == flow])
            for flow in sorted(flows, key=list(vocabulary.flows()).index)
        ]
        parts.append((word("total", lang), direct))
        last = sum(line.found.value for line in direct if line.found.year == years[-1]) / scale
        for name, members in parts:
            row = FIRST_ROW + len(rows)
            cells = [
                _sum_year(plan, [x for x in members if x.found.year == year], lang, scale)
                for year in years
            ]
            rows.append([area, gas, name, *cells, *_relate(cells, row, (total_row, last))])
        totals.add(len(rows) - 1)
    add_table(
        book,
        word("years", lang),
        heads,
        rows,
        title=word("title years", lang),
        notes=[word("years note", lang)],
        totals=frozenset(totals),
        color=_BLUE,
    )


def _sum_year(plan: Plan, lines: list[PlanLine], lang: str, scale: float) -> Any:
    if not lines:
        return None
    cells = ",".join(list_cells(plan, lines, lang))
    return Formula(f"=SUM({cells})/{scale:.0f}", sum(line.found.value for line in lines) / scale)


def _relate(cells: list[Any], row: int, total: tuple[int, float]) -> list[Any]:
    """Return the change of the last year since the one before, and its part of the total."""
    last, before = xl_col_to_name(2 + len(cells)), xl_col_to_name(1 + len(cells))
    if cells[-1] is None:
        return [None, None]
    at, whole = total
    part = Formula(f"={last}{row}/{last}{at}", cells[-1].value / whole) if whole else None
    if cells[-2] is None or not cells[-2].value:
        return [None, part]
    return [
        Formula(f"={last}{row}/{before}{row}-1", cells[-1].value / cells[-2].value - 1),
        part,
    ]
