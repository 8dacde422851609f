"""Years of work in a project folder: init, build, status, check, accept, freeze, diff."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.cli.output import (
    complain,
    print_findings,
    print_json,
    print_rows,
    say_findings,
    show_progress,
)
from carbonacct.cli.parser import Parser, add_command, add_language
from carbonacct.cli.shared_options import add_json, add_strict, label
from carbonacct.cli.speaking import note, speak, tell
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import argparse

    from carbonacct.cli.parser import Commands
    from carbonacct.projects.acceptance import FindingMeaning
    from carbonacct.projects.build import Built
    from carbonacct.projects.recalculation import Recalculation
    from carbonacct.projects.runs import Workshop


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    command = add_command(
        commands, "init", _init, say("start a project: a folder with carbonacct.toml")
    )
    command.add_argument(
        "area", metavar="AREA", type=label, help=say("name of the city or province")
    )
    command.add_argument("--folder", metavar="DIR", help=say("where (default: a new folder AREA)"))
    command.add_argument(
        "--method", default="provincial-2011", help=say("(default provincial-2011)")
    )
    command.add_argument(
        "--years", default="2015-2024", help=say("that it should have, as 2015-2024")
    )
    add_language(command)
    text = say("print the JSON Schema of carbonacct.toml, for editors")
    add_command(commands, "schema", _schema, text)
    folder = project_option()
    text = say("make every output of a project that is not current")
    command = add_command(commands, "build", _build, text, folder)
    command.add_argument(
        "--overwrite", action="store_true", help=say("also outputs changed by hand")
    )
    add_strict(command)
    add_json(command)
    text = say("say what a project has, what is stale and what is open")
    command = add_command(commands, "status", _status, text, folder)
    command.add_argument(
        "--why", action="store_true", help=say("which file each choice comes from")
    )
    add_json(command)
    text = say("accept a finding with a reason, so that it is no longer open")
    command = add_command(commands, "accept", _accept, text, folder)
    command.add_argument("rule", metavar="RULE", help=say("such as sum-of-parts; check lists them"))
    command.add_argument("--because", required=True, metavar="TEXT", help=say("the reason"))
    command.add_argument("--by", required=True, metavar="NAME", help=say("who accepts it"))
    command.add_argument(
        "--place", default="", metavar="TEXT", help=say("area, year, flow or cell")
    )
    command.add_argument(
        "--review-by", default="", metavar="DATE", help=say("ends then: 2027-12-31")
    )
    text = say("correct a cell of a table with a reason; the file stays as it is")
    command = add_command(commands, "correct", _correct, text, folder)
    command.add_argument("cell", metavar="FILE!SHEET!CELL", type=label, help="tables/a.xls!1!B12")
    command.add_argument("value", metavar="VALUE", type=label, help=say("what is read instead"))
    command.add_argument("--because", required=True, metavar="TEXT", help=say("the reason"))
    command.add_argument("--by", required=True, metavar="NAME", help=say("who corrects it"))
    text = say("make a submission: whole, readable without the program, never changed")
    command = add_command(commands, "freeze", _freeze, text, folder)
    command.add_argument("name", metavar="NAME", help=say("such as 2021 or 2021-r1; used once"))
    command.add_argument(
        "--partial", action="store_true", help=say("also where tables are refused")
    )


def project_option() -> Parser:
    """Return the option that names a project's folder."""
    folder = Parser(add_help=False)
    folder.add_argument(
        "--project", metavar="DIR", default=".", help=say("folder of the project (.)")
    )
    return folder


def open_project(options: argparse.Namespace, *, making: bool = True) -> Workshop:
    """Return the workshop of the project that the words name, or that the folder lies in."""
    from carbonacct.projects.build import (  # noqa: PLC0415 - a command loads what it needs
        open_workshop,
    )
    from carbonacct.projects.project_declaration import find_project, read_declaration  # noqa: PLC0415

    declaration = read_declaration(find_project(Path(options.project)))
    shown = sys.stderr.isatty()
    progress = show_progress if shown else lambda _: None
    return open_workshop(declaration, progress=progress, making=making)


def _init(options: argparse.Namespace) -> int:
    from carbonacct.factors import load_method  # noqa: PLC0415
    from carbonacct.projects.declaration_keys import read_years  # noqa: PLC0415
    from carbonacct.projects.starting import start_project  # noqa: PLC0415
    from carbonacct.report.activity_template import make_template  # noqa: PLC0415

    load_method(options.method)
    years = read_years(options.years)
    folder = Path(options.folder or options.area)
    written = start_project(
        folder,
        name=options.area,
        method=options.method,
        years=options.years,
        lang=options.lang,
        template=make_template(options.method, area=options.area, years=years),
    )
    for file in written:
        note(say("written: {written}", written=os.path.relpath(file)))
    return 0


def _schema(options: argparse.Namespace) -> int:
    from carbonacct.projects.declaration_schema import make_schema  # noqa: PLC0415
    from carbonacct.report.frames import print_data  # noqa: PLC0415

    del options
    print_data(json.dumps(make_schema(), ensure_ascii=False, indent=1) + "\n")
    return 0


