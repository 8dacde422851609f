"""The section of indices and forms that a project declares."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from carbonacct.report.index_tables import (
    list_areas,
    list_index_rows,
    list_refusals,
    list_years,
    name_table,
    word,
)
from carbonacct.report.page.derivations import Derivation, FormulaPart, in_both, join
from carbonacct.report.page.svg import fill_template
from carbonacct.report.significant_digits import show_value
from carbonacct.texts import join_clauses

if TYPE_CHECKING:
    from markupsafe import Markup

    from carbonacct.charts.drawing import Shown
    from carbonacct.projects.project_indices import IndexStanding
    from carbonacct.report.index_tables import IndexRow
    from carbonacct.report.page.page_content import Content


def show_indices(content: Content, lang: str) -> Markup | str:
    """Return every indicator of each declared index and form by year; nothing where a project has none."""
    beside = content.beside
    if beside is None or not beside.indices:
        return ""
    parts = [
        _show_part(content, standing, area, lang)
        for standing in beside.indices
        for area in list_areas(standing)
    ]
    return fill_template(
        "indices.html",
        title=word("indices", lang),
        note=word("note", lang),
        refused=list_refusals(beside.indices, lang),
        parts=parts,
    )


def _show_part(
    content: Content, standing: IndexStanding, area: str, lang: str
) -> dict[str, object]:
    """Return the table of an index and an area: a row an indicator, a column a year."""
    years = list_years(standing, area)
    heads = [
        (word("indicator", lang), "text"),
        (word("unit", lang), "text"),
        *((str(year), "") for year in years),
        (word("remark", lang), "text wrap"),
    ]
    rows = []
    for row in list_index_rows(standing, area, lang):
        numbers: list[Shown] = [
            (show_value(value), _derive(content, standing, area, years[at], row=row, at=at))
            for at, value in enumerate(row.numbers)
        ]
        remark = join_clauses(dict.fromkeys(row.remarks), lang)
        rows.append([(row.name, None), (row.unit, None), *numbers, (remark, None)])
    pick = str(content.areas.index(area)) if area in content.areas else ""
    return {"pick": pick, "title": name_table(standing, area, lang), "heads": heads, "rows": rows}


def _derive(
    content: Content, standing: IndexStanding, area: str, year: int, *, row: IndexRow, at: int
) -> int | None:
    """Return what a number opens: all its digits, and its cells."""
    value, cells = row.numbers[at], row.cells[at]
    if value != value:  # noqa: PLR0124 - NaN is not itself
        return None
    part = FormulaPart((row.name, row.name), float(value), row.unit, place="")
    note = in_both(partial(_tell_cells, cells))
    return content.refer(Derivation(join(area, year, standing.id), "", (part,), note=note))


def _tell_cells(cells: str, lang: str) -> str:
    return word("opened", lang, cells=cells) if cells else ""
