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
        CO2-equivalent, removals negative; NaN where a category has no number in a year, and 0 where
        it does not occur (NO, NA). What has a number in neither is left out.

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
    here = entries[entries["area"] == area]
    entries = here[here["weighted"].notna()]
    if gwp is None and len(entries["gas"].unique()) > 1:
        raise UncertaintyError(
            say("gases are ranked against each other by a metric, and none is named; name one")
        )
    entries = entries.assign(level=name_levels(entries), gas=entries["gas"].astype(object))
    sums = {}
    for name, year in (("base", base), ("latest", latest)):
        own = entries[entries["year"] == year]
        if year is not None and own.empty:
            raise UncertaintyError(
                say("the inventory has nothing of {area} in {year}", area=area, year=year)
            )
        sums[name] = own.groupby(["level", "gas"], sort=True)["weighted"].sum()
    table = pd.DataFrame(sums).rename_axis(["category", "gas"])
    if base is None:
        return table.assign(base=np.nan).reset_index()
    for name, year in (("base", base), ("latest", latest)):
        is_none = table.index.isin(_list_not_occurring(here[here["year"] == year]))
        table[name] = table[name].mask(table[name].isna() & is_none, 0.0)
    return table.reset_index()


def _list_not_occurring(entries: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the categories and gases of which all entries say that nothing is emitted."""
    is_none = entries["notation"].isin(["NO", "NA"])
    pairs = list(zip(name_levels(entries), entries["gas"].astype(str), strict=True))
    others = {pair for pair, nothing in zip(pairs, is_none, strict=True) if not nothing}
    return [pair for pair in dict.fromkeys(pairs) if pair not in others]


def name_levels(entries: pd.DataFrame) -> list[str]:
    """Return the category of the analysis that each entry is in."""
    labels = (entries[name].astype(str) for name in ("sector", "category", "product"))
    return [_level(*one) for one in zip(*labels, strict=True)]


@cache
def _level(sector: str, category: str, product: str) -> str:
    fuel = sector == "energy" and product in vocabulary.products()
    return find_level(category, group_of(product).main_fuel if fuel else "")
