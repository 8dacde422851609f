"""Any result drawn through: functions of totals get intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from threadpoolctl import threadpool_limits

from carbonacct.errors import UncertaintyError
from carbonacct.texts import join_texts, say
from carbonacct.uncertainty.approach2 import Intervals
from carbonacct.uncertainty.sampling import check_sampler, open_stream
from carbonacct.uncertainty.statistics import EXACT_DRAWS, summarise_draws, summarise_tiles
from carbonacct.uncertainty.total_draws import FactorDraws, check_level, check_size, draw_columns
from carbonacct.uncertainty.uncertain_totals import COLUMNS, Totals, iterate_blocks, sum_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from carbonacct.uncertainty.draw_model import DrawModel

_HELD_RESULTS = 256_000_000


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
        Takes the totals, t, over the dims of ``by`` and ``draw``, and returns an array that has
        ``draw`` as well: a share, an amount per head, an effect of a decomposition, a rank, a
        slope. It must treat each draw on its own. A result without a number in any one draw has
        none.
    by
        Dims of the totals that the function takes.
    draws, seed, sampler, level
        As in :func:`simulate`.

    Raises
    ------
    UncertaintyError
        If the function does not return an array with the dim ``draw``, or an option is not
        possible.

    Notes
    -----
    All totals of a draw belong together: they share the factor rows, and each has the noise of its
    own activities. Totals that differ in the gas alone share their noise, as the fuel burnt is the
    same.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> shares = lambda total: total / total.sum("product")
    >>> found = ca.propagate(ca.model_inventory(inventory), shares, by=["product"], draws=1000)
    >>> 0.6 < float(found.table["mean"].sel(product="raw_coal")) < 0.9
    True
    """
    check_level(level)
    check_sampler(sampler, draws, seed)
    check_size(model)
    totals = sum_cells(model, by)
    names = _name_totals(totals)
    template: list[xr.DataArray] = []

    def results() -> Iterator[np.ndarray]:
        factors = FactorDraws(model, draws, seed, sampler)
        for tile in range(factors.tiles):
            product, _ = factors.tile(tile)
            values = np.empty((totals.count, product.shape[1]))
            for block in iterate_blocks(totals, COLUMNS):
                scores = np.zeros((COLUMNS, product.shape[1]))
                for i, name in enumerate(names[block.where]):
                    scores[i] = open_stream(name, seed, tile).standard_normal(product.shape[1])
                values[block.where] = draw_columns(product, scores, block, slice(None))[
                    : block.where.stop - block.where.start
                ]
            yield _apply(function, totals, values, template)

    point = _apply(function, totals, totals.value[:, None], template)
    with threadpool_limits(1, user_api="blas"):
        if draws <= EXACT_DRAWS and len(point) * draws * 8 <= _HELD_RESULTS:
            found = summarise_draws(np.concatenate(list(results()), axis=1), level)
        else:
            found = summarise_tiles(results(), draws, level)
    found[:, np.isnan(found[0])] = np.nan
    shape, kept = template[0].shape[:-1], template[0].isel(draw=0, drop=True)
    columns = dict(
        zip(("value", "mean", "sd", "lower", "upper"), [point[:, 0], *found], strict=True)
    )
    table = xr.Dataset(
        {name: kept.copy(data=column.reshape(shape)) for name, column in columns.items()},
        attrs={"level": level},
    )
    return Intervals(table, level, draws, seed, sampler, model.findings)


def _apply(
    function: Callable[[xr.DataArray], xr.DataArray],
    totals: Totals,
    values: np.ndarray,
    template: list[xr.DataArray],
) -> np.ndarray:
    """Return what a function makes of totals (total x draw) as result x draw."""
    shape = tuple(len(totals.labels[dim]) for dim in totals.dims)
    full = np.full((int(np.prod(shape, dtype=np.int64)), values.shape[1]), np.nan)
    full[totals.place] = values
    array = xr.DataArray(
        full.reshape(*shape, -1),
        dims=(*totals.dims, "draw"),
        coords=totals.labels,
        name="emissions",
    )
    result = function(array)
    if not isinstance(result, xr.DataArray) or "draw" not in result.dims:
        seen = (
            say("an array over {dims}", dims=join_texts(", ", map(str, result.dims)))
            if isinstance(result, xr.DataArray)
            else type(result).__name__
        )
        raise UncertaintyError(
            say(
                "the function returned {seen}; it must return a DataArray that keeps the dim draw",
                seen=seen,
            )
        )
    result = result.transpose(..., "draw")
    template[:] = template or [result]
    return np.asarray(result.values, dtype=float).reshape(-1, values.shape[1])


def _name_totals(totals: Totals) -> list[str]:
    """Return the name under which each total gets its own noise; gases of one total share it."""
    names = np.full(totals.count, "noise", dtype=object)
    flat = totals.place
    for dim in reversed(totals.dims):
        labels = totals.labels[dim]
        if dim != "gas":
            names = (
                names
                + np.array([f"|{dim}={label}" for label in labels], dtype=object)[
                    flat % len(labels)
                ]
            )
        flat = flat // len(labels)
    return [str(name) for name in names]
