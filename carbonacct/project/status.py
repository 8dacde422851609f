"""How a project stands, from its files and its store, without reading a table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from carbonacct.project.build import find_missing, plan_outputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.project.runs import Run, Workshop

_SHOWN = 20


def list_status(workshop: Workshop) -> list[str]:
    """Return lines on years, tables, outputs and findings of a project.

    What the store does not have was not built since it changed; it is said and not made.
    """
    declaration, runs = workshop.declaration, workshop.all_runs()
    lines = [f"{declaration.name}: {declaration.method}, {declaration.folder}"]
    lines += _say_years(workshop, runs)
    new = [run for run in runs if not run.is_made]
    lines += [f"not built: {', '.join(one.path for one in run.files)}" for run in new[:_SHOWN]]
    lines += [f"and {len(new) - _SHOWN} more"] if len(new) > _SHOWN else []
    lines += [f"refused: {run.refused}" for run in runs if run.refused]
    outputs = plan_outputs(workshop)
    lines += [f"{output.state:<9} {output.path}" for output in outputs]
    counts = Counter((one.severity, one.rule) for run in runs for one in run.findings)
    lines += [
        f"{severity}: {rule} ({count})"
        for (severity, rule), count in sorted(counts.items())
        if severity != "info"
    ]
    workshop.scanner.save()
    return lines


def _say_years(workshop: Workshop, runs: Sequence[Run]) -> list[str]:
    places = {place for run in runs for place in run.places}
    lines = []
    for area in sorted({area for area, _ in places}):
        years = sorted(year for one, year in places if one == area)
        lines.append(f"{area}: {len(years)} years, {years[0]} to {years[-1]}")
    return [*lines, *(str(finding) for finding in find_missing(workshop))]
