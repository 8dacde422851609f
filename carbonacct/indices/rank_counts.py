"""How often each area has each rank over many draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.blocks import in_blocks
from carbonacct.indices.scoring import EQUAL_DIGITS, rank_areas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Counts = NDArray[np.int64]

_SCALE = 10.0**EQUAL_DIGITS
_ABSENT = 62  # the bit of a key that says that there is no score: such keys are sorted last


def add_ranks(counts: Counts, scores: Array) -> None:
    """Add the ranks of a block of draws to how often each area has each rank.

    Parameters
    ----------
    counts
        area x year x rank, 0 for no rank; changed in place.
    scores
        draw x year x area, NaN for none; ranked as
        :func:`carbonacct.indices.scoring.rank_areas` does.

    Notes
    -----
    Sorting whole numbers takes a third of the time of sorting places by floats. So a score rounded
    to the digits that count is a whole number, with the number of its area in the lowest bits.

    Examples
    --------
    >>> counts = np.zeros((3, 1, 4), dtype=np.int64)
    >>> add_ranks(counts, np.array([[[0.5, 0.7, np.nan]], [[0.5, 0.5, 0.1]]]))
    >>> counts[:, 0].tolist()
    [[0, 1, 1, 0], [0, 2, 0, 0], [1, 0, 0, 1]]
    """
    _, years, areas = scores.shape
    bits = (areas - 1).bit_length()
    largest = max(np.nanmax(scores, initial=0.0), -np.nanmin(scores, initial=0.0))

    def add(block: slice) -> None:
        for year in range(block.start, block.stop):
            part = scores[:, year]
            if largest < 2.0 ** (_ABSENT - bits) / _SCALE:
                who, ranks = _sort_keys(part, bits)
            else:  # scores that leave no room for the area
                ranks = np.nan_to_num(rank_areas(part)).astype(np.int64)
                who = np.broadcast_to(np.arange(areas), ranks.shape)
            cells = who * (areas + 1)
            cells += ranks
            held = np.bincount(cells.ravel(), minlength=areas * (areas + 1))
            counts[:, year] += held.reshape(areas, areas + 1)

    in_blocks(add, (years, len(scores), areas))


def _sort_keys(scores: Array, bits: int) -> tuple[Counts, Counts]:
    """Return areas in the order of their scores, the best first, and their ranks; 0 for none."""
    areas = np.arange(scores.shape[1])
    keys = scores * -_SCALE
    np.rint(keys, out=keys)
    absent = np.isnan(keys)
    some_absent = bool(absent.any())
    if some_absent:
        keys[absent] = 0.0
    held = keys.astype(np.int64)
    held <<= bits
    if some_absent:
        held[absent] = 1 << _ABSENT
    held |= areas
    held.sort(axis=-1)
    who = held & ((1 << bits) - 1)
    held >>= bits
    same = held[:, 1:] == held[:, :-1]
    if not some_absent and not same.any():
        return who, areas + 1
    ranks = np.zeros(held.shape, dtype=np.int64)
    np.multiply(~same, areas[1:], out=ranks[:, 1:])
    np.maximum.accumulate(ranks, axis=-1, out=ranks)
    ranks += 1
    ranks[held >= 1 << (_ABSENT - bits)] = 0
    return who, ranks
