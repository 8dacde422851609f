"""Why a number is absent, as texts that stay texts in arrays and tables: another language can say them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def choose_reasons(*choices: tuple[NDArray[np.bool_], str]) -> NDArray[Any]:
    """Return for each place the text of the first condition that holds there, ``""`` where none does.

    Examples
    --------
    >>> from carbonacct.texts import say
    >>> found = choose_reasons((np.array([True, False]), say("no {what}", what="number")))
    >>> found.tolist(), found[0].template
    (['no number', ''], 'no {what}')
    """
    reasons = np.full(choices[0][0].shape, "", dtype=object)
    for condition, text in reversed(choices):
        reasons[condition] = text
    return reasons


def as_column(reasons: Iterable[str]) -> pd.Series[Any]:
    """Return texts as a column that keeps what each is made of: pandas would make plain strings of them."""
    return pd.Series(list(reasons), dtype=object)
