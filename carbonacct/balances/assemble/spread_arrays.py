"""Chosen cells, one for each place -> arrays with the labels of a balance, which all of its kind share."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct.balances.amounts.energy_balance import DIMS
from carbonacct.errors import TableError
from carbonacct.sheets import values
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.balances.assemble.assembly import PrintedCells


def to_arrays(cells: PrintedCells) -> dict[str, xr.DataArray]:
    """Spread the chosen cells over area x year x flow x product."""
    spread = cells.arrangement.spread
    if clash := cells.arrangement.kept_units[1]:
        product, place, there = clash
        unit, other = (
            cells.arrangement.labels["kept"][int(cells.arrangement.codes["kept"][cell])]
            for cell in (place, there)
        )
        raise TableError(
            say(
                "{address}: {product} is in {unit} here and in {other} in "
                "{address_of_there}; read these tables apart",
                address=cells.address(place),
                product=product,
                unit=unit,
                other=other,
                address_of_there=cells.address(there),
            )
        )
    size = math.prod(spread.shape)
    amounts, status, place_of = (
        np.full(size, np.nan),
        np.full(size, values.ABSENT, np.int8),
        np.full(size, -1, np.int32),
    )
    amounts[spread.at] = np.where(cells.status == values.NUMBER, cells.amount, np.nan)
    status[spread.at], place_of[spread.at] = cells.status, np.arange(len(cells.status))
    areas, years = (
        tuple([cells.areas[code] for code in spread.areas]),
        tuple([cells.years[code] for code in spread.years]),
    )
    arrays = {"amounts": amounts, "status": status, "place": place_of}
    return label_arrays(
        {name: array.reshape(spread.shape) for name, array in arrays.items()},
        (areas, years, spread.flows, spread.products),
        spread.units,
    )


def label_arrays(
    arrays: Mapping[str, np.ndarray], labels: tuple[tuple[str, ...], ...], units: tuple[str, ...]
) -> dict[str, xr.DataArray]:
    """Return arrays of a balance with its labels, by name.

    Parameters
    ----------
    arrays
        Each area x year x flow x product.
    labels
        Of each dim.
    units
        Of the products.
    """
    kept = _empty_array(labels, units)
    # Copies for this balance, so that its notes are its own. The labels were checked when they were
    # kept: to check them again, for each array, takes as long as all that is done with the numbers.
    own = {name: label.copy(deep=False) for name, label in kept.coords.variables.items()}
    indexes = dict(kept.xindexes)
    return {
        name: xr.DataArray(
            xr.Variable(DIMS, array, fastpath=True),
            own.copy(),
            name=name,
            indexes=indexes.copy(),
            fastpath=True,
        )
        for name, array in arrays.items()
    }


@lru_cache(maxsize=1024)
def _empty_array(coords: tuple[tuple[str, ...], ...], units: tuple[str, ...]) -> xr.DataArray:
    """Return an array of one number with the labels of a balance."""
    indexes = {dim: _index(dim, labels) for dim, labels in zip(DIMS, coords, strict=True)}
    variables = {"unit": xr.Variable("product", np.array(units, str))}
    for index in indexes.values():
        variables.update(index.create_variables())
    nothing = np.broadcast_to(np.nan, tuple(map(len, coords)))
    empty = xr.DataArray(nothing, xr.Coordinates(variables, indexes), DIMS)
    empty["unit"].values.flags.writeable = False  # shared by all that come after
    return empty


@lru_cache(maxsize=1024)
def _index(dim: str, labels: tuple[str, ...]) -> xr.indexes.PandasIndex:
    """Return the index of a dim: the same rows and columns come back in every table of a series."""
    values_of = np.array(labels, int if dim == "year" else str)
    return xr.indexes.PandasIndex(values_of, dim, coord_dtype=values_of.dtype)
