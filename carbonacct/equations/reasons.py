"""Say why an entry has no number, and which factors nobody could check were used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.equations.backward import Use, pull
from carbonacct.equations.cells import MISSING, NUMBER, any_over, states_of
from carbonacct.equations.factor_values import load_factors
from carbonacct.equations.places import name_places
from carbonacct.errors import Finding, name_some
from carbonacct.factors.choosing import choose_rows
from carbonacct.factors.editions import FactorRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carbonacct.equations.axes import Axes, Data
    from carbonacct.equations.evaluation import Worked
    from carbonacct.equations.sector import Sector
    from carbonacct.factors.keyed import KeyedEdition, Parameter


def find_reasons(sector: Sector, data: Data, worked: Mapping[str, Worked]) -> Iterator[Finding]:
    """Find what lacks where an activity was handed in, and factors that are unverified."""
    unverified = [
        parameter.id
        for parameter in sector.parameters.values()
        if any(
            isinstance(row, FactorRow) and row.status == "unverified"
            for row in data.numbers[parameter.id].sources
        )
    ]
    used: dict[str, list[str]] = {}
    for block in sector.sources:
        found = worked[block.id]
        states = states_of(found.cells)
        gaps = (states == MISSING) & _reported(sector, data, worked, block.id)
        if gaps.any():
            needed = pull(worked, data, block.id, gaps.astype(float), Use())
            yield from _gap_findings(sector, data, block.id, needed)
        if unverified:
            parts = pull(worked, data, block.id, (states == NUMBER).astype(float), Use())
            for name in filter(parts.__contains__, unverified):
                for row in _rows_in(data, name, parts[name] > 0):
                    used.setdefault(row, []).append(block.id)
    for row, blocks in used.items():
        yield Finding(
            "unverified-factor",
            "warning",
            f"{name_some(blocks, 3)}: the factor could not be checked against its document",
            row,
            "replace it with a value of your own, or one that is published",
        )


def _reported(sector: Sector, data: Data, worked: Mapping[str, Worked], block: str) -> np.ndarray:
    """Return the areas and years in which an activity behind a block is not zero."""
    axes = data.axes
    over = tuple(axes.axis(dim) for dim in axes.labels)
    there = np.zeros((1,) * len(axes.dims), bool)
    for name, cells in worked[block].inputs.items():
        if name in worked:
            there = there | _reported(sector, data, worked, name)
        elif name in sector.activities:
            there = there | any_over((states_of(cells) == NUMBER) & (cells.values != 0), over)
    return there


def _gap_findings(
    sector: Sector, data: Data, block: str, needed: Mapping[str, np.ndarray]
) -> Iterator[Finding]:
    for name in (*sector.activities, *sector.parameters):
        lacking = _lacking(data, name, needed)
        if lacking is None or not lacking.any():
            continue
        if name in sector.activities:
            yield Finding(
                "activity-missing",
                "warning",
                f"{block} has no number: {name} is not reported",
                name_places(lacking, data.axes),
                "report it, or give a notation key",
            )
        else:
            parameter = sector.parameters[name]
            yield Finding(
                "factor-missing",
                "error",
                f"{block} has no number: {_explain(sector, parameter, data.axes, lacking)}",
                name_places(lacking, data.axes),
                f"state {name} with its source",
            )


def _lacking(data: Data, name: str, needed: Mapping[str, np.ndarray]) -> np.ndarray | None:
    if name not in needed:
        return None
    return np.asarray((needed[name] > 0) & (states_of(data.numbers[name].cells) == MISSING))


def _rows_in(data: Data, name: str, used: np.ndarray) -> list[str]:
    """Return the unverified rows among those that cells of a parameter came from."""
    numbers = data.numbers[name]
    if numbers.origins is None:
        return []
    origins = np.broadcast_to(
        numbers.origins, np.broadcast_shapes(numbers.origins.shape, used.shape)
    )
    rows = [numbers.sources[place] for place in np.unique(origins[used]) if place >= 0]
    return [
        f"{row.file}:{row.line}"
        for row in rows
        if isinstance(row, FactorRow) and row.status == "unverified"
    ]


def _explain(sector: Sector, parameter: Parameter, axes: Axes, lacking: np.ndarray) -> str:
    """Say why a parameter has no value at the first place where it lacks one."""
    editions = load_factors(sector, parameter)
    if not any(edition.rows.get(parameter.file) for edition in editions):
        names = ", ".join(edition.id for edition in editions)
        return f"{parameter.id} has no table in {names}"
    place = dict(zip(axes.dims, (int(at) for at in np.argwhere(lacking)[0]), strict=True))
    labels = {dim: axes.labels_of(dim)[place[dim]] for dim in ("area", *parameter.dims)}
    year = axes.years[place["year"]]
    if row := _choose_one(parameter, editions, labels, year):
        return f"{parameter.id} has only {row.file}:{row.line}, which could not be checked"
    asked = ", ".join(str(labels[dim]) for dim, _ in parameter.keys) or f"{year}"
    return f"{parameter.id} has no row for {asked}" + _alternatives(
        parameter, editions, labels, year
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
            others = ", ".join(labels[other] for other, _ in parameter.keys if other != dim)
            return f" ({'for ' + others + ' ' if others else ''}it has {name_some(fits, 6)})"
    return ""