def _build(options: argparse.Namespace) -> int:
    from carbonacct.projects.build import build  # noqa: PLC0415
    from carbonacct.report.outputs import make_renderers  # noqa: PLC0415

    workshop = open_project(options)
    built = build(workshop, make_renderers(), overwrite=options.overwrite, alone=True)
    if sys.stderr.isatty():
        show_progress("")
    for output in built.outputs:
        if output.message:
            complain(output.message)
        tell(output.line)
    if options.json:
        print_built(built)
    say_findings(options, built.told, notes=True)
    for reason in built.reasons:
        complain(say("refused: {refused}", refused=reason))
    errors = [finding for finding in built.findings if finding.severity == "error"]
    return 2 if built.has_failed else 1 if errors and options.strict else 0


def print_built(built: Built) -> None:
    """Print the outputs of a project as a table of JSON."""
    import pandas as pd  # noqa: PLC0415 - a command loads what it needs

    rows = [{"state": output.state, "path": str(output.path)} for output in built.outputs]
    findings = [*built.findings, *built.told]
    print_json([], pd.DataFrame(rows, columns=["state", "path"]), findings)


def _status(options: argparse.Namespace) -> int:
    from carbonacct.projects.status import (  # noqa: PLC0415
        list_choices,
        list_status,
        say_status,
    )

    workshop = open_project(options, making=False)
    rows = list_choices(workshop.declaration) if options.why else list_status(workshop)
    for line in say_status(rows):
        tell(line)
    print_rows([{**vars(row), "text": speak(row.text)} for row in rows])
    return 0


def check_project(options: argparse.Namespace) -> int:
    """Say the open findings of a project by rule, what is accepted, and acceptances without one."""
    from carbonacct.projects.status import judge_project  # noqa: PLC0415
    from carbonacct.report import group_findings, list_findings  # noqa: PLC0415

    judged = judge_project(open_project(options))
    findings = group_findings(finding for _, finding in judged.open)
    tell(join_texts("\n", list_findings(findings, lang=options.lang)))
    for one, finding in judged.accepted:
        tell(
            say(
                "accepted by {by} ({because}): {finding}",
                by=one.by,
                because=one.because,
                finding=finding,
            )
        )
    for one, why in judged.unused:
        meaning = _name_meaning(one)
        tell(
            say("accepted no longer: {meaning}: {why}", meaning=meaning, why=why)
            if why
            else say("accepted and not found: {meaning}", meaning=meaning)
        )
    if options.json:
        print_findings(findings)
    errors = any(finding.severity == "error" for finding in findings)
    return 1 if errors and options.strict else 0


def _name_meaning(one: FindingMeaning) -> str:
    return f"{one.rule} {one.area} {one.year} {one.place}".rstrip()


def _accept(options: argparse.Namespace) -> int:
    from carbonacct.projects.acceptance import (  # noqa: PLC0415
        accept_finding,
        read_accepted,
        write_accepted,
    )
    from carbonacct.projects.rules import explain_rule  # noqa: PLC0415
    from carbonacct.projects.status import judge_project  # noqa: PLC0415

    rule = explain_rule(options.rule).id
    workshop = open_project(options)
    one = accept_finding(
        judge_project(workshop),
        rule,
        because=options.because,
        by=options.by,
        place=options.place,
        review_by=options.review_by,
    )
    path = workshop.declaration.folder / workshop.declaration.accepted
    write_accepted(path, [*read_accepted(path), one])
    tell(say("accepted: {meaning}", meaning=_name_meaning(one)))
    return 0


def _correct(options: argparse.Namespace) -> int:
    from carbonacct.projects.kept_corrections import correct_cell  # noqa: PLC0415

    declaration = open_project(options, making=False).declaration
    one = correct_cell(
        declaration, options.cell, options.value, because=options.because, by=options.by
    )
    tell(
        say(
            "corrected: {cell}: {seen} is read as {value}",
            cell=options.cell,
            seen=one.seen or "-",
            value=one.value or "-",
        )
    )
    return 0


def _freeze(options: argparse.Namespace) -> int:
    from carbonacct.projects.freezing import freeze  # noqa: PLC0415
    from carbonacct.report.outputs import make_renderers  # noqa: PLC0415

    workshop = open_project(options)
    target = freeze(workshop, options.name, make_renderers(), partial=options.partial)
    if sys.stderr.isatty():
        show_progress("")
    tell(say("frozen: {folder}", folder=os.path.relpath(target)))
    return 0


def explain_project(options: argparse.Namespace, name: str | None) -> Recalculation:
    """Return what changed in a project since a submission, the last one where none is named."""
    from carbonacct.projects.freezing import find_submission  # noqa: PLC0415
    from carbonacct.projects.recalculation import explain_submission  # noqa: PLC0415

    workshop = open_project(options)
    submission = find_submission(workshop.declaration.folder, name)
    order = [kind.strip() for kind in (options.order or "").split(",") if kind.strip()]
    return explain_submission(workshop, submission, order=order)
