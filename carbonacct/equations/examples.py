"""Work the examples of a sector file: units see no wrong sign, a worked number does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.equations.arithmetic import (
    KEYS,
    MISSING,
    NO,
    NUMBER,
    NumbersAndStates,
    states_of,
    sum_over,
)
from carbonacct.equations.axes import Data, Numbers, label_id, make_axes
from carbonacct.equations.evaluation import work_out
from carbonacct.equations.judging import fill_absent
from carbonacct.equations.schema import is_number
from carbonacct.errors import EquationError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carbonacct.equations.evaluation import Worked
    from carbonacct.equations.sector import EquationBlock, Sector

_ROOM = 1e-9  # of a worked number: what another order of adding may do


def find_example_faults(sector: Sector) -> list[str]:
    """Return what is wrong with examples: numbers that do not come out, symbols that are none."""
    faults: list[str] = []
    for block in sector.sources:
        for position, example in enumerate(block.examples, 1):
            where = say(
                "{id}.example{place}",
                id=block.id,
                place=f" {position}" if len(block.examples) > 1 else "",
            )
            try:
                faults += [
                    say("{where}: {fault}", where=where, fault=fault)
                    for fault in _faults_of(sector, block, example)
                ]
            except EquationError as error:
                faults.append(say("{where}: {error}", where=where, error=error))
    return faults


def _faults_of(sector: Sector, block: EquationBlock, example: Mapping[str, Any]) -> Iterator[str]:
    years = example.get("years") or [0]
    known = [*sector.activities, *sector.parameters]
    for name in example["given"]:
        if name not in known:
            yield say(
                "there is no activity or parameter {name}; {near}",
                name=name,
                near=did_you_mean(name, known),
            )
            return
    data = lay_given(sector, example["given"], years)
    worked = work_out(sector, fill_absent(sector, data).data, [block.id])[block.id]
    yield from _compare(worked, example["gives"], years)


def lay_given(sector: Sector, given: Mapping[str, Any], years: Sequence[int]) -> Data:
    """Return the numbers of an example, by name and labels: what it does not list does not occur.

    Examples
    --------
    >>> from carbonacct.equations import load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> data = lay_given(sector, {"lime_output": [1, 2]}, [2019, 2020])
    >>> data.numbers["lime_output"].cells.values.ravel().tolist()
    [1.0, 2.0]
    """
    listed = {name: list(_listed(sector, name, value, years)) for name, value in given.items()}
    labels: dict[str, dict[str, None]] = {}
    for name, entries in listed.items():
        for dim_labels, _ in entries:
            for dim, label in zip(sector.dims_of(name), dim_labels, strict=True):
                labels.setdefault(dim, {})[label] = None
    axes = make_axes(sector, ("",), years, {dim: tuple(found) for dim, found in labels.items()})
    numbers = {}
    for name, entries in listed.items():
        dims = sector.dims_of(name)
        shape = axes.shape(dims)
        absent = NO if name in sector.activities else MISSING
        values, states = np.zeros(shape), np.full(shape, absent, np.int8)
        for dim_labels, by_year in entries:
            at = dict(zip(dims, dim_labels, strict=True))
            where: tuple[Any, ...] = (
                0,
                slice(None),
                *(found.index(at[dim]) if dim in at else 0 for dim, found in axes.labels.items()),
            )
            values[where], states[where] = by_year, NUMBER
        numbers[name] = Numbers(NumbersAndStates(values, states if states.any() else None))
    return Data(axes, numbers)


def _listed(
    sector: Sector, name: str, value: Any, years: Sequence[int]
) -> Iterator[tuple[tuple[str, ...], list[float]]]:
    """Return the given numbers of a symbol by labels: one, a list by year, or a table of these."""
    dims = sector.dims_of(name)
    for key, one in (value if isinstance(value, dict) else {"": value}).items():
        by_year = one if isinstance(one, list) else [one] * len(years)
        if len(by_year) != len(years) or not all(map(is_number, by_year)):
            raise EquationError(
                say(
                    "{name} is given as {item!r}; expected a number, or one for each year",
                    name=name,
                    item=one,
                )
            )
        yield _split_key(name, key, dims), by_year


def _split_key(name: str, key: str, dims: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the labels in a key such as ``"medium_pressure"`` or ``"CF4,pfpb"``."""
    labels = [label.strip() for label in key.split(",")] if key else []
    if len(labels) != len(dims):
        raise EquationError(
            say(
                "{name} has the key {key!r}; expected {dims}",
                name=name,
                key=key,
                dims=",".join(dims) or say("none"),
            )
        )
    return tuple(label_id(dim, label) for dim, label in zip(dims, labels, strict=True))


def _compare(worked: Worked, gives: Any, years: Sequence[int]) -> Iterator[str]:
    """Find expected numbers, or notation keys, that do not come out."""
    if not isinstance(gives, dict) and len(worked.block.gases) > 1:
        raise EquationError(say("gives is one number for several gases; write one for each gas"))
    for key, wanted in (gives if isinstance(gives, dict) else {"": gives}).items():
        part = _part_of(worked, key)
        expected = wanted if isinstance(wanted, list) else [wanted]
        found = [
            float(value) if state == NUMBER else KEYS[state]
            for value, state in zip(part.values.ravel(), states_of(part).ravel(), strict=True)
        ]
        if len(found) != len(expected):
            yield say(
                "gives {expected_count} numbers for {year_count} years; write one for each year",
                expected_count=len(expected),
                year_count=len(years),
            )
        elif not all(map(_alike, found, expected)):
            yield say(
                "gives {found}, expected {expected}", found=_say(found), expected=_say(expected)
            ) + _lacking(worked, expected)


def _part_of(worked: Worked, key: str) -> NumbersAndStates:
    """Return, by year, the entry of the labels in a key; without a key the total of all."""
    block, axes = worked.block, worked.axes
    values, states = worked.cells.values, states_of(worked.cells)
    dims = block.all_dims if key else ()
    for dim, label in zip(dims, _split_key("gives", key, dims), strict=True):
        known = axes.labels[dim]
        if label not in known:
            near = did_you_mean(label, known)
            raise EquationError(
                say("gives has {label}, which given does not have; {near}", label=label, near=near)
            )
        at = [known.index(label)]
        values, states = (part.take(at, axis=axes.axis(dim)) for part in (values, states))
    return sum_over(NumbersAndStates(values, states), tuple(axes.axis(dim) for dim in axes.labels))


def _alike(found: float | str, expected: Any) -> bool:
    if isinstance(found, str) or not is_number(expected):
        return bool(found == expected)
    return bool(abs(found - expected) <= _ROOM * abs(expected))


def _say(numbers: Sequence[Any]) -> str:
    return join_texts(", ", (f"{one:.15g}" if is_number(one) else str(one) for one in numbers))


def _lacking(worked: Worked, expected: Sequence[Any]) -> str:
    """Return what a source that gives no number lacks."""
    if any(isinstance(one, str) for one in expected):
        return ""
    inputs = worked.inputs.items()
    lacking = [name for name, cells in inputs if (states_of(cells) == MISSING).any()]
    return (
        say("; {lacking}: no number; add it to given", lacking=join_texts(", ", lacking))
        if lacking
        else ""
    )
