"""Approach 2: totals by Monte Carlo, with factor rows drawn once for all cells that share them."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from threadpoolctl import threadpool_limits

from carbonacct.errors import UncertaintyError
from carbonacct.uncertainty.sampling import TILE, check_sampler, draw_tile, open_stream
from carbonacct.uncertainty.statistics import EXACT_DRAWS, summarise_draws, summarise_tiles
from carbonacct.uncertainty.totals import (
    COLUMNS,
    Totals,
    iterate_blocks,
    pick_totals,
    sum_cells,
    to_dataset,
    unique_columns,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from carbonacct.errors import Finding
    from carbonacct.uncertainty.draw_model import DrawModel

_MANY_COLUMNS = 512  # where draws are counted, not held
_HELD_FACTORS = 128_000_000  # bytes of factor draws that are kept rather than made again
_HELD_RESULTS = 256_000_000
_PILOT = 8192
_LARGEST_TILE = 2_000_000_000


@dataclass(frozen=True)
class Intervals:
    """Results with their uncertainty.

    Attributes
    ----------
    table
        ``value`` (at central values), ``mean``, ``sd``, ``lower`` and ``upper`` over the dims asked for, t (or what the
        function that was drawn through returns); NaN where there is no cell.
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
        Number of draws; if not given, as many as it takes to know each bound with a standard error of ``precision`` times
        half the interval.
    seed
        Same seed, same result, whatever the threads and whatever other cells the model has.
    sampler
        ``random``, ``antithetic``, ``latin`` (a Latin hypercube in each tile of 4096 draws) or ``sobol`` (scrambled).
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
    IPCC 2006, Vol. 1, Ch. 3, section 3.2.3.2 (Approach 2). Bounds are quantiles of the draws. Independent normal activities
    are not drawn cell by cell: given the factors F, a total is a normal with the mean sum_c F_c A_c and the variance
    sum_c F_c^2 V_c over combinations c of factor rows, where A_c sums the cells' values and V_c their variances; one
    normal score per draw then gives the total its exact distribution.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> found = ca.simulate(ca.model_inventory(inventory), draws=4096).table
    >>> (found["lower"] < found["value"]).item() and (found["value"] < found["upper"]).item()
    True
    """
    _check_level(level)
    totals = sum_cells(model, by)
    columns, own, scale = unique_columns(totals)
    if draws is None:
        draws = choose_draws(model, columns, precision=precision, seed=seed, sampler=sampler, level=level)
    check_sampler(sampler, draws, seed)
    _check_size(model)
    found = _draw_totals(model, columns, draws, seed, sampler, level, threads)
    mean, sd, lower, upper = found[:, own]
    low, high = np.minimum(lower * scale, upper * scale), np.maximum(lower * scale, upper * scale)
    results = {"value": totals.value, "mean": mean * scale, "sd": sd * abs(scale), "lower": low, "upper": high}
    return Intervals(to_dataset(totals, results, {"level": level}), level, draws, seed, sampler, model.findings)


def choose_draws(
    model: DrawModel, totals: Totals, *, precision: float, seed: int = 0, sampler: str = "random", level: float = 0.95
) -> int:
    """Return the number of draws with which each bound has a standard error of ``precision`` times half the interval.

    Raises
    ------
    UncertaintyError
        If the precision is not between 0.0005 and 1.

    Notes
    -----
    A quantile q at the probability p has the standard error sqrt(p (1 - p) / n) / f(q). The density f comes from 8192
    draws of up to 256 of the totals. The number is a power of two, 4096 at least.
    """
    if not 0.0005 <= precision <= 1:
        raise UncertaintyError(f"precision {precision:g}; give a part of half the interval between 0.0005 (about 7 million draws) and 1")
    _check_size(model)
    some = pick_totals(totals, np.arange(0, totals.count, -(-totals.count // 256)))
    tail = (1 - level) / 2
    apart = 0.4 * tail
    points = [tail, 1 - tail, tail - apart, tail + apart, 1 - tail - apart, 1 - tail + apart]
    worst = 0.0
    factors = _Factors(model, _PILOT, seed, "random" if sampler == "sobol" else sampler)
    for block, used, amount, spread in iterate_blocks(some, COLUMNS):
        values = np.concatenate(list(_draw_block(factors, used, amount, spread)), axis=1)[: block.stop - block.start]
        lower, upper, *near = np.quantile(values, points, axis=1)
        half = (upper - lower) / 2
        width = np.maximum(near[1] - near[0], near[3] - near[2])
        error = np.sqrt(tail * (1 - tail)) * width / (2 * apart)
        worst = max(worst, float(np.max(np.divide(error, half, out=np.zeros_like(half), where=half > 0), initial=0)))
    return max(TILE, 1 << math.ceil(math.log2(max(1.0, (worst / precision) ** 2))))


def propagate(
    model: DrawModel,
    function: Callable[[xr.DataArray], xr.DataArray],
    *,
    by: Sequence[str] = ("area", "year"),
    draws: int = 10_000,
    seed: int = 0,
    sampler: str = "random",
    level: float = 0.95,
) -> Intervals:
    """Draw any result through: a function of totals gets them draw by draw, and its results get intervals.

    Parameters
    ----------
    model
        Cells and what is uncertain about them.
    function
        Takes the totals, t, over the dims of ``by`` and ``draw``, and returns an array that has ``draw`` as well: a share,
        an amount per head, an effect of a decomposition, a rank, a slope. It must treat each draw on its own.
    by
        Dims of the totals that the function takes.
    draws, seed, sampler, level
        As in :func:`simulate`.

    Raises
    ------
    UncertaintyError
        If the function does not return an array with the dim ``draw``, or an option is not possible.

    Notes
    -----
    All totals of a draw belong together: they share the factor rows, and each has the noise of its own activities.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> shares = lambda total: total / total.sum("product")
    >>> found = ca.propagate(ca.model_inventory(inventory), shares, by=["product"], draws=1000)
    >>> 0.6 < float(found.table["mean"].sel(product="raw_coal")) < 0.9
    True
    """
    _check_level(level)
    check_sampler(sampler, draws, seed)
    _check_size(model)
    totals = sum_cells(model, by)
    names = _name_totals(totals)
    template: list[xr.DataArray] = []

    def results() -> Iterator[np.ndarray]:
        factors = _Factors(model, draws, seed, sampler)
        for tile in range(factors.tiles):
            product, _ = factors.tile(tile)
            values = np.empty((totals.count, product.shape[1]))
            for block, used, amount, spread in iterate_blocks(totals, COLUMNS):
                scores = np.zeros((COLUMNS, product.shape[1]))
                for i, name in enumerate(names[block]):
                    scores[i] = open_stream(name, seed, tile).standard_normal(product.shape[1])
                values[block] = _draw_columns(product, scores, used, amount, spread)[: block.stop - block.start]
            yield _apply(function, totals, values, template)

    point = _apply(function, totals, totals.value[:, None], template)
    with threadpool_limits(1, user_api="blas"):
        found = summarise_draws(np.concatenate(list(results()), axis=1), level) if draws <= EXACT_DRAWS and len(point) * draws * 8 <= _HELD_RESULTS else summarise_tiles(results(), draws, level)
    found[:, np.isnan(found[0])] = np.nan
    shape, kept = template[0].shape[:-1], template[0].isel(draw=0, drop=True)
    columns = dict(zip(("value", "mean", "sd", "lower", "upper"), [point[:, 0], *found], strict=True))
    table = xr.Dataset({name: kept.copy(data=column.reshape(shape)) for name, column in columns.items()}, attrs={"level": level})
    return Intervals(table, level, draws, seed, sampler, model.findings)


class _Factors:
    """The draws of the combinations of factor rows, tile by tile: kept while they are few, else made again when asked."""

    def __init__(self, model: DrawModel, draws: int, seed: int, sampler: str) -> None:
        self.model, self.draws, self.seed, self.sampler = model, draws, seed, sampler
        self.tiles = -(-draws // TILE)
        self.held: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self.keep = draws <= EXACT_DRAWS and len(model.uses) * draws * 8 <= _HELD_FACTORS

    def tile(self, tile: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the draws of one tile."""
        if tile not in self.held:
            made = draw_tile(self.model, self.seed, tile, min(TILE, self.draws - tile * TILE), self.sampler)
            if not self.keep:
                return made
            self.held[tile] = made
        return self.held[tile]


