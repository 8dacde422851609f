"""Inventories as datasets of primap2: dims and attributes as that package reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct.errors import MethodError
from carbonacct.inventory.entry_columns import plain_columns
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from carbonacct.inventory.record import Inventory

AREA, CATEGORY = "area (carbonacct)", "category (IPCC2006)"


def make_primap2(inventory: Inventory) -> xr.Dataset:
    """Return scope 1 of an inventory as a dataset that primap2 understands.

    Returns
    -------
    Dataset
        One variable a gas (time, area, category, source), in t a year, removals negative; attributes
        say which dim is area and category. ``primap2`` adds units by ``dataset.pr.quantify()``.
        Memo items and scope 2 have no place in it.

    Raises
    ------
    MethodError
        If something that counts has no IPCC category.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> dataset = make_primap2(ca.to_inventory(cube))
    >>> dict(dataset.sizes)["time"], list(dataset), round(float(dataset["CO2"].sum()) / 1e6, 2)
    (1, ['CO2'], 90.7)
    """
    held = inventory.entries
    held = held[(held["scope"] == 1) & (held["kind"] != "memo") & held["value"].notna()]
    frame = plain_columns(held[(held["category"] != "") | (held["value"] != 0)])
    if lacking := sorted(frame.loc[frame["category"] == "", "flow"].unique()):
        raise MethodError(
            say(
                "no IPCC category for {flows}; primap2 keeps numbers by category",
                flows=join_texts(", ", lacking),
            )
        )
    frame = frame.rename(columns={"area": AREA, "category": CATEGORY, "method": "source"})
    frame["time"] = frame["year"].astype(str).astype("datetime64[ns]")
    dims = ["time", AREA, CATEGORY, "source"]
    variables = {}
    for gas, rows in frame.groupby("gas", sort=True):
        sums = rows.groupby(dims)["value"].sum().to_xarray()
        variables[str(gas)] = sums.assign_attrs(entity=str(gas), units=f"t {gas} / year")
    dataset = xr.Dataset(variables)
    for name in dims[1:]:
        dataset[name] = dataset[name].astype(np.str_)
    return dataset.assign_attrs(area=AREA, cat=CATEGORY, title="Greenhouse gas inventory, scope 1")
