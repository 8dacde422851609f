"""Every declared output of a project, its key, and whether what lies there is current.

An output's key is the hash of all that it shows: the values of runs, language, metric, drivers,
targets, and the program. One that somebody changed by hand is told by its bytes.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from carbonacct.data import read_regular
from carbonacct.errors import CarbonacctError, ProjectError
from carbonacct.projects.beside import list_valid
from carbonacct.projects.driver_bases import key_drivers
from carbonacct.projects.output_kinds import find_kind
from carbonacct.projects.panel_tables import ASSESSMENT, FORMS, INDICES, SCENARIOS
from carbonacct.projects.project_declaration import FILE
from carbonacct.projects.project_indices import key_index
from carbonacct.projects.project_targets import list_judging
from carbonacct.projects.stated_in_project import list_stated
from carbonacct.projects.store import digest_of, make_key
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.projects.output_kinds import OutputKind
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.run_record import Run
    from carbonacct.projects.runs import Workshop

_STATE = 10  # columns of the word for how an output stands
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Output:
    """A declared output and how it stands.

    Attributes
    ----------
    name, path
        As declared; the path relative to the project.
    area
        The area it is of, ``""`` for all.
    state
        ``current``, ``stale``, ``missing`` or ``edited``; after a build ``made``, ``restored`` or
        ``failed`` as well.
    message
        Why it failed, or was left.
    """

    name: str
    path: str
    area: str
    key: str
    state: str
    message: str = ""

    @property
    def line(self) -> str:
        """How it stands, for people."""
        gap = " " * (_STATE - len(self.state))
        return say("{state}{gap}{path}", state=self.state, gap=gap, path=self.path)


def plan_outputs(workshop: Workshop) -> list[Output]:
    """Return every declared output, and whether it is current.

    An output for each area has ``{area}`` in its path.
    """
    declaration, runs = workshop.declaration, workshop.all_runs()
    written, shared = _list_written(workshop), _share_inputs(workshop)
    by_area: dict[str, list[Run]] = {}
    for run in runs:
        for area in dict.fromkeys(area for area, _ in run.places):
            by_area.setdefault(area, []).append(run)
    outputs = []
    for name, pattern in sorted(declaration.outputs.items()):
        for area in sorted(by_area) if "{area}" in pattern else [""]:
            own = by_area[area] if area else runs
            # By id, where areas have one: a name may be long, and spelt in several ways.
            listed = declaration.find_area(area)
            path = pattern.format(area=listed.id if listed else area)
            output = Output(
                name, path, area, _key(workshop, shared | {"area": area}, name, own), ""
            )
            outputs.append(replace(output, state=_state(workshop, output, written, own)))
    paths = [output.path for output in outputs]
    if twice := [path for path in paths if paths.count(path) > 1]:
        raise ProjectError(
            say("{file}: two outputs are {twice}; name each file once", file=FILE, twice=twice[0])
        )
    return outputs


def _share_inputs(workshop: Workshop) -> dict[str, Any]:
    """Return what every output depends on, of many areas once."""
    declaration = workshop.declaration
    return {
        "lang": declaration.lang,
        "metric": declaration.metric,
        "years": list(declaration.years),
        "splices": [repr(splice) for splice in declaration.splices],
        "areas": digest_of(repr(declaration.areas).encode()),
        "program": workshop.program,
    }


def _key(workshop: Workshop, shared: dict[str, Any], name: str, runs: Sequence[Run]) -> str:
    """Return the key of an output; `shared` is what those beside it depend on, and its area."""
    declaration = workshop.declaration
    kind = find_kind(declaration, name)
    inputs: dict[str, Any] = shared | {"output": name, "suffix": kind.suffix}
    if kind.has_indices or name in {INDICES, FORMS}:
        area = shared["area"]
        inputs["indices"] = [key_index(one, workshop, area, runs) for one in declaration.indices]
    if name in {INDICES, FORMS}:  # their key holds all that they read
        return make_key("output", inputs)
    inputs["runs"] = [run.value for run in runs]
    inputs |= _share_bases(workshop)
    if any(splice.level == "activity" for splice in declaration.splices):
        # A year without a table has factors that no run used.
        inputs["factors"] = [run.key for run in runs]
        inputs["overlays"] = [workshop.scanner.tree(one.folder) for one in declaration.overlays]
    driven = declaration.splices or kind.has_targets or kind.has_drivers  # a surrogate is a driver
    if kind.is_table or driven:
        inputs["drivers"] = key_drivers(workshop)
        inputs["sole"] = bool(workshop.sole_area)
    if kind.has_balances:
        inputs["accepted"] = [asdict(one) for one in list_valid(declaration)]
    inputs |= _share_stated(declaration, kind, shared["area"])
    if kind.has_intervals:
        inputs |= _share_uncertainty(workshop, runs)
    if kind.has_making:
        inputs["made_from"] = [repr(run.made_from) for run in runs]
    if kind.is_table or kind.has_targets:
        inputs |= _share_results(workshop, name, runs, shared["area"])
    return make_key("output", json.loads(json.dumps(inputs, default=str)))


def _share_bases(workshop: Workshop) -> dict[str, Any]:
    """Return what findings on drivers depend on: missing files, prices, definitions of energy in a file."""
    declaration, find = workshop.declaration, workshop.scanner.find
    lost = [one.file for one in declaration.bases if not find(one.file)]
    inputs: dict[str, Any] = {"lost": lost} if lost else {}
    if not any(one.prices or one.tce for one in declaration.bases):
        return inputs
    return inputs | {
        "bases": [[asdict(one), find(one.file)] for one in declaration.bases],
        "asked": [
            [dict(target) for target in declaration.targets],
            declaration.targets_file and find(declaration.targets_file),
            list(declaration.compare_targets),
        ],
    }


def _share_results(workshop: Workshop, name: str, runs: Sequence[Run], area: str) -> dict[str, Any]:
    """Return what tables of results and verdicts on targets depend on."""
    declaration = workshop.declaration
    inputs: dict[str, Any] = {"targets": [dict(target) for target in declaration.targets]}
    inputs["compared"] = list(declaration.compare_targets)
    if name == ASSESSMENT:  # it names the files
        inputs["files"] = sorted({file.path for run in runs for file in run.files})
    inputs["shares"] = [dict(one) for one in declaration.shares]
    if declaration.energy_basis is not None:
        readings = workshop.readings
        own = readings.get(area, []) if area else readings
        inputs["energy"] = [asdict(declaration.energy_basis), own]
        with suppress(CarbonacctError):  # who takes them says why
            inputs["energy"].append(workshop.key_method(declaration.energy_basis.coefficients))
    find = workshop.scanner.find  # who reads a file that is not there says so; the others go on
    assumed = declaration.scenario.get("file", "")
    judging = [file for file in list_judging(declaration) if file != assumed]
    if name in SCENARIOS:
        inputs["scenario"] = [
            dict(declaration.scenario),
            assumed and find(assumed),
        ]
    inputs["judging"] = {file: find(file) for file in judging}
    if declaration.uncertainty is not None:
        inputs |= _share_uncertainty(workshop, runs)
    inputs["analysis"] = {key: list(words) for key, words in declaration.analysis.items()}
    return inputs


def _share_stated(declaration: Declaration, kind: OutputKind, area: str) -> dict[str, Any]:
    """Return what is stated in words of an area, as far as an output shows it."""
    stated, notes = list_stated(declaration, area)
    has_keys = kind.has_balances and not kind.is_brief
    return {
        "notation": [asdict(one) for one in stated] if has_keys else [],
        "notes": [asdict(one) for one in notes] if kind.has_notes else [],
    }


def _share_uncertainty(workshop: Workshop, runs: Sequence[Run]) -> dict[str, Any]:
    """Return what draws depend on: factors have errors beside their values."""
    options = dict(workshop.declaration.uncertainty or {})
    file = options.get("activity")
    return {
        "uncertainty": options,
        "own errors": file and workshop.scanner.find(file),
        "inventories": [run.key for run in runs],
    }


def _state(workshop: Workshop, output: Output, written: set[str], runs: Sequence[Run]) -> str:
    """Return how an output stands; bytes that no build is known to have made are a person's."""
    place = workshop.declaration.folder / output.path
    wanted = workshop.store.find(output.key)
    if not place.exists():
        return "missing"
    digest = workshop.scanner.digest(output.path)
    if digest == wanted and all(run.is_made for run in runs):
        return "current"
    return "stale" if digest in written or workshop.store.has(digest) else "edited"


def _list_written(workshop: Workshop) -> set[str]:
    """Return the digests of outputs that the manifest names: it outlives the store."""
    declaration = workshop.declaration
    written = set[str]()
    for place in {(declaration.folder / path).parent for path in declaration.outputs.values()}:
        try:
            held = json.loads(read_regular(place / MANIFEST))
        except (OSError, ValueError):
            continue
        written |= {str(output.get("bytes", "")) for output in held.get("outputs", ())}
    return written
