"""Runs of a project: the inventory of each table or group of tables, made once for equal inputs.

A run is keyed by all that it reads: bytes and names of its files, mapping, area and year declared,
method and options, overlay, and the program. What cannot be made is a run too: it is refused, with
the reason, and the others go on.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.balances import EnergyBalance, read_balance
from carbonacct.data import read_regular
from carbonacct.errors import CarbonacctError, Finding, Gap, ProjectError
from carbonacct.factors import load_method
from carbonacct.inventory.record import MadeFrom
from carbonacct.projects.entries import list_entries, parse_entries, write_entries
from carbonacct.projects.scanning import Scanner, Source, find_tables
from carbonacct.projects.store import FOLDER, Store, digest_of, make_key, write_canonical
from carbonacct.sectors.energy import EnergyInventory, compile_inventory
from carbonacct.sectors.energy.entries import to_inventory
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.compiling import compile_sources
from carbonacct.sectors.whole import only
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.declaration import Declaration, Tables

SOURCES = "sources"  # the run of the activity tables


@dataclass(frozen=True)
class Run:
    """What a stage made of its files, or why it made nothing.

    Attributes
    ----------
    key
        The hash of all that was read.
    value
        The hash of what came of it: of equal values nothing that follows is stale.
    files
        What was read, by name and bytes.
    places
        Area and year of each inventory in it.
    entries
        Digest of the entries, as text, in the store; ``""`` where it is refused.
    findings
        What was noticed.
    refused
        Why there is no inventory.
    made_from
        Program, method, editions, options and files, as the inventory says them.
    """

    key: str
    value: str
    files: tuple[Source, ...]
    places: tuple[tuple[str, int], ...] = ()
    entries: str = ""
    findings: tuple[Finding, ...] = ()
    refused: str = ""
    made_from: tuple[MadeFrom, ...] = ()

    @property
    def is_made(self) -> bool:
        """Whether the store has its result, an inventory or a refusal."""
        return bool(self.value)


@dataclass(frozen=True)
class Group:
    """Tables that are read as one: pages of a balance, or a balance and its sub-sectors."""

    files: tuple[Source, ...]
    tables: Tables
    places: tuple[tuple[str, int], ...]
    refused: str = ""


@dataclass
class Workshop:
    """A project's files, method and store; each table is read once at most.

    Attributes
    ----------
    declaration
        What the project is.
    program
        Digest of the program.
    progress
        Is told what is being done.
    making
        Whether to make what the store does not have; where not, such runs have no value.
    """

    declaration: Declaration
    program: str
    progress: Callable[[str], None] = field(default=lambda _: None)
    making: bool = True
    store: Store = field(init=False)
    scanner: Scanner = field(init=False)

    def __post_init__(self) -> None:
        """Open the store of the project."""
        self.store = Store(self.declaration.folder / FOLDER)
        self.scanner = Scanner(self.declaration.folder, self.store)
        self._balances: dict[tuple[str, ...], EnergyBalance] = {}
        self._cubes: dict[str, EnergyInventory] = {}
        self._runs: list[tuple[Group, Run]] | None = None

    @property
    def overlay(self) -> Path | None:
        """The folder of the project's own factors."""
        if len(self.declaration.overlays) > 1:
            raise ProjectError(say("there are several overlays; put the rows into one folder"))
        return next((self.declaration.folder / one for one in self.declaration.overlays), None)

    def runs(self) -> list[tuple[Group, Run]]:
        """Return the run of each group of tables, from the store where its inputs are the same."""
        if self._runs is None:
            groups = sorted(self._groups(), key=lambda group: (group.places, group.files[0].path))
            self._runs = [(group, self._run(group)) for group in groups]
        return self._runs

    def sources_run(self) -> Run | None:
        """Return the run of the activity tables, None where the project has none."""
        if not self.declaration.activities:
            return None
        files = [Source(name, self.scanner.digest(name)) for name in self.declaration.activities]
        places = [place for group, _ in self.runs() for place in group.places]
        inputs = {
            "files": [[Path(one.path).name, one.digest] for one in files],
            "method": self.declaration.sources,
            "overlay": self._overlay_digest(),
            "unverified": bool(self.declaration.energy.get("allow_unverified")),
            "places": sorted(places),
            "program": self.program,
        }
        return self._find(make_key(SOURCES, inputs), files, self.compile_sources)

    def all_runs(self) -> list[Run]:
        """Return the runs of tables, then that of activity tables."""
        sources = self.sources_run()
        return [*(run for _, run in self.runs()), *([sources] if sources else [])]

    def entries(self, run: Run) -> pd.DataFrame:
        """Return the entries of a run."""
        return parse_entries(self.store.read(run.entries).decode())

    def cube(self, group: Group) -> EnergyInventory:
        """Return the energy inventory of a group, compiled in this workshop once."""
        name = group.files[0].path
        if name not in self._cubes:
            self.progress(f"compiling {name}")
            options = {key: value for key, value in self.declaration.energy.items() if value}
            choices = {
                key: options.pop(key)
                for key in ("allow_unverified", "carbon_pool")
                if key in options
            }
            method = load_method(self.declaration.method, overlay=self.overlay, **choices)
            gases = list(self.declaration.gases)
            balance = self._read(group.files, group.tables)
            self._cubes[name] = compile_inventory(balance, method=method, gases=gases, **options)
        return self._cubes[name]

    def record(self, group: Group) -> Inventory:
        """Return the inventory of a group as entries."""
        paths = [self.declaration.folder / one.path for one in group.files]
        overlay = [self.overlay] if self.overlay else []
        options = {key: value for key, value in self.declaration.energy.items() if value}
        return to_inventory(self.cube(group), files=[*paths, *overlay], options=options)

    def compile_sources(self) -> Inventory:
        """Return the inventory of the activity tables."""
        places = [place for group, _ in self.runs() for place in group.places]
        areas = list(dict.fromkeys(area for area, _ in places))
        activities = read_activities(
            [self.declaration.folder / name for name in self.declaration.activities],
            self.declaration.sources,
            area=self.declaration.area or only(areas),
            year=only([year for _, year in places]),
            areas=areas,
        )
        unverified = bool(self.declaration.energy.get("allow_unverified"))
        return compile_sources(activities, overlay=self.overlay, allow_unverified=unverified)

    def _run(self, group: Group) -> Run:
        declaration, tables = self.declaration, group.tables
        inputs = {
            "files": [[Path(one.path).name, one.digest] for one in group.files],
            "mapping": self.scanner.digest(tables.mapping) if tables.mapping else "",
            "area": tables.area or declaration.area,
            "year": tables.year,
            "method": declaration.method,
            "energy": dict(declaration.energy),
            "gases": list(declaration.gases),
            "overlay": self._overlay_digest(),
            "program": self.program,
        }
        key = make_key("inventory", inputs)
        if group.refused:
            return _refuse(key, group.files, group.refused)
        return self._find(key, group.files, lambda: self.record(group))

    def _overlay_digest(self) -> str:
        return self.scanner.tree(self.declaration.overlays[0]) if self.overlay else ""

    def _find(self, key: str, files: Sequence[Source], make: Callable[[], Inventory]) -> Run:
        """Return a run from the store, or make it and keep it there."""
        value = self.store.find(key)
        if value is None and not self.making:
            return Run(key=key, value="", files=tuple(files))
        if value is None:
            try:
                made = make()
            except CarbonacctError as error:
                content = _describe(refused=str(error))
            else:
                text = write_entries(list_entries(made)).encode()
                content = _describe(made, self.store.put(text))
            for one in files:
                self._check_unchanged(one)
            value = self.store.put(write_canonical(content), under=key)
        return _to_run(key, files, json.loads(self.store.read(value)))

    def _check_unchanged(self, source: Source) -> None:
        """Refuse to keep what was read of a file that was saved meanwhile."""
        if digest_of(read_regular(self.declaration.folder / source.path)) != source.digest:
            raise ProjectError(
                say("{path}: was saved while it was read; build again", path=source.path)
            )

    def _groups(self) -> list[Group]:
        """Return the tables that belong together: those of one area (in any spelling) and year."""
        groups: list[Group] = []
        owner: dict[tuple[str, int], int] = {}
        for path, place in find_tables(self.declaration):
            tables = self.declaration.tables[place]
            one = self._look(Source(path, self.scanner.digest(path)), tables)
            known = [(vocabulary.resolve("area", area) or area, year) for area, year in one.places]
            at = next((owner[label] for label in known if label in owner), None)
            if at is None:
                at = len(groups)
                groups.append(one)
            else:
                partner = groups[at]
                files = (*partner.files, *one.files)
                places = tuple(dict.fromkeys((*partner.places, *one.places)))
                groups[at] = Group(files, partner.tables, places)
            owner |= dict.fromkeys(known, at)
        return groups

    def _look(self, source: Source, tables: Tables) -> Group:
        """Return the areas and years of a table, read once for equal bytes."""
        inputs = {
            "bytes": source.digest,
            "name": Path(source.path).name,
            "mapping": self.scanner.digest(tables.mapping) if tables.mapping else "",
            "area": tables.area or self.declaration.area,
            "year": tables.year,
            "program": self.program,
        }
        key = make_key("reading", inputs)
        value = self.store.find(key)
        if value is None and not self.making:
            return Group((source,), tables, ())
        if value is None:
            self.progress(f"reading {source.path}")
            content: dict[str, Any] = {"places": [], "refused": ""}
            try:
                balance = self._read((source,), tables)
            except CarbonacctError as error:
                content["refused"] = str(error)
            else:
                content["places"] = [[a, y] for a in balance.areas for y in balance.years]
            self._check_unchanged(source)
            value = self.store.put(write_canonical(content), under=key)
        held = json.loads(self.store.read(value))
        places = tuple((str(area), int(year)) for area, year in held["places"])
        return Group((source,), tables, places, held["refused"])

    def _read(self, files: Sequence[Source], tables: Tables) -> EnergyBalance:
        names = tuple(one.path for one in files)
        if names not in self._balances:
            paths = [self.declaration.folder / name for name in names]
            mapping = self.declaration.folder / tables.mapping if tables.mapping else None
            area = tables.area or self.declaration.area or None
            read = read_balance(*paths, area=area, year=tables.year, mapping=mapping)
            self._balances[names] = read
        return self._balances[names]


