"""Notation keys, and how they add: what stands where there is no number.

NO (does not occur) adds as nothing. NE (not estimated) and C (confidential) leave a sum incomplete.
IE (included elsewhere) points to where it is. NA (not applicable) adds as nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.display import shown_in_notebooks
from carbonacct.errors import NotationError
from carbonacct.inventory.stated_keys import KEYS
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable

_INCOMPLETE = frozenset({"NE", "C"})


@shown_in_notebooks
@dataclass(frozen=True)
class Noted:
    """A number, or nothing, with the keys of what it lacks.

    Attributes
    ----------
    value
        NaN where there is no number.
    keys
        Keys of the parts that are no numbers.

    Examples
    --------
    >>> str(Noted(12.5, frozenset({"NE"}))), str(Noted(math.nan, frozenset({"NO", "IE"})))
    ('12.5,NE', 'IE,NO')
    """

    value: float = math.nan
    keys: frozenset[str] = frozenset()

    @property
    def complete(self) -> bool:
        """Return whether no part is left out: nothing is NE or C."""
        return not self.keys & _INCOMPLETE

    def __str__(self) -> str:
        """Return the number and the keys as reporting tables print them."""
        number = [] if math.isnan(self.value) else [f"{self.value:.15g}"]
        return ",".join(number + sorted(self.keys))


def add_noted(parts: Iterable[Noted]) -> Noted:
    """Return the sum of numbers and keys: numbers add, keys gather, and a sum of keys alone is no number.

    Parameters
    ----------
    parts
        What is added.

    Raises
    ------
    NotationError
        If a key is not a notation key.

    Notes
    -----
    Once there is a number, NO and NA say nothing more and go; NE, C and IE stay beside it. UNFCCC
    reporting guidelines, decision 18/CMA.1, annex, paragraphs 31 to 33.

    Examples
    --------
    >>> found = add_noted([Noted(3.0), Noted(keys=frozenset({"NO"})), Noted(keys=frozenset({"NE"}))])
    >>> str(found), found.complete
    ('3,NE', False)
    >>> str(add_noted([Noted(keys=frozenset({"NO"})), Noted(keys=frozenset({"NO"}))]))
    'NO'
    """
    parts = list(parts)
    if unknown := sorted({key for part in parts for key in part.keys} - set(KEYS)):
        raise NotationError(
            say(
                "no notation key {unknown!r}; known: {keys}",
                unknown=unknown[0],
                keys=join_texts(", ", KEYS),
            )
        )
    numbers = [part.value for part in parts if not math.isnan(part.value)]
    keys = frozenset[str]().union(*(part.keys for part in parts))
    if not numbers:
        return Noted(math.nan, keys)
    return Noted(math.fsum(numbers), keys - {"NO", "NA"})
