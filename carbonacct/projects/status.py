"""How a project stands, from its files and its store, without reading a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from carbonacct.errors import ProjectError, name_some
from carbonacct.projects.acceptance import judge_findings, read_accepted
from carbonacct.projects.beside import judge_runs
from carbonacct.projects.build import list_told
from carbonacct.projects.freezing import find_submission, read_manifest
from carbonacct.projects.output_plan import plan_outputs
from carbonacct.projects.overall_findings import find_missing, find_overall
from carbonacct.projects.project_declaration import FILE
from carbonacct.projects.project_indices import find_made
from carbonacct.projects.run_record import list_refused
from carbonacct.projects.stated_in_project import check_stated
from carbonacct.projects.stored import gather_entries, to_inventory
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from carbonacct.projects.acceptance import Judged
    from carbonacct.projects.project_declaration import Choices, Declaration
    from carbonacct.projects.project_indices import IndexStanding
    from carbonacct.projects.run_record import Run
    from carbonacct.projects.runs import Workshop

_SHOWN = 20
_NAMED = 5
NOT_BUILT = "not_built"


@dataclass(frozen=True)
class StatusRow:
    """One thing that a project has, or that is chosen for it.

    Attributes
    ----------
    what
        ``project``, ``years``, ``table``, ``output``, ``index``, ``submission``, ``finding``,
        ``accepted`` or ``choice``.
    name, state, count
        Its name, how it stands, and how many there are of it.
    text
        The line that says it.
    """

    what: str
    name: str
    text: str
    state: str = ""
    count: int = 1


def list_status(workshop: Workshop) -> list[StatusRow]:
    """Return how years, tables, outputs and findings of a project stand.

    What the store does not have was not built since it changed; it is said and not made.
    """
    declaration, runs = workshop.declaration, workshop.all_runs()
    head = say(
        "{name}: {method}, {folder}",
        name=declaration.name,
        method=declaration.method,
        folder=declaration.folder,
    )
    rows = [StatusRow("project", declaration.name, head), *_list_years(workshop, runs)]
    for run in runs:
        paths = join_texts(", ", (one.path for one in run.files))
        if not run.is_made:
            text = say("not built: {paths}", paths=paths)
            rows.append(StatusRow("table", paths, text, NOT_BUILT))
    for run, reason in list_refused(runs):
        paths = join_texts(", ", (one.path for one in run.files))
        rows.append(StatusRow("table", paths, say("refused: {refused}", refused=reason), "refused"))
    rows += [StatusRow("output", one.path, one.line, one.state) for one in plan_outputs(workshop)]
    rows += _describe_indices(workshop)
    rows += _check_statements(workshop, runs)
    rows.append(_describe_submission(workshop, runs))
    accepted = read_accepted(declaration.folder / declaration.accepted)
    counts = Counter[tuple[str, str]]()
    for run in runs:
        for severity, rule, count in run.counts:
            counts[severity, rule] += count
    judged = judge_findings(runs if accepted else (), accepted, datetime.now(UTC).date())
    counts -= Counter((one.severity, one.rule) for _, one in judged.accepted)
    for (severity, rule), count in sorted(counts.items()):
        if severity != "info":
            text = say("{severity}: {rule} ({count})", severity=severity, rule=rule, count=count)
            rows.append(StatusRow("finding", rule, text, severity, count))
    if judged.accepted:
        count = len(judged.accepted)
        text = say("accepted: {accepted_count}", accepted_count=count)
        rows.append(StatusRow("accepted", "", text, count=count))
    workshop.scanner.save()
    return rows


def say_status(rows: Iterable[StatusRow]) -> list[str]:
    """Return the lines that say how a project stands; of many tables not built the first."""
    lines, new = [], 0
    for is_new, same in groupby(rows, lambda row: row.state == NOT_BUILT):
        texts = [row.text for row in same]
        new = len(texts) - _SHOWN if is_new else 0
        lines += texts[:_SHOWN] if is_new else texts
        lines += [say("and {count} more", count=new)] if new > 0 else []
    return lines


def list_choices(declaration: Declaration) -> list[StatusRow]:
    """Return what is chosen for the project and for each area that chooses otherwise, and where."""
    rows = _list_choices("", declaration.name, declaration.choices)
    for area in declaration.areas:
        if area.id in declaration.faults:
            fault = declaration.faults[area.id]
            text = say("{id} {name}: {fault}", id=area.id, name=area.name, fault=fault)
            rows.append(StatusRow("choice", area.id, text, "refused"))
        elif area.id in declaration.chosen:
            heading = f"{area.id} {area.name}"
            rows += _list_choices(f"{area.id} ", heading, declaration.chosen[area.id])
    return rows


def _list_choices(prefix: str, heading: str, choices: Choices) -> list[StatusRow]:
    chosen = {
        "methods.energy": choices.method,
        "methods.sources": choices.sources,
        **{f"energy.{key}": value for key, value in choices.energy.items()},
        "project.gases": join_texts(", ", choices.gases),
    }
    lines = {
        key: f"  {key} = {value}  [{choices.origins.get(key, FILE)}]"
        for key, value in chosen.items()
    }
    return [
        StatusRow("project", heading, f"{heading}:"),
        *(
            StatusRow("choice", f"{prefix}{key}", lines[key], str(value))
            for key, value in chosen.items()
        ),
    ]


def judge_project(workshop: Workshop) -> Judged:
    """Return the findings of a project, of its tables and of it as a whole, open and accepted."""
    entries, filled = gather_entries(workshop)
    runs = workshop.all_runs()
    whole = to_inventory(entries, runs, ())
    check_stated(workshop.declaration, whole, is_complete=not list_refused(runs))
    overall = [*filled, *find_overall(workshop, entries)]
    told = list_told(workshop, plan_outputs(workshop))
    judged = judge_runs(workshop, list(dict.fromkeys([*overall, *told])))
    workshop.scanner.save()
    return judged


def _describe_submission(workshop: Workshop, runs: Sequence[Run]) -> StatusRow:
    """Return the last submission, and which tables are not those of it."""
    try:
        submission = find_submission(workshop.declaration.folder, None)
    except ProjectError:
        return StatusRow("submission", "", say("no submission"), count=0)
    frozen = {one["path"]: one["sha256"] for one in read_manifest(submission)["inputs"]}
    now = {one.path: one.digest for run in runs for one in run.files}
    changed = sorted(path for path in frozen.keys() & now.keys() if frozen[path] != now[path])
    new, gone = sorted(now.keys() - frozen.keys()), sorted(frozen.keys() - now.keys())
    parts = [
        text
        for paths, text in (
            (changed, say("changed: {paths}", paths=name_some(changed, _NAMED))),
            (new, say("new: {paths}", paths=name_some(new, _NAMED))),
            (gone, say("gone: {paths}", paths=name_some(gone, _NAMED))),
        )
        if paths
    ]
    text = say(
        "submission {name}: {parts}",
        name=submission.name,
        parts=join_texts("; ", parts) or say("its tables are these"),
    )
    state = "changed" if parts else "current"
    return StatusRow("submission", submission.name, text, state)


def _check_statements(workshop: Workshop, runs: Sequence[Run]) -> list[StatusRow]:
    """Return why a build would stop at what is stated in words, as far as tables are built."""
    declaration = workshop.declaration
    if not (declaration.stated or declaration.notes):
        return []
    entries, _ = gather_entries(workshop)
    if entries.empty:
        return []
    is_complete = not list_refused(runs) and all(run.is_made for run in runs)
    try:
        check_stated(declaration, to_inventory(entries, runs, ()), is_complete=is_complete)
    except ProjectError as error:
        return [StatusRow("finding", "notation", str(error), "error")]
    return []


def _describe_indices(workshop: Workshop) -> list[StatusRow]:
    """Return how each index and form stands in its last year, as far as a build has made it."""
    declared = workshop.declaration.indices
    if not declared:
        return []
    rows, known = list[StatusRow](), set[str]()
    for standing in find_made(workshop):
        known.add(standing.id)
        if standing.refused:
            text = say("{index}: {error}", index=standing.id, error=standing.refused)
            rows.append(StatusRow("index", standing.id, text, "refused"))
        for area, own in standing.frame.groupby("area", sort=False) if not standing.refused else ():
            rows.append(_describe_index(standing, str(area), own))
    rows += [
        StatusRow("index", one.id, say("not built: {paths}", paths=one.id), NOT_BUILT)
        for one in declared
        if one.name not in known
    ]
    return list(dict.fromkeys(rows))


def _describe_index(standing: IndexStanding, area: str, own: pd.DataFrame) -> StatusRow:
    """Return the score of an area in its last year, and how many indicators have a number."""
    last = own[own["year"] == own["year"].max()]
    leaves = last[last["indicator"].isin(standing.leaves)]
    count, year = int(leaves["value"].notna().sum()), int(last["year"].iloc[0])
    total = last.loc[last["indicator"] == standing.id, "score"]
    score = f"{total.iloc[0]:.4g}" if len(total) and total.notna().all() else ""
    words = {"index": standing.id, "area": area, "year": year, "count": count, "all": len(leaves)}
    text = (
        say("{index}: {area} {year} scores {score}, {count} of {all} numbers", score=score, **words)
        if score
        else say("{index}: {area} {year} has {count} of {all} numbers", **words)
    )
    return StatusRow("index", standing.id, text, score or "incomplete", count)


def _list_years(workshop: Workshop, runs: Sequence[Run]) -> list[StatusRow]:
    years_of: dict[str, set[int]] = {}
    for run in runs:
        for area, year in run.places:
            years_of.setdefault(area, set()).add(year)
    rows = []
    for area, held in sorted(years_of.items()):
        years = sorted(held)
        text = say(
            "{area}: {year_count} years, {first_year} to {last_year}",
            area=area,
            year_count=len(years),
            first_year=years[0],
            last_year=years[-1],
        )
        rows.append(StatusRow("years", area, text, f"{years[0]}-{years[-1]}", len(years)))
    entries, _ = gather_entries(workshop)
    missing = find_missing(workshop, entries)
    return [*rows, *(StatusRow("finding", one.rule, str(one), one.severity) for one in missing)]
