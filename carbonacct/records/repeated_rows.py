"""Rows of a frame whose labels stand there twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def find_repeated(table: pd.DataFrame, keys: Sequence[str]) -> pd.Series[Any] | None:
    """Return the first row whose labels stand in a row above it as well; None where each stands once.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"area": ["甲", "乙", "甲"], "year": 2020, "co2": [1, 2, 3]})
    >>> find_repeated(table, ["area", "year"]).to_dict()
    {'area': '甲', 'year': 2020, 'co2': 3}
    """
    twice = table.duplicated(list(keys))
    return table[twice].iloc[0] if twice.any() else None
