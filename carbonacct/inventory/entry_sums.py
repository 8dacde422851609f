"""Sums of entries, with the notation key of a sum that is no number; entries in CO2-equivalent."""

from __future__ import annotations

import numpy as np
import pandas as pd

from carbonacct.inventory.entry_columns import add_up_groups, number_groups, plain_columns
from carbonacct.inventory.metrics import find_gwp, origin_of

_VOID = ("NE", "C")  # a part of a sum that has an amount and no number
# Which notation key a sum bears: it does not occur only if no part does.
_STRENGTH = {"": 0, "NO": 1, "IE": 2, "NE": 3, "C": 4}


def add_up_entries(table: pd.DataFrame, keys: list[str], *, known_only: bool) -> pd.DataFrame:
    """Return sums of ``value`` by keys, with the notation key of a sum that is no number."""
    group, first = number_groups(table, keys)
    key = table["notation"].cat
    strength = np.array([_STRENGTH[word] for word in key.categories], int)[key.codes]
    strongest = pd.Series(strength).groupby(group).max().to_numpy()
    # What does not occur (NO), or counts elsewhere (IE), leaves a sum complete.
    void = np.isin(strongest, [_STRENGTH[word] for word in _VOID]) & (not known_only)
    value = np.where(void, np.nan, add_up_groups(table, group))
    words = np.array(list(_STRENGTH), dtype=object)
    return plain_columns(table[keys].iloc[first]).assign(
        value=value, unit="t", notation=np.where(np.isnan(value), words[strongest], "")
    )


def weigh_entries(entries: pd.DataFrame, metric: str) -> np.ndarray:
    """Return entries in t CO2-equivalent; methane of the origin that its category has."""
    gas, category = (
        entries[name].cat.remove_unused_categories().cat for name in ("gas", "category")
    )
    weights = np.array(
        [
            find_gwp(metric, name, origin=origin_of(name, code))
            for name in gas.categories
            for code in category.categories
        ]
    )
    pair = gas.codes.to_numpy(int) * len(category.categories) + category.codes
    return np.asarray(entries["value"].to_numpy() * np.take(weights, pair))
