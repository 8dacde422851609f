"""The columns of entries: which there are, how they are made of arrays, how they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.categories import categories

if TYPE_CHECKING:
    from collections.abc import Iterable

SECTORS = ("energy", "processes", "agriculture", "land", "waste", "other")
# The columns of an inventory CSV: programs rely on them.
COLUMNS = (
    "area",
    "year",
    "flow",
    "product",
    "category",
    "scope",
    "gas",
    "value",
    "unit",
    "method",
)
# Those of an entry that hold words, each word once.
WORDS = (
    "area",
    "sector",
    "flow",
    "product",
    "category",
    "kind",
    "gas",
    "notation",
    "activity_unit",
    "method",
)
NUMBERS = {
    "year": np.int64,
    "scope": np.int8,
    "value": np.float64,
    "activity": np.float64,
    "origin": np.int32,
    "cell": np.int64,
}
# What tells entries apart: no two of an inventory have all of these in common.
IDENTITY = ("area", "year", "flow", "product", "category", "scope", "kind", "gas")
ENTRY = (
    "area",
    "year",
    "sector",
    "flow",
    "product",
    "category",
    "scope",
    "kind",
    "gas",
    "value",
    "notation",
    "activity",
    "activity_unit",
    "method",
    "origin",
    "cell",
)
_EMPTY = {
    "value": np.nan,
    "year": 0,
    "scope": 1,
    "kind": "emission",
    "activity": np.nan,
    "origin": -1,
    "cell": -1,
}


def make_entries(columns: dict[str, Any]) -> pd.DataFrame:
    """Return entries from columns, each word kept once (a categorical).

    A column that is one value holds for all rows, one that lacks is empty.
    """
    count = max((len(value) for value in columns.values() if np.ndim(value) == 1), default=1)
    made: dict[str, Any] = {}
    for name in ENTRY:
        value = columns.get(name, _EMPTY.get(name, ""))
        if name in NUMBERS:
            made[name] = np.broadcast_to(np.asarray(value, NUMBERS[name]), count)
        elif isinstance(value, pd.Categorical):
            made[name] = value
        elif isinstance(value, str):
            made[name] = make_words(np.zeros(count, np.int8), [value])
        else:
            made[name] = _words(value)
    return pd.DataFrame(made)


def plain_columns(entries: pd.DataFrame) -> pd.DataFrame:
    """Return entries with words as text, as a file holds them."""
    columns: dict[Any, Any] = {}
    for name, column in entries.items():
        held = column.array
        if isinstance(held, pd.Categorical):  # each word is made a text once
            words = pd.array(held.categories.to_numpy(), dtype="str")
            columns[name] = words.take(held.codes, allow_fill=True)  # -1: no word
        else:
            columns[name] = column.to_numpy(np.int64 if name == "scope" else None)
    return pd.DataFrame(columns, copy=False)


def number_groups(entries: pd.DataFrame, names: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the group of each entry, those with equal words and numbers in some columns, and the first entry of each.

    Groups are in the order in which they come.

    Examples
    --------
    >>> entries = pd.DataFrame({"gas": ["CH4", "CO2", "CH4"], "year": [2020, 2020, 2020]})
    >>> [part.tolist() for part in number_groups(entries, ["gas", "year"])]
    [[0, 1, 0], [0, 1]]
    """
    group = np.zeros(len(entries), np.int64)
    for name in names:
        column = entries[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes, count = column.cat.codes.to_numpy(), len(column.cat.categories)
        else:
            codes, words = pd.factorize(column)
            count = len(words)
        # What is blank (-1) is a group as well. Few again, so that no product overflows.
        group = pd.factorize(group * (count + 1) + codes)[0]
    return group, np.unique(group, return_index=True)[1]


def add_up_groups(entries: pd.DataFrame, group: np.ndarray) -> np.ndarray:
    """Return the sum of ``value`` of each group that :func:`number_groups` numbers; NaN of one without a number."""
    sums = pd.Series(entries["value"].to_numpy()).groupby(group).sum(min_count=1)
    return np.asarray(sums)


def name_entry(row: pd.Series) -> str:
    """Return what a message calls an entry: area, year, source, item and gas."""
    words = (str(row[dim]) for dim in ("area", "year", "flow", "product", "gas"))
    return " ".join(filter(None, words))


def sector_of(category: str) -> str:
    """Return the sector of a category; scope 2, which has none, is energy's.

    Examples
    --------
    >>> sector_of("2.A.1"), sector_of("3.B"), sector_of("")
    ('processes', 'land', 'energy')
    >>> sector_of("2.A.1.x"), sector_of("9.Z")  # the nearest that is known
    ('processes', 'other')
    """
    if not category:
        return "energy"
    known = categories()
    while category not in known and "." in category:
        category = category.rpartition(".")[0]
    return known[category].sector if category in known else "other"


def make_words(codes: np.ndarray, words: Iterable[Any]) -> pd.Categorical[Any]:
    """Return a column of words by the place of each among the words that occur."""
    index = pd.Index([str(word) for word in words], dtype=object)
    return pd.Categorical.from_codes(codes, index, validate=False)


def _words(values: Any) -> pd.Categorical[Any]:
    codes, words = pd.factorize(np.asarray(values, dtype=object))
    return make_words(codes, words)
