"""A project as a whole: started, looked over, built."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.errors import ProjectError
from carbonacct.factors import load_method, method_ids
from carbonacct.factors.method_names import (
    find_method_file,
    find_method_id,
    is_own_file,
    read_method,
)
from carbonacct.projects.build import build, open_workshop
from carbonacct.projects.declaration_keys import read_years
from carbonacct.projects.output_plan import plan_outputs
from carbonacct.projects.scanning import digest_program
from carbonacct.projects.starting import start_project
from carbonacct.report.activity_template import make_template
from carbonacct.report.outputs import make_renderers
from carbonacct.web.exchange import WebError
from carbonacct.web.page_texts import tell
from carbonacct.web.project_view import is_project, list_tables, open_project
from carbonacct.web.safe_names import check_inside, make_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbonacct.projects.output_plan import Output
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.run_record import Run
    from carbonacct.projects.runs import Workshop

_STATES = re.compile(r"(reading|compiling|making) (.*)", re.DOTALL)
USUAL = "provincial-2011"  # where nothing else is chosen
_program: list[str] = []


def open_at(
    folder: str, *, making: bool = True, progress: Callable[[str], None] = lambda _: None
) -> Workshop:
    """Return the workshop of a project; the program is hashed once in the life of a process."""
    if not _program:
        _program.append(digest_program())
    declaration = open_project(Path(folder))
    list_tables(declaration)  # none of them leads out of the folder
    return open_workshop(declaration, progress=progress, making=making, program=_program[0])


def start(
    progress: Callable[[str], None],
    *,
    folder: str,
    name: str,
    years: str,
    method: str,
    lang: str,
) -> dict[str, Any]:
    """Write a new project into the folder."""
    progress(name)
    if not name.strip():
        raise WebError(422, "error.no_area")
    method = find_method_id(method)  # a request names no file
    name, template = name.strip(), make_template(method, area=name.strip(), years=read_years(years))
    start_project(Path(folder), name=name, method=method, years=years, lang=lang, template=template)
    return {}


def look_over(progress: Callable[[str], None], *, folder: str, lang: str) -> dict[str, Any]:
    """Return how a project stands, from its files and its store: nothing is read or made."""
    place = Path(folder)
    progress("")
    if not is_project(place):
        return {"project": None, "methods": list_methods(lang)}
    workshop = open_at(folder, making=False)
    declaration = workshop.declaration
    runs = workshop.runs()
    by_file = {one.path: run for _, run in runs for one in run.files}
    tables = [
        {"id": one.id, "path": one.path, **_describe_run(by_file.get(one.path), lang)}
        for one in list_tables(declaration)
    ]
    outputs = plan_outputs(workshop)
    places = sorted({place for _, run in runs for place in run.places})
    years = {year for _, year in places}
    return {
        "project": describe_declaration(declaration, lang),
        "tables": tables,
        "outputs": [describe_output(declaration, one) for one in outputs],
        "places": [list(one) for one in places],
        "missing": [year for year in declaration.years if year not in years],
    }


def list_methods(lang: str) -> list[dict[str, Any]]:
    """Return the methods that make an inventory, the usual one of a province or city marked."""
    methods = [load_method(one) for one in method_ids()]
    return [
        {
            "id": one.id,
            "name": one.title_zh if lang == "zh" else one.title,
            "usual": one.id == USUAL,
        }
        for one in methods
        if one.kind == "inventory"
    ]


def describe_declaration(declaration: Declaration, lang: str) -> dict[str, Any]:
    """Return what a page says of a project."""
    title = "title_zh" if lang == "zh" else "title"
    method = declaration.method
    if not is_own_file(method):
        method = str(read_method(find_method_file(find_method_id(method)))[title])
    return {
        "name": declaration.name,
        "area": declaration.area,
        "lang": declaration.lang,
        "method_name": method,
        "years": list(declaration.years),
    }


def describe_output(declaration: Declaration, output: Output) -> dict[str, Any]:
    """Return an output with its id in addresses."""
    place = check_inside(declaration.folder, output.path)
    return {
        "id": make_id("output", output.path),
        "path": output.path,
        "name": output.name,
        "state": output.state,
        "message": output.message,
        "there": place.is_file(),
    }


def _describe_run(run: Run | None, lang: str) -> dict[str, Any]:
    """Return how a table stands in the store."""
    if run is None or not run.is_made:
        return {"state": "new", "places": [], "refused": ""}
    return {
        "state": "refused" if run.refused else "read",
        "places": [list(place) for place in run.places],
        "refused": tell(run.refused, lang),
    }


def build_project(
    progress: Callable[[str], None], *, folder: str, lang: str, overwrite: bool = False
) -> dict[str, Any]:
    """Make every output that is not current; those changed by hand if `overwrite`."""
    workshop = open_at(folder, progress=lambda text: progress(name_stage(text)))
    try:
        built = build(workshop, make_renderers(), overwrite=overwrite)
    except ProjectError as error:
        return {"outputs": [], "refused": [tell(str(error), lang)]}
    return {
        "outputs": [describe_output(workshop.declaration, one) for one in built.outputs],
        "refused": [tell(one, lang) for one in (*built.reasons, *built.refused_indices)],
    }


def name_stage(text: str) -> str:
    """Return the key of a stage and the file that it is about, for the page to say in its language."""
    found = _STATES.match(text)
    return f"{found[1]}\n{found[2]}" if found else f"\n{text}"
