"""Values of a sector's parameters: what a compiler states, else the row of an edition."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.data import list_data
from carbonacct.equations.arithmetic import MISSING, NumbersAndStates, states_of
from carbonacct.equations.axes import Data, Numbers
from carbonacct.equations.dimensions import measure, scale_between
from carbonacct.errors import EquationError, FactorDataError, UnitError, near_or_known
from carbonacct.factors import load_edition
from carbonacct.factors.choosing import area_chain, choose_rows
from carbonacct.factors.editions import find_edition
from carbonacct.factors.keyed import KeyedEdition, read_keyed
from carbonacct.factors.row_faults import PARAMETERS
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from carbonacct.equations.sector import Sector
    from carbonacct.factors.editions import FactorRow
    from carbonacct.factors.keyed import Parameter

MIDDLE = say("middle of the printed range")


def choose_factors(
    sector: Sector,
    data: Data,
    *,
    overlays: Sequence[KeyedEdition] = (),
    partitions: Mapping[str, Mapping[str, str]] | None = None,
    allow_unverified: bool = False,
    only: Collection[str] | None = None,
    once: bool = False,
) -> Data:
    """Return the data with a value for every parameter that has one for the place.

    What a compiler stated comes first, then overlays, then the parameter's editions. What has no
    row is missing; whether that matters is known once the equations are worked out.

    Parameters
    ----------
    overlays
        Tables of one's own, asked before the published editions.
    partitions
        Members that a project says of groups which tables print: the climate zone of a city. By
        partition, the group of each label.
    allow_unverified
        Use rows that nobody could check as well.
    only
        Parameters that are asked for; all where not given.
    once
        Values that are the same for all areas, or years, stand once: for results alone, not for
        derivatives and messages, which name places.

    Raises
    ------
    FactorDataError
        Faults of the tables, all of them; or two rows that are equally near.
    EquationError
        If no table has such a partition, or no such group of it.
    """
    asked = {name for about in sector.parameters.values() for _, name in about.groups}
    for name in partitions or {}:
        if name not in asked:
            near = near_or_known(name, asked, listed=sorted(asked))
            raise EquationError(
                say("{id} has no partition {name!r}; {near}", id=sector.id, name=name, near=near)
            )
    numbers = dict(data.numbers)
    merged: dict[KeyedEdition, KeyedEdition] = {}
    tables: list[tuple[Parameter, list[KeyedEdition]]] = []
    for parameter in sector.parameters.values():
        if only is not None and parameter.id not in only:
            continue
        editions = []
        for edition in (*overlays, *load_factors(sector, parameter)):
            if edition not in merged:
                merged[edition] = _with_members(edition, partitions or {})
            editions.append(merged[edition])
        tables.append((parameter, editions))
    kinds = _find_kinds(data.axes.areas, list(merged.values()))
    options = _Options(kinds, allow_unverified=allow_unverified, once=once)
    for parameter, editions in tables:
        numbers[parameter.id] = _values_of(parameter, editions, data, options)
    return replace(data, numbers=numbers)


class _Kinds(NamedTuple):
    """Areas that no table tells apart: one of each kind, and the kind of each area."""

    areas: list[str]
    kind: np.ndarray


class _Options(NamedTuple):
    """How rows are chosen."""

    kinds: _Kinds
    allow_unverified: bool
    once: bool


def _find_kinds(areas: Sequence[str], editions: Sequence[KeyedEdition]) -> _Kinds:
    """Return the kinds of areas: tables print areas of the vocabulary, and groups."""
    known = vocabulary.areas()
    partitions = [members for edition in editions for members in edition.partitions.values()]
    kinds: dict[tuple[str, ...], int] = {}
    first: list[str] = []
    kind = np.zeros(len(areas), np.intp)
    for position, area in enumerate(areas):
        names = [name for names in area_chain(area) for name in names]
        printed = [name if name in known else "" for name in names]
        printed += [members.get(name, "") for members in partitions for name in names]
        kind[position] = kinds.setdefault(tuple(printed), len(kinds))
        if len(kinds) > len(first):
            first.append(area)
    return _Kinds(first, kind)


def _with_members(
    edition: KeyedEdition, partitions: Mapping[str, Mapping[str, str]]
) -> KeyedEdition:
    """Return an edition with more members of groups; one that it does not print is refused."""
    merged = dict(edition.partitions)
    for name, members in partitions.items():
        if name not in merged:
            continue
        groups = set(merged[name].values())
        for group in members.values():
            if group not in groups:
                near = near_or_known(group, groups, listed=sorted(groups))
                raise EquationError(
                    say(
                        "{id} has no group {group!r} in {name}; {near}",
                        id=edition.id,
                        group=group,
                        name=name,
                        near=near,
                    )
                )
        merged[name] = {**merged[name], **members}
    return replace(edition, partitions=merged)


def read_overlay(sector: Sector, folder: str | Path) -> KeyedEdition:
    """Return the user's own tables for a sector: ``<folder>/<sector>/<parameter>.csv``.

    An overlay without a folder of the sector has no table for it.

    Raises
    ------
    FactorDataError
        Faults of the tables, all of them; or it is no folder with a ``source.toml``.
    """
    path = Path(folder).resolve()
    name = sector.id.rpartition("/")[2]
    if not (path / "source.toml").is_file():
        raise FactorDataError(
            say(
                "{folder}: an overlay is a folder with a source.toml and parameter tables",
                folder=folder,
            )
        )
    if not (path / name).is_dir():
        return KeyedEdition(path.name, {})
    faults: list[str] = []
    parameters = tuple(sector.parameters.values())
    others = _tables_of_methods(name)
    found = read_keyed(path / name, parameters, _unit_fault, faults, others=others)
    if faults:
        raise FactorDataError(join_texts("\n", faults))
    return found


def load_factors(sector: Sector, parameter: Parameter) -> list[KeyedEdition]:
    """Return the editions that a parameter of a sector is looked for in."""
    editions = [_load(sector, edition) for edition in parameter.editions or sector.editions]
    if not parameter.middle:
        return editions
    return [with_middles(edition, parameter.file) for edition in editions]


def with_middles(edition: KeyedEdition, table: str) -> KeyedEdition:
    """Return an edition in which rows of a table that print a range alone have its middle."""
    rows = tuple(
        (
            replace(row, value=(row.lower + row.upper) / 2, item=MIDDLE)
            if math.isnan(row.value)
            else row
        )
        for row in edition.rows.get(table, ())
    )
    return replace(edition, rows={**edition.rows, table: rows})


@cache
def _load_tables(sector_id: str, edition: str, parameters: tuple[Parameter, ...]) -> KeyedEdition:
    name = sector_id.rpartition("/")[2]
    folder = find_edition(edition) / name
    faults: list[str] = []
    tables = KeyedEdition(edition, {})
    if folder.is_dir():
        others = _tables_of_methods(name)
        tables = read_keyed(folder, parameters, _unit_fault, faults, others=others)
    if faults:
        raise FactorDataError(join_texts("\n", faults))
    old = {
        parameter.file: tuple(
            row
            for row in load_edition(edition).rows
            if row.parameter == parameter.file
            and not (row.product or row.flow or row.category or row.area)
        )
        for parameter in parameters
        if parameter.file in PARAMETERS and parameter.file not in tables.rows
    }
    return replace(tables, rows={**old, **tables.rows})


@cache
def _tables_of_methods(sector: str) -> frozenset[str]:
    """Return the tables that some method's file of a sector names: an edition serves several."""
    paths = list_data(f"methods/*/{sector}.toml").values()
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]
    named = [item for file in files for item in file.get("parameter", {}).items()]
    return frozenset(about.get("table", name) for name, about in named)