def _draw_columns(product: np.ndarray, noise: np.ndarray, used: np.ndarray, amount: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Return draws (column x draw): sum_c F_c A_c + sqrt(sum_c F_c^2 V_c) x noise."""
    factors = product if len(used) == len(product) else product[used]
    values: np.ndarray = amount @ factors
    if spread.any():
        values += np.sqrt(spread @ (factors * factors)) * noise
    return values


def _draw_block(factors: _Factors, used: np.ndarray, amount: np.ndarray, spread: np.ndarray) -> Iterator[np.ndarray]:
    for tile in range(factors.tiles):
        product, noise = factors.tile(tile)
        parts = [slice(first, first + COLUMNS) for first in range(0, len(amount), COLUMNS)]
        yield np.concatenate([_draw_columns(product, noise, used, amount[part], spread[part]) for part in parts])


def _draw_totals(model: DrawModel, totals: Totals, draws: int, seed: int, sampler: str, level: float, threads: int | None) -> np.ndarray:
    factors = _Factors(model, draws, seed, sampler)
    exact = draws <= EXACT_DRAWS
    found = np.empty((4, totals.count))

    def work(block: tuple[slice, np.ndarray, np.ndarray, np.ndarray]) -> None:
        where, *rest = block
        tiles = _draw_block(factors, *rest)
        if exact:
            values = np.concatenate(list(tiles), axis=1)[: where.stop - where.start]
            found[:, where] = summarise_draws(values, level)
        else:
            found[:, where] = summarise_tiles(tiles, draws, level)[:, : where.stop - where.start]

    blocks = iterate_blocks(totals, COLUMNS if exact else _MANY_COLUMNS)
    # The threads are ours: those of the matrix library would wait for one another.
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        if factors.keep:
            list(pool.map(factors.tile, range(factors.tiles)))
        list(pool.map(work, blocks))
    return found


def _apply(function: Callable[[xr.DataArray], xr.DataArray], totals: Totals, values: np.ndarray, template: list[xr.DataArray]) -> np.ndarray:
    """Return what a function makes of totals (total x draw) as result x draw."""
    shape = tuple(len(totals.labels[dim]) for dim in totals.dims)
    full = np.full((int(np.prod(shape, dtype=np.int64)), values.shape[1]), np.nan)
    full[totals.place] = values
    array = xr.DataArray(full.reshape(*shape, -1), dims=(*totals.dims, "draw"), coords=totals.labels, name="emissions", attrs={"units": "t"})
    result = function(array)
    if not isinstance(result, xr.DataArray) or "draw" not in result.dims:
        seen = f"an array over {', '.join(map(str, result.dims))}" if isinstance(result, xr.DataArray) else type(result).__name__
        raise UncertaintyError(f"the function returned {seen}; it must return a DataArray that keeps the dim draw")
    result = result.transpose(..., "draw")
    template[:] = template or [result]
    return np.asarray(result.values, dtype=float).reshape(-1, values.shape[1])


def _name_totals(totals: Totals) -> list[str]:
    """Return the name under which each total gets its own noise."""
    names = np.full(totals.count, "noise", dtype=object)
    flat = totals.place
    for dim in reversed(totals.dims):
        labels = totals.labels[dim]
        names = names + np.array([f"|{dim}={label}" for label in labels], dtype=object)[flat % len(labels)]
        flat = flat // len(labels)
    return [str(name) for name in names]


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise UncertaintyError(f"level {level:g} is not between 0 and 1 (0.95 for 95 %)")


def _check_size(model: DrawModel) -> None:
    size = (len(model.uses) + len(model.inputs)) * TILE * 8
    if size > _LARGEST_TILE:
        raise UncertaintyError(f"{len(model.inputs)} inputs to draw one by one need {size / 1e9:.1f} GB for a tile of {TILE} draws; correlate fewer activities, or state them as normal and independent")
