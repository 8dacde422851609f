"""What is to be said of a project beyond its tables: what is refused, years that are missing, breaks of its series."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from carbonacct.errors import CarbonacctError, Finding
from carbonacct.projects.driver_bases import find_bases, find_lost, find_unlike_prices
from carbonacct.projects.filled_rows import FILLED
from carbonacct.projects.project_areas import find_perimeters
from carbonacct.projects.run_record import list_refused
from carbonacct.projects.series_consistency import find_breaks, find_uncovered, find_vintages
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.projects.runs import Workshop


def find_overall(workshop: Workshop, entries: pd.DataFrame) -> list[Finding]:
    """Return what is to be said of a project beyond its tables: refusals, missing years, breaks."""
    declaration = workshop.declaration
    refused = dict.fromkeys(reason for _, reason in list_refused(workshop.all_runs()))
    findings = [Finding("table-refused", "error", reason) for reason in refused]
    perimeters = find_perimeters(declaration.areas, entries)
    uneven = find_uncovered(entries)
    missing = find_missing(workshop, entries)
    read = [(words, group.places) for group, _ in workshop.runs() for words in group.words]
    breaks = [*find_breaks(entries), *find_vintages(read), *_find_bases(workshop)]
    return [*findings, *missing, *breaks, *uneven, *perimeters]


def _find_bases(workshop: Workshop) -> list[Finding]:
    """Return what is to be said of files of drivers, of their prices and definitions of energy."""
    from carbonacct.projects.project_targets import list_asked  # noqa: PLC0415 - few have both

    declaration = workshop.declaration
    found = find_lost(declaration.bases, declaration.folder)
    with suppress(CarbonacctError):  # who judges the targets says what is wrong with them
        if any(one.prices for one in declaration.bases):
            found += find_unlike_prices(declaration.bases, list_asked(declaration))
    with suppress(CarbonacctError):  # who reads the drivers says what is wrong with them
        area = workshop.sole_area or declaration.name
        found += find_bases(declaration.bases, declaration.folder, area)
    return found


def find_missing(workshop: Workshop, entries: pd.DataFrame) -> list[Finding]:
    """Return a finding for each area that lacks years which the project should have.

    A year that rules fill is not missing, nor is a table of an area that others make up, unless the
    project compares its own with theirs.
    """
    declaration = workshop.declaration
    held: dict[str, set[int]] = {}
    for run in workshop.all_runs():
        for area, year in run.places:
            held.setdefault(area, set()).add(year)
    filled = entries[entries["status"] == FILLED]
    for area, year in filled[["area", "year"]].drop_duplicates().itertuples(index=False):
        held.setdefault(str(area), set()).add(int(year))
    listed = {area: declaration.find_area(area) for area in held}
    names = {area.id for area in listed.values() if area}
    wholes = {area.parent for area in declaration.areas} - {declaration.own}
    for one in declaration.areas:
        if one.id not in names | wholes:  # no table at all
            held[one.name], listed[one.name] = set(), one
    findings = []
    for area in sorted(held):
        known = listed[area]
        lacking = [
            year
            for year in declaration.years
            if year not in held[area] and (known is None or known.has(year))
        ]
        if lacking:
            what = say(
                "{area} has no table of {lacking}",
                area=area,
                lacking=join_texts(", ", map(str, lacking)),
            )
            action = say("add the tables, correct project.years, or declare a splice")
            findings.append(Finding("years-missing", "warning", what, action=action))
    return findings
