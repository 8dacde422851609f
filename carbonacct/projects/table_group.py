"""Files of a project that are read as one table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from carbonacct.errors import CarbonacctError, ProjectError
from carbonacct.records.area_names import area_id
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from carbonacct.projects.project_declaration import Declaration, Tables
    from carbonacct.projects.scanning import Source


@dataclass(frozen=True)
class TableGroup:
    """Tables that are read as one: pages of a balance, or a balance and its sub-sectors.

    ``words`` are the declarations whose mapping and layout each file is read with, as many as files;
    ``spelt`` the areas that go by the name which another table of the project gives them.
    """

    files: tuple[Source, ...]
    tables: Tables
    places: tuple[tuple[str, int], ...]
    refused: str = ""
    words: tuple[Tables, ...] = ()
    spelt: tuple[str, ...] = ()

    def join(self, other: TableGroup) -> TableGroup:
        """Return the tables of both, of one area and year where they are declared with several."""
        files, places = (*self.files, *other.files), (*self.places, *other.places)
        named = {(area_id(area), year) for area, year in places}
        tables, refused = self.tables, self.refused or other.refused
        asked, known = ((one.area, one.year) for one in (other.tables, tables))
        if asked != known and len(named) == 1:
            area = next(filter(None, (tables.area, other.tables.area)), "")
            tables = replace(tables, area=area, year=places[0][1])
        elif asked != known:
            refused = say(
                "{file} and {other} have numbers of one area and year, and are declared with "
                "another area or year each; declare them alike, or take one out",
                file=self.files[0].path,
                other=other.files[0].path,
            )
        words = (*self.words, *other.words)
        spelt = tuple(dict.fromkeys((*self.spelt, *other.spelt)))
        return TableGroup(files, tables, tuple(dict.fromkeys(places)), refused, words, spelt)


def spell_alike(groups: Iterable[TableGroup], declaration: Declaration) -> Iterator[TableGroup]:
    """Yield tables whose areas go by the name that the first of them gives each: 泉州 and 泉州市 are one.

    Where a project says of which area it is, or lists its areas, that says the names.
    """
    if declaration.area or declaration.areas:
        yield from groups
        return
    names: dict[str, str] = {}
    for group in groups:
        known = {area: names.setdefault(area_id(area), area) for area, _ in group.places}
        spelt = tuple(dict.fromkeys(name for area, name in known.items() if name != area))
        places = tuple((known[area], year) for area, year in group.places)
        yield replace(group, places=places, spelt=spelt) if spelt else group


def tell_activities(path: Path, name: str) -> ProjectError | None:
    """Return what to do with a file that is no balance, where it is a table of activity data; None where it is none."""
    from carbonacct.sectors.all_sectors import is_activity_table  # noqa: PLC0415 - few files are asked

    try:
        if not is_activity_table(path):
            return None
    except CarbonacctError:
        return None
    return ProjectError(
        say(
            "{file}: is a table of activity data, and no balance; declare it in carbonacct.toml:"
            ' [[activity]] file = "{file}"',
            file=name,
        )
    )
