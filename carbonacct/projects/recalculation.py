"""A project against one of its submissions: the recalculation, by cause.

The rule, in this order. What the program changed is found by making the submission again with the
present one. What then differs between the inputs is of three kinds: tables with their mapping, own
factors, and method with its options. Where one kind changed, all is of it. Where several did, each
gets the mean of what it makes over all orders of changing them (the Shapley value), by inventories
that are compiled with some changed and some not. Changes of tables are told apart further
(:mod:`carbonacct.projects.differences`).
"""

from __future__ import annotations

import math
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.errors import CarbonacctError, Finding, ProjectError
from carbonacct.inventory.manifest import INVENTORY as ENTRIES
from carbonacct.projects.aligning import CONTEXT, align
from carbonacct.projects.build import open_workshop
from carbonacct.projects.differences import CAUSES, Difference, compare_entries
from carbonacct.projects.entry_table import read_entries
from carbonacct.projects.freezing import INPUTS, list_inputs, read_manifest
from carbonacct.projects.grams import share_out
from carbonacct.projects.kept_corrections import read_corrections
from carbonacct.projects.moved_bases import Judging, find_moved_bases
from carbonacct.projects.own_files import list_own_coefficients, list_own_methods
from carbonacct.projects.panel_energy import add_up_energy
from carbonacct.projects.project_declaration import FILE, find_area_files, read_declaration
from carbonacct.projects.project_targets import list_judging
from carbonacct.projects.run_record import list_refused
from carbonacct.projects.scanning import Scanner
from carbonacct.projects.store import Store
from carbonacct.projects.stored import gather_entries
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.runs import Workshop

KINDS = ("data", "factor", "method")
# What a change of own factors or of the method makes is theirs, however it shows in an entry.
_OF_TABLES = tuple(cause for cause in CAUSES if cause not in {"program", "factor", "method"})
_KEYS = [*CONTEXT, "flow", "product"]


@dataclass(frozen=True)
class Recalculation:
    """What changed since a submission.

    Attributes
    ----------
    submission
        Its name.
    difference
        Rows and causes, in whole grams.
    kinds
        Which inputs changed: of ``data, factor, method``.
    ranges
        Where several did: the least and the most that each makes over the orders, in grams.
    """

    submission: str
    difference: Difference
    kinds: tuple[str, ...]
    ranges: pd.DataFrame


def explain_submission(
    workshop: Workshop, submission: Path, *, order: Sequence[str] = ()
) -> Recalculation:
    """Return what changed between a submission and the project as it stands, by cause.

    Parameters
    ----------
    order
        Kinds of inputs in the order in which they are taken to change, of ``data, factor,
        method``; by default the mean over all orders.

    Raises
    ------
    ProjectError
        If the submission cannot be read, or the order names what is no kind.
    """
    if wrong := [kind for kind in order if kind not in KINDS]:
        raise ProjectError(
            say(
                "no kind of input {wrong!r} to order by; known: {kinds}",
                wrong=wrong[0],
                kinds=join_texts(", ", KINDS),
            )
        )
    frozen = read_entries(submission / ENTRIES)
    manifest = read_manifest(submission)
    now, _ = gather_entries(workshop)
    refused = list_refused(workshop.all_runs())
    findings = [Finding("table-refused", "error", reason) for _, reason in refused]
    with _copy_inputs(submission / INPUTS) as before:
        declared = replace(read_declaration(before), name=workshop.declaration.name)
        start = frozen
        if manifest["program"]["digest"] != workshop.program:
            start, found = _replay(declared, workshop.program, frozen)
            findings += found
        before_now = open_workshop(declared, program=workshop.program), workshop
        energy = [_add_up_energy(one) for one in before_now]
        sides = (
            Judging(frozen, declared, energy[0]),
            Judging(now, workshop.declaration, energy[1]),
        )
        findings += find_moved_bases(*sides)
        by_program = compare_entries(frozen, start).table
        kinds = _find_changed(declared, workshop)
        edges = _list_edges(kinds, order)
        same_tables = _same_tables(manifest, workshop, declared)
        other_areas = _find_other_areas(declared, workshop.declaration)
        known = _Known(same_tables, other_areas, _find_refused(manifest, workshop))
        states = _States(declared, workshop, start, now, known)
        try:
            moved = {edge: states.compare(*edge) for edge in edges}
        except CarbonacctError as error:
            moved, action = {}, say("submit after each kind of change to tell them apart")
            findings.append(Finding("not-split", "warning", str(error), action=action))
    parts = [(moved[edge], weight) for edge, weight in edges.items() if moved]
    if not moved:
        parts = [(known.compare(start, now).table, 1.0)]
    rows = _join_rows(frozen, start, now, by_program, moved=parts)
    several = len(kinds) > 1 and not order and moved
    ranges = _find_ranges(kinds, moved) if several else pd.DataFrame()
    return Recalculation(submission.name, Difference(rows, tuple(findings)), kinds, ranges)


