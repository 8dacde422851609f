"""The entries of an inventory as an xarray Dataset: a list of them, or sums along labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import xarray as xr


def list_along_entries(rows: pd.DataFrame) -> xr.Dataset:
    """Return rows as variables along the dim ``entry``, words as text.

    Examples
    --------
    >>> data = list_along_entries(pd.DataFrame({"area": ["A"], "value": [1.0], "activity": [2.0]}))
    >>> data["value"].dims, data["value"].attrs["units"]
    (('entry',), 't')
    """
    data = rows.rename_axis("entry").to_xarray().drop_vars("entry")
    for name in data.data_vars:
        if data[name].dtype.kind not in "fi":
            data[name] = data[name].astype(str)
    data["value"].attrs = {"long_name": "emissions, removals negative", "units": "t"}
    data["activity"].attrs = {"long_name": "activity data, in the unit of activity_unit"}
    return data


def spread_along(sums: pd.DataFrame, dims: list[str]) -> xr.Dataset:
    """Return sums with an axis for each label: ``value`` (t) and ``notation``; NaN where there is none.

    Examples
    --------
    >>> sums = pd.DataFrame({"area": ["A", "B"], "gas": "CO2", "value": [1.0, 2.0], "notation": ""})
    >>> spread_along(sums, ["area", "gas"])["value"].values.ravel().tolist()
    [1.0, 2.0]
    """
    import xarray as xr  # noqa: PLC0415 - with what asks for it

    labels = {dim: pd.Index(sums[dim].unique(), name=dim) for dim in dims}
    shape = tuple(map(len, labels.values()))
    at = tuple(labels[dim].get_indexer(sums[dim]) for dim in dims)
    value, notation = np.full(shape, np.nan), np.full(shape, "", dtype="<U2")
    value[at], notation[at] = sums["value"], sums["notation"].astype(str)
    variables = {"value": (dims, value, {"units": "t"}), "notation": (dims, notation)}
    return xr.Dataset(variables, coords={dim: known.to_numpy() for dim, known in labels.items()})
