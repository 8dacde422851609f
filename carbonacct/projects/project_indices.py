"""How the indices and forms that a project declares stand: made once for equal inputs, kept in its store."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.errors import CarbonacctError, Finding, read_finding
from carbonacct.inventory.plain_findings import write_finding
from carbonacct.projects.declaration_keys import check_there
from carbonacct.projects.declared_indices import is_own
from carbonacct.projects.driver_bases import key_drivers
from carbonacct.projects.store import make_key, write_canonical
from carbonacct.texts import Both, describe_text, read_text, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from carbonacct.indices.index_declaration import Index
    from carbonacct.projects.declared_indices import DeclaredIndex
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.run_record import Run
    from carbonacct.projects.runs import Workshop

INDEX_REFUSED = "index-refused"
_AMONG_OTHERS = ("group-min-max", "percentile")
# What a row says of itself, and areas of a table that another output is of.
_PASSED = ("missing-value", "form-missing", "balance-not-used")


@dataclass(frozen=True)
class IndexStanding:
    """How an index or a form stands.

    Attributes
    ----------
    id, title, kind
        Of the index.
    frame
        Columns of :func:`carbonacct.indices.index_rows.list_rows`.
    names, leaves
        Of its indicators, by id; those that have a value of their own.
    layout, periods
        Of a form.
    findings
        What a reader should know.
    refused
        Why there are no rows, "" for no reason.
    """

    id: str
    title: Both
    kind: str = "index"
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    names: Mapping[str, Both] = field(default_factory=dict)
    leaves: tuple[str, ...] = ()
    layout: tuple[str, ...] = ()
    periods: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()
    refused: str = ""


def find_standings(
    workshop: Workshop, area: str = "", entries: pd.DataFrame | None = None
) -> list[IndexStanding]:
    """Return how each declared index stands, from the store where its inputs are the same.

    Parameters
    ----------
    area
        The one that is wanted, ``""`` for all.
    entries
        Of the project, with filled years; None makes nothing: what the store does not have is left out.
    """
    found = []
    runs = workshop.all_runs()
    own = [run for run in runs if area in {one for one, _ in run.places}] if area else runs
    for declared in workshop.declaration.indices:
        key = key_index(declared, workshop, area, own)
        digest = workshop.store.find(key)
        if digest is None and entries is not None:
            workshop.progress(say("scoring {index}", index=declared.id))
            record = _make_record(declared, workshop, entries, _widen(declared, workshop, area))
            digest = workshop.store.put(write_canonical(record), under=key)
        if digest is not None:
            standing = _read_record(json.loads(workshop.store.read(digest)))
            found.append(_select(standing, area) if area else standing)
    return found


def key_index(declared: DeclaredIndex, workshop: Workshop, area: str, runs: Sequence[Run]) -> str:
    """Return the key of an index: of all that it reads and nothing else; `runs` are those of the area."""
    declaration, digest = workshop.declaration, workshop.scanner.digest
    find = (
        workshop.scanner.find
    )  # an index whose file is not there is refused, and the others go on
    sources, wanted = declared.sources, _widen(declared, workshop, area)
    used = runs if wanted or not area else workshop.all_runs()
    readings = workshop.readings
    inputs: dict[str, Any] = {
        "index": asdict(declared),
        "files": [find(file) for file in declared.files],
        "beside": [[one.id, *map(find, one.files)] for one in list_beside(declared, declaration)],
        "runs": [run.value for run in used],
        "area": wanted,
        "splices": [repr(splice) for splice in declaration.splices],
        "program": workshop.program,
    }
    if "drivers" in sources or declaration.splices:
        inputs["drivers"] = key_drivers(workshop)
        inputs["sole"] = bool(workshop.sole_area)
    if declared.coal_equivalent:
        with suppress(CarbonacctError):  # who takes them says why
            inputs["coefficients"] = workshop.key_method(declared.coal_equivalent)
    if "balance" in sources:
        inputs["tables"] = readings.get(wanted, []) if wanted else readings
    if "activity" in sources:
        inputs["activity"] = [
            [digest(one.file), declaration.choices_of(one.area_id).sources]
            for one in declaration.activities
        ]
    return make_key("index", json.loads(json.dumps(inputs, default=str)))


def _widen(declared: DeclaredIndex, workshop: Workshop, area: str) -> str:
    """Return the area that an index is made of: all (``""``) where it compares areas with each other."""
    digests = tuple(map(workshop.scanner.find, declared.files))
    folder = workshop.declaration.folder
    return "" if _compares_areas(folder, declared.id, digests) else area


@cache
def _compares_areas(folder: Path, name: str, _digests: tuple[str, ...]) -> bool:
    """Return whether a rule of an index needs the numbers of other areas."""
    try:
        rules = _load(folder, name).rules
    except CarbonacctError:  # its record says why
        return False
    return any(rule.kind in _AMONG_OTHERS for rule in rules.values())


def find_made(workshop: Workshop) -> list[IndexStanding]:
    """Return how indices stand as far as a build has made them: of all areas, else of each."""
    held = find_standings(workshop)
    if len(held) < len(workshop.declaration.indices):  # outputs of one area each need no more
        runs = workshop.all_runs()
        areas = sorted({area for run in runs for area, _ in run.places})
        held += [one for area in areas for one in find_standings(workshop, area)]
    return held


def list_refused_indices(standings: Iterable[IndexStanding]) -> list[Finding]:
    """Return a finding for each index that has no rows, with the reason."""
    return list(
        dict.fromkeys(
            Finding(
                INDEX_REFUSED,
                "error",
                say("{index}: {error}", index=one.id, error=one.refused),
                action=say("correct it; the other indices and forms are made"),
            )
            for one in standings
            if one.refused
        )
    )


def list_beside(declared: DeclaredIndex, declaration: Declaration) -> list[DeclaredIndex]:
    """Return the other indices whose inputs stand in the same file."""
    return [
        one
        for one in declaration.indices
        if declared.file
        and (one.file, one.sheet) == (declared.file, declared.sheet)
        and one != declared
    ]


def _load(folder: Path, name: str) -> Index:
    from carbonacct.indices.index_declaration import (  # noqa: PLC0415 - few projects have an index
        load_index,
    )

    if is_own(name):
        check_there(folder, name, "index.id")
    return load_index(folder / name if is_own(name) else name)


def _select(standing: IndexStanding, area: str) -> IndexStanding:
    if standing.frame.empty:
        return standing
    return replace(standing, frame=standing.frame[standing.frame["area"] == area])


def _make_record(
    declared: DeclaredIndex, workshop: Workshop, entries: pd.DataFrame, area: str
) -> dict[str, Any]:
    """Return the rows of an index as the store keeps them, or why there are none."""
    from carbonacct.indices.index_rows import list_rows  # noqa: PLC0415 - as above
    from carbonacct.projects.index_inputs import gather_inputs  # noqa: PLC0415 - as above

    try:
        index = _load(workshop.declaration.folder, declared.id)
        beside = _load_beside(declared, workshop.declaration)
        panel = gather_inputs(declared, index, workshop, entries, area=area, beside=beside)
        frame, findings = list_rows(index, panel)
    except CarbonacctError as error:
        return {"id": declared.name, "refused": describe_text(str(error))}
    told = [one for one in findings if one.rule not in _PASSED]
    columns = frame.astype(object).to_dict("list")
    return {
        "id": index.id,
        "title": describe_text(Both(index.title, index.title_zh)),
        "kind": index.kind,
        "layout": list(index.layout),
        "periods": list(index.periods),
        "leaves": [leaf.id for leaf in index.leaves],
        "names": {one.id: describe_text(Both(one.en, one.zh)) for one in index.indicators},
        "columns": {
            name: [_describe(value) for value in column] for name, column in columns.items()
        },
        "findings": [write_finding(one) for one in [*told, *_count_rows(index, frame)]],
        "refused": "",
    }


def _load_beside(declared: DeclaredIndex, declaration: Declaration) -> list[Index]:
    found: list[Index] = []
    for one in list_beside(declared, declaration):
        with suppress(CarbonacctError):  # its own record says why
            found.append(_load(declaration.folder, one.id))
    return found


def _describe(value: Any) -> Any:
    """Return a cell as JSON holds it; a text keeps its languages."""
    is_nothing = isinstance(value, float) and math.isnan(value)
    return None if is_nothing else describe_text(value)


def _count_rows(index: Index, frame: pd.DataFrame) -> list[Finding]:
    """Return a finding for each area and year in which some indicators have no number."""
    leaves = frame[frame["indicator"].isin([leaf.id for leaf in index.leaves])]
    findings = []
    for (area, year), own in leaves.groupby(["area", "year"], sort=False):
        count = int(own["value"].notna().sum())
        if count < len(own):
            text = say(
                "{index}: {count} of {all} indicators of {area} {year} have a number",
                index=index.id,
                count=count,
                all=len(own),
                area=area,
                year=year,
            )
            action = say("the remark of each row says what to give and which table has it")
            findings.append(Finding("index-lacking", "warning", text, action=action))
    return findings


def _read_record(held: Mapping[str, Any]) -> IndexStanding:
    if held["refused"]:
        name = str(held["id"])
        return IndexStanding(name, Both(name, name), refused=read_text(held["refused"]))
    from carbonacct.indices.index_rows import NUMBERS, ROW  # noqa: PLC0415 - as above

    cells = held["columns"]  # whose names a JSON of the store sorts
    read = {name: [read_text(cell) for cell in cells[name]] for name in ROW}
    frame = pd.DataFrame(read, dtype=object)
    return IndexStanding(
        id=held["id"],
        title=read_text(held["title"]),
        kind=held["kind"],
        frame=frame.astype({"year": int, "level": int, **dict.fromkeys(NUMBERS, float)}),
        names={name: read_text(text) for name, text in held["names"].items()},
        leaves=tuple(held["leaves"]),
        layout=tuple(held["layout"]),
        periods=tuple(held["periods"]),
        findings=tuple(read_finding(one) for one in held["findings"]),
        refused="",
    )
