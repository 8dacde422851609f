"""Sources of a panel of areas as arrays: in memory at once, or dask-backed in chunks of areas."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from carbonacct.equations import choose_factors, load_sector
from carbonacct.equations.arithmetic import MISSING, NO, NUMBER, NumbersAndStates
from carbonacct.equations.axes import Data, Numbers, label_id, make_axes
from carbonacct.equations.dimensions import scale_of
from carbonacct.equations.evaluation import inputs_of, with_needs
from carbonacct.equations.source_entries import evaluate_sources
from carbonacct.errors import ActivityDataError, UnitError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.equations import Evaluation, Sector

_OWN = ("area", "year")


def compile_source_panel(
    activities: xr.Dataset,
    sector: str,
    *,
    partitions: Mapping[str, Mapping[str, str]] | None = None,
    allow_unverified: bool = False,
) -> xr.Dataset:
    """Return the entries of a sector file's sources over a panel, in memory or computed later.

    Parameters
    ----------
    activities
        One variable an activity (area, year and its labels), NaN where nothing is reported; the
        attribute ``units`` if it is not the declared one. Dask-backed arrays are worked out chunk
        by chunk of areas when they are computed; every other dim becomes one chunk.
    sector
        ``<method>/<sector>``, such as ``"ipcc-2006/waste"``.
    partitions, allow_unverified
        As in :func:`carbonacct.compile_sectors`.

    Returns
    -------
    Dataset
        One variable a source that uses some of the activities, float64 t (area, year, its labels);
        NaN where it has no number. Equal to the last bit whatever the chunks: what a source of an
        area gives depends on that area alone.

    Raises
    ------
    ActivityDataError
        If a variable is no activity of the sector, or its dims, labels or unit are not its own.

    Notes
    -----
    Findings are not part of arrays; :func:`carbonacct.compile_sectors` gives them for a part of the
    panel.

    Examples
    --------
    >>> lime = xr.DataArray([[30.0]], dims=("area", "year"), attrs={"units": "万吨"})
    >>> panel = xr.Dataset({"lime_output": lime}, coords={"area": ["重庆"], "year": [2020]})
    >>> float(compile_source_panel(panel, "ipcc-2006/processes")["lime"].item())
    225000.0
    """
    loaded = load_sector(sector)
    _check(activities, loaded)
    options = {"partitions": dict(partitions or {}), "allow_unverified": allow_unverified}
    if not activities.chunks:
        return _work(activities, sector, options)
    whole = activities.chunk({dim: -1 for dim in activities.dims if dim != "area"})
    one = xr.full_like(whole.isel(area=slice(1)), np.nan, dtype=float).compute()
    like = _work(one, sector, options).isel(area=0, drop=True)
    template = like.chunk().expand_dims(area=whole["area"]).chunk(area=whole.chunksizes["area"])
    found: xr.Dataset = whole.map_blocks(_work, args=[sector, options], template=template)
    return found


def _check(activities: xr.Dataset, sector: Sector) -> None:
    """Refuse variables that are no activity of the sector, or have other dims."""
    for name in map(str, activities.data_vars):
        if name not in sector.activities:
            near = did_you_mean(name, sector.activities) or say("see carbonacct activities")
            text = "{sector} has no activity {name!r}; {near}"
            raise ActivityDataError(say(text, sector=sector.id, name=name, near=near))
        wanted = [*_OWN, *sector.dims_of(name)]
        seen = [str(dim) for dim in activities[name].dims]
        if sorted(seen) != sorted(wanted):
            text = "{name} has the dims {seen}; give {wanted}"
            words = {"seen": join_texts(", ", seen), "wanted": join_texts(", ", wanted)}
            raise ActivityDataError(say(text, name=name, **words))


def _work(activities: xr.Dataset, sector_id: str, options: Mapping[str, Any]) -> xr.Dataset:
    """Return the entries of a chunk."""
    sector = load_sector(sector_id)
    asked = _find_asked(sector_id, frozenset(map(str, activities.data_vars)))
    needed = frozenset[str]().union(*asked.values())
    data = choose_factors(sector, _lay(activities, sector), only=needed, once=True, **options)
    evaluation = evaluate_sources(sector, data, asked)
    labels: dict[str, tuple[str, ...]] = {}
    for name in asked:
        for dim, own in evaluation.labels(name).items():
            known = labels.setdefault(dim, own)
            if own != known:  # sources of several gases have each its own
                labels[dim] = tuple(sorted({*known, *own}))
    found = {
        name: ((*_OWN, *evaluation.labels(name)), _spread(evaluation, name, labels), {"units": "t"})
        for name in asked
    }
    coords = {dim: activities.variables[dim] for dim in _OWN} | {
        k: list(v) for k, v in labels.items()
    }
    return xr.Dataset(found, coords)


def _spread(
    evaluation: Evaluation, source: str, labels: Mapping[str, tuple[str, ...]]
) -> np.ndarray:
    """Return the entries of a source along the labels of all sources; NaN where it has none."""
    values = evaluation.values(source)
    for axis, (dim, own) in enumerate(evaluation.labels(source).items(), len(_OWN)):
        if own != labels[dim]:
            shape = [len(labels[dim]) if at == axis else n for at, n in enumerate(values.shape)]
            whole = np.full(shape, np.nan)
            place = [labels[dim].index(label) for label in own]
            np.moveaxis(whole, axis, 0)[place] = np.moveaxis(values, axis, 0)
            values = whole
    return values


@cache
def _find_asked(sector_id: str, given: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return the sources that use some activities that are given, each with all that it needs."""
    sector, found = load_sector(sector_id), {}
    for source in sector.sources:
        blocks = with_needs(sector, [source.id])
        needs = frozenset(name for one in blocks for name in inputs_of(sector.blocks[one]))
        if needs & given:
            found[source.id] = needs
    return found


def _lay(activities: xr.Dataset, sector: Sector) -> Data:
    """Return the numbers of a chunk along axes, with the kinds of nothing that rows of a table have."""
    labels = {
        str(dim): tuple(label_id(str(dim), str(label)) for label in activities[dim].values)
        for dim in activities.dims
        if dim not in _OWN
    }
    areas = [str(area) for area in activities["area"].values]
    axes = make_axes(sector, areas, [int(year) for year in activities["year"].values], labels)
    numbers = {}
    for key in activities.data_vars:
        name, array = str(key), activities.variables[key]
        dims = [dim for dim in axes.labels if dim in sector.dims_of(name)]
        values = array.transpose(*_OWN, *dims).values.reshape(axes.shape(dims))
        values = values * _scale(array, sector, name)
        there = ~np.isnan(values)
        if there.all():
            numbers[name] = Numbers(NumbersAndStates(values))
            continue
        reported = there.any(axis=tuple(range(1, there.ndim)), keepdims=True)
        never = reported & ~there.any(axis=1, keepdims=True)
        states = np.where(there, np.int8(NUMBER), np.where(never, np.int8(NO), np.int8(MISSING)))
        numbers[name] = Numbers(NumbersAndStates(np.where(there, values, 0.0), states))
    return Data(axes, numbers)


def _scale(array: xr.Variable, sector: Sector, name: str) -> float:
    unit = str(array.attrs.get("units", ""))
    try:
        return scale_of(unit, sector.unit_of(name)) if unit else 1.0
    except UnitError as error:
        text = "{name}: {fault}; correct the attribute units"
        raise ActivityDataError(say(text, name=name, fault=error)) from None
