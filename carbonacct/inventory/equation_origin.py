"""Entries that came of an equation: the way back from each to its cells and factor rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from carbonacct.equations import Evaluation, UnfoldedStep


@dataclass(frozen=True, eq=False)
class SourceOrigin:
    """The equation that entries came from; a cell is a place among the entries of its block."""

    evaluation: Evaluation
    block: str

    @property
    def excludes(self) -> tuple[str, ...]:
        """Sources that count the same, of this sector file or another."""
        return self.evaluation.find(self.block).block.excludes

    def open(self, cell: int) -> UnfoldedStep:
        """Return how an entry was worked out, down to cells and factor rows."""
        from carbonacct.equations import unfold  # noqa: PLC0415 - not of energy

        axes = self.evaluation.data.axes
        labels = self.evaluation.labels(self.block)
        area, year, *place = np.unravel_index(cell, self.evaluation.values(self.block).shape)
        found = {dim: known[at] for (dim, known), at in zip(labels.items(), place, strict=True)}
        return unfold(self.evaluation, self.block, axes.areas[area], axes.years[year], **found)

    def recompute(self, cells: np.ndarray) -> np.ndarray:
        """Return the values of entries, t, by the equation over the numbers that went in."""
        from carbonacct.equations.arithmetic import numbers_or_nan  # noqa: PLC0415 - as above
        from carbonacct.equations.evaluation import work_out  # noqa: PLC0415

        evaluation = self.evaluation
        worked = work_out(evaluation.sector, evaluation.data, [self.block])
        return np.asarray(numbers_or_nan(worked[self.block].cells).ravel()[cells])
