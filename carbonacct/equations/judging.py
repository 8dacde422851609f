"""Judge numbers before and after the equations: gaps, shares, checks, signs, double counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.equations import arithmetic
from carbonacct.equations.arithmetic import MISSING, NO, NUMBER, NumbersAndStates, states_of
from carbonacct.equations.axes import Numbers
from carbonacct.equations.equation_text import write
from carbonacct.equations.evaluation import counted_in, with_needs
from carbonacct.equations.expression_tree import Call, Tree, looks_over_years, walk
from carbonacct.equations.expressions import Expression
from carbonacct.equations.places import name_places
from carbonacct.errors import Finding, name_some
from carbonacct.texts import Both, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from carbonacct.equations.axes import Axes, Data
    from carbonacct.equations.evaluation import Worked
    from carbonacct.equations.sector import AskedActivity, EquationBlock, Sector

_SHARE_ROOM = 0.005  # what the rounding of printed shares may leave


@dataclass(frozen=True)
class Filled:
    """Data with the gaps filled that a sector file fills, and where that was."""

    data: Data
    assumed: Mapping[str, np.ndarray]


def fill_absent(sector: Sector, data: Data) -> Filled:
    """Return data of every symbol: missing, or zero where an absent activity counts as zero.

    Shares that miss 1 make their numbers missing, and a finding says so.
    """
    numbers = dict(data.numbers)
    assumed: dict[str, np.ndarray] = {}
    findings = list(data.findings)
    rank = (1,) * len(data.axes.dims)
    nothing = Numbers(NumbersAndStates(np.zeros(rank), np.full(rank, MISSING, np.int8)))
    for name in (*sector.activities, *sector.parameters):
        numbers.setdefault(name, nothing)
    for activity in sector.activities.values():
        cells = numbers[activity.id].cells
        zero = _assumed_zero(activity, cells, data.axes)
        if zero.any():
            states = np.where(zero, np.int8(NUMBER), states_of(cells)).astype(np.int8)
            cells = NumbersAndStates(
                np.broadcast_to(cells.values, states.shape), states if states.any() else None
            )
            assumed[activity.id] = zero
        wrong = _shares_off(activity, cells, data.axes)
        if wrong.any():
            cells = _without(cells, wrong)
            findings.append(_shares_finding(activity, wrong, data.axes, sector))
        if activity.history:
            findings += _history_findings(sector.called(activity.id), cells, zero, data.axes)
        numbers[activity.id] = replace(numbers[activity.id], cells=cells)
    return Filled(replace(data, numbers=numbers, findings=tuple(findings)), assumed)


def _assumed_zero(activity: AskedActivity, cells: NumbersAndStates, axes: Axes) -> np.ndarray:
    """Return where an activity that is missing counts as zero."""
    if cells.states is None:
        return np.zeros((1,) * np.ndim(cells.values), bool)
    missing = np.asarray(states_of(cells) == MISSING)
    if activity.absent == "zero":
        return missing
    if not activity.history:
        return np.zeros((1,) * missing.ndim, bool)
    # Before the first year that anybody reports, the site was not there.
    there = np.maximum.accumulate(~missing, axis=axes.axis("year"))
    return np.asarray(missing & ~there & arithmetic.any_over(there, (axes.axis("year"),)))


def _shares_off(activity: AskedActivity, cells: NumbersAndStates, axes: Axes) -> np.ndarray:
    dim = activity.shares or activity.at_most
    if not dim:
        return np.zeros((1,) * np.ndim(cells.values), bool)
    total = arithmetic.sum_over(cells, (axes.axis(dim),))
    gap = total.values - 1
    off = gap > _SHARE_ROOM if activity.at_most else np.abs(gap) > _SHARE_ROOM
    return np.asarray(off & (states_of(total) == NUMBER))


def _shares_finding(
    activity: AskedActivity, wrong: np.ndarray, axes: Axes, sector: Sector
) -> Finding:
    wanted = say("at most 1") if activity.at_most else "1"
    return Finding(
        "shares",
        "error",
        say(
            "{id} does not add to {wanted} over {shares}",
            id=sector.called(activity.id),
            wanted=wanted,
            shares=Both(activity.shares or activity.at_most, "各品种"),
        ),
        name_places(wrong, axes),
        say("correct the shares; nothing is worked out from them"),
    )


def _history_findings(
    called: str, cells: NumbersAndStates, zero: np.ndarray, axes: Axes
) -> Iterator[Finding]:
    if zero.any():
        yield Finding(
            "history-start",
            "info",
            say("{id} counts as zero in the years before its first number", id=called),
            name_places(zero, axes),
            say("add earlier years if there was any"),
        )
    if cells.states is None:
        return
    missing = states_of(cells) == MISSING
    gap = missing & np.maximum.accumulate(~missing, axis=axes.axis("year"))
    if gap.any():
        later = np.maximum.accumulate(gap, axis=axes.axis("year")) & ~gap
        text = say("{id} has no number in years after its first one", id=called)
        if later.any():
            text = say(
                "{id} has no number in years after its first one, and nothing is worked out for "
                "{later} either",
                id=called,
                later=name_places(later, axes),
            )
        yield Finding(
            "history-gap",
            "error",
            text,
            name_places(gap, axes),
            say("give every year; nothing is worked out from there on"),
        )


def judge(worked: Worked, sector: Sector) -> tuple[Worked, list[Finding]]:
    """Return a block without the entries that a check or their sign refuses, and what was found."""
    findings: list[Finding] = []
    refused = np.zeros((1,) * len(worked.axes.dims), bool)
    names = {**worked.inputs, **worked.lines}
    expression = Expression(worked.axes, names, worked.block.starts)
    for check in worked.block.checks:
        left, right = expression.work(check.rule.left), expression.work(check.rule.right)
        broken = arithmetic.compare(left, right, check.rule.sign)
        if broken.any():
            gap = np.where(broken, np.abs(left.values - right.values), -1.0)
            furthest = np.unravel_index(np.argmax(gap), gap.shape)
            message = say(
                "{id}: {text} does not hold: the left side is {left:.6g}, the right side {right:.6g}",
                id=sector.called(worked.block.id),
                text=sector.spell(check.text),
                left=np.broadcast_to(left.values, gap.shape)[furthest],
                right=np.broadcast_to(right.values, gap.shape)[furthest],
            )
            places = name_places(broken, worked.axes)
            findings.append(_check_finding(message, places, refuse=check.refuse))
            refused = refused | broken if check.refuse else refused
    worked = _refuse(worked, refused)
    wrong = _wrong_sign(worked)
    if wrong.any():
        findings.append(_sign_finding(worked, wrong, sector))
    findings += _fallback_findings(worked, expression, sector)
    return _refuse(worked, wrong), findings


def leave_unreported(worked: Worked, sector: Sector, filled: Filled) -> Worked:
    """Return a source without entries where nobody reports any of its activities.

    What counts as zero where it is absent does so beside what is reported, and what a check alone
    asks for counts nothing: alone they are no number. What looks over years needs a report in one
    of them.
    """
    axes = filled.data.axes
    blocks = [sector.blocks[name] for name in with_needs(sector, [worked.block.id])]
    over = [axes.axis(dim) for dim in axes.labels]
    if any(map(_looks_over_years, blocks)):
        over.append(axes.axis("year"))
    there = np.zeros((1,) * len(axes.dims), bool)
    for symbol in {name for block in blocks for name in counted_in(block)} & set(sector.activities):
        there = there | arithmetic.any_over(_reported(sector, filled, symbol), tuple(over))
    if there.all():
        return worked
    return _refuse(worked, np.broadcast_to(~there, axes.shape([])) & _open(worked))


def _open(worked: Worked) -> np.ndarray:
    """Return where a source has no notation key of its own."""
    return np.asarray(states_of(worked.cells) == NUMBER)


def _reported(sector: Sector, filled: Filled, name: str) -> np.ndarray:
    """Return where an activity was handed in, as a number or as a notation key."""
    numbers = filled.data.numbers[name]
    origins, none = numbers.origins, np.zeros((1,) * np.ndim(numbers.cells.values), bool)
    if origins is None and numbers.cells.states is None and name not in filled.assumed:
        return ~none
    there = states_of(numbers.cells) != MISSING if origins is None else origins >= 0
    assumed = filled.assumed.get(name, none)
    return np.asarray(there | assumed if sector.activities[name].history else there & ~assumed)


def _refuse(worked: Worked, refused: np.ndarray) -> Worked:
    if not refused.any():
        return worked
    block, axes = worked.block, worked.axes
    over = tuple(
        axes.axis(dim)
        for dim in axes.labels
        if dim not in block.all_dims and np.shape(refused)[axes.axis(dim)] > 1
    )
    narrow = arithmetic.any_over(refused, over)
    return replace(worked, lines={**worked.lines, block.result: _without(worked.cells, narrow)})


def _without(cells: NumbersAndStates, where: np.ndarray) -> NumbersAndStates:
    """Return cells that are missing where a mask says so."""
    states = np.where(where, np.int8(MISSING), states_of(cells)).astype(np.int8)
    return NumbersAndStates(np.where(states == NUMBER, cells.values, 0.0), states)


def _wrong_sign(worked: Worked) -> np.ndarray:
    values = worked.cells.values
    if worked.block.kind == "emission":
        return values < 0
    return values > 0 if worked.block.kind == "removal" else np.zeros_like(values, bool)


def _sign_finding(worked: Worked, wrong: np.ndarray, sector: Sector) -> Finding:
    kind = worked.block.kind
    side = "below" if kind == "emission" else "above"
    largest = worked.cells.values[wrong]
    return Finding(
        "wrong-sign",
        "error",
        say(
            "{id} is {number:.6g} {unit}, {side} zero: no {kind}",
            id=sector.called(worked.block.id),
            number=largest.flat[0],
            unit=worked.block.unit,
            side=side,
            kind=kind,
        ),
        name_places(wrong, worked.axes),
        say("check the activity data; the entry has no number"),
    )


def _check_finding(message: str, places: str, *, refuse: bool) -> Finding:
    return Finding(
        "equation-check",
        "error" if refuse else "warning",
        message,
        places,
        say("correct the activity data; the entry has no number")
        if refuse
        else say("check both sides"),
    )


def _fallback_findings(worked: Worked, expression: Expression, sector: Sector) -> Iterator[Finding]:
    """Say where a second choice of ``first`` served a number."""
    for part in _find_choices(worked.block):
        _, served = arithmetic.first([expression.work(option) for option in part.of])
        numbers = _any_entry(states_of(worked.cells) == NUMBER, worked.axes)
        for position, option in enumerate(part.of[1:], 1):
            where = (served == position) & numbers
            if where.any():
                yield _fallback_finding(worked, sector, (option, part.of[0]), where)


@lru_cache(maxsize=1024)
def _find_choices(block: EquationBlock) -> tuple[Call, ...]:
    """Return the calls of ``first`` in the lines of a block."""
    parts = (part for line in block.lines for part in walk(line.tree))
    return tuple(part for part in parts if isinstance(part, Call) and part.function == "first")


@lru_cache(maxsize=1024)
def _looks_over_years(block: EquationBlock) -> bool:
    return any(looks_over_years(line.tree) for line in block.lines)


def _fallback_finding(
    worked: Worked, sector: Sector, choices: tuple[Tree, Tree], where: np.ndarray
) -> Finding:
    """Return the finding where the second of two choices, which comes first in ``choices``, served instead."""
    option, wanted = (sector.spell(write(tree)) for tree in choices)
    return Finding(
        "estimated-from",
        "info",
        say(
            "{id} is estimated from {option}; {wanted} has no number",
            id=sector.called(worked.block.id),
            option=option,
            wanted=wanted,
        ),
        name_places(where, worked.axes),
        say("give {wanted} if it is known", wanted=wanted),
    )


def _any_entry(numbers: np.ndarray, axes: Axes) -> np.ndarray:
    """Return whether any entry of an area and year is a number."""
    return arithmetic.any_over(numbers, tuple(axes.axis(dim) for dim in axes.labels))


def find_excluded(
    sector: Sector, worked: Mapping[str, Worked]
) -> Iterator[tuple[EquationBlock, np.ndarray, Finding]]:
    """Find areas in which two sources that exclude each other both have an amount in some year."""
    for block in sector.sources:
        for other in block.excludes:
            if block.id not in worked or other not in worked:
                continue
            both = _counted(worked[block.id]) & _counted(worked[other])
            if both.any():
                axes = worked[block.id].axes
                names = name_some([axes.areas[place] for place in np.flatnonzero(both.ravel())], 5)
                yield (
                    block,
                    both,
                    Finding(
                        "counted-twice",
                        "error",
                        say(
                            "{id} and {other} both count the same in one series",
                            id=sector.called(block.id),
                            other=sector.called(other),
                        ),
                        names,
                        say(
                            "take the activity data of one out; {id} has no number",
                            id=sector.called(block.id),
                        ),
                    ),
                )


def _counted(worked: Worked) -> np.ndarray:
    """Return, by area, whether a source has an amount in any year."""
    there = (states_of(worked.cells) == NUMBER) & (worked.cells.values != 0)
    axes = worked.axes
    return arithmetic.any_over(there, tuple(axes.axis(dim) for dim in axes.dims[1:]))


def take_out(worked: Worked, where: np.ndarray) -> Worked:
    """Return a block with its entries missing where a mask by area says so."""
    return _refuse(worked, where & (states_of(worked.cells) != NO))
