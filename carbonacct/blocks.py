"""Work on the arrays of a panel in blocks of areas, on all cores; a block stays in a core's cache."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    T = TypeVar("T")

_CELLS = 1 << 18  # of a block: two megabytes of floats
_FEW = 4  # blocks for a thread: fewer are done before it has started


def in_blocks(work: Callable[[slice], T], shape: Sequence[int]) -> list[T]:
    """Call a function with slices of areas that together are all of them; return what it returns, in their order.

    Parameters
    ----------
    work
        Reads, or writes, that slice of arrays whose first dim is the area. It runs in threads: one
        area must not need another.
    shape
        Of the largest array.

    Examples
    --------
    >>> in_blocks(lambda areas: areas.stop - areas.start, (2, 20, 47, 30))
    [2]
    """
    step = max(1, _CELLS // max(1, math.prod(shape[1:])))
    blocks = [
        slice(start, min(start + step, shape[0])) for start in range(0, max(1, shape[0]), step)
    ]
    threads = len(blocks) // _FEW
    if threads < 2 or (threads := min(threads, count_cores())) < 2:
        return [work(block) for block in blocks]
    # Blocks go to the threads in turn: to hand out one after another takes longer than a
    # block.
    with ThreadPoolExecutor(threads) as pool:
        parts = list(
            pool.map(
                lambda first: [work(block) for block in blocks[first::threads]], range(threads)
            )
        )
    return [parts[i % threads][i // threads] for i in range(len(blocks))]


def find_cells(where: np.ndarray) -> np.ndarray:
    """Return the places of the cells that are true, one a row, as `numpy.argwhere`; quick where there are few."""
    return np.stack(np.unravel_index(np.flatnonzero(where), where.shape), axis=1)


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
