"""carbonacct.toml: what a project is made of, read strictly."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from carbonacct.data import read_toml
from carbonacct.errors import ProjectError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE = "carbonacct.toml"
SCHEMA = 1
_MOST_YEARS = 300
_YEARS = re.compile(r"\s*(\d{4})\s*(?:[-\u2013~至]\s*(\d{4})\s*)?")
# The keys of each table of the file: what is not here is a slip of the pen.
KEYS: Mapping[str, tuple[str, ...]] = {
    "": (
        "schema",
        "project",
        "methods",
        "energy",
        "table",
        "activity",
        "overlay",
        "drivers",
        "splice",
        "target",
        "targets_file",
        "analysis",
        "accepted",
        "outputs",
    ),
    "project": ("area", "name", "lang", "years", "gases", "metric"),
    "methods": ("energy", "sources"),
    "energy": ("grid", "carbon_pool", "calorific_values", "allow_unverified"),
    "table": ("files", "mapping", "area", "year", "supersedes"),
    "activity": ("file",),
    "overlay": ("folder",),
    "drivers": ("file",),
    "splice": (
        "flow",
        "product",
        "years",
        "technique",
        "surrogate",
        "percent",
        "longest",
        "because",
    ),
    "target": (
        "id",
        "area",
        "quantity",
        "statistic",
        "bound",
        "value",
        "lower",
        "upper",
        "unit",
        "due",
        "base",
        "prices",
        "path",
        "tolerance",
        "source",
        "firmness",
    ),
    "analysis": ("trend", "decoupling", "peak", "decompose"),
}
_TECHNIQUES = ("interpolation", "extrapolation", "surrogate")


@dataclass(frozen=True)
class Tables:
    """Tables of one kind: a pattern of files, and how they are read."""

    files: str
    mapping: str = ""
    area: str = ""
    year: int | None = None
    supersedes: str = ""


@dataclass(frozen=True)
class Splice:
    """A rule that fills years of one series where no print exists."""

    years: tuple[int, ...]
    technique: str
    because: str
    flow: str = "*"
    product: str = "*"
    surrogate: str = ""
    percent: float = 0.0
    longest: int = 5


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
    outputs
        Files by what they are called, the kind by their suffix.
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
    tables: tuple[Tables, ...] = ()
    activities: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    splices: tuple[Splice, ...] = ()
    targets: tuple[Mapping[str, Any], ...] = ()
    targets_file: str = ""
    analysis: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accepted: str = "accepted.csv"
    outputs: Mapping[str, str] = field(default_factory=dict)


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
            "{start}: is in no project: no {file} here or above; carbonacct init AREA",
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
    place = folder / FILE
    try:
        held = read_toml(place)
    except OSError as error:
        raise ProjectError(
            say("{place}: cannot be read ({strerror})", place=place, strerror=error.strerror)
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
    _check_keys("", held)
    if held.get("schema") != SCHEMA:
        raise ProjectError(
            say(
                "schema is {schema!r}; this program reads schema = {schema_shown}",
                schema=held.get("schema"),
                schema_shown=SCHEMA,
            )
        )
    project, methods = _one(held, "project"), _one(held, "methods")
    if "years" not in project:
        raise ProjectError(
            say('project has no years; write years = "2015-2021", or none is missing')
        )
    if "energy" not in methods:
        raise ProjectError(say('methods has no energy; write energy = "provincial-2011"'))
    outputs = held.get("outputs", {})
    for name, file in outputs.items():
        _inside(f"outputs.{name}", file)
    return Declaration(
        folder=folder,
        name=str(project.get("name") or project.get("area") or folder.name),
        years=read_years(project["years"]),
        method=str(methods["energy"]),
        sources=str(methods.get("sources", methods["energy"])),
        area=str(project.get("area", "")),
        lang=_choice("project.lang", project.get("lang", "zh"), ("zh", "en")),
        gases=tuple(map(str, project.get("gases", ("CO2",)))),
        metric=str(project.get("metric", "")),
        energy=_one(held, "energy"),
        tables=tuple(_read_tables(one) for one in _several(held, "table")),
        activities=tuple(_file(one, "activity", "file") for one in _several(held, "activity")),
        overlays=tuple(_file(one, "overlay", "folder") for one in _several(held, "overlay")),
        drivers=tuple(_file(one, "drivers", "file") for one in _several(held, "drivers")),
        splices=tuple(_read_splice(one) for one in _several(held, "splice")),
        targets=tuple(_several(held, "target")),
        targets_file=_inside("targets_file", held.get("targets_file", "")),
        analysis={name: tuple(words) for name, words in _one(held, "analysis").items()},
        accepted=_inside("accepted", held.get("accepted", "accepted.csv")),
        outputs=outputs,
    )


def read_years(text: object) -> tuple[int, ...]:
    """Return the years that a text or a list names.

    Examples
    --------
    >>> read_years("2019-2021"), read_years("2012, 2015"), read_years([2020])
    ((2019, 2020, 2021), (2012, 2015), (2020,))
    """
    words = text if isinstance(text, list) else str(text).replace("，", ",").split(",")
    years: list[int] = []
    for word in words:
        found = _YEARS.fullmatch(str(word))
        if not found:
            raise ProjectError(
                say('years {word!r} are none; write "2015-2021" or "2012, 2015"', word=word)
            )
        first, last = int(found[1]), int(found[2] or found[1])
        if not 0 <= last - first < _MOST_YEARS:
            raise ProjectError(
                say("years {word!r} run backwards or too far; correct them", word=word)
            )
        years += range(first, last + 1)
    return tuple(sorted(dict.fromkeys(years)))


def _read_tables(one: Mapping[str, Any]) -> Tables:
    year = one.get("year")
    if year is not None and not isinstance(year, int):
        raise ProjectError(say("table.year is {year!r}; write a year such as 2015", year=year))
    return Tables(
        files=_file(one, "table", "files"),
        mapping=_inside("table.mapping", one.get("mapping", "")),
        area=str(one.get("area", "")),
        year=year,
        supersedes=_inside("table.supersedes", one.get("supersedes", "")),
    )


def _read_splice(one: Mapping[str, Any]) -> Splice:
    lacking = [key for key in ("years", "technique", "because") if key not in one]
    if lacking:
        raise ProjectError(
            say("splice has no {lacking}; a filled year says how and why", lacking=lacking[0])
        )
    return Splice(
        years=read_years(one["years"]),
        technique=_choice("splice.technique", one["technique"], _TECHNIQUES),
        because=str(one["because"]),
        flow=str(one.get("flow", "*")),
        product=str(one.get("product", "*")),
        surrogate=str(one.get("surrogate", "")),
        percent=float(one.get("percent", 0.0)),
        longest=int(one.get("longest", 5)),
    )


def _check_keys(table: str, held: Mapping[str, Any]) -> None:
    for key in held:
        if key not in KEYS[table]:
            near = did_you_mean(key, KEYS[table]) or say(
                "known: {key}", key=join_texts(", ", KEYS[table])
            )
            raise ProjectError(
                say("no key {key!r}; {near}", key=f"{table}.{key}".lstrip("."), near=near)
            )


def _one(held: Mapping[str, Any], table: str) -> Mapping[str, Any]:
    found = held.get(table, {})
    if not isinstance(found, dict):
        raise ProjectError(
            say("{table} is no table; write [{table}] and its keys below", table=table)
        )
    _check_keys(table, found)
    return found


def _several(held: Mapping[str, Any], table: str) -> Iterable[Mapping[str, Any]]:
    found = held.get(table, [])
    rows = found if isinstance(found, list) else [found]
    for row in rows:
        if not isinstance(row, dict):
            raise ProjectError(
                say("{table} is no list of tables; write [[{table}]] and its keys", table=table)
            )
        _check_keys(table, row)
    return rows


def _file(one: Mapping[str, Any], table: str, key: str) -> str:
    if key not in one:
        raise ProjectError(
            say(
                "{table} has no {key}; name it, relative to the project's folder",
                table=table,
                key=key,
            )
        )
    return _inside(f"{table}.{key}", one[key])


def _inside(key: str, path: object) -> str:
    """Return a path as text that stays in the project's folder: a project moves as one."""
    text = str(path).replace("\\", "/")
    if text.startswith(("/", "~")) or ".." in text.split("/") or re.match(r"[A-Za-z]:", text):
        raise ProjectError(
            say("{key} is {text!r}; name a path inside the project's folder", key=key, text=text)
        )
    return text


def _choice(key: str, value: object, known: tuple[str, ...]) -> str:
    if value not in known:
        near = did_you_mean(str(value), known) or say(
            "known: {known}", known=join_texts(", ", known)
        )
        raise ProjectError(say("{key} is {value!r}; {near}", key=key, value=value, near=near))
    return str(value)
