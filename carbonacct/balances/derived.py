"""Labels of what is read but is no amount of energy: rates of growth, shares, indices, intensities, counts, money."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows


@lru_cache(maxsize=65536)
def name_derived(label: str) -> str:
    """Return what the numbers of a label are, if they are no amounts of energy, or "".

    Parameters
    ----------
    label
        As printed, with its unit, or a unit alone. Only labels that name nothing else are asked.

    Examples
    --------
    >>> name_derived("比上年增长(%)"), name_derived("企业数（个）"), name_derived("吨标准煤/万元")
    ('rates of growth', 'numbers of enterprises or users', 'intensities')
    >>> name_derived("原煤(万吨)")
    ''
    """
    folded = vocabulary.fold_case(label)
    bracketed = f"({folded})"  # a unit alone stands as it does behind a label
    patterns = _patterns()
    return next(
        (
            what
            for pattern, what in patterns
            if pattern.search(folded) or pattern.fullmatch(bracketed)
        ),
        "",
    )


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = read_rows(data_folder() / "vocabulary" / "not_energy.csv")
    return tuple((re.compile(row["pattern"]), row["what_en"]) for row in rows)
