"""The project that the page is a view of, as far as a look at its files tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.projects.own_files import list_layouts, list_own_coefficients, list_own_methods
from carbonacct.projects.project_declaration import FILE, find_area_files, read_declaration
from carbonacct.projects.scanning import find_tables
from carbonacct.web.exchange import WebError
from carbonacct.web.safe_names import check_inside, make_id

if TYPE_CHECKING:
    from pathlib import Path

    from carbonacct.projects.project_declaration import Declaration, Tables


@dataclass(frozen=True)
class TableFile:
    """A table of a project: its id in addresses, its path, and how it is declared."""

    id: str
    path: str
    tables: Tables


def is_project(folder: Path) -> bool:
    """Return whether a folder holds a declaration."""
    return (folder / FILE).is_file()


def open_project(folder: Path) -> Declaration:
    """Return what a project declares, all of whose files lie in its folder.

    Raises
    ------
    ProjectError
        If it cannot be read, or a path leads out of the folder.
    WebError
        404 if there is none yet.
    """
    if not is_project(folder):
        raise WebError(404, "error.no_project")
    declaration = read_declaration(folder)
    paths = [
        *(one.file for one in declaration.activities),
        *(one.folder for one in declaration.overlays),
        *declaration.drivers,
        *(file for one in declaration.indices for file in one.files),
        declaration.areas_file,
        *find_area_files(declaration),
        str((declaration.uncertainty or {}).get("activity", "")),
        *(str(one.get("growth", "")) for one in declaration.shares),
        *(one.mapping for one in declaration.tables if one.mapping),
        *list_own_methods(declaration),
        *list_own_coefficients(declaration),
        *list_layouts(folder, declaration.tables),
        *declaration.outputs.values(),
        declaration.targets_file,
        declaration.accepted,
        declaration.corrections,
    ]
    for path in filter(None, paths):
        check_inside(folder, path)
    return declaration


def list_tables(declaration: Declaration) -> list[TableFile]:
    """Return the tables of a project."""
    found = []
    for path, place in find_tables(declaration):
        check_inside(declaration.folder, path)
        found.append(TableFile(make_id("table", path), path, declaration.tables[place]))
    return found


def find_table(declaration: Declaration, name: str) -> TableFile:
    """Return a table by its id.

    Raises
    ------
    WebError
        404 if there is none.
    """
    for one in list_tables(declaration):
        if one.id == name:
            return one
    raise WebError(404, "error.no_page")