def _load(sector: Sector, edition: str) -> KeyedEdition:
    """Return an edition's tables of the parameters that ask it: it may have others of like name."""
    asked = sector.editions
    asking = (about for about in sector.parameters.values() if edition in (about.editions or asked))
    return _load_tables(sector.id, edition, tuple(asking))


def _unit_fault(unit: str, wanted: str) -> str:
    try:
        printed, asked = measure(unit), measure(wanted)
    except UnitError as error:
        return str(error)
    return (
        ""
        if printed.powers == asked.powers
        else say("{unit} cannot be turned into {wanted}", unit=unit, wanted=wanted)
    )


def _values_of(
    parameter: Parameter, editions: Sequence[KeyedEdition], data: Data, options: _Options
) -> Numbers:
    """Return the values of one parameter, each with the row it came from."""
    axes, kinds = data.axes, options.kinds
    labels = {dim: axes.labels.get(dim, ("",)) for dim in parameter.dims}
    chosen = choose_rows(
        parameter,
        editions,
        areas=kinds.areas,
        years=axes.years,
        labels=labels,
        allow_unverified=options.allow_unverified,
        once=options.once,
    )
    by_area = "area" in dict(parameter.keys) and not options.once
    if chosen.rows and (len(chosen.index) > 1 or by_area):  # no row at all is one for every area
        chosen = replace(chosen, index=chosen.index[kinds.kind])
    values = np.array([row_in_unit(row, parameter) for row in chosen.rows] or [0.0])
    _refuse_beyond(parameter, chosen.rows, values)
    index = _of_full_rank(chosen.index, parameter.dims, axes.dims)
    states = np.where(index < 0, np.int8(MISSING), np.int8(0))
    found = Numbers(
        NumbersAndStates(np.where(index < 0, 0.0, values[index]), states if states.any() else None),
        index,
        chosen.rows,
    )
    stated = data.numbers.get(parameter.id)
    return _stated_first(stated, found) if stated else found


