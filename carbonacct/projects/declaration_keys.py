"""The keys of carbonacct.toml and of an area's own file: what is not here is a slip of the pen."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from carbonacct.errors import ProjectError, did_you_mean, near_or_known
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# The keys of each table of the file: what is not here is a slip of the pen.
_MOST_YEARS = 300
_YEARS = re.compile(r"\s*(\d{4})\s*(?:[-\u2013~至]\s*(\d{4})\s*)?")
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
        "notation",
        "note",
        "target",
        "targets_file",
        "compare_targets",
        "uncertainty",
        "share",
        "scenario",
        "index",
        "analysis",
        "accepted",
        "corrections",
        "outputs",
    ),
    "project": (
        "area",
        "name",
        "lang",
        "years",
        "gases",
        "metric",
        "areas",
        "own",
        "compare_sum_of",
    ),
    "methods": ("energy", "sources"),
    "energy": (
        "grid",
        "carbon_pool",
        "calorific_values",
        "allow_unverified",
        "tce",
        "coal_equivalent",
        "power_rate",
    ),
    "table": ("files", "sheet", "mapping", "layout", "area", "year", "supersedes", "vintage"),
    "activity": ("file",),
    "overlay": ("folder", "areas", "years"),
    "drivers": ("file", "sheet", "prices", "tce"),
    "splice": (
        "flow",
        "product",
        "years",
        "technique",
        "level",
        "surrogate",
        "previous",
        "form",
        "percent",
        "longest",
        "single_year",
        "because",
    ),
    "notation": ("category", "key", "in", "area", "years", "gas", "because"),
    "note": ("text", "category", "area", "years"),
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
        "scope",
        "boundary",
        "subset",
    ),
    "share": (
        "target",
        "over",
        "rule",
        "column",
        "weights",
        "year",
        "base_year",
        "by_year",
        "floor",
        "reserve",
        "growth",
    ),
    "uncertainty": ("activity", "statistics", "bounds_from", "seed", "draws"),
    "scenario": (
        "file",
        "area",
        "base",
        "gas",
        "scope",
        "base_error",
        "draws",
        "seed",
        "peak_by",
        "budget",
        "model",
    ),
    "index": ("id", "file", "sheet", "coal_equivalent", "power_rate", "sources"),
    "analysis": ("trend", "decoupling", "peak", "decompose"),
}
# Tables that may stand several times, as [[table]].
SEVERAL = (
    "table",
    "activity",
    "overlay",
    "drivers",
    "splice",
    "notation",
    "note",
    "target",
    "share",
    "index",
)
# Keys without which a table says nothing.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "": ("schema", "project", "methods"),
    "project": ("years",),
    "methods": ("energy",),
    "table": ("files",),
    "activity": ("file",),
    "overlay": ("folder",),
    "drivers": ("file",),
    "splice": ("years", "technique", "because"),
    "notation": ("category", "key", "because"),
    "note": ("text",),
    "scenario": ("file",),
    "index": ("id",),
}
LANGUAGES = ("zh", "en")
# What the numbers of a scenario are.
NUMBERS: Mapping[str, type[int | float]] = {
    **dict.fromkeys(("base", "draws", "seed", "peak_by"), int),
    **dict.fromkeys(("base_error", "budget"), float),
}
# What areas/<id>/area.toml may say otherwise for its area.
OF_AREAS: Mapping[str, tuple[str, ...]] = {
    "": ("project", "methods", "energy"),
    "project": ("gases",),
    "methods": KEYS["methods"],
    # One column of the panel is by one definition: that of the project.
    "energy": ("grid", "carbon_pool", "calorific_values", "allow_unverified"),
}


def check_keys(
    table: str, held: Mapping[str, Any], known: Mapping[str, tuple[str, ...]] = KEYS
) -> None:
    """Refuse a key of a table that is not known, with the nearest name.

    Raises
    ------
    ProjectError
        If there is one.
    """
    for key in held:
        if key not in known[table]:
            homes = [name for name, keys in known.items() if key in keys and name]
            near = did_you_mean(key, known[table])
            if not near and homes:
                near = say("it is a key of {tables}", tables=join_texts(", ", homes))
            near = near or say("known: {key}", key=join_texts(", ", known[table]))
            raise ProjectError(
                say("no key {key!r}; {near}", key=f"{table}.{key}".lstrip("."), near=near)
            )


def take_one(held: Mapping[str, Any], table: str) -> Mapping[str, Any]:
    """Return a table of the declaration, empty where there is none."""
    found = held.get(table, {})
    if not isinstance(found, dict):
        raise ProjectError(
            say("{table} is no table; write [{table}] and its keys below", table=table)
        )
    check_keys(table, found)
    return found


def take_several(held: Mapping[str, Any], table: str) -> Iterable[Mapping[str, Any]]:
    """Return a list of tables of the declaration; one table is a list of one."""
    found = held.get(table, [])
    rows = found if isinstance(found, list) else [found]
    for row in rows:
        if not isinstance(row, dict):
            raise ProjectError(
                say("{table} is no list of tables; write [[{table}]] and its keys", table=table)
            )
        check_keys(table, row)
    return rows


def take_file(one: Mapping[str, Any], table: str, key: str) -> str:
    """Return the file that a key must name."""
    if key not in one:
        raise ProjectError(
            say(
                "{table} has no {key}; name it, relative to the project's folder",
                table=table,
                key=key,
            )
        )
    return take_path(f"{table}.{key}", one[key])


def take_path(key: str, path: object) -> str:
    """Return a path as text that stays in the project's folder: a project moves as one."""
    text = str(path).replace("\\", "/")
    if text.startswith(("/", "~")) or ".." in text.split("/") or re.match(r"[A-Za-z]:", text):
        raise ProjectError(
            say("{key} is {text!r}; name a path inside the project's folder", key=key, text=text)
        )
    return text


def take_choice(key: str, value: object, known: tuple[str, ...]) -> str:
    """Return a word that must be one of those known."""
    if value not in known:
        near = near_or_known(str(value), known)
        raise ProjectError(say("{key} is {value!r}; {near}", key=key, value=value, near=near))
    return str(value)


def take_number(key: str, value: object) -> float | None:
    """Return a number, None for none."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if value is not None and not (is_number and math.isfinite(value)):  # type: ignore[arg-type]
        raise ProjectError(
            say("{key} is {value!r}, which is no number; correct it", key=key, value=value)
        )
    return None if value is None else float(value)  # type: ignore[arg-type]


def take_sheet_name(key: str, value: object) -> str:
    """Return the name of one sheet, or a pattern, ``""`` for none."""
    if not isinstance(value, str):
        raise ProjectError(
            say("{key} is {value!r}; write the name of one sheet", key=key, value=value)
        )
    return value


def check_there(folder: Path, file: str, key: str) -> None:
    """Refuse a declared file that is not there; a reader would name folders of this machine.

    Raises
    ------
    ProjectError
        If it is not.
    """
    if not (folder / file).is_file():
        raise ProjectError(
            say(
                "{file}: is not there; put it into the project's folder, or correct {key}",
                file=file,
                key=key,
            )
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
                say('years {word!r} are not years; write "2015-2021" or "2012, 2015"', word=word)
            )
        first, last = int(found[1]), int(found[2] or found[1])
        if not 0 <= last - first < _MOST_YEARS:
            raise ProjectError(
                say("years {word!r} run backwards or too far; correct them", word=word)
            )
        years += range(first, last + 1)
    return tuple(sorted(dict.fromkeys(years)))
