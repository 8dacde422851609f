"""Factors of a year without a table, by which a filled activity becomes emissions.

The table of the nearest printed year is compiled as if it were of the year that is filled: the method then chooses
the factors that are valid in that year, of the area, its own factors and its grid, as it does for any
table.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct.projects.store import make_key, write_canonical
from carbonacct.sectors.energy.other_years import list_factors, take_year

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from carbonacct.projects.runs import Workshop
    from carbonacct.projects.table_group import TableGroup
    from carbonacct.sectors.energy.other_years import Cell


def find_year_factors(
    workshop: Workshop, area: str, year: int, wanted: Collection[Cell]
) -> dict[Cell, float] | None:
    """Return the factors of an area in a year without a table.

    Parameters
    ----------
    workshop
        The project; its tables are those of the area in other years.
    wanted
        Flow, product and gas of what is filled.

    Returns
    -------
    dict or None
        Of those that the method has a factor for. None where the store does not have them and
        nothing is to be made, as in a status.
    """
    groups = list(_list_nearest(workshop, area, year))
    inputs = {
        "runs": [key for key, _, _ in groups],
        "area": area,
        "year": year,
        "overlay": [workshop.digest_overlay(_place(group, area, year)) for _, _, group in groups],
        "wanted": sorted(wanted),
        "program": workshop.program,
    }
    key = make_key("factors", inputs)
    digest = workshop.store.find(key)
    if digest is None and not workshop.making:
        return None
    if digest is None:
        found: dict[Cell, float] = {}
        for _, printed, group in groups:
            if not set(wanted) - found.keys():
                break
            workshop.progress(f"compiling {group.files[0].path} as of {year}")
            as_of = take_year(workshop.balance(group), area, printed, year)
            compiled = workshop.compile_balance(_place(group, area, year), as_of)
            found = list_factors(compiled, set(wanted) - found.keys()) | found
        held = [[*cell, factor] for cell, factor in sorted(found.items())]
        digest = workshop.store.put(write_canonical(held), under=key)
    rows = json.loads(workshop.store.read(digest))
    return {(flow, product, gas): factor for flow, product, gas, factor in rows}


def _list_nearest(
    workshop: Workshop, area: str, year: int
) -> Iterator[tuple[str, int, TableGroup]]:
    """Yield the key, year and tables of the printed years of an area, the nearest first, the earlier of two."""
    printed = [
        (abs(one - year), one, run.key, group)
        for group, run in workshop.runs()
        if run.entries
        for name, one in run.places
        if name == area
    ]
    for _, one, key, group in sorted(printed, key=lambda row: row[:2]):
        yield key, one, group


def _place(group: TableGroup, area: str, year: int) -> TableGroup:
    """Return tables as those of another year, for what the project declares for it."""
    return replace(group, places=((area, year),))
