"""Years of work in a project folder: init, build, status, accept, freeze."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.cli.output import complain, show_progress
from carbonacct.cli.parser import Parser, add_command, add_language, add_strict, label

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.cli.parser import Commands
    from carbonacct.errors import Finding
    from carbonacct.project.build import Renderers, Request
    from carbonacct.project.runs import Workshop


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    command = add_command(commands, "init", _init, "start a project: a folder with carbonacct.toml")
    command.add_argument("area", metavar="AREA", type=label, help="name of the city or province")
    command.add_argument("--folder", metavar="DIR", help="where (default: a new folder AREA)")
    command.add_argument("--method", default="provincial-2011", help="(default provincial-2011)")
    command.add_argument("--years", default="2015-2024", help="that it should have, as 2015-2024")
    add_language(command)
    folder = project_option()
    text = "make every output of a project that is not current"
    command = add_command(commands, "build", _build, text, folder)
    command.add_argument("--overwrite", action="store_true", help="also outputs changed by hand")
    add_strict(command)
    text = "say what a project has, what is stale and what is open"
    add_command(commands, "status", _status, text, folder)


def project_option() -> Parser:
    """Return the option that names a project's folder."""
    folder = Parser(add_help=False)
    folder.add_argument("--project", metavar="DIR", default=".", help="folder of the project (.)")
    return folder


def open_project(options: argparse.Namespace, *, making: bool = True) -> Workshop:
    """Return the workshop of the project that the words name, or that the folder lies in."""
    from carbonacct.project.build import open_workshop  # noqa: PLC0415 - a command loads what it needs
    from carbonacct.project.declaration import find_project, read_declaration  # noqa: PLC0415

    declaration = read_declaration(find_project(Path(options.project)))
    shown = sys.stderr.isatty()
    progress = show_progress if shown else lambda _: None
    return open_workshop(declaration, progress=progress, making=making)


def _init(options: argparse.Namespace) -> int:
    from carbonacct.factors import load_method  # noqa: PLC0415
    from carbonacct.project.declaration import read_years  # noqa: PLC0415
    from carbonacct.project.starting import start_project  # noqa: PLC0415

    load_method(options.method)
    read_years(options.years)
    folder = Path(options.folder or options.area)
    written = start_project(
        folder,
        name=options.area,
        method=options.method,
        years=options.years,
        lang=options.lang,
    )
    for file in written:
        print(f"written: {os.path.relpath(file)}")
    return 0


def make_renderers() -> Renderers:
    """Return the writers of files that a project builds with."""
    from carbonacct.project.build import Renderers  # noqa: PLC0415

    return Renderers(inventory=_render_inventory, table=_render_table)


def _render_inventory(request: Request, place: Path) -> None:
    from carbonacct.report import write_inventory  # noqa: PLC0415
    from carbonacct.report.whole import write_record  # noqa: PLC0415

    if request.energy and request.is_energy_alone:
        cubes = list(request.energy)
        write_inventory(cubes, str(place), lang=request.lang, gwp=request.metric)
        return
    write_record(
        request.inventory,
        str(place),
        energy=request.energy,
        lang=request.lang,
        gwp=request.metric,
    )


def _render_table(
    table: pd.DataFrame, place: Path, findings: Sequence[Finding], title: str
) -> None:
    from carbonacct.report import write_frame  # noqa: PLC0415

    write_frame(table, str(place), findings, title=title)


def _build(options: argparse.Namespace) -> int:
    from carbonacct.project.build import build  # noqa: PLC0415

    workshop = open_project(options)
    built = build(workshop, make_renderers(), overwrite=options.overwrite)
    if sys.stderr.isatty():
        show_progress("")
    for output in built.outputs:
        if output.message:
            complain(output.message)
        print(f"{output.state:<9} {output.path}")
    for run in built.refused:
        complain(f"refused: {run.refused}")
    errors = [finding for finding in built.findings if finding.severity == "error"]
    failed = any(output.state == "failed" for output in built.outputs) or built.refused
    return 2 if failed else 1 if errors and options.strict else 0


def _status(options: argparse.Namespace) -> int:
    from carbonacct.project.status import list_status  # noqa: PLC0415

    for line in list_status(open_project(options, making=False)):
        print(line)
    return 0
