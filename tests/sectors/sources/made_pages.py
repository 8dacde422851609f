"""Numbers of a page as its reader gives them, made for one test."""

from __future__ import annotations

from carbonacct.records.yearbook_pages import PageContext, PrintedNumber
from carbonacct.sheets.raw_sheets import Sheet


def printed(
    row=(),
    column=(),
    *,
    title=(),
    units=(),
    value="12.5",
    year=2020,
    area="重庆",
    areas_said=False,
    of_title="",
):
    """Return a number with its labels, innermost first; ``units``: those of each place, the nearest first."""
    return PrintedNumber(
        sheet=Sheet("p.csv", "", [[value]]),
        row=0,
        column=0,
        row_labels=tuple(row),
        column_labels=tuple(column),
        context=PageContext(tuple(title), (), 0, of_title),
        units=tuple(tuple(place) for place in units),
        year=year,
        area=area,
        areas_said=areas_said,
    )
