"""Entries of an equation that is no sum of products: drawn by working it out again, moments to first order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbonacct.uncertainty.draw_model import DrawModel


@dataclass(frozen=True, eq=False)
class Computed:
    """Combinations of inputs that an equation works out.

    Attributes
    ----------
    inputs
        Numbers of the inputs that the equation takes.
    mean
        Each entry with all inputs at their means, in parts of its central value.
    gradient
        Change of each entry (entry x input) per change of an input, both in parts: of the entry's
        central value, of the input's mean.
    work
        Takes the inputs in parts of their central values (input x draw) and returns the entries in
        parts of theirs (entry x draw).
    """

    inputs: np.ndarray
    mean: np.ndarray
    gradient: np.ndarray
    work: Callable[[np.ndarray], np.ndarray]


def renumber(computed: Sequence[Computed], position: np.ndarray) -> tuple[Computed, ...]:
    """Return equations with inputs by their new numbers (-1: the input is exact)."""
    return tuple(
        Computed(position[one.inputs].astype(np.int64), one.mean, one.gradient, one.work)
        for one in computed
    )


def rows_of(model: DrawModel) -> list[slice]:
    """Return the combinations of each equation: they stand behind those that are multiplied."""
    counts = [len(one.mean) for one in model.computed]
    ends = len(model.uses) - sum(counts) + np.cumsum(counts)
    return [slice(int(end) - count, int(end)) for count, end in zip(counts, ends, strict=True)]


def work_rows(model: DrawModel, relative: np.ndarray, product: np.ndarray) -> None:
    """Put the draws of equations into ``product`` (combination x draw), from those of the inputs.

    Parameters
    ----------
    relative
        Inputs in parts of their central values (input x draw), and a last row of 1 for none.
    """
    for one, rows in zip(model.computed, rows_of(model), strict=True):
        product[rows] = one.work(relative[one.inputs])


def gradient_of(model: DrawModel, number: int) -> np.ndarray:
    """Return how far an input moves each combination that an equation works out; 0 for products."""
    found = np.zeros(len(model.uses))
    for one, rows in zip(model.computed, rows_of(model), strict=True):
        found[rows] = one.gradient[:, one.inputs == number].sum(axis=1)
    return found
