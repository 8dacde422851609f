"""Approach 2: totals by Monte Carlo, with factor rows drawn once for all cells that share them."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from carbonacct.blocks import count_cores
from carbonacct.display import legible
from carbonacct.errors import UncertaintyError
from carbonacct.texts import say
from carbonacct.uncertainty.sampling import TILE, check_sampler
from carbonacct.uncertainty.statistics import EXACT_DRAWS, summarise_draws, summarise_tiles
from carbonacct.uncertainty.total_draws import FactorDraws, check_level, check_size, draw_block
from carbonacct.uncertainty.uncertain_totals import (
    COLUMNS,
    Totals,
    iterate_blocks,
    pick_totals,
    sum_cells,
    to_dataset,
    unique_columns,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr

    from carbonacct.errors import Finding
    from carbonacct.uncertainty.draw_model import DrawModel
    from carbonacct.uncertainty.uncertain_totals import TotalsBlock

_MANY_COLUMNS = 512  # where draws are counted, not held
_PILOT = 8192


@legible
@dataclass(frozen=True, repr=False, eq=False)
class Intervals:
    """Results with their uncertainty.

    Attributes
    ----------
    table
        ``value`` (at central values), ``mean``, ``sd``, ``lower`` and ``upper`` over the dims asked
        for, t (or what the function that was drawn through returns); NaN where there is no cell.
    level
        Probability between ``lower`` and ``upper``.
    draws, seed, sampler
        How it was drawn; 0 draws for closed forms.
    findings
        What a reader should know of the inputs.
    """

    table: xr.Dataset
    level: float
    draws: int
    seed: int
    sampler: str
    findings: tuple[Finding, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per result that has a number."""
        if not self.table.dims:
            return self.table.expand_dims("all").to_dataframe().reset_index(drop=True)
        return self.table.to_dataframe().dropna(subset=["mean"]).reset_index()


def simulate(
    model: DrawModel,
    *,
    by: Sequence[str] = ("area", "year"),
    draws: int | None = None,
    precision: float = 0.01,
    seed: int = 0,
    sampler: str = "random",
    level: float = 0.95,
    threads: int | None = None,
) -> Intervals:
    """Return the totals of a model by some dims, each with mean, standard deviation and interval.

    Parameters
    ----------
    model
        Cells and what is uncertain about them (:func:`carbonacct.model_inventory`).
    by
        Dims of the result; all dims of the model give its cells, none the one total.
    draws, precision
        Number of draws; if not given, as many as it takes to know each bound with a standard error
        of ``precision`` times half the interval.
    seed
        Same seed, same result, whatever the threads and whatever other cells the model has.
    sampler
        ``random``, ``antithetic``, ``latin`` (a Latin hypercube in each tile of 4096 draws) or
        ``sobol`` (scrambled).
    level
        Probability of the interval.
    threads
        Threads to use; by default one a processor.

    Raises
    ------
    UncertaintyError
        If a dim, a sampler or a number is not possible.

    Notes
    -----
    IPCC 2006, Vol. 1, Ch. 3, section 3.2.3.2 (Approach 2). Bounds are quantiles of the draws.
    Independent normal activities are not drawn cell by cell: given the factors F, a total is a
    normal with the mean sum_c F_c A_c and the variance sum_c F_c^2 V_c over combinations c of
    factor rows, where A_c sums the cells' values and V_c their variances (for gases that share an
    activity, with the products of their factors as well); one normal score per draw then gives the
    total its exact distribution.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> found = ca.simulate(ca.model_inventory(inventory), draws=4096).table
    >>> (found["lower"] < found["value"]).item() and (found["value"] < found["upper"]).item()
    True
    """
    check_level(level)
    if threads is not None and threads < 1:
        raise UncertaintyError(
            say("{threads} threads; give 1 or more, or leave it to the machine", threads=threads)
        )
    totals = sum_cells(model, by)
    columns, own, scale = unique_columns(totals)
    if draws is None:
        draws = choose_draws(
            model, columns, precision=precision, seed=seed, sampler=sampler, level=level
        )
    check_sampler(sampler, draws, seed)
    check_size(model)
    found = _draw_totals(model, columns, draws, seed, sampler=sampler, level=level, threads=threads)
    mean, sd, lower, upper = found[:, own]
    low, high = np.minimum(lower * scale, upper * scale), np.maximum(lower * scale, upper * scale)
    results = {
        "value": totals.value,
        "mean": mean * scale,
        "sd": sd * abs(scale),
        "lower": low,
        "upper": high,
    }
    return Intervals(
        to_dataset(totals, results, {"level": level}), level, draws, seed, sampler, model.findings
    )


def choose_draws(
    model: DrawModel,
    totals: Totals,
    *,
    precision: float,
    seed: int = 0,
    sampler: str = "random",
    level: float = 0.95,
) -> int:
    """Return the number of draws with which each bound has a standard error of ``precision`` times half the interval.

    Raises
    ------
    UncertaintyError
        If the precision is not between 0.0005 and 1.

    Notes
    -----
    A quantile q at the probability p has the standard error sqrt(p (1 - p) / n) / f(q). The density
    f comes from 8192 draws of up to 256 of the totals. The number is a power of two, 4096 at least.
    """
    if not 0.0005 <= precision <= 1:
        raise UncertaintyError(
            say(
                "precision {precision:g}; give a part of half the interval between 0.0005 "
                "(about 7 million draws) and 1",
                precision=precision,
            )
        )
    check_size(model)
    some = pick_totals(totals, np.arange(0, totals.count, -(-totals.count // 256)))
    tail = (1 - level) / 2
    apart = 0.4 * tail
    points = [tail, 1 - tail, tail - apart, tail + apart, 1 - tail - apart, 1 - tail + apart]
    worst = 0.0
    factors = FactorDraws(model, _PILOT, seed, "random" if sampler == "sobol" else sampler)
    for block in iterate_blocks(some, COLUMNS):
        values = np.concatenate(list(draw_block(factors, block)), axis=1)[
            : block.where.stop - block.where.start
        ]
        lower, upper, *near = np.quantile(values, points, axis=1)
        half = (upper - lower) / 2
        width = np.maximum(near[1] - near[0], near[3] - near[2])
        error = np.sqrt(tail * (1 - tail)) * width / (2 * apart)
        worst = max(
            worst,
            float(
                np.max(np.divide(error, half, out=np.zeros_like(half), where=half > 0), initial=0)
            ),
        )
    return 1 << math.ceil(math.log2(max(TILE, (worst / precision) ** 2)))


def _draw_totals(
    model: DrawModel,
    totals: Totals,
    draws: int,
    seed: int,
    *,
    sampler: str,
    level: float,
    threads: int | None,
) -> np.ndarray:
    factors = FactorDraws(model, draws, seed, sampler)
    exact = draws <= EXACT_DRAWS
    found = np.empty((4, totals.count))

    def work(block: TotalsBlock) -> None:
        where, tiles = block.where, draw_block(factors, block)
        if exact:
            values = np.concatenate(list(tiles), axis=1)[: where.stop - where.start]
            found[:, where] = summarise_draws(values, level)
        else:
            found[:, where] = summarise_tiles(tiles, draws, level)[:, : where.stop - where.start]

    blocks = iterate_blocks(totals, COLUMNS if exact else _MANY_COLUMNS)
    # The threads are ours: those of the matrix library would wait for one another.
    with (
        threadpool_limits(1, user_api="blas"),
        ThreadPoolExecutor(threads or count_cores()) as pool,
    ):
        if factors.keep:
            list(pool.map(factors.tile, range(factors.tiles)))
        list(pool.map(work, blocks))
    return found
