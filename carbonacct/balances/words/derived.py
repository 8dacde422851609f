"""Labels of what is read but is no amount of energy (growth, shares, indices, counts, money), and hints for labels that are no one thing."""

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


@lru_cache(maxsize=65536)
def find_hint(label: str) -> str:
    """Return what helps with a label that people meet and that is no single flow or product, or "".

    Examples
    --------
    >>> find_hint("购进量")
    'what enterprises buy is neither supply nor use of the balance: pass it over and say so'
    """
    folded = vocabulary.fold_case(label)
    return next((hint for pattern, hint in _hints() if pattern.search(folded)), "")


@cache
def _hints() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = read_rows(data_folder() / "vocabulary" / "hints.csv")
    return tuple((re.compile(row["pattern"]), row["hint_en"]) for row in rows)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = read_rows(data_folder() / "vocabulary" / "not_energy.csv")
    return tuple((re.compile(row["pattern"]), row["what_en"]) for row in rows)
