"""carbonacct.toml: what a project is made of, read strictly."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonacct.data import read_toml
from carbonacct.errors import ProjectError
from carbonacct.factors.method_names import is_own_file
from carbonacct.projects.declaration_keys import (
    LANGUAGES,
    NUMBERS,
    OF_AREAS,
    check_keys,
    read_years,
    take_choice,
    take_file,
    take_one,
    take_path,
    take_several,
)
from carbonacct.projects.declared_indices import DeclaredIndex, read_declared_index
from carbonacct.projects.driver_bases import DriverBasis, read_basis
from carbonacct.projects.panel_energy import KEYS as ENERGY_OF_PANEL
from carbonacct.projects.panel_energy import EnergyBasis, read_energy_basis
from carbonacct.projects.project_areas import (
    ProjectArea,
    find_area,
    known_area,
    read_areas,
    read_level,
)
from carbonacct.projects.splice_rules import Splice, read_splice
from carbonacct.projects.stated_in_project import check_places, read_note, read_stated
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.projects.stated_in_project import StatedNote

FILE = "carbonacct.toml"
SCHEMA = 1
AREA_FILE = "area.toml"
_PLACE = "{area}"  # in a path: one file, or one pattern, for each area


@dataclass(frozen=True)
class Tables:
    """Tables of one kind: a pattern of files, and how they are read.

    ``vintage`` is the revision of the statistics that they are of, such as 2020-census; ``entry``
    is which `table` of the declaration says so: a pattern with {area} is several; ``sheet`` are the
    sheets of workbooks that are read, all unless given.
    """

    files: str
    mapping: str = ""
    layout: str = ""
    area: str = ""
    year: int | None = None
    supersedes: str = ""
    area_id: str = ""
    entry: int = 0
    vintage: str = ""
    sheet: tuple[str, ...] = ()


@dataclass(frozen=True)
class ActivityTable:
    """A table of activity data, and the id of the area that it is of, "" for all."""

    file: str
    area_id: str = ""


@dataclass(frozen=True)
class Overlay:
    """A folder of own factors, and the areas (ids) and years that use it; none named is all."""

    folder: str
    areas: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True)
class Choices:
    """What an area may choose otherwise: methods, options of energy, gases.

    Attributes
    ----------
    origins
        Which file says each of them.
    """

    method: str
    sources: str
    energy: Mapping[str, Any]
    gases: tuple[str, ...]
    origins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Declaration:
    """What a project is made of; paths are relative to its folder.

    Attributes
    ----------
    folder
        Of the project.
    name, area, lang, gases, metric
        Of the city or province; ``area`` over what titles say, ``metric`` for CO2-equivalents.
    years
        The years that the series should have.
    method, sources
        Methods of energy, and of other sectors.
    energy
        Options of :func:`carbonacct.compile_inventory`.
    energy_basis
        How the panel counts the energy of the balances, None where it has none.
    stated, notes
        Notation keys of categories without a number, and texts for reports.
    compare_targets
        Published documents whose targets the areas are held against, for comparison.
    indices
        Composite indices and forms, with what gives their numbers.
    bases
        Files of drivers, and what each is measured by.
    outputs
        Files by what they are called, the kind by their suffix.
    areas, areas_file
        The areas of a project of many, and the file that lists them.
    own, compared
        Id of the area that has tables of its own beside those of its parts, and their level.
    chosen
        What areas choose otherwise, by id.
    faults
        Why an area's own file cannot be used, by id: its tables are refused, the others go on.
    """

    folder: Path
    name: str
    years: tuple[int, ...]
    method: str
    sources: str
    area: str = ""
    lang: str = "zh"
    gases: tuple[str, ...] = ("CO2",)
    metric: str = ""
    energy: Mapping[str, Any] = field(default_factory=dict)
    energy_basis: EnergyBasis | None = None
    tables: tuple[Tables, ...] = ()
    activities: tuple[ActivityTable, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    bases: tuple[DriverBasis, ...] = ()
    splices: tuple[Splice, ...] = ()
    stated: tuple[StatedKey, ...] = ()
    notes: tuple[StatedNote, ...] = ()
    targets: tuple[Mapping[str, Any], ...] = ()
    targets_file: str = ""
    compare_targets: tuple[str, ...] = ()
    uncertainty: Mapping[str, Any] | None = None
    shares: tuple[Mapping[str, Any], ...] = ()
    scenario: Mapping[str, Any] = field(default_factory=dict)
    indices: tuple[DeclaredIndex, ...] = ()
    analysis: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accepted: str = "accepted.csv"
    corrections: str = "corrections.csv"
    outputs: Mapping[str, str] = field(default_factory=dict)
    areas: tuple[ProjectArea, ...] = ()
    areas_file: str = ""
    own: str = ""
    compared: str = ""
    chosen: Mapping[str, Choices] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    def find_area(self, word: str) -> ProjectArea | None:
        """Return the listed area that a word names, looked up once."""
        if word not in self._found:
            self._found[word] = find_area(word, self.areas)
        return self._found[word]

    @cached_property
    def _found(self) -> dict[str, ProjectArea | None]:
        return {}

    @property
    def drivers(self) -> tuple[str, ...]:
        """The files of drivers, each once."""
        return tuple(dict.fromkeys(one.file for one in self.bases))

    @property
    def choices(self) -> Choices:
        """What the project chooses where an area says nothing."""
        return Choices(self.method, self.sources, self.energy, self.gases)

    def choices_of(self, area_id: str) -> Choices:
        """Return what is chosen for an area."""
        return self.chosen.get(area_id, self.choices)

    def list_unlike(self, area_ids: Sequence[str], years: Iterable[int]) -> list[str]:
        """Return the areas of one table that choose otherwise than its first, or use other own factors."""
        years = list(years)

        def choose(area_id: str) -> tuple[Any, ...]:
            one = self.choices_of(area_id)
            overlay = self.find_overlay(area_id, years)
            return one.method, one.sources, one.energy, one.gases, overlay

        return [one for one in area_ids[1:] if choose(one) != choose(area_ids[0])]

    def find_overlay(self, area_id: str, years: Iterable[int]) -> str:
        """Return the folder of own factors that an area uses in some years, "" for none.

        Raises
        ------
        ProjectError
            If there are several, or one that holds for a part of the years alone.
        """
        fitting = [one for one in self.overlays if not one.areas or area_id in one.areas]
        years = set(years)
        used = [one for one in fitting if not one.years or years & set(one.years)]
        if len(used) > 1:
            raise ProjectError(
                say(
                    "there are several overlays for {area}: {folders}; put the rows into one "
                    "folder, or name areas and years",
                    area=area_id or self.name,
                    folders=join_texts(", ", (one.folder for one in used)),
                )
            )
        if used and used[0].years and not years <= set(used[0].years):
            raise ProjectError(
                say(
                    "the overlay {folder} is for some years of a table and not for {years}; give "
                    "each year a table of its own, or widen the years",
                    folder=used[0].folder,
                    years=join_texts(", ", map(str, sorted(years - set(used[0].years)))),
                )
            )
        return used[0].folder if used else ""


def find_project(start: Path) -> Path:
    """Return the folder of the project that a folder lies in.

    Raises
    ------
    ProjectError
        If neither it nor a folder above it holds a carbonacct.toml.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / FILE).is_file():
            return folder
    raise ProjectError(
        say(
            "{start}: is in no project: no {file} here or above; go to the project, or begin one: carbonacct init AREA",
            start=start,
            file=FILE,
        )
    )