def _describe(
    made: Inventory | None = None, entries: str = "", refused: str = ""
) -> dict[str, Any]:
    """Return what the store keeps of a run."""
    held = made.entries if made is not None else None
    pairs = set() if held is None else set(zip(held["area"], held["year"].tolist(), strict=True))
    findings = made.findings if made is not None else ()
    return {
        "entries": entries,
        "places": sorted([str(area), int(year)] for area, year in pairs),
        "findings": [_plain_finding(finding) for finding in findings],
        "made_from": [asdict(one) for one in made.made_from] if made is not None else [],
        "refused": refused,
    }


def _plain_finding(finding: Finding) -> dict[str, Any]:
    held = asdict(finding)
    held["gaps"] = [list(gap) for gap in finding.gaps]
    return {name: None if value != value else value for name, value in held.items()}  # noqa: PLR0124 - NaN is not itself


def _to_run(key: str, files: Sequence[Source], held: dict[str, Any]) -> Run:
    shown = {name: held[name] for name in held if name != "made_from"}
    return Run(
        key=key,
        value=make_key("value", shown),
        files=tuple(files),
        places=tuple((area, year) for area, year in held["places"]),
        entries=held["entries"],
        findings=tuple(
            Finding(**{**one, "gaps": tuple(Gap(*gap) for gap in one["gaps"])})
            for one in held["findings"]
        ),
        refused=held["refused"],
        made_from=tuple(_to_making(one) for one in held["made_from"]),
    )


def _to_making(held: dict[str, Any]) -> MadeFrom:
    pairs = {name: tuple(map(tuple, held[name])) for name in ("options", "files")}
    return MadeFrom(**{**held, "editions": tuple(held["editions"]), **pairs})


def _refuse(key: str, files: Sequence[Source], reason: str) -> Run:
    return Run(
        key=key, value=make_key("refused", {"reason": reason}), files=tuple(files), refused=reason
    )
