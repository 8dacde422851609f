"""Draws of totals: what a combination of inputs gives times what its cells bring, and the noise of activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import UncertaintyError
from carbonacct.texts import say
from carbonacct.uncertainty.sampling import TILE, draw_tile
from carbonacct.uncertainty.statistics import EXACT_DRAWS
from carbonacct.uncertainty.uncertain_totals import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.uncertainty.draw_model import DrawModel
    from carbonacct.uncertainty.uncertain_totals import TotalsBlock

_HELD_FACTORS = 128_000_000  # bytes of factor draws that are kept rather than made again
_LARGEST_TILE = 2_000_000_000


class FactorDraws:
    """The draws of the combinations of factor rows, tile by tile: kept while few, else made again when asked."""

    def __init__(self, model: DrawModel, draws: int, seed: int, sampler: str) -> None:
        self.model, self.draws, self.seed, self.sampler = model, draws, seed, sampler
        self.tiles = -(-draws // TILE)
        self.held: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self.keep = draws <= EXACT_DRAWS and len(model.uses) * draws * 8 <= _HELD_FACTORS

    def tile(self, tile: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the draws of one tile."""
        if tile not in self.held:
            made = draw_tile(
                self.model,
                self.seed,
                tile,
                min(TILE, self.draws - tile * TILE),
                sampler=self.sampler,
            )
            if not self.keep:
                return made
            self.held[tile] = made
        return self.held[tile]


def draw_columns(
    product: np.ndarray, noise: np.ndarray, block: TotalsBlock, columns: slice
) -> np.ndarray:
    """Return draws (column x draw): sum_c F_c A_c + sqrt(sum_cd F_c F_d V_cd) x noise."""
    amount, spread = block.amount[columns], block.spread[columns]
    values: np.ndarray = amount @ _take(product, block.used)
    if spread.any():
        values += (
            np.sqrt(spread @ (_take(product, block.left) * _take(product, block.right))) * noise
        )
    return values


def _take(product: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return (
        product
        if len(rows) == len(product) and (rows == np.arange(len(rows))).all()
        else product[rows]
    )


def draw_block(factors: FactorDraws, block: TotalsBlock) -> Iterator[np.ndarray]:
    """Yield the draws of a block of totals, tile by tile."""
    for tile in range(factors.tiles):
        product, noise = factors.tile(tile)
        parts = [slice(first, first + COLUMNS) for first in range(0, len(block.amount), COLUMNS)]
        yield np.concatenate([draw_columns(product, noise, block, part) for part in parts])


def check_level(level: float) -> None:
    """Raise if a level is no probability."""
    if not 0 < level < 1:
        raise UncertaintyError(
            say("level {level:g} is not between 0 and 1 (0.95 for 95 %)", level=level)
        )


def check_size(model: DrawModel) -> None:
    """Raise if a model has more inputs than one tile of draws can hold."""
    size = (len(model.uses) + len(model.inputs)) * TILE * 8
    if size > _LARGEST_TILE:
        raise UncertaintyError(
            say(
                "{input_count} inputs to draw one by one need {size:.1f} GB for a tile of "
                "{tile} draws; correlate fewer activities, or state them as normal and "
                "independent",
                input_count=len(model.inputs),
                size=size / 1000000000.0,
                tile=TILE,
            )
        )
