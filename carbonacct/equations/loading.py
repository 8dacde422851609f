"""Load a method's sector file: every fault at once, with file and block; or the sector, checked."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.data import list_data
from carbonacct.equations.assembling import assemble
from carbonacct.equations.dimensions import measure
from carbonacct.equations.examples import find_example_faults
from carbonacct.equations.schema import find_schema_faults
from carbonacct.equations.sector import AskedActivity, Sector
from carbonacct.errors import EquationError, UnitError, did_you_mean, name_some, near_or_known
from carbonacct.factors.editions import edition_ids
from carbonacct.factors.keyed import Parameter
from carbonacct.texts import join_texts, say
from carbonacct.units import nouns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME = re.compile(r"[^\W\d]\w*")


def sector_ids() -> list[str]:
    """Return the sector files that ship or that other packages bring, each as ``<method>/<sector>``.

    Examples
    --------
    >>> "provincial-2011/processes" in sector_ids()
    True
    """
    return sorted(_sector_files())


def _sector_files() -> dict[str, Path]:
    """Return the file of each sector."""
    files = list_data("methods/*/*.toml").values()
    return {
        f"{path.parent.name}/{path.stem}": path for path in files if path.parent.name != "bases"
    }


@cache
def load_sector(identifier: str) -> Sector:
    """Return a sector file that ships, by its id.

    Raises
    ------
    EquationError
        If it does not exist, or has faults: all of them.

    Examples
    --------
    >>> load_sector("provincial-2011/processes").blocks["cement"].category
    '2.A.1'
    """
    if identifier not in sector_ids():
        near = near_or_known(identifier, sector_ids())
        raise EquationError(
            say("no sector file {identifier!r}; {near}", identifier=identifier, near=near)
        )
    return read_sector(_sector_files()[identifier])


def read_sector(path: str | Path) -> Sector:
    """Read a sector file, check it, and work its examples.

    Raises
    ------
    EquationError
        Every fault of the file, one a line, with file and block.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EquationError(
            say(
                "{path}: cannot be read ({error}); give a TOML file in UTF-8",
                path=path,
                error=error,
            )
        ) from None
    return parse_sector(text, f"{path.resolve().parent.name}/{path.stem}", file=path.name)


def parse_sector(text: str, identifier: str, *, file: str = "") -> Sector:
    """Return a sector from the text of its file.

    Parameters
    ----------
    identifier
        ``<method>/<sector>``.
    file
        What messages call it.

    Raises
    ------
    EquationError
        Every fault of the file, one a line, with file and block.
    """
    file = file or f"{identifier}.toml"
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EquationError(
            say("{file}: is no TOML: {error}; texts stand in quotes", file=file, error=error)
        ) from None
    return build_sector(content, identifier, file)


def build_sector(content: Mapping[str, Any], identifier: str, file: str) -> Sector:
    """Return a sector from what its file holds.

    Raises
    ------
    EquationError
        Every fault of the file, one a line, with file and block.
    """
    _raise(file, list(find_schema_faults(content)))
    faults = [*_name_faults(content), *_declared_faults(content), *_edition_faults(content)]
    activities = {
        name: _activity(name, about) for name, about in content.get("activity", {}).items()
    }
    parameters = {
        name: _parameter(name, about) for name, about in content.get("parameter", {}).items()
    }
    blocks = assemble(content, activities, parameters, faults)
    _raise(file, faults)
    sector = Sector(
        id=identifier,
        title=content.get("title", ""),
        title_zh=content.get("title_zh", ""),
        reference=content.get("reference", ""),
        editions=tuple(content.get("editions", ())),
        activities=activities,
        parameters=parameters,
        blocks=blocks,
    )
    _raise(file, find_example_faults(sector))
    return sector


def _raise(file: str, faults: list[str]) -> None:
    if faults:
        raise EquationError(
            join_texts("\n", (say("{file}: {fault}", file=file, fault=fault) for fault in faults))
        )


def _edition_faults(content: Mapping[str, Any]) -> Iterator[str]:
    """Find editions that do not exist: their factors would lack one by one."""
    own = [
        name
        for about in content.get("parameter", {}).values()
        for name in about.get("editions", ())
    ]
    known = edition_ids()
    for name in dict.fromkeys([*content.get("editions", ()), *own]):
        if name not in known:
            near = did_you_mean(name, known) or say(
                "known: {editions}", editions=name_some(known, 6)
            )
            yield say("editions: there is no edition {name!r}; {near}", name=name, near=near)


