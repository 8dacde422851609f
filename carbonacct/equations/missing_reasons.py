"""Say why an entry has no number, and which factors nobody could check were used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.dim_names import called_label
from carbonacct.equations.arithmetic import MISSING, NUMBER, NumbersAndStates, any_over, states_of
from carbonacct.equations.backward import Use, pull
from carbonacct.equations.evaluation import counted_in, work_out
from carbonacct.equations.expression_tree import Call, names_in, walk
from carbonacct.equations.factor_values import MIDDLE, load_factors, with_middles
from carbonacct.equations.offers import offer_factor
from carbonacct.equations.places import name_places
from carbonacct.errors import Finding, name_some
from carbonacct.factors.choosing import choose_rows
from carbonacct.factors.editions import FactorRow
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from carbonacct.equations.axes import Axes, Data
    from carbonacct.equations.evaluation import Worked
    from carbonacct.equations.judging import Filled
    from carbonacct.equations.sector import Sector
    from carbonacct.factors.keyed import KeyedEdition, Parameter

_ANY_FACTOR = 0.618  # stands for a factor that is there: no sum of such is 0 or 1 by chance


def find_reasons(sector: Sector, filled: Filled, worked: Mapping[str, Worked]) -> Iterator[Finding]:
    """Find what lacks where an activity is reported, what counted as zero, unverified factors."""
    data = filled.data
    doubtful = [name for name in sector.parameters if _has_doubtful(data, name)]
    used: dict[FactorRow, list[str]] = {}  # blocks by the doubtful rows that they take
    gaps = {
        block.id: (
            (states_of(worked[block.id].cells) == MISSING)
            & _reported(sector, data, worked, block.id)
        )
        for block in sector.sources
    }
    unasked = find_unasked(sector, data, [name for name, gap in gaps.items() if gap.any()])
    for block in sector.sources:
        for gap, find in (
            (gaps[block.id] & unasked.get(block.id, False), _unasked_findings),
            (gaps[block.id] & ~unasked.get(block.id, np.False_), _gap_findings),
        ):
            if gap.any():
                needed = pull(worked, data, block.id, gap.astype(float), rule=Use())
                lacks = _find_lacking(data, needed, gap)
                yield from find(sector, data, block.id, lacks)
        numbers = states_of(worked[block.id].cells) == NUMBER
        if numbers.any() and (doubtful or filled.assumed):
            parts = pull(worked, data, block.id, numbers.astype(float), rule=Use())
            yield from _assumed_findings(sector, block.id, filled, parts)
            for name in filter(parts.__contains__, doubtful):
                for row in _rows_in(data, name, parts[name] > 0):
                    used.setdefault(row, []).append(sector.called(block.id))
    yield from (_doubt(row, blocks) for row, blocks in used.items())


def _doubt(row: FactorRow, blocks: Sequence[str]) -> Finding:
    """Return what a compiler should know of a factor row that was used."""
    if row.status != "unverified":
        printed = say(
            "{lower:g} to {upper:g} {unit}", lower=row.lower, upper=row.upper, unit=row.unit
        )
        return Finding(
            "middle-of-range",
            "warning",
            say(
                "{blocks}: the document prints {printed} alone; the middle counts",
                blocks=name_some(blocks, 3),
                printed=printed,
            ),
            f"{row.file}:{row.line}",
            say("state a value of your own"),
        )
    return Finding(
        "unverified-factor",
        "warning",
        say(
            "{blocks}: the factor could not be checked against its document",
            blocks=name_some(blocks, 3),
        ),
        f"{row.file}:{row.line}",
        say("replace it with a value of your own, or one that is published"),
    )


def find_unasked(sector: Sector, data: Data, blocks: Iterable[str]) -> dict[str, np.ndarray]:
    """Return where blocks would have no number with any factors: activities are not given.

    An activity of which some labels are given for an area and year is given; that another label
    lacks is a gap of its own.

    Returns
    -------
    dict
        By block, a mask of the shape of its cells.
    """
    names = list(blocks)
    if not names:
        return {}
    numbers = dict(data.numbers)
    windows = {
        name
        for block in sector.blocks.values()
        for line in block.lines
        for part in walk(line.tree)
        if isinstance(part, Call) and part.function == "average"
        for name in names_in(part.of[1])
    }
    for name in sector.parameters:
        cells = numbers[name].cells
        assumed = 1.0 if name in windows else _ANY_FACTOR
        values = np.where(states_of(cells) == NUMBER, cells.values, assumed)
        numbers[name] = replace(numbers[name], cells=NumbersAndStates(values))
    for name in sector.activities:
        cells = numbers[name].cells
        states = states_of(cells)
        given = any_over(states != MISSING, _over(data))
        kept = np.where((states == MISSING) & given, np.int8(NUMBER), states)
        values = np.broadcast_to(np.where(states == MISSING, 1.0, cells.values), kept.shape)
        numbers[name] = replace(numbers[name], cells=NumbersAndStates(values, kept))
    worked = work_out(sector, replace(data, numbers=numbers), names)
    return {name: states_of(worked[name].cells) == MISSING for name in names}


def _is_doubtful(row: object) -> bool:
    return isinstance(row, FactorRow) and (row.status == "unverified" or row.item == MIDDLE)


def _has_doubtful(data: Data, name: str) -> bool:
    return any(map(_is_doubtful, data.numbers[name].sources))


def _assumed_findings(
    sector: Sector, block: str, filled: Filled, used: Mapping[str, np.ndarray]
) -> Iterator[Finding]:
    for name, assumed in filled.assumed.items():
        if name in used and (where := assumed & (used[name] > 0)).any():
            yield Finding(
                "counted-as-zero",
                "info",
                say(
                    "{block}: {name} is not reported and counts as zero",
                    block=sector.called(block),
                    name=sector.called(name),
                ),
                name_places(where, filled.data.axes),
                say("report it, or write 0"),
            )


def _reported(sector: Sector, data: Data, worked: Mapping[str, Worked], block: str) -> np.ndarray:
    """Return the areas and years in which an activity behind a block is not zero."""
    axes = data.axes
    over = tuple(axes.axis(dim) for dim in axes.labels)
    there = np.zeros((1,) * len(axes.dims), bool)
    for name in counted_in(worked[block].block):
        cells = worked[block].inputs[name]
        if name in worked:
            there = there | _reported(sector, data, worked, name)
        elif name in sector.activities:
            there = there | any_over((states_of(cells) == NUMBER) & (cells.values != 0), over)
    return there


def _unasked_findings(
    sector: Sector, data: Data, block: str, lacking: Mapping[str, np.ndarray]
) -> Iterator[Finding]:
    """Name the activities that are not given, of which a source is not worked out at all."""
    lacks = {name: lacking[name] for name in sector.activities if name in lacking}
    if lacks:
        places = [any_over(mask, _over(data)) for mask in lacks.values()]
        yield Finding(
            "activity-missing",
            "warning",
            say(
                "{block} has no number: {lacks} is not reported"
                if len(lacks) == 1
                else "{block} has no number: {lacks} are not reported",
                block=sector.called(block),
                lacks=name_some(list(map(sector.called, lacks)), 5),
            ),
            name_places(np.logical_or.reduce(np.broadcast_arrays(*places)), data.axes),
            say("report what there is, or give a notation key"),
        )


def _gap_findings(
    sector: Sector, data: Data, block: str, lacking: Mapping[str, np.ndarray]
) -> Iterator[Finding]:
    """Name the labels of activities and the factors that a source lacks."""
    for name in filter(lacking.__contains__, sector.activities):
        given = any_over(states_of(data.numbers[name].cells) != MISSING, _over(data))
        if (lacking[name] & given).any():
            yield Finding(
                "activity-missing",
                "warning",
                say(
                    "{block} has no number: {name} is not reported for all of its labels",
                    block=sector.called(block),
                    name=sector.called(name),
                ),
                name_places(lacking[name] & given, data.axes),
                say("report it, or give a notation key"),
            )
    for name in filter(lacking.__contains__, sector.parameters):
        parameter, lacking_rows = sector.parameters[name], lacking[name]
        yield Finding(
            "factor-missing",
            "error",
            say(
                "{block} has no number: {reason}",
                block=sector.called(block),
                reason=_explain(sector, parameter, data.axes, lacking_rows),
            ),
            name_places(lacking_rows, data.axes),
            _how_to_state(sector, parameter, data.axes, lacking_rows),
        )


def _how_to_state(sector: Sector, parameter: Parameter, axes: Axes, lacking: np.ndarray) -> str:
    """Return what to do about a factor that is missing, with a value that another document has."""
    place = dict(zip(axes.dims, (int(at) for at in np.argwhere(lacking)[0]), strict=True))
    labels = {dim: axes.labels_of(dim)[place[dim]] for dim in ("area", *parameter.dims)}
    offer = offer_factor(sector, parameter, labels, axes.years[place["year"]])
    if offer:
        return say(
            "state {name} with its source; {offer}", name=sector.called(parameter.id), offer=offer
        )
    if partition := _open_partition(sector, parameter):
        return say(
            "say which group of {partition} {area} is in: a row with {partition} as activity and "
            "the group as item; or state {name} with its source",
            partition=called_label("partition", partition),
            area=labels["area"],
            name=sector.called(parameter.id),
        )
    return say("state {name} with its source", name=sector.called(parameter.id))


def _open_partition(sector: Sector, parameter: Parameter) -> str:
    """Return the partition of areas whose members the document leaves to the compiler, if the table asks for one."""
    columns = {column: dim for dim, column in parameter.keys}
    for column, partition in parameter.groups:
        if columns.get(column) != "area":
            continue
        for edition in load_factors(sector, parameter):
            groups = edition.partitions.get(partition, {})
            if groups and all(member == group for member, group in groups.items()):
                return partition
    return ""


def _over(data: Data) -> tuple[int, ...]:
    """Return the axes of labels."""
    return tuple(data.axes.axis(dim) for dim in data.axes.labels)


def _find_lacking(
    data: Data, needed: Mapping[str, np.ndarray], gap: np.ndarray
) -> dict[str, np.ndarray]:
    """Return where symbols that a gap needs have no number: those that lack somewhere."""
    found = {}
    for name in needed.keys() & data.numbers.keys():
        mask = (needed[name] > 0) & (states_of(data.numbers[name].cells) == MISSING)
        # One number for all areas or years lacks where the gap is; others where they are needed,
        # which may be years before it.
        own = (axis for axis in range(2) if mask.shape[axis] > 1)
        mask = mask & any_over(gap, (*own, *_over(data)))
        if mask.any():
            found[name] = mask
    return found


def _rows_in(data: Data, name: str, used: np.ndarray) -> list[FactorRow]:
    """Return the doubtful rows among those that cells of a parameter came from."""
    numbers = data.numbers[name]
    if numbers.origins is None:
        return []
    origins = np.broadcast_to(
        numbers.origins, np.broadcast_shapes(numbers.origins.shape, used.shape)
    )
    rows = [numbers.sources[place] for place in np.unique(origins[used]) if place >= 0]
    return [row for row in rows if isinstance(row, FactorRow) and _is_doubtful(row)]


def _explain(sector: Sector, parameter: Parameter, axes: Axes, lacking: np.ndarray) -> str:
    """Say why a parameter has no value at the first place where it lacks one."""
    editions = load_factors(sector, parameter)
    if not any(edition.rows.get(parameter.file) for edition in editions):
        names = join_texts(", ", (edition.id for edition in editions))
        return say("{id} has no table in {names}", id=sector.called(parameter.id), names=names)
    place = dict(zip(axes.dims, (int(at) for at in np.argwhere(lacking)[0]), strict=True))
    labels = {dim: axes.labels_of(dim)[place[dim]] for dim in ("area", *parameter.dims)}
    year = axes.years[place["year"]]
    with_ranges = [with_middles(edition, parameter.file) for edition in editions]
    if row := _choose_one(parameter, with_ranges, labels, year):
        checked = row.status != "unverified"
        why = say("prints a range alone") if checked else say("could not be checked")
        return say(
            "{id} has only {file}:{line}, which {why}",
            id=sector.called(parameter.id),
            file=row.file,
            line=row.line,
            why=why,
        )
    keys = (called_label(dim, labels[dim]) for dim, _ in parameter.keys)
    asked = join_texts(", ", keys) or f"{year}"
    return say(
        "{id} has no row for {asked}{alternatives}",
        id=sector.called(parameter.id),
        asked=asked,
        alternatives=_alternatives(parameter, editions, labels, year),
    )


def _choose_one(
    parameter: Parameter, editions: Sequence[KeyedEdition], labels: Mapping[str, str], year: int
) -> FactorRow | None:
    chosen = choose_rows(
        parameter,
        editions,
        areas=[labels["area"]],
        years=[year],
        labels={dim: [labels[dim]] for dim in parameter.dims},
        allow_unverified=True,
    )
    at = int(chosen.index.ravel()[0])
    return chosen.rows[at] if at >= 0 else None


def _alternatives(
    parameter: Parameter, editions: Sequence[KeyedEdition], labels: Mapping[str, str], year: int
) -> str:
    """Return what the table has where one key is another: ``(for 东北 it has 单季稻)``."""
    for dim, column in reversed(parameter.keys):
        known = dict.fromkeys(
            dict(row.labels).get(column, "")
            for edition in editions
            for row in edition.rows.get(parameter.file, ())
        )
        fits = [
            label
            for label in known
            if label and _choose_one(parameter, editions, {**labels, dim: label}, year)
        ]
        if fits:
            keys = (called_label(one, labels[one]) for one, _ in parameter.keys if one != dim)
            others = join_texts(", ", keys)
            return say(
                " ({others}it has {fits})",
                others=say("for {others} ", others=others) if others else "",
                fits=name_some([called_label(dim, label) for label in fits], 6),
            )
    return ""
