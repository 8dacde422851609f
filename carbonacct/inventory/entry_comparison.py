"""Entries of two inventories side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.inventory.entry_columns import IDENTITY, plain_columns

if TYPE_CHECKING:
    import pandas as pd


def find_changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the entries whose value or notation key is not the same in both, one row each.

    Returns
    -------
    DataFrame
        ``area, year, flow, product, category, scope, kind, gas, before, after, change`` (t) and
        ``notation_before, notation_after``. What one side alone has is NaN with no key there; a
        change from or to it is the whole number.
    """
    keys = list(IDENTITY)
    sides = [
        plain_columns(side[[*keys, "value", "notation"]]).assign(there=True)
        for side in (before, after)
    ]
    both = sides[0].merge(sides[1], how="outer", on=keys, suffixes=("_before", "_after"))
    both = both.fillna({"notation_before": "", "notation_after": ""})
    one, other = both["value_before"].to_numpy(float), both["value_after"].to_numpy(float)
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    same &= (both["notation_before"] == both["notation_after"]).to_numpy()
    same &= both["there_before"].notna().to_numpy() & both["there_after"].notna().to_numpy()
    change = np.nan_to_num(other) - np.nan_to_num(one)
    both = both.rename(columns={"value_before": "before", "value_after": "after"})
    columns = [*keys, "before", "after", "change", "notation_before", "notation_after"]
    changed: pd.DataFrame = both.assign(change=change).loc[~same, columns]
    return changed.reset_index(drop=True)
