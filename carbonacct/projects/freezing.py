"""Submissions: whole, readable without the program, made again before they are named.

A submission holds copies of every input, the text of the method, each factor row that was used, the
inventory with every entry, findings, acceptances, outputs and checksums. Its name is given once.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.data import data_folders, harmless, read_regular
from carbonacct.errors import ProjectError, did_you_mean
from carbonacct.factors.method_names import find_method_file, find_method_id, is_own_file
from carbonacct.inventory.manifest import INVENTORY as ENTRIES
from carbonacct.projects.build import Renderers, build, open_workshop
from carbonacct.projects.driver_bases import find_lost
from carbonacct.projects.entry_table import write_entries
from carbonacct.projects.output_manifest import describe_project
from carbonacct.projects.output_plan import MANIFEST, plan_outputs
from carbonacct.projects.own_files import list_layouts, list_own_coefficients, list_own_methods
from carbonacct.projects.project_declaration import FILE, find_area_files, read_declaration
from carbonacct.projects.project_targets import list_judging
from carbonacct.projects.scanning import find_tables
from carbonacct.projects.store import digest_of, write_whole
from carbonacct.projects.stored import gather_entries
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.run_record import Run
    from carbonacct.projects.runs import Workshop

FOLDER = "submissions"
INPUTS = "inputs"
_NOT_IN_NAMES = set('/\\:*?"<>|')
_README = """\
{name}: {title}

This is an inventory as it was submitted. It needs no program to be read:

inventory.csv   every entry; value in t of the gas (scope 1 direct, scope 2 electricity and heat).
                where and printed say the cell it came from, factors each factor with its row:
                value = activity x factors. An entry without a value has a notation key.
factors.csv     every factor row that was used, with its document, table and page.
findings.csv    what was noticed, and what was accepted, by whom and why.
method/         the text of the method.
inputs/         the tables, words, drivers, own factors and methods, and carbonacct.toml, byte for byte.
outputs/        what was handed in.
manifest.json   program, files and their sha256.
SHA256SUMS      check with: sha256sum -c SHA256SUMS

