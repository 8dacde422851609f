"""Runs of a project: the inventory of each table or group of tables, made once for equal inputs.

A run is keyed by all that it reads: bytes and names of its files, mapping, area and year declared,
method and options, overlay, and the program. What cannot be made is a run too: it is refused, with
the reason, and the others go on.
"""

from __future__ import annotations

import json
import logging
from contextlib import closing
from dataclasses import astuple, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonacct import balances
from carbonacct.data import read_regular
from carbonacct.errors import CarbonacctError, ProjectError
from carbonacct.factors import load_method
from carbonacct.processes import count_workers
from carbonacct.projects.activity_templates import is_filled
from carbonacct.projects.entry_table import list_entries, parse_entries, write_entries
from carbonacct.projects.kept_corrections import read_corrections
from carbonacct.projects.own_area import key_area, rename_areas, take_own_area
from carbonacct.projects.own_files import find_method, list_layouts, list_method_inputs
from carbonacct.projects.run_record import (
    Run,
    describe_details,
    describe_run,
    open_run,
    refuse_run,
)
from carbonacct.projects.scanning import Scanner, Source, find_tables
from carbonacct.projects.store import FOLDER, RunShelf, Store, digest_of, make_key, write_canonical
from carbonacct.projects.table_group import TableGroup, spell_alike, tell_activities
from carbonacct.records.area_names import area_id
from carbonacct.sectors.all_sectors import join_sectors, only
from carbonacct.sectors.energy import EnergyInventory, compile_inventory
from carbonacct.sectors.energy.energy_entries import to_inventory
from carbonacct.sectors.energy.inventory_cache import put_on_shelf
from carbonacct.sheets.cell_corrections import correct_sheets
from carbonacct.texts import describe_text, join_texts, read_text, say

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.balances import EnergyBalance, Mapping
    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.project_declaration import ActivityTable, Choices, Declaration, Tables
    from carbonacct.sectors.sources.activities import Activities
    from carbonacct.sheets.cell_corrections import Correction

