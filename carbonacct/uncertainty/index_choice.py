"""What the choice of an index is worth: a share lies anywhere between those of all indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.uncertainty.distributions import Uncertainty
from carbonacct.uncertainty.draw_model import DrawInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.sectors.energy import EnergyInventory


def find_index_choices(
    inventories: Sequence[EnergyInventory], cells: pd.DataFrame
) -> tuple[list[DrawInput], np.ndarray]:
    """Return what is drawn for the choice of indices, and each cell's own (-1: none).

    Parameters
    ----------
    inventories
        Those that the cells are of.
    cells
        One row per cell, with ``area, year, flow, product``.

    Notes
    -----
    Each index of an area and year is one input: cells that it scales move together. Its
    distribution is uniform from the lowest to the highest share by any index, over the share that
    was used: nothing says which index is right.
    """
    known = {
        (area, year): one.balance.origins
        for one in inventories
        if one.balance.origins is not None
        for area in one.balance.areas
        for year in one.balance.years
    }
    chosen = np.full(len(cells), -1, np.int32)
    inputs: list[DrawInput] = []
    number: dict[tuple[object, ...], int] = {}
    if not known:
        return inputs, chosen
    keys = cells[["area", "year", "flow", "product"]].astype(object).itertuples(index=False)
    for n, (area, year, flow, product) in enumerate(keys):
        origins = known.get((area, year))
        cell = area, int(year), vocabulary.base_of(flow), vocabulary.base_of(product)
        origin = origins.find(*cell) if origins else None
        if origin is None or not origin.has_spread or not 0 < origin.share < np.inf:
            continue
        low, high = origin.share_low / origin.share, origin.share_high / origin.share
        if low == high:
            continue
        key = (area, year, origin.index, low, high)
        if key not in number:
            number[key] = len(inputs)
            name = f"share of {area} {year} by {origin.index} ({len(inputs) + 1})"
            inputs.append(DrawInput(name, "share", origin.index, _spread(low, high)))
        chosen[n] = number[key]
    return inputs, chosen


def _spread(low: float, high: float) -> Uncertainty:
    source = "shares by the other indices at hand"
    return Uncertainty("uniform", 1.0, low, high, (low, high), 1.0, source)