To make it again: copy inputs/ into a folder and run carbonacct build there (program {version}).
"""


def freeze(workshop: Workshop, name: str, renderers: Renderers, *, partial: bool = False) -> Path:
    """Make a submission of a project under a name that was never used, and return its folder.

    It is built a second time from its own copies in an empty store. It gets its name only if that
    gives the same bytes.

    Raises
    ------
    ProjectError
        If the name is taken, a table is refused, an output is not current, or the replay differs.
    """
    declaration = workshop.declaration
    target = declaration.folder / FOLDER / name
    _check_name(name, target)
    built = build(workshop, renderers)
    lost = (one.message for one in find_lost(declaration.bases, declaration.folder))
    if (reasons := [*built.reasons, *built.refused_indices, *lost]) and not partial:
        raise ProjectError(
            say(
                "inputs are refused: {reasons}; mend them, or freeze with --partial",
                reasons=join_texts("; ", reasons),
            )
        )
    if late := [one for one in plan_outputs(workshop) if one.state != "current"]:
        raise ProjectError(
            say(
                "{path}: is {state}; build it before it is frozen",
                path=late[0].path,
                state=late[0].state,
            )
        )
    target.parent.mkdir(exist_ok=True)
    # Beside its place, so that one renaming makes the submission whole.
    half = Path(tempfile.mkdtemp(prefix=".tmp-", dir=target.parent))
    try:
        _fill(half, workshop, name, built.runs)
        # It is built again from what was copied: a submission that lacks an input is none.
        _replay(half, workshop, renderers)
        write_whole(half / "SHA256SUMS", _sum_files(half).encode())
        try:
            half.rename(target)
        except OSError as error:
            raise ProjectError(
                say("{target}: cannot be made ({strerror})", target=target, strerror=error.strerror)
            ) from None
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    return target


def find_submission(folder: Path, name: str | None) -> Path:
    """Return the folder of a submission, the one made last where no name is given.

    Raises
    ------
    ProjectError
        If there is none.
    """
    made = {
        place.name: read_made_at(place)
        for place in sorted((folder / FOLDER).glob("*"))
        if (place / MANIFEST).is_file() and not place.name.startswith(".")
    }
    if not made:
        raise ProjectError(say("the project has no submission; carbonacct freeze NAME makes one"))
    if name is None:
        # Where two bear one time, the later name.
        name = max(made, key=lambda one: (made[one], one))
    if name not in made:
        near = did_you_mean(name, made) or say("there are {made}", made=join_texts(", ", made))
        raise ProjectError(say("no submission {name!r}; {near}", name=name, near=near))
    return folder / FOLDER / name


def read_manifest(submission: Path) -> dict[str, Any]:
    """Return what a submission says of itself.

    Raises
    ------
    ProjectError
        If it cannot be read.
    """
    try:
        held = json.loads(read_regular(submission / MANIFEST))
        lacking = [key for key in ("program", "runs", "inputs") if key not in held]
    except (OSError, ValueError, TypeError) as error:
        raise ProjectError(
            say("{name}: its manifest cannot be read ({error})", name=submission.name, error=error)
        ) from None
    if lacking:
        raise ProjectError(
            say(
                "{name}: its manifest has no {lacking}; restore the folder",
                name=submission.name,
                lacking=lacking[0],
            )
        )
    return dict(held)


def read_made_at(submission: Path) -> str:
    """Return when a submission was made."""
    return str(read_manifest(submission).get("made_at", ""))


def _check_name(name: str, target: Path) -> None:
    if not name or name.startswith(".") or _NOT_IN_NAMES & set(name) or len(name) > 60:
        raise ProjectError(
            say("the name {name!r} is none for a folder; write it as 2021 or 2021-r1", name=name)
        )
    if target.exists():
        raise ProjectError(
            say("{name}: was submitted already and stays as it is; name a new one", name=name)
        )


def _fill(half: Path, workshop: Workshop, name: str, runs: Sequence[Run]) -> None:
    """Write everything of a submission but its checksums."""
    declaration = workshop.declaration
    for path in list_inputs(declaration):
        _copy(declaration.folder / path, half / INPUTS / path)
    for output in plan_outputs(workshop):
        _copy(declaration.folder / output.path, half / "outputs" / Path(output.path).name)
    entries, _ = gather_entries(workshop)
    write_whole(half / ENTRIES, write_entries(entries).encode())
    write_whole(half / "factors.csv", list_factor_rows(entries["factors"]).encode())
    write_whole(half / "findings.csv", _list_findings(runs).encode())
    choices = (declaration.choices, *declaration.chosen.values())
    for used in sorted({choice.method for choice in choices}):
        own = is_own_file(used)
        method = declaration.folder / used if own else find_method_file(find_method_id(used))
        _copy(method, half / "method" / method.name)
    record = describe_project(declaration, workshop.program, runs)
    record["made_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    record["name"] = name
    record["inventory"] = digest_of(read_regular(half / ENTRIES))
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(half / MANIFEST, text.encode())
    version = record["program"]["version"]
    readme = _README.format(name=name, title=declaration.name, version=version)
    write_whole(half / "README.txt", readme.encode())


def list_inputs(declaration: Declaration) -> list[str]:
    """Return every file that a project is made of, relative to its folder."""
    folder = declaration.folder
    named = [
        FILE,
        *(path for path, _ in find_tables(declaration)),
        *(tables.mapping for tables in declaration.tables if tables.mapping),
        declaration.areas_file,
        *(one.file for one in declaration.activities),
        *find_area_files(declaration),
        *list_own_methods(declaration),
        *list_own_coefficients(declaration),
        *list_layouts(folder, declaration.tables),
        # What needs a file that is not there is refused; the rest is made without it.
        *(file for file in declaration.drivers if (folder / file).is_file()),
        *(file for one in declaration.indices for file in one.files if (folder / file).is_file()),
        *list_judging(declaration),
        *(
            name
            for name in (declaration.accepted, declaration.corrections)
            if (folder / name).is_file()
        ),
    ]
    for overlay in declaration.overlays:
        files = sorted(file for file in (folder / overlay.folder).rglob("*") if file.is_file())
        named += [file.relative_to(folder).as_posix() for file in files]
    return sorted({path for path in named if path})


def _copy(source: Path, target: Path) -> None:
    try:
        write_whole(target, read_regular(source))
    except OSError as error:
        raise ProjectError(
            say("{source}: cannot be copied ({strerror})", source=source, strerror=error.strerror)
        ) from None


def _replay(half: Path, workshop: Workshop, renderers: Renderers) -> None:
    """Build a submission from its own copies in an empty place, and refuse it if it differs."""
    with tempfile.TemporaryDirectory(prefix="carbonacct-") as scratch:
        folder = Path(scratch) / "project"
        shutil.copytree(half / INPUTS, folder)
        # A project that bears the name of its folder keeps it where it is made again.
        declared = replace(read_declaration(folder), name=workshop.declaration.name)
        again = open_workshop(declared, program=workshop.program)
        built = build(again, renderers)
        entries, _ = gather_entries(again)
        wanted = [(half / ENTRIES, write_entries(entries).encode())]
        wanted += [
            (half / "outputs" / Path(one.path).name, read_regular(folder / one.path))
            for one in built.outputs
        ]
        for file, content in wanted:
            if read_regular(file) != content:
                raise ProjectError(
                    say(
                        "{name}: is not made again from the copies alone, so nothing is "
                        "frozen; a file was saved meanwhile: build and freeze again",
                        name=file.name,
                    )
                )


def list_factor_rows(texts: Iterable[str]) -> str:
    """Return the factor rows that entries name, each once, as CSV with the whole published row."""
    rows: dict[str, str] = {}
    for text in texts:
        for part in filter(None, text.split("; ")):
            label, _, place = part.rpartition(" (")
            rows.setdefault(place.removesuffix(")"), label)
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(["row", "used_as", "as_published"])
    for place, label in sorted(rows.items()):
        writer.writerow([place, harmless(label), harmless(_published(place))])
    return held.getvalue()


def _published(place: str) -> str:
    """Return the line of a factor table as it is published, with the names of its columns."""
    path, _, line = place.rpartition(":")
    file = next((one / path for one in data_folders() if (one / path).is_file()), None)
    if file is None:
        return ""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    at = int(line) - 1
    if at >= len(lines):
        return ""
    names, values = next(csv.reader([lines[0]])), next(csv.reader([lines[at]]))
    return "; ".join(
        f"{name}: {value}" for name, value in zip(names, values, strict=False) if value
    )


def _list_findings(runs: Sequence[Run]) -> str:
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(["rule", "severity", "where", "message", "action", "worth_t"])
    rows = {
        (one.rule, one.severity, one.where, one.message, one.action, _worth(one.worth))
        for run in runs
        for one in run.findings
    }
    writer.writerows([[harmless(cell) for cell in row] for row in sorted(rows)])
    return held.getvalue()


def _worth(worth: float | None) -> str:
    return "" if worth is None else repr(worth)


def _sum_files(half: Path) -> str:
    files = sorted(file for file in half.rglob("*") if file.is_file())
    lines = [
        f"{digest_of(read_regular(file))}  {file.relative_to(half).as_posix()}" for file in files
    ]
    return "\n".join(lines) + "\n"
