"""What the results of a project are made from: program, files, methods, years, refusals."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from carbonacct.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.run_record import Run


def describe_making_of_tables() -> dict[str, Any]:
    """Return the provenance of a table; its inputs stand in the manifest beside it."""
    return {"program": f"carbonacct {__version__}", "command": "carbonacct build", "inputs": []}


def describe_project(declaration: Declaration, program: str, runs: Sequence[Run]) -> dict[str, Any]:
    """Return what a project's results are made from: program, files, methods, years, refusals."""
    places = sorted({place for run in runs for place in run.places})
    return {
        "schema": 1,
        "program": {"version": __version__, "digest": program},
        "project": {
            "name": declaration.name,
            "lang": declaration.lang,
            "metric": declaration.metric,
        },
        "method": declaration.method,
        "energy": dict(declaration.energy),
        "gases": list(declaration.gases),
        "areas": {
            area_id: {"method": one.method, "energy": dict(one.energy), "gases": list(one.gases)}
            for area_id, one in sorted(declaration.chosen.items())
        },
        "years": [{"area": area, "year": year, "status": "printed"} for area, year in places],
        "inputs": [
            {"path": one.path, "sha256": one.digest}
            for one in sorted({file for run in runs for file in run.files}, key=lambda f: f.path)
        ],
        "made_from": [
            asdict(one) for one in dict.fromkeys(one for run in runs for one in run.made_from)
        ],
        "runs": [
            {
                "key": run.key,
                "value": run.value,
                "places": [list(place) for place in run.places],
                "tables": sorted(file.digest for file in run.files),
            }
            for run in runs
            if not run.refused
        ],
        "refused": [{"key": run.key, "reason": run.refused} for run in runs if run.refused],
    }
