"""Why identities do not hold: the change that mends most of them and breaks none.

A cell stands in several identities: its row, its column, the balance. One that holds confirms it.
What is left is tried: one number with a slip of print (:mod:`carbonacct.balances.amounts.slips`), or a
whole row or column (:mod:`carbonacct.balances.check.lines`). A change counts if every identity in which
the changed cells stand holds after it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.amounts.slips import KINDS, list_slips
from carbonacct.balances.check.block_causes import find_block, find_carried, find_joint
from carbonacct.balances.check.lines import find_line, find_missing_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.check.case import Case
    from carbonacct.balances.check.lines import LineCause

MOST_NAMED = 3  # alternatives; more are no help
_MOST_CAUSES = 40  # of one area and year
_CHANCE = 0.1  # how many changes of a kind may be expected to mend one identity by chance
_MUCH_NEARER = 0.1
_ABOVE_ROUNDING = 5.0  # a number shrunk to nothing mends any gap of its own size: that says nothing

# Of each failing identity: the changes tried that break no other, each with its kind and its size.
_Tried = dict[int, list[tuple[np.ndarray, np.ndarray]]]


@dataclass(frozen=True)
class Change:
    """A cell with the number that it should hold, and the slip that made it what is printed."""

    cell: int
    kind: str
    number: float


@dataclass(frozen=True)
class Cause:
    """What mends some identities: one of a few changes of a cell, or a line; neither where nothing does.

    ``shown`` is the table as it is to be shown: as printed, with the lines that were mended before.
    """

    mended: tuple[int, ...]
    changes: tuple[Change, ...] = ()
    line: LineCause | None = None
    shown: Case | None = None


@dataclass(frozen=True)
class _CandidateChange:
    change: Change
    mended: frozenset[int]
    rest: float  # what is left of the identities, against what rounding explains
    whole: bool  # whether all identities of the cell hold afterwards
    helps: bool  # whether others, which are known to fail, come much nearer

    @property
    def rank(self) -> int:
        return KINDS.index(self.change.kind) if self.change.kind in KINDS else len(KINDS)


def find_causes(case: Case) -> list[Cause]:
    """Return the causes of the identities that do not hold, those that mend most first.

    Parameters
    ----------
    case
        The table.

    Returns
    -------
    list of Cause
        Each failing identity stands in one of them; those that nothing mends alone, without a
        change.
    """
    causes: list[Cause] = []
    shown = case
    open_ = set(np.flatnonzero(case.measured.fails).tolist())
    while open_ and len(causes) < _MOST_CAUSES:
        best = _find_best(case)
        if best is None:
            break
        cause, after = best
        left = set(np.flatnonzero(after.measured.fails).tolist())
        # A change that mends nothing that is open would be found again for ever.
        if not left & open_ < open_:
            break
        case = after.settle(
            sorted(left - open_)
        )  # of those that are known to fail, a line may uncover some
        open_ &= left
        causes.append(replace(cause, shown=shown))
        if cause.line and cause.line.axis != "cell":
            shown = case  # what follows would be read in the light of the whole line
    left_over = (Cause((i,), _list_open(case, i), shown=shown) for i in sorted(open_))
    return [*causes, *left_over]


def _list_open(case: Case, i: int) -> tuple[Change, ...]:
    """Return the cells of an identity that no other confirms, with the number that it asks for, if they are few."""
    system, measured = case.system, case.measured
    if system.identities[i].action or np.isnan(case.numbers[system.total[i]]):
        return ()
    found = []
    for cell in case.cells_of(i).tolist():
        entries = case.entries_of(cell)
        owner, coefficient = system.owner[entries], system.coefficient[entries]
        change = -measured.difference[i] * coefficient[owner == i][0]
        after = measured.difference[owner] + coefficient * change
        if not (np.abs(after) > measured.tolerance[owner])[~measured.fails[owner]].any():
            scale = float(case.scale[cell])
            number = (
                round((float(case.numbers[cell]) + change) / scale, int(case.decimals[cell]))
                * scale
            )
            if number >= 0 or not case.unsigned[cell]:
                found.append(Change(cell, "open", number))
    return tuple(found) if len(found) <= MOST_NAMED else ()


def _find_blank_totals(case: Case) -> list[int]:
    """Return the failing sums of products whose total is left blank, and no other sum asks for it."""
    system, fails = case.system, case.measured.fails
    return [
        i
        for i in np.flatnonzero(fails).tolist()
        if system.identities[i].rule == "sum-of-products"
        and np.isnan(case.numbers[system.total[i]])
        and fails[system.owner[case.entries_of(int(system.total[i]))]].sum() == 1
    ]


def _find_best(case: Case) -> tuple[Cause, Case] | None:
    """Return the cause that mends most, and the case after its (first) change."""
    changes = _find_changes(case)
    most = len(changes[0].mended) if changes else 0
    lines = [find_line(case), find_missing_row(case)]
    hard = int((case.measured.fails & ~case.system.soft).sum())
    if hard > most:  # a few cells together come after one, and cost more to look for
        lines += [find_joint(case), find_carried(case)]
    if not changes and not any(lines):
        lines = [find_block(case)]
    line = max(filter(None, lines), key=lambda line: len(line.mended), default=None)
    if line and len(line.mended) > most:
        settled = line.kind == "missing-row"
        after = case.settle(line.mended) if settled else case.change(line.cells, line.numbers)
        return Cause(line.mended, line=line), after
    if not changes:
        return None
    change, mended = changes[0].change, tuple(sorted(changes[0].mended))
    cause = Cause(mended, tuple(candidate.change for candidate in changes))
    return cause, case.change([change.cell], [change.number])


def _find_changes(case: Case) -> list[_CandidateChange]:
    """Return the changes of one cell that mend most: those that mend the same, at most three."""
    blank = _find_blank_totals(case)
    failing = [i for i in np.flatnonzero(case.measured.fails).tolist() if i not in blank]
    if not failing:
        return []
    suspects = np.union1d(np.concatenate([case.cells_of(i) for i in failing]), _find_lacking(case))
    tried: _Tried = {}
    candidates = [one for cell in suspects.tolist() for one in _try_cell(case, cell, tried)]
    candidates = [one for one in candidates if len(one.mended) > 1 or _is_telling(case, one, tried)]
    groups: dict[tuple[bool, frozenset[int]], list[_CandidateChange]] = {}
    for one in sorted(candidates, key=lambda one: (one.rank, one.rest)):
        groups.setdefault((one.whole, one.mended), []).append(one)
    soft = case.system.soft
    for whole, mended in sorted(
        groups, key=lambda key: (key[0], _weigh(groups[key], soft)), reverse=True
    ):
        if named := _take_few(groups[whole, mended]):
            return named
    return []


def _weigh(candidates: Sequence[_CandidateChange], soft: np.ndarray) -> float:
    """Return how much a change mends; a number that no slip explains has to mend more."""
    slip = candidates[0].rank < len(KINDS)
    return sum(1.0 - 0.5 * bool(soft[i]) for i in candidates[0].mended) - (0.0 if slip else 0.75)


def _find_lacking(case: Case) -> np.ndarray:
    """Return the cells without a number, or with zero, that two failing identities have in common."""
    owner = case.system.owner
    entries = case.measured.fails[owner] & (np.nan_to_num(case.numbers[case.system.cell]) == 0)
    cells, counts = np.unique(case.system.cell[entries], return_counts=True)
    return cells[counts > 1]


def _take_few(candidates: Sequence[_CandidateChange]) -> list[_CandidateChange]:
    """Return one change of each cell, of the likeliest kinds, as many kinds as make at most three."""
    helping = [one for one in candidates if one.helps]
    first = {one.change.cell: one for one in reversed(helping or candidates)}
    slips = {cell: one for cell, one in first.items() if one.rank < len(KINDS)}
    if not slips and len(first) > 1:
        return []  # sums over the same cells: they agree on the gap, and not on the cell
    first = slips or first
    # Kinds of slips are named whole or not at all: some of several alike would look like a choice.
    kept: list[_CandidateChange] = []
    for rank in range(len(KINDS) + 1):
        more = [one for one in first.values() if one.rank == rank]
        if len(kept) + len(more) > MOST_NAMED:
            break
        kept += more
    return sorted(kept, key=lambda one: (one.rank, one.rest))


def _try_cell(case: Case, cell: int, tried: _Tried) -> Iterable[_CandidateChange]:
    """Yield the numbers of a cell that mend identities and break none."""
    system, measured = case.system, case.measured
    entries = case.entries_of(cell)
    owner, coefficient, inward = (
        system.owner[entries],
        system.coefficient[entries],
        system.inward[entries],
    )
    fails, soft = measured.fails[owner], system.soft[owner]
    difference, tolerance = measured.difference[owner], measured.tolerance[owner]
    number, scale = float(case.numbers[cell]), float(case.scale[cell])
    if math.isnan(number):
        number = 0.0
    slips = list_slips(float(f"{number / scale:.12g}"), int(case.decimals[cell])) if number else ()
    if case.unsigned[cell] and number > 0:
        slips = tuple(slip for slip in slips if slip.number > 0)
    kinds = [slip.kind for slip in slips]
    numbers = np.array([slip.number for slip in slips], float) * scale
    if fails.sum() > 1:
        wanted = _pin(
            case,
            cell,
            (number - difference / coefficient)[fails],
            (tolerance / np.abs(coefficient))[fails],
        )
        if wanted is not None:
            kinds, numbers = [*kinds, "number"], np.append(numbers, wanted)
    counted = np.where(inward, np.minimum(numbers[:, None], 0.0), numbers[:, None])
    before = np.where(inward, min(number, 0.0), number)
    change = coefficient * (counted - before)
    holds = np.abs(difference + change) <= tolerance
    sound = holds[:, ~fails].all(axis=1)
    kind = np.array(kinds, dtype=str)
    sizes = np.abs(change[np.ix_(sound, fails)])
    for k, i in enumerate(owner[fails].tolist()):
        tried.setdefault(i, []).append((kind[sound], sizes[:, k]))
    mends = holds & fails
    small = np.abs(numbers) <= _ABOVE_ROUNDING * tolerance.min()
    # Shrunk to nearly nothing a number closes any gap of its own size: that is no evidence.
    moved = kind == "decimal-point"
    whole = holds[:, ~soft].all(axis=1)
    nearer = fails & ~holds & (np.abs(difference + change) <= _MUCH_NEARER * np.abs(difference))
    for k in np.flatnonzero(sound & mends.any(axis=1) & ~(moved & small)).tolist():
        rest = float((np.abs(difference + change[k]) / tolerance)[mends[k]].max())
        mended = frozenset(owner[mends[k]].tolist())
        helps = bool(nearer[k].any())
        yield _CandidateChange(
            Change(cell, kinds[k], float(numbers[k])), mended, rest, bool(whole[k]), helps
        )


def _pin(case: Case, cell: int, wanted: np.ndarray, slack: np.ndarray) -> float | None:
    """Return the number that all failing identities of a cell ask for, as it would be printed, if they agree."""
    low, high = (wanted - slack).max(), (wanted + slack).min()
    if low > high:
        return None
    scale, decimals = float(case.scale[cell]), int(case.decimals[cell])
    middle = (low + high) / 2
    printed = round(middle / scale, decimals) * scale
    return float(printed if low <= printed <= high else middle)


def _is_telling(case: Case, candidate: _CandidateChange, tried: _Tried) -> bool:
    """Return whether a change that mends one identity alone is more than chance.

    Of the changes of its kind that are of the order of the gap, so many would mend it as well by
    chance as their number times what this one leaves against the gap.
    """
    (identity,) = candidate.mended
    kind = candidate.change.kind
    if kind == "number" or (case.system.identities[identity].action and kind not in KINDS[:2]):
        return False
    gap = abs(float(case.measured.difference[identity]))
    left = candidate.rest * float(case.measured.tolerance[identity])
    width = 2 * max(left, float(case.rounding[candidate.change.cell]))
    changes = np.concatenate([sizes[kinds == kind] for kinds, sizes in tried[identity]])
    near = changes[(changes > gap / 3) & (changes < gap * 3)]
    expected = len(np.unique(np.rint(near / width))) * width / (gap * np.log(9.0))
    return bool(expected <= _CHANCE * (0.2 if case.system.soft[identity] else 1.0))