_LOG = logging.getLogger(__name__)
SOURCES = "sources"  # the run of activity tables


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
        self.cubes: dict[str, EnergyInventory] = {}  # what is compiled so far
        self._of_sources: dict[str, Inventory] = {}
        self._trees: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._runs: list[tuple[TableGroup, Run]] | None = None
        self._sources: list[tuple[str, Run]] | None = None
        self._corrected = read_corrections(self.declaration.folder / self.declaration.corrections)

    def runs(self) -> list[tuple[TableGroup, Run]]:
        """Return the run of each group of tables, from the store where its inputs are the same."""
        if self._runs is None:
            groups = sorted(self._groups(), key=lambda group: (group.places, group.files[0].path))
            self._runs = [(group, self._run(group)) for group in groups]
        return self._runs

    def sources_runs(self) -> list[tuple[str, Run]]:
        """Return the runs of activity tables, of each area apart (by id) that has its own."""
        if self._sources is None:
            declared = self.declaration.activities
            ids = dict.fromkeys(one.area_id for one in declared if is_filled(self, one.file))
            self._sources = [(area_id, self._run_sources(area_id)) for area_id in ids]
        return self._sources

    def all_runs(self) -> list[Run]:
        """Return the runs of tables, then those of activity tables."""
        return [run for _, run in (*self.runs(), *self.sources_runs())]

    @cached_property
    def sole_area(self) -> str:
        """The area of all tables, ``""`` where they are of several: rows of drivers that name none are of it."""
        areas = {area_id(area): area for run in self.all_runs() for area, _ in run.places}
        return next(iter(areas.values())) if len(areas) == 1 else ""

    @cached_property
    def drivers(self) -> pd.DataFrame | None:
        """The drivers, read once however many series go with them."""
        from carbonacct.projects.driver_tables import read_driver_tables  # noqa: PLC0415 - few need it

        return read_driver_tables(self.declaration.folder, self.declaration.bases)

    def joined_run(self) -> Run:
        """Return the run of all tables and activity tables as one, with one carbon once."""
        keys = [run.key for run in self.all_runs() if run.entries]
        key = make_key("joined", {"runs": keys, "program": self.program})
        return self._find(key, (), self.join)

    def entries(self, run: Run) -> pd.DataFrame:
        """Return the entries of a run."""
        return parse_entries(self.store.read(run.entries).decode())

    def cube(self, group: TableGroup) -> EnergyInventory:
        """Return the energy inventory of a group, compiled in this workshop once."""
        name = group.files[0].path
        if name not in self.cubes:
            _LOG.info("compiling %s", name)
            self.progress(f"compiling {name}")
            balance, shelf = self.balance(group), RunShelf(self.store, self._keys[name])
            put_on_shelf(balance, shelf)
            self.cubes[name] = self.compile_balance(group, balance)
            put_on_shelf(self.cubes[name], shelf)
        return self.cubes[name]

    def balance(self, group: TableGroup) -> EnergyBalance:
        """Return the tables of a group as read."""
        names = tuple(one.path for one in group.files)
        if names not in self._balances:
            read = self._read_files(group.files, group.tables, group.words)
            self._keep_balance(group.files, group.tables, read)
        self._balances[names] = rename_areas(self._balances[names], group.spelt)
        return self._balances[names]

    def compile_balance(self, group: TableGroup, balance: EnergyBalance) -> EnergyInventory:
        """Return the inventory of a balance by what is declared for a group of tables."""
        chosen = self._choices(group)
        options = {key: value for key, value in chosen.energy.items() if value}
        choices = {
            key: options.pop(key) for key in ("allow_unverified", "carbon_pool") if key in options
        }
        named = find_method(self.declaration.folder, chosen.method)
        method = load_method(named, overlay=self._overlay(group), **choices)
        return compile_inventory(balance, method=method, gases=list(chosen.gases), **options)

    @cached_property
    def readings(self) -> dict[str, list[str]]:
        """The keys of what tables are read as, by area."""
        found: dict[str, list[str]] = {}
        for group, _ in self.runs():
            keys = self.list_readings(group)
            for area in dict.fromkeys(area for area, _ in group.places):
                found.setdefault(area, []).extend(keys)
        return found

    def list_readings(self, group: TableGroup) -> list[str]:
        """Return the keys of what the tables of a group are read as."""
        return list(map(self._key_reading, group.files, group.words))

    def digest_overlay(self, group: TableGroup) -> str:
        """Return the digest of the own factors that tables use, "" for none."""
        return self._tree(self._find_overlay(group))

    def record(self, group: TableGroup) -> Inventory:
        """Return the inventory of a group as entries."""
        paths = [self.declaration.folder / one.path for one in group.files]
        overlay = self._overlay(group)
        options = {key: value for key, value in self._choices(group).energy.items() if value}
        files = [*paths, overlay] if overlay else paths
        return to_inventory(self.cube(group), files=files, options=options)

    def compile_sources(self, area_id: str = "") -> Inventory:
        """Return the inventory of the activity tables of an area, or of no one area; compiled once."""
        if area_id not in self._of_sources:
            activities = self.read_sources(area_id)
            self._of_sources[area_id] = self.compile_activities(activities, area_id)
        return self._of_sources[area_id]

    def read_sources(self, area_id: str = "") -> Activities:
        """Return the activity tables of an area, or those of no one area, as read."""
        from carbonacct.sectors.sources.activities import (  # noqa: PLC0415 - few projects have them
            read_activities,
        )

        places = self._places_of(area_id)
        areas = list(dict.fromkeys(area for area, _ in places))
        own = next((area.name for area in self.declaration.areas if area.id == area_id), "")
        return read_activities(
            [self.declaration.folder / one.file for one in self._activities(area_id)],
            find_method(self.declaration.folder, self.declaration.choices_of(area_id).sources),
            area=own or self.declaration.area or only(areas),
            year=only([year for _, year in places]),
            areas=areas,
            years=[year for _, year in places],
        )

    def compile_activities(self, activities: Activities, area_id: str = "") -> Inventory:
        """Return the inventory of activities by what is declared for an area."""
        from carbonacct.sectors.sources.source_compiling import (  # noqa: PLC0415 - as above
            compile_sources,
        )

        years = [year for _, year in self._places_of(area_id)]
        folder = self.declaration.find_overlay(area_id, years)
        overlay = self.declaration.folder / folder if folder else None
        options = self.declaration.choices_of(area_id).energy
        unverified = bool(options.get("allow_unverified"))
        return compile_sources(activities, overlay=overlay, allow_unverified=unverified)

    @property
    def has_sources(self) -> bool:
        """Whether activity tables are declared and hold anything."""
        return bool(self.sources_runs())

    def _activities(self, area_id: str) -> list[ActivityTable]:
        return [one for one in self.declaration.activities if one.area_id == area_id]

    def _places_of(self, area_id: str) -> list[tuple[str, int]]:
        """Return the areas and years of tables, of all areas for no id."""
        groups = [group for group, _ in self.runs()]
        own = [group for group in groups if not area_id or self._area_of(group) == area_id]
        return [place for group in own for place in group.places]

    def _run_sources(self, area_id: str) -> Run:
        chosen = self.declaration.choices_of(area_id)
        places = self._places_of(area_id)
        files = [
            Source(one.file, self.scanner.digest(one.file)) for one in self._activities(area_id)
        ]
        folder = self.declaration.find_overlay(area_id, [year for _, year in places])
        inputs = {
            "files": [[one.name, one.digest] for one in files],
            "method": self.key_method(chosen.sources),
            "overlay": self._tree(folder),
            "unverified": bool(chosen.energy.get("allow_unverified")),
            "places": sorted(places),
            "program": self.program,
        }
        key = make_key(SOURCES, inputs)
        if area_id in self.declaration.faults:
            return refuse_run(key, files, self.declaration.faults[area_id])
        return self._find(key, files, lambda: self.compile_sources(area_id))

    def _area_of(self, group: TableGroup) -> str:
        """Return the id of the area that tables are of, "" where the project lists none."""
        ids = self._areas_of(group)
        return ids[0] if len(ids) == 1 else ""

    def _areas_of(self, group: TableGroup) -> list[str]:
        """Return the ids of all areas that tables are of, "" for one that the project does not list."""
        if group.tables.area_id or not self.declaration.areas:
            return [group.tables.area_id]
        found = [self.declaration.find_area(area) for area, _ in group.places]
        return sorted({area.id if area else "" for area in found}) or [""]

    def _choices(self, group: TableGroup) -> Choices:
        """Return what is chosen for tables: tables of several areas that choose otherwise are refused."""
        return self.declaration.choices_of(self._areas_of(group)[0])

    def _find_overlay(self, group: TableGroup) -> str:
        """Return the folder of own factors that tables use, relative to the project."""
        area = self._areas_of(group)[0]
        return self.declaration.find_overlay(area, [year for _, year in group.places])

    def _overlay(self, group: TableGroup) -> Path | None:
        folder = self._find_overlay(group)
        return self.declaration.folder / folder if folder else None

    def takes_fuel_out(self, flows: Collection[str]) -> bool:
        """Return whether a source among some flows counts the carbon of fuels that then do not burn."""
        methods = {
            self.declaration.choices_of(area_id).sources for area_id, _ in self.sources_runs()
        }
        if not methods:
            return False
        from carbonacct.sectors.sources.activity_names import (  # noqa: PLC0415 - as above
            list_sectors,
        )

        partners = (
            (source.id, source.partner)
            for method in methods
            for sector in list_sectors(find_method(self.declaration.folder, method))
            for source in sector.sources
        )
        return any(
            partner is not None and partner.both == "subtract" and name in flows
            for name, partner in partners
        )

    def join(
        self, groups: Sequence[TableGroup] | None = None, sources: Sequence[str] | None = None
    ) -> Inventory:
        """Return the inventory of tables and activity tables, compiled, with one carbon once.

        Parameters
        ----------
        groups, sources
            Tables, and ids of areas that have activity tables; all, unless given.
        """
        if groups is None:
            groups = [group for group, run in self.runs() if run.entries]
        if sources is None:
            sources = [area_id for area_id, run in self.sources_runs() if run.entries]
        more = [self.compile_sources(area_id) for area_id in sources]
        return join_sectors([*(self.record(group) for group in groups), *more])

    def _run(self, group: TableGroup) -> Run:
        declaration, tables, chosen = self.declaration, group.tables, self._choices(group)
        inputs = {
            "files": [[one.name, one.digest] for one in group.files],
            "words": [self._words_key(one) for one in group.words],
            "corrections": [astuple(one) for one in self._corrections(group.files)],
            "area": [*key_area(declaration, tables), *group.spelt],
            "year": tables.year,
            "method": self.key_method(chosen.method),
            "energy": dict(chosen.energy),
            "gases": list(chosen.gases),
            "overlay": self.digest_overlay(group),
            "program": self.program,
        }
        key = self._keys[group.files[0].path] = make_key("inventory", inputs)
        if refused := group.refused or self._find_fault(group):
            return refuse_run(key, group.files, refused)
        return self._find(key, group.files, lambda: self.record(group))

    def key_method(self, method: str) -> list[str]:
        """Return what a method is: its name, and the bytes of its files where it is the project's own."""
        files = list_method_inputs(self.declaration.folder, method)
        return [method, *map(self.scanner.digest, files)]

    def _words_key(self, tables: Tables) -> list[str]:
        """Return what says what the words of tables mean: sheets, the bytes of the mapping and of layouts."""
        files = [tables.mapping] if tables.mapping else []
        files += list_layouts(self.declaration.folder, [tables])
        return [*map(self.scanner.digest, files), *tables.sheet]

    def _find_fault(self, group: TableGroup) -> str:
        """Return why tables of an area are refused, "" for no reason."""
        declaration, ids = self.declaration, self._areas_of(group)
        if not declaration.areas:
            return ""
        for one in ids:
            if one in declaration.faults:
                return declaration.faults[one]
        file = group.files[0].path
        for name, year in group.places:
            area = declaration.find_area(name)
            if area is None:
                return say(
                    "{file}: is of {area}, which {areas} does not list; add a line",
                    file=file,
                    area=name,
                    areas=declaration.areas_file,
                )
            if not area.has(year):
                return say(
                    "{file}: is of {year}, and {areas} has {area} from {first} to {last}; correct "
                    "the years of the one or the other",
                    file=file,
                    year=year,
                    areas=declaration.areas_file,
                    area=f"{area.id} {area.name}",
                    first=area.first or "...",
                    last=area.last or "...",
                )
        if unlike := declaration.list_unlike(ids, [year for _, year in group.places]):
            return say(
                "{file}: is of {first} and {other}, which choose methods, options or own factors "
                "otherwise; give each a table of its own, or let them choose alike",
                file=file,
                first=ids[0],
                other=join_texts(", ", unlike),
            )
        return ""

    def _tree(self, folder: str) -> str:
        """Return the digest of a folder of own factors, "" for none."""
        if folder and folder not in self._trees:
            self._trees[folder] = self.scanner.tree(folder)
        return self._trees.get(folder, "")

    def _find(self, key: str, files: Sequence[Source], make: Callable[[], Inventory]) -> Run:
        """Return a run from the store, or make it and keep it there."""
        value = self.store.find(key)
        if value is not None:
            run = open_run(self.store, key, value, files)
            parts = [part for part in (run.entries, run.details) if part]
            if not self.making or all(map(self.store.has, parts)):
                return run
        if not self.making:
            return Run(key=key, value="", files=tuple(files))
        try:
            made = make()
        except CarbonacctError as error:
            content = describe_run(refused=str(error))
        else:
            content = describe_run(made, self.store.put(write_entries(list_entries(made)).encode()))
            content["details"] = self.store.put(write_canonical(describe_details(made)))
        for one in files:
            self._check_unchanged(one)
        value = self.store.put(write_canonical(content), under=key)
        return open_run(self.store, key, value, files)

    def _check_unchanged(self, source: Source) -> None:
        """Refuse to keep what was read of a file that was saved meanwhile."""
        if digest_of(read_regular(self.declaration.folder / source.path)) != source.digest:
            raise ProjectError(
                say("{path}: was saved while it was read; build again", path=source.path)
            )

    def _groups(self) -> list[TableGroup]:
        """Return the tables that belong together: those of one area (in any spelling) and year.

        A table of several joins all that it has a place in common with: none is counted twice.
        """
        groups: dict[int, TableGroup] = {}
        owner: dict[tuple[str, int], int] = {}
        for number, table in enumerate(spell_alike(self._look_at_all(), self.declaration)):
            known = [(self._name_area(table, area), year) for area, year in table.places]
            partners = sorted({owner[label] for label in known if label in owner})
            group = table
            for partner in reversed(partners):
                group = groups.pop(partner).join(group)
            at = partners[0] if partners else number
            groups[at] = group
            owner = {label: at if of in partners else of for label, of in owner.items()}
            owner |= dict.fromkeys(known, at)
        return [groups[at] for at in sorted(groups)]

    def _name_area(self, table: TableGroup, area: str) -> str:
        """Return the area that a table names: by its id in the project, or in any spelling."""
        listed = self.declaration.find_area(area) if self.declaration.areas else None
        return table.tables.area_id or (listed.id if listed else area_id(area))

    def _look_at_all(self) -> Iterator[TableGroup]:
        """Yield the areas and years of each table, read once for equal bytes; many are read in several processes."""
        found = [
            (Source(path, self.scanner.digest(path)), self.declaration.tables[place])
            for path, place in find_tables(self.declaration)
        ]
        keys = [self._key_reading(*one) for one in found]
        values = [self.store.find(key) for key in keys]
        lacking = [one for one, value in zip(found, values, strict=True) if value is None]
        lacking = lacking if self.making else []
        workers = count_workers(len(lacking))
        with closing(balances.in_workers(self._read_one, lacking, workers)) as reads:
            for (source, tables), key, value in zip(found, keys, values, strict=True):
                if value is None and not self.making:
                    yield TableGroup((source,), tables, (), words=(tables,))
                    continue
                if value is None:
                    self.progress(f"reading {source.path}")
                    value = self._keep_reading(key, source, tables, next(reads))  # noqa: PLW2901
                held = json.loads(self.store.read(value))
                places = tuple((str(area), int(year)) for area, year in held["places"])
                refused = read_text(held["refused"])
                yield TableGroup((source,), tables, places, refused, (tables,))

    def _key_reading(self, source: Source, tables: Tables) -> str:
        """Return the key of all that decides what a table is read as."""
        inputs = {
            "bytes": source.digest,
            "name": source.name,
            "words": self._words_key(tables),
            "corrections": [astuple(one) for one in self._corrections([source])],
            "area": key_area(self.declaration, tables),
            "year": tables.year,
            "program": self.program,
        }
        return make_key("reading", inputs)

    def _keep_reading(
        self, key: str, source: Source, tables: Tables, read: EnergyBalance | CarbonacctError
    ) -> str:
        """Keep the areas and years of a table, or why it is refused; return where."""
        content: dict[str, Any] = {"places": [], "refused": ""}
        try:
            balance = self._keep_balance((source,), tables, read)
        except CarbonacctError as error:
            content["refused"] = describe_text(str(error))
        else:
            content["places"] = [[a, y] for a in balance.areas for y in balance.years]
        self._check_unchanged(source)
        return self.store.put(write_canonical(content), under=key)

    def _keep_balance(
        self, files: Sequence[Source], tables: Tables, read: EnergyBalance | CarbonacctError
    ) -> EnergyBalance:
        """Keep what was read of some files, of the own area; raise why they are refused."""
        if isinstance(read, CarbonacctError):
            raise read
        own = take_own_area(read, self.declaration, tables, files[0].path)
        self._balances[tuple(one.path for one in files)] = own
        return own

    def _read_one(self, one: tuple[Source, Tables]) -> EnergyBalance | CarbonacctError:
        """Return the balance of one table, or why it is refused."""
        source, tables = one
        read = self._read_files((source,), tables, (tables,))
        if isinstance(read, CarbonacctError):
            return tell_activities(self.declaration.folder / source.path, source.path) or read
        return read

    def _read_files(
        self, files: Sequence[Source], tables: Tables, words: Sequence[Tables]
    ) -> EnergyBalance | CarbonacctError:
        """Return the balance of some files, each read with its own words, or why they are refused."""
        try:
            sheets = (
                (correct_sheets(held, self._corrections([one])), own)
                for one, said in zip(files, words, strict=True)
                for own in (self._words(said),)
                for held in balances.open_files([self.declaration.folder / one.path], own)
            )
            area = tables.area or self.declaration.area or None
            return balances.read_together(sheets, area=area, year=tables.year).require()
        except CarbonacctError as error:
            return error

    def _words(self, tables: Tables) -> Mapping | None:
        """Return the words of tables: their mapping and their layouts."""
        folder = self.declaration.folder
        return balances.read_words(
            folder / tables.mapping if tables.mapping else None,
            folder / tables.layout if tables.layout else None,
            tables.sheet or None,
        )

    def _corrections(self, files: Sequence[Source]) -> list[Correction]:
        """Return the corrections of some tables."""
        names = {one.path for one in files}
        return [one for one in self._corrected if one.file in names]
