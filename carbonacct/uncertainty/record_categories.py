"""Entries of all sectors put together to the categories of the key category analysis."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.errors import UncertaintyError
from carbonacct.product_groups import group_of
from carbonacct.texts import say
from carbonacct.uncertainty.category_uncertainty import find_level

if TYPE_CHECKING:
    from carbonacct.inventory.record import Inventory


def tabulate_entries(
    inventory: Inventory, *, gwp: str | None, area: str, latest: int, base: int | None = None
) -> pd.DataFrame:
    """Return one row per category and gas of all sectors, as the key category analysis takes it.

    Parameters
    ----------
    gwp
        Name of a metric; gases stay apart and are weighted. None: of one gas, in t of it.
    latest, base
        Years; without a base there is no trend.

    Returns
    -------
    pandas.DataFrame
        ``category`` (of energy with its main fuel), ``gas``, ``base``, ``latest`` in t
        CO2-equivalent, removals negative. What has no number is left out.

    Raises
    ------
    UncertaintyError
        If the area has nothing in a year, or several gases and no metric.

    Notes
    -----
    IPCC 2006, Vol. 1, Ch. 4, table 4.1. Emissions and removals of land are taken as they are; the
    level takes their absolute value.
    """
    weighted = inventory.entries["value"] if gwp is None else inventory.co2e(gwp)
    entries = inventory.entries.assign(weighted=weighted)
    entries = entries[(entries["scope"] == 1) & (entries["kind"] != "memo")]
    entries = entries[(entries["area"] == area) & entries["weighted"].notna()]
    if gwp is None and len(entries["gas"].unique()) > 1:
        raise UncertaintyError(
            say("gases are ranked against each other by a metric, and none is named; name one")
        )
    entries = entries.assign(level=name_levels(entries), gas=entries["gas"].astype(object))
    sums = {}
    for name, year in (("base", base), ("latest", latest)):
        here = entries[entries["year"] == year]
        if year is not None and here.empty:
            raise UncertaintyError(
                say("the inventory has nothing of {area} in {year}", area=area, year=year)
            )
        sums[name] = here.groupby(["level", "gas"], sort=True)["weighted"].sum()
    table = pd.DataFrame(sums).rename_axis(["category", "gas"])
    filled = table.fillna(0.0) if base is not None else table.assign(base=np.nan)
    return filled.reset_index()


def name_levels(entries: pd.DataFrame) -> list[str]:
    """Return the category of the analysis that each entry is in."""
    labels = (entries[name].astype(str) for name in ("sector", "category", "product"))
    return [_level(*one) for one in zip(*labels, strict=True)]


@cache
def _level(sector: str, category: str, product: str) -> str:
    fuel = sector == "energy" and product in vocabulary.products()
    return find_level(category, group_of(product).main_fuel if fuel else "")
