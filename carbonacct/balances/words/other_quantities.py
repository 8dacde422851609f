"""What stands beside amounts of energy and is none: money, people, water, pipes, capacities, rates."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.units import fold_unit, is_unit

_IN_BRACKETS = re.compile(r"[(（]([^()（）]+)[)）]\s*$")


@cache
def _tables() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Return the units that measure no energy, and the patterns of words that name none, folded."""
    rows = read_rows(data_folder() / "vocabulary" / "other_quantities.csv")
    units = frozenset(
        fold_unit(unit) for row in rows if row["kind"] == "unit" for unit in row["words"].split("|")
    )
    return units, tuple(re.compile(row["words"]) for row in rows if row["kind"] == "word")


@lru_cache(maxsize=65536)
def is_other_unit(text: str) -> bool:
    """Return whether a printed unit measures no energy.

    Examples
    --------
    >>> is_other_unit("万元"), is_other_unit("吨/小时"), is_other_unit("万吨")
    (True, True, False)
    """
    return fold_unit(text) in _tables()[0] and not is_unit(text)


@lru_cache(maxsize=65536)
def is_other_label(text: str) -> bool:
    """Return whether a label that is not known names no energy, by its words or by the unit behind it.

    Examples
    --------
    >>> is_other_label("购进金额(千元)"), is_other_label("#居民家庭用水量"), is_other_label("用气人口"), is_other_label("水煤浆")
    (True, True, True, False)
    """
    if (unit := _IN_BRACKETS.search(text)) and is_other_unit(unit[1]):
        return True
    folded = vocabulary.fold(_IN_BRACKETS.sub("", text))
    return any(pattern.search(folded) for pattern in _tables()[1])
