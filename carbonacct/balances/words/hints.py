"""Sentences that help with labels that people meet and that are no one flow or product."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.texts import Both


def find_hint(label: str) -> str:
    """Return what helps with a label that people meet and that is no single flow or product, or "".

    Examples
    --------
    >>> find_hint("购进量")
    'what enterprises buy is neither supply nor use of the balance: pass it over and say so'
    """
    found = _find(label)
    return found.text if found else ""


def find_hinted_ids(label: str) -> tuple[str, ...]:
    """Return what such a label mostly gets in a mapping file: ids, or that it is passed over.

    Examples
    --------
    >>> find_hinted_ids("汽油销售量"), find_hinted_ids("#用于原材料"), find_hinted_ids("原煤")
    (('pass over',), ('feedstock', 'non_energy_use'), ())
    """
    found = _find(label)
    return found.ids if found else ()


class _Hint(NamedTuple):
    pattern: re.Pattern[str]
    text: str
    ids: tuple[str, ...]


@lru_cache(maxsize=65536)
def _find(label: str) -> _Hint | None:
    folded = vocabulary.fold_case(label)
    return next((hint for hint in _hints() if hint.pattern.search(folded)), None)


@cache
def _hints() -> tuple[_Hint, ...]:
    return tuple(
        _Hint(
            re.compile(row["pattern"]),
            Both(row["hint_en"], row["hint_zh"]),
            tuple(filter(None, row["ids"].split("|"))),
        )
        for row in read_rows(data_folder() / "vocabulary" / "hints.csv")
    )
