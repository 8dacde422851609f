"""A whole row or column as the cause: in another unit, shifted, exchanged with its neighbour, or not printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.check.case import Case

_FEWEST = 3  # identities: what fewer have in common is no matter of a line
_APART = 0.1  # of a factor from one, and from a power of ten
_POWERS = (10.0, 100.0, 1e3, 1e4)


@dataclass(frozen=True)
class LineCause:
    """A row or column that, changed as a whole, mends several identities.

    Attributes
    ----------
    kind
        ``scaled``, ``swapped``, ``shifted``, ``extra`` (the sums hold without it), ``missing-row``,
        ``other-row`` (a total's row is not the sum of its rows), ``carried`` (an error that totals
        repeat), ``joint`` (cells that a sum of their own and one of them all say) or ``block`` (a
        total and its parts).
    axis
        ``row``, ``column`` or, of a few cells, ``cell``.
    at, other
        Place of the row (column), and of the one it is exchanged with.
    factor
        Of ``scaled``: what the numbers are to be multiplied by. Of ``shifted``: by how many cells,
        +1 to the right or down.
    cells, numbers
        The change: flat cells and what they would hold.
    mended
        The identities that it mends.
    """

    kind: str
    axis: str
    at: int
    cells: np.ndarray
    numbers: np.ndarray
    mended: tuple[int, ...]
    other: int = -1
    factor: float = 1.0


@dataclass(frozen=True)
class _Trial:
    kind: str
    axis: str
    at: int
    cells: np.ndarray
    numbers: np.ndarray
    other: int = -1
    factor: float = 1.0


def find_line(case: Case) -> LineCause | None:
    """Return the change of a row or column that mends most identities, at least three, and breaks none."""
    fails = case.measured.fails
    if fails.sum() < _FEWEST or not (fails & ~case.system.soft).any():
        return None
    trials = list(_list_trials(case))
    if not trials:
        return None
    fails_after, tested_after = _measure_trials(case, trials)
    silent = fails & ~fails_after
    # A sum that is known to fail in print (no opening stock) says nothing against a change.
    firm = np.array([not identity.action for identity in case.system.identities])
    broken = (fails_after & ~fails & firm).any(axis=1)
    mended = silent & tested_after  # an identity whose cells are all gone is not mended by that
    inside = {
        (trial.axis, trial.at): case.is_inside(trial.cells)
        for trial in trials
        if trial.kind == "extra"
    }  # of the numbers of each line, whatever they are scaled by
    for k, trial in enumerate(trials):
        if trial.kind == "scaled":
            mended[k] &= ~inside[trial.axis, trial.at]
    score = np.where(
        broken,
        0,
        (mended & ~case.system.soft).sum(axis=1) + 0.5 * (mended & case.system.soft).sum(axis=1),
    )
    # Numbers that are shrunk to nothing mend what would hold without them: that says nothing about
    # their unit.
    gone = {
        (trial.axis, trial.at): 0.0 if broken[k] else float(silent[k].sum())
        for k, trial in enumerate(trials)
        if trial.kind == "extra"
    }
    for k, trial in enumerate(trials):
        least = max(gone.get((trial.axis, at), 0.0) for at in (trial.at, trial.other))
        if trial.kind != "extra" and score[k] <= least:
            score[k] = 0.0
    if score.max() < _FEWEST:
        return None
    best = int(np.argmax(score))
    trial = trials[best]
    return LineCause(
        trial.kind,
        trial.axis,
        trial.at,
        trial.cells,
        trial.numbers,
        tuple(np.flatnonzero(mended[best]).tolist()),
        other=trial.other,
        factor=trial.factor,
    )


def _measure_trials(case: Case, trials: Sequence[_Trial]) -> tuple[np.ndarray, np.ndarray]:
    """Return which identities fail and which are tested (trials, identities) after each change.

    Only those of its line can be others than before.
    """
    shape = len(trials), 1
    fails, tested = (np.tile(of, shape) for of in (case.measured.fails, case.measured.tested))
    cells = np.arange(len(case.numbers)).reshape(-1, case.width)
    of_line: dict[tuple[str, int, int], list[int]] = {}
    for k, trial in enumerate(trials):
        of_line.setdefault((trial.axis, trial.at, trial.other), []).append(k)
    for (axis, *at), those in of_line.items():
        lines = [one for one in at if one >= 0]
        part = case.system.restrict((cells[lines] if axis == "row" else cells[:, lines]).ravel())
        if not len(part.identities):
            continue
        variants = np.tile(case.numbers, (len(those), 1))
        for variant, k in zip(variants, those, strict=True):
            variant[trials[k].cells] = trials[k].numbers
        after = case.measure_part(part, variants[:, part.cells])
        rows = np.array(those)[:, None]
        fails[rows, part.identities], tested[rows, part.identities] = after.fails, after.tested
    return fails, tested


def _list_trials(case: Case) -> Iterable[_Trial]:
    """Yield changes of the rows and columns that stand in at least three failing identities."""
    places = np.arange(len(case.numbers)).reshape(-1, case.width)[np.ix_(case.rows, case.columns)]
    fails = case.measured.fails
    for axis, lines, names in (("row", places, case.rows), ("column", places.T, case.columns)):
        touched = _find_touched(case, lines, fails)
        hard = _find_touched(case, lines, fails & ~case.system.soft)
        for k in np.flatnonzero(touched).tolist():
            at, line = int(names[k]), lines[k]
            there = line[~np.isnan(case.numbers[line])]
            yield _Trial("extra", axis, at, there, np.full(len(there), np.nan))
            yield from _scale_line(case, axis, at, there)
            if hard[k]:
                yield from _shift_line(case, axis, at, line)
        for k in range(len(lines) - 1):
            if touched[k] or touched[k + 1]:
                one, other = lines[k], lines[k + 1]
                numbers = [_move(case, other, one), _move(case, one, other)]
                cells = np.concatenate([one, other])
                at, beside = int(names[k]), int(names[k + 1])
                yield _Trial("swapped", axis, at, cells, np.concatenate(numbers), other=beside)


def _find_touched(case: Case, lines: np.ndarray, identities: np.ndarray) -> np.ndarray:
    """Return the lines of which at least three cells stand in one of the identities."""
    hit = np.zeros(len(case.numbers), bool)
    hit[case.system.cell[identities[case.system.owner]]] = True
    touched: np.ndarray = hit[lines].sum(axis=1) >= _FEWEST
    return touched


def _move(case: Case, cells: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Return the amounts that the numbers printed in some cells would be in the units of others."""
    moved: np.ndarray = case.numbers[cells] / case.scale[cells] * case.scale[to]
    return moved


