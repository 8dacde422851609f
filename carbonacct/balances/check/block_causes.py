"""A few cells as the cause: an error that totals repeat, or a total that is wrong with all its parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.check.lines import LineCause

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.check.case import Case

_MOST_TRIED = 12  # failing identities: these searches come last
_POWERS = (0.01, 0.1, 1e-3, 1e-4, 10.0, 100.0, 1e3, 1e4, -1.0)
_CHANCE = 0.1
_MOST_JOINT = 3


def find_carried(case: Case) -> LineCause | None:
    """Return the error of one cell that the totals of its products or rows repeat: it mends two sums or more."""
    trials = []
    for i in _list_hard(case):
        for cell in case.cells_of(i).tolist():
            entry = next(e for e in case.entries_of(cell).tolist() if case.system.owner[e] == i)
            off = float(case.measured.difference[i] * case.system.coefficient[entry])
            for rules in (
                ("sum-of-products",),
                ("sum-of-parts",),
                ("sum-of-products", "sum-of-parts"),
            ):
                cells = _climb(case, cell, rules)
                if len(cells) > 1:
                    trials.append((cells, np.nan_to_num(case.numbers[cells]) - off, 1.0))
    best = _take_best(case, trials, 2)
    return best and replace(best, kind="carried")


def find_joint(case: Case) -> LineCause | None:
    """Return two cells or more, each off by what another sum of its own says, that together mend a sum of both."""
    system, measured = case.system, case.measured
    for i in _list_hard(case):
        off: dict[int, float] = {}
        for cell in case.cells_of(i).tolist():
            entries = case.entries_of(cell)
            owner = system.owner[entries]
            own = entries[measured.fails[owner] & ~system.soft[owner] & (owner != i)]
            if len(own) == 1:
                off[cell] = float(
                    measured.difference[system.owner[own[0]]] * system.coefficient[own[0]]
                )
        cells = np.array(list(off), int)
        numbers = case.numbers[cells] - np.array(list(off.values()))
        best = (
            _take_best(case, [(cells, numbers, 1.0)], len(cells) + 1)
            if 1 < len(cells) <= _MOST_JOINT
            else None
        )
        if best is not None:
            return replace(best, kind="joint")
    return None


def find_block(case: Case) -> LineCause | None:
    """Return the total that, with all its parts, has its decimal point or sign wrong."""
    trials = []
    system = case.system
    totals = set(system.total[system.by_rows & case.measured.tested].tolist())
    for i in _list_hard(case):
        for cell in case.cells_of(i).tolist():
            if cell in totals:
                cells = _descend(case, cell)
                kept = [
                    p
                    for p in _POWERS
                    if abs(case.numbers[cell] * p) > 5 * case.measured.tolerance[i]
                ]
                trials += [(cells, case.numbers[cells] * power, power) for power in kept]
    best = _take_best(case, trials, 1)
    if best is None:
        return None
    gap = np.abs(case.measured.difference[list(best.mended)])
    width = 2 * case.measured.tolerance[list(best.mended)]
    # As for one number: so many blocks would mend a gap by chance.
    if (len(trials) * width / (gap * np.log(9.0))).min() > _CHANCE:
        return None
    return best


def _list_hard(case: Case) -> list[int]:
    """Return the failing identities that are not soft, the widest against the rounding first."""
    hard = np.flatnonzero(case.measured.fails & ~case.system.soft)
    width = np.abs(case.measured.difference[hard]) / case.measured.tolerance[hard]
    return [int(i) for i in hard[np.argsort(-width, kind="stable")][:_MOST_TRIED]]


def _take_best(
    case: Case, trials: Sequence[tuple[np.ndarray, np.ndarray, float]], fewest: int
) -> LineCause | None:
    """Return the change that mends most and breaks none, if no other mends as much; smaller ones first."""
    if not trials:
        return None
    variants = np.tile(case.numbers, (len(trials), 1))
    for variant, (cells, numbers, _) in zip(variants, trials, strict=True):
        variant[cells] = numbers
    after = case.measure(variants)
    mended = case.measured.fails & ~after.fails
    mended &= [
        np.ones(mended.shape[1], bool) if factor == 1.0 else ~case.is_inside(cells)
        for cells, _, factor in trials
    ]
    broken = (after.fails & ~case.measured.fails).any(axis=1)
    score = np.where(broken, 0, mended.sum(axis=1))
    best = min(range(len(trials)), key=lambda k: (-score[k], len(trials[k][0])))
    if score[best] < fewest:
        return None
    cells, numbers, factor = trials[best]
    # Two places that mend as much as each other leave open which of them is wrong.
    same = [
        k
        for k in np.flatnonzero(score == score[best]).tolist()
        if len(trials[k][0]) == len(cells) and set(trials[k][0].tolist()) != set(cells.tolist())
    ]
    if same:
        return None
    found = tuple(np.flatnonzero(mended[best]).tolist())
    return LineCause("block", "cell", int(cells[0]), cells, numbers, found, factor=factor)


def _climb(case: Case, cell: int, rules: Sequence[str]) -> np.ndarray:
    """Return a cell and the totals above it, by sums of these rules."""
    system = case.system
    found = [cell]
    for one in found:
        for entry in case.entries_of(one).tolist():
            i = system.owner[entry]
            if (
                system.identities[i].rule in rules
                and not system.soft[i]
                and system.total[i] not in found
            ):
                found.append(int(system.total[i]))
    return np.array(found)


def _descend(case: Case, cell: int) -> np.ndarray:
    """Return a cell and the parts below it, by sums of rows."""
    system = case.system
    found = [cell]
    for one in found:
        for i in np.flatnonzero(system.by_rows & (system.total == one)).tolist():
            found += [part for part in case.cells_of(i).tolist() if part not in found]
    return np.array(found)
