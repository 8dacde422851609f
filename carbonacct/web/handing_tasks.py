"""What is handed in: outputs that are asked for, submissions, and what changed since them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.errors import CarbonacctError
from carbonacct.projects.comparison_by_cause import compare_inventories
from carbonacct.projects.differences import CAUSES
from carbonacct.projects.editing import edit_declaration
from carbonacct.projects.freezing import (
    FOLDER,
    find_submission,
    freeze,
    read_made_at,
)
from carbonacct.projects.output_plan import plan_outputs
from carbonacct.projects.project_declaration import FILE
from carbonacct.projects.recalculation import explain_submission
from carbonacct.report.outputs import make_renderers
from carbonacct.web.changes import show_difference
from carbonacct.web.exchange import WebError
from carbonacct.web.keeping import find_version, hold
from carbonacct.web.page_texts import tell
from carbonacct.web.project_tasks import describe_output, name_stage, open_at
from carbonacct.web.project_view import list_tables, open_project
from carbonacct.web.safe_names import check_inside, make_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbonacct.projects.project_declaration import Declaration

# What can be asked for with a tick, each with the file that it becomes; a project may declare others.
OFFERED = {
    "page": "output/{name}.html",
    "workbook": "output/{name}.xlsx",
    "brief": "output/{name}.brief.docx",
    "chapter": "output/{name}.docx",
    "data": "output/inventory.csv",
    "json": "output/inventory.json",
    "panel": "output/panel.csv",
}


def show_handing(progress: Callable[[str], None], *, folder: str, lang: str) -> dict[str, Any]:
    """Return outputs, what else can be made, and submissions."""
    progress("")
    del lang
    workshop = open_at(folder, making=False)
    declaration = workshop.declaration
    try:
        outputs = [describe_output(declaration, one) for one in plan_outputs(workshop)]
    except CarbonacctError:  # a table that cannot be found: the first page says it
        outputs = []
    return {
        "tables": len(list_tables(declaration)),
        "outputs": outputs,
        "offered": [{"name": one, "wanted": one in declaration.outputs} for one in OFFERED],
        "submissions": _list_submissions(declaration),
        "version": find_version(declaration.folder / FILE),
    }


def _list_submissions(declaration: Declaration) -> list[dict[str, Any]]:
    """Return the submissions of a project, the last one first, with their files."""
    found = []
    for place in sorted((declaration.folder / FOLDER).glob("*")):
        if place.name.startswith(".") or not (place / "manifest.json").is_file():
            continue
        files = sorted(
            one.relative_to(declaration.folder).as_posix()
            for one in [*place.glob("*"), *place.glob("outputs/*")]
            if one.is_file() and not one.is_symlink()
        )
        found.append(
            {
                "name": place.name,
                "made_at": read_made_at(place),
                "files": [{"id": make_id("output", one), "path": one} for one in files],
            }
        )
    return sorted(found, key=lambda one: one["made_at"], reverse=True)


def find_file(progress: Callable[[str], None], *, folder: str, name: str) -> str:
    """Return the path of an output or of a file of a submission, by its id."""
    progress("")
    declaration = open_project(Path(folder))
    held = show_handing(progress, folder=folder, lang=declaration.lang)
    files = [*held["outputs"], *(one for made in held["submissions"] for one in made["files"])]
    for one in files:
        if one["id"] == name and check_inside(declaration.folder, one["path"]).is_file():
            return str(one["path"])
    raise WebError(404, "error.no_page")


def choose_outputs(
    progress: Callable[[str], None], *, folder: str, version: str, picked: Sequence[str]
) -> dict[str, Any]:
    """Declare which outputs the project makes; those that are not offered stay."""
    progress("")
    path = Path(folder)
    declaration = open_project(path)

    def change(held: dict[str, Any]) -> None:
        outputs = held.setdefault("outputs", {})
        for name, pattern in OFFERED.items():
            if name in picked:
                outputs.setdefault(name, pattern.format(name=declaration.name))
            else:
                outputs.pop(name, None)

    with hold(path, version, path / FILE):
        edit_declaration(path, change)
    return {}


def freeze_project(
    progress: Callable[[str], None], *, folder: str, lang: str, name: str
) -> dict[str, Any]:
    """Make a submission."""
    workshop = open_at(folder, progress=lambda text: progress(name_stage(text)))
    try:
        freeze(workshop, name, make_renderers())
    except CarbonacctError as error:
        return {"refused": [tell(error.args[0], lang)]}
    return {"name": name, "refused": []}


def compare_submission(
    progress: Callable[[str], None], *, folder: str, lang: str, name: str, other: str = ""
) -> dict[str, Any]:
    """Return what changed since a submission, by year and cause, and the largest changes.

    ``other`` is a submission to compare it with; the project as it stands unless given.
    """
    workshop = open_at(folder, progress=lambda text: progress(name_stage(text)))
    place = find_submission(workshop.declaration.folder, name or None)
    if other:
        difference = compare_inventories(place, find_submission(workshop.declaration.folder, other))
    else:
        difference = explain_submission(workshop, place).difference
    table = difference.table
    causes = [cause for cause in CAUSES if len(table) and table[cause].any()]
    return {
        "refused": [],
        "submission": place.name,
        "other": other,
        **show_difference(difference, lang, causes),
    }
