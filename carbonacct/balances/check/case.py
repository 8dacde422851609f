"""One table of one area and year as its identities see it: flat cells, what holds, and what a change would do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.check.identities import Measured, Part, System, measure

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Case:
    """The cells of a table, flow x product flat, with the identities that they stand in.

    Attributes
    ----------
    system
        The identities.
    numbers, absent
        Amounts in canonical units, NaN where there is none; and which cells the table does not
        print at all.
    rounding, scale, decimals
        Of each cell: half a unit of the last printed decimal, canonical units in one printed unit,
        decimals printed.
    width
        How many products a row has.
    rows, columns
        The rows and columns in the order in which they are printed: neighbours stand side by side.
    unsigned
        Cells that cannot be negative.
    settled
        Identities whose cause is known and is no change of a cell: they are not tested again.
    """

    system: System
    numbers: np.ndarray
    absent: np.ndarray
    rounding: np.ndarray
    scale: np.ndarray
    decimals: np.ndarray
    width: int
    rows: np.ndarray
    columns: np.ndarray
    unsigned: np.ndarray
    settled: tuple[int, ...] = ()

    @cached_property
    def measured(self) -> Measured:
        """What the identities give for the numbers as they are."""
        found = self.measure(self.numbers[None])
        return Measured(found.difference[0], found.tolerance[0], found.tested[0])

    def measure(self, numbers: np.ndarray) -> Measured:
        """Return what the identities give for other numbers (variants, cells)."""
        absent = np.broadcast_to(self.absent, numbers.shape) & np.isnan(numbers)
        found = measure(self.system, numbers, absent, self.rounding)
        found.tested[:, list(self.settled)] = False
        return found

    def change(
        self, cells: Sequence[int] | np.ndarray, numbers: Sequence[float] | np.ndarray
    ) -> Case:
        """Return the case with other numbers in some cells."""
        changed = self.numbers.copy()
        changed[np.asarray(cells, int)] = numbers
        return replace(self, numbers=changed)

    def measure_part(self, part: Part, numbers: np.ndarray) -> Measured:
        """Return what some identities give for other numbers (variants, cells of the part)."""
        absent = np.broadcast_to(self.absent[part.cells], numbers.shape) & np.isnan(numbers)
        found = measure(part.system, numbers, absent, self.rounding[part.cells])
        found.tested[:, np.isin(part.identities, self.settled)] = False
        return found

    def settle(self, identities: Sequence[int]) -> Case:
        """Return the case without some identities."""
        return replace(self, settled=(*self.settled, *identities))

    @cached_property
    def _sorted_entries(self) -> tuple[np.ndarray, np.ndarray]:
        order = np.argsort(self.system.cell, kind="stable")
        return order, np.searchsorted(self.system.cell[order], np.arange(len(self.numbers) + 1))

    def entries_of(self, cell: int) -> np.ndarray:
        """Return the entries (of tested identities) in which a cell stands."""
        order, first = self._sorted_entries
        entries = order[first[cell] : first[cell + 1]]
        found: np.ndarray = entries[self.measured.tested[self.system.owner[entries]]]
        return found

    def cells_of(self, identity: int) -> np.ndarray:
        """Return the cells of an identity that count in it with a number other than zero, its total first."""
        start = self.system.starts[identity]
        end = (
            self.system.starts[identity + 1]
            if identity + 1 < len(self.system.starts)
            else len(self.system.cell)
        )
        cells = self.system.cell[start:end]
        numbers = self.numbers[cells]
        # What a plant puts out is no input: of these cells only what goes in counts.
        counted = np.where(self.system.inward[start:end], np.minimum(numbers, 0.0), numbers)
        found: np.ndarray = cells[(counted != 0) & ~np.isnan(counted)]
        return found

    def is_inside(self, cells: np.ndarray) -> np.ndarray:
        """Return the identities whose numbers all stand in some cells: scaled together, they hold as they held."""
        inside = np.zeros(len(self.numbers), bool)
        inside[cells] = True
        apart = ~inside & ~np.isnan(self.numbers) & (self.numbers != 0)
        found: np.ndarray = ~np.logical_or.reduceat(apart[self.system.cell], self.system.starts)
        return found

    def is_confirmed(self, cell: int) -> bool:
        """Return whether a cell stands in an identity that holds."""
        owner = self.system.owner[self.entries_of(cell)]
        return bool((~self.measured.fails[owner]).any())