def _add_up_energy(workshop: Workshop) -> pd.DataFrame | None:
    """Return the energy that targets may ask for, None where no panel has it."""
    if workshop.declaration.energy_basis is None:
        return None
    return add_up_energy(workshop, [group for group, run in workshop.runs() if run.entries])


@contextmanager
def _copy_inputs(inputs: Path) -> Iterator[Path]:
    """Lend a copy of a submission's inputs: nothing is ever written into a submission."""
    with tempfile.TemporaryDirectory(prefix="carbonacct-") as scratch:
        folder = Path(scratch) / "project"
        shutil.copytree(inputs, folder)
        yield folder


def _replay(
    declared: Declaration, program: str, frozen: pd.DataFrame
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the entries that the present program makes of the submission's inputs."""
    try:
        workshop = open_workshop(declared, program=program)
        entries, _ = gather_entries(workshop)
        reasons = [run.refused for run in workshop.all_runs() if run.refused]
    except CarbonacctError as error:
        reasons = [str(error)]
    if not reasons:
        return entries, []
    what = say(
        "the submission cannot be made again with this program ({reason})", reason=reasons[0]
    )
    action = say("what the program changed is among the other causes")
    return frozen, [Finding("not-replayed", "warning", what, action=action)]


def _find_changed(declared: Declaration, workshop: Workshop) -> tuple[str, ...]:
    """Return the kinds of inputs that are not the same bytes or choices."""
    sides = []
    for one in (declared, workshop.declaration):
        scanner = Scanner(one.folder, Store(one.folder / ".carbonacct"))
        folders = tuple(f"{overlay.folder}/" for overlay in one.overlays)
        files = [path for path in list_inputs(one) if not path.startswith(folders or ("\0",))]
        data = {path: scanner.digest(path) for path in files if path not in _apart(one)}
        sides.append(
            {
                "data": [data, one.tables, one.activities, one.area, one.splices],
                "factor": [
                    [scanner.tree(overlay.folder), overlay.areas, overlay.years]
                    for overlay in one.overlays
                ],
                "method": [
                    one.choices,
                    dict(one.chosen),
                    *map(scanner.digest, list_own_methods(one)),
                ],
            }
        )
    return tuple(kind for kind in KINDS if sides[0][kind] != sides[1][kind])


def _apart(declaration: Declaration) -> set[str]:
    """Return the inputs that no inventory is made of."""
    is_driven = any(splice.surrogate or splice.previous for splice in declaration.splices)
    drivers = () if is_driven else declaration.drivers
    methods = find_area_files(declaration)
    judging = list_judging(declaration)
    own = {*list_own_methods(declaration), *list_own_coefficients(declaration)}
    return {FILE, declaration.accepted, *judging, *drivers, *methods, *own}


def _same_tables(
    manifest: dict[str, Any], workshop: Workshop, declared: Declaration
) -> set[tuple[str, int]]:
    """Return the areas and years whose tables are the same bytes, corrected alike, on both sides."""
    sides = [
        set(read_corrections(one.folder / one.corrections))
        for one in (declared, workshop.declaration)
    ]
    corrected = {one.file for one in sides[0] ^ sides[1]}
    before: dict[tuple[str, int], set[str]] = {}
    after: dict[tuple[str, int], set[str]] = {}
    for run in manifest["runs"]:
        for area, year in run["places"]:
            before.setdefault((area, year), set()).update(run["tables"])
    for made in workshop.all_runs():
        for place in made.places:
            after.setdefault(place, set()).update(file.digest for file in made.files)
    other = {
        place
        for made in workshop.all_runs()
        if corrected & {file.path for file in made.files}
        for place in made.places
    }
    return {place for place, tables in before.items() if after.get(place) == tables} - other


@dataclass(frozen=True)
class _Known:
    """What the inputs say of a comparison: tables of the same bytes, areas listed otherwise, refused tables."""

    same_tables: set[tuple[str, int]]
    other_areas: set[str]
    refused: set[tuple[str, int, bool]]

    def compare(self, before: pd.DataFrame, after: pd.DataFrame) -> Difference:
        """Return what changed, with what the inputs say of it."""
        return compare_entries(
            before,
            after,
            same_tables=self.same_tables,
            other_areas=self.other_areas,
            refused=self.refused,
        )


def _find_refused(manifest: dict[str, Any], workshop: Workshop) -> set[tuple[str, int, bool]]:
    """Return the areas and years of a submission whose files are refused now, of energy tables or of activities."""
    digests = {one["path"]: one["sha256"] for one in manifest["inputs"]}
    found = set[tuple[str, int, bool]]()
    kinds = ((workshop.runs(), True), (workshop.sources_runs(), False))
    for runs, is_energy in kinds:
        files = {file.path for _, run in runs if run.refused for file in run.files}
        refused = {digests[path] for path in files if path in digests}
        for run in manifest["runs"]:
            if refused & set(run["tables"]):
                found |= {(area, year, is_energy) for area, year in run["places"]}
    return found


def _find_other_areas(before: Declaration, after: Declaration) -> set[str]:
    """Return the names of areas that areas.csv does not list as it did."""
    return {area.name for area in {*before.areas} ^ {*after.areas}}


Edge = tuple[frozenset[str], str]


def _list_edges(kinds: Sequence[str], order: Sequence[str]) -> dict[Edge, float]:
    """Return each step of changing one kind after some others, with its weight in the mean."""
    if order:
        own = [*(kind for kind in order if kind in kinds), *(k for k in kinds if k not in order)]
        return {(frozenset(own[:at]), kind): 1.0 for at, kind in enumerate(own)}
    count = len(kinds)
    weights: dict[Edge, float] = {}
    for size in range(count):
        weight = math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
        for changed in combinations(kinds, size):
            rest = [kind for kind in kinds if kind not in changed]
            weights |= {(frozenset(changed), kind): weight for kind in rest}
    return weights


@dataclass
class _States:
    """Inventories of the project with some kinds of its inputs changed and some not."""

    before: Declaration
    workshop: Workshop
    start: pd.DataFrame
    end: pd.DataFrame
    known: _Known

    def __post_init__(self) -> None:
        kinds = _find_changed(self.before, self.workshop)
        self._made = {frozenset[str](): self.start, frozenset(kinds): self.end}
        if not kinds:
            self._made = {frozenset[str](): self.start}

    def compare(self, changed: frozenset[str], kind: str) -> pd.DataFrame:
        """Return what one kind changes after some others; all of it is of that kind."""
        one, other = self._make(changed), self._make(changed | {kind})
        table = self.known.compare(one, other).table
        if kind == "data":
            rest = [cause for cause in CAUSES if cause not in _OF_TABLES]
            moved = table[rest].sum(axis=1)
            return table.assign(**dict.fromkeys(rest, 0), structure=table["structure"] + moved)
        refused = table["refused"]
        of_kind = {kind: table["change"] - refused, "refused": refused}
        return table.assign(**dict.fromkeys(CAUSES, 0)).assign(**of_kind)

    def _make(self, changed: frozenset[str]) -> pd.DataFrame:
        if changed not in self._made:
            self._made[changed] = self._compile(changed)
        return self._made[changed]

    def _compile(self, changed: frozenset[str]) -> pd.DataFrame:
        """Return the entries of the inputs of one side with some kinds of the other."""
        after = self.workshop.declaration
        data, factor, method = (after if kind in changed else self.before for kind in KINDS)
        with tempfile.TemporaryDirectory(prefix="carbonacct-") as scratch:
            folder = Path(scratch)
            folders = tuple(f"{overlay.folder}/" for overlay in data.overlays)
            for path in list_inputs(data):
                if path not in _apart(data) and not path.startswith(folders or ("\0",)):
                    _copy(data.folder / path, folder / path)
            for side, files in ((data, data.drivers), (method, list_own_methods(method))):
                for file in files:
                    _copy(side.folder / file, folder / file)
            overlays = []
            for at, overlay in enumerate(factor.overlays):
                name = f".overlay-{at}/{Path(overlay.folder).name}"
                shutil.copytree(factor.folder / overlay.folder, folder / name)
                overlays.append(replace(overlay, folder=name))
            mixed = replace(
                data,
                folder=folder,
                overlays=tuple(overlays),
                method=method.method,
                sources=method.sources,
                energy=method.energy,
                gases=method.gases,
                chosen=method.chosen,
            )
            workshop = open_workshop(mixed, program=self.workshop.program)
            runs = workshop.all_runs()
            if refused := [run.refused for run in runs if run.refused]:
                raise ProjectError(
                    say("a state between cannot be compiled: {refused}", refused=refused[0])
                )
            return gather_entries(workshop)[0]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _join_rows(
    frozen: pd.DataFrame,
    start: pd.DataFrame,
    now: pd.DataFrame,
    by_program: pd.DataFrame,
    *,
    moved: Sequence[tuple[pd.DataFrame, float]],
) -> pd.DataFrame:
    """Return one row for each pair of entries with its causes, which close to the gram."""
    whole = compare_entries(frozen, now).table
    names = _representatives(start, now) | _representatives(frozen, now)
    nothing: dict[str, Any] = dict.fromkeys(CAUSES, 0)
    parts = [by_program.assign(**{**nothing, "program": by_program["change"]})]
    parts += [
        table.assign(**{cause: table[cause] * weight for cause in CAUSES})
        for table, weight in moved
    ]
    joined = pd.concat([_rename(part, names)[[*_KEYS, *CAUSES]] for part in parts])
    causes = joined.groupby(_KEYS, sort=False, dropna=False)[list(CAUSES)].sum()
    base = whole.set_index(_KEYS)
    causes = causes.reindex(base.index.union(causes.index, sort=False)).fillna(0.0)
    filled = base.reindex(causes.index)
    numbers = ["before", "after", "change"]
    filled[numbers] = filled[numbers].fillna(0).astype("int64")
    change = filled["change"].to_numpy()
    unexplained = change - causes.sum(axis=1).to_numpy(float)
    beyond = np.where(np.abs(unexplained) > len(CAUSES), unexplained, 0.0)  # more than rounding
    causes["undivided"] += beyond
    filled[list(CAUSES)] = share_out(change, causes[list(CAUSES)].to_numpy(float))
    texts = [name for name in filled.columns if name not in {*numbers, *CAUSES}]
    filled[texts] = filled[texts].fillna("")
    return filled.reset_index()[list(whole.columns)]


def _representatives(
    one: pd.DataFrame, other: pd.DataFrame
) -> dict[tuple[object, ...], tuple[str, str]]:
    """Return under which flow and product each entry of both sides is compared."""
    sides = (one, other)
    return {
        tuple(label): pair
        for side, pairs in zip(sides, align(*sides), strict=True)
        for label, pair in zip(side[_KEYS].itertuples(index=False), pairs, strict=True)
    }


def _rename(part: pd.DataFrame, names: dict[tuple[object, ...], tuple[str, str]]) -> pd.DataFrame:
    labels = [tuple(row) for row in part[_KEYS].itertuples(index=False)]
    pairs = [names.get(label, (str(label[-2]), str(label[-1]))) for label in labels]
    return part.assign(
        flow=pd.Series([flow for flow, _ in pairs], index=part.index, dtype=object),
        product=pd.Series([product for _, product in pairs], index=part.index, dtype=object),
    )


def _find_ranges(kinds: Sequence[str], moved: dict[Edge, pd.DataFrame]) -> pd.DataFrame:
    """Return the least and the most that each kind makes over the orders of changing them."""
    rows = []
    for order in permutations(kinds):
        steps = [frozenset(order[:at]) for at in range(len(order))]
        rows += [
            {"kind": kind, "change": int(moved[changed, kind]["change"].sum())}
            for changed, kind in zip(steps, order, strict=True)
        ]
    sums = pd.DataFrame(rows).groupby("kind", sort=False)["change"]
    return pd.DataFrame({"least": sums.min(), "most": sums.max()}).reset_index()
