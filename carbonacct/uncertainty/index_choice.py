"""What the choice of an index is worth: a share lies anywhere between those of all indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.uncertainty.distributions import Uncertainty
from carbonacct.uncertainty.draw_model import DrawInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.inventory.factor_cells import FactorCells


def find_index_choices(parts: Sequence[FactorCells]) -> tuple[list[DrawInput], np.ndarray]:
    """Return what is drawn for the choice of indices, and each cell's own (-1: none).

    Parameters
    ----------
    parts
        Cells one behind another.

    Notes
    -----
    Each index of an area and year is one input: cells that it scales move together. Its
    distribution is uniform from the lowest to the highest share by any index, over the share that
    was used: nothing says which index is right.
    """
    chosen = np.full(sum(len(part.cells) for part in parts), -1, np.int32)
    inputs: list[DrawInput] = []
    number: dict[tuple[object, ...], int] = {}
    first = 0
    for part in parts:
        for n, one in part.shares.items():
            low, high = one.low / one.share, one.high / one.share
            if low == high:
                continue
            area, year = part.cells["area"].iloc[n], part.cells["year"].iloc[n]
            key = (area, year, one.index, low, high)
            if key not in number:
                number[key] = len(inputs)
                name = f"share of {area} {year} by {one.index} ({len(inputs) + 1})"
                inputs.append(DrawInput(name, "share", one.index, _spread(low, high)))
            chosen[first + n] = number[key]
        first += len(part.cells)
    return inputs, chosen


def _spread(low: float, high: float) -> Uncertainty:
    source = "shares by the other indices at hand"
    return Uncertainty("uniform", 1.0, low, high, (low, high), 1.0, source)