def row_in_unit(row: FactorRow, parameter: Parameter) -> float:
    """Return a row's value in the unit that its parameter declares."""
    gas = dict(row.labels).get("gas") or "{gas}"
    return row.value * _scale(row.unit, parameter.unit.replace("{gas}", gas))


@cache
def _scale(unit: str, wanted: str) -> float:
    return scale_between(measure(unit), measure(wanted))


def _refuse_beyond(parameter: Parameter, rows: Sequence[FactorRow], values: np.ndarray) -> None:
    for row, value in zip(rows, values, strict=False):
        if not parameter.minimum <= value <= parameter.maximum:
            raise FactorDataError(
                say(
                    "{file}:{line}: {value:g} {unit} is not between {minimum:g} and {maximum:g}",
                    file=row.file,
                    line=row.line,
                    value=value,
                    unit=parameter.unit,
                    minimum=parameter.minimum,
                    maximum=parameter.maximum,
                )
            )


def _of_full_rank(index: np.ndarray, dims: Sequence[str], all_dims: Sequence[str]) -> np.ndarray:
    """Return an array (area, year, dims) with all axes of a run, of length 1 where it has none."""
    having = ["area", "year", *dims]
    order = sorted(range(len(having)), key=lambda place: all_dims.index(having[place]))
    lengths = {having[place]: index.shape[place] for place in order}
    return index.transpose(order).reshape([lengths.get(dim, 1) for dim in all_dims])


def _stated_first(stated: Numbers, found: Numbers) -> Numbers:
    """Return what a compiler stated, and rows where that is missing."""
    missing = states_of(stated.cells) == MISSING
    shape = np.broadcast_shapes(missing.shape, np.shape(found.cells.values))
    missing = np.broadcast_to(missing, shape)
    values = np.where(missing, found.cells.values, stated.cells.values)
    states = np.where(missing, states_of(found.cells), states_of(stated.cells)).astype(np.int8)
    rows = found.origins if found.origins is not None else np.full((1,) * len(shape), -1)
    own = stated.origins if stated.origins is not None else np.full((1,) * len(shape), -1)
    moved = np.where(rows < 0, -1, rows + len(stated.sources))
    origins = np.where(missing, moved, own).astype(np.int32)
    return Numbers(
        NumbersAndStates(values, states if states.any() else None),
        origins,
        (*stated.sources, *found.sources),
    )


def draw_rows(parameter: Parameter, numbers: Numbers, values: np.ndarray) -> Numbers:
    """Return a parameter with other values for its rows: one number a row, or draws.

    A row that serves many cells has one value in all of them, so what shares a row stays
    correlated.

    Parameters
    ----------
    values
        float64 (row,) or (draw, row), in the parameter's unit, in the order of ``numbers.sources``.

    Raises
    ------
    EquationError
        If there are not as many values as rows.

    Examples
    --------
    >>> from carbonacct.factors.keyed import Parameter
    >>> one = Numbers(NumbersAndStates(np.ones((1, 2))), np.array([[0, 0]]), ("a row",))
    >>> draw_rows(Parameter("f", "1"), one, np.array([[2.0], [3.0]])).cells.values.tolist()
    [[[2.0, 2.0]], [[3.0, 3.0]]]
    """
    if numbers.origins is None or values.shape[-1] != len(numbers.sources):
        raise EquationError(
            say(
                "{id}: {shape} values for {source_count} rows; give one each",
                id=parameter.id,
                shape=values.shape[-1],
                source_count=len(numbers.sources),
            )
        )
    drawn = np.take(values, np.maximum(numbers.origins, 0), axis=-1)
    if values.shape[-1] and (numbers.origins < 0).any():
        drawn = np.where(numbers.origins < 0, 0.0, drawn)
    return replace(numbers, cells=NumbersAndStates(drawn, numbers.cells.states))