def _scale_line(case: Case, axis: str, at: int, there: np.ndarray) -> Iterable[_Trial]:
    """Yield the line in other units: powers of ten, and the factor that its identities agree on."""
    factors = [*_POWERS, *(1 / power for power in _POWERS), -1.0]
    agreed = _find_factor(case, there)
    if agreed is not None and min(abs(agreed / factor - 1) for factor in [*factors, 1.0]) > _APART:
        factors.append(agreed)
    for factor in factors:
        yield _Trial("scaled", axis, at, there, case.numbers[there] * factor, factor=factor)


def _find_factor(case: Case, line: np.ndarray) -> float | None:
    """Return the factor that most failing identities of a line's cells ask for; the largest cells say it best."""
    ratios = []
    for cell in line.tolist():
        for entry in case.entries_of(cell).tolist():
            i = case.system.owner[entry]
            number = float(case.numbers[cell])
            if case.measured.fails[i] and abs(number) > 20 * case.measured.tolerance[i]:
                wanted = number - case.measured.difference[i] * case.system.coefficient[entry]
                ratios.append((abs(number), float(wanted / number)))
    if len(ratios) < _FEWEST:
        return None
    # The median, since one cell that is wrong by itself would carry away a mean.
    middle = float(np.median([ratio for _, ratio in ratios]))
    near = [(size, ratio) for size, ratio in ratios if abs(ratio - middle) <= 0.02 * abs(middle)]
    if middle == 0 or 2 * len(near) <= len(ratios):
        return None
    return float(np.average([ratio for _, ratio in near], weights=[size for size, _ in near]))


