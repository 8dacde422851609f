"""How a measurement is made: ours and the peer in turn, so that a busy moment hits both."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Row = tuple[str, float, float | None]


def compare(
    ours: Callable[[], object],
    peer: Callable[[], object],
    repeat: int,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """Return the median seconds of two functions called in turn, after one call of each that does not count."""
    ours()
    peer()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeat):
        for function, seconds in zip((ours, peer), taken, strict=True):
            start = clock()
            function()
            seconds.append(clock() - start)
    return statistics.median(taken[0]), statistics.median(taken[1])
