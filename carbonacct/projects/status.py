"""How a project stands, from its files and its store, without reading a table."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from carbonacct.errors import ProjectError, name_some
from carbonacct.projects.acceptance import judge_findings, read_accepted
from carbonacct.projects.beside import judge_runs
from carbonacct.projects.build import find_missing, find_overall, plan_outputs
from carbonacct.projects.freezing import find_submission, read_manifest
from carbonacct.projects.project_declaration import FILE
from carbonacct.projects.stored import gather_entries
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.projects.acceptance import Judged
    from carbonacct.projects.project_declaration import Choices, Declaration
    from carbonacct.projects.runs import Run, Workshop

_SHOWN = 20
_NAMED = 5


def list_status(workshop: Workshop) -> list[str]:
    """Return lines on years, tables, outputs and findings of a project.

    What the store does not have was not built since it changed; it is said and not made.
    """
    declaration, runs = workshop.declaration, workshop.all_runs()
    lines: list[str] = [
        say(
            "{name}: {method}, {folder}",
            name=declaration.name,
            method=declaration.method,
            folder=declaration.folder,
        )
    ]
    lines += _say_years(workshop, runs)
    new = [run for run in runs if not run.is_made]
    lines += [
        say("not built: {paths}", paths=join_texts(", ", (one.path for one in run.files)))
        for run in new[:_SHOWN]
    ]
    lines += [say("and {count} more", count=len(new) - _SHOWN)] if len(new) > _SHOWN else []
    lines += [say("refused: {refused}", refused=run.refused) for run in runs if run.refused]
    outputs = plan_outputs(workshop)
    lines += [output.line for output in outputs]
    lines += _say_submission(workshop, runs)
    accepted = read_accepted(declaration.folder / declaration.accepted)
    counts = Counter[tuple[str, str]]()
    for run in runs:
        for severity, rule, count in run.counts:
            counts[severity, rule] += count
    judged = judge_findings(runs if accepted else (), accepted, datetime.now(UTC).date())
    counts -= Counter((one.severity, one.rule) for _, one in judged.accepted)
    lines += [
        say("{severity}: {rule} ({count})", severity=severity, rule=rule, count=count)
        for (severity, rule), count in sorted(counts.items())
        if severity != "info"
    ]
    lines += (
        [say("accepted: {accepted_count}", accepted_count=len(judged.accepted))]
        if judged.accepted
        else []
    )
    workshop.scanner.save()
    return lines


def list_choices(declaration: Declaration) -> list[str]:
    """Return what is chosen for the project and for each area that chooses otherwise, and where."""
    lines = [f"{declaration.name}:", *_say_choices(declaration.choices)]
    for area in declaration.areas:
        if area.id in declaration.faults:
            lines.append(
                say(
                    "{id} {name}: {fault}",
                    id=area.id,
                    name=area.name,
                    fault=declaration.faults[area.id],
                )
            )
        elif area.id in declaration.chosen:
            lines += [f"{area.id} {area.name}:", *_say_choices(declaration.chosen[area.id])]
    return lines


def _say_choices(choices: Choices) -> list[str]:
    chosen = {
        "methods.energy": choices.method,
        "methods.sources": choices.sources,
        **{f"energy.{key}": value for key, value in choices.energy.items()},
        "project.gases": join_texts(", ", choices.gases),
    }
    return [
        f"  {key} = {value}  [{choices.origins.get(key, FILE)}]" for key, value in chosen.items()
    ]


def judge_project(workshop: Workshop) -> Judged:
    """Return the findings of a project, of its tables and of it as a whole, open and accepted."""
    entries, filled = gather_entries(workshop)
    judged = judge_runs(workshop, [*filled, *find_overall(workshop, entries)])
    workshop.scanner.save()
    return judged


def _say_submission(workshop: Workshop, runs: Sequence[Run]) -> list[str]:
    """Return the last submission, and which tables are not those of it."""
    try:
        submission = find_submission(workshop.declaration.folder, None)
    except ProjectError:
        return [say("no submission")]
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
    return [
        say(
            "submission {name}: {parts}",
            name=submission.name,
            parts=join_texts("; ", parts) or say("its tables are these"),
        )
    ]


def _say_years(workshop: Workshop, runs: Sequence[Run]) -> list[str]:
    years_of: dict[str, set[int]] = {}
    for run in runs:
        for area, year in run.places:
            years_of.setdefault(area, set()).add(year)
    lines = []
    for area, held in sorted(years_of.items()):
        years = sorted(held)
        lines.append(
            say(
                "{area}: {year_count} years, {first_year} to {last_year}",
                area=area,
                year_count=len(years),
                first_year=years[0],
                last_year=years[-1],
            )
        )
    entries, _ = gather_entries(workshop)
    return [*lines, *(str(finding) for finding in find_missing(workshop, entries))]