def _name_faults(content: Mapping[str, Any]) -> Iterator[str]:
    """Find names that are none, or that stand for two things."""
    seen: dict[str, str] = {}
    blocks = [
        (kind, about["id"]) for kind in ("quantity", "source") for about in content.get(kind, [])
    ]
    named = [(kind, name) for kind in ("activity", "parameter") for name in content.get(kind, {})]
    for kind, name in named + blocks:
        if not _NAME.fullmatch(name):
            yield say(
                "{kind} {name!r} is not a name; write letters, digits and _", kind=kind, name=name
            )
        if nouns().get(name) in {"gas", "placeholder"}:
            yield say(
                "{kind} {name}: is the name of a gas, which a line may have; choose another",
                kind=kind,
                name=name,
            )
        if name in seen:
            yield say(
                "{kind} {name}: is the name of the {seen} as well; names are unique",
                kind=kind,
                name=name,
                seen=seen[name],
            )
        seen[name] = kind


def _declared_faults(content: Mapping[str, Any]) -> Iterator[str]:
    """Find units that are none, and ranges, keys and dims that contradict each other."""
    for kind in ("activity", "parameter"):
        for name, about in content.get(kind, {}).items():
            try:
                measure(about["unit"])
            except UnitError as error:
                yield say("{kind} {name}: {error}", kind=kind, name=name, error=error)
            low, high = about.get("range", (0, 1))
            if low >= high:
                yield say(
                    "{kind} {name}: range {low:g} to {high:g} is not in order",
                    kind=kind,
                    name=name,
                    low=low,
                    high=high,
                )
    for name, about in content.get("activity", {}).items():
        yield from (
            say("activity {name}: {fault}", name=name, fault=fault) for fault in _dim_faults(about)
        )
    for name, about in content.get("parameter", {}).items():
        columns = dict(_keys(about)).values()
        for column in about.get("groups", {}):
            if column not in columns:
                yield say(
                    "parameter {name}: groups has {column}, which is not one of its keys",
                    name=name,
                    column=column,
                )
        if "year" in columns:
            yield say(
                "parameter {name}: years stand in from and to; take year out of keys", name=name
            )


def _dim_faults(about: Mapping[str, Any]) -> Iterator[str]:
    dims = about.get("dims", [])
    for key in ("shares", "at_most"):
        if about.get(key) and about[key] not in dims:
            yield say("{key} is {about}, which is not one of its dims", key=key, about=about[key])
    for dim in ("area", "year"):
        if dim in dims:
            yield say("every number has an {dim}; take it out of dims", dim=dim)


def _range(about: Mapping[str, Any]) -> tuple[float, float]:
    low, high = about.get("range", (0.0, float("inf")))
    return float(low), float(high)


def _activity(name: str, about: Mapping[str, Any]) -> AskedActivity:
    low, high = _range(about)
    return AskedActivity(
        id=name,
        unit=about["unit"],
        zh=about.get("zh", ""),
        en=about.get("en", ""),
        aliases=tuple(about.get("aliases", ())),
        printed=about.get("printed", ""),
        dims=tuple(about.get("dims", ())),
        absent=about.get("absent", "missing"),
        history=about.get("history", False),
        shares=about.get("shares", ""),
        at_most=about.get("at_most", ""),
        minimum=low,
        maximum=high,
    )


def _keys(about: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    keys = about.get("keys", [])
    return tuple(keys.items()) if isinstance(keys, dict) else tuple((key, key) for key in keys)


def _parameter(name: str, about: Mapping[str, Any]) -> Parameter:
    low, high = _range(about)
    return Parameter(
        id=name,
        unit=about["unit"],
        zh=about.get("zh", ""),
        en=about.get("en", ""),
        keys=_keys(about),
        groups=tuple(about.get("groups", {}).items()),
        minimum=low,
        maximum=high,
        table=about.get("table", ""),
        editions=tuple(about.get("editions", ())),
        middle=about.get("middle_of_range", False),
    )
