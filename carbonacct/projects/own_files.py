"""Methods and layouts that a project brings itself: files in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.errors import ProjectError
from carbonacct.factors.method_names import is_own_file, list_method_files
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from carbonacct.projects.project_declaration import Declaration, Tables


def find_method(folder: Path, method: str) -> str:
    """Return how a declared method is loaded: its id, or the path of its file in the project."""
    return str(folder / method) if is_own_file(method) else method


def list_method_inputs(folder: Path, method: str) -> list[str]:
    """Return the files of a method that lie in a project, relative to it; none of a method by its id.

    Raises
    ------
    ProjectError
        If the method extends a file outside of the project.
    FactorDataError
        If one cannot be read.
    """
    if not is_own_file(method):
        return []
    found = []
    for file in list_method_files(folder / method):
        inside = file.resolve()
        if not inside.is_relative_to(folder.resolve()):
            raise ProjectError(
                say(
                    "{method}: extends {file}, which is outside of the project; put it into the folder",
                    method=method,
                    file=file,
                )
            )
        found.append(inside.relative_to(folder.resolve()).as_posix())
    return found


def list_own_methods(declaration: Declaration) -> list[str]:
    """Return the files of all methods that a project brings itself."""
    choices = (declaration.choices, *declaration.chosen.values())
    methods = {method for one in choices for method in (one.method, one.sources)}
    return sorted(
        {file for method in methods for file in list_method_inputs(declaration.folder, method)}
    )


def list_own_coefficients(declaration: Declaration) -> list[str]:
    """Return the files of methods of its own by which a project counts energy in coal equivalent."""
    methods = {one.coal_equivalent for one in declaration.indices if one.coal_equivalent}
    if declaration.energy_basis is not None:
        methods.add(declaration.energy_basis.coefficients)
    return sorted(
        {file for method in methods for file in list_method_inputs(declaration.folder, method)}
    )


def list_layouts(folder: Path, tables: Iterable[Tables]) -> list[str]:
    """Return the files of the layouts that tables are read with, relative to the project."""
    return sorted(
        {
            file.relative_to(folder).as_posix()
            for one in tables
            if one.layout
            for file in (folder / one.layout).glob("*.csv")
        }
    )
