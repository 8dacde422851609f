"""Mean, standard deviation and interval of draws: exact while they fit, else from counts near the bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.uncertainty.distributions import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EXACT_DRAWS = 65536  # up to here all draws of a block of columns are held
_PILOT = 16384
_BINS = 2048
_REACH = (
    10.0  # standard errors of the pilot's quantile that the window of counts spans to each side
)


def summarise_draws(values: np.ndarray, level: float) -> np.ndarray:
    """Return mean, standard deviation, lower and upper bound (4 x column) of draws (column x draw).

    Notes
    -----
    Bounds are quantiles, linear between order statistics (Hyndman and Fan 1996, type 7).
    """
    mean = values.mean(axis=1)
    sd = np.empty(len(values))
    bounds = np.empty((2, len(values)))
    for i, row in enumerate(values):
        # Around the mean first: the squares of a large total would lose the digits of a small spread.
        away = row - mean[i]
        sd[i] = np.sqrt(away @ away / (len(row) - 1))
        bounds[:, i] = _find_bounds(away, sd[i], (1 - level) / 2)
    return np.stack([mean, sd, *(mean + bounds)])


def _find_bounds(away: np.ndarray, sd: float, tail: float) -> tuple[float, float]:
    """Return the quantiles at both tails of draws around 0.

    Only what lies beyond a part of the spread is ordered: a tenth of the draws, unless the
    distribution is a rare one.
    """
    position = tail * (len(away) - 1)
    below = int(position)
    # Well inside the bound of a normal, so that other shapes have the wanted draw beyond it too.
    cut = 0.66 * normal_quantile(1 - tail) * sd
    bounds = []
    for sign, beyond in ((1.0, away[away < -cut]), (-1.0, away[away > cut])):
        ordered = beyond if len(beyond) > below + 1 else away
        edges = np.partition(ordered if sign > 0 else -ordered, (below, below + 1))[
            below : below + 2
        ]
        bounds.append(sign * (edges[0] + (position - below) * (edges[1] - edges[0])))
    return bounds[0], bounds[1]


def summarise_tiles(tiles: Iterable[np.ndarray], draws: int, level: float) -> np.ndarray:
    """Return what :func:`summarise_draws` does for draws that come tile by tile and are too many to be held.

    Notes
    -----
    The first draws say where the bounds lie; those after are counted in a fine window around each.
    A bound is right to a bin, which is a small part of its own sampling error. Memory does not grow
    with the number of draws.
    """
    held: list[np.ndarray] = []
    waiting = 0
    state: _Counts | None = None
    for tile in tiles:
        if state is None:
            held.append(tile)
            waiting += tile.shape[1]
            if waiting >= _PILOT:
                state = _Counts(np.concatenate(held, axis=1), level)
                held.clear()
        else:
            state.add(tile)
    return state.finish(draws) if state else summarise_draws(np.concatenate(held, axis=1), level)


class _Counts:
    """Sums, and counts of draws in a window around each bound."""

    def __init__(self, pilot: np.ndarray, level: float) -> None:
        ordered = np.sort(pilot, axis=1)
        count = pilot.shape[1]
        self.tails = ((1 - level) / 2, (1 + level) / 2)
        # Sums are taken around it: the squares of a large total would lose a small spread.
        self.centre = ordered.mean(axis=1)
        self.low, self.width = [], []
        for tail in self.tails:
            reach = _REACH * np.sqrt(tail * (1 - tail) / count)
            edges: Sequence[int] = [
                int(np.clip(np.floor((tail + sign * reach) * (count - 1)), 0, count - 1))
                for sign in (-1, 1)
            ]
            low, high = ordered[:, edges[0]], ordered[:, edges[1]]
            # At the rim of the pilot the bound may lie beyond its last draw.
            if edges[0] == 0:
                low = low - (high - low)
            if edges[1] == count - 1:
                high = high + (high - low)
            self.low.append(low)
            self.width.append((high - low) / _BINS)
        self.counts = np.zeros((len(self.tails), len(pilot), _BINS + 2), np.int64)
        self.sums = np.zeros((2, len(pilot)))
        self.add(pilot)

    def add(self, tile: np.ndarray) -> None:
        away = tile - self.centre[:, None]
        self.sums[0] += away.sum(axis=1)
        self.sums[1] += np.einsum("ij,ij->i", away, away)
        columns = len(tile)
        for side in range(2):
            # A total that no draw moves has a window of no width; any will do, all stand in one bin.
            width = np.where(self.width[side] == 0, 1.0, self.width[side])
            place = (tile - self.low[side][:, None]) / width[:, None]
            place = (
                np.nan_to_num(np.clip(np.floor(place), -1, _BINS)).astype(np.int64) + 1
            )  # a NaN shows in the sums
            place += np.arange(columns)[:, None] * (_BINS + 2)
            self.counts[side] += np.bincount(
                place.ravel(), minlength=columns * (_BINS + 2)
            ).reshape(columns, -1)

    def finish(self, draws: int) -> np.ndarray:
        mean = self.sums[0] / draws
        sd = np.sqrt(np.maximum(self.sums[1] - draws * mean**2, 0) / (draws - 1))
        bounds = []
        for side, tail in enumerate(self.tails):
            # The bin in which the wanted draw lies; within it draws are taken for evenly spread.
            wanted = tail * draws
            reached = np.cumsum(self.counts[side], axis=1)
            bin_ = np.argmax(reached >= wanted, axis=1)
            rows = np.arange(len(bin_))
            inside = self.counts[side][rows, bin_]
            part = 1 - (reached[rows, bin_] - wanted) / np.maximum(inside, 1)
            bounds.append(self.low[side] + (bin_ - 1 + part) * self.width[side])
        return np.stack([self.centre + mean, sd, *bounds])