def read_declaration(folder: Path) -> Declaration:
    """Return what the carbonacct.toml in a folder declares.

    Raises
    ------
    ProjectError
        If it cannot be read, has a key that is not known, or lacks one that is needed.
    """
    path = folder / FILE
    try:
        held = read_toml(path)
    except OSError as error:
        raise ProjectError(
            say("{place}: cannot be read ({strerror})", place=path, strerror=error.strerror)
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(
            say("{file}: is no TOML ({error}); correct the line", file=FILE, error=error)
        ) from None
    try:
        return _declare(folder, held)
    except ProjectError as error:
        raise ProjectError(say("{file}: {error}", file=FILE, error=error)) from None
    except (AttributeError, TypeError, ValueError) as error:
        raise ProjectError(
            say(
                "{file}: a value is of another kind than its key asks for ({error}); correct it",
                file=FILE,
                error=error,
            )
        ) from None


def _declare(folder: Path, held: Mapping[str, Any]) -> Declaration:
    check_keys("", held)
    if held.get("schema") != SCHEMA:
        raise ProjectError(
            say(
                "schema is {schema!r}; this program reads schema = {schema_shown}",
                schema=held.get("schema"),
                schema_shown=SCHEMA,
            )
        )
    project, methods = take_one(held, "project"), take_one(held, "methods")
    energy = take_one(held, "energy")
    if "years" not in project:
        raise ProjectError(
            say('project has no years; write years = "2015-2021", or none is missing')
        )
    if "energy" not in methods:
        raise ProjectError(say('methods has no energy; write energy = "provincial-2011"'))
    outputs = held.get("outputs", {})
    for name, file in outputs.items():
        take_path(f"outputs.{name}", file)
    areas_file = take_path("project.areas", project.get("areas", ""))
    areas = read_areas(folder / areas_file) if areas_file else ()
    declaration = Declaration(
        folder=folder,
        name=str(project.get("name") or project.get("area") or folder.name),
        years=read_years(project["years"]),
        method=_read_method("energy", methods["energy"]),
        sources=_read_method("sources", methods.get("sources", methods["energy"])),
        area=str(project.get("area", "")),
        lang=take_choice("project.lang", project.get("lang", "zh"), LANGUAGES),
        gases=tuple(map(str, project.get("gases", ("CO2",)))),
        metric=str(project.get("metric", "")),
        energy={key: value for key, value in energy.items() if key not in ENERGY_OF_PANEL},
        energy_basis=read_energy_basis(energy),
        tables=tuple(
            tables
            for entry, one in enumerate(take_several(held, "table"))
            for tables in _for_each_area(replace(_read_tables(one, areas), entry=entry), areas)
        ),
        activities=tuple(
            activities
            for one in take_several(held, "activity")
            for activities in _find_activities(folder, take_file(one, "activity", "file"), areas)
        ),
        overlays=tuple(_read_overlay(one, areas) for one in take_several(held, "overlay")),
        bases=tuple(read_basis(one) for one in take_several(held, "drivers")),
        splices=tuple(read_splice(one) for one in take_several(held, "splice")),
        stated=tuple(read_stated(one) for one in take_several(held, "notation")),
        notes=tuple(read_note(one) for one in take_several(held, "note")),
        targets=tuple(take_several(held, "target")),
        targets_file=take_path("targets_file", held.get("targets_file", "")),
        compare_targets=_read_names(
            "compare_targets", held.get("compare_targets", ()), "carbon-peak-2021"
        ),
        uncertainty=_read_uncertainty(held),
        shares=tuple(_read_share(one) for one in take_several(held, "share")),
        scenario=_read_scenario(held),
        indices=_read_indices(held),
        analysis={name: tuple(words) for name, words in take_one(held, "analysis").items()},
        accepted=take_path("accepted", held.get("accepted", "accepted.csv")),
        corrections=take_path("corrections", held.get("corrections", "corrections.csv")),
        outputs=outputs,
        areas=areas,
        areas_file=areas_file,
        own=known_area("project.own", project.get("own", ""), areas),
        compared=read_level(project.get("compare_sum_of", ""), areas),
    )
    if declaration.compared and not declaration.own:
        raise ProjectError(
            say("project.compare_sum_of needs an area to compare with; write project.own")
        )
    return _choose(check_places(declaration))


def _choose(declaration: Declaration) -> Declaration:
    """Return a declaration with what areas say otherwise; a fault of one stays in that area."""
    chosen, faults = {}, {}
    files = find_area_files(declaration)
    for area in declaration.areas:
        name = f"areas/{area.id}/{AREA_FILE}"
        if name not in files:
            continue
        try:
            chosen[area.id] = _read_choices(declaration, name)
        except (ProjectError, OSError, ValueError) as error:
            faults[area.id] = say("{file}: {fault}; correct it", file=name, fault=str(error))
        except (TypeError, AttributeError):
            faults[area.id] = say(
                "{file}: a value is of another kind than its key asks for; correct it", file=name
            )
    return replace(declaration, chosen=chosen, faults=faults)


def find_area_files(declaration: Declaration) -> list[str]:
    """Return the files in which areas say something otherwise."""
    files = [f"areas/{area.id}/{AREA_FILE}" for area in declaration.areas]
    return [file for file in files if (declaration.folder / file).is_file()]


def _read_share(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return how a target is divided; a file of growth lies in the project."""
    found = {**one, "growth": take_path("share.growth", one["growth"])} if "growth" in one else one
    weights = one.get("weights", {})
    if not isinstance(weights, dict):
        raise ProjectError(
            say(
                "share.weights is {weights!r}; write {{ gdp = 0.5, population = 0.5 }}",
                weights=weights,
            )
        )
    numbers = {key: one[key] for key in ("floor", "reserve") if key in one}
    numbers |= {f"weights.{name}": weight for name, weight in weights.items()}
    years = {key: one[key] for key in ("year", "base_year", "by_year") if key in one}
    for key, value in (numbers | years).items():
        if isinstance(value, bool) or not isinstance(value, int if key in years else (int, float)):
            raise ProjectError(
                say(
                    "share.{key} is {value!r}, which is no number; correct it", key=key, value=value
                )
            )
    return found


def _read_indices(held: Mapping[str, Any]) -> tuple[DeclaredIndex, ...]:
    """Return the declared indices, each once: results go by its name."""
    found = tuple(read_declared_index(one) for one in take_several(held, "index"))
    names = [one.name for one in found]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ProjectError(
            say(
                "the index {name} is declared twice; declare it once, with a file of all areas",
                name=twice[0],
            )
        )
    return found


def _read_names(key: str, held: object, example: str) -> tuple[str, ...]:
    """Return a name or a list of them."""
    names = [held] if isinstance(held, str) else held
    if not isinstance(names, (list, tuple)) or not all(isinstance(one, str) for one in names):
        raise ProjectError(
            say(
                '{key} is {held!r}; write {key} = "{example}", or a list',
                key=key,
                held=held,
                example=example,
            )
        )
    return tuple(names)


def _read_uncertainty(held: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return how uncertain inputs are said to be; None where nobody asks for it."""
    if "uncertainty" not in held:
        return None
    found = dict(take_one(held, "uncertainty"))
    if "activity" in found:
        found["activity"] = take_path("uncertainty.activity", found["activity"])
    return found


def _read_scenario(held: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what scenarios start from; nothing where none are declared."""
    found = take_one(held, "scenario")
    numbers = {key: NUMBERS[key](value) for key, value in found.items() if key in NUMBERS}
    return {**found, **numbers, "file": take_file(found, "scenario", "file")} if found else found


def _read_choices(declaration: Declaration, name: str) -> Choices:
    held = read_toml(declaration.folder / name)
    for table in ("", *held):
        check_keys(table, held if not table else held[table], known=OF_AREAS)
    methods, energy, project = (held.get(table, {}) for table in ("methods", "energy", "project"))
    own = {f"{table}.{key}" for table in held for key in held[table]}
    if "energy" in methods and declaration.sources == declaration.method:
        own.add("methods.sources")  # which follows energy unless somebody says otherwise
        methods = {"sources": methods["energy"], **methods}
    return Choices(
        method=_read_method("energy", methods.get("energy", declaration.method)),
        sources=_read_method("sources", methods.get("sources", declaration.sources)),
        energy={**declaration.energy, **energy},
        gases=tuple(map(str, project.get("gases", declaration.gases))),
        origins=dict.fromkeys(own, name),
    )


def _read_method(key: str, word: object) -> str:
    """Return the name of a method, or the path of a file of it in the project."""
    method = str(word)
    return take_path(f"methods.{key}", method) if is_own_file(method) else method


def _for_each_area(tables: Tables, areas: Sequence[ProjectArea]) -> list[Tables]:
    """Return a pattern with {area} once for each area, and another as it is."""
    if _PLACE not in tables.files:
        return [tables]
    if not areas:
        raise ProjectError(
            say(
                "table.files is {pattern} and no areas are listed; write project.areas",
                pattern=repr(tables.files),
            )
        )
    return [
        replace(
            tables,
            files=tables.files.replace(_PLACE, area.id),
            mapping=tables.mapping.replace(_PLACE, area.id),
            layout=tables.layout.replace(_PLACE, area.id),
            area=area.name,
            area_id=area.id,
        )
        for area in areas
    ]


def _find_activities(folder: Path, file: str, areas: Sequence[ProjectArea]) -> list[ActivityTable]:
    """Return a file once for each area that has it, or the one that it is."""
    if _PLACE not in file:
        return [ActivityTable(file)]
    found = [ActivityTable(file.replace(_PLACE, area.id), area.id) for area in areas]
    return [one for one in found if (folder / one.file).is_file()]


def _read_overlay(one: Mapping[str, Any], areas: Sequence[ProjectArea]) -> Overlay:
    named = one.get("areas", ())
    return Overlay(
        folder=take_file(one, "overlay", "folder"),
        areas=tuple(known_area("overlay.areas", name, areas) for name in named),
        years=read_years(one["years"]) if "years" in one else (),
    )


def _read_tables(one: Mapping[str, Any], areas: Sequence[ProjectArea]) -> Tables:
    year, area = one.get("year"), str(one.get("area", ""))
    own = find_area(area, areas) if area else None
    if year is not None and not isinstance(year, int):
        raise ProjectError(say("table.year is {year!r}; write a year such as 2015", year=year))
    return Tables(
        files=take_file(one, "table", "files"),
        mapping=take_path("table.mapping", one.get("mapping", "")),
        layout=take_path("table.layout", one.get("layout", "")),
        area=own.name if own else area,
        area_id=own.id if own else "",
        year=year,
        supersedes=take_path("table.supersedes", one.get("supersedes", "")),
        vintage=str(one.get("vintage", "")),
        sheet=_read_names("table.sheet", one.get("sheet", ()), "平衡表"),
    )
