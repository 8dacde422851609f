"""Every declared output of a project: only what is stale is made, and a bad file stops nothing.

The bytes of an output are an object of the store under its key, so an output that is lost comes back
without being made again. One that somebody changed by hand is never written over unasked.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.data import read_regular
from carbonacct.errors import CarbonacctError, Finding, ProjectError, read_finding
from carbonacct.inventory.plain_findings import write_finding
from carbonacct.projects.beside import KnownBeside, find_beside
from carbonacct.projects.declaration_keys import check_there
from carbonacct.projects.kept_answers import keeping_answers, save_answers
from carbonacct.projects.output_kinds import find_kind
from carbonacct.projects.output_manifest import describe_making_of_tables, describe_project
from carbonacct.projects.output_plan import MANIFEST, Output, plan_outputs
from carbonacct.projects.overall_findings import find_overall
from carbonacct.projects.panel_energy import add_up_energy
from carbonacct.projects.panel_tables import (
    TARGETS,
    Material,
    make_table,
)
from carbonacct.projects.project_indices import (
    INDEX_REFUSED,
    find_made,
    find_standings,
    list_refused_indices,
)
from carbonacct.projects.run_record import list_refused
from carbonacct.projects.scanning import digest_program
from carbonacct.projects.shared_jobs import do_meanwhile, do_side_by_side
from carbonacct.projects.stated_in_project import check_stated
from carbonacct.projects.store import digest_of, make_key, write_canonical, write_together
from carbonacct.projects.stored import gather_entries, take_prints, to_inventory
from carbonacct.sectors.energy.energy_entries import energy_of
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.driver_bases import DriverBasis
    from carbonacct.projects.output_kinds import OutputKind
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.project_indices import IndexStanding
    from carbonacct.projects.run_record import Run
    from carbonacct.projects.runs import Workshop
    from carbonacct.projects.table_group import TableGroup
    from carbonacct.sectors.energy import EnergyInventory


@dataclass(frozen=True)
class OutputRequest:
    """What an output of an inventory is to show."""

    inventory: Inventory
    energy: Sequence[EnergyInventory]
    is_energy_alone: bool
    lang: str
    metric: str | None
    beside: KnownBeside = field(default_factory=KnownBeside)
    assessment: Any = None  # what `Renderers.assess` made, if the project asks for it
    folder: Path = Path()
    drivers: Sequence[DriverBasis] = ()  # may hold population and GDP, if the output shows them
    sole_area: str = ""  # of rows of theirs that name none


@dataclass(frozen=True)
class Renderers:
    """Writers of files, handed in by the program that has them: they stand above this room.

    Attributes
    ----------
    inventory
        Writes an inventory to a path, the kind by its suffix.
    table
        Writes a table of a project to a path, in the language of the project.
    assess
        Returns what is known of the uncertainty of a request's inventory, by the options of
        :func:`carbonacct.model_inventory`, ``seed`` and ``draws``.
    begin_page
        Makes the pieces of one compiled table that a page of so many tables shows, with a metric.
    """

    inventory: Callable[[OutputRequest, Path], None]
    table: Callable[[Analysis, Path, str], None]
    assess: Callable[[OutputRequest, Mapping[str, Any]], Any]
    begin_page: Callable[[EnergyInventory, int, str | None], None]


@dataclass(frozen=True)
class Built:
    """What a build did.

    Attributes
    ----------
    outputs, runs
        With what became of each.
    findings
        Of tables and of the project as a whole.
    told
        What the making of tables of results noticed, such as what equal cuts of the parts make of the
        whole: a .csv has no place for it.
    """

    outputs: tuple[Output, ...]
    runs: tuple[Run, ...]
    findings: tuple[Finding, ...]
    told: tuple[Finding, ...] = ()

    @property
    def refused(self) -> list[Run]:
        """Return the runs that gave no inventory."""
        return [run for run in self.runs if run.refused]

    @property
    def has_failed(self) -> bool:
        """Whether an output, a table or an index could not be made; the others are."""
        failed = any(one.state == "failed" for one in self.outputs)
        return failed or bool(self.refused) or bool(self.refused_indices)

    @property
    def refused_indices(self) -> list[str]:
        """Return why indices and forms have no rows."""
        return [one.message for one in self.told if one.rule == INDEX_REFUSED]

    @property
    def reasons(self) -> list[str]:
        """Return why runs gave no inventory, each reason once."""
        return list(dict.fromkeys(reason for _, reason in list_refused(self.runs)))


def build(
    workshop: Workshop,
    renderers: Renderers,
    *,
    overwrite: bool = False,
    alone: bool = False,
) -> Built:
    """Make every output of a project that is not current.

    Parameters
    ----------
    workshop
        The project, and its store.
    renderers
        Writers of inventories and tables.
    overwrite
        Also write over outputs that were changed by hand.
    alone
        For a program that does nothing else, as the command line: outputs are made on two cores, by
        a fork of the process where that is safe, and answers that follow from the program alone are
        kept in the store. The bytes are the same.

    Returns
    -------
    Built
        Outputs with what became of each, runs with the reason of each that was refused, findings.

    Raises
    ------
    ProjectError
        If the project declares what cannot be, or the store cannot be written.
    """
    keeping = keeping_answers(workshop.store, workshop.program) if alone else nullcontext()
    with keeping:
        return _build(workshop, renderers, overwrite=overwrite, alone=alone)


def _build(workshop: Workshop, renderers: Renderers, *, overwrite: bool, alone: bool) -> Built:
    runs = workshop.all_runs()
    if not any(run.entries for run in runs):
        refused = dict.fromkeys(reason for _, reason in list_refused(runs))
        reasons = join_texts("; ", refused) or say("it has no tables")
        raise ProjectError(say("nothing of the project can be used: {reasons}", reasons=reasons))
    entries, filled = gather_entries(workshop)
    findings = [*filled, *find_overall(workshop, entries)]
    whole = to_inventory(entries, runs, findings)
    check_stated(workshop.declaration, whole, is_complete=not list_refused(runs))
    printed = to_inventory(take_prints(entries), runs, findings)
    beside = find_beside(workshop, entries, findings)
    shop = _Shop(workshop, renderers, entries, whole, printed, beside)
    planned = plan_outputs(workshop)
    if alone:
        shop.make_ahead(planned)
    made = [shop.make(output, overwrite=overwrite) for output in planned]
    write_together(shop.files)
    write_together(_make_manifest(workshop, runs, made))  # names what lies there
    workshop.scanner.save()
    workshop.store.sweep()
    told = [one for one in list_told(workshop, made) if one not in findings]
    return Built(tuple(made), tuple(runs), whole.findings, tuple(told))


def list_told(workshop: Workshop, outputs: Iterable[Output]) -> list[Finding]:
    """Return what the making of tables of results noticed, as far as they were made, and which indices are refused.

    Each once.
    """
    store = workshop.store
    keys = (store.find(_key_told(output.key)) for output in outputs)
    held = (json.loads(store.read(digest)) for digest in keys if digest is not None)
    noticed = [read_finding(one) for told in held for one in told]
    refused = list_refused_indices(find_made(workshop)) if workshop.declaration.indices else []
    return list(dict.fromkeys([*noticed, *refused]))


def _key_told(output: str) -> str:
    return make_key("told", {"output": output})


@dataclass
class _Shop:
    """What a build has at hand; live inventories are compiled when the first output asks."""

    workshop: Workshop
    renderers: Renderers
    entries: pd.DataFrame  # of printed and filled years
    whole: Inventory
    printed: Inventory
    beside: KnownBeside
    material: dict[str, Material] = field(default_factory=dict)
    assessed: dict[str, Any] = field(default_factory=dict)  # by area
    # What is to be written: by place, what gives the bytes.
    files: dict[Path, Callable[[], bytes]] = field(default_factory=dict)
    ahead: frozenset[str] = frozenset()  # keys of outputs that this build may have made already

    @cached_property
    def groups_of(self) -> dict[str, list[TableGroup]]:
        """The tables that are of one area alone, by area."""
        found: dict[str, list[TableGroup]] = {}
        for group, run in self.workshop.runs():
            areas = {area for area, _ in group.places}
            if run.entries and len(areas) == 1:
                found.setdefault(areas.pop(), []).append(group)
        return found

    def make_ahead(self, outputs: Sequence[Output]) -> None:
        """Bring what outputs lack into the store, on two cores; what cannot be made stays for `make`, which says why.

        What several reports need in memory is made once before them: compiled tables, verdicts,
        draws. What shows none of these is made meanwhile. An output of one area among many shares
        nothing with those of others, and its area is a job as a whole. Pieces of the tables that
        changed are made first: a page that finds them in the store is no longer than a workbook.
        """
        find = self.workshop.store.find
        lacking = [one for one in outputs if one.state != "current" and find(one.key) is None]
        self.ahead = frozenset(one.key for one in lacking)
        # With one area there is nothing to divide but its reports.
        is_one = len({one.area for one in lacking}) == 1
        reports: dict[tuple[str, ...], list[Output]] = {}
        others: dict[tuple[str, ...], list[Output]] = {}
        for one in sorted(lacking, key=lambda one: self._kind(one).rank):
            if one.area and not is_one:
                reports.setdefault((one.area,), []).append(one)
            elif self._kind(one).is_table:
                others.setdefault(("tables",), []).append(one)  # they share their panel
            else:
                where = reports if self._kind(one).is_for_people else others
                where[(one.area, one.name)] = [one]
        prepare = partial(self._prepare, [one for key, (one, *_) in reports.items() if key[1:]])
        pieces = self._list_pieces(lacking) if is_one else []
        tables = [partial(self._fill_store, job) for job in others.values()]
        left = do_meanwhile([*pieces, *tables], prepare)
        first = [job for job in left if job in pieces]
        rest = [job for job in left if job not in pieces]
        written = [partial(self._fill_store, job) for job in reports.values()]
        do_side_by_side([*first, *written, *rest])

    def _list_pieces(self, lacking: Sequence[Output]) -> list[Callable[[], None]]:
        """Return the jobs that make what the page shows of each table that this build compiled."""
        kinds = map(self._kind, lacking)
        has_page = any(kind.has_balances and kind.suffix == ".html" for kind in kinds)
        if not has_page or self.workshop.has_sources:  # with sources the page is of other records
            return []
        return [partial(self._begin_page, cube) for cube in self.workshop.cubes.values()]

    def _begin_page(self, cube: EnergyInventory) -> None:
        tables, metric = len(self.workshop.runs()), self.workshop.declaration.metric
        with suppress(CarbonacctError):  # the page says why
            self.renderers.begin_page(cube, tables, metric or None)
        save_answers(self.workshop.store, self.workshop.program)

    def _prepare(self, reports: Sequence[Output]) -> None:
        """Make what reports share, as far as it can be made."""
        for one in reports:
            # Whoever needs it meets the fault again, and says it beside the output.
            with suppress(CarbonacctError):
                self._request(one, self._of(one))

    def _fill_store(self, outputs: Sequence[Output]) -> None:
        for output in outputs:
            with suppress(CarbonacctError):
                self._find(output)
        save_answers(self.workshop.store, self.workshop.program)  # this may be the other process

    def _find(self, output: Output) -> str:
        """Return the digest of an output's bytes, which are made where the store lacks them."""
        store = self.workshop.store
        digest = store.find(output.key)
        if digest is None:
            self.workshop.progress(say("making {path}", path=output.path))
            digest = store.put(self._render(output), under=output.key)
        return digest

    def _kind(self, output: Output) -> OutputKind:
        return find_kind(self.workshop.declaration, output.name)

    def make(self, output: Output, *, overwrite: bool) -> Output:
        """Return an output that was made, restored or left as it is; what is to be written stands in `files`."""
        if output.state == "current":
            return output
        path = self.workshop.declaration.folder / output.path
        store = self.workshop.store
        is_there = store.find(output.key) is not None and output.key not in self.ahead
        state = "restored" if is_there else "made"
        try:
            digest = self._find(output)
        except CarbonacctError as error:
            return replace(output, state="failed", message=str(error))
        if output.state == "edited" and not overwrite:
            if digest_of(read_regular(path)) == digest:  # the store was deleted, nothing else
                return replace(output, state="current")
            message = say(
                "{path}: was changed by hand; build --overwrite replaces it", path=output.path
            )
            return replace(output, message=message)
        self.files[path] = partial(store.read, digest)
        return replace(output, state=state)

    def _render(self, output: Output) -> bytes:
        """Return the bytes of an output."""
        scratch = Path(tempfile.mkdtemp(prefix="render-", dir=self.workshop.store.make_scratch()))
        try:
            path = scratch / Path(output.path).name
            if self._kind(output).is_table:
                made = make_table(output.name, self._gather(output))
                told = [write_finding(one) for one in made.findings]
                self.workshop.store.put(write_canonical(told), under=_key_told(output.key))
                made = replace(made, made=describe_making_of_tables())
                self.renderers.table(made, path, self.workshop.declaration.lang)
            else:
                self.renderers.inventory(self._request(output, self._of(output)), path)
            return path.read_bytes()
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _of(self, output: Output) -> Inventory:
        return self.whole.select(area=output.area) if output.area else self.whole

    def _gather(self, output: Output) -> Material:
        """Return what the tables of an area are made of, once for all of them."""
        if output.area not in self.material:
            area, printed = output.area, self.printed
            self.material[area] = Material(
                declaration=self.workshop.declaration,
                whole=self._of(output),
                printed=printed.select(area=area) if area else printed,
                runs=self.workshop.all_runs(),
                compile=lambda: self._compile(output),
                score=lambda: self._score(output.area),
                add_up=lambda: add_up_energy(self.workshop, self._holding(output.area)),
            )
        return self.material[output.area]

    def _score(self, area: str) -> Sequence[IndexStanding]:
        """Return how the declared indices of an area stand, made once for all outputs."""
        return find_standings(self.workshop, area, self.entries)

    def _groups(self, output: Output) -> list[TableGroup]:
        """Return the tables that an output is of."""
        if output.area:
            return self.groups_of.get(output.area, [])
        return [group for group, run in self.workshop.runs() if run.entries]

    def _holding(self, area: str) -> list[TableGroup]:
        """Return the tables that hold an area, also those of several; all of no area."""
        return [
            group
            for group, run in self.workshop.runs()
            if run.entries and (not area or area in {name for name, _ in group.places})
        ]

    def _compile(self, output: Output) -> list[EnergyInventory]:
        return [self.workshop.cube(group) for group in self._groups(output)]

    def _request(self, output: Output, whole: Inventory) -> OutputRequest:
        """Return what an output shows; a kind with balances has them compiled from the tables."""
        workshop, declaration = self.workshop, self.workshop.declaration
        energy: list[EnergyInventory] = []
        kind = self._kind(output)
        if kind.has_balances or kind.has_intervals or kind.has_drivers:
            groups = self._groups(output)
            sources = [area_id for area_id, run in workshop.sources_runs() if run.entries]
            if output.area:
                listed = declaration.find_area(output.area)
                sources = [area_id for area_id in sources if listed and area_id == listed.id]
            energy = [workshop.cube(group) for group in groups]
            # Refused activity tables leave what energy alone compiles: it has factors to draw.
            if sources or (groups and workshop.has_sources):
                joined = workshop.join(groups, sources)
                whole, energy = joined.with_findings(whole.findings), energy_of(joined)
        request = OutputRequest(
            inventory=whole,
            energy=energy,
            is_energy_alone=not workshop.has_sources,
            lang=declaration.lang,
            metric=declaration.metric or None,
            beside=self._beside(output),
            folder=declaration.folder,
            drivers=declaration.bases if kind.has_drivers else (),
            sole_area=workshop.sole_area,
        )
        if not kind.has_intervals:
            return request
        return replace(request, assessment=self._assess(output, request))

    def _assess(self, output: Output, request: OutputRequest) -> Any:
        """Return how sure the totals are, drawn once for all outputs of an area."""
        if output.area not in self.assessed:
            declaration = self.workshop.declaration
            options = dict(declaration.uncertainty or {})
            if file := options.pop("activity", ""):
                check_there(declaration.folder, file, "uncertainty.activity")
                options["inputs"] = declaration.folder / file
            options["allow_unverified"] = bool(declaration.energy.get("allow_unverified"))
            self.assessed[output.area] = self.renderers.assess(request, options)
        return self.assessed[output.area]

    def _beside(self, output: Output) -> KnownBeside:
        """Return what is known beside the inventory, with verdicts where an output shows them."""
        kind = self._kind(output)
        beside = self._with_verdicts if kind.has_targets else self.beside
        if kind.has_indices:
            beside = replace(beside, indices=tuple(self._score(output.area)))
        return beside.select(output.area) if output.area else beside

    @cached_property
    def _with_verdicts(self) -> KnownBeside:
        """What is known beside the inventory, with verdicts on targets: drawn once for all outputs."""
        whole = Output(name=TARGETS, path="", area="", key="", state="")
        try:
            judged = make_table(TARGETS, self._gather(whole))
        except CarbonacctError as error:
            return replace(self.beside, untold=str(error))
        more = tuple(one for one in judged.findings if one not in self.beside.findings)
        findings = (*self.beside.findings, *more)
        return replace(self.beside, targets=judged.frame, units=judged.units, findings=findings)


def _make_manifest(
    workshop: Workshop, runs: Sequence[Run], outputs: Sequence[Output]
) -> dict[Path, Callable[[], bytes]]:
    """Return what stands beside the outputs and says what they were made from, without a date.

    Nothing where it is there.
    """
    if not outputs:
        return {}
    record = describe_project(workshop.declaration, workshop.program, runs)
    find = workshop.store.find
    record["outputs"] = [
        {"path": one.path, "name": one.name, "key": one.key, "bytes": find(one.key) or ""}
        for one in outputs
    ]
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode()
    place = workshop.declaration.folder / Path(outputs[0].path).parent / MANIFEST
    # A build that makes nothing leaves the time of the file as it was.
    return {} if place.exists() and read_regular(place) == text else {place: lambda: text}


def open_workshop(
    declaration: Declaration,
    *,
    progress: Callable[[str], None] = lambda _: None,
    making: bool = True,
    program: str | None = None,
) -> Workshop:
    """Return the workshop of a project with the program that runs."""
    from carbonacct.projects.runs import Workshop  # noqa: PLC0415 - reading and compiling load much

    return Workshop(declaration, program or digest_program(), progress=progress, making=making)