def _shift_line(case: Case, axis: str, at: int, line: np.ndarray) -> Iterable[_Trial]:
    """Yield the line moved by one cell from some cell on, either way, back to where its numbers belong."""
    numbers = case.numbers[line]
    last = int(np.flatnonzero(~np.isnan(numbers)).max(initial=0))
    for start in range(min(last + 1, len(line) - 1)):
        back, forth = numbers.copy(), numbers.copy()
        back[start:-1], back[-1] = _move(case, line[start + 1 :], line[start:-1]), np.nan
        forth[start + 1 :], forth[start] = _move(case, line[start:-1], line[start + 1 :]), np.nan
        if np.isnan(numbers[start]):  # the cell that the shift left empty
            yield _Trial("shifted", axis, at, line, back, factor=1.0)
        if np.isnan(numbers[-1]):
            yield _Trial("shifted", axis, at, line, forth, factor=-1.0)


def find_missing_row(case: Case) -> LineCause | None:
    """Return the sum of rows that falls short in three products or more, in a way that a row of its own would.

    The differences are that row: they keep the sums of products, and the total's own row is
    confirmed by others.
    """
    system, measured = case.system, case.measured
    best: LineCause | None = None
    hard = measured.fails & ~system.soft
    for total in np.unique(system.total[system.by_rows & hard] // case.width).tolist():
        of_total = np.flatnonzero(system.by_rows & hard & (system.total // case.width == total))
        if len(of_total) < _FEWEST or (best and len(of_total) <= len(best.mended)):
            continue
        # What the printed rows lack is the row itself, a number for each product.
        row = np.full(case.width, np.nan)
        row[system.total[of_total] % case.width] = measured.difference[of_total]
        # A product that no other row has: the missing row holds all of it.
        alone = np.flatnonzero(
            system.by_rows & ~measured.tested & (system.total // case.width == total)
        )
        row[system.total[alone] % case.width] = case.numbers[system.total[alone]]
        if not _keeps_products(case, total, row):
            continue
        cells = system.total[of_total]
        confirmed = np.array([case.is_confirmed(cell) for cell in cells.tolist()])
        # Whether a row is missing or the total is wrong its own sums cannot tell, those of other blocks can.
        kind = "missing-row" if confirmed.mean() > 0.5 else "other-row"
        numbers = case.numbers[cells] - measured.difference[of_total]
        after = case.change(cells, numbers).measured
        mended = measured.fails & ~after.fails
        # A row that is not printed mends its own sums alone; a total's row that is wrong, whatever
        # it stands in.
        found = (
            np.union1d(of_total, _find_inputs(case, row))
            if kind == "missing-row"
            else np.flatnonzero(mended)
        )
        if kind == "other-row" and (after.fails & ~measured.fails).any():
            continue
        best = LineCause(kind, "row", total, cells, numbers, tuple(found.tolist()))
    return best


def _find_inputs(case: Case, row: np.ndarray) -> np.ndarray:
    """Return the failing sums of total consumption that lack a row as an input to transformation."""
    system, measured = case.system, case.measured
    wanted = -np.minimum(np.nan_to_num(row), 0.0)[system.total % case.width]
    lacks = np.abs(measured.difference - wanted) <= 2 * measured.tolerance
    return np.flatnonzero(system.consumption & measured.fails & lacks)


def _keeps_products(case: Case, total: int, row: np.ndarray) -> bool:
    """Return whether the differences of a row keep the sums of products, as a row would; at least one must say so."""
    system = case.system
    is_borne_out = False
    for i, identity in enumerate(system.identities):
        if identity.rule == "sum-of-products" and identity.total[0] == total:
            parts = row[[p for _, _, p in identity.terms]]
            whole = row[identity.total[1]]
            if np.isnan(whole) and np.isnan(parts).all():
                continue
            tolerance = 4 * case.measured.tolerance[i] + 1e-9 * np.nansum(np.abs(parts))
            if abs(np.nan_to_num(whole) - np.nansum(parts)) > tolerance:
                return False
            is_borne_out = True
    for p in range(case.width):
        others = np.nansum(np.delete(row, p))
        if (~np.isnan(row)).sum() >= _FEWEST and abs(row[p] - others) <= 1e-6 * abs(row[p]):
            is_borne_out = True  # the total of all products falls short by what they do
    return is_borne_out or bool((~np.isnan(row)).sum() >= 2 * _FEWEST)
