"""Sentences that help with labels that people meet and that are no one flow or product."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.texts import Both


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
    return tuple((re.compile(row["pattern"]), Both(row["hint_en"], row["hint_zh"])) for row in rows)
